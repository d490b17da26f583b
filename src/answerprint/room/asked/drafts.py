"""Concepts and treatments that a service writes. What comes is a draft in its name, passage by passage, until a person changes it."""

from __future__ import annotations

from collections.abc import Collection

from answerprint import drafting
from answerprint.desk import Desk
from answerprint.model.providers import Cancel, Kind, Provider
from answerprint.room.asked import Planned, Wanted, Watch

__all__ = ["KINDS", "ask", "place", "plan"]

KINDS: tuple[Kind, ...] = ("words",)


def place(wanted: Wanted) -> str:
    return "drafts"  # one at a time: what comes second is held against what came first


def plan(desk: Desk, provider: Provider, wanted: Wanted) -> Planned:
    count, start = _looked(wanted)
    asks = drafting.questions(desk.production, count=count, start=start)
    requests = tuple(drafting.question(desk, prompt, seed) for prompt, seed in asks)
    what = ("a treatment" if start is None else f"a treatment from {start}") if not count else "one concept" if count == 1 else f"{count} concepts"
    return Planned(what=what, requests=requests)


def ask(desk: Desk, provider: Provider, wanted: Wanted, *, agreed: Collection[int], by: str, cancel: Cancel, watch: Watch) -> None:
    count, start = _looked(wanted)
    writer = drafting.writer(desk.production, provider, agreed=agreed, by=by, cancel=cancel)
    if count:
        _, found = drafting.draft_concepts(desk.production, count, writer=writer, watch=watch)
        if not found.laid:
            raise drafting.DraftingError(f"nothing was written down: each of {len(found.thrown)} answers was too near to a concept that is here. They stand in the record.")
    else:
        drafting.draft_treatment(desk.production, start=start, writer=writer)


def _looked(wanted: Wanted) -> tuple[int, str | None]:
    """(how many concepts, 0 for a treatment; the concept that a treatment begins from)."""
    count, start = str(wanted.get("count") or ""), str(wanted.get("start") or "")
    if wanted.get("what") == "concepts":
        if not count.isdecimal() or not 1 <= int(count[:6]) <= 24:
            raise drafting.DraftingError(f"{count[:20] or 'none'!r} concepts cannot be made at once: 1 to 24.")
        return int(count), None
    if not start:
        raise drafting.DraftingError("nobody chose what the treatment begins from: a concept, or the brief alone.")
    return 0, None if start == "brief" else start
