"""What moves in one attempt and stands still in the others of its set-up: hair, cloth, leaves, steam, dust.

Works on the key frames of a proxy, about half a second apart, grey, uint8, of shape (n, 54, 96) or another such size. Nothing here knows
what a thing is: it is named for what most often does it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from answerprint.signal.novelty import shares, spells

__all__ = ["COLUMNS", "ROWS", "Stir", "changes", "passing", "stirred", "stirs", "usual"]

Frames = NDArray[np.uint8]
Fields = NDArray[np.float32]

ROWS, COLUMNS = 9, 16
_LEAST = 2.0  #: codes a field must change more than it does in the others; grain and coding of proxies leave under 1
_TIMES = 1.8  #: and that many times
_FIELDS = 3  #: of 144: about a head's width of cloth
_FILLED = 0.45  #: where half of the picture moves it is the camera
_LEAST_S = 1.0
_PASSING = 6  #: fields of something that goes through: a person at the back of a room
_PASSING_S = 1.2  #: shoulders that fall after "cut" have fallen after one second
_WALKS = 0.3  #: of a stretch's most, below which the rest is not told


@dataclass(frozen=True, kw_only=True)
class Stir:
    """A stretch in which a part of the picture moves, where that part is (shares of width and height), and how far over the others."""

    in_s: float
    out_s: float
    fields: int
    where: tuple[float, float]
    times: float
    back: bool = True  #: afterwards that part looks as it did before


def stirs(frames: Frames) -> Fields:
    """How much each field changes from each key frame to the next, light taken out: shape (n, 9, 16); nought on the first."""
    out = np.zeros((len(frames), ROWS, COLUMNS), np.float32)
    if len(frames) < 2:
        return out
    light = frames.astype(np.float32)
    light = (light - light.mean(axis=(1, 2), keepdims=True)) / np.maximum(light.std(axis=(1, 2), keepdims=True), 4.0) * float(light.std(axis=(1, 2)).mean())
    out[1:] = shares(np.abs(np.diff(light, axis=0)), rows=ROWS, columns=COLUMNS)
    return out


def changes(frames: Frames) -> Fields:
    """The same for what may be large: only what the whole picture gained or lost is taken out, since a dark figure that comes in shifts its mean and spread."""
    out = np.zeros((len(frames), ROWS, COLUMNS), np.float32)
    if len(frames) < 2:
        return out
    step = np.diff(frames.astype(np.float32), axis=0)
    out[1:] = shares(np.abs(step - np.median(step, axis=(1, 2), keepdims=True)), rows=ROWS, columns=COLUMNS)
    return out


def usual(others: list[Fields]) -> Fields:
    """What each field does in other attempts: the level that it stays under nine tenths of the time, in that attempt where it moves most; shape (9, 16).

    A person who gestures once in one of them makes no field usual.
    """
    levels = [np.percentile(one[1:], 90, axis=0) for one in others if len(one) > 1]
    return np.max(levels, axis=0).astype(np.float32) if levels else np.zeros((ROWS, COLUMNS), np.float32)


def stirred(fields: Fields, calm: Fields, times_s: NDArray[np.float64], frames: Frames | None = None) -> list[Stir]:
    """Stretches in which fields that are calm in the others keep moving, in one place. In order.

    Args: fields: of this attempt, shape (n, 9, 16).  calm: of the others.  times_s: of the key frames, shape (n,).
           frames: the key frames, where it is asked whether a part comes back to rest.
    """
    if len(fields) < 3:
        return []
    near = _spread(calm)
    over = _over(fields, near)
    hop_s = float(np.median(np.diff(times_s)))
    found = []
    for in_s, out_s in spells(over.sum(axis=(1, 2)) >= _FIELDS, hop_s=1.0, join_s=1.0, least_s=max(2.0, _LEAST_S / hop_s)):
        part = over[int(in_s) : int(out_s)]
        stays = part.mean(axis=0) >= 0.5  # in one place; what goes through is something else
        if stays.sum() < _FIELDS:
            continue
        rows, columns = np.nonzero(stays)
        times = float((fields[int(in_s) : int(out_s)][:, stays].mean()) / max(1.0, float(near[stays].mean())))
        where = (float((columns.mean() + 0.5) / COLUMNS), float((rows.mean() + 0.5) / ROWS))
        back = frames is None or _back(frames, int(in_s), int(out_s), stays, near)
        found.append(Stir(in_s=float(times_s[max(0, int(in_s) - 1)]), out_s=float(times_s[int(out_s) - 1]), fields=int(stays.sum()), where=where, times=times, back=back))
    return found


def passing(fields: Fields, calm: Fields, times_s: NDArray[np.float64]) -> Stir | None:
    """Something that moves, in one place or through the picture, where and as nothing moves in the others; the one stretch of it that holds most. None where nothing does.

    Args: as `stirred`, but of `changes`, and of the moments before "action" or after "cut"; where the whole picture moves it is the camera.
    """
    if len(fields) < 3:
        return None
    near = _spread(calm)
    over = _over(fields, near)
    count = over.sum(axis=(1, 2))
    found = spells(count >= max(_PASSING, _WALKS * int(count.max())), hop_s=1.0, join_s=1.0)
    if not found:
        return None
    first, last = max(((int(in_s), int(out_s)) for in_s, out_s in found), key=lambda one: int(count[one[0] : one[1]].sum()))
    if times_s[last - 1] - times_s[max(0, first - 1)] < _PASSING_S:
        return None
    part = over[first:last]
    _, rows, columns = np.nonzero(part)
    times = float(fields[first:last][part].mean() / max(1.0, float(np.broadcast_to(near, part.shape)[part].mean())))
    where = (float((columns.mean() + 0.5) / COLUMNS), float((rows.mean() + 0.5) / ROWS))
    return Stir(in_s=float(times_s[max(0, first - 1)]), out_s=float(times_s[last - 1]), fields=int(part.any(axis=0).sum()), where=where, times=times)


def _over(fields: Fields, near: Fields) -> NDArray[np.bool_]:
    """The fields that change more than in the others; none of them where half of the picture does: that is the camera."""
    over = fields > np.maximum(near + _LEAST, _TIMES * near)
    over[over.mean(axis=(1, 2)) > _FILLED] = False
    return np.asarray(over, np.bool_)


def _back(frames: Frames, first: int, last: int, stays: NDArray[np.bool_], near: Fields) -> bool:
    """Whether those fields look afterwards as they did before; not told where the attempt begins or ends in the middle of it."""
    if first < 2 or last + 1 >= len(frames):
        return False
    before, after = frames[first - 2].astype(np.float32), frames[min(len(frames) - 1, last + 1)].astype(np.float32)
    apart = shares(np.abs(before - after)[None], rows=ROWS, columns=COLUMNS)[0]
    return bool(apart[stays].mean() < 2 * float(near[stays].mean()) + 2 * _LEAST)


def _spread(calm: Fields) -> Fields:
    """Each field as calm as the least calm around it: people never stand on the same pixel twice."""
    wide = np.pad(calm, 1, mode="edge")
    return np.asarray(np.max([wide[row : row + ROWS, column : column + COLUMNS] for row in range(3) for column in range(3)], axis=0), np.float32)
