"""The machine's share of a cut is what stands in the assembly's order, counted by media and source range, picture and sound apart."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import opentimelineio as otio
import pytest

from answerprint.timeline.cut import span
from answerprint.timeline.share import share
from tests.timeline.histories import RATE, Event, assembly, clip, lived, points, timeline, truth


@pytest.mark.parametrize("seed", range(50))
def test_after_any_life_of_a_cut_the_share_is_what_a_count_of_every_frame_says(seed: int) -> None:
    rng = random.Random(seed)
    first = assembly(rng)
    cut = lived(rng, first, rng.randrange(1, 9))
    found = share(timeline(cut), timeline(first)).picture
    assert found.running_time == truth(cut, first)
    assert found.cut_points == points(cut, first)


def test_the_assembly_itself_is_the_machines_and_a_cut_of_other_takes_is_not() -> None:
    first = assembly(random.Random(1))
    same = share(timeline(first, first), timeline(first, first))
    assert (same.picture.running_time, same.picture.cut_points, same.picture.chosen, same.sound.running_time) == (1, 1, 1, 1)
    rebuilt = [replace(one, name=f"B{n}") for n, one in enumerate(first)]
    other = share(timeline(rebuilt, rebuilt), timeline(first, first))
    assert (other.picture.running_time, other.picture.cut_points, other.picture.chosen, other.sound.running_time) == (0, 0, 0, 0)


def test_a_ripple_changes_nothing_behind_it() -> None:
    first = [Event(name=f"A{n}", start=50, length=20) for n in range(5)]
    cut = [replace(first[0], length=10), *first[1:]]
    found = share(timeline(cut), timeline(first)).picture
    assert found.running_time == 1
    assert [one.machine for one in found.points] == [False, True, True, True]
    assert found.points[1].timecode == "01:00:01:05"


def test_a_j_cut_leaves_the_pictures_and_changes_the_sounds_cut_point() -> None:
    first = [Event(name=f"A{n}", start=50, length=20) for n in range(3)]
    heard = [replace(first[0], length=16), replace(first[1], start=46, length=24), first[2]]
    found = share(timeline(first, heard), timeline(first, first))
    assert found.picture.cut_points == 1
    assert found.sound.cut_points == Fraction(1, 2)


def test_a_shot_carried_elsewhere_was_moved_by_somebody_and_keeps_its_take() -> None:
    first = [Event(name=f"A{n}", start=50, length=20) for n in range(4)]
    found = share(timeline([first[3], *first[:3]]), timeline(first)).picture
    assert found.running_time == Fraction(3, 4)
    assert found.chosen == 1


def test_a_slip_past_its_own_length_is_another_stretch_and_no_take_of_the_machines() -> None:
    first = [Event(name=f"A{n}", start=50, length=20) for n in range(2)]
    found = share(timeline([first[0], replace(first[1], start=90)]), timeline(first)).picture
    assert found.running_time == Fraction(1, 2)
    assert found.chosen == Fraction(1, 2)


def test_a_shot_laid_over_another_hides_it_and_lettering_hides_nothing() -> None:
    first = [Event(name=f"A{n}", start=50, length=20) for n in range(2)]
    cut = timeline(first)
    over = otio.schema.Track("V2", kind="Video", children=[otio.schema.Gap(source_range=span(Fraction(0), 30 / RATE, RATE)), clip(Event(name="B1", start=0, length=10))])
    cut.tracks.insert(1, over)
    words = otio.schema.Clip(name="super", source_range=span(Fraction(0), 40 / RATE, RATE), media_reference=otio.schema.GeneratorReference(generator_kind="Text", parameters={"text": "Pour"}))
    cut.tracks.insert(2, otio.schema.Track("V3", kind="Video", children=[words]))
    found = share(cut, timeline(first)).picture
    assert found.running_time == Fraction(3, 4)
    assert [(one.start, one.end, one.machine) for one in found.stretches] == [(0, 20, True), (20, 30, True), (30, 40, False)]


def test_where_there_is_nothing_to_count_nothing_is_said() -> None:
    one = timeline([Event(name="A", start=50, length=20)])
    found = share(one, one)
    assert found.picture.cut_points is None
    assert found.sound.running_time is None
