"""Where anything sounds."""

from __future__ import annotations

import numpy as np
import pytest

from answerprint.signal import SignalError
from answerprint.signal.sounding import sounding

RATE_HZ = 16_000


def room(*tones: tuple[float, float]) -> np.ndarray:
    """Four seconds of a quiet room with a tone in each stretch."""
    heard = np.random.default_rng(1).normal(0, 0.0005, 4 * RATE_HZ)
    for first_s, last_s in tones:
        here = slice(int(first_s * RATE_HZ), int(last_s * RATE_HZ))
        heard[here] += 0.2 * np.sin(2 * np.pi * 700 * np.arange(here.stop - here.start) / RATE_HZ)
    return heard.astype(np.float32)


def test_what_sounds_is_found_to_two_hundredths() -> None:
    found = sounding(room((1.0, 1.6), (2.2, 3.0)), rate_hz=RATE_HZ)
    assert np.array(found) == pytest.approx(np.array([(100, 160), (220, 300)]), abs=2)


def test_the_closure_of_a_stop_is_sound() -> None:
    assert len(sounding(room((1.0, 1.3), (1.42, 1.8)), rate_hz=RATE_HZ)) == 1
    assert len(sounding(room((1.0, 1.3), (1.5, 1.8)), rate_hz=RATE_HZ)) == 2


def test_nothing_sounds_in_silence_and_in_no_sound() -> None:
    assert sounding(np.zeros(RATE_HZ, np.float32), rate_hz=RATE_HZ) == []
    assert sounding(np.zeros(0, np.float32), rate_hz=RATE_HZ) == []


def test_two_channels_are_refused() -> None:
    with pytest.raises(SignalError):
        sounding(np.zeros((9, 2), np.float32), rate_hz=RATE_HZ)
