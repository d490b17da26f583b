"""The set: a kitchen before dawn, out of focus behind the actor. Drawn for a 1920 x 1080 frame, at any size."""

from __future__ import annotations

import numpy as np
from PIL import Image

from sample.light import Array, Point, clouds, ellipse, glow, mask, mix, paint, ramp, relief, resized, rgb, soft, to_image

WINDOW = (210, -60, 1010, 720)  #: left, top, right, bottom
NIGHT = [(0.0, rgb("#0d1a2c")), (0.45, rgb("#223f5c")), (0.78, rgb("#5c7486")), (1.0, rgb("#b08b78"))]
DAWN = [(0.0, rgb("#31536f")), (0.40, rgb("#7d98a3")), (0.72, rgb("#e2b58b")), (1.0, rgb("#f6cf97"))]


def _box(left: float, top: float, right: float, bottom: float) -> list[Point]:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def background(size: tuple[int, int], scale: float, *, dawn: float, defocus: float, seed: int) -> Image.Image:
    """The room without anybody in it.

    Args: size: pixels of the canvas.  scale: canvas pixels per unit of a 1920-wide frame.
          dawn: 0 is before first light, 1 is sunrise.  defocus: blur radius in units.
    """
    rng = np.random.default_rng(seed)
    whole, size, scale = size, (size[0] // 2, size[1] // 2), scale / 2  # out of focus: half the pixels are enough
    width, height = size
    canvas = np.zeros((height, width, 3), np.float32)
    down, across = np.mgrid[0:height, 0:width].astype(np.float32) / scale

    def area(*polygons: list[Point]) -> Array:
        return mask(size, [[(x * scale, y * scale) for x, y in polygon] for polygon in polygons])

    # wall: plaster lit from the window at left and a lamp at right
    wall_dark, wall_lit = mix(rgb("#0c141c"), rgb("#1d2a33"), dawn), mix(rgb("#22343f"), rgb("#6d7a78"), dawn)
    spill = np.clip(1.15 - np.hypot((across - 700) / 1150, (down - 420) / 900), 0, 1)[..., None]
    canvas += np.asarray(wall_dark, np.float32) + (np.asarray(wall_lit, np.float32) - np.asarray(wall_dark, np.float32)) * spill
    plaster = resized(clouds((270, 480), rng), size, Image.Resampling.BICUBIC)
    canvas *= (0.92 + 0.16 * plaster)[..., None]

    # shelves, right, with what stands on them
    for row, (top, left) in enumerate(((250, 1240), (520, 1160))):
        paint(canvas, mix(rgb("#2a1c14"), rgb("#5a4130"), dawn), area(_box(left, top, 2100, top + 22)))
        x = left + 46.0
        while x < 1900:
            wide, tall = float(rng.uniform(46, 92)), float(rng.uniform(74, 168))
            colour = mix(rgb(str(rng.choice(["#3d2c22", "#5a3f2c", "#26383d", "#6b5540", "#31404a", "#7a4a32"]))), (0.8, 0.75, 0.65), 0.15 * dawn)
            jar = area(_box(x, top - tall, x + wide, top))
            paint(canvas, colour, jar, opacity=0.9)
            glow(canvas, rgb("#ffb469"), relief(jar, 14 * scale, (0.5, -0.6)), strength=0.35 if row == 0 else 0.22)
            glow(canvas, rgb("#8fb0c8"), relief(jar, 10 * scale, (-0.9, -0.1)), strength=0.22 + 0.25 * dawn)
            x += wide + float(rng.uniform(18, 60))
        paint(canvas, (0.01, 0.015, 0.02), soft(area(_box(left, top + 22, 2100, top + 70)), 20 * scale), opacity=0.55)

    # pendant lamp
    paint(canvas, rgb("#0a0c0e"), area(_box(1611, -80, 1615, 20)))
    halo = np.clip(1 - np.hypot(across - 1613, (down - 96) * 1.1) / 560, 0, 1) ** 2
    glow(canvas, rgb("#ff9d4d"), halo, strength=0.50 - 0.22 * dawn)
    shade = area([(1596, 14), (1630, 14), (1706, 86), (1520, 86)])
    paint(canvas, rgb("#15110e"), shade)
    glow(canvas, rgb("#ffe0b0"), area(ellipse((1613, 88), (88, 13))), strength=0.95)

    # window: sky, hills, a lit house far away, frame
    left, top, right, bottom = WINDOW
    pane = area(_box(left, top, right, bottom))
    night, day = ramp(height, NIGHT), ramp(height, DAWN)
    rows = np.clip(((np.arange(height) / scale - top) / (bottom - top) * height).astype(int), 0, height - 1)
    sky = (night + (day - night) * dawn)[rows][:, None, :]
    paint(canvas, sky, pane)
    far = [(left, 640.0)] + [(x, 606 - 34 * np.sin(x / 150) - 22 * np.sin(x / 61 + 1)) for x in np.linspace(left, right, 60).tolist()]
    near = [(left, 700.0)] + [(x, 664 - 20 * np.sin(x / 97 + 2) - 12 * np.sin(x / 33)) for x in np.linspace(left, right, 80).tolist()]
    hills = mix(rgb("#1b2f40"), rgb("#7d7f78"), dawn)
    paint(canvas, hills, area([*far, (right, bottom), (left, bottom)]) * pane)
    paint(canvas, mix(hills, (0.02, 0.03, 0.04), 0.6), area([*near, (right, bottom), (left, bottom)]) * pane)
    for x, y, r in ((405, 640, 7), (432, 646, 5), (718, 628, 6), (742, 634, 4), (905, 652, 6)):
        disc = soft(area(ellipse((x, y), (r * 2.2, r * 2.2))), 2 * scale)
        glow(canvas, rgb("#ffc27a"), disc * pane, strength=0.75 * (1 - 0.8 * dawn))
    bars = area(_box(left - 26, top, left, bottom), _box(right, top, right + 26, bottom), _box(596, top, 616, bottom), _box(left, 316, right, 332),
                _box(left - 60, bottom, right + 60, bottom + 34))  # fmt: skip
    paint(canvas, mix(rgb("#0e1419"), rgb("#41423f"), dawn), bars)
    glow(canvas, mix(rgb("#7ea0bd"), rgb("#ffe2b8"), dawn), relief(bars, 9 * scale, (-0.6, -0.5)), strength=0.45)
    haze = soft(pane, 150 * scale)
    glow(canvas, mix(rgb("#6d93b5"), rgb("#ffd9a6"), dawn), haze, strength=0.10 + 0.17 * dawn)

    canvas = soft(canvas, max(0.6, defocus * scale))

    # the counter runs out of the bottom of the frame, nearer, so sharper
    table = area(_box(-100, 900, 2200, 1300))
    plank = resized(clouds((40, 480), rng, coarse=5), size, Image.Resampling.BICUBIC)
    wood = np.asarray(mix(rgb("#1b110b"), rgb("#4a3222"), dawn), np.float32) * (0.72 + 0.55 * plank)[..., None]
    paint(canvas, wood, table)
    sheen = np.clip(1 - np.abs(across - 600) / 560, 0, 1) ** 1.5 * np.clip(1 - (down - 900) / 190, 0, 1) * table
    glow(canvas, mix(rgb("#6f93ad"), rgb("#ffd6a0"), dawn), sheen, strength=0.34 + 0.2 * dawn)
    warm = np.clip(1 - np.abs(across - 1650) / 420, 0, 1) ** 2 * np.clip(1 - (down - 900) / 170, 0, 1) * table
    glow(canvas, rgb("#ff9d4d"), warm, strength=0.26)
    edge = soft(area(_box(-100, 896, 2200, 904)), 3 * scale)
    glow(canvas, mix(rgb("#88a8bf"), rgb("#ffe0b0"), dawn), edge * np.clip(1.2 - np.abs(across - 700) / 900, 0, 1), strength=0.5)
    return to_image(canvas).resize(whole, Image.Resampling.BICUBIC)


def _foot() -> list[Point]:
    """The rounded lower half of the cup, right to left."""
    turn = np.linspace(0, np.pi, 40)
    x = 140 + 71 * np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** 0.55
    y = 130 + 78 * np.sin(turn) ** 0.55
    return list(zip(x.tolist(), y.tolist(), strict=True))


def cup(size: tuple[int, int], *, dawn: float) -> Image.Image:
    """A stoneware cup with its shadow, RGBA, filling the picture; coffee not seen from here."""
    width, height = size
    unit = width / 300
    area_size = (width, height)

    def area(*polygons: list[Point]) -> Array:
        return mask(area_size, [[(x * unit, y * unit) for x, y in polygon] for polygon in polygons])

    body = area([(62, 40), (218, 40), (211, 130), *_foot()], ellipse((140, 40), (78, 14)))
    ring = area(ellipse((226, 112), (42, 48))) * (1 - area(ellipse((224, 112), (25, 31)))) * (1 - body)
    shadow = soft(area(ellipse((160, 210), (118, 12))), 7 * unit)
    colour = np.zeros((height, width, 3), np.float32) + np.asarray((0.015, 0.012, 0.01), np.float32)
    clay = mix(rgb("#1b1f21"), rgb("#5d564d"), dawn * 0.7)
    paint(colour, clay, np.clip(body + ring, 0, 1))
    lit = relief(np.clip(body + ring, 0, 1), 26 * unit, (-1.0, -0.15))
    glow(colour, mix(rgb("#9fc0d8"), rgb("#ffe3bd"), dawn), lit, strength=0.50)
    glow(colour, rgb("#ff9d4d"), relief(np.clip(body + ring, 0, 1), 14 * unit, (1.0, -0.2)), strength=0.32)
    paint(colour, (0.02, 0.018, 0.017), area(ellipse((140, 40), (70, 10))))
    glow(colour, mix(rgb("#9fc0d8"), rgb("#ffe3bd"), dawn), area(ellipse((140, 40), (78, 14))) - area(ellipse((140, 41), (73, 11))), strength=0.55)
    alpha = np.clip(body + ring + shadow * 0.7, 0, 1)
    return to_image(np.concatenate([colour, alpha[..., None]], -1))
