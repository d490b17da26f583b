"""The palette of a film: hue, saturation and lightness over time, what its colour leans to, its contrast, and how far two palettes stand apart.

Pictures are coded RGB, shape (n, h, w, 3), full scale 1.0, as a display shows them. Hue is that of the hexcone (Smith, SIGGRAPH 1978), in degrees,
where orange is 30 and azure 210; lightness and contrast are CIE L*, 0 to 100.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from answerprint.signal import SignalError
from answerprint.signal.colour import lab

__all__ = ["AZURE", "BANDS", "NOTICED", "ORANGE", "Palette", "apart", "palette"]

Rgb = NDArray[np.float64]
Floats = NDArray[np.float64]

ORANGE, AZURE = 30.0, 210.0  #: the two ends of the look that is called teal and orange
_WITHIN = 30.0  #: degrees on either side
BANDS = 5  #: a column of the strip: so many colours from its darkest fifth to its lightest
#: What an eye just notices between two colours on a screen, in CIELAB (Mahy, Van Eycken & Oosterlinck, Color Res. Appl. 19(2), 1994).
NOTICED = 2.3
_LEVELS = 32  #: quantiles of a projection that are kept
#: The thirteen ways through the middle of a cube, one for each pair of opposite faces, edges and corners: projections are compared along each.
_WAYS = np.array([(x, y, z) for x in (-1, 0, 1) for y in (-1, 0, 1) for z in (-1, 0, 1) if (x, y, z) > (0, 0, 0)], dtype=np.float64)
_WAYS /= np.linalg.norm(_WAYS, axis=1, keepdims=True)
#: How much of a shift by one unit shows along these ways, over all directions of the shift: so that a palette shifted by 1 stands 1 apart.
_SEEN = 0.5
_BLACK = 5.0  #: L* up to which a whole frame is black, and no picture: the dark before and after a film is nobody's palette


@dataclass(frozen=True, kw_only=True)
class Palette:
    """What colours a film has. Every series has one entry a column, in the order of the film."""

    at_s: Floats
    hue_deg: Floats  #: of all the colour in a column, 0 to 360; NaN where it has none
    saturation: Floats  #: of the hexcone, 0 to 1: what is dark weighs as little as it shows
    lightness: Floats  #: mean L*
    contrast: Floats  #: L* that 5 % are lighter than, less the L* that 5 % are darker than
    strip: Floats  #: shape (columns, BANDS, 3): RGB of its darkest fifth first
    orange: float  #: share of all colour that lies within 30 degrees of orange, 0 to 1; 0 where there is no colour
    azure: float
    levels: Floats  #: shape (13, 32): the film's colours along each way through CIELAB, as quantiles

    @property
    def columns(self) -> int:
        return int(self.at_s.size)

    @property
    def pictures(self) -> NDArray[np.bool_]:
        """Which columns are more than black; all of them where none is."""
        lit = self.lightness > _BLACK
        return lit if lit.any() else np.ones_like(lit)

    def over_all(self, series: Floats) -> float:
        """The mean of one of its series over what is more than black."""
        return float(np.nanmean(series[self.pictures]))


def palette(frames: Rgb, at_s: Floats) -> Palette:
    """Measure a film's colours.

    Args:   frames: shape (n, h, w, 3), n >= 1; small copies do.  at_s: where each lies in the film.
    Raises: SignalError: there is no frame, or they are of another shape, or another number than the moments.
    """
    if frames.ndim != 4 or frames.shape[-1] != 3 or not frames.shape[0] or frames.shape[0] != len(at_s):
        raise SignalError(f"pictures of shape {frames.shape} for {len(at_s)} moments have no palette; one (h, w, 3) for each is needed.")
    rgb = np.clip(frames.reshape(frames.shape[0], -1, 3), 0, 1)
    seen = lab(rgb)
    lightness = seen[..., 0]
    high, low = rgb.max(axis=2), rgb.min(axis=2)
    colour = high - low
    degrees = _hue(rgb, colour)
    turn = np.exp(1j * np.radians(degrees))
    along = (colour * turn).sum(axis=1)
    hue = np.where(colour.sum(axis=1) > 0, np.degrees(np.angle(along)) % 360, np.nan)
    spread = np.percentile(lightness, (5, 95), axis=1)
    pictures = lightness.mean(axis=1) > _BLACK
    pictures = pictures if pictures.any() else np.ones_like(pictures)
    total = float(colour[pictures].sum())
    near = {middle: float(colour[pictures][_within(degrees[pictures], middle)].sum() / total) if total > 0 else 0.0 for middle in (ORANGE, AZURE)}
    return Palette(
        at_s=np.asarray(at_s, dtype=np.float64), hue_deg=hue, saturation=colour.sum(axis=1) / np.maximum(high.sum(axis=1), 1e-9), lightness=lightness.mean(axis=1),
        contrast=spread[1] - spread[0], strip=_strip(rgb, lightness), orange=near[ORANGE], azure=near[AZURE], levels=_along(seen[pictures].reshape(-1, 3)),
    )  # fmt: skip


def apart(first: Palette, second: Palette) -> float:
    """How far two palettes stand apart, in units of CIELAB: 0 for the same colours in the same amounts, 1 where one is the other shifted by 1.

    A sliced Wasserstein distance (Bonneel, Rabin, Peyré & Pfister, J. Math. Imaging Vision 51, 2015) along thirteen fixed ways. Where in the
    film, and where in the frame, a colour lies makes no difference.
    """
    return float(np.abs(first.levels - second.levels).mean() / _SEEN)


def _hue(rgb: Rgb, colour: Floats) -> Floats:
    red, green, blue = np.moveaxis(rgb, -1, 0)
    by = np.maximum(colour, 1e-9)
    top = rgb.argmax(axis=-1)
    degrees: Floats = 60 * np.choose(top, [((green - blue) / by) % 6, (blue - red) / by + 2, (red - green) / by + 4])
    return degrees


def _within(degrees: Floats, middle: float) -> NDArray[np.bool_]:
    return np.abs((degrees - middle + 180) % 360 - 180) <= _WITHIN


def _strip(rgb: Rgb, lightness: Floats) -> Floats:
    order = np.argsort(lightness, axis=1, kind="stable")
    sorted_ = np.take_along_axis(rgb, order[..., None], axis=1)
    return np.stack([part.mean(axis=1) for part in np.array_split(sorted_, BANDS, axis=1)], axis=1)


def _along(colours: Floats) -> Floats:
    places = (np.arange(_LEVELS) + 0.5) / _LEVELS
    levels: Floats = np.quantile(colours @ _WAYS.T, places, axis=0).T
    return levels
