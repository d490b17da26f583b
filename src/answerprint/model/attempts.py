"""What was shot, in a script supervisor's words: attempts, the readings that name them, and what each covers.

A clip is not a take: one clip may hold many attempts, one take may lie on several cameras. Times are seconds from the first
frame of the clip (or the first sample of a sound file); they are measured on sound, so they are decimal, to a millisecond.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Attempt", "Covered", "Heard", "OffScript", "Reading", "Said"]

#: Where a reading comes from, in the order in which a person would believe them when they disagree.
Source = Literal["notes", "ALE", "slate picture", "spoken slate", "iXML", "bext", "file name", "running order"]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One thing that one source says about an attempt. Agreement decides; a conflict is shown, never settled in silence."""

    what: Literal["scene", "slate", "take", "roll", "circled", "comment", "lens", "camera", "tail slate", "MOS", "pickup", "series", "in", "out"]
    value: str
    source: Source
    by: str | None = None  #: the person, where it is a person's: a circle or a comment shows their name
    at_s: float | None = None  #: where in the clip it was heard or seen
    measure: str | None = None  #: how far to trust it: "word probability 0.93"


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try at something, between "action" and "cut" where those were heard, else between its own edges."""

    number: int  #: from 1, in the clip
    in_s: float
    out_s: float
    kind: Literal["take", "pickup", "restart", "false start", "MOS", "wild"] = "take"
    series: bool = False  #: shot without cutting, one of several on one slate
    scene: str | None = None  #: "1A", or "12"
    slate: str | None = None  #: running number, where the production slates so
    take: int | None = None
    slate_at: Literal["head", "tail"] | None = None
    circled: bool = False
    circled_by: str | None = None
    comment: str | None = None
    comment_by: str | None = None
    source: tuple[str, ...] = ()  #: who agrees on scene and take: "spoken slate", "iXML"
    readings: tuple[Reading, ...] = ()
    conflicts: tuple[str, ...] = ()  #: sentences


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One word as it was heard."""

    text: str
    in_s: float
    out_s: float
    probability: float


@dataclass(frozen=True, kw_only=True)
class Said:
    """One word of an item against what was said: kept, changed, missed (nothing heard) or added (nothing scripted)."""

    how: Literal["said", "changed", "missed", "added"]
    script: str | None
    heard: str | None
    in_s: float | None = None
    out_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class Covered:
    """One script item in one attempt, from its first to its last word (a picture item: the whole attempt)."""

    attempt: int
    item: int
    kind: Literal["line", "voice-over", "picture", "board"]
    in_s: float
    out_s: float
    complete: bool
    camera: Literal["on", "off", "unknown"] = "unknown"  #: straight, wavy or thin on the lined script
    words: tuple[Said, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OffScript:
    """Speech that is not in the script: an ad-lib, a restart, chatter; or a crew remark, kept as a quotation with its take."""

    in_s: float
    out_s: float
    text: str
    attempt: int | None = None
    remark: bool = False  #: said by the crew around a take: "that's the one"
    speaker: str | None = None
