"""What a report draws: strips, lines and beds as plain shapes on a field of 1000 units, so that a page and a sheet of paper show the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from answerprint.delivery.easy.records import Report
from answerprint.signal.palette import BANDS, Palette
from answerprint.signal.rhythm import Rhythm

__all__ = ["WIDE", "Box", "Figure", "Path", "Tick", "figures", "svg"]

Floats = NDArray[np.float64]
WIDE = 1000.0
_STRIP, _PLOT, _ROW = 72.0, 160.0, 32.0  #: heights, in pixels of a page and in points of a third of that on paper
_BARS = 120  #: of a bed


@dataclass(frozen=True, kw_only=True)
class Box:
    """A filled rectangle: x and width of 1000, y and height of the figure's own."""

    x: float
    y: float
    wide: float
    tall: float
    fill: str  #: "#rrggbb"


@dataclass(frozen=True, kw_only=True)
class Path:
    """A line through points; dotted where it is the machine's."""

    points: tuple[tuple[float, float], ...]
    dotted: bool = False
    faint: bool = False


@dataclass(frozen=True, kw_only=True)
class Tick:
    """Lettering beside a figure: at a place of its width, below it; or at a height, to its left."""

    at: float
    text: str
    left: bool = False


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One drawing, the words over it and under it."""

    plate: str
    name: str  #: above it, small
    tall: float
    boxes: tuple[Box, ...] = ()
    paths: tuple[Path, ...] = ()
    ticks: tuple[Tick, ...] = ()
    says: str = ""  #: what to look for, and what it does not say
    aside: str = ""  #: to the right of it
    ringed: bool = False  #: it is the one that was chosen
    seconds: float = 0.0  #: what its whole width stands for; 0 where it has no clock of the film's
    alt: str = ""  #: what it shows, for who does not see it


def figures(report: Report) -> tuple[Figure, ...]:
    """Everything that a report draws, in its order."""
    return (*_palettes(report), *_rhythms(report), *_beds(report))


def svg(figure: Figure) -> str:
    """One figure as SVG without lettering, to be stretched to the width of its page."""
    drawn = [f'<rect x="{one.x:.1f}" y="{one.y:.1f}" width="{one.wide + 0.6:.1f}" height="{one.tall + 0.6:.1f}" fill="{one.fill}"/>' for one in figure.boxes]
    for path in figure.paths:
        points = "L".join(f"{x:.1f} {y:.1f}" for x, y in path.points)
        kind = "dots" if path.dotted else "grid" if path.faint else "line"
        drawn.append(f'<path class="{kind}" d="M{points}"/>')
    crisp = ' shape-rendering="crispEdges"' if figure.plate == "palette" else ""  # no seams between columns
    return f'<svg class="h{figure.tall:.0f}" viewBox="0 0 {WIDE:.0f} {figure.tall:.0f}" preserveAspectRatio="none"{crisp} role="img" aria-label="{_attribute(figure.alt)}">{"".join(drawn)}</svg>'


def _attribute(words: str) -> str:
    return words.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


# ---- palette


def _palettes(report: Report) -> list[Figure]:
    film, (rough, _) = report.film, _rough(report)
    shown = [(f"{report.title}, {report.version}", film), *((name, one) for name, one in report.beside if one.rhythm is None or name == rough)]
    strips = [(name, one.palette, one.length_s) for name, one in shown if one.palette is not None]
    longest = max((length for _, _, length in strips), default=0.0)
    found = []
    for number, (name, seen, length) in enumerate(strips):
        last = number == len(strips) - 1
        says = "Each column is a moment of the film, its dark colours below and its light ones above. Look for where the strips could be exchanged. They do not say which is the better picture."
        found.append(
            Figure(plate="palette", name=name, tall=_STRIP, boxes=_strip(seen, WIDE * length / longest), ticks=_seconds(longest) if last else (), says=says if last else "",
                   seconds=longest, alt=f"The colours of {name} from its beginning to its end")
        )  # fmt: skip
    return found


def _strip(seen: Palette, whole: float) -> tuple[Box, ...]:
    """On one scale of time with the others: `whole` of the width is this one's length."""
    wide, tall = whole / seen.columns, _STRIP / BANDS
    boxes = []
    for column, bands in enumerate(np.clip(np.round(255 * seen.strip), 0, 255).astype(int)):
        for band, (red, green, blue) in enumerate(bands):
            boxes.append(Box(x=column * wide, y=_STRIP - (band + 1) * tall, wide=wide, tall=tall, fill=f"#{red:02x}{green:02x}{blue:02x}"))
    return tuple(boxes)


def _seconds(length_s: float) -> tuple[Tick, ...]:
    step = next((one for one in (1, 2, 5, 10, 15, 30, 60, 120, 300) if length_s / one <= 7), 600)
    return tuple(Tick(at=WIDE * at / length_s, text=f"{at} s") for at in range(0, int(length_s) + 1, step) if at <= 0.97 * length_s)


# ---- rhythm


def _rhythms(report: Report) -> list[Figure]:
    film = report.film.rhythm
    if film is None:
        return []
    name, count = _rough(report)
    beside = next(((name, one.rhythm) for other, one in report.beside if other == name), None)
    length = max(report.film.length_s, beside[1].end_s if beside and beside[1] else 0.0)
    longest = max(float(one.lengths_s.max()) for one in (film, beside[1] if beside else None) if one is not None)
    step = next((one for one in (0.5, 1, 2, 5, 10, 20, 60) if longest / one <= 5), 120)
    top = step * (np.floor(longest / step) + 1)
    grid = [Path(points=((0, _down(at, top)), (WIDE, _down(at, top))), faint=True) for at in np.arange(0, top, step)]
    lines = [Path(points=_stairs(film, length, top))]  # the machine's over it: where both are one it is seen to be
    lines += [Path(points=_stairs(beside[1], length, top), dotted=True)] if beside and beside[1] is not None else []
    ticks = [Tick(at=_down(at, top), text=f"{at:g} s", left=True) for at in np.arange(step, top, step)]
    among = f", the nearest of {count}" if count > 1 else ""
    other = f"the dotted line is {beside[0]}{among}. Look for where they part" if beside else "no rough cut was made to lay beside it. Look for where it stands level"
    says = f"Height is the length of a shot: the full line is this cut, {other}. It does not say who was right."
    return [Figure(plate="rhythm", name="", tall=_PLOT, paths=(*grid, *lines), ticks=(*ticks, *_seconds(length)), says=says, seconds=length, alt="The length of each shot over the film")]


def _rough(report: Report) -> tuple[str, int]:
    """Which of the machine's rough cuts is drawn, the one with the nearest rhythm, and of how many; "" where none was made."""
    roughs = [name for name, one in report.beside if one.rhythm is not None]
    apart = {one.name: one.value for plate in report.plates if plate.name == "rhythm" for standing in plate.standings for one in standing.distances if one.name in roughs}
    return min(roughs, key=lambda name: apart.get(name, 0.0), default=""), len(roughs)


def _down(length_s: float, top: float) -> float:
    return float(_PLOT - 2 - (_PLOT - 6) * length_s / top)


def _stairs(cut: Rhythm, length_s: float, top: float) -> tuple[tuple[float, float], ...]:
    points = []
    for start, long in zip(cut.starts_s, cut.lengths_s, strict=True):
        points += [(WIDE * start / length_s, _down(long, top)), (WIDE * (start + long) / length_s, _down(long, top))]
    return tuple(points)


# ---- beds


def _beds(report: Report) -> list[Figure]:
    rows = [(one.name, one.envelope, one.says, one.chosen) for one in report.offered]
    if not rows:
        bed = report.film.bed
        rows = [("the whole sound" if bed.whole else "the bed in the film", bed.envelope, "", False)] if bed is not None else []
    found = []
    for number, (name, envelope, says, chosen) in enumerate(rows):
        last = number == len(rows) - 1
        note = "The ring is the choice. The others lay beside it when it was made, in the order of their names. They do not say that it was wrong." if len(rows) > 1 else "How loud it is from the film's first frame to its last."
        found.append(
            Figure(plate="music bed", name=name, tall=_ROW, boxes=_bars(envelope, chosen or len(rows) == 1), aside=says, ringed=chosen, says=note if last else "",
                   ticks=_seconds(report.film.length_s) if len(rows) == 1 and report.film.length_s > 0 else (), seconds=report.film.length_s if not report.offered else 0.0, alt=f"How loud {name} is over its length")
        )  # fmt: skip
    return found


def _bars(envelope: Sequence[float] | Floats, strong: bool) -> tuple[Box, ...]:
    loud = np.asarray(envelope, dtype=np.float64)
    if not loud.size:
        return (Box(x=0, y=_ROW / 2 - 0.5, wide=WIDE, tall=1, fill="#8a8a8a"),)
    bars = [float(loud[first : max(last, first + 1)].max()) for first, last in pairwise(np.linspace(0, loud.size, _BARS + 1).astype(int))]
    wide = WIDE / len(bars)
    fill = "#161616" if strong else "#8a8a8a"
    return tuple(Box(x=n * wide + 0.2 * wide, y=_ROW / 2 * (1 - max(one, 0.03)), wide=0.6 * wide, tall=_ROW * max(one, 0.03), fill=fill) for n, one in enumerate(bars))
