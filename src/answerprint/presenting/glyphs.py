"""Shapes of other faces in a PDF: of each face a font is made that has only the shapes of these pages, and what letters each is of, so that what is copied out reads.

What HarfBuzz draws together for some letters (a letter and its dots, a syllable) is one shape of the made font, under the letters it stands for. The font
is written as ISO 32000-1 has it (9.7, composite fonts): a shape is called by its number.
"""

from __future__ import annotations

import functools
import hashlib
import io
from typing import Any

from answerprint.presenting import shaping
from answerprint.presenting.letters import Other
from answerprint.presenting.shaping import Cluster, Drawn

__all__ = ["Held", "Made", "outline"]

_Key = tuple[tuple[tuple[int, int, int], ...], int, str]


class Made:
    """A font of the shapes that some runs have, in the order they come."""

    def __init__(self, other: Other) -> None:
        self.other = other
        self.codes: dict[_Key, int] = {}
        self.widths: list[float] = [500.0]

    def code(self, one: Cluster) -> int:
        """The number of a cluster's shape; 0 is no letter's."""
        key = one.shapes, round(one.advance), one.letters
        if key not in self.codes:
            self.codes[key] = len(self.widths)
            self.widths.append(one.advance)
        return self.codes[key]

    def written(self) -> tuple[bytes, bool]:
        """The font, and whether its outlines are cubic (then as the bare table of a CFF font, else a TrueType font)."""
        from fontTools.fontBuilder import FontBuilder
        from fontTools.pens.t2CharStringPen import T2CharStringPen
        from fontTools.pens.transformPen import TransformPen
        from fontTools.pens.ttGlyphPen import TTGlyphPen

        font = shaping.font(self.other)
        cubic = "glyf" not in font.face.table_tags
        scale = 1000 / font.face.upem
        names = [".notdef", *(f"g{n}" for n in range(1, len(self.widths)))]
        drawn: dict[str, Any] = {}
        for name, (shapes, _, _), width in zip(names, [((), 0, ""), *self.codes], self.widths):
            pen = T2CharStringPen(width, None) if cubic else TTGlyphPen(None)
            for number, right, over in shapes:
                font.draw_glyph_with_pen(number, TransformPen(pen, (scale, 0, 0, scale, right, over)))
            drawn[name] = pen.getCharString() if cubic else pen.glyph()
        built = FontBuilder(1000, isTTF=not cubic)
        built.setupGlyphOrder(names)
        if cubic:
            built.setupCFF(self.other.postscript, {}, drawn, {})
            return bytes(built.font["CFF "].compile(built.font)), True
        built.setupGlyf(drawn)
        built.setupHorizontalMetrics({name: (round(width), 0) for name, width in zip(names, self.widths)})
        for name in names:  # a shape stands where its outline does
            built.font["hmtx"][name] = (built.font["hmtx"][name][0], getattr(built.font["glyf"][name], "xMin", 0))
        up, down = _extents(self.other)
        built.setupHorizontalHeader(ascent=up, descent=down)
        built.updateHead(created=0, modified=0)
        built.font.recalcTimestamp = False
        out = io.BytesIO()
        built.font.save(out)
        return out.getvalue(), False


class Held:
    """The faces of one PDF while it is drawn with reportlab."""

    def __init__(self, canvas: Any) -> None:
        self._canvas = canvas
        self._made: dict[Other, Made] = {}
        self._names: dict[Other, str] = {}

    def draw(self, run: Drawn, x: float, y: float, size: float) -> None:
        """A run from this point, on the page that is drawn now."""
        made = self._made.setdefault(run.other, Made(run.other))
        name = self._names.setdefault(run.other, f"L{len(self._names) + 1}")
        out = [f"BT /{name} {_number(size)} Tf"]
        row: list[int] = []
        begun = pen = 0.0

        def told() -> None:
            if row:
                out.append(f"1 0 0 1 {_number(x + begun * size / 1000)} {_number(y)} Tm <{''.join(f'{one:04X}' for one in row)}> Tj")
                row.clear()

        for one in run.clusters:
            code = made.code(one)
            if not row or abs(one.x - pen) > 0.5:
                told()
                begun = pen = one.x
            row.append(code)
            pen += made.widths[code]
        told()
        self._canvas._code.append(" ".join([*out, "ET"]))

    def finish(self) -> None:
        """The fonts go into the file, once all pages are drawn."""
        from reportlab.pdfbase import pdfdoc
        from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFString

        document = self._canvas._doc
        fonts = document.idToObject["BasicFonts"].dict
        for other, made in self._made.items():
            key, (data, cubic) = self._names[other], made.written()
            name = f"{_tag(data)}+{other.postscript}"
            file, told = pdfdoc.PDFStream(), pdfdoc.PDFStream()
            file.content, told.content = data, _told({code: letters for (_, _, letters), code in made.codes.items()})
            file.dictionary["Subtype" if cubic else "Length1"] = PDFName("CIDFontType0C") if cubic else len(data)
            file.filters = told.filters = [pdfdoc.PDFZCompress]
            up, down = _extents(other)
            descriptor = PDFDictionary({
                "Type": PDFName("FontDescriptor"), "FontName": PDFName(name), "Flags": 4, "FontBBox": PDFArray([-1000, down, 2000, up]), "ItalicAngle": 0, "Ascent": up, "Descent": down, "CapHeight": 700,
                "StemV": 80, "FontFile3" if cubic else "FontFile2": document.Reference(file, f"{key}file"),
            })  # fmt: skip
            inner = {
                "Type": PDFName("Font"), "Subtype": PDFName("CIDFontType0" if cubic else "CIDFontType2"), "BaseFont": PDFName(name),
                "CIDSystemInfo": PDFDictionary({"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0}),
                "FontDescriptor": document.Reference(descriptor, f"{key}descriptor"), "DW": 1000, "W": PDFArray([0, PDFArray([_number(one) for one in made.widths])]),
                **({} if cubic else {"CIDToGIDMap": PDFName("Identity")}),
            }  # fmt: skip
            whole = PDFDictionary({
                "Type": PDFName("Font"), "Subtype": PDFName("Type0"), "BaseFont": PDFName(f"{name}-Identity-H" if cubic else name), "Encoding": PDFName("Identity-H"),
                "DescendantFonts": PDFArray([document.Reference(PDFDictionary(inner), f"{key}inner")]), "ToUnicode": document.Reference(told, f"{key}letters"),
            })  # fmt: skip
            fonts[key] = document.Reference(whole, key)


@functools.lru_cache(maxsize=8192)
def outline(other: Other, number: int) -> str:
    """One shape of a font as a path of SVG, in thousandths of an em."""
    from fontTools.pens.svgPathPen import SVGPathPen
    from fontTools.pens.transformPen import TransformPen

    font = shaping.font(other)
    pen, scale = SVGPathPen(None, ntos=lambda value: _number(value, 1)), 1000 / font.face.upem
    font.draw_glyph_with_pen(number, TransformPen(pen, (scale, 0, 0, scale, 0, 0)))
    return str(pen.getCommands())


def _extents(other: Other) -> tuple[int, int]:
    font = shaping.font(other)
    found, scale = font.get_font_extents("ltr"), 1000 / font.face.upem
    return round(found.ascender * scale), round(found.descender * scale)


def _tag(data: bytes) -> str:
    """Six letters that tell one cut from another (9.6.4)."""
    return "".join(chr(65 + one % 26) for one in hashlib.sha256(data).digest()[:6])


def _told(said: dict[int, str]) -> str:
    """The table from shapes to letters (9.10.3)."""
    pairs = sorted(said.items())
    out = ["/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap", "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def"]
    out += ["/CMapName /Adobe-Identity-UCS def", "/CMapType 2 def", "1 begincodespacerange", "<0000> <FFFF>", "endcodespacerange"]
    for n in range(0, len(pairs), 100):
        some = pairs[n : n + 100]
        out += [f"{len(some)} beginbfchar", *(f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>" for code, text in some), "endbfchar"]
    return "\n".join([*out, "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"])


def _number(value: float, digits: int = 3) -> str:
    return f"{value:.{digits}f}".rstrip("0").rstrip(".")
