"""Hero framing: over the shot's whole length, for each shape of delivery. A person sets every frame; leaving it as shot is one key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Query, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import Response

from answerprint import choosing
from answerprint.desk import Desk, Try
from answerprint.keep import write_whole
from answerprint.model.charter import Judgment
from answerprint.model.records import AnswerprintError
from answerprint.model.time import floor_frames, round_half_up
from answerprint.plan import Unit
from answerprint.room import RoomError, showing
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.pages.playing import Clip, clip_of
from answerprint.room.showing import desk_of
from answerprint.room.signing import signer
from answerprint.timeline import framing
from answerprint.timeline.framing import Framing, Key
from answerprint.turnover import safe_name

router = APIRouter()

FOLDER = "cuts/framing"  #: where framings lie, each a small file of its own


@dataclass(frozen=True, kw_only=True)
class Hero:
    """One hero shot of the script."""

    item: int
    text: str
    shows: str


@dataclass(frozen=True, kw_only=True)
class Shot:
    """What there is to frame: a stretch of one clip, frames half-open."""

    clip: Clip
    file: str
    start: int
    end: int
    size: tuple[int, int]
    whence: str  #: from the cut, or from the take that is chosen


@dataclass(frozen=True, kw_only=True)
class FramingPage:
    """A hero shot and what is framed of it."""

    heroes: tuple[Hero, ...]
    hero: Hero | None
    versions: tuple[str, ...]
    version: str
    shot: Shot | None
    shapes: dict[str, float]  #: width to height
    draft: str | None  #: what is chosen and not signed, in words
    signed: str | None
    stale: tuple[str, ...]
    paths: dict[str, tuple[Key, ...]]  #: as they were last set by somebody; empty where nobody did
    seen: int


@router.get("/framing", include_in_schema=False)
def first(request: Request, guest: Crew, version: str = "") -> Response:
    room = room_of(request)
    heroes = _heroes(desk_of(room))
    return page(request, guest, heroes[0].item, version) if heroes else _shown(request, guest, view(room, guest, None, version))


@router.get("/framing/{item}", include_in_schema=False)
def page(request: Request, guest: Crew, item: int, version: str = "") -> Response:
    return _shown(request, guest, view(room_of(request), guest, item, version))


@router.get("/api/framing/{item}")
def twin(request: Request, guest: Crew, item: int, version: Annotated[str, Query(max_length=120)] = "") -> FramingPage:
    """A hero shot and its framing, in one version of the film."""
    return view(room_of(request), guest, item, version)


def _shown(request: Request, guest: Guest, found: FramingPage) -> Response:
    return show(request, "framing.html", guest, here="finish", framing=found, data=jsonable_encoder(found), seen=found.seen)


def _heroes(desk: Desk) -> tuple[Hero, ...]:
    return tuple(Hero(item=one.number, text=one.flat, shows=one.hero) for one in desk.items.values() if one.hero is not None)


def view(room: Room, guest: Guest, item: int | None, version: str) -> FramingPage:
    """The page as it stands now.

    Raises: FilmError: no such version.  HTTPException 404: no such hero shot.
    """
    desk = desk_of(room)
    heroes, book = _heroes(desk), room.house.book
    name = desk.family[version].name if version else desk.family.first.name
    hero = next((one for one in heroes if one.item == item), None)
    if item is not None and hero is None:
        raise HTTPException(404, f"Item {item} is no hero shot. The script marks one with [[HERO]].")
    which = (str(Judgment.HERO_FRAMING), f"hero:{item}@{name}")
    draft, signed = desk.drafts.get(which), desk.decisions.get(which)
    choice = draft.choice if draft else signed.decided.choice if signed else {}
    return FramingPage(
        heroes=heroes, hero=hero, versions=tuple(one.name for one in desk.family.versions), version=name, shot=_shot(room, guest, desk, item, name) if hero else None,
        shapes={shape: float(ratio) for shape, ratio in framing.SHAPES.items()}, draft=_told(room, draft.choice) if draft else None,
        signed=f"{signed.by.name}: {_told(room, signed.decided.choice)}" if signed else None, stale=desk.stale.get(which, ()) if signed else (),
        paths=_paths(desk, choice.get("file")), seen=book.head.n if book else 0,
    )  # fmt: skip


def _told(room: Room, choice: Mapping[str, Any]) -> str:
    """What is chosen. A framing is drawn above these words: its file's name says nothing more."""
    return room.texts["framing"]["drawn"] if choice.get("file") else choosing.told(choice)


def _paths(desk: Desk, file: str | None) -> dict[str, tuple[Key, ...]]:
    if file is None:
        return {}
    try:
        return dict(framing.read((desk.path / file).read_bytes()).paths)
    except (OSError, AnswerprintError):
        return {}  # somebody chose a file of another kind: it stands as chosen, and is not drawn here


def _shot(room: Room, guest: Guest, desk: Desk, item: int | None, version: str) -> Shot | None:
    """The stretch that is framed: what the version's cut shows of the item, else the take that somebody chose; None before either."""
    found = _in_cut(room, desk, item, version) or _in_take(room, desk, item)
    if found is None:
        return None
    unit, start_s, end_s, whence = found
    clip, video = clip_of(room, guest, unit), unit.info.video
    if video is None:
        return None
    rate = Fraction(*clip.rate)
    start = min(floor_frames(start_s, rate), clip.frames - 1)
    seen_as = unit.original or unit
    return Shot(clip=clip, file=seen_as.file, start=start, end=min(max(round_half_up(end_s * rate), start + 1), clip.frames), size=video.display_size, whence=whence)


def _in_cut(room: Room, desk: Desk, item: int | None, version: str) -> tuple[Unit, Fraction, Fraction, str] | None:
    file = desk.cut_name(version)
    if file is None or not (desk.path / file).is_file():
        return None
    try:
        shown = showing.showing(room, desk, file)
    except AnswerprintError:
        return None
    shots = [one for one in shown.shots if one.item == item and one.unit is not None and one.unit.info.video is not None]
    if not shots:
        return None
    one = max(shots, key=lambda shot: shot.frames)
    span = one.shown.source(shown.rate)
    assert one.unit is not None
    return one.unit, span.start_s, span.end_s, room.texts["framing"]["from_cut"].format(cut=shown.title, number=one.number, name=one.name)


def _in_take(room: Room, desk: Desk, item: int | None) -> tuple[Unit, Fraction, Fraction, str] | None:
    which = (str(Judgment.TAKE), f"item:{item}")
    draft, signed = desk.drafts.get(which), desk.decisions.get(which)
    choice = draft.choice if draft else signed.decided.choice if signed else {}
    chosen: Try | None = next((one for one in desk.tries if (one.clip, str(one.attempt)) == (choice.get("clip"), choice.get("attempt"))), None)
    unit = next((one for one in desk.shoot.clips if chosen and chosen.clip in (one.digest, one.original.digest if one.original else None)), None)
    if chosen is None or unit is None:
        return None
    return unit, Fraction(chosen.in_s), Fraction(chosen.out_s), room.texts["framing"]["from_take"].format(take=chosen.words)


# ---- choosing it


@router.post("/api/framing/{item}")
def keep(
    request: Request, guest: Crew, item: int, version: Annotated[str, Body(max_length=120)], paths: Annotated[dict[str, list[Key]], Body()],
    because: Annotated[str, Body(max_length=2000)] = "",
) -> dict[str, Any]:  # fmt: skip
    """Choose a framing that somebody set: a draft, not signed. It lies in cuts/framing/ as a file of its own."""
    room = room_of(request)
    found = view(room, guest, item, version)
    if found.shot is None:
        raise RoomError(room.texts["framing"]["no_shot"])
    shot = found.shot
    made = Framing(item=item, version=found.version, file=shot.file, start=shot.start, end=shot.end, rate=shot.clip.rate, size=shot.size,
                   paths={shape: _path(keys) for shape, keys in paths.items() if keys})  # fmt: skip
    file = _kept(room.house.production.path, f"item {item} {safe_name(found.version)}", framing.written(made))
    return _choose(room, guest, item, found.version, file, because)


@router.post("/api/framing/{item}/as-shot")
def as_shot(request: Request, guest: Crew, item: int, version: Annotated[str, Body(max_length=120)], because: Annotated[str, Body(max_length=2000)] = "") -> dict[str, Any]:
    """Leave a hero shot as it was shot: a draft, not signed."""
    return _choose(room_of(request), guest, item, version, "as shot", because)


def _path(keys: Sequence[Key]) -> tuple[Key, ...]:
    return tuple(sorted(keys, key=lambda one: one.frame))


def _kept(home: Path, name: str, data: bytes) -> str:
    """The framing's file: the one that holds just this, else the next number."""
    folder, number = home / FOLDER, 1
    while (path := folder / f"{name} {number}.json").exists():
        if path.read_bytes() == data:
            return f"{FOLDER}/{path.name}"
        number += 1
    write_whole(path, data)
    return f"{FOLDER}/{path.name}"


def _choose(room: Room, guest: Guest, item: int, version: str, choice: str, because: str) -> dict[str, Any]:
    desk = desk_of(room)
    desk, new = choosing.choose(room.house.production, f"framing:{item}@{version}", choice, because=because, by=signer(room, guest).name, desk=desk)
    return {"says": [line for one in new for line in choosing.said(desk, one)]}
