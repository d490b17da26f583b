"""Which way each letter of a paragraph runs: the Unicode bidirectional algorithm (UAX #9, revision 50) over one paragraph.

Marks that open an embedding, an override or an isolate are read as nothing: people who write a treatment do not type them, and what is pasted with
them reads the same without in nearly every line. The marks that only take a side (U+200E, U+200F, U+061C) count.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

__all__ = ["levels", "mirrored", "of_line", "runs", "to_the_left"]

_REMOVED = frozenset(("BN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))  #: X9, and the isolates
_NEUTRAL = frozenset(("B", "S", "WS", "ON"))
_PAIRS = dict(zip("([{«‹〈《「『【〔〖〘〚（［｛｢⟨⟪༺༼᚛⁅⁽₍", ")]}»›〉》」』】〕〗〙〛）］｝｣⟩⟫༻༽᚜⁆⁾₎", strict=True))
_BRACKETS = {one: other for one, other in _PAIRS.items() if one not in "«‹"}  #: N0 counts brackets, not quotation marks
_MIRROR = {**_PAIRS, **{other: one for one, other in _PAIRS.items()}, "<": ">", ">": "<", "≤": "≥", "≥": "≤"}


def to_the_left(text: str) -> bool:
    """Whether a paragraph runs from right to left: its first letter that takes a side decides (P2, P3)."""
    return next((kind != "L" for one in text if (kind := unicodedata.bidirectional(one)) in ("L", "R", "AL")), False)


def levels(text: str, *, leftward: bool) -> bytes:
    """The level of each letter of a paragraph: odd ones run to the left. Empty for no text."""
    base = 1 if leftward else 0
    kinds = [unicodedata.bidirectional(one) or "L" for one in text]
    at = [n for n, kind in enumerate(kinds) if kind not in _REMOVED]
    kinds_of = [kinds[n] for n in at]
    marks = [kind == "NSM" for kind in kinds_of]
    _weak(kinds_of, "R" if leftward else "L")
    _bracketed([text[n] for n in at], kinds_of, marks, leftward)
    _neutral(kinds_of, leftward)
    out = bytearray([base] * len(text))
    for n, kind in zip(at, kinds_of):
        out[n] = base + (1 if (kind == "L") == leftward else 0) if kind in ("L", "R") else 2  # I1, I2
    for n in range(len(text)):  # what is removed goes with what stands before it
        if kinds[n] in _REMOVED and n:
            out[n] = out[n - 1]
        elif kinds[n] in ("S", "B"):
            out[n] = base
    return bytes(out)


def of_line(text: str, found: bytes, *, leftward: bool) -> bytes:
    """The levels of one line of a paragraph: spaces at its end stand at the paragraph's own end (L1)."""
    ended = len(text)
    while ended and (text[ended - 1].isspace() or unicodedata.bidirectional(text[ended - 1]) in _REMOVED):
        ended -= 1
    return found[:ended] + bytes([1 if leftward else 0]) * (len(text) - ended)


def runs(found: bytes) -> list[tuple[int, int, int]]:
    """From left to right: where each run of one level begins and ends in the text, and the level (L2)."""
    out: list[tuple[int, int, int]] = []
    for n, level in enumerate(found):
        if out and out[-1][2] == level:
            out[-1] = (out[-1][0], n + 1, level)
        else:
            out.append((n, n + 1, level))
    for level in range(max(found, default=0), 0, -1):
        n = 0
        while n < len(out):
            end = n
            while end < len(out) and out[end][2] >= level:
                end += 1
            out[n:end] = out[n:end][::-1]
            n = max(end, n + 1)
    return out


def mirrored(text: str) -> str:
    """A run to the left as it is drawn letter by letter from the left, its brackets turned."""
    return "".join(_MIRROR.get(one, one) for one in reversed(text))


def _weak(kinds: list[str], side: str) -> None:
    """W1 to W7, in place."""
    before = side
    for n, kind in enumerate(kinds):  # W1
        if kind == "NSM":
            kinds[n] = before
        before = kinds[n]
    strong = side
    for n, kind in enumerate(kinds):  # W2, W3
        if kind in ("L", "R", "AL"):
            strong = kind
        elif kind == "EN" and strong == "AL":
            kinds[n] = "AN"
        if kind == "AL":
            kinds[n] = "R"
    for n in range(1, len(kinds) - 1):  # W4
        if kinds[n - 1] == kinds[n + 1] and ((kinds[n] == "CS" and kinds[n - 1] in ("EN", "AN")) or (kinds[n] == "ES" and kinds[n - 1] == "EN")):
            kinds[n] = kinds[n - 1]
    n = 0
    while n < len(kinds):  # W5
        end = n
        while end < len(kinds) and kinds[end] == "ET":
            end += 1
        if end > n and ((n and kinds[n - 1] == "EN") or (end < len(kinds) and kinds[end] == "EN")):
            kinds[n:end] = ["EN"] * (end - n)
        n = max(end, n + 1)
    strong = side
    for n, kind in enumerate(kinds):  # W6, W7
        if kind in ("ES", "ET", "CS"):
            kinds[n] = "ON"
        elif kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[n] = "L"


def _side(kind: str) -> str:
    return "R" if kind in ("R", "EN", "AN") else kind


def _pairs(letters: Sequence[str], kinds: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Brackets that belong together, in the order they are opened (BD16)."""
    opened: list[tuple[str, int]] = []
    found = []
    for n, one in enumerate(letters):
        if kinds[n] != "ON":
            continue
        if one in _BRACKETS:
            if len(opened) == 63:
                return
            opened.append((_BRACKETS[one], n))
        else:
            for depth in range(len(opened) - 1, -1, -1):
                if opened[depth][0] == one:
                    found.append((opened[depth][1], n))
                    del opened[depth:]
                    break
    yield from sorted(found)


def _bracketed(letters: Sequence[str], kinds: list[str], marks: Sequence[bool], leftward: bool) -> None:
    """N0: a pair of brackets takes the side of what stands in it, and a mark that sits on a bracket goes with it."""
    base, other = ("R", "L") if leftward else ("L", "R")
    for first, last in _pairs(letters, kinds):
        inside = {_side(kind) for kind in kinds[first + 1 : last]}
        if base in inside:
            side = base
        elif other in inside:
            before = next((_side(kind) for kind in reversed(kinds[:first]) if _side(kind) in ("L", "R")), base)
            side = other if before == other else base
        else:
            continue
        for n in (first, last):
            kinds[n] = side
            while n + 1 < len(kinds) and marks[n + 1]:
                n += 1
                kinds[n] = side


def _neutral(kinds: list[str], leftward: bool) -> None:
    """N1, N2: what takes no side takes its neighbours', or the paragraph's."""
    base = "R" if leftward else "L"
    n = 0
    while n < len(kinds):
        end = n
        while end < len(kinds) and kinds[end] in _NEUTRAL:
            end += 1
        if end > n:
            before = _side(kinds[n - 1]) if n else base
            after = _side(kinds[end]) if end < len(kinds) else base
            kinds[n:end] = [before if before == after else base] * (end - n)
        n = max(end, n + 1)
