"""A cleaned sound and what was removed are the original, bit for bit, as long and as early."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from answerprint.media import MediaError, audio, bwf, rnnoise, strips, twins
from answerprint.media.pcm import Writer
from answerprint.media.probe import probe
from answerprint.model.records import Bext

DRAW = np.random.default_rng(3)


def recording(path: Path, rate_hz: int, seconds: float = 4.2) -> Path:
    """Two channels: noise with hum and a dropout, and a square wave as timecode is."""
    place = np.arange(int(seconds * rate_hz)) / rate_hz
    x = DRAW.standard_normal(place.size) * 0.002 + 0.01 * np.sin(2 * np.pi * 50 * place)
    x[3 * rate_hz : 3 * rate_hz + rate_hz // 10] = 0
    bext = Bext(description="a day", time_reference=3600 * rate_hz, scene="1A", take="2")
    bwf.write(path, np.stack([x, np.sign(np.sin(2 * np.pi * 2400 * place)) * 0.3]), rate_hz=rate_hz, bext=bext)
    return path


def samples(path: Path) -> np.ndarray:
    return audio.read(path, probe(path)).samples.astype(np.float64)


@pytest.mark.parametrize("rate_hz", [48_000, 44_100])
def test_cleaned_and_removed_add_up_to_the_original(tmp_path: Path, rate_hz: int) -> None:
    path = recording(tmp_path / "T001.wav", rate_hz)
    made = twins.make(path, probe(path), tmp_path, leave={2: "it carries timecode"})
    original, cleaned, removed = samples(path), samples(tmp_path / "cleaned.wav"), samples(tmp_path / "removed.wav")
    assert np.array_equal(cleaned + removed, original)
    assert np.array_equal(cleaned[1], original[1])
    for name in ("cleaned.wav", "removed.wav"):
        assert probe(tmp_path / name).bext == probe(path).bext
    hum, timecode = made.channels
    assert hum.hum_hz == pytest.approx(50, abs=0.1)
    assert timecode.left_alone == "it carries timecode"
    assert [tuple(round(at, 3) for at in gap) for gap in hum.gaps] == [(3.0, 3.1)]
    assert cleaned[0, 3 * rate_hz + 500 : 3 * rate_hz + 2000].any()
    assert hum.floor_dbfs[0] is not None
    assert hum.floor_dbfs[1] is not None
    assert hum.floor_dbfs[1] < hum.floor_dbfs[0] - 12
    assert np.load(tmp_path / "peaks.npy").shape[0] == 3


def test_float_recordings_of_many_channels_over_full_scale_add_up_too(tmp_path: Path) -> None:
    x = (DRAW.standard_normal((3, 30_000)) * 0.7).astype(np.float32)
    with Writer(tmp_path / "f.wav", rate_hz=48_000, channels=3, bits=32) as out:
        out.feed(x)
    made = twins.make(tmp_path / "f.wav", probe(tmp_path / "f.wav"), tmp_path, leave={2: "nothing is on it", 3: "it carries timecode"})
    assert made.bits == 32
    assert np.array_equal(samples(tmp_path / "cleaned.wav") + samples(tmp_path / "removed.wav"), x.astype(np.float64))


def test_a_seam_between_two_stretches_is_not_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twins, "_STRETCH_S", 2)
    monkeypatch.setattr(twins, "_AROUND_S", 1)
    path = recording(tmp_path / "T001.wav", 48_000)
    twins.make(path, probe(path), tmp_path, leave={2: "it carries timecode"})
    cleaned, removed = samples(tmp_path / "cleaned.wav"), samples(tmp_path / "removed.wav")
    assert np.array_equal(cleaned + removed, samples(path))
    assert np.abs(np.diff(cleaned[0][90_000:102_000])).max() < 0.004


def test_without_rnnoise_the_rest_is_done_and_a_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rnnoise, "_place", lambda: None)
    path = recording(tmp_path / "T001.wav", 48_000)
    made = twins.make(path, probe(path), tmp_path, leave={})
    assert not made.denoised
    assert made.channels[0].tones
    assert "answerprint[clean]" in rnnoise.MISSING


def test_rnnoise_is_in_time_with_what_it_was_given() -> None:
    place = np.arange(48_000) / 48_000
    voice = sum(np.sin(2 * np.pi * 140 * number * place) / number for number in range(1, 20)) * 0.1 * (np.sin(2 * np.pi * 3 * place) > 0)
    heard = rnnoise.plain(np.asarray(voice, np.float64))
    likeness = np.fft.irfft(np.fft.rfft(heard, 131_072) * np.fft.rfft(voice, 131_072).conj())
    assert int(np.argmax(likeness)) in (0, *range(131_072 - 48, 131_072), *range(48))


def test_a_picture_of_a_sound_is_light_where_it_is_loud(tmp_path: Path) -> None:
    x = np.sin(2 * np.pi * 1000 * np.arange(96_000) / 48_000) * (np.arange(96_000) > 48_000) * 0.5
    bwf.write(tmp_path / "t.wav", x[None], rate_hz=48_000)
    seen = np.asarray(Image.open(io.BytesIO(strips.strip(tmp_path / "t.wav", probe(tmp_path / "t.wav"), width=100, height=40))))
    assert seen.shape == (40, 100)
    assert seen[:, 70].max() > 200
    assert seen[:, 30].max() < 20


def test_a_clip_without_sound_is_told(tmp_path: Path) -> None:
    path = recording(tmp_path / "T001.wav", 48_000, 0.5 + 3)
    with pytest.raises(MediaError, match="nothing to clean"):
        twins.make(path, replace(probe(path), audio=()), tmp_path, leave={})
