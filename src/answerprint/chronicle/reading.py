"""A record read from first to last: a row for each thing that a person signed, and for each run of the machine's work."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.book import Book
from answerprint.chronicle.machine import SERVICES, Work, asked, body_of, in_the_name_of, work
from answerprint.chronicle.signed import brief_of, sentences
from answerprint.chronicle.words import about

if TYPE_CHECKING:
    from answerprint.ledger.verify import Entry, Report

__all__ = ["Chronicle", "Row", "read", "rows"]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the record: something a person signed, or a run of the machine's work."""

    first: int
    last: int
    at: str
    who: str | None  #: a name; None where nobody signed
    says: str
    struck: bool = False
    written: str = "the machine"  #: by what, where nobody signed


@dataclass(frozen=True, kw_only=True)
class Chronicle:
    """A record as it is read."""

    path: Path
    book: Book
    entries: list[Entry]
    #: what the machine's critics thought and what people said in passing, in order: entry, kind, its body or None where it is withheld
    said: tuple[tuple[Entry, Mapping[str, Any] | None], ...]

    @functools.cached_property
    def report(self) -> Report:
        """What the check finds in it, from the first entry to the last."""
        from answerprint.ledger.verify import verify

        return verify(self.path)

    @property
    def machine(self) -> list[Work]:
        """The machine's finished work, one group for each sort, in the order in which each began."""
        return work(one for one in self.entries if one.signature is None and one.kind not in ("idea", "remark"))


def read(path: Path) -> Chronicle:
    """A record file, read. It is opened read-only; a copy does as well. What a person signed and does not hold is not in its book.

    Raises: LedgerError: missing, damaged, or not a record.
    """
    from answerprint.ledger.store import Record

    with Record.open(path) as record:
        entries = list(record.entries())
        book = Book(record)
    said = tuple((one, body_of(one)) for one in entries if one.kind in ("idea", "remark"))
    return Chronicle(path=path, book=book, entries=entries, said=said)


def rows(chronicle: Chronicle, *, every: bool = False, brief: bool = False) -> list[Row]:
    """The record from first to last: each thing a person signed, and between them the machine's work.

    Args:   every: each machine entry by itself, not in groups.  brief: one row for an entry and for a run of the machine's.
    Returns: rows; those of one entry, or of one run, say the same numbers.
    """
    found: list[Row] = []
    run: list[Entry] = []

    def close() -> None:
        said = [one.says for one in work(run)]
        for says in ["; ".join(said)] if brief and said else said:
            found.append(Row(first=run[0].n, last=run[-1].n, at=run[0].at, who=None, says=says))
        run.clear()

    for entry in chronicle.entries:
        line = chronicle.book.line(entry.n)
        if line is None and entry.n not in chronicle.book.unsound and entry.kind not in ("idea", "remark") and not every:
            run.append(entry)
            continue
        close()
        if line is not None:
            said = [brief_of(line, chronicle.book)] if brief else sentences(line, chronicle.book)
            found += (Row(first=entry.n, last=entry.n, at=entry.at, who=chronicle.book.then(line), says=says, struck=line.struck) for says in said)
        elif entry.n in chronicle.book.unsound:
            why = "; ".join(chronicle.book.unsound[entry.n])
            found.append(Row(first=entry.n, last=entry.n, at=entry.at, who=None, says=f"does not hold and counts for nothing: {why}"))
        else:
            says, written = _unsigned(entry, brief)
            found.append(Row(first=entry.n, last=entry.n, at=entry.at, who=None, says=says, written=written))
    close()
    return found


def _unsigned(entry: Entry, brief: bool) -> tuple[str, str]:
    """What an entry says that nobody signed, and who or what wrote it."""
    body = body_of(entry)
    if body is None:
        return f"{entry.kind}, its words withheld in this copy", "not signed" if entry.kind == "remark" else "the machine"
    if entry.kind in ("idea", "remark"):
        on = about(str(body.get("on") or "film:master"))
        said = "" if brief else f': "{body.get("text", "")}"'
        if entry.kind == "idea":
            return f"an idea of the {body.get('critic', 'unnamed')} critic's, on {on}{said}", "the machine"
        return f"a remark, said to be by {body.get('by', 'somebody')}, on {on}{said}", "not signed"
    if entry.kind == "proposal" and body.get("what") in SERVICES:
        return asked(body) + in_the_name_of([str(body["by"])] if body.get("by") else ()), "the machine"
    return f"{body.get('task', entry.kind)} {body.get('file', '')}".strip(), "the machine"
