"""The source side of a shot in a cut: its clip with its handles, and every other attempt at the same item."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from fastapi import APIRouter, HTTPException, Request

from answerprint.desk import Desk
from answerprint.model.time import floor_frames, round_half_up
from answerprint.room.asking import Crew, Room, room_of
from answerprint.room.doors import Guest
from answerprint.room.pages.cut import shown_as
from answerprint.room.pages.playing import Clip, clip_of
from answerprint.room.showing import Placed, strung_of
from answerprint.room.stage import picture
from answerprint.timeline.slates import lasts, slate_name

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class Alternate:
    """An attempt at the same item, in shooting order."""

    slate: str
    shown: bool  #: whether the cut shows it here
    circled_by: str | None
    clip: Clip
    start: int
    end: int
    at: int
    picture: str | None


@dataclass(frozen=True, kw_only=True)
class Source:
    """The source side of a shot: its clip with its handles, and every attempt at the same item."""

    number: int
    name: str
    item: int | None
    clip: Clip | None
    used: tuple[int, int]
    alternates: tuple[Alternate, ...]


@router.get("/api/cut/{name}/source/{number}")
def source(request: Request, guest: Crew, name: str, number: int) -> Source:
    """The source side of a shot: its handles, and every other attempt at the same item in shooting order."""
    room = room_of(request)
    desk, shown = shown_as(room, name)
    one = next((one for one in shown.shots if one.number == number), None)
    if one is None:
        raise HTTPException(404, "The cut has no shot of that number.")
    clip = clip_of(room, guest, one.unit) if one.unit is not None else None
    used = (0, 0)
    if clip is not None:
        span = one.shown.source(shown.rate)
        used = floor_frames(span.start_s, Fraction(*clip.rate)), round_half_up(span.end_s * Fraction(*clip.rate))
    return Source(number=number, name=one.name, item=one.item, clip=clip, used=used, alternates=tuple(_alternates(room, guest, desk, one)))


def _alternates(room: Room, guest: Guest, desk: Desk, one: Placed) -> list[Alternate]:
    found = []
    for strung in strung_of(desk.table) if one.item is not None else []:
        covered = strung.of(one.item or 0)
        if covered is None:
            continue
        unit = desk.table.unit(strung)
        clip = clip_of(room, guest, unit)
        rate, whole = Fraction(*clip.rate), lasts(strung, Fraction(*clip.rate))
        at = min(floor_frames(Fraction(str(covered.in_s)), rate), clip.frames - 1)
        same = one.strung is not None and (strung.clip.digest, strung.attempt.number) == (one.strung.clip.digest, one.strung.attempt.number)
        found.append(
            Alternate(slate=slate_name(strung), shown=same, circled_by=(strung.attempt.circled_by or "the recorder") if strung.attempt.circled else None,
                      clip=clip, start=floor_frames(whole.start_s, rate), end=min(floor_frames(whole.end_s, rate), clip.frames), at=at,
                      picture=picture(guest, unit, at) if clip.picture else None)
        )  # fmt: skip
    return found
