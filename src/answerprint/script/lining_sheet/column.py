"""The lined script in one column, for a phone: text first, and under each item the takes at it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from answerprint.script.lining_sheet.hand import Change, Miss
from answerprint.script.lining_sheet.lanes import Run, Stretch
from answerprint.script.lining_sheet.margin import Marks, when
from answerprint.script.lining_sheet.metrics import clean
from answerprint.script.lining_sheet.records import Block, Entry, LinedTake, Piece
from answerprint.script.records import Element, Item, Script

__all__ = ["blocks"]

Says = tuple[str, str | None, str | None]  #: words, whose they are (None: the machine's), mark


def blocks(
    script: Script, takes: Sequence[LinedTake], runs: Sequence[Run], changed: Sequence[Change], missed: Sequence[Miss], marks: Marks
) -> tuple[Block, ...]:
    """The script cut after every item that ends on it, with the takes that cover it."""
    return tuple(_Column(script=script, takes=takes, changed=changed, missed=missed, marks=marks).blocks(runs))


@dataclass(kw_only=True)
class _Column:
    script: Script
    takes: Sequence[LinedTake]
    changed: Sequence[Change]
    missed: Sequence[Miss]
    marks: Marks
    told: set[int] = field(default_factory=set)  #: takes whose comment and remarks stand at an earlier item

    def blocks(self, runs: Sequence[Run]) -> Iterator[Block]:
        ends: dict[int, list[Item]] = {}
        for item in self.script.items:
            if item.places:
                ends.setdefault(item.places[-1].element, []).append(item)
        at: dict[int, list[tuple[Run, Stretch]]] = {}
        for run in runs:
            for stretch in run.stretches:
                at.setdefault(stretch.item.number, []).append((run, stretch))
        paragraphs: list[tuple[str, tuple[Piece, ...]]] = []
        for element in self.script.elements:
            if not element.printed:
                continue
            paragraphs.append((element.kind, tuple(self._pieces(element))))
            if items := ends.get(element.index):
                entries = tuple(self._entry(run.take, stretch) for item in items for run, stretch in at.get(item.number, ()))
                bare = bool(self.takes) and any(not item.card and item.stock is None and item.number not in at for item in items)
                yield Block(items=tuple(item.number for item in items), paragraphs=tuple(paragraphs), entries=entries, bare=bare)
                paragraphs = []
        if paragraphs:
            yield Block(items=(), paragraphs=tuple(paragraphs), entries=(), bare=False)

    def _pieces(self, element: Element) -> list[Piece]:
        """The letters of an element; what was said otherwise goes with the first letter it replaces, a miss never hides a change."""
        text = clean(element.text)
        spans: list[tuple[int, int, Piece]] = []
        for one in self.changed:
            mine = [(start, end) for number, start, end in one.spans if number == element.index]
            if mine:
                start, end = mine[0][0], mine[-1][1]
                take, seconds, item = one.places[0]
                over = f"{one.heard} {', '.join(self.takes[n].slate for n in one.takes)}"
                spans.append((start, end, Piece(text=text[start:end], over=over, mark=self.marks.to(take, seconds, f"line {item}: “{one.heard}”"))))
        for miss in self.missed:
            if miss.element == element.index:
                spans.append((miss.start, miss.end, Piece(text=text[miss.start : miss.end], missed=True)))
        out: list[Piece] = []
        last = 0
        for start, end, piece in sorted(spans, key=lambda span: (span[0], -span[1], span[2].missed)):
            if start < last:
                if piece.over and out and out[-1].over:
                    out[-1] = replace(out[-1], over=f"{out[-1].over}; {piece.over}")
                continue
            if start > last:
                out.append(Piece(text=text[last:start]))
            out.append(piece)
            last = end
        if last < len(text):
            out.append(Piece(text=text[last:]))
        return out

    def _entry(self, number: int, stretch: Stretch) -> Entry:
        item = stretch.item.number
        says = self._words(number, item)
        if not stretch.covered.complete:
            says.append(("Stops before the end", None, None))
        if number not in self.told:
            self.told.add(number)
            says += self._around(number)
        kind = "line" if stretch.item.spoken else "picture"
        return Entry(
            take=number, item=item, stroke=stretch.stroke, complete=stretch.covered.complete, mark=self.marks.to(number, stretch.covered.in_s, f"{kind} {item}"),
            says=tuple(says),
        )  # fmt: skip

    def _words(self, number: int, item: int) -> list[Says]:
        """What this take says otherwise in this item, and what it misses."""
        says: list[Says] = []
        for one in self.changed:
            for take, seconds, of in one.places:
                if (take, of) == (number, item):
                    instead = self._text(one.spans)
                    words = f"“{one.heard}” for “{instead}”" if instead else f"Added: “{one.heard}”"
                    says.append((words, None, self.marks.to(take, seconds, f"line {item}: “{one.heard}”")))
        for miss in self.missed:
            for take, seconds, of in miss.places:
                if (take, of) == (number, item):
                    words = self._text([(miss.element, miss.start, miss.end)])
                    says.append((f"Missed: “{words}”", None, self.marks.to(take, seconds, f"line {item}, missed: “{words[:120]}”")))
        return says

    def _text(self, spans: Sequence[tuple[int, int, int]]) -> str:
        return clean(" ".join(" ".join(self.script.elements[element].text[start:end] for element, start, end in spans).split()))

    def _around(self, number: int) -> list[Says]:
        """What stands in the margin of a page: conflicts, comment, ad-libs, remarks."""
        take = self.takes[number]
        says: list[Says] = [(words, None, self.marks.to(number, take.in_s, "its name")) for words in take.conflicts]
        if take.comment:
            says.append((take.comment, take.comment_by or "the day’s notes", self.marks.to(number, take.in_s, "comment")))
        for one in take.off_script:
            says.append((f"Not in the script: “{one.text}”", None, self.marks.to(number, one.in_s, f"not in the script: “{one.text[:60]}”")))
        for one in take.remarks:
            by = f"{one.speaker}, {when(take, one)}" if one.speaker else f"heard {when(take, one)}"
            says.append((f"“{one.text}”", by, self.marks.to(number, one.in_s, f"remark: “{one.text[:60]}”")))
        return says
