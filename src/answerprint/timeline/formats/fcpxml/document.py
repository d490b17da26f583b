"""An FCPXML document: parsed without trust, its resources as records."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from answerprint.model.extend import Loss
from answerprint.model.records import ModelError, from_plain
from answerprint.model.time import Span, Timecode
from answerprint.timeline import TimelineError
from answerprint.timeline.cut import Media, path_of, visible
from answerprint.timeline.foreign_xml import root_of, shallow
from answerprint.timeline.formats.fcpxml import values

R = TypeVar("R")
__all__ = ["Asset", "Document", "Form", "own_record", "parse", "text_of"]

_OLDEST, _NEWEST = (1, 5), (1, 14)  #: versions whose elements are known here
_DEEPEST = 120  #: nested elements; lxml's own limit is 256, compound clips nest by reference, not in the tree


@dataclass(frozen=True)
class Form:
    """A format resource; None for what it does not say."""

    rate: Fraction | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class Asset:
    """An asset resource: its media, what it has, and where it lies."""

    media: Media
    has: Span | None
    url: str | None


@dataclass(frozen=True)
class Document:
    """A parsed file."""

    root: Any
    name: str
    forms: dict[str, Form]
    assets: dict[str, Asset]
    compounds: dict[str, Any]
    effects: dict[str, Any]


def text_of(path: Path) -> bytes:
    """The FCPXML of a file, or of a `.fcpxmld` bundle, which is a folder with Info.fcpxml in it.

    Raises: TimelineError where neither is there.
    """
    inside = path / "Info.fcpxml" if path.is_dir() else path
    try:
        return inside.read_bytes()
    except OSError as cause:
        raise TimelineError(f"{path} cannot be read: {cause.strerror}. An FCPXML bundle is a folder with Info.fcpxml in it.") from cause


def parse(raw: bytes, name: str, losses: list[Loss]) -> Document:
    """Parse FCPXML: no entities, no network, no outside DTD, no element nested past what an editing program writes.

    Raises: TimelineError in one sentence for anything else.
    """
    root = root_of(raw, name, what="FCPXML")
    if root.tag != "fcpxml":
        says = {"xmeml": "Final Cut Pro 7 XML (xmeml), which is another format. Export FCPXML"}.get(str(root.tag), f"XML, but not FCPXML: it begins with <{root.tag}>. Export FCPXML")
        raise TimelineError(f"{name} is {says}.")
    _check(root, name, losses)
    forms = {node.get("id", ""): _form(node) for node in root.iterfind("resources/format")}
    return Document(
        root=root, name=name, forms=forms, assets={node.get("id", ""): _asset(node, forms, losses) for node in root.iterfind("resources/asset")},
        compounds={node.get("id", ""): node for node in root.iterfind("resources/media")},
        effects={node.get("id", ""): node for node in root.iterfind("resources/effect")},
    )  # fmt: skip


def _check(root: Any, name: str, losses: list[Loss]) -> None:
    version = root.get("version", "")
    try:
        major, minor = (int(part) for part in version.split("."))
    except ValueError as cause:
        raise TimelineError(f"{name} says it is FCPXML {version!r}, which is no version.") from cause
    if (major, minor) < _OLDEST:
        raise TimelineError(f"{name} is FCPXML {version}; versions before 1.5 are not read. Open it in Final Cut Pro and export it again.")
    if (major, minor) > _NEWEST:
        losses.append(Loss(clip=name, says=f"FCPXML {version} is newer than 1.14; what it added is not known here and was not read."))
    shallow(root, name, _DEEPEST)


def _number(text: str | None) -> int | None:
    """A whole number above nought, None for anything else."""
    try:
        number = round(float(text)) if text else 0
    except (ValueError, OverflowError):
        return None
    return number if number > 0 else None


def _form(node: Any) -> Form:
    rate, width, height = values.named_format(node.get("name"))
    if node.get("frameDuration"):
        length = values.time_of(node.get("frameDuration"), f"format {node.get('id')}")
        if length > 0:
            rate = 1 / length
    return Form(rate=rate, width=_number(node.get("width")) or width, height=_number(node.get("height")) or height)


def own_record(node: Any, key: str, kind: type[R]) -> R | None:
    """One of our records in an element's metadata, None where there is none or another program changed it."""
    for entry in node.iterfind("metadata/md"):
        if entry.get("key") == key:
            try:
                return from_plain(kind, json.loads(entry.get("value", "")))
            except (ModelError, ValueError):
                return None
    return None


def _asset(node: Any, forms: dict[str, Form], losses: list[Loss]) -> Asset:
    where = f"asset {node.get('name') or node.get('id')}"
    rep = node.find("media-rep")
    url = (rep.get("src") if rep is not None else None) or node.get("src")
    if url and url.startswith(values.OFFLINE):
        url = None
    start = values.time_of(node.get("start", "0s"), where)
    length = values.time_of(node.get("duration", "0s"), where)
    form = forms.get(node.get("format", ""), Form())
    if length < 0:
        losses.append(Loss(clip=node.get("name", ""), says="its media says it is shorter than nothing; its length is taken from the cut."))
    has = Span(start_s=start, end_s=start + length) if length > 0 else None
    known = own_record(node, values.MEDIA, Media)
    if known is not None:
        return Asset(known, has, url)
    picture = node.get("hasVideo") == "1"
    still = picture and (form.rate is None or length == 0)
    path = path_of(url)
    entries = {entry.get("key"): entry.get("value") for entry in node.iterfind("metadata/md")}
    media = Media(
        name=visible(os.path.basename(path)) if path else node.get("name", ""), file=visible(path or ""), rate=form.rate if picture and not still else None,
        reel=entries.get(values.REEL), camera=entries.get(values.CAMERA), angle=entries.get(values.ANGLE), width=form.width, height=form.height,
        video=picture and not still, still=still, audio_rate_hz=_number(node.get("audioRate")),
        audio_channels=(_number(node.get("audioChannels")) or 2) if node.get("hasAudio") == "1" else 0,
    )  # fmt: skip
    if media.rate is not None:
        media = replace(media, timecode=str(Timecode.from_seconds(start, rate=media.rate)))
    return Asset(media, has, url)
