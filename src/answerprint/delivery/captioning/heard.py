"""What a cut lets be heard, and what it shows, stretch by stretch: which part of which medium, and when in the film."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from answerprint.delivery.lanes import Laid, Lane, lanes
from answerprint.delivery.sounding import Level
from answerprint.delivery.stems import stem_of
from answerprint.timeline.cut import ClipInfo, Media, info, media_of, range_of, seconds, speed_of

__all__ = ["Stretch", "heard", "seen"]

_VIDEO, _AUDIO = otio.schema.TrackKind.Video, otio.schema.TrackKind.Audio
_SILENT_DB = -60.0  #: under it nothing is heard


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A part of one medium: [start_s, end_s) of the film plays it from `source_s` of the medium on, counted from its first frame or sample."""

    media: Media
    start_s: Fraction
    end_s: Fraction
    source_s: Fraction
    speed: Fraction = Fraction(1)
    stem: str = ""  #: "dialogue", "music" or "effects", where the cut says it
    level: Level = field(default_factory=Level)  #: how loud the cut plays it, told from `clip_s` on
    clip_s: Fraction = Fraction(0)  #: when the clip that it is of begins in the film
    clocked: bool = False  #: the cut does not know where the medium begins: `source_s` is on the medium's own clock, its timecode

    @property
    def source_end_s(self) -> Fraction:
        return self.source_s + (self.end_s - self.start_s) * self.speed

    def film_s(self, source_s: Fraction) -> Fraction:
        """When that moment of the medium is in the film."""
        return self.start_s + (source_s - self.source_s) / self.speed


def heard(timeline: Any) -> tuple[Stretch, ...]:
    """Every stretch of sound, also of nested cuts, in the order of the film. What is switched off, silent or played backwards is not heard as words.

    Raises: TimelineError: a clip whose length cannot be told.
    """
    whole = Fraction(0), Fraction(10**9), Fraction(0), Fraction(1)
    found = list(_walk(timeline.tracks, _AUDIO, whole, ""))
    for lane in lanes(timeline.tracks, _VIDEO):
        for one in lane:
            if one.item is not None and not isinstance(one.item, otio.schema.Clip):
                found += _nested(one, lane, _AUDIO, whole, "")
    return tuple(sorted(found, key=lambda one: (one.start_s, one.media.file, one.source_s)))


def seen(timeline: Any) -> tuple[Stretch, ...]:
    """Every stretch of picture, upper tracks last, in the order of the tracks and of the film."""
    return tuple(_walk(timeline.tracks, _VIDEO, (Fraction(0), Fraction(10**9), Fraction(0), Fraction(1)), ""))


#: From a nested cut's clock to the film's: where it begins and ends in the film, the moment of it that stands at the beginning, its speed.
_Lens = tuple[Fraction, Fraction, Fraction, Fraction]


def _walk(tracks: Sequence[Any], kind: str, lens: _Lens, stem: str) -> Iterator[Stretch]:
    for lane in lanes(tracks, kind):
        for one in lane:
            if one.item is None:
                continue
            if not isinstance(one.item, otio.schema.Clip):
                yield from _nested(one, lane, kind, lens, stem)
            elif not isinstance(one.item.media_reference, otio.schema.GeneratorReference):
                yield from _clip(one, lane, lens, stem)


def _nested(one: Laid, lane: Lane, kind: str, lens: _Lens, stem: str) -> Iterator[Stretch]:
    speed = speed_of(one.item)
    if speed <= 0:
        return
    first, end = _film(one.start_s, lens), _film(one.end_s, lens)
    pace = lens[3] * speed
    inner = max(lens[0], first), min(lens[1], end), range_of(one.item).start_s + (max(lens[0], first) - first) * pace, pace
    yield from _walk(one.item if isinstance(one.item, otio.schema.Stack) else [one.item], kind, inner, stem or stem_of((), lane.name))


def _film(at_s: Fraction, lens: _Lens) -> Fraction:
    return lens[0] + (at_s - lens[2]) / lens[3]


def _clip(one: Laid, lane: Lane, lens: _Lens, stem: str) -> Iterator[Stretch]:
    clip, speed, level, says = one.item, speed_of(one.item), info(one.item, Level), info(one.item, ClipInfo)
    if speed <= 0 or (level is not None and level.gain_db <= _SILENT_DB and not level.keys):
        return
    media = media_of(clip)
    available = getattr(clip.media_reference, "available_range", None)
    source = range_of(clip).start_s - (seconds(available.start_time) if available is not None else 0)
    start, end = _film(one.start_s, lens), _film(one.end_s, lens)
    first, last = max(start, lens[0]), min(end, lens[1])
    if first < last:
        pace = speed * lens[3]
        yield Stretch(
            media=media, start_s=first, end_s=last, source_s=source + (first - start) * pace, speed=pace, stem=stem_of(says.roles if says else (), lane.name) or stem,
            level=level or Level(), clip_s=start, clocked=available is None,
        )  # fmt: skip
