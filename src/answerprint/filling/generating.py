"""Asking a service for candidates for a stock slot, and finding its answer again in the record instead of asking twice.

What came lies in assets/generated/ in the order of making. Nothing here prefers one: a person says which stands for the slot, with `slots.serve`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from answerprint import briefing, calling, slots
from answerprint.calling.carried import declared
from answerprint.config import Settings
from answerprint.desk import Desk
from answerprint.filling.laying import FillingError, laid, lay, unlaid
from answerprint.model.providers import Cancel, Kind, Price, Provider, Request, never
from answerprint.model.records import Digest
from answerprint.production import Production

__all__ = ["Asked", "Candidate", "Filled", "FillingError", "candidates", "generate", "looked", "makers", "plan", "provider", "sized"]

_GENERATES: tuple[Kind, ...] = ("pictures", "video")
_SIZE = (1344, 768)  #: pixels: 1.75 : 1 of a megapixel, in multiples of 64, which the usual models of pictures are trained at
_SIZED = re.compile(r"\s*([1-9]\d{1,4})\s*[x×]\s*([1-9]\d{1,4})\s*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a service would be asked for one stock slot, with everything that a person wants to know before."""

    slot: slots.StockSlot
    request: Request
    price: Price | None  #: at most; None where it is answered already
    answer: int | None = None  #: the entry that answers the same question; then nobody is asked
    open: int | None = None  #: the entry of the same question whose answer is not known, and which may have been charged
    against: tuple[str, ...] = ()  #: why it may not be asked, a sentence each; `plan` raises them

    @property
    def what(self) -> str:
        """What is asked, in few words: "3 pictures for STOCK:1"."""
        made = "clip" if self.request.kind == "video" else "picture"
        return f"{self.request.count} {made}{'' if self.request.count == 1 else 's'} for {self.slot.name}"

    def told(self, agreed: Collection[int] | None) -> Collection[int]:
        """The questions without an answer of which whoever said yes was told: those, or the one that stands here."""
        return agreed if agreed is not None else (self.open,) if self.open is not None else ()


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One file that may stand for a slot, if somebody takes it."""

    file: str  #: in the production: "assets/generated/STOCK-1 01.png"
    digest: Digest  #: with its label in it, as the record and every cut know it
    still: bool  #: a picture without movement
    there: bool = True  #: whether it lies there now as it was made
    by: str = ""  #: the service that made it, with its model where the record says it: "stills (small)"
    asked: str = ""  #: with which words; "" where the record does not say it


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What came for a slot, in the order of making."""

    slot: slots.StockSlot
    candidates: tuple[Candidate, ...]
    entry: int  #: of the answer in the record
    model: str
    found: bool = False  #: whether it was in the record already, so that nobody was asked
    notes: tuple[str, ...] = ()


def makers(settings: Settings) -> dict[str, Kind]:
    """The services of one's own settings that generate, by name. None is opened."""
    known = calling.adapters(load_outside=True)
    kinds = {name: (one.kind,) if one.kind else known[one.uses].kinds if one.uses in known else () for name, one in calling.setups(settings).items()}
    return {name: next(kind for kind in said if kind in _GENERATES) for name, said in kinds.items() if set(said) & set(_GENERATES)}


def provider(production: Production, name: str = "") -> Provider:
    """The service that is asked: the one of that name, or the only one that generates.

    Raises: FillingError: there is none, there are several, or it makes neither pictures nor clips.  CallError, ProviderError: it cannot be opened.
    """
    there = makers(production.settings)
    if not name and not there:
        raise FillingError("no provider that makes pictures is set up here: nothing was asked, and nothing left. Set one up in your own settings; each is shown by: answerprint providers")
    if not name and len(there) > 1:
        raise FillingError(f"which of them is asked? Name it: {', '.join(f'--provider {one}' for one in there)}.")
    found = calling.opened(production.settings, name or next(iter(there)), load_outside=True)
    if found.kind not in _GENERATES:
        raise FillingError(f"{found.name} is asked for {found.kind}, and makes neither pictures nor clips. There are: {', '.join(there) or 'none'}.")
    return found


def plan(desk: Desk, slot: slots.StockSlot, provider: Provider, *, words: str = "", count: int = 1, seed: int | None = None, size: str = "", length_s: Fraction | None = None,
         marks: Sequence[str] = ()) -> Asked:  # fmt: skip
    """What would be asked, and whether it may be. Nothing is sent and nothing is written down.

    Args:   slot: there is none for a hero shot or an item of the story.  words: what is to be seen; the slot's own words where empty.  count: how many.
            seed: another one asks for others; the same question is asked once.  size: "1344x768", pixels.  length_s: of a clip.
            marks: further names that must not go out.
    Raises: FillingError: a size or a length that is none.  CallError: something stands against it; every reason is said.  SlotError: the slot is none any more.
    """
    asked = looked(desk, slot, provider, words=words, count=count, seed=seed, size=size, length_s=length_s, marks=marks)
    if asked.against:
        raise calling.CallError(" ".join(asked.against))
    return asked


def looked(desk: Desk, slot: slots.StockSlot, provider: Provider, *, words: str = "", count: int = 1, seed: int | None = None, size: str = "", length_s: Fraction | None = None,
           marks: Sequence[str] = ()) -> Asked:  # fmt: skip
    """The same, with everything that stands against it instead of an error: for a page, which shows all of it at once.

    Raises: FillingError, SlotError: as `plan`.
    """
    if not isinstance(slot, slots.StockSlot):
        raise TypeError("candidates are asked for a StockSlot")
    request = _request(desk, provider, words or slot.says, count, seed, size, length_s)
    if against := slots.check_call(desk, slot, request, marks=(*marks, *briefing.marks_of(desk.production))):
        return Asked(slot=slot, request=request, price=provider.price(request), against=against)
    before = calling.asked_before(desk.production, provider, request, for_item=slot.item.number)
    if before.answer is not None:
        return Asked(slot=slot, request=request, price=None, answer=before.answer)
    return Asked(slot=slot, request=request, price=provider.price(request), open=before.open, against=calling.why_not(desk, provider, request, for_item=slot.item.number))


def generate(desk: Desk, provider: Provider, asked: Asked, *, agreed: Collection[int] | None = None, cancel: Cancel = never, by: str = "") -> Filled:
    """Ask, label what comes, write down its seals and lay it into assets/generated/. An answer that the record has already is laid again, and nobody is asked.

    Args:   agreed: questions without an answer of which whoever said yes was told; the one that `asked` names where not given.  by: who asks; stands in the record.
    Raises: CallError: something stands against it, or the same is being asked at this moment or was since, and nothing left.  SlotError: the item takes nothing generated.  ProviderError: the service did not answer.
            FillingError: nothing of the answer is a picture or a clip.  KeepError: the disk refuses; the answer is kept, and is found again the next time.
    """
    if not isinstance(asked.slot, slots.StockSlot):
        raise TypeError("candidates are made for a StockSlot")
    notes: tuple[str, ...] = ()
    entry, found = asked.answer, asked.answer is not None
    if entry is None:
        answer = calling.once(desk.production, provider, asked.request, what=asked.what, agreed=asked.told(agreed), for_item=asked.slot.item.number, cancel=cancel, by=by)
        entry, found, notes = answer.entry, answer.found, answer.notes
    model, body, said = lay(desk.production, asked.slot, entry)
    return Filled(slot=asked.slot, candidates=tuple(_candidate(desk, row, body) for row in body["files"]), entry=entry, model=model, found=found, notes=(*notes, *said))


def candidates(desk: Desk, slot: slots.StockSlot) -> tuple[Candidate, ...]:
    """Everything that was ever made for a slot, in the order of making; none is chosen by being here."""
    return tuple(_candidate(desk, row, body) for body in laid(desk.production) if body.get("says") == slot.says for row in body["files"])


def _candidate(desk: Desk, row: Mapping[str, Any], body: Mapping[str, Any]) -> Candidate:
    model = body.get("model")
    by = f"{body['provider']} ({model})" if model else str(body["provider"])
    return Candidate(file=row["file"], digest=row["seal"], still=bool(row["still"]), there=not unlaid(desk.production, row), by=by, asked=str(body.get("asked", "")))


def sized(text: str) -> tuple[int, int]:
    """(width, height) of "1344x768", in pixels; those where it is empty.

    Raises: FillingError: it is no size.
    """
    found = _SIZED.fullmatch(text)
    if text and found is None:
        raise FillingError(f"{text!r} is no size. A size is width x height in pixels: 1344x768")
    return (int(found[1]), int(found[2])) if found else _SIZE


def _request(desk: Desk, provider: Provider, words: str, count: int, seed: int | None, size: str, length_s: Fraction | None) -> Request:
    width, height = sized(size)
    if count < 1:
        raise FillingError(f"{count} candidates cannot be made: one at least.")
    if length_s is not None and (provider.kind != "video" or length_s <= 0):
        raise FillingError(f"{provider.name} makes {provider.kind}, and a length is a clip's." if provider.kind != "video" else "a clip is longer than nothing: --length 4")
    if length_s is not None and not desk.production.settings["rate"]:
        raise FillingError("how many frames that is depends on the rate, and answerprint.toml names none: rate = 25")
    rate = desk.production.settings.rate if length_s is not None else None
    frames = round(length_s * rate) if length_s is not None and rate is not None else None
    if frames is not None and frames < 1:
        raise FillingError("that is shorter than one frame.")
    return declared(desk, Request(
        kind=provider.kind, words=words, count=count, seed=seed, width=width, height=height, carries=("words of the brief",), frames=frames, rate=rate
    ))  # fmt: skip
