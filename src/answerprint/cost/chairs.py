"""Who or what sits where a budget has nobody: a person of the crew; else an empty chair, shown empty, and beside it whoever holds the judgment alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from answerprint import crew
from answerprint.delivery.costs import Budget, Missing, missing

if TYPE_CHECKING:
    from answerprint.cost.machine import Minutes
    from answerprint.desk import Desk

__all__ = ["Gap", "Seat", "gaps"]


@dataclass(frozen=True, kw_only=True)
class Seat:
    """One who sits there, or what stands beside the chair."""

    kind: Literal["person", "holder", "machine holds", "empty", "critic", "machine"]
    who: str = ""  #: a name; the critic's
    what: str = ""  #: the role, the judgment, the executions
    count: int = 0  #: a critic's ideas about the first version's cut
    opened: bool = True  #: whether somebody of the crew opened them here


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A missing crew line with what it used to bring and who sits there now."""

    missing: Missing
    seats: tuple[Seat, ...]

    @property
    def empty(self) -> bool:
        """Whether nobody sits there: a critic stands beside a chair and never on it."""
        return any(one.kind == "empty" for one in self.seats)


def gaps(desk: Desk, budget: Budget, machine: Minutes) -> tuple[Gap, ...]:
    """Every missing line of a budget, in the order of the form. What the machine does there is what it did in this production, by its record or its log."""
    ideas, unopened = _ideas(desk)
    tasks = desk.production.tasks()
    did = {one.name for one in machine.works if one.times} | {str(tasks[name].execution) for name in {body["task"] for body in desk.production.done_tasks()} if name in tasks}
    return tuple(Gap(missing=one, seats=tuple(_seats(desk, one, ideas, unopened, did))) for one in missing(budget))


def _seats(desk: Desk, gap: Missing, ideas: dict[str, int], unopened: frozenset[str], did: set[str]) -> Iterator[Seat]:
    role, taken = gap.role, False
    names = {one.casefold() for one in role.chairs}
    for chair in crew.chairs(desk.book) if desk.book else ():
        for person in chair.people if chair.role.casefold() in names else ():
            taken = True
            yield Seat(kind="person", who=person.name, what=chair.role)
    if not taken:
        yield Seat(kind="empty")
    for judgment in role.judgments if not taken and desk.book else ():
        holder = desk.book.holder(judgment) if desk.book else None
        if holder is not None:
            yield Seat(kind="holder", who=holder.name, what=judgment)
        elif desk.book and desk.book.seat(judgment).machine:
            yield Seat(kind="machine holds", what=judgment)
    if role.critic:
        yield Seat(kind="critic", who=role.critic, count=ideas.get(role.critic, 0), opened=role.critic not in unopened)
    if done := [one for one in role.machine if one in did]:
        yield Seat(kind="machine", what=", ".join(done))


def _ideas(desk: Desk) -> tuple[dict[str, int], frozenset[str]]:
    """How many ideas each critic has about the first version's cut as it is now, and whose nobody has opened here."""
    from answerprint import critiquing

    version = desk.family.first.name
    if version not in desk.cuts:
        return {}, frozenset()
    counts: dict[str, int] = {}
    for one in critiquing.said(desk, version):
        counts[one.critic] = counts.get(one.critic, 0) + 1
    return counts, frozenset(critiquing.unopened(desk, version))
