"""Segments: the film in stretches that are rendered one by one, so that a killed render goes on where it was.

Where they part is a function of the film alone, never of the machine, its load or where somebody pulled the plug.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from answerprint.delivery.plan import Mix

__all__ = ["LEAST_S", "LETTERED_S", "MOST_S", "borders"]

#: Not shorter: every segment begins with a key frame, and at one every two seconds (what platforms ask for) no bits are lost by it.
LEAST_S = 2
#: Not longer: what is lost by a kill, and the shortest spot (a :06) still keeps two cores busy.
MOST_S = 4
#: Not shorter around a super: two key frames more for each are lost in its own bits, and a shorter part saves less than its key frame costs.
LETTERED_S = Fraction(1, 2)


def borders(frames: Sequence[Mix], rate: Fraction) -> tuple[tuple[int, int], ...]:
    """Half-open frame ranges, in order and without a hole: from cut to cut where one lies between two and four seconds on, else four seconds.

    What lies over the picture moves none of these: where a super comes or goes, the stretch that it lies in is parted once more, so that a version
    with other words renders that part alone and finds the rest. Not where more than half of the film is lettered: nothing would be found.
    The last is up to six seconds long. Empty for no frames.
    """
    least = int(LETTERED_S * rate)
    lettered = 2 * sum(bool(_above(mix)) for mix in frames) <= len(frames)
    return tuple(part for one in _shots(frames, rate) for part in (_parted(frames, one, least) if lettered else [one]))


def _shots(frames: Sequence[Mix], rate: Fraction) -> list[tuple[int, int]]:
    least, most, end = int(LEAST_S * rate), int(MOST_S * rate), len(frames)
    found = []
    first = 0
    while end - first >= 2 * least:
        stop = next((n for n in range(first + least, min(first + most, end - least) + 1) if _below(frames[n - 1]) != _below(frames[n])), None)
        if stop is None and end - first <= least + most:
            break
        found.append((first, stop or first + most))
        first = found[-1][1]
    return [*found, (first, end)] if first < end else found


def _parted(frames: Sequence[Mix], one: tuple[int, int], least: int) -> list[tuple[int, int]]:
    """A stretch, parted where other things lie over the picture; no part is shorter than `least`."""
    first, end = one
    found = []
    for n in range(first + 1, end):
        if n - first >= least and end - n >= least and _above(frames[n - 1]) != _above(frames[n]):
            found.append((first, n))
            first = n
    return [*found, (first, end)]


def _below(mix: Mix) -> list[str]:
    """The media of the picture itself."""
    return [still.medium for _, still in mix if not still.layer]


def _above(mix: Mix) -> list[str]:
    """The media that lie over it: supers, logos, burnt-in captions."""
    return [still.medium for _, still in mix if still.layer]
