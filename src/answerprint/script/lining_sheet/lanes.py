"""Which takes run beside which typed lines, and in which lane: no two lines share a lane where both run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from answerprint.model.attempts import Covered, Said
from answerprint.script.lining_sheet.records import LinedTake, Stroke
from answerprint.script.lining_sheet.rows import Typed
from answerprint.script.records import Item, Script, ScriptError
from answerprint.script.words import Word, words

__all__ = ["FEWEST", "HEAD_WIDTH", "LANE", "Run", "Stretch", "lanes", "matched", "runs", "stroke"]

HEAD_WIDTH = 34.0  #: a slate with its size and length
LANE = 43.2  #: six typewriter columns: the least that holds a head and the circle around it
FEWEST = 6  #: lanes a page is divided into at least, so that a lone take stands where a hand would draw it


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """One item in one run: its typed lines [first, last], and the words that were scripted there."""

    covered: Covered
    item: Item
    first: int
    last: int
    stroke: Stroke
    said: tuple[tuple[Said, tuple[Word, ...]], ...] = ()
    times: tuple[tuple[int, float], ...] = ()  #: (typed line, when a word on it is heard)


@dataclass(kw_only=True)
class Run:
    """A take from the first typed line of its first item to the last of its last, without a gap."""

    take: int
    stretches: list[Stretch] = field(default_factory=list)
    lane: int = 0

    @property
    def first(self) -> int:
        return self.stretches[0].first

    @property
    def last(self) -> int:
        return max(one.last for one in self.stretches)


def stroke(covered: Covered) -> Stroke:
    """Straight where the speaker is on camera, wavy where not, thin where nobody knows. A picture is what the camera saw;
    a voice-over is off camera unless the picture shows its speaker."""
    if covered.camera != "unknown":
        return covered.camera
    return {"line": "thin", "voice-over": "off", "picture": "on", "board": "on"}[covered.kind]  # type: ignore[return-value]


def matched(said: Sequence[Said], item: Item) -> tuple[tuple[Said, tuple[Word, ...]], ...]:
    """Each word of a reading with the written words of the item it stands for; an added one has none."""
    written = words(item.text)
    out = []
    at = 0
    for one in said:
        found = []
        for token in (one.script or "").split():
            where = _next(written, _plain(token), at)
            if where is not None:
                found.append(written[where])
                at = max(at, where + 1)
        out.append((one, tuple(dict.fromkeys(found))))
    return tuple(out)


def _plain(text: str) -> str:
    return re.sub(r"[^\w]", "", text).casefold()


def _next(written: Sequence[Word], token: str, at: int) -> int | None:
    """The place of a scripted word: the next one, or a figure said in several words, or one further on; None for a mere mark."""
    if not token or not written:
        return None
    if at < len(written) and _plain(written[at].written) == token:
        return at
    for near in (at - 1, at):
        if 0 <= near < len(written) and any(token == _plain(part) for reading in written[near].readings if len(reading) > 1 for part in reading):
            return near
    for further in range(at + 1, len(written)):
        if _plain(written[further].written) == token:
            return further
    return min(at, len(written) - 1)


def runs(script: Script, takes: Sequence[LinedTake], page: Typed) -> list[Run]:
    """Every take's runs, in the order of the takes. Lettering between two items breaks no run: it is made, not shot.

    Raises: ScriptError where a take covers an item that the script does not have.
    """
    order = {item.number: n for n, item in enumerate(script.items)}
    found = []
    for number, take in enumerate(takes):
        run: Run | None = None
        before = -1
        for covered in sorted(take.covered, key=lambda one: (order.get(one.item, -1), one.in_s)):
            if covered.item not in order:
                raise ScriptError(f"{take.slate}: it covers item {covered.item}; {script.source} has items 1 to {len(script.items)}. Line the takes again.")
            place = order[covered.item]
            stretch = _stretch(script, covered, script.items[place], page)
            if stretch is None:
                continue
            if run is None or stretch.first < run.last or not all(item.card for item in script.items[before + 1 : place]):
                run = Run(take=number)
                found.append(run)
            run.stretches.append(stretch)
            before = place
    return found


def _stretch(script: Script, covered: Covered, item: Item, page: Typed) -> Stretch | None:
    rows = page.of_item(item)
    if not rows:
        return None
    first, last = rows[0], page.of[item.places[-1].element][-1] if item.kind == "board" and len(item.places) == 1 else rows[-1]
    said = matched(covered.words, item)
    times = [(page.at(*script.place(item, word.start)), one.in_s) for one, on in said if one.how in ("said", "changed") for word in on]
    if times:
        first, last = min(row for row, _ in times), max(row for row, _ in times)
    if first == rows[0]:
        first = _from_the_top(script, page, first)
    return Stretch(covered=covered, item=item, first=first, last=last, stroke=stroke(covered), said=said, times=_firsts(times))


def _firsts(times: Sequence[tuple[int, float | None]]) -> tuple[tuple[int, float], ...]:
    first: dict[int, float] = {}
    for row, seconds in times:
        if seconds is not None:
            first.setdefault(row, seconds)
    return tuple(sorted(first.items()))


def _from_the_top(script: Script, page: Typed, row: int) -> int:
    """A line that begins with its speech or paragraph begins at the name, or the scene heading, right above."""
    while row > 0:
        mine, above = page.rows[row].element, page.rows[row - 1].element
        if above >= 0 and above != mine:
            kind = script.elements[above].kind
            if kind not in ("character", "parenthetical", "scene heading", "shot") or (kind == "parenthetical" and script.elements[mine].kind == "character"):
                break
        elif above != mine or row - 1 not in page.of[mine]:
            break
        elif script.elements[mine].kind not in ("character", "parenthetical", "scene heading", "shot"):
            break
        row -= 1
    return row


def lanes(found: Sequence[Run], room: float) -> int:
    """Give every run the leftmost free lane, in shooting order among those that begin together; the runs are changed.

    Returns: how many lanes stand side by side on one sheet of paper, in `room` points. A lane beyond that lies on a further sheet
             with the same text: lane // count is the sheet.
    """
    free_after: list[int] = []
    for run in sorted(found, key=lambda one: (one.first, one.take)):
        run.lane = next((n for n, last in enumerate(free_after) if last < run.first), len(free_after))
        if run.lane == len(free_after):
            free_after.append(run.last)
        else:
            free_after[run.lane] = run.last
    most = int(room // LANE)
    return max(1, min(most, max(FEWEST, len(free_after))))
