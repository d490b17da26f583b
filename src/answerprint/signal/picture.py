"""What a picture does over time: how bright, how coloured, how sharp, how much it moves; where it is black, frozen, or another shot.

Everything is measured on a small copy of each frame (long side 320, 8-bit YCbCr, legal range, BT.709), so that the figures of two
cameras can be laid beside each other. Numbers are whole: they are kept, compared and cited, and must come out the same twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerprint.signal import SignalError

__all__ = ["SERIES", "Cut", "Series", "Watching", "cuts", "looks_like_log", "stretches"]

Plane = NDArray[np.uint8]
Whole = NDArray[np.int32]

#: The per-frame series by name, with their units.
SERIES = {
    "luma": "mean luma, thousandths between legal black (16) and white (235)",
    "cb": "mean Cb, hundredths of an 8-bit code from neutral",
    "cr": "mean Cr, hundredths of an 8-bit code from neutral",
    "chroma": "mean distance from neutral, hundredths of an 8-bit code",
    "sharpness": "mean absolute difference of neighbouring luma pixels, hundredths of an 8-bit code",
    "motion": "mean absolute luma difference from the frame before, hundredths of an 8-bit code; 0 on the first",
    "low": "luma that 1 % of the pixels lie below, 8-bit code",
    "high": "luma that 99 % of the pixels lie below, 8-bit code",
    "dark": "share of pixels darker than a tenth of the way from black to white, thousandths",
    "change": "change of the picture's histogram and layout from the frame before, thousandths; 0 on the first",
}
#: ffmpeg's blackdetect: a pixel is black below a tenth of the range; a picture is when 98 % of its pixels are.
_BLACK_LUMA = 16 + round(0.10 * 219)
_BLACK_SHARE = 980
#: ffmpeg's freezedetect: frozen while no frame differs from the first of the stretch by more than -60 dB of full scale, for 2 s.
_FROZEN = 0.001 * 255
FROZEN_S = 2
#: Measured on 3,124 hand-checked frames (6 films, 35 sure cuts) and 27 uncut clips: cuts change 235 to 846 and move 27 codes or more,
#: other frames that stand out from their neighbours by this ratio change 211 and move 15 at the most; a whip pan reaches 333, but so
#: do its neighbours (ratio 1.8), and two joins in a row leave 3.0.
_CUT_CHANGE, _CUT_MOTION, _CUT_RATIO = 220, 2000, 3.0
_NEIGHBOURS = 3
_FLOOR = 5  #: change that compression noise makes; keeps the ratio of a locked-off shot finite
#: The same 33 clips, and each of them turned into S-Log3 (also two stops over) and LogC3: log has its black at 36 or higher, its
#: white at 177 or lower and chroma below 15; no finished picture has all three.
_LOG_BLACK, _LOG_WHITE, _LOG_CHROMA = 34, 180, 1500
_FLATTEST = 20  #: a plain card of one grey says nothing; of the clips turned into log, cards had 5 to 6, pictures 80 and more
_GRID = 16  #: the layout of a frame is kept as the means of 16 x 16 fields: 768 bytes


@dataclass(frozen=True, kw_only=True)
class Series:
    """One clip's frames, measured. Every array has one entry a frame; `layout` has shape (n, 3, 16, 16), uint8."""

    values: dict[str, Whole]
    layout: NDArray[np.uint8]
    still: NDArray[np.bool_]  #: this frame repeats the one that began its stretch

    @property
    def frames(self) -> int:
        return int(self.values["luma"].size)

    def black(self) -> list[tuple[int, int]]:
        """Half-open stretches of black frames, from one frame up."""
        return stretches(self.values["dark"] >= _BLACK_SHARE)

    def frozen(self, least: int) -> list[tuple[int, int]]:
        """Half-open stretches where the picture stands still for at least `least` frames, the first of them included."""
        return [(start - 1, end) for start, end in stretches(self.still) if end - start + 1 >= least]


class Watching:
    """Measures a clip frame by frame and remembers 1 kB of each."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, ...]] = []
        self._layout: list[NDArray[np.uint8]] = []
        self._still: list[bool] = []
        self._last: NDArray[np.int16] | None = None
        self._anchor: NDArray[np.int16] | None = None
        self._bars: NDArray[np.float64] | None = None

    def see(self, y: Plane, cb: Plane, cr: Plane) -> None:
        """Measure the next frame.

        Args:   y: shape (h, w), legal range; cb, cr: shape (h/2, w/2). At least 16 x 16 luma pixels.
        Raises: SignalError for a smaller picture, or one of another size than the frame before.
        """
        if min(y.shape) < _GRID:
            raise SignalError(f"a picture of {y.shape[1]} x {y.shape[0]} is too small to measure; {_GRID} x {_GRID} is the least.")
        luma = y.astype(np.int16)
        if self._last is not None and self._last.shape != luma.shape:
            raise SignalError(f"the picture changed from {self._last.shape[::-1]} to {luma.shape[::-1]}; scale it first.")
        blue, red = cb.astype(np.float32) - 128, cr.astype(np.float32) - 128
        counts = np.bincount(y.ravel(), minlength=256)
        grown = np.cumsum(counts)
        low, high = (int(np.searchsorted(grown, share * luma.size, side="right")) for share in (0.01, 0.99))
        motion = 0.0 if self._last is None else _difference(luma, self._last)
        layout = np.stack([_fields(plane) for plane in (y, cb, cr)])
        bars = np.concatenate([_bars(counts, 8), _bars(np.bincount(cb.ravel(), minlength=256), 4), _bars(np.bincount(cr.ravel(), minlength=256), 4)])
        change = 0.0
        if self._bars is not None:
            moved = np.abs(layout.astype(np.int16) - self._layout[-1]).mean(axis=(1, 2))
            change = 1000 * (float(np.abs(bars - self._bars).sum()) / 6 + float(moved[0] + 2 * moved[1] + 2 * moved[2]) / 128) / 2
        self._rows.append(
            (
                round((float(luma.mean()) - 16) * 1000 / 219),
                round(100 * float(blue.mean())),
                round(100 * float(red.mean())),
                round(100 * float(np.hypot(blue, red).mean())),
                round(50 * (_difference(luma[1:], luma[:-1]) + _difference(luma[:, 1:], luma[:, :-1]))),
                round(100 * motion),
                low,
                high,
                round(1000 * float(counts[:_BLACK_LUMA].sum()) / luma.size),
                round(change),
            )
        )
        still = self._anchor is not None and motion <= 2 * _FROZEN and _difference(luma, self._anchor) <= _FROZEN
        self._still.append(still)
        if not still:
            self._anchor = luma
        self._layout.append(layout)
        self._last, self._bars = luma, bars

    @property
    def layout(self) -> NDArray[np.int16]:
        """The layout of the frame that was seen last, shape (3, 16, 16): means of 16 x 16 fields of each plane."""
        return self._layout[-1].astype(np.int16)

    def finish(self) -> Series:
        """Everything seen so far."""
        table = np.array(self._rows, dtype=np.int32).reshape(-1, len(SERIES))
        layout = np.stack(self._layout) if self._layout else np.zeros((0, 3, _GRID, _GRID), np.uint8)
        return Series(values={name: table[:, i] for i, name in enumerate(SERIES)}, layout=layout, still=np.array(self._still, dtype=bool))


@dataclass(frozen=True, kw_only=True)
class Cut:
    """A new shot inside a clip: its first frame, and how far its change stands above its neighbours'."""

    frame: int
    over_neighbours: float


def cuts(series: Series) -> list[Cut]:
    """Where a clip changes to another shot at once, in order. Dissolves are not found; a flash or a whip pan is not a cut.

    A cut changes the histogram and the layout of the picture, moves it, stands above the three frames on either side, and the old
    picture does not come back within three frames.
    """
    change, motion = series.values["change"].astype(np.float64), series.values["motion"]
    found: list[Cut] = []
    for frame in np.flatnonzero((change >= _CUT_CHANGE) & (motion >= _CUT_MOTION)).tolist():
        beside = np.concatenate((change[max(1, frame - _NEIGHBOURS) : frame], change[frame + 1 : frame + 1 + _NEIGHBOURS]))
        ratio = float(change[frame] / ((beside.mean() if beside.size else 0.0) + _FLOOR))
        if ratio < _CUT_RATIO or _comes_back(series.layout, frame):
            continue
        cut = Cut(frame=frame, over_neighbours=round(ratio, 1))
        if found and frame - found[-1].frame <= 2:  # one join seen twice: the frame between belongs to neither shot
            found.pop()
        found.append(cut)
    return found


def _comes_back(layout: NDArray[np.uint8], frame: int) -> bool:
    before = layout[max(0, frame - _NEIGHBOURS) : frame].astype(np.int16)
    after = layout[frame : frame + _NEIGHBOURS + 1].astype(np.int16)
    apart = np.abs(before[:, None] - after[None]).mean(axis=(2, 3, 4))
    return bool(apart.min() < 0.5 * apart[-1, 0])


def looks_like_log(series: Series) -> bool:
    """Whether the picture is as flat as camera log: no deep black, no bright white, little colour. False for an empty clip.

    A grey day looks the same: this is a reason to ask a person, never to apply a transform.
    """
    if not series.frames:
        return False
    values = series.values
    low, high = np.percentile(values["low"], 10), np.percentile(values["high"], 90)
    return bool(low >= _LOG_BLACK and high <= _LOG_WHITE and np.median(values["chroma"]) <= _LOG_CHROMA and high - low >= _FLATTEST)


def stretches(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Half-open runs of True in a vector, in order. Empty for none."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(np.int8), [0]))))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2])]


def _difference(a: NDArray[np.int16], b: NDArray[np.int16]) -> float:
    return float(np.abs(a - b).mean())


def _bars(counts: NDArray[Any], width: int) -> NDArray[np.float64]:
    """A histogram in bars of `width` codes, its sum 1."""
    bars: NDArray[np.float64] = counts.reshape(-1, width).sum(axis=1) / max(1, counts.sum())
    return bars


def _fields(plane: Plane) -> NDArray[np.uint8]:
    """The means of 16 x 16 fields."""
    height, width = plane.shape
    if min(height, width) < _GRID:
        plane = np.repeat(np.repeat(plane, 2, axis=0), 2, axis=1)
        height, width = plane.shape
    rows, columns = height // _GRID, width // _GRID
    whole = plane[: rows * _GRID, : columns * _GRID]
    down = whole.reshape(_GRID, rows, columns * _GRID).mean(axis=1, dtype=np.float32)
    return np.asarray(down.reshape(_GRID, _GRID, columns).mean(axis=2) + 0.5, dtype=np.uint8)
