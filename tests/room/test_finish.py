"""Finish: what is chosen, on what it was judged, and nothing before somebody says so."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from blake3 import blake3
from PIL import Image

from tests.made import heard
from tests.room.cut_room import bring

LOOK = "LUT_3D_SIZE 2\n" + "".join(f"{1 - r} {1 - g} {1 - b}\n" for b in (0, 1) for g in (0, 1) for r in (0, 1))
BRING = "/api/finish/bring"


@pytest.fixture(scope="module")
def finishing(cutting, tmp_path_factory):
    """The room with a cut for its master, a look, a bed and a finished file."""
    ana = cutting.ana
    assert ana.post("/api/cut/v01/choose", {"version": "master"}).status_code == 200
    assert bring(ana, "negative.cube", LOOK.encode(), BRING).json() == {"file": "assets/negative.cube"}
    assert bring(ana, "bed.wav", heard(tmp_path_factory.mktemp("heard") / "bed.wav").read_bytes(), BRING).json() == {"file": "assets/bed.wav"}
    (cutting.opened.path / "out").mkdir(exist_ok=True)
    (cutting.opened.path / "out" / "master.mov").write_bytes(b"a finished film")
    return cutting.opened


def drafts(opened):
    return {one["judgment"]: one["choice"] for one in json.loads((opened.path / ".answerprint" / "drafts.json").read_bytes())["drafts"]}


def test_a_version_without_a_cut_says_what_to_do(opened):
    page = opened.ana.get("/finish")
    assert page.status_code == 200
    assert "has no cut yet" in page.text
    assert opened.ana.get("/api/finish").json()["clip"] is None


def test_nothing_is_chosen_before_somebody_chooses_and_no_screen_is_taken_for_granted(finishing):
    found = finishing.ana.get("/api/finish").json()
    assert [(one["draft"], one["signed"]) for one in found["chosen"]] == [(None, None)] * 3
    page = finishing.ana.get("/finish").text
    assert " checked" not in page
    assert found["machine"] == ["No colour correction was made here, so there is no before and after.",
                                "No sound was cleaned here, so there is no before and after."]  # fmt: skip


def test_a_grade_says_on_what_it_was_judged_or_is_not_chosen(finishing):
    asked = {"version": "master", "file": "assets/negative.cube"}
    for judged_on in ("", "headphones", "a feeling"):
        answer = finishing.ana.post("/api/finish/grade", {**asked, "judged_on": judged_on})
        assert (answer.status_code, "graded monitor, this screen, phone" in answer.json()["says"]) == (409, True)
    said = finishing.ana.post("/api/finish/grade", {**asked, "judged_on": "this screen"}).json()["says"]
    assert said[0].endswith("assets/negative.cube, judged on this screen. A draft, not signed.")
    assert drafts(finishing)["grade"] == {"file": "assets/negative.cube", "judged on": "this screen"}


@pytest.mark.parametrize(("what", "choice", "way"), [("grade", "as shot", "graded monitor"), ("mix", "as cut", "headphones")])
def test_what_is_left_as_it_is_is_chosen_and_judged_like_anything_else(finishing, what, choice, way):
    asked = {"version": "master", "file": choice}
    assert finishing.ana.post(f"/api/finish/{what}", asked).status_code == 409
    assert finishing.ana.post(f"/api/finish/{what}", {**asked, "judged_on": way}).json()["says"] == [f"{what} of master: {choice}, judged on {way}. A draft, not signed."]
    assert drafts(finishing)[what] == {what: choice, "judged on": way}
    assert f'<option value="{choice}">' in finishing.ana.get("/finish").text
    assert finishing.ana.post("/api/finish/bed", {**asked, "judged_on": "headphones"}).status_code == 409


def test_a_master_that_was_judged_goes_in_with_its_seal(finishing):
    asked = {"version": "master", "file": "assets/bed.wav", "judged_on": "monitors", "master": "out/master.mov"}
    assert finishing.ana.post("/api/finish/mix", asked).status_code == 200
    assert drafts(finishing)["mix"]["master seal"] == "blake3:" + blake3(b"a finished film").hexdigest()


def test_a_bed_has_its_in_and_out_or_is_none(finishing):
    asked = {"version": "master", "file": "assets/bed.wav", "judged_on": "laptop", "start": "01:00:00:10", "end": "01:00:01:00"}
    assert finishing.ana.post("/api/finish/bed", asked).status_code == 200
    assert drafts(finishing)["music bed"] == {"file": "assets/bed.wav", "from": "01:00:00:10", "to": "01:00:01:00", "judged on": "laptop"}
    assert finishing.ana.post("/api/finish/bed", {**asked, "end": "01:00:00:05"}).status_code == 409
    assert finishing.ana.post("/api/finish/bed", {"version": "master", "file": "none"}).status_code == 200
    assert drafts(finishing)["music bed"] == {"bed": "none"}


@pytest.mark.parametrize("file", ["/etc/passwd", "../spot/answerprint.toml", "answerprint.toml", ".answerprint/doors.json", "assets/none.cube", ""])
def test_only_files_of_assets_and_out_are_chosen_or_named_as_masters(finishing, file):
    asked = {"version": "master", "judged_on": "this screen"}
    assert finishing.ana.post("/api/finish/grade", {**asked, "file": file}).status_code == 409
    assert file == "" or finishing.ana.post("/api/finish/grade", {**asked, "file": "assets/negative.cube", "master": file}).status_code == 409


def test_a_link_out_of_the_production_is_not_listed(finishing, tmp_path):
    (tmp_path / "secret.wav").write_bytes(b"x")
    link = finishing.path / "assets" / "link.wav"
    link.symlink_to(tmp_path / "secret.wav")
    assert "assets/link.wav" not in [one["name"] for one in finishing.ana.get("/api/finish").json()["files"]]
    link.unlink()


def test_a_frame_through_a_look_is_that_frame_through_that_look(finishing):
    still = finishing.ana.get("/api/finish").json()["stills"][0]
    plain, graded = (np.asarray(Image.open(io.BytesIO(finishing.ana.get(address).content)), np.int16) for address in (still["plain"], still["graded"]["assets/negative.cube"]))
    assert plain.shape == graded.shape
    assert np.abs(255 - plain - graded).mean() < 3


def test_a_sound_is_heard_by_range_and_under_a_name_of_this_session_only(finishing):
    place = next(one["heard"] for one in finishing.ana.get("/api/finish").json()["files"] if one["kind"] == "sound")
    assert finishing.ana.client.get(place, headers={"range": "bytes=0-3"}).content == b"RIFF"
    assert type(finishing.ana)(finishing.room, finishing.ana.hand).get(place).status_code == 404


def test_what_is_brought_replaces_nothing_and_is_of_a_kind_that_is_used_here(finishing):
    assert bring(finishing.ana, "../../bed.wav", b"RIFFother", BRING).json() == {"file": "assets/bed 2.wav"}
    (finishing.path / "assets" / "bed 2.wav").unlink()
    for name, data in (("run.exe", b"x"), ("page.html", b"x"), ("bed.wav", b""), ("", b"x")):
        assert bring(finishing.ana, name, data, BRING).status_code == 409
    assert sorted(one.name for one in (finishing.path / "assets").iterdir()) == ["bed.wav", "negative.cube"]
