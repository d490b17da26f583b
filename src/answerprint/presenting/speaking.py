"""What a slide says of its words beyond Latin: which way a paragraph runs, in which language it is, and in which faces an office program is to set it.

A program takes a face for Latin letters, one for Chinese, Japanese and Korean ones (`a:ea`) and one for those of Arabic, Hebrew, Thai and India (`a:cs`)
out of the same words. A face that the slides carry is named; else one that comes with the office programs themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from answerprint.presenting import bidi, letters
from answerprint.presenting.embedding import carried
from answerprint.presenting.faces import Faces
from answerprint.presenting.letters import Other
from answerprint.presenting.page import Page, Text
from answerprint.presenting.shaping import Drawn

__all__ = ["others", "spoken"]

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
#: language -> the sans and the serif that come with Microsoft Office
_OFFICE = {
    "ja-JP": ("Yu Gothic", "Yu Mincho"), "ko-KR": ("Malgun Gothic", "Batang"), "zh-CN": ("Microsoft YaHei", "SimSun"), "zh-TW": ("Microsoft JhengHei", "PMingLiU"),
    "ar-SA": ("Arial", "Times New Roman"), "fa-IR": ("Arial", "Times New Roman"), "ur-PK": ("Arial", "Times New Roman"), "he-IL": ("Arial", "Times New Roman"), "th-TH": ("Leelawadee UI", "Angsana New"), "hi-IN": ("Nirmala UI", "Nirmala UI"),
}  # fmt: skip
_EASTERN = ("ja-JP", "ko-KR", "zh-CN", "zh-TW")


def others(pages: Iterable[Page], faces: Faces) -> set[Other]:
    """The faces beyond the house's that pages are set in."""
    texts = ((text.face, line) for page in pages for text in page.things if isinstance(text, Text) for line in text.lines if faces.shaped(line))
    return {run.other for face, line in texts for run in faces.line(face, line) if isinstance(run, Drawn)}


def spoken(paragraph: Any, faces: Faces, face: str = "") -> None:
    """Say of a paragraph of python-pptx what its letters tell.

    Args: face: the house's face that its Latin words are set in; "" where the faces are somebody's own.
    """
    words = paragraph.text
    if faces.shaper is None or faces.shaper.beyond.isdisjoint(words):
        return
    if bidi.to_the_left(words):
        paragraph._p.get_or_add_pPr().set("rtl", "1")
    speaks = letters.language_of(words, faces.shaper.eastern)
    for run in paragraph.runs:
        inner = run._r.get_or_add_rPr()
        if speaks:
            inner.set("lang", speaks)
            inner.set("altLang", "en-US")
        if inner.get("i") == "1":
            inner.set("i", "0")  # none of these scripts slants
        if face:
            _named(inner, _typefaces(words, faces, face, speaks))


def _typefaces(words: str, faces: Faces, face: str, speaks: str) -> dict[str, str]:
    """Which face for "ea" and which for "cs"; neither where its letters are not there."""
    assert faces.shaper is not None
    found: dict[str, str] = {}
    for one in sorted(faces.shaper.beyond.intersection(words)):
        name = letters.house_of(letters.script(one), faces.shaper.eastern)
        tongue = letters.language_of(one, faces.shaper.eastern) or speaks
        kind = "ea" if name in letters.NAMES[:4] or tongue in _EASTERN else "cs"
        other = faces.shaper.face(one, face)
        if other is not None and (carried(other) or other.path in faces.shaper.brought):
            found.setdefault(kind, other.family)
        elif tongue in _OFFICE:
            found.setdefault(kind, _OFFICE[tongue][face in ("serif", "italic")])
    return found


def _named(inner: Any, found: dict[str, str]) -> None:
    from lxml import etree  # type: ignore[import-untyped]

    after = inner.find(f"{{{_A}}}latin")
    for kind in ("ea", "cs"):
        if kind in found:
            made = etree.Element(f"{{{_A}}}{kind}")
            made.set("typeface", found[kind])
            if after is None:
                inner.append(made)
            else:
                after.addnext(made)
            after = made
