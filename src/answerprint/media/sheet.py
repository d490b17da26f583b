"""Contact sheets: per script item a row for every attempt, in shooting order, with whole frames from its proxy on neutral grey.

The wide sheet is for a screen or paper; a narrow one, under 900 pixels, is for a telephone at twice its density: text above, pictures
two by two. A circled take is ringed as a grease pencil would, with the person's name; the ring keeps 40 pixels away from every picture.
"""

from __future__ import annotations

import os
import tempfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageDraw

from answerprint.media import MediaError
from answerprint.media.container import opened, shown
from answerprint.media.lettering import fitted, font
from answerprint.model.time import Timecode, floor_frames, round_half_up

__all__ = ["Glimpse", "Row", "contact_sheet", "glimpses"]

_PAGE, _INK, _QUIET, _HAIR = (38, 38, 38), (236, 236, 236), (182, 182, 182), (64, 64, 64)
_PENCIL = (243, 197, 60)  #: the one accent: a person was here
_NARROW = 900


@dataclass(frozen=True, kw_only=True)
class Glimpse:
    """One frame of an attempt, in seconds from the proxy's first frame."""

    at_s: Fraction
    says: str  #: "first", "line", "middle", "last"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One attempt on a sheet. Without a proxy its pictures are said to be missing."""

    name: str  #: as it was slated
    proxy: Path | None
    glimpses: tuple[Glimpse, ...]
    length_s: Fraction
    start: Timecode | None = None  #: of the proxy's first frame
    circled: bool = False
    circled_by: str | None = None
    comment: str | None = None
    comment_by: str | None = None


@dataclass(frozen=True)
class _Plan:
    """Pixels of one way to lay a sheet out."""

    width: int
    margin: int
    text: int
    small: int
    label: int  #: width of the label column; 0 where labels stand above the pictures
    across: int
    away: int  #: from a label to a picture, never under 40
    gutter: int = 8

    @property
    def cell(self) -> int:
        room = self.width - 2 * self.margin - (self.label + self.away if self.label else 0)
        return (room - (self.across - 1) * self.gutter) // self.across

    @property
    def caption(self) -> int:
        return round(self.small * 1.8)


def glimpses(in_s: Fraction, out_s: Fraction, *, rate: Fraction, line_s: Fraction | None = None) -> tuple[Glimpse, ...]:
    """The first frame, the frame where the item's line begins (where it has one), the middle and the last frame of a stretch."""
    last = max(in_s, out_s - 1 / rate)
    middle = Fraction(floor_frames((in_s + last) / 2, rate)) / rate
    made = [Glimpse(at_s=in_s, says="first"), Glimpse(at_s=middle, says="middle"), Glimpse(at_s=last, says="last")]
    if line_s is not None:
        made.insert(1, Glimpse(at_s=min(max(line_s, in_s), last), says="line"))
    return tuple(made)


def contact_sheet(title: str, rows: Sequence[Row], out: Path, *, width: int = 1600, progress: Callable[[float], None] = lambda done: None) -> tuple[int, int]:
    """Write a contact sheet as PNG; it appears whole, by rename.

    Args:    title: the item, as it is scripted.  rows: in shooting order.  width: pixels, 480 at least; under 900 is laid out for a telephone.
    Returns: the size in pixels.
    Raises:  MediaError for no rows, a width under 480, or a proxy that cannot be read.
    """
    if not rows:
        raise MediaError(f"{title}: there is no attempt to show.")
    if width < 480:
        raise MediaError(f"a contact sheet of {width} pixels would be too small to read; 480 is the least.")
    plan = _plan(width)
    parts = []
    for number, row in enumerate(rows, 1):
        parts.append(_row(row, plan))
        progress(number / len(rows))
    head = _head(title, len(rows), plan)
    height = head.height + sum(part.height for part in parts) + plan.margin
    page = Image.new("RGB", (width, height), _PAGE)
    at = 0
    for part in (head, *parts):
        page.paste(part, (0, at))
        at += part.height
    save_page(page, out)
    return page.size


def save_page(page: Image.Image, out: Path) -> None:
    """Write a page as a PNG, whole or not at all, and readable by everybody.  Raises: OSError: the disk does not take it."""
    handle, scrap = tempfile.mkstemp(dir=out.parent, prefix=".sheet-", suffix=".png")
    try:
        with os.fdopen(handle, "wb") as file:
            page.save(file, "PNG")
            file.flush()
            os.fsync(file.fileno())
        os.chmod(scrap, 0o644)
        os.replace(scrap, out)
    finally:
        Path(scrap).unlink(missing_ok=True)


def _plan(width: int) -> _Plan:
    if width < _NARROW:
        return _Plan(width=width, margin=32, text=32, small=24, label=0, across=2, away=48)
    return _Plan(width=width, margin=40, text=20, small=14, label=240, across=4, away=48)


def _head(title: str, attempts: int, plan: _Plan) -> Image.Image:
    lines = _wrapped(title, plan.text + 8, plan.width - 2 * plan.margin)
    step = round((plan.text + 8) * 1.3)
    part = Image.new("RGB", (plan.width, plan.margin + step * len(lines) + round(plan.small * 1.6) + plan.margin // 2), _PAGE)
    draw = ImageDraw.Draw(part)
    for number, line in enumerate(lines):
        draw.text((plan.margin, plan.margin + number * step), line, fill=_INK, font=font(plan.text + 8))
    count = "1 attempt" if attempts == 1 else f"{attempts} attempts, in shooting order"
    draw.text((plan.margin, plan.margin + step * len(lines)), count, fill=_QUIET, font=font(plan.small))
    return part


def _row(row: Row, plan: _Plan) -> Image.Image:
    pictures = _pictures(row)
    cells = [_cell(picture, glimpse, row, plan) for picture, glimpse in zip(pictures, row.glimpses, strict=True)]
    label = _label(row, plan, plan.label or plan.width - 2 * plan.margin)
    bands = [cells[start : start + plan.across] for start in range(0, len(cells), plan.across)] or [[]]
    heights = [max((cell.height for cell in band), default=0) for band in bands]
    over = 0 if plan.label else label.height + plan.away
    height = max(sum(heights) + over, label.height) + plan.margin
    part = Image.new("RGB", (plan.width, height), _PAGE)
    ImageDraw.Draw(part).line((plan.margin, 0, plan.width - plan.margin, 0), fill=_HAIR, width=1)
    top = plan.margin // 2
    part.paste(label, (plan.margin, top))
    left = plan.margin + (plan.label + plan.away if plan.label else 0)
    at = top + over
    for band, tall in zip(bands, heights, strict=True):
        for place, cell in enumerate(band):
            part.paste(cell, (left + place * (plan.cell + plan.gutter), at))
        at += tall
    return part


def _label(row: Row, plan: _Plan, width: int) -> Image.Image:
    """Slate name, ringed where circled; length; who circled it; the comment as a quotation."""
    step, pad = round(plan.small * 1.5), round(plan.text * 0.9)
    name = fitted(row.name, plan.text, width - 2 * pad)
    lines = [(f"{float(row.length_s):.1f} s", _QUIET)]
    if row.start is not None and row.glimpses:
        lines.insert(0, (str(_label_at(row, row.glimpses[0])), _QUIET))
    if row.circled:
        lines.append((f"circled by {row.circled_by}" if row.circled_by else "circled", _INK))
    if row.comment:
        says = f"“{row.comment}”" + (f" {row.comment_by}" if row.comment_by else "")
        lines += [(line, _INK) for line in _wrapped(says, plan.small, width - pad)]
    top = round(plan.text * 1.3) + 2 * pad
    part = Image.new("RGB", (width, top + step * len(lines)), _PAGE)
    draw = ImageDraw.Draw(part)
    draw.text((pad, pad), name, fill=_INK, font=font(plan.text))
    for number, (line, ink) in enumerate(lines):
        draw.text((pad, top + number * step), fitted(line, plan.small, width - pad), fill=ink, font=font(plan.small))
    if row.circled:
        wide = font(plan.text).getlength(name)
        _ring(part, (2, 2, min(width - 2, round(wide + 2 * pad) - 2), round(plan.text * 1.3) + 2 * pad - 4), row.name)
    return part


def _ring(part: Image.Image, box: tuple[int, int, int, int], name: str) -> None:
    """A ring as a hand draws it with a grease pencil: not quite round, overshooting where it closes, waxy. The same name, the same ring."""
    rng = np.random.default_rng(zlib.crc32(name.encode("utf-8", "surrogateescape")))
    fine = 3
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    turn = np.linspace(-2.2, -2.2 + 2 * np.pi * 1.07, 220)
    breathe = 1 - 0.05 * np.linspace(0, 1, 220) + 0.02 * np.sin(turn * 2 + rng.uniform(0, 6))
    x = (width / 2 + (width / 2 - 4) * breathe * np.cos(turn)) * fine
    y = (height / 2 + (height / 2 - 4) * breathe * np.sin(turn)) * fine
    cover = Image.new("L", (width * fine, height * fine), 0)
    draw = ImageDraw.Draw(cover)
    press = 1.2 + 0.35 * np.sin(turn * 1.5 + rng.uniform(0, 6))
    for at_x, at_y, pressed in zip(x, y, press, strict=True):
        for _ in range(3):
            jitter = rng.normal(0, 0.6 * fine / 2, 2)
            reach = pressed * fine * 0.8
            draw.ellipse((at_x + jitter[0] - reach, at_y + jitter[1] - reach, at_x + jitter[0] + reach, at_y + jitter[1] + reach), fill=int(rng.integers(150, 235)))
    part.paste(_PENCIL, (left, top), cover.resize((width, height), Image.Resampling.LANCZOS))


def _cell(picture: Image.Image | None, glimpse: Glimpse, row: Row, plan: _Plan) -> Image.Image:
    """A whole frame with its name and timecode below; never cropped, never stretched. Tall pictures stand in a cell as high as wide."""
    if picture is None:
        fitted_to = (plan.cell, round(plan.cell * 9 / 16))
    else:
        scale = min(plan.cell / picture.width, plan.cell / picture.height)
        fitted_to = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    part = Image.new("RGB", (plan.cell, fitted_to[1] + plan.caption), _PAGE)
    draw = ImageDraw.Draw(part)
    if picture is None:
        draw.rectangle((0, 0, fitted_to[0] - 1, fitted_to[1] - 1), fill=_HAIR)
        draw.text((fitted_to[0] // 2, fitted_to[1] // 2), "no picture", fill=_QUIET, font=font(plan.small), anchor="mm")
    else:
        part.paste(picture.resize(fitted_to, Image.Resampling.LANCZOS), (0, 0))
    label = _label_at(row, glimpse)
    draw.text((0, fitted_to[1] + 4), fitted(f"{glimpse.says}  {label}" if label else glimpse.says, plan.small, plan.cell), fill=_QUIET, font=font(plan.small))
    return part


def _label_at(row: Row, glimpse: Glimpse) -> str:
    return "" if row.start is None else str(row.start.plus(floor_frames(glimpse.at_s, row.start.rate)))


def _pictures(row: Row) -> list[Image.Image | None]:
    """The frame of each glimpse, in their order."""
    if row.proxy is None:
        return [None] * len(row.glimpses)
    found: dict[Fraction, Image.Image] = {}
    with opened(row.proxy) as container:
        if not container.streams.video:
            return [None] * len(row.glimpses)
        stream = container.streams.video[0]
        rate = Fraction(stream.average_rate or 25)
        for moment in sorted({glimpse.at_s for glimpse in row.glimpses}):
            wanted = floor_frames(moment, rate)
            container.seek(max(0, int(wanted / rate / (stream.time_base or 1))), stream=stream)
            frame: av.VideoFrame | None = None
            for frame in container.decode(stream):
                if frame.pts is not None and round_half_up((frame.pts - (stream.start_time or 0)) * (stream.time_base or 1) * rate) >= wanted:
                    break
            if frame is None:
                raise MediaError(f"{shown(row.proxy)}: not one frame decodes at {float(moment):.2f} s. Delete the cache and prepare the clip again.")
            found[moment] = Image.fromarray(frame.reformat(format="rgb24", src_colorspace="ITU709").to_ndarray())
    return [found[glimpse.at_s] for glimpse in row.glimpses]


def _wrapped(text: str, size: int, widest: int) -> list[str]:
    """Text in lines no wider than that, broken between words."""
    lines: list[str] = []
    for word in text.split():
        if lines and font(size).getlength(f"{lines[-1]} {word}") <= widest:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(fitted(word, size, widest))
    return lines or [""]
