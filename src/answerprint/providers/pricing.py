"""What a request costs by the price list in the settings: at most, before; by the service's own count, after. No price is known that nobody wrote down."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_UP, Decimal

from answerprint.model.providers import Price, Request, Setup, Tariff
from answerprint.providers.answers import as_number

__all__ = ["billed_words", "each", "free_or_unknown", "most_words"]

_MILLION = Decimal(1_000_000)
_SMALLEST = Decimal("0.000001")  #: what a bill holds; rounded up
#: Tokens that a service puts around each message: 3, and 3 before the answer, as OpenAI's cookbook counts them; rounded up.
_AROUND = 8
_LIMITS = ("max_tokens", "max_completion_tokens")  #: of an answer, as parameters of the settings may set it in the place of the request's


def free_or_unknown(tariff: Tariff) -> Price | None:
    """Free, where the list says so; not known, where there is no list; None where there are amounts to reckon with."""
    if tariff.free:
        return Price(amount=Decimal(0), how="nothing is charged")
    if not tariff.currency:
        return Price(amount=None, how="the settings have no price list for it")
    return None


def most_words(request: Request, setup: Setup, schema: str = "") -> Price:
    """The most that an answer in words can cost: a token is a byte at least, since tokens are made of bytes; and the whole answer is used, as long as the
    request or the parameters let it be."""
    tariff = setup.tariff
    if (known := free_or_unknown(tariff)) is not None:
        return known
    tokens_in = (len((request.words + request.manner + schema).encode()) + 3 * _AROUND) * request.count
    limits = [as_number(value) for name, value in {**setup.parameters, **request.parameters}.items() if name in _LIMITS]
    tokens_out = max([request.most_tokens, *(int(one) for one in limits if not isinstance(one, str))]) * request.count
    if tariff.million_in is None or tariff.million_out is None or (request.attached and tariff.picture_in is None):
        return Price(amount=None, how="the price list lacks an amount for it")
    amount = (tariff.million_in * tokens_in + tariff.million_out * tokens_out) / _MILLION
    amount += (tariff.picture_in or Decimal(0)) * len(request.attached) * request.count + (tariff.call or Decimal(0))
    return Price(amount=_up(amount), currency=tariff.currency, how=f"{tokens_in} tokens in and {tokens_out} out at most, by the price list of {tariff.dated}")


def billed_words(used: Mapping[str, int], tariff: Tariff, pictures_in: int = 0) -> Price | None:
    """What an answer in words came to, as the service counted; None where it did not count."""
    if (known := free_or_unknown(tariff)) is not None:
        return known if known.amount is not None else None
    if "tokens in" not in used or "tokens out" not in used or tariff.million_in is None or tariff.million_out is None:
        return None
    amount = (tariff.million_in * used["tokens in"] + tariff.million_out * used["tokens out"]) / _MILLION
    amount += (tariff.picture_in or Decimal(0)) * pictures_in + (tariff.call or Decimal(0))
    return Price(amount=_up(amount), currency=tariff.currency, how=f"{used['tokens in']} tokens in and {used['tokens out']} out, by the price list of {tariff.dated}")


def each(tariff: Tariff, *, pictures: int = 0, seconds: Decimal | None = Decimal(0)) -> Price:
    """So many pictures, or seconds of video, and the call.

    Args: seconds: None where nobody said how long the video is to be.
    """
    if (known := free_or_unknown(tariff)) is not None:
        return known
    if seconds is None and tariff.second is not None:
        return Price(amount=None, how="a second of it has a price, and nobody said how long it is to be")
    amount, parts = tariff.call or Decimal(0), ["the call"] if tariff.call is not None else []
    for count, rate, what in ((Decimal(pictures), tariff.picture, "pictures"), (seconds or Decimal(0), tariff.second, "seconds")):
        if count and rate is None and tariff.call is None:
            return Price(amount=None, how="the price list lacks an amount for it")
        if count and rate is not None:
            amount += rate * count
            parts.append(f"{count.normalize():f} {what.removesuffix('s') if count == 1 else what}")
    if not parts:
        return Price(amount=None, how="the price list lacks an amount for it")
    return Price(amount=_up(amount), currency=tariff.currency, how=f"{', '.join(parts)}, by the price list of {tariff.dated}")


def _up(amount: Decimal) -> Decimal:
    return amount.quantize(_SMALLEST, rounding=ROUND_UP)
