"""The sample shoot from card to strings: what an assistant editor does before the editor sits down."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import answerprint
from answerprint import cli
from answerprint.assistant import Table
from answerprint.model.attempts import Attempt
from answerprint.spot import Spot
from tests.conftest import Shoot


def run(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert cli.main(list(arguments)) == code
    out, err = capsys.readouterr()
    return out + err


def by_name(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["file"].rsplit("/", 1)[-1]: row for row in rows}


@pytest.fixture
def copy(tmp_path: Path, day: Spot) -> str:
    shutil.copytree(day.path, tmp_path / "spot")
    return str(tmp_path / "spot")


def test_every_synced_clip_of_the_sample_lies_where_it_was_put_and_every_decoy_alone(day: Spot, shoot: Shoot) -> None:
    found, truth = by_name(day.status()["clips"]), by_name(shoot.truth["clips"])
    assert set(found) == set(truth)
    for name, clip in truth.items():
        held = [pair for pair in found[name]["sync"] if pair["abstained"] is None]
        wanted = clip["sync"]
        assert [pair["sound"].rsplit("/", 1)[-1] for pair in held] == [pair["sound"].rsplit("/", 1)[-1] for pair in wanted], name
        for pair, true in zip(held, wanted, strict=True):
            assert pair["offset_s"] == pytest.approx(true["offset_s"], abs=0.001)
            assert pair["drift_ppm"] == pytest.approx(true["drift_ppm"], abs=3)
        assert found[name]["timecode"] == clip["timecode"]


def test_every_attempt_of_the_sample_is_found_between_action_and_cut(day: Spot, shoot: Shoot) -> None:
    found, truth = by_name(day.status()["clips"]), by_name(shoot.truth["clips"])
    for name, clip in truth.items():
        attempts = found[name]["takes"]
        assert len(attempts) == len(clip["takes"]), name
        for attempt, true in zip(attempts, clip["takes"], strict=True):
            if not clip["mos"]:
                assert attempt["in_s"] == pytest.approx(true["in_s"], abs=0.5)
                assert attempt["out_s"] == pytest.approx(true["out_s"], abs=0.5)
                assert (attempt["scene"], attempt["take"]) == (true["scene"], true["take"]), name


def test_the_items_of_every_attempt_are_those_that_were_said(day: Spot, shoot: Shoot) -> None:
    found, truth = by_name(day.status()["clips"]), by_name(shoot.truth["clips"])
    for name, clip in truth.items():
        for attempt, true in zip(found[name]["takes"], clip["takes"], strict=True):
            spoken = [one for one in true["items"] if one["kind"] != "picture"]
            said = [one for one in attempt["items"] if one["kind"] != "picture"]
            assert [one["item"] for one in said] == [one["item"] for one in spoken], (name, attempt["attempt"])
            assert [one["complete"] for one in said] == [one["complete"] for one in spoken], (name, attempt["attempt"])


def test_prep_with_nothing_new_is_still_nothing_with_a_script(copy: str) -> None:
    from answerprint import open as open_

    assert open_(copy).prep().computed == 0


def test_strings_show_every_attempt_in_shooting_order(capsys: pytest.CaptureFixture[str], day: Spot, shoot: Shoot) -> None:
    made = json.loads(run(capsys, "strings", str(day.path), "--json"))
    first = next(one for one in made if one["item"] == 1)
    tries = [(clip["file"].rsplit("/", 1)[-1], take["attempt"]) for clip in shoot.truth["clips"] for take in clip["takes"] if any(one["item"] == 1 for one in take["items"])]
    assert [(row["file"].rsplit("/", 1)[-1], row["attempt"]) for row in first["attempts"]] == sorted(tries)
    assert "in shooting order" in run(capsys, "strings", str(day.path), "--item", "1")
    assert "No attempt covers that" in run(capsys, "strings", str(day.path), "--item", "99")


@pytest.mark.parametrize("format", ["otio", "fcpxml", "xmeml", "edl"])
def test_strings_leave_in_every_format_and_are_entered(capsys: pytest.CaptureFixture[str], copy: str, format: str) -> None:
    done = json.loads(run(capsys, "export", copy, "--format", format, "--what", "strings", "--json"))
    assert len(done) >= 5
    assert all(Path(one["path"]).stat().st_size > 100 for one in done)
    assert json.loads(run(capsys, "verify", copy, "--json"))["findings"] == []


def test_dailies_leave_for_avid_as_an_ale(capsys: pytest.CaptureFixture[str], copy: str) -> None:
    done = json.loads(run(capsys, "export", copy, "--format", "ale", "--json"))
    assert "A001_C001" in Path(done["path"]).read_text()


def test_a_rough_cut_exists_only_when_somebody_asks_and_says_why(capsys: pytest.CaptureFixture[str], copy: str) -> None:
    assert not list(Path(copy, "cuts").glob("*rough*"))
    text = run(capsys, "rough", copy)
    assert "A placeholder, not a recommendation" in text
    assert list(Path(copy, "cuts").glob("*rough*"))
    (made,) = Path(copy, "cuts").glob("*rough.otio")
    made.write_text(theirs := made.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert "_rough_2.otio" in run(capsys, "rough", copy)
    assert made.read_text(encoding="utf-8") == theirs  # somebody worked in it
    slugs = json.loads(run(capsys, "rough", copy, "--slugs", "--json"))
    assert any("nobody has chosen" in event["says"] for event in slugs["events"])


def test_the_lined_script_is_written_as_pdf_and_html(capsys: pytest.CaptureFixture[str], copy: str) -> None:
    done = json.loads(run(capsys, "lined", copy, "--json"))
    pdf, html = (Path(path).read_bytes() for path in done["paths"])
    assert pdf.startswith(b"%PDF")
    assert b"Morning starts before the light does" in html or b"Morning" in html
    assert "is written as .pdf or .html" in run(capsys, "lined", copy, "--to", f"{copy}/lined.doc", code=2)


@pytest.mark.parametrize(
    "words", [("export", "--format", "otio"), ("export", "--format", "otio", "--what", "rough"), ("export", "--format", "otio", "--what", "strings"), ("lined",)]
)
def test_nothing_is_ever_written_among_the_media(capsys: pytest.CaptureFixture[str], copy: str, tmp_path: Path, words: tuple[str, ...]) -> None:
    """A slip of the tab key must not replace a master."""
    card = tmp_path / "CARD"
    card.mkdir()
    master = card / "Z009_C001.mp4"
    master.write_bytes(b"master")
    settings = Path(copy, "answerprint.toml")
    settings.write_text(re.sub(r"(?m)^(media = \[[^]]*)\]", rf"\1, '{card}']", settings.read_text()))
    command, *rest = words
    for to in (card / "Z009_C001.mp4", card / "x.pdf", Path(copy, "rushes", "x.pdf")):
        assert "nothing is written among media" in run(capsys, command, copy, *rest, "--to", str(to), code=2)
    assert master.read_bytes() == b"master"
    assert sorted(card.iterdir()) == [master]


def test_a_timeline_never_replaces_a_file_of_another_kind(capsys: pytest.CaptureFixture[str], copy: str, tmp_path: Path) -> None:
    other = tmp_path / "other.mp4"
    other.write_bytes(b"master")
    assert "not replaced" in run(capsys, "export", copy, "--format", "otio", "--to", str(other), code=2)
    assert other.read_bytes() == b"master"
    for _ in range(2):
        run(capsys, "export", copy, "--format", "otio", "--to", str(tmp_path / "day.otio"))


def test_a_circle_on_the_days_paper_shows_whose_it_is(capsys: pytest.CaptureFixture[str], copy: str, shoot: Shoot) -> None:
    assert "Taken in as" in run(capsys, "notes", copy, str(shoot.path / "notes.csv"))
    run(capsys, "prep", copy)
    takes = [take for clip in json.loads(run(capsys, "status", copy, "--json"))["clips"] for take in clip["takes"]]
    circled = [take for take in takes if take["circled"]]
    assert circled
    assert any(take["circled_by"] for take in circled)


def test_a_line_of_the_paper_that_fits_no_clip_is_said(capsys: pytest.CaptureFixture[str], copy: str, tmp_path: Path) -> None:
    (tmp_path / "paper.csv").write_text("scene,take,circled,by\n99Z,7,yes,Ida\n")
    run(capsys, "notes", copy, str(tmp_path / "paper.csv"))
    run(capsys, "prep", copy)
    told = run(capsys, "status", copy, code=1)
    assert "notes.csv, line 2: 99Z take 7: no clip of this shoot fits" in told


def test_two_papers_of_two_kinds_are_not_taken_since_one_is_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    answerprint.new(tmp_path / "spot", rate="25")
    (tmp_path / "day.csv").write_text("scene,take,circled\n1A,1,yes\n")
    (tmp_path / "day.ale").write_text("Heading\nFIELD_DELIM\tTABS\nFPS\t25\n\nColumn\nName\tScene\tTake\n\nData\nA001C001\t1A\t1\n")
    run(capsys, "notes", str(tmp_path / "spot"), str(tmp_path / "day.csv"))
    told = run(capsys, "notes", str(tmp_path / "spot"), str(tmp_path / "day.ale"), code=2)
    assert "notes.csv is in the production already" in told
    assert not (tmp_path / "spot/notes.ale").exists()


def test_an_edl_is_compared_at_the_other_cuts_rate_or_at_the_one_that_is_said(capsys: pytest.CaptureFixture[str], copy: str, tmp_path: Path) -> None:
    """A list cannot say 23.976; whoever compares it can."""
    for form in ("otio", "edl"):
        run(capsys, "export", copy, "--format", form, "--to", str(tmp_path / f"day.{form}"))
    otio, edl = str(tmp_path / "day.otio"), str(tmp_path / "day.edl")
    for pair in ((otio, edl), (edl, otio)):
        assert isinstance(json.loads(run(capsys, "diff", *pair, "--json")), list)
    assert "Nothing changed" in run(capsys, "diff", edl, edl, "--rate", "23.976")
    assert "not a frame rate" in run(capsys, "diff", edl, edl, "--rate", "0", code=2)


def test_a_rough_cut_is_cut_to_a_guide_that_somebody_names(capsys: pytest.CaptureFixture[str], copy: str) -> None:
    made = json.loads(run(capsys, "rough", copy, "--guide", "T005", "--json"))
    assert any("guide" in event["says"] for event in made["events"])
    assert "is no sound here that reads the script" in run(capsys, "rough", copy, "--guide", "T001x", code=2)


def test_a_second_days_paper_stands_under_the_first(capsys: pytest.CaptureFixture[str], copy: str, tmp_path: Path) -> None:
    first, second, other = (tmp_path / name for name in ("one.csv", "two.csv", "three.csv"))
    first.write_text("clip,scene,take,circled,by\nA001_C001,1A,1,yes,R. Adeyemi\n")
    second.write_text("clip,scene,take,circled,by\nA001_C002,1A,2,yes,R. Adeyemi\n")
    other.write_text("slate,take,comment\n1,1,wind\n")
    for paper in (first, second, second):
        run(capsys, "notes", copy, str(paper))
    assert Path(copy, "notes.csv").read_text().splitlines() == [*first.read_text().splitlines(), second.read_text().splitlines()[1]]
    assert "has other columns" in run(capsys, "notes", copy, str(other), code=2)
    assert "A001_C001" in Path(copy, "notes.csv").read_text()


def laid_out(shot: list[tuple[str, str, list[Attempt]]], angles: list[dict[str, Any]]) -> Table:
    """A table of (clip, camera, attempts) with what the shoot settled about angles."""
    from types import SimpleNamespace

    settled = SimpleNamespace(value=lambda name, default: angles)
    units = [(SimpleNamespace(digest=clip, info=SimpleNamespace(camera=camera)), attempts) for clip, camera, attempts in shot]
    table = Table.__new__(Table)
    table.shoot = SimpleNamespace(facts=lambda unit: {"takes": settled})  # type: ignore[assignment]
    table.tries = [(unit, one, ()) for unit, attempts in units for one in attempts]  # type: ignore[misc]
    return table


def attempt(number: int, take: int) -> Attempt:
    return Attempt(number=number, in_s=0.0, out_s=1.0, scene="1A", take=take)


def angle(take: int, *clips: tuple[str, str]) -> dict[str, Any]:
    return {"scene": "1A", "slate": None, "take": take, "clips": [clip for clip, _ in clips], "cameras": [camera for _, camera in clips]}


def test_a_take_of_two_cameras_is_one_line_and_the_other_takes_of_its_clip_stay() -> None:
    shot = [("a", "A", [attempt(1, 1), attempt(2, 2)]), ("b", "B", [attempt(1, 2), attempt(2, 3)])]
    (together,) = laid_out(shot, [angle(2, ("a", "A"), ("b", "B"))]).angles()
    assert [(unit.digest, one.number) for unit, one in together] == [("a", 2), ("b", 1)]


def test_a_take_that_one_camera_has_twice_is_never_folded_into_one_line() -> None:
    shot = [("a", "A", [attempt(1, 1)]), ("c", "A", [attempt(1, 1)]), ("b", "B", [attempt(1, 1)])]
    assert laid_out(shot, [angle(1, ("a", "A"), ("c", "A"), ("b", "B"))]).angles() == []
