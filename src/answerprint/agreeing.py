"""Whether a file that left says what its record says: the film it claims to be, as of the entry that let it out.

The claims are built from the record alone and compared with what the file carries, one by one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint import films
from answerprint.claims import claims_of
from answerprint.desk import Desk
from answerprint.model.judgments import Release, SignOff

if TYPE_CHECKING:
    from answerprint.book import Line
    from answerprint.delivery.credentials import Said
    from answerprint.films import Film

__all__ = ["Against", "against"]


@dataclass(frozen=True, kw_only=True)
class Against:
    """A file held against a record."""

    entry: int | None  #: the machine's entry with which it left; None: the record lets no such film out
    film: str  #: "master for tv-eu"; empty where there is none
    disagrees: tuple[str, ...]  #: a sentence each; empty: file and record say the same


@dataclass(frozen=True, kw_only=True)
class _Left:
    """A film that left, as the record has it."""

    n: int
    body: Mapping[str, Any]
    film: Film
    digests: frozenset[str]  #: every file as which it left, the same film at other times


def against(desk: Desk, path: Path, said: Said) -> Against:
    """Hold a file against the record: what it says, what is in it, and which certificate signed it.

    Args:   said: what `reading.read` found in it.
    Raises: MediaError: its picture and sound cannot be read.  DeskError, LedgerError: the record cannot.
    """
    from answerprint.delivery.credentials.comparing import compare
    from answerprint.delivery.essence import essence

    now = essence(path, edit="")
    left = _found(_left(desk), said, now.streams)
    if left is None:
        why = (
            "neither what it says it is, nor its picture and sound, is a film that left"
            if said.claims
            else "its picture and sound are not of a film that left"
        )
        return Against(
            entry=None,
            film="",
            disagrees=(f"The record of {desk.production.settings['title'] or desk.path.name} lets no such file out: {why}.",),
        )
    line = _answers(desk, left)
    if line is None:
        why = f"The record says that {said.file} left in entry {left.n}, and no entry that stands answers for this film there: it is gone, was struck, or names another one."
        return Against(entry=left.n, film=left.film.name, disagrees=(why,))
    digest = essence(path, edit=left.film.edit).digest
    credentials = left.body.get("credentials")
    if credentials is None:
        disagrees = _bare(said, left, digest)
    else:
        disagrees = compare(
            said, claims_of(desk, left.film, line=line), essence_now=digest, certificate=credentials.get("certificate")
        )
    if not disagrees and _seal(path) not in left.digests:
        disagrees = (f"{said.file} is not byte for byte a file that left: picture and sound are, and what stands around them was written anew.",)
    return Against(entry=left.n, film=left.film.name, disagrees=disagrees)


def _seal(path: Path) -> str:
    with open(path, "rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()


def _bare(said: Said, left: _Left, now: str) -> tuple[str, ...]:
    """What is wrong with a film whose spec has no credentials."""
    wrong = (
        []
        if said.state == "none"
        else [f"{left.film.name} left without credentials, and {said.file} carries some: somebody else put them in."]
    )
    if now != left.film.essence:
        wrong.append(f"Picture or sound in {said.file} is not what was signed: encoded again, cut or changed since.")
    return tuple(wrong)


def _left(desk: Desk) -> list[_Left]:
    """Every film that left, in the order in which they did."""
    record = desk.production.reader()
    if record is None:
        return []
    made = {one.which: one for one in films.history(desk)}
    with record:
        found = [(entry.n, entry.read()) for entry in record.entries(kind="released")]
    names = [
        (n, body, made.get((body["version"], body["spec"], body["essence"])))
        for n, body in found
        if body and body.get("schema") == 1
    ]
    digests: dict[tuple[str, str, str], set[str]] = {}
    for _, body, film in names:
        if film is not None:
            digests.setdefault(film.which, set()).add(body["digest"])
    return [_Left(n=n, body=body, film=film, digests=frozenset(digests[film.which])) for n, body, film in names if film is not None]


def _found(left: list[_Left], said: Said, streams: tuple[str, ...]) -> _Left | None:
    """The film that a file is: what it says it is and what is in it, else what is in it, else what it says it is; the latest of several."""
    claims = said.claims or {}
    says = [one for one in left if (one.film.version, one.film.spec) == (claims.get("version"), claims.get("spec"))]
    holds = [one for one in left if one.film.streams == streams]
    both = [one for one in says if one in holds]
    return next((several[-1] for several in (both, holds, says) if several), None)


def _answers(desk: Desk, left: _Left) -> Line[SignOff] | Line[Release] | None:
    """The sign-off or the release that let a film out: a machine's entry says which, and that one names the film itself."""
    kind, n = (SignOff, left.body["signoff"]) if left.body.get("signoff") else (Release, left.body.get("release"))
    line = desk.book.line(n) if desk.book and isinstance(n, int) else None
    if line is None or line.struck or not isinstance(line.content, kind):
        return None
    return line if any((one.version, one.spec, one.essence) == left.film.which for one in line.content.films) else None
