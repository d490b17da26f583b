"""The deck's four faces: sans for the machine, serif for people. Cut from the variable fonts to the weight and the letters that a deck has.

One measure serves the PDF and the slides, so that a line that fits on the one fits on the other.
"""

from __future__ import annotations

import functools
import hashlib
import io
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from answerprint.presenting import bidi
from answerprint.presenting.breaking import Line
from answerprint.presenting.records import DeckError
from answerprint.presenting.shaping import Drawn, Said, Shaper, shaper

__all__ = ["FACES", "FAMILIES", "Faces", "faces", "named", "saved", "whole"]

_SANS, _SERIF = ("fontpkg_source_sans_3", "SourceSans3"), ("fontpkg_source_serif_4", "SourceSerif4")
#: face -> where it lies, its file's ending, its place on the axes (opsz in points: text that is read from a page or a screen)
FACES: dict[str, tuple[tuple[str, str], str, dict[str, float]]] = {
    "sans": (_SANS, "[wght].ttf", {"wght": 400}),
    "strong": (_SANS, "[wght].ttf", {"wght": 600}),
    "serif": (_SERIF, "[opsz,wght].ttf", {"opsz": 20, "wght": 400}),
    "italic": (_SERIF, "-Italic[opsz,wght].ttf", {"opsz": 14, "wght": 400}),
}
FAMILIES = {"sans": "Source Sans 3", "strong": "Source Sans 3", "serif": "Source Serif 4", "italic": "Source Serif 4"}  #: as slides name them
_POSTSCRIPT = {"sans": "SourceSans3-Regular", "strong": "SourceSans3-SemiBold", "serif": "SourceSerif4-Regular", "italic": "SourceSerif4-Italic"}
_ALWAYS = " –—…·-.,:;()0123456789/"
_TYPED = (*range(0x20, 0x7F), *range(0xA0, 0x250), *range(0x370, 0x530), *range(0x1E00, 0x1F00), *range(0x2010, 0x2040), *range(0x20A0, 0x20C0), 0x2122, 0x2190, 0x2192, 0x2212)
_STYLED = {"sans": ("Regular", 400), "strong": ("Bold", 700), "serif": ("Regular", 400), "italic": ("Italic", 400)}  #: what a slide asks a family for, and the weight it takes that to be
_REGISTERED = 64  #: faces that reportlab holds: 16 decks of four. It lets go of none by itself, and a deck of other letters took 0.4 MB more of a room's memory
_UNUSED = ("GPOS", "GSUB", "GDEF", "STAT", "DSIG", "BASE", "JSTF")  #: what neither the measure nor the PDF reads


class Faces:
    """The faces as one deck needs them: measured, and ready to be put into a PDF."""

    def __init__(self, letters: str, brought: Sequence[Path] = (), lying: Sequence[Path] = ()) -> None:
        self.letters = letters
        self._made: dict[str, Any] = {}
        self._cuts = "".join(one for one in letters if ord(one) in _known()) if not letters.isascii() else letters
        self.shaper: Shaper | None = None if letters.isascii() else shaper(letters, _known(), brought, lying, lambda face, text: float(self._font(face).stringWidth(text, 1000)))

    def width(self, face: str, text: str, size: float) -> float:
        """How wide a line is, in points."""
        if self.shaped(text):
            return sum(one.width for one in self.line(face, text)) * size / 1000
        return float(self._font(face).stringWidth(text, size))

    def shaped(self, text: str) -> bool:
        """Whether words are set run by run: they have letters that the house's faces lack, or stand in a paragraph that has."""
        return self.shaper is not None and (isinstance(text, Line) or not self.shaper.beyond.isdisjoint(text))

    def line(self, face: str, text: str) -> tuple[Said | Drawn, ...]:
        """The runs of such a line, from left to right, in thousandths of an em."""
        assert self.shaper is not None
        return self.shaper.line(face, whole(text))

    def name(self, face: str) -> str:
        """What a PDF canvas knows the face by; registered when first asked for."""
        font = self._font(face)
        _register(font)
        return str(font.fontName)

    def embedded(self, face: str) -> bytes:
        """A face as slides carry it: all letters of Latin, Greek and Cyrillic that it has, so that whoever edits a slide can type."""
        return _whole(face, "".join(one for one in self._cuts if ord(one) > _TYPED[-1]))

    @functools.cached_property
    def lacking(self) -> tuple[str, ...]:
        """Letters that no face has a shape for."""
        if self.shaper is not None:
            return self.shaper.lacking
        return tuple(sorted(one for one in set(self.letters) if ord(one) not in _known() and not one.isspace()))

    def _font(self, face: str) -> Any:
        if face not in self._made:
            from reportlab.pdfbase.ttfonts import TTFont

            self._made[face] = TTFont(f"deck-{face}-{_seal(self._cuts)}", io.BytesIO(_cut(face, self._cuts)))
        return self._made[face]


def faces(texts: Iterable[str], brought: Sequence[Path] = (), lying: Sequence[Path] = ()) -> Faces:
    """The faces for these texts.

    Args:   brought: font files for letters that the house's faces lack, before all others.  lying: more of them, of which one that cannot be used is left aside.
    Raises: DeckError: fontTools is not installed; a font that cannot be read, or may not be put into a file.
    """
    try:
        import fontTools.ttLib  # noqa: F401
    except ImportError as cause:
        raise DeckError("a deck's faces are cut by fontTools, which is not installed. Say: pip install 'answerprint[decks]'.") from cause
    letters = {one for text in texts for one in text if one.isprintable()}
    letters |= {other for one in letters for other in one.upper() if len(one.upper()) == 1}
    return Faces("".join(sorted(letters | set(_ALWAYS))), brought, lying)


def whole(text: str) -> Line:
    """Words that are a paragraph of one line."""
    if isinstance(text, Line):
        return text
    left = bidi.to_the_left(text)
    return Line.of(text, bidi.levels(text, leftward=left), leftward=left)


@functools.cache
def _known() -> frozenset[int]:
    """What the house's faces have."""
    from fontTools.ttLib import TTFont

    return frozenset().union(*(TTFont(_path(face), lazy=True).getBestCmap() for face in ("sans", "serif")))


_registered: OrderedDict[str, Any] = OrderedDict()  #: name -> font, the one last asked for last
_registering = threading.Lock()


def _register(font: Any) -> None:
    """Let reportlab know a face; beyond so many it forgets the one that was not asked for the longest."""
    from reportlab.pdfbase import pdfmetrics

    with _registering:
        pdfmetrics.registerFont(font)
        _registered[font.fontName] = font
        _registered.move_to_end(font.fontName)
        while len(_registered) > _REGISTERED:
            name, gone = _registered.popitem(last=False)
            for held, key in ((pdfmetrics._fonts, name), (pdfmetrics._dynFaceNames, gone.face.name)):
                held.pop(key, None)


def _seal(letters: str) -> str:
    return hashlib.sha256(letters.encode()).hexdigest()[:8]


def _path(face: str) -> str:
    (package, stem), ending, _ = FACES[face]
    return str(files(package) / "files" / f"{stem}{ending}")


@functools.lru_cache(maxsize=32)
def _cut(face: str, letters: str) -> bytes:
    """A static font of one weight with these letters, about 10 kB."""
    font = _static(face, letters)
    for record in font["name"].names:  # reportlab knows faces by this name alone: two weights of one font have the same, and so has the same face of another deck, with other letters
        if record.nameID == 6:
            record.string = f"{_POSTSCRIPT[face]}-{_seal(letters)}"
    return saved(font)


@functools.lru_cache(maxsize=8)
def _whole(face: str, more: str) -> bytes:
    """A static font under the family and style that slides ask for. The semibold is the family's bold: it is what the lines were measured with."""
    style, weight = _STYLED[face]
    font = _static(face, "".join(map(chr, _TYPED)) + more)
    return saved(named(font, FAMILIES[face], style, weight, f"{_POSTSCRIPT[face]}-deck"))


def named(font: Any, family: str, style: str, weight: int, unique: str) -> Any:
    """A font of fontTools under the family and the style that a slide asks for."""
    names = {1: family, 2: style, 3: unique, 4: family if style == "Regular" else f"{family} {style}", 6: f"{family.replace(' ', '')}-{style}"}
    font["name"].names = [one for one in font["name"].names if one.nameID in (0, 5)]
    for number, said in names.items():
        font["name"].setName(said, number, 3, 1, 0x409)
    bold, slanted = style == "Bold", style == "Italic"
    table = font["OS/2"]
    table.usWeightClass = weight
    table.fsSelection = (table.fsSelection & ~0b1100001) | (0x20 if bold else 0x01 if slanted else 0x40)
    font["head"].macStyle = (1 if bold else 0) | (2 if slanted else 0)
    return font


def _static(face: str, letters: str) -> Any:
    import logging

    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    font = TTFont(_path(face), recalcTimestamp=False)
    for table in _UNUSED:
        if table in font:
            del font[table]
    cutter = subset.Subsetter(subset.Options(hinting=False, notdef_outline=True, layout_features=[]))
    cutter.populate(text=letters)
    cutter.subset(font)
    return instancer.instantiateVariableFont(font, FACES[face][2], inplace=True)


def saved(font: Any) -> bytes:
    """The bytes of a font of fontTools."""
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
