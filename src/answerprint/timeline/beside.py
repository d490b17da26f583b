"""A voice-over's track: sounds beside the picture, one after another, never two at once."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from answerprint.timeline.cut import span

__all__ = ["Beside"]


class Beside:
    """Sounds where they were laid; in between there are gaps."""

    def __init__(self, rate: Fraction) -> None:
        self.rate = rate
        self.items: list[Any] = []
        self.end_s = Fraction(0)

    def lay(self, items: Sequence[Any], at_s: Fraction, length_s: Fraction) -> None:
        """Lay a sound, in one piece or with gaps around it; `at_s` is never before the end of the last."""
        if at_s > self.end_s:
            self.items.append(self._gap(at_s - self.end_s))
        self.items.extend(items)
        self.end_s = at_s + length_s

    def track(self, length_s: Fraction) -> Any:
        """The track, as long as the picture."""
        made = otio.schema.Track("VO", kind=otio.schema.TrackKind.Audio)
        made.extend(self.items)
        if length_s > self.end_s:
            made.append(self._gap(length_s - self.end_s))
        return made

    def _gap(self, length_s: Fraction) -> Any:
        return otio.schema.Gap(source_range=span(Fraction(0), length_s, self.rate))
