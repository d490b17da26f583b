"""A script as typed lines: where each letter stands across the page. How far down is known once the takes are lined."""

from __future__ import annotations

from dataclasses import dataclass, field

from answerprint.script.lining_sheet.metrics import cells, clean, wrapped
from answerprint.script.lining_sheet.records import LEFT, PITCH, RIGHT
from answerprint.script.records import Element, Item, Script

__all__ = ["NAME", "Row", "Typed", "typed"]

NAME = 266.4  #: where the name over a speech begins
#: (left edge, columns): indents of a US screenplay in inches x 72: action 1.5, dialogue 2.5, parenthetical 3.1, name 3.7
_INDENT = {"dialogue": (180.0, 35), "lyrics": (180.0, 35), "parenthetical": (223.2, 25), "character": (NAME, 33)}
_BOARD = {"dialogue": (122.4, 26), "lyrics": (122.4, 26), "parenthetical": (136.8, 24), "character": (151.2, 22)}
_SPEECH = ("parenthetical", "dialogue", "lyrics")
_FRAME_ROWS = 4  #: a board frame is at least this many lines high, so that a take beside it is a line and no dot


@dataclass(kw_only=True)
class Row:
    """One typed line: characters [start, end) of an element. Element -1 is the title, or the room a frame keeps."""

    element: int
    start: int
    end: int
    x: float
    text: str
    before: float  #: blank points above it, unless it opens a page
    group: int  #: rows of one group stay on one page
    turn: bool = False  #: a page break stands before it
    spoken: bool = False  #: where a page breaks here, the speech says that it goes on
    block: bool = False  #: the first row of a board frame or of a row of a two-column script


@dataclass(kw_only=True)
class Typed:
    rows: list[Row] = field(default_factory=list)
    of: dict[int, list[int]] = field(default_factory=dict)  #: element -> its rows
    lanes: tuple[float, float] = (LEFT, RIGHT)  #: where takes are lined

    def at(self, element: int, offset: int) -> int:
        """The row a character stands on."""
        found = self.of[element]
        return next((row for row in reversed(found) if self.rows[row].start <= offset), found[0])

    def x(self, row: int, offset: int) -> float:
        """The left edge of a character, kept within the row."""
        one = self.rows[row]
        return one.x + PITCH * cells(one.text[: max(0, offset - one.start)])

    def broken(self, row: int) -> bool:
        """Whether a page that begins with this row begins inside a speech."""
        return 0 < row < len(self.rows) and self.rows[row].spoken and self.rows[row - 1].group == self.rows[row].group

    def of_item(self, item: Item) -> list[int]:
        """The rows an item stands on; empty where it is not on the page."""
        return sorted({row for place in item.places if place.element in self.of for row in self.of[place.element] if self._on(row, place.start, place.end)})

    def _on(self, row: int, start: int, end: int) -> bool:
        one = self.rows[row]
        return (one.start < end and start < one.end) or (one.start == start and one.end == one.start)


def typed(script: Script) -> Typed:
    """Every printed element in typed lines, in the order of the page."""
    board = script.format == "shot list"
    page = Typed(lanes=(LEFT + 30 * PITCH, RIGHT)) if board else Typed()
    group = 0
    if script.title:
        for n, words in enumerate([script.title, *([script.author] if script.author else [])]):
            for start, end in wrapped(clean(words), 60):
                text = clean(words)[start:end]
                page.rows.append(Row(element=-1, start=0, end=0, x=_centre(text), text=text, before=24.0 if n == 0 else 0.0, group=group))
        page.rows.append(Row(element=-1, start=0, end=0, x=LEFT, text="", before=0.0, group=group))
    turn, last, row_number = False, "", None
    for element in script.elements:
        if not element.printed:
            turn = turn or element.kind == "page break"
            continue
        tight = element.kind in _SPEECH and last in ("character", *_SPEECH)
        new_block = element.row is not None and element.row != row_number
        if not tight and last not in ("scene heading", "shot") and (not board or new_block):
            if board:
                _frame(page, group)
            group += 1
        _element(page, element, group, board=board, before=0.0 if tight else 24.0 if element.kind == "scene heading" else 12.0, turn=turn, block=new_block)
        turn, last, row_number = False, element.kind, element.row
    if board:
        _frame(page, group)
    return page


def _frame(page: Typed, group: int) -> None:
    """Room below a frame's words."""
    mine = [row for row in page.rows if row.group == group and row.element >= 0]
    for _ in range(len(mine), _FRAME_ROWS if mine else 0):
        page.of[mine[-1].element].append(len(page.rows))
        page.rows.append(Row(element=mine[-1].element, start=mine[-1].end, end=mine[-1].end, x=LEFT, text="", before=0.0, group=group))


def _element(page: Typed, element: Element, group: int, *, board: bool, before: float, turn: bool, block: bool) -> None:
    text = clean(element.text)
    x, columns = (_BOARD if board else _INDENT).get(element.kind, (LEFT, 28 if board else 60))
    page.of[element.index] = []
    for n, (start, end) in enumerate(wrapped(text, columns)):
        line = text[start:end]
        left = x
        if element.kind == "transition" and not board:
            left = max(LEFT, RIGHT - PITCH * cells(line))
        elif element.kind == "centred" and not board:
            left = _centre(line)
        page.of[element.index].append(len(page.rows))
        row = Row(element=element.index, start=start, end=end, x=left, text=line, before=before if n == 0 else 0.0, group=group)
        row.turn, row.block, row.spoken = turn and n == 0, block and n == 0, element.kind in ("dialogue", "lyrics")
        page.rows.append(row)


def _centre(text: str) -> float:
    return max(LEFT, LEFT + PITCH * ((60 - cells(text)) // 2))
