"""Where a line may end in words of any script: at spaces; between the letters of Chinese and Japanese, but for those that may not begin or end a line; between the words of Thai.

Rules of what may not begin or end a line: JIS X 4051 and GB/T 15834, as the W3C's Requirements for Japanese and for Chinese Text Layout have them.
Korean words are kept whole. Thai has no spaces between words: they are told apart by BudouX where it is installed.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from answerprint.presenting import bidi

__all__ = ["Line", "broken", "rejoined"]

_SPACES = re.compile(r"[ \t\n\r\v\f]+")
_NOT_FIRST = frozenset("、。，．・：；？！‼⁇⁈⁉ー―～〜゠–…‥々〻ゝゞヽヾ゛゜％‰℃°′″」』）】〕〉》］｝〗〙〛｠’”»,.:;!?)]}%\"'ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ")
_NOT_LAST = frozenset("「『（【〔〈《［｛〖〘〚｟‘“«([{\"'￥＄￡¥$£€№＃#")
_LONG = 120  #: letters: what is longer and has no place to break is no word, and is broken anywhere
_KEPT = frozenset("…‥—―")  #: two of them are one sign


class Line(str):
    """A line as it breaks: its words, and what only their paragraph knows."""

    __slots__ = ("leftward", "levels", "spaced")

    levels: bytes  #: of each letter, by the whole paragraph
    leftward: bool  #: whether the paragraph runs from right to left
    spaced: bool  #: whether a space stood between it and the line before

    @classmethod
    def of(cls, text: str, levels: bytes, *, leftward: bool, spaced: bool = True) -> Line:
        made = cls(text)
        made.levels, made.leftward, made.spaced = bidi.of_line(text, levels, leftward=leftward), leftward, spaced
        return made


def rejoined(lines: Iterable[str]) -> str:
    """The paragraph that these lines are of."""
    out = ""
    for n, line in enumerate(lines):
        out += (" " if n and getattr(line, "spaced", True) else "") + line
    return out


def broken(measure: Callable[[Line], float], text: str, width: float, *, leftward: bool | None = None) -> tuple[Line, ...]:
    """A paragraph in lines no wider than this. What cannot be parted and is wider than a line is broken where the line ends.

    Args:   measure: how wide a line is as it is drawn.
    """
    text = _SPACES.sub(" ", text).strip(" ")
    if not text:
        return ()
    left = bidi.to_the_left(text) if leftward is None else leftward
    found = bidi.levels(text, leftward=left)

    def line(first: int, last: int) -> Line:
        while last > first + 1 and text[last - 1] == " ":
            last -= 1
        return Line.of(text[first:last], found[first:last], leftward=left, spaced=first > 0 and text[first - 1] == " ")

    out: list[Line] = []
    ends = list(_ends(text))
    first, n = 0, 0
    while first < len(text):
        last, wide = first, 0.0
        while n < len(ends):  # units one by one, as wide as each is by itself
            wide += measure(line(last, ends[n])) if last > first else 0.0
            if last > first and wide > width * 1.02:
                break
            last = ends[n]
            wide = measure(line(first, last)) if last - first < 4 or wide == 0.0 else wide
            n += 1
        while last > first and n and measure(line(first, last)) > width:  # then as they are drawn together
            n -= 1
            last = ends[n - 1] if n and ends[n - 1] > first else first
        if last == first:
            last = _cut(text, first, ends[n], lambda end: measure(line(first, end)) <= width)  # noqa: B023
            n += last == ends[n]
        out.append(line(first, last))
        while last < len(text) and text[last] == " ":
            last += 1
        first = last
        while n < len(ends) and ends[n] <= first:
            n += 1
    return tuple(out)


def _cut(text: str, first: int, last: int, fits: Callable[[int], bool]) -> int:
    """How much of what cannot be parted stands on one line: at least one letter with its marks."""
    places = [n for n in range(first + 1, last) if not _joined(text[n - 1], text[n])] + [last]
    low, high = 0, len(places) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if fits(places[middle]):
            low = middle
        else:
            high = middle - 1
    return places[low]


def _joined(one: str, other: str) -> bool:
    return unicodedata.category(other)[0] == "M" or other in "\u200c\u200d" or one in "\u200d" or (one in "เแโใไ" or other in "ะาำๆฯ")


def _ends(text: str) -> Iterator[int]:
    """Where lines may end, the end of the text among them; a space belongs to what stands before it."""
    words = {at for start, word in _thai(text) for at in _within(start, word)}
    before = 0
    for n in range(1, len(text) + 1):
        if n == len(text) or (text[n - 1] == " " and text[n] != " ") or n in words or _between(text[n - 1], text[n]):
            if n - before > _LONG:
                yield from (at for at in range(before + 1, n) if not _joined(text[at - 1], text[at]))
            yield n
            before = n


def _between(one: str, other: str) -> bool:
    """Whether a line may end between two letters of which one at least is Chinese or Japanese."""
    if not (_ideographic(one) or _ideographic(other)) or other == " ":
        return False
    if other in _NOT_FIRST or one in _NOT_LAST or unicodedata.category(other)[0] == "M" or unicodedata.category(other) in ("Pe", "Pf", "Cf") or unicodedata.category(one) in ("Ps", "Pi"):
        return False
    return not (one == other and one in _KEPT)


def _ideographic(one: str) -> bool:
    at = ord(one)
    return 0x2E80 <= at <= 0x312F or 0x3190 <= at <= 0xA4CF or 0xF900 <= at <= 0xFAFF or 0xFE30 <= at <= 0xFE4F or 0xFF01 <= at <= 0xFF9F or 0xFFE0 <= at <= 0xFFE6 or 0x20000 <= at <= 0x3FFFF


def _thai(text: str) -> Iterator[tuple[int, str]]:
    for one in re.finditer(r"[\u0e00-\u0e7f]{2,}", text):
        yield one.start(), one.group()


@functools.lru_cache(maxsize=512)
def _parted(word: str) -> tuple[str, ...]:
    parser = _parser()
    return tuple(parser.parse(word)) if parser is not None else (word,)


def _within(start: int, word: str) -> Iterator[int]:
    at = start
    for one in _parted(word)[:-1]:
        at += len(one)
        if not _joined(word[at - start - 1], word[at - start]):
            yield at


@functools.lru_cache(maxsize=1)
def _parser() -> Any:
    try:
        import budoux
    except ImportError:
        return None
    return budoux.load_default_thai_parser()
