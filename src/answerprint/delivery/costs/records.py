"""What a budget comes to: lines, sections, money. Amounts are exact, and one currency is never added to another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from answerprint.delivery import DeliveryError
from answerprint.delivery.costs.sections import OUTSIDE, SECTIONS

__all__ = ["Budget", "CostError", "Line", "Money", "Section", "added"]


class CostError(DeliveryError):
    """A budget, or a list of hours, that cannot be read: row and column, what stands there, what to write."""


@dataclass(frozen=True, kw_only=True)
class Money:
    """An amount in one currency."""

    amount: Decimal
    currency: str = ""  #: ISO 4217, or the sign that stands there ("$") where no more is said; "" where nothing is

    def __str__(self) -> str:
        cents = self.amount != self.amount.to_integral_value()
        return " ".join(filter(None, (f"{self.amount:,.2f}" if cents else f"{self.amount:,.0f}", self.currency)))


def added(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """Sums, one for each currency, in the order in which each first stands there; empty where nothing does."""
    found: dict[str, Decimal] = {}
    for one in amounts:
        found[one.currency] = found.get(one.currency, Decimal(0)) + one.amount
    return tuple(Money(amount=amount, currency=currency) for currency, amount in found.items())


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a budget."""

    row: int  #: as a spreadsheet counts, from 1
    sheet: str = ""  #: of the workbook; "" for a CSV
    section: str = OUTSIDE  #: the form's letter; "" outside its sections
    number: str = ""  #: as the form numbers it, as it was written
    says: str = ""  #: what it is for
    days: Decimal | None = None
    rate: Money | None = None
    hours: Decimal | None = None  #: a person's, as this budget reckons them
    estimate: Money | None = None  #: where the row gives none, and gives days and a rate in one currency: their product
    actual: Money | None = None
    done_by: str = ""  #: who does it, where the budget says so: "machine: sync, transcript"

    @property
    def empty(self) -> bool:
        """Whether nothing is spent on it: no figure, or nought."""
        return not any(one is not None and one.amount for one in (self.estimate, self.actual))


@dataclass(frozen=True, kw_only=True)
class Section:
    """The lines of one section, in the order of the budget."""

    letter: str
    title: str
    lines: tuple[Line, ...]

    @property
    def estimate(self) -> tuple[Money, ...]:
        """What was estimated, one sum for each currency."""
        return added(one.estimate for one in self.lines if one.estimate is not None)

    @property
    def actual(self) -> tuple[Money, ...]:
        """What was spent, as far as the budget says it."""
        return added(one.actual for one in self.lines if one.actual is not None)


@dataclass(frozen=True, kw_only=True)
class Budget:
    """A budget as it was read."""

    name: str
    lines: tuple[Line, ...]
    says: tuple[str, ...] = ()  #: what was left unread, and where the file's own sums are others than those of its lines

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections in the order of the form, those that have lines; what stands outside them last."""
        order = (*SECTIONS, OUTSIDE)
        found = {letter: tuple(one for one in self.lines if one.section == letter) for letter in order}
        return tuple(Section(letter=letter, title=SECTIONS.get(letter, ""), lines=lines) for letter, lines in found.items() if lines)
