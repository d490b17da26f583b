"""The gate as the room shows it: read anew only when something that it was read from has changed."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from answerprint import drafts, watched
from answerprint.film import PAPER, Cut
from answerprint.gate import SheetSeen, Verdict, gate
from answerprint.model.charter import Judgment
from answerprint.room.showing import desk_of

if TYPE_CHECKING:
    from answerprint.room.asking import Room

__all__ = ["MANDATORIES", "mandatories", "sheet_seen", "stamp", "verdict"]

MANDATORIES = "mandatories.txt"
_lock = threading.Lock()


def sheet_seen(room: Room, person: str | None) -> SheetSeen:
    """Whether this person looked at the contact sheet of a cut, as they said on this computer."""

    def seen(cut: Cut) -> bool:
        return person is not None and watched.seen(room.house.production, person, watched.sheet(cut.version, cut.seal), "looked")

    return seen


def verdict(room: Room) -> Verdict:
    """What every version of the film is missing, as the holder of the sign-off would see it.

    Raises: FilmError: versions.csv cannot be read.
    """
    now = stamp(room)
    with _lock:
        held: tuple[object, Verdict] | None = getattr(room, "verdict", None)
        if held is not None and held[0] == now:
            return held[1]
    book = room.house.book
    holder = book.holder(Judgment.SIGN_OFF) if book else None
    found = gate(desk_of(room), sheet_seen=sheet_seen(room, holder.id if holder else None))
    with _lock:
        room.verdict = (now, found)  # type: ignore[attr-defined]
    return found


def stamp(room: Room) -> tuple[object, ...]:
    """Everything that a verdict rests on and that may change while the room is open, small enough to compare."""
    house = room.house
    book, path = house.book, house.production.path
    chosen = [one.choice for one in drafts.read(house.production.inside).values()] + [one.decided.choice for one in (book.decisions.values() if book else ())]
    files = sorted({one["file"] for one in chosen if "file" in one})
    cuts = sorted((path / "cuts").glob("*")) if (path / "cuts").is_dir() else []
    brought = sorted((path / "assets").rglob("*"))  # cards: their content is in the seal of a cut
    asked = sorted((path / "specs").glob("*.toml"))  # a spec that says something else makes another film
    named = [path / PAPER, *asked, house.production.inside / "drafts.json", *(path / one for one in files), *cuts, *brought]
    seen = [one.thing for one in watched.listed(house.production, holder.id) if one.kind == "looked"] if book and (holder := book.holder(Judgment.SIGN_OFF)) else []
    return (id(house.table), book.head if book else None, tuple(seen), tuple(_when(one) for one in named))


def _when(path: Path) -> tuple[str, int, int, int] | None:
    with contextlib.suppress(OSError):
        now = path.stat()
        return path.name, now.st_mtime_ns, now.st_ctime_ns, now.st_size
    return None


def mandatories(room: Room) -> tuple[str, ...]:
    """What the brief demands, one to a line in mandatories.txt; a line that begins with # is a note. None where there is no such file."""
    try:
        lines = (room.house.production.path / MANDATORIES).read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError:
        return ()
    return tuple(dict.fromkeys(words for line in lines if (words := line.strip().lstrip("-*•").strip()) and not line.lstrip().startswith("#")))
