"""What goes out comes back: every rate, every start, every kind of item."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from answerprint.model.time import Span, Timecode
from answerprint.timeline.cut import (
    ClipInfo,
    CutInfo,
    Keyword,
    Media,
    at,
    attach,
    conformed,
    duration_of,
    info,
    range_of,
    reference,
    seconds,
    set_speed,
    span,
    speed_of,
)
from answerprint.timeline.dailies import dailies
from answerprint.timeline.diff import diff
from answerprint.timeline.formats.fcpxml import format as fcpxml
from answerprint.timeline.formats.otio import format as otio_format
from tests.timeline.order import faults, storyline_faults
from tests.timeline.shoots import RATES, STARTS, label, shoot

VERSIONS = ("1.8", "1.9", "1.10", "1.11")


def there_and_back(timeline: Any, version: str = "1.10") -> tuple[Any, list[str]]:
    """Through FCPXML, with the file checked on the way."""
    raw, losses = fcpxml.write(timeline, {"version": version})
    root = etree.fromstring(raw)
    assert faults(root) == []
    assert storyline_faults(root) == []
    timelines, _ = fcpxml.read(raw, {"name": "test.fcpxml"})
    return timelines[0], [f"{loss.clip}: {loss.says}" for loss in losses]


def content(timeline: Any) -> list[tuple[Any, ...]]:
    """Everything that is seen or heard: track, name, place, range, speed, on or off."""
    found = []
    for track in timeline.tracks:
        cursor = Fraction(0)
        for item in track:
            if isinstance(item, otio.schema.Transition):
                found.append((track.kind, "dissolve", cursor - seconds(item.in_offset), cursor + seconds(item.out_offset)))
                continue
            if not isinstance(item, otio.schema.Gap):
                used = range_of(item)
                found.append((track.kind, item.name, cursor, used.start_s, used.end_s, speed_of(item), item.enabled))
            cursor += duration_of(item)
    return sorted(found, key=str)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize(("rate", "drop"), RATES, ids=str)
def test_dailies_come_back_with_identical_ranges_at_every_rate(rate: Fraction, drop: bool, start: str) -> None:
    made = dailies(shoot(rate, drop), title="First Pour", rate=rate, start=label(start, drop))
    back, _ = there_and_back(made)
    assert content(back) == content(made)
    assert seconds(back.global_start_time) == seconds(made.global_start_time)
    assert info(back, CutInfo) == info(made, CutInfo)
    (again,), lost = otio_format.read(otio_format.write(made, {})[0], {})
    assert content(again) == content(made)
    assert lost == []
    assert diff(made, back) == ()


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_is_in_the_order_that_the_dtd_demands(version: str) -> None:
    made = dailies(shoot(Fraction(25)), title="Order", rate=Fraction(25))
    back, _ = there_and_back(made, version)
    assert content(back) == content(made)


def test_one_hour_of_drop_frame_comes_back_to_the_frame() -> None:
    rate = Fraction(30000, 1001)
    media = Media(name="A001_C001.mov", digest="blake3:aa", rate=rate, drop=True, timecode="00:59:53;00", video=True, audio_channels=2, audio_rate_hz=48000)
    first = Timecode.parse("00:59:53;00", rate=rate).frames
    has = Span(start_s=first / rate, end_s=(first + 107892 + 40) / rate)
    track = otio.schema.Track("V1", kind="Video")
    for take in range(899):
        clip = otio.schema.Clip(name=media.name, media_reference=reference(media, has, url="file:///a.mov"))
        clip.source_range = span((first + take * 120) / rate, 120 / rate, rate)
        track.append(clip)
    track.append(otio.schema.Gap(source_range=span(Fraction(0), 12 / rate, rate)))
    timeline = otio.schema.Timeline(name="hour", global_start_time=at(first / rate, rate))
    timeline.tracks.append(track)
    attach(timeline, CutInfo(rate=rate, drop=True))
    back, _ = there_and_back(timeline)
    assert content(back) == content(timeline)
    assert sum((duration_of(item) for item in back.tracks[0]), Fraction(0)) * rate == 107892
    assert str(Timecode(frames=first + 107892, rate=rate, drop=True)) == "01:59:53;00"


def one_clip(rate: Fraction, start_frame: int, frames: int, *, name: str = "A001_C001.mov", has: int = 100000, media_rate: Fraction | None = None) -> Any:
    own = media_rate or rate
    media = Media(name=name, digest=f"blake3:{name}", rate=own, video=True)
    clip = otio.schema.Clip(name=name, media_reference=reference(media, Span(start_s=Fraction(0), end_s=has / own), url=f"file:///shoot/{name}"))
    clip.source_range = otio.opentime.TimeRange(at(start_frame / own, own), at(frames / rate, rate))
    return clip


def offer(rate: Fraction) -> Any:
    """A super of forty frames."""
    title = otio.schema.Clip(name="super", media_reference=otio.schema.GeneratorReference(generator_kind="title", parameters={"text": "Offer ends Sunday"}))
    title.source_range = span(Fraction(0), 40 / rate, rate)
    return title


def montage(rate: Fraction) -> Any:
    """A nested cut of two clips, of which eighty frames are seen."""
    inner = otio.schema.Stack(name="montage")
    inner_track = otio.schema.Track("V1", kind="Video")
    inner_track.extend([one_clip(rate, 0, 60, name="n1.mov"), one_clip(rate, 5, 60, name="n2.mov")])
    inner.append(inner_track)
    inner.source_range = span(20 / rate, 80 / rate, rate)
    return inner


def timeline_of(rate: Fraction, *tracks: list[Any], kinds: str = "VVVV") -> Any:
    timeline = otio.schema.Timeline(name="cut", global_start_time=at(Fraction(0), rate))
    for number, items in enumerate(tracks):
        track = otio.schema.Track(f"T{number}", kind="Video" if kinds[number] == "V" else "Audio")
        track.extend(items)
        timeline.tracks.append(track)
    attach(timeline, CutInfo(rate=rate))
    return timeline


@settings(max_examples=60, deadline=None)
@given(
    rate=st.sampled_from([rate for rate, _ in RATES]),
    shots=st.lists(st.tuples(st.integers(0, 90000), st.integers(1, 5000), st.sampled_from([None, 0, 1, 17, 400])), min_size=1, max_size=12),
    upper=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 90000), st.integers(1, 500)), max_size=5),
    start=st.integers(0, 24 * 3600 * 24 - 1),
)
def test_any_cut_of_whole_frames_comes_back(rate: Fraction, shots: list[Any], upper: list[Any], start: int) -> None:
    base: list[Any] = []
    for number, (first, length, gap) in enumerate(shots):
        if gap:
            base.append(otio.schema.Gap(source_range=span(Fraction(0), gap / rate, rate)))
        base.append(one_clip(rate, first, length, name=f"A{number:03d}.mov"))
    over: list[Any] = []
    for number, (gap, first, length) in enumerate(upper):
        if gap:
            over.append(otio.schema.Gap(source_range=span(Fraction(0), gap / rate, rate)))
        over.append(one_clip(rate, first, length, name=f"B{number:03d}.mov"))
    timeline = timeline_of(rate, base, *([over] if over else []))
    timeline.global_start_time = at(start / rate, rate)
    back, _ = there_and_back(timeline)
    assert content(back) == content(timeline)


@settings(max_examples=60, deadline=None)
@given(
    rate=st.sampled_from([rate for rate, _ in RATES]),
    speed=st.fractions(min_value=Fraction(1, 10), max_value=8, max_denominator=50),
    first=st.integers(0, 20000),
    length=st.integers(2, 900),
    backwards=st.booleans(),
)
def test_any_speed_comes_back_exactly(rate: Fraction, speed: Fraction, first: int, length: int, backwards: bool) -> None:
    clip = one_clip(rate, first, length)
    set_speed(clip, -speed if backwards else speed)
    timeline = timeline_of(rate, [clip])
    back, _ = there_and_back(timeline)
    assert content(back) == content(timeline)


def test_dissolves_freezes_stills_titles_markers_and_nested_cuts_come_back() -> None:
    rate = Fraction(25)
    frozen = one_clip(rate, 500, 30, name="freeze.mov")
    set_speed(frozen, Fraction(0))
    still = otio.schema.Clip(name="end card", media_reference=reference(Media(name="end.png", still=True, width=1920, height=1080), None, url="file:///end.png"))
    still.source_range = span(Fraction(0), 50 / rate, rate)
    title, inner = offer(rate), montage(rate)
    first, second = one_clip(rate, 100, 100, name="one.mov"), one_clip(rate, 300, 100, name="two.mov")
    first.markers.append(otio.schema.Marker(name="logo", marked_range=span(120 / rate, 1 / rate, rate), color="RED", comment="clear it"))
    second.markers.append(otio.schema.Marker(name="under the super", marked_range=span(330 / rate, 1 / rate, rate), color="ORANGE"))
    attach(second, ClipInfo(keywords=(Keyword(text="circled", start_s=310 / rate, duration_s=20 / rate),), scene="4", take="2", note="soft at the end"))
    half = at(6 / rate, rate)
    dissolve = otio.schema.Transition(name="Cross Dissolve", transition_type="SMPTE_Dissolve", in_offset=half, out_offset=half)
    upper = [otio.schema.Gap(source_range=span(Fraction(0), 110 / rate, rate)), title, one_clip(rate, 9, 30, name="b1.mov")]
    upper += [dissolve.clone(), one_clip(rate, 900, 30, name="b2.mov")]
    timeline = timeline_of(rate, [first, dissolve, second, frozen, still, inner], upper)
    back, losses = there_and_back(timeline)
    assert content(back) == content(timeline)
    assert losses == []
    assert back.tracks[0][0].markers[0].marked_range.start_time.value == 120
    assert (back.tracks[0][0].markers[0].color, back.tracks[0][0].markers[0].comment) == ("RED", "clear it")
    assert info(back.tracks[0][2], ClipInfo) == info(second, ClipInfo)
    nested = back.tracks[0][-1]
    assert isinstance(nested, otio.schema.Stack)
    assert [item.name for item in nested[0]] == ["n1.mov", "n2.mov"]
    assert back.tracks[1][1].media_reference.parameters["text"] == "Offer ends Sunday"


def test_a_clip_of_another_rate_keeps_its_range_in_its_own_rate() -> None:
    shots = shoot(Fraction(25))
    made = dailies(shots, title="mixed", rate=Fraction(24))
    first = made.tracks[0][0].source_range
    assert (first.start_time.rate, first.duration.rate, first.duration.value) == (25.0, 25.0, 240.0)
    back, losses = there_and_back(made)
    assert all("left off" in says or "dailies" in says for says in losses)
    assert speed_of(back.tracks[0][0]) == 1
    starts = [range_of(item).start_s for item in made.tracks[0]]
    assert [range_of(item).start_s for item in back.tracks[0] if isinstance(item, otio.schema.Clip)] == starts
    assert against_picture(back) == against_picture(made)


@pytest.mark.parametrize(("shot", "cut"), [("60000/1001", "24000/1001"), ("50", "25"), ("120", "24"), ("24000/1001", "25"), ("48000/1001", "24000/1001")])
def test_sound_keeps_its_place_under_picture_of_any_rate(shot: str, cut: str) -> None:
    made = dailies(shoot(Fraction(shot)), title="mixed", rate=Fraction(cut))
    back, _ = there_and_back(made)
    assert len(back.tracks) == len(made.tracks)
    assert against_picture(back) == against_picture(made)


def against_picture(timeline: Any) -> list[tuple[str, Fraction]]:
    """For each recorder clip: how far its own clock stands from the clock of the picture over it."""
    found, over, cursor = [], [], Fraction(0)
    for item in timeline.tracks[0]:
        over.append((cursor, cursor + duration_of(item), range_of(item).start_s))
        cursor += duration_of(item)
    for track in timeline.tracks[2:]:
        cursor = Fraction(0)
        for item in track:
            if isinstance(item, otio.schema.Clip):
                place, _, first = next(entry for entry in over if entry[0] <= cursor < entry[1])
                found.append((item.name, (range_of(item).start_s - cursor) - (first - place)))
            cursor += duration_of(item)
    return sorted(found)


def test_a_rate_that_the_program_conformed_stays_a_conform() -> None:
    clip = one_clip(Fraction(24), 100, 48, media_rate=Fraction(25))
    set_speed(clip, Fraction(24, 25), conform=True)
    timeline = timeline_of(Fraction(24), [clip])
    back, _ = there_and_back(timeline)
    assert content(back) == content(timeline)
    assert conformed(back.tracks[0][0])


def test_a_cut_past_the_end_of_its_media_is_clamped_and_said() -> None:
    timeline = timeline_of(Fraction(24), [one_clip(Fraction(24), 90, 20, has=100), one_clip(Fraction(24), 0, 10)])
    raw, losses = fcpxml.write(timeline, {})
    assert storyline_faults(etree.fromstring(raw)) == []
    assert [loss.says for loss in losses] == ["it uses 10 frames more than its media has; they are left off."]
    (back,), _ = fcpxml.read(raw, {})
    assert [(type(item).__name__, int(duration_of(item) * 24)) for item in back.tracks[0]] == [("Clip", 10), ("Gap", 10), ("Clip", 10)]
