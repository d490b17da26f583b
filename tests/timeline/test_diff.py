from __future__ import annotations

from fractions import Fraction
from typing import Any

import opentimelineio as otio
from hypothesis import given, settings
from hypothesis import strategies as st

from answerprint.model.records import to_plain
from answerprint.timeline.cut import set_speed, span
from answerprint.timeline.diff import diff
from tests.timeline.test_round_trip import one_clip, timeline_of

R = Fraction(24)


def cut(*shots: tuple[str, int, int], gaps: dict[int, int] | None = None) -> Any:
    items: list[Any] = []
    for number, (name, first, length) in enumerate(shots):
        if gaps and number in gaps:
            items.append(otio.schema.Gap(source_range=span(Fraction(0), gaps[number] / R, R)))
        items.append(one_clip(R, first, length, name=f"{name}.mov"))
    return timeline_of(R, items)


def says(a: Any, b: Any) -> list[str]:
    return [change.says for change in diff(a, b)]


BASE = [("C001", 0, 48), ("C002", 100, 48), ("C003", 200, 48), ("C004", 300, 48)]


def test_one_shot_put_in_at_the_head_is_one_addition() -> None:
    assert says(cut(*BASE), cut(("C009", 7, 30), *BASE)) == ["C009 added"]


def test_one_shot_taken_out_of_the_middle_is_one_removal() -> None:
    assert says(cut(*BASE), cut(BASE[0], *BASE[2:])) == ["C002 removed"]


def test_trims_are_said_by_frames() -> None:
    changed = [("C001", 0, 42), ("C002", 106, 42), ("C003", 194, 60), BASE[3]]
    assert says(cut(*BASE), cut(*changed)) == [
        "C001: tail trimmed by 6 frames", "C002: head trimmed by 6 frames", "C003: head extended by 6 frames", "C003: tail extended by 6 frames",
    ]  # fmt: skip


def test_a_slip_is_a_slip() -> None:
    assert says(cut(*BASE), cut(BASE[0], ("C002", 103, 48), *BASE[2:])) == ["C002 slipped 3 frames later in the take"]
    assert says(cut(*BASE), cut(BASE[0], ("C002", 0, 48), *BASE[2:])) == ["C002 slipped 100 frames earlier in the take"]


def test_a_moved_shot_is_one_move() -> None:
    assert says(cut(*BASE), cut(BASE[3], *BASE[:3])) == ["C004 moved from 00:00:06:00 to 00:00:00:00"]


def test_a_speed_change_says_both_speeds() -> None:
    slow = cut(*BASE)
    set_speed(slow.tracks[0][1], Fraction(1, 2))
    assert says(cut(*BASE), slow) == ["C002: speed changed from 100 % to 50 %"]


def test_a_dissolve_and_a_gap_are_said_where_they_are() -> None:
    other = cut(*BASE, gaps={3: 12})
    half = otio.opentime.RationalTime(12, 24)
    other.tracks[0].insert(1, otio.schema.Transition(name="d", transition_type="SMPTE_Dissolve", in_offset=half, out_offset=half))
    assert says(cut(*BASE), other) == ["a dissolve of 24 frames added at the head of C002", "a gap of 12 frames added in front of C004"]
    assert says(other, cut(*BASE)) == ["the dissolve of 24 frames at the head of C002 is now a cut", "the gap of 12 frames in front of C004 closed"]


def with_sound(picture: list[tuple[str, int, int]], sound: list[tuple[int, str, int, int]]) -> Any:
    """Picture from the head; sound as (place, name, first, length)."""
    laid, cursor = [], 0
    for place, name, first, length in sound:
        if place > cursor:
            laid.append(otio.schema.Gap(source_range=span(Fraction(0), (place - cursor) / R, R)))
        laid.append(one_clip(R, first, length, name=f"{name}.wav"))
        cursor = place + length
    return timeline_of(R, [one_clip(R, first, length, name=f"{name}.mov") for name, first, length in picture], laid, kinds="VA")


def test_sound_that_stayed_under_its_picture_has_not_moved() -> None:
    a = with_sound(BASE, [(48, "T1", 0, 48), (144, "T2", 0, 48)])
    b = with_sound([("C009", 0, 30), *BASE], [(78, "T1", 0, 48), (174, "T2", 0, 48)])
    assert says(a, b) == ["C009 added"]


def test_sound_that_slid_against_its_picture_says_so() -> None:
    a, b = (with_sound(BASE, [(place, "T1", 0, 48)]) for place in (48, 50))
    assert says(a, b) == ["T1 slid 2 frames later against the picture on A1"]


def test_sound_that_changed_tracks_says_both() -> None:
    one = [one_clip(R, 0, 48)]
    assert says(timeline_of(R, one, [one_clip(R, 0, 48, name="T1.wav")], [], kinds="VAA"), timeline_of(R, [one_clip(R, 0, 48)], [], [one_clip(R, 0, 48, name="T1.wav")], kinds="VAA")) == [
        "T1 moved from A1 to A2"
    ]


def test_a_shot_and_its_own_sound_are_one_change() -> None:
    def both(length: int) -> Any:
        return timeline_of(R, [one_clip(R, 0, length)], [one_clip(R, 0, length)], kinds="VA")

    (change,) = diff(both(48), both(42))
    assert (change.says, change.tracks, change.frames) == ("A001_C001: tail trimmed by 6 frames", ("V1", "A1"), -6)
    assert to_plain(change)["kind"] == "tail"


def test_the_same_name_in_another_folder_is_the_same_media_where_no_digest_is_known() -> None:
    a, b = cut(*BASE), cut(*BASE)
    for clip in b.find_clips():
        clip.media_reference = otio.schema.ExternalReference(target_url=f"file:///elsewhere/{clip.name}", available_range=clip.media_reference.available_range)
    assert diff(a, b) == ()


SHOTS = st.lists(st.tuples(st.sampled_from(["C1", "C2", "C3", "C4"]), st.integers(0, 500), st.integers(1, 90)), min_size=1, max_size=10)


@settings(max_examples=40, deadline=None)
@given(SHOTS)
def test_a_cut_does_not_differ_from_itself(shots: list[tuple[str, int, int]]) -> None:
    assert diff(cut(*shots), cut(*shots)) == ()


@settings(max_examples=40, deadline=None)
@given(SHOTS, st.data())
def test_one_new_shot_anywhere_is_one_addition(shots: list[tuple[str, int, int]], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(shots)))
    assert says(cut(*shots), cut(*shots[:place], ("NEW", 0, 10), *shots[place:])) == ["NEW added"]


@settings(max_examples=40, deadline=None)
@given(SHOTS, SHOTS)
def test_two_cuts_that_differ_say_something(a: list[tuple[str, int, int]], b: list[tuple[str, int, int]]) -> None:
    assert bool(diff(cut(*a), cut(*b))) == (a != b)
