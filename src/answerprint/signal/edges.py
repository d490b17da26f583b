"""Where words begin and end, by the sound's own edges; and where a cut may fall between them.

A speech model knows which word comes when to within a tenth of a second or two; the sound knows to the hundredth where something
begins, and not what. Here the two are put together: every word keeps its order and its place, its start moves to the edge that
fits best, and its end is the end of the sound, not of the silence after it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from answerprint.signal import SignalError

__all__ = ["HOP_S", "Cut", "Edged", "Profile", "cut_points", "profile", "refine"]

HOP_S = 0.01  #: everything here is measured a hundred times a second
_WINDOW_S = 0.025  # the usual frame of speech analysis
_BANDS = 20

# The weights of the path, found by trying 120 sets on half of 1500 words with known starts and checked on the other half
# (docs/transcript.md). Costs have no unit; what counts is how one stands to the other.
_LATE_S = 0.07  # cross-attention marks a word so late inside running speech
_REACH_S = 0.7  # how far an edge may lie from the model's time
_CLOCK = 0.16  # a second of silence between edge and model counts as so much of a second of sound
_NEAR_S, _AWAY = 0.1, 16.0  # squared up to the first, then straight: cost of a second away
_VAGUE = 0.4  # a word that the model gave no length has a vague place: its distance counts for so much less
_TURN, _RISE, _QUIET = 0.1, 0.5, 5.0  # for a turn in the spectrum, for the first sound after silence, against silence
_SILENCE, _LENGTH = 0.12, 6.0  # for each hop of silence inside a word; for a length unlike its letters (log ratio squared)
_FLOOR_DB, _TOP_DB = 6.0, 30.0  # sound is so far above the quiet around it, and at most so far below the loud


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What a sound does, a hundred times a second. All arrays have shape (n,); n is the whole number of hops in the sound."""

    level_db: NDArray[np.float32]  #: level with the highs lifted, so that an s counts as much as an o; dB of full scale
    sounding: NDArray[np.bool_]  #: above the floor of its own surroundings
    change: NDArray[np.float32]  #: how much the spectrum turns over here: 0 steady, 1 as much as the strongest twentieth


@dataclass(frozen=True, kw_only=True)
class Edged:
    """One word with its edges. `sharpness_db`: how much louder the 50 ms after the start are than the 50 ms before it (higher: surer)."""

    start_s: float
    end_s: float
    sharpness_db: float


@dataclass(frozen=True, kw_only=True)
class Cut:
    """Frames [in_frame, out_frame) that hold a stretch of words, and how many of them lie before its first and after its last sound."""

    in_frame: int
    out_frame: int
    head_frames: int  #: fewer than asked where a neighbour speaks
    tail_frames: int
    clean: bool  #: no neighbour's sound runs into it


def profile(samples: NDArray[np.float32], *, rate_hz: int) -> Profile:
    """Measure a sound for its edges.

    Args:    samples: float, shape (n,), full scale 1.0.
    Returns: arrays of shape (n // (rate_hz / 100),); empty for a sound shorter than a hop.
    Raises:  SignalError: not one-dimensional, or not finite.
    """
    if samples.ndim != 1:
        raise SignalError(f"a sound to find words in is one channel of samples; this has the shape {samples.shape}. Mix it first.")
    if not np.isfinite(samples).all():
        raise SignalError("a sound to find words in holds values that are not numbers. Decode it again.")
    hop, window = round(rate_hz * HOP_S), round(rate_hz * _WINDOW_S)
    count = len(samples) // hop
    if not count:
        nothing = np.zeros(0, np.float32)
        return Profile(level_db=nothing, sounding=np.zeros(0, bool), change=nothing)
    lifted = np.append(samples[:1], samples[1:] - np.float32(0.9) * samples[:-1])
    padded = np.pad(lifted, (window // 2, window))
    spectra = np.empty((count, _BANDS), np.float32)
    level = np.empty(count, np.float32)
    hertz = np.fft.rfftfreq(window, 1 / rate_hz)
    edges = 700 * (10 ** (np.linspace(_mel(100), _mel(min(8000, rate_hz / 2)), _BANDS + 1) / 2595) - 1)
    member = np.stack([(hertz >= low) & (hertz < high) for low, high in itertools.pairwise(edges)]).astype(np.float32)
    member /= np.maximum(member.sum(axis=1, keepdims=True), 1)
    taper = np.hanning(window).astype(np.float32)
    for at in range(0, count, 6000):  # a minute at a time: memory stays small on an hour of sound
        last = min(count, at + 6000)
        frames = np.lib.stride_tricks.sliding_window_view(padded[at * hop : (last - 1) * hop + window], window)[::hop] * taper
        level[at:last] = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-10)
        spectra[at:last] = 10 * np.log10((np.abs(np.fft.rfft(frames, axis=1)) ** 2 @ member.T) / window + 1e-9)
    floor, top = _surroundings(level)
    sounding = level > np.maximum(floor + _FLOOR_DB, top - _TOP_DB)
    return Profile(level_db=level, sounding=_tidy(sounding), change=_change(np.maximum(spectra, floor[:, None] - 3)))


def _mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))


def _surroundings(level: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The quiet and the loud of five seconds around each hop, from blocks of half a second. Shapes (n,)."""
    block = 50
    blocks = -(-len(level) // block)
    padded = np.pad(level, (0, blocks * block - len(level)), mode="edge").reshape(blocks, block)
    low, high = np.percentile(padded, 10, axis=1), np.percentile(padded, 95, axis=1)
    reach = 5
    around = [slice(max(0, at - reach), at + reach + 1) for at in range(blocks)]
    floor = np.array([low[one].min() for one in around])
    top = np.array([high[one].max() for one in around])
    centres = (np.arange(blocks) + 0.5) * block
    hops = np.arange(len(level))
    return np.interp(hops, centres, floor).astype(np.float32), np.interp(hops, centres, top).astype(np.float32)


def _tidy(sounding: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Without blips of one or two hops, and without holes as short as the closure of a stop (50 ms)."""
    out = sounding.copy()
    for value, longest in ((True, 2), (False, 5)):
        starts, ends = _runs(out == value)
        for start, end in zip(starts, ends):
            if end - start <= longest and (value or (start > 0 and end < len(out))):
                out[start:end] = not value
    return out


def _runs(flags: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Starts and ends of the stretches that are true."""
    steps = np.diff(np.concatenate(([0], flags.astype(np.int8), [0])))
    return np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)


def _change(spectra: NDArray[np.float32]) -> NDArray[np.float32]:
    """Distance between the 30 ms before and the 30 ms after each hop, over the strongest twentieth of all."""
    if len(spectra) < 7:
        return np.zeros(len(spectra), np.float32)
    total = np.concatenate((np.zeros((1, spectra.shape[1])), np.cumsum(spectra, axis=0, dtype=np.float64)))
    hops = np.arange(len(spectra))
    before = (total[hops] - total[np.maximum(hops - 3, 0)]) / np.maximum(np.minimum(hops, 3), 1)[:, None]
    last = np.minimum(hops + 3, len(spectra))
    after = (total[last] - total[hops]) / (last - hops)[:, None]
    out = np.sqrt(np.mean((after - before) ** 2, axis=1))
    out[0] = 0
    return np.asarray(np.minimum(out / (np.percentile(out, 95) + 1e-9), 1.0), np.float32)


def refine(words: Sequence[tuple[float, float, str]], heard: Profile) -> list[Edged]:
    """Move words to the edges of the sound.

    One path through all words: each start stays near the model's time, prefers a turn in the sound, leaves silence out of words
    and sound out of gaps, and gives each word a length in keeping with its letters. Starts never cross; an end is where the sound
    before the next word ends.

    Args:    words: (start_s, end_s, text) in order, by the model.  heard: the profile of the same sound, from its beginning.
    Returns: one Edged for each word, in order, starts rising, no two overlapping. Empty for no words.
    """
    if not words:
        return []
    count = len(heard.sounding)
    if not count:
        return [Edged(start_s=start, end_s=end, sharpness_db=0.0) for start, end, _ in words]
    silent = np.concatenate(([0], np.cumsum(~heard.sounding)))
    voiced = np.concatenate(([0], np.cumsum(heard.sounding)))
    hops = np.arange(count + 1)
    since = np.concatenate(([0], _since_sound(heard.sounding)))
    letters = np.array([max(2, sum(char.isalnum() for char in text)) for *_, text in words], float)
    pace = _pace(words, letters, voiced, count)
    expected = letters * pace + 0.06 / HOP_S
    candidates, costs = [], []
    reach = round(_REACH_S / HOP_S)
    turn = np.concatenate((heard.change, [0]))
    rises = np.concatenate(([heard.sounding[0]], heard.sounding[1:] & ~heard.sounding[:-1], [False]))
    quiet = np.concatenate((~heard.sounding, [True]))
    for number, (start_s, end_s, _) in enumerate(words):
        centre = min(max(0, round((start_s - _LATE_S) / HOP_S)), count - 1)
        near = hops[max(0, centre - reach) : min(count, centre + reach + 1)]
        far = hops[min(count, centre + reach + 1) : min(count, round(end_s / HOP_S) + 1)]  # a pause that the model gave to the word
        early = hops[max(0, round(words[number - 1][1] / HOP_S)) : max(0, centre - reach)] if number else hops[:0]
        own = np.concatenate((early[heard.sounding[early]], near, far[heard.sounding[far]]))
        sure = min(max((end_s - start_s) / (expected[number] * HOP_S), _VAGUE), 1.0)
        away = (_CLOCK * np.abs(own - centre) + (1 - _CLOCK) * np.abs(voiced[own] - voiced[centre])) * HOP_S
        candidates.append(own)
        cost = sure * _AWAY * np.minimum(away / _NEAR_S, 1) * away
        costs.append(cost - _TURN * turn[own] - _RISE * rises[own] + _QUIET * quiet[own])
    total, back = costs[0], []
    for index in range(1, len(words)):
        before, here = candidates[index - 1][:, None], candidates[index][None, :]
        inside = np.maximum(silent[here] - silent[before] - since[here], 0)
        spoken = np.maximum(voiced[here] - voiced[before], 0)
        ratio = np.log((spoken + 3) / (expected[index - 1] + 3))
        pair = _SILENCE * inside + _LENGTH * ratio**2 + np.where(here <= before + 2, 50.0, 0.0)
        whole = total[:, None] + pair
        choice = np.argmin(whole, axis=0)
        back.append(choice)
        total = whole[choice, np.arange(len(candidates[index]))] + costs[index]
    finish = min(count, max(round(words[-1][1] / HOP_S) + 30, candidates[-1][0] + 1))
    inside = np.maximum(silent[finish] - silent[candidates[-1]] - since[finish], 0)
    spoken = np.maximum(voiced[finish] - voiced[candidates[-1]], 0)
    total = total + _SILENCE * inside + _LENGTH * np.log((spoken + 3) / (expected[-1] + 3)) ** 2
    at = int(np.argmin(total))
    starts = [int(candidates[-1][at])]
    for index in range(len(words) - 1, 0, -1):
        at = int(back[index - 1][at])
        starts.append(int(candidates[index - 1][at]))
    starts.reverse()
    for index in range(1, len(starts)):
        starts[index] = max(starts[index], starts[index - 1] + 1)
    return [_edged(starts, index, words, heard, since, expected) for index in range(len(words))]


def _since_sound(sounding: NDArray[np.bool_]) -> NDArray[np.intp]:
    """For each hop, how many silent hops end with it. Shape (n,)."""
    hops = np.arange(1, len(sounding) + 1)
    last = np.maximum.accumulate(np.where(sounding, hops, 0))
    return np.asarray(hops - last, np.intp)


def _pace(words: Sequence[tuple[float, float, str]], letters: NDArray[np.float64], voiced: NDArray[np.intp], count: int) -> float:
    """Hops of sound for a letter, as this speaker speaks here."""
    low = min(max(0, round(words[0][0] / HOP_S)), count)
    high = min(max(low, round(words[-1][1] / HOP_S)), count)
    spoken = float(voiced[high] - voiced[low]) - len(words) * 6
    return float(np.clip(spoken / letters.sum(), 3.0, 12.0))


def _edged(
    starts: list[int], index: int, words: Sequence[tuple[float, float, str]], heard: Profile, since: NDArray[np.intp], expected: NDArray[np.float64]
) -> Edged:  # fmt: skip
    count = len(heard.sounding)
    start = starts[index]
    if index + 1 < len(starts):
        limit = min(starts[index + 1], count)
    else:
        limit = min(count, max(round(words[index][1] / HOP_S) + 30, start + 1))
    limit = min(limit, start + round(3 * expected[index]) + 20)
    end = max(limit - int(since[limit]), start + 1)
    ahead, behind = heard.level_db[start : start + 5], heard.level_db[max(0, start - 5) : start]
    sharp = float(np.mean(ahead) - np.mean(behind)) if len(ahead) and len(behind) else 0.0
    return Edged(start_s=round(start * HOP_S, 3), end_s=round(end * HOP_S, 3), sharpness_db=round(sharp, 1))


def cut_points(
    first_s: float, last_s: float, heard: Profile, *, rate: Fraction, before_s: float | None = None, after_s: float | None = None,
    head: int = 4, tail: int = 8,
) -> Cut:  # fmt: skip
    """Where to cut around a stretch of words so that nothing of them is lost and nobody else is heard.

    Four frames before the first sound and eight after the last are an assistant's habit; where a neighbour speaks sooner, the cut
    falls in the gap, and without a gap where it is quietest.
    Args:    first_s, last_s: refined start of the first word and end of the last.  before_s, after_s: end of the word before and
             start of the word after, None where there is none.  rate: frames a second.
    Returns: whole frames; in_frame >= 0.
    """
    count = len(heard.sounding)
    low = 0 if before_s is None else min(round(before_s / HOP_S), count)
    high = count if after_s is None else min(round(after_s / HOP_S), count)
    first, last = min(round(first_s / HOP_S), count), min(round(last_s / HOP_S), count)
    while first > low and heard.sounding[first - 1] and (first_s - first * HOP_S) < 0.25:
        first -= 1
    while last < high and heard.sounding[last] and (last * HOP_S - last_s) < 0.25:
        last += 1
    in_frame = max(math.floor(Fraction(first) * Fraction(1, 100) * rate) - head, 0)
    if before_s is not None:
        in_frame = max(in_frame, math.ceil(Fraction(_quietest(heard, low, first)) * Fraction(1, 100) * rate))
        in_frame = min(in_frame, math.floor(Fraction(first) * Fraction(1, 100) * rate))
    out_frame = math.ceil(Fraction(last) * Fraction(1, 100) * rate) + tail
    if after_s is not None:
        out_frame = min(out_frame, math.floor(Fraction(_quietest(heard, last, high)) * Fraction(1, 100) * rate))
        out_frame = max(out_frame, math.ceil(Fraction(last) * Fraction(1, 100) * rate))
    begins = math.ceil(Fraction(in_frame) / rate * 100)
    ends = math.floor(Fraction(out_frame) / rate * 100)
    return Cut(
        in_frame=in_frame, out_frame=out_frame,
        head_frames=math.floor(Fraction(first) * Fraction(1, 100) * rate) - in_frame,
        tail_frames=out_frame - math.ceil(Fraction(last) * Fraction(1, 100) * rate),
        clean=not heard.sounding[begins:first].any() and not heard.sounding[last:ends].any(),
    )  # fmt: skip


def _quietest(heard: Profile, low: int, high: int) -> int:
    """The middle of what is as quiet (within 3 dB) as the quietest 30 ms between two hops; `low` itself where there is no room."""
    if high - low < 4:
        return low if high <= low else (low + high) // 2
    eased = np.convolve(heard.level_db[low:high], np.full(3, 1 / 3), "valid")
    quiet = np.flatnonzero(eased <= eased.min() + 3)
    return low + 1 + int(quiet[len(quiet) // 2])
