"""Another shape: a frame is proposed for every ordinary shot, used where it still fits and nobody refused it; a hero shot's is a person's."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest

from answerprint import drafts, finishing, reframing
from answerprint.cli import main
from answerprint.delivery.conform import conform
from answerprint.desk import Desk, Try
from answerprint.drafts import Draft
from answerprint.model.time import Span
from answerprint.reframing import ReframingError, shape_called
from answerprint.spot import Spot
from answerprint.spot import open as opened
from answerprint.timeline.cut import CutInfo, Media, at, attach, reference, start_and_length
from answerprint.timeline.framing import Key
from tests.deciding import Composed

R = Fraction(25)
VERSIONS = """version,of,differs,cut,shape,language
master,,,cuts/master.otio,16:9,en
tall,master,shape,cuts/tall.otio,9:16,en
tall_fr,tall,language,cuts/tall.otio,,fr
"""
#: clip, first frame, frames: two shots of one clip, with frames of both in each other's handles
SHOTS = (("A001_C001", 0, 40), ("A001_C002", 10, 30), ("A001_C001", 30, 50))


def write_cut(spot: Spot, file: str, shots: tuple[tuple[str, int, int], ...] = SHOTS) -> None:
    units = {Path(unit.file).stem: unit for unit in Desk(spot).shoot.clips}
    track = otio.schema.Track("V1", kind="Video")
    for name, first, frames in shots:
        unit = units[name]
        whole = start_and_length(unit.info)
        media = Media(name=Path(unit.file).name, file=unit.file, digest=unit.digest, rate=R, video=True)
        clip = otio.schema.Clip(name=name, media_reference=reference(media, whole, url=unit.file))
        clip.source_range = otio.opentime.TimeRange(at(whole.start_s + first / R, R), at(frames / R, R))
        track.append(clip)
    card = Media(name="end.png", file="assets/end.png", rate=R, video=True, still=True)
    end = otio.schema.Clip(name="end", media_reference=reference(card, Span(start_s=Fraction(0), end_s=Fraction(2)), url="assets/end.png"))
    end.source_range = otio.opentime.TimeRange(at(Fraction(0), R), at(10 / R, R))
    track.append(end)
    timeline = otio.schema.Timeline(name=file, tracks=[track])
    attach(timeline, CutInfo(rate=R))
    (spot.path / "cuts").mkdir(exist_ok=True)
    otio.adapters.write_to_file(timeline, str(spot.path / "cuts" / f"{file}.otio"))


@pytest.fixture(scope="module")
def framed(small_spot: Spot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A spot with a tall version, reframed once: copy it, never write into it."""
    home = tmp_path_factory.mktemp("reframed") / "spot"
    shutil.copytree(small_spot.path, home)
    spot = opened(home)
    (home / "versions.csv").write_text(VERSIONS, encoding="utf-8")
    for file in ("master", "tall"):
        write_cut(spot, file)
    reframing.reframe(Desk(spot), "tall")
    return home


@pytest.fixture
def spot(framed: Path, tmp_path: Path) -> Spot:
    shutil.copytree(framed, tmp_path / "spot")
    return opened(tmp_path / "spot")


def test_every_shot_of_another_shape_has_a_proposal_with_what_spoke_for_it(spot: Spot) -> None:
    made = finishing.made(spot, "reframing")
    assert list(made) == ["tall shot 1: A001_C001", "tall shot 2: A001_C002", "tall shot 3: A001_C001"]
    assert all(one.values["why"]["9:16"][0]["by"] in ("faces", "motion", "detail") for one in made.values())
    whole = json.loads((spot.path / "cuts/reframing/tall.json").read_bytes())
    assert [row["shot"] for row in whole["shots"]] == [1, 2, 3]
    assert whole["says"] == ["The card end.png is not cropped: it is shown whole, with black bars where the shapes differ, or needs a file of its own in that shape."]
    assert (spot.path / "cuts/reframing/tall.png").read_bytes()[:4] == b"\x89PNG"


def test_the_same_again_writes_nothing_new_and_looks_at_nothing_twice(spot: Spot, monkeypatch: pytest.MonkeyPatch) -> None:
    before = finishing.made(spot, "reframing")
    monkeypatch.setattr("answerprint.media.attending.attend", None)
    reframing.reframe(Desk(spot), "tall")
    assert finishing.made(spot, "reframing") == before


def test_two_shots_of_one_clip_are_each_framed_by_their_own(spot: Spot) -> None:
    desk = Desk(spot)
    framings = reframing.framings(desk, "tall", "1080x1920")
    assert [(one.file.rsplit("/", 1)[-1], one.start, one.end) for one in framings] == [("A001_C001.mov", 0, 40), ("A001_C002.mov", 10, 40), ("A001_C001.mov", 30, 80)]
    keys = [(0.2, 0.5), (0.4, 0.5), (0.7, 0.5)]
    known = [replace(one, paths={"9:16": (Key(frame=one.start, x=x, y=y),)}) for one, (x, y) in zip(framings, keys, strict=True)]
    media = {unit.digest: unit.path for unit in desk.shoot.clips if unit.path is not None}
    timeline = desk.timeline("tall").clone()
    del timeline.tracks[0][-1]
    plan = conform(timeline, media, rate=R, size=(90, 160), framing=known)
    middles = [round(box[0] + box[2] / 2, 3) for mix in plan.frames if (box := mix[0][1].box) is not None]
    assert middles == [0.2] * 40 + [0.4] * 30 + [0.7] * 50


def test_what_is_refused_is_shown_whole_and_left_alone_until_it_is_taken_back(spot: Spot) -> None:
    finishing.refuse(spot, "reframing", reframing.called(spot, "Tall shot 2"), by="Noor")
    assert [one.start for one in reframing.framings(Desk(spot), "tall", "9:16")] == [0, 30]
    assert "tall shot 2: A001_C002: Noor refused its 9:16 frame; it is shown whole, with black bars." in reframing.bars(Desk(spot), "tall", "9:16")
    again = reframing.reframe(Desk(spot), "tall")
    assert len(again.proposals) == 2
    assert again.refused == ("tall shot 2: A001_C002: Noor refused it; it is left alone.",)
    finishing.take_back(spot, "reframing", "tall shot 2: A001_C002", by="Noor")
    assert len(reframing.framings(Desk(spot), "tall", "9:16")) == 3


def test_a_shot_that_was_trimmed_since_is_not_framed_and_a_sentence_says_so_the_others_stay(spot: Spot) -> None:
    write_cut(spot, "tall", (("A001_C003", 0, 20), SHOTS[0], ("A001_C002", 12, 28), SHOTS[2]))
    found = reframing.framings(Desk(spot), "tall", "9:16")
    assert [(one.start, one.end) for one in found] == [(0, 40), (30, 80)]
    says = reframing.bars(Desk(spot), "tall", "9:16")
    assert says[0].startswith("tall shot 1: A001_C003: no frame was proposed for it in 9:16; it is shown whole")
    assert says[1].startswith("tall shot 3: A001_C002: the cut or the clip's range changed since its frame was proposed")
    assert says[2].startswith("the card end.png is never cropped")


def test_a_language_of_a_shape_is_framed_as_that_shape_is(spot: Spot) -> None:
    assert reframing.framings(Desk(spot), "tall_fr", "9:16") == reframing.framings(Desk(spot), "tall", "9:16")
    assert reframing.needed(Desk(spot)) == (("tall",), {"tall_fr": "tall"})


def test_the_shape_that_was_shot_needs_no_frame(spot: Spot) -> None:
    assert reframing.framings(Desk(spot), "master", "1920x1080") == ()
    assert reframing.bars(Desk(spot), "master", "1920x1080") == ()


@pytest.mark.parametrize(("text", "shape"), [("9:16", "9:16"), ("1080x1920", "9:16"), ("Square", "1:1"), ("1.78", "16:9"), ("4 : 5", "4:5"), ("", "")])
def test_a_shape_is_known_by_what_people_call_it(text: str, shape: str) -> None:
    assert shape_called(text) == shape


@pytest.mark.parametrize("text", ["2.39", "round", "0:0", "16:0"])
def test_a_shape_that_nobody_frames_for_is_an_error_with_those_there_are(text: str) -> None:
    with pytest.raises(ReframingError, match="There are: 16:9, 9:16, 1:1, 4:5"):
        shape_called(text)


def test_a_hero_shot_is_a_persons_and_nobody_elses(spot: Spot) -> None:
    (spot.path / "shots.csv").write_text("shot,description\n1,A pan\n2,The kettle. [[HERO: the kettle]]\n", encoding="utf-8")
    clip = next(unit for unit in Desk(spot).shoot.clips if "C002" in unit.file)
    tries = [Try(name="A001_C002#1", slate="2-1 A", file=clip.file, clip=clip.digest, attempt=1, in_s="0", out_s="6", items=(2,), picture=True)]
    desk = Composed(spot, tries)
    assert [one.start for one in reframing.framings(desk, "tall", "9:16")] == [0, 30]
    (says,) = reframing.unframed(desk, "tall")
    assert says.startswith("tall: shot 2 is hero shot 2 (the kettle), and nobody framed it for 9:16.")
    assert "answerprint choose framing:2@tall FILE" in says
    assert reframing.unframed(desk, "master") == ()
    assert reframing.unframed(desk, "master", "1080x1920") != ()  # a spec of another shape
    assert len(reframing.unframed(desk, "tall_fr")) == 1
    assert "Shot 2 is hero shot 2: a person frames it, no machine does." in reframing.reframe(desk, "tall").says
    drafts.put(spot.inside, Draft(judgment="hero framing", about="hero:2@tall", choice={"framing": "as shot"}))
    assert reframing.unframed(Composed(spot, tries), "tall") == ()
    assert reframing.unframed(Composed(spot, tries), "tall_fr", "9:16") == ()


def test_the_command_proposes_refuses_and_takes_back(spot: Spot, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reframe", str(spot.path), "--version", "tall"]) == 1  # a card needs a person
    said = capsys.readouterr().out
    assert "tall in 9:16: a frame is proposed for 3 shots" in said
    assert "cuts/reframing/tall.png" in said
    assert main(["reframe", str(spot.path), "--refuse", "tall shot 1", "--by", "Noor", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["about"] == "tall shot 1: A001_C001"
    assert main(["reframe", str(spot.path), "--take-back", "tall shot 1", "--by", "Noor"]) == 0
    assert main(["reframe", str(spot.path), "--shape", "round"]) == 2
    assert main(["reframe", str(spot.path), "--version", "master"]) == 0
