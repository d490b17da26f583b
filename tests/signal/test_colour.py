"""How two pictures differ by a camera's gain; CIEDE2000 against its authors' pairs."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from answerprint.signal import SignalError, colour

#: Sharma, Wu & Dalal, Color Res. Appl. 30(1), 2005, table 1: pairs 1, 4, 7, 9, 10, 13, 16, 20, 25, 34.
PAIRS = [
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425), ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000), ((50, 0, 0), (50, -1, 2), 2.3669),
    ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792), ((50, 2.49, -0.001), (50, -2.49, 0.001), 7.1792), ((50, -0.001, 2.49), (50, 0.0009, -2.49), 4.8045),
    ((50, 2.5, 0), (50, 0, -2.5), 4.3065), ((50, 2.5, 0), (58, 24, 15), 19.4535), ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "expected"), PAIRS)
def test_ciede2000_meets_its_authors_pairs(first: tuple[float, ...], second: tuple[float, ...], expected: float) -> None:
    assert float(colour.difference(np.array(first, float), np.array(second, float))) == pytest.approx(expected, abs=1e-4)


def picture() -> NDArray[np.float64]:
    return np.random.default_rng(5).uniform(0.1, 0.6, (24, 32, 3))


def test_a_gain_is_found_though_a_third_of_the_picture_is_another() -> None:
    first = picture()
    second = colour.coded(colour.light(first) * np.exp2((-0.8, -0.8, -0.8)))
    second[:8] = np.random.default_rng(6).uniform(0.1, 0.6, (8, 32, 3))
    found = colour.apart(first, second)
    assert found is not None
    assert found.how == "pixels"
    assert found.stops == pytest.approx((0.8, 0.8, 0.8), abs=0.03)


def test_pictures_of_other_things_tell_nothing() -> None:
    flat = np.full((24, 32, 3), 0.3)
    flat[:, 16:] = 0.02
    assert colour.apart(flat, np.full((24, 32, 3), 0.01)) is None
    with pytest.raises(SignalError, match="bring them to one size"):
        colour.apart(picture(), picture()[:8])


@pytest.mark.parametrize("stops", [-1.0, -0.3, 0.3, 1.0])
def test_slope_and_power_do_what_a_gain_of_light_does_within_what_they_say(stops: float) -> None:
    made = colour.curve(stops)
    code = np.linspace(0.06, 1, 200)
    exact = colour.coded(colour.light(code) * 2.0**stops)
    off = np.abs((made.slope * code) ** made.power - exact)[exact <= 1]
    assert off.max() <= made.worst + 1e-3 < 0.02


def test_a_cloud_of_seven_tenths_is_seen_as_such() -> None:
    first = picture()
    frames = np.stack([first] * 5 + [colour.coded(colour.light(first) * 2**-0.7)] * 4)
    stops = colour.wander(frames)
    assert np.nanmax(stops) - np.nanmin(stops) == pytest.approx(0.7, abs=0.02)
