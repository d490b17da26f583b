"""A preview is the cut as it is, from its originals, with NOT SIGNED over every frame; it needs no signature and signs nothing."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import opentimelineio as otio
import pytest
from PIL import Image

import answerprint
from answerprint import cli
from answerprint.book import Book
from answerprint.model.records import AnswerprintError
from answerprint.previews import PreviewError, preview
from answerprint.spot import Spot
from tests import made

SPEC = """
title = "A small one for a test"
source = "this test"
dated = "2026-11-22"
container = "mp4"

[picture]
codec = "libx264"
width = 320
height = 180

[sound]
codec = "aac"
bit_rate = 96000
"""


@pytest.fixture
def spot(small_spot: Spot, tmp_path: Path) -> Spot:
    """Three clips, and a cut of half a second of each."""
    home = tmp_path / "spot"
    shutil.copytree(small_spot.path, home)
    (home / "specs").mkdir()
    (home / "specs" / "tiny.toml").write_text(SPEC)
    path = answerprint.open(home).export("otio").path
    timeline = otio.adapters.read_from_file(str(path))
    for clip in timeline.find_clips():
        clip.source_range = otio.opentime.TimeRange(clip.source_range.start_time, otio.opentime.RationalTime(12, 25))
    otio.adapters.write_to_file(timeline, str(home / "cuts" / "v01.otio"))
    assert cli.main(["choose", "film", "cuts/v01.otio", "--in", str(home)]) == 0
    return answerprint.open(home)


def test_a_preview_has_the_frames_of_the_cut_and_not_signed_over_each(spot):
    (one,) = preview(spot, "master", ["tiny"])
    assert one.path.name.endswith("_master_tiny_NOT-SIGNED.mp4")
    assert one.rendered.film_frames == 36
    with av.open(str(one.path)) as file:
        frames = [frame.to_ndarray(format="gray") for frame in file.decode(video=0)]
        assert file.streams.video[0].average_rate == Fraction(25)
    assert len(frames) == 36
    plain = _without_mark(spot, one)
    assert all(np.abs(marked.astype(int) - bare.astype(int)).max() > 20 for marked, bare in zip(frames, plain, strict=True))


def _without_mark(spot, one):
    """The same frames as a render without a mark gives."""
    from answerprint.delivery.conform import conform
    from answerprint.delivery.render import render
    from answerprint.delivery.specs import spec
    from answerprint.desk import Desk
    from answerprint.previews import _media

    desk = Desk(spot)
    media, looks, _ = _media(desk, "master")
    out = spot.path / "out" / "bare.mp4"
    render(conform(desk.timeline("master"), media, rate=Fraction(25), size=(320, 180)), spec("tiny", spot.path), out, scratch=spot.inside / "cache", look=looks)
    with av.open(str(out)) as file:
        return [frame.to_ndarray(format="gray") for frame in file.decode(video=0)]


def test_a_preview_stands_in_the_record_as_the_machines_and_decides_nothing(spot):
    (one,) = preview(spot, "master", ["tiny"])
    with spot.reader() as record:
        made = [entry.read() for entry in record.entries(kind="proposal")]
        assert [body["essence"] for body in made] == [one.rendered.essence.digest]
        assert Book(record).decisions == {}
    assert spot.verify()["findings"] == []


def test_answerprint_deliver_leaves_nothing_without_the_mark_that_nobody_signed(spot, capsys):
    assert cli.main(["deliver", str(spot.path), "--spec", "tiny"]) == 1
    assert "nobody is on the crew yet" in capsys.readouterr().out
    assert list((spot.path / "out").glob("*")) == []


def test_answerprint_deliver_preview_says_what_is_not_in_it(spot, capsys):
    cli.main(["deliver", str(spot.path), "--spec", "tiny", "--preview"])
    said = capsys.readouterr().out
    assert "NOT-SIGNED.mp4 (36 frames of film)" in said
    assert "No grade is chosen" in said


def test_a_film_without_a_cut_or_a_spec_that_does_not_exist_is_a_sentence(spot, capsys):
    assert cli.main(["deliver", str(spot.path), "--spec", "youtub", "--preview"]) == 2
    assert "youtube" in capsys.readouterr().err
    assert cli.main(["choose", "film", "--clear", "--in", str(spot.path)]) == 0
    with pytest.raises(PreviewError, match="has no cut"):
        preview(answerprint.open(spot.path), "master", ["tiny"])


def test_a_cdl_that_somebody_chose_is_seen_in_a_preview_and_a_still_is_said_to_be_none(spot, capsys):
    (plain,) = preview(spot, "master", ["tiny"])
    before = _luma(plain)
    (spot.path / "grade.cc").write_text('<ColorCorrection id="all"><SOPNode><Slope>0.5 0.5 0.5</Slope><Offset>0 0 0</Offset><Power>1 1 1</Power></SOPNode></ColorCorrection>')
    assert cli.main(["choose", "grade", "grade.cc", "--in", str(spot.path)]) == 0
    (one,) = preview(answerprint.open(spot.path), "master", ["tiny"])
    assert not any("grade" in said for said in one.sentences)
    for bare, seen in zip(before, _luma(one), strict=True):
        assert abs((seen - 16) - (bare - 16) / 2) < 4  # the mark lies over both
    Image.new("RGB", (16, 16)).save(spot.path / "grade.png")
    assert cli.main(["choose", "grade", "grade.png", "--in", str(spot.path)]) == 0
    (still,) = preview(answerprint.open(spot.path), "master", ["tiny"])
    assert any("grade.png is there to be looked at" in said for said in still.sentences)


def _recut(spot, change):
    """The cut as somebody changed it in an editing program, chosen again."""
    path = spot.path / "cuts" / "v01.otio"
    timeline = otio.adapters.read_from_file(str(path))
    change(timeline)
    path.write_text(otio.adapters.write_to_string(timeline, "otio_json"))
    assert cli.main(["choose", "film", "cuts/v01.otio", "--in", str(spot.path)]) == 0
    return answerprint.open(spot.path)


def _laid(name, url, frames):
    return otio.schema.Clip(name=name, media_reference=otio.schema.ExternalReference(target_url=url), source_range=otio.opentime.TimeRange(otio.opentime.RationalTime(0, 25), otio.opentime.RationalTime(frames, 25)))


def test_a_title_card_and_a_sound_from_assets_are_in_the_film(spot):
    assets = spot.path / "assets"
    assets.mkdir(exist_ok=True)
    Image.new("RGB", (320, 180), (200, 30, 30)).save(assets / "endcard.png")
    made.heard(assets / "bed.wav", 2.0)

    def change(timeline):
        timeline.video_tracks()[0].append(_laid("endcard", (assets / "endcard.png").as_uri(), 10))
        music = otio.schema.Track(name="Music", kind=otio.schema.TrackKind.Audio)
        music.append(_laid("bed", "assets/bed.wav", 40))
        timeline.tracks.append(music)

    (one,) = preview(_recut(spot, change), "master", ["tiny"])
    assert one.rendered.film_frames == 46
    red = np.array(Image.open(assets / "endcard.png"))[0, 0].astype(int)
    with av.open(str(one.path)) as file:
        last = list(file.decode(video=0))[-1].to_ndarray(format="rgb24")
    assert np.abs(last[:50].reshape(-1, 3).mean(axis=0) - red).max() < 8
    with av.open(str(one.path)) as file:
        heard = np.concatenate([frame.to_ndarray() for frame in file.decode(audio=0)], axis=1)
    assert np.abs(heard[:, 70_000:76_000]).max() > 0.01  # after the last clip: the bed alone


def test_a_clip_that_lies_there_and_was_not_read_in_yet_is_led_to_prep(spot):
    made.clip(spot.path / "rushes" / "late.mov", sound=None, seconds=1.0)
    late = _recut(spot, lambda timeline: timeline.video_tracks()[0].append(_laid("late", "rushes/late.mov", 10)))
    with pytest.raises(AnswerprintError, match=r"late\.mov.*answerprint prep"):
        preview(late, "master", ["tiny"])


def test_a_preview_is_made_for_the_specs_that_take_it_and_says_which_do_not(spot):
    (one,) = preview(spot, "master", ["tv-us", "tiny"])
    assert "_tiny_" in one.path.name
    assert any(said.startswith("tv-us takes 29.97") for said in one.sentences)
    with pytest.raises(PreviewError, match=r"tv-us takes 29\.97"):
        preview(spot, "master", ["tv-us"])


def _luma(one):
    """The mean of the upper third of each frame, where no mark lies."""
    with av.open(str(one.path)) as file:
        return [float(frame.to_ndarray(format="yuv420p")[:60].mean()) for frame in file.decode(video=0)]
