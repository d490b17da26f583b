"""How finished films get their names in out/: one program at a time, each film with its papers or not at all.

What was made waits in a hidden folder of out/ itself, so that every step is a rename. No film stands under its name without the entry that
says that it left; what a power cut leaves behind is hidden, and the next delivery sweeps it away.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from answerprint.keep import disk_sentence
from answerprint.model.records import AnswerprintError
from answerprint.rushes import shown

if TYPE_CHECKING:
    from answerprint.films import Film
    from answerprint.production import Production

__all__ = ["HIDDEN", "AppearingError", "Staged", "alone", "appear", "in_the_way", "on_disk", "sweep"]

HIDDEN = ".leaving-"  #: how the folder in out/ begins in which films wait for their names
T = TypeVar("T")


class AppearingError(AnswerprintError):
    """A film that cannot get its name: somebody else delivers, or something else lies there."""


@dataclass(frozen=True, kw_only=True)
class Staged:
    """What of one film is to get its name, all of it in one hidden folder."""

    film: Path
    papers: Path
    beside: tuple[Path, ...] = ()  #: credentials and captions that are files of their own

    @property
    def all(self) -> tuple[Path, ...]:
        """In the order in which they appear: the film last."""
        return (*self.beside, self.papers, self.film)


@contextlib.contextmanager
def alone(production: Production) -> Iterator[None]:
    """Hold a production's films for one program. A program that was killed holds nothing any more.

    Raises: AppearingError: another one has them.
    """
    from answerprint.run import locked

    try:
        production.inside.mkdir(parents=True, exist_ok=True)
        lock = open(production.inside / "films.lock", "a+b")
    except OSError as cause:
        raise AppearingError(disk_sentence(cause, shown(str(production.inside)))) from cause
    with lock:
        if not locked(lock.fileno()):
            raise AppearingError("films of this production are being rendered or let out at this moment, here or in the room. Wait until that is done.")
        yield


def sweep(out: Path) -> None:
    """Put away what a killed delivery left in out/. Only while nobody else delivers."""
    for one in out.glob(f"{HIDDEN}*"):
        shutil.rmtree(one, ignore_errors=True)


def in_the_way(place: Path, film: Film, left: Sequence[Mapping[str, Any]]) -> str:
    """Why a film cannot get its name: what lies there is not an earlier delivery of the same; "" where nothing is in the way.

    Args: place: its name in out/.  left: what the record says of films that left, oldest first.
    """
    papers, same = place.with_name(f"{place.stem} papers"), [one for one in left if Path(one["file"]).stem.casefold() == place.stem.casefold()]
    others = [one for one in same if (one["version"], one["spec"]) != (film.version, film.spec) and (place.parent / one["file"]).exists()]
    if others and (same[-1] in others or place.name != others[-1]["file"]):
        return f"out/{others[-1]['file']} is {others[-1]['version']} for {others[-1]['spec']}, which left under that name. Move it away with its papers, or call one of the two otherwise."
    known = {name for one in same for name in (one["file"], *one.get("beside", ()))}
    if foreign := next((name for name in (place.name, *film.captions) if name not in known and os.path.lexists(place.with_name(name))), ""):
        return f"out/{foreign} is there already, and the record lets no file of that name out. Move it away."
    if papers.is_dir() and (strange := _strange(papers)):
        return f"out/{papers.name}/{strange} is none of the film's papers, and would go with the old ones. Move it away."
    return ""


def _strange(papers: Path) -> str:
    """Something in a folder of papers that is none of them; "" where there is nothing."""
    try:
        listed = {str(one["file"]) for one in json.loads((papers / "papers.json").read_bytes())["papers"]}
    except (OSError, ValueError, TypeError, KeyError):
        listed = set()
    return next((one.name for one in sorted(papers.iterdir()) if one.name not in {*listed, "papers.json"} and not one.name.startswith(".")), "")


def appear(one: Staged, out: Path, entered: Callable[[], T], *, gone: Sequence[str] = ()) -> T:
    """Give everything its name: what an earlier delivery left under these names goes, papers come, the entry is written, the film comes.

    Args:    entered: writes the entry that says that it left.  gone: further names in out/ that an earlier delivery may have left.
    Returns: what `entered` gave.  Where anything fails, everything lies there as it did before.
    """
    before = one.film.parent / "before"
    before.mkdir()
    places = [out / each.name for each in one.all]
    away: list[Path] = []
    new: list[tuple[Path, Path]] = []
    try:
        for place in dict.fromkeys((*reversed(places), *(out / name for name in gone))):
            if os.path.lexists(place):
                os.replace(place, before / place.name)
                away.append(place)
        for each, place in zip(one.all, places, strict=True):
            if each is one.film:
                on_disk(out)
                entry = entered()
            os.replace(each, place)
            new.append((each, place))
    except BaseException:
        for each, place in new:
            os.replace(place, each)
        for place in away:
            os.replace(before / place.name, place)
        raise
    on_disk(out)
    return entry


def on_disk(path: Path) -> None:
    """What was written or renamed is on the disk; not every system lets a folder be asked for that."""
    with contextlib.suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
