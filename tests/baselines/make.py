"""Make the baseline of today: a record with every kind, from fixed seeds at fixed times, and what is read from it.

    python -m tests.baselines.make

A baseline is never made over: a release that writes other bytes adds another pair of files, and both are read for good.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

from answerprint.book import Book
from answerprint.ledger import Record, store
from answerprint.ledger.verify import verify
from answerprint.model.judgments import Let
from answerprint.model.records import to_plain
from tests.ledger.signing import Hand
from tests.ledger.stories import Crew, checkpoint, tell

HERE = Path(__file__).parent
NAME = "record-1"
SERVICES = "record-2"  #: the same, and then a charter of form 2: services that may be asked, and what they may cost


def crew() -> Crew:
    """Six keys whose seeds are written here: they are nobody's."""
    names = ("Ana Producer", "Dre Director", "Edie Editor", "Cleo Client", "Dre Director", "Ana Producer")
    return Crew(*(Hand(name, f"baseline 1, key {number}".encode()) for number, name in enumerate(names, 1)))


def times() -> Iterator[str]:
    """A minute apart from ten in the morning on."""
    return (f"2026-03-01T{10 + minute // 60:02d}:{minute % 60:02d}:00.000Z" for minute in range(600))


def make(folder: Path, name: str = NAME) -> tuple[Path, bytes, bytes]:
    """The record, what is read from it, and a checkpoint of its last entry."""
    path, clock = folder / f"{name}.db", times()
    with mock.patch.object(store, "_now", side_effect=clock), Record.create(path) as record:
        tell(record, crew())
        if name == SERVICES:
            _services(record)
        head = record.head()
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
        db.execute("VACUUM")
    read = json.dumps(what_is_read(path), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return path, read.encode(), checkpoint(crew().producer, *head)


def _services(record: Record) -> None:
    """The charter as it stands, and one service that may be asked."""
    now, ana = Book(record).charter, crew().producer
    assert now is not None
    let = Let(provider="writer", at="https://api.example.org/v1", kind="words", what=("words of the brief",), unpriced=True)
    record.sign(replace(now.content, lets=(let,), spends={"EUR": "50.00"}, replaces=now.n), ana)


def what_is_read(path: Path) -> dict[str, Any]:
    """Everything that the book and the check say of a record, as plain values."""
    report = verify(path)
    with Record.open(path) as record:
        book = Book(record)
        return {
            "people": to_plain(book.people),
            "lines": [{"n": line.n, "at": line.at, "by": line.by.id, "key": line.key, "seen": to_plain(line.seen), "struck": line.struck,
                       "kind": type(line.content).__name__, "content": _as_written(line.content)} for line in book.lines],
            "charter": book.charter.n if book.charter else None,
            "decisions": [[judgment, about, now.name, now.by.id, to_plain(now.decided)] for (judgment, about), now in book.decisions.items()],
            "objections": [[one.number, one.line.n, one.answer.n if one.answer else None, one.open] for one in book.objections],
            "machine": [[entry.n, entry.kind, entry.read()] for entry in record.entries() if entry.signature is None],
            "finished": sorted(record.by_key()),
            "unsound": {str(n): list(says) for n, says in book.unsound.items()},
            "head": to_plain(book.head),
            "report": {"entries": report.entries, "head": report.head, "vouched_to": report.vouched_to, "signed": report.signed,
                       "findings": [str(finding) for finding in report.findings]},
        }  # fmt: skip


def _as_written(content: Any) -> Any:
    """A body in its own form: what later forms added is empty where it was written before them, and is not told then."""
    plain = to_plain(content)
    return {name: value for name, value in plain.items() if value or name not in ("films", "notes", "lets", "spends")} if isinstance(plain, dict) else plain


def main() -> None:
    for end in (".db", ".json", ".checkpoint"):
        if (HERE / f"{SERVICES}{end}").exists():
            raise SystemExit(f"{SERVICES}{end} is there already, and a baseline is never made over. Give the new one another name.")
    path, read, kept = make(HERE, SERVICES)
    path.with_suffix(".json").write_bytes(read)
    path.with_suffix(".checkpoint").write_bytes(kept)
    print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
