"""How well attempts are lined: what is covered, what stays as spoken, what the crew said. Prints its figures and every miss.

    python bench/lining.py                       composed clips with a synthetic voice (the `demo` extra)
    python bench/lining.py --voices DIR          real readers: a folder with their sentences (see `spoken.readers`), or MEDIA.tsv above it
    --changes 200   planted word changes to reach       --keep DIR   keep recordings and transcripts between runs

The transcript is the real one, unprompted; where an attempt begins and ends is told, with an error of up to 0.3 s, because finding
attempts has its own bench. With a synthetic voice the change is in what is said; with real readers it is in the script.
"""

from __future__ import annotations

import argparse
import csv
import difflib
import pickle
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from lining_lines import AD_LIBS, CHANGES, REMARKS, SPOTS
from numpy.typing import NDArray
from spoken import readers

from answerprint.media import speech
from answerprint.model.attempts import Attempt, Covered, Heard, OffScript
from answerprint.script import Item
from answerprint.script.lining import lined, read_wild
from answerprint.script.matching import line
from answerprint.script.wording import NUMBERS
from answerprint.tasks.lining import weigher
from answerprint.tasks.transcript import hear

RATE_HZ = 16_000
Sound = NDArray[np.float32]
SLOT = re.compile(r"\{(\w+): ([^}]*)\}")


@dataclass
class Truth:
    """One composed clip and everything true about it."""

    name: str
    items: list[Item]
    sound: Sound
    attempts: list[Attempt] = field(default_factory=list)
    said: list[tuple[int, int, float, float, str]] = field(default_factory=list)  # attempt, item, in_s, out_s, what was said
    off_script: list[tuple[float, float, str]] = field(default_factory=list)
    remarks: list[tuple[int, float, float, str]] = field(default_factory=list)
    wild: bool = False


class Tape:
    """Sounds laid one after the other, or over each other, on a room."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng, self.parts, self.at_s = rng, list[tuple[float, Sound]](), 1.0

    def lay(self, samples: Sound, *, pause_s: float, gain: float = 1.0) -> tuple[float, float]:
        start_s = max(0.1, self.at_s + pause_s)
        self.parts.append((start_s, samples * np.float32(gain)))
        self.at_s = start_s + len(samples) / RATE_HZ
        return start_s, self.at_s

    def sound(self, *, music: float = 0.0) -> Sound:
        out = self.rng.normal(0, 0.0015, int((self.at_s + 1.0) * RATE_HZ)).astype(np.float32)
        if music:
            out += music * _music(len(out), self.rng)
        for start_s, samples in self.parts:
            first = int(start_s * RATE_HZ)
            out[first : first + len(samples)] += samples
        return np.clip(out, -1, 1)


def _music(length: int, rng: np.random.Generator) -> Sound:
    """A playback: chords that change every second, a beat under them; peak 1."""
    t = np.arange(length) / RATE_HZ
    out = np.zeros(length)
    for second in range(int(t[-1]) + 1):
        here = slice(second * RATE_HZ, (second + 1) * RATE_HZ)
        root = 110 * 2 ** (rng.choice([0, 3, 5, 7]) / 12)
        out[here] = sum(np.sin(2 * np.pi * root * ratio * t[here]) for ratio in (1, 1.25, 1.5, 2)) * np.exp(-1.5 * (t[here] % 0.5))
    return (out / np.abs(out).max()).astype(np.float32)


def trimmed(samples: Sound) -> Sound:
    """Without the silence around it."""
    loud = np.flatnonzero(np.abs(samples) > 0.01 * np.abs(samples).max())
    return samples[loud[0] : loud[-1] + 1]


# ---- synthetic


class Cast:
    """Recordings by text and speaker; one recording serves several takes at another pitch."""

    def __init__(self, keep: Path | None) -> None:
        self.path = keep / "cast.pickle" if keep else None
        self.said: dict[tuple[str, str], Sound | None] = pickle.loads(self.path.read_bytes()) if self.path and self.path.exists() else {}
        self.voices: Any = None
        self.refused: list[str] = []

    def say(self, who: str, text: str, pitch: float = 1.0) -> Sound | None:
        sys.path.append(str(Path(__file__).resolve().parents[1]))  # the sample shoot lies beside this folder
        from sample.voices import SampleError, Voices

        if (who, text) not in self.said:
            self.voices = self.voices or Voices(3)
            try:
                spoken = self.voices.say(who, text).samples
                self.said[who, text] = trimmed(0.5 * spoken[: len(spoken) // 3 * 3].reshape(-1, 3).mean(axis=1).astype(np.float32))
            except SampleError:
                self.said[who, text] = None
        samples = self.said[who, text]
        if samples is None:
            self.refused.append(text)
            return None
        if pitch == 1.0:
            return samples
        return np.interp(np.arange(0, len(samples) - 1, pitch), np.arange(len(samples)), samples).astype(np.float32)

    def save(self) -> None:
        if self.path:
            self.path.write_bytes(pickle.dumps(self.said))


def wordings(text: str) -> list[str]:
    """A line as written, then with each slot changed, one at a time."""

    def filled(at: int, choice: int) -> str:
        count = iter(range(99))
        return SLOT.sub(lambda match: [one.strip() for one in match[2].split("|")][choice if next(count) == at else 0], text)

    slots = SLOT.findall(text)
    return [filled(-1, 0), *(filled(at, n) for at, (_, ways) in enumerate(slots) for n in range(1, ways.count("|") + 1))]


def composed(cast: Cast, changes: int) -> Iterator[Truth]:
    """Clips of one to three attempts on set, and voice-over sessions, until so many changes are planted."""
    rng, dice, planted = np.random.default_rng(11), random.Random(11), 0
    for rnd, pitch in enumerate((1.0, 0.93, 1.06, 0.97)):
        for number, spot in enumerate(SPOTS):
            if planted >= changes:
                return
            items = [
                Item(number=n + 1, kind="line" if who else "voice-over", text=wordings(text)[0], character=who or "NARRATOR", scene="1", off_camera=not who)
                for n, (who, text) in enumerate(spot)
            ]
            queues = [wordings(text)[1:] for _, text in spot]
            clip = 0
            while any(queues[n] for n, (who, _) in enumerate(spot) if who):
                clip += 1
                truth, count = _clip(cast, rng, dice, spot, items, queues, pitch, f"spot {number + 1} round {rnd + 1} clip {clip}")
                planted += count
                yield truth
            truth, count = _booth(cast, rng, spot, items, queues, pitch, f"spot {number + 1} round {rnd + 1} voice-over")
            planted += count
            yield truth


def _clip(
    cast: Cast, rng: np.random.Generator, dice: random.Random, spot: Any, items: list[Item], queues: list[list[str]], pitch: float, name: str
) -> tuple[Truth, int]:
    tape, truth, count = Tape(rng), Truth(name=name, items=items, sound=np.zeros(0, np.float32)), 0

    def crew(who: str, text: str, pause_s: float = 0.6) -> tuple[float, float] | None:
        samples = cast.say(who, text)
        return tape.lay(samples, pause_s=pause_s, gain=0.5) if samples is not None else None

    letters = "alpha bravo charlie delta echo foxtrot golf".split()
    for take in range(1, dice.randint(1, 3) + 1):
        crew("assistant", f"Scene {dice.choice(['one', 'two', 'four'])} {dice.choice(letters)}, take {['one', 'two', 'three'][take - 1]}.", 1.5)
        crew("assistant", "Marker.", 0.3)
        begun = crew("director", "Action.", 0.8)
        number = len(truth.attempts) + 1
        in_s = tape.at_s
        overlapping, feeding = dice.random() < 0.3, dice.random() < 0.3
        for n, (who, _) in enumerate(spot):
            if not who:
                continue
            text = queues[n].pop(0) if queues[n] else items[n].text
            samples = cast.say("actor" if n % 2 == 0 else "stranger", text, pitch)
            if samples is None:
                continue
            if dice.random() < 0.2:
                words = items[n].text.split()
                start = cast.say("actor", " ".join(words[: len(words) // 2]).rstrip(".,") + ", sorry.", pitch)
                if start is not None:
                    at = tape.lay(start, pause_s=0.8)
                    truth.off_script.append((*at, "restart"))
            feed = feeding and n == 1
            at = tape.lay(samples, pause_s=-0.35 if overlapping and n == 1 else 0.8, gain=0.35 if feed else 1.0)
            truth.said.append((number, n + 1, *at, text))
            count += text != items[n].text
            if dice.random() < 0.25:
                lib = dice.choice(AD_LIBS)
                samples = cast.say("actor", lib, pitch)
                if samples is not None:
                    truth.off_script.append((*tape.lay(samples, pause_s=1.0), lib))
        out_s = tape.at_s + 0.4
        crew("director", "Cut.", 0.8)
        truth.attempts.append(Attempt(number=number, in_s=in_s + dice.uniform(-0.3, 0.2), out_s=out_s + dice.uniform(-0.3, 0.3), scene="1A", take=take))
        assert begun is not None
        if dice.random() < 0.8:
            remark = dice.choice(REMARKS)
            where = crew("director", remark, 0.7)
            if where:
                truth.remarks.append((number, *where, remark))
    truth.sound = tape.sound()
    return truth, count


def _booth(
    cast: Cast, rng: np.random.Generator, spot: Any, items: list[Item], queues: list[list[str]], pitch: float, name: str
) -> tuple[Truth, int]:
    """A voice-over session over playback: every wording once, and the right one again."""
    tape, truth, count = Tape(rng), Truth(name=name, items=items, sound=np.zeros(0, np.float32), wild=True), 0
    for n, (who, _) in enumerate(spot):
        if who:
            continue
        for text in [items[n].text, *queues[n]]:
            samples = cast.say("narrator", text, pitch)
            if samples is not None:
                at = tape.lay(samples, pause_s=1.2)
                truth.said.append((len(truth.said) + 1, n + 1, *at, text))
                count += text != items[n].text
        queues[n].clear()
    truth.sound = tape.sound(music=0.03)
    return truth, count


# ---- real readers


def read_out(folder: Path, changes: int) -> Iterator[Truth]:
    """Each reader's sentences in a row as one attempt; the script is what differs, by one word in every line that allows it."""
    tables = [path for path in (folder / "MEDIA.tsv", *(above / "MEDIA.tsv" for above in folder.parents)) if path.exists()][:1]
    known = {one.name: one for one in readers(folder)}
    texts = {name: one.text for name, one in known.items()}
    for table in tables:
        with table.open(encoding="utf-8", newline="") as rows:
            texts |= {Path(row[0]).stem: row[5] for row in csv.reader(rows, delimiter="\t") if len(row) > 5 and row[5] and row[0].endswith((".wav", ".flac"))}
    from spoken import read

    found = [(path, texts[path.stem]) for path in sorted(folder.rglob("*")) if path.suffix in (".wav", ".flac") and path.stem in texts]
    by_reader: dict[str, list[tuple[Path, str]]] = {}
    for path, text in found:
        by_reader.setdefault(re.split(r"[_-]", path.stem)[0], []).append((path, text))
    rng, planted = np.random.default_rng(5), 0
    for rnd in range(12):
        for reader, sentences in by_reader.items():
            for first in range(0, len(sentences), 4):
                if planted >= changes:
                    return
                tape, some = Tape(rng), sentences[first : first + 4]
                items, truth_said, count = [], [], 0
                for n, (path, text) in enumerate(some):
                    script = _changed(text, rnd)
                    count += script != text
                    items.append(Item(number=n + 1, kind="line", text=script, character=reader, scene="1"))
                    samples = read(path)
                    truth_said.append((1, n + 1, *tape.lay(0.5 * samples / np.abs(samples).max(), pause_s=0.7), text))
                if rnd and not count:
                    continue
                planted += count
                attempt = Attempt(number=1, in_s=0.5, out_s=tape.at_s + 0.5, scene="1")
                tape.rng = np.random.default_rng(first)
                yield Truth(name=f"{reader} {first} round {rnd}", items=items, sound=tape.sound(), attempts=[attempt], said=truth_said)


def _changed(text: str, rnd: int) -> str:
    """The text with its rnd-th changeable word changed; itself where it has no more of them."""
    places = [(match, script) for said, script in CHANGES for match in re.finditer(rf"\b{said}\b", text)]
    places.sort(key=lambda place: place[0].start())
    if rnd >= len(places):
        return text
    match, script = places[rnd]
    return text[: match.start()] + script + text[match.end() :]


# ---- counting


def judged(truth: Truth, heard: Sequence[Heard], tally: Counter[str], say: Any) -> None:
    weigh = weigher(lambda in_s, out_s: truth.sound[int(in_s * RATE_HZ) : int(out_s * RATE_HZ)])
    if truth.wild:
        attempts, found = read_wild(truth.items, heard, weigh=weigh)
        number = {
            one.number: next((said[0] for said in truth.said if min(said[3], one.out_s) - max(said[2], one.in_s) > 0.5 * (one.out_s - one.in_s)), 0)
            for one in attempts
        }
    else:
        found, number = lined(truth.items, heard, truth.attempts, weigh=weigh), {one.number: one.number for one in truth.attempts}
    pairs = {(said[0], said[1]): said for said in truth.said}
    seen: dict[tuple[int, int], Covered] = {}
    for one in found.covered:
        key = (number[one.attempt], one.item)
        if key not in pairs or key in seen:
            tally["pairs invented"] += 1
            say(f"invented: item {one.item} at {one.in_s:.1f} s: {' '.join(word.heard or '' for word in one.words)}")
        seen[key] = one
    tally["pairs"] += len(pairs)
    texts = {item.number: item.text for item in truth.items}
    for key, said in pairs.items():
        if key not in seen:
            say(f"not found: item {key[1]} in attempt {key[0]}: {said[4]}")
            continue
        tally["pairs found"] += 1
        _words(texts[key[1]], said[4], seen[key], tally, say)
    _beside(truth, found.off_script, found.remarks, tally, say)


def _spoken(text: str) -> list[tuple[str, ...]]:
    return [readings[0] for readings in line(0, text).readings]


def _words(script: str, said: str, one: Covered, tally: Counter[str], say: Any) -> None:
    a, b, loose = _spoken(script), _spoken(said), set[int]()
    kept = {block.a + n for block in difflib.SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks() for n in range(block.size)}
    spoken_numbers = [n for n, words in enumerate(a) if all(text in NUMBERS for text in words)]
    for n in spoken_numbers:  # a number that differs in one word differs
        if n in kept and any(m in spoken_numbers and m not in kept for m in (n - 1, n + 1)):
            kept.discard(n)
            loose.add(n)
    other = {text for n, words in enumerate(b) for text in words} - {text for n in kept for text in a[n]}
    lined_words = [word for word in one.words if word.script is not None]
    assert len(lined_words) == len(a), (script, [word.script for word in lined_words])
    tally["words"] += len(a)
    wrong = [word for n, word in enumerate(lined_words) if n not in kept and n not in loose and word.how == "said"]
    tally["words put into a mouth"] += len(wrong)
    false = [word for n, word in enumerate(lined_words) if n in kept and word.how != "said"]
    tally["words said and shown as changed or missed"] += len(false)
    tally["words added that were not said"] += sum(word.how == "added" for word in one.words)
    for word in false:
        say(f"misheard: {word.how} {word.script!r} <- {word.heard!r} in {said!r}")
    if script != said:
        tally["changes"] += 1
        tally["changes that stay"] += not wrong
        shown = {text for word in one.words if word.how in ("changed", "added") and word.heard for words in _spoken(word.heard) for text in words}
        tally["changes shown in the very words"] += not wrong and other <= shown
        if wrong:
            say(f"hidden: {said!r} lined as {[word.script for word in wrong]}, heard {[word.heard for word in wrong]}")


def _beside(truth: Truth, off: Sequence[OffScript], remarks: Sequence[OffScript], tally: Counter[str], say: Any) -> None:
    def over(in_s: float, out_s: float, some: Sequence[OffScript]) -> float:
        return sum(max(0.0, min(out_s, one.out_s) - max(in_s, one.in_s)) for one in some) / (out_s - in_s)

    for in_s, out_s, text in truth.off_script:
        tally["off-script"] += 1
        tally["off-script kept"] += over(in_s, out_s, off) >= 0.5
        if over(in_s, out_s, off) < 0.5:
            say(f"off-script lost: {text} at {in_s:.1f} s")
    for number, in_s, out_s, text in truth.remarks:
        tally["remarks"] += 1
        right = over(in_s, out_s, [one for one in remarks if one.attempt == number]) >= 0.5
        tally["remarks tied"] += right
        if not right:
            say(f"remark lost: {text} at {in_s:.1f} s")
    for one in remarks:
        if not any(min(out_s, one.out_s) > max(in_s, one.in_s) for _, in_s, out_s, _ in truth.remarks):
            tally["remarks invented"] += 1
            say(f"remark invented: {one.text} at {one.in_s:.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--voices", type=Path)
    parser.add_argument("--changes", type=int, default=200)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    tally: Counter[str] = Counter()
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    cast = Cast(options.keep)
    store = options.keep / "heard.pickle" if options.keep else None
    known: dict[bytes, list[Heard]] = pickle.loads(store.read_bytes()) if store and store.exists() else {}
    for truth in read_out(options.voices, options.changes) if options.voices else composed(cast, options.changes):
        key = truth.sound.tobytes()[-400_000:]
        if key not in known:
            found = hear(speech.listener("", 2), truth.sound)
            known[key] = [Heard(text=word.text, in_s=word.start_s, out_s=word.end_s, probability=word.probability) for word in found.words]
        judged(truth, known[key], tally, lambda text, name=truth.name: print(f"{name}: {text}", flush=True))
        if store:
            cast.save()
            store.write_bytes(pickle.dumps(known))
    print("\nreal readers" if options.voices else "\nsynthetic voice")
    for name, value in tally.items():
        print(f"{value:6d}  {name}")
    for part, whole in (
        ("pairs found", "pairs"), ("changes that stay", "changes"), ("changes shown in the very words", "changes"), ("words put into a mouth", "words"),
        ("words said and shown as changed or missed", "words"), ("remarks tied", "remarks"), ("off-script kept", "off-script"),
    ):  # fmt: skip
        if tally[whole]:
            print(f"{tally[part] / tally[whole]:7.2%} {part}")


if __name__ == "__main__":
    main()
