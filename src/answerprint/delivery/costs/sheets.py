"""A budget's cells, from CSV or from a workbook: text as it stands there, numbers exact, and whatever has no value said.

Workbooks are read by openpyxl (the extra `budget`). It gives numbers as binary floats; a spreadsheet shows and keeps 15 significant digits of them
(ECMA-376 writes IEEE 754 doubles), so 15 are taken. A workbook from a stranger is looked at before it is unpacked: its size, and that no part
declares entities, which the format forbids (ECMA-376 part 2, 8.2.5).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any

from answerprint.delivery.costs.figures import currency_in
from answerprint.delivery.costs.records import CostError
from answerprint.model import tables

__all__ = ["Cell", "Sheet", "place", "read_sheets"]

_EXACT = Context(prec=15)
_WHOLE = 64 * 2**20  #: bytes of a workbook unpacked: a bid of forty pages has under one
_MARKS = 1_000_000  #: "<" in all parts together: cells and words that a parser goes through one by one; a workbook of a million empty cells takes 7 s, a bid of forty pages has a tenth
_LARGEST = 10**15
_ROWS, _COLUMNS = 20_000, 256


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell. `number` is None for text and for what has no value."""

    text: str = ""
    number: Decimal | None = None
    currency: str = ""  #: of its number format
    fault: str = ""  #: why it has no value


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Rows of cells, as a spreadsheet counts them: the first one is row 1, the first cell of each column 1."""

    name: str  #: "" for a CSV
    rows: Sequence[Sequence[Cell]]


def place(sheet: Sheet, row: int, column: int) -> str:
    """How people call a cell: "row 7, column 3"; in a workbook "sheet Page 2, cell C7"."""
    if not sheet.name:
        return f"row {row}, column {column}"
    letters, left = "", column
    while left:
        left, last = divmod(left - 1, 26)
        letters = chr(65 + last) + letters
    return f"sheet {sheet.name}, cell {letters}{row}"


def read_sheets(name: str, raw: bytes) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    """The sheets of a file that can be seen, and a sentence for each that was left unread.

    Args:   name: the file's; its ending says what it is.
    Raises: CostError: it is neither CSV nor XLSX, or cannot be read, or the extra is missing.
    """
    ending = name.rpartition(".")[2].casefold()
    if ending in ("csv", "tsv", "txt"):
        return (Sheet(name="", rows=_csv(name, raw)),), ()
    if ending in ("xlsx", "xlsm"):
        return _workbook(name, raw)
    raise CostError(f"{name}: a budget is read from .csv or .xlsx. Save it from the spreadsheet as one of these.")


def _csv(name: str, raw: bytes) -> list[list[Cell]]:
    try:
        text = raw.decode("utf-16") if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else tables.decoded(raw, name, CostError)
    except UnicodeDecodeError as cause:
        raise CostError(f"{name}: it is not the UTF-16 text that it begins as. Save it from the spreadsheet as CSV UTF-8.") from cause
    head = text.splitlines()[:20]
    delimiter = max(",;\t", key=lambda one: sum(line.count(one) for line in head if line.count(one) > 1))
    rows = tables.cells(text, delimiter, name, CostError)
    if len(rows) > _ROWS:
        raise CostError(f"{name}: it has {len(rows)} rows. A budget has some hundred; is this the right file?")
    return [[Cell(text=" ".join(cell.split())) for cell in row[:_COLUMNS]] for row in rows]


def _workbook(name: str, raw: bytes) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    try:
        from openpyxl import load_workbook
    except ImportError as cause:
        raise CostError(f"{name}: workbooks are read with the extra: pip install 'answerprint[budget]'. Or save it from the spreadsheet as CSV UTF-8.") from cause
    _looked_through(name, raw)
    try:
        values, written = (load_workbook(io.BytesIO(raw), read_only=True, data_only=data, keep_links=False) for data in (True, False))
        seen = [one.title for one in values.worksheets if one.sheet_state == "visible"]
        sheets = tuple(Sheet(name=title, rows=list(_rows(name, values[title], written[title]))) for title in seen)
        hidden = tuple(f"The sheet {one.title} is hidden and was not read." for one in values.worksheets if one.sheet_state != "visible")
    except CostError:
        raise
    except Exception as cause:  # openpyxl raises whatever its parser meets in a damaged part
        raise CostError(f"{name}: this workbook cannot be read ({cause}). Open it in the spreadsheet and save it again, or save it as CSV UTF-8.") from cause
    return sheets, hidden


def _looked_through(name: str, raw: bytes) -> None:
    """Raises: CostError: it is no workbook, would be far larger than any budget, or declares what no workbook may."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as file:
            if sum(one.file_size for one in file.infolist()) > _WHOLE:
                raise CostError(f"{name}: unpacked it would be larger than {_WHOLE // 2**20} MB. A budget is not; save the sheet with the budget by itself.")
            marks = 0
            for one in file.infolist():
                part = file.read(one).replace(b"\0", b"")  # of UTF-16 every second byte
                marks += part.count(b"<")
                if marks > _MARKS:
                    raise CostError(f"{name}: it has more cells than any budget, most of them empty. Copy the sheet with the budget into a new workbook.")
                if b"<!DOCTYPE" in part and one.filename.endswith((".xml", ".rels")):
                    raise CostError(f"{name}: {one.filename} in it declares a document type, which no workbook does. Save it again from the spreadsheet.")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as cause:
        raise CostError(f"{name}: it is no workbook ({cause}). Save it from the spreadsheet as .xlsx, without a password.") from cause


def _rows(name: str, values: Any, written: Any) -> Iterator[list[Cell]]:
    for one in (values, written):
        one.reset_dimensions()  # some programs write the wrong ones
    for number, (row, formulas) in enumerate(zip(values.iter_rows(max_col=_COLUMNS), written.iter_rows(max_col=_COLUMNS), strict=True), 1):
        if number > _ROWS:
            raise CostError(f"{name}, sheet {values.title}: it has more than {_ROWS} rows. A budget has some hundred; is this the right file?")
        cells = [_cell(cell, formula) for cell, formula in zip(row, formulas, strict=False)]
        while cells and cells[-1] == Cell():
            cells.pop()
        yield cells


def _cell(cell: Any, formula: Any) -> Cell:
    value = cell.value
    if value is None and isinstance(formula.value, str) and formula.value.startswith("="):
        return Cell(text=formula.value, fault="a formula without its value: open it in the spreadsheet and save it there")
    if value is None:
        return Cell()
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        text = " ".join(str(value).split())
        return Cell(text=text, fault=f"{text}: mend the formula in the spreadsheet" if cell.data_type == "e" else "")
    if not abs(value) < _LARGEST:  # too large for any sum, or no number at all
        return Cell(text=str(value), fault=f"{value} is no amount of money")
    percent = "%" in (cell.number_format or "")
    return Cell(text=f"{value}{' %' if percent else ''}", number=None if percent else _EXACT.create_decimal(repr(value)).normalize() + 0, currency=currency_in(cell.number_format or ""))
