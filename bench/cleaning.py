"""Rough clean-up against other programs on noisy speech: PESQ, STOI, SI-SDR, word error; planted breaths, laughs and gusts; a steady tone.

    python -m venv JUDGES && JUDGES/bin/pip install pesq pystoi scipy noisereduce
    python -m bench.cleaning NOISY_SPEECH --speech VCTK --judges JUDGES/bin/python [--words] [--scripts MEDIA.tsv]

NOISY_SPEECH has voicebank_noisy/ and voicebank_clean/ (pairs of one name), noisy_snr0.wav with clean_freesound_33711.wav, and rir_noise/; VCTK holds
clean readings, among them clean halves of pairs that lie nowhere else. The judges (PESQ wide band, STOI) and noisereduce live in a venv of their
own. Files are judged at 16 kHz. MEDIA.tsv says what was read: columns `file` and `transcript_or_truth`. What the constants of the clean-up were set on is every other pair and the mixtures with rir_noise ("tuning");
"held out" is what no constant was set on.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerprint.media import audio, bwf, rnnoise
from answerprint.media.probe import probe
from answerprint.signal import cleaning

Samples = NDArray[np.float64]
RATE = cleaning.RATE_HZ
JUDGED = 16_000
_NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve".split()

JUDGE = """
import json, sys, numpy as np
from pesq import pesq
from pystoi import stoi
work = json.load(open(sys.argv[1]))
out = []
for clean, made in work:
    s, y = np.load(clean), np.load(made)
    s0, y0 = s - s.mean(), y - y.mean()
    a = (s0 @ y0) / (s0 @ s0)
    e = a * s0 - y0
    out.append([pesq(16000, s, y, "wb"), float(stoi(s, y, 16000)), float(10 * np.log10(((a * s0) @ (a * s0)) / (e @ e)))])
json.dump(out, open(sys.argv[2], "w"))
"""
OTHER = """
import sys, numpy as np, noisereduce
x = np.load(sys.argv[1])
np.save(sys.argv[2], noisereduce.reduce_noise(y=x, sr=16000, stationary=sys.argv[3] == "stationary"))
"""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Clean and noisy speech at 48 kHz, shape (n,)."""

    name: str
    clean: Samples
    noisy: Samples
    held_out: bool


# ---- material


def read(path: Path) -> Samples:
    info = probe(path)
    return audio.read(path, info, rate_hz=RATE).mono().astype(np.float64)


def down(x: Samples) -> Samples:
    """At 16 kHz, by its whole spectrum."""
    count = x.size // 3
    return np.asarray(np.fft.irfft(np.fft.rfft(x[: count * 3])[: count // 2 + 1], count) / 3)


def pairs(noisy: Path, speech: Path) -> Iterator[Pair]:
    number = 0
    for path in sorted((noisy / "voicebank_noisy").glob("*.wav")):
        clean = next((place / path.name for place in (noisy / "voicebank_clean", speech) if (place / path.name).is_file()), None)
        if clean is not None:
            yield _pair(path.stem, read(clean), read(path), held_out=number % 2 == 1)
            number += 1
    yield _pair("snr0", read(noisy / "clean_freesound_33711.wav"), read(noisy / "noisy_snr0.wav"), held_out=True)
    noises = [noisy / "rir_noise" / f"{name}.wav" for name in ("cafe_short", "doing_the_dishes", "noise1", "noise2", "noise3")]
    draw = np.random.default_rng(5)
    readings = [path for path in sorted(speech.glob("*.wav")) if not (noisy / "voicebank_noisy" / path.name).exists()][:10]
    for at, path in enumerate(readings):
        clean_speech = read(path)
        noise = read(noises[at % len(noises)])
        noise = np.tile(noise, -(-clean_speech.size // noise.size) + 1)
        first = int(draw.integers(0, noise.size - clean_speech.size))
        noise = noise[first : first + clean_speech.size]
        level = 0.05 * 10 ** (-(2, 6, 10, 14)[at % 4] / 20)
        clean_speech = clean_speech * (0.05 / np.sqrt((clean_speech**2).mean()))
        yield Pair(name=f"{path.stem} + {noises[at % len(noises)].stem}", clean=clean_speech, noisy=clean_speech + noise * (level / np.sqrt((noise**2).mean())), held_out=False)


def _pair(name: str, clean: Samples, noisy: Samples, *, held_out: bool) -> Pair:
    count = min(clean.size, noisy.size)
    return Pair(name=name, clean=clean[:count], noisy=noisy[:count], held_out=held_out)


# ---- programs


def ours(x: Samples) -> Samples:
    """As the product does it: what stands in the sound is looked for, then it is cleaned."""
    return cleaning.clean(x, cleaning.look(x), speech=rnnoise.speech).samples


def afftdn(x: Samples) -> Samples:
    """FFmpeg's afftdn as it comes, moved back by its delay."""
    import imageio_ffmpeg

    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder) / "a.wav", Path(folder) / "b.wav"
        bwf.write(given, np.concatenate([x, np.zeros(RATE)])[None], rate_hz=RATE)
        subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", given, "-af", "afftdn", "-c:a", "pcm_s24le", made], check=True)
        y = read(made)
    size = 1 << (x.size + y.size).bit_length()
    likeness = np.fft.irfft(np.fft.rfft(y, size) * np.fft.rfft(x, size).conj(), size)[:RATE]
    late = int(np.argmax(likeness))
    return np.pad(y[late : late + x.size], (0, max(0, x.size - (y.size - late))))[: x.size]


def noisereduce(judges: str, kind: str) -> Callable[[Samples], Samples]:
    """In its own venv, at the 16 kHz that the pairs have."""

    def run(x: Samples) -> Samples:
        with tempfile.TemporaryDirectory() as folder:
            given, made = Path(folder) / "a.npy", Path(folder) / "b.npy"
            np.save(given, down(x))
            subprocess.run([judges, "-c", OTHER, given, made, kind], check=True)
            return np.asarray(np.load(made), np.float64)

    return run


def judged(judges: str, work: list[tuple[Samples, Samples]]) -> NDArray[np.float64]:
    """PESQ, STOI, SI-SDR of (clean, made), shape (n, 3)."""
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for at, (clean, made) in enumerate(work):
            s, y = (one if one.size < clean.size // 2 else down(one) for one in (clean, made))
            count = min(s.size, y.size)
            names.append([f"{folder}/{at}s.npy", f"{folder}/{at}y.npy"])
            np.save(names[-1][0], s[:count])
            np.save(names[-1][1], y[:count])
        listed, found = Path(folder) / "work.json", Path(folder) / "found.json"
        listed.write_text(json.dumps(names))
        subprocess.run([judges, "-W", "ignore", "-c", JUDGE, listed, found], check=True)
        return np.array(json.loads(found.read_text()))


def table(material: list[Pair], judges: str) -> dict[str, list[Samples]]:
    programs: dict[str, Callable[[Samples], Samples]] = {
        "as recorded": lambda x: x, "answerprint clean": ours, "RNNoise": rnnoise.plain, "afftdn": afftdn,
        "noisereduce": noisereduce(judges, "changing"), "noisereduce, stationary": noisereduce(judges, "stationary"),
    }  # fmt: skip
    sounds = {name: [program(pair.noisy) for pair in material] for name, program in programs.items()}
    scores = {name: judged(judges, [(pair.clean, made) for pair, made in zip(material, found, strict=True)]) for name, found in sounds.items()}
    for title, which in _groups(material):
        print(f"\n{title} ({which.sum()} files)".ljust(44) + "PESQ    STOI  SI-SDR")
        for name, score in scores.items():
            pesq, stoi, sdr = score[which].mean(axis=0)
            print(f"  {name:<38}{pesq:8.3f}{stoi:8.4f}{sdr:8.2f}")
    return sounds


def _groups(material: list[Pair]) -> list[tuple[str, NDArray[np.bool_]]]:
    pair = np.array([" + " not in one.name for one in material])
    held = np.array([one.held_out for one in material])
    return [("all pairs of VoiceBank and snr0", pair), ("held out", held), ("tuning", ~held)]


# ---- words


def words(material: list[Pair], sounds: dict[str, list[Samples]], scripts: dict[str, str]) -> None:
    """Word error of tiny.en, pooled over all words: against what was read, and where no script is given against what it hears in the clean recording."""
    from answerprint.media.speech import listener

    ear = listener()
    read_out = [scripts.get(pair.name.split(" ")[0], "") for pair in material]
    truth = [_words(text) if text else _said(ear, pair.clean) for text, pair in zip(read_out, material, strict=True)]
    heard = {name: [_said(ear, made) for made in sounds[name]] for name in ("as recorded", "answerprint clean", "RNNoise")}
    heard["the clean recording"] = [_said(ear, pair.clean) for pair in material]
    print(f"\nword error of tiny.en, pooled; {sum(map(bool, read_out))} of {len(material)} against their script, the rest against the clean recording")
    for title, which in _groups(material):
        at = np.flatnonzero(which)
        for name, found in heard.items():
            wrong, count = sum(_edits(truth[one], found[one]) for one in at), sum(len(truth[one]) for one in at)
            print(f"  {title:<38}{name:<24}{100 * wrong / count:8.2f} %  {wrong} of {count}")


def _said(ear: Any, x: Samples) -> list[str]:
    x16 = down(x).astype(np.float32)
    return _words(" ".join(phrase.text for phrase in ear.decode(x16, [(0.0, x16.size / JUDGED)], ear.voice(x16))))


def _words(text: str) -> list[str]:
    """Without marks; "5" is "five", as the script has it."""
    bare = "".join(letter for letter in text.lower().replace("colour", "color") if letter.isalnum() or letter.isspace())
    return [_NUMBERS[int(word)] if word.isdecimal() and int(word) < len(_NUMBERS) else word for word in bare.split()]


def _edits(a: list[str], b: list[str]) -> int:
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (left != right))
    return row[-1]


def _scripts(path: Path | None) -> dict[str, str]:
    """What was read, by the stem of the file."""
    if path is None:
        return {}
    with open(path, encoding="utf-8", newline="") as rows:
        return {Path(row["file"]).stem: row["transcript_or_truth"] for row in csv.DictReader(rows, delimiter="\t")}


# ---- what has to stay


def breath(draw: np.random.Generator) -> Samples:
    """Breathing in: noise of 0.4 to 0.7 s through a throat, 400 Hz to 6 kHz, swelling and falling."""
    x = _coloured(draw, int(RATE * draw.uniform(0.4, 0.7)), ((500, 6), (1500, 12), (3800, 9), (6000, 0)))
    return np.asarray(x * np.hanning(x.size) ** 0.7)


def laugh(draw: np.random.Generator) -> Samples:
    """Five bursts of voice, 200 ms apart, falling in pitch from 320 Hz, each begun with breath (Bachorowski et al., JASA 110, 2001)."""
    total = np.zeros(int(RATE * 1.3))
    for at in range(5):
        count = int(RATE * 0.13)
        pitch = (320 - 25 * at) * (1 + 0.05 * np.sin(np.linspace(0, np.pi, count)))
        phase = 2 * np.pi * np.cumsum(pitch) / RATE
        voice = sum(np.sin(number * phase) * gain for number, gain in ((1, 1), (2, 0.9), (3, 0.7), (4, 0.25), (5, 0.15), (8, 0.1), (9, 0.1)))
        burst = (voice + 2 * _coloured(draw, count, ((700, 10), (1800, 6), (4000, 0)))) * np.hanning(count) ** 0.6
        total[int(RATE * 0.23 * at) :][:count] += burst
    return total


def gust(draw: np.random.Generator) -> Samples:
    """Wind on a microphone for 1.5 s: falling 12 dB an octave above 60 Hz, in surges."""
    count = int(RATE * 1.5)
    x = _coloured(draw, count, ((60, 40), (120, 28), (240, 16), (480, 4), (1000, -8)))
    surges = 0.6 + 0.4 * np.sin(2 * np.pi * 1.7 * np.arange(count) / RATE)
    return np.asarray(x * np.hanning(count) ** 0.5 * surges)


def _coloured(draw: np.random.Generator, count: int, points: tuple[tuple[float, float], ...]) -> Samples:
    spectrum = np.fft.rfft(draw.standard_normal(count))
    hertz, level = zip(*points, strict=True)
    gain = np.interp(np.fft.rfftfreq(count, 1 / RATE), hertz, level, left=level[0] - 20, right=level[-1] - 30)
    x = np.fft.irfft(spectrum * 10 ** (gain / 20), count)
    return np.asarray(x / np.sqrt((x**2).mean()))


def planted(material: list[Pair], count: int) -> None:
    """Breaths, laughs and gusts between readings in real noise: how much lower they are after clean-up, over their own length."""
    draw = np.random.default_rng(11)
    readings = [pair for pair in material if " + " in pair.name]
    for room_db in (-62.0, -50.0):
        for name, kind, over in (("breaths", breath, (12, 16, 20)), ("laughs", laugh, (16, 22, 28)), ("gusts", gust, (14, 20, 26))):
            changes = {"answerprint clean": [], "RNNoise": []}  # type: dict[str, list[float]]
            for at in range(count):
                pair, other = readings[at % len(readings)], readings[(at + 3) % len(readings)]
                noise = _coloured(draw, 10 * RATE, ((60, 14), (200, 8), (1000, 0), (4000, -6), (12_000, -14))) * 10 ** (room_db / 20)
                x = noise.copy()
                for first, said in ((0.2, pair.clean), (6.5, other.clean)):
                    part = said[: int(3.2 * RATE)]
                    x[int(first * RATE) :][: part.size] += part
                event = kind(draw)
                event *= 10 ** ((room_db + over[at % 3]) / 20) / np.sqrt((event**2).mean())
                begin = int(draw.uniform(3.8, 4.6) * RATE)
                x[begin : begin + event.size] += event
                for program, run in (("answerprint clean", ours), ("RNNoise", rnnoise.plain)):
                    there = slice(begin, begin + event.size)
                    changes[program].append(10 * np.log10((run(x)[there] ** 2).mean() / (x[there] ** 2).mean()))
            says = "; ".join(f"{program}: worst {min(found):6.2f} dB, mean {np.mean(found):6.2f}" for program, found in changes.items())
            print(f"  room tone {room_db:.0f} dBFS, {name:<8} {min(over)} to {max(over)} dB over it, {count} planted: {says}")


def tone_held(material: list[Pair]) -> None:
    """A steady tone under speech and between words: what is left of it there, by projection on the sine that was planted."""
    draw = np.random.default_rng(3)
    readings = [pair.clean for pair in material if " + " in pair.name]
    for hertz in (50.0, 120.0, 400.0, 1000.0, 3150.0, 7800.0):
        x = np.concatenate([np.concatenate([said[: 4 * RATE], np.zeros(RATE)]) for said in readings[:6]])
        speech = x.copy()
        x = x + _coloured(draw, x.size, ((60, 10), (1000, 0), (12_000, -12))) * 10 ** (-62 / 20)
        place = np.arange(x.size) / RATE
        sine = np.sqrt(2) * np.sin(2 * np.pi * hertz * place)
        x = x + sine * 10 ** (-42 / 20)
        speaks = np.repeat((speech[: x.size // 480 * 480].reshape(-1, 480) ** 2).mean(axis=1) > 1e-5, 480)
        says = []
        for program, run in (("answerprint clean", ours), ("RNNoise", rnnoise.plain)):
            y = run(x)[: speaks.size]
            left = []
            for where in (speaks, ~speaks):
                basis = np.stack([np.sin(2 * np.pi * hertz * place[: speaks.size][where]), np.cos(2 * np.pi * hertz * place[: speaks.size][where])], axis=1)
                # the speech that stays is taken out first: a long reading has some power at every pitch
                rest = (y - speech[: speaks.size] * _share(y, speech[: speaks.size]))[where]
                amplitude = np.linalg.lstsq(basis, rest, rcond=None)[0]
                left.append(20 * np.log10(np.hypot(*amplitude) / np.sqrt(2)) + 42)
            says.append(f"{program}: under speech {left[0]:7.2f} dB, between words {left[1]:7.2f}, apart {abs(left[0] - left[1]):5.2f}")
        print(f"  {hertz:6.0f} Hz  {'; '.join(says)}")


def _share(y: Samples, x: Samples) -> float:
    return float((x @ y) / (x @ x))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("noisy", type=Path, metavar="NOISY_SPEECH")
    parser.add_argument("--speech", type=Path, required=True, metavar="VCTK")
    parser.add_argument("--judges", metavar="PYTHON", help="a Python with pesq, pystoi, scipy and noisereduce; the table is left out where not given")
    parser.add_argument("--planted", type=int, default=12, metavar="N", help="how many of each kind at each level of the room; 0 leaves them and the tone out")
    parser.add_argument("--words", action="store_true", help="also the word error of tiny.en")
    parser.add_argument("--scripts", type=Path, metavar="TSV", help="what was read in which file")
    args = parser.parse_args()
    material = list(pairs(args.noisy, args.speech))
    print(f"{len(material)} files, {float(Fraction(sum(pair.noisy.size for pair in material), RATE)):.0f} s")
    if args.planted:
        print("\nplanted and kept: level after clean-up against the level before, over the length of each")
        planted(material, args.planted)
        print("\na steady tone of -42 dBFS, noise at -62: what is left of it")
        tone_held(material)
    if args.judges:
        sounds = table(material, args.judges)
        if args.words:
            words(material, sounds, _scripts(args.scripts))


if __name__ == "__main__":
    main()
