"""How much of speech is left under another sound: the standard's own index, where the level of the room is set by the voice."""

from __future__ import annotations

import numpy as np
import pytest

from answerprint.signal import SignalError
from answerprint.signal.audibility import audible, bands

#: Table 3 of ANSI S3.5-1997: a normal voice a metre away, spectrum level in dB.
NORMAL = np.array([32.41, 34.48, 34.75, 33.98, 34.59, 34.27, 32.06, 28.3, 25.01, 23, 20.15, 17.32, 13.18, 11.55, 9.33, 5.31, 2.59, 1.13])


@pytest.mark.parametrize(("noise", "index"), [(NORMAL - 15, 0.9715), (NORMAL - 5, 0.6363), (NORMAL, 0.4663), (NORMAL + 5, 0.2957), (np.full(18, 20.0), 0.4974), (np.linspace(45, -15, 18), 0.7729)], ids=str)
def test_the_index_is_that_of_another_programs_working_of_the_standard(noise: np.ndarray, index: float) -> None:
    assert audible(NORMAL, noise) == pytest.approx(index, abs=0.005)  # the threshold of hearing is left out here


def test_only_the_distance_between_them_counts_not_how_loud_a_file_is() -> None:
    assert audible(NORMAL - 80, NORMAL - 85) == pytest.approx(audible(NORMAL, NORMAL - 5))


def test_a_bed_in_the_speech_band_covers_more_than_the_same_power_under_it() -> None:
    rng = np.random.default_rng(1)
    noise = np.fft.rfft(rng.standard_normal(16_000))
    at = np.fft.rfftfreq(16_000, 1 / 16_000)

    def band(low: float, high: float) -> np.ndarray:
        made = np.fft.irfft(np.where((at >= low) & (at < high), noise, 0))
        found: np.ndarray = made / np.sqrt((made**2).mean())
        return found

    voice = bands(band(150, 6000) * 0.1, rate_hz=16_000)
    deep, middle = (audible(voice, bands(band(*edges) * 0.2, rate_hz=16_000)) for edges in ((40, 140), (1000, 4000)))
    assert deep > 0.9
    assert middle < 0.5


def test_a_spectrum_level_is_the_power_in_each_hertz() -> None:
    sound = np.random.default_rng(2).standard_normal((2, 480_000)) * 0.1
    found = bands(sound, rate_hz=48_000)
    assert found == pytest.approx(10 * np.log10(0.01 / 24_000), abs=1.0)
    assert bands(sound, rate_hz=16_000)[-1] == -200  # half the rate lies inside that band


def test_silence_says_so() -> None:
    with pytest.raises(SignalError, match="silent"):
        audible(bands(np.zeros(1600), rate_hz=16_000), NORMAL)
    with pytest.raises(SignalError, match="nothing"):
        bands(np.zeros(0), rate_hz=16_000)
