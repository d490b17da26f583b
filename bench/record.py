#!/usr/bin/env python3
"""The record under attack and under load: what is found, what is lost, how fast it is.

    python bench/record.py [--flips 2000] [--kills 200] [--honest 200] [--entries 500] [--seed 1] [--folder DIR] [--only speed]

Prints one line per figure, and ends with 1 if anything was missed or lost. Speeds are of this machine, at this moment; those that
are compared with something are per second of one core.
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
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from answerprint.ledger import Entry, Record
from answerprint.ledger.verify import WITHHELD, sha256, verify, walk
from tests.ledger import attacks
from tests.ledger.signing import Hand
from tests.ledger.stories import Crew, charter, checkpoint, decided, long, rebuilt, takes, told, written

WRITER = """
import sys
from pathlib import Path
from answerprint.ledger import Record
from answerprint.model.judgments import Stand
from bench.record import body
from tests.ledger.stories import Crew
crew = Crew()
with Record.open(Path(sys.argv[1]), write=True) as record:
    print("ready", flush=True)
    for number in range(int(sys.argv[2]), int(sys.argv[2]) + 1_000_000):
        made = record.append_many([("task", body(number + i)) for i in range(1 + number % 4)])
        if number % 3 == 0:
            made.append(record.sign(Stand(part=f"part {number}", about="film:master"), crew.producer))
        print("\\n".join(f"{entry.n} {entry.hash}" for entry in made), flush=True)
"""
CREW = Crew()
missed = 0


def body(number: int) -> dict[str, object]:
    """A finished task as run.py writes it."""
    digest = f"{number:064x}"
    return {"schema": 1, "task": "probe", "version": 1, "key": f"sha256:{digest}", "inputs": [f"blake3:{digest}"], "facts": f"blake3:{digest}",
            "file": f"rushes/A001_C{number:05d}.mp4"}  # fmt: skip


def fill(path: Path, entries: int) -> Path:
    with Record.create(path) as record:
        record.append_many([("task", body(number)) for number in range(1, entries + 1)])
    return path


def line(what: str, figure: str, good: bool = True) -> None:
    global missed
    missed += not good
    print(f"{what:<82} {figure}{'' if good else '   MISSED'}", flush=True)


def tally(what: str, found: int, of: int) -> None:
    line(what, f"{found:,} of {of:,} found", found == of)


# ---- what is found


def flips(path: Path, entries: list[Entry], count: int, rng: random.Random) -> None:
    score = attacks.flips_in_columns(path, entries, count, rng)
    line("bit flips inside stored columns, each of the eight", f"{score.found:,} of {count:,} found", not score.missed)
    score = attacks.flips_anywhere(path, entries, count, rng)
    says = f"{score.found:,} found, {score.harmless:,} harmless (every reader and export the same), of {count:,}"
    line("bit flips anywhere in the file", says, not score.missed)


def rows_moved(entries: list[Entry], rng: random.Random) -> None:
    """Every entry but the last, which is a tail; each with its old seals, and with every seal made anew from the first entry on."""
    size = len(entries)
    for attack in attacks.EACH_ENTRY:
        tries = [changed for n in range(1, size) if (changed := attack(entries, n)) is not None]
        found = sum(attacks.is_found(rows) + attacks.is_found(rebuilt(rows)) for rows in tries)
        tally(f"each entry {attack.__name__.replace('_', ' ')}, seals old and new", found, 2 * len(tries))
    pairs = rng.sample(list(itertools.combinations(range(size - 1), 2)), 2000)
    tally("any two that changed places, seals old and new, 2,000 pairs", sum(attacks.is_found_swapped(entries, *pair) for pair in pairs), len(pairs))


def rows_changed(entries: list[Entry]) -> None:
    tries: dict[str, list[bool]] = {}
    for n in range(1, len(entries)):
        for what, rows in attacks.changes(entries, n, CREW):
            what = what if what.split()[0] not in ("another", "no") else f"{what.split()[0]} field"
            tries.setdefault(what, []).append(attacks.is_found(rebuilt(rows)))
    for what, found in tries.items():
        tally(f"somebody with the disk and no key: {what}, every seal made anew", sum(found), len(found))


def wrong_keys(entries: list[Entry]) -> None:
    found = of = 0
    for entry in [entry for entry in entries[:-1] if entry.signature]:
        for hand in (CREW.producer, CREW.director, CREW.editor, CREW.client, CREW.second, CREW.paper, Hand("Nobody")):
            for rows in attacks.signed_by(entries, entry.n, hand):
                of += 1
                found += attacks.is_found(rebuilt(rows))
    tally("signed again by another: enrolled, revoked, on paper, unknown", found, of)


def elsewhere(folder: Path, entries: list[Entry]) -> None:
    others = told(folder / "other.db", CREW)
    signed = [entry for entry in others[2:] if entry.signature]
    tally("signed entries of another record by the same people, brought in", sum(attacks.is_found(rebuilt([*entries, one])) for one in signed), len(signed))
    held, size = checkpoint(CREW.producer, len(entries), entries[-1].hash), len(entries)
    cuts = [written(folder / "cut.db", entries[:keep]) and (verify(folder / "cut.db", checkpoint=held), verify(folder / "cut.db")) for keep in range(0, size, 10)]
    tally("the end cut off, against a checkpoint", sum(bool(with_it.findings) for with_it, _ in cuts), len(cuts))
    blind = sum(bool(without.findings) for _, without in cuts)
    line("  the same, nothing kept elsewhere (a limit that is said)", f"{blind} of {len(cuts)} found", blind == 0)
    copy = [replace(entry, body=None) if entry.kind in WITHHELD | {"remark", "idea"} else entry for entry in entries]
    line("a copy without words", f"{len(walk(copy).findings)} findings", not walk(copy).findings)
    tally("  a seal in it changed for a text that is not there", sum(
        attacks.is_found(rebuilt([replace(one, body_digest=sha256(b"x")) if one.n == entry.n else one for one in copy]))
        for entry in copy if entry.body is None and entry.signature), sum(1 for entry in copy if entry.body is None and entry.signature))  # fmt: skip


def honest(count: int) -> None:
    from hypothesis import HealthCheck, Phase, settings
    from hypothesis.stateful import run_state_machine_as_test

    from tests.ledger.honest import Honest

    made: list[int] = []

    class Counted(Honest):
        def teardown(self) -> None:
            made.append(self.record.head()[0])
            super().teardown()

    quiet = settings(max_examples=count, stateful_step_count=50, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    try:
        run_state_machine_as_test(Counted, settings=quiet)
        good = True
    except AssertionError as error:
        print(error)
        good = False
    line(f"honest records by people in any order ({sum(made):,} entries)", f"{len(made)} records, a false alarm: {'no' if good else 'yes'}", good)


# ---- what is lost


def kills(path: Path, count: int, rng: random.Random) -> None:
    with Record.create(path) as record:
        record.sign(CREW.producer.enrols("producer"), CREW.producer)
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
    line(f"kills of somebody who writes and signs ({len(promised):,} entries acknowledged)", f"{whole} of {count}: verifies, nothing lost", whole == count)


# ---- how fast


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock, and of one core: on a busy machine the second is the one to compare."""
    start = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start[0], time.process_time() - start[1]


def rate(count: int, took: tuple[float, float]) -> str:
    return f"{count / took[1]:>9,.0f} entries per second of one core ({count / took[0]:,.0f}/s on the clock)"


def best(work: Callable[[], object], times: int = 3) -> tuple[float, float]:
    return min((seconds(work) for _ in range(times)), key=lambda took: took[1])


def plain_commits(path: Path, count: int) -> None:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, x BLOB)")
        for _ in range(count):
            db.execute("INSERT INTO t (x) VALUES (?)", (bytes(500),))


def bare_ed25519(count: int) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    public, message = private.public_key(), bytes(120)
    signature = private.sign(message)
    for _ in range(count):
        public.verify(signature, message)


def signed_record(path: Path, size: int) -> Path:
    """Nothing but signed entries, by two people in turn, written past the disk's own syncs."""
    from answerprint.ledger.verify import NAMESPACE, State, admit, entry_hash
    from answerprint.model import judgments
    from answerprint.model.judgments import Decision, Objection, Seen
    from answerprint.model.records import canonical

    with Record.create(path) as record:
        record.sign(CREW.producer.enrols("producer"), CREW.producer)
        for other, role in ((CREW.director, "director"), (CREW.editor, "editor"), (CREW.client, "client")):
            record.sign(CREW.producer.enrols(role, other=other), CREW.producer)
        record.sign(charter(CREW), CREW.producer)
        entries = list(record.entries())
    state = State()
    for entry in entries:
        state.take(entry, admit(state, entry))
    at = "2026-03-01T10:00:00.000Z"
    for number in range(size - len(entries)):
        content = (takes(f"A{number}", first=number), Objection(on=f"item:{number}", text="too polite"),
                   Decision(gesture="choice", decisions=(decided("mix", f"film:{number}", "as it is"),)))[number % 3]  # fmt: skip
        hand = (CREW.director, CREW.client, CREW.editor)[number % 3]
        raw = canonical(judgments.body(content, by=hand.key_id, at=at, seen=Seen(n=entries[-1].n, hash=entries[-1].hash)))
        signature, digest, n = hand.sign(raw, NAMESPACE), sha256(raw), entries[-1].n + 1
        seal = entry_hash(n, entries[-1].hash, content.kind, at, digest, signature)
        entries.append(Entry(n=n, prev=entries[-1].hash, kind=content.kind, at=at, body_digest=digest, body=raw, signature=signature, hash=seal))
    return written(path, entries)


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
    rates = []
    for size in (25_000, 50_000, 100_000):
        path = fill(folder / f"{size}.db", size)
        took = best(lambda path=path: verify(path))  # type: ignore[misc]
        rates.append(size / took[1])
        line(f"verify {size:,} machine entries ({path.stat().st_size / 1e6:.0f} MB)", rate(size, took), rates[-1] >= 20_000)
    line("  linear: 100,000 against 25,000, an entry", f"{rates[0] / rates[2]:>9.2f} times the time", rates[0] / rates[2] < 1.3)
    bare = 10_000 / best(lambda: bare_ed25519(10_000))[1]
    line("a bare loop of Ed25519 signatures, for comparison", f"{bare:>9,.0f} per second of one core")
    rates = []
    for size in (5_000, 20_000, 100_000):
        path = signed_record(folder / f"signed{size}.db", size)
        took = best(lambda path=path: verify(path), 3 if size < 50_000 else 1)  # type: ignore[misc]
        rates.append(size / took[1])
        line(f"verify {size:,} signed entries, every signature every time", rate(size, took), rates[-1] >= 3_000)
        line("  against the bare loop", f"{bare / rates[-1]:>9.2f} times the time")
    line("  linear: 100,000 against 5,000, an entry", f"{rates[0] / rates[2]:>9.2f} times the time", rates[0] / rates[2] < 1.3)
    path = folder / "50000.db"
    took = best(lambda: Record.open(path).head())
    line("open 50,000 entries and read the head", f"{took[0] * 1000:>9.1f} ms", took[0] < 0.3)
    took = best(lambda: Record.open(path).state())
    line("open 50,000 entries and know who is on the crew", f"{took[0] * 1000:>9.1f} ms", took[0] < 0.3)
    took = best(lambda: Record.open(path).by_key())
    line("open 50,000 entries and index them by cache key", f"{took[0] * 1000:>9.0f} ms")
    with Record.open(path, write=True) as record:
        line("open 50,000 entries to write, first append", f"{seconds(lambda: record.append('task', body(0)))[0] * 1000:>9.0f} ms")
    with Record.open(folder / "batch.db") as record:
        took = seconds(lambda: [record.has_key(f"sha256:{number:064x}") for number in range(15_000, 25_000)])
    line("plan 10,000 tasks, half of them finished (has_key, index made)", f"{took[0] * 1000:>9.0f} ms")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--flips", type=int, default=2000, help="bit flips of each sort")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--honest", type=int, default=200, help="records by honest people")
    parser.add_argument("--entries", type=int, default=500, help="size of the record that is attacked")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where to work; give one on the disk you want to know about")
    parser.add_argument("--only", choices=["attacks", "honest", "kills", "speed"])
    args = parser.parse_args()
    rng = random.Random(args.seed)
    print(f"record: {os.cpu_count()} cores, Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}, seed {args.seed}")
    with tempfile.TemporaryDirectory(dir=args.folder) as name:
        folder = Path(name)
        if args.only in (None, "attacks"):
            path = folder / "record.db"
            entries = long(path, args.entries, CREW)
            people = {signer for entry in entries if (signer := (entry.read() or {}).get("by")) and entry.signature}
            report = verify(path)
            line(f"a spot of {len(entries)} entries, {report.signed} signed, {len(people)} keys of four people", f"{len(report.findings)} findings", not report.findings)
            with attacks.remembering():
                flips(path, entries, args.flips, rng)
                rows_moved(entries, rng)
                rows_changed(entries)
                wrong_keys(entries)
                elsewhere(folder, entries)
        if args.only in (None, "honest"):
            honest(args.honest)
        if args.only in (None, "kills"):
            kills(folder / "killed.db", args.kills, rng)
        if args.only in (None, "speed"):
            speeds(folder)
    print("nothing missed, nothing lost" if not missed else f"{missed} lines above say MISSED")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
