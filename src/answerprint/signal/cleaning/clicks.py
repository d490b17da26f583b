"""Clicks: single spikes of less than a millisecond, digital or from a plug, that nothing before or after announces. A clap, a plosive and a
door are no clicks: they ring on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["LONGEST", "Click", "find", "mended"]

LONGEST = 36  #: samples, 0.75 ms: half the shortest burst of a plosive (1.5 ms, Zue 1976)
_OVER = 25.0  #: times the ordinary change around it; at 14 one in a minute of clean speech was none. A clap's first edge is told by what follows
_NEAR, _FAR = 48, 480  #: a click that is not half as steep as what is heard around it is loud is not heard; samples: right beside it (1 ms) and around it (10 ms)
_RING_DB = 14.0  #: what follows a click lies so far under it
_ORDER, _CONTEXT = 32, 512  #: of the predictor, and samples to each side that it learns from

Samples = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Click:
    """Samples [first, end) that do not belong to the sound."""

    first: int
    end: int


def find(x: Samples) -> tuple[Click, ...]:
    """The clicks of a sound in order. Args: x: shape (n,), 48 kHz."""
    if x.size < 4 * _FAR:
        return ()
    change = np.abs(np.diff(x, 2, prepend=x[0], append=x[-1]))
    blocks = x.size // _FAR
    ordinary = np.median(change[: blocks * _FAR].reshape(blocks, _FAR), axis=1)
    ordinary = np.maximum(np.maximum(ordinary, np.roll(ordinary, 1)), np.roll(ordinary, -1))
    ordinary = np.repeat(np.append(ordinary, ordinary[-1]), _FAR)[: x.size] + 1e-6
    spikes = np.flatnonzero(change > _OVER * ordinary)
    found: list[Click] = []
    for run in np.split(spikes, np.flatnonzero(np.diff(spikes) > LONGEST) + 1):
        if not run.size:
            continue
        first, end = max(int(run[0]) - 1, 0), min(int(run[-1]) + 2, x.size)
        if end - first <= LONGEST + 3 and first >= _FAR and end + _FAR <= x.size and _alone(change, first, end) and change[first:end].max() > 0.5 * np.abs(x[first - _FAR : end + _FAR]).max():
            found.append(Click(first=first, end=end))
    return tuple(found)


def _alone(change: Samples, first: int, end: int) -> bool:
    top = change[first:end].max()
    before, after = change[first - _NEAR : first], change[end : end + _NEAR]
    longer = change[end : end + _FAR]
    quiet = top * 10 ** (-_RING_DB / 20)
    return bool(max(before.max(), after.max()) < quiet and longer.max() < quiet)


def mended(x: Samples, clicks: tuple[Click, ...]) -> Samples:
    """A copy in which each click is what the sound around it foretells from both sides (least-squares autoregressive, Janssen et al. 1986)."""
    out = x.copy()
    for click in clicks:
        low, high = max(click.first - _CONTEXT, 0), min(click.end + _CONTEXT, x.size)
        out[click.first : click.end] = _foretold(out[low:high], click.first - low, click.end - low)
    return out


def _foretold(x: Samples, first: int, end: int) -> Samples:
    known = np.concatenate([x[:first], x[end:]])
    reach = np.array([known[: known.size - lag] @ known[lag:] for lag in range(_ORDER + 1)])
    if reach[0] <= 0:
        return np.zeros(end - first)
    matrix = reach[np.abs(np.subtract.outer(np.arange(_ORDER), np.arange(_ORDER)))] + np.eye(_ORDER) * reach[0] * 1e-6
    predictor = np.concatenate([[1.0], -np.linalg.solve(matrix, reach[1:])])
    rows = np.arange(max(first, _ORDER), min(end + _ORDER, x.size))
    errors = np.zeros((rows.size, x.size))
    for row, at in enumerate(rows):
        errors[row, at - _ORDER : at + 1] = predictor[::-1]
    unknown = errors[:, first:end]
    rest = errors @ np.where((np.arange(x.size) >= first) & (np.arange(x.size) < end), 0.0, x)
    return np.asarray(np.linalg.lstsq(unknown, -rest, rcond=None)[0])
