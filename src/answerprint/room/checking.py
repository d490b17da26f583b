"""The films that can be looked at: those that wait, those in out/, those that somebody brought; and what was found in each, kept beside the cache.

What is found belongs to a file as it is and to the spec that it is held against: change either, and it is looked at anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from answerprint import __version__
from answerprint.model.records import to_plain
from answerprint.room.looking import FORM, FOUND
from answerprint.room.reads import when

if TYPE_CHECKING:
    from answerprint.films import Film as Rendered
    from answerprint.model.delivery import Spec
    from answerprint.room.asking import Room

__all__ = ["BROUGHT", "MOVIES", "Film", "clear", "drop", "films", "found", "home", "key", "reports", "seals", "specs"]

MOVIES = (".mov", ".mp4", ".mxf", ".m4v", ".mkv", ".avi", ".webm", ".mpg", ".ts", ".m2ts")
BROUGHT = "brought"
_MOST = 200  #: films that are listed
_KEPT = 40  #: reports that are kept
_BROUGHT_MOST = 6  #: films that somebody brought are large: the oldest makes room
_PART_S = 3600.0  #: after which what was left half-way is nobody's


@dataclass(frozen=True, kw_only=True)
class Film:
    """One file that can be looked at."""

    name: str  #: "out/spot_master_tv-eu.mxf"; of one that was brought, "brought/spot.mov"
    kind: Literal["waits", "out", "brought"]
    path: Path
    stamp: object  #: when it was written, and how large it is
    spec: str = ""  #: what it was made for, as the record or its name says
    expected: str = ""  #: what the render says it made, as JSON
    called: str  #: its name alone, or the one that it leaves under
    known: tuple[tuple[str, str, str], ...] | None = None  #: what was found when it was made, as (weight, check, what); None where nobody said


def home(room: Room) -> Path:
    """Where reports lie; safe to delete."""
    return room.house.production.inside / "cache" / "check"


_specs: dict[Path, tuple[object, dict[str, Spec]]] = {}


def specs(room: Room) -> dict[str, Spec]:
    """Every spec, the house's and the production's; read again when one of the production's was written.

    Raises: SpecError: one of the production's cannot be read.
    """
    from answerprint.delivery.specs import FOLDER
    from answerprint.delivery.specs import specs as known

    path = room.house.production.path
    stamp = tuple((one.name, when(one)) for one in sorted((path / FOLDER).glob("*.toml")))
    held = _specs.get(path)
    if held is None or held[0] != stamp:
        held = _specs[path] = (stamp, known(path))
    return held[1]


def films(room: Room) -> list[Film]:
    """Every film that is here: those that wait, then out/, then what was brought, each by name."""
    names, recorded = list(specs(room)), _recorded(room)
    base = Path(os.path.realpath(room.house.production.path))
    rows = list(_waiting(room))
    for path in _in(base / "out"):
        rows.append(_lying("out", str(path.relative_to(base)), path, recorded.get(path.name) or _said(path, names)))
    for path in _in(Path(os.path.realpath(home(room))) / BROUGHT):
        rows.append(_lying("brought", f"{BROUGHT}/{path.name}", path, _said(path, names)))
    return rows[:_MOST]


def _lying(kind: Literal["out", "brought"], name: str, path: Path, spec: str) -> Film:
    return Film(name=name, kind=kind, path=path, called=path.name, stamp=when(path), spec=spec)


def _waiting(room: Room) -> Iterator[Film]:
    """The films that were rendered and have not left, as far as they are still there."""
    from answerprint import films
    from answerprint.room.showing import desk_of

    for one in films.films(desk_of(room)):
        if one.path.is_file():
            yield Film(name=f"waits/{one.path.name}", kind="waits", path=one.path, called=one.file, stamp=when(one.path), spec=one.spec,
                       expected=_expected(one), known=tuple((found.weight, found.check, found.says) for found in one.findings))  # fmt: skip


def _recorded(room: Room) -> dict[str, str]:
    """For which spec a file in out/ was made, by its name, as the record says; read again when something was written."""
    record = room.house.production.reader()
    if record is None:
        return {}
    with record:
        held: tuple[object, dict[str, str]] | None = getattr(room, "made_for", None)
        if held is None or held[0] != record.head():
            bodies = [body for kind in ("proposal", "released") for entry in record.entries(kind=kind) if (body := entry.read())]
            held = (record.head(), {str(one["file"]): str(one["spec"]) for one in bodies if "file" in one and "spec" in one})
            room.made_for = held  # type: ignore[attr-defined]
        return held[1]


def _expected(film: Rendered) -> str:
    """What the render said it made, as far as QC holds the file against it."""
    from answerprint.model.delivery import Essence
    from answerprint.model.delivery import Rendered as Made

    essence = Essence(streams=film.streams, edit=film.edit, digest=film.essence)
    made = Made(path=film.path.name, spec=film.spec, version=film.version, frames=film.frames, film_first=film.film_first, film_frames=film.film_frames,
                rate=film.rate, samples=film.samples, essence=essence, inputs=())  # fmt: skip
    return json.dumps(to_plain(made), sort_keys=True)


def _in(folder: Path) -> Iterator[Path]:
    """The films of a folder by name; never through a link that leads elsewhere, nothing that is hidden or still being written."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() in MOVIES and not hidden and path.is_file() and Path(os.path.realpath(path)).is_relative_to(folder):
            yield path


def _said(path: Path, names: list[str]) -> str:
    """The spec that a file's name says, as our own names are made: title_version_spec. A version may be called as a spec is: the last one counts."""
    stem = f"_{path.stem}_"
    return max((one for one in names if f"_{one}_" in stem), key=lambda one: stem.rindex(f"_{one}_"), default="")


def seals(known: dict[str, Spec]) -> dict[str, str]:
    """What each spec says, in short; of "" nothing. The first is no spec."""
    return {"": ""} | {name: hashlib.sha256(repr(one).encode()).hexdigest() for name, one in known.items()}


def key(film: Film, seal: str) -> str:
    """What was found is kept under this: the file as it is now, what it is held against (a spec's seal), and who looked."""
    parts = (film.name, repr(film.stamp), seal, film.expected, __version__, str(FORM))
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:32]


def reports(room: Room) -> frozenset[str]:
    """The keys of everything that was found."""
    return frozenset(path.parent.name for path in home(room).glob(f"*/{FOUND}"))


def drop(room: Room, key: str) -> None:
    """Let go of what was found."""
    shutil.rmtree(home(room) / key, ignore_errors=True)


_read: dict[Path, tuple[object, dict[str, Any]]] = {}


def found(room: Room, key: str) -> dict[str, Any] | None:
    """What was found, as looking.look wrote it; None where nobody looked yet."""
    path = home(room) / key / FOUND
    stamp = when(path)
    if stamp is None:
        return None
    held = _read.get(path)
    if held is None or held[0] != stamp:
        if len(_read) >= _KEPT:
            _read.clear()
        held = _read[path] = (stamp, json.loads(path.read_bytes()))
    return held[1]


def clear(room: Room, keep: str) -> None:
    """Let go of the oldest reports, of films that were brought long ago, and of what was left half-way."""
    place = home(room)
    reports = sorted((one for one in place.glob("*") if (one / FOUND).is_file() and one.name != keep), key=_age)
    for one in reports[: max(0, len(reports) + 1 - _KEPT)]:
        shutil.rmtree(one, ignore_errors=True)
    brought = sorted((one for one in (place / BROUGHT).glob("*") if not one.name.startswith(".")), key=_age)
    for one in brought[: max(0, len(brought) - _BROUGHT_MOST)]:
        one.unlink(missing_ok=True)
    for one in (*place.glob(".part-*"), *(place / BROUGHT).glob(".brought-*")):
        if time.time() - _age(one) > _PART_S:
            shutil.rmtree(one) if one.is_dir() else one.unlink(missing_ok=True)


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
