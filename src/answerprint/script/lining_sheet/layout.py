"""From a script and its takes to a sheet: type the page, line it, write on it, cut it into pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from answerprint.model.attempts import OffScript
from answerprint.script.lining_sheet import hand, lanes, log, margin
from answerprint.script.lining_sheet.column import blocks
from answerprint.script.lining_sheet.metrics import clean
from answerprint.script.lining_sheet.paper import Drawn, Paper
from answerprint.script.lining_sheet.records import BOTTOM, PITCH, RIGHT, TOP, Block, LinedTake, Page, Sheet
from answerprint.script.lining_sheet.rows import Typed, typed
from answerprint.script.records import Script, ScriptError

__all__ = ["lay_out"]

_ROW = 12.0
_HEADS = 28.0  #: the room that slates with size and length take over a typed line
_TOGETHER = 18 * _ROW  #: a third of a page: a taller speech is broken rather than leave that much white
_START = 5 * _ROW  #: of a broken one, at least its name and the first lines stand before the break


def lay_out(script: Script | None, takes: Sequence[LinedTake]) -> Sheet:
    """Line a script.

    Args:    script: None or one without anything printed for a shoot without a script: then the sheet is the takes as they were shot.
             takes: in shooting order; a take of several cameras is one.
    Returns: a Sheet. Its script pages carry at most as many lines side by side as can be read; what is more stands on a further
             sheet with the same text. A log of all takes closes it.
    Raises:  ScriptError where a take covers an item that the script does not have, or a take has a time that is not a number.
    """
    for take in takes:
        if not (take.in_s == take.in_s and 0 <= take.length_s < 10**7 and abs(take.in_s) < 10**7):
            raise ScriptError(f"{take.slate}: it begins at {take.in_s} s and is {take.length_s} s long. Give seconds from the clip's first frame.")
    takes = [_shown(take) for take in takes]
    marks = margin.Marks(takes)
    sentences = list(script.notes) if script else []
    pages: list[Page] = []
    column: tuple[Block, ...] = ()
    unlined = list(range(len(takes)))
    if script is not None and any(element.printed for element in script.elements):
        lining = _line(script, takes)
        pages = _pages(script, takes, lining, marks)
        lined = {run.take for run in lining.runs}
        unlined = [n for n in range(len(takes)) if n not in lined]
        column = blocks(script, takes, lining.runs, *lining.hands, marks)
    elif takes:
        sentences.append("No script: the takes as they were shot.")
    if takes and unlined and pages:
        names = ", ".join(takes[n].slate for n in unlined[:8]) + (f" and {len(unlined) - 8} more" if len(unlined) > 8 else "")
        sentences.append(f"{names}: nothing of the script is covered; {'it stands' if len(unlined) == 1 else 'they stand'} in the log of takes.")
    if not takes:
        sentences.append("No take has been lined yet.")
    pages += log.pages(takes, unlined, marks, scripted=bool(pages))
    title = clean((script.title if script else None) or (script.source if script else None) or "Takes")
    return Sheet(
        title=" ".join(title.split()), source=clean(script.source) if script else "", takes=tuple(takes), pages=tuple(pages), blocks=column,
        links=tuple(marks.links), sentences=tuple(sentences),
    )  # fmt: skip


def _shown(take: LinedTake) -> LinedTake:
    """The take with every text on one line and fit to be drawn. The clip's name stays as it is: it is an address."""

    def flat(text: str) -> str:
        return " ".join(clean(text).split())

    def maybe(text: str | None) -> str | None:
        return flat(text) if text else None

    def spoken(said: Sequence[OffScript]) -> tuple[OffScript, ...]:
        return tuple(replace(one, text=flat(one.text), speaker=maybe(one.speaker)) for one in said)

    return replace(
        take, slate=flat(take.slate), kind=flat(take.kind), roll=maybe(take.roll), cameras=tuple(map(flat, take.cameras)), size=maybe(take.size), lens=maybe(take.lens),
        timecode=maybe(take.timecode), circled_by=maybe(take.circled_by), comment=maybe(take.comment), comment_by=maybe(take.comment_by),
        conflicts=tuple(map(flat, take.conflicts)), off_script=spoken(take.off_script), remarks=spoken(take.remarks),
    )  # fmt: skip


@dataclass(kw_only=True)
class Lining:
    """The script typed and lined, before it is cut into pages."""

    page: Typed
    runs: list[lanes.Run]
    count: int  #: lanes side by side
    layers: list[Layer] = field(default_factory=list)
    hands: tuple[list[hand.Change], list[hand.Miss]] = ([], [])


@dataclass(kw_only=True)
class Layer:
    """The takes that stand on one sheet, and what is written there."""

    runs: list[lanes.Run]
    hands: list[hand.Hand]
    misses: list[hand.Miss]


def _line(script: Script, takes: Sequence[LinedTake]) -> Lining:
    page = typed(script)
    runs = lanes.runs(script, takes, page)
    left, right = page.lanes
    count = lanes.lanes(runs, right - left)
    lining = Lining(page=page, runs=runs, count=count, hands=hand.changes(script, page, runs))
    for number in range(1 + max((run.lane // count for run in runs), default=0)):
        mine = [run for run in runs if run.lane // count == number]
        found, misses = hand.changes(script, page, mine)
        walls: dict[int, list[float]] = {}
        for run in mine:
            for row in range(run.first, run.last + 1):
                walls.setdefault(row, []).append(_x(lining, run))
        lining.layers.append(Layer(runs=mine, hands=hand.write(page, found, takes, walls, RIGHT + 10.0), misses=misses))
    return lining


def _x(lining: Lining, run: lanes.Run) -> float:
    """The middle of a run's lane, always between two typewriter columns: a straight line passes between letters, not through them."""
    left, right = lining.page.lanes
    columns = round((right - left) / PITCH)
    each = columns // lining.count
    return round(left + PITCH * ((columns - each * lining.count) // 2 + each // 2 + each * (run.lane % lining.count)), 2)


def _pages(script: Script, takes: Sequence[LinedTake], lining: Lining, marks: margin.Marks) -> list[Page]:
    heads = {run.first for run in lining.runs}
    levels: dict[int, int] = {}
    for layer in lining.layers:
        for one in layer.hands:
            levels[one.change.row] = max(levels.get(one.change.row, 0), one.level + 1)
    above = [(_HEADS if n in heads else 0.0) + hand.LEVEL * levels.get(n, 0) for n in range(len(lining.page.rows))]
    notes = [_notes(script, takes, lining, layer, marks) for layer in lining.layers]
    out: list[Page] = []
    for number, placed in enumerate(_cut(lining.page, above), 1):
        for index, layer in enumerate(lining.layers):
            mine = [run for run in layer.runs if _here(run, placed)]
            if index and not mine:
                continue
            letter = _letter(index)
            paper = Paper(script=script, page=lining.page, placed=placed, above=above, levels=levels, takes=takes, marks=marks)
            drawn = Drawn(
                name=f"{number}{letter}.", runs=[(run, _x(lining, run)) for run in mine], hands=layer.hands, misses=layer.misses,
                bare=_bare(script, takes, lining) if index == 0 else frozenset(), first=number == 1, more=_more(number, [layer.runs for layer in lining.layers], placed, index),
            )  # fmt: skip
            beside, over = margin.beside([(placed[said.row] - above[said.row], said) for said in notes[index] if said.row in placed])
            out.append(paper.draw(drawn, beside))
            out += margin.overflow(f"{number}{letter}.", over)
    return out


def _here(run: lanes.Run, placed: Mapping[int, float]) -> bool:
    """Whether a run stands on a page: both are stretches of typed lines without a gap."""
    return run.first <= max(placed) and min(placed) <= run.last


def _letter(index: int) -> str:
    """Of a further sheet, as a page that is put in between is numbered: 1, 1A, 1B."""
    return "" if index == 0 else chr(64 + index) if index <= 26 else f"-{index}"


def _more(number: int, layers: Sequence[Sequence[lanes.Run]], placed: Mapping[int, float], index: int) -> str:
    """Where this page's other takes stand; empty where they all stand here."""
    others = [n for n, runs in enumerate(layers) if n != index and (n == 0 or any(_here(run, placed) for run in runs))]
    return f"more takes of this page: {', '.join(f'{number}{_letter(n)}' for n in others)}" if others else ""


def _bare(script: Script, takes: Sequence[LinedTake], lining: Lining) -> frozenset[int]:
    """Items to shoot that no take covers; none before the first take."""
    done = {stretch.item.number for run in lining.runs for stretch in run.stretches}
    return frozenset(item.number for item in script.items if takes and not item.card and item.stock is None and item.number not in done)


def _notes(script: Script, takes: Sequence[LinedTake], lining: Lining, layer: Layer, marks: margin.Marks) -> list[margin.Said]:
    out = margin.missed(script, layer.misses, takes, marks)
    first: dict[int, lanes.Run] = {}
    for run in lining.runs:
        first.setdefault(run.take, run)
    here = {id(run) for run in layer.runs}
    for number, take in enumerate(takes):
        if number in first and id(first[number]) in here:
            out += margin.about(number, take, first[number].first, first[number], marks)
    return out


def _cut(page: Typed, above: Sequence[float]) -> list[dict[int, float]]:
    """Pages: typed line -> how far down it stands. 55 lines of room a page; a speech, and a heading with what follows, stay together."""
    groups: list[list[int]] = []
    for n, row in enumerate(page.rows):
        if groups and page.rows[groups[-1][-1]].group == row.group:
            groups[-1].append(n)
        else:
            groups.append([n])
    out: list[dict[int, float]] = [{}]
    at = TOP
    for group in groups:
        tall = sum(above[n] + page.rows[n].before + _ROW for n in group)
        least = tall if tall <= _TOGETHER else _START + above[group[0]] + page.rows[group[0]].before
        if out[-1] and (page.rows[group[0]].turn or at + least > BOTTOM):
            out.append({})
            at = TOP
        for n in group:
            before = page.rows[n].before if out[-1] else 0.0
            if out[-1] and at + before + above[n] + _ROW > BOTTOM:
                out.append({})
                at, before = TOP + (_ROW if page.broken(n) else 0.0), 0.0
            at += before + above[n]
            out[-1][n] = round(at, 2)
            at += _ROW
    return out
