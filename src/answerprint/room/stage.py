"""Pictures and sound for the pages, under names that mean nothing outside a session: never a path, never a digest.

A crew member's session may see every clip; a client's sees only the version that its link is for.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import threading
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import FileResponse, Response

from answerprint.keep import write_whole
from answerprint.model.time import floor_frames
from answerprint.plan import Unit
from answerprint.room import labels
from answerprint.room.asking import Anybody, Crew, Room, room_of
from answerprint.room.doors import Guest

if TYPE_CHECKING:
    from answerprint.assistant import Table

__all__ = ["media_id", "movie_of", "picture", "router", "sound_peaks"]

router = APIRouter()

HEIGHTS = (90, 180, 360, 720)  #: lines in which a frame is given
_FONTS = {
    "sans.ttf": ("fontpkg_source_sans_3", "SourceSans3[wght].ttf"),
    "serif.ttf": ("fontpkg_source_serif_4", "SourceSerif4[opsz,wght].ttf"),
    "serif-italic.ttf": ("fontpkg_source_serif_4", "SourceSerif4-Italic[opsz,wght].ttf"),
    "type.ttf": ("fontpkg_ibm_plex_mono", "IBMPlexMono-Regular.ttf"),
}
_SESSIONS = 64  #: of which the names of all media are remembered
_making: dict[Path, threading.Lock] = {}
_making_lock = threading.Lock()


@router.get("/static/fonts/{name}", include_in_schema=False)
def font(name: str) -> Response:
    """A typeface from its package."""
    if name not in _FONTS:
        raise HTTPException(404)
    package, file = _FONTS[name]
    return FileResponse(str(files(package) / "files" / file), media_type="font/ttf", headers={"cache-control": "public, max-age=86400"})


# ---- names


@functools.lru_cache(maxsize=200_000)
def _named(form: str, name: str) -> str:
    digest = hmac.new(form.encode(), name.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:15]).decode("ascii")


def media_id(guest: Guest, name: str) -> str:
    """What a medium is called in one session; it means nothing in another."""
    return _named(guest.form, name)


def picture(guest: Guest, unit: Unit, frame: int, height: int = 180) -> str:
    """The address of one frame of a clip."""
    return f"/media/{media_id(guest, unit.digest)}/frame/{max(frame, 0)}.jpg?h={height}"


def movie_of(guest: Guest, unit: Unit) -> str:
    """The address of a clip's movie: its proxy, with the recorder's sound where it is synced."""
    return f"/media/{media_id(guest, unit.digest)}/movie.mp4"


def _unit(room: Room, guest: Guest, id: str) -> tuple[Table, Unit]:
    table = room.house.table
    held: tuple[Table, dict[str, Unit]] | None = room.stage.get(guest.form)
    if held is None or held[0] is not table:
        held = (table, {media_id(guest, unit.digest): unit for unit in table.shoot.units})
        if len(room.stage) >= _SESSIONS:
            room.stage.pop(next(iter(room.stage)), None)
        room.stage[guest.form] = held
    if id not in held[1]:
        raise HTTPException(404)
    return table, held[1][id]


def _proxy(room: Room, table: Table, unit: Unit) -> Path:
    found = table.shoot.plan.artefacts(unit, room.house.production.cache).get("picture/proxy.mp4")
    if found is None:
        raise HTTPException(404)
    return found


# ---- what is served


@router.get("/media/{id}/frame/{frame}.jpg", include_in_schema=False)
def frame(request: Request, guest: Crew, id: str, frame: int, h: Annotated[int, Query()] = 180) -> Response:
    """One frame, whole."""
    room = room_of(request)
    table, unit = _unit(room, guest, id)
    proxy = _proxy(room, table, unit)
    height = h if h in HEIGHTS else HEIGHTS[1]
    video = unit.info.video
    if video is None or not 0 <= frame < floor_frames(video.duration_s, video.rate) + 2:  # a container's length may be one frame short of what decodes
        raise HTTPException(404)
    kept = room.house.viewing / f"{unit.digest.split(':')[1][:32]}-{frame}-{height}.jpg"
    if not kept.is_file():
        from answerprint.media.viewing import frame as one

        write_whole(kept, one(proxy, frame, height=height))
    return labels.answer(kept, labels.of_unit(room, unit))


@router.get("/media/{id}/movie.mp4", include_in_schema=False)
def movie(request: Request, guest: Crew, id: str) -> Response:
    """A clip to play, by range."""
    room = room_of(request)
    table, unit = _unit(room, guest, id)
    if not unit.is_clip:
        return FileResponse(_sound_file(room, table, unit), media_type="audio/wav")
    return FileResponse(viewing(room, table, unit), media_type="video/mp4")


def viewing(room: Room, table: Table, unit: Unit) -> Path:
    """The movie that a page plays for a clip; made the first time it is wanted."""
    proxy = _proxy(room, table, unit)
    shot = table.whole(unit)
    if shot.sound is None:
        return proxy
    sound = shot.sound
    name = hashlib.sha256(f"{proxy.parent.name} {sound.path.parent.name} {sound.offset_s} {sound.drift_ppm}".encode()).hexdigest()[:32]
    out = room.house.viewing / f"{name}.mp4"
    if out.is_file():
        return out
    with _making_lock:
        lock = _making.setdefault(out, threading.Lock())
    with lock:
        if not out.is_file():
            from answerprint.media.viewing import with_sound

            with_sound(shot, out)
    return out


def _sound_file(room: Room, table: Table, unit: Unit) -> Path:
    """A recorder file as a browser plays it: its mono mix as WAV."""
    import io
    import wave

    import numpy as np

    found = table.shoot.plan.artefacts(unit, room.house.production.cache).get("listen/sound.npy")
    if found is None:
        raise HTTPException(404)
    out = room.house.viewing / f"{unit.digest.split(':')[1][:32]}.wav"
    if not out.is_file():
        whole = np.load(found, mmap_mode="r")
        buffer = io.BytesIO()
        with wave.open(buffer, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(48_000)
            file.writeframes(np.ascontiguousarray(whole, dtype="<i2").tobytes())
        write_whole(out, buffer.getvalue())
    return out


@router.get("/api/peaks/{id}")
def peaks(
    request: Request, guest: Crew, id: str, start_s: Annotated[float, Query(ge=0)] = 0.0, end_s: Annotated[float, Query(gt=0, le=36_000)] = 3600.0,
    columns: Annotated[int, Query(ge=10, le=4000)] = 800,
) -> dict[str, Any]:  # fmt: skip
    """The wave of a stretch of a clip or sound, as the recorder heard it: lowest and highest of each column, -127 to 127."""
    room = room_of(request)
    table, unit = _unit(room, guest, id)
    return {"columns": sound_peaks(room, table, unit, start_s, end_s, columns)}


def sound_peaks(room: Room, table: Table, unit: Unit, start_s: float, end_s: float, columns: int) -> list[list[int]]:
    """Lowest and highest sample of each of so many columns; empty where there is no sound."""
    import numpy as np

    made = table.shoot.plan.artefacts
    cache = room.house.production.cache
    begin, path = Fraction(0), made(unit, cache).get("listen/peaks.npy")
    if unit.is_clip:
        shot = table.whole(unit)
        path = made(unit, cache).get("picture/peaks.npy")
        if shot.sound is not None:
            path, begin = shot.sound.path.parent / "peaks.npy", shot.sound.offset_s
    if path is None or not path.is_file() or end_s <= start_s:
        return []
    whole = np.load(path, mmap_mode="r")
    edges = np.linspace((float(begin) + start_s) * 100, (float(begin) + end_s) * 100, columns + 1)
    out = []
    for low, high in zip(np.floor(edges[:-1]).astype(int), np.ceil(edges[1:]).astype(int), strict=True):
        part = whole[max(low, 0) : max(min(high, len(whole)), 0)]
        out.append([int(part[:, 0].min()), int(part[:, 1].max())] if len(part) else [0, 0])
    return out


__all__ += ["Anybody", "viewing"]
