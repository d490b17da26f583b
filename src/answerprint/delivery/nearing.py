"""Whether a cube is near enough to a built-in log transform for the frames of one medium, and the transform itself where it is not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from answerprint.delivery.plan import Medium
from answerprint.media.cube import Cdl, Lut
from answerprint.media.lognames import Builtin
from answerprint.media.look import Look

__all__ = ["MEAN", "MOST", "exactly", "near"]

#: A code of ten bits on average, and four for the thousandth pixel: less is not seen in a moving picture, and ten-bit masters hold it.
MEAN, MOST = 1 / 1023, 4 / 1023
_MOMENTS, _LONG_PX = 4, 480


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
