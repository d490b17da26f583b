"""Light on flat shapes: splines, gradients, a soft relief, film grain. Everything the drawn pictures are made of."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

Array = npt.NDArray[np.float32]
Point = tuple[float, float]
Rgb = tuple[float, float, float]

SUPERSAMPLE = 2


def spline(points: list[Point], *, steps: int = 10) -> list[Point]:
    """A closed Catmull-Rom curve through the points."""
    ring = np.asarray(points, np.float64)
    before, after, beyond = np.roll(ring, 1, 0), np.roll(ring, -1, 0), np.roll(ring, -2, 0)
    t = np.linspace(0, 1, steps, endpoint=False)[:, None, None]
    curve = 0.5 * (
        2 * ring + (after - before) * t + (2 * before - 5 * ring + 4 * after - beyond) * t**2 + (3 * ring - before - 3 * after + beyond) * t**3
    )
    return [(float(x), float(y)) for x, y in curve.transpose(1, 0, 2).reshape(-1, 2)]


def mask(size: tuple[int, int], polygons: list[list[Point]], *, cut: list[list[Point]] = []) -> Array:  # noqa: B006 - never changed
    """Coverage 0..1 of filled polygons, edges smoothed; shape (height, width)."""
    big = Image.new("L", (size[0] * SUPERSAMPLE, size[1] * SUPERSAMPLE), 0)
    draw = ImageDraw.Draw(big)
    for value, group in ((255, polygons), (0, cut)):
        for polygon in group:
            draw.polygon([(x * SUPERSAMPLE, y * SUPERSAMPLE) for x, y in polygon], fill=value)
    return from_image(big.resize(size, Image.Resampling.BOX))


def ellipse(centre: Point, radii: Point, *, tilt_deg: float = 0.0) -> list[Point]:
    """An ellipse as a polygon of 72 corners."""
    angle = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    x, y = radii[0] * np.cos(angle), radii[1] * np.sin(angle)
    tilt = np.deg2rad(tilt_deg)
    return list(zip(
        (centre[0] + x * np.cos(tilt) - y * np.sin(tilt)).tolist(), (centre[1] + x * np.sin(tilt) + y * np.cos(tilt)).tolist(), strict=True
    ))  # fmt: skip


def from_image(image: Image.Image) -> Array:
    plane: Array = np.asarray(image, np.float32) / np.float32(255)
    return plane


def to_image(array: Array) -> Image.Image:
    return Image.fromarray((np.clip(array, 0, 1) * 255 + 0.5).astype(np.uint8))


def soft(field: Array, radius: float) -> Array:
    """A Gaussian blur in floats (eight bits would show as weave in the relief); worked small where the radius allows it."""
    if field.ndim == 3:
        return np.stack([soft(field[..., i], radius) for i in range(field.shape[2])], -1)
    height, width = field.shape
    shrink = max(1, int(radius / 3))
    small = resized(field, (max(2, width // shrink), max(2, height // shrink)), Image.Resampling.BOX)
    sigma = max(0.3, radius / shrink)
    reach = int(3 * sigma) + 1
    bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2).astype(np.float32)
    bell /= bell.sum()
    for axis in (0, 1):
        padded = np.pad(small, [(reach, reach) if axis == i else (0, 0) for i in (0, 1)], mode="edge")
        length = small.shape[axis]
        blurred = np.zeros_like(small)
        for i, weight in enumerate(bell):
            blurred += weight * (padded[i : i + length] if axis == 0 else padded[:, i : i + length])
        small = blurred
    return resized(small, (width, height), Image.Resampling.BICUBIC)


def resized(field: Array, size: tuple[int, int], how: Image.Resampling) -> Array:
    """A plane of floats at another size (width, height)."""
    if (field.shape[1], field.shape[0]) == size:
        return field
    return np.asarray(Image.fromarray(field.astype(np.float32), mode="F").resize(size, how), np.float32)


def relief(shape: Array, radius: float, towards: Point) -> Array:
    """How much a rounded body of this outline faces a light standing at `towards`; 0..1, strongest along that edge."""
    height = soft(shape, radius)
    slope_y, slope_x = np.gradient(height)
    lit: Array = (np.clip(-(slope_x * towards[0] + slope_y * towards[1]) * radius * 2.2, 0, 1) * shape).astype(np.float32)
    return lit


def paint(canvas: Array, colour: Array | Rgb, cover: Array, *, opacity: float = 1.0) -> None:
    """Lay a colour over the canvas where `cover` says, in place."""
    alpha = (cover * opacity)[..., None]
    canvas[..., :3] += (np.asarray(colour, np.float32) - canvas[..., :3]) * alpha


def glow(canvas: Array, colour: Rgb, cover: Array, *, strength: float = 1.0) -> None:
    """Add light, as a screen does, in place."""
    canvas[..., :3] = 1 - (1 - np.clip(canvas[..., :3], 0, 1)) * (1 - np.clip(np.asarray(colour, np.float32) * (cover * strength)[..., None], 0, 1))


def ramp(size: int, stops: list[tuple[float, Rgb]]) -> Array:
    """Colours along a line of `size` pixels through the stops (position 0..1, colour); shape (size, 3)."""
    at = np.linspace(0, 1, size)
    places = [place for place, _ in stops]
    return np.stack([np.interp(at, places, [colour[i] for _, colour in stops]) for i in range(3)], -1).astype(np.float32)


def rgb(text: str) -> Rgb:
    """ "#1d2b36" as three numbers 0..1."""
    return (int(text[1:3], 16) / 255, int(text[3:5], 16) / 255, int(text[5:7], 16) / 255)


def mix(first: Rgb, second: Rgb, amount: float) -> Rgb:
    return (first[0] + (second[0] - first[0]) * amount, first[1] + (second[1] - first[1]) * amount, first[2] + (second[2] - first[2]) * amount)


def clouds(shape: tuple[int, int], rng: np.random.Generator, *, coarse: int = 6) -> Array:
    """Smooth noise 0..1 that tiles in both directions: three octaves, each half as strong."""
    total: Array = np.zeros(shape, np.float32)
    for octave in range(3):
        grid = rng.random((coarse * 2**octave, coarse * 2**octave)).astype(np.float32)
        tiled: Array = resized(np.tile(grid, (3, 3)), (shape[1] * 3, shape[0] * 3), Image.Resampling.BICUBIC)
        np.add(total, tiled[shape[0] : 2 * shape[0], shape[1] : 2 * shape[1]] * np.float32(0.5**octave), out=total)
    low, high = float(total.min()), float(total.max())
    return (total - low) / (high - low)


def grain(size: tuple[int, int], rng: np.random.Generator, *, strength: float) -> Image.Image:
    """A plate of film grain around mid grey, a little larger than the frame so that it can be moved every frame."""
    width, height = size[0] + 128, size[1] + 128
    noise = rng.standard_normal((height, width)).astype(np.float32)
    clumped = (noise + np.roll(noise, 1, 0) + np.roll(noise, 1, 1)) / np.sqrt(3)
    plane = to_image(0.5 + clumped * strength)
    return Image.merge("RGB", (plane, plane, plane))
