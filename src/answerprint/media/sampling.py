"""A few frames of a clip, small and in full precision, as they are coded: for whoever measures colour."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
from av.stream import Discard
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from answerprint.media import MediaError
from answerprint.media.container import opened, reading, shown
from answerprint.model.records import VideoStream

__all__ = ["sampled", "spread"]

#: Frames decoded on from a key frame towards the moment that is wanted: as many as lie between two key frames of a proxy.
_ON = 12
_MATRIX = {"bt709": 1, "fcc": 4, "bt470bg": 5, "smpte170m": 6, "smpte240m": 7, "bt2020nc": 9, "bt2020c": 10}
_LEGAL, _FULL = 1, 2


def spread(in_s: Fraction, out_s: Fraction, count: int) -> tuple[Fraction, ...]:
    """That many moments of a stretch, each in the middle of its part."""
    return tuple(in_s + (out_s - in_s) * (2 * number + 1) / (2 * count) for number in range(count))


def sampled(path: Path, video: VideoStream, moments_s: Sequence[Fraction], *, long_px: int) -> NDArray[np.float64]:
    """Frames near some moments of a clip, seconds from its first frame; where key frames lie far apart, each moment's key frame and a little on.

    Returns: RGB as coded, legal range brought to full scale, 1.0 at white, not turned: shape (n, h, w, 3), a moment that shows the same frame
             as the one before it left out.
    Raises:  MediaError: it cannot be opened, or none of its frames decodes.
    """
    found: list[NDArray[np.float64]] = []
    last: int | None = None
    with opened(path) as container, reading(path):
        for stream in container.streams:
            if stream.index != video.index:
                stream.discard = Discard.all
        picture = next((one for one in container.streams.video if one.index == video.index), container.streams.video[0])
        base = Fraction(picture.time_base or Fraction(1, 90_000))
        for moment in moments_s:
            wanted = int((moment + video.start_s) / base)
            container.seek(wanted, stream=picture, backward=True)
            best: VideoFrame | None = None
            for count, frame in enumerate(container.decode(picture)):
                if frame.pts is None:
                    continue
                best = frame if best is None or frame.pts <= wanted else best
                if frame.pts >= wanted or count >= _ON:
                    break
            if best is not None and best.pts != last:
                last = best.pts
                found.append(_small(best, video, long_px))
    if not found:
        raise MediaError(f"{shown(path)}: none of its frames decodes where it was looked at. Copy it again from the card.")
    return np.stack(found)


def _small(frame: VideoFrame, video: VideoStream, long_px: int) -> NDArray[np.float64]:
    shrink = min(1.0, long_px / max(frame.width, frame.height))
    wide, high = (max(2, round(side * shrink)) for side in (frame.width, frame.height))
    rgb = frame.format.name.startswith(("rgb", "bgr", "gbr", "0rgb", "argb", "abgr", "pal8"))
    given: dict[str, int] = {}
    if not rgb:
        matrix = int(frame.colorspace) if int(frame.colorspace) in _MATRIX.values() else _MATRIX.get(video.colour.matrix or "")
        span = int(frame.color_range)
        if span not in (_LEGAL, _FULL):
            span = _FULL if video.colour.full_range or frame.format.name.startswith(("yuvj", "gray")) else _LEGAL
        given = {"src_colorspace": _scaler(matrix or (1 if frame.height >= 720 else 6)), "src_color_range": span, "dst_color_range": _FULL}
    small = frame.reformat(wide, high, format="rgb48le", interpolation="AREA", **given)
    return small.to_ndarray().astype(np.float64) / 65535


def _scaler(matrix: int) -> int:
    """The scaler's number of a matrix: it knows BT.470BG and SMPTE 170M as one."""
    return 5 if matrix == 6 else matrix
