"""Camera log to Rec.709 by OpenColorIO's built-in transforms: exact, and as a cube that a picture goes through.

The view is ACES 2.0, SDR, 100 nits, on a BT.1886 display: what a grading program shows before anybody has graded.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerprint.media import MediaError
from answerprint.media.cube import Lut
from answerprint.media.lognames import CONFIG, Builtin

__all__ = ["Log", "baked", "exact", "to_log"]

_DISPLAY, _VIEW = "Rec.1886 Rec.709 - Display", "ACES 2.0 - SDR 100 nits (Rec.709)"
_CODE = (876 / 1023, 64 / 1023)  #: ITU-R BT.709-6, item 3.4, ten bits: black 64, white 940


def exact(one: Builtin, rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log as decoded to Rec.709, shapes (..., 3), full scale 1.0, by OpenColorIO itself.

    Raises: MediaError: OpenColorIO is not installed.
    """
    code = rgb * _CODE[0] + _CODE[1] if one.from_code else rgb
    seen = np.ascontiguousarray(code.reshape(-1, 3), dtype=np.float32)
    _processor(one.space, False).applyRGB(seen)
    return np.clip(seen.astype(np.float64), 0, 1).reshape(rgb.shape)


def to_log(one: Builtin, rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """The way back: Rec.709 to log as it is decoded, shapes (..., 3). For pictures to measure with.

    Raises: MediaError: OpenColorIO is not installed.
    """
    code = np.ascontiguousarray(rgb.reshape(-1, 3), dtype=np.float32)
    _processor(one.space, True).applyRGB(code)
    out = code.astype(np.float64).reshape(rgb.shape)
    return (out - _CODE[1]) / _CODE[0] if one.from_code else out


@dataclass(frozen=True, kw_only=True)
class Log(Lut):
    """A built-in transform as a cube that knows what it was made of."""

    of: Builtin


@functools.lru_cache(maxsize=4)
def baked(one: Builtin) -> Log:
    """The transform as a cube over the decoded signal.

    Raises: MediaError: OpenColorIO is not installed.
    """
    axis = np.linspace(0, 1, one.points)
    table = exact(one, np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1))
    return Log(table=table, of=one)


@functools.lru_cache(maxsize=8)
def _processor(space: str, backwards: bool) -> Any:
    try:
        import PyOpenColorIO as ocio
    except ImportError as cause:
        raise MediaError("a built-in log transform needs OpenColorIO. Install it: pip install 'answerprint[deliver]', or choose a .cube for the camera.") from cause
    config = ocio.Config.CreateFromBuiltinConfig(CONFIG)
    way = ocio.TRANSFORM_DIR_INVERSE if backwards else ocio.TRANSFORM_DIR_FORWARD
    return config.getProcessor(space, _DISPLAY, _VIEW, way).getDefaultCPUProcessor()
