"""How many attempts are found, how near their bounds are, how many slates are read right: on clips whose truth is known by construction.

    python -m bench.attempts [--clips 40] [--seed 5] [--cache FOLDER] [--show] [--day | --carriers]

Each clip is composed from a synthetic voice made into three people, in a room, over noise: one to six attempts with head, tail or
no slate, by scene letter or by running number, series, restarts, pickups, false starts, crew chatter, and lines that hold "take",
"cut", "action", "sorry" and "again" as ordinary words. What is heard goes through the transcript task itself. `--cache` keeps sounds
and transcripts, so that only the finding runs again and a run that was broken off goes on where it was.

The clips have nothing to do with each other: each slate is drawn by itself. With `--day` they are two days of shooting, in order, as
clips of a shoot are: the first half slated by scene letter, the second by running number; most slates are the next take of the set-up before,
one in three is a new set-up, some takes are missing, some clips have no slate. Both figures are printed then: what each clip's sound gives by
itself, and what `takes` settles over the day. A slate that was left without a name is counted apart; it is not right.
With `--carriers` the two days are slated as on a shoot: every clip draws who carries its slates (bench/carriers.py) - the spoken slate, the
recorder's scene and take, a line of the paper, the file's name - with the mistakes people make. Printed are the spoken slate alone, on the clips
that have one, and all carriers together: for each clip as a shoot of its own, and over the day.
Seeds 5, 11, 31, 41, 53, 61, 67 and 101 were worked on; any other is unseen. A slate is right when what a person would write on the label is: scene or slate, and take.
"""

from __future__ import annotations

import argparse
import hashlib
import pickle
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from answerprint.model.extend import Input, Work
from answerprint.model.records import Bext, Fact, Facts, MediaInfo, to_plain
from bench import carriers
from sample import sound as room_sound
from sample.voices import RATE_HZ, Voices

NEAR_S = 0.5
ALPHABET = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot")
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
TENS = {20: "twenty", 30: "thirty", 40: "forty", 50: "fifty", 60: "sixty", 70: "seventy", 80: "eighty", 90: "ninety"}

#: What actors say. The last of them hold the crew's words.
LINES = (
    "Morning starts before the light does.",
    "Nobody is awake yet, except the person who makes the coffee.",
    "The first pour decides everything.",
    "Our shop opens at seven on weekdays and nine on Sundays.",
    "Every bottle holds three years of patience and one good summer.",
    "Between the mountain and the city there is exactly one road.",
    "My brother bought this truck nineteen years ago.",
    "The house is quiet. The cup is warm.",
    "Seventy percent of drivers never check their tires.",
    "Fresh beans, cold water, clean cup.",
    "Take two at breakfast and one at night.",
    "They cut the price in half, and nobody noticed.",
    "Actions speak louder than words, my father said.",
    "You will see it again and again this summer.",
    "Sorry seems the hardest word to say.",
)
BEFORE = ("Quiet please.", "Sound speed.", "Camera speed.", "Roll sound.", "Final checks, please.", "Is the kettle hot?", "Lock it up.", "Okay, everybody settle.")
AFTER = ("Good. One more.", "That's the one.", "Lovely.", "Moving on.", "Check the gate.", "Okay, reset the cup please.", "How was that for sound?")
AGAIN = ("Still rolling. Go again.", "Keep rolling. Reset.", "Still rolling, one more time.", "Go again, please.", "Back to one, keep rolling.")
OOPS = ("Sorry, again.", "Sorry. Let me start again.", "Sorry, can I go again?")
PICKUPS = ("Let's do a pickup from line two.", "Pick up line two, please.", "Okay, pickup, last line only.")


@dataclass
class Truth:
    """One attempt as it was composed."""

    in_s: float
    out_s: float
    kind: str = "take"
    scene: str | None = None
    slate: str | None = None
    take: int | None = None
    slate_at: str | None = None


@dataclass
class Day:
    """Names as a day of shooting gives them, one after the other."""

    rng: np.random.Generator
    by_number: bool
    number: int = 0
    letter: int = 0
    take: int = 0

    def next(self) -> tuple[str | None, str | None, int]:
        """Scene, slate, take of the next clip: mostly the next take; a new set-up begins at take 1."""
        chance = self.rng.random()
        if not self.take or chance < 0.33:
            self._set_up()
            self.take = 1
        else:
            self.take += 2 if chance < 0.37 else 0 if chance < 0.39 else 1  # a take nobody kept; the same slate once more
        return (None, str(self.number), self.take) if self.by_number else (f"{self.number}{'ABCDEF'[self.letter]}", None, self.take)

    def _set_up(self) -> None:
        row = self.rng.random() < 0.75 and self.take > 0
        if self.by_number:
            self.number = self.number + (1 if row else int(self.rng.integers(2, 10))) if self.take else int(self.rng.integers(5, 100))
        elif row and self.letter < 5:
            self.letter += 1
        else:
            self.number, self.letter = int(self.rng.integers(1, 15)), int(self.rng.integers(0, 2))


@dataclass
class Clip:
    """One composed clip: its sound, what the recorder says, and the truth."""

    name: str
    heard: np.ndarray
    bext: Bext | None
    attempts: list[Truth]
    said: list[tuple[float, float, str, str]] = field(default_factory=list)
    carried: carriers.Carriers | None = None

    @property
    def file(self) -> str:
        folder, stem = "card", self.name.replace(" ", "_")
        if self.carried is not None:  # a folder of its own: a slate that was shot again has the same name
            folder, stem = f"card/{stem}", self.carried.stem(carriers.names(self.attempts)[0])
        return f"{folder}/{stem}.mov"


class Stage:
    """Puts one thing after the other on a clip's clock."""

    def __init__(self, voices: Voices, rng: np.random.Generator) -> None:
        self.voices, self.rng = voices, rng
        self.pieces: list[tuple[int, np.ndarray]] = []
        self.said: list[tuple[float, float, str, str]] = []
        self.now = int(RATE_HZ * rng.uniform(0.3, 2.0))

    @property
    def at_s(self) -> float:
        return self.now / RATE_HZ

    def wait(self, low: float, high: float) -> None:
        self.now += int(RATE_HZ * self.rng.uniform(low, high))

    def say(self, who: str, text: str, *, loud: float | None = None) -> tuple[float, float]:
        """Returns where the first word begins and the last ends, in seconds."""
        spoken = self.voices.say(who, text)
        loud = loud if loud is not None else {"actor": 0.5, "director": 0.3, "assistant": 0.35}[who]
        self.pieces.append((self.now, spoken.samples * loud * float(self.rng.uniform(0.75, 1.2))))
        begin, end = self.at_s + spoken.first / RATE_HZ, self.at_s + spoken.last / RATE_HZ
        self.said.append((begin, end, who, text))
        self.now += len(spoken.samples)
        return begin, end

    def clap(self) -> None:
        self.pieces.append((self.now, room_sound.clap(self.rng) * float(self.rng.uniform(0.5, 1.0))))
        self.now += int(0.1 * RATE_HZ)

    def heard(self) -> np.ndarray:
        """int16 mono at 16 kHz, with the room and its noise."""
        length = self.now + int(RATE_HZ * self.rng.uniform(0.3, 1.5))
        dry = np.zeros(length)
        for start, piece in self.pieces:
            piece = piece[: length - start]
            dry[start : start + len(piece)] += piece
        answer = room_sound.room(1.2, self.rng, wet=float(self.rng.uniform(0.2, 0.8)))
        wet = room_sound.through(dry, answer) + room_sound.pink(length, self.rng) * 10 ** (float(self.rng.uniform(-62, -46)) / 20)
        spectrum = np.fft.rfft(wet)[: length // 6 + 1]
        small = np.fft.irfft(spectrum, length // 3) / 3
        return np.clip(np.round(small * 32767), -32768, 32767).astype(np.int16)


def number_in_words(number: int) -> str:
    if number <= 12:
        return NUMBERS[number - 1]
    if number < 20:
        return ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")[number - 13]
    if number < 100:
        tens, ones = number // 10 * 10, number % 10
        return TENS[tens] + (f" {NUMBERS[ones - 1]}" if ones else "")
    if number % 100 == 0:
        return f"{NUMBERS[number // 100 - 1]} hundred"
    return f"{NUMBERS[number // 100 - 1]} {'oh ' if number % 100 < 10 else ''}{number_in_words(number % 100)}"


def compose(number: int, voices: Voices, seed: int, day: Day | None = None, carried: carriers.Carriers | None = None) -> Clip:
    """One clip. The plan goes round the kinds, so that each is met; words and pauses are drawn. Its name is drawn, or the day's next."""
    rng = np.random.default_rng([seed, number])
    stage = Stage(voices, rng)
    slated = ("head", "head", "tail", "head", "none", "head", "head", "tail")[number % 8]
    if carried is not None:
        slated = ("head", "head", "tail", "head", "head", "head", "head", "tail")[number % 8] if carried.spoken else "none"
    by_number = number % 3 == 2
    scene = slate = None
    if by_number:
        slate = str(int(rng.integers(5, 140)))
    else:
        scene = f"{int(rng.integers(1, 15))}{'ABCDEF'[int(rng.integers(6))]}"
    take = int(rng.integers(1, 9))
    if day is not None:
        scene, slate, take = day.next()
    wanted = 1 + number % 6
    made: list[Truth] = []

    def called(tail: bool, suffix: str = "") -> None:
        words = _slate_words(rng, scene, slate, take) + suffix
        stage.say("assistant", ("Tail slate. " if rng.random() < 0.6 else "End slate. ") * tail + words)
        if rng.random() < 0.7:
            stage.wait(0.2, 0.6)
            stage.say("assistant", str(rng.choice(["Marker.", "Mark it.", "A camera mark."])))
        stage.wait(0.15, 0.6)
        stage.clap()
        stage.wait(0.5, 1.4)

    def new(in_s: float, out_s: float, kind: str) -> None:
        has = slated != "none"
        named = has or carried is not None
        made.append(Truth(in_s, out_s, kind, scene if named else None, slate if named else None, take if named else None, slated if has else None))

    for _ in range(int(rng.integers(0, 3))):
        stage.say("assistant", str(rng.choice(BEFORE)))
        stage.wait(0.5, 1.5)
    first_kind = "take"
    if slated == "head":
        if number % 10 == 9:
            first_kind = "pickup"
        called(False, " Pickup." if first_kind == "pickup" else "")
    says_action = number % 9 != 8
    says_cut = number % 11 != 10
    previous, made_again = "", 0.0
    kind = first_kind
    while len(made) < wanted:
        last = len(made) == wanted - 1
        begin = None
        if says_action or made:
            if previous == "series" and rng.random() < 0.4:
                begin = made_again
            else:
                begin = stage.say("director", str(rng.choice(["Action.", "And action.", "Action."])))[1]
        stage.wait(0.5, 1.6)
        if kind == "take" and not last and says_action and rng.random() < 0.18:
            assert begin is not None
            out = stage.say("director", str(rng.choice(["Cut.", "Cut, cut."])))[0]
            new(begin, out, "false start")
            stage.wait(0.4, 0.9)
            stage.say("director", str(rng.choice(["Camera was late. Going again.", "Hold on. The light is wrong. Again please."])))
            stage.wait(0.8, 2.0)
            previous = "cut"
            continue
        text = str(rng.choice(LINES))
        if not last and rng.random() < 0.3:
            half = text.rstrip(".").split()
            half = half[: max(2, len(half) // 2)]
            first, _ = stage.say("actor", " ".join(half).rstrip(",.") + ".")
            stage.wait(0.25, 0.6)
            sorry, again = stage.say("actor", str(rng.choice(OOPS)))
            new(begin if begin is not None else first, sorry, kind)
            stage.wait(0.4, 1.0)
            begin, kind = again, "restart"
        first, end = stage.say("actor", text)
        if rng.random() < 0.4:
            stage.wait(0.4, 1.2)
            end = stage.say("actor", str(rng.choice(LINES)))[1]
        stage.wait(0.6, 1.5)
        start = begin if begin is not None else first
        roll = rng.random()
        if last:
            out = stage.say("director", str(rng.choice(["Cut.", "And cut.", "Cut.", "Cut it."])))[0] if says_cut else end
            new(start, out, kind)
            if says_cut and rng.random() < 0.8:
                stage.wait(0.5, 1.2)
                stage.say("director", str(rng.choice(AFTER)))
        elif roll < 0.45:
            out, made_again = stage.say("director", str(rng.choice(AGAIN)))
            new(start, out, kind)
            previous, kind = "series", "take"
        elif roll < 0.65:
            out = stage.say("director", "Cut.")[0]
            new(start, out, kind)
            stage.wait(0.5, 1.0)
            stage.say("director", str(rng.choice(PICKUPS)))
            previous, kind = "cut", "pickup"
        else:
            out = stage.say("director", "Cut.")[0]
            new(start, out, kind)
            stage.wait(0.5, 1.0)
            stage.say("director", str(rng.choice(AFTER[:3])))
            previous, kind = "cut", "take"
            if slated == "head" and rng.random() < 0.5:
                take += 1
                stage.wait(0.8, 2.0)
                called(False)
        stage.wait(0.7, 1.6)
    if slated == "tail":
        stage.wait(0.5, 1.2)
        called(True)
    if day is not None:
        day.take = take
    bext = None
    if carried is not None:
        written = carried.recorder(made[0].take or take)
        bext = None if written is None else Bext(scene=scene or slate, take=str(written), tape="SR01")
    elif number % 4 == 1:
        bext = Bext(scene=scene or slate, take=str(made[0].take or take), tape="SR01")
    return Clip(name=f"clip {number:02d}", heard=stage.heard(), bext=bext, attempts=made, said=stage.said, carried=carried)


def _slate_words(rng: np.random.Generator, scene: str | None, slate: str | None, take: int) -> str:
    taken = f"take {number_in_words(take)}."
    if slate is not None:
        return str(rng.choice([f"Slate {number_in_words(int(slate))}, {taken}", f"Slate number {number_in_words(int(slate))}, {taken}"]))
    assert scene is not None
    number, letter = number_in_words(int(scene[:-1])), ALPHABET["ABCDEF".index(scene[-1])]
    spoken = [f"Scene {number} {letter}, {taken}", f"{number.capitalize()} {letter}, {taken}", f"Scene {number} {letter}. Roll one, {taken}"]
    return str(rng.choice(spoken))


# ---- what is made of them


def transcribed(clip: Clip, folder: Path) -> Facts:
    """The transcript task's facts for a clip, run on its sound alone."""
    from answerprint.tasks import transcript

    sound = folder / "heard.npy"
    np.save(sound, clip.heard)
    digest = "blake3:" + hashlib.sha256(clip.heard.tobytes()).hexdigest()
    subject = Input(path=folder / "none.mov", file=f"{clip.name}.mov", digest=digest, facts={}, artefacts={"synced/heard.npy": sound})
    scratch = Path(tempfile.mkdtemp(dir=folder))
    params = dict.fromkeys(transcript.task.params)
    facts = tuple(transcript.task.run(Work(subject=subject, clips=[], sounds=[], params=params, scratch=scratch)))
    return Facts(task="transcript", version=transcript.task.version, inputs=(digest,), facts=facts)


def attempts_of(clip: Clip, transcript: Facts, folder: Path) -> list[dict[str, Any]]:
    """What the attempts task finds, with what the recorder wrote beside it."""
    return list(with_attempts(clip, transcript, folder).facts["attempts"].value("attempts"))


def with_attempts(clip: Clip, transcript: Facts, folder: Path) -> Input:
    """A clip with the facts of the attempts task, and its sound in `folder`."""
    from answerprint.tasks import attempts

    name = clip.name.replace(" ", "_")
    sound = folder / f"{name}.npy"
    np.save(sound, clip.heard)
    info = MediaInfo(kind="clip", container="mov", duration_s=Fraction(len(clip.heard), 16_000))
    facts = {"ingest": _facts("ingest", {"media.info": to_plain(info)}), "transcript": transcript, "synced": _facts("synced", {"synced.from": []})}
    sounds = []
    if clip.bext is not None:
        recorder = MediaInfo(kind="sound", container="wav", duration_s=Fraction(60), bext=clip.bext)
        facts["synced"] = _facts("synced", {"synced.from": [{"sound": f"blake3:{name}.wav"}]})
        ingest = {"ingest": _facts("ingest", {"media.info": to_plain(recorder)})}
        sounds = [Input(path=folder / "none.wav", file=f"sound/{name}.wav", digest=f"blake3:{name}.wav", facts=ingest)]
    subject = Input(path=folder / "none.mov", file=clip.file, digest=f"blake3:{name}", facts=facts, artefacts={"synced/heard.npy": sound})
    work = Work(subject=subject, clips=[], sounds=sounds, params={"script": None, "speech_model": None}, scratch=folder)
    made = Facts(task="attempts", version=1, inputs=(), facts=tuple(attempts.task.run(work)))
    return replace(subject, facts={"ingest": facts["ingest"], "attempts": made})


def settled(clips: Sequence[Input], folder: Path, notes: Path | None = None) -> dict[str, list[dict[str, Any]]]:
    """What the takes task makes of the attempts of one day's clips and its paper, by file."""
    from answerprint.tasks import takes

    work = Work(subject=None, clips=clips, sounds=[], params={"notes": notes, "speech_model": None}, scratch=folder)
    found = {fact.name: fact.value for fact in takes.task.run(work)}
    return {row["file"]: row["attempts"] for row in found["takes"]}


def _facts(task: str, values: dict[str, Any]) -> Facts:
    return Facts(task=task, version=1, inputs=(), facts=tuple(Fact(about="blake3:clip", name=name, value=value, method="made") for name, value in values.items()))


@dataclass
class Score:
    """Counts over all clips. An attempt is found where one of ours shares at least half of what both cover."""

    attempts: int = 0
    found: int = 0
    invented: int = 0
    bounds: int = 0  # in and out points within NEAR_S, two to an attempt
    slated: int = 0
    slates: int = 0
    unnamed: int = 0  # without scene or slate, or without a take
    pickups: list[int] = field(default_factory=lambda: [0, 0])
    tails: list[int] = field(default_factory=lambda: [0, 0])
    kinds: int = 0

    def add(self, truth: list[Truth], got: list[dict[str, Any]]) -> list[str]:
        """Count one clip; sentences about what went wrong."""
        wrong: list[str] = []
        pairs, free = matched(truth, got)
        for one, best in pairs:
            self.attempts += 1
            self.slated += one.take is not None
            self.pickups[1] += one.kind == "pickup"
            self.tails[1] += one.slate_at == "tail"
            if best is None:
                wrong.append(f"missed: {asdict(one)}")
                continue
            self.found += 1
            near = [abs(best["in_s"] - one.in_s) <= NEAR_S, abs(best["out_s"] - one.out_s) <= NEAR_S]
            self.bounds += sum(near)
            if not all(near):
                wrong.append(f"bounds: {one.in_s:.2f} to {one.out_s:.2f} found {best['in_s']:.2f} to {best['out_s']:.2f}")
            if one.take is not None:
                right = (best["scene"] or best["slate"], best["take"]) == (one.scene or one.slate, one.take)  # what a person would write on the label
                self.slates += right
                self.unnamed += not right and ((best["scene"] or best["slate"]) is None or best["take"] is None)
                if not right:
                    wrong.append(f"slate: {one.scene or one.slate} take {one.take} read as {best['scene'] or best['slate']} take {best['take']}")
            self.kinds += best["kind"] == one.kind
            if best["kind"] != one.kind:
                wrong.append(f"kind: {one.kind} named {best['kind']}")
            self.pickups[0] += one.kind == "pickup" == best["kind"]
            self.tails[0] += one.slate_at == "tail" == best["slate_at"]
        self.invented += len(free)
        return [*wrong, *(f"invented: {one['in_s']:.2f} to {one['out_s']:.2f} ({one['kind']})" for one in free)]

    def print(self) -> None:
        rows = (
            ("attempts found", self.found, self.attempts), ("invented", self.invented, self.attempts), (f"bounds within {NEAR_S} s", self.bounds, 2 * self.found),
            ("slates right", self.slates, self.slated), ("  left without a name", self.unnamed, self.slated), ("pickups named", self.pickups[0], self.pickups[1]), ("tail slates named", self.tails[0], self.tails[1]), ("kinds right", self.kinds, self.found),
        )  # fmt: skip
        for what, count, whole in rows:
            print(f"{what:22} {count:4} of {whole:4}  {count / max(1, whole):7.1%}")


def matched(truth: Sequence[Truth], got: Sequence[dict[str, Any]]) -> tuple[list[tuple[Truth, dict[str, Any] | None]], list[dict[str, Any]]]:
    """Each composed attempt with the one that was found for it, or None; and those that were found where none is."""
    pairs: list[tuple[Truth, dict[str, Any] | None]] = []
    free = list(got)
    for one in truth:
        shares = [_shared(one, other) for other in free]
        pairs.append((one, free.pop(int(np.argmax(shares))) if shares and max(shares) >= 0.5 else None))
    return pairs, free


def _shared(one: Truth, other: dict[str, Any]) -> float:
    in_s, out_s = float(other["in_s"]), float(other["out_s"])
    return (min(one.out_s, out_s) - max(one.in_s, in_s)) / (max(one.out_s, out_s) - min(one.in_s, in_s))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=40)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--show", action="store_true", help="say what went wrong, clip by clip")
    parser.add_argument("--day", action="store_true", help="compose two days in shooting order, and settle them as such")
    parser.add_argument("--carriers", action="store_true", help="two days in order, slated by whoever slates on a real day; every source speaks")
    chosen = parser.parse_args()
    if chosen.carriers:
        _carried(chosen)
        return
    score, over_days, voices = Score(), Score(), Voices(chosen.seed)
    half = (chosen.clips + 1) // 2
    days = [Day(np.random.default_rng([chosen.seed, 1000 + n]), by_number=bool(n)) for n in range(2)]
    shot: list[list[tuple[Clip, Input]]] = [[], []]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for number in range(chosen.clips):
            clip, transcript = _composed(number, voices, chosen, days[number // half] if chosen.day else None, folder)
            found = with_attempts(clip, transcript, folder)
            shot[number // half].append((clip, found))
            wrong = score.add(clip.attempts, list(found.facts["attempts"].value("attempts")))
            if chosen.show:
                print(f"{clip.name}: {len(clip.heard) / 16_000:.0f} s, {len(clip.attempts)} attempts", *wrong, sep="\n    ", flush=True)
        for one_day in shot if chosen.day else ():
            after = settled([found for _, found in one_day], folder)
            for clip, found in one_day:
                wrong = over_days.add(clip.attempts, after[found.file])
                if chosen.show and wrong:
                    print(f"{clip.name}, over the day", *wrong, sep="\n    ", flush=True)
    if chosen.day:
        print("each clip by itself")
    score.print()
    if chosen.day:
        print("over the day")
        over_days.print()


def _carried(chosen: argparse.Namespace) -> None:
    """The spoken slate alone, then all carriers: each clip as a shoot of its own, and over the day."""
    voices, half = Voices(chosen.seed), (chosen.clips + 1) // 2
    alone, whole = Score(), Score()
    each, over_days = carriers.Tally(), carriers.Tally()
    shot: list[list[tuple[Clip, Input]]] = [[], []]
    days = [Day(np.random.default_rng([chosen.seed, 1000 + n]), by_number=bool(n)) for n in range(2)]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for number in range(chosen.clips):
            clip, transcript = _composed(number, voices, chosen, days[number // half], folder)
            assert clip.carried is not None
            if clip.carried.spoken:
                alone.add(clip.attempts, attempts_of(replace(clip, bext=None), transcript, folder))
            found = with_attempts(clip, transcript, folder)
            shot[number // half].append((clip, found))
            own = settled([found], folder, _paper([clip], folder))[found.file]
            each.add(clip.carried, clip.attempts, matched(clip.attempts, own)[0])
        for one_day in shot:
            after = settled([found for _, found in one_day], folder, _paper([clip for clip, _ in one_day], folder))
            for clip, found in one_day:
                assert clip.carried is not None
                over_days.add(clip.carried, clip.attempts, matched(clip.attempts, after[found.file])[0])
                wrong = whole.add(clip.attempts, after[found.file])
                if chosen.show:
                    said = [f"shown: {one['number']}. {sentence}" for one in after[found.file] for sentence in one["conflicts"]]
                    print(f"{found.file}: {' + '.join(clip.carried.by)}; slates {carriers.names(clip.attempts)}", *wrong, *said, sep="\n    ", flush=True)
    print("the spoken slate alone, each clip by itself, where there is one")
    alone.print()
    print("all carriers, each clip by itself")
    each.print()
    print("all carriers, over the day")
    over_days.print()
    whole.print()


def _paper(clips: Iterable[Clip], folder: Path) -> Path | None:
    """The day's paper of these clips; None where it has none of them."""
    held = [(clip.carried, clip.attempts) for clip in clips if clip.carried is not None and "paper" in clip.carried.by]
    return carriers.write_paper(folder / "notes.csv", held) if held else None


def _composed(number: int, voices: Voices, chosen: argparse.Namespace, day: Day | None, folder: Path) -> tuple[Clip, Facts]:
    """A clip and its transcript, kept in the cache where there is one."""
    kept = chosen.cache / f"{chosen.seed}{'c' if chosen.carriers else 'd' if day else ''}-{number:02d}.pickle" if chosen.cache else None
    if kept is not None and kept.exists():
        clip, transcript, told = pickle.loads(kept.read_bytes())
        if day is not None:
            day.number, day.letter, day.take, day.rng = told
        return clip, transcript
    clip = compose(number, voices, chosen.seed, day, carriers.drawn(chosen.seed, number) if chosen.carriers else None)
    transcript = transcribed(clip, folder)
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps((clip, transcript, day and (day.number, day.letter, day.take, day.rng))))
    return clip, transcript


if __name__ == "__main__":
    main()
