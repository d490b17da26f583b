"""Broadcast WAV: what a recorder wrote beside the sound (EBU Tech 3285 bext, iXML), and a small writer of the same.

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
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from answerprint.media import MediaError
from answerprint.media.container import reading, shown
from answerprint.media.sidexml import Element, named, parse, text_of
from answerprint.model.records import Bext, Track
from answerprint.model.time import TimecodeError, parse_rate

__all__ = ["Wave", "carried", "described", "look", "read", "write"]

_WHOLE = 0xFFFFFFFF  #: "see ds64"
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


def described(bext: Bext, *, rate_hz: int, channels: int) -> tuple[tuple[bytes, bytes], ...]:
    """A bext and an iXML chunk that say this of a sound of 24 bits."""
    return (b"bext", _bext_bytes(bext, rate_hz, 24, channels)), (b"iXML", _ixml_bytes(bext, rate_hz, 24, ""))


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
            if length == _WHOLE and found.ds64_data is not None:
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


# ---- writing


def write(path: Path, samples: NDArray[Any], *, rate_hz: int, bits: int = 24, bext: Bext | None = None, project: str = "") -> None:
    """Write a broadcast WAV as a recorder does: bext first, then the sound, then iXML; RF64 where it would pass 4 GB.

    Args:   samples: shape (channels, n); float (full scale 1.0, clipped) or int32 (full scale 2**31).   bits: 16 or 24.
            bext: also becomes the iXML.   project: iXML's PROJECT.
    Raises: MediaError for samples or bits of another kind; OSError where the disk does not take it.
    """
    if (
        samples.ndim != 2
        or bits not in (16, 24)
        or samples.dtype.kind not in "fi"
        or (samples.dtype.kind == "i" and samples.dtype.itemsize != 4)
    ):
        raise MediaError(f"{shown(path)}: sound is written from float or int32 samples of shape (channels, n) to 16 or 24 bits.")
    channels, count = samples.shape
    frame = channels * bits // 8
    length = count * frame
    before = [] if bext is None else [(b"bext", _bext_bytes(bext, rate_hz, bits, channels))]
    after = [] if bext is None else [(b"iXML", _ixml_bytes(bext, rate_hz, bits, project))]
    total = 4 + 8 + 40 + length % 2 + length + 8 + sum(8 + len(raw) + len(raw) % 2 for _, raw in before + after)
    large = total >= _WHOLE
    with open(path, "wb") as file:
        file.write(struct.pack("<4sI4s", b"RF64" if large else b"RIFF", _WHOLE if large else 0, b"WAVE"))
        if large:
            _put(file, b"ds64", struct.pack("<QQQI", 0, length, count, 0))
        fmt = struct.pack("<HHIIHH", 1, channels, rate_hz, rate_hz * frame, frame, bits)
        if channels > 2:  # more than a pair: EXTENSIBLE, and no loudspeaker is named, since these are tracks
            fmt = (
                struct.pack("<H", 0xFFFE)
                + fmt[2:]
                + struct.pack("<HHI", 22, bits, 0)
                + bytes.fromhex("0100000000001000800000aa00389b71")
            )
        _put(file, b"fmt ", fmt)
        for name, raw in before:
            _put(file, name, raw)
        file.write(struct.pack("<4sI", b"data", _WHOLE if large else length))
        for start in range(0, count, 10 * rate_hz):
            file.write(_pcm(samples[:, start : start + 10 * rate_hz], bits))
        file.write(b"\0" * (length % 2))
        for name, raw in after:
            _put(file, name, raw)
        size = file.tell() - 8
        file.seek(20 if large else 4)
        file.write(struct.pack("<Q" if large else "<I", size))


def _put(file: BinaryIO, name: bytes, raw: bytes) -> None:
    file.write(struct.pack("<4sI", name, len(raw)) + raw + b"\0" * (len(raw) % 2))


def _pcm(samples: NDArray[Any], bits: int) -> bytes:
    top = 2 ** (bits - 1)
    if samples.dtype.kind == "f":
        whole = np.clip(np.rint(samples.T.astype(np.float64) * top), -top, top - 1).astype("<i4")
    else:
        whole = (samples.T >> (32 - bits)).astype("<i4")
    octets = np.ascontiguousarray(whole).view(np.uint8).reshape(-1, 4)
    return octets[:, : bits // 8].tobytes()


def _bext_bytes(bext: Bext, rate_hz: int, bits: int, channels: int) -> bytes:
    def field_of(text: str, size: int) -> bytes:
        return text.encode("utf-8")[:size].ljust(size, b"\0")

    mode = {1: "mono", 2: "stereo"}.get(channels, "multi")
    history = f"A=PCM,F={rate_hz},W={bits},M={mode}\r\n".encode()
    fixed = (
        field_of(bext.description, 256)
        + field_of(bext.originator, 32)
        + bytes(32)
        + field_of(bext.date, 10)
        + field_of(bext.time, 8)
    )
    return fixed + struct.pack("<QH", bext.time_reference or 0, 1) + bytes(64 + 10 + 180) + history


def _ixml_bytes(bext: Bext, rate_hz: int, bits: int, project: str) -> bytes:
    def line(tag: str, value: object) -> str:
        return "" if value is None or value == "" else f"<{tag}>{escape(str(value))}</{tag}>"

    reference = bext.time_reference or 0
    speed = "" if bext.rate is None else line("TIMECODE_RATE", f"{bext.rate.numerator}/{bext.rate.denominator}")
    speed += line("TIMECODE_FLAG", None if bext.drop is None else "DF" if bext.drop else "NDF")
    speed += line("FILE_SAMPLE_RATE", rate_hz) + line("AUDIO_BIT_DEPTH", bits) + line("DIGITIZER_SAMPLE_RATE", rate_hz)
    speed += line("TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI", reference >> 32) + line(
        "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO", reference & _WHOLE
    )
    speed += line("TIMESTAMP_SAMPLE_RATE", rate_hz)
    tracks = "".join(
        f"<TRACK><CHANNEL_INDEX>{track.channel}</CHANNEL_INDEX><INTERLEAVE_INDEX>{track.channel}</INTERLEAVE_INDEX>"
        + line("NAME", track.name)
        + line("FUNCTION", track.function)
        + "</TRACK>"
        for track in bext.tracks
    )
    body = line("IXML_VERSION", "2.10") + line("PROJECT", project) + line("SCENE", bext.scene) + line("TAKE", bext.take)
    body += (
        line("TAPE", bext.tape)
        + line("CIRCLED", None if bext.circled is None else str(bext.circled).upper())
        + line("NOTE", bext.note)
    )
    body += f"<SPEED>{speed}</SPEED>"
    if bext.tracks:
        body += f"<TRACK_LIST><TRACK_COUNT>{len(bext.tracks)}</TRACK_COUNT>{tracks}</TRACK_LIST>"
    return f'<?xml version="1.0" encoding="UTF-8"?><BWFXML>{body}</BWFXML>'.encode()
