"""The words of another language, as a person gives them: a table of two columns, item and text."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from pathlib import Path

from answerprint.model import tables
from answerprint.model.records import AnswerprintError
from answerprint.rushes import shown

__all__ = ["CaptionError", "words_of"]

_COLUMNS = ("item", "text")
_DIGITS = 9  #: of an item's number
_BIG = 4 * 2**20  #: bytes


class CaptionError(AnswerprintError):
    """Captions that cannot be made, or a change of them that cannot be taken."""


def words_of(path: Path, items: Collection[int]) -> dict[int, str]:
    """The text of each item in a table of words. A "|" or a line break inside a text is a space; a zero width space allows a line break.

    Args:   items: the numbers of the script's items; further columns of the table are not read.
    Raises: CaptionError with row (as a spreadsheet counts, the header is row 1) and column.
    """
    name = shown(path.name)
    try:
        if path.stat().st_size > _BIG:
            raise CaptionError(f"{name} is larger than the words of a film are ({_BIG >> 20} MiB).")
        raw = path.read_bytes()
    except OSError as cause:
        raise CaptionError(f"{name} cannot be read: {cause.strerror}.") from cause
    text = tables.decoded(raw, name, CaptionError)
    delimiter = tables.delimiter_of(text)
    rows = tables.cells(text, delimiter, name, CaptionError)
    if not rows:
        raise CaptionError(f"{name} is empty. Its first row names the columns: item, text.")
    header = [cell.strip().casefold() for cell in rows[0]]
    for wanted in _COLUMNS:
        if wanted not in header:
            near = difflib.get_close_matches(wanted, [cell for cell in header if cell], 1, 0.5)
            raise CaptionError(f"{name}, row 1: there is no column {wanted}." + (f" Is it {near[0]!r}?" if near else " The columns are: item, text."))
    at, words = header.index("item"), header.index("text")
    found: dict[int, str] = {}
    where: dict[int, int] = {}
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
            raise CaptionError(f"{name}, row {number}: it has {len(row)} cells under {len(header)} columns. A text with a {'comma' if delimiter == ',' else 'semicolon'} stands in quotes.")
        cell, said = (row[column].strip() if column < len(row) else "" for column in (at, words))
        if not cell.isdecimal() or len(cell) > _DIGITS or int(cell) not in items:
            there = f"The script has items {min(items)} to {max(items)}." if items else "There is no script here."
            raise CaptionError(f"{name}, row {number}, column item: {cell[:20]!r} is no item of the script. {there}")
        if int(cell) in found:
            raise CaptionError(f"{name}, row {number}, column item: item {cell} stands in row {where[int(cell)]} already.")
        found[int(cell)], where[int(cell)] = " ".join(said.replace("|", " ").split()), number
    return found
