"""Sound is found at the sample where it is, in every container, from any start."""

from __future__ import annotations

import os
from dataclasses import replace
from fractions import Fraction

import av
import numpy as np
import pytest

from answerprint.media import MediaError, audio, bwf
from answerprint.media.probe import probe
from tests.media.making import click, clip


@pytest.fixture
def rng():
    return np.random.default_rng(3)


@pytest.mark.parametrize(
    ("name", "codec", "smear"),
    [
        ("a.mov", "pcm_s16le", 0),
        ("a.mov", "pcm_s24le", 0),
        ("a.mp4", "aac", 2),
        ("a.mkv", "pcm_s16le", 24),
        ("a.avi", "pcm_s16le", 0),
    ],
)
@pytest.mark.parametrize("at", [0, 1, 1023, 24000, 40001])
def test_a_click_beside_picture_is_where_it_was_put(tmp_path, name, codec, smear, at):
    path = clip(tmp_path / name, frames=26, sounds=[click(at)], sound_codec=codec)
    heard = audio.read(path, probe(path))
    assert abs(int(np.abs(heard.samples[0]).argmax()) - at) <= smear
    assert heard.start_s == 0


@pytest.mark.parametrize("at", [0, 777, 40001])
def test_mxf_streams_of_one_channel_become_channels_in_order(tmp_path, at):
    sounds = [click(at), click(at // 2)]
    path = clip(tmp_path / "a.mxf", frames=25, codec="mpeg2video", sounds=sounds, sound_codec="pcm_s16le")
    heard = audio.read(path, probe(path))
    assert heard.samples.shape[0] == 2
    assert [int(channel.argmax()) for channel in heard.samples] == [at, at // 2]


@pytest.mark.parametrize("start", [0, 1, 4799, 48000, 95999])
def test_a_stretch_begins_at_its_sample(tmp_path, rng, start):
    samples = rng.uniform(-0.9, 0.9, (3, 96000)).astype(np.float32)
    path = tmp_path / "a.wav"
    bwf.write(path, samples, rate_hz=48000)
    heard = audio.read(path, probe(path), start_s=Fraction(start, 48000), duration_s=Fraction(1, 100))
    expected = samples[:, start : start + 480]
    assert heard.start_s == Fraction(start, 48000)
    np.testing.assert_allclose(heard.samples, expected, atol=2**-23)


def test_a_stretch_of_a_coded_clip_is_that_of_the_whole(tmp_path, rng):
    noise = np.cumsum(rng.normal(0, 0.01, (2, 5 * 48000)), axis=1).astype(np.float32)
    noise = np.clip(noise - noise.mean(axis=1, keepdims=True), -0.9, 0.9)
    path = clip(tmp_path / "a.mp4", frames=125, sounds=[noise], sound_codec="aac")
    info = probe(path)
    whole = audio.read(path, info)
    part = audio.read(path, info, start_s=Fraction(3), duration_s=Fraction(1, 2))
    expected = whole.samples[:, 3 * 48000 : 3 * 48000 + 24000]
    # AAC fills bands with noise that the decoder makes anew each time: alike, not the same; a sample late would be ten times this
    assert np.sqrt(np.mean((part.samples - expected) ** 2)) < 0.005
    assert np.sqrt(np.mean((part.samples - expected) ** 2)) < np.sqrt(np.mean((part.samples[:, 1:] - expected[:, :-1]) ** 2))


@pytest.mark.parametrize("rate_hz", [16000, 44100, 96000])
def test_resampling_moves_nothing(tmp_path, rate_hz):
    time = (np.arange(rate_hz) - rate_hz // 2) / rate_hz
    bump = (0.8 * np.exp(-((time * 800) ** 2))).astype(np.float32)
    path = tmp_path / "a.wav"
    bwf.write(path, np.stack([bump, bump / 2]), rate_hz=rate_hz)
    heard = audio.read(path, probe(path), rate_hz=48000)
    assert heard.samples.shape[1] == pytest.approx(48000, abs=1)
    weights = heard.samples[0].astype(float) ** 2
    centre = float((np.arange(weights.size) * weights).sum() / weights.sum())
    assert centre == pytest.approx(rate_hz // 2 / rate_hz * 48000, abs=0.05)


def test_any_number_of_channels_keeps_its_order(tmp_path):
    samples = np.stack([np.full(4800, 0.01 * (channel + 1), dtype=np.float32) for channel in range(24)])
    path = tmp_path / "poly.wav"
    bwf.write(path, samples, rate_hz=44100)
    heard = audio.read(path, probe(path), rate_hz=48000)
    np.testing.assert_allclose(heard.samples[:, 2000], 0.01 * np.arange(1, 25), atol=1e-3)


def test_chosen_channels_come_in_the_order_asked(tmp_path):
    path = tmp_path / "a.wav"
    bwf.write(path, np.stack([np.full(100, 0.1), np.full(100, 0.2), np.full(100, 0.3)]), rate_hz=48000)
    heard = audio.read(path, probe(path), channels=[2, 0])
    np.testing.assert_allclose(heard.samples[:, 50], [0.3, 0.1], atol=1e-6)
    assert heard.mono()[50] == pytest.approx(0.2, abs=1e-6)


def test_picture_that_starts_late_is_time_zero(tmp_path):
    """The picture's first frame at 0.4 s: what sounds before it is cut, the click after it moves to the front."""
    path = clip(tmp_path / "a.mkv", frames=20, stamps=range(10, 30), sounds=[click(24000)], sound_codec="pcm_s16le")
    info = probe(path)
    assert info.video is not None
    assert info.video.start_s == Fraction(2, 5)
    heard = audio.read(path, info)
    assert abs(int(heard.samples[0].argmax()) - (24000 - 19200)) <= 24


def test_a_file_cut_short_gives_what_is_there_and_says_so(tmp_path, rng):
    path = tmp_path / "a.wav"
    bwf.write(path, rng.uniform(-0.5, 0.5, (1, 96000)), rate_hz=48000)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    info = probe(path)
    assert any("cut off" in note for note in info.notes)
    heard = audio.read(path, info)
    assert heard.samples.shape[1] == pytest.approx(48000, rel=0.02)


def test_a_clip_without_sound_gives_no_channels(tmp_path):
    path = clip(tmp_path / "mos.mov")
    heard = audio.read(path, probe(path))
    assert heard.samples.shape == (0, 0)
    assert list(audio.blocks(path, probe(path))) == []


def test_blocks_joined_are_the_whole_and_none_is_long(tmp_path, rng):
    path = tmp_path / "a.wav"
    samples = rng.uniform(-0.5, 0.5, (2, 48000 * 5 + 123)).astype(np.float32)
    bwf.write(path, samples, rate_hz=48000)
    blocks = list(audio.blocks(path, probe(path)))
    assert max(block.shape[1] for block in blocks) <= 48000
    np.testing.assert_allclose(np.concatenate(blocks, axis=1), samples, atol=2**-22)


def test_a_hole_in_the_stamps_is_silence_of_its_length(tmp_path):
    path = clip(tmp_path / "a.mov", frames=50)
    info = probe(path)
    stream = probe(_wav(tmp_path / "a.wav", click(0))).audio[0]
    joiner = audio.Joiner(replace(info, audio=(stream,)), rate_hz=48000)
    out = []
    for start in (0, 1024, 1024 * 20):
        frame = av.AudioFrame.from_ndarray(np.full((1, 1024), 0.5, np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48000, start, Fraction(1, 48000)
        out += list(joiner.push(stream.index, frame))
    out += list(joiner.flush())
    heard = np.concatenate(out, axis=1)[0]
    assert heard.size == 1024 * 21
    assert np.flatnonzero(heard == 0).tolist() == list(range(2048, 1024 * 20))
    assert any("gap" in note for note in joiner.notes)


def _wav(path, samples):
    bwf.write(path, samples, rate_hz=48000)
    return path


def test_a_file_that_is_gone_says_so(tmp_path):
    path = _wav(tmp_path / "a.wav", click(5))
    info = probe(path)
    os.remove(path)
    with pytest.raises(MediaError, match="not there"):
        audio.read(path, info)


@pytest.mark.parametrize("start", [Fraction(-1), Fraction(0)])
def test_a_stretch_that_cannot_be_is_refused(tmp_path, start):
    path = _wav(tmp_path / "a.wav", click(5))
    with pytest.raises(ValueError, match="time zero"):
        audio.read(path, probe(path), start_s=start, duration_s=Fraction(-1))
