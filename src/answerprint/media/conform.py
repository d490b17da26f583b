"""From the times a file gives its frames to a constant frame rate, with the way back.

Cameras drop frames, phones vary their rate, files begin late or carry no times at all; an editing program wants one frame per tick.
A proxy frame shows the source frame whose time is nearest to it; where none is, the one before stays on screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from answerprint.model.time import round_half_up

__all__ = ["Conform", "Placed", "backmap"]


@dataclass(frozen=True, kw_only=True)
class Placed:
    """One source frame, and where it is on the constant grid."""

    slot: int  #: proxy frame it is first shown on
    ordinal: int  #: of the source frame, from 0 in presentation order
    at_s: Fraction  #: its presentation time in the container


class Conform:
    """Places source frames, in presentation order, on a grid that begins with the first of them.

    Args: rate: frames a second of the grid.  longest_s: what the clip says it lasts; a gap longer than that is a broken clock.
    """

    def __init__(self, *, rate: Fraction, longest_s: Fraction) -> None:
        self._rate, self._longest_s = rate, max(longest_s, Fraction(1))
        self._last: Placed | None = None
        self._shift_s = Fraction(0)
        self.first_s: Fraction | None = None
        self.without_time = 0  #: frames that came without a time, or with one that does not go forward
        self.jumps = 0  #: gaps longer than the clip

    def place(self, at_s: Fraction | None) -> Placed:
        """The slot of the next frame. Two frames nearest to one slot get the same; the later one is shown."""
        last = self._last
        if last is None:
            placed = Placed(slot=0, ordinal=0, at_s=at_s or Fraction(0))
            self.without_time += at_s is None
            self.first_s = placed.at_s
        else:
            assert self.first_s is not None
            tick_s = 1 / self._rate
            at = None if at_s is None else at_s + self._shift_s
            if at is None or at <= last.at_s:
                self.without_time += 1
                at = last.at_s + tick_s
            elif at - last.at_s > self._longest_s:
                self.jumps += 1
                self._shift_s += last.at_s + tick_s - at
                at = last.at_s + tick_s
            placed = Placed(slot=round_half_up((at - self.first_s) * self._rate), ordinal=last.ordinal + 1, at_s=at)
        self._last = placed
        return placed


def backmap(shown: list[Placed], rate: Fraction) -> list[tuple[int, int, Fraction]]:
    """The way back: `shown` holds the source frame of every proxy frame, in order.

    Returns: (proxy frame, source ordinal, source time in seconds) at the start of each run in which proxy and source go forward
             frame by frame together, and their times within half a frame. One entry for a clip whose rate was constant; empty for
             no frames.
    """
    runs: list[tuple[int, int, Fraction]] = []
    for frame, placed in enumerate(shown):
        if runs:
            ahead = frame - runs[-1][0]
            if placed.ordinal - runs[-1][1] == ahead and abs(placed.at_s - runs[-1][2] - ahead / rate) * 2 <= 1 / rate:
                continue
        runs.append((frame, placed.ordinal, placed.at_s))
    return runs
