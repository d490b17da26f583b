"""How much of a cut is still as the machine laid it: running time, cut points and takes, picture and sound apart.

A cut is compared with the assembly by media and source range, never by place: what travelled because something before it grew or shrank
(a ripple) has not changed. What stands in the order of the assembly is found as the longest common order, weighed by its length (a weighted
longest increasing subsequence; Fenwick, Software: Practice and Experience 24, 1994, for the table); what was carried elsewhere was moved by
somebody. Another speed is another piece. Nested cuts are looked into as far as they are shown; lettering over a picture is not looked at.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from answerprint.model.time import Timecode, round_half_up
from answerprint.timeline.cut import cut_info, seconds
from answerprint.timeline.lanes import Lane, Piece, Reading, runs_on, shots_in

__all__ = ["Laid", "Point", "Share", "Side", "Stretch", "Take", "share"]


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A stretch of the cut: frames of it, half-open, and whether it stands as the assembly had it."""

    start: int
    end: int
    medium: str
    name: str
    machine: bool
    there: int | None = None  #: the frame at which the assembly has it; None where it does not stand as the assembly had it


@dataclass(frozen=True, kw_only=True)
class Point:
    """A cut point: from what to what, and whether both sides meet where the assembly had them meet."""

    frame: int
    timecode: str
    before: str
    after: str
    machine: bool


@dataclass(frozen=True, kw_only=True)
class Take:
    """A shot of the cut, and whether the assembly shows something of the same stretch of the same take."""

    start: int
    end: int
    name: str
    machine: bool
    lane: int = 0  #: 0 for the picture; sound counts its tracks


@dataclass(frozen=True, kw_only=True)
class Laid:
    """A shot of the assembly, by frames of it at the cut's rate."""

    start: int
    end: int
    name: str
    lane: int = 0


@dataclass(frozen=True, kw_only=True)
class Side:
    """Picture or sound. A fraction is None where there is nothing to count: no shot, or no cut point."""

    stretches: tuple[Stretch, ...]
    points: tuple[Point, ...]
    takes: tuple[Take, ...]
    laid: tuple[Laid, ...] = ()  #: what the assembly was, in its order

    @property
    def running_time(self) -> Fraction | None:
        """Of what is seen or heard, by length, that stands as the assembly had it."""
        whole = sum(one.end - one.start for one in self.stretches)
        return Fraction(sum(one.end - one.start for one in self.stretches if one.machine), whole) if whole else None

    @property
    def cut_points(self) -> Fraction | None:
        return Fraction(sum(one.machine for one in self.points), len(self.points)) if self.points else None

    @property
    def chosen(self) -> Fraction | None:
        """Of the shots, those in which the assembly's take is still there."""
        return Fraction(sum(one.machine for one in self.takes), len(self.takes)) if self.takes else None


@dataclass(frozen=True, kw_only=True)
class Share:
    """What of a cut is still the assembly's."""

    picture: Side
    sound: Side


def share(cut: Any, assembly: Any) -> Share:
    """Compare a cut with the assembly that it began from.

    Args:    cut, assembly: timelines; the same media have the same digest, or the same name where one of them knows no digest.
    Returns: stretches, cut points and takes of the cut, in its order. Times are rounded to frames of the cut's rate: no list holds more.
    Raises:  TimelineError: a timeline whose rate or lengths cannot be told.
    """
    rate = cut_info(cut).rate
    reading = Reading(rate)
    for one in (cut, assembly):
        for clip in one.find_clips():
            reading.know(clip)
    own, theirs = reading.lanes(cut), reading.lanes(assembly)
    info, first = cut_info(cut), round_half_up(seconds(cut.global_start_time) * rate) if cut.global_start_time is not None else 0

    def timecode(frame: int) -> str:
        return str(Timecode(frames=first + frame, rate=rate, drop=info.drop))

    return Share(picture=_side(own["picture"], theirs["picture"], timecode), sound=_side(own["sound"], theirs["sound"], timecode))


# ---- comparing


def _side(own: Sequence[Lane], theirs: Sequence[Lane], timecode: Any) -> Side:
    stretches: list[Stretch] = []
    for mine, other in _paired(own, theirs):
        stretches += _stretches(mine, other)
    joins = {_join(*pair) for lane in theirs for pair in _joins(lane)}
    points = [
        Point(frame=after.start, timecode=timecode(after.start), before=before.name, after=after.name, machine=_join(before, after) in joins)
        for lane in own for before, after in _joins(lane)
    ]  # fmt: skip
    laid: dict[str, list[Piece]] = {}
    for piece in [piece for lane in theirs for piece in lane]:
        laid.setdefault(piece.key[0], []).append(piece)
    takes = [
        Take(start=one.start, end=one.end, name=one.name, machine=any((other.low < one.high and one.low < other.high) or (other.low, other.high) == (one.low, one.high) for other in laid.get(one.key[0], ())), lane=number)
        for number, lane in enumerate(own) for one in shots_in(lane)
    ]  # fmt: skip
    return Side(
        stretches=tuple(sorted(stretches, key=lambda one: (one.start, one.end))), points=tuple(sorted(points, key=lambda one: one.frame)),
        takes=tuple(sorted(takes, key=lambda one: one.start)),
        laid=tuple(Laid(start=one.start, end=one.end, name=one.name, lane=number) for number, lane in enumerate(theirs) for one in shots_in(lane)),
    )  # fmt: skip


def _joins(lane: Lane) -> Iterable[tuple[Piece, Piece]]:
    """Where one piece meets another without a hole, and the medium does not simply run on."""
    return [(one, after) for one, after in itertools.pairwise(lane) if one.end == after.start and not runs_on(one, after)]


def _join(before: Piece, after: Piece) -> tuple[Any, ...]:
    return (before.key, before.last, after.key, after.first)


def _paired(own: Sequence[Lane], theirs: Sequence[Lane]) -> list[tuple[Lane, Lane]]:
    """Each lane of the cut with the assembly's lane that it has most of, each of those once; the others with none."""
    common = sorted(
        ((_common(mine, other), -n, -m, n, m) for n, mine in enumerate(own) for m, other in enumerate(theirs)), reverse=True
    ) if len(own) > 1 or len(theirs) > 1 else [(1, 0, 0, 0, 0)][: min(len(own), len(theirs))]  # fmt: skip
    taken: dict[int, int] = {}
    for length, _, _, n, m in common:
        if length and n not in taken and m not in taken.values():
            taken[n] = m
    return [(mine, theirs[taken[n]] if n in taken else []) for n, mine in enumerate(own)]


def _common(mine: Lane, other: Lane) -> int:
    """Frames of media that two lanes share, each medium by itself: what an order of them is worth at most."""
    return sum(min(_covered(mine, key), _covered(other, key)) for key in {one.key for one in mine} & {one.key for one in other})


def _covered(lane: Lane, key: tuple[str, Fraction]) -> int:
    return sum(one.end - one.start for one in lane if one.key == key)


@dataclass(frozen=True, kw_only=True)
class _Atom:
    """A stretch of a piece that no border of the same medium in either cut parts; `piece` counts the pieces of its lane."""

    key: tuple[str, Fraction]
    low: int
    high: int
    start: int
    end: int
    piece: int


def _atoms(lane: Lane, borders: Mapping[tuple[str, Fraction], Sequence[int]]) -> list[_Atom]:
    found = []
    for number, piece in enumerate(lane):
        inside = [at for at in borders.get(piece.key, ()) if piece.low < at < piece.high]
        edges = [piece.low, *inside, piece.high]
        spans = list(itertools.pairwise(edges)) if piece.key[1] else [(piece.low, piece.high)]
        at = piece.start
        for low, high in spans if piece.key[1] >= 0 else reversed(spans):
            done = high - piece.low if piece.key[1] > 0 else piece.high - low
            end = piece.start + round_half_up(done / abs(piece.key[1])) if piece.key[1] else piece.end
            end = piece.end if (high == piece.high if piece.key[1] >= 0 else low == piece.low) else end
            if end > at:
                found.append(_Atom(key=piece.key, low=low, high=high, start=at, end=end, piece=number))
            at = end
    return found


def _stretches(mine: Lane, other: Lane) -> list[Stretch]:
    """The lane in stretches: those that stand in the longest common order with the assembly, and the rest between them."""
    borders: dict[tuple[str, Fraction], list[int]] = {}
    for piece in (*mine, *other):
        borders.setdefault(piece.key, []).extend((piece.low, piece.high))
    sorted_borders = {key: sorted(set(at)) for key, at in borders.items()}
    left, right = _atoms(mine, sorted_borders), _atoms(other, sorted_borders)
    head = _same(left, right)
    tail = min(_same(left[::-1], right[::-1]), len(left) - head, len(right) - head)
    between = _kept(left[head : len(left) - tail], right[head : len(right) - tail])
    kept = {number: number for number in range(head)} | {head + number: head + place for number, place in between.items()} | {len(left) - n: len(right) - n for n in range(1, tail + 1)}
    found: list[Stretch] = []
    for number, atom in enumerate(left):
        there = right[kept[number]].start if number in kept else None
        last = found[-1] if found else None
        goes_on = last is not None and number > 0 and left[number - 1].piece == atom.piece and last.end == atom.start
        if last is not None and goes_on and (there is None if last.there is None else there == last.there + last.end - last.start):
            found[-1] = Stretch(start=last.start, end=atom.end, medium=last.medium, name=last.name, machine=last.machine, there=last.there)
        else:
            found.append(Stretch(start=atom.start, end=atom.end, medium=atom.key[0], name=mine[atom.piece].name, machine=there is not None, there=there))
    return found


def _same(left: Sequence[_Atom], right: Sequence[_Atom]) -> int:
    """How many atoms two orders begin with alike: they are in the longest common one."""
    pairs = zip(left, right, strict=False)
    return next((n for n, (one, other) in enumerate(pairs) if (one.key, one.low, one.high) != (other.key, other.low, other.high)), min(len(left), len(right)))


def _kept(left: Sequence[_Atom], right: Sequence[_Atom]) -> dict[int, int]:
    """Which atoms of `left` are in the common order with `right` of greatest length in frames, each with its place in `right`."""
    where: dict[tuple[Any, ...], list[int]] = {}
    for number, atom in enumerate(right):
        where.setdefault((atom.key, atom.low, atom.high), []).append(number)
    table: list[tuple[int, int]] = [(0, -1)] * (len(right) + 1)  # Fenwick: (length of the best order that ends at or before, its match)
    matches: list[tuple[int, int, int]] = []  # (atom of left, atom of right, match before it)
    for number, atom in enumerate(left):
        for place in reversed(where.get((atom.key, atom.low, atom.high), ())):
            best = (0, -1)
            at = place
            while at > 0:
                best = max(best, table[at], key=lambda one: one[0])
                at -= at & -at
            matches.append((number, place, best[1]))
            new = (best[0] + atom.end - atom.start, len(matches) - 1)
            at = place + 1
            while at <= len(right):
                if new[0] > table[at][0]:
                    table[at] = new
                at += at & -at
    best, at = (0, -1), len(right)
    while at > 0:
        best = max(best, table[at], key=lambda one: one[0])
        at -= at & -at
    kept, match = {}, best[1]
    while match >= 0:
        number, place, match = matches[match]
        kept[number] = place
    return kept
