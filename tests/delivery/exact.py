"""Random cuts, and what each of their frames and samples must be, worked out without the code that is held to it."""

from __future__ import annotations

import random
from bisect import bisect_right
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from answerprint.model.delivery import PictureSpec, SoundSpec, Spec
from tests.delivery.rushes import RATE_HZ, clip, cut, gap, rush

NTSC24, NTSC30 = Fraction(24000, 1001), Fraction(30000, 1001)
RATES = {"23.976": (NTSC24, False), "24": (Fraction(24), False), "25": (Fraction(25), False), "29.97 DF": (NTSC30, True), "50": (Fraction(50), False)}
SIZE = (160, 96)
FFV1 = Spec(
    name="exact", title="Exact", source="the tests", dated="2026-11-22", container="mkv", picture=PictureSpec(codec="ffv1"), sound=SoundSpec(codec="pcm_s24le"),
)  # fmt: skip


@dataclass(frozen=True)
class Rush:
    """A clip and when each of its frames is first on screen, in seconds from its first."""

    path: Path
    medium: int
    rate: Fraction
    shown_s: tuple[Fraction, ...]

    def frame_at(self, at_s: Fraction) -> int:
        return max(0, bisect_right(self.shown_s, at_s) - 1)


def shoot(home: Path, rates: list[Fraction], *, frames: int = 90) -> list[Rush]:
    """A clip at each rate, and one whose camera dropped frames."""
    made = []
    for medium, rate in enumerate(rates, 1):
        path = rush(home / f"R{medium:03d}.mov", medium, frames=frames, rate=rate, size=SIZE, timecode="09:59:59:00")
        made.append(Rush(path, medium, rate, tuple(Fraction(n) / rate for n in range(frames))))
    rng = random.Random(7)
    slots = [0]
    while len(slots) < frames:
        slots.append(slots[-1] + rng.choice([1, 1, 1, 1, 2, 3]))
    medium = len(rates) + 1
    path = rush(home / f"R{medium:03d}.mov", medium, frames=frames, rate=Fraction(25), size=SIZE, stamps=[slot * 3600 for slot in slots], sound=False)
    return [*made, Rush(path, medium, Fraction(25), tuple(Fraction(slot, 25) for slot in slots))]


@dataclass
class Laid:
    """A cut, and what must come out: (frame, medium) for each frame, 24-bit values for each sample."""

    timeline: Any
    pictures: list[tuple[int, int]] = field(default_factory=list)
    sound: np.ndarray = field(default_factory=lambda: np.zeros((2, 0), np.int64))
    edges: int = 0


def random_cut(rushes: list[Rush], rate: Fraction, *, drop: bool, shots: int, seed: int) -> Laid:
    """Shots of 1 to 14 frames at all speeds, gaps; sound that is cut before and after its picture, to the sample."""
    rng = random.Random(seed)
    items: list[Any] = []
    pictures: list[tuple[int, int]] = []
    for _ in range(shots):
        count = rng.randint(1, 14)
        if rng.random() < 0.05:
            items.append(gap(count / rate, rate))
            pictures += [(0, 0)] * count
            continue
        one = rng.choice(rushes)
        speed = rng.choice([Fraction(1)] * 8 + [Fraction(1, 2), Fraction(2), Fraction(-1), Fraction(-3, 2), Fraction(0), Fraction(4, 5)])
        last = one.shown_s[-1] - count * abs(speed) / rate - Fraction(1, 10)
        start = Fraction(rng.randrange(0, max(1, int(last * one.rate)))) / one.rate
        items.append(clip(one.path, start, count / rate, rate, speed=speed))
        for n in range(count):
            moment = start + (count - 1 - n if speed < 0 else n) * abs(speed) / rate
            pictures.append((one.frame_at(moment), one.medium))
    total = round(Fraction(len(pictures)) / rate * RATE_HZ + Fraction(1, 10**9))
    heard, sound, edges = _sound([one for one in rushes if one.medium < len(rushes)], rate, total, rng)
    return Laid(cut(rate, [items], [heard], drop=drop, start=round(3600 * rate) - 1), pictures, sound, edges)


def _sound(rushes: list[Rush], rate: Fraction, total: int, rng: random.Random) -> tuple[list[Any], np.ndarray, int]:
    items, at, edges = [], 0, 0
    made = np.zeros((2, total), np.int64)
    while at < total:
        length = min(rng.randint(200, 30_000), total - at)
        if rng.random() < 0.1:
            items.append(gap(Fraction(length, RATE_HZ), rate))
        else:
            one = rng.choice(rushes)
            start = rng.randrange(0, int(one.shown_s[-1] * RATE_HZ) - length)
            items.append(clip(one.path, Fraction(start, RATE_HZ), Fraction(length, RATE_HZ), rate))
            made[0, at : at + length] = np.arange(start, start + length)
            made[1, at : at + length] = one.medium
            edges += 1
        at += length
    return items, made, edges
