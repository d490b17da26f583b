"""What an easy-choice report is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from answerprint.signal.music import Music
from answerprint.signal.palette import Palette
from answerprint.signal.rhythm import Rhythm

__all__ = ["Bed", "Chose", "Distance", "Group", "Measured", "Offered", "Plate", "Report", "Standing"]

Floats = NDArray[np.float64]
Group = Literal["untouched", "category", "reel"]  #: what nobody chose here; the films of the category; the director's own


@dataclass(frozen=True, kw_only=True)
class Bed:
    """A music bed, and how it lies in the film; None where the sound does not say it."""

    music: Music
    whole: bool  #: no track says what is music: this is the film's whole sound, speech and all
    enters_s: float | None = None
    without_s: float | None = None
    under_speech_db: float | None = None  #: how much it is turned down while somebody speaks, by its own level in the cut: below 0 is down
    envelope: Floats = field(default_factory=lambda: np.zeros(0))  #: how loud it is over the film, 0 to 1


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One film: what was measured about it. A part is None where it has none."""

    name: str
    length_s: float
    palette: Palette | None = None
    rhythm: Rhythm | None = None
    bed: Bed | None = None


@dataclass(frozen=True, kw_only=True)
class Distance:
    """How far the film stands from one thing, in the plate's own unit."""

    name: str  #: "the uncorrected rushes"
    value: float


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a film stands beside a group of things."""

    group: Group
    distances: tuple[Distance, ...]  #: in the order of the group, never sorted
    usual: float | None  #: how far these stand from their own nearest, in the middle; None for one alone
    near: bool | None  #: whether the film stands no further from one of them than that; None where one alone is there, and it is further than can be told apart
    nearest: str
    says: str


@dataclass(frozen=True, kw_only=True)
class Chose:
    """Who chose what a plate shows, over how much, and what they said."""

    judgment: str
    by: str
    what: str
    over: int  #: alternatives that lay beside it
    because: str = ""
    played: str | None = None  #: "played 2 of 6", where they let that leave
    signed: bool = True
    entry: int | None = None


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A bed that lay there when one was chosen."""

    name: str
    file: str = ""  #: as the production calls it
    chosen: bool
    says: str
    envelope: Floats = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True, kw_only=True)
class Plate:
    """One of the three."""

    name: Literal["palette", "rhythm", "music bed"]
    verdict: str  #: "Near the default.", "Far from it.", "There is nothing to measure it by."
    near: bool | None
    asked: bool | None  #: whether the opened first thought asked for this; None where it is not opened, or does not say
    says: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]  #: what and how much, in words
    standings: tuple[Standing, ...]
    thought: str = ""  #: what the first thought says of it, in its author's words
    thought_by: str = ""
    chose: tuple[Chose, ...] = ()
    missing: tuple[str, ...] = ()  #: what could not be compared, and why


@dataclass(frozen=True, kw_only=True)
class Report:
    """Three plates of one version's cut. There is no total."""

    title: str
    version: str
    cut: str  #: its file
    seal: str
    film: Measured
    plates: tuple[Plate, Plate, Plate]
    beside: tuple[tuple[str, Measured], ...] = ()  #: what is drawn beside the film: its name, and it
    offered: tuple[Offered, ...] = ()
