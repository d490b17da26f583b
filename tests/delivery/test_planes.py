"""Black is black in every format that a film is delivered in."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from answerprint.delivery.planes import black, blended


@pytest.mark.parametrize("pixels", ["yuv420p", "yuv422p10le", "yuv444p", "yuv444p10le", "gbrp", "gbrp10le"])
def test_black_and_a_picture_faded_to_nothing_have_no_colour(pixels: str) -> None:
    empty = black((16, 16), pixels, full_range=False)
    faded = blended([(Fraction(0), black((16, 16), pixels, full_range=False))], full_range=False)
    for frame in (empty, faded):
        assert np.ptp(frame.to_ndarray(format="rgb24").astype(int)) <= 1
        assert frame.to_ndarray(format="rgb24").max() <= 1
