"""What a QC report plots over time: loudness and luma, thinned to what a page can draw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerprint.delivery.qc.records import Report

__all__ = ["Line", "Plot", "plots", "share", "struck"]

_POINTS = 500  #: of a plot's line: each is the lowest and highest of its stretch
_PLACES = 4  #: of one finding that are marked
_LEAST = 0.002  #: of the width: what a mark is drawn as at the least
#: Findings that are marked on the plot of loudness; the others are marked on that of luma.
_HEARD = {
    "sound", "sound hole", "start", "length", "silent", "loudness", "true peak", "short-term loudness", "dead air", "dead channel", "offset", "click", "clipping",
    "drop-out", "level jump", "phase", "mono", "edge silence",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line: (share of the film's length, value)."""

    thin: bool
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True)
class Plot:
    """One plot: its reach, its quiet lines (ticks), its dashed ones (marks), and what to look for."""

    name: str
    unit: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    marks: tuple[tuple[float, str], ...]
    lines: tuple[Line, ...]
    length_s: float
    says: str


def share(plot: Plot, value: float) -> float:
    """How far below the plot's upper edge a value lies, 0..1."""
    return (plot.high - value) / (plot.high - plot.low)


def plots(report: Report) -> tuple[Plot, ...]:
    """Loudness, where something is heard, and luma."""
    return tuple(one for one in (_loudness(report), _luma(report)) if one is not None)


def struck(report: Report, plot: Plot) -> Iterator[tuple[str, float, float]]:
    """Where a FAIL or a WARN lies on a plot: (weight, share of the width at which it begins, share that it takes)."""
    times = report.passed.times
    for one in report.findings:
        if one.weight != "note" and (one.check in _HEARD) == (plot.unit == "LUFS"):
            for place in one.where[:_PLACES]:
                first, end = times[place.first], times[min(place.end, len(times) - 1)]
                yield one.weight, float(first) / plot.length_s, max(_LEAST, float(end - first) / plot.length_s)


def _loudness(report: Report) -> Plot | None:
    heard = report.passed.heard
    if heard is None or not heard.momentary.size:
        return None
    asked = report.spec.sound.loudness if report.spec and report.spec.sound else None
    low, high = -60.0, max(0.0, float(heard.momentary.max()) + 3)
    # a value over the last 3 s means something once 3 s have passed
    strong = np.concatenate([np.full(29, np.nan), np.clip(heard.short_term[29:], low, None)])[: heard.momentary.size]
    marks = ((asked.target_lufs, f"{asked.target_lufs:.0f} asked for"),) if asked else ((heard.measure.integrated_lufs, f"{heard.measure.integrated_lufs:.1f} measured"),)
    return Plot(
        name="Loudness", unit="LUFS", low=low, high=high, ticks=tuple((value, f"{value:.0f}") for value in (-50.0, -40.0, -30.0, -20.0, -10.0, 0.0)), marks=marks,
        lines=_lines((True, np.clip(heard.momentary, low, None)), (False, strong)), length_s=len(heard.momentary) / 10,
        says="The strong line is the loudness of the last 3 s, the thin one of the last 0.4 s. Look for a strong line that wanders far from the dashed one, and for holes in the thin one. What was found lies along the foot.",
    )  # fmt: skip


def _luma(report: Report) -> Plot:
    seen = report.passed.seen
    return Plot(
        name="Luma", unit="% of white", low=-10.0, high=112.0, ticks=((0.0, "0"), (50.0, "50"), (100.0, "100")), marks=((-5.0, ""), (105.0, "R 103")),
        lines=_lines((True, seen.luma_high), (False, seen.series.values["luma"] / 10), (True, seen.luma_low)), length_s=report.passed.length_s,
        says="The strong line is the picture's mean, the thin ones its darkest and brightest thousandth; 0 is black and 100 is white. Look for thin lines that lie long beyond the dashed ones, and for a mean that jumps to 0. What was found lies along the foot.",
    )  # fmt: skip


def _lines(*series: tuple[bool, NDArray[Any]]) -> tuple[Line, ...]:
    lines = (Line(thin=thin, points=tuple((x, y) for x, y in _thinned(values) if not np.isnan(y))) for thin, values in series)
    return tuple(one for one in lines if one.points)


def _thinned(values: NDArray[Any]) -> list[tuple[float, float]]:
    """(share of the width, value): all of a short line, else the lowest and highest of each stretch."""
    count = len(values)
    if count <= 2 * _POINTS or np.isnan(values).any():
        return [((number + 0.5) / count, float(value)) for number, value in enumerate(values)]
    points = []
    for number, part in enumerate(np.array_split(np.asarray(values, np.float64), _POINTS)):
        pair = (part.min(), part.max()) if part[0] <= part[-1] else (part.max(), part.min())
        points += [((number + 0.25) / _POINTS, float(pair[0])), ((number + 0.75) / _POINTS, float(pair[1]))]
    return points
