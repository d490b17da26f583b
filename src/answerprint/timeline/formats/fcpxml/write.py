"""A cut as FCPXML: an event with one synchronized clip per synced clip, and a project that any editing program opens.

Times are summed in whole frames, clamped to what the media has, and only then written. V1 is the primary storyline; what lies on other
tracks is connected to it. In the project recorder sound is connected to its clip one file at a time, which programs that know no
synchronized clips read as well.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import opentimelineio as otio
from lxml import etree  # type: ignore[import-untyped]

from answerprint.model.extend import Loss
from answerprint.model.time import floor_frames, round_half_up
from answerprint.timeline import TimelineError
from answerprint.timeline.cut import ClipInfo, CutInfo, cut_info, info, raster_of, seconds
from answerprint.timeline.formats.fcpxml import values
from answerprint.timeline.formats.fcpxml.items import Items
from answerprint.timeline.formats.fcpxml.layout import Dissolve, Laid, Lane, lanes
from answerprint.timeline.formats.fcpxml.resources import Resources, as_json, element, metadata

__all__ = ["write"]


def write(timeline: Any, options: Mapping[str, Any]) -> tuple[bytes, Sequence[Loss]]:
    """Write a timeline as FCPXML.

    Options: `version`, one of 1.8 to 1.11.
    Returns: the file, and what of the timeline it does not hold.
    Raises:  TimelineError for another version, or a timeline whose rate cannot be told.
    """
    version = str(options.get("version", "1.10"))
    if version not in values.VERSIONS:
        raise TimelineError(f"FCPXML {version} is not written here; ask for {', '.join(values.VERSIONS)}.")
    losses: list[Loss] = []
    cut = cut_info(timeline)
    if timeline.tracks.markers:
        losses.append(Loss(clip=timeline.name or "the timeline", says="markers of the timeline are carried by the clip under each of them."))
    resources = Resources(version, raster_of(timeline, cut), losses)
    story = _Story(resources, cut, losses)
    sequence_start = seconds(timeline.global_start_time) if timeline.global_start_time is not None else Fraction(0)
    laid = lanes(list(timeline.tracks), losses)
    _plan(laid, resources)
    sequence = story.sequence(None, laid, start_s=sequence_start, markers=timeline.tracks.markers)
    metadata(sequence, {values.CUT: as_json(cut)})

    root = etree.Element("fcpxml", version=version)
    root.append(resources.element)
    event = element(element(root, "library", {}), "event", {"name": timeline.name or "Answerprint"})
    if cut.kind == "dailies":
        story.event_clips(event, laid)
    project = element(event, "project", {"name": "Dailies" if cut.kind == "dailies" else timeline.name or "Cut"})
    project.append(sequence)
    etree.indent(root, space="    ")
    text: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", doctype="<!DOCTYPE fcpxml>")
    return text, tuple(dict.fromkeys(losses))


def _plan(laid: list[Lane], resources: Resources) -> None:
    for lane in laid:
        for item in lane.items:
            if item.media is not None:
                resources.plan(item)
            elif isinstance(item.item, (otio.schema.Stack, otio.schema.Track)):
                _plan(lanes(list(item.item) if isinstance(item.item, otio.schema.Stack) else [item.item], []), resources)


class _Story:
    """Sequences of one file: the primary storyline and what is connected to it."""

    def __init__(self, resources: Resources, cut: CutInfo, losses: list[Loss]) -> None:
        self.resources, self.cut, self.losses = resources, cut, losses
        self.items = Items(resources, cut, losses, self.compound)

    def compound(self, stack: Any) -> str:
        """A nested stack as a compound clip; its id."""
        ref, media = self.resources.compound(stack)
        if media is not None:
            tracks = list(stack) if isinstance(stack, otio.schema.Stack) else [stack]
            self.sequence(media, lanes(tracks, self.losses), start_s=Fraction(0), markers=stack.markers)
        return ref

    def sequence(self, parent: Any, laid: list[Lane], *, start_s: Fraction, markers: Sequence[Any]) -> Any:
        rate = self.cut.rate
        sequence = element(parent, "sequence", {
            "format": self.resources.format(rate), "duration": "0s", "tcStart": values.time_text(start_s), "tcFormat": "DF" if self.cut.drop else "NDF",
            "audioLayout": "stereo", "audioRate": {44100: "44.1k", 96000: "96k"}.get(self.cut.audio_rate_hz, "48k"),
        })  # fmt: skip
        spine = element(sequence, "spine", {})
        primary = next((lane for lane in laid if lane.video), None)
        frames = self._primary(spine, primary, laid, start_s, markers)
        sequence.set("duration", values.time_text(frames / rate))
        return sequence

    def _primary(self, spine: Any, primary: Lane | None, laid: list[Lane], start_s: Fraction, markers: Sequence[Any]) -> Fraction:
        rate = self.cut.rate
        others = [lane for lane in laid if lane is not primary]
        run = list(primary.items) if primary is not None else []
        longest = max((lane.items[-1].end_s for lane in laid if lane.items), default=Fraction(0))
        end = run[-1].end_s if run else Fraction(0)
        if longest > end:
            length = Fraction(-floor_frames(end - longest, rate)) / rate
            run.append(Laid(otio.schema.Gap(), end, length, Fraction(0), Fraction(1), None))
        cursor = 0
        made: list[tuple[Laid, Any]] = []
        for laid_item in run:
            frames = self._frames(laid_item, cursor)
            if laid_item.gap and not frames:
                continue
            if laid_item.into is not None:
                self._dissolve(spine, laid_item.into, start_s + cursor / rate, made[-1][0] if made else None, laid_item)
            fitted = self.items.fit(replace(laid_item, length_s=Fraction(frames) / rate))
            node = self.items.node(fitted, offset_s=start_s + cursor / rate, lane=None)
            spine.append(node)
            made.append((replace(laid_item, length_s=fitted.length_s), node))
            if rest := frames - round_half_up(fitted.length_s * rate):
                spine.append(self.items.empty(start_s + (cursor + frames - rest) / rate, Fraction(rest) / rate))
            cursor += frames
            if laid_item.out_of is not None:
                self._dissolve(spine, laid_item.out_of, start_s + cursor / rate, laid_item, None)
        self._connect(made, others)
        self._timeline_markers(made, markers)
        return Fraction(cursor)

    def _frames(self, laid: Laid, cursor: int) -> int:
        """Whole timeline frames of an item; what does not fill a frame is left off, and said. A gap ends where it should, whatever was left off before."""
        if laid.gap:
            return max(0, round_half_up(laid.end_s * self.cut.rate) - cursor)
        exact = laid.length_s * self.cut.rate
        if exact.denominator != 1:
            left = float(exact - floor_frames(laid.length_s, self.cut.rate))
            self.losses.append(Loss(clip=laid.item.name, says=f"its last {left:.2f} frame does not fill a frame of this timeline and is left off there."))
        return max(1, floor_frames(laid.length_s, self.cut.rate))

    def _dissolve(self, spine: Any, dissolve: Dissolve, cut_s: Fraction, before: Laid | None, after: Laid | None) -> None:
        rate = self.cut.rate
        head, tail = round_half_up(dissolve.before_s * rate), round_half_up(dissolve.after_s * rate)
        if head + tail <= 0:
            return
        for laid, needs in ((before, tail), (after, head)):
            if laid is not None and laid.media is not None and not laid.media.still and laid.speed > 0:
                has = self.resources.available(laid)
                spare = has.end_s - laid.used.end_s if laid is before else laid.used.start_s - has.start_s
                if spare < needs / rate * laid.speed:
                    short = needs - max(0, floor_frames(spare / laid.speed, rate))
                    self.losses.append(Loss(clip=laid.item.name, says=f"the dissolve needs {short} more frames than the media has; Final Cut will shorten it or hold a frame."))
        made = element(spine, "transition", {
            "name": values.CROSS_DISSOLVE[0], "offset": values.time_text(cut_s - head / rate), "duration": values.time_text((head + tail) / rate),
        })  # fmt: skip
        element(made, "filter-video", {"ref": self.resources.effect(*values.CROSS_DISSOLVE), "name": values.CROSS_DISSOLVE[0]})

    def _connect(self, made: list[tuple[Laid, Any]], others: list[Lane]) -> None:
        """Hang every item of the other tracks on the storyline item under its first frame."""
        starts = [laid.start_s for laid, _ in made]
        up = down = 0
        for lane in others:
            if lane.track.kind == otio.schema.TrackKind.Audio:
                down -= 1
                number = down
            else:
                up += 1
                number = up
            for group in _runs(lane.items) if made else []:
                index = max(0, bisect_right(starts, group[0].start_s) - 1)
                host, node = made[index]
                group[-1] = _held_back(group[-1], host, starts[index + 1] if index + 1 < len(starts) else None)
                offset = self.items.local_of(host, group[0].start_s)
                if len(group) == 1 and group[0].into is None and group[0].out_of is None:
                    self.items.anchor(node, self.items.node(self.items.fit(group[0]), offset_s=offset, lane=number))
                else:
                    self.items.anchor(node, self._secondary(group, offset, number))

    def _secondary(self, group: list[Laid], offset: Fraction, lane: int) -> Any:
        """Items joined by transitions, as a secondary storyline."""
        spine = element(None, "spine", {"lane": str(lane), "offset": values.time_text(offset)})
        first = group[0].start_s
        for before, laid in pairwise([None, *group]):
            assert laid is not None
            if laid.into is not None:
                self._dissolve(spine, laid.into, laid.start_s - first, before, laid)
            spine.append(self.items.node(self.items.fit(laid), offset_s=laid.start_s - first, lane=None))
            if laid.out_of is not None:
                self._dissolve(spine, laid.out_of, laid.end_s - first, laid, None)
        return spine

    def _timeline_markers(self, made: list[tuple[Laid, Any]], markers: Sequence[Any]) -> None:
        for marker in markers:
            moment = seconds(marker.marked_range.start_time)
            host = next((pair for pair in made if pair[0].start_s <= moment < pair[0].end_s), made[-1] if made else None)
            if host is None:
                self.losses.append(Loss(clip=marker.name or "a marker", says="the timeline is empty, so nothing can carry its marker."))
                continue
            self.items.marker(host[1], marker, self.items.local_of(host[0], moment))

    def event_clips(self, event: Any, laid: list[Lane]) -> None:
        """One synchronized clip per synced clip, full length in its own rate; unsynced and MOS clips as they are."""
        primary = next((lane for lane in laid if lane.video), None)
        recorders = [lane for lane in laid if lane.track.kind == otio.schema.TrackKind.Audio]
        starts = [[sound.start_s for sound in lane.items] for lane in recorders]
        for shot in primary.items if primary is not None else []:
            if shot.media is None:
                continue
            reach = [slice(bisect_left(places, shot.start_s), bisect_left(places, shot.end_s)) for places in starts]
            under = [(number, sound) for number, lane in enumerate(recorders) for sound in lane.items[reach[number]] if sound.media]
            says = info(shot.item, ClipInfo) or ClipInfo()
            if not under:
                event.append(self.items.node(self.items.fit(shot), offset_s=None, lane=None, whole=True))
                continue
            event.append(self._sync_clip(shot, under, says))

    def _sync_clip(self, shot: Laid, under: list[tuple[int, Laid]], says: ClipInfo) -> Any:
        media = shot.media
        assert media is not None
        length = values.time_text(shot.length_s)
        start = values.time_text(shot.source_s)
        made = element(None, "sync-clip", {
            "name": shot.item.name, "start": start, "duration": length, "format": self.resources.format(media.rate or self.cut.rate, _raster(media)),
            "tcFormat": "DF" if media.drop else "NDF",
        })  # fmt: skip
        if says.note or says.abstained:
            element(made, "note", {}).text = " ".join(text for text in (says.note, says.abstained) if text)
        picture = self.items.node(replace(shot, item=_bare(shot.item)), offset_s=shot.source_s, lane=None, whole=True)
        for number, sound in under:
            offset = shot.source_s + (sound.start_s - shot.start_s)
            self.items.anchor(picture, self.items.node(self.items.fit(sound), offset_s=offset, lane=-max(number, 1)))
        made.append(picture)
        self.items.marks(made, shot, says)
        element_of = element(made, "sync-source", {"sourceID": "storyline"})
        if shot.sound is not None:
            element(element_of, "audio-role-source", {"role": "dialogue.Camera", "active": "1" if shot.sound.enabled else "0"})
        connected = element(made, "sync-source", {"sourceID": "connected"})
        roles = dict.fromkeys(role for _, sound in under for role in (info(sound.item, ClipInfo) or ClipInfo()).roles)
        for role in roles:
            element(connected, "audio-role-source", {"role": role})
        self.items.facts(made, shot, says)
        return made


def _held_back(laid: Laid, host: Laid, next_s: Fraction | None) -> Laid:
    """Sound that ended with its picture still does, where the picture lost the last part of a frame; else it would run under the next one."""
    end = host.start_s + host.length_s
    if next_s is None or host.gap or not end < laid.end_s <= next_s or laid.speed != 1 or laid.start_s >= end:
        return laid
    return replace(laid, length_s=end - laid.start_s)


def _raster(media: Any) -> tuple[int, int] | None:
    return (media.width, media.height) if media.width and media.height else None


def _bare(clip: Any) -> Any:
    """The camera clip inside a synchronized clip: markers, keywords and notes are on the outside."""
    bare = clip.clone()
    bare.markers.clear()
    bare.metadata.clear()
    return bare


def _runs(items: list[Laid]) -> list[list[Laid]]:
    """Items of a connected track, gaps left out; those joined by transitions stay together."""
    runs: list[list[Laid]] = []
    joined = False
    for laid in items:
        if laid.into is not None and runs and joined:
            runs[-1].append(laid)
            continue
        joined = not laid.gap or laid.into is not None
        if joined:
            runs.append([laid])
    return [run for run in runs if not (len(run) == 1 and run[0].gap)]
