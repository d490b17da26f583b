"""What a stock service offers for a slot."""

from __future__ import annotations

from collections.abc import Collection

from answerprint.desk import Desk
from answerprint.filling import stock
from answerprint.filling.generating import Asked
from answerprint.model.providers import Cancel, Kind, Provider
from answerprint.room.asked import Planned, Wanted, Watch
from answerprint.room.asked.candidates import slot_of

__all__ = ["KINDS", "ask", "place", "plan"]

KINDS: tuple[Kind, ...] = ("stock",)


def place(wanted: Wanted) -> str:
    return f"slots {wanted.get('slot') or ''} search"[:80]


def plan(desk: Desk, provider: Provider, wanted: Wanted) -> Planned:
    asked = _looked(desk, provider, wanted)
    of = "photographs" if _photographs(wanted) else "clips"
    return Planned(what=f"up to {asked.request.count} offers of {of} for {asked.slot.name}", requests=(asked.request,), for_item=asked.slot.item.number, against=asked.against)


def ask(desk: Desk, provider: Provider, wanted: Wanted, *, agreed: Collection[int], by: str, cancel: Cancel, watch: Watch) -> None:
    stock.search(desk, provider, _looked(desk, provider, wanted), agreed=agreed, cancel=cancel, by=by)


def _looked(desk: Desk, provider: Provider, wanted: Wanted) -> Asked:
    slot = slot_of(desk, wanted)
    return stock.to_search(desk, slot, provider, words=str(wanted.get("words") or ""), photographs=_photographs(wanted))


def _photographs(wanted: Wanted) -> bool:
    return wanted.get("of") == "photographs"
