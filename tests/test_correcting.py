"""Colour is corrected where the camera differed and never where the world did; it is a proposal, and each piece of it can be refused."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from answerprint import accidents, correcting, finishing, production
from answerprint.cli import main
from answerprint.correcting import CorrectingError
from answerprint.desk import Desk
from answerprint.media import cube
from answerprint.model.accidents import Accident
from answerprint.run import prep
from answerprint.signal import colour
from answerprint.spot import Spot

RATE = Fraction(25)


def room(seed: int = 3) -> NDArray[np.float64]:
    """A still picture with many colours and levels, coded, shape (36, 64, 3)."""
    rng = np.random.default_rng(seed)
    small = rng.uniform(0.12, 0.62, (6, 8, 3))
    return np.asarray(np.kron(small, np.ones((6, 8, 1))), dtype=np.float64)


def gained(picture: NDArray[np.float64], stops: tuple[float, float, float]) -> NDArray[np.float64]:
    """As another exposure or white balance takes it: gains of light."""
    return np.clip(colour.coded(colour.light(picture) * np.exp2(stops)), 0, 1)


def shot(path: Path, pictures: list[NDArray[np.float64]]) -> None:
    """A clip of these pictures."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=RATE, options={"crf": "4", "g": "4"})
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv444p"
        stream.codec_context.colorspace, stream.codec_context.color_range = 1, 1
        stream.codec_context.color_primaries = stream.codec_context.color_trc = 1
        for picture in pictures:
            frame = av.VideoFrame.from_ndarray(np.rint(picture * 255).astype(np.uint8), "rgb24")
            file.mux(stream.encode(frame.reformat(format="yuv444p", dst_colorspace=1, dst_color_range=1)))
        file.mux(stream.encode())


@pytest.fixture(scope="module")
def spot(tmp_path_factory: pytest.TempPathFactory) -> Spot:
    """Four takes of set-up 1A: as the first, a stop over, warmer, and one with a cloud at the first one's settings; the paper says the settings."""
    folder = tmp_path_factory.mktemp("colour") / "spot"
    made = production.new(folder, rate="25")
    settings = {1: (800, 5600), 2: (1600, 5600), 3: (800, 4300), 4: (800, 5600)}
    stops = {1: (0.0, 0.0, 0.0), 2: (1.0, 1.0, 1.0), 3: (0.45, 0.0, -0.4), 4: (0.0, 0.0, 0.0)}
    for number, given in stops.items():
        cloud = [0.0] * 12 if number != 4 else [0.0] * 6 + [-0.7] * 6
        shot(folder / "rushes" / f"A001_C00{number}.mov", [gained(room(), tuple(stop + fall for stop in given)) for fall in cloud])
    rows = [f"A001_C00{number},1A,{number},{iso},{kelvin}K" for number, (iso, kelvin) in settings.items()]
    (folder / "notes.csv").write_text("\n".join(["clip,scene,take,ISO,white balance", *rows]) + "\n")
    prep(made)
    return made


def test_a_take_with_another_setting_comes_back_to_the_first_and_one_with_the_same_setting_gets_no_numbers(spot: Spot) -> None:
    found = {Path(one.clip).stem: one for one in correcting.correct(spot).clips}
    assert [one.by for one in found.values()] == ["", "take", "take", ""]
    assert found["A001_C002"].stops == pytest.approx((-1, -1, -1), abs=0.05)
    assert found["A001_C003"].stops == pytest.approx((-0.45, 0, 0.4), abs=0.06)
    assert all(found[name].after is not None and found[name].after < 1.5 < found[name].before for name in ("A001_C002", "A001_C003"))
    corrections = {ids[0]: one for ids, one in cube.corrections(spot.path / "cuts/correction/correction.ccc")}
    assert corrections["A001_C001"] == corrections["A001_C004"] == cube.Cdl(slope=(1, 1, 1), offset=(0, 0, 0), power=(1, 1, 1))


def test_a_cloud_inside_a_take_is_left_and_said_and_a_step_that_no_setting_explains_is_asked_about(spot: Spot) -> None:
    found = {Path(one.clip).stem: one for one in correcting.correct(spot).clips}
    assert any("light changes by 0.7 stops within the take" in sentence for sentence in found["A001_C004"].says)
    assert found["A001_C004"].by == ""


def test_what_was_measured_is_a_proposal_with_its_numbers_and_measuring_again_writes_nothing_new(spot: Spot) -> None:
    correcting.correct(spot)
    first = finishing.made(spot, "correction")
    assert list(first) == ["rushes/A001_C002.mov", "rushes/A001_C003.mov"]
    made = first["rushes/A001_C002.mov"]
    assert made.values["differs"] == ["ISO"]
    assert made.values["reference"] == "rushes/A001_C001.mov"
    kept = cube.corrections(spot.path / "cuts/correction/A001_C002.cc")
    assert b"A001_C002" in made.path(spot, "cuts/correction/A001_C002.cc").read_bytes()
    assert kept[0][0] == ("A001_C002",)
    correcting.correct(spot)
    assert finishing.made(spot, "correction") == first


def test_the_edl_and_the_ale_carry_the_same_numbers(spot: Spot) -> None:
    correcting.correct(spot)
    (slope, *_), *_ = ((one.slope for ids, one in cube.corrections(spot.path / "cuts/correction/correction.ccc") if ids == ("A001_C002",)),)
    text = "(" + " ".join(f"{value:.4f}" for value in slope) + ")(0.0000 0.0000 0.0000)"
    assert f"* ASC_SOP {text}" in (spot.path / "cuts/correction/correction.edl").read_text()
    assert text in (spot.path / "cuts/correction/correction.ale").read_text()


def test_a_refused_clip_leaves_the_lists_until_it_is_taken_back(spot: Spot, capsys: pytest.CaptureFixture[str]) -> None:
    correcting.correct(spot)
    folder = spot.path / "cuts/correction"
    assert main(["correct", str(spot.path), "--refuse", "A001_C002", "--by", "R. Adeyemi", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["about"] == "rushes/A001_C002.mov"
    assert not (folder / "A001_C002.cc").exists()
    assert main(["correct", str(spot.path)]) in (0, 1)
    printed = capsys.readouterr().out
    assert "0 clips" not in printed
    assert "refused: left as it was shot" in printed
    assert ("A001_C002",) not in [ids for ids, _ in cube.corrections(folder / "correction.ccc")]
    correcting.take_back(spot, "A001_C002", by="R. Adeyemi")
    assert (folder / "A001_C002.cc").exists()


def test_before_and_after_are_pictures_and_the_look_holds_the_correction(spot: Spot) -> None:
    correcting.correct(spot)
    seen = correcting.compared(spot, "A001_C002", height=36)
    assert seen.reference_name == "A001_C001"
    assert seen.before[:2] == seen.after[:2] == b"\xff\xd8"
    assert seen.before != seen.after
    look = correcting.look_of(spot, "A001_C002")
    assert look is not None
    assert look.apply(np.full((1, 3), 0.5)).max() < 0.45
    with pytest.raises(CorrectingError, match="Did you mean A001_C002"):
        correcting.look_of(spot, "A001_C02")


def test_a_person_may_say_that_the_camera_was_changed_and_name_another_reference(tmp_path: Path) -> None:
    made = production.new(tmp_path / "spot", rate="25")
    for number, stops in ((1, 0.0), (2, -0.8)):
        shot(made.path / "rushes" / f"A001_C00{number}.mov", [gained(room(), (stops, stops, stops))] * 6)
    (made.path / "notes.csv").write_text("clip,scene,take\nA001_C001,1A,1\nA001_C002,1A,2\n")
    prep(made)
    first = correcting.correct(made)
    assert [one.by for one in first.clips] == ["", ""]
    assert "0.8 stops darker than A001_C001. Was it the light, or was the camera changed?" in first.asks[0]
    assert "no file of this set-up says what the camera was set to" in first.clips[0].says[0]
    with pytest.raises(CorrectingError, match="who says so"):
        correcting.changed(made, "A001_C002", by="")
    correcting.changed(made, "A001_C002", by="R. Adeyemi")
    second = correcting.correct(made, references=["A001_C002"])
    assert [one.by for one in second.clips] == ["take", ""]
    assert second.clips[0].stops == pytest.approx((-0.8, -0.8, -0.8), abs=0.06)
    assert [one.reference for one in correcting.correct(made).clips] == ["rushes/A001_C002.mov", None]


def test_what_nobody_planned_in_a_corrected_clip_is_named_and_what_lies_in_one_as_it_was_shot_is_not(spot: Spot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    units = {Path(unit.file).stem: unit for unit in Desk(spot).shoot.clips}
    rows = tuple(
        Accident(clip=units[name].digest, file=units[name].file, attempt=1, setup="1A", kind=kind, in_s=0.2, out_s=0.4, evidence="made", against="made")
        for name, kind in (("A001_C001", "bump"), ("A001_C002", "flare"), ("A001_C002", "laughter"))
    )  # fmt: skip
    monkeypatch.setattr(accidents, "found", lambda desk: rows)
    assert main(["correct", str(spot.path), "--json"]) in (0, 1)
    found = {Path(one["clip"]).stem: one["over"] for one in json.loads(capsys.readouterr().out)["clips"]}
    assert found == {"A001_C001": [], "A001_C002": ["flare at 0:00.2 in A001_C002: made"], "A001_C003": [], "A001_C004": []}
    made = finishing.made(spot, "correction")
    assert made[units["A001_C002"].file].values["over"] == ["flare at 0:00.2 in A001_C002: made"]
    assert main(["correct", str(spot.path)]) in (0, 1)
    assert "corrected with its clip: flare at 0:00.2 in A001_C002: made" in capsys.readouterr().out
