"""What a manifest lists as ingredients: each by name where the producer says so, else one line per kind; those with credentials always alone."""

from __future__ import annotations

from dataclasses import dataclass

from answerprint.delivery.credentials.claims import KINDS, Claims, Ingredient, Kind, Public
from answerprint.delivery.credentials.public import one_line, own_state

__all__ = ["NAMELESS", "PartForm", "parts_form"]

NAMELESS = "an ingredient without a name"


@dataclass(frozen=True, kw_only=True)
class PartForm:
    """One ingredient of the manifest that will be written."""

    label: str  #: by which an action names it
    kind: Kind
    title: str
    own: str  #: "none", "valid", "broken"
    digest: str | None  #: of the one medium it stands for; None: of several


def parts_form(claims: Claims, public: Public) -> tuple[PartForm, ...]:
    """The ingredients as they stand in a manifest, by kind, in the order of the claims."""
    found: list[PartForm] = []
    for kind in KINDS:
        these = [one for one in claims.ingredients if one.kind == kind]
        alone = these if public.ingredients else [one for one in these if one.has_credentials]
        together = len(these) - len(alone)
        if together:
            found.append(PartForm(label=f"i{len(found)}", kind=kind, title=f"{kind}: {together}", own="none", digest=None))
        found += [_alone(one, public, f"i{len(found) + at}") for at, one in enumerate(alone)]
    return tuple(found)


def _alone(one: Ingredient, public: Public, label: str) -> PartForm:
    title = one_line(one.title) or NAMELESS if public.ingredients else f"{one.kind} with credentials of its own"
    return PartForm(label=label, kind=one.kind, title=title, own=own_state(one), digest=one.digest)
