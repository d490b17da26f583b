"""How two pictures of one set-up differ where a camera differed: exposure and white balance, as gains of light, and nothing else.

Pictures are RGB arrays, shape (..., 3), full scale 1.0. Coded ones follow ITU-R BT.709-6; light is what its camera curve took in, 1.0 at
white. A gain is told in stops. Whatever only a grade could do (contrast, hue, saturation) has no place here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from answerprint.signal import SignalError

__all__ = ["LOG_STOP", "STEP_STOPS", "Apart", "Curve", "alike", "apart", "coded", "curve", "difference", "lab", "light", "still", "wander"]

Rgb = NDArray[np.float64]

#: ITU-R BT.709-6, item 1.2: V = 1.099 L^0.45 - 0.099 from L = 0.018 up, 4.5 L below.
_KNEE, _TOE, _LIFT, _POWER = 0.018, 4.5, 0.099, 0.45
#: BT.709 primaries and white to CIE XYZ (IEC 61966-2-1, annex F), and the white itself.
_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])
_WHITE = _XYZ.sum(axis=1)
_LUMA = _XYZ[1]
#: ITU-R BT.1886: how a display shows the code.
_DISPLAY = 2.4
#: What is nearly black or nearly clipped in either picture tells of noise and of the sensor's end, not of a gain.
_DARK, _BRIGHT = 0.06, 0.94
#: Pixels agree about a gain within a quarter of a stop; what moved, or stands in another light, does not.
_AGREE_STOPS = 0.25
#: From so many pixels that agree the same things stand in both pictures; fewer, and the spread of all their levels is compared instead.
_SAME_SHARE = 0.35
#: A third of a stop is what a crew sets by; what differs by less between two takes is no step.
STEP_STOPS = 1 / 3
_LEAST_PIXELS = 64
#: How much a stop raises a camera log code, full scale 1.0: S-Log3 0.0769, LogC3 0.0744, V-Log 0.0727 (their makers' formulas, above the toe).
LOG_STOP = 0.075


@dataclass(frozen=True, kw_only=True)
class Apart:
    """How many stops brighter each channel would have to be for one picture to match another."""

    stops: tuple[float, float, float]
    share: float  #: of the pixels that could tell, those that agree: 0 to 1
    spread_stops: float  #: half of what agrees lies within this
    how: str  #: "pixels": the same things in both pictures; "levels": the spread of their levels

    @property
    def exposure_stops(self) -> float:
        """The gain of light as a whole."""
        return float(np.log2(_LUMA @ np.exp2(self.stops)))


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A gain of light on the coded picture as slope and power of one channel, and how far it is off."""

    slope: float
    power: float
    worst: float  #: largest difference from the exact gain between dark and clipped, full scale 1.0


def light(rgb: Rgb) -> Rgb:
    """Coded BT.709 back to the light that the camera took in; what is below black is black."""
    rgb = np.maximum(rgb, 0)
    return np.where(rgb < _TOE * _KNEE, rgb / _TOE, ((rgb + _LIFT) / (1 + _LIFT)) ** (1 / _POWER))


def coded(linear: Rgb) -> Rgb:
    """Light as BT.709 codes it. Above white it is not clipped."""
    linear = np.maximum(linear, 0)
    return np.where(linear < _KNEE, _TOE * linear, (1 + _LIFT) * linear**_POWER - _LIFT)


def still(frames: Rgb) -> Rgb:
    """A picture without who moves through it: the median over frames, shape (n, h, w, 3) to (h, w, 3)."""
    if frames.ndim != 4 or not frames.shape[0]:
        raise SignalError("there is no frame to take a still picture from.")
    return np.asarray(np.median(frames, axis=0), dtype=np.float64)


def apart(reference: Rgb, other: Rgb, *, log: bool = False, seen: tuple[Rgb, Rgb] | None = None) -> Apart | None:
    """How a picture differs from its reference by exposure and white balance alone.

    Args:    both coded, shapes (h, w, 3), of the same size.  log: coded as camera log, where a gain adds to the code: one stop is LOG_STOP.
             seen: the same two as people see them, which tell what is black and what is clipped; they themselves where not given.
    Returns: the gains that bring `other` to `reference`; None where too little of either can be measured, or where what can be does not
             agree about one gain.
    Raises:  SignalError: they have other shapes.
    """
    if reference.shape != other.shape or reference.ndim != 3:
        raise SignalError(f"pictures of {reference.shape} and {other.shape} cannot be compared; bring them to one size.")
    pair = [one.reshape(-1, 3) for one in (reference, other)]
    shown = [one.reshape(-1, 3) for one in seen] if seen is not None else pair
    return _by_pixels(pair, shown, log) or _by_levels(pair, shown, log)


def alike(reference: Rgb, other: Rgb) -> NDArray[np.bool_]:
    """Where two pictures, shapes (h, w, 3), can be compared: neither black nor clipped, and within half a stop of what most of it is apart by."""
    a, b = reference.reshape(-1, 3), other.reshape(-1, 3)
    tells = _tells(a) & _tells(b)
    if tells.sum() >= _LEAST_PIXELS:
        ratio = np.median(np.log2(np.maximum(light(a), 1e-4) / np.maximum(light(b), 1e-4)), axis=1)
        tells &= np.abs(ratio - _mode(ratio[tells])) <= 2 * _AGREE_STOPS
    return tells.reshape(reference.shape[:2])


def _ratio(a: Rgb, b: Rgb, log: bool) -> Rgb:
    """In stops."""
    return (a - b) / LOG_STOP if log else np.log2(light(a) / light(b))


def _by_pixels(pair: list[Rgb], seen: list[Rgb], log: bool) -> Apart | None:
    tells = _tells(seen[0]) & _tells(seen[1])
    if tells.sum() < _LEAST_PIXELS:
        return None
    ratio = _ratio(pair[0][tells], pair[1][tells], log)
    whole = np.median(ratio, axis=1)
    agree = np.abs(whole - _mode(whole)) <= _AGREE_STOPS
    share = float(agree.mean())
    if share < _SAME_SHARE or agree.sum() < _LEAST_PIXELS:
        return None
    return _found(ratio[agree], share, "pixels")


def _by_levels(pair: list[Rgb], seen: list[Rgb], log: bool) -> Apart | None:
    """The same share of the picture lies below the same level: true of a gain wherever things stand, as long as they are the same things."""
    shares = np.linspace(0.05, 0.95, 91)
    a, b = (np.quantile(one, shares, axis=0) for one in pair)
    first, second = (np.quantile(one, shares, axis=0) for one in seen)
    tells = _tells(first) & _tells(second)
    if tells.sum() < len(shares) // 3:
        return None
    ratio = _ratio(a[tells], b[tells], log)
    whole = ratio.mean(axis=1)
    agree = np.abs(whole - np.median(whole)) <= _AGREE_STOPS
    if agree.mean() < 0.75:
        return None
    return _found(ratio[agree], float(agree.mean()), "levels")


def _found(ratio: Rgb, share: float, how: str) -> Apart:
    middle = np.median(ratio, axis=0)
    spread = float(np.median(np.abs(ratio - middle)))
    return Apart(stops=(float(middle[0]), float(middle[1]), float(middle[2])), share=share, spread_stops=spread, how=how)


def _tells(rgb: Rgb) -> NDArray[np.bool_]:
    return np.asarray(((rgb > _DARK) & (rgb < _BRIGHT)).all(axis=1))


def _mode(values: Rgb) -> float:
    """Where values lie closest together: the half-sample mode (Bickel & Fruehwirth, Comput. Stat. Data Anal. 50, 2006)."""
    values = np.sort(values)
    while values.size > 3:
        half = (values.size + 1) // 2
        start = int(np.argmin(values[half - 1 :] - values[: values.size - half + 1]))
        values = values[start : start + half]
    return float(values.mean())


def curve(stops: float) -> Curve:
    """The ASC CDL of one channel that does on a coded picture what a gain does in light; black stays black.

    Slope and power are fitted to the exact curve over all codes that it does not clip, by least squares of the codes, with the black held.
    """
    code = np.linspace(_DARK, 1, 400)
    exact = coded(light(code) * 2.0**stops)
    kept = exact <= 1
    x, y = code[kept], exact[kept]
    slope, power = 2.0 ** (stops * _POWER), 1.0
    for _ in range(20):  # Gauss-Newton; it settles in six
        made = (slope * x) ** power
        jacobian = np.stack([power * made / slope, made * np.log(slope * x)], axis=1)
        step, *_ = np.linalg.lstsq(jacobian, y - made, rcond=None)
        slope, power = slope + float(step[0]), power + float(step[1])
        if np.abs(step).max() < 1e-9:
            break
    worst = float(np.abs((slope * x) ** power - y).max())
    return Curve(slope=slope, power=power, worst=worst)


def wander(frames: Rgb) -> NDArray[np.float64]:
    """How many stops brighter each frame of a take is than the take's own still picture: a cloud, a lamp that fails, flicker.

    Args: frames: coded BT.709, shape (n, h, w, 3).
    Returns: shape (n,); nan where a frame could not tell.
    """
    middle = still(frames).reshape(-1, 3)
    out = np.full(frames.shape[0], np.nan)
    for number, frame in enumerate(frames.reshape(frames.shape[0], -1, 3)):
        tells = _tells(frame) & _tells(middle)
        if tells.sum() >= _LEAST_PIXELS:
            out[number] = _mode(np.log2(light(frame[tells]) / light(middle[tells])).mean(axis=1))
    return out


# ---- how different colours look


def lab(rgb: Rgb) -> Rgb:
    """CIE L*a*b* of a coded picture as a BT.1886 display shows it, under its own white."""
    xyz = (np.clip(rgb, 0, 1) ** _DISPLAY) @ _XYZ.T / _WHITE
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], axis=-1)


def difference(first: Rgb, second: Rgb) -> NDArray[np.float64]:
    """CIEDE2000 of two arrays of L*a*b*, shape (..., 3) to (...).

    CIE 142-2001; written after Sharma, Wu & Dalal, Color Res. Appl. 30(1), 2005, whose test pairs it meets.
    """
    (l1, a1, b1), (l2, a2, b2) = np.moveaxis(first, -1, 0), np.moveaxis(second, -1, 0)
    mean_c = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(mean_c**7 / (mean_c**7 + 25.0**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    grey = c1 * c2 == 0
    turn = np.where(grey, 0, (h2 - h1 + 180) % 360 - 180)
    turn = np.where(~grey & (np.abs(h2 - h1) == 180), h2 - h1, turn)
    middle_h = np.where(grey, h1 + h2, np.where(np.abs(h1 - h2) <= 180, (h1 + h2) / 2, ((h1 + h2 + 360) / 2) % 360))
    dl, dc, dh = l2 - l1, c2 - c1, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    middle_l, middle_c = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1 - 0.17 * np.cos(np.radians(middle_h - 30)) + 0.24 * np.cos(np.radians(2 * middle_h)) + 0.32 * np.cos(np.radians(3 * middle_h + 6))
        - 0.20 * np.cos(np.radians(4 * middle_h - 63))
    )  # fmt: skip
    sl = 1 + 0.015 * (middle_l - 50) ** 2 / np.sqrt(20 + (middle_l - 50) ** 2)
    sc, sh = 1 + 0.045 * middle_c, 1 + 0.015 * middle_c * t
    rc = 2 * np.sqrt(middle_c**7 / (middle_c**7 + 25.0**7))
    rt = -np.sin(np.radians(60 * np.exp(-(((middle_h - 275) / 25) ** 2)))) * rc
    return np.asarray(np.sqrt(np.maximum((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rt * (dc / sc) * (dh / sh), 0)))
