"""A page as passages: each heading, list item, table cell and sentence, with its words and the line it stands on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from answerprint.briefing.markdown import blocks, unmarked

__all__ = ["Text", "sentences", "texts", "words"]

#: A word: letters and digits, with an apostrophe inside. Where writing has no spaces (Han, kana) a sign is a word.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|(?:(?![\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])[^\W_])+(?:['’](?:[^\W_])+)*")
#: Behind a stop, with its quotes, before a space and something that a sentence may begin with; at once behind the stops of Chinese and Japanese.
_STOP = re.compile(r"(?<=[.!?…])([\"'”’»)\]]*)\s+(?=[\"'“‘«(\[]*[^\W_a-z]|[\"“‘«(\[])|(?<=[。！？])")
_SHORT = re.compile(r"(?:^|[\s(\"“'])(?:e\.g|i\.e|mr|mrs|ms|dr|st|vs|prof|jr|sr|z\.B|bzw|usw|[A-ZÄÖÜ])\.$")
_NUMBER = re.compile(r"(?:^|[\s(])(?:no|vol|fig|approx|ca|pp?)\.$", re.IGNORECASE)  #: these go on only before a number


@dataclass(frozen=True, kw_only=True)
class Text:
    """One passage as it stands in a draft."""

    text: str  #: without marks
    line: int  #: from 1: where its block begins
    kind: str  #: "heading", "sentence", "item", "cell"
    level: int = 0  #: of a heading
    quoted: bool = False
    section: str = ""  #: the last heading of level 1 or 2 before it

    @property
    def words(self) -> tuple[str, ...]:
        """Its words as they are compared."""
        return words(self.text)


def words(text: str) -> tuple[str, ...]:
    """Words as they are compared: case, punctuation, kinds of apostrophe and ways of writing the same letter do not count."""
    return tuple(unicodedata.normalize("NFC", one.casefold()).replace("’", "'") for one in _WORD.findall(unicodedata.normalize("NFKC", text)))


def sentences(text: str) -> list[str]:
    """A paragraph's sentences. "e.g." and an initial end none."""
    out: list[str] = []
    start = 0
    for found in _STOP.finditer(text):
        end = found.end(1) if found.group(1) is not None else found.start()
        if _SHORT.search(text[start:end]) or (text[found.end() : found.end() + 1].isdigit() and _NUMBER.search(text[start:end])):
            continue
        out.append(text[start:end].strip())
        start = found.end()
    out.append(text[start:].strip())
    return [one for one in out if one]


def texts(markdown: str) -> Iterator[Text]:
    """Every passage of a page that has a word in it, from first to last."""
    section = ""
    for block in blocks(markdown):
        if block.kind == "heading":
            plain = unmarked(block.text)
            section = plain if block.level <= 2 else section
            if words(plain):
                yield Text(text=plain, line=block.line, kind="heading", level=block.level, quoted=block.quoted, section=section)
        elif block.kind == "row":
            for cell in block.cells:
                if words(cell):
                    yield Text(text=unmarked(cell), line=block.line, kind="cell", quoted=block.quoted, section=section)
        else:
            for one in sentences(unmarked(block.text)):
                if words(one):
                    yield Text(text=one, line=block.line, kind="item" if block.kind == "item" else "sentence", quoted=block.quoted, section=section)
