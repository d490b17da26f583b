"""What a file says about itself, a sentence per claim, for a person. Nothing here judges whether it is true; `comparing` does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from answerprint.delivery.credentials.claims import Manifest, Part, Said
from answerprint.delivery.credentials.public import one_line
from answerprint.delivery.credentials.sources import ACTIONS, SAYS, word
from answerprint.model.records import Plain

__all__ = ["sentences"]

_MOST = 12  #: names in one sentence: three lines of a terminal


def sentences(said: Said) -> tuple[str, ...]:
    """Every sentence: how far it can be believed first, then what it claims, then what it leaves out."""
    return tuple(_standing(said)) + tuple(_claimed(said)) + tuple(_done(said)) + tuple(_parts(said))


def _standing(said: Said) -> Iterator[str]:
    if said.where == "elsewhere":
        yield f"It carries no credentials itself; it says they lie at {said.codes[0]}. Nothing was fetched."
    elif said.state == "none":
        yield "It carries no credentials."
    elif not said.manifests:
        yield f"Its credentials are broken: they cannot be read ({'; '.join(said.codes)})."
    else:
        yield from _signed(said.manifests[0], said)


def _signed(own: Manifest, said: Said) -> Iterator[str]:
    who = own.signer or "somebody who gives no name"
    if said.state == "broken":
        yield f"Its credentials are broken: {'; '.join(own.faults) or 'the reader refuses them'}. Nothing below can be relied on."
        yield f"They name {who} as signer."
    elif said.state == "valid":
        yield f"Its credentials are valid, signed by {who}, whose certificate is on the trust list."
    else:
        yield (
            f"Its credentials are valid: picture, sound and claims are as {who} signed them. "
            "The certificate is on no trust list, so nobody vouches for that name."
        )
    if hurt := [part.title for part in said.ingredients if part.state == "broken"]:
        yield f"What came in with broken credentials of its own: {_names(hurt)}."
    lies = "They lie beside the file." if said.where == "beside it" else "They lie in the file."
    when = f" A timestamp says that it was signed on {own.stamped}." if own.stamped else " No timestamp says when it was signed."
    made = f" Written by {own.software}." if own.software else ""
    yield f"{lies}{when}{made}"


def _claimed(said: Said) -> Iterator[str]:
    """Our own claims, each as it stands in the file. What is not of its kind is left to the comparison."""
    claims = said.claims
    if claims is None:
        return
    yield f"The film is {_text(claims, 'title')}, version {_text(claims, 'version')}, made for {_text(claims, 'spec')}."
    yield f"{_text(claims, 'signed')[:1].upper()}{_text(claims, 'signed')[1:]}."
    checkpoint = claims.get("checkpoint")
    if isinstance(checkpoint, dict):
        yield f"The record then went to entry {_text(checkpoint, 'entry')}, seal {_text(checkpoint, 'seal')}."
    yield f"Seal of picture and sound: {_text(claims, 'essence')}; of the edit: {_text(claims, 'edit')}."
    for one in _list(claims, "judgments"):
        who = f", {_text(one, 'holder')}" if "holder" in one else ""
        where = f", signed in entry {_text(one, 'entry')}" if one.get("entry") is not None else ""
        yield f"{_text(one, 'judgment').capitalize()}: {_text(one, 'held')}{who}{where}."
    for one in _list(claims, "kinds"):
        yield f"{_text(one, 'kind').capitalize()}: {_text(one, 'count')}{_sources(one)}."
    for line in claims.get("left_out") or ():
        yield f"Left out: {one_line(str(line))}"


def _sources(kind: Plain) -> str:
    found = kind.get("sources")
    if not isinstance(found, dict):
        return ""
    parts = [SAYS.get(name, one_line(str(name))) for name in found]
    return f", {' / '.join(parts)}" if parts else ""


def _done(said: Said) -> Iterator[str]:
    counted = {f"{one.get('kind')}: {one.get('count')}" for one in _list(said.claims or {}, "kinds")}
    for one in said.actions:
        if one.get("action") == "c2pa.placed" and one.get("description") in counted:
            continue  # said already, by its kind
        what = one_line(str(one.get("description") or "")) or ACTIONS.get(str(one.get("action")), one_line(str(one.get("action"))))
        agent = one.get("softwareAgent")
        name = f"{agent.get('name', '')} {agent.get('version', '')}".strip() if isinstance(agent, dict) else agent
        by = f" by {one_line(str(name))}" if name else ""
        kind = word(str(one["digitalSourceType"])) if one.get("digitalSourceType") else None
        how = f": {SAYS.get(kind, one_line(kind))}" if kind else ""
        yield f"Done: {what}{by}{how}."


def _parts(said: Said) -> Iterator[str]:
    below = {one.label: one for one in said.manifests}
    if bare := [part.title for part in said.ingredients if part.state == "none"]:
        yield f"Ingredients without credentials of their own: {_names(bare)}."
    for part in said.ingredients:
        if part.state != "none":
            yield _part(part, below.get(part.label or ""))


def _part(part: Part, own: Manifest | None) -> str:
    signer = f", signed by {own.signer}" if own and own.signer else ""
    if part.state == "broken":
        return f"Ingredient {part.title}: its own credentials are broken{signer}: {'; '.join(part.faults)}."
    kinds = [SAYS.get(kind, kind) for kind in own.source_types] if own else []
    says = f"; it says of itself: {', '.join(kinds)}" if kinds else ""
    return f"Ingredient {part.title}: its own credentials are {part.state}{signer}{says}."


def _names(titles: list[str]) -> str:
    more = f" and {len(titles) - _MOST} more" if len(titles) > _MOST else ""
    return f"{', '.join(titles[:_MOST])}{more}"


def _text(of: Plain, key: str) -> str:
    value: Any = of.get(key)
    return one_line(str(value)) if value is not None else "nothing"


def _list(of: Plain, key: str) -> list[Plain]:
    found = of.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
