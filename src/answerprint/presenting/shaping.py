"""Lines with letters beyond the house's faces, as they are drawn: which face has each letter, which way each run goes, which shapes stand where.

Shapes and their places are HarfBuzz's, from the whole font; the same measure breaks the lines, draws the PDF and draws the preview.
"""

from __future__ import annotations

import functools
import itertools
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from answerprint.presenting import bidi, letters
from answerprint.presenting.breaking import Line
from answerprint.presenting.letters import Other
from answerprint.presenting.records import DeckError

__all__ = ["Cluster", "Drawn", "Said", "Shaper", "font", "shaper"]

_KEPT = 2_000  #: lines whose shapes are held: the measure asks for a line again while it is broken, and it is drawn by page

_FAR = 8000  #: thousandths of an em: marks that somebody has heaped higher than that on a letter are off the page, and beyond what a font can hold


@dataclass(frozen=True, kw_only=True, slots=True)
class Cluster:
    """The shapes of some letters that are drawn together. In thousandths of an em, from the run's left end."""

    letters: str
    x: float
    advance: float
    shapes: tuple[tuple[int, int, int], ...]  #: number in the font, to the right of x, over the line; whole thousandths


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """A run in another face than the house's."""

    other: Other
    text: str
    clusters: tuple[Cluster, ...]
    x: float
    width: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A run in the house's own face, as it is drawn from the left."""

    text: str
    x: float
    width: float


class Shaper:
    """The faces beyond the house's for the letters of one deck.

    Args: known: what the house's faces have.  named: fonts that somebody names.  lying: fonts of which one that cannot be used is left aside.
          measure: how wide words are in a house's face, in thousandths of an em.
    """

    def __init__(self, text: str, known: frozenset[int], named: Sequence[Path], lying: Sequence[Path], measure: Callable[[str, str], float]) -> None:
        self.beyond = frozenset(one for one in text if _drawn(one, known))
        self.eastern = letters.language("".join(sorted(text)))
        self._known, self._measure = known, measure
        usable, self.says = letters.usable(lying)
        self.brought = (*named, *usable)
        self._brought = {strong: letters.brought(self.brought, strong=strong) for strong in (False, True)}
        self._found: dict[tuple[str, bool, bool], Other | None] = {}
        self._set: dict[tuple[str, str, bytes], tuple[Said | Drawn, ...]] = {}

    @property
    def lacking(self) -> tuple[str, ...]:
        """Letters that no face has."""
        return tuple(sorted(one for one in self.beyond if self.face(one, "serif") is None))

    def face(self, letter: str, face: str) -> Other | None:
        """The face that has a letter, of the kind that the house's face is of."""
        serif, strong = face in ("serif", "italic"), face == "strong"
        key = letter, serif, strong
        if key not in self._found:
            name = letters.house_of(letters.script(letter), self.eastern)
            self._found[key] = next((one for one in (*self._brought[strong], *_installed(name, serif, strong), *_any(name, serif, strong)) if one.has(letter)), None)
        return self._found[key]

    def line(self, face: str, line: Line) -> tuple[Said | Drawn, ...]:
        """A line's runs, from left to right."""
        key = face, str(line), line.levels
        if key not in self._set:
            if len(self._set) >= _KEPT:
                self._set.clear()
            self._set[key] = tuple(self._runs(face, line))
        return self._set[key]

    def _runs(self, face: str, line: Line) -> Iterable[Said | Drawn]:
        at, speaks = 0.0, letters.language_of(line, self.eastern)
        chosen = self._chosen(face, line)
        for first, last, level in bidi.runs(line.levels):
            parts: list[tuple[int, int]] = []
            for n in range(first, last):
                if parts and chosen[n] == chosen[parts[-1][0]]:
                    parts[-1] = (parts[-1][0], n + 1)
                else:
                    parts.append((n, n + 1))
            for start, end in reversed(parts) if level % 2 else parts:
                made = self._run(face, chosen[start][0], line[start:end], at, bool(level % 2), speaks)
                at += made.width
                yield made

    def _run(self, face: str, other: Other | None, text: str, at: float, leftward: bool, speaks: str) -> Said | Drawn:
        if other is None:
            text = "".join(one for one in text if unicodedata.category(one) != "Cf")
            return Said(text=bidi.mirrored(text) if leftward else text, x=at, width=self._measure(face, text))
        return _shaped(other, text, at, leftward, speaks)

    def _chosen(self, face: str, line: Line) -> list[tuple[Other | None, str]]:
        """The face of each letter, None for the house's, and its script. What all scripts share goes with its neighbour."""
        out: list[tuple[Other | None, str] | None] = [None] * len(line)
        for n, one in enumerate(line):
            if unicodedata.category(one)[0] == "M" and n and out[n - 1] is not None and out[n - 1][0] is not None and out[n - 1][0].has(one):  # type: ignore[index, union-attr]
                out[n] = out[n - 1]
            elif name := letters.script(one):
                out[n] = (None if ord(one) in self._known else self.face(one, face)), name
            elif one in self.beyond:
                out[n] = self.face(one, face), "" if unicodedata.category(one)[0] == "N" else "common"
            elif one.isdigit():
                out[n] = None, "latin"
        strong = [n for n, one in enumerate(out) if one is not None and one[1] != "common"]
        for n, one in enumerate(line):
            if out[n] is None or out[n][1] == "common":  # type: ignore[index]
                there = out[n]
                out[n] = self._beside(one, n, line, [k for k in strong if line.levels[k] % 2 == 1] if line.levels[n] % 2 else strong, out)
                if there is not None and out[n][0] is None:  # type: ignore[index]
                    out[n] = there
        return out  # type: ignore[return-value]

    def _beside(self, one: str, n: int, line: Line, strong: Sequence[int], out: Sequence[tuple[Other | None, str] | None]) -> tuple[Other | None, str]:
        before = next((k for k in reversed(strong) if k < n), None)
        after = next((k for k in strong if k > n), None)
        order = (after, before) if unicodedata.category(one) in ("Ps", "Pi") else (before, after)
        if one in "“”‘’…—·":  # beside Chinese or Japanese they are as wide as a letter there
            order = tuple(sorted(order, key=lambda k: k is None or out[k] is None or out[k][1] not in ("han", "kana")))  # type: ignore[index, assignment]
        for k in order:
            if k is not None and (near := out[k]) is not None:
                if near[0] is None or near[0].has(one) or unicodedata.category(one) == "Cf":
                    return near
                break
        return None, "latin"


def shaper(text: str, known: frozenset[int], named: Sequence[Path], lying: Sequence[Path], measure: Callable[[str, str], float]) -> Shaper | None:
    """What sets the letters that the house's faces lack; None where there is none of them, or nothing to set them with.

    Raises: DeckError: a face is named, and nothing can set it.
    """
    if not any(_drawn(one, known) for one in text):
        return None
    try:
        import uharfbuzz  # noqa: F401
    except ImportError as cause:
        if named:
            raise DeckError(f"{named[0].name}: letters of other scripts are set by uharfbuzz, which is not installed. Say: pip install 'answerprint[letters]'.") from cause
        return None
    return Shaper(text, known, named, lying, measure)


def _drawn(letter: str, known: frozenset[int]) -> bool:
    """Whether a letter is beyond the house's faces, and is one that is seen."""
    return ord(letter) not in known and letter.isprintable() and not letter.isspace() and not 0xFE00 <= ord(letter) <= 0xFE0F


def font(other: Other) -> Any:
    """A face at its weight, as HarfBuzz sets it."""
    return _font(other)


@functools.lru_cache(maxsize=64)
def _font(other: Other) -> Any:
    import uharfbuzz

    made = uharfbuzz.Font(letters.face_of(other.path, other.index, other.written))
    if other.weight is not None:
        made.set_variations({"wght": other.weight})
    return made


@functools.lru_cache(maxsize=64)
def _installed(name: str, serif: bool, strong: bool) -> tuple[Other, ...]:
    return letters.others(name, serif=serif, strong=strong)


def _any(name: str, serif: bool, strong: bool) -> tuple[Other, ...]:
    """A letter that its own script's face lacks, or whose face is not installed, in another's: Chinese and Japanese have many in common, a stop is in many."""
    return tuple(one for other in letters.NAMES if other != name for one in _installed(other, serif, strong))


def _shaped(other: Other, text: str, at: float, leftward: bool, speaks: str) -> Drawn:
    import uharfbuzz

    made = _font(other)
    scale = 1000 / made.face.upem
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.direction = "rtl" if leftward else "ltr"
    buffer.guess_segment_properties()
    if speaks:
        buffer.language = speaks
    buffer.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_CHARACTERS  # a mark is a letter of its own: what is copied out keeps them in order
    uharfbuzz.shape(made, buffer)
    glyphs = list(zip(buffer.glyph_infos or [], buffer.glyph_positions or []))
    starts = sorted({info.cluster for info, _ in glyphs})
    ends = dict(zip(starts, [*starts[1:], len(text)]))
    clusters, x = [], 0.0
    for start, group in itertools.groupby(glyphs, key=lambda one: one[0].cluster):
        shapes, wide = [], 0.0
        for info, place in group:
            if abs(place.y_offset * scale) < _FAR and abs(place.x_offset * scale) < _FAR:
                shapes.append((int(info.codepoint), round(wide + place.x_offset * scale), round(place.y_offset * scale)))
            wide += place.x_advance * scale
        clusters.append(Cluster(letters=text[start : ends[start]], x=x, advance=wide, shapes=tuple(shapes)))
        x += wide
    return Drawn(other=other, text=text, clusters=tuple(clusters), x=at, width=x)
