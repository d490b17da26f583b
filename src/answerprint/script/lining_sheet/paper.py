"""One sheet of paper: the typed lines that stand on it, and every mark at its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from answerprint.script.lining_sheet.hand import LEVEL, Hand, Miss
from answerprint.script.lining_sheet.lanes import HEAD_WIDTH, Run
from answerprint.script.lining_sheet.margin import Marks, touches
from answerprint.script.lining_sheet.metrics import cells, clean, length, width
from answerprint.script.lining_sheet.records import (
    LEFT,
    PITCH,
    RIGHT,
    TOP,
    Bracket,
    Caret,
    Head,
    Label,
    Line,
    LinedTake,
    Note,
    Over,
    Page,
    Print,
    Rule,
    Strike,
)  # fmt: skip
from answerprint.script.lining_sheet.rows import NAME, Typed
from answerprint.script.records import Item, Script

__all__ = ["BASE", "HEAD_TALL", "SLATE", "UNDER", "Drawn", "Paper", "fit", "under"]

BASE = 9.4  #: from the top of a typed line to its baseline
HEAD_TALL = 25.5
SLATE, UNDER = 8.4, 6.4  #: type sizes at the head of a line
_AGAIN = 11.0  #: a head repeated on the next page: the slate alone


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What is to stand on a sheet beside its text."""

    name: str
    runs: Sequence[tuple[Run, float]]  #: with the middle of its lane
    hands: Sequence[Hand]
    misses: Sequence[Miss]
    bare: frozenset[int]  #: items without a take, to be asked about here
    first: bool
    more: str  #: where further takes of the same page stand


@dataclass(kw_only=True)
class Paper:
    """The text of one page, which several sheets may share."""

    script: Script
    page: Typed
    placed: Mapping[int, float]  #: typed line -> how far down
    above: Sequence[float]  #: room kept over each typed line for heads and handwriting
    levels: Mapping[int, int]
    takes: Sequence[LinedTake]
    marks: Marks

    def draw(self, drawn: Drawn, notes: Sequence[Note]) -> Page:
        lines: list[Line] = []
        heads: list[Head] = []
        for run, x in drawn.runs:
            self._run(run, x, lines, heads)
        labels, rules = self._gutter(drawn)
        strikes, overs, carets = self._hand(drawn.hands)
        return Page(
            name=drawn.name, kind="script", prints=tuple(self._prints()), lines=tuple(lines), heads=tuple(heads), strikes=strikes, overs=overs, carets=carets,
            brackets=self._brackets(drawn.misses), notes=tuple(notes), labels=labels, rules=rules,
        )  # fmt: skip

    def _prints(self) -> list[Print]:
        out = self._goes_on()
        for number, top in self.placed.items():
            row = self.page.rows[number]
            element = self.script.elements[row.element] if row.element >= 0 else None
            strong = element is not None and element.kind in ("scene heading", "shot", "super")
            cuts = {row.start, row.end}
            for style in element.styles if element else ():
                cuts |= {at for at in (style.start, style.end) if row.start < at < row.end}
            edges = sorted(cuts) if element else [0, len(row.text)]
            for start, end in pairwise(edges):
                text = row.text[start - edges[0] : end - edges[0]]
                kinds = {style.kind for style in element.styles if style.start <= start and end <= style.end} if element else set()
                if text.strip():
                    x = row.x + PITCH * cells(row.text[: start - edges[0]])
                    out.append(Print(
                        x=round(x, 2), y=top + BASE - self._lift(number), text=text, cells=cells(text), bold="bold" in kinds or strong,
                        italic="italic" in kinds or (element is not None and element.kind == "lyrics"), underline="underline" in kinds,
                        element=row.element, start=start,
                    ))  # fmt: skip
        return out

    def _goes_on(self) -> list[Print]:
        """(MORE) under a speech that the page breaks, and its name again where it goes on."""
        first, last = min(self.placed), max(self.placed)
        out = []
        if self.page.broken(first):
            names = [row for row in self.page.rows[:first] if row.group == self.page.rows[first].group and self.script.elements[row.element].kind == "character"]
            name = names[-1].text if names else ""
            text = name if "(CONT" in name.upper() else f"{name} (CONT’D)"
            out.append(Print(x=NAME, y=self.placed[first] - self.above[first] - 12.0 + BASE, text=text.strip(), cells=cells(text.strip())))
        if self.page.broken(last + 1):
            out.append(Print(x=NAME, y=self.placed[last] + 12.0 + BASE, text="(MORE)", cells=6))
        return out

    def _lift(self, number: int) -> float:
        """How much higher a frame's words stand than its lines: beside the slates, since no line runs through them."""
        row = self.page.rows[number]
        if self.page.lanes[0] == LEFT or row.element < 0 or self.script.elements[row.element].kind != "picture":
            return 0.0
        first = self.page.of[row.element][0]
        return self.above[first] - LEVEL * self.levels.get(first, 0) if first in self.placed else 0.0

    def _run(self, run: Run, x: float, lines: list[Line], heads: list[Head]) -> None:
        """The part of a run that stands here: its head or the head repeated, and a line per stroke."""
        here = [row for row in self.placed if run.first <= row <= run.last]
        starts, stops = run.first in self.placed, run.last in self.placed
        take = self.takes[run.take]
        top = self.placed[here[0]] - LEVEL * self.levels.get(here[0], 0)
        start = top if starts else TOP - 4.0
        stop = self.placed[here[-1]] + (13.0 if stops else 22.0)
        heads.append(Head(
            take=run.take, x=x, top=top - HEAD_TALL if starts else start - _AGAIN, width=HEAD_WIDTH, slate=clean(take.slate), circled=take.circled,
            under=under(take) if starts else "", again=not starts, asks=bool(take.conflicts),
            mark=self.marks.to(run.take, take.in_s if starts else run.stretches[0].covered.in_s, "from its head" if starts else "runs on"),
        ))  # fmt: skip
        edges = [start, *(self.placed[row] - LEVEL * self.levels.get(row, 0) for row in here[1:]), stop]
        found = touches(run, [(row, edges[n], edges[n + 1]) for n, row in enumerate(here)], self.marks)
        parts: list[list[int]] = []
        for n, (which, _) in enumerate(found):
            if parts and run.stretches[found[parts[-1][-1]][0]].stroke == run.stretches[which].stroke:
                parts[-1].append(n)
            else:
                parts.append([n])
        whole = max(run.stretches, key=lambda one: one.last).covered.complete
        for n, part in enumerate(parts):
            last = n == len(parts) - 1
            lines.append(Line(
                take=run.take, x=x, top=found[part[0]][1].top, bottom=found[part[-1]][1].bottom, stroke=run.stretches[found[part[0]][0]].stroke,
                begins="joined" if n else "head" if starts else "continued",
                ends="joined" if not last else "continues" if not stops else "cap" if whole else "open", touches=tuple(found[one][1] for one in part),
            ))  # fmt: skip

    def _hand(self, hands: Sequence[Hand]) -> tuple[tuple[Strike, ...], tuple[Over, ...], tuple[Caret, ...]]:
        strikes: dict[tuple[float, float, float], Strike] = {}
        carets: dict[tuple[float, float], Caret] = {}
        overs = []
        for one in hands:
            top = self.placed.get(one.change.row)
            if top is not None:
                take, seconds, item = one.change.places[0]
                mark = self.marks.to(take, seconds, f"line {item}: “{one.change.heard}”")
                overs.append(Over(x=round(one.x, 2), y=round(top - LEVEL * one.level - 0.2, 2), width=round(one.width, 2), size=one.size, text=one.text, mark=mark))
                if not one.change.spans:
                    place = (self.page.x(one.change.row, one.change.offset) + PITCH / 2, top + 11.0)
                    carets[place] = Caret(x=place[0], y=place[1])
            for element, start, end in one.change.spans:
                for row, left, right in self._stretch(element, start, end):
                    key = (left, right, self.placed[row])
                    strikes[key] = Strike(x=left, right=right, y=self.placed[row] + 6.4)
        return tuple(strikes.values()), tuple(overs), tuple(carets.values())

    def _stretch(self, element: int, start: int, end: int) -> list[tuple[int, float, float]]:
        """Where letters stand on this page: (typed line, from, to)."""
        rows = [row for row in self.page.of.get(element, ()) if row in self.placed and self.page.rows[row].start < end and start < self.page.rows[row].end]
        return [(row, self.page.x(row, max(start, self.page.rows[row].start)), self.page.x(row, min(end, self.page.rows[row].end))) for row in rows]

    def _brackets(self, misses: Sequence[Miss]) -> tuple[Bracket, ...]:
        found = {}
        for miss in misses:
            parts = self._stretch(miss.element, miss.start, miss.end)
            for row, left, right in parts:
                top = self.placed[row] + 0.5
                if row == self.page.at(miss.element, miss.start):
                    found[left - 2.4, top, True] = Bracket(x=left - 2.4, top=top, opens=True)
                if row == self.page.at(miss.element, miss.end - 1):
                    found[right + 2.4, top, False] = Bracket(x=right + 2.4, top=top, opens=False)
        return tuple(found.values())

    def _gutter(self, drawn: Drawn) -> tuple[tuple[Label, ...], tuple[Rule, ...]]:
        """Left of the text: scene numbers, item numbers, hero and stock, and what nobody has shot. Above it: the page's number."""
        labels = [Label(x=RIGHT, y=52.0, text=drawn.name, face="type", size=12, align="right")]
        if not drawn.first and self.script.title:
            labels.append(Label(x=LEFT, y=52.0, text=" ".join(clean(self.script.title).split())[:60], face="sans", size=8, quiet=True))
        if drawn.more:
            labels.append(Label(x=RIGHT + 20.0, y=52.0, text=drawn.more[:50], face="sans", size=8, quiet=True))
        rules: list[Rule] = []
        for number, place in self.placed.items():
            row = self.page.rows[number]
            element = self.script.elements[row.element] if row.element >= 0 else None
            top = place - self._lift(number)
            if element and row.start == 0 and element.number and number == self.page.of[element.index][0]:
                labels.append(Label(x=54.0, y=top + BASE, text=clean(element.number)[:6], face="type", size=12))
            if row.block:
                over = place - self.above[number] - 6.0
                rules.append(Rule(x=54.0, y=over, right=RIGHT, bottom=over, kind="hair"))
        here = {self.page.rows[number].element for number in self.placed}
        for item in self.script.items:
            rows = [row for row in self.page.of_item(item) if row in self.placed] if here.intersection(place.element for place in item.places) else []
            if rows:
                self._item(item, rows, drawn.bare, labels, rules)
        return tuple(labels), tuple(rules)

    def _item(self, item: Item, rows: Sequence[int], bare: frozenset[int], labels: list[Label], rules: list[Rule]) -> None:
        top = self.placed[rows[0]] - self._lift(rows[0])
        bottom = self.placed[rows[-1]] + 12.0 - self._lift(rows[-1])
        if rows[0] != self.page.of_item(item)[0]:
            return
        if item.kind != "board" or item.scene != str(item.number):
            labels.append(Label(x=LEFT - 14.0, y=top + BASE, text=str(item.number), face="sans", size=7, align="right", quiet=True))
        words = [*(["hero shot"] if item.hero is not None else []), *(["stock slot"] if item.stock is not None else [])]
        if item.kind == "board":
            length_s = f"{float(item.seconds):g} s" if item.seconds is not None else ""
            words += [clean(part) for part in (item.size or "", length_s) if part]
        if item.number in bare:
            words.append("no take")
            rules.append(Rule(x=LEFT - 9.0, y=top, right=LEFT - 9.0, bottom=bottom, kind="asks"))
        for n, word in enumerate(words, 1):
            labels.append(Label(x=LEFT - 14.0, y=top + BASE + 9.0 * n, text=word, face="bold" if word == "no take" else "sans", size=7, align="right"))
        if item.hero is not None:
            rules.append(Rule(x=LEFT - 7.0, y=top, right=LEFT - 7.0, bottom=bottom, kind="hero"))
        if item.stock is not None:
            right = max(self.page.rows[row].x + PITCH * cells(self.page.rows[row].text) for row in rows)
            rules.append(Rule(x=LEFT - 4.0, y=top - 2.0, right=right + 4.0, bottom=bottom + 2.0, kind="stock"))


def under(take: LinedTake) -> str:
    """Below the slate: size and length; where it is no plain take, what kind of try it is instead of the size, which the log has."""
    words = clean(take.size or "") if take.kind == "take" else clean(take.kind)
    return f"{words} {length(take.length_s)}".strip()


def fit(text: str, size: float, room: float) -> float:
    """The size at which a text in the bold sans takes no more than `room` points."""
    return min(size, size * room / max(1e-6, width(text, "bold", size)))
