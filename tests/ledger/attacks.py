"""What somebody who owns the disk can do to a record; used by the suite on 40 entries and by the bench on 500."""

from __future__ import annotations

import contextlib
import functools
import random
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from answerprint.book import Book
from answerprint.ledger import Entry, LedgerError, Record
from answerprint.ledger import verify as law
from answerprint.ledger.verify import COLUMNS, NAMESPACE, State, admit, sha256, verify
from answerprint.model.records import AnswerprintError, canonical
from tests.ledger.conftest import opened_up
from tests.ledger.signing import Hand
from tests.ledger.stories import Crew, rebuilt

BYTES = [column for column in COLUMNS if column not in ("n",)]


@dataclass
class Score:
    found: int = 0
    harmless: int = 0
    missed: list[str] = field(default_factory=list)


# ---- bits


def places(raw: bytes, entries: list[Entry]) -> list[tuple[str, int, int, int]]:
    """(column, entry, offset in the file, length) of everything that is stored, found by looking for each row's bytes."""
    found = []
    for entry in entries:
        parts = [(column, _raw(getattr(entry, column))) for column in BYTES]
        whole = b"".join(part for _, part in parts)
        assert raw.count(whole) == 1, "a row of the record does not lie in one piece"
        at = raw.index(whole)
        for column, part in parts:
            if part:
                found.append((column, entry.n, at, len(part)))
            at += len(part)
    return found


def _raw(value: str | bytes | None) -> bytes:
    return value.encode() if isinstance(value, str) else value or b""


def flips_in_columns(path: Path, entries: list[Entry], count: int, rng: random.Random) -> Score:
    """One bit inside the stored bytes of a column; of a number, through the table."""
    raw, copy, score = path.read_bytes(), path.with_name("flipped.db"), Score()
    where = places(raw, entries)
    for _ in range(count):
        column = rng.choice(COLUMNS)
        bad = bytearray(raw)
        if column == "n":
            n = rng.choice(entries).n
            copy.write_bytes(bad)
            with opened_up(copy) as db:
                db.execute("UPDATE entry SET n = ? WHERE n = ?", (n ^ (1 << rng.randrange(10, 40)), n))
        else:
            _, n, at, length = rng.choice([place for place in where if place[0] == column])
            bad[at + rng.randrange(length)] ^= 1 << rng.randrange(8)
            copy.write_bytes(bad)
        if verify(copy).findings:
            score.found += 1
        else:
            score.missed.append(f"{column} of entry {n}")
    return score


def flips_anywhere(path: Path, entries: list[Entry], count: int, rng: random.Random) -> Score:
    """One bit anywhere in the file: found, or everybody reads what they read before."""
    raw, copy, score = path.read_bytes(), path.with_name("flipped.db"), Score()
    good = read_all(path)
    for _ in range(count):
        at = rng.randrange(len(raw))
        bad = bytearray(raw)
        bad[at] ^= 1 << rng.randrange(8)
        copy.write_bytes(bad)
        if verify(copy).findings:
            score.found += 1
        elif reads_the_same(copy, good):
            score.harmless += 1
        else:
            score.missed.append(f"byte {at}")
    return score


def read_all(path: Path) -> list[Any]:
    """What every reader and export makes of a record: rows by order, number, kind and key; the book; a plain program; a copy."""
    with Record.open(path) as record, contextlib.closing(sqlite3.connect(path)) as plain:
        entries = list(record.entries())
        book = Book(record)
        read: list[Any] = [
            entries, [next(record.entries(entry.n)) for entry in entries], list(record.entries(kind="task")), dict(record.by_key()), record.head(),
            book.lines, book.decisions, book.people, book.objections, book.charter, book.unsound, list(record.signed()),
            plain.execute("SELECT * FROM entry").fetchall(), plain.execute("SELECT * FROM entry ORDER BY n DESC").fetchall(),
        ]  # fmt: skip
    target = sqlite3.connect(":memory:")
    with contextlib.closing(sqlite3.connect(path)) as source, contextlib.closing(target):
        source.backup(target)
        read.append(target.execute("SELECT * FROM entry").fetchall())
    report = verify(path)
    return [*read, report.head, report.vouched_to, report.signed, report.notes]


def reads_the_same(path: Path, good: list[Any]) -> bool:
    try:
        return read_all(path) == good
    except (LedgerError, AnswerprintError, sqlite3.Error, StopIteration):
        return False


# ---- rows


def taken_out(entries: list[Entry], n: int) -> list[Entry]:
    return entries[: n - 1] + entries[n:]


def doubled(entries: list[Entry], n: int) -> list[Entry]:
    return [*entries[:n], entries[n - 1], *entries[n:]]


def put_in(entries: list[Entry], n: int) -> list[Entry]:
    return [*entries[: n - 1], entries[0], *entries[n - 1 :]]


def played_again_at_the_end(entries: list[Entry], n: int) -> list[Entry] | None:
    return [*entries, entries[n - 1]] if entries[n - 1].signature else None


def changed_places(entries: list[Entry], n: int) -> list[Entry] | None:
    if n + 1 >= len(entries):
        return None
    return [*entries[: n - 1], entries[n], entries[n - 1], *entries[n + 1 :]]


def put_off(entries: list[Entry], n: int) -> list[Entry] | None:
    """Moved from where it stands to just before the last."""
    return [*entries[: n - 1], *entries[n:-1], entries[n - 1], entries[-1]] if n < len(entries) - 1 else None


EACH_ENTRY: list[Callable[[list[Entry], int], list[Entry] | None]] = [taken_out, doubled, put_in, played_again_at_the_end, changed_places, put_off]


def changes(entries: list[Entry], n: int, crew: Crew) -> Iterator[tuple[str, list[Entry]]]:
    """An entry with one thing in it changed; whoever remakes the seals has no key."""
    entry = entries[n - 1]

    def with_it(**change: Any) -> list[Entry]:
        return [replace(one, **change) if one.n == n else one for one in entries]

    body = entry.read() or {}
    last = n == len(entries)
    if entry.signature is None:
        yield "another text", with_it(body=canonical({**body, "more": "x"}))
        yield "another kind", with_it(kind="remark" if entry.kind != "remark" else "idea")
        yield "another time", with_it(at="2026-01-01T00:00:00.000Z")
        yield "a text withheld and another seal of it", with_it(body=None, body_digest=sha256(b"x"))
        yield "a signature", with_it(signature=crew.client.sign(entry.body or b"", NAMESPACE))
        return
    for name in body:
        if isinstance(body[name], str):
            yield f"another {name}", with_it(body=canonical({**body, name: body[name] + "x"}))
        if isinstance(body[name], list):
            yield f"no {name}", with_it(body=canonical({**body, name: [*body[name], "x"]}))
    yield "another kind", with_it(kind="stand" if entry.kind != "stand" else "objection")
    yield "another time", with_it(at="2026-01-01T00:00:00.000Z")
    yield "no signature", with_it(signature=None)
    yield "the machine's", with_it(signature=None, kind="remark")
    yield "a flipped signature", with_it(signature=entry.signature[:-1] + bytes([entry.signature[-1] ^ 1]))
    if not last:
        yield "withheld under another kind", with_it(body=None, kind="stand" if entry.kind != "stand" else "objection")


def signed_by(entries: list[Entry], n: int, hand: Hand) -> Iterator[list[Entry]]:
    """The same text under another key's signature, and with that key's name put into it as well."""
    entry = entries[n - 1]
    body = entry.read() or {}
    for text in (entry.body or b"", canonical({**body, "by": hand.key_id})):
        if body["by"] != hand.key_id:
            new = replace(entry, body=text, body_digest=sha256(text), signature=hand.sign(text, NAMESPACE))
            yield [new if one.n == n else one for one in entries]


def is_found_swapped(entries: list[Entry], one: int, other: int) -> bool:
    """Two rows that changed places (from 0), with their old seals and with new ones."""
    rows = list(entries)
    rows[one], rows[other] = rows[other], rows[one]
    return is_found(rows) and is_found(rebuilt(rows))


def is_found(rows: list[Entry]) -> bool:
    """Whether a walk through these rows finds anything; it stops at the first."""
    state = State()
    for row in rows:
        if admit(state, row):
            return True
        state.take(row, [])
    return False


@contextlib.contextmanager
def remembering() -> Iterator[None]:
    """Thousands of records that differ in one entry: whether a key made a signature over a text is worked out once for each of these."""
    real = law._ed25519
    law._ed25519 = functools.cache(real)
    try:
        yield
    finally:
        law._ed25519 = real
