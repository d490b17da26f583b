"""A film that is left as it was shot and as it was cut: choices like any other, judged on something, signed, and stale when what they are about is another."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from answerprint import choosing, cli, films, gestures, previews
from answerprint.claims import _NOTHING
from answerprint.delivery.plan import Plan
from answerprint.desk import DeskError
from tests.deciding import Crewed

CHOSEN = {"grade": {"grade": "as shot", "judged on": "graded monitor"}, "mix": {"mix": "as cut", "judged on": "headphones"}}


@pytest.fixture
def spot(tmp_path: Path) -> Crewed:
    """Everything is signed; grade and mix are what the camera and the cutting room gave."""
    spot = Crewed.compose(tmp_path, versions="")
    spot.choose_all({f"item:{n}": f"A001_C{n:03d}#1" for n in range(1, 12)} | {"film": "en", "bed": "bed.wav", "framing:5": "as shot"})
    choosing.choose(spot.production, "grade", "as-shot", meta=choosing.judged(spot.desk, "grade", "graded monitor"), desk=spot.desk)
    choosing.choose(spot.production, "mix", "as cut", meta=choosing.judged(spot.desk, "mix", "headphones"), desk=spot.desk)
    for gesture in ("selects", "lock"):
        spot.sign(gesture)
    return spot


def test_they_are_signed_with_what_they_were_judged_on_and_the_gate_has_nothing_against_them(spot: Crewed) -> None:
    lines = gestures.gesture(spot.desk, "finish", spot.person()).lines
    assert "grade of master: as shot, judged on graded monitor" in lines
    assert "mix of master: as cut, judged on headphones" in lines
    spot.sign("finish")
    assert {one.decided.judgment: one.decided.choice for one in spot.desk.decisions.values() if one.decided.judgment in CHOSEN} == CHOSEN
    spot.sign_off("master")
    assert spot.verdict().missing == ()


def test_as_shot_goes_stale_with_the_pictures_of_the_cut_and_as_cut_with_its_sound(spot: Crewed) -> None:
    spot.sign("finish")
    spot.cut("en", take=2)
    stale = {judgment for judgment, _ in spot.desk.stale}
    assert {"grade", "final edit"} <= stale
    assert "mix" not in stale
    spot.cut("en", voice="fr")
    stale = {judgment for judgment, _ in spot.desk.stale}
    assert "mix" in stale
    assert "grade" not in stale
    spot.cut("en")
    assert spot.desk.stale == {}


def test_a_preview_lays_nothing_over_what_was_chosen_as_it_is_and_complains_of_nothing(spot: Crewed) -> None:
    plan = object.__new__(Plan)  # not looked into: nothing is laid over it
    chosen = {one.judgment: one.choice for one in films.chosen(spot.desk, "master", drafts_first=True)}
    chosen = {name: chosen[name] for name in CHOSEN}
    assert chosen == CHOSEN
    assert previews._finished(spot.desk, plan, chosen) == (plan, ())


def test_the_papers_say_that_nothing_was_done_to_the_film_by_it() -> None:
    assert all(set(choice.items()) & _NOTHING for choice in CHOSEN.values())


def test_what_a_film_was_made_of_is_another_once_a_mix_is_chosen_over_the_sound_as_it_was_cut(spot: Crewed) -> None:
    spot.sign("finish")
    spot.film()
    desk = spot.desk
    assert films.Asked.of(desk).standing(desk, "master")
    spot.choose("mix", "mix.wav")
    spot.sign("finish")
    assert not films.Asked.of(spot.desk).standing(spot.desk, "master")


@pytest.mark.parametrize(
    ("words", "judgment", "says"),
    [
        (("film", "grade", "as-shot"), "grade", "grade of master: as shot. A draft, not signed."),
        (("grade", "as", "shot", "--judged-on", "phone"), "grade", "grade of master: as shot, judged on phone. A draft, not signed."),
        (("film:master", "mix", "as-cut"), "mix", "mix of master: as cut. A draft, not signed."),
        (("mix", "as cut", "--judged-on", "laptop"), "mix", "mix of master: as cut, judged on laptop. A draft, not signed."),
    ],
)
def test_they_are_chosen_at_a_terminal(spot: Crewed, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], judgment: str, says: str) -> None:
    choosing.clear(spot.production, judgment)
    assert cli.main(["choose", *words, "--in", str(spot.production.path)]) == 0
    assert says in capsys.readouterr().out
    drafts = json.loads((spot.production.inside / "drafts.json").read_bytes())["drafts"]
    assert next(one["choice"] for one in drafts if one["judgment"] == judgment)[judgment] in ("as shot", "as cut")


def test_nothing_is_judged_on_what_nobody_judges_it_on(spot: Crewed) -> None:
    with pytest.raises(DeskError, match="a grade is judged on graded monitor, this screen, phone, not on 'headphones'"):
        choosing.judged(spot.desk, "grade", "headphones")
    with pytest.raises(DeskError, match="belongs to a grade, a mix or a music bed, not to item:3"):
        choosing.judged(spot.desk, "item:3", "phone")
