"""Where the frame of another shape stands best over a shot: every face whole, with headroom and room to look into; else what moves or stands out.

All places are shares of the picture, 0..1 from its left and top.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from answerprint.signal.operating import Way, operate

__all__ = ["Composed", "Person", "Sight", "compose", "head", "persons"]

Floats = NDArray[np.float64]
Seen = tuple[float, float, float, float, float]  #: a face: left, top, width, height, and which way it looks, -0.5 to 0.5 and beyond

#: A head is this much more than the face that the detector boxes, in shares of the face: beside it, above it (hair), below it. Drawn over 11
#: faces of real clips, it holds ears, hair and chin of all of them; a hat stands out.
_BESIDE, _ABOVE, _BELOW = 0.15, 0.35, 0.08
_LOOKS_AWAY = 0.5  #: the nose stands so far from between the eyes in profile
_THIRD = 1 / 6  #: from the middle of the frame to a line of thirds, in frames: as far as somebody in profile is set off
_EYES = 0.12  #: of the frame: the middle of a face stands so much above the middle of the frame, which puts eyes at the upper third
_BACKGROUND = 1 / 3  #: of the widest face: who is smaller is in the background, and bounds nobody's frame
_PLACES = 49
_GAP_S = 1.5  #: somebody whose face is not seen for so long was turned away and is still there


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What was seen of one shot without a cut in it, at moments some tenths of a second apart."""

    times_s: Floats  #: shape (n,): seconds of film from the shot's first frame
    faces: tuple[tuple[Seen, ...], ...] | None  #: at each moment; None: nobody looked for faces
    maps: NDArray[np.float32]  #: shape (n, h, w), each adding up to 1: how much there is to look at
    motion: NDArray[np.float32]  #: shape (n,): how much of each map is motion


@dataclass(frozen=True, kw_only=True)
class Person:
    """One face through the shot. Rows of `boxes` are left, top, width, height, looks at each moment; they count where `there` says so."""

    boxes: Floats  #: shape (n, 5)
    there: NDArray[np.bool_]  #: shape (n,)
    weight: float  #: how large, how central and how long: only to tell who of several goes first


@dataclass(frozen=True, kw_only=True)
class Composed:
    """A proposed way of the frame, and what spoke for it."""

    way: Way
    across: bool  #: whether the frame is free from left to right; otherwise up and down
    window: float  #: how much of the picture the frame shows along that way
    by: str  #: "faces", "motion", "detail"
    kept: int  #: faces that are held whole
    left: tuple[str, ...]  #: where those stand that do not fit: "at the left"
    wide: bool  #: the face is wider than the frame
    whole: float  #: share of the moments with a face at which every face that is kept is whole
    inside: float  #: share of what there is to look at that is inside


def compose(sight: Sight, *, picture: float, shape: float) -> Composed:
    """Propose where the frame stands.

    Args:   picture, shape: width to height of the picture and of the frame; they differ.
    Raises: SignalError: there is no moment in it.
    """
    across = shape < picture
    window = shape / picture if across else picture / shape
    places = np.linspace(window / 2, 1 - window / 2, _PLACES)
    crowd = persons(sight)
    kept, others = _chosen(crowd, window, across)
    profile = sight.maps.sum(axis=1 if across else 2, dtype=np.float64)
    inside = _inside(_calmed(profile), places, window)
    costs = (1 - inside) + 0.15 * _away(profile, places, window)
    seen = np.zeros(sight.times_s.size, bool)
    for one in kept:
        seen |= one.there
    if kept:
        faced = _faced(kept, others, places, window, across) + 0.15 * (1 - inside)
        costs = np.where(seen[:, None], faced, 0.3 * costs)
    way = operate(np.minimum(costs, 2.0), places, sight.times_s, long_side=max(window, 1 / picture if across else picture))
    middles = np.array([way.at(float(moment)) for moment in sight.times_s])
    whole = _whole(kept, middles, window, across)
    nearest = np.abs(middles[:, None] - places[None]).argmin(axis=1)
    by = "faces" if kept else "motion" if float(sight.motion.mean()) > 0.3 else "detail"
    return Composed(
        way=way, across=across, window=window, by=by, kept=len(kept), left=tuple(_side(one, across) for one in others), whole=whole,
        wide=bool(kept) and float(np.median(_span(kept[0], across)[1] - _span(kept[0], across)[0])) > window,
        inside=float(inside[np.arange(nearest.size), nearest].mean()),
    )  # fmt: skip


# ---- who is in it


def persons(sight: Sight) -> tuple[Person, ...]:
    """The faces of a shot, each followed through it, the weightiest first. Who is seen at fewer than one moment in five, or is much smaller than
    the widest, is left out."""
    count = sight.times_s.size
    tracks: list[list[tuple[int, Seen]]] = []
    for number, faces in enumerate(sight.faces or ()):
        open_ = [track for track in tracks if sight.times_s[number] - sight.times_s[track[-1][0]] <= _GAP_S and track[-1][0] < number]
        for face in faces:
            near = [(_apart(track[-1][1], face), track) for track in open_]
            apart, best = min(near, key=lambda one: one[0], default=(2.0, None))
            if best is not None and apart < 1.0:
                best.append((number, face))
                open_ = [track for track in open_ if track is not best]
            else:
                tracks.append([(number, face)])
    found = [_person(track, count) for track in tracks if len(track) >= max(1, round(count / 5))]
    widest = max((float(np.median(one.boxes[one.there, 2])) for one in found), default=0.0)
    found = [one for one in found if float(np.median(one.boxes[one.there, 2])) >= _BACKGROUND * widest]
    return tuple(sorted(found, key=lambda one: -one.weight))


def _apart(one: Seen, other: Seen) -> float:
    """How far two faces lie from each other, in faces; 2 where one is twice as large as the other."""
    size = max(one[2], other[2])
    if size > 2 * min(one[2], other[2]):
        return 2.0
    return float(np.hypot((one[0] + one[2] / 2 - other[0] - other[2] / 2) / size, (one[1] + one[3] / 2 - other[1] - other[3] / 2) / max(one[3], other[3])))


def _person(track: Sequence[tuple[int, Seen]], count: int) -> Person:
    at = [number for number, _ in track]
    rows = np.array([face for _, face in track], np.float64)
    boxes = np.stack([np.interp(np.arange(count), at, rows[:, part]) for part in range(5)], axis=1)
    there = (np.arange(count) >= at[0]) & (np.arange(count) <= at[-1])
    middle = float(np.abs(boxes[there, 0] + boxes[there, 2] / 2 - 0.5).mean())
    return Person(boxes=boxes, there=there, weight=float(boxes[there, 2].mean()) * (1 - middle) * float(there.mean()))


def head(face: Floats) -> Floats:
    """The head around each face: left, top, right, bottom, inside the picture. Args: face: shape (n, 5)."""
    left, top, wide, high = (face[:, part] for part in range(4))
    sides = (left - _BESIDE * wide, top - _ABOVE * high, left + (1 + _BESIDE) * wide, top + (1 + _BELOW) * high)
    return np.clip(np.stack(sides, axis=1), 0.0, 1.0)


def _span(one: Person, across: bool) -> tuple[Floats, Floats]:
    box = head(one.boxes)
    return (box[:, 0], box[:, 2]) if across else (box[:, 1], box[:, 3])


def _chosen(crowd: Sequence[Person], window: float, across: bool) -> tuple[list[Person], list[Person]]:
    """Those who fit into one frame together, the weightiest first, and the others."""
    kept: list[Person] = []
    others: list[Person] = []
    for one in crowd:
        low, high = _span(one, across)
        fits = np.ones(low.size, bool)
        for other in kept:
            beside, beyond = _span(other, across)
            fits &= ~other.there | (np.maximum(high, beyond) - np.minimum(low, beside) <= window)
        (kept if not kept or float(fits[one.there].mean()) >= 0.9 else others).append(one)
    return kept, others


def _side(one: Person, across: bool) -> str:
    middle = float(np.median((one.boxes[:, 0] + one.boxes[:, 2] / 2 if across else one.boxes[:, 1] + one.boxes[:, 3] / 2)[one.there]))
    names = ("at the left", "in the middle", "at the right") if across else ("at the top", "in the middle", "at the bottom")
    return names[0 if middle < 0.4 else 2 if middle > 0.6 else 1]


# ---- what each place costs


def _faced(kept: Sequence[Person], others: Sequence[Person], places: Floats, window: float, across: bool) -> Floats:
    """Shape (n, p): a head that is cut costs most; then one of the others that is cut through; then standing wrong in the frame."""
    costs = np.zeros((kept[0].there.size, places.size))
    ideals, weights = np.zeros(costs.shape[0]), np.zeros(costs.shape[0])
    for one in kept:
        low, high = _span(one, across)
        out = _outside(low, high, places, window)
        costs += one.there[:, None] * np.where(out > 1e-6, 0.2 + 0.8 * out, 0.0)
        weight = one.there * one.boxes[:, 2] * one.boxes[:, 3]
        ideals += weight * _ideal(one, window, across)
        weights += weight
    for one in others:
        out = _outside(*_span(one, across), places, window)
        costs += 0.4 * one.there[:, None] * out * (1 - out)
    ideal = ideals / np.maximum(weights, 1e-9)
    off = np.clip(ideal, places[0], places[-1])[:, None] - places[None]
    return np.asarray(costs + 0.3 * (off / window) ** 2 * (weights > 0)[:, None])


def _ideal(one: Person, window: float, across: bool) -> Floats:
    """Where the frame's middle is best for one face: ahead of where it looks; or below it, so that its eyes are at the upper third."""
    if across:
        return np.asarray(one.boxes[:, 0] + one.boxes[:, 2] / 2 + np.clip(np.median(one.boxes[one.there, 4]) / _LOOKS_AWAY, -1, 1) * _THIRD * window)
    return np.asarray(one.boxes[:, 1] + one.boxes[:, 3] / 2 + _EYES * window)


def _outside(low: Floats, high: Floats, places: Floats, window: float) -> Floats:
    """Share of a head that is outside the frame, at each moment and place: shape (n, p)."""
    left, right = places - window / 2, places + window / 2
    out = np.maximum(left[None] - low[:, None], 0) + np.maximum(high[:, None] - right[None], 0)
    return np.asarray(np.clip(out / np.maximum(high - low, 1e-6)[:, None], 0, 1))


def _whole(kept: Sequence[Person], middles: Floats, window: float, across: bool) -> float:
    some, cut = np.zeros(middles.size, bool), np.zeros(middles.size, bool)
    for one in kept:
        low, high = _span(one, across)
        some |= one.there
        cut |= one.there & ((low < middles - window / 2 - 1e-3) | (high > middles + window / 2 + 1e-3))
    return float((some & ~cut).sum() / some.sum()) if some.any() else 0.0


def _calmed(profile: Floats) -> Floats:
    """Each moment with those on either side: a flicker is nothing to look at."""
    wide = np.pad(profile, ((1, 1), (0, 0)), mode="edge")
    return np.asarray((wide[:-2] + wide[1:-1] + wide[2:]) / 3)


def _inside(profile: Floats, places: Floats, window: float) -> Floats:
    """Share of each profile that is in the frame at each place: shape (n, p)."""
    grown = np.concatenate((np.zeros((profile.shape[0], 1)), np.cumsum(profile, axis=1)), axis=1)
    edges = np.linspace(0, 1, profile.shape[1] + 1)
    ends = [np.stack([np.interp(places + side * window / 2, edges, row) for row in grown]) for side in (-1, 1)]
    return np.asarray(ends[1] - ends[0])


def _away(profile: Floats, places: Floats, window: float) -> Floats:
    """How far each place is from the middle of what there is to look at, squared, in frames."""
    grown = np.cumsum(profile, axis=1)
    middle = np.array([(np.searchsorted(row, 0.5 * row[-1]) + 0.5) / row.size for row in grown])
    return np.asarray(((np.clip(middle, places[0], places[-1])[:, None] - places[None]) / window) ** 2)
