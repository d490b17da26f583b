"""Finding shots: filters are asked of all of them, meaning and looks of those that are left, and the nearest are cut off at a number.

What comes out has no order of merit: a search says what matches, and shots are shown as they lie on disk.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from answerprint.library import facts, meaning
from answerprint.library.index import Index

__all__ = ["Filters", "Found", "find"]

Floats = NDArray[np.float32]

#: What means less of a question than this is not found: what a shot is about is told from the middle of all classes, and this is what lies on the side of
#: that middle that faces away. Of twelve clips 5.5 were found for each of 24 descriptions, of 84 photographs 38 for each of 49.
_FAR = 0.0
#: What each sign of nearness counts beside the cosine of the meaning: a fact that is met, all words spelt out, somebody where somebody is asked for.
#: Half as much for a fact and for somebody made no difference to what 73 descriptions found among the first three.
_FACT, _WORD, _ANYBODY = 0.25, 0.5, 0.2


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a shot has to be. None and empty: anything."""

    words: tuple[str, ...] = ()  #: of `facts.WORDS`: all of them
    rate: Fraction | None = None
    raster: tuple[int, int] | None = None  #: at least so wide and so high, as it is seen
    length_s: float = 0.0  #: at least, handles included
    longest_s: float | None = None
    handles_s: float = 0.0  #: so much more on either side of what is wanted
    kind: str = ""  #: "clip" or "still picture"


@dataclass(frozen=True, kw_only=True)
class Found:
    """Which shots match: numbers, and why each does."""

    rows: tuple[int, ...]
    nearness: tuple[float, ...]  #: for measuring; nobody is shown it
    facts: tuple[str, ...]  #: of the question, that are facts
    rest: str  #: of the question, for the meaning
    unknown: tuple[str, ...] = ()  #: words of it whose meaning is not known: they are looked for as they are spelt alone
    why: dict[int, tuple[str, ...]] = field(default_factory=dict)  #: words of the question that stand in a shot's own words


def find(index: Index, words: str = "", *, vectors: dict[str, Floats] | None = None, filters: Filters | None = None, clip: meaning.Clip | None = None, most: int = 200) -> Found:
    """Shots that match, the nearest first: at most `most`.

    Args:   vectors: what a picture looks like, by kind (`reading.picture_vectors`, `facts.palette_look`).
            clip: a CLIP model whose vectors the index holds.
    Empty:  no shot is left by the filters.
    """
    columns = index.columns()
    allowed = _allowed(columns, filters or Filters())
    taken = facts.asked(words)
    if firm := facts.FIRM.intersection(taken.facts):
        sure = np.uint64(facts.bits(firm))
        allowed &= (columns["bits"] & sure) == sure
    near = np.zeros(len(columns), np.float32)
    told = np.zeros(len(columns), bool)
    unknown = meaning.unknown(taken.rest)
    rest = " ".join(word for word in meaning.bare(taken.rest) if word not in unknown) if unknown else taken.rest
    for kind, vector in {**_meant(rest, clip), **(vectors or {})}.items():
        found = index.vectors[kind].near(vector, allowed)
        share = 1 / max(1, len(vectors or {})) if kind in (vectors or {}) else 1.0
        near[found.rows] += share * found.cosines
        told[found.rows[found.cosines > _FAR]] = True
    said = meaning.bare(taken.rest)
    spelt = index.with_words(said) if said else {}
    for row, count in spelt.items():
        if row < len(columns) and allowed[row]:
            near[row] += _WORD * count / len(said)
            told[row] = True
    if said or vectors:
        rows = np.flatnonzero(allowed & told)
        near[rows] += _met(columns[rows]["bits"], taken)
    elif taken.facts or taken.anybody:  # facts alone were asked: what has the most of them
        near += _met(columns["bits"], taken)
        rows = np.flatnonzero(allowed & (near >= max(float(near[allowed].max(initial=0.0)), 0.01) - 0.01))
    else:
        rows = np.flatnonzero(allowed)
    if rows.size > most:
        rows = rows[np.argpartition(-near[rows], most)[:most]]
    rows = rows[np.lexsort((rows, -near[rows]))]
    return Found(rows=tuple(int(row) for row in rows), nearness=tuple(float(near[row]) for row in rows), facts=taken.facts, rest=taken.rest, unknown=unknown)


def _met(bits: NDArray[np.uint64], taken: facts.Asked) -> Floats:
    """What the facts of a question count for some shots."""
    near = _FACT * np.bitwise_count(bits & np.uint64(facts.bits(taken.facts))).astype(np.float32)
    if taken.anybody:
        near += _ANYBODY * ((bits & np.uint64(facts.bits(("one face", "several faces")))) != 0)
    return np.asarray(near, np.float32)


def _meant(rest: str, clip: meaning.Clip | None) -> dict[str, Floats]:
    if not rest:
        return {}
    found: dict[str, Floats] = {}
    if meaning.installed():
        found["words"] = meaning.embedded([rest])[0]
    if clip is not None:
        found["clip"] = clip.words(rest)
    return found


def _allowed(columns: NDArray[np.void], filters: Filters) -> NDArray[np.bool_]:
    allowed: NDArray[np.bool_] = columns["file"] > 0
    words = (*filters.words, *((filters.kind,) if filters.kind else ()))
    if words:
        wanted = np.uint64(facts.bits(words))
        allowed &= (columns["bits"] & wanted) == wanted
    if filters.rate is not None:
        allowed &= np.abs(columns["rate"] - np.float32(filters.rate)) < 0.005
    if filters.raster is not None:
        allowed &= (columns["width"] >= filters.raster[0]) & (columns["height"] >= filters.raster[1])
    least = filters.length_s + 2 * filters.handles_s
    if least > 0:
        allowed &= columns["length"] >= np.float32(least) - 1e-3
    if filters.longest_s is not None:
        allowed &= columns["length"] <= np.float32(filters.longest_s)
    return allowed
