"""Paragraphs written down in order, with the notes that stand in them."""

from __future__ import annotations

import re
from dataclasses import replace

from answerprint.script.emphasis import plain
from answerprint.script.records import Dual, Element, ElementKind, Style

__all__ = ["HOLD", "Page", "set_aside"]

#: where a note or a boneyard stood in the text; both ends are control characters, which no script text holds any more
HOLD = re.compile("\x02([0-9]+)\x03")
_GONE = re.compile("(?<= )\x02[0-9]+\x03 |\x02[0-9]+\x03")  #: with one of the two spaces around it
_IN_SPEECH = ("parenthetical", "dialogue", "lyrics")
_EMPTY_LINE = re.compile(r"\n(?:[^\S\n]?\n)")


def set_aside(text: str, kept: list[tuple[ElementKind, str]]) -> str:
    """Take the notes out of a text and leave their places. A note may run over lines, not over an empty one (two spaces hold it open)."""
    out: list[str] = []
    at, end, gap = 0, -1, -1
    while (start := text.find("[[", at)) >= 0:
        if end < start:
            end = text.find("]]", start + 2)
        if gap < start:
            gap = found.start() if (found := _EMPTY_LINE.search(text, start)) else len(text)
        if end < 0:
            break
        if gap < end:  # nothing closes before the empty line
            out.append(text[at:gap])
            at = gap
            continue
        out.append(text[at:start])
        kept.append(("note", text[start + 2 : end].strip()))
        out.append(f"\x02{len(kept) - 1}\x03")
        at = end + 2
    return "".join(out) + text[at:]


class Page:
    """The elements so far. A paragraph's notes follow it."""

    def __init__(self) -> None:
        self.elements: list[Element] = []
        self.kept: list[tuple[ElementKind, str]] = []  #: what `HOLD` stands for
        self.page: int | None = None
        self.row: int | None = None
        self.speaking = False  #: a name was put down, and nothing but its speech since

    def add(
        self, kind: ElementKind, text: str, *, number: str | None = None, level: int = 0, dual: Dual | None = None, marked: bool = True
    ) -> int | None:
        """Put a paragraph down; its index, or None where nothing but notes was in it.

        marked: its emphasis is written with marks.
        """
        aside = [int(match[1]) for match in HOLD.finditer(text)]
        words = _GONE.sub("", text)
        styles: tuple[Style, ...] = ()
        if marked:
            words, styles = plain(words)
        lead = len(words) - len(words.lstrip("\n"))
        words = words.lstrip("\n").rstrip()
        index = None
        if words.strip() or kind == "page break":
            index = len(self.elements)
            kept = tuple(
                Style(start=max(0, s.start - lead), end=min(len(words), s.end - lead), kind=s.kind) for s in styles if s.start - lead < len(words)
            )
            self._put(kind, words, kept, number, level, dual)
        for one in aside:
            held, said = self.kept[one]
            self.add(held, said, marked=False)
        return index

    def alone(self, since: int) -> None:
        """The notes from an element on are paragraphs of their own."""
        self.elements[since:] = [replace(one, alone=one.kind == "note") for one in self.elements[since:]]

    def styled(self, kind: ElementKind, text: str, styles: tuple[Style, ...], *, number: str | None = None, dual: Dual | None = None) -> int:
        """A paragraph whose styles are known already."""
        self._put(kind, text, styles, number, 0, dual)
        return len(self.elements) - 1

    def _put(
        self, kind: ElementKind, text: str, styles: tuple[Style, ...] = (), number: str | None = None, level: int = 0, dual: Dual | None = None
    ) -> None:
        speech = self.speaking and kind in _IN_SPEECH
        if kind not in ("note", "boneyard"):
            self.speaking = speech or kind == "character"
        self.elements.append(
            Element(
                index=len(self.elements), kind=kind, text=text, styles=styles, number=number, level=level, in_speech=speech, dual=dual,
                page=self.page, row=self.row,
            )
        )
