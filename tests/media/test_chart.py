"""A ColorChecker is read whichever way up, and its correction brings it to its published colours."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from answerprint.correcting.charting import fitted
from answerprint.media import chart


def drawn() -> NDArray[np.float64]:
    """A chart of 6 x 4 patches on black, as it is published, shape (225, 335, 3)."""
    picture = np.zeros((225, 335, 3))
    for number, colour in enumerate(chart.published()):
        row, column = divmod(number, 6)
        picture[5 + 55 * row : 55 + 55 * row, 5 + 55 * column : 55 + 55 * column] = colour
    return picture


CORNERS = np.array([[0, 0], [335, 0], [335, 225], [0, 225]], dtype=np.float64)


@pytest.mark.parametrize("start", [0, 1, 2, 3])
def test_patches_are_read_from_any_corner(start: int) -> None:
    found = chart.patches(drawn(), np.roll(CORNERS, start, axis=0))
    assert found is not None
    assert np.abs(found.values - chart.published()).max() < 1e-9


def test_what_is_no_chart_is_refused() -> None:
    assert chart.patches(np.random.default_rng(1).uniform(0, 1, (225, 335, 3)), CORNERS) is None
    covered = drawn()
    covered[:, :170] = 0.3
    assert chart.patches(covered, CORNERS) is None


def test_a_camera_that_saw_it_too_warm_and_too_dark_is_brought_back() -> None:
    wrong = np.clip(chart.published() * (0.95, 0.8, 0.6), 0, 1) ** 1.1
    cdl, found = fitted(wrong, np.ones(24, bool), None)
    assert found.after < 0.5 < found.before
    assert chart.apart(cdl.apply(wrong)).max() < 2
