"""The deck's pages as pictures, before anything is written: the very calls that draw the PDF, taken down as SVG with the outlines of the PDF's own faces.

Nothing is measured or broken anew here, so a line that stands on a page of the preview stands there in the PDF.
"""

from __future__ import annotations

import base64
import functools
import io
import threading
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from answerprint.presenting.faces import Faces, faces
from answerprint.presenting.glyphs import outline
from answerprint.presenting.page import HEIGHT, WIDTH, Page, Text
from answerprint.presenting.paper import draw
from answerprint.presenting.records import Deck
from answerprint.presenting.shaping import Drawn

__all__ = ["Preview", "preview"]

_LARGEST = 1280  #: pixels of the longer side of a picture: a page is looked at about that wide
_UNITS = 1000  #: of an em, as a PDF counts the widths of letters


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A deck laid out, ready to be looked at."""

    deck: Deck
    pages: tuple[Page, ...]
    faces: Faces

    def svg(self, number: int) -> str:
        """One page, 960 x 540.

        Args:   number: from 1.
        Raises: IndexError: there is no such page.
        """
        if number < 1:
            raise IndexError(number)
        page = self.pages[number - 1]
        sheet = _Sheet()
        draw(sheet, page, self.faces, _Picture, sheet.drawGlyphs)
        return sheet.written(page.name)

    def words(self, number: int) -> tuple[str, ...]:
        """What is read on a page, in order: for whoever does not see it."""
        return tuple(one.words for one in self.pages[number - 1].things if isinstance(one, Text) and one.role != "foot")


def preview(deck: Deck) -> Preview:
    """The deck as it would be made now.

    Raises: DeckError: fontTools is not installed; a picture is not there.
    """
    from answerprint import presenting

    return Preview(deck=deck, pages=presenting.pages(deck), faces=faces(presenting.texts(deck), deck.faces, deck.lying))


@dataclass(frozen=True)
class _Picture:
    data: bytes


class _Sheet:
    """A page of SVG that takes the calls of a PDF's canvas. Its origin is at the lower left, as a PDF's."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._shapes: dict[str, str] = {}
        self._font, self._size = "", 0.0
        self._fill = self._stroke = "#000000"
        self._width, self._dash = 1.0, ""

    def written(self, name: str) -> str:
        defs = "".join(f'<path id="{key}" d="{way}"/>' for key, way in self._shapes.items())
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"><title>{escape(name)}</title>'
            f"<defs>{defs}</defs>{''.join(self._out)}</svg>"
        )

    # ---- the calls

    def setFillColor(self, colour: Any) -> None:
        self._fill = _hex(colour)

    def setStrokeColor(self, colour: Any) -> None:
        self._stroke = _hex(colour)

    def setLineWidth(self, width: float) -> None:
        self._width = width

    def setDash(self, dash: list[float]) -> None:
        self._dash = f' stroke-dasharray="{" ".join(map(_number, dash))}"' if dash else ""

    def setFont(self, name: str, size: float) -> None:
        self._font, self._size = name, size

    def rect(self, x: float, y: float, width: float, height: float, **_: int) -> None:
        self._out.append(f'<rect x="{_number(x)}" y="{_number(HEIGHT - y - height)}" width="{_number(width)}" height="{_number(height)}" fill="{self._fill}"/>')

    def line(self, x: float, y: float, to_x: float, to_y: float) -> None:
        ends = f'x1="{_number(x)}" y1="{_number(HEIGHT - y)}" x2="{_number(to_x)}" y2="{_number(HEIGHT - to_y)}"'
        self._out.append(f'<line {ends} stroke="{self._stroke}" stroke-width="{_number(self._width)}"{self._dash}/>')

    def drawImage(self, picture: _Picture, x: float, y: float, width: float, height: float) -> None:
        kind, data = _small(picture.data)
        box = f'x="{_number(x)}" y="{_number(HEIGHT - y - height)}" width="{_number(width)}" height="{_number(height)}"'
        self._out.append(f'<image {box} preserveAspectRatio="none" href="data:{kind};base64,{data}"/>')

    def drawRightString(self, x: float, y: float, text: str) -> None:
        from reportlab.pdfbase import pdfmetrics

        self.drawString(x - pdfmetrics.stringWidth(text, self._font, self._size), y, text)

    def drawString(self, x: float, y: float, text: str) -> None:
        from reportlab.pdfbase import pdfmetrics

        face = pdfmetrics.getFont(self._font).face
        outlines = _outlines(self._font)
        drawn, at = [], 0.0
        for one in text:
            key = f"{self._font}-{ord(one):x}"
            if way := outlines.get(one):
                self._shapes.setdefault(key, way)
                drawn.append(f'<use href="#{key}" x="{_number(at)}"/>')
            at += face.getCharWidth(ord(one))
        scale = _number(self._size / _UNITS, 6)
        place = f'transform="translate({_number(x, 3)} {_number(HEIGHT - y, 3)}) scale({scale} -{scale})"'
        self._out.append(f'<g {place} fill="{self._fill}" aria-label={quoteattr(text)}>{"".join(drawn)}</g>')


    def drawGlyphs(self, run: Drawn, x: float, y: float, size: float) -> None:
        drawn = []
        face = f"{run.other.postscript}-{run.other.weight or 0}-{run.other.written:x}"
        for cluster in run.clusters:
            for number, right, over in cluster.shapes:
                key = f"{face}-g{number}"
                if way := outline(run.other, number):
                    self._shapes.setdefault(key, way)
                    drawn.append(f'<use href="#{key}" x="{_number(cluster.x + right)}" y="{over}"/>')
        scale = _number(size / _UNITS, 6)
        place = f'transform="translate({_number(x, 3)} {_number(HEIGHT - y, 3)}) scale({scale} -{scale})"'
        self._out.append(f'<g {place} fill="{self._fill}" aria-label={quoteattr(run.text)}>{"".join(drawn)}</g>')


class _Shapes:
    """The outlines of one face, letter by letter, in thousandths of an em; empty for a letter without ink. Safe from any thread: a browser asks for pages at once."""

    def __init__(self, data: bytes) -> None:
        from fontTools.ttLib import TTFont

        font = TTFont(io.BytesIO(data))
        self._glyphs, self._names, self._scale = font.getGlyphSet(), font.getBestCmap(), _UNITS / font["head"].unitsPerEm
        self._made: dict[str, str] = {}
        self._reading = threading.Lock()  # fontTools reads a letter out of the file when it is first asked for

    def get(self, letter: str) -> str:
        from fontTools.pens.svgPathPen import SVGPathPen
        from fontTools.pens.transformPen import TransformPen

        with self._reading:
            if letter not in self._made:
                pen = SVGPathPen(self._glyphs, ntos=lambda value: _number(value, 1))
                self._glyphs[self._names.get(ord(letter), ".notdef")].draw(TransformPen(pen, (self._scale, 0, 0, self._scale, 0, 0)))
                self._made[letter] = pen.getCommands()
            return self._made[letter]


@functools.lru_cache(maxsize=32)
def _outlines(name: str) -> _Shapes:
    """The face that a PDF would hold under this name."""
    from reportlab.pdfbase import pdfmetrics

    return _Shapes(bytes(pdfmetrics.getFont(name).face._ttf_data))


@functools.lru_cache(maxsize=48)
def _small(data: bytes) -> tuple[str, str]:
    """A picture as a page shows it on a screen, with the label that it has."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        if max(image.size) <= _LARGEST:
            return ("image/png" if image.format == "PNG" else "image/jpeg"), base64.b64encode(data).decode("ascii")
        more = {name: image.info[name] for name in ("icc_profile", "xmp") if image.info.get(name)}
        image.draft("RGB", (_LARGEST, _LARGEST))
        made = image.convert("RGB")
        made.thumbnail((_LARGEST, _LARGEST), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        made.save(out, "JPEG", quality=88, **more)
    return "image/jpeg", base64.b64encode(out.getvalue()).decode("ascii")


def _hex(colour: Any) -> str:
    return "#" + str(colour.hexval())[2:]


def _number(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}".rstrip("0").rstrip(".") if "." in f"{value:.{digits}f}" else f"{value:.{digits}f}"
