"""The thumbnail strip: a clip on one sheet, left to right and down, whole frames only."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from av.video.frame import VideoFrame
from PIL import Image, ImageDraw, ImageFont

__all__ = ["MOST", "Sheet", "Strip"]

MOST = 60  #: thumbnails on a strip
_LONG = 192  #: pixels of a thumbnail's long side
_ACROSS = 1984  #: pixels of a full row, ten thumbnails of 16:9
_GUTTER = 4
_FOOTER = 26
_PAPER, _INK = (22, 22, 22), (150, 150, 150)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """How a strip is laid out, for a page that shows one thumbnail of it."""

    frames: tuple[int, ...]  #: proxy frame of each thumbnail
    across: int
    width: int  #: of a thumbnail, pixels
    height: int
    gutter: int = _GUTTER  #: around every thumbnail


class Strip:
    """Collects a thumbnail about every second, at most 60 evenly over the clip however long it is.

    Args: size: of the proxy.  every: proxy frames from one thumbnail to the next, at first.
    """

    def __init__(self, *, size: tuple[int, int], rate: Fraction, expected_frames: int) -> None:
        width, height = size
        scale = min(1.0, _LONG / max(size))
        self._size = (max(2, round(width * scale)), max(2, round(height * scale)))
        second = max(1, round(rate))
        self._every = max(second, -(-expected_frames // MOST))
        self._kept: list[tuple[int, Image.Image]] = []

    def offer(self, number: int, frame: VideoFrame) -> None:
        """Show a proxy frame; it is kept if its turn has come. Where the clip is longer than it said, every second one goes."""
        if number < len(self._kept) * self._every:
            return
        small = frame.reformat(*self._size, format="rgb24", src_colorspace="ITU709", interpolation="AREA")
        self._kept.append((number, Image.fromarray(small.to_ndarray())))
        if len(self._kept) > MOST:
            self._kept = self._kept[::2]
            self._every *= 2

    def write(self, path: Path, footer: str = "") -> Sheet:
        """Write the strip as JPEG; `footer` is a quiet line under it, where there is something to say."""
        width, height = self._size
        across = max(1, min(len(self._kept), (_ACROSS - _GUTTER) // (width + _GUTTER)))
        down = max(1, -(-len(self._kept) // across))
        size = (across * (width + _GUTTER) + _GUTTER, down * (height + _GUTTER) + _GUTTER + (_FOOTER if footer else 0))
        sheet = Image.new("RGB", size, _PAPER)
        for place, (_, picture) in enumerate(self._kept):
            sheet.paste(picture, (_GUTTER + place % across * (width + _GUTTER), _GUTTER + place // across * (height + _GUTTER)))
        if footer:
            font = ImageFont.load_default(14)
            ImageDraw.Draw(sheet).text((2 * _GUTTER, size[1] - _FOOTER + 3), footer, fill=_INK, font=font)
        sheet.save(path, "JPEG", quality=88, subsampling=0)
        return Sheet(frames=tuple(number for number, _ in self._kept), across=across, width=width, height=height)
