"""The timecode track of QuickTime and MP4 files, as written: its own rate, flag and counter (QuickTime File Format, "Timecode media").

The picture's rate is not always the timecode's: a 59.94 clip may count 29.97, and an off-speed clip counts the project's rate.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

__all__ = ["Counter", "counter", "index_of"]

_LIMIT = 64 * 2**20  #: the index of a 12-hour clip is about 30 MB
_DROP, _COUNTER = 1, 8  #: flags of a timecode sample description


@dataclass(frozen=True, kw_only=True)
class Counter:
    """A timecode track: the number of its first frame, and how it counts."""

    frame: int
    rate: Fraction  #: time scale over frame duration
    nominal: int  #: frames that are counted in a second
    drop: bool
    reel: str | None


def index_of(path: Path) -> bytes:
    """The `moov` box and, before it, any small `meta` box at the top level; b"" where there is none or it is larger than 64 MiB."""
    with open(path, "rb") as file:
        at, meta = 0, b""
        while True:
            file.seek(at)
            head = file.read(16)
            if len(head) < 8:
                return b""
            length, name = struct.unpack(">I4s", head[:8])
            length = int.from_bytes(head[8:16], "big") if length == 1 else length
            if name in (b"moov", b"meta") and 8 <= length <= _LIMIT:
                file.seek(at)
                if name == b"moov":
                    return file.read(length) + meta
                meta = file.read(length)
            if length < 8:
                return b""
            at += length


def counter(path: Path) -> Counter | None:
    """The first timecode track that counts frames, or None: no such track, or one that is broken."""
    try:
        index = index_of(path)
        for track in _inside(index[8:], b"trak"):
            table = next(_inside(track, b"mdia", b"minf", b"stbl"), None)
            description = next(_inside(table, b"stsd"), b"") if table is not None else b""
            if table is None or description[12:16] != b"tmcd":
                continue
            entry = description[8 : 8 + int.from_bytes(description[8:12], "big")]
            flags, scale, duration, nominal = struct.unpack(">IIIB", entry[20:33])
            place = next(_inside(table, b"stco"), None)
            wide = place is None
            place = next(_inside(table, b"co64"), b"") if place is None else place
            (offset,) = struct.unpack(">Q" if wide else ">I", place[8 : 16 if wide else 12])
            with open(path, "rb") as file:
                file.seek(offset)
                (frame,) = struct.unpack(">I", file.read(4))
            if scale and duration and nominal and not flags & _COUNTER:
                return Counter(
                    frame=frame, rate=Fraction(scale, duration), nominal=nominal, drop=bool(flags & _DROP), reel=_reel(entry[34:])
                )
    except (OSError, struct.error):
        pass
    return None


def _inside(box: bytes, *names: bytes) -> Iterator[bytes]:
    """The bodies of the boxes of that name, at each level the next name."""
    at = 0
    while at + 8 <= len(box):
        length, name = struct.unpack(">I4s", box[at : at + 8])
        if length < 8:
            return
        if name == names[0]:
            body = box[at + 8 : at + length]
            if len(names) == 1:
                yield body
            else:
                yield from _inside(body, *names[1:])
        at += length


def _reel(extensions: bytes) -> str | None:
    for name in _inside(extensions, b"name"):
        length = int.from_bytes(name[:2], "big")
        return name[4 : 4 + length].decode("utf-8", "replace").strip("\0 ") or None
    return None
