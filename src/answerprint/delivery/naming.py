"""What a deliverable is called, and what stands on its clock or slate: as the spec's pattern says, with the clock number or Ad-ID."""

from __future__ import annotations

import re
import string
from fractions import Fraction

from answerprint.delivery import DeliveryError
from answerprint.model.delivery import Spec
from answerprint.model.time import rate_name

__all__ = ["FIELDS", "check_pattern", "file_name", "length_words", "plain_name", "slate_lines"]

FIELDS = ("title", "version", "spec", "clock_number")  #: that a `naming` pattern may use


def file_name(spec: Spec, *, title: str, version: str, clock_number: str = "") -> str:
    """The name of a film's file, with its suffix: "ABC-DEFG001-030.mov".

    Raises: DeliveryError: the spec asks for a clock number or Ad-ID, and there is none, or it has another form.
    """
    _check(spec, clock_number, version)
    values = {"title": title, "version": version, "spec": spec.name, "clock_number": clock_number}
    stem = spec.naming.format(**{key: plain_name(value) for key, value in values.items()})
    return f"{plain_name(stem) or 'untitled'}.{spec.container}"


def slate_lines(spec: Spec, *, title: str, version: str, frames: int, rate: Fraction, clock_number: str = "", client: str = "") -> tuple[str, ...]:
    """What a clock or slate card says: number, title, version, client, length. What nobody said is left out.

    Args:   frames, rate: of the film itself.
    Raises: DeliveryError as `file_name` does, where the spec has a clock or slate.
    """
    if any(card.what in ("clock", "slate") for card in spec.head):
        _check(spec, clock_number, version)
    lines = (clock_number, title, version, client, length_words(frames, rate))
    return tuple(dict.fromkeys(line for line in lines if line))


def length_words(frames: int, rate: Fraction) -> str:
    """How long a film is, as it is sold and as it is counted: "30 seconds, 900 frames at 29.97"."""
    counted = -(-rate.numerator // rate.denominator)  # frames in a second of timecode
    sold = f"{frames // counted} second{'s' if frames != counted else ''}" if frames % counted == 0 else f"{float(frames / rate):.2f} seconds"
    return f"{sold}, {frames} frames at {rate_name(rate)}"


def check_pattern(naming: str) -> str:
    """What is wrong with a `naming` pattern, or ""."""
    try:
        used = [name for _, name, form, turned in string.Formatter().parse(naming) if name is not None or form or turned]
    except ValueError as cause:
        return str(cause)
    unknown = [name for name in used if name not in FIELDS]
    if unknown:
        return f"{{{unknown[0]}}} is none of {', '.join(f'{{{field}}}' for field in FIELDS)}"
    return "" if used else "it names every film alike"


def _check(spec: Spec, clock_number: str, version: str) -> None:
    asked = spec.clock_number is not None or "{clock_number}" in spec.naming
    if asked and not clock_number:
        raise DeliveryError(f"{spec.title} goes by the clock number or Ad-ID, and {version} has none. Say it before the film is made: it is the file's name and stands on the clock.")
    if spec.clock_number is not None and not re.fullmatch(spec.clock_number, clock_number):
        raise DeliveryError(f"{clock_number!r} has not the form of a clock number or Ad-ID for {spec.title} ({spec.clock_number}). Look it up in the booking.")


def plain_name(text: str) -> str:
    """As every system takes it in a file's name: 'The "10": a/b?' is "The 10 - a-b". Strokes, also a clock number's, become hyphens; what a
    name can do without is dropped; "" where nothing is left."""
    text = re.sub(r"[\\/]+", "-", re.sub(r"\s*:\s+", " - ", text))
    text = re.sub(r"[:<>|]+", "_", re.sub(r'["*?\x00-\x1f]+', "", text))
    return re.sub(r" {2,}", " ", text).strip(" .")
