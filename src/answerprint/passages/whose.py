"""Whose each passage of a page is, as it stands now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from answerprint.passages.aligning import HOUSE, Index
from answerprint.passages.texts import texts

__all__ = ["Origin", "Passage", "of_text"]

#: "brief": the client's own words, as the machine laid them out.
Origin = Literal["machine", "edited", "person", "brief"]


@dataclass(frozen=True, kw_only=True)
class Passage:
    """One passage with its origin."""

    text: str
    line: int  #: of the file, from 1: where its paragraph, item or table row begins
    kind: str  #: "heading", "sentence", "item", "cell"
    origin: Origin
    whose: str = ""  #: "answerprint", "brief", a service's name; "" where it is the person's
    entry: int = 0  #: of the record: the draft that it came with; 0 where it is the person's
    source: str = ""  #: "brief.md, line 12", "entry 41 of the record"
    was: str = ""  #: of an edited one: the passage that most of it is from
    kept: tuple[tuple[int, int], ...] = ()  #: of an edited one: the words in it that nobody changed, counted from 0, half-open
    section: str = ""
    level: int = 0

    @property
    def frame(self) -> bool:
        """Whether it is a heading or a label that every such page has: nobody needs to make "Tone" their own."""
        return self.origin == "machine" and self.whose == HOUSE and (self.kind == "cell" or (self.kind == "heading" and self.level == 2))


def of_text(text: str, held: Index) -> tuple[Passage, ...]:
    """Whose each passage of a Markdown text is: a draft, a slide's text, a page of a deck."""
    out = []
    for one in texts(text):
        found = held.match(one.words)
        common: dict[str, Any] = {"text": one.text, "line": one.line, "kind": one.kind, "section": one.section, "level": one.level}
        if found.whole is not None:
            piece = held.pieces[found.whole]
            out.append(Passage(**common, origin="brief" if piece.whose == "brief" else "machine", whose=piece.whose, entry=piece.entry, source=piece.source))
        elif found.stretches:
            shares: dict[int, int] = {}
            for part in found.stretches:
                shares[part.piece] = shares.get(part.piece, 0) + part.end - part.start
            piece = held.pieces[max(shares, key=lambda number: shares[number])]
            out.append(Passage(**common, origin="edited", whose=piece.whose, entry=piece.entry, source=piece.source, was=piece.text, kept=tuple((part.start, part.end) for part in found.stretches)))
        else:
            out.append(Passage(**common, origin="person"))
    return tuple(out)
