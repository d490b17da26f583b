"""Laws of the sync and drift tasks, on facts and sounds as the reading tasks publish them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from answerprint.model.extend import Input, Work
from answerprint.model.records import AudioStream, Bext, Fact, Facts, MediaInfo, VideoStream, to_plain
from answerprint.tasks import drift, sync
from bench.sync_scenes import RATE_HZ, Sound, drawn, heard, int16


@pytest.fixture(scope="module")
def stage() -> Sound:
    draw = np.random.default_rng(11)
    return drawn(draw, count=8).talk(draw, 90)


@pytest.fixture(scope="module")
def camera(stage: Sound) -> np.ndarray:
    return heard(np.random.default_rng(12), stage, 30.5, 20, snr_db=10)


@pytest.fixture
def make(tmp_path: Path) -> Any:
    def medium(file: str, samples: np.ndarray, *, fps_shot: int | None = None, camera: str | None = "A", audio: bool = True, **info: Any) -> Input:
        task = "listen" if file.startswith("sound") else "picture"
        seconds = Fraction(len(samples), RATE_HZ)
        digest = f"blake3:{file}"
        path = tmp_path / file.replace("/", "_")
        np.save(path.with_suffix(".npy"), samples)
        stream = AudioStream(index=1, codec="pcm", rate_hz=RATE_HZ, channels=1, duration_s=seconds)
        video = VideoStream(
            index=0, codec="h264", width=64, height=36, pixel_format="yuv420p", bit_depth=8, rate=Fraction(25), frames=None,
            duration_s=seconds, fps_shot=Fraction(fps_shot) if fps_shot else None,
        )  # fmt: skip
        known = MediaInfo(
            kind="sound" if task == "listen" else "clip", container="x", duration_s=seconds, audio=(stream,) if audio else (),
            video=None if task == "listen" else video, camera=None if task == "listen" else camera, **info,
        )  # fmt: skip
        silent = not bool(np.abs(samples).max() > 2)
        return Input(
            path=path, file=file, digest=digest, artefacts={f"{task}/sound.npy": path.with_suffix(".npy")},
            facts={
                "ingest": facts("ingest", digest, {"media.info": to_plain(known)}),
                task: facts(task, digest, {"sound.mos": not audio, "sound.silent": silent}),
            },
        )  # fmt: skip

    return medium


def facts(task: str, about: str, values: Mapping[str, Any]) -> Facts:
    found = tuple(Fact(about=about, name=name, value=value, method="test") for name, value in values.items())
    return Facts(task=task, version=1, inputs=(about,), facts=found)


def synced(tmp_path: Path, clip: Input, *sounds: Input) -> list[dict[str, Any]]:
    sync._rolls.clear()
    work = Work(subject=clip, clips=[clip], sounds=sounds, params={}, scratch=tmp_path)
    found = list(sync.run(work))
    Facts(task="sync", version=1, inputs=(), facts=tuple(found)).to_bytes()  # every value can be written down
    return [fact.value for fact in found]


def bext(start_s: float) -> Bext:
    return Bext(originator="MIXPRE", time_reference=round(start_s * RATE_HZ))


def test_a_pair_gets_a_certificate(tmp_path: Path, make: Any, stage: Sound, camera: np.ndarray) -> None:
    (pair,) = synced(tmp_path, make("rushes/A1.mov", camera), make("sound/T1.wav", int16(stage)))
    assert pair["abstained"] is None
    assert pair["method"] == "waveform"
    assert pair["offset_s"] == pytest.approx(30.5, abs=1e-4)
    assert sum(window["agrees"] for window in pair["windows"]) >= 3
    assert pair["clap"] is None


def test_timecode_counts_when_the_sound_agrees(tmp_path: Path, make: Any, stage: Sound, camera: np.ndarray) -> None:
    clip = make("rushes/A1.mov", camera, timecode="10:00:30:12", timecode_rate=Fraction(25))
    (pair,) = synced(tmp_path, clip, make("sound/T1.wav", int16(stage), bext=bext(36000)))
    assert pair["method"] == "timecode+waveform"
    assert pair["offset_s"] == pytest.approx(30.5, abs=1e-4)  # timecode says 30.48: the sound decides


def test_timecode_an_hour_off_is_overruled_and_said(tmp_path: Path, make: Any, stage: Sound, camera: np.ndarray) -> None:
    clip = make("rushes/A1.mov", camera, timecode="09:00:30:12", timecode_rate=Fraction(25))
    (pair,) = synced(tmp_path, clip, make("sound/T1.wav", int16(stage), bext=bext(36000)))
    assert pair["method"] == "waveform"
    assert pair["offset_s"] == pytest.approx(30.5, abs=1e-4)
    assert pair["notes"] == ["timecode says 09:00:30, the sound says otherwise by 3600.0 s"]


def test_timecode_without_sound_is_told_in_words_only(tmp_path: Path, make: Any, stage: Sound) -> None:
    silent = np.zeros(20 * RATE_HZ, np.int16)
    clip = make("rushes/A1.mov", silent, timecode="10:00:30:12", timecode_rate=Fraction(25))
    (pair,) = synced(tmp_path, clip, make("sound/T1.wav", int16(stage), bext=bext(36000)))
    assert pair["abstained"] == "the camera's sound is silent; timecode alone would put it 30.480 s into the sound"
    mos = make("rushes/A2.mov", silent, audio=False)
    (pair,) = synced(tmp_path, mos, make("sound/T1.wav", int16(stage)), make("sound/T2.wav", int16(stage)))
    assert pair["abstained"] == "MOS: the clip has no sound"
    assert pair["sound"] is None


def test_an_off_speed_clip_is_never_synced(tmp_path: Path, make: Any, stage: Sound, camera: np.ndarray) -> None:
    (pair,) = synced(tmp_path, make("rushes/A1.mov", camera, fps_shot=100), make("sound/T1.wav", int16(stage)))
    assert pair["abstained"] == "off-speed clip (shot at 100, plays at 25): never synced"


def test_one_clip_over_two_recorder_files_gets_both(tmp_path: Path, make: Any, stage: Sound, camera: np.ndarray) -> None:
    first, second = int16(stage)[: 40 * RATE_HZ], int16(stage)[41 * RATE_HZ :]
    pairs = synced(tmp_path, make("rushes/A1.mov", camera), make("sound/T1.wav", first), make("sound/T2.wav", second))
    assert [pair["abstained"] for pair in pairs] == [None, None]
    assert [pair["offset_s"] for pair in pairs] == pytest.approx([30.5, -10.5], abs=1e-3)


def test_two_recorders_that_ran_together_both_hold(tmp_path: Path, make: Any, stage: Sound, camera: np.ndarray) -> None:
    boom = heard(np.random.default_rng(13), stage, 5, 70, snr_db=20, reverb=0.3)
    pairs = synced(tmp_path, make("rushes/A1.mov", camera), make("sound/T1.wav", int16(stage)), make("sound/ZOOM.wav", boom))
    assert [pair["abstained"] for pair in pairs] == [None, None]
    assert [pair["offset_s"] for pair in pairs] == pytest.approx([30.5, 25.5], abs=2e-3)


def test_the_same_playback_on_two_rolls_abstains(tmp_path: Path, make: Any, stage: Sound) -> None:
    draw = np.random.default_rng(14)
    song = stage[20 * RATE_HZ : 45 * RATE_HZ]
    others = [drawn(draw, count=6).talk(draw, 30) for _ in range(4)]
    rolls = [int16(np.concatenate([others[k], song, others[k + 1]])) for k in (0, 2)]
    clip = make("rushes/A1.mov", heard(draw, song, 2, 20, snr_db=15))
    pairs = synced(tmp_path, clip, make("sound/T1.wav", rolls[0]), make("sound/T2.wav", rolls[1]))
    assert all("music or playback" in pair["abstained"] for pair in pairs)


def test_a_sound_that_has_nothing_to_do_with_a_clip_is_one_compact_fact(tmp_path: Path, make: Any, camera: np.ndarray) -> None:
    draw = np.random.default_rng(15)
    other = drawn(draw, count=4).talk(draw, 60)
    (pair,) = synced(tmp_path, make("rushes/A1.mov", camera), make("sound/T1.wav", int16(other)))
    assert pair == {"sound": "blake3:sound/T1.wav", "method": None, "abstained": "nothing in common", "notes": []}


def test_drift_is_pooled_over_the_takes_of_one_pair_of_clocks(tmp_path: Path, make: Any, stage: Sound) -> None:
    sound = make("sound/day1.wav", int16(stage), bext=Bext(originator="MIXPRE"))
    draw = np.random.default_rng(16)
    clips = []
    for index, start_s in enumerate((2.0, 24.0, 46.0, 68.0)):
        clip = make(f"rushes/A{index}.mov", heard(draw, stage, start_s, 20, drift_ppm=60, snr_db=5, reverb=0.3))
        work = Work(subject=clip, clips=[clip], sounds=[sound], params={}, scratch=tmp_path)
        clips.append(with_sync(clip, sync.run(work)))
    found = list(drift.run(Work(subject=None, clips=clips, sounds=[sound], params={}, scratch=tmp_path)))
    (pooled,) = [fact.value for fact in found if fact.name == "sync.drift"]
    assert pooled["drift_ppm"] == pytest.approx(60, abs=3)
    assert (pooled["camera"], pooled["recorder"], pooled["takes"]) == ("camera A", "MIXPRE", 4)
    certificates = [fact.value for fact in found if fact.name == "sync.certificate"]
    assert [one["offset_s"] for one in certificates] == pytest.approx([2, 24, 46, 68], abs=1e-3)


def with_sync(clip: Input, found: Any) -> Input:
    known = Facts(task="sync", version=1, inputs=(), facts=tuple(found))
    return Input(path=clip.path, file=clip.file, digest=clip.digest, facts={**clip.facts, "sync": known}, artefacts=clip.artefacts)


def pair_fact(clip: Input, start_s: float, strength: float) -> Fact:
    windows = [{"at_s": at, "lag_s": start_s, "peak": 20.0, "agrees": True} for at in (2.0, 10.0, 18.0)]
    value = {
        "sound": "blake3:sound/T1.wav", "method": "waveform", "offset_s": start_s, "drift_ppm": 0.0, "drift_se_ppm": 1.0, "residual_ms": 0.01,
        "runner_up": 9.0, "strength": strength, "windows": windows, "overlap_s": 20.0, "clap": None, "abstained": None, "notes": [],
    }  # fmt: skip
    return Fact(about=clip.digest, name="sync.pair", value=value, method="test")


def test_one_camera_cannot_be_in_two_places(tmp_path: Path, make: Any, camera: np.ndarray) -> None:
    sound = make("sound/T1.wav", camera)
    strong, weak, other = (make(f"rushes/{name}.mov", camera, camera=letter) for name, letter in (("A1", "A"), ("A2", "A"), ("B1", "B")))
    clips = [with_sync(clip, [pair_fact(clip, start, power)]) for clip, start, power in ((strong, 10.0, 90.0), (weak, 20.0, 30.0), (other, 15.0, 20.0))]
    found = {fact.about: fact.value for fact in drift.run(Work(subject=None, clips=clips, sounds=[sound], params={}, scratch=tmp_path)) if fact.name == "sync.certificate"}
    assert found[strong.digest]["abstained"] is None
    assert found[other.digest]["abstained"] is None
    assert "camera A cannot be in two places: rushes/A1.mov" in found[weak.digest]["abstained"]
    assert found[weak.digest]["offset_s"] is None


def test_takes_with_nothing_to_pool_pool_to_nothing() -> None:
    assert drift.pool([]) is None
    lonely = drift.pool([(12.0, 2.0)])
    assert lonely is not None
    assert (lonely.ppm, lonely.error_ppm) == (pytest.approx(12), pytest.approx(2))
