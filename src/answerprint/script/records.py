"""What a script is once it is read: everything on its pages in order, and the items that somebody has to shoot or say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from answerprint.model.records import AnswerprintError

__all__ = ["Dual", "Element", "ElementKind", "Item", "ItemKind", "Place", "Script", "ScriptError", "Style", "StyleKind"]

ItemKind = Literal["line", "voice-over", "picture", "board"]
ElementKind = Literal[
    "scene heading", "shot", "action", "character", "parenthetical", "dialogue", "lyrics", "transition", "centred",  # printed, screenplay
    "picture", "super", "sound",  # printed, rows of a table
    "page break", "section", "synopsis", "note", "boneyard", "omitted",  # not printed
]  # fmt: skip
StyleKind = Literal["bold", "italic", "underline"]
Dual = Literal["left", "right"]

_UNPRINTED = ("page break", "section", "synopsis", "note", "boneyard", "omitted")


class ScriptError(AnswerprintError):
    """A script that cannot be read: which file, what it is instead, what to do."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Characters [start, end) of one element's text."""

    element: int
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Style:
    """How characters [start, end) of an element's text are set."""

    start: int
    end: int
    kind: StyleKind


@dataclass(frozen=True, kw_only=True)
class Element:
    """One paragraph of the script, or one cell's part of a table, in the order of the page."""

    index: int  #: its place in Script.elements
    kind: ElementKind
    text: str  #: without marks of emphasis and without notes; line breaks as written
    styles: tuple[Style, ...] = ()
    number: str | None = None  #: the scene or shot number the script itself writes here
    level: int = 0  #: of a section, 1 is the highest
    in_speech: bool = False  #: of words and brackets: it stands under a name
    dual: Dual | None = None  #: the side, where two people speak at once
    page: int | None = None  #: where the file says it (page breaks; Final Draft: the page the scene begins on)
    row: int | None = None  #: of a table, 1 is its first row below the header
    alone: bool = False  #: of a note: a paragraph of its own

    @property
    def printed(self) -> bool:
        """Whether it stands on the page that a crew is handed."""
        return self.kind not in _UNPRINTED


@dataclass(frozen=True, kw_only=True)
class Item:
    """Something to be said or shot: the unit in which coverage is counted.

    `text` is what is spoken, or the description: the words of `places` joined by line breaks, exactly, so that a position in the
    text leads back to the page (`Script.place`).
    """

    number: int  #: from 1, in the order of the page
    kind: ItemKind
    text: str
    character: str | None = None  #: who speaks, without extensions
    scene: str | None = None  #: scene or shot as the script numbers it; where it numbers none, the running count of its headings
    heading: str | None = None  #: the scene heading it stands under
    parenthetical: str | None = None  #: without brackets; several are joined by "; "
    off_camera: bool = False  #: voice-over, off screen or off camera by the script's word
    card: bool = False  #: lettering (super, title, end card, legal line): made, not shot
    seconds: Fraction | None = None  #: scripted length
    size: str | None = None  #: shot size as written ("CU", "close on")
    hero: str | None = None  #: what the hero shot shows, where this is one
    stock: str | None = None  #: what is to come from a stock library, where this is a stock slot
    alts: tuple[str, ...] = ()  #: other wordings
    page: int | None = None
    places: tuple[Place, ...] = ()

    @property
    def spoken(self) -> bool:
        return self.kind in ("line", "voice-over")

    @property
    def flat(self) -> str:
        """The text on one line."""
        return " ".join(self.text.split())

    def marked(self, key: str, says: str) -> Item:
        """The item with a note of ours: "HERO", "STOCK" (empty: what the item itself says) or "ALT"."""
        if key == "HERO":
            return replace(self, hero=says or self.flat)
        if key == "STOCK":
            return replace(self, stock=says or self.flat)
        return replace(self, alts=(*self.alts, says)) if says else self


@dataclass(frozen=True, kw_only=True)
class Script:
    """A script as it was read. Nothing is left out: what is not an item is still an element, what was not understood has a sentence."""

    source: str  #: the file's name
    format: Literal["fountain", "final draft", "two-column", "shot list"]
    title: str | None = None
    credit: str | None = None
    author: str | None = None
    seconds: Fraction | None = None  #: the film's length where the title page gives one
    title_page: tuple[tuple[str, str], ...] = ()  #: every field of it, as written
    elements: tuple[Element, ...] = ()
    items: tuple[Item, ...] = ()
    notes: tuple[str, ...] = ()  #: sentences about what could not be read, or was read by a guess

    def place(self, item: Item, offset: int) -> tuple[int, int]:
        """Where a character of an item's text stands: (element index, offset in that element's text).

        Raises: ScriptError for an offset outside the text.
        """
        left = offset
        for place in item.places:
            length = place.end - place.start
            if 0 <= left <= length:
                return place.element, place.start + left
            left -= length + 1
        raise ScriptError(f"{self.source}: item {item.number} has {len(item.text)} characters, none at {offset}.")

    def speakers(self) -> tuple[str, ...]:
        """Everybody who says an item, in order of their first word."""
        return tuple(dict.fromkeys(item.character for item in self.items if item.spoken and item.character))
