"""Shots from key frames: cuts are found to the frame, and what has too few key frames is read whole."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from answerprint.library.pictures import moments, shots
from answerprint.media import MediaError
from tests.library.making import BLUE, GREEN, RATE, RED, film


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
