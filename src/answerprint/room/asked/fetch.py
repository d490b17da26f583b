"""The file of an offer that somebody chose: from the service that offered it, by the address in the record."""

from __future__ import annotations

from collections.abc import Collection

from answerprint.desk import Desk
from answerprint.filling import stock
from answerprint.model.providers import Cancel, Kind, Provider
from answerprint.room.asked import Planned, Wanted, Watch
from answerprint.room.asked.candidates import slot_of

__all__ = ["KINDS", "ask", "place", "plan"]

KINDS: tuple[Kind, ...] = ("stock",)


def place(wanted: Wanted) -> str:
    return f"slots {wanted.get('slot') or ''} fetch"[:80]


def plan(desk: Desk, provider: Provider, wanted: Wanted) -> Planned:
    slot = slot_of(desk, wanted)
    offer = stock.offered(desk, slot, str(wanted.get("offer") or ""))
    asked = stock.to_fetch(desk, slot, provider, offer)
    return Planned(what=f"the file of {offer.name} by {offer.author or offer.provider}, {offer.licence}", requests=(asked.request,), for_item=slot.item.number, against=asked.against)


def ask(desk: Desk, provider: Provider, wanted: Wanted, *, agreed: Collection[int], by: str, cancel: Cancel, watch: Watch) -> None:
    slot = slot_of(desk, wanted)
    offer = stock.offered(desk, slot, str(wanted.get("offer") or ""))
    stock.fetch(desk, provider, stock.to_fetch(desk, slot, provider, offer), offer, agreed=agreed, cancel=cancel, by=by)
