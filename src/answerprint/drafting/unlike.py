"""How unlike two drafts are: by their words here, by their meaning where something that embeds text is given."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from answerprint.passages import words

__all__ = ["BY_MEANING", "BY_WORDS", "Distance", "Embedder", "Measure", "by_meaning", "by_words", "meaning", "nearest"]

Embedder = Callable[[Sequence[str]], Sequence[Sequence[float]]]  #: texts -> a vector each, of any length but zero


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A distance from 0 (the same) to 1 (nothing in common), and under which two are near-duplicates."""

    name: str
    floor: float
    between: Callable[[str, str], float]


@dataclass(frozen=True, kw_only=True)
class Distance:
    """How far one draft is from the nearest other."""

    value: float
    other: str  #: which one that is; "" where there is no other


_STEM = 6  #: letters: "drives", "driver" and "driving" differ behind them; a cut of its own is enough where texts of a page are compared
_SHORT = 4  #: letters: shorter words are mostly grammar


def _stems(text: str, without: Collection[str]) -> set[str]:
    return {one[:_STEM] for one in words(text) if len(one) >= _SHORT or not one.isascii()} - set(without)


def by_words(floor: float, *, without: str = "") -> Measure:
    """One minus the share of words that two texts have in common (Jaccard 1901), without short words and without those of `without`, the brief: all speak of the same product.

    It hears the same words, and not the same idea in others.
    """
    leave = _stems(without, ())

    def between(one: str, other: str) -> float:
        a, b = _stems(one, leave), _stems(other, leave)
        return 1 - len(a & b) / len(a | b) if a | b else 0.0

    return Measure(name="words", floor=floor, between=between)


def by_meaning(embed: Embedder, floor: float, *, name: str = "meaning") -> Measure:
    """One minus the cosine of two texts' vectors, not under 0."""
    known: dict[str, Sequence[float]] = {}

    def vector(text: str) -> Sequence[float]:
        if text not in known:
            known[text] = embed([text])[0]
        return known[text]

    def between(one: str, other: str) -> float:
        a, b = vector(one), vector(other)
        size = (sum(x * x for x in a) * sum(y * y for y in b)) ** 0.5
        return min(1.0, max(0.0, 1 - sum(x * y for x, y in zip(a, b, strict=True)) / size)) if size else 0.0

    return Measure(name=name, floor=floor, between=between)


def meaning() -> Measure:
    """By what words mean, with the vectors of the extra "search" (a middle over the words of a text, in whatever order they stand). It separates badly: see BY_MEANING.

    Raises: LibraryError: the extra is not installed.
    """
    from answerprint.library.meaning import embedded

    embedded(("is it here",))
    return by_meaning(lambda texts: [[float(number) for number in row] for row in embedded(texts)], BY_MEANING)


def nearest(text: str, others: dict[str, str], measure: Measure) -> Distance:
    """The nearest of others, by name; 1 where there is none."""
    found = [(measure.between(text, other), name) for name, other in others.items()]
    value, name = min(found, default=(1.0, ""))
    return Distance(value=value, other=name)


#: The floor of `by_words`: of 200 frames, those that share none of four parts are 0.80 to 0.98 apart, those that share one 0.63 to 0.89, two 0.46 to 0.74 (bench/drafts.py).
BY_WORDS = 0.75
#: The floor of `meaning`, and why nothing uses it unasked: of 48 pairs in which one idea is told in other words 7 are nearer than this, and so are 3 of 540 pairs of different ideas. A floor
#: that caught half of the retellings would throw back 5 to 18 in 100 of the different ideas. By words none of the 48 is nearer than 0.75 (bench/drafts.py).
BY_MEANING = 0.68
