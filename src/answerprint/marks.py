"""Good, or only acceptable: what one person calls a shot, for their own eyes. Never suggested, never scored, changed with one key.

It lies beside what they watched: in their own data folder, outside every record and every production, and they can erase it.
A mark names a stretch of a medium ("shot:DIGEST@4.2125-6.9235"), so that a trim by some frames does not lose it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from answerprint.keep import disk_sentence
from answerprint.model.records import AnswerprintError
from answerprint.model.time import Span
from answerprint.watched import add_line, lines, private_file

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["Mark", "MarkError", "erase", "found", "of", "put", "shot"]

Mark = Literal["good", "acceptable"]


class MarkError(AnswerprintError):
    """A mark that cannot be kept or read."""


def shot(medium: str, span: Span) -> str:
    """The name of a stretch of a medium as a thing that is marked, to the tenth of a millisecond.

    Args: medium: its digest.  span: in seconds from its first frame.
    """
    return f"shot:{medium}@{float(span.start_s):.4f}-{float(span.end_s):.4f}"


def put(production: Production, person: str, thing: str, mark: Mark | None) -> None:
    """Keep what a person calls a shot; None takes the mark away. Marks of theirs that overlap the same stretch give way.

    Args:   person: their id.  thing: what `shot` names.
    Raises: MarkError: it is no shot.  WatchedError: there is no record yet, or the disk refuses.
    """
    if mark is not None and mark not in get_args(Mark):
        raise MarkError(f"{mark!r} is no mark: a shot is good, or only acceptable.")
    _stretch(thing)
    add_line(private_file(production, person, "marks"), {"thing": thing, "mark": mark})


def of(production: Production, person: str) -> dict[str, Mark]:
    """Every mark of a person in this production, by thing, oldest first: for them alone."""
    held: dict[str, Mark] = {}
    for line in _lines(private_file(production, person, "marks")):
        for name in [name for name in held if _same(name, line["thing"])]:
            del held[name]
        if line["mark"] in get_args(Mark):
            held[line["thing"]] = line["mark"]
    return held


def found(marks: Mapping[str, Mark], thing: str) -> Mark | None:
    """The mark of a stretch: its own, else that of the stretch of the same medium with which it shares more than half of both."""
    return next((mark for name, mark in marks.items() if name == thing or _same(name, thing)), None)


def erase(production: Production, person: str) -> int:
    """Erase all of them; returns how many stood."""
    count, path = len(of(production, person)), private_file(production, person, "marks")
    try:
        path.unlink(missing_ok=True)
    except OSError as cause:
        raise MarkError(disk_sentence(cause, str(path))) from cause
    return count


def _stretch(thing: str) -> tuple[str, Span]:
    kind, _, rest = thing.partition(":")
    medium, _, times = rest.rpartition("@")
    start, _, end = times.partition("-")
    try:
        span = Span(start_s=Fraction(start), end_s=Fraction(end))
    except (ValueError, ZeroDivisionError, AnswerprintError) as cause:
        raise MarkError(f"{thing!r} names no stretch of a shot.") from cause
    if kind != "shot" or not medium:
        raise MarkError(f"{thing!r} names no stretch of a shot.")
    return medium, span


def _same(one: str, other: str) -> bool:
    (medium, span), (theirs, wanted) = _stretch(one), _stretch(other)
    shared = span.overlap(wanted) if medium == theirs else None
    return shared is not None and 2 * shared.duration_s > max(span.duration_s, wanted.duration_s)


def _lines(path: Path) -> list[dict[str, Any]]:
    found = []
    for one in lines(path):
        with contextlib.suppress(MarkError):  # what another release wrote, and this one does not read, is left out
            if {"thing", "mark"} <= one.keys() and _stretch(str(one["thing"])):
                found.append(one)
    return found
