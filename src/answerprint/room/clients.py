"""What a client's link opens: one version's movie as it went out, notes on its frames, and an answer by name and mailed code.

A client's session resolves to nothing else. What they say is not signed: notes stand in the record as remarks, an answer waits until somebody
of the crew signs it as told. The movie is the very cut that was sent; a later one never takes its place.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from fastapi import Depends, HTTPException, Request

from answerprint.book import Line
from answerprint.keep import write_whole
from answerprint.model.judgments import CutSeal, Round
from answerprint.model.records import AnswerprintError
from answerprint.room import movies, showing
from answerprint.room.asking import Anybody, Room, room_of
from answerprint.room.doors import Guest, Link

__all__ = ["Client", "Pending", "Visit", "answer", "code", "cut_of", "drop", "movie", "pending"]

_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  #: none that is read as another
_lock = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A client's session and what it resolves to."""

    guest: Guest
    link: Link
    round: Line[Round]
    cut: CutSeal


@dataclass(frozen=True, kw_only=True)
class Pending:
    """What a client answered, until somebody of the crew signs it."""

    id: str
    round: int
    version: str
    link: str
    name: str
    outcome: Literal["approved", "changes", "refused"]
    changes: tuple[str, ...]
    at: str


def _client(request: Request, guest: Anybody) -> Visit:
    """Somebody who came by a client's link; a change carries the session's own token.

    Raises: HTTPException 403: the crew, or a link that does not open any more.
    """
    if guest.kind != "client":
        raise HTTPException(403, "crew")
    if request.method not in ("GET", "HEAD") and request.headers.get("x-answerprint") != guest.form:
        raise HTTPException(403, "form")
    room = room_of(request)
    link, book = room.doors.link(guest.link), room.house.book
    line = book.line(link.round) if book is not None and link is not None else None
    cut = cut_of(line, link.version) if line is not None and link is not None else None
    if link is None or line is None or cut is None or line.struck:
        raise HTTPException(403, room.texts["client"]["ended"])
    return Visit(guest=guest, link=link, round=line, cut=cut)


Client = Annotated[Visit, Depends(_client)]  #: a parameter of whatever only a client may see or do


def cut_of(line: Line[Round], version: str) -> CutSeal | None:
    """The cut of a version as it went out."""
    return next((one for one in line.content.cuts if one.version == version), None) if isinstance(line.content, Round) else None


def code() -> str:
    """A code to mail apart from the link: eight letters, 39 bits; ten tries a minute make it last longer than any link."""
    return "".join(secrets.choice(_LETTERS) for _ in range(8))


# ---- the movie


def movie(room: Room, cut: CutSeal) -> Path | None:
    """The movie of a cut exactly as it was sent; None while it is being made, and where the cut was changed before anybody looked at it."""
    kept = room.house.viewing / f"round-{cut.seal.removeprefix('sha256:')[:32]}.mp4"
    if kept.is_file():
        return kept
    try:
        shown = showing.showing(room, showing.desk_of(room), cut.file)
    except (AnswerprintError, OSError):
        return None
    if shown.seal != cut.seal or not movies.ready(room, shown):
        return None
    part = kept.with_name(f".{kept.stem}-{secrets.token_hex(4)}")
    try:
        os.link(shown.movie, part)  # the same file under a second name: it outlives the first
    except OSError:
        shutil.copyfile(shown.movie, part)
    os.replace(part, kept)
    part.unlink(missing_ok=True)  # two names of one file: a rename onto the other does nothing (POSIX)
    return kept


# ---- answers that wait


def pending(room: Room) -> list[Pending]:
    """What clients answered and nobody signed yet, oldest first."""
    try:
        rows = json.loads(_place(room).read_bytes())
        return [Pending(**{**row, "changes": tuple(row["changes"])}) for row in rows]
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return []


def answer(room: Room, visit: Visit, *, name: str, outcome: Literal["approved", "changes", "refused"], changes: tuple[str, ...]) -> Pending:
    """Keep what a client says of their version until somebody signs it; their earlier answer, if it still waits, gives way."""
    at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    made = Pending(id=secrets.token_hex(6), round=visit.round.n, version=visit.cut.version, link=visit.link.id, name=name, outcome=outcome, changes=changes, at=at)
    with _lock:
        _write(room, [*(one for one in pending(room) if one.link != visit.link.id), made])
    return made


def drop(room: Room, id: str) -> None:
    """It was signed."""
    with _lock:
        _write(room, [one for one in pending(room) if one.id != id])


def _place(room: Room) -> Path:
    return room.house.production.inside / "answers.json"


def _write(room: Room, rows: list[Pending]) -> None:
    write_whole(_place(room), json.dumps([asdict(one) for one in rows], ensure_ascii=False, indent=1).encode("utf-8"))
