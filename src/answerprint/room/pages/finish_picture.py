"""Picture: every correction before and after on a frame, with its reference beside it; its numbers, what was left alone, and a person's answer."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Body, HTTPException, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import Response

from answerprint import correcting
from answerprint.correcting import CorrectingError
from answerprint.correcting.clips import clips
from answerprint.keep import write_whole
from answerprint.model.time import floor_frames
from answerprint.room import corrections, labels
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.corrections import Said
from answerprint.room.doors import Guest
from answerprint.room.pieces import Piece, Work, begin, pieces, same, work
from answerprint.room.reads import when
from answerprint.room.signing import signer
from answerprint.room.stage import media_id, picture
from answerprint.room.words import on_a_page

if TYPE_CHECKING:
    from answerprint.correcting.clips import Clip
    from answerprint.finishing import Made

router = APIRouter()

WHAT: Literal["correction"] = "correction"
LIST = "cuts/correction/correction.ccc"  #: what somebody may choose as the grade
_HEIGHT = 720
_SIDES = ("before", "after", "reference")
_making = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """An ASC CDL as it is written, red, green, blue."""

    slope: tuple[str, ...]
    offset: tuple[str, ...]
    power: tuple[str, ...]
    saturation: str


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """One clip, with its correction where it has one."""

    clip: str  #: as cuts name it
    name: str
    setup: str
    camera: str
    frame: str  #: address of a frame of it
    settings: tuple[tuple[str, str], ...]  #: what the camera was set to, as far as a file or a paper says it
    asks: str | None  #: what a person is asked before it can be looked at
    wonders: str | None  #: what a person is asked about it since it was measured: the light, or the camera
    piece: Piece | None
    numbers: Numbers | None
    says: tuple[str, ...]
    over: tuple[str, ...]  #: what nobody planned and is seen in it
    differs: tuple[str, ...]
    reference: str | None
    by_chart: str | None
    apart: tuple[str, str] | None  #: mean CIEDE2000 to the reference, before and after
    before: str | None  #: addresses of the same frame, without and with the correction
    after: str | None
    beside: str | None  #: of the reference


@dataclass(frozen=True, kw_only=True)
class PicturePage:
    """The page."""

    clips: tuple[Corrected, ...]  #: every clip that has attempts, in shooting order
    list: str | None  #: what somebody may choose as the grade, once it is there
    work: Work
    wrong: str | None
    may: bool
    seen: int


@router.get("/finish/picture", include_in_schema=False)
def page(request: Request, guest: Crew) -> Response:
    """The page."""
    found = view(room_of(request), guest)
    data = {one.clip: jsonable_encoder(one) for one in found.clips if one.piece}
    return show(request, "finish_picture.html", guest, here="finish", page=found, data=data, seen=found.seen)


@router.get("/api/finish/picture")
def twin(request: Request, guest: Crew) -> PicturePage:
    """Every clip with the correction that is proposed for it."""
    return view(room_of(request), guest)


def view(room: Room, guest: Guest) -> PicturePage:
    """The page as it stands now."""
    production, book = room.house.production, room.house.book
    made = {one.about: (one, piece) for one, piece in pieces(production, WHAT)}
    try:
        known, wrong = _clips(room), None
    except CorrectingError as error:
        known, wrong = (), on_a_page(str(error))
    told = corrections.said(production)
    over = room.texts["accidents"]["corrected_over"]
    return PicturePage(
        clips=tuple(_corrected(guest, over, one, told.get(one.file, ((), ())), *made.get(one.file, (None, None))) for one in known), list=LIST if (production.path / LIST).is_file() else None,
        work=work(room, WHAT), wrong=wrong, may=book is not None and guest.person in book.people, seen=book.head.n if book else 0,
    )  # fmt: skip


def _clips(room: Room) -> tuple[Clip, ...]:
    """The clips as correction looks at them, once for each table and each paper beside it."""
    home = room.house.production.path
    stamp = (room.house.table, *(when(home / name) for name in ("camera.csv", "answerprint.toml")))
    held: tuple[tuple[object, ...], tuple[Clip, ...]] | None = getattr(room, "corrected", None)
    if held is None or held[0] != stamp:
        held = (stamp, clips(room.house.production))
        room.corrected = held  # type: ignore[attr-defined]
    return held[1]


def _corrected(guest: Guest, over: str, one: Clip, told: Said, made: Made | None, piece: Piece | None) -> Corrected:
    middle = (one.in_s + one.out_s) / 2
    values: Mapping[str, Any] = made.values if made else {}
    places = {side: f"/media/{media_id(guest, _named(made, side))}/corrected.jpg" for side in _SIDES} if made else {}
    return Corrected(
        clip=one.file, name=one.name, setup=one.setup or "", camera=one.camera, frame=picture(guest, one.unit, floor_frames(middle, one.video.rate)),
        settings=tuple(sorted(one.settings.items())), asks=on_a_page(one.asks) if one.asks else None, wonders=next(iter(told[1]), None) if not one.asks else None, piece=piece, numbers=_numbers(values) if made else None,
        says=piece.says if piece else told[0],
        over=tuple(over.format(named=on_a_page(named)) for named in values.get("over", ())), differs=tuple(values.get("differs", ())), reference=_stem(values.get("reference")), by_chart=_stem(values.get("chart")),
        apart=(values["before"], values["after"]) if "before" in values and values.get("by") != "chart" else None, before=places.get("before"), after=places.get("after"),
        beside=places.get("reference") if values.get("reference") else None,
    )  # fmt: skip


def _numbers(values: Mapping[str, Any]) -> Numbers:
    short = {part: tuple(f"{float(number):.3f}" for number in str(values[part]).split()) for part in ("slope", "offset", "power")}
    return Numbers(saturation=f"{float(values['saturation']):.3f}", **short)


def _stem(file: str | None) -> str | None:
    return Path(file).stem if file else None


# ---- one moment, before and after


def _named(made: Made, side: str) -> str:
    return f"correction {made.entry} {side}"


@router.get("/media/{id}/corrected.jpg", include_in_schema=False)
def still(request: Request, guest: Crew, id: str) -> Response:
    """A clip's frame without or with its correction, or its reference's."""
    room = room_of(request)
    for one, _ in pieces(room.house.production, WHAT):
        side = next((side for side in _SIDES if same(media_id(guest, _named(one, side)), id)), None)
        if side is not None:
            return labels.answer(_still(room, one, side), labels.of_file(room, str(one.values.get("reference", "")) if side == "reference" else one.about))
    raise HTTPException(404)


def _still(room: Room, made: Made, side: str) -> Path:
    """Raises: CorrectingError, MediaError: it cannot be looked at.  HTTPException 404: it has no reference."""
    known = {one.about: one.entry for one, _ in pieces(room.house.production, WHAT)}
    beside = known.get(str(made.values.get("reference", "")), 0)  # the reference is shown with its own correction
    place = {each: room.house.viewing / f"corrected-{made.entry}-{beside}-{each}.jpg" for each in _SIDES}
    with _making:
        if not place["after"].is_file():
            found = correcting.compared(room.house.production, made.about, height=_HEIGHT)
            for each in _SIDES:
                if (raw := getattr(found, each)) is not None:
                    write_whole(place[each], raw)
    if not place[side].is_file():
        raise HTTPException(404)
    return place[side]


# ---- having it made


@router.post("/api/finish/picture/start")
def start(request: Request, guest: Crew, reference: Annotated[str, Body(max_length=400)] = "", chart: Annotated[str, Body(max_length=400)] = "") -> dict[str, str]:
    """Measure the shoot and propose one correction for each camera, set-up and camera setting, in the background.

    Args: reference: a clip that others of its set-up are matched to, instead of the first one.  chart: a clip that shows a ColorChecker.
    """
    room = room_of(request)
    known = {one.file for one in _clips(room)}
    for one in (reference, chart):
        if one and one not in known:
            raise CorrectingError(room.texts["picture"]["no_clip"].format(clip=one[:120]))
    asked = [*(("--reference", reference) if reference else ()), *(("--chart", chart) if chart else ())]
    return begin(room, guest, WHAT, "correct", asked)


@router.post("/api/finish/picture/changed")
def changed(request: Request, guest: Crew, clip: Annotated[str, Body(embed=True, max_length=400)]) -> dict[str, tuple[str, ...]]:
    """Somebody says that the camera was changed for a clip, where no file says so. It stands in camera.csv, and the next measuring knows it."""
    room = room_of(request)
    path = correcting.changed(room.house.production, clip, by=signer(room, guest).name)
    corrections.answered(room.house.production, clip)
    return {"says": (room.texts["picture"]["changed_said"].format(clip=Path(clip).stem, paper=path.name),)}
