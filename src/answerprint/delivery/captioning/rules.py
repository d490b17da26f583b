"""The rules that captions are held to, and what of them a set of captions breaks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from answerprint.model.time import Timecode, round_half_up

__all__ = ["LINE_21", "STANDARD", "TELETEXT", "Caption", "Fault", "Rules", "bare", "faults", "frame_of", "seconds_of", "width"]

_FAST_FPS = 30  #: above it two frames count as one: 20 frames are as long at 50 as at 25
_TAG = re.compile(r"</?[ibu]>", re.IGNORECASE)
_UNSEEN = ("Mn", "Me", "Cf")  #: marks that stand over a letter, and marks of direction


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What a caption may be. A full-width character (Chinese, Japanese, Korean) counts two columns, also for reading."""

    name: str = "standard"
    lines: int = 2
    columns: int = 42  #: Netflix Timed Text Style Guide, general requirements: 42 characters a line
    full_width: int = 16  #: characters of a line where all are full-width (Netflix, Japanese: 16 for horizontal text)
    per_second: int = 20  #: columns (Netflix, English SDH: 20 characters a second for adults)
    least_frames: int = 20  #: on screen: 5/6 s at 24 frames a second
    gap_frames: int = 2
    lead_frames: int = 3  #: a caption comes this near to its first word
    most_s: int = 7  #: Netflix, general requirements
    sent: bool = False  #: its characters are sent two a frame while the caption before is shown (ANSI/CTA-608-E)

    def fits(self, line: str) -> bool:
        """Whether a line is no longer than a line may be."""
        text = bare(line)
        return width(text) <= (min(self.columns, 2 * self.full_width) if any(_wide(one) for one in text) else self.columns)

    def frames(self, count: int, rate: Fraction) -> int:
        """So many frames at up to 30 a second; twice as many above."""
        return count * (2 if rate > _FAST_FPS else 1)

    def least(self, text: str, rate: Fraction) -> int:
        """Frames that a text needs to be read."""
        reading = -(-width(bare(text).replace("\n", " ")) * rate // self.per_second)
        return max(self.frames(self.least_frames, rate), int(reading))


STANDARD = Rules()
TELETEXT = Rules(name="teletext", columns=37)  #: 40 columns less the control characters that a boxed row begins and ends with (EBU Tech 3264)
LINE_21 = Rules(name="608", columns=32, sent=True)  #: ANSI/CTA-608-E: 32 columns a row


@dataclass(frozen=True, kw_only=True)
class Caption:
    """One caption: frames [first, end) of the film, and its lines. `said` is the frame in which its first word begins; None where nothing is spoken."""

    first: int
    end: int
    text: str
    said: int | None = None


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A rule that a caption breaks. `number` counts from 1."""

    number: int
    rule: str  #: "lines", "width", "speed", "short", "gap", "in", "order", "film", "empty", "long"
    says: str


def bare(text: str) -> str:
    """A text as it is read: without marks for slanted, bold and underlined words."""
    return _TAG.sub("", text)


@lru_cache(maxsize=65536)
def width(text: str) -> int:
    """Columns: a full-width character takes two, an accent over a letter none."""
    return sum(2 if _wide(one) else 1 for one in text if unicodedata.category(one) not in _UNSEEN)


def _wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def seconds_of(frame: int, rate: Fraction) -> Fraction:
    """When a frame begins, in whole thousandths and never later: a player that asks for a frame's captions at its beginning finds the right ones."""
    return Fraction(int(Fraction(frame) / rate * 1000), 1000)


def frame_of(at_s: Fraction, rate: Fraction) -> int:
    """The frame that a time in thousandths stands for: the nearest beginning."""
    return round_half_up(at_s * rate)


def faults(captions: Sequence[Caption], rules: Rules, rate: Fraction, length: int | None = None, *, drop: bool = False) -> tuple[Fault, ...]:
    """Everything that is wrong with captions, in their order.

    Args:   length: frames of the film; None where it is not known.
    """
    found: list[Fault] = []
    for number, one in enumerate(captions, 1):
        found += [Fault(number=number, rule=rule, says=f"caption {number} ({_at(one, rate, drop)}) {says}") for rule, says in _wrong(one, rules, rate, length)]
    for number, (one, later) in enumerate(pairwise(captions), 2):
        apart = later.first - one.end
        if later.first < one.first or apart < 0:
            found.append(Fault(number=number, rule="order", says=f"caption {number} ({_at(later, rate, drop)}) begins before the one before has gone."))
        elif apart < rules.frames(rules.gap_frames, rate):
            found.append(Fault(number=number, rule="gap", says=f"caption {number} ({_at(later, rate, drop)}) comes {apart} frames after the one before; {rules.frames(rules.gap_frames, rate)} are needed."))
    return tuple(sorted(found, key=lambda fault: fault.number))


def _wrong(one: Caption, rules: Rules, rate: Fraction, length: int | None) -> list[tuple[str, str]]:
    lines = bare(one.text).split("\n")
    out: list[tuple[str, str]] = []
    if not bare(one.text).strip():
        return [("empty", "has no words.")]
    if len(lines) > rules.lines:
        out.append(("lines", f"has {len(lines)} lines; {rules.lines} are allowed."))
    out += [("width", f"has a line of {width(line)} columns: {line!r}.") for line in lines if not rules.fits(line)]
    on = one.end - one.first
    if on < rules.frames(rules.least_frames, rate):
        out.append(("short", f"stands {max(on, 0)} frames; {rules.frames(rules.least_frames, rate)} are needed."))
    columns = width(" ".join(lines))
    if on > 0 and columns * rate > rules.per_second * on:
        out.append(("speed", f"is read at {float(columns * rate / on):.1f} characters a second; {rules.per_second} are allowed."))
    if on > rules.most_s * rate + 1:
        out.append(("long", f"stands {float(on / rate):.1f} s; {rules.most_s} are allowed."))
    if one.said is not None and abs(one.first - one.said) > rules.lead_frames:
        out.append(("in", f"comes {abs(one.first - one.said)} frames {'after' if one.first > one.said else 'before'} its first word."))
    if one.first < 0 or (length is not None and one.end > length):
        out.append(("film", "stands beyond the film."))
    return out


def _at(one: Caption, rate: Fraction, drop: bool) -> str:
    return str(Timecode(frames=max(one.first, 0), rate=rate, drop=drop))
