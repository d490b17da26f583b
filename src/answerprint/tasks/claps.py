"""Claps: where the sticks of a slate are seen to meet and heard to meet, and how late the camera's microphone heard it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from answerprint.model.charter import Execution
from answerprint.model.extend import Task, Work
from answerprint.model.records import Fact, MediaInfo, Trust, from_plain

SOUND_M_S = 343.0  #: in air of 20 degrees (ISO 9613-1)
LATEST_S = 0.1  #: 34 m; a slate that far away is not read

_RISE_DB = 10.0  # less than a clap that is only heard must rise: the picture says what it was
_HEARD_S, _HEARD_ERROR_S = 0.001, 0.003  # from where the sound rises: hops of 2 ms, and a codec smears a clap over one more to either side
_OPEN_FRAMES = 0.25  # with a shutter of 180 degrees, sticks that meet this far into an exposure still look shut in it (measured on drawn sticks)
_LONG_PX = 320
_METHOD = "a clap in the camera's own sound; around it, the frame in which a bar that turns about its end stops"


def run(work: Work) -> Iterable[Fact]:
    """Facts: `claps`, in order: [{"heard_s", "seen_frame", "late_ms", "error_ms"}], empty where none is both seen and heard.

    The sticks met after the frame before `seen_frame` began and at the latest early in its exposure: `late_ms` is the middle of what that
    allows and `error_ms` reaches to its ends.
    """
    clip = work.subject
    assert clip is not None
    info = from_plain(MediaInfo, clip.facts["ingest"].value("media.info"))
    own, proxy, shown = clip.artefacts.get("picture/sound.npy"), clip.artefacts.get("picture/proxy.mp4"), clip.facts["picture"].value("proxy")
    if own is None or proxy is None or shown is None or _off_speed(info):
        return []

    import numpy as np

    from answerprint.media.light import light
    from answerprint.signal import claps, sticks

    samples = np.load(own, mmap_mode="r")
    rate = Fraction(shown["rate"])
    found = []
    heard = claps.claps(np.asarray(samples, np.float32) / 32768, rate_hz=48_000, rise_db=_RISE_DB)
    for index, one in enumerate(heard):
        first, last = candidates(one.at_s + _HEARD_S, rate)
        start = max(0, first - sticks.BEFORE)
        pictures = light(proxy, start, last + sticks.AFTER + 1, rate=rate, long_px=_LONG_PX)
        closed = [start + closing.frame for closing in sticks.closings(pictures)] if len(pictures) else []
        met = [frame for frame in closed if first <= frame <= last]
        if len(met) == 1:
            found.append(lateness(one.at_s + _HEARD_S, met[0], rate))
        work.progress((index + 1) / len(heard))
    return [Fact(about=clip.digest, name="claps", value=found, method=_METHOD, trust=_trust(found))]


def _off_speed(info: MediaInfo) -> bool:
    video = info.video
    return video is not None and bool(video.fps_shot) and abs(Fraction(video.fps_shot or 0) / video.rate - 1) > Fraction(1, 500)


def candidates(heard_s: float, rate: Fraction) -> tuple[int, int]:
    """First and last frame in which sticks that were heard at `heard_s` can first be seen shut: 0 to 100 ms before, no later."""
    earliest, latest = (heard_s - _HEARD_ERROR_S - LATEST_S) * float(rate), (heard_s + _HEARD_ERROR_S) * float(rate)
    return max(0, math.ceil(earliest - _OPEN_FRAMES)), math.ceil(latest)


def lateness(heard_s: float, seen_frame: int, rate: Fraction) -> dict[str, Any]:
    """How late a clap is heard whose sticks are shut in `seen_frame` and not in the frame before: the middle and what it can be off by."""
    low_s = max(0.0, heard_s - _HEARD_ERROR_S - (seen_frame + _OPEN_FRAMES) / float(rate))
    high_s = min(LATEST_S, heard_s + _HEARD_ERROR_S - (seen_frame - 1) / float(rate))
    return {
        "heard_s": round(heard_s, 3),
        "seen_frame": seen_frame,
        "late_ms": round((low_s + high_s) * 500, 1),
        "error_ms": round((high_s - low_s) * 500, 1),
    }


def together(claps: Sequence[dict[str, Any]]) -> tuple[float, float, float] | None:
    """What the claps of one clip say together: late by (ms), give or take (ms), metres. None for no clap.

    A lateness that every clap allows where there is one; where the slate stood nearer in one than in another, all that they allow.
    """
    if not claps:
        return None
    spans = [(one["late_ms"] - one["error_ms"], one["late_ms"] + one["error_ms"]) for one in claps]
    low, high = max(low for low, _ in spans), min(high for _, high in spans)
    if high < low:
        low, high = min(low for low, _ in spans), max(high for _, high in spans)
    late_ms = (low + high) / 2
    return round(late_ms, 1), round((high - low) / 2, 1), round(late_ms / 1000 * SOUND_M_S, 1)


def _trust(found: Sequence[dict[str, Any]]) -> Trust | None:
    if not found:
        return None
    return Trust(measure="half of the time in which the sticks can have met, in ms", value=min(one["error_ms"] for one in found), better="lower")


task = Task(
    name="claps",
    execution=Execution.SYNC,
    version=1,
    run=run,
    each="clip",
    after=("ingest", "picture"),
    says="looking for claps",
)
