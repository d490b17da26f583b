"""Segments: the film in stretches that are rendered one by one, so that a killed render goes on where it was.

Where they part is a function of the film alone, never of the machine, its load or where somebody pulled the plug.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from answerprint.delivery.plan import Mix

__all__ = ["LEAST_S", "MOST_S", "borders"]

#: Not shorter: every segment begins with a key frame, and at one every two seconds (what platforms ask for) no bits are lost by it.
LEAST_S = 2
#: Not longer: what is lost by a kill, and the shortest spot (a :06) still keeps two cores busy.
MOST_S = 4


def borders(frames: Sequence[Mix], rate: Fraction) -> tuple[tuple[int, int], ...]:
    """Half-open frame ranges, in order and without a hole: from cut to cut where one lies between two and four seconds on, else four seconds.

    The last is up to six seconds long. Empty for no frames.
    """
    least, most = int(LEAST_S * rate), int(MOST_S * rate)
    found = []
    first = 0
    while len(frames) - first > least + most:
        stop = next((n for n in range(first + least, first + most) if _cut(frames[n - 1], frames[n])), first + most)
        found.append((first, stop))
        first = stop
    if first < len(frames):
        found.append((first, len(frames)))
    return tuple(found)


def _cut(before: Mix, after: Mix) -> bool:
    """Whether other media are on screen than a frame before."""
    return [still.medium for _, still in before] != [still.medium for _, still in after]
