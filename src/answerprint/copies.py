"""A copy of the record to hand to somebody: a client, their lawyer, an archive. One file, checked before it gets its name."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from answerprint.keep import KeepError, disk_sentence
from answerprint.model.records import AnswerprintError
from answerprint.rushes import shown

if TYPE_CHECKING:
    from answerprint.ledger.copied import Copied
    from answerprint.production import Production

__all__ = ["CopyError", "clear", "copy", "hand_out_check"]


class CopyError(AnswerprintError):
    """A copy that cannot be made, or not there."""


def copy(production: Production, to: Path, *, withhold: bool = False) -> Copied:
    """Copy the record to one new file, while others may be writing.

    Args:    to: a name that is free, or a folder.  withhold: leave out the words of what people said (objections, answers, first
             thoughts, "I stand behind my part", remarks, and the machine's ideas); everything still verifies.
    Returns: what the copy holds, as it was checked.
    Raises:  CopyError: no record yet, or a place where nothing is written.  LedgerError: the name is taken, the record does not verify.
    """
    from answerprint.ledger.copied import copy as copied

    record = production.inside / "record.db"
    if not record.exists():
        raise CopyError("there is no record to copy yet. Run `answerprint prep`, or put somebody on the crew.")
    if to.is_dir():
        from answerprint.turnover import safe_name

        to = to / f"{safe_name(production.settings['title'])} record{' without words' if withhold else ''}.db"
    return copied(record, clear(production, to), withhold=withhold)


def clear(production: Production, to: Path) -> Path:
    """A place for what leaves: neither among the media nor inside the house's own folder.

    Raises: CopyError, TurnoverError.
    """
    from answerprint.turnover import clear_of_media

    if Path(os.path.realpath(to)).is_relative_to(os.path.realpath(production.inside)):
        raise CopyError(f"{shown(str(to))}: that is where the production keeps its own things. Choose another place.")
    return clear_of_media(production, to)


def hand_out_check(to: Path) -> Path:
    """Write the stranger's check beside what is handed out: one Python file. The same name twice is the same file.

    Raises: CopyError where another file has that name.
    """
    import importlib.util

    found = importlib.util.find_spec("answerprint.ledger.verify")
    check = Path(str(found.origin if found else None))
    try:
        if os.path.lexists(to) and (not to.is_file() or to.read_bytes() != check.read_bytes()):
            raise CopyError(f"{shown(str(to))}: another file has that name and is not replaced. Choose another one.")
        shutil.copyfile(check, to)
    except OSError as cause:
        raise KeepError(disk_sentence(cause, shown(str(to)))) from cause
    return to
