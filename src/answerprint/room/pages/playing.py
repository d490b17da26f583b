"""What the player needs of the room: a clip as it is played, the words that were heard in it, and where to tell what was played."""

from __future__ import annotations

import hmac
import threading
import time
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Request

from answerprint import watched
from answerprint.assistant import first_timecode
from answerprint.model.time import floor_frames
from answerprint.plan import Unit
from answerprint.room.asking import Crew, Room, room_of
from answerprint.room.doors import Guest
from answerprint.room.stage import media_id, movie_of
from answerprint.timeline.slates import Strung, lasts

if TYPE_CHECKING:
    from answerprint.assistant import Table

__all__ = ["Clip", "Stretch", "attempt_name", "clip_of", "laid", "router", "stretch_of", "unit_for", "unit_of"]

router = APIRouter()

_LOOK_S = 0.1  #: below what a page may take; a prep takes longer


@dataclass(frozen=True, kw_only=True)
class Clip:
    """A clip or a sound as the player takes it. Rates are (frames, seconds); frames count from 0."""

    id: str  #: of this session only
    movie: str
    picture: bool
    rate: tuple[int, int]
    frames: int
    timecode: str | None  #: of the first frame; None where it carries none, or where it is not to be shown
    timecode_rate: tuple[int, int] | None


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A part of a clip to play: frames, half-open."""

    clip: Clip
    start: int
    end: int
    what: str | None = None  #: under which name playing it is told to the room


@dataclass(frozen=True, kw_only=True)
class Laid:
    """What the pages look up again and again of one table."""

    table: Table
    strung: tuple[Strung, ...]  #: every attempt, in shooting order
    units: dict[str, Unit]  #: by digest, a camera original's leads to its proxy
    whole: dict[str, Clip]  #: every clip without what belongs to a session
    looked: float  #: when it was last made sure that this is still the table


def laid(room: Room) -> Laid:
    """The table with its attempts, once for each table. Whether it is still the one is asked once for a page, not for each thing on it."""
    found: Laid | None = getattr(room, "laid", None)
    now = time.monotonic()
    if found is not None and now - found.looked < _LOOK_S:
        return found
    table = room.house.table
    if found is not None and found.table is table:
        room.laid = found = replace(found, looked=now)  # type: ignore[attr-defined]
    else:
        units = {one.original.digest: one for one in table.shoot.units if one.original} | {one.digest: one for one in table.shoot.units}
        found = Laid(table=table, strung=tuple(table.strung()), units=units, whole={}, looked=now)
        room.laid = found  # type: ignore[attr-defined]
    return found


def unit_for(room: Room, strung: Strung) -> Unit:
    """The clip or sound that an attempt lies in."""
    return laid(room).units[str(strung.clip.digest)]


def rate_of(room: Room, unit: Unit) -> Fraction:
    """Frames a second of a clip; of a sound, those of its timecode, else of the production."""
    if unit.info.video is not None:
        return unit.info.video.rate
    return unit.info.timecode_rate or room.house.production.settings.rate


def clip_of(room: Room, guest: Guest, unit: Unit, *, timecode: bool = True) -> Clip:
    """A clip for the player.

    Args: timecode: whether its timecode may be shown: it tells the order of shooting.
    """
    known = laid(room).whole
    if unit.digest not in known:
        known[unit.digest] = _clip(room, unit)
    mine = replace(known[unit.digest], id=media_id(guest, unit.digest), movie=movie_of(guest, unit))
    return mine if timecode else replace(mine, timecode=None, timecode_rate=None)


def _clip(room: Room, unit: Unit) -> Clip:
    rate, table = rate_of(room, unit), room.house.table
    facts = table.shoot.facts(unit).get("picture")
    counted = facts.value("picture.frames", None) if facts else None
    frames = int(counted) if counted is not None else floor_frames(unit.info.duration_s, rate)
    first = first_timecode(unit, table.shoot, Fraction(0))
    return Clip(
        id="", movie="", picture=unit.is_clip, rate=_pair(rate), frames=max(1, frames), timecode=str(first) if first else None,
        timecode_rate=_pair(first.rate) if first else None,
    )  # fmt: skip


def stretch_of(room: Room, guest: Guest, strung: Strung, *, timecode: bool = True) -> Stretch:
    """An attempt, from "action" to "cut"."""
    unit = unit_for(room, strung)
    clip, used = clip_of(room, guest, unit, timecode=timecode), lasts(strung, rate_of(room, unit))
    rate = Fraction(*clip.rate)
    start = min(floor_frames(used.start_s, rate), clip.frames - 1)
    end = min(max(floor_frames(used.end_s, rate), start + 1), clip.frames)
    return Stretch(clip=clip, start=start, end=end, what=f"attempt:{clip.id}#{strung.attempt.number}")


def attempt_name(strung: Strung) -> str:
    """What an attempt is called where it is kept that it was played."""
    return f"attempt:{strung.clip.digest}#{strung.attempt.number}"


def unit_of(room: Room, guest: Guest, id: str) -> tuple[Table, Unit]:
    """The clip or sound that this session calls so.

    Raises: HTTPException 404.
    """
    table = room.house.table
    for unit in table.shoot.units:
        if hmac.compare_digest(media_id(guest, unit.digest).encode(), id.encode("utf-8", "surrogatepass")):
            return table, unit
    raise HTTPException(404)


def _pair(rate: Fraction) -> tuple[int, int]:
    return rate.numerator, rate.denominator


# ---- words


@router.get("/api/words/{id}")
def words(request: Request, guest: Crew, id: str) -> dict[str, Any]:
    """Every word that was heard in a clip or sound, in seconds from its first frame."""
    table, unit = unit_of(room_of(request), guest, id)
    return {"words": [{"text": one.text, "in_s": one.in_s, "out_s": one.out_s} for one in table.words(unit)]}


# ---- what was played


class _Played:
    """Which frames of what each person played since the room was opened. Only whole things leave here: `watched` keeps those."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parts: dict[tuple[str, str], list[tuple[int, int]]] = {}

    def add(self, person: str, thing: str, start: int, end: int) -> list[tuple[int, int]]:
        """Add a stretch; all of what was played of the thing, in order and without overlaps."""
        with self._lock:
            joined: list[tuple[int, int]] = []
            for first, last in sorted([*self._parts.get((person, thing), []), (start, end)]):
                if joined and first <= joined[-1][1]:
                    joined[-1] = (joined[-1][0], max(joined[-1][1], last))
                else:
                    joined.append((first, last))
            self._parts[person, thing] = joined
            return joined


def _played(room: Room) -> _Played:
    if not hasattr(room, "played"):
        room.played = _Played()  # type: ignore[attr-defined]
    found: _Played = room.played  # type: ignore[attr-defined]
    return found


@router.post("/api/played")
def played(
    request: Request, guest: Crew, what: Annotated[str, Body(max_length=400)], from_frame: Annotated[int, Body(ge=0)],
    to_frame: Annotated[int, Body(ge=1)], frames: Annotated[int | None, Body(ge=1)] = None,
) -> dict[str, bool]:  # fmt: skip
    """Tell which frames were played. Kept for this person alone, outside the record, once all of it was played.

    Args: what: "attempt:ID#2" with the clip's id of this session, or a thing such as "version:master@SEAL" or "film:SEAL" and how many frames it has.
    """
    room = room_of(request)
    if guest.person is None or to_frame <= from_frame:
        return {"whole": False}
    thing, start, end = _extent(room, guest, what, frames)
    parts = _played(room).add(guest.person, thing, max(from_frame, start), min(to_frame, end))
    whole = any(first <= start and last >= end for first, last in parts)
    if whole:
        watched.mark(room.house.production, guest.person, thing, "played")
    return {"whole": whole}


def _extent(room: Room, guest: Guest, what: str, frames: int | None) -> tuple[str, int, int]:
    kind, _, rest = what.partition(":")
    if kind != "attempt":
        if kind not in ("version", "film") or frames is None:
            raise HTTPException(422, "There is nothing of that kind to play.")
        return what, 0, frames
    id, _, number = rest.rpartition("#")
    _, unit = unit_of(room, guest, id)
    for one in laid(room).strung:
        if str(one.attempt.number) == number and unit_for(room, one).digest == unit.digest:
            stretch = stretch_of(room, guest, one)
            return attempt_name(one), stretch.start, stretch.end
    raise HTTPException(404)
