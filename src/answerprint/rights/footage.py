"""What the user's library says of media in a cut: that it was generated, or under which licence it may be used. A clip that was laid in by hand came past the page that says so.

A file is known by its seal, under whatever name it lies here; nothing is asked of the library but the few files that a cut names.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from answerprint.config import library_home
from answerprint.desk import Desk
from answerprint.library import LibraryError
from answerprint.library.known import INDEX, Reading, reading
from answerprint.model.records import Digest
from answerprint.plan import small_digest
from answerprint.rights.lists import PAPER, Licence, Lists
from answerprint.rights.paper import RightsError

__all__ = ["Footage", "footage", "known_as", "seal_here"]


@dataclass(frozen=True, kw_only=True)
class Footage:
    """A file that the library holds."""

    name: str  #: of the file there, without its folder: where a disk keeps things stands in no sentence
    generated: str  #: how the library knows that it was generated; "" where nothing says so
    licence: Licence
    own: bool  #: whether it lies in this production alone, so that the library knows it from there

    @property
    def called_generated(self) -> str:
        """After a file's name: that the library calls it generated; "" where nothing says so."""
        return f"is {self.name} of the library, which calls it generated ({self.generated})" if self.generated else ""


@dataclass
class _Asked:
    """What was asked for a desk already."""

    seals: dict[str, Digest] = field(default_factory=dict)  #: by file
    found: dict[Digest, Footage | None] = field(default_factory=dict)
    lists: dict[tuple[tuple[str, str, bytes], ...], Lists] = field(default_factory=dict)  #: by the papers that they were read from


_ASKED: weakref.WeakKeyDictionary[Desk, _Asked] = weakref.WeakKeyDictionary()


def footage(desk: Desk, files: Iterable[str], digests: Mapping[str, Digest]) -> dict[str, Footage]:
    """Those of these files that the library holds, with what it says of them.

    Args:   files: as the production calls them.  digests: their seals, as far as a cut or the shoot knows them.
    Empty:  there is no library.
    Raises: RightsError: the library, or a list of rights in it, cannot be read.
    """
    home = library_home(desk.production.settings)
    if not (home / INDEX).is_file():
        return {}
    asked = _ASKED.setdefault(desk, _Asked())
    seals = {file: digests.get(file) or asked.seals.get(file) for file in files}
    if not all(seal in asked.found for seal in seals.values()):
        try:
            with reading(home) as index:
                if index is None:
                    return {}
                for file, seal in seals.items():
                    asked.seals[file] = seals[file] = known = seal or _seal(index, desk.path / file)
                    if known not in asked.found:
                        asked.found[known] = _looked(desk, index, known, asked)
        except LibraryError as cause:
            raise RightsError(f"{cause}, so nobody knows whether it holds what this cut shows, as generated or under a licence that ended. Close what writes to it, or build it anew: answerprint library add FOLDER") from cause
    return {file: one for file, seal in seals.items() if seal is not None and (one := asked.found[seal]) is not None}


def known_as(info: Mapping[str, Any], licence: Licence) -> str:
    """How the library knows that a file was generated: by its own word, or by a row of its list; "" where nothing says so."""
    row = next((one for one in licence.rows if one.what == "generated"), None)
    return str(info.get("generated", "")) or (f"{PAPER}, row {row.row}" if row is not None else "")


def seal_here(desk: Desk, file: str) -> Digest:
    """The seal of a file as it lies there now; "missing" where it cannot be read. A stock clip is no small file: what the library took in and what did not change since is not read again."""
    asked = _ASKED.setdefault(desk, _Asked())
    if file not in asked.seals:
        try:
            with reading(library_home(desk.production.settings)) as index:
                asked.seals[file] = _seal(index, desk.path / file)
        except LibraryError:  # the check of rights says it
            asked.seals[file] = _sealed_now(desk.path / file)
    return asked.seals[file]


def _sealed_now(path: Path) -> Digest:
    try:
        there = path.stat()
    except OSError:
        return "missing"
    return _sealed(path, there.st_size, there.st_mtime_ns, there.st_ino)


@lru_cache(maxsize=4096)
def _sealed(path: Path, size: int, changed: int, place: int) -> Digest:
    return small_digest(path)


def _seal(index: Reading | None, path: Path) -> Digest:
    if index is None:
        return _sealed_now(path)
    try:
        there = path.stat()
    except OSError:
        return "missing"
    places = dict.fromkeys((str(path), os.path.realpath(path)))
    return next((known for place in places if (known := index.at(place, there.st_size, there.st_mtime_ns)) is not None), None) or _sealed_now(path)


def _looked(desk: Desk, index: Reading, digest: Digest, asked: _Asked) -> Footage | None:
    known = index.of(digest)
    if known is None or not known.places:
        return None
    papers = index.papers(known.places)
    if papers not in asked.lists:
        try:
            asked.lists[papers] = Lists(index.home, papers, today=date.today())
        except RightsError as cause:
            raise RightsError(f"a list of rights in the library cannot be read, so nobody knows under which licence this cut's footage stands ({cause.__cause__ or 'its disk is damaged'})") from cause
    licence = asked.lists[papers].of(*known.places)
    inside = os.path.realpath(desk.path) + os.sep
    own = all(os.path.realpath(place).startswith(inside) for place in known.places)
    return Footage(name=Path(known.places[0]).name, generated=known_as(known.info, licence), licence=licence, own=own)
