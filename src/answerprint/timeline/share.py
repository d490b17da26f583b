"""How much of a cut is still as the machine laid it: running time, cut points and takes, picture and sound apart.

A cut is compared with the assembly by media and source range, never by place: what travelled because something before it grew or shrank
(a ripple) has not changed. What stands in the order of the assembly is found as the longest common order, weighed by its length (a weighted
longest increasing subsequence; Fenwick, Software: Practice and Experience 24, 1994, for the table); what was carried elsewhere was moved by
somebody. Another speed is another piece. Nested cuts are looked into as far as they are shown; lettering over a picture is not looked at.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import opentimelineio as otio

from answerprint.model.time import Timecode, round_half_up
from answerprint.timeline.cut import Media, cut_info, duration_of, media_of, range_of, seconds, speed_of
from answerprint.timeline.edit import stem

__all__ = ["Laid", "Point", "Share", "Side", "Stretch", "Take", "share"]

Kind = Literal["picture", "sound"]


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
    reading = _Reading(rate)
    for one in (cut, assembly):
        for clip in one.find_clips():
            reading.know(clip)
    own, theirs = reading.lanes(cut), reading.lanes(assembly)
    info, first = cut_info(cut), round_half_up(seconds(cut.global_start_time) * rate) if cut.global_start_time is not None else 0

    def timecode(frame: int) -> str:
        return str(Timecode(frames=first + frame, rate=rate, drop=info.drop))

    return Share(picture=_side(own["picture"], theirs["picture"], timecode), sound=_side(own["sound"], theirs["sound"], timecode))


# ---- reading


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """One use, in frames: `start` to `end` of the cut, `low` to `high` of the medium."""

    start: int
    end: int
    key: tuple[str, Fraction]  #: medium and speed
    low: int
    high: int
    name: str

    @property
    def first(self) -> int:
        """The moment of the medium at which it begins to be seen; backwards that is the later one."""
        return self.low if self.key[1] >= 0 else self.high

    @property
    def last(self) -> int:
        return self.high if self.key[1] >= 0 else self.low


_Lane = list[_Piece]


class _Reading:
    def __init__(self, rate: Fraction) -> None:
        self.rate = rate
        self.digests: dict[str, str] = {}  #: by a medium's name: one of the two timelines may know no more than that
        self._media: dict[int, tuple[Any, Media]] = {}  #: by clip, and the clip itself: a number may be given again to what comes after it

    def know(self, clip: Any) -> None:
        media = media_of(clip)
        self._media[id(clip)] = clip, media
        if media.digest:
            self.digests[stem(media.name)] = media.digest

    def lanes(self, timeline: Any) -> dict[Kind, list[_Lane]]:
        """The picture as it is seen, in one lane; every track of sound in one of its own."""
        layers = self._tracks(timeline.tracks, otio.schema.TrackKind.Video, Fraction(0), None, Fraction(1), 0)
        sounds = self._tracks(timeline.tracks, otio.schema.TrackKind.Audio, Fraction(0), None, Fraction(1), 0)
        return {"picture": [_seen(layers)], "sound": [lane for lane in sounds if lane]}

    def _tracks(self, tracks: Iterable[Any], kind: str, at_s: Fraction, window: tuple[Fraction, Fraction] | None, pace: Fraction, depth: int) -> list[_Lane]:
        """Lanes from the bottom up. `window`: what of these tracks is shown, in their own seconds; `at_s`: where it stands in the cut."""
        found: list[_Lane] = []
        for track in tracks:
            if not getattr(track, "enabled", True) or (isinstance(track, otio.schema.Track) and track.kind != kind):
                continue
            lanes: list[_Lane] = [[]]
            cursor = Fraction(0)
            for item in track if isinstance(track, otio.schema.Track) else [track]:
                if isinstance(item, otio.schema.Transition):
                    continue
                length = duration_of(item)
                low, high = (cursor, cursor + length) if window is None else (max(cursor, window[0]), min(cursor + length, window[1]))
                if high > low and not isinstance(item, otio.schema.Gap) and item.enabled:
                    stands = at_s + (low - (window[0] if window else 0)) / pace
                    for number, lane in enumerate(self._item(item, kind, stands, low - cursor, high - cursor, pace, depth)):
                        while len(lanes) <= number:
                            lanes.append([])
                        lanes[number] += lane
                cursor += length
            found += [lane for lane in lanes if lane]
        return found

    def _item(self, item: Any, kind: str, at_s: Fraction, into_s: Fraction, out_s: Fraction, pace: Fraction, depth: int) -> list[_Lane]:
        """What is shown of one item between two moments of it; `pace`: seconds of it for each second of the cut."""
        speed = speed_of(item)
        whole, length_s = range_of(item).start_s, (out_s - into_s) / pace
        if not isinstance(item, otio.schema.Clip):
            if speed <= 0 or depth > 8:
                return [[self._piece(at_s, length_s, f"nested {item.name}", Fraction(0), speed * pace, item.name or "a nested cut")]]
            inside = item if isinstance(item, otio.schema.Stack) else [item]
            window = (whole + into_s * speed, whole + out_s * speed)
            lanes = self._tracks(inside, kind, at_s, window, pace * speed, depth + 1)
            return [_seen(lanes)] if kind == otio.schema.TrackKind.Video else lanes
        if isinstance(item.media_reference, otio.schema.GeneratorReference):
            words = item.media_reference.parameters.get("text", item.name)
            return [[self._piece(at_s, length_s, f"lettering {words}", Fraction(0), Fraction(1), item.name or str(words))]]
        media = self._media[id(item)][1] if id(item) in self._media else media_of(item)
        base = stem(media.name or item.name)
        available = getattr(item.media_reference, "available_range", None)
        start = Fraction(0) if media.still else whole - (seconds(available.start_time) if available is not None else 0)
        at = start + (into_s if speed >= 0 else duration_of(item) - out_s) * abs(speed)
        medium = f"lettering {media.digest or self.digests.get(base) or base}" if media.still else media.digest or self.digests.get(base) or base
        return [[self._piece(at_s, length_s, medium, at, speed * pace, item.name or media.name)]]

    def _piece(self, at_s: Fraction, length_s: Fraction, medium: str, source_s: Fraction, speed: Fraction, name: str) -> _Piece:
        start, end = round_half_up(at_s * self.rate), round_half_up((at_s + length_s) * self.rate)
        low = round_half_up(source_s * self.rate)
        return _Piece(start=start, end=end, key=(medium, speed), low=low, high=low + round_half_up(abs(speed) * (end - start)) if speed else low, name=name)


def _seen(layers: Sequence[_Lane]) -> _Lane:
    """Layers seen from above: what covers hides what lies below. Lettering over another layer covers nothing."""
    shown: _Lane = []
    for number in range(len(layers) - 1, -1, -1):
        for piece in layers[number]:
            if number and piece.key[0].startswith("lettering "):
                continue
            for start, end in _holes(piece.start, piece.end, shown):
                insort(shown, _part(piece, start, end), key=lambda one: one.start)
    return shown


def _holes(start: int, end: int, covered: _Lane) -> list[tuple[int, int]]:
    """What of a stretch is not covered yet."""
    found = []
    place = max(0, bisect_left(covered, start, key=lambda one: one.start) - 1)
    for one in covered[place:]:
        if one.start >= end:
            break
        if one.start > start:
            found.append((start, one.start))
        start = max(start, one.end)
    return [*found, (start, end)] if start < end else found


def _part(piece: _Piece, start: int, end: int) -> _Piece:
    """A stretch of a piece, by frames of the cut."""
    speed = piece.key[1]
    into, out = (round_half_up(abs(speed) * (frame - piece.start)) for frame in (start, end))
    if speed < 0:
        into, out = piece.high - piece.low - out, piece.high - piece.low - into
    return _Piece(start=start, end=end, key=piece.key, low=piece.low + into, high=piece.low + out if speed else piece.low, name=piece.name)


# ---- comparing


def _side(own: Sequence[_Lane], theirs: Sequence[_Lane], timecode: Any) -> Side:
    stretches: list[Stretch] = []
    for mine, other in _paired(own, theirs):
        stretches += _stretches(mine, other)
    joins = {_join(*pair) for lane in theirs for pair in _joins(lane)}
    points = [
        Point(frame=after.start, timecode=timecode(after.start), before=before.name, after=after.name, machine=_join(before, after) in joins)
        for lane in own for before, after in _joins(lane)
    ]  # fmt: skip
    laid: dict[str, list[_Piece]] = {}
    for piece in [piece for lane in theirs for piece in lane]:
        laid.setdefault(piece.key[0], []).append(piece)
    takes = [
        Take(start=one.start, end=one.end, name=one.name, machine=any((other.low < one.high and one.low < other.high) or (other.low, other.high) == (one.low, one.high) for other in laid.get(one.key[0], ())), lane=number)
        for number, lane in enumerate(own) for one in _whole(lane)
    ]  # fmt: skip
    return Side(
        stretches=tuple(sorted(stretches, key=lambda one: (one.start, one.end))), points=tuple(sorted(points, key=lambda one: one.frame)),
        takes=tuple(sorted(takes, key=lambda one: one.start)),
        laid=tuple(Laid(start=one.start, end=one.end, name=one.name, lane=number) for number, lane in enumerate(theirs) for one in _whole(lane)),
    )  # fmt: skip


def _joins(lane: _Lane) -> Iterable[tuple[_Piece, _Piece]]:
    """Where one piece meets another without a hole, and the medium does not simply run on."""
    return [(one, after) for one, after in itertools.pairwise(lane) if one.end == after.start and not _runs_on(one, after)]


def _runs_on(one: _Piece, after: _Piece) -> bool:
    return one.key == after.key and one.key[1] != 0 and one.last == after.first


def _join(before: _Piece, after: _Piece) -> tuple[Any, ...]:
    return (before.key, before.last, after.key, after.first)


def _whole(lane: _Lane) -> _Lane:
    """Shots as they are seen: a blade that nothing was moved at makes no two of one."""
    found: _Lane = []
    for piece in lane:
        if found and found[-1].end == piece.start and _runs_on(found[-1], piece):
            last = found.pop()
            piece = _Piece(start=last.start, end=piece.end, key=piece.key, low=min(last.low, piece.low), high=max(last.high, piece.high), name=last.name)
        found.append(piece)
    return found


def _paired(own: Sequence[_Lane], theirs: Sequence[_Lane]) -> list[tuple[_Lane, _Lane]]:
    """Each lane of the cut with the assembly's lane that it has most of, each of those once; the others with none."""
    common = sorted(
        ((_common(mine, other), -n, -m, n, m) for n, mine in enumerate(own) for m, other in enumerate(theirs)), reverse=True
    ) if len(own) > 1 or len(theirs) > 1 else [(1, 0, 0, 0, 0)][: min(len(own), len(theirs))]  # fmt: skip
    taken: dict[int, int] = {}
    for length, _, _, n, m in common:
        if length and n not in taken and m not in taken.values():
            taken[n] = m
    return [(mine, theirs[taken[n]] if n in taken else []) for n, mine in enumerate(own)]


def _common(mine: _Lane, other: _Lane) -> int:
    """Frames of media that two lanes share, each medium by itself: what an order of them is worth at most."""
    return sum(min(_covered(mine, key), _covered(other, key)) for key in {one.key for one in mine} & {one.key for one in other})


def _covered(lane: _Lane, key: tuple[str, Fraction]) -> int:
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


def _atoms(lane: _Lane, borders: Mapping[tuple[str, Fraction], Sequence[int]]) -> list[_Atom]:
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


def _stretches(mine: _Lane, other: _Lane) -> list[Stretch]:
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
