"""What the machine took: its minutes as the production's log has them, and what paid services asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from answerprint.delivery.costs.records import Money, added
from answerprint.model import bills
from answerprint.model.bills import Bill
from answerprint.model.records import ModelError
from answerprint.timekeeping import spent

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["Minutes", "Spend", "Work", "minutes", "spend"]


@dataclass(frozen=True, kw_only=True)
class Work:
    """The machine's time on one execution."""

    name: str  #: of the charter; "ideas of the critics", and a task's own name where nobody knows its execution any more
    seconds: float  #: as the clock went, of every piece of work by itself: two that ran side by side are both counted
    times: int  #: pieces of work that something came of; 0: the machine worked at it, and nothing was made
    undone: int  #: beside those, how many ended without anything made: refused, stopped, broken off


@dataclass(frozen=True, kw_only=True)
class Minutes:
    """The machine's time as far as the log goes back."""

    works: tuple[Work, ...] = ()  #: in the order in which each was first done
    since: str = ""  #: day of the oldest line; "" where there is no log
    until: str = ""

    @property
    def seconds(self) -> float:
        """All of it."""
        return sum(one.seconds for one in self.works)

    def on(self, names: Iterable[str]) -> float | None:
        """Seconds on these executions; None where the log knows of nothing that was made by them."""
        found = [one.seconds for one in self.works if one.times and one.name in set(names)]
        return sum(found) if found else None


def minutes(production: Production) -> Minutes:
    """The machine's time in this production. Sealing files is not in it: that is the disk's; nor is what was refused at once."""
    known = {name: str(task.execution) for name, task in production.tasks().items()}
    known |= {"critics": "ideas of the critics"}
    found: dict[str, list[tuple[float, bool]]] = {}
    days = []
    for one in spent(production.inside):
        found.setdefault(one.execution or known.get(one.task, one.task), []).append((one.seconds, one.done))
        days.append(one.day)
    works = (Work(name=name, seconds=sum(seconds for seconds, _ in rows), times=sum(done for _, done in rows), undone=sum(not done for _, done in rows)) for name, rows in found.items())
    return Minutes(works=tuple(one for one in works if one.times or round(one.seconds)), since=min(days, default=""), until=max(days, default=""))


@dataclass(frozen=True, kw_only=True)
class Spend:
    """What paid services asked for in this production."""

    bills: tuple[Bill, ...] = ()  #: the latest word on each job
    newer: int = 0  #: entries of a form that this release does not read

    @property
    def estimated(self) -> tuple[Money, ...]:
        """What was estimated before it was asked, one sum for each currency."""
        return added(Money(amount=Decimal(one.estimate), currency=one.currency) for one in self.bills if one.estimate is not None)

    @property
    def billed(self) -> tuple[Money, ...]:
        """What was billed so far."""
        return added(Money(amount=Decimal(one.billed), currency=one.currency) for one in self.bills if one.billed is not None)

    @property
    def open(self) -> int:
        """Jobs that are estimated and not billed yet."""
        return sum(one.billed is None for one in self.bills)


def spend(production: Production) -> Spend:
    """Every bill in the record; empty where no paid service was asked. A question that was called back before anything left is no job."""
    record = production.reader()
    if record is None:
        return Spend()
    with record:
        bodies = [body for entry in record.entries(kind=bills.KIND) if (body := entry.read()) is not None]
        found, newer = [], 0
        for body in bodies:
            try:
                found.append(bills.read(body))
            except ModelError:
                newer += 1
        standing = bills.standing(found)
        free = {one.job for one in standing if one.billed is not None and not Decimal(one.billed)}
        stayed = _stayed(record, free) if free else set()
    return Spend(bills=tuple(one for one in standing if one.job not in stayed), newer=newer)


def _stayed(record: Any, jobs: set[str]) -> set[str]:
    """Of jobs that cost nothing, those whose question stands in the record and of which nothing left this computer."""
    asked: set[str] = set()
    left: set[str] = set()
    for entry in record.entries(kind="proposal"):
        body = entry.read() or {}
        if body.get("what") in ("question", "call") and body.get("job") in jobs:
            (left if body.get("traffic") else asked).add(body["job"])
    return asked - left
