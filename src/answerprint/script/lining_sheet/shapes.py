"""The strokes of a hand: a wavy line, a grease-pencil circle, the stripes of a slate. Cubic curves, the same on screen and paper."""

from __future__ import annotations

import math

from answerprint.script.lining_sheet.records import SWING

__all__ = ["Curve", "Point", "circle", "stripes", "wave"]

Point = tuple[float, float]
Curve = tuple[Point, list[tuple[Point, Point, Point]]]  #: a start, then (control, control, end) of each part

_WAVE = 6.0  #: half a wave: one wave to a typed line
_TURNS = 1.07  #: a circle drawn by hand runs past its own beginning


def wave(x: float, top: float, bottom: float) -> Curve:
    """A line that swings SWING points to either side of x and ends on x."""
    count = max(2, round((bottom - top) / _WAVE))
    step = (bottom - top) / count
    out = []
    for n in range(count):
        y, side = top + n * step, x + (SWING if n % 2 == 0 else -SWING) / 0.75
        out.append(((side, y + step / 3), (side, y + step * 2 / 3), (x, y + step)))
    return (x, top), out


def circle(x: float, y: float, wide: float, tall: float, seed: int) -> Curve:
    """Once around (x, y) and a little on, no two alike: radii about `wide` and `tall`."""
    count = 13
    phase = -2.2 + 0.35 * math.sin(seed * 2.4)
    points = []
    for n in range(-1, count + 2):
        turn = phase - n / count * _TURNS * 2 * math.pi
        swell = 1 + 0.035 * math.sin(1.7 * turn + seed) + 0.09 * max(0, n) / count
        points.append((x + wide * swell * math.cos(turn), y + tall * swell * math.sin(turn)))
    out = []
    for a, b, c, d in zip(points, points[1:], points[2:], points[3:]):
        out.append(((b[0] + (c[0] - a[0]) / 6, b[1] + (c[1] - a[1]) / 6), (c[0] - (d[0] - b[0]) / 6, c[1] - (d[1] - b[1]) / 6), c))
    return points[1], out


def stripes(left: float, top: float, right: float, tall: float) -> list[tuple[Point, Point, Point, Point]]:
    """The dark bars of a clapper stick, four corners each."""
    out = []
    at = left + 1.5
    while at + 3.2 + tall * 0.6 < right:
        out.append(((at, top + tall), (at + tall * 0.6, top), (at + 3.2 + tall * 0.6, top), (at + 3.2, top + tall)))
        at += 6.4
    return out
