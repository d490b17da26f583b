"""Candidates for a stock slot, from a service that makes pictures or clips. A hero shot and the story have no road here."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from typing import Any

from answerprint import filling, slots
from answerprint.desk import Desk
from answerprint.model.providers import Cancel, Kind, Provider
from answerprint.model.time import number
from answerprint.room.asked import Planned, Wanted, Watch

__all__ = ["KINDS", "ask", "place", "plan", "slot_of"]

KINDS: tuple[Kind, ...] = ("pictures", "video")
_MOST = 8  #: candidates at once: what stands side by side on a page


def place(wanted: Wanted) -> str:
    return f"slots {wanted.get('slot') or ''}"[:80]


def plan(desk: Desk, provider: Provider, wanted: Wanted) -> Planned:
    asked = _looked(desk, provider, wanted)
    return Planned(what=asked.what, requests=(asked.request,), for_item=asked.slot.item.number, against=asked.against)


def ask(desk: Desk, provider: Provider, wanted: Wanted, *, agreed: Collection[int], by: str, cancel: Cancel, watch: Watch) -> None:
    asked = _looked(desk, provider, wanted)
    filling.generate(desk, provider, asked, agreed=agreed, cancel=cancel, by=by)


def slot_of(desk: Desk, wanted: Wanted) -> slots.StockSlot:
    """The stock slot that a page means, if it still says what stood there.

    Raises: SlotError: it is none, or another one by now.
    """
    slot = slots.named(desk, str(wanted.get("slot") or "")[:40])
    if wanted.get("says") and slot.says != wanted["says"]:
        raise slots.SlotError(f"{slot.name} is “{slot.says}” by now: the script was changed since the page was shown. Nothing was asked; reload it.")
    return slot


def _looked(desk: Desk, provider: Provider, wanted: Wanted) -> filling.Asked:
    slot = slot_of(desk, wanted)
    count = _whole(wanted, "count", "how many")
    if count is not None and count > _MOST:
        raise filling.FillingError(f"{count} candidates at once are more than stand side by side: {_MOST} at most.")
    more: dict[str, Any] = {"seed": _whole(wanted, "seed", "the variation"), "count": 1 if count is None else count}
    if wanted.get("length"):
        more["length_s"] = _seconds(str(wanted["length"]))
    return filling.looked(desk, slot, provider, words=str(wanted.get("words") or "").strip(), size=str(wanted.get("size") or "").strip(), **more)


def _whole(wanted: Wanted, name: str, called: str) -> int | None:
    value = wanted.get(name)
    if value is None or value == "":
        return None
    if not str(value).isdecimal() or len(str(value)) > 10:
        raise filling.FillingError(f"{called} is a whole number, and {str(value)[:20]!r} is none.")
    return int(value)


def _seconds(text: str) -> Fraction:
    try:
        found = number(text.replace(",", "."))
    except (ValueError, ZeroDivisionError) as cause:
        raise filling.FillingError(f"{text[:20]!r} is no length in seconds.") from cause
    if found > 600:
        raise filling.FillingError(f"{text[:20]} s is longer than any clip that is asked for here: 600 at most.")
    return found
