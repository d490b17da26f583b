"""Random lives of a cut: a first assembly, what somebody does to it, and the truth about what is left, counted frame by frame."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import opentimelineio as otio

from answerprint.model.time import Span
from answerprint.timeline.cut import CutInfo, Media, attach, reference, set_speed, span

RATE = Fraction(25)
LENGTH = 400  #: frames of every medium


@dataclass(frozen=True, kw_only=True)
class Event:
    """One shot, in whole frames; `hidden`: it is shown inside a nested cut, from its `into` on."""

    name: str
    start: int
    length: int
    speed: int = 1
    nested: bool = False


def assembly(rng: random.Random, shots: int = 8) -> list[Event]:
    return [Event(name=f"A{n:03d}", start=rng.randrange(20, 150), length=rng.randrange(8, 40)) for n in range(shots)]


def lived(rng: random.Random, events: list[Event], gestures: int, *, also: tuple[str, ...] = ("retime", "nest")) -> list[Event]:
    """The cut after so many gestures of an editor's."""
    made = list(events)
    for _ in range(gestures):
        what = rng.choice(("trim", "trim", "slip", "move", "replace", "insert", "delete", "blade", *also))
        n = rng.randrange(len(made))
        one = made[n]
        if what == "trim" and one.length > 6:
            by = rng.randrange(1, one.length - 4)
            made[n] = replace(one, start=one.start + by * one.speed, length=one.length - by) if rng.random() < 0.5 else replace(one, length=one.length - by)
        elif what == "slip":
            made[n] = replace(one, start=one.start + rng.randrange(1, 40))
        elif what == "move":
            made.insert(rng.randrange(len(made)), made.pop(n))
        elif what == "replace":
            made[n] = replace(one, name=f"B{rng.randrange(6):03d}")
        elif what == "insert":
            made.insert(n, Event(name=rng.choice([*(event.name for event in events), "B900"]), start=rng.randrange(20, 150), length=rng.randrange(6, 30)))
        elif what == "delete" and len(made) > 2:
            made.pop(n)
        elif what == "blade" and one.length > 6:
            at = rng.randrange(2, one.length - 2)
            made[n : n + 1] = [replace(one, length=at), replace(one, start=one.start + at * one.speed, length=one.length - at)]
        elif what == "retime":
            made[n] = replace(one, speed=2, start=min(one.start, 150))
        elif what == "nest":
            made[n] = replace(one, nested=True)
    return made


def truth(cut: list[Event], first: list[Event]) -> Fraction:
    """The longest common order of single frames, by dynamic programming over all of them, as a share of the cut."""
    mine, theirs = ([(one.name, one.speed, one.start + n * one.speed) for one in events for n in range(one.length)] for events in (cut, first))
    known = {frame: number for number, frame in enumerate(dict.fromkeys((*mine, *theirs)))}
    left, right = (np.array([known[frame] for frame in frames]) for frames in (mine, theirs))
    best = np.zeros(len(right) + 1, np.int64)
    for frame in left:
        new = best.copy()
        np.maximum(new[1:], np.where(right == frame, best[:-1] + 1, 0), out=new[1:])
        best = np.maximum.accumulate(new)
    return Fraction(int(best[-1]), len(mine))


def points(cut: list[Event], first: list[Event]) -> Fraction | None:
    """Of the cut points, those at which the assembly meets in the same two frames."""

    def joins(events: list[Event]) -> list[tuple[Any, ...]]:
        pairs = [((a.name, a.speed, a.start + a.length * a.speed), (b.name, b.speed, b.start)) for a, b in itertools.pairwise(events)]
        return [pair for pair in pairs if pair[0] != pair[1]]

    own, laid = joins(cut), set(joins(first))
    return Fraction(sum(one in laid for one in own), len(own)) if own else None


def clip(one: Event, *, sound: bool = False) -> Any:
    length = one.length / RATE
    kind: dict[str, Any] = {"audio_rate_hz": 48000, "audio_channels": 2} if sound else {"rate": RATE, "video": True}
    media = Media(name=f"{one.name}.{'wav' if sound else 'mov'}", digest=f"blake3:{one.name}", **kind)
    made = otio.schema.Clip(name=one.name, source_range=span(one.start / RATE, length, RATE))
    made.media_reference = reference(media, Span(start_s=Fraction(0), end_s=LENGTH / RATE), url=f"file:///{media.name}")
    if one.speed != 1:
        set_speed(made, Fraction(one.speed))
    return made


def timeline(events: list[Event], heard: list[Event] | None = None) -> Any:
    """A cut of these shots; nested ones lie in a cut of their own, with something before and after them that is not shown."""
    picture = []
    for one in events:
        if not one.nested:
            picture.append(clip(one))
            continue
        before = Event(name="Z000", start=30, length=7)
        inside = otio.schema.Track("V1", kind="Video", children=[clip(before), clip(one), clip(replace(before, start=60))])
        picture.append(otio.schema.Stack(name="a nested cut", children=[inside], source_range=span(7 / RATE, one.length / RATE, RATE)))
    made = otio.schema.Timeline(name="cut", global_start_time=span(Fraction(3600), Fraction(1), RATE).start_time)
    made.tracks.append(otio.schema.Track("V1", kind="Video", children=picture))
    if heard is not None:
        made.tracks.append(otio.schema.Track("A1", kind="Audio", children=[clip(one, sound=True) for one in heard]))
    attach(made, CutInfo(rate=RATE))
    return made
