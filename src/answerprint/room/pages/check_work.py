"""What people do at Check: have a film looked at, stop that, bring a film, let go of it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Body, Query, Request

from answerprint.keep import disk_sentence
from answerprint.room import RoomError, checking
from answerprint.room.asking import Crew, Room, room_of
from answerprint.room.checking import Film
from answerprint.room.pages.check import asked, known_spec, session_name
from answerprint.turnover import safe_name

router = APIRouter()


@router.post("/api/check/start")
def start(request: Request, guest: Crew, film: Annotated[str, Body(max_length=80)], spec: Annotated[str, Body(max_length=80)] = "") -> dict[str, str]:
    """Have a film looked at, in the background; where it was looked at as it is now, that stands.

    Args: film: its name of this session.  spec: what it is held against; "" for none.
    """
    room = room_of(request)
    return {"film": film, "job": _start(room, asked(room, guest, film), spec)}


def _key(room: Room, film: Film, spec: str) -> str:
    """Raises: SpecError."""
    seals = checking.seals(checking.specs(room))
    return checking.key(film, seals[known_spec(seals, spec)])


def _start(room: Room, film: Film, name: str) -> str:
    key = _key(room, film, name)
    job = f"check {key}"
    if checking.found(room, key) is None:
        checking.clear(room, key)
        folder = checking.home(room) / key
        work = ["check", str(film.path), str(folder), "--production", str(room.house.production.path), f"--called={film.called}", f"--spec={name}",
                f"--expected={film.expected}"]  # fmt: skip
        room.jobs.start(job, film.called, work)
    return job


@router.post("/api/check/stop")
def stop(request: Request, guest: Crew, film: Annotated[str, Body(max_length=80)], spec: Annotated[str, Body(max_length=80)] = "") -> dict[str, bool]:
    """Stop looking; nothing of it is kept. What went wrong is put away."""
    room = room_of(request)
    room.jobs.stop(f"check {_key(room, asked(room, guest, film), spec)}")
    return {"stopped": True}


@router.post("/api/check/bring")
async def bring(request: Request, guest: Crew, name: Annotated[str, Query(max_length=200)]) -> dict[str, str]:
    """Bring a film into the cache, its bytes as they are, and have it looked at. Its own name says for which spec, or nothing does."""
    room = room_of(request)
    said = room.texts["check"]
    called = Path(name.replace("\\", "/")).name
    suffix = Path(called).suffix.lower()
    if suffix not in checking.MOVIES:
        raise RoomError(said["no_film"].format(file=called[:80], kinds=", ".join(checking.MOVIES)))
    folder = checking.home(room) / checking.BROUGHT
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if int(request.headers.get("content-length", "0")) > _free(folder):
            raise RoomError(said["no_room"].format(file=called[:80]))
        path = await _taken_in(request, folder, safe_name(Path(called).stem)[:120] + suffix)
    except OSError as cause:
        raise RoomError(disk_sentence(cause, called[:80])) from cause
    if path is None:
        raise RoomError(said["empty"].format(file=called[:80]))
    film = next(one for one in checking.films(room) if one.name == f"{checking.BROUGHT}/{path.name}")
    return {"film": session_name(guest, film), "job": _start(room, film, film.spec)}


def _free(folder: Path) -> int:
    import shutil

    return shutil.disk_usage(folder).free


async def _taken_in(request: Request, folder: Path, called: str) -> Path | None:
    """What the request brings, whole or not at all; None where it brings nothing. One of the same name makes room for it."""
    handle, part = tempfile.mkstemp(dir=folder, prefix=".brought-")
    try:
        size = 0
        with os.fdopen(handle, "wb") as file:
            async for chunk in request.stream():
                file.write(chunk)
                size += len(chunk)
        path = folder / called
        if size:
            os.replace(part, path)
        return path if size else None
    finally:
        Path(part).unlink(missing_ok=True)


@router.post("/api/check/forget")
def forget(request: Request, guest: Crew, film: Annotated[str, Body(embed=True, max_length=80)]) -> dict[str, bool]:
    """Let go of a film that somebody brought, and of what was found in it."""
    room = room_of(request)
    one = asked(room, guest, film)
    if one.kind != "brought":
        raise RoomError(room.texts["check"]["not_brought"].format(file=one.called))
    for seal in checking.seals(checking.specs(room)).values():
        key = checking.key(one, seal)
        room.jobs.stop(f"check {key}")
        checking.drop(room, key)
    one.path.unlink(missing_ok=True)
    return {"gone": True}
