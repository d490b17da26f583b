from __future__ import annotations

import os
from fractions import Fraction

import opentimelineio as otio
import pytest
from lxml import etree

from answerprint.timeline import TimelineError
from answerprint.timeline.cut import ClipInfo, Media, duration_of, info, media_of, path_of, range_of, seconds
from answerprint.timeline.dailies import SyncedClip, dailies
from answerprint.timeline.formats.fcpxml import format as fcpxml
from tests.timeline.shoots import camera, clip, recorder, shoot, sound


def test_every_clip_stands_full_length_in_the_order_given() -> None:
    made = dailies(shoot(Fraction(24000, 1001)), title="day 1", rate=Fraction(24000, 1001))
    assert [item.name for item in made.tracks[0]] == [f"A001_C00{n}.mp4" for n in (1, 2, 3, 4, 5)]
    assert [item.source_range.duration.value for item in made.tracks[0]] == [240, 301, 127, 99, 50]


def test_all_tracks_are_equally_long_after_every_clip() -> None:
    made = dailies(shoot(Fraction(30000, 1001)), title="day 1", rate=Fraction(30000, 1001))
    assert len({sum((duration_of(item) for item in track), Fraction(0)) for track in made.tracks}) == 1


def test_the_recorder_stands_to_the_sample_where_it_was_found() -> None:
    """At every instant the sound file shows offset + time since the clip began, rounded once to a sample."""
    for offset in (Fraction(35605, 10000), Fraction(-12345, 10007), Fraction(1, 7), Fraction(0)):
        made = dailies([clip(1, Fraction(24000, 1001), sounds=(sound(offset),))], title="t", rate=Fraction(24000, 1001))
        cursor = Fraction(0)
        for item in made.tracks[2]:
            if isinstance(item, otio.schema.Clip):
                into = range_of(item).start_s - seconds(item.media_reference.available_range.start_time)
                assert abs(into - (offset + cursor)) <= Fraction(1, 2 * 48000)
                assert range_of(item).end_s <= range_of(item).start_s + 60
            cursor += duration_of(item)


def test_a_recorder_that_started_late_and_stopped_early_leaves_gaps() -> None:
    late = sound(Fraction(-2), length=3)
    made = dailies([clip(1, Fraction(25), 250, sounds=(late,))], title="t", rate=Fraction(25))
    assert [(type(item).__name__, duration_of(item)) for item in made.tracks[2]] == [("Gap", 2), ("Clip", 3), ("Gap", 5)]


def test_a_recorder_that_never_ran_under_the_clip_is_a_gap() -> None:
    made = dailies([clip(1, Fraction(25), 250, sounds=(sound(Fraction(500), length=3),))], title="t", rate=Fraction(25))
    assert [type(item).__name__ for item in made.tracks[2]] == ["Gap"]


def test_camera_sound_is_switched_off_only_where_a_recorder_lies_under_it() -> None:
    made = dailies(shoot(Fraction(25)), title="t", rate=Fraction(25))
    assert [item.enabled for item in made.tracks[1] if isinstance(item, otio.schema.Clip)] == [False, False, False, True]


def test_a_clip_that_abstained_says_why_on_a_marker() -> None:
    made = dailies(shoot(Fraction(25)), title="t", rate=Fraction(25))
    abstained = made.tracks[0][3]
    assert abstained.markers[0].comment == "two windows disagree: it would need ten seconds of speech"
    raw, _ = fcpxml.write(made, {})
    marker = next(etree.fromstring(raw).iter("marker"))
    assert (marker.get("value"), marker.get("completed")) == ("not synced", "0")


def test_source_timecode_is_the_clock_of_every_range() -> None:
    """A clip whose range did not start at its timecode would arrive offline."""
    made = dailies([clip(1, Fraction(30000, 1001), timecode="01:00:00;00")], title="t", rate=Fraction(30000, 1001))
    assert made.tracks[0][0].source_range.start_time.value == 107892
    raw, _ = fcpxml.write(made, {})
    asset = next(etree.fromstring(raw).iter("asset"))
    assert Fraction(asset.get("start").rstrip("s")) == Fraction(107892 * 1001, 30000)
    assert {node.get("tcFormat") for node in etree.fromstring(raw).iter("asset-clip")} == {"DF"}


def test_the_event_holds_a_synchronized_clip_with_one_role_per_recorder_track() -> None:
    raw, _ = fcpxml.write(dailies(shoot(Fraction(25)), title="t", rate=Fraction(25)), {})
    event = etree.fromstring(raw).find("library/event")
    assert [node.tag for node in event] == ["sync-clip", "sync-clip", "sync-clip", "asset-clip", "asset-clip", "project"]
    first = event[0]
    connected = first.find("asset-clip/asset-clip")
    assert connected.get("lane") == "-1"
    assert [node.get("role") for node in connected.iter("audio-channel-source")] == ["dialogue.MixL", "dialogue.Boom", "dialogue.Lav 1"]
    assert [node.get("value") for node in first.iter("keyword")] == ["circled"]
    assert {node.get("key"): node.get("value") for node in first.iterfind("metadata/md")}["com.apple.proapps.studio.scene"] == "1A"
    assert first.get("name") == "A001_C001.mp4"


def test_drift_that_is_not_corrected_is_said_with_the_clip() -> None:
    drifting = sound(Fraction(3), drift=Fraction(145), length=120)
    _, losses = fcpxml.write(dailies([clip(1, Fraction(24), 24 * 60, sounds=(drifting,))], title="t", rate=Fraction(24)), {})
    assert [(loss.clip, loss.says) for loss in losses] == [("T001.wav", "its drift of 145.0 ppm is not corrected: 8.7 ms at the end of the clip.")]


def test_names_no_xml_can_hold_survive_visibly_and_their_address_exactly() -> None:
    bad = os.fsdecode(b"rushes/it's \"A\" \xff\x01\n\xf0\x9f\x8e\xac #1.mp4")
    one = SyncedClip(media=camera(Fraction(25), 50), file=bad, path="/shoot dir/" + bad, digest="blake3:aa")
    made = dailies([one], title="names \x02", rate=Fraction(25))
    raw, losses = fcpxml.write(made, {})
    assert any("bytes that no XML can show" in loss.says for loss in losses)
    (back, _), _ = fcpxml.read(raw, {})
    shown = next(iter(back.find_clips()))
    assert path_of(shown.media_reference.target_url) == "/shoot dir/" + bad
    assert shown.name == "it's \"A\" \\xff␁\n🎬 #1.mp4"
    assert info(shown.media_reference, Media) == media_of(made.tracks[0][0])


def test_an_empty_shoot_is_an_empty_timeline() -> None:
    made = dailies([], title="nothing", rate=Fraction(25))
    raw, _ = fcpxml.write(made, {})
    assert fcpxml.read(raw, {})[0][0].name == "Dailies"


def test_sound_alone_is_refused_as_a_clip() -> None:
    with pytest.raises(TimelineError, match=r"T001\.wav has no picture"):
        dailies([SyncedClip(media=recorder(5), file="T001.wav", path="/T001.wav", digest=None)], title="t", rate=Fraction(25))


def test_records_of_a_newer_answerprint_are_refused() -> None:
    made = dailies([clip(1, Fraction(25))], title="t", rate=Fraction(25))
    thing = made.tracks[0][0]
    plain = {"schema": 2, "ClipInfo": {}}
    thing.metadata["answerprint"] = plain
    with pytest.raises(TimelineError, match="schema 2"):
        info(thing, ClipInfo)
