"""Palette, rhythm and music: laws that hold whatever the film is."""

from __future__ import annotations

import numpy as np
import pytest

from answerprint.signal import SignalError, music, palette, rhythm

RATE_HZ = 8000


def picture(hue_deg: float, *, saturation: float = 0.6, shape: tuple[int, int] = (12, 16)) -> np.ndarray:
    """A frame of one hue from dark to light."""
    high = np.linspace(0.2, 0.9, shape[0] * shape[1]).reshape(shape)
    low = high * (1 - saturation)
    at = [(hue_deg / 60 + turn) % 6 for turn in (0, 4, 2)]
    return np.stack([low + (high - low) * np.clip(abs(one - 3) - 1, 0, 1) for one in at], axis=-1)


def bed(per_minute: float, *, seconds: float = 12, chord: tuple[int, ...] = (), ring: float = 30.0) -> np.ndarray:
    """A drum on every beat, and a chord of MIDI notes that is struck with it."""
    time = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    since = time % (60 / per_minute)
    drum = np.random.default_rng(1).normal(size=time.size) * np.exp(-60 * since)
    tones = sum((np.sin(2 * np.pi * 440 * 2 ** ((note - 69) / 12) * time) for note in chord), np.zeros_like(time))
    return 0.2 * drum + 0.1 * tones * np.exp(-since * 60 / ring)


# ---- palette


@pytest.mark.parametrize(("hue", "orange", "azure"), [(30, 1, 0), (210, 0, 1), (120, 0, 0), (59, 1, 0), (181, 0, 1)])
def test_a_hue_counts_for_the_side_that_it_lies_on(hue: float, orange: float, azure: float) -> None:
    found = palette.palette(picture(hue)[None], np.zeros(1))
    assert (found.orange, found.azure) == (orange, azure)
    assert abs(found.hue_deg[0] - hue) < 1


def test_grey_has_no_hue_and_leans_nowhere() -> None:
    found = palette.palette(picture(30, saturation=0)[None], np.zeros(1))
    assert np.isnan(found.hue_deg[0])
    assert (found.orange, found.azure, found.saturation[0]) == (0, 0, 0)


def test_a_palette_stands_nowhere_from_itself_however_its_frames_are_ordered() -> None:
    frames = np.stack([picture(hue) for hue in (10, 100, 200)])
    one, other = palette.palette(frames, np.arange(3.0)), palette.palette(frames[::-1, ::-1], np.arange(3.0))
    assert palette.apart(one, other) == pytest.approx(0, abs=1e-9)


def test_the_further_a_look_is_pushed_the_further_it_stands() -> None:
    first = palette.palette(picture(30)[None], np.zeros(1))
    pushed = [palette.apart(first, palette.palette(picture(hue)[None], np.zeros(1))) for hue in (35, 60, 120)]
    assert pushed == sorted(pushed)
    assert pushed[0] > palette.NOTICED


def test_the_dark_before_a_film_is_nobodys_palette() -> None:
    frames = np.stack([np.zeros((12, 16, 3)), picture(200)])
    assert palette.apart(palette.palette(frames, np.arange(2.0)), palette.palette(frames[1:], np.zeros(1))) == pytest.approx(0, abs=1e-9)


def test_no_picture_says_so() -> None:
    with pytest.raises(SignalError, match="no palette"):
        palette.palette(np.zeros((0, 4, 4, 3)), np.zeros(0))


# ---- rhythm


def test_even_shots_do_not_vary_and_nothing_follows() -> None:
    found = rhythm.rhythm([1, 2, 3], 4)
    assert (found.mean_s, found.median_s, found.variation, found.follows) == (1, 1, 0, None)


def test_long_after_short_is_told_from_long_after_long() -> None:
    swinging, growing = rhythm.rhythm([1, 4, 5, 8, 9], 12), rhythm.rhythm([1, 2, 3, 6, 9], 12)
    assert swinging.follows is not None
    assert growing.follows is not None
    assert swinging.follows < 0 < growing.follows
    assert rhythm.apart(swinging, growing) == 0


def test_twice_as_long_is_as_far_as_half_as_long() -> None:
    one, double, half = (rhythm.rhythm(np.array([1.0, 2, 4]) * by, 7 * by) for by in (1, 2, 0.5))
    assert rhythm.apart(one, double) == pytest.approx(np.log(2))
    assert rhythm.apart(one, half) == pytest.approx(np.log(2))


def test_a_cut_falls_on_a_beat_only_where_the_two_cannot_be_told_apart() -> None:
    found = rhythm.falls([1.0, 2.04, 3.06], [1, 2, 3, 4], 5)
    assert found.on == (True, True, False)
    assert found.chance == pytest.approx(4 * 0.09 / 5)


def test_moments_that_lie_close_are_not_counted_twice_by_chance() -> None:
    assert rhythm.falls([1], [1, 1.01, 1.02], 2).chance == pytest.approx(0.11 / 2)


def test_cuts_out_of_order_say_so() -> None:
    with pytest.raises(SignalError, match="follow one another"):
        rhythm.rhythm([2, 1], 3)


# ---- music


@pytest.mark.parametrize("per_minute", [66, 97, 120, 141])
def test_the_tempo_of_a_drum_is_found_to_a_hundredth(per_minute: float) -> None:
    found = music.music(bed(per_minute), rate_hz=RATE_HZ)
    assert found.tempo is not None
    assert min(abs(one / per_minute - 1) for one in (found.tempo.per_minute, *found.tempo.others)) < 0.01
    assert abs(np.diff(found.beats_s).mean() * found.tempo.per_minute / 60 - 1) < 0.02


@pytest.mark.parametrize(("chord", "name"), [((60, 64, 67, 72), "C major"), ((57, 60, 64, 69), "A minor"), ((54, 57, 61, 66), "F sharp minor")])
def test_a_chord_is_its_key(chord: tuple[int, ...], name: str) -> None:
    found = music.key(bed(60, chord=chord), rate_hz=RATE_HZ)
    assert found is not None
    assert found.name == name


def test_a_drum_has_no_key_and_noise_has_no_tempo() -> None:
    assert music.key(bed(120), rate_hz=RATE_HZ) is None
    assert music.tempo(music.strikes(np.random.default_rng(2).normal(size=12 * RATE_HZ), rate_hz=RATE_HZ)) is None


def test_a_loop_is_found_by_its_length_and_music_that_goes_on_is_none() -> None:
    part = np.concatenate([bed(120, seconds=1, chord=(60 + step,)) for step in (0, 7, 4)])
    assert music.loop_s(np.tile(part, 4), rate_hz=RATE_HZ) == pytest.approx(3, abs=0.02)
    going = np.concatenate([bed(120, seconds=1, chord=(48 + step * 5 % 31,)) for step in range(12)])
    assert music.loop_s(going, rate_hz=RATE_HZ) is None


def test_silence_tells_nothing() -> None:
    found = music.music(np.zeros(5 * RATE_HZ), rate_hz=RATE_HZ)
    assert (found.tempo, found.key, found.loop_s, found.range_db, found.beats_s.size) == (None, None, None, None, 0)


def test_a_bed_that_swells_ranges_further_than_one_that_stands() -> None:
    flat = np.random.default_rng(3).normal(size=20 * RATE_HZ) * 0.1
    swells = flat * np.geomspace(0.1, 1, flat.size)
    steady, swelling = (music.range_db(music.levels(one, rate_hz=RATE_HZ)) for one in (flat, swells))
    assert steady is not None
    assert swelling is not None
    assert steady < 1 < 10 < swelling
