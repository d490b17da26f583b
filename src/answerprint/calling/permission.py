"""What may leave, by a producer's signature: which service, at which address, for what, with what of the production, for how much."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from answerprint.book import Book
from answerprint.model.judgments import Charter, Let
from answerprint.model.providers import CARRIES, Carry, Provider
from answerprint.model.records import AnswerprintError

__all__ = ["NOTHING", "CallError", "changed", "granted", "let_of", "not_let", "way_to_let"]

NOTHING = "nothing of the shoot"
_AMOUNT = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*([A-Z]{3})|([A-Z]{3})[\s=]*(\d{1,9}(?:\.\d{1,6})?)")


class CallError(AnswerprintError):
    """A service that was not asked, or an answer that cannot be used: which one, why, and what would open the way."""


def let_of(book: Book | None, provider: str, kind: str) -> Let | None:
    """What the charter lets this service be asked; None where it does not speak of it."""
    charter = book.charter.content if book and book.charter else None
    return next((one for one in charter.lets if (one.provider, one.kind) == (provider, kind)), None) if charter else None


def not_let(book: Book | None, provider: Provider, carries: Iterable[Carry]) -> str:
    """Why this may not go to this service, in a sentence; "" where a producer let it. What runs in this process needs nobody's leave: nothing leaves."""
    if not provider.address:
        return ""
    let = let_of(book, provider.name, provider.kind)
    if let is None:
        return f"no producer let {provider.name} be asked for {provider.kind}. {way_to_let(provider, tuple(carries))}"
    if let.at != provider.address:
        return f"{provider.name} may be asked at {let.at}, and the settings have it at {provider.address}, which is another service. {way_to_let(provider, tuple(carries))}"
    if lacking := [one for one in carries if one not in let.what]:
        has = ", ".join(let.what) or NOTHING
        return f"{', '.join(lacking)} would go to {provider.name}, and the charter lets it have {has}. {way_to_let(provider, (*let.what, *lacking))}"  # type: ignore[arg-type]
    return ""


def way_to_let(provider: Provider, carries: Sequence[Carry]) -> str:
    """What a producer types to let it."""
    said = ",".join(one for one in CARRIES if one in carries) or NOTHING
    return f'A producer lets it: answerprint charter FOLDER --let "{provider.name}={said}"'


def granted(now: Charter, replaces: int | None, *, lets: Sequence[str] = (), not_lets: Sequence[str] = (), unpriced: Sequence[str] = (), priced: Sequence[str] = (), spends: Sequence[str] = (),
            providers: Mapping[str, Provider]) -> Charter:  # fmt: skip
    """A charter that lets services be asked, whole; it replaces the current one.

    Args:   lets: "NAME=words of the brief,frames" or "NAME=nothing of the shoot".  not_lets: names.  unpriced: names of services that may be asked where their price is not known.
            priced: names of services that may not, any more.
            spends: "50 EUR": what they may cost together in this production; "0 EUR" takes it back.  providers: as they are set up here, by name.
    Raises: CallError: no such service here, or nothing that could be let go.
    """
    here = {(one.provider, one.kind): one for one in now.lets}
    for text in lets:
        name, sign, said = (part.strip() for part in text.partition("="))
        provider = _known(name, providers)
        if not provider.address:
            raise CallError(f"{name} runs on this machine, and nothing leaves for it: it needs nobody's leave.")
        before = here.get((name, provider.kind))
        here[name, provider.kind] = Let(provider=name, at=provider.address, kind=provider.kind, what=_carries(said if sign else NOTHING), unpriced=before is not None and before.unpriced and before.at == provider.address)
    for name in unpriced:
        found = [key for key in here if key[0] == name]
        if not found:
            raise CallError(f"{name} may not be asked yet, so not without a price either. Let it first: --let {name}=...")
        for key in found:
            here[key] = replace(here[key], unpriced=True)
    for name in priced:
        found = [key for key, one in here.items() if key[0] == name and one.unpriced]
        if name in unpriced:
            raise CallError(f"{name} is named for --unpriced and for --priced. Say one of the two.")
        if not found:
            raise CallError(f"nobody let {name} be asked without a price, so there is nothing to take back.")
        for key in found:
            here[key] = replace(here[key], unpriced=False)
    for name in not_lets:
        found = [key for key in here if key[0] == name]
        if not found:
            raise CallError(f"nobody let {name} be asked, so there is nothing to take back.")
        for key in found:
            del here[key]
    return changed(now, replaces, lets=tuple(here.values()), spends=spends)


def changed(now: Charter, replaces: int | None, *, lets: Sequence[Let] | None = None, spends: Sequence[str] = ()) -> Charter:
    """The charter, whole, with these leaves in the place of its own and these budgets among its own.

    Args:   lets: every leave that stands from here on; None leaves them as they are.  spends: "50 EUR"; "0 EUR" takes it back.
    Raises: CallError: an amount that is none, or nothing that is new.
    """
    budget = dict(now.spends)
    for text in spends:
        match = _AMOUNT.fullmatch(text.strip().upper())
        if match is None:
            raise CallError(f"{text!r} is no amount. Write it as: --spend 50.00EUR")
        amount, currency = match[1] or match[4], match[2] or match[3]
        budget[currency] = amount
        if not float(amount):
            del budget[currency]
    made = replace(now, lets=now.lets if lets is None else tuple(lets), spends=budget, replaces=replaces)
    if (made.lets, made.spends) == (now.lets, now.spends):
        raise CallError("the charter says that already; there is nothing to sign.")
    return made


def _known(name: str, providers: Mapping[str, Provider]) -> Provider:
    if name not in providers:
        raise CallError(f"{name!r} is not set up here. There are: {', '.join(providers) or 'none'}. A service is set up in your own settings: answerprint providers")
    return providers[name]


def _carries(text: str) -> tuple[Carry, ...]:
    said = [one.strip().casefold() for one in text.split(",") if one.strip()]
    if said == [NOTHING] or said == ["nothing"]:
        return ()
    for one in said:
        if one not in CARRIES:
            raise CallError(f"{one!r} is nothing that a request carries. There are: {', '.join(CARRIES)}; or {NOTHING}.")
    if not said:
        raise CallError(f"what may it have? There are: {', '.join(CARRIES)}; or {NOTHING}.")
    return tuple(one for one in CARRIES if one in said)
