"""Cut: a version as a movie, frame by frame; where each shot comes from, what else there was of it, its pace, and what changed since another cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import Response

from answerprint import accidents, arguments, marks
from answerprint.book import Book
from answerprint.chronicle import day
from answerprint.desk import Desk
from answerprint.model.records import AnswerprintError
from answerprint.model.time import floor_frames
from answerprint.room import comparing, drawing, movies, showing
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.guard import LARGE
from answerprint.room.pages.accidents import anchor as accident_at
from answerprint.room.pages.playing import Clip
from answerprint.room.showing import Placed, Showing, desk_of, handles, source_timecode
from answerprint.room.stage import picture
from answerprint.room.words import on_a_page

router = APIRouter()
router.include_router(movies.router)
router.include_router(drawing.router)

THUMBS = 14  #: whole frames on the strip, as many as stay readable beside each other at 1440 px


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One shot of the cut. Frames are of the cut, half-open; handles are in frames."""

    number: int
    start: int
    end: int
    name: str
    clip: str
    item: int | None
    text: str
    hero: bool
    source_in: str | None
    source_out: str | None
    before: int
    after: int
    mark: str | None  #: what the person who looks calls it: for their eyes only
    marked: bool  #: whether it can be marked: cards and empty stretches cannot
    says: str


@dataclass(frozen=True, kw_only=True)
class Thumb:
    """One whole frame of the strip."""

    frame: int
    picture: str | None  #: None for a card


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something on a frame: an editor's marker, a person's note or objection, a hero shot."""

    frame: int
    text: str
    by: str | None
    kind: str  #: "marker", "note", "objection", "hero"
    drawing: str | None = None
    at: str = ""


@dataclass(frozen=True, kw_only=True)
class Left:
    """An accident that is not in the cut."""

    says: str
    href: str  #: where it plays


@dataclass(frozen=True, kw_only=True)
class Beside:
    """Another cut beside this one."""

    file: str
    title: str
    ribbons: tuple[comparing.Ribbon, ...]
    frames: int
    says: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Film:
    """A cut as the page has it."""

    file: str
    title: str
    seal: str
    versions: tuple[str, ...]  #: whose cut it is
    rate: tuple[int, int]
    start: str
    frames: int
    movie: str | None  #: None while it is being made
    making: float | str | None
    clip: Clip | None
    shots: tuple[Shot, ...]
    thumbs: tuple[Thumb, ...]
    lanes: tuple[str, ...]
    notes: tuple[Note, ...]
    pace: comparing.Pace
    machine: tuple[str, ...]  #: what the movie does not show, in sentences
    left: tuple[Left, ...]  #: what nobody planned and this cut shows and plays nothing of, in shooting order


@dataclass(frozen=True, kw_only=True)
class CutPage:
    """The page: a cut, or what to do where there is none."""

    film: Film | None
    wrong: str | None
    cuts: tuple[str, ...]
    family: tuple[str, ...]
    beside: Beside | None
    seen: int


@router.get("/cut", include_in_schema=False)
@router.get("/cut/{name}", include_in_schema=False)
def page(request: Request, guest: Crew, name: str = "", beside: Annotated[str, Query(alias="with")] = "") -> Response:
    room = room_of(request)
    found = view(room, guest, name, beside)
    limit = LARGE["/api/cut/import"] // 2**20
    return show(request, "cut.html", guest, here="cut", cut=found, seen=found.seen, ruler=_ruler(found.film), data=jsonable_encoder(found.film), limit=limit)


@router.get("/api/cut")
def newest(request: Request, guest: Crew, beside: Annotated[str, Query(alias="with")] = "") -> CutPage:
    """The cut that changed last."""
    return view(room_of(request), guest, "", beside)


@router.get("/api/cut/{name}")
def twin(request: Request, guest: Crew, name: str, beside: Annotated[str, Query(alias="with")] = "") -> CutPage:
    """A cut, by the version's name or the file's."""
    return view(room_of(request), guest, name, beside)


def named(room: Room, desk: Desk, name: str) -> str | None:
    """The cut that a page's address means; the one that changed last where it names none, None where there is no cut at all.

    Raises: HTTPException 404: there is none of that name.
    """
    files = desk.cut_files()
    if not name:
        return max(files, key=lambda one: (room.house.production.path / one).stat().st_mtime_ns, default=None)
    for one in desk.family.versions:
        if one.name.casefold() == name.casefold() and (file := desk.cut_name(one.name)) in files:
            return file
    found = next((one for one in files if name in (Path(one).name, Path(one).stem)), None)
    if found is None:
        raise HTTPException(404, f"There is no cut called {name[:80]}. It may have been renamed.")
    return found


def view(room: Room, guest: Guest, name: str, beside: str = "") -> CutPage:
    """The page as it stands now, for one person."""
    desk = desk_of(room)
    book, files = room.house.book, tuple(desk.cut_files())
    file = named(room, desk, name)
    film, wrong, other = None, None, None
    if file is not None:
        try:
            shown = showing.showing(room, desk, file)
            if shown.shots:
                film = _film(room, guest, desk, shown)
                other = _beside(room, desk, shown, files, beside)
            else:  # as a scrap leaves one for whoever starts again
                wrong = room.texts["cut"]["empty"].format(cut=shown.title)
        except AnswerprintError as error:
            wrong = on_a_page(f"{file}: {error}")
    return CutPage(film=film, wrong=wrong, cuts=files, family=tuple(one.name for one in desk.family.versions), beside=other, seen=book.head.n if book else 0)


def _film(room: Room, guest: Guest, desk: Desk, shown: Showing) -> Film:
    ready = movies.ready(room, shown)
    held = marks.of(room.house.production, guest.person) if guest.person else {}
    clip = movies.clip(guest, shown) if ready else None
    return Film(
        file=shown.file, title=shown.title, seal=shown.seal, rate=(shown.rate.numerator, shown.rate.denominator), start=str(shown.start), frames=shown.frames,
        movie=clip.movie if clip is not None else None, clip=clip,
        versions=tuple(one.name for one in desk.family.versions if desk.cut_name(one.name) == shown.file),
        making=None if ready else movies.progress(room).get(shown.movie.stem, 0.0),
        shots=tuple(_shot(room, desk, shown, one, held) for one in shown.shots), thumbs=tuple(_thumbs(room, guest, shown)),
        lanes=tuple(lane.name for lane in shown.lanes), notes=tuple(_notes(room, desk, shown)),
        pace=comparing.pace(shown, showing.words_under(room, shown)), machine=tuple(_not_shown(room, shown)),
        left=tuple(Left(says=accidents.named(one), href=f"/accidents?view=all#{quote(accident_at(one))}") for one in accidents.left_by(desk, desk.path / shown.file)),
    )  # fmt: skip


def thing(one: Placed, rate: Fraction) -> str | None:
    """The name under which somebody marks a shot; None for what was not shot."""
    return marks.shot(one.unit.digest, one.shown.source(rate)) if one.unit is not None else None


def _shot(room: Room, desk: Desk, shown: Showing, one: Placed, held: dict[str, marks.Mark]) -> Shot:
    span = one.shown.source(shown.rate)
    before, after = handles(one, shown.rate)
    item = desk.items.get(one.item or 0)
    name = thing(one, shown.rate)
    return Shot(
        number=one.number, start=one.shown.start, end=one.shown.end, name=one.name, clip=one.clip, item=one.item, text=item.text if item else "",
        hero=item is not None and item.hero is not None, source_in=source_timecode(room, one, span.start_s), source_out=source_timecode(room, one, span.end_s),
        before=before, after=after, mark=marks.found(held, name) if name else None, marked=name is not None, says=one.says,
    )  # fmt: skip


def _thumbs(room: Room, guest: Guest, shown: Showing) -> list[Thumb]:
    found = []
    for number in range(THUMBS if shown.frames else 0):
        frame = (2 * number + 1) * shown.frames // (2 * THUMBS)
        one = next(one for one in shown.shots if one.shown.start <= frame < one.shown.end)
        found.append(Thumb(frame=frame, picture=_picture(guest, shown, one, frame)))
    return found


def _picture(guest: Guest, shown: Showing, one: Placed, frame: int, height: int = 90) -> str | None:
    """A frame of the cut from the clip that it shows: there before the movie is."""
    if one.unit is None or one.unit.info.video is None or one.shown.use is None:
        return None
    at_s = one.shown.source(shown.rate).start_s + abs(one.shown.use.speed) * (frame - one.shown.start) / shown.rate
    return picture(guest, one.unit, floor_frames(at_s, one.unit.info.video.rate), height)


def _notes(room: Room, desk: Desk, shown: Showing) -> list[Note]:
    """What stands on frames of this cut, in its order."""
    found = [Note(frame=one.shown.start, text="hero", by=None, kind="hero") for one in shown.shots if (item := desk.items.get(one.item or 0)) and item.hero]
    found += [Note(frame=frame, text=text, by=None, kind="marker") for frame, text in showing.markers(shown)]
    book: Book | None = room.house.book
    with room.house.reading() as record:
        said = [(one.on, one.text, one.by, "note", one.at) for one in (arguments.remarks(record) if record is not None else [])]
    for raised in book.objections if book else ():
        if raised.open:
            said.append((raised.line.content.on, raised.line.content.text, raised.line.by.name, "objection", raised.line.at))
    for where, text, by, kind, at in said:
        place = drawing.read(where)
        if place is not None and place.file == shown.file and place.frame < shown.frames:
            sketch = f"/media/drawing/{place.drawing.partition(':')[2]}.svg" if place.drawing else None
            found.append(Note(frame=place.frame, text=text, by=by, kind=kind, drawing=sketch, at=day(at)))
    return sorted(found, key=lambda one: one.frame)


def _not_shown(room: Room, shown: Showing) -> list[str]:
    said = room.texts["cut"]
    lines = [said["borrowed"]] if shown.borrowed else []
    lines += [said["supers"].format(count=shown.supers)] if shown.supers else []
    lines += [said["joints"].format(count=shown.joints)] if shown.joints else []
    missing = dict.fromkeys(one.says for one in shown.shots if one.unit is None and one.name not in ("card", "empty"))
    return lines + [f"{says}." for says in missing]


def _beside(room: Room, desk: Desk, shown: Showing, files: Sequence[str], name: str) -> Beside | None:
    """The cut that stands beside this one: the named one, else the one before it by name."""
    others = [one for one in files if one != shown.file]
    earlier = [one for one in others if one < shown.file]
    file = next((one for one in others if name and name in (one, Path(one).name, Path(one).stem)), earlier[-1] if earlier else None)
    if file is None:
        return None
    try:
        old = showing.showing(room, desk, file)
        return Beside(file=file, title=old.title, ribbons=comparing.ribbons(old, shown), frames=old.frames, says=comparing.changes(old, shown))
    except AnswerprintError as error:
        return Beside(file=file, title=Path(file).stem, ribbons=(), frames=0, says=(on_a_page(str(error)),))


def _ruler(film: Film | None) -> list[tuple[float, str]]:
    """Round times along a cut: (percent, label)."""
    if film is None or not film.frames:
        return []
    length = film.frames * film.rate[1] / film.rate[0]
    step = next((one for one in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600) if length / one <= 7), 1800)
    return [(round(100 * at / length, 3), f"{at // 60:02d}:{at % 60:02d}") for at in range(0, int(length) + 1, step)]


# ---- waves and words


@router.get("/api/cut/{name}/waves")
def waves(request: Request, guest: Crew, name: str, columns: Annotated[int, Query(ge=10, le=4000)] = 400) -> dict[str, Any]:
    """The wave of each track: lowest and highest of each column, -127 to 127; empty before the movie is made."""
    _, shown = shown_as(room_of(request), name)
    return {"lanes": [one.name for one in shown.lanes], "columns": _columns(shown.peaks, columns, 0.0, float(shown.frames / shown.rate))}


def _columns(path: Path, columns: int, start_s: float, end_s: float) -> list[list[list[int]]]:
    import numpy as np

    if not path.is_file() or end_s <= start_s:
        return []
    tracks = np.load(path)
    edges = np.linspace(start_s * showing.PEAKS_HZ, end_s * showing.PEAKS_HZ, columns + 1)
    spans = list(zip(np.floor(edges[:-1]).astype(int), np.ceil(edges[1:]).astype(int), strict=True))
    found = []
    for track in tracks:
        parts = [track[max(low, 0) : max(high, low + 1)] for low, high in spans]
        found.append([[int(part[:, 0].min()), int(part[:, 1].max())] if len(part) else [0, 0] for part in parts])
    return found


@router.get("/api/peaks/cut/{id}", include_in_schema=False)
def peaks(request: Request, guest: Crew, id: str, start_s: float = 0.0, end_s: float = 36_000.0, columns: Annotated[int, Query(ge=10, le=4000)] = 800) -> dict[str, Any]:
    """The wave of everything that is heard in a cut, for the player."""
    room = room_of(request)
    tracks = _columns(movies.file(room, guest, id).with_suffix(".npy"), columns, max(start_s, 0.0), min(end_s, 36_000.0))
    return {"columns": [[min(one[0] for one in row), max(one[1] for one in row)] for row in zip(*tracks, strict=True)]}


@router.get("/api/words/cut/{id}", include_in_schema=False)
def words(request: Request, guest: Crew, id: str) -> dict[str, Any]:
    """Every word that is heard in a cut, for the player."""
    room = room_of(request)
    found = movies.words(room, guest, id, desk_of(room).cut_files())
    if found is None:
        raise HTTPException(404)
    return {"words": found}


def shown_as(room: Room, name: str) -> tuple[Desk, Showing]:
    """A cut by the name in an address, with the desk it was read at.

    Raises: HTTPException 404: there is none.
    """
    desk = desk_of(room)
    file = named(room, desk, name)
    if file is None:
        raise HTTPException(404, "There is no cut yet.")
    return desk, showing.showing(room, desk, file)
