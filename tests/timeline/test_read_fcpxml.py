"""What other people's FCPXML means, on documents small enough to work out by hand."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest

from answerprint.timeline import TimelineError
from answerprint.timeline.cut import ClipInfo, duration_of, info, media_of, range_of, speed_of
from answerprint.timeline.formats.fcpxml import format as fcpxml
from answerprint.timeline.formats.fcpxml import text_of

RESOURCES = """
<format id="r1" name="FFVideoFormat1080p24" frameDuration="100/2400s" width="1920" height="1080"/>
<format id="r9" name="FFVideoFormat1080p25"/>
<effect id="r8" name="Cross Dissolve" uid="FxPlug:4731E73A-8DAC-4113-9A30-AE85B1761265"/>
<asset id="r2" name="A" start="3600s" duration="100s" hasVideo="1" format="r1" hasAudio="1" audioChannels="2" audioRate="48000">
  <media-rep kind="original-media" src="file:///m/My%20A.mov"/></asset>
<asset id="r3" name="B" src="file:///m/B.mov" start="0s" duration="100s" hasVideo="1" format="r9"/>
<asset id="r4" name="S" src="file:///m/S.wav" start="10s" duration="50s" hasAudio="1" audioChannels="1" audioRate="48000"/>
"""


def read(spine: str, *, resources: str = "", version: str = "1.11", tc: str = "0s", name: str = "test.fcpxml") -> tuple[Any, list[str]]:
    text = f"""<?xml version="1.0"?><!DOCTYPE fcpxml><fcpxml version="{version}"><resources>{RESOURCES}{resources}</resources>
    <project name="P"><sequence format="r1" tcStart="{tc}" tcFormat="NDF"><spine>{spine}</spine></sequence></project></fcpxml>"""
    timelines, losses = fcpxml.read(text.encode(), {"name": name})
    return timelines[0], [f"{loss.clip}: {loss.says}" for loss in losses]


def lay(timeline: Any) -> list[tuple[str, str, Fraction, Fraction, Fraction]]:
    """(track, name, place, length, source) of everything but gaps, in whole or exact seconds."""
    found = []
    for track in timeline.tracks:
        cursor = Fraction(0)
        for item in track:
            if isinstance(item, otio.schema.Transition):
                continue
            if not isinstance(item, otio.schema.Gap):
                found.append((track.name, item.name, cursor, duration_of(item), range_of(item).start_s))
            cursor += duration_of(item)
    return found


def test_a_clip_without_a_start_begins_at_its_medias_timecode() -> None:
    timeline, _ = read('<asset-clip ref="r2" offset="0s" name="A" duration="4s" srcEnable="video"/>')
    assert lay(timeline) == [("V1", "A", 0, 4, 3600)]
    assert media_of(timeline.tracks[0][0]).timecode == "01:00:00:00"


def test_picture_and_its_own_sound_lie_on_two_tracks() -> None:
    timeline, _ = read('<asset-clip ref="r2" offset="10s" name="A" start="3605s" duration="4s"/>', tc="10s")
    assert lay(timeline) == [("V1", "A", 0, 4, 3605), ("A1", "A", 0, 4, 3605)]


def test_a_connected_clip_hangs_on_its_parents_own_clock_and_reaches_past_it() -> None:
    timeline, _ = read("""<gap offset="0s" start="3600s" duration="2s"/>
        <asset-clip ref="r2" offset="2s" name="A" start="3605s" duration="4s" srcEnable="video">
          <asset-clip ref="r4" lane="-1" offset="3606s" name="S" start="20s" duration="10s"/></asset-clip>""")
    assert lay(timeline) == [("V1", "A", 2, 4, 3605), ("A1", "S", 3, 10, 20)]


def test_a_synchronized_clip_shows_what_lies_in_its_window() -> None:
    timeline, _ = read("""<sync-clip offset="0s" name="Sync" start="3610s" duration="5s">
        <asset-clip ref="r2" offset="3600s" start="3600s" duration="100s" name="A" srcEnable="video">
          <asset-clip ref="r4" lane="-1" offset="3602s" start="10s" duration="50s" name="S"/></asset-clip></sync-clip>""")
    assert lay(timeline) == [("V1", "A", 0, 5, 3610), ("A1", "S", 0, 5, 18)]


def test_a_clip_of_components_is_read_through() -> None:
    timeline, _ = read("""<clip offset="0s" name="One" start="3620s" duration="3s"><note>keep</note>
        <video ref="r2" offset="3600s" start="3600s" duration="100s"><audio ref="r2" lane="-1" offset="3600s" start="3600s" duration="100s" role="dialogue.Boom"/></video>
        <marker start="3621s" duration="1/24s" value="here"/></clip>""")
    assert lay(timeline) == [("V1", "One", 0, 3, 3620), ("A1", "My A.mov", 0, 3, 3620)]
    shown = timeline.tracks[0][0]
    assert shown.markers[0].marked_range.start_time.to_seconds() == 3621
    assert info(shown, ClipInfo).note == "keep"  # type: ignore[union-attr]


MULTICAM = """<media id="r5" name="MC"><multicam format="r1" tcStart="0s">
    <mc-angle name="wide" angleID="w"><asset-clip ref="r2" offset="0s" name="A" start="3600s" duration="50s"/></mc-angle>
    <mc-angle name="close" angleID="c"><gap offset="0s" duration="5s"/><asset-clip ref="r3" offset="5s" name="B1" duration="4s"/>
      <asset-clip ref="r3" offset="9s" name="B2" start="60s" duration="20s"/></mc-angle></multicam></media>"""


def test_a_multicam_clip_shows_its_picked_angles_and_names_the_others() -> None:
    timeline, losses = read("""<mc-clip ref="r5" offset="0s" name="MC" start="7s" duration="6s">
        <mc-source angleID="c" srcEnable="video"/><mc-source angleID="w" srcEnable="audio"/></mc-clip>
        <mc-clip ref="r5" offset="6s" name="MC" start="20s" duration="1s"><mc-source angleID="w" srcEnable="all"/></mc-clip>""", resources=MULTICAM)
    assert lay(timeline) == [
        ("V1", "B1", 0, 2, 2), ("V1", "B2", 2, 4, 60), ("V1", "A", 6, 1, 3620), ("A1", "A", 0, 6, 3607), ("A1", "A", 6, 1, 3620),
    ]  # fmt: skip
    assert info(timeline.tracks[0][0], ClipInfo).angle == "close"  # type: ignore[union-attr]
    assert losses == ["MC: the angle that is shown is read; not read: close."]


def test_a_compound_clip_is_a_nested_stack() -> None:
    inner = '<media id="r6" name="C"><sequence format="r1" tcStart="100s"><spine><asset-clip ref="r3" offset="100s" name="B" duration="9s"/></spine></sequence></media>'
    timeline, _ = read('<ref-clip ref="r6" offset="0s" name="C" start="102s" duration="3s"/>', resources=inner)
    stack = timeline.tracks[0][0]
    assert isinstance(stack, otio.schema.Stack)
    assert (range_of(stack).start_s, duration_of(stack), stack[0][0].name) == (2, 3, "B")


def test_a_compound_clip_that_contains_itself_is_refused() -> None:
    inner = '<media id="r6" name="C"><sequence format="r1"><spine><ref-clip ref="r6" offset="0s" name="C" duration="9s"/></spine></sequence></media>'
    with pytest.raises(TimelineError, match="contains itself"):
        read('<ref-clip ref="r6" offset="0s" name="C" duration="3s"/>', resources=inner)


def test_an_audition_shows_its_pick_and_keeps_the_names_of_the_rest() -> None:
    timeline, _ = read("""<audition offset="0s"><asset-clip ref="r3" name="pick" duration="3s"/><asset-clip ref="r3" name="other" duration="5s"/></audition>
        <asset-clip ref="r3" offset="3s" name="next" duration="1s"/>""")
    assert lay(timeline) == [("V1", "pick", 0, 3, 0), ("V1", "next", 3, 1, 0)]
    assert info(timeline.tracks[0][0], ClipInfo).alternatives == ("other",)  # type: ignore[union-attr]


def test_a_secondary_storyline_keeps_its_dissolve() -> None:
    timeline, _ = read("""<gap offset="0s" start="3600s" duration="20s"><spine lane="1" offset="3604s">
        <asset-clip ref="r3" offset="0s" name="B1" duration="4s"/><transition name="Cross Dissolve" offset="7/2s" duration="1s"/>
        <asset-clip ref="r3" offset="4s" name="B2" start="30s" duration="4s"/></spine></gap>""")
    assert lay(timeline) == [("V2", "B1", 4, 4, 0), ("V2", "B2", 8, 4, 30)] or lay(timeline) == [("V1", "B1", 4, 4, 0), ("V1", "B2", 8, 4, 30)]
    dissolve = next(item for track in timeline.tracks for item in track if isinstance(item, otio.schema.Transition))
    assert (dissolve.in_offset.to_seconds(), dissolve.out_offset.to_seconds()) == (0.5, 0.5)


def test_a_retime_is_read_on_the_medias_clock() -> None:
    """Final Cut writes media time over clip time; half speed of media that begins at one hour begins at two."""
    timeline, _ = read("""<asset-clip ref="r2" offset="0s" name="A" start="7210s" duration="8s" srcEnable="video">
        <timeMap><timept time="7200s" value="3600s" interp="smooth2"/><timept time="7400s" value="3700s" interp="smooth2"/></timeMap></asset-clip>""")
    assert lay(timeline) == [("V1", "A", 0, 8, 3605)]
    assert speed_of(timeline.tracks[0][0]) == Fraction(1, 2)


def test_a_speed_ramp_is_averaged_and_said() -> None:
    timeline, losses = read("""<asset-clip ref="r3" offset="0s" name="B" start="0s" duration="4s"><timeMap><timept time="0s" value="0s"/>
        <timept time="2s" value="2s"/><timept time="4s" value="6s"/></timeMap></asset-clip>""")
    assert speed_of(timeline.tracks[0][0]) == Fraction(3, 2)
    assert losses == ["B: its speed ramp is read as one average speed."]


def test_a_conformed_rate_plays_frame_for_frame_where_rates_are_near() -> None:
    """3551 frames of 25 on a timeline of 24, as Final Cut exports it."""
    timeline, _ = read('<asset-clip ref="r3" offset="0s" name="B" duration="2400/24s"><conform-rate srcFrameRate="25"/></asset-clip>')
    clip = timeline.tracks[0][0]
    assert (speed_of(clip), duration_of(clip)) == (Fraction(24, 25), 100)
    free, _ = read('<asset-clip ref="r3" offset="0s" name="B" duration="100s"><conform-rate scaleEnabled="0" srcFrameRate="25"/></asset-clip>')
    assert speed_of(free.tracks[0][0]) == 1


def test_everything_not_read_is_said_with_the_clips_name() -> None:
    _, losses = read("""<asset-clip ref="r3" offset="0s" name="B" duration="3s"><adjust-volume amount="-9dB"/><filter-video ref="r8" name="Black &amp; White"/>
        <rating value="favorite"/></asset-clip>""")
    assert losses == ["B: not read: filter-video 'Black & White', rating 'favorite'."]


def test_roles_keywords_and_captions_come_in() -> None:
    timeline, _ = read("""<asset-clip ref="r4" offset="0s" name="S" start="10s" duration="5s"><caption lane="1" offset="11s" name="hello" start="3600s" duration="1s"
          role="SRT?captionFormat=SRT.en"><text>Hello</text></caption><keyword start="12s" duration="1s" value="wind, gust"/>
        <audio-channel-source srcCh="1" role="dialogue.Boom"/></asset-clip>""")
    says = info(timeline.tracks[0][0], ClipInfo)
    assert says is not None
    assert says.roles == ("dialogue.Boom",)
    assert [(word.text, word.start_s) for word in says.keywords] == [("wind", 12), ("gust", 12)]
    assert ("C1", "hello", 1, 1, 0) in lay(timeline)


@pytest.mark.parametrize(("text", "says"), [
    (b"", "not well-formed"),
    (b"\x00\x01\x02", "not well-formed"),
    (b"<fcpxml version='1.10'><resources></fcpxml>", "not well-formed"),
    (b"<xmeml version='5'/>", "Final Cut Pro 7"),
    (b"<html/>", "not FCPXML"),
    (b"<fcpxml version='1.10'/>", "nothing to read"),
    (b"<fcpxml version='1.1'/>", "before 1.5"),
    (b"<fcpxml version='x'/>", "no version"),
    (b"<!DOCTYPE fcpxml [<!ENTITY a 'b'>]><fcpxml version='1.10'>&a;</fcpxml>", "declares entities"),
    (b"<!DOCTYPE fcpxml [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><fcpxml version='1.10'>&x;</fcpxml>", "declares entities"),
    (b"<!DOCTYPE fcpxml SYSTEM 'http://127.0.0.1:9/x.dtd'><fcpxml version='1.10'/>", "from outside"),
    (b"<!DOCTYPE f [<!ENTITY a 'aaaaaaaaaa'>" + b"".join(b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12)) + b"]><f>&m;</f>", "was not read|not well-formed"),
    (b"<fcpxml version='1.10'>" + b"<event>" * 200 + b"</event>" * 200 + b"</fcpxml>", "200|20[0-9]"),
    (b"<fcpxml version='1.10'>" + b"<event>" * 100000 + b"</event>" * 100000 + b"</fcpxml>", "not well-formed|deep"),
    (b"<fcpxml version='1.10'><project name='P'><sequence><spine><asset-clip ref='r77' duration='3s'/></spine></sequence></project></fcpxml>", "r77"),
    (b"<fcpxml version='1.10'><project name='P'><sequence><spine><gap duration='3/0s'/></spine></sequence></project></fcpxml>", "not a time"),
    (b"<fcpxml version='1.10'><project name='P'><sequence><spine><gap duration='soon'/></spine></sequence></project></fcpxml>", "not a time"),
])  # fmt: skip
def test_a_hostile_or_damaged_file_is_refused_in_a_sentence(text: bytes, says: str) -> None:
    with pytest.raises(TimelineError, match=says) as refused:
        fcpxml.read(text, {"name": "bad.fcpxml"})
    assert "\n" not in str(refused.value)
    assert "bad.fcpxml" in str(refused.value) or "gap" in str(refused.value) or "a clip" in str(refused.value)


def test_a_bundle_is_a_folder_with_a_document_in_it(tmp_path: Path) -> None:
    bundle = tmp_path / "cut.fcpxmld"
    bundle.mkdir()
    (bundle / "Info.fcpxml").write_bytes(b"<fcpxml/>")
    assert text_of(bundle) == b"<fcpxml/>"
    with pytest.raises(TimelineError, match="cannot be read"):
        text_of(tmp_path / "absent.fcpxmld")
