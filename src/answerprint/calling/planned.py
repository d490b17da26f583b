"""What would be asked, before anybody says yes: its price, every text that leaves, to whom, and what stands against it. The same for a page and for the terminal.

Nothing here sends anything or writes anything down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from answerprint.calling.asking import why_not
from answerprint.calling.before import asked_before, made_by
from answerprint.calling.spending import too_dear
from answerprint.desk import Desk
from answerprint.model.providers import Price, Provider, Request
from answerprint.model.records import canonical

__all__ = ["Asking", "Planned", "looked"]


#: What a stock service is told beside the words, by the name of the parameter.
_STOCK = {"of": "{} only", "previews": "a small picture of each is brought along", "fetch": "the file at {}"}


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What would be asked."""

    what: str  #: in few words: "2 pictures for STOCK:1"
    requests: tuple[Request, ...]
    for_item: int | None = None  #: the stock slot that a picture is to be a candidate for, as `calling.ask` takes it
    against: tuple[str, ...] = ()  #: what stands against it beside what stands against each request, a sentence each
    times: int = 1  #: how often each may be asked at most, where an answer can be thrown back


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What is shown before somebody says yes. `agreed` goes back with the yes of a page, as it is."""

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


def looked(desk: Desk, provider: Provider, planned: Planned) -> Asking:
    """What would be asked, what leaves, to whom, for how much at most, and what stands against it.

    Raises: CallError, SlotError, BriefError: as `calling.why_not`.
    """
    before = [asked_before(desk.production, provider, one, for_item=planned.for_item) for one in planned.requests]
    new = [one for one, known in zip(planned.requests, before, strict=True) if known.answer is None]
    price = _price([provider.price(one) for one in new], planned.times)
    dear = too_dear(desk, provider, price) if len(new) * planned.times > 1 else ""  # said once for all of them, not for each
    each = {too_dear(desk, provider, provider.price(one)) for one in new} if dear else set()
    said = (line for one in new for line in why_not(desk, provider, one, for_item=planned.for_item))
    against = dict.fromkeys(line for line in (*planned.against, *said) if line not in each)
    if dear and not against:
        against[dear] = None
    open = tuple(one.open for one in before if one.open is not None)
    if against and open:  # a budget may lack just that
        against[f"The same was asked before (entry {', '.join(map(str, open))}), and its answer is not known: what it was reckoned at counts as spent."] = None
    model = made_by(desk.production.settings, provider.name)
    seal = sha256(canonical({"requests": [one.digest for one in new], "times": planned.times, "item": planned.for_item, "model": model})).hexdigest()
    return Asking(
        service=provider.name, what=planned.what, price=price.words, how=price.how, leaves=tuple(dict.fromkeys(text for one in new for text in _leaves(one))),
        carries=tuple(dict.fromkeys(what for one in new for what in one.carries)), to=provider.address, why_not=tuple(against), open=open,
        open_by=next((one.by for one in before if one.open is not None and one.by), ""), found=not new,
        agreed={"price": price.words, "how": price.how, "to": provider.address, "seal": seal, "open": " ".join(str(n) for n in open)},
    )  # fmt: skip


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
    """Every text and file of a request, as people say it."""
    own = tuple(_STOCK[name].format(value) if request.kind == "stock" and name in _STOCK else f"{name} = {value}" for name, value in request.parameters.items())
    return (request.words, *((request.manner,) if request.manner else ()), *own, *(f"{one.name}, {len(one.data)} bytes" for one in request.attached))
