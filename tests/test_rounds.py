"""Rounds and approvals: what went out is named to the frame, and what came back holds for exactly that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from answerprint import rounds
from answerprint.desk import Desk, DeskError
from answerprint.ledger.admit import Refused
from answerprint.ledger.store import Record
from answerprint.rounds import RoundsError
from answerprint.spot import Spot
from tests.crewed import ANA, MARA, crewed, cut, now

TO = "Nordsalt, Eva Holm"


@pytest.fixture
def spot(tmp_path: Path) -> Iterator[tuple[Spot, Record]]:
    with crewed(tmp_path) as (production, record):
        cut(production, "v03")
        yield production, record


def test_a_round_is_called_after_its_cut_and_its_number(spot: tuple[Spot, Record]) -> None:
    production, record = spot
    for _ in range(2):
        record.sign(rounds.round_of(now(record), [rounds.cut_seal(Desk(production), "v03")], to=TO), MARA)
    cut(production, "v04 final")
    record.sign(rounds.round_of(now(record), [rounds.cut_seal(Desk(production), "v04 final.otio")], to=TO), MARA)
    assert [one.content.label for one in now(record).rounds] == ["v03_r1", "v03_r2", "v04-final_r3"]


def test_an_approval_holds_for_exactly_the_cuts_that_went_out(spot: tuple[Spot, Record]) -> None:
    production, record = spot
    record.sign(rounds.round_of(now(record), [rounds.cut_seal(Desk(production), "v03")], to=TO), MARA)
    cut(production, "v03", frames=49)
    came = rounds.approval(now(record), "V03_R1", contact="Eva Holm", outcome="approved")
    assert came.cuts == now(record).rounds[0].content.cuts
    with pytest.raises(Refused, match="it names other cuts than the round did"):
        record.sign(replace(came, cuts=(rounds.cut_seal(Desk(production), "v03"),)), MARA)
    record.sign(came, MARA)
    (one,) = rounds.sent(now(record), rounds.seals_now(Desk(production), now(record)))
    assert ([line.content.outcome for line in one.answers], one.changed, one.open) == (["approved"], ("cuts/v03.otio",), False)


def test_a_cut_that_is_the_same_edit_again_has_not_changed_and_one_that_is_gone_says_so(spot: tuple[Spot, Record]) -> None:
    production, record = spot
    record.sign(rounds.round_of(now(record), [rounds.cut_seal(Desk(production), "v03")], to=TO), MARA)
    path = cut(production, "v03")
    assert rounds.sent(now(record), rounds.seals_now(Desk(production), now(record)))[0].changed == ()
    path.unlink()
    (one,) = rounds.sent(now(record), rounds.seals_now(Desk(production), now(record)))
    assert (one.gone, one.changed, one.open) == (("cuts/v03.otio",), (), True)
    assert rounds.sent(now(record))[0].gone == ()


def test_changes_say_which_and_approved_has_none(spot: tuple[Spot, Record]) -> None:
    production, record = spot
    record.sign(rounds.round_of(now(record), [rounds.cut_seal(Desk(production), "v03")], to=TO), MARA)
    book = now(record)
    with pytest.raises(RoundsError, match="which changes"):
        rounds.approval(book, "r1", contact="Eva", outcome="changes")
    with pytest.raises(RoundsError, match="approved, and with changes"):
        rounds.approval(book, "r1", contact="Eva", outcome="approved", changes=["logo larger"])
    with pytest.raises(RoundsError, match="who said it"):
        rounds.approval(book, "r1", contact=" ", outcome="approved")
    with pytest.raises(RoundsError, match=r"there is no round 'r2'. Rounds: v03_r1"):
        rounds.approval(book, "r2", contact="Eva", outcome="approved")
    record.sign(rounds.approval(book, "r1", contact="Eva", outcome="changes", changes=["logo larger"]), MARA)
    assert now(record).approvals[0].content.changes == ("logo larger",)


def test_the_client_does_not_send_rounds(spot: tuple[Spot, Record]) -> None:
    production, record = spot
    with pytest.raises(Refused, match="somebody of the crew sends a round"):
        record.sign(rounds.round_of(now(record), [rounds.cut_seal(Desk(production), "v03")], to=TO), ANA)
    with pytest.raises(RoundsError, match="goes to somebody"):
        rounds.round_of(now(record), [rounds.cut_seal(Desk(production), "v03")], to=" ")


def test_a_cut_is_named_as_people_name_it(spot: tuple[Spot, Record]) -> None:
    production, _ = spot
    (production.path / "versions.csv").write_text("version,of,differs,cut\nmaster,,,v03.otio\nsquare,master,shape,sq.otio\n")
    cut(production, "sq")
    for name, version in [("v03", "master"), ("cuts/v03.otio", "master"), ("square", "square"), ("sq.otio", "square"), (str(production.path / "cuts/sq.otio"), "square")]:
        assert rounds.cut_seal(Desk(production), name).version == version
    with pytest.raises(DeskError, match=r"there is no cut called v9. There is: sq.otio, v03.otio"):
        rounds.cut_seal(Desk(production), "v9")
    cut(production, "v03").rename(production.path.parent / "elsewhere.otio")
    with pytest.raises(RoundsError, match="lies outside the production"):
        rounds.cut_seal(Desk(production), str(production.path.parent / "elsewhere.otio"))


def test_what_went_out_has_the_seal_that_the_gate_looks_for(spot: tuple[Spot, Record]) -> None:
    production, _ = spot
    (production.path / "versions.csv").write_text("version,of,differs,cut\nmaster,,,v03.otio\n")
    desk = Desk(production)
    assert rounds.cut_seal(desk, "master").seal == desk.cuts["master"].seal
    (production.path / "versions.csv").unlink()
    with pytest.raises(RoundsError, match="master has no cut yet"):
        rounds.cut_seal(Desk(production), "master")
