"""Where a cut may stand around a stretch of speech: outside every word, with handles, on whole frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from answerprint.model.time import Span, floor_frames

__all__ = ["CLEAR_S", "HEAD_FRAMES", "TAIL_FRAMES", "Room", "Trimmed", "trim"]

HEAD_FRAMES = 4  #: before the first sound, an assistant's habit
TAIL_FRAMES = 8  #: after the last: a voice dies away more slowly than it begins
_HEAD_SHARE, _TAIL_SHARE = Fraction(1, 4), Fraction(2, 3)  #: of a silence too short for both handles: a word begins sharply and dies away slowly
HUSH_S = Fraction(1, 50)  #: of silence on either side of a cut between words: what sounds is measured in 25 ms
CLEAR_S = Fraction(1, 25)  #: between a cut and a word where two words are near: heard edges err so much (`python -m bench.rough`: 25 ms clips one line in 100)


@dataclass(frozen=True, kw_only=True)
class Room:
    """What limits a cut: all times in seconds from the clip's first frame.

    words: every word that was heard in the clip, whoever said it.  length_s: of the clip.  grid: frames a second on which the cut
    begins (the clip's own; a sound's: the timeline's).  rate: frames a second in which its length is counted.
    within: the attempt, from "action" to "cut"; handles stay inside it.  sound: stretches in which anything sounds, the short holes of stops
    closed; None where nobody measured. Heard words end early at times ("70%" before "percent" is over); a cut between words stands in silence.
    """

    words: Sequence[Span]
    length_s: Fraction
    grid: Fraction
    rate: Fraction
    within: Span
    sound: Sequence[Span] | None = None

    def silent(self, at_s: Fraction) -> bool:
        """Whether nothing sounds at a moment, as far as anybody measured."""
        return not any(one.start_s < at_s + HUSH_S and at_s - HUSH_S < one.end_s for one in self.sound or ())


@dataclass(frozen=True, kw_only=True)
class Trimmed:
    """A cut. `taken_along` counts words of neighbours that stood too close to cut between."""

    used: Span
    head_short: bool  #: less than the whole handle
    tail_short: bool
    taken_along: int


def trim(speech: Span, room: Room) -> Trimmed:
    """Cut around speech, outside words.

    A handle is whole where there is room, else its share of the silence to the neighbour: a fourth before a word, two thirds after. Where no frame's edge lies clear between two words, the
    neighbour is taken along: a word too many can be cut away later, half a word is a fault.
    Args:    speech: from the first to the last sound that must stay.
    Returns: seconds from the clip's first frame; begins on `grid`, lasts whole frames of `rate`, one at least.
    """
    words = sorted((word for word in room.words if word.start_s < word.end_s), key=lambda word: (word.start_s, word.end_s))
    keep = Span(start_s=max(speech.start_s, Fraction(0)), end_s=min(max(speech.end_s, speech.start_s), room.length_s))
    keep = _whole(keep, words)
    own = sum(1 for word in words if word.overlap(keep))
    while True:
        before = max((word.end_s for word in words if word.end_s <= keep.start_s), default=None)
        after = min((word.start_s for word in words if word.start_s >= keep.end_s), default=None)
        start = _start(keep, room, before)
        if start is None:
            keep = _whole(Span(start_s=max(word.start_s for word in words if word.end_s == before), end_s=keep.end_s), words)
            continue
        frames = _frames(start, keep, room, after)
        if frames is None:
            keep = _whole(Span(start_s=keep.start_s, end_s=min(word.end_s for word in words if word.start_s == after)), words)
            continue
        used = Span(start_s=start, end_s=start + frames / room.rate)
        return Trimmed(
            used=used, head_short=keep.start_s - start < HEAD_FRAMES / room.rate, tail_short=used.end_s - keep.end_s < TAIL_FRAMES / room.rate,
            taken_along=sum(1 for word in words if word.overlap(keep)) - own,
        )  # fmt: skip


def _whole(keep: Span, words: Sequence[Span]) -> Span:
    """Grown until no word lies half inside."""
    while True:
        touched = [word for word in words if word.start_s < keep.end_s and keep.start_s < word.end_s]
        grown = Span(start_s=min([keep.start_s, *(word.start_s for word in touched)]), end_s=max([keep.end_s, *(word.end_s for word in touched)]))
        if grown == keep:
            return keep
        keep = grown


def _start(keep: Span, room: Room, before: Fraction | None) -> Fraction | None:
    """On the grid, between the word before and the first sound; None where no frame begins there."""
    handle = HEAD_FRAMES / room.rate
    if before is not None:
        handle = min(handle, (keep.start_s - before) * _HEAD_SHARE)
    wanted = keep.start_s - handle
    floor = max(before or Fraction(0), Fraction(0))
    if floor <= room.within.start_s <= keep.start_s:
        wanted = max(wanted, room.within.start_s)
    clear = CLEAR_S if before is not None else Fraction(0)
    last = floor_frames(keep.start_s - clear, room.grid)
    first = -floor_frames(-(floor + clear), room.grid)
    open_ = [frame for frame in range(first, last + 1) if before is None or room.silent(frame / room.grid)]
    nearest = floor_frames(wanted, room.grid) if before is None or wanted <= keep.start_s - HEAD_FRAMES / room.rate else -floor_frames(-wanted, room.grid)
    return min(open_, key=lambda frame: abs(frame - nearest)) / room.grid if open_ else None


def _frames(start: Fraction, keep: Span, room: Room, after: Fraction | None) -> int | None:
    """How many frames from `start` end between the last sound and the word after it; None where none does."""
    handle = TAIL_FRAMES / room.rate
    if after is not None:
        handle = min(handle, (after - keep.end_s) * _TAIL_SHARE)
    wanted = keep.end_s + handle
    if keep.end_s <= room.within.end_s:
        wanted = min(wanted, room.within.end_s)
    most = floor_frames(room.length_s - start, room.rate)
    least = max(1, -floor_frames(-(keep.end_s - start), room.rate))
    if least > most:  # the clip ends inside the last frame: there is nothing after it to cut away
        return max(1, most)
    if after is not None and after < room.length_s:
        most = min(most, floor_frames(after - CLEAR_S - start, room.rate))
        least = max(least, -floor_frames(-(keep.end_s + CLEAR_S - start), room.rate))
    if after is None or after >= room.length_s:
        return min(max(-floor_frames(-(wanted - start), room.rate), least), most)
    open_ = [frames for frames in range(least, most + 1) if room.silent(start + frames / room.rate)]
    nearest = -floor_frames(-(wanted - start), room.rate)
    return min(open_, key=lambda frames: abs(frames - nearest), default=None)
