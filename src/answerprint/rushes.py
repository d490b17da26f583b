"""What media a production has: walking its folders and disks, naming every file once, remembering what was read.

Media are never modified. A file is called "rushes/A001_C001.mp4" or "sound/T001.wav" wherever its disk is mounted today; the
first medium in the list owns the short name, another file of the same name is called "rushes/CARD2/A001_C001.mp4".
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from answerprint.config import FILE_NAME
from answerprint.keep import KeepError
from answerprint.model.records import Digest, Problem

__all__ = ["COMPANIONS", "ORIGINALS", "PICTURE", "SOUND", "SYSTEM", "Found", "Seen", "scan", "shown"]

PICTURE = frozenset(".mov .mp4 .m4v .mxf .mkv .webm .avi .mpg .mpeg .mts .m2ts .ts .mpv .dv .3gp".split())
SOUND = frozenset(".wav .bwf .wave .rf64 .aif .aiff .aifc .flac .mp3 .m4a .aac .ogg .opus .caf .w64".split())
#: Camera originals that do not open in FFmpeg; the DIT's proxies stand in for them.
ORIGINALS = frozenset(".braw .r3d .ari .arx .crm .rmf .nev .cine".split())
#: Small files beside a clip that say how it is to be seen or what it is.
COMPANIONS = frozenset(".cube .cc .cdl .ccc .3dl .xml .ale".split())
_COMPANION_LIMIT = 64 << 20  # a 129-point .cube is 60 MB as text; nothing larger stands beside a clip
#: What operating systems keep on a disk for themselves.
SYSTEM = frozenset({"@eaDir", "System Volume Information", "$RECYCLE.BIN", "lost+found"})
_SKIPPED = SYSTEM | {"ascmhl"}
_OURS = frozenset({"cuts", "out"})  # what a production made itself, where a production lies on the medium


@dataclass(frozen=True, kw_only=True)
class Found:
    """One file of a production, as the disk shows it now."""

    path: Path
    file: str  #: the name people see
    kind: Literal["picture", "sound", "original"]
    root: Path  #: the medium it was found on
    size: int
    mtime_ns: int
    companions: tuple[Path, ...] = ()


def shown(name: str | bytes) -> str:
    """A file name as text that can be stored and printed: bytes that are not UTF-8 are written as \\xff."""
    raw = name if isinstance(name, bytes) else os.fsencode(name)
    return raw.decode("utf-8", "backslashreplace")


def scan(folder: Path, media: Sequence[str]) -> tuple[list[Found], list[Problem]]:
    """Every clip and sound of a production, in the order of its media and their names, and what could not be looked at.

    Args: folder: the production.  media: other folders and disks, absolute or relative to it.
    """
    found: list[Found] = []
    problems: list[Problem] = []
    taken: dict[str, Path] = {}
    roots = [(folder / "rushes", ""), (folder / "sound", "")]
    roots += [((folder / os.path.expanduser(name)).absolute(), "") for name in media]
    seen_roots: set[str] = set()
    for root, _ in roots:
        real = os.path.realpath(root)
        if real in seen_roots:
            continue
        seen_roots.add(real)
        if not root.exists():
            if root.parent != folder or root.name not in ("rushes", "sound"):
                problems.append(
                    Problem(
                        file=shown(str(root)), says="this medium is not connected. Connect it, or take it out of answerprint.toml."
                    )
                )
            continue
        for path, stat, companions in _walk(root, problems):
            kind: Literal["picture", "sound", "original"]
            suffix = path.suffix.lower()
            kind = "picture" if suffix in PICTURE else "sound" if suffix in SOUND else "original"
            place = "sound" if kind == "sound" else "rushes"
            inside = os.path.relpath(path, root) if root.is_dir() else path.name
            name = shown(f"{place}/{inside}".replace(os.sep, "/"))
            if name in taken:
                name = shown(f"{place}/{root.name}/{inside}".replace(os.sep, "/"))
            count = 2
            while name in taken:
                name = shown(f"{place}/{root.name} {count}/{inside}".replace(os.sep, "/"))
                count += 1
            taken[name] = path
            found.append(
                Found(
                    path=path, file=name, kind=kind, root=root, size=stat.st_size, mtime_ns=stat.st_mtime_ns, companions=companions
                )
            )
    return found, problems


def not_connected(folder: Path, media: Sequence[str]) -> list[Path]:
    """The media that a production names and that are not there now: a disk that was taken along, a folder that was moved."""
    roots = dict.fromkeys((folder / os.path.expanduser(name)).absolute() for name in media)
    return [root for root in roots if not root.exists()]


def _walk(root: Path, problems: list[Problem]) -> Iterator[tuple[Path, os.stat_result, tuple[Path, ...]]]:
    """Media files below a root in name order; links are followed once, never in a circle."""
    if root.is_file():
        if root.suffix.lower() in PICTURE | SOUND | ORIGINALS:
            yield root, root.stat(), ()
        else:
            problems.append(
                Problem(file=shown(str(root)), says="this is neither a clip nor sound. Take it out of answerprint.toml.")
            )
        return
    visited: set[tuple[int, int]] = set()

    def refused(error: OSError) -> None:
        problems.append(Problem(file=shown(str(error.filename)), says=f"this folder cannot be read: {error.strerror}."))

    for here, folders, files in os.walk(root, followlinks=True, onerror=refused):
        try:
            state = os.stat(here)
        except OSError as error:
            refused(error)
            folders.clear()
            continue
        if (state.st_dev, state.st_ino) in visited:
            folders.clear()
            continue
        visited.add((state.st_dev, state.st_ino))
        skipped = _SKIPPED | _OURS if FILE_NAME in files else _SKIPPED
        folders[:] = sorted(name for name in folders if name not in skipped and not name.startswith("."))
        beside: dict[str, list[Path]] = {}
        for name in files:
            if os.path.splitext(name)[1].lower() in COMPANIONS and not name.startswith("."):
                beside.setdefault(os.path.splitext(name)[0].lower(), []).append(Path(here, name))
        for name in sorted(files):
            stem, suffix = os.path.splitext(name)
            if name.startswith(".") or suffix.lower() not in PICTURE | SOUND | ORIGINALS:
                continue
            path = Path(here, name)
            try:
                stat = path.stat()
            except OSError as error:
                problems.append(Problem(file=shown(name), says=f"this file cannot be looked at: {error.strerror}."))
                continue
            companions = sorted(
                near
                for key, near_by in beside.items()
                if key == stem.lower() or key.startswith(stem.lower() + "m0")
                for near in near_by
            )
            yield path, stat, tuple(near for near in companions if _is_small(near))


def _is_small(path: Path) -> bool:
    try:
        return path.stat().st_size <= _COMPANION_LIMIT
    except OSError:  # a link to nowhere stands beside nothing
        return False


class Seen:
    """Which files were hashed, so that a second prep reads none again. A table of index.db: safe to delete."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open the table; a reader of a production that was never prepped gets an empty one."""
        self._path, self._read_only = path, read_only
        try:
            if read_only:
                self._db = sqlite3.connect(
                    f"{path.absolute().as_uri()}?mode=ro&immutable=1" if path.exists() else ":memory:", uri=True
                )
            else:
                self._db = sqlite3.connect(path, timeout=30, isolation_level=None)
                self._db.execute("PRAGMA synchronous=OFF")
            if not read_only or not path.exists():
                self._db.execute(
                    "CREATE TABLE IF NOT EXISTS seen (path BLOB PRIMARY KEY, size INTEGER, mtime_ns INTEGER, digest TEXT, hashes TEXT) STRICT"
                )
        except sqlite3.Error as cause:
            raise self._unusable(cause) from cause

    def _unusable(self, cause: sqlite3.Error) -> KeepError:
        return KeepError(
            f"{self._path}: this file cannot be used ({cause}). It is safe to delete: it is made again from the record."
        )

    def get(self, found: Found) -> tuple[Digest, dict[str, str]] | None:
        """The digest and MHL hashes of a file that has not changed since it was read."""
        try:
            row = self._db.execute(
                "SELECT size, mtime_ns, digest, hashes FROM seen WHERE path = ?", (os.fsencode(found.path),)
            ).fetchone()
        except sqlite3.Error as cause:
            if self._read_only:  # half written: a prep is at work, or was killed; the next one makes it again
                return None
            raise self._unusable(cause) from cause
        if row is None or (row[0], row[1]) != (found.size, found.mtime_ns):
            return None
        return row[2], json.loads(row[3])

    def put(self, found: Found, digest: Digest, hashes: dict[str, str]) -> None:
        row = (os.fsencode(found.path), found.size, found.mtime_ns, digest, json.dumps(hashes))
        try:
            self._db.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?, ?)", row)
        except sqlite3.Error as cause:
            raise self._unusable(cause) from cause

    def close(self) -> None:
        self._db.close()
