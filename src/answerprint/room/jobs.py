"""Long work that somebody starts from a page: each in a process of its own, one at a time, told by how far it is.

Whoever reloads the page finds it as far as it is; whoever stops it leaves everything whole, because what it writes appears by rename. It ends
with the room: the process waits at the end of a pipe that the room holds.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO, Literal

from answerprint.room.words import on_a_page

__all__ = ["Job", "Jobs"]

_LOOK_S = 0.2  #: how often it is looked whether somebody stopped it
_TIDY_S = 5  #: for how long it may put away what is half-made; whole frames are worked on for less than a second


@dataclass
class Job:
    """One piece of work. `done`: share of what is being done now."""

    name: str
    title: str  #: what it is about, for people
    state: Literal["waits", "runs", "wrong"] = "waits"
    what: str = ""  #: what is being done, as the work itself says
    done: float = 0.0
    wrong: str = ""
    after: str = ""  #: what somebody who stopped it has to know, as the work itself says
    stopped: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def plain(self) -> dict[str, str | float]:
        """For a page."""
        return {"title": self.title, "state": self.state, "what": self.what, "done": round(self.done, 2), "wrong": on_a_page(self.wrong)}


class Jobs:
    """The work of one room. Safe from any thread."""

    def __init__(self, closing: threading.Event, *, broke_off: str) -> None:
        self._closing, self._broke_off = closing, broke_off
        self._lock, self._turn = threading.Lock(), threading.Lock()
        self._jobs: dict[str, Job] = {}

    def start(self, name: str, title: str, work: Sequence[str], *, said: str = "") -> bool:
        """Do a piece of work when its turn comes; nothing, and False, where it waits or runs already.

        Args: work: what answerprint.room.work takes; it stands in the list of processes, for everybody on this machine.
              said: one line that it is told besides, and nobody else: what people wrote, and who asks.
        """
        with self._lock:
            held = self._jobs.get(name)
            if held is not None and held.state != "wrong":
                return False
            job = self._jobs[name] = Job(name=name, title=title)
        threading.Thread(target=self._take, args=(job, tuple(work), said), daemon=True, name=f"work {name}").start()
        return True

    def stop(self, name: str) -> None:
        """End it, or forget what went wrong with it."""
        with self._lock:
            job = self._jobs.get(name)
            if job is not None and job.state == "wrong":
                del self._jobs[name]
        if job is not None:
            job.stopped.set()

    def of(self, name: str) -> Job | None:
        """It, while it waits or runs, or after it went wrong."""
        return self._jobs.get(name)

    @property
    def state(self) -> dict[str, dict[str, str | float]]:
        """Every piece of work that waits, runs or went wrong, by name, in the order in which it was asked for."""
        with self._lock:
            return {name: one.plain for name, one in self._jobs.items()}

    def _take(self, job: Job, work: tuple[str, ...], said: str) -> None:
        while not self._turn.acquire(timeout=_LOOK_S):
            if job.stopped.is_set() or self._closing.is_set():
                self._end(job, "")
                return
        try:
            wrong = "" if job.stopped.is_set() else self._run(job, work, said)
        except (OSError, ValueError) as error:  # a sign that no command line takes, for example
            wrong = f"{self._broke_off} ({getattr(error, 'strerror', None) or error})"
        finally:
            self._turn.release()
        self._end(job, wrong)

    def _run(self, job: Job, work: tuple[str, ...], said: str) -> str:
        """What went wrong, in a sentence; "" for nothing. Where somebody stopped it, what they have to know of that."""
        job.state = "runs"
        command = [sys.executable, "-m", "answerprint.room.work", *work]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8") as process:
            assert process.stdout is not None
            assert process.stdin is not None
            if said:
                process.stdin.write(f"{said}\n")
                process.stdin.flush()
            listener = threading.Thread(target=self._listen, args=(job, process.stdout), daemon=True)
            listener.start()
            while process.poll() is None:
                if job.stopped.wait(_LOOK_S) or self._closing.is_set():
                    _end(process)
                    listener.join()
                    return job.after
            listener.join()
            return job.wrong or ("" if process.returncode == 0 else self._broke_off)

    def _listen(self, job: Job, said: IO[str]) -> None:
        for line in said:
            with contextlib.suppress(ValueError, TypeError, AttributeError):
                told = json.loads(line)
                job.what, job.done = str(told.get("what", job.what)), float(told.get("done", 0.0))
                job.wrong, job.after = str(told.get("wrong", "")), str(told.get("after", job.after))

    def _end(self, job: Job, wrong: str) -> None:
        with self._lock:
            job.wrong = wrong
            if wrong:
                job.state = "wrong"
            elif self._jobs.get(job.name) is job:
                del self._jobs[job.name]


def _end(process: subprocess.Popen[str]) -> None:
    """Have it put away what is half-made, and end."""
    process.terminate()
    try:
        process.wait(_TIDY_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
