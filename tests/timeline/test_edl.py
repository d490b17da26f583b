"""CMX 3600 lists: out, in, and refused in one sentence."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerprint.model.time import Span, Timecode
from answerprint.timeline import TimelineError
from answerprint.timeline.cut import (
    ClipInfo,
    CutInfo,
    Media,
    at,
    attach,
    cut_info,
    duration_of,
    info,
    media_of,
    range_of,
    reference,
    seconds,
    set_speed,
    span,
    speed_of,
)
from answerprint.timeline.formats.edl import format as edl
from answerprint.timeline.formats.fcpxml import format as fcpxml
from tests.timeline.shoots import RATES
from tests.timeline.test_round_trip import content, one_clip, timeline_of

NTSC = Fraction(30000, 1001)
HEAD = "TITLE: x\nFCM: NON-DROP FRAME\n"


def write(timeline: Any, **options: str) -> tuple[list[str], list[str]]:
    raw, losses = edl.write(timeline, options)  # type: ignore[misc]
    return raw.decode().splitlines(), [f"{loss.clip}: {loss.says}" for loss in losses]


def read(text: str, rate: str | None = "25") -> tuple[Any, list[str]]:
    timelines, losses = edl.read(text.encode(), {"name": "cut.edl", "rate": rate})  # type: ignore[misc]
    return timelines[0], [f"{loss.clip}: {loss.says}" for loss in losses]


def there_and_back(timeline: Any) -> Any:
    raw, _ = edl.write(timeline, {})  # type: ignore[misc]
    return edl.read(raw, {"rate": cut_info(timeline).rate})[0][0]  # type: ignore[misc]


@settings(max_examples=60, deadline=None)
@given(
    clock=st.sampled_from(RATES),
    shots=st.lists(st.tuples(st.integers(0, 90000), st.integers(20, 2000), st.sampled_from([None, "gap", "dissolve"])), min_size=1, max_size=12),
    speed=st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(2), Fraction(-1), Fraction(0), Fraction(3, 2)]),
    start=st.integers(0, 3600 * 24),
)
def test_any_cut_of_whole_frames_comes_back(clock: tuple[Fraction, bool], shots: list[Any], speed: Fraction, start: int) -> None:
    rate, drop = clock
    items: list[Any] = []
    for number, (first, length, before) in enumerate(shots):
        if before == "gap":
            items.append(otio.schema.Gap(source_range=span(Fraction(0), 13 / rate, rate)))
        if before == "dissolve" and items:
            items.append(otio.schema.Transition(name="Cross Dissolve", transition_type="SMPTE_Dissolve", in_offset=at(4 / rate, rate), out_offset=at(5 / rate, rate)))
        items.append(one_clip(rate, first + 100, length, name=f"A{number:03d}.mov", has=100000))
    set_speed(items[-1], speed)
    timeline = timeline_of(rate, items)
    timeline.global_start_time = at(start / rate, rate)
    attach(timeline, CutInfo(rate=rate, drop=drop))
    back = there_and_back(timeline)
    assert content(back) == content(timeline)
    assert seconds(back.global_start_time) == seconds(timeline.global_start_time)
    assert cut_info(back).drop == drop


def test_an_hour_of_drop_frame_agrees_with_fcpxml_to_the_frame() -> None:
    first = Timecode.parse("00:59:53;00", rate=NTSC).frames
    media = Media(name="hour.mov", reel="HOUR", rate=NTSC, drop=True, video=True)
    track = otio.schema.Track("V1", kind="Video")
    for place in range(0, 107892, 120):
        clip = otio.schema.Clip(name=media.name, media_reference=reference(media, Span(start_s=first / NTSC, end_s=(first + 107892) / NTSC), url="file:///hour.mov"))
        clip.source_range = span((first + place) / NTSC, min(120, 107892 - place) / NTSC, NTSC)
        track.append(clip)
    timeline = otio.schema.Timeline(name="hour", global_start_time=at(first / NTSC, NTSC))
    timeline.tracks.append(track)
    attach(timeline, CutInfo(rate=NTSC, drop=True))
    lines, losses = write(timeline)
    events = [line.split() for line in lines if line[:3].isdigit()]
    assert "FCM: DROP FRAME" in lines
    assert (events[0][6], events[-1][7], len(events)) == ("00:59:53;00", "01:59:53;00", 900)
    assert losses == []
    (xml,), _ = fcpxml.read(fcpxml.write(timeline, {})[0], {})  # type: ignore[misc]
    assert content(there_and_back(timeline)) == content(xml)


def test_the_line_of_an_event_is_in_its_columns() -> None:
    clip = one_clip(Fraction(25), 90000, 100, name="1A-3")
    attach(clip.media_reference, Media(name="A001_C001.mov", reel="A001", rate=Fraction(25), video=True))
    timeline = timeline_of(Fraction(25), [clip])
    timeline.global_start_time = at(Fraction(3600), 25)
    lines, _ = write(timeline)
    assert lines[:5] == [
        "TITLE: cut", "FCM: NON-DROP FRAME", "001  A001     V     C        01:00:00:00 01:00:04:00 01:00:00:00 01:00:04:00", "* FROM CLIP NAME:  1A-3",
        "* SOURCE FILE: A001_C001.mov",
    ]  # fmt: skip
    long, _ = write(timeline, flavour="file32")
    assert long[2].startswith("000001  A001                             V     C        01:00:00:00")


def test_two_reels_of_one_beginning_stay_two_and_are_listed() -> None:
    clips = []
    for reel in ("A001_C001_0821XY", "A001_C001_0821ZZ", "Bär 1"):
        clip = one_clip(Fraction(25), 0, 10, name=f"{reel}.mov")
        attach(clip.media_reference, Media(name=f"{reel}.mov", reel=reel, rate=Fraction(25), video=True))
        clips.append(clip)
    timeline = timeline_of(Fraction(25), clips)
    lines, losses = write(timeline)
    assert [line.split()[1] for line in lines if line[:3].isdigit()] == ["A001_C00", "A001_C02", "BAR_1"]
    assert any("A001_C001_0821ZZ is A001_C02" in loss for loss in losses)
    back = there_and_back(timeline)
    assert [media_of(clip).reel for clip in back.tracks[0]] == ["A001_C001_0821XY", "A001_C001_0821ZZ", "Bär 1"]


def test_sound_lies_on_its_channels_and_what_is_over_four_is_said() -> None:
    rate = Fraction(25)
    sounds = []
    for channels in (2, 1, 2):
        media = Media(name=f"S{channels}.wav", audio_channels=channels, audio_rate_hz=48000)
        clip = otio.schema.Clip(name=media.name, media_reference=reference(media, None, url="file:///s.wav"))
        clip.source_range = span(Fraction(1), Fraction(2), 48000)
        sounds.append(clip)
    timeline = timeline_of(rate, [one_clip(rate, 0, 50)], *([sound] for sound in sounds), kinds="VAAA")
    lines, losses = write(timeline)
    assert [line.split()[2] for line in lines if line[:3].isdigit()] == ["V", "AA", "A3", "A4"]
    assert any("of the 2 on this track 1 find no place" in loss for loss in losses)
    back = there_and_back(timeline)
    assert [media_of(track[0]).audio_channels for track in back.tracks if track.kind == "Audio"] == [2, 1, 1]
    assert [line.split()[2] for line in write(timeline, audio="no")[0] if line[:3].isdigit()] == ["V"]


def test_other_picture_tracks_are_lost_and_said_or_asked_for() -> None:
    rate = Fraction(25)
    timeline = timeline_of(rate, [one_clip(rate, 0, 50, name="low.mov")], [one_clip(rate, 0, 20, name="high.mov")])
    _, losses = write(timeline)
    assert "high.mov: it lies on V2; an EDL holds one picture track, here V1." in losses
    lines, _ = write(timeline, track="2")
    assert any("high.mov" in line for line in lines)
    with pytest.raises(TimelineError, match="2 picture tracks"):
        write(timeline, track="3")


def test_a_thousand_events_are_a_sentence() -> None:
    timeline = timeline_of(Fraction(25), [one_clip(Fraction(25), number, 1) for number in range(1000)])
    with pytest.raises(TimelineError, match="1000 events; a CMX 3600 list holds 999"):
        write(timeline)
    assert sum(line[:6].isdigit() for line in write(timeline, flavour="file32")[0]) == 1000


def test_a_source_of_another_rate_keeps_its_hours_and_says_what_became_of_its_frames() -> None:
    rate = Fraction(24)
    timeline = timeline_of(rate, [one_clip(rate, 90012, 10, media_rate=Fraction(25)), one_clip(rate, 172802, 10, media_rate=Fraction(48), name="even.mov")])
    lines, losses = write(timeline)
    events = [line.split() for line in lines if line[:3].isdigit()]
    assert [event[4] for event in events] == ["01:00:00:11", "01:00:00:01"]
    assert any("01:00:00:12 of the file stands as 01:00:00:11" in loss for loss in losses)
    assert not any(loss.startswith("even.mov: its file") for loss in losses)


def test_a_speed_that_m2_cannot_hold_is_said() -> None:
    clip = one_clip(Fraction(25), 0, 30)
    set_speed(clip, Fraction(1, 3))
    lines, losses = write(timeline_of(Fraction(25), [clip]))
    assert [line.split()[2] for line in lines if line.startswith("M2")] == ["008.3"]
    assert any("33.333% stands as 8.3 frames a second" in loss for loss in losses)


def test_markers_notes_and_colour_decisions_come_back() -> None:
    rate = Fraction(25)
    clip = one_clip(rate, 100, 50)
    clip.markers.append(otio.schema.Marker(name="PLACEHOLDER: last attempt that reaches the end", marked_range=span(110 / rate, 1 / rate, rate), color="CYAN"))
    attach(clip, ClipInfo(scene="1A", take="3", note="best light"))
    clip.metadata["cdl"] = {"asc_sop": {"slope": [1.1, 1, 1], "offset": [0, 0, 0], "power": [1, 1, 0.9]}, "asc_sat": 0.8}
    cut = there_and_back(timeline_of(rate, [clip]))
    back = cut.tracks[0][0]
    assert (back.markers[0].name, back.markers[0].color, back.markers[0].marked_range.start_time.value) == ("PLACEHOLDER: last attempt that reaches the end", "CYAN", 110)
    assert info(back, ClipInfo) == info(clip, ClipInfo)
    assert list(back.metadata["cdl"]["asc_sop"]["slope"]) == [1.1, 1, 1]


# ---- other people's lists


def test_a_dissolve_lies_in_the_middle_where_nobody_says_otherwise() -> None:
    timeline, _ = read(HEAD + """001  A V C 01:00:04:05 01:00:04:14 01:00:00:00 01:00:00:09
* FROM CLIP NAME:  clip_A
002  A V C 01:00:04:14 01:00:04:14 01:00:00:09 01:00:00:09
002  B V D 010 01:00:08:08 01:00:08:18 01:00:00:09 01:00:00:19
* FROM CLIP NAME:  clip_A
* TO CLIP NAME:  clip_B
""")
    first, joint, second = timeline.tracks[0]
    assert (duration_of(first) * 25, joint.in_offset.value, joint.out_offset.value) == (14, 5, 5)
    assert (second.name, range_of(second).start_s * 25 % 25, duration_of(second) * 25) == ("clip_B", 13, 5)


def test_a_wipe_keeps_its_number_and_a_fade_its_black() -> None:
    timeline, _ = read(HEAD + """001  BL V C 00:00:00:00 00:00:00:00 01:00:00:00 01:00:00:00
001  A V D 010 01:00:00:00 01:00:02:00 01:00:00:00 01:00:02:00
002  A V C 01:00:02:00 01:00:02:00 01:00:02:00 01:00:02:00
002  B V W012 020 02:00:00:00 02:00:04:00 01:00:02:00 01:00:06:00
""")
    kinds = [item.transition_type if isinstance(item, otio.schema.Transition) else item.name for item in timeline.tracks[0]]
    assert kinds == ["SMPTE_Dissolve", "A", "SMPTE_Wipe012", "B"]
    assert "W012    020" in edl.write(timeline, {})[0].decode()  # type: ignore[misc]


def test_freezes_and_reverse_as_avid_writes_them() -> None:
    timeline, _ = read(HEAD + """001  A V C 01:00:10:21 01:00:10:22 01:00:00:00 01:00:00:17
M2   A       000.0                01:00:10:21
002  A V C 01:00:10:05 01:00:10:06 01:00:00:17 01:00:01:00
M2   A       -025.0                01:00:10:05
""")
    still, back = timeline.tracks[0]
    assert (speed_of(still), speed_of(back)) == (0, -1)
    assert (range_of(back).start_s - 3610) * 25 == 5 + 1 - 8  # eight frames down from 10:05, that frame included


def test_codes_for_sound_and_picture_in_one_event() -> None:
    timeline, _ = read(HEAD + "001  A AA/V C 01:00:00:00 01:00:01:00 01:00:00:00 01:00:01:00\n002  B NONE C 01:00:00:00 01:00:01:00 01:00:01:00 01:00:02:00\nAUD  3    4\n")
    assert [(track.kind, len(track.find_clips())) for track in timeline.tracks] == [("Video", 1), ("Audio", 1), ("Audio", 1)]
    assert [media_of(track.find_clips()[0]).audio_channels for track in timeline.tracks] == [0, 2, 2]


def test_a_key_lies_on_a_track_above_what_it_is_keyed_over() -> None:
    timeline, losses = read(HEAD + "001  A V KB 01:00:00:00 01:00:01:00 01:00:00:00 01:00:01:00\n001  T V K 000 01:00:00:00 01:00:01:00 01:00:00:00 01:00:01:00\n")
    assert [track[0].name for track in timeline.tracks] == ["A", "T"]
    assert any("keyed over" in loss for loss in losses)


def test_the_rate_is_drop_frames_or_the_callers_or_what_fits() -> None:
    event = "001  A V C 01:00:00:{0} 01:00:01:{0} 01:00:00:{0} 01:00:01:{0}\n"
    assert cut_info(read(HEAD.replace("NON-", "") + event.format("00"), "25")[0]).rate == NTSC
    assert cut_info(read(HEAD + event.format("00"), "24000/1001")[0]).rate == Fraction(24000, 1001)
    timeline, losses = read(HEAD + event.format("24"), "24")
    assert (cut_info(timeline).rate, losses) == (25, ["cut.edl: its frames count to 24, so it is read at 25, and not at 24."])
    with pytest.raises(TimelineError, match="does not say its frame rate"):
        read(HEAD + event.format("00"), None)


def test_a_source_that_counts_more_frames_than_its_list_does_not_change_the_lists_rate() -> None:
    lines = "".join(f"{n:03d}  A V C 01:00:0{n}:10 01:00:0{n + 1}:05 01:00:0{n}:10 01:00:0{n + 1}:05\n" for n in range(1, 5))
    timeline, losses = read(HEAD + lines + "005  T A C 02:00:00:27 02:00:02:20 01:00:05:05 01:00:06:22\n", "24")
    assert cut_info(timeline).rate == 24
    assert any("of another rate" in loss for loss in losses)


def test_the_record_side_wins_where_the_two_sides_differ() -> None:
    timeline, losses = read(HEAD + "001  A V C 01:00:00:00 01:00:02:00 01:00:00:00 01:00:01:20\n")
    assert duration_of(timeline.tracks[0][0]) * 25 == 45
    assert losses == ["A: its source lasts 50 frames and its record 45; it is read at normal speed for 45."]


@pytest.mark.parametrize("raw", [
    b"", b"\x00\x01", b"hello", b"TITLE: x\n", HEAD.encode() + b"001  A V C 01:00:00:00 01:00:01:00\n", HEAD.encode() + b"001  A V C 01:61:00:00 01:00:01:00 01:00:00:00 01:00:01:00\n",
    HEAD.encode() + b"001  A V C 01:00:00:00 01:00:01:00 01:00:02:00 01:00:01:00\n",
    b"FCM: DROP FRAME\n001  A V C 01:01:00:00 01:01:01:00 01:00:00:00 01:00:01:00\n",
])  # fmt: skip
def test_what_is_no_list_is_refused_in_a_sentence(raw: bytes) -> None:
    with pytest.raises(TimelineError, match=r"bad\.edl") as refused:
        edl.read(raw, {"name": "bad.edl", "rate": "25"})  # type: ignore[misc]
    assert "\n" not in str(refused.value)
