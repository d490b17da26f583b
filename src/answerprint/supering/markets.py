"""The table of markets: a row for every super of every version, as production managers keep it.

Columns of ours say which version, how it differs, where the super stands and by which rules; every other column is a field of the
templates, under its own name. Everything that is wrong is gathered, with the row as a spreadsheet counts.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from answerprint.film import DIFFERS
from answerprint.keep import disk_sentence
from answerprint.model import tables
from answerprint.model.records import AnswerprintError, Digest, canonical

__all__ = ["OURS", "Market", "SuperingError", "agreeing", "near", "read", "rows_of", "seal"]

#: Columns that say something of a version or a place; all others are fields of templates.
OURS = ("version", "template", "of", "language", "shape", "differs", "at", "for", "item", "rules", "specs", "number", "note")
#: What a version says once, however many supers it has.
OF_VERSION = ("of", "language", "shape", "differs", "specs", "number", "note")


class SuperingError(AnswerprintError):
    """A table of markets that cannot be read, or supers that cannot be made; everything that is wrong is listed."""


@dataclass(frozen=True, kw_only=True)
class Market:
    """One row: one super of one version."""

    row: int  #: as a spreadsheet counts, the header is row 1
    version: str
    template: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)  #: our other columns, where they are not empty
    values: Mapping[str, str] = field(default_factory=dict)  #: every other column, where it is not empty

    def __getitem__(self, column: str) -> str:
        """What stands in a column of ours; "" where it is empty or not there."""
        return self.cells.get(column, "")

    @property
    def name(self) -> str:
        """As a fault names it: the version and its row in the table."""
        return f"{self.version} (row {self.row})"

    @property
    def words(self) -> tuple[str, ...]:
        """Names in a cell that holds several."""
        return tuple(part for part in re.split(r"[\s,;]+", self["rules"]) if part)


def read(path: Path) -> tuple[bytes, str]:
    """The bytes of a table, and what it is called.

    Raises: SuperingError: it cannot be read.
    """
    try:
        return path.read_bytes(), path.name
    except OSError as cause:
        if isinstance(cause, FileNotFoundError):
            raise SuperingError(f"{path} is not there. Name the table of markets: --data markets.csv; `answerprint supers FOLDER --example` writes one to start from.") from cause
        raise SuperingError(disk_sentence(cause, str(path))) from cause


def rows_of(raw: bytes, name: str, *, template: str = "", of: str = "") -> tuple[tuple[Market, ...], tuple[str, ...]]:
    """The rows of a table of markets, in their order.

    Args:    name: of the file, for sentences.  template, of: for rows that say none.
    Returns: rows, and a sentence for everything that is wrong with them as a table.
    Raises:  SuperingError: it is no table at all.
    """
    table = tables.read(raw, name, SuperingError)
    if not table or not any(cell.strip() for cell in table[0]):
        raise SuperingError(f"{name}: row 1 is empty; it names the columns: version, and a column for each field of the template.")
    header = [_column(cell) for cell in table[0]]
    faults = [f"{name}, row 1, column {place}: {one!r} stands there twice." for place, one in enumerate(header, 1) if one and header.index(one) != place - 1]
    if "version" not in header:
        raise SuperingError(f"{name}, row 1: there is no column version. {_near('version', header)}It says which version of the film a row is.")
    found = []
    for number, row in enumerate(table[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        if any(cell.strip() for cell in row[len(header) :]):
            faults.append(f"{name}, row {number}: it has {len(row)} cells under {len(header)} columns. A text with a comma stands in quotes.")
        if any(cell.strip() and _column(column) == "template" and _leaves(cell.strip()) for column, cell in zip(table[0], row, strict=False)):
            faults.append(f"{name}, row {number}, column template: a table names templates of its own production. One from elsewhere is said with --template.")
            continue
        cells = {column: cell.strip() for column, cell in zip(header, row, strict=False) if column and cell.strip()}
        one = Market(
            row=number, version=cells.pop("version", ""), template=cells.pop("template", template), values={column: cell for column, cell in cells.items() if column not in OURS},
            cells={"of": of, **{column: cell for column, cell in cells.items() if column in OURS}},
        )  # fmt: skip
        faults += [f"{name}, row {number}, column {column}: {says}" for column, says in _wrong(one)]
        found.append(one)
    if not found:
        faults.append(f"{name}: there is no row in it. Each row is one super of one version.")
    return tuple(found), tuple(faults)


def _column(cell: str) -> str:
    """Our columns in any letters' case; a field as the template writes it."""
    folded = cell.strip().casefold()
    return folded if folded in OURS else cell.strip()


def _leaves(text: str) -> bool:
    """Whether a place leads out of the folder that it is in."""
    place = PurePosixPath(text.replace("\\", "/"))
    return place.is_absolute() or ".." in place.parts or ":" in text


def _wrong(one: Market) -> Iterable[tuple[str, str]]:
    if not one.version:
        yield "version", "it is empty. Say which version of the film this row is."
    elif set(one.version) & set("@:/\\"):
        yield "version", f"{one.version!r}: a version's name has no @, : or slash in it."
    if not one.template:
        yield "template", "which template? Name it in this column, or for all rows with --template."
    if one["differs"] and one["differs"].casefold() not in DIFFERS:
        yield "differs", f"{one['differs']!r} is no way to differ. {_near(one['differs'], DIFFERS) or 'There are: ' + ', '.join(DIFFERS) + '.'}".strip()
    elif one["differs"].casefold() in ("shape", "cut-down"):
        yield "differs", f"a {one['differs'].casefold()} has a cut of its own, and this table only lays supers over one. Name that version in the column of."
    if one["item"] and not re.fullmatch(r"\d{1,6}", one["item"]):
        yield "item", f"{one['item']!r} is no number of an item of the script."
    if not one["item"] and not one["at"]:
        yield "at", "where does it stand? Say a timecode or seconds from the film's first frame, end, or the number of the script's item in the column item."


def agreeing(rows: Sequence[Market], name: str) -> tuple[dict[str, dict[str, str]], tuple[str, ...]]:
    """What each version says of itself, from all of its rows, by the name that its first row writes; and a sentence for every two that contradict."""
    found: dict[str, dict[str, str]] = {}
    faults: list[str] = []
    where: dict[tuple[str, str], int] = {}
    spelt = {one.version.casefold(): one.version for one in reversed(rows)}
    for one in rows:
        told = found.setdefault(spelt[one.version.casefold()], {})
        for column in OF_VERSION:
            if not one[column]:
                continue
            if told.setdefault(column, one[column]).casefold() != one[column].casefold():
                before = where[one.version.casefold(), column]
                faults.append(f"{name}, row {one.row}, column {column}: {one.version} has {one[column]!r} here and {told[column]!r} in row {before}. Say it once.")
            where.setdefault((one.version.casefold(), column), one.row)
    return found, tuple(faults)


def seal(one: Market, template: str, fields: Iterable[str]) -> Digest:
    """What a row says of its super, whatever order its columns are in and wherever it stands in the table; somebody's own columns are not in it."""
    from answerprint.plan import digest_of

    known = set(fields)
    cells = {column: one[column] for column in ("at", "for", "item", "language", "rules") if one[column]}
    values = {name: value for name, value in one.values.items() if name in known}
    return digest_of(canonical({"version": one.version.casefold(), "template": template, "cells": cells, "values": sorted(map(list, values.items()))}))


def near(name: str, known: Iterable[str], *, least: float = 0.5) -> str:
    """"Did you mean price? ", with its space; "" where nothing is near. Args: least: how alike, 0 to 1, as difflib counts."""
    found = difflib.get_close_matches(name.casefold(), [one.casefold() for one in known], 1, least)
    spelt: Callable[[str], str] = {one.casefold(): one for one in known}.__getitem__
    return f"Did you mean {spelt(found[0])}? " if found else ""


_near = near
