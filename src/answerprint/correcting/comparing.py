"""Before and after, side by side, for eyes: single frames for a page, and a sheet of all clips that were corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from answerprint.correcting.clips import Clip
from answerprint.correcting.solving import Seen, look_at
from answerprint.media.cube import Cdl

if TYPE_CHECKING:
    from answerprint.correcting import _Work as Work

__all__ = ["Compared", "compare", "sheet"]

_THUMB = 320  #: of a thumbnail on the sheet: three of them, and their margins, in 1000 pixels
_GUTTER, _LINE = 10, 22
_PAPER, _INK, _QUIET = (22, 22, 22), (225, 225, 225), (150, 150, 150)


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One moment of a clip without and with its correction, and of its reference as it is seen; JPEG."""

    before: bytes
    after: bytes
    reference: bytes | None
    reference_name: str | None


def compare(clip: Clip, reference: Clip | None, cdl: Cdl, goal: Cdl | None, *, height: int) -> Compared:
    """Raises: CorrectingError: its disk is away; MediaError: nothing decodes."""
    wide = round(height * 16 / 9)
    one = look_at(clip, 1, max(wide, height))
    target = None
    if reference is not None and reference.path is not None:
        seen = look_at(reference, 1, max(wide, height))
        target = _jpeg(_picture(seen, goal), height)
    before, after = (_jpeg(_picture(one, correction), height) for correction in (None, cdl))
    return Compared(before=before, after=after, reference=target, reference_name=reference.name if reference is not None else None)


def _picture(seen: Seen, correction: Cdl | None) -> Image.Image:
    """The middle of what was looked at, turned as it is shown."""
    rgb = seen.shown(seen.frames[len(seen.frames) // 2], correction)
    video = seen.clip.video
    picture = Image.fromarray(np.rint(rgb * 255).astype(np.uint8))
    if video.sar != 1:
        picture = picture.resize((max(1, round(picture.width * video.sar)), picture.height))
    return picture.rotate(-video.rotation_deg, expand=True) if video.rotation_deg else picture


def _jpeg(picture: Image.Image, height: int) -> bytes:
    if picture.height > height:
        picture = picture.resize((max(1, round(picture.width * height / picture.height)), height), Image.Resampling.LANCZOS)
    out = BytesIO()
    picture.save(out, "JPEG", quality=90, subsampling=0)
    return out.getvalue()


def sheet(works: Sequence[Work]) -> bytes | None:
    """Reference, before and after of every clip that was corrected, a row each, as PNG; None where none was."""
    rows = [row for work in works if (row := _row(work)) is not None]
    if not rows:
        return None
    width = 3 * _THUMB + 4 * _GUTTER
    heights = [max(picture.height for _, picture in row[1]) + _GUTTER + 3 * _LINE for row in rows]
    page = Image.new("RGB", (width, sum(heights) + _GUTTER), _PAPER)
    draw, font, top = ImageDraw.Draw(page), ImageFont.load_default(15), _GUTTER
    for (words, pictures), high in zip(rows, heights, strict=True):
        _fitting(draw, words, (_GUTTER, top), width - 2 * _GUTTER, font)
        for place, (name, picture) in enumerate(pictures):
            left = _GUTTER + place * (_THUMB + _GUTTER)
            draw.text((left, top + _LINE), name, fill=_QUIET, font=font)
            page.paste(picture, (left, top + 2 * _LINE))
        top += high
    out = BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def _row(work: Work) -> tuple[str, list[tuple[str, Image.Image]]] | None:
    if work.seen is None or work.cdl is None:
        return None
    pictures: list[tuple[str, Image.Image]] = []
    if work.reference is not None and work.reference.path is not None:
        seen = look_at(work.reference, 3)
        pictures.append((f"reference: {work.reference.name}", _thumb(_picture(seen, None))))
    pictures += [(name, _thumb(_picture(work.seen, correction))) for name, correction in (("before", None), ("after", work.cdl))]
    return f"{work.clip.name}  {work.says[0] if work.says else ''}", pictures


def _thumb(picture: Image.Image) -> Image.Image:
    return picture.resize((_THUMB, max(1, round(picture.height * _THUMB / picture.width))), Image.Resampling.LANCZOS)


def _fitting(draw: Any, words: str, at: tuple[int, int], width: int, font: Any) -> None:
    """One line of text, cut where it would leave the page."""
    while words and draw.textlength(words, font=font) > width:
        words = words[:-2].rstrip(" .") + "…" if len(words) > 2 else ""
    draw.text(at, words, fill=_INK, font=font)
