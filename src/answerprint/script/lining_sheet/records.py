"""What a lined script is made of: the takes that go in, and the marks that stand on its pages.

Lengths on the page are points (1/72 inch) from the top left corner of a sheet; x to the right, y down. Text stands on its baseline.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from answerprint.model.attempts import Covered, OffScript

__all__ = [
    "BOTTOM", "FIELD", "HEIGHT", "LEFT", "LINES", "PITCH", "RIGHT", "SWING", "TOP", "WIDTH", "Block", "Bracket", "Caret", "Entry", "Face", "Head", "Label", "Line",
    "LinedTake", "Link", "Note", "Over", "Page", "Piece", "Print", "Rule", "Sheet", "Strike", "Stroke", "Touch",
]  # fmt: skip

#: A US Letter screenplay page (8.5 x 11 in, text from 1.5 to 7.5 in, 55 lines of 12 pt from 1 in down) with 2.5 in of margin for notes beside it.
WIDTH, HEIGHT = 792.0, 792.0
LEFT, RIGHT, TOP, LINES = 108.0, 540.0, 72.0, 55
BOTTOM = TOP + LINES * 12.0
PITCH = 7.2  #: Courier 12 pt sets ten letters to the inch
SWING = 2.6  #: of a wavy line, to either side
FIELD = (RIGHT + 20.0, WIDTH - 28.0)  #: the margin beside the text

Stroke = Literal["on", "off", "thin"]  #: straight, wavy, thin
Face = Literal["type", "sans", "bold", "hand", "serif", "italic"]


@dataclass(frozen=True, kw_only=True)
class LinedTake:
    """One attempt as it is lined. Seconds count from the clip's first frame."""

    slate: str  #: as it is written at the head of the line: "1A-3"
    clip: str  #: the file, as the production names it
    attempt: int  #: from 1, in the clip
    in_s: float
    length_s: float
    kind: str = "take"  #: or "pickup", "wild", "MOS", ... where it is something else, the head says so
    roll: str | None = None
    cameras: tuple[str, ...] = ()
    size: str | None = None
    lens: str | None = None
    timecode: str | None = None  #: at its first frame
    circled: bool = False
    circled_by: str | None = None
    comment: str | None = None
    comment_by: str | None = None
    covered: tuple[Covered, ...] = ()
    off_script: tuple[OffScript, ...] = ()
    remarks: tuple[OffScript, ...] = ()
    conflicts: tuple[str, ...] = ()  #: sentences; a person has to look


@dataclass(frozen=True, kw_only=True)
class Link:
    """Where a mark leads: a clip and seconds in it."""

    mark: str  #: "k12"
    clip: str
    attempt: int
    seconds: float
    what: str  #: "1A-3, line 2: “tell” for “hear”"


@dataclass(frozen=True, kw_only=True)
class Print:
    """A run of screenplay letters in one style, `cells` typewriter columns wide."""

    x: float
    y: float
    text: str
    cells: int
    bold: bool = False
    italic: bool = False
    underline: bool = False
    element: int = -1  #: the element of the script that they are of; -1 for what the page adds
    start: int = 0  #: where in it they begin


@dataclass(frozen=True, kw_only=True)
class Touch:
    """A stretch of a line that leads to one place."""

    mark: str
    top: float
    bottom: float


@dataclass(frozen=True, kw_only=True)
class Line:
    """A take's line down one page, in one stroke. `take` counts from 0 in the order of the takes."""

    take: int
    x: float
    top: float
    bottom: float
    stroke: Stroke
    begins: Literal["head", "joined", "continued"]
    ends: Literal["cap", "open", "joined", "continues"]
    touches: tuple[Touch, ...]


@dataclass(frozen=True, kw_only=True)
class Head:
    """What stands over a line: slate, then size and length; `again` at the top of a page that a line runs on to."""

    take: int
    x: float  #: its middle
    top: float
    width: float
    slate: str
    under: str
    circled: bool
    mark: str
    again: bool = False
    asks: bool = False  #: a person has to look at this take's name


@dataclass(frozen=True, kw_only=True)
class Strike:
    x: float
    right: float
    y: float


@dataclass(frozen=True, kw_only=True)
class Over:
    """What was said instead, or besides, written over the line it belongs to."""

    x: float
    y: float
    width: float
    size: float
    text: str
    mark: str


@dataclass(frozen=True, kw_only=True)
class Caret:
    x: float
    y: float


@dataclass(frozen=True, kw_only=True)
class Bracket:
    x: float
    top: float
    opens: bool


@dataclass(frozen=True, kw_only=True)
class Note:
    """Words in the margin. `by` a person: the words are theirs, and their name stands below; else they are the machine's."""

    x: float
    top: float
    height: float
    lines: tuple[str, ...]
    person: bool
    by: str
    mark: str | None
    asks: bool = False


@dataclass(frozen=True, kw_only=True)
class Label:
    x: float
    y: float
    text: str
    face: Face
    size: float
    align: Literal["left", "right", "middle"] = "left"
    quiet: bool = False
    mark: str | None = None


@dataclass(frozen=True, kw_only=True)
class Rule:
    x: float
    y: float
    right: float
    bottom: float
    kind: Literal["hair", "frame", "stock", "hero", "asks"]


@dataclass(frozen=True, kw_only=True)
class Page:
    """One sheet of paper. `name` is what its corner says."""

    name: str
    kind: Literal["script", "margin", "log"]
    prints: tuple[Print, ...] = ()
    lines: tuple[Line, ...] = ()
    heads: tuple[Head, ...] = ()
    strikes: tuple[Strike, ...] = ()
    overs: tuple[Over, ...] = ()
    carets: tuple[Caret, ...] = ()
    brackets: tuple[Bracket, ...] = ()
    notes: tuple[Note, ...] = ()
    labels: tuple[Label, ...] = ()
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Letters of the script, for reading in one column: struck where `over` says what was said, bracketed where missed."""

    text: str
    over: str = ""
    mark: str | None = None
    missed: bool = False


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A take at an item, for reading in one column."""

    take: int
    item: int | None
    stroke: Stroke
    complete: bool
    mark: str
    says: tuple[tuple[str, str | None, str | None], ...]  #: (words, whose they are: None is the machine, mark)


@dataclass(frozen=True, kw_only=True)
class Block:
    """A stretch of script that ends with an item, and the takes at it."""

    items: tuple[int, ...]
    paragraphs: tuple[tuple[str, tuple[Piece, ...]], ...]  #: (kind of element, its letters)
    entries: tuple[Entry, ...]
    bare: bool  #: a thing to shoot that no take covers


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A lined script: its pages, the same in one column, and where every mark leads."""

    title: str
    source: str
    takes: tuple[LinedTake, ...]
    pages: tuple[Page, ...]
    blocks: tuple[Block, ...]
    links: tuple[Link, ...]
    sentences: tuple[str, ...] = ()  #: what a reader has to know
