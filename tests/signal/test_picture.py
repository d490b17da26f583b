"""Picture facts: what is black, frozen, another shot; and what only looks so."""

from __future__ import annotations

import numpy as np
import pytest

from answerprint.signal import SignalError
from answerprint.signal.picture import Series, Watching, cuts, looks_like_log, stretches

SHAPE = (180, 320)


def scene(seed: int, i: int = 0, noise: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A frame of a soft random scene that pans a pixel a frame: Y, Cb, Cr."""
    random = np.random.default_rng(seed)
    coarse = random.integers(30, 220, (8, 12))
    luma = np.kron(coarse, np.ones((24, 30)))
    luma = np.roll(luma, i, axis=1)[: SHAPE[0], : SHAPE[1]]
    if noise:
        luma = luma + np.random.default_rng(1000 * seed + i).normal(0, noise, SHAPE)
    chroma = [np.full((SHAPE[0] // 2, SHAPE[1] // 2), int(random.integers(100, 156)), np.uint8) for _ in range(2)]
    return np.clip(luma, 0, 255).astype(np.uint8), chroma[0], chroma[1]


def grey(luma: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    half = (SHAPE[0] // 2, SHAPE[1] // 2)
    return np.full(SHAPE, luma, np.uint8), np.full(half, 128, np.uint8), np.full(half, 128, np.uint8)


def watched(frames: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> Series:
    watching = Watching()
    for frame in frames:
        watching.see(*frame)
    return watching.finish()


def test_cuts_are_the_first_frames_of_new_shots() -> None:
    frames = [scene(shot, i, noise=2) for shot in range(4) for i in range(12)]
    assert [cut.frame for cut in cuts(watched(frames))] == [12, 24, 36]


def test_a_flash_is_not_a_cut() -> None:
    frames = [scene(1, i, noise=2) for i in range(30)]
    for i in (14, 15):
        frames[i] = (np.full(SHAPE, 235, np.uint8), frames[i][1], frames[i][2])
    assert cuts(watched(frames)) == []


def test_a_whip_pan_is_not_a_cut() -> None:
    frames = [scene(3, i if i < 12 else 12 + 40 * (min(i, 24) - 12), noise=1) for i in range(40)]
    assert cuts(watched(frames)) == []


def test_a_slow_change_of_light_is_not_a_cut() -> None:
    frames = [(np.clip(scene(2)[0] * (0.4 + 0.02 * i), 0, 255).astype(np.uint8), *scene(2)[1:]) for i in range(30)]
    assert cuts(watched(frames)) == []


def test_black_counts_from_one_frame_and_dark_is_not_black() -> None:
    series = watched([scene(1, 0), grey(16), scene(1, 1), grey(17), grey(20), grey(60)])
    assert series.black() == [(1, 2), (3, 5)]


def test_frozen_is_the_same_picture_and_not_a_quiet_one() -> None:
    still = [scene(5)] * 20
    noisy = [scene(5, 0, noise=0)] + [(scene(5)[0] + np.random.default_rng(i).integers(0, 2, SHAPE).astype(np.uint8), *scene(5)[1:]) for i in range(20)]
    assert watched([scene(4, i) for i in range(5)] + still).frozen(10) == [(5, 25)]
    assert watched(still[:8]).frozen(10) == []
    assert watched(noisy).frozen(10) == []


def test_a_slow_drift_is_not_frozen() -> None:
    assert watched([grey(40 + i // 4) for i in range(80)]).frozen(10) == []


def test_figures_have_the_units_they_say() -> None:
    series = watched([grey(16), grey(235), (grey(126)[0], np.full((90, 160), 140, np.uint8), np.full((90, 160), 128, np.uint8))])
    assert series.values["luma"].tolist() == [0, 1000, 502]
    assert series.values["cb"].tolist() == [0, 0, 1200]
    assert series.values["chroma"].tolist() == [0, 0, 1200]
    assert series.values["motion"].tolist() == [0, 21900, 10900]
    assert series.values["low"].tolist() == series.values["high"].tolist() == [16, 235, 126]


def test_only_flat_pictures_with_little_colour_look_like_log() -> None:
    ramp = np.repeat(np.linspace(0, 1, SHAPE[1])[None], SHAPE[0], axis=0)
    half = grey(0)[1]
    log = (np.asarray(38 + ramp * 120, np.uint8), half, half)
    assert looks_like_log(watched([log] * 3))
    assert not looks_like_log(watched([(np.asarray(16 + ramp * 219, np.uint8), half, half)] * 3))
    assert not looks_like_log(watched([(log[0], half + 30, half)] * 3))
    assert not looks_like_log(watched([grey(100)] * 3))
    assert not looks_like_log(watched([]))


def test_pictures_that_cannot_be_measured_are_refused() -> None:
    watching = Watching()
    with pytest.raises(SignalError, match="8 x 8 is too small"):
        watching.see(np.zeros((8, 8), np.uint8), np.zeros((4, 4), np.uint8), np.zeros((4, 4), np.uint8))
    watching.see(*grey(50))
    with pytest.raises(SignalError, match="changed from"):
        watching.see(np.zeros((90, 160), np.uint8), np.zeros((45, 80), np.uint8), np.zeros((45, 80), np.uint8))


def test_stretches_are_half_open() -> None:
    assert stretches(np.array([True, False, True, True])) == [(0, 1), (2, 4)]
    assert stretches(np.zeros(0, dtype=bool)) == []
