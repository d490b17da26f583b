"""One item of a cut as xmeml: a clip, a nested sequence, a generator, a transition, a marker, and the file behind a clip."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from answerprint.model.extend import Loss
from answerprint.model.time import Span, Timecode, floor_frames, round_half_up
from answerprint.timeline.cut import KEY, ClipInfo, CutInfo, Media, duration_of, info, path_of, seconds
from answerprint.timeline.formats.frames import Joint, Shot, key_of
from answerprint.timeline.formats.xmeml import values, volume
from answerprint.timeline.formats.xmeml.values import child
from answerprint.timeline.levels import level_of

__all__ = ["Items", "Placing"]

_TIME_EFFECTS = (otio.schema.LinearTimeWarp, otio.schema.FreezeFrame)
_DIGITS = 12  #: of a speed in per cent: enough to find every ratio of numbers under a thousand again
_SLUGS = ("slug", "black", "gap")


@dataclass
class Placing:
    """One shot on one track of the file: a picture, or one channel of a sound."""

    shot: Shot
    kind: str  #: "video" or "audio"
    track: int  #: counted from 1 among tracks of its kind
    place: int  #: counted from 1 on its track
    channel: int | None  #: of its file, counted from 1
    id: str
    links: list[Placing] = field(default_factory=list)

    def group(self) -> tuple[Any, ...]:
        """The same for a picture and its own sound."""
        shot = self.shot
        return (key_of(shot) if shot.media is not None else id(self), shot.start, shot.end, shot.source_s, shot.speed)


class Items:
    """Makes the elements of items; files are written whole once, then by id."""

    def __init__(self, cut: CutInfo, losses: list[Loss], nested: Callable[[Any, Any], None]) -> None:
        self.cut, self.losses, self.nested = cut, losses, nested
        self._count = 0
        self._numbers: dict[str, int] = {}
        self._written: set[str] = set()

    def next_id(self) -> str:
        self._count += 1
        return f"clipitem-{self._count}"

    # ---- items

    def item(self, track: Any, placing: Placing, has: dict[str, Span]) -> None:
        shot, item = placing.shot, placing.shot.item
        if isinstance(item, otio.schema.Clip) and isinstance(item.media_reference, otio.schema.GeneratorReference):
            self._generator(track, placing)
            return
        node = child(track, "clipitem", id=placing.id)
        if shot.media is None:
            whole = max((duration_of(inner) for inner in item), default=Fraction(0)) if isinstance(item, otio.schema.Stack) else shot.used(self.cut.rate).end_s
            available = Span(start_s=Fraction(0), end_s=max(whole, shot.used(self.cut.rate).end_s))
        else:
            available = has[key_of(shot)]
            child(node, "masterclipid", f"masterclip-{self._file_id(key_of(shot))}")
        child(node, "name", item.name)
        child(node, "enabled", shot.enabled)
        self._times(node, placing, available)
        if shot.media is None:
            self.nested(node, item)
        else:
            self._file(node, shot, available)
        self._retime(node, shot, available)
        if placing.kind == "audio":
            self._loud(node, placing, available)
        if placing.channel is not None:
            source = child(node, "sourcetrack")
            child(source, "mediatype", "audio")
            child(source, "trackindex", placing.channel)
        for other in placing.links:
            link = child(node, "link")
            child(link, "linkclipref", other.id)
            child(link, "mediatype", other.kind)
            child(link, "trackindex", other.track)
            child(link, "clipindex", other.place)
        if placing.channel in (None, 1):
            for marker in item.markers:
                self.marker(node, marker, self._frame_of(shot, seconds(marker.marked_range.start_time), available))
            self._logging(node, shot)
            self._unheld(shot)

    def _head_s(self, shot: Shot, available: Span) -> Fraction:
        """Where a shot begins in its file, from the file's first frame, in time as it plays."""
        if shot.speed > 0:
            return (shot.source_s - available.start_s) / shot.speed
        if shot.speed < 0:
            return (available.end_s - shot.used(self.cut.rate).end_s) / -shot.speed
        return Fraction(0)

    def _frame_of(self, shot: Shot, moment_s: Fraction, available: Span) -> int:
        if shot.speed > 0:
            moment_s = (moment_s - available.start_s) / shot.speed
        elif shot.speed < 0:
            moment_s = (available.end_s - moment_s) / -shot.speed
        else:
            moment_s = moment_s - shot.source_s
        return round_half_up(moment_s * self.cut.rate)

    def _times(self, node: Any, placing: Placing, available: Span) -> None:
        shot, rate = placing.shot, self.cut.rate
        before = shot.into.before if shot.into is not None else 0
        after = shot.out_of.after if shot.out_of is not None else 0
        head_s = self._head_s(shot, available)
        first = round_half_up(head_s * rate) - before
        length_s = available.duration_s / abs(shot.speed) if shot.speed else shot.frames / rate
        still = shot.media is not None and shot.media.still
        if first < 0 and not still and shot.speed:
            self.losses.append(Loss(clip=shot.item.name, says=f"the dissolve at its head needs {-first} more frames than the media has; the editing program will shorten it."))
        child(node, "duration", max(floor_frames(length_s, rate), 1))
        values.rate_node(node, rate)
        child(node, "start", -1 if shot.into is not None else shot.start)
        child(node, "end", -1 if shot.out_of is not None else shot.end)
        child(node, "in", first)
        child(node, "out", first + before + shot.frames + after)
        exact = head_s - before / rate
        child(node, "pproTicksIn", round_half_up(exact * values.TICKS))
        child(node, "pproTicksOut", round_half_up((exact + (before + shot.frames + after) / rate) * values.TICKS))
        apart = exact - first / rate
        if abs(apart) > Fraction(1, 10**6) and placing.channel in (None, 1):
            self.losses.append(Loss(clip=shot.item.name, says=f"it begins {float(apart) * 1000:+.2f} ms from a frame; Premiere keeps that, other programs begin on the frame."))

    def _retime(self, node: Any, shot: Shot, available: Span) -> None:
        if shot.speed == 1:
            return
        rate = self.cut.rate
        if shot.speed == 0:
            child(node, "stillframe", True)
            child(node, "stillframeoffset", round_half_up((shot.source_s - available.start_s) * rate))
            return
        effect = child(child(node, "filter"), "effect")
        for tag, text in (("name", "Time Remap"), ("effectid", "timeremap"), ("effectcategory", "motion"), ("effecttype", "motion"), ("mediatype", "video")):
            child(effect, tag, text)
        exact = round_half_up(abs(shot.speed) * 100 * 10**_DIGITS)
        per_cent = f"{exact // 10**_DIGITS}.{exact % 10**_DIGITS:0{_DIGITS}d}".rstrip("0").rstrip(".")
        for name, value in (("variablespeed", "0"), ("speed", per_cent), ("reverse", shot.speed < 0), ("frameblending", False)):
            parameter = child(effect, "parameter")
            child(parameter, "parameterid", name)
            child(parameter, "name", name)
            if name == "speed":
                child(parameter, "valuemin", -100000)
                child(parameter, "valuemax", 100000)
            child(parameter, "value", value)

    def _loud(self, node: Any, placing: Placing, available: Span) -> None:
        shot, rate = placing.shot, self.cut.rate
        said = level_of(shot.item)
        if said is None:
            return
        first = round_half_up(self._head_s(shot, available) * rate)
        volume.node(node, said, lambda at: first + round_half_up(at * rate))
        if placing.channel != 1:
            return
        if any((at * rate).denominator != 1 for at, _ in said.keys):
            self.losses.append(Loss(clip=shot.item.name, says="a keyframe of its level lies between two frames; it is written on the nearer one."))
        if said.fade_in_s or said.fade_out_s:
            self.losses.append(Loss(clip=shot.item.name, says="the fades on it have no place in this export; lay them as keyframes or crossfades."))

    def _generator(self, track: Any, placing: Placing) -> None:
        shot, rate = placing.shot, self.cut.rate
        reference = shot.item.media_reference
        node = child(track, "generatoritem", id=placing.id)
        kind = str(reference.generator_kind or "")
        text = str(reference.parameters.get("text", "")) if kind in ("title", "text", "caption") else ""
        if not text and kind.lower() not in (*_SLUGS, "title", "text"):
            self.losses.append(Loss(clip=shot.item.name or "a generator", says=f"the generator {kind!r} has no place in xmeml; a slug of its length stands there."))
        child(node, "name", shot.item.name or kind)
        child(node, "enabled", shot.enabled)
        child(node, "duration", shot.frames)
        values.rate_node(node, rate)
        before = shot.into.before if shot.into is not None else 0
        after = shot.out_of.after if shot.out_of is not None else 0
        child(node, "start", -1 if shot.into is not None else shot.start)
        child(node, "end", -1 if shot.out_of is not None else shot.end)
        child(node, "in", 0)
        child(node, "out", before + shot.frames + after)
        effect = child(node, "effect")
        named = "Text" if text else "Slug"
        for tag, value in (("name", named), ("effectid", named), ("effectcategory", "Text" if text else "Generators"), ("effecttype", "generator"), ("mediatype", "video")):
            child(effect, tag, value)
        if text:
            parameter = child(effect, "parameter")
            child(parameter, "parameterid", "str")
            child(parameter, "name", "Text")
            child(parameter, "value", text)
        for marker in shot.item.markers:
            self.marker(node, marker, floor_frames(seconds(marker.marked_range.start_time) - shot.source_s, rate))
        self._logging(node, shot)
        self._unheld(shot)

    def transition(self, track: Any, joint: Joint, cut: int, kind: str, *, black: str | None) -> None:
        if joint.kind != "SMPTE_Dissolve":
            self.losses.append(Loss(clip=joint.name, says=f"the transition {joint.kind!r} is written as a cross dissolve of the same length."))
        start, end = cut - joint.before, cut + joint.after
        if black is None and joint.before and joint.after and joint.before != joint.after:
            self.losses.append(Loss(clip=joint.name, says="its cut is not in its middle; only Premiere keeps where it is. What is seen is the same."))
        node = child(track, "transitionitem")
        child(node, "start", start)
        child(node, "end", end)
        child(node, "alignment", black or ("start" if not joint.before else "end" if not joint.after else "center"))
        child(node, "cutPointTicks", round_half_up(joint.before / self.cut.rate * values.TICKS))
        values.rate_node(node, self.cut.rate)
        effect = child(node, "effect")
        named = "Cross Dissolve" if kind == "video" else "Cross Fade ( 0dB)"
        entries = [("name", named), ("effectid", "Cross Dissolve" if kind == "video" else "KGAudioTransCrossFade0dB"),
                   ("effecttype", "transition"), ("mediatype", kind), ("wipecode", 0), ("wipeaccuracy", 100), ("startratio", 0), ("endratio", 1), ("reverse", False)]  # fmt: skip
        for tag, value in entries:
            child(effect, tag, value)
        if kind == "video":
            child(effect, "effectcategory", "Dissolve")

    def marker(self, node: Any, marker: Any, frame: int) -> None:
        made = child(node, "marker")
        child(made, "comment", marker.comment)
        child(made, "name", marker.name)
        child(made, "in", frame)
        length = round_half_up(seconds(marker.marked_range.duration) * self.cut.rate)
        child(made, "out", frame + length if length > 1 else -1)
        if marker.color in values.COLOURS:
            colour = child(made, "color")
            for part, value in zip(("alpha", "red", "green", "blue"), (0, *values.COLOURS[marker.color]), strict=True):
                child(colour, part, value)

    # ---- files

    def _file_id(self, key: str) -> int:
        return self._numbers.setdefault(key, len(self._numbers) + 1)

    def _file(self, parent: Any, shot: Shot, has: Span) -> None:
        media, key = shot.media, key_of(shot)
        assert media is not None
        node = child(parent, "file", id=f"file-{self._file_id(key)}")
        if key in self._written:
            return
        self._written.add(key)
        rate = media.rate or self.cut.rate
        child(node, "name", media.name)
        path = path_of(getattr(shot.item.media_reference, "target_url", None))
        if path:
            child(node, "pathurl", values.path_url(path))
        else:
            self.losses.append(Loss(clip=shot.item.name, says=f"no file is known for {media.name or 'it'}; the editing program shows it offline, to be relinked."))
        values.rate_node(node, rate)
        child(node, "duration", max(floor_frames(has.duration_s, rate), 1))
        if not media.still:
            if media.rate is not None and (has.start_s * rate).denominator != 1:
                self.losses.append(Loss(clip=shot.item.name, says="its file begins between two frames of its own timecode; the label before is written."))
            drop = media.drop if media.rate is not None else self.cut.drop
            values.timecode(node, Timecode(frames=floor_frames(has.start_s, rate), rate=rate, drop=drop), media.reel)
        about = child(node, "media")
        if media.video or media.still:
            look = child(child(about, "video"), "samplecharacteristics")
            values.rate_node(look, rate)
            if media.width and media.height:
                child(look, "width", media.width)
                child(look, "height", media.height)
            child(look, "anamorphic", False)
            child(look, "pixelaspectratio", "square")
            child(look, "fielddominance", "none")
        if media.audio_channels:
            sound = child(about, "audio")
            heard = child(sound, "samplecharacteristics")
            child(heard, "depth", 16)
            child(heard, "samplerate", media.audio_rate_hz or self.cut.audio_rate_hz)
            child(sound, "channelcount", media.audio_channels)

    def _logging(self, node: Any, shot: Shot) -> None:
        says = info(shot.item, ClipInfo) or ClipInfo()
        media = shot.media or Media(name="")
        words = [keyword.text for keyword in says.keywords]
        log = child(node, "logginginfo")
        child(log, "description", ", ".join(dict.fromkeys(words)))
        child(log, "scene", says.scene or "")
        child(log, "shottake", says.take or "")
        child(log, "lognote", " ".join(text for text in (says.note, says.abstained) if text))
        child(log, "good", any(word.casefold() == "circled" for word in words))
        comments = child(node, "comments")
        for tag, value in (("mastercomment1", media.digest), ("mastercomment2", media.camera), ("mastercomment3", media.file)):
            if value:
                child(comments, tag, value)

    def _unheld(self, shot: Shot) -> None:
        """Say what of an item is not in the element."""
        name = shot.item.name or "a clip"
        says = info(shot.item, ClipInfo) or ClipInfo()
        for effect in shot.item.effects:
            if not isinstance(effect, _TIME_EFFECTS):
                self.losses.append(Loss(clip=name, says=f"the effect {effect.name or effect.effect_name or effect.schema_name()!r} has no place in this export."))
        foreign = sorted(key for key in shot.item.metadata if key != KEY)
        if foreign:
            self.losses.append(Loss(clip=name, says=f"metadata of other programs is not written: {', '.join(foreign)}."))
        if says.roles:
            self.losses.append(Loss(clip=name, says=f"the names of its sound tracks are not written: {', '.join(says.roles)}."))
        if any(keyword.start_s is not None for keyword in says.keywords):
            self.losses.append(Loss(clip=name, says="a keyword on a stretch of it is written for the whole clip."))
        for sync in says.sync:
            late = abs(sync.drift_ppm) * shot.frames / self.cut.rate / 1000
            if late > 1:
                self.losses.append(Loss(clip=name, says=f"its drift of {float(sync.drift_ppm):.1f} ppm is not corrected: {float(late):.1f} ms at the end of the clip."))
