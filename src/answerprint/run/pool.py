"""The processes that work: made when the first order comes, ended as one, and one alone for a file that kills whoever reads it."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from typing import ParamSpec, TypeVar

from answerprint import worker

P = ParamSpec("P")
R = TypeVar("R")


class Pool:
    """The executor of one prep: the one that was given, or spawned processes that are made anew after they died."""

    def __init__(self, given: Executor | None, workers: int) -> None:
        self._given = given
        self._workers = workers
        self._here: Executor | None = None

    def submit(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Hand an order to whoever is free. Raises: BrokenExecutor where the processes are dead; `end` them first."""
        if self._here is None:
            self._here = self._given or _spawned(self._workers)
        return self._here.submit(work, *args, **kwargs)

    def end(self) -> None:
        """End what was made here; the next order makes new processes. A given executor is left running."""
        if self._here is not None and self._here is not self._given:
            _end(self._here)
        self._here = None


def apart(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What one order answers in a process of its own. Raises: BrokenExecutor where that process dies of it."""
    single = _spawned(1)
    try:
        return single.submit(work, *args, **kwargs).result()
    finally:
        _end(single)


def _spawned(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        max_workers=workers, mp_context=worker.CONTEXT, initializer=worker.settle_in, initargs=(os.getpid(),)
    )


def _end(pool: Executor) -> None:
    """End a pool now: what its workers hold is not finished, and nothing of it is in the record."""
    processes = list((getattr(pool, "_processes", None) or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(5)
