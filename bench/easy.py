"""The easy-choice report: are cuts where somebody saw them, tempos and keys what they are, and does each easy choice move its own plate alone?

    python -m bench.easy [--media FOLDER] [--only cuts,beds,apart]

FOLDER holds cuts/, music/ and CUTS.tsv: film <tab> first frames of new shots <tab> what is known of them. Films are read as a report reads them.
"""

from __future__ import annotations

import argparse
import itertools
import re
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from answerprint.delivery.easy import reading, standing
from answerprint.delivery.easy.plates import TEMPO_NOTICED, beds_apart
from answerprint.delivery.easy.records import Measured
from answerprint.media import audio
from answerprint.media.probe import probe
from answerprint.signal import music, palette, rhythm

RATE_HZ = 24_000
#: What is known of each piece: beats in the whole file, where it is a loop that was made to a length; its key, where somebody wrote it down.
LOOPS = {
    "loop_amen": 4, "loop_amen_full": 16, "loop_compus": 16, "loop_electric": 4, "loop_garzul": 16, "loop_mehackit1": 4, "loop_mika": 16, "loop_safari": 16, "arovane_beat_b": 32, "arovane_beat_d": 24,
}  # fmt: skip
KEYS = {"Hungarian_Dance": ("G minor", "the name says F sharp minor, which is the piano's; what sounds is G minor, as in the editions for orchestra"), "Sugar_Plum": ("E minor", "")}
OCTAVES = {1.0: "", 0.5: "half", 2.0: "double", 1 / 3: "a third", 3.0: "three times", 2 / 3: "two thirds", 1.5: "half as much again"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--media", type=Path, required=True)
    parser.add_argument("--only", default="cuts,beds,apart")
    args = parser.parse_args()
    for name in args.only.split(","):
        {"cuts": cuts, "beds": beds, "apart": apart}[name](args.media)


def cuts(home: Path) -> None:
    """Real films against hand-checked cuts."""
    print("film                     shots  found  right  optional  extra  missed  s")
    for line in (home / "CUTS.tsv").read_text().splitlines()[1:]:
        name, frames, status = [*line.split("\t"), ""][:3]
        info = probe(home / name)
        assert info.video is not None
        sure = [int(one) for one in frames.split()]
        optional = [one for one in sure if re.search(rf"\b{one} is a cut INSIDE", status)]
        sure = [one for one in sure if one not in optional]
        begun = time.perf_counter()
        found = reading.film(home / name, name)
        took = time.perf_counter() - begun
        assert found.rhythm is not None
        seen = [float(one) * float(info.video.rate) for one in found.rhythm.cuts_s]
        right = [one for one in sure if any(abs(one - other) < 1 for other in seen)]
        also = [one for one in optional if any(abs(one - other) < 1 for other in seen)]
        extra = len(seen) - len(right) - len(also)
        print(f"{Path(name).name:24} {len(found.rhythm.lengths_s):5} {len(seen):6} {len(right):6} {len(also):9} {extra:6} {len(sure) - len(right):7} {took:5.1f}")


def beds(home: Path) -> None:
    """Tempo within 4 %, in its own octave or in a named one; keys; the length of a loop laid end to end."""
    print("\nloop             true    told    off %  octave        loop true  told")
    right = other = wrong = 0
    for name, count in LOOPS.items():
        sound = _mono(next((home / "music" / "loops").glob(f"{name}.*")))
        length = sound.size / RATE_HZ
        true = 60 * count / length
        laid = np.tile(sound, max(3, int(np.ceil(16 / length))))
        found = music.music(laid, rate_hz=RATE_HZ)
        if found.tempo is None:
            print(f"{name:16} {true:6.2f}  none")
            wrong += 1
            continue
        told = found.tempo.per_minute
        by = min(OCTAVES, key=lambda one: abs(np.log(told / true / one)))
        off = 100 * (told / true / by - 1)
        named = by == 1 or any(abs(one / true - 1) < TEMPO_NOTICED for one in found.tempo.others)
        right += abs(off) < 4 and by == 1
        other += abs(off) < 4 and by != 1 and named
        wrong += not (abs(off) < 4 and named)
        print(f"{name:16} {true:6.2f}  {told:6.2f}  {off:+5.2f}  {OCTAVES[by]:12}  {length:9.3f}  {found.loop_s or float('nan'):.3f}")
    print(f"of {len(LOOPS)}: {right} right, {other} in an octave beside which the right tempo is named, {wrong} wrong")
    print("\npiece                         tempo        also       key (or)                          loop")
    for path in sorted((home / "music").glob("*.*")):
        found = music.music(_mono(path), rate_hz=RATE_HZ)
        tempo = f"{found.tempo.per_minute:.1f}" if found.tempo else "none"
        also = ", ".join(f"{one:.0f}" for one in found.tempo.others) if found.tempo else ""
        key = f"{found.key.name}{f' ({found.key.other})' if found.key.other else ''}" if found.key else "none"
        known = next((f"known: {name}. {why}" for part, (name, why) in KEYS.items() if part in path.name), "")
        print(f"{path.name[-32:-7]:29} {tempo:12} {also:10} {key:32} {found.loop_s or '-'}  {known}")
    sure = [name for name, found in _struck() if found is None]
    print("\ncomposed beds (drum and chords), 24 tempos x 24 keys:", _composed(), "; noise, held chord:", "no tempo" if len(sure) == 2 else "a tempo is told")


def _struck() -> list[tuple[str, music.Tempo | None]]:
    """Sounds in which nothing is struck at even distances."""
    places = np.arange(16 * RATE_HZ) / RATE_HZ
    sounds = {"noise": 0.1 * np.random.default_rng(5).normal(size=places.size), "held chord": sum(0.1 * np.sin(2 * np.pi * one * places) for one in (220, 277.18, 329.63))}
    return [(name, music.tempo(music.strikes(one, rate_hz=RATE_HZ))) for name, one in sounds.items()]


def _composed() -> str:
    """Tempos and keys of beds that are written here: tonic, subdominant, dominant, tonic, one bar each."""
    tempo_right = octave = key_right = relative = 0
    for number in range(24):
        per_minute, tonic, minor = 60 + 5 * number, number % 12, number >= 12
        found = music.music(written(per_minute, tonic, minor=minor), rate_hz=RATE_HZ)
        told = [found.tempo.per_minute, *found.tempo.others] if found.tempo else []
        tempo_right += bool(told) and abs(told[0] / per_minute - 1) < 0.04
        octave += bool(told) and abs(told[0] / per_minute - 1) >= 0.04 and any(abs(one / per_minute - 1) < 0.04 for one in told)
        right = f"{music._NAMES[tonic]} {'minor' if minor else 'major'}"
        key_right += found.key is not None and found.key.name == right
        relative += found.key is not None and found.key.name != right and found.key.other == right
    return f"tempo {tempo_right} right, {octave} named as an octave; key {key_right} right, {relative} named as the other"


def written(per_minute: float, tonic: int, *, minor: bool = False, seconds: float = 20) -> np.ndarray:
    """A bed: four beats in the bar, a kick on each, a hat between, a chord in each bar."""
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    beat = 60 / per_minute
    since, off = time_s % beat, (time_s + beat / 2) % beat
    kick = np.sin(2 * np.pi * (50 + 60 * np.exp(-30 * since)) * since) * np.exp(-12 * since)
    hat = np.random.default_rng(7).normal(size=time_s.size) * np.exp(-80 * off)
    third = 3 if minor else 4
    chords = [(0, third, 7), (5, 5 + third, 12), (7, 11, 14), (0, third, 7)]
    bar = (time_s / (4 * beat)).astype(int) % 4
    notes = np.zeros_like(time_s)
    for number, chord in enumerate(chords):
        here = bar == number
        for one in chord:
            notes[here] += np.sin(2 * np.pi * 440 * 2 ** ((48 + tonic + one - 69) / 12) * time_s[here])
    return 0.5 * kick + 0.05 * hat + 0.08 * notes * np.exp(-1.5 * since)


# ---- each easy choice on its own plate


def apart(home: Path) -> None:
    """A teal-and-orange copy, a metronomic recut, a four-on-the-floor bed: how far each is from the film itself, plate by plate, beside the category's yardstick."""
    film = home / "cuts" / "ad_chromecast.mp4"
    others = [home / "cuts" / "ad_bigger_escapes.mp4", home / "cuts" / "bbb_0_30.webm", home / "speech_video" / "googlework_short.mp4"]
    category = [(one.stem, reading.film(one, one.stem)) for one in others]
    ways: dict[str, Callable[[list[np.ndarray], np.ndarray, list[int]], tuple[list[np.ndarray], np.ndarray]]] = {
        "as it is": lambda frames, sound, marks: (frames, sound), "teal and orange": lambda frames, sound, marks: ([_teal_and_orange(one) for one in frames], sound),
        "metronomic recut": lambda frames, sound, marks: (_metronomic(frames, marks), sound), "four on the floor": lambda frames, sound, marks: (frames, _beside(sound)),
    }  # fmt: skip
    frames, rate = _frames(film)
    sound = audio.read(film, probe(film), rate_hz=48_000).mono()
    whole = reading.film(film, film.stem)
    assert whole.rhythm is not None
    marks = [round(float(one) * float(rate)) for one in whole.rhythm.cuts_s]
    made: dict[str, Measured] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, way in ways.items():
            path = Path(folder) / f"{name}.mkv"
            _write(path, *way(frames, sound, marks), rate)
            made[name] = reading.film(path, name)
    first = made["as it is"]
    print("\nfrom the film itself   palette (steps)   shot length (%)   tempo (%)    orange  azure  variation  on a beat  tempo")
    for name, one in made.items():
        figures = [palette.apart(one.palette, first.palette), 100 * (np.exp(rhythm.apart(one.rhythm, first.rhythm)) - 1), 100 * (np.exp(beds_apart(one.bed.music, first.bed.music)) - 1)]
        on = rhythm.falls(one.rhythm.cuts_s, one.bed.music.beats_s, one.length_s)
        tempo = f"{one.bed.music.tempo.per_minute:.0f}" if one.bed.music.tempo else "none"
        print(f"{name:20} {figures[0]:14.2f} {figures[1]:17.1f} {figures[2]:13.1f} {one.palette.orange:11.2f} {one.palette.azure:6.2f} {one.rhythm.variation:9.2f} {on.count:6} of {len(on.on):2} {tempo:>6}")
    for plate, of, far, least in (("palette", lambda one: one.palette, palette.apart, palette.NOTICED), ("rhythm", lambda one: one.rhythm, rhythm.apart, rhythm.NOTICED)):
        known = standing.stands(of(first), "category", [(name, of(one)) for name, one in category], far, noticed=least, unit=lambda value: f"{value:.2f}")
        assert known is not None
        print(f"yardstick of {plate}: just noticed {least}, among the category {known.usual:.2f}")


def _frames(path: Path) -> tuple[list[np.ndarray], Fraction]:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.average_rate is not None
        return [frame.reformat(480, 270, format="rgb24").to_ndarray() for frame in container.decode(stream)], Fraction(stream.average_rate)


def _teal_and_orange(frame: np.ndarray) -> np.ndarray:
    """Shadows to teal, lights to orange, and more colour: the look as packs sell it."""
    rgb = frame.astype(np.float64) / 255
    light = rgb.mean(axis=2, keepdims=True)
    pushed = light + 1.2 * (rgb - light) + (light - 0.45) * np.array([0.35, 0.0, -0.35]) + np.array([0.0, 0.02, 0.03]) * (1 - light)
    return np.clip(255 * pushed, 0, 255).round().astype(np.uint8)


def _metronomic(frames: list[np.ndarray], marks: list[int]) -> list[np.ndarray]:
    """Every shot as long as every other, slowed or hastened so that all of it is still seen."""
    edges = [0, *marks, len(frames)]
    long = len(frames) / (len(edges) - 1)
    found = []
    for number, (start, end) in enumerate(itertools.pairwise(edges)):
        count = round((number + 1) * long) - round(number * long)
        found += [frames[start + min(end - start - 1, int(place * (end - start) / count))] for place in range(count)]
    return found


def _beside(sound: np.ndarray) -> np.ndarray:
    """A bed of 128 a minute in place of the film's own sound."""
    bed = np.repeat(written(128, 9, minor=True, seconds=sound.size / 48_000 + 1), 2)
    return bed[: sound.size].astype(np.float32)


def _write(path: Path, frames: list[np.ndarray], sound: np.ndarray, rate: Fraction) -> None:
    with av.open(str(path), "w") as out:
        picture = out.add_stream("libx264", rate=rate, options={"preset": "veryfast", "crf": "12"})
        picture.width, picture.height, picture.pix_fmt = frames[0].shape[1], frames[0].shape[0], "yuv420p"
        track = out.add_stream("pcm_s16le", rate=48_000, layout="mono")
        for one in frames:
            out.mux(picture.encode(av.VideoFrame.from_ndarray(one, format="rgb24")))
        out.mux(picture.encode())
        heard = av.AudioFrame.from_ndarray((np.clip(sound, -1, 1) * 32767).astype(np.int16)[None], format="s16", layout="mono")
        heard.sample_rate = 48_000
        out.mux(track.encode(heard))
        out.mux(track.encode())


def _mono(path: Path) -> np.ndarray:
    return audio.read(path, probe(path), rate_hz=RATE_HZ).mono()


if __name__ == "__main__":
    main()
