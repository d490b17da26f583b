"""Small shoots with accidents planted in them: proxies of 320 x 180, sound at 16 kHz, words as a listener would give them, and the truth.

A seed is six set-ups of five attempts, one clip each. Every set-up has lines of its own; its camera stands, pans or is held in the hand. What
no attempt lacks - breaths before lines, room tone, sway, gestures, a remark after "cut", words heard amiss - is planted nowhere and must not be
found. Proxies are written by the product's own encoder, series by its own measuring, the lining by its own lining.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from answerprint.model.accidents import KINDS
from answerprint.model.attempts import Attempt, Heard
from answerprint.model.extend import Input
from answerprint.model.records import Colour, Fact, Facts, MediaInfo, VideoStream, to_plain
from answerprint.script.lining import lined
from answerprint.script.records import Item

RATE, WIDE, HIGH, RATE_HZ = Fraction(24), 320, 180, 16_000
SETUPS, ATTEMPTS = 6, 5
STANDS, PANS, HELD = "stands", "pans", "held"
CAMERAS = (STANDS, STANDS, PANS, STANDS, HELD, STANDS)
SEEN = ("wind seen", "light", "flare", "crossing", "bump", "focus breath")
BESIDE = ("moves before action", "moves after cut")
LEAVE = ("4A", "6A")  #: set-ups in which somebody goes through the frame after nearly every "cut": whoever does so there is no accident
LINES = (
    "Morning starts before the light does.", "Four minutes is all I ask of anybody.", "The house is quiet and the cup is warm.", "Nobody is awake yet except the baker.",
    "Every bottle holds three years of patience.", "My brother bought this truck nineteen years ago.", "There is exactly one road to the city.", "Fresh beans and cold water in a clean cup.",
    "Tomorrow can wait until the rain has stopped.", "We built the table from one single tree.", "Summer tastes better when you share it slowly.", "The first pour decides everything about the day.",
    "Somebody left the window open all night.", "It takes a village to raise a good loaf.", "You never forget the smell of your street.", "Her letters arrived every Tuesday without fail.",
    "A good chair remembers who sat in it.", "The river was higher than my father's hat.",
)  # fmt: skip
CHANGES = {"light": "kettle", "ask": "want", "warm": "empty", "baker": "postman", "patience": "sunshine", "truck": "donkey", "city": "harbour", "water": "silver", "rain": "music",
           "tree": "barrel", "slowly": "twice", "day": "kitchen", "window": "garage", "loaf": "daughter", "street": "cellar", "Tuesday": "winter", "chair": "blanket", "river": "mountain"}  # fmt: skip
AD_LIBS = ("And nobody wants anything from me.", "Look at that little bird outside.", "My mother always burned the toast.", "Well that is what the neighbours think.", "Hello wind where did you come from.")
TO_CREW = ("Can we go again from the door?", "Was that okay for camera?", "Sorry guys I lost my mark.", "Did you get that with the light?", "Are we still rolling over there?")
ASIDES = ("I had the strangest dream about this kitchen.", "Somebody is singing in the stairwell.", "The cat just walked over my script.", "Listen to those church bells outside.")
REMARKS = ("Good. One more.", "Nice.", "Okay thank you.")


@dataclass(frozen=True, kw_only=True)
class Planted:
    """One accident that is really there."""

    clip: str
    kind: str
    in_s: float
    out_s: float


@dataclass(kw_only=True)
class _Take:
    """One attempt while it is being composed."""

    name: str
    setup: str
    number: int
    camera: str
    items: list[Item]
    kind: str = ""
    words: list[Heard] = field(default_factory=list)
    sounds: list[tuple[str, float, float, float]] = field(default_factory=list)  #: (what, in_s, out_s, size)
    in_s: float = 0.0
    out_s: float = 0.0
    length_s: float = 0.0
    plant: tuple[float, float] | None = None
    pitch: float = 110.0
    pace: float = 1.0
    gain: float = 1.0


def compose(folder: Path, seed: int) -> tuple[list[Input], dict[str, Facts], list[Planted], float]:
    """One shoot: its clips as the task gets them, the facts of the whole shoot, what was planted, and its length in seconds."""
    random = np.random.default_rng(seed)
    kinds = [KINDS[(seed * 13 + step) % len(KINDS)] for step in range(13)]
    takes = _plan(random, kinds)
    clips, planted = [], []
    for take in takes:
        _happen(take, random)
        clips.append(_clip(folder, take, np.random.default_rng([seed, hash_of(take.name)])))
        if take.plant is not None:
            planted.append(Planted(clip=clips[-1].digest, kind=take.kind, in_s=take.plant[0], out_s=take.plant[1]))
    rows = [{"clip": clip.digest, "file": clip.file, "attempts": clip.facts["attempts"].value("attempts")} for clip in clips]
    return clips, {"takes": _facts("takes", "shoot", {"takes": rows, "takes.angles": []})}, planted, sum(take.length_s for take in takes)


def hash_of(name: str) -> int:
    return int.from_bytes(name.encode(), "big") % (2**31)


def _plan(random: np.random.Generator, kinds: list[str]) -> list[_Take]:
    takes = []
    for setup in range(SETUPS):
        items = [Item(number=setup * 3 + at + 1, kind="line", text=LINES[setup * 3 + at]) for at in range(3)]
        pitch = float(random.choice((105, 120, 190, 215)))
        for number in range(1, ATTEMPTS + 1):
            takes.append(_Take(name=f"A001_C{len(takes) + 1:03d}", setup=f"{setup + 1}A", number=number, camera=CAMERAS[setup], items=items, pitch=pitch))
    free = list(random.permutation(len(takes)))
    odd: set[tuple[str, str]] = set()
    for kind in kinds:
        for at in free:
            take = takes[at]
            moving = (kind in SEEN and take.camera == PANS) or (kind in ("wind seen", "bump", "focus breath", *BESIDE) and take.camera == HELD)
            moving = moving or (kind == "moves after cut" and take.setup in LEAVE)
            if moving or (take.setup, kind) in odd or sum(other.setup == take.setup and bool(other.kind) for other in takes) >= 3:
                continue
            take.kind = kind
            odd.add((take.setup, kind))
            free.remove(at)
            break
    return takes


# ---- what happens


def _say(take: _Take, at_s: float, text: str, random: np.random.Generator, *, heard: bool = True) -> float:
    """Put words at a time; where they end. `heard` False: sound without a transcript."""
    for word in text.split():
        length = (0.08 + 0.052 * len(word)) * (1 + 0.08 * random.normal()) / take.pace
        take.sounds.append(("word", at_s, at_s + length, len(word)))
        if heard:
            shown = word
            if random.random() < 0.012 and len(word) > 4 and text not in AD_LIBS:
                shown = word[:-1]  # heard amiss
            take.words.append(Heard(text=shown, in_s=round(at_s, 3), out_s=round(at_s + length, 3), probability=round(float(random.uniform(0.7, 0.99)), 3)))
        at_s += length + 0.035 + 0.03 * random.random()
    return at_s - 0.05


def _happen(take: _Take, random: np.random.Generator) -> None:
    kind = take.kind
    own_pitch, own_pace, own_gain = 2 ** (0.35 * random.normal() / 12), 1 + 0.035 * random.normal(), 10 ** (0.8 * random.normal() / 20)
    if kind == "pitch":
        own_pitch *= 2 ** (random.choice((-1, 1)) * random.uniform(3.5, 5.5) / 12)
    if kind == "pace":
        own_pace *= float(random.choice((0.72, 1.4)))
    if kind == "energy":
        own_gain *= 10 ** (random.choice((-1, 1)) * random.uniform(6, 9) / 20)
    crew_pitch = take.pitch
    at = _say(take, 0.4, f"Scene {take.setup[0]} alpha take {('one', 'two', 'three', 'four', 'five')[take.number - 1]}.", random) + 0.7
    if kind == "before action":
        begin = at
        at = _say(take, at, str(random.choice(ASIDES)), random)
        take.plant = (begin, at)
        at += 0.6
    if kind == "moves before action":
        take.plant = (at, at + random.uniform(1.6, 2.4))
        at = take.plant[1] + 0.2
    at = _say(take, at, "Action.", random)
    take.in_s = round(at + 0.05, 3)
    at += random.uniform(0.8, 1.3)
    take.pitch, take.pace, take.gain = crew_pitch * own_pitch, own_pace, own_gain
    first_s = at
    where = int(random.integers(0, 3))
    for number, item in enumerate(take.items):
        if random.random() < 0.7:  # a plain breath, and the line right after it
            take.sounds.append(("breath", at - 0.32, at - 0.06, 1.0))
        at = _line(take, item, at, number == where, random)
        if kind in ("ad-lib", "to the crew") and number == where:
            begin = at + 0.7
            at = _say(take, begin, str(random.choice(AD_LIBS if kind == "ad-lib" else TO_CREW)), random)
            take.plant = (begin, at)
        if kind == "laughter" and number == where:
            begin, length = at + 0.5, random.uniform(1.0, 1.9)
            take.sounds.append(("laugh", begin, begin + length, random.uniform(4.0, 5.6)))
            take.plant = (begin, begin + length)
            at = begin + length
        at += random.uniform(0.75, 1.05)
        if kind == "pause" and number == min(where, 1):
            longer = random.uniform(1.6, 2.6)
            take.plant = (at - 0.8, at + longer)
            at += longer
    last_s = at
    if kind in ("pitch", "pace", "energy"):
        take.plant = (first_s, last_s - 0.9)
    elif kind == "wind heard" or kind in SEEN:
        length = {"wind heard": 1.8, "wind seen": 2.8, "light": 1.4, "flare": 1.0, "crossing": 1.0, "bump": 0.4, "focus breath": 1.0}[kind] * random.uniform(0.8, 1.3)
        begin = random.uniform(first_s, max(first_s + 0.1, last_s - length - 0.3))
        take.plant = (begin, begin + length)
        if kind == "wind heard":
            take.sounds.append(("wind", begin, begin + length, random.uniform(-36, -24)))
    take.pitch, take.pace, take.gain = crew_pitch * own_pitch, own_pace, own_gain
    take.out_s = round(at + 0.2, 3)
    at = _say(take, at + 0.25, "Cut.", random)
    if kind == "after cut":
        begin = at + 0.5
        at = _say(take, begin, str(random.choice(ASIDES)), random)
        take.plant = (begin, at)
    elif random.random() < 0.6:
        at = _say(take, at + 0.5, str(random.choice(REMARKS)), random)
    if kind == "moves after cut":
        begin = take.out_s + random.uniform(0.6, 1.0)
        take.plant = (begin, begin + random.uniform(1.6, 2.4))
        at = max(at, take.plant[1])
    take.length_s = at + 1.6


def _line(take: _Take, item: Item, at_s: float, chosen: bool, random: np.random.Generator) -> float:
    texts = item.text.split()
    if not chosen or take.kind not in ("changed line", "stumble", "held breath"):
        return _say(take, at_s, item.text, random)
    if take.kind == "changed line":
        place = next((at for at, word in enumerate(texts) if word.strip(".,") in CHANGES), None)
        if place is None:
            place = len(texts) - 1
        begin = _say(take, at_s, " ".join(texts[:place]), random) + 0.06 if place else at_s
        word = CHANGES.get(texts[place].strip(".,"), "elephant")
        end = _say(take, begin, word + ("." if place == len(texts) - 1 else ""), random)
        take.plant = (begin, end)
        return _say(take, end + 0.06, " ".join(texts[place + 1 :]), random) if place < len(texts) - 1 else end
    half = max(2, len(texts) // 2)
    end = _say(take, at_s, " ".join(texts[:half]), random)
    if take.kind == "stumble":
        begin = end + 0.2
        again = _say(take, begin, " ".join(texts[half - 2 : half]) if random.random() < 0.5 else "um " + texts[half - 1], random)
        take.plant = (begin - 0.4, again)
        return _say(take, again + 0.08, " ".join(texts[half:]), random)
    take.sounds.append(("breath", end + 0.12, end + 0.5, 1.6))
    until = end + 0.5 + random.uniform(1.2, 2.0)
    take.plant = (end, until)
    return _say(take, until, " ".join(texts[half:]), random)


# ---- sound


def _sound(take: _Take, random: np.random.Generator) -> NDArray[np.int16]:
    count = int(take.length_s * RATE_HZ)
    room = 0.0016 * 10 ** (random.normal() / 20)
    out = _shaped(random.normal(0, 1, count), lambda hz: 1 / (1 + hz / 400)) * room * 4
    voiced = (take.pitch, take.gain)
    for what, in_s, out_s, size in take.sounds:
        first, last = int(in_s * RATE_HZ), min(count, int(out_s * RATE_HZ))
        if last - first < 200:
            continue
        inside = take.in_s <= in_s < take.out_s
        made = _made(what, last - first, size, voiced if inside else (118.0, 0.9), random)
        out[first:last] += made
    return np.asarray(np.clip(out * 32767, -32768, 32767), np.int16)


def _made(what: str, count: int, size: float, voiced: tuple[float, float], random: np.random.Generator) -> NDArray[np.float64]:
    time = np.arange(count) / RATE_HZ
    edge = np.minimum(1, np.minimum(time, time[::-1]) / 0.03)
    if what == "breath":
        return _shaped(random.normal(0, 1, count), lambda hz: (hz > 1200) * (hz < 6500) / (1 + hz / 3000)) * np.sin(np.pi * time / time[-1]) * 0.02 * size
    if what == "wind":
        gust = np.interp(time, np.linspace(0, time[-1], 9), np.concatenate(([0], random.uniform(0.6, 1, 7), [0])))
        rumble = _shaped(random.normal(0, 1, count), lambda hz: (hz > 15) / (1 + (hz / 55) ** 3))
        return rumble / np.sqrt(np.mean(rumble**2)) * gust * 10 ** (size / 20)
    pitch, gain = voiced
    if what == "laugh":
        beat = np.clip(np.sin(2 * np.pi * size * time) + 0.1, 0, 1) ** 0.7 * (1 - 0.4 * time / time[-1])
        return _voice(pitch * 1.35, time, random, 0.35) * beat * 0.12 * gain * edge
    beats = max(1, round(size / 2.7))
    beat = 0.55 + 0.45 * np.abs(np.sin(np.pi * beats * time / time[-1]))
    return _voice(pitch * (1 + 0.06 * np.sin(2 * np.pi * random.random() + 3 * time)), time, random, 0.06) * beat * edge * 0.16 * gain


def _voice(pitch: Any, time: NDArray[np.float64], random: np.random.Generator, air: float) -> NDArray[np.float64]:
    phase = 2 * np.pi * np.cumsum(np.broadcast_to(pitch, time.shape)) / RATE_HZ
    formants = random.choice(((700, 1200), (400, 2000), (500, 900), (600, 1700)))
    wave = np.zeros(time.size)
    mean = float(np.mean(pitch))
    for harmonic in range(1, int(3600 / mean)):
        hz = harmonic * mean
        wave += np.sin(harmonic * phase) * (0.15 + sum(np.exp(-(((hz - one) / 220) ** 2)) for one in formants)) / harmonic**0.4
    wave /= max(1e-9, np.sqrt(np.mean(wave**2))) * 2.2
    return np.asarray(wave + air * _shaped(random.normal(0, 1, time.size), lambda hz: (hz > 800) * 1.0), np.float64)


def _shaped(noise: NDArray[np.float64], weight: Any) -> NDArray[np.float64]:
    spectrum = np.fft.rfft(noise)
    return np.fft.irfft(spectrum * weight(np.fft.rfftfreq(noise.size, 1 / RATE_HZ)), noise.size)


# ---- picture


def _soft(random: np.random.Generator, wide: int, high: int, grain: int) -> NDArray[np.float32]:
    small = random.normal(0, 1, (high // grain + 3, width := wide // grain + 3)).astype(np.float32)
    rows, columns = np.linspace(0, small.shape[0] - 1.001, high), np.linspace(0, width - 1.001, wide)
    low, left = rows.astype(int), columns.astype(int)
    down, right = (rows - low)[:, None].astype(np.float32), (columns - left)[None].astype(np.float32)
    return (small[low][:, left] * (1 - right) + small[low][:, left + 1] * right) * (1 - down) + (small[low + 1][:, left] * (1 - right) + small[low + 1][:, left + 1] * right) * down


def _pictures(take: _Take, random: np.random.Generator) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]]:
    """The frames of a clip: luma, Cb, Cr."""
    stage = np.random.default_rng(hash_of(take.setup))  # the same for every attempt of a set-up
    wide, high = WIDE + 320, HIGH + 60
    back = 105 + 26 * _soft(stage, wide, high, 60) + 12 * _soft(stage, wide, high, 12) + 6 * _soft(stage, wide, high, 3)
    cloth = (100 + 30 * np.sin(np.arange(90) * 2 * np.pi / 13)[None] + 8 * _soft(stage, 90, high, 4)).astype(np.float32)
    cloth_x = 30 if stage.random() < 0.5 else 230
    person_x, sprite = (170 if cloth_x == 30 else 110), _person(stage)
    noise = random.normal(0, 1.6, (6, HIGH, WIDE)).astype(np.float32)
    frames = int(take.length_s * RATE)
    talking = np.zeros(frames)
    for what, in_s, out_s, _ in take.sounds:
        if what in ("word", "laugh"):
            talking[int(in_s * RATE) : int(out_s * RATE)] = 1
    sway = np.cumsum(random.normal(0, 0.25, (frames, 2)), axis=0)
    sway -= np.linspace(0, 1, frames)[:, None] * sway[-1]
    sway = np.stack([np.convolve(sway[:, axis], np.full(9, 1 / 9), "same") for axis in range(2)], axis=1)
    hand = np.zeros((frames, 2))
    if take.camera == HELD:
        walk = np.cumsum(random.normal(0, 0.6, (frames, 2)), axis=0)
        hand = np.stack([np.convolve(walk[:, axis] - np.linspace(0, walk[-1, axis], frames), np.full(15, 1 / 15), "same") for axis in range(2)], axis=1)
        hand = np.clip(hand, -12, 12)
    gesture = float(random.uniform(take.in_s + 1, max(take.in_s + 1.1, take.out_s - 3))) if random.random() < 0.3 else -9.0
    pan_s, pan_px = float(random.uniform(take.in_s + 0.5, take.in_s + 2)), (200 if take.camera == PANS else 0)
    drifts = 1 + 0.02 * np.sin(np.arange(frames) / frames * np.pi * 2 * random.random() + 6 * random.random())
    plant = take.plant if take.kind in (*SEEN, *BESIDE) else None
    slate_x, relaxes = int(stage.integers(60, 200)) + int(random.normal(0, 6)), float(random.uniform(3, 7)) * (random.random() < 0.8)
    leaves = take.setup in LEAVE and random.random() < 0.8
    goes_s, way = take.out_s + float(random.uniform(0.5, 0.8)), int(random.choice((-1, 1)))
    acts = random.choice(("through", "person", "waves"))
    size, side = float(random.uniform(0.8, 1.25)), int(random.choice((-1, 1)))
    style = random.choice(("cloth", "cloth", "steam"))
    grid_y, grid_x = np.mgrid[0:HIGH, 0:WIDE].astype(np.float32)
    for number in range(frames):
        at_s = number / float(RATE)
        on = (at_s - plant[0]) / (plant[1] - plant[0]) if plant and plant[0] <= at_s < plant[1] else None
        x = 60 + round(hand[number, 0]) + int(pan_px * np.clip((at_s - pan_s) / 6, 0, 1))
        y = 30 + round(hand[number, 1])
        if on is not None and take.kind == "bump":
            x += round(side * 9 * size * np.exp(-3 * on) * np.cos(on * 9))
            y += round(7 * size * np.exp(-3 * on) * np.sin(on * 11 + 0.6))
        scene = back[y : y + HIGH, x : x + WIDE].copy()
        swing = 0.25 * np.sin(at_s * 0.9 + take.number)
        if on is not None and take.kind == "wind seen" and style == "cloth":
            swing = 6.5 * size * np.sin(np.pi * on) * np.sin(2 * np.pi * 1.05 * at_s)
        _hang(scene, cloth, cloth_x - x + 60, y, swing)
        move = sway[number]
        if 0 <= at_s - gesture < 1.6:
            move = move + np.array([0, -5 * np.sin(np.pi * (at_s - gesture) / 1.6)])
        if at_s > take.out_s + 0.5:  # the scene is over: shoulders fall
            move = move + np.array([0, relaxes * min(1.0, at_s - take.out_s - 0.5)])
        if on is not None and take.kind in BESIDE and acts == "person":
            move = move + np.array([side * 42 * size * np.sin(np.pi * on), 4 * np.sin(6 * np.pi * on)])
        _lay(scene, sprite, int(person_x - x + 60 + move[0]), int(48 + 30 - y + move[1]), talking[number])
        if at_s < 1.9:  # a slate, clapped and taken out
            _board(scene, slate_x, 110 + int(max(0.0, at_s - 1.4) * 160))
        if leaves and 0 <= at_s - goes_s < 1.4:
            scene = _body(scene, (grid_x, grid_y), -70 + (WIDE + 140) * ((at_s - goes_s) / 1.4 if way > 0 else 1 - (at_s - goes_s) / 1.4), 1.0)
        if on is not None and take.kind in BESIDE and acts != "person":
            scene = _body(scene, (grid_x, grid_y), -50 + (WIDE + 100) * (on if side > 0 else 1 - on) if acts == "through" else 60 + 24 * np.sin(7 * on), 0.5)
        if on is not None:
            scene = _accident(scene, take.kind, on, size, side, style, (grid_x, grid_y), at_s, cloth_x)
        luma = scene * drifts[number] + noise[int(random.integers(0, 6))]
        tint = int(7 * np.sin(np.pi * on)) if on is not None and take.kind == "flare" else 0
        yield (np.clip(luma, 16, 235).astype(np.uint8), np.full((HIGH // 2, WIDE // 2), 122 - tint, np.uint8), np.full((HIGH // 2, WIDE // 2), 133 + tint, np.uint8))


def _person(stage: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    rows, columns = np.mgrid[0:132, 0:110].astype(np.float32)
    head = ((columns - 55) / 24) ** 2 + ((rows - 36) / 32) ** 2 < 1
    body = ((columns - 55) / 54) ** 2 + ((rows - 130) / 62) ** 2 < 1
    look = np.where(head, 150, 70) + 10 * _soft(stage, 110, 132, 9) + 5 * _soft(stage, 110, 132, 3)
    return look.astype(np.float32), head | body


def _lay(scene: NDArray[np.float32], sprite: tuple[NDArray[np.float32], NDArray[np.bool_]], x: int, y: int, talks: float) -> None:
    look, mask = sprite
    top, left, bottom, right = max(0, y), max(0, x), min(HIGH, y + look.shape[0]), min(WIDE, x + look.shape[1])
    if bottom <= top or right <= left:
        return
    part = (slice(top - y, bottom - y), slice(left - x, right - x))
    scene[top:bottom, left:right] = np.where(mask[part], look[part], scene[top:bottom, left:right])
    if talks:
        scene[max(0, y + 50) : max(0, y + 56), max(0, x + 46) : max(0, x + 64)] = 40


def _board(scene: NDArray[np.float32], x: int, y: int) -> None:
    scene[y : y + 44, x : x + 60] = 190
    scene[y : y + 8, x : x + 60 : 12] = 30


def _body(scene: NDArray[np.float32], grid: tuple[NDArray[np.float32], NDArray[np.float32]], middle: float, size: float) -> NDArray[np.float32]:
    """A dark figure in the frame."""
    grid_x, grid_y = grid
    return np.where(((grid_x - middle) / (48 * size)) ** 2 + ((grid_y - 130) / (110 * size**0.5)) ** 2 < 1, np.float32(44), scene)


def _hang(scene: NDArray[np.float32], cloth: NDArray[np.float32], x: int, y: int, swing: float) -> None:
    left, right = max(0, x), min(WIDE, x + 60)
    if right <= left:
        return
    columns = np.arange(left - x, right - x) + 15
    for band in range(0, HIGH, 12):
        take = np.clip(columns + swing * (band / HIGH), 0, 88)
        low = take.astype(int)
        share = (take - low).astype(np.float32)[None]
        rows = cloth[y + band : y + band + 12]
        scene[band : band + 12, left:right] = (rows[:, low] * (1 - share) + rows[:, low + 1] * share)[: scene[band : band + 12].shape[0]]


def _accident(
    scene: NDArray[np.float32], kind: str, on: float, size: float, side: int, style: Any, grid: tuple[NDArray[np.float32], NDArray[np.float32]], at_s: float, away: int
) -> NDArray[np.float32]:  # fmt: skip
    grid_x, grid_y = grid
    if kind == "light":
        soft = min(1.0, on / 0.05, (1 - on) / 0.05)
        return (scene - 16) * (1 + side * 0.26 * size * soft) + 16
    if kind == "flare":
        middle = (60 + 200 * (on if side > 0 else 1 - on), 50)
        glow = 85 * size * np.exp(-(((grid_x - middle[0]) / 85) ** 2 + ((grid_y - middle[1]) / 70) ** 2)) + 14
        return scene + glow * np.float32(min(1.0, np.sin(np.pi * on) * 2.5))
    if kind == "crossing":
        middle = -70 + (WIDE + 140) * (on if side > 0 else 1 - on)
        return np.where(((grid_x - middle) / (48 * size)) ** 2 + ((grid_y - 120) / 110) ** 2 < 1, np.float32(38 if size < 1.05 else 190), scene)
    if kind == "focus breath":
        spread = 2.6 * size * np.sin(np.pi * on)
        reach = int(np.ceil(spread))
        if reach < 1:
            return scene
        wide = np.pad(scene, reach, mode="edge")
        whole = [wide[reach + dy : reach + dy + HIGH, reach + dx : reach + dx + WIDE] for dy in (-reach, 0, reach) for dx in (-reach, 0, reach)]
        soft = np.mean(whole, axis=0)
        return np.asarray(scene + (soft - scene) * min(1.0, spread), np.float32)
    if kind == "wind seen" and style == "steam":
        puff = sum(np.exp(-(((grid_x - away - 30 - 9 * np.sin(at_s * 3 + puff)) / 17) ** 2 + ((grid_y - (170 - (at_s * 45 + puff * 52) % 175)) / 20) ** 2)) for puff in range(3))
        return np.asarray(scene + 34 * size * np.sin(np.pi * on) ** 0.5 * puff, np.float32)
    return scene


# ---- as the task gets it


def _facts(task: str, about: str, values: dict[str, Any]) -> Facts:
    return Facts(task=task, version=1, inputs=(about,), facts=tuple(Fact(about=about, name=name, value=value, method="composed") for name, value in values.items()))


def _clip(folder: Path, take: _Take, random: np.random.Generator) -> Input:
    from answerprint.media.proxies import PictureFile
    from answerprint.signal.picture import Watching

    home = folder / take.name
    digest = f"blake3:{take.name}"
    info = MediaInfo(kind="clip", container="mov", duration_s=Fraction(int(take.length_s * RATE), 1) / RATE, video=VideoStream(
        index=0, codec="h264", width=WIDE, height=HIGH, pixel_format="yuv420p", bit_depth=8, rate=RATE, frames=int(take.length_s * RATE), duration_s=Fraction(int(take.length_s * RATE)) / RATE, colour=Colour()))  # fmt: skip
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "series.npz").exists():
        series, proxy = Watching(), PictureFile(home / "proxy.mp4", size=(WIDE, HIGH), rate=RATE)
        for planes in _pictures(take, random):
            series.see(*planes)
            frame = VideoFrame.from_ndarray(np.concatenate([part.reshape(-1, WIDE) for part in planes]), format="yuv420p")
            proxy.write(frame, 1)
        proxy.close()
        np.savez(home / "series.npz", **series.finish().values)  # type: ignore[arg-type]
    if not (home / "heard.npy").exists():
        np.save(home / "heard.npy", _sound(take, random.spawn(1)[0]))
    attempt = Attempt(number=1, in_s=take.in_s, out_s=take.out_s, scene=take.setup, take=take.number)
    words = take.words
    found = lined(take.items, words, [attempt])
    facts = {
        "ingest": _facts("ingest", digest, {"media.info": to_plain(info)}),
        "picture": _facts("picture", digest, {"proxy": {"rate": to_plain(RATE)}}),
        "transcript": _facts("transcript", digest, {"transcript.words": [[one.in_s, one.out_s, one.text, one.probability] for one in words]}),
        "attempts": _facts("attempts", digest, {"attempts": to_plain([attempt])}),
        "lining": _facts("lining", digest, {"lining": to_plain(list(found.covered)), "lining.off_script": to_plain(list(found.off_script)),
                                            "lining.remarks": to_plain(list(found.remarks))}),
    }  # fmt: skip
    places = {"picture/proxy.mp4": home / "proxy.mp4", "picture/series.npz": home / "series.npz", "synced/heard.npy": home / "heard.npy"}
    return Input(path=home, file=f"rushes/{take.name}.mov", digest=digest, facts=facts, artefacts=places)
