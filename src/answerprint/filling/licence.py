"""The row of rights.csv for a file that a stock service licensed: offered as it would stand, and written where somebody says so.

The list is a production manager's: their columns, their separator and their rows stay as they are, and a row is put beneath them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from answerprint import rights
from answerprint.desk import Desk
from answerprint.filling.laying import FillingError
from answerprint.keep import write_whole
from answerprint.model import tables
from answerprint.rights.paper import COLUMNS, PAPER, RightsError, is_temp, read_rights
from answerprint.run import held

__all__ = ["OPEN", "listed", "open_columns", "row", "rows", "write"]

_NEEDS = ("item", "what", "holder", "paper", "applies to")
OPEN = ("media", "territory", "until")  #: columns that the gate reads as no limit where they are empty


def row(file: str, said: Mapping[str, Any]) -> dict[str, str]:
    """What a row would say of a fetched file, by column.

    Args: file: in the production: "assets/stock/pexels-8.mp4".  said: as `stock.fetched` gives it.
    """
    holder = ", ".join(one for one in (_cell(said.get("author")), _cell(said.get("provider"))) if one)
    paper = _cell(said.get("licence"))
    return {
        "item": _cell(said.get("name")), "what": "stock", "holder": holder, "paper": paper if not is_temp(paper) else "licence of the service", "applies to": file,
        "note": _cell(" ".join(str(one) for one in (said.get("page"), f"“{said['says']}”" if said.get("says") else "") if one)),
    }  # fmt: skip


def rows(file: str, said: Mapping[str, Any]) -> tuple[dict[str, str], ...]:
    """The rows that are offered for a fetched file: those of the list that spoke of it where it came from, each with its limits; else the one of its service.

    Args: as `row`.
    """
    own = [one for one in said.get("rights", ()) if isinstance(one, Mapping) and one.get("item")]
    return tuple({name: value for name in COLUMNS if (value := file if name == "applies to" else _cell(one.get(name)))} for one in own) or (row(file, said),)


def open_columns(offered: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """Which columns of these rows are empty and are read at the gate as no limit: a person who knows the licence writes what it says."""
    return tuple(name for name in OPEN if not all(one.get(name) for one in offered))


def listed(desk: Desk, file: str) -> int | None:
    """The row of rights.csv that names this file as stock; None where none does.

    Raises: RightsError: the list cannot be read.
    """
    return next((one.row for one in rights.of(desk) if one.applies and one.what in ("stock", "") and one.names(file)), None)


def write(desk: Desk, file: str, said: Mapping[str, Any]) -> int:
    """Put its rows beneath those of rights.csv, or begin the list with them. Where one names the file already, nothing is written.

    Returns: the last row's number, as a spreadsheet counts.
    Raises:  RightsError: the list cannot be read.  FillingError: it lacks a column that a row needs.
    """
    path = desk.path / PAPER
    with held(desk.production.inside, "rights"):
        raw = path.read_bytes() if path.exists() else ",".join(COLUMNS).encode() + b"\r\n"
        there = read_rights(raw)
        before = next((one.row for one in there if one.applies and one.names(file)), None)
        if before is not None:
            return before
        text = raw.decode("utf-8-sig")
        head = text.partition("\n")[0]
        delimiter = tables.delimiter_of(text)
        header = [" ".join(cell.split()).casefold() for cell in tables.cells(text, delimiter, PAPER, RightsError)[0]]
        offered = rows(file, said)
        needed = dict.fromkeys((*_NEEDS, *(name for one in offered for name in one if name != "note")))
        if lacking := [name for name in needed if name not in header]:
            raise FillingError(f"{PAPER} has no column {', '.join(lacking)}, and the row of {file} needs it. Add it beside the others; then say it again.")
        end = "\r\n" if head.endswith("\r") else "\n"
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter, lineterminator=end).writerows([one.get(name, "") for name in header] for one in offered)
        whole = raw + (b"" if raw.endswith((b"\n", b"\r")) else end.encode()) + out.getvalue().encode()
        made = read_rights(whole)  # nothing is written that could not be read again
        if len(made) != len(there) + len(offered) or not all(one.names(file) for one in made[len(there) :]):
            raise RightsError(f"{PAPER}: a row beneath its last one would not be read as one. Write it in the spreadsheet.")
        write_whole(path, whole)
    return made[-1].row


def _cell(text: Any) -> str:
    """A service's words as a cell: nothing that a spreadsheet would take for a formula."""
    return " ".join(str(text or "").split()).lstrip("=+-@").strip()
