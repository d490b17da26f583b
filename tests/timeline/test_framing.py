"""A hero shot's framing stays inside its picture, and is exactly what somebody set."""

from __future__ import annotations

from dataclasses import replace

import pytest

from answerprint.timeline import TimelineError, framing
from answerprint.timeline.framing import Framing, Key

POUR = Framing(
    item=4, version="master", file="rushes/A001_C005.mp4", start=10, end=60, rate=(24000, 1001), size=(1920, 1080),
    paths={"9:16": (Key(frame=10, x=0.3, y=0.5, ease="soft"), Key(frame=50, x=0.7, y=0.5, scale=2.0))},
)  # fmt: skip


def test_a_framing_comes_back_from_its_file_as_it_was_set():
    assert framing.read(framing.written(POUR)) == POUR


def test_the_frame_is_where_it_was_set_and_stands_still_before_and_after():
    left, top, width, height = framing.crop(POUR, "9:16", 10)
    assert (left + width / 2, top, height) == (pytest.approx(0.3), 0.0, 1.0)
    assert width * 1920 / (height * 1080) == pytest.approx(9 / 16)
    assert framing.crop(POUR, "9:16", 55) == framing.crop(POUR, "9:16", 50)


def test_a_soft_way_leaves_and_arrives_at_rest_and_passes_the_middle_in_the_middle():
    xs = [framing.crop(POUR, "9:16", frame)[0] + framing.crop(POUR, "9:16", frame)[2] / 2 for frame in range(10, 51)]
    assert xs[20] == pytest.approx(0.5)
    assert xs[1] - xs[0] < xs[20] - xs[19]
    assert xs == sorted(xs)


def test_no_key_shows_anything_outside_the_picture():
    corner = replace(POUR, paths={shape: (Key(frame=10, x=0.0, y=1.0, scale=1.5),) for shape in framing.SHAPES})
    for shape in framing.SHAPES:
        left, top, width, height = framing.crop(corner, shape, 30)
        assert min(left, top) >= 0
        assert max(left + width, top + height) <= 1 + 1e-12


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ((), "nothing is framed"),
        ((Key(frame=9, x=0.5, y=0.5),), "outside the shot"),
        ((Key(frame=20, x=1.5, y=0.5),), "leaves the picture"),
        ((Key(frame=20, x=float("nan"), y=0.5),), "leaves the picture"),
        ((Key(frame=20, x=0.5, y=0.5), Key(frame=20, x=0.6, y=0.5)), "do not follow"),
    ],
)
def test_what_cannot_be_framed_is_said(keys, says):
    with pytest.raises(TimelineError, match=says):
        framing.written(replace(POUR, paths={"1:1": keys}))


def test_what_is_no_framing_is_refused():
    for raw in (b"", b"[]", b'{"schema": 1}', b'{"schema": 9, "framing": {}}'):
        with pytest.raises(TimelineError):
            framing.read(raw)


def test_nobody_is_told_a_framing_that_nobody_set():
    with pytest.raises(TimelineError, match="not framed for 1:1"):
        framing.crop(POUR, "1:1", 20)
