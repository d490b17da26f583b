"""Where a rough cut cuts: 200 edits around lines whose every word is known, none of which may lie inside a word or clip a consonant.

    python -m bench.rough [--edits 200] [--seed 9] [--cache FOLDER] [--show]

Lines are spoken by a synthetic voice in a room over noise, between "action" and "cut", with pauses from a breath to a second and a
half. What the cut knows is what the transcript heard; what is checked is the truth: the words' own times, and the sound of the line alone,
without room and noise, in steps of 10 ms.
An edit is audibly inside a word where that word's sound at the edge is above -40 dB of its line; the voice's own clock, which gives a
word the silence in which it dies away as well, is printed beside it. `--cache` keeps sounds and transcripts.
"""

from __future__ import annotations

import argparse
import pickle
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from answerprint.media import speech
from answerprint.model.attempts import Attempt, Covered, Heard
from answerprint.model.records import AudioStream, MediaInfo, VideoStream
from answerprint.model.time import Span
from answerprint.script import Item
from answerprint.signal.sounding import sounding
from answerprint.tasks.transcript import hear
from answerprint.timeline.dailies import SyncedClip
from answerprint.timeline.rough import rough
from answerprint.timeline.strings import Strung, played
from sample import sound as room_sound
from sample.voices import RATE_HZ, Voices

LINES = (
    "Morning starts before the light does.", "Nobody is awake yet, except the person who makes the coffee.", "The first pour decides everything.",
    "Our shop opens at seven on weekdays and nine on Sundays.", "Every bottle holds three years of patience and one good summer.",
    "Between the mountain and the city there is exactly one road.", "My brother bought this truck nineteen years ago.",
    "Seventy percent of drivers never check their tires.", "Fresh beans, cold water, clean cup.", "Some people run toward the storm.",
    "They cut the price in half, and nobody noticed.", "Please switch off your phones.", "Take a deep breath.", "Hold it, then let everything go.",
    "She picked up her phone, listened, and put it down.", "Half past five is early enough.",
)  # fmt: skip
RATES = (Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001))
HEARD_HZ = 16_000
AUDIBLE_DB = -40.0  #: below the line's loudest 10 ms: an s or an f lies 20 to 30 dB below, a room at night 45


@dataclass
class Line:
    """One line as composed: where its words are, and its sound alone."""

    words: list[tuple[float, float]]
    dry: np.ndarray  # 48 kHz, from the clip's first frame


@dataclass
class Clip:
    heard: np.ndarray  # float, 16 kHz
    lines: list[Line]
    crew: list[tuple[float, float]]
    transcript: list[tuple[float, float, str]]


def compose(number: int, voices: Voices, seed: int) -> Clip:
    """Nine lines between "action" and "cut"."""
    rng = np.random.default_rng([seed, number])
    pieces: list[tuple[int, np.ndarray, list[tuple[float, float]]]] = []
    at = round(rng.uniform(0.3, 0.8) * RATE_HZ)
    pauses = (0.02, 0.1, 0.2, 0.3, 0.45, 0.7, 1.5)
    said = [("director", "Action."), *(("actor", str(rng.choice(LINES))) for _ in range(9)), ("director", "Cut.")]
    for who, text in said:
        spoken = voices.say(who, text)
        begins = at - spoken.first
        pieces.append((begins, spoken.samples * (0.5 if who == "actor" else 0.3), [((begins + w.start) / RATE_HZ, (begins + w.end) / RATE_HZ) for w in spoken.words]))
        at = begins + spoken.last + round(float(rng.choice(pauses)) * RATE_HZ)
    length = at + RATE_HZ
    alone = []
    for begins, samples, _ in pieces:
        dry = np.zeros(length)
        first = max(0, -begins)
        dry[begins + first : begins + len(samples)] += samples[first : length - begins]
        alone.append(dry)
    answer = room_sound.room(1.2, rng, wet=float(rng.uniform(0.2, 0.6)))
    wet = room_sound.through(np.sum(alone, axis=0), answer) + room_sound.pink(length, rng) * 10 ** (float(rng.uniform(-62, -50)) / 20)
    small = np.fft.irfft(np.fft.rfft(wet)[: length // 6 + 1], length // 3) / 3
    heard = np.clip(small, -1, 1).astype(np.float32)
    lines = [Line(words, dry) for (_, _, words), dry, (who, _) in zip(pieces, alone, said, strict=True) if who == "actor"]
    crew = [word for (_, _, words), (who, _) in zip(pieces, said, strict=True) if who != "actor" for word in words]
    words = [(word.start_s, word.end_s, word.text) for word in hear(speech.listener(""), heard).words]
    return Clip(heard=heard, lines=lines, crew=crew, transcript=words)


def sounds(heard: np.ndarray) -> list[Span]:
    """Where anything sounds, as a production measures it."""
    return [Span(start_s=Fraction(first, 100), end_s=Fraction(last, 100)) for first, last in sounding(heard, rate_hz=HEARD_HZ)]


def shot(number: int, seconds: float, rate: Fraction) -> SyncedClip:
    frames = int(seconds * rate)
    video = VideoStream(index=0, codec="h264", width=1920, height=1080, pixel_format="yuv420p", bit_depth=8, rate=rate, frames=frames, duration_s=frames / rate)
    audio = (AudioStream(index=1, codec="aac", rate_hz=48000, channels=2, duration_s=frames / rate),)
    media = MediaInfo(kind="clip", container="mp4", duration_s=frames / rate, video=video, audio=audio, timecode="08:00:00:00", timecode_rate=rate)
    return SyncedClip(media=media, file=f"{number}.mp4", path=f"/{number}.mp4", digest=f"blake3:{number:064x}")


def level_db(dry: np.ndarray, at_s: float) -> float:
    """How loud a line is in the 10 ms around a moment, in dB below its loudest 10 ms; the quieter side of the cut counts."""
    db = levels(dry)
    place = int(at_s * 100)
    return float(min(db[max(0, place - 1)], db[min(len(db) - 1, place)]))


def levels(dry: np.ndarray) -> np.ndarray:
    """A line in steps of 10 ms, in dB below its loudest."""
    step = RATE_HZ // 100
    level = np.sqrt(np.mean(dry[: len(dry) // step * step].reshape(-1, step) ** 2, axis=1)) + 1e-9
    return 20 * np.log10(level / level.max())


def outside_db(dry: np.ndarray, in_s: float, out_s: float) -> tuple[float, float]:
    """The loudest 10 ms of a line before and after a cut, in dB below its loudest at all."""
    db = levels(dry)
    first, last = int(np.floor(in_s * 100)), int(np.ceil(out_s * 100))
    return max(db[:first], default=-200.0), max(db[last:], default=-200.0)


@dataclass
class Score:
    """What is counted over all edits."""

    edits: int = 0
    lost: int = 0  #: lines of which the transcript heard nothing
    inside: int = 0
    by_clock: int = 0
    clipped: int = 0
    neighbours: int = 0

    def add(self, name: str, clip: Clip, line: Line, in_s: float, out_s: float) -> list[str]:
        wrong = []
        truth = [(one, word) for one in clip.lines for word in one.words]
        before, after = outside_db(line.dry, in_s, out_s)
        for what, edge, lost in (("in", in_s, before), ("out", out_s, after)):
            self.edits += 1
            deep = [(min(edge - first, last - edge), level_db(one.dry, edge)) for one, (first, last) in truth if first < edge < last]
            self.by_clock += bool(deep)
            self.inside += any(db > AUDIBLE_DB for _, db in deep)
            self.clipped += lost > AUDIBLE_DB
            if deep or lost > AUDIBLE_DB:
                found = ", ".join(f"{1000 * depth:.0f} ms inside a word that sounds at {db:.0f} dB there" for depth, db in deep)
                wrong.append(f"{name} {what}: {found or 'outside words'}, {lost:.0f} dB of the line cut off")
        self.neighbours += sum(max(one.words[0][0], in_s) < min(one.words[-1][1], out_s) for one in clip.lines if one is not line)
        return wrong

    def print(self, title: str) -> None:
        print(f"{title}: {self.edits} edits, {self.inside} audibly inside a word ({self.by_clock} by the voice's clock), {self.clipped} clip more than {AUDIBLE_DB:.0f} dB of the line,")
        print(f"    {self.neighbours} cuts hear a word of a neighbouring line, {self.lost} lines without a word in the transcript")


def measure(number: int, clip: Clip, score: Score, *, most: int) -> list[str]:
    rate = RATES[number % len(RATES)]
    of = shot(number, len(clip.heard) / HEARD_HZ, rate)
    words = [Heard(text=text, in_s=first, out_s=last, probability=1.0) for first, last, text in clip.transcript]
    wrong = []
    for place, line in enumerate(clip.lines):
        if score.edits >= most:
            break
        own = [word for word in words if line.words[0][0] - 0.05 <= (word.in_s + word.out_s) / 2 <= line.words[-1][1] + 0.05]
        if not own:
            score.lost += 1
            continue
        covered = Covered(attempt=1, item=1, kind="line", in_s=own[0].in_s, out_s=own[-1].out_s, complete=True)
        attempt = Attempt(number=1, in_s=0.0, out_s=len(clip.heard) / HEARD_HZ)
        cut = rough(
            [Item(number=1, kind="line", text="a line")], [Strung(clip=of, attempt=attempt, covered=(covered,))], rate=rate,
            words={of.digest or "": words}, sound={of.digest or "": sounds(clip.heard)},
        )  # fmt: skip
        (event,) = played(cut.timeline)
        wrong += score.add(f"clip {number} line {place + 1}", clip, line, float(event.in_s), float(event.out_s))
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edits", type=int, default=200)
    parser.add_argument("--seed", type=int, default=9)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--show", action="store_true")
    chosen = parser.parse_args()
    voices = Voices(chosen.seed)
    score, number = Score(), 0
    while score.edits < chosen.edits:
        kept = chosen.cache / f"rough-{chosen.seed}-{number:02d}.pickle" if chosen.cache else None
        if kept is not None and kept.exists():
            clip = pickle.loads(kept.read_bytes())
        else:
            clip = compose(number, voices, chosen.seed)
            if kept is not None:
                kept.parent.mkdir(parents=True, exist_ok=True)
                kept.write_bytes(pickle.dumps(clip))
        wrong = measure(number, clip, score, most=chosen.edits)
        if chosen.show:
            print(*wrong, sep="\n", flush=True)
        number += 1
    score.print("rough cut")


if __name__ == "__main__":
    main()
