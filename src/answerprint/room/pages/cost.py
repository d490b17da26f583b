"""Cost in the room: the budget's sections, who sits where it has nobody, films asked for beside films watched, and the machine's time.

The producer and the director see it, and the crew once one of them says so; agency and client never do. Everybody's own hours are their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Query, Request
from fastapi.responses import Response

from answerprint import cost
from answerprint.cost import hours, words
from answerprint.delivery.costs import Input
from answerprint.room import RoomError
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.guard import MAX_BODY
from answerprint.room.showing import desk_of
from answerprint.room.signing import signer
from answerprint.room.words import on_a_page

if TYPE_CHECKING:
    from answerprint.cost import Cost, Section
    from answerprint.delivery.costs import Money

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class CostPage:
    """The page."""

    open: bool  #: whether whoever asks may see the cost; their own hours are theirs in any case
    cost: dict[str, Any] | None  #: as `answerprint cost --json` has it; None where it is not open
    hours: dict[str, Any] | None  #: their own; None where they brought none
    crew: bool  #: whether the whole crew sees it
    decides: bool  #: whether they say who sees it, and bring the budget
    may: bool  #: whether they have a seat
    seen: int


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One amount with its length, in hundredths of the longest of its kind."""

    words: str
    width: float
    spent: bool = False


@router.get("/report/cost", include_in_schema=False)
def page(request: Request, guest: Crew) -> Response:
    """The page."""
    room = room_of(request)
    found, whole = _view(room, guest)
    drawn = _drawn(whole) if whole is not None else {}
    wrong = [on_a_page(line) for line in whole.wrong.splitlines()] if whole is not None else []
    return show(request, "cost.html", guest, here="report", page=found, seen=found.seen, cost=whole, w=words, inputs=tuple(Input), wrong=wrong, limit=MAX_BODY // 2**20, **drawn)


@router.get("/api/report/cost")
def twin(request: Request, guest: Crew) -> CostPage:
    """The cost as data, for whom it is open."""
    return _view(room_of(request), guest)[0]


def _view(room: Room, guest: Guest) -> tuple[CostPage, Cost | None]:
    book, production = room.house.book, room.house.production
    person = book.people.get(guest.person or "") if book else None
    seat = room.doors.invitation(guest.invitation or "") if person is None else None
    open_ = cost.may_see(production, book, guest.person, seat.roles if seat is not None else ())
    whole = cost.cost(desk_of(room), person=person.id if person else None) if open_ else None
    own = hours.of(production, person.id) if person is not None else ()
    found = CostPage(
        open=open_, cost=cost.plain(whole) if whole is not None else None, crew=cost.shared(production), decides=_decides(room, guest), may=person is not None, seen=book.head.n if book else 0,
        hours={"minutes": str(sum((one.minutes for one in own), Decimal(0))), "rows": len(own), "allowed": hours.allowed(production, person.id)} if person is not None and own else None,
    )  # fmt: skip
    return found, whole


def _decides(room: Room, guest: Guest) -> bool:
    book = room.house.book
    person = book.people.get(guest.person or "") if book else None
    return person is not None and bool({"producer", "director"} & {one.casefold() for one in person.roles})


# ---- what is drawn


def _drawn(found: Cost) -> dict[str, Any]:
    longest = max((work.seconds for work in found.machine.works), default=0.0)
    hours_most = max((float(one.line.hours or 0) * 3600 for one in found.saved if one.counts), default=0.0)
    return {
        "sections": tuple(_sections(found.budget.sections)) if found.budget else (),
        "works": tuple((one, _part(one.seconds, longest)) for one in found.machine.works),
        "counts": tuple((name, count, _part(count, len(found.films))) for name, count in (
            ("asked", len(found.films)), ("rendered", sum(one.rendered for one in found.films)), ("left", sum(one.left for one in found.films)), ("watched", found.watched),
        )),
        "kept": tuple((one, _part(float(one.line.hours or 0) * 3600, hours_most), _part(one.seconds or 0, hours_most)) for one in found.saved if one.counts),
    }  # fmt: skip


def _sections(sections: Iterable[Section]) -> Iterator[tuple[Section, tuple[Bar, ...]]]:
    """Every section with a bar for each sum. Bars are as long as the largest of the same currency lets them be; a sum that has no other to stand beside has none."""
    every = tuple(sections)
    sums: dict[str, list[Decimal]] = {}
    for one in (money for section in every for money in (*section.estimate, *section.actual)):
        sums.setdefault(one.currency, []).append(one.amount)
    most = {currency: max(amounts) if len(amounts) > 1 else Decimal(0) for currency, amounts in sums.items()}

    def bars(sums: Iterable[Money], spent: bool) -> Iterator[Bar]:
        for one in sums:
            yield Bar(words=str(one), width=_part(float(one.amount), float(most[one.currency])), spent=spent)

    for section in every:
        yield section, (*bars(section.estimate, False), *bars(section.actual, True))


def _part(value: float, most: float) -> float:
    return round(100 * max(value, 0.0) / most, 2) if most > 0 else 0.0


# ---- bringing a budget, and who sees it


@router.get("/report/cost/budget.csv", include_in_schema=False)
def example(request: Request, guest: Crew) -> Response:
    """A budget to begin with: the sections of the form and its usual crew."""
    return Response(cost.EXAMPLE, media_type="text/csv; charset=utf-8", headers={"content-disposition": 'attachment; filename="budget.csv"'})


@router.post("/api/report/cost/bring")
async def bring(request: Request, guest: Crew, name: Annotated[str, Query(max_length=200)]) -> dict[str, str]:
    """Take a budget in, in the place of the one before: a copy of it lies in the production."""
    room = room_of(request)
    signer(room, guest)
    if not _decides(room, guest):
        raise HTTPException(403, "crew")
    raw = await request.body()
    if not raw:
        raise RoomError(room.texts["cost"]["nothing"])
    found = cost.take_in_bytes(room.house.production, Path(name.replace("\\", "/")).name, raw)
    return {"says": room.texts["cost"]["taken"].format(lines=len(found.lines))}


@router.post("/api/report/cost/share")
def share(request: Request, guest: Crew, crew: Annotated[bool, Body(embed=True)]) -> dict[str, bool]:
    """Let the whole crew see it, or take that back. Agency and client never do."""
    room = room_of(request)
    signer(room, guest)
    if not _decides(room, guest):
        raise HTTPException(403, "crew")
    cost.share(room.house.production, crew)
    return {"crew": crew}


# ---- one's own hours


@router.post("/api/report/cost/hours")
async def bring_hours(request: Request, guest: Crew, name: Annotated[str, Query(max_length=200)]) -> dict[str, int]:
    """Bring your own hours: date, hours, what, shots. For your own eyes until you say otherwise."""
    room = room_of(request)
    return {"rows": len(hours.bring(room.house.production, signer(room, guest).id, Path(name.replace("\\", "/")).name, await request.body()))}


@router.post("/api/report/cost/hours/show")
def show_hours(request: Request, guest: Crew, yes: Annotated[bool, Body(embed=True)]) -> dict[str, bool]:
    """Say whether those who see the cost may see your hours."""
    room = room_of(request)
    hours.allow(room.house.production, signer(room, guest).id, yes)
    return {"allowed": yes}


@router.post("/api/report/cost/hours/erase")
def erase_hours(request: Request, guest: Crew) -> dict[str, int]:
    """Erase your hours, and the permission."""
    room = room_of(request)
    return {"erased": hours.erase(room.house.production, signer(room, guest).id)}
