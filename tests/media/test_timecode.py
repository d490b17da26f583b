"""A timecode is a label that exists, or a sentence."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from answerprint.media import rates, timecode
from answerprint.media.names import log_curve, sensor_rate
from answerprint.model.records import AudioStream, Bext, MediaInfo
from answerprint.model.time import RATES

NTSC = Fraction(1000, 1001)


@pytest.mark.parametrize(
    ("text", "rate", "label", "noted"),
    [
        ("10:00:00;02", 30 * NTSC, "10:00:00;02", False),
        ("10:01:00;00", 30 * NTSC, "10:01:00:00", True),  # a label that drop-frame skips: the flag lies
        ("10:00:00;02", 24 * NTSC, "10:00:00:02", True),
        ("10:00:00:25", Fraction(25), None, True),
        ("25:00:00:00", Fraction(25), None, True),
        ("garbage\n\ud800", Fraction(25), None, True),
    ],
)
def test_labels_are_read_mended_or_noted(text, rate, label, noted):
    read = timecode.from_label(text, rate=rate, source="tmcd")
    assert read.label == label
    assert (read.note is not None) is noted
    if read.note:
        assert "\n" not in read.note
        read.note.encode("utf-8")


@pytest.mark.parametrize(
    ("digits", "rate", "label"),
    [
        ("12345910", Fraction(25), "10:59:34:12"),
        ("42000010", 30 * NTSC, "10:00:00;02"),
        ("12000010", Fraction(50), "10:00:00:24"),
        ("zz000010", Fraction(25), None),
    ],
)
def test_sony_digits_are_read_frames_first(digits, rate, label):
    assert timecode.from_bcd(digits, rate=rate, source="rtmd").label == label


def test_a_drop_flag_in_ixml_at_24_is_a_lie_that_is_said():
    read = timecode.from_bext(Bext(time_reference=48000 * 60, rate=Fraction(24), drop=True), rate_hz=48000)
    assert read is not None
    assert read.label == "00:01:00:00"
    assert read.note is not None


def test_time_since_midnight_is_exact_to_the_sample():
    stream = AudioStream(index=0, codec="pcm_s24le", rate_hz=48000, channels=1, duration_s=Fraction(1))
    sound = MediaInfo(kind="sound", container="wav", duration_s=Fraction(1), audio=(stream,), bext=Bext(time_reference=48001))
    assert timecode.since_midnight(sound) == Fraction(48001, 48000)
    clip = MediaInfo(kind="clip", container="mov", duration_s=Fraction(1), timecode="01:00:00:00", timecode_rate=24 * NTSC)
    assert timecode.since_midnight(clip) == 3600 * Fraction(1001, 1000)
    assert timecode.since_midnight(replace(clip, timecode=None)) is None


@pytest.mark.parametrize("rate", list(RATES.values()))
@pytest.mark.parametrize("base", [Fraction(1, 1000), Fraction(1, 90000), Fraction(1, 12800)])
def test_a_rate_survives_the_rounding_of_its_container(rate, base):
    stamps = [round(number / rate / base) for number in range(500)]
    assert rates.judge(stamps, time_base=base, said=()) == (rate, False)


def test_a_rate_named_as_a_rounded_fraction_is_the_camera_rate():
    base = Fraction(1, 90000)
    stamps = [round(number * 1001 / Fraction(30000) / base) for number in range(300)]
    assert rates.judge(stamps, time_base=base, said=(Fraction(2997, 100),)) == (30 * NTSC, False)


def test_an_odd_rate_is_kept_as_it_is():
    stamps = [number * 384 for number in range(300)]
    assert rates.judge(stamps, time_base=Fraction(1, 11456), said=(Fraction(179, 6),)) == (Fraction(179, 6), False)


def test_a_container_that_names_a_wrong_rate_is_not_believed():
    stamps = [number * 3600 for number in range(100)]
    assert rates.judge(stamps, time_base=Fraction(1, 90000), said=(Fraction(50), Fraction(24))) == (25, False)


def test_without_stamps_the_container_is_believed():
    assert rates.judge([], time_base=Fraction(1, 25), said=(None, Fraction(24000, 1001))) == (24 * NTSC, False)


@pytest.mark.parametrize(
    ("tags", "curve"),
    [
        ({"gamma": "S-Log3"}, "S-Log3"),
        ({"com.arri.camera.ColorGammaSxS": "LOG-C"}, "LogC3"),
        ({"title": "Blog"}, None),
        ({"comment": "shot in S-Log3"}, None),
    ],
)
def test_a_log_curve_is_named_only_where_a_value_is_its_name(tags, curve):
    assert log_curve(tags) == curve


@pytest.mark.parametrize(
    ("tags", "rate"),
    [
        ({"com.maker.camera.SensorFps": "120.000"}, Fraction(120)),
        ({"captureFps": "119.88p"}, 120 * NTSC),
        ({"com.android.capture.fps": "47.952"}, 48 * NTSC),
        ({"com.apple.quicktime.fps": "47.952"}, None),
        ({"fps": "120"}, None),
        ({"captureFps": "?"}, None),
    ],
)
def test_a_sensor_rate_is_read_from_the_makers_key(tags, rate):
    assert sensor_rate(tags) == rate
