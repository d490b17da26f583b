"""The deck's own faces put into a .pptx, so that it looks the same where they are not installed, and can be edited there.

A slide file carries a face as an Embedded OpenType file: a header, then the font as it is, neither packed nor scrambled (version 0x00020001 of the
W3C's member submission of 2008). ISO/IEC 29500-1, 19.2.1.10 (embeddedFontLst) says where it is listed; PowerPoint wants each family once, and used
on the slides (MS-OE376, 2.1.1134): every deck has both.
"""

from __future__ import annotations

import functools
import io
import struct
from collections.abc import Collection
from typing import Any

from answerprint.presenting.faces import FAMILIES, Faces, named, saved
from answerprint.presenting.letters import Other, face_of
from answerprint.presenting.records import DeckError

__all__ = ["carried", "embed", "eot"]

_PART, _LINK = "application/x-fontdata", "http://schemas.openxmlformats.org/officeDocument/2006/relationships/font"
_VERSION, _MAGIC, _ANY_CHARSET = 0x00020001, 0x504C, 1
_NO_EMBEDDING, _BITMAPS_ONLY = 0x0002, 0x0200  #: of OS/2 fsType: the two that forbid what is done here
#: family -> its faces, in the order that the schema has them
_STYLES = {"Source Sans 3": (("regular", "sans"), ("bold", "strong")), "Source Serif 4": (("regular", "serif"), ("italic", "italic"))}
_ORDER = ("regular", "bold", "italic", "boldItalic")
#: what the schema puts before the list of faces
_BEFORE = ("sldMasterIdLst", "notesMasterIdLst", "handoutMasterIdLst", "sldIdLst", "sldSz", "notesSz", "smartTags")


def embed(show: Any, faces: Faces, others: Collection[Other] = ()) -> None:
    """Put the four faces into a presentation of python-pptx, and those of other scripts that it can carry (`carried`)."""
    from pptx.opc.package import Part
    from pptx.opc.packuri import PackURI
    from pptx.oxml.xmlchemy import OxmlElement

    assert set(_STYLES) == set(FAMILIES.values())
    held = {family: {style: faces.embedded(face) for style, face in styles} for family, styles in _STYLES.items()}
    for other in sorted(others, key=lambda one: (one.family, one.bold or (one.weight or 0) >= 600)):
        if carried(other):
            style = "bold" if other.bold or (other.weight or 0) >= 600 else "regular"
            held.setdefault(other.family, {}).setdefault(style, _all(other, style))
    listed = OxmlElement("p:embeddedFontLst")
    number = 0
    for family, made_of in held.items():
        one = OxmlElement("p:embeddedFont")
        called = OxmlElement("p:font")
        called.set("typeface", family)
        one.append(called)
        for style, data in sorted(made_of.items(), key=lambda pair: _ORDER.index(pair[0])):
            number += 1
            part = Part(PackURI(f"/ppt/fonts/font{number}.fntdata"), _PART, show.part.package, eot(data))
            made = OxmlElement(f"p:{style}")
            made.set("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id", show.part.relate_to(part, _LINK))
            one.append(made)
        listed.append(one)
    root = show.part._element
    root.set("embedTrueTypeFonts", "1")
    root.set("saveSubsetFonts", "1")
    last = max(n for n, child in enumerate(root) if child.tag.rpartition("}")[2] in _BEFORE)
    root.insert(last + 1, listed)


def carried(other: Other) -> bool:
    """Whether slides can carry a face: its outlines are TrueType's, as they must be there, and its maker lets it lie in a file that people go on writing in."""
    return other.typed and "glyf" in face_of(other.path, other.index, other.written).table_tags


@functools.lru_cache(maxsize=8)
def _all(other: Other, style: str) -> bytes:
    """A face at its weight with all its letters, and with what sets them, so that whoever edits a slide can type."""
    import uharfbuzz
    from fontTools.ttLib import TTFont

    face = face_of(other.path, other.index, other.written)
    wanted = uharfbuzz.SubsetInput()
    wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    wanted.unicode_set.update(face.unicodes)
    if face.axis_infos:
        wanted.pin_all_axes_to_default(face)
        if other.weight is not None:
            wanted.pin_axis_location(face, "wght", other.weight)
    font = TTFont(io.BytesIO(bytes(uharfbuzz.subset(face, wanted).blob.data)), recalcTimestamp=False)
    return saved(named(font, other.family, style.capitalize(), 700 if style == "bold" else 400, f"{other.postscript}-deck"))


def eot(font: bytes) -> bytes:
    """An OpenType font as an Embedded OpenType file.

    Raises: DeckError: its maker does not let it be embedded.
    """
    from fontTools.ttLib import TTFont

    read = TTFont(io.BytesIO(font), lazy=True)
    style, names = read["OS/2"], read["name"]
    if style.fsType & (_NO_EMBEDDING | _BITMAPS_ONLY):
        raise DeckError(f"{names.getDebugName(4)}: its maker does not let it be put into a file (fsType {style.fsType:#06x}). Send the PDF.")
    panose = style.panose
    kept = bytes(getattr(panose, f"b{name}") for name in ("FamilyType", "SerifStyle", "Weight", "Proportion", "Contrast", "StrokeVariation", "ArmStyle", "LetterForm", "Midline", "XHeight"))
    header = struct.pack("<II10sBBIHH", _VERSION, 0, kept, _ANY_CHARSET, style.fsSelection & 1, style.usWeightClass, style.fsType, _MAGIC)
    ranges = (style.ulUnicodeRange1, style.ulUnicodeRange2, style.ulUnicodeRange3, style.ulUnicodeRange4, style.ulCodePageRange1, style.ulCodePageRange2)
    header += struct.pack("<7I16x", *ranges, read["head"].checkSumAdjustment)
    for name in (1, 2, 5, 4):  # family, style, version, whole name
        words = (names.getDebugName(name) or "").encode("utf-16-le")
        header += struct.pack("<HH", 0, len(words)) + words
    header += struct.pack("<HH", 0, 0)  # bound to no address
    return struct.pack("<II", 8 + len(header) + len(font), len(font)) + header + font
