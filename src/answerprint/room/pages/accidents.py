"""Accidents: what nobody planned, in shooting order, each with what shows it and what it was compared with, playable where it lies; and the reel, one after another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from itertools import groupby
from pathlib import PurePosixPath
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from answerprint import accidents
from answerprint.accidents import Excerpt
from answerprint.assistant import first_timecode
from answerprint.model.accidents import Accident
from answerprint.model.time import floor_frames
from answerprint.plan import Unit
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.pages.playing import Clip, Stretch, clip_of, laid, rate_of
from answerprint.room.showing import desk_of
from answerprint.room.stage import picture
from answerprint.timeline.slates import Strung, exact, slate_name

router = APIRouter()

View = Literal["list", "all", "reel", "rest"]
Asked = Annotated[View, Query(alias="view")]
_AROUND_S = 2  #: of the clip before and after, where it is looked at by itself
_LEAD_S = Fraction(3, 10)  #: it plays from just before it begins, as in the reel


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One thing that was found."""

    anchor: str  #: as other pages lead to it
    kind: str
    title: str  #: the kind in words
    at: str  #: from where to where in its clip
    length: str
    evidence: str
    against: str
    where: str
    heard: bool  #: whether it is heard, not seen
    still: str | None  #: None for a sound
    stretch: Stretch
    at_frame: int  #: from which it plays
    line: tuple[float, float]  #: where it lies, in seconds of the clip
    takes: str  #: address of its attempt


@dataclass(frozen=True, kw_only=True)
class Attempted:
    """What was found in one attempt."""

    name: str
    file: str
    setup: str
    happenings: tuple[Happening, ...]


@dataclass(frozen=True, kw_only=True)
class AccidentsPage:
    """The page."""

    view: View
    waiting: bool  #: nobody has looked yet
    working: bool  #: a prep runs now
    attempts: tuple[Attempted, ...]  #: in shooting order
    shown: int
    every: int  #: found in all
    listed: int  #: in the list of up to three a minute
    in_reel: int
    not_in_reel: int
    reel: str  #: how long the reel is
    looked: str  #: how much was searched
    rule: str
    unseen: tuple[tuple[str, str], ...]  #: clips whose picture could not be looked at, and why


@router.get("/accidents", include_in_schema=False)
def page(request: Request, guest: Crew, view_: Asked = "list") -> Response:
    """The page."""
    found = view(room_of(request), guest, view_)
    return show(request, "accidents.html", guest, here="accidents", page=found, plain=asdict(found))


@router.get("/api/accidents")
def twin(request: Request, guest: Crew, view_: Asked = "list") -> AccidentsPage:
    """What was found, as other programs read it: "list" up to three a minute, "all", what the "reel" shows, and the "rest" that it does not."""
    return view(room_of(request), guest, view_)


def view(room: Room, guest: Guest, asked: View = "list") -> AccidentsPage:
    """The page as it stands now."""
    desk = desk_of(room)
    rows, looked_s = accidents.found(desk), accidents.searched_s(desk)
    listed = accidents.budgeted(rows, looked_s)
    reel, left = accidents.excerpts(rows, looked_s)
    in_reel = {id(one.accident) for one in reel}
    views: dict[View, Sequence[Accident | Excerpt]] = {"list": listed.shown, "all": rows, "reel": reel, "rest": tuple(one for one in rows if id(one) not in in_reel)}
    chosen = views[asked]
    attempts = tuple(_attempts(room, guest, chosen))
    return AccidentsPage(
        view=asked, waiting=accidents.waiting(desk), working=room.house.at_work is not None, attempts=attempts, shown=sum(len(one.happenings) for one in attempts),
        every=len(rows), listed=len(listed.shown), in_reel=len(reel), not_in_reel=left, reel=_clock(sum(one.out_s - one.in_s for one in reel)), looked=_clock(looked_s),
        rule=listed.rule, unseen=accidents.unseen(desk),
    )  # fmt: skip


def _attempts(room: Room, guest: Guest, chosen: Iterable[Accident | Excerpt]) -> Iterable[Attempted]:
    """What is shown, attempt by attempt; without what lies in a clip that the shoot has no more."""
    units, strung = laid(room).units, {(str(one.clip.digest), one.attempt.number): one for one in laid(room).strung}
    for (digest, number), group in groupby(chosen, key=lambda one: (_of(one).clip, _of(one).attempt)):
        unit, rows = units.get(digest), list(group)
        if unit is not None:
            held, file = strung.get((digest, number)), PurePosixPath(unit.file).name
            happenings = tuple(_happening(room, guest, unit, held, one) for one in rows)
            yield Attempted(name=slate_name(held) if held else file, file=file, setup=_of(rows[0]).setup, happenings=happenings)


def _of(one: Accident | Excerpt) -> Accident:
    return one.accident if isinstance(one, Excerpt) else one


def _happening(room: Room, guest: Guest, unit: Unit, held: Strung | None, shown: Accident | Excerpt) -> Happening:
    one, says = _of(shown), room.texts["accidents"]
    clip, rate = clip_of(room, guest, unit), rate_of(room, unit)
    stretch, at = _stretch(clip, rate, shown, what=f"attempt:{clip.id}#{one.attempt}" if held else None)
    heard = one.kind in accidents.HEARD
    middle = min(max(floor_frames(exact((one.in_s + one.out_s) / 2), rate), stretch.start), stretch.end - 1)
    item = next((covered.item for covered in held.covered if covered.in_s < one.out_s and one.in_s < covered.out_s), held.covered[0].item if held.covered else None) if held else None
    name = f"{PurePosixPath(one.file).stem}#{one.attempt}"
    return Happening(
        anchor=anchor(one), kind=one.kind, title=says["kinds"].get(one.kind.replace(" ", "_"), one.kind), at=f"{_moment(room, unit, one.in_s)} – {_moment(room, unit, one.out_s)}",
        length=says["seconds"].format(seconds=max(0.1, one.out_s - one.in_s)), evidence=one.evidence, against=one.against, where=one.where if one.where and not one.kind.endswith(one.where) else "",
        heard=heard, still=picture(guest, unit, middle, 180) if clip.picture else None, stretch=stretch, at_frame=at, line=(one.in_s, one.out_s),
        takes=f"/takes/{'other' if item is None else item}#{quote(name)}",
    )  # fmt: skip


def anchor(one: Accident) -> str:
    """The name under which a page leads to it: "A003@12.4 laughter"."""
    return f"{PurePosixPath(one.file).stem}@{one.in_s:.1f} {one.kind}"


def _stretch(clip: Clip, rate: Fraction, shown: Accident | Excerpt, what: str | None) -> tuple[Stretch, int]:
    """What plays, and from which frame: an excerpt as the reel has it; alone, with what lies around it."""
    around_s = 0 if isinstance(shown, Excerpt) else _AROUND_S
    first = min(max(floor_frames(exact(shown.in_s) - around_s, rate), 0), clip.frames - 1)
    end = min(max(-floor_frames(-exact(shown.out_s) - around_s, rate), first + 1), clip.frames)
    at = first if isinstance(shown, Excerpt) else min(max(floor_frames(exact(shown.in_s) - _LEAD_S, rate), first), end - 1)
    return Stretch(clip=clip, start=first, end=end, what=what), at


def _moment(room: Room, unit: Unit, at_s: float) -> str:
    """A place in a clip: its timecode; seconds from its first frame where it carries none."""
    code = first_timecode(unit, room.house.table.shoot, exact(at_s))
    return str(code) if code is not None else room.texts["accidents"]["moment"].format(minutes=int(at_s) // 60, seconds=at_s % 60)


def _clock(seconds: float) -> str:
    return f"{round(seconds) // 60}:{round(seconds) % 60:02d}"
