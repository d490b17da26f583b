"""The recovery key on one sheet of paper: what it is for, the seven groups, where to keep it."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from importlib.resources import files as files_of
from typing import Any

from answerprint.ledger.spoken import six_words

__all__ = ["recovery_page"]

_INK, _SOFT, _HAIR, _ACT = "#161616", "#4c4c4c", "#d8d8d8", "#e0ac00"
_SANS, _BOLD, _SERIF, _TYPE = "Helvetica", "Helvetica-Bold", "Times-Roman", "Courier"
_OTHER, _GROUP = "IBM Plex Mono", "IBM Plex Mono Medium"  #: from their package: a zero with a dot, and letters that the standard faces lack
_FILES = {_OTHER: "IBMPlexMono-Regular.ttf", _GROUP: "IBMPlexMono-Medium.ttf"}
_BOX = "\u25ca"  #: a lozenge
WIDTH, HEIGHT = 595.0, 842.0  #: A4 in points; everything stands inside Letter's 792 as well
LEFT, RIGHT, TOP = 64.0, 531.0, 72.0
SIZES = (12, 16, 28)
SHORT = 50  #: letters of a name that take two lines in the largest size
LONGEST = 120  #: letters of a name or a title that still leave everything on one page

FOR = (
    "If your key is lost, or somebody else may have it: type these seven groups when Answerprint asks for your recovery key. "
    "With it you enrol a new key for yourself and revoke the old one. It signs nothing else, and for nobody else."
)
KEEP = (
    "Keep this page where you keep a passport. Do not photograph it, mail it or type it anywhere before you need it: whoever reads the "
    "seven groups can take your place in the record. Without your key and without this page only a producer can enrol you again; if you are the only one, nobody can."
)
TYPED = "Letters are never I, L, O or U. The fifth of each group checks the four before it: a slip is found, and the group named."


def recovery_page(name: str, title: str, key_id: str, words: Sequence[str]) -> bytes:
    """The sheet as a PDF of one A4 page that also prints on Letter.

    Args:   name: whose key it is.   title: of the production; "" leaves it out.   key_id: of the recovery key.   words: its groups.
    Raises: KeyRefused: not a key id.
    """
    return _Sheet(f"Recovery key of {_plain(name)}").drawn(_plain(name), _plain(title), key_id, words)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    text = " ".join("".join(" " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in text).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "\u2026"


class _Sheet:
    def __init__(self, subject: str) -> None:
        from reportlab.lib.colors import HexColor
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFont
        from reportlab.pdfgen.canvas import Canvas

        self.colour = HexColor
        self.out = io.BytesIO()
        self.canvas: Any = Canvas(self.out, pagesize=(WIDTH, HEIGHT), invariant=1)
        for face, file in _FILES.items():
            pdfmetrics.registerFont(TTFont(face, str(files_of("fontpkg_ibm_plex_mono") / "files" / file)))
        self.known = set(pdfmetrics.getFont(_OTHER).face.charToGlyph)
        self.canvas.setTitle(subject)
        self.canvas.setCreator("Answerprint")
        self.canvas.setAuthor("")

    def drawn(self, name: str, title: str, key_id: str, groups: Sequence[str]) -> bytes:
        y = TOP
        self._words(LEFT, y, "Recovery key", _SANS, SIZES[1], _SOFT)
        size, leading = (SIZES[2], 34) if len(name) <= SHORT else (SIZES[1], 22)
        y = self._block(LEFT, y + 38, name, _SERIF, size, _INK, leading)
        if _BOX in self._face(name + title, _SERIF)[1]:
            y = self._block(LEFT, y - 6, f"Letters without a typeface on this page stand as {_BOX}.", _SANS, SIZES[0], _SOFT, 22)
        if title:
            y = self._block(LEFT, y - 6, title, _SANS, SIZES[0], _SOFT, 16)
        y = self._block(LEFT, y + 16, FOR, _SANS, SIZES[0], _INK, 18)
        y = self._groups(y + 20, groups)
        y = self._block(LEFT, y + 12, TYPED, _SANS, SIZES[0], _SOFT, 18)
        top = y + 10
        y = self._block(LEFT + 16, top + 12, KEEP, _SANS, SIZES[0], _INK, 18)
        self._mark(top, y - 12 - top)
        y = self._dotted(y + 10)
        self._words(LEFT, y + 24, "The key on this page, in six words to read out", _SANS, SIZES[0], _SOFT)
        self._words(LEFT, y + 42, "  ".join(six_words(key_id)), _BOLD, SIZES[0], _INK)
        self._words(LEFT, y + 66, "Its id in the record", _SANS, SIZES[0], _SOFT)
        self._words(LEFT, y + 84, key_id, _TYPE, SIZES[0], _INK)
        self._words(LEFT, y + 132, "Printed on", _SANS, SIZES[0], _SOFT)
        self._rule(LEFT + 66, y + 134, LEFT + 220, _SOFT)
        self.canvas.showPage()
        self.canvas.save()
        return self.out.getvalue()

    def _groups(self, y: float, groups: Sequence[str]) -> float:
        """Four to a row, each under its number, between hairlines."""
        step, rows = (RIGHT - LEFT) / 4, -(-len(groups) // 4)
        self._rule(LEFT, y, RIGHT, _HAIR)
        for at, group in enumerate(groups):
            x, row = LEFT + at % 4 * step, y + 24 + at // 4 * 64
            self._words(x, row, str(at + 1), _SANS, SIZES[0], _SOFT)
            self._words(x, row + 27, group, _GROUP, 24, _INK)
        self._rule(LEFT, y + 8 + rows * 64, RIGHT, _HAIR)
        return y + 8 + rows * 64 + 12

    def _block(self, x: float, y: float, words: str, face: str, size: float, ink: str, leading: float) -> float:
        """Lines from a first baseline on, wrapped at the right margin; the next baseline."""
        (face, words), line = self._face(words, face), ""
        for word in words.split():
            if line and self._width(f"{line} {word}", face, size) > RIGHT - x:
                self._words(x, y, line, face, size, ink)
                line, y = word, y + leading
            else:
                line = f"{line} {word}".strip()
        self._words(x, y, line, face, size, ink)
        return y + leading

    def _face(self, words: str, face: str) -> tuple[str, str]:
        """The face for these words, all in one, and the words with a lozenge for each letter that it lacks."""
        if face in (_OTHER, _GROUP) or all(map(_standard, words)):
            return face, words
        return _OTHER, "".join(letter if ord(letter) in self.known else _BOX for letter in words)

    def _width(self, words: str, face: str, size: float) -> float:
        face, words = self._face(words, face)
        return float(self.canvas.stringWidth(words, face, size))

    def _words(self, x: float, y: float, words: str, face: str, size: float, ink: str) -> None:
        face, words = self._face(words, face)
        self.canvas.setFillColor(self.colour(ink))
        self.canvas.setFont(face, size)
        self.canvas.drawString(x, HEIGHT - y, words)

    def _rule(self, x: float, y: float, to: float, ink: str, *dash: float) -> None:
        self.canvas.setStrokeColor(self.colour(ink))
        self.canvas.setLineWidth(0.6)
        self.canvas.setDash(list(dash))
        self.canvas.line(x, HEIGHT - y, to, HEIGHT - y)

    def _dotted(self, y: float) -> float:
        self._rule(LEFT, y, RIGHT, _SOFT, 0.6, 2.4)
        return y

    def _mark(self, y: float, long: float) -> None:
        """A stroke of grease pencil: here somebody has to act."""
        self.canvas.setStrokeColor(self.colour(_ACT))
        self.canvas.setLineWidth(4)
        self.canvas.setDash([])
        self.canvas.setLineCap(1)
        self.canvas.line(LEFT + 2, HEIGHT - y, LEFT + 2, HEIGHT - y - long)
        self.canvas.setLineCap(0)


def _standard(letter: str) -> bool:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
