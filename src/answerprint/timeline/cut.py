"""The cut: an OpenTimelineIO timeline that knows its media exactly.

OpenTimelineIO keeps a time as a float value at a float rate, and free dictionaries as metadata. Here a rate is a `Fraction`
again as soon as it is read (23.976 is 24000/1001), every sum is made in whole numbers, and what we know about media, clips and
timelines are frozen records under one metadata key, "answerprint", with a schema number.

Conventions, everywhere in this room:
- A media reference's `available_range` starts at the media's own timecode, and a clip's `source_range` counts on the same clock:
  a clip whose file starts at 08:00:00:00 has a source range near eight hours, never near nought.
- A retimed clip's `source_range.start_time` is the earliest moment of the media that is used; its duration is time on the timeline;
  what is used of the media is that duration times the speed, also when it runs backwards.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeVar
from urllib.parse import quote, unquote_to_bytes, urlsplit

import opentimelineio as otio

from answerprint.model.records import Digest, MediaInfo, ModelError, from_plain, to_plain
from answerprint.model.time import RATES, Span, Timecode, TimecodeError, floor_frames
from answerprint.timeline import TimelineError

__all__ = [
    "KEY", "SCHEMA", "ClipInfo", "CutInfo", "Keyword", "Media", "Sync", "at", "attach", "conformed", "cut_info", "duration_of", "file_url",
    "info", "know_media", "media_of", "path_of", "range_of", "raster_of", "rate_of", "reference", "seconds", "set_speed", "speed_of", "visible",
]  # fmt: skip

KEY = "answerprint"  #: the one metadata key we own
SCHEMA = 1  #: raised when a record below changes its meaning
_FALLBACK_SIZE = (1920, 1080)  #: where neither the cut nor its media name a raster
R = TypeVar("R")


# ---- what we know


@dataclass(frozen=True, kw_only=True)
class Media:
    """One media file as a cut knows it. Enough to find it again after somebody renamed a disk."""

    name: str  #: as clips show it, with its extension: "A001_C001.mp4"
    file: str = ""  #: as the production names it: "rushes/A001_C001.mp4"
    digest: Digest | None = None
    reel: str | None = None
    timecode: str | None = None  #: of the first frame; ";" before frames for drop-frame
    rate: Fraction | None = None  #: frames a second of the picture; None for sound and stills
    drop: bool = False
    camera: str | None = None
    angle: str | None = None
    width: int | None = None
    height: int | None = None
    sar: Fraction = Fraction(1)
    fps_shot: Fraction | None = None  #: sensor rate of an off-speed clip
    video: bool = False
    still: bool = False
    audio_rate_hz: int | None = None
    audio_channels: int = 0  #: 0 for a clip without sound
    tracks: tuple[str, ...] = ()  #: recorder track names in channel order


@dataclass(frozen=True, kw_only=True)
class Keyword:
    """A word on a clip, or on a stretch of its media; `start_s` is on the media's own clock, None for the whole clip."""

    text: str
    start_s: Fraction | None = None
    duration_s: Fraction | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Sync:
    """One recorder file that belongs to a clip. `offset_s` is where in the sound file the clip begins."""

    digest: Digest | None
    file: str
    offset_s: Fraction
    drift_ppm: Fraction = Fraction(0)


@dataclass(frozen=True, kw_only=True)
class ClipInfo:
    """What is known about one use of a medium in a cut."""

    roles: tuple[str, ...] = ()  #: "dialogue.Boom", in channel order; "video" roles on picture
    keywords: tuple[Keyword, ...] = ()
    scene: str | None = None
    take: str | None = None
    note: str | None = None
    angle: str | None = None  #: the multicam angle that is shown
    sync: tuple[Sync, ...] = ()
    abstained: str | None = None  #: why no recorder sound was laid under this clip
    alternatives: tuple[str, ...] = ()  #: the clips of an audition that were not picked


@dataclass(frozen=True, kw_only=True)
class CutInfo:
    """What is known about a whole timeline."""

    rate: Fraction
    drop: bool = False
    kind: str = "cut"  #: "cut", "dailies", or "clips" for an event's loose clips laid end to end
    width: int | None = None
    height: int | None = None
    audio_rate_hz: int = 48000  #: the rate of sound in editing programs' sequences (SMPTE ST 382 and every camera here)


# ---- records in metadata


def attach(thing: Any, record: Any) -> None:
    """Write a record into an OpenTimelineIO object's metadata, under its own name."""
    ours = _plain(thing.metadata.get(KEY, {}))
    ours = ours if isinstance(ours, dict) else {}
    ours["schema"] = SCHEMA
    ours[type(record).__name__] = _visible_all(to_plain(record))
    thing.metadata[KEY] = ours


def info(thing: Any, kind: type[R]) -> R | None:
    """The record of that kind in an object's metadata, None where there is none.

    Raises: TimelineError if it was written by a newer Answerprint, or is not what it says.
    """
    ours = _plain(thing.metadata.get(KEY))
    if not isinstance(ours, dict) or kind.__name__ not in ours:
        return None
    schema = ours.get("schema")
    if not isinstance(schema, int) or schema > SCHEMA:
        raise TimelineError(f"{thing.name or 'a timeline object'} carries schema {schema} of our metadata; this Answerprint reads up to {SCHEMA}. Update it.")
    try:
        return from_plain(kind, ours[kind.__name__])
    except ModelError as cause:
        raise TimelineError(f"{thing.name or 'a timeline object'}: its Answerprint metadata was changed by hand or another program: {cause}") from cause


def _plain(value: Any) -> Any:
    """OpenTimelineIO's dictionaries and vectors as Python's own."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value


def visible(text: str) -> str:
    """A name that any text file can hold: bytes that are not UTF-8 as \\xNN, control characters as their Unicode pictures."""

    def show(match: re.Match[str]) -> str:
        code = ord(match[0])
        if 0xDC80 <= code <= 0xDCFF:
            return f"\\x{code - 0xDC00:02x}"
        if code < 0x20:
            return chr(0x2400 + code)
        return "␡" if code == 0x7F else "�"

    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]", show, text)


def _visible_all(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _visible_all(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_visible_all(item) for item in value]
    return visible(value) if isinstance(value, str) else value


# ---- time


def rate_of(rate: float | int | Fraction) -> Fraction:
    """The exact rate that a float means: 23.976, 23.98 and 23.976023976 are all 24000/1001.

    Raises: TimelineError if it is not a positive, finite number.
    """
    if isinstance(rate, Fraction):
        return rate
    if not math.isfinite(rate) or rate <= 0:
        raise TimelineError(f"{rate} is not a rate.")
    if abs(rate - round(rate)) < 1e-6:
        return Fraction(round(rate))
    ntsc = Fraction(1000 * math.ceil(rate), 1001)
    if ntsc in RATES.values() and abs(float(ntsc) - rate) < 0.005:
        return ntsc
    return Fraction(rate).limit_denominator(1001)


def seconds(time: Any) -> Fraction:
    """An OpenTimelineIO time in exact seconds."""
    value = Fraction(time.value)
    return (value if value.denominator == 1 else value.limit_denominator(10**6)) / rate_of(time.rate)


def at(moment_s: Fraction, *rates: Fraction | int | None) -> Any:
    """Exact seconds as an OpenTimelineIO time: in whole units of the first rate that holds it, else of its own denominator.

    Raises: TimelineError if no whole number under 2^53 holds it.
    """
    for rate in rates:
        if rate is not None and rate > 0 and (moment_s * rate).denominator == 1:
            return otio.opentime.RationalTime((moment_s * rate).numerator, float(rate))
    if abs(moment_s.numerator) >= 2**53 or moment_s.denominator >= 2**31:
        raise TimelineError(f"{float(moment_s):.9f} s is finer than a timeline can hold exactly.")
    return otio.opentime.RationalTime(moment_s.numerator, float(moment_s.denominator))


def span(start_s: Fraction, duration_s: Fraction, *rates: Fraction | int | None) -> Any:
    """A range in exact seconds as an OpenTimelineIO range."""
    return otio.opentime.TimeRange(at(start_s, *rates), at(duration_s, *rates))


def range_of(item: Any) -> Span:
    """What an item uses, on its media's own clock, in timeline time: start as in the media, duration as on the timeline."""
    if item.source_range is not None:
        start = seconds(item.source_range.start_time)
        return Span(start_s=start, end_s=start + seconds(item.source_range.duration))
    if isinstance(item, otio.schema.Clip) and item.media_reference is not None and item.media_reference.available_range is not None:
        start = seconds(item.media_reference.available_range.start_time)
        return Span(start_s=start, end_s=start + seconds(item.media_reference.available_range.duration))
    if isinstance(item, otio.schema.Stack):
        return Span(start_s=Fraction(0), end_s=max((duration_of(child) for child in item), default=Fraction(0)))
    if isinstance(item, otio.schema.Track):
        return Span(start_s=Fraction(0), end_s=sum((duration_of(child) for child in item if not isinstance(child, otio.schema.Transition)), Fraction(0)))
    raise TimelineError(f"{item.name or 'a clip'} has neither a source range nor a known media length: how long is it? Give it a range.")


def duration_of(item: Any) -> Fraction:
    """How long an item lasts on the timeline, in exact seconds."""
    return range_of(item).duration_s


def speed_of(item: Any) -> Fraction:
    """How fast an item plays: 1 as shot, 1/2 half speed, 0 frozen, negative backwards. Several time warps multiply."""
    speed = Fraction(1)
    for effect in item.effects:
        if isinstance(effect, otio.schema.FreezeFrame):
            return Fraction(0)
        if isinstance(effect, otio.schema.LinearTimeWarp):
            exact = _plain(effect.metadata.get(KEY, {}))
            if isinstance(exact, dict) and isinstance(exact.get("speed"), str) and abs(float(Fraction(exact["speed"])) - effect.time_scalar) < 1e-9:
                speed *= Fraction(exact["speed"])
            else:
                speed *= Fraction(effect.time_scalar).limit_denominator(10000)
    return speed


def set_speed(item: Any, speed: Fraction, *, conform: bool = False) -> None:
    """Give a clip an exact speed. `conform`: it is the editing program's match of a foreign frame rate, not an editor's choice."""
    if speed == 1:
        return
    if speed == 0:
        item.effects.append(otio.schema.FreezeFrame(name="Freeze"))
        return
    effect = otio.schema.LinearTimeWarp(name="Rate conform" if conform else "Speed", time_scalar=float(speed))
    effect.metadata[KEY] = {"schema": SCHEMA, "speed": f"{speed.numerator}/{speed.denominator}", "conform": conform}
    item.effects.append(effect)


def conformed(item: Any) -> bool:
    """Whether the clip's speed is only an editing program's match of a foreign frame rate."""
    warps = [effect for effect in item.effects if isinstance(effect, otio.schema.LinearTimeWarp)]
    return bool(warps) and all(_plain(warp.metadata.get(KEY, {})).get("conform") is True for warp in warps)


# ---- media


def file_url(path: str | os.PathLike[str]) -> str:
    """A file's URL, percent-encoded byte by byte: spaces, quotes, newlines, emoji and names that are not UTF-8 all come back."""
    return "file://" + quote(os.fsencode(os.path.abspath(path)))


def path_of(url: str | None) -> str | None:
    """The path that a media URL names, None where it names no local file. A bare path is taken as it is."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme == "file":
        path = os.fsdecode(unquote_to_bytes(parts.path))
        return path[1:] if re.match(r"^/[A-Za-z]:", path) else path
    return url if len(parts.scheme) < 2 else None


def know_media(found: MediaInfo, *, file: str, digest: Digest | None) -> Media:
    """What a cut keeps of a probe."""
    video, audio = found.video, found.audio
    tracks = tuple(track.name for track in found.bext.tracks) if found.bext else ()
    return Media(
        name=os.path.basename(file), file=file, digest=digest, reel=found.reel or (found.bext.tape if found.bext else None),
        timecode=found.timecode, rate=video.rate if video else None, drop=bool(found.timecode and ";" in found.timecode), camera=found.camera,
        width=video.display_size[0] if video else None, height=video.display_size[1] if video else None,
        fps_shot=video.fps_shot if video and video.fps_shot != video.rate else None, video=video is not None,
        audio_rate_hz=audio[0].rate_hz if audio else None, audio_channels=sum(stream.channels for stream in audio), tracks=tracks,
    )  # fmt: skip


def start_and_length(found: MediaInfo) -> Span:
    """The media's own clock: from its first frame's timecode (sound: the recorder's sample count) to its end, in whole frames or samples."""
    if found.video is not None:
        rate = found.video.rate
        frames = found.video.frames if found.video.frames and not found.video.variable else floor_frames(found.video.duration_s, rate)
        start = Fraction(floor_frames(_timecode_s(found, rate), rate)) / rate
        return Span(start_s=start, end_s=start + Fraction(max(frames, 0)) / rate)
    rate_hz = found.audio[0].rate_hz if found.audio else 48000
    if found.bext is not None and found.bext.time_reference is not None:
        start = Fraction(found.bext.time_reference, rate_hz)
    else:
        start = Fraction(floor_frames(_timecode_s(found, found.timecode_rate or Fraction(rate_hz)), Fraction(rate_hz)), rate_hz)
    length = found.audio[0].duration_s if found.audio else found.duration_s
    return Span(start_s=start, end_s=start + Fraction(floor_frames(length, Fraction(rate_hz)), rate_hz))


def _timecode_s(found: MediaInfo, rate: Fraction) -> Fraction:
    if found.timecode is None:
        return Fraction(0)
    try:
        return Timecode.parse(found.timecode, rate=found.timecode_rate or rate).seconds
    except TimecodeError:
        return Fraction(0)  # the probe says in a note that the label does not exist; a start of nought is what players show


def reference(media: Media, available: Span | None, *, url: str | None) -> Any:
    """An OpenTimelineIO media reference that carries its record."""
    kept = None
    if available is not None:
        kept = span(available.start_s, available.duration_s, media.rate, media.audio_rate_hz)
    if url is None:
        made = otio.schema.MissingReference(available_range=kept)
    else:
        made = otio.schema.ExternalReference(target_url=url, available_range=kept)
    made.name = visible(media.name)
    attach(made, media)
    return made


def media_of(clip: Any) -> Media:
    """A clip's media record; made from the file name, range and rate where another program wrote the cut."""
    ref = clip.media_reference
    known = info(ref, Media) if ref is not None else None
    if known is not None:
        return known
    path = path_of(getattr(ref, "target_url", None))
    name = os.path.basename(path) if path else (ref.name if ref is not None and ref.name else clip.name)
    known_range = getattr(ref, "available_range", None) or clip.source_range
    rate = rate_of(known_range.start_time.rate) if known_range is not None else None
    parent = clip.parent()
    sound = getattr(parent, "kind", None) == otio.schema.TrackKind.Audio
    media = Media(name=visible(name), file=visible(path or ""), rate=None if sound else rate, video=not sound, audio_channels=2 if sound else 0)
    if rate is not None and not sound and getattr(ref, "available_range", None) is not None:
        media = replace(media, timecode=str(Timecode.from_seconds(seconds(ref.available_range.start_time), rate=rate)))
    return media


def cut_info(timeline: Any) -> CutInfo:
    """A timeline's record; where another program wrote it, its rate is that of its start time or of its first picture.

    Raises: TimelineError if there is nothing on it that could tell a rate.
    """
    known = info(timeline, CutInfo)
    if known is not None:
        return known
    if timeline.global_start_time is not None:
        return CutInfo(rate=rate_of(timeline.global_start_time.rate))
    for track in sorted(timeline.tracks, key=lambda track: track.kind != otio.schema.TrackKind.Video):
        for item in track:
            if getattr(item, "source_range", None) is not None:
                return CutInfo(rate=rate_of(item.source_range.duration.rate))
            if isinstance(item, otio.schema.Clip) and item.media_reference is not None and item.media_reference.available_range is not None:
                return CutInfo(rate=rate_of(item.media_reference.available_range.start_time.rate))
    raise TimelineError(f"{timeline.name or 'this timeline'} has no clip with a range, so its frame rate is not known.")


def raster_of(timeline: Any, cut: CutInfo) -> tuple[int, int]:
    """Width and height of a cut in pixels: its own, else those of its first moving picture, else HD."""
    if cut.width and cut.height:
        return cut.width, cut.height
    for clip in timeline.find_clips():
        media = media_of(clip)
        if media.width and media.height and not media.still:
            return media.width, media.height
    return _FALLBACK_SIZE
