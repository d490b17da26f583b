"""A cut and the facts about it, composed in the test: no picture and no sound is behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from answerprint.model.ideas import Case, Idea, Shot, Tried
from answerprint.model.records import Fact, Facts, to_plain
from answerprint.model.time import Span
from answerprint.plan import digest_of
from answerprint.timeline.cut import CutInfo, Media, at, attach, reference

R = Fraction(25)
LONG_S = Fraction(60)


@dataclass
class Film:
    """Shots of fifty frames in a row, each of its own clip; facts by name."""

    shots: int = 5
    facts: dict[str, Any] = field(default_factory=dict)
    tries: list[Tried] = field(default_factory=list)
    items: Mapping[int, int] = field(default_factory=dict)
    scenes: Mapping[int, str] = field(default_factory=dict)
    heroes: Mapping[int, str] = field(default_factory=dict)
    sound: bool = True
    seed: int = 0  #: another film: its shots begin elsewhere in its clips

    def set(self, name: str, *values: object, first: int = 1) -> Film:
        """Facts of shots one after the other: "face height", 0.3, 0.31; None for a shot without."""
        for number, value in enumerate(values, first):
            if value is not None:
                self.facts[f"cut:{number} {name}"] = f"{value:.3f}" if isinstance(value, float) else value
        return self

    def tried(self, name: str, item: int, *, spoken: bool = False, off: bool = False, out_s: int = 20) -> Film:
        """One attempt at an item: "A001_C003#2"."""
        file = f"rushes/{name.partition('#')[0]}.mp4"
        media = {"media": to_plain(_media(file)), "available": ["0/1", str(LONG_S)], "url": file}
        number = int(name.rpartition("#")[2])
        self.tries.append(
            Tried(name=name, slate=f"{item}-{number} A", file=file, clip=_digest(file), item=item, in_s=Fraction(20 * (number - 1)),
                  out_s=Fraction(20 * (number - 1) + out_s), first_s=Fraction(20 * (number - 1) + 1), last_s=Fraction(20 * (number - 1) + out_s - 1),
                  complete=True, spoken=spoken, off=off, rate=R, media=media)
        )  # fmt: skip
        return self

    @property
    def case(self) -> Case:
        shots = [self._shot(number) for number in range(1, self.shots + 1)]
        rows = dict(self.facts)
        for shot in shots:
            rows[f"cut:{shot.number} uses"] = f"{shot.file} {float(shot.in_s):.3f}-{float(shot.out_s):.3f}"
            rows |= {f"cut:{shot.number} {name}": value for name, value in (("item", shot.item), ("scene", shot.scene), ("setup", shot.setup), ("hero", shot.hero)) if value is not None}
        rows |= {f"try:{one.name}@{one.item} lies": f"{one.slate} {float(one.in_s):.3f}" for one in self.tries}
        known = Facts(task="critics", version=1, inputs=(), facts=tuple(Fact(about="", name=name, value=value, method="as the test says") for name, value in rows.items()))
        return Case(version="master", cut="cuts/v01.otio", seal="sha256:1", rate=R, timeline=self.timeline(shots).to_json_string(), shots=tuple(shots), tries=tuple(self.tries), known=known,
                    digest=digest_of(known.to_bytes()))  # fmt: skip

    def _shot(self, number: int) -> Shot:
        file = f"rushes/A001_C{number:03d}.mp4"
        in_s = Fraction(2) + Fraction(self.seed, 25)
        return Shot(
            number=number, file=file, clip=_digest(file), film=(50 * (number - 1), 50 * number), in_s=in_s, out_s=in_s + 2, rate=R, size=(1920, 1080), item=self.items.get(number),
            scene=self.scenes.get(number), setup=self.scenes.get(number, f"{number}A"), hero=self.heroes.get(number), attempt=f"A001_C{number:03d}#1",
        )  # fmt: skip

    def timeline(self, shots: Sequence[Shot]) -> Any:
        tracks = [otio.schema.Track("V1", kind="Video", children=[_clip(one.file, one.in_s) for one in shots])]
        if self.sound:
            tracks.append(otio.schema.Track("A1", kind="Audio", children=[_clip(one.file, one.in_s) for one in shots]))
        made = otio.schema.Timeline(name="v01", tracks=tracks)
        attach(made, CutInfo(rate=R))
        return made


def _digest(file: str) -> str:
    return f"blake3:{file}"


def _media(file: str) -> Media:
    return Media(name=file.rsplit("/", 1)[-1], file=file, digest=_digest(file), rate=R, video=True)


def _clip(file: str, in_s: Fraction) -> Any:
    made = otio.schema.Clip(name=file, media_reference=reference(_media(file), Span(start_s=Fraction(0), end_s=LONG_S), url=file))
    made.source_range = otio.opentime.TimeRange(at(in_s, R), at(Fraction(2), R))
    return made


def texts(ideas: Sequence[Idea], word: str) -> list[str]:
    """The shots on which an idea with that word in it speaks."""
    return [one.on for one in ideas if word in one.text]
