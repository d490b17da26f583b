"""Loudness as FFmpeg's own meter reads it, on the encoded file; and what one gain can do."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from answerprint.delivery import DeliveryError
from answerprint.delivery.loudness import NO_PEAK_DB, SILENT_LUFS, Measure, Meter, level, measure, programme
from answerprint.media.probe import probe
from answerprint.model.delivery import Loudness
from tests.delivery.films import Film, web_film, write

EU = Loudness(target_lufs=-23.0, tolerance_lu=0.5, true_peak_dbtp=-1.0, short_term_max_lufs=-18.0)


def golden(path: Path) -> tuple[float, float, float]:
    """Integrated, true peak and loudest 3 s as the static FFmpeg says them."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostats", "-i", str(path), "-vn", "-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    summary = said[said.rindex("Summary:") :]
    short = [float(one) for one in re.findall(r" S:\s*(-?[\d.]+)", said)]
    integrated, peak = re.search(r"I:\s+(-?[\d.]+) LUFS", summary), re.search(r"Peak:\s+(-?[\d.]+) dBFS", summary)
    assert integrated is not None
    assert peak is not None
    return float(integrated[1]), float(peak[1]), max(short[29:])


@pytest.mark.parametrize(
    "film",
    [
        web_film(frames=150, music="drums", lufs=-16.0, name="aac"),
        Film(frames=150, music="speech", sound_rate=44_100, name="pcm"),
        Film(frames=110, layouts=("5.1",), name="surround"),
    ],
    ids=lambda film: film.name,
)
def test_our_figures_are_those_of_ffmpegs_meter_on_the_encoded_file(film: Film, tmp_path: Path) -> None:
    path = write(film, tmp_path)
    found = measure(path)
    integrated, peak, short = golden(path)
    assert found.integrated_lufs == pytest.approx(integrated, abs=0.1)
    assert found.true_peak_dbtp == pytest.approx(peak, abs=0.1)
    assert found.short_term_max_lufs == pytest.approx(short, abs=0.1)


def test_two_tracks_of_one_channel_are_one_stereo_programme(tmp_path: Path) -> None:
    pair, apart = Film(name="pair"), Film(name="apart", layouts=("mono", "mono"))
    one, other = (write(film, tmp_path) for film in (pair, apart))
    assert programme(probe(other).audio) == (0, 1)
    assert measure(one).integrated_lufs == pytest.approx(measure(other).integrated_lufs, abs=0.01)


def test_a_tone_reads_what_the_standard_says() -> None:
    """ITU-R BS.1770-4: 0 dBFS at 997 Hz on one front channel is -3.01 LKFS; EBU Tech 3341, case 1: -23 dBFS on both is -23 LUFS."""
    tone = np.sin(2 * np.pi * 1000 * np.arange(20 * 48_000) / 48_000) * 10 ** (-23 / 20)
    meter = Meter(rate_hz=48_000, channels=2)
    meter.push(np.stack([tone, tone]).astype(np.float32))
    found = meter.finish()
    assert found.integrated_lufs == pytest.approx(-23.0, abs=0.1)
    assert found.short_term_max_lufs == pytest.approx(-23.0, abs=0.1)


def test_a_peak_between_samples_at_the_very_end_is_found() -> None:
    """A quarter of the sample rate, an eighth of a turn late: every sample lies 3 dB below the wave's crest."""
    wave = np.sin(2 * np.pi * np.arange(48_777) / 4 + np.pi / 4) * np.clip((np.arange(48_777) - 48_000) / 300, 0, 1)
    meter = Meter(rate_hz=48_000, channels=1)
    meter.push(wave[np.newaxis].astype(np.float32))
    assert 20 * np.log10(np.abs(wave).max()) == pytest.approx(-3.0, abs=0.1)
    assert meter.finish().true_peak_dbtp > -1.0


def test_silence_has_no_infinite_figures() -> None:
    meter = Meter(rate_hz=48_000, channels=2)
    meter.push(np.zeros((2, 200_000), np.float32))
    assert meter.finish() == Measure(SILENT_LUFS, NO_PEAK_DB, SILENT_LUFS, 0.0)


def test_a_film_without_sound_says_so(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="has no sound to measure"):
        measure(write(Film(frames=10, sound_codec=None), tmp_path))


@pytest.mark.parametrize("channels", [3, 4, 7])
def test_a_layout_without_a_definition_is_refused(channels: int) -> None:
    with pytest.raises(DeliveryError, match="no layout whose loudness"):
        Meter(rate_hz=48_000, channels=channels)


def found(integrated: float, peak: float = -9.0, short: float = -20.0) -> Measure:
    return Measure(integrated, peak, short, 5.0)


def test_a_persons_mix_inside_the_tolerance_is_never_touched() -> None:
    assert level(found(-23.4), EU, mixed=True).gain_db == 0.0
    assert level(found(-23.4), EU, mixed=True).holds


def test_what_the_machine_assembled_is_levelled_to_the_target() -> None:
    assert level(found(-23.4), EU, mixed=False).gain_db == pytest.approx(0.4)
    assert level(found(-23.1), EU, mixed=False).gain_db == 0.0


def test_a_mix_outside_is_offered_one_gain() -> None:
    offered = level(found(-20.0, peak=-6.0, short=-17.5), EU, mixed=True)
    assert offered.gain_db == pytest.approx(-3.0)
    assert offered.holds


def test_a_mix_that_no_gain_can_bring_there_goes_back_to_the_mixer() -> None:
    offered = level(found(-30.0, peak=-3.0), EU, mixed=True)
    assert (offered.gain_db, offered.holds) == (0.0, False)
    assert "goes back to the mixer" in offered.says


def test_peaks_hold_the_machines_own_gain_down() -> None:
    offered = level(found(-30.0, peak=-3.0, short=-28.0), EU, mixed=False)
    assert offered.gain_db == pytest.approx(2.0)
    assert not offered.holds


def test_silence_is_not_turned_up() -> None:
    assert level(found(SILENT_LUFS, NO_PEAK_DB, SILENT_LUFS), EU, mixed=False).gain_db == 0.0
