"""The rhythm of a cut: how long its shots are, how they vary, how one follows from the one before, and what its cuts fall upon.

Moments and lengths are seconds from the film's first frame. Nothing here knows what is cut, only when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from answerprint.signal import SignalError

__all__ = ["NOTICED", "TOGETHER_S", "Falls", "Rhythm", "apart", "falls", "held", "rhythm"]

Floats = NDArray[np.float64]

#: A sound that comes so much before its picture is just noticed (ITU-R BT.1359-1, figure 2): nearer than this a cut falls on a beat or a word's end.
TOGETHER_S = 0.045
#: Two lengths are told apart from about a tenth on (Getty, Perception & Psychophysics 18, 1975: Weber fraction of duration): as a difference of logarithms.
NOTICED = 0.10
_LEVELS = 64  #: quantiles at which the lengths of two films are compared


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """The shot lengths of a film, in its order."""

    lengths_s: Floats
    mean_s: float
    median_s: float
    variation: float  #: standard deviation over mean: 0 where all are as long
    follows: float | None  #: lag-1 autocorrelation, -1 to 1: above 0 long follows long; None for fewer than 3 shots, or where all are as long
    longest: int  #: which shot is held longest, from 0; the first of several
    begins_s: Floats | None = None  #: first moments of the shots, where black lies between some; None: each follows on the one before

    @property
    def starts_s(self) -> Floats:
        """First moments of the shots."""
        return np.concatenate(([0.0], np.cumsum(self.lengths_s)[:-1])) if self.begins_s is None else self.begins_s

    @property
    def end_s(self) -> float:
        """Where the last shot ends."""
        return float(self.starts_s[-1] + self.lengths_s[-1])

    @property
    def cuts_s(self) -> Floats:
        """Where one shot follows another, or black; empty for a film of one."""
        return self.starts_s[1:]


@dataclass(frozen=True, kw_only=True)
class Falls:
    """How many cuts fall on something, and how many would if they had been strewn over the film."""

    on: tuple[bool, ...]  #: for each cut
    chance: float  #: share of the film that lies so near to one of the moments, 0 to 1

    @property
    def count(self) -> int:
        return sum(self.on)


def rhythm(cuts_s: Sequence[float] | Floats, length_s: float) -> Rhythm:
    """The rhythm of a film from where it is cut.

    Args:   cuts_s: first moments of new shots, in order, between 0 and the length; none for a film of one shot.
    Raises: SignalError: they are out of order or outside the film, or it has no length.
    """
    marks = np.concatenate(([0.0], np.asarray(cuts_s, dtype=np.float64), [float(length_s)]))
    lengths = np.diff(marks)
    if not np.isfinite(marks).all() or (lengths <= 0).any():
        raise SignalError(f"cuts have to follow one another inside a film of {length_s:.3f} s; these do not.")
    return _told(lengths, None)


def held(shots_s: Sequence[tuple[float, float]]) -> Rhythm:
    """The rhythm of shots that need not touch: black between two of them is no shot, and no part of either.

    Args:   shots_s: first and end moment of each, in order; at least one.
    Raises: SignalError: there is none, one has no length, or they lie over each other.
    """
    starts, ends = (np.asarray([one[side] for one in shots_s], dtype=np.float64) for side in (0, 1))
    if not starts.size or not np.isfinite((starts, ends)).all() or (ends <= starts).any() or (starts[1:] < ends[:-1] - 1e-9).any():
        raise SignalError("shots have to follow one another, each with a length; these do not.")
    return _told(ends - starts, starts)


def _told(lengths: Floats, begins: Floats | None) -> Rhythm:
    spread = float(lengths.std())
    even = spread <= 1e-6 * float(lengths.mean())
    away = lengths - lengths.mean()
    follows = None if even or lengths.size < 3 else float((away[1:] * away[:-1]).sum() / (away**2).sum())
    return Rhythm(
        lengths_s=lengths, mean_s=float(lengths.mean()), median_s=float(np.median(lengths)), variation=spread / float(lengths.mean()), follows=follows,
        longest=int(lengths.argmax()), begins_s=begins,
    )  # fmt: skip


def falls(cuts_s: Sequence[float] | Floats, moments_s: Sequence[float] | Floats, length_s: float, *, within_s: float = TOGETHER_S) -> Falls:
    """Which cuts fall on one of some moments: beats, ends of words, another cut's own cut points.

    Returns: None of them where there are no moments.
    """
    cuts, moments = np.asarray(cuts_s, dtype=np.float64), np.unique(np.asarray(moments_s, dtype=np.float64))
    if not moments.size:
        return Falls(on=(False,) * cuts.size, chance=0.0)
    nearest = np.abs(cuts[:, None] - moments[None, :]).min(axis=1) if cuts.size else np.zeros(0)
    low, high = np.clip(moments - within_s, 0, length_s), np.clip(moments + within_s, 0, length_s)
    covered = float(np.maximum(0, high - np.maximum(low, np.concatenate(([0.0], np.maximum.accumulate(high)[:-1])))).sum())
    return Falls(on=tuple(bool(one) for one in nearest <= within_s + 1e-9), chance=covered / length_s if length_s > 0 else 0.0)


def apart(first: Rhythm, second: Rhythm) -> float:
    """How far two rhythms stand apart: the mean difference of the logarithms of their shot lengths, short ones beside short ones.

    0 for the same lengths in any order; 0.69 where every shot is twice as long. A film that holds many seconds over few shots weighs no
    more than one of many.
    """
    places = (np.arange(_LEVELS) + 0.5) / _LEVELS
    pair = [np.quantile(np.log(one.lengths_s), places) for one in (first, second)]
    return float(np.abs(pair[0] - pair[1]).mean())
