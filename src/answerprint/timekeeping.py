"""How long the machine worked: one line for each piece of work in the production's log. No words, no names of files or people.

Prep writes its own lines, task by task; whatever else the machine makes is timed here, once for the whole of it, however much of it calls the
rest. The log is the production's and may be deleted: then nobody knows it any more, and that is said.
"""

from __future__ import annotations

import contextlib
import functools
import json
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from answerprint.model.charter import Execution

__all__ = ["Spent", "log", "spent", "timed"]

P = ParamSpec("P")
R = TypeVar("R")
_inside: ContextVar[bool] = ContextVar("timed", default=False)


@dataclass(frozen=True, kw_only=True)
class Spent:
    """One line of the log."""

    task: str
    seconds: float
    done: bool  #: False: it ended without anything made: refused, stopped, broken off
    day: str  #: "2026-11-22", of the file it stands in
    execution: str = ""  #: of the charter, where the line says it; prep's own tasks are known by their name


def timed(task: str, execution: Execution | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """For a function whose first argument is a production, or a desk with one: what it takes is written into the production's log."""

    def around(work: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(work)
        def does(*args: P.args, **kwargs: P.kwargs) -> R:
            if _inside.get():
                return work(*args, **kwargs)
            first: Any = args[0] if args else next(iter(kwargs.values()))
            token, start, outcome = _inside.set(True), time.monotonic(), "refused"
            try:
                made = work(*args, **kwargs)
                outcome = "done"
                return made
            finally:
                _inside.reset(token)
                log(getattr(first, "production", first).inside, {"task": task, "execution": str(execution or ""), "seconds": round(time.monotonic() - start, 3), "outcome": outcome})

        return does

    return around


def log(inside: Path, line: dict[str, Any]) -> None:
    """One line more, in today's file. A disk that refuses costs the line, and nothing else."""
    with contextlib.suppress(OSError):
        (inside / "log").mkdir(exist_ok=True)  # a folder that is no production yet gets none
        with open(inside / "log" / f"{time.strftime('%Y-%m-%d')}.jsonl", "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def spent(inside: Path) -> Iterator[Spent]:
    """Every whole line of the log, the oldest day first; nothing where there is none. What a crash cut off is left out."""
    folder = inside / "log"
    for path in sorted(folder.glob("????-??-??.jsonl")) if folder.is_dir() else ():
        try:
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            continue
        for line in lines:
            with contextlib.suppress(ValueError, TypeError, KeyError, RecursionError):
                one = json.loads(line)
                seconds = float(one["seconds"])
                if 0 <= seconds < float("inf"):
                    yield Spent(task=str(one["task"]), seconds=seconds, done=one["outcome"] == "done", day=path.stem, execution=str(one.get("execution", "")))
