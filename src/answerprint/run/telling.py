"""What a person sees of a prep, while it runs and when it is done; a second prep sees what the first one does."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answerprint.keep import disk_sentence
from answerprint.locking import locked
from answerprint.model.records import AnswerprintError, Problem
from answerprint.rushes import shown

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["Outcome", "RunError", "Snapshot", "Stage", "Watch", "alone"]


class RunError(AnswerprintError):
    """Prep cannot go on."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """How far one kind of work is. `working` holds (file, share done) of what is in hand."""

    name: str
    says: str
    done: int
    total: int
    working: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What a person sees of a prep at one moment."""

    stages: tuple[Stage, ...]
    problems: int
    attached: bool = False


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a prep did. `computed` counts tasks that ran now; what the record had already is not done again."""

    clips: int
    sounds: int
    computed: int
    problems: tuple[Problem, ...]
    seconds: float


Watch = Callable[[Snapshot], None]


@contextlib.contextmanager
def alone(production: Production, watch: Watch) -> Iterator[None]:
    """Hold the production for one prep; where another holds it, show its progress until it ends."""
    try:
        production.inside.mkdir(parents=True, exist_ok=True)
        lock = open(production.inside / "prep.lock", "a+b")
    except OSError as cause:
        raise RunError(disk_sentence(cause, shown(str(production.inside)))) from cause
    with lock:
        while not locked(lock.fileno()):
            with contextlib.suppress(OSError, ValueError, TypeError, KeyError):  # it may end between two looks
                seen = json.loads((production.inside / "prep.json").read_bytes())
                stages = tuple(Stage(**{**one, "working": tuple(tuple(pair) for pair in one["working"])}) for one in seen["stages"])
                watch(Snapshot(stages=stages, problems=seen["problems"], attached=True))
            time.sleep(0.2)
        yield
