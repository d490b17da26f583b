"""Slates drawn for tests: two striped sticks, the upper one turning about its hinge, seen through a shutter, in grain."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

HIGH, WIDE = 180, 320
_HINGE = (110.0, 80.0)
_SUB = 8  # moments that one exposure is averaged from
_Y, _X = np.mgrid[0:HIGH, 0:WIDE].astype(np.float32)


def still(open_deg: float, *, long: float = 96.0, tilt_deg: float = 0.0) -> NDArray[np.float32]:
    """One moment: a lit wall, a board, its fixed stick, and the other one standing open by `open_deg`."""
    picture: NDArray[np.float32] = 90 + 40 * _X / WIDE + 20 * np.sin(_Y / 17)
    for angle, above in ((0.0, False), (open_deg, True)):
        turn = np.radians(tilt_deg + angle)
        along = (_X - _HINGE[0]) * np.cos(turn) - (_Y - _HINGE[1]) * np.sin(turn)
        up = -((_X - _HINGE[0]) * np.sin(turn) + (_Y - _HINGE[1]) * np.cos(turn))
        stick = (along >= 0) & (along <= long) & ((up >= 0) & (up <= 9) if above else (up >= -9) & (up < 0))
        stripes = np.where(((along + (up if above else -up)) // 12) % 2 == 0, 20.0, 225.0)
        picture = np.where(stick, stripes, picture)
        if not above:
            picture = np.where((along >= 0) & (along <= long) & (up < -9) & (up >= -70), 205.0, picture)
    lit: NDArray[np.float32] = picture.astype(np.float32)
    return lit


def filmed(
    shut_at: float, *, count: int = 16, open_deg: float = 30.0, takes: float = 3.0, shutter: float = 0.5, grain: float = 2.0, seed: int = 1, **slate: float
) -> NDArray[np.uint8]:
    """`count` frames of sticks that begin to close `takes` frames before `shut_at` (in frames; a frame opens its shutter on its number)."""
    draw = np.random.default_rng(seed)
    frames = []
    for number in range(count):
        moments = number + (np.arange(_SUB) + 0.5) / _SUB * shutter
        left = np.clip((shut_at - moments) / takes, 0, 1)
        angles = open_deg * (1 - (1 - left) ** 1.5)  # faster and faster, until they meet
        exposure = still(float(angles[0]), **slate) if np.ptp(angles) < 0.01 else np.mean([still(float(angle), **slate) for angle in angles], axis=0)
        frames.append(exposure + draw.normal(0, grain, exposure.shape))
    return np.clip(np.round(np.stack(frames)), 0, 255).astype(np.uint8)
