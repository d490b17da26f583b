"""Long work that a page has done in the background: somebody of the crew begins it, every page tells it alike, and somebody of the crew stops it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answerprint.room import RoomError
from answerprint.room.doors import Guest
from answerprint.room.signing import signer

if TYPE_CHECKING:
    from answerprint.room.asking import Room

__all__ = ["Work", "begin", "stop", "work"]


@dataclass(frozen=True, kw_only=True)
class Work:
    """A piece of work, while it waits or runs, or after it went wrong."""

    job: str  #: under which name /api/live tells how far it is
    now: dict[str, str | float] | None


def work(room: Room, name: str) -> Work:
    """How far the work of that name is."""
    held = room.jobs.of(name)
    return Work(job=name, now=held.plain if held else None)


def begin(room: Room, guest: Guest, name: str, asked: Sequence[str], *, title: str = "", busy: str = "") -> dict[str, str]:
    """Have it done when its turn comes.

    Args:   asked: what answerprint.room.work takes, without the production.  title: with the {name} of whoever asks, where a page says it in
            its own words; busy: the same for work that is there already.
    Raises: RoomError: nobody of the crew asks, or it waits or runs already.
    """
    person, said = signer(room, guest), room.texts["made"]
    held = room.jobs.of(name)
    if held is not None and held.state != "wrong":
        raise RoomError(busy or said["busy"])
    kind, *rest = asked
    room.jobs.start(name, (title or said["asked_by"]).format(name=person.name), [kind, "--production", str(room.house.production.path), *rest])
    return {"job": name}


def stop(room: Room, guest: Guest, name: str) -> dict[str, bool]:
    """End it: what is whole stays, nothing half-made is left. What went wrong is put away.

    Raises: RoomError: nobody of the crew asks.
    """
    signer(room, guest)
    room.jobs.stop(name)
    return {"stopped": True}
