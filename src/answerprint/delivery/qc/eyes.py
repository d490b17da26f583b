"""Looks at every decoded picture once: levels at full raster, bars, flashes, and the small copy that the house's picture facts are made of."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.video.format import VideoFormat
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from answerprint.delivery.qc.flash import GRID, Flashes
from answerprint.delivery.qc.records import Film, Seen
from answerprint.media.develop import planes
from answerprint.signal.picture import Watching

__all__ = ["Eyes"]

Plane = NDArray[Any]

_LONG = 320  #: the small copy's long side, as everywhere in the house
#: EBU R 103 v3.0: codes 5 to 246 in 8 bit (20 to 984 in 10), for luma and for red, green and blue; up to 1 % of the picture may lie outside.
LOWEST, HIGHEST = 5, 246
_RGB_LOW, _RGB_HIGH = (LOWEST - 16) / 219, (HIGHEST - 16) / 219
_SPARSE = 2  #: every second chroma sample: 130,000 of a 1080p picture tell a share of 1 % to 0.03 %
_BLACK, _LIT = 24, 28  #: 8-bit codes: a line belongs to a bar where nothing in it is above; to a picture where half of it is
_BAR_FRAMES, _LIT_FRAMES = 0.99, 0.1
#: Kr and Kb by the number of the matrix in ITU-T H.273
_KR_KB = {1: (0.2126, 0.0722), 5: (0.299, 0.114), 6: (0.299, 0.114), 9: (0.2627, 0.0593)}


class Eyes:
    """Takes the pictures of one stream in order; remembers about 2 kB of each."""

    def __init__(self) -> None:
        self._watching, self._flashes = Watching(), Flashes()
        self._rows: list[tuple[float, float, float, float, int, int]] = []
        self._pts: list[int | None] = []
        self._corrupt: list[int] = []
        self._interlaced = 0
        self._colours = (2, 2, 2, 0)
        self._tick_s = Fraction(1)
        self._dark: list[Plane] = []  # for lines from the top, then columns: packed bits, one row a frame
        self._lit: list[Plane] = []
        self._size = (0, 0)
        self._small: tuple[int, int] | None = None
        self._smaller = VideoReformatter()  # one for all frames: setting up the scaler anew costs more than a small picture's scaling

    @property
    def frames(self) -> int:
        return len(self._rows)

    def see(self, frame: av.VideoFrame) -> None:
        """The next frame in order of presentation."""
        if not self._rows:
            self._colours = (int(frame.color_primaries), int(frame.color_trc), int(frame.colorspace), int(frame.color_range))
            self._size, self._tick_s = (frame.width, frame.height), Fraction(frame.time_base or 1)
        self._pts.append(frame.pts)
        if frame.is_corrupt:
            self._corrupt.append(len(self._rows))
        self._interlaced += bool(frame.interlaced_frame)
        luma, blue, red, bits = _planar(frame)
        self._rows.append((*self._levels(luma, blue, red, bits), *self._tap(frame)))
        self._edges(luma, bits)

    def _levels(self, luma: Plane, blue: Plane, red: Plane, bits: int) -> tuple[float, float, float, float]:
        scale = 1 << (bits - 8)
        few = luma[:: 2 * _SPARSE, :: 2 * _SPARSE]
        out = float(np.mean((few < LOWEST * scale) | (few > HIGHEST * scale)))
        order = np.cumsum(np.bincount((few // scale if scale > 1 else few).ravel(), minlength=256)) / few.size
        low, high = int(np.searchsorted(order, 0.001)), int(np.searchsorted(order, 0.999))
        down, across = max(1, round(luma.shape[0] / blue.shape[0])), max(1, round(luma.shape[1] / blue.shape[1]))
        y: Plane = luma[:: _SPARSE * down, :: _SPARSE * across].astype(np.float32)
        cb: Plane
        cr: Plane
        cb, cr = (plane[::_SPARSE, ::_SPARSE][: y.shape[0], : y.shape[1]].astype(np.float32) for plane in (blue, red))
        y = (y[: cb.shape[0], : cb.shape[1]] / np.float32(scale) - 16) / 219
        cb, cr = (cb / np.float32(scale) - 128) / 224, (cr / np.float32(scale) - 128) / 224
        kr, kb = _KR_KB.get(self._colours[2], _KR_KB[1])
        r, b = y + 2 * (1 - kr) * cr, y + 2 * (1 - kb) * cb
        g = (y - kr * r - kb * b) / (1 - kr - kb)
        wild = np.zeros(y.shape, bool)
        for primary in (r, g, b):
            wild |= (primary < _RGB_LOW) | (primary > _RGB_HIGH)
        return out, float(wild.mean()), (low - 16) / 2.19, (high - 16) / 2.19

    def _tap(self, frame: av.VideoFrame) -> tuple[int, int]:
        if self._small is None:
            shrink = min(1.0, _LONG / max(self._size))
            self._small = (max(16, round(self._size[0] * shrink / 2) * 2), max(16, round(self._size[1] * shrink / 2) * 2))
        tap = self._smaller.reformat(frame, *self._small, format="yuv420p", interpolation="AREA")
        y, cb, cr = planes(tap)
        self._watching.see(y, cb, cr)
        return self._flashes.see(np.stack([_cells(plane) for plane in (y, cb, cr)], axis=-1))

    def _edges(self, luma: Plane, bits: int) -> None:
        scale = 1 << (bits - 8)
        across, down = luma[:, ::4], luma[::4]
        self._dark.append(np.packbits(np.concatenate([across.max(axis=1), down.max(axis=0)]) <= _BLACK * scale))
        light = np.concatenate([(across >= _LIT * scale).mean(axis=1), (down >= _LIT * scale).mean(axis=0)])
        self._lit.append(np.packbits(light >= 0.5))

    def finish(self, film: Film) -> Seen:
        """Everything seen; bars are those of the film's own frames."""
        table = np.array(self._rows, np.float64).reshape(-1, 6)
        return Seen(
            series=self._watching.finish(), levels_out=table[:, 0], gamut_out=table[:, 1], luma_low=table[:, 2], luma_high=table[:, 3],
            flashes=table[:, 4].astype(np.int16), red=table[:, 5].astype(np.int16), bars=self._bars(film), pts=tuple(self._pts), tick_s=self._tick_s,
            corrupt=tuple(self._corrupt), interlaced=self._interlaced, colours=self._colours,
        )  # fmt: skip

    def _bars(self, film: Film) -> tuple[int, int, int, int]:
        height, width = self._size[1], self._size[0]
        if not self._dark[film.first : film.end]:
            return 0, 0, 0, 0
        dark, lit = (np.unpackbits(np.stack(kept[film.first : film.end]), axis=1)[:, : height + width].astype(bool) for kept in (self._dark, self._lit))
        shown = lit.any(axis=1)
        if not shown.any():
            return 0, 0, 0, 0
        always, often = dark[shown].mean(axis=0) >= _BAR_FRAMES, lit[shown].mean(axis=0)
        sides = (always[:height], often[:height]), (always[:height][::-1], often[:height][::-1]), (always[height:], often[height:]), (always[height:][::-1], often[height:][::-1])
        found = []
        for black, bright in sides:
            count = int(np.argmin(black)) if not black.all() else 0
            # a bar ends at a picture: a dark picture fades, and has no such edge
            found.append(count if count and bright[count : count + 4].max(initial=0) >= _LIT_FRAMES else 0)
        return found[0], found[1], found[2], found[3]


def _planar(frame: av.VideoFrame) -> tuple[Plane, Plane, Plane, int]:
    """Luma and chroma in legal codes, and their bits; other layouts are turned into 10-bit 4:2:2 first."""
    name = frame.format.name
    if not (name.startswith("yuv") and not name.startswith("yuva") and len(frame.planes) == 3 and not name.endswith("be")) or name.startswith("yuyv"):
        frame = frame.reformat(format="yuv422p10le" if not name.startswith("gray") else "yuv420p")
    bits = VideoFormat(frame.format.name).components[0].bits
    kind = np.dtype("<u2") if bits > 8 else np.dtype(np.uint8)
    found = []
    for plane in frame.planes:
        raw = np.frombuffer(plane, kind)  # type: ignore[call-overload]
        found.append(raw.reshape(plane.height, plane.line_size // kind.itemsize)[:, : plane.width])
    return found[0], found[1], found[2], bits


def _cells(plane: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Means of the grid's cells; a picture smaller than the grid is taken larger first."""
    rows, columns = GRID
    up, across = -(-rows // plane.shape[0]), -(-columns // plane.shape[1])
    if up > 1 or across > 1:
        plane = np.repeat(np.repeat(plane, up, axis=0), across, axis=1)
    edges_y, edges_x = (np.arange(rows) * plane.shape[0] // rows, np.arange(columns) * plane.shape[1] // columns)
    sums = np.add.reduceat(np.add.reduceat(plane.astype(np.float32), edges_y, axis=0), edges_x, axis=1)
    tall, wide = np.diff([*edges_y, plane.shape[0]]), np.diff([*edges_x, plane.shape[1]])
    cells: NDArray[np.float32] = sums / (tall[:, None] * wide[None])
    return cells
