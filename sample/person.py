"""The actor: a profile against the window, lit by its light. The jaw opens with the voice, hair moves with the wind."""

from __future__ import annotations

import numpy as np
from PIL import Image

from sample.light import Array, Point, ellipse, glow, mask, mix, paint, relief, rgb, soft, spline, to_image

#: outline of the face in head heights, looking left: crown at (0, 0), chin near (-0.35, 0.97)
_BROW_TO_LIP: list[Point] = [
    (-0.06, -0.005), (-0.24, 0.06), (-0.352, 0.18), (-0.392, 0.30), (-0.402, 0.365), (-0.372, 0.425), (-0.408, 0.505), (-0.462, 0.585),
    (-0.494, 0.628), (-0.468, 0.660), (-0.398, 0.672), (-0.402, 0.705), (-0.424, 0.738), (-0.402, 0.758),
]  # fmt: skip
_LIP_TO_CHIN: list[Point] = [(-0.398, 0.766), (-0.418, 0.792), (-0.378, 0.832), (-0.384, 0.885), (-0.362, 0.950), (-0.290, 0.985)]
_JAW_TO_NECK: list[Point] = [(-0.180, 0.962), (-0.085, 1.00), (-0.068, 1.12), (-0.10, 1.55), (0.42, 1.55), (0.335, 1.10), (0.345, 0.92)]
_SKULL: list[Point] = [(0.415, 0.74), (0.462, 0.50), (0.430, 0.26), (0.300, 0.075), (0.11, -0.005)]
_HAIR: list[Point] = [
    (-0.345, 0.175), (-0.300, 0.055), (-0.170, -0.020), (0.02, -0.050), (0.22, -0.020), (0.40, 0.10), (0.492, 0.33), (0.490, 0.58), (0.435, 0.80),
    (0.372, 0.93), (0.318, 0.90), (0.270, 0.78), (0.205, 0.66), (0.120, 0.60), (0.075, 0.66), (0.045, 0.62), (0.035, 0.48), (-0.02, 0.345), (-0.14, 0.265),
    (-0.255, 0.225),
]  # fmt: skip
_HINGE: Point = (0.06, 0.60)
WIDE, TALL = 1.70, 1.75  #: of the head's picture, in head heights
_ORIGIN: Point = (0.85, 0.16)  #: where the crown lies in it


def _swing(points: list[Point], degrees: float) -> list[Point]:
    angle = np.deg2rad(degrees)
    return [
        (_HINGE[0] + (x - _HINGE[0]) * np.cos(angle) + (y - _HINGE[1]) * np.sin(angle),
         _HINGE[1] - (x - _HINGE[0]) * np.sin(angle) + (y - _HINGE[1]) * np.cos(angle))
        for x, y in points
    ]  # fmt: skip


def head(tall: int, *, mouth: float, wind: float, dawn: float) -> Image.Image:
    """Head and neck, RGBA, in a picture of WIDE x TALL head heights.

    Args: tall: head height in pixels.  mouth: 0 closed .. 1 wide.  wind: 0 still .. 1, how far hair is blown back.
    """
    size = (int(WIDE * tall), int(TALL * tall))

    def area(polygon: list[Point]) -> Array:
        return mask(size, [[((x + _ORIGIN[0]) * tall, (y + _ORIGIN[1]) * tall) for x, y in polygon]])

    inner: list[Point] = [(-0.385 + 0.06 * mouth, 0.762)]
    jaw = _swing(_LIP_TO_CHIN, 7.0 * mouth)
    face = area(spline([*_BROW_TO_LIP, *inner, *jaw, *_JAW_TO_NECK, *_SKULL]))
    lift = 0.075 * wind
    strands = [(x + (lift * (0.6 - y) if y < 0.3 else 0.3 * lift), y - lift * max(0.0, 0.35 - y) * (1.4 if x < 0 else 0.7)) for x, y in _HAIR]
    hair = area(spline(strands))
    for lock in range(7):  # loose hair at the forehead and the crown
        root_x, root_y = -0.29 + 0.075 * lock, 0.13 - 0.165 * np.sin(np.pi * (lock + 1) / 9)
        bend, rise = 0.055 + 0.19 * wind, 0.02 + 0.06 * wind * (1 + 0.4 * np.sin(lock * 2.1))
        tip = (root_x - 0.05 * (1 - wind) + bend * 0.8, root_y - rise)
        hair = np.maximum(hair, area(spline([(root_x - 0.02, root_y + 0.03), (root_x + bend * 0.3, root_y - rise * 0.9), tip, (root_x + 0.05, root_y + 0.03)])))

    window, lamp = mix(rgb("#9cc3e0"), rgb("#ffdcae"), dawn), rgb("#ff9a4a")
    colour = np.zeros((size[1], size[0], 3), np.float32) + np.asarray(mix(rgb("#1c1413"), rgb("#4a3025"), 0.25 + 0.6 * dawn), np.float32)
    down = (np.arange(size[1], dtype=np.float32) / tall - _ORIGIN[1])[:, None]
    across = (np.arange(size[0], dtype=np.float32) / tall - _ORIGIN[0])[None, :]

    def dim(where: tuple[float, float, float, float], amount: float) -> None:
        x, y, wide, high = where
        paint(colour, (0.04, 0.025, 0.025), np.exp(-(((across - x) / wide) ** 2) - ((down - y) / high) ** 2).astype(np.float32), opacity=amount)

    # the face turns from the window: bright along its edge, falling off over the cheek
    skin = mix(rgb("#b98a72"), rgb("#e0a682"), dawn)
    broad = (np.clip(-across * 2.0 - 0.12, 0, 1) * np.clip(1.25 - np.maximum(down, 0), 0.1, 1)).astype(np.float32)
    paint(colour, skin, broad * face, opacity=0.16 + 0.34 * dawn)
    glow(colour, window, relief(face, 0.085 * tall, (-1.0, -0.25)), strength=0.28 + 0.2 * dawn)
    glow(colour, window, relief(face, 0.022 * tall, (-1.0, -0.35)), strength=0.60)
    dim((-0.325, 0.425, 0.07, 0.035), 0.62)  # eye socket
    dim((-0.21, 0.72, 0.10, 0.12), 0.30)  # hollow of the cheek
    dim((-0.30, 0.86, 0.16, 0.12), 0.28)  # stubble
    dim((-0.40, 0.835, 0.04, 0.014), 0.45)  # under the lip
    dim((0.02, 1.06, 0.26, 0.11), 0.75)  # shadow of the jaw on the neck
    paint(colour, rgb("#5a2a26"), area(spline([(-0.430, 0.735), (-0.40, 0.715), (-0.345, 0.752), (-0.385, 0.762)])) * face, opacity=0.34)
    paint(colour, rgb("#5a2a26"), area(spline(_swing([(-0.424, 0.790), (-0.40, 0.768), (-0.345, 0.762), (-0.372, 0.806)], 7.0 * mouth))) * face, opacity=0.34)
    if mouth > 0.05:
        gap = area(spline([(-0.412, 0.757), (-0.355, 0.752), (-0.325, 0.768), *_swing([(-0.355, 0.765), (-0.41, 0.772)], 7.0 * mouth)]))
        paint(colour, rgb("#14080a"), soft(gap, 0.004 * tall), opacity=0.9)
    else:
        paint(colour, rgb("#1c0e0e"), soft(area(spline([(-0.412, 0.757), (-0.36, 0.754), (-0.332, 0.762), (-0.36, 0.764)])), 0.003 * tall), opacity=0.8)
    # eye, brow, nostril
    paint(colour, rgb("#cfc6bd"), area(spline([(-0.352, 0.447), (-0.325, 0.430), (-0.288, 0.446), (-0.322, 0.460)])) * face, opacity=0.14 + 0.22 * dawn)
    paint(colour, rgb("#0c0808"), area(ellipse((-0.334, 0.444), (0.017, 0.018))) * face, opacity=0.95)
    paint(colour, rgb("#0d0807"), soft(area(spline([(-0.362, 0.437), (-0.325, 0.420), (-0.272, 0.447), (-0.325, 0.432)])), 0.003 * tall), opacity=0.95)
    paint(colour, rgb("#0f0a09"), soft(area(spline([(-0.398, 0.362), (-0.345, 0.338), (-0.255, 0.368), (-0.34, 0.360)])), 0.005 * tall), opacity=0.9)
    paint(colour, rgb("#120a09"), soft(area(ellipse((-0.432, 0.652), (0.020, 0.008), tilt_deg=-12)), 0.004 * tall) * face, opacity=0.7)
    # ear
    ear = area(ellipse((0.082, 0.550), (0.052, 0.092), tilt_deg=-14))
    paint(colour, mix(rgb("#2b1d1a"), skin, 0.10 + 0.3 * dawn), ear)
    glow(colour, window, relief(ear, 0.02 * tall, (-0.9, -0.4)), strength=0.30)
    dim((0.085, 0.56, 0.028, 0.055), 0.7)

    shade = np.asarray(mix(rgb("#0b0908"), rgb("#231712"), dawn), np.float32)
    outside = hair * (1 - ear * 0.96)
    paint(colour, shade, outside)
    wave = 0.5 + 0.5 * np.sin((across * 46 + down * 21) + 5 * np.sin(across * 7 + down * 5))
    glow(colour, window, relief(hair, 0.05 * tall, (-0.8, -0.75)) * (0.45 + 0.55 * wave) * (1 - ear), strength=0.42)
    rim = np.clip(face + hair, 0, 1)
    glow(colour, lamp, relief(rim, 0.030 * tall, (1.0, -0.35)) * (0.6 + 0.4 * wave), strength=0.42)
    return to_image(np.concatenate([colour, rim[..., None]], -1))


_BODY: list[Point] = [
    (-0.155, 1.215), (-0.125, 1.165), (0.05, 1.20), (0.30, 1.175), (0.385, 1.135), (0.43, 1.19), (0.70, 1.32), (0.96, 1.52), (1.12, 1.90), (1.20, 2.60),
    (1.20, 3.2), (-0.70, 3.2), (-0.66, 2.40), (-0.60, 1.95), (-0.47, 1.60), (-0.30, 1.37),
]  # fmt: skip


def body(tall: int, *, dawn: float) -> tuple[Image.Image, tuple[int, int]]:
    """Shoulders in a knitted jumper, RGBA, and where its corner lies from the crown of the head, in pixels."""
    corner = (-0.95, 1.05)
    size = (int(2.35 * tall), int(1.45 * tall))

    def area(polygon: list[Point]) -> Array:
        return mask(size, [[((x - corner[0]) * tall, (y - corner[1]) * tall) for x, y in polygon]])

    shape = area(spline(_BODY))
    down, across = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32) / tall
    colour = np.zeros((size[1], size[0], 3), np.float32) + np.asarray(mix(rgb("#0d1317"), rgb("#2b3735"), dawn * 0.8), np.float32)
    knit = 0.9 + 0.1 * np.sin(across * 150) * (0.6 + 0.4 * np.sin(down * 95))
    colour *= knit[..., None]
    window = mix(rgb("#8db4d2"), rgb("#ffd9ab"), dawn)
    glow(colour, window, relief(shape, 0.20 * tall, (-1.0, -0.5)) * knit, strength=0.16 + 0.2 * dawn)
    glow(colour, window, relief(shape, 0.03 * tall, (-1.0, -0.5)) * knit, strength=0.34)
    glow(colour, rgb("#ff9a4a"), relief(shape, 0.07 * tall, (0.8, -0.8)) * knit, strength=0.40)
    for start, end, bend in (((-0.10, 1.40), (-0.30, 2.3), 0.12), ((0.52, 1.48), (0.40, 2.4), -0.10), ((0.25, 1.35), (0.1, 1.9), 0.05)):
        fold = [(start[0], start[1]), ((start[0] + end[0]) / 2 + bend, (start[1] + end[1]) / 2), end, ((start[0] + end[0]) / 2 + bend + 0.03, (start[1] + end[1]) / 2)]
        paint(colour, (0.01, 0.015, 0.02), soft(area(spline(fold)), 0.03 * tall), opacity=0.55)
    collar = area(spline([
        (-0.135, 1.205), (-0.075, 1.178), (0.12, 1.222), (0.29, 1.190), (0.352, 1.140), (0.392, 1.165), (0.345, 1.235), (0.13, 1.290), (-0.06, 1.262), (-0.150, 1.240),
    ]))  # fmt: skip
    paint(colour, mix(rgb("#0d1317"), rgb("#2a3634"), dawn * 0.8), collar)
    glow(colour, window, relief(collar, 0.025 * tall, (-0.8, -0.8)), strength=0.45)
    whole = np.clip(shape + collar, 0, 1)
    return to_image(np.concatenate([colour, whole[..., None]], -1)), (int(corner[0] * tall), int(corner[1] * tall))


def origin(tall: int) -> tuple[int, int]:
    """Where the crown lies in the head's picture, in pixels."""
    return int(_ORIGIN[0] * tall), int(_ORIGIN[1] * tall)
