"""What of a cut is still the machine's: a sentence before whoever signs, and a list for who wants it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from answerprint import cli, critiquing, sharing, watched
from answerprint.book import Line
from answerprint.claims import claims_of
from answerprint.desk import Desk
from answerprint.films import films
from answerprint.gate import CHECKS
from answerprint.model.judgments import Release
from tests.deciding import MARA, Crewed


@pytest.fixture
def spot(tmp_path: Path) -> Crewed:
    made = Crewed.compose(tmp_path, versions="version,of,differs,cut\nmaster,,,cuts/en.otio\n")
    made.choose("film", "en.otio")
    return made


def laid(spot: Crewed, file: str) -> None:
    """The machine laid this rough cut once."""
    from answerprint import turnover

    raw = (spot.production.path / "cuts" / f"{file}.otio").read_bytes()
    turnover.enter(spot.production, "export", raw, [], {"format": "otio", "what": "rough", "file": f"cuts/{file}.otio"}, [])


def test_where_no_rough_cut_was_made_that_is_said(spot: Crewed) -> None:
    found = sharing.shared(spot.desk, "master")
    assert found.says() == f"master: {sharing.NONE_MADE}"
    assert sharing.plain(found, spot.desk.cuts["master"])["cut_points"] is None
    assert f"master: {sharing.NONE_MADE}" in spot.verdict().notes


def test_a_rough_cut_that_stands_untouched_was_looked_at_by_nobody_until_somebody_lets_it_be_known(spot: Crewed) -> None:
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


def test_a_rough_cut_that_is_lost_is_said_and_closes_nothing(spot: Crewed) -> None:
    laid(spot, "en")
    production = spot.production
    (digest,) = (kept for _, kept in spot.desk.rough_cuts.values())
    production.keep.path(digest).unlink()
    desk = spot.desk
    why = "nobody can say how much of it stands as the machine laid it. The machine's rough cut of entry"
    assert why in sharing.notes(desk, ("master",))[0]
    with pytest.raises(sharing.SharingError, match="is lost"):
        sharing.shared(desk, "master")
    found = sharing.found_for(desk, "master")
    assert found is not None
    assert why in str(found["unknown"])
    assert sharing.claimed(found).endswith("how much of that stands is not known")
    assert desk.untouched(desk.cuts["master"]) is None
    spot.choose_everything(shapes=False)
    spot.sign("selects")
    spot.sign("lock")
    assert critiquing.silent(spot.desk, "master") == ""


def test_of_two_rough_cuts_the_one_that_the_cut_has_most_of_is_named(spot: Crewed) -> None:
    laid(spot, "en")
    first = sharing.shared(spot.desk, "master").entry
    spot.cut("other", take=2)
    laid(spot, "other")
    spot.cut("en", trim={3: 10})
    found = sharing.shared(spot.desk, "master")
    assert found.entry == first
    assert [one.machine for one in found.share.picture.points].count(False) == 1  # type: ignore[union-attr]


def test_the_share_is_a_check_that_is_done_and_stops_nothing(spot: Crewed) -> None:
    laid(spot, "en")
    assert "machine's share" not in spot.verdict().not_checked
    assert "machine's share" not in [one.what for one in spot.verdict().missing]
    assert next(one for one in CHECKS if one.name == "machine's share").built


def test_the_terminal_says_the_headline_first_and_the_list_behind_it(spot: Crewed, capsys: pytest.CaptureFixture[str]) -> None:
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


@pytest.mark.parametrize("rough", [False, True])
def test_what_is_claimed_of_a_film_says_what_its_own_entry_says_and_an_older_film_claims_what_it_claimed(spot: Crewed, rough: bool) -> None:
    laid(spot, "en")
    if not rough:
        spot.cut("en", trim={3: 10})
    spot.choose_everything(shapes=False)
    for gesture in ("selects", "lock"):
        spot.sign(gesture)
    spot.film()
    desk = spot.desk
    (older,) = films(desk)
    line = Line(n=desk.book.head.n, at="2031-05-14T09:00:00Z", by=spot.person(), key="", seen=None, content=Release(cuts=(), because="So.", missing=()))  # type: ignore[union-attr]
    before = claims_of(desk, older, line=line)
    assert not any("stated rule" in one.what for one in before.actions)
    newer = replace(older, body={**older.body, "share": sharing.found_for(desk, "master")})
    after = claims_of(desk, newer, line=line)
    said = [one for one in after.actions if one not in before.actions]
    assert replace(after, actions=()) == replace(before, actions=())
    if rough:  # signed as it was, and said so with the decision
        assert not said
        return
    assert [one.what.partition("; ")[2] for one in said] == [f"10 of the 11 cut points of the picture stand as the machine laid them by its stated rule in the rough cut of entry {newer.body['share']['entry']}"]
    assert said[0].what.startswith("a person decided the final edit in entry")  # the program that follows laid the rough cut, and decided nothing
    spot.cut("en", trim={3: 10, 5: 8})  # another cut since: nothing that is claimed of the film changes
    assert claims_of(spot.desk, newer, line=line) == after
