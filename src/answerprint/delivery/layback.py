"""Layback: the encoded sound of a film, kept in the scratch folder and laid to every picture that has just this sound.

Other shapes of a version, a cut with another super, and a render that was killed find it again under a key of everything that it is made of.
There is one way into a file, for sound that was kept and for sound that was not: what is laid to the picture is read from what is kept.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import IO, Any

import av
import numpy as np

from answerprint.delivery import DeliveryError, parts
from answerprint.delivery.encoding import CONTAINERS, Track, durable
from answerprint.delivery.plan import RATE_HZ
from answerprint.model.records import canonical
from answerprint.model.time import round_half_up

__all__ = ["Layback", "Showed", "key", "laid"]

_VERSION = 1  #: raised when the same pieces give other packets; sound that was kept before is then not used
#: One packet: the sample of the file up to which sound had gone in when it came out, its stream, its times and length in samples, whether a key packet, its size.
_PACKET = struct.Struct("<qBqqq?I")
_END = struct.Struct("<I32s")  #: how long the sentence about it is; SHA-256 over all that stands before this
_PIECE = 2**20


@dataclass(frozen=True, kw_only=True)
class Showed:
    """What showed while a sound went by, as `mixing.Sound` has it."""

    clipped: int
    first_clipped: int | None
    silenced: bool


def key(body: Mapping[str, Any]) -> str:
    """The name of what is made of `body`, with this code and these libraries: 32 hexadecimal digits."""
    libraries = [av.__version__, np.__version__, *(f"{name} {'.'.join(map(str, number))}" for name, number in sorted(av.library_versions.items()))]
    return hashlib.sha256(canonical({"version": _VERSION, "libraries": libraries, **body})).hexdigest()[:32]


def laid(track: Track, path: Path, *, container: str, rate: Fraction, frames: int) -> Layback:
    """A film's sound, ready to be laid to its picture: found under `path`, or encoded and kept there.

    Args:   rate, frames: of the whole file: sound goes into the encoder frame by frame of the picture, as it comes out of the file.
    Raises: DeliveryError, MediaError: a medium that cannot be read; OSError: the disk is full.
    """
    found = _read(path)
    if found is None:
        part = parts.inside(path.parent, path.stem)
        try:
            with open(part, "wb") as file:
                _encode(track, file, container, (Fraction(done) / rate for done in range(frames)))
            durable(part, path)
        finally:
            part.unlink(missing_ok=True)
        found = _read(path)
    if found is None:
        raise DeliveryError(f"the sound in {path.parent} is not what was written there. Is its disk in order? Delete the scratch folder and deliver again.")
    return Layback(track, path, *found)


class Layback:
    """Kept sound on its way into a file, as `encoding.Track` goes: packets come out at the moments at which the encoder gave them."""

    def __init__(self, track: Track, path: Path, showed: Showed, end: int) -> None:
        self.showed = showed
        self._track, self._packets = track, _packets(path, end)
        self._next = next(self._packets, None)

    def open(self, out: Any) -> None:
        self._track.open(out)

    def until(self, at_s: Fraction) -> Iterator[Any]:
        """Packets of the sound up to a moment of the file."""
        want = min(round_half_up(at_s * RATE_HZ), self._track.samples)
        while self._next is not None and self._next[0] <= want:
            _, stream, packet = self._next
            packet.stream = self._track.streams[stream]
            yield packet
            self._next = next(self._packets, None)

    def close(self) -> Iterator[Any]:
        yield from self.until(Fraction(self._track.samples, RATE_HZ))


def _encode(track: Track, file: IO[bytes], container: str, moments: Iterable[Fraction]) -> None:
    whole = hashlib.sha256()

    def write(data: bytes) -> None:
        whole.update(data)
        file.write(data)

    def keep(packets: Iterator[Any], at: int) -> None:
        for packet in packets:
            data = bytes(packet)
            write(_PACKET.pack(at, packet.stream_index, packet.pts, packet.dts, packet.duration, packet.is_keyframe, len(data)) + data)

    with av.open(io.BytesIO(), "w", format=CONTAINERS[container]) as out:  # nothing is written into it: it says how its encoders are set
        track.open(out)
        for at_s in moments:
            keep(track.until(at_s), min(round_half_up(at_s * RATE_HZ), track.samples))
        keep(track.close(), track.samples)
    sound = track.sound
    says = canonical(asdict(Showed(clipped=sound.clipped, first_clipped=sound.first_clipped, silenced=sound.silenced)))
    write(says)
    file.write(_END.pack(len(says), whole.digest()))


def _read(path: Path) -> tuple[Showed, int] | None:
    """What showed in a kept sound, and where its packets end in the file; None where it is not there, or not as it was written."""
    with suppress(OSError, ValueError, TypeError, struct.error):
        size, whole = path.stat().st_size - _END.size, hashlib.sha256()
        with open(path, "rb") as file:
            left = size
            while left > 0 and (data := file.read(min(_PIECE, left))):
                whole.update(data)
                left -= len(data)
            length, digest = _END.unpack(file.read())
            if digest == whole.digest():
                file.seek(size - length)
                return Showed(**json.loads(file.read(length))), size - length
    return None


def _packets(path: Path, end: int) -> Iterator[tuple[int, int, Any]]:
    """(sample up to which sound had gone in, stream, packet), in the order of the encoders."""
    with open(path, "rb") as file:
        while file.tell() < end:
            at, stream, pts, dts, duration, is_key, size = _PACKET.unpack(file.read(_PACKET.size))
            packet = av.Packet(file.read(size))
            packet.pts, packet.dts, packet.duration, packet.is_keyframe, packet.time_base = pts, dts, duration, is_key, Fraction(1, RATE_HZ)
            yield at, stream, packet
