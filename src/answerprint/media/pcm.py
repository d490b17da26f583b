"""Writes a WAV block by block: 24-bit or 32-bit float, with the chunks that came with the sound, RF64 where it passes 4 GB."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["Writer"]

_WHOLE = 0xFFFFFFFF
_ROOM = 28  #: of a ds64 chunk without a table; JUNK until it is needed (EBU Tech 3306)
_PCM, _FLOAT = (bytes.fromhex(f"0{kind}000000 0000 1000 8000 00aa00389b71") for kind in "13")


class Writer:
    """One WAV that is being written. Use as a context; sizes are right once it is left.

    Args:   bits: 24 (from whole numbers) or 32 (float).  chunks: name and bytes, put before the sound.
    Raises: OSError where the disk does not take it.
    """

    def __init__(self, path: Path, *, rate_hz: int, channels: int, bits: int, chunks: Sequence[tuple[bytes, bytes]] = ()) -> None:
        self._file = open(path, "wb")
        self._bits, self._frame, self._count = bits, channels * bits // 8, 0
        self._put(b"JUNK", bytes(_ROOM), head=struct.pack("<4sI4s", b"RIFF", 0, b"WAVE"))
        if channels > 2:  # EXTENSIBLE, and no loudspeaker is named: these are tracks
            about = struct.pack("<HIIHH", channels, rate_hz, rate_hz * self._frame, self._frame, bits)
            self._put(b"fmt ", struct.pack("<H", 0xFFFE) + about + struct.pack("<HHI", 22, bits, 0) + (_FLOAT if bits == 32 else _PCM))
        else:
            self._put(b"fmt ", struct.pack("<HHIIHH", 3 if bits == 32 else 1, channels, rate_hz, rate_hz * self._frame, self._frame, bits))
        for name, raw in chunks:
            self._put(name, raw)
        self._data = self._file.tell()
        self._file.write(struct.pack("<4sI", b"data", 0))

    def feed(self, samples: NDArray[Any]) -> None:
        """The next samples, shape (channels, n): int32 between -2**23 and 2**23 - 1 for 24 bits, float32 for 32."""
        if self._bits == 32:
            raw = np.ascontiguousarray(samples.T, "<f4").tobytes()
        else:
            raw = np.ascontiguousarray(np.ascontiguousarray(samples.T, "<i4").view(np.uint8).reshape(-1, 4)[:, :3]).tobytes()
        self._file.write(raw)
        self._count += samples.shape[1]

    def close(self) -> None:
        """Set the sizes right."""
        length = self._count * self._frame
        self._file.write(b"\0" * (length % 2))
        size = self._file.tell() - 8
        large = size >= _WHOLE
        self._file.seek(0)
        self._file.write(struct.pack("<4sI4s", b"RF64" if large else b"RIFF", _WHOLE if large else size, b"WAVE"))
        if large:
            self._file.write(struct.pack("<4sIQQQI", b"ds64", _ROOM, size, length, self._count, 0))
        self._file.seek(self._data + 4)
        self._file.write(struct.pack("<I", _WHOLE if large else length))
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self.close()
        else:
            self._file.close()

    def _put(self, name: bytes, raw: bytes, *, head: bytes = b"") -> None:
        self._file.write(head + struct.pack("<4sI", name, len(raw)) + raw + b"\0" * (len(raw) % 2))
