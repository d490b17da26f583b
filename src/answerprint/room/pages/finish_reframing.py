"""Reframing: the frames that are proposed for a version of another shape, moving over its picture; each shot answered by itself, hero shots linked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Body, Query, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import Response

from answerprint import reframing
from answerprint.desk import Desk
from answerprint.model.charter import Judgment
from answerprint.model.records import AnswerprintError
from answerprint.model.time import floor_frames
from answerprint.reframing import ReframingError
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.pieces import Piece, Work, begin, pieces, work
from answerprint.room.screening import Screen, screen
from answerprint.room.showing import desk_of
from answerprint.room.words import on_a_page
from answerprint.timeline import framing
from answerprint.timeline.framing import Framing

if TYPE_CHECKING:
    from answerprint.reframing import Proposed, Shot
    from answerprint.room.showing import Showing

router = APIRouter()

WHAT: Literal["reframing"] = "reframing"
Box = tuple[float, float, float, float]  #: left, top, width, height, each 0 to 1 of the clip's picture


@dataclass(frozen=True, kw_only=True)
class Framed:
    """One shot of the version. Frames of the film, half-open."""

    number: int
    clip: str
    first: int
    end: int
    size: tuple[int, int]
    hero: int | None  #: its item: a person frames it
    framed_by: str | None  #: who framed a hero shot
    piece: Piece | None
    boxes: dict[str, tuple[Box, ...]]  #: by shape: one for a frame that holds, else one for each frame of the film
    why: dict[str, str]  #: by shape: what spoke for it
    says: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReframingPage:
    """The page."""

    versions: tuple[str, ...]  #: that are delivered in another shape than they were shot in
    version: str
    shapes: dict[str, float]  #: width to height
    shots: tuple[Framed, ...]
    whole: tuple[str, ...]  #: what nobody crops
    unframed: tuple[str, ...]
    screen: Screen
    work: Work
    may: bool
    seen: int


@router.get("/finish/reframing", include_in_schema=False)
def page(request: Request, guest: Crew, version: Annotated[str, Query(max_length=120)] = "") -> Response:
    """The page."""
    found = view(room_of(request), guest, version)
    return show(request, "finish_reframing.html", guest, here="finish", page=found, data=jsonable_encoder(found), seen=found.seen)


@router.get("/api/finish/reframing")
def twin(request: Request, guest: Crew, version: Annotated[str, Query(max_length=120)] = "") -> ReframingPage:
    """The frames that are proposed for a version of another shape."""
    return view(room_of(request), guest, version)


def view(room: Room, guest: Guest, version: str = "") -> ReframingPage:
    """The page as it stands now.

    Args:   version: the first one of another shape where none is named.
    Raises: FilmError: no such version.
    """
    desk, book = desk_of(room), room.house.book
    other = tuple(one.name for one in desk.family.versions if one.name in desk.cuts and shapes(desk, one.name))
    name = desk.family[version].name if version else next(iter(other), desk.family.first.name)
    onto, shown = screen(room, guest, desk, name)
    wanted = shapes(desk, name)
    there = reframing.cut(desk, name)
    shots: tuple[Framed, ...] = ()
    if shown is not None and wanted:
        known = {one.shot.number: one for one in reframing.proposed(desk, name, of=there)}
        mine = {piece.about: piece for _, piece in pieces(room.house.production, WHAT)}
        shots = tuple(_framed(room, desk, shown, one, known.get(one.number), mine, name) for one in there.shots)
    return ReframingPage(
        versions=other, version=name, shapes={one: float(framing.SHAPES[one]) for one in wanted}, shots=shots, whole=there.whole if wanted else (),
        unframed=tuple(on_a_page(one) for one in reframing.unframed(desk, name)) if name in desk.cuts else (), screen=onto, work=work(room, WHAT),
        may=book is not None and guest.person in book.people, seen=book.head.n if book else 0,
    )  # fmt: skip


def shapes(desk: Desk, version: str) -> tuple[str, ...]:
    """The shapes in which a version is delivered and the production was not shot."""
    size = desk.production.settings.raster or next((one.info.video.display_size for one in desk.shoot.clips if one.info.video is not None), None)
    if size is None:
        return ()
    own = Fraction(*size)
    try:
        found = reframing.shapes(desk, version)
    except AnswerprintError:  # a spec that is not there: Deliver says so
        return ()
    return tuple(one for one in found if abs(framing.SHAPES[one] / own - 1) > Fraction(1, 100))


def _framed(room: Room, desk: Desk, shown: Showing, shot: Shot, one: Proposed | None, mine: Mapping[str, Piece], version: str) -> Framed:
    by, path = _by_hand(desk, shot.item, version) if shot.hero else (None, one.framing if one else None)
    made = one.made if one else None
    why = {shape: "; ".join(_why(room.texts["reframing"], part) for part in parts) for shape, parts in (made.values.get("why", {}) if made else {}).items()}
    boxes = {shape: tuple(_boxes(shown, shot, path, shape)) for shape, keys in path.paths.items() if keys} if path is not None else {}
    piece = mine.get(made.about) if made else None
    return Framed(number=shot.number, clip=shot.clip, first=shot.film[0], end=shot.film[1], size=shot.size, hero=shot.item if shot.hero else None, framed_by=by,
                  piece=piece, boxes=boxes, why=why, says=piece.says if piece else ())  # fmt: skip


def _by_hand(desk: Desk, item: int | None, version: str) -> tuple[str | None, Framing | None]:
    """Who framed a hero shot for this version or the one that it takes it over from, and how."""
    name: str | None = version
    while name is not None:
        which = (str(Judgment.HERO_FRAMING), f"hero:{item}@{name}")
        draft, signed = desk.drafts.get(which), desk.decisions.get(which)
        choice = draft.choice if draft else signed.decided.choice if signed else None
        if choice is not None:
            by = draft.by if draft else signed.by.name if signed else ""
            try:
                return by, framing.read((desk.path / choice["file"]).read_bytes()) if "file" in choice else None
            except (OSError, AnswerprintError):
                return by, None
        name = desk.family.inherits(name, Judgment.HERO_FRAMING, desk.cuts)
    return None, None


def _boxes(shown: Showing, shot: Shot, path: Framing, shape: str) -> Iterator[Box]:
    """The crop at each frame of the film; once, where it holds."""
    placed = next(one for one in shown.shots if one.number == shot.number)
    assert placed.shown.use is not None
    begin, speed = placed.shown.source(shown.rate).start_s, abs(placed.shown.use.speed)
    every = [_short(framing.crop(path, shape, floor_frames(begin + speed * n / shown.rate, shot.rate))) for n in range(shot.film[1] - shot.film[0])]
    yield from every[:1] if len(set(every)) == 1 else every


def _short(box: Box) -> Box:
    return round(box[0], 5), round(box[1], 5), round(box[2], 5), round(box[3], 5)


def _why(said: Mapping[str, str], part: Mapping[str, Any]) -> str:
    by = said["by_faces"].format(count=part["faces"]) if part["by"] == "faces" else str(part["by"])
    return said["holds"].format(by=by) if part["seconds"] == "0" else said["moves"].format(by=by, seconds=part["seconds"])


@router.post("/api/finish/reframing/start")
def start(request: Request, guest: Crew, version: Annotated[str, Body(embed=True, max_length=120)]) -> dict[str, str]:
    """Propose a frame for every ordinary shot of a version, in the background. What somebody refused is left alone, and so are hero shots."""
    room = room_of(request)
    desk = desk_of(room)
    name = desk.family[version].name
    if name not in desk.cuts or not shapes(desk, name):
        raise ReframingError(room.texts["reframing"]["no_shape"].format(version=name))
    return begin(room, guest, WHAT, "reframe", ["--version", name])
