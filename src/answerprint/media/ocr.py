"""Text in a picture: where lines of it stand, and what they say. Needs the extra `vision`; nothing is fetched, the models lie in its package."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerprint.media import MediaError

__all__ = ["FIND_PX", "READ_PX", "installed", "lines", "text"]

Picture = NDArray[np.uint8]
Corners = tuple[tuple[float, float], ...]

FIND_PX = 480  #: of the long side, where lines are only found: a board a third of the picture high is, at 0.2 s a picture
READ_PX = 736  #: of the long side, where they are read

_WANTS = "rapidocr"


def installed() -> bool:
    """Whether the extra `vision` is here, without loading it."""
    return importlib.util.find_spec(_WANTS) is not None


def lines(picture: Picture, *, long_px: int = FIND_PX) -> list[Corners]:
    """Where lines of text stand: four corners each, in pixels of the picture, from the upper left, clockwise.

    Args:   picture: shape (h, w), 8-bit light.  long_px: what a larger picture is made smaller to, and half of that is four times as fast.
    Empty:  no text.
    Raises: MediaError where the extra is not installed.
    """
    found = _engine(long_px)(_three(picture), use_det=True, use_cls=False, use_rec=False)
    return [] if found.boxes is None else [_corners(box) for box in found.boxes]


def text(picture: Picture) -> list[tuple[str, Corners, float]]:
    """What every line says: its text, its four corners, and the mean score of its characters, 0..1.

    Args, Raises: as `lines`.
    """
    found = _engine(READ_PX)(_three(picture), use_det=True, use_cls=False, use_rec=True)
    if found.boxes is None or found.txts is None:
        return []
    return [(str(says), _corners(box), float(score)) for says, box, score in zip(found.txts, found.boxes, found.scores, strict=True)]


def _corners(box: Sequence[Any]) -> Corners:
    return tuple((float(x), float(y)) for x, y in box)


def _three(picture: Picture) -> Picture:
    return np.ascontiguousarray(np.repeat(picture[:, :, None], 3, axis=2))


@functools.cache
def _engine(long_px: int) -> Any:
    """One reader per size, on one thread: a prep keeps every core busy with clips."""
    try:
        from rapidocr import RapidOCR
    except ImportError as cause:
        raise MediaError('text in pictures is read by the extra "vision". Install it with: pip install "answerprint[vision]"') from cause
    settings = {
        "Global.log_level": "critical", "Global.max_side_len": long_px, "Global.use_cls": False, "Det.limit_type": "max", "Det.limit_side_len": long_px,
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    }  # fmt: skip
    return RapidOCR(params=settings)
