"""Text set in lines: shaped, in its own direction, broken where its language breaks, balanced, shrunk no further than allowed."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerprint.delivery.supers.errors import drawn_by
from answerprint.delivery.supers.fonts import Face, has, typeface
from answerprint.delivery.supers.stage import Box, Stage
from answerprint.delivery.supers.template import Layer
from answerprint.delivery.supers.words import composed, graphemes, rightward, script, visible

__all__ = ["Set", "ink", "letter_height", "lowest", "missing", "painted", "set_text"]

_HANG = 0.06  #: of the size: how far below its last baseline a text is taken to reach where it is placed; tails of letters hang lower
_DEEP = {"ARABIC": 0.2, "DEVANAGARI": 0.12, "THAI": 0.1}  #: the same where whole letters lie under the line (looked at in Noto's)
#: A letter of each script that stands for the height of its capitals; its own tall letter where it has no capitals.
_TALL = {"LATIN": "H", "GREEK": "Η", "CYRILLIC": "Н", "ARABIC": "ا", "HEBREW": "ה", "DEVANAGARI": "क", "THAI": "ก", "CJK": "国", "HIRAGANA": "あ", "KATAKANA": "ア", "HANGUL": "가", "ARMENIAN": "Հ", "GEORGIAN": "Ⴀ"}
_SMALL = {"LATIN": "x", "GREEK": "χ", "CYRILLIC": "х"}
_JOINED = ("ARABIC", "DEVANAGARI", "BENGALI", "SYRIAC")  #: letters that touch: never spaced out


@dataclass(frozen=True)
class Set:
    """A text as it is set. `left`, `top`: where its first capital's upper corner would stand in the picture."""

    text: str
    size: float  #: of the letters, pixels
    lines: int
    width: float  #: of its longest line
    rise: float  #: from the paragraph's top to the top of its first capitals
    height: float  #: from there to the last baseline, and a little
    paragraph: Any
    faces: tuple[tuple[str, Face], ...]
    layer: Layer
    step: float
    align: str  #: "left", "centre", "right"
    fits: bool  #: in its box, after all shrinking
    why: str  #: what does not fit, where it does not


def missing(layer: Layer, text: str, stage: Stage) -> str:
    """The characters of a text that no font has, each once, in their order."""
    chain = stage.fonts.chain(layer.fonts, layer.weight)
    return "".join(one for one in visible(text) if not any(has(face, one) for face in chain))


def set_text(layer: Layer, text: str, stage: Stage, room: tuple[float, float], mirrored: bool) -> Set:
    """Set a text into a box.

    It is tried at its size, and a line smaller each time down to its least; the first that fits is taken, else the smallest, which
    then says what does not fit. Lines are evened out: the narrowest column that needs no more lines.

    Args: room: width and height of the box in pixels.  mirrored: whether start is at the right.
    """
    text = composed(text)
    width, height = room
    faces = _faces(layer, text, stage)
    size, least = layer.size, layer.least or layer.size
    while True:
        made = _at(layer, text, stage, size, (width, height), faces, mirrored)
        if made.fits or size <= least:
            return made
        size = max(size - 1, least)


def _at(layer: Layer, text: str, stage: Stage, lines_high: float, room: tuple[float, float], faces: tuple[tuple[str, Face], ...], mirrored: bool) -> Set:
    width, height = room
    size = lines_high * stage.line
    step = size * layer.leading
    aligned = {"start": "right" if mirrored else "left", "end": "left" if mirrored else "right", "centre": "centre"}[layer.align]
    forms = _Forms(layer=layer, faces=faces, size=size, align=aligned, language=stage.language)
    paragraph = forms.set(text, width)
    rows = round(paragraph.Height / step)
    tallest = max((letter_height(face, layer.weight, size, "capital", _script_of(text)) for _, face in faces[:1]), default=size * 0.7)
    deep = (rows - 1) * step + tallest + size * _DEEP.get(_script_of(text), _HANG)
    widest = max((forms.set(part, 1e6).MinIntrinsicWidth for part in text.split("\n")), default=0.0)
    why = ""
    if widest > width + 0.5:
        long = max(text.split(), key=lambda word: forms.set(word, 1e6).LongestLine)
        why = f"{long!r} is {widest / width:.2f} times as wide as its place and words are not divided here"
    elif rows > layer.lines:
        why = f"it takes {rows} lines where there {'is 1' if layer.lines == 1 else f'are {layer.lines}'}"
    elif deep > height + 0.5:
        why = f"it is {deep / height:.2f} times as high as its place"
    narrow = _balanced(forms, text, width, rows, widest) if not why and rows > 1 else width
    paragraph = forms.set(text, narrow)
    longest = min(paragraph.LongestLine, narrow)
    paragraph = forms.set(text, float(np.ceil(longest)) + 1)
    if round(paragraph.Height / step) != rows:  # rounding took a word to the next line
        paragraph, longest = forms.set(text, narrow), narrow
    return Set(
        text=text, size=size, lines=rows, width=longest, rise=paragraph.AlphabeticBaseline - tallest, height=deep, paragraph=paragraph, faces=faces,
        layer=layer, step=step, align=aligned, fits=not why, why=why,
    )  # fmt: skip


def _balanced(forms: _Forms, text: str, width: float, rows: int, widest: float) -> float:
    """The narrowest column in which a text needs no more lines."""
    low, high = max(widest, width / rows * 0.5), width
    full = forms.set(text, width).Height
    while high - low > 1:
        middle = (low + high) / 2
        low, high = (low, middle) if forms.set(text, middle).Height <= full else (middle, high)
    return high


@dataclass(frozen=True, kw_only=True)
class _Forms:
    """Everything a paragraph is built with, besides its text."""

    layer: Layer
    faces: tuple[tuple[str, Face], ...]
    size: float
    align: str
    language: str | None

    def set(self, text: str, width: float, *, shown: int | None = None, colour: int = 0xFFFFFFFF) -> Any:
        """A paragraph of that width. Args: shown: how many of its first letters are seen; None for all."""
        skia = drawn_by()
        layout = skia.textlayout
        style = layout.ParagraphStyle()
        style.setTextAlign({"left": layout.TextAlign.kLeft, "centre": layout.TextAlign.kCenter, "right": layout.TextAlign.kRight}[self.align])
        names = [alias for alias, _ in self.faces]
        strut = layout.StrutStyle()
        strut.setStrutEnabled(True)
        strut.setFontFamilies(names[:1])
        strut.setFontSize(self.size)
        strut.setHeight(self.layer.leading)
        strut.setHeightOverride(True)
        strut.setForceStrutHeight(True)
        style.setStrutStyle(strut)
        builder = layout.ParagraphBuilder.make(style, _collection(self.faces, self.layer.weight, text), skia.Unicodes.ICU.Make())
        for part, seen in _parts(text, shown):
            letters = layout.TextStyle()
            letters.setFontFamilies(names)
            letters.setFontSize(self.size)
            letters.setColor(colour if seen else colour & 0x00FFFFFF)
            if self.language:
                letters.setLocale(self.language)
            if self.layer.tracking and not any(script(one) in _JOINED for one in text):
                letters.setLetterSpacing(self.layer.tracking / 100 * self.size)
            builder.pushStyle(letters)
            builder.addText(part)
            builder.pop()
        made = builder.Build()
        made.layout(width)
        return made


def painted(made: Set, stage: Stage, *, colour: int, shown: float = 1.0) -> Any:
    """The paragraph in a colour, of which the first part is seen. Args: colour: 0xAARRGGBB.  shown: 0 to 1."""
    forms = _Forms(layer=made.layer, faces=made.faces, size=made.size, align=made.align, language=stage.language)
    count = None if shown >= 1 else int(shown * graphemes(made.text) + 1e-9)
    paragraph = forms.set(made.text, float(np.ceil(made.width)) + 1, shown=count, colour=colour)
    if round(paragraph.Height / made.step) != made.lines:
        paragraph = forms.set(made.text, made.width, shown=count, colour=colour)
    return paragraph


def ink(made: Set, stage: Stage, corner: tuple[float, float]) -> Box | None:
    """What a set text really covers, tails and marks and all, when its place begins at that corner; None where it covers nothing."""
    skia = drawn_by()
    edge = int(made.size * 2) + 4
    wide, high = int(made.width) + 2 * edge, int(made.paragraph.Height) + 2 * edge
    pixels: NDArray[np.uint8] = np.zeros((high, wide, 4), np.uint8)
    painted(made, stage, colour=0xFFFFFFFF).paint(skia.Surface(pixels).getCanvas(), edge, edge)
    rows, columns = np.nonzero(pixels[..., 3].max(axis=1) > 16)[0], np.nonzero(pixels[..., 3].max(axis=0) > 16)[0]
    if not rows.size:
        return None
    left, top = corner[0] - edge, corner[1] - made.rise - edge
    return (left + float(columns[0]), top + float(rows[0]), left + float(columns[-1]) + 1, top + float(rows[-1]) + 1)


def letter_height(face: Face, weight: int, size: float, letter: str, writing: str) -> float:
    """How high a capital, or an x, of a script stands above its baseline in a font, in pixels; the script's tall letter where it has neither."""
    return _heights(face, weight, letter, writing) * size


@lru_cache(maxsize=1024)
def _heights(face: Face, weight: int, letter: str, writing: str) -> float:
    skia = drawn_by()
    sign = (_SMALL.get(writing) if letter == "x" else None) or _TALL.get(writing, "H")
    if not has(face, sign):
        sign = "H" if has(face, "H") else "0"
    font = skia.Font(typeface(face, weight, sign), 1000)
    font.setHinting(skia.FontHinting.kNone)
    bounds = skia.Rect.MakeEmpty()
    font.measureText(sign, skia.TextEncoding.kUTF8, bounds)
    return float(-bounds.top()) / 1000


def _script_of(text: str) -> str:
    """The script that most letters of a text are in; "LATIN" where it has none."""
    counts: dict[str, int] = {}
    for one in text:
        if name := script(one):
            counts[name] = counts.get(name, 0) + 1
    return max(counts, key=lambda name: counts[name], default="LATIN")


def lowest(made: Set, letter: str) -> float:
    """How high the smallest of its scripts stands, in pixels: capitals (or x) of each in the font that sets it."""
    found = []
    for name in dict.fromkeys(script(one) for one in made.text if script(one)) or {"LATIN": None}:
        face = next((face for _, face in made.faces if any(has(face, one) for one in made.text if script(one) == name)), made.faces[0][1])
        found.append(letter_height(face, made.layer.weight, made.size, letter, name))
    return min(found)


def _faces(layer: Layer, text: str, stage: Stage) -> tuple[tuple[str, Face], ...]:
    """The fonts that a text needs, in the order of the chain, each under the name that the setter knows it by."""
    chain = stage.fonts.chain(layer.fonts, layer.weight)
    wanted = list(visible(text))
    taken: list[Face] = []
    for face in chain:
        here = [one for one in wanted if has(face, one)]
        if here:
            taken.append(face)
        wanted = [one for one in wanted if one not in here]
    return tuple((f"{face.path.name}#{face.index}@{layer.weight}", face) for face in taken or chain[:1])


_COLLECTIONS: dict[tuple[Any, ...], Any] = {}
_KEPT = 64  #: collections of fonts at a time


def _collection(faces: tuple[tuple[str, Face], ...], weight: int, text: str) -> Any:
    """The fonts as the setter takes them; kept, because it keeps what it has shaped with them."""
    made = [typeface(face, weight, "".join(one for one in visible(text) if has(face, one))) for _, face in faces]
    key = (faces, *(one.uniqueID() for one in made))
    if key not in _COLLECTIONS:
        layout = drawn_by().textlayout
        provider = layout.TypefaceFontProvider()
        for (alias, _), one in zip(faces, made, strict=True):
            provider.registerTypeface(one, alias)
        collection = layout.FontCollection()
        collection.setDefaultFontManager(provider)
        if len(_COLLECTIONS) >= _KEPT:
            _COLLECTIONS.clear()
        _COLLECTIONS[key] = collection
    return _COLLECTIONS[key]


def _parts(text: str, shown: int | None) -> list[tuple[str, bool]]:
    """A text in the pieces it is added in: what is seen and what not yet, a text from right to left held together as one."""
    whole = "\n".join(f"\u2067{line}\u2069" if not rightward(line) else line for line in text.split("\n"))
    if shown is None:
        return [(whole, True)]
    count, cut = 0, 0
    for place, one in enumerate(whole):
        if unicodedata.category(one) not in ("Mn", "Me", "Cf", "Cc"):
            if count == shown:
                break
            count += 1
        cut = place + 1
    return [(part, seen) for part, seen in ((whole[:cut], True), (whole[cut:], False)) if part]
