from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerprint.model.attempts import Heard, Said
from answerprint.model.time import Span
from answerprint.timeline.cut import duration_of, media_of, range_of, seconds, start_and_length
from answerprint.timeline.formats.otio import format as otio_format
from answerprint.timeline.rough import COLOUR, PREFIX, Choice, RoughCut, rough
from answerprint.timeline.strings import Strung, played
from answerprint.timeline.trim import Room, Trimmed, trim
from tests.timeline.attempting import ITEMS, Wanted, covered, day, strung, voice
from tests.timeline.shoots import RATES, clip, label
from tests.timeline.test_round_trip import content, there_and_back

R = Fraction(25)


def names(cut: RoughCut) -> list[str]:
    return [event.name for event in cut.reasons if event.track == "V1"]


def events_of(timeline: Any) -> list[Any]:
    """Every clip that is seen or heard on V1 or VO."""
    return [item for track in timeline.tracks if track.name in ("V1", "VO") for item in track if isinstance(item, otio.schema.Clip)]


# ---- the rule


def test_a_circled_take_stands_before_the_last_one() -> None:
    cut = rough(ITEMS[:1], day(R), rate=R)
    assert names(cut) == ["1A-2 A attempt 2"]
    assert cut.reasons[0].says.startswith("Mara Lind circled it.")


def test_a_persons_decision_stands_before_a_circle() -> None:
    one = day(R)[0]
    assert one.clip.digest is not None
    cut = rough(ITEMS[:1], day(R), rate=R, decisions={1: Choice(clip=one.clip.digest, attempt=1, by="Noor Haddad")})
    assert names(cut) == ["1A-1 A"]
    assert cut.reasons[0].says.startswith("Noor Haddad chose it.")


def test_a_decision_about_an_attempt_that_is_not_at_hand_is_a_slug_not_another_take() -> None:
    cut = rough(ITEMS[:1], day(R), rate=R, decisions={1: Choice(clip="blake3:ff", attempt=1, by="Noor Haddad")})
    assert names(cut) == ["chosen by Noor Haddad, not at hand"]


def test_the_last_attempt_that_reaches_the_end_stands_whatever_its_words() -> None:
    wrong = (Said(how="changed", script="forty", heard="fourteen", in_s=7.3, out_s=7.6),)
    attempts = [
        strung(clip(1, R), 0, 9, covered(1, 1, 3), take=1, scene="1"),
        strung(clip(2, R), 0, 9, replace(covered(1, 7, 8), words=wrong), take=2, scene="1"),
        strung(clip(3, R), 0, 9, covered(1, 1, 2, complete=False), take=3, scene="1"),
    ]  # fmt: skip
    cut = rough(ITEMS[:1], attempts, rate=R)
    assert names(cut) == ["1-2 A"]
    assert "It is the last of 3 attempts that reaches the end, whatever its words." in cut.reasons[0].says


def test_where_none_reaches_the_end_the_last_at_all_stands() -> None:
    attempts = [strung(clip(n, R), 0, 9, covered(1, 1, 2, complete=False), take=n, scene="1") for n in (1, 2)]
    cut = rough(ITEMS[:1], attempts, rate=R)
    assert names(cut) == ["1-2 A"]
    assert "None of 2 attempts reaches the end" in cut.reasons[0].says


def test_a_wild_line_without_a_picture_stands_in_only_where_there_is_nothing_else() -> None:
    seen, wild = strung(clip(1, R), 0, 9, covered(1, 1, 3), take=1, scene="1"), strung(voice(1), 0, 9, covered(1, 1, 3), kind="wild")
    assert names(rough(ITEMS[:1], [seen, wild], rate=R)) == ["1-1 A"]
    assert names(rough(ITEMS[:1], [wild], rate=R)) != ["1-1 A"]


def test_slugs_leave_what_nobody_decided() -> None:
    attempts = [replace(one, attempt=replace(one.attempt, circled=False)) for one in day(R)]
    cut = rough(ITEMS, attempts, rate=R, slugs=True)
    assert names(cut) == ["3 attempts, none chosen", "1 attempt, none chosen", "1 attempt, none chosen"]
    assert [event.name for event in cut.reasons if event.track == "VO"] == ["1 attempt, none chosen"] * 2
    assert all(isinstance(one.media_reference, otio.schema.GeneratorReference) for one in events_of(cut.timeline))
    assert names(rough(ITEMS[:1], day(R), rate=R, slugs=True)) == ["1A-2 A attempt 2"], "a circle is a person's"


def test_what_was_not_shot_is_said() -> None:
    items = [Wanted(number=1, flat="A line."), Wanted(number=2, kind="picture", stock="city at night", seconds=Fraction(2)), Wanted(number=3, kind="picture", card=True, flat="Larkfield")]
    cut = rough(items, [], rate=R)
    assert names(cut) == ["not covered: A line.", "STOCK: city at night", "CARD: Larkfield"]
    assert [event.frames for event in cut.reasons] == [round(20 / 17 * 25), 50, round(15 / 17 * 25)]


def test_of_several_cameras_on_one_take_the_first_is_shown() -> None:
    a, b = clip(1, R), clip(2, R)
    b = replace(b, media=replace(b.media, camera="B"))
    cut = rough(ITEMS[:1], [strung(one, 0, 9, covered(1, 1, 3), scene="1", take=2) for one in (a, b)], rate=R)
    assert names(cut) == ["1-2 A"]
    assert "2 cameras shot it; this is the first." in cut.reasons[0].says


def test_of_several_cameras_the_one_whose_clip_is_circled_is_shown() -> None:
    """"MK circled it" never stands on a picture that MK did not circle."""
    a, b = clip(1, R), clip(2, R)
    b = replace(b, media=replace(b.media, camera="B"))
    first, second = (strung(one, 0, 9, covered(1, 1, 3), scene="1", take=2) for one in (a, b))
    second = replace(second, attempt=replace(second.attempt, circled=True, circled_by="MK"))
    cut = rough(ITEMS[:1], [first, second], rate=R)
    assert names(cut) == ["1-2 B"]
    assert cut.reasons[0].says.startswith("MK circled it. 2 cameras shot it; this is the one that is circled.")


# ---- the cut


def test_handles_are_four_frames_and_eight() -> None:
    used = trim(Span(start_s=Fraction(2), end_s=Fraction(3)), Room(words=[], length_s=Fraction(9), grid=R, rate=R, within=Span(start_s=Fraction(0), end_s=Fraction(9)))).used
    assert (used.start_s, used.end_s) == (2 - 4 / R, 3 + 8 / R)


def spans(*them: tuple[str, str]) -> list[Span]:
    return [Span(start_s=Fraction(first), end_s=Fraction(last)) for first, last in them]


def between(sound: list[Span] | None) -> Trimmed:
    """A line from 2 to 3 s; before and after it a word that was heard to end early."""
    room = Room(words=spans(("1", "1.4"), ("2", "3"), ("4", "5")), length_s=Fraction(9), grid=R, rate=R, within=Span(start_s=Fraction(0), end_s=Fraction(9)), sound=sound)
    return trim(Span(start_s=Fraction(2), end_s=Fraction(3)), room)


def test_a_cut_between_words_stands_where_nothing_sounds() -> None:
    """ "70%" is heard to end at 1.4 s; "percent" sounds until 1.9."""
    used = between(spans(("1", "1.9"), ("2", "3"), ("3.2", "3.9"), ("4", "5"))).used
    assert Fraction("1.9") < used.start_s < 2
    assert Fraction("3") < used.end_s < Fraction("3.2") or Fraction("3.9") < used.end_s < 4


def test_where_it_never_falls_silent_the_neighbour_is_taken_along() -> None:
    assert between(spans(("0.5", "5.5"))).taken_along == 2
    assert between(None).taken_along == between([]).taken_along == 0


WORDS = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 900)), min_size=1, max_size=24)


@settings(max_examples=150, deadline=None)
@given(gaps=WORDS, part=st.tuples(st.integers(0, 23), st.integers(0, 23)), rate=st.sampled_from([rate for rate, _ in RATES]), loose=st.integers(-400, 400), data=st.data())
def test_a_rough_cut_never_cuts_inside_a_word(gaps: list[tuple[int, int]], part: tuple[int, int], rate: Fraction, loose: int, data: st.DataObject) -> None:
    """Any words, any item among them, any overlap of two speakers, any error of the item's own edges."""
    heard, cursor = [], 500
    for gap, length in gaps:
        cursor += gap
        heard.append(Heard(text="w", in_s=cursor / 1000, out_s=(cursor + length) / 1000, probability=1.0))
        cursor += data.draw(st.integers(length // 2, length))
    first, last = sorted(min(one, len(heard) - 1) for one in part)
    frames = int((max(word.out_s for word in heard) + 1) * rate) + 2
    shot = clip(1, rate, frames)
    begins, ends = heard[first].in_s + loose / 1000, max(word.out_s for word in heard[first : last + 1]) - loose / 1000
    one = strung(shot, heard[0].in_s, heard[-1].out_s, covered(1, begins, max(begins, ends)), scene="1", take=1)
    cut = rough(ITEMS[:1], [one], rate=rate, words={shot.digest or "": heard})
    (shown,) = played(cut.timeline)
    for word in heard:
        for edge in (shown.in_s, shown.out_s):
            assert not Fraction(str(word.in_s)) < edge < Fraction(str(word.out_s)), f"{edge} is inside {word}"
    assert shown.in_s <= max(Fraction(str(begins)), 0)
    assert (shown.in_s * rate).denominator == (shown.out_s * rate).denominator == 1


@settings(max_examples=60, deadline=None)
@given(
    words=st.lists(st.tuples(st.integers(0, 8000), st.integers(10, 700)), max_size=20),
    lines=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 7000), st.integers(50, 2500), st.booleans()), min_size=1, max_size=6),
    rates=st.tuples(st.sampled_from([rate for rate, _ in RATES]), st.sampled_from([rate for rate, _ in RATES])),
)
def test_no_audible_edit_of_a_whole_cut_is_inside_a_word(words: list[tuple[int, int]], lines: list[Any], rates: tuple[Fraction, Fraction]) -> None:
    """Lines, pictures and voice-over over three clips full of speech, also of another rate: every edit that is heard is outside every word."""
    rate, own = rates
    clips = [clip(n, own, int(10 * own)) for n in (1, 2)] + [voice(3, 10)]
    heard = [Heard(text="w", in_s=at / 1000, out_s=(at + length) / 1000, probability=1.0) for at, length in words]
    items, attempts = [], []
    for number, (which, at, length, picture) in enumerate(lines, 1):
        kind = "voice-over" if which == 2 else "picture" if picture else "line"
        items.append(Wanted(number=number, kind=kind, seconds=Fraction(1) if picture else None))
        attempts.append(strung(clips[which], 0.2, 9.8, covered(number, at / 1000, (at + length) / 1000, kind=kind), number=number))
    cut = rough(items, attempts, rate=rate, words={one.digest or "": heard for one in clips})
    for track in cut.timeline.tracks:
        cursor = Fraction(0)
        for item in track:
            cursor += duration_of(item)
            if track.kind != "Audio" or not isinstance(item, otio.schema.Clip) or not item.enabled:
                continue
            used, has = range_of(item), start_and_length(next(one.media for one in clips if one.digest == media_of(item).digest))
            for edge in (used.start_s, used.end_s):
                if has.start_s < edge and edge + 1 / rate < has.end_s:
                    assert not any(Fraction(str(word.in_s)) < edge - has.start_s < Fraction(str(word.out_s)) for word in heard)
    assert all((duration_of(item) * rate).denominator == 1 for item in cut.timeline.tracks[0])


def test_a_neighbour_without_a_gap_is_taken_along_and_said() -> None:
    shot = clip(1, R)
    heard = [Heard(text="so", in_s=1.91, out_s=2.0, probability=1.0), Heard(text="morning", in_s=2.01, out_s=3.0, probability=1.0)]
    cut = rough(ITEMS[:1], [strung(shot, 0, 9, covered(1, 2.01, 3.0))], rate=R, words={shot.digest or "": heard})
    assert played(cut.timeline)[0].in_s <= Fraction(191, 100) or played(cut.timeline)[0].in_s == 2
    tight = [replace(heard[0], out_s=2.008), heard[1]]
    cut = rough(ITEMS[:1], [strung(shot, 0, 9, covered(1, 2.01, 3.0))], rate=R, words={shot.digest or "": tight})
    assert "so a word of a neighbour is heard too" in cut.reasons[0].says


def test_one_attempt_that_goes_on_with_the_next_line_plays_through() -> None:
    one = strung(clip(1, R, 500), 0, 19, covered(1, 2.0, 4.0), covered(2, 4.2, 6.0), covered(3, 9.0, 11.0))
    items = [Wanted(number=n) for n in (1, 2, 3)]
    first, second, third = played(rough(items, [one], rate=R).timeline)
    assert first.out_s == second.in_s, "nothing is heard twice and no pause of the actor's is cut"
    assert second.out_s == third.in_s
    said = [Heard(text="again", in_s=7.0, out_s=7.4, probability=1.0)]
    first, second, third = played(rough(items, [one], rate=R, words={one.clip.digest or "": said}).timeline)
    assert second.out_s < 7 < Fraction(37, 5) <= third.in_s, "what is not in the script is not in the cut"


def test_pictures_last_the_scripted_seconds_and_what_is_short_is_a_slug() -> None:
    one = strung(clip(1, R, 250), 1.0, 3.0, covered(1, 1.5, 3.0, kind="picture"), scene="3", take=1)
    long, short = (rough([Wanted(number=1, kind="picture", seconds=Fraction(length))], [one], rate=R) for length in (1, 2))
    assert [(row.in_s, row.out_s) for row in played(long.timeline)] == [(Fraction(37, 25), Fraction(62, 25))]
    assert [event.frames for event in short.reasons] == [38, 12]
    assert short.reasons[1].name == "3-1 A: 12 frames short"


def test_a_board_without_a_word_is_as_long_as_the_board_says() -> None:
    items = [Wanted(number=n, kind="board", seconds=Fraction(n, 2)) for n in range(1, 13)]
    attempts = [strung(clip(n, R, 500), 0.5, 19.5, covered(n, 0.5, 19.5, kind="board"), slate=str(n), take=1) for n in range(1, 13)]
    cut = rough(items, attempts, rate=R)
    assert sum(event.frames for event in cut.reasons) == sum(round(Fraction(n, 2) * R + Fraction(1, 4)) for n in range(1, 13))
    assert all("as long as the scripted seconds" in event.says for event in cut.reasons)


def test_pictures_are_cut_to_a_guide_where_the_board_gives_no_seconds() -> None:
    items = [Wanted(number=1, kind="board"), Wanted(number=2, kind="voice-over"), Wanted(number=3, kind="board"), Wanted(number=4, kind="board"), Wanted(number=5, kind="voice-over")]
    guide = strung(voice(1), 0, 20, covered(2, 1.0, 3.0, kind="voice-over"), covered(5, 5.0, 9.0, kind="voice-over"))
    shots = [strung(clip(n, R, 500), 0, 19, covered(n, 1, 18, kind="board"), slate=str(n), take=1) for n in (1, 3, 4)]
    cut = rough(items, [*shots, guide], rate=R, guide=guide)
    assert [(event.item, event.frames) for event in cut.reasons if event.track == "V1"] == [(1, 100), (3, 50), (4, 50)]
    assert [(event.item, event.start) for event in cut.reasons if event.track == "VO"] == [(2, 0), (5, 150)]


def test_two_voices_are_never_heard_at_once() -> None:
    items = [Wanted(number=1, kind="picture", seconds=Fraction(1)), Wanted(number=2, kind="voice-over"), Wanted(number=3)]
    attempts = [strung(clip(1, R), 0, 9, covered(1, 1, 8, kind="picture")), strung(voice(2), 0, 9, covered(2, 1, 6, kind="voice-over")), strung(clip(3, R), 0, 9, covered(3, 1, 3))]
    cut = rough(items, attempts, rate=R)
    over = next(event for event in cut.reasons if event.track == "VO")
    line = cut.reasons[-1]
    assert over.start + over.frames <= line.start
    assert "voice-over runs on" in names(cut)


def test_a_picture_under_which_somebody_speaks_is_silent() -> None:
    shot = clip(1, R)
    one = strung(shot, 0, 9, covered(1, 1, 8, kind="picture"))
    item = Wanted(number=1, kind="picture", seconds=Fraction(2))
    crew = Heard(text="slower", in_s=2.9, out_s=3.4, probability=1.0)
    loud, quiet = (rough([item], [one], rate=R, words=words) for words in ({}, {shot.digest or "": [crew]}))
    assert [loud.timeline.tracks[1][0].enabled, quiet.timeline.tracks[1][0].enabled] == [True, False]
    assert "Somebody speaks under it" in quiet.reasons[0].says


# ---- reasons and formats


def test_every_event_has_a_reason_and_says_that_it_is_a_placeholder() -> None:
    cut = rough(ITEMS, day(R), rate=R)
    shown = events_of(cut.timeline)
    assert len(shown) == len([event for event in cut.reasons if event.frames])
    for item in shown:
        assert [marker.color for marker in item.markers] == [COLOUR]
        assert item.markers[0].name.startswith(PREFIX)
        assert item.markers[0].comment.endswith("A placeholder by rule, not a recommendation.")
    assert {event.item for event in cut.reasons} == {item.number for item in ITEMS}
    assert all(event.says for event in cut.reasons)


def test_events_follow_each_other_frame_for_frame() -> None:
    cut = rough(ITEMS, day(R), rate=R)
    at = 0
    for event in (event for event in cut.reasons if event.track == "V1"):
        assert event.start == at
        at += event.frames
    assert at == sum((duration_of(item) for item in cut.timeline.tracks[0]), Fraction(0)) * R or "VO" in [track.name for track in cut.timeline.tracks]
    assert len({sum((duration_of(item) for item in track), Fraction(0)) for track in cut.timeline.tracks}) == 1


@pytest.mark.parametrize(("rate", "drop"), RATES, ids=str)
def test_a_rough_cut_comes_back_from_the_formats_with_identical_ranges(rate: Fraction, drop: bool) -> None:
    items = [*ITEMS, Wanted(number=6, kind="picture", stock="rain"), Wanted(number=7)]
    cut = rough(items, day(rate), rate=rate, start=label("00:59:53:00", drop))
    back, _ = there_and_back(cut.timeline)
    assert content(back) == content(cut.timeline)
    (again,), _ = otio_format.read(otio_format.write(cut.timeline, {})[0], {})
    assert content(again) == content(cut.timeline)
    assert [marker.name for marker in back.tracks[0][0].markers] == [marker.name for marker in cut.timeline.tracks[0][0].markers]


def test_the_same_input_gives_the_same_bytes() -> None:
    first, second = (rough(ITEMS, day(R), rate=R) for _ in range(2))
    assert otio_format.write(first.timeline, {})[0] == otio_format.write(second.timeline, {})[0]
    assert first.reasons == second.reasons


def test_an_empty_script_is_an_empty_cut() -> None:
    cut = rough([], day(R), rate=R)
    assert cut.reasons == ()
    assert seconds(cut.timeline.global_start_time) == 3600
    assert isinstance(day(R)[0], Strung)
