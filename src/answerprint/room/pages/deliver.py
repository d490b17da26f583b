"""Deliver: what is made for whom, the films that wait with what was found about them, what is still missing, and what left with its papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import FileResponse, Response

from answerprint import deliverables, films
from answerprint.desk import Desk
from answerprint.keep import write_whole
from answerprint.model.records import AnswerprintError
from answerprint.room import RoomError, checking, labels, leaving, working
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.leaving import Left, Waits
from answerprint.room.questions import Missing, by_person
from answerprint.room.showing import desk_of
from answerprint.room.signing import signer
from answerprint.room.verdicts import verdict
from answerprint.room.words import on_a_page

router = APIRouter()

JOB = "films"
Names = Annotated[list[str], Body(max_length=200)]


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version that can be made."""

    name: str
    specs: tuple[str, ...]  #: what the list or the production says that it is delivered for
    wrong: str | None  #: why it cannot be made yet


@dataclass(frozen=True, kw_only=True)
class DeliverPage:
    """The page."""

    versions: tuple[Version, ...]
    specs: tuple[tuple[str, str, str], ...]  #: (name, title, what it takes, in a few words)
    films: tuple[Waits, ...]
    missing: tuple[Missing, ...]
    nothing: tuple[str, ...]  #: who has nothing left to do
    notes: tuple[str, ...]
    not_checked: tuple[str, ...]
    not_in_this_film: tuple[str, ...]
    left: tuple[Left, ...]
    working: dict[str, str | float] | None
    wrong: str | None
    may: bool
    seen: int


@router.get("/deliver", include_in_schema=False)
def page(request: Request, guest: Crew) -> Response:
    """The page."""
    found = view(room_of(request), guest)
    return show(request, "deliver.html", guest, here="deliver", deliver=found, data=jsonable_encoder(found.films), seen=found.seen)


@router.get("/api/deliver")
def twin(request: Request, guest: Crew) -> DeliverPage:
    """What can be made, what waits, what is missing and what left."""
    return view(room_of(request), guest)


def view(room: Room, guest: Guest) -> DeliverPage:
    """The page as it stands now."""
    desk, book = desk_of(room), room.house.book
    person = book.people.get(guest.person or "") if book else None
    now = room.jobs.of(JOB)
    try:
        asked, wrong = verdict(room), None
    except AnswerprintError as error:
        asked, wrong = None, on_a_page(str(error))
    missing = by_person(asked, person) if asked else ()
    busy = {one.who for one in missing}
    waits = leaving.waiting(room, guest, desk) if not wrong else ()
    return DeliverPage(
        versions=tuple(_versions(desk)) if not wrong else (), specs=tuple((one.name, one.title, _short(one)) for one in checking.specs(room).values()),
        films=waits, missing=missing, nothing=tuple(one.name for one in book.people.values() if one.live and one.name not in busy) if book and asked else (),
        notes=asked.notes if asked else (), not_checked=asked.not_checked if asked else (), not_in_this_film=asked.not_in_this_film if asked else (),
        left=leaving.left(room, guest, desk), working=now.plain if now else None, wrong=wrong, may=person is not None, seen=book.head.n if book else 0,
    )  # fmt: skip


def _versions(desk: Desk) -> list[Version]:
    found = []
    for one in desk.family.versions:
        wrong = None if one.name in desk.cuts else on_a_page(desk.cut_problems.get(one.name) or f"{one.name} has no cut yet.")
        found.append(Version(name=one.name, specs=deliverables.wanted(desk, one.name), wrong=wrong))
    return found


def _short(spec: Any) -> str:
    size = f"{spec.picture.width} x {spec.picture.height}" if spec.picture.width else "the film's raster"
    loud = f", {spec.sound.loudness.target_lufs:.0f} LUFS" if spec.sound is not None and spec.sound.loudness is not None else ""
    return f"{spec.container}, {size}{loud}"


# ---- to play and to take away


@router.get("/media/{id}/waits.mp4", include_in_schema=False)
def movie(request: Request, guest: Crew, id: str) -> Response:
    """A film that waits, to play, by range: the very file."""
    film = leaving.played_file(room_of(request), guest, id)
    if film is None:
        raise HTTPException(404)
    return FileResponse(film.path, media_type="video/mp4", headers={"cache-control": "private, no-cache"})


@router.get("/media/{id}/waits.jpg", include_in_schema=False)
def still(request: Request, guest: Crew, id: str) -> Response:
    """The middle frame of a film that waits, whole."""
    room = room_of(request)
    film = leaving.played_file(room, guest, id)
    if film is None:
        raise HTTPException(404)
    waits = next(one for one in films.films(desk_of(room)) if one.path == film.path)
    kept = room.house.viewing / f"waits-{checking.key(film, '')}.jpg"
    if not kept.is_file():
        from answerprint.media.viewing import frame

        write_whole(kept, frame(film.path, waits.film_first + waits.film_frames // 2, height=360))
    return labels.answer(kept, labels.of_film(room, waits, waits.film_frames // 2))


@router.get("/media/{id}/paper", include_in_schema=False)
def paper(request: Request, guest: Crew, id: str) -> Response:
    """A film that left, or one of its papers, to take away: as a file, never shown here."""
    path = leaving.paper_file(room_of(request), guest, id)
    if path is None:
        raise HTTPException(404)
    return FileResponse(path, media_type="application/octet-stream", filename=path.name, headers={"cache-control": "no-store"})


@router.get("/api/peaks/waits/{id}", include_in_schema=False)
def peaks(request: Request, guest: Crew, id: str) -> dict[str, Any]:
    """No wave: it was not looked at on Check yet."""
    return {"columns": []}


@router.get("/api/words/waits/{id}", include_in_schema=False)
def words(request: Request, guest: Crew, id: str) -> dict[str, Any]:
    """Nobody wrote down the words of a finished film."""
    return {"words": []}


# ---- making, letting out, stopping


@router.post("/api/deliver/make")
def make(request: Request, guest: Crew, versions: Names, specs: Names) -> dict[str, str]:
    """Render the films that wait, in the background. One that stands already is not rendered again.

    Args: versions: by name.  specs: by name; none: what each version is delivered for.
    """
    return _start(room_of(request), guest, "make", versions, specs)


@router.post("/api/deliver/leave")
def leave(request: Request, guest: Crew, versions: Names, specs: Names) -> dict[str, str]:
    """Let films out that nothing is missing of, with their papers and credentials, into out/. While anything is missing, nothing leaves.

    Args: as for make.
    """
    return _start(room_of(request), guest, "deliver", versions, specs)


def _start(room: Room, guest: Guest, kind: str, versions: list[str], specs: list[str]) -> dict[str, str]:
    signer(room, guest)
    said = room.texts["deliver"]
    desk, known = desk_of(room), checking.specs(room)
    names = list(dict.fromkeys(desk.family[one].name for one in versions))
    if not names:
        raise RoomError(said["tick_version"])
    if unknown := [one for one in specs if one not in known]:
        raise RoomError(said["no_spec"].format(spec=unknown[0][:80]))
    for name in names:
        if name not in desk.cuts:
            raise RoomError(on_a_page(desk.cut_problems.get(name) or said["no_cut_of"].format(version=name)))
        if not specs and not deliverables.wanted(desk, name):
            raise RoomError(said["tick_spec"].format(version=name))
    asked = [kind, *(f"--version={one}" for one in names), *(f"--spec={one}" for one in dict.fromkeys(specs))]
    return working.begin(room, guest, JOB, asked, title=said[f"title_{kind}"], busy=said["busy"])


@router.post("/api/deliver/stop")
def stop(request: Request, guest: Crew) -> dict[str, bool]:
    """Stop making or letting out. What is finished stays; nothing half-made is left. What went wrong is put away."""
    return working.stop(room_of(request), guest, JOB)
