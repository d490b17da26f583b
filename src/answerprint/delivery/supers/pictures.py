"""Pictures that lettering shows: logos and drawings, as pixels or as lines."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from answerprint.delivery.supers.errors import SupersError, drawn_by
from answerprint.delivery.supers.stage import Box

__all__ = ["Picture", "opened_picture"]


_PIXELS = 2**28  #: a GiB in memory; the drawing library leaves a larger one out, and says nothing


@dataclass(frozen=True)
class Picture:
    """A picture that can be drawn into a box. `size`: its own, only their ratio counts."""

    size: tuple[float, float]
    pixels: Any = None
    drawing: Any = None

    def draw(self, canvas: Any, box: Box) -> None:
        """Fill a box with it."""
        skia = drawn_by()
        if self.pixels is not None:
            canvas.drawImageRect(self.pixels, skia.Rect(*box), skia.SamplingOptions(skia.CubicResampler.Mitchell()), skia.Paint(AntiAlias=True))
            return
        canvas.save()
        canvas.translate(box[0], box[1])
        canvas.scale((box[2] - box[0]) / self.size[0], (box[3] - box[1]) / self.size[1])
        self.drawing.setContainerSize(skia.Size(*self.size))
        self.drawing.render(canvas)
        canvas.restore()


def opened_picture(source: str | Path) -> Picture:
    """A picture from its file (SVG, PNG, JPEG, WebP), or from the text of an SVG.

    Raises: SupersError for one that cannot be opened.
    """
    if isinstance(source, str):
        return _svg(source.encode(), "the template's drawing")
    try:
        stamp = source.stat()
    except OSError as cause:
        raise SupersError(f"{source.name}: this picture is not there. Bring it again.") from cause
    return _file(source, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=32)
def _file(path: Path, _changed: int, _long: int) -> Picture:
    raw = path.read_bytes()
    if path.suffix.lower() == ".svg" or raw.lstrip()[:5] in (b"<?xml", b"<svg "):
        return _svg(raw, path.name)
    skia = drawn_by()
    pixels = skia.Image.MakeFromEncoded(skia.Data.MakeWithCopy(raw))
    if pixels is None:
        raise SupersError(f"{path.name}: this picture cannot be opened. Bring it as PNG, JPEG or SVG.")
    if pixels.width() * pixels.height() > _PIXELS:
        raise SupersError(f"{path.name}: a picture of {pixels.width()} x {pixels.height()} is too large to be drawn. Bring it smaller: twice the film's raster is plenty.")
    return Picture(size=(pixels.width(), pixels.height()), pixels=pixels)


@lru_cache(maxsize=32)
def _svg(raw: bytes, name: str) -> Picture:
    skia = drawn_by()
    drawing = skia.SVGDOM.MakeFromStream(skia.MemoryStream.MakeCopy(raw))
    if drawing is None:
        raise SupersError(f"{name}: this SVG cannot be read. Export it again as plain SVG, or as PNG.")
    size = drawing.containerSize()
    wide, high = size.width(), size.height()
    if not (wide > 0 and high > 0 and math.isfinite(wide * high)):
        found = re.search(rb"viewBox\s*=\s*[\"']\s*[-\d.]+[ ,]+[-\d.]+[ ,]+([\d.]+)[ ,]+([\d.]+)", raw)
        if found is None:
            raise SupersError(f"{name}: this SVG says neither its size nor a viewBox. Export it with one.")
        wide, high = float(found[1]), float(found[2])
    if b"<text" in raw:
        raise SupersError(f"{name}: this SVG has letters in it that are not drawn. Turn its text into outlines and export it again.")
    return Picture(size=(wide, high), drawing=drawing)
