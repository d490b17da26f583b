"""The timecode of a medium: where files hide it, made into one label that exists, or a sentence about why it does not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from answerprint.media.quicktime import Counter
from answerprint.model.records import Bext, MediaInfo
from answerprint.model.time import RATES, Timecode, TimecodeError, floor_frames, rate_name

__all__ = ["Reading", "from_bcd", "from_bext", "from_counter", "from_label", "since_midnight"]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One timecode as a source gives it; `label` is None where it cannot be used and `note` says why."""

    label: str | None
    rate: Fraction
    source: str
    note: str | None = None


def from_label(text: str, *, rate: Fraction, source: str) -> Reading:
    """A label as a container writes it ("10:00:00;00"), at the rate of the picture it counts.

    A drop-frame mark at a rate that has no drop-frame is a flag that lies: the numbers are kept, the mark is not. A label that does
    not exist is no timecode, and a note.
    """
    text = "".join(char if char.isascii() and char.isprintable() else "?" for char in text.strip())[:20]
    try:
        return Reading(label=str(Timecode.parse(text, rate=rate)), rate=rate, source=source)
    except TimecodeError as cause:
        if re.search(r"[;,]\d+$", text):
            try:
                plain = Timecode.parse(text, rate=rate, drop=False)
            except TimecodeError:
                pass
            else:
                what = "this label is skipped in drop-frame" if plain.nominal % 30 == 0 else f"{rate_name(rate)} has no drop-frame"
                return Reading(
                    label=str(plain),
                    rate=rate,
                    source=source,
                    note=f"timecode {text} says drop-frame, but {what}; read as non-drop.",
                )
        return Reading(label=None, rate=rate, source=source, note=f"timecode {text} in the {source} cannot be read: {cause}")


def from_counter(counter: Counter, *, rate: Fraction) -> Reading:
    """A QuickTime timecode track at the picture's rate, or at its own where it counts other frames than the picture has."""
    own = rate if _labels(rate) == counter.nominal else min(RATES.values(), key=lambda known: abs(known / counter.rate - 1))
    if _labels(own) != counter.nominal:
        says = f"the timecode track counts {counter.nominal} frames a second at {float(counter.rate):.3f}, which cannot both be; it is not used."
        return Reading(label=None, rate=rate, source="tmcd", note=says)
    try:
        return Reading(label=str(Timecode(frames=counter.frame, rate=own, drop=counter.drop)), rate=own, source="tmcd")
    except TimecodeError:
        label = str(Timecode(frames=counter.frame, rate=own))
        return Reading(
            label=label,
            rate=own,
            source="tmcd",
            note=f"its timecode track says drop-frame, but {rate_name(own)} has none; read as non-drop.",
        )


def _labels(rate: Fraction) -> int:
    """Labels in a second: 24 for 23.976, 30 for 29.97."""
    return -(-rate.numerator // rate.denominator)


def from_bcd(text: str, *, rate: Fraction, source: str) -> Reading:
    """A timecode as Sony writes it in XML: eight hexadecimal digits, frames first, bit 6 of the frames is the drop flag.

    Fast rates count pairs: at 50 and 59.94 the digits are those of the 25 or 29.97 timecode, and the label returned is doubled.
    """
    if not re.fullmatch(r"[0-9A-Fa-f]{8}", text):
        return Reading(label=None, rate=rate, source=source, note=f"timecode {text[:20]!r} in the {source} cannot be read.")
    frames, seconds, minutes, hours = (int(text[i : i + 2], 16) for i in range(0, 8, 2))
    drop = bool(frames & 0x40)
    numbers = [(value & 15) + 10 * (value >> 4 & top) for value, top in ((hours, 3), (minutes, 7), (seconds, 7), (frames, 3))]
    if rate > 30:
        numbers[3] *= 2
    label = "{:02d}:{:02d}:{:02d}".format(*numbers[:3]) + f"{';' if drop else ':'}{numbers[3]:02d}"
    return from_label(label, rate=rate, source=source)


def from_bext(bext: Bext, *, rate_hz: int) -> Reading | None:
    """The label of a recorder's first sample: samples since midnight, at the frame rate that iXML names.

    None where there is no time reference, no frame rate to write it at, or a reference of 0: that is a file no recorder made at
    midnight sharp, but one that a program wrote without a time.
    """
    if not bext.time_reference or bext.rate is None or rate_hz <= 0:
        return None
    # a recorder that starts on a frame rounds to a whole sample, some of them down: one sample of grace keeps it in its frame
    seconds = Fraction(bext.time_reference + 1, rate_hz)
    drop = bool(bext.drop)
    try:
        code = Timecode(frames=floor_frames(seconds, bext.rate), rate=bext.rate, drop=drop)
    except TimecodeError:
        code = Timecode(frames=floor_frames(seconds, bext.rate), rate=bext.rate)
        return Reading(
            label=str(code),
            rate=bext.rate,
            source="bext",
            note=f"iXML says drop-frame, but {rate_name(bext.rate)} has none; read as non-drop.",
        )
    return Reading(label=str(code), rate=bext.rate, source="bext")


def since_midnight(info: MediaInfo) -> Fraction | None:
    """Real seconds from label 00:00:00:00 to time zero of a medium, exact to the sample for a recorder file; None without timecode."""
    if info.bext is not None and info.bext.time_reference and info.audio:
        return Fraction(info.bext.time_reference, info.audio[0].rate_hz)
    if info.timecode is None or info.timecode_rate is None:
        return None
    return Timecode.parse(info.timecode, rate=info.timecode_rate).seconds
