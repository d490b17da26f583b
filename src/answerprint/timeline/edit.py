"""What a cut is, whoever wrote it down: its edit without names, notes and markers; and the seals by which a decision knows it again.

The same cut has the same seal whether it came as OpenTimelineIO, FCPXML or xmeml, as far as each of them holds it. What is switched
off is not seen or heard, so it is not in the edit; nor is empty time after the last shot, nor on which track a sound lies.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import opentimelineio as otio

from answerprint.model.records import canonical
from answerprint.model.time import Span, round_half_up
from answerprint.timeline import TimelineError
from answerprint.timeline.cut import Media, duration_of, media_of, range_of, seconds, speed_of

__all__ = [
    "Edit", "Joint", "Use", "Used", "edit_of", "edit_seal", "rhythm_of", "rhythm_seal", "seal_of", "sound_of", "sound_seal", "stem", "used",
]  # fmt: skip

#: Sound is placed to the sample; xmeml and FCPXML hold no less than this (SMPTE ST 382, and every camera here).
_SAMPLE_HZ = 48000


@dataclass(frozen=True, kw_only=True)
class Use:
    """One stretch of one medium, where it stands. Times in exact seconds; sound is rounded to the sample."""

    kind: Literal["picture", "sound"]
    layer: int  #: of the picture, from 0 at the bottom, empty tracks left out; 0 for every sound
    start_s: Fraction  #: from the first frame of the cut
    length_s: Fraction
    medium: str  #: its digest, else its name without folder and suffix; lettering by its words, a nested cut by its own seal
    source_s: Fraction  #: from the first frame of the medium, where the cut knows that; else on the medium's own clock
    speed: Fraction
    lettering: bool = False  #: words or a still picture: it lies over the film or ends it, and was not shot
    media: Media | None = None  #: None for lettering that the cut itself writes, and for a nested cut

    @property
    def source(self) -> Span:
        """What is used of the medium."""
        return Span(start_s=self.source_s, end_s=self.source_s + abs(self.speed) * self.length_s)


@dataclass(frozen=True, kw_only=True)
class Joint:
    """A transition: how long it reaches into what stands before the cut and after it."""

    kind: Literal["picture", "sound"]
    layer: int
    at_s: Fraction
    before_s: Fraction
    after_s: Fraction


@dataclass(frozen=True, kw_only=True)
class Edit:
    """Everything that is seen and heard in a cut, in the order of time; picture from the bottom up."""

    picture: tuple[Use, ...]
    sound: tuple[Use, ...]
    joints: tuple[Joint, ...]

    @property
    def length_s(self) -> Fraction:
        """To the end of the last shot or sound; nought for an empty cut."""
        return max((one.start_s + one.length_s for one in (*self.picture, *self.sound)), default=Fraction(0))


@dataclass(frozen=True, kw_only=True)
class Used:
    """Which stretches of one medium a cut uses, in the order of the medium; each stands there once."""

    medium: str
    media: Media
    kind: Literal["picture", "sound"]
    ranges: tuple[Span, ...]


def edit_of(timeline: Any) -> Edit:
    """A timeline without what is not its edit.

    Raises: TimelineError for a clip whose length cannot be told, and where whole tracks are trimmed.
    """
    if _trimmed(timeline.tracks):
        raise TimelineError(f"{timeline.name or 'the cut'}: all of its tracks are trimmed together. Trim the shots instead, and export it again.")
    return _tracks(timeline.tracks)


def edit_seal(timeline: Any) -> str:
    """"sha256:..." over the whole edit: media, source ranges, places, lengths, speeds, transitions.

    Raises: TimelineError for a clip whose length cannot be told.
    """
    return _seal(edit_of(timeline))


def rhythm_seal(timeline: Any) -> str:
    """"sha256:..." over where pictures change and nothing else: another take of the same length keeps it. Lettering over the
    picture is not counted."""
    return rhythm_of(edit_of(timeline))


def sound_seal(timeline: Any) -> str:
    """"sha256:..." over everything that is heard, and where."""
    return sound_of(edit_of(timeline))


def rhythm_of(edit: Edit) -> str:
    """`rhythm_seal` of an edit."""
    shots = [one for one in edit.picture if not (one.lettering and one.layer)]
    return _sha256([[one.layer, _text(one.start_s), _text(one.length_s)] for one in shots])


def sound_of(edit: Edit) -> str:
    """`sound_seal` of an edit."""
    return _sha256([[_row(one) for one in edit.sound], [_joint(one) for one in edit.joints if one.kind == "sound"]])


def seal_of(edit: Edit) -> str:
    """`edit_seal` of an edit."""
    return _seal(edit)


def used(timeline: Any) -> tuple[Used, ...]:
    """Which stretches of which media a cut shows and plays, in the order of their first use; nested cuts are looked into."""
    found: dict[tuple[str, str], list[Use]] = {}
    for one in _flat(timeline.tracks):
        found.setdefault((one.kind, one.medium), []).append(one)
    return tuple(
        Used(medium=medium, media=uses[0].media, kind=uses[0].kind, ranges=tuple(sorted({use.source for use in uses})))
        for (_, medium), uses in found.items()
        if uses[0].media is not None
    )


# ---- reading


def _tracks(tracks: Iterable[Any], *, offset: Fraction = Fraction(0)) -> Edit:
    picture: list[Use] = []
    sound: list[Use] = []
    joints: list[Joint] = []
    layer = 0
    for kind, items in _lanes(tracks):
        uses, cuts = _track(items, kind, layer if kind == "picture" else 0)
        if kind == "picture":
            picture += uses
            layer += bool(uses)
        else:
            sound += uses
        joints += cuts
    return Edit(
        picture=tuple(sorted(picture, key=lambda one: (one.start_s, one.layer))),
        sound=tuple(sorted(sound, key=_order)),
        joints=tuple(sorted(joints, key=lambda one: (one.kind, one.layer, one.at_s, one.before_s, one.after_s))),
    )


def _lanes(tracks: Iterable[Any]) -> Iterator[tuple[Literal["picture", "sound"], Iterable[Any]]]:
    """Every track that plays. What lies beside the tracks plays from the beginning, over what is under it.

    Raises: TimelineError for a track that is trimmed as a whole.
    """
    for track in tracks:
        if not getattr(track, "enabled", True):
            continue
        if not isinstance(track, otio.schema.Track):
            yield "picture", [track]
        elif track.kind in (otio.schema.TrackKind.Video, otio.schema.TrackKind.Audio):
            if isinstance(tracks, otio.schema.Stack) and _trimmed(track):
                raise TimelineError(f"the track {track.name!r} is trimmed as a whole. Trim its shots instead, and export the cut again.")
            yield "picture" if track.kind == otio.schema.TrackKind.Video else "sound", track


def _trimmed(whole: Any) -> bool:
    return whole.source_range is not None and whole.source_range != whole.available_range()


def _order(one: Use) -> tuple[Any, ...]:
    return (one.start_s, one.medium, one.source_s, one.length_s, one.speed)


def _track(track: Any, kind: Literal["picture", "sound"], layer: int) -> tuple[list[Use], list[Joint]]:
    uses: list[Use] = []
    joints: list[Joint] = []
    at = Fraction(0)
    for item in track:
        if isinstance(item, otio.schema.Transition):
            lengths = [_exact(seconds(one), kind) for one in (item.in_offset, item.out_offset)]
            joints.append(Joint(kind=kind, layer=layer, at_s=_exact(at, kind), before_s=lengths[0], after_s=lengths[1]))
            continue
        length = duration_of(item)
        if not isinstance(item, otio.schema.Gap) and item.enabled and length > 0:
            uses.append(_use(item, kind, layer, at, length))
        at += length
    return uses, joints


def _use(item: Any, kind: Literal["picture", "sound"], layer: int, at: Fraction, length: Fraction) -> Use:
    start, medium, media, lettering = range_of(item).start_s, "", None, False
    if not isinstance(item, otio.schema.Clip):
        medium = "nested " + _seal(_tracks(item if isinstance(item, otio.schema.Stack) else [item]))
    elif isinstance(item.media_reference, otio.schema.GeneratorReference):
        words = item.media_reference.parameters.get("text", item.name)
        medium, start, lettering = f"lettering {' '.join(str(words).split())}", Fraction(0), True
    else:
        media = media_of(item)
        medium, lettering = media.digest or stem(media.name or item.name), media.still
        available = getattr(item.media_reference, "available_range", None)
        start -= seconds(available.start_time) if available is not None else 0
        start = Fraction(0) if media.still else start
    return Use(
        kind=kind, layer=layer, start_s=_exact(at, kind), length_s=_exact(at + length, kind) - _exact(at, kind), medium=medium,
        source_s=_exact(start, kind), speed=speed_of(item), lettering=lettering, media=media,
    )  # fmt: skip


def _exact(time_s: Fraction, kind: str) -> Fraction:
    return time_s if kind == "picture" else Fraction(round_half_up(time_s * _SAMPLE_HZ), _SAMPLE_HZ)


def stem(name: str) -> str:
    """A medium's name as editing programs agree on it: without folder and suffix, whatever the letters' case."""
    base = os.path.basename(name)
    bare, suffix = os.path.splitext(base)
    return (bare if 1 < len(suffix) <= 6 else base).casefold()


def _flat(tracks: Iterable[Any]) -> list[Use]:
    """Every use of a medium, also inside nested cuts (there whole, whatever stretch of them is shown)."""
    found: list[Use] = []
    for kind, items in _lanes(tracks):
        for item in items:
            if isinstance(item, (otio.schema.Stack, otio.schema.Track)) and item.enabled:
                found += _flat(item if isinstance(item, otio.schema.Stack) else [item])
        found += [one for one in _track(items, kind, 0)[0] if one.media is not None]
    return found


# ---- sealing


def _seal(edit: Edit) -> str:
    rows: Sequence[Any] = [[_row(one) for one in edit.picture], [_row(one) for one in edit.sound], [_joint(one) for one in edit.joints]]
    return _sha256(rows)


def _row(one: Use) -> list[Any]:
    return [one.layer, *(_text(time) for time in (one.start_s, one.length_s)), one.medium, _text(one.source_s), _text(one.speed)]


def _joint(one: Joint) -> list[Any]:
    return [one.kind, one.layer, *(_text(time) for time in (one.at_s, one.before_s, one.after_s))]


def _text(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def _sha256(rows: Sequence[Any]) -> str:
    return "sha256:" + hashlib.sha256(canonical(list(rows))).hexdigest()
