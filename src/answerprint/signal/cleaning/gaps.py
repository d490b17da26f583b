"""Gaps: stretches of digital silence inside a sound that was running, filled with the room's own tone.

The tone is never a loop: noise is drawn anew and given the spectrum that the quiet moments have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from answerprint.signal.cleaning.spectra import HOP, SIZE, sound, spectra

__all__ = ["SHORTEST", "Gap", "filled", "find", "quiet_spectrum", "tone"]

SHORTEST = 96  #: samples, 2 ms: a converter gives exact zeros for some samples, not for so long, with a microphone on it
EDGE = 240  #: samples over which a fill goes over into the sound, 5 ms
_QUIET = 20.0  #: per cent of the frames that are taken for room tone
_FEWEST = 12  #: frames, 0.1 s
_NOTHING = 1e-12  #: power of a frame of 24-bit noise is above it

Samples = NDArray[np.float64]
Spectrum = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Samples [first, end) in which nothing was recorded."""

    first: int
    end: int


def find(x: Samples) -> tuple[Gap, ...]:
    """Runs of exact zeros, 2 ms and longer, with sound before and after. Args: x: shape (n,)."""
    if not x.any():
        return ()
    zero = np.concatenate([[False], x == 0, [False]])
    edges = np.flatnonzero(zero[1:] != zero[:-1])
    runs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return tuple(Gap(first=first, end=end) for first, end in runs if end - first >= SHORTEST and first > 0 and end < x.size)


def quiet_spectrum(x: Samples) -> Spectrum | None:
    """Power of each frequency in the quietest moments of a sound, shape (769,); None where there are too few that are not digital silence.

    Args: x: shape (n,), 48 kHz.
    """
    if x.size < 2 * SIZE:
        return None
    made = spectra(x)[SIZE // HOP : -(SIZE // HOP) - 1]
    power = made.real.astype(np.float64) ** 2 + made.imag.astype(np.float64) ** 2
    level = power.sum(axis=1)
    blank = np.concatenate([[0], np.cumsum(x == 0)])
    zeros = (blank[SIZE:] - blank[:-SIZE])[::HOP][: len(made)]
    ok = (level > _NOTHING) & (np.pad(zeros, (0, len(level) - len(zeros)), constant_values=SIZE) < SIZE // 8)
    if ok.sum() < _FEWEST:
        return None
    limit = np.percentile(level[ok], _QUIET)
    return np.asarray(power[ok & (level <= limit)].mean(axis=0))


def tone(spectrum: Spectrum, length: int, seed: int) -> Samples:
    """Room tone without end: noise with this spectrum, shape (length,). The same seed gives the same samples."""
    raw = np.random.default_rng(seed).standard_normal(length + 2 * SIZE)
    made = spectra(raw)
    flat = float(SIZE / 2)  # the power of unit noise through the window: its squares add up to half its length
    return sound((made * np.sqrt(spectrum / flat)).astype(np.complex64), raw.size)[SIZE : SIZE + length]


def filled(x: Samples, gaps: tuple[Gap, ...], spectrum: Spectrum, seed: int) -> Samples:
    """A copy with every gap filled; over 5 ms at each edge the tone goes over into the sound, power for power."""
    out = x.copy()
    for number, gap in enumerate(gaps):
        low, high = max(gap.first - EDGE, 0), min(gap.end + EDGE, x.size)
        made = tone(spectrum, high - low, seed + number)
        place = np.arange(low, high)
        inside = np.minimum((place - low + 0.5) / max(gap.first - low, 1), (high - place - 0.5) / max(high - gap.end, 1))
        share = np.sin(np.clip(inside, 0, 1) * np.pi / 2)
        out[low:high] = x[low:high] * np.sqrt(1 - share**2) + made * share
    return out

