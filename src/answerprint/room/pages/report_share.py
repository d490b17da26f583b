"""The machine's share: which cut points stand as the machine laid them, drawn between its rough cut and the cut, each one click from the frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from answerprint import sharing
from answerprint.model.records import AnswerprintError
from answerprint.model.time import floor_frames
from answerprint.room import showing
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.showing import Showing, desk_of
from answerprint.room.stage import picture
from answerprint.room.words import on_a_page

router = APIRouter()

Name = Annotated[str, Query(max_length=120)]

FIRST = 20  #: rows that are open; the others are one click away
_HEIGHT = 120  #: of the two pictures of a row, in pixels


@dataclass(frozen=True, kw_only=True)
class SharePage:
    """The page."""

    version: str
    versions: tuple[str, ...]
    share: dict[str, Any] | None  #: as `answerprint share --json` has it; None where there is no cut
    played: bool  #: whether anybody is known to have played this very cut to its end
    wrong: str  #: why there is nothing to compare, in a sentence; ""
    seen: int


@router.get("/report/share", include_in_schema=False)
def page(request: Request, guest: Crew, version: Name = "") -> Response:
    """The page."""
    room = room_of(request)
    found = view(room, version)
    sides = _sides(room, guest, found.share) if found.share is not None and found.share["entry"] is not None else ()
    return show(request, "report_share.html", guest, here="report", page=found, sides=sides, first=FIRST, seen=found.seen)


@router.get("/api/report/share")
def twin(request: Request, guest: Crew, version: Name = "") -> SharePage:
    """The share of a version, and the list behind it."""
    return view(room_of(request), version)


def view(room: Room, version: str = "") -> SharePage:
    """The page as it stands now, of the first version where none is named.

    Raises: FilmError: there is no such version.
    """
    desk, book = desk_of(room), room.house.book
    name = desk.family[version].name if version else desk.family.first.name
    share, seen, wrong = None, False, ""
    if name in desk.cuts:
        try:
            seen = sharing.played(desk, name)
            share = sharing.plain(sharing.shared(desk, name), desk.cuts[name], seen)
        except AnswerprintError as error:
            wrong = on_a_page(str(error))
    else:
        wrong = on_a_page(desk.cut_problems.get(name) or room.texts["share_page"]["no_cut"].format(version=name))
    return SharePage(version=name, versions=tuple(one.name for one in desk.family.versions), share=share, played=seen, wrong=wrong, seen=book.head.n if book else 0)


# ---- what is drawn: everything in thousandths of the longer of the two


@dataclass(frozen=True, kw_only=True)
class Block:
    """A shot in the drawing."""

    at: float
    wide: float
    lane: int
    name: str


@dataclass(frozen=True, kw_only=True)
class Band:
    """What was kept: where it stands in the rough cut, and where in the cut."""

    before: tuple[float, float]
    after: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One cut point, with the frame before it and the frame after."""

    timecode: str
    before: str
    after: str
    href: str  #: the page of the cut, at this frame
    pictures: tuple[str | None, str | None]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """Picture or sound."""

    name: str
    says: tuple[str, ...]
    laid: tuple[Block, ...]
    shots: tuple[Block, ...]
    lanes: tuple[int, int]  #: of the rough cut, and of the cut
    bands: tuple[Band, ...]
    strokes: tuple[float, ...]  #: the cut points that are the machine's
    kept: tuple[Row, ...]
    others: tuple[Row, ...]


def _sides(room: Room, guest: Guest, share: Mapping[str, Any]) -> tuple[Drawn, ...]:
    desk = desk_of(room)
    try:
        shown = showing.showing(room, desk, share["cut"])
    except (AnswerprintError, OSError):
        shown = None
    return tuple(_drawn(name, share[name], share["cut"], guest, shown) for name in ("picture", "sound"))


def _drawn(name: str, side: Mapping[str, Any], file: str, guest: Guest, shown: Showing | None) -> Drawn:
    most = max((one["end"] for one in (*side["shots"], *side["laid"])), default=1)

    def at(frame: int) -> float:
        return round(1000 * frame / most, 2)

    def blocks(shots: list[dict[str, Any]]) -> tuple[Block, ...]:
        return tuple(Block(at=at(one["start"]), wide=max(at(one["end"] - one["start"]) - 1, 0.5), lane=one["lane"], name=one["name"]) for one in shots)

    rows = [
        (one["machine"], Row(timecode=one["timecode"], before=one["before"], after=one["after"], href=f"/cut/{quote(Path(file).name)}#{one['frame']}",
                             pictures=(_still(guest, shown, one["frame"] - 1), _still(guest, shown, one["frame"])) if name == "picture" else (None, None)))
        for one in side["points"]
    ]  # fmt: skip
    bands = tuple(
        Band(before=(at(one["there"]), at(one["there"] + one["end"] - one["start"])), after=(at(one["start"]), at(one["end"])))
        for one in side["stretches"] if one["there"] is not None
    )  # fmt: skip
    lanes = tuple(1 + max((one["lane"] for one in side[which]), default=0) for which in ("laid", "shots"))
    return Drawn(
        name=name, says=tuple(side["says"]), laid=blocks(side["laid"]), shots=blocks(side["shots"]), lanes=(lanes[0], lanes[1]), bands=bands,
        strokes=tuple(at(one["frame"]) for one in side["points"] if one["machine"]), kept=tuple(row for machine, row in rows if machine),
        others=tuple(row for machine, row in rows if not machine),
    )  # fmt: skip


def _still(guest: Guest, shown: Showing | None, frame: int) -> str | None:
    """A frame of the cut from the clip that it shows; None for a card, and for what is not here."""
    one = next((one for one in shown.shots if one.shown.start <= frame < one.shown.end), None) if shown is not None else None
    if shown is None or one is None or one.unit is None or one.unit.info.video is None or one.shown.use is None:
        return None
    at_s = one.shown.source(shown.rate).start_s + abs(one.shown.use.speed) * (frame - one.shown.start) / shown.rate
    return picture(guest, one.unit, floor_frames(at_s, one.unit.info.video.rate), _HEIGHT)
