"""Laws of exact time."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerprint.model.time import RATES, Span, Timecode, TimecodeError, floor_frames, number, parse_rate, rate_name, round_half_up

NTSC = Fraction(30000, 1001)


@pytest.mark.parametrize(
    ("text", "rate"),
    [("23.976", Fraction(24000, 1001)), ("23.98", Fraction(24000, 1001)), ("24000/1001", Fraction(24000, 1001)), ("25", Fraction(25)), ("29.97", NTSC), ("59.94p", Fraction(60000, 1001)), ("12.5", Fraction(25, 2))],
)  # fmt: skip
def test_a_rate_is_read_as_people_write_it(text: str, rate: Fraction) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize("text", ["", "film", "0", "-25", "24/0", "2000"])
def test_what_is_not_a_rate_says_so(text: str) -> None:
    with pytest.raises(TimecodeError, match="frame rate"):
        parse_rate(text)


def test_every_rate_has_one_name_that_reads_back() -> None:
    assert [parse_rate(rate_name(rate)) for rate in RATES.values()] == list(RATES.values())


# SMPTE ST 12-1: labels and the frames they stand for, as ffmpeg's timecode burn-in counts them
@pytest.mark.parametrize(
    ("label", "rate", "frames"),
    [("00:01:00;02", NTSC, 1800), ("00:10:00;00", NTSC, 17982), ("01:00:00;00", NTSC, 107892), ("23:59:59;29", NTSC, 2589407), ("00:01:00;04", Fraction(60000, 1001), 3600), ("01:00:00:00", Fraction(24000, 1001), 86400), ("01:00:00:00", NTSC, 108000)],
)  # fmt: skip
def test_known_labels_stand_for_known_frames(label: str, rate: Fraction, frames: int) -> None:
    timecode = Timecode.parse(label, rate=rate)
    assert timecode.frames == frames
    assert str(timecode) == label


@given(st.integers(0, 2589407), st.sampled_from([(NTSC, True), (NTSC, False), (Fraction(30), True), (Fraction(60000, 1001), True), (Fraction(25), False)]))
def test_a_label_reads_back_as_the_frame_it_was_written_for(frames: int, kind: tuple[Fraction, bool]) -> None:
    rate, drop = kind
    timecode = Timecode(frames=frames, rate=rate, drop=drop)
    assert Timecode.parse(str(timecode), rate=rate) == timecode


@pytest.mark.parametrize("label", ["00:01:00;00", "00:01:00;01", "10:59:00;01"])
def test_labels_that_drop_frame_skips_do_not_exist(label: str) -> None:
    with pytest.raises(TimecodeError, match="does not exist in drop-frame"):
        Timecode.parse(label, rate=NTSC)


@pytest.mark.parametrize("label", ["", "1:2:3", "24:00:00:00", "00:60:00:00", "00:00:00:25", "aa:bb:cc:dd"])
def test_what_is_not_a_timecode_says_so(label: str) -> None:
    with pytest.raises(TimecodeError):
        Timecode.parse(label, rate=Fraction(25))


def test_drop_frame_is_numbering_not_rate() -> None:
    true_thirty = Timecode.parse("00:10:00;00", rate=Fraction(30))
    assert true_thirty.seconds == Fraction(17982, 30)
    with pytest.raises(TimecodeError, match="not at 25"):
        Timecode(frames=0, rate=Fraction(25), drop=True)


def test_midnight_wraps() -> None:
    last = Timecode.parse("23:59:59:24", rate=Fraction(25))
    assert str(last.plus(1)) == "00:00:00:00"
    assert str(last.plus(1).plus(-1)) == "23:59:59:24"


def test_a_range_shares_its_end_with_nobody() -> None:
    first = Span(start_s=Fraction(0), end_s=Fraction(1))
    second = Span(start_s=Fraction(1), end_s=Fraction(2))
    assert first.overlap(second) is None
    assert first.overlap(Span(start_s=Fraction(1, 2), end_s=Fraction(3))) == Span(start_s=Fraction(1, 2), end_s=Fraction(1))
    with pytest.raises(TimecodeError):
        Span(start_s=Fraction(2), end_s=Fraction(1))


@given(st.fractions(min_value=0, max_value=10**6), st.sampled_from(list(RATES.values())))
def test_the_frame_on_screen_has_started_and_not_ended(seconds: Fraction, rate: Fraction) -> None:
    frame = floor_frames(seconds, rate)
    assert frame / rate <= seconds < (frame + 1) / rate


def test_a_half_goes_up() -> None:
    assert [round_half_up(Fraction(n, 2)) for n in (-3, -1, 1, 3)] == [-1, 0, 1, 2]


@pytest.mark.parametrize(("text", "value"), [("12.5", Fraction(25, 2)), (" 4 ", Fraction(4)), ("1001/30000", Fraction(1001, 30000)), (".5", Fraction(1, 2)), ("5.", Fraction(5)), ("-1", Fraction(-1))])
def test_a_number_is_read_as_people_write_it(text: str, value: Fraction) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["1e999999999", "1e-999999999", "9" * 5000, "nan", "", "1_000"])
def test_a_number_that_would_be_reckoned_for_hours_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="is no number"):
        number(text)
    with pytest.raises(TimecodeError, match="is not a frame rate"):
        parse_rate(text)
