"""A copy of a record as one file, to hand to somebody: whole, or without the words of what people said.

A whole copy is SQLite's own backup, so it is consistent while others write. A copy without words is written anew, entry by entry,
from one look at the record: what is withheld never comes near the new file. Either is checked before it gets its name.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from answerprint.ledger import disk, verify
from answerprint.ledger.admit import LedgerError

__all__ = ["SAID", "Copied", "copy"]

#: Kinds whose words a copy may leave out: what people said, and what the machine wrote down of it or thought of it.
SAID = frozenset(verify.WITHHELD | {"remark", "idea"})


@dataclass(frozen=True, kw_only=True)
class Copied:
    """A copy as it was checked."""

    path: Path
    entries: int
    head: str  #: the seal of its last entry
    withheld: int  #: texts that it does not carry
    vouched: str  #: from where on nothing is vouched for
    size_bytes: int


def copy(path: Path, to: Path, *, withhold: bool = False) -> Copied:
    """Copy a record to a new file.

    Args:    to: a name that is free.  withhold: leave out the bodies of `SAID`; their seals stay, and the chain holds.
    Raises:  LedgerError: the name is taken, the record does not verify (then what is wrong with it), or a disk refuses. Nothing is left behind.
    """
    if os.path.lexists(to):
        raise LedgerError(f"{to}: something lies there already, and a copy replaces nothing. Choose another name.")
    if not to.parent.is_dir():
        raise LedgerError(f"{to.parent}: there is no such folder. Make it first.")
    new = to.with_name(f".{to.name}.{os.getpid()}.new")
    try:
        with contextlib.closing(verify.connect(path)) as source:
            _whole_table(path, source)
            source.execute("BEGIN")  # one look: what is written meanwhile is in neither
            last = source.execute("SELECT n, hash FROM entry ORDER BY n DESC LIMIT 1").fetchone() or (0, verify.GENESIS)
            (_without_words if withhold else _backup)(source, new)
        report = verify.verify(new)
        if report.findings:
            more = f", and {len(report.findings) - 1} more" if len(report.findings) > 1 else ""
            raise LedgerError(f"{path}: no copy was made, because the record does not verify. {report.findings[0]}{more}. `answerprint verify` says all of it.")
        if (report.entries, report.head) != tuple(last):
            raise LedgerError(f"{to}: the copy ends at entry {report.entries} where the record ends at {last[0]}. The disk may be failing; use another one.")
        disk.publish(new, to)
    except FileExistsError as cause:
        raise LedgerError(f"{to}: something lies there already, and a copy replaces nothing. Choose another name.") from cause
    except (sqlite3.Error, OSError, verify.Unreadable) as cause:
        disk.fail(path if isinstance(cause, verify.Unreadable) else to, cause)
    finally:
        for end in ("", "-wal", "-shm", "-journal"):
            with contextlib.suppress(OSError):
                os.unlink(f"{new}{end}")
    return Copied(path=to, entries=report.entries, head=report.head, withheld=report.withheld, vouched=report.vouched, size_bytes=to.stat().st_size)


def _whole_table(path: Path, source: sqlite3.Connection) -> None:
    """Nothing but our table is copied: a file can come by mail."""
    if faults := verify.table_faults(source):
        raise LedgerError(f"{path}: no copy was made: {'; '.join(faults)}. Run verify on it.")


def _backup(source: sqlite3.Connection, new: Path) -> None:
    with contextlib.closing(sqlite3.connect(new, isolation_level=None)) as copied:
        source.backup(copied)
        copied.execute("PRAGMA journal_mode = DELETE")  # one file, also where it lies on a read-only disk


def _without_words(source: sqlite3.Connection, new: Path) -> None:
    source.text_factory = str
    columns = ", ".join(verify.COLUMNS)
    marks = ", ".join("?" * len(SAID))
    said = tuple(sorted(SAID))
    rows = source.execute(
        f"SELECT n, prev, kind, at, body_digest, CASE WHEN kind IN ({marks}) THEN NULL ELSE body END, signature, hash FROM entry ORDER BY n", said
    )
    with contextlib.closing(sqlite3.connect(new, isolation_level=None)) as copied:
        copied.execute("PRAGMA trusted_schema = OFF")
        copied.execute("BEGIN")
        for statement in verify.SCHEMA.values():
            copied.execute(statement)
        copied.executemany(f"INSERT INTO entry ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        copied.execute(f"PRAGMA application_id = {verify.APPLICATION_ID}")
        copied.execute(f"PRAGMA user_version = {verify.FORMAT}")
        copied.execute("COMMIT")

