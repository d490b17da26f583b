"""The record on disk: one SQLite file, one table, one writer at a time; readers never write.

`Record.create(path)` and `Record.open(path, write=True)` give a writer, `Record.open(path)` a reader. An entry that `append`
returned is on the disk; one that it did not return is there whole or not at all.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from answerprint.ledger import verify
from answerprint.ledger.admit import LedgerError, Refused, State, machine_door, person_door
from answerprint.ledger.disk import SENTENCES, fail, publish, writer
from answerprint.ledger.mounts import network_share
from answerprint.ledger.verify import COLUMNS, GENESIS, MACHINE, NAMESPACE, SCHEMA, Entry, NoCryptography
from answerprint.model import judgments
from answerprint.model.judgments import Human, Seen, Signs
from answerprint.model.records import ModelError, canonical

__all__ = ["Prepared", "Record"]

_SELECT = f"SELECT {', '.join(COLUMNS)} FROM entry"
_SEALED = "SELECT n, prev, kind, at, body_digest, signature, hash FROM entry WHERE n > ? ORDER BY n"
_INSERT = f"INSERT INTO entry ({', '.join(COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """What a person is about to sign: the exact bytes."""

    kind: str
    at: str
    body: bytes


class _Seals:
    """The seal of any entry, looked up on the disk."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def get(self, n: int, /) -> str | None:
        row = self._db.execute("SELECT hash FROM entry WHERE n = ?", (n,)).fetchone()
        return row[0] if row else None


class Record:
    """A production's record. Use it from the thread that opened it, and close it (or use `with`)."""

    def __init__(self, db: sqlite3.Connection, path: Path, *, write: bool) -> None:
        self._db, self.path, self.writable = db, path, write
        self._db.text_factory = str
        self.unsound: dict[int, tuple[str, ...]] = {}  #: entries that do not hold, and why; what a person signed and is here counts for nothing
        self._state: State | None = None  # what this writer knows of the record; brought up to date inside each transaction
        self._tasks: dict[str, Entry] = {}
        self._tasks_to = 0

    @classmethod
    def create(cls, path: Path) -> Record:
        """Make an empty record and open it for writing. It appears whole, under its name, or not at all.

        Raises: LedgerError: there is one already, the folder is missing, on a network share or cannot be written.
        """
        path = Path(path)
        if path.exists():
            raise LedgerError(f"{path}: there is a record already. Open it, or choose another place.")
        _refuse_share(path)
        new = path.with_name(f".{path.name}.{os.getpid()}.new")
        try:
            with contextlib.closing(writer(new, "rwc")) as db:
                db.execute("BEGIN")
                for statement in SCHEMA.values():
                    db.execute(statement)
                db.execute(f"PRAGMA application_id = {verify.APPLICATION_ID}")
                db.execute(f"PRAGMA user_version = {verify.FORMAT}")
                db.execute("COMMIT")
            publish(new, path)
        except FileExistsError as cause:
            raise LedgerError(f"{path}: there is a record already. Open it, or choose another place.") from cause
        except (sqlite3.Error, OSError) as cause:
            fail(path, cause)
        finally:
            for end in ("", "-wal", "-shm"):
                with contextlib.suppress(OSError):
                    os.unlink(f"{new}{end}")
        return cls.open(path, write=True)

    @classmethod
    def open(cls, path: Path, *, write: bool = False) -> Record:
        """Open a record: to read it (also from a disk that is read-only), or with `write` to append to it.

        Raises: LedgerError: missing, not a record, from a newer release, damaged, or not to be written here.
        """
        path = Path(path)
        if not path.is_file():
            raise LedgerError(f"{path}: there is no record here. Make one first, or look in another folder.")
        if write:
            _refuse_share(path)
            if not os.access(path, os.W_OK):
                raise LedgerError(f"{path}: {SENTENCES[sqlite3.SQLITE_READONLY]}")
        try:
            db = writer(path, "rw") if write else verify.connect(path)
        except (sqlite3.Error, OSError, verify.Unreadable) as cause:
            fail(path, cause)
        record = cls(db, path, write=write)
        try:
            record._look_over()
        except BaseException:
            db.close()
            raise
        return record

    def _look_over(self) -> None:
        """Before anything is read or written: is this our table, and only that? A file can come by mail."""
        try:
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if version > verify.FORMAT:
                raise LedgerError(f"{self.path}: this record was written by a newer release (format {version}, here {verify.FORMAT}). Update first.")
            faults = verify.table_faults(self._db)
        except (sqlite3.Error, verify.Unreadable) as cause:
            fail(self.path, cause)
        if faults:
            raise LedgerError(f"{self.path}: {'; '.join(faults)}. Run verify on it; do not work on it.")

    def close(self) -> None:
        """Close it. The last writer to close leaves one file without a -wal beside it."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- writing

    def append(self, kind: str, body: Mapping[str, Any]) -> Entry:
        """Write one machine entry; when this returns, it is on the disk.

        Args:    kind: one of verify.MACHINE.  body: plain values with "schema"; canonical JSON is made of it.
        Raises:  Refused: what it is missing.  LedgerError: the record is read-only, locked, damaged, or the disk is full.
        """
        return self.append_many([(kind, body)])[0]

    def append_many(self, bodies: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Entry]:
        """Write machine entries in one go: all of them or, where one is refused or anything fails, none."""
        if not self.writable:
            raise LedgerError(f"{self.path}: it was opened to be read. Open it with write=True.")
        prepared = [(kind, _body(kind, body)) for kind, body in bodies]
        if not prepared:
            return []
        with self._transaction() as state:
            entries = []
            for kind, body in prepared:
                entry = _next(state, kind, body, _now(), None)
                machine_door(state, entry)
                self._insert(state, entry)
                entries.append(entry)
        return entries

    # ---- a person's entries

    def prepare(self, content: Human, *, by: str, seen: Seen | None = None) -> Prepared:
        """The exact bytes that a person is to sign.

        Args:    by: the id of the key that will sign.  seen: the last entry on their screen; the last of all where not given.
        Raises:  Refused: it cannot be written down.
        """
        seen = seen or Seen(n=self.head()[0], hash=self.head()[1])
        at = _now()
        try:
            plain = judgments.body(content, by=by, at=at, seen=seen)
        except ModelError as cause:
            raise Refused(content.kind, [str(cause).rstrip(".")]) from cause
        return Prepared(kind=content.kind, at=at, body=_body(content.kind, plain))

    def missing(self, prepared: Prepared) -> list[str]:
        """What a prepared entry is missing besides its signature, as the record stands now: to be said before anybody signs."""
        return verify.law(self.state(), kind=prepared.kind, at=prepared.at, body=verify.read_body(prepared.body))

    def append_signed(self, prepared: Prepared, signature: bytes) -> Entry:
        """Write what a person signed; when this returns, it is on the disk.

        Raises: Refused: what it is missing; where something changed meanwhile, what.  LedgerError: as for `append`.
        """
        if not self.writable:
            raise LedgerError(f"{self.path}: it was opened to be read. Open it with write=True.")
        with self._transaction() as state:
            entry = _next(state, prepared.kind, prepared.body, prepared.at, signature)
            person_door(state, entry)
            self._insert(state, entry)
        return entry

    def sign(self, content: Human, signs: Signs, *, seen: Seen | None = None) -> Entry:
        """Prepare, ask what is missing, have it signed, write it.

        Raises: Refused, LedgerError; whatever the key raises where it refuses.
        """
        prepared = self.prepare(content, by=signs.key_id, seen=seen)
        if missing := self.missing(prepared):
            raise Refused(prepared.kind, missing)
        return self.append_signed(prepared, signs.sign(prepared.body, NAMESPACE))

    # ---- inside a transaction

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[State]:
        """One writer's turn: the state at this moment; committed on the way out, undone where anything fails."""
        try:
            if self._db.in_transaction:  # a Ctrl-C fell between a failure and its rollback
                self._db.execute("ROLLBACK")
            self._db.execute("BEGIN IMMEDIATE")
            before = -1
            try:
                state = self._caught_up()
                before = state.n
                yield state
                self._db.execute("COMMIT")
            except BaseException:
                if self._state is not None and self._state.n != before:
                    self._state = None  # it moved on past what is undone now
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
        except sqlite3.Error as cause:
            fail(self.path, cause)
        except NoCryptography as cause:
            raise LedgerError(f"{self.path}: it is signed, and the package cryptography is not here. Install answerprint again.") from cause

    def _insert(self, state: State, entry: Entry) -> None:
        values = (entry.n, entry.prev, entry.kind, entry.at, entry.body_digest, entry.body, entry.signature, entry.hash)
        self._db.execute(_INSERT, values)
        state.take(entry, [])

    def state(self) -> State:
        """What the entries so far come to. Every signature is checked; an entry that does not hold counts for nothing.

        Raises: LedgerError.
        """
        try:
            return self._caught_up()
        except sqlite3.Error as cause:
            fail(self.path, cause)
        except NoCryptography as cause:
            raise LedgerError(f"{self.path}: it is signed, and the package cryptography is not here. Install answerprint again.") from cause

    def _caught_up(self) -> State:
        """The state at this moment: other writers may have been here. Machine entries before the last one add nothing to it,
        so of the new ones only people's are read; that none was put in another's place is asked of all."""
        state = self._state
        if state is None or (state.n and state.seals.get(state.n) != state.head):
            state = self._state = State(seals=_Seals(self._db))
            self.unsound = {}
        last, seal = self.head()
        if last and not state.n and (there := self._db.execute("SELECT count(*) FROM entry").fetchone()[0]) != last:
            raise LedgerError(f"{self.path}: its last entry is {last} and it has {there}: some were taken out. Run verify on it; do not work on it.")
        if last > state.n:
            self._chain(state)
            marks = ", ".join("?" * len(MACHINE))
            for entry in self._rows(f"WHERE n > ? AND n <= ? AND (n = ? OR kind NOT IN ({marks})) ORDER BY n", (state.n, last, last, *MACHINE)):
                state.n = entry.n - 1  # the machine's entries in between add nothing but their numbers
                missing = verify.judge(state, entry) if entry.kind in verify.HUMAN else []
                if missing:
                    self.unsound[entry.n] = tuple(missing)
                state.take(entry, missing)
            if verify.entry_hash(last, entry.prev, entry.kind, entry.at, entry.body_digest, entry.signature) != seal:
                self._state = None
                raise LedgerError(f"{self.path}: the seal of its last entry, {last}, does not match. Run verify on it; nothing was written.")
        return state

    def _chain(self, state: State) -> None:
        """Note every new entry that is not what its seal says or does not follow the one before; texts are not read for this."""
        head, seal_of = state.head, verify.entry_hash
        for n, prev, kind, at, digest, signature, seal in self._db.execute(_SEALED, (state.n,)):
            if prev != head or seal_of(n, prev, kind, at, digest, signature) != seal:
                self.unsound[n] = ("its seal does not match: it was changed after it was written",) if prev == head else (
                    "it does not follow the entry before: something was changed, taken out or put in",)  # fmt: skip
            head = seal

    # ---- reading

    def head(self) -> tuple[int, str]:
        """Number and seal of the last entry; (0, GENESIS) for an empty record."""
        try:
            row = self._db.execute("SELECT n, hash FROM entry ORDER BY n DESC LIMIT 1").fetchone()
        except sqlite3.Error as cause:
            fail(self.path, cause)
        return (row[0], row[1]) if row else (0, GENESIS)

    def seal(self, n: int) -> str:
        """The seal of an entry.

        Raises: LedgerError: there is no such entry.
        """
        found = _Seals(self._db).get(n)
        if found is None:
            raise LedgerError(f"{self.path}: there is no entry {n}.")
        return found

    def last_of_kind(self, kind: str) -> int:
        """The number of the last entry of a kind; 0 where there is none."""
        try:
            row = self._db.execute("SELECT n FROM entry WHERE kind = ? ORDER BY n DESC LIMIT 1", (kind,)).fetchone()
        except sqlite3.Error as cause:
            fail(self.path, cause)
        return row[0] if row else 0

    def entries(self, start: int = 1, kind: str | None = None) -> Iterator[Entry]:
        """The entries from number `start` on, in order; of one kind, if given. They are read, not verified."""
        return self._rows("WHERE n >= ? AND (?2 IS NULL OR kind = ?2) ORDER BY n", (start, kind))

    def signed(self) -> Iterator[Entry]:
        """The entries of people's kinds, in order: `state` says which of them count, and those are as they were when they were let in.

        Raises: LedgerError: one of them was changed since.
        """
        marks, sealed = ", ".join("?" * len(verify.HUMAN)), self.state().sealed
        for entry in self._rows(f"WHERE kind IN ({marks}) ORDER BY n", tuple(sorted(verify.HUMAN))):
            if (seal := sealed.get(entry.n)) is not None:
                now = verify.entry_hash(entry.n, entry.prev, entry.kind, entry.at, entry.body_digest, entry.signature)
                if now != seal or (entry.body is not None and verify.sha256(entry.body) != entry.body_digest):
                    raise LedgerError(f"{self.path}: entry {entry.n} was changed since it was let in. Run verify on it; do not work on it.")
            yield entry

    def _rows(self, where: str, values: tuple[Any, ...]) -> Iterator[Entry]:
        try:
            for row in self._db.execute(f"{_SELECT} {where}", values):
                entry = verify.read_row(row)
                if entry is None:
                    raise LedgerError(f"{self.path}: entry {row[0]} holds a value of another type than was written. Run verify on it.")
                yield entry
        except sqlite3.Error as cause:
            fail(self.path, cause)

    def by_key(self) -> Mapping[str, Entry]:
        """Finished tasks by cache key; of two with one key the first one stands. Those whose body
        is withheld, or in another form than schema 1, are not among them. Reads only what is new since the last call."""
        for entry in self.entries(self._tasks_to + 1, "task"):
            try:
                body = entry.read() or {}
            except ValueError as cause:
                raise LedgerError(f"{self.path}: entry {entry.n} cannot be read: {cause}. Run verify on it.") from cause
            if body.get("schema") == 1 and all(type(body.get(name)) is of for name, of in verify.TASK.items()):
                self._tasks.setdefault(body["key"], entry)
            self._tasks_to = entry.n
        return self._tasks

    def has_key(self, cache_key: str) -> bool:
        """Whether a task with this cache key is finished and in the record."""
        return cache_key in self._tasks or cache_key in self.by_key()


def _body(kind: str, body: Mapping[str, Any]) -> bytes:
    try:
        return canonical(body)
    except ModelError as cause:
        raise Refused(kind, [str(cause).rstrip(".")]) from cause
    except RecursionError as cause:
        raise Refused(kind, ["its body is nested too deep"]) from cause


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def _next(state: State, kind: str, body: bytes, at: str, signature: bytes | None) -> Entry:
    n, digest = state.n + 1, verify.sha256(body)
    seal = verify.entry_hash(n, state.head, kind, at, digest, signature)
    return Entry(n=n, prev=state.head, kind=kind, at=at, body_digest=digest, body=body, signature=signature, hash=seal)


def _refuse_share(path: Path) -> None:
    if share := network_share(path.parent):
        raise LedgerError(f"{path}: it lies on a network share ({share}), where a record cannot be written safely. Use a local disk.")
