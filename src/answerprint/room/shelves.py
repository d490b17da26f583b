"""Pictures on the shelves of a stock slot: small ones of offers, candidates and what stands for it, and a clip to play, under names that mean nothing outside a session."""

from __future__ import annotations

import hmac
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import FileResponse, Response

from answerprint import filling, slots
from answerprint.desk import Desk
from answerprint.filling import stock
from answerprint.keep import KeepError, write_whole
from answerprint.model.records import AnswerprintError
from answerprint.room.asking import Crew, room_of
from answerprint.room.doors import Guest
from answerprint.room.showing import desk_of
from answerprint.room.stage import media_id

__all__ = ["CLIPS", "address", "router"]

router = APIRouter()

HEIGHTS = (270, 1080)  #: lines: on a shelf, and large
CLIPS = (".mp4", ".mov", ".m4v", ".webm", ".mkv")
_TYPES = {".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm", ".mkv": "video/x-matroska"}
_WIDEST = 4  #: times the height


def address(guest: Guest, seal: str, *, large: bool = False) -> str:
    """Where a picture of a medium is to be had, by its seal."""
    return f"/media/{media_id(guest, f'shelf {seal}')}/shelf.jpg?h={HEIGHTS[large]}"


def clip(guest: Guest, seal: str) -> str:
    """Where a clip is to be played from."""
    return f"/media/{media_id(guest, f'shelf {seal}')}/shelf.mp4"


def _there(desk: Desk) -> Iterator[tuple[str, Path | None]]:
    """Every seal that a shelf shows, with its file; None: it lies in keep/ alone."""
    for slot in slots.slots(desk):
        yield from ((one.preview, None) for one in stock.offers(desk, slot) if one.preview is not None)
        yield from ((one.digest, desk.path / one.file) for one in filling.candidates(desk, slot))
    yield from ((seal, desk.path / str(said["file"])) for seal, said in stock.fetched(desk.production).items())
    yield from ((one.digest, desk.path / one.file) for one in slots.servings(desk.production).values())


def _named(desk: Desk, guest: Guest, id: str) -> tuple[str, Path | None]:
    """Raises: HTTPException 404."""
    asked = id.encode("utf-8", "surrogatepass")
    for seal, path in _there(desk):
        if hmac.compare_digest(media_id(guest, f"shelf {seal}").encode(), asked) and (path is None or path.is_file()):
            return seal, path
    raise HTTPException(404)


@router.get("/media/{id}/shelf.jpg", include_in_schema=False)
def picture(request: Request, guest: Crew, id: str, h: Annotated[int, Query()] = HEIGHTS[0]) -> Response:
    """A picture of it, whole; of a clip its first frame. A label in the file stays in it."""
    room = room_of(request)
    desk = desk_of(room)
    seal, path = _named(desk, guest, id)
    height = h if h in HEIGHTS else HEIGHTS[0]
    kept = room.house.viewing / f"shelf-{seal.rpartition(':')[2][:32]}-{height}.jpg"
    if not kept.is_file():
        try:
            write_whole(kept, _made(desk, seal, path, height))
        except (KeepError, AnswerprintError) as cause:
            raise HTTPException(404) from cause
    return FileResponse(kept, media_type="image/jpeg", headers={"cache-control": "private, max-age=3600"})


@router.get("/media/{id}/shelf.mp4", include_in_schema=False)
def movie(request: Request, guest: Crew, id: str) -> Response:
    """A clip as it lies there, to play by range."""
    _, path = _named(desk_of(room_of(request)), guest, id)
    if path is None or path.suffix.lower() not in CLIPS:
        raise HTTPException(404)
    return FileResponse(path, media_type=_TYPES[path.suffix.lower()])


def _made(desk: Desk, seal: str, path: Path | None, height: int) -> bytes:
    """Raises: HTTPException 404: no picture.  KeepError, MediaError: it cannot be read."""
    from PIL import Image, ImageOps

    from answerprint.media import labelling, origin

    if path is not None and path.suffix.lower() in CLIPS:
        from answerprint.media.viewing import frame

        return frame(path, 0, height=height)
    raw: Any = path if path is not None else io.BytesIO(desk.production.keep.get(seal))
    try:
        with Image.open(raw, formats=("JPEG", "PNG", "WEBP")) as image:
            image.draft("RGB", (height * _WIDEST, height))
            made = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as cause:
        raise HTTPException(404) from cause
    made.thumbnail((height * _WIDEST, height), Image.Resampling.LANCZOS)
    more = {"xmp": labelling.packet(says)} if path is not None and (says := origin.generated(path)) else {}
    out = io.BytesIO()
    made.save(out, "JPEG", quality=88, **more)
    return out.getvalue()
