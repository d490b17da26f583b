"""The production as the room shows it: read once, kept warm, read again when something it was read from has changed."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.assistant import Table
from answerprint.book import Book
from answerprint.model.records import AnswerprintError
from answerprint.production import Production
from answerprint.production import open as open_production
from answerprint.timeline import strings as laying
from answerprint.timeline.strings import String

if TYPE_CHECKING:
    from answerprint.ledger.store import Record

__all__ = ["House"]

SURE_S = 0.02  #: for how long what was just looked at needs no second look: one page asks some thousand times
_PAPERS = ("answerprint.toml", "script.fountain", "script.fdx", "script.csv", "script.tsv", "shots.csv", "notes.csv", "notes.ale", "versions.csv")


class House:
    """One production behind the room. Every method may be called from any thread."""

    def __init__(self, path: Path) -> None:
        self.production: Production = open_production(path)
        self._lock = threading.RLock()
        self._table: tuple[object, Table] | None = None
        self._strings: tuple[object, tuple[String, ...]] | None = None
        self._book: tuple[object, Book] | None = None
        self._books = ThreadPoolExecutor(1, thread_name_prefix="book")
        self._open: tuple[int, Record] | None = None  #: the file, and the record over it; touched in that one thread only
        self._sure: dict[str, float] = {}  #: until when a table or book is good without a look at what it was read from

    @property
    def title(self) -> str:
        return str(self.production.settings["title"])

    @property
    def viewing(self) -> Path:
        """Where movies and frames for the pages lie; safe to delete."""
        place = self.production.inside / "cache" / "viewing"
        place.mkdir(parents=True, exist_ok=True)
        return place

    # ---- the machine at work

    @property
    def at_work(self) -> dict[str, Any] | None:
        """How far a prep is that runs now, whoever started it; None where none runs."""
        inside = self.production.inside
        try:
            plain: dict[str, Any] = json.loads((inside / "prep.json").read_bytes())
            with open(inside / "prep.lock", "rb") as lock:
                from answerprint.run import is_free

                return None if is_free(lock.fileno()) else plain
        except (OSError, ValueError):
            return None

    def prep(self) -> None:
        """Start a prep in a process of its own: other people's tasks are loaded there, never here."""
        if self.at_work is None:
            command = [sys.executable, "-m", "answerprint", "prep", str(self.production.path)]
            subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)

    # ---- what was prepared

    def _stamp(self) -> tuple[object, ...]:
        """What the table was read from: the last machine entry, and the papers as they lie there."""
        papers = tuple(_when(self.production.path / name) for name in _PAPERS)
        with self.reading() as record:
            last = record.last_of_kind("task") if record else 0
        return (last, papers)

    @property
    def table(self) -> Table:
        """The shoot laid out: every attempt with what it covers, in shooting order."""
        if self._table is not None and time.monotonic() < self._sure.get("table", 0.0):
            return self._table[1]
        with self._lock:
            stamp = self._stamp()
            if self._table is None or self._table[0] != stamp:
                self.production = type(self.production)(self.production.path)
                self._table = (stamp, Table(self.production))
            self._sure["table"] = time.monotonic() + SURE_S
            return self._table[1]

    @property
    def strings(self) -> tuple[String, ...]:
        """Every string of the table."""
        with self._lock:
            table = self.table
            assert self._table is not None
            stamp = self._table[0]
            if self._strings is None or self._strings[0] != stamp:
                self._strings = (stamp, tuple(self._laid(table)))
            return self._strings[1]

    def _laid(self, table: Table) -> tuple[String, ...]:
        settings = self.production.settings
        return tuple(laying.strings(table.items(), table.strung(), rate=settings.rate, raster=settings["raster"]))

    # ---- the record

    @contextlib.contextmanager
    def reading(self) -> Iterator[Record | None]:
        """The record to read, closed afterwards; None before there is one."""
        record = self.production.reader()
        try:
            yield record
        finally:
            if record is not None:
                record.close()

    @contextlib.contextmanager
    def writing(self) -> Iterator[Record]:
        """The record to write, closed afterwards; made where there is none, as before the first prep."""
        self.production.inside.mkdir(exist_ok=True)
        try:
            with self.production.writer() as record:
                yield record
        finally:
            self._sure.clear()

    @property
    def book(self) -> Book | None:
        """What people signed, as it stands now; None before there is a record. Every signature is checked when it is read."""
        if self._book is not None and time.monotonic() < self._sure.get("book", 0.0):
            return self._book[1]
        with self._lock:
            book = self._books.submit(self._read).result()
            self._sure["book"] = time.monotonic() + SURE_S
            return book

    def _read(self) -> Book | None:
        """The book, read in a thread of its own over a record that stays open: what was checked once is not checked again."""
        from answerprint.ledger.store import Record

        path = self.production.inside / "record.db"
        try:
            file = os.stat(path).st_ino
        except OSError:
            return None
        if self._open is None or self._open[0] != file:
            self._close()
            self._open = (file, Record.open(path))
        record = self._open[1]
        try:
            head = record.head()
            if self._book is None or self._book[0] != (file, head):
                self._book = ((file, head), Book(record))
        except AnswerprintError:
            self._close()
            raise
        return self._book[1]

    def _close(self) -> None:
        self._book = None
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def close(self) -> None:
        """Let go of the record."""
        with contextlib.suppress(RuntimeError):  # it was closed before
            self._books.submit(self._close).result()
        self._books.shutdown()


def _when(path: Path) -> tuple[int, int] | None:
    with contextlib.suppress(OSError):
        now = path.stat()
        return now.st_mtime_ns, now.st_size
    return None
