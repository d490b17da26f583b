"""The raster that lettering stands on: its size and shape, where it may stand, and what it may be set with."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from answerprint.delivery.supers.errors import SupersError
from answerprint.delivery.supers.fonts import Fonts

__all__ = ["SHAPES", "Area", "Box", "Stage", "area_of", "areas"]

Box = tuple[float, float, float, float]  #: left, top, right, bottom; pixels
SHAPES = {"16:9": (16, 9), "9:16": (9, 16), "1:1": (1, 1), "4:5": (4, 5)}


@dataclass(frozen=True, kw_only=True)
class Area:
    """Margins that lettering keeps, in fractions of the raster, with the document they are from."""

    title: str
    source: str
    dated: str
    shapes: tuple[str, ...]
    left: float
    right: float
    top: float
    bottom: float

    def inside(self, size: tuple[int, int]) -> Box:
        """Of a raster, in pixels."""
        width, height = size
        return (self.left * width, self.top * height, width - self.right * width, height - self.bottom * height)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What a row is drawn on and with."""

    size: tuple[int, int]  #: width, height in pixels
    fonts: Fonts
    assets: Mapping[str, Path] = field(default_factory=dict)  #: pictures by the name a row calls them
    language: str | None = None  #: of the row, BCP 47: "ar", "ja-JP"; None: by its letters
    area: str | None = None  #: "tv", "reels", "feed", "vertical"; None: by the shape

    @property
    def shape(self) -> str:
        """The nearest of the four shapes."""
        return shape_of(self.size)

    @property
    def line(self) -> float:
        """Pixels of one line of a raster whose shorter side has 1080."""
        return min(self.size) / 1080

    @property
    def safe(self) -> Box:
        """Where lettering may stand, in pixels."""
        return area_of(self.size, self.area).inside(self.size)


def shape_of(size: tuple[int, int]) -> str:
    """The nearest of the four shapes to a raster."""
    width, height = size
    return min(SHAPES, key=lambda name: abs(math.log(width / height * SHAPES[name][1] / SHAPES[name][0])))


@cache
def areas() -> dict[str, Area]:
    """Every area by its name."""
    tables = tomllib.loads((Path(__file__).parent / "areas.toml").read_text(encoding="utf-8"))
    return {name: Area(**{**table, "shapes": tuple(table["shapes"])}) for name, table in tables.items()}


def area_of(size: tuple[int, int], name: str | None = None) -> Area:
    """The area that is asked for, or that goes with the shape.

    Raises: SupersError for a name that is none.
    """
    known = areas()
    if name is None:
        return next(area for area in known.values() if shape_of(size) in area.shapes)
    if name not in known:
        raise SupersError(f"there is no safe area {name!r}. There are {', '.join(known)}.")
    return known[name]
