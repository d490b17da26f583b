"""Fountain's marks of emphasis: *italic*, **bold**, ***both***, _underline_, and a backslash before a mark that is meant as such."""

from __future__ import annotations

import re

from answerprint.script.records import Style, StyleKind

__all__ = ["plain"]

_TOKEN = re.compile(r"\\([*_\\])|(\*+|_+)")
_KINDS: dict[str, tuple[StyleKind, ...]] = {"*": ("italic",), "**": ("bold",), "***": ("bold", "italic"), "_": ("underline",)}


def plain(text: str) -> tuple[str, tuple[Style, ...]]:
    """The text as it is read aloud, and where it is set otherwise. Emphasis ends with its line; a lone mark stays in the text."""
    out: list[str] = []
    styles: list[Style] = []
    length = 0
    for n, line in enumerate(text.split("\n")):
        words, found = _line(line)
        length += 1 if n else 0
        styles += [Style(start=length + start, end=length + end, kind=kind) for start, end, kind in found]
        out.append(words)
        length += len(words)
    return "\n".join(out), tuple(sorted(styles, key=lambda style: (style.start, style.end, style.kind)))


def _line(line: str) -> tuple[str, list[tuple[int, int, StyleKind]]]:
    """One pass: a mark that can close the nearest open one of its kind does; what was opened in between stays as text."""
    pieces: list[str] = []  # alternately text and marks; a mark that counts becomes ""
    opened: list[tuple[str, int]] = []  # mark, index in pieces
    waiting: dict[str, int] = dict.fromkeys(_KINDS, 0)
    pairs: list[tuple[str, int, int]] = []
    at = 0
    for token in _TOKEN.finditer(line):
        pieces.append(line[at : token.start()])
        at = token.end()
        if token[1]:
            pieces.append(token[1])
            continue
        mark = token[2]
        before, after = line[token.start() - 1 : token.start()], line[token.end() : token.end() + 1]
        opens, closes = bool(after.strip()), bool(before.strip())
        if mark == "_":  # inside a word or an address it is only a letter
            opens, closes = opens and not before.isalnum(), closes and not after.isalnum()
        pieces.append(mark)
        if closes and waiting.get(mark):
            while True:
                other, start = opened.pop()
                waiting[other] -= 1
                if other == mark:
                    break
            pairs.append((mark, start, len(pieces) - 1))
        elif opens and mark in _KINDS:
            opened.append((mark, len(pieces) - 1))
            waiting[mark] += 1
    pieces.append(line[at:])
    for _, start, end in pairs:
        pieces[start] = pieces[end] = ""
    offsets, total = [], 0
    for piece in pieces:
        offsets.append(total)
        total += len(piece)
    found = [(offsets[start], offsets[end], kind) for mark, start, end in pairs for kind in _KINDS[mark] if offsets[start] < offsets[end]]
    return "".join(pieces), found
