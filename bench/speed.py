#!/usr/bin/env python3
"""How long preparing a shoot takes, beside ffmpeg making the same proxies on the same machine in the same minute.

    python -m bench.speed [--quick] [--long] [--bare] [--speech] [--minutes N ...] [--folder DIR]

Composes 1080p25 H.264 clips (grain, movement and sound; each another), then prints: prep against ffmpeg and against real time, over 1, 2
and 4 minutes; a line for UHD 10-bit HEVC and one for ProRes; peak memory; a second prep with nothing new; --help and status.
--speech: somebody speaks in every clip (extra `demo`), and the reference is ffmpeg plus faster-whisper alone on the same sound.
--quick: 4-second clips, to try it. --long: also 20 minutes. --bare: the decode pass alone in two processes, without record and sync.
Ends with 1 where a goal is missed (never with --quick: half of so short a run is starting up). Run it on an idle machine.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import imageio_ffmpeg
import numpy as np

from answerprint.media.develop import LINES, SCALER
from answerprint.media.proxies import PICTURE, SOUND_BITS

RATE = Fraction(25)
RATE_HZ = 48_000
WORKERS = 2
RATIO, REAL_TIME, AGAIN_S, HELP_S, STATUS_S, MEMORY_MIB = 1.25, 1.3, 2.0, 0.2, 0.4, 2048
H264 = ("libx264", "yuv420p", {"preset": "ultrafast", "b": "24M", "g": "25", "bf": "2"}, ".mp4")
HEVC = ("libx265", "yuv420p10le", {"preset": "ultrafast", "x265-params": "log-level=none:keyint=25:bitrate=60000"}, ".mov")
PRORES = ("prores_ks", "yuv422p10le", {"profile": "2"}, ".mov")
missed: list[str] = []


# ---- media


def compose(
    path: Path, seconds: int, kind: tuple[str, str, dict[str, str], str], size: tuple[int, int], seed: int, speech: Any = None
) -> Path:
    """A clip with grain and movement: two layers of soft shapes at different speeds, a cut in the middle, a voice or a voice-like tone."""
    codec, pix_fmt, options, suffix = kind
    path = path.with_suffix(suffix)
    random = np.random.default_rng(seed)
    width, height = size
    layers = [_soft(random, width + 640, height + 320) for _ in range(4)]
    grain = np.clip(random.normal(0, 5, (height + 64, width + 64)), -30, 30).astype(np.int16)
    chroma = [np.clip(128 + (_soft(random, width // 2, height // 2) - 128) // 3, 16, 240).astype(np.uint8) for _ in range(2)]
    with av.open(str(path), "w") as out:
        video: Any = out.add_stream(codec, rate=RATE, options=options)
        video.width, video.height, video.pix_fmt = width, height, pix_fmt
        audio: Any = out.add_stream("aac" if suffix == ".mp4" else "pcm_s16le", rate=RATE_HZ, layout="stereo")
        at = np.arange(RATE_HZ)
        for i in range(round(seconds * RATE)):
            back, front = layers[2 * (i >= seconds * RATE / 2)], layers[2 * (i >= seconds * RATE / 2) + 1]
            x, y = int(200 + 180 * np.sin(i / 31)), int(100 + 90 * np.sin(i / 47))
            luma = back[y : y + height, x : x + width] // 2 + front[: height, (3 * i) % 600 :][:, :width] // 2
            gx, gy = (int(value) for value in random.integers(0, 64, 2))
            luma = np.clip(luma + grain[gy : gy + height, gx : gx + width], 16, 235).astype(np.uint8)
            frame = av.VideoFrame(width, height, "yuv420p")
            for plane, values in zip(frame.planes, (luma, *chroma)):
                lined = np.zeros((plane.height, plane.line_size), np.uint8)
                lined[:, : plane.width] = values
                plane.update(lined)
            frame = frame.reformat(format=pix_fmt)
            frame.pts, frame.time_base = i, 1 / RATE
            out.mux(video.encode(frame))
            if i % 25 == 0:
                second = speech[i // 25 * RATE_HZ : (i // 25 + 1) * RATE_HZ] if speech is not None else None
                voice = np.pad(second, (0, RATE_HZ - len(second))) if second is not None else 0.2 * np.sin(2 * np.pi * (110 + 7 * seed) * at / RATE_HZ) * np.sin(2 * np.pi * 2 * at / RATE_HZ) ** 2
                both = np.stack([voice + random.normal(0, 0.01, RATE_HZ) for _ in range(2)], axis=1)
                sound = av.AudioFrame.from_ndarray((both * 32767).astype(np.int16).reshape(1, -1), format="s16", layout="stereo")
                sound.sample_rate, sound.pts, sound.time_base = RATE_HZ, i // 25 * RATE_HZ, Fraction(1, RATE_HZ)
                out.mux(audio.encode(sound))
        out.mux(audio.encode(None))
        out.mux(video.encode(None))
    return path


def _soft(random: np.random.Generator, width: int, height: int) -> np.ndarray:
    """Soft shapes from a few random fields, int16, 40 to 215."""
    cells = random.integers(40, 216, (height // 90 + 2, width // 90 + 2)).astype(np.float32)
    y, x = np.arange(height) / 90, np.arange(width) / 90
    rows = np.stack([np.interp(x, np.arange(cells.shape[1]), row) for row in cells])
    low = y.astype(int)
    part = (y - low)[:, None]
    return np.asarray(rows[low] * (1 - part) + rows[low + 1] * part, dtype=np.int16)


def _compose(job: tuple[Path, int, tuple[str, str, dict[str, str], str], tuple[int, int], int, Any]) -> Path:
    return compose(*job)


LINES_SPOKEN = (
    "Scene one alpha, take {n}.", "Marker.", "Action.", "Morning starts before the light does.", "Four minutes. That is all I ask.",
    "The house is quiet, and the cup is warm.", "Tomorrow can wait until I am done.", "Cut.", "That's the one. Let's do a safety.",
)  # fmt: skip


def spoken(clips: int, seconds: int) -> list[Any]:
    """A take for each clip: slate, lines and calls, as long as the clip."""
    from bench.spoken import RATE_HZ as HEARD_HZ
    from bench.spoken import Speaker, resampled

    speaker, out = Speaker(), []
    for number in range(clips):
        track = np.zeros(seconds * RATE_HZ)
        at = RATE_HZ // 2
        for text in LINES_SPOKEN:
            said = speaker.say(text.format(n=number + 1), slower=1 + 0.02 * number)
            if said is None:
                continue
            samples = np.repeat(resampled(said.samples, HEARD_HZ), 3)[: max(0, len(track) - at)]
            track[at : at + len(samples)] = samples
            at += len(samples) + RATE_HZ
        out.append(0.5 * track)
    return out


WHISPER_ALONE = """
import sys
from faster_whisper import WhisperModel
from answerprint.media.whisper import model_folder
model = WhisperModel(str(model_folder("")), device="cpu", compute_type="int8", cpu_threads=2)
for path in sys.argv[1:]:
    list(model.transcribe(path, word_timestamps=True, vad_filter=True)[0])
"""


def whisper(clips: list[Path]) -> float:
    """Seconds of plain faster-whisper with the same model on the same sound, both cores, loading included."""
    return timed(lambda: subprocess.run([sys.executable, "-c", WHISPER_ALONE, *map(str, clips)], check=True))


# ---- what is timed


def timed(what: Callable[[], object]) -> float:
    start = time.perf_counter()
    what()
    return time.perf_counter() - start


def ffmpeg(clip: Path, into: Path, threads: int) -> None:
    """One ffmpeg for one clip: the same proxy, and the sound decoded to 48 kHz mono."""
    options = [word for key, value in PICTURE.items() for word in (f"-{'preset' if key == 'preset' else key}", value)]
    scale = f"scale=-2:'min({LINES},ih)':flags={SCALER}:out_range=limited:out_color_matrix=bt709,format=yuv420p"
    encoder = ["-threads", str(threads)] if threads else []
    decoder = ["-threads", str(2 * threads)] if threads else []
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *decoder, "-i", str(clip), "-filter_threads", str(threads or 2),
        "-map", "0:v:0", "-map", "0:a:0", "-vf", scale, "-c:v", "libx264", *options, *encoder, "-c:a", "aac", "-b:a", str(SOUND_BITS),
        "-movflags", "+faststart", str(into / f"{clip.stem}.mp4"),
        "-map", "0:a:0", "-ac", "1", "-ar", str(RATE_HZ), "-c:a", "pcm_s16le", str(into / f"{clip.stem}.wav"),
    ]  # fmt: skip
    subprocess.run(command, check=True)


def baseline(clips: list[Path], folder: Path) -> tuple[float, float]:
    """Seconds for all clips: two ffmpegs at a time with our threads, and one at a time with its own."""
    into = folder / "ffmpeg"
    into.mkdir(exist_ok=True)

    def pair() -> None:
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(lambda clip: ffmpeg(clip, into, 1), clips))

    both = timed(pair), timed(lambda: [ffmpeg(clip, into, 0) for clip in clips])
    shutil.rmtree(into)
    return both


def bare(job: tuple[Path, Path]) -> float:
    """The decode pass over one clip, in a worker. Returns its peak memory in MiB."""
    import resource

    from answerprint.media.onepass import watch
    from answerprint.media.probe import probe

    clip, out = job
    out.mkdir(parents=True)
    watch(clip, probe(clip), out)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def bare_pass(clips: list[Path], folder: Path) -> tuple[float, float]:
    """Seconds for all clips in two fresh processes, and the larger one's peak in MiB."""
    out = folder / "bare"
    with concurrent.futures.ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("spawn")) as pool:
        start = time.perf_counter()
        peaks = list(pool.map(bare, [(clip, out / clip.stem) for clip in clips]))
        spent = time.perf_counter() - start
    shutil.rmtree(out)
    return spent, max(peaks)


class Memory(threading.Thread):
    """Watches what a process and all its children hold, where /proc tells."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak_mib, self.over = pid, 0.0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.1):
            self.peak_mib = max(self.peak_mib, _held(self.pid))


def _held(pid: int) -> float:
    """MiB of a process and its descendants, shared pages counted in parts."""
    total = 0.0
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024
        children = [int(word) for task in Path(f"/proc/{pid}/task").iterdir() for word in (task / "children").read_text().split()]
    except (OSError, StopIteration):
        return total
    return total + sum(_held(child) for child in children)


def answerprint(*words: str) -> tuple[float, float]:
    """Run a command. Returns its seconds and the peak of all its processes in MiB."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "answerprint", *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    memory = Memory(process.pid)
    memory.start()
    errors = process.communicate()[1].decode()
    memory.over.set()
    if process.returncode:
        raise SystemExit(f"answerprint {' '.join(words)} ended with {process.returncode}: {errors[-2000:]}")
    return time.perf_counter() - start, memory.peak_mib


def prep(clips: list[Path], folder: Path) -> tuple[float, float, Path]:
    card, spot = Path(tempfile.mkdtemp(dir=folder)), Path(tempfile.mkdtemp(dir=folder)) / "spot"
    for clip in clips:
        os.link(clip, card / clip.name)
    answerprint("new", str(spot), "--media", str(card), "--rate", str(RATE))
    seconds, peak = answerprint("prep", str(spot))
    return seconds, peak, spot


# ---- the report


def goal(name: str, value: float, limit: float, *, least: bool = False) -> str:
    met = value >= limit if least else value <= limit
    if not met:
        missed.append(name)
    return f"(goal {'>=' if least else '<='} {limit:g}{'' if met else ', MISSED'})"


def best_of(clips: list[Path], folder: Path, speech: bool) -> float:
    pair, single = baseline(clips, folder)
    print(f"  ffmpeg: {pair:.1f} s two at a time with our threads, {single:.1f} s one at a time with its own")
    heard = whisper(clips) if speech else 0.0
    if speech:
        print(f"  faster-whisper alone on the same sound: {heard:.1f} s")
    return min(pair, single) + heard


def report(label: str, clips: list[Path], seconds: float, folder: Path, *, only_pass: bool, goals: bool, speech: bool = False) -> tuple[float, Path | None]:
    reference = best_of(clips, folder, speech)
    if only_pass:
        spent, peak = bare_pass(clips, folder)
        spot = None
    else:
        spent, peak, spot = prep(clips, folder)
    speed = seconds / spent
    beside = "ffmpeg and faster-whisper" if speech else "ffmpeg"
    ratio = f"{spent / reference:.2f} x {beside}" + (f" {goal(label + ' ratio', spent / reference, RATIO)}" if goals else "")
    real = f"{speed:.2f} x real time" + (f" {goal(label + ' speed', speed, REAL_TIME, least=True)}" if goals and not speech else "")
    print(f"{label}: {spent:.1f} s = {ratio}, {real}, peak {peak:.0f} MiB {goal(label + ' memory', peak, MEMORY_MIB)}", flush=True)
    if spot is not None:
        print("  seconds of work by task, both cores: " + tasks(spot), flush=True)
    return spent, spot


def tasks(spot: Path) -> str:
    """What each task took, from the production's own log."""
    spent: dict[str, float] = {}
    for path in (spot / ".answerprint" / "log").glob("*.jsonl"):
        for line in path.read_text().splitlines():
            row = json.loads(line)
            spent[row["task"]] = spent.get(row["task"], 0) + row["seconds"]
    return ", ".join(f"{task} {seconds:.0f}" for task, seconds in sorted(spent.items(), key=lambda pair: -pair[1]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for flag in ("--quick", "--long", "--bare", "--speech"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--minutes", type=int, nargs="+", metavar="N", help="only these lengths of 1080p, and nothing else")
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder by default")
    options = parser.parse_args()
    each = 4 if options.quick else 30
    lengths = [2 * minutes for minutes in options.minutes] if options.minutes else [2, 4, 8] + ([40] if options.long else [])
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        said = spoken(lengths[-1], each) if options.speech else [None] * lengths[-1]
        jobs = [(folder / f"A001_C{i + 1:03d}", each, H264, (1920, 1080), i, said[i]) for i in range(lengths[-1])]
        short = max(4, each // 3)
        jobs += [] if options.minutes else [(folder / "B001_C001", short, HEVC, (3840, 2160), 90, None), (folder / "C001_C001", short, PRORES, (1920, 1080), 91, None)]
        with concurrent.futures.ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("spawn")) as pool:
            made: list[Path] = []
            print(f"composed in {timed(lambda: made.extend(pool.map(_compose, jobs))):.0f} s", flush=True)
        clips, others = made[: lengths[-1]], made[lengths[-1] :]
        spent: dict[int, float] = {}
        spot = None
        for count in lengths:
            label = f"1080p25 H.264, {count * each / 60:g} min in {count} clips"
            spent[count], spot = report(label, clips[:count], count * each, folder, only_pass=options.bare, goals=count == 8, speech=options.speech)
        steps = ", ".join(f"{count * each / 60:g} min {spent[count] / (count * each):.3f}" for count in lengths)
        print(f"linear: seconds for each second of media: {steps}")
        for name, clip in zip(("UHD 10-bit HEVC", "1080p ProRes 422"), others):
            report(f"{name}, {short} s", [clip], short, folder, only_pass=options.bare, goals=False)
        if spot is not None:
            again = answerprint("prep", str(spot))[0]
            print(f"second prep, nothing new: {again:.2f} s {goal('second prep', again, AGAIN_S)}")
            for words, limit in ((["--help"], HELP_S), (["status", str(spot)], STATUS_S)):
                best = min(answerprint(*words)[0] for _ in range(5))
                print(f"answerprint {words[0]}: {1000 * best:.0f} ms {goal(words[0], best, limit)}")
    if missed and not options.quick:
        print("missed: " + ", ".join(missed))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
