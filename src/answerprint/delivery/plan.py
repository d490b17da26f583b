"""What is on screen at every frame of a film, and what is heard at every sample: the cut with all arithmetic done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal

from answerprint.media.cube import Cdl
from answerprint.media.look import Look
from answerprint.model.records import Digest, MediaInfo
from answerprint.model.time import Timecode, round_half_up

__all__ = ["BLACK", "RATE_HZ", "Fade", "Gain", "Medium", "Mix", "Piece", "Plan", "Shot", "Still", "stamp"]

RATE_HZ = 48_000  #: of sound in every format we deliver (SMPTE ST 382, EBU R 128, AES5's preferred rate)


@dataclass(frozen=True, kw_only=True)
class Medium:
    """One original. `info` is None for a still picture."""

    key: str  #: as the plan names it: its digest, else its file
    name: str  #: as a person reads it
    path: Path
    info: MediaInfo | None
    digest: Digest | None
    see_through: bool = False  #: it has an alpha channel that lets something through
    lettering: bool = False  #: drawn here to lie over the film: it is no shot, and no look or grade is for it
    stamp: tuple[int, int] | None = None  #: of the file when the film was worked out, as `stamp` says it


def stamp(path: Path) -> tuple[int, int]:
    """What a file shows without being read: its size in bytes, and when it was last written to, in nanoseconds."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns


@dataclass(frozen=True, kw_only=True)
class Still:
    """One frame of one medium.

    `frame` counts from 0 on a constant grid at the medium's own rate, from its first frame; where a camera dropped a frame, the one
    before stays on screen. `box` is what of the picture is shown: left, top, width, height, each 0 to 1; None for all of it.
    """

    medium: str
    frame: int
    at_s: Fraction  #: the moment of the medium that was asked for
    shot: int = 0  #: of the plan's shots, from 1; 0 for a picture that is no shot of the cut
    box: tuple[float, float, float, float] | None = None
    layer: int = 0  #: 0: added by its weight; above: laid by its own alpha over all layers below its own


BLACK = Still(medium="", frame=0, at_s=Fraction(0))  #: black that covers what lies below it

#: What a frame is made of: pictures with their weights, which in each layer add up to 1 or less; what is missing in the lowest is black.
Mix = tuple[tuple[Fraction, Still], ...]


@dataclass(frozen=True, kw_only=True)
class Fade:
    """A rise or a fall of a sound, in samples of the film. Equal power: two that cross keep their loudness; straight: their level."""

    first: int
    length: int
    way: Literal["rise", "fall"]
    shape: Literal["equal power", "straight"] = "equal power"


@dataclass(frozen=True, kw_only=True)
class Gain:
    """A level at a sample of the film; between two the level in dB goes straight."""

    at: int
    gain_db: float


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of one sound, laid to the sample.

    `source` is where in the medium its first sample lies, in samples at 48 kHz from time zero; `pace` is how many of those pass for each
    sample of the film: 1 as recorded, a little more or less for a recorder whose clock drifts, below 0 backwards, 0 silent.
    """

    medium: str
    first: int  #: sample of the film
    length: int
    source: Fraction
    pace: Fraction = Fraction(1)
    channels: tuple[int, ...] | None = None  #: that are heard, from 1 over all streams; None: all of them
    finished: bool = False  #: a person's mix: its channels are the film's, one for one
    stem: str = ""  #: "dialogue", "music" or "effects", where the cut says it
    gains: tuple[Gain, ...] = ()
    fades: tuple[Fade, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One use of a moving picture in the cut: what a grade is laid over."""

    names: tuple[str, ...]  #: by which a correction may know it: of the clip, of its file, of its reel
    cdl: Cdl | None = None  #: that the cut itself carries for it


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A film, ready to be rendered. `frames[n]` is what is on screen at frame n; `segments` are half-open frame ranges, without a hole."""

    title: str
    rate: Fraction
    drop: bool
    size: tuple[int, int]
    start: Timecode
    edit: str  #: seal of the edit
    frames: tuple[Mix, ...]
    pieces: tuple[Piece, ...]
    segments: tuple[tuple[int, int], ...]
    media: dict[str, Medium]
    warnings: tuple[str, ...] = ()
    textless: bool = False  #: worked out without its cards and supers
    shots: tuple[Shot, ...] = ()  #: in the order in which they are first seen
    grades: Mapping[int, Look] = field(default_factory=dict)  #: a person's, by the number of a shot

    @property
    def mix(self) -> bool:
        """Whether its sound is a person's mix."""
        return any(piece.finished for piece in self.pieces)

    @property
    def samples(self) -> int:
        """Of the whole film, at 48 kHz."""
        return round_half_up(len(self.frames) / self.rate * RATE_HZ)
