"""The ColorChecker in a frame: where its 24 patches are, and what they should look like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerprint.media import MediaError
from answerprint.signal import colour

__all__ = ["PATCHES", "Chart", "apart", "find", "patches", "published", "read"]

Rgb = NDArray[np.float64]
ROWS, COLUMNS = 4, 6
PATCHES = ROWS * COLUMNS
#: X-Rite's published sRGB values of the ColorChecker Classic, dark skin to black, row by row.
_SRGB = (
    (115, 82, 68), (194, 150, 130), (98, 122, 157), (87, 108, 67), (133, 128, 177), (103, 189, 170),
    (214, 126, 44), (80, 91, 166), (193, 90, 99), (94, 60, 108), (157, 188, 64), (224, 163, 46),
    (56, 61, 150), (70, 148, 73), (175, 54, 60), (231, 199, 31), (187, 86, 149), (8, 133, 161),
    (243, 243, 242), (200, 200, 200), (160, 160, 160), (122, 122, 121), (85, 85, 85), (52, 52, 52),
)  # fmt: skip
#: Where patches lie in the box that OpenCV finds, in parts of its sides: patches of 2.5 with gaps of 0.25 around each (its chart model).
_CELL, _GAP = 2.5, 0.25
_CLIPPED = 0.985
_SCALES, _LARGEST = (2.0, 3.0), 2000  #: small charts are found in larger pictures, up to so many pixels along the long side
#: Over seven photos of real charts: a true box agrees with the published colours by 0.95 and more; one that is mirrored by 0.35 at the most.
_AGREES = 0.85


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart that was found."""

    corners: Rgb  #: shape (4, 2), x and y in pixels: at dark skin, bluish green, black, white
    values: Rgb  #: the patches' colours as they are coded, shape (24, 3)
    clipped: NDArray[np.bool_]  #: which of them the camera clipped, shape (24,)


def published() -> Rgb:
    """The patches' colours as a BT.1886 display shows them from code, shape (24, 3)."""
    srgb = np.array(_SRGB) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)  # IEC 61966-2-1
    return np.asarray(linear ** (1 / 2.4), dtype=np.float64)


def find(rgb: Rgb) -> Chart | None:
    """Find a chart in a frame, shape (h, w, 3), as people see it, whichever way up. None where there is none, or something lies over it.

    Raises: MediaError: OpenCV is not installed.
    """
    try:
        import cv2

        detector: Any = cv2.mcc.CCheckerDetector_create()  # type: ignore[attr-defined]
    except (ImportError, AttributeError) as cause:
        raise MediaError("finding a ColorChecker needs OpenCV. Install it: pip install 'answerprint[vision]', or match to a take instead.") from cause
    detector.setColorChartType(cv2.mcc.MCC24)
    picture = np.ascontiguousarray(np.rint(np.clip(rgb[..., ::-1], 0, 1) * 255).astype(np.uint8))
    longest = max(rgb.shape[:2])
    for scale in (1.0, *(scale for scale in _SCALES if longest * scale <= _LARGEST)):
        size = (round(rgb.shape[1] * scale), round(rgb.shape[0] * scale))
        if not detector.process(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), 3):
            continue
        for box in sorted(detector.getListColorChecker(), key=lambda one: float(one.getCost())):
            found = patches(rgb, np.array(box.getBox(), dtype=np.float64) / scale)
            if found is not None:
                return found
    return None


def patches(rgb: Rgb, corners: Rgb) -> Chart | None:
    """Read the patches of a chart whose corners are known, shape (4, 2), going round from any of them; None where they are not a chart's colours."""
    best: tuple[float, Chart] | None = None
    for start in range(4):
        turned = np.roll(corners, -start, axis=0)
        chart = Chart(corners=turned, values=(values := read(rgb, turned)), clipped=np.asarray((values >= _CLIPPED).any(axis=1)))
        agrees = _agrees(values)
        if best is None or agrees > best[0]:
            best = (agrees, chart)
    return best[1] if best is not None and best[0] >= _AGREES else None


def read(rgb: Rgb, corners: Rgb) -> Rgb:
    """The median colour of the middle of each patch."""
    across, down = COLUMNS * (_CELL + _GAP) + _GAP, ROWS * (_CELL + _GAP) + _GAP
    plane = _homography(np.array([[0, 0], [across, 0], [across, down], [0, down]], dtype=np.float64), corners)
    inner = np.linspace(-0.3, 0.3, 9) * _CELL
    out = np.zeros((PATCHES, 3))
    for number in range(PATCHES):
        row, column = divmod(number, COLUMNS)
        x, y = (_GAP + _CELL / 2 + (_CELL + _GAP) * place for place in (column, row))
        grid = np.stack(np.meshgrid(x + inner, y + inner), axis=-1).reshape(-1, 2)
        at = np.concatenate([grid, np.ones((len(grid), 1))], axis=1) @ plane.T
        pixel = np.rint(at[:, :2] / at[:, 2:]).astype(int)
        columns, rows = np.clip(pixel[:, 0], 0, rgb.shape[1] - 1), np.clip(pixel[:, 1], 0, rgb.shape[0] - 1)
        out[number] = np.median(rgb[rows, columns], axis=0)
    return out


def _homography(flat: Rgb, seen: Rgb) -> Rgb:
    """The 3 x 3 matrix that takes four points of a plane to where a camera sees them."""
    rows, goal = [], []
    for (x, y), (u, v) in zip(flat, seen, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        goal += [u, v]
    return np.append(np.linalg.solve(np.array(rows), np.array(goal)), 1).reshape(3, 3)


def _agrees(values: Rgb) -> float:
    """How far the patches' colours go as the published ones do, 1 at most: levels and colours, each against its own mean."""
    first, second = (np.concatenate([one, 2 * (one - one.mean(axis=1, keepdims=True))], axis=1) for one in (values, published()))
    first, second = first - first.mean(axis=0), second - second.mean(axis=0)
    size = float(np.sqrt((first**2).sum() * (second**2).sum()))
    return float((first * second).sum() / size) if size > 0 else 0.0


def apart(values: Rgb) -> NDArray[np.float64]:
    """CIEDE2000 of each patch to what it should look like, shape (24,)."""
    return colour.difference(colour.lab(values), colour.lab(published()))
