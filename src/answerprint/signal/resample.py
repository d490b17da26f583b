"""Fewer samples a second, without moving any of them: exact whole-number decimation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from answerprint.signal import SignalError

__all__ = ["decimated"]

Samples = NDArray[np.float32]
_BLOCK = 1 << 18  # a block that stays in a desktop processor's cache while it is transformed
_GUARD = 4096  # samples each side of a block that the filter's ringing may touch; cut away again
_KEEP = 0.9  # of the new Nyquist band is passed flat, the rest is a raised-cosine slope: nothing folds back


def decimated(x: NDArray[np.generic], factor: int) -> Samples:
    """Every `factor`-th sample after a zero-phase low-pass, so that sample k lies exactly at input sample k * factor.

    Args:    x: shape (n,), int16 (scaled to 1.0) or float; may be a memory map, it is read block by block.
             factor: 1 or more; a power of two or three times one.
    Returns: float32, shape (ceil(n / factor),). Empty for an empty input.
    Raises:  SignalError: not one-dimensional, or a factor below 1.
    """
    if x.ndim != 1:
        raise SignalError(f"a sound has one dimension here, this one has {x.ndim}. Give one channel.")
    if factor < 1:
        raise SignalError(f"cannot keep every {factor}th sample.")
    scale = np.float32(1 / 32768) if x.dtype == np.int16 else np.float32(1)
    if factor == 1:
        return x.astype(np.float32) * scale
    out = np.empty(-(-len(x) // factor), np.float32)
    block = min(_BLOCK, 1 << max(14, (len(x) + 2 * _GUARD - 1).bit_length())) * (3 if factor % 3 == 0 else 1)
    hop, kept = block - 2 * _GUARD * (3 if factor % 3 == 0 else 1), block // factor
    guard = (block - hop) // 2
    guard -= guard % factor
    hop -= hop % factor
    slope = np.ones(kept // 2 + 1, np.float32)
    tail = len(slope) - int(_KEEP * len(slope))
    slope[-tail:] = 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, tail, dtype=np.float32))
    for start in range(0, len(x), hop):
        padded = np.zeros(block, np.float32)
        low, high = max(0, start - guard), min(len(x), start - guard + block)
        padded[low - start + guard : high - start + guard] = x[low:high]
        spectrum = np.fft.rfft(padded)[: len(slope)] * (slope * (scale / np.float32(factor)))
        piece = np.fft.irfft(spectrum, n=kept)[guard // factor : (guard + hop) // factor]
        first = start // factor
        out[first : first + len(piece)] = piece[: len(out) - first]
    return out
