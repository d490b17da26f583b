"""Supers over a cut: the parent's timeline as it is, with each of them on a track above. Nothing below is touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from answerprint.model.records import Digest
from answerprint.supering.places import Place

__all__ = ["Laid", "Lettering", "laid"]

_TRACK = "Supers"


@dataclass(frozen=True, kw_only=True)
class Lettering:
    """What is known about a super in a cut; it stands in the clip's metadata."""

    version: str
    template: str


@dataclass(frozen=True, kw_only=True)
class Laid:
    """One super that was drawn, and where it stands."""

    what: Lettering
    file: str  #: in the production: "cuts/supers/de price.mov"
    path: Path
    digest: Digest
    place: Place
    size: tuple[int, int]


def laid(timeline: Any, supers: Sequence[Laid], *, name: str, rate: Fraction) -> Any:
    """A copy of a timeline with these supers above everything else. One of the same template that lies there already, from the version that
    it comes from, makes room; what was laid by hand stays. Two that stand at the same time get tracks of their own, the later row on top.

    Returns: an OpenTimelineIO timeline of that name.
    """
    import opentimelineio as otio

    from answerprint.timeline.cut import info

    made = timeline.clone()
    made.name = name
    new = {one.what.template for one in supers}
    standing = []
    for track in [one for one in made.tracks if _ours(one)]:
        at = Fraction(0)
        for item in track:
            length = _length(item)
            if isinstance(item, otio.schema.Clip) and (known := info(item, Lettering)) is not None and known.template not in new:
                standing.append((at, at + length, item.clone()))
            at += length
        made.tracks.remove(track)
    for one in supers:
        standing.append((one.place.first / rate, one.place.end / rate, _clip(one, rate)))
    tracks: list[list[tuple[Fraction, Fraction, Any]]] = []
    for begin, end, clip in standing:
        free = next((track for track in tracks if all(end <= start or begin >= until for start, until, _ in track)), None)
        if free is None:
            tracks.append(free := [])
        free.append((begin, end, clip))
    top = 1 + max((place for place, track in enumerate(made.tracks) if getattr(track, "kind", "") != otio.schema.TrackKind.Audio), default=-1)
    for number, rows in enumerate(tracks):
        made.tracks.insert(top + number, _track(_TRACK if not number else f"{_TRACK} {number + 1}", rows, rate))
    return made


def _ours(track: Any) -> bool:
    """Whether nothing but our supers lies on a track."""
    import opentimelineio as otio

    from answerprint.timeline.cut import info

    clips = [one for one in track if not isinstance(one, otio.schema.Gap)] if isinstance(track, otio.schema.Track) else []
    return bool(clips) and all(isinstance(one, otio.schema.Clip) and info(one, Lettering) is not None for one in clips)


def _length(item: Any) -> Fraction:
    from answerprint.timeline.cut import duration_of

    return duration_of(item)


def _track(name: str, rows: Sequence[tuple[Fraction, Fraction, Any]], rate: Fraction) -> Any:
    import opentimelineio as otio

    from answerprint.timeline.cut import span

    track = otio.schema.Track(name, kind=otio.schema.TrackKind.Video)
    at = Fraction(0)
    for begin, end, clip in sorted(rows, key=lambda row: row[0]):
        if begin > at:
            track.append(otio.schema.Gap(source_range=span(Fraction(0), begin - at, rate)))
        track.append(clip)
        at = end
    return track


def _clip(one: Laid, rate: Fraction) -> Any:
    import opentimelineio as otio

    from answerprint.model.time import Span
    from answerprint.timeline.cut import Media, attach, file_url, reference, span, visible

    length = one.place.frames / rate
    known = Media(name=one.path.name, file=one.file, digest=one.digest, rate=rate, width=one.size[0], height=one.size[1], video=True)
    made = otio.schema.Clip(name=visible(one.path.stem), media_reference=reference(known, Span(start_s=Fraction(0), end_s=length), url=file_url(one.path)))
    made.source_range = span(Fraction(0), length, rate)
    attach(made, one.what)
    return made
