"""Cost: a budget by the sections of the AICP bid form, beside what the record knows: the machine's minutes, what paid services asked for, which
films were asked for and watched to the end, who sits where the budget has nobody, and where saved hours went.

Unlike things are never added: one currency to another, an estimate to a bill, a person's hour to a machine's. There is no total of it all, and no advice.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from answerprint.cost.asked import Film, films_asked
from answerprint.cost.budget import EXAMPLE, PAPERS, budget_of, take_in, take_in_bytes
from answerprint.cost.chairs import Gap, Seat, gaps
from answerprint.cost.machine import Minutes, Spend, Work, minutes, spend
from answerprint.cost.saved import Saved, acceptable, on_shots, saved
from answerprint.delivery.costs import Budget, CostError, Line, Money, Section, lumped
from answerprint.delivery.costs.hours import Hours
from answerprint.keep import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from answerprint.book import Book
    from answerprint.desk import Desk
    from answerprint.production import Production

__all__ = [
    "EXAMPLE", "PAPERS", "Budget", "Cost", "CostError", "Film", "Gap", "Hours", "Minutes", "Saved", "Seat", "Section", "Spend", "Theirs", "Work", "cost", "may_see", "plain", "share",
    "shared", "take_in", "take_in_bytes",
]  # fmt: skip

_SHARED = "cost.json"
_SEE = frozenset({"producer", "director"})
_OUTSIDE = frozenset({"agency", "client"})


@dataclass(frozen=True, kw_only=True)
class Theirs:
    """The hours that somebody brought: those of whoever looks, and of others who let theirs be seen."""

    name: str
    own: bool  #: of whoever looks
    allowed: bool  #: whether the producer and the director may see them
    rows: tuple[Hours, ...]
    acceptable: tuple[int, ...] = ()  #: shots that they call only acceptable: for their own eyes
    on_acceptable: Decimal | None = None  #: minutes of rows that name those shots alone; None where no row does

    @property
    def minutes(self) -> Decimal:
        """All of them."""
        return sum((one.minutes for one in self.rows), Decimal(0))


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Everything that the page and the terminal show."""

    budget: Budget | None
    wrong: str  #: why the budget that lies here cannot be read; "" where it can, or there is none
    unsaid: tuple[str, ...]  #: sections that the budget gives as one sum, so that nobody knows who is in them
    gaps: tuple[Gap, ...]
    films: tuple[Film, ...]
    machine: Minutes
    spend: Spend
    saved: tuple[Saved, ...]
    hours: tuple[Theirs, ...]

    @property
    def watched(self) -> int:
        """How many of the films that are asked for somebody played to their end here, as far as it is known."""
        return sum(one.played > 0 for one in self.films)

    @property
    def saved_hours(self) -> Decimal:
        """Hours that the budget reckons for people on what the machine did here, as far as its log knows."""
        return sum((one.line.hours or Decimal(0) for one in self.saved if one.counts), Decimal(0))

    @property
    def saved_seconds(self) -> float:
        """The machine's time on that; work that two lines name is counted once."""
        return self.machine.on({name for one in self.saved if one.counts for name in one.work}) or 0.0


def cost(desk: Desk, *, person: str | None = None) -> Cost:
    """What is known of a production's cost. A budget that cannot be read is said, and the rest is shown.

    Args:   person: whoever looks, by id: their own hours are among it, and the shots that they call only acceptable.
    Raises: FilmError: versions.csv cannot be read.  LedgerError: the record cannot.
    """
    budget, wrong = None, ""
    try:
        budget = budget_of(desk.production)
    except CostError as error:
        wrong = str(error)
    machine = minutes(desk.production)
    return Cost(
        budget=budget, wrong=wrong, unsaid=lumped(budget) if budget else (), gaps=gaps(desk, budget, machine) if budget else (), films=films_asked(desk), machine=machine,
        spend=spend(desk.production), saved=saved(budget, machine) if budget else (), hours=_hours(desk, person),
    )  # fmt: skip


def _hours(desk: Desk, person: str | None) -> tuple[Theirs, ...]:
    from answerprint.cost import hours

    found = []
    for one in desk.book.people.values() if desk.book else ():
        own, allowed = one.id == person, hours.allowed(desk.production, one.id)
        rows = hours.of(desk.production, one.id) if own or allowed else ()
        if rows:
            shots = acceptable(desk, one.id) if own else ()
            found.append(Theirs(name=one.name, own=own, allowed=allowed, rows=rows, acceptable=shots, on_acceptable=on_shots(rows, shots) if shots else None))
    return tuple(found)


# ---- who sees it


def may_see(production: Production, book: Book | None, person: str | None, invited: Iterable[str] = ()) -> bool:
    """Whether somebody may see the cost: the producer and the director; the rest of the crew once one of them shares it; agency and client never.

    Args: person: their id; None for somebody without a seat: then as the rest of the crew.  invited: roles of a seat that they were offered and have not taken.  A production in which nobody is enrolled has nobody to hide it from.
    """
    if book is None or not book.people:
        return True
    known = book.people.get(person or "")
    roles = {one.casefold() for one in (known.roles if known is not None else invited)}
    outside = {one for one in roles if _OUTSIDE & set(one.split())}  # an agency producer is the agency's
    return bool(known is not None and roles & _SEE) or (shared(production) and not (outside and outside == roles))


def shared(production: Production) -> bool:
    """Whether the whole crew may see the cost; a file that cannot be read says no."""
    try:
        return json.loads((production.inside / _SHARED).read_bytes()).get("crew") is True
    except (OSError, ValueError, AttributeError):
        return False


def share(production: Production, yes: bool) -> None:
    """Let the whole crew see it, or take that back.

    Raises: KeepError: the disk refuses.
    """
    write_whole(production.inside / _SHARED, json.dumps({"crew": yes}).encode())


# ---- for other programs


def plain(found: Cost) -> dict[str, Any]:
    """As JSON. Amounts are decimal text with their currency, minutes numbers; nothing is added that is not alike."""
    return {
        "budget": _budget(found.budget) if found.budget else None, "wrong": found.wrong,
        "missing": [_gap(one) for one in found.gaps], "unsaid": list(found.unsaid),
        "films": {"asked": len(found.films), "watched": found.watched, "each": [dict(vars(one)) for one in found.films]},
        "machine": {"since": found.machine.since or None, "minutes": _minutes(found.machine.seconds), "each": [{"work": one.name, "minutes": _minutes(one.seconds), "times": one.times, "undone": one.undone} for one in found.machine.works]},
        "ai": {"estimated": _money(found.spend.estimated), "billed": _money(found.spend.billed), "unbilled": found.spend.open, "newer": found.spend.newer, "each": [dict(vars(one)) for one in found.spend.bills]},
        "saved": {"hours": str(found.saved_hours), "machine_minutes": _minutes(found.saved_seconds), "each": [
            {"row": one.line.row, "line": one.line.says, "hours": _text(one.line.hours), "work": list(one.work), "machine_minutes": None if one.seconds is None else _minutes(one.seconds)} for one in found.saved
        ]},
        "hours": [
            {"name": one.name, "own": one.own, "allowed": one.allowed, "minutes": str(one.minutes), "acceptable_shots": list(one.acceptable), "minutes_on_acceptable": _text(one.on_acceptable),
             "each": [{"date": row.date, "minutes": str(row.minutes), "what": row.what, "shots": list(row.shots)} for row in one.rows]} for one in found.hours
        ],
    }  # fmt: skip


def _budget(budget: Budget) -> dict[str, Any]:
    return {
        "file": budget.name, "says": list(budget.says),
        "sections": [{"letter": one.letter, "title": one.title, "estimate": _money(one.estimate), "actual": _money(one.actual), "lines": [_line(line) for line in one.lines]} for one in budget.sections],
    }  # fmt: skip


def _line(line: Line) -> dict[str, Any]:
    return {
        "row": line.row, "sheet": line.sheet, "number": line.number, "says": line.says, "days": _text(line.days), "hours": _text(line.hours), "done_by": line.done_by,
        **{name: _money([one])[0] if one is not None else None for name, one in (("rate", line.rate), ("estimate", line.estimate), ("actual", line.actual))},
    }  # fmt: skip


def _gap(gap: Gap) -> dict[str, Any]:
    role = gap.missing.role
    return {
        "role": role.name, "section": role.section, "how": gap.missing.how, "rows": [one.row for one in gap.missing.lines], "brought": [str(one) for one in role.brought], "why": role.why,
        "empty": gap.empty, "seats": [dict(vars(one)) for one in gap.seats],
    }  # fmt: skip


def _money(amounts: Iterable[Money]) -> list[dict[str, str]]:
    return [{"amount": f"{one.amount:f}", "currency": one.currency} for one in amounts]


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _minutes(seconds: float) -> float:
    return round(seconds / 60, 2)
