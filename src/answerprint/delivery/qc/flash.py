"""Flashes, after ITU-R BT.1702: pairs of opposing changes of brightness, or of saturated red, over a quarter of the picture.

The Recommendation's limits for SDR: a change of 20 cd/m2 or more where the darker picture is below 160 cd/m2; more than a quarter of the screen
at once; not more than three flashes (six changes) in a second; a change to or from saturated red counts the same at any brightness. Screen
brightness is taken as 200 cd/m2 for white with a display of BT.1886. This is a pre-check: broadcasters ask for a certificate of a named analyser.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from answerprint.delivery.qc.records import Pass, windows
from answerprint.model.delivery import Finding

__all__ = ["Flashes", "check", "harmful"]

Cells = NDArray[np.float32]

GRID = (18, 32)  #: cells in which a picture is looked at: as many as tell a quarter of it to one part in 144
WHITE_CD = 200.0
_STEP_CD, _DARK_CD = 20.0, 160.0
_AREA = 0.25
_CHANGES = 6  #: of three flashes
_GAMMA = 2.4  #: BT.1886 with a black of zero
_RED_STEP, _RED_SHARE = 20.0, 0.8  #: saturated red: R / (R + G + B), and 320 (R - G - B) has to change by this (Harding and Binnie, as WCAG 2.1 quotes them)
_TOGETHER = 3  #: frames over which the parts of one change add up: cells of one flash cross the threshold a frame or two apart
SOURCE = "ITU-R BT.1702: no more than three flashes in a second over a quarter of the picture. A pre-check, not a certificate"


class _Turns:
    """Follows each cell's swings, and says when a quarter of them turned by a step the same way."""

    def __init__(self) -> None:
        self._top: Cells | None = None
        self._low: Cells | None = None
        self._way = np.zeros(GRID, np.int8)
        self._since = {1: np.full(GRID, -99, np.int32), -1: np.full(GRID, -99, np.int32)}
        self._frame = -1

    def low(self, otherwise: Cells) -> Cells:
        """The darkest that each cell was since it last turned down."""
        return otherwise if self._low is None else self._low

    def see(self, value: Cells, step: float, valid_up: NDArray[np.bool_], valid_down: NDArray[np.bool_]) -> int:
        self._frame += 1
        if self._top is None or self._low is None:
            self._top, self._low = value.copy(), value.copy()
            return 0
        up = (value - self._low >= step) & (self._way != 1) & valid_up
        down = (self._top - value >= step) & (self._way != -1) & valid_down
        self._way[up], self._way[down] = 1, -1
        # after a turn its far end is looked for from here on
        self._top = np.where(up, value, np.maximum(self._top, value))
        self._low = np.where(down, value, np.minimum(self._low, value))
        said = 0
        for way, turned in ((1, up), (-1, down)):
            self._since[way][turned] = self._frame
            lately = self._since[way] > self._frame - _TOGETHER
            if turned.any() and lately.mean() >= _AREA:
                said = way
                self._since[way][lately] = -99
        return said


class Flashes:
    """Fed a picture at a time: the means of 18 x 32 cells, Y'CbCr of BT.709 in 8-bit legal range, shape (18, 32, 3)."""

    def __init__(self) -> None:
        self._light, self._red = _Turns(), _Turns()
        self._saturated = np.zeros(GRID, bool)

    def see(self, ycc: Cells) -> tuple[int, int]:
        """+1, -1 or 0 for brightness and for red."""
        luma = (ycc[..., 0] - 16) / 219
        blue, red = (ycc[..., 1] - 128) / 224, (ycc[..., 2] - 128) / 224
        rgb = np.stack([luma + 1.5748 * red, luma - 0.1873 * blue - 0.4681 * red, luma + 1.8556 * blue], axis=-1)
        linear = np.clip(rgb, 0, 1) ** _GAMMA
        light = (WHITE_CD * (linear @ np.array([0.2126, 0.7152, 0.0722], np.float32))).astype(np.float32)
        bright = self._light.see(light, _STEP_CD, self._light.low(light) < _DARK_CD, light < _DARK_CD)
        total = linear.sum(axis=-1)
        saturated = (linear[..., 0] >= _RED_SHARE * total) & (total > 0.02)
        redness = 320 * np.clip(linear[..., 0] - linear[..., 1] - linear[..., 2], 0, None)
        reddened = self._red.see(redness.astype(np.float32), _RED_STEP, saturated, self._saturated | saturated)
        self._saturated = saturated | (self._saturated & (redness > _RED_STEP))
        return bright, reddened


def harmful(turns: NDArray[np.int16], per_second: float) -> list[tuple[int, int]]:
    """Half-open stretches with more than three flashes within a second.

    Args: turns: one a frame: +1, -1, 0. Of turns the same way in a row the first counts.
    """
    at: list[int] = []
    last = 0
    for frame in np.flatnonzero(turns).tolist():
        if turns[frame] != last:
            at.append(frame)
            last = int(turns[frame])
    found: list[tuple[int, int]] = []
    for first, end in zip(at, at[_CHANGES:]):
        if end - first < per_second:
            if found and first <= found[-1][1]:
                found[-1] = (found[-1][0], end + 1)
            else:
                found.append((first, end + 1))
    return found


def check(passed: Pass) -> list[Finding]:
    """Flashes, and flashes of saturated red."""
    found = []
    for name, turns, what in (("flash", passed.seen.flashes, "flashes"), ("red flash", passed.seen.red, "flashes of saturated red")):
        runs = harmful(turns, float(passed.rate))
        if runs:
            fastest = max(int(np.count_nonzero(turns[first:end])) / ((end - first) / float(passed.rate)) / 2 for first, end in runs)
            says = f"{what} over a quarter of the picture or more, faster than three in a second. Have it analysed, or slow it down"
            found.append(
                Finding(
                    check=name, weight="WARN", says=says, where=windows(runs), measured=f"up to {fastest:.1f} in a second", allowed="3 in a second", source=SOURCE
                )
            )
    return found
