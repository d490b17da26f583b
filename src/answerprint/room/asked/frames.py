"""Reference frames from a service that makes pictures: every cell of a grid that somebody laid out in words."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from answerprint import referencing
from answerprint.desk import Desk
from answerprint.model.providers import Cancel, Kind, Provider
from answerprint.room.asked import Planned, Wanted, Watch

__all__ = ["KINDS", "ask", "laid", "place", "plan"]

KINDS: tuple[Kind, ...] = ("pictures",)


def place(wanted: Wanted) -> str:
    return f"frames {wanted.get('item') or 'film'}"[:80]


def plan(desk: Desk, provider: Provider, wanted: Wanted) -> Planned:
    cells, item, more = _read(desk, wanted)
    asked = referencing.looked(desk, provider, cells, item=item, **more)
    against = tuple(dict.fromkeys(line for one in asked for line in one.against))
    return Planned(what=f"{len(cells)} reference frame{'' if len(cells) == 1 else 's'} for {'the film' if item is None else f'item {item}'}", requests=tuple(one.request for one in asked), against=against)


def ask(desk: Desk, provider: Provider, wanted: Wanted, *, agreed: Collection[int], by: str, cancel: Cancel, watch: Watch) -> None:
    cells, item, more = _read(desk, wanted)
    referencing.generate(desk, provider, cells, item=item, **more, agreed=agreed, cancel=cancel, by=by, watch=watch)


def laid(desk: Desk, item: int | None, axes: str, practical: str = "", words: str = "") -> tuple[referencing.Variation, ...]:
    """The cells of a grid, in words. Nothing is asked.

    Args:   words: what is to be seen; the item's own where there are none.
    Raises: FrameError: no words, and no item that has some.  AxisError: an axis, a term or a side that is none; too many.  DeskError: no such item.
    """
    said = words.strip() or (desk.items[desk.item(str(item))].flat if item is not None else "")
    if not said:
        raise referencing.FrameError("what is to be seen? Say it in words.")
    return referencing.grid(said, referencing.axes_of(axes), practical=practical)


def _read(desk: Desk, wanted: Wanted) -> tuple[tuple[referencing.Variation, ...], int | None, dict[str, Any]]:
    item, words = _whole(wanted, "item", "an item"), str(wanted.get("words") or "").strip()
    cells = laid(desk, item, str(wanted.get("grid") or ""), str(wanted.get("practical") or ""), words)
    return cells, item, {"seed": _whole(wanted, "seed", "the variation"), "size": str(wanted.get("size") or "").strip(), "carries": () if words else ("words of the brief",)}


def _whole(wanted: Wanted, name: str, called: str) -> int | None:
    value = wanted.get(name)
    if value is None or value == "":
        return None
    if not str(value).isdecimal() or len(str(value)) > 10:
        raise referencing.FrameError(f"{called} is a whole number, and {str(value)[:20]!r} is none.")
    return int(value)
