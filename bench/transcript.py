"""Figures for the transcript: word errors beside plain faster-whisper, words nobody said, word starts, speed and memory.

    python -m bench.transcript [--voices DIR ...] [--music DIR ...] [--truth starts.json]

Synthetic voices come from the `demo` extra and tell their own word times; real readers are read from folders whose texts are known
(see `bench.spoken.readers`). `--truth` names a JSON file {"reading": [["word", start_s, end_s], ...]} for readings in those folders,
by hand or by another aligner. Without a folder a line says "not checked".
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from pathlib import Path

import numpy as np

from answerprint.media import speech, whisper
from answerprint.signal import edges
from answerprint.tasks.transcript import hear
from bench.spoken import RATE_HZ, SENTENCES, Speaker, Spoken, errors, plain, read, readers


def synthetic() -> list[Spoken]:
    speaker = Speaker()
    said = [speaker.say(text, slower=slower) for text in SENTENCES for slower in (1.0, 1.25)]
    return [one for one in said if one is not None]


def composed(speaker: Speaker) -> list[Spoken]:
    """Words spoken one by one and laid at known places: starts are where the clean recording first rises."""
    words = "coffee seven bottle never pressure storm jackets patience summer camera truck breath mountain city paper window".split()
    alone = {word: one for word in words if (one := speaker.say(f"{word.capitalize()}.")) is not None}
    rng = np.random.default_rng(3)
    found = []
    for _ in range(6):
        sound, truth, at = np.zeros(RATE_HZ * 12, np.float32), [], 0.7
        for word in rng.permutation(sorted(alone))[:8]:
            samples = alone[word].samples
            frames = samples[: len(samples) // 80 * 80].reshape(-1, 80).astype(np.float64)
            level = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)
            loud = np.flatnonzero(level > level.max() - 30)
            cut = samples[loud[0] * 80 : (loud[-1] + 1) * 80]
            first = round(at * RATE_HZ)
            sound[first : first + len(cut)] += cut
            truth.append((str(word), first / RATE_HZ, (first + len(cut)) / RATE_HZ))
            at += len(cut) / RATE_HZ + float(rng.uniform(0.12, 0.7))
        sound += rng.normal(0, 0.0005, len(sound)).astype(np.float32)
        found.append(Spoken(name="composed", samples=sound, text=" ".join(word for word, *_ in truth), words=tuple(truth)))
    return found


def timed(said: list[Spoken], listener: speech.Listener) -> str:
    """Errors of word starts, before and after refining, of the known text laid against the sound; ends after refining."""
    before, after, ends = [], [], []
    for one in said:
        found = listener.align(one.samples, " ".join(word for word, *_ in one.words), [(0.0, len(one.samples) / RATE_HZ)])
        edged = edges.refine([(start_s, end_s, word) for word, start_s, end_s, _ in found], edges.profile(one.samples, rate_hz=RATE_HZ))
        for (_, start_s, end_s), rough, fine in zip(one.words, found, edged, strict=True):
            before.append(abs(rough[1] - start_s))
            after.append(abs(fine.start_s - start_s))
            ends.append(fine.end_s - end_s)
    return f"{len(after):5d} words laid against the sound: starts {_spread(before)} before, {_spread(after)} after; ends {_spread(np.abs(ends))}"


def heard_starts(said: list[Spoken], listener: speech.Listener) -> str:
    """The same for words of the unprompted transcript that were heard right."""
    import difflib

    raw, after = [], []
    for one in said:
        heard = hear(listener, one.samples)
        truth = [("".join(plain(word)), start_s) for word, start_s, _ in one.words]
        for kept, starts in ((raw, [(w.text, w.start_s) for p in heard.raw for w in p.words]), (after, [(w.text, w.start_s) for w in heard.words])):
            bare = [("".join(plain(word)), start_s) for word, start_s in starts]
            match = difflib.SequenceMatcher(None, [word for word, _ in truth], [word for word, _ in bare], autojunk=False)
            for block in match.get_matching_blocks():
                kept += [abs(bare[block.b + at][1] - truth[block.a + at][1]) for at in range(block.size)]
    return f"{len(after):5d} words heard unprompted:        starts {_spread(raw)} before, {_spread(after)} after"


def _spread(values: object) -> str:
    found = np.asarray(values) * 1000
    return f"{np.median(found):3.0f} ms median {np.quantile(found, 0.95):3.0f} ms for 95 %"


def word_errors(said: list[Spoken], listener: speech.Listener) -> str:
    words = ours = raw = theirs = 0
    seconds = [0.0, 0.0]
    for one in said:
        began = time.perf_counter()
        heard = hear(listener, one.samples)
        seconds[0] += time.perf_counter() - began
        began = time.perf_counter()
        segments, _ = listener.model.loaded.transcribe(one.samples, word_timestamps=True, language="en")
        whole = " ".join(segment.text for segment in segments)
        seconds[1] += time.perf_counter() - began
        truth = plain(one.text)
        words += len(truth)
        ours += errors(truth, plain(" ".join(word.text for word in heard.words)))
        raw += errors(truth, plain(" ".join(phrase.text for phrase in heard.raw)))
        theirs += errors(truth, plain(whole))
    long_s = sum(len(one.samples) for one in said) / RATE_HZ
    return (
        f"{words:5d} words: ours {ours / words:.1%} (raw pass {raw / words:.1%}), plain faster-whisper {theirs / words:.1%}; "
        f"{long_s / seconds[0]:.1f} x and {long_s / seconds[1]:.1f} x real time"
    )


def joined(said: list[Spoken]) -> list[Spoken]:
    """Readings back to back with pauses, as long takes in four orders (one take alone says little: four words are a per cent); and every line five times over, as a series."""
    gap = np.zeros(round(0.9 * RATE_HZ), np.float32)
    rng = np.random.default_rng(11)
    orders = [list(said[:25]), *([said[at] for at in rng.permutation(len(said))] for _ in range(3))]
    takes = [
        Spoken(name="long take", samples=np.concatenate([part for one in order for part in (one.samples, gap)]), text=" ".join(one.text for one in order))
        for order in orders
    ]  # fmt: skip
    series = [Spoken(name="series", samples=np.concatenate([one.samples, gap] * 5), text=" ".join([one.text] * 5)) for one in said[:4]]
    return [*takes, *series]


def unsaid(folders: list[Path], listener: speech.Listener) -> str:
    """Ten minutes in which nobody speaks."""
    rng = np.random.default_rng(5)
    sounds = [read(path) for folder in folders for path in sorted(folder.rglob("*")) if path.suffix.lower() in (".wav", ".flac", ".ogg", ".mp3")]
    music_s = sum(map(len, sounds)) / RATE_HZ
    for level_db in (-30, -40, -50, -60):
        n = RATE_HZ * 75
        hum = 0.3 * np.sin(2 * np.pi * 50 * np.arange(n) / RATE_HZ)
        brown = np.cumsum(rng.normal(0, 1, n + 800))
        brown = (brown - np.convolve(brown, np.full(800, 1 / 800), "same"))[:n]
        tone = brown / np.std(brown) + hum + 0.2 * rng.normal(0, 1, n)
        sounds.append((tone / np.std(tone) * 10 ** (level_db / 20)).astype(np.float32))
    kept, aside, theirs = [], 0, []
    for sound in sounds:
        heard = hear(listener, sound)
        kept += [word.text for word in heard.words]
        aside += sum(len(one.text.split()) for one in heard.set_aside)
        segments, _ = listener.model.loaded.transcribe(sound, language="en")
        theirs += plain(" ".join(segment.text for segment in segments))
    whole_s = sum(map(len, sounds)) / RATE_HZ
    return f"{whole_s / 60:.1f} min ({music_s / 60:.1f} music): {len(kept)} words in the transcript {kept[:8]}, {aside} set aside; plain: {len(theirs)} words"


def separates(said: list[Spoken], listener: speech.Listener) -> str:
    right, wrong = [], []
    for at, one in enumerate(said):
        span = (0.0, len(one.samples) / RATE_HZ)
        right.append(listener.score(one.samples, one.text, span))
        wrong.append(listener.score(one.samples, said[(at + 7) % len(said)].text, span))
    return f"right text {np.median(right):.2f} (lowest {min(right):.2f}), wrong text {np.median(wrong):.2f} (highest {max(wrong):.2f})"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--voices", type=Path, action="append", default=[])
    asked.add_argument("--music", type=Path, action="append", default=[])
    asked.add_argument("--truth", type=Path)
    asked.add_argument("--model", default="")
    asked.add_argument("--threads", type=int, default=2)
    args = asked.parse_args()
    began = time.perf_counter()
    listener = speech.listener(args.model, args.threads)
    print(f"model {whisper.model_digest(args.model)[:23]}, opened in {time.perf_counter() - began:.1f} s, {args.threads} threads")
    truth = json.loads(args.truth.read_text(encoding="utf-8")) if args.truth else {}
    real = [one for folder in args.voices for one in readers(folder)]
    known = [Spoken(name=one.name, samples=one.samples, text=one.text, words=tuple(map(tuple, truth[one.name]))) for one in real if one.name in truth]
    for kind, said, exact in (("synthetic", synthetic(), composed(Speaker())), ("real", real, known)):
        if not said:
            print(f"{kind:9s}  not checked: no folder of voices with known text")
            continue
        print(f"{kind:9s}  single lines {word_errors(said, listener)}")
        print(f"{kind:9s}  long, series {word_errors(joined(said), listener)}")
        print(f"{kind:9s}  {separates(said, listener)}")
        for name, part in (("sentences", [one for one in said if one.words] or exact), ("apart", exact if kind == "synthetic" else [])):
            if part:
                print(f"{kind:9s}  {name}: {timed(part, listener)}")
                print(f"{kind:9s}  {name}: {heard_starts(part, listener)}")
            elif name == "sentences":
                print(f"{kind:9s}  word starts not checked: no --truth")
    print(f"unsaid     {unsaid(args.music, listener)}")
    print(f"memory     {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most, with the voices in it")


if __name__ == "__main__":
    main()
