"""Rendering: is every frame and sample where the cut put it, do resumed renders end the same, and what does it cost against one ffmpeg command?

    python -m bench.render [--cuts N] [--seconds S] [--runs N] [--only exact,straight,scaled,resume,speed,graded,three]

Every rush carries its frame numbers in blocks and its sample numbers in its samples. The command is the static ffmpeg of the `imageio-ffmpeg` package.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
from PIL import Image

from answerprint.delivery.conform import conform
from answerprint.delivery.grading import laid_over
from answerprint.delivery.render import render
from answerprint.delivery.specs import spec
from answerprint.media import cube
from answerprint.media.lettering import watermark
from answerprint.model.delivery import PictureSpec, SoundSpec, Spec
from tests.delivery.exact import FFV1, RATES, SIZE, random_cut, shoot
from tests.delivery.rushes import clip, cut, film, rush

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
SCALER = "lanczos+accurate_rnd+full_chroma_int"


def exact(home: Path, shots: int) -> None:
    rushes = shoot(home, [rate for rate, _ in RATES.values()])
    media = {one.path.name: one.path for one in rushes}
    for number, (name, (rate, drop)) in enumerate(RATES.items()):
        laid = random_cut(rushes, rate, drop=drop, shots=shots, seed=100 + number)
        plan = conform(laid.timeline, media, rate=rate, size=SIZE)
        out = home / f"exact{number}.mkv"
        render(plan, FFV1, out, scratch=home / "scratch")
        pictures, sound = film(out)
        wrong = sum(a != b for a, b in zip(pictures, laid.pictures, strict=True))
        off = int((sound != laid.sound).sum()) if sound.shape == laid.sound.shape else -1
        print(f"exact    {name:9s} {shots} cuts: {len(pictures)} frames, {wrong} wrong; {laid.edges} sound edits, {sound.shape[1]} samples, {off} wrong")


def straight(home: Path, shots: int) -> None:
    """With FFV1, frame for frame what ffmpeg gives for the same cuts."""
    for number, (name, (rate, _)) in enumerate(RATES.items()):
        sources = [rush(home / f"S{number}{n}.mov", n, frames=120, rate=rate, size=SIZE) for n in (1, 2, 3)]
        rng = random.Random(number)
        cuts = [(source, first, first + rng.randint(1, 20)) for source in rng.choices(sources, k=shots) for first in (rng.randrange(90),)]
        timeline = cut(rate, [[clip(source, first / rate, (end - first) / rate, rate) for source, first, end in cuts]])
        plan = conform(timeline, {one.name: one for one in sources}, rate=rate, size=SIZE)
        out = home / f"straight{number}.mkv"
        render(plan, FFV1, out, scratch=home / "scratch")
        inputs = [part for source in sources for part in ("-i", str(source))]
        chain = ";".join(f"[{sources.index(s)}:v]trim=start_frame={a}:end_frame={b},setpts=PTS-STARTPTS[v{n}]" for n, (s, a, b) in enumerate(cuts))
        chain += ";" + "".join(f"[v{n}]" for n in range(len(cuts))) + f"concat=n={len(cuts)}[v]"
        theirs, ours = framemd5([*inputs, "-filter_complex", chain, "-map", "[v]"]), framemd5(["-i", str(out), "-map", "0:v"])
        print(f"straight {name:9s} {shots} cuts: {len(ours)} frames, {sum(a != b for a, b in zip(ours, theirs, strict=False)) + abs(len(ours) - len(theirs))} differ from ffmpeg's")


def framemd5(arguments: list[str]) -> list[str]:
    done = subprocess.run([FFMPEG, "-v", "error", *arguments, "-fps_mode", "passthrough", "-f", "framemd5", "-"], capture_output=True, text=True, check=True)
    return [line.split(",")[-1].strip() for line in done.stdout.splitlines() if line and not line.startswith("#")]


def scaled(home: Path) -> None:
    source = rush(home / "wide.mov", 5, frames=24, rate=Fraction(25), size=(640, 360))
    for size, chain in (
        ((320, 180), f"scale=320:180:flags={SCALER}"),
        ((1280, 720), f"scale=1280:720:flags={SCALER}"),
        ((320, 320), f"scale=320:180:flags={SCALER},pad=320:320:0:70"),
        ((180, 320), f"scale=180:102:flags={SCALER},pad=180:320:0:108"),
    ):
        plan = conform(cut(Fraction(25), [[clip(source, Fraction(0), Fraction(20, 25), Fraction(25))]]), {"wide.mov": source}, rate=Fraction(25), size=size)
        out = home / f"scaled{size[0]}x{size[1]}.mkv"
        render(plan, Spec(**{**FFV1.__dict__, "sound": None}), out, scratch=home / "scratch")
        ours, theirs = raw(["-i", str(out)]), raw(["-i", str(source), "-vf", chain, "-frames:v", "20"])
        error = float(np.mean((ours.astype(np.float64) - theirs) ** 2)) if ours.shape == theirs.shape else float("inf")
        print(f"scaled   640x360 -> {size[0]}x{size[1]}: PSNR {'equal' if error == 0 else f'{10 * np.log10(255**2 / error):.1f} dB'}")


def raw(arguments: list[str]) -> np.ndarray:
    command = [FFMPEG, "-v", "error", *arguments, "-map", "0:v", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"]
    return np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, np.uint8)


def spot(home: Path, seconds: int) -> tuple[Any, dict[str, Path], list[tuple[Path, int, int]]]:
    """A spot of two-second shots out of three 1080p rushes."""
    rate = Fraction(25)
    sources = []
    for n in (1, 2, 3):
        path = home / f"hd{n}.mov"
        if not path.exists():
            noise = f"testsrc2=s=1920x1080:r=25:d={seconds},noise=alls=8:allf=t,hue=h={n * 40}"
            sound = f"sine=f={300 * n}:r=48000:d={seconds}"
            subprocess.run([FFMPEG, "-v", "error", "-f", "lavfi", "-i", noise, "-f", "lavfi", "-i", sound, "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p", "-c:a", "pcm_s16le", str(path)], check=True)
        sources.append(path)
    rng = random.Random(3)
    cuts = [(rng.choice(sources), first, first + 50) for first in (rng.randrange(0, (seconds - 2) * 25) for _ in range(seconds // 2))]
    items = [clip(source, first / rate, 50 / rate, rate) for source, first, _ in cuts]
    heard = [clip(source, first / rate, 50 / rate, rate) for source, first, _ in cuts]
    return cut(rate, [items], [heard]), {one.name: one for one in sources}, cuts


HD = Spec(
    name="web", title="Web", source="the bench", dated="2026-11-22", container="mp4",
    picture=PictureSpec(codec="libx264", options={"preset": "medium", "crf": "18"}), sound=SoundSpec(codec="aac", bit_rate=192_000),
)  # fmt: skip


def speed(home: Path, seconds: int, runs: int) -> None:
    timeline, media, cuts = spot(home, seconds)
    size = (1280, 720)
    best = {"ours": float("inf"), "ffmpeg": float("inf")}
    cpu = dict(best)
    inputs = [part for source, first, end in cuts for part in ("-ss", str(first / 25), "-t", str((end - first) / 25), "-i", str(source))]
    chain = ";".join(f"[{n}:v]scale={size[0]}:{size[1]}:flags={SCALER}[v{n}]" for n in range(len(cuts)))
    chain += ";" + "".join(f"[v{n}][{n}:a]" for n in range(len(cuts))) + f"concat=n={len(cuts)}:v=1:a=1[v][a]"
    command = [
        FFMPEG, "-y", "-v", "error", *inputs, "-filter_complex", chain, "-map", "[v]", "-map", "[a]", "-c:v", "libx264", "-preset", "medium", "-crf", "18",
        "-c:a", "aac", "-b:a", "192k", "-ac", "2", "-movflags", "+faststart", str(home / "theirs.mp4"),
    ]  # fmt: skip
    for run in range(runs):
        start, used = time.perf_counter(), os.times()
        plan = conform(timeline, media, rate=Fraction(25), size=size)
        render(plan, HD, home / "ours.mp4", scratch=home / f"speed{run}")
        wall, after = time.perf_counter() - start, os.times()
        best["ours"], cpu["ours"] = min(best["ours"], wall), min(cpu["ours"], after.user + after.system - used.user - used.system)
        start = time.perf_counter()
        subprocess.run(command, check=True)
        wall, done = time.perf_counter() - start, os.times()
        best["ffmpeg"] = min(best["ffmpeg"], wall)
        cpu["ffmpeg"] = min(cpu["ffmpeg"], done.children_user + done.children_system - after.children_user - after.children_system)
    sizes = [(home / name).stat().st_size for name in ("ours.mp4", "theirs.mp4")]
    print(f"speed    {seconds} s, 1080p -> 720p H.264: {best['ours']:.1f} s against {best['ffmpeg']:.1f} s, ratio {best['ours'] / best['ffmpeg']:.2f}; processor time {cpu['ours'] / cpu['ffmpeg']:.2f}; file size {sizes[0] / sizes[1]:.3f}")


def graded(home: Path, seconds: int, runs: int) -> None:
    """The same with a 33-point LUT over all of it and lettering in a corner of every frame."""
    timeline, media, cuts = spot(home, seconds)
    axis = np.linspace(0, 1, 33)
    table = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1) ** 0.9
    cube.bake([cube.Lut(table=table)], home / "grade.cube")
    ink = watermark("NOT SIGNED", 72, widest=1000)
    Image.merge("LA", [Image.fromarray(ink.luma), Image.fromarray(ink.cover)]).convert("RGBA").save(home / "ink.png")
    inputs = [part for source, first, end in cuts for part in ("-ss", str(first / 25), "-t", str((end - first) / 25), "-i", str(source))]
    see = f"format=gbrp16le,lut3d={home / 'grade.cube'}:interp=tetrahedral,scale=out_range=limited:out_color_matrix=bt709:flags={SCALER},format=yuv420p"
    chain = ";".join(f"[{n}:v]scale=1280:720:flags={SCALER},{see}[v{n}]" for n in range(len(cuts)))
    chain += ";" + "".join(f"[v{n}]" for n in range(len(cuts))) + f"concat=n={len(cuts)}:v=1[c];[c][{len(cuts)}:v]overlay=300:320[v]"
    command = [FFMPEG, "-y", "-v", "error", *inputs, "-i", str(home / "ink.png"), "-filter_complex", chain, "-map", "[v]", "-c:v", "libx264", "-preset", "medium", "-crf", "18", str(home / "theirs.mp4")]
    cpu = {"ours": float("inf"), "ffmpeg": float("inf")}
    for run in range(runs):
        before = os.times()
        plan = laid_over(conform(timeline, media, rate=Fraction(25), size=(1280, 720)), home / "grade.cube")
        render(plan, Spec(**{**HD.__dict__, "sound": None}), home / "ours.mp4", scratch=home / f"graded{run}", mark="NOT SIGNED")
        after = os.times()
        subprocess.run(command, check=True)
        done = os.times()
        cpu["ours"] = min(cpu["ours"], after.user + after.system - before.user - before.system)
        cpu["ffmpeg"] = min(cpu["ffmpeg"], done.children_user + done.children_system - after.children_user - after.children_system)
    print(f"graded   {seconds} s with a LUT and lettering: processor time {cpu['ours']:.1f} s against {cpu['ffmpeg']:.1f} s, ratio {cpu['ours'] / cpu['ffmpeg']:.2f}")


def three(home: Path, seconds: int) -> None:
    """Three specs of one raster against one of them, in processor time; with sound that is levelled for each."""
    timeline, media, _ = spot(home, seconds)
    plan = conform(timeline, media, rate=Fraction(25), size=(1920, 1080))
    for names in (("youtube", "vimeo", "tv-eu"), ("tv-eu", "tv-uk", "master")):
        used = []
        for name in names:
            before = os.times()
            one = spec(name)
            render(plan, one, home / f"{name}.{one.container}", scratch=home / "-".join(names))
            after = os.times()
            used.append(after.user + after.system - before.user - before.system)
        print(f"three    {seconds} s at 1080p, {', '.join(names)}: {', '.join(f'{one:.1f} s' for one in used)}; all three cost {sum(used) / used[0]:.2f} of the first")
        sys.stdout.flush()


def resume(home: Path, seconds: int) -> None:
    """Killed with SIGKILL at three places; then finished."""
    timeline, media, _ = spot(home, seconds)
    plan = conform(timeline, media, rate=Fraction(25), size=(1920, 1080))
    whole = render(plan, HD, home / "whole.mp4", scratch=home / "whole", workers=1)
    scratch = home / "killed"
    for wanted in (1, len(plan.segments) // 3, 2 * len(plan.segments) // 3):
        child = os.fork()
        if child == 0:
            render(plan, HD, home / "resumed.mp4", scratch=scratch)
            os._exit(0)
        while len(list(scratch.glob("*.mov"))) < wanted:
            time.sleep(0.02)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    kept = {path: path.stat().st_mtime_ns for path in scratch.glob("*.mov")}
    there = (home / "resumed.mp4").exists()
    again = render(plan, HD, home / "resumed.mp4", scratch=scratch)
    reused = sum(path.stat().st_mtime_ns == at for path, at in kept.items())
    print(f"resume   at 1080p, killed 3 times, {reused} of {len(plan.segments)} segments found again; file there before it was whole: {there}; same essence digest: {again.essence.digest == whole.essence.digest}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cuts", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="exact,straight,scaled,resume,speed,graded,three")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for part in given.only.split(","):
            {"exact": lambda: exact(home, given.cuts), "straight": lambda: straight(home, given.cuts), "scaled": lambda: scaled(home), "resume": lambda: resume(home, given.seconds), "speed": lambda: speed(home, given.seconds, given.runs), "graded": lambda: graded(home, given.seconds, given.runs), "three": lambda: three(home, given.seconds)}[part]()
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
