"""The rule by which a rough cut is filled, and how long a picture holds beside a guide. It knows who decided and what is complete, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from answerprint.model.attempts import Attempt, Covered
from answerprint.model.records import Digest
from answerprint.timeline.slates import Strung, Wanted, exact

__all__ = ["Choice", "Pick", "alone", "guide_time", "pick"]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What was chosen for an item: this attempt, by somebody who signed it; or as a draft, which nobody signed."""

    clip: Digest | None  #: None where none of them is to be used: it is to be shot again
    attempt: int
    by: str  #: of a draft: "a draft"
    signed: bool = True


@dataclass(frozen=True)
class Pick:
    """Which attempt stands for an item, and the sentence that says why."""

    strung: Strung | None
    covered: Covered | None
    says: str
    label: str = ""  #: of the slug, where there is no attempt


def pick(item: Wanted, strung: Sequence[Strung], choice: Choice | None, slugs: bool, guide: Strung | None) -> Pick:
    """What stands for an item: what a person chose, a circled take, a slug if asked, the guide, the last that reaches the end, the last."""
    tries = [one for one in strung if one.of(item.number) is not None]
    if choice is not None:
        by = choice.by[:1].upper() + choice.by[1:]
        if choice.clip is None:
            return Pick(None, None, f"{by} wants it shot again." if choice.signed else "It is a draft: none of them, shoot it again.", "to be shot again")
        chosen = next((one for one in strung if one.clip.digest == choice.clip and one.attempt.number == choice.attempt), None)
        if chosen is None:
            return Pick(None, None, f"{by} chose an attempt that is not at hand now.", f"chosen by {choice.by}, not at hand")
        return Pick(chosen, chosen.of(item.number), f"{by} chose it." if choice.signed else "It is a draft: chosen, and signed by nobody.")
    if item.stock is not None and not tries:
        return Pick(None, None, f"It is to come from a stock library: {item.stock}.", f"STOCK: {item.stock}")
    if item.card and not tries:
        return Pick(None, None, "Lettering is made, not shot.", f"CARD: {item.flat}")
    if not tries:
        return Pick(None, None, "It was not covered.", f"not covered: {item.flat}")
    many = f"{len(tries)} attempts" if len(tries) > 1 else "1 attempt"
    circled = [one for one in tries if one.attempt.circled]
    if circled:
        one = _last(circled, item)
        by = f"{one.attempt.circled_by} circled it" if one.attempt.circled_by else "It is circled on the day's paper"
        return _angle(one, tries, item, f"{by}{_of(circled, 'circled take')}.")
    if slugs:
        return Pick(None, None, f"There are {many}, and nobody has chosen." if len(tries) > 1 else "There is 1 attempt, and nobody has chosen.", f"{many}, none chosen")
    if guide is not None and guide.of(item.number) is not None:
        return Pick(guide, guide.of(item.number), "It is the guide's reading.")
    if item.kind != "voice-over":  # a wild line has no picture to show: it stands in only where there is nothing else
        tries = [one for one in tries if one.clip.picture] or tries
        many = f"{len(tries)} attempts" if len(tries) > 1 else "1 attempt"
    one = _last(tries, item)
    covered = one.of(item.number)
    assert covered is not None
    if covered.complete:
        return _angle(one, tries, item, f"It is the last of {many} that reaches the end, whatever its words." if len(tries) > 1 else "It is the only attempt.")
    return _angle(one, tries, item, f"None of {many} reaches the end; it is the last." if len(tries) > 1 else "It is the only attempt, and it does not reach the end.")


def _last(tries: Sequence[Strung], item: Wanted) -> Strung:
    """The last that reaches the end of the item, else the last."""
    return next((one for one in reversed(tries) if (covered := one.of(item.number)) is not None and covered.complete), tries[-1])


def _angle(one: Strung, tries: Sequence[Strung], item: Wanted, says: str) -> Pick:
    """The first camera of a take that several cameras shot, in shooting order."""
    same = [other for other in tries if _same_take(other.attempt, one.attempt)] if one.attempt.take is not None else [one]
    cameras = {other.clip.media.camera for other in same}
    full = one.of(item.number)
    assert full is not None
    alike = [other for other in same if (covered := other.of(item.number)) is not None and covered.complete == full.complete]
    first = next((other for other in alike if other.attempt.circled == one.attempt.circled), one)  # a circle on one camera's clip means that clip
    if len(cameras) < 2 or (first is one and alike[0] is one):
        return Pick(one, full, says)
    if first is not alike[0]:
        return Pick(first, first.of(item.number), f"{says} {len(cameras)} cameras shot it; this is the one that is circled.")
    return Pick(first, first.of(item.number), f"{says} {len(cameras)} cameras shot it; this is the first.")


def _same_take(one: Attempt, other: Attempt) -> bool:
    return (one.scene, one.slate, one.take, one.kind, one.number) == (other.scene, other.slate, other.take, other.kind, other.number)


def _of(tries: Sequence[Strung], what: str) -> str:
    return f", the last of {len(tries)} {what}s" if len(tries) > 1 else ""


def alone(place: int, items: Sequence[Wanted]) -> bool:
    """Whether a voice-over has no picture to lie under: none stands between it and the line or the beginning before it."""
    before = next((item for item in reversed(items[:place]) if item.kind != "voice-over"), None)
    return before is None or before.kind == "line"


def guide_time(place: int, items: Sequence[Wanted], guide: Strung | None) -> Fraction | None:
    """How long a picture holds by the guide: from its own voice-over to the next picture's, shared evenly among the pictures before one voice-over."""
    if guide is None:
        return None
    first = last = place
    while first > 0 and items[first - 1].kind in ("picture", "board"):
        first -= 1
    while last + 1 < len(items) and items[last + 1].kind in ("picture", "board"):
        last += 1
    rest = [item for item in items[last + 1 :] if item.kind != "line"]
    own = guide.of(rest[0].number) if rest and items[last + 1].kind == "voice-over" else None
    if own is None:
        return None
    following = next((number for number, item in enumerate(rest) if item.kind in ("picture", "board")), len(rest))
    read = [covered for item in rest[:following] if (covered := guide.of(item.number)) is not None]
    then = next((covered for item in rest[following:] if item.kind == "voice-over" and (covered := guide.of(item.number)) is not None), None)
    end = exact(then.in_s) if then is not None else exact(read[-1].out_s)
    return max(end - exact(own.in_s), Fraction(0)) / (last - first + 1)
