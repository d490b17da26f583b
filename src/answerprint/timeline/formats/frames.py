"""Tracks counted in whole frames of the timeline, for the formats that know nothing finer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from answerprint.model.extend import Loss
from answerprint.model.time import Span, floor_frames, round_half_up
from answerprint.timeline.cut import Media, duration_of, media_of, range_of, seconds, speed_of

__all__ = ["Joint", "Row", "Shot", "has_of", "key_of", "rows"]

_HAIR = Fraction(1, 100)  #: of a frame; a tail shorter than this is another program's rounding, not picture


@dataclass(frozen=True)
class Joint:
    """A transition around a cut: whole frames before and after it."""

    name: str
    kind: str  #: OpenTimelineIO's transition type
    before: int
    after: int


@dataclass(frozen=True)
class Shot:
    """One item of a track in timeline frames, [start, end), counted from the timeline's first frame."""

    item: Any
    start: int
    end: int
    source_s: Fraction  #: earliest moment used, on the media's clock
    speed: Fraction
    media: Media | None  #: None for generators and nested cuts
    enabled: bool = True
    into: Joint | None = None  #: a transition at its head
    out_of: Joint | None = None  #: a transition at its tail

    @property
    def frames(self) -> int:
        return self.end - self.start

    def used(self, rate: Fraction) -> Span:
        """What is used of the media, without the frames under transitions; a freeze uses one frame."""
        length = abs(self.speed) * self.frames / rate
        return Span(start_s=self.source_s, end_s=self.source_s + (length or 1 / rate))

    def source_at(self, frame: int, rate: Fraction) -> Fraction:
        """The moment of the media that is on screen at a timeline frame, also past the ends of the shot."""
        into = (frame - self.start) / rate
        if self.speed >= 0:
            return self.source_s + into * self.speed
        own = self.media.rate if self.media is not None and self.media.rate else rate
        return self.used(rate).end_s + into * self.speed - 1 / own


@dataclass(frozen=True)
class Row:
    """One track."""

    track: Any
    shots: tuple[Shot, ...]  #: without gaps

    @property
    def video(self) -> bool:
        return bool(self.track.kind == otio.schema.TrackKind.Video)

    @property
    def frames(self) -> int:
        return max((shot.end for shot in self.shots), default=0)


def rows(tracks: Iterable[Any], rate: Fraction, losses: list[Loss], *, where: str) -> list[Row]:
    """Every picture and sound track in whole frames; an edge inside a frame goes back to that frame's start, so nothing slides.

    Args: where: the format's name, for the sentence about a track that has no place in it.
    """
    found = []
    for track in tracks:
        if not isinstance(track, otio.schema.Track):
            wrapped = otio.schema.Track(track.name, kind=otio.schema.TrackKind.Video)
            wrapped.append(track.clone())
            track = wrapped
        if track.kind not in (otio.schema.TrackKind.Video, otio.schema.TrackKind.Audio):
            losses.append(Loss(clip=track.name or "a track", says=f"a track of kind {track.kind!r} has no place in {where}."))
            continue
        if track.source_range is not None:
            losses.append(Loss(clip=track.name or "a track", says="the range set on the track itself is not applied; the whole track is written."))
        found.append(Row(track, tuple(_shots(track, rate, losses))))
    return found


def _shots(track: Any, rate: Fraction, losses: list[Loss]) -> list[Shot]:
    shots: list[Shot] = []
    cursor = Fraction(0)
    waiting: Joint | None = None
    gap_before = True
    for item in track:
        if isinstance(item, otio.schema.Transition):
            waiting = Joint(
                item.name or item.transition_type, item.transition_type, round_half_up(seconds(item.in_offset) * rate), round_half_up(seconds(item.out_offset) * rate)
            )
            if waiting.before + waiting.after <= 0:
                waiting = None
            if shots and waiting is not None and not gap_before:
                shots[-1] = replace(shots[-1], out_of=waiting)
            continue
        length = duration_of(item)
        start, end = floor_frames(cursor, rate), floor_frames(cursor + length, rate)
        left = (cursor + length) * rate - end
        cursor += length
        gap_before = isinstance(item, otio.schema.Gap)
        if gap_before:
            waiting = None
            continue
        if end <= start:
            if length:
                losses.append(Loss(clip=item.name or "a clip", says="it is shorter than a frame of this timeline and was left out."))
            continue
        if left > _HAIR and item.enabled:
            losses.append(Loss(clip=item.name or "a clip", says=f"its last {float(left):.2f} frame does not fill a frame of this timeline."))
        media = media_of(item) if isinstance(item, otio.schema.Clip) and not isinstance(item.media_reference, otio.schema.GeneratorReference) else None
        used = range_of(item)
        shots.append(Shot(item, start, end, used.start_s, speed_of(item), media, item.enabled and track.enabled, waiting))
        waiting = None
    return shots


def key_of(shot: Shot) -> str:
    """What makes two shots of one file: its address or digest, and what its reference says it has."""
    assert shot.media is not None
    ref = shot.item.media_reference
    named = getattr(ref, "target_url", None) or shot.media.digest or shot.media.file or shot.media.name
    kept = ref.available_range if ref is not None else None
    return f"{named} {kept}" if kept is not None else str(named)


def has_of(found: Iterable[Row], rate: Fraction) -> dict[str, Span]:
    """What each file has, on its own clock: what its reference says, or, where it says nothing, all that this cut uses of it."""
    spans: dict[str, Span] = {}
    said: set[str] = set()
    for row in found:
        for shot in row.shots:
            if shot.media is None:
                continue
            key = key_of(shot)
            ref = shot.item.media_reference
            kept = ref.available_range if ref is not None else None
            if kept is not None and kept.duration.value > 0:
                start = seconds(kept.start_time)
                spans[key] = Span(start_s=start, end_s=start + seconds(kept.duration))
                said.add(key)
            elif key not in said:
                used = shot.used(rate)
                known = spans.get(key, used)
                spans[key] = Span(start_s=min(known.start_s, used.start_s), end_s=max(known.end_s, used.end_s))
    return spans
