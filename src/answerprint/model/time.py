"""Exact time: rates are fractions, timecode is a way of writing a frame number, ranges are half-open.

Nothing in the house keeps a time as a float of frames or a rate as 23.976. Seconds are `Fraction`; a float appears
only where a person or another program reads it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from answerprint.model.records import ModelError

__all__ = ["RATES", "Span", "Timecode", "TimecodeError", "floor_frames", "number", "parse_rate", "rate_name", "round_half_up"]


class TimecodeError(ModelError):
    """A time, a rate or a timecode that cannot be read."""


#: The rates cameras and broadcasters use, by the name people write.
RATES: dict[str, Fraction] = {
    "23.976": Fraction(24000, 1001),
    "24": Fraction(24),
    "25": Fraction(25),
    "29.97": Fraction(30000, 1001),
    "30": Fraction(30),
    "47.952": Fraction(48000, 1001),
    "48": Fraction(48),
    "50": Fraction(50),
    "59.94": Fraction(60000, 1001),
    "60": Fraction(60),
    "100": Fraction(100),
    "119.88": Fraction(120000, 1001),
    "120": Fraction(120),
}
_SPOKEN = {"23.98": "23.976", "23.97": "23.976", "59.97": "59.94"}


_NUMBER = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40}|/\d{1,40})?|\.\d{1,40})")


def number(text: str) -> Fraction:
    """A number as people write it: "12.5", "1001/30000". Powers of ten are none: "1e999999999" would be reckoned for hours.

    Raises: ValueError: it is none.  ZeroDivisionError: a part of nothing.
    """
    if _NUMBER.fullmatch(text.strip()) is None:
        raise ValueError(f"{text[:40]!r} is no number")
    return Fraction(text)


def parse_rate(text: str | int | Fraction) -> Fraction:
    """Read a frame rate as people write it: "23.976", "24000/1001", 25.

    Raises: TimecodeError if it is not a positive rate. A decimal that is within 0.005 of an NTSC rate *is* that rate.
    """
    if isinstance(text, (int, Fraction)):
        value = Fraction(text)
    else:
        name = text.strip().lower().removesuffix("fps").removesuffix("p").strip()
        name = _SPOKEN.get(name, name)
        if name in RATES:
            return RATES[name]
        try:
            value = number(name)
        except (ValueError, ZeroDivisionError) as cause:
            raise TimecodeError(
                f"{text!r} is not a frame rate. Write 23.976, 24, 25, 29.97, 50 or a fraction such as 24000/1001."
            ) from cause
        if "." in name:
            nearest = min(RATES.values(), key=lambda known: abs(known - value))
            if abs(nearest - value) < Fraction(5, 1000):
                value = nearest
    if not 0 < value <= 1000:
        raise TimecodeError(f"{text!r} is not a frame rate between 0 and 1000.")
    return value


def rate_name(rate: Fraction) -> str:
    """The name people write for a rate: "23.976", "25"; another rate as a fraction."""
    for name, known in RATES.items():
        if known == rate:
            return name
    return str(rate)


def round_half_up(value: Fraction) -> int:
    """The nearest whole number; a half goes up, also below zero (Python's own rounding goes to even)."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def floor_frames(seconds: Fraction, rate: Fraction) -> int:
    """The number of the frame that is on screen at `seconds`."""
    exact = seconds * rate
    return exact.numerator // exact.denominator


@dataclass(frozen=True, kw_only=True, order=True)
class Span:
    """A half-open stretch of time, [start_s, end_s), in exact seconds. Empty where both are equal."""

    start_s: Fraction
    end_s: Fraction

    def __post_init__(self) -> None:
        if self.end_s < self.start_s:
            raise TimecodeError(f"a range cannot end ({float(self.end_s):.3f} s) before it starts ({float(self.start_s):.3f} s).")

    @property
    def duration_s(self) -> Fraction:
        return self.end_s - self.start_s

    def overlap(self, other: Span) -> Span | None:
        """The stretch that both share, or None where they only touch."""
        start, end = max(self.start_s, other.start_s), min(self.end_s, other.end_s)
        return Span(start_s=start, end_s=end) if start < end else None


_TIMECODE = re.compile(r"^(\d{1,2})[:;.](\d{2})[:;.](\d{2})([:;.,])(\d{2,3})$")


@dataclass(frozen=True, kw_only=True)
class Timecode:
    """A frame number since midnight, and the way it is written (SMPTE ST 12-1).

    `frames` counts real frames; `rate` is how many of them pass in a second; `drop` says whether the numbering skips labels
    (drop-frame). Drop-frame is numbering, not rate: true 30/1 media may carry it.
    """

    frames: int
    rate: Fraction
    drop: bool = False

    def __post_init__(self) -> None:
        if self.drop and self.nominal % 30:
            raise TimecodeError(
                f"drop-frame timecode exists at 29.97, 59.94 and their whole-number cousins, not at {rate_name(self.rate)}."
            )
        object.__setattr__(self, "frames", self.frames % self._day)

    @property
    def nominal(self) -> int:
        """Labels in a second: 24 for 23.976, 30 for 29.97."""
        return -(-self.rate.numerator // self.rate.denominator)

    @property
    def _dropped(self) -> int:
        return self.nominal // 15 if self.drop else 0

    @property
    def _day(self) -> int:
        return self.nominal * 86400 - self._dropped * (1440 - 144)

    @property
    def seconds(self) -> Fraction:
        """Real seconds from label 00:00:00:00 to this frame."""
        return Fraction(self.frames) / self.rate

    def plus(self, frames: int) -> Timecode:
        """The timecode so many frames on; midnight wraps."""
        return Timecode(frames=self.frames + frames, rate=self.rate, drop=self.drop)

    @classmethod
    def parse(cls, text: str, *, rate: Fraction, drop: bool | None = None) -> Timecode:
        """Read HH:MM:SS:FF, or HH:MM:SS;FF where the last separator says drop-frame.

        Args:   drop: overrides the separator where another source knows better.
        Raises: TimecodeError for a label that does not exist, also one that drop-frame skips.
        """
        match = _TIMECODE.match(text.strip())
        if match is None:
            raise TimecodeError(f"{text!r} is not a timecode. Write HH:MM:SS:FF, or HH:MM:SS;FF for drop-frame.")
        hours, minutes, seconds, frame = int(match[1]), int(match[2]), int(match[3]), int(match[5])
        dropping = match[4] in ";," if drop is None else drop
        zero = cls(frames=0, rate=rate, drop=dropping)
        if hours > 23 or minutes > 59 or seconds > 59 or frame >= zero.nominal:
            raise TimecodeError(
                f"{text} is not a timecode at {rate_name(rate)}: hours to 23, minutes and seconds to 59, frames to {zero.nominal - 1}."
            )
        skipped = zero._dropped
        if skipped and frame < skipped and seconds == 0 and minutes % 10:
            raise TimecodeError(
                f"{text} does not exist in drop-frame: labels 00 to {skipped - 1:02d} are skipped at the start of that minute."
            )
        total_minutes = hours * 60 + minutes
        count = (total_minutes * 60 + seconds) * zero.nominal + frame - skipped * (total_minutes - total_minutes // 10)
        return cls(frames=count, rate=rate, drop=dropping)

    @classmethod
    def from_seconds(cls, seconds: Fraction, *, rate: Fraction, drop: bool = False) -> Timecode:
        """The timecode of the frame on screen so many real seconds after label 00:00:00:00."""
        return cls(frames=floor_frames(seconds, rate), rate=rate, drop=drop)

    def __str__(self) -> str:
        label = self.frames
        if self._dropped:
            ten = self.nominal * 600 - 9 * self._dropped
            tens, rest = divmod(self.frames, ten)
            label += 9 * self._dropped * tens
            minute = self.nominal * 60
            if rest >= minute:
                label += self._dropped * ((rest - minute) // (minute - self._dropped) + 1)
        seconds, frame = divmod(label, self.nominal)
        width = 3 if self.nominal > 100 else 2
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{';' if self.drop else ':'}{frame:0{width}d}"
