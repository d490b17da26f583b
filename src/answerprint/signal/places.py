"""Where in a long roll a clip may lie: every place is looked at, a few come back.

The clip is cut into short stretches. Each is correlated with the whole roll after phase transform (Knapp & Carter, IEEE
Trans. ASSP 24(4), 1976), weighted by how far each cell of time and frequency stands above the standing noise. The
correlations are pooled into 10 ms bins and added along the clip, so a clock that drifts by 150 ppm (13 ms over 90 s) loses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from answerprint.signal.resample import decimated

__all__ = ["COARSE_HZ", "Place", "Roll", "flattened", "places", "silent"]

Samples = NDArray[np.float32]
COARSE_HZ = 3000  # speech's strongest partials lie below 1.4 kHz, and a 3.5 s stretch stays in phase there at 150 ppm
_FRAME = 192  # 64 ms: a vowel is steady, a syllable is not
_BIN = COARSE_HZ // 100  # 10 ms
_BLOCK = 1 << 16
_DITHER = 2  # the two lowest steps of 16-bit sound
_LOBE_S = 0.25  # a room's echoes; farther off, an equal peak is another place


def silent(x: NDArray[np.generic]) -> bool:
    """No sample above the dither of 16-bit sound. True for an empty one."""
    limit = _DITHER if x.dtype == np.int16 else _DITHER / 32768
    blocks = (x[at : at + 4_000_000] for at in range(0, len(x), 4_000_000))
    return not any(float(np.max(block)) > limit or float(np.min(block)) < -limit for block in blocks)


@dataclass(frozen=True, kw_only=True)
class Place:
    """One place the clip may lie."""

    offset_s: float  #: sound time of the clip's start, to about 20 ms
    score: float  #: summed correlation over what this roll gives by chance, in its robust standard deviations


def flattened(x: Samples) -> Samples:
    """The sound with every cell of time and frequency at the same level, and standing noise taken down.

    Args:    x: float32 at COARSE_HZ, shape (n,).
    Returns: float32, same shape; the sum over cells of the weight squared is its energy. Silence stays silence.
    """
    hop = _FRAME // 2
    window = np.sin(np.pi * (np.arange(_FRAME, dtype=np.float32) + 0.5) / _FRAME).astype(np.float32)
    frames = -(-len(x) // hop) + 1
    padded = np.zeros((frames + 1) * hop, np.float32)
    padded[hop : hop + len(x)] = x
    out = np.zeros_like(padded)
    chunk = 16 * COARSE_HZ // hop  # 16 s: as long as a noise may be called standing
    for first in range(0, frames, chunk):
        last = min(frames, first + chunk)
        view = np.lib.stride_tricks.sliding_window_view(padded[first * hop : (last + 1) * hop], _FRAME)[::hop]
        spectra = np.fft.rfft(view * window, axis=1)
        level = np.abs(spectra)
        floor = np.percentile(level, 20, axis=0)
        weight = np.maximum(0, 1 - (1.5 * floor / np.maximum(level, 1e-9)) ** 2) * (level > 3e-6 * _FRAME)
        weight[:, : 150 * _FRAME // COARSE_HZ] = 0  # rumble and mains
        flat = np.fft.irfft(spectra * (weight / np.maximum(level, 1e-9)), n=_FRAME, axis=1) * window
        piece = np.zeros((last - first + 1) * hop, np.float32)
        piece[: (last - first) * hop] += flat[:, :hop].ravel()
        piece[hop:] += flat[:, hop:].ravel()
        out[first * hop : (last + 1) * hop] += piece
    return out[hop : hop + len(x)]


@dataclass(eq=False, kw_only=True)
class Roll:
    """One recorder file, and what every clip searched in it needs only once: about 45 MB for 30 minutes."""

    sound: NDArray[np.generic]  #: 48 kHz mono, int16 or float; may be a memory map
    size: int = field(init=False)  #: samples at COARSE_HZ
    spectra: NDArray[np.complex64] = field(init=False)
    energy: NDArray[np.float64] = field(init=False)  #: before each bin, summed
    silent: bool = field(init=False)

    def __post_init__(self) -> None:
        self.silent = silent(self.sound)
        flat = flattened(decimated(self.sound, 48000 // COARSE_HZ))
        self.size = len(flat)
        hop = _BLOCK // 2
        blocks = -(-len(flat) // hop) + 1
        padded = np.zeros((blocks + 1) * hop, np.float32)
        padded[hop : hop + len(flat)] = flat
        blocks_of = np.lib.stride_tricks.sliding_window_view(padded, _BLOCK)[::hop]
        self.spectra = np.asarray(np.fft.rfft(blocks_of, axis=1), np.complex64)
        in_bins = np.add.reduceat(flat.astype(np.float64) ** 2, np.arange(0, len(flat), _BIN)) if len(flat) else np.zeros(0)
        self.energy = np.concatenate([[0.0], np.cumsum(in_bins)])

    def likeness(self, stretch: Samples) -> Samples:
        """The largest normalised correlation of a stretch (up to 10 s), without its sign, in each 10 ms of the roll.

        Returns: shape (bins,): bin 0 begins len(stretch) before the roll does; a stretch's length is a whole number of bins.
        """
        n, hop = len(stretch), _BLOCK // 2
        spectrum = np.conj(np.fft.rfft(stretch, n=_BLOCK))
        found = np.fft.irfft(self.spectra * spectrum, n=_BLOCK, axis=1)[:, :hop].reshape(-1)
        whole = (self.size + n) // _BIN
        square = found[hop - n : hop - n + whole * _BIN].reshape(whole, _BIN)
        peak = np.maximum(square.max(axis=1), -square.min(axis=1))
        at, last = np.arange(whole) - n // _BIN, len(self.energy) - 1
        under = self.energy[np.clip(at + n // _BIN, 0, last)] - self.energy[np.clip(at, 0, last)]
        under = np.maximum(under, 0.2 * n * self.energy[-1] / max(self.size, 1))
        norm = np.sqrt(np.maximum(under * float(np.sum(stretch.astype(np.float64) ** 2)), 1e-12))
        return np.asarray(peak / norm, np.float32)


def stretches(flat: Samples, most: int = 8) -> list[tuple[int, int]]:
    """(start, length) in samples of the stretches of a clip to look for: its busiest, spread over its length."""
    length = int(np.clip(len(flat) / 3, 1.0 * COARSE_HZ, 3.5 * COARSE_HZ)) // _BIN * _BIN
    count = max(1, len(flat) // length)
    starts = [int(i * (len(flat) - length) / max(1, count - 1)) // _BIN * _BIN for i in range(count)]
    if count > most:
        groups = np.array_split(np.array(starts), most)
        starts = [int(max(group, key=lambda at: float(np.sum(flat[at : at + length] ** 2)))) for group in groups]
    return [(at, length) for at in starts if float(np.sum(flat[at : at + length] ** 2)) > 0]


def places(flat: Samples, roll: Roll, *, most: int = 6) -> tuple[list[Place], float]:
    """The likeliest places of a clip in a roll, best first, at least 0.25 s apart.

    Args:    flat: the clip's flattened sound at COARSE_HZ.  roll: where to look; the clip may hang over either end.
    Returns: places (none where either is silent), and the score that the best of as many chance places would reach.
    """
    bins = roll.size // _BIN + len(flat) // _BIN + 2
    lead = len(flat) // _BIN  # bin of place 0
    total = np.zeros(bins, np.float64)
    covered = np.zeros(bins, np.float64)
    for start, length in stretches(flat):
        pooled = roll.likeness(flat[start : start + length])
        whole = len(pooled)
        wide = pooled.copy()
        wide[1:] = np.maximum(wide[1:], pooled[:-1])
        wide[:-1] = np.maximum(wide[:-1], pooled[1:])
        middle = float(np.median(wide))
        spread = float(np.median(np.abs(wide - middle))) * 1.4826 + 1e-9
        first = lead - (start + length) // _BIN
        take = min(whole, bins - first)
        total[first : first + take] += (wide[:take] - middle) / spread
        covered[first : first + take] += 1
    if not covered.any():
        return [], 0.0
    score = total / np.sqrt(np.maximum(covered, 1))
    middle = float(np.median(score[covered > 0]))
    spread = float(np.median(np.abs(score[covered > 0] - middle))) * 1.4826 + 1e-9
    score = np.where(covered > 0, (score - middle) / spread, -np.inf)
    chosen: list[Place] = []
    left = score.copy()
    lobe = int(_LOBE_S * COARSE_HZ / _BIN)
    while len(chosen) < most and np.isfinite(best := float(left.max())):
        at = int(left.argmax())
        chosen.append(Place(offset_s=((at - lead) * _BIN + _BIN / 2) / COARSE_HZ, score=best))
        left[max(0, at - lobe) : at + lobe + 1] = -np.inf
    return chosen, float(np.sqrt(2 * np.log(max(2, bins))))
