"""Each channel is told apart, and what is mixed is what was recorded."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from answerprint.media import MediaError
from answerprint.media.hearing import Hearing
from answerprint.model.time import Timecode
from answerprint.signal import ltc
from tests.signal.test_ltc import encode

S = 48000


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def hear(into, samples, **more):
    listener = Hearing(channels=samples.shape[0], into=into, **more)
    for start in range(0, samples.shape[1], 30000):
        listener.feed(samples[:, start : start + 30000].astype(np.float32))
    return listener.finish(), np.load(into / "sound.npy").astype(float) / 32767


def test_live_channels_are_averaged_and_dead_ones_left_out(tmp_path, rng):
    voice, room = rng.normal(0, 0.1, 2 * S), rng.normal(0, 0.02, 2 * S)
    heard, mono = hear(tmp_path, np.stack([voice, np.zeros(2 * S), room, rng.normal(0, 1e-6, 2 * S)]), names=["Boom", "Lav"])
    assert [channel.dead for channel in heard.channels] == [False, True, False, True]
    assert [channel.name for channel in heard.channels] == ["Boom", "Lav", "", ""]
    assert heard.mix["of"] == [1, 3]
    np.testing.assert_allclose(mono, (voice + room) / 2, atol=1e-3)
    assert heard.channels[0].rms_dbfs == pytest.approx(-20, abs=0.1)


def test_a_constant_offset_is_not_sound(tmp_path):
    heard, _ = hear(tmp_path, np.full((1, S), 0.3))
    assert heard.silent
    assert heard.channels[0].dead


def test_channels_that_cancel_leave_the_louder_one(tmp_path, rng):
    voice = rng.normal(0, 0.1, S)
    heard, mono = hear(tmp_path, np.stack([0.9 * voice, -voice]))
    assert heard.mix["how"] == "loudest"
    assert heard.mix["of"] == [2]
    np.testing.assert_allclose(mono, -voice, atol=1e-3)


def test_one_channel_among_quiet_ones_is_not_cancellation(tmp_path, rng):
    samples = np.stack([rng.normal(0, 0.1, S), *(rng.normal(0, 0.001, S) for _ in range(5))])
    heard, _ = hear(tmp_path, samples)
    assert heard.mix["how"] == "mean"


def test_timecode_on_a_channel_is_read_and_kept_out_of_the_mix(tmp_path, rng):
    first = Timecode.parse("10:20:30;00", rate=Fraction(30000, 1001))
    code = encode(first, frames=600, rate_hz=S, lead=777)[: 20 * S]
    voice = rng.normal(0, 0.05, code.size)
    heard, mono = hear(tmp_path, np.stack([voice, code]), find_ltc=ltc.decode)
    assert [channel.ltc for channel in heard.channels] == [False, True]
    np.testing.assert_allclose(mono, voice, atol=1e-3)
    assert heard.ltc is not None
    found = Timecode.parse(heard.ltc["label"], rate=Fraction(heard.ltc["rate"]))
    start_s = Fraction(heard.ltc["at_s"]) - Fraction(found.frames - first.frames) / found.rate
    assert heard.ltc["drop"] is True
    assert heard.ltc["channel"] == 2
    assert float(start_s) == pytest.approx(777 / S, abs=1e-5)


def test_timecode_that_was_plugged_in_late_is_still_found(tmp_path):
    code = encode(Timecode.parse("01:00:00:00", rate=Fraction(25)), frames=200, rate_hz=S, lead=30 * S)
    heard, _ = hear(tmp_path, code[np.newaxis], find_ltc=ltc.decode)
    assert heard.ltc is not None
    at_s = float(Fraction(heard.ltc["at_s"]))
    frames = Timecode.parse(heard.ltc["label"], rate=Fraction(25)).frames - 25 * 3600
    assert at_s - frames / 25 == pytest.approx(30, abs=1e-4)
    assert heard.silent


def test_a_float_recording_over_full_scale_is_turned_down_not_clipped(tmp_path):
    wave = 4 * np.sin(np.arange(S) * 0.05)
    heard, mono = hear(tmp_path, wave[np.newaxis])
    assert heard.mix["gain_db"] == pytest.approx(-12.04, abs=0.02)
    assert np.abs(mono).max() == pytest.approx(1, abs=1e-3)
    np.testing.assert_allclose(mono, wave / 4, atol=2e-3)


def test_the_waveform_has_a_pair_for_every_hundredth(tmp_path):
    samples = np.zeros((1, S + 100))
    samples[0, 4800 : 4800 + 480] = 0.5
    samples[0, 4900] = -1
    hear(tmp_path, samples)
    peaks = np.load(tmp_path / "peaks.npy")
    assert peaks.shape == (101, 2)
    assert peaks.dtype == np.int8
    assert peaks[10].tolist() == [-127, 64]
    assert peaks[9].tolist() == [0, 0]


def test_nothing_to_hear_is_an_empty_mix(tmp_path):
    heard, mono = hear(tmp_path, np.zeros((0, 0)))
    assert heard.silent
    assert mono.shape == (0,)
    assert heard.ltc is None


def test_nothing_is_left_beside_the_mix(tmp_path, rng):
    hear(tmp_path, rng.normal(0, 0.1, (2, S)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["peaks.npy", "sound.npy"]


def test_a_sample_that_is_no_number_is_silence(tmp_path):
    samples = np.full((1, S), 0.1)
    samples[0, :] *= np.sign(np.sin(np.arange(S)))
    samples[0, 100] = np.nan
    heard, mono = hear(tmp_path, samples)
    assert np.isfinite(mono).all()
    assert heard.channels[0].rms_dbfs == pytest.approx(-20, abs=0.1)


def test_another_number_of_channels_is_refused(tmp_path):
    listener = Hearing(channels=2, into=tmp_path)
    with pytest.raises(MediaError, match="2 channels"):
        listener.feed(np.zeros((1, 10), dtype=np.float32))
