"""One place in a roll, listened to closely: where each window of the clip lies, and the line they agree on.

Short frames of clip and roll are compared by phase (generalised cross-correlation, Knapp & Carter 1976), cells of time and
frequency weighted by how far both sides stand above their own standing noise. A line - offset and drift - is looked for through
all of them first (a Hough search), the clock's slope is taken out, and then every window is measured by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from answerprint.signal.resample import decimated

__all__ = ["FINE_HZ", "Closely", "Window", "closely", "fit"]

Samples = NDArray[np.float32]
Spectra = NDArray[np.complex64]
FINE_HZ = 16000  # a camera microphone a few metres off has little to say above 8 kHz
_FRAME = 8192  # 0.5 s: longer than a room's early echoes; at 150 ppm the clock slides 0.08 ms inside
_HOP = _FRAME // 2
_UP = 3  # lags are read on the 48 kHz grid
_REACH_S = 0.06  # lags that are looked at around the line
_LINE_S = 0.04  # how far the first line may lie from the place: 20 ms of bins and 13 ms of drift
_NEAR_S = 0.0025  # how far from the line one window's own peak is looked for
_AGREE_S = 0.001  # a window agrees within a millisecond: a tenth of that is usual, a room's first echo is farther
_DIRECT_S = 0.035  # a first arrival so much before the strongest: 12 m of detour
_FIRST = 0.7  # of the strongest peak: what an echo 10 % louder leaves of the direct sound; a recorder room leaves up to 0.64
_ECHO = 2.5  # sigma of the cepstrum: true echoes of 0.9 to 1.3 measured 3.4 and more at 0 to 20 dB, a recorder's own below zero
_APART = FINE_HZ * _UP // 2000  # half a millisecond: nearer, a peak's own sides and the two microphones' colour are in the way
_CLOCK = 300e-6  # crystals are good to 50 ppm, the worst cameras reported to 150: twice that is not a clock
_SEEN = 5.0  # a peak of 5 sigma: one chance in 25,000 over the 160 independent lags looked at


@dataclass(frozen=True, kw_only=True)
class Window:
    """One stretch of the clip, measured by itself."""

    at_s: float  #: its middle, from the clip's start
    lag_s: float  #: sound time minus clip time there
    peak: float  #: correlation peak over the standard deviation of the lags around it
    agrees: bool


@dataclass(frozen=True, kw_only=True)
class Closely:
    """What listening closely at one place found."""

    offset_s: float  #: sound time of the clip's start
    drift: float  #: sound seconds gained per clip second: 1e-6 is one ppm
    drift_se: float
    residual_s: float  #: root mean square of the agreeing windows about the line
    strength: float  #: joint peak of the agreeing windows, in sigma
    windows: tuple[Window, ...]
    overlap_s: float

    @property
    def agreeing(self) -> int:
        return sum(window.agrees for window in self.windows)


def _frames(x: Samples) -> Spectra:
    count = (len(x) - _FRAME) // _HOP + 1
    view = np.lib.stride_tricks.sliding_window_view(x[: (count - 1) * _HOP + _FRAME], _FRAME)[::_HOP]
    return np.asarray(np.fft.rfft(view * np.hanning(_FRAME).astype(np.float32), axis=1), np.complex64)


def _weights(spectra: Spectra) -> Samples:
    """How far each cell stands above the standing noise of its bin, 0..1."""
    power = np.abs(spectra) ** 2
    summed = np.cumsum(np.pad(power, ((0, 0), (3, 2))), axis=1, dtype=np.float64)
    smooth = np.maximum((summed[:, 5:] - summed[:, :-5]) / 5, 0)
    floor = np.percentile(smooth, 15, axis=0) if len(spectra) >= 6 else np.zeros(spectra.shape[1])
    weight = np.maximum(0, 1 - 2 * floor / np.maximum(smooth, 1e-20))
    return np.asarray(weight * (smooth > 1e-6), np.float32)


def _line(lags: Samples, at_s: NDArray[np.float64], keep: int) -> tuple[float, float]:
    """Offset at the middle of the clip (in lag samples from the centre) and drift of the strongest line through rows of lags."""
    middle = float(at_s.mean())
    span = max(1.0, float(np.ptp(at_s)) / 2)
    steps = max(1, int(np.ceil(_CLOCK / (0.0003 / span))))
    half = lags.shape[1] // 2
    best = (0.0, 0.0, 0.0)
    for drift in np.linspace(-_CLOCK, _CLOCK, 2 * steps + 1):
        total = np.zeros(2 * keep + 1, np.float32)
        for row, at in zip(lags, at_s, strict=True):
            centre = half + round(drift * (at - middle) * FINE_HZ)
            total += row[centre - keep : centre + keep + 1]
        at_peak = int(np.abs(total).argmax())
        if abs(total[at_peak]) > best[0]:
            best = (float(abs(total[at_peak])), at_peak - keep, float(drift))
    return best[1], best[2]


def _peak(row: Samples, centre: int, near: int) -> tuple[float, float, float]:
    """Sub-sample position and height of the largest value near `centre`, and the sigma of the lags farther out."""
    at = centre - near + int(row[centre - near : centre + near + 1].argmax())
    a, b, c = (float(value) for value in row[at - 1 : at + 2])
    bend = a - 2 * b + c
    shift = 0.5 * (a - c) / bend if bend < 0 else 0.0
    away = np.concatenate([row[: centre - 4 * near], row[centre + 4 * near :]])
    return at + float(np.clip(shift, -0.5, 0.5)), b, float(np.sqrt(np.mean(away.astype(np.float64) ** 2))) + 1e-12


def closely(clip: Samples, sound: NDArray[np.generic], place_s: float) -> Closely | None:
    """Measure a clip against a roll around one place.

    Args:    clip: float32 at FINE_HZ, shape (n,).  sound: the roll, 48 kHz.  place_s: sound time of the clip's start, to 20 ms.
    Returns: the line and its windows; None where less than three windows of sound lie on both.
    """
    place = round(place_s * FINE_HZ)
    first, last = max(0, -place), min(len(clip), len(sound) // 3 - place)
    if last - first < 3 * _FRAME:
        return None
    ours = clip[first:last]
    guard = 3 * 480
    low, high = 3 * (place + first), 3 * (place + last)
    theirs = decimated(sound[max(0, low - guard) : high + guard], 3)
    theirs = theirs[(low - max(0, low - guard)) // 3 :][: len(ours)]
    ours = ours[: len(theirs)]
    x, y = _frames(ours), _frames(theirs)
    weight = _weights(x) * _weights(y)
    hertz = np.fft.rfftfreq(_FRAME, 1 / FINE_HZ)
    weight[:, (hertz < 120) | (hertz > 7600)] = 0
    cross = y * np.conj(x)
    cross *= weight / np.maximum(np.abs(cross), 1e-20)
    at_s = (first + np.arange(len(x)) * _HOP + _FRAME / 2) / FINE_HZ
    mass = weight.sum(axis=1)
    if not mass.any():
        return None

    rough = np.fft.irfft(np.where(hertz < 2200, cross, 0), n=_FRAME, axis=1)
    reach, keep = round((_LINE_S + _CLOCK * 60) * FINE_HZ) + 64, round(_LINE_S * FINE_HZ)
    rough = np.concatenate([rough[:, -reach:], rough[:, : reach + 1]], axis=1)
    lag, drift = _line(np.asarray(rough, np.float32), at_s, keep)
    centre_s = float(at_s.mean())

    slide = lag / FINE_HZ + drift * (at_s - centre_s)
    turned = cross * np.exp(2j * np.pi * hertz * slide[:, None]).astype(np.complex64)
    count = int(np.clip(len(clip) / FINE_HZ / 2, 3, 12))
    length = max(2, len(x) // count)
    groups = [range(at, min(at + length, len(x))) for at in range(0, len(x) - length + 1, length)]
    span = round(_REACH_S * FINE_HZ * _UP)
    rows = np.fft.irfft(np.stack([turned[group.start : group.stop].sum(axis=0) for group in groups]), n=_FRAME * _UP, axis=1)
    rows = np.concatenate([rows[:, -span:], rows[:, : span + 1]], axis=1).astype(np.float32)
    loud = np.array([mass[group.start : group.stop].sum() for group in groups])
    total = rows.sum(axis=0)
    near = round(_NEAR_S * FINE_HZ * _UP)
    if abs(total[span - near : span + near + 1].min()) > total[span - near : span + near + 1].max():
        rows, total = -rows, -total  # one of the two is wired the other way round
    shift = _direct(total, span, near, _echoes(x, y, weight))

    grid = FINE_HZ * _UP
    measured = []
    for group, row in zip(groups, rows, strict=True):
        at, height, sigma = _peak(row, span + shift, near)
        middle = float(np.average(at_s[group.start : group.stop], weights=mass[group.start : group.stop] + 1e-9))
        line = lag / FINE_HZ + drift * (middle - centre_s)
        measured.append((middle, place / FINE_HZ + line + (at - span) / grid, height / sigma, (at - span - shift) / grid))
    active = loud > 0.1 * np.median(loud[loud > 0])
    return fit([m for m, on in zip(measured, active, strict=True) if on], (last - first) / FINE_HZ)


def _echoes(x: Spectra, y: Spectra, weight: Samples) -> Samples:
    """On which side each delay is an echo: above zero the clip's, below zero the roll's. Shape (_FRAME * _UP,), in its own sigma.

    The cepstrum of the mean difference of the two log spectra: what was said is in both and falls out, the rooms stay.
    """
    mass = weight.sum(axis=0)
    level = np.log(np.abs(x) + 1e-9) - np.log(np.abs(y) + 1e-9)
    mean = np.where(mass > 0, (weight * level).sum(axis=0) / np.maximum(mass, 1e-9), 0.0)
    used = mass > 0
    if used.any():
        mean -= np.where(used, mean[used].mean(), 0.0)
    cepstrum = np.fft.irfft(mean, n=_FRAME * _UP)
    grid = FINE_HZ * _UP
    sigma = 1.4826 * float(np.median(np.abs(cepstrum[grid // 200 : grid // 10]))) + 1e-12
    return np.asarray(cepstrum / sigma, np.float32)


def _direct(total: Samples, centre: int, near: int, echoes: Samples) -> int:
    """How many lags beyond the centre the first arrival lies: the earliest peak of 0.7 times the strongest one's height.

    The camera hears the direct sound before its echoes, so the first arrival is the *largest* lag - unless it is the recorder
    that stood in an echoing room, which `echoes` tells.
    """
    at = centre - near + int(total[centre - near : centre + near + 1].argmax())
    reach = min(round(_DIRECT_S * FINE_HZ * _UP), len(total) - 2 - at)
    away = np.concatenate([total[: centre - 6 * near], total[centre + 6 * near :]])
    enough = max(_FIRST * float(total[at]), 8 * float(np.std(away)))
    for lag in range(at + reach, at, -1):
        if total[lag] >= enough and total[lag] >= total[lag - 1] and total[lag] >= total[lag + 1]:
            late = lag - at
            here = echoes[late - _UP : late + _UP + 1] if late > _APART else np.zeros(1)
            if float(here.max()) > max(_ECHO, -float(here.min())):
                return lag - centre
    return at - centre


def fit(measured: list[tuple[float, float, float, float]], overlap_s: float) -> Closely | None:
    """A weighted line through (at, lag, peak, distance from the first line), windows that stray left out."""
    if len(measured) < 2:
        return None
    at, lag, peak, stray = (np.array(column) for column in zip(*measured, strict=True))
    seen = peak >= _SEEN
    agrees = seen & (np.abs(stray - (np.median(stray[seen]) if seen.any() else 0.0)) <= _AGREE_S)
    if agrees.sum() < 2:
        windows = tuple(Window(at_s=one[0], lag_s=one[1], peak=one[2], agrees=False) for one in measured)
        return Closely(
            offset_s=float(np.median(lag)), drift=0.0, drift_se=1.0, residual_s=0.0, strength=0.0, windows=windows, overlap_s=overlap_s
        )
    origin, pivot = float(lag[agrees].mean()), float(at[agrees].mean())
    keep = agrees.copy()
    for _ in range(4):
        weight = np.where(keep, peak**2, 0.0)
        pivot = float(np.average(at, weights=weight))
        level = float(np.average(lag - origin, weights=weight))
        spread = float(np.sum(weight * (at - pivot) ** 2))
        drift = float(np.sum(weight * (at - pivot) * (lag - origin - level)) / spread) if spread > 0 else 0.0
        off = lag - origin - level - drift * (at - pivot)
        scale = 1.4826 * float(np.median(np.abs(off[keep])))
        keep = agrees & (np.abs(off) <= max(3 * scale, 5e-5))
        if keep.sum() < 2:
            keep = agrees.copy()
    agrees = agrees & (np.abs(off) <= _AGREE_S)
    residual = float(np.sqrt(np.average(off[keep] ** 2, weights=weight[keep] + 1e-12)))
    free = max(1, int(keep.sum()) - 2)
    noise = max(residual * np.sqrt(keep.sum() / free), 5e-6)
    error = float(noise * np.sqrt(np.mean(weight[keep]) / spread)) if spread > 0 else 1.0
    return Closely(
        offset_s=origin + level - drift * pivot,
        drift=drift,
        drift_se=error,
        residual_s=residual,
        strength=float(np.sqrt(np.sum(peak[agrees] ** 2))),
        windows=tuple(Window(at_s=m[0], lag_s=m[1], peak=m[2], agrees=bool(ok)) for m, ok in zip(measured, agrees, strict=True)),
        overlap_s=overlap_s,
    )
