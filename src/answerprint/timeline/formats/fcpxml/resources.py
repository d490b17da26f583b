"""The head of an FCPXML file: formats, assets, effects and compound clips, each written once and referred to by id."""

from __future__ import annotations

import json
import os
from fractions import Fraction
from typing import Any
from urllib.parse import quote

from lxml import etree  # type: ignore[import-untyped]

from answerprint.model.extend import Loss
from answerprint.model.records import to_plain
from answerprint.model.time import Span
from answerprint.timeline import TimelineError
from answerprint.timeline.cut import Media, path_of, seconds, visible
from answerprint.timeline.formats.fcpxml import values
from answerprint.timeline.formats.fcpxml.layout import Laid

__all__ = ["Resources", "element", "metadata"]

Plan = dict[str, Span]  #: asset key -> everything the whole cut uses of it


def element(parent: Any, tag: str, attributes: dict[str, str | None]) -> Any:
    """A child element; attributes that are None stay out, characters XML cannot hold become visible ones."""
    made = etree.Element(tag) if parent is None else etree.SubElement(parent, tag)
    for name, value in attributes.items():
        if value is not None:
            made.set(name, visible(value))
    return made


def metadata(parent: Any, entries: dict[str, str | None]) -> None:
    """A metadata element with what is known; nothing where nothing is."""
    known = {key: value for key, value in entries.items() if value}
    if known:
        inside = element(parent, "metadata", {})
        for key, value in known.items():
            element(inside, "md", {"key": key, "value": value})


def as_json(record: Any) -> str:
    return json.dumps(to_plain(record), ensure_ascii=True, sort_keys=True, separators=(",", ":"))


class Resources:
    """Formats, assets, effects and compound clips of one file."""

    def __init__(self, version: str, size: tuple[int, int], losses: list[Loss]) -> None:
        self.element = etree.Element("resources")
        self.bundled_src = version != "1.8"  # media-rep came with 1.9
        self.size = size
        self.losses = losses
        self.used: Plan = {}
        self._ids: dict[tuple[Any, ...], str] = {}
        self._spans: dict[str, Span] = {}

    def _id(self, key: tuple[Any, ...]) -> tuple[str, bool]:
        new = key not in self._ids
        if new:
            self._ids[key] = f"r{len(self._ids) + 1}"
        return self._ids[key], new

    def format(self, rate: Fraction, size: tuple[int, int] | None = None) -> str:
        width, height = size or self.size
        ref, new = self._id(("format", rate, width, height))
        if new:
            name = values.format_name(rate, width, height)
            element(self.element, "format", {
                "id": ref, "name": name, "frameDuration": values.frame_duration(rate), "width": str(width), "height": str(height),
            })  # fmt: skip
        return ref

    def still_format(self, size: tuple[int, int]) -> str:
        ref, new = self._id(("still", *size))
        if new:
            element(self.element, "format", {"id": ref, "name": "FFVideoFormatRateUndefined", "width": str(size[0]), "height": str(size[1])})
        return ref

    def effect(self, name: str, uid: str) -> str:
        ref, new = self._id(("effect", uid))
        if new:
            element(self.element, "effect", {"id": ref, "name": name, "uid": uid})
        return ref

    def compound(self, stack: Any) -> tuple[str, Any]:
        """An id for a compound clip and its empty `media` element, which the caller fills; None where it was filled already."""
        ref, new = self._id(("media", id(stack)))
        return ref, element(self.element, "media", {"id": ref, "name": stack.name or "Compound Clip"}) if new else None

    def plan(self, laid: Laid) -> None:
        """Remember what a clip uses of its media, before anything is written: an asset must be at least as long as its uses."""
        key = self.key(laid)
        known = self.used.get(key)
        used = laid.used
        self.used[key] = used if known is None else Span(start_s=min(known.start_s, used.start_s), end_s=max(known.end_s, used.end_s))

    @staticmethod
    def key(laid: Laid) -> str:
        assert laid.media is not None
        return getattr(laid.item.media_reference, "target_url", None) or laid.media.digest or laid.media.file or laid.media.name

    def available(self, laid: Laid) -> Span:
        """What the media has, on its own clock: what its reference says, or, where it says nothing true, all that this cut uses of it."""
        kept = laid.item.media_reference.available_range if laid.item.media_reference is not None else None
        used = self.used.get(self.key(laid), laid.used)
        if kept is None:
            return used
        start = seconds(kept.start_time)
        says = Span(start_s=start, end_s=start + max(seconds(kept.duration), Fraction(0)))
        if says.overlap(laid.used) is None and laid.used.duration_s:
            return Span(start_s=min(says.start_s, used.start_s), end_s=max(says.end_s, used.end_s))
        return says

    def asset(self, laid: Laid) -> str:
        """The asset of a clip, written at its first use.

        Raises: TimelineError for media whose URL is neither a file nor a web address.
        """
        media = laid.media
        assert media is not None
        ref, new = self._id(("asset", self.key(laid)))
        if not new:
            return ref
        available = self.available(laid)
        src = self._src(laid, media)
        size = (media.width, media.height) if media.width and media.height else self.size
        picture = media.video or media.still
        form = None
        if media.still:
            form = self.still_format(size)
        elif picture:
            form = self.format(media.rate or Fraction(24), size)
        made = element(self.element, "asset", {
            "id": ref, "name": media.name or laid.item.name, "src": None if self.bundled_src else src, "start": values.time_text(available.start_s),
            "duration": "0s" if media.still else values.time_text(available.duration_s), "hasVideo": "1" if picture else None, "format": form,
            "hasAudio": "1" if media.audio_channels else None, "videoSources": "1" if picture and self.bundled_src else None,
            "audioSources": "1" if media.audio_channels else None, "audioChannels": str(media.audio_channels) if media.audio_channels else None,
            "audioRate": str(media.audio_rate_hz) if media.audio_channels and media.audio_rate_hz else None,
        })  # fmt: skip
        if self.bundled_src:
            element(made, "media-rep", {"kind": "original-media", "src": src})
        metadata(made, {values.REEL: media.reel, values.CAMERA: media.camera, values.ANGLE: media.angle, values.MEDIA: as_json(media)})
        return ref

    def _src(self, laid: Laid, media: Media) -> str:
        url = getattr(laid.item.media_reference, "target_url", None)
        if not url:
            self.losses.append(Loss(clip=laid.item.name, says="no file is known for it; it arrives offline, to be relinked by name and timecode."))
            return values.OFFLINE + quote(media.name.encode("utf-8", "replace"))
        path = path_of(url)
        if path is None or url.startswith("file:"):
            name = os.path.basename(path or "")
            if name and visible(name) != name:
                self.losses.append(Loss(clip=visible(name), says="its file name holds bytes that no XML can show; they are replaced in the name, and exact in the file's address."))
            if path is None and "://" not in url:
                raise TimelineError(f"{laid.item.name}: {url!r} is not a place where media can be. Relink the clip first.")
            return str(url)
        if not os.path.isabs(path):
            self.losses.append(Loss(clip=laid.item.name, says=f"its media is named without a folder ({path}); relink it before it goes to an editing program."))
        return "file://" + quote(os.fsencode(path if os.path.isabs(path) else "/" + path))
