"""What services may cost in a production, and what they cost so far: the budget that a producer signed against the bills in the record."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from answerprint.calling.permission import let_of
from answerprint.desk import Desk
from answerprint.model import bills
from answerprint.model.bills import Bill
from answerprint.model.judgments import Charter, Let
from answerprint.model.providers import Price, Provider
from answerprint.model.records import ModelError

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["not_paid", "spent", "text", "too_dear"]


def spent(production: Production, *, upto: int | None = None) -> dict[str, Decimal]:
    """What went so far, by currency: a bill where there is one, else its estimate, since it may still be charged.

    Args: upto: the last entry that counts; None for all.
    """
    record = production.reader()
    if record is None:
        return {}
    with record:
        bodies = [body for entry in record.entries(kind=bills.KIND) if (upto is None or entry.n <= upto) and (body := entry.read()) is not None]
    found: list[Bill] = []
    for body in bodies:
        try:
            found.append(bills.read(body))
        except ModelError:
            continue  # of a newer release; the cost page says so
    return _sums(bills.standing(found))


def _sums(standing: Iterable[Bill]) -> dict[str, Decimal]:
    out: dict[str, Decimal] = {}
    for one in standing:
        out[one.currency] = out.get(one.currency, Decimal(0)) + max(Decimal(one.billed or one.estimate or "0"), Decimal(0))  # a credit opens no more than was signed
    return out


def not_paid(charter: Charter | None, let: Let | None, provider: Provider, price: Price, gone: dict[str, Decimal]) -> str:
    """Why this may not be spent, in a sentence; "" where it may.

    Args: gone: what went so far, without this, by currency.
    """
    if price.amount is None:
        if let is not None and let.unpriced:
            return ""
        return f"what {provider.name} would charge is not known: {price.how}. Write its price list into the settings, with its day; or a producer lets it be asked without one: answerprint charter FOLDER --unpriced {provider.name}"
    if price.amount == 0:
        return ""
    budget = charter.spends.get(price.currency) if charter else None
    if budget is None:
        return f"{provider.name} would cost {price.words} at most, and there is no budget in {price.currency} here. A producer signs one: answerprint charter FOLDER --spend 20.00{price.currency}"
    used = gone.get(price.currency, Decimal(0))
    if used + price.amount > Decimal(budget):
        return f"{provider.name} would cost {price.words} at most ({price.how}); of the budget of {budget} {price.currency}, {text(used)} went already, and {text(Decimal(budget) - used)} are left. Nothing was asked."
    return ""


def too_dear(desk: Desk, provider: Provider, price: Price) -> str:
    """Why what several questions cost together may not be spent, in a sentence; "" where it may."""
    charter = desk.book.charter.content if desk.book and desk.book.charter else None
    return not_paid(charter, let_of(desk.book, provider.name, provider.kind), provider, price, spent(desk.production))


def text(amount: Decimal) -> str:
    """An amount as people and entries write it."""
    return f"{amount.normalize():f}"
