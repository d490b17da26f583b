"""Frames of a stretch for whoever looks over it: so many, evenly apart, each the one that is seen at its moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from answerprint.library import LibraryError
from answerprint.library.pictures import clock, rgb, stream_of
from answerprint.media.container import opened, reading, shown

__all__ = ["along", "at", "strip"]

_AHEAD = 300  #: frames that are decoded behind a key frame for one moment; in a clip of one key frame a nearer one has to do
_ON_S = 2  #: a moment that is no further on is decoded to; for others the key frame before them is looked up
_QUALITY = 80


def along(in_s: Fraction, out_s: Fraction, count: int) -> list[Fraction]:
    """The moments of a strip: the middles of so many equal parts."""
    return [in_s + (out_s - in_s) * (2 * part + 1) / (2 * count) for part in range(count)]


def at(path: Path, wanted: Sequence[Fraction], *, long_px: int, rotation_deg: int = 0) -> Iterator[NDArray[np.uint8]]:
    """The frame that is seen at each moment, in seconds from the clip's first frame, in their order: shape (h, w, 3), RGB, upright.

    Past the end it is the last frame. Empty: nothing decodes.
    Raises: MediaError, LibraryError: it cannot be opened or read.
    """
    with opened(path) as container, reading(path):
        stream = stream_of(container, path)
        base, start = clock(stream)
        last: NDArray[np.uint8] | None = None
        frames: Iterator[av.VideoFrame] = iter(())
        ahead: av.VideoFrame | None = None  #: the first one behind the moment before
        for moment in wanted:
            target = start + int(moment / base)
            held = ahead if ahead is not None and (ahead.pts or start) <= target else None
            if ahead is None or not 0 <= (target - (ahead.pts or start)) * base <= _ON_S:
                container.seek(target, stream=stream, backward=True)
                frames, held = iter(container.decode(stream)), None
            ahead = None
            for number, frame in enumerate(frames):
                if held is not None and (frame.pts or start) > target:
                    ahead = frame
                    break
                held = frame
                if number >= _AHEAD:
                    break
            if held is not None:
                last = rgb(held, long_px, rotation_deg)
            if last is not None:
                yield last


def strip(path: Path, wanted: Sequence[Fraction], *, long_px: int, rotation_deg: int = 0) -> bytes:
    """Frames side by side in one picture, as JPEG: as many as `wanted`, all of one size.

    Raises: MediaError, LibraryError: it cannot be opened or read, or not one frame decodes.
    """
    frames = list(at(path, wanted, long_px=long_px, rotation_deg=rotation_deg))
    if not frames:
        raise LibraryError(f"{shown(path)}: not one frame of it decodes. Copy it again from where it came.")
    frames += frames[-1:] * (len(wanted) - len(frames))
    high, wide = frames[0].shape[:2]
    out = BytesIO()
    Image.fromarray(np.concatenate([one[:high, :wide] for one in frames], axis=1)).save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
