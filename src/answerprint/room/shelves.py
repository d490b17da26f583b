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
from answerprint.calling import own
from answerprint.desk import Desk
from answerprint.filling import stock
from answerprint.keep import KeepError, write_whole
from answerprint.media import origin
from answerprint.model.records import AnswerprintError
from answerprint.room import footage, labels
from answerprint.room.asking import Crew, Room, room_of
from answerprint.room.doors import Guest
from answerprint.room.showing import desk_of
from answerprint.room.stage import media_id

__all__ = ["CLIPS", "address", "clip", "offers", "router"]

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


def offers(room: Room, guest: Guest, desk: Desk, slot: slots.StockSlot) -> tuple[stock.Offered, ...]:
    """What services offered for a slot, for whoever looks: what one's own library offered, and nobody brought, is other productions' footage."""
    shut = footage.closed(room, guest)
    return tuple(one for one in stock.offers(desk, slot) if not shut or one.file or not one.name.startswith(f"{own.NAME}-"))


def _there(room: Room, guest: Guest, desk: Desk) -> Iterator[tuple[str, str]]:
    """Every seal that a shelf shows to somebody, with its file; "": it lies in keep/ alone."""
    for slot in slots.slots(desk):
        yield from ((one.preview, "") for one in offers(room, guest, desk, slot) if one.preview is not None)
        yield from ((one.digest, one.file) for one in filling.candidates(desk, slot))
    yield from ((seal, str(said["file"])) for seal, said in stock.fetched(desk.production).items())
    yield from ((one.digest, one.file) for one in slots.servings(desk.production).values())


def _named(room: Room, guest: Guest, desk: Desk, id: str) -> tuple[str, str]:
    """Raises: HTTPException 404."""
    asked = id.encode("utf-8", "surrogatepass")
    for seal, file in _there(room, guest, desk):
        if hmac.compare_digest(media_id(guest, f"shelf {seal}").encode(), asked) and (not file or (desk.path / file).is_file()):
            return seal, file
    raise HTTPException(404)


@router.get("/media/{id}/shelf.jpg", include_in_schema=False)
def picture(request: Request, guest: Crew, id: str, h: Annotated[int, Query()] = HEIGHTS[0]) -> Response:
    """A picture of it, whole; of a clip its first frame. What was generated says so in it."""
    room = room_of(request)
    desk = desk_of(room)
    seal, file = _named(room, guest, desk, id)
    path = desk.path / file if file else None
    height = h if h in HEIGHTS else HEIGHTS[0]
    kept = room.house.viewing / f"shelf-{seal.rpartition(':')[2][:32]}-{height}.jpg"
    if not kept.is_file():
        try:
            write_whole(kept, _made(desk, seal, path, height))
        except (KeepError, AnswerprintError) as cause:
            raise HTTPException(404) from cause
    says = labels.of_file(room, file, seal) if file else origin.generated(room.house.production.keep.path(seal))  # an offer says what came with it
    return labels.answer(kept, says, caching="private, max-age=3600")


@router.get("/media/{id}/shelf.mp4", include_in_schema=False)
def movie(request: Request, guest: Crew, id: str) -> Response:
    """A clip as it lies there, to play by range."""
    room = room_of(request)
    _, file = _named(room, guest, desk_of(room), id)
    path = room.house.production.path / file
    if not file or path.suffix.lower() not in CLIPS:
        raise HTTPException(404)
    return FileResponse(path, media_type=_TYPES[path.suffix.lower()])


def _made(desk: Desk, seal: str, path: Path | None, height: int) -> bytes:
    """Raises: HTTPException 404: no picture.  KeepError, MediaError: it cannot be read."""
    from PIL import Image, ImageOps

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
    out = io.BytesIO()
    made.save(out, "JPEG", quality=88)
    return out.getvalue()
