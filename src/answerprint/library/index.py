"""The index on disk: files by their seal, where each lies, its shots, and vectors beside them. One SQLite file and a few flat ones.

Whatever takes files in commits one file at a time: a process that is killed loses the file it was at, and the next one goes on there. What lies beside the
SQLite file is no part of a transaction: a paper lies there while one changes it, and whoever finds the paper of somebody who was killed makes the columns anew
from what is written down. Nothing is mapped: another program may delete the index, copy over it or cut it short while it is read.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerprint.library import LibraryError
from answerprint.library.columns import COLUMNS, KINDS, PICTURE, TABLES, Hit, NewShot, column
from answerprint.library.known import INDEX
from answerprint.library.vectors import Vectors

__all__ = ["Index"]

class Index:
    """The index in a folder; made where there is none.

    Raises: LibraryError: the folder cannot be written to, or what lies there is no index, or a newer one.
    """

    def __init__(self, home: Path, *, widths: dict[str, int] | None = None) -> None:
        self.home = home
        try:
            home.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(home / INDEX, timeout=30, isolation_level=None)
            self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + TABLES)
            self._file = _known(home / "library.db")
        except sqlite3.DatabaseError as cause:
            if not isinstance(cause, sqlite3.OperationalError):
                raise LibraryError(f"{home}: the library's index is damaged ({cause}): it was copied while it was written to, or only in part. Delete that folder and take your folders in again; no file of yours lies in it.") from cause
            raise LibraryError(f"{home}: the library's index cannot be opened ({cause}). Free its disk, or name another folder: library = \"PATH\" in your settings.") from cause
        except OSError as cause:
            raise LibraryError(f"{home}: the library's index cannot be opened ({cause}). Free its disk, or name another folder: library = \"PATH\" in your settings.") from cause
        self.vectors = {kind: Vectors(home / kind, width) for kind, width in {**KINDS, **(widths or {})}.items()}
        self._columns = home / "columns.rows"
        self._left: set[int] = set()  #: files that lost a place in this transaction
        self._paper: Path | None = None  #: that this transaction changes what lies beside the SQLite file
        self._settle()

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- writing

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction; all of it or nothing."""
        if _known(self.home / "library.db") != self._file:
            raise LibraryError(f"{self.home}: the library was deleted or replaced by another program meanwhile. Nothing more is written to it; begin again.")
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                if self._papers():
                    self._heal()
                yield
                while self._left:
                    self._show(self._left.pop())
                self._db.execute("COMMIT")
            except BaseException:
                self._left.clear()
                with contextlib.suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                self._paper = None
                self._settle()
                raise
            if self._paper is not None:
                self._paper.unlink(missing_ok=True)
                self._paper = None
        except sqlite3.Error as cause:
            raise LibraryError(f"{self.home}: the library cannot be written to ({cause}). What was taken in before is kept.") from cause
        except OSError as cause:
            raise LibraryError(f"{self.home}: the library cannot be written to ({cause.strerror}). What was taken in before is kept.") from cause

    # ---- what lies beside the SQLite file, held against it

    def _begins(self) -> None:
        """Say that what lies beside is being changed, before the first change of a transaction."""
        if self._paper is None:
            self._paper = self.home / f"changing-{uuid.uuid4().hex[:16]}"
            self._paper.touch()

    def _papers(self) -> list[Path]:
        """Of those who were killed, where nobody else is writing; one who is done and has not put it away yet may be among them."""
        return [one for one in self.home.glob("changing-*") if one != self._paper]

    def _settle(self) -> None:
        """Mend what a killed program or half a copy left, unless somebody is writing right now: then they do."""
        try:
            (last,) = self._db.execute("SELECT coalesce(max(n), 0) FROM shot").fetchone()
            short = bool(last) and (self._rows() <= last or any(len(self.vectors[kind]) <= last for kind in KINDS))
            if not short and not self._papers():
                return
            self._db.execute("PRAGMA busy_timeout=0")
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.Error:
            return
        finally:
            with contextlib.suppress(sqlite3.Error):
                self._db.execute("PRAGMA busy_timeout=30000")
        try:
            self._heal()
            self._db.execute("COMMIT")
        except (sqlite3.Error, OSError):  # of a disk that refuses it is said when something is written
            with contextlib.suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")

    def _heal(self) -> None:
        """Make the columns anew from what is written down. Files whose vectors are not all there are looked at again when their folder is taken in."""
        papers = self._papers()
        (last,) = self._db.execute("SELECT coalesce(max(n), 0) FROM shot").fetchone()
        old, columns = self.columns(), np.zeros(last + 1, COLUMNS)
        rows = self._db.execute("SELECT s.n, s.in_s, s.out_s, s.facts, f.info, CASE WHEN EXISTS (SELECT 1 FROM place WHERE file = s.file) THEN s.file ELSE 0 END FROM shot s JOIN file f ON f.n = s.file")
        for n, in_s, out_s, facts, info, file in rows:
            bits = json.loads(facts).get("bits")
            columns[n] = column(json.loads(info), int(old["bits"][n]) if bits is None and n < len(old) else bits or 0, Fraction(out_s) - Fraction(in_s), file)
        made = self._columns.with_suffix(".new")
        made.write_bytes(columns.tobytes())
        os.replace(made, self._columns)
        there = min(len(self.vectors[kind]) for kind in KINDS)
        for store in self.vectors.values():
            store.sign_again()
        if there <= last:
            self._db.execute(f"UPDATE file SET passes = replace(passes, '{PICTURE}', '') WHERE n IN (SELECT file FROM shot WHERE n >= ?)", (there,))
            for store in self.vectors.values():
                if len(store) <= last:
                    store.write(last, np.zeros((1, store.width), np.float32))
            says = "the library's index was copied only in part: what its shots look like and mean is not all there. Take your folders in again: answerprint library add FOLDER"
            self._db.execute("INSERT OR REPLACE INTO problem VALUES (?, '', ?, 0, 0)", (str(self.home), says))
        for one in papers:
            one.unlink(missing_ok=True)

    def _rows(self) -> int:
        try:
            return self._columns.stat().st_size // COLUMNS.itemsize
        except FileNotFoundError:
            return 0

    def add_root(self, root: str) -> None:
        self._db.execute("INSERT OR IGNORE INTO root VALUES (?)", (root,))

    def place(self, path: str, root: str, file: int, size: int, changed: int) -> None:
        """Say where a file lies. What lay there before, and lies nowhere now, is found no more until it comes back."""
        self._left |= self._at(path) - {file}
        self._db.execute("INSERT OR REPLACE INTO place VALUES (?, ?, ?, ?, ?)", (path, root, file, size, changed))
        self._show(file)
        self._db.execute("DELETE FROM problem WHERE path = ?", (path,))

    def forget_place(self, path: str) -> None:
        """A file lies there no more. What is known of it is kept for when it comes back; where it lies nowhere, it is not found."""
        self._left |= self._at(path)
        self._db.execute("DELETE FROM place WHERE path = ?", (path,))

    def _at(self, path: str) -> set[int]:
        return {int(row[0]) for row in self._ask("SELECT file FROM place WHERE path = ?", (path,))}

    def _show(self, file: int) -> None:
        """Let a file's shots be found where it lies somewhere, and else not: they would take the places of others among the nearest."""
        shown = file if self.places_of(file) else 0
        for (n,) in self._db.execute("SELECT n FROM shot WHERE file = ?", (file,)).fetchall():
            one = self.columns(first=int(n), count=1)
            if len(one) and one["file"][0] != shown:
                one["file"] = shown
                self._put(int(n), one)

    def add_file(self, digest: str, info: dict[str, Any], passes: Iterable[str], shots: Sequence[NewShot]) -> int:
        """A new file and its shots; returns its number."""
        row = self._db.execute("INSERT INTO file(digest, info, passes) VALUES (?, ?, ?)", (digest, json.dumps(info), _listed(passes)))
        file = int(row.lastrowid or 0)
        self._add_shots(file, info, shots)
        return file

    def replace(self, file: int, info: dict[str, Any], passes: Iterable[str], shots: Sequence[NewShot]) -> None:
        """What is known of a file, anew; it lies where it lies."""
        self._drop_shots(file)
        self._db.execute("UPDATE file SET info = ?, passes = ? WHERE n = ?", (json.dumps(info), _listed(passes), file))
        self._add_shots(file, info, shots)
        whole = f"SELECT 1 FROM file WHERE char(10) || passes || char(10) NOT LIKE '%' || char(10) || '{PICTURE}' || char(10) || '%'"
        self._db.execute(f"DELETE FROM problem WHERE path = ? AND NOT EXISTS ({whole})", (str(self.home),))  # what half a copy lacked is there again

    def _add_shots(self, file: int, info: dict[str, Any], shots: Sequence[NewShot]) -> None:
        for number, shot in enumerate(shots, 1):
            made = self._db.execute(
                "INSERT INTO shot(file, number, in_s, out_s, key_s, facts, preview) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (file, number, str(shot.in_s), str(shot.out_s), str(shot.key_s), json.dumps(shot.facts | {"bits": shot.bits}), shot.preview),
            )
            n = int(made.lastrowid or 0)
            self._begins()
            self._db.execute("INSERT INTO words(rowid, says) VALUES (?, ?)", (n, shot.says))
            for kind, store in self.vectors.items():
                store.write(n, shot.vectors.get(kind, np.zeros(store.width, np.float32))[None])
            self._put(n, np.array([column(info, shot.bits, shot.out_s - shot.in_s, file)], COLUMNS))

    def fill(self, columns: NDArray[Any], vectors: dict[str, NDArray[np.float32]], says: Sequence[str], facts: str = "{}") -> None:
        """Many shots at once, each as a file of its own without previews: for measuring."""
        first = 1 + int(self._db.execute("SELECT coalesce(max(n), 0) FROM shot").fetchone()[0])
        rows = range(first, first + len(columns))
        columns = columns.copy()
        columns["file"] = rows
        info = json.dumps({"kind": "clip"})
        self._db.executemany("INSERT INTO file VALUES (?, ?, ?, '')", ((n, f"blake3:{n:064x}", info) for n in rows))
        self._db.executemany("INSERT INTO place VALUES (?, '/', ?, 1, 1)", ((f"/stock/{n // 1000:04d}/{n}.mp4", n) for n in rows))
        self._db.executemany("INSERT INTO shot VALUES (?, ?, 1, '0', ?, '0', ?, NULL)", ((n, n, str(Fraction(int(length * 25), 25)), facts) for n, length in zip(rows, columns["length"], strict=True)))
        self._db.executemany("INSERT INTO words(rowid, says) VALUES (?, ?)", zip(rows, says, strict=True))
        self._begins()
        for kind, given in vectors.items():
            self.vectors[kind].write(first, given)
        self._put(first, columns)

    def say(self, path: str, root: str, says: str, size: int, changed: int) -> None:
        """A file that cannot be read, in a sentence."""
        self._db.execute("INSERT OR REPLACE INTO problem VALUES (?, ?, ?, ?, ?)", (path, root, says, size, changed))

    def keep_paper(self, path: str, root: str, raw: bytes) -> None:
        self._db.execute("INSERT OR REPLACE INTO paper VALUES (?, ?, ?)", (path, root, raw))

    def forget_paper(self, path: str) -> None:
        self._db.execute("DELETE FROM paper WHERE path = ?", (path,))

    def remove(self, root: str) -> int:
        """Forget a folder; files that lie in another one too stay, also where the one lies in the other. Returns how many files are gone from the index."""
        self._db.execute("DELETE FROM root WHERE path = ?", (root,))
        for other in self.roots():
            low, high = _below(other)
            for table in ("place", "problem", "paper"):
                self._db.execute(f"UPDATE {table} SET root = ? WHERE root = ? AND path >= ? AND path < ?", (other, root, low, high))
        for table in ("place", "problem", "paper"):
            self._db.execute(f"DELETE FROM {table} WHERE root = ?", (root,))
        gone = [int(row[0]) for row in self._db.execute("SELECT n FROM file WHERE n NOT IN (SELECT file FROM place)")]
        for file in gone:
            self._drop(file)
        return len(gone)

    def _drop(self, file: int) -> None:
        self._drop_shots(file)
        self._db.execute("DELETE FROM file WHERE n = ?", (file,))

    def _drop_shots(self, file: int) -> None:
        for (n,) in self._db.execute("SELECT n FROM shot WHERE file = ?", (file,)).fetchall():
            self._db.execute("DELETE FROM words WHERE rowid = ?", (n,))
            self._put(int(n), np.zeros(1, COLUMNS))
        self._db.execute("DELETE FROM shot WHERE file = ?", (file,))

    def _put(self, row: int, columns: NDArray[Any]) -> None:
        try:
            self._begins()
            with open(self._columns, "r+b" if self._columns.exists() else "w+b") as file:
                file.seek(row * COLUMNS.itemsize)
                file.write(columns.tobytes())
        except OSError as cause:
            raise LibraryError(f"{self._columns.name}: the library cannot be written to ({cause.strerror}). What was taken in before is kept.") from cause

    # ---- reading

    def columns(self, *, first: int = 0, count: int = -1) -> NDArray[Any]:
        """What filters ask, by the shot's number, from one on and so many of them; all of them where not said. `file` is 0 where there is no such shot."""
        try:
            return np.fromfile(self._columns, COLUMNS, count, offset=first * COLUMNS.itemsize)
        except FileNotFoundError:
            return np.zeros(0, COLUMNS)
        except OSError as cause:
            raise LibraryError(f"{self._columns}: the library cannot be read ({cause.strerror}).") from cause

    def _ask(self, question: str, given: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(question, given).fetchall()
        except sqlite3.Error as cause:
            raise LibraryError(f"{self.home}: the library cannot be read ({cause}): another program is replacing it, or it was copied only in part. Try again; if it stays, delete that folder and take your folders in again. No file of yours lies in it.") from cause

    def _one(self, question: str, given: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        return next(iter(self._ask(question, given)), None)

    def file_of(self, digest: str) -> int | None:
        row = self._one("SELECT n FROM file WHERE digest = ?", (digest,))
        return int(row[0]) if row else None

    def passes(self, file: int) -> frozenset[str]:
        row = self._one("SELECT passes FROM file WHERE n = ?", (file,))
        return frozenset(row[0].split("\n")) - {""} if row else frozenset()

    def known(self, path: str) -> tuple[int, int, int] | None:
        """(file, size, when it was changed) of a path that was taken in."""
        row = self._one("SELECT file, size, changed FROM place WHERE path = ?", (path,))
        return (int(row[0]), int(row[1]), int(row[2])) if row else None

    def failed(self, path: str) -> tuple[int, int] | None:
        row = self._one("SELECT size, changed FROM problem WHERE path = ?", (path,))
        return (int(row[0]), int(row[1])) if row else None

    def roots(self) -> list[str]:
        return [row[0] for row in self._ask("SELECT path FROM root ORDER BY path")]

    def count(self, root: str | None = None) -> tuple[int, int]:
        """(files, shots), of one folder or of all."""
        where, given = ("WHERE path >= ? AND path < ?", _below(root)) if root is not None else ("", ())
        ((*row,),) = self._ask(f"SELECT count(DISTINCT file), count(*) FROM shot WHERE file IN (SELECT file FROM place {where})", given)
        return int(row[0]), int(row[1])

    def places(self, root: str | None = None) -> list[tuple[str, int]]:
        where, given = ("WHERE path >= ? AND path < ?", _below(root)) if root is not None else ("", ())
        return [(row[0], int(row[1])) for row in self._ask(f"SELECT path, file FROM place {where} ORDER BY path", given)]

    def shot_at(self, path: str, at_s: Fraction | None) -> int | None:
        """The shot of a file at a moment, its first one where no moment is given; None where the library does not know it."""
        rows = self._ask("SELECT s.n, s.in_s, s.out_s FROM shot s JOIN place p ON p.file = s.file WHERE p.path = ? ORDER BY s.number", (path,))
        return next((int(n) for n, in_s, out_s in rows if at_s is None or Fraction(in_s) <= at_s < Fraction(out_s) or Fraction(in_s) == at_s == Fraction(out_s)), None)

    def places_of(self, file: int) -> list[str]:
        return [row[0] for row in self._ask("SELECT path FROM place WHERE file = ? ORDER BY path", (file,))]

    def problems(self) -> list[tuple[str, str]]:
        return [(row[0], row[1]) for row in self._ask("SELECT path, says FROM problem ORDER BY path")]

    def papers(self) -> list[tuple[str, str, bytes]]:
        return [(row[0], row[1], bytes(row[2])) for row in self._ask("SELECT path, root, raw FROM paper ORDER BY path")]

    def with_words(self, words: Sequence[str], *, most: int = 2000) -> dict[int, int]:
        """Shots whose words have any of these, and how many of them; of a word that very many have, the first ones."""
        found: dict[int, int] = {}
        for word in dict.fromkeys(words):
            clean = '"' + word.replace('"', "") + '"'
            for (n,) in self._ask("SELECT rowid FROM words WHERE words MATCH ? LIMIT ?", (clean, most)):
                found[int(n)] = found.get(int(n), 0) + 1
        return found

    def hits(self, rows: Sequence[int]) -> list[Hit]:
        """Shots by number, where they lie on disk, in the order of their places: path, then time."""
        found = []
        for first in range(0, len(rows), 500):
            part = [int(one) for one in rows[first : first + 500]]
            marks = ",".join("?" * len(part))
            query = f"SELECT s.n, f.digest, p.path, p.root, s.number, s.in_s, s.out_s, s.key_s, s.facts, f.info FROM shot s JOIN file f ON f.n = s.file JOIN place p ON p.path = (SELECT min(path) FROM place WHERE file = s.file) WHERE s.n IN ({marks})"
            found += [
                Hit(
                    n=int(r[0]), digest=r[1], path=r[2], root=r[3], number=int(r[4]), in_s=Fraction(r[5]), out_s=Fraction(r[6]), key_s=Fraction(r[7]), facts=json.loads(r[8]), info=json.loads(r[9])
                )
                for r in self._ask(query, part)
            ]  # fmt: skip
        return sorted(found, key=lambda hit: (hit.path, hit.in_s))

    def preview(self, n: int) -> bytes | None:
        """A shot's frame as JPEG."""
        row = self._one("SELECT preview FROM shot WHERE n = ?", (n,))
        return bytes(row[0]) if row and row[0] is not None else None


def _known(path: Path) -> tuple[int, int] | None:
    """Which file lies there; None for none."""
    try:
        there = path.stat()
    except OSError:
        return None
    return there.st_dev, there.st_ino


def _below(root: str) -> tuple[str, str]:
    """Between which two texts every path below a folder lies, as SQLite compares them: letter by letter."""
    low = root if root.endswith(os.sep) else root + os.sep
    return low, low[:-1] + chr(ord(low[-1]) + 1)


def _listed(passes: Iterable[str]) -> str:
    """Passes as one text; the folder of a model may hold spaces."""
    return "\n".join(sorted(passes))
