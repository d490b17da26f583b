"""Slates run on: what is not clear is settled by its place, what is clear is never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from answerprint.script.shooting_order import Name, Slated, expected, odd, placed

EVEN: tuple[tuple[str, int, float], ...] = (("113", 2, -4.0), ("130", 2, -3.9), ("13", 2, -6.0))


def clear(name: str, take: int, unslated: int = 0) -> Slated:
    return Slated(read=(name, take), clear=True, unslated=unslated)


def unclear(*names: tuple[str, int, float], unslated: int = 0) -> Slated:
    return Slated(read=names[0][:2] if names else None, clear=False, names=names, unslated=unslated)


def deaf(at: int, names: Sequence[Name]) -> Mapping[Name, float]:
    return {}


def test_what_sounds_alike_is_told_apart_by_the_set_up_before() -> None:
    day = [clear("113", 1), unclear(("130", 2, -3.9), ("113", 2, -4.0)), clear("113", 3)]
    assert placed(day, deaf)[1].name == ("113", 2)
    assert placed(day, deaf)[1].between == "between 113-1 and 113-3"


def test_a_new_set_up_begins_at_take_one() -> None:
    day = [clear("3A", 4), unclear(("3D", 1, -5.0), ("3B", 1, -5.5)), clear("3B", 2)]
    assert placed(day, deaf)[1].name == ("3B", 1)


def test_a_clear_reading_is_never_changed_and_the_conflict_is_told() -> None:
    day = [clear("3A", 2), clear("3A", 7), clear("3A", 4)]
    assert placed(day, deaf) == {}
    assert odd(day) == {1: (("3A", 3), "between 3A-2 and 3A-4")}


def test_a_row_that_runs_on_is_nothing_odd() -> None:
    assert odd([clear("3A", 2), clear("3A", 3), clear("3A", 4), clear("3B", 1), clear("3B", 3)]) == {}


def test_what_was_read_and_stands_in_the_row_is_left_as_it_is() -> None:
    assert placed([clear("113", 1), unclear(*EVEN)], deaf) == {}


def test_a_slate_far_from_its_neighbours_stays_where_only_its_sound_speaks() -> None:
    day = [clear("3A", 2), unclear(("9F", 6, -3.0), ("9E", 6, -3.1)), clear("12C", 4)]
    assert placed(day, deaf) == {}


def test_no_place_in_a_row_outweighs_a_sound_that_says_something_else() -> None:
    day = [clear("3A", 2), unclear(("9F", 6, -3.0), ("3A", 3, -14.0)), clear("3A", 4)]
    assert placed(day, deaf) == {}


def test_what_nobody_proposed_is_asked_of_the_sound() -> None:
    asked: list[Name] = []

    def weigh(at: int, names: Sequence[Name]) -> Mapping[Name, float]:
        asked.extend(names)
        return {name: -4.0 if name == ("13E", 2) else -30.0 for name in names}

    day = [clear("13E", 1), unclear(("30", 2, -3.5), ("3", 2, -4.0)), clear("13E", 3)]
    assert placed(day, weigh)[1].name == ("13E", 2)
    assert ("13E", 2) in asked


def test_a_slate_that_gave_no_name_is_the_one_take_that_is_missing() -> None:
    day = [clear("13E", 1), Slated(read=None, take=2, clear=False), clear("13E", 3)]
    assert placed(day, deaf)[1].name == ("13E", 2)
    assert placed(day, deaf)[1].ahead is None


@pytest.mark.parametrize(("heard", "after"), [(7, ("13E", 3)), (2, ("13E", 4)), (2, ("13F", 1))])
def test_a_slate_that_gave_no_name_stays_without_where_more_than_one_take_may_be_missing(heard: int, after: Name) -> None:
    assert placed([clear("13E", 1), Slated(read=None, take=heard, clear=False), clear(*after)], deaf) == {}


def test_a_clip_that_nobody_slated_may_have_been_a_take() -> None:
    assert ("3A", 3) in expected([clear("3A", 1), unclear(unslated=1)], 1)
    assert ("3A", 3) not in expected([clear("3A", 1), unclear()], 1)


def test_the_day_may_begin_unclear() -> None:
    day = [unclear(("40B", 1, -3.0), ("14B", 1, -3.2)), clear("14B", 2), clear("14B", 3)]
    assert placed(day, deaf)[0].name == ("14B", 1)
    assert placed(day, deaf)[0].between == "before 14B-2"


@pytest.mark.parametrize("day", [[], [clear("1A", 1)], [unclear()], [unclear(*EVEN)]])
def test_a_day_of_one_slate_has_no_order(day: list[Slated]) -> None:
    assert placed(day, deaf) == {}
    assert odd(day) == {}
