"""What the machine made for the finish: corrections, clean-ups, captions, supers, reframings. Each is a proposal that stands in the record,
each can be refused piece by piece and taken back, and nothing of it is a decision.

A proposal is known by what it is and what it is about: ("correction", "rushes/A001_C003.mp4"), ("captions", "master.en"). A later one on
the same thing takes the place of the one before. A refusal is not signed: it informs, and the machine leaves that piece alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args
from urllib.parse import quote, unquote

from answerprint.model.charter import Execution
from answerprint.model.records import AnswerprintError, Digest

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["EXECUTION", "FinishingError", "Lists", "Made", "Refusal", "What", "enlist", "history", "lists", "made", "propose", "refuse", "refused", "take_back"]

What = Literal["correction", "clean-up", "captions", "supers", "reframing"]
#: The execution that each is.
EXECUTION: Mapping[str, Execution] = {
    "correction": Execution.CORRECTION, "clean-up": Execution.CLEAN_UP, "captions": Execution.CAPTIONS, "supers": Execution.SUPERS, "reframing": Execution.VERSIONS,
}  # fmt: skip
_SCHEMA = 1
_LISTS = "lists for the finish"
_ENCODED = "utf-8:"  #: how a key begins that stands for a place with other letters than ASCII


class FinishingError(AnswerprintError):
    """A proposal for the finish that is not there, or that cannot be refused."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """One thing that the machine made for the finish."""

    entry: int
    at: str
    what: str
    about: str
    inputs: tuple[Digest, ...]  #: of everything that it was made from
    files: Mapping[str, Digest]  #: where it lies, in the production -> its digest
    values: Mapping[str, Any] = field(default_factory=dict)  #: numbers and settings, measured ones as decimal text
    says: tuple[str, ...] = ()  #: what was left alone and why, a sentence each

    def path(self, production: Production, file: str) -> Path:
        """Where one of its files is kept for good, whatever became of the one that people see."""
        return production.keep.path(self.files[file])


@dataclass(frozen=True, kw_only=True)
class Lists:
    """Files in which several pieces went out together, for people to choose one of: by its digest, what each piece in it is about."""

    entry: int
    what: str
    of: Mapping[Digest, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A piece that somebody does not want."""

    entry: int
    what: str
    about: str
    by: str
    because: str


def propose(
    production: Production, what: What, about: str, *, inputs: Sequence[Digest], files: Mapping[str, bytes | Digest], values: Mapping[str, Any] | None = None,
    says: Sequence[str] = (),
) -> Made:  # fmt: skip
    """Write down what was made; the same again is not written twice.

    Args:   files: by their place in the production: small ones as bytes, which go into keep/; large ones, that are made again from their inputs,
            by their digest alone.
            values: plain values without a float: a measured number is a decimal text.
    Raises: FinishingError: there is no such kind of proposal.  LedgerError, KeepError: the disk or the record refuses.
    """
    if what not in get_args(What):
        raise FinishingError(f"{what!r} is nothing that is made for the finish. There are: {', '.join(get_args(What))}.")
    kept = {name: one if isinstance(one, str) else production.keep.put(one) for name, one in files.items()}
    body = {"schema": _SCHEMA, "what": what, "about": about, "execution": str(EXECUTION[what]), "inputs": list(inputs), "files": {_key(name): one for name, one in kept.items()}, "values": dict(values or {}), "says": list(says)}
    last = made(production, what).get(about)
    if last is not None and _body(last) == body:
        return last
    with production.writer() as record:
        entry = record.append("proposal", body)
    return _read(entry.n, entry.at, body)


def made(production: Production, what: What | None = None) -> dict[str, Made]:
    """What stands, by what it is about, in the order in which each was first made; of one kind, or of all with "KIND " before it."""
    found = [one for one in history(production) if what in (None, one.what)]
    return {one.about if what is not None else f"{one.what} {one.about}": one for one in found}


def history(production: Production) -> tuple[Made, ...]:
    """Everything that was ever made for the finish, oldest first."""
    return tuple(_read(n, at, body) for n, at, body in _bodies(production, "proposal") if body.get("what") in get_args(What))


def enlist(production: Production, what: What, files: Mapping[Digest, Sequence[str]]) -> None:
    """Write down which pieces went out together in which file, so that a person's choice of that file is known to be a choice of them."""
    now = {digest: list(of) for digest, of in files.items()}
    last = next((one for one in reversed(lists(production)) if one.what == what), None)
    if now and (last is None or {digest: list(of) for digest, of in last.of.items()} != now):
        with production.writer() as record:
            record.append("proposal", {"schema": _SCHEMA, "what": _LISTS, "of kind": what, "execution": str(EXECUTION[what]), "of": now})


def lists(production: Production) -> tuple[Lists, ...]:
    """Every file in which pieces ever went out together, oldest first."""
    return tuple(
        Lists(entry=n, what=str(body.get("of kind", "")), of={digest: tuple(of) for digest, of in body.get("of", {}).items()})
        for n, _, body in _bodies(production, "proposal") if body.get("what") == _LISTS
    )  # fmt: skip


def refuse(production: Production, what: What, about: str, *, by: str, because: str = "", via: str = "terminal") -> Refusal:
    """Somebody does not want a piece: the machine leaves that alone from here on.

    Raises: FinishingError: nothing of that kind was made about it; or nobody says it.
    """
    _named(production, what, about, by)
    return _say(production, what, about, by, because, via, refused=True)


def take_back(production: Production, what: What, about: str, *, by: str, because: str = "", via: str = "terminal") -> Refusal:
    """A refusal is taken back: the piece may be used again.

    Raises: FinishingError: it is not refused; or nobody says it.
    """
    if about not in refused(production, what):
        raise FinishingError(f"the {what} of {about} is not refused, so there is nothing to take back.")
    _named(production, what, about, by)
    return _say(production, what, about, by, because, via, refused=False)


def refused(production: Production, what: What) -> dict[str, Refusal]:
    """What is refused now, by what it is about."""
    found: dict[str, Refusal] = {}
    for n, _, body in _bodies(production, "remark"):
        piece = body.get("refuses")
        if not isinstance(piece, Mapping) or piece.get("what") != what:
            continue
        about = str(piece.get("about", ""))
        found.pop(about, None)
        if piece.get("refused") is True:
            found[about] = Refusal(entry=n, what=what, about=about, by=str(body.get("by", "")), because=str(piece.get("because", "")))
    return found


def _named(production: Production, what: What, about: str, by: str) -> None:
    there = made(production, what)
    if about not in there:
        listed = f" There is: {', '.join(list(there)[:8])}." if there else " Nothing of the kind was made yet."
        raise FinishingError(f"no {what} was made for {about!r}.{listed}")
    if not by.strip():
        raise FinishingError("who says so? Give a name: --by NAME")


def _say(production: Production, what: str, about: str, by: str, because: str, via: str, *, refused: bool) -> Refusal:
    why = f": {because.strip()}" if because.strip() else ""
    text = f"The {what} of {about} is {'refused' if refused else 'wanted again'}{why}"
    body = {
        "schema": 1, "text": text, "on": "film", "by": by.strip(), "via": via,
        "refuses": {"what": what, "about": about, "refused": refused, "because": because.strip()},
    }  # fmt: skip
    with production.writer() as record:
        entry = record.append("remark", body)
    return Refusal(entry=entry.n, what=what, about=about, by=by.strip(), because=because.strip())


def _bodies(production: Production, kind: str) -> Iterable[tuple[int, str, Mapping[str, Any]]]:
    record = production.reader()
    if record is None:
        return []
    with record:
        return [(entry.n, entry.at, body) for entry in record.entries(kind=kind) if (body := entry.read()) is not None and body.get("schema") == _SCHEMA]


def _read(n: int, at: str, body: Mapping[str, Any]) -> Made:
    return Made(
        entry=n, at=at, what=str(body["what"]), about=str(body.get("about", "")), inputs=tuple(body.get("inputs", ())), files={_name(key): one for key, one in body.get("files", {}).items()},
        values=dict(body.get("values", {})), says=tuple(body.get("says", ())),
    )  # fmt: skip


def _body(one: Made) -> dict[str, Any]:
    return {
        "schema": _SCHEMA, "what": one.what, "about": one.about, "execution": str(EXECUTION[one.what]), "inputs": list(one.inputs), "files": {_key(name): digest for name, digest in one.files.items()},
        "values": dict(one.values), "says": list(one.says),
    }  # fmt: skip


def _key(name: str) -> str:
    """A file's place as a key of an entry, which is ASCII."""
    return name if name.isascii() else _ENCODED + quote(name)


def _name(key: str) -> str:
    return unquote(key.removeprefix(_ENCODED)) if key.startswith(_ENCODED) else key
