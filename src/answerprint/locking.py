"""Locks of a production: one prep at a time, and one who writes a list that people keep. They are gone with the program that held them."""

from __future__ import annotations

import contextlib
import errno
import time
from collections.abc import Iterator
from pathlib import Path

__all__ = ["held", "is_free", "locked"]

_TURN_S, _TURNS = 0.05, 600  #: a list is written in milliseconds; half a minute is a program that hangs


def locked(handle: int) -> bool:
    """Take this open lock file for this program, until it is closed; whether nobody else has it."""
    try:
        import fcntl
    except ImportError:
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def held(folder: Path, name: str) -> Iterator[None]:
    """Wait for a lock of a production and hold it, while a list that people keep is read, added to and written back.

    Args:   folder: the production's own, `.answerprint`.  name: of the list.
    Raises: OSError: the disk refuses, or another program has held it for half a minute.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / f"{name}.lock", "a+b") as lock:
        for _ in range(_TURNS):
            if locked(lock.fileno()):
                break
            time.sleep(_TURN_S)
        else:
            raise TimeoutError(errno.ETIMEDOUT, "another program has been writing there for half a minute")
        yield


def is_free(handle: int) -> bool:
    """Whether no prep holds this open lock file now. Looking does not keep a prep from starting: it waits and looks again."""
    try:
        import fcntl
    except ImportError:
        return locked(handle)
    if not locked(handle):
        return False
    fcntl.flock(handle, fcntl.LOCK_UN)
    return True
