"""What truly happened, in the shape of `status --json` where that has a place for it, and more where it has not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from answerprint.model.time import Timecode
from sample.sound import late_samples
from sample.story import CLIPS, SCRIPT, TITLE, Clap, Clip, Gust, Pour, Say
from sample.voices import RATE_HZ
from sample.world import FRAME, RATE, Placed, World

Json = dict[str, Any]
HOW_TO_READ = {
    "clock": "times inside a clip are seconds of its picture, from its first frame; times of sound_only are seconds of the sound file",
    "offset_s": "where in the sound file the clip begins as its own microphone tells it: sound time = offset_s + clip time x (1 + drift_ppm / 1e6)",
    "picture_offset_s": "the same by the picture (sticks meet, sound heard at the boom): later than offset_s by camera_late_ms",
    "camera_late_ms": "how late the camera microphone hears the set, from its distance",
    "words": "start of each word, and where the next sound or pause begins, from the lengths the voice's network gave each sound",
}


@dataclass(kw_only=True)
class _Attempt:
    start: float
    end: float | None = None
    items: list[Json] = field(default_factory=list)


def _seconds(sample: int | float) -> float:
    return round(sample / RATE_HZ, 6)


def words(placed: Placed, zero: int, stretch: float = 1.0) -> list[Json]:
    return [{"text": word.text, "in_s": _seconds((word.start - zero) * stretch), "out_s": _seconds((word.end - zero) * stretch)} for word in placed.words]


def item(placed: Placed, zero: int, stretch: float = 1.0) -> Json:
    """A script item as it was said (or poured)."""
    event = placed.event
    assert isinstance(event, (Say, Pour))
    assert event.item is not None
    says = SCRIPT[event.item - 1]
    plain: Json = {"item": event.item, "kind": says.kind, "in_s": _seconds((placed.start - zero) * stretch), "out_s": _seconds((placed.end - zero) * stretch)}
    if isinstance(event, Pour):
        return {**plain, "complete": True}
    return {**plain, "complete": event.complete, "said": event.text, "words": words(placed, zero, stretch)}


def clip(world: World, name: str, file: str) -> Json:
    """Everything true about one clip."""
    what = CLIPS[name]
    start, frames = world.clips[name]
    end = start + frames * FRAME
    inside = [placed for placed in world.placed if start <= placed.start < end]
    about: Json = {
        "file": file, "duration_s": _seconds(frames * FRAME), "frames": frames, "timecode": str(Timecode(frames=(world.base + start) // FRAME, rate=RATE)),
        "camera": what.camera, "roll": name.split("_")[0], "fps_shot": what.fps_shot, "mos": what.mos, "distance_m": what.distance_m,
        "sync": [] if what.mos or not world.sound.file else [_sync(world, what, start)],
    }  # fmt: skip
    about["takes"] = _takes(what, inside, start, end)
    about["off_script"] = [
        {"in_s": _seconds(placed.start - start), "out_s": _seconds(placed.end - start), "text": placed.event.text, "who": placed.event.who}
        for placed in inside if isinstance(placed.event, Say) and placed.event.role == "off-script"
    ]  # fmt: skip
    about["remarks"] = [
        {"in_s": _seconds(placed.start - start), "out_s": _seconds(placed.end - start), "text": placed.event.text, "who": placed.event.who}
        for placed in inside if isinstance(placed.event, Say) and placed.event.role == "remark"
    ]  # fmt: skip
    about["said"] = [
        {"role": placed.event.role, "who": placed.event.who, "text": placed.event.text, "words": words(placed, start)}
        for placed in inside if isinstance(placed.event, Say)
    ]  # fmt: skip
    about["accidents"] = [
        {"kind": "gust", "in_s": _seconds(placed.start - start), "out_s": _seconds(min(placed.end, end) - start)}
        for placed in inside if isinstance(placed.event, Gust)
    ]  # fmt: skip
    about["claps"] = [_clap(world, what, placed, start) for placed in inside if isinstance(placed.event, Clap)]
    return about


def _sync(world: World, what: Clip, start: int) -> Json:
    fast = 1 + world.sound.ppm * 1e-6
    late = late_samples(what.distance_m)
    return {
        "sound": f"sound/{world.sound.file}.wav", "offset_s": round((start - late) * fast / RATE_HZ, 7), "picture_offset_s": round(start * fast / RATE_HZ, 7),
        "drift_ppm": world.sound.ppm, "camera_late_ms": round(late / RATE_HZ * 1000, 4), "timecode_agrees": world.sound.off_frames == 0,
        "timecode_off_s": round((world.sound.off_frames * FRAME + world.sound.jam_samples) / RATE_HZ, 6),
    }  # fmt: skip


def _clap(world: World, what: Clip, placed: Placed, start: int) -> Json:
    assert isinstance(placed.event, Clap)
    return {
        "frame": (placed.start - start) // FRAME, "time_s": _seconds(placed.start - start), "tail": placed.event.tail,
        "camera_sample": placed.start - start + late_samples(what.distance_m), "sound": f"sound/{world.sound.file}.wav",
        "sound_sample": round(placed.start * (1 + world.sound.ppm * 1e-6), 3),
    }  # fmt: skip


def _takes(what: Clip, inside: list[Placed], start: int, end: int) -> list[Json]:
    """The attempts: from "action" (or the call to go again) to "cut" (or that call)."""
    attempts: list[_Attempt] = []
    current: _Attempt | None = None
    again: float | None = None

    def close(sample: int) -> None:
        nonlocal current
        if current is not None:
            current.end = _seconds(sample - start)
            attempts.append(current)
            current = None

    for placed in inside:
        event = placed.event
        if isinstance(event, Pour):
            if current is None:
                current = _Attempt(start=_seconds(placed.start - start))
            current.items.append(item(placed, start))
        elif isinstance(event, Say):
            if event.role == "action":
                close(placed.start)
                current = _Attempt(start=_seconds(placed.end - start))
            elif event.role == "cut":
                close(placed.start)
                again = None
            elif event.role == "remark" and current is not None and current.items:
                close(placed.start)
                again = _seconds(placed.end - start)
            elif event.role == "line":
                if current is None and again is not None:
                    current = _Attempt(start=again)
                if current is not None:
                    current.items.append(item(placed, start))
    close(end)
    sources = ["slate picture", "notes"] if what.mos else ["spoken slate", "iXML", "slate picture", "notes"]
    return [
        {"scene": what.scene, "slate": None, "slated": what.slate, "take": what.take, "attempt": number, "circled": what.circled,
         "in_s": attempt.start, "out_s": attempt.end, "source": sources, "items": attempt.items}
        for number, attempt in enumerate(attempts, 1)
    ]  # fmt: skip


def sound_only(world: World) -> Json:
    stretch = 1 + world.sound.ppm * 1e-6
    lines = [placed for placed in world.placed if isinstance(placed.event, Say) and placed.event.item is not None]
    return {
        "file": f"sound/{world.sound.file}.wav", "kind": world.sound.kind, "items": [item(placed, 0, stretch) for placed in lines],
        "said": [{"who": placed.event.who, "text": placed.event.text, "words": words(placed, 0, stretch)} for placed in world.placed if isinstance(placed.event, Say)],
    }  # fmt: skip


def production() -> Json:
    return {"title": TITLE, "rate": "24000/1001"}


def script() -> list[Json]:
    return [{"item": number, "kind": says.kind, "text": says.text} for number, says in enumerate(SCRIPT, 1)]
