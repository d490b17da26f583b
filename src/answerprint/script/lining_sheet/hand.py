"""What was said otherwise, written over the line; what was missed, in brackets. Nothing written ever lies across a take's line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from answerprint.script.lining_sheet.lanes import Run
from answerprint.script.lining_sheet.metrics import clean, width
from answerprint.script.lining_sheet.records import SWING, LinedTake
from answerprint.script.lining_sheet.rows import Typed
from answerprint.script.records import Script

__all__ = ["LEVEL", "SIZE", "Change", "Hand", "Miss", "changes", "write"]

SIZE = 6.6  #: of written-over words: two of them fit between two typed lines that are one level apart
LEVEL = 8.0  #: the room one line of them takes
_CLEAR = SWING + 2.0  #: between written words and a take's line
_NEAR = 40.0  #: a word written further than this from its place would be read as belonging to another


@dataclass(kw_only=True)
class Change:
    """One place of the script that was said otherwise in the same way in one take or several. No spans: something was added there."""

    row: int
    offset: int  #: in the row's element: where it stands
    spans: tuple[tuple[int, int, int], ...]  #: (element, start, end) struck
    heard: str
    takes: list[int]
    places: list[tuple[int, float, int]]  #: (take, seconds, item)


@dataclass(kw_only=True)
class Miss:
    element: int
    start: int
    end: int
    row: int
    takes: list[int]
    places: list[tuple[int, float, int]]


@dataclass(kw_only=True)
class Hand:
    """Placed: one line of a change, `level` 0 right over the typed line."""

    change: Change
    text: str
    x: float
    width: float
    size: float
    level: int


def changes(script: Script, page: Typed, runs: Sequence[Run]) -> tuple[list[Change], list[Miss]]:
    """What these runs say otherwise and what they miss, in page order; the same in several takes is one."""
    found: dict[tuple[object, ...], Change] = {}
    missed: dict[tuple[int, int, int], Miss] = {}
    for run in runs:
        for stretch in run.stretches:
            last = 0  # offset in the item's text after the last word
            since = stretch.covered.in_s
            group: list[tuple[str, str, list[tuple[int, int, int]], float]] = []
            for said, on in [*stretch.said, (None, ())]:
                if group and (said is None or (said.how != group[-1][0] and not {said.how, group[-1][0]} <= {"changed", "added"})):
                    _gather(page, run.take, stretch.item.number, group, found, missed)
                    group = []
                if said is None:
                    continue
                since = said.in_s if said.in_s is not None else since
                if said.how != "said":
                    place = script.place(stretch.item, _past_the_mark(stretch.item.text, last))
                    spans = [(*script.place(stretch.item, word.start), word.end - word.start) for word in on] or [(*place, 0)]
                    group.append((said.how, clean(said.heard or ""), [(element, start, start + long) for element, start, long in spans], since))
                last = max([last, *(word.end for word in on)])
    return sorted(found.values(), key=lambda one: (one.row, one.offset)), sorted(missed.values(), key=lambda one: (one.row, one.start))


def _past_the_mark(text: str, at: int) -> int:
    """Behind the full stop or comma that stands at the end of a word: an added word goes there."""
    while 0 < at < len(text) and not text[at].isspace():
        at += 1
    return at


def _gather(
    page: Typed, take: int, item: int, group: list[tuple[str, str, list[tuple[int, int, int]], float]],
    found: dict[tuple[object, ...], Change], missed: dict[tuple[int, int, int], Miss],
) -> None:  # fmt: skip
    spans = [span for _, _, on, _ in group for span in on]
    real = sorted({span for span in spans if span[2] > span[1]})
    place = (take, group[0][3], item)
    element, start, _ = real[0] if real else spans[0]
    row = page.at(element, start)
    if group[0][0] == "missed":
        for one in dict.fromkeys(element for element, _, _ in real):
            begin, end = min(a for e, a, _ in real if e == one), max(b for e, _, b in real if e == one)
            miss = missed.setdefault((one, begin, end), Miss(element=one, start=begin, end=end, row=page.at(one, begin), takes=[], places=[]))
            if take not in miss.takes:
                miss.takes.append(take)
                miss.places.append(place)
        return
    heard = " ".join(text for _, text, _, _ in group if text) or "…"
    change = found.setdefault((element, start, tuple(real), heard.casefold()), Change(row=row, offset=start, spans=tuple(real), heard=heard, takes=[], places=[]))
    if take not in change.takes:
        change.takes.append(take)
        change.places.append(place)


@dataclass
class _Level:
    taken: list[tuple[float, float]] = field(default_factory=list)

    def gaps(self, walls: Sequence[float], left: float, right: float) -> list[tuple[float, float]]:
        blocked = sorted([*((x - _CLEAR, x + _CLEAR) for x in walls), *((a - 3.0, b + 3.0) for a, b in self.taken)])
        out, at = [], left
        for start, end in blocked:
            if start > at:
                out.append((at, min(start, right)))
            at = max(at, end)
        if at < right:
            out.append((at, right))
        return [(a, b) for a, b in out if b - a > 1]


def write(page: Typed, found: Sequence[Change], takes: Sequence[LinedTake], walls: Mapping[int, Sequence[float]], right: float) -> list[Hand]:
    """Find a place for every change over its typed line.

    Args:    walls: typed line -> where take lines cross the room above it.  right: how far to the right may be written.
    Returns: the lines of handwriting; none crosses a wall or another.
    """
    out: list[Hand] = []
    levels: dict[int, list[_Level]] = {}
    for change in found:
        rows = levels.setdefault(change.row, [])
        text = f"{change.heard.upper()}  {', '.join(dict.fromkeys(takes[take].slate for take in change.takes))}"
        at = page.x(change.row, change.offset)
        end = page.x(change.row, max([change.offset, *(span[2] for span in change.spans if span[0] == page.rows[change.row].element)]))
        wide = width(text, "hand", SIZE)
        best = None
        for number in range(len(rows) + 1):
            level = rows[number] if number < len(rows) else _Level()
            spots = [min(max(at, a), b - wide) for a, b in level.gaps(walls.get(change.row, ()), page.lanes[0] if page.lanes[0] < at else 108.0, right) if b - a >= wide]
            near = [x for x in spots if max(x - end, at - x - wide) < _NEAR]
            if near:
                best = (number, min(near, key=lambda x: (max(0.0, x - end, at - x - wide), abs(x - at))))
                break
        if best is not None:
            number, x = best
            out.append(Hand(change=change, text=text, x=x, width=wide, size=SIZE, level=number))
            _take(rows, number, x, wide)
        else:
            out += _in_a_gap(change, text, at, rows, walls.get(change.row, ()), right)
    return out


def _take(rows: list[_Level], number: int, x: float, wide: float) -> None:
    while len(rows) <= number:
        rows.append(_Level())
    rows[number].taken.append((x, x + wide))


def _in_a_gap(change: Change, text: str, at: float, rows: list[_Level], walls: Sequence[float], right: float) -> list[Hand]:
    """Word under word between two lines, above everything that is written there already."""
    gaps = _Level().gaps(walls, 108.0, right)
    a, b = min(gaps, key=lambda gap: (max(0.0, gap[0] - at, at - gap[1] + 20.0), gap[0]))
    pieces: list[str] = []
    for word in text.split():
        if pieces and width(f"{pieces[-1]} {word}", "hand", SIZE) <= b - a:
            pieces[-1] = f"{pieces[-1]} {word}"
        else:
            pieces.append(word)
    base = next(n for n in range(len(rows) + 1) if all(end < a or start > b for level in rows[n:] for start, end in level.taken))
    out = []
    for n, piece in enumerate(pieces):
        size = min(SIZE, SIZE * (b - a) / width(piece, "hand", SIZE))
        wide = width(piece, "hand", size)
        x = min(max(at, a), b - wide) if wide < b - a else a
        number = base + len(pieces) - 1 - n
        out.append(Hand(change=change, text=piece, x=x, width=wide, size=size, level=number))
        _take(rows, number, x, wide)
    return out
