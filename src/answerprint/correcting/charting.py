"""A ColorChecker's correction: the one CDL with which its patches come nearest to their published colours."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerprint.correcting.clips import Clip, CorrectingError
from answerprint.correcting.solving import PLAIN, Seen, Solved, look_at, under
from answerprint.media import chart
from answerprint.media.cube import Cdl
from answerprint.signal import colour

__all__ = ["by_chart", "fitted"]

#: Moments of a clip that are looked through for a chart, at a size at which one that fills a tenth of the picture has patches of 12 pixels.
_MOMENTS, _LONG_PX = 8, 1280
_LEAST = 16  #: patches that must not be clipped, for ten numbers
_STEPS = 40
#: What a slope or power 1.0 away from none costs, in L*a*b* of one patch: without it a dark red channel settles at a power of 8.
_HOLD = 5.0


def by_chart(seen: Seen | None, clip: Clip) -> tuple[Cdl, Solved]:
    """The CDL that brings the chart in a clip to its published colours.

    Raises: CorrectingError: its disk is away, no whole chart is seen in it, or it is over- or underexposed; MediaError: OpenCV is missing.
    """
    if seen is None:
        raise CorrectingError(f"{clip.file}: its colour cannot be looked at, so its chart cannot either. {clip.asks or 'Connect its disk.'}")
    large = look_at(clip, _MOMENTS, _LONG_PX)
    for frame in large.frames:
        found = chart.find(large.shown(frame))
        if found is None:
            continue
        values = chart.read(frame, found.corners)
        if found.clipped.sum() > chart.PATCHES - _LEAST:
            raise CorrectingError(f"{clip.file}: {found.clipped.sum()} of the chart's 24 patches are clipped. Shoot it a stop darker, or match to a take.")
        return fitted(values, ~found.clipped, large)
    raise CorrectingError(f"{clip.file}: no ColorChecker Classic is seen whole in it. It must be free of hands and fill a tenth of the picture at least.")


def fitted(values: NDArray[np.float64], used: NDArray[np.bool_], seen: Seen | None) -> tuple[Cdl, Solved]:
    """Slope, offset and power of each channel and a saturation that bring patches, as coded, shape (24, 3), to their published colours.

    Least squares of CIE L*a*b* over the patches that are used, by Levenberg and Marquardt's rule; ten numbers from 3 x 24 at the most.
    """
    goal = colour.lab(chart.published())
    look = seen.clip.look if seen is not None else None

    def shown(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        lay: Any = under(look, _cdl(numbers))
        return np.asarray(colour.lab(np.clip(lay.apply(values), 0, 1)))

    start = seen.base if seen is not None else PLAIN
    numbers = first = np.array([*start.slope, *start.offset, *start.power, start.saturation])

    def off(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.concatenate([(shown(numbers) - goal)[used].ravel(), _HOLD * (numbers - first)])

    residual, damping = off(numbers), 1e-2
    for _ in range(_STEPS):
        jacobian = np.stack([(off(numbers + 1e-4 * unit) - residual) / 1e-4 for unit in np.eye(10)], axis=1)
        square = jacobian.T @ jacobian
        step = np.linalg.solve(square + damping * np.diag(np.diag(square) + 1e-6), -jacobian.T @ residual)
        tried = off(numbers + step)
        if tried @ tried < residual @ residual:
            settled = residual @ residual - tried @ tried < 1e-6 * (residual @ residual)
            numbers, residual, damping = numbers + step, tried, damping / 4
            if settled:
                break
        else:
            damping *= 5
    before, after = (float(colour.difference(shown(one), goal)[used].mean()) for one in (first, numbers))
    return _cdl(numbers), Solved(stops=(0.0, 0.0, 0.0), how="chart", worst=0.0, before=before, after=after)


def _cdl(numbers: NDArray[np.float64]) -> Cdl:
    slope, offset, power = (tuple(float(value) for value in part) for part in (numbers[:3].clip(0.05, 20), numbers[3:6], numbers[6:9].clip(0.1, 10)))
    return Cdl(slope=slope, offset=offset, power=power, saturation=float(numbers[9].clip(0, 4)))  # type: ignore[arg-type]
