"""How well letters stand out: contrast by WCAG 2.2 over what is really behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerprint.delivery.supers.drawing import Drawn, Rgba
from answerprint.delivery.supers.layout import Placed
from answerprint.delivery.supers.motion import State
from answerprint.delivery.supers.stage import Box

__all__ = ["behind", "least_contrast", "on_block"]

Light = NDArray[np.float32]  #: relative luminance, 0 to 1, shape (h, w)


def behind(made: Drawn, states: tuple[State, ...], placed: Placed) -> Rgba:
    """What a text stands on, without any text: every block, line and picture below it."""
    names = []
    for one in made.placed:
        if one is placed:
            break
        if one.text is None:
            names.append(one.layer.name)
    return made.at(states, only=frozenset(names))


def on_block(ground: Rgba, box: Box) -> bool:
    """Whether a box lies wholly on one opaque colour."""
    inside = _cut(ground, box)
    return bool(inside.size) and bool((inside[..., 3] == 255).all()) and bool((np.ptp(inside[..., :3].reshape(-1, 3).astype(int), axis=0) <= 2).all())


def least_contrast(placed: Placed, ground: Rgba, box: Box, background: Sequence[NDArray[np.uint8]]) -> tuple[float, bool]:
    """The worst contrast of a text and what is behind it.

    The ground under its box is looked at in squares as high as its letters, each by its mean light. Where the ground lets the picture
    through and no frames of it are given, the worst that any picture could do is taken.

    Args:   background: RGB frames, uint8, shape (h, w, 3), of the stage's size.
    Returns: the ratio (1 to 21), and whether it rests on a picture that nobody has shown.
    """
    assert placed.text is not None
    inside = _cut(ground, box).astype(np.float32)
    cover = inside[..., 3:] / 255
    unseen = bool((cover < 1).any()) and not background
    if background:
        under = [_cut(frame, box).astype(np.float32) for frame in background]
    else:
        under = [np.full(inside[..., :3].shape, level, np.float32) for level in (0, 255)] if unseen else [np.zeros(inside[..., :3].shape, np.float32)]
    square = max(int(placed.text.size * 0.7), 2)
    ink = luminance(np.array([[[placed.colour >> 16 & 255, placed.colour >> 8 & 255, placed.colour & 255]]], np.float32))[0, 0]
    worst = 21.0
    for picture in under:
        light = _squares(luminance(inside[..., :3] * cover + picture * (1 - cover)), square)
        high, low = np.maximum(light, ink), np.minimum(light, ink)
        worst = min(worst, float(((high + 0.05) / (low + 0.05)).min()))
    return worst, unseen


def luminance(pixels: NDArray[Any]) -> Light:
    """Relative luminance (WCAG 2.2, from IEC 61966-2-1) of RGB, 0 to 255, shape (..., 3)."""
    part = pixels / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    made: Light = (linear @ np.array([0.2126, 0.7152, 0.0722])).astype(np.float32)
    return made


def _cut(picture: NDArray[Any], box: Box) -> NDArray[Any]:
    height, width = picture.shape[:2]
    left, top, right, bottom = max(int(box[0]), 0), max(int(box[1]), 0), min(int(np.ceil(box[2])), width), min(int(np.ceil(box[3])), height)
    return picture[top : max(bottom, top), left : max(right, left)]


def _squares(light: Light, side: int) -> Light:
    """Means of squares; what is left at the right and below joins the last ones."""
    if not light.size:
        return np.zeros((1, 1), np.float32)
    rows = np.arange(0, max(light.shape[0] // side, 1) * side, side)
    columns = np.arange(0, max(light.shape[1] // side, 1) * side, side)
    sums = np.add.reduceat(np.add.reduceat(light.astype(np.float64), rows, axis=0), columns, axis=1)
    counts = np.diff(np.append(rows, light.shape[0]))[:, None] * np.diff(np.append(columns, light.shape[1]))[None, :]
    made: Light = (sums / counts).astype(np.float32)
    return made
