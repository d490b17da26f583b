"""Progress as a person sees it: a bar for each kind of work with the clip in hand, or plain lines where there is no terminal."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TextIO

from answerprint.run import Snapshot, Watch

__all__ = ["progress", "steps"]


@contextlib.contextmanager
def progress(stream: TextIO, *, attached: str) -> Iterator[Watch]:
    """A `watch` for `prep` that draws on a stream.

    Args: attached: the sentence for one who waits with another prep.
    """
    if not stream.isatty():
        yield _Lines(stream, attached)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

    console = Console(file=stream)
    columns = (
        TextColumn("{task.description:<28}"),
        BarColumn(28, complete_style="white", finished_style="dim"),
        MofNCompleteColumn(),
    )
    with Progress(*columns, TextColumn("[dim]{task.fields[now]}"), console=console, transient=True) as bars:
        rows: dict[str, TaskID] = {}
        told = False

        def watch(snapshot: Snapshot) -> None:
            nonlocal told
            if snapshot.attached and not told:
                console.print(attached)
                told = True
            for stage in snapshot.stages:
                if stage.name not in rows:
                    rows[stage.name] = bars.add_task(stage.says, total=stage.total, now="")
                part = sum(share for _, share in stage.working)
                now = ", ".join(f"{file.rsplit('/', 1)[-1]} {share:.0%}" for file, share in stage.working)
                bars.update(rows[stage.name], completed=min(stage.done + part, stage.total), total=stage.total, now=now)

        yield watch


class _Lines:
    """One line whenever a count moves."""

    def __init__(self, stream: TextIO, attached: str) -> None:
        self._stream = stream
        self._attached = attached
        self._last: dict[str, int] = {}

    def __call__(self, snapshot: Snapshot) -> None:
        if snapshot.attached and self._attached:
            print(self._attached, file=self._stream)
            self._attached = ""
        for stage in snapshot.stages:
            if self._last.get(stage.name) != stage.done:
                self._last[stage.name] = stage.done
                now = f", now {stage.working[0][0]}" if stage.working else ""
                print(
                    f"{stage.says}: {stage.done} of {stage.total}{now}".encode("unicode_escape").decode("ascii"),
                    file=self._stream,
                    flush=True,
                )


@contextlib.contextmanager
def steps(stream: TextIO) -> Iterator[Callable[[str, float], None]]:
    """A `watch` for work that goes name by name: a line for each as it begins, its share on the same line at a terminal."""
    last = ""

    def watch(name: str, share: float) -> None:
        nonlocal last
        shown = name.encode("ascii", "backslashreplace").decode("ascii")
        if stream.isatty():
            print(f"\r\x1b[K{shown}: {share:.0%}", end="", file=stream, flush=True)
        elif name != last:
            print(shown, file=stream, flush=True)
        last = name

    yield watch
    if stream.isatty() and last:
        print(file=stream)
