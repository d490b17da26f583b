"""Whoever owns the disk against whoever holds a key, on a spot of 40 entries by four people."""

from __future__ import annotations

import contextlib
import itertools
import random
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from answerprint.ledger import Entry
from answerprint.ledger.verify import GENESIS, SCHEMA, verify, walk
from answerprint.model.records import canonical
from tests.ledger import attacks
from tests.ledger.conftest import sealed, task_body
from tests.ledger.signing import Hand
from tests.ledger.stories import Crew, checkpoint, rebuilt, told, written

CREW = Crew()


@pytest.fixture
def remembering() -> Iterator[None]:
    with attacks.remembering():
        yield


@pytest.fixture(scope="module")
def spot(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Entry]]:
    path = tmp_path_factory.mktemp("spot") / "record.db"
    entries = told(path, CREW)
    assert len(entries) == 40
    assert verify(path).findings == ()
    assert verify(path).vouched_to == 40
    return path, entries


def test_200_flips_inside_stored_columns_are_all_found(spot):
    path, entries = spot
    assert attacks.flips_in_columns(path, entries, 200, random.Random(4)).missed == []


def test_200_flips_anywhere_in_the_file_are_found_or_change_nothing_for_anybody(spot):
    path, entries = spot
    done = attacks.flips_anywhere(path, entries, 200, random.Random(4))
    assert done.missed == []
    assert done.found + done.harmless == 200


@pytest.mark.parametrize("attack", attacks.EACH_ENTRY, ids=lambda attack: attack.__name__)
def test_every_entry_is_held_by_those_around_it(remembering, spot, attack: Callable[[list[Entry], int], list[Entry] | None]):
    """With old seals, and with all seals made anew by somebody who owns the disk: each signature vouches for everything before it."""
    _, entries = spot
    for n in range(1, 40):
        for remade in (lambda rows: rows, rebuilt):
            changed = attack(entries, n)
            if changed is not None and remade(changed) != entries:
                assert attacks.is_found(remade(changed)), f"{attack.__name__} at {n}"


def test_any_two_that_changed_places_are_found(remembering, spot):
    _, entries = spot
    for one, other in random.Random(4).sample(list(itertools.combinations(range(39), 2)), 150):
        assert attacks.is_found_swapped(entries, one, other), (one, other)


def test_what_anybody_changes_before_the_last_signature_is_found_after_every_seal_was_made_anew(remembering, spot):
    _, entries = spot
    for n in range(1, 40):  # the last one is a tail: it can be cut off, and then anything may be put in its place
        for what, rows in attacks.changes(entries, n, CREW):
            assert attacks.is_found(rebuilt(rows)), f"{what} at {n}"


def test_a_text_signed_by_the_wrong_key_is_found(remembering, spot):
    """By another who is enrolled, by one who was revoked, by one whom nobody knows: each signed entry, by each of them."""
    _, entries = spot
    for entry in entries[:-1]:  # what stands last somebody else could honestly have signed
        if entry.signature is None:
            continue
        for hand in (CREW.producer, CREW.director, CREW.editor, CREW.client, CREW.second, CREW.paper, Hand("Nobody")):
            for rows in attacks.signed_by(entries, entry.n, hand):
                assert rows == entries or attacks.is_found(rebuilt(rows)), f"{entry.kind} {entry.n} by {hand.name}"


def test_a_cut_off_tail_is_found_with_a_checkpoint_and_said_to_be_open_without(spot, tmp_path):
    path, entries = spot
    held = checkpoint(CREW.producer, 40, entries[-1].hash)
    assert verify(path, checkpoint=held, producer=CREW.producer.key_id).findings == ()
    for keep in range(40):
        cut = written(tmp_path / "cut.db", entries[:keep])
        report = verify(cut, checkpoint=held)
        assert any("you hold its seal and it is not here: it was cut off" in finding.says for finding in report.findings), keep
        blind = verify(cut)
        assert blind.findings == ()  # nobody can know from the file alone
        assert blind.entries == keep
    with_machine = rebuilt([*entries[:30], sealed(1, GENESIS, body=task_body(900))])
    report = verify(written(tmp_path / "cut.db", with_machine))
    assert "From entry 31 on nothing is vouched for: whoever owns the disk could have rebuilt it" in report.vouched


@pytest.mark.parametrize(("change", "says"), [
    (lambda raw: raw.replace(b"entry: 40", b"entry: 39"), "changed after it was signed"), (lambda raw: raw.replace(b"A spot", b"Another"), "changed after it was signed"),
    (lambda raw: raw[:60], "it is not a checkpoint"), (lambda raw: b"", "it is not a checkpoint"),
    (lambda raw: raw.replace(b"-----BEGIN SSH SIGNATURE-----\n", b"-----BEGIN SSH SIGNATURE-----\n!"), "its signature cannot be read"),
])  # fmt: skip
def test_a_checkpoint_that_was_changed_is_found(spot, change, says):
    path, entries = spot
    report = verify(path, checkpoint=change(checkpoint(CREW.producer, 40, entries[-1].hash)))
    assert says in report.findings[0].says


def test_a_checkpoint_by_the_wrong_key_or_of_another_record_is_found(spot, tmp_path):
    path, entries = spot
    assert "which is not enrolled in this record" in str(verify(path, checkpoint=checkpoint(Hand("Nobody"), 40, entries[-1].hash)).findings)
    assert "which was revoked before entry 40" in str(verify(path, checkpoint=checkpoint(CREW.second, 40, entries[-1].hash)).findings)
    assert verify(path, checkpoint=checkpoint(CREW.second, 30, entries[29].hash)).findings == ()  # made before it was revoked
    others = told(tmp_path / "other.db", CREW)
    assert "it is not the one that you hold: it was rebuilt" in str(verify(path, checkpoint=checkpoint(CREW.producer, 40, others[-1].hash)).findings)
    assert "it is not a checkpoint" in str(verify(path, checkpoint=CREW.producer.sign(b"x", "answerprint-checkpoint-v1")).findings)


def test_a_record_made_by_somebody_else_from_nothing_is_not_the_one_that_one_was_told_of(spot, tmp_path):
    """The same words by the same names, with other keys: everything verifies, and the one key that the reader knows is not in it."""
    path, _ = spot
    fake = Crew(*(Hand(hand.name, b"forged" + hand.name.encode() + hand.seed) for hand in vars(CREW).values()))
    told(tmp_path / "fake.db", fake)
    report = verify(tmp_path / "fake.db")
    assert report.findings == ()
    assert report.began is not None
    assert "ask them whether that is their key" in report.began
    assert verify(path, producer=CREW.producer.public).findings == ()
    for key in (CREW.producer.key_id, CREW.producer.public, CREW.producer.public + " ana@laptop"):
        assert "this is not the record that you were told of" in str(verify(tmp_path / "fake.db", producer=key).findings)
    assert verify(path, producer=CREW.director.key_id).findings  # a director is no producer


def test_a_stale_replaces_that_was_signed_is_found(spot):
    """A director signs, and somebody with the disk holds the entry back until the thing was decided anew."""
    _, entries = spot
    head = entries[-1]
    stale = {"schema": 1, "kind": "decision", "by": CREW.director.key_id, "at": "2026-03-01T10:00:00.000Z", "seen": {"n": head.n, "hash": head.hash},
             "gesture": "selects", "saw": {}, "decisions": [{"judgment": "take", "about": "item:2", "choice": {"is": "x"}, "over": [], "because": "",
                                                            "replaces": "15/2", "rests_on": {}}]}  # fmt: skip
    raw = canonical(stale)
    entry = sealed(41, head.hash, "decision", raw, at="2026-03-01T10:00:00.000Z", signature=CREW.director.sign(raw, "answerprint-entry-v1"))
    assert "the take of item:2 was decided meanwhile" in walk([*entries, entry]).findings[0].says


@pytest.mark.parametrize("lie", [
    "CREATE VIEW entry AS SELECT n, prev, kind, at, body_digest, body, signature, hash FROM real",
    "CREATE TABLE entry (n INTEGER PRIMARY KEY, prev TEXT, kind TEXT, at TEXT, body_digest TEXT, body BLOB, signature BLOB, hash TEXT AS (lower(prev)))",
    "CREATE TABLE entry (n INTEGER PRIMARY KEY, prev TEXT COLLATE NOCASE NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL, body_digest TEXT NOT NULL, body BLOB, signature BLOB, hash TEXT NOT NULL) STRICT",
])  # fmt: skip
def test_a_table_that_lies_is_found_and_not_read(spot, tmp_path, lie):
    path, _ = spot
    copy = tmp_path / "copy.db"
    copy.write_bytes(path.read_bytes())
    with contextlib.closing(sqlite3.connect(copy)) as db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute("ALTER TABLE entry RENAME TO real")
        db.execute(lie)
        db.commit()
    report = verify(copy)
    assert report.entries == 0
    assert "the table entry is not there as a record has it" in str(report.findings[0])


def test_lying_sql_functions_are_not_asked(spot, tmp_path):
    """A schema that calls functions (a partial index, a trigger that answers for the table) is a finding, and what it says is not believed."""
    path, _ = spot
    for more in ("CREATE INDEX liar ON entry (n) WHERE lower(kind) = 'decision'", "CREATE TRIGGER liar AFTER INSERT ON entry BEGIN SELECT load_extension('x'); END",
                 "CREATE VIEW sqlite_lies AS SELECT 1"):  # fmt: skip
        copy = tmp_path / "copy.db"
        copy.write_bytes(path.read_bytes())
        with contextlib.closing(sqlite3.connect(copy)) as db:
            with contextlib.suppress(sqlite3.OperationalError):
                db.execute(more)
            db.commit()
        if copy.read_bytes() != path.read_bytes():
            assert "does not belong in a record" in str(verify(copy).findings[0])


def test_dropped_and_changed_guards_are_found(spot, tmp_path):
    path, _ = spot
    for kind, name in SCHEMA:
        if kind != "trigger":
            continue
        for put in ("", f"CREATE TRIGGER {name} BEFORE UPDATE ON entry BEGIN SELECT 1; END"):
            copy = tmp_path / "copy.db"
            copy.write_bytes(path.read_bytes())
            with contextlib.closing(sqlite3.connect(copy)) as db:
                db.execute(f"DROP TRIGGER {name}")
                if put:
                    db.execute(put)
                db.commit()
            assert name in str(verify(copy).findings)


def test_a_borrowed_screen_is_found(spot, tmp_path):
    """A signature made over another record's screen, brought in behind a rightly sealed row."""
    _, entries = spot
    others = told(tmp_path / "other.db", CREW)
    for entry in others[2:]:
        if entry.signature is not None:
            assert walk(rebuilt([*entries, entry])).findings, entry.kind


def test_an_export_of_a_flipped_file_is_the_same_or_is_refused(spot, tmp_path):
    path, entries = spot
    assert attacks.reads_the_same(path, attacks.read_all(path))
    bad = replace(entries[20], at="2020-01-01T00:00:00.000Z")
    rows = [bad if entry.n == 21 else entry for entry in entries]
    assert not attacks.reads_the_same(written(tmp_path / "bad.db", rows), attacks.read_all(path))
