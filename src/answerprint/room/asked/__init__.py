"""What a page asks a service: planned with its price and its words before anybody says yes, and asked in a process of its own.

A road is one module here, named in `ROADS`, with

    KINDS: tuple[Kind, ...]                                         which services can be asked
    def place(wanted) -> str                                        "slots STOCK:1": one question at a time for each; its work is called that
    def plan(desk, provider, wanted) -> Planned                     nothing is sent and nothing is written down; raises AnswerprintError
    def ask(desk, provider, wanted, *, by, cancel) -> None          asks on the one road (calling.ask with by=by, cancel=cancel), and lays what comes

`wanted` is what the page sends, a flat table of texts and whole numbers: a road reads it itself, and takes nothing in it for granted. `told` is what stands on
the screen; `carry_out` is what the work does, after it has looked again whether that still holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from answerprint import calling
from answerprint.desk import Desk
from answerprint.model.providers import Cancel, Kind, Price, Provider, Request
from answerprint.model.records import canonical
from answerprint.room import RoomError

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["ROADS", "Asking", "Planned", "Road", "Wanted", "carry_out", "road", "told"]

#: What can be asked from a page -> its module. A new one is a line here.
ROADS: dict[str, str] = {"candidates": "answerprint.room.asked.candidates", "search": "answerprint.room.asked.search", "fetch": "answerprint.room.asked.fetch", "frames": "answerprint.room.asked.frames", "drafts": "answerprint.room.asked.drafts"}

Wanted = Mapping[str, str | int | None]


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What would be asked."""

    what: str  #: in few words: "2 pictures for STOCK:1"
    requests: tuple[Request, ...]
    for_item: int | None = None  #: the stock slot that a picture is to be a candidate for, as `calling.ask` takes it
    against: tuple[str, ...] = ()  #: what stands against it beside what stands against each request, a sentence each
    times: int = 1  #: how often each may be asked at most, where an answer can be thrown back


class Road(Protocol):
    """What a module of a road offers."""

    KINDS: tuple[Kind, ...]

    def place(self, wanted: Wanted) -> str:
        """What its work is called."""

    def plan(self, desk: Desk, provider: Provider, wanted: Wanted) -> Planned:
        """What would be asked.  Raises: AnswerprintError."""

    def ask(self, desk: Desk, provider: Provider, wanted: Wanted, *, by: str, cancel: Cancel) -> None:
        """Ask it.  Raises: AnswerprintError."""


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What stands on the screen before somebody says yes. `agreed` goes back with the yes, as it is."""

    service: str
    what: str
    price: str  #: at most: "0.08 USD", "free", "price not known"
    how: str  #: by what it was reckoned
    leaves: tuple[str, ...]  #: every text and file that would leave, as it would
    carries: tuple[str, ...]  #: what of the production that is; empty: nothing of the shoot
    to: str  #: the address; "" for what runs on this machine, and nothing leaves
    why_not: tuple[str, ...]  #: why it may not be asked, a sentence each
    open: tuple[int, ...]  #: entries of the same question whose answer is not known, and which may have been charged
    open_by: str  #: who asked those; "" where the record does not say
    found: bool  #: whether all of it is answered already, so that nobody is asked
    agreed: dict[str, str]


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
    planned = way.plan(desk, provider, wanted)
    before = [calling.asked_before(desk.production, provider, one, for_item=planned.for_item) for one in planned.requests]
    new = [one for one, known in zip(planned.requests, before, strict=True) if known.answer is None]
    price = _price([provider.price(one) for one in new], planned.times)
    against = dict.fromkeys(planned.against)
    for one in new:
        against |= dict.fromkeys(calling.why_not(desk, provider, one, for_item=planned.for_item))
    if not against and new and len(new) * planned.times > 1 and (dear := calling.too_dear(desk, provider, price)):
        against[dear] = None
    open = tuple(one.open for one in before if one.open is not None)
    model = calling.made_by(desk.production.settings, provider.name)
    seal = sha256(canonical({"requests": [one.digest for one in new], "times": planned.times, "item": planned.for_item, "model": model})).hexdigest()
    return Asking(
        service=provider.name, what=planned.what, price=price.words, how=price.how, leaves=tuple(dict.fromkeys(text for one in new for text in _leaves(one))),
        carries=tuple(dict.fromkeys(what for one in new for what in one.carries)), to=provider.address, why_not=tuple(against), open=open,
        open_by=next((one.by for one in before if one.open is not None and one.by), ""), found=not new,
        agreed={"price": price.words, "how": price.how, "to": provider.address, "seal": seal, "open": " ".join(str(n) for n in open)},
    )  # fmt: skip


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


def carry_out(production: Production, way: Road, service: str, wanted: Wanted, agreed: Mapping[str, str], *, by: str, cancel: Cancel, look: Callable[[Asking], None] = lambda _: None) -> None:
    """Ask, if all of it is as it stood on the screen. In a process of its own, which other packages' services run in too.

    Raises: RoomError: something changed.  AnswerprintError: it was refused, or did not answer.
    """
    desk = Desk(production)
    provider = calling.opened(production.settings, service, load_outside=True)
    now = told(desk, way, provider, wanted)
    still(now, agreed)
    look(now)
    way.ask(desk, provider, wanted, by=by, cancel=cancel)


def _price(each: Sequence[Price], times: int) -> Price:
    """What several questions cost together at most; not known where one of them is not, or where their currencies differ."""
    if not each:
        return Price(amount=Decimal(0), how="it is answered already")
    how = "; ".join(dict.fromkeys(one.how for one in each if one.how))
    many = len(each) * times
    if many > 1:
        how = f"{many} questions at most: {how}" if how else f"{many} questions at most"
    currencies = {one.currency for one in each if one.amount}
    if len(currencies) > 1 or any(one.amount is None for one in each):
        return Price(amount=None, how=how)
    return Price(amount=sum((one.amount for one in each if one.amount is not None), Decimal(0)) * times, currency=next(iter(currencies), ""), how=how)


def _leaves(request: Request) -> tuple[str, ...]:
    """Every text and file of a request."""
    own = tuple(f"{name} = {value}" for name, value in request.parameters.items())
    return (request.words, *((request.manner,) if request.manner else ()), *own, *(f"{one.name}, {len(one.data)} bytes" for one in request.attached))
