"""Markdown as people write it, block by block, with the line that each begins on. No HTML is made and nothing is guessed about layout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

__all__ = ["Block", "Kind", "blocks", "unmarked"]

Kind = Literal["heading", "text", "item", "row"]
_HEADING = re.compile(r" {0,3}(#{1,6})(?=\s|$)")
_RULE = re.compile(r" {0,3}([-*_])(?:\s*\1){2,}\s*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)\s*$")
_ITEM = re.compile(r"\s*(?:[-*+•–]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?(.*)$")
_ROW = re.compile(r"\s*\|.*\|\s*$")
_DASHES = re.compile(r"\s*+\|?\s*+:?-{2,}+:?\s*+(\|\s*+:?-{2,}+:?\s*+)*+\|?\s*+$")
_QUOTE = re.compile(r"^ {0,3}>\s?")
_FENCE = re.compile(r"\s*(```|~~~)")
_BOLD = re.compile(r"\s*+(\*\*|__)([^*_]{1,80}?)\s*+:?\s*+\1\s*+:?\s*+$")
_LINK = re.compile(r"!?\[([^\]]{0,400}+)\]\(\s{0,9}+<?([^)\s>]{0,2000}+)>?[^)]{0,400}+\)")  #: each part taken once and to an end: 100 kB of "[" would be read for two minutes
_MARKS = re.compile(r"(\*{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)|`+|~~)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!>|-])")


@dataclass(frozen=True, kw_only=True)
class Block:
    """One heading, paragraph, list item or table row."""

    kind: Kind
    text: str  #: its marks are still in it
    line: int  #: from 1
    lines: tuple[tuple[int, str], ...] = ()  #: of a paragraph or an item: each line with its number
    level: int = 0  #: of a heading, 1 to 6; 7 where a line is set in bold and stands alone
    cells: tuple[str, ...] = ()  #: of a row
    head: bool = False  #: whether the row stands over the dashes of its table
    quoted: bool = False


def _goes_on(line: str, rest: str, kind: Kind) -> bool:
    """Whether a line that looks like a list item is the paragraph's next line, which happens to begin with a number or a dash (CommonMark 0.31, 5.2)."""
    number = re.match(r"\s*(\d+)[.)]", line)
    return not rest.strip() or (kind == "text" and number is not None and number[1] != "1")


def _unclosed(words: str) -> str:
    """A heading without the signs that close it, which stand behind a space: "## Music in C# ##"."""
    bare = words.rstrip("#")
    return bare.rstrip() if not bare or bare[-1].isspace() else words


def unmarked(text: str) -> str:
    """Text without emphasis and code marks; a link is its words, and its address behind them."""

    def link(found: re.Match[str]) -> str:
        words, address = found.group(1).strip(), found.group(2).strip()
        return words if not address or address == words else f"{words} ({address})" if words else address

    held: list[str] = []  # addresses keep their underscores and stars

    def hold(found: re.Match[str]) -> str:
        held.append(found.group(0))
        return f"\x00{len(held) - 1}\x00"

    text = _LINK.sub(link, text.replace("\x00", ""))
    text = re.sub(r"https?://[^\s)>]+", hold, text)
    text = _ESCAPED.sub(lambda found: hold(re.match(r".", found.group(1))) if found.group(1) in "*_`" else found.group(1), text)  # type: ignore[arg-type]
    text = _MARKS.sub("", text)
    return " ".join(re.sub(r"\x00(\d+)\x00", lambda found: held[int(found.group(1))], text).split())


def blocks(text: str) -> Iterator[Block]:
    """Every block, from the first line on. Comments (<!-- -->) are left out; a table's line of dashes says which row is its head."""
    text = re.sub(r"<!--.*?(-->|\Z)", lambda found: "\n" * found.group(0).count("\n"), text.replace("\r\n", "\n").replace("\r", "\n"), flags=re.DOTALL)
    waiting: list[tuple[int, str]] = []  # lines of the paragraph or item that is open
    kind: Kind = "text"
    quoted, fenced = False, False

    def closed() -> Iterator[Block]:
        nonlocal kind
        if waiting:
            whole = " ".join(line.strip() for _, line in waiting)
            bold = _BOLD.match(whole) if kind == "text" and not quoted else None
            if bold:
                yield Block(kind="heading", text=bold.group(2), line=waiting[0][0], level=7)
            elif whole.strip():
                yield Block(kind=kind, text=whole, line=waiting[0][0], lines=tuple(waiting), quoted=quoted)
        waiting.clear()
        kind = "text"

    lines = text.split("\n")
    for number, raw in enumerate(lines, start=1):
        if _FENCE.match(raw):
            yield from closed()
            fenced = not fenced
            continue
        inner = _QUOTE.sub("", raw, count=1) if not fenced else raw
        now = not fenced and _QUOTE.match(raw) is not None
        if now != quoted:
            yield from closed()
            quoted = now
        if not inner.strip():
            yield from closed()
        elif fenced:
            waiting.append((number, inner))
        elif waiting and kind == "text" and _UNDERLINE.match(inner) and not quoted and len(waiting) == 1:
            yield Block(kind="heading", text=waiting[0][1].strip(), line=waiting[0][0], level=1 if "=" in inner else 2)
            waiting.clear()
        elif _RULE.match(inner):
            yield from closed()
        elif found := _HEADING.match(inner):
            yield from closed()
            if words := _unclosed(inner[found.end() :].strip()):
                yield Block(kind="heading", text=words, line=number, level=len(found.group(1)), quoted=quoted)
        elif _ROW.match(inner) and not _DASHES.match(inner):
            yield from closed()
            cells = tuple(cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", inner.strip()[1:-1]))
            head = number < len(lines) and _DASHES.match(_QUOTE.sub("", lines[number], count=1)) is not None
            yield Block(kind="row", text=inner, line=number, cells=cells, head=head, quoted=quoted)
        elif _DASHES.match(inner) and "|" in inner:
            continue
        elif (found := _ITEM.match(inner)) and not (waiting and _goes_on(inner, found.group(1), kind)):
            yield from closed()
            kind = "item"
            waiting.append((number, found.group(1)))
        elif _BOLD.match(inner) and not quoted:  # a line in bold is a heading, also right above its text
            yield from closed()
            yield Block(kind="heading", text=_BOLD.match(inner).group(2), line=number, level=7)  # type: ignore[union-attr]
        else:
            waiting.append((number, inner))
    yield from closed()
