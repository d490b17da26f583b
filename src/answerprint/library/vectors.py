"""Vectors on disk, and which of a million lie nearest to one: signs first, one bit each and all of them; then the best few thousand exactly.

A vector's row is its shot's number, so that nothing has to be looked up. Of N vectors of 256 parts, 512 N bytes lie in a file of which a few thousand rows
are read, and 32 N bytes of signs beside it. Nothing is mapped: another program may cut these files short or copy over them while they are read.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerprint.library import LibraryError

__all__ = ["Near", "Vectors"]

Floats = NDArray[np.float32]

#: How many are reckoned exactly. Over a million shots described by a classifier's words, 0.99 of the ten nearest of forty questions were
#: among about 5000 by signs (bench/library.py --shots 1000000), and of ten questions 0.98 among 2000.
SHORTLIST = 5000
_BLOCK = 1 << 16  #: rows compared at once: what fits the cache
_GROW = 1 << 12  #: rows by which the signs' file grows


class Near:
    """Rows and how near they lie: the cosine, 1 where it is the same."""

    def __init__(self, rows: NDArray[np.int64], cosines: Floats) -> None:
        self.rows, self.cosines = rows, cosines


class Vectors:
    """One kind of vector for every shot. Writing is for whoever holds the index's writing transaction.

    Args:   path: without an ending.  width: parts of each, a multiple of 64.
    Raises: LibraryError: the files are of another width, or cannot be opened.
    """

    def __init__(self, path: Path, width: int) -> None:
        if width % 64:
            raise LibraryError(f"{path.name}: vectors of {width} parts have no whole words of signs; a multiple of 64 is needed.")
        self.path, self.width = path.with_suffix(".vec"), width
        self._signs = path.with_suffix(".signs")
        self._words = width // 64

    def write(self, row: int, vectors: Floats) -> None:
        """Write vectors from a row on. Each is made as long as 1; what is all 0 stands for nothing known, and is never near.

        Args: vectors: shape (n, width).
        """
        given = unit(vectors)
        self._sign(row, _signs(given))
        self._put(self.path, row * self.width * 2, given.astype("<f2").tobytes())  # last: whoever looks meanwhile has signs for every vector

    def at(self, rows: NDArray[np.int64]) -> Floats:
        """The vectors of some rows, shape (n, width); zeros where none was written."""
        return self._read(rows).astype(np.float32)

    def near(self, vector: Floats, allowed: NDArray[np.bool_] | None = None, *, count: int = SHORTLIST) -> Near:
        """Rows near a vector, in the order of their rows: about `count` of them, every one that is allowed where those are fewer.

        Args:  vector: shape (width,).  allowed: which rows may be named, by row; all where not given.
        Empty: nothing was written, or the vector is all 0.
        """
        wanted = unit(vector[None])[0]
        stored = len(self)
        if not stored or not wanted.any():
            return Near(np.zeros(0, np.int64), np.zeros(0, np.float32))
        total = stored if allowed is None else min(stored, len(allowed))
        if allowed is not None and (few := np.flatnonzero(allowed[:total])).size <= count:
            rows = few.astype(np.int64)
        else:
            rows = self._first(wanted, allowed, total, count)
        cosines = self._read(rows).astype(np.float32) @ wanted
        return Near(rows, cosines)

    def exact(self, vector: Floats) -> Floats:
        """The cosine of every row, reckoned in full: for measuring what `near` leaves out."""
        stored, wanted = len(self), unit(vector[None])[0]
        return np.concatenate([self._read(np.arange(at, min(at + _BLOCK, stored))).astype(np.float32) @ wanted for at in range(0, stored, _BLOCK)] or [np.zeros(0, np.float32)])

    def _first(self, wanted: Floats, allowed: NDArray[np.bool_] | None, total: int, count: int) -> NDArray[np.int64]:
        signs = _signs(wanted[None])[0]
        kind = np.uint8 if self.width < 512 else np.uint16  # the sign of a vector's last part counts for nothing, so that 255 is the most
        apart: NDArray[Any] = np.full(total, np.iinfo(kind).max, kind)
        by, at = max(1, _BLOCK // _GROW), 0
        with contextlib.suppress(FileNotFoundError), open(self._signs, "rb") as file:
            while at < total and len(part := np.fromfile(file, np.uint64, by * self._words * _GROW)):
                part = part[: len(part) // (self._words * _GROW) * self._words * _GROW].reshape(-1, self._words, _GROW)
                away = np.bitwise_count(part[:, 0] ^ signs[0]).astype(kind, copy=False)
                for word in range(1, self._words):
                    away += np.bitwise_count(part[:, word] ^ signs[word])
                apart[at : at + away.size] = away.ravel()[: total - at]
                at += by * _GROW
        if allowed is not None:
            apart[~allowed[:total]] = np.iinfo(kind).max
        # every sixteenth tells about where the limit lies; the whole is counted only where that was wrong
        grown = np.cumsum(np.bincount(apart[:: 16 if total > 16 * count else 1]))
        limit = int(np.searchsorted(grown, count * grown[-1] / total))
        rows = np.flatnonzero(apart <= limit)
        while rows.size < min(count // 2, total) and limit < np.iinfo(kind).max - 1:
            limit += 1
            rows = np.flatnonzero(apart <= limit)
        if rows.size > 4 * count:
            rows = rows[np.argpartition(apart[rows], count)[:count]]
            rows.sort()
        return rows.astype(np.int64)

    def __len__(self) -> int:
        """How many rows there are."""
        try:
            return self.path.stat().st_size // (self.width * 2)
        except FileNotFoundError:
            return 0

    def sign_again(self) -> None:
        """Make the signs from the vectors, where they are not all there: a copy was cut off, or left them out."""
        signed = self._signs.stat().st_size // (self._words * 8) if self._signs.exists() else 0
        for at in range(signed // _GROW * _GROW, len(self) if signed < len(self) else 0, _BLOCK):
            rows = np.arange(at, min(at + _BLOCK, len(self)))
            self._sign(at, _signs(self._read(rows).astype(np.float32)))

    def _read(self, rows: NDArray[np.int64]) -> NDArray[np.float16]:
        """Rows as they are stored, shape (n, width); zeros where there is none, or none any more."""
        found, size = np.zeros((len(rows), self.width), "<f2"), self.width * 2
        if not len(rows):
            return found
        with contextlib.suppress(FileNotFoundError), open(self.path, "rb", buffering=0) as file:
            first, last = int(rows.min()), int(rows.max()) + 1
            if last - first <= 4 * len(rows):  # they lie side by side: one stretch is read sooner than each alone
                raw = np.fromfile(file, "<f2", (last - first) * self.width, offset=first * size)
                whole = np.zeros((last - first, self.width), "<f2")
                there = raw.size // self.width
                whole[:there] = raw[: there * self.width].reshape(there, self.width)
                return whole[rows - first]
            view = memoryview(found.view(np.uint8)).cast("B")  # type: ignore[arg-type]
            for place, row in enumerate(rows.tolist()):
                file.seek(row * size)
                file.readinto(view[place * size : (place + 1) * size])
        return found

    def _sign(self, row: int, signs: NDArray[np.uint64]) -> None:
        for word in range(self._words):
            for first, count in _blocks(row, len(signs)):
                at = (first // _GROW * self._words + word) * _GROW + first % _GROW
                self._put(self._signs, at * 8, signs[first - row : first - row + count, word].tobytes())

    def _put(self, path: Path, at: int, data: bytes) -> None:
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
            try:
                size = os.fstat(handle).st_size
                whole = _GROW * self._words * 8
                if path == self._signs and size < at + len(data):
                    os.ftruncate(handle, -(-(at + len(data)) // whole) * whole)
                while data:
                    done = os.pwrite(handle, data, at)
                    data, at = data[done:], at + done
            finally:
                os.close(handle)
        except OSError as cause:
            raise LibraryError(f"{path.name}: the library cannot be written to ({cause.strerror}). What was taken in before is kept.") from cause


def unit(vectors: Floats) -> Floats:
    """As long as 1; zeros stay zeros."""
    long = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(long > 0, long, 1), np.float32)


def _signs(vectors: Floats) -> NDArray[np.uint64]:
    """Shape (n, width / 64)."""
    positive = vectors > 0
    positive[:, -1] = False
    return np.packbits(positive, axis=1).view(np.uint64)


def _blocks(row: int, count: int) -> list[tuple[int, int]]:
    """(first row, how many) of the stretches that lie in one piece of the signs' file."""
    found = []
    while count:
        here = min(count, _GROW - row % _GROW)
        found.append((row, here))
        row, count = row + here, count - here
    return found
