"""What somebody's words are about, as pictures and sound: an item's attempts, a shot of a cut, one frame of it with what was drawn on it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from answerprint import chronicle
from answerprint.desk import Desk
from answerprint.model.records import AnswerprintError
from answerprint.model.time import Timecode, floor_frames
from answerprint.room import RoomError, drawing, showing
from answerprint.room.asking import Room
from answerprint.room.doors import Guest
from answerprint.room.stage import movie_of, picture
from answerprint.timeline.slates import slate_name

if TYPE_CHECKING:
    from answerprint.room.showing import Placed, Showing

__all__ = ["About", "Evidence", "about", "at_timecode"]

_AROUND_S = Fraction(2)  #: what is heard before and after a frame: a short sentence is about four seconds
_MOST = 8  #: attempts of one item that are shown; the rest stand on Takes


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One picture with its sound. Times are seconds of the clip."""

    label: str
    picture: str | None  #: address of a frame; None for a sound
    movie: str | None
    start_s: float
    end_s: float
    drawing: str | None = None


@dataclass(frozen=True, kw_only=True)
class About:
    """A thing in words, where it is looked at, and what there is to see and hear of it."""

    says: str
    href: str
    evidence: tuple[Evidence, ...] = ()


def about(room: Room, guest: Guest, desk: Desk, on: str) -> About:
    """What is meant by "item:3", "film:square", "cut:3", "frame:cuts/v03.otio@123". What cannot be found is said in words only."""
    kind, _, rest = on.partition(":")
    try:
        if kind == "item" and rest.isdigit():
            return _item(room, guest, desk, int(rest))
        if (place := drawing.read(on)) is not None:
            return _frame(room, guest, desk, place)
        if kind == "cut" and rest.isdigit() and (file := desk.cut_name(desk.family.first.name)):
            shown = showing.showing(room, desk, file)
            shot = next((one for one in shown.shots if one.number == int(rest)), None)
            if shot is not None:
                says = room.texts["arguments"]["shot"].format(number=shot.number, name=shot.name, cut=shown.title)
                return About(says=says, href=_cut(file, shot.shown.start), evidence=_of(guest, shown, shot, shot.shown.start, whole=True))
    except (AnswerprintError, OSError):  # a cut that was moved away since: its words stay
        pass
    return About(says=chronicle.about(on), href=f"/takes/{rest}" if kind == "item" else "/cut")


def _item(room: Room, guest: Guest, desk: Desk, number: int) -> About:
    table = room.house.table
    found = []
    for strung in showing.strung_of(table):
        covered = strung.of(number)
        if covered is None:
            continue
        unit = table.unit(strung)
        video = unit.info.video if strung.clip.picture else None
        frame = picture(guest, unit, floor_frames(Fraction(str(covered.in_s)), video.rate)) if video is not None else None
        found.append(Evidence(label=slate_name(strung), picture=frame, movie=movie_of(guest, unit), start_s=float(covered.in_s), end_s=float(covered.out_s)))
    item = desk.items.get(number)
    says = f"{chronicle.about(f'item:{number}')}: {item.text}" if item is not None else chronicle.about(f"item:{number}")
    return About(says=says, href=f"/takes/{number}", evidence=tuple(found[:_MOST]))


def _frame(room: Room, guest: Guest, desk: Desk, place: drawing.OnFrame) -> About:
    shown = showing.showing(room, desk, place.file)
    shot = next(one for one in shown.shots if one.shown.start <= min(place.frame, shown.frames - 1) < one.shown.end)
    said = room.texts["arguments"]
    says = said["frame"].format(timecode=shown.start.plus(place.frame), cut=shown.title, number=shot.number, name=shot.name)
    sketch = f"/media/drawing/{place.drawing.partition(':')[2]}.svg" if place.drawing else None
    return About(says=says, href=_cut(place.file, place.frame), evidence=_of(guest, shown, shot, place.frame, sketch=sketch))


def _of(guest: Guest, shown: Showing, shot: Placed, frame: int, *, whole: bool = False, sketch: str | None = None) -> tuple[Evidence, ...]:
    if shot.unit is None or shot.unit.info.video is None or shot.shown.use is None:
        return ()
    span = shot.shown.source(shown.rate)
    at_s = span.start_s + abs(shot.shown.use.speed) * (frame - shot.shown.start) / shown.rate
    start_s, end_s = (span.start_s, span.end_s) if whole else (max(Fraction(0), at_s - _AROUND_S), at_s + _AROUND_S)
    still = picture(guest, shot.unit, floor_frames(at_s, shot.unit.info.video.rate), 360)
    return (Evidence(label=shot.name, picture=still, movie=movie_of(guest, shot.unit), start_s=float(start_s), end_s=float(end_s), drawing=sketch),)


def _cut(file: str, frame: int) -> str:
    return f"/cut/{file.rsplit('/', 1)[-1].rsplit('.', 1)[0]}#{frame}"


def at_timecode(room: Room, desk: Desk, version: str, timecode: str) -> str:
    """The frame of a version's cut at a timecode, as an objection names it.

    Raises: RoomError: that version has no cut, or its cut does not reach so far.  TimeError, FilmError.
    """
    file = desk.cut_name(desk.family[version].name)
    if file is None:
        raise RoomError(f"{version} has no cut yet, so it has no timecode.")
    shown = showing.showing(room, desk, file)
    frame = Timecode.parse(timecode.strip(), rate=shown.rate).frames - shown.start.frames
    if not 0 <= frame < shown.frames:
        raise RoomError(f"{shown.title} goes from {shown.start} to {shown.start.plus(shown.frames - 1)}; {timecode.strip()} is not in it.")
    return drawing.on(file, frame)
