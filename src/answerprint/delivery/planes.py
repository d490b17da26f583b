"""Pictures as planes: black, mixed, lettered. Any planar format of 8 to 16 bits; sums are whole numbers, the same on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from answerprint.delivery import DeliveryError
from answerprint.media.lettering import Ink

__all__ = ["ONE", "Sheet", "arrays", "black", "blended", "lettered", "over"]

ONE = 1 << 16  #: a whole weight, or all covered


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A picture that is laid over others."""

    picture: av.VideoFrame
    cover: NDArray[np.int64] | None  #: shape (h, w), 0 to ONE: how much of what lies below each pixel covers; None: it covers all
    multiplied: bool = False  #: its colours are already multiplied with its cover


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
    return 1 << (part.bits - 1) if _coloured(frame, number) else 0 if full_range else 16 << (part.bits - 8)


def _coloured(frame: av.VideoFrame, number: int) -> bool:
    """Whether a plane holds colour differences. The library says so only of those with fewer samples than the luma: not in 4:4:4."""
    return number in (1, 2) and not frame.format.is_rgb


def blended(parts: Sequence[tuple[Fraction, av.VideoFrame]], *, full_range: bool) -> av.VideoFrame:
    """Pictures of one size and format, added by weight; what the weights lack of 1 is black."""
    like = parts[0][1]
    weights = [round(weight * ONE) for weight, _ in parts]
    rest = ONE - sum(weights)
    made = av.VideoFrame(like.width, like.height, like.format.name)
    sources = [arrays(frame) for _, frame in parts]
    for number, plane in enumerate(arrays(made)):
        total = np.full(plane.shape, rest * _nothing(like, number, full_range) + ONE // 2, np.uint32)
        for weight, source in zip(weights, sources, strict=True):
            total += source[number].astype(np.uint32) * np.uint32(weight)
        plane[:] = total >> 16
    return made


def over(below: av.VideoFrame, sheets: Sequence[tuple[Fraction, Sheet]], *, full_range: bool) -> av.VideoFrame:
    """Pictures of one size and format laid over another by cover and weight, all at once; the weights add up to 1 or less.

    The sum is of coded values, as in a dissolve. An alpha plane stays that of the picture below.
    """
    made = blended([(Fraction(1), below)], full_range=full_range)
    sources = [arrays(sheet.picture) for _, sheet in sheets]
    for number, plane in enumerate(arrays(made)[:3]):
        nothing, size = _nothing(made, number, full_range), (plane.shape[0], plane.shape[1])
        kept, total = np.full(size, ONE, np.int64), np.full(size, ONE // 2, np.int64)
        for (share, sheet), source in zip(sheets, sources, strict=True):
            weight = round(share * ONE)
            cover = np.full(size, weight, np.int64) if sheet.cover is None else _thinned(sheet.cover, size) * weight >> 16
            kept -= cover
            total += (source[number].astype(np.int64) - nothing) * weight + nothing * cover if sheet.multiplied else source[number].astype(np.int64) * cover
        total += plane.astype(np.int64) * np.maximum(kept, 0)
        plane[:] = np.clip(total >> 16, 0, (1 << made.format.components[number].bits) - 1)
    return made


def _thinned(cover: NDArray[np.int64], size: tuple[int, int]) -> NDArray[np.int64]:
    """Cover for a plane that has a sample for several pixels: their mean."""
    down, across = round(cover.shape[0] / size[0]), round(cover.shape[1] / size[1])
    whole = np.pad(cover, ((0, size[0] * down - cover.shape[0]), (0, size[1] * across - cover.shape[1])), mode="edge")
    mean: NDArray[np.int64] = whole.reshape(size[0], down, size[1], across).sum(axis=(1, 3)) // (down * across)
    return mean


def lettered(frame: av.VideoFrame, ink: Ink, x: int, y: int) -> av.VideoFrame:
    """A copy of a frame with grey lettering laid into it; x and y are even."""
    made = blended([(Fraction(1), frame)], full_range=False)
    height, width = ink.cover.shape
    for number, plane in enumerate(arrays(made)):
        if number == 3:
            continue
        part = made.format.components[number]
        across, down = (round(made.width / part.width), round(made.height / part.height)) if _coloured(made, number) else (1, 1)
        cover = ink.cover.reshape(height // down, down, width // across, across).mean(axis=(1, 3))[..., None][..., 0] / 255
        over = np.full(cover.shape, 128.0) if _coloured(made, number) else ink.luma.astype(np.float64)
        under = plane[y // down : (y + height) // down, x // across : (x + width) // across]
        under[:] = np.rint(under * (1 - cover) + over * (1 << (part.bits - 8)) * cover)
    return made
