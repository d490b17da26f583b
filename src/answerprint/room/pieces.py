"""What the machine made for the finish, as the pages show it: each piece with what was left alone, and who does not want it."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answerprint import finishing
from answerprint.finishing import Made, Refusal, What
from answerprint.room import working
from answerprint.room.doors import Guest
from answerprint.room.words import on_a_page
from answerprint.room.working import Work

if TYPE_CHECKING:
    from answerprint.production import Production
    from answerprint.room.asking import Room

__all__ = ["Answer", "Piece", "Work", "begin", "job", "pieces", "same", "work"]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Somebody who does not want a piece."""

    by: str
    because: str


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One thing that the machine made."""

    what: What
    about: str
    entry: int
    at: str
    says: tuple[str, ...]  #: what was left alone and why
    refused: Answer | None


def pieces(production: Production, what: What) -> Iterator[tuple[Made, Piece]]:
    """What stands, in the order in which each was first made."""
    against = finishing.refused(production, what)
    for about, one in finishing.made(production, what).items():
        yield one, Piece(what=what, about=about, entry=one.entry, at=one.at, says=tuple(on_a_page(says) for says in one.says), refused=_answer(against.get(about)))


def _answer(one: Refusal | None) -> Answer | None:
    return Answer(by=one.by, because=one.because) if one is not None else None


def job(what: What) -> str:
    """What the making of such things is called among the work of the room."""
    return f"finish {what}"


def work(room: Room, what: What) -> Work:
    """How far the making of such things is."""
    return working.work(room, job(what))


def begin(room: Room, guest: Guest, what: What, kind: str, asked: Sequence[str]) -> dict[str, str]:
    """Have such things made in the background, one at a time.

    Args:   kind, asked: as answerprint.room.work takes them.
    Raises: RoomError: nobody of the crew asks, or it is at work already.
    """
    return working.begin(room, guest, job(what), [kind, *asked])


def same(name: str, id: str) -> bool:
    """Whether an address means this name; the same time whatever it is."""
    return hmac.compare_digest(name.encode(), id.encode("utf-8", "surrogatepass"))
