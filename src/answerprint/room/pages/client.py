"""A client's own page: one version as it went out, notes to timecode, an answer by name and mailed code. Nothing else opens to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Body, HTTPException, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from answerprint import arguments
from answerprint.chronicle import day
from answerprint.model.records import AnswerprintError
from answerprint.room import RoomError, clients, drawing, showing
from answerprint.room.asking import Room, room_of, show
from answerprint.room.clients import Client, Visit
from answerprint.room.doors import SESSION_S

router = APIRouter()

MOST = 200  #: notes by one link: more is a conversation, and belongs on the telephone


@dataclass(frozen=True, kw_only=True)
class Note:
    """A note of theirs."""

    text: str
    frame: int
    at: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """All that a client sees."""

    label: str
    version: str
    contact: str
    movie: str | None  #: None while it is being made
    rate: tuple[int, int] | None
    start_frame: int  #: of the first frame's timecode
    drop: bool
    frames: int
    notes: tuple[Note, ...]
    answered: str  #: what they answered, in a sentence; "" where they did not
    until: str


@router.get("/link/{token}", include_in_schema=False)
def come(request: Request, token: str) -> Response:
    """A client's link: exchanged for a session once, and never written down."""
    room = room_of(request)
    guest = room.doors.use_link(token)
    if guest is None:
        raise HTTPException(403, room.texts["client"]["ended"])
    answer = RedirectResponse("/client", status_code=303)
    answer.set_cookie(room_of(request).cookie, guest.session, max_age=SESSION_S, httponly=True, samesite="lax", secure=request.url.scheme == "https", path="/")
    return answer


@router.get("/client", include_in_schema=False)
def page(request: Request, visit: Client) -> Response:
    """The page."""
    return show(request, "client.html", visit.guest, page=view(room_of(request), visit))


@router.get("/client/page")
def twin(request: Request, visit: Client) -> Page:
    """The same for other programs."""
    return view(room_of(request), visit)


def view(room: Room, visit: Visit) -> Page:
    """The version that this link is for."""
    from datetime import UTC, datetime

    there = clients.movie(room, visit.cut)
    rate, first, drop, frames = _counted(room, visit)
    said = room.texts["client"]
    mine = [one for one in clients.pending(room) if one.link == visit.link.id]
    return Page(
        label=visit.round.content.label, version=visit.cut.version, contact=visit.link.contact, movie="/client/movie.mp4" if there else None,
        rate=rate, start_frame=first, drop=drop, frames=frames, notes=tuple(_notes(room, visit)),
        answered=said[f"answered_{mine[-1].outcome}"].format(name=mine[-1].name) if mine else "",
        until=day(datetime.fromtimestamp(visit.link.ends, UTC).isoformat(timespec="minutes")),
    )  # fmt: skip


def _counted(room: Room, visit: Visit) -> tuple[tuple[int, int] | None, int, bool, int]:
    """Rate, first timecode and length: of the cut where it is still the one that was sent, else of the movie by itself."""
    try:
        shown = showing.showing(room, showing.desk_of(room), visit.cut.file)
        if shown.seal == visit.cut.seal:
            return (shown.rate.numerator, shown.rate.denominator), shown.start.frames, shown.start.drop, shown.frames
    except (AnswerprintError, OSError):
        pass
    rate = room.house.production.settings.rate
    return (rate.numerator, rate.denominator), 0, False, 10**7


def _notes(room: Room, visit: Visit) -> list[Note]:
    with room.house.reading() as record:
        said = [one for one in (arguments.remarks(record) if record is not None else []) if one.via == f"link {visit.link.id}"]
    found = []
    for one in said:
        place = drawing.read(one.on)
        if place is not None:
            found.append(Note(text=one.text, frame=place.frame, at=day(one.at)))
    return sorted(found, key=lambda one: one.frame)


@router.get("/client/movie.mp4", include_in_schema=False)
def movie(request: Request, visit: Client) -> Response:
    """The version to play, by range; watermarked."""
    there = clients.movie(room_of(request), visit.cut)
    if there is None:
        raise HTTPException(404)
    return FileResponse(there, media_type="video/mp4", headers={"cache-control": "no-store"})


@router.post("/client/note")
def note(request: Request, visit: Client, frame: Annotated[int, Body(ge=0, le=10**7)], text: Annotated[str, Body(max_length=4000)]) -> list[Note]:
    """A note on a frame of their version. It is not signed; the crew sees it."""
    room = room_of(request)
    if len(_notes(room, visit)) >= MOST:
        raise RoomError(room.texts["client"]["too_many"])
    if frame >= _counted(room, visit)[3]:
        raise RoomError(room.texts["client"]["no_frame"])
    body = arguments.remark(text, by=visit.link.contact, on=drawing.on(visit.cut.file, frame), via=f"link {visit.link.id}")
    with room.house.writing() as record:
        record.append("remark", body)
    return _notes(room, visit)


@router.post("/api/code/answer")
def answer(
    request: Request, visit: Client, name: Annotated[str, Body(max_length=120)], code: Annotated[str, Body(max_length=40)],
    outcome: Annotated[Literal["approved", "changes", "refused"], Body()], changes: Annotated[list[str], Body(max_length=200)],
) -> dict[str, str]:  # fmt: skip
    """Approve, ask for changes or refuse, by name and the code that was mailed. The crew then signs that it was said."""
    room = room_of(request)
    said = room.texts["client"]
    wanted = tuple(one.strip()[:500] for one in changes if one.strip())
    if not name.strip():
        raise RoomError(said["no_name"])
    if not room.doors.code_fits(visit.link, code.strip().upper()):
        raise RoomError(said["wrong_code"])
    if outcome == "changes" and not wanted:
        raise RoomError(said["no_changes"])
    made = clients.answer(room, visit, name=" ".join(name.split()), outcome=outcome, changes=wanted if outcome != "approved" else ())
    return {"says": said[f"answered_{made.outcome}"].format(name=made.name)}
