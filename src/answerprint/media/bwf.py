"""Broadcast WAV: what a recorder wrote beside the sound (EBU Tech 3285 bext, iXML), as its chunks say it. `bwf_writing` writes the same.

Our own chunk reader, because bext and iXML come before the sound or after it, sizes lie, pads are forgotten, and a polyphonic
roll is larger than 4 GB (RF64 and BW64, EBU Tech 3306, ITU-R BS.2088). The sound itself is never read here.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

from answerprint.media import MediaError
from answerprint.media.bwf_writing import WHOLE, described, write
from answerprint.media.container import reading, shown
from answerprint.media.sidexml import Element, named, parse, text_of
from answerprint.model.records import Bext, Track
from answerprint.model.time import TimecodeError, parse_rate

__all__ = ["Wave", "carried", "described", "look", "read", "write"]

_CHUNK_LIMIT = 4 * 2**20  #: of bext and iXML; a coding history of years stays under 100 kB
_BEXT_FIXED = 602


@dataclass(frozen=True, kw_only=True)
class Wave:
    """What the chunks of one file say. `bext` is None where there is neither bext nor iXML."""

    bext: Bext | None
    project: str | None = None
    rate_hz: int | None = None
    channels: int | None = None
    data_bytes: int = 0  #: that are really there
    declared_bytes: int = 0  #: that the header announces
    file_uid: str | None = None
    notes: tuple[str, ...] = ()


@dataclass
class _Found:
    """Collects while the chunks pass by."""

    size: int
    bext: bytes | None = None
    ixml: bytes | None = None
    fmt: bytes = b""
    data_bytes: int = 0
    declared_bytes: int = 0
    ds64_data: int | None = None
    notes: list[str] = field(default_factory=list)


def read(path: Path) -> Bext | None:
    """What the recorder wrote, or None where the file is no WAV or says nothing.

    Raises: MediaError where the file cannot be opened.
    """
    wave = look(path)
    return wave.bext if wave else None


def look(path: Path) -> Wave | None:
    """The chunks of a WAV, RF64 or BW64 file; None for another kind of file.

    Broken chunks become notes: what can be read is returned.   Raises: MediaError where the file cannot be opened.
    """
    with reading(path), open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        head = file.read(12)
        if len(head) < 12 or head[:4] not in (b"RIFF", b"RF64", b"BW64") or head[8:12] != b"WAVE":
            return None
        found = _Found(size=size)
        for name, at, length in _chunks(file, found):
            if name in (b"bext", b"iXML", b"fmt ", b"ds64"):
                file.seek(at)
                _take(name, file.read(min(length, _CHUNK_LIMIT)), length, found)
    return _wave(found, shown(path))


def carried(path: Path, bext: Bext | None, *, rate_hz: int, channels: int) -> tuple[tuple[bytes, bytes], ...]:
    """The bext and iXML of a file byte for byte, for a copy of its sound; made from `bext` where the file has neither.

    Raises: MediaError where the file cannot be opened.
    """
    with reading(path), open(path, "rb") as file:
        found = _Found(size=os.fstat(file.fileno()).st_size)
        for name, at, length in _chunks(file, found) if file.read(12)[8:] == b"WAVE" else ():
            if name in (b"bext", b"iXML"):
                file.seek(at)
                _take(name, file.read(min(length, _CHUNK_LIMIT)), length, found)
    kept = tuple((name, raw) for name, raw in ((b"bext", found.bext), (b"iXML", found.ixml)) if raw is not None)
    return kept or (described(bext, rate_hz=rate_hz, channels=channels) if bext is not None else ())


def _chunks(file: BinaryIO, found: _Found) -> Iterator[tuple[bytes, int, int]]:
    """Name, place and length of every chunk; the length of the sound is set right on the way."""
    at = 12
    while at + 8 <= found.size:
        file.seek(at)
        name, length = struct.unpack("<4sI", file.read(8))
        here = at + 8
        if not _plausible(name):
            if name.strip(b"\0"):
                found.notes.append(f"after byte {at} there are no more chunks, only something else")
            return
        if name == b"data":
            if length == WHOLE and found.ds64_data is not None:
                length = found.ds64_data
            there = found.size - here
            if length == 0 and there > 8 and not _chunk_follows(file, here, found.size):
                found.notes.append(
                    "the recorder was stopped before it wrote how long the sound is; everything in the file is taken as sound"
                )
                length = there
            found.declared_bytes, found.data_bytes = length, min(length, there)
        elif here + length > found.size:
            found.notes.append(f"the chunk {name.decode('ascii')!r} says it is longer than the file")
        yield name, here, min(length, found.size - here)
        at = here + length
        if length % 2:
            # an odd chunk is followed by a pad byte; some recorders forget it
            file.seek(at)
            ahead = file.read(5)
            at += 0 if len(ahead) >= 4 and ahead[0] and _plausible(ahead[:4]) and not _plausible(ahead[1:5]) else 1


def _chunk_follows(file: BinaryIO, at: int, size: int) -> bool:
    file.seek(at)
    head = file.read(8)
    return _plausible(head[:4]) and at + 8 + int.from_bytes(head[4:8], "little") <= size


def _plausible(name: bytes) -> bool:
    return len(name) == 4 and all(0x20 <= byte < 0x7F for byte in name) and name.strip() != b""


def _take(name: bytes, raw: bytes, length: int, found: _Found) -> None:
    if length > _CHUNK_LIMIT:
        found.notes.append(f"the chunk {name.decode('ascii')!r} is {length // 2**20} MB large and was not read")
    elif name == b"ds64" and len(raw) >= 24:
        found.ds64_data = int.from_bytes(raw[8:16], "little")
    elif name == b"fmt ":
        found.fmt = raw
    elif name == b"bext" and found.bext is None:
        found.bext = raw
    elif name == b"iXML" and found.ixml is None:
        found.ixml = raw


def _wave(found: _Found, name: str) -> Wave:
    notes = found.notes
    rate_hz = int.from_bytes(found.fmt[4:8], "little") if len(found.fmt) >= 16 else None
    if found.declared_bytes > found.data_bytes:
        share = found.data_bytes / found.declared_bytes
        notes.append(f"the file is cut off: {share:.0%} of the sound that its header announces is there")
    bext = _bext(found.bext, notes) if found.bext is not None else None
    project = file_uid = None
    if found.ixml is not None and found.ixml.strip(b"\0 \r\n\t"):
        try:
            root = parse(found.ixml, "the iXML chunk")
        except MediaError as cause:
            notes.append(str(cause))
        else:
            bext = _ixml(root, bext or Bext(), rate_hz, notes)
            project, file_uid = text_of(root, "PROJECT"), text_of(root, "FILE_UID")
    return Wave(
        bext=bext,
        project=project,
        rate_hz=rate_hz,
        channels=int.from_bytes(found.fmt[2:4], "little") if len(found.fmt) >= 16 else None,
        data_bytes=found.data_bytes,
        declared_bytes=found.declared_bytes,
        file_uid=file_uid,
        notes=tuple(f"{name}: {note.removesuffix('.')}." for note in notes),
    )


def _text(raw: bytes) -> str:
    raw = raw.split(b"\0", 1)[0]
    try:
        return raw.decode("utf-8").strip()
    except UnicodeDecodeError:
        return raw.decode("latin-1").strip()


def _bext(raw: bytes, notes: list[str]) -> Bext:
    if len(raw) < 346:
        notes.append(f"the bext chunk has {len(raw)} bytes where at least 346 belong; it is read as far as it goes")
        raw = raw.ljust(_BEXT_FIXED, b"\0")
        time_reference = None
    else:
        time_reference = int.from_bytes(raw[338:346], "little")
        if time_reference >= 2**53:
            notes.append("the bext time reference is not a time")
            time_reference = None
    bext = Bext(
        description=_text(raw[:256]),
        originator=_text(raw[256:288]),
        date=_text(raw[320:330]),
        time=_text(raw[330:338]),
        time_reference=time_reference,
    )
    return _described(bext)


#: Sound Devices, Zoom, Tascam and others write lines such as "sSCENE=12A" into the description.
_LINE = re.compile(r"^[a-z]?(SPEED|SCENE|TAKE|TAPE|NOTE|CIRCLED|TRK?\d+)=(.*)$", re.MULTILINE)


def _described(bext: Bext) -> Bext:
    """What the lines of the description say; iXML overrides it later."""
    lines = {match[1]: match[2].strip() for match in _LINE.finditer(bext.description.replace("\r", "\n"))}
    if not lines:
        return bext
    rate = drop = None
    if speed := re.match(r"0*([\d.]+)-?\s*(ND|DF|D|NDF)?", lines.get("SPEED", "")):
        rate = _rate(speed[1])
        drop = None if rate is None or speed[2] is None else speed[2] in ("D", "DF")
    tracks = [(int(re.sub(r"\D", "", key)), value) for key, value in lines.items() if key.startswith("TR") and value]
    return replace(
        bext,
        scene=lines.get("SCENE") or None,
        take=lines.get("TAKE") or None,
        tape=lines.get("TAPE") or None,
        note=lines.get("NOTE") or None,
        circled=_truth(lines.get("CIRCLED")),
        rate=rate,
        drop=drop,
        tracks=tuple(Track(channel=number, name=value) for number, value in sorted(tracks)),
    )


def _ixml(root: Element, bext: Bext, rate_hz: int | None, notes: list[str]) -> Bext:
    speed = next(named(root, "SPEED"), None)
    rate, drop, reference = bext.rate, bext.drop, bext.time_reference
    if speed is not None:
        if text := text_of(speed, "TIMECODE_RATE"):
            rate = _rate(text)
            if rate is None:
                notes.append(f"the iXML timecode rate {text[:20]!r} is not a rate")
        if flag := text_of(speed, "TIMECODE_FLAG"):
            drop = flag.upper() in ("DF", "DROP")
        high, low = text_of(speed, "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI"), text_of(speed, "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO")
        if reference is None and low and low.isdecimal() and (not high or high.isdecimal()) and len(low) < 12:
            reference = int(high or 0) << 32 | int(low)
        stamped = text_of(speed, "TIMESTAMP_SAMPLE_RATE")
        if stamped and rate_hz and stamped.isdecimal() and int(stamped) != rate_hz:
            notes.append(f"its time stamp counts at {stamped} Hz, its sound plays at {rate_hz} Hz (a pull-up or pull-down)")
    return replace(
        bext,
        time_reference=reference,
        scene=text_of(root, "SCENE") or bext.scene,
        take=text_of(root, "TAKE") or bext.take,
        tape=text_of(root, "TAPE") or bext.tape,
        circled=_truth(text_of(root, "CIRCLED")) if text_of(root, "CIRCLED") else bext.circled,
        note=text_of(root, "NOTE") or bext.note,
        rate=rate,
        drop=drop,
        tracks=_tracks(root) or bext.tracks,
    )


def _tracks(root: Element) -> tuple[Track, ...]:
    """The tracks of this file in its order; INTERLEAVE_INDEX is the place in the file, CHANNEL_INDEX the recorder's own number."""
    tracks = []
    for order, track in enumerate(named(root, "TRACK"), start=1):
        place = text_of(track, "INTERLEAVE_INDEX") or text_of(track, "CHANNEL_INDEX") or ""
        channel = int(place) if place.isdecimal() and 0 < int(place) < 1000 else order
        tracks.append(Track(channel=channel, name=text_of(track, "NAME") or "", function=text_of(track, "FUNCTION")))
    return tuple(sorted(tracks, key=lambda track: track.channel))


def _rate(text: str) -> Fraction | None:
    try:
        return parse_rate(text)
    except TimecodeError:
        return None


def _truth(text: str | None) -> bool | None:
    return None if text is None else text.strip().lower() in ("true", "yes", "1", "t")
