"""Pictures as planes: black, mixed, lettered. Any planar format of 8 to 16 bits; sums are whole numbers, the same on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from answerprint.delivery import DeliveryError
from answerprint.media.lettering import Ink

__all__ = ["arrays", "black", "blended", "lettered"]

_ONE = 1 << 16


def arrays(frame: av.VideoFrame) -> list[NDArray[Any]]:
    """The planes of a frame as arrays (h, w) that look into it, without a copy.

    Raises: DeliveryError: a format whose planes are not one component each.
    """
    if not frame.format.is_planar or len(frame.planes) < 3:
        raise DeliveryError(f"pictures cannot be mixed in the pixel format {frame.format.name}. Use a planar one, such as yuv420p or yuv422p10le.")
    kind = np.dtype(np.uint8) if max(part.bits for part in frame.format.components) <= 8 else np.dtype("<u2")
    return [
        np.frombuffer(plane, kind).reshape(plane.height, plane.line_size // kind.itemsize)[:, : plane.width]  # type: ignore[call-overload]
        for plane in frame.planes
    ]


def black(size: tuple[int, int], pixel_format: str, *, full_range: bool) -> av.VideoFrame:
    """A black frame; its alpha plane, where there is one, covers everything."""
    frame = av.VideoFrame(size[0], size[1], pixel_format)
    parts = frame.format.components
    for number, plane in enumerate(arrays(frame)):
        plane[:] = (1 << parts[number].bits) - 1 if number == 3 else _nothing(frame, number, full_range)
    return frame


def _nothing(frame: av.VideoFrame, number: int, full_range: bool) -> int:
    """Black on one plane."""
    part = frame.format.components[number]
    if frame.format.is_rgb:
        return 0
    return 1 << (part.bits - 1) if part.is_chroma else 0 if full_range else 16 << (part.bits - 8)


def blended(parts: Sequence[tuple[Fraction, av.VideoFrame]], *, full_range: bool) -> av.VideoFrame:
    """Pictures of one size and format, added by weight; what the weights lack of 1 is black."""
    like = parts[0][1]
    weights = [round(weight * _ONE) for weight, _ in parts]
    rest = _ONE - sum(weights)
    made = av.VideoFrame(like.width, like.height, like.format.name)
    sources = [arrays(frame) for _, frame in parts]
    for number, plane in enumerate(arrays(made)):
        total = np.full(plane.shape, rest * _nothing(like, number, full_range) + _ONE // 2, np.uint32)
        for weight, source in zip(weights, sources, strict=True):
            total += source[number].astype(np.uint32) * np.uint32(weight)
        plane[:] = total >> 16
    return made


def lettered(frame: av.VideoFrame, ink: Ink, x: int, y: int) -> av.VideoFrame:
    """A copy of a frame with grey lettering laid into it; x and y are even."""
    made = blended([(Fraction(1), frame)], full_range=False)
    height, width = ink.cover.shape
    for number, plane in enumerate(arrays(made)):
        if number == 3:
            continue
        part = made.format.components[number]
        across, down = (round(made.width / part.width), round(made.height / part.height)) if part.is_chroma else (1, 1)
        cover = ink.cover.reshape(height // down, down, width // across, across).mean(axis=(1, 3))[..., None][..., 0] / 255
        over = np.full(cover.shape, 128.0) if part.is_chroma else ink.luma.astype(np.float64)
        under = plane[y // down : (y + height) // down, x // across : (x + width) // across]
        under[:] = np.rint(under * (1 - cover) + over * (1 << (part.bits - 8)) * cover)
    return made
