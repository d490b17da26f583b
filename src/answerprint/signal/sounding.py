"""Where anything sounds, so that a cut may stand where nothing does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from answerprint.signal.edges import HOP_S, profile

__all__ = ["sounding"]

_CLOSURE_HOPS = 14  # a hole so short may be a stop before it opens, at a word's end or beginning: measured up to 0.12 s ("cup, please", "the price")


def sounding(samples: NDArray[np.float32], *, rate_hz: int) -> list[tuple[int, int]]:
    """Stretches above the floor of their surroundings, holes that may be the closure of a stop counted as sound.

    Args:    samples: float, shape (n,), full scale 1.0.
    Returns: (start, end) in hundredths of a second, rising and apart. Empty for silence, and for a sound shorter than that.
    Raises:  SignalError: not one-dimensional, or not finite.
    """
    assert HOP_S == 0.01
    steps = np.diff(np.concatenate(([0], profile(samples, rate_hz=rate_hz).sounding.astype(np.int8), [0])))
    found: list[tuple[int, int]] = []
    for first, last in zip(np.flatnonzero(steps == 1).tolist(), np.flatnonzero(steps == -1).tolist(), strict=True):
        if found and first - found[-1][1] <= _CLOSURE_HOPS:
            first = found.pop()[0]
        found.append((first, last))
    return found
