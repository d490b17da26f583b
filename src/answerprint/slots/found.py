"""What is known to be generated, and how: by the file's own word, its name, the list of rights, or the record, which wrote down what a provider sent."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from answerprint import rights
from answerprint.desk import Desk
from answerprint.model.records import Digest
from answerprint.production import Production
from answerprint.rights.footage import footage, seal_here
from answerprint.rights.paper import RightsError
from answerprint.rights.within import NAMED_SO, named_so, own_word

__all__ = ["Generated", "answered", "generated", "labelled", "reference", "seal_of"]

_CALL = ("call", "candidates", "frames")  #: what entries are called that hold a provider's answer, as it came and as it was laid into the production with its label
_MADE = ("pictures", "video", "sound")  #: kinds of provider that make something; words are not shown, and stock was shot
_ANSWER = ("response", "answer", "answers", "files")  #: where such an entry names what came
_METHODS = ("blake3:", "sha256:")


@dataclass(frozen=True, kw_only=True)
class Generated:
    """A file that was generated, or that holds something which was."""

    file: str
    how: str  #: after the file's name: "says of itself that it was generated ..."
    some: bool = False  #: whether only something in it was, by its own word


def generated(desk: Desk, file: str, digest: Digest | None = None) -> Generated | None:
    """How a file is known to be generated; None where nothing says so, which proves nothing.

    Args: file: as the production calls it.  digest: its seal, where a cut or the shoot knows it.
    """
    if says := own_word(desk, file):
        return Generated(file=file, how=says, some="something in it" in says)
    seal = digest or seal_of(desk, file)
    if (n := _answers(desk).get(seal)) is not None:
        return Generated(file=file, how=f"came from a provider that generates, in entry {n}")
    if (given := _given(desk).get(seal)) is not None:
        return Generated(file=file, how=f"was given to a stock slot as generated, in entry {given[0]}", some="something in it" in given[1])
    if named_so(file):
        return Generated(file=file, how=NAMED_SO)
    try:
        if (held := footage(desk, (file,), {file: seal}).get(file)) is not None and (says := held.called_generated):
            return Generated(file=file, how=says)
    except RightsError:
        pass  # the check of rights says that the library cannot be asked, where the cut shows what nobody shot
    try:
        row = next((one for one in rights.of(desk) if one.what == "generated" and _names_it(one, file)), None)
    except RightsError:
        return None  # the check of rights says it, and nothing leaves until the list can be read
    return Generated(file=file, how=f"is listed as generated in {rights.PAPER}, row {row.row}") if row is not None else None


def _names_it(right: rights.Right, file: str) -> bool:
    """Whether a row speaks of this file, not of everything in a version: "*" and "fr*" name no file."""
    words = tuple(word for word in right.applies if "*" not in word or "." in word or "/" in word)
    return (bool(words) or not right.applies) and replace(right, applies=words).names(file)


def seal_of(desk: Desk, file: str) -> Digest:
    """A file's seal: as the shoot knows it, else as it lies there now; "missing" where it does not."""
    known = next((digest for digest, name in desk.names.items() if name == file), None)
    return known or seal_here(desk, file)


def answered(production: Production, upto: int | None = None) -> Mapping[Digest, int]:
    """Everything that a provider which generates ever sent, by its seal -> the entry that says so.

    Args: upto: the last entry that counts; None for the whole record.
    """
    found: dict[Digest, int] = {}
    for n, body in _bodies(production, upto):
        if body.get("what") in _CALL and str(body.get("provides", body.get("kind", ""))) in _MADE:
            found |= {seal: n for key in _ANSWER for seal in _seals(body.get(key)) if seal not in found}
    return found


def labelled(production: Production, upto: int | None = None) -> frozenset[Digest]:
    """Every medium that the record knows to be generated: what providers sent, and what people gave to a stock slot as generated."""
    return frozenset({*_given_in(production, upto), *answered(production, upto)})


def reference(production: Production, digest: Digest) -> bool:
    """Whether the record knows a file as a reference frame that a provider made, under whatever name it lies."""
    return any(digest in _seals(body.get("files")) for _, body in _bodies(production, None) if body.get("what") == "frames")


def _given_in(production: Production, upto: int | None) -> Mapping[Digest, tuple[int, str]]:
    """Everything that people ever gave to a stock slot as generated, by its seal -> the entry, and how that was known then."""
    found: dict[Digest, tuple[int, str]] = {}
    for n, body in _bodies(production, upto):
        if isinstance(served := body.get("serves"), Mapping) and served.get("generated") and served.get("digest"):
            found.setdefault(str(served["digest"]), (n, str(served.get("how", ""))))
    return found


_ANSWERS: weakref.WeakKeyDictionary[Desk, Mapping[Digest, int]] = weakref.WeakKeyDictionary()


def _answers(desk: Desk) -> Mapping[Digest, int]:
    if desk not in _ANSWERS:
        _ANSWERS[desk] = answered(desk.production)
    return _ANSWERS[desk]


_GIVEN: weakref.WeakKeyDictionary[Desk, Mapping[Digest, tuple[int, str]]] = weakref.WeakKeyDictionary()


def _given(desk: Desk) -> Mapping[Digest, tuple[int, str]]:
    if desk not in _GIVEN:
        _GIVEN[desk] = _given_in(desk.production, None)
    return _GIVEN[desk]


def _bodies(production: Production, upto: int | None) -> Iterator[tuple[int, Mapping[str, Any]]]:
    record = production.reader()
    if record is None:
        return
    with record:
        found = [(entry.n, entry.read()) for kind in ("proposal", "remark") for entry in record.entries(kind=kind) if upto is None or entry.n <= upto]
    yield from ((n, body) for n, body in found if body is not None and body.get("schema") == 1)


def _seals(value: Any) -> Iterator[Digest]:
    """Every seal in the part of an entry that names what came."""
    if isinstance(value, str) and value.startswith(_METHODS):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _seals(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _seals(one)
