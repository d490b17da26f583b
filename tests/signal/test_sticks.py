"""Laws of the sticks: the frame in which they meet, and everything that moves like them and is none."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from answerprint.signal import SignalError
from answerprint.signal.sticks import closings
from tests.signal.slates import HIGH, WIDE, filmed, still


@pytest.mark.parametrize("open_deg", [15.0, 30.0, 45.0])
def test_sticks_meet_in_the_first_frame_that_shows_them_shut(open_deg: float) -> None:
    (closing,) = closings(filmed(7.6, open_deg=open_deg, takes=3.5, shutter=0.05))
    assert closing.frame == 8


def test_the_instant_lies_in_the_frame_before_or_early_in_the_exposure_of_the_first_still_one() -> None:
    draw = np.random.default_rng(3)
    seen = 0
    for seed in range(24):
        met = 8 + float(draw.uniform(0, 1))
        for closing in closings(filmed(met, takes=float(draw.uniform(2.5, 5)), open_deg=float(draw.uniform(15, 35)), tilt_deg=float(draw.uniform(-15, 15)), seed=seed)):
            seen += 1
            assert closing.frame - 1 < met <= closing.frame + 0.25
    assert seen >= 18


def test_a_tail_slate_stands_on_its_head() -> None:
    (closing,) = closings(np.ascontiguousarray(filmed(7.6, shutter=0.05)[:, ::-1, ::-1]))
    assert closing.frame == 8


def test_sticks_that_are_drawn_open_are_not_shut() -> None:
    """A hand comes to rest; sticks stop against each other."""
    draw = np.random.default_rng(8)
    opened = np.stack([still(30 * (1 - max(0.0, 1 - max(0, number - 3) / 6) ** 2)) for number in range(16)])
    assert closings(np.clip(opened + draw.normal(0, 2, opened.shape), 0, 255).astype(np.uint8)) == ()


def bars(place: Callable[[int], tuple[float, float]]) -> np.ndarray:
    """A bright bar on a grey wall, its left end at `place(frame)`: it moves, but turns about nothing."""
    draw = np.random.default_rng(2)
    frames = np.full((16, HIGH, WIDE), 90.0)
    for number in range(16):
        x, y = (round(value) for value in place(number))
        frames[number, y : y + 10, x : x + 100] = 220
    return np.clip(frames + draw.normal(0, 2, frames.shape), 0, 255).astype(np.uint8)


def test_a_bar_that_falls_and_lies_still_is_no_slate() -> None:
    assert closings(bars(lambda number: (100, min(100, 30 + 9 * number)))) == ()


def test_a_bar_that_slides_and_stops_is_no_slate() -> None:
    assert closings(bars(lambda number: (min(140, 40 + 12 * number), 80))) == ()


def test_a_stick_that_goes_on_moving_has_not_met_another() -> None:
    draw = np.random.default_rng(4)
    swung = np.stack([still(25 + 20 * np.sin(number * 0.9)) for number in range(16)])
    assert closings(np.clip(swung + draw.normal(0, 2, swung.shape), 0, 255).astype(np.uint8)) == ()


def test_a_camera_that_pans_and_stops_shows_no_clap() -> None:
    draw = np.random.default_rng(5)
    wide = np.kron(draw.uniform(20, 230, (HIGH // 4, 2 * WIDE // 4)), np.ones((4, 4)))
    frames = np.stack([wide[:, 8 * min(number, 8) :][:, :WIDE] for number in range(16)])
    assert closings(frames.astype(np.uint8)) == ()


def test_a_cut_is_no_clap() -> None:
    draw = np.random.default_rng(6)
    one, other = (np.kron(draw.uniform(20, 230, (HIGH // 4, WIDE // 4)), np.ones((4, 4))).astype(np.uint8) for _ in range(2))
    assert closings(np.stack([one] * 8 + [other] * 8)) == ()


def test_nothing_is_seen_in_a_still_picture_in_too_few_frames_or_too_small_ones() -> None:
    assert closings(np.full((16, HIGH, WIDE), 90, np.uint8)) == closings(filmed(3.0, count=5)) == closings(np.zeros((16, 20, 20), np.uint8)) == ()


def test_frames_of_another_shape_are_refused() -> None:
    with pytest.raises(SignalError, match="8-bit frames of light"):
        closings(np.zeros((4, HIGH, WIDE, 3), np.uint8))
