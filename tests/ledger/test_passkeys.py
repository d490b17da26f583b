"""A passkey signs like any other key, and only on the page that it was enrolled for."""

from __future__ import annotations

import sqlite3

import pytest

from answerprint.ledger import Record, Refused
from answerprint.ledger.verify import NAMESPACE, verify
from answerprint.model.judgments import Decided, Decision, Objection
from tests.ledger.signing import Hand, PasskeyHand, everything


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "record.db"
    ana = PasskeyHand("Ana")
    with Record.create(path) as record:
        record.sign(ana.enrols("producer", "director"), ana)
        record.sign(everything(ana), ana)
    return path


def objects(hand, path, text="It is a frame too polite.", **how):
    with Record.open(path, write=True) as record:
        prepared = record.prepare(Objection(on="cut:3", text=text), by=hand.key_id)
        return record.append_signed(prepared, hand.sign(prepared.body, NAMESPACE, **how))


def test_a_passkey_begins_a_record_and_decides(path):
    ana = PasskeyHand("Ana")
    with Record.open(path, write=True) as record:
        record.sign(Decision(gesture="selects", decisions=(Decided(judgment="take", about="item:3", choice={"attempt": "A001_C005#2"}),)), ana)
    report = verify(path, producer=ana.key_id)
    assert (report.findings, report.signed, report.vouched_to) == ((), 3, 3)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"origin": "http://localhost.example:8484"}, "where it is not enrolled for"),
        ({"rp_id": "example.org"}, "belongs to another page"),
        ({"flags": 0b001}, "without its owner being there and known"),
        ({"flags": 0b100}, "without its owner being there and known"),
    ],
)
def test_a_passkey_counts_only_where_and_as_it_was_enrolled(path, change, says):
    with pytest.raises(Refused, match=says):
        objects(PasskeyHand("Ana", **change), path)


def test_a_passkey_that_makes_another_passkey_has_not_signed(path):
    with pytest.raises(Refused, match="something else than signing"):
        objects(PasskeyHand("Ana"), path, kind="webauthn.create")


def test_a_passkey_that_signed_another_text_has_not_signed_this_one(path):
    ana = PasskeyHand("Ana")
    with Record.open(path, write=True) as record:
        one, other = (record.prepare(Objection(on="cut:3", text=text), by=ana.key_id) for text in ("One.", "Another."))
        with pytest.raises(Refused, match="another text"):
            record.append_signed(one, ana.sign(other.body, NAMESPACE))


def test_a_counter_that_goes_back_is_refused_and_nought_is_no_counter(path):
    objects(PasskeyHand("Ana", counter=7), path, "One.")
    objects(PasskeyHand("Ana", counter=8), path, "Two.")
    with pytest.raises(Refused, match="counts backwards"):
        objects(PasskeyHand("Ana", counter=8), path, "Three.")
    objects(PasskeyHand("Ana", counter=0), path, "Four.")


def test_a_passkey_of_somebody_else_is_not_let_in(path):
    with pytest.raises(Refused, match="is not enrolled in this record"):
        objects(PasskeyHand("Bo"), path)


def test_terminal_keys_and_passkeys_stand_in_one_record(path):
    ana, bo = PasskeyHand("Ana"), Hand("Bo")
    with Record.open(path, write=True) as record:
        record.sign(bo.enrols("editor"), ana)
    objects(bo, path)
    assert verify(path).findings == ()


def test_a_signature_whose_origin_was_edited_is_found(path):
    objects(PasskeyHand("Ana"), path)
    with sqlite3.connect(path) as db:
        db.execute("DROP TRIGGER entry_stays")
        db.execute("UPDATE entry SET signature = CAST(replace(CAST(signature AS TEXT), 'crossOrigin', 'crossOrigim') AS BLOB) WHERE n = 3")
    assert any(finding.n == 3 for finding in verify(path).findings)
