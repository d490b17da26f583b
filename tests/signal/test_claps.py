"""What sounds like two sticks meeting, and what does not."""

from __future__ import annotations

import numpy as np
import pytest

from answerprint.signal import SignalError
from answerprint.signal.claps import claps

RATE_HZ = 16_000


def room(seconds: float, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(int(seconds * RATE_HZ)) * 0.002


def with_clap(sound: np.ndarray, at_s: float, loud: float = 0.6) -> np.ndarray:
    out = sound.copy()
    t = np.arange(int(0.06 * RATE_HZ)) / RATE_HZ
    first = int(at_s * RATE_HZ)
    out[first : first + len(t)] += loud * np.random.default_rng(2).standard_normal(len(t)) * np.exp(-t / 0.006)
    return out


def test_a_clap_is_found_to_a_hundredth_of_a_second() -> None:
    found = claps(with_clap(with_clap(room(4), 1.0), 2.5, 0.3), rate_hz=RATE_HZ)
    assert [round(one.at_s, 2) for one in found] == [1.0, 2.5]


def test_a_voice_that_swells_is_no_clap() -> None:
    t = np.arange(2 * RATE_HZ) / RATE_HZ
    voice = 0.3 * np.sin(2 * np.pi * 180 * t) * np.clip(np.sin(2 * np.pi * 2 * t), 0, 1)
    assert claps(room(2) + voice, rate_hz=RATE_HZ) == ()


def test_a_tone_that_begins_and_stays_is_no_clap() -> None:
    sound = room(2)
    sound[RATE_HZ:] += 0.3 * np.random.default_rng(3).standard_normal(RATE_HZ)
    assert claps(sound, rate_hz=RATE_HZ) == ()


def test_silence_and_next_to_nothing_hold_none() -> None:
    assert claps(np.zeros(RATE_HZ), rate_hz=RATE_HZ) == claps(np.zeros(10), rate_hz=RATE_HZ) == ()


def test_two_channels_are_refused() -> None:
    with pytest.raises(SignalError, match="one channel"):
        claps(np.zeros((2, RATE_HZ)), rate_hz=RATE_HZ)
