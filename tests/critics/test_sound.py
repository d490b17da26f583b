"""The sound mixer speaks of rooms that jump, of words made out elsewhere and of the longest silence under one."""

from __future__ import annotations

import pytest

from answerprint.critics.sound import run
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
