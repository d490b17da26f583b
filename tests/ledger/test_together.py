"""Many at once: machines append, people decide, somebody pulls the plug. Nothing is lost and nobody's signature is disturbed."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from answerprint.book import Book
from answerprint.ledger import Record, Refused
from answerprint.ledger.verify import NAMESPACE, verify
from answerprint.model.judgments import Decision, Objection, Stand
from tests.ledger.conftest import task_body
from tests.ledger.signing import Hand
from tests.ledger.stories import Crew, charter, decided, takes

CREW = Crew()
ROOT = Path(__file__).parents[2]

APPENDS = """
import sys
from pathlib import Path
from answerprint.ledger import Record
from tests.ledger.conftest import task_body
with Record.open(Path(sys.argv[1]), write=True) as record:
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(int(sys.argv[2]), int(sys.argv[2]) + int(sys.argv[3])):
        kind, body = ("task", task_body(number)) if number % 5 else ("remark", {"schema": 1, "text": str(number)})
        made = record.append(kind, body)
        print(made.n, made.hash, flush=True)
"""
SIGNS = """
import sys
from pathlib import Path
from answerprint.ledger import Record
from answerprint.model.judgments import Stand
from tests.ledger.stories import Crew
crew = Crew()
with Record.open(Path(sys.argv[1]), write=True) as record:
    print("ready", flush=True)
    for number in range(100_000):
        made = record.sign(Stand(part=f"part {sys.argv[2]} {number}", about="film:master"), crew.client)
        print(made.n, made.hash, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Record.create(tmp_path / "record.db") as record:
        record.sign(CREW.producer.enrols("producer"), CREW.producer)
        for other, role in ((CREW.director, "director"), (CREW.editor, "editor"), (CREW.client, "client")):
            record.sign(CREW.producer.enrols(role, other=other), CREW.producer)
        record.sign(charter(CREW), CREW.producer)
    return tmp_path / "record.db"


def program(code: str, *args: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", code, *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def acknowledged(output: str) -> dict[int, str]:
    lines = [line.split() for line in output.splitlines(keepends=True) if line.endswith("\n")]
    return {int(line[0]): line[1] for line in lines if len(line) == 2}


def decides(path: Path, hand: Hand, judgment: str, count: int, into: dict[int, str]) -> None:
    """Somebody who thinks for a moment over each thing: what was on the screen then is long past when they sign."""
    with Record.open(path, write=True) as record:
        for number in range(count):
            prepared = record.prepare(Decision(gesture="choice", decisions=(decided(judgment, f"item:{number}", hand.name),)), by=hand.key_id)
            time.sleep(0.02)
            made = record.append_signed(prepared, hand.sign(prepared.body, NAMESPACE))
            into[made.n] = made.hash


def test_eight_programs_append_while_two_people_decide_and_nothing_is_lost(path: Path):
    """Both people's screens are always behind; a machine's entry or the other's decision on another thing sends nobody back."""
    programs = [program(APPENDS, str(path), str(1 + 1000 * n), "15") for n in range(8)]
    for one in programs:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    signed: list[dict[int, str]] = [{}, {}]
    people = [threading.Thread(target=decides, args=(path, hand, judgment, 12, into)) for hand, judgment, into in
              ((CREW.director, "take", signed[0]), (CREW.editor, "mix", signed[1]))]  # fmt: skip
    for person in people:
        person.start()
    for one in programs:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    promised = [acknowledged(one.communicate(timeout=120)[0]) for one in programs]
    for person in people:
        person.join(120)
    assert [len(one) for one in promised] == [15] * 8
    assert [len(one) for one in signed] == [12, 12]
    with Record.open(path) as record:
        there = {entry.n: entry.hash for entry in record.entries()}
        assert len(Book(record).decisions) == 24
    everything = [pair for one in (*promised, *signed) for pair in one.items()]
    assert len(everything) == len(dict(everything)) == 144
    assert dict(everything).items() <= there.items()
    assert len(there) == 5 + 144
    assert verify(path).findings == ()


def test_of_two_who_decide_one_thing_at_once_one_is_told_what_changed(path: Path):
    with Record.open(path, write=True) as one, Record.open(path, write=True) as other:
        first = one.prepare(takes("A#1"), by=CREW.director.key_id)
        second = other.prepare(takes("B#1"), by=CREW.director.key_id)
        one.append("remark", {"schema": 1, "text": "elsewhere"})
        made = one.append_signed(first, CREW.director.sign(first.body, NAMESPACE))
        says = f"the take of item:1 was decided meanwhile, in entry {made.n} by Dre Director: look again"
        assert other.missing(second) == [says]  # said before anybody is asked for a passphrase
        with pytest.raises(Refused, match=says):
            other.append_signed(second, CREW.director.sign(second.body, NAMESPACE))
        again = takes("B#1", replaces={1: f"{made.n}/1"})
        assert other.sign(again, CREW.director).n == made.n + 1
    assert verify(path).findings == ()


def test_a_persons_entry_is_on_the_disk_when_it_is_acknowledged(path: Path):
    """Asked of the connection that wrote it, at the moment of its commit: WAL with synchronous FULL (2) syncs on every commit (sqlite.org/pragma.html)."""
    with Record.open(path, write=True) as record:
        told: list[tuple[str, object, object]] = []

        def heard(statement: str) -> None:
            if statement == "COMMIT":
                told.append((statement, record._db.execute("PRAGMA synchronous").fetchone(), record._db.execute("PRAGMA journal_mode").fetchone()))

        record._db.set_trace_callback(heard)
        made = record.sign(Stand(part="light", about="x"), CREW.client)
        record._db.set_trace_callback(None)
        assert told == [("COMMIT", (2,), ("wal",))]
        assert not record._db.in_transaction
        with Record.open(path) as reader:
            assert reader.head() == (made.n, made.hash)


def test_a_person_who_is_killed_while_signing_has_signed_or_has_not(path: Path):
    seed, promised = random.Random(9), {}
    for turn in range(6):
        signer = program(SIGNS, str(path), str(turn))
        assert signer.stdout is not None
        assert signer.stdout.readline() == "ready\n"
        time.sleep(seed.uniform(0, 0.1))
        signer.kill()
        promised |= acknowledged(signer.communicate(timeout=30)[0])
        report = verify(path)
        assert report.findings == ()
        assert report.vouched_to == report.entries
        with Record.open(path) as record:
            assert promised.items() <= {entry.n: entry.hash for entry in record.entries()}.items()
    assert promised


def test_a_failure_between_the_signature_and_the_disk_leaves_nothing(path: Path, monkeypatch: pytest.MonkeyPatch):
    with Record.open(path, write=True) as record:
        head = record.head()

        def stops(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(record, "_insert", stops)
        with pytest.raises(KeyboardInterrupt):
            record.sign(Objection(on="item:1", text="no"), CREW.client)
        monkeypatch.undo()
        assert record.head() == head
        assert record.sign(Objection(on="item:1", text="no"), CREW.client).n == head[0] + 1
        record.append("task", task_body(1))
    assert verify(path).findings == ()
