"""What a stranger's check finds, and what it never does."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answerprint.ledger import Record
from answerprint.ledger import verify as law
from answerprint.ledger.verify import COLUMNS, GENESIS, HUMAN, MACHINE, SCHEMA, State, admit, entry_hash, read_body, sha256, verify
from answerprint.model.judgments import Checkpoint, Stand
from answerprint.model.records import ModelError, canonical
from tests.ledger.conftest import fill, found_at, opened_up, put, says, sealed, task_body
from tests.ledger.signing import Hand

MARA = Hand("Mara Lind")

LAW = Path(law.__file__)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def rows(path: Path) -> list[tuple]:
    with contextlib.closing(sqlite3.connect(path)) as db:
        return db.execute(f"SELECT {', '.join(COLUMNS)} FROM entry ORDER BY n").fetchall()


def test_a_whole_record_has_no_findings_and_says_that_nobody_vouches_for_it(path):
    report = verify(path)
    assert (report.findings, report.entries, report.vouched_to) == ((), 12, 0)
    assert report.vouched.startswith("From entry 1 on nothing is vouched for")
    assert "Nothing wrong found in 12 entries" in says(path)


def test_an_empty_record_verifies(tmp_path):
    report = verify(fill(tmp_path / "record.db", 0))
    assert (report.findings, report.entries, report.head) == ((), 0, GENESIS)


def test_checking_leaves_nothing_beside_the_record(path):
    before = sorted(p.name for p in path.parent.iterdir())
    verify(path)
    assert sorted(p.name for p in path.parent.iterdir()) == before == ["record.db"]


def test_the_seal_is_the_one_that_the_design_pins():
    """Worked out by hand: six fields, each after its length in eight bytes."""
    raw = b"".join(len(f).to_bytes(8, "big") + f for f in (b"7", b"sha256:aa", b"task", b"2026-01-01T00:00:00Z", b"sha256:bb", b"sig"))
    assert entry_hash(7, "sha256:aa", "task", "2026-01-01T00:00:00Z", "sha256:bb", b"sig") == "sha256:" + hashlib.sha256(raw).hexdigest()
    assert GENESIS == "sha256:" + "0" * 64
    assert sha256(b"abc") == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-4's example


@pytest.mark.parametrize("column", COLUMNS)
def test_a_flip_in_any_stored_column_is_found_at_its_entry(tmp_path, column):
    path = fill(tmp_path / "record.db", 6)
    with opened_up(path) as db:
        if column == "n":
            db.execute("UPDATE entry SET n = n + 64 WHERE n = 4")
        elif column == "signature":
            db.execute("UPDATE entry SET signature = x'00' WHERE n = 4")
        else:
            (old,) = db.execute(f"SELECT CAST({column} AS BLOB) FROM entry WHERE n = 4").fetchone()
            new = bytes([*old[:2], old[2] ^ 1, *old[3:]])
            db.execute(f"UPDATE entry SET {column} = {'?' if column == 'body' else 'CAST(? AS TEXT)'} WHERE n = 4", (new,))
    assert 4 in found_at(path)


@quick
@given(data=st.data())
def test_a_flip_anywhere_in_the_file_is_found_or_changes_nothing_for_anybody(path, data):
    raw = bytearray(path.read_bytes())
    at, bit = data.draw(st.integers(0, len(raw) - 1)), data.draw(st.integers(0, 7))
    good = rows(path)
    raw[at] ^= 1 << bit
    flipped = path.with_name("flipped.db")
    flipped.write_bytes(raw)
    if not verify(flipped).findings:
        with Record.open(flipped) as record:
            assert [tuple(getattr(entry, c) for c in COLUMNS) for entry in record.entries()] == good
            assert len(record.by_key()) == len(good)
            assert all(next(record.entries(n)).n == n for n in range(1, len(good) + 1))


@quick
@given(cuts=st.lists(st.tuples(st.integers(0, 40_000), st.binary(max_size=64)), min_size=1, max_size=8), keep=st.integers(0, 40_000))
def test_hostile_bytes_give_an_answer_and_never_a_crash(path, cuts, keep):
    raw = bytearray(path.read_bytes())
    for at, new in cuts:
        raw[at % len(raw) : at % len(raw) + len(new)] = new
    bad = path.with_name("bad.db")
    bad.write_bytes(raw[: keep or None])
    for end in ("-wal", "-journal"):
        bad.with_name("bad.db" + end).write_bytes(bytes(cuts[0][1]))
    assert list(verify(bad).lines())


@pytest.mark.parametrize("gone", [1, 5, 11])
def test_an_entry_taken_out_is_found(path, gone):
    with opened_up(path) as db:
        db.execute("DELETE FROM entry WHERE n = ?", (gone,))
    assert gone in found_at(path)
    assert "missing" in says(path)


@pytest.mark.parametrize("gone", [1, 5, 11])
def test_an_entry_taken_out_is_found_when_the_rest_is_renumbered(path, gone):
    with opened_up(path) as db:
        db.execute("DELETE FROM entry WHERE n = ?", (gone,))
        for n in range(gone + 1, 13):
            db.execute("UPDATE entry SET n = n - 1 WHERE n = ?", (n,))
    assert gone in found_at(path)


@pytest.mark.parametrize("place", [1, 6, 12])
def test_an_entry_put_in_is_found(path, place):
    with opened_up(path) as db:
        for n in range(12, place - 1, -1):
            db.execute("UPDATE entry SET n = n + 1 WHERE n = ?", (n,))
        prev = db.execute("SELECT hash FROM entry WHERE n = ?", (place - 1,)).fetchone()
        put(db, sealed(place, prev[0] if prev else GENESIS))
    assert place + 1 in found_at(path)


def test_two_entries_that_changed_places_are_found(path):
    with opened_up(path) as db:
        db.execute("UPDATE entry SET n = -1 WHERE n = 3")
        db.execute("UPDATE entry SET n = 3 WHERE n = 8")
        db.execute("UPDATE entry SET n = 8 WHERE n = -1")
    assert {3, 8} <= set(found_at(path))


def test_a_doubled_entry_is_found(path):
    with opened_up(path) as db:
        db.execute(f"INSERT INTO entry SELECT 13, {', '.join(COLUMNS[1:])} FROM entry WHERE n = 12")
    assert 13 in found_at(path)


def test_an_entry_before_the_first_is_found(path):
    with opened_up(path) as db:
        put(db, sealed(0, GENESIS))
    assert 0 in found_at(path)


def test_a_rebuilt_end_is_said_to_be_not_vouched_for(path):
    with opened_up(path) as db:
        prev = db.execute("SELECT hash FROM entry WHERE n = 8").fetchone()[0]
        db.execute("DELETE FROM entry WHERE n > 8")
        for n in range(9, 13):
            entry = sealed(n, prev, body=task_body(n, facts="blake3:forged"))
            put(db, entry)
            prev = entry.hash
    report = verify(path)
    assert report.findings == ()  # nobody can know from the file alone, and the report says so:
    assert report.vouched.startswith("From entry 1 on nothing is vouched for: whoever owns the disk could have rebuilt it")


def test_a_seal_kept_elsewhere_shows_a_rebuilt_and_a_cut_off_end(path):
    report = verify(path)
    held = (report.entries, report.head)
    assert verify(path, held=[held]).findings == ()
    assert "rebuilt" in str(verify(path, held=[(12, GENESIS)]).findings[0])
    with opened_up(path) as db:
        db.execute("DELETE FROM entry WHERE n > 9")
    assert verify(path).findings == ()
    assert "cut off" in str(verify(path, held=[held]).findings[0])


def test_a_withheld_body_keeps_the_chain(path):
    with opened_up(path) as db:
        db.execute("UPDATE entry SET body = NULL WHERE n IN (4, 5)")
    report = verify(path)
    assert (report.findings, report.withheld) == ((), 2)


def test_a_signature_brought_from_elsewhere_under_a_withheld_text_is_named_until_a_later_one_covers_it(tmp_path):
    with Record.create(tmp_path / "other.db") as other:
        other.sign(MARA.enrols("producer"), MARA)
        said = other.sign(Stand(part="camera", about="film:master"), MARA)
    path = tmp_path / "record.db"
    with Record.create(path) as record:
        head = record.sign(MARA.enrols("producer"), MARA).hash
    seal = entry_hash(2, head, "objection", said.at, said.body_digest, said.signature)
    with opened_up(path) as db:
        put(db, replace(said, n=2, prev=head, kind="objection", body=None, hash=seal))
    assert "Withheld, and no later signature covers them: entries 2." in says(path)
    with Record.open(path, write=True) as record:
        record.sign(Checkpoint(title="Salt"), MARA)
    assert "no later signature covers" not in says(path)


@pytest.mark.parametrize("name", [name for kind, name in SCHEMA if kind == "trigger"])
def test_a_dropped_trigger_is_found(path, name):
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute(f"DROP TRIGGER {name}")
    assert name in says(path)


@pytest.mark.parametrize("extra", [
    "CREATE TABLE other (x)", "CREATE INDEX quick ON entry (kind)", "CREATE VIEW entries AS SELECT 1",
    "CREATE TRIGGER more AFTER INSERT ON entry BEGIN SELECT 1; END", "CREATE VIRTUAL TABLE words USING fts5(w)",
])  # fmt: skip
def test_anything_else_in_the_file_is_found(path, extra):
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute(extra)
    assert "does not belong in a record" in says(path)


@pytest.mark.parametrize("shadow", [
    "CREATE VIEW entry AS SELECT * FROM real", "CREATE VIRTUAL TABLE entry USING fts5(n, prev, kind, at, body_digest, body, signature, hash)",
    "CREATE TABLE entry (n INTEGER PRIMARY KEY, prev, kind, at, body_digest, body, signature, hash AS (abs(n)))",
])  # fmt: skip
def test_a_table_that_is_not_ours_is_found_and_not_read(path, shadow):
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("ALTER TABLE entry RENAME TO real")
        db.execute(shadow)
    report = verify(path)
    assert report.entries == 0
    assert "the table entry is not there as a record has it" in str(report.findings[0])


@pytest.mark.parametrize("pragma", ["application_id = 7", "user_version = 2"])
def test_a_file_of_another_format_is_found(path, pragma):
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA {pragma}")
    assert verify(path).findings


def test_a_journal_that_others_would_play_back_is_found(path):
    path.with_name("record.db-journal").write_bytes(b"x" * 600)
    assert "journal" in says(path)


@pytest.mark.parametrize("content", [b"", b"not a record", b"SQLite format 3\0", b"SQLite format 3\0" + bytes(5000)])
def test_what_is_no_record_is_said_to_be_none(tmp_path, content):
    (tmp_path / "x.db").write_bytes(content)
    report = verify(tmp_path / "x.db")
    assert not report.readable
    assert "cannot be read as a record" in report.findings[0].says


def test_a_folder_a_pipe_and_nothing_are_no_records(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for name in ("", "pipe", "absent.db", "a\0b"):
        assert not verify(os.path.join(tmp_path, name)).readable


# ---- admission


@pytest.mark.parametrize(("change", "because"), [
    ({"n": 2}, "numbered"), ({"prev": "sha256:" + 64 * "1"}, "stand at the beginning"), ({"kind": "Task!"}, "kind"),
    ({"at": "2026-13-01T00:00:00Z"}, "time"), ({"at": "2026-01-01T00:00:00+02:00"}, "time"), ({"body_digest": "md5:0"}, "what its body was"),
    ({"body": b"{}"}, "not the body"), ({"signature": b""}, "empty"), ({"signature": b"s"}, "carries a signature"), ({"hash": GENESIS}, "seal"),
])  # fmt: skip
def test_each_fault_of_an_entry_is_named(change, because):
    good = sealed(1, GENESIS)
    assert admit(State(), good) == []
    assert because in " ".join(admit(State(), replace(good, **change)))


@pytest.mark.parametrize("raw", [
    b'{"schema":1,"schema":1}', b'{"schema": 1}', b'{"b":1,"a":1,"schema":1}', b'{"schema":1.0}', b'{"schema":1,"x":NaN}', b'{"schema":true}',
    b'{"schema":0}', b'{"x":9007199254740992,"schema":1}', b'{"schema":1,"x":9007199254740992}', b"[1]", b"1", b"", b"\xff", b"\xef\xbb\xbf{}",
    b'{"schema":1,"x":"\\u00e9"}', '{"schema":1,"\u00e9":1}'.encode(), b'{"schema":1,"x":"\\ud800"}', b'{"schema":1,"x":-0}', b'{"schema":1}\n',
    b'{"schema":1,"x":' + b"[" * 64 + b"]" * 64 + b"}", b"[" * 100_000, b'{"schema":1,"x":' + b"9" * 5000 + b"}", b'{"schema":1,"x":1e3}',
])  # fmt: skip
def test_a_body_in_any_other_form_is_refused(raw):
    with pytest.raises(ValueError):
        read_body(raw)
    assert admit(State(), sealed(1, GENESIS, "remark", raw))


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=5), inner, max_size=4),
    max_leaves=12,
)


@quick
@given(values)
def test_the_writer_and_the_check_have_one_form_of_a_body(value):
    raw = canonical({"schema": 1, "x": value})
    assert read_body(raw) == {"schema": 1, "x": value}


@quick
@given(st.recursive(st.none() | st.floats() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x), max_leaves=6))
def test_the_check_refuses_whatever_the_writer_would_not_write(value):
    raw = json.dumps({"schema": 1, "x": value}, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    try:
        same = canonical({"schema": 1, "x": value}) == raw
    except ModelError:
        same = False
    try:
        read_body(raw)
    except ValueError:
        assert not same
    else:
        assert same


def test_a_task_entry_says_what_another_run_needs_to_know():
    for name in ("task", "version", "key", "inputs", "facts"):
        body = task_body(1)
        del body[name]
        assert name in " ".join(admit(State(), sealed(1, GENESIS, body=body)))


def test_a_kind_of_a_newer_release_verifies_and_is_shown_as_newer(path):
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        put(db, sealed(13, verify(path).head, "hologram", {"schema": 4, "depth": "3"}))
    report = verify(path)
    assert (report.findings, report.newer) == ((), {"hologram": 1})
    assert "Newer than this release" in says(path)


@pytest.mark.parametrize("kind", sorted(HUMAN))
def test_a_persons_entry_without_an_enrolled_key_is_a_finding(path, kind):
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        put(db, sealed(13, verify(path).head, kind, {"schema": 1}, signature=b"made up"))
    report = verify(path)
    assert [finding.n for finding in report.findings] == [13]
    assert report.vouched_to == 0


def test_no_kind_is_both_a_persons_and_the_machines():
    assert not HUMAN & set(MACHINE)


def test_findings_are_counted_beyond_those_that_are_listed():
    broken = [replace(sealed(n, GENESIS), hash="x" * 71) for n in range(1, 400)]
    report = law.walk(broken)
    assert len(report.findings) == 200
    assert report.more > 100


# ---- one file, handed out


def test_the_check_runs_alone_from_a_copied_file(path, tmp_path):
    alone = tmp_path / "elsewhere"
    alone.mkdir()
    shutil.copy(LAW, alone / "check.py")
    run = [sys.executable, "-I", "-S", str(alone / "check.py")]
    done = subprocess.run([*run, str(path), "--json"], capture_output=True, text=True, cwd=alone, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["entries"] == 12
    with opened_up(path) as db:
        db.execute("UPDATE entry SET kind = 'export' WHERE n = 3")
    done = subprocess.run([*run, str(path)], capture_output=True, text=True, cwd=alone, check=False)
    assert done.returncode == 1
    assert "entry 3: its seal does not match" in done.stdout
    done = subprocess.run([*run, str(alone / "check.py")], capture_output=True, text=True, cwd=alone, check=False)
    assert done.returncode == 2
    assert "cannot be read as a record" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_tree_that_leads_back_into_itself_ends(tmp_path):
    """Every branch of the table's root is turned to the root: walked from end to end it would have 20 levels of branches."""
    path = fill(tmp_path / "record.db", 400)
    raw = bytearray(path.read_bytes())
    with contextlib.closing(sqlite3.connect(path)) as db:
        root = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'entry'").fetchone()[0]
    page = (root - 1) * 4096
    assert raw[page] == 5  # an interior page of a table (sqlite.org/fileformat2.html, 1.6)
    for cell in range(int.from_bytes(raw[page + 3 : page + 5], "big")):
        at = page + int.from_bytes(raw[page + 12 + 2 * cell : page + 14 + 2 * cell], "big")
        raw[at : at + 4] = root.to_bytes(4, "big")
    raw[page + 8 : page + 12] = root.to_bytes(4, "big")
    path.write_bytes(raw)
    started = time.monotonic()
    assert "its structure is damaged" in says(path)
    assert time.monotonic() - started < 5


def test_a_huge_body_is_found_without_being_read(path):
    with opened_up(path) as db:
        db.execute("UPDATE entry SET body = zeroblob(60000000) WHERE n = 12")
    tracemalloc.start()
    assert verify(path).findings
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_somebody_elses_text_cannot_play_tricks_on_a_terminal(path):
    with opened_up(path) as db:
        db.execute("UPDATE entry SET kind = char(27) || '[2J', at = char(27) || ']0;x' WHERE n = 3")
    assert "\x1b" not in says(path)


def test_a_films_name_keeps_its_letters_and_loses_its_tricks(path, tmp_path):
    said = law.check_film(verify(path), tmp_path / "Größe 餅 \u202egnp.\x1b[2J.mp4").findings[0]
    assert said.startswith("Größe 餅 \\u202egnp.\\x1b[2J.mp4: it cannot be read")


def test_a_letter_that_the_terminal_lacks_stops_nothing(path, tmp_path):
    """In a terminal that knows ASCII only, as some are on other people's machines."""
    told = subprocess.run([sys.executable, str(LAW), str(path), "--film", str(tmp_path / "Größe.mp4")], capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "ascii:strict"})
    assert (told.returncode, told.stderr) == (1, b"")
    assert b"Gr\\xf6\\xdfe.mp4: it cannot be read" in told.stdout


def test_one_withheld_entry_is_one(path):
    report = verify(path)
    assert "1 entry is here without its text, which this copy withholds; its seal holds the chain." in list(replace(report, withheld=1).lines())
    assert "2 entries are here without their text, which this copy withholds; their seals hold the chain." in list(replace(report, withheld=2).lines())


def test_a_record_with_its_wal_is_read_on_a_read_only_disk(tmp_path, ordinary_user):
    """A killed writer leaves a -wal; copied to a read-only folder, without its index, nothing of it may be lost."""
    folder = tmp_path / "copy"
    folder.mkdir()
    with Record.create(tmp_path / "record.db") as record:
        record.append_many([("task", task_body(n)) for n in range(1, 6)])
        for end in ("", "-wal"):
            shutil.copyfile(tmp_path / f"record.db{end}", folder / f"record.db{end}")
    folder.chmod(0o555)
    try:
        reader = "import sys; from answerprint.ledger import Record; print(Record.open(sys.argv[1]).head()[0])"
        assert ordinary_user(["-c", "import os,sys; print(os.access(sys.argv[1], os.W_OK))", str(folder)]).stdout == "False\n"
        done = ordinary_user([str(LAW), str(folder / "record.db")])
        assert "Nothing wrong found in 5 entries" in done.stdout, done.stdout + done.stderr
        assert ordinary_user(["-c", reader, str(folder / "record.db")]).stdout == "5\n"
        folder.chmod(0o755)
        (folder / "record.db-wal").unlink()
        shutil.copyfile(fill(tmp_path / "closed.db", 3), folder / "record.db")
        folder.chmod(0o555)
        assert ordinary_user(["-c", reader, str(folder / "record.db")]).stdout == "3\n"
        assert sorted(p.name for p in folder.iterdir()) == ["record.db"]
    finally:
        folder.chmod(0o755)
