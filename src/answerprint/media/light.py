"""Light: a few frames of a proxy, small and without colour, for whoever looks at how things move."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from answerprint.media.container import opened, reading

__all__ = ["light"]


def light(proxy: Path, first: int, stop: int, *, rate: Fraction, long_px: int) -> NDArray[np.uint8]:
    """Decode the frames `first` to `stop` (half-open) of a proxy, from the key frame before them.

    Args:    rate: the proxy's.  long_px: of the long side that comes back; a smaller picture stays as it is.
    Returns: shape (n, h, w), 8-bit legal luma; fewer frames where the proxy ends before.
    Empty:   shape (0, 0, 0) where none of them is in the proxy.
    Raises:  MediaError where it cannot be opened or read.
    """
    pictures: list[NDArray[np.uint8]] = []
    with opened(proxy) as container, reading(proxy):
        stream = container.streams.video[0]
        base = stream.time_base
        assert base is not None
        shrink = min(1.0, long_px / max(stream.width, stream.height))
        size = (max(2, round(stream.width * shrink)), max(2, round(stream.height * shrink)))
        container.seek(int(max(0, first) / rate / base), stream=stream, backward=True)
        for frame in container.decode(stream):
            number = round((frame.pts or 0) * base * rate)
            if number >= stop:
                break
            if number >= first:
                small = frame.reformat(*size, format="yuv420p", interpolation=av.video.reformatter.Interpolation.AREA)
                pictures.append(_luma(small))
    return np.stack(pictures) if pictures else np.zeros((0, 0, 0), np.uint8)


def _luma(frame: av.VideoFrame) -> NDArray[np.uint8]:
    plane = frame.planes[0]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
    return rows[:, : plane.width].copy()
