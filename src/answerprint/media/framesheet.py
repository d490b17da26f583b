"""The contact sheet of proposed frames: first, middle and last frame of each shot with the frame drawn in it, and beside it what is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from answerprint.media import MediaError
from answerprint.media.lettering import fitted, font
from answerprint.media.sheet import save_page
from answerprint.media.viewing import frame

__all__ = ["Row", "frame_sheet"]

_PAGE, _INK, _QUIET, _LINE = (38, 38, 38), (236, 236, 236), (182, 182, 182), (243, 197, 60)
_HIGH, _GAP, _LABEL, _MARGIN = 150, 10, 300, 40
_SHADE = 0.38  #: what is cropped away, of its light

Box = tuple[float, float, float, float]  #: left, top, width, height, each 0 to 1


@dataclass(frozen=True, kw_only=True)
class Row:
    """One shot in one shape."""

    name: str
    says: tuple[str, ...]
    proxy: Path
    frames: tuple[int, ...]
    boxes: tuple[Box, ...]


def frame_sheet(title: str, rows: Sequence[Row], out: Path, *, progress: Callable[[float], None] = lambda done: None) -> tuple[int, int]:
    """Write the sheet as PNG; it appears whole, by rename.

    Returns: its size in pixels.
    Raises:  MediaError: there is no row, or a proxy cannot be read.  OSError: the disk refuses.
    """
    if not rows:
        raise MediaError(f"{title}: there is no frame to show.")
    parts = []
    for number, row in enumerate(rows, 1):
        parts.append(_drawn(row))
        progress(number / len(rows))
    width = max(part.width for part in parts) + 2 * _MARGIN
    page = Image.new("RGB", (width, 90 + sum(part.height + _GAP * 2 for part in parts) + _MARGIN), _PAGE)
    ImageDraw.Draw(page).text((_MARGIN, 30), fitted(title, 28, width - 2 * _MARGIN), fill=_INK, font=font(28))
    at = 90
    for part in parts:
        page.paste(part, (_MARGIN, at))
        at += part.height + 2 * _GAP
    out.parent.mkdir(parents=True, exist_ok=True)
    save_page(page, out)
    return page.size


def _drawn(row: Row) -> Image.Image:
    pictures = [Image.open(BytesIO(frame(row.proxy, number, height=_HIGH * 3))).convert("RGB") for number in row.frames]
    whole = [_windowed(picture, box) for picture, box in zip(pictures, row.boxes, strict=True)]
    left = [_left(picture, box) for picture, box in zip(pictures, row.boxes, strict=True)]
    cells = [*whole, *left]
    words = _words(row)
    high = max(_HIGH, 30 + 20 * len(words))
    part = Image.new("RGB", (_LABEL + sum(cell.width + _GAP for cell in cells) + 2 * _GAP, high), _PAGE)
    draw = ImageDraw.Draw(part)
    draw.text((0, 0), fitted(row.name, 18, _LABEL - 20), fill=_INK, font=font(18))
    for number, line in enumerate(words):
        draw.text((0, 28 + 20 * number), line, fill=_QUIET, font=font(14))
    at = _LABEL
    for number, cell in enumerate(cells):
        at += 2 * _GAP if number == len(whole) else 0
        part.paste(cell, (at, 0))
        at += cell.width + _GAP
    return part


def _words(row: Row) -> list[str]:
    lines: list[str] = []
    for says in row.says:
        line = ""
        for word in says.split():
            longer = f"{line} {word}".strip()
            if line and font(14).getlength(longer) > _LABEL - 20:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines[:8]


def _small(picture: Image.Image) -> Image.Image:
    return picture.resize((max(1, round(picture.width * _HIGH / picture.height)), _HIGH), Image.Resampling.LANCZOS)


def _windowed(picture: Image.Image, box: Box) -> Image.Image:
    """The whole picture, darker where it is cropped away, with the frame drawn."""
    small = _small(picture)
    edges = _edges(small, box)
    dark = small.point([round(value * _SHADE) for value in range(256)] * 3)
    dark.paste(small.crop(edges), edges[:2])
    ImageDraw.Draw(dark).rectangle((edges[0], edges[1], edges[2] - 1, edges[3] - 1), outline=_LINE, width=2)
    return dark


def _left(picture: Image.Image, box: Box) -> Image.Image:
    return _small(picture.crop(_edges(picture, box)))


def _edges(picture: Image.Image, box: Box) -> tuple[int, int, int, int]:
    left, top = round(box[0] * picture.width), round(box[1] * picture.height)
    return left, top, max(left + 1, round((box[0] + box[2]) * picture.width)), max(top + 1, round((box[1] + box[3]) * picture.height))
