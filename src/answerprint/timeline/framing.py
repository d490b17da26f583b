"""The framing of a shot over its whole length: for each shape of delivery a path of keys. A hero shot's is set by a person; an ordinary shot's
may be proposed. Nothing here proposes one.

A key says where the middle of the frame is and how much closer it is than the largest frame of that shape that the picture holds. Between
two keys the path runs straight, or soft (a cubic that leaves and arrives at rest), or holds the first one. Before the first and after the
last it stands still.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal

from answerprint.model.records import ModelError, from_plain, to_plain
from answerprint.timeline import TimelineError

__all__ = ["CLOSEST", "SAME", "SHAPES", "Framing", "Key", "crop", "read", "shape_of", "written"]

#: Shapes of delivery, width to height.
SHAPES = {"16:9": Fraction(16, 9), "9:16": Fraction(9, 16), "1:1": Fraction(1), "4:5": Fraction(4, 5)}
SAME = Fraction(1, 100)  #: shapes that differ by less leave a line or two of black: 608 x 1080 is 9:16
CLOSEST = 8.0  #: a frame eight times closer than the whole has 160 of 1280 lines' width left; nobody delivers less
_SCHEMA = 1
_MOST_KEYS = 500


@dataclass(frozen=True, kw_only=True)
class Key:
    """The frame at one moment. `frame` counts from the clip's first frame; x and y from the picture's left and top, 0 to 1."""

    frame: int
    x: float
    y: float
    scale: float = 1.0  #: 1: the largest frame of the shape; 2: half as wide
    ease: Literal["straight", "soft", "hold"] = "straight"  #: on the way to the next key


@dataclass(frozen=True, kw_only=True)
class Framing:
    """A shot's framing: what it frames, and a path for each shape that is framed."""

    item: int | None = None  #: of the script, for a hero shot; None for an ordinary shot, which is known by its clip and range
    version: str
    file: str  #: the clip
    start: int  #: frames of the clip, half-open
    end: int
    rate: tuple[int, int]
    size: tuple[int, int]  #: of the picture as it is seen, in pixels
    paths: Mapping[str, tuple[Key, ...]]


def shape_of(size: tuple[int, int]) -> str:
    """The shape of a raster, as SHAPES calls it; "" where nobody frames for it."""
    return next((name for name, ratio in SHAPES.items() if abs(ratio / Fraction(*size) - 1) < SAME), "")


def crop(framing: Framing, shape: str, frame: int) -> tuple[float, float, float, float]:
    """What of the picture is shown at a frame: left, top, width, height, each 0 to 1; never outside the picture.

    Raises: TimelineError: nobody framed that shape.
    """
    path = framing.paths.get(shape, ())
    if not path:
        raise TimelineError(f"{f'item {framing.item}' if framing.item is not None else framing.file} is not framed for {shape}.")
    x, y, scale = _between(path, frame)
    picture = Fraction(*framing.size)
    wide, high = (SHAPES[shape] / picture, Fraction(1)) if SHAPES[shape] < picture else (Fraction(1), picture / SHAPES[shape])
    width, height = float(wide) / scale, float(high) / scale
    return min(max(x - width / 2, 0.0), 1 - width), min(max(y - height / 2, 0.0), 1 - height), width, height


def _between(path: tuple[Key, ...], frame: int) -> tuple[float, float, float]:
    if frame <= path[0].frame:
        return path[0].x, path[0].y, path[0].scale
    for one, after in pairwise(path):
        if frame < after.frame:
            t = (frame - one.frame) / (after.frame - one.frame)
            t = {"straight": t, "soft": t * t * (3 - 2 * t), "hold": 0.0}[one.ease]
            return one.x + (after.x - one.x) * t, one.y + (after.y - one.y) * t, one.scale + (after.scale - one.scale) * t
    return path[-1].x, path[-1].y, path[-1].scale


def written(framing: Framing) -> bytes:
    """A framing as a file: JSON, the same bytes for the same framing.

    Raises: TimelineError: a key lies outside the shot, outside the picture, or two stand on one frame.
    """
    _check(framing)
    return (json.dumps({"schema": _SCHEMA, "framing": to_plain(framing)}, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def read(raw: bytes) -> Framing:
    """A framing from its file.

    Raises: TimelineError: it is none, or a newer release wrote it.
    """
    try:
        plain: Any = json.loads(raw)
        if plain["schema"] > _SCHEMA:
            raise TimelineError("this framing was written by a newer release. Update first.")
        framing = from_plain(Framing, plain["framing"])
    except (ValueError, KeyError, TypeError, ModelError) as cause:
        raise TimelineError(f"this is no framing of a shot ({cause}).") from cause
    _check(framing)
    return framing


def _check(framing: Framing) -> None:
    if min(framing.size) < 1:
        raise TimelineError(f"a picture of {framing.size[0]} x {framing.size[1]} is none.")
    if not framing.paths or not any(framing.paths.values()):
        raise TimelineError("nothing is framed yet. Set one frame, or leave it as shot.")
    for shape, path in framing.paths.items():
        if shape not in SHAPES:
            raise TimelineError(f"{shape!r} is no shape here. There are {', '.join(SHAPES)}.")
        if len(path) > _MOST_KEYS:
            raise TimelineError(f"{shape}: {len(path)} keys; up to {_MOST_KEYS} make a path.")
        for one, after in pairwise(path):
            if after.frame <= one.frame:
                raise TimelineError(f"{shape}: the keys do not follow each other at frame {after.frame}.")
        for one in path:
            if not framing.start <= one.frame < framing.end:
                raise TimelineError(f"{shape}: frame {one.frame} is outside the shot, which runs from {framing.start} to {framing.end - 1}.")
            if not (0 <= one.x <= 1 and 0 <= one.y <= 1 and 1 <= one.scale <= CLOSEST):
                raise TimelineError(f"{shape}: at frame {one.frame} the frame leaves the picture.")
