"""Attempts of a clip, and takes over a shoot."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from answerprint.model.attempts import Attempt, Reading
from answerprint.model.extend import Input, Work
from answerprint.model.records import Bext, Fact, Facts, MediaInfo, VideoStream, to_plain
from answerprint.script.settling import settle
from answerprint.tasks import attempts, takes
from bench.attempts import Clip as Made
from bench.attempts import Stage, attempts_of, transcribed
from sample.voices import Voices


def facts(task: str, **values: Any) -> Facts:
    made = tuple(Fact(about="d", name=name.replace("__", "."), value=value, method="made") for name, value in values.items())
    return Facts(task=task, version=1, inputs=(), facts=made)


def info(**more: Any) -> Facts:
    return facts("ingest", media__info=to_plain(MediaInfo(kind="clip", container="mov", duration_s=Fraction(20), **more)))


def work(tmp_path: Path, *, subject: Input | None = None, clips: tuple[Input, ...] = (), **params: Any) -> Work:
    return Work(subject=subject, clips=clips, sounds=(), params=params, scratch=tmp_path)


def clip(name: str, *made: Attempt, camera: str | None = None) -> Input:
    return Input(path=Path(name), file=f"card/{name}.mov", digest=f"blake3:{name}", facts={"ingest": info(camera=camera), "attempts": facts("attempts", attempts=to_plain(list(made)))})


def take(number: int, scene: str | None, taken: int | None, *more: Reading) -> Attempt:
    from answerprint.script.settling import settle

    said = [Reading(what=what, value=value, source="spoken slate") for what, value in (("scene", scene), ("take", taken and str(taken))) if value]
    return settle(Attempt(number=number, in_s=1.0, out_s=5.0), (*said, *more))


def slated(number: int, scene: str, taken: int, at_s: float, measure: str = "least word probability 0.95") -> Attempt:
    """An attempt of a spoken slate that stands at `at_s`."""
    said = [Reading(what=what, value=value, source="spoken slate", at_s=at_s, measure=measure) for what, value in (("scene", scene), ("take", str(taken)))]
    return settle(Attempt(number=number, in_s=at_s + 3, out_s=at_s + 20), said)


def settled(tmp_path: Path, clips: tuple[Input, ...], notes: str | None = None) -> dict[str, Any]:
    path = None
    if notes is not None:
        path = tmp_path / "notes.csv"
        path.write_text(notes)
    return {fact.name: fact.value for fact in takes.task.run(work(tmp_path, clips=clips, notes=str(path) if path else None))}


# ---- one clip


@pytest.fixture(scope="module")
def voices() -> Voices:
    return Voices(3)


def test_slate_restart_and_cut_are_found_in_a_voice(voices: Voices, tmp_path: Path) -> None:
    stage = Stage(voices, np.random.default_rng(4))
    stage.say("assistant", "Scene one alpha, take three.")
    stage.wait(0.3, 0.31)
    stage.clap()
    stage.wait(0.8, 0.81)
    action = stage.say("director", "And action.")[1]
    stage.wait(0.8, 0.81)
    stage.say("actor", "Morning starts before the light does.")
    stage.wait(0.8, 0.81)
    again = stage.say("director", "Still rolling. Go again.")
    stage.wait(1.0, 1.01)
    stage.say("actor", "Morning starts before the light does.")
    stage.wait(0.8, 0.81)
    cut = stage.say("director", "Cut.")[0]
    made = Made(name="A001_C001", heard=stage.heard(), bext=Bext(scene="1A", take="4"), attempts=[])
    first, second = attempts_of(made, transcribed(made, tmp_path), tmp_path)
    assert first["in_s"] == pytest.approx(action, abs=0.3)
    assert first["out_s"] == pytest.approx(again[0], abs=0.3)
    assert second["in_s"] == pytest.approx(again[1], abs=0.3)
    assert second["out_s"] == pytest.approx(cut, abs=0.3)
    assert (first["scene"], first["take"], second["series"]) == ("1A", 3, True)
    assert first["conflicts"] == ["the slate says take 3, the recorder says take 4"]


def test_a_clip_without_sound_is_one_mos_attempt_between_its_black_frames(tmp_path: Path) -> None:
    video = VideoStream(index=0, codec="h264", width=64, height=36, pixel_format="yuv420p", bit_depth=8, rate=Fraction(25), frames=500, duration_s=Fraction(20))
    known = {"ingest": info(video=video), "picture": facts("picture", picture__black=[[0, 25], [475, 500]]), "synced": facts("synced", synced__from=[])}
    subject = Input(path=tmp_path / "a.mov", file="a.mov", digest="blake3:a", facts=known)
    (one,) = next(fact.value for fact in attempts.task.run(work(tmp_path, subject=subject)) if fact.name == "attempts")
    assert (one["kind"], one["in_s"], one["out_s"]) == ("MOS", 1.0, 19.0)


def test_a_silent_track_is_one_attempt_to_its_end(tmp_path: Path) -> None:
    np.save(tmp_path / "heard.npy", np.zeros(16_000 * 5, np.int16))
    known = {"ingest": info(), "transcript": facts("transcript", transcript__words=[], transcript__voice=[]), "synced": facts("synced", synced__from=[])}
    subject = Input(path=tmp_path / "a.mov", file="a.mov", digest="blake3:a", facts=known, artefacts={"synced/heard.npy": tmp_path / "heard.npy"})
    (one,) = next(fact.value for fact in attempts.task.run(work(tmp_path, subject=subject)) if fact.name == "attempts")
    assert (one["kind"], one["in_s"], one["out_s"]) == ("take", 0.0, 5.0)


# ---- the whole shoot


def test_a_circle_in_the_notes_comes_with_its_name(tmp_path: Path) -> None:
    found = settled(tmp_path, (clip("A001_C001", take(1, "1A", 1)), clip("A001_C002", take(1, "1A", 2))), "clip,circled,comment,by\nA001_C002,yes,best so far,R. Adeyemi\n")
    first, second = (one["attempts"][0] for one in found["takes"])
    assert not first["circled"]
    assert (second["circled"], second["circled_by"], second["comment"]) == (True, "R. Adeyemi", "best so far")


def test_a_line_of_the_notes_finds_its_take_by_slate(tmp_path: Path) -> None:
    found = settled(tmp_path, (clip("A001_C001", take(1, "1A", 1), take(2, "1A", 2)),), "scene,take,circled\n1A,2,x\n")
    assert [one["circled"] for one in found["takes"][0]["attempts"]] == [False, True]


def test_notes_that_fit_nothing_are_listed(tmp_path: Path) -> None:
    found = settled(tmp_path, (clip("A001_C001", take(1, "1A", 1)),), "scene,take\n9Z,4\n")
    assert found["takes.unmatched"] == ["notes.csv, line 2: 9Z take 4: no clip of this shoot fits"]


def test_the_missing_number_between_two_takes_is_the_clip_nobody_slated(tmp_path: Path) -> None:
    found = settled(tmp_path, (clip("A001_C001", take(1, "1A", 1)), clip("A001_C002", take(1, None, None)), clip("A001_C003", take(1, "1A", 3))))
    middle = found["takes"][1]["attempts"][0]
    assert (middle["scene"], middle["take"], middle["source"]) == ("1A", 2, ["running order"])


def test_where_slates_run_by_number_the_recorders_scene_field_is_the_slate(tmp_path: Path) -> None:
    spoken = settle(Attempt(number=1, in_s=1.0, out_s=5.0), (Reading(what="slate", value="80", source="spoken slate"),))
    wrote = settle(Attempt(number=1, in_s=1.0, out_s=5.0), (Reading(what="scene", value="81", source="iXML"),))
    found = settled(tmp_path, (clip("A001_C001", spoken), clip("A001_C002", wrote)))
    assert (found["takes"][1]["attempts"][0]["slate"], found["takes"][1]["attempts"][0]["scene"]) == ("81", None)
    lettered = settled(tmp_path, (clip("A001_C001", spoken), clip("A001_C002", wrote), clip("A001_C003", take(1, "4B", 1))))
    assert lettered["takes"][1]["attempts"][0]["scene"] == "81"


def test_one_slate_on_two_cameras_is_one_take_with_two_angles(tmp_path: Path) -> None:
    found = settled(tmp_path, (clip("A001_C002", take(1, "1A", 2), camera="A"), clip("B001_C001", take(1, "1A", 2), camera="B")))
    (angle,) = found["takes.angles"]
    assert angle["cameras"] == ["A", "B"]
    assert angle["clips"] == ["blake3:A001_C002", "blake3:B001_C001"]


def test_one_slate_twice_on_one_camera_is_a_sentence(tmp_path: Path) -> None:
    found = settled(tmp_path, (clip("A001_C001", take(1, "1A", 2)), clip("A001_C002", take(1, "1A", 2))))
    assert found["takes.angles"] == []
    assert "both say 1A take 2" in found["takes.notes"][0]


def test_a_recorder_that_rolled_on_names_the_first_clip_only(tmp_path: Path) -> None:
    wrote = Reading(what="take", value="1", source="iXML", measure="T001.wav")
    found = settled(tmp_path, (clip("A001_C001", take(1, "1A", 1, wrote)), clip("A001_C002", take(1, "1A", 2, wrote))))
    assert found["takes"][1]["attempts"][0]["conflicts"] == []
    assert found["takes.notes"] == ["T001.wav says take 1 and rolled on through A001_C002, whose slate says take 2"]


def test_a_clip_that_only_a_rolling_recorder_names_is_left_without_a_take(tmp_path: Path) -> None:
    wrote = Reading(what="take", value="1", source="iXML", measure="T001.wav")
    one, two = (settle(Attempt(number=1, in_s=1.0, out_s=5.0), (wrote,)) for _ in range(2))
    found = settled(tmp_path, (clip("A001_C001", one, camera="A"), clip("A001_C002", two, camera="A"), clip("B001_C001", one, camera="B")))
    taken = {row["clip"]: row["attempts"][0]["take"] for row in found["takes"]}
    assert taken == {"blake3:A001_C001": 1, "blake3:A001_C002": None, "blake3:B001_C001": 1}
    assert any("A001_C002, which has no slate of its own" in note for note in found["takes.notes"])


def test_a_file_name_agrees_or_disagrees_like_any_other(tmp_path: Path) -> None:
    found = settled(tmp_path, (clip("1A-3", take(1, "1A", 2)),))
    one = found["takes"][0]["attempts"][0]
    assert one["take"] == 2
    assert one["conflicts"] == ["the slate says take 2, the file name says take 3"]


def test_a_file_name_says_the_take_of_the_first_slate_in_its_clip(tmp_path: Path) -> None:
    found = settled(tmp_path, (clip("1A-1", slated(1, "1A", 1, 2.0), slated(2, "1A", 2, 40.0)),))
    assert [(one["take"], one["conflicts"]) for one in found["takes"][0]["attempts"]] == [(1, []), (2, [])]


def test_a_recorder_says_the_take_of_the_first_slate_in_its_clip() -> None:
    bext = Bext(scene="1A", take="1", tape="SR01")
    recorder = Input(path=Path("T1.wav"), file="sound/T1.wav", digest="d", facts={"ingest": facts("ingest", media__info=to_plain(MediaInfo(kind="sound", container="wav", duration_s=Fraction(60), bext=bext)))})
    first, last = slated(1, "1A", 2, 2.0, "first heard as 1, not clear"), slated(2, "1A", 2, 40.0)
    assert [attempts._recorded(one, (first, last), (recorder,)).take for one in (first, last)] == [1, 2]


def test_lines_of_the_paper_for_one_clip_go_to_its_slates_in_order(tmp_path: Path) -> None:
    misheard = slated(2, "1A", 8, 40.0, "heard as 'eh'")
    found = settled(tmp_path, (clip("A001_C001", slated(1, "1A", 1, 2.0), misheard),), "clip,scene,take,comment\nA001_C001,1A,1,flat\nA001_C001,1A,2,lovely\n")
    first, second = found["takes"][0]["attempts"]
    assert (first["take"], first["comment"], first["conflicts"]) == (1, "flat", [])
    assert (second["take"], second["comment"]) == (2, "lovely")


def test_a_line_that_names_a_slate_goes_to_it_wherever_it_stands(tmp_path: Path) -> None:
    found = settled(tmp_path, (clip("A001_C001", slated(1, "1A", 1, 2.0), slated(2, "1A", 2, 40.0)),), "clip,take,comment\nA001_C001,2,lovely\nA001_C001,1,flat\nA001_C001,2,print it\n")
    assert [one["comment"] for one in found["takes"][0]["attempts"]] == ["flat", "lovely"]
    assert all(not one["conflicts"] for one in found["takes"][0]["attempts"])


def test_two_lines_of_one_take_speak_of_one_slate_though_only_one_names_the_scene(tmp_path: Path) -> None:
    found = settled(tmp_path, (clip("A001_C001", slated(1, "1A", 3, 2.0)),), "clip,scene,take,circled,comment\nA001_C001,1A,3,,flat\nA001_C001,,3,x,\n")
    (one,) = found["takes"][0]["attempts"]
    assert (one["circled"], one["comment"], one["conflicts"], found["takes.unmatched"]) == (True, "flat", [], [])


def test_a_line_without_a_take_speaks_of_the_whole_clip(tmp_path: Path) -> None:
    found = settled(tmp_path, (clip("A001_C001", slated(1, "1A", 1, 2.0), slated(2, "1A", 2, 40.0)),), "clip,comment\nA001_C001,wind\n")
    assert [one["comment"] for one in found["takes"][0]["attempts"]] == ["wind", "wind"]


def test_a_take_on_paper_that_no_slate_is_left_for_is_listed_and_shown(tmp_path: Path) -> None:
    found = settled(tmp_path, (clip("A001_C001", slated(1, "1A", 1, 2.0)),), "clip,scene,take,circled\nA001_C001,1A,1,\nA001_C001,1A,2,x\n")
    (one,) = found["takes"][0]["attempts"]
    assert (one["take"], one["circled"], one["conflicts"]) == (1, False, ["the notes say take 1, and take 2 as well"])
    assert found["takes.unmatched"] == ["notes.csv, line 3: A001_C001, 1A take 2: the clip has no slate left for it"]


def test_a_paper_that_cannot_be_read_says_so_and_the_takes_are_there(tmp_path: Path) -> None:
    found = settled(tmp_path, (clip("A001_C001", take(1, "1A", 1)),), "colour,mood\nblue,calm\n")
    assert len(found["takes"]) == 1
    assert "Call one of them clip" in found["takes.unmatched"][0]


def test_a_shoot_without_clips_has_no_takes(tmp_path: Path) -> None:
    assert settled(tmp_path, ())["takes"] == []
