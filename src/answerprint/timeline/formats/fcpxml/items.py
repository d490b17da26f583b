"""One item of a cut as one FCPXML element: children in the order that Apple's DTD demands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from answerprint.model.extend import Loss
from answerprint.model.time import floor_frames
from answerprint.timeline.cut import KEY, ClipInfo, CutInfo, conformed, info, seconds
from answerprint.timeline.formats.fcpxml import values, volume
from answerprint.timeline.formats.fcpxml.layout import Laid
from answerprint.timeline.formats.fcpxml.resources import Resources, as_json, element, metadata
from answerprint.timeline.levels import level_of

__all__ = ["Items"]

#: What comes after the connected clips inside an item; the first of these that is there is where a connected clip goes in front.
_AFTER_ANCHORS = {"marker", "chapter-marker", "rating", "keyword", "analysis-marker", "audio-channel-source", "audio-role-source", "metadata"}
_AFTER_MARKS = {"audio-channel-source", "audio-role-source", "sync-source", "metadata"}
_TIME_EFFECTS = (otio.schema.LinearTimeWarp, otio.schema.FreezeFrame)


class Items:
    """Makes elements; every id it refers to lies in the resources."""

    def __init__(self, resources: Resources, cut: CutInfo, losses: list[Loss], compound: Callable[[Any], str]) -> None:
        self.resources, self.cut, self.losses, self.compound = resources, cut, losses, compound

    # ---- fitting

    def fit(self, laid: Laid) -> Laid:
        """Clamp an item to what its media has. A cut past the end of the media is refused by Final Cut as a whole."""
        if laid.media is None or laid.media.still or laid.speed == 0:
            return laid
        has, used = self.resources.available(laid), laid.used
        start, end = max(has.start_s, used.start_s), min(has.end_s, used.end_s)
        if (start, end) == (used.start_s, used.end_s) or end <= start:
            return laid
        rate = self.cut.rate
        lost = floor_frames((used.duration_s - (end - start)) / abs(laid.speed), rate)
        length = (end - start) / abs(laid.speed)
        if laid.media.video:
            length = Fraction(max(1, floor_frames(length, rate))) / rate
        if lost:
            self.losses.append(Loss(clip=laid.item.name, says=f"it uses {lost} frames more than its media has; they are left off."))
        return replace(laid, source_s=start, length_s=length)

    # ---- times inside an item

    def local_start(self, laid: Laid) -> Fraction:
        """Where an item's own clock stands at its first frame."""
        if laid.media is None:
            return laid.source_s if isinstance(laid.item, (otio.schema.Stack, otio.schema.Track)) else Fraction(0)
        if laid.media.still or laid.speed <= 0:
            return Fraction(0)
        return laid.source_s if conformed(laid.item) else laid.source_s / laid.speed

    def local_of(self, laid: Laid, moment_s: Fraction) -> Fraction:
        """A moment of the timeline on an item's own clock, where connected clips and markers are placed."""
        pace = laid.speed if laid.media is not None and laid.speed > 0 and conformed(laid.item) else Fraction(1)
        return self.local_start(laid) + (moment_s - laid.start_s) * pace

    def _local_of_source(self, laid: Laid, source_s: Fraction) -> Fraction:
        if laid.speed > 0:
            return source_s if conformed(laid.item) else source_s / laid.speed
        if laid.speed < 0:
            return (laid.used.end_s - source_s) / -laid.speed
        return Fraction(0)

    # ---- elements

    def empty(self, offset_s: Fraction | None, length_s: Fraction, name: str = "Gap") -> Any:
        return element(None, "gap", {"name": name, "offset": _text(offset_s), "start": "0s", "duration": values.time_text(length_s)})

    def node(self, laid: Laid, *, offset_s: Fraction | None, lane: int | None, whole: bool = False) -> Any:
        """The element of an item. `whole`: at its own rate, outside a timeline, so nothing is conformed."""
        common = {"lane": str(lane) if lane is not None else None, "offset": _text(offset_s)}
        item = laid.item
        if laid.gap:
            return self._with_marks(self.empty(offset_s, laid.length_s), laid)
        timing = {"name": item.name or None, "start": _text(self.local_start(laid)), "duration": values.time_text(laid.length_s)}
        timing["enabled"] = "0" if not item.enabled or (item.parent() is not None and getattr(item.parent(), "enabled", True) is False) else None
        if isinstance(item, (otio.schema.Stack, otio.schema.Track)):
            if laid.speed != 1:
                self.losses.append(Loss(clip=item.name or "a compound clip", says="the speed of a compound clip is not written."))
            ref = self.compound(item)
            video = getattr(item.parent(), "kind", otio.schema.TrackKind.Video) != otio.schema.TrackKind.Audio
            made = element(None, "ref-clip", {"ref": ref, **common, **timing, "srcEnable": None if video else "audio"})
            self._loud(made, item, laid)
            return self._with_marks(made, laid)
        reference = item.media_reference
        if isinstance(reference, otio.schema.GeneratorReference):
            return self._generator(laid, common, timing)
        assert laid.media is not None
        if laid.media.still:
            made = element(None, "video", {"ref": self.resources.asset(laid), **common, **timing})
            return self._with_marks(made, laid)
        return self._asset_clip(laid, common, timing, whole)

    def _asset_clip(self, laid: Laid, common: dict[str, str | None], timing: dict[str, str | None], whole: bool) -> Any:
        media, item = laid.media, laid.item
        assert media is not None
        sound_track = getattr(item.parent(), "kind", None) == otio.schema.TrackKind.Audio
        use = None
        if media.video and sound_track:
            use = "audio"
        elif media.video and media.audio_channels and laid.sound is None:
            use = "video"
        says = info(item, ClipInfo) or ClipInfo()
        own = info(laid.sound, ClipInfo) if laid.sound is not None else None
        roles = own.roles if own is not None and own.roles else says.roles if sound_track else ()
        audible = media.audio_channels > 0 and use != "video"
        made = element(None, "asset-clip", {
            "ref": self.resources.asset(laid), **common, **timing, "srcEnable": use,
            "format": self.resources.format(media.rate or self.cut.rate, (media.width, media.height) if media.width and media.height else None) if media.video else None,
            "tcFormat": ("DF" if media.drop else "NDF") if media.video else None, "audioRole": "dialogue" if audible else None,
        })  # fmt: skip
        if says.note or says.abstained:
            element(made, "note", {}).text = " ".join(text for text in (says.note, says.abstained) if text)
        self._timing(made, laid, whole)
        if audible:
            self._loud(made, laid.sound if laid.sound is not None else item, laid)
        self.marks(made, laid, says)
        if audible:
            off = laid.sound is not None and not laid.sound.enabled
            self._channels(made, media.audio_channels, roles, off)
        self.facts(made, laid, says)
        self._unheld(laid)
        return made

    def _timing(self, made: Any, laid: Laid, whole: bool) -> None:
        media = laid.media
        assert media is not None
        foreign = media.video and media.rate is not None and media.rate != self.cut.rate and not whole
        if foreign:
            assert media.rate is not None
            scale = None if conformed(laid.item) else "0"
            element(made, "conform-rate", {"scaleEnabled": scale, "srcFrameRate": values.source_rate(media.rate)})
        if laid.speed == 1 or (foreign and conformed(laid.item)):
            return
        has = self.resources.available(laid)
        if laid.speed > 0:
            points = [(has.start_s / laid.speed, has.start_s), (has.end_s / laid.speed, has.end_s)]
        elif laid.speed == 0:
            points = [(Fraction(0), laid.source_s), (laid.length_s, laid.source_s)]
        else:
            points = [(Fraction(0), laid.used.end_s), (laid.length_s, laid.used.start_s)]
        ramp = element(made, "timeMap", {})
        for moment, value in points:
            element(ramp, "timept", {"time": values.time_text(moment), "value": values.time_text(value), "interp": "linear"})

    def _loud(self, made: Any, item: Any, laid: Laid) -> None:
        said = level_of(item)
        if said is not None:
            made.append(volume.node(said, lambda at: self.local_of(laid, laid.start_s + at)))

    def _channels(self, made: Any, channels: int, roles: tuple[str, ...], off: bool) -> None:
        active = "0" if off else None
        if len(roles) == channels and channels > 1:
            for number, role in enumerate(roles, 1):
                element(made, "audio-channel-source", {"srcCh": str(number), "role": role, "active": active})
        elif roles or off:
            every = ", ".join(str(number) for number in range(1, channels + 1))
            element(made, "audio-channel-source", {"srcCh": every, "role": roles[0] if roles else None, "active": active})

    def _generator(self, laid: Laid, common: dict[str, str | None], timing: dict[str, str | None]) -> Any:
        reference, item = laid.item.media_reference, laid.item
        text = str(reference.parameters.get("text", item.name))
        timing = {**timing, "start": "0s"}
        if reference.generator_kind == "caption":
            made = element(None, "caption", {**common, **timing, "role": str(reference.parameters.get("role", "iTT?captionFormat=ITT.en"))})
            element(made, "text", {}).text = text
            return made
        if reference.generator_kind != "title" and "uid" in reference.parameters:
            ref = self.resources.effect(str(reference.parameters.get("effect", reference.generator_kind)), str(reference.parameters["uid"]))
            return self._with_marks(element(None, "video", {"ref": ref, **common, **timing}), laid)
        if reference.generator_kind != "title":
            self.losses.append(Loss(clip=item.name or "a generator", says=f"the generator {reference.generator_kind!r} has no place in FCPXML; its length is kept empty."))
            made = self.empty(None, laid.length_s, item.name or "Gap")
            if common["lane"] is None:
                made.set("offset", common["offset"] or "0s")
                return made
            common = {**common}  # a connected gap does not exist: an empty title holds its place
            text = ""
        effect = str(reference.parameters.get("effect", values.TITLE[0])), str(reference.parameters.get("uid", values.TITLE[1]))
        made = element(None, "title", {"ref": self.resources.effect(*effect), **common, **timing})
        element(made, "text", {}).text = text
        return self._with_marks(made, laid)

    # ---- what hangs on an element

    @staticmethod
    def anchor(host: Any, child: Any) -> None:
        """Put a connected item where the DTD wants it: after the timing, before markers and metadata."""
        place = next((index for index, node in enumerate(host) if node.tag in _AFTER_ANCHORS), len(host))
        host.insert(place, child)

    def _with_marks(self, made: Any, laid: Laid) -> Any:
        says = info(laid.item, ClipInfo) or ClipInfo()
        if says.note and made.tag != "title":
            note = element(None, "note", {})
            note.text = says.note
            made.insert(0, note)
        self.marks(made, laid, says)
        if made.tag != "video" and not laid.gap:
            self.facts(made, laid, says)
        self._unheld(laid)
        return made

    def marks(self, made: Any, laid: Laid, says: ClipInfo) -> None:
        for marker in laid.item.markers:
            moment = seconds(marker.marked_range.start_time)
            self.marker(made, marker, self._local_of_source(laid, moment) if laid.media is not None and not laid.media.still else moment)
        for keyword in says.keywords:
            start = keyword.start_s if keyword.start_s is not None else None
            local = self._local_of_source(laid, start) if start is not None else self.local_start(laid)
            length = keyword.duration_s / abs(laid.speed or Fraction(1)) if keyword.duration_s is not None else laid.length_s
            self._mark(made, "keyword", {"start": _text(local), "duration": _text(length), "value": keyword.text, "note": keyword.note or None})

    def marker(self, made: Any, marker: Any, local_s: Fraction) -> None:
        """Final Cut's own colours: red is to do, orange is a chapter, everything else is a standard marker."""
        length = max(seconds(marker.marked_range.duration), 1 / self.cut.rate)
        entries = {"start": values.time_text(local_s), "duration": values.time_text(length), "value": marker.name or marker.comment or "Marker"}
        tag = "chapter-marker" if marker.color == "ORANGE" else "marker"
        if marker.color == "RED":
            entries["completed"] = "0"
        self._mark(made, tag, {**entries, "note": marker.comment or None})

    @staticmethod
    def _mark(made: Any, tag: str, attributes: dict[str, str | None]) -> None:
        node = element(None, tag, attributes)
        place = next((index for index, child in enumerate(made) if child.tag in _AFTER_MARKS), len(made))
        made.insert(place, node)

    def facts(self, made: Any, laid: Laid, says: ClipInfo) -> None:
        media = laid.media
        metadata(made, {
            values.REEL: media.reel if media else None, values.SCENE: says.scene, values.TAKE: says.take,
            values.ANGLE: says.angle or (media.angle if media else None) or (media.camera if media and media.video else None),
            values.CLIP: as_json(says) if says != ClipInfo() else None,
        })  # fmt: skip

    def _unheld(self, laid: Laid) -> None:
        """Say what of an item is not in the element."""
        name = laid.item.name or "a gap"
        for effect in laid.item.effects:
            if not isinstance(effect, _TIME_EFFECTS):
                self.losses.append(Loss(clip=name, says=f"the effect {effect.name or effect.effect_name or effect.schema_name()!r} has no place in this export."))
        foreign = sorted(key for key in laid.item.metadata if key != KEY)
        if foreign:
            self.losses.append(Loss(clip=name, says=f"metadata of other programs is not written: {', '.join(foreign)}."))
        for sync in (info(laid.item, ClipInfo) or ClipInfo()).sync:
            late = abs(sync.drift_ppm) * laid.length_s / 1000
            if laid.media is not None and not laid.media.video and late > 1:
                self.losses.append(Loss(clip=name, says=f"its drift of {float(sync.drift_ppm):.1f} ppm is not corrected: {float(late):.1f} ms at the end of the clip."))


def _text(moment_s: Fraction | None) -> str | None:
    return None if moment_s is None else values.time_text(moment_s)
