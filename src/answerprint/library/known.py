"""What the index says of a few files by their seals or their places, read without opening the rest of it: whoever asks for six files of a cut needs no vectors of a million shots."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from answerprint.library import LibraryError
from answerprint.model.records import Digest

__all__ = ["INDEX", "Known", "Reading", "reading"]

INDEX = "library.db"


@dataclass(frozen=True, kw_only=True)
class Known:
    """A file of the library."""

    digest: Digest
    info: Mapping[str, Any]
    places: tuple[str, ...]  #: wherever it lies, also on disks that are not connected


class Reading:
    """The index while it is asked. Nothing is written."""

    def __init__(self, db: sqlite3.Connection, home: Path) -> None:
        self.home = home
        self._db = db

    def at(self, path: str, size: int, changed: int) -> Digest | None:
        """The seal of what lies at a place, where that was taken in as it is now: sparing whoever asks to read all of it."""
        row = self._db.execute("SELECT digest FROM file JOIN place ON place.file = file.n WHERE path = ? AND size = ? AND changed = ?", (path, size, changed)).fetchone()
        return str(row[0]) if row else None

    def of(self, digest: Digest) -> Known | None:
        row = self._db.execute("SELECT n, info FROM file WHERE digest = ?", (digest,)).fetchone()
        if row is None:
            return None
        places = tuple(str(path) for (path,) in self._db.execute("SELECT path FROM place WHERE file = ? ORDER BY path", (row[0],)))
        return Known(digest=digest, info=json.loads(row[1]), places=places)

    def papers(self, places: Iterable[str]) -> tuple[tuple[str, str, bytes], ...]:
        """The lists of rights that may be about what lies at these places: in their folders or above, as `Index.papers` has them."""
        above = {str(folder) for place in places for folder in Path(place).parents}
        names = [str(path) for (path,) in self._db.execute("SELECT path FROM paper ORDER BY path") if str(Path(path).parent) in above]
        return tuple((name, str(root), bytes(raw)) for name in names for root, raw in self._db.execute("SELECT root, raw FROM paper WHERE path = ?", (name,)))


@contextlib.contextmanager
def reading(home: Path) -> Iterator[Reading | None]:
    """The library's index in a folder, for a few questions; None where there is none.

    Raises: LibraryError: it is there and cannot be read.
    """
    place = home / INDEX
    if not place.is_file():
        yield None
        return
    try:
        with contextlib.closing(sqlite3.connect(f"{place.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as db:
            yield Reading(db, home)
    except (sqlite3.Error, ValueError) as cause:
        raise LibraryError(f"the library's index cannot be read ({cause})") from cause
