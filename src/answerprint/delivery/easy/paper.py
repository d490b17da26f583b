"""The report on paper: A4, the same drawings and the same words. The same report gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable
from importlib.resources import files as files_of
from typing import Any

from answerprint.delivery.easy.drawing import WIDE, Figure, figures
from answerprint.delivery.easy.page import HEADINGS, asked, chose_words
from answerprint.delivery.easy.plates import DEFINITION
from answerprint.delivery.easy.records import Plate, Report

__all__ = ["pdf"]

_WIDTH, _HEIGHT = 595.28, 841.89  #: A4 in points (ISO 216: 210 x 297 mm)
_EDGE, _SIDE, _GAP = 45.0, 140.0, 22.0
_INK, _SOFT, _QUIET, _HAIR = "#161616", "#484848", "#5e5e5e", "#dcdcdc"
_OTHER = "IBM Plex Mono"  #: for letters that the standard faces lack
_SCALE = 0.55  #: points of paper for each unit of a figure's height


def pdf(report: Report) -> bytes:
    """The whole report as a PDF."""
    return _Paper(report).bytes()


class _Paper:
    def __init__(self, report: Report) -> None:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFont
        from reportlab.pdfgen.canvas import Canvas

        self.report, self.out = report, io.BytesIO()
        self.canvas: Any = Canvas(self.out, pagesize=(_WIDTH, _HEIGHT), invariant=1, pageCompression=1)
        pdfmetrics.registerFont(TTFont(_OTHER, str(files_of("fontpkg_ibm_plex_mono") / "files" / "IBMPlexMono-Regular.ttf")))
        self.canvas.setTitle(f"{report.title}: the easy choices")
        self.canvas.setCreator("Answerprint")
        self.canvas.setAuthor("")
        self.y = _HEIGHT - _EDGE

    def bytes(self) -> bytes:
        one = self.report
        self._block(f"{one.title}, {one.version}, as it is cut in {one.cut}", _EDGE, _WIDTH - 2 * _EDGE, "Helvetica", 8, _QUIET)
        self.y -= 16
        self._block("The easy choices", _EDGE, _WIDTH - 2 * _EDGE, "Times-Roman", 24, _INK)
        self.y -= 6
        self._block(DEFINITION, _EDGE, 0.82 * (_WIDTH - 2 * _EDGE), "Helvetica", 8.5, _SOFT)
        self.y -= 14
        drawn = figures(one)
        for plate in one.plates:
            self._plate(plate, [figure for figure in drawn if figure.plate == plate.name])
        self.canvas.save()
        return self.out.getvalue()

    # ---- a plate

    def _plate(self, plate: Plate, drawn: list[Figure]) -> None:
        left, right = _EDGE, _EDGE + _SIDE + _GAP
        wide = _WIDTH - _EDGE - right
        tall = max(self._side(plate, left, draw=False), self._right(plate, drawn, right, wide, draw=False))
        if self.y - tall < _EDGE and self.y < _HEIGHT - _EDGE:
            self.canvas.showPage()
            self.y = _HEIGHT - _EDGE
        self._rule(_EDGE, _WIDTH - _EDGE, _INK)
        self.y -= 14
        top = self.y
        self._side(plate, left, draw=True)
        after = self.y
        self.y = top
        self._right(plate, drawn, right, wide, draw=True)
        self.y = min(self.y, after) - 16

    def _side(self, plate: Plate, x: float, *, draw: bool) -> float:
        top = self.y
        self._block(HEADINGS[plate.name], x, _SIDE, "Helvetica-Bold", 8.5, _SOFT, draw=draw)
        self.y -= 6
        said = asked(plate)
        self._block(said or plate.verdict, x, _SIDE, "Helvetica", 14, _INK, draw=draw)
        if said:
            self._block(plate.verdict, x, _SIDE, "Helvetica", 8.5, _SOFT, draw=draw)
        self.y -= 6
        if draw:
            self._rule(x, x + _SIDE, _QUIET, dots=True)
        self.y -= 5
        for one in (*plate.says, *plate.missing):
            self._block(one, x, _SIDE, "Helvetica", 8, _SOFT, draw=draw)
            self.y -= 3
        return self._taken(top, draw)

    def _right(self, plate: Plate, drawn: Iterable[Figure], x: float, wide: float, *, draw: bool) -> float:
        top = self.y
        for one in drawn:
            self._figure(one, x, wide, draw)
        people = [(f"“{plate.thought}”", plate.thought_by, "first thought, sealed before any picture")] if plate.thought else []
        people += [(one.because, one.by, chose_words(one)) for one in plate.chose]
        for words, name, under in people:
            self.y -= 4
            if words:
                self._block(words, x, wide, "Times-Roman", 10.5, _INK, draw=draw)
            self._block(name, x, wide, "Times-Italic", 10, _SOFT, draw=draw)
            self._block(under, x, wide, "Helvetica", 7, _QUIET, draw=draw)
        self.y -= 4
        half, top_of = (len(plate.facts) + 1) // 2, self.y
        lowest, column = self.y, (wide - 16) / 2
        for facts, at in ((plate.facts[:half], x), (plate.facts[half:], x + column + 16)):
            self.y = top_of
            for name, value in facts:
                start = self.y
                self._block(name, at, 0.46 * column, "Helvetica", 7, _QUIET, draw=draw)
                after, self.y = self.y, start
                self._block(value, at + 0.49 * column, 0.51 * column, "Helvetica", 7, _INK, draw=draw)
                self.y = min(self.y, after) - 1.5
            lowest = min(lowest, self.y)
        self.y = lowest
        return self._taken(top, draw)

    def _taken(self, top: float, draw: bool) -> float:
        taken = top - self.y
        if not draw:
            self.y = top
        return taken

    # ---- drawing

    def _figure(self, one: Figure, x: float, wide: float, draw: bool) -> None:
        bed = one.plate == "music bed"
        start, width = (x + 74, wide - 74 - 84) if bed else (x, wide)
        if one.name and not bed:
            self._block(one.name, x, wide, "Helvetica", 7, _QUIET, draw=draw)
            self.y -= 1
        tall = one.tall * (_SCALE if not bed else 0.6)
        if draw:
            self._shapes(one, start, width, tall)
            if bed:
                self._aside(one, x, start + width + 8, tall)
        self.y -= tall + (3 if bed else 8)
        below = [tick for tick in one.ticks if not tick.left]
        if below and not bed:
            for tick in below if draw else ():
                self._line(tick.text, start + width * tick.at / WIDE, self.y, "Helvetica", 6.5, _QUIET)
            self.y -= 8
        if one.says:
            self.y -= 1
            self._block(one.says, x, wide, "Helvetica", 7.5, _SOFT, draw=draw)
            self.y -= 5

    def _shapes(self, one: Figure, x: float, wide: float, tall: float) -> None:
        from reportlab.lib.colors import HexColor

        across, down = wide / WIDE, tall / one.tall
        for box in one.boxes:
            self.canvas.setFillColor(HexColor(box.fill))
            more = 0.3 if one.plate == "palette" else 0.0
            self.canvas.rect(x + box.x * across, self.y - (box.y + box.tall) * down, box.wide * across + more, box.tall * down + more, stroke=0, fill=1)
        for path in one.paths:
            self.canvas.setStrokeColor(HexColor(_HAIR if path.faint else _QUIET if path.dotted else _INK))
            self.canvas.setLineWidth(0.5 if path.faint else 0.9 if path.dotted else 1.3)
            self.canvas.setDash([1.2, 2.2] if path.dotted else [])
            line = self.canvas.beginPath()
            line.moveTo(x + path.points[0][0] * across, self.y - path.points[0][1] * down)
            for point in path.points[1:]:
                line.lineTo(x + point[0] * across, self.y - point[1] * down)
            self.canvas.drawPath(line, stroke=1, fill=0)
        self.canvas.setDash([])
        for tick in one.ticks:
            if tick.left:
                self._line(tick.text, x - 4 - self._wide(tick.text, "Helvetica", 6.5), self.y - tick.at * down - 2, "Helvetica", 6.5, _QUIET)

    def _aside(self, one: Figure, x: float, right: float, tall: float) -> None:
        from reportlab.lib.colors import HexColor

        face = "Helvetica-Bold" if one.ringed else "Helvetica"
        name = one.name
        while self._wide(name, face, 7.5) > 68 and len(name) > 2:
            name = name[:-2].rstrip("…") + "…"
        middle = self.y - tall / 2 - 2.5
        self._line(name, x, middle, face, 7.5, _INK)
        if one.ringed:
            self.canvas.setStrokeColor(HexColor(_INK))
            self.canvas.setLineWidth(1.1)
            self.canvas.ellipse(x - 6, middle - 5, x + self._wide(name, face, 7.5) + 6, middle + 10, stroke=1, fill=0)
        self._line(one.aside, right, middle, "Helvetica", 7, _QUIET)

    # ---- lettering

    def _face(self, words: str, face: str) -> str:
        try:
            words.encode("cp1252")
        except UnicodeEncodeError:
            return _OTHER
        return face

    def _wide(self, words: str, face: str, size: float) -> float:
        return float(self.canvas.stringWidth(words, self._face(words, face), size))

    def _line(self, words: str, x: float, y: float, face: str, size: float, colour: str) -> None:
        from reportlab.lib.colors import HexColor

        self.canvas.setFillColor(HexColor(colour))
        self.canvas.setFont(self._face(words, face), size)
        self.canvas.drawString(x, y, words)

    def _block(self, words: str, x: float, wide: float, face: str, size: float, colour: str, *, draw: bool = True) -> None:
        """Words in lines of that width; the place goes down by as much."""
        line = ""
        for word in [*"".join(char if char.isprintable() else " " for char in words).split(), None]:
            longer = f"{line} {word}".strip() if word is not None else ""
            if line and (word is None or self._wide(longer, face, size) > wide):
                self.y -= size * 1.32
                if draw:
                    self._line(line, x, self.y + 0.3 * size, face, size, colour)
                longer = word or ""
            line = longer

    def _rule(self, start: float, end: float, colour: str, *, dots: bool = False) -> None:
        from reportlab.lib.colors import HexColor

        self.canvas.setStrokeColor(HexColor(colour))
        self.canvas.setLineWidth(0.6)
        self.canvas.setDash([0.6, 1.8] if dots else [])
        self.canvas.line(start, self.y, end, self.y)
        self.canvas.setDash([])
