"""What is heard that nobody wrote: laughter, an intake of breath, wind on the microphone; and how a line is spoken.

Sound is float, mono, 16 kHz, full scale 1.0, of shape (n,).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from answerprint.signal.novelty import Line, spells

__all__ = ["HOP_S", "RATE_HZ", "WIND_DB", "Bands", "bands", "breaths", "laughs", "loudness_db", "noisy_db", "pitch_hz", "windy"]

RATE_HZ = 16_000
HOP_S = 0.02
_HOP = 320
_FRAME = 640
#: Bands in Hz: wind on a microphone lies below 90; the voice between 200 and 3,400; breath between 1,500 and 7,000.
_BANDS = {"low": (20, 90), "voice": (200, 3400), "breath": (1500, 7000)}
_SILENT_DB = -100.0
#: Syllables of laughter follow each other 3.5 to 6.5 times a second (Bachorowski, Smoski and Owren, JASA 110(3), 2001: 4.4 in the mean).
_LAUGH_LAGS = (7, 15)
_LAUGH_S = 0.7
_LAUGH_LIKE = 0.5  #: of the envelope with itself one syllable later; words of the composed shoots stay below 0.4 outside words
_LAUGH_DB = 9.0  #: from a syllable to the gap after it
WIND_DB = 8.0  #: over the loudest tenth of the others' low band
_WIND_S = 0.5
_FAR_DB = 15.0
_BREATH_DB, _BREATH_S = 6.0, (0.12, 1.0)


@dataclass(frozen=True, kw_only=True)
class Bands:
    """Levels of one clip's sound in dB of full scale, one entry for each 20 ms."""

    low: Line
    voice: Line
    breath: Line

    def part(self, in_s: float, out_s: float) -> Bands:
        first, last = max(0, int(in_s / HOP_S)), max(0, int(out_s / HOP_S))
        return Bands(low=self.low[first:last], voice=self.voice[first:last], breath=self.breath[first:last])


def bands(samples: NDArray[np.float32]) -> Bands:
    """The level of each band over time. Empty for a sound shorter than 40 ms."""
    count = max(0, (len(samples) - _FRAME) // _HOP + 1)
    found = {name: np.full(count, _SILENT_DB) for name in _BANDS}
    hz = np.fft.rfftfreq(_FRAME, 1 / RATE_HZ)
    window = np.hanning(_FRAME).astype(np.float32)
    for first in range(0, count, 4096):
        last = min(count, first + 4096)
        block = np.lib.stride_tricks.sliding_window_view(samples[first * _HOP : (last - 1) * _HOP + _FRAME], _FRAME)[::_HOP]
        power = np.abs(np.fft.rfft(block * window, axis=1)) ** 2
        for name, (low, high) in _BANDS.items():
            level = power[:, (hz >= low) & (hz <= high)].sum(axis=1) / (_FRAME * _FRAME / 8)
            found[name][first:last] = 10 * np.log10(level + 1e-10)
    return Bands(**found)


def windy(heard: Bands, calm_db: float, *, compared: bool = True) -> list[tuple[float, float, float]]:
    """Where the lowest band stands far over what it is in the other attempts: (in_s, out_s, dB over it). A single bang is too short to be wind.

    Args: calm_db: of the others' low band; of its own where there is none (`compared` False), and then no voice may lie over it.
    """
    level = _smooth(heard.low, 5)
    found = []
    for in_s, out_s in spells(level > calm_db + WIND_DB, hop_s=HOP_S, join_s=0.6, least_s=_WIND_S):
        part = heard.part(in_s, out_s)
        over = float(np.percentile(level[int(in_s / HOP_S) : int(out_s / HOP_S)], 90) - calm_db)
        # Between words: a passing car has more above than below. Under a voice that never stops, only what is far over it is told.
        if (over < _FAR_DB or not compared) and np.median(part.low) < np.percentile(part.voice, 20) + 3:
            continue
        found.append((in_s, out_s, over))
    return found


def noisy_db(samples: NDArray[np.floating]) -> float:
    """How far the middle of the spectrum from 20 to 90 Hz lies under its mean, in dB, 0 or less: about -2 for wind, which is noise; -12 where a tone stands there.

    Empty: -100 for less than a quarter of a second.
    """
    size = 4096
    if len(samples) < size:
        return _SILENT_DB
    block = np.lib.stride_tricks.sliding_window_view(samples, size)[:: size // 2]
    power = (np.abs(np.fft.rfft(block * np.hanning(size), axis=1)) ** 2).mean(axis=0)
    hz = np.fft.rfftfreq(size, 1 / RATE_HZ)
    low = power[(hz >= _BANDS["low"][0]) & (hz <= _BANDS["low"][1])]
    return float(10 * np.log10(np.median(low) / low.mean() + 1e-10)) if low.any() else _SILENT_DB


def laughs(heard: Bands, busy: Sequence[tuple[float, float]]) -> list[tuple[float, float, float]]:
    """Bursts as even as laughter: (in_s, out_s, how like itself the envelope is a syllable later, 0..1).

    Args: busy: where words are spoken; nothing is looked for there.
    """
    free = _free(heard.voice.size, busy)
    floor = float(np.percentile(heard.voice[free], 20)) if free.any() else 0.0
    level = np.maximum(_smooth(heard.voice, 1), floor)
    length = round(_LAUGH_S / HOP_S)
    mask = np.zeros(level.size, bool)
    likeness = np.zeros(level.size)
    for first in range(0, level.size - length + 1, 5):
        part = level[first : first + length]
        if not free[first : first + length].all() or part.max() - floor < 2 * _LAUGH_DB:
            continue
        like, lag = _even(part)
        if like >= _LAUGH_LIKE and _beats(part, lag):
            mask[first : first + length] = True
            likeness[first : first + length] = np.maximum(likeness[first : first + length], like)
    out = []
    for in_s, out_s in spells(mask, hop_s=HOP_S, join_s=0.3, least_s=_LAUGH_S):
        out.append((in_s, out_s, float(likeness[int(in_s / HOP_S) : int(out_s / HOP_S)].max())))
    return out


def _even(part: Line) -> tuple[float, int]:
    wave = part - part.mean()
    wave = wave - np.linspace(wave[:5].mean(), wave[-5:].mean(), wave.size)
    best, at = 0.0, 0
    for lag in range(_LAUGH_LAGS[0], _LAUGH_LAGS[1] + 1):
        one, other = wave[:-lag], wave[lag:]
        like = float((one * other).sum() / (np.sqrt((one**2).sum() * (other**2).sum()) + 1e-9))
        if like > best:
            best, at = like, lag
    return best, at


def _beats(part: Line, lag: int) -> bool:
    """Whether every syllable is followed by a gap."""
    pieces = [part[first : first + lag] for first in range(0, part.size - lag + 1, lag)]
    return len(pieces) >= 2 and float(np.median([piece.max() - piece.min() for piece in pieces])) >= _LAUGH_DB


def breaths(heard: Bands, in_s: float, out_s: float) -> list[tuple[float, float, float]]:
    """Intakes of breath in a stretch without words: (in_s, out_s, dB over the stretch's own floor). More above 1,500 Hz than the room has."""
    part = heard.part(in_s, out_s).breath
    if part.size < 5:
        return []
    level = _smooth(part, 2)
    floor = float(np.percentile(level, 20))
    found = []
    for start_s, end_s in spells(level > floor + _BREATH_DB, hop_s=HOP_S, join_s=0.06):
        if _BREATH_S[0] <= end_s - start_s <= _BREATH_S[1]:
            found.append((in_s + start_s, in_s + end_s, float(level[int(start_s / HOP_S) : max(1, int(end_s / HOP_S))].max() - floor)))
    return found


def loudness_db(heard: Bands, words: Sequence[tuple[float, float]]) -> float | None:
    """How loud words are spoken: the mean power of the voice's band inside them, in dB of full scale. None without a word."""
    parts = [heard.part(in_s, out_s).voice for in_s, out_s in words]
    parts = [part for part in parts if part.size]
    return float(10 * np.log10(np.mean(10 ** (np.concatenate(parts) / 10)))) if parts else None


def pitch_hz(samples: NDArray[np.float32], words: Sequence[tuple[float, float]]) -> float | None:
    """The median pitch of the voiced moments of some words, by autocorrelation between 70 and 400 Hz. None where under ten are voiced."""
    size = 800
    low, high = RATE_HZ // 400, RATE_HZ // 70
    starts = np.array([at for in_s, out_s in words for at in range(int(in_s * RATE_HZ), int(out_s * RATE_HZ) - size, _HOP)], np.intp)
    starts = starts[(starts >= 0) & (starts + size <= len(samples))]
    if starts.size < 10:
        return None
    block = samples[starts[:, None] + np.arange(size)[None]]
    block = (block - block.mean(axis=1, keepdims=True)) * np.hanning(size)
    spectrum = np.abs(np.fft.rfft(block, 2048, axis=1)) ** 2
    spectrum[:, int(1000 * 2048 / RATE_HZ) :] = 0  # below 1 kHz: the lowest formant and what is under it
    like = np.fft.irfft(spectrum, axis=1)[:, : high + 1]
    window = np.fft.irfft(np.abs(np.fft.rfft(np.hanning(size), 2048)) ** 2)[: high + 1]
    like = like / (window / window[0]) / np.maximum(like[:, :1], 1e-12)
    best = like[:, low:].argmax(axis=1) + low
    sure = like[np.arange(starts.size), best] > 0.6
    return float(RATE_HZ / np.median(best[sure])) if sure.sum() >= 10 else None


def _free(count: int, busy: Sequence[tuple[float, float]]) -> NDArray[np.bool_]:
    free = np.ones(count, bool)
    for in_s, out_s in busy:
        free[max(0, int(in_s / HOP_S)) : max(0, int(np.ceil(out_s / HOP_S)))] = False
    return free


def _smooth(level: Line, half: int) -> Line:
    if level.size < 2 * half + 1:
        return level
    return np.convolve(np.pad(level, half, mode="edge"), np.full(2 * half + 1, 1 / (2 * half + 1)), "valid")
