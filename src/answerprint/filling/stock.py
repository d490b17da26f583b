"""Stock services asked for a slot: offers with who shot them and under which licence, in the order of their names; a file comes only when a person chose its offer.

An offer is somebody else's words: it is cleaned before it stands anywhere, its address is taken from the record alone, and its name is not used for a file
as it came. What was fetched lies in assets/stock/ with its seal and its licence in the record, and a row for rights.csv is offered with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from answerprint import calling, slots
from answerprint.calling.carried import declared
from answerprint.config import Settings
from answerprint.desk import Desk
from answerprint.filling.generating import Asked
from answerprint.filling.laying import FillingError, ending_of, unlaid
from answerprint.keep import write_whole
from answerprint.model.providers import Cancel, Provider, Request, never
from answerprint.model.records import Digest
from answerprint.model.time import number
from answerprint.production import Production
from answerprint.run import held

__all__ = ["FOLDER", "Fetched", "Offered", "Searched", "fetch", "fetched", "offered", "offers", "search", "searchers", "stock", "to_fetch", "to_search"]

FOLDER = "assets/stock"
_TAKEN = "stock"  #: what the entry of a fetched file is called
MOST = 24  #: offers of one search: what a contact sheet holds
_SIGNS = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")  #: signs that are not seen, and those that turn the words around
_PAGE = re.compile(r"https://[a-z0-9.-]{1,200}(?:/[\x21-\x7e]{0,500})?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Offered:
    """Something that a stock service has, as it said so."""

    entry: int  #: of the answer in the record
    provider: str
    name: str  #: by which it is asked for: "pexels-8"
    page: str  #: where people look at it; "" where it names no page
    author: str
    licence: str
    says: str  #: its own description
    width: int
    height: int
    duration_s: Fraction | None  #: None: a photograph
    preview: Digest | None  #: in keep/: a small picture
    file: str = ""  #: in the production, where it was fetched
    there: bool = False  #: whether that lies there now as it came


@dataclass(frozen=True, kw_only=True)
class Searched:
    """What a stock service offered for a slot."""

    slot: slots.StockSlot
    offers: tuple[Offered, ...]
    entry: int
    found: bool = False  #: whether it was in the record already, so that nobody was asked
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A file that somebody chose among the offers."""

    slot: slots.StockSlot
    offer: Offered
    file: str
    digest: Digest
    entry: int
    found: bool = False


def searchers(settings: Settings) -> tuple[str, ...]:
    """The stock services of one's own settings, by name. None is opened."""
    return tuple(one.name for one in calling.there(settings, load_outside=True) if one.kind == "stock")


def stock(production: Production, name: str = "") -> Provider:
    """The stock service that is asked: the one of that name, or the only one.

    Raises: FillingError: there is none, there are several, or it is none.  CallError, ProviderError: it cannot be opened.
    """
    there = searchers(production.settings)
    if not name and not there:
        raise FillingError("no stock service is set up here: nothing was asked, and nothing left. Set one up in your own settings; each is shown by: answerprint providers")
    if not name and len(there) > 1:
        raise FillingError(f"which of them is asked? Name it: {', '.join(f'--stock {one}' for one in there)}.")
    found = calling.opened(production.settings, name or there[0], load_outside=True)
    if found.kind != "stock":
        raise FillingError(f"{found.name} is asked for {found.kind}, and is no stock service. There are: {', '.join(there) or 'none'}.")
    return found


def to_search(desk: Desk, slot: slots.StockSlot, provider: Provider, *, words: str = "", count: int = 12, photographs: bool = False) -> Asked:
    """What a search would ask, with everything that stands against it. Nothing is sent and nothing is written down.

    Args:   slot: there is none for a hero shot or an item of the story.  words: the slot's own where empty.  photographs: instead of clips.
    Raises: FillingError: a number of offers that is none.
    """
    _is_slot(desk, slot)
    if not 1 <= count <= MOST:
        raise FillingError(f"{count} offers cannot be asked for: 1 to {MOST}.")
    width, height = desk.production.settings.raster or (None, None)
    request = Request(
        kind="stock", words=words.strip() or slot.says, count=count, width=width, height=height, carries=("words of the brief",),
        parameters={"of": "photographs" if photographs else "clips", "previews": True},
    )  # fmt: skip
    return _looked(desk, slot, provider, declared(desk, request))


def search(desk: Desk, provider: Provider, asked: Asked, *, agreed: Collection[int] | None = None, cancel: Cancel = never, by: str = "") -> Searched:
    """Ask it, and give its offers in the order of their names. An answer that the record has already is given again, and nobody is asked.

    Args:   agreed: as `filling.generate`.
    Raises: CallError: something stands against it, and nothing left.  ProviderError: the service did not answer.
    """
    entry, found, notes = _asked(desk, provider, asked, f"offers for {asked.slot.name}", agreed=agreed, cancel=cancel, by=by)
    return Searched(slot=asked.slot, offers=tuple(one for one in offers(desk, asked.slot) if one.entry == entry), entry=entry, found=found, notes=notes)


def offers(desk: Desk, slot: slots.StockSlot) -> tuple[Offered, ...]:
    """Everything that stock services offered for a slot so far, by service and name; of one that was offered twice, the newer word. None is chosen by being here."""
    production = desk.production
    taken = {(body["provider"], body["offer"].get("name")): body["files"][0] for body in _taken(production)}
    known: dict[tuple[str, str], Offered] = {}
    for n, question, call in _answers(production):
        if question.get("item") != slot.item.number or not call.get("words"):
            continue
        pictures = dict(zip(call.get("named", ()), call.get("answers", ()), strict=False))
        for raw in _said(production, call):
            one = _offer(n, str(call["provider"]), raw, pictures)
            row = taken.get((one.provider, one.name))
            if row is not None:
                one = Offered(**{**vars(one), "file": row["file"], "there": not unlaid(production, row)})
            known[one.provider, one.name] = one
    return tuple(known[key] for key in sorted(known, key=_by_number))


def offered(desk: Desk, slot: slots.StockSlot, name: str) -> Offered:
    """The offer that somebody means, by its name; NAME of the service and a colon before it where two have one of that name.

    Raises: FillingError: no service offered it for this slot.
    """
    there = offers(desk, slot)
    found = [one for one in there if name in (one.name, f"{one.provider}:{one.name}")]
    if len(found) != 1:
        known = ", ".join(f"{one.provider}:{one.name}" if len(found) > 1 else one.name for one in (found or there)[:6])
        raise FillingError(f"{name[:60]!r} was {'offered by several' if found else 'not offered'} for {slot.name}. There are: {known or 'none yet'}. A stock service is asked with: answerprint fill FOLDER {slot.name} --stock NAME")
    return found[0]


def to_fetch(desk: Desk, slot: slots.StockSlot, provider: Provider, offer: Offered) -> Asked:
    """What fetching its file would ask, with everything that stands against it. The address is the one that the service said, out of the record.

    Raises: FillingError: another service's offer, or one without an address.
    """
    _is_slot(desk, slot)
    if provider.name != offer.provider:
        raise FillingError(f"{offer.name} is an offer of {offer.provider}, and {provider.name} is asked.")
    raw = next((raw for n, _, call in _answers(desk.production) if n == offer.entry for raw in _said(desk.production, call) if _clean(raw.get("name"), 80) == offer.name), {})
    address = str(raw.get("address", ""))
    if not address:
        raise FillingError(f"{offer.name} of {offer.provider} names no file that could be fetched.")
    request = Request(kind="stock", words=offer.name, parameters={"fetch": address})
    return _looked(desk, slot, provider, request)


def fetch(desk: Desk, provider: Provider, asked: Asked, offer: Offered, *, agreed: Collection[int] | None = None, cancel: Cancel = never, by: str = "") -> Fetched:
    """Fetch the file of an offer that a person chose, write down its seal and its licence, and lay it into assets/stock/. It stands for no slot by that.

    Args:   agreed: as `filling.generate`.
    Raises: CallError: something stands against it, and nothing left.  ProviderError: it did not come.  FillingError: it is neither a picture nor a clip.
            KeepError: the disk refuses; the answer is kept, and is found again the next time.
    """
    entry, found, _ = _asked(desk, provider, asked, f"the file of {offer.name} for {asked.slot.name}", agreed=agreed, cancel=cancel, by=by)
    production = desk.production
    with held(production.inside, "stock"):
        body = next((one for one in _taken(production) if one.get("answer") == entry), None)
        if body is None:
            body = _body(production, asked.slot, offer, entry, by)
            with production.writer() as record:
                record.append("proposal", body)
        row = body["files"][0]
        path = production.path / row["file"]
        if unlaid(production, row):
            if path.exists():
                raise FillingError(f"{row['file']} is another file now than the one that came; it stays as it is, and what came is kept. Give it another name, and fetch again.")
            write_whole(path, production.keep.get(row["of"]))
    return Fetched(slot=asked.slot, offer=Offered(**{**vars(offer), "file": row["file"], "there": True}), file=row["file"], digest=row["seal"], entry=entry, found=found)


def fetched(production: Production) -> dict[Digest, Mapping[str, Any]]:
    """What was fetched from stock services, by its seal -> what its service said of it: name, page, author, licence, and the day."""
    return {str(body["files"][0]["seal"]): body["offer"] | {"file": body["files"][0]["file"], "provider": body["provider"]} for body in _taken(production)}


def _by_number(key: tuple[str, str]) -> tuple[str, list[tuple[int, str]]]:
    return key[0], [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d{1,18})", key[1])]


# ---- asking


def _is_slot(desk: Desk, slot: slots.StockSlot) -> None:
    if not isinstance(slot, slots.StockSlot):
        raise TypeError("a stock service is asked for a StockSlot")
    slots.may(desk, slot.item.number)


def _looked(desk: Desk, slot: slots.StockSlot, provider: Provider, request: Request) -> Asked:
    before = calling.asked_before(desk.production, provider, request, for_item=slot.item.number)
    if before.answer is not None:
        return Asked(slot=slot, request=request, price=None, answer=before.answer)
    return Asked(slot=slot, request=request, price=provider.price(request), open=before.open, against=calling.why_not(desk, provider, request, for_item=slot.item.number))


def _asked(desk: Desk, provider: Provider, asked: Asked, what: str, *, agreed: Collection[int] | None, cancel: Cancel, by: str) -> tuple[int, bool, tuple[str, ...]]:
    """(the entry that answers, whether it did before, sentences for a person)."""
    if asked.answer is not None:
        return asked.answer, True, ()
    answer = calling.once(desk.production, provider, asked.request, what=what, agreed=asked.told(agreed), for_item=asked.slot.item.number, cancel=cancel, by=by)
    return answer.entry, answer.found, answer.notes


# ---- reading


def _answers(production: Production) -> list[tuple[int, Mapping[str, Any], Mapping[str, Any]]]:
    """(entry, question, call) of everything that stock services answered, in the order of the record."""
    bodies = _bodies(production)
    questions = {n: body for n, body in bodies if body.get("what") == "question" and body.get("provides") == "stock"}
    return [(n, questions[body["question"]], body) for n, body in bodies if body.get("what") == "call" and body.get("outcome") == "answered" and body.get("question") in questions]


def _taken(production: Production) -> list[Mapping[str, Any]]:
    return [body for _, body in _bodies(production) if body.get("what") == _TAKEN]


def _bodies(production: Production) -> list[tuple[int, Mapping[str, Any]]]:
    record = production.reader()
    if record is None:
        return []
    with record:
        return [(entry.n, body) for entry in record.entries(kind="proposal") if (body := entry.read()) is not None and body.get("schema") == 1]


def _said(production: Production, call: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if not call.get("words"):
        return []
    said = json.loads(production.keep.get(call["words"]))
    return [one for one in said.get("offers", ()) if isinstance(one, Mapping)]


def _offer(entry: int, provider: str, raw: Mapping[str, Any], pictures: Mapping[str, Digest]) -> Offered:
    page = str(raw.get("page", ""))
    return Offered(
        entry=entry, provider=provider, name=_clean(raw.get("name"), 80), page=page if _PAGE.fullmatch(page) else "", author=_clean(raw.get("author"), 120), licence=_clean(raw.get("licence"), 120),
        says=_clean(raw.get("says"), 240), width=_whole(raw.get("width")), height=_whole(raw.get("height")), duration_s=_seconds(raw.get("duration_s")), preview=pictures.get(str(raw.get("name", ""))),
    )  # fmt: skip


def _clean(text: Any, most: int) -> str:
    """A service's words without signs that are not seen or that turn others around, and not longer than a person reads."""
    said = " ".join(_SIGNS.sub(" ", str(text or "")).split())
    return said if len(said) <= most else said[: most - 1] + "…"


def _whole(text: Any) -> int:
    said = str(text)
    return int(said) if said.isdecimal() and len(said) < 7 else 0


def _seconds(text: Any) -> Fraction | None:
    try:
        return number(str(text)) if text not in (None, "", "None") else None
    except (ValueError, ZeroDivisionError):
        return None


# ---- laying


def _body(production: Production, slot: slots.StockSlot, offer: Offered, entry: int, by: str) -> dict[str, Any]:
    """The entry of a fetched file: its name, its seal, and its licence as the service said it."""
    call = next(call for n, _, call in _answers(production) if n == entry)
    seal = next(iter(call.get("answers", ())), None)
    raw = production.keep.get(seal) if seal else b""
    known = ending_of(raw)
    if known is None:
        raise FillingError(f"what came as {offer.name} is neither a picture nor a clip. Entry {entry} of the record has it.")
    end, still = known
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", offer.name).strip("-")[:60] or "stock"
    taken = {row["file"] for body in _taken(production) for row in body["files"]}
    names = (f"{FOLDER}/{stem}{f' {number}' if number > 1 else ''}{end}" for number in range(1, 10_000))
    file = next(name for name in names if name not in taken and not (production.path / name).exists())
    return {
        "schema": 1, "what": _TAKEN, "answer": entry, "provides": "stock", "provider": offer.provider, "slot": slot.name, "item": slot.item.number, "says": slot.says,
        "files": [{"file": file, "seal": seal, "of": seal, "still": still}],
        "offer": {"name": offer.name, "page": offer.page, "author": offer.author, "licence": offer.licence or str(call.get("terms", "")), "terms": str(call.get("terms", "")), "says": offer.says, **({"rights": call["rights"]} if call.get("rights") else {})},
        **({"by": by} if by else {}),
    }  # fmt: skip
