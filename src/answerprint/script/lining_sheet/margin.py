"""The margin beside the page: ad-libs and misses in the machine's words, remarks and comments in people's, each with its slate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from answerprint.model.attempts import OffScript
from answerprint.script.lining_sheet.hand import Miss
from answerprint.script.lining_sheet.lanes import Run
from answerprint.script.lining_sheet.metrics import clean, folded
from answerprint.script.lining_sheet.records import BOTTOM, FIELD, HEIGHT, Label, LinedTake, Link, Note, Page, Touch
from answerprint.script.records import Script

__all__ = ["Marks", "Said", "about", "beside", "missed", "note", "overflow", "touches", "when"]

_GAP = 7.0
_FLOOR = BOTTOM + 14.0
_CEILING = 58.0
MACHINE, PERSON, NAME = 8.0, 9.6, 8.6  #: type sizes
_COLUMNS = 3


class Marks:
    """Numbers the marks of a sheet and keeps where each leads."""

    def __init__(self, takes: Sequence[LinedTake]) -> None:
        self.takes = takes
        self.links: list[Link] = []
        self._known: dict[tuple[int, float, str], str] = {}

    def to(self, take: int, seconds: float, what: str) -> str:
        """The mark that leads to a take at `seconds` of its clip; the same place with the same words is one mark."""
        key = (take, round(seconds, 3), what)
        if key not in self._known:
            one = self.takes[take]
            self._known[key] = f"k{len(self.links) + 1}"
            self.links.append(Link(mark=self._known[key], clip=one.clip, attempt=one.attempt, seconds=max(0.0, key[1]), what=f"{one.slate}, {what}"))
        return self._known[key]


@dataclass(frozen=True, kw_only=True)
class Said:
    """A note before it has a place: who says it about which take, and the typed line it stands beside."""

    row: int
    text: str
    person: bool
    by: str
    mark: str | None
    asks: bool = False


def when(take: LinedTake, what: OffScript) -> str:
    """Where a quotation stands to its take: "after 3A-2"."""
    side = "before" if what.in_s < take.in_s else "after" if what.in_s >= take.in_s + take.length_s else "during"
    return f"{side} {take.slate}"


def about(number: int, take: LinedTake, row: int, run: Run | None, marks: Marks) -> list[Said]:
    """Everything that stands in the margin for one take: conflicts, its comment, ad-libs, remarks.

    Args:    row: the typed line its head stands over.  run: its first run, to find the line an ad-lib belongs to.
    """
    out = [
        Said(row=row, text=f"{take.slate}: {words}", person=False, by="", mark=marks.to(number, take.in_s, "its name"), asks=True) for words in take.conflicts
    ]
    if take.comment:
        by = f"{take.comment_by or 'the day’s notes'}, on {take.slate}"
        out.append(Said(row=row, text=take.comment, person=True, by=by, mark=marks.to(number, take.in_s, "comment")))
    for said in take.off_script:
        out.append(Said(
            row=_beside(said, row, run), text=f"{take.slate}  Not in the script{_who(said)}: “{said.text}”", person=False, by="",
            mark=marks.to(number, said.in_s, f"not in the script: “{clean(said.text)[:60]}”"),
        ))  # fmt: skip
    for said in take.remarks:
        by = f"{said.speaker}, {when(take, said)}" if said.speaker else f"heard {when(take, said)}"
        out.append(Said(row=row, text=f"“{said.text}”", person=True, by=by, mark=marks.to(number, said.in_s, f"remark: “{clean(said.text)[:60]}”")))
    return out


def _who(said: OffScript) -> str:
    return f", {said.speaker}" if said.speaker else ""


def _beside(said: OffScript, row: int, run: Run | None) -> int:
    for stretch in run.stretches if run else ():
        if stretch.covered.in_s <= said.in_s:
            row = stretch.last if said.in_s >= stretch.covered.out_s else stretch.first
    return row


def missed(script: Script, misses: Sequence[Miss], takes: Sequence[LinedTake], marks: Marks) -> list[Said]:
    """What is bracketed: one note for everything that the same takes miss of an item."""
    together: dict[tuple[int, tuple[int, ...]], list[Miss]] = {}
    for miss in misses:
        together.setdefault((miss.places[0][2], tuple(miss.takes)), []).append(miss)
    out = []
    for (item, who), mine in together.items():
        words = ", ".join("“" + " ".join(script.elements[miss.element].text[miss.start : miss.end].split()) + "”" for miss in mine)
        slates = ", ".join(dict.fromkeys(takes[take].slate for take in who))
        take, seconds, _ = mine[0].places[0]
        mark = marks.to(take, seconds, f"line {item}, missed: {clean(words)[:120]}")
        out.append(Said(row=mine[0].row, text=f"{slates}  [ ] missed: {words}", person=False, by="", mark=mark))
    return out


def note(said: Said, *, x: float, top: float, room: float) -> Note:
    lines = folded(said.text, "serif" if said.person else "sans", PERSON if said.person else MACHINE, room * (0.92 if said.person else 1.0))
    by = " ".join(clean(said.by).split())
    height = 12.0 * len(lines) + 11.0 * len(folded(by, "italic", NAME, room * 0.92)) if said.person else 4.0 + 10.4 * len(lines)
    return Note(x=x, top=top, height=height, lines=lines, person=said.person, by=by, mark=said.mark, asks=said.asks)


def beside(wanted: Sequence[tuple[float, Said]]) -> tuple[list[Note], list[Said]]:
    """Notes beside one page, each as near to its typed line as its neighbours let it.

    Args:    wanted: (how far down its typed line stands, the note).
    Returns: the notes that fit, none over another, and those for which the margin is too short.
    """
    room = FIELD[1] - FIELD[0]
    placed: list[Note] = []
    over: list[Said] = []
    total = 0.0
    for top, said in sorted(wanted, key=lambda one: one[0]):
        one = note(said, x=FIELD[0], top=top, room=room)
        total += one.height + _GAP
        if over or total > _FLOOR - _CEILING:
            over.append(said)
            continue
        placed.append(replace(one, top=max(top, placed[-1].top + placed[-1].height + _GAP) if placed else top))
    floor = _FLOOR
    for n in range(len(placed) - 1, -1, -1):
        top = min(placed[n].top, floor - placed[n].height)
        placed[n] = replace(placed[n], top=top)
        floor = top - _GAP
    return placed, over


def overflow(name: str, over: Sequence[Said]) -> list[Page]:
    """Sheets of margin alone, in columns, for what did not fit beside a page."""
    pages: list[Page] = []
    notes: list[Note] = []
    wide = FIELD[1] - FIELD[0]
    column, top = 0, _CEILING + 14
    for said in over:
        one = note(said, x=54.0 + column * (wide + 28.0), top=top, room=wide)
        if top + one.height > HEIGHT - 54.0 and top > _CEILING + 14:
            column, top = column + 1, _CEILING + 14
            if column == _COLUMNS:
                pages.append(_sheet(name, notes))
                notes, column = [], 0
            one = note(said, x=54.0 + column * (wide + 28.0), top=top, room=wide)
        notes.append(one)
        top += one.height + _GAP
    return [*pages, _sheet(name, notes)] if notes else pages


def _sheet(name: str, notes: Sequence[Note]) -> Page:
    title = Label(x=54.0, y=52.0, text=f"Margin of page {name.rstrip('.')}, continued", face="bold", size=12)
    return Page(name=f"{name} margin", kind="margin", notes=tuple(notes), labels=(title,))


def touches(run: Run, tops: Sequence[tuple[int, float, float]], marks: Marks) -> list[tuple[int, Touch]]:
    """A run's stretches of line on one page, each with the place it plays from: (stretch, touch), from the top down.

    Args:    tops: (typed line, from, to) of each of its lines on this page.
    """
    out: list[tuple[int, Touch]] = []
    for row, top, bottom in tops:
        which = max((n for n, one in enumerate(run.stretches) if one.first <= row), default=0)
        stretch = run.stretches[which]
        mark = marks.to(run.take, _seconds(run, which, row), f"{'line' if stretch.item.spoken else 'picture'} {stretch.item.number}")
        if out and out[-1][0] == which and out[-1][1].mark == mark:
            out[-1] = (which, replace(out[-1][1], bottom=bottom))
        else:
            out.append((which, Touch(mark=mark, top=top, bottom=bottom)))
    return out


def _seconds(run: Run, which: int, row: int) -> float:
    """When the first word heard on this typed line begins; before the first, when the item does."""
    stretch = run.stretches[which]
    return max([stretch.covered.in_s, *(seconds for at, seconds in stretch.times if at <= row)])
