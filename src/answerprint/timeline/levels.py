"""How loud a clip is played, as the editing program wrote it: one level, keyframes, fades. It is kept beside the edit and is no part of its seal."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from answerprint.model.records import ModelError
from answerprint.timeline.cut import info

__all__ = ["LOUDEST_DB", "SILENT_DB", "Level", "amplitude", "decibels", "level_of", "moved", "over", "told"]

LOUDEST_DB = 120.0  #: a million times the amplitude: no program's slider goes so far (Final Cut and Premiere end at 12 and 15 dB)
SILENT_DB = -96.0  #: what Final Cut writes for nothing at all; the last bit of a 16-bit file


@dataclass(frozen=True, kw_only=True)
class Level:
    """How loud a clip is played, attached to it in the cut (`timeline.cut.attach`). Times in seconds from its beginning on the timeline."""

    gain_db: float = 0.0
    keys: tuple[tuple[Fraction, float], ...] = ()  #: (moment, dB), added to `gain_db`; between two the dB go straight
    fade_in_s: Fraction = Fraction(0)
    fade_out_s: Fraction = Fraction(0)
    bends: tuple[str, ...] = ()  #: how the program bends the fade in and the fade out: "easeIn", "easeOut"; empty for straight ones

    def __post_init__(self) -> None:
        if not all(math.isfinite(one) for one in (self.gain_db, *(value for _, value in self.keys))) or min(self.fade_in_s, self.fade_out_s) < 0:
            raise ModelError("a level is a number of dB, and a fade no shorter than nothing.")

    def db(self, at_s: Fraction) -> float:
        """The level at a moment, without the fades."""
        if not self.keys:
            return self.gain_db
        keys = sorted(self.keys)
        before = max((one for one in keys if one[0] <= at_s), default=keys[0])
        after = min((one for one in keys if one[0] > at_s), default=keys[-1])
        if at_s <= before[0] or after[0] <= before[0]:
            return self.gain_db + before[1]
        return self.gain_db + before[1] + (after[1] - before[1]) * float((at_s - before[0]) / (after[0] - before[0]))


def level_of(clip: Any) -> Level | None:
    """What the cut says of a clip's level; None where it says nothing.

    Raises: TimelineError: its record was changed by hand.
    """
    return info(clip, Level)


def told(timeline: Any) -> bool:
    """Whether the program that wrote the cut says anything of levels. Where it does, a clip without one is played as it was recorded."""
    return any(level_of(clip) is not None for clip in timeline.find_clips())


def over(outer: Level, inner: Level | None) -> Level:
    """The level of a clip inside another that has one, both on one clock: their dB together."""
    if inner is None:
        return outer
    if not outer.keys or not inner.keys:
        keys = outer.keys or inner.keys
    else:
        bare = replace(outer, gain_db=0.0), replace(inner, gain_db=0.0)
        keys = tuple((at, sum(one.db(at) for one in bare)) for at in sorted({at for at, _ in (*outer.keys, *inner.keys)}))
    return Level(
        gain_db=outer.gain_db + inner.gain_db, keys=keys, fade_in_s=max(outer.fade_in_s, inner.fade_in_s), fade_out_s=max(outer.fade_out_s, inner.fade_out_s),
        bends=outer.bends if outer.fade_in_s or outer.fade_out_s else inner.bends,
    )  # fmt: skip


def moved(level: Level, by_s: Fraction) -> Level:
    """The same level told from a moment so much earlier."""
    return replace(level, keys=tuple((at + by_s, value) for at, value in level.keys))


def decibels(amplitude_: float) -> float:
    """A factor of the amplitude in dB; nothing at all is SILENT_DB."""
    return max(20 * math.log10(amplitude_), SILENT_DB) if amplitude_ > 0 else SILENT_DB


def amplitude(gain_db: float) -> str:
    """A level as the factor that an editing program writes, in the twelve digits by which it is the same number again."""
    return "0" if gain_db <= SILENT_DB else f"{10 ** (gain_db / 20):.12g}"
