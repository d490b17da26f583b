"""Dailies: every synced clip, full length, back to back in shooting order, with the recorder's sound under it.

Picture is on V1, the camera's own sound on A1 (switched off where a recorder's lies under it), and each recorder on a track of its own below. Positions on the timeline are whole
frames; what is finer than a frame lies in the sound's source range, to the sample, so that the sound stands exactly where it was
found. Where a recorder was not running there is a gap; nothing is left out: clips without sound and clips that abstained stand there too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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

__all__ = ["SyncedClip", "SyncedSound", "dailies"]


@dataclass(frozen=True, kw_only=True)
class SyncedSound:
    """One recorder file under a clip. `offset_s` is where in the sound file the clip begins, positive when the recorder ran first."""

    media: MediaInfo
    file: str
    path: str
    digest: Digest | None
    offset_s: Fraction
    drift_ppm: Fraction = Fraction(0)


@dataclass(frozen=True, kw_only=True)
class SyncedClip:
    """One camera clip with what is known about it. `abstained` says why it has no recorder sound, where it could have had one."""

    media: MediaInfo
    file: str
    path: str
    digest: Digest | None
    sounds: Sequence[SyncedSound] = ()
    keywords: Sequence[str] = ()
    scene: str | None = None
    take: str | None = None
    note: str | None = None
    abstained: str | None = None


def dailies(clips: Sequence[SyncedClip], *, title: str, rate: Fraction, start: str = "01:00:00:00", size: tuple[int, int] | None = None) -> Any:
    """Lay synced clips out as a timeline.

    Args:    clips: in shooting order.  rate: frames a second of the timeline; a clip of another rate keeps its own range in its own rate.
             start: timecode of the first frame, ";" before frames for drop-frame.  size: raster; the first clip's where not given.
    Returns: an `opentimelineio.schema.Timeline`. Tracks V1, A1 and one audio track per recorder that ran at the same time; empty for no clips.
    Raises:  TimelineError for a clip without picture or without length.
    """
    first = Timecode.parse(start, rate=rate)
    sheet = _Sheet(rate, max((len(clip.sounds) for clip in clips), default=0))
    raster = size
    for clip in clips:
        if clip.media.video is None:
            raise TimelineError(f"{clip.file} has no picture; dailies are laid out by picture. Sound without a camera stays in the sound folder.")
        raster = raster or clip.media.video.display_size
        sheet.add(clip)
    timeline = otio.schema.Timeline(name=visible(title), global_start_time=otio.opentime.RationalTime(first.frames, float(rate)))
    timeline.tracks.extend(sheet.tracks())
    attach(timeline, CutInfo(rate=rate, drop=first.drop, kind="dailies", width=raster[0] if raster else None, height=raster[1] if raster else None))
    return timeline


class _Sheet:
    """The tracks while they are being filled, all of the same length after each clip."""

    def __init__(self, rate: Fraction, recorders: int) -> None:
        self.rate = rate
        self.picture = otio.schema.Track("V1", kind=otio.schema.TrackKind.Video)
        self.camera = otio.schema.Track("A1", kind=otio.schema.TrackKind.Audio)
        self.recorders = [otio.schema.Track(f"A{n + 2}", kind=otio.schema.TrackKind.Audio) for n in range(recorders)]

    def tracks(self) -> list[Any]:
        return [self.picture, self.camera, *self.recorders]

    def add(self, clip: SyncedClip) -> None:
        known = know_media(clip.media, file=clip.file, digest=clip.digest)
        available = start_and_length(clip.media)
        if available.duration_s == 0:
            raise TimelineError(f"{clip.file} has no frames. Take it out of the dailies, or copy it from the card again.")
        says = ClipInfo(
            roles=(), keywords=tuple(Keyword(text=word) for word in clip.keywords), scene=clip.scene, take=clip.take, note=clip.note, abstained=clip.abstained,
            sync=tuple(Sync(digest=sound.digest, file=sound.file, offset_s=sound.offset_s, drift_ppm=sound.drift_ppm) for sound in clip.sounds),
        )  # fmt: skip
        shown = self._clip(known, available, file_url(clip.path), says)
        if clip.abstained:
            mark = span(available.start_s, 1 / (known.rate or self.rate), known.rate)
            shown.markers.append(otio.schema.Marker(name="not synced", marked_range=mark, color="RED", comment=visible(clip.abstained)))
        self.picture.append(shown)
        length = available.duration_s
        if clip.media.audio:
            guide = self._clip(known, available, file_url(clip.path), ClipInfo(roles=("dialogue.Camera",)))
            guide.enabled = not clip.sounds  # two microphones of one scene at once would comb
            self.camera.append(guide)
        else:
            self.camera.append(self._gap(length, known.rate))
        for slot, track in enumerate(self.recorders):
            if slot < len(clip.sounds):
                track.extend(self._sound(clip.sounds[slot], length, known.rate))
            else:
                track.append(self._gap(length, known.rate))

    def _clip(self, known: Media, used: Span, url: str, says: ClipInfo) -> Any:
        made = otio.schema.Clip(name=visible(known.name), media_reference=reference(known, used, url=url))
        made.source_range = span(used.start_s, used.duration_s, known.rate, known.audio_rate_hz)
        attach(made, says)
        return made

    def _gap(self, length: Fraction, *rates: Fraction | None) -> Any:
        return otio.schema.Gap(source_range=span(Fraction(0), length, self.rate, *rates))

    def _sound(self, sound: SyncedSound, length: Fraction, clip_rate: Fraction | None) -> list[Any]:
        """A recorder under one clip: gap, sound, gap, together exactly as long as the clip, cut at the clip's own frames."""
        if not sound.media.audio:
            raise TimelineError(f"{sound.file} has no sound in it, but a clip is synced to it.")
        rate = clip_rate or self.rate
        rate_hz = sound.media.audio[0].rate_hz
        own = start_and_length(sound.media)
        into = Fraction(round_half_up(sound.offset_s * rate_hz), rate_hz)  # where in the file the clip begins, to the sample
        head = Fraction(-floor_frames(min(into, Fraction(0)), rate)) / rate
        tail = min(length, Fraction(floor_frames(own.duration_s - into, rate)) / rate)
        if tail <= head:
            return [self._gap(length, clip_rate)]
        known = know_media(sound.media, file=sound.file, digest=sound.digest)
        names = [known.tracks[n] if n < len(known.tracks) and known.tracks[n].strip() else f"Track {n + 1}" for n in range(known.audio_channels)]
        bext = sound.media.bext
        says = ClipInfo(
            roles=tuple(f"dialogue.{_role(name)}" for name in names), scene=bext.scene if bext else None, take=bext.take if bext else None,
            note=bext.note if bext else None,
            sync=(Sync(digest=sound.digest, file=sound.file, offset_s=sound.offset_s, drift_ppm=sound.drift_ppm),),
        )  # fmt: skip
        made = otio.schema.Clip(name=visible(known.name), media_reference=reference(known, own, url=file_url(sound.path)))
        start = span(own.start_s + into + head, tail - head, rate_hz).start_time
        made.source_range = otio.opentime.TimeRange(start, span(Fraction(0), tail - head, self.rate, clip_rate).duration)
        attach(made, says)
        around = [self._gap(head, clip_rate)] if head else []
        return [*around, made, *([self._gap(length - tail, clip_rate)] if tail < length else [])]


def _role(name: str) -> str:
    """A subrole name: a full stop divides role from subrole and a question mark starts options, so a track name cannot hold them."""
    return visible(name).replace(".", "-").replace("?", "-").strip()
