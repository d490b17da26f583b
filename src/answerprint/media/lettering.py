"""Lettering on pictures: slate and timecode burnt in, and the watermark. Grey only: the picture keeps the only colour.

Source Sans 3 draws Latin with all its accents, Greek and Cyrillic; a character that it lacks is a box, and `lacking` names it.
A piece of lettering is drawn once as ink and cover, and then laid into as many frames as it stands on, in place and only where it is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

__all__ = ["Ink", "Planes", "boxed", "card", "composed", "fitted", "font", "lacking", "lay", "watermark"]

Plane = NDArray[np.uint8]
Planes = tuple[Plane, Plane, Plane]  #: Y, U, V of a 4:2:0 frame, limited range
_WHITE, _BLACK, _GREY = 235, 16, 128
_BACKING = 150  #: of 255: white lettering on it keeps 4.5:1 over a white picture
_MARK = 64  #: of 255: readable, and the picture is seen through it
_PAD = 10
_REGULAR = 400  #: of the typeface's weights, 200 to 900
_PROBE, _NOBODY = 24, "\uffff"  #: at that size the box for what is not there is looked at; no typeface has the character U+FFFF


@dataclass(frozen=True)
class Ink:
    """Lettering as drawn: luma and cover, both uint8 of one even shape."""

    luma: Plane
    cover: Plane

    @property
    def size(self) -> tuple[int, int]:
        return self.luma.shape[1], self.luma.shape[0]


@lru_cache(maxsize=16)
def font(size: int) -> ImageFont.FreeTypeFont:
    """The one typeface that is always there, at a size in pixels."""
    found = ImageFont.truetype(str(files("fontpkg_source_sans_3") / "files" / "SourceSans3[wght].ttf"), size)
    found.set_variation_by_axes([_REGULAR])
    return found


def composed(line: str) -> str:
    """A line as it is drawn: an accent that is written as a character of its own, as some file systems do, joins its letter."""
    return unicodedata.normalize("NFC", " ".join(line.split()))


def lacking(lines: Iterable[str]) -> str:
    """The characters that the typeface does not have, each once, in their order; "" where it has all."""
    return "".join(one for one in dict.fromkeys("".join(map(composed, lines))) if not _has(one))


@lru_cache(maxsize=4096)
def _has(character: str) -> bool:
    known, none = font(_PROBE).getmask(character), font(_PROBE).getmask(_NOBODY)
    return (known.size, bytes(known)) != (none.size, bytes(none))


def boxed(lines: Sequence[str], size: int, *, widest: int) -> Ink:
    """Lines of white lettering on a dark backing; a line that is wider than `widest` ends in an ellipsis."""
    kept = [fitted(line, size, widest - 2 * _PAD) for line in lines]
    step = round(size * 1.3)
    wide = max((round(font(size).getlength(line)) for line in kept), default=0) + 2 * _PAD
    picture = Image.new("LA", (_even(min(wide, widest)), _even(step * len(kept) + _PAD)), (_BLACK, _BACKING))
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(kept):
        draw.text((_PAD, _PAD // 2 + number * step), line, fill=(_WHITE, 255), font=font(size))
    return _ink(picture)


def watermark(text: str, size: int, *, widest: int) -> Ink:
    """Large lettering to see through, light with a dark edge: it shows on a white packshot as on black."""
    text = composed(text)
    while size > 12 and font(size).getlength(text) > widest:
        size -= 2
    edge = max(1, size // 24)
    left, top, right, bottom = font(size).getbbox(text, stroke_width=edge)
    picture = Image.new("LA", (_even(round(right - left) + 4), _even(round(bottom - top) + 4)), (_WHITE, 0))
    ImageDraw.Draw(picture).text((2 - left, 2 - top), text, fill=(_WHITE, _MARK), font=font(size), stroke_width=edge, stroke_fill=(_BLACK, _MARK))
    return _ink(picture)


def card(size: tuple[int, int], lines: Sequence[str]) -> Planes:
    """A frame without picture: a dark grey card with its lines in the middle."""
    width, height = size
    picture = Image.new("L", size, 40)
    draw = ImageDraw.Draw(picture)
    step = height // 14
    top = (height - step * len(lines)) // 2
    for number, line in enumerate(lines):
        text = fitted(line, step * 2 // 3, width * 4 // 5)
        draw.text((width // 2, top + number * step + step // 2), text, fill=_WHITE, font=font(step * 2 // 3), anchor="mm")
    chroma = np.full((height // 2, width // 2), _GREY, np.uint8)
    return np.array(picture), chroma, chroma.copy()


def fitted(line: str, size: int, widest: int) -> str:
    """A line as it is drawn, no wider than that; what was cut off is an ellipsis."""
    line = composed(line)
    if font(size).getlength(line) <= widest:
        return line
    while line and font(size).getlength(line + "…") > widest:
        line = line[:-1]
    return line + "…"


def lay(planes: Planes, ink: Ink, x: int, y: int) -> None:
    """Lay lettering into a frame, in place; x and y are even, and the ink lies inside the frame."""
    luma, *chroma = planes
    height, width = ink.cover.shape
    part = luma[y : y + height, x : x + width]
    part[:] = _mixed(part, ink.luma, ink.cover)
    thin = ink.cover.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3)).astype(np.uint8)
    for plane in chroma:
        part = plane[y // 2 : (y + height) // 2, x // 2 : (x + width) // 2]
        part[:] = _mixed(part, np.full_like(part, _GREY), thin)


def _mixed(under: Plane, over: Plane, cover: Plane) -> Plane:
    weight = cover.astype(np.uint16)
    return ((under * (255 - weight) + over * weight + 127) // 255).astype(np.uint8)


def _ink(picture: Image.Image) -> Ink:
    both = np.asarray(picture)
    return Ink(luma=both[:, :, 0].copy(), cover=both[:, :, 1].copy())


def _even(pixels: int) -> int:
    return pixels + pixels % 2
