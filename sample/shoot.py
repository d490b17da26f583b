"""Compose the shoot: let the day happen, write what cameras and recorders wrote of it, and the truth last."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from blake3 import blake3

from answerprint.model.time import Timecode
from sample import camera, recorder, story, truth
from sample.picture import Frames, Motion, SlateMove
from sample.story import CLIPS, Clap, Length, Pour, Say
from sample.voices import RATE_HZ, SampleError, Signal, Voices
from sample.world import FRAME, RATE, World, happen, recorded, scratch

SIZES = {"short": (640, 360), "full": (1920, 1080)}
_SPEECH_RMS = 0.075  #: of the actor's voice over a frame, where the jaw is as wide as it gets; measured on the lines of the script

Progress = Callable[[str, float], None]


def key(length: Length, seed: int) -> str:
    """What a composed shoot depends on: the sources that compose it, the length, the seed."""
    state = hashlib.sha256(f"{length} {seed}".encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        if source.name not in ("__main__.py", "sheet.py"):
            state.update(source.read_bytes())
    return state.hexdigest()


def compose(out: Path, *, length: Length = "full", seed: int = 7, progress: Progress | None = None) -> dict[str, Any]:
    """Compose the sample shoot into a folder.

    Args:    out: gets card_A/, card_B/ (full), sound/, script.fountain, notes.csv, truth.json.  length: "short" is about 40 s of picture
             at 640 x 360 for tests, "full" two to three minutes at 1920 x 1080.  seed: the same gives the same shoot.
             progress: called with a file's name and 0..1.
    Returns: the truth, as in truth.json (see docs/sample-shoot.md). A shoot that is already there whole is not composed again; one that
             was interrupted goes on with the files that are missing.
    Raises:  SampleError where the voices are not installed, or the folder holds something else.
    """
    tell = progress or (lambda _name, _done: None)
    made_of = key(length, seed)
    finished = out / "truth.json"
    if finished.exists():
        there: dict[str, Any] = json.loads(finished.read_text(encoding="utf-8"))
        if there.get("made_of") == made_of:
            return there
        if "made_of" not in there:
            raise SampleError(f"{finished} is not the truth of a sample shoot. Name an empty folder.")
        finished.unlink()
    out.mkdir(parents=True, exist_ok=True)
    mark = out / ".composing"
    if not mark.exists() or mark.read_text(encoding="utf-8") != made_of:
        for old in [*out.glob("card_*/*"), *out.glob("sound/*")]:
            old.unlink()
        _whole(mark, made_of.encode())

    tell("voices", 0.0)
    voices = Voices(seed)
    worlds = [happen(script, voices) for script in story.day(length)]
    tell("voices", 1.0)
    (out / "sound").mkdir(exist_ok=True)
    for number, world in enumerate(worlds):
        if world.sound.file and not (out / _sound_file(world)).exists():
            tell(_sound_file(world), 0.0)
            _record(out / _sound_file(world), world, seed=seed * 1000 + number)
            tell(_sound_file(world), 1.0)
    shots = [(world, name) for world in worlds for name in world.clips]
    for _, name in shots:
        (out / CLIPS[name].card).mkdir(exist_ok=True)
    stop = threading.Event()
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(_shoot, out, world, name, size=SIZES[length], seed=seed, tell=tell, stop=stop) for world, name in shots]
        try:
            for job in jobs:
                job.result()
        except BaseException:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise
    _whole(out / "script.fountain", story.FOUNTAIN.encode())
    _whole(out / "notes.csv", story.notes([name for _, name in shots]).encode())
    whole = _truth(out, worlds, made_of)
    _whole(finished, (json.dumps(whole, indent=1, ensure_ascii=False) + "\n").encode())
    mark.unlink()
    return whole


def _whole(path: Path, content: bytes) -> None:
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    os.replace(part, path)


def _sound_file(world: World) -> str:
    return f"sound/{world.sound.file}.wav"


def _clip_file(name: str) -> str:
    return f"{CLIPS[name].card}/{name}.mp4"


def time_reference(world: World) -> int:
    """What the recorder believes its first sample's time was, in samples since midnight."""
    return world.base + world.sound.off_frames * FRAME + world.sound.jam_samples


def _record(path: Path, world: World, *, seed: int) -> None:
    tracks = recorded(world, seed=seed)
    script = world.sound
    began = time_reference(world)
    clock = str(Timecode(frames=began // FRAME, rate=RATE))[:8]
    label = recorder.Label(
        project=story.TITLE, scene=script.scene, take=script.take, tape=script.tape, circled=script.circled, note=script.note, tracks=tuple(tracks),
        originator=script.recorder, date=script.date, time=clock, time_reference=began,
    )  # fmt: skip
    part = path.with_name(path.name + ".part")
    recorder.write(part, list(tracks.values()), label)
    os.replace(part, path)


def _shoot(out: Path, world: World, name: str, *, size: tuple[int, int], seed: int, tell: Progress, stop: threading.Event) -> None:
    path = out / _clip_file(name)
    if path.exists():
        return
    what = CLIPS[name]
    start, frames = world.clips[name]
    order = sorted(CLIPS).index(name)
    pictures = Frames(scene=what.look, motion=_motion(world, name), size=size, rate=RATE, seed=seed + order)
    done = 0

    def each() -> None:
        nonlocal done
        done += 1
        if stop.is_set():
            raise SampleError(f"{name}: stopped.")
        if done % 24 == 0 or done == frames:
            tell(_clip_file(name), done / frames)

    def show() -> Iterator[npt.NDArray[np.uint8]]:
        for number in range(frames):
            yield pictures.frame(number)

    sound: Signal | None = None if what.mos else scratch(world, name, seed=seed * 100 + order)
    roll = name.split("_")[0]
    tags = {
        "timecode": str(Timecode(frames=(world.base + start) // FRAME, rate=RATE)), "reel_name": roll, "reel": roll, "title": name, "camera": what.camera,
        "make": "Meridian", "model": "S35", "scene": what.scene, "take": str(what.take), "lens": what.lens, "creation_time": "2026-11-14T08:00:00.000000Z",
    }  # fmt: skip
    if what.fps_shot != "24000/1001":
        tags["com.android.capture.fps"] = f"{_number(what.fps_shot):.3f}"
    part = path.with_name(path.name + ".part")
    camera.write(part, show(), sound, rate=RATE, tags=tags, each=each)
    os.replace(part, path)


def _number(text: str) -> float:
    """ "48000/1001" as a number."""
    over, under = text.split("/")
    return int(over) / int(under)


def _motion(world: World, name: str) -> Motion:
    """How the voice, wind and pour move the picture, frame by frame."""
    what = CLIPS[name]
    start, frames = world.clips[name]
    stretch = slice(start, start + frames * FRAME)

    def by_frame(layer: Signal) -> Signal:
        return layer[stretch].reshape(frames, FRAME)

    voice = np.sqrt(np.mean(by_frame(world.layers["actor"]) ** 2, axis=1)) / _SPEECH_RMS
    mouth = np.clip(np.convolve(voice, (0.25, 0.55, 0.2), "same"), 0, 1) ** 0.7
    flow, filled = np.zeros(frames), np.full(frames, 0.12)
    number = np.arange(frames)
    slates: list[SlateMove] = []
    says = {"production": story.TITLE, "roll": name.split("_")[0], "scene": what.scene, "take": str(what.take), "director": "I. Marlow", "camera": "J. Oduya",
            "date": "14 NOV", "rate": "47.952" if what.fps_shot != "24000/1001" else "23.976", "remark": "MOS" if what.mos else "INT SYNC"}  # fmt: skip
    called = [placed.start for placed in world.placed if isinstance(placed.event, Say) and placed.event.role == "slate" and placed.start >= start]
    for placed in world.placed:
        first = (placed.start - start) // FRAME
        if isinstance(placed.event, Pour) and 0 <= first < frames:
            last = (placed.end - start) // FRAME
            flow = np.clip(np.minimum(number - first, last - number) / 9, 0, 1)
            filled = 0.12 + 0.86 * np.clip((number - first) / max(1, last - first), 0, 1)
        elif isinstance(placed.event, Clap) and 0 <= first < frames:
            shown = -20 if not placed.event.tail else (called[0] - start) // FRAME - 10
            slates.append(SlateMove(clap_frame=first, first=shown, last=frames + 20 if placed.event.tail else first + 15, tail=placed.event.tail, says=says))
    if what.mos:
        slates.append(SlateMove(clap_frame=-20, first=-20, last=min(40, frames // 3), tail=False, says=says))
    slow = _number("24000/1001") / _number(what.fps_shot)
    return Motion(mouth=mouth, wind=by_frame(world.wind).mean(axis=1), flow=flow, filled=filled, slates=tuple(slates), speed=slow)


def _truth(out: Path, worlds: list[World], made_of: str) -> dict[str, Any]:
    def digest(file: str) -> str:
        return "blake3:" + blake3((out / file).read_bytes()).hexdigest()

    clips = [truth.clip(world, name, _clip_file(name)) for world in worlds for name in world.clips]
    sounds = [
        {"file": _sound_file(world), "duration_s": round(world.length * (1 + world.sound.ppm * 1e-6)) / RATE_HZ, "recorder": world.sound.recorder,
         "drift_ppm": world.sound.ppm, "time_reference": time_reference(world), "timecode": str(Timecode(frames=time_reference(world) // FRAME, rate=RATE)),
         "scene": world.sound.scene, "take": world.sound.take, "tape": world.sound.tape, "kind": world.sound.kind, "clips": [_clip_file(name) for name in world.clips]}
        for world in worlds if world.sound.file
    ]  # fmt: skip
    for entry in [*clips, *sounds]:
        entry["digest"] = digest(str(entry["file"]))
    return {
        "made_of": made_of, "how_to_read": truth.HOW_TO_READ, "production": truth.production(), "script": truth.script(), "clips": clips, "sounds": sounds,
        "sound_only": [truth.sound_only(world) for world in worlds if world.sound.file and not world.clips], "problems": [],
    }  # fmt: skip
