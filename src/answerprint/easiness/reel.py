"""A director's own reel: films of theirs that a report may stand beside. It lies in their own data, outside every production, and they take it away when they like."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from answerprint.keep import KeepError, disk_sentence, write_whole
from answerprint.model.records import AnswerprintError

__all__ = ["FILMS", "ReelError", "add", "films_of", "listed", "remove"]

FILMS = frozenset({".mp4", ".mov", ".m4v", ".mxf", ".mkv", ".webm", ".avi", ".mpg"})  #: endings of what is taken for a film in a folder


class ReelError(AnswerprintError):
    """A film that cannot stand in a reel or a category."""


def listed(person: str) -> tuple[Path, ...]:
    """The films of a person's reel, in the order in which they were added; one that was moved or deleted since is among them. person: their id."""
    try:
        lines = _path(person).read_bytes().split(b"\0")
    except FileNotFoundError:
        return ()
    except OSError as cause:
        raise ReelError(disk_sentence(cause, str(_path(person)))) from cause
    return tuple(Path(os.fsdecode(line)) for line in lines if line)


def add(person: str, files: Sequence[str | Path]) -> tuple[Path, ...]:
    """Put films on a person's reel; what is on it stays.

    Raises: ReelError: a file is not there, or is no film by its name; then none of them is added.
    """
    found = []
    for one in files:
        path = Path(os.path.abspath(one))
        if not path.is_file():
            raise ReelError(f"{one}: there is no such file. Say where the film lies.")
        if path.suffix.lower() not in FILMS:
            raise ReelError(f"{one}: this is no film by its name. There is: {', '.join(sorted(FILMS))}.")
        found.append(path)
    return _write(person, (*listed(person), *found))


def remove(person: str, files: Sequence[str | Path]) -> tuple[Path, ...]:
    """Take films off it, by their places.

    Raises: ReelError: one is not on it.
    """
    gone = {Path(os.path.abspath(one)) for one in files}
    known = listed(person)
    if unknown := gone - set(known):
        raise ReelError(f"{next(iter(unknown))} is not on the reel. It holds: {', '.join(map(str, known)) or 'nothing'}.")
    return _write(person, tuple(one for one in known if one not in gone))


def films_of(folder: Path) -> tuple[Path, ...]:
    """The films of a folder, by name; nothing hidden, and nothing in folders below it.

    Raises: ReelError: there is no such folder, or no film in it.
    """
    try:
        found = sorted(one for one in folder.iterdir() if one.is_file() and one.suffix.lower() in FILMS and not one.name.startswith("."))
    except OSError as cause:
        raise ReelError(disk_sentence(cause, str(folder))) from cause
    if not found:
        raise ReelError(f"{folder}: there is no film in it. Put the category's films there, as .mp4 or .mov.")
    return tuple(found)


def _write(person: str, films: Sequence[Path]) -> tuple[Path, ...]:
    kept = tuple(dict.fromkeys(films))
    path = _path(person)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(path, b"\0".join(os.fsencode(one) for one in kept), mode=0o600)
    except (OSError, KeepError) as cause:
        raise ReelError(f"{path}: the reel cannot be kept ({cause}).") from cause
    return kept


def _path(person: str) -> Path:
    import platformdirs

    whose = hashlib.sha256(person.encode()).hexdigest()[:32]
    return Path(platformdirs.user_data_dir("answerprint", appauthor=False)) / "reel" / whose
