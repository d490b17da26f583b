from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from typing import Any

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerprint.model.attempts import Reading, Said
from answerprint.timeline.cut import ClipInfo, duration_of, info, range_of, seconds, start_and_length
from answerprint.timeline.dailies import dailies
from answerprint.timeline.formats.otio import format as otio_format
from answerprint.timeline.strings import Strung, lasts, played, slate_name, string, strings, with_attempts
from tests.timeline.attempting import ITEMS, covered, day, strung, voice
from tests.timeline.shoots import RATES, clip, label, sound
from tests.timeline.test_round_trip import content, there_and_back

R = Fraction(25)


def shown(timeline: Any) -> list[tuple[str, Fraction, Fraction]]:
    return [(one.name, one.in_s, one.out_s) for one in played(timeline)]


def test_every_attempt_stands_whole_in_the_order_given() -> None:
    made = string("all", day(R), rate=R)
    assert [name for name, _, _ in shown(made)] == ["1A-1 A", "1A-2 A attempt 2", "1A-3 A", "1A-4 A false start attempt 2", "47-1 A", "VO1 attempt 1", "VO2 attempt 1"]
    for one, (_, first, last) in zip(day(R), shown(made), strict=True):
        assert first <= Fraction(str(one.attempt.in_s)) < first + 1 / R
        assert last - 1 / R < Fraction(str(one.attempt.out_s)) <= last


def test_tracks_are_equally_long_and_frames_sum_exactly() -> None:
    made = string("all", day(R), rate=R)
    assert {sum((duration_of(item) for item in track), Fraction(0)) for track in made.tracks} == {sum((lasts(one, R).duration_s for one in day(R)), Fraction(0))}
    assert all((duration_of(item) * R).denominator == 1 for item in made.tracks[0])


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), rate=st.sampled_from([rate for rate, _ in RATES]))
def test_a_string_chooses_nothing(seed: int, rate: Fraction) -> None:
    """Whatever is known of how an attempt went - circles, completeness, words, comments, readings - every attempt stands where it stood, as long as it was."""
    rng = random.Random(seed)
    before = day(rate)
    after = [
        replace(
            one,
            attempt=replace(
                one.attempt, circled=rng.random() < 0.5, circled_by="Ana", comment=rng.choice([None, "good", "no good"]), comment_by="Ana",
                readings=(Reading(what="comment", value="best", source="notes", measure=f"{rng.random():.2f}"),), conflicts=("they disagree.",),
            ),
            covered=tuple(replace(had, complete=rng.random() < 0.5, words=(Said(how="missed", script="x", heard=None),) * rng.randrange(4)) for had in one.covered),
        )
        for one in before
    ]  # fmt: skip
    kinds = ("item", "voice-over", "wild sounds", "not in the script")
    first, second = ([(made.what, made.item, shown(made.timeline)) for made in strings(ITEMS, part, rate=rate) if made.what in kinds] for part in (before, after))
    assert first == second


def test_each_attempt_is_in_a_string_and_an_items_string_holds_every_attempt_at_it() -> None:
    made = strings(ITEMS, day(R), rate=R)
    assert [(one.what, one.item, len(one.attempts)) for one in made] == [
        ("item", 1, 3), ("item", 2, 1), ("item", 3, 1), ("item", 4, 1), ("item", 5, 1), ("circled takes", None, 1), ("voice-over", None, 1),
        ("wild sounds", None, 1), ("not in the script", None, 1),
    ]  # fmt: skip
    everything = [one for part in made for one in part.attempts]
    assert all(any(one == other for other in everything) for one in day(R))


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(7)))
def test_strings_keep_the_order_of_shooting_whatever_it_is(order: list[int]) -> None:
    attempts = [day(R)[place] for place in order]
    for made in strings(ITEMS, attempts, rate=R):
        places = [attempts.index(one) for one in made.attempts]
        assert places == sorted(places)


def test_a_circle_shows_whose_it_is() -> None:
    made = next(one for one in strings(ITEMS, day(R), rate=R) if one.what == "circled takes").timeline
    says = info(made.tracks[0][0], ClipInfo)
    assert says is not None
    assert [word.text for word in says.keywords] == ["scene 1A", "take 2", "attempt 2", "circled by Mara Lind", "item 1"]
    read = replace(day(R)[1], attempt=replace(day(R)[1].attempt, circled_by=None, readings=(Reading(what="circled", value="yes", source="iXML"),)))
    again = string("x", [read], rate=R)
    says = info(again.tracks[0][0], ClipInfo)
    assert says is not None
    assert "circled (iXML)" in [word.text for word in says.keywords]


def test_a_marker_stands_at_the_first_frame_of_each_item() -> None:
    made = string("x", [day(R)[2]], rate=R)
    item = made.tracks[0][0]
    start = start_and_length(day(R)[2].clip.media).start_s
    assert [(marker.name, seconds(marker.marked_range.start_time) - start) for marker in item.markers] == [("item 1", Fraction(75, 25)), ("item 2", Fraction(147, 25))]


def test_recorder_sound_lies_under_an_attempt_as_it_does_in_the_dailies() -> None:
    """At every instant the sound file shows what it shows in the dailies; where its clock drifts, it is put right at the attempt's head."""
    for drift in (Fraction(0), Fraction(40)):
        shot = clip(1, R, 500, sounds=(sound(Fraction(35605, 10000), drift=drift),))
        full = dailies([shot], title="t", rate=R)
        whole = range_of(full.tracks[2][0]).start_s
        for first in (0.0, 1.234, 7.77):
            one = strung(shot, first, 12.5)
            made = string("x", [one], rate=R)
            laid = next(item for item in made.tracks[2] if isinstance(item, otio.schema.Clip))
            into = lasts(one, R).start_s
            assert abs(range_of(laid).start_s - whole - into * (1 + drift / 1_000_000)) <= Fraction(1, 48000)


def test_a_sound_without_picture_lies_under_an_empty_v1() -> None:
    made = string("voice-over", [day(R)[5]], rate=R)
    assert [type(item).__name__ for item in made.tracks[0]] == ["Gap"]
    assert info(made.tracks[1][0], ClipInfo).roles == ("dialogue.VO",)  # type: ignore[union-attr]
    assert [one.picture for one in played(made)] == [False]


@pytest.mark.parametrize(("rate", "drop"), RATES, ids=str)
def test_strings_come_back_from_the_formats_with_identical_ranges(rate: Fraction, drop: bool) -> None:
    for made in strings(ITEMS, day(rate), rate=rate, start=label("01:00:00:00", drop)):
        back, losses = there_and_back(made.timeline)
        assert content(back) == content(made.timeline)
        assert [loss for loss in losses if "drift" not in loss] == []
        (again,), _ = otio_format.read(otio_format.write(made.timeline, {})[0], {})
        assert content(again) == content(made.timeline)


def test_a_clip_of_another_rate_still_lasts_whole_frames_of_the_timeline() -> None:
    made = string("x", [strung(clip(1, Fraction(50), 501), 0.11, 9.99), strung(clip(2, Fraction(24000, 1001), 240), 1.0, 10.01)], rate=R)
    assert all((duration_of(item) * R).denominator == 1 for item in made.tracks[0])
    assert seconds(made.tracks[0][0].source_range.start_time) % Fraction(1, 50) == 0


def test_the_same_input_gives_the_same_bytes() -> None:
    first, second = ([otio_format.write(made.timeline, {})[0] for made in strings(ITEMS, day(R), rate=R)] for _ in range(2))
    assert first == second


def test_an_attempt_that_says_it_is_longer_than_its_clip_ends_with_it() -> None:
    one = strung(clip(1, R, 100), -0.3, 99.0)
    assert (lasts(one, R).start_s, lasts(one, R).end_s) == (0, 4)


@pytest.mark.parametrize(("more", "name"), [
    ({"scene": "1A", "take": 3}, "1A-3 A attempt 4"), ({"slate": "47", "take": 2, "kind": "pickup"}, "47-2 A pickup attempt 4"), ({"scene": "2", "take": 1, "series": True}, "2-1 A series 4"),
    ({}, "A001_C001 attempt 4"), ({"scene": "9"}, "9 A attempt 4"),
])  # fmt: skip
def test_an_attempt_is_called_as_the_crew_called_it(more: dict[str, Any], name: str) -> None:
    assert slate_name(strung(clip(1, R), 0, 1, number=4, **more)) == name


def test_dailies_carry_the_attempts_as_keywords_on_their_stretches() -> None:
    attempts = [one for one in day(R) if one.clip.file == day(R)[0].clip.file]
    made = dailies([with_attempts(attempts[0].clip, attempts, R)], title="day", rate=R)
    says = info(made.tracks[0][0], ClipInfo)
    assert says is not None
    assert (says.scene, says.take) == ("1A", None), "one scene, two takes: the clip has the scene only"
    circled = next(word for word in says.keywords if word.text == "circled by Mara Lind")
    start = start_and_length(attempts[0].clip.media).start_s
    assert (circled.start_s, circled.duration_s) == (start + Fraction(162, 25), Fraction(136, 25))
    back, _ = there_and_back(made)
    assert info(back.tracks[0][0], ClipInfo) == says


def test_no_attempts_make_no_strings() -> None:
    assert strings(ITEMS, [], rate=R) == ()
    assert played(string("empty", [], rate=R)) == ()


def test_a_voice_over_in_two_halves_is_one_attempt() -> None:
    one = strung(voice(1), 0, 10, covered(4, 1, 2, complete=False, kind="voice-over"), covered(4, 3, 5, kind="voice-over"))
    assert isinstance(one, Strung)
    assert one.of(4) == one.covered[1]
    assert one.of(9) is None
