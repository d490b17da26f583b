"""A tilt is told by edges that stand and edges that lie, on both sides of the picture, that say the same; else nothing is told."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from answerprint.signal import SignalError
from answerprint.signal.upright import tilt


def room(degrees: float = 0.0, *, lean: float = 0.0, wide: bool = True) -> np.ndarray:
    """Doors and shelves, turned clockwise; `lean`: only what stands; not `wide`: all of it at the left side."""
    picture = Image.new("L", (900, 600), 60)
    pen = ImageDraw.Draw(picture)
    for left in range(180, 720 if wide else 300, 110):
        pen.rectangle((left, 150, left + 60, 470), fill=190)
        pen.rectangle((left + 20, 200, left + 40, 240), fill=90)
    if lean:
        picture = picture.transform(picture.size, Image.Transform.AFFINE, (1, np.tan(np.radians(lean)), 0, 0, 1, 0), Image.Resampling.BICUBIC)
    return np.asarray(picture.rotate(-degrees, Image.Resampling.BICUBIC).crop((130, 120, 770, 480)), np.float64) / 255


@pytest.mark.parametrize("degrees", [-7.0, -3.0, 0.0, 2.0, 5.5])
def test_a_turned_picture_is_turned_by_so_much(degrees: float) -> None:
    found = tilt(room(degrees))
    assert found is not None
    assert found.degrees == pytest.approx(degrees, abs=0.5)
    assert min(found.standing, found.lying) > 0.5


def test_what_leans_in_a_room_that_stands_tells_nothing() -> None:
    assert tilt(room(lean=6.0)) is None
    assert tilt(room(4.0, wide=False)) is None  # one thing that hangs, at one side


def test_noise_and_an_empty_wall_tell_nothing() -> None:
    assert tilt(np.random.default_rng(3).random((360, 640))) is None
    assert tilt(np.full((360, 640), 0.5)) is None
    with pytest.raises(SignalError, match="shape"):
        tilt(np.zeros((4, 4, 3)))
