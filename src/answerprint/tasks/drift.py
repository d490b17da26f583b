"""Drift: what all takes of one camera and one recorder say together about their clocks, and what cannot be true of all of them."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from answerprint.model.charter import Execution
from answerprint.model.extend import Input, Task, Work
from answerprint.model.records import Fact, MediaInfo, Trust, from_plain
from answerprint.tasks.claps import together

_METHOD = "weighted line through the agreeing windows of every take, one clock for the pair"
_TOUCH_S = 0.2  # two clips of one camera never overlap; what does by less is rounding of the files' lengths
_TWIN_S = 0.05  # the same material twice (a copy, a proxy) begins at the same place
_OUTLIER = 4.0  # a take so many standard errors off is another clock, or one that was warming up


@dataclass
class _Held:
    """A pair that sync placed, while its clock is being pooled."""

    clip: Input
    info: MediaInfo
    camera: str
    recorder: str
    value: dict[str, Any]
    drift_ppm: float
    se_ppm: float
    abstained: str | None = None

    @property
    def start_s(self) -> float:
        return float(self.value["offset_s"])

    @property
    def end_s(self) -> float:
        return self.start_s + float(self.info.duration_s)

    @property
    def strength(self) -> tuple[bool, float]:
        return (self.value["method"] == "timecode+waveform", float(self.value["strength"]))


def run(work: Work) -> Iterable[Fact]:
    """Facts: `sync.certificate` for each pair, in the shape `status` shows, and `sync.drift` for each camera and recorder."""
    names = {one.digest: one.file for one in (*work.clips, *work.sounds)}
    recorders = {sound.digest: recorder_of(sound) for sound in work.sounds}
    held: list[_Held] = []
    abstained: list[Fact] = []
    for clip in sorted(work.clips, key=lambda one: (one.file, one.digest)):
        info = from_plain(MediaInfo, clip.facts["ingest"].value("media.info"))
        for fact in clip.facts["sync"].find("sync.pair") if "sync" in clip.facts else ():
            value = dict(fact.value)
            if value["abstained"] is not None:
                abstained.append(_certificate(clip, value, value["abstained"], value["notes"]))
                continue
            recorder = recorders.get(value["sound"], "recorder")
            held.append(
                _Held(
                    clip=clip, info=info, camera=camera_of(clip, info), recorder=recorder, value=value,
                    drift_ppm=float(value["drift_ppm"]), se_ppm=max(float(value["drift_se_ppm"]), 0.01),
                )
            )
    _settle(held, names)
    facts: list[Fact] = []
    for key in sorted({(one.camera, one.recorder) for one in held}):
        takes = [one for one in held if (one.camera, one.recorder) == key and one.abstained is None]
        pooled = pool([(one.drift_ppm, one.se_ppm) for one in takes])
        if pooled is None:
            continue
        facts.append(_drift_fact(key, takes, pooled))
        for one in takes:
            _refine(one, pooled)
    facts += [_certificate(one.clip, one.value, one.abstained, one.value["notes"]) for one in held]
    return [*facts, *abstained]


def camera_of(clip: Input, info: MediaInfo) -> str:
    """Whose clock a clip runs on: the camera's letter, else its serial or model, else the letter of its reel, else its folder."""
    if info.camera:
        return f"camera {info.camera}"
    lowered = {key.lower(): value for key, value in info.tags.items()}
    for word in ("serial", "model"):
        for key in sorted(lowered):
            if word in key and lowered[key].strip():
                return f"camera {lowered[key].strip()}"
    if info.reel:
        return f"camera of {info.reel}"
    return f"camera of {_folder(clip.file)}"


def recorder_of(sound: Input) -> str:
    """Whose clock a recorder file runs on: the machine that signed it, else its folder."""
    info = from_plain(MediaInfo, sound.facts["ingest"].value("media.info"))
    if info.bext is not None and info.bext.originator.strip():
        return info.bext.originator.strip()
    return f"recorder of {_folder(sound.file)}"


def _folder(file: str) -> str:
    return file.rsplit("/", 1)[0] if "/" in file else "the shoot"


@dataclass(frozen=True)
class Pooled:
    """One clock against another, over several takes."""

    ppm: float
    error_ppm: float
    scatter_ppm: float  #: between takes, beyond what their own errors explain: warmth, a moving microphone
    takes: int
    left_out: int


def pool(takes: Sequence[tuple[float, float]]) -> Pooled | None:
    """The common drift of takes (ppm, standard error): weighted mean, scatter between takes by DerSimonian and Laird (1986).

    Takes farther than four errors from the median are left out. None for no take.
    """
    if not takes:
        return None
    middle = statistics.median(ppm for ppm, _ in takes)
    spread = 1.4826 * statistics.median(abs(ppm - middle) for ppm, _ in takes)
    kept = [(ppm, se) for ppm, se in takes if abs(ppm - middle) <= _OUTLIER * math.hypot(max(spread, 1.0), se)]
    weights = [1 / se**2 for _, se in kept]
    mean = sum(weight * ppm for weight, (ppm, _) in zip(weights, kept, strict=True)) / sum(weights)
    misfit = sum(weight * (ppm - mean) ** 2 for weight, (ppm, _) in zip(weights, kept, strict=True))
    room = sum(weights) - sum(weight**2 for weight in weights) / sum(weights)
    between = max(0.0, (misfit - (len(kept) - 1)) / room) if len(kept) > 1 and room > 0 else 0.0
    weights = [1 / (se**2 + between) for _, se in kept]
    mean = sum(weight * ppm for weight, (ppm, _) in zip(weights, kept, strict=True)) / sum(weights)
    return Pooled(mean, 1 / math.sqrt(sum(weights)), math.sqrt(between), len(kept), len(takes) - len(kept))


def _refine(one: _Held, pooled: Pooled) -> None:
    """The take's drift drawn to the pair's, and its offset at the clip's start read again along that slope."""
    if pooled.takes < 2:
        return
    prior = math.hypot(pooled.error_ppm, pooled.scatter_ppm)
    if abs(one.drift_ppm - pooled.ppm) > _OUTLIER * math.hypot(prior, one.se_ppm, 1.0):
        one.value["notes"] = [*one.value["notes"], f"its clock ran at {one.drift_ppm:+.1f} ppm, the other takes of this pair at {pooled.ppm:+.1f}"]
        return
    own, common = 1 / one.se_ppm**2, 1 / max(prior, 1e-3) ** 2
    drift = (own * one.drift_ppm + common * pooled.ppm) / (own + common)
    windows = [window for window in one.value["windows"] if window["agrees"]]
    weights = [window["peak"] ** 2 for window in windows]
    total = sum(weights)
    at_s = sum(weight * window["at_s"] for weight, window in zip(weights, windows, strict=True)) / total
    # the middle of the windows is the best-known point of the take's own line: the new slope turns about it
    level_s = one.start_s + at_s * (1 + one.drift_ppm * 1e-6)
    one.value["offset_s"] = round(level_s - at_s * (1 + drift * 1e-6), 6)
    one.value["drift_ppm"] = round(drift, 3)


def _settle(held: Sequence[_Held], names: Mapping[str, str]) -> None:
    """One camera cannot have shot two clips at once: of two that overlap in one recorder file, the weaker abstains."""
    order = sorted(held, key=lambda one: one.strength, reverse=True)
    for rank, weak in enumerate(order):
        for strong in order[:rank]:
            if strong.abstained or weak.camera != strong.camera or weak.value["sound"] != strong.value["sound"]:
                continue
            common_s = min(weak.end_s, strong.end_s) - max(weak.start_s, strong.start_s)
            if common_s <= _TOUCH_S:
                continue
            other, sound = names.get(strong.clip.digest, "another clip"), names.get(weak.value["sound"], "the sound")
            if abs(weak.start_s - strong.start_s) < _TWIN_S and abs(weak.info.duration_s - strong.info.duration_s) < _TOUCH_S:
                weak.value["notes"] = [*weak.value["notes"], f"the same stretch of {sound} as {other}: the same material twice"]
                continue
            weak.abstained = (
                f"{weak.camera} cannot be in two places: {other} holds the same {common_s:.1f} s of {sound} and fits it better"
            )
            break


def _drift_fact(key: tuple[str, str], takes: Sequence[_Held], pooled: Pooled) -> Fact:
    value = {
        "camera": key[0],
        "recorder": key[1],
        "drift_ppm": round(pooled.ppm, 3),
        "error_ppm": round(pooled.error_ppm, 3),
        "scatter_ppm": round(pooled.scatter_ppm, 3),
        "takes": pooled.takes,
        "left_out": pooled.left_out,
    }
    trust = Trust(measure="standard error of the pooled drift in ppm", value=round(pooled.error_ppm, 3), better="lower")
    return Fact(about=min(one.value["sound"] for one in takes), name="sync.drift", value=value, method=_METHOD, trust=trust)


def _certificate(clip: Input, value: Mapping[str, Any], abstained: str | None, notes: Sequence[str]) -> Fact:
    held = abstained is None
    late = together(clip.facts["claps"].value("claps", [])) if held and "claps" in clip.facts else None
    shape = {
        "clip": clip.digest,
        "sound": value["sound"],
        "method": value["method"] if held else None,
        "offset_s": value["offset_s"] if held else None,
        "drift_ppm": value["drift_ppm"] if held else None,
        "residual_ms": value["residual_ms"] if held else None,
        "runner_up": value["runner_up"] if held else None,
        "windows": value["windows"] if held else [],
        "camera_late_ms": late[0] if late else None,
        "camera_late_error_ms": late[1] if late else None,
        "camera_late_m": late[2] if late else None,
        "abstained": abstained,
        "notes": list(notes),
    }
    return Fact(about=clip.digest, name="sync.certificate", value=shape, method=_METHOD)


task = Task(
    name="drift",
    execution=Execution.SYNC,
    version=2,
    run=run,
    each="shoot",
    after=("ingest", "listen", "sync", "claps"),
    says="comparing the clocks",
)
