"""A cut as xmeml: every picture track, every sound channel on a track of its own, linked to its picture.

`start`, `end`, `in` and `out` are frames of the sequence, whatever the rate of the file: Premiere and Resolve count them so. `in` is counted
from the file's first frame; on a retimed clip in retimed frames. What is finer than a frame stands in Premiere's own ticks beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import opentimelineio as otio
from lxml import etree  # type: ignore[import-untyped]

from answerprint.model.extend import Loss
from answerprint.model.time import Span, Timecode, floor_frames
from answerprint.timeline import TimelineError
from answerprint.timeline.cut import CutInfo, cut_info, raster_of, seconds
from answerprint.timeline.formats.frames import Row, has_of, rows
from answerprint.timeline.formats.xmeml import values
from answerprint.timeline.formats.xmeml.items import Items, Placing
from answerprint.timeline.formats.xmeml.values import child

__all__ = ["write"]


def write(timeline: Any, options: Mapping[str, Any]) -> tuple[bytes, Sequence[Loss]]:
    """Write a timeline as xmeml.

    Options: `version`, 4 (Premiere's, the default) or 5.
    Returns: the file, and what of the timeline it does not hold.
    Raises:  TimelineError for another version, or a timeline whose rate cannot be told.
    """
    version = str(options.get("version", "4"))
    if version not in ("4", "5"):
        raise TimelineError(f"xmeml {version} is not written here; ask for 4 or 5.")
    losses: list[Loss] = []
    cut = cut_info(timeline)
    root = etree.Element("xmeml", version=version)
    start = floor_frames(seconds(timeline.global_start_time), cut.rate) if timeline.global_start_time is not None else 0
    writer = _Writer(cut, raster_of(timeline, cut), losses)
    node = writer.sequence(root, timeline.name or "Cut", list(timeline.tracks), start)
    writer.markers(node, timeline.tracks.markers)
    etree.indent(root, space="  ")
    text: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", doctype="<!DOCTYPE xmeml>")
    return text, tuple(dict.fromkeys(losses))


def _channels(row: Row) -> int:
    """Tracks that a sound track needs: as many as its widest clip has channels; a nested cut is heard in two."""
    return max((shot.media.audio_channels or 1 if shot.media else 2 for shot in row.shots), default=0)


class _Writer:
    """Sequences of one file. A nested cut is written where it is first used and named by its id afterwards."""

    def __init__(self, cut: CutInfo, size: tuple[int, int], losses: list[Loss]) -> None:
        self.cut, self.size, self.losses = cut, size, losses
        self.items = Items(cut, losses, self._nested)
        self._sequences: dict[int, str] = {}
        self._count = 0

    def _nested(self, parent: Any, stack: Any) -> None:
        known = self._sequences.get(id(stack))
        if known is not None:
            child(parent, "sequence", id=known)
            return
        self.sequence(parent, stack.name or "Nested sequence", list(stack) if isinstance(stack, otio.schema.Stack) else [stack], 0, key=id(stack))

    def sequence(self, parent: Any, name: str, tracks: list[Any], start: int, key: int | None = None) -> Any:
        rate = self.cut.rate
        self._count += 1
        node = child(parent, "sequence", id=f"sequence-{self._count}")
        if key is not None:
            self._sequences[key] = node.get("id")
        laid = rows(tracks, rate, self.losses, where="xmeml")
        length = max((row.frames for row in laid), default=0)
        child(node, "name", name)
        child(node, "duration", length)
        values.rate_node(node, rate)
        values.timecode(node, Timecode(frames=start, rate=rate, drop=self.cut.drop))
        media = child(node, "media")
        self._fill(media, laid, has_of(laid, rate))
        return node

    def _fill(self, media: Any, laid: list[Row], has: dict[str, Span]) -> None:
        pictures = [row for row in laid if row.video]
        sounds = [row for row in laid if not row.video]
        placings = self._placings(pictures, sounds)
        video = child(media, "video")
        self._format(video)
        for number, row in enumerate(pictures, 1):
            track = child(video, "track")
            self._track(track, [placing for placing in placings if placing.kind == "video" and placing.track == number], has)
            self._switches(track, row)
        audio = child(media, "audio")
        widest = max(2, *(_channels(row) for row in sounds)) if sounds else 2
        self._sound_format(audio, widest)
        number = 0
        for row in sounds:
            channels = _channels(row)
            pair = channels == 2
            for channel in range(1, channels + 1):
                number += 1
                track = child(audio, "track")
                if pair:
                    track.set("currentExplodedTrackIndex", str(channel - 1))
                    track.set("totalExplodedTrackCount", "2")
                track.set("premiereTrackType", "Stereo" if pair else "Mono")
                self._track(track, [placing for placing in placings if placing.kind == "audio" and placing.track == number], has)
                self._switches(track, row)
                child(track, "outputchannelindex", channel if pair else 1)

    def _placings(self, pictures: list[Row], sounds: list[Row]) -> list[Placing]:
        """Every clip item with its id, and the groups of items that are one picture with its own sound."""
        made: list[Placing] = []
        number = 0
        for index, row in enumerate(pictures, 1):
            made += [Placing(shot, "video", index, place, None, self.items.next_id()) for place, shot in enumerate(row.shots, 1)]
        for row in sounds:
            for channel in range(1, _channels(row) + 1):
                number += 1
                heard = [shot for shot in row.shots if channel <= (shot.media.audio_channels or 1 if shot.media else 2)]
                made += [Placing(shot, "audio", number, place, channel, self.items.next_id()) for place, shot in enumerate(heard, 1)]
        groups: dict[tuple[Any, ...], list[Placing]] = {}
        for placing in made:
            groups.setdefault(placing.group(), []).append(placing)
        for group in groups.values():
            if len(group) > 1 and sum(placing.kind == "video" for placing in group) <= 1:
                for placing in group:
                    placing.links = group
        return made

    def _track(self, track: Any, placings: list[Placing], has: dict[str, Span]) -> None:
        starts = {placing.shot.start for placing in placings}
        for placing in placings:
            shot = placing.shot
            if shot.into is not None and not any(other.shot.end == shot.start and other.shot.out_of is not None for other in placings):
                self.items.transition(track, shot.into, shot.start, placing.kind, black="start-black")
            self.items.item(track, placing, has)
            if shot.out_of is not None:
                self.items.transition(track, shot.out_of, shot.end, placing.kind, black=None if shot.end in starts else "end-black")

    def markers(self, node: Any, markers: Sequence[Any]) -> None:
        for marker in markers:
            self.items.marker(node, marker, floor_frames(seconds(marker.marked_range.start_time), self.cut.rate))

    @staticmethod
    def _switches(track: Any, row: Row) -> None:
        child(track, "enabled", bool(row.track.enabled))
        child(track, "locked", False)

    def _format(self, video: Any) -> None:
        about = child(child(video, "format"), "samplecharacteristics")
        values.rate_node(about, self.cut.rate)
        child(about, "width", self.size[0])
        child(about, "height", self.size[1])
        child(about, "anamorphic", False)
        child(about, "pixelaspectratio", "square")
        child(about, "fielddominance", "none")

    def _sound_format(self, audio: Any, channels: int) -> None:
        child(audio, "numOutputChannels", 2)
        about = child(child(audio, "format"), "samplecharacteristics")
        child(about, "depth", 16)
        child(about, "samplerate", self.cut.audio_rate_hz)
        outputs = child(audio, "outputs")
        for index in (1, 2):
            group = child(outputs, "group")
            child(group, "index", index)
            child(group, "numchannels", 1)
            child(group, "downmix", 0)
            child(child(group, "channel"), "index", index)
