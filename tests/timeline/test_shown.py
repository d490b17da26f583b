"""What is on the screen at each frame: the upper layer, without a hole, and no frame more than the cut has."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from answerprint.timeline.edit import Edit, Use
from answerprint.timeline.shown import flat, over

RATE = Fraction(24000, 1001)


def use(layer: int, start: int, length: int, name: str = "a", *, source: int = 0, speed: int = 1, lettering: bool = False) -> Use:
    return Use(kind="picture", layer=layer, start_s=start / RATE, length_s=length / RATE, medium=name, source_s=source / RATE, speed=Fraction(speed), lettering=lettering)


def edit(*uses: Use) -> Edit:
    return Edit(picture=uses, sound=(), joints=())


def test_an_upper_layer_hides_the_lower_one_which_goes_on_after_it_where_it_would_be():
    found = flat(edit(use(0, 0, 30, source=100), use(1, 10, 5, "b")), RATE)
    assert [(one.start, one.end, one.use.medium) for one in found] == [(0, 10, "a"), (10, 15, "b"), (15, 30, "a")]
    assert found[2].source(RATE).start_s == 115 / RATE


def test_words_over_a_picture_are_counted_and_not_drawn_and_a_card_is():
    whole = edit(use(0, 0, 10), use(1, 0, 10, "super", lettering=True), use(0, 10, 10, "end card", lettering=True))
    assert [one.use.medium for one in flat(whole, RATE)] == ["a", "end card"]
    assert over(whole) == 1


def test_an_empty_stretch_is_said_and_an_empty_cut_has_nothing():
    assert [(one.start, one.end, one.use is None) for one in flat(edit(use(0, 5, 5)), RATE)] == [(0, 5, True), (5, 10, False)]
    assert flat(edit(), RATE) == ()


def test_a_faster_shot_uses_more_of_its_clip():
    (one,) = flat(edit(use(0, 0, 12, source=10, speed=2)), RATE)
    assert (one.source(RATE).start_s, one.source(RATE).end_s) == (10 / RATE, 34 / RATE)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 40), st.integers(1, 20)), max_size=8))
def test_every_frame_is_shown_once_in_order(rows):
    whole = edit(*(use(layer, start, length, f"m{n}") for n, (layer, start, length) in enumerate(rows)))
    found = flat(whole, RATE)
    assert [frame for one in found for frame in range(one.start, one.end)] == list(range(max((start + length for _, start, length in rows), default=0)))
