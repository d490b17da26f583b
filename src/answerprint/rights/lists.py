"""Who lets a clip of the library be used, and until when: rows of a rights.csv beside the footage, or of the library's own list.

A list lies in the folder of the clips that it is about, or in one above it, up to the folder that was taken in; rights.csv in the library's own
folder is asked as well. Where its disk is not connected, the list is read as it was when it was last seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from answerprint.rights.paper import PAPER, Right, RightsError, read_rights

__all__ = ["PAPER", "Licence", "Lists"]


@dataclass(frozen=True, kw_only=True)
class Licence:
    """What the lists say of one file today."""

    rows: tuple[Right, ...]
    says: str  #: one sentence for a person
    holds: bool  #: some row lets it be used today, and none that is about it has run out
    held_back: bool  #: a row about it has run out, has not begun, or is for the cutting room only: it is no candidate
    ends: date | None = None  #: the first day on which one of its rows ends
    released: bool = False  #: a talent row about it holds


class Lists:
    """Every list of rights that the library knows.

    Args:   home: the library's own folder.  papers: (list, folder that was taken in, its bytes when it was last seen), as the index has them.
    Raises: RightsError: one cannot be read; the sentence names it.
    """

    def __init__(self, home: Path, papers: Iterable[tuple[str, str, bytes]], *, today: date | None = None) -> None:
        self.today = today or date.today()
        self._lists: list[tuple[Path, tuple[Right, ...]]] = []
        own = home / PAPER
        if own.is_file():
            self._lists.append((Path("/"), _read(own, own.read_bytes())))
        for name, _, kept in papers:
            path = Path(name)
            try:
                raw = path.read_bytes()
            except OSError:
                raw = kept
            self._lists.append((path.parent, _read(path, raw)))

    def of(self, *paths: str) -> Licence:
        """What is written about a file, wherever a copy of it lies: a second one lifts no limit of the first."""
        rows: list[Right] = []
        for folder, rights in self._lists:
            ways = {way for path in paths for way in _ways(path, folder)}
            rows += [one for one in rights if any(one.names(way) for way in ways)]
        return _licence(rows, self.today)


def _ways(path: str, folder: Path) -> set[str]:
    """What a list in a folder may call a file: by its place below that folder, or whole."""
    try:
        inside = Path(path).relative_to(folder)
    except ValueError:
        return set()
    return {str(inside), path}


def _read(path: Path, raw: bytes) -> tuple[Right, ...]:
    try:
        return read_rights(raw)
    except RightsError as error:
        raise RightsError(f"{path.parent}: {error}") from error


def _licence(rows: Sequence[Right], today: date) -> Licence:
    if not rows:
        return Licence(rows=(), says="no list says who lets it be used", holds=False, held_back=False)
    over = [one for one in rows if one.ends is not None and one.ends < today]
    early = [one for one in rows if one.begins is not None and one.begins > today]
    temp = [one for one in rows if one.temp]
    ends = min((one.ends for one in rows if one.ends is not None), default=None)
    if over:
        says = f"{over[0].called} ended on {over[0].ends}"
    elif early:
        says = f"{early[0].called} begins on {early[0].begins}"
    elif temp:
        says = f"{temp[0].called} is there for the cutting room only"
    else:
        limits = [", ".join(sorted(one.media)) for one in rows[:1] if one.media] + [", ".join(sorted(one.territory)) for one in rows[:1] if one.territory]
        says = f"{rows[0].called}" + (f", {'; '.join(limits)}" if limits else "") + (f", until {ends}" if ends else "") + (f" ({rows[0].paper})" if rows[0].paper else "")
    held = bool(over or early or temp)
    return Licence(rows=tuple(rows), says=says, holds=not held, held_back=held, ends=ends, released=not held and any(one.what == "talent" for one in rows))
