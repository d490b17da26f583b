"""Reference frames for the pages: whole, upright, smaller, under names that mean nothing outside a session. What a frame says of where it comes from stays in it."""

from __future__ import annotations

import functools
import hmac
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from answerprint.keep import write_whole
from answerprint.referencing.choosing import DECODERS, FOLDER, STILLS, digest_of
from answerprint.room import labels
from answerprint.room.asking import Crew, Room, room_of
from answerprint.room.doors import Guest
from answerprint.room.stage import media_id

if TYPE_CHECKING:
    from answerprint.model.records import Digest

__all__ = ["address", "named", "router", "size", "still_id"]

router = APIRouter()

HEIGHTS = (360, 1080)  #: lines: on a wall, and large
_WIDEST = 4  #: times the height: of a panorama no more is shown at once


def still_id(guest: Guest, file: str, digest: Digest) -> str:
    """What a frame is called in one session, as it lies there now; another picture under the same name is called otherwise."""
    return media_id(guest, f"reference {file} {digest}")


def address(id: str, height: int = HEIGHTS[0]) -> str:
    """Where a frame is to be had."""
    return f"/media/{id}/reference.jpg?h={height}"


def named(room: Room, guest: Guest, id: str) -> str:
    """The frame that a session calls so, as the production calls it.

    Raises: HTTPException 404: there is none, or another picture lies there by now.
    """
    folder, asked = room.house.production.path / FOLDER, id.encode("utf-8", "surrogatepass")
    there = sorted(path for path in folder.iterdir() if path.suffix.lower() in STILLS and path.is_file()) if folder.is_dir() else []
    for path in there:
        if hmac.compare_digest(still_id(guest, f"{FOLDER}/{path.name}", digest_of(path)).encode(), asked):
            return f"{FOLDER}/{path.name}"
    raise HTTPException(404, room.texts["frames_page"]["gone"])


@functools.lru_cache(maxsize=4096)
def _size(path: Path, digest: Digest) -> tuple[int, int] | None:
    from PIL import Image

    try:
        with Image.open(path, formats=DECODERS) as image:
            turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
            return (image.height, image.width) if turned else image.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def size(path: Path, digest: Digest) -> tuple[int, int] | None:
    """Pixels, upright; None where it is no picture that can be read."""
    return _size(path, digest)


@router.get("/media/{id}/reference.jpg", include_in_schema=False)
def reference(request: Request, guest: Crew, id: str, h: Annotated[int, Query()] = HEIGHTS[0]) -> Response:
    """A frame, whole."""
    room = room_of(request)
    path = room.house.production.path / named(room, guest, id)
    height = h if h in HEIGHTS else HEIGHTS[0]
    kept = room.house.viewing / f"still-{digest_of(path).rpartition(':')[2][:32]}-{height}.jpg"
    if not kept.is_file():
        write_whole(kept, _made(path, height))
    return labels.answer(kept, labels.of_still(room, path), caching="private, max-age=3600")


def _made(path: Path, height: int) -> bytes:
    """Raises: HTTPException 404: no picture."""
    import io

    from PIL import Image, ImageOps

    try:
        with Image.open(path, formats=DECODERS) as image:
            profile: Any = image.info.get("icc_profile") if image.mode == "RGB" else None
            image.draft("RGB", (height * _WIDEST, height))
            made = ImageOps.exif_transpose(image)
            if made.mode in ("RGBA", "LA", "P", "PA"):
                over = made.convert("RGBA")
                made = Image.alpha_composite(Image.new("RGBA", over.size, (0x26, 0x26, 0x26, 255)), over)
            made = made.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as cause:
        raise HTTPException(404) from cause
    made.thumbnail((height * _WIDEST, height), Image.Resampling.LANCZOS)
    more = {"icc_profile": profile} if profile else {}
    out = io.BytesIO()
    made.save(out, "JPEG", quality=88, **more)
    return out.getvalue()
