"""A person's changes to captions that the machine made, and what it makes today: put together caption by caption, theirs first.

Three sets: what the machine made last (kept), what lies in the file now, what the machine makes today. Where only one side changed, that
change stands. Where both did, the person's stands and the machine's is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from answerprint.delivery.captioning.rules import Caption

__all__ = ["Conflict", "Merged", "merged"]


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """A place where a person and the machine changed the same caption: the person's stands."""

    theirs: tuple[Caption, ...]  #: empty: somebody took it out
    machine: tuple[Caption, ...]  #: empty: today nothing is said there


@dataclass(frozen=True, kw_only=True)
class Merged:
    """The captions as they stand, which of them are a person's, and where both sides had changed something."""

    captions: tuple[Caption, ...]
    edited: frozenset[int]  #: captions, counted from 1, that a person changed or added
    taken_out: int  #: captions of the machine's that a person took out
    conflicts: tuple[Conflict, ...]


def merged(base: Sequence[Caption], theirs: Sequence[Caption], machine: Sequence[Caption]) -> Merged:
    """Put them together.

    Args: base: what the machine wrote last.  theirs: what is in the file now.  machine: what it makes today.
    """
    out: list[tuple[Caption, bool]] = []
    conflicts: list[Conflict] = []
    gone = 0
    for old, mine, new in _chunks(base, theirs, machine):
        if _same(mine, old):
            out += [(one, False) for one in new]
        elif _same(new, old):
            out += [(one, not any(_alike(one, each) for each in old)) for one in mine]
            gone += max(0, len(old) - len(mine))
        elif _same(mine, new):
            out += [(one, False) for one in new]
        else:
            both = _by_caption(old, mine, new)
            if both is None:
                conflicts.append(Conflict(theirs=tuple(mine), machine=tuple(new)))
                out += [(one, True) for one in mine]
                gone += max(0, len(old) - len(mine))
            else:
                out += both[0]
                conflicts += both[1]
                gone += both[2]
    out.sort(key=lambda pair: (pair[0].first, pair[0].end))
    return Merged(captions=tuple(one for one, _ in out), edited=frozenset(n for n, (_, hand) in enumerate(out, 1) if hand), taken_out=gone, conflicts=tuple(conflicts))


def _key(one: Caption) -> tuple[int, int, str]:
    return one.first, one.end, one.text


def _alike(one: Caption, other: Caption) -> bool:
    return _key(one) == _key(other)


def _same(one: Sequence[Caption], other: Sequence[Caption]) -> bool:
    return [_key(each) for each in one] == [_key(each) for each in other]


Chunk = tuple[Sequence[Caption], Sequence[Caption], Sequence[Caption]]


def _chunks(base: Sequence[Caption], theirs: Sequence[Caption], machine: Sequence[Caption]) -> list[Chunk]:
    """The three cut where all agree, as three-way merges of texts do it: (base, theirs, machine), in order."""
    a, b = (dict(_pairs(base, one, _key)) for one in (theirs, machine))
    out: list[Chunk] = []
    at = [0, 0, 0]
    for n in range(len(base) + 1):
        if n < len(base) and not (n in a and n in b):
            continue
        stops = (n, a[n], b[n]) if n < len(base) else (len(base), len(theirs), len(machine))
        chunk = base[at[0] : stops[0]], theirs[at[1] : stops[1]], machine[at[2] : stops[2]]
        if any(chunk):
            out.append(chunk)
        if n < len(base):
            out.append((base[n : n + 1], theirs[a[n] : a[n] + 1], machine[b[n] : b[n] + 1]))
            at = [n + 1, a[n] + 1, b[n] + 1]
    return out


def _pairs(one: Sequence[Caption], other: Sequence[Caption], key: Callable[[Caption], Any]) -> list[tuple[int, int]]:
    matcher = SequenceMatcher(None, [key(each) for each in one], [key(each) for each in other], autojunk=False)
    return [(block.a + n, block.b + n) for block in matcher.get_matching_blocks() for n in range(block.size)]


def _by_caption(base: Sequence[Caption], theirs: Sequence[Caption], machine: Sequence[Caption]) -> tuple[list[tuple[Caption, bool]], list[Conflict], int] | None:
    """Caption by caption: new times from one side and new words from the other go together. None where it cannot be told which is which."""
    mine, new = _matched(base, theirs), _matched(base, machine)
    if mine is None or new is None:
        return None
    out: list[tuple[Caption, bool]] = []
    conflicts: list[Conflict] = []
    gone = 0
    for n, old in enumerate(base):
        hand, today = mine[0].get(n), new[0].get(n)
        if hand is None and today is None:
            continue
        if hand is None:  # somebody took it out
            gone += 1
            if today is not None and today.text != old.text:
                conflicts.append(Conflict(theirs=(), machine=(today,)))
        elif today is None:
            if not _alike(hand, old):
                out.append((hand, True))
                conflicts.append(Conflict(theirs=(hand,), machine=()))
        else:
            one, clash = _caption(old, hand, today)
            out.append((one, not _alike(one, today)))
            conflicts += [Conflict(theirs=(hand,), machine=(today,))] if clash else []
    out += [(one, True) for one in mine[1]]
    out += [(one, False) for one in new[1] if not any(one.first < each.end and each.first < one.end for each, _ in out)]
    return out, conflicts, gone


def _caption(old: Caption, hand: Caption, today: Caption) -> tuple[Caption, bool]:
    text = today.text if hand.text == old.text else hand.text
    timed = (hand.first, hand.end) != (old.first, old.end)
    first, end = (hand.first, hand.end) if timed else (today.first, today.end)
    clash = (hand.text != old.text and today.text not in (old.text, hand.text)) or (timed and (today.first, today.end) not in ((old.first, old.end), (hand.first, hand.end)))
    return replace(today, first=first, end=end, text=text), clash


def _matched(base: Sequence[Caption], other: Sequence[Caption]) -> tuple[dict[int, Caption], list[Caption]] | None:
    """Which caption of `other` each of `base` became, and those that are new. None where more than one could be it."""
    found = dict(_pairs(base, other, lambda one: one.text))
    left, right = [n for n in range(len(base)) if n not in found], [n for n in range(len(other)) if n not in found.values()]
    for n in list(left):
        near = [m for m in right if other[m].first < base[n].end and base[n].first < other[m].end]
        if len(near) > 1:
            near = [m for m in near if SequenceMatcher(None, base[n].text, other[m].text).ratio() > 0.6]
            if len(near) > 1:
                return None
        if near:
            found[n] = near[0]
            right.remove(near[0])
            left.remove(n)
    return {n: other[m] for n, m in found.items()}, [other[m] for m in right]
