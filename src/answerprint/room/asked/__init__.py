"""What a page asks a service: planned with its price and its words before anybody says yes, and asked in a process of its own.

A road is one module here, named in `ROADS`, with

    KINDS: tuple[Kind, ...]                                         which services can be asked
    def place(wanted) -> str                                        "slots STOCK:1": one question at a time for each; its work is called that
    def plan(desk, provider, wanted) -> Planned                     nothing is sent and nothing is written down; raises AnswerprintError
    def ask(desk, provider, wanted, *, agreed, by, cancel) -> None  asks on the one road (calling.once with agreed, by and cancel as they came), and lays what comes

`wanted` is what the page sends, a flat table of texts and whole numbers: a road reads it itself, and takes nothing in it for granted. `told` is what stands on
the screen; `carry_out` is what the work does, after it has looked again whether that still holds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from answerprint import calling
from answerprint.calling import Asking, Planned
from answerprint.desk import Desk
from answerprint.model.providers import Cancel, Kind, Provider
from answerprint.room import RoomError

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["ROADS", "Asking", "Planned", "Road", "Wanted", "Watch", "carry_out", "cut_off", "road", "told"]

#: What can be asked from a page -> its module. A new one is a line here.
ROADS: dict[str, str] = {"candidates": "answerprint.room.asked.candidates", "search": "answerprint.room.asked.search", "fetch": "answerprint.room.asked.fetch", "frames": "answerprint.room.asked.frames", "drafts": "answerprint.room.asked.drafts"}

Wanted = Mapping[str, str | int | None]
Watch = Callable[[str, float], None]


class Road(Protocol):
    """What a module of a road offers."""

    KINDS: tuple[Kind, ...]

    def place(self, wanted: Wanted) -> str:
        """What its work is called."""

    def plan(self, desk: Desk, provider: Provider, wanted: Wanted) -> Planned:
        """What would be asked.  Raises: AnswerprintError."""

    def ask(self, desk: Desk, provider: Provider, wanted: Wanted, *, agreed: Collection[int], by: str, cancel: Cancel, watch: Watch) -> None:
        """Ask it. `watch` hears which of several questions is asked, and which share is done.  Raises: AnswerprintError."""


def road(name: str) -> Road:
    """A road by its name.

    Raises: RoomError: there is none.
    """
    if name not in ROADS:
        raise RoomError(f"{name[:40]!r} is nothing that is asked from a page. There are: {', '.join(ROADS)}.")
    return cast(Road, import_module(ROADS[name]))


def told(desk: Desk, way: Road, provider: Provider, wanted: Wanted) -> Asking:
    """What would be asked, what leaves, to whom, for how much, and what stands against it. Nothing is sent and nothing is written down.

    Raises: RoomError: the service is asked for something else.  AnswerprintError: it cannot be planned at all.
    """
    if provider.kind not in way.KINDS:
        raise RoomError(f"{provider.name} is asked for {provider.kind}, and this is for {' or '.join(way.KINDS)}.")
    return calling.looked(desk, provider, way.plan(desk, provider, wanted))


def still(now: Asking, agreed: Mapping[str, str]) -> None:
    """Hold what somebody said yes to against what it is now. What is answered already is as good as any: nobody is asked.

    Raises: RoomError: something changed since it stood on the screen; which, and that nothing was asked.
    """
    if now.found:
        return
    if now.why_not:
        raise RoomError(f"{now.service} was not asked. {' '.join(now.why_not)}")
    if agreed.get("to") != now.to:
        raise RoomError(f"{now.service} lies at {now.to or 'this machine'} now, and at {agreed.get('to') or 'this machine'} when it stood on the screen. Nothing was asked; look again.")
    if agreed.get("price") != now.price:
        raise RoomError(f"it would cost {now.price} now, and {agreed.get('price') or 'nothing'} stood on the screen. Nothing was asked; look again.")
    if agreed.get("seal") != now.agreed["seal"]:
        raise RoomError("what would leave, or who would answer, is not what stood on the screen any more. Nothing was asked; look again.")
    if agreed.get("open") != now.agreed["open"]:
        raise RoomError("the same was asked meanwhile, and its answer is not known. Nothing more was asked; look again.")


def carry_out(production: Production, way: Road, service: str, wanted: Wanted, agreed: Mapping[str, str], *, by: str, cancel: Cancel, watch: Watch = lambda what, done: None) -> None:
    """Ask, if all of it is as it stood on the screen. In a process of its own, which other packages' services run in too.

    Raises: RoomError: something changed.  AnswerprintError: it was refused, or did not answer.
    """
    desk = Desk(production)
    provider = calling.opened(production.settings, service, load_outside=True)
    now = told(desk, way, provider, wanted)
    still(now, agreed)
    way.ask(desk, provider, wanted, agreed=now.open, by=by, cancel=cancel, watch=watch)


def cut_off(production: Production, service: str, *, since: int) -> str:
    """After Stop: what the service had by then and may charge, in a sentence; "" where nothing had left, or nothing of it is charged.

    Args: since: the record's last entry before it was asked.
    """
    record = production.reader()
    if record is None:
        return ""
    with record:
        bodies = [(entry.n, body) for entry in record.entries(since + 1, "proposal") if (body := entry.read()) is not None]
    ends = {body.get("question"): body for _, body in bodies if body.get("what") == "call"}
    asked = [(n, body["price"]) for n, body in bodies if body.get("what") == "question" and body.get("provider") == service and (n not in ends or ends[n].get("perhaps_billed"))]
    if not (charged := [(n, price) for n, price in asked if price != "free"]):
        return ""
    prices, entries = " and ".join(price for _, price in charged), ", ".join(str(n) for n, _ in charged)
    much = "what it charges for it is not known" if "price not known" in prices else f"it may charge up to {prices} for it"
    return f"Stopped. {service} had the question by then, and {much} (entry {entries}). Asked again, it may be charged again."
