"""Shots of the library for the pages: their frame, and frames along them, under names that mean nothing outside a session. Never a path, and never a file as it lies on a disk."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from answerprint import shelving
from answerprint.keep import KeepError, write_whole
from answerprint.library import LibraryError
from answerprint.media import origin
from answerprint.model.records import AnswerprintError
from answerprint.rights import RightsError
from answerprint.room import RoomError, labels
from answerprint.room.asking import Crew, Room, room_of
from answerprint.room.doors import Guest
from answerprint.room.stage import media_id
from answerprint.shelving.searching import matches

if TYPE_CHECKING:
    from answerprint.library.columns import Hit

__all__ = ["FRAMES", "LIBRARY", "afar", "closed", "from_afar", "hit", "outside", "picture", "router", "shot_id", "strip"]

router = APIRouter()

LIBRARY = "library"  #: what the work of taking a folder in is called
FRAMES = 12  #: of a strip: of a shot of three seconds one every quarter of a second
_WIDTHS = (320, 960)  #: pixels of the long side of one frame: over the wall, and large
_OUTSIDE = {"agency", "client"}
_ID = re.compile(r"(\d{1,12})-([\w-]{20})")


def closed(room: Room, guest: Guest) -> str:
    """Why somebody sees none of the library, in a sentence; "" for whoever may. It holds other productions' footage: whoever sits only for the agency or the client sees none of it."""
    return str(room.texts["library_page"]["closed"]) if outside(room, guest) else ""


def outside(room: Room, guest: Guest) -> bool:
    """Whether somebody sits here for the agency or the client alone, or in no seat at all."""
    book = room.house.book
    person = book.people.get(guest.person or "") if book is not None else None
    invited = room.doors.invitation(guest.invitation or "") if person is None else None
    roles = person.roles if person is not None else invited.roles if invited is not None else ()
    seats = [one for one in roles if _OUTSIDE & set(re.findall(r"[a-z]+", one.casefold()))]
    nobody = person is None and invited is None and not guest.here
    return nobody or (bool(seats) and len(seats) == len(roles))


def from_afar(says: str) -> str:
    """A sentence with the library's folders by their names: where they lie on the machine concerns nobody who is invited."""
    places = [str(shelving.home())]
    with contextlib.suppress(AnswerprintError, OSError), shelving.Shelf() as shelf:
        places += shelf.index.roots()
    for place in sorted(places, key=len, reverse=True):
        says = says.replace(place, Path(place).name or place)
    return says


@contextlib.contextmanager
def afar() -> Iterator[None]:
    """What is wrong with the library is said by the names of its folders.

    Raises: RoomError: a list of its rights cannot be read, for example.
    """
    try:
        yield
    except (LibraryError, RightsError) as error:
        raise RoomError(from_afar(str(error))) from error


def shot_id(guest: Guest, n: int, digest: str) -> str:
    """What a shot of the index is called in one session."""
    return f"{n}-{media_id(guest, f'library {n} {digest}')}"


def picture(id: str, *, large: bool = False) -> str:
    """Where the frame of a shot is; large only of what is connected."""
    return f"/media/{id}/shot.jpg" + ("?large=true" if large else "")


def strip(id: str, *, large: bool = False) -> str:
    """Where the frames along a shot are, side by side in one picture."""
    return f"/media/{id}/strip.jpg" + ("?large=true" if large else "")


def hit(shelf: shelving.Shelf, guest: Guest, id: str) -> Hit | None:
    """The shot that a session calls so; None where there is none, or its file was read anew since."""
    named = _ID.fullmatch(id)
    found = shelf.index.hits([int(named[1])]) if named else []
    return found[0] if found and hmac.compare_digest(shot_id(guest, found[0].n, found[0].digest).encode(), id.encode()) else None


def _found(room: Room, shelf: shelving.Shelf, guest: Guest, id: str) -> Hit:
    """Raises: HTTPException 404."""
    found = None if closed(room, guest) else hit(shelf, guest, id)
    if found is None:
        raise HTTPException(404)
    return found


@router.get("/media/{id}/shot.jpg", include_in_schema=False)
def frame(request: Request, guest: Crew, id: str, large: Annotated[bool, Query()] = False) -> Response:
    """Its frame as the library keeps it; a still that is connected also larger."""
    with shelving.Shelf() as shelf:
        found = _found(room_of(request), shelf, guest, id)
        kept, says = shelf.index.preview(found.n), _says(shelf, found)
    path = Path(found.path)
    if large and found.info.get("kind") == "still" and path.is_file():
        kept = _larger(path) or kept
    if kept is None:
        raise HTTPException(404)
    return labels.answer(kept, says, caching="private, max-age=3600")


@router.get("/media/{id}/strip.jpg", include_in_schema=False)
def frames(request: Request, guest: Crew, id: str, large: Annotated[bool, Query()] = False) -> Response:
    """Frames along it, decoded the first time that somebody looks, and kept."""
    room = room_of(request)
    with shelving.Shelf() as shelf:
        found = _found(room, shelf, guest, id)
        says = _says(shelf, found)
    width = _WIDTHS[large]
    name = hashlib.sha256(f"{found.digest} {found.in_s} {found.out_s} {width} {FRAMES}".encode()).hexdigest()[:32]
    kept = room.house.viewing / f"strip-{name}.jpg"
    if not kept.is_file():
        try:
            write_whole(kept, _made(Path(found.path), found, width))
        except (AnswerprintError, KeepError) as cause:
            raise HTTPException(404) from cause  # its disk went away: the frame that the library keeps stays
    return labels.answer(kept, says, caching="private, max-age=3600")


def _says(shelf: shelving.Shelf, found: Hit) -> str:
    """What a picture of a shot says of itself: its file's own word, else that somebody listed it as generated."""
    if says := origin.generated(Path(found.path)):
        return says
    try:
        return origin.TRAINED if any(one.generated for one in matches(shelf, [found.n])) else ""
    except RightsError:  # a list that cannot be read says nothing, and the page says that
        return ""


def _made(path: Path, found: Hit, width: int) -> bytes:
    from answerprint.library import strips
    from answerprint.media.probe import probe

    video = probe(path).video
    return strips.strip(path, strips.along(found.in_s, found.out_s, FRAMES), long_px=width, rotation_deg=video.rotation_deg if video is not None else 0)


def _larger(path: Path) -> bytes:
    import io

    from PIL import Image, ImageOps

    try:
        with Image.open(path, formats=("JPEG", "PNG", "WEBP", "TIFF")) as image:
            image.draft("RGB", (2 * _WIDTHS[1], 2 * _WIDTHS[1]))
            made = ImageOps.exif_transpose(image).convert("RGB")
            made.thumbnail((2 * _WIDTHS[1], _WIDTHS[1]))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return b""
    out = io.BytesIO()
    made.save(out, "JPEG", quality=88)
    return out.getvalue()
