"""A sound as overlapping short spectra, and back: with nothing done to them the samples come out as they went in."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["FREQUENCIES_HZ", "HOP", "RATE_HZ", "SIZE", "evened", "sound", "spectra"]

RATE_HZ = 48_000  #: everything in this room works at 48 kHz
SIZE = 1536  #: 32 ms: the window length at which Wiener filters for speech are commonly run (Ephraim & Malah, 1984)
HOP = 384  #: 8 ms
FREQUENCIES_HZ: NDArray[np.float64] = np.arange(SIZE // 2 + 1) * RATE_HZ / SIZE
_WINDOW = np.sqrt(np.hanning(SIZE + 1)[:SIZE])
_SUM = (_WINDOW**2).reshape(-1, HOP).sum(axis=0)  # the same for every sample: the windows add up

Samples = NDArray[np.float64]


def spectra(x: Samples) -> NDArray[np.complex64]:
    """Spectra of a sound, shape (frames, 769): one every 8 ms, the first centred a window before the sound begins.

    Args: x: shape (n,), at 48 kHz. Empty gives the spectra of silence.
    """
    padded = np.pad(np.asarray(x, np.float64), (SIZE, SIZE + (-x.size) % HOP))
    count = (padded.size - SIZE) // HOP + 1
    made = np.empty((count, SIZE // 2 + 1), np.complex64)
    step = np.lib.stride_tricks.sliding_window_view(padded, SIZE)[::HOP]
    for first in range(0, count, 1024):
        made[first : first + 1024] = np.fft.rfft(step[first : first + 1024] * _WINDOW, axis=1)
    return made


def sound(made: NDArray[np.complex64], length: int) -> Samples:
    """The sound of spectra that `spectra` made of `length` samples, shape (length,)."""
    out = np.zeros(HOP * (len(made) - 1) + SIZE)
    parts = SIZE // HOP
    lanes = out.reshape(-1, HOP)
    for first in range(0, len(made), 1024):
        frames = (np.fft.irfft(made[first : first + 1024], SIZE, axis=1) * _WINDOW).reshape(-1, parts, HOP)
        for part in range(parts):
            lanes[first + part : first + part + len(frames)] += frames[:, part]
    lanes /= _SUM
    return out[SIZE : SIZE + length]


def evened(values: NDArray[Any], frames: int) -> NDArray[Any]:
    """Smoothed along the first axis by a raised cosine over an odd number of frames; the ends are held. Same shape."""
    weights = np.hanning(frames + 2)[1:-1]
    half = frames // 2
    padded = np.concatenate([values[:1].repeat(half, axis=0), values, values[-1:].repeat(half, axis=0)])
    total = np.zeros_like(values)
    for at, weight in enumerate(weights / weights.sum()):
        total += padded[at : at + len(values)] * values.dtype.type(weight)
    return total
