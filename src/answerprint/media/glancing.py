"""Glances at a proxy: its key frames, small and grey, and all frames of a short stretch. Nothing else of it is decoded."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from answerprint.media.container import opened, reading

__all__ = ["LONG_PX", "SMALL_PX", "key_frames", "stretch"]

SMALL_PX, LONG_PX = 96, 320

Frames = NDArray[np.uint8]


def key_frames(proxy: Path, in_s: float, out_s: float) -> tuple[Frames, NDArray[np.float64]]:
    """The key frames of a stretch of a proxy, grey, 96 pixels on the long side: shape (n, h, w); and when each is shown, seconds from the first frame.

    Raises: MediaError: the proxy cannot be opened or read. Empty arrays where nothing decodes.
    """
    found = [(at_s, _grey(frame, SMALL_PX)) for at_s, frame in _shown(proxy, in_s, out_s, only="NONKEY") if at_s >= in_s]
    return _stacked([grey for _, grey in found]), np.array([at_s for at_s, _ in found], np.float64)


def stretch(proxy: Path, in_s: float, out_s: float) -> Frames:
    """The frames of a proxy that are shown from `in_s` to `out_s`, grey, 320 pixels on the long side: shape (n, h, w).

    Raises: MediaError: the proxy cannot be opened or read. Empty where no frame lies there.
    """
    return _stacked([_grey(frame, LONG_PX) for at_s, frame in _shown(proxy, in_s, out_s) if at_s >= in_s - 1e-6])


def _shown(proxy: Path, in_s: float, out_s: float, *, only: Literal["DEFAULT", "NONKEY"] = "DEFAULT") -> Iterator[tuple[float, VideoFrame]]:
    """Frames with when each is shown, seconds from the first: from the key frame before `in_s` up to `out_s`."""
    with opened(proxy) as container, reading(proxy):
        stream = container.streams.video[0]
        stream.codec_context.skip_frame = only
        base, start = Fraction(stream.time_base or Fraction(1, 90_000)), stream.start_time or 0
        container.seek(start + int(Fraction(max(0.0, in_s)) / base), stream=stream, backward=True)
        for frame in container.decode(stream):
            at_s = float(((frame.pts or 0) - start) * base)
            if at_s >= out_s:
                return
            yield at_s, frame


def _stacked(found: list[Frames]) -> Frames:
    return np.stack(found) if found else np.zeros((0, 2, 2), np.uint8)


#: Legal luma as full range: proxies are legal.
_FULL = np.clip(np.rint((np.arange(256) - 16) * 255 / 219), 0, 255).astype(np.uint8)


def _grey(frame: VideoFrame, long_px: int) -> Frames:
    """The luma of a frame in means of whole blocks, so that its long side has about `long_px`; the scaler takes three times as long."""
    plane: Any = frame.planes[0]
    light = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: frame.height, : frame.width]
    by = max(1, round(max(light.shape) / long_px))
    if by == 1:
        return np.asarray(_FULL[light], np.uint8)
    high, wide = light.shape[0] // by * by, light.shape[1] // by * by
    blocks = np.zeros((high // by, wide // by), np.uint16 if by < 16 else np.uint32)
    for row in range(by):
        for column in range(by):
            blocks += light[row:high:by, column:wide:by]
    return np.asarray(_FULL[(blocks + by * by // 2) // (by * by)], np.uint8)
