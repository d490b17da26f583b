"""A file's seal: one read feeds BLAKE3, which names it for good, and the hash that an MHL beside it wants."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import blake3
import xxhash

from answerprint.media import MediaError
from answerprint.media.container import reading, shown

__all__ = ["ALGORITHMS", "FileDigests", "c4", "read"]

#: Large enough that BLAKE3 spreads one piece over several cores (it does so from 128 KiB), small enough to stay in cache. The
#: file is read, not mapped: a mapped file that is cut short while it is read ends the process.
_PIECE = 2 * 2**20
_C4 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class _Hash(Protocol):
    def update(self, data: bytes | memoryview, /) -> object: ...
    def hexdigest(self) -> str: ...


class _C4Hash:
    """C4 ID (SMPTE ST 2114): SHA-512 in base 58 with "c4" before it."""

    def __init__(self) -> None:
        self._sha = hashlib.sha512()

    def update(self, data: bytes | memoryview, /) -> None:
        self._sha.update(data)

    def hexdigest(self) -> str:
        return c4(self._sha.digest())


#: The algorithms of ASC MHL, fastest first.
ALGORITHMS: dict[str, Callable[[], _Hash]] = {
    "xxh3": xxhash.xxh3_64,
    "xxh128": xxhash.xxh3_128,
    "xxh64": xxhash.xxh64,
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),
    "md5": lambda: hashlib.md5(usedforsecurity=False),
    "c4": _C4Hash,
}


@dataclass(frozen=True, kw_only=True)
class FileDigests:
    """The seals of one file. `others` by algorithm: hexadecimal in lower case, but for c4, which has its own letters."""

    blake3: str  #: "blake3:" and 64 hexadecimal digits
    size_bytes: int
    others: Mapping[str, str] = field(default_factory=dict)


def read(path: Path, also: Sequence[str] = ("xxh64",), progress: Callable[[float], None] | None = None) -> FileDigests:
    """Read a file once and seal it.

    Args:   also: algorithms of `ALGORITHMS` computed in the same read.   progress: called with 0..1 as the read goes on.
    Raises: MediaError where it cannot be read, an algorithm is unknown, or the file changes while it is read.
    """
    if unknown := [name for name in also if name not in ALGORITHMS]:
        raise MediaError(f"{shown(path)}: the hash {unknown[0]!r} is not one of {', '.join(ALGORITHMS)}.")
    own = blake3.blake3(max_threads=blake3.blake3.AUTO)
    others = {name: ALGORITHMS[name]() for name in also}
    total = 0
    with reading(path):
        if path.is_dir():
            raise MediaError(f"{shown(path)} is a folder, not a file.")
        with open(path, "rb", buffering=0) as file:
            before = os.fstat(file.fileno())
            piece = bytearray(_PIECE)
            view = memoryview(piece)
            while count := file.readinto(piece):
                part = view[:count]
                own.update(part)
                for other in others.values():
                    other.update(part)
                total += count
                if progress and before.st_size:
                    progress(min(1.0, total / before.st_size))
            after = os.fstat(file.fileno())
            here = os.stat(path)  # FileNotFoundError where it was deleted or its disk went away under the open file
    if (
        total != before.st_size
        or (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size)
        or here.st_ino != before.st_ino
    ):
        raise MediaError(
            f"{shown(path)} changed while it was read: {before.st_size} bytes, then {max(total, after.st_size)}. Is it still being copied? Wait, then prep again."
        )
    return FileDigests(
        blake3=f"blake3:{own.hexdigest()}", size_bytes=total, others={name: other.hexdigest() for name, other in others.items()}
    )


def c4(sha512: bytes) -> str:
    """The C4 ID of a SHA-512 digest: 90 characters, the first two "c4"."""
    number, text = int.from_bytes(sha512, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = _C4[rest] + text
    return "c4" + text.rjust(88, _C4[0])
