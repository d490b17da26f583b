"""hours.csv: what somebody writes down of their own time, in their own words: date, hours, what, and if they like the shots it went to."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from decimal import Decimal

from answerprint.delivery.costs.figures import figure, mark_of
from answerprint.delivery.costs.records import CostError
from answerprint.model import tables

__all__ = ["Hours", "read_hours"]

_COLUMNS = ("date", "hours", "minutes", "what", "shots")
_ROWS = 5_000


@dataclass(frozen=True, kw_only=True)
class Hours:
    """One row: how long, on what."""

    row: int
    minutes: Decimal
    what: str = ""
    date: str = ""  #: as it was written
    shots: tuple[int, ...] = ()  #: of the film's first version, as the cut counts them; empty: not said


def read_hours(name: str, raw: bytes) -> tuple[Hours, ...]:
    """Somebody's hours, row by row.

    Raises: CostError with row and column: what stands there, what to write.
    """
    rows = tables.read(raw, name, CostError)
    header = [" ".join(cell.split()).casefold() for cell in rows[0]] if rows else []
    if not {"hours", "minutes"} & set(header):
        near = next((f" Is {one!r} meant for one?" for one in header if difflib.get_close_matches(one, ("hours", "minutes"), 1, 0.7)), "")
        raise CostError(f"{name}, row 1: there is no column hours, and none minutes.{near} The columns are: {', '.join(_COLUMNS)}.")
    if len(rows) > _ROWS:
        raise CostError(f"{name}: it has {len(rows)} rows, more than anybody's hours on one film.")
    mark = mark_of(cell for row in rows[1:] for cell in row)
    found = []
    for number, row in enumerate(rows[1:], 2):
        cells = {name: cell.strip() for name, cell in zip(header, row, strict=False)}
        minutes = sum((_minutes(name, number, column, cells.get(column, ""), mark) for column in ("hours", "minutes")), Decimal(0))
        if minutes:
            found.append(Hours(row=number, minutes=minutes, what=cells.get("what", ""), date=cells.get("date", ""), shots=_shots(name, number, cells.get("shots", ""))))
    return tuple(found)


def _minutes(name: str, row: int, column: str, text: str, mark: str) -> Decimal:
    if (clock := re.fullmatch(r"(\d{1,4}):([0-5]\d)", text)) and column == "hours":
        return Decimal(clock[1]) * 60 + Decimal(clock[2])
    try:
        value = figure(text, mark) or Decimal(0)
    except ValueError as cause:
        raise CostError(f"{name}, row {row}, column {column}: {cause}; hours may be 1:30 as well.") from cause
    if value < 0:
        raise CostError(f"{name}, row {row}, column {column}: {text!r}: nobody works less than nothing.")
    return value * (60 if column == "hours" else 1)


def _shots(name: str, row: int, text: str) -> tuple[int, ...]:
    found: list[int] = []
    for part in filter(None, re.split(r"[\s,;]+", re.sub(r"\s*[-–]\s*", "-", text))):
        ends = re.fullmatch(r"(\d{1,4})(?:-(\d{1,4}))?", part)
        if ends is None:
            raise CostError(f"{name}, row {row}, column shots: {part!r} is no shot. Write their numbers as the cut counts them: 4, 9, 11-13.")
        found += range(int(ends[1]), int(ends[2] or ends[1]) + 1)
    return tuple(dict.fromkeys(found))
