"""Reference frames from a service that makes pictures: asked for on the one guarded road, labelled in the file and known to the record before anybody sees them.

The same question is asked once. Its answer is found again in the record, and laid again where it is missing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from answerprint import briefing, calling, slots
from answerprint.calling.carried import declared
from answerprint.desk import Desk
from answerprint.filling import sized
from answerprint.media import labelling, origin
from answerprint.model.providers import Cancel, Price, Provider, Request, never
from answerprint.model.records import Digest
from answerprint.production import Production
from answerprint.referencing.axes import Variation
from answerprint.referencing.bringing import still
from answerprint.referencing.choosing import Frame, FrameError, seal

__all__ = ["Asked", "Generated", "generate", "looked", "request_for"]

#: How a picture begins -> how it ends here. A name that a service sent is never used.
_BEGINS = ((0, b"\x89PNG\r\n\x1a\n", ".png"), (0, b"\xff\xd8\xff", ".jpg"), (8, b"WEBP", ".webp"))
Watch = Callable[[str, float], None]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a service would be asked for one cell of a grid."""

    variation: Variation
    request: Request
    price: Price | None  #: at most; None where it is answered already
    answer: int | None = None  #: the entry that answers the same question; then nobody is asked
    open: int | None = None  #: the entry of the same question whose answer is not known, and which may have been charged
    against: tuple[str, ...] = ()  #: why it may not be asked, a sentence each


@dataclass(frozen=True, kw_only=True)
class Generated:
    """What came of one variation."""

    variation: Variation
    frames: tuple[Frame, ...]
    entry: int  #: of the answer in the record
    found: bool = False  #: whether it was in the record already, so that nobody was asked
    notes: tuple[str, ...] = ()


def request_for(variation: Variation, *, count: int = 1, seed: int | None = None, size: str = "", carries: Sequence[str] = ()) -> Request:
    """The request for one variation, to be looked at before it is asked.

    Args:   size: "1344x768", pixels; those where it is empty.
    Raises: FillingError: it is no size.
    """
    width, height = sized(size)
    return Request(kind="pictures", words=variation.words, count=count, width=width, height=height, seed=seed, carries=tuple(carries))  # type: ignore[arg-type]


def looked(
    desk: Desk, provider: Provider, variations: Sequence[Variation], *, item: int | None = None, count: int = 1, seed: int | None = None, size: str = "", carries: Sequence[str] = (),
) -> tuple[Asked, ...]:  # fmt: skip
    """What would be asked, cell by cell, with everything that stands against it. Nothing is sent and nothing is written down.

    Args:   size: "1344x768", pixels; those where it is empty.  carries: what of the production is known to be in the words; what else they quote of its papers is said too, and leaves where a producer let it.
    Raises: FrameError: a service that makes no pictures.  DeskError: no such item.  CallError: words that are none.  FillingError: a size that is none.
    """
    if provider.kind != "pictures":
        raise FrameError(f"{provider.name} is asked for {provider.kind}, and a reference frame is a picture.")
    if item is not None:
        desk.item(str(item))
    if variations:  # what one cell quotes, all of them say
        said = request_for(variations[0], size=size, carries=carries)
        carries = declared(desk, replace(said, words="\n".join(one.words for one in variations))).carries
    out, kept_out = [], briefing.marks_of(desk.production)
    for one in variations:
        request = request_for(one, count=count, seed=seed, size=size, carries=carries)
        if against := slots.check_request(desk, request, marks=kept_out):  # also an answer that is here already is not laid for words that may not be asked
            out.append(Asked(variation=one, request=request, price=provider.price(request), against=against))
            continue
        before = calling.asked_before(desk.production, provider, request)
        if before.answer is not None:
            out.append(Asked(variation=one, request=request, price=None, answer=before.answer))
        else:
            out.append(Asked(variation=one, request=request, price=provider.price(request), open=before.open, against=calling.why_not(desk, provider, request)))
    return tuple(out)


def generate(
    desk: Desk, provider: Provider, variations: Sequence[Variation], *, item: int | None = None, count: int = 1, seed: int | None = None, size: str = "", carries: Sequence[str] = (),
    agreed: Collection[int] | None = None, cancel: Cancel = never, by: str = "", watch: Watch = lambda what, done: None,
) -> tuple[Generated, ...]:  # fmt: skip
    """Ask for each variation and lay what comes into assets/references/. Every frame says in the file that a trained model made it. The same seed goes with all, so that
    two neighbours differ by their words alone, as far as the service keeps to it.

    Args:   by: who asks; stands in the record.  watch: is told which cell is asked, and how far it is.
    Raises: FrameError: a service that makes no pictures; nothing is asked then.  CallError: something stands against it, and nothing left.
            ProviderError: the service did not answer; what came before stays.
    """
    asked = looked(desk, provider, variations, item=item, count=count, seed=seed, size=size, carries=carries)
    if against := dict.fromkeys(sentence for one in asked for sentence in one.against):
        raise calling.CallError(" ".join(against))
    out = []
    for number, one in enumerate(asked):
        watch(f"frame {number + 1} of {len(asked)}: {one.variation.name or 'as asked'}", number / len(asked))
        entry, notes = one.answer, tuple[str, ...]()
        if entry is None:
            known = agreed if agreed is not None else (one.open,) if one.open is not None else ()
            answer = calling.once(desk.production, provider, one.request, what="a reference frame" if count == 1 else f"{count} reference frames", agreed=known, cancel=cancel, by=by)
            entry, notes = answer.entry, answer.notes
        frames = _laid(desk, entry, one.variation, item, _grid(provider, one, item, seed))
        out.append(Generated(variation=one.variation, frames=frames, entry=entry, found=one.answer is not None, notes=notes))
    return tuple(out)


def _grid(provider: Provider, asked: Asked, item: int | None, seed: int | None) -> str:
    """What frames share that stand in one grid: the same words of the same service, on the same axes, in one size."""
    one, request = asked.variation, asked.request
    size = () if (request.width, request.height) == sized("") else (f"{request.width}x{request.height}",)
    parts = (str(item), one.base, provider.name, provider.address, str(seed), *(axis for axis, _ in one.steps), *size)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _laid(desk: Desk, entry: int, variation: Variation, item: int | None, grid: str) -> tuple[Frame, ...]:
    """An answer as frames: labelled, their seals in the record before they lie there."""
    production = desk.production
    call = _call(production, entry)
    by = f"by {call['provider']}{f' ({model})' if (model := str(call.get('model') or '')) else ''}"
    made: list[tuple[str, bytes, bytes | None, Digest]] = []
    for of in map(str, call["answers"]):
        raw = production.keep.get(of)
        ending = next((end for at, sign, end in _BEGINS if raw[at : at + len(sign)] == sign), ".png")
        made.append((ending, raw, labelling.label(raw, origin.TRAINED, says=f"Generated {by}"), of))
    _told(production, entry, call, item, [{"seal": seal(labelled or raw), "of": of} for _, raw, labelled, of in made])
    more = {"generated": True, "entry": entry, "asked": variation.words, "steps": dict(variation.steps), "grid": grid}
    return tuple(
        still(
            desk, labelled or raw, f"generated {f'item {item} ' if item is not None else ''}{entry}-{number}{ending}", item=item, origin=by, says=variation.name or "as asked", more=more,
            companions={} if labelled is not None else {".xmp": labelling.packet(origin.TRAINED, says=f"Generated {by}")},
        )
        for number, (ending, raw, labelled, _) in enumerate(made, 1)
    )  # fmt: skip


def _call(production: Production, entry: int) -> dict[str, Any]:
    record = production.reader()
    if record is not None:
        with record:
            body = next((one.read() for one in record.entries(entry) if one.n == entry), None)
        if body is not None and body.get("what") == "call":
            return dict(body)
    raise FrameError(f"entry {entry} of the record is no answer of a service that can be read here.")


def _told(production: Production, entry: int, call: dict[str, Any], item: int | None, files: list[dict[str, str]]) -> None:
    """The seals of an answer's frames with their label in, in the record: a copy under another name, without the label, is known by them."""
    if {one["seal"] for one in files} <= set(slots.answered(production)):
        return
    body = {"schema": 1, "what": "frames", "answer": entry, "provides": call["provides"], "provider": call["provider"], "item": item, "files": files}
    with production.writer() as record:
        record.append("proposal", body)
