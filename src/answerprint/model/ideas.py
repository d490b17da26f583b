"""What a machine critic is given and what it may say: a case (a cut and the facts about it), and ideas that cite those facts.

An idea blocks nothing and judges nothing. It says what somebody who was not hired might have said, cites what it saw, and says what it costs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

from answerprint.model.records import Digest, Facts, ModelError, canonical

__all__ = ["Case", "Cited", "Idea", "Offer", "Shot", "Tried", "Wording"]

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


@dataclass(frozen=True, kw_only=True)
class Cited:
    """One fact that an idea rests on: the facts file it lies in, its name there, and what it says. Measured numbers are decimal text."""

    digest: Digest
    name: str  #: "cut:5 headroom"
    value: Any


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What an idea puts on the table, as the file that holds it."""

    kind: Literal["timeline", "framing", "cdl"]  #: an OpenTimelineIO timeline, a framing of a shot, an ASC CDL's "slope ; power" numbers
    name: str  #: how the file is called, without folder and suffix
    text: str


@dataclass(frozen=True, kw_only=True)
class Wording:
    """The same idea in somebody else's words: a language model's, say. The critic's own words stay beside it."""

    text: str
    by: str  #: whose words: the provider and its model, as the record names them


@dataclass(frozen=True, kw_only=True)
class Idea:
    """One idea of a critic's. Without a fact there is none."""

    critic: str
    on: str  #: "cut:5", "item:3", "frame:cuts/v03.otio@123"
    text: str  #: a sentence or two
    facts: tuple[Cited, ...]
    offer: Offer | None = None
    gives_up: str = ""  #: what it would cost
    away: bool = False  #: whether it leads away from what is usually done
    worded: Wording | None = None  #: None: the words are the critic's own

    def __post_init__(self) -> None:
        if not self.facts:
            raise ModelError(f"{self.critic}: an idea without a fact is none: {self.text!r}")
        if not self.text.strip() or not self.on.strip():
            raise ModelError(f"{self.critic}: an idea says something, and about what.")
        if self.worded is not None and (not self.worded.by.strip() or not self.worded.text.strip()):
            raise ModelError(f"{self.critic}: other words say something, and whose they are.")
        if self.worded is not None and (new := sorted(set(_NUMBER.findall(self.worded.text)) - set(_NUMBER.findall(self.text)))):
            raise ModelError(f"{self.critic}: {self.worded.by} put {', '.join(new)} into its words, which the critic did not say. Other words, not another claim.")
        canonical([one.value for one in self.facts])


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One shot of the cut's picture, in the order of the film."""

    number: int  #: as people count it, cards and nested cuts counted
    file: str
    clip: Digest
    film: tuple[int, int]  #: frames of the cut, half-open
    in_s: Fraction  #: what is seen of the clip, seconds from its first frame
    out_s: Fraction
    rate: Fraction  #: frames a second of the clip
    size: tuple[int, int]  #: of its picture as it is seen
    speed: Fraction = Fraction(1)
    item: int | None = None
    scene: str | None = None  #: of the script: the room
    setup: str | None = None
    hero: str | None = None
    attempt: str | None = None  #: which of `tries` it is cut from


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One attempt at one item, in shooting order."""

    name: str  #: "A001_C003#2"
    slate: str  #: "1A-3 A", for a sentence
    file: str
    clip: Digest
    item: int
    in_s: Fraction  #: from "action" to "cut"
    out_s: Fraction
    first_s: Fraction  #: of the item in it: its first word, or where the attempt begins
    last_s: Fraction
    complete: bool
    spoken: bool
    off: bool = False  #: whoever speaks is not seen
    rate: Fraction = Fraction(25)
    media: Mapping[str, Any] | None = None  #: the clip as a timeline knows it: {"media": plain Media, "available": ["n/d", "n/d"], "url"}


@dataclass(frozen=True, kw_only=True)
class Case:
    """A version's cut with everything that is known about it. Critics read what is measured by its name and cite it."""

    version: str
    cut: str  #: the file
    seal: str
    rate: Fraction  #: frames a second of the film
    timeline: str  #: the cut as OpenTimelineIO JSON
    shots: tuple[Shot, ...]
    tries: tuple[Tried, ...]
    known: Facts
    digest: Digest  #: of `known` as a file

    @cached_property
    def _by_name(self) -> dict[str, Any]:
        return {fact.name: fact.value for fact in self.known.facts}

    def fact(self, name: str) -> Any:
        """What is known under that name; None where nothing is."""
        return self._by_name.get(name)

    def number(self, name: str) -> float | None:
        """A measured number; None where it was not measured."""
        value = self.fact(name)
        return None if value is None else float(value)

    def cite(self, names: Iterable[str]) -> tuple[Cited, ...] | None:
        """Those facts, to be cited; None where one of them is not known, and then there is no idea."""
        wanted = tuple(dict.fromkeys(names))
        if not wanted or any(name not in self._by_name for name in wanted):
            return None
        return tuple(Cited(digest=self.digest, name=name, value=self._by_name[name]) for name in wanted)

    def lacks(self, idea: Idea) -> tuple[str, ...]:
        """The facts of an idea that do not hold here, wherever they were measured: none where it is true of this cut."""
        return tuple(one.name for one in idea.facts if self.fact(one.name) != one.value)

    def shot(self, number: int) -> Shot | None:
        return next((one for one in self.shots if one.number == number), None)

    def near(self, shot: Shot) -> tuple[Shot | None, Shot | None]:
        """The shots right before and after it, where they touch it."""
        before = next((one for one in self.shots if one.film[1] == shot.film[0]), None)
        after = next((one for one in self.shots if one.film[0] == shot.film[1]), None)
        return before, after

    def tries_at(self, item: int | None) -> tuple[Tried, ...]:
        return tuple(one for one in self.tries if one.item == item)
