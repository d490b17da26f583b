"""How loud a clip is played comes in as the program wrote it, goes out again, and is no part of the edit's seal."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import opentimelineio as otio
import pytest
from lxml import etree

from answerprint.model.time import Span
from answerprint.timeline.cut import Media, attach, reference, span
from answerprint.timeline.edit import edit_seal
from answerprint.timeline.formats.edl import format as edl
from answerprint.timeline.formats.fcpxml import format as fcpxml
from answerprint.timeline.formats.otio import format as otio_format
from answerprint.timeline.formats.xmeml import format as xmeml
from answerprint.timeline.levels import SILENT_DB, Level, amplitude, decibels, level_of, over, told
from tests.timeline.order import faults
from tests.timeline.test_read_fcpxml import read
from tests.timeline.test_round_trip import one_clip, timeline_of

F = Fraction
DUCKED = Level(keys=((F(1), 0.0), (F(7, 5), -12.5), (F(2), -12.5), (F(12, 5), 0.0)))


def level(timeline: Any) -> Level | None:
    return next(level_of(item) for one in timeline.tracks if one.kind == "Audio" for item in one if item.name)


def loud(said: Level | None) -> Any:
    """Three seconds of picture over a bed that is played so."""
    bed = reference(Media(name="bed.wav", digest="blake3:bed", audio_rate_hz=48000, audio_channels=2), Span(start_s=F(0), end_s=F(60)), url="file:///shoot/bed.wav")
    heard = otio.schema.Clip(name="bed.wav", media_reference=bed, source_range=span(F(5), F(3), F(48000)))
    if said is not None:
        attach(heard, said)
    return timeline_of(F(25), [one_clip(F(25), 50, 75)], [heard], kinds="VA")


@pytest.mark.parametrize(("inside", "found"), [
    ('<adjust-volume amount="-13.100000000000001db"/>', Level(gain_db=-13.100000000000001)),
    ('<adjust-volume amount="-96dB"/>', Level(gain_db=SILENT_DB)),
    ('<adjust-volume><param name="amount"><fadeIn type="easeIn" duration="1/2s"/><keyframeAnimation><keyframe time="3606s" value="3dB"/><keyframe time="3607s" value="-37dB"/>'
     '</keyframeAnimation></param></adjust-volume>', Level(keys=((F(1), 3.0), (F(2), -37.0)), fade_in_s=F(1, 2), bends=("easeIn", ""))),
    ('<audio-channel-source srcCh="1, 2" role="dialogue"><adjust-volume amount="-6dB"/></audio-channel-source>', Level(gain_db=-6.0)),
    ("", None),
])  # fmt: skip
def test_final_cuts_level_comes_in_as_it_was_written(inside: str, found: Level | None) -> None:
    timeline, losses = read(f'<asset-clip ref="r2" offset="0s" name="A" start="3605s" duration="4s">{inside}</asset-clip>')
    assert level(timeline) == found
    assert told(timeline) is (found is not None)
    assert losses == []


def test_the_level_of_what_holds_a_clip_is_laid_over_its_own() -> None:
    inside = '<asset-clip ref="r2" offset="0s" name="A" start="3605s" duration="4s"><adjust-volume amount="2dB"/></asset-clip>'
    timeline, _ = read(f'<clip offset="0s" name="C" start="0s" duration="4s"><adjust-volume amount="-8dB"/>{inside}</clip>')
    assert level(timeline) == Level(gain_db=-6.0)
    assert over(DUCKED, Level(keys=((F(3, 2), 1.0),))).db(F(7, 4)) == -11.5


def test_a_level_on_one_of_two_roles_is_said_and_not_read() -> None:
    parts = '<audio-channel-source srcCh="1" role="dialogue"><adjust-volume amount="-6dB"/></audio-channel-source><audio-channel-source srcCh="2" role="effects"/>'
    timeline, losses = read(f'<asset-clip ref="r2" offset="0s" name="A" start="3605s" duration="4s">{parts}</asset-clip>')
    assert level(timeline) is None
    assert losses == ["A: a level on its dialogue alone is not read."]


@pytest.mark.parametrize("said", [Level(gain_db=-7.3), Level(gain_db=SILENT_DB), Level(gain_db=1.5, fade_in_s=F(1, 2), fade_out_s=F(1), bends=("", "easeOut")), DUCKED], ids=str)
def test_a_level_comes_back_through_final_cut_and_opentimelineio(said: Level) -> None:
    raw, losses = fcpxml.write(loud(said), {})  # type: ignore[misc]
    assert faults(etree.fromstring(raw)) == []
    assert not [one for one in losses if "level" in one.says]
    assert level(fcpxml.read(raw, {})[0][0]) == said  # type: ignore[misc]
    kept, _ = otio_format.write(loud(said), {})  # type: ignore[misc]
    assert level(otio_format.read(kept, {})[0][0]) == said  # type: ignore[misc]


@pytest.mark.parametrize("factor", ["0.5", "0.501187", "1.99526", "0", "3.98107"])
def test_premieres_factor_is_the_same_number_again(factor: str) -> None:
    raw, _ = xmeml.write(loud(Level(gain_db=decibels(float(factor)))), {})  # type: ignore[misc]
    assert [one.text for one in etree.fromstring(raw).iterfind(".//parameter[parameterid='level']/value")] == [factor] * 2  # a track for each channel
    back = level(xmeml.read(raw, {})[0][0])  # type: ignore[misc]
    assert back is not None
    assert amplitude(back.gain_db) == factor


def test_premieres_keyframes_stand_where_they_stood_and_its_fades_are_said() -> None:
    raw, losses = xmeml.write(loud(Level(keys=DUCKED.keys, fade_in_s=F(1))), {})  # type: ignore[misc]
    back = level(xmeml.read(raw, {})[0][0])  # type: ignore[misc]
    assert back is not None
    assert [at for at, _ in back.keys] == [at for at, _ in DUCKED.keys]
    assert [value for _, value in back.keys] == pytest.approx([value for _, value in DUCKED.keys], abs=1e-9)
    assert [one.says for one in losses if "fades" in one.says]


def test_an_edl_says_that_it_has_no_place_for_a_level() -> None:
    assert [one.says for one in edl.write(loud(DUCKED), {})[1] if "loud" in one.says]  # type: ignore[misc]


def test_a_level_is_no_part_of_the_edits_seal() -> None:
    assert edit_seal(loud(DUCKED)) == edit_seal(loud(None)) == edit_seal(fcpxml.read(fcpxml.write(loud(DUCKED), {})[0], {})[0][0])  # type: ignore[misc]
