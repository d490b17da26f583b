"""Laws of the claps: how late a camera hears, from a clap that is seen and heard, on pictures and sounds made here and on the sample shoot."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from answerprint.model.extend import Input, Work
from answerprint.model.records import Fact, Facts, MediaInfo, VideoStream, to_plain
from answerprint.spot import Spot
from answerprint.tasks import claps
from tests.conftest import Shoot
from tests.signal.slates import filmed

RATE = Fraction(24)
RATE_HZ = 48_000


def clip(folder: Path, frames: np.ndarray, heard_s: float | None, *, fps_shot: Fraction | None = None) -> Input:
    """A clip as `picture` leaves it: a proxy and the camera's own sound, with a clap in it at `heard_s`."""
    with av.open(str(folder / "proxy.mp4"), "w") as out:
        stream: Any = out.add_stream("libx264", rate=RATE, options={"crf": "20", "g": "12", "bf": "0"})
        stream.height, stream.width = frames.shape[1:]
        stream.pix_fmt = "yuv420p"
        for number, picture in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(picture, format="gray").reformat(format="yuv420p")
            frame.pts, frame.time_base = number, 1 / RATE
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    draw = np.random.default_rng(7)
    sound = draw.normal(0, 60, round(len(frames) / float(RATE) * RATE_HZ))
    if heard_s is not None:
        at = round(heard_s * RATE_HZ)
        sound[at : at + 4800] += draw.normal(0, 9000, 4800) * np.exp(-np.arange(4800) / 700)
    np.save(folder / "sound.npy", np.clip(np.round(sound), -32768, 32767).astype(np.int16))
    video = VideoStream(
        index=0, codec="h264", width=320, height=180, pixel_format="yuv420p", bit_depth=8, rate=RATE, frames=len(frames),
        duration_s=len(frames) / RATE, fps_shot=fps_shot,
    )  # fmt: skip
    info = MediaInfo(kind="clip", container="mp4", duration_s=len(frames) / RATE, video=video)
    known = {"ingest": {"media.info": to_plain(info)}, "picture": {"proxy": {"artefact": "proxy.mp4", "rate": "24"}}}
    facts = {
        task: Facts(task=task, version=1, inputs=("blake3:a",), facts=tuple(Fact(about="blake3:a", name=name, value=value, method="test") for name, value in values.items()))
        for task, values in known.items()
    }
    artefacts = {f"picture/{name}": folder / name for name in ("proxy.mp4", "sound.npy")}
    return Input(path=folder / "a.mov", file="rushes/a.mov", digest="blake3:a", facts=facts, artefacts=artefacts)


def found(folder: Path, subject: Input) -> list[dict[str, Any]]:
    facts = tuple(claps.run(Work(subject=subject, clips=[], sounds=[], params={}, scratch=folder)))
    Facts(task="claps", version=1, inputs=(), facts=facts).to_bytes()
    return [one for fact in facts for one in fact.value]


@pytest.mark.parametrize("late_s", [0.0, 0.01, 0.03, 0.06])
def test_the_true_lateness_lies_within_what_is_said(tmp_path: Path, late_s: float) -> None:
    met = 19.6
    (one,) = found(tmp_path, clip(tmp_path, filmed(met, count=32), met / 24 + late_s))
    assert one["seen_frame"] == 20
    assert abs(one["late_ms"] - late_s * 1000) <= one["error_ms"] + 0.1
    assert one["error_ms"] < 32


@pytest.mark.parametrize("heard_s", [19.6 / 24 - 0.1, 19.6 / 24 + 0.25, None])
def test_a_sound_that_is_not_of_this_clap_says_nothing(tmp_path: Path, heard_s: float | None) -> None:
    assert found(tmp_path, clip(tmp_path, filmed(19.6, count=32), heard_s)) == []


def test_a_clap_that_is_only_heard_says_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, clip(tmp_path, filmed(100, count=32), 0.8)) == []


def test_an_off_speed_clip_says_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, clip(tmp_path, filmed(19.6, count=32), 19.6 / 24, fps_shot=Fraction(96))) == []


def test_claps_of_one_clip_narrow_each_other_and_two_distances_are_both_allowed() -> None:
    assert claps.together([]) is None
    assert claps.together([{"late_ms": 30.0, "error_ms": 20.0}, {"late_ms": 50.0, "error_ms": 20.0}]) == (40.0, 10.0, 13.7)
    assert claps.together([{"late_ms": 10.0, "error_ms": 10.0}, {"late_ms": 60.0, "error_ms": 10.0}]) == (35.0, 35.0, 12.0)


def test_every_slate_of_the_sample_says_how_late_its_camera_hears_and_no_other_clip_does(day: Spot, shoot: Shoot) -> None:
    status = {Path(clip["file"]).name: clip for clip in day.status()["clips"]}
    for true in shoot.truth["clips"]:
        pairs = [pair for pair in status[Path(true["file"]).name]["sync"] if pair["abstained"] is None]
        assert ["camera_late_ms" in pair for pair in pairs] == [bool(true["claps"])] * len(pairs), true["file"]
        for pair, sync in zip(pairs, true["sync"], strict=True):
            if true["claps"]:
                assert abs(pair["camera_late_ms"] - sync["camera_late_ms"]) <= pair["camera_late_error_ms"] < 32
                assert pair["camera_late_m"] == pytest.approx(pair["camera_late_ms"] * 0.343, abs=0.06)
