"""The plug-in shapes, all of them, on one page.

Adding a task, critic, format or provider is one file in its folder, or an entry point of another package
(`answerprint.tasks`, `.critics`, `.formats`, `.providers`) that names an object of the shape below. Two of one name are an
error naming both. A plug-in is software you trust as far as your own account: it runs in a worker process that gets values and
returns records, which keeps honest code honest; it is not a sandbox.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Literal

from answerprint.model.charter import Execution
from answerprint.model.ideas import Case, Idea
from answerprint.model.records import AnswerprintError, Digest, Fact, Facts

__all__ = ["Critic", "Each", "ExtendError", "Format", "Input", "Loss", "Task", "Work", "found", "outside"]


class ExtendError(AnswerprintError):
    """A plug-in that is missing, doubled or not of its shape."""


@dataclass(frozen=True, kw_only=True)
class Input:
    """One medium that a task may read: where it is now, what it is for good, and what is known about it so far."""

    path: Path  #: read only; may be anywhere, may vanish while being read
    file: str  #: the name people see: "rushes/A001_C001.mp4"
    digest: Digest
    facts: Mapping[str, Facts]  #: by task name, of the tasks named in `after`
    artefacts: Mapping[str, Path] = field(default_factory=dict)  #: "task/name.ext" -> a file that an `after` task published


@dataclass(frozen=True, kw_only=True)
class Work:
    """What one call of a task gets. Values only: no database, clock, network or environment."""

    subject: Input | None  #: the clip or sound this call is about; None where the task is about the whole shoot
    clips: Sequence[Input]  #: all of them, for tasks whose `each` is "sound with clips" or "shoot"; else empty
    sounds: Sequence[Input]  #: all of them, for tasks whose `each` is "clip with sounds" or "shoot"; else empty
    params: Mapping[str, Any]
    scratch: Path  #: an empty folder; files written here are published whole, by rename, when the task returns
    progress: Callable[[float], None] = lambda done: None  #: call with 0..1
    shoot: Mapping[str, Facts] = field(default_factory=dict)  #: facts about the whole shoot by task, where `each` is "shoot"


#: What one call of a task is about: a file as it lies on a disk, a clip, a recorder's sound, either of them, one with all of the
#: other kind beside it, or everything at once.
Each = Literal["file", "clip", "sound", "clip or sound", "clip with sounds", "sound with clips", "shoot"]


@dataclass(frozen=True, kw_only=True)
class Task:
    """One execution task. `run` is a plain function: values in, facts out.

    The cache key is made of the name, the version, the digests of every medium and facts file that `run` is given, the names of
    those media, `params` and the decoder - so bump `version` when the same input would give another answer.
    """

    name: str
    execution: Execution
    version: int
    run: Callable[[Work], Iterable[Fact]]
    each: Each
    after: tuple[str, ...] = ()  #: tasks whose facts and files are inputs
    artefacts: tuple[str, ...] = ()  #: names of files it may publish in `scratch`
    params: tuple[str, ...] = ()  #: configuration keys that reach `run` and the cache key
    needs: tuple[str, ...] = ()  #: provider kinds, handed in as callables that keep price, budget and log
    says: str = ""  #: what a person reads while it runs: "making proxies"


@dataclass(frozen=True, kw_only=True)
class Critic:
    """A machine critic. `run` is a plain function: a cut with its facts in, ideas out, each with the facts it rests on. No order, no score."""

    name: str  #: "dp"
    version: int
    run: Callable[[Case], Iterable[Idea]]
    seat: str = ""  #: whose chair it speaks beside when that is empty: a role of the crew, "DP"
    says: str = ""  #: what a person reads: "size, headroom, looking room"


@dataclass(frozen=True, kw_only=True)
class Loss:
    """Something a format cannot hold, with the clip it concerns: exports and imports list these, never drop silently."""

    clip: str
    says: str


@dataclass(frozen=True, kw_only=True)
class Format:
    """A way a cut leaves and comes back. Timelines are `opentimelineio.schema.Timeline` in memory; files are bytes."""

    name: str
    suffix: str
    write: Callable[[Any, Mapping[str, Any]], tuple[bytes, Sequence[Loss]]] | None  #: (timeline, options) -> file, what was lost
    read: (
        Callable[[bytes, Mapping[str, Any]], tuple[Sequence[Any], Sequence[Loss]]] | None
    )  #: (file, options) -> timelines, what was not read
    cannot: tuple[str, ...] = ()  #: what the format has no place for, in words


_ATTRIBUTE = {"tasks": "task", "critics": "critic", "formats": "format", "providers": "provider"}
_FOLDER = {
    "tasks": "answerprint.tasks",
    "critics": "answerprint.critics",
    "formats": "answerprint.timeline.formats",
    "providers": "answerprint.providers",
}


def outside(group: str) -> list[EntryPoint]:
    """The entry points other packages offer, without loading one."""
    return sorted(entry_points(group=f"answerprint.{group}"), key=lambda point: point.name)


def found(group: str, *, load_outside: bool) -> dict[str, Any]:
    """Every plug-in of a group by name: the files of its folder first, then other packages' entry points.

    Args:   group: "tasks", "critics", "formats" or "providers".
            load_outside: False in a process that unlocks a key or runs the room: it loads nobody else's code.
    Raises: ExtendError for two of one name (naming both), or one that does not load.
    """
    plugins: dict[str, Any] = {}
    origin: dict[str, str] = {}

    def add(plugin: Any, where: str) -> None:
        name = getattr(plugin, "name", None)
        if not isinstance(name, str):
            raise ExtendError(f"{where} is not a plug-in of answerprint.{group}: it has no name.")
        if name in plugins:
            raise ExtendError(f"two {group} are called {name!r}: {origin[name]} and {where}. Uninstall or rename one.")
        plugins[name], origin[name] = plugin, where

    try:
        folder = importlib.import_module(_FOLDER[group])
    except ModuleNotFoundError as missing:
        if missing.name != _FOLDER[group]:
            raise
    else:
        for info in sorted(pkgutil.iter_modules(folder.__path__), key=lambda info: info.name):
            module = importlib.import_module(f"{_FOLDER[group]}.{info.name}")
            if hasattr(module, _ATTRIBUTE[group]):
                add(getattr(module, _ATTRIBUTE[group]), f"{_FOLDER[group]}.{info.name}")
    if load_outside:
        for point in outside(group):
            where = f"{point.value} of {point.dist.name if point.dist else 'a package'}"
            try:
                plugin = point.load()
            except Exception as cause:
                raise ExtendError(f"the plug-in {where} does not load: {cause}. Mend or uninstall it.") from cause
            add(plugin, where)
    return plugins
