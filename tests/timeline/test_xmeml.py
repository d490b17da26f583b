"""xmeml: what goes out comes back, and what Premiere, Hiero and Final Cut Pro 7 write is read."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from answerprint.model.time import Span
from answerprint.timeline import TimelineError
from answerprint.timeline.cut import (
    ClipInfo,
    CutInfo,
    Keyword,
    Media,
    at,
    attach,
    cut_info,
    info,
    range_of,
    reference,
    seconds,
    set_speed,
    span,
    speed_of,
)
from answerprint.timeline.dailies import dailies
from answerprint.timeline.formats.xmeml import format as xmeml
from tests.timeline.shoots import RATES, STARTS, label, shoot
from tests.timeline.test_round_trip import content, montage, offer, one_clip, timeline_of


def written(timeline: Any, **options: str) -> tuple[Any, list[str]]:
    raw, losses = xmeml.write(timeline, options)  # type: ignore[misc]
    return etree.fromstring(raw), [f"{loss.clip}: {loss.says}" for loss in losses]


def read(raw: bytes | str) -> tuple[Any, list[str]]:
    timelines, losses = xmeml.read(raw if isinstance(raw, bytes) else raw.encode(), {"name": "cut.xml"})  # type: ignore[misc]
    return timelines[0], [f"{loss.clip}: {loss.says}" for loss in losses]


def there_and_back(timeline: Any) -> Any:
    raw, _ = xmeml.write(timeline, {})  # type: ignore[misc]
    return read(raw)[0]


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize(("rate", "drop"), RATES, ids=str)
def test_dailies_come_back_to_the_sample_at_every_rate(rate: Fraction, drop: bool, start: str) -> None:
    made = dailies(shoot(rate, drop), title="First Pour", rate=rate, start=label(start, drop))
    back = there_and_back(made)
    assert relative(back) == relative(made)
    assert seconds(back.global_start_time) == seconds(made.global_start_time)
    assert (cut_info(back).rate, cut_info(back).drop) == (rate, drop)


def relative(timeline: Any) -> list[tuple[Any, ...]]:
    """What is seen and heard, ranges from the file's first frame: a sound's own start is between frames, and xmeml has only frames for it."""
    found = []
    for track in timeline.tracks:
        cursor = Fraction(0)
        for item in track:
            if isinstance(item, otio.schema.Clip):
                used, has = range_of(item), seconds(item.media_reference.available_range.start_time)
                found.append((track.kind, item.name, cursor, used.start_s - has, used.end_s - has, item.enabled))
            cursor += range_of(item).duration_s
    return sorted(found, key=str)


@settings(max_examples=40, deadline=None)
@given(
    rate=st.sampled_from([rate for rate, _ in RATES]),
    shots=st.lists(st.tuples(st.integers(0, 90000), st.integers(1, 5000), st.sampled_from([None, 0, 1, 17])), min_size=1, max_size=10),
    speed=st.fractions(min_value=Fraction(1, 10), max_value=8, max_denominator=40),
    backwards=st.booleans(),
    start=st.integers(0, 24 * 3600 * 24 - 1),
)
def test_any_cut_of_whole_frames_and_any_speed_comes_back(rate: Fraction, shots: list[Any], speed: Fraction, backwards: bool, start: int) -> None:
    items: list[Any] = []
    for number, (first, length, gap) in enumerate(shots):
        if gap:
            items.append(otio.schema.Gap(source_range=span(Fraction(0), gap / rate, rate)))
        items.append(one_clip(rate, first, length, name=f"A{number:03d}.mov", has=200000))
    set_speed(items[-1], -speed if backwards else speed)
    timeline = timeline_of(rate, items)
    timeline.global_start_time = at(start / rate, rate)
    assert content(there_and_back(timeline)) == content(timeline)


def test_in_and_out_are_frames_of_the_sequence_whatever_the_file_runs_at() -> None:
    root, _ = written(timeline_of(Fraction(24), [one_clip(Fraction(24), 100, 48, media_rate=Fraction(25))]))
    clip = root.find(".//clipitem")
    assert [clip.findtext(tag) for tag in ("start", "end", "in", "out")] == ["0", "48", "96", "144"]
    assert clip.findtext("rate/timebase") == "24"
    assert clip.findtext("file/rate/timebase") == "25"


def test_a_file_is_whole_once_and_then_named_and_its_address_is_as_premiere_wants_it() -> None:
    clip = one_clip(Fraction(24000, 1001), 0, 10, name="a b#%.mov")
    clip.media_reference.target_url = "file:///shoot/a%20b%23%25.mov"
    root, _ = written(timeline_of(Fraction(24000, 1001), [clip, clip.clone()]))
    files = list(root.iter("file"))
    assert [len(node) > 0 for node in files] == [True, False]
    assert files[0].findtext("pathurl") == "file://localhost/shoot/a%20b%23%25.mov"
    assert (files[0].findtext("timecode/rate/timebase"), files[0].findtext("timecode/rate/ntsc")) == ("24", "TRUE")
    assert files[1].get("id") == files[0].get("id")


def test_each_channel_lies_on_a_track_of_its_own_and_is_linked_to_its_picture() -> None:
    made = dailies(shoot(Fraction(25))[:1], title="one", rate=Fraction(25))
    root, _ = written(made)
    tracks = root.findall(".//audio/track")
    assert [track.findtext("clipitem/sourcetrack/trackindex") for track in tracks] == ["1", "2", "1", "2", "3"]
    assert [track.get("premiereTrackType") for track in tracks] == ["Stereo", "Stereo", "Mono", "Mono", "Mono"]
    links = {link.findtext("linkclipref") for link in root.iterfind(".//video/track/clipitem/link")}
    assert links == {root.find(".//video/track/clipitem").get("id"), *(track.find("clipitem").get("id") for track in tracks[:2])}


def test_drop_frame_says_so_in_sequence_and_file() -> None:
    made = dailies(shoot(Fraction(30000, 1001), True), title="DF", rate=Fraction(30000, 1001), start="00:59:53;00")
    root, _ = written(made)
    assert (root.findtext("sequence/timecode/string"), root.findtext("sequence/timecode/displayformat")) == ("00:59:53;00", "DF")
    assert root.findtext(".//file/timecode/displayformat") == "DF"


def test_dissolves_stills_titles_markers_notes_and_nested_cuts_come_back() -> None:
    rate = Fraction(25)
    frozen = one_clip(rate, 500, 30, name="freeze.mov")
    set_speed(frozen, Fraction(0))
    title, inner = offer(rate), montage(rate)
    first, second = one_clip(rate, 100, 100, name="one.mov"), one_clip(rate, 300, 100, name="two.mov")
    first.markers.append(otio.schema.Marker(name="logo", marked_range=span(120 / rate, 1 / rate, rate), color="RED", comment="clear it"))
    attach(second, ClipInfo(keywords=(Keyword(text="circled"),), scene="4", take="2", note="soft at the end"))
    dissolve = otio.schema.Transition(name="Cross Dissolve", transition_type="SMPTE_Dissolve", in_offset=at(6 / rate, rate), out_offset=at(7 / rate, rate))
    fade = otio.schema.Transition(name="Cross Dissolve", transition_type="SMPTE_Dissolve", in_offset=at(10 / rate, rate), out_offset=at(Fraction(0), rate))
    timeline = timeline_of(rate, [first, dissolve, second, frozen, title, inner, one_clip(rate, 50, 40, name="last.mov"), fade])
    timeline.tracks.markers.append(otio.schema.Marker(name="here", marked_range=span(30 / rate, 1 / rate, rate), color="BLUE"))
    back = there_and_back(timeline)
    assert content(back) == content(timeline)
    assert (back.tracks[0][0].markers[0].name, back.tracks[0][0].markers[0].color, back.tracks[0][0].markers[0].marked_range.start_time.value) == ("logo", "RED", 120)
    assert info(back.tracks[0][2], ClipInfo) == info(second, ClipInfo)
    assert back.tracks[0][4].media_reference.parameters["text"] == "Offer ends Sunday"
    assert [item.name for item in back.tracks[0][5][0]] == ["n1.mov", "n2.mov"]
    assert [marker.name for marker in back.tracks.markers] == ["here"]


def test_what_is_lost_is_said_with_the_clips_name() -> None:
    rate = Fraction(25)
    clip = one_clip(rate, 0, 50)
    attach(clip, ClipInfo(roles=("dialogue.Boom",), keywords=(Keyword(text="x", start_s=Fraction(1)),)))
    clip.metadata["other"] = {"a": 1}
    clip.effects.append(otio.schema.Effect(name="Vignette"))
    _, losses = written(timeline_of(rate, [clip]))
    said = "\n".join(losses)
    for word in ("Vignette", "metadata of other programs", "dialogue.Boom", "keyword on a stretch"):
        assert word in said
    assert all(loss.startswith("A001_C001.mov: ") for loss in losses)


def test_digest_and_reel_come_back_for_the_relink() -> None:
    media = Media(name="A001_C001.mov", file="rushes/A001_C001.mov", digest="blake3:aa", reel="A001", rate=Fraction(25), video=True)
    clip = otio.schema.Clip(name="1A-3", media_reference=reference(media, Span(start_s=Fraction(3600), end_s=Fraction(3700)), url="file:///x/A001_C001.mov"))
    clip.source_range = span(Fraction(3610), Fraction(2), 25)
    back = there_and_back(timeline_of(Fraction(25), [clip]))
    known = info(back.tracks[0][0].media_reference, Media)
    assert known is not None
    assert (known.digest, known.reel, known.file, known.timecode) == ("blake3:aa", "A001", "rushes/A001_C001.mov", "01:00:00:00")


PREMIERE = """<?xml version="1.0"?><!DOCTYPE xmeml><xmeml version="4"><sequence id="s1"><rate><timebase>30</timebase><ntsc>FALSE</ntsc></rate>
<name></name><media><video><track>%s</track></video></media></sequence></xmeml>"""
CLIP = """<clipitem><name></name><rate><timebase>%s</timebase><ntsc>FALSE</ntsc></rate><start>%s</start><end>%s</end><in>%s</in><out>%s</out>%s
<file id="f1"><name>a.mov</name><pathurl>file://localhost/D%%3a/m/a.mov</pathurl><rate><timebase>30</timebase></rate><duration>1000.0</duration>
<timecode><rate><timebase>30</timebase></rate><string>01:00:00:00</string></timecode><media><video/></media></file></clipitem>"""


def test_a_clip_counted_at_its_own_rate_is_told_from_one_counted_at_the_sequences() -> None:
    half = "<pproTicksIn>0</pproTicksIn><pproTicksOut>846720000000</pproTicksOut>"
    timeline, _ = read(PREMIERE % (CLIP % (15, 0, 100, 10, 60, "") + CLIP % (15, 100, 150, 10, 60, "") + CLIP % (15, 150, 250, 0, 50, half)))
    starts = [range_of(item).start_s - 3600 for item in timeline.tracks[0]]
    assert starts == [Fraction(10, 15), Fraction(10, 30), 0]


def test_an_edge_under_a_transition_is_where_the_cut_is() -> None:
    joint = "<transitionitem><start>95</start><end>105</end><alignment>%s</alignment><effect><name>Cross Dissolve</name><effectid>Cross Dissolve</effectid></effect></transitionitem>"
    for alignment, cut in (("center", 100), ("start", 95), ("end", 105)):
        timeline, _ = read(PREMIERE % (CLIP % (30, 0, -1, 0, 105, "") + joint % alignment + CLIP % (30, -1, 200, 50, 155, "")))
        first, dissolve, second = timeline.tracks[0]
        assert range_of(first).duration_s * 30 == cut
        assert (range_of(second).start_s - 3600) * 30 == 50 + cut - 95
        assert (dissolve.in_offset + dissolve.out_offset).value == 10


def test_a_speed_is_read_as_final_cut_counts_it_and_a_ramp_as_its_average() -> None:
    remap = "<filter><effect><effectid>timeremap</effectid>%s</effect></filter>"
    slow = remap % "<parameter><parameterid>speed</parameterid><value>50</value></parameter>"
    keys = "".join(f"<keyframe><when>{when}</when><value>{value}</value></keyframe>" for when, value in ((0, 0), (50, 25), (100, 125)))
    ramp = remap % f"<parameter><parameterid>variablespeed</parameterid><value>1</value></parameter><parameter><parameterid>graphdict</parameterid>{keys}</parameter>"
    timeline, losses = read(PREMIERE % (CLIP % (30, 0, 60, 100, 160, slow) + CLIP % (30, 60, 160, 0, 100, ramp)))
    one, two = timeline.tracks[0]
    assert (speed_of(one), (range_of(one).start_s - 3600) * 30) == (Fraction(1, 2), 50)
    assert (speed_of(two), (range_of(two).start_s - 3600) * 30) == (Fraction(5, 4), 0)
    assert any("average" in loss for loss in losses)


@pytest.mark.parametrize("raw", [
    b"", b"\x00\xff", b"<xmeml", b"<fcpxml version='1.10'/>", b"<filter/>", b"<xmeml version='4'/>",
    b"<!DOCTYPE xmeml [<!ENTITY a 'b'>]><xmeml><sequence><name>&a;</name></sequence></xmeml>", b"<!DOCTYPE xmeml SYSTEM 'http://x/y.dtd'><xmeml/>",
    b"<xmeml>" + b"<bin>" * 230 + b"</bin>" * 230 + b"</xmeml>",
    b"<xmeml><sequence id='a'><media><video><track><clipitem><start>0</start><end>9</end><sequence id='a'/></clipitem></track></video></media></sequence>"
    b"<sequence id='b'><media><video><track><clipitem><start>0</start><end>9</end><sequence id='a'/></clipitem></track></video></media></sequence></xmeml>",
])  # fmt: skip
def test_what_is_no_xmeml_is_refused_in_a_sentence(raw: bytes) -> None:
    with pytest.raises(TimelineError, match=r"bad\.xml") as refused:
        xmeml.read(raw, {"name": "bad.xml"})  # type: ignore[misc]
    assert "\n" not in str(refused.value)


def test_a_rate_it_cannot_tell_and_a_version_nobody_reads_are_refused() -> None:
    with pytest.raises(TimelineError, match="4 or 5"):
        xmeml.write(timeline_of(Fraction(25), [one_clip(Fraction(25), 0, 10)]), {"version": "6"})  # type: ignore[misc]
    assert info(there_and_back(timeline_of(Fraction(25), [one_clip(Fraction(25), 0, 10)])), CutInfo) == CutInfo(rate=Fraction(25), width=1920, height=1080)
