"""Near the default, or far from it: defined from what lies there, and from nothing else.

Of a group of things that nobody chose for this film, each has a nearest fellow. How far it usually is to that one - the median over the
group, and never less than can be told apart - is the yardstick. A film stands near where it is no further than that from one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from answerprint.delivery.easy.records import Distance, Group, Standing

__all__ = ["stands"]

T = TypeVar("T")
_GROUPS = {"untouched": "what nobody chose", "category": "the category's films", "reel": "your own reel"}


def stands(film: T, group: Group, others: Sequence[tuple[str, T]], apart: Callable[[T, T], float], *, noticed: float, unit: Callable[[float], str]) -> Standing | None:
    """Where a film stands beside the things of a group; None where there are none.

    Args: others: each with its name.  apart: how far two of them stand apart, 0 and up.  noticed: what can just be told apart.
          unit: says a distance in words.
    """
    if not others:
        return None
    distances = tuple(Distance(name=name, value=apart(film, one)) for name, one in others)
    nearest = min(distances, key=lambda one: one.value)
    usual = None
    if len(others) > 1:
        fellows = [min(apart(one, other) for number, (_, other) in enumerate(others) if number != place) for place, (_, one) in enumerate(others)]
        usual = max(noticed, float(np.median(fellows)))
    near: bool | None
    if usual is not None:
        near = nearest.value <= usual
    else:
        near = True if nearest.value <= noticed else None
    return Standing(group=group, distances=distances, usual=usual, near=near, nearest=nearest.name, says=_says(group, nearest, usual, noticed, len(others), unit))


def _says(group: Group, nearest: Distance, usual: float | None, noticed: float, count: int, unit: Callable[[float], str]) -> str:
    far = unit(nearest.value)
    if usual is None:
        if nearest.value <= noticed:
            return f"From {nearest.name} it cannot be told apart: {far}."
        return f"From {nearest.name} it is {far}. That is the only one of {_GROUPS[group]}, so there is no yardstick for near or far."
    if nearest.value <= noticed:
        return f"It cannot be told apart from {nearest.name}, {far}, which is the nearest of {_GROUPS[group]}; {_among(count, unit(usual))}."
    return f"Nearest of {_GROUPS[group]}: {nearest.name}, {far}, where {_among(count, unit(usual))}."


def _among(count: int, usual: str) -> str:
    return f"these two are {usual} from each other" if count == 2 else f"these {count} usually are {usual} from their own nearest"
