"""Where a production's budget lies, and how one is taken in: `budget.xlsx` or `budget.csv` beside versions.csv, as somebody keeps it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from answerprint.delivery.costs import Budget, CostError, read_budget
from answerprint.keep import disk_sentence, write_whole

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["EXAMPLE", "PAPERS", "budget_of", "take_in"]

PAPERS = ("budget.csv", "budget.xlsx", "budget.xlsm")
_LARGEST = 16 * 2**20  #: bytes of a budget: a workbook of forty pages has under one

#: What somebody who has none may begin with: the form's sections, the usual crew, nothing filled in.
EXAMPLE = """Budget of a commercial: all amounts in EUR,,,,,,,
line,description,days,rate,estimate,actual,hours,done by
A,Pre-production and wrap labour,,,,,,
1,Line producer,4,650,2600,,,
B,Shooting crew labour,,,,,,
51,Assistant director,1,550,550,,,
53,Director of photography,1,1200,1200,,,
55,Focus puller,1,500,500,,,
58,Gaffer,,,0,,,
66,Sound recordist,,,0,,,
70,Script supervisor,,,0,,,
D,Location and travel,,,,,,
114,Location fee,,,900,,,
I,Equipment,,,,,,
193,Camera,1,480,480,,,
L,Director and creative fees,,,,,,
227,Director's fee,,,2500,,,
P,Editorial and finishing,,,,,,
,Editor,3,500,1500,,,
,Sync and string-outs,,,0,,7,"machine: sync, transcript, strings"
,Captions in two languages,,,0,,3,machine: captions
,Colourist,,,0,,,
,Re-recording mixer,,,0,,,
"""


def budget_of(production: Production) -> Budget | None:
    """The budget that lies in the production; None where there is none.

    Raises: CostError: it cannot be read, or there are two.
    """
    there = [production.path / name for name in PAPERS if (production.path / name).is_file()]
    if not there:
        return None
    if len(there) > 1:
        raise CostError(f"there are two budgets here, {' and '.join(one.name for one in there)}. Move the one away that does not hold any more.")
    return read_budget(there[0].name, _bytes(there[0]))


def take_in(production: Production, file: Path) -> Budget:
    """Take a budget into the production: a copy, in the place of the one before, once it could be read.

    Raises: CostError: it cannot be read; nothing is changed then.
    """
    return take_in_bytes(production, file.name, _bytes(file))


def take_in_bytes(production: Production, name: str, raw: bytes) -> Budget:
    """The same with what somebody sent."""
    found = read_budget(name, raw)
    ending = name.rpartition(".")[2].casefold()
    place = production.path / f"budget.{ending if ending in ('xlsx', 'xlsm') else 'csv'}"
    if ending in ("tsv", "txt"):
        place = production.path / "budget.csv"  # tabs are read from there as well
    write_whole(place, raw)
    for other in PAPERS:
        if other != place.name:
            (production.path / other).unlink(missing_ok=True)
    return found


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise CostError(f"{path.name}: it is larger than {_LARGEST // 2**20} MB. A budget is not; save the sheet with the budget by itself.")
        return path.read_bytes()
    except FileNotFoundError as cause:
        raise CostError(f"{path}: there is no such file.") from cause
    except OSError as cause:
        raise CostError(disk_sentence(cause, path.name)) from cause
