"""Shots from key frames: cuts are found to the frame, and what has too few key frames is read whole."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from answerprint.library import LibraryError, reading, tagging
from answerprint.library.naming import written
from answerprint.library.pictures import moments, shots
from answerprint.media import MediaError
from answerprint.presenting import DeckError
from answerprint.presenting.pictures import prepared
from tests.library.making import BLUE, GREEN, RATE, RED, film, still


@pytest.mark.parametrize("gop", [1, 25, 250])
def test_a_cut_between_key_frames_is_found_to_the_frame(tmp_path: Path, gop: int) -> None:
    path = film(tmp_path / "three.mp4", (RED, BLUE, GREEN), frames=33, gop=gop)
    found = shots(path, duration_s=Fraction(99, RATE))
    assert [(shot.in_s * RATE, shot.out_s * RATE) for shot in found] == [(0, 33), (33, 66), (66, 99)]
    assert [int(np.argmax(shot.glances[0].tiny.mean(axis=(0, 1)))) for shot in found] == [0, 2, 1]


def test_a_picture_is_turned_once_and_a_locked_shot_does_not_move(tmp_path: Path) -> None:
    path = film(tmp_path / "still.mp4", (RED,), frames=30)
    (one,) = moments(path, [Fraction(1, 2)], rotation_deg=90, motion_at=Fraction(1, 2))
    assert one.picture.shape[0] > one.picture.shape[1]
    assert one.motion is not None
    assert one.motion < 1
    assert one.moved == 0


def test_a_file_that_is_no_clip_says_so(tmp_path: Path) -> None:
    (tmp_path / "no.mp4").write_text("nothing")
    with pytest.raises(MediaError, match=r"no\.mp4"):
        shots(tmp_path / "no.mp4", duration_s=Fraction(1))


def test_a_shot_without_a_key_frame_of_its_own_is_told_by_its_own_pictures(tmp_path: Path) -> None:
    path = tmp_path / "cut.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "g": "25", "keyint_min": "25", "sc_threshold": "0"})
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for colour in (*[RED] * 33, *[BLUE] * 10, *[GREEN] * 40):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.full((180, 320, 3), colour, np.uint8), "rgb24")))
        out.mux(stream.encode(None))
    found = reading.read(path, want=frozenset({"picture"})).shots
    assert [(one.in_s * RATE, one.out_s * RATE) for one in found] == [(0, 33), (33, 43), (43, 83)]
    shown = [np.asarray(Image.open(io.BytesIO(one.preview or b""))).mean(axis=(0, 1)) for one in found]
    assert [int(one.argmax()) for one in shown] == [0, 2, 1]
    assert [max(one.facts["colours"], key=one.facts["colours"].get) for one in found] == ["red", "blue", "green"]
    assert all(one.in_s <= one.key_s < one.out_s for one in found)


def turning(path: Path, shades: list[int], *, gop: int) -> Path:
    """One shot, without a cut: a grey that is another each frame."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "g": str(gop), "keyint_min": str(gop), "sc_threshold": "0"})
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for shade in shades:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.full((64, 64, 3), shade, np.uint8), "rgb24")))
        out.mux(stream.encode(None))
    return path


def looked_at(path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The greys in which things are looked for."""
    given: list[int] = []
    blank = tagging.Seen(shares=np.full(1000, 0.001, np.float32), features=np.zeros(tagging.FEATURES, np.float32))

    def seen(pictures: list[np.ndarray]) -> list[tagging.Seen]:
        given.extend(int(one.mean()) for one in pictures)
        return [blank] * len(pictures)

    monkeypatch.setattr(tagging, "seen", seen)
    assert len(reading.read(path).shots) == 1
    return given


def test_a_shot_of_one_key_frame_is_looked_at_over_its_whole_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = looked_at(turning(tmp_path / "slow.mp4", [40 + number * 120 // 200 for number in range(200)], gop=400), monkeypatch)
    assert min(given) < 65
    assert [any(abs(one - shade) < 6 for one in given) for shade in (100, 140)] == [True] * 2


def test_what_passes_through_a_long_shot_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shades = [*[60] * 75, *range(61, 121, 2), *[120] * 25, *range(119, 59, -2), *[60] * 140]
    given = looked_at(turning(tmp_path / "through.mp4", shades, gop=25), monkeypatch)
    assert any(one > 110 for one in given)
    assert any(one < 70 for one in given)
    assert len(given) <= 5


def test_what_an_older_version_took_in_is_looked_at_anew() -> None:
    assert reading.passes_here() - {"picture", "faces", "things", "words", "voice"}


def test_a_grey_of_sixteen_bits_is_as_grey_in_eight(tmp_path: Path) -> None:
    for number, ending in ((1, "png"), (2, "tif")):
        path = tmp_path / f"{number}.{ending}"
        Image.fromarray(np.full((60, 80), 20_000, np.uint16)).save(path)
        read = np.asarray(Image.open(io.BytesIO(reading.read(path, want=frozenset({"picture"})).shots[0].preview or b"")))
        assert abs(read.mean() - 20_000 / 257) < 2
        assert abs(np.asarray(Image.open(io.BytesIO(prepared(path).data))).mean() - 20_000 / 257) < 2


def test_a_picture_of_too_many_pixels_says_that_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = still(tmp_path / "wall.png", RED)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(LibraryError, match="more than the 178 million pixels"):
        reading.read(path)
    with pytest.raises(DeckError, match="more pixels than are read here"):
        prepared(path)
    assert written(path) == ()
