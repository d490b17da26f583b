"""Steady tones: mains hum with its harmonics, a fridge, a camera's whine. Found where they stand through everything, followed, turned down.

A tone is not filtered out: it is estimated as a sine whose strength and phase may drift, and a share of exactly that is taken away. Its
measure is taken where little else sounds, so that speech neither feeds nor hides it: the same is left of it under words and between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerprint.signal.cleaning.spectra import RATE_HZ

__all__ = ["LEFT_DB", "SHORTEST_S", "Tone", "find", "hum_of", "sine"]

LEFT_DB = -20.0  #: what stays of a tone, the same everywhere; hum that stood 10 dB over the room is then as far under it
SHORTEST_S = 4.0  #: of a sound in which a tone can be told from a held vowel
_LONG_S = 8.0
_OVER_DB = 12.0  #: over the frequencies around it; with 8 frames or more noise alone gets there once in 10^5 bins
_LOWEST_HZ, _HIGHEST_HZ = 40.0, 16_000.0
_AROUND = 40  #: bins to each side
_MOST = 48  #: tones of one sound: 16 harmonics of three machines
_MAINS_HZ = (50.0, 60.0)
_STEP = 480  #: samples between two measures of a tone: 10 ms

Samples = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Tone:
    """One steady tone."""

    frequency_hz: float
    level_dbfs: float  #: of the sine, root mean square


def find(x: Samples) -> tuple[Tone, ...]:
    """The tones that stand through a sound from beginning to end, by frequency; none in a sound under 4 s.

    Args: x: shape (n,), 48 kHz.
    """
    if x.size < SHORTEST_S * RATE_HZ:
        return ()
    size = 2**16 if x.size >= _LONG_S * RATE_HZ else 2**15
    window = np.hanning(size)
    starts = range(0, x.size - size + 1, size // 4)
    powers = np.stack([np.abs(np.fft.rfft(x[at : at + size] * window)) ** 2 for at in starts]).astype(np.float32)
    always = np.percentile(powers, 25, axis=0) + 1e-20
    frequencies = np.fft.rfftfreq(size, 1 / RATE_HZ)
    low, high = np.searchsorted(frequencies, (_LOWEST_HZ, _HIGHEST_HZ))
    around = np.lib.stride_tricks.sliding_window_view(np.pad(always, _AROUND, mode="edge"), 2 * _AROUND + 1)
    floor = np.median(around[low:high], axis=1)
    here = always[low:high]
    peak = (here > floor * 10 ** (_OVER_DB / 10)) & (here >= always[low - 1 : high - 1]) & (here > always[low + 1 : high + 1])
    at = np.flatnonzero(peak) + low
    at = at[np.argsort(always[at])[::-1]][:_MOST]
    found: list[Tone] = []
    for one in sorted(at.tolist()):
        if found and frequencies[one] - found[-1].frequency_hz < 4 * RATE_HZ / size:
            continue  # the skirt of the one before
        left, mid, right = np.log(np.median(powers[:, one - 1 : one + 2], axis=0) + 1e-20)
        bend = left - 2 * mid + right
        off = 0.5 * (left - right) / bend if bend else 0.0
        amplitude = 2 * np.sqrt(np.exp(mid)) / window.sum()
        found.append(Tone(frequency_hz=float((one + np.clip(off, -0.5, 0.5)) * RATE_HZ / size), level_dbfs=float(20 * np.log10(amplitude / np.sqrt(2) + 1e-20))))
    return tuple(found)


def hum_of(tones: Sequence[Tone]) -> float | None:
    """The mains frequency whose harmonics these tones are, at least two of them or the first alone; None where they are something else."""
    best: tuple[int, float] | None = None
    for mains in _MAINS_HZ:
        of = [(tone.frequency_hz, round(tone.frequency_hz / mains)) for tone in tones if round(tone.frequency_hz / mains) in range(1, 31)]
        fits = [hz / number for hz, number in of if abs(hz / number - mains) < 0.5 and abs(hz - number * mains) < 0.15 * mains]
        first = any(abs(hz - mains) < 0.5 for hz, _ in of)
        if (len(fits) >= 2 or first) and (best is None or len(fits) > best[0]):
            best = len(fits), float(np.median(fits))
    return best[1] if best else None


def sine(x: Samples, tone: Tone) -> Samples:
    """The tone itself as it sounds in `x`, shape (n,)."""
    turn = np.exp(-2j * np.pi * tone.frequency_hz / RATE_HZ * np.arange(x.size))
    down = x * turn
    blocks = -(-x.size // _STEP)
    means = np.pad(down, (0, blocks * _STEP - x.size)).reshape(blocks, _STEP).mean(axis=1)
    close = np.abs(_along(means, 3) - _along(means, 31)) ** 2
    weights = 1 / (_along(close, 5).real + 1e-3 * np.median(close) + 1e-18)
    span = 201 if tone.frequency_hz < 160 else 101  # 2 s; mains drifts, and its tenth harmonic ten times as far
    strength = _along(means * weights, span) / _along(weights, span).real
    centres = (np.arange(blocks) + 0.5) * _STEP - 0.5
    place = np.arange(x.size)
    level = np.interp(place, centres, strength.real) + 1j * np.interp(place, centres, strength.imag)
    made: Samples = 2 * (level * turn.conj()).real
    return made


def _along(values: NDArray[Any], span: int) -> NDArray[Any]:
    """A weighted mean of `span` neighbours (raised cosine); at the ends of those that are there."""
    weights = np.hanning(min(span, 2 * len(values) - 1) + 2)[1:-1]
    half = len(weights) // 2
    size = len(values) + len(weights) - 1
    several = 1 << (size - 1).bit_length()
    kernel = np.fft.fft(weights, several)
    total = np.fft.ifft(np.fft.fft(values, several) * kernel)[half : half + len(values)]
    there = np.fft.ifft(np.fft.fft(np.ones(len(values)), several) * kernel)[half : half + len(values)].real
    return np.asarray(total / there)
