"""Figures as people write them: 1,200.50, 1.200,50, 1'200.-, (300), EUR 12 000. What may be read in two ways is no figure until the table says which."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

__all__ = ["CODES", "Mark", "currency_in", "figure", "mark_of"]

Mark = str  #: what stands before the cents: "." or ","; "" where the table does not tell; "?" where it writes both ways
#: Currencies that bids are written in; three letters beside a figure that are none of these are no currency.
CODES = frozenset(
    "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GEL HKD HUF IDR ILS INR ISK JPY KES KRW MAD MXN MYR NGN NOK NZD PEN PHP PLN RON RSD SAR SEK SGD THB TND TRY TWD UAH USD UYU VND ZAR".split()
)
_SIGNS = {"€": "EUR", "£": "GBP", "US$": "USD", "A$": "AUD", "CA$": "CAD", "C$": "CAD", "NZ$": "NZD", "HK$": "HKD", "R$": "BRL", "zł": "PLN", "$": "$", "¥": "¥"}
_SIGN = re.compile("|".join(re.escape(one) for one in sorted(_SIGNS, key=len, reverse=True)))
_CODE = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")
_NOTHING = ("", "n/a", "na", "n.a.", "none", "incl", "incl.", "included", "inc", "inc.", "inkl", "inkl.")
_LONGEST = 24  #: signs of a figure, marks among them: with 28 digits every sum of such is exact
_NOUGHT = ("-", "–", "—", "--")


def currency_in(text: str) -> str:
    """The currency that stands in a cell, a heading or a number format; "" where none does."""
    for code in _CODE.findall(text):
        if code in CODES:
            return str(code)
    found = _SIGN.search(text)
    return _SIGNS[found[0]] if found else ""


def _bare(text: str) -> str:
    """What is left of a figure without its currency and spaces."""
    out = _CODE.sub(lambda found: "" if found[0] in CODES else found[0], text)
    out = re.sub(r"[\s\u00a0\u202f\u2009]", "", _SIGN.sub("", out))
    return re.sub(r"[.,][-–—]+$", "", out).replace("'", "").replace("’", "")


def mark_of(texts: Iterable[str]) -> Mark:
    """What this table writes before the cents, from the figures that can be read in one way alone."""
    found = set()
    for text in texts:
        bare = _bare(text).strip("()+-")
        if not re.fullmatch(r"[\d.,]+", bare):
            continue
        last = max(bare.rfind("."), bare.rfind(","))
        if last < 0:
            continue
        other = {".", ","} - {bare[last]}
        after = len(bare) - last - 1
        if (after != 3 and bare.count(bare[last]) == 1) or any(one in bare for one in other):
            found.add(bare[last])
        elif bare.count(bare[last]) > 1:  # 1.200.000
            found |= other
    return found.pop() if len(found) == 1 else "?" if found else ""


def figure(text: str, mark: Mark = "") -> Decimal | None:
    """The number in a cell; None where it is empty, or says that it is included elsewhere or does not apply. A dash is nought.

    Args:   mark: of the table. Where it does not tell, three digits after a single mark are thousands: money has no third decimal.
    Raises: ValueError: it is no figure; what to write instead.
    """
    whole = text.strip()
    if whole.casefold() in _NOTHING:
        return None
    bare = _bare(whole)
    if bare in _NOUGHT:
        return Decimal(0)
    minus = False
    if bare.startswith("(") and bare.endswith(")"):
        bare, minus = bare[1:-1], True
    if bare[:1] in "+-" or bare[-1:] == "-":
        bare, minus = bare.strip("+-"), minus or "-" in (bare[:1], bare[-1:])
    if not re.fullmatch(r"[0-9][0-9.,]*", bare) or len(bare) > _LONGEST:
        raise ValueError(f"{whole[:40]!r} is no figure. Write 1200 or 1200.50, or leave the cell empty")
    plain = _plain(bare, mark, whole)
    return -Decimal(plain) if minus else Decimal(plain)


def _plain(bare: str, mark: Mark, whole: str) -> str:
    last = max(bare.rfind("."), bare.rfind(","))
    if last < 0:
        return bare
    here, other = bare[last], "," if bare[last] == "." else "."
    cents = other in bare or (bare.count(here) == 1 and (len(bare) - last != 4 or bare.startswith("0")))
    if not cents and bare.count(here) == 1:
        if mark == "?":
            raise ValueError(f"{whole!r} may be two figures, since this table writes cents both after a point and after a comma. Write it without thousands marks")
        cents = mark == here
    front, back = (bare[:last], bare[last + 1 :]) if cents else (bare, "")
    thousands = other if cents else here
    if not re.fullmatch(rf"\d+|\d{{1,3}}({re.escape(thousands)}\d{{3}})+", front):
        raise ValueError(f"{whole!r} is no figure: its thousands do not come in threes. Write 1200 or 1200.50")
    return front.replace(thousands, "") + (f".{back}" if back else "")
