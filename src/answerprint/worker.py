"""What runs inside a worker process: one task on one input. Values come in, records go out, nothing else crosses.

A worker is spawned, never forked; it leaves Ctrl-C to the process that owns the record, and it ends by itself when that
process is gone.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import resource_tracker
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from typing import Any

from answerprint.model.extend import Input, Task, Work, found
from answerprint.model.records import AnswerprintError, Digest, Fact, Facts

__all__ = ["CONTEXT", "Done", "Order", "Subject", "describe", "hash_file", "perform", "settle_in"]


@dataclass(frozen=True, kw_only=True)
class Subject:
    """An `Input` on its way to a worker: facts travel as paths into keep/."""

    path: str
    file: str
    digest: Digest
    facts: Mapping[str, str]
    artefacts: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Order:
    """One task to do. `outside` says whether it may be another package's."""

    task: str
    outside: bool
    subject: Subject | None
    clips: tuple[Subject, ...]
    sounds: tuple[Subject, ...]
    shoot: Mapping[str, str]
    params: Mapping[str, Any]
    inputs: tuple[Digest, ...]
    scratch: str


@dataclass(frozen=True, kw_only=True)
class Done:
    """What came of it: the facts file, or a sentence why there is none."""

    facts: bytes | None
    says: str | None
    seconds: float
    peak_mb: int
    disk: bool = False  #: the disk refused: nothing else will succeed either


#: What leads to an unlocked key; a process that runs other people's code is started without it.
_LEADS_TO_KEYS = ("SSH_AUTH_SOCK", "SSH_AGENT_PID", "SSH_ASKPASS", "GPG_AGENT_INFO")
_starting = threading.Lock()


class _Worker(SpawnProcess):
    """A spawned process that is told nothing of the user's keys, and nothing of Ctrl-C, from its first moment on."""

    def start(self) -> None:
        with _starting:
            held = {name: os.environ.pop(name) for name in _LEADS_TO_KEYS if name in os.environ}
            try:
                with _ctrl_c_waits():
                    super().start()
            finally:
                os.environ.update(held)


@contextmanager
def _ctrl_c_waits() -> Iterator[None]:
    """Block Ctrl-C for this thread; what is started meanwhile never hears it, and this process hears it afterwards."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows: nothing is handed down there
        yield
        return
    resource_tracker.ensure_running()  # it would lift the block when it starts
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


class _Context(SpawnContext):
    Process = _Worker


CONTEXT = _Context()  #: how workers are started


def settle_in(parent: int) -> None:
    """Start of a worker's life: no Ctrl-C, and no life without the process that ordered it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def perform(order: Order) -> Done:
    """Do one order. Raises nothing that a task raised: a refusal comes back as a sentence."""
    start = time.monotonic()
    facts: bytes | None = None
    says: str | None = None
    disk = False
    try:
        task: Task = found("tasks", load_outside=order.outside)[order.task]
        work = Work(
            subject=_input(order.subject) if order.subject else None,
            clips=[_input(one) for one in order.clips],
            sounds=[_input(one) for one in order.sounds],
            shoot={name: Facts.from_bytes(Path(path).read_bytes()) for name, path in order.shoot.items()},
            params=order.params,
            scratch=Path(order.scratch),
            progress=_Reporter(Path(order.scratch + ".progress")),
        )
        facts = Facts(task=task.name, version=task.version, inputs=order.inputs, facts=_checked(task, task.run(work))).to_bytes()
    except AnswerprintError as error:
        says = str(error)
        disk = _is_full(error)
    except MemoryError:
        says = "there is not enough memory for this. Close other programs, or set workers = 1 in your own settings."
    except Exception as error:  # noqa: BLE001 - a plug-in or a library may raise anything; the rest of the shoot goes on
        says, disk = f"unexpected {type(error).__name__}: {error}", _is_full(error)
    return Done(facts=facts, says=says, seconds=round(time.monotonic() - start, 3), peak_mb=_peak_mb(), disk=disk)


def describe() -> list[Task]:
    """The declarations of other packages' tasks, read where their code may run: in a worker. Their `run` stays there."""
    own = set(found("tasks", load_outside=False))
    return [replace(task, run=_stays_in_the_worker) for name, task in found("tasks", load_outside=True).items() if name not in own]


def _stays_in_the_worker(work: Work) -> list[Fact]:
    raise AnswerprintError("another package's task runs in a worker process only.")


def hash_file(path: str, also: tuple[str, ...]) -> tuple[Digest, dict[str, str]] | str:
    """The seal of one file from one read: its BLAKE3 and what an MHL beside it wants; or a sentence."""
    from answerprint.media import digests

    try:
        sealed = digests.read(Path(path), also=also)
    except AnswerprintError as error:
        return str(error)
    return sealed.blake3, dict(sealed.others)


def _checked(task: Task, facts: Any) -> tuple[Fact, ...]:
    made = tuple(facts)
    for fact in made:
        if not isinstance(fact, Fact):
            raise AnswerprintError(f"the task {task.name!r} returned a {type(fact).__name__}; a task returns facts.")
    return made


def _input(subject: Subject) -> Input:
    return Input(
        path=Path(subject.path),
        file=subject.file,
        digest=subject.digest,
        facts={name: Facts.from_bytes(Path(path).read_bytes()) for name, path in subject.facts.items()},
        artefacts={name: Path(path) for name, path in subject.artefacts.items()},
    )


def _is_full(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
            return True
        error = error.__cause__ or error.__context__
    return False


def _peak_mb() -> int:
    try:
        import resource
    except ImportError:  # Windows keeps no such count
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak / (1 << 20) if sys.platform == "darwin" else peak / 1024)


class _Reporter:
    """Writes how far a task is beside its scratch folder, at most five times a second."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._next = 0.0

    def __call__(self, done: float) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + 0.2
        try:
            self._path.write_text(f"{min(max(done, 0.0), 1.0):.3f}")
        except OSError:  # progress is a courtesy; the work itself will say that the disk is full
            self._next = now + 10
