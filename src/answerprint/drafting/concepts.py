"""Concepts: several starting points unlike each other, made from the brief alone, or from what a service writes to each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from answerprint.briefing import told
from answerprint.briefing.brief import Brief
from answerprint.drafting.frames import AXES, Frame, clashes, combinations, title
from answerprint.drafting.laying import Laid, Sheet
from answerprint.drafting.unlike import BY_WORDS, Measure, by_words, nearest

__all__ = ["ASIDE", "BEGAN", "Concepts", "Told", "Writer", "Written", "asked_frames", "concepts", "lay_concept", "measured_by", "prompt", "untold"]

#: Tries for each concept that is wanted before it is said that there are no more: an answer costs money.
_TRIES = 3
_LOOKED = 400  #: frames among which those are looked for that begin apart: of seven and eight ways along four axes, hardly more than eight do
_LISTED = 12  #: of those that were thrown back before one was found
Told = Callable[[str, float], None]
_NAMES = (("Whose eyes", "eyes"), ("When", "when"), ("What is held back", "held"), ("The form", "form"))
_GIVES, _MEETS, _ASKS, _WRONG = "What the brief gives it", "Where it meets the brief head on", "To be answered", "What could go wrong"
BEGAN = "It began from"
#: Parts of a concept that are about it: a treatment takes from them what a person wrote.
ASIDE = (_GIVES, _MEETS, _ASKS, _WRONG, BEGAN)
_LAID = "A starting point, put together by Answerprint from four choices. Nobody invented an idea yet. Keep, turn round or throw away each of the four."
_WRITTEN = "Written by a service from four choices and the words of the brief. Nobody has made it theirs yet."


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a service wrote."""

    text: str
    by: str  #: the service, as the settings call it
    entry: int = 0  #: of the record, that names the question and the answer
    notes: tuple[str, ...] = ()  #: sentences for a person: an answer that stops in the middle, a bill above its estimate


def untold(what: str, done: float) -> None:
    """For whoever does not want to hear how far it is."""


class Writer(Protocol):
    """Something that writes: a service that is asked through `calling`, or anything else of this shape."""

    def __call__(self, prompt: str, seed: int) -> Written: ...


@dataclass(frozen=True, kw_only=True)
class Concepts:
    """What came of it."""

    laid: tuple[Laid, ...]
    thrown: tuple[str, ...]  #: a sentence for each that was thrown back: too near to which
    measure: str  #: by which the distances are
    short: str = ""  #: why there are fewer than were wanted


def concepts(brief: Brief, count: int, *, measure: Measure, also: Measure | None = None, before: Mapping[str, str] | None = None, writer: Writer | None = None, seed: int = 0,
             name: Callable[[int], str] = "concept {}".format, told: Told = untold) -> Concepts:  # fmt: skip
    """So many concepts, each at least the measure's floor from every other and from those of before.

    Args:   also: a second measure, of what a writer wrote alone: starting points are too alike in their words' meaning to be held apart by it.
            before: the concepts that are there already, by name: what they are compared by (`measured_by`).
            writer: asked once for each and again for each that is thrown back, at most three times as often as concepts are wanted.
            name: the name of the n-th new one, from 1.  told: hears what is being done, and which share of it is done.
    """
    kept: list[Laid] = []
    known = dict(before or {})
    thrown: list[str] = []
    asked = said = 0
    for frame in combinations(f"{brief.seal} {seed}") if writer is None else asked_frames(brief, count, seed):
        if len(kept) == count:
            break
        written = None
        if writer is not None:
            told(title(frame), len(kept) / count)
            written = writer(prompt(frame, brief), seed + asked)
            asked += 1
        text = written.text if written is not None else frame.text
        there = nearest(text, known, measure)
        if there.value < measure.floor:
            thrown.append(f"{title(frame)}: {there.value:.2f} from {there.other}, under {measure.floor:.2f}")
            continue
        near = nearest(text, known, also) if also is not None and written is not None else None
        if also is not None and near is not None and near.value < also.floor:
            thrown.append(f"{title(frame)}: {near.value:.2f} by {also.name} from {near.other}, under {also.floor:.2f}")
            continue
        called = name(len(kept) + 1)
        known[called] = text
        laid = lay_concept(frame, brief, written, distance=f"{there.value:.2f}" if there.other else "", other=there.other, measure=measure.name)
        if since := thrown[said:]:
            laid.about["thrown"] = _listed(since)
            said = len(thrown)
        kept.append(laid)
    short = "" if len(kept) == count else f"{len(kept)} of {count}: no further one was unlike the others enough ({measure.floor:.2f} by {measure.name})."
    if kept and short:  # what was thrown back behind the last one stands with it
        kept[-1].about["thrown"] = "\n".join(part for part in (kept[-1].about.get("thrown", ""), _listed(thrown[said:]), short) if part)
    return Concepts(laid=tuple(kept), thrown=tuple(thrown), measure=measure.name, short=short)


def _listed(thrown: list[str]) -> str:
    more = len(thrown) - _LISTED
    return "\n".join([*thrown[:_LISTED], *([f"and {more} more"] if more > 0 else [])])


def asked_frames(brief: Brief, count: int, seed: int) -> tuple[Frame, ...]:
    """What a writer is asked to begin from, in the order of asking: three for each concept that is wanted, known before the first answer. As long as there are some, they begin apart."""
    everything = tuple(combinations(f"{brief.seal} {seed}"))
    apart: list[Frame] = []
    measure = by_words(BY_WORDS, without=brief.text)
    for frame in everything[:_LOOKED]:
        if len(apart) < count and all(measure.between(frame.text, one.text) >= measure.floor for one in apart):
            apart.append(frame)
    rest = (frame for frame in everything if frame not in apart)
    return (*apart, *islice(rest, _TRIES * count - len(apart)))


def measured_by(laid: Mapping[str, str]) -> str:
    """What a concept is compared by, from the values of its entry: its starting point's text, or what a service wrote."""
    return laid.get("text") or laid.get("frame", "")


def lay_concept(frame: Frame, brief: Brief, written: Written | None = None, *, distance: str = "", other: str = "", measure: str = "words") -> Laid:
    """A concept's page."""
    product = brief.first("product", "the product")
    sheet = Sheet()
    name = title(frame)
    sheet.heading(1, name)
    sheet.note(_WRITTEN if written is not None else _LAID)
    if written is not None:
        sheet.heading(2, "The film")
        sheet.raw(_flat(written.text), whose=written.by, source=f"entry {written.entry} of the record" if written.entry else "")
        sheet.heading(2, BEGAN)
    for heading, axis in _NAMES:
        way = getattr(frame, axis)
        if written is None:
            sheet.heading(2, heading)
        sheet.line(_filled(way.says, product))
    sheet.heading(2, _GIVES)
    given = [*brief.says("message")[:1], *brief.says("audience")[:1], *brief.says("tone")[:1]] or [*brief.says("aim")[:1], *brief.says("product")[:1], *told(brief)[:1]]
    sheet.quoted(given)
    met = clashes(frame, brief)
    if met:
        sheet.heading(2, _MEETS)
        for one in met:
            sheet.quoted([one.point])
            sheet.questions([one.asks[0].upper() + one.asks[1:]])
    sheet.heading(2, _ASKS)
    sheet.questions(_filled(way.asks, product) for way in frame.ways)
    sheet.heading(2, _WRONG)
    sheet.questions(_filled(way.risks, product) for way in frame.ways)
    about = {"parts": "; ".join(f"{axis}: {getattr(frame, axis).name}" for axis in AXES), "frame": frame.text, "distance": distance, "nearest": other, "measure": measure}
    if written is not None:
        about["text"] = written.text
    says = ("Made without a language model: a starting point, and the brief's own words.",) if written is None else written.notes
    return sheet.laid(name, calls=[written.entry] if written is not None and written.entry else [], says=says, about=about)


def prompt(frame: Frame, brief: Brief) -> str:
    """What a service is asked: the four choices and what the brief says, in its words."""
    product = brief.first("product", "the product")
    said = "\n".join([*(f"{field}: {point.text}" for field in ("client", "product", "audience", "message", "aim", "tone", "must-haves", "avoid", "mandatories", "deliverables") for point in brief.says(field)), *(one.text for one in told(brief))])
    choices = "\n".join(f"- {_filled(way.says, product)}" for way in frame.ways)
    return f"The brief for a commercial says:\n{said}\n\nWrite one concept of 120 words or fewer, as a director tells it aloud, in plain sentences. Keep to these four choices:\n{choices}\nNo title, no list, no heading, no camera brands, nothing that the brief forbids."


def _filled(text: str, product: str) -> str:
    """What a way says of this product, each sentence with a capital; but "iPhone" stays as it is written."""
    return re.sub(r"(^|[.?!]\s)([a-z])(?![^\W_]*[A-Z])", lambda found: found[1] + found[2].upper(), text.replace("{product}", product))


def _flat(text: str) -> str:
    """A service's text without headings of its own: they would be taken for the page's."""
    return "\n".join(line.lstrip("# ") if line.startswith("#") else line for line in text.strip().splitlines())
