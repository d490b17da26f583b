"""How much of speech is left to be understood under another sound: the Speech Intelligibility Index of ANSI S3.5-1997, one-third octave bands.

Two things of the standard need the level in the room where the film is heard, which nobody knows. Speech is taken to be as loud there as a normal voice
a metre away, where the standard begins; hearing is taken to be normal, and its threshold, far under that, is left out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from answerprint.signal import SignalError

__all__ = ["GOOD", "POOR", "audible", "bands", "overall"]

Floats = NDArray[np.float64]

#: Table 3 of the standard: middle frequencies, and how much each band has in average speech. Bandwidths are the third octaves' own.
_MIDDLE_HZ = np.array([160, 200, 250, 315, 400, 500, 630, 800, 1000, 1250, 1600, 2000, 2500, 3150, 4000, 5000, 6300, 8000], np.float64)
_WEIGHT = np.array([0.0083, 0.0095, 0.0150, 0.0289, 0.0440, 0.0578, 0.0653, 0.0711, 0.0818, 0.0844, 0.0882, 0.0898, 0.0868, 0.0844, 0.0771, 0.0527, 0.0364, 0.0185])
_WIDE_DB = np.arange(15.65, 33.6, 1.0)  #: 10 log10 of each bandwidth in Hz
_VOICE_DB = 62.35  #: overall level of a normal voice at a metre, dB SPL: Table 3's normal speech, summed
POOR, GOOD = 0.45, 0.75  #: the standard's own reading (its annex A): below the one communication is poor, from the other on it is good


def bands(samples: NDArray[np.floating], *, rate_hz: int) -> Floats:
    """The spectrum level of a sound in each third octave, dB of full scale in each Hz.

    Args:    samples: shape (n,) or (channels, n), full scale 1.0; channels are heard side by side, so their power is averaged.
    Returns: shape (18,); a band that lies over half the rate is -200.
    Raises:  SignalError: empty or not finite.
    """
    sound = np.atleast_2d(np.asarray(samples, np.float64))
    if sound.shape[1] < 2 or not np.isfinite(sound).all():
        raise SignalError("there is nothing in it whose spectrum could be measured.")
    window = np.hanning(sound.shape[1] + 2)[1:-1]
    power = (np.abs(np.fft.rfft(sound * window)) ** 2).mean(axis=0) * 2 / (rate_hz * (window**2).sum())  # in each Hz
    at = np.fft.rfftfreq(sound.shape[1], 1 / rate_hz)
    found = np.full(_MIDDLE_HZ.size, -200.0)
    for number, middle in enumerate(_MIDDLE_HZ):
        low, high = middle * 2 ** (-1 / 6), middle * 2 ** (1 / 6)
        inside = (at >= low) & (at < high)
        mean = float(power[inside].mean()) if inside.any() else float(np.interp(middle, at, power))
        if high <= rate_hz / 2:
            found[number] = max(10 * np.log10(mean + 1e-20), -200.0)
    return found


def audible(speech: NDArray[np.floating], other: NDArray[np.floating], *, voice: NDArray[np.floating] | None = None) -> float:
    """The share of what makes speech understood that is heard over another sound: the index, 0 nothing to 1 all.

    Args:   speech, other: spectrum levels as `bands` gives them, shape (18,).
            voice: of the same voice as it usually is, by which the room's level is set; `speech` itself where None.
    Raises: SignalError: the voice is silent.
    """
    usual = np.asarray(speech if voice is None else voice, np.float64)
    loud = overall(usual)
    if loud < -150:
        raise SignalError("the voice is silent.")
    heard, under = (np.asarray(one, np.float64) + _VOICE_DB - loud for one in (speech, other))
    here = usual > -199  # bands that the recording holds
    covered = _masking(heard, under)
    weight = _WEIGHT[here] / _WEIGHT[here].sum()
    return float((weight * np.clip((heard[here] - covered[here] + 15) / 30, 0, 1)).sum())


def overall(levels: NDArray[np.floating]) -> float:
    """The level of all bands together, dB, of spectrum levels as `bands` gives them."""
    return float(10 * np.log10((10 ** ((np.asarray(levels, np.float64) + _WIDE_DB) / 10)).sum()))


def _masking(speech: Floats, noise: Floats) -> Floats:
    """Clause 4.3.2 of the standard: what covers each band, with what lower bands cover above them."""
    loudest = np.maximum(noise, speech - 24)  # a voice covers itself a little
    slope = -80 + 0.6 * (loudest + _WIDE_DB)  # dB an octave
    covered = 10 ** (noise / 10)
    for number in range(1, noise.size):
        octaves = np.log10(0.89 * _MIDDLE_HZ[number] / _MIDDLE_HZ[:number])
        covered[number] += (10 ** ((loudest[:number] + 3.32 * slope[:number] * octaves) / 10)).sum()
    result: Floats = 10 * np.log10(covered + 1e-30)
    result[0] = loudest[0]
    return result
