"""Asking a service: what it carries, who let it, what it costs, what stands against it; then the call; and every step in the record.

The record says that something leaves before it leaves. What then comes is a proposal: choosing is a person's.
"""

from __future__ import annotations

import contextlib
import json
import signal
import threading
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from answerprint import briefing, slots
from answerprint.calling import carried as looked
from answerprint.calling.before import alone, asked_before, made_by
from answerprint.calling.permission import CallError, let_of, not_let
from answerprint.calling.spending import not_paid, spent, text
from answerprint.desk import Desk
from answerprint.model import bills
from answerprint.model.bills import Bill
from answerprint.model.charter import Execution
from answerprint.model.providers import Cancel, Price, Provider, ProviderError, Request, Response, Traffic, never
from answerprint.model.records import Digest

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["Answer", "Found", "ask", "once", "why_not"]

_SCHEMA = 1
_GENERATES = ("pictures", "video")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came, and where it stands."""

    response: Response
    entry: int  #: of the record, which names its files and its words by their seals
    price: Price  #: as it was told before
    files: tuple[Digest, ...] = ()  #: in keep/, as in `response.files`
    words: Digest | None = None  #: in keep/: what came in words, and the offers of a stock service, as JSON
    notes: tuple[str, ...] = ()  #: sentences for a person: a bill above its estimate, an answer that stops in the middle


@dataclass(frozen=True, kw_only=True)
class Found:
    """The answer to a question that is asked once: in the record already, or brought now."""

    entry: int  #: of the answer
    found: bool  #: whether it was there, so that nobody was asked
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A question as it was written down before it left."""

    entry: int
    job: str
    price: Price


def why_not(desk: Desk, provider: Provider, request: Request, *, for_item: int | None = None, library: Collection[Digest] = ()) -> tuple[str, ...]:
    """Everything that stands against asking, a sentence each; empty: it may be asked. Nothing is sent and nothing is written down.

    Raises: CallError: its words hold something that is no words.  SlotError: the item takes nothing generated.  BriefError: a brief that cannot be read, which may keep names out.
    """
    if request.kind != provider.kind:
        return (f"{provider.name} is asked for {provider.kind}, and this request is for {request.kind}.",)
    found: list[str] = []
    if request.kind in _GENERATES:
        kept_out = briefing.marks_of(desk.production)
        against = slots.check_call(desk, slots.may(desk, for_item), request, marks=kept_out) if for_item is not None else slots.check_request(desk, request, marks=kept_out)
        found += against
    really = looked.carried(desk, request, library=library)
    for what, why in really.items():
        if what not in request.carries:
            found.append(f"the request does not say that it carries {what}, and {why}. Say it, and a producer decides whether it leaves.")
    if not found and (lacking := not_let(desk.book, provider, dict.fromkeys((*request.carries, *really)))):
        found += (lacking, *_because(desk, provider, request, library))
    if not found:
        charter = desk.book.charter.content if desk.book and desk.book.charter else None
        if said := not_paid(charter, let_of(desk.book, provider.name, provider.kind), provider, provider.price(request), spent(desk.production)):
            found.append(said)
    return tuple(found)


def _because(desk: Desk, provider: Provider, request: Request, library: Collection[Digest]) -> Iterator[str]:
    """In which paper the words stand that a request says it carries and that may not go: whoever asks cannot know it, and a paper that cannot be read may be all of it."""
    let = let_of(desk.book, provider.name, provider.kind)
    for what, why in looked.carried(desk, replace(request, carries=()), library=library).items():
        if what in ("client documents", "transcript") and what in request.carries and (let is None or what not in let.what):
            yield f"It carries {what}: {why}."


def ask(production: Production, provider: Provider, request: Request, *, what: str, for_item: int | None = None, cancel: Cancel = never,
        library: Collection[Digest] = (), by: str = "") -> Answer:  # fmt: skip
    """Ask a service, if nothing stands against it.

    Args:   what: what is asked, in few words: "two reference frames".  for_item: the stock slot of the script that a picture or a clip is to be a candidate for;
            None for a picture that goes into no film.  library: seals of files that the library vouches for.
            by: who asks, as the room knows them; stands in the record.
    Raises: CallError: something stands against it, and nothing left; or the answer cannot be used.  SlotError: the item takes nothing generated.
            ProviderError: the service did not answer as it should; the record says what left.
    """
    desk = Desk(production)
    if against := why_not(desk, provider, request, for_item=for_item, library=library):
        raise CallError(" ".join(against))
    asked = _written(desk, provider, request, what=what, for_item=for_item, by=by)
    before = len(provider.traffic)
    try:
        response = provider.call(request, cancel=cancel)
    except BaseException as cause:
        sent = tuple(provider.traffic[before:])
        perhaps = cause.perhaps_billed if isinstance(cause, ProviderError) else bool(sent)
        says = str(cause) if isinstance(cause, ProviderError) else "stopped" if isinstance(cause, (KeyboardInterrupt, SystemExit)) else f"{type(cause).__name__} in the adapter"
        _failed(production, provider, request, asked, sent, says=says, perhaps_billed=perhaps)
        raise
    with _undisturbed():
        return _answered(production, provider, request, asked, response, tuple(provider.traffic[before:]))


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """While what came, and may have been paid for, is written down: Ctrl-C waits that long. No thread but the main one ever hears it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []
    before = {one: signal.signal(one, lambda number, _: heard.append(number)) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, signal.SIG_DFL if handler is None else handler)
        if heard:
            signal.raise_signal(heard[0])


def once(production: Production, provider: Provider, request: Request, *, what: str, agreed: Collection[int], for_item: int | None = None, cancel: Cancel = never, by: str = "") -> Found:
    """The answer to a question out of the record, or asked for now where it has none. The same is never asked by two at once.

    Args:   agreed: entries of the same question whose answer is not known, and of which whoever said yes was told. One that is not among them was asked
            since then, by somebody who died or was cut off: it may have been charged, and nobody said yes to asking it once more.
            The rest as `ask`.
    Raises: CallError: another one asks it at this moment, or asked it since; nothing left. The rest as `ask`.
    """
    with alone(production, request):
        before = asked_before(production, provider, request, for_item=for_item)
        if before.answer is not None:
            return Found(entry=before.answer, found=True)
        if before.open is not None and before.open not in agreed:
            who = f" by {before.by}" if before.by else ""
            raise CallError(f"the same was asked meanwhile{who}, and its answer is not known (entry {before.open}): it may have been charged. Nothing more was asked. Ask again to be told its price, and say yes to that.")
        answer = ask(production, provider, request, what=what, for_item=for_item, cancel=cancel, by=by)
    return Found(entry=answer.entry, found=False, notes=answer.notes)


# ---- what is written down


def _written(desk: Desk, provider: Provider, request: Request, *, what: str, for_item: int | None, by: str) -> _Asked:
    """The question and its estimate, in the record before anything leaves; and the budget once more, now that its place in the chain is known."""
    production = desk.production
    price, job = provider.price(request), uuid.uuid4().hex[:16]
    kept = production.keep.put(json.dumps(request.plain(), ensure_ascii=False, sort_keys=True).encode())
    execution = _execution(request, for_item)
    charter = desk.book.charter if desk.book else None
    body: dict[str, Any] = {
        "schema": _SCHEMA, "what": "question", "job": job, "execution": str(execution), "provider": provider.name, "at": provider.address, "provides": provider.kind, "for": what,
        "item": for_item, "request": kept, "seal": request.digest, "asks": request.question, "carries": list(request.carries), "attached": [one["seal"] for one in request.plain()["attached"]],
        "price": price.words, "reckoned": price.how, "charter": charter.n if charter else None, "model": made_by(production.settings, provider.name), **({"by": by} if by else {}),
    }  # fmt: skip
    entries: list[tuple[str, dict[str, Any]]] = [("proposal", body)]
    if price.amount:
        entries.append((bills.KIND, bills.body(Bill(provider=provider.name, job=job, what=what, execution=str(execution), currency=price.currency, estimate=text(price.amount)))))
    with production.writer() as record:
        made = record.append_many(entries)
    if price.amount and charter is not None:
        gone = spent(production, upto=made[-1].n)  # two who ask at once: the chain says who was first
        gone[price.currency] -= price.amount
        if said := not_paid(charter.content, let_of(desk.book, provider.name, provider.kind), provider, price, gone):
            with production.writer() as record:
                record.append(bills.KIND, bills.body(Bill(provider=provider.name, job=job, what=what, currency=price.currency, billed="0")))
            raise CallError(said)
    return _Asked(entry=made[0].n, job=job, price=price)


def _execution(request: Request, for_item: int | None) -> Execution:
    if request.kind == "stock":
        return Execution.STOCK
    if request.kind in _GENERATES:
        return Execution.BROLL if for_item is not None else Execution.FRAMES
    return Execution.TREATMENT


def _call(provider: Provider, request: Request, asked: _Asked, sent: tuple[Traffic, ...], **more: Any) -> dict[str, Any]:
    return {
        "schema": _SCHEMA, "what": "call", "question": asked.entry, "job": asked.job, "provider": provider.name, "at": provider.address, "provides": provider.kind, "carries": list(request.carries),
        "traffic": [{"host": one.host, "what": one.what, "sent": one.sent, "received": one.received} for one in sent], **more,
    }  # fmt: skip


def _failed(production: Production, provider: Provider, request: Request, asked: _Asked, sent: tuple[Traffic, ...], *, says: str, perhaps_billed: bool) -> None:
    entries = [("proposal", _call(provider, request, asked, sent, outcome="failed", says=says, answers=[], perhaps_billed=perhaps_billed))]
    if asked.price.amount and not perhaps_billed:
        entries.append((bills.KIND, bills.body(Bill(provider=provider.name, job=asked.job, currency=asked.price.currency, billed="0"))))
    with production.writer() as record:
        record.append_many(entries)


def _answered(production: Production, provider: Provider, request: Request, asked: _Asked, response: Response, sent: tuple[Traffic, ...]) -> Answer:
    """Keep what came, write it down with its bill, then look at it: what was paid for is not thrown away because it is wrong."""
    files = tuple(production.keep.put(one.data) for one in response.files)
    said = {"texts": list(response.texts), "offers": [{name: str(value) for name, value in vars(one).items()} for one in response.offers]}
    words = production.keep.put(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()) if response.texts or response.offers else None
    billed = response.billed
    body = _call(
        provider, request, asked, sent, outcome="answered", says="" if response.whole else "the answer stops in the middle", answers=list(files),
        **({"named": [one.name for one in response.files]} if request.kind == "stock" else {}), words=words, model=response.model, terms=response.terms, **({"rights": [dict(one) for one in response.rights]} if response.rights else {}),
        seed=response.seed, parameters=dict(response.parameters), used=dict(response.used), whole=response.whole, billed=billed.words if billed else "not known",
    )  # fmt: skip
    entries: list[tuple[str, dict[str, Any]]] = [("proposal", body)]
    if billed is not None and billed.amount is not None and (billed.amount or asked.price.amount):
        currency = billed.currency or asked.price.currency
        entries.append((bills.KIND, bills.body(Bill(provider=provider.name, job=asked.job, currency=currency, billed=text(billed.amount)))))
    with production.writer() as record:
        made = record.append_many(entries)
    answer = Answer(response=response, entry=made[0].n, price=asked.price, files=files, words=words, notes=tuple(_notes(provider, request, asked, response)))
    if not (response.texts or response.files or response.offers) and request.kind != "stock":
        raise CallError(f"{provider.name} answered with nothing. The record has it in entry {answer.entry}.")
    if request.schema is not None:
        _kept_to(provider, request, response, answer.entry)
    return answer


def _notes(provider: Provider, request: Request, asked: _Asked, response: Response) -> list[str]:
    notes = [f"{provider.name}: {one}" for one in response.notes]
    billed, price = response.billed, asked.price
    if billed is not None and billed.amount is not None and price.amount is not None and billed.amount > price.amount:
        notes.append(f"{provider.name} counts {billed.words} ({billed.how}), more than the {price.words} that was reckoned before. The budget has the bill, not the estimate.")
    if not response.whole:
        notes.append(f"{provider.name}: the answer stops in the middle" + (f", at {request.most_tokens} tokens. Ask for more, or for less at once." if request.kind == "words" else ": fewer came than were asked for."))
    if billed is None or billed.amount is None:
        notes.append(f"{provider.name}: what this cost is not known.")
    return notes


def _kept_to(provider: Provider, request: Request, response: Response, entry: int) -> None:
    """Whether an answer has the form that was asked for.  Raises: CallError."""
    wanted = request.schema or {}
    for words in response.texts:
        try:
            value = json.loads(words)
        except ValueError as cause:
            raise CallError(f"{provider.name}: JSON was asked for, and its answer is none ({words[:60]!r}…). It stands in the record, entry {entry}; ask again, or ask a larger model.") from cause
        lacking = [name for name in wanted.get("required", ()) if not isinstance(value, dict) or name not in value]
        if lacking:
            raise CallError(f"{provider.name}: its answer lacks {', '.join(lacking)}. It stands in the record, entry {entry}; ask again, or ask a larger model.")


