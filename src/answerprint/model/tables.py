"""A table that people keep in a spreadsheet and save as CSV."""

from __future__ import annotations

import csv
import io

__all__ = ["cells", "decoded", "delimiter_of", "read"]


def read(raw: bytes, name: str, error: type[Exception]) -> list[list[str]]:
    """The rows of a table, as their cells are written; none for an empty file.

    Args:   name: of the table, for sentences.  error: of the caller's room.
    Raises: error: it is not UTF-8, or no table.
    """
    text = decoded(raw, name, error)
    return cells(text, delimiter_of(text), name, error)


def decoded(raw: bytes, name: str, error: type[Exception]) -> str:
    """A table's text, without the mark that spreadsheets set before it.

    Raises: error: it is not UTF-8.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise error(f"{name}: it is not UTF-8 text. Save it from the spreadsheet as CSV UTF-8.") from cause


def delimiter_of(text: str) -> str:
    """What stands between its cells: a comma, a semicolon or a tab, of which its first line has most."""
    return max(",;\t", key=text.partition("\n")[0].count)


def cells(text: str, delimiter: str, name: str, error: type[Exception]) -> list[list[str]]:
    """The rows of a table's text, with the line ends of any system.

    Raises: error: it is no table: a quote that is never closed, say.
    """
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as cause:
        raise error(f"{name}: it is not a CSV table ({cause}). Save it from the spreadsheet as CSV UTF-8.") from cause
