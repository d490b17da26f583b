"""What happens to a picture that nobody planned: light that changes at once, a bump, a breath of the focus, something that crosses.

The series of a clip (see `signal.picture`) say where to look; a few frames around it say what it was. Frames are grey, uint8, of shape
(n, h, w), about 320 pixels wide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from answerprint.signal.attention import drift
from answerprint.signal.novelty import Line, around, shares, spells

__all__ = ["Look", "candidates", "crossed", "flickered", "jolted", "softened"]

Frames = NDArray[np.uint8]
What = Literal["light", "movement", "focus"]

_LIGHT = 25.0  #: thousandths of the range in a quarter of a second
_MOVES, _MOVES_RATIO = 60.0, 2.2  #: hundredths of a code, and over the seconds around
_SOFT = 0.90  #: of the sharpness of the seconds around
_AROUND_S = 2.5
_SAME = 0.6  #: likeness, from pixel to pixel, of two pictures of one place under another light: grain and a moving mouth take the rest
_APART = 20  #: codes from what was behind
_EVEN = 0.6  #: how far the middle half of the fields may differ in what they gain, over the middle one: a light falls on all in proportion
_BLOCK, _SWAY = 8, 15.0  #: pixels, and codes between first and last: a hand that holds a camera sways no more in two seconds
_CROSS_AREA, _CROSS_TRAVEL = 0.03, 0.4  #: shares of the picture
_BUMP_PX, _BUMP_S = 2.0, 0.8
_STAYS = 0.8  #: likeness of what is seen before and after a bump, laid over each other
_TEXTURED = 15  #: of 60 fields
_TEXTURE = 1.5  #: codes from pixel to pixel: a field that has less says nothing about focus


@dataclass(frozen=True, kw_only=True)
class Look:
    """A stretch worth decoding, and how far it stands out: times a threshold."""

    what: What
    in_s: float
    out_s: float
    strength: float


def candidates(series: Mapping[str, NDArray[Any]], rate: float) -> list[Look]:
    """Where the series of one clip stand apart from the seconds around, in order."""
    luma, motion, sharp = (np.asarray(series[name], np.float64) for name in ("luma", "motion", "sharpness"))
    if luma.size < 8:
        return []
    half = max(2, round(_AROUND_S * rate))
    return sorted((*_lights(luma, rate), *_moves(motion, rate, half), *_softens(sharp, rate, half)), key=lambda one: one.in_s)


def _lights(luma: Line, rate: float) -> list[Look]:
    few = max(2, round(0.12 * rate))
    gap = max(1, round(0.25 * rate))
    smooth = np.convolve(np.pad(luma, (few // 2, few - 1 - few // 2), mode="edge"), np.full(few, 1 / few), "valid")
    step = np.zeros(luma.size)
    step[gap:] = np.abs(smooth[gap:] - smooth[:-gap])
    found = []
    for in_s, out_s in spells(step > _LIGHT, hop_s=1 / rate, join_s=1.2):
        part = step[round(in_s * rate) : round(out_s * rate)]
        found.append(Look(what="light", in_s=max(0.0, in_s - 0.25), out_s=out_s, strength=float(part.max() / _LIGHT)))
    return found


def _moves(motion: Line, rate: float, half: int) -> list[Look]:
    few = max(1, round(0.06 * rate))
    smooth = np.convolve(np.pad(motion, few, mode="edge"), np.full(2 * few + 1, 1 / (2 * few + 1)), "valid")
    usual = around(motion, half)
    found = []
    for in_s, out_s in spells((smooth > _MOVES_RATIO * usual) & (smooth > usual + _MOVES), hop_s=1 / rate, join_s=0.3):
        if out_s - in_s <= 4.0:
            part = slice(round(in_s * rate), round(out_s * rate))
            found.append(Look(what="movement", in_s=in_s, out_s=out_s, strength=float(((smooth[part] - usual[part]) / _MOVES).max())))
    return found


def _softens(sharp: Line, rate: float, half: int) -> list[Look]:
    usual = np.maximum(around(sharp, half), 1e-6)
    few = max(1, round(0.06 * rate))
    smooth = np.convolve(np.pad(sharp, few, mode="edge"), np.full(2 * few + 1, 1 / (2 * few + 1)), "valid")
    found = []
    for in_s, out_s in spells(smooth < _SOFT * usual, hop_s=1 / rate, join_s=0.4, least_s=0.15):
        if out_s - in_s <= 4.0:
            part = slice(round(in_s * rate), round(out_s * rate))
            found.append(Look(what="focus", in_s=in_s, out_s=out_s, strength=float(((1 - smooth[part] / usual[part]) / (1 - _SOFT)).max())))
    return found


# ---- what it was


def flickered(before: Frames, after: Frames) -> tuple[Literal["light", "flare"], float] | None:
    """Whether the light changed on one and the same picture: what, and by how many codes. None where the picture is another.

    A flare lies over a part and lifts the blacks with it; a light that goes on or off changes what it falls on in proportion.

    Args: before, after: a few frames from either side of the change.
    """
    bare, lit = _laid(np.median(before, axis=0).astype(np.float32), np.median(after, axis=0).astype(np.float32))
    one, other = (shares(part[None], rows=18, columns=32)[0] for part in (bare, lit))
    change = other - one
    if float(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.5 or np.abs(change).mean() < 4:
        return None
    if _alike(bare, lit) < _SAME:
        return None
    dark = one <= np.percentile(one, 20)
    lifted = float(change[dark].mean())
    local = float(np.percentile(change, 95) - np.percentile(change, 30))
    gain = np.quantile(change / np.maximum(one - 16, 8), (0.25, 0.5, 0.75))
    even = float(gain[2] - gain[0]) <= _EVEN * abs(float(gain[1]))
    veiled = change.mean() > 0 and not even and (lifted > 6 or local > 2.5 * max(2.0, float(np.percentile(change, 30))))
    return ("flare" if veiled and np.corrcoef(one.ravel(), change.ravel())[0, 1] < 0.6 else "light"), float(change.mean())


def _laid(before: NDArray[np.float32], after: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Two pictures as far as they show the same, where a hand that held the camera went a little."""
    down, right = drift(before, after)
    high, wide = before.shape
    if max(abs(down), abs(right)) * 4 > high:
        return before, after
    rows, columns = (slice(max(0, -by), size - max(0, by)) for by, size in ((down, high), (right, wide)))
    moved_rows, moved_columns = (slice(max(0, by), size - max(0, -by)) for by, size in ((down, high), (right, wide)))
    laid = before[rows, columns], after[moved_rows, moved_columns]
    return laid if _alike(*laid) > _alike(before, after) else (before, after)


def _alike(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Likeness of the change from place to place, -1 to 1; a place is three pixels wide, since a hand never stands on the same pixel twice."""
    rows, columns = one.shape[0] // 3, one.shape[1] // 3
    fields = [np.diff(shares(part[None], rows=rows, columns=columns)[0], axis=1).ravel() for part in (one, other)]
    return float(np.corrcoef(*fields)[0, 1])


def jolted(frames: Frames, rate: float) -> tuple[float, float] | None:
    """Whether the whole picture jumped: (furthest, in pixels; seconds it took). None where it stood, or went on as a pan does."""
    steps = [drift(one, other) for one, other in pairwise(frames.astype(np.float32))]
    if not steps:
        return None
    path = np.cumsum(np.array(steps, np.float64), axis=0)
    size = np.hypot(*np.array(steps, np.float64).T)
    moving = np.flatnonzero(size >= 1)
    if moving.size == 0:
        return None
    took_s = float((moving[-1] - moving[0] + 1) / rate)
    far = float(np.hypot(*(path - path[0] + steps[0]).T).max())
    back = any(np.dot(one, other) < 0 for one, other in pairwise(np.array(steps)[moving]))
    if _alike_soft(*_laid(frames[0].astype(np.float32), frames[-1].astype(np.float32))) < _STAYS:  # another picture: a cut, not a bump
        return None
    return (far, took_s) if far >= _BUMP_PX and took_s <= _BUMP_S and (back or took_s <= 0.2) else None


def _alike_soft(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    rows, columns = min(18, one.shape[0]), min(32, one.shape[1])
    fields = [shares(part[None], rows=rows, columns=columns)[0].ravel() for part in (one, other)]
    return float(np.corrcoef(*fields)[0, 1])


def crossed(frames: Frames) -> tuple[float, float] | None:
    """Whether something went through the picture and was gone: (its largest share of the picture, how far its middle went, share of a side).

    Args: frames: from a little before to a little after, so that the first and the last show what is behind.
    """
    if len(frames) < 5:
        return None
    small = shares(frames.astype(np.float32), rows=frames.shape[1] // _BLOCK, columns=frames.shape[2] // _BLOCK)
    behind = np.median(np.concatenate((small[:2], small[-2:])), axis=0)
    over = np.abs(small - behind[None]) > _APART
    area = over.mean(axis=(1, 2))
    if np.abs(small[0] - small[-1]).mean() > _SWAY or max(area[0], area[-1]) > 0.4 * area.max() or area.max() < _CROSS_AREA:
        return None
    rows, columns = np.arange(over.shape[1]), np.arange(over.shape[2])
    seen = area > 0.3 * area.max()
    across = (over[seen].sum(axis=1) * columns).sum(axis=1) / over[seen].sum(axis=(1, 2)) / over.shape[2]
    down = (over[seen].sum(axis=2) * rows).sum(axis=1) / over[seen].sum(axis=(1, 2)) / over.shape[1]
    travel = float(max(np.ptp(across), np.ptp(down)))
    return (float(area.max()), travel) if travel >= _CROSS_TRAVEL else None


def softened(before: Frames, soft: Frames, after: Frames) -> tuple[float, float] | None:
    """Whether the whole picture went soft and came back: (share of its textured fields that did, by how much in the middle, 0..1).

    None where only a part did, where it did not come back (somebody left, a fade), where it was lost altogether, and where a move of the camera blurs it.
    """
    fine = [shares(np.abs(np.diff(part.astype(np.float32), axis=2)).mean(axis=0)[None], rows=6, columns=10)[0] for part in (before, soft, after)]
    textured = (fine[0] > _TEXTURE) & (fine[2] > 0.8 * fine[0])
    if textured.sum() < _TEXTURED or any(max(map(abs, drift(one, other))) > 1 for one, other in pairwise(soft.astype(np.float32))):
        return None
    lost = 1 - fine[1][textured] / fine[0][textured]
    share = float((lost > 0.05).mean())
    return (share, float(np.median(lost))) if share >= 0.7 and 0.07 <= np.median(lost) <= 0.8 else None
