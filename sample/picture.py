"""Frames of a clip: the set, the actor who speaks with the voice, slate, steam, curtain, wind, the pour; then breath and grain.

Everything that stands still is drawn once. What moves is a small picture laid over it, so a 1080-line frame costs some 40 ms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops

from sample import clapper, kitchen, person, product
from sample.light import Array, clouds, grain, mix, resized, rgb, to_image

DRAWN = 1440  #: pixels across that the set is drawn at; larger frames are enlarged from it, under grain of their own size
MARGIN = 1.04  #: the set is drawn larger than the frame, so that the camera can breathe
MOUTHS = 6  #: jaw positions drawn
WINDS = 5  #: hair positions drawn


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What the camera looks at."""

    kind: Literal["person", "product"]
    dawn: tuple[float, float]  #: light at the first and last frame, 0 night .. 1 sunrise
    head: int = 520  #: head height in units of a 1920 x 1080 frame
    crown: tuple[int, int] = (1150, 185)  #: where the crown of the head is
    zoom: tuple[float, float, float] = (1.0, 0.5, 0.5)  #: how far the background is magnified, and about which point (0..1)
    defocus: float = 9.0
    cup: tuple[int, int] | None = (480, 756)


@dataclass(frozen=True, kw_only=True)
class SlateMove:
    """When the slate is in the picture. `clap_frame` is the first frame with the sticks together."""

    clap_frame: int
    first: int
    last: int
    tail: bool
    says: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Motion:
    """One number a frame: how wide the mouth, how strong the wind, how full the stream and the cup."""

    mouth: npt.NDArray[np.float64]
    wind: npt.NDArray[np.float64]
    flow: npt.NDArray[np.float64]
    filled: npt.NDArray[np.float64]
    slates: tuple[SlateMove, ...] = ()
    speed: float = 1.0  #: seconds of the world in one second of screen: 0.5 for slow motion


@dataclass
class Frames:
    """The pictures of one clip, by frame number."""

    scene: Scene
    motion: Motion
    size: tuple[int, int]
    rate: Fraction
    seed: int
    _lit: dict[int, Image.Image] = field(default_factory=dict)

    def __post_init__(self) -> None:
        width = min(self.size[0], DRAWN)
        self._inside = (width, width * self.size[1] // self.size[0])
        self._scale = width * MARGIN / 1920
        self._canvas = (round(width * MARGIN), round(self._inside[1] * MARGIN))
        rng = np.random.default_rng(self.seed)
        self._ends = (self._set(self.scene.dawn[0]), self._set(self.scene.dawn[1]))
        self._grain = [grain(self.size, rng, strength=0.013) for _ in range(2)]
        self._shift = rng.integers(0, 128, size=(len(self.motion.mouth), 2))
        self._steam = clouds((512, 128), np.random.default_rng(11), coarse=5)
        self._tall = int(self.scene.head * self._scale)
        if self.scene.kind == "person":
            self._head = lru_cache(maxsize=64)(lambda mouth, wind, dawn: person.head(self._tall, mouth=mouth, wind=wind, dawn=dawn))
        else:
            self._cup = lru_cache(maxsize=24)(lambda fill: product.big_cup(self._scale, dawn=self._dawn(0), fill=fill))
            self._spout = product.spout(self._scale, dawn=self._dawn(0))

    def _dawn(self, frame: int) -> float:
        first, last = self.scene.dawn
        return first + (last - first) * frame / max(1, len(self.motion.mouth) - 1)

    def _set(self, dawn: float) -> Image.Image:
        """The part of the picture that stands still, in one light."""
        base = kitchen.background(self._canvas, self._scale, dawn=dawn, defocus=self.scene.defocus / self.scene.zoom[0], seed=3)
        zoom, x, y = self.scene.zoom
        if zoom != 1.0:
            wide, high = self._canvas[0] / zoom, self._canvas[1] / zoom
            left, top = (self._canvas[0] - wide) * x, (self._canvas[1] - high) * y
            base = base.resize(self._canvas, Image.Resampling.BICUBIC, box=(left, top, left + wide, top + high))
        if self.scene.cup is not None:
            cup = kitchen.cup((int(300 * self._scale), int(240 * self._scale)), dawn=dawn)
            base.paste(cup, (int(self.scene.cup[0] * self._scale), int(self.scene.cup[1] * self._scale)), cup)
        return base

    def frame(self, number: int) -> npt.NDArray[np.uint8]:
        """Frame `number` from 0, shape (height, width, 3), sRGB."""
        seconds = float(number / self.rate) * self.motion.speed
        wind = float(self.motion.wind[number])
        step = number // 8
        if step not in self._lit:
            self._lit = {step: Image.blend(self._ends[0], self._ends[1], step * 8 / max(1, len(self.motion.mouth) - 1))}
        image = self._lit[step].copy()
        self._curtain(image, seconds, wind, self._dawn(number))
        if self.scene.kind == "person":
            if self.scene.cup is not None:
                self._plume(image, (self.scene.cup[0] + 140, self.scene.cup[1] + 40), (210, 330), seconds, wind, 0.75)
            self._actor(image, number, seconds, wind)
        else:
            self._pour(image, number, seconds)
            self._plume(image, (int(product.RIM[0]) - 30, int(product.RIM[1]) + 20), (430, 560), seconds, wind, 0.70 * float(self.motion.filled[number]))
        for slate in self.motion.slates:
            if slate.first <= number < slate.last:
                self._slate(image, slate, number)
        return self._film(image, number, seconds)

    def _film(self, image: Image.Image, number: int, seconds: float) -> npt.NDArray[np.uint8]:
        """The camera breathes, the stock has grain."""
        (width, height), (inside_x, inside_y) = self.size, self._inside
        slack_x, slack_y = self._canvas[0] - inside_x, self._canvas[1] - inside_y
        left = slack_x * (0.5 + 0.20 * np.sin(seconds * 0.61 + self.seed) + 0.07 * np.sin(seconds * 1.9))
        top = slack_y * (0.5 + 0.22 * np.sin(seconds * 0.47 + 2 + self.seed) + 0.06 * np.sin(seconds * 2.3))
        seen = image.resize(self.size, Image.Resampling.BICUBIC if width > inside_x else Image.Resampling.BILINEAR,
                            box=(left, top, left + inside_x, top + inside_y))  # fmt: skip
        x, y = self._shift[number]
        plate = self._grain[number % 2].crop((int(x), int(y), int(x) + width, int(y) + height))
        return np.asarray(ImageChops.add(seen, plate, 1.0, -128), np.uint8)

    def _actor(self, image: Image.Image, number: int, seconds: float, wind: float) -> None:
        mouth = round(float(self.motion.mouth[number]) * (MOUTHS - 1)) / (MOUTHS - 1)
        blown = round(wind * (WINDS - 1)) / (WINDS - 1)
        light = sum(self.scene.dawn) / 2
        head = self._head(mouth, blown, light)
        nod = 0.9 * np.sin(seconds * 0.8) + 0.5 * np.sin(seconds * 2.1) + 2.6 * (float(self.motion.mouth[max(0, number - 5) : number + 6].mean()) - 0.15)
        sway = (2.2 * np.sin(seconds * 0.9 + 1) * self._scale, 1.6 * np.sin(seconds * 1.3) * self._scale)
        ox, oy = person.origin(self._tall)
        pivot = (ox + 0.15 * self._tall, oy + 1.15 * self._tall)
        cos, sin = np.cos(np.deg2rad(nod)), np.sin(np.deg2rad(nod))
        turned = head.transform(
            head.size, Image.Transform.AFFINE,
            (cos, sin, pivot[0] - cos * (pivot[0] + sway[0]) - sin * (pivot[1] + sway[1]),
             -sin, cos, pivot[1] + sin * (pivot[0] + sway[0]) - cos * (pivot[1] + sway[1])),
            Image.Resampling.BILINEAR,
        )  # fmt: skip
        crown = (int(self.scene.crown[0] * self._scale), int(self.scene.crown[1] * self._scale))
        image.paste(turned, (crown[0] - ox, crown[1] - oy), turned)
        body, corner = _body(self._tall, light)
        rise = round(1.5 * np.sin(seconds * 1.5) * self._scale)
        image.paste(body, (crown[0] + corner[0], crown[1] + corner[1] + rise), body)

    def _pour(self, image: Image.Image, number: int, seconds: float) -> None:
        filled = round(float(self.motion.filled[number]) * 12) / 12
        cup, corner = self._cup(filled)
        image.paste(cup, corner, cup)
        flow = float(self.motion.flow[number])
        lift = int((1 - min(1.0, flow * 3)) * -36 * self._scale)
        if flow > 0.05:
            stream, place = product.stream(self._scale, flow=flow, phase=seconds * 21, level=filled)
            image.paste(stream, place, stream)
        pot, place = self._spout
        image.paste(pot, (place[0] - lift // 2, place[1] + lift), pot)

    def _plume(self, image: Image.Image, foot: tuple[int, int], size: tuple[int, int], seconds: float, wind: float, strength: float) -> None:
        """Steam: two sheets of cloud that rise at different speeds, inside a plume that leans with the wind."""
        if strength < 0.01:
            return
        high, wide = 132, 84
        rows = np.arange(high)
        slow = self._steam[(rows[:, None] + int(seconds * 46)) % 512, (np.arange(wide)[None, :]) % 128]
        fast = self._steam[(rows[:, None] + int(seconds * 71) + 200) % 512, (np.arange(wide)[None, :] + 40) % 128]
        up = (1 - rows / high)[:, None]  # 0 at the cup, 1 where it has gone
        lean = 0.5 + 0.06 * np.sin(up * 5 - seconds * 1.7) * up * 2 + 0.62 * wind * up**1.5
        across = (np.arange(wide) / wide)[None, :]
        plume = np.exp(-(((across - lean) / (0.07 + 0.17 * up)) ** 2)) * np.clip(up * 9, 0, 1) * np.clip((1 - up) * 1.6, 0, 1) ** 1.3
        cover: Array = (plume * np.clip(slow * 1.5 + fast * 0.9 - 0.85, 0, 1) * strength * (1 - 0.4 * wind)).astype(np.float32)
        target = (int(size[0] * self._scale), int(size[1] * self._scale))
        place = (int((foot[0] - size[0] / 2) * self._scale), int((foot[1] - size[1]) * self._scale))
        veil = to_image(resized(cover, target, Image.Resampling.BICUBIC))
        image.paste(_eight_bit(mix(rgb("#c3d6e4"), rgb("#fff0da"), self._dawn(0))), (*place, place[0] + target[0], place[1] + target[1]), veil)

    def _curtain(self, image: Image.Image, seconds: float, wind: float, dawn: float) -> None:
        """A sheer curtain at the window's left, out of focus; it fills when the wind comes."""
        zoom, cx, cy = self.scene.zoom
        wide, high = 640, 830
        rows, columns = 84, 72
        y, x = np.mgrid[0:rows, 0:columns]
        x, y = x / columns, y / rows
        reach = 0.30 + 0.012 * np.sin(seconds * 0.8 + y * 4) + wind * (0.42 + 0.10 * np.sin(seconds * 7 + y * 5)) * np.sin(np.pi * np.clip(y * 0.62, 0, 1)) ** 1.3
        fold = x / reach
        lit = 0.52 + 0.26 * np.sin(fold * 26 + 1.8 * np.sin(y * 3 + seconds * 0.7) + wind * 2.4 * np.sin(seconds * 6 + y * 6)) + 0.14 * np.sin(fold * 57 + y * 2)
        edge = np.clip((1.0 - fold) * 12, 0, 1)
        colour = np.asarray(mix(rgb("#5f7d96"), rgb("#f1d9b8"), dawn))[None, None, :] * (0.55 + 0.65 * lit[..., None])
        sheer = (edge * (0.62 - 0.30 * lit) * np.clip((1 - y) * 14, 0, 1) * np.clip(x * 16, 0, 1)).astype(np.float32)
        canvas_w, canvas_h = self._canvas
        left = (150 * self._scale - (canvas_w - canvas_w / zoom) * cx) * zoom
        top = (-60 * self._scale - (canvas_h - canvas_h / zoom) * cy) * zoom
        target = (int(wide * self._scale * zoom), int(high * self._scale * zoom))
        cloth = to_image(colour.astype(np.float32)).resize(target, Image.Resampling.BICUBIC)
        image.paste(cloth, (int(left), int(top)), to_image(sheer).resize(target, Image.Resampling.BICUBIC))

    def _slate(self, image: Image.Image, slate: SlateMove, number: int) -> None:
        to_clap = slate.clap_frame - number
        opened = 0.0 if to_clap <= 0 else (15.0 if to_clap >= 3 else (11.0, 5.0)[2 - to_clap])
        board = _board(self._scale, tuple(slate.says.items()), opened, slate.tail, sum(self.scene.dawn) / 2)
        away = max(0.0, 1 - (number - slate.first) / 9, 1 - (slate.last - 1 - number) / 8)
        drift = np.sin(number * 0.13) * 5, np.sin(number * 0.19 + 1) * 4
        x = int((640 + drift[0]) * self._scale)
        ease = away * away * 900 * self._scale
        y = int(((270 if not slate.tail else 60) + drift[1]) * self._scale + (-ease if slate.tail else ease))
        image.paste(board, (x, y), board)


@lru_cache(maxsize=64)
def _board(scale: float, says: tuple[tuple[str, str], ...], opened: float, tail: bool, light: float) -> Image.Image:
    return clapper.board(scale, dict(says), open_deg=opened, tail=tail, light=light)


@lru_cache(maxsize=8)
def _body(tall: int, dawn: float) -> tuple[Image.Image, tuple[int, int]]:
    return person.body(tall, dawn=dawn)


def _eight_bit(colour: tuple[float, float, float]) -> tuple[int, int, int]:
    """A colour of 0..1 as PIL takes it."""
    return (round(colour[0] * 255), round(colour[1] * 255), round(colour[2] * 255))
