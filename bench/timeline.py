"""Timelines out and in: are ranges identical at every rate, and what becomes of other people's files?

    python -m bench.timeline [--dtd FCPXMLv1_10.dtd] [--media FOLDER] [--shots N]

What other programs' readers make of our files, and what one cut is in different formats, is in bench/interchange.py and printed here too.

Prints a line per rate and start with the number of ranges compared and the number that differ; the one-hour drop-frame cut; the
DTD check where a DTD is given; and, for a folder, every .fcpxml, .fcpxmld, .otio, .otioz, .xml, .edl and .ale in it as read or refused, with counts.
"""

from __future__ import annotations

import argparse
import collections
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
from lxml import etree

from answerprint.model.extend import Format
from answerprint.model.records import AudioStream, MediaInfo, VideoStream
from answerprint.model.time import Span, Timecode, rate_name
from answerprint.timeline import TimelineError
from answerprint.timeline.cut import (
    CutInfo,
    Media,
    at,
    attach,
    duration_of,
    range_of,
    reference,
    seconds,
    set_speed,
    span,
    speed_of,
)
from answerprint.timeline.dailies import SyncedClip, SyncedSound, dailies
from answerprint.timeline.formats.ale import format as ale
from answerprint.timeline.formats.edl import format as edl
from answerprint.timeline.formats.fcpxml import format as fcpxml
from answerprint.timeline.formats.fcpxml import text_of
from answerprint.timeline.formats.otio import format as otio_format
from answerprint.timeline.formats.xmeml import format as xmeml

RATES = [
    (Fraction(24000, 1001), False), (Fraction(24), False), (Fraction(25), False), (Fraction(30000, 1001), False), (Fraction(30000, 1001), True),
    (Fraction(30), False), (Fraction(50), False), (Fraction(60000, 1001), False), (Fraction(60000, 1001), True), (Fraction(60), False),
]  # fmt: skip
STARTS = ("00:59:53:00", "09:59:50:00")
VERSIONS = ("1.8", "1.9", "1.10", "1.11")


def label(text: str, drop: bool) -> str:
    return text[:8] + ";" + text[9:] if drop else text


def content(timeline: Any) -> collections.Counter[tuple[Any, ...]]:
    """Every item by track kind, place, source range and speed, in exact seconds."""
    found: collections.Counter[tuple[Any, ...]] = collections.Counter()
    for track in timeline.tracks:
        cursor = Fraction(0)
        for item in track:
            if isinstance(item, otio.schema.Transition):
                found[track.kind, "dissolve", cursor - seconds(item.in_offset), cursor + seconds(item.out_offset)] += 1
                continue
            if not isinstance(item, otio.schema.Gap):
                used = range_of(item)
                found[track.kind, item.name, cursor, used.start_s, used.end_s, speed_of(item)] += 1
            cursor += duration_of(item)
    return found


def make_dailies(rate: Fraction, drop: bool, start: str, shots: int) -> Any:
    """Synced clips of uneven lengths; recorder offsets are thirds, sevenths and elevenths of a second, so none lies on a frame."""
    clips = []
    for number in range(shots):
        frames = 97 + 53 * (number % 7)
        timecode = str(Timecode.parse(label("08:00:00:00", drop), rate=rate).plus(number * 700))
        video = VideoStream(
            index=0, codec="h264", width=1920, height=1080, pixel_format="yuv420p", bit_depth=8, rate=rate, frames=frames, duration_s=frames / rate,
        )  # fmt: skip
        sound = AudioStream(index=1, codec="pcm", rate_hz=48000, channels=2, duration_s=frames / rate)
        media = MediaInfo(kind="clip", container="mov", duration_s=frames / rate, video=video, audio=(sound,), timecode=timecode, timecode_rate=rate)
        recorder = MediaInfo(kind="sound", container="wav", duration_s=Fraction(60), audio=(AudioStream(index=0, codec="pcm", rate_hz=48000, channels=4, duration_s=Fraction(60)),))
        offset = Fraction(number + 1, (3, 7, 11)[number % 3]) - 1
        synced = SyncedSound(media=recorder, file=f"T{number:03d}.wav", path=f"/shoot/T{number:03d}.wav", digest=f"blake3:s{number}", offset_s=offset)
        clips.append(SyncedClip(media=media, file=f"A001_C{number:03d}.mov", path=f"/shoot/A001_C{number:03d}.mov", digest=f"blake3:c{number}", sounds=(synced,)))
    return dailies(clips, title="bench", rate=rate, start=start)


def make_cut(rate: Fraction, drop: bool, start: str, shots: int) -> Any:
    """A cut with gaps, dissolves, retimes and a second picture track."""
    first = Timecode.parse(start, rate=rate).frames
    timeline = otio.schema.Timeline(name="bench cut", global_start_time=at(first / rate, rate))
    lower, upper = otio.schema.Track("V1", kind="Video"), otio.schema.Track("V2", kind="Video")
    base = Timecode.parse(label("08:00:00:00", drop), rate=rate).frames
    for number in range(shots):
        media = Media(name=f"A{number:03d}.mov", digest=f"blake3:{number}", rate=rate, drop=drop, video=True, width=1920, height=1080)
        has = Span(start_s=base / rate, end_s=(base + 20000) / rate)
        clip = otio.schema.Clip(name=media.name, media_reference=reference(media, has, url=f"file:///shoot/{media.name}"))
        length = 11 + 37 * (number % 5)
        clip.source_range = span((base + 500 + 131 * number) / rate, length / rate, rate)
        if number % 4 == 1:
            set_speed(clip, Fraction(1 + number % 3, 2))
        track = upper if number % 6 == 5 else lower
        if number % 7 == 3:
            track.append(otio.schema.Gap(source_range=span(Fraction(0), 13 / rate, rate)))
        elif track is lower and number % 5 == 2:
            track.append(otio.schema.Transition(name="Cross Dissolve", transition_type="SMPTE_Dissolve", in_offset=at(4 / rate, rate), out_offset=at(5 / rate, rate)))
        track.append(clip)
    timeline.tracks.extend([lower, upper])
    attach(timeline, CutInfo(rate=rate, drop=drop, width=1920, height=1080))
    return timeline


def through(form: Format, timeline: Any, options: dict[str, str]) -> tuple[Any, bytes]:
    assert form.write is not None
    assert form.read is not None
    raw, _ = form.write(timeline, options)
    return form.read(raw, {"name": "bench"})[0][0], raw


def rates(shots: int, dtd: Any) -> int:
    """One line per rate and start; the number of ranges that differ."""
    wrong = invalid = 0
    print(f"{'rate':>8} {'start':>12} {'ranges':>7} {'OTIO differ':>12} {'FCPXML differ (1.8 1.9 1.10 1.11)':>34} {'start kept':>11}")
    for rate, drop in RATES:
        for start in (label(text, drop) for text in STARTS):
            ranges = other = 0
            by_version = dict.fromkeys(VERSIONS, 0)
            kept = True
            for made in (make_dailies(rate, drop, start, shots), make_cut(rate, drop, start, shots)):
                was = content(made)
                ranges += sum(was.values())
                other += sum((was - content(through(otio_format, made, {})[0])).values())
                for version in VERSIONS:
                    back, raw = through(fcpxml, made, {"version": version})
                    now = content(back)
                    by_version[version] += sum((was - now).values()) + sum((now - was).values())
                    kept = kept and seconds(back.global_start_time) == seconds(made.global_start_time)
                    if dtd is not None and version == "1.10" and not dtd.validate(etree.fromstring(raw)):
                        invalid += 1
                        print("   DTD:", dtd.error_log.filter_from_errors()[0])
            wrong += other + sum(by_version.values()) + (not kept)
            name = rate_name(rate) + (" DF" if drop else "")
            print(f"{name:>8} {start:>12} {ranges:>7} {other:>12} {' '.join(str(n) for n in by_version.values()):>34} {'yes' if kept else 'NO':>11}")
    print(f"DTD: {'not checked (give one with --dtd)' if dtd is None else f'{invalid} documents of version 1.10 refused'}")
    return wrong + invalid


def hour_cut(rate: Fraction) -> Any:
    """One hour of 29.97 drop-frame, cut every 120 frames from 00:59:53;00."""
    first = Timecode.parse("00:59:53;00", rate=rate).frames
    track = otio.schema.Track("V1", kind="Video")
    media = Media(name="hour.mov", digest="blake3:hour", reel="HOUR", rate=rate, drop=True, video=True, width=1920, height=1080)
    has = Span(start_s=first / rate, end_s=(first + 107892) / rate)
    for place in range(0, 107892, 120):
        clip = otio.schema.Clip(name=media.name, media_reference=reference(media, has, url="file:///hour.mov"))
        clip.source_range = span((first + place) / rate, min(120, 107892 - place) / rate, rate)
        track.append(clip)
    timeline = otio.schema.Timeline(name="hour", global_start_time=at(first / rate, rate))
    timeline.tracks.append(track)
    attach(timeline, CutInfo(rate=rate, drop=True, width=1920, height=1080))
    return timeline


def hour() -> int:
    """That hour out and in: whether anything differs, and where it ends."""
    rate = Fraction(30000, 1001)
    timeline = hour_cut(rate)
    first, track = Timecode.parse("00:59:53;00", rate=rate).frames, timeline.tracks[0]
    begun = time.perf_counter()
    back, raw = through(fcpxml, timeline, {})
    taken = time.perf_counter() - begun
    differ = sum((content(timeline) - content(back)).values())
    frames = sum((duration_of(item) for item in back.tracks[0]), Fraction(0)) * rate
    end = Timecode(frames=first + int(frames), rate=rate, drop=True)
    print(f"one hour of 29.97 DF: {len(track)} cuts, {differ} differ, {frames} frames (107892 expected), ends at {end} (01:59:53;00 expected); {len(raw)} bytes, {taken:.2f} s out and in")
    return differ + (frames != 107892) + (str(end) != "01:59:53;00")


def folder(media: Path) -> int:
    """Every timeline file below a folder: read or refused, and whether what was read goes out and comes back."""
    crashed = read = refused = 0
    wanted = {".fcpxml": fcpxml, ".fcpxmld": fcpxml, ".otio": otio_format, ".otioz": otio_format, ".xml": xmeml, ".edl": edl, ".ale": ale}
    paths = sorted(path for path in media.rglob("*") if path.suffix.lower() in wanted)
    for path in paths:
        form = wanted[path.suffix.lower()]
        assert form.read is not None
        try:
            timelines, losses = form.read(text_of(path), {"name": path.name, "rate": "24"})
        except TimelineError as sentence:
            refused += 1
            print(f"  refused  {sentence}")
            continue
        except Exception as fault:  # noqa: BLE001 - the bench counts what should never happen
            crashed += 1
            print(f"  CRASHED  {path.name}: {type(fault).__name__}: {fault}")
            continue
        read += 1
        clips = sum(len(list(timeline.find_clips())) for timeline in timelines)
        differ = 0
        for timeline in timelines:
            try:
                back, _ = through(form if form.suffix in (".xml", ".ale") else fcpxml, timeline, {})
            except TimelineError as sentence:
                print(f"    not written: {sentence}")
                continue
            was, now = ({key: count for key, count in content(cut).items() if key[0] in ("Video", "Audio")} for cut in (timeline, back))
            places = [collections.Counter((key[0], *key[2:]) for key in keys) for keys in (was, now)]
            differ += sum((places[0] - places[1]).values())
        print(f"  read     {path.name}: {len(timelines)} timelines, {clips} clips, {len(losses)} losses; out and in again: {differ} ranges differ")
    print(f"{len(paths)} files: {read} read, {refused} refused in a sentence, {crashed} crashed")
    return crashed


def interchange() -> int:
    """xmeml, EDL and ALE: round trips, other readers, one cut in several formats."""
    from bench.interchange import run

    return run()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--dtd", type=Path, help="Apple's FCPXMLv1_10.dtd")
    parser.add_argument("--media", type=Path, help="a folder of other people's timelines")
    parser.add_argument("--shots", type=int, default=40)
    wish = parser.parse_args()
    dtd = etree.DTD(str(wish.dtd)) if wish.dtd else None
    faults = rates(wish.shots, dtd) + hour() + interchange()
    if wish.media is not None:
        faults += folder(wish.media)
    print("nothing wrong found" if not faults else f"{faults} FAULTS")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
