"""Services on the Crew page: what is set up, what a producer lets each have, what it may cost and did, and what left; every change is signed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Request

from answerprint import calling, config, cost
from answerprint.book import Book
from answerprint.calling import Left, There
from answerprint.model.judgments import Charter, Let
from answerprint.model.providers import CARRIES, Carry, Kind
from answerprint.model.records import AnswerprintError
from answerprint.room import RoomError, signing
from answerprint.room.asking import Crew, Room, room_of
from answerprint.room.doors import Guest
from answerprint.room.words import on_a_page

__all__ = ["Services", "changes", "producer_of", "router", "services"]

router = APIRouter()

_COMMA = re.compile(r",(?=\d{1,2}$)")  #: "20,00" as half of Europe writes it; "1,000" is read by nobody
#: The charter's entry on the page that a producer signs from; None where there was none.
Replaces = Annotated[int | None, Body()]


@dataclass(frozen=True, kw_only=True)
class Service:
    """One service: as the settings have it, as the charter lets it, or both."""

    name: str
    kind: str
    at: str  #: where the settings have it; "" where they do not
    model: str
    price: str
    lacking: str  #: in a sentence; "" where nothing is known to be lacking
    leaves: bool  #: False: it runs on this machine, and needs nobody's leave
    set_up: bool
    let: Let | None  #: as the charter says, at the address of then
    moved: bool  #: the charter names another address: another service, which nobody let


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What services may cost in one currency, and what they cost so far."""

    currency: str
    may: str | None  #: as it was signed; None: no budget in it
    spent: str | None  #: with what was reckoned and not billed yet; None: not for whoever looks
    left: str | None


@dataclass(frozen=True, kw_only=True)
class Services:
    """The section."""

    services: tuple[Service, ...]
    budgets: tuple[Budget, ...]
    left: tuple[Left, ...]  #: what went out so far, by service and permission
    sent: int  #: bytes of it
    carries: tuple[str, ...]  #: what can be let go
    wrong: str  #: why the settings cannot be read; "" where they can


def services(room: Room, guest: Guest) -> Services:
    """What is set up, let, spent and gone. No service is asked; a server on this machine is looked for."""
    book, production = room.house.book, room.house.production
    there, wrong = _there(room)
    charter = book.charter.content if book and book.charter else Charter(holders={})
    lets = {(one.provider, one.kind): one for one in charter.lets}
    rows = [_row(one, lets.pop((one.name, one.kind or ""), None)) for one in there]
    rows += [Service(name=one.provider, kind=one.kind, at="", model="", price="", lacking="", leaves=True, set_up=False, let=one, moved=False) for one in lets.values()]
    gone = calling.left(production)
    person = book.people.get(guest.person or "") if book else None
    spent = calling.spent(production) if cost.may_see(production, book, guest.person, person.roles if person else ()) else None
    return Services(
        services=tuple(rows), budgets=tuple(_budgets(charter, spent)), left=gone, sent=sum(one.sent for one in gone), carries=CARRIES, wrong=wrong,
    )  # fmt: skip


def _there(room: Room) -> tuple[tuple[There, ...], str]:
    """The services of the settings as they are now: they may have changed since the room was opened."""
    try:
        return calling.there(config.load(room.house.production.path)), ""
    except AnswerprintError as error:
        return (), on_a_page(str(error))


def _row(one: There, let: Let | None) -> Service:
    return Service(name=one.name, kind=one.kind or "", at=one.address, model=one.model, price=one.price, lacking=on_a_page(one.lacking), leaves=one.leaves, set_up=True, let=let,
                   moved=let is not None and let.at != one.address)  # fmt: skip


def _budgets(charter: Charter, spent: dict[str, Any] | None) -> list[Budget]:
    from decimal import Decimal

    out = []
    for currency in sorted({*charter.spends, *(spent or {})}):
        may, went = charter.spends.get(currency), (spent or {}).get(currency, Decimal(0))
        if may is None and not went:
            continue
        left = f"{Decimal(may) - went:f}" if may is not None and spent is not None else None
        out.append(Budget(currency=currency, may=may, spent=f"{went:f}" if spent is not None else None, left=left))
    return out


# ---- what a producer signs


def changes(room: Room, now: Charter, made: Charter) -> list[str]:
    """What a charter changes of services, in full words; what stays as it is, is not said."""
    said = room.texts["services"]
    before = {(one.provider, one.kind): one for one in now.lets}
    lines: list[str] = []
    for one in made.lets:
        was = before.pop((one.provider, one.kind), None)
        if was == one:
            continue
        lines += [said["signs_may"].format(name=one.provider, at=one.at, kind=said["kinds"][one.kind]), _goes(said, one)]
        if one.unpriced:
            lines.append(said["signs_unpriced"].format(name=one.provider))
        if was is None:
            lines.append(said["signs_nobody"])
        else:
            lines.append(said["signs_until"].format(line=" ".join([said["signs_may"].format(name=was.provider, at=was.at, kind=said["kinds"][was.kind]), _goes(said, was), *([said["signs_unpriced"].format(name=was.provider)] if was.unpriced else [])])))
    lines += [said["signs_back"].format(name=one.provider, at=one.at, kind=said["kinds"][one.kind]) for one in before.values()]
    for currency, amount in made.spends.items():
        if (was_amount := now.spends.get(currency)) != amount:
            lines.append(said["signs_spend"].format(amount=amount, currency=currency))
            lines.append(said["signs_spend_until"].format(amount=was_amount, currency=currency) if was_amount else said["signs_spend_none"].format(currency=currency))
    lines += [said["signs_spend_back"].format(currency=currency, amount=amount) for currency, amount in now.spends.items() if currency not in made.spends]
    return lines


def _goes(said: dict[str, Any], let: Let) -> str:
    what = "; ".join(said["carries"][one] for one in let.what)
    return str(said["signs_goes"].format(what=what) if what else said["signs_goes_nothing"])


def producer_of(room: Room, guest: Guest) -> Book:
    """The book, for a producer.

    Raises: RoomError: somebody else asks.
    """
    book = room.house.book
    person = book.people.get(guest.person or "") if book else None
    if book is None or person is None or not person.live or "producer" not in person.roles:
        raise RoomError(room.texts["crew"]["producer_only"])
    return book


def _now(room: Room, guest: Guest, replaces: int | None) -> tuple[Book, Charter]:
    """The charter that a producer has on the screen.

    Raises: RoomError: somebody else asks.  HTTPException 409: another one was signed since.
    """
    book = producer_of(room, guest)
    line = book.charter
    if replaces != (line.n if line else None):
        raise HTTPException(409, room.texts["services"]["changed"].format(name=line.by.name if line else "?", n=line.n if line else 0))
    return book, line.content if line else Charter(holders={})


def _offer(room: Room, guest: Guest, now: Charter, made: Charter) -> dict[str, Any]:
    return signing.offer(room, guest, made, [*changes(room, now, made), room.texts["services"]["signs_rest"]])


@router.post("/api/crew/let")
def let(
    request: Request, guest: Crew, name: Annotated[str, Body(max_length=64)], kind: Annotated[Kind, Body()], at: Annotated[str, Body(max_length=2000)],
    what: Annotated[list[Carry], Body(max_length=len(CARRIES))], replaces: Replaces, unpriced: Annotated[bool, Body()] = False,
) -> dict[str, Any]:  # fmt: skip
    """Let a service be asked, at the address that stood on the page, and have these things of the shoot; in the place of what it was let before."""
    room = room_of(request)
    _, now = _now(room, guest, replaces)
    said = room.texts["services"]
    there, wrong = _there(room)
    one = next((one for one in there if one.name == name), None)
    if one is None:
        raise RoomError(wrong or said["not_there"].format(name=name))
    if not one.leaves:
        raise RoomError(said["needs_none"].format(name=name))
    if (one.address, one.kind) != (at, kind) or not at:
        raise HTTPException(409, said["moved_now"].format(name=name, at=one.address or "?", was=at))
    made = Let(provider=name, at=at, kind=kind, what=tuple(one for one in CARRIES if one in what), unpriced=unpriced)
    return _offer(room, guest, now, calling.changed(now, replaces, lets=_with(now.lets, made)))


@router.post("/api/crew/let-no-more")
def let_no_more(request: Request, guest: Crew, name: Annotated[str, Body(max_length=64)], kind: Annotated[Kind, Body()], replaces: Replaces) -> dict[str, Any]:
    """Take back what a service was let."""
    room = room_of(request)
    _, now = _now(room, guest, replaces)
    kept = [one for one in now.lets if (one.provider, one.kind) != (name, kind)]
    return _offer(room, guest, now, calling.changed(now, replaces, lets=kept))


@router.post("/api/crew/spend")
def spend(
    request: Request, guest: Crew, amount: Annotated[str, Body(max_length=20)], currency: Annotated[str, Body(max_length=3)], replaces: Replaces,
) -> dict[str, Any]:  # fmt: skip
    """What services may cost together in one currency; nought takes it back."""
    room = room_of(request)
    _, now = _now(room, guest, replaces)
    return _offer(room, guest, now, calling.changed(now, replaces, spends=[f"{_COMMA.sub('.', amount.strip())} {currency.strip()}"]))


def _with(lets: Sequence[Let], made: Let) -> list[Let]:
    """The leaves with one more, or with it where it stood."""
    if all((one.provider, one.kind) != (made.provider, made.kind) for one in lets):
        return [*lets, made]
    return [made if (one.provider, one.kind) == (made.provider, made.kind) else one for one in lets]
