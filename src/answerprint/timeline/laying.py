"""Laying out: stretches of synced clips and labelled slugs back to back, with every recorder's sound under its picture.

Picture is on V1, the camera's own sound on A1 (switched off where a recorder's lies under it), and each recorder on a track of its own
below. Edges on the timeline are whole frames; what is finer than a frame lies in the sound's source range, to the sample, so that the
sound stands exactly where it was found. A recorder whose clock drifts is put right at the head of each stretch. Where a recorder was
not running there is a gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from answerprint.model.records import Digest, MediaInfo
from answerprint.model.time import Span, Timecode, floor_frames, round_half_up
from answerprint.timeline import TimelineError
from answerprint.timeline.cut import (
    ClipInfo,
    CutInfo,
    Keyword,
    Media,
    Sync,
    attach,
    file_url,
    know_media,
    reference,
    span,
    start_and_length,
    visible,
)

__all__ = ["Layout", "SyncedClip", "SyncedSound", "mark", "stretch"]


@dataclass(frozen=True, kw_only=True)
class SyncedSound:
    """One recorder file under a clip. `offset_s` is where in the sound file the clip begins, positive when the recorder ran first."""

    media: MediaInfo
    file: str
    path: str
    digest: Digest | None
    offset_s: Fraction
    drift_ppm: Fraction = Fraction(0)

    def after(self, clip_s: Fraction) -> Fraction:
        """Where in the sound file it is heard what the clip shows so long after its first frame."""
        return self.offset_s + clip_s * (1 + self.drift_ppm / 1_000_000)


@dataclass(frozen=True, kw_only=True)
class SyncedClip:
    """One camera clip, or a sound without picture, with what is known about it. `abstained` says why it has no recorder sound, where it could have had one."""

    media: MediaInfo
    file: str
    path: str
    digest: Digest | None
    sounds: Sequence[SyncedSound] = ()
    keywords: Sequence[str] = ()
    marks: Sequence[Keyword] = ()  #: words on stretches of it, on the media's own clock
    scene: str | None = None
    take: str | None = None
    note: str | None = None
    abstained: str | None = None

    @property
    def picture(self) -> bool:
        return self.media.video is not None


def stretch(clip: SyncedClip, in_s: Fraction, out_s: Fraction, rate: Fraction) -> Span:
    """A stretch of a clip, given in seconds from its first frame, in whole frames: outward, and not past the clip's ends.

    It begins on a frame of the clip (a sound: of the timeline) and lasts a whole number of the timeline's frames, one at least. Only
    where a clip of another rate ends inside a frame of the timeline is that last part of a frame left off.

    Returns: seconds from the clip's first frame.
    Raises:  TimelineError for a clip that has no whole frame.
    """
    has = start_and_length(clip.media).duration_s
    most = floor_frames(has, rate)
    if most < 1:
        raise TimelineError(f"{clip.file} is shorter than a frame. Take it out, or copy it from the card again.")
    grid = clip.media.video.rate if clip.media.video is not None else rate
    first = Fraction(floor_frames(min(max(in_s, Fraction(0)), has - 1 / rate), grid)) / grid
    frames = max(1, -floor_frames(-(min(out_s, has) - first), rate))
    return Span(start_s=first, end_s=first + Fraction(min(frames, floor_frames(has - first, rate))) / rate)


def mark(item: Any, at_s: Fraction, rate: Fraction, *, name: str, says: str, colour: str) -> None:
    """Put a marker of one frame on an item, on its media's own clock."""
    item.markers.append(otio.schema.Marker(name=visible(name), marked_range=span(at_s, 1 / rate, rate), color=colour, comment=visible(says)))


class Layout:
    """The tracks while they are being filled, all of the same length after each item.

    Args: rate: frames a second of the timeline.  recorders: how many sound tracks there are below the camera's own.
    """

    def __init__(self, rate: Fraction, recorders: int) -> None:
        self.rate = rate
        self.length_s = Fraction(0)
        self.picture = otio.schema.Track("V1", kind=otio.schema.TrackKind.Video)
        self.camera = otio.schema.Track("A1", kind=otio.schema.TrackKind.Audio)
        self.recorders = [otio.schema.Track(f"A{n + 2}", kind=otio.schema.TrackKind.Audio) for n in range(recorders)]

    @property
    def tracks(self) -> list[Any]:
        return [self.picture, self.camera, *self.recorders]

    def timeline(self, name: str, *, start: str, kind: str, size: tuple[int, int] | None) -> Any:
        """What was laid, as an `opentimelineio.schema.Timeline`."""
        first = Timecode.parse(start, rate=self.rate)
        made = otio.schema.Timeline(name=visible(name), global_start_time=otio.opentime.RationalTime(first.frames, float(self.rate)))
        made.tracks.extend(self.tracks)
        width, height = size or (None, None)
        attach(made, CutInfo(rate=self.rate, drop=first.drop, kind=kind, width=width, height=height))
        return made

    def add(self, clip: SyncedClip, used: Span, says: ClipInfo, *, name: str | None = None, silent: bool = False) -> Any:
        """Lay a stretch of a clip with its sound; `used` counts from the clip's first frame, `silent` switches its sound off.

        Returns: the item that shows it; for a sound without picture, the sound under an empty V1.
        """
        known = know_media(clip.media, file=clip.file, digest=clip.digest)
        available = start_and_length(clip.media)
        shown = self.piece(clip, used, says, name=name)
        length, own_rate = used.duration_s, known.rate
        self.length_s += length
        if not clip.picture:
            self.picture.append(self.gap(length))
            shown.enabled = not silent
            self.camera.append(shown)
            for track in self.recorders:
                track.append(self.gap(length))
            return shown
        self.picture.append(shown)
        if clip.media.audio:
            guide = self._clip(known, available, _on_clock(available, used), file_url(clip.path), ClipInfo(roles=("dialogue.Camera",)), name)
            guide.enabled = not clip.sounds and not silent  # two microphones of one scene at once would comb
            self.camera.append(guide)
        else:
            self.camera.append(self.gap(length, own_rate))
        for slot, track in enumerate(self.recorders):
            if slot < len(clip.sounds):
                laid = self.under(clip.sounds[slot], used, own_rate)
                for item in laid:
                    item.enabled = item.enabled and not silent
                track.extend(laid)
            else:
                track.append(self.gap(length, own_rate))
        return shown

    def slug(self, label: str, frames: int) -> Any:
        """A card with a label, so many frames long, where there is no picture. Returns the item."""
        length = Fraction(frames) / self.rate
        made = otio.schema.Clip(name=visible(label))
        made.media_reference = otio.schema.GeneratorReference(name="slug", generator_kind="title", parameters={"text": visible(label)})
        made.source_range = span(Fraction(0), length, self.rate)
        self.picture.append(made)
        for track in (self.camera, *self.recorders):
            track.append(self.gap(length))
        self.length_s += length
        return made

    def piece(self, clip: SyncedClip, used: Span, says: ClipInfo, *, name: str | None = None) -> Any:
        """A stretch of a clip as an item of its own, on no track yet."""
        known = know_media(clip.media, file=clip.file, digest=clip.digest)
        available = start_and_length(clip.media)
        if not clip.picture:
            says = _with_roles(says, known)
        return self._clip(known, available, _on_clock(available, used), file_url(clip.path), says, name)

    def sound_of(self, clip: SyncedClip, used: Span, says: ClipInfo, *, name: str | None = None) -> list[Any]:
        """What is heard in a stretch of a clip, on no track yet: its first recorder's sound, else its own."""
        if clip.picture and clip.sounds:
            laid = self.under(clip.sounds[0], used, clip.media.video.rate if clip.media.video is not None else None)
            for item in laid:
                if isinstance(item, otio.schema.Clip):
                    item.name = visible(name or item.name)
            return laid
        return [self.piece(clip, used, says, name=name)]

    def gap(self, length: Fraction, *rates: Fraction | None) -> Any:
        return otio.schema.Gap(source_range=span(Fraction(0), length, self.rate, *rates))

    def under(self, sound: SyncedSound, used: Span, clip_rate: Fraction | None) -> list[Any]:
        """A recorder under a stretch of a clip: gap, sound, gap, together exactly as long, cut at the clip's own frames."""
        if not sound.media.audio:
            raise TimelineError(f"{sound.file} has no sound in it, but a clip is synced to it.")
        length, rate = used.duration_s, clip_rate or self.rate
        rate_hz = sound.media.audio[0].rate_hz
        own = start_and_length(sound.media)
        into = Fraction(round_half_up(sound.after(used.start_s) * rate_hz), rate_hz)  # where in the file the stretch begins, to the sample
        head = Fraction(-floor_frames(min(into, Fraction(0)), rate)) / rate
        tail = min(length, Fraction(floor_frames(own.duration_s - into, rate)) / rate)
        if tail <= head:
            return [self.gap(length, clip_rate)]
        known = know_media(sound.media, file=sound.file, digest=sound.digest)
        bext = sound.media.bext
        says = ClipInfo(
            scene=bext.scene if bext else None, take=bext.take if bext else None, note=bext.note if bext else None,
            sync=(Sync(digest=sound.digest, file=sound.file, offset_s=sound.offset_s, drift_ppm=sound.drift_ppm),),
        )  # fmt: skip
        made = otio.schema.Clip(name=visible(known.name), media_reference=reference(known, own, url=file_url(sound.path)))
        start = span(own.start_s + into + head, tail - head, rate_hz).start_time
        made.source_range = otio.opentime.TimeRange(start, span(Fraction(0), tail - head, self.rate, clip_rate).duration)
        attach(made, _with_roles(says, known))
        around = [self.gap(head, clip_rate)] if head else []
        return [*around, made, *([self.gap(length - tail, clip_rate)] if tail < length else [])]

    def _clip(self, known: Media, available: Span, used: Span, url: str, says: ClipInfo, name: str | None = None) -> Any:
        made = otio.schema.Clip(name=visible(name or known.name), media_reference=reference(known, available, url=url))
        made.source_range = span(used.start_s, used.duration_s, known.rate or self.rate, known.audio_rate_hz, self.rate)
        attach(made, says)
        return made


def _on_clock(available: Span, used: Span) -> Span:
    """A stretch that counts from the first frame, on the media's own clock."""
    return Span(start_s=available.start_s + used.start_s, end_s=available.start_s + used.end_s)


def _with_roles(says: ClipInfo, known: Media) -> ClipInfo:
    """What is known about a recorder's clip, with one role for each of its tracks."""
    names = [known.tracks[n] if n < len(known.tracks) and known.tracks[n].strip() else f"Track {n + 1}" for n in range(known.audio_channels)]
    return replace(says, roles=tuple(f"dialogue.{_role(name)}" for name in names))


def _role(name: str) -> str:
    """A subrole name: a full stop divides role from subrole and a question mark starts options, so a track name cannot hold them."""
    return visible(name).replace(".", "-").replace("?", "-").strip()
