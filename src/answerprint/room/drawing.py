"""A remark or an objection on one frame of a cut, and a drawing on it: how both are named, and how a drawing is kept.

What they are on is written "frame:cuts/v03.otio@123", with "#blake3:..." behind it where something was drawn. The drawing is an SVG made here
from the strokes' points, never from text that somebody sent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from answerprint.keep import KeepError
from answerprint.model.records import Digest
from answerprint.room import RoomError
from answerprint.room.asking import Crew, room_of

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["OnFrame", "drawn", "on", "read", "router"]

router = APIRouter()

MAX_STROKES, MAX_POINTS = 64, 2000  #: of a drawing: more is a picture, and belongs into a note's words
_ON = re.compile(r"frame:(?P<file>[^@]+)@(?P<frame>\d{1,7})(?:#(?P<drawing>blake3:[0-9a-f]{64}))?\Z")
_HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1600 900" fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round" stroke-linejoin="round">'


@dataclass(frozen=True, kw_only=True)
class OnFrame:
    """One frame of a cut, and what was drawn on it."""

    file: str
    frame: int
    drawing: Digest | None = None


def on(file: str, frame: int, drawing: Digest | None = None) -> str:
    """The frame as an objection or a remark names it."""
    return f"frame:{file}@{frame}" + (f"#{drawing}" if drawing else "")


def read(text: str) -> OnFrame | None:
    """The frame that was named so; None where something else was."""
    found = _ON.match(text)
    return OnFrame(file=found["file"], frame=int(found["frame"]), drawing=found["drawing"]) if found else None


def drawn(production: Production, strokes: Sequence[Sequence[tuple[float, float]]]) -> Digest | None:
    """Keep a drawing; None where nothing was drawn.

    Args:   strokes: points (x, y), each 0 to 1 from the picture's left and top.
    Raises: RoomError: it has too many strokes or points, or a point outside the picture.
    """
    strokes = [one for one in strokes if one]
    if not strokes:
        return None
    if len(strokes) > MAX_STROKES or sum(map(len, strokes)) > MAX_POINTS:
        raise RoomError(f"a drawing on a frame has at most {MAX_STROKES} strokes of {MAX_POINTS} points in all. Say the rest in words.")
    if any(not (0 <= x <= 1 and 0 <= y <= 1) for one in strokes for x, y in one):
        raise RoomError("a stroke leaves the picture. Draw inside it.")
    lines = "".join(f'<path d="M{"L".join(f"{round(x * 1600)} {round(y * 900)}" for x, y in (one if len(one) > 1 else [*one, *one]))}"/>' for one in strokes)
    return production.keep.put(f"{_HEAD}{lines}</svg>".encode("ascii"))


@router.get("/media/drawing/{name}.svg", include_in_schema=False)
def drawing(request: Request, guest: Crew, name: str) -> Response:
    """A drawing, as it was kept."""
    digest = f"blake3:{name}"
    if _ON.match(f"frame:x@0#{digest}") is None:
        raise HTTPException(404)
    try:
        raw = room_of(request).house.production.keep.get(digest)
    except KeepError:
        raise HTTPException(404) from None
    if not raw.startswith(_HEAD.encode("ascii")):
        raise HTTPException(404)
    return Response(raw, media_type="image/svg+xml")
