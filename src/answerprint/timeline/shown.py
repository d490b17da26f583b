"""What is on the screen at each frame of a cut: its layers laid flat, the upper one in front.

Words and stills that lie over a shot are not drawn here; how many there are is said. A shot that goes on where a shorter one in
front of it ends comes back as a shot of its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from answerprint.model.time import Span, round_half_up
from answerprint.timeline.edit import Edit, Use

__all__ = ["Shown", "flat", "frames_of", "over"]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One shot as it is seen: frames [start, end) of the cut. `use` is None where nothing is."""

    start: int
    end: int
    use: Use | None = None

    def source(self, rate: Fraction) -> Span:
        """What is seen of its medium, in seconds from the medium's first frame; nought to nought where there is none."""
        if self.use is None:
            return Span(start_s=Fraction(0), end_s=Fraction(0))
        start = self.use.source_s + (Fraction(self.start) / rate - self.use.start_s) * abs(self.use.speed)
        return Span(start_s=max(start, Fraction(0)), end_s=max(start, Fraction(0)) + abs(self.use.speed) * (self.end - self.start) / rate)


def frames_of(use: Use, rate: Fraction) -> tuple[int, int]:
    """The frames of the cut on which it stands: [first, one after the last)."""
    return round_half_up(use.start_s * rate), round_half_up((use.start_s + use.length_s) * rate)


def over(edit: Edit) -> int:
    """How many words and stills lie over the picture."""
    return sum(one.lettering and one.layer > 0 for one in edit.picture)


def flat(edit: Edit, rate: Fraction) -> tuple[Shown, ...]:
    """Every shot in the order in which it is seen, without a hole: where there is no picture, a `Shown` without a use.

    Args:    rate: frames a second of the cut.
    Returns: empty for a cut without a frame.
    """
    placed = [(*frames_of(one, rate), one) for one in edit.picture if not (one.lettering and one.layer)]
    end = round_half_up(edit.length_s * rate)
    edges = sorted({0, end, *(edge for first, last, _ in placed for edge in (first, last) if 0 <= edge <= end)})
    found: list[Shown] = []
    for start, stop in itertools.pairwise(edges):
        front = _front([one for first, last, one in placed if first <= start and stop <= last])
        if found and found[-1].use is front:
            found[-1] = replace(found[-1], end=stop)
        else:
            found.append(Shown(start=start, end=stop, use=front))
    return tuple(found)


def _front(there: Sequence[Use]) -> Use | None:
    return max(there, key=lambda one: one.layer, default=None)
