"""Report: the three plates of a version's cut beside what would be there if nobody had decided. It is made in the background, kept, and shown at once after that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Query, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import Response

from answerprint import easiness, intent, watched
from answerprint.easiness import people
from answerprint.easiness.kept import kept
from answerprint.model.records import AnswerprintError
from answerprint.room import RoomError, movies, showing, working
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.pages.finish import FOLDERS, SOUNDS, brought
from answerprint.room.pages.playing import Clip
from answerprint.room.showing import desk_of
from answerprint.room.signing import as_shown, signer
from answerprint.room.stage import media_id
from answerprint.room.words import on_a_page
from answerprint.room.working import Work
from answerprint.turnover import safe_name

if TYPE_CHECKING:
    from answerprint.delivery.easy.drawing import Figure
    from answerprint.delivery.easy.records import Chose, Plate, Report
    from answerprint.desk import Desk

router = APIRouter()

Name = Annotated[str, Query(max_length=120)]


@dataclass(frozen=True, kw_only=True)
class ReportPage:
    """The page."""

    version: str
    versions: tuple[str, ...]  #: those that have a report of their own; one that takes its edit over is in that one's
    of: str  #: the version whose edit this one takes over, where it has no report of its own; ""
    report: dict[str, Any] | None  #: None until it was made of the cut as it is now
    thing: str  #: which report this is, of exactly this cut: sent back when it was on somebody's screen
    looked: bool  #: whether whoever asks had it on their screen
    sealed: bool  #: whether a first thought waits for its author to open it: then nothing of it is here
    clip: Clip | None  #: the cut to look at beside its plates; None while it is made ready, or where it cannot be shown
    reel: int  #: films of theirs that stand beside it
    wrong: str  #: why there is none, in a sentence; ""
    work: Work
    may: bool
    seen: int


@router.get("/report", include_in_schema=False)
def page(request: Request, guest: Crew, version: Name = "") -> Response:
    """The page."""
    room = room_of(request)
    from answerprint.delivery.easy.plates import DEFINITION

    found, made = _view(room, guest, version)
    return show(request, "report.html", guest, here="report", page=found, seen=found.seen, made=made, plates=_plates(guest, made) if made is not None else (), definition=DEFINITION, clip=jsonable_encoder(found.clip))


@router.get("/api/report")
def twin(request: Request, guest: Crew, version: Name = "") -> ReportPage:
    """The report as data, where it was made."""
    return view(room_of(request), guest, version)


@router.get("/report/easy.pdf", include_in_schema=False)
def paper(request: Request, guest: Crew, version: Name = "") -> Response:
    """The report on paper, as it stands on the page."""
    from answerprint.delivery.easy.paper import pdf

    found, made = _view(room_of(request), guest, version)
    if made is None:
        raise HTTPException(404)
    name = f"{safe_name(made.title)}_{safe_name(found.version)}_easy-choices.pdf"
    headers = {"content-disposition": f'attachment; filename="{name.encode("ascii", "replace").decode()}"', "cache-control": "no-store"}
    return Response(pdf(made), media_type="application/pdf", headers=headers)


def view(room: Room, guest: Guest, version: str = "") -> ReportPage:
    """The page as it stands now, of the first version where none is named.

    Raises: FilmError: there is no such version.
    """
    return _view(room, guest, version)[0]


def _view(room: Room, guest: Guest, version: str) -> tuple[ReportPage, Report | None]:
    desk, book = desk_of(room), room.house.book
    person = book.people.get(guest.person or "") if book else None
    name = desk.family[version].name if version else desk.family.first.name
    cut = desk.cuts.get(name)
    mine = easiness.reel.listed(person.id) if person is not None else ()
    made = kept(desk, name, person=person.id if person is not None else None) if cut is not None else None
    found = ReportPage(
        version=name, versions=tuple(one.name for one in desk.family.versions if easiness.own(desk, one.name) or one.name == name),
        of=desk.family.edit_from(name, desk.cuts) if cut is not None and not easiness.own(desk, name) else "", report=easiness.plain(made) if made is not None else None,
        thing=easiness.thing(desk, name) if cut is not None else "", looked=cut is not None and person is not None and easiness.looked(desk, name, person.id), reel=len(mine),
        sealed=book is not None and any(one.content is None and not one.skipped for one in intent.thoughts(book)), clip=_clip(room, guest, desk, name) if made is not None else None,
        wrong="" if cut is not None else on_a_page(desk.cut_problems.get(name) or room.texts["report"]["no_cut"].format(version=name)), work=working.work(room, job(name)),
        may=person is not None, seen=book.head.n if book else 0,
    )  # fmt: skip
    return found, made


def _clip(room: Room, guest: Guest, desk: Desk, version: str) -> Clip | None:
    """The cut as it plays on its own page; the first who asks has it made ready."""
    try:
        shown = showing.showing(room, desk, desk.cuts[version].file)
    except (AnswerprintError, OSError):
        return None
    return movies.clip(guest, shown) if movies.ready(room, shown) else None


def job(version: str) -> str:
    """What the making of a version's report is called among the work of the room."""
    return f"report {version}"


# ---- what is drawn


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A figure for the template: its shapes, and where its lettering stands, in hundredths of its width and of its height."""

    figure: Figure
    svg: str
    below: tuple[tuple[float, str], ...]
    left: tuple[tuple[float, str], ...]
    heard: str = ""  #: where a bed can be heard
    file: str = ""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A plate for the template."""

    plate: Plate
    heading: str
    asked: str  #: what the opened first thought has to do with it
    drawn: tuple[Drawn, ...]
    chose: tuple[tuple[Chose, str], ...]  #: with what stands under each name


def _plates(guest: Guest, made: Report) -> tuple[Shown, ...]:
    from answerprint.delivery.easy.drawing import figures
    from answerprint.delivery.easy.page import HEADINGS, asked, chose_words

    every = [_drawn(one) for one in figures(made)]
    rows = [place for place, one in enumerate(every) if one.figure.plate == "music bed"]
    for place, bed in zip(rows, made.offered, strict=False):  # where nothing was offered, the one row is the film's own sound
        if Path(bed.file).suffix.lower() in SOUNDS and bed.file.startswith(tuple(f"{folder}/" for folder in FOLDERS)):
            every[place] = replace(every[place], heard=f"/media/{media_id(guest, f'file {bed.file}')}/heard", file=bed.file)
    return tuple(
        Shown(
            plate=one, heading=HEADINGS[one.name], asked=asked(one), drawn=tuple(drawn for drawn in every if drawn.figure.plate == one.name),
            chose=tuple((chose, chose_words(chose)) for chose in one.chose),
        )
        for one in made.plates
    )  # fmt: skip


def _drawn(figure: Figure) -> Drawn:
    from answerprint.delivery.easy.drawing import WIDE, svg

    return Drawn(
        figure=figure, svg=svg(figure), below=tuple((round(100 * tick.at / WIDE, 2), tick.text) for tick in figure.ticks if not tick.left),
        left=tuple((round(100 * tick.at / figure.tall, 2), tick.text) for tick in figure.ticks if tick.left),
    )  # fmt: skip


# ---- having it made, and having looked at it


@router.post("/api/report/start")
def start(request: Request, guest: Crew, version: Annotated[str, Body(max_length=120, embed=True)] = "") -> dict[str, str]:
    """Have a version's report made in the background, as whoever asks would see it."""
    room = room_of(request)
    person, said, desk = signer(room, guest), room.texts["report"], desk_of(room)
    name = desk.family[version].name if version else desk.family.first.name
    if name not in desk.cuts:
        raise RoomError(on_a_page(desk.cut_problems.get(name) or said["no_cut"].format(version=name)))
    return working.begin(room, guest, job(name), ["easy", f"--version={name}", f"--person={person.id}"], title=said["asked_by"])


@router.post("/api/report/stop")
def stop(request: Request, guest: Crew, version: Annotated[str, Body(max_length=120, embed=True)]) -> dict[str, bool]:
    """Stop making it; what was measured is kept. What went wrong is put away."""
    room = room_of(request)
    return working.stop(room, guest, job(desk_of(room).family[version].name))


@router.post("/api/report/saw")
def saw(request: Request, guest: Crew, version: Annotated[str, Body(max_length=120)], thing: Annotated[str, Body(max_length=200)]) -> dict[str, bool]:
    """The report of this version, as it is cut, graded and mixed now, was on this person's screen. Kept with them, outside the record.

    Args: thing: which report it was, as the page was given it.
    """
    room = room_of(request)
    person, desk = signer(room, guest), desk_of(room)
    name = desk.family[version].name
    if name not in desk.cuts:
        raise RoomError(room.texts["report"]["no_cut"].format(version=name))
    as_shown(room, {f"report of {name}": thing}, {f"report of {name}": easiness.thing(desk, name)})
    if kept(desk, name, person=person.id) is None:
        raise RoomError(room.texts["report"]["not_made"].format(version=name))
    easiness.saw(desk, name, person.id)
    return {"seen": True}


@router.post("/api/report/heard")
def heard(request: Request, guest: Crew, file: Annotated[str, Body(max_length=400, embed=True)]) -> dict[str, bool]:
    """A bed was heard, at least for as long as the film is. Kept for this person alone, outside the record.

    Args: file: as the production calls it.
    """
    room = room_of(request)
    person, desk = signer(room, guest), desk_of(room)
    if file not in {one.name for one in brought(room, guest) if one.kind == "sound"}:
        raise HTTPException(404)
    watched.mark(room.house.production, person.id, people.bed(desk, file), "played")
    return {"heard": True}
