"""The editor lays out other cuts of the same length with every word in its place, far from this one and from each other, and says what each gives up."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import opentimelineio as otio
import pytest

from answerprint.critics.cutting import LEAST_S, Cutting, apart
from answerprint.critics.editor import run
from answerprint.model.ideas import Idea
from answerprint.timeline.cut import attach
from answerprint.timeline.edit import edit_of, sound_seal
from answerprint.timeline.levels import Level, level_of
from tests.critics.composed import Film


def rich() -> Film:
    """Five pictures, each shot three times; the second is a line with a breath before it, and somebody else's camera on who listens."""
    film = Film(items={1: 1, 2: 2, 3: 3, 4: 4, 5: 5})
    for item in (1, 3, 4, 5):
        for attempt in (1, 2, 3):
            film.tried(f"A001_C{item:03d}#{attempt}", item)
    film.tried("A001_C002#1", 2, spoken=True).tried("B001_C002#1", 2, spoken=True, off=True)
    film.set("words", ["Good", "2.200", "morning", "3.800"], first=2).set("breath at s", 1.6, first=2).set("runs on s", 1.4, None, 1.4).set("face height", 0.4, None, 0.4)
    return film


def timeline(idea: Idea) -> Any:
    assert idea.offer is not None
    return otio.schema.Timeline.from_json_string(idea.offer.text)


def said(film: Film) -> dict[str, Idea]:
    return {idea.offer.name.removeprefix("master "): idea for idea in run(film.case) if idea.offer is not None}


def test_the_alternatives_differ_from_the_cut_and_from_each_other_and_keep_its_length_and_its_words() -> None:
    film = rich()
    ideas = list(run(film.case))
    here = otio.schema.Timeline.from_json_string(film.case.timeline)
    cuts = [timeline(one) for one in ideas]
    assert 3 <= len(ideas) <= 4
    assert all(edit_of(one).length_s == edit_of(here).length_s for one in cuts)
    assert all(apart(one, other) > 0 for one, other in itertools.combinations([here, *cuts], 2))
    assert all(one.gives_up and one.away for one in ideas)
    assert [one.on for one in ideas] == sorted(one.on for one in ideas)  # the order of the film, no other


def test_only_a_breath_moves_the_sound() -> None:
    film = rich()
    before = sound_seal(otio.schema.Timeline.from_json_string(film.case.timeline))
    assert {name for name, idea in said(film).items() if sound_seal(timeline(idea)) != before} <= {"on the breath"}


@pytest.mark.parametrize(("runs_on", "face", "last_word", "speaks"), [(1.4, 0.4, None, True), (0.3, 0.4, None, False), (1.4, None, None, False), (1.4, 0.1, None, False), (1.4, 0.4, "3.800", True), (1.4, 0.4, "3.200", False)])
def test_a_face_is_held_where_its_attempt_goes_on_and_the_shot_leaves_on_the_word(runs_on: float, face: float | None, last_word: str | None, speaks: bool) -> None:
    words = ["Good", "2.200", "morning", last_word] if last_word else None
    found = said(Film().set("runs on s", runs_on, first=2).set("face height", face, first=2).set("words", words, first=2))
    assert ("held" in found) is speaks
    if speaks:
        lengths = [one.length_s for one in edit_of(timeline(found["held"])).picture]
        assert lengths == [2, 2 + Fraction(35, 25), 2 - Fraction(35, 25), 2, 2]
        assert min(lengths) >= LEAST_S


def test_the_last_shot_is_not_held_into_nothing() -> None:
    assert "held" not in said(Film().set("runs on s", 3.0, first=5).set("face height", 0.4, first=5))


@pytest.mark.parametrize(("facts", "speaks"), [({"breath at s": 1.6}, True), ({}, False), ({"breath at s": 1.99}, False)])
def test_a_line_comes_in_on_its_breath_where_one_is_heard(facts: dict[str, float], speaks: bool) -> None:
    film = Film().set("words", ["Good", "2.200", "morning", "3.800"], first=2)
    for name, value in facts.items():
        film.set(name, value, first=2)
    found = said(film)
    assert ("on the breath" in found) is speaks
    if speaks:
        edit = edit_of(timeline(found["on the breath"]))
        assert [one.source_s for one in edit.picture][1] == Fraction(8, 5)
        assert [one.source_s for one in edit.sound][1] == Fraction(8, 5)


def test_a_breath_does_not_eat_the_last_word_before_it() -> None:
    film = Film().set("words", ["So", "2.100", "there", "3.950"], ["Good", "2.200", "morning", "3.800"]).set("breath at s", 1.6, first=2)
    assert "on the breath" not in said(film)


@pytest.mark.parametrize(("off", "speaks"), [(True, True), (False, False)])
def test_who_listens_is_shown_where_a_camera_has_them(off: bool, speaks: bool) -> None:
    film = Film(items={2: 2}).set("words", ["Good", "2.200", "morning", "3.800"], first=2).tried("A001_C002#1", 2, spoken=True).tried("B001_C002#1", 2, spoken=True, off=off)
    found = said(film)
    assert ("listening" in found) is speaks
    if speaks:
        assert [one.media.name for one in edit_of(timeline(found["listening"])).picture if one.media][1] == "B001_C002.mp4"


def test_pictures_in_the_scripts_order_are_turned_round_and_others_are_left() -> None:
    film = Film(items={1: 1, 2: 2, 3: 3, 4: 4, 5: 5})
    for item in range(1, 6):
        film.tried(f"A001_C{item:03d}#1", item)
    found = said(film)["turned round"]
    assert [one.media.name[-5] for one in edit_of(timeline(found)).picture if one.media] == ["5", "4", "3", "2", "1"]
    film.items = {1: 5, 2: 2, 3: 4, 4: 1, 5: 3}
    film.tries.clear()
    for shot, item in film.items.items():
        film.tried(f"A001_C{shot:03d}#1", item)
    assert "turned round" not in said(film)


def test_a_picture_shot_once_has_no_other_attempt() -> None:
    film = Film(items={1: 1}).tried("A001_C001#1", 1)
    assert "other attempts" not in said(film)
    assert "other attempts" in said(film.tried("A001_C001#2", 1))


def test_a_picture_is_not_handed_the_attempt_that_its_neighbour_shows() -> None:
    film = Film(items={1: 1, 2: 1}).tried("A001_C001#1", 1).tried("A001_C002#1", 1)
    assert "other attempts" not in said(film)
    (given,) = {clip.name for clip in timeline(said(film.tried("A001_C003#2", 1))["other attempts"]).tracks[0][:2]}
    assert given == "1-2 A"


@pytest.mark.parametrize(("in_s", "speaks"), [("9.000", True), ("2.500", False)])
def test_an_accident_is_given_the_place_of_its_item_unless_the_film_shows_it(in_s: str, speaks: bool) -> None:
    film = Film(items={1: 1}).tried("A001_C001#1", 1)
    film.facts["accident:1"] = {"item": 1, "attempt": "A001_C001#1", "kind": "wind seen", "in_s": in_s, "out_s": str(float(in_s) + 1), "evidence": "the curtain moves", "against": "2 others"}
    found = said(film)
    assert ("accidents" in found) is speaks
    if speaks:
        (first, *_) = edit_of(timeline(found["accidents"])).picture
        assert first.source_s <= Fraction(19, 2) <= first.source_s + first.length_s


def test_a_cut_with_dissolves_is_left_as_it_is() -> None:
    film = rich()
    case = film.case
    cut = otio.schema.Timeline.from_json_string(case.timeline)
    cut.tracks[0].insert(1, otio.schema.Transition(in_offset=otio.opentime.RationalTime(5, 25), out_offset=otio.opentime.RationalTime(5, 25)))
    from dataclasses import replace

    assert not list(run(replace(case, timeline=cut.to_json_string())))


def test_a_level_stays_on_the_moment_it_was_drawn_on_when_a_cut_point_moves() -> None:
    cutting = Cutting((case := Film().case), "moved")
    heard = cutting.timeline.tracks[1][1]
    attach(heard, Level(keys=((Fraction(1), -6.0),)))
    cutting.roll(case.shots[0], case.shots[1], -5, sound=True)
    level = level_of(heard)
    assert level is not None
    assert level.keys == ((Fraction(1) + Fraction(5, 25), -6.0),)
