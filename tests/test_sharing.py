"""What of a cut is still the machine's: a sentence before whoever signs, and a list for who wants it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from answerprint import cli, sharing, watched
from answerprint.desk import Desk
from answerprint.gate import CHECKS
from tests.deciding import MARA, Spot


@pytest.fixture
def spot(tmp_path: Path) -> Spot:
    made = Spot.compose(tmp_path, versions="version,of,differs,cut\nmaster,,,cuts/en.otio\n")
    made.choose("film", "en.otio")
    return made


def laid(spot: Spot, file: str) -> None:
    """The machine laid this rough cut once."""
    from answerprint import turnover

    raw = (spot.production.path / "cuts" / f"{file}.otio").read_bytes()
    turnover.enter(spot.production, "export", raw, [], {"format": "otio", "what": "rough", "file": f"cuts/{file}.otio"}, [])


def test_where_no_rough_cut_was_made_that_is_said(spot: Spot) -> None:
    found = sharing.shared(spot.desk, "master")
    assert found.says() == f"master: {sharing.NONE_MADE}"
    assert sharing.plain(found, spot.desk.cuts["master"])["cut_points"] is None
    assert f"master: {sharing.NONE_MADE}" in spot.verdict().notes


def test_a_rough_cut_that_stands_untouched_was_looked_at_by_nobody_until_somebody_lets_it_be_known(spot: Spot) -> None:
    laid(spot, "en")
    desk = spot.desk
    found = sharing.shared(desk, "master")
    every = len(found.share.picture.points) if found.share else 0
    assert every == 11
    assert found.says(sharing.played(desk, "master")) == f"master: {every} of {every} cut points stand as the machine laid them in entry {found.entry}; as far as we know, looked at by nobody."
    mara = spot.person(MARA).id
    watched.mark(spot.production, mara, f"version:master@{desk.cuts['master'].seal}", "played")
    assert not sharing.played(desk, "master")  # it is hers, and she does not let it be known
    watched.allow(spot.production, mara, True)
    assert "the cut was played to its end here" in sharing.notes(desk, ("master",))[0]


def test_of_two_rough_cuts_the_one_that_the_cut_has_most_of_is_named(spot: Spot) -> None:
    laid(spot, "en")
    first = sharing.shared(spot.desk, "master").entry
    spot.cut("other", take=2)
    laid(spot, "other")
    spot.cut("en", trim={3: 10})
    found = sharing.shared(spot.desk, "master")
    assert found.entry == first
    assert [one.machine for one in found.share.picture.points].count(False) == 1  # type: ignore[union-attr]


def test_the_share_is_a_check_that_is_done_and_stops_nothing(spot: Spot) -> None:
    laid(spot, "en")
    assert "machine's share" not in spot.verdict().not_checked
    assert "machine's share" not in [one.what for one in spot.verdict().missing]
    assert next(one for one in CHECKS if one.name == "machine's share").built


def test_the_terminal_says_the_headline_first_and_the_list_behind_it(spot: Spot, capsys: pytest.CaptureFixture[str]) -> None:
    laid(spot, "en")
    assert cli.main(["share", str(spot.production.path)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("master: 11 of 11 cut points stand as the machine laid them")
    assert "01:00:02:00  A001_C001 | A001_C002" in said[4]
    assert cli.main(["share", str(spot.production.path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["running_time"], found["cut_points"], found["takes"]) == (1.0, 1.0, 1.0)
    assert Desk(spot.production).cuts["master"].seal == found["seal"]
    assert cli.main(["share", str(spot.production.path), "--version", "square"]) == 2
