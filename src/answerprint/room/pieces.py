"""What the machine made for the finish, as the pages show it: each piece with what was left alone, and who does not want it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answerprint import finishing
from answerprint.finishing import Made, Refusal, What
from answerprint.room.words import on_a_page

if TYPE_CHECKING:
    from answerprint.production import Production
    from answerprint.room.asking import Room

__all__ = ["Answer", "Piece", "Work", "job", "pieces", "work"]

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


@dataclass(frozen=True, kw_only=True)
class Work:
    """The making of such things, while it waits or runs, or after it went wrong."""

    job: str  #: under which name /api/live tells how far it is
    now: dict[str, str | float] | None


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
    held = room.jobs.of(job(what))
    return Work(job=job(what), now=held.plain if held else None)
