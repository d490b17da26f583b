"""The sound mixer speaks of rooms that jump, of words made out elsewhere and of the longest silence under one."""

from __future__ import annotations

from fractions import Fraction

import opentimelineio as otio
import pytest

from answerprint.critics.sound import run
from answerprint.timeline.edit import edit_seal
from answerprint.timeline.levels import SILENT_DB, level_of
from tests.critics.composed import Film, texts


@pytest.mark.parametrize(("rooms", "bed", "on"), [((-60.0, -50.0), False, ["cut:2"]), ((-60.0, -57.0), False, []), ((-60.0, -50.0), True, [])])
def test_a_room_that_jumps_at_a_cut_is_spoken_of_unless_a_bed_hides_it(rooms: tuple[float, float], bed: bool, on: list[str]) -> None:
    film = Film().set("room dbfs", *rooms).set("bed at in", bed, bed)
    assert texts(list(run(film.case)), "room") == on


def test_a_room_that_changes_within_one_recording_is_no_cut() -> None:
    from dataclasses import replace

    case = Film().set("room dbfs", -60.0, -50.0).set("bed at in", False, False).case
    one, two, *rest = case.shots
    assert not list(run(replace(case, shots=(one, replace(two, file=one.file, clip=one.clip, in_s=one.out_s, out_s=one.out_s + 2), *rest))))


@pytest.mark.parametrize(("here", "there", "on"), [("0.30", "0.97", ["cut:2"]), ("0.80", "0.97", []), ("0.30", "0.60", [])])
def test_a_word_is_spoken_of_that_was_made_out_in_another_attempt_only(here: str, there: str, on: list[str]) -> None:
    film = Film()
    film.facts["word:2:4"] = {"shot": 2, "word": "Barfield", "here": here, "there": there, "slate": "1A-2 A"}
    assert texts(list(run(film.case)), "Barfield") == on


@pytest.mark.parametrize(("seconds", "on"), [(("1.20", "1.90"), ["cut:2"]), (("0.30", "0.40"), [])])
def test_the_longest_silence_under_the_bed_is_offered_and_a_breath_is_not(seconds: tuple[str, str], on: list[str]) -> None:
    film = Film().set("pause under bed", *({"seconds": one, "before": "morning", "after": "So"} for one in seconds))
    assert texts(list(run(film.case)), "silence") == on


def covered(*left: str, **more: str) -> Film:
    film = Film()
    for place, one in enumerate(left, 1):
        film.facts[f"covered:2:{place}"] = {"shot": 2, "word": f"word{place}", "at_s": f"{2 + place * 0.5:.2f}", "to_s": f"{2.3 + place * 0.5:.2f}", "left": one, "under": "A001_C002.mp4", **more}
    return film


@pytest.mark.parametrize(("left", "on"), [(("0.30", "0.60"), ["cut:2"]), (("0.46", "0.74"), []), ((), [])])
def test_a_word_is_spoken_of_of_which_the_bed_leaves_too_little(left: tuple[str, ...], on: list[str]) -> None:
    ideas = list(run(covered(*left).case))
    assert texts(ideas, "lies over") == on
    assert not texts(ideas, "word2")


def test_the_bed_is_offered_out_of_the_words_way_and_nothing_else_is_touched() -> None:
    case = covered("0.30", "0.20", slate="1A-2 A", there="0.80").case
    (idea,) = run(case)
    assert "In 1A-2 A" in idea.text
    assert idea.offer is not None
    made, before = (otio.schema.Timeline.from_json_string(one) for one in (idea.offer.text, case.timeline))
    assert edit_seal(made) == edit_seal(before)
    level = level_of(made.tracks[1][1])
    assert level is not None
    assert [level.db(Fraction(at)) for at in ("0.1", "0.6", "1.2", "1.9")] == [0.0, SILENT_DB, SILENT_DB, 0.0]  # both words in one breath
    assert [level_of(one) for track in made.tracks for one in track if one is not made.tracks[1][1]] == [None] * 9
