#!/usr/bin/env python3
"""The record under attack and under load: what is found, what is lost, how fast it is.

    python bench/record.py [--flips 2000] [--kills 200] [--seed 1] [--folder DIR]

Prints one line per figure, and ends with 1 if anything was missed or lost. Speeds are of this machine, at this moment.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from answerprint.ledger import LedgerError, Record
from answerprint.ledger.verify import COLUMNS, GENESIS, SCHEMA, Entry, State, admit, entry_hash, verify, walk

WRITER = """
import sys
from pathlib import Path
from answerprint.ledger import Record
from bench.record import body
with Record.open(Path(sys.argv[1]), write=True) as record:
    print("ready", flush=True)
    for number in range(int(sys.argv[2]), int(sys.argv[2]) + 1_000_000):
        made = record.append_many([("task", body(number + i)) for i in range(1 + number % 4)])
        print("\\n".join(f"{entry.n} {entry.hash}" for entry in made), flush=True)
"""
missed = 0


def body(number: int) -> dict[str, object]:
    """A finished task as run.py writes it."""
    digest = f"{number:064x}"
    return {"schema": 1, "task": "probe", "version": 1, "key": f"sha256:{digest}", "inputs": [f"blake3:{digest}"], "facts": f"blake3:{digest}",
            "file": f"rushes/A001_C{number:05d}.mp4"}  # fmt: skip


def fill(path: Path, entries: int) -> list[Entry]:
    with Record.create(path) as record:
        return record.append_many([("task", body(number)) for number in range(1, entries + 1)])


def line(what: str, figure: str, good: bool = True) -> None:
    global missed
    missed += not good
    print(f"{what:<66} {figure}{'' if good else '   MISSED'}", flush=True)


def is_found(path: Path, **held: tuple[int, str]) -> bool:
    return bool(verify(path, **held).findings)


@contextlib.contextmanager
def guards_lifted(path: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous = OFF")
        guards = {name: sql for (kind, name), sql in SCHEMA.items() if kind == "trigger"}
        for name in guards:
            db.execute(f"DROP TRIGGER {name}")
        yield db
        for sql in guards.values():
            db.execute(sql)


# ---- what is found


def flips_in_columns(path: Path, entries: list[Entry], count: int, rng: random.Random) -> None:
    """One bit of the file, inside the stored bytes of a column; for a number, a bit of it through the table."""
    raw = path.read_bytes()
    places = []
    for entry in entries:
        texts = [entry.prev, entry.kind, entry.at, entry.body_digest, (entry.body or b"").decode(), entry.hash]
        whole = "".join(texts).encode()
        assert raw.count(whole) == 1, "a row of the record does not lie in one piece"
        at = raw.index(whole)
        for column, text in zip([c for c in COLUMNS if c not in ("n", "signature")], texts, strict=True):
            places.append((column, at, len(text.encode())))
            at += len(text.encode())
    found, copy = 0, path.with_name("flipped.db")
    by_column: dict[str, int] = {}
    for _ in range(count):
        column = rng.choice(["n", "signature", *(c for c in COLUMNS if c not in ("n", "signature"))])
        by_column[column] = by_column.get(column, 0) + 1
        entry = rng.choice(entries)
        bad = bytearray(raw)
        if column not in ("n", "signature"):
            _, at, length = rng.choice([place for place in places if place[0] == column])
            bad[at + rng.randrange(length)] ^= 1 << rng.randrange(8)
        copy.write_bytes(bad)
        if column in ("n", "signature"):
            with guards_lifted(copy) as db:
                new = entry.n ^ (1 << rng.randrange(9, 40)) if column == "n" else rng.randbytes(rng.randrange(1, 90))
                db.execute(f"UPDATE entry SET {column} = ? WHERE n = ?", (new, entry.n))
        found += is_found(copy)
    line(f"bit flips inside stored columns ({', '.join(sorted(by_column))})", f"{found} of {count} found", found == count)


def flips_anywhere(path: Path, entries: list[Entry], count: int, rng: random.Random) -> None:
    raw, copy = path.read_bytes(), path.with_name("flipped.db")
    found = harmless = 0
    for _ in range(count):
        bad = bytearray(raw)
        bad[rng.randrange(len(bad))] ^= 1 << rng.randrange(8)
        copy.write_bytes(bad)
        if is_found(copy):
            found += 1
        else:
            harmless += reads_the_same(copy, entries)
    line("bit flips anywhere in the file", f"{found} found, {harmless} harmless (every reader gets the same), of {count}", found + harmless == count)


def reads_the_same(path: Path, entries: list[Entry]) -> bool:
    """Whether everybody reads what was written: in order, by number, by kind, by key, from a fresh program and a plain one."""
    try:
        with Record.open(path) as record, contextlib.closing(sqlite3.connect(path)) as plain:
            rows = plain.execute(f"SELECT {', '.join(COLUMNS)} FROM entry").fetchall()
            return (list(record.entries()) == entries and list(record.entries(kind="task")) == entries and len(record.by_key()) == len(entries)
                    and record.head() == (entries[-1].n, entries[-1].hash) and all(next(record.entries(e.n)) == e for e in entries)
                    and rows == [tuple(getattr(e, c) for c in COLUMNS) for e in entries])  # fmt: skip
    except (LedgerError, sqlite3.Error, StopIteration):
        return False


def renumbered(entries: list[Entry]) -> list[Entry]:
    return [replace(entry, n=n) for n, entry in enumerate(entries, 1)]


def resealed(entry: Entry) -> Entry:
    return replace(entry, hash=entry_hash(entry.n, entry.prev, entry.kind, entry.at, entry.body_digest, entry.signature))


def taken_out_put_in_changed_round(path: Path, entries: list[Entry]) -> None:
    """Each with and without renumbering what follows; through real files for each place, and every pair through `walk`."""
    size, copy, raw = len(entries), path.with_name("cut.db"), path.read_bytes()

    def through_file(change: Callable[[sqlite3.Connection], object], **held: tuple[int, str]) -> bool:
        copy.write_bytes(raw)
        with guards_lifted(copy) as db:
            db.execute("BEGIN")
            change(db)
            db.execute("COMMIT")
        return is_found(copy, **held)

    middle = range(1, size)
    found = sum(through_file(lambda db, n=n: db.execute("DELETE FROM entry WHERE n = ?", (n,))) for n in middle)
    line("one entry taken out, each but the last", f"{found} of {size - 1} found", found == size - 1)
    found = sum(bool(walk(renumbered(entries[: n - 1] + entries[n:])).findings) for n in middle)
    line("  the same, with all that follow renumbered", f"{found} of {size - 1} found", found == size - 1)
    held = (size, entries[-1].hash)
    ends = sum(through_file(lambda db, n=n: db.execute("DELETE FROM entry WHERE n > ?", (n,)), held=[held]) for n in range(size))
    line("  the end cut off anywhere, against a seal kept elsewhere", f"{ends} of {size} found", ends == size)
    blind = sum(bool(walk(entries[:n]).findings) for n in range(size))
    line("  the end cut off anywhere, nothing kept elsewhere (a stated limit)", f"{blind} of {size} found", blind == 0)

    def put_in(db: sqlite3.Connection, place: int) -> None:
        db.execute("UPDATE entry SET n = -n - 1 WHERE n >= ?", (place,))
        db.execute("UPDATE entry SET n = -n WHERE n < 0")
        new = resealed(replace(entries[0], n=place, prev=entries[place - 2].hash if place > 1 else GENESIS))
        db.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", tuple(getattr(new, c) for c in COLUMNS))

    found = sum(through_file(lambda db, n=n: put_in(db, n)) for n in range(1, size + 1))
    line("one rightly sealed entry put in, at each place before the end", f"{found} of {size} found", found == size)
    found = sum(bool(walk(renumbered([*entries[:n], entries[n - 1], *entries[n:]])).findings) for n in range(1, size + 1))
    line("one entry doubled, each", f"{found} of {size} found", found == size)

    states = list(itertools.accumulate(entries, State.after, initial=State()))

    def swapped(one: int, other: int, seal: bool) -> bool:
        """As the walk meets it: from the first of the two on, until something is found."""
        order = list(entries)
        order[one], order[other] = order[other], order[one]
        state = states[one]
        for n, entry in enumerate(order[one:], one + 1):
            entry = replace(entry, n=n)
            entry = resealed(entry) if seal else entry
            if admit(state, entry):
                return True
            state = state.after(entry)
        return False

    def swap(db: sqlite3.Connection, one: int, other: int) -> None:
        for new, old in ((-1, one), (one, other), (other, -1)):
            db.execute("UPDATE entry SET n = ? WHERE n = ?", (new, old))

    found = sum(through_file(lambda db, n=n: swap(db, n, n + 1)) for n in middle)
    line("neighbours that changed places, each pair", f"{found} of {size - 1} found", found == size - 1)
    pairs = list(itertools.combinations(range(size), 2))
    found = sum(swapped(one, other, seal) for one, other in pairs for seal in (False, True))
    line("any two that changed places, with old and with new seals (admit)", f"{found} of {2 * len(pairs)} found", found == 2 * len(pairs))


# ---- what is lost


def kills(path: Path, count: int, rng: random.Random) -> None:
    fill(path, 0)
    promised: dict[int, str] = {}
    whole = 0
    for turn in range(count):
        args = [sys.executable, "-c", WRITER, str(path), str(1 + turn * 1_000_000)]
        with subprocess.Popen(args, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(rng.uniform(0, 0.2))
            writer.kill()
            output = writer.stdout.read()
        lines = [text.split() for text in output.splitlines(keepends=True) if text.endswith("\n")]
        promised |= {int(n): seal for n, seal in lines}
        with Record.open(path) as record:
            seals = {entry.n: entry.hash for entry in record.entries()}
        whole += not verify(path).findings and promised.items() <= seals.items()
    line(f"kills of a writer at random moments ({len(promised)} entries acknowledged)", f"{whole} of {count}: verifies, nothing lost", whole == count)


# ---- how fast


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock, and of one core: on a busy machine the second is the one to compare."""
    start = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start[0], time.process_time() - start[1]


def rate(count: int, took: tuple[float, float]) -> str:
    return f"{count / took[0]:,.0f} entries/s ({count / took[1]:,.0f} per second of one core)"


def plain_commits(path: Path, count: int) -> None:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, x BLOB)")
        for _ in range(count):
            db.execute("INSERT INTO t (x) VALUES (?)", (bytes(500),))


def speeds(folder: Path) -> None:
    bodies = [("task", body(number)) for number in range(20_000)]
    with Record.create(folder / "batch.db") as record:
        took = seconds(lambda: record.append_many(bodies))
    line("append, one batch of 20,000", rate(20_000, took))
    with Record.create(folder / "single.db") as record:
        took = seconds(lambda: [record.append(kind, what) for kind, what in bodies[:2000]])
    line("append, a commit each (synchronous = FULL), 2,000", rate(2000, took))
    took = seconds(lambda: plain_commits(folder / "plain.db", 2000))
    line("  this disk's own speed: one small row a commit by SQLite alone", rate(2000, took))
    for size in (25_000, 50_000, 100_000):
        path = folder / f"{size}.db"
        fill(path, size)
        took = min(seconds(lambda path=path: verify(path)) for _ in range(2))
        line(f"verify {size:,} machine entries ({path.stat().st_size / 1e6:.0f} MB)", f"{took[0]:.2f} s, {rate(size, took)}")
    path = folder / "50000.db"
    took = min(seconds(lambda: Record.open(path).head()) for _ in range(3))
    line("open 50,000 entries and read the head", f"{took[0] * 1000:.1f} ms")
    took = min(seconds(lambda: Record.open(path).by_key()) for _ in range(3))
    line("open 50,000 entries and index them by cache key", f"{took[0] * 1000:.0f} ms")
    with Record.open(path, write=True) as record:
        line("open 50,000 entries to write, first append", f"{seconds(lambda: record.append('task', body(0)))[0] * 1000:.0f} ms")
    with Record.open(folder / "batch.db") as record:
        took = seconds(lambda: [record.has_key(f"sha256:{number:064x}") for number in range(15_000, 25_000)])
    line("plan 10,000 tasks, half of them finished (has_key, index made)", f"{took[0] * 1000:.0f} ms")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--flips", type=int, default=2000, help="bit flips of each sort")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--entries", type=int, default=200, help="size of the record that is attacked")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where to work; give one on the disk you want to know about")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    print(f"record: {os.cpu_count()} cores, Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}, seed {args.seed}")
    with tempfile.TemporaryDirectory(dir=args.folder) as name:
        folder = Path(name)
        path = folder / "record.db"
        entries = fill(path, args.entries)
        flips_in_columns(path, entries, args.flips, rng)
        flips_anywhere(path, entries, args.flips, rng)
        taken_out_put_in_changed_round(path, entries)
        kills(folder / "killed.db", args.kills, rng)
        speeds(folder)
    print("nothing missed, nothing lost" if not missed else f"{missed} lines above say MISSED")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
