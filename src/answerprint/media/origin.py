"""What a file says of where it comes from, by IPTC's digital source types: in Content Credentials, in XMP, in either of them beside the file.

The words are looked for as they stand in the bytes, so a label counts also where its signature does not hold any more, and where nothing
that checks signatures is installed. A file without a word is not proved to be anything.
"""

from __future__ import annotations

import functools
import mmap
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

__all__ = ["COMPOSITE", "TRAINED", "generated", "said"]

TRAINED = "trainedAlgorithmicMedia"  #: IPTC NewsCodes, digitalsourcetype: made by a trained model
COMPOSITE = "compositeWithTrainedAlgorithmicMedia"  #: put together, with something of the kind in it
_WORDS = re.compile(rb"digitalsourcetype/(\w+)|\b(trainedAlgorithmicMedia|compositeWithTrainedAlgorithmicMedia)")
_WHOLE = 32 * 2**20  #: bytes; up to here a file is looked through from end to end, in hundredths of a second
_ENDS = 4 * 2**20  #: bytes at either end of a larger one: where XMP packets, RIFF chunks and Matroska tags lie
_LARGEST_BOX = 256 * 2**20  #: bytes of a box that is looked through; credentials with 200 ingredients had 9 MB
_ESSENCE = (b"mdat", b"free", b"skip", b"wide")  #: ISO/IEC 14496-12: pictures, sound and empty room


def generated(path: Path) -> str:
    """TRAINED or COMPOSITE, where a file says so of itself; "" where it says nothing of the kind, or cannot be read."""
    found: set[str] = set()
    for place in (path, path.with_suffix(".c2pa"), path.with_suffix(".xmp"), path.with_name(f"{path.name}.xmp")):
        try:
            now = os.stat(place)
        except OSError:
            continue
        if place == path or place.is_file():
            found |= _words(str(place), now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns)
    return _one(found)


def said(raw: bytes) -> str:
    """The same of bytes that lie nowhere yet."""
    return _one({(one[1] or one[2]).decode("ascii", "replace") for one in _WORDS.finditer(raw)} - {"empty"})


def _one(found: set[str]) -> str:
    if not found & {TRAINED, COMPOSITE}:
        return ""
    return TRAINED if found == {TRAINED} else COMPOSITE


@functools.lru_cache(maxsize=4096)
def _words(place: str, *written: int) -> frozenset[str]:
    """Every source type that is named in a file; read again when the system says that it was written to."""
    found: set[str] = set()
    try:
        with open(place, "rb") as file:
            for part in _parts(file, os.fstat(file.fileno()).st_size):
                found |= {(one[1] or one[2]).decode("ascii", "replace") for one in _WORDS.finditer(part)}
    except (OSError, ValueError):
        return frozenset()
    return frozenset(found - {"empty"})


def _parts(file: BinaryIO, size: int) -> Iterator[bytes | mmap.mmap]:
    """The stretches of a file in which it may speak of itself."""
    if not size:
        return
    if size <= _WHOLE:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
            yield whole
        return
    if file.read(12)[4:8] == b"ftyp":
        yield from _boxes(file, size)
        return
    file.seek(0)
    yield file.read(_ENDS)
    file.seek(-_ENDS, os.SEEK_END)
    yield file.read(_ENDS)


def _boxes(file: BinaryIO, size: int) -> Iterator[bytes]:
    at = 0
    while at + 8 <= size:
        file.seek(at)
        head = file.read(16)
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        length = length or size - at  # nought: to the end of the file
        if length < 8:
            return
        if head[4:8] not in _ESSENCE:
            file.seek(at)
            yield file.read(min(length, _LARGEST_BOX))
        at += length
