"""A plug-in that means harm, really installed and really run by prep: what it tries, and what comes of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from answerprint.book import Book
from answerprint.ledger import Record
from answerprint.ledger.verify import verify
from answerprint.model.judgments import Objection
from tests import made
from tests.ledger.signing import Hand, everything
from tests.ledger.stories import takes
from tests.test_extend import install as installed

ANA, EVE = Hand("Ana Producer"), Hand("Eve")

#: The plug-in. It finds the record by the folder that it is given to write in, and says what it found as facts.
HOSTILE = '''
import hashlib, json, os, sqlite3, sys
from pathlib import Path
from answerprint.model.charter import Execution
from answerprint.model.extend import Task
from answerprint.model.judgments import Decided, Decision
from answerprint.model.records import Fact

NAME = "{name}"
EVE = bytes.fromhex("EVE_WIRE")
COLUMNS = "n, prev, kind, at, body_digest, body, signature, hash"


def seal(n, prev, kind, at, digest, signature):
    fields = (str(n).encode(), prev.encode(), kind.encode(), at.encode(), digest.encode(), signature or b"")
    return "sha256:" + hashlib.sha256(b"".join(len(f).to_bytes(8, "big") + f for f in fields)).hexdigest()


def append(db, kind, body, signature, at="2026-03-01T10:00:00.000Z"):
    n, prev = db.execute("SELECT n, hash FROM entry ORDER BY n DESC LIMIT 1").fetchone()
    digest = "sha256:" + hashlib.sha256(body).hexdigest()
    db.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (n + 1, prev, kind, at, digest, body, signature, seal(n + 1, prev, kind, at, digest, signature)))
    return n + 1


def write_into(record):
    """Everything that somebody with the file and without a key can write; each rightly numbered and rightly sealed."""
    made = {}
    with sqlite3.connect(record, timeout=20) as db:
        db.execute("BEGIN IMMEDIATE")
        n, seen = db.execute("SELECT n, hash FROM entry ORDER BY n DESC LIMIT 1").fetchone()
        real = db.execute("SELECT at, body, signature FROM entry WHERE kind = 'decision'").fetchone()
        said = json.loads(real[1])
        forged = {**said, "seen": {"n": n, "hash": seen}, "at": "2026-03-01T10:00:00.000Z"}
        forged["decisions"][0]["choice"] = {"is": "the one that I like"}
        text = lambda body: json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        made["no signature"] = append(db, "decision", text(forged), None)
        made["a signature of something else"] = append(db, "decision", text({**forged, "saw": {"x": "1"}}), real[2])
        made["bytes for a signature"] = append(db, "decision", text({**forged, "saw": {"x": "2"}}), b"SSHSIG" + bytes(200))
        made["replayed"] = append(db, "decision", real[1], real[2], real[0])
        made["replayed as an objection"] = append(db, "objection", real[1], real[2], real[0])
        made["replayed without its text"] = append(db, "stand", real[1], real[2], real[0])
        made["a key enrolled by nobody"] = append(db, "enrol", text({"schema": 1, "kind": "enrol"}), None)
        made["an answer to what blocks"] = append(db, "answer", text({**forged, "kind": "answer"}), real[2])
        guards = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for guard, _ in guards:
            db.execute(f"DROP TRIGGER {guard}")
        made["edited"] = db.execute("SELECT n FROM entry WHERE kind = 'charter'").fetchone()[0]
        db.execute("UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'null', 'true') AS BLOB) WHERE n = ?", (made["edited"],))
        for _, sql in guards:
            db.execute(sql)
        db.execute("COMMIT")
    return made


def open_files():
    names = []
    for fd in range(256):
        try:
            names.append(os.readlink(f"/proc/self/fd/{fd}") if os.path.isdir("/proc/self/fd") else str(os.fstat(fd).st_mode))
        except OSError:
            pass
    return names


def everything_it_was_given(work):
    environment = Path("/proc/self/environ").read_bytes().decode(errors="replace") if os.path.exists("/proc/self/environ") else ""
    arguments = Path("/proc/self/cmdline").read_bytes().decode(errors="replace") if os.path.exists("/proc/self/cmdline") else ""
    return {"environment": dict(os.environ), "environ": environment, "arguments": [*sys.argv, arguments], "open": open_files(),
            "modules": sorted(name for name in sys.modules if name.startswith("answerprint")), "work": repr(work)}


def run(work):
    if NAME == "forger":
        return [Decision(gesture="selects", decisions=(Decided(judgment="take", about="item:1", choice={"is": "mine"}),))]
    record = work.scratch
    while not (record / "record.db").exists():
        record = record.parent
    about = work.subject.digest
    return [Fact(about=about, name="given", value=everything_it_was_given(work), method="looked around"),
            Fact(about=about, name="written", value=write_into(record / "record.db"), method="raw SQL"),
            Fact(about=about, name="decision", value={"kind": "decision", "judgment": "take", "choice": "mine"}, method="said so")]


task = Task(name=NAME, execution=Execution.READING, version=1, each="sound", after=("ingest",), run=run)
'''


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A production in which Ana signed, prepped with two hostile packages installed."""
    folder = tmp_path_factory.mktemp("attacked")
    site = folder / "site"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.test_extend.TASK", HOSTILE.replace("EVE_WIRE", EVE.wire.hex()))
        installed(folder, "nice_forger", "forger")
        installed(folder, "nice_writer", "writer")
    sound = folder / "SOUND"
    made.card(folder, clips=1)
    secret = folder / "agent.sock"
    environment = {**os.environ, "PYTHONPATH": str(site), "SSH_AUTH_SOCK": str(secret), "SSH_AGENT_PID": "4242", "SSH_ASKPASS": "/bin/secret"}

    def run(*args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "answerprint", *args], env=environment, cwd=folder, capture_output=True, text=True, timeout=200, check=False)

    begun = run("new", "spot", "--media", str(sound), "--rate", "25")
    assert begun.returncode == 0, begun.stderr
    path = folder / "spot/.answerprint/record.db"
    path.parent.mkdir(exist_ok=True)
    with Record.create(path) as record:
        record.sign(ANA.enrols("producer", "director"), ANA)
        record.sign(everything(ANA), ANA)
        record.sign(takes("A#1"), ANA)
        raised = record.sign(Objection(on="item:1", text="a frame too polite"), ANA)
        signed = {entry.n: entry.body for entry in record.signed()}
    started = time.monotonic()
    prepped = run("prep", "spot")
    assert time.monotonic() - started < 150
    facts = {}
    with Record.open(path) as record:
        for entry in record.entries(kind="task"):
            body = entry.read() or {}
            if body["task"] in ("writer", "forger"):
                file = folder / "spot/.answerprint/keep" / body["facts"][7:9] / body["facts"][7:]
                facts |= {fact["name"]: fact["value"] for fact in json.loads(file.read_text())["facts"]}
    return {"path": path, "prep": prepped, "facts": facts, "signed": signed, "raised": raised.n, "secret": str(secret)}


def test_it_finds_no_key_and_no_way_to_one(attacked):
    given = attacked["facts"]["given"]
    everywhere = json.dumps(given)
    assert attacked["secret"] not in everywhere
    assert not {"SSH_AUTH_SOCK", "SSH_AGENT_PID", "SSH_ASKPASS"} & set(given["environment"])
    assert "SSH_A" not in given["environ"]
    assert not [name for name in given["open"] if "record.db" in name or ".ssh" in name or "agent" in name or "key" in name.lower()]
    assert not [name for name in given["modules"] if name.startswith(("answerprint.ledger", "answerprint.cli"))]
    assert "Record(" not in given["work"]


def test_a_decision_that_a_task_returns_is_refused(attacked):
    said = attacked["prep"].stdout + attacked["prep"].stderr
    assert "the task 'forger' returned a Decision; a task returns facts" in said.replace("\n", " ")
    with Record.open(attacked["path"]) as record:
        assert not [entry for entry in record.entries(kind="task") if (entry.read() or {})["task"] == "forger"]


def test_a_fact_that_calls_itself_a_decision_is_a_fact(attacked):
    assert attacked["facts"]["decision"]["kind"] == "decision"
    with Record.open(attacked["path"]) as record:
        assert {entry.kind for entry in record.entries() if entry.signature is None and entry.n not in attacked["facts"]["written"].values()} <= {"task", "production", "media"}


@pytest.mark.parametrize("what", [
    "no signature", "a signature of something else", "bytes for a signature", "replayed", "replayed as an objection", "replayed without its text",
    "a key enrolled by nobody", "an answer to what blocks", "edited",
])  # fmt: skip
def test_verify_finds_each_thing_that_it_wrote(attacked, what):
    assert attacked["facts"]["written"][what] in {finding.n for finding in verify(attacked["path"]).findings}


def test_the_writer_and_the_book_count_none_of_it(attacked):
    """The charter that it edited does not hold any more, and with it nothing under it: it broke, and made nobody say anything."""
    written = set(attacked["facts"]["written"].values())
    with Record.open(attacked["path"]) as record:
        state, book = record.state(), Book(record)
        assert not written & set(state.signers)
        assert not written & {line.n for line in book.lines}
        assert written <= set(book.unsound)
        assert set(state.people) == {ANA.key_id}
        assert [raised.line.n for raised in book.objections if raised.open] == [attacked["raised"]]
        now = {line.n: record_body for line in book.lines for record_body in [attacked["signed"][line.n]]}
        assert all(next(record.entries(n)).body == body for n, body in now.items())


def test_the_process_that_signs_loads_none_of_it(attacked):
    folder = attacked["path"].parents[2]
    code = "import sys, answerprint.cli, answerprint.cli.signing, answerprint.ledger.signer; print('nice_writer' in sys.modules, 'nice_forger' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(folder / "site")}, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_a_worker_keeps_the_rest_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What leads to keys is taken out while a worker starts, and is there again afterwards for the process that signs."""
    from concurrent.futures import ProcessPoolExecutor

    from answerprint import worker

    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "agent"))
    monkeypatch.setenv("ANSWERPRINT_TEST", "here")
    with ProcessPoolExecutor(max_workers=1, mp_context=worker.CONTEXT) as pool:
        assert pool.submit(os.getenv, "SSH_AUTH_SOCK").result() is None
        assert pool.submit(os.getenv, "ANSWERPRINT_TEST").result() == "here"
    assert os.environ["SSH_AUTH_SOCK"] == str(tmp_path / "agent")
