"""Whether a cube is near enough to a built-in log transform for the frames of one medium; and where it is not, the transform itself for just those
colours that the cube misses: a few in a hundred of the pixels of a picture, at the price of those few.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from answerprint.delivery.plan import Medium
from answerprint.media.cube import Cdl, Lut
from answerprint.media.lognames import Builtin
from answerprint.media.look import Look

__all__ = ["MEAN", "MOST", "Mended", "exactly", "mended", "near"]

#: A code of ten bits on average, and four for the thousandth pixel: less is not seen in a moving picture, and ten-bit masters hold it.
MEAN, MOST = 1 / 1023, 4 / 1023
_MOMENTS, _LONG_PX = 4, 480
#: A cell of the cube that is off by more than this in the middle of one of its six tetrahedra is worked out. Within a cell the error is largest about
#: there: of ten-bit log of real pictures the thousandth pixel is then off by 1.7 to 2.3 of 1023 in all transforms (bench/colour.py).
_FAR = 2 / 1023


@dataclass(frozen=True, kw_only=True)
class _Exactly(Lut):
    """A built-in transform that is worked out for each pixel."""

    of: Builtin

    def apply(self, rgb: NDArray[np.float64]) -> NDArray[np.float64]:
        from answerprint.media.logs import exact

        return exact(self.of, rgb)


def exactly(look: Look) -> Look:
    """A look whose built-in transforms are worked out, not read from a cube."""
    from answerprint.media.logs import Log

    return replace(look, steps=tuple(_Exactly(of=step.of) if isinstance(step, Log) else step for step in look.steps))


@dataclass(frozen=True, kw_only=True)
class Mended:
    """A cube, the look that it stands for, and where of it the cube is too far off."""

    cube: Path
    look: Look
    far: NDArray[np.bool_]  #: cells of the cube, shape (n, n, n), by red, green, blue

    def mend(self, code: tuple[NDArray[np.uint16], ...], cubed: tuple[NDArray[np.uint16], ...]) -> None:
        """Put right what came out of the cube. Args: code: red, green and blue as they went in, 0 to 65535, shape (h, w).  cubed: as they came out."""
        cells = self.far.shape[0]
        red, green, blue = (plane.astype(np.uint32) * np.uint32(cells) >> 16 for plane in code)
        off = self.far.reshape(-1)[(red * cells + green) * cells + blue]
        if off.any():
            exact = self.look.apply(np.stack([plane[off] for plane in code], axis=-1).astype(np.float64) / 65535)
            shown = np.rint(np.clip(exact, 0, 1) * 65535).astype(np.uint16)
            for number, plane in enumerate(cubed):
                plane[off] = shown[:, number]


def mended(look: Look, cube: Path) -> Mended:
    """Find where a look's cube is too far off. Args: cube: the look as it was written."""
    exact = exactly(look)
    points = max(step.table.shape[0] for step in look.steps if isinstance(step, Lut) and step.table is not None)
    axis = np.linspace(0, 1, points)
    table = np.clip(look.apply(np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1)), 0, 1)
    cells = points - 1
    far = np.zeros((cells, cells, cells), np.bool_)
    low = np.stack(np.meshgrid(axis[:-1], axis[:-1], axis[:-1], indexing="ij"), axis=-1)
    for first, second, third in permutations(range(3)):  # the tetrahedron over which colours of this order lie: from black of the cell to its white
        place = np.zeros(3)
        place[[first, second, third]] = 0.75, 0.5, 0.25
        corner, mean = [0, 0, 0], np.zeros((cells, cells, cells, 3))
        for channel in (None, first, second, third):
            if channel is not None:
                corner[channel] = 1
            mean += table[tuple(slice(at, at + cells) for at in corner)] / 4
        truth = np.clip(exact.apply(low + place / cells), 0, 1)
        far |= (np.abs(mean - truth) > _FAR).any(axis=-1)
    return Mended(cube=cube, look=exact, far=far)


def near(look: Look, medium: Medium) -> bool:
    """Whether frames of a medium come out of the look's cube within the bound of the exact transform. A look without a built-in transform is its own cube.

    Raises: MediaError: nothing of the medium decodes.
    """
    from answerprint.media.logs import Log
    from answerprint.media.sampling import sampled, spread

    if medium.info is None or medium.info.video is None or not any(isinstance(step, Log) for step in look.steps):
        return True
    video = medium.info.video
    frames = sampled(medium.path, video, spread(Fraction(0), medium.info.duration_s, _MOMENTS), long_px=_LONG_PX)
    code = frames.reshape(-1, 3)
    off = np.abs(_cubed(look, code) - np.clip(exactly(look).apply(code), 0, 1))
    return bool(off.mean() <= MEAN and np.percentile(off, 99.9) <= MOST)


def _cubed(look: Look, code: NDArray[np.float64]) -> NDArray[np.float64]:
    """As the cube does it that a film goes through: one table for all steps."""
    if not any(isinstance(step, Cdl) for step in look.steps):
        return np.clip(look.apply(code), 0, 1)
    points = max(step.table.shape[0] for step in look.steps if isinstance(step, Lut) and step.table is not None)
    axis = np.linspace(0, 1, points)
    return np.clip(Lut(table=look.apply(np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1))).apply(code), 0, 1)
