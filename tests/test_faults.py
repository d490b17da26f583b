"""Bad media and bad disks: one sentence each, the rest of the shoot goes on, the exit code tells."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

import answerprint as api
from answerprint import worker
from tests import made

#: Loaded into every process of a run: a disk that is full (28) or read-only (30) below one folder, as the system would say it.
REFUSING_DISK = '''
import builtins, os
folder, code, left = os.environ["REFUSE_BELOW"], int(os.environ["REFUSE_CODE"]), [int(os.environ["REFUSE_AFTER"])]
plain_fsync, plain_open, plain_mkdir = os.fsync, builtins.open, os.mkdir

def refuse(path):
    if str(path).startswith(folder):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(code, os.strerror(code), str(path))

def fsync(handle):
    refuse(os.readlink(f"/proc/self/fd/{handle}") if os.path.isdir("/proc/self/fd") else folder)
    return plain_fsync(handle)

def open_(file, mode="r", *rest, **named):
    if isinstance(file, (str, os.PathLike)) and set(mode) & set("wax+"):
        refuse(os.fspath(file))
    return plain_open(file, mode, *rest, **named)

os.fsync, builtins.open = fsync, open_
'''


def answerprint(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "answerprint", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=180, env={**os.environ, **environment})


def says(ran: subprocess.CompletedProcess[str], *, code: int) -> str:
    text = ran.stdout + ran.stderr
    assert ran.returncode == code, text
    assert "Traceback" not in text
    return text


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return made.card(tmp_path_factory.mktemp("good"), clips=1)[:2]


def test_every_bad_file_is_one_sentence_and_the_good_clip_is_synced(tmp_path: Path, good: tuple[Path, Path]) -> None:
    card, sound = tmp_path / "CARD", tmp_path / "SOUND"
    shutil.copytree(good[0], card)
    shutil.copytree(good[1], sound)
    whole = (card / "A001_C001.mov").read_bytes()
    (card / "A001_C002.mp4").write_bytes(made.clip(tmp_path / "x.mp4", sound=None, seconds=1).read_bytes()[:3000])
    (card / "A001_C003.mov").write_bytes(whole[: len(whole) // 2])
    (card / "A001_C004.mov").write_text("this is a shopping list, not a clip")
    (card / "A001_C005.mov").mkdir()
    (sound / "T002.wav").write_bytes(b"")
    (sound / "T003.wav").write_bytes(b"RIFF\x24\x00\x00\x00WAVEfmt ")
    made.clip(card / "A001_C006.mov", sound=None, seconds=1)
    for name in ("two words.mov", "it's \"here\".mov", "line\nbreak.mov", "☕ pour.mov", os.fsdecode(b"caf\xe9.mov")):
        made.clip(tmp_path / "plain.mov", sound=None, seconds=0.4).rename(card / name)
        with open(card / name, "ab") as file:  # a box of free space: five clips, five digests
            tail = name.encode("utf-8", "surrogateescape")
            file.write((len(tail) + 8).to_bytes(4, "big") + b"free" + tail)
    says(answerprint("new", "spot", "--media", str(card), "--media", str(sound), "--rate", "25", cwd=tmp_path), code=0)
    told = says(answerprint("prep", "spot", cwd=tmp_path), code=1)
    for name in ("A001_C002.mp4", "A001_C003.mov", "A001_C004.mov", "T002.wav", "T003.wav"):
        lines = [line for line in told.splitlines() if f"/{name}:" in line]
        assert len(lines) == 1, (name, told)
        assert "unexpected" not in lines[0], lines[0]
    ran = answerprint("status", "spot", "--json", cwd=tmp_path)
    assert ran.returncode == 1
    status = json.loads(ran.stdout)
    clips = {clip["file"]: clip for clip in status["clips"]}
    assert clips["rushes/A001_C001.mov"]["sync"][0]["abstained"] is None
    assert "MOS" in clips["rushes/A001_C006.mov"]["sync"][0]["abstained"]
    for name in ("two words.mov", "it's \"here\".mov", "line\nbreak.mov", "☕ pour.mov", "caf\\xe9.mov"):
        assert clips[f"rushes/{name}"]["duration_s"] == pytest.approx(0.4)
    assert {problem["file"].split("/")[1] for problem in status["problems"]} >= {"A001_C002.mp4", "A001_C004.mov", "T002.wav"}
    for format in ("otio", "fcpxml"):
        says(answerprint("export", "spot", "--format", format, cwd=tmp_path), code=0)
    says(answerprint("verify", "spot", cwd=tmp_path), code=0)


def test_an_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "CARD").mkdir()
    says(answerprint("new", "spot", "--media", "CARD", "--rate", "24", cwd=tmp_path), code=0)
    assert "no media here yet" in says(answerprint("prep", "spot", cwd=tmp_path), code=1)


def test_a_link_to_nowhere_is_a_sentence(tmp_path: Path, good: tuple[Path, Path]) -> None:
    card = tmp_path / "CARD"
    shutil.copytree(good[0], card)
    (card / "A001_C009.mov").symlink_to(tmp_path / "gone.mov")
    told = says(answerprint("new", "spot", "--media", "CARD", "--rate", "25", cwd=tmp_path), code=1)
    assert "A001_C009.mov: this file cannot be looked at: No such file or directory." in told
    assert "Prepared 1 clip" in says(answerprint("prep", "spot", cwd=tmp_path), code=1)


class Pulled(Executor):
    """Runs orders here and now, and pulls a card out just before one task would read it."""

    def __init__(self, task: str, path: Path) -> None:
        self.task, self.path = task, path

    def submit(self, fn: Any, /, *args: Any, **named: Any) -> Future[Any]:
        if (self.task == "seal" and fn is worker.hash_file and args[0] == str(self.path)) or (
            fn is worker.perform and args[0].task == self.task and args[0].subject.path == str(self.path)
        ):
            self.path.unlink()
        done: Future[Any] = Future()
        done.set_result(fn(*args, **named))
        return done


@pytest.mark.parametrize("task", ["seal", "ingest", "picture"])
def test_a_file_that_vanishes_before_it_is_read_is_a_sentence(tmp_path: Path, good: tuple[Path, Path], task: str) -> None:
    card = tmp_path / "CARD"
    shutil.copytree(good[0], card)
    made.clip(card / "A001_C002.mov", sound=None, seconds=1)
    spot = api.new(tmp_path / "spot", rate="25", media=[card])
    outcome = spot.prep(executor=Pulled(task, card / "A001_C002.mov"))
    assert [problem.file for problem in outcome.problems] == ["rushes/A001_C002.mov"]
    assert "unexpected" not in outcome.problems[0].says
    assert Counter(entry["body"]["task"] for entry in spot.record())["picture"] == 1
    assert spot.verify()["findings"] == []


class Dying(Executor):
    """Runs orders here and now; the process that seals one file dies, and takes what is in hand with it."""

    def submit(self, fn: Any, /, *args: Any, **named: Any) -> Future[Any]:
        done: Future[Any] = Future()
        if fn is worker.hash_file:
            done.set_exception(BrokenProcessPool("a process died"))
        else:
            done.set_result(fn(*args, **named))
        return done


def test_a_worker_that_dies_while_sealing_costs_no_file(tmp_path: Path) -> None:
    made.clip(tmp_path / "spot/rushes/A001_C001.mov", sound=None, seconds=0.4)
    outcome = api.new(tmp_path / "spot", rate="25").prep(executor=Dying())
    assert outcome.problems == ()
    assert outcome.clips == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["prep", "nowhere"], "is not there. Start one with"),
        (["prep", "."], "is not a production"),
        (["new", "spot", "--rate", "film"], "is not a frame rate"),
        (["new", "spot", "--rate", "25", "--media", "/no/such/card"], "there is no such folder or disk"),
        (["new", "spot", "--rate", "25", "--script", "missing.fountain"], "this script cannot be read"),
        (["diff", "a.otio", "b.otio"], "this timeline cannot be read"),
    ],
)
def test_a_mistake_at_the_terminal_is_a_sentence_and_leaves_nothing(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    assert sentence in says(answerprint(*arguments, cwd=tmp_path), code=2)
    assert list(tmp_path.iterdir()) == []


@contextlib.contextmanager
def refusing(tmp_path: Path, code: int, after: int) -> Iterator[tuple[Path, dict[str, str], str]]:
    """A folder on a disk that refuses: a real small tmpfs for a full one where this machine allows it, else the layer above."""
    home = tmp_path / "disk"
    home.mkdir()
    if code == 28 and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(home)], capture_output=True).returncode == 0:
        try:
            yield home, {}, "tmpfs"
        finally:
            subprocess.run(["umount", "-l", str(home)], check=True)
        return
    (tmp_path / "layer").mkdir()
    (tmp_path / "layer/sitecustomize.py").write_text(REFUSING_DISK)
    layer = {"PYTHONPATH": str(tmp_path / "layer"), "REFUSE_BELOW": str(home), "REFUSE_CODE": str(code), "REFUSE_AFTER": str(after)}
    yield home, layer, "file layer"


@pytest.mark.parametrize(("code", "sentence"), [(28, "full"), (30, "cannot be written")])
def test_a_full_or_read_only_disk_is_a_sentence_and_what_was_finished_stays(
    tmp_path: Path, good: tuple[Path, Path], code: int, sentence: str, record_property: pytest.FixtureRequest
) -> None:
    with refusing(tmp_path, code, after=40 if code == 28 else 0) as (home, layer, how):
        record_property("disk", how)  # type: ignore[operator]
        print(f"the refusing disk is a {how}")
        says(answerprint("new", str(home / "spot"), "--media", str(good[0]), "--rate", "25", cwd=tmp_path), code=0)
        told = says(answerprint("prep", str(home / "spot"), cwd=tmp_path, **layer), code=2)
        assert sentence in told
        says(answerprint("verify", str(home / "spot"), cwd=tmp_path), code=0)
        if code == 30:
            told = says(answerprint("prep", str(home / "spot"), cwd=tmp_path), code=0)
            assert "Prepared 1 clip" in told


def test_a_mismatch_with_the_cards_mhl_stops_that_file_only(tmp_path: Path, good: tuple[Path, Path]) -> None:
    import xxhash

    card = tmp_path / "CARD"
    shutil.copytree(good[0], card)
    made.clip(card / "A001_C002.mov", sound=None, seconds=1)
    right = xxhash.xxh64((card / "A001_C001.mov").read_bytes()).hexdigest()
    rows = "".join(
        f"<hash><file>{name}</file><size>{(card / name).stat().st_size}</size><lastmodificationdate>2026-01-01T00:00:00Z</lastmodificationdate>"
        f"<xxhash64be>{value}</xxhash64be><hashdate>2026-01-01T00:00:00Z</hashdate></hash>"
        for name, value in (("A001_C001.mov", right), ("A001_C002.mov", "0" * 16))
    )
    (card / "CARD_2026-01-01.mhl").write_text(f'<?xml version="1.0" encoding="UTF-8"?><hashlist version="1.1">{rows}</hashlist>')
    says(answerprint("new", "spot", "--media", "CARD", "--rate", "25", cwd=tmp_path), code=0)
    told = says(answerprint("prep", "spot", cwd=tmp_path), code=1)
    assert "A001_C002.mov: this file is not what CARD_2026-01-01.mhl says it was" in told
    status = json.loads(answerprint("status", "spot", "--json", cwd=tmp_path).stdout)
    assert [(clip["file"], clip["mhl"]) for clip in status["clips"]] == [("rushes/A001_C001.mov", "CARD_2026-01-01.mhl")]
