from __future__ import annotations

from fractions import Fraction
from typing import Any

import opentimelineio as otio

from answerprint.model.time import Span
from answerprint.timeline.cut import Media, media_of, range_of, reference, span
from answerprint.timeline.relink import Known, relink

R = Fraction(24)
TEN = 10 * 3600 * 24


def coming_back(name: str, *, digest: str | None = None, reel: str | None = None, start: int = TEN, frames: int = 240) -> Any:
    media = Media(name=name, file=f"/Volumes/EDIT/{name}", digest=digest, reel=reel, rate=R, video=True)
    clip = otio.schema.Clip(name=name, media_reference=reference(media, Span(start_s=start / R, end_s=(start + frames) / R), url=f"file:///Volumes/EDIT/{name}"))
    clip.source_range = span((start + 12) / R, 24 / R, R)
    timeline = otio.schema.Timeline(name="cut")
    track = otio.schema.Track("V1", kind="Video")
    track.append(clip)
    timeline.tracks.append(track)
    return timeline


def medium(name: str = "A001_C001.mp4", *, digest: str = "blake3:aa", reel: str | None = "A001", timecode: str | None = "10:00:00:00", frames: int = 240) -> Known:
    return Known(digest=digest, file=f"rushes/{name}", path=f"/shoot/rushes/{name}", reel=reel, timecode=timecode, rate=R, duration_s=frames / R)


def by(timeline: Any, *known: Known) -> list[str]:
    return [match.by for match in relink(timeline, known).matched]


def test_the_digest_finds_a_renamed_file() -> None:
    done = relink(coming_back("renamed.mov", digest="blake3:aa"), [medium(), medium("other.mp4", digest="blake3:bb")])
    clip = next(iter(done.timeline.find_clips()))
    assert [match.by for match in done.matched] == ["digest"]
    assert clip.media_reference.target_url == "file:///shoot/rushes/A001_C001.mp4"
    assert (media_of(clip).digest, range_of(clip).start_s) == ("blake3:aa", (TEN + 12) / R)


def test_timecode_reel_and_name_find_a_transcode_with_another_extension() -> None:
    assert by(coming_back("A001_C001.mov", reel="a001"), medium(), medium(digest="blake3:bb", reel="B001")) == ["timecode, reel and name"]


def test_name_and_length_find_media_without_timecode() -> None:
    assert by(coming_back("A001_C001.mov", start=0), medium(timecode=None)) == ["name and length"]


def test_a_name_never_wins_over_a_timecode_that_says_otherwise() -> None:
    done = relink(coming_back("A001_C001.mov"), [medium(timecode="11:00:00:00")])
    assert done.matched == ()
    assert done.unmatched == ("A001_C001.mov: nothing in this production fits (/Volumes/EDIT/A001_C001.mov). Add its media, or leave it offline.",)


def test_two_that_fit_are_listed_and_neither_is_taken() -> None:
    timeline = coming_back("A001_C001.mov")
    done = relink(timeline, [medium(), medium("2/A001_C001.mp4", digest="blake3:bb")])
    assert done.matched == ()
    assert done.unmatched[0].startswith("A001_C001.mov: more than one medium fits")
    assert next(iter(done.timeline.find_clips())).media_reference.target_url == "file:///Volumes/EDIT/A001_C001.mov"


def test_the_timeline_given_is_not_changed() -> None:
    timeline = coming_back("x.mov", digest="blake3:aa")
    before = otio.adapters.write_to_string(timeline, "otio_json")
    relink(timeline, [medium()])
    assert otio.adapters.write_to_string(timeline, "otio_json") == before


def test_titles_need_no_media() -> None:
    timeline = coming_back("x.mov", digest="blake3:aa")
    title = otio.schema.Clip(name="super", media_reference=otio.schema.GeneratorReference(generator_kind="title"), source_range=span(Fraction(0), Fraction(1), R))
    timeline.tracks[0].append(title)
    assert relink(timeline, [medium()]).unmatched == ()


def listed(name: str, *, start: int, reel: str | None = None) -> Any:
    """As a list has it: a name, a reel and the stretch that is used; when the file starts is not in it."""
    timeline = coming_back(name, reel=reel)
    (clip,) = timeline.find_clips()
    clip.media_reference.available_range = None
    clip.source_range = span(start / R, 24 / R, R)
    return timeline


def test_a_list_finds_its_media_by_the_stretch_it_uses() -> None:
    assert by(listed("A001_C001.mov", start=TEN + 12, reel="A001"), medium(), medium(digest="blake3:bb", timecode="11:00:00:00")) == ["timecode, reel and name"]
    assert by(listed("A001_C001.mov", start=TEN), medium(reel=None)) == ["timecode and name"]
    assert by(listed("A001_C001.mov", start=TEN + 216), medium()) == ["timecode and name"]


def test_a_list_that_uses_what_the_medium_does_not_have_finds_nothing() -> None:
    assert by(listed("A001_C001.mov", start=TEN + 218), medium()) == []
    assert by(listed("A001_C001.mov", start=TEN - 2), medium()) == []
