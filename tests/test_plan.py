"""Laws of the plan: what changed runs again, and only that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from answerprint import config
from answerprint.model.charter import Execution
from answerprint.model.extend import ExtendError, Task, Work
from answerprint.model.records import Fact, MediaInfo, VideoStream
from answerprint.plan import Plan, Unit, ordered, speech_model_digest


def nothing(work: Work) -> Iterable[Fact]:
    return ()


def task(name: str, each: str, *after: str, params: tuple[str, ...] = (), version: int = 1) -> Task:
    return Task(name=name, execution=Execution.READING, version=version, run=nothing, each=each, after=after, params=params)  # type: ignore[arg-type]


TASKS = {
    one.name: one
    for one in (
        task("ingest", "file"),
        task("picture", "clip", "ingest", params=("look",)),
        task("listen", "sound", "ingest"),
        task("sync", "clip with sounds", "ingest", "picture", "listen"),
        task("drift", "shoot", "ingest", "sync"),
    )
}


def clip(name: str, camera: str = "A") -> Unit:
    video = VideoStream(index=0, codec="h264", width=16, height=16, pixel_format="yuv420p", bit_depth=8, rate=Fraction(25), frames=1, duration_s=Fraction(1))
    info = MediaInfo(kind="clip", container="mov", duration_s=Fraction(1), video=video, camera=camera)
    return Unit(file=f"rushes/{name}.mov", digest=f"blake3:{name}", path=Path(f"/{name}"), info=info, ingest=f"blake3:i{name}")


def sound(name: str) -> Unit:
    info = MediaInfo(kind="sound", container="wav", duration_s=Fraction(1))
    return Unit(file=f"sound/{name}.wav", digest=f"blake3:{name}", path=Path(f"/{name}"), info=info, ingest=f"blake3:i{name}")


def plan(units: list[Unit], finished: dict[str, str] | None = None, tasks: dict[str, Task] = TASKS, look: dict[str, str] | None = None, looking: bool = False) -> Plan:
    settings = config.load(None, {"rate": "25", "look": look or {}})
    return Plan(tasks=tasks, units=units, settings=settings, folder=Path("/nowhere"), finished={} if finished is None else finished, looking=looking, decoder="test")


def work_through(one: Plan, refuse: tuple[str, str] | None = None) -> list[tuple[str, str]]:
    """Do every step as prep would; return (task, file) in the order done."""
    done = []
    while steps := one.open():
        for step in steps:
            if (step.task.name, step.about) == refuse:
                one.failed.add(refuse)
                continue
            assert step.key not in one.finished
            one.finished[step.key] = f"blake3:f{step.key[:8]}"
            done.append((step.task.name, step.about))
    return done


def test_every_task_is_done_once_and_after_what_it_needs() -> None:
    done = work_through(plan([clip("A1"), clip("A2"), sound("T1")]))
    assert sorted(done) == sorted(set(done))
    assert len(done) == 2 + 1 + 2 + 1
    assert done.index(("sync", "rushes/A1.mov")) > done.index(("listen", "sound/T1.wav"))
    assert done[-1] == ("drift", "the whole shoot")


def test_a_second_plan_over_the_same_record_has_nothing_to_do() -> None:
    finished: dict[str, str] = {}
    units = [clip("A1"), sound("T1")]
    work_through(plan(units, finished))
    assert plan(units, finished).open() == []
    assert plan(list(reversed(units)), finished).open() == [], "the order of the shoot's list is no input"


def test_a_new_clip_costs_its_own_work_only() -> None:
    finished: dict[str, str] = {}
    work_through(plan([clip("A1"), sound("T1")], finished))
    done = work_through(plan([clip("A1"), clip("A2"), sound("T1")], finished))
    assert done == [("picture", "rushes/A2.mov"), ("sync", "rushes/A2.mov"), ("drift", "the whole shoot")]


def test_a_new_look_makes_that_cameras_proxies_again_and_no_others(tmp_path: Path) -> None:
    finished: dict[str, str] = {}
    units = [clip("A1"), clip("B1", camera="B")]
    work_through(plan(units, finished))
    look = tmp_path / "show.cube"
    look.write_text("LUT_3D_SIZE 2")
    opened = plan(units, finished, look={"B": str(look)}).open()
    assert [(step.task.name, step.about) for step in opened] == [("picture", "rushes/B1.mov")]
    assert opened[0].params["look"] == {"B": str(look)}


def test_a_clip_with_another_name_is_read_again_since_names_are_read() -> None:
    finished: dict[str, str] = {}
    work_through(plan([clip("A1"), clip("A2")], finished))
    renamed = [clip("A1"), replace(clip("A2"), file="rushes/1A-3.mov")]
    assert work_through(plan(renamed, finished)) == [("picture", "rushes/1A-3.mov"), ("sync", "rushes/1A-3.mov"), ("drift", "the whole shoot")]
    moved = [clip("A1"), replace(clip("A2"), file="rushes/CARD2/A2.mov")]
    assert plan(moved, finished).open() == [], "another folder is no other name"


@pytest.mark.parametrize("tag", ["show.cube", "SHOW.CUBE", "C:\\\\LUTS\\\\Show", "show"])
def test_a_look_that_the_clip_names_is_an_input_as_it_is_found(tmp_path: Path, tag: str) -> None:
    one = clip("A1")
    one = replace(one, path=tmp_path / "A1.mov", info=replace(one.info, tags={"com.camera.LUT": tag}))
    look = tmp_path / "show.cube"
    look.write_text("LUT_3D_SIZE 2")
    finished: dict[str, str] = {}
    work_through(plan([one], finished))
    assert plan([one], finished).open() == []
    look.write_text("LUT_3D_SIZE 3")
    assert [step.task.name for step in plan([one], finished).open()] == ["picture"]


def test_every_file_of_a_speech_model_is_in_its_name(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"weights")
    (tmp_path / "tokenizer.json").write_bytes(b"{}")
    before = speech_model_digest(str(tmp_path))
    (tmp_path / "tokenizer.json").write_bytes(b"[]")
    speech_model_digest.cache_clear()
    assert speech_model_digest(str(tmp_path)) != before
    assert "missing" in speech_model_digest(str(tmp_path / "gone"))


def test_a_newer_version_of_a_task_runs_again_with_all_that_rests_on_it() -> None:
    finished: dict[str, str] = {}
    units = [clip("A1"), sound("T1")]
    work_through(plan(units, finished))
    done = work_through(plan(units, finished, tasks={**TASKS, "listen": replace(TASKS["listen"], version=2)}))
    assert [name for name, _ in done] == ["listen", "sync", "drift"]


def test_a_clip_that_cannot_be_read_stops_nothing_else() -> None:
    done = work_through(plan([clip("A1"), clip("A2"), sound("T1")]), refuse=("picture", "rushes/A1.mov"))
    assert ("sync", "rushes/A2.mov") in done
    assert ("drift", "the whole shoot") in done
    assert ("sync", "rushes/A1.mov") not in done


def test_a_clip_that_cannot_be_read_hides_nothing_that_the_others_settled() -> None:
    finished: dict[str, str] = {}
    units = [clip("A1"), clip("A2"), sound("T1")]
    work_through(plan(units, finished), refuse=("picture", "rushes/A1.mov"))
    assert plan(units, finished).facts_of(None) == {}
    assert list(plan(units, finished, looking=True).facts_of(None)) == ["drift"]


def test_a_sound_that_cannot_be_read_is_left_out_of_sync() -> None:
    one = plan([clip("A1"), sound("T1"), sound("T2")])
    work_through(one, refuse=("listen", "sound/T1.wav"))
    step = next(step for step in one.steps() if step.task.name == "sync")
    assert [unit.file for unit in step.sounds] == ["sound/T2.wav"]


def test_a_clip_without_any_sound_in_the_shoot_is_still_worked() -> None:
    assert ("sync", "rushes/A1.mov") in work_through(plan([clip("A1")]))


def test_tasks_in_a_circle_or_after_nothing_are_named() -> None:
    with pytest.raises(ExtendError, match="'a' waits for itself"):
        ordered({"a": task("a", "clip", "b"), "b": task("b", "clip", "a")})
    with pytest.raises(ExtendError, match="'a' comes after 'gone', which is not installed"):
        ordered({"a": task("a", "clip", "gone")})
