"""How far one attempt stands apart from the others of its set-up, and stretches of time where something is the case.

Nothing here knows what is better: apart is apart, in either direction.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["apart", "around", "shares", "spells"]

Line = NDArray[np.float64]


def apart(value: float, others: Sequence[float], *, floor: float) -> float | None:
    """How many times further from the others' median a value lies than the furthest of them does; with a sign.

    Args:  others: of the other attempts.  floor: in the unit of the values: attempts that differ by less are taken for alike.
    Empty: None for fewer than two others: of two attempts nobody can say which is the odd one.
    """
    if len(others) < 2:
        return None
    middle = float(np.median(others))
    widest = max(floor, max(abs(one - middle) for one in others))
    return (value - middle) / widest


def around(values: Line, half: int) -> Line:
    """The running median over `half` entries on either side, on every fourth entry and straight between them. Shape (n,); empty for none."""
    if values.size == 0:
        return values.astype(np.float64)
    padded = np.pad(values.astype(np.float64), half, mode="reflect" if values.size > half else "edge")
    every = np.unique(np.append(np.arange(0, values.size, 4), values.size - 1))
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)[every]
    return np.asarray(np.interp(np.arange(values.size), every, np.median(windows, axis=1)), np.float64)


def spells(mask: NDArray[np.bool_], *, hop_s: float, join_s: float = 0.0, least_s: float = 0.0) -> list[tuple[float, float]]:
    """Half-open stretches of True in seconds, those nearer than `join_s` as one, those shorter than `least_s` left out. In order."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(np.int8), [0]))))
    found: list[list[float]] = []
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if found and start * hop_s - found[-1][1] <= join_s:
            found[-1][1] = end * hop_s
        else:
            found.append([start * hop_s, end * hop_s])
    return [(start_s, end_s) for start_s, end_s in found if end_s - start_s >= least_s - 1e-9]


def shares(maps: NDArray[np.floating], *, rows: int, columns: int) -> NDArray[np.float32]:
    """The means of a grid of fields of each picture: shape (n, h, w) -> (n, rows, columns); what does not fill a field is left out."""
    count, high, wide = maps.shape
    tall, broad = high // rows, wide // columns
    cut = maps[:, : tall * rows, : broad * columns].reshape(count, rows, tall, columns, broad)
    return np.asarray(cut.mean(axis=(2, 4)), np.float32)
