"""Words looked for on a lined script: on its pages by their place, in one column by their block."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from answerprint.script.lining_sheet.metrics import cells, width
from answerprint.script.lining_sheet.records import PITCH, Block, Page, Print, Sheet

__all__ = ["Place", "Words", "in_column", "on_pages", "words_of"]

_LIKE = {"'": "['‘’]", '"': "[\"“”]", "-": "[-‐‑–—]"}  #: what is typed on a keyboard, and what a script may have for it


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where something stands on a page: points from its top left corner, `y` the top."""

    page: int  #: from 0
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Words:
    """Words that are read on as one, and where each stretch of them stands: (first letter, place, what a letter is wide)."""

    text: str
    at: tuple[tuple[int, Place, float], ...]


def words_of(sheet: Sheet) -> tuple[Words, ...]:
    """Everything that can be looked for on the pages, down each page. The text of a page that stands on further sheets counts once."""
    found = [*_typed(sheet.pages), *(one for number, page in enumerate(sheet.pages) for one in _written(number, page))]
    return tuple(sorted(found, key=lambda one: (one.at[0][1].page, one.at[0][1].y, one.at[0][1].x)))


def on_pages(words: tuple[Words, ...], asked: str) -> Iterator[Place]:
    """Every place where the words stand, upper or lower case, down the pages; none where nothing is asked for."""
    wanted = _pattern(asked)
    for one in words if wanted else ():
        for hit in wanted.finditer(one.text):
            start, place, pitch = next(row for row in reversed(one.at) if row[0] <= hit.start())
            first = min(place.width, pitch * cells(one.text[start : hit.start()]))
            long = pitch * cells(hit.group()) if pitch else place.width
            yield Place(page=place.page, x=round(place.x + first, 2), y=place.y, width=round(min(long, place.width - first), 2), height=place.height)


def in_column(sheet: Sheet, asked: str) -> Iterator[int]:
    """The blocks in which the words stand, by their place in the column, once for each time they stand there."""
    wanted = _pattern(asked)
    for number, block in enumerate(sheet.blocks if wanted else ()):
        for text in _texts(sheet, block):
            yield from (number for _ in wanted.finditer(text))


def _pattern(asked: str) -> re.Pattern[str]:
    parts = ["".join(_LIKE.get(letter, re.escape(letter)) for letter in word) for word in asked.split()]
    return re.compile(r"\s+".join(parts) if parts else r"(?!)", re.IGNORECASE)


def _typed(pages: tuple[Page, ...]) -> Iterator[Words]:
    """The script's own words, element by element; a line that a page break cuts reads on over it."""
    rows: dict[int, dict[int, tuple[int, Print]]] = {}
    for number, page in enumerate(pages):
        for one in page.prints:
            if one.element >= 0:
                rows.setdefault(one.element, {}).setdefault(one.start, (number, one))
            elif one.text.strip():
                yield Words(text=one.text, at=((0, _of(number, one), PITCH),))
    for element in rows.values():
        text, at = "", []
        for _, (number, one) in sorted(element.items()):
            text += " " if text and not text.endswith(" ") else ""
            at.append((len(text), _of(number, one), PITCH))
            text += one.text
        yield Words(text=text, at=tuple(at))


def _of(page: int, one: Print) -> Place:
    return Place(page=page, x=one.x, y=one.y - 9.4, width=PITCH * one.cells, height=12.0)


def _written(number: int, page: Page) -> Iterator[Words]:
    """What stands on a page by hand: slates, words said instead, notes, and the rows of the log."""
    for head in page.heads:
        if not head.again:
            place = Place(page=number, x=head.x - head.width / 2, y=head.top - 1, width=head.width, height=26.0 if head.under else 16.0)
            yield Words(text=f"{head.slate} {head.under}", at=((0, place, 0.0),))
    for over in page.overs:
        yield Words(text=over.text, at=((0, Place(page=number, x=over.x, y=over.y - over.size, width=over.width, height=over.size + 2), 0.0),))
    for note in page.notes:
        place = Place(page=number, x=note.x, y=note.top, width=204.0, height=max(note.height, 12.0))
        yield Words(text=" ".join([*note.lines, note.by]), at=((0, place, 0.0),))
    for label in page.labels if page.kind == "log" else ():
        wide = width(label.text, "bold" if label.face == "bold" else "sans", label.size)
        left = label.x - (wide if label.align == "right" else wide / 2 if label.align == "middle" else 0)
        yield Words(text=label.text, at=((0, Place(page=number, x=left, y=label.y - label.size, width=wide, height=label.size + 3), 0.0),))


def _texts(sheet: Sheet, block: Block) -> Iterator[str]:
    for _, pieces in block.paragraphs:
        yield "".join(piece.text for piece in pieces)
        yield from (piece.over for piece in pieces if piece.over)
    for entry in block.entries:
        yield sheet.takes[entry.take].slate
        yield from (words for words, _, _ in entry.says)
