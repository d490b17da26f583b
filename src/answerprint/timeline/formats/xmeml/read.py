"""xmeml in: every sequence that stands on its own as a timeline; loose clips of a bin as one more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from answerprint.model.extend import Loss
from answerprint.model.time import round_half_up
from answerprint.timeline import TimelineError
from answerprint.timeline.cut import ClipInfo, CutInfo, Keyword, at, attach, reference, set_speed, span
from answerprint.timeline.formats.xmeml import values, volume
from answerprint.timeline.formats.xmeml.document import Document, Sources, number, parse
from answerprint.timeline.formats.xmeml.placing import Placed, cut_of, joined, place_of, placed
from answerprint.timeline.formats.xmeml.retime import Retime, retime_of
from answerprint.timeline.formats.xmeml.values import word

__all__ = ["read"]

_FALLBACK_RATE = Fraction(24)  #: where neither a sequence nor a clip names a rate
_SNAP = Fraction(1, 10**6)  #: of a frame or sample: what ticks and speeds in per cent are off by
_MOTION = {"basic", "timeremap"}  #: the motion tab at its defaults stands in every file of Final Cut Pro 7


def read(raw: bytes, options: Mapping[str, Any]) -> tuple[Sequence[Any], Sequence[Loss]]:
    """Read xmeml of Final Cut Pro 7, Premiere, Resolve and Hiero, versions 1 to 5.

    Options: `name`, the file's name for messages.
    Returns: one timeline per sequence that is not inside another, then one of the loose clips; and what was not read, by clip.
    Raises:  TimelineError for a hostile or damaged file, or one with nothing to cut in it.
    """
    losses: list[Loss] = []
    document = parse(raw, str(options.get("name", "this file")))
    reader = _Reader(document, losses)
    nested = {node.get("id", "") for item in document.root.iter("clipitem") for node in item.iterfind("sequence")}
    standing = [node for node in document.root.iter("sequence") if node.getparent().tag != "clipitem" and len(node) and node.get("id", "") not in nested]
    timelines = [reader.timeline(node) for node in standing]
    loose = [node for node in document.root.iter("clip") if word(node, "name") or node.find("file") is not None or node.find("media") is not None]
    loose = [node for node in loose if not any(True for _ in node.iterancestors("clip", "clipitem", "sequence"))]
    if loose:
        timelines += reader.clips(loose)
    if not timelines:
        raise TimelineError(f"{document.name} has no sequence and no clips in it; there is nothing to read. Export a sequence.")
    return timelines, tuple(dict.fromkeys(losses))


class _Reader:
    def __init__(self, document: Document, losses: list[Loss]) -> None:
        self.document, self.losses = document, losses
        self.sources = Sources(document)
        self._open: list[str] = []

    # ---- sequences

    def timeline(self, node: Any) -> Any:
        rate = self._rate(node)
        name = word(node, "name") or "Untitled"
        code = node.find("timecode")
        own = values.rate_of(code.find("rate")) if code is not None else None
        first = number(code, "frame") if code is not None else None
        drop = word(code, "displayformat").upper() == "DF" and -(-rate.numerator // rate.denominator) % 30 == 0
        timeline = otio.schema.Timeline(name=name, global_start_time=at((first or Fraction(0)) / (own or rate), rate))
        timeline.tracks.extend(self.tracks(node, rate))
        for marker in node.iterfind("marker"):
            made = self._marker(marker, rate)
            made.marked_range = span((number(marker, "in") or 0) / rate, _length(marker) / rate, rate)
            timeline.tracks.markers.append(made)
        look = node.find("media/video/format/samplecharacteristics")
        width, height = (number(look, tag) if look is not None else None for tag in ("width", "height"))
        attach(timeline, CutInfo(rate=rate, drop=drop, width=int(width) if width else None, height=int(height) if height else None))
        return timeline

    def _rate(self, node: Any) -> Fraction:
        for path in ("rate", "media/video/format/samplecharacteristics/rate", "timecode/rate"):
            rate = values.rate_of(node.find(path))
            if rate is not None:
                return rate
        return next((rate for rate in (values.rate_of(found) for found in node.iter("rate")) if rate is not None), _FALLBACK_RATE)

    def clips(self, nodes: list[Any]) -> list[Any]:
        """The loose clips of bins, end to end, each at full length."""
        rate = self._rate(nodes[0])
        track = otio.schema.Track("V1", kind=otio.schema.TrackKind.Video)
        for node in nodes:
            item = next((found for found in node.iter("clipitem")), node)
            source = self.sources.of(item, rate)
            length = source.has.duration_s if source.has is not None else (number(node, "duration") or Fraction(0)) / (values.rate_of(node.find("rate")) or rate)
            if length <= 0:
                self.losses.append(Loss(clip=word(node, "name") or "a clip", says="it has no length and was not read."))
                continue
            made = otio.schema.Clip(name=word(node, "name") or source.media.name, media_reference=reference(source.media, source.has, url=source.url))
            made.source_range = span(source.start_s, length, source.media.rate or rate, rate, 48000)
            self._dress(made, item)
            track.append(made)
        if not len(track):
            return []
        timeline = otio.schema.Timeline(name=f"{self.document.name} (clips)", global_start_time=at(Fraction(0), rate))
        timeline.tracks.append(track)
        attach(timeline, CutInfo(rate=rate, kind="clips"))
        return [timeline]

    def tracks(self, sequence: Any, rate: Fraction) -> list[Any]:
        made = []
        for number_, track in enumerate(sequence.iterfind("media/video/track"), 1):
            made.append(self._track(track, rate, f"V{number_}", otio.schema.TrackKind.Video, [track]))
        for number_, group in enumerate(joined(list(sequence.iterfind("media/audio/track"))), 1):
            made.append(self._track(group[0], rate, f"A{number_}", otio.schema.TrackKind.Audio, group))
        for effect in (*sequence.iterfind("media/audio/filter/effect"), *sequence.iterfind("media/audio/track/filter/effect")):
            if not (word(effect, "effectid").casefold() == volume.EFFECT and volume.flat(effect)):
                what = word(effect, "name") or word(effect, "effectid")
                self.losses.append(Loss(clip=word(sequence, "name") or "the sequence", says=f"{what!r} over a whole sound track is not read."))
        while made and not len(made[-1]) and not made[-1].markers:
            made.pop()  # empty tracks above the last that is used say nothing
        return [track for track in made if len(track) or track.kind == otio.schema.TrackKind.Video]

    def _track(self, node: Any, rate: Fraction, name: str, kind: str, group: list[Any]) -> Any:
        track = otio.schema.Track(name, kind=kind)
        track.enabled = word(node, "enabled").upper() != "FALSE"
        items, transitions = placed(node)
        channels = {(item.findtext("sourcetrack/trackindex") or "1").strip() for one in group for item in one.iterfind("clipitem")}
        cursor = Fraction(0)
        waiting = {cut: joint for cut, joint in (self._transition(one, node) for one in transitions) if joint is not None}
        for here in items:
            start, end = max(here.start, cursor), here.end
            if end <= start:
                self.losses.append(Loss(clip=word(here.node, "name") or "a clip", says="it has no length, or lies under another clip of its track, and was not read."))
                continue
            if start > here.start:
                here.cut_in += start - here.start
                here.start = start
            if start > cursor:
                track.append(otio.schema.Gap(source_range=span(Fraction(0), (start - cursor) / rate, rate, 48000)))
            joint = waiting.pop(start, None)
            if joint is not None:
                track.append(joint)
            track.append(self._item(here, rate, kind == otio.schema.TrackKind.Audio, channels))
            if kind == otio.schema.TrackKind.Audio:
                self._loud(track[-1], here, rate, group)
            cursor = end
            joint = waiting.get(end)
            if joint is not None and not any(other.start == end for other in items):
                track.append(waiting.pop(end))
        for joint in waiting.values():
            self.losses.append(Loss(clip=joint.name, says="a transition lies on no cut and was not read."))
        return track

    def _loud(self, made: Any, here: Placed, rate: Fraction, group: list[Any]) -> None:
        """How loud it is played, where the file says so: the tracks of one sound have one level, or what the others have is said."""

        def moment_s(frame: Fraction) -> Fraction:
            return (frame - (number(here.node, "in") or Fraction(0)) - here.cut_in) / rate

        level = volume.level(here.node, moment_s, made.name, self.losses)
        if level is not None:
            attach(made, level)
        twins = [item for track in group[1:] for item in track.iterfind("clipitem") if place_of(item) == place_of(here.node)]
        if any(volume.level(item, moment_s, made.name, []) != level for item in twins):
            self.losses.append(Loss(clip=made.name, says="its channels have levels of their own; the first one's is read for all."))

    def _transition(self, node: Any, track: Any) -> tuple[Fraction, Any]:
        start, end, cut = number(node, "start"), number(node, "end"), cut_of(node)
        effect = node.find("effect")
        name = word(effect, "name") or "Cross Dissolve"
        rate = values.rate_of(node.find("rate")) or self._rate(track.getparent().getparent().getparent())
        if start is None or end is None or end <= start:
            self.losses.append(Loss(clip=name, says="a transition without a place was not read."))
            return cut, None
        dissolve = word(effect, "effectid") in ("Cross Dissolve", "KGAudioTransCrossFade0dB", "KGAudioTransCrossFade3dB") or name == "Cross Dissolve"
        kind = "SMPTE_Dissolve" if dissolve or not word(effect, "effectid") else "Custom_Transition"
        return cut, otio.schema.Transition(name=name, transition_type=kind, in_offset=at((cut - start) / rate, rate), out_offset=at((end - cut) / rate, rate))

    # ---- items

    def _item(self, here: Placed, rate: Fraction, sound: bool, channels: set[str]) -> Any:
        node = here.node
        length = (here.end - here.start) / rate
        if node.tag == "generatoritem":
            made = self._generator(node)
            made.source_range = span(Fraction(0), length, rate, 48000)
        elif node.find("sequence") is not None:
            made = self._nested(here, rate, length, sound)
        else:
            made = self._clip(here, rate, length, sound)
            self._check_channels(made, node, channels, sound)
        made.enabled = word(node, "enabled").upper() != "FALSE"
        self._dress(made, node)
        self._unread(made, node)
        return made

    def _head_s(self, here: Placed, rate: Fraction, retime: Retime) -> Fraction:
        """Where an item begins in its file, from the file's first frame, in time as it plays."""
        node = here.node
        first, out = number(node, "in"), number(node, "out")
        ticks, last = number(node, "pproTicksIn"), number(node, "pproTicksOut")
        own = values.rate_of(node.find("rate")) or rate
        if own != rate and first is not None and out is not None and abs((out - first) - (here.end - here.start)) < 1:
            own = rate  # counted at the sequence's rate, whatever the item says: Premiere and Resolve do
        head = (first or Fraction(0)) / own
        if ticks is not None and last is not None and last > ticks and (first is None or retime.speed == 1 or abs(ticks / values.TICKS - head) < 1 / rate):
            head = ticks / values.TICKS
        return head + here.cut_in / rate

    def _clip(self, here: Placed, rate: Fraction, length: Fraction, sound: bool) -> Any:
        node = here.node
        source = self.sources.of(node, rate)
        media = source.media
        retime = retime_of(node, rate, self.losses)
        head = self._head_s(here, rate, retime)
        whole = source.has.duration_s if source.has is not None else None
        used = source.start_s + retime.source(head, length, whole)
        unit = media.audio_rate_hz if (sound or not media.video) and media.audio_rate_hz else media.rate or rate
        used = _snapped(used, media.rate or rate, Fraction(unit))
        made = otio.schema.Clip(name=word(node, "name") or media.name, media_reference=reference(media, source.has, url=source.url))
        made.source_range = otio.opentime.TimeRange(at(_held(used), media.rate or rate, unit, 48000), at(length, rate, 48000))
        set_speed(made, retime.speed)
        for marker in node.iterfind("marker"):
            kept = self._marker(marker, rate)
            moment = retime.source((number(marker, "in") or Fraction(0)) / rate, Fraction(0), whole)
            kept.marked_range = span(_held(_snapped(source.start_s + moment, media.rate or rate, Fraction(unit))), _length(marker) / rate, media.rate or rate, rate, 48000)
            made.markers.append(kept)
        if not word(node, "name") and not media.name:
            made.name = "Untitled"
        if source.has is None and not media.still and not source.known_start and source.url is None:
            self.losses.append(Loss(clip=made.name, says="no file stands behind it in this document; it is read as offline."))
        return made

    def _nested(self, here: Placed, rate: Fraction, length: Fraction, sound: bool) -> Any:
        node = here.node.find("sequence")
        key = node.get("id", "")
        full = self.document.sequences.get(key, node)
        if key and key in self._open:
            raise TimelineError(f"the sequence {word(full, 'name') or key!r} in {self.document.name} contains itself; it cannot be read.")
        self._open.append(key)
        inner = self._rate(full) if len(full) else rate
        stack = otio.schema.Stack(name=word(here.node, "name") or word(full, "name"))
        kind = otio.schema.TrackKind.Audio if sound else otio.schema.TrackKind.Video
        stack.extend([track for track in self.tracks(full, inner) if track.kind == kind])
        self._open.pop()
        retime = retime_of(here.node, rate, self.losses)
        head = self._head_s(here, rate, retime)
        stack.source_range = span(_held(_snapped(retime.source(head, length, None), inner, inner)), length, rate, inner, 48000)
        set_speed(stack, retime.speed)
        for marker in here.node.iterfind("marker"):
            kept = self._marker(marker, rate)
            kept.marked_range = span((number(marker, "in") or Fraction(0)) / rate, _length(marker) / rate, rate)
            stack.markers.append(kept)
        return stack

    def _generator(self, node: Any) -> Any:
        effect = node.find("effect")
        kind = word(effect, "effectid") or "generator"
        text = next((word(entry, "value") for entry in effect.iterfind("parameter") if word(entry, "parameterid") == "str"), "") if effect is not None else ""
        title = kind in ("Text", "OutlineText", "Lower 3rd")
        name = "title" if title else kind.lower() if kind == "Slug" else kind
        parameters = {"text": text} if text else {}
        made = otio.schema.Clip(name=word(node, "name") or kind)
        made.media_reference = otio.schema.GeneratorReference(name=name, generator_kind=name, parameters=parameters)
        for marker in node.iterfind("marker"):
            kept = self._marker(marker, Fraction(1))
            rate = values.rate_of(node.find("rate")) or _FALLBACK_RATE
            kept.marked_range = span((number(marker, "in") or Fraction(0)) / rate, _length(marker) / rate, rate)
            made.markers.append(kept)
        if not title and kind != "Slug":
            self.losses.append(Loss(clip=made.name, says=f"the generator {kind!r} is kept by name; its settings are not read."))
        return made

    def _marker(self, node: Any, rate: Fraction) -> Any:
        colour = values.colour_of(node.find("color")) if node.find("color") is not None else None
        return otio.schema.Marker(name=word(node, "name"), comment=word(node, "comment"), color=colour or "GREEN", marked_range=span(Fraction(0), 1 / rate, rate))

    def _dress(self, made: Any, node: Any) -> None:
        log = node.find("logginginfo")
        if log is None:
            return
        words = [text.strip() for text in word(log, "description").split(",") if text.strip()]
        if word(log, "good").upper() == "TRUE" and not any(text.casefold() == "circled" for text in words):
            words.append("circled")
        says = ClipInfo(
            keywords=tuple(Keyword(text=text) for text in words), scene=word(log, "scene") or None, take=word(log, "shottake") or None, note=word(log, "lognote") or None
        )
        if says != ClipInfo():
            attach(made, says)

    def _check_channels(self, made: Any, node: Any, channels: set[str], sound: bool) -> None:
        if not sound:
            return
        source = self.sources.of(node, _FALLBACK_RATE)
        if source.media.audio_channels > len(channels):
            named = ", ".join(sorted(channels))
            self.losses.append(Loss(clip=made.name, says=f"of its {source.media.audio_channels} sound channels the cut plays {named}; here it is the whole file."))

    def _unread(self, made: Any, node: Any) -> None:
        for effect in node.iterfind("filter/effect"):
            kind = word(effect, "effectid")
            if kind == "basic" and _changed(effect):
                self.losses.append(Loss(clip=made.name, says="its size, place or rotation is not read."))
            elif kind not in _MOTION and not (kind.casefold() == volume.EFFECT and _on_sound(node)):
                self.losses.append(Loss(clip=made.name, says=f"the effect {word(effect, 'name') or kind!r} is not read."))


def _on_sound(node: Any) -> bool:
    """Whether an item lies on a sound track."""
    return next((one.tag == "audio" for one in node.iterancestors("audio", "video")), False)


def _changed(effect: Any) -> bool:
    """Whether the motion tab holds anything but its defaults."""
    for entry in effect.iterfind("parameter"):
        if entry.find("keyframe") is not None:
            return True
        if word(entry, "parameterid") == "scale" and word(entry, "value") not in ("100", "100.0", ""):
            return True
        if word(entry, "parameterid") == "rotation" and word(entry, "value") not in ("0", "0.0", ""):
            return True
        if word(entry, "parameterid") == "center" and any(word(entry.find("value"), part) not in ("0", "0.0", "-0", "") for part in ("horiz", "vert")):
            return True
    return False


def _length(marker: Any) -> Fraction:
    """A marker's length in frames, one where it is a moment."""
    first, last = number(marker, "in") or Fraction(0), number(marker, "out")
    return last - first if last is not None and last > first else Fraction(1)


def _snapped(moment_s: Fraction, *units: Fraction) -> Fraction:
    """The whole frame, or else sample, that a time in ticks or a speed in per cent stands for."""
    for unit in units:
        nearest = Fraction(round_half_up(moment_s * unit)) / unit
        if abs(nearest - moment_s) * unit < _SNAP:
            return nearest
    return moment_s


def _held(moment_s: Fraction) -> Fraction:
    """A time that a timeline can hold: Premiere's tick where it is finer."""
    if moment_s.denominator < 2**31 and abs(moment_s.numerator) < 2**53:
        return moment_s
    return Fraction(round_half_up(moment_s * 720000), 720000)
