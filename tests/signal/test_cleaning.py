"""Laws of the clean-up: nothing pumps, what stands clear stays, gaps are no loops, claps are no clicks."""

from __future__ import annotations

import numpy as np
import pytest

from answerprint.signal import SignalError, cleaning
from answerprint.signal.cleaning import Gap, clicks, gaps, noise, tones
from answerprint.signal.cleaning.spectra import sound, spectra

RATE = cleaning.RATE_HZ
DRAW = np.random.default_rng(7)
ROOM = DRAW.standard_normal(9 * RATE) * 10 ** (-60 / 20)


def words(x: np.ndarray) -> np.ndarray:
    """Loud noise in bursts of 0.4 s, silence between them: what an estimator would take for speech."""
    made = DRAW.standard_normal(x.size) * 0.05
    return np.asarray(made * (np.arange(x.size) // int(0.4 * RATE) % 2))


SAID = words(ROOM)


def level_db(x: np.ndarray) -> float:
    return float(10 * np.log10((x**2).mean()))


def test_spectra_and_back_give_every_sample_again() -> None:
    x = DRAW.standard_normal(10_001)
    assert np.abs(sound(spectra(x), x.size) - x).max() < 1e-6


def test_the_same_is_left_of_a_tone_under_words_and_between_them() -> None:
    place = np.arange(ROOM.size) / RATE
    sine = np.sqrt(2) * np.sin(2 * np.pi * 1000.3 * place) * 10 ** (-40 / 20)
    x = ROOM + SAID + sine
    found = cleaning.look(x)
    assert [round(one.frequency_hz) for one in found.tones] == [1000]
    y = cleaning.clean(x, found, speech=lambda given: SAID).samples - cleaning.clean(ROOM + SAID, cleaning.look(ROOM + SAID), speech=lambda given: SAID).samples
    share = [float(y[where] @ sine[where] / (sine[where] @ sine[where])) for where in (SAID != 0, SAID == 0)]
    left = 20 * np.log10(share)
    assert abs(left[0] - left[1]) < 1
    assert np.abs(left - tones.LEFT_DB).max() < 1


def test_hum_is_called_by_its_mains() -> None:
    place = np.arange(ROOM.size) / RATE
    x = ROOM + sum(np.sin(2 * np.pi * 49.98 * number * place) * 0.003 for number in (1, 2, 3, 5))
    assert cleaning.hum_of(cleaning.look(x).tones) == pytest.approx(49.98, abs=0.05)
    assert cleaning.hum_of(cleaning.look(ROOM).tones) is None


def test_what_stands_clear_of_the_room_tone_stays_though_no_estimator_knows_it() -> None:
    breath = DRAW.standard_normal(RATE // 2) * np.hanning(RATE // 2) * 10 ** (-42 / 20)
    x = ROOM + SAID
    first = int(4.4 * RATE)  # between two words
    x[first : first + breath.size] = ROOM[first : first + breath.size] + breath
    y = cleaning.clean(x, cleaning.look(x), speech=lambda given: np.where(np.abs(np.arange(x.size) - first - breath.size // 2) < breath.size, 0, SAID)).samples
    there = slice(first, first + breath.size)
    assert -3 < level_db(y[there]) - level_db(x[there]) <= 0


def test_noise_is_turned_down_to_a_floor_and_not_cut_out() -> None:
    y = cleaning.clean(ROOM, cleaning.look(ROOM), speech=np.zeros_like).samples
    frames = 10 * np.log10(cleaning.powers(y[RATE:-RATE], RATE)) - level_db(ROOM)
    assert abs(np.median(frames) - noise.FLOOR_DB) < 1.5
    assert np.ptp(frames) < 6


def test_without_an_estimator_noise_is_left_alone() -> None:
    assert np.array_equal(cleaning.clean(ROOM, cleaning.look(ROOM)).samples, ROOM)


def test_a_click_is_mended_and_a_clap_is_not() -> None:
    x = ROOM.copy()
    x[2 * RATE : 2 * RATE + 8] += 0.3
    ring = np.exp(-np.arange(RATE // 10) / 600) * DRAW.standard_normal(RATE // 10) * 0.5
    x[5 * RATE : 5 * RATE + ring.size] += ring
    found = clicks.find(x)
    assert len(found) == 1
    assert found[0].first <= 2 * RATE < found[0].end
    y = clicks.mended(x, found)
    assert np.abs(y[2 * RATE - 10 : 2 * RATE + 20]).max() < 0.02
    assert np.array_equal(y[3 * RATE :], x[3 * RATE :])


def test_a_gap_is_filled_with_the_rooms_own_tone_and_never_with_a_loop() -> None:
    x = ROOM.copy()
    x[3 * RATE : 5 * RATE] = 0
    assert gaps.find(x) == (Gap(first=3 * RATE, end=5 * RATE),)
    spectrum = gaps.quiet_spectrum(x)
    assert spectrum is not None
    y = gaps.filled(x, gaps.find(x), spectrum, seed=1)
    filled = y[3 * RATE : 5 * RATE]
    assert abs(level_db(filled) - level_db(ROOM)) < 1.5
    likeness = np.fft.irfft(np.abs(np.fft.rfft(filled, 4 * filled.size)) ** 2)
    assert likeness[RATE // 100 : filled.size].max() < 0.1 * likeness[0]
    assert np.array_equal(y[: 3 * RATE - gaps.EDGE], x[: 3 * RATE - gaps.EDGE])


def test_silence_stays_silence() -> None:
    assert not cleaning.clean(np.zeros(RATE), cleaning.look(np.zeros(RATE)), speech=np.zeros_like).samples.any()


def test_channels_are_not_cleaned_together() -> None:
    with pytest.raises(SignalError, match="channel by channel"):
        cleaning.look(np.zeros((2, RATE)))
