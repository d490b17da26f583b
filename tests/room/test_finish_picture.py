"""Corrections before and after, with their numbers; one is left as it is by name, and is in no list then."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from answerprint import correcting, finishing
from answerprint.room import corrections
from tests.room.test_closed import client_of

VALUES = {
    "setup": "1A", "camera": "A", "settings": {"ISO": "400"}, "differs": ["ISO"], "by": "take", "slope": "2.000000 2.000000 2.000000", "offset": "0.000000 0.000000 0.000000",
    "power": "1.000000 1.000000 1.000000", "saturation": "1.000000", "reference": "rushes/A001_C001.mp4", "before": "9.00", "after": "1.00",
}  # fmt: skip
CLIP = "rushes/A001_C002.mp4"


@pytest.fixture(scope="module")
def corrected(cutting):
    """The room with a correction of one clip: twice as bright."""
    finishing.propose(cutting.opened.room.house.production, "correction", CLIP, inputs=(), files={}, values=VALUES, says=("a cloud at 00:03 is left as it was shot",))
    return cutting.opened


def test_every_clip_stands_in_shooting_order_and_only_what_is_proposed_has_numbers(corrected):
    found = corrected.ana.get("/api/finish/picture").json()
    assert [one["name"] for one in found["clips"]] == ["A001_C001", "A001_C002", "A001_C003", "A001_C005", "A001_C007"]
    assert [one["name"] for one in found["clips"] if one["numbers"]] == ["A001_C002"]
    one = found["clips"][1]
    assert (one["numbers"]["slope"], one["reference"], one["apart"], one["says"]) == (["2.000"] * 3, "A001_C001", ["9.00", "1.00"], ["a cloud at 00:03 is left as it was shot"])
    assert 'value="rushes/A001_C002.mp4"' in corrected.ana.get("/finish/picture").text


def test_before_and_after_are_one_moment_and_differ_by_the_correction_alone(corrected):
    one = corrected.ana.get("/api/finish/picture").json()["clips"][1]
    before, after = (np.asarray(Image.open(io.BytesIO(corrected.ana.get(one[side]).content)), np.float64) for side in ("before", "after"))
    dark = before < 110
    assert abs(np.median(after[dark] / np.maximum(before[dark], 1)) - 2) < 0.1
    assert corrected.ana.get(one["beside"]).headers["content-type"] == "image/jpeg"
    assert type(corrected.ana)(corrected.room, corrected.ana.hand).get(one["after"]).status_code == 404  # under a name of that session only


def test_a_clip_that_is_left_as_it_is_leaves_the_lists_and_comes_back_with_the_word_taken_back(corrected):
    body = {"what": "correction", "about": CLIP}
    lists = corrected.path / "cuts" / "correction"
    assert corrected.ana.post("/api/made/refuse", body).json()["by"] == "Ana Ferrer"
    assert corrected.ana.get("/api/finish/picture").json()["clips"][1]["piece"]["refused"]["by"] == "Ana Ferrer"
    assert not (lists / "A001_C002.cc").exists()
    assert corrected.ana.post("/api/made/take-back", body).status_code == 200
    assert "2.000000" in (lists / "correction.ccc").read_text()


def test_a_correction_is_a_grade_only_by_somebodys_choice(corrected):
    assert corrected.ana.get("/api/finish/picture").json()["list"] == "cuts/correction/correction.ccc"
    found = corrected.ana.get("/api/finish").json()
    assert ("cuts/correction/correction.ccc", "look") in [(one["name"], one["kind"]) for one in found["files"]]
    assert next(one for one in found["chosen"] if one["what"] == "grade")["file"] != "cuts/correction/correction.ccc"
    assert "cuts/correction/A001_C002.cc" not in [one["name"] for one in found["files"]]


def test_it_is_measured_in_the_background_and_only_for_clips_that_are_here(corrected, monkeypatch):
    asked = []
    monkeypatch.setattr(corrected.room.jobs, "start", lambda name, title, work: asked.append((name, work)))
    assert corrected.ana.post("/api/finish/picture/start", {"reference": "rushes/none.mp4"}).status_code == 409
    assert corrected.ana.post("/api/finish/picture/start", {"reference": CLIP}).json() == {"job": "finish correction"}
    ((name, work),) = asked
    assert (name, work[0], work[-2:]) == ("finish correction", "correct", ["--reference", CLIP])


def test_a_step_that_nothing_explains_is_asked_about_and_a_persons_word_stands_in_the_cameras_paper(corrected):
    clip = "rushes/A001_C003.mp4"
    step = correcting.Correction(clip=clip, setup="1B", camera="A", reference=None, by="", says=("it is 0.7 stops darker",))
    ask = f"{clip} is 0.7 stops darker than A001_C001. Was it the light, or was the camera changed? If the camera: answerprint correct FOLDER --changed A001_C003 --by NAME"
    corrections.put(corrected.room.house.production, correcting.Corrections(clips=(step,), paths=(), asks=(ask,)))
    one = corrected.ana.get("/api/finish/picture").json()["clips"][2]
    assert (one["says"], one["wonders"]) == (["it is 0.7 stops darker"], "A001_C003 is 0.7 stops darker than A001_C001. Was it the light, or was the camera changed?")
    assert corrected.ana.post("/api/finish/picture/changed", {"clip": "rushes/none.mp4"}).status_code == 409
    assert "by your word" in corrected.ana.post("/api/finish/picture/changed", {"clip": clip}).json()["says"][0]
    assert "for A001_C003,Ana Ferrer" in (corrected.path / "camera.csv").read_text()
    assert corrected.ana.get("/api/finish/picture").json()["clips"][2]["wonders"] is None
    (corrected.path / "camera.csv").unlink()


def test_no_client_sees_a_correction(corrected):
    client, _, _ = client_of(corrected.room)
    one = corrected.ana.get("/api/finish/picture").json()["clips"][1]
    for place in ("/finish/picture", "/api/finish/picture", one["after"]):
        assert client.get(place).status_code == 403
