"""ALE: the day's clips as a table for Avid, and tables of others as clips."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from answerprint.timeline import TimelineError
from answerprint.timeline.cut import ClipInfo, Media, cut_info, info, range_of
from answerprint.timeline.dailies import dailies
from answerprint.timeline.formats.ale import format as ale
from tests.timeline.shoots import RATES, shoot
from tests.timeline.test_round_trip import one_clip, timeline_of


def rows(raw: bytes) -> list[dict[str, str]]:
    lines = raw.decode().splitlines()
    columns = lines[lines.index("Column") + 1].split("\t")
    return [dict(zip(columns, line.split("\t"), strict=True)) for line in lines[lines.index("Data") + 1 :]]


def read(raw: bytes, rate: str | None = None) -> tuple[Any, list[str]]:
    timelines, losses = ale.read(raw, {"name": "day.ale", "rate": rate})  # type: ignore[misc]
    return timelines[0], [f"{loss.clip}: {loss.says}" for loss in losses]


@pytest.mark.parametrize(("rate", "drop"), RATES, ids=str)
def test_every_clip_of_the_day_comes_back_with_its_range(rate: Fraction, drop: bool) -> None:
    made = dailies(shoot(rate, drop), title="First Pour", rate=rate)
    raw, _ = ale.write(made, {})  # type: ignore[misc]
    back, losses = read(raw)
    assert [(item.name, range_of(item)) for item in back.tracks[0]] == [(item.name, range_of(item)) for item in made.tracks[0]]
    assert losses == []
    assert cut_info(back).rate == rate


def test_a_row_says_what_the_days_paper_says() -> None:
    made = dailies(shoot(Fraction(25)), title="First Pour", rate=Fraction(25))
    raw, losses = ale.write(made, {})  # type: ignore[misc]
    first = rows(raw)[0]
    wanted = {"Tracks": "VA1A2", "Start": "08:00:00:00", "End": "08:00:09:15", "Duration": "00:00:09:15", "Tape": "A001", "Scene": "1A", "Take": "3", "Camera": "A",
              "Circled": "Yes", "Comments": "best light", "Description": "circled", "UNC": "/shoot/rushes/A001_C001.mp4"}  # fmt: skip
    assert {column: first[column] for column in wanted} == wanted
    assert first["Soundroll"]
    assert any("sync" in loss.says for loss in losses)
    back, _ = read(raw)
    says, media = info(back.tracks[0][0], ClipInfo), info(back.tracks[0][0].media_reference, Media)
    assert says is not None
    assert media is not None
    assert (says.scene, says.take, says.note, [word.text for word in says.keywords]) == ("1A", "3", "best light", ["circled"])
    assert (media.reel, media.camera, media.digest, media.audio_channels) == ("A001", "A", f"blake3:{1001:064x}", 2)


def test_a_clip_of_another_rate_is_said() -> None:
    _, losses = ale.write(timeline_of(Fraction(24), [one_clip(Fraction(24), 100, 48, media_rate=Fraction(25))]), {})  # type: ignore[misc]
    assert [loss.clip for loss in losses if "Avid takes an ALE at one rate" in loss.says] == ["A001_C001.mov"]


def test_a_heading_on_one_line_and_blank_lines_and_colour_are_read() -> None:
    text = "Heading\r\nFIELD_DELIM\tTABS\tVIDEO_FORMAT\t1080\tFPS\t23.98\r\n\r\nColumn\r\n\r\nName\tTape\tTracks\tStart\tEnd\tASC_SOP\tASC_SAT\tCIRCLED\tGaffer\r\n\r\nData\r\n\r\n"
    text += "19A-1\t3NY004\tVA1-4\t04:00:00:00\t04:00:46:16\t(0.8 0.9 0.9)(-0.1 0 0)(1 1 1)\t0.9\t\tJo\r\n"
    timeline, losses = read(text.encode())
    clip = timeline.tracks[0][0]
    assert (cut_info(timeline).rate, clip.source_range.duration.value, losses) == (Fraction(24000, 1001), 46 * 24 + 16, [])
    assert (clip.metadata["cdl"]["asc_sat"], clip.metadata["ALE"]["Gaffer"]) == (0.9, "Jo")
    known = info(clip.media_reference, Media)
    assert known is not None
    assert (known.reel, known.audio_channels) == ("3NY004", 4)


def test_a_row_without_a_range_is_listed_and_the_rest_is_read() -> None:
    text = "Heading\nFPS\t25\n\nColumn\nName\tStart\tEnd\n\nData\nbad\t\t\ngood\t01:00:00:00\t01:00:01:00\nempty\t01:00:00:00\t01:00:00:00\n"
    timeline, losses = read(text.encode())
    assert [clip.name for clip in timeline.find_clips()] == ["good"]
    assert [loss.split(":")[0] for loss in losses] == ["bad", "empty"]


@pytest.mark.parametrize("raw", [
    b"", b"\x00", b"Name,Start\n", b"Heading\nFPS\t25\n\nColumn\nName\n", b"Heading\nFPS\tfast\n\nColumn\nName\n\nData\nx\n", b"Heading\n\nColumn\nName\n\nData\nx\n",
    b"Heading\nFIELD_DELIM\tCOMMAS\nFPS\t25\n\nColumn\nName\n\nData\nx\n", b"Heading\nFPS\t25\n\nColumn\nName\n\nData\nx\n",
])  # fmt: skip
def test_what_is_no_ale_is_refused_in_a_sentence(raw: bytes) -> None:
    with pytest.raises(TimelineError, match=r"bad\.ale") as refused:
        ale.read(raw, {"name": "bad.ale"})  # type: ignore[misc]
    assert "\n" not in str(refused.value)
