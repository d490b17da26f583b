"""The lined script in one column, for a phone: text first, and under each item the takes at it."""

from __future__ import annotations

from collections.abc import Sequence

from answerprint.script.lining_sheet.hand import Change, Miss
from answerprint.script.lining_sheet.lanes import Run, Stretch
from answerprint.script.lining_sheet.margin import Marks, when
from answerprint.script.lining_sheet.metrics import clean
from answerprint.script.lining_sheet.records import Block, Entry, LinedTake, Piece
from answerprint.script.records import Element, Script

__all__ = ["blocks"]


def blocks(
    script: Script, takes: Sequence[LinedTake], runs: Sequence[Run], changed: Sequence[Change], missed: Sequence[Miss], marks: Marks
) -> tuple[Block, ...]:
    """The script cut after every item that ends on it, with the takes that cover it."""
    ends: dict[int, list[int]] = {}
    for item in script.items:
        if item.places:
            ends.setdefault(item.places[-1].element, []).append(item.number)
    at: dict[int, list[tuple[Run, Stretch]]] = {}
    for run in runs:
        for stretch in run.stretches:
            at.setdefault(stretch.item.number, []).append((run, stretch))
    told: set[int] = set()
    out: list[Block] = []
    paragraphs: list[tuple[str, tuple[Piece, ...]]] = []
    for element in script.elements:
        if not element.printed:
            continue
        paragraphs.append((element.kind, tuple(_pieces(element, takes, changed, missed, marks))))
        if numbers := ends.get(element.index):
            entries = tuple(_entry(script, run, stretch, takes, changed, missed, marks, told) for number in numbers for run, stretch in at.get(number, ()))
            items = [item for item in script.items if item.number in numbers]
            bare = bool(takes) and any(not item.card and item.stock is None and item.number not in at for item in items)
            out.append(Block(items=tuple(numbers), paragraphs=tuple(paragraphs), entries=entries, bare=bare))
            paragraphs = []
    if paragraphs:
        out.append(Block(items=(), paragraphs=tuple(paragraphs), entries=(), bare=False))
    return tuple(out)


def _pieces(element: Element, takes: Sequence[LinedTake], changed: Sequence[Change], missed: Sequence[Miss], marks: Marks) -> list[Piece]:
    """The letters of an element; what was said otherwise goes with the first letter it replaces, a miss never hides a change."""
    text = clean(element.text)
    spans: list[tuple[int, int, Piece]] = []
    for one in changed:
        mine = [(start, end) for number, start, end in one.spans if number == element.index]
        if mine:
            start, end = mine[0][0], mine[-1][1]
            take, seconds, item = one.places[0]
            over = f"{one.heard} {', '.join(takes[n].slate for n in one.takes)}"
            spans.append((start, end, Piece(text=text[start:end], over=over, mark=marks.to(take, seconds, f"line {item}: “{one.heard}”"))))
    for miss in missed:
        if miss.element == element.index:
            spans.append((miss.start, miss.end, Piece(text=text[miss.start : miss.end], missed=True)))
    out: list[Piece] = []
    last = 0
    for start, end, piece in sorted(spans, key=lambda span: (span[0], -span[1], span[2].missed)):
        if start < last:
            if piece.over and out and out[-1].over:
                out[-1] = Piece(text=out[-1].text, over=f"{out[-1].over}; {piece.over}", mark=out[-1].mark)
            continue
        if start > last:
            out.append(Piece(text=text[last:start]))
        out.append(piece)
        last = end
    if last < len(text):
        out.append(Piece(text=text[last:]))
    return out


def _entry(
    script: Script, run: Run, stretch: Stretch, takes: Sequence[LinedTake], changed: Sequence[Change], missed: Sequence[Miss], marks: Marks, told: set[int]
) -> Entry:
    take, item = takes[run.take], stretch.item.number
    says: list[tuple[str, str | None, str | None]] = []
    for one in changed:
        for number, seconds, of in one.places:
            if (number, of) == (run.take, item):
                instead = " ".join(" ".join(script.elements[element].text[start:end] for element, start, end in one.spans).split())
                says.append((f"“{one.heard}” for “{instead}”" if instead else f"Added: “{one.heard}”", None, marks.to(number, seconds, f"line {item}: “{one.heard}”")))
    for miss in missed:
        for number, seconds, of in miss.places:
            if (number, of) == (run.take, item):
                words = " ".join(script.elements[miss.element].text[miss.start : miss.end].split())
                says.append((f"Missed: “{words}”", None, marks.to(number, seconds, f"line {item}, missed: “{clean(words)[:120]}”")))
    if not stretch.covered.complete:
        says.append(("Stops before the end", None, None))
    if run.take not in told:
        told.add(run.take)
        says += [(words, None, marks.to(run.take, take.in_s, "its name")) for words in take.conflicts]
        says += [(take.comment, take.comment_by or "the day’s notes", marks.to(run.take, take.in_s, "comment"))] if take.comment else []
        says += [(f"Not in the script: “{one.text}”", None, marks.to(run.take, one.in_s, f"not in the script: “{clean(one.text)[:60]}”")) for one in take.off_script]
        says += [
            (f"“{one.text}”", f"{one.speaker}, {when(take, one)}" if one.speaker else f"heard {when(take, one)}", marks.to(run.take, one.in_s, f"remark: “{clean(one.text)[:60]}”"))
            for one in take.remarks
        ]
    kind = "line" if stretch.item.spoken else "picture"
    return Entry(
        take=run.take, item=item, stroke=stretch.stroke, complete=stretch.covered.complete,
        mark=marks.to(run.take, stretch.covered.in_s, f"{kind} {item}"), says=tuple((clean(words), by, mark) for words, by, mark in says),
    )  # fmt: skip
