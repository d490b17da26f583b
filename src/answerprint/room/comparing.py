"""Two cuts beside each other, and the pace of one: shot lengths, pauses, words per second. Figures and shapes; what they mean is a person's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from answerprint.model.time import Span
from answerprint.room.showing import Showing

__all__ = ["PAUSE_S", "Pace", "Ribbon", "Step", "changes", "pace", "ribbons"]

#: A silence between two words counts as a pause from here on; shorter ones belong to articulation (Goldman-Eisler, Psycholinguistics, 1968).
PAUSE_S = 0.25


@dataclass(frozen=True, kw_only=True)
class Step:
    """One shot on the pacing line: in seconds, and the words that begin in it per second."""

    start_s: float
    length_s: float
    words_per_s: float


@dataclass(frozen=True, kw_only=True)
class Pace:
    """The pacing of a cut. `pauses` lie between words that are heard; before the first word and after the last nobody pauses."""

    steps: tuple[Step, ...]
    pauses: tuple[tuple[float, float], ...]
    words: int


def pace(shown: Showing, words: Sequence[tuple[float, float, str]]) -> Pace:
    """How long each shot is, and where the voice rests.

    Args: words: (start, end, word) in seconds from the cut's first frame, in its order.
    """
    steps = []
    for one in shown.shots:
        start, end = (float(Fraction(edge) / shown.rate) for edge in (one.shown.start, one.shown.end))
        count = sum(start <= word[0] < end for word in words)
        steps.append(Step(start_s=round(start, 3), length_s=round(end - start, 3), words_per_s=round(count / (end - start), 2)))
    pauses, until = [], None
    for start, end, _ in words:
        if until is not None and start - until >= PAUSE_S:
            pauses.append((round(until, 3), round(start, 3)))
        until = end if until is None else max(until, end)
    return Pace(steps=tuple(steps), pauses=tuple(pauses), words=len(words))


@dataclass(frozen=True, kw_only=True)
class Ribbon:
    """A shot in two cuts: its frames in each, and whether it shows the same stretch. One end is None where it stands in one cut only."""

    before: tuple[int, int] | None
    after: tuple[int, int] | None
    same: bool


def ribbons(old: Showing, new: Showing) -> tuple[Ribbon, ...]:
    """Every shot of both cuts, paired by what it shows of its medium; the likest first, each once."""
    likely: list[tuple[Fraction, int, int]] = []
    for a, one in enumerate(old.shots):
        for b, other in enumerate(new.shots):
            mine, theirs = one.shown.use, other.shown.use
            if mine is None or theirs is None or mine.medium != theirs.medium:
                continue
            shared = one.shown.source(old.rate).overlap(other.shown.source(new.rate))
            if shared is not None or (one.unit is None and other.unit is None):
                likely.append((shared.duration_s if shared is not None else Fraction(0), a, b))
    pairs: dict[int, int] = {}
    for _, a, b in sorted(likely, key=lambda row: (-row[0], row[1], row[2])):
        if a not in pairs and b not in pairs.values():
            pairs[a] = b
    found = []
    for a, one in enumerate(old.shots):
        mate = new.shots[pairs[a]] if a in pairs else None
        same = mate is not None and _stretch(one.shown.source(old.rate)) == _stretch(mate.shown.source(new.rate)) and one.frames == mate.frames
        found.append(Ribbon(before=(one.shown.start, one.shown.end), after=(mate.shown.start, mate.shown.end) if mate else None, same=same))
    fresh = [one for b, one in enumerate(new.shots) if b not in pairs.values()]
    return (*found, *(Ribbon(before=None, after=(one.shown.start, one.shown.end), same=False) for one in fresh))


def _stretch(span: Span) -> tuple[Fraction, Fraction]:
    return span.start_s, span.end_s


def changes(old: Showing, new: Showing) -> tuple[str, ...]:
    """What changed, as an editor says it; empty for the same cut."""
    from answerprint.timeline.diff import diff

    found: Sequence[Any] = diff(old.timeline, new.timeline)
    return tuple(dict.fromkeys(f"{one.says}." for one in found))
