"""The contact sheet of supers: every row over the film's own picture, where it stands full, at each shape that its version is delivered in.

Neutral grey around every picture; the PNG is for a mail or a wall, the page says also what stands in each row.
"""

from __future__ import annotations

import base64
import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.keep import write_whole
from answerprint.model.time import Timecode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    from answerprint.supering.backdrops import Backdrops
    from answerprint.supering.drawing import Job

__all__ = ["NAMES", "Cell", "Picture", "cell", "write"]

NAMES = ("contact sheet.png", "contact sheet.html")
_PAGE, _INK, _QUIET = (38, 38, 38), (236, 236, 236), (182, 182, 182)
_WIDE, _TALL = 480, 270  #: of a cell's pictures: four across fill a page at UHD's half
_ACROSS, _MARGIN, _GUTTER, _AWAY = 4, 40, 24, 8
_SHOWN_WIDE = 640  #: on the page: sharp in its column at twice the density


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One row at one shape."""

    size: tuple[int, int]  #: of the film
    image: Image


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One row of the table of markets."""

    row: int
    version: str
    template: str
    file: str
    language: str
    begins: str  #: timecode of the film
    ends: str
    values: Mapping[str, str]
    pictures: tuple[Picture, ...] = field(default=())


def cell(job: Job, backdrops: Backdrops) -> Cell:
    """A row as it looks: the super at rest, over the frame of the film in the middle of its stretch; over grey where the media are away."""
    from answerprint.delivery import supers

    middle = job.place.first + job.place.frames // 2
    super_ = supers.frame(job.template, job.values, job.stage, at_s=Fraction(job.place.frames // 2) / job.rate, duration_s=job.duration_s)
    shapes: dict[Fraction, tuple[int, int]] = {}
    for size in (job.stage.size, *job.sizes):
        shapes.setdefault(Fraction(*size), size)
    made = []
    for size in shapes.values():
        below = backdrops.frames(job.parent, size, [middle])
        made.append(Picture(size=size, image=_over(below[0] if below else None, super_, size)))
    return Cell(
        row=job.market.row, version=job.version, template=job.template.name, file=job.file, language=job.stage.language or "", values=job.values, pictures=tuple(made),
        begins=_timecode(job.place.first, job.rate), ends=_timecode(job.place.end, job.rate),
    )  # fmt: skip


def _over(below: NDArray[np.uint8] | None, super_: NDArray[np.uint8], size: tuple[int, int]) -> Image:
    """As the film lays it: as large as fits whole into the raster."""
    from PIL import Image as pil

    from answerprint.delivery.fitting import placed

    page = pil.fromarray(below) if below is not None else pil.new("RGB", size, (119, 119, 119))
    left, top, wide, high = placed((super_.shape[1], super_.shape[0]), size)
    lettering = pil.fromarray(super_)
    if lettering.size != (wide, high):
        lettering = lettering.resize((wide, high), pil.Resampling.LANCZOS)
    page.paste(lettering, (left, top), lettering)
    page.thumbnail((_SHOWN_WIDE, _SHOWN_WIDE), pil.Resampling.LANCZOS)
    return page


def _timecode(frame: int, rate: Fraction) -> str:
    return str(Timecode(frames=frame, rate=rate))


def write(folder: Path, title: str, cells: Sequence[Cell], *, progress: Callable[[float], None] = lambda done: None) -> tuple[Path, Path]:
    """Write the sheet as PNG and as a page; each appears whole, by rename.

    Args:    cells: in the order of the table; one at least.
    Raises:  KeepError: the disk refuses.
    """
    picture, page = (folder / name for name in NAMES)
    out = io.BytesIO()
    _drawn(title, cells, progress).save(out, "PNG")
    write_whole(picture, out.getvalue())
    write_whole(page, _page(title, cells).encode("utf-8"))
    return picture, page


# ---- PNG


def _drawn(title: str, cells: Sequence[Cell], progress: Callable[[float], None]) -> Image:
    from PIL import Image as pil
    from PIL import ImageDraw

    from answerprint.media.lettering import fitted, font

    small, plain, big = font(18), font(22), font(34)
    across = _across(cells)
    wide = 2 * _MARGIN + across * _WIDE + (across - 1) * _GUTTER
    texts, head = 60, 96
    heights = [max(_TALL, *(_scaled(one.image.size)[1] for one in row)) if (row := _flat(line)) else _TALL for line in _lines(cells, across)]
    page = pil.new("RGB", (wide, head + sum(high + texts + _GUTTER for high in heights) + _MARGIN), _PAGE)
    draw = ImageDraw.Draw(page)
    draw.text((_MARGIN, 32), fitted(title, 34, wide - 2 * _MARGIN), fill=_INK, font=big)
    at, done = head, 0
    for line, high in zip(_lines(cells, across), heights, strict=True):
        for place, one in enumerate(line):
            left = _MARGIN + place * (_WIDE + _GUTTER)
            draw.text((left, at), fitted(f"{one.version}: {one.template}", 22, _WIDE), fill=_INK, font=plain)
            says = " · ".join(part for part in (f"row {one.row}", one.language, f"{one.begins} to {one.ends}") if part)
            draw.text((left, at + 28), fitted(says, 18, _WIDE), fill=_QUIET, font=small)
            x = left
            for shown in one.pictures:
                share = (_WIDE - _AWAY * (len(one.pictures) - 1)) // len(one.pictures)
                image = shown.image.resize(_scaled(shown.image.size, share), pil.Resampling.LANCZOS)
                page.paste(image, (x, at + texts))
                x += image.width + _AWAY
            done += 1
            progress(done / len(cells))
        at += high + texts + _GUTTER
    return page


def _across(cells: Sequence[Cell]) -> int:
    """How many stand side by side: a version to a line, where all have as many and more than one."""
    counts = set(Counter(one.version for one in cells).values())
    each = counts.pop() if len(counts) == 1 else 1
    together = all(len({one.version for one in cells[place : place + each]}) == 1 for place in range(0, len(cells), each))
    return each if 1 < each <= _ACROSS and together else min(_ACROSS, len(cells))


def _lines(cells: Sequence[Cell], across: int) -> list[Sequence[Cell]]:
    return [cells[place : place + across] for place in range(0, len(cells), across)]


def _flat(line: Sequence[Cell]) -> list[Picture]:
    return [shown for one in line for shown in one.pictures]


def _scaled(size: tuple[int, int], widest: int = _WIDE) -> tuple[int, int]:
    """As large as its cell: no wider, and no more than twice as tall as a wide picture."""
    scale = min(widest / size[0], 2 * _TALL / size[1])
    return max(round(size[0] * scale), 1), max(round(size[1] * scale), 1)


# ---- page

_SHEET = """
:root{color-scheme:dark;--page:#262626;--ink:#ececec;--quiet:#b6b6b6;--hair:#ffffff1f}
*{box-sizing:border-box;margin:0;padding:0}
body{background:var(--page);color:var(--ink);font:16px/24px "Source Sans 3","Open Sans","Segoe UI","Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;padding:40px;overflow-wrap:anywhere}
h1{font-size:28px;line-height:36px;font-weight:400}
h2{font-size:16px;line-height:24px;font-weight:600}
p,dt{color:var(--quiet);font-size:14px;line-height:20px}
main{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(400px,100%),1fr));gap:40px;margin-top:32px}
figure{display:flex;gap:8px;align-items:flex-start;margin:8px 0}
img{display:block;max-width:100%;max-height:480px;min-width:0;flex:0 1 auto;height:auto}
dl{border-top:1px solid var(--hair);padding-top:8px;display:grid;grid-template-columns:max-content minmax(0,1fr);gap:0 16px}
dd{font-size:14px;line-height:20px}
@media (max-width:600px){body{padding:24px 16px}}
"""


def _page(title: str, cells: Sequence[Cell]) -> str:
    """A page that opens anywhere: no script, nothing fetched."""
    figures = "".join(_figure(one) for one in cells)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{_text(title)}</title>'
        f"<style>{_SHEET}</style><h1>{_text(title)}</h1><p>Each over the film's own picture, in the middle of its stretch, in the order of the table.</p><main>{figures}</main></html>\n"
    )


def _figure(one: Cell) -> str:
    says = ", ".join(part for part in (f"row {one.row}", one.language, f"{one.begins} to {one.ends}") if part)
    pictures = "".join(
        f'<img width="{shown.image.width}" height="{shown.image.height}" alt="{_text(f"{one.version}, {one.template}, {shown.size[0]} x {shown.size[1]}")}" src="{_source(shown.image)}">'
        for shown in one.pictures
    )
    language = f' lang="{_text(one.language)}"' if one.language else ""
    values = "".join(f'<dt>{_text(name)}</dt><dd dir="auto"{language}>{_text(value)}</dd>' for name, value in one.values.items())
    return f"<section><h2>{_text(one.version)}: {_text(one.template)}</h2><p>{_text(says)}</p><figure>{pictures}</figure><dl>{values}</dl></section>"


def _source(image: Any) -> str:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode("ascii")


def _text(text: str) -> str:
    return escape(text, quote=True)
