"""How well clips find their place: `python -m bench.sync [--voices DIR] [--noises DIR] [--pairs 60] [--others] [--media DIR]`.

Rolls of up to 30 minutes, takes of 15 to 90 s, camera microphones in rooms with noise, clocks off by up to 150 ppm. Wrong is off by
more than half a frame at 25 fps while claiming an answer. The same seed composes the same shoot.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from answerprint.signal.align import Clip, Match, Roll, locate
from answerprint.tasks.drift import pool
from bench import sync_scenes as scenes
from bench.sync_scenes import RATE_HZ, Rng, Sound, Voices

HALF_FRAME_S = 0.02
KINDS = ("room", "street", "babble", "file")


@dataclass
class Pair:
    """One camera clip and where it truly lies."""

    clip: np.ndarray
    start_s: float
    drift_ppm: float
    kind: str
    roll: int


def lay_rolls(rng: Rng, voices: Voices, minutes: tuple[float, ...]) -> list[Sound]:
    """What was really said and heard, for as long as each roll ran; a recorder's own hiss is added on the way into it."""
    return [voices.talk(rng, 60 * length) for length in minutes]


def pair(rng: Rng, rolls: list[Sound], voices: Voices, files: list[Sound], *, snr_db: float, number: int) -> Pair:
    roll = number % len(rolls)
    long_s, seconds = len(rolls[roll]) / RATE_HZ, float(rng.uniform(15, 90))
    start_s, drift = float(rng.uniform(0, long_s - seconds)), float(rng.uniform(-150, 150))
    if number % 10 == 9:  # hangs over one end
        start_s = float(rng.choice([-0.4 * seconds, long_s - 0.6 * seconds]))
    kind = KINDS[number % 4] if files or number % 4 != 3 else "room"
    besides = scenes.noise(rng, int(seconds * RATE_HZ), kind, voices, files)
    clip = scenes.heard(
        rng, rolls[roll], start_s, seconds, drift_ppm=drift, snr_db=snr_db, reverb=float(rng.uniform(0.2, 0.8)),
        direct=float(rng.uniform(1, 3)), other=besides,
    )  # fmt: skip
    return Pair(scenes.through_aac(clip) if number % 3 == 0 else clip, start_s, drift, kind, roll)


def table(rng: Rng, rolls: list[Sound], ears: list[Roll], voices: Voices, files: list[Sound], count: int) -> list[tuple[float, Pair]]:
    """Print the true pairs at each noise; return the first dozen for the other tools."""
    print(f"\n{'SNR':>5} {'pairs':>6} {'answered':>9} {'median ms':>10} {'worst ms':>9} {'wrong':>6} {'drift off, ppm (median, worst)':>31} {'s/pair':>7}")
    dozen: list[tuple[float, Pair]] = []
    for snr_db, target in ((20, 0.98), (10, 0.98), (5, 0.90), (0, 0.70)):
        errors, drifts, spent = [], [], 0.0
        for number in range(count):
            made = pair(rng, rolls, voices, files, snr_db=snr_db, number=number)
            if number < 3:
                dozen.append((snr_db, made))
            began = time.perf_counter()
            match = locate(Clip(sound=made.clip), ears[made.roll])
            spent += time.perf_counter() - began
            if match.found is None:
                print(f"      abstained at {snr_db} dB, {made.kind}, {len(made.clip) / RATE_HZ:.0f} s: {match.abstained}")
                continue
            errors.append(abs(match.found.seconds - made.start_s))
            drifts.append(abs(match.found.drift_ppm - made.drift_ppm))
            if errors[-1] > 0.001:
                print(f"      {errors[-1] * 1e3:.1f} ms off at {snr_db} dB, {made.kind}: an echo louder than the direct sound")
        wrong = sum(error > HALF_FRAME_S for error in errors)
        told = "" if len(errors) / count >= target else f"  (target {target:.0%})"
        print(
            f"{snr_db:>3} dB {count:>6} {len(errors) / count:>9.1%} {np.median(errors) * 1e3:>10.4f} {max(errors) * 1e3:>9.3f} {wrong:>6} "
            f"{np.median(drifts):>15.2f} {max(drifts):>15.2f} {spent / count:>7.2f}{told}",
            flush=True,
        )
    return dozen


def decoys(rng: Rng, rolls: list[Sound], ears: list[Roll], voices: Voices, files: list[Sound], count: int) -> None:
    """Clips that are not in the roll: other rolls of the shoot, other takes of the same words, the same noise, playback heard twice."""
    answered: dict[str, list[int]] = {}

    def note(kind: str, match: Match) -> None:
        answered.setdefault(kind, []).append(match.found is not None)

    for number in range(count):
        made = pair(rng, rolls, voices, files, snr_db=float(rng.choice([20, 10, 5, 0])), number=number)
        note("another roll of the shoot", locate(Clip(sound=made.clip), ears[(made.roll + 1) % len(ears)]))
    for _ in range(count // 2):
        order = rng.integers(len(voices.utterances), size=6)
        first, second = (np.concatenate([voices.say(rng, int(which)) for which in order]) for _ in range(2))
        clip = Clip(sound=scenes.heard(rng, first, 0.2, len(first) / RATE_HZ - 0.5, snr_db=15, reverb=0.3))
        note("the same words, another take", locate(clip, Roll(sound=scenes.int16(second))))
        both = locate(clip, Roll(sound=scenes.int16(np.concatenate([second, first]))))
        right = both.found is None or abs(both.found.seconds - len(second) / RATE_HZ - 0.2) < HALF_FRAME_S
        answered.setdefault("two takes of the same words on one roll, the wrong one", []).append(not right)
        song = scenes.drawn(rng, 6).talk(rng, 30) if not files else np.take(files[int(rng.integers(len(files)))], np.arange(30 * RATE_HZ), mode="wrap")
        gap = voices.talk(rng, 20)
        playback = Roll(sound=scenes.int16(np.concatenate([gap, 0.2 * song, gap[::-1], 0.2 * song])))
        heard = scenes.heard(rng, 0.2 * song, 3, 22, snr_db=15, reverb=0.3)
        note("the same playback at two places", locate(Clip(sound=heard), playback))
        room = scenes.coloured(rng, 60 * RATE_HZ, 1)
        note("room tone against room tone", locate(Clip(sound=scenes.int16(0.01 * room[: 30 * RATE_HZ])), Roll(sound=scenes.int16(0.01 * room[::-1]))))
    print("\nDecoys that were answered (0 is right)")
    for kind, each in answered.items():
        print(f"  {kind:<58} {sum(each)} of {len(each)}")


def cases(rng: Rng, stage: Sound, ear: Roll) -> None:
    """The cases that have a line each."""
    print("\nOne case each")
    for says, clip in (
        ("under 3 s", scenes.heard(rng, stage, 40, 2.5, snr_db=20)),
        ("3.5 s", scenes.heard(rng, stage, 40, 3.5, snr_db=20)),
        ("silence", np.zeros(20 * RATE_HZ, np.int16)),
        ("only the last 5 s on the recorder", scenes.heard(rng, stage, -25, 30, snr_db=20)),
    ):
        match = locate(Clip(sound=clip), ear)
        print(f"  {says:<36} {match.abstained or f'{match.found.seconds:+.4f} s' if match.found or match.abstained else ''}")
    print("  timecode off by an hour, MOS, off-speed: tests/tasks/test_sync.py holds a law for each")


def pooled(rng: Rng, stage: Sound, ear: Roll, voices: Voices) -> None:
    """Twenty takes of 30 s by one camera, at 5 dB, against one recorder."""
    true = float(rng.uniform(-150, 150))
    takes = []
    for _ in range(20):
        start_s = float(rng.uniform(0, len(stage) / RATE_HZ - 31))
        babble = scenes.noise(rng, 30 * RATE_HZ, "room", voices, [])
        found = locate(Clip(sound=scenes.heard(rng, stage, start_s, 30, drift_ppm=true, snr_db=5, reverb=0.5, other=babble)), ear).found
        if found is not None:
            takes.append((found.drift_ppm, max(found.drift_se_ppm, 0.01)))
    common = pool(takes)
    if common is not None:
        print(f"\nDrift pooled over {common.takes} takes of 30 s: {common.ppm:+.3f} ppm, truth {true:+.3f}, off by {abs(common.ppm - true):.3f} (± {common.error_ppm:.3f})")


def trio(folder: Path | None) -> None:
    """The three BBC test recordings that other tools publish figures on, if somebody has them here."""
    files = sorted(folder.rglob("*.mp4")) + sorted(folder.rglob("*.wav")) if folder else []
    found = [file for file in files if "bbc" in str(file).lower()]
    if len(found) < 2:
        print("\nBBC trio: not present")
        return
    ear = Roll(sound=scenes.int16(scenes.read(found[0])))
    for file in found[1:]:
        match = locate(Clip(sound=scenes.int16(scenes.read(file))), ear)
        print(f"\n{file.name} in {found[0].name}: {match.abstained or (match.found and match.found.seconds)}")


def main() -> None:
    parse = argparse.ArgumentParser(description=__doc__)
    parse.add_argument("--voices", type=Path, help="a folder of real voices; else the demo extra's voice, else drawn ones")
    parse.add_argument("--noises", type=Path, help="a folder of recorded noise")
    parse.add_argument("--media", type=Path, help="where the BBC trio may lie")
    parse.add_argument("--pairs", type=int, default=60)
    parse.add_argument("--minutes", type=float, nargs="+", default=[30, 10, 4])
    parse.add_argument("--others", action="store_true", help="put 12 pairs through audalign, audio-offset-finder and syncstart too")
    parse.add_argument("--seed", type=int, default=1)
    args = parse.parse_args()
    rng = np.random.default_rng(args.seed)
    voices = scenes.folder(args.voices) if args.voices else scenes.spoken() or scenes.drawn(rng)
    files = [scenes.read(file) for file in sorted(args.noises.rglob("*.wav")) if "noise" in file.name or "dishes" in file.name or "cafe" in file.name] if args.noises else []
    print(f"voices: {voices.name}, {len(voices.utterances)} utterances; recorded noises: {len(files)}; rolls of {args.minutes} min")
    rolls = lay_rolls(rng, voices, tuple(args.minutes))
    began = time.perf_counter()
    ears = [Roll(sound=scenes.int16(roll + 0.0005 * scenes.coloured(rng, len(roll), 1))) for roll in rolls]
    print(f"rolls transformed once: {time.perf_counter() - began:.1f} s for {sum(args.minutes):.0f} min", flush=True)
    dozen = table(rng, rolls, ears, voices, files, args.pairs)
    pooled(rng, rolls[-1], ears[-1], voices)
    decoys(rng, rolls, ears, voices, files, max(4, args.pairs // 2))
    cases(rng, rolls[-1], ears[-1])
    trio(args.media)
    if args.others:
        from bench.sync_others import compare

        compare([(snr_db, made.clip, ears[made.roll].sound, made.start_s) for snr_db, made in dozen])


if __name__ == "__main__":
    main()
