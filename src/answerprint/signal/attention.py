"""Where in a picture there is something to look at: what moves by itself, and what stands out by colour or sharpness.

Works on small copies of frames some tenths of a second apart. Nothing here knows what a thing is.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from answerprint.signal import SignalError

__all__ = ["LONG_PX", "detail", "drift", "interest", "moving"]

Frames = NDArray[np.uint8]
Maps = NDArray[np.float32]

LONG_PX = 96  #: long side of the small copies: a thing a hundredth of the picture wide still is a pixel
_NOISE = 6.0  #: codes; in the empty corners of five locked-off real clips 99 % of the pixels stay within 4 of the shot's median, from coding and grain
_LOCKED_PX = 1.0  #: a camera that drifts less than this over the whole shot stands still
_FILLED = 0.5  #: where half of the picture moves, motion says nothing about where to look


def interest(frames: Frames) -> tuple[Maps, NDArray[np.float32]]:
    """How much there is to look at in each place of each frame.

    Args:    frames: shape (n, h, w, 3), RGB, of one shot, in order.
    Returns: maps of shape (n, h, w), each adding up to 1; and for each frame how much of its map is motion, 0..1.
    Raises:  SignalError: no frame, or another shape.
    """
    if frames.ndim != 4 or frames.shape[3] != 3 or not frames.shape[0]:
        raise SignalError(f"frames of shape {frames.shape} cannot be looked at; (n, h, w, 3) with at least one is needed.")
    still = detail(frames)
    moves, filled = moving(frames)
    motion = np.where(filled > 0.001, np.clip(1 - filled / _FILLED, 0, 1), 0).astype(np.float32)
    maps = motion[:, None, None] * _whole(moves) + (1 - motion)[:, None, None] * _whole(still)
    return _whole(maps), motion


def moving(frames: Frames) -> tuple[Maps, NDArray[np.float32]]:
    """What moves otherwise than the camera: maps of shape (n, h, w), in codes over the noise, and the share of each frame that does.

    Where the camera stands still a frame is held against the median of the shot, which is what was behind; else against the frames on
    either side, laid over it by the camera's own drift. A single frame has no motion.
    """
    light = frames.astype(np.float32)
    count = len(frames)
    maps = np.zeros(frames.shape[:3], np.float32)
    if count < 2:
        return maps, np.zeros(count, np.float32)
    grey = light.mean(axis=3)
    drifts = [drift(one, after) for one, after in itertools.pairwise(grey)]
    if count >= 5 and np.abs(np.cumsum(drifts, axis=0)).max() < _LOCKED_PX:
        maps = np.abs(light - np.median(light, axis=0)).max(axis=3)
    else:
        for number in range(count - 1):
            apart = _apart(light[number], light[number + 1], drifts[number])
            maps[number + 1] = np.maximum(maps[number + 1], apart)
            back = _apart(light[number + 1], light[number], (-drifts[number][0], -drifts[number][1]))
            maps[number] = back if number == 0 else np.minimum(maps[number], back)  # in both: here, and neither before nor after
    floor = np.maximum(2 * np.median(maps, axis=(1, 2), keepdims=True), _NOISE)
    maps = np.maximum(_soft(maps) - floor, 0).astype(np.float32)
    return maps, (maps > 0).mean(axis=(1, 2), dtype=np.float32)


def drift(before: NDArray[np.float32], after: NDArray[np.float32]) -> tuple[int, int]:
    """How far the whole picture went from one frame to the next, in whole pixels down and to the right (phase correlation, Kuglin and Hines,
    Proc. IEEE Conf. Cybernetics and Society, 1975). (0, 0) for a flat picture.

    Args: before, after: shape (h, w).
    """
    window = np.outer(np.hanning(before.shape[0]), np.hanning(before.shape[1]))
    one, other = (np.fft.rfft2((frame - frame.mean()) * window) for frame in (before, after))
    cross = other * np.conj(one)
    size = np.abs(cross)
    if size.max() < 1e-6:
        return 0, 0
    peaks = np.fft.irfft2(cross / np.maximum(size, size.max() * 1e-6), before.shape)
    down, right = np.unravel_index(int(peaks.argmax()), peaks.shape)
    high, wide = before.shape
    return int(down) - high * (int(down) > high // 2), int(right) - wide * (int(right) > wide // 2)


def detail(frames: Frames) -> Maps:
    """What stands out in each frame without moving: shape (n, h, w), each map adding up to 1.

    Half is colour: how far a place is from the picture's mean (Achanta and others, CVPR 2009). Half is sharpness: where a lens puts
    the focus, there is the finest change from pixel to pixel.
    """
    light = frames.astype(np.float32)
    blurred = np.stack([_soft(light[..., channel]) for channel in range(3)], axis=-1)
    colour = np.sqrt(((blurred - light.mean(axis=(1, 2), keepdims=True)) ** 2).sum(axis=3))
    grey = light.mean(axis=3)
    fine = np.zeros_like(grey)
    fine[:, 1:] += np.abs(np.diff(grey, axis=1))
    fine[:, :, 1:] += np.abs(np.diff(grey, axis=2))
    return _whole(_whole(colour) + _whole(_soft(_soft(fine))))


def _whole(maps: Maps) -> Maps:
    """Each map adds up to 1; where there is nothing, it is even."""
    sums = maps.sum(axis=(1, 2), keepdims=True)
    even = np.float32(1 / (maps.shape[1] * maps.shape[2]))
    return np.where(sums > 1e-9, maps / np.maximum(sums, 1e-9), even).astype(np.float32)


def _soft(maps: Maps) -> Maps:
    """The mean of each place and those around it, three by three."""
    wide = np.pad(maps, ((0, 0), (1, 1), (1, 1)), mode="edge")
    down = wide[:, :-2] + wide[:, 1:-1] + wide[:, 2:]
    return np.asarray((down[:, :, :-2] + down[:, :, 1:-1] + down[:, :, 2:]) / 9, dtype=np.float32)


def _apart(before: Maps, after: Maps, by: tuple[int, int]) -> Maps:
    """How far a frame is from the one before, moved down and to the right by whole pixels; nought where the picture came in at an edge."""
    high, wide = before.shape[:2]
    rows, columns = np.arange(high) - by[0], np.arange(wide) - by[1]
    moved = before[np.clip(rows, 0, high - 1)][:, np.clip(columns, 0, wide - 1)]
    there = ((rows >= 0) & (rows < high))[:, None] & ((columns >= 0) & (columns < wide))[None]
    return np.where(there, np.abs(moved - after).max(axis=2), 0).astype(np.float32)
