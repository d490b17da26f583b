"""The composed shoot obeys its own truth: what is written down is what is on the media."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

import sample
from sample import sound as acoustics
from sample.shoot import key
from sample.story import CLIPS, SCRIPT, day
from sample.voices import Voices
from sample.world import FRAME, happen, recorded
from tests.conftest import Shoot

RATE_HZ = 48000


def decoded(path: Path) -> np.ndarray:
    """The first channel, placed by its time stamps so that sample 0 is time 0."""
    blocks, first = [], None
    with av.open(str(path)) as file:
        for frame in file.decode(audio=0):
            if first is None:
                first = frame.pts or 0
            block = frame.to_ndarray()
            channels = len(frame.layout.channels)
            plane = block[0] if frame.format.is_planar else block.reshape(-1, channels)[:, 0]
            blocks.append(plane / 2**31 if plane.dtype.kind == "i" else plane)
    whole = np.concatenate(blocks).astype(np.float64)
    assert first is not None
    return np.pad(whole, (first, 0)) if first >= 0 else whole[-first:]


def picture(path: Path, numbers: list[int]) -> dict[int, np.ndarray]:
    with av.open(str(path)) as file:
        return {number: frame.to_ndarray(format="gray").astype(np.float64) for number, frame in enumerate(file.decode(video=0)) if number in numbers}


def synced(shoot: Shoot) -> list[dict[str, Any]]:
    return [clip for clip in shoot.truth["clips"] if clip["sync"]]


def test_clips_are_as_long_as_the_truth_says_and_carry_its_timecode(shoot: Shoot) -> None:
    for clip in shoot.truth["clips"]:
        with av.open(str(shoot.path / clip["file"])) as file:
            video = file.streams.video[0]
            assert (video.frames, video.average_rate) == (clip["frames"], Fraction(24000, 1001)), clip["file"]
            assert video.metadata["timecode"] == clip["timecode"]
            assert file.metadata["reel_name"] == clip["roll"]
            assert bool(file.streams.audio) is not clip["mos"]
            assert abs(clip["duration_s"] - float(clip["frames"] * Fraction(1001, 24000))) < 1e-6


def test_a_clap_is_heard_by_the_recorder_on_its_sample(shoot: Shoot) -> None:
    heard = {sound["file"]: decoded(shoot.path / sound["file"]) for sound in shoot.truth["sounds"]}
    claps = [clap for clip in shoot.truth["clips"] for clap in clip["claps"]]
    assert len(claps) == 4
    for clap in claps:
        near = round(clap["sound_sample"])
        around = np.abs(heard[clap["sound"]][near - 400 : near + 400])
        assert abs(int(np.argmax(around)) - 400) <= 1, clap


def test_a_clap_is_heard_by_the_camera_late_by_its_distance(shoot: Shoot) -> None:
    for clip in synced(shoot):
        track = np.abs(decoded(shoot.path / clip["file"]))
        for clap in clip["claps"]:
            direct = clap["camera_sample"]
            assert direct - round(clap["time_s"] * RATE_HZ) == acoustics.late_samples(CLIPS[Path(clip["file"]).stem].distance_m)
            before, around = track[direct - 2400 : direct - 480].max(), track[direct - 480 : direct + 480]
            assert around.max() > 3 * before, f"{clip['file']}: nothing is heard at the clap"
            onset = int(np.argmax(around > 0.5 * around.max())) - 480
            assert abs(onset) <= 24, f"{clip['file']}: the clap is heard {onset} samples off"  # half a millisecond: AAC smears


def test_the_sticks_meet_on_the_frame_of_the_clap(shoot: Shoot) -> None:
    for clip in synced(shoot):
        for clap in clip["claps"]:
            at = clap["frame"]
            seen = picture(shoot.path / clip["file"], [at - 1, at, at + 1])
            plain = {number: frame.reshape(45, 8, 80, 8).mean(axis=(1, 3)) for number, frame in seen.items()}  # without grain
            closing = float(np.abs(plain[at] - plain[at - 1]).max())
            resting = float(np.abs(plain[at + 1] - plain[at]).max())
            assert closing > 2 * resting, f"{clip['file']}: the sticks do not close on frame {at}"


def test_scratch_and_recorder_agree_at_the_offset_and_nowhere_near(shoot: Shoot) -> None:
    for clip in synced(shoot):
        sync = clip["sync"][0]
        track, roll = decoded(shoot.path / clip["file"]), decoded(shoot.path / sync["sound"])
        middle = len(track) // 2
        piece = track[middle - 2 * RATE_HZ : middle + 2 * RATE_HZ]
        t = (middle - 2 * RATE_HZ) / RATE_HZ
        expected = round((sync["offset_s"] + t * (1 + sync["drift_ppm"] * 1e-6)) * RATE_HZ)
        slack = 2400
        other = roll[expected - slack : expected + len(piece) + slack]
        size = 1 << (len(other) + len(piece)).bit_length()
        cross = np.fft.rfft(other, size) * np.conj(np.fft.rfft(piece, size))
        hertz = np.fft.rfftfreq(size, 1 / RATE_HZ)
        voice = (hertz > 150) & (hertz < 7000)
        lag = np.fft.irfft(np.where(voice, cross / (np.abs(cross) + 1e-12), 0), size)[: 2 * slack]
        assert abs(int(np.argmax(lag)) - slack) <= 3, f"{clip['file']}: {int(np.argmax(lag)) - slack} samples off"


def test_picture_offset_is_the_offset_without_the_way_of_sound(shoot: Shoot) -> None:
    for clip in synced(shoot):
        sync = clip["sync"][0]
        late_ms = (sync["picture_offset_s"] - sync["offset_s"]) * 1000
        assert late_ms == pytest.approx(sync["camera_late_ms"], abs=0.001)
        assert 6 < late_ms < 18


def test_a_drifting_clock_writes_a_tone_at_the_wrong_pitch_by_exactly_its_error() -> None:
    n = np.arange(6 * RATE_HZ)
    out = acoustics.drifted(np.sin(2 * np.pi * 997 * n / RATE_HZ), 150.0)
    assert len(out) == round(len(n) * (1 + 150e-6))
    wanted = np.sin(2 * np.pi * 997 / (1 + 150e-6) * np.arange(len(out)) / RATE_HZ)
    assert np.abs(out - wanted)[4096:-4096].max() < 0.004


def test_recorders_write_down_when_they_began(shoot: Shoot) -> None:
    from answerprint.media import bwf

    for sound in shoot.truth["sounds"]:
        said = bwf.read(shoot.path / sound["file"])
        assert said is not None
        assert said.time_reference == sound["time_reference"]
        assert (said.scene, said.take, said.tape) == (sound["scene"], sound["take"], sound["tape"])
        assert said.rate == Fraction(24000, 1001)
        assert [track.name for track in said.tracks] == (["VO"] if sound["kind"] == "voice-over" else ["Boom", "Noah"])


def test_one_recorder_is_an_hour_off_and_the_others_within_a_frame(shoot: Shoot) -> None:
    off = [(clip["sync"][0]["timecode_agrees"], clip["sync"][0]["timecode_off_s"]) for clip in synced(shoot)]
    assert [seconds for agrees, seconds in off if not agrees] == [3603.6]
    assert all(abs(seconds) < 1001 / 24000 for agrees, seconds in off if agrees)


def test_speech_lies_where_the_words_are_written(shoot: Shoot) -> None:
    """Loud between the first and last word of a line, quiet in the pause before it."""
    boom = {sound["file"]: decoded(shoot.path / sound["file"]) for sound in shoot.truth["sounds"]}
    lines = 0
    for clip in synced(shoot):
        sync = clip["sync"][0]
        for take in clip["takes"]:
            for item in take["items"]:
                starts = [round((sync["picture_offset_s"] + item[end]) * RATE_HZ) for end in ("in_s", "out_s")]
                said = np.sqrt(np.mean(boom[sync["sound"]][starts[0] : starts[1]] ** 2))
                before = np.sqrt(np.mean(boom[sync["sound"]][starts[0] - 6000 : starts[0] - 1200] ** 2))
                assert said > 8 * before, (clip["file"], item["item"])
                assert [word["text"] for word in item["words"]] == item["said"].split()
                lines += 1
    assert lines >= 6


def test_attempts_do_not_overlap_and_every_scripted_line_is_covered(shoot: Shoot) -> None:
    covered: set[int] = set()
    for clip in shoot.truth["clips"]:
        ends = 0.0
        for take in clip["takes"]:
            assert ends <= take["in_s"] < take["out_s"] <= clip["duration_s"] + 1e-6
            ends = take["out_s"]
            covered |= {item["item"] for item in take["items"] if item["complete"]}
    covered |= {item["item"] for sound in shoot.truth["sound_only"] for item in sound["items"]}
    filmed = {number for number, item in enumerate(SCRIPT, 1) if not item.text.startswith("End card")}
    assert covered == filmed


def test_the_same_seed_composes_the_same_sound_and_picture(tmp_path: Path) -> None:
    from sample.picture import Frames
    from sample.shoot import _motion

    takes = []
    for _ in range(2):
        world = happen(day("short")[3], Voices(7))
        name = next(iter(world.clips))
        frames = Frames(scene=CLIPS[name].look, motion=_motion(world, name), size=(320, 180), rate=Fraction(24000, 1001), seed=7)
        takes.append((recorded(world, seed=7)["Boom"], frames.frame(60)))
        assert world.clips[name][1] * FRAME <= world.length
    assert np.array_equal(takes[0][0], takes[1][0])
    assert np.array_equal(takes[0][1], takes[1][1])


def test_a_finished_shoot_is_left_alone_and_a_half_one_goes_on(shoot: Shoot, tmp_path: Path) -> None:
    again = tmp_path / "shoot"
    shutil.copytree(shoot.path, again)
    before = {path: path.stat().st_mtime_ns for path in again.rglob("*.*")}
    assert sample.compose(again, length="short") == shoot.truth
    assert {path: path.stat().st_mtime_ns for path in again.rglob("*.*")} == before
    (again / "truth.json").unlink()  # as after Ctrl-C: no truth yet, one clip missing
    (again / ".composing").write_text(key("short", 7))
    lost = again / "card_A" / "A001_C005.mp4"
    lost.unlink()
    whole = sample.compose(again, length="short")
    assert lost.exists()
    assert whole["clips"] == shoot.truth["clips"]
    assert not list(again.rglob("*.part"))


def test_a_folder_with_another_truth_is_refused(tmp_path: Path) -> None:
    (tmp_path / "truth.json").write_text("{}")
    with pytest.raises(sample.SampleError, match="Name an empty folder"):
        sample.compose(tmp_path, length="short")


def test_without_voices_one_sentence_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "piper", None)
    with pytest.raises(sample.SampleError, match=r"answerprint\[demo\]"):
        sample.compose(tmp_path / "shoot", length="short")
