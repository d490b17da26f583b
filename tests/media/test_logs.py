"""A built-in log transform is exactly what OpenColorIO makes of it, and nobody guesses a range or a gamut."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from answerprint.media import look
from answerprint.media.lognames import NAMES, builtin, named
from answerprint.media.logs import baked, exact, to_log
from answerprint.model.records import Colour, MediaInfo, VideoStream


def clip(*, full_range: bool | None, tags: dict[str, str], log: str | None = "S-Log3") -> MediaInfo:
    video = VideoStream(
        index=0, codec="h264", width=64, height=36, pixel_format="yuv420p", bit_depth=10, rate=Fraction(25), frames=25, duration_s=Fraction(1), start_s=Fraction(0),
        variable=False, fps_shot=None, sar=Fraction(1), rotation_deg=0, interlaced=False,
        colour=Colour(primaries=None, transfer=None, matrix="bt709", full_range=full_range, log=log),
    )  # fmt: skip
    return MediaInfo(kind="clip", container="mov", duration_s=Fraction(1), video=video, audio=(), camera="A", tags=tags)


def test_people_may_spell_a_transform_as_they_know_it() -> None:
    assert builtin("s-log3 s-gamut3.cine") == NAMES["S-Log3 S-Gamut3.Cine"]
    assert builtin("LogC3, legal range") == replace(NAMES["LogC3"], legal=True)
    assert builtin("looks/vlog.cube") is builtin("V-Log, odd") is None


@pytest.mark.parametrize("name", ["S-Log3 S-Gamut3.Cine", "LogC3"])
def test_middle_grey_of_the_makers_code_comes_out_as_that_of_every_camera(name: str) -> None:
    one = NAMES[name].seen(False)
    code = {"S-Log3 S-Gamut3.Cine": (420 - 64) / 876, "LogC3": 0.391}[name]  # 18 % grey, by Sony's and ARRI's papers, as a legal-range file decodes
    grey = exact(one, np.full((1, 3), code))
    assert np.ptp(grey) < 0.003
    assert grey.mean() == pytest.approx(0.40, abs=0.03)
    assert to_log(one, grey) == pytest.approx(np.full((1, 3), code), abs=2e-3)


def test_the_cube_is_the_exact_transform_at_its_points() -> None:
    one = NAMES["LogC3"]
    corner = np.array([[16, 32, 24], [40, 8, 33]]) / 64
    assert baked(one).apply(corner) == pytest.approx(exact(one, corner), abs=1e-6)


def test_metadata_that_names_curve_gamut_and_range_is_enough_and_less_is_asked_about(tmp_path: Path) -> None:
    whole = clip(full_range=False, tags={"CaptureGammaEquation": "s-log3-cine", "CaptureColorPrimaries": "s-gamut3-cine"})
    assert named(whole) == NAMES["S-Log3 S-Gamut3.Cine"].seen(False)
    found = look.find(tmp_path / "A.mov", whole, {}).look
    assert found is not None
    assert found.whence == ("its metadata names curve, gamut and range",)
    assert named(clip(full_range=None, tags=dict(whole.tags))) is None
    assert named(clip(full_range=False, tags={"CaptureGammaEquation": "s-log3-cine"})) is None
    assert look.find(tmp_path / "A.mov", clip(full_range=False, tags={}), {}).look is None


def test_a_chosen_transform_whose_range_nobody_knows_is_not_laid_over(tmp_path: Path) -> None:
    found = look.find(tmp_path / "A.mov", clip(full_range=None, tags={}), {"A": "V-Log"})
    assert found.look is None
    assert '"V-Log, legal" or "V-Log, full"' in found.notes[0]
    assert look.find(tmp_path / "A.mov", clip(full_range=None, tags={}), {"A": "V-Log, full"}).look is not None
