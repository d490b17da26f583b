"""Tracks laid out for a storyline: what lies where, and which sound belongs to which picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from answerprint.model.extend import Loss
from answerprint.model.time import Span
from answerprint.timeline.cut import Media, duration_of, media_of, range_of, seconds, speed_of

__all__ = ["Dissolve", "Laid", "Lane", "lanes", "same_media"]


@dataclass(frozen=True)
class Dissolve:
    """A transition around a cut, in exact seconds before and after it."""

    name: str
    before_s: Fraction
    after_s: Fraction


@dataclass
class Laid:
    """One item where it lies on the timeline; times in exact seconds from the timeline's first frame."""

    item: Any
    start_s: Fraction
    length_s: Fraction
    source_s: Fraction  #: earliest moment used, on the media's clock
    speed: Fraction
    media: Media | None
    sound: Any = None  #: the clip of an audio track that is this picture's own sound
    into: Dissolve | None = None  #: a transition at its head
    out_of: Dissolve | None = None  #: a transition at its tail, where nothing follows

    @property
    def end_s(self) -> Fraction:
        return self.start_s + self.length_s

    @property
    def gap(self) -> bool:
        return isinstance(self.item, otio.schema.Gap)

    @property
    def used(self) -> Span:
        """What is used of the media."""
        return Span(start_s=self.source_s, end_s=self.source_s + abs(self.speed) * self.length_s)


@dataclass
class Lane:
    """One track."""

    track: Any
    items: list[Laid]

    @property
    def video(self) -> bool:
        return bool(self.track.kind == otio.schema.TrackKind.Video)


def lanes(tracks: Sequence[Any], losses: list[Loss]) -> list[Lane]:
    """Every picture and sound track laid out, the sound that belongs to a picture joined to it."""
    found = []
    for track in tracks:
        if not isinstance(track, otio.schema.Track):
            wrapped = otio.schema.Track(track.name, kind=otio.schema.TrackKind.Video)
            wrapped.append(track.clone())
            track = wrapped
        if track.kind not in (otio.schema.TrackKind.Video, otio.schema.TrackKind.Audio, "Captions"):
            losses.append(Loss(clip=track.name or "a track", says=f"a track of kind {track.kind!r} has no place in FCPXML."))
            continue
        found.append(Lane(track, _lay(track, losses)))
    _join(found)
    return found


def _lay(track: Any, losses: list[Loss]) -> list[Laid]:
    items: list[Laid] = []
    cursor = Fraction(0)
    waiting: Dissolve | None = None
    if track.source_range is not None:
        losses.append(Loss(clip=track.name or "a track", says="the range set on the track itself is not applied; the whole track is written."))
    for item in track:
        if isinstance(item, otio.schema.Transition):
            waiting = Dissolve(item.name or item.transition_type, seconds(item.in_offset), seconds(item.out_offset))
            if item.transition_type != "SMPTE_Dissolve":
                losses.append(Loss(clip=item.name or track.name, says=f"the transition {item.transition_type!r} is written as a cross dissolve of the same length."))
            continue
        length = duration_of(item)
        if length == 0:
            continue
        clip = isinstance(item, otio.schema.Clip)
        plays = speed_of(item)
        items.append(Laid(item, cursor, length, range_of(item).start_s, plays, media_of(item) if clip else None, into=waiting))
        waiting = None
        cursor += length
    if waiting is not None and items:
        items[-1].out_of = waiting
    return items


def same_media(one: Media, other: Media) -> bool:
    """Whether two records name the same file."""
    if one.digest and other.digest:
        return one.digest == other.digest
    return (one.file or one.name) == (other.file or other.name)


def _join(found: list[Lane]) -> None:
    """Take a clip of an audio track that is the own sound of a picture clip (same file, range, place and speed) to that picture."""
    pictures = {(laid.start_s, laid.length_s, laid.source_s, laid.speed): laid for lane in reversed(found) if lane.video for laid in lane.items if laid.media}
    for lane in found:
        if lane.video or lane.track.kind != otio.schema.TrackKind.Audio:
            continue
        kept = []
        for laid in lane.items:
            picture = pictures.get((laid.start_s, laid.length_s, laid.source_s, laid.speed))
            if picture is not None and picture.sound is None and laid.media and picture.media and _same_file(picture, laid) and picture.media.video:
                picture.sound = laid.item
            else:
                kept.append(laid)
        lane.items = kept


def _same_file(one: Laid, other: Laid) -> bool:
    if one.media is None or other.media is None:
        return False
    first, second = (getattr(laid.item.media_reference, "target_url", None) for laid in (one, other))
    return first == second if first and second else same_media(one.media, other.media)
