"""Claps: where two sticks met. A sound that rises out of quiet at once, over the whole band, and is gone in a tenth of a second."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from answerprint.signal import SignalError

__all__ = ["Clap", "claps"]

_HOP_S = 0.002  # a clap's attack is shorter than 2 ms; speech takes 10 ms and more to open
_BEFORE_S, _AFTER_S = 0.08, 0.15  # quiet before it, gone after it: a room of 0.6 s has fallen 15 dB by then
_RISE_DB = 18.0  # over the loudest moment just before; plosives inside speech rise by less
_FALL_DB = 12.0  # by 0.15 s after
_TREBLE = 0.25  # share of energy above 2 kHz in its first 10 ms; vowels hold a twentieth
_APART_S = 0.3  # two claps closer than this are one and its echo


@dataclass(frozen=True, kw_only=True)
class Clap:
    """One clap: seconds from the first sample, and how far it stands above what came before it."""

    at_s: float
    rise_db: float


def claps(samples: NDArray[np.floating], *, rate_hz: int, rise_db: float = _RISE_DB) -> tuple[Clap, ...]:
    """Find what sounds like a clap, in order.

    A door, a dropped cup or a plosive after a pause may sound so too: whoever uses this looks for the words of a slate beside it.
    Args:   samples: shape (n,), full scale 1.0.  rate_hz: 8000 or more.  rise_db: less, where a picture says whether it was one.
    Empty:  silence, less than a quarter of a second, or nothing that sharp.
    Raises: SignalError for another shape, or values that are not finite.
    """
    if samples.ndim != 1 or not np.isfinite(samples).all():
        raise SignalError(f"claps are looked for in one channel of finite samples; this has the shape {samples.shape}.")
    hop = max(1, round(_HOP_S * rate_hz))
    count = len(samples) // hop
    before, after = round(_BEFORE_S / _HOP_S), round(_AFTER_S / _HOP_S)
    if count < before + after:
        return ()
    frames = samples[: count * hop].astype(np.float64).reshape(count, hop)
    level = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)
    loud = np.lib.stride_tricks.sliding_window_view(level, before).max(axis=1)  # loud[i]: the loudest of level[i : i + before]
    found: list[Clap] = []
    for at in range(before, count - after):
        rise = level[at] - loud[at - before]
        if rise < rise_db or (found and at * _HOP_S - found[-1].at_s < _APART_S):
            continue
        peak = float(level[at : at + 3].max())
        if peak - float(np.median(level[at + after - 10 : at + after])) < _FALL_DB:
            continue
        if _treble(samples[at * hop : at * hop + round(0.01 * rate_hz)], rate_hz) < _TREBLE:
            continue
        found.append(Clap(at_s=round(at * hop / rate_hz, 3), rise_db=round(float(peak - loud[at - before]), 1)))
    return tuple(found)


def _treble(piece: NDArray[np.floating], rate_hz: int) -> float:
    power = np.abs(np.fft.rfft(piece.astype(np.float64))) ** 2
    hz = np.fft.rfftfreq(len(piece), 1 / rate_hz)
    return float(power[hz > 2000].sum() / (power[1:].sum() + 1e-20))
