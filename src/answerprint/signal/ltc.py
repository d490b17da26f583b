"""Longitudinal timecode: the label and the exact place of a frame, heard on a sound channel (SMPTE ST 12-1 biphase mark)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

__all__ = ["Ltc", "decode"]

#: The sync word in the order its bits pass (ST 12-1, bits 64 to 79), and read backwards.
_SYNC = np.array([0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1], dtype=np.int8)
_BITS = 80
#: Where the BCD digits of a word lie: first bit, number of bits, what one is worth.
_FRAMES, _SECONDS, _MINUTES, _HOURS = ((0, 4), (8, 2)), ((16, 4), (24, 3)), ((32, 4), (40, 3)), ((48, 4), (56, 2))
_DROP_BIT = 10
_RATES = (Fraction(24000, 1001), Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(30))
#: A generator and a recorder without word clock differ by tens of ppm; the nearest two rates differ by 1000.
_RATE_PPM = 300
#: An error in a word shows as a break in the count. Music and speech never made three words that count on in their place.
_MIN_FRAMES = 3
_MIN_AGREE = 0.5


@dataclass(frozen=True, kw_only=True)
class Ltc:
    """Timecode heard on a channel.

    The frame labelled `label` starts at `at_sample`: its first bit cell begins there, fitted over all frames that agree, so it
    may fall between two samples and, for the first word cut in half, before the first one. `rate` is what the words run at: a
    rate in use where it is within 300 ppm of one.
    """

    label: str  #: "01:00:00:00", ";" before the frames for drop-frame
    drop: bool
    rate: Fraction
    at_sample: Fraction
    samples_per_frame: float  #: as measured
    frames: int  #: words decoded
    agree: float  #: share of the words that count on from each other in their place, 0.5 to 1


def decode(samples: NDArray[np.floating], rate_hz: int) -> Ltc | None:
    """Find longitudinal timecode in a stretch of sound.

    Args:    samples: shape (n,), any level and polarity, with or without an offset; one second is plenty, four frames the least.
             rate_hz: 16000 and up; a bit at 30 frames a second is two half cells of 208 microseconds.
    Returns: the first frame that agrees with most others, or None: music, speech, noise, silence, too short, played backwards.
    Raises:  ValueError where samples are not one-dimensional.
    """
    if samples.ndim != 1:
        raise ValueError(f"one channel has one dimension, this has {samples.ndim}")
    wave = np.asarray(samples, dtype=np.float64)
    if wave.size < rate_hz // 10 or not np.isfinite(wave).all():
        return None
    crossings = _crossings(wave, rate_hz)
    if crossings.size < _BITS * _MIN_FRAMES:
        return None
    bits, starts = _bits(crossings)
    words = _words(bits, starts)
    return _fit(words, rate_hz) if len(words) >= _MIN_FRAMES else None


def _crossings(wave: NDArray[np.float64], rate_hz: int) -> NDArray[np.float64]:
    """Where the wave changes sides, between samples by a straight line; a change must pass a third of the level around it."""
    # the level around each place: the highest of each 10 ms and its neighbours, so a fade or a hum does not hide the code
    step = max(1, rate_hz // 100)
    short = -wave.size % step
    padded = np.pad(wave, (0, short), mode="edge").reshape(-1, step)
    high, low = _widest(padded.max(axis=1), np.maximum), _widest(padded.min(axis=1), np.minimum)
    middle = np.repeat((high + low) / 2, step)[: wave.size]
    swing = np.repeat((high - low) / 2, step)[: wave.size]
    centred = wave - middle
    side = np.zeros(wave.size, dtype=np.int8)
    side[centred > swing / 3] = 1
    side[centred < -swing / 3] = -1
    side[swing <= 0] = 0
    decided = np.flatnonzero(side)
    if decided.size < 2:
        return np.zeros(0)
    changes = np.flatnonzero(side[decided[1:]] != side[decided[:-1]])
    before, after = decided[changes], decided[changes + 1]
    # between the two decided samples the straight line through zero; the steepest pair would be no better at these rates
    down, up = centred[before], centred[after]
    return before + (after - before) * (down / (down - up))


def _widest(level: NDArray[np.float64], pick: np.ufunc) -> NDArray[np.float64]:
    wide = level.copy()
    wide[1:] = pick(wide[1:], level[:-1])
    wide[:-1] = pick(wide[:-1], level[1:])
    return wide


def _bits(crossings: NDArray[np.float64]) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
    """Bits and where each cell begins: one long interval is 0, two short ones are 1; -1 where neither fits."""
    gaps = np.diff(crossings)
    # the sync word and the user bits make halves and wholes about equally common: split the lengths at the middle of the two
    low, high = np.percentile(gaps, 10), np.percentile(gaps, 90)
    if not 1.5 < high / max(low, 1e-9) < 3.0:
        return np.zeros(0, dtype=np.int8), np.zeros(0)
    near = gaps[(gaps > high * 0.75) & (gaps < high * 1.25)]
    cell = float(np.median(near)) if near.size else float(high)
    whole = (gaps > cell * 0.75) & (gaps < cell * 1.25)
    half = (gaps > cell * 0.25) & (gaps <= cell * 0.75)
    bits: list[int] = []
    starts: list[float] = []
    at = 0
    is_whole, is_half = whole.tolist(), half.tolist()
    last = len(is_half)
    while at < last:
        starts.append(float(crossings[at]))
        if is_whole[at]:
            bits.append(0)
            at += 1
        elif is_half[at] and at + 1 < last and is_half[at + 1]:
            bits.append(1)
            at += 2
        else:
            bits.append(-1)
            at += 1
    return np.array(bits, dtype=np.int8), np.array(starts)


def _words(bits: NDArray[np.int8], starts: NDArray[np.float64]) -> list[tuple[tuple[int, int, int, int, bool], float]]:
    """Every word whose sync is whole and whose digits can be: (hours, minutes, seconds, frames, drop) and where it starts."""
    if bits.size < _BITS:
        return []
    windows = np.lib.stride_tricks.sliding_window_view(bits, _SYNC.size)
    ends = np.flatnonzero((windows == _SYNC).all(axis=1))
    words = []
    for sync in ends.tolist():
        first = sync - 64
        if first < 0:
            continue
        word = bits[first : first + _BITS]
        if (word < 0).any():
            continue
        hours, minutes, seconds, frames = (_digits(word, place) for place in (_HOURS, _MINUTES, _SECONDS, _FRAMES))
        if hours is None or minutes is None or seconds is None or frames is None:
            continue
        if hours < 24 and minutes < 60 and seconds < 60 and frames < 30:
            words.append(((hours, minutes, seconds, frames, bool(word[_DROP_BIT])), float(starts[first])))
    return words


def _digits(word: NDArray[np.int8], places: tuple[tuple[int, int], tuple[int, int]]) -> int | None:
    units, tens = (int(sum(int(word[first + i]) << i for i in range(count))) for first, count in places)
    return None if units > 9 else tens * 10 + units


def _fit(words: list[tuple[tuple[int, int, int, int, bool], float]], rate_hz: int) -> Ltc | None:
    """Let the words vote for one clock: a line of labels against samples."""
    places = np.array([place for _, place in words])
    length = float(np.median(np.diff(places)))
    per_second = rate_hz / length
    nominal = min((24, 25, 30), key=lambda rate: abs(rate - per_second))
    if abs(per_second / nominal - 1) > 0.02:  # ten times the difference between 30 and 29.97; slower or faster is no timecode
        return None
    if max(label[3] for label, _ in words) >= nominal:
        return None
    drop = nominal == 30 and sum(label[4] for label, _ in words) * 2 > len(words)
    counts = np.array([_count(label, nominal, drop) for label, _ in words])
    day = _count((24, 0, 0, 0, drop), nominal, drop)
    counts = (counts - counts[0] + day // 2) % day - day // 2  # midnight is no break
    offsets = np.round(counts - places / length)
    values, votes = np.unique(offsets, return_counts=True)
    # rounding may split one clock over two neighbours as the length's own error adds up: take the best with both beside it
    best = values[np.argmax(votes)]
    kept = np.flatnonzero(np.abs(offsets - best) <= 1)
    if kept.size < _MIN_FRAMES or kept.size < _MIN_AGREE * len(words):
        return None
    slope, start = np.polyfit(counts[kept] - counts[kept[0]], places[kept], 1)
    error = np.abs(start + slope * (counts[kept] - counts[kept[0]]) - places[kept])
    kept = kept[error < length / _BITS]  # within one bit cell of the line
    if kept.size < _MIN_FRAMES or kept.size < _MIN_AGREE * len(words):
        return None
    slope, start = np.polyfit(counts[kept] - counts[kept[0]], places[kept], 1)
    measured = Fraction(rate_hz / float(slope)).limit_denominator(10**6)
    rate = min(_RATES, key=lambda known: abs(known / measured - 1))
    if abs(rate / measured - 1) > Fraction(_RATE_PPM, 10**6):
        rate = measured
    hours, minutes, seconds, frames, _ = words[int(kept[0])][0]
    return Ltc(
        label=f"{hours:02d}:{minutes:02d}:{seconds:02d}{';' if drop else ':'}{frames:02d}",
        drop=drop,
        rate=rate,
        at_sample=Fraction(float(start)).limit_denominator(1000),
        samples_per_frame=float(slope),
        frames=len(words),
        agree=float(kept.size / len(words)),
    )


def _count(label: tuple[int, int, int, int, bool], nominal: int, drop: bool) -> int:
    hours, minutes, seconds, frames, _ = label
    total = hours * 60 + minutes
    return (total * 60 + seconds) * nominal + frames - (2 * (total - total // 10) if drop else 0)
