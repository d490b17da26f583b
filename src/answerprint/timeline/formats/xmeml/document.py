"""An xmeml document: parsed without trust, its files as records."""

from __future__ import annotations

import os
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from answerprint.model.time import Span, Timecode, TimecodeError, floor_frames
from answerprint.timeline import TimelineError
from answerprint.timeline.cut import Media, path_of, visible
from answerprint.timeline.foreign_xml import root_of, shallow
from answerprint.timeline.formats.xmeml import values
from answerprint.timeline.formats.xmeml.values import word

__all__ = ["Document", "Source", "Sources", "number", "parse"]

_DEEPEST = 220  #: nested elements; lxml's own limit is 256, and four nested sequences reach 60
_STILLS = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".psd", ".bmp", ".gif", ".tga"}


@dataclass(frozen=True)
class Source:
    """A file of the document: its media, what it has on its own clock, and where it lies."""

    media: Media
    has: Span | None
    url: str | None
    known_start: bool  #: whether the file's own timecode is in the document
    start_s: Fraction


@dataclass(frozen=True)
class Document:
    root: Any
    name: str
    files: dict[str, Any]  #: the full element of each file by its id
    sequences: dict[str, Any]  #: the full element of each sequence by its id


def parse(raw: bytes, name: str) -> Document:
    """Parse xmeml: no entities, no network, no outside document type, no bottomless nesting.

    Raises: TimelineError in one sentence for anything else.
    """
    root = root_of(raw, name, what="xmeml")
    if root.tag != "xmeml":
        says = "FCPXML, which is another format: read it as fcpxml" if root.tag == "fcpxml" else f"XML, but not xmeml: it begins with <{root.tag}>. Export Final Cut Pro XML"
        raise TimelineError(f"{name} is {says}.")
    shallow(root, name, _DEEPEST)
    files: dict[str, Any] = {}
    sequences: dict[str, Any] = {}
    for tag, known in (("file", files), ("sequence", sequences)):
        for node in root.iter(tag):
            key = node.get("id", "")
            if key and len(node) > len(known.get(key, ())):
                known[key] = node
    return Document(root, name, files, sequences)


def number(node: Any, tag: str) -> Fraction | None:
    """A frame count; Hiero writes 1055.0. None where there is none or it is -1, which says "not known" everywhere in xmeml."""
    try:
        value = Fraction(word(node, tag))
    except (ValueError, ZeroDivisionError):
        return None
    return value if value >= 0 else None


class Sources:
    """The files of a document as records, each made once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._made: dict[str, Source] = {}

    def of(self, item: Any, fallback: Fraction) -> Source:
        """The source behind a clip item; an empty name and no file make a source that is offline."""
        node = item.find("file")
        key = node.get("id", "") if node is not None else ""
        if key in self._made:
            return self._made[key]
        full = self.document.files.get(key, node)
        made = self._read(full, item, fallback)
        if key:
            self._made[key] = made
        return made

    @staticmethod
    def _read(node: Any, item: Any, fallback: Fraction) -> Source:
        rate = values.rate_of(node.find("rate")) if node is not None else None
        rate = rate or values.rate_of(item.find("rate")) or fallback
        url = word(node, "pathurl") or None
        path = path_of(url)
        about = node.find("media") if node is not None else None
        picture = about is not None and about.find("video") is not None
        heard = about.find("audio") if about is not None else None
        sound = heard is not None
        if not picture and not sound:
            track = item.getparent().getparent() if item.getparent() is not None else None
            sound = track is not None and track.tag == "audio"
            picture = not sound
        name = visible(os.path.basename(path.replace("\\", "/"))) if path else word(node, "name") or word(item, "name")
        still = picture and os.path.splitext(name)[1].lower() in _STILLS
        code = node.find("timecode") if node is not None else None
        start, drop, reel, known = _start(code, rate)
        frames = number(node, "duration") if node is not None else None
        look = about.find("video/samplecharacteristics") if about is not None else None
        channels = number(heard, "channelcount") if heard is not None else None
        hz = number(heard.find("samplecharacteristics"), "samplerate") if heard is not None and heard.find("samplecharacteristics") is not None else None
        comments = item.find("comments")
        digest = word(comments, "mastercomment1")
        width, height = (number(look, tag) if look is not None else None for tag in ("width", "height"))
        media = Media(
            name=name, file=word(comments, "mastercomment3") if digest.startswith("blake3:") else visible(path or ""), digest=digest if digest.startswith("blake3:") else None,
            reel=reel, camera=(word(comments, "mastercomment2") or None) if digest.startswith("blake3:") else None, rate=rate if picture and not still else None,
            drop=drop and picture, width=int(width) if width else None, height=int(height) if height else None, video=picture and not still, still=still,
            timecode=str(Timecode(frames=floor_frames(start, rate), rate=rate, drop=drop)) if known and picture and not still else None,
            audio_rate_hz=int(hz) if hz else None, audio_channels=int(channels) if channels else 2 if sound else 0,
        )  # fmt: skip
        has = Span(start_s=start, end_s=start + frames / rate) if frames and frames > 1 and not still else None
        return Source(media, has, url, known, start)


def _start(code: Any, rate: Fraction) -> tuple[Fraction, bool, str | None, bool]:
    """Where a file's first frame stands: by its frame count, else by its label. (seconds, drop-frame, reel, known)"""
    if code is None:
        return Fraction(0), False, None, False
    own = values.rate_of(code.find("rate")) or rate
    drop = word(code, "displayformat").upper() == "DF" and -(-own.numerator // own.denominator) % 30 == 0
    reel = word(code.find("reel"), "name") if code.find("reel") is not None else ""
    frame = number(code, "frame")
    if frame is None:
        try:
            frame = Fraction(Timecode.parse(word(code, "string"), rate=own, drop=drop).frames)
        except TimecodeError:
            return Fraction(0), drop, reel or None, False
    return frame / own, drop, reel or None, True
