"""Order is the chain's; a clock that went backwards is said, and minutes between reading and signing are no such clock."""

from __future__ import annotations

from dataclasses import replace

import pytest

from answerprint.ledger import Record
from answerprint.ledger import store as writing
from answerprint.ledger.verify import entry_hash, verify, walk
from answerprint.model.judgments import Objection
from tests.ledger.signing import Hand, everything

ANA = Hand("Ana Ferrer")


@pytest.fixture
def path(tmp_path, monkeypatch):
    """A record begun at ten."""
    monkeypatch.setattr(writing, "_now", lambda: "2026-03-01T10:00:00.000Z")
    with Record.create(tmp_path / "record.db") as record:
        record.sign(ANA.enrols("producer"), ANA)
        record.sign(everything(ANA), ANA)
    return tmp_path / "record.db"


@pytest.mark.parametrize(("minutes", "said"), [(9, False), (14, False), (16, True)])
def test_what_was_laid_before_somebody_minutes_before_is_no_clock_gone_backwards(path, monkeypatch, minutes, said):
    with Record.open(path, write=True) as record:
        prepared = record.prepare(Objection(on="film:master", text="Too polite."), by=ANA.key_id)
        monkeypatch.setattr(writing, "_now", lambda: f"2026-03-01T10:{minutes:02d}:00.000Z")
        record.append("remark", {"schema": 1, "text": "meanwhile"})
        record.append_signed(prepared, ANA.sign(prepared.body, "answerprint-entry-v1"))
    report = verify(path)
    assert report.findings == ()
    assert any("a clock went backwards" in note for note in report.notes) is said


def test_a_machine_entry_that_is_earlier_than_the_one_before_is_said(path, monkeypatch):
    monkeypatch.setattr(writing, "_now", lambda: "2026-03-01T09:59:59.000Z")
    with Record.open(path, write=True) as record:
        record.append("remark", {"schema": 1, "text": "before"})
    assert any("a clock went backwards" in note for note in verify(path).notes)


def test_a_time_that_is_none_is_a_finding_and_never_a_crash(path):
    with Record.open(path) as record:
        entries = list(record.entries())
    bad = replace(entries[0], at="tomorrow")
    bad = replace(bad, hash=entry_hash(bad.n, bad.prev, bad.kind, bad.at, bad.body_digest, bad.signature))
    report = walk([bad, entries[1]])
    assert any("is not a time" in finding.says for finding in report.findings)
