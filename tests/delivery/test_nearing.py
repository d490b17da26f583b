"""A log clip whose frames a cube misses is worked out pixel by pixel, as OpenColorIO does it; one that it meets goes through the cube."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from answerprint.delivery.fitting import Fitter
from answerprint.delivery.nearing import mended, near
from answerprint.delivery.plan import Medium
from answerprint.delivery.sources import Reader
from answerprint.delivery.specs import spec
from answerprint.media.lognames import NAMES
from answerprint.media.logs import baked, exact
from answerprint.media.look import Look
from answerprint.media.probe import probe

LOGC = NAMES["LogC3"]
LOOK = Look(steps=(baked(LOGC),), names=("LogC3",), whence=("chosen",), digests=("seal",))


def written(folder: Path) -> Path:
    LOOK.write(folder / "0.cube")
    return folder / "0.cube"


def shot(path: Path, rgb: NDArray[np.float64]) -> Medium:
    with av.open(str(path), "w") as file:
        stream = file.add_stream("ffv1", rate=25)
        stream.width, stream.height, stream.pix_fmt = rgb.shape[1], rgb.shape[0], "gbrp16le"
        frame = av.VideoFrame.from_ndarray(np.rint(rgb * 65535).astype(np.uint16), "rgb48le")
        for _ in range(5):
            file.mux(stream.encode(frame.reformat(format="gbrp16le")))
        file.mux(stream.encode())
    return Medium(key=path.name, name=path.name, path=path, info=probe(path), digest=None)


def test_saturated_log_that_the_cube_misses_is_worked_out_where_it_does(tmp_path: Path) -> None:
    code = np.random.default_rng(2).uniform(0.1, 0.8, (36, 64, 3))
    medium = shot(tmp_path / "log.mkv", code)
    assert not near(LOOK, medium)
    picture = replace(spec("youtube", None).picture, pixel_format="gbrp16le", full_range=True)
    made = Fitter(medium, picture, (64, 36), look=None, exact=mended(LOOK, written(tmp_path))).fit(Reader(medium).frame(1)).to_ndarray(format="rgb48le") / 65535
    off = np.abs(made - exact(LOGC, np.rint(code * 65535) / 65535))
    assert off.max() < 4 / 1023
    assert off.mean() < 0.2 / 1023


def test_log_that_the_cube_meets_goes_through_it(tmp_path: Path) -> None:
    grey = np.repeat(np.linspace(0.3, 0.7, 64)[None, :, None], 36, axis=0) * np.ones(3)
    assert near(LOOK, shot(tmp_path / "grey.mkv", grey))


def test_a_look_from_a_file_is_its_own_cube(tmp_path: Path) -> None:
    plain = Look(steps=(), names=(), whence=(), digests=())
    assert near(plain, shot(tmp_path / "any.mkv", np.full((36, 64, 3), 0.5)))
