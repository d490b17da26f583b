"""What a picture of a page says of itself wherever somebody saves it to: one that shows something generated says so in its own bytes, by IPTC's digital source type. Others say nothing.

Pictures lie in the cache without a word; it goes into the bytes on their way out, because what is known of a medium may become more. No picture is encoded anew for it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fastapi.responses import FileResponse, Response

from answerprint import films, referencing, slots
from answerprint.desk import Desk
from answerprint.media import labelling, origin
from answerprint.model.records import AnswerprintError, Digest
from answerprint.model.time import round_half_up
from answerprint.referencing.choosing import digest_of
from answerprint.rights import PAPER
from answerprint.room.asking import Room
from answerprint.room.reads import when

if TYPE_CHECKING:
    from answerprint.plan import Unit

__all__ = ["answer", "composed", "labelled", "of_file", "of_film", "of_still", "of_unit"]

_KINDS = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}


def answer(picture: Path | bytes, says: str, *, kind: str = "", caching: str = "") -> Response:
    """A picture as it goes out.

    Args: says: origin.TRAINED, origin.COMPOSITE, or "" of one that shows nothing generated.  kind: "image/jpeg" where `picture` is no file that says it.
    """
    headers = {"cache-control": caching} if caching else None
    if isinstance(picture, Path):
        kind = kind or _KINDS[picture.suffix.lower()]
        if not says:
            return FileResponse(picture, media_type=kind, headers=headers)
        picture = picture.read_bytes()
    return Response(labelled(picture, says), media_type=kind or "image/jpeg", headers=headers)


def labelled(raw: bytes, says: str) -> bytes:
    """The same picture with the word in it; one that has a word already keeps its own."""
    if not says or b"digitalsourcetype/" in raw:
        return raw
    return labelling.label(raw, says) or raw


def composed(*parts: str) -> str:
    """What is said of a picture that was put together of several: "" where none of them is generated."""
    return origin.COMPOSITE if any(parts) else ""


def of_file(room: Room, file: str, digest: Digest | None = None) -> str:
    """What the production knows of a medium: origin.TRAINED, origin.COMPOSITE where only something in it was generated, or "".

    Args: file: as the production calls it.
    """
    known = slots.generated(_desk(room), file, digest)
    return "" if known is None else origin.COMPOSITE if known.some else origin.TRAINED


def of_still(room: Room, path: Path) -> str:
    """The same of a reference frame: also by the paper beside it."""
    file = path.relative_to(room.house.production.path).as_posix()
    return of_file(room, file, digest_of(path)) or (origin.TRAINED if referencing.is_generated(_desk(room), path) else "")


def of_unit(room: Room, unit: Unit | None) -> str:
    """The same of a clip of the shoot, by its own name or that of the camera original that it stands in for."""
    there = [one for one in (unit, unit.original) if one is not None] if unit is not None else []
    return next((says for one in there if (says := of_file(room, one.file, one.digest))), "")


def of_film(room: Room, film: films.Film, frame: int) -> str:
    """The same of one frame of a film, counted from the film's own first one. Of a film whose cut is another by now only all of it is known."""
    from answerprint.room.showing import desk_of

    desk = desk_of(room)
    try:
        cut = desk.cuts.get(film.version)
        if cut is not None and cut.seal == film.cut:
            at = [(round_half_up(one.start_s * film.rate), round_half_up((one.start_s + one.length_s) * film.rate)) for one in slots.shown(desk, cut)]
            return composed(*(origin.TRAINED for first, end in at if first <= frame < end))
    except (AnswerprintError, OSError):  # what cannot be read now was read when the film was made
        pass
    known = slots.labelled(desk.production)
    return composed(*(origin.TRAINED for one in film.inputs if one in known or (one in film.own and film.own[one].rpartition(": ")[2] in (origin.TRAINED, origin.COMPOSITE))))


def _desk(room: Room) -> Desk:
    """A desk that knows what is generated; another one once the shoot, what people and services said, or the list of rights is another."""
    table, production = room.house.table, room.house.production
    with room.house.reading() as record:
        said = (record.last_of_kind("proposal"), record.last_of_kind("remark")) if record is not None else (0, 0)
    now = (said, when(production.path / PAPER))
    held: tuple[object, object, Desk] | None = getattr(room, "labels", None)
    if held is None or held[0] is not table or held[1] != now:
        desk = Desk(production)
        vars(desk)["table"] = table
        vars(desk)["book"] = room.house.book
        held = (table, now, desk)
        room.labels = held  # type: ignore[attr-defined]
    return held[2]
