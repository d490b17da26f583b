"""How xmeml writes things: rates, ticks, addresses, labels."""

from __future__ import annotations

import os
from fractions import Fraction
from typing import Any
from urllib.parse import quote

from lxml import etree  # type: ignore[import-untyped]

from answerprint.model.time import RATES, Timecode, round_half_up
from answerprint.timeline.cut import visible

__all__ = ["COLOURS", "TICKS", "child", "colour_of", "path_url", "rate_node", "rate_of", "timecode", "word"]

TICKS = 254016000000  #: Premiere's ticks a second (pproTicksIn): whole at every film and video rate and at 44.1, 48 and 96 kHz

#: Marker colours as 8-bit red, green and blue.
COLOURS = {
    "RED": (255, 0, 0), "PINK": (255, 120, 170), "ORANGE": (255, 140, 0), "YELLOW": (255, 230, 0), "GREEN": (0, 170, 0), "CYAN": (0, 200, 220),
    "BLUE": (0, 90, 255), "PURPLE": (130, 60, 200), "MAGENTA": (255, 0, 255), "BLACK": (0, 0, 0), "WHITE": (255, 255, 255),
}  # fmt: skip


def child(parent: Any, tag: str, text: Any = None, **attributes: str) -> Any:
    """A child element; text that XML cannot hold becomes visible characters."""
    made = etree.SubElement(parent, tag)
    for name, value in attributes.items():
        made.set(name, visible(value))
    if text is not None:
        made.text = ("TRUE" if text else "FALSE") if isinstance(text, bool) else visible(str(text))
    return made


def rate_node(parent: Any, rate: Fraction) -> None:
    """A rate as Final Cut Pro 7 says it: a whole timebase, and whether the true rate is 1000/1001 of it."""
    node = child(parent, "rate")
    child(node, "timebase", -(-rate.numerator // rate.denominator))
    child(node, "ntsc", rate.denominator == 1001)


def rate_of(node: Any) -> Fraction | None:
    """The exact rate of a `rate` element, None where it says none. A decimal timebase (29.97) is the NTSC rate it means."""
    text = (node.findtext("timebase") or "").strip() if node is not None else ""
    try:
        base = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
    if not 0 < base <= 1000:
        return None
    if base.denominator != 1:
        nearest = min(RATES.values(), key=lambda known: abs(known - base))
        return nearest if abs(nearest - base) < Fraction(5, 1000) else base
    return base * Fraction(1000, 1001) if (node.findtext("ntsc") or "").strip().upper() == "TRUE" else base


def timecode(parent: Any, label: Timecode, reel: str | None = None) -> None:
    """A timecode element: rate, label, frame and whether the labels drop."""
    node = child(parent, "timecode")
    rate_node(node, label.rate)
    child(node, "string", str(label))
    child(node, "frame", label.frames)
    child(node, "displayformat", "DF" if label.drop else "NDF")
    if reel:
        child(child(node, "reel"), "name", reel)


def path_url(path: str) -> str:
    """A file's address as Premiere writes it: file://localhost/, bytes percent-encoded, also the colon of a drive."""
    return "file://localhost/" + quote(os.fsencode(path.replace("\\", "/") if path[1:3] == ":\\" else path).lstrip(b"/"), safe="/")


def word(node: Any, tag: str) -> str:
    """A child's text without the spaces around it; empty where there is none."""
    return (node.findtext(tag) or "").strip() if node is not None else ""


def colour_of(node: Any) -> str | None:
    """The nearest marker colour with a name."""
    try:
        found = [round_half_up(Fraction(word(node, part))) for part in ("red", "green", "blue")]
    except (ValueError, ZeroDivisionError):
        return None
    return min(COLOURS, key=lambda name: sum((a - b) ** 2 for a, b in zip(COLOURS[name], found, strict=True)))
