"""The writer: what it lets in, what it never loses, and what it says when it cannot."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from answerprint.ledger import LedgerError, Record, Refused, disk, mounts, store
from answerprint.ledger.verify import GENESIS, HUMAN, verify
from tests.ledger.conftest import fill, opened_up, put, sealed, task_body

WRITER = """
import sys
from pathlib import Path
from answerprint.ledger import Record
sys.path.insert(0, sys.argv[3])
from tests.ledger.conftest import task_body
with Record.open(Path(sys.argv[1]), write=True) as record:
    print("ready", flush=True)
    try:
        for number in range(int(sys.argv[2]), int(sys.argv[2]) + 1_000_000 if len(sys.argv) < 5 else int(sys.argv[2]) + int(sys.argv[4])):
            if number % 5:
                entries = [record.append("task", task_body(number))]
            else:
                entries = record.append_many([("task", task_body(number)), ("remark", {"schema": 1, "by": "script", "text": "x" * 3000})])
            for entry in entries:
                sys.stdout.write(f"{entry.n} {entry.hash}\\n")  # in one go: an interrupt comes before a line or after it
                sys.stdout.flush()
    except KeyboardInterrupt:
        print("interrupted", flush=True)
"""


def start(path: Path, first: int = 1, count: int | None = None) -> subprocess.Popen[str]:
    args = [sys.executable, "-c", WRITER, str(path), str(first), str(Path(__file__).parents[2]), *([str(count)] if count else [])]
    return subprocess.Popen(args, stdout=subprocess.PIPE, text=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))


def acknowledged(output: str) -> dict[int, str]:
    """Number and seal of every entry the writer had got back; a line that the kill cut short does not count."""
    lines = [line.split() for line in output.splitlines(keepends=True) if line.endswith("\n") and " " in line]
    return {int(n): seal for n, seal in lines}


def holds(path: Path, promised: dict[int, str]) -> int:
    report = verify(path)
    assert report.findings == ()
    with Record.open(path) as record:
        seals = {entry.n: entry.hash for entry in record.entries()}
    assert promised.items() <= seals.items()
    return len(promised)


def test_what_was_appended_comes_back(tmp_path):
    with Record.create(tmp_path / "record.db") as record:
        assert record.head() == (0, GENESIS)
        first = record.append("task", task_body(1))
        second, third = record.append_many([("remark", {"schema": 1, "text": "that's the one"}), ("task", task_body(2))])
        assert [entry.n for entry in record.entries()] == [1, 2, 3]
        assert [entry.n for entry in record.entries(2, "task")] == [3]
        assert (second.prev, record.head()) == (first.hash, (3, third.hash))
        assert third.read() == task_body(2)
    with Record.open(tmp_path / "record.db") as again:
        assert list(again.entries()) == [first, second, third]


def test_a_closed_record_is_one_file(path):
    assert [p.name for p in path.parent.iterdir()] == ["record.db"]


def test_finished_tasks_are_found_by_their_key(path):
    with Record.open(path, write=True) as record, Record.open(path) as reader:
        assert reader.has_key(task_body(3)["key"])
        assert not reader.has_key(task_body(77)["key"])
        record.append("task", task_body(77))
        record.append("task", task_body(3, facts="blake3:later"))
        assert reader.has_key(task_body(77)["key"])
        assert reader.by_key()[task_body(3)["key"]].n == 3  # the record's first answer stands
        assert len(reader.by_key()) == 13


def test_withheld_and_newer_task_entries_are_not_taken_for_finished_ones(path):
    with opened_up(path) as db:
        db.execute("UPDATE entry SET body = NULL WHERE n = 3")
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        put(db, sealed(13, verify(path).head, "task", {"schema": 2, "key": task_body(13)["key"]}))
    with Record.open(path) as record:
        assert not record.has_key(task_body(3)["key"])
        assert not record.has_key(task_body(13)["key"])
        assert record.has_key(task_body(12)["key"])


@pytest.mark.parametrize("kind", sorted(HUMAN))
def test_the_machine_cannot_write_what_a_person_signs(path, kind):
    with Record.open(path, write=True) as record:
        with pytest.raises(Refused) as refused:
            record.append(kind, {"schema": 1})
        assert any("a named person signs it" in says for says in refused.value.missing)  # by its type
        assert any("is not signed" in says for says in refused.value.missing)  # and by the state of the record
        assert record.head()[0] == 12


def test_the_machine_does_not_write_kinds_that_nobody_knows(path):
    with Record.open(path, write=True) as record, pytest.raises(Refused, match="the kind is not known"):
        record.append("hologram", {"schema": 1})


@pytest.mark.parametrize("body", [
    {"schema": 1, "x": 0.5}, {"schema": 1, "x": 2**53}, {"schema": 1, "\u00e9": 1}, {"x": 1}, {"schema": 1, "x": "\ud800"}, {"schema": 1, "x": b"raw"},
])  # fmt: skip
def test_a_body_that_cannot_be_sealed_is_refused(path, body):
    with Record.open(path, write=True) as record, pytest.raises(Refused):
        record.append("remark", body)


def test_a_body_nested_without_end_is_refused(path):
    deep: list = []
    for _ in range(5000):
        deep = [deep]
    with Record.open(path, write=True) as record, pytest.raises(Refused, match="nested too deep"):
        record.append("remark", {"schema": 1, "x": deep})


def test_of_a_batch_all_or_nothing_is_written(path):
    with Record.open(path, write=True) as record:
        with pytest.raises(Refused):
            record.append_many([("task", task_body(50)), ("task", {"schema": 1})])
        assert record.append_many([]) == []
        assert record.head()[0] == 12
        assert record.append("task", task_body(51)).n == 13


def test_a_batch_that_a_ctrl_c_stops_half_way_is_not_there(path, monkeypatch):
    real = store.machine_door

    def stopped(state, entry):
        if entry.n == 15:
            raise KeyboardInterrupt
        real(state, entry)

    with Record.open(path, write=True) as record:
        monkeypatch.setattr(store, "machine_door", stopped)
        with pytest.raises(KeyboardInterrupt):
            record.append_many([("task", task_body(n)) for n in range(20, 26)])
        monkeypatch.undo()
        assert record.head()[0] == 12
        record.append("task", task_body(20))
    assert verify(path).findings == ()


@pytest.mark.parametrize("statement", [
    "UPDATE entry SET at = 'x' WHERE n = 3", "DELETE FROM entry WHERE n = 12", "INSERT INTO entry SELECT 14, prev, kind, at, body_digest, body, NULL, hash "
    "FROM entry WHERE n = 12", "INSERT INTO entry SELECT NULL, prev, kind, at, body_digest, body, NULL, hash FROM entry WHERE n = 12",
    "INSERT OR REPLACE INTO entry SELECT n, prev, kind, 'x', body_digest, body, NULL, hash FROM entry WHERE n = 12",
    "INSERT INTO entry SELECT 13, prev, kind, at, body_digest, body, NULL, hash FROM entry WHERE n = 12",
])  # fmt: skip
def test_the_table_itself_refuses_changes_gaps_and_a_wrong_predecessor(path, statement):
    with contextlib.closing(sqlite3.connect(path)) as db, pytest.raises(sqlite3.IntegrityError, match="an entry"):
        db.execute(statement)


# ---- nothing is lost


def test_twenty_kills_lose_no_entry_that_was_acknowledged(tmp_path):
    path, seed, promised = fill(tmp_path / "record.db", 0), random.Random(20), {}
    for kill in range(20):
        writer = start(path, 1 + kill * 10_000)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        time.sleep(seed.uniform(0, 0.15))
        writer.kill()
        promised |= acknowledged(writer.communicate(timeout=30)[0])
        holds(path, promised)
    assert len(promised) > 20


def test_a_ctrl_c_leaves_the_record_whole(tmp_path):
    path, promised = fill(tmp_path / "record.db", 0), {}
    for turn in range(3):
        writer = start(path, 1 + turn * 10_000)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        time.sleep(0.05 + turn / 50)
        writer.send_signal(signal.SIGINT)
        output = writer.communicate(timeout=30)[0]
        assert output.endswith("interrupted\n")
        promised |= acknowledged(output)
    assert holds(path, promised) > 3


def test_two_writers_at_once_lose_nothing(tmp_path):
    path = fill(tmp_path / "record.db", 0)
    writers = [start(path, first, 150) for first in (1, 5001)]
    promised = [acknowledged(writer.communicate(timeout=120)[0]) for writer in writers]
    assert not promised[0].keys() & promised[1].keys()
    assert holds(path, promised[0] | promised[1]) == 360
    assert verify(path).entries == 360


def test_two_writers_in_one_program_take_turns(path):
    with Record.open(path, write=True) as one, Record.open(path, write=True) as other:
        for number in range(100, 110):
            (one if number % 2 else other).append("task", task_body(number))
    assert verify(path).entries == 22


# ---- one sentence for each way in which a disk or a file says no


def test_a_full_disk_is_said_and_nothing_is_broken(path):
    """SQLite's own answer to a full disk, brought about by its page limit."""
    with Record.open(path, write=True) as record:
        record._db.execute("PRAGMA max_page_count = 1")
        with pytest.raises(LedgerError, match="the disk is full"):
            record.append("remark", {"schema": 1, "text": "x" * 100_000})
        record._db.execute("PRAGMA max_page_count = 1000000")
        record.append("remark", {"schema": 1, "text": "there is room again"})
    assert (verify(path).findings, verify(path).entries) == ((), 13)


def test_a_disk_that_is_really_full_is_said_too(path, ordinary_user):
    """The kernel refuses the bytes: a limit on file size, which a write beyond it meets as an error."""
    code = (
        "import resource, signal, sys\nfrom pathlib import Path\nfrom answerprint.ledger import LedgerError, Record\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nrecord = Record.open(Path(sys.argv[1]), write=True)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, resource.RLIM_INFINITY))\n"
        "try:\n    record.append('remark', {'schema': 1, 'text': 'x' * 100_000})\nexcept LedgerError as error:\n    print(error)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))\n"
        "print(record.append('remark', {'schema': 1, 'text': 'room'}).n)\n"
    )
    done = ordinary_user(["-c", code, str(path)])
    assert "the disk" in done.stdout, done.stderr
    assert done.stdout.endswith("13\n")
    assert verify(path).findings == ()


def test_a_read_only_disk_is_said(path, ordinary_user):
    code = (
        "import sys\nfrom pathlib import Path\nfrom answerprint.ledger import LedgerError, Record\n"
        "for make in (lambda p: Record.open(p, write=True), lambda p: Record.create(p.with_name('new.db'))):\n"
        "    try:\n        make(Path(sys.argv[1]))\n    except LedgerError as error:\n        print(error)\n"
    )
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        done = ordinary_user(["-c", code, str(path)])
    finally:
        path.parent.chmod(0o755)
    assert "read-only" in done.stdout.splitlines()[0], done.stderr
    assert "cannot be opened" in done.stdout.splitlines()[1]


def test_a_locked_record_is_said(path, monkeypatch):
    monkeypatch.setattr(disk, "BUSY_S", 0.05)
    with Record.open(path, write=True) as record, contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="another program has been writing"):
            record.append("task", task_body(13))
        other.execute("ROLLBACK")
        assert record.append("task", task_body(13)).n == 13


def test_a_file_that_is_no_record_is_said(tmp_path):
    (tmp_path / "record.db").write_bytes(b"this is a shopping list, not a record" * 40)
    for write in (False, True):
        with pytest.raises(LedgerError, match="not a record"):
            Record.open(tmp_path / "record.db", write=write)


def test_a_damaged_record_is_said(tmp_path):
    path = fill(tmp_path / "record.db", 200)
    raw = bytearray(path.read_bytes())
    raw[8192:] = bytes(len(raw) - 8192)
    path.write_bytes(raw)
    with pytest.raises(LedgerError, match="damaged"), Record.open(path) as record:
        list(record.entries())


def test_a_record_of_a_newer_release_is_said(path):
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 9")
    with pytest.raises(LedgerError, match="newer release"):
        Record.open(path)


def test_a_missing_record_is_not_made_by_looking(tmp_path):
    for write in (False, True):
        with pytest.raises(LedgerError, match="no record here"):
            Record.open(tmp_path / "record.db", write=write)
    assert list(tmp_path.iterdir()) == []


def test_a_record_is_never_replaced(path):
    with pytest.raises(LedgerError, match="a record already"):
        Record.create(path)
    assert verify(path).entries == 12


def test_a_reader_cannot_append(path):
    with Record.open(path) as record, pytest.raises(LedgerError, match="opened to be read"):
        record.append("task", task_body(13))


def test_a_file_with_somebody_elses_triggers_is_not_worked_on(path):
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TRIGGER more AFTER INSERT ON entry BEGIN SELECT 1; END")
    for write in (False, True):
        with pytest.raises(LedgerError, match="does not belong in a record"):
            Record.open(path, write=write)


def test_nothing_is_appended_after_an_entry_whose_seal_is_broken(path):
    with opened_up(path) as db:
        db.execute("UPDATE entry SET at = '2020-01-01T00:00:00Z' WHERE n = 12")
    with Record.open(path, write=True) as record, pytest.raises(LedgerError, match="does not match"):
        record.append("task", task_body(13))


def test_machine_entries_go_on_after_kinds_of_a_newer_release(path):
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        put(db, sealed(13, verify(path).head, "hologram", {"schema": 1}, signature=b"by something newer"))
    with Record.open(path, write=True) as record:
        assert record.append("task", task_body(14)).n == 14
    assert verify(path).findings == ()


def test_names_with_any_characters_work(tmp_path):
    for name in ("a b?#%41.db", "caf\u00e9 \U0001f3ac.db", "it's \"q\"\n.db", os.fsdecode(b"\xff\xfe.db")):
        path = fill(tmp_path / name, 2)
        assert verify(path).entries == 2
        with Record.open(path) as record:
            assert record.head()[0] == 2


# ---- network shares

MOUNTINFO = r"""22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 22 0:41 / /mnt/nas rw shared:1 - cifs //nas/projects rw
31 22 0:42 / /mnt/SSD\040one rw - exfat /dev/sdb1 rw
32 30 0:43 / /mnt/nas/local rw - ext4 /dev/vdb rw
33 22 0:44 / /mnt/far rw - fuse.sshfs me@far:/ rw
"""


@pytest.mark.parametrize(("place", "share"), [
    ("/home/me/spot", None), ("/mnt/nas/spot", "cifs"), ("/mnt/nasty", None), ("/mnt/nas/local/spot", None), ("/mnt/SSD one/spot", None),
    ("/mnt/far", "fuse.sshfs"),
])  # fmt: skip
def test_a_network_share_is_known_by_its_mount(monkeypatch, place, share):
    monkeypatch.setattr(mounts.sys, "platform", "linux")
    monkeypatch.setattr(mounts.Path, "read_text", lambda *_: MOUNTINFO)
    monkeypatch.setattr(mounts.os.path, "realpath", lambda path: str(path))
    assert mounts.network_share(Path(place)) == share


def test_a_mac_says_its_mounts_in_its_own_way(monkeypatch):
    listing = "/dev/disk3s1s1 on / (apfs, sealed, local)\n//me@nas/projects on /Volumes/My Projects (smbfs, nodev, nosuid)\n"
    monkeypatch.setattr(mounts.sys, "platform", "darwin")
    monkeypatch.setattr(mounts.os.path, "realpath", lambda path: str(path))
    monkeypatch.setattr(mounts.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0, listing, ""))
    assert mounts.network_share(Path("/Volumes/My Projects/spot")) == "smbfs"
    assert mounts.network_share(Path("/Users/me")) is None


def test_a_record_is_not_written_on_a_network_share(path, monkeypatch):
    monkeypatch.setattr(store, "network_share", lambda _: "cifs")
    for make in (lambda: Record.open(path, write=True), lambda: Record.create(path.with_name("new.db"))):
        with pytest.raises(LedgerError, match="network share"):
            make()
    with Record.open(path) as record:
        assert record.head()[0] == 12


def test_a_task_entry_reads_back_as_plain_json(path):
    with Record.open(path) as record:
        body = next(record.entries()).body
    assert body is not None
    assert json.loads(body)["file"].endswith("\u00e9.mp4")
