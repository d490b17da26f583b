"""How wide letters are: typewriter columns, and the printed widths of the standard PDF faces (Adobe Core 14 AFM)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from answerprint.script.lining_sheet.records import Face

__all__ = ["cells", "clean", "folded", "length", "width", "wrapped"]

_HELVETICA = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
_BOLD = (
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611,
    975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556,
    333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
)  # fmt: skip
_TIMES = (
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444,
    921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500,
    333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
)  # fmt: skip
_ITALIC = (
    250, 333, 420, 500, 500, 833, 778, 214, 333, 333, 500, 675, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 333, 333, 675, 675, 675, 500,
    920, 611, 611, 667, 722, 611, 611, 722, 722, 333, 444, 667, 556, 833, 667, 722, 611, 722, 611, 500, 556, 722, 611, 833, 611, 556, 556, 389, 278, 389, 422, 500,
    333, 500, 500, 444, 500, 444, 278, 500, 500, 278, 278, 444, 278, 722, 500, 500, 500, 500, 389, 389, 278, 500, 444, 667, 444, 444, 389, 400, 275, 400, 541,
)  # fmt: skip
_WIDTHS: dict[Face, tuple[int, ...]] = {"sans": _HELVETICA, "hand": _HELVETICA, "bold": _BOLD, "serif": _TIMES, "italic": _ITALIC}
_OTHERS = {"’": 222, "‘": 222, "“": 333, "”": 333, "–": 556, "—": 1000, "…": 1000, "·": 278, "×": 584, "°": 400}
_UNSEEN = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF}


def clean(text: str) -> str:
    """The text with a visible mark for every letter that steers rather than shows: controls, turns of direction, halves of letters.

    Returns: as many letters as `text` has, so that positions stay; line breaks stay, tabs become spaces.
    """
    return "".join(_seen(char) for char in text)


def _seen(char: str) -> str:
    if char == "\n":
        return char
    if char in "\t\u00a0":
        return " "
    return "\ufffd" if unicodedata.category(char) in ("Cc", "Cs", "Cn") or ord(char) in _UNSEEN else char


def cells(text: str) -> int:
    """Typewriter columns: none for an accent that stands on the letter before it, two for a wide East Asian letter."""
    return sum(_cell(char) for char in text)


def _cell(char: str) -> int:
    if char.isascii():
        return 1
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def width(text: str, face: Face, size: float) -> float:
    """Printed width in points. A letter outside the table counts as wide as its unaccented one, else as an em or a half."""
    table = _WIDTHS.get(face)
    if table is None:
        return cells(text) * size * 0.6
    return sum(_thousandths(char, table) for char in text) * size / 1000


def _thousandths(char: str, table: tuple[int, ...]) -> int:
    if " " <= char <= "~":
        return table[ord(char) - 32]
    if char in _OTHERS:
        return _OTHERS[char]
    plain = unicodedata.normalize("NFKD", char)[0]
    return table[ord(plain) - 32] if " " <= plain <= "~" else 500 * _cell(char) + (140 if _cell(char) == 1 else 0)


def wrapped(text: str, columns: int) -> Iterator[tuple[int, int]]:
    """[start, end) of each typed line of at most `columns` cells; line breaks count, the space at a break is left out."""
    at = 0
    for part in text.split("\n"):
        start, end = at, at + len(part)
        at = end + 1
        while cells(text[start:end]) > columns:
            used, stop, space = 0, start, -1
            while stop < end and used + _cell(text[stop]) <= columns:
                used += _cell(text[stop])
                stop += 1
                if text[stop - 1] in " -" and stop - 1 > start:
                    space = stop
            if stop < end and text[stop] == " ":
                space = stop
            stop = space if space > start else max(stop, start + 1)
            yield start, start + len(text[start:stop].rstrip())
            start = stop
            while start < end and text[start] == " ":
                start += 1
        yield start, end


def folded(text: str, face: Face, size: float, room: float) -> tuple[str, ...]:
    """The text in lines of at most `room` points; a word that is longer by itself is broken."""
    lines: list[str] = []
    line = ""
    for word in clean(text).split():
        if line and width(f"{line} {word}", face, size) > room:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
        while width(line, face, size) > room and len(line) > 1:
            cut = next(n for n in range(len(line) - 1, 0, -1) if n == 1 or width(line[:n], face, size) <= room)
            lines.append(line[:cut])
            line = line[cut:]
    return (*lines, line) if line else tuple(lines)


def length(seconds: float) -> str:
    """Minutes and whole seconds, as on a supervisor's page: "0:12"."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
