"""Claim by claim: what a file says about itself against what its record says. Every disagreement is a sentence; agreement is none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from answerprint.delivery.credentials.claims import Claims, Public, Said
from answerprint.delivery.credentials.parts import parts_form
from answerprint.delivery.credentials.public import SCHEMA, actions_form, one_line, public_form
from answerprint.delivery.credentials.sources import SAYS, word
from answerprint.model.records import ModelError, Plain, from_plain

__all__ = ["compare"]

_VERSION = re.compile(r" \d+(\.\w+)+$")

_NAMES = {
    "title": "title",
    "version": "version",
    "spec": "spec",
    "essence": "seal of picture and sound",
    "edit": "seal of the edit",
    "signed": "sign-off",
    "left_out": "list of what it leaves out",
}


def compare(said: Said, claims: Claims, *, essence_now: str, certificate: str | None = None) -> tuple[str, ...]:
    """Every disagreement between a file and its record, a sentence each that names it; empty where they agree.

    Args:  said: what `read` found.  claims: built from the record.  essence_now: digest of what is in the file now.
           certificate: the seal of the certificate that it was released with; None where nobody noted one.
    """
    if said.state == "none":
        lost = (
            "it says that they lie elsewhere"
            if said.where == "elsewhere"
            else "they were taken off, or a program saved the file again without them"
        )
        found = [f"{said.file} carries no credentials, and the record says that it left with them: {lost}."]
        return tuple(found + list(_essence(said, claims, essence_now)))
    wrong = said.manifests[0].faults if said.manifests else [f"they cannot be read ({code})" for code in said.codes]
    broken = [f"{said.file}: its credentials are broken: {one}." for one in wrong] if said.state == "broken" else []
    if said.state == "broken" and not broken:
        broken = [f"{said.file}: its credentials are broken, and the reader does not say where."]
    return (*broken, *_signer(said, certificate), *_essence(said, claims, essence_now), *_claims(said, claims))


def _signer(said: Said, certificate: str | None) -> Iterator[str]:
    if certificate is not None and said.seal != certificate:
        found = f"one with the seal {said.seal}" if said.seal else "one that cannot be told"
        yield (
            f"{said.file} is signed with another certificate than it was released with: the record says {certificate}, "
            f"the file carries {found}, in the name of {said.signer or 'nobody'}."
        )


def _essence(said: Said, claims: Claims, now: str) -> Iterator[str]:
    if now != claims.essence:
        yield (
            f"Picture or sound in {said.file} is not what was signed: encoded again, cut or changed since. "
            f"The record says {claims.essence}, the file is {now}."
        )


def _claims(said: Said, claims: Claims) -> Iterator[str]:
    file = said.claims
    if file is None:
        yield f"{said.file} carries credentials, but none of our claims: somebody else wrote them, or ours were taken out."
        return
    if file.get("schema") != SCHEMA:
        yield f"The claims in {said.file} are of another kind ({one_line(str(file.get('schema')))}) than this version reads. Use the newest one."
        return
    try:
        public = from_plain(Public, file.get("public"))
    except ModelError:
        yield f"The claims in {said.file} do not say what they leave out: they were not written as ours are."
        return
    record = public_form(claims, public)
    for key, name in _NAMES.items():
        if file.get(key) != record[key]:
            yield f"Another {name}: the file says {_shown(file.get(key))}, the record says {_shown(record[key])}."
    yield from _checkpoint(file, record)
    yield from _judgments(file, record)
    yield from _kinds(file, record)
    yield from _ingredients(file, record)
    yield from _parts(said, claims, public)
    yield from _actions(said, claims, public)
    for key in sorted(set(file) - set(record)):
        yield f"The file claims something that the record does not know: {one_line(key)}."


def _checkpoint(file: Plain, record: Plain) -> Iterator[str]:
    if file.get("checkpoint") != record["checkpoint"]:
        says, holds = file.get("checkpoint"), record["checkpoint"]
        found = f"entry {_shown(says.get('entry'))}, seal {_shown(says.get('seal'))}" if isinstance(says, dict) else _shown(says)
        yield (
            f"Another checkpoint: the file says {found}; the record says entry {holds['entry']}, seal {holds['seal']}. "
            "It belongs to another cut or another record."
        )


def _judgments(file: Plain, record: Plain) -> Iterator[str]:
    says, holds = _by(file, "judgments", "judgment"), _by(record, "judgments", "judgment")
    for name in dict.fromkeys([*holds, *says]):
        ours, theirs = holds.get(name), says.get(name)
        if ours == theirs:
            continue
        if not ours:
            yield f"{_cap(name)}: the file says that {_holders(theirs)}; the record knows no such judgment for this film."
        elif not theirs:
            yield f"{_cap(name)}: the record says that {_holders(ours)}; the file says nothing of it."
        else:
            yield f"{_cap(name)}: the file says that {_holders(theirs)}; the record says that {_holders(ours)}."


def _holders(found: list[Plain] | None) -> str:
    return " and ".join(_holder(one) for one in found or ()) or "nobody holds it"


def _holder(one: Plain) -> str:
    who = _shown(one["holder"]) if "holder" in one else one_line(str(one.get("held")))
    return f"{who} holds it" + (f", signed in entry {one_line(str(one['entry']))}" if one.get("entry") is not None else "")


def _kinds(file: Plain, record: Plain) -> Iterator[str]:
    says, holds = _by(file, "kinds", "kind"), _by(record, "kinds", "kind")
    for name in dict.fromkeys([*holds, *says]):
        ours, theirs = (found.get(name, [{}])[0] for found in (holds, says))
        if ours.get("count", 0) != theirs.get("count", 0):
            yield f"{_cap(name)}: the file says {_shown(theirs.get('count', 0))}, the record says {ours.get('count', 0)}."
        if ours.get("sources", {}) != theirs.get("sources", {}):
            yield f"{_cap(name)}: the file says {_sources(theirs)}; the record says {_sources(ours)}."
        if ours.get("own_credentials", {}) != theirs.get("own_credentials", {}):
            yield f"{_cap(name)}: the file and the record differ in how many carry credentials of their own, or valid ones."


def _sources(kind: Plain) -> str:
    found = kind.get("sources")
    if not isinstance(found, dict) or not found:
        return "nothing"
    return ", ".join(
        f"{one_line(str(count))} {SAYS.get(name, one_line(str(name)))} ({one_line(str(name))})" for name, count in found.items()
    )


def _ingredients(file: Plain, record: Plain) -> Iterator[str]:
    if file.get("ingredients_seal") != record["ingredients_seal"]:
        yield "The ingredients are not the record's: one was taken out, put in or exchanged, or something about one was changed (their seal differs)."
    says, holds = (_by(form, "ingredients", "digest") for form in (file, record))
    for digest in dict.fromkeys([*holds, *says]):
        ours, theirs = holds.get(digest), says.get(digest)
        if ours == theirs:
            continue
        if not theirs and ours:
            yield f"Ingredient {_shown(ours[0]['title'])} is in the record and not in the file."
        elif not ours and theirs:
            yield f"Ingredient {_shown(theirs[0].get('title'))} is in the file and not in the record."
        elif ours and theirs:
            differs = sorted(key for key in ours[0] if ours[0].get(key) != theirs[0].get(key))
            what = ", ".join(key.replace("_", " ") for key in differs) or "how often it is in"
            yield f"Ingredient {_shown(ours[0]['title'])}: the file says something else about it ({what})."


def _parts(said: Said, claims: Claims, public: Public) -> Iterator[str]:
    """What the manifest itself lists as ingredients, with the credentials that came along."""
    ours = Counter((part.title, part.own) for part in parts_form(claims, public))
    theirs = Counter(
        (part.title, "none" if part.state == "none" else "broken" if part.state == "broken" else "valid")
        for part in said.ingredients
    )
    for (title, own), count in (ours - theirs).items():
        yield f"The file's list of ingredients lacks {_shown(title)}{_own(own)}{_times(count)}."
    for (title, own), count in (theirs - ours).items():
        yield f"The file's list of ingredients has {_shown(title)}{_own(own)}{_times(count)}, which the record does not know."


def _own(own: str) -> str:
    return "" if own == "none" else f" with {own} credentials of its own"


def _times(count: int) -> str:
    return "" if count == 1 else f", {count} times"


def _actions(said: Said, claims: Claims, public: Public) -> Iterator[str]:
    theirs = [_bare(one) for one in said.actions]
    software = theirs[0].get("softwareAgent") if theirs else None
    ours = [_bare(one) for one in actions_form(claims, public, software=software if isinstance(software, dict) else {})]
    lacking, extra = [one for one in ours if one not in theirs], [one for one in theirs if one not in ours]
    for one in list(lacking):
        twin = next(
            (other for other in extra if (other.get("action"), other.get("description")) == (one["action"], one["description"])),
            None,
        )
        if twin is None:
            continue
        lacking.remove(one)
        extra.remove(twin)
        if one.get("digitalSourceType") != twin.get("digitalSourceType"):
            yield f"{_cap(one['description'])}: the file says {_kind(twin)}, the record says {_kind(one)}."
        if one.get("softwareAgent") != twin.get("softwareAgent"):
            yield f"{_cap(one['description'])}: the file says that {_agent(twin)} did it, the record says {_agent(one)}."
        if one.get("parameters") != twin.get("parameters"):
            yield f"{_cap(one['description'])}: the file says something else about how it was done: {_how(twin)}; the record says {_how(one)}."
    for one in lacking:
        yield f"The file does not say that this was done: {one['description']}."
    for one in extra:
        yield f"The file says that this was done, and the record does not: {_shown(one.get('description') or one.get('action'))}."
    if (
        not lacking
        and not extra
        and len(theirs) == len(ours)
        and theirs != ours
        and sorted(map(str, theirs)) == sorted(map(str, ours))
    ):
        yield "The file lists what was done in another order than the record."
    if not lacking and not extra and len(theirs) != len(ours):
        yield "The file lists what was done more or fewer times than the record."


def _bare(action: Plain) -> Plain:
    """An action without what only ties it to the manifest it stands in, and without which version of Answerprint it was: no record says that."""
    kept = {key: value for key, value in action.items() if key in ("action", "description", "digitalSourceType", "softwareAgent")}
    agent = kept.get("softwareAgent")
    if isinstance(agent, dict) and str(agent.get("name", "")).partition(" ")[0] == "Answerprint":
        kept["softwareAgent"] = {"name": _VERSION.sub("", str(agent["name"]))}
    own = action.get("parameters")
    parameters = (
        {key: value for key, value in own.items() if key not in ("ingredients", "ingredientIds")} if isinstance(own, dict) else {}
    )
    return {**kept, "parameters": parameters} if parameters else kept


def _how(action: Plain) -> str:
    found = action.get("parameters")
    told = (
        [f"{str(key).removeprefix('org.answerprint.')} {value}" for key, value in found.items()] if isinstance(found, dict) else []
    )
    return _shown(", ".join(told)) if told else "nothing"


def _agent(action: Plain) -> str:
    found = action.get("softwareAgent")
    return _shown(found.get("name") if isinstance(found, dict) else found) if found else "a person"


def _kind(action: Plain) -> str:
    full = action.get("digitalSourceType")
    return (
        f"{SAYS.get(word(full), 'something unknown')} ({one_line(word(full))})"
        if isinstance(full, str)
        else "nothing about where it comes from"
    )


def _by(form: Plain, name: str, key: str) -> dict[str, list[Plain]]:
    found = form.get(name)
    rows: dict[str, list[Plain]] = {}
    for one in found if isinstance(found, list) else []:
        if isinstance(one, dict):
            rows.setdefault(one_line(str(one.get(key))), []).append(one)
    return rows


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return _shown(" ".join(map(str, value))) if value else "nothing"
    return f'"{one_line(value)}"' if isinstance(value, str) else one_line(str(value)) if value is not None else "nothing"


def _cap(text: str) -> str:
    return text[:1].upper() + text[1:]
