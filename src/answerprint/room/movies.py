"""The movie of a cut, made from the proxies and watermarked NOT SIGNED.

It is made in the background by somebody's first look, one at a time, and kept by the cut's seal.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, Response

from answerprint.keep import write_whole
from answerprint.model.records import AnswerprintError
from answerprint.room import labels
from answerprint.room.asking import Crew, Room, room_of
from answerprint.room.doors import Guest
from answerprint.room.pages.playing import Clip
from answerprint.room.showing import Showing, desk_of, showing, shown_by, words_under
from answerprint.room.stage import HEIGHTS, media_id
from answerprint.room.words import on_a_page

__all__ = ["address", "called", "clip", "file", "progress", "ready", "router", "words"]

router = APIRouter()

AGAIN_S = 30.0  #: a movie that went wrong is said for so long, then tried again by the next look: a disk may be back


@dataclass
class _Making:
    done: float = 0.0
    wrong: str | None = None
    at: float = 0.0  #: when it went wrong


_making: dict[Path, _Making] = {}
_lock = threading.Lock()
_one_at_a_time = threading.Lock()


def ready(room: Room, shown: Showing) -> bool:
    """Whether its movie is there; the first one who asks has it made."""
    if shown.movie.is_file() and shown.peaks.is_file():
        return True
    if shown.frames == 0:
        return False
    with _lock:
        held = _making.get(shown.movie)
        if held is not None and (held.wrong is None or time.monotonic() - held.at < AGAIN_S):
            return False
        _making[shown.movie] = _Making()
    threading.Thread(target=_make, args=(room, shown), daemon=True, name=f"showing {shown.file}").start()
    return False


def progress(room: Room) -> dict[str, Any]:
    """How far each movie is that is being made now: cut's movie -> share done, or what went wrong."""
    home = room.house.production.inside / "cache" / "viewing"
    with _lock:
        return {path.stem: one.wrong or round(one.done, 2) for path, one in _making.items() if path.parent == home}


def _make(room: Room, shown: Showing) -> None:
    making = _making[shown.movie]

    def told(done: float) -> None:
        making.done = done

    try:
        with contextlib.suppress(AttributeError, OSError):  # whoever looks at a page goes before what is made for a later one
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
        with _one_at_a_time:
            from answerprint.room.printing import print_movie

            print_movie(room, shown, told)
        with _lock:
            _making.pop(shown.movie, None)
    except (AnswerprintError, OSError, ValueError, MemoryError) as error:  # it is said on the page, and tried again by a later look
        making.wrong, making.at = on_a_page(str(error)) or "there is not enough memory for this movie.", time.monotonic()


def called(guest: Guest, movie: Path) -> str:
    """What a cut's movie is called in one session."""
    return media_id(guest, f"cut {movie.stem}")


def address(guest: Guest, shown: Showing) -> str:
    """The address of a cut's movie in one session."""
    return f"/media/{called(guest, shown.movie)}/cut.mp4"


def clip(guest: Guest, shown: Showing, *, kind: str = "cut") -> Clip:
    """A cut's movie as the player takes it.

    Args: kind: of which its words and its wave are asked, "cut" or "idea".
    """
    rate = (shown.rate.numerator, shown.rate.denominator)
    return Clip(id=f"{kind}/{called(guest, shown.movie)}", movie=address(guest, shown), picture=True, rate=rate, frames=shown.frames, timecode=str(shown.start), timecode_rate=rate)


def words(room: Room, guest: Guest, id: str, files: Iterable[str]) -> list[dict[str, Any]] | None:
    """Every word that is heard in the cut among these files whose movie is so called in this session; None where none is."""
    desk = desk_of(room)
    for one in files:
        try:
            shown = showing(room, desk, one)
        except (AnswerprintError, OSError):
            continue
        if hmac.compare_digest(called(guest, shown.movie).encode(), id.encode("utf-8", "surrogatepass")):
            return [{"text": text, "in_s": start, "out_s": end} for start, end, text in words_under(room, shown)]
    return None


def file(room: Room, guest: Guest, id: str) -> Path:
    """The movie that an address means.

    Raises: HTTPException 404: there is none of that name in this session.
    """
    for path in room.house.viewing.glob("cut-*.mp4"):
        if hmac.compare_digest(called(guest, path).encode(), id.encode("utf-8", "surrogatepass")):
            return path
    raise HTTPException(404)


@router.get("/media/{id}/cut.mp4", include_in_schema=False)
def movie(request: Request, guest: Crew, id: str) -> Response:
    """A cut to play, by range."""
    return FileResponse(file(room_of(request), guest, id), media_type="video/mp4")


@router.get("/media/{id}/cut/{frame}.jpg", include_in_schema=False)
def still(request: Request, guest: Crew, id: str, frame: int, h: int = 180) -> Response:
    """One frame of a cut's movie, whole."""
    room = room_of(request)
    path = file(room, guest, id)
    if frame < 0:
        raise HTTPException(404)
    kept = path.with_name(f"{path.stem}-{frame}-{h if h in HEIGHTS else 180}.jpg")
    if not kept.is_file():
        from answerprint.media.viewing import frame as one

        write_whole(kept, one(path, frame, height=h if h in HEIGHTS else 180))
    shown = shown_by(room, path)
    seen = next((shot.unit for shot in shown.shots if shot.shown.start <= frame < shot.shown.end), None) if shown is not None else None
    return labels.answer(kept, labels.of_unit(room, seen))
