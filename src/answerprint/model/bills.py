"""What a paid service asks for: an estimate before it is asked, a bill after. An entry of the kind "bill", one for each word of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from answerprint.model.records import ModelError, from_plain, to_plain

__all__ = ["KIND", "Bill", "body", "read", "standing"]

KIND = "bill"
_SCHEMA = 1
_AMOUNT = re.compile(r"-?\d{1,12}(\.\d{1,6})?")


@dataclass(frozen=True, kw_only=True)
class Bill:
    """What one job at a service costs, as far as it is known. A later entry about the same job takes its place."""

    provider: str
    job: str  #: the service's own name for it, or ours; the same in the estimate and in the bill
    what: str = ""  #: what was asked, in few words: "two reference frames"
    execution: str = ""  #: of the charter
    currency: str  #: ISO 4217
    estimate: str | None = None  #: decimal text, as it was told before anything was sent
    billed: str | None = None  #: decimal text; None until the service bills it

    def __post_init__(self) -> None:
        if not self.provider.strip() or not self.job.strip():
            raise ModelError("a bill says which service it is of, and for which job.")
        if not re.fullmatch(r"[A-Z]{3}", self.currency):
            raise ModelError(f"{self.provider}, {self.job}: {self.currency!r} is no currency. Write it as EUR, USD.")
        for amount in (self.estimate, self.billed):
            if amount is not None and not _AMOUNT.fullmatch(amount):
                raise ModelError(f"{self.provider}, {self.job}: {amount!r} is no amount. Write it as decimal text: 12.40")
        if self.estimate is None and self.billed is None:
            raise ModelError(f"{self.provider}, {self.job}: neither an estimate nor a bill.")


def body(bill: Bill) -> dict[str, Any]:
    """A bill as an entry holds it."""
    return {"schema": _SCHEMA, **to_plain(bill)}


def read(plain: Mapping[str, Any]) -> Bill:
    """An entry's body back as a bill.

    Raises: ModelError: it is of another form, or none.
    """
    if plain.get("schema") != _SCHEMA:
        raise ModelError(f"a bill of form {plain.get('schema')!r} is of a newer release.")
    return from_plain(Bill, {name: value for name, value in plain.items() if name != "schema"})


def standing(bills: Iterable[Bill]) -> tuple[Bill, ...]:
    """The latest word on each job, in the order in which they were first asked. A bill without an estimate keeps the one before."""
    found: dict[tuple[str, str], Bill] = {}
    for one in bills:
        before = found.get((one.provider, one.job))
        if before is not None and before.currency == one.currency:
            one = Bill(**{**vars(one), "estimate": one.estimate or before.estimate, "billed": one.billed or before.billed})
        found[one.provider, one.job] = one
    return tuple(found.values())
