"""The sheet on paper: a PDF that is the same, byte for byte, whenever and wherever it is made from the same sheet."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Mapping
from importlib.resources import files as files_of
from typing import Any
from urllib.parse import quote

from answerprint.script.lining_sheet.metrics import cells, clean, width
from answerprint.script.lining_sheet.paper import SLATE, UNDER, fit
from answerprint.script.lining_sheet.records import HEIGHT, WIDTH, Head, Label, Line, Note, Page, Print, Rule, Sheet
from answerprint.script.lining_sheet.shapes import Curve, circle, stripes, wave

__all__ = ["pdf"]

_FACES = {"type": "Courier", "sans": "Helvetica", "bold": "Helvetica-Bold", "hand": "Helvetica-Oblique", "serif": "Times-Roman", "italic": "Times-Italic"}
_COURIER = {(False, False): "Courier", (True, False): "Courier-Bold", (False, True): "Courier-Oblique", (True, True): "Courier-BoldOblique"}
_INK, _SOFT, _PEN, _HAIR, _ACT = "#161616", "#4c4c4c", "#3c3c3c", "#d8d8d8", "#e0ac00"
_OTHER = "IBM Plex Mono"  #: from its package, as wide as Courier: letters of central Europe, Turkey, Vietnam, Russia and Ukraine


def pdf(sheet: Sheet, files: Mapping[str, str] | None = None) -> bytes:
    """The sheet as a PDF of 11 x 11 in pages, drawn to be printed on any paper at "fit".

    Text is in the standard faces (not embedded); letters that these lack are in IBM Plex Mono (embedded, only those used); what
    neither has is a box of the same width, and the first page says so. Every mark links to its file with a time:
    "rushes/A001.mov#t=12.345".

    Args: files: where a clip's file lies, from the folder of the PDF or from the root of the disk; a clip that it lacks is
          looked for under its own name beside the PDF.
    """
    return _Paper(sheet, files or {}).bytes()


def address(file: str, seconds: float) -> str:
    """A link to a file beside the PDF, or on a disk, from a time on; never to a host or a program."""
    path = quote(clean(file).replace("\\", "/"), safe="/")
    return f"{'file://' if path.startswith('/') else ''}{path}#t={seconds:.3f}"


class _Paper:
    def __init__(self, sheet: Sheet, files: Mapping[str, str]) -> None:
        from reportlab.lib.colors import HexColor
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFont
        from reportlab.pdfgen.canvas import Canvas

        self.sheet = sheet
        self.files = files
        self.links = {link.mark: link for link in sheet.links}
        self.colour = HexColor
        self.out = io.BytesIO()
        self.canvas: Any = Canvas(self.out, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1)
        self.other = TTFont(_OTHER, str(files_of("fontpkg_ibm_plex_mono") / "files" / "IBMPlexMono-Regular.ttf"))
        pdfmetrics.registerFont(self.other)
        self.known = set(self.other.face.charToGlyph)
        self.canvas.setTitle(f"{sheet.title}: lined script")
        self.canvas.setSubject("Lined script")
        self.canvas.setCreator("Answerprint")
        self.canvas.setAuthor("")
        self.canvas.setViewerPreference("PrintScaling", "AppDefault")

    def bytes(self) -> bytes:
        pages = self.sheet.pages or (Page(name="", kind="log"),)
        says = [*self._untyped(), *self.sheet.sentences]
        for number, page in enumerate(pages):
            self._page(page)
            if page.kind == "script":
                self._legend()
            if number == 0:
                more = [f"{len(says) - 1} more sentences stand on the HTML page."] if len(says) > 2 else []
                for n, words in enumerate([*(says[:1] if more else says), *more]):
                    self._show(54.0, HEIGHT - 22.0 + 9.0 * n, clean(words)[:190], "sans", 7.0, _SOFT)
            self.canvas.showPage()
        self.canvas.save()
        return self.out.getvalue()

    def _untyped(self) -> list[str]:
        """A sentence on letters that stand as boxes."""
        kinds: dict[str, str] = {}
        for words in _all(self.sheet):
            for char in unicodedata.normalize("NFC", words):
                if not self._standard(char) and ord(char) not in self.known and unicodedata.category(char) != "Cf":
                    kinds.setdefault(unicodedata.name(char, "unnamed").split()[0].split("-")[0].capitalize(), char)
        kinds.pop("Replacement", None)
        if not kinds:
            return []
        names = ", ".join(sorted("East Asian" if kind == "Cjk" else kind for kind in kinds)[:6]) + (" and others" if len(kinds) > 6 else "")
        return [f"Letters without a typeface in this PDF stand as boxes ({names}). The HTML page shows them."]

    @staticmethod
    def _standard(char: str) -> bool:
        try:
            char.encode("cp1252")
        except UnicodeEncodeError:
            return False
        return True

    def _show(self, x: float, y: float, words: str, face: str, size: float, ink: str, *, font: str | None = None) -> None:
        """Words from x on at baseline y, letter faces changed where needed; a typewriter letter keeps its column."""
        canvas = self.canvas
        canvas.setFillColor(self.colour(ink))
        words = unicodedata.normalize("NFC", words)
        name = font or _FACES[face]
        run = ""
        for char in [*words, ""]:
            if char and self._standard(char):
                run += char
                continue
            if run:
                canvas.setFont(name, size)
                canvas.drawString(x, HEIGHT - y, run)
                x += cells(run) * size * 0.6 if face == "type" else canvas.stringWidth(run, name, size)
                run = ""
            if char and unicodedata.category(char) != "Cf":
                x += self._letter(x, y, char, face, size)

    def _letter(self, x: float, y: float, char: str, face: str, size: float) -> float:
        """One letter that the standard faces lack; its width."""
        canvas = self.canvas
        cell = max(1, cells(char)) * size * 0.6
        if ord(char) in self.known and not unicodedata.combining(char):
            canvas.setFont(_OTHER, size)
            canvas.drawString(x, HEIGHT - y, char)
            return cell
        if unicodedata.combining(char):
            return 0.0
        self._stroke(_SOFT, 0.5)
        canvas.rect(x + 0.8, HEIGHT - y, cell - 1.6, size * 0.62, stroke=1, fill=0)
        return cell

    def _stroke(self, ink: str, wide: float, *dash: float, round_ends: bool = False) -> None:
        self.canvas.setStrokeColor(self.colour(ink))
        self.canvas.setLineWidth(wide)
        self.canvas.setDash(*([list(dash)] if dash else [[]]))
        self.canvas.setLineCap(1 if round_ends else 0)

    def _path(self, *points: tuple[float, float], close: bool = False, fill: bool = False) -> None:
        path = self.canvas.beginPath()
        path.moveTo(points[0][0], HEIGHT - points[0][1])
        for x, y in points[1:]:
            path.lineTo(x, HEIGHT - y)
        if close:
            path.close()
        self.canvas.drawPath(path, stroke=0 if fill else 1, fill=1 if fill else 0)

    def _curve(self, curve: Curve) -> None:
        path = self.canvas.beginPath()
        path.moveTo(curve[0][0], HEIGHT - curve[0][1])
        for (a, b), (c, d), (x, y) in curve[1]:
            path.curveTo(a, HEIGHT - b, c, HEIGHT - d, x, HEIGHT - y)
        self.canvas.drawPath(path, stroke=1, fill=0)

    def _to(self, mark: str | None, left: float, top: float, right: float, bottom: float) -> None:
        link = self.links.get(mark or "")
        if link is not None:
            self.canvas.linkURL(address(self.files.get(link.clip, link.clip), link.seconds), (left, HEIGHT - bottom, right, HEIGHT - top), thickness=0)

    def _page(self, page: Page) -> None:
        for rule in page.rules:
            self._rule(rule)
        for one in page.prints:
            self._print(one)
        for strike in page.strikes:
            self._stroke(_INK, 0.9)
            self._path((strike.x, strike.y), (strike.right, strike.y))
        for bracket in page.brackets:
            self._stroke(_INK, 1.0)
            foot = bracket.x + (3 if bracket.opens else -3)
            self._path((foot, bracket.top), (bracket.x, bracket.top), (bracket.x, bracket.top + 11), (foot, bracket.top + 11))
        for caret in page.carets:
            self._stroke(_INK, 1.0)
            self._path((caret.x - 2.6, caret.y + 3), (caret.x, caret.y - 1), (caret.x + 2.6, caret.y + 3))
        for line in page.lines:
            self._line(line)
        for over in page.overs:
            self._show(over.x, over.y, over.text, "hand", over.size, _INK)
            self._to(over.mark, over.x, over.y - over.size, over.x + over.width, over.y + 1.5)
        for head in page.heads:
            self._head(head)
        for note in page.notes:
            self._note(note)
        for label in page.labels:
            self._label(label)

    def _print(self, one: Print) -> None:
        self._show(one.x, one.y, one.text, "type", 12.0, _INK, font=_COURIER[one.bold, one.italic])
        if one.underline:
            self._stroke(_INK, 0.6)
            self._path((one.x, one.y + 1.6), (one.x + one.cells * 7.2, one.y + 1.6))

    def _rule(self, rule: Rule) -> None:
        if rule.kind == "stock":
            self._stroke(_SOFT, 0.6, 3, 2)
            self.canvas.rect(rule.x, HEIGHT - rule.bottom, rule.right - rule.x, rule.bottom - rule.y, stroke=1, fill=0)
            return
        self._stroke(*{"hair": (_HAIR, 0.6), "frame": (_PEN, 0.6), "hero": (_INK, 0.7), "asks": (_ACT, 2.4)}[rule.kind])
        self._path((rule.x, rule.y), (rule.right, rule.bottom))
        if rule.kind == "hero":
            self._path((rule.x + 2.5, rule.y), (rule.right + 2.5, rule.bottom))

    def _line(self, line: Line) -> None:
        pen = 0.5 if line.stroke == "thin" else 1.15
        stop = line.bottom - 5 if line.ends == "open" else line.bottom
        self._stroke(_PEN, pen)
        if line.stroke == "off":
            self._curve(wave(line.x, line.top, stop))
        else:
            self._path((line.x, line.top), (line.x, stop))
        if line.ends == "cap":
            self._path((line.x - 5, line.bottom), (line.x + 5, line.bottom))
        elif line.ends == "continues":
            self._path((line.x - 3, line.bottom - 4), (line.x, line.bottom), (line.x + 3, line.bottom - 4))
        elif line.ends == "open":
            self._stroke(_PEN, pen, 1.2, 2.2)
            self._path((line.x, line.bottom - 3), (line.x, line.bottom + 5))
        for touch in line.touches:
            self._to(touch.mark, line.x - 6.5, touch.top, line.x + 6.5, touch.bottom)

    def _head(self, head: Head) -> None:
        if head.again:
            size = fit(head.slate, 7.0, head.width)
            wide = width(head.slate, "sans", size)
            self._show(head.x - wide / 2, head.top + 8, head.slate, "sans", size, _SOFT)
            self._to(head.mark, head.x - wide / 2, head.top, head.x + wide / 2, head.top + 10)
            return
        size = fit(head.slate, SLATE, head.width - 8)
        wide = width(head.slate, "bold", size) + 8
        left, right, top = head.x - wide / 2, head.x + wide / 2, head.top
        self._stroke(_PEN, 0.6)
        self.canvas.rect(left, HEIGHT - top - 13.4, wide, 13.4, stroke=1, fill=0)
        self.canvas.setFillColor(self.colour(_PEN))
        for four in stripes(left, top, right, 2.8):
            self._path(*four, close=True, fill=True)
        self._show(left + 4, top + 11, head.slate, "bold", size, _INK)
        if head.under:
            small = fit(head.under, UNDER, head.width)
            self._show(head.x - width(head.under, "sans", small) / 2, top + 22.6, head.under, "sans", small, _SOFT)
        if head.circled:
            self._stroke(_INK, 1.5, round_ends=True)
            self._curve(circle(head.x, top + 6.7, wide / 2 + 3.6, 8.8, head.take))
        if head.asks:
            self._stroke(_INK, 0.5)
            self.canvas.setFillColor(self.colour(_ACT))
            self.canvas.circle(right + 3.5, HEIGHT - top - 1, 2.6, stroke=1, fill=1)
        self._to(head.mark, left, top, right, top + 24)

    def _note(self, note: Note) -> None:
        y = note.top
        if note.person:
            for words in note.lines:
                y += 12.0
                self._show(note.x, y - 3, words, "serif", 9.6, _INK)
            self._show(note.x, y + 8, note.by, "italic", 8.6, _SOFT)
        else:
            self._stroke(*((_ACT, 2.4) if note.asks else (_SOFT, 0.6, 0.8, 1.8)))
            self._path((note.x, y), (note.x + 204, y))
            for words in note.lines:
                y += 10.4
                self._show(note.x, y + 1, words, "sans", 8.0, _SOFT)
        self._to(note.mark, note.x, note.top, note.x + 204, note.top + note.height)

    def _label(self, label: Label) -> None:
        wide = width(label.text, label.face, label.size)
        x = label.x - {"left": 0.0, "right": wide, "middle": wide / 2}[label.align]
        self._show(x, label.y, label.text, label.face, label.size, _SOFT if label.quiet else _INK)
        self._to(label.mark, x, label.y - label.size, x + wide, label.y + 2)

    def _legend(self) -> None:
        """How to read it, at the foot of every page of script."""
        x, y = 108.0, HEIGHT - 45.0
        for kind, words in (("on", "on camera"), ("off", "off camera, or sound only"), ("thin", "not known which"), ("open", "stops before the end"), ("ring", "circled on the day")):
            if kind == "ring":
                self._stroke(_INK, 1.2, round_ends=True)
                self._curve(circle(x, y + 5, 6, 4.6, 1))
            else:
                ends = "open" if kind == "open" else "cap"
                stroke = kind if kind in ("off", "thin") else "on"
                self._line(Line(take=0, x=x, top=y - 2, bottom=y + (8 if kind == "open" else 11), stroke=stroke, begins="head", ends=ends, touches=()))  # type: ignore[arg-type]
            self._show(x + 10, y + 7.5, words, "sans", 7.0, _SOFT)
            x += 26 + width(words, "sans", 7.0)


def _all(sheet: Sheet) -> Iterator[str]:
    """Every text that is drawn."""
    for page in sheet.pages:
        yield from (one.text for one in page.prints)
        yield from (one.text for one in page.overs)
        yield from (one.text for one in page.labels)
        for head in page.heads:
            yield head.slate
            yield head.under
        for note in page.notes:
            yield from note.lines
            yield note.by
