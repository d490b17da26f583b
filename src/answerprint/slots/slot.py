"""A stock slot: the one place of a film that something generated may fill. Everything else is shot, recorded, written or drawn by people.

The script says which items are stock slots: [[STOCK: rain on a window]]. A value of `StockSlot` cannot be made from any other item, so what
takes one cannot be asked for a hero shot or for the story.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from answerprint.desk import Desk
from answerprint.model.records import AnswerprintError
from answerprint.script.records import Item

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SlotError", "StockSlot", "closed", "may", "named", "no_slots", "slots", "way_out"]

_ROAD = "Something generated goes into stock slots alone"


class SlotError(AnswerprintError):
    """Something generated where none may stand: which item, why, and which road is open."""


@dataclass(frozen=True, kw_only=True)
class StockSlot:
    """An item of the script that is to come from a stock library, and where something generated may be a candidate.

    Raises: SlotError: the item is a hero shot, is spoken, is lettering, or is no stock slot.
    """

    item: Item
    number: int = 1  #: among the stock slots of the script, from 1

    def __post_init__(self) -> None:
        if why := closed(self.item):
            raise SlotError(f"{why} {_ROAD}.")

    @property
    def name(self) -> str:
        """As people call it: "STOCK:1"."""
        return f"STOCK:{self.number}"

    @property
    def says(self) -> str:
        """What is to be seen, in the script's words."""
        return " ".join((self.item.stock or "").split())

    @property
    def words(self) -> str:
        """As a sentence names it."""
        return f"{self.name} (item {self.item.number}, “{_short(self.says)}”)"


def closed(item: Item) -> str:
    """Why an item takes nothing generated, in a sentence; "" for a stock slot."""
    which = f"item {item.number} “{_short(item.flat)}”"
    if item.hero is not None:
        both = " The script marks it [[STOCK]] as well: take one of the two marks out." if item.stock is not None else ""
        return f"{which} is a hero shot: it is shot.{both}"
    if item.spoken:
        return f"{which} is spoken{f' by {item.character}' if item.character else ''}: somebody says it, and is recorded."
    if item.card:
        return f"{which} is lettering: it is drawn from given words."
    if item.stock is None:
        return f"{which} belongs to the story: it is shot."
    return ""


def slots(desk: Desk) -> tuple[StockSlot, ...]:
    """Every stock slot of the script, in its order; none where there is no script, or it marks none."""
    found = [item for item in desk.items.values() if not closed(item)]
    return tuple(StockSlot(item=item, number=number) for number, item in enumerate(found, 1))


def no_slots(desk: Desk) -> tuple[str, ...]:
    """A sentence for each item that the script marks [[STOCK]] and that is no stock slot all the same, in its order: why, and what to do."""
    return tuple(_marked(item) for item in desk.items.values() if item.stock is not None and closed(item))


def _marked(item: Item) -> str:
    why = closed(item)
    if item.hero is not None:
        return why
    return f"{why} The script marks it [[STOCK]] as well: a stock picture beside it is written as a note in a paragraph of its own."


def may(desk: Desk, item: int) -> StockSlot:
    """The stock slot that an item is.

    Raises: SlotError: it is none; the sentence says why and which slots there are.  DeskError: the script has no such item.
    """
    found = desk.items[desk.item(str(item))]
    if why := closed(found):
        raise SlotError(f"{why} {way_out(desk)}")
    return next(one for one in slots(desk) if one.item.number == found.number)


def named(desk: Desk, text: str) -> StockSlot:
    """The stock slot that somebody means: STOCK:1 is the first one of the script, HERO:1 its first hero shot, item:3 its third item.

    Raises: SlotError: it is no stock slot, or there is none of that name.  DeskError: the script has no such item.
    """
    word, _, rest = text.strip().partition(":")
    kind, number = (word.casefold(), rest.strip()) if rest else ("item", word)
    if kind == "item":
        return may(desk, int(number) if number.isdecimal() else desk.item(number))
    listed: Mapping[str, list[int]] = {
        "stock": [one.item.number for one in slots(desk)],
        "hero": [one.number for one in desk.items.values() if one.hero is not None],
    }
    if kind not in listed:
        raise SlotError(f"{text!r} is no slot. Name it by its mark or its item: STOCK:1, item:3. {way_out(desk)}")
    there = listed[kind]
    if not number.isdecimal() or not 1 <= int(number) <= len(there):
        raise SlotError(f"the script has no {kind.upper()}:{number}: it marks {len(there) or 'no'} {'hero shot' if kind == 'hero' else 'stock slot'}{'' if len(there) == 1 else 's'}. {way_out(desk)}")
    return may(desk, there[int(number) - 1])


def way_out(desk: Desk) -> str:
    """Where something generated may stand in this film, in a sentence."""
    there = slots(desk)
    if there:
        return f"{_ROAD}: {', '.join(one.words for one in there[:4])}{f' and {len(there) - 4} more' if len(there) > 4 else ''}."
    return f"{_ROAD}, and the script marks none. Where stock would have been used anyway, write [[STOCK: what is seen]] beside that picture."


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
