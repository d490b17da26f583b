"""Sound: every sound that was cleaned, as it was recorded, cleaned, and what was removed: heard in step, with what was found and a person's answer."""

from __future__ import annotations

import io
import threading
import wave
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Body, HTTPException, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import FileResponse, Response

from answerprint import cleaning
from answerprint.keep import write_whole
from answerprint.room import RoomError
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.pages.playing import Clip, clip_of, laid
from answerprint.room.pieces import Piece, Work, begin, pieces, same, work
from answerprint.room.showing import desk_of
from answerprint.room.stage import media_id
from answerprint.room.words import on_a_page

if TYPE_CHECKING:
    from answerprint.cleaning import CleanedSound, Which

router = APIRouter()

WHAT: Literal["clean-up"] = "clean-up"
_WHICH: tuple[Which, ...] = ("original", "cleaned", "removed")
_BLOCK_S = 30  #: of sound that is read at once
_HEARD_HZ = 48_000
_making = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Way:
    """One of the three ways in which a sound is heard."""

    which: str
    heard: str | None  #: address; None where its disk is not connected
    strip: str  #: a picture of it: time, pitch from 40 Hz to 20 kHz, loudness


@dataclass(frozen=True, kw_only=True)
class Cleaned:
    """One sound."""

    file: str
    piece: Piece
    clip: Clip  #: its clock
    seconds: float
    ways: tuple[Way, ...]
    there: bool  #: whether the cleaned one is in the cache; where not, it can be made again
    found: tuple[str, ...]  #: what was found and taken down, in sentences, channel by channel
    says: tuple[str, ...]  #: what was left alone
    over: tuple[str, ...]  #: what nobody planned and is heard in it


@dataclass(frozen=True, kw_only=True)
class Mixed:
    """A version's sound laid out of the cleaned tracks: a file that somebody may choose as the mix."""

    file: str
    version: str
    piece: Piece
    cleaned: tuple[str, ...]
    as_recorded: tuple[str, ...]
    says: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SoundPage:
    """The page."""

    sounds: tuple[Cleaned, ...]  #: in the order in which each was first cleaned, which is the shooting order
    mixes: tuple[Mixed, ...]
    versions: tuple[str, ...]  #: with a cut, of which a mix can be laid
    work: Work
    may: bool
    seen: int


@router.get("/finish/sound", include_in_schema=False)
def page(request: Request, guest: Crew) -> Response:
    """The page."""
    found = view(room_of(request), guest)
    return show(request, "finish_sound.html", guest, here="finish", page=found, data={one.file: jsonable_encoder(one) for one in found.sounds}, seen=found.seen)


@router.get("/api/finish/sound")
def twin(request: Request, guest: Crew) -> SoundPage:
    """Every sound that was cleaned, and the mixes that were laid of them."""
    return view(room_of(request), guest)


def view(room: Room, guest: Guest) -> SoundPage:
    """The page as it stands now."""
    desk, book = desk_of(room), room.house.book
    known = {one.about: (made, one) for made, one in pieces(room.house.production, WHAT)}
    there = cleaning.cleaned(room.house.production, desk.shoot)
    sounds = tuple(_cleaned(room, guest, one, known[file][1]) for file, one in there.items())
    mixes = tuple(
        Mixed(file=about, version=str(made.values["mix"]), piece=piece, cleaned=tuple(made.values.get("cleaned", ())), as_recorded=tuple(made.values.get("as recorded", ())), says=piece.says)
        for about, (made, piece) in known.items() if "mix" in made.values and (desk.path / about).is_file()
    )  # fmt: skip
    return SoundPage(
        sounds=sounds, mixes=mixes, versions=tuple(one.name for one in desk.family.versions if one.name in desk.cuts), work=work(room, WHAT),
        may=book is not None and guest.person in book.people, seen=book.head.n if book else 0,
    )  # fmt: skip


def _cleaned(room: Room, guest: Guest, one: CleanedSound, piece: Piece) -> Cleaned:
    id = media_id(guest, f"cleaned {one.made.values['key']}")
    ways = tuple(Way(which=which, heard=f"/media/{id}/cleaned/{which}.wav" if _to_hear(one, which) else None, strip=f"/media/{id}/cleaned/{which}.png") for which in _WHICH)
    seconds = int(one.made.values["samples"]) / int(one.made.values["rate_hz"])
    return Cleaned(file=one.file, piece=piece, clip=clip_of(room, guest, laid(room).units[one.digest]), seconds=seconds, ways=ways, there=one.there,
                   found=tuple(_found(room.texts["sounds"], one.made.values)), says=piece.says,
                   over=tuple(room.texts["accidents"]["cleaned_over"].format(named=on_a_page(named)) for named in one.over))  # fmt: skip


def _to_hear(one: CleanedSound, which: Which) -> bool:
    path = one.sound(which)
    return one.there and path is not None and path.is_file()


def _found(said: Mapping[str, str], values: Mapping[str, Any]) -> Iterator[str]:
    """What was found in each channel, a sentence each."""
    for one in values["channels"]:
        if one["left_alone"]:
            continue
        parts = []
        before, after = one["floor_dbfs"]
        if before is not None and after is not None:
            parts.append(said["floor"].format(before=before, after=after))
        tones = ", ".join(f"{tone['hz']} Hz" for tone in one["tones"])
        if one["hum_hz"]:
            parts.append(said["hum"].format(hz=one["hum_hz"], tones=tones))
        elif tones:
            parts.append(said["tones"].format(tones=tones))
        if one["clicks"]:
            parts.append(said["clicks"].format(count=one["clicks"], at=", ".join(one["clicks_at"])))
        if one["gaps"]:
            parts.append(said["gaps"].format(count=len(one["gaps"]), at=", ".join(gap["at"] for gap in one["gaps"][:8])))
        yield said["channel"].format(channel=one["channel"], found=" ".join(parts) or said["nothing"])


# ---- what is heard and seen of it


def _one(request: Request, guest: Guest, id: str) -> CleanedSound:
    room = room_of(request)
    for one in cleaning.cleaned(room.house.production, desk_of(room).shoot).values():
        if same(media_id(guest, f"cleaned {one.made.values['key']}"), id):
            return one
    raise HTTPException(404)


@router.get("/media/{id}/cleaned/{which}.png", include_in_schema=False)
def strip(request: Request, guest: Crew, id: str, which: Literal["original", "cleaned", "removed"]) -> Response:
    """A picture of a sound."""
    path = _one(request, guest, id).folder / f"{which}.png"
    if not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, media_type="image/png")


@router.get("/media/{id}/cleaned/{which}.wav", include_in_schema=False)
def heard(request: Request, guest: Crew, id: str, which: Literal["original", "cleaned", "removed"]) -> Response:
    """A sound to hear, by range: the mean of its channels, as every browser plays it. The file itself stays as it is."""
    one = _one(request, guest, id)
    path = one.sound(which)
    if not _to_hear(one, which) or path is None:
        raise HTTPException(404)
    kept = room_of(request).house.viewing / f"clean-{str(one.made.values['key'])[:32]}-{which}.wav"
    with _making:
        if not kept.is_file():
            write_whole(kept, _mono(path, seconds=Fraction(int(one.made.values["samples"]), int(one.made.values["rate_hz"]))))
    return FileResponse(kept, media_type="audio/wav")


def _mono(path: Path, *, seconds: Fraction) -> bytes:
    import numpy as np

    from answerprint.media import audio
    from answerprint.media.probe import probe

    info, out, at = probe(path), io.BytesIO(), Fraction(0)
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_HEARD_HZ)
        while at < seconds:
            block = audio.read(path, info, start_s=at, duration_s=min(Fraction(_BLOCK_S), seconds - at), rate_hz=_HEARD_HZ).mono()
            file.writeframes(np.rint(np.clip(block, -1, 1) * 32767).astype("<i2").tobytes())
            at += _BLOCK_S
    return out.getvalue()


# ---- having it made


@router.post("/api/finish/sound/start")
def start(request: Request, guest: Crew, version: Annotated[str, Body(max_length=120)] = "", stems: Annotated[bool, Body()] = False) -> dict[str, str]:
    """Clean every sound that is heard in an attempt, in the background; or lay a version's sound out of the cleaned tracks.

    Args: version: whose cut's sound is laid; "" to clean alone.  stems: dialogue, music and effects one after the other.
    """
    room = room_of(request)
    if not version:
        return begin(room, guest, WHAT, "clean", ())
    desk = desk_of(room)
    name = desk.family[version].name
    if name not in desk.cuts:
        raise RoomError(on_a_page(desk.cut_problems.get(name) or room.texts["finish"]["no_cut"].format(version=name)))
    return begin(room, guest, WHAT, "mix", ["--version", name, *(("--stems",) if stems else ())])
