"""The same cut with its bed out of the way of some words: keyframes on the bed's level, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from answerprint.model.ideas import Case, Offer
from answerprint.timeline.cut import attach, duration_of, media_of
from answerprint.timeline.levels import SILENT_DB, Level, level_of, over

__all__ = ["ducked"]

_FADE_S = Fraction(1, 4)  #: in and out of it: six frames, as a hand on a fader
_JOIN_S = Fraction(1)  #: between two words: the bed stays out


def ducked(case: Case, name: str, words: Sequence[tuple[Fraction, Fraction, str]]) -> Offer | None:
    """The cut with what lies under those words silent around them; None where it lies in a nested cut.

    Args: words: (from, to, name of the medium under it), seconds of the film.
    """
    timeline = otio.schema.Timeline.from_json_string(case.timeline)
    timeline.name = name
    touched = False
    for track in (one for one in timeline.tracks if one.kind == otio.schema.TrackKind.Audio):
        at_s = Fraction(0)
        for item in track:
            if isinstance(item, otio.schema.Transition):
                continue
            length = duration_of(item)
            spans = _joined([(first, last) for first, last, under in words if isinstance(item, otio.schema.Clip) and media_of(item).name == under and at_s < last and first < at_s + length])
            if spans:
                attach(item, _out([(first - at_s, last - at_s) for first, last in spans], level_of(item)))
                touched = True
            at_s += length
    return Offer(kind="timeline", name=name, text=timeline.to_json_string()) if touched else None


def _joined(spans: Sequence[tuple[Fraction, Fraction]]) -> list[tuple[Fraction, Fraction]]:
    made: list[tuple[Fraction, Fraction]] = []
    for first, last in sorted(spans):
        if made and first - made[-1][1] < _JOIN_S:
            made[-1] = made[-1][0], max(made[-1][1], last)
        else:
            made.append((first, last))
    return made


def _out(spans: Sequence[tuple[Fraction, Fraction]], level: Level | None) -> Any:
    keys = [key for first, last in spans for key in ((first - _FADE_S, 0.0), (first, SILENT_DB), (last, SILENT_DB), (last + _FADE_S, 0.0))]
    return over(Level(keys=tuple(keys)), level)
