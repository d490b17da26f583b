"""The frame rate of a stream from its own time stamps: exact where they are regular, "variable" where they are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction

from answerprint.model.time import RATES

__all__ = ["judge"]


def judge(stamps: Sequence[int], *, time_base: Fraction, said: Iterable[Fraction | None]) -> tuple[Fraction, bool]:
    """The rate of a picture stream, and whether it varies.

    A rate fits if every frame lies within a tick of where that rate puts it: containers round each stamp to their time base. The
    rates that the file itself names are asked first, then its most common interval, then the rates cameras use. An average is
    only believed where nothing else is known. One hole (a dropped frame) is enough to be variable: seconds times rate would be off.

    Args:    stamps: of the frames, in any order, in units of `time_base`; may be a part of the stream.
             said: rates that the container or the codec names, best first.
    Returns: (frames a second, variable). A variable stream gets the camera rate nearest to its usual interval.
    """
    named = [rate for rate in said if rate is not None and 0 < rate <= 1000]
    times = sorted(set(stamps))
    if len(times) < 2:
        return (_camera(named[0]) if named else Fraction(25)), False
    steps = Counter(b - a for a, b in zip(times, times[1:]))  # noqa: RUF007 - the pairs are counted at once
    usual = 1 / (steps.most_common(1)[0][0] * time_base)
    for rate in [*named, usual, *RATES.values()]:
        if _fits(times, rate, time_base):
            return (_camera(rate) if rate not in RATES.values() and _fits(times, _camera(rate), time_base) else rate), False
    mean = Fraction(len(times) - 1) / ((times[-1] - times[0]) * time_base)
    near = _nearest(usual)
    return (near if abs(near / usual - 1) < Fraction(1, 50) else _nearest(mean)), True


def _fits(times: Sequence[int], rate: Fraction, time_base: Fraction) -> bool:
    ticks = 1 / (rate * time_base)
    up, down = ticks.numerator, ticks.denominator
    first = times[0]
    return all(abs((at - first) * down - number * up) <= down for number, at in enumerate(times))


def _nearest(rate: Fraction) -> Fraction:
    return min(RATES.values(), key=lambda known: abs(known / rate - 1))


def _camera(rate: Fraction) -> Fraction:
    """A camera rate within 20 ppm of one that was named as a rounded fraction (2997/100, 23976/1000), else the rate itself."""
    near = _nearest(rate)
    return near if abs(near / rate - 1) <= Fraction(20, 10**6) else rate
