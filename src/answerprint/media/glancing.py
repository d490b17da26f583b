"""Glances at a proxy: its key frames, small and grey, and all frames of a short stretch. Nothing else of it is decoded."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from answerprint.media.container import opened, reading

__all__ = ["LONG_PX", "SMALL_PX", "key_frames", "stretch"]

SMALL_PX, LONG_PX = 96, 320

Frames = NDArray[np.uint8]


def key_frames(proxy: Path, in_s: float, out_s: float) -> tuple[Frames, NDArray[np.float64]]:
    """The key frames of a stretch of a proxy, grey, 96 pixels on the long side: shape (n, h, w); and when each is shown, seconds from the first frame.

    Raises: MediaError: the proxy cannot be opened or read. Empty arrays where nothing decodes.
    """
    found: list[Frames] = []
    times: list[float] = []
    with opened(proxy) as container, reading(proxy):
        stream = container.streams.video[0]
        stream.codec_context.skip_frame = "NONKEY"
        base, start = Fraction(stream.time_base or Fraction(1, 90_000)), stream.start_time or 0
        container.seek(start + int(Fraction(max(0.0, in_s)) / base), stream=stream, backward=True)
        for frame in container.decode(stream):
            at_s = float(((frame.pts or 0) - start) * base)
            if at_s >= out_s:
                break
            if at_s >= in_s:
                found.append(_grey(frame, SMALL_PX))
                times.append(at_s)
    return (np.stack(found) if found else np.zeros((0, 2, 2), np.uint8)), np.array(times, np.float64)


def stretch(proxy: Path, in_s: float, out_s: float) -> Frames:
    """The frames of a proxy that are shown from `in_s` to `out_s`, grey, 320 pixels on the long side: shape (n, h, w).

    Raises: MediaError: the proxy cannot be opened or read. Empty where no frame lies there.
    """
    found: list[Frames] = []
    with opened(proxy) as container, reading(proxy):
        stream = container.streams.video[0]
        base, start = Fraction(stream.time_base or Fraction(1, 90_000)), stream.start_time or 0
        container.seek(start + int(Fraction(max(0.0, in_s)) / base), stream=stream, backward=True)
        for frame in container.decode(stream):
            at_s = float(((frame.pts or 0) - start) * base)
            if at_s >= out_s:
                break
            if at_s >= in_s - 1e-6:
                found.append(_grey(frame, LONG_PX))
    return np.stack(found) if found else np.zeros((0, 2, 2), np.uint8)


def _grey(frame: object, long_px: int) -> Frames:
    shrink = min(1.0, long_px / max(frame.width, frame.height))  # type: ignore[attr-defined]
    wide, high = (max(2, round(side * shrink / 2) * 2) for side in (frame.width, frame.height))  # type: ignore[attr-defined]
    return np.asarray(frame.reformat(wide, high, format="gray", interpolation="AREA").to_ndarray(), np.uint8)  # type: ignore[attr-defined]
