"""The product shot: a cup on the counter, a copper pot's spout, the pour."""

from __future__ import annotations

import numpy as np
from PIL import Image

from sample.light import Array, Point, ellipse, glow, mask, mix, paint, relief, rgb, soft, spline, to_image

CUP = (1000, 800)  #: units of the cup's picture
RIM: Point = (960.0, 560.0)  #: where the middle of the cup's opening lies in a 1920 x 1080 frame
TIP: Point = (1046.0, 190.0)  #: where the spout lets go


def big_cup(scale: float, *, dawn: float, fill: float) -> tuple[Image.Image, tuple[int, int]]:
    """The cup, RGBA, and its corner in the frame. `fill`: 0 empty .. 1 a finger under the rim."""
    size = (int(CUP[0] * scale), int(CUP[1] * scale))
    middle, rim_y = 430.0, 130.0

    def area(*polygons: list[Point]) -> Array:
        return mask(size, [[(x * scale, y * scale) for x, y in polygon] for polygon in polygons])

    turn = np.linspace(0, np.pi, 60)
    foot = list(zip((middle + 262 * np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** 0.6).tolist(), (330 + 196 * np.sin(turn) ** 0.6).tolist(), strict=True))
    opening = ellipse((middle, rim_y), (282, 62))
    body = area([(middle - 282, rim_y), (middle + 282, rim_y), *foot], opening)
    handle = area(ellipse((middle + 318, 285), (140, 142), tilt_deg=6)) * (1 - area(ellipse((middle + 312, 283), (92, 98), tilt_deg=6)))
    solid = np.clip(body + handle * (1 - body), 0, 1)
    down, across = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32) / scale
    colour = np.zeros((size[1], size[0], 3), np.float32)
    paint(colour, mix(rgb("#161b1e"), rgb("#3d3c39"), dawn), solid)
    speckle = np.random.default_rng(5).random((size[1], size[0])).astype(np.float32)
    paint(colour, rgb("#0a0c0d"), soft((speckle > 0.9985).astype(np.float32), 1.3 * scale) * 6 * solid, opacity=0.8)
    window, lamp = mix(rgb("#a5c8e2"), rgb("#ffdfb2"), dawn), rgb("#ff9d4d")
    glow(colour, window, relief(solid, 90 * scale, (-1.0, -0.05)), strength=0.42)
    streak = np.exp(-(((across - (middle - 205)) / 16) ** 2)) * np.clip((down - 190) / 60, 0, 1) * np.clip((470 - down) / 120, 0, 1)
    glow(colour, window, streak.astype(np.float32) * body, strength=0.50)
    glow(colour, lamp, relief(solid, 60 * scale, (1.0, -0.1)), strength=0.34)
    band = np.exp(-(((down - 318 - 16 * np.sqrt(np.clip(1 - ((across - middle) / 275) ** 2, 0, 1))) / 5) ** 2))
    paint(colour, rgb("#c9a47a"), band.astype(np.float32) * body * (1 - handle), opacity=0.30)
    # lip, inside, coffee
    glow(colour, window, area(opening), strength=0.50)
    inside = area(ellipse((middle, rim_y + 4), (266, 53)))
    paint(colour, rgb("#0c0a09"), inside)
    glow(colour, window, relief(inside, 40 * scale, (0.9, 0.2)) * inside, strength=0.16)
    level = rim_y + 58 - 44 * fill
    coffee = area(ellipse((middle, level), (228 + 26 * fill, 44 + 5 * fill))) * inside
    paint(colour, rgb("#1d0d06"), coffee)
    ring = np.clip(relief(coffee, 9 * scale, (0.3, 1.0)) + relief(coffee, 9 * scale, (-0.6, -0.9)), 0, 1)
    glow(colour, rgb("#c0713a"), ring, strength=0.55)
    sky = np.exp(-(((across - (middle - 95)) / 75) ** 2) - ((down - level + 8) / 11) ** 2).astype(np.float32)
    glow(colour, window, sky * coffee, strength=0.42)
    shadow = soft(area(ellipse((middle + 60, 532), (430, 34))), 22 * scale)
    alpha = np.clip(solid + shadow * 0.8 * (1 - solid), 0, 1)
    paint(colour, (0.02, 0.015, 0.012), 1 - solid)
    return to_image(np.concatenate([colour, alpha[..., None]], -1)), (int((RIM[0] - middle) * scale), int((RIM[1] - rim_y) * scale))


def spout(scale: float, *, dawn: float) -> tuple[Image.Image, tuple[int, int]]:
    """The pot's neck and shoulder entering at the upper right, RGBA, and its corner in the frame."""
    corner, size = (1000, -40), (int(1020 * scale), int(620 * scale))
    upper = [(1040.0, 196.0), (1052, 168), (1120, 128), (1220, 132), (1330, 190), (1430, 262), (1540, 270), (1640, 130), (1700, -60), (2060, -60)]
    lower = [(2060.0, 470.0), (1800, 520), (1640, 430), (1530, 360), (1400, 330), (1290, 262), (1200, 190), (1124, 172), (1070, 196), (1050, 206)]

    def area(polygon: list[Point]) -> Array:
        return mask(size, [[((x - corner[0]) * scale, (y - corner[1]) * scale) for x, y in polygon]])

    metal = area(spline([*upper, *lower]))
    colour = np.zeros((size[1], size[0], 3), np.float32) + np.asarray(mix(rgb("#23130c"), rgb("#5e3119"), dawn), np.float32)
    window, lamp = mix(rgb("#9fc3de"), rgb("#ffe0b6"), dawn), rgb("#ff9a48")
    glow(colour, rgb("#b5622f"), relief(metal, 46 * scale, (-0.5, -1.0)), strength=0.55)
    glow(colour, window, relief(metal, 14 * scale, (-0.6, -1.0)), strength=0.75)
    glow(colour, lamp, relief(metal, 26 * scale, (0.4, 1.0)), strength=0.42)
    return to_image(np.concatenate([soft(colour, 1.2 * scale), soft(metal, 1.4 * scale)[..., None]], -1)), (int(corner[0] * scale), int(corner[1] * scale))


def stream(scale: float, *, flow: float, phase: float, level: float) -> tuple[Image.Image, tuple[int, int]]:
    """Coffee falling from the spout to the cup, RGBA, and its corner in the frame. `flow` 0..1, `level` 0..1 as in `big_cup`."""
    corner = (880, 170)
    end_y = RIM[1] + 50 - 40 * level
    size = (int(230 * scale), int((end_y + 20 - corner[1]) * scale))
    y = np.linspace(TIP[1] + 4, end_y, 46)
    fall = (y - TIP[1]) / (end_y - TIP[1])
    centre = TIP[0] - 70 * np.sqrt(np.clip(fall, 0, 1)) - 6 * fall
    half = (8.5 - 4.2 * fall + 0.9 * np.sin(fall * 23 - phase) * fall) * flow
    edge = [*zip((centre - half).tolist(), y.tolist(), strict=True), *zip((centre + half)[::-1].tolist(), y[::-1].tolist(), strict=True)]
    light = [*zip((centre - half * 0.7).tolist(), y.tolist(), strict=True), *zip((centre - half * 0.15)[::-1].tolist(), y[::-1].tolist(), strict=True)]

    def area(polygon: list[Point]) -> Array:
        return mask(size, [[((px - corner[0]) * scale, (py - corner[1]) * scale) for px, py in polygon]])

    cover = area(edge)
    splash = area(ellipse((float(centre[-1]), end_y), (26 * flow + 4 * np.sin(phase * 1.7), 6 * flow)))
    colour = np.zeros((size[1], size[0], 3), np.float32) + np.asarray(rgb("#2b1308"), np.float32)
    glow(colour, rgb("#ffc48a"), area(light), strength=0.62)
    glow(colour, rgb("#c0713a"), splash, strength=0.6)
    alpha = np.clip(cover * 0.92 + splash * 0.55, 0, 1)
    return to_image(np.concatenate([colour, alpha[..., None]], -1)), (int(corner[0] * scale), int(corner[1] * scale))
