"""Shooting order: slates of one day run on. The next take of a set-up is one more, a new set-up begins at take 1.

A slate that was not heard clearly is settled by what stands before and after it, together with how well each name fits its sound. A clear
reading is never changed: where the order expects another, a sentence says so. Pure: names and their evidence in, places out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Name", "Placed", "Slated", "expected", "odd", "placed", "said"]

#: scene or slate as it is shown, and take
Name = tuple[str, int]

#: How one slate follows another, as probabilities, from how days are shot and not from a count: most clips are the next take; a take that
#: nobody kept is one in fifty; a set-up begins at take 1, and mostly the next letter or number; else all is open
_NEXT, _SAME, _SKIPPED, _BACK = 0.72, 0.03, 0.02, 0.002
_NEW, _NEW_AT_ANOTHER_TAKE = 0.2, 0.02
_FOLLOWING, _SCENES = 0.6, 300.0  # of new set-ups that are the next in the row; how many names another may have
_UNSLATED = 0.25  # a clip between that nobody slated may have been a take
_TOLD = 0.6  # proposing and laying hear the same sound, so their sum says it twice in part
_SURE = math.log(9.0)  # nine times likelier than all others together, or the reading stays as it is
_AGAINST = 7.0  # no place in a row makes a name of sound that fits another so much better
_MOST = 1000.0  # the odds are habits and no count: beyond, a figure says nothing
_TRIED = 4  # names of a neighbour that are thought on from


@dataclass(frozen=True, kw_only=True)
class Slated:
    """One slate of one camera's day."""

    read: Name | None  #: what it was read as by all that name it; None where scene or take is missing
    take: int | None = None  #: where only that was understood
    clear: bool  #: heard clearly, or confirmed by another source
    names: tuple[tuple[str, int, float], ...] = ()  #: what it may be, with the logarithm of how well that fits the sound
    unslated: int = 0  #: clips without a slate since the one before


@dataclass(frozen=True, kw_only=True)
class Placed:
    """What a slate is by its place."""

    name: Name
    between: str  #: "between 3A-2 and 3A-4"
    ahead: float | None  #: how many times likelier than all others, sound and order together, 1000 at most; None where the sound names nothing


def said(name: Name) -> str:
    """ "3A-2"."""
    return f"{name[0]}-{name[1]}"


def expected(day: Sequence[Slated], at: int) -> tuple[Name, ...]:
    """What the neighbours make likely at a place, likeliest first; empty where neither is known."""
    found: list[Name] = []
    if at:
        for name, take in _likely(day[at - 1]):
            found += [(name, take + 1 + skipped) for skipped in range(day[at].unslated + 1)]
            found += [(following, 1) for following in _following(name)[:1]]
    if at + 1 < len(day):
        for name, take in _likely(day[at + 1]):
            found += [(name, take - 1)] if take > 1 else [(before, other) for before, other in found[:1]]
    return tuple(dict.fromkeys(found))


def placed(day: Sequence[Slated], weigh: Callable[[int, Sequence[Name]], Mapping[Name, float]]) -> dict[int, Placed]:
    """The slates that were not clear and are settled by their place, by number; those that stay as they were read are left out.

    Args: day: one camera's slates in shooting order.  weigh: (number, names) -> how well names fit that slate's sound, on the scale of
          `Slated.names`; asked for what the neighbours make likely and nobody proposed.
    """
    fits = [_fits(day, at, weigh) for at in range(len(day))]
    forth = _passed(day, fits)
    back = _passed(day, fits, backwards=True)
    out: dict[int, Placed] = {}
    for at, one in enumerate(day):
        if one.clear or not fits[at]:
            if one.read is None and (name := _only(day, at)) is not None:
                out[at] = Placed(name=name, between=_between(day, at), ahead=None)
            continue
        whole = {name: forth[at][name] + back[at][name] - fits[at][name] for name in fits[at]}
        best = max(whole, key=lambda name: whole[name])
        rest = [value for name, value in whole.items() if name != best]
        ahead = whole[best] - _sum(rest) if rest else 0.0
        against = max(fits[at].values()) - fits[at][best] > _TOLD * _AGAINST
        if best != one.read and ahead >= _SURE and not against:
            out[at] = Placed(name=best, between=_between(day, at), ahead=min(_MOST, math.exp(min(20.0, ahead))))
    return out


def _only(day: Sequence[Slated], at: int) -> Name | None:
    """The one take that is missing between two of a set-up, where nothing that was understood speaks against it."""
    if not 0 < at < len(day) - 1:
        return None
    before, after = day[at - 1], day[at + 1]
    if not (before.clear and after.clear and before.read and after.read) or after.read != (before.read[0], before.read[1] + 2):
        return None
    return (before.read[0], before.read[1] + 1) if day[at].take in (None, before.read[1] + 1) else None


def odd(day: Sequence[Slated]) -> dict[int, tuple[Name, str]]:
    """Clear readings that do not stand in the row: what both neighbours ask for there, and between which; none is changed."""
    found: dict[int, tuple[Name, str]] = {}
    for at in range(1, len(day) - 1):
        before, here, after = day[at - 1], day[at], day[at + 1]
        if not (before.clear and here.clear and after.clear and before.read and here.read and after.read):
            continue
        asked = (before.read[0], before.read[1] + 1)
        if before.read[0] == after.read[0] and after.read[1] == asked[1] + 1 and here.read != asked:
            found[at] = (asked, _between(day, at))
    return found


# ---- inside


def _likely(one: Slated) -> list[Name]:
    if one.clear:
        return [one.read] if one.read else []
    return [(name, take) for name, take, _ in one.names[:_TRIED]] or ([one.read] if one.read else [])


def _fits(day: Sequence[Slated], at: int, weigh: Callable[[int, Sequence[Name]], Mapping[Name, float]]) -> dict[Name, float]:
    """The names a place may have, with the logarithm of their evidence."""
    one = day[at]
    if one.clear:
        return {one.read: 0.0} if one.read else {}
    own = {(name, take): fit for name, take, fit in one.names}
    asked = [name for name in expected(day, at) if name not in own]
    if not own:
        return {one.read: 0.0} if one.read else {}
    own |= weigh(at, asked) if asked else {}
    best = max(own.values())
    return {name: _TOLD * (fit - best) for name, fit in own.items()}


def _passed(day: Sequence[Slated], fits: Sequence[Mapping[Name, float]], *, backwards: bool = False) -> list[dict[Name, float]]:
    """For each place and name, the logarithm of how likely all on one side of it and itself are."""
    order = range(len(day) - 1, -1, -1) if backwards else range(len(day))
    out: list[dict[Name, float]] = [{} for _ in day]
    last: int | None = None
    for at in order:
        if not fits[at]:
            continue
        for name, fit in fits[at].items():
            if last is None:
                came = 0.0
            elif backwards:
                came = _sum([_step(name, after, day[last].unslated) + value for after, value in out[last].items()])
            else:
                came = _sum([_step(before, name, day[at].unslated) + value for before, value in out[last].items()])
            out[at][name] = fit + came
        last = at
    return out


def _step(before: Name, after: Name, unslated: int) -> float:
    """The logarithm of how likely one slate follows another."""
    (name, take), (other, number) = before, after
    likely = 0.0
    if name == other:
        more = number - take
        if more == 1:
            likely = _NEXT
        elif more == 0:
            likely = _SAME
        elif more > 1:
            likely = _UNSLATED if more - 1 <= unslated else _SKIPPED / more
        else:
            likely = _BACK
    else:
        new = _NEW if number == 1 else _NEW_AT_ANOTHER_TAKE / 5
        row = _following(name)
        likely = new * (_FOLLOWING / len(row) if other in row else (1 - _FOLLOWING) / _SCENES)
    return math.log(likely)


def _following(name: str) -> list[str]:
    """The set-ups that come next in a row: 3B after 3A, then 4A and 4; 43 after 42."""
    match = re.fullmatch(r"(\d+)([A-Z]*)", name)
    if match is None:
        return []
    number, letter = int(match[1]), match[2]
    if not letter:
        return [str(number + 1), f"{number}A"]
    same = [f"{number}{letter[:-1]}{chr(ord(letter[-1]) + 1)}"] if letter[-1] < "Z" else []
    return [*same, f"{number + 1}A", str(number + 1)]


def _between(day: Sequence[Slated], at: int) -> str:
    before = next((one.read for one in reversed(day[:at]) if one.read), None)
    after = next((one.read for one in day[at + 1 :] if one.read), None)
    if before and after:
        return f"between {said(before)} and {said(after)}"
    return f"after {said(before)}" if before else f"before {said(after)}" if after else "alone"


def _sum(logarithms: Sequence[float]) -> float:
    """The logarithm of the sum of what these are the logarithms of; of nothing, very little."""
    if not logarithms:
        return -99.0
    top = max(logarithms)
    return top + math.log(sum(math.exp(one - top) for one in logarithms))
