"""Sticks: the frame of a slate in which its sticks meet. A bar turns about its hinge, faster than anything beside it, and then is still."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from answerprint.signal import SignalError

__all__ = ["AFTER", "BEFORE", "Closing", "closings"]

BEFORE, AFTER = 3, 2  #: frames looked at before and after the one in which the sticks meet

_MOVED = 12  # code values of 255, over 3 x 3 pixels: grain and the codec's own noise stay below 6
_BLOCK = 8  # pixels: a slate that is drawn out by a pixel in the hand fills a third of such a block at its edges, a stick most of it
_FULL = 0.35
_LONG = 0.08  # of the picture's width: a slate nobody can read is smaller
_SLIM = 2.5  # length over width of what moved: a stick that turns 20 degrees between two frames is three times as long as it sweeps wide
_TURN_DEG = (3.0, 40.0)  # from one frame's sweep to the next one's: sticks that stand 15 degrees open and close in three frames turn 4 to 5
_HINGE = (0.4, 1.5)  # of what swept, from its middle: where its two sweeps cross; near the hinge nothing is seen to move
_ABRUPT = 0.3  # of the sweep before: a hand that sets something down slows, sticks stop against each other
_STILL = 0.1  # of the change in the last moving frame: more than that left in the next one is a stick that closed while the shutter was open
_ALONE = 0.5  # of all that moves: sticks are held up before a set that waits

Picture = NDArray[np.uint8]
Moved = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Closing:
    """Sticks that met: the first frame in which they are shut, how far they turned into it, and how still they were after it."""

    frame: int  #: counted from the first frame given
    turned_deg: float  #: between the middles of the last two sweeps
    still: float  #: change after over change before; 0 is a picture that stands


@dataclass(frozen=True)
class _Sweep:
    """What one stick swept over between two frames: its blocks, middle (x, y), direction, length and width in pixels."""

    blocks: NDArray[np.bool_]
    middle: NDArray[np.float64]
    along: NDArray[np.float64]
    long: float
    wide: float


def closings(frames: Picture) -> tuple[Closing, ...]:
    """Find every frame in which the sticks of a slate have just met, in order.

    The stick must sweep twice (into the last frame in which it stands open, and into the one in which it is shut), the two sweeps must cross
    at one end, the hinge; then it stands. A camera that moves, a hand that goes on, sticks end on to the lens: nothing is said.
    Args:   frames: shape (n, h, w), 8-bit light of consecutive frames, about 320 pixels on the long side.
    Empty:  fewer than 6 frames, frames under 32 pixels, or nothing that moves like that.
    Raises: SignalError for another shape or type.
    """
    if frames.ndim != 3 or frames.dtype != np.uint8:
        raise SignalError(f"sticks are looked for in 8-bit frames of light; these are {frames.dtype} and have the shape {frames.shape}.")
    if len(frames) < BEFORE + AFTER + 1 or min(frames.shape[1:]) < 4 * _BLOCK:
        return ()
    soft = _softened(frames)
    moved = np.abs(np.diff(soft, axis=0))  # moved[i]: from frame i to frame i + 1
    sweeps = {at: _sweep(moved[at]) for at in range(len(moved))}
    found = []
    for frame in range(BEFORE, len(frames) - AFTER):
        opening, closing = sweeps[frame - 2], sweeps[frame - 1]
        if opening is None or closing is None:
            continue
        turned = _turned(opening, closing)
        if turned is None or moved[frame - 1].sum() < _ABRUPT * moved[frame - 2].sum():
            continue
        pixels = np.kron(closing.blocks, np.ones((_BLOCK, _BLOCK), bool))
        change = [float(one[: pixels.shape[0], : pixels.shape[1]][pixels].mean()) for one in moved[frame - 1 : frame + AFTER]]
        still = max(change[1:]) / change[0]
        if still <= _STILL:
            found.append(Closing(frame=frame, turned_deg=round(turned, 1), still=round(still, 3)))
    return tuple(found)


def _softened(frames: Picture) -> Moved:
    padded = np.pad(frames.astype(np.float32), ((0, 0), (1, 1), (1, 1)), mode="edge")
    rows = padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]
    soft: Moved = (rows[..., :-2] + rows[..., 1:-1] + rows[..., 2:]) / np.float32(9)
    return soft


def _sweep(moved: Moved) -> _Sweep | None:
    """The one long slim region that moved, or None: nothing, too much, or another shape."""
    high, wide = moved.shape[0] // _BLOCK, moved.shape[1] // _BLOCK
    over = moved[: high * _BLOCK, : wide * _BLOCK] > _MOVED
    full = over.reshape(high, _BLOCK, wide, _BLOCK).mean(axis=(1, 3)) >= _FULL
    count = int(full.sum())
    if count < 3 or count > full.size / 4:
        return None
    blocks = max(_regions(full), key=lambda region: int(region.sum()))
    if int(blocks.sum()) < _ALONE * count:
        return None
    ys, xs = np.nonzero(over & np.kron(blocks, np.ones((_BLOCK, _BLOCK), bool)))
    points = np.stack([xs, ys], axis=1).astype(np.float64)
    middle = points.mean(axis=0)
    spread, axes = np.linalg.eigh(np.cov((points - middle).T))
    wide_px, long_px = np.sqrt(12 * np.maximum(spread, 1e-9))  # of an evenly filled bar
    if long_px < _LONG * moved.shape[1] or long_px < _SLIM * wide_px:
        return None
    return _Sweep(blocks, middle, axes[:, 1], float(long_px), float(wide_px))


def _regions(full: NDArray[np.bool_]) -> Iterator[NDArray[np.bool_]]:
    """The blocks that touch each other, corners counted, region by region."""
    left = {(int(y), int(x)) for y, x in np.argwhere(full)}
    while left:
        edge = [left.pop()]
        region = np.zeros_like(full)
        while edge:
            y, x = edge.pop()
            region[y, x] = True
            beside = {(y + down, x + right) for down in (-1, 0, 1) for right in (-1, 0, 1)} & left
            left -= beside
            edge += beside
        yield region


def _turned(opening: _Sweep, closing: _Sweep) -> float | None:
    """Degrees between two sweeps that lie side by side and cross at one end; None where they do not."""
    near = np.zeros_like(opening.blocks)
    for y, x in np.argwhere(opening.blocks):
        near[max(0, y - 1) : y + 2, max(0, x - 1) : x + 2] = True
    if 2 * int((near & closing.blocks).sum()) < int(closing.blocks.sum()) or max(opening.long, closing.long) > 1.6 * min(opening.long, closing.long):
        return None
    cosine = float(opening.along @ closing.along)
    along = closing.along if cosine >= 0 else -closing.along
    turned = float(np.degrees(np.arccos(min(1.0, abs(cosine)))))
    if not _TURN_DEG[0] <= turned <= _TURN_DEG[1]:
        return None
    steps = np.linalg.solve(np.stack([opening.along, -along], axis=1), closing.middle - opening.middle)
    far = [abs(float(step)) / one.long for step, one in zip(steps, (opening, closing), strict=True)]
    return turned if steps[0] * steps[1] > 0 and all(_HINGE[0] <= one <= _HINGE[1] for one in far) else None
