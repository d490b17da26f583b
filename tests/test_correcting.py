"""Colour is corrected where the camera differed and never where the world did; it is a proposal, and each piece of it can be refused."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from answerprint import correcting, production
from answerprint.cli import main
from answerprint.correcting import CorrectingError
from answerprint.media import cube
from answerprint.production import Production
from answerprint.run import prep
from answerprint.signal import colour

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
def spot(tmp_path_factory: pytest.TempPathFactory) -> Production:
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


def test_a_take_with_another_setting_comes_back_to_the_first_and_one_with_the_same_setting_gets_no_numbers(spot: Production) -> None:
    found = {Path(one.clip).stem: one for one in correcting.correct(spot).clips}
    assert [one.by for one in found.values()] == ["", "take", "take", ""]
    assert found["A001_C002"].stops == pytest.approx((-1, -1, -1), abs=0.05)
    assert found["A001_C003"].stops == pytest.approx((-0.45, 0, 0.4), abs=0.06)
    assert all(found[name].after is not None and found[name].after < 1.5 < found[name].before for name in ("A001_C002", "A001_C003"))
    corrections = {ids[0]: one for ids, one in cube.corrections(spot.path / "cuts/correction/correction.ccc")}
    assert corrections["A001_C001"] == corrections["A001_C004"] == cube.Cdl(slope=(1, 1, 1), offset=(0, 0, 0), power=(1, 1, 1))
