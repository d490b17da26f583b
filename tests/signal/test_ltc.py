"""Longitudinal timecode is read exactly, or not at all."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from answerprint.model.time import Timecode
from answerprint.signal import ltc

NTSC = Fraction(1000, 1001)
RATES = [(24 * NTSC, False), (Fraction(24), False), (Fraction(25), False), (30 * NTSC, False), (30 * NTSC, True), (Fraction(30), False),
         (Fraction(30), True)]  # fmt: skip


def word(code: Timecode, user: int = 0x50A3_0F77) -> list[int]:
    """The 80 bits of one frame, by the table of ST 12-1; user bits filled so that they look like anything but zeros."""
    hours, minutes, seconds, frames = (int(part) for part in str(code).replace(";", ":").split(":"))
    bits = [0] * 80
    for value, units, tens, width in ((frames, 0, 8, 2), (seconds, 16, 24, 3), (minutes, 32, 40, 3), (hours, 48, 56, 2)):
        for i in range(4):
            bits[units + i] = (value % 10) >> i & 1
        for i in range(width):
            bits[tens + i] = (value // 10) >> i & 1
    for group in range(8):
        for i in range(4):
            bits[4 + group * 8 + i] = user >> (group * 4 + i) & 1
    bits[10] = int(code.drop)
    bits[64:80] = [0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1]
    if sum(bits) % 2:
        bits[59 if code.nominal == 25 else 27] ^= 1  # the polarity correction bit: an even number of zeros in each word
    return bits


def encode(
    first: Timecode, *, frames: int, rate_hz: int, lead: float = 0.0, level: float = 0.3, ppm: float = 0.0
) -> NDArray[np.float64]:
    """A square wave with the edges where they fall between samples; the first frame starts at sample `lead`."""
    cell = rate_hz / float(first.rate) / 80 * (1 + ppm * 1e-6)
    edges, at = [], lead
    for number in range(frames):
        for bit in word(first.plus(number)):
            edges += [at, at + cell / 2] if bit else [at]
            at += cell
    edges.append(at)
    fine = 8  # eight points a sample, averaged: a band-limited edge to an eighth of a sample
    wave = np.zeros((int(at) + 2) * fine)
    marks = np.round((np.array(edges) + 0.5) * fine).astype(int)  # a sample stands for the half sample on each side of it
    sign = 1.0
    for start, end in pairwise(marks):
        wave[start:end] = sign
        sign = -sign
    return level * wave.reshape(-1, fine).mean(axis=1)


@pytest.mark.parametrize(
    ("label", "rate", "made_by_libltc"),
    [
        ("10:00:00:00", Fraction(25), "50a0000000003001fcbf"),
        ("09:59:58;12", 30 * NTSC, "52a5080d09053900fcbf"),
        ("23:59:59:00", 24 * NTSC, "50a0090509053302fcbf"),
        ("00:59:59;20", Fraction(30), "50a6090d09053000fcbf"),
    ],
)
def test_the_words_of_these_tests_are_those_of_libltc(label, rate, made_by_libltc):
    bits = word(Timecode.parse(label, rate=rate), user=0x0300_00A5)
    assert np.packbits(np.array(bits, dtype=np.uint8), bitorder="little").tobytes().hex() == made_by_libltc


def test_midnight_is_no_break():
    first = Timecode.parse("23:59:59:12", rate=Fraction(24))
    heard = ltc.decode(encode(first, frames=48, rate_hz=48000, lead=50), 48000)
    assert heard is not None
    assert heard.agree == 1.0
    assert heard.label == "23:59:59:13"


def start_of(first: Timecode, heard: ltc.Ltc | None) -> float:
    """Where the first frame starts by what was heard, also where its own first edge came out of silence and could not be seen."""
    assert heard is not None
    frames = Timecode.parse(heard.label, rate=first.rate).frames - first.frames
    assert 0 <= frames <= 2
    return float(heard.at_sample) - frames * heard.samples_per_frame


@pytest.mark.parametrize(("rate", "drop"), RATES)
@pytest.mark.parametrize("rate_hz", [44100, 48000, 96000])
def test_every_rate_is_told_and_placed_to_a_fifth_of_a_sample(rate, drop, rate_hz):
    first = Timecode.parse("09:59:58;12" if drop else "09:59:58:12", rate=rate)
    heard = ltc.decode(encode(first, frames=60, rate_hz=rate_hz, lead=123.4), rate_hz)
    assert start_of(first, heard) == pytest.approx(123.4, abs=0.2)
    assert heard is not None
    assert (heard.drop, heard.rate) == (drop, rate)
    assert heard.agree == 1.0
    assert heard.frames == 58  # the first and the last word have an edge on silence


@pytest.mark.parametrize("change", ["inverted", "faint", "hot", "offset", "hum", "fading"])
def test_level_polarity_and_hum_do_not_matter(change):
    first = Timecode.parse("01:02:03:04", rate=Fraction(25))
    wave = encode(first, frames=50, rate_hz=48000, lead=480)
    time = np.arange(wave.size) / 48000
    wave = {
        "inverted": -wave,
        "faint": wave * 0.003,
        "hot": np.clip(wave * 20, -1, 1),
        "offset": wave + 0.2,
        "hum": wave + 0.1 * np.sin(2 * np.pi * 50 * time),
        "fading": wave * np.linspace(0.05, 1, wave.size),
    }[change]
    heard = ltc.decode(wave, 48000)
    assert start_of(first, heard) == pytest.approx(480, abs=2)


def test_noise_at_20_db_moves_it_by_less_than_a_sample(rng):
    first = Timecode.parse("10:00:00:00", rate=Fraction(24))
    wave = encode(first, frames=96, rate_hz=48000, lead=1000)
    noisy = wave + rng.normal(0, 0.3 / 10, wave.size)
    heard = ltc.decode(noisy, 48000)
    assert start_of(first, heard) == pytest.approx(1000, abs=1)
    assert heard is not None
    assert heard.agree > 0.9


def test_a_rounded_and_filtered_wave_is_still_read():
    """What a camera's microphone input leaves of it: no edges, 5 kHz of bandwidth, and no direct current."""
    wave = encode(Timecode.parse("14:30:00:00", rate=30 * NTSC), frames=60, rate_hz=48000, lead=700)
    spectrum = np.fft.rfft(wave)
    hertz = np.fft.rfftfreq(wave.size, 1 / 48000)
    spectrum[(hertz > 5000) | (hertz < 60)] = 0
    heard = ltc.decode(np.fft.irfft(spectrum, wave.size), 48000)
    assert heard is not None
    assert heard.label in ("14:30:00:00", "14:30:00:01")


def test_a_generator_that_runs_fast_keeps_its_rate_and_shows_its_speed():
    heard = ltc.decode(encode(Timecode.parse("00:00:10:00", rate=Fraction(25)), frames=200, rate_hz=48000, ppm=80), 48000)
    assert heard is not None
    assert heard.rate == 25
    assert heard.samples_per_frame == pytest.approx(1920 * (1 + 80e-6), rel=2e-6)


def test_a_cut_into_the_middle_of_a_word_starts_at_the_next():
    wave = encode(Timecode.parse("12:00:00:00", rate=Fraction(25)), frames=30, rate_hz=48000)[700:]
    heard = ltc.decode(wave, 48000)
    assert heard is not None
    assert heard.label == "12:00:00:01"
    assert float(heard.at_sample) == pytest.approx(1920 - 700, abs=0.2)


def test_a_dropout_does_not_break_the_line():
    wave = encode(Timecode.parse("12:00:00:00", rate=Fraction(25)), frames=75, rate_hz=48000)
    wave[30000:52000] = 0
    heard = ltc.decode(wave, 48000)
    assert heard is not None
    assert heard.label == "12:00:00:01"
    assert heard.frames == pytest.approx(75 - 13, abs=2)
    assert heard.agree == 1.0


def speech_like(rng, size: int) -> NDArray[np.float64]:
    """Voiced pulses through two resonances, in syllables."""
    time = np.arange(size) / 48000
    pulses = np.sign(np.sin(2 * np.pi * (120 + 20 * np.sin(2 * np.pi * 0.7 * time)) * time))
    syllables = np.clip(np.sin(2 * np.pi * 3.3 * time), 0, 1)
    return 0.3 * pulses * syllables + 0.01 * rng.standard_normal(size)


@pytest.mark.parametrize("what", ["silence", "noise", "sine", "square", "speech", "clicks", "offset", "random bits"])
def test_other_sound_is_not_timecode(what, rng):
    size = 4 * 48000
    time = np.arange(size) / 48000
    wave = {
        "silence": np.zeros(size),
        "noise": rng.standard_normal(size) * 0.2,
        "sine": np.sin(2 * np.pi * 1000 * time),
        "square": np.sign(np.sin(2 * np.pi * 1920 * time)),
        "speech": speech_like(rng, size),
        "clicks": (rng.random(size) < 0.001).astype(float),
        "offset": np.ones(size),
        "random bits": np.repeat(rng.choice([-1.0, 1.0], size // 12), 12),
    }[what]
    assert ltc.decode(wave, 48000) is None


def test_too_short_and_empty_are_not_timecode():
    wave = encode(Timecode.parse("12:00:00:00", rate=Fraction(25)), frames=2, rate_hz=48000)
    assert ltc.decode(wave, 48000) is None
    assert ltc.decode(np.zeros(0), 48000) is None


def test_backwards_is_not_timecode():
    assert ltc.decode(encode(Timecode.parse("12:00:00:00", rate=Fraction(25)), frames=50, rate_hz=48000)[::-1], 48000) is None


def test_two_channels_at_once_are_refused():
    with pytest.raises(ValueError, match="one dimension"):
        ltc.decode(np.zeros((2, 48000)), 48000)


@pytest.fixture
def rng():
    return np.random.default_rng(7)
