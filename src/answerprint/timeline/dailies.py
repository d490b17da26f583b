"""Dailies: every synced clip, full length, back to back in shooting order, with the recorder's sound under it.

How tracks and sound lie is told in `laying`. Nothing is left out: clips without sound and clips that abstained stand there too.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from answerprint.model.time import Span, Timecode
from answerprint.timeline import TimelineError
from answerprint.timeline.cut import ClipInfo, Keyword, Sync, start_and_length
from answerprint.timeline.laying import Layout, SyncedClip, SyncedSound, mark

__all__ = ["SyncedClip", "SyncedSound", "dailies"]


def dailies(clips: Sequence[SyncedClip], *, title: str, rate: Fraction, start: str = "01:00:00:00", size: tuple[int, int] | None = None) -> Any:
    """Lay synced clips out as a timeline.

    Args:    clips: in shooting order.  rate: frames a second of the timeline; a clip of another rate keeps its own range in its own rate.
             start: timecode of the first frame, ";" before frames for drop-frame.  size: raster; the first clip's where not given.
    Returns: an `opentimelineio.schema.Timeline`. Tracks V1, A1 and one audio track per recorder that ran at the same time; empty for no clips.
    Raises:  TimelineError for a clip without picture or without length.
    """
    Timecode.parse(start, rate=rate)
    sheet = Layout(rate, max((len(clip.sounds) for clip in clips), default=0))
    for clip in clips:
        if clip.media.video is None:
            raise TimelineError(f"{clip.file} has no picture; dailies are laid out by picture. Sound without a camera stays in the sound folder.")
        size = size or clip.media.video.display_size
        available = start_and_length(clip.media)
        if available.duration_s == 0:
            raise TimelineError(f"{clip.file} has no frames. Take it out of the dailies, or copy it from the card again.")
        says = ClipInfo(
            keywords=(*(Keyword(text=word) for word in clip.keywords), *clip.marks), scene=clip.scene, take=clip.take, note=clip.note, abstained=clip.abstained,
            sync=tuple(Sync(digest=sound.digest, file=sound.file, offset_s=sound.offset_s, drift_ppm=sound.drift_ppm) for sound in clip.sounds),
        )  # fmt: skip
        shown = sheet.add(clip, Span(start_s=Fraction(0), end_s=available.duration_s), says)
        if clip.abstained:
            mark(shown, available.start_s, clip.media.video.rate, name="not synced", says=clip.abstained, colour="RED")
    return sheet.timeline(title, start=start, kind="dailies", size=size)
