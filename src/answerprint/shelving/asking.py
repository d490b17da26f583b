"""A question to the library as people write it down, at a terminal or on a page: sizes, rates, seconds, days and colours as text."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from answerprint.library import LibraryError
from answerprint.model.time import number
from answerprint.shelving.searching import Licensed

if TYPE_CHECKING:
    from answerprint.library.finding import Filters

__all__ = ["colours", "filters", "licensed", "seconds"]


def filters(
    *, kind: str = "", rate: str = "", raster: str = "", length: str | Fraction = "", longest: str | Fraction | None = "", handles: str | Fraction = "",
) -> Filters | None:  # fmt: skip
    """What a shot has to be; None where nothing is said.

    Args:   kind: "clip" or "still".  rate: frames a second, "25" or "30000/1001".  raster: "1920x1080", at least so large.  length, longest, handles: seconds.
    Raises: LibraryError: one of them cannot be read; the sentence names it.
    """
    from answerprint.library.finding import Filters
    from answerprint.model.records import ModelError
    from answerprint.model.time import parse_rate

    size = re.fullmatch(r"(\d{1,5})[x×](\d{1,5})", raster.strip()) if raster.strip() else None
    if raster.strip() and size is None:
        raise LibraryError(f"raster {raster[:40]} is not a width and a height. Write 1920x1080.")
    try:
        asked = parse_rate(rate.strip()) if rate.strip() else None
    except (ModelError, ValueError) as cause:
        raise LibraryError(f"rate {rate[:40]} is none. Write 25, or 30000/1001.") from cause
    if kind not in ("", "clip", "still"):
        raise LibraryError(f"{kind[:40]!r} is no kind. There are: clip, still.")
    most = seconds("longest", longest) if longest not in ("", None) else None
    made = Filters(
        rate=asked, raster=(int(size[1]), int(size[2])) if size else None, length_s=float(seconds("length", length)), longest_s=float(most) if most is not None else None,
        handles_s=float(seconds("handles", handles)), kind={"clip": "clip", "still": "still picture"}.get(kind, ""),
    )  # fmt: skip
    return made if made != Filters() else None


def licensed(*, holds: bool = False, until: str = "", released: bool = False) -> Licensed | None:
    """What its rights have to be; None where nothing is said.

    Raises: LibraryError: `until` is no day.
    """
    try:
        day = date.fromisoformat(until.strip()) if until.strip() else None
    except ValueError:
        raise LibraryError(f"until {until[:40]} is no day. Write 2027-03-31.") from None
    made = Licensed(holds=holds, until=day, released=released)
    return made if made != Licensed() else None


def colours(text: str) -> tuple[tuple[int, int, int], ...]:
    """Colours as 8-bit RGB, from "#aa3311,#223344".

    Raises: LibraryError: a word is no colour.
    """
    found = []
    for word in text.replace(",", " ").split():
        digits = re.fullmatch(r"#?([0-9a-fA-F]{6})", word)
        if digits is None:
            raise LibraryError(f'palette: {word[:40]!r} is no colour. Write them as "#aa3311,#223344".')
        red, green, blue = bytes.fromhex(digits[1])
        found.append((red, green, blue))
    return tuple(found)


def seconds(name: str, said: str | Fraction) -> Fraction:
    """Seconds from 0 up; nothing is 0.

    Raises: LibraryError: it is no number of seconds.
    """
    try:
        value = number(said.strip() or "0") if isinstance(said, str) else said
    except (ValueError, ZeroDivisionError):
        value = Fraction(-1)
    if not 0 <= value < 10**7:
        raise LibraryError(f"{name} {str(said)[:40]} is no number of seconds. Write 12.5.")
    return value
