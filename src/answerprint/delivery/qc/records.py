"""What one decode pass found, and what QC says about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from answerprint.delivery.loudness import Measure
from answerprint.model.delivery import Finding, Rendered, Spec, Window
from answerprint.model.records import MediaInfo
from answerprint.model.time import Timecode, TimecodeError
from answerprint.signal.picture import Series

__all__ = ["BEST_WORDS", "Film", "Heard", "Pass", "Report", "Seen", "audible", "weight", "windows"]

BEST_WORDS = "nothing wrong found"

Floats = NDArray[np.float64]

_BLACK_SHARE = 980  #: thousandths of dark pixels, as ffmpeg's blackdetect
_BLACK_HIGH = 15.0  #: per cent of white: dark grey lettering has it in more than a thousandth of the picture
_EDGE_S = 1e-4  #: what a time stamp may be short of its frame's true beginning


@dataclass(frozen=True, kw_only=True)
class Seen:
    """The picture, one entry a frame."""

    series: Series
    levels_out: Floats  #: share of the picture whose luma lies outside EBU R 103's tolerance
    gamut_out: Floats  #: share whose red, green or blue does
    luma_low: Floats  #: luma that 0.1 % of the picture lies below, per cent between black and white
    luma_high: Floats  #: luma that 0.1 % lies above
    flashes: NDArray[np.int16]  #: +1 where a quarter of the picture turned brighter by a flash's measure, -1 darker, 0 else
    red: NDArray[np.int16]  #: the same for saturated red
    bars: tuple[int, int, int, int]  #: black lines that stay at top, bottom, left, right
    pts: tuple[int | None, ...]
    tick_s: Fraction  #: of `pts`
    corrupt: tuple[int, ...]  #: frames that the decoder marks as damaged
    interlaced: int  #: frames that are coded as two fields
    colours: tuple[int, int, int, int]  #: as the pictures themselves say: primaries, transfer, matrix, range; numbers of ITU-T H.273

    @property
    def frames(self) -> int:
        return self.series.frames

    @property
    def black(self) -> NDArray[np.bool_]:
        """Frames that show nothing; a word on black ground is something."""
        nothing: NDArray[np.bool_] = (self.series.values["dark"] >= _BLACK_SHARE) & (self.luma_high < _BLACK_HIGH)
        return nothing

    def times(self, rate: Fraction) -> Floats:
        """When each frame comes on screen, in seconds after the first; by counting where the stamps are missing."""
        if any(one is None for one in self.pts):
            return np.arange(self.frames) / float(rate)
        return (np.array(self.pts, np.float64) - float(self.pts[0] or 0)) * float(self.tick_s)


@dataclass(frozen=True, kw_only=True)
class Heard:
    """The sound. Series of the programme run in cells of 10 ms from the first picture."""

    channels: int
    programme: tuple[int, ...]
    measure: Measure
    momentary: Floats  #: LUFS, ten a second
    short_term: Floats
    energy: Floats  #: mean square of each channel of the programme, shape (channels, cells)
    peak: Floats  #: largest absolute sample, same shape
    cross: Floats  #: mean of left times right; empty for one channel
    offset: tuple[float, ...]  #: mean of each channel over all of it, full scale 1
    whole: tuple[float, ...]  #: mean square of every channel of the file, over all of it
    clicks: tuple[float, ...]  #: seconds
    flat: tuple[float, ...]  #: seconds at which the waveform is cut off flat
    holes: tuple[tuple[int, Fraction, Fraction], ...]
    length_s: dict[int, Fraction]
    damaged: int

    @property
    def cells(self) -> int:
        return int(self.energy.shape[1])


@dataclass(frozen=True, kw_only=True)
class Film:
    """Which frames of the file are the film; the rest is head and tail."""

    first: int
    end: int

    @property
    def frames(self) -> int:
        return self.end - self.first


@dataclass(frozen=True, kw_only=True)
class Pass:
    """Everything that the checks look at."""

    path: Path
    info: MediaInfo
    spec: Spec | None
    expected: Rendered | None
    film: Film
    seen: Seen
    heard: Heard | None
    times: Floats  #: when each frame comes on screen, in seconds after the first
    broken_off: str = ""  #: what stopped the reading before the file's end

    @property
    def rate(self) -> Fraction:
        assert self.info.video is not None
        return self.info.video.rate

    @property
    def length_s(self) -> float:
        """From the first picture to the end of the last."""
        return float(self.times[-1]) + 1 / float(self.rate)

    def frame_of(self, second: float) -> int:
        """The frame on screen at a second after the first picture; the last one past the end."""
        return max(0, int(np.searchsorted(self.times, second + _EDGE_S, side="right")) - 1)

    def where(self, start_s: float, end_s: float) -> Window:
        """The frames on screen from one second to another; one at the least."""
        first = self.frame_of(start_s)
        return Window(first=first, end=max(first, self.frame_of(end_s - 2 * _EDGE_S)) + 1)


@dataclass(frozen=True, kw_only=True)
class Report:
    """One file, examined."""

    file: str
    spec: Spec | None
    findings: tuple[Finding, ...]
    facts: tuple[tuple[str, str], ...]  #: what the file is, as (what, value)
    unchecked: tuple[str, ...]
    passed: Pass = field(repr=False)

    @property
    def verdict(self) -> str:
        """A sentence: never more than that nothing wrong was found."""
        counts = [(sum(one.weight == weight for one in self.findings), weight) for weight in ("FAIL", "WARN")]
        said = ", ".join(f"{count} {weight}" for count, weight in counts if count)
        return said or BEST_WORDS

    def timecode(self, frame: int) -> str:
        """Where a frame lies: the file's own timecode, else counted from its beginning."""
        rate, written = self.passed.rate, self.passed.info.timecode
        zero = Timecode(frames=0, rate=rate)
        try:
            start = Timecode.parse(written, rate=rate) if written else zero
        except TimecodeError:  # a label that this rate does not have
            start = zero
        return str(start.plus(frame))


def weight(spec: Spec | None, *, rule: bool = True) -> Literal["FAIL", "WARN"]:
    """FAIL where a spec asks for it, WARN where only custom does."""
    return "FAIL" if spec is not None and rule else "WARN"


def audible(energy: Floats, db: float) -> NDArray[np.bool_]:
    """Where a mean square lies above a level in dB of full scale."""
    loud: NDArray[np.bool_] = energy > 10 ** (db / 10)
    return loud


def windows(runs: list[tuple[int, int]]) -> tuple[Window, ...]:
    return tuple(Window(first=first, end=end) for first, end in runs)
