"""Laws of alignment, on shoots drawn with numpy."""

from __future__ import annotations

import numpy as np
import pytest

from answerprint.signal import SignalError
from answerprint.signal.align import Clip, Roll, locate, offset
from answerprint.signal.resample import decimated
from bench.sync_scenes import RATE_HZ, Sound, Voices, coloured, drawn, heard, int16


@pytest.fixture(scope="module")
def voices() -> Voices:
    return drawn(np.random.default_rng(1), count=8)


@pytest.fixture(scope="module")
def stage(voices: Voices) -> Sound:
    """Two minutes of talk."""
    return voices.talk(np.random.default_rng(2), 120)


@pytest.fixture(scope="module")
def roll(stage: Sound) -> Roll:
    return Roll(sound=int16(stage + 0.0005 * coloured(np.random.default_rng(3), len(stage), 1)))


def rng() -> np.random.Generator:
    return np.random.default_rng(4)


def test_clean_sound_is_placed_to_the_sample(stage: Sound) -> None:
    sound = int16(stage)
    for start in (1_234_567, 2_000_001):
        found = offset(sound, sound[start : start + 20 * RATE_HZ], rate_hz=RATE_HZ)
        assert found.seconds * RATE_HZ == pytest.approx(start, abs=0.05)
        assert found.drift_ppm == pytest.approx(0, abs=0.2)
        assert found.runner_up > 3


def test_the_offset_is_positive_when_the_recorder_ran_first(stage: Sound) -> None:
    sound = int16(stage)
    assert offset(sound, sound[10 * RATE_HZ : 40 * RATE_HZ], rate_hz=RATE_HZ).seconds == pytest.approx(10, abs=1e-5)
    assert offset(sound[10 * RATE_HZ : 40 * RATE_HZ], sound, rate_hz=RATE_HZ).seconds == pytest.approx(-10, abs=1e-5)


@pytest.mark.parametrize("drift_ppm", [-150.0, 35.0, 150.0])
def test_a_drifting_clock_is_measured_and_the_offset_is_at_the_start_of_the_clip(roll: Roll, stage: Sound, drift_ppm: float) -> None:
    found = locate(Clip(sound=heard(rng(), stage, 20.123, 80, drift_ppm=drift_ppm, snr_db=10)), roll).found
    assert found is not None
    assert found.seconds == pytest.approx(20.123, abs=1e-4)
    assert found.drift_ppm == pytest.approx(drift_ppm, abs=max(1.0, 4 * found.drift_se_ppm))
    for window in found.windows:
        assert not window.agrees or window.lag_s == pytest.approx(20.123 + drift_ppm * 1e-6 * window.at_s, abs=1e-3)


def test_a_take_longer_than_one_search_is_one_line_from_end_to_end(voices: Voices) -> None:
    talk = voices.talk(np.random.default_rng(20), 10)
    draw = np.random.default_rng(21)
    noise = 0.01 * coloured(draw, 170 * RATE_HZ, 0) * np.repeat(draw.uniform(0, 2, 1700), RATE_HZ // 10).astype(np.float32)
    noise[: len(talk)] += talk
    found = locate(Clip(sound=heard(draw, noise, 7.25, 155, drift_ppm=-120)), Roll(sound=int16(noise))).found
    assert found is not None
    assert found.seconds == pytest.approx(7.25, abs=1e-4)
    assert found.drift_ppm == pytest.approx(-120, abs=0.5)
    assert found.overlap_s == pytest.approx(155, abs=0.1)


@pytest.mark.parametrize("start_s", [-25.0, 95.0])
def test_a_clip_may_begin_before_the_recorder_or_end_after_it(roll: Roll, stage: Sound, start_s: float) -> None:
    found = locate(Clip(sound=heard(rng(), stage, start_s, 40, snr_db=10)), roll).found
    assert found is not None
    assert found.seconds == pytest.approx(start_s, abs=1e-3)
    assert found.overlap_s == pytest.approx(15 if start_s < 0 else 25, abs=0.1)


def test_the_first_arrival_counts_not_a_louder_echo(stage: Sound) -> None:
    echoing = stage.copy()
    echoing[int(0.009 * RATE_HZ) :] += 1.05 * stage[: -int(0.009 * RATE_HZ)]
    found = offset(int16(stage), int16(0.4 * echoing[30 * RATE_HZ : 60 * RATE_HZ]), rate_hz=RATE_HZ)
    assert found.seconds == pytest.approx(30, abs=1e-4)


def test_a_microphone_wired_the_other_way_round_is_placed_too(stage: Sound, roll: Roll) -> None:
    assert offset(int16(stage), int16(-stage[30 * RATE_HZ : 50 * RATE_HZ]), rate_hz=RATE_HZ).seconds == pytest.approx(30, abs=1e-4)


def test_another_take_of_the_same_words_has_nothing_in_common(voices: Voices) -> None:
    first, second = ([voices.say(rng, which) for which in range(6)] for rng in (np.random.default_rng(5), np.random.default_rng(6)))
    clip = Clip(sound=heard(rng(), np.concatenate(first), 0.5, 20, snr_db=20))
    wrong = locate(clip, Roll(sound=int16(np.concatenate(second))))
    assert wrong.found is None
    right = locate(clip, Roll(sound=int16(np.concatenate([*second, *first]))))
    assert right.found is not None
    assert right.found.seconds == pytest.approx(sum(map(len, second)) / RATE_HZ + 0.5, abs=1e-3)


def test_music_that_comes_twice_abstains_and_names_both_places(voices: Voices) -> None:
    music = drawn(np.random.default_rng(8), count=4).talk(np.random.default_rng(9), 25)
    quiet = np.zeros(30 * RATE_HZ, np.float32)
    match = locate(Clip(sound=heard(rng(), music, 2, 20, snr_db=15)), Roll(sound=int16(np.concatenate([quiet, music, quiet, music]))))
    assert match.found is None
    assert match.abstained is not None
    assert "two places fit equally (00:32 and 01:27)" in match.abstained
    assert sorted(match.also_s) == pytest.approx([32, 87], abs=0.01)


@pytest.mark.parametrize("seed", range(4))
def test_unrelated_sound_abstains(roll: Roll, voices: Voices, seed: int) -> None:
    other = np.random.default_rng(100 + seed)
    match = locate(Clip(sound=heard(other, voices.talk(other, 32), 1, 30, snr_db=15)), roll)
    assert match.found is None


def test_the_same_hum_and_hiss_are_not_a_place() -> None:
    draw = rng()
    hum = sum(np.sin(2 * np.pi * 50 * k * np.arange(60 * RATE_HZ) / RATE_HZ) / k for k in (1, 2, 3, 7, 13))
    clip, sound = (int16((0.05 * hum[:n] + 0.02 * coloured(draw, n, 1)).astype(np.float32)) for n in (20 * RATE_HZ, 60 * RATE_HZ))
    assert locate(Clip(sound=clip), Roll(sound=sound)).found is None


def test_under_three_seconds_abstains_and_says_what_it_would_need(roll: Roll, stage: Sound) -> None:
    match = locate(Clip(sound=int16(stage[: int(2.5 * RATE_HZ)])), roll)
    assert match.abstained == "the clip is 2.5 s long: under 3 s of common sound is not enough"


def test_silence_on_either_side_abstains(roll: Roll, stage: Sound) -> None:
    silence = np.zeros(20 * RATE_HZ, np.int16)
    assert locate(Clip(sound=silence), roll).abstained == "the clip is silent"
    assert locate(Clip(sound=silence), Roll(sound=silence)).abstained == "both are silent"
    assert locate(Clip(sound=int16(stage)), Roll(sound=silence)).abstained == "the sound file is silent"


@pytest.mark.parametrize(
    ("ref", "y", "says"),
    [
        (np.ones(99), np.zeros(0), "y is empty"),
        (np.ones(99), np.zeros(99), "y is silent"),
        (np.zeros(99, np.int16), np.ones(99), "ref is silent"),
        (np.ones(99), np.array([1.0, np.nan]), "y is not finite"),
        (np.ones((2, 99)), np.ones(99), "ref has 2 dimensions"),
        (np.ones(99), np.ones(99), "y cannot be placed in ref: the clip is 0.0 s long"),
    ],
)
def test_what_cannot_be_measured_says_so(ref: np.ndarray, y: np.ndarray, says: str) -> None:
    with pytest.raises(SignalError, match=says):
        offset(ref, y, rate_hz=RATE_HZ)


def test_another_sample_rate_says_so() -> None:
    with pytest.raises(SignalError, match="44100 Hz"):
        offset(np.ones(9), np.ones(9), rate_hz=44100)


@pytest.mark.parametrize("factor", [3, 16])
@pytest.mark.parametrize("length", [1, 5000, 700_001])
def test_decimation_moves_no_sample(factor: int, length: int) -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(length) / RATE_HZ)
    few = decimated(tone, factor)
    assert len(few) == -(-length // factor)
    assert np.allclose(few[400:-400], tone[::factor][400:-400], atol=1e-5)


def test_decimation_lets_nothing_fold_back() -> None:
    assert np.abs(decimated(np.sin(2 * np.pi * 9000 * np.arange(200_000) / RATE_HZ), 3))[500:-500].max() < 1e-3
