"""A small record, and the hands of somebody who owns the disk."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from answerprint.ledger import Record
from answerprint.ledger.verify import SCHEMA, Entry, entry_hash, sha256, verify
from answerprint.model.records import canonical


def task_body(number: int, **more: Any) -> dict[str, Any]:
    key = f"sha256:{number:064x}"
    return {
        "schema": 1, "task": "probe", "version": 1, "key": key, "inputs": [f"blake3:{number:064x}"], "facts": f"blake3:{number + 1:064x}",
        "file": f"rushes/A001_C{number:03d} \u00e9.mp4", **more,
    }  # fmt: skip


def fill(path: Path, entries: int) -> Path:
    with Record.create(path) as record:
        record.append_many([("task", task_body(n)) for n in range(1, entries + 1)])
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed record of 12 finished tasks."""
    return fill(tmp_path / "record.db", 12)


@contextlib.contextmanager
def opened_up(path: Path) -> Iterator[sqlite3.Connection]:
    """What whoever owns the disk can do: lift the guards, write what they like, put the guards back."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        for kind, name in SCHEMA:
            if kind == "trigger":
                db.execute(f"DROP TRIGGER {name}")
        yield db
        for (kind, _), sql in SCHEMA.items():
            if kind == "trigger":
                db.execute(sql)


def sealed(n: int, prev: str, kind: str = "task", body: Any = None, *, at: str = "2026-03-01T10:00:00.000Z", signature: bytes | None = None) -> Entry:
    """An entry with a right seal, whatever it says: what a forger without a key can make. `body` may be raw bytes."""
    raw = body if isinstance(body, bytes) else canonical(task_body(n) if body is None else body)
    digest = sha256(raw)
    seal = entry_hash(n, prev, kind, at, digest, signature)
    return Entry(n=n, prev=prev, kind=kind, at=at, body_digest=digest, body=raw, signature=signature, hash=seal)


def put(db: sqlite3.Connection, entry: Entry) -> None:
    values = (entry.n, entry.prev, entry.kind, entry.at, entry.body_digest, entry.body, entry.signature, entry.hash)
    db.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)


def says(path: Path) -> str:
    return "\n".join(verify(path).lines())


def found_at(path: Path) -> list[int | None]:
    return [finding.n for finding in verify(path).findings]


@pytest.fixture
def ordinary_user(tmp_path_factory: pytest.TempPathFactory) -> Callable[[list[str]], subprocess.CompletedProcess[str]]:
    """Run Python as somebody whom file modes bind: for root they are no obstacle, so there a capability is laid down first."""
    drop = (
        "import ctypes, os, sys\n"
        "if os.geteuid() == 0:\n"
        "    libc = ctypes.CDLL(None)\n"
        "    for capability in (1, 2, 3): libc.prctl(24, capability, 0, 0, 0)\n"  # PR_CAPBSET_DROP: DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER
        "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])\n"
    )

    def run(args: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-c", drop, *args], capture_output=True, text=True, timeout=60, check=False, env=dict(os.environ))

    return run
