#!/usr/bin/env python3
"""Check a record: one file that needs nothing but Python 3.11 and can be handed to a stranger.

    python verify.py record.db [--held N:sha256:...] [--json]

It holds the law of the record: the byte form of a body, the seal of an entry, and `admit`, which says what an entry is
missing. The writer asks the same `admit` before an entry goes in. The file under test is opened read-only and is treated as
hostile: it may be cut, flipped or crafted; the answer is a list of findings, never a crash, and nothing in it is run.

Ends with 0: nothing wrong found. 1: findings. 2: cannot be read as a record.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import re
import shutil
import sqlite3
import stat
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

__all__ = [
    "APPLICATION_ID", "COLUMNS", "FORMAT", "GENESIS", "HUMAN", "MACHINE", "SCHEMA", "Entry", "Finding", "Report", "State", "Unreadable",
    "admit", "connect", "entry_hash", "read_body", "read_row", "sha256", "table_faults", "verify", "walk",
]  # fmt: skip

FORMAT = 1  #: PRAGMA user_version of the file
APPLICATION_ID = 0x416E5072  #: PRAGMA application_id: "AnPr"
GENESIS = "sha256:" + 64 * "0"  #: what the first entry follows
MAX_BODY = 16 * 2**20  #: bytes; more than this is a file, and lies in keep/
MAX_DEPTH = 64  #: lists and objects inside each other; fixed here, so that every Python says the same
MAX_FINDINGS = 200
SMALLEST_ROW = 200  #: bytes: three seals of 71 are in every row

#: What the machine may write, and what it is on a screen.
MACHINE = {
    "production": "a production opened",
    "media": "a file of the shoot",
    "task": "a finished task",
    "proposal": "something made for a person to look at",
    "idea": "a machine critic's idea",
    "remark": "a remark, not signed",
    "export": "a timeline that went out",
    "import": "a timeline that came back",
    "released": "a finished file's own digest",
}
#: What only a person's key may write.
HUMAN = {
    "enrol", "charter", "revoke", "intent", "round", "stand", "decision", "answer", "objection", "approval", "signoff", "refusal",
    "release", "checkpoint",
}  # fmt: skip
#: What a finished task says, schema 1: by this another run knows that it need not be done again.
TASK = {"task": str, "version": int, "key": str, "inputs": list, "facts": str}

COLUMNS = ("n", "prev", "kind", "at", "body_digest", "body", "signature", "hash")
#: The whole schema, letter by letter. Anything else in the file is a finding.
SCHEMA = {
    ("table", "entry"): """CREATE TABLE entry (
  n INTEGER PRIMARY KEY,
  prev TEXT NOT NULL,
  kind TEXT NOT NULL,
  at TEXT NOT NULL,
  body_digest TEXT NOT NULL,
  body BLOB,
  signature BLOB,
  hash TEXT NOT NULL
) STRICT""",
    ("trigger", "entry_follows"): f"""CREATE TRIGGER entry_follows BEFORE INSERT ON entry
WHEN NEW.n IS NOT (SELECT coalesce(max(n), 0) + 1 FROM entry)
  OR NEW.prev IS NOT coalesce((SELECT hash FROM entry ORDER BY n DESC LIMIT 1), '{GENESIS}')
BEGIN SELECT RAISE(ABORT, 'an entry follows the last one'); END""",
    ("trigger", "entry_stays"): """CREATE TRIGGER entry_stays BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END""",
    ("trigger", "entry_remains"): """CREATE TRIGGER entry_remains BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'an entry is never taken out'); END""",
}  # fmt: skip

_SEAL = re.compile(r"sha256:[0-9a-f]{64}\Z")
_KIND = re.compile(r"[a-z][a-z0-9-]{0,39}\Z")
_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z\Z", re.ASCII)
_ROW = f"""SELECT {", ".join(COLUMNS)}, typeof(prev) = 'text' AND typeof(kind) = 'text' AND typeof(at) = 'text'
  AND typeof(body_digest) = 'text' AND typeof(hash) = 'text' AND typeof(body) IN ('blob', 'null')
  AND typeof(signature) IN ('blob', 'null') FROM entry"""


class Unreadable(Exception):
    """This file cannot be read as a record; the text says why."""


# ---- bodies: the one byte form


def _whole(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) >= 2**53:
        raise ValueError("it holds a number that is too large")
    return int(digits)


def _no_float(text: str) -> Any:
    raise ValueError("it holds a number that is not whole")


_decode = json.JSONDecoder(parse_float=_no_float, parse_int=_whole, parse_constant=_no_float).decode
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def read_body(raw: bytes) -> dict[str, Any]:
    """A body's values, from canonical JSON: UTF-8, sorted ASCII keys, no spaces, whole numbers under 2^53, no float.

    Raises: ValueError where the bytes are not what writing the values again would give, or no object with a schema number.
    """
    try:
        value = _decode(raw.decode("utf-8"))
        same = _encode(value).encode("utf-8") == raw
    except json.JSONDecodeError as cause:
        raise ValueError("it is not JSON") from cause
    except UnicodeError as cause:
        raise ValueError("it is not UTF-8 text") from cause
    except RecursionError as cause:
        raise ValueError("it is nested too deep") from cause
    if not same:
        raise ValueError("it is not in the one form in which a body is written")
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH or not raw.isascii():
        _check_nested(value)
    if not isinstance(value, dict):
        raise ValueError("it is not an object")
    schema = value.get("schema")
    if type(schema) is not int or schema < 1:
        raise ValueError("it does not say its schema number")
    return value


def _check_nested(value: Any) -> None:
    level, depth = [value], 0
    while level := [item for item in level if isinstance(item, (dict, list))]:
        depth += 1
        if depth > MAX_DEPTH:
            raise ValueError("it is nested too deep")
        inside: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                if not all(key.isascii() for key in item):
                    raise ValueError("it has a key that is not ASCII")
                inside += item.values()
            else:
                inside += item
        level = inside


# ---- entries


def sha256(raw: bytes) -> str:
    """The digest of these bytes as the record writes it."""
    return "sha256:" + hashlib.sha256(raw).hexdigest()


def entry_hash(n: int, prev: str, kind: str, at: str, body_digest: str, signature: bytes | None) -> str:
    """The seal of an entry: SHA-256 over six fields, each after its length in 8 bytes (most significant first).

    The number is written in decimal, texts in UTF-8, a missing signature as no bytes (an empty one is never admitted).
    The body enters through its digest alone, so a copy may withhold it.
    """
    fields = (str(n).encode(), prev.encode(), kind.encode(), at.encode(), body_digest.encode(), signature or b"")
    return sha256(b"".join([len(field).to_bytes(8, "big") + field for field in fields]))


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One entry, as it lies in the table."""

    n: int  #: from 1, without gaps
    prev: str  #: the seal of the entry before
    kind: str
    at: str  #: UTC, a claim; order is the chain
    body_digest: str
    body: bytes | None  #: None where a copy withholds it
    signature: bytes | None  #: None where the machine wrote it
    hash: str

    def read(self) -> dict[str, Any] | None:
        """The body's values; None where it is withheld. Quick: whether its form is right is for `admit` to say.

        Raises: ValueError: not a body at all.
        """
        if self.body is None:
            return None
        try:
            value = _decode(self.body.decode("utf-8"))
        except RecursionError as cause:
            raise ValueError("it is nested too deep") from cause
        if not isinstance(value, dict):
            raise ValueError("it is not an object")
        return value


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """What the entries so far come to: all that is needed to judge the next one."""

    n: int = 0
    head: str = GENESIS
    vouched_to: int = 0  #: the last entry that a person's signature covers; no key can be enrolled yet, so it stays 0

    def after(self, entry: Entry) -> State:
        """The state with this entry taken in."""
        return State(n=entry.n, head=entry.hash, vouched_to=self.vouched_to)


def admit(state: State, entry: Entry) -> list[str]:
    """What this entry is missing to come next in this record; an empty list lets it in. Asked by the writer and by `verify`.

    Sentences have the entry as their subject. Kinds that this release does not know are let in: they come from a newer one.
    """
    missing = []
    if entry.n != state.n + 1:
        missing.append(f"it is numbered {entry.n} where {state.n + 1} comes next")
    if entry.prev != state.head:
        missing.append(f"it does not follow entry {state.n}: something was changed, taken out or put in" if state.n else
                       "it does not stand at the beginning: something before it was taken out")  # fmt: skip
    if not _KIND.match(entry.kind):
        missing.append(f"its kind {_shown(entry.kind)} is not a kind's name")
    if not _is_time(entry.at):
        missing.append(f"its time {_shown(entry.at)} is not a time")
    if not _SEAL.match(entry.body_digest):
        missing.append("it does not say what its body was")
    missing += _admit_body(entry)
    if entry.kind in HUMAN:
        missing.append(f"it is of the kind {entry.kind}, which a person signs, and no key is enrolled in this record")
    elif entry.kind in MACHINE and entry.signature is not None:
        missing.append(f"it is of the kind {entry.kind}, which the machine writes, and carries a signature")
    if entry.signature == b"":
        missing.append("its signature is empty")
    if entry.hash != entry_hash(entry.n, entry.prev, entry.kind, entry.at, entry.body_digest, entry.signature):
        missing.append("its seal does not match: it was changed after it was written")
    return missing


def _admit_body(entry: Entry) -> list[str]:
    if entry.body is None:
        return []
    if len(entry.body) > MAX_BODY:
        return [f"its body has {len(entry.body)} bytes, over {MAX_BODY}"]
    if sha256(entry.body) != entry.body_digest:
        return ["its body is not the body that was sealed"]
    try:
        body = read_body(entry.body)
    except ValueError as error:
        return [f"its body cannot be read: {error}"]
    if entry.kind == "task" and body["schema"] == 1 and (lacks := [name for name, of in TASK.items() if type(body.get(name)) is not of]):
        return [f"a finished task does not say its {', '.join(lacks)}"]
    return []


def _is_time(text: str) -> bool:
    try:
        return bool(_AT.match(text) and datetime.fromisoformat(text))
    except ValueError:
        return False


def _shown(text: str) -> str:
    """Somebody else's text, safe on a terminal."""
    return ascii(text if len(text) <= 60 else text[:57] + "...")


# ---- the report


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something wrong. `n` is the entry, None where it is the file."""

    n: int | None
    says: str

    def __str__(self) -> str:
        return self.says if self.n is None else f"entry {self.n}: {self.says}"


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a walk through a record found."""

    entries: int = 0
    head: str = GENESIS  #: the seal of the last entry
    vouched_to: int = 0  #: the last entry that a person's signature covers
    withheld: int = 0  #: entries whose body this copy does not carry
    newer: dict[str, int]  #: kinds that this release does not know, and how many
    readable: bool = True  #: False: no record, or one that cannot be opened; the one finding says why
    findings: tuple[Finding, ...]
    more: int = 0  #: findings beyond the first 200

    @property
    def vouched(self) -> str:
        """From where on nothing is vouched for."""
        if not self.readable:
            return "Nothing in it is vouched for."
        if not self.entries:
            return "The record is empty: there is nothing to vouch for."
        if self.vouched_to >= self.entries:
            return "A person's signature covers every entry."
        why = "" if self.vouched_to else " No person has signed yet."
        return f"From entry {self.vouched_to + 1} on nothing is vouched for: whoever owns the disk could have rebuilt it.{why}"

    def lines(self) -> Iterator[str]:
        """The report as a person reads it."""
        for finding in self.findings:
            yield str(finding)
        if self.more:
            yield f"... and {self.more} more findings."
        if not self.readable:
            return
        yield f"{'Findings' if self.findings else 'Nothing wrong found'} in {self.entries} entries. The last seal is {self.head}"
        if self.withheld:
            yield f"{self.withheld} entries are here without their text, which this copy withholds; their seals hold the chain."
        if self.newer:
            yield "Newer than this release, checked as part of the chain only: " + ", ".join(f"{k} ({n})" for k, n in sorted(self.newer.items()))
        yield self.vouched


def walk(rows: Iterable[Entry | Finding], *, held: tuple[int, str] | None = None, found: Iterable[Finding] = ()) -> Report:
    """Go through the entries from first to last, each through `admit`.

    Args:    held: number and seal of an entry as somebody else kept them.  found: findings about the file, put first.
    """
    state, withheld, entries, newer = State(), 0, 0, Counter[str]()
    findings, more, held_seal = list(found), 0, None
    for row in rows:
        if isinstance(row, Finding):
            missing = [row]
        else:
            entries += 1
            missing = [Finding(n=row.n, says=says + ".") for says in admit(state, row)]
            if row.body is None:
                withheld += 1
            if row.kind not in MACHINE and row.kind not in HUMAN and _KIND.match(row.kind) and (row.kind in newer or len(newer) < 50):
                newer[row.kind] += 1
            if held and row.n == held[0]:
                held_seal = row.hash
            state = state.after(row)
        room = max(0, MAX_FINDINGS - len(findings))
        findings += missing[:room]
        more += len(missing[room:])
    if held and held_seal != held[1]:
        says = "it is not the one that you hold: it was rebuilt." if held_seal else "you hold its seal and it is not here: it was cut off."
        findings.append(Finding(n=held[0], says=says))
    return Report(entries=entries, head=state.head, vouched_to=state.vouched_to, withheld=withheld, newer=dict(newer),
                  findings=tuple(findings), more=more)  # fmt: skip


# ---- the file


def connect(path: str | os.PathLike[str], *, still: bool = False) -> sqlite3.Connection:
    """Open a record to read it: what was committed, with a -wal beside it if there is one, also from a disk that is read-only.

    Args:    still: nobody writes now; nothing is created beside the record.
    Raises:  Unreadable, sqlite3.Error, OSError.
    """
    name = os.path.abspath(os.fspath(path))
    try:
        if not stat.S_ISREG(os.stat(name).st_mode):
            raise Unreadable("it is not a file")
    except FileNotFoundError as cause:
        raise Unreadable("there is no such file") from cause
    uri = "file:" + quote(os.fsencode(name)) + "?mode=ro"
    if still:
        return _guarded(sqlite3.connect(uri + "&immutable=1", uri=True, isolation_level=None))
    db = _guarded(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=10))
    try:
        db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        return db
    except sqlite3.OperationalError as error:
        db.close()
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR):
            raise
    if not _is_filled(name + "-wal"):
        return _guarded(sqlite3.connect(uri + "&immutable=1", uri=True, isolation_level=None))
    with tempfile.TemporaryDirectory(prefix="record-") as folder:  # a -wal can only be read where its index can be written
        for end in ("", "-wal"):
            shutil.copyfile(name + end, os.path.join(folder, "record.db" + end))
        memory = _guarded(sqlite3.connect(":memory:", isolation_level=None))
        with contextlib.closing(sqlite3.connect(os.path.join(folder, "record.db"))) as copy:
            copy.backup(memory)
        return memory


def _guarded(db: sqlite3.Connection) -> sqlite3.Connection:
    db.execute("PRAGMA trusted_schema = OFF")
    db.execute("PRAGMA cell_size_check = ON")
    db.execute("PRAGMA mmap_size = 0")
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 2 * MAX_BODY)
    db.text_factory = _text
    return db


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")


def _is_filled(name: str) -> bool:
    with contextlib.suppress(OSError, ValueError):
        return os.stat(name).st_size > 0
    return False


def table_faults(db: sqlite3.Connection) -> list[str]:
    """What is wrong with the tables themselves. Where the first one is named, "entry" is not ours and must not be read.

    Raises: Unreadable: no record at all.  sqlite3.Error.
    """
    have = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema").fetchall()
    if not any(name == "entry" for _, name, _, _ in have):
        raise Unreadable("it is not a record: it has no table of entries")
    faults = []
    for (kind, name), sql in SCHEMA.items():
        if (kind, name, "entry", sql) in have:
            have.remove((kind, name, "entry", sql))
        else:
            faults.append(f"the {kind} {name} is not there as a record has it")
    faults += [f"a {_shown(str(kind))} named {_shown(str(name))} does not belong in a record" for kind, name, _, _ in have]
    if db.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
        faults.append("it is not marked as a record")
    if db.execute("PRAGMA user_version").fetchone() != (FORMAT,):
        faults.append("it has another format number")
    return faults


def _entries(db: sqlite3.Connection, damaged: bool, limit: int) -> Iterator[Entry | Finding]:
    """Every row in order. In a damaged file each number is looked up by itself, which ends whatever the tree looks like."""
    expected = 1
    try:
        rows: Iterable[Any]
        if damaged:
            last = min(db.execute("SELECT max(n) FROM entry").fetchone()[0] or 0, limit)
            rows = (row for n in range(1, last + 1) for row in db.execute(_ROW + " WHERE n = ?", (n,)))
        else:
            rows = db.execute(_ROW + " ORDER BY n")
        for row in rows:
            n = row[0]
            if n < expected:
                yield Finding(n=n, says="it stands where no entry can stand.")
            elif n > expected:
                which = f"entry {expected} is" if n == expected + 1 else f"entries {expected} to {n - 1} are"
                yield Finding(n=expected, says=f"{which} missing: after {expected - 1} comes {n}.")
            if not row[-1]:
                yield Finding(n=n, says="a column of it holds another type of value than was written.")
            entry = read_row(row)
            if entry is not None:
                yield entry
            expected = max(expected, n) + 1
    except sqlite3.Error as error:
        yield Finding(n=expected, says=f"from here on the file cannot be read ({_shown(str(error))}).")


def read_row(row: tuple[Any, ...]) -> Entry | None:
    """A row of `entry` (columns in order) as an Entry; None where a value has another type."""
    n, prev, kind, at, body_digest, body, signature, seal = row[: len(COLUMNS)]
    if (type(n), type(prev), type(kind), type(at), type(body_digest), type(seal)) != (int, str, str, str, str, str):
        return None
    if type(body) not in (bytes, type(None)) or type(signature) not in (bytes, type(None)):
        return None
    return Entry(n=n, prev=prev, kind=kind, at=at, body_digest=body_digest, body=body, signature=signature, hash=seal)


def verify(path: str | os.PathLike[str], *, held: tuple[int, str] | None = None) -> Report:
    """Check a record from its tables to its last entry.

    Args:    held: number and seal of an entry as somebody else kept them (a printed checkpoint); shows a cut or rebuilt end.
    Returns: the report; no findings means nothing wrong found. Whatever the file holds, this does not raise.
    """
    name = os.path.abspath(os.fspath(path))
    try:
        for still in (True, False):
            still = still and not _is_filled(name + "-wal")
            before = _stamp(name)
            with contextlib.closing(connect(name, still=still)) as db:
                report = _examine(db, name, held)
            if not still or (_stamp(name) == before and not _is_filled(name + "-wal")):
                break  # else somebody wrote meanwhile: look again with locks
        return report
    except Unreadable as error:
        why = str(error)
    except (sqlite3.Error, OSError, ValueError, OverflowError, MemoryError, RecursionError) as error:
        why = _shown(str(error))[1:-1] or type(error).__name__
    return Report(readable=False, newer={}, findings=(Finding(n=None, says=f"The file cannot be read as a record: {why}."),))


def _stamp(name: str) -> tuple[int, ...] | None:
    with contextlib.suppress(OSError, ValueError):
        now = os.stat(name)
        return now.st_size, now.st_mtime_ns, now.st_ino
    return None


def _examine(db: sqlite3.Connection, name: str, held: tuple[int, str] | None) -> Report:
    faults = table_faults(db)
    found = [Finding(n=None, says=f"The file: {says}.") for says in faults]
    if _is_filled(name + "-journal"):
        found.append(Finding(n=None, says="The file: a journal lies beside it that no record leaves; others may read something else."))
    if any(fault.startswith("the table entry") for fault in faults):
        return walk([], found=found, held=held)
    try:  # one message only: with more, a crafted tree could keep SQLite walking for ever
        state = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        state = str(error)
    if state != "ok":
        found.append(Finding(n=None, says=f"The file: its structure is damaged ({_shown(str(state))})."))
    limit = sum(os.path.getsize(name + end) for end in ("", "-wal") if _is_filled(name + end)) // SMALLEST_ROW
    return walk(_entries(db, state != "ok", limit), found=found, held=held)


def _held(text: str) -> tuple[int, str]:
    number, _, seal = text.partition(":")
    if not (number.isascii() and number.isdigit() and _SEAL.match(seal)):
        raise argparse.ArgumentTypeError("write it as NUMBER:sha256:... as it was printed")
    return int(number[:18]), seal


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="verify.py", description="Check a record: what is wrong with it, and from where on nobody vouches for it.")
    parser.add_argument("record", help="record.db")
    parser.add_argument("--held", type=_held, metavar="N:SEAL", help="an entry's number and seal as somebody else kept them")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    args = parser.parse_args(argv)
    report = verify(args.record, held=args.held)
    print(json.dumps({**asdict(report), "vouched": report.vouched}) if args.json else "\n".join(report.lines()))
    return (1 if report.findings else 0) if report.readable else 2


if __name__ == "__main__":
    sys.exit(main())
