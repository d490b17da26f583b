"""A roll as it happened: every event at its exact sample, and what each microphone made of it.

Times are samples at 48 kHz from the start of the roll. A frame at 23.976 is exactly 2002 of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from answerprint.model.time import Timecode
from sample import sound
from sample.story import CLIPS, Clap, Event, Gust, Pour, Roll, Say, Sound, Stop, Wait
from sample.voices import RATE_HZ, Signal, Spoken, Voices, Word

RATE = Fraction(24000, 1001)
FRAME = 2002  #: samples in a frame
LAYERS = ("actor", "crew", "hits", "air")


@dataclass(frozen=True, kw_only=True)
class Placed:
    """One event where it happened; words in samples of the roll."""

    event: Event
    start: int
    end: int
    words: tuple[Word, ...] = ()


@dataclass(kw_only=True)
class World:
    """One roll. `layers` are dry sounds by who makes them, `wind` is its strength (0..1)."""

    sound: Sound
    length: int
    base: int  #: samples since midnight at sample 0, by the camera's clock
    placed: tuple[Placed, ...]
    clips: dict[str, tuple[int, int]]  #: name -> first sample, frames
    layers: dict[str, Signal] = field(default_factory=dict)
    wind: Signal = field(default_factory=lambda: np.zeros(0))

    def heard(self) -> Signal:
        """Everything that sounds, at one place on the set."""
        out: Signal = sum((self.layers[name] for name in LAYERS), np.zeros(self.length))
        return out


def happen(script: Sound, voices: Voices) -> World:
    """Let the roll happen: find the sample of every event."""
    cursor, base = 0, 0
    placed: list[Placed] = []
    lines: list[tuple[str, int, Spoken]] = []
    begun: dict[str, int] = {}
    clips: dict[str, tuple[int, int]] = {}
    if script.timecode:
        base = Timecode.parse(script.timecode, rate=RATE).frames * FRAME
    for event in script.events:
        start = cursor
        words: tuple[Word, ...] = ()
        if isinstance(event, Wait):
            cursor += round(event.seconds * RATE_HZ)
        elif isinstance(event, Say):
            spoken = voices.say(event.who, event.text)
            at = cursor + round(event.after_s * RATE_HZ)
            lines.append((event.who, at, spoken))
            words = tuple(Word(text=word.text, start=at + word.start, end=at + word.end) for word in spoken.words)
            start, cursor = words[0].start, words[-1].end
        elif isinstance(event, Clap):
            start = _on_frame(cursor + round(event.after_s * RATE_HZ), base)
            cursor = start + round(0.1 * RATE_HZ)
        elif isinstance(event, (Gust, Pour)):
            end = start + round(event.seconds * RATE_HZ)
            placed.append(Placed(event=event, start=start, end=end))
            cursor = end if isinstance(event, Pour) else cursor
            continue
        elif isinstance(event, Roll):
            if not clips and not begun and CLIPS[event.clip].timecode:
                base = Timecode.parse(CLIPS[event.clip].timecode, rate=RATE).frames * FRAME - cursor
            start = cursor = _on_frame(cursor, base)
            begun[event.clip] = start
        elif isinstance(event, Stop):
            clips[event.clip] = (begun[event.clip], (cursor - begun[event.clip]) // FRAME)
        placed.append(Placed(event=event, start=start, end=cursor, words=words))
    world = World(sound=script, length=cursor, base=base, placed=tuple(placed), clips=clips)
    _make_sound(world, lines)
    return world


def _on_frame(sample: int, base: int) -> int:
    """The next sample at which a frame begins."""
    return sample + -(base + sample) % FRAME


def _make_sound(world: World, lines: list[tuple[str, int, Spoken]]) -> None:
    rng = np.random.default_rng(world.base % 2**31 + len(world.placed))
    world.layers = {name: np.zeros(world.length) for name in LAYERS}
    world.wind = np.zeros(world.length)

    def add(layer: str, at: int, samples: Signal) -> None:
        room = world.length - at
        world.layers[layer][at : at + len(samples)] += samples[:room]

    for who, at, spoken in lines:
        crew = who in ("director", "assistant")
        add("crew" if crew else "actor", at, spoken.samples * (0.20 if crew else 0.34))
    for placed in world.placed:
        if isinstance(placed.event, Clap):
            add("hits", placed.start, sound.clap(rng))
        elif isinstance(placed.event, Pour):
            add("air", placed.start, 2.2 * sound.pour(placed.end - placed.start, rng))
        elif isinstance(placed.event, Gust):
            blown, strength = sound.gust(placed.end - placed.start, rng)
            add("air", placed.start, blown)
            room = world.length - placed.start
            world.wind[placed.start : placed.end] = strength[:room]


def recorded(world: World, *, seed: int) -> dict[str, Signal]:
    """The recorder's tracks by name, on the recorder's own clock."""
    rng = np.random.default_rng(seed)
    size = world.length
    dry = world.layers
    if world.sound.kind == "voice-over":
        tracks = {"VO": sound.through(dry["actor"], sound.room(0, rng, decay_s=0.09, wet=0.12)) + 0.00025 * sound.pink(size, rng)}
    else:
        set_room = sound.room(0, rng, decay_s=0.34, wet=0.30)
        boom = sound.through(dry["actor"] + 0.7 * dry["crew"] + dry["hits"] + dry["air"], set_room) + 0.0011 * sound.pink(size, rng, high_hz=4000)
        lav_room = sound.room(0, rng, decay_s=0.30, wet=0.10)
        lav = sound.through(1.1 * dry["actor"] + 0.10 * dry["crew"] + 0.35 * dry["hits"] + 0.4 * dry["air"], lav_room)
        lav += 0.0007 * sound.pink(size, rng, high_hz=6000) + 0.002 * sound.pink(size, rng, high_hz=900) * (np.sin(np.arange(size) / RATE_HZ * 0.7) > 0.96)
        tracks = {"Boom": boom, "Noah": lav}
    return {name: np.clip(sound.drifted(track, world.sound.ppm), -0.999, 0.999) for name, track in tracks.items()}


def scratch(world: World, clip: str, *, seed: int) -> Signal:
    """What the camera's own microphone wrote: the room, late by distance, its gain riding, its noise."""
    rng = np.random.default_rng(seed)
    start, frames = world.clips[clip]
    end = start + frames * FRAME
    lead = min(start, RATE_HZ)  # what was said just before still rings
    answer = sound.room(CLIPS[clip].distance_m, rng, decay_s=0.45)
    far = sound.through(world.heard()[start - lead : end], answer)
    far = far + 0.0042 * sound.pink(len(far), rng) + 0.0014 * np.sin(2 * np.pi * 118.0 * np.arange(len(far)) / RATE_HZ)
    return sound.levelled(far)[lead:]
