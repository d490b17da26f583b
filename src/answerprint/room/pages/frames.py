"""Reference frames as a wall, item by item, uncropped, in the order they came; each with where it comes from. Somebody of the crew chooses; nothing is marked before."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Body, Query, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import Response

from answerprint import referencing
from answerprint.desk import Desk
from answerprint.media import origin
from answerprint.presenting.gathering import as_written
from answerprint.presenting.records import Picture
from answerprint.referencing import AXES, Frame, Look, Reference, Side, Variation
from answerprint.referencing.choosing import STILLS
from answerprint.room import RoomError, footage, labels, services, stills
from answerprint.room.asked.frames import KINDS, laid
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.guard import LARGE
from answerprint.room.services import Service, Work
from answerprint.room.showing import desk_of
from answerprint.room.signing import signer
from answerprint.room.words import on_a_page
from answerprint.turnover import safe_name

router = APIRouter()
router.include_router(stills.router)

Id = Annotated[str, Body(max_length=40)]
Item = Annotated[int | None, Body()]
Words = Annotated[str, Body(max_length=2000)]


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Who chose a frame, and for what."""

    by: str
    item: int | None
    because: str
    entry: int


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Who looks where, as somebody marked it."""

    who: str
    at: str
    side: str
    item: int
    by: str
    place: tuple[int, int] | None  #: thousandths of the picture


@dataclass(frozen=True, kw_only=True)
class Still:
    """One frame of the wall."""

    id: str  #: of this session
    address: str
    large: str
    width: int  #: pixels; 0 where it is no picture that can be read
    height: int
    name: str
    item: int | None
    generated: bool
    origin: str  #: in words; of a generated one that says so first
    asked: str  #: of one that a service made: with which words
    steps: tuple[tuple[str, str, str], ...]  #: (axis, term, what the term says)
    says: str  #: for what it was looked for
    chosen: tuple[Chosen, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, kw_only=True)
class Laid:
    """A grid as it is looked at: the last axis runs across, the others down."""

    across: str  #: axis
    columns: tuple[str, ...]  #: its terms
    rows: tuple[tuple[str, tuple[tuple[Still, ...], ...]], ...]  #: (terms of the other axes, what lies in each cell)


@dataclass(frozen=True, kw_only=True)
class Wall:
    """Frames beside each other; those of one grid as that grid."""

    stills: tuple[Still, ...] = ()
    grid: Laid | None = None


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One item of the script in the list."""

    number: int
    text: str
    kind: str
    frames: int
    chosen: int


@dataclass(frozen=True, kw_only=True)
class Idea:
    """Two marks that one side of the line cannot hold."""

    says: str
    marks: tuple[tuple[Still, Mark], ...]


@dataclass(frozen=True, kw_only=True)
class FramesPage:
    """The wall of one item, or of the film."""

    items: tuple[Listed, ...]
    film: Listed
    item: Listed | None  #: None: for the film
    walls: tuple[Wall, ...]
    others: tuple[Wall, ...]  #: with an item: what came for the film, or for any
    ideas: tuple[Idea, ...]
    axes: dict[str, dict[str, str]]
    people: tuple[str, ...]  #: who speaks by the script, for whoever marks
    services: tuple[Service, ...]
    work: Work
    may: bool  #: whether whoever asks has a seat
    seen: int


@router.get("/frames", include_in_schema=False)
def page(request: Request, guest: Crew, item: Annotated[int | None, Query()] = None) -> Response:
    """The page."""
    found = view(room_of(request), guest, item)
    stills = {one.id: one for wall in (*found.walls, *found.others) for one in _of(wall)}
    return show(request, "frames.html", guest, here="brief", page=found, data=jsonable_encoder(tuple(stills.values())), seen=found.seen, limit=LARGE["/api/frames/bring"] // 2**20, kinds=",".join(STILLS), sides=get_args(Side))  # fmt: skip


@router.get("/api/frames")
def twin(request: Request, guest: Crew, item: Annotated[int | None, Query()] = None) -> FramesPage:
    """The wall of an item, or of the film, with who chose what."""
    return view(room_of(request), guest, item)


def view(room: Room, guest: Guest, item: int | None = None) -> FramesPage:
    """The page as it stands now.

    Raises: DeskError: the script has no such item.
    """
    desk, book = desk_of(room), room.house.book
    if item is not None:
        desk.item(str(item))
    chosen, looks, frames = referencing.chosen(desk), referencing.looks(desk), referencing.frames(desk)
    made = {one.file: _still(desk, guest, one, chosen, looks) for one in frames}
    listed = [_listed(number, one.flat, "line" if one.spoken else one.kind, frames, chosen) for number, one in desk.items.items()]
    here = next((one for one in listed if one.number == item), None)
    people = dict.fromkeys(as_written(one.character) if one.character.isupper() else one.character for one in desk.items.values() if one.character)
    return FramesPage(
        items=tuple(listed), film=_listed(None, "", "", frames, chosen), item=here,
        walls=tuple(_walls([one for one in frames if one.item == item], made)), others=tuple(_walls([one for one in frames if one.item is None], made)) if item is not None else (),
        ideas=tuple(_ideas(desk, made, item)), axes={axis: dict(terms) for axis, terms in AXES.items()}, people=tuple(people), services=services.offered(room, *KINDS),
        work=services.work(room, "frames", {"item": item}), may=book is not None and (guest.person or "") in book.people, seen=book.head.n if book else 0,
    )  # fmt: skip


def _listed(number: int | None, text: str, kind: str, frames: Sequence[Frame], chosen: Sequence[Reference]) -> Listed:
    return Listed(number=number or 0, text=text, kind=kind, frames=sum(one.item == number for one in frames), chosen=sum(one.item == number for one in chosen))


def _still(desk: Desk, guest: Guest, frame: Frame, chosen: Iterable[Reference], looks: Iterable[Look]) -> Still:
    id = stills.still_id(guest, frame.file, frame.digest)
    width, height = stills.size(desk.path / frame.file, frame.digest) or (0, 0)
    return Still(
        id=id, address=stills.address(id), large=stills.address(id, stills.HEIGHTS[-1]), width=width, height=height, name=Path(frame.file).name, item=frame.item, generated=frame.generated,
        origin=Picture(path=Path(frame.file), origin=frame.origin, generated=frame.generated).credit, asked=frame.asked,
        steps=tuple((axis, term, AXES.get(axis, {}).get(term, "")) for axis, term in frame.steps), says="" if frame.asked else frame.says,
        chosen=tuple(Chosen(by=one.by, item=one.item, because=one.because, entry=one.entry) for one in chosen if one.file == frame.file),
        marks=tuple(_mark(one) for one in looks if one.file == frame.file),
    )  # fmt: skip


def _mark(one: Look) -> Mark:
    return Mark(who=one.who, at=one.at, side=one.side, item=one.item, by=one.by, place=one.place)


def _of(wall: Wall) -> Iterator[Still]:
    yield from wall.stills
    for _, cells in wall.grid.rows if wall.grid is not None else ():
        for cell in cells:
            yield from cell


def _walls(frames: Iterable[Frame], made: Mapping[str, Still]) -> Iterator[Wall]:
    """In the order they came; a grid stands whole where its first frame came."""
    begun: dict[str, list[Frame]] = {}
    order: list[tuple[str, list[Frame]]] = []
    for one in frames:
        key = one.grid if one.steps else ""
        if key and key in begun:
            begun[key].append(one)
        elif not key and order and not order[-1][0]:
            order[-1][1].append(one)
        else:
            order.append((key, [one]))
            if key:
                begun[key] = order[-1][1]
    for key, group in order:
        yield Wall(grid=_laid(group, made)) if key else Wall(stills=tuple(made[one.file] for one in group))


def _laid(group: Sequence[Frame], made: Mapping[str, Still]) -> Laid:
    axes = [axis for axis in AXES if any(axis == name for name, _ in group[0].steps)]
    terms = {axis: [term for term in AXES[axis] if any((axis, term) in one.steps for one in group)] for axis in axes}
    *down, across = axes
    rows = []
    for named in itertools.product(*(terms[axis] for axis in down)):
        row = tuple(zip(down, named, strict=True))
        cells = tuple(tuple(made[one.file] for one in group if set(one.steps) == {*row, (across, term)}) for term in terms[across])
        if any(cells):
            rows.append((", ".join(f"{axis} {term}" for axis, term in row), cells))
    return Laid(across=across, columns=tuple(terms[across]), rows=tuple(rows))


def _ideas(desk: Desk, made: Mapping[str, Still], item: int | None) -> Iterator[Idea]:
    """Those that an item has part in; all of them for the film."""
    for one in referencing.crossed(desk):
        marks = tuple((made[mark.file], _mark(mark)) for mark in one.marks if mark.file in made)
        if len(marks) == len(one.marks) and (item is None or any(mark.item == item for _, mark in marks)):
            yield Idea(says=one.says, marks=marks)


# ---- bringing


@router.post("/api/frames/bring")
async def bring(request: Request, guest: Crew, name: Annotated[str, Query(max_length=200)], item: Annotated[int | None, Query()] = None) -> dict[str, str]:
    """Bring a still, byte for byte, for an item or for the film. What it says of where it comes from stays said."""
    from starlette.concurrency import run_in_threadpool

    room = room_of(request)
    signer(room, guest)
    called = Path(name.replace("\\", "/")).name
    path = Path(f"{safe_name(Path(called).stem)[:120] or 'still'}{Path(called).suffix[:8]}")
    raw = await request.body()
    frame = await run_in_threadpool(lambda: referencing.bring(desk_of(room), raw, path.name, item=item))
    return {"name": Path(frame.file).name}


@router.post("/api/frames/library")
def library(request: Request, guest: Crew, item: Item = None, words: Words = "") -> dict[str, Any]:
    """Shots of the library that match, to be looked at, as they lie on disk; nothing is brought."""
    room = room_of(request)
    signer(room, guest)
    _library_open(room, guest)
    with footage.afar():
        found = referencing.library_shots(desk_of(room), item, words)
    return {"shots": [
        {
            "key": referencing.moment(one), "name": Path(one.file).name, "at_s": f"{float(one.in_s):.2f}", "rights": on_a_page(one.rights), "facts": list(one.facts), "generated": one.generated,
            "picture": f"data:image/jpeg;base64,{base64.b64encode(labels.labelled(one.preview or b'', origin.TRAINED if one.generated else '')).decode('ascii')}",
        }
        for one in found
    ]}  # fmt: skip


@router.post("/api/frames/library/take")
def take(request: Request, guest: Crew, take: Annotated[list[Annotated[str, Body(max_length=200)]], Body(max_length=24)], item: Item = None, words: Words = "") -> dict[str, int]:
    """Bring those shots of the same search that somebody took."""
    room = room_of(request)
    signer(room, guest)
    _library_open(room, guest)
    with footage.afar():
        return {"came": len(referencing.from_library(desk_of(room), item, words, only=frozenset(take)))}


def _library_open(room: Room, guest: Guest) -> None:
    """Raises: RoomError: who asks sees none of the library."""
    if says := footage.closed(room, guest):
        raise RoomError(says)


# ---- a grid, in words


@router.post("/api/frames/grid")
def grid(
    request: Request, guest: Crew, item: Item = None, axes: Annotated[str, Body(max_length=600)] = "", practical: Annotated[str, Body(max_length=200)] = "", words: Words = "",
) -> dict[str, Any]:  # fmt: skip
    """The cells of a grid in the words that would be asked: (rows of cells, columns). Nothing is asked."""
    cells = laid(desk_of(room_of(request)), item, axes, practical, words)
    steps = cells[0].steps
    across = steps[-1][0] if steps else ""
    columns = list(dict.fromkeys(one.steps[-1][1] for one in cells)) if steps else [""]
    rows: dict[str, list[Variation]] = {}
    for one in cells:
        rows.setdefault(", ".join(f"{axis} {term}" for axis, term in one.steps[:-1]), []).append(one)
    return {"count": len(cells), "across": across, "columns": columns, "rows": [{"name": name, "cells": [one.words for one in row]} for name, row in rows.items()]}


# ---- choosing, and marks


@router.post("/api/frames/choose")
def choose(request: Request, guest: Crew, frame: Id, item: Item = None, because: Words = "") -> dict[str, Any]:
    """Whoever asks chooses a frame as a reference. It goes into the deck, and into no film."""
    room = room_of(request)
    by = signer(room, guest).name
    one = referencing.choose(desk_of(room), stills.named(room, guest, frame), by=by, item=item, because=because, via="room")
    return {"by": one.by, "entry": one.entry}


@router.post("/api/frames/take-back")
def take_back(request: Request, guest: Crew, frame: Id, item: Item = None) -> dict[str, bool]:
    """It is a reference no more."""
    room = room_of(request)
    by = signer(room, guest).name
    referencing.withdraw(desk_of(room), stills.named(room, guest, frame), by=by, item=item, via="room")
    return {"taken_back": True}


@router.post("/api/frames/look")
def look(
    request: Request, guest: Crew, frame: Id, item: Annotated[int, Body()], who: Annotated[str, Body(max_length=120)], at: Annotated[str, Body(max_length=120)],
    side: Annotated[str, Body(max_length=20)], place: Annotated[tuple[int, int] | None, Body()] = None,
) -> dict[str, Any]:  # fmt: skip
    """Whoever asks marks who looks to which side at whom."""
    room = room_of(request)
    by = signer(room, guest).name
    one = referencing.look(desk_of(room), stills.named(room, guest, frame), item=item, who=who, at=at, side=side, by=by, place=place, via="room")
    return {"by": one.by, "entry": one.entry}


@router.post("/api/frames/unmark")
def unmark(request: Request, guest: Crew, frame: Id, item: Annotated[int, Body()], who: Annotated[str, Body(max_length=120)]) -> dict[str, bool]:
    """A mark is taken back."""
    room = room_of(request)
    by = signer(room, guest).name
    referencing.unmark(desk_of(room), stills.named(room, guest, frame), item=item, who=who, by=by, via="room")
    return {"taken_back": True}
