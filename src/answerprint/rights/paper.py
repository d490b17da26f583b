"""rights.csv as a production manager keeps it: one right in each row, its columns in any order, further columns of their own beside them."""

from __future__ import annotations

import difflib
import fnmatch
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from answerprint.model import tables
from answerprint.model.records import AnswerprintError
from answerprint.rights.words import day, media, territories

__all__ = ["COLUMNS", "PAPER", "WHAT", "Right", "RightsError", "is_temp", "read_rights"]

PAPER = "rights.csv"
WHAT = ("talent", "music", "stock", "location", "artwork", "font", "generated", "temp")
_NEEDED = ("item", "holder")
COLUMNS = ("item", "what", "holder", "media", "territory", "from", "until", "ai clause", "paper", "applies to", "note")
_NEAR = 0.75  #: a column this like one of ours is that one, misspelt: "teritory"; a person's own ("fee", "contact") is further away


class RightsError(AnswerprintError):
    """A list of rights that cannot be read: row and column, what stands there, what to write."""


@dataclass(frozen=True, kw_only=True)
class Right:
    """One row: who lets what be used, where, from when until when."""

    row: int  #: as a spreadsheet counts, the header is row 1
    item: str
    what: str = ""  #: one of WHAT; "" where the row does not say it
    holder: str = ""
    media: frozenset[str] | None = None  #: None: all
    territory: frozenset[str] | None = None  #: None: everywhere
    begins: date | None = None  #: the first day; None: no beginning is said
    ends: date | None = None  #: the last day on which it holds; None: no end
    ai: str = ""  #: the clause, as it was written
    paper: str = ""  #: the contract, licence or release that it stands in
    applies: tuple[str, ...] = ()  #: files, clips and versions that it is about, as they were written; empty: the item itself, else the whole film
    note: str = ""
    written: Mapping[str, str]  #: the cells as they stand there, by column

    @property
    def called(self) -> str:
        """As a sentence names it: "“Salt song” of North Music"."""
        return f"“{self.item}”" + (f" of {self.holder}" if self.holder else "")

    @property
    def temp(self) -> bool:
        """Whether the row says that this is there for the cutting room only."""
        return self.what == "temp" or is_temp(self.item) or is_temp(self.paper)

    def names(self, file: str) -> bool:
        """Whether the row names this file: by its place in the production, its name, its stem, or a pattern."""
        path = PurePosixPath(_folded(file.replace("\\", "/")))
        ways = (str(path), path.name, path.stem)
        return any(_fits(way, word) for word in map(_folded, self.applies or (self.item,)) for way in ways)

    def names_version(self, version: str) -> bool:
        """Whether the row names this version, itself or by a pattern: "fr", "fr*"."""
        return any(_fits(_folded(version), _folded(word)) for word in self.applies)


def _folded(text: str) -> str:
    """A name however a disk writes its accents, and whatever the letters' case."""
    return unicodedata.normalize("NFC", text).casefold()


def _fits(name: str, pattern: str) -> bool:
    """Whether a pattern of * and ? is about a name; brackets are part of a file's name, as cameras and people write them."""
    return fnmatch.fnmatchcase(name, pattern.replace("[", "[[]"))


def is_temp(text: str) -> bool:
    """Whether a name says that it is there for the cutting room only: "temp", "TEMP MX 2", "temporary", as a word of its own."""
    return any(word in ("temp", "temporary") for word in re.findall(r"[^\W\d_]+", text.casefold()))


def read_rights(raw: bytes) -> tuple[Right, ...]:
    """The rights in a rights.csv, in the order of its rows.

    Raises: RightsError with row and column.
    """
    rows = tables.read(raw, PAPER, RightsError)
    if not rows or not any(cell.strip() for cell in rows[0]):
        raise RightsError(f"{PAPER}: row 1 is empty; it names the columns: {', '.join(COLUMNS)}.")
    header = [" ".join(cell.split()).casefold() for cell in rows[0]]
    _check_header(header)
    found = []
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        if any(cell.strip() for cell in row[len(header) :]):
            raise RightsError(f"{PAPER}, row {number}: it has {len(row)} cells under {len(header)} columns. A text with a comma stands in quotes.")
        found.append(_right(number, {name: cell.strip() for name, cell in zip(header, row, strict=False) if name}))
    return tuple(found)


def _check_header(header: list[str]) -> None:
    for place, name in enumerate(header, 1):
        if name in COLUMNS and header.index(name) != place - 1:
            raise RightsError(f"{PAPER}, row 1, column {place}: {name!r} stands there twice.")
        if name and name not in COLUMNS and (near := difflib.get_close_matches(name, COLUMNS, 1, _NEAR)):
            raise RightsError(f"{PAPER}, row 1, column {place}: {name!r} is no column. Did you mean {near[0]}?")
    lacking = [name for name in _NEEDED if name not in header]
    if lacking:
        raise RightsError(f"{PAPER}, row 1: there is no column {', '.join(lacking)}. The columns are: {', '.join(COLUMNS)}.")


def _right(number: int, cells: Mapping[str, str]) -> Right:
    where = f"{PAPER}, row {number}, column"
    item, what = cells.get("item", ""), cells.get("what", "").casefold()
    if not item:
        raise RightsError(f"{where} item: it does not say what the right is in.")
    if is_temp(what):
        what = "temp"
    if what and what not in WHAT:
        near = difflib.get_close_matches(what, WHAT, 1, 0.5)
        raise RightsError(f"{where} what: {cells['what']!r} is none. " + (f"Did you mean {near[0]}?" if near else f"There are: {', '.join(WHAT)}."))
    days: dict[str, date | None] = {}
    for name in ("from", "until"):
        try:
            days[name] = day(cells.get(name, ""))
        except ValueError as cause:
            raise RightsError(f"{where} {name}: {cause}") from cause
    begins, ends = days["from"], days["until"]
    if begins and ends and ends < begins:
        raise RightsError(f"{where} until: it ends on {ends}, before it begins on {begins}.")
    return Right(
        row=number, item=item, what=what, holder=cells.get("holder", ""), media=media(cells.get("media", "")), territory=territories(cells.get("territory", "")),
        begins=begins, ends=ends, ai=cells.get("ai clause", ""), paper=cells.get("paper", ""), note=cells.get("note", ""), written=dict(cells),
        applies=tuple(dict.fromkeys(word.strip() for word in re.split(r"[,;|\n]", cells.get("applies to", "")) if word.strip())),
    )  # fmt: skip
