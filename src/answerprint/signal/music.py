"""A music bed: tempo with the octave it might be heard in, beats, key and mode, the period at which it repeats, how far its level ranges.

Sound is mono float, full scale 1.0. Each figure comes with what it was told by, and is left out where nothing tells it: drums have no key,
and room tone has no tempo.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from answerprint.signal import SignalError

__all__ = ["FASTEST", "SLOWEST", "Key", "Music", "Tempo", "beats", "key", "levels", "loop_s", "music", "range_db", "strikes", "tempo"]

Floats = NDArray[np.float64]

SLOWEST, FASTEST = 40.0, 240.0  #: beats a minute between which a tempo is looked for: from grave to prestissimo on a metronome
_HOP_S = 0.01  #: of the strikes: 1 % of a beat at 60 a minute
_BANDS = 40  #: mel bands of the strikes (Ellis, J. New Music Research 36(1), 2007)
#: Listeners tap near 120 a minute, an octave to either side less (Ellis 2007, after Moelants & McKinney, ICMPC 2004): of two octaves that fit alike this one is named.
_TAPPED, _TAPPED_OCTAVES = 120.0, 1.0
_OTHERS = (0.5, 2.0, 1 / 3, 3.0, 2 / 3, 1.5)  #: tempos at which the same music may be heard: half, double, by threes
_TOGETHER = (0.25, 0.5, 1.0, 2.0, 4.0)  #: of a beat: what is struck together with it in most music, sixteenths to bars; so that three sixteenths are no beat
_TIGHT = 400.0  #: how much an uneven beat costs (Ellis 2007 found 400 for pop, 100 for most)
#: How often each tone sounds in major and in minor, from the tonic (Albrecht & Shanahan, Music Perception 31(1), 2013, table 2).
_MAJOR = np.array([0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081])
_MINOR = np.array([0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052])
_NAMES = ("C", "C sharp", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat", "B")
_LOWEST_HZ, _HIGHEST_HZ = 65.0, 2100.0  #: C2 to C7: where chords lie
_LEAST_S = 2.0  #: of sound for anything to be told
_FLOOR_DB = -70.0  #: absolute gate of EBU Tech 3342


@dataclass(frozen=True, kw_only=True)
class Tempo:
    """How fast, and how else it may be heard."""

    per_minute: float
    clear: float  #: how much stronger the strikes repeat at this period than at no period, 0 to 1
    others: tuple[float, ...]  #: half, double, a third: tempos that the same strikes fit nearly as well, the strongest first


@dataclass(frozen=True, kw_only=True)
class Key:
    """Tonic and mode."""

    tonic: int  #: 0 for C to 11 for B
    minor: bool
    over_runner_up: float  #: correlation with its profile, less that with the next best of the 24
    other: str = ""  #: that next best, where it fits nearly as well: a major key and the minor one with its signature are easily taken for each other

    @property
    def name(self) -> str:
        return _called(self.tonic, self.minor)


@dataclass(frozen=True, kw_only=True)
class Music:
    """What can be told of a bed; None where nothing tells it."""

    length_s: float
    tempo: Tempo | None
    beats_s: Floats
    key: Key | None
    loop_s: float | None  #: the shortest period at which it repeats as a whole
    range_db: float | None


def music(samples: NDArray[np.floating], *, rate_hz: int) -> Music:
    """Everything at once.

    Args:   samples: shape (n,).
    Raises: SignalError: it is not one-dimensional, or not finite.
    """
    sound = _checked(samples)
    length = sound.size / rate_hz
    if length < _LEAST_S or not sound.any():
        return Music(length_s=length, tempo=None, beats_s=np.zeros(0), key=None, loop_s=None, range_db=None)
    struck = strikes(sound, rate_hz=rate_hz)
    found = tempo(struck)
    return Music(
        length_s=length, tempo=found, beats_s=beats(struck, found.per_minute) if found else np.zeros(0), key=key(sound, rate_hz=rate_hz),
        loop_s=loop_s(sound, rate_hz=rate_hz), range_db=range_db(levels(sound, rate_hz=rate_hz)),
    )  # fmt: skip


# ---- tempo


def strikes(samples: NDArray[np.floating], *, rate_hz: int) -> Floats:
    """How much is struck at each hundredth of a second: what rises in forty bands, over its slow mean. Shape (n,); 0 and up."""
    hop = round(_HOP_S * rate_hz)
    spectra = _spectra(_checked(samples), _power_of_two(0.03 * rate_hz), hop)
    loud = np.log10(np.maximum(spectra**2 @ _mel(spectra.shape[1], rate_hz).T, 1e-10))
    loud = np.maximum(loud, loud.max(initial=-10.0) - 8)  # 80 dB below its loudest there is nothing to hear
    rise = np.maximum(0, np.diff(loud, axis=0, prepend=loud[:1])).mean(axis=1)
    rise = np.maximum(0, rise - _smooth(rise, 51))
    softened = _smooth(rise, 3)
    return np.asarray(softened / max(float(softened.std()), 1e-9))


def tempo(struck: Floats) -> Tempo | None:
    """The tempo of strikes, one a hundredth of a second; None where they do not repeat.

    Autocorrelation under the tempo that people tap (Ellis 2007), each period heard together with its multiples; then the period
    is measured over as many of them as the music holds.
    """
    if struck.size * _HOP_S < _LEAST_S:
        return None
    again = _again(struck)
    if again is None:
        return None
    per_minute: Floats = np.geomspace(SLOWEST, FASTEST, 600)
    periods = 60 / per_minute / _HOP_S
    heard = np.mean([np.interp(by * periods, np.arange(again.size), again, right=0.0) for by in _TOGETHER], axis=0)
    tapped = np.exp(-0.5 * (np.log2(per_minute / _TAPPED) / _TAPPED_OCTAVES) ** 2)
    weighed = np.maximum(heard, 0) * tapped
    best = int(weighed.argmax())
    clear = float(np.interp(periods[best], np.arange(again.size), again))
    if weighed[best] <= 0 or clear < _STRUCK:
        return None
    period = _measured(again, float(periods[best]))
    named = float(60 / (period * _HOP_S))
    others: list[tuple[float, float]] = [(float(np.interp(named * by, per_minute, weighed)), float(named * by)) for by in _OTHERS if SLOWEST <= named * by <= FASTEST]
    return Tempo(per_minute=named, clear=clear, others=tuple(one for strength, one in sorted(others, reverse=True) if strength >= _NEARLY * weighed[best]))


def beats(struck: Floats, per_minute: float) -> Floats:
    """Where the beats lie, in seconds: on strikes, and as even as they allow (dynamic programming, Ellis 2007)."""
    period = 60 / per_minute / _HOP_S
    reach = np.arange(-round(2 * period), -round(period / 2) + 1)
    cost = -_TIGHT * np.log(-reach / period) ** 2
    best, before = struck.astype(np.float64).copy(), np.full(struck.size, -1)
    for place in range(struck.size):
        earlier = place + reach
        there = earlier >= 0
        if there.any():
            scores = best[earlier[there]] + cost[there]
            first = int(scores.argmax())
            if scores[first] > 0:
                best[place] += scores[first]
                before[place] = earlier[there][first]
    if not struck.any():
        return np.zeros(0)
    tail = max(0, struck.size - round(period))
    place = tail + int(best[tail:].argmax())
    found = []
    while place >= 0:
        found.append(place)
        place = int(before[place])
    return np.array(found[::-1], dtype=np.float64) * _HOP_S


#: Below this the strikes repeat no better than noise and speech do: see `bench/easy.py --only beds`.
_STRUCK = 0.08
_NEARLY = 0.5  #: an octave is named beside the tempo where it fits at least half as well


def _again(struck: Floats) -> Floats | None:
    """Autocorrelation from lag 0, which is 1."""
    flat = struck - struck.mean()
    spectrum = np.fft.rfft(flat, 2 * flat.size)
    full = np.fft.irfft(np.abs(spectrum) ** 2)[: flat.size]
    if full[0] <= 0:
        return None
    lags = np.arange(flat.size)
    return np.asarray(full / full[0] * flat.size / np.maximum(flat.size - lags, flat.size / 4))


def _measured(again: Floats, period: float) -> float:
    """The period, from the peaks at its multiples: each next one is looked for where those before put it."""
    found: list[tuple[int, float]] = []
    for count in range(1, 33):
        middle = count * period
        reach = max(2, round(0.04 * period * min(count, 3)))
        low, high = round(middle) - reach, round(middle) + reach + 1
        if low < 1 or high >= min(again.size - 1, again.size * 0.75):
            break
        top = low + int(again[low:high].argmax())
        if top in (low, high - 1) or again[top] <= 0:
            continue
        left, at, right = again[top - 1 : top + 2]
        bend = left - 2 * at + right
        found.append((count, top + (0.5 * (left - right) / bend if bend < 0 else 0.0)))
        period = sum(one * place for one, place in found) / sum(one * one for one, _ in found)
    return period


# ---- key


def key(samples: NDArray[np.floating], *, rate_hz: int) -> Key | None:
    """Tonic and mode by the correlation of what sounds with the 24 profiles; None where nothing tonal sounds, or two keys fit alike."""
    tones = chroma(_checked(samples), rate_hz=rate_hz)
    total = tones.sum(axis=0)
    if not total.any():
        return None
    fits = np.array([[np.corrcoef(np.roll(one, tonic), total)[0, 1] for tonic in range(12)] for one in (_MAJOR, _MINOR)])
    if not np.isfinite(fits).all() or fits.max() < _FITS:
        return None
    (first, tonic), (second, other) = (divmod(int(place), 12) for place in np.argsort(fits, axis=None)[:-3:-1])
    over = float(fits[first, tonic] - fits[second, other])
    return Key(tonic=tonic, minor=bool(first), over_runner_up=over, other=_called(other, bool(second)) if over < _UNSURE else "")


#: Under this correlation no key fits: of ten drum loops eight reach 0.64 at the most and two with a tuned bass 0.66 and 0.77, of five pieces of music none is below 0.73.
_FITS = 0.70
_UNSURE = 0.05  #: nearer than this to the next best, both are named


def _called(tonic: int, minor: bool) -> str:
    return f"{_NAMES[tonic]} {'minor' if minor else 'major'}"


def chroma(samples: NDArray[np.floating], *, rate_hz: int) -> Floats:
    """How loud each of the twelve tones sounds, beside the loudest: shape (n, 12), a row about each fifth of a second. The tuning is found first."""
    size = _power_of_two(0.35 * rate_hz)
    spectra = _spectra(np.asarray(samples, dtype=np.float64), size, size // 2)
    hertz = np.arange(spectra.shape[1]) * rate_hz / size
    inside = (hertz >= _LOWEST_HZ) & (hertz <= _HIGHEST_HZ)
    inside[[0, -1]] = False
    middle = spectra[:, 1:-1]
    peaks = np.zeros_like(spectra, dtype=bool)
    peaks[:, 1:-1] = (middle > spectra[:, :-2]) & (middle >= spectra[:, 2:])
    peaks &= inside & (spectra > 0.01 * spectra.max(axis=1, keepdims=True, initial=0))
    rows, bins = np.nonzero(peaks)
    if not rows.size:
        return np.zeros((spectra.shape[0], 12))
    strong = spectra[rows, bins]
    left, at, right = (np.log(np.maximum(spectra[rows, bins + by], 1e-12)) for by in (-1, 0, 1))
    bend = left - 2 * at + right
    exact = bins + np.where(bend < 0, 0.5 * (left - right) / np.minimum(bend, -1e-12), 0.0)
    pitch = 69 + 12 * np.log2(exact * rate_hz / size / 440)
    off = float(np.angle((strong * np.exp(2j * np.pi * pitch)).sum()) / (2 * np.pi))  # how far the tuning lies from 440, in semitones
    tones = np.zeros((spectra.shape[0], 12))
    np.add.at(tones, (rows, np.round(pitch - off).astype(int) % 12), np.sqrt(strong))
    return np.asarray(tones / np.maximum(tones.max(axis=1, keepdims=True), 1e-9))


# ---- loop


def loop_s(samples: NDArray[np.floating], *, rate_hz: int) -> float | None:
    """The shortest period at which a bed repeats as a whole, in seconds; None where it does not twice over.

    Its tones and its loudness in bands, ten times a second, are laid over themselves later.
    """
    sound = _checked(samples)
    hop = round(rate_hz / 20)
    loud = np.log10(np.maximum(_spectra(sound, _power_of_two(0.09 * rate_hz), hop) ** 2 @ _mel(_power_of_two(0.09 * rate_hz) // 2 + 1, rate_hz, 24).T, 1e-8))
    long = _spectra(sound, _power_of_two(0.18 * rate_hz), hop)
    hertz = np.arange(1, long.shape[1]) * rate_hz / (2 * (long.shape[1] - 1))
    inside = (hertz >= _LOWEST_HZ) & (hertz <= _HIGHEST_HZ)
    folded = np.zeros((long.shape[0], 12))
    np.add.at(folded.T, np.round(69 + 12 * np.log2(hertz[inside] / 440)).astype(int) % 12, long[:, 1:][:, inside].T)
    tones = folded / np.maximum(np.linalg.norm(folded, axis=1, keepdims=True), 1e-9)
    least, most = 10, min(loud.shape[0], tones.shape[0]) // 2
    if most <= least + 1:
        return None
    alike = np.minimum(_alike(loud, most), _alike(tones, most))
    for lag in range(least, most):
        if alike[lag - 1] >= _REPEATS and alike[lag - 1] == alike[max(0, lag - 4) : lag + 3].max():
            left, at, right = alike[lag - 2 : lag + 1]
            bend = left - 2 * at + right
            return float((lag + (0.5 * (left - right) / bend if bend < 0 else 0.0)) * hop / rate_hz)
    return None


def _alike(rows: Floats, most: int) -> Floats:
    """How alike rows are to those 1, 2, ... `most` later: 1 for the same, about 0 for any other."""
    flat = np.apply_along_axis(_smooth, 0, rows - rows.mean(axis=0), 3)
    scale = 2 * float((flat**2).sum(axis=1).mean())
    if scale <= 0:
        return np.zeros(most)
    return np.array([1 - float(((flat[lag:] - flat[:-lag]) ** 2).sum(axis=1).mean()) / scale for lag in range(1, most + 1)])


#: From here a bed repeats itself and is not merely alike: see the bench; loops laid end to end reach 0.9 and more, played music 0.6 at the most.
_REPEATS = 0.85


# ---- level


def levels(samples: NDArray[np.floating], *, rate_hz: int) -> Floats:
    """Level of the last 3 s in dB of full scale, ten times a second (the window of EBU Tech 3342, without its weighting)."""
    step = max(1, round(0.1 * rate_hz))
    power = np.add.reduceat(np.asarray(samples, dtype=np.float64) ** 2, np.arange(0, max(1, len(samples)), step)) if len(samples) else np.zeros(0)
    window = min(30, power.size)
    if not window:
        return np.zeros(0)
    grown = np.concatenate(([0.0], np.cumsum(power)))
    return np.asarray(10 * np.log10(np.maximum((grown[window:] - grown[:-window]) / (window * step), 1e-12)))


def range_db(level_db: Floats) -> float | None:
    """From the tenth to the ninety-fifth hundredth of what is within 20 dB of the mean (EBU Tech 3342); None for silence."""
    heard = level_db[level_db > _FLOOR_DB]
    if not heard.size:
        return None
    kept = heard[heard >= 10 * np.log10((10 ** (heard / 10)).mean()) - 20]
    low, high = np.percentile(kept, (10, 95))
    return float(high - low)


# ---- spectra


def _checked(samples: NDArray[np.floating]) -> Floats:
    sound = np.asarray(samples, dtype=np.float64)
    if sound.ndim != 1 or not np.isfinite(sound).all():
        raise SignalError(f"music of shape {sound.shape} cannot be measured: one channel of finite samples is needed.")
    return sound


def _spectra(sound: Floats, size: int, hop: int) -> Floats:
    """Magnitudes, shape (n, size / 2 + 1); the first window stands around the first sample."""
    padded = np.pad(sound, (size // 2, size // 2))
    count = 1 + max(0, (padded.size - size) // hop)
    windows = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop][:count] if padded.size >= size else np.zeros((0, size))
    shape = np.hanning(size)
    return np.concatenate([np.abs(np.fft.rfft(part * shape, axis=1)) for part in np.array_split(windows, max(1, count // 500))]) if len(windows) else np.zeros((0, size // 2 + 1))


def _mel(bins: int, rate_hz: int, bands: int = _BANDS) -> Floats:
    """Triangles evenly on the mel scale (O'Shaughnessy 1987) from 30 Hz to 8 kHz, each adding up to one."""
    top = min(8000.0, rate_hz / 2)
    edges = 700 * (10 ** (np.linspace(_mels(30.0), _mels(top), bands + 2) / 2595) - 1)
    hertz = np.linspace(0, rate_hz / 2, bins)
    up = (hertz - edges[:-2, None]) / np.diff(edges)[:-1, None]
    down = (edges[2:, None] - hertz) / np.diff(edges)[1:, None]
    weights = np.maximum(0, np.minimum(up, down))
    return np.asarray(weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-9))


def _power_of_two(samples: float) -> int:
    """The next one up."""
    return 1 << int(np.ceil(np.log2(samples)))


def _mels(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))


def _smooth(values: Floats, width: int) -> Floats:
    if values.size < width:
        return np.full(values.shape, values.mean() if values.size else 0.0)
    return np.convolve(np.pad(values, width // 2, mode="edge"), np.ones(width) / width, mode="valid")
