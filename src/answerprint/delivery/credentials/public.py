"""What of the claims stands in the file: the one form that is put in, and that is built again to compare with what was read.

A text from a person is cut to one line of `LONGEST` characters without anything that turns, hides or ends a line.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter

from answerprint.delivery.credentials.claims import KINDS, Action, Claims, CredentialsError, Held, Ingredient, Public
from answerprint.delivery.credentials.sources import ACTIONS, NOT_CLAIMED, SAYS, TRAINED, UNKNOWN, address, film_source, of_medium
from answerprint.model.records import Plain, canonical, to_plain

__all__ = [
    "LABEL",
    "LONGEST",
    "SCHEMA",
    "actions_form",
    "checked",
    "ingredients_seal",
    "left_out",
    "one_line",
    "own_state",
    "public_form",
]

LABEL = "org.answerprint.claims"
SCHEMA = 1
LONGEST = 300  #: characters of one text; a file name has at most 255 bytes on the usual disks, a sentence of ours under 200
_JOINERS = "\u200c\u200d"  #: needed inside words of Persian and Hindi, and inside emoji


def one_line(text: str) -> str:
    """A text that may stand in a file and on a screen: no control, direction or lone half characters; too long is cut, and says so."""
    kept = "".join(
        char if char in _JOINERS or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp") else " " for char in text
    )
    kept = " ".join(kept.split())
    return kept if len(kept) <= LONGEST else kept[: LONGEST - 1] + "…"


def checked(claims: Claims) -> None:
    """A reader takes any word; here only those go in that mean something.

    Raises: CredentialsError: an action or a source type that Content Credentials do not know, or a beginning that is not the claims' to tell.
    """
    for action in claims.actions:
        if action.name not in ACTIONS or action.name in NOT_CLAIMED:
            raise CredentialsError(
                f"{one_line(action.what)}: {action.name!r} is no action that can be claimed here. Use one of {', '.join(sorted(set(ACTIONS) - set(NOT_CLAIMED)))}."
            )
        if action.name == "c2pa.placed" and not claims.ingredients:
            raise CredentialsError(
                f"{one_line(action.what)}: something is said to be put in, and the film has no ingredients. Say what it is made of."
            )
    for source, what in [(one.source_type, one.title) for one in claims.ingredients] + [
        (one.source_type, one.what) for one in claims.actions
    ]:
        if source is not None and source not in SAYS:
            raise CredentialsError(
                f"{one_line(what)}: {source!r} is no IPTC digital source type. Use one of {', '.join(sorted(SAYS))}."
            )
    for one in claims.ingredients:
        says = of_medium(one.kind, one.has_credentials)
        if one.has_credentials and says in TRAINED and one.source_type not in TRAINED:
            raise CredentialsError(
                f"{one_line(one.title)}: its own credentials say that it was {SAYS[says]}, and the claims say {one.source_type or 'nothing'}. "
                "Claim what they say."
            )


def public_form(claims: Claims, public: Public) -> Plain:
    """The claims as they stand in the file."""
    form: Plain = {
        "schema": SCHEMA,
        "public": to_plain(public),
        "title": one_line(claims.title),
        "version": one_line(claims.version),
        "spec": one_line(claims.spec),
        "essence": claims.essence,
        "edit": claims.edit,
        "checkpoint": {"entry": claims.checkpoint.entry, "seal": claims.checkpoint.seal},
        "signed": one_line(claims.signed.sentence(names=public.names)),
        "kinds": [_kind(kind, claims.ingredients) for kind in KINDS if any(one.kind == kind for one in claims.ingredients)],
        "ingredients_seal": ingredients_seal(claims.ingredients),
        "judgments": [_judgment(one, public) for one in claims.judgments],
        "left_out": list(left_out(claims, public)),
    }
    if public.ingredients:
        form["ingredients"] = [_ingredient(one) for one in claims.ingredients]
    return form


def ingredients_seal(ingredients: tuple[Ingredient, ...]) -> str:
    """One seal over every ingredient, so that a file which names none of them still cannot lose one."""
    return f"sha256:{hashlib.sha256(canonical([_ingredient(one) for one in ingredients])).hexdigest()}"


def _ingredient(one: Ingredient) -> Plain:
    """One ingredient as it stands in the file; of broken credentials only that they are: what is wrong, a reader finds anew."""
    return {**to_plain(one), "title": one_line(one.title), "has_credentials": own_state(one)}


def own_state(one: Ingredient) -> str:
    """ "none", "valid" or "broken": what an ingredient's own credentials are."""
    return (one.has_credentials or "none").partition(":")[0]


def _kind(kind: str, ingredients: tuple[Ingredient, ...]) -> Plain:
    these = [one for one in ingredients if one.kind == kind]
    sources = Counter(one.source_type or UNKNOWN for one in these)
    own = Counter(own_state(one) for one in these)
    return {
        "kind": kind,
        "count": len(these),
        "sources": dict(sorted(sources.items())),
        "own_credentials": dict(sorted(own.items())),
    }


def _judgment(one: Held, public: Public) -> Plain:
    held = "the machine" if one.machine else "a person" if one.holder else "nobody"
    named = {"holder": one_line(one.holder)} if public.names and one.holder and not one.machine else {}
    return {"judgment": one.judgment.value, "held": held, "entry": one.entry, **named}


def actions_form(claims: Claims, public: Public, *, software: Plain) -> list[Plain]:
    """Every action as it stands in the file: the film's making first, then what was placed in it by kind, then what was done.

    Args: software: {"name": "Answerprint", "version": "0.2"}: what writes the file, and so puts it together.
    """
    made = {
        "action": "c2pa.created",
        "description": "put together from what is listed here",
        "digitalSourceType": address(film_source(claims.ingredients)),
        "softwareAgent": software,
    }
    placed = [_placed(kind, claims.ingredients) for kind in KINDS if any(one.kind == kind for one in claims.ingredients)]
    return [made, *placed, *(_done(one, claims, public) for one in claims.actions)]


def _placed(kind: str, ingredients: tuple[Ingredient, ...]) -> Plain:
    these = [one for one in ingredients if one.kind == kind]
    sources = {one.source_type or UNKNOWN for one in these}
    same = {"digitalSourceType": address(next(iter(sources)))} if len(sources) == 1 else {}
    return {"action": "c2pa.placed", "description": f"{kind}: {len(these)}", **same}


def _done(one: Action, claims: Claims, public: Public) -> Plain:
    people = () if public.names else _people(claims)
    form: Plain = {"action": one.name, "description": _without(one.what, people)}
    if one.agent is not None:
        form["softwareAgent"] = {"name": one_line(one.agent)}
    if one.source_type is not None:
        form["digitalSourceType"] = address(one.source_type)
    parameters: Plain = {f"org.answerprint.{key}": _without(value, people) for key, value in sorted(one.parameters.items())}
    if one.about:
        parameters["org.answerprint.about"] = list(one.about) if public.ingredients else len(one.about)
    return {**form, "parameters": parameters} if parameters else form


def _people(claims: Claims) -> tuple[str, ...]:
    """Every name in the claims, the longest first, so that no half of one stays behind."""
    names = {claims.signed.by, *(one.holder for one in claims.judgments if one.holder)}
    return tuple(sorted((name for name in names if name.strip()), key=len, reverse=True))


def _without(text: str, people: tuple[str, ...]) -> str:
    for name in people:
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "a named person", text)
    return one_line(text)


def left_out(claims: Claims, public: Public) -> tuple[str, ...]:
    """What the claims hold and the file does not say, a sentence each."""
    lines = []
    if not public.names:
        lines.append("The names of people: they stand in the record and in the papers.")
    if not public.ingredients and claims.ingredients:
        lines.append("The names and seals of its ingredients, one by one: a single seal over all of them stands here.")
    return tuple(lines)
