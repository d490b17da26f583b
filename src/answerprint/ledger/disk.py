"""The record's file on a disk: opened for one writer, given its name without replacing another, and what a refusing disk means to a person."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

from answerprint.ledger import verify
from answerprint.ledger.admit import LedgerError

__all__ = ["BUSY_S", "SENTENCES", "fail", "publish", "writer"]

BUSY_S = 30  #: how long a writer waits for another one; the longest transaction is one batch of entries


def writer(path: Path, mode: str) -> sqlite3.Connection:
    """The file, opened for one who writes.  Args: mode: as SQLite has it: "rw", "rwc".  Raises: LedgerError, sqlite3.Error: it cannot be."""
    uri = "file:" + quote(os.fsencode(path.absolute())) + f"?mode={mode}"
    db = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_S)
    try:
        db.execute("PRAGMA trusted_schema = OFF")
        db.execute("PRAGMA synchronous = FULL")  # a commit is on the disk when it returns
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 2 * verify.MAX_BODY)
        mode = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        if mode != "wal":
            raise LedgerError(f"{path}: this disk does not let a record be written safely ({mode}); network shares do not. Use a local disk.")
        db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException:
        db.close()
        raise
    return db


def publish(new: Path, path: Path) -> None:
    """Give a finished file its name, without ever replacing another one."""
    with open(new, "rb") as file:
        os.fsync(file.fileno())
    try:
        os.link(new, path)
    except FileExistsError:
        raise
    except OSError:  # no hard links here (exFAT)
        if path.exists():
            raise FileExistsError(path) from None
        os.rename(new, path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


SENTENCES = {
    sqlite3.SQLITE_FULL: "the disk is full. Nothing of this entry was written; make room and go on.",
    sqlite3.SQLITE_READONLY: "it cannot be written here: the disk or the file is read-only. Copy the production to a disk of your own.",
    sqlite3.SQLITE_BUSY: f"another program has been writing to it for over {BUSY_S} s. Wait for it, or close it.",
    sqlite3.SQLITE_LOCKED: "another program is writing to it. Wait for it, or close it.",
    sqlite3.SQLITE_CORRUPT: "the file is damaged. Run verify on it and go on from a copy; do not work on it.",
    sqlite3.SQLITE_NOTADB: "this is not a record. Look in another folder, or restore it from a copy.",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened. Is the folder there, and may you write in it?",
    sqlite3.SQLITE_PERM: "you may not open it. Ask its owner.",
    sqlite3.SQLITE_IOERR: "the disk fails while reading or writing. Copy the production to another disk.",
    sqlite3.SQLITE_CONSTRAINT: "the entry does not follow the last one; the file is damaged or was changed. Run verify on it.",
}  # fmt: skip


def fail(path: Path, cause: Exception) -> NoReturn:
    """One sentence for what SQLite or the system said; the cause is kept."""
    code = getattr(cause, "sqlite_errorcode", None)
    sentence = SENTENCES.get(code & 0xFF) if code is not None else None
    raise LedgerError(f"{path}: {sentence or f'{cause}.'}") from cause
