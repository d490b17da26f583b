"""A page being laid out: its Markdown, and beside it each passage that no person wrote, with whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from answerprint.briefing.brief import Point
from answerprint.passages import HOUSE, Piece, texts

__all__ = ["Laid", "Sheet"]

_SPECIAL = re.compile(r"([\\`*_\[\]<>])")
_LEADING = re.compile(r"^(\s*)([#>+-]|\d{1,3}[.)])(?=\s)")


@dataclass(frozen=True, kw_only=True)
class Laid:
    """A page as it was made."""

    title: str
    markdown: str
    pieces: tuple[Piece, ...]
    calls: tuple[int, ...] = ()  #: entries of the record: what services answered that stands in it
    says: tuple[str, ...] = ()  #: sentences for a person
    about: dict[str, str] = field(default_factory=dict)  #: plain values: distance, which starting point


@dataclass
class Sheet:
    """Lines are added from top to bottom; whose each is stands beside it."""

    parts: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)

    def heading(self, level: int, text: str, *, whose: str = HOUSE, source: str = "") -> None:
        self._add(f"{'#' * level} {_escaped(text)}", whose, source)

    def line(self, text: str, *, whose: str = HOUSE, source: str = "") -> None:
        self._add(_escaped(text), whose, source)

    def note(self, text: str) -> None:
        """The program's word about the page, set in italics."""
        self._add(f"*{_escaped(text)}*", HOUSE, "")

    def questions(self, asks: Iterable[str]) -> None:
        if found := list(dict.fromkeys(asks)):
            self._add("\n".join(f"- {_escaped(one)}" for one in found), HOUSE, "")

    def quoted(self, points: Iterable[Point]) -> None:
        """The brief's own words, indented; several of them as a list."""
        found = list(dict.fromkeys(points))
        for one in found:
            mark = "> - " if len(found) > 1 else "> "
            self._add(mark + _escaped(one.text), "brief", f"brief.md, line {one.line}", close=one is not found[0])

    def table(self, rows: Iterable[tuple[str, str, int]]) -> None:
        """(head, the brief's words, their line)."""
        found = list(rows)
        if not found:
            return
        self.parts.append("\n".join(["| | |", "|---|---|", *(f"| {_cell(head)} | {_cell(text)} |" for head, text, _ in found)]))
        for head, text, line in found:
            self._note(f"| {_cell(head)} |", HOUSE, "")
            self._note(f"| {_cell(text)} |", "brief", f"brief.md, line {line}")

    def raw(self, markdown: str, *, whose: str = "", source: str = "") -> None:
        """Markdown as somebody wrote it: a service (`whose`), or a person, whose words nobody else's page claims."""
        if not markdown.strip():
            return
        if whose:
            self._add(markdown.strip(), whose, source)
        else:
            self.parts.append(markdown.strip())

    def laid(self, title: str, *, calls: Iterable[int] = (), says: Iterable[str] = (), about: dict[str, str] | None = None) -> Laid:
        text = re.sub(r"\n{3,}", "\n\n", "\n\n".join(self.parts)) + "\n"
        text = re.sub(r"\n\n(?=\x01)", "\n", text).replace("\x01", "")
        return Laid(title=title, markdown=text, pieces=tuple(self.pieces), calls=tuple(dict.fromkeys(calls)), says=tuple(says), about=about or {})

    def _add(self, markdown: str, whose: str, source: str, *, close: bool = False) -> None:
        self.parts.append(("\x01" if close else "") + markdown)
        self._note(markdown, whose, source)

    def _note(self, markdown: str, whose: str, source: str) -> None:
        self.pieces += [Piece(text=one.text, whose=whose, source=source) for one in texts(markdown)]


def _escaped(text: str) -> str:
    """Words as Markdown that shows just them."""
    held = re.split(r"(https?://\S+)", " ".join(text.replace("\x01", "").split()))
    whole = "".join(part if place % 2 else _SPECIAL.sub(r"\\\1", part) for place, part in enumerate(held))
    return _LEADING.sub(r"\1\\\2", whole)


def _cell(text: str) -> str:
    return _escaped(text).replace("|", "\\|")
