"""Laws of prep: kill it anywhere and start it again; one at a time; a worker that dies costs one clip."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

import answerprint
from answerprint import shoot
from answerprint.desk import Desk
from answerprint.spot import Spot
from answerprint.worker import CONTEXT


def start(home: Path, small_card: tuple[Path, Path, list[float]]) -> Spot:
    return answerprint.new(home / "spot", rate="25", media=small_card[:2])


def prep_process(spot: Spot, **environment: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "answerprint", "prep", str(spot.path)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}, start_new_session=True,
        preexec_fn=hears_ctrl_c,
    )  # fmt: skip


def hears_ctrl_c() -> None:
    """As at a terminal: whoever runs the suite in the background has told it to pass over Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def keys(spot: Spot) -> Counter[str]:
    return Counter(entry["body"]["key"] for entry in spot.record() if entry["kind"] == "task")


def logged(spot: Spot) -> Counter[str]:
    lines = [json.loads(line) for path in (spot.inside / "log").glob("*.jsonl") for line in path.read_text().splitlines()]
    return Counter(line["key"] for line in lines if line["outcome"] == "done")


def test_prep_ends_with_every_clip_synced_where_it_lies(small_spot: Spot, small_card: tuple[Path, Path, list[float]]) -> None:
    found = small_spot.status()
    assert [clip["file"] for clip in found["clips"]] == ["rushes/A001_C001.mov", "rushes/A001_C002.mov", "rushes/A001_C003.mov"]
    for clip, offset in zip(found["clips"], small_card[2], strict=True):
        (pair,) = clip["sync"]
        assert pair["abstained"] is None
        assert pair["sound"] == "sound/T001.wav"
        assert pair["offset_s"] == pytest.approx(offset, abs=0.001)
    assert found["problems"] == []
    assert found["waiting"] == []


def test_a_second_prep_with_nothing_new_computes_nothing(small_spot: Spot) -> None:
    before = small_spot.record()
    outcome = small_spot.prep()
    assert outcome.computed == 0
    assert small_spot.record() == before


def test_a_clip_at_which_a_prep_was_stopped_half_way_is_not_read_yet(small_spot: Spot, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Desk(small_spot).unread == ()
    desk, clip = Desk(small_spot), "rushes/A001_C002.mov"
    plan = desk.shoot.plan
    for step in plan.steps():  # as the record of a prep that was stopped there
        if step.about == clip and step.task.name in ("transcript", "attempts", "lining"):
            del plan.finished[step.key]
    plan._steps.clear()
    assert desk.unread == (clip,)
    del vars(desk)["unread"]
    monkeypatch.setattr(shoot, "open_problems", lambda *_: [{"file": clip, "says": "it does not open."}])
    assert desk.unread == ()  # it would fail again, and holds nobody up


def test_one_entry_for_each_finished_task_on_one_input(small_spot: Spot) -> None:
    assert set(keys(small_spot).values()) == {1}
    done = Counter(entry["body"]["task"] for entry in small_spot.record())
    assert {name: done[name] for name in ("seal", "ingest", "transcript", "lining")} == dict.fromkeys(("seal", "ingest", "transcript", "lining"), 4)
    assert {name: done[name] for name in ("picture", "sync", "synced", "attempts")} == dict.fromkeys(("picture", "sync", "synced", "attempts"), 3)
    assert {name: done[name] for name in ("listen", "wild", "drift", "takes", "coverage")} == dict.fromkeys(("listen", "wild", "drift", "takes", "coverage"), 1)


def test_the_record_and_what_it_names_verify(small_spot: Spot) -> None:
    report = small_spot.verify()
    assert report["findings"] == []
    assert report["kept"] == report["entries"] == len(small_spot.record())


def test_a_deleted_cache_is_made_again_and_the_record_stays(tmp_path: Path, small_spot: Spot) -> None:
    shutil.copytree(small_spot.path, tmp_path / "spot")
    copy = answerprint.open(tmp_path / "spot")
    before = copy.record()
    shutil.rmtree(copy.inside / "cache")
    (copy.inside / "index.db").unlink()
    outcome = copy.prep()
    assert outcome.problems == ()
    assert copy.record() == before
    assert Path(copy.facts("A001_C001")["made"]["picture/proxy.mp4"]).stat().st_size > 1000


def test_a_clip_seen_on_a_second_volume_is_one_clip(tmp_path: Path, small_card: tuple[Path, Path, list[float]]) -> None:
    shutil.copytree(small_card[0], tmp_path / "COPY")
    home = answerprint.new(tmp_path / "spot", rate="25", media=[small_card[0], tmp_path / "COPY"])
    home.prep()
    assert [clip["file"] for clip in home.status()["clips"]] == [f"rushes/A001_C00{n}.mov" for n in (1, 2, 3)]
    assert Counter(entry["body"]["task"] for entry in home.record())["picture"] == 3


def test_killed_anywhere_it_goes_on_where_it_was(tmp_path: Path, small_card: tuple[Path, Path, list[float]]) -> None:
    home = start(tmp_path, small_card)
    chance = random.Random(5)
    for _ in range(4):
        process = prep_process(home)
        time.sleep(chance.uniform(0.4, 3.0))
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        assert home.verify()["findings"] == []
    process = prep_process(home)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, out + err
    assert set(keys(home).values()) == {1}
    assert max(logged(home).values()) == 1, "finished work was done twice"
    assert all(clip["sync"][0]["abstained"] is None for clip in home.status()["clips"])
    assert not list((home.inside / "cache").glob("scratch-*"))


def test_a_worker_does_not_hear_ctrl_c_not_even_while_it_starts() -> None:
    worker = CONTEXT.Process(target=time.sleep, args=(0.1,))
    worker.start()
    os.kill(worker.pid, signal.SIGINT)
    worker.join(30)
    assert worker.exitcode == 0
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ()), "this process still hears it"


def test_ctrl_c_leaves_everything_whole_and_says_so(tmp_path: Path, small_card: tuple[Path, Path, list[float]]) -> None:
    home = start(tmp_path, small_card)
    process = prep_process(home)
    deadline = time.monotonic() + 60
    while not list((home.inside / "cache").glob("scratch-*/*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Everything finished is kept" in err
    assert "Traceback" not in err
    assert home.verify()["findings"] == []
    assert not list((home.inside / "cache").glob("scratch-*"))


def test_a_shoot_of_sound_alone_can_be_opened_again(tmp_path: Path, small_card: tuple[Path, Path, list[float]]) -> None:
    """The mixer's folder comes first: what is said of a shoot without a clip is said of no file, and that is no damage."""
    spot = answerprint.new(tmp_path / "spot", rate="25", media=[small_card[1]])
    assert spot.prep().problems == ()
    assert spot.status()["sound_only"]
    assert spot.prep().computed == 0


def test_a_second_prep_waits_with_the_first(tmp_path: Path, small_card: tuple[Path, Path, list[float]]) -> None:
    home = start(tmp_path, small_card)
    first = prep_process(home)
    while not (home.inside / "prep.json").exists():
        time.sleep(0.02)
    second = prep_process(home)
    outputs = [process.communicate(timeout=120) for process in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0], outputs
    assert "this one waits with it" in outputs[1][1]
    assert "Nothing new" in outputs[1][0]
    assert set(keys(home).values()) == {1}


DEADLY = '''
import os
from answerprint.model.charter import Execution
from answerprint.model.extend import Task

def run(work):
    if "C002" in work.subject.file:
        os.kill(os.getpid(), 9)
    return []

task = Task(name="deadly", execution=Execution.READING, version=1, each="clip", after=("ingest",), run=run)
'''


def test_a_worker_that_dies_costs_one_clip_of_one_task(tmp_path: Path, small_card: tuple[Path, Path, list[float]]) -> None:
    site = tmp_path / "site"
    (site / "deadly-1.0.dist-info").mkdir(parents=True)
    (site / "deadly.py").write_text(DEADLY)
    (site / "deadly-1.0.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: deadly\nVersion: 1.0\n")
    (site / "deadly-1.0.dist-info/entry_points.txt").write_text("[answerprint.tasks]\ndeadly = deadly:task\n")
    home = start(tmp_path, small_card)
    process = prep_process(home, PYTHONPATH=str(site))
    out, err = process.communicate(timeout=120)
    assert process.returncode == 1, out + err
    assert "rushes/A001_C002.mov: the program that does this died twice on this file (deadly)" in out
    done = Counter(entry["body"]["task"] for entry in home.record())
    assert done["deadly"] == 2
    assert done["sync"] == 3
    assert home.status()["problems"][0]["file"] == "rushes/A001_C002.mov"
