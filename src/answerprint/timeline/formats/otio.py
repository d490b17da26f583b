"""OpenTimelineIO's own files: nothing of a cut is lost in them. Out as .otio; in from .otio and .otioz."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import opentimelineio as otio

from answerprint.model.extend import Format, Loss
from answerprint.timeline import TimelineError

__all__ = ["format"]

_DEEPEST = 1000  #: levels; the library was seen to overrun its stack between 5,000 and 100,000
_LARGEST = 512 * 2**20  #: bytes of timeline text inside an .otioz; a feature's conform is under 50 MB


def _write(timeline: Any, options: Mapping[str, Any]) -> tuple[bytes, Sequence[Loss]]:
    """Options: none."""
    return otio.adapters.write_to_string(timeline, "otio_json").encode("utf-8"), ()


def _read(raw: bytes, options: Mapping[str, Any]) -> tuple[Sequence[Any], Sequence[Loss]]:
    """Options: `name`, the file's name for messages.

    Raises: TimelineError if it is not a timeline, is damaged, or is nested past any editing program.
    """
    name = str(options.get("name", "this file"))
    losses: list[Loss] = []
    if raw[:4] == b"PK\x03\x04":
        raw, inside = _unzip(raw, name)
        if inside:
            losses.append(Loss(clip=name, says=f"{inside} media files inside the bundle were not unpacked; unzip it and relink to them."))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise TimelineError(f"{name} is not an OpenTimelineIO file: it is not text. Export the timeline again as .otio.") from cause
    _check_depth(text, name)
    try:
        thing = otio.adapters.read_from_string(text, "otio_json")
    except Exception as cause:
        why = str(cause).splitlines()[0].rstrip(".") if str(cause) else type(cause).__name__
        if "unsupported schema version" in why:
            raise TimelineError(f"{name} was written by a newer OpenTimelineIO than {otio.__version__} ({why}). Export it for an older version.") from cause
        raise TimelineError(f"{name} is not an OpenTimelineIO file, or is damaged: {why}. Export the timeline again.") from cause
    if not isinstance(thing, otio.core.SerializableObject):
        raise TimelineError(f"{name} is JSON, but not an OpenTimelineIO file. Export the timeline again as .otio.")
    return _timelines(thing, name, losses), losses


def _check_depth(text: str, name: str) -> None:
    """Refuse nesting that would overrun the stack of the library's own reader, which ends the program without a word."""
    depth = 0
    for token in re.finditer(r'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', text):
        first = token[0][0]
        if first in "[{":
            depth += 1
            if depth > _DEEPEST:
                raise TimelineError(f"{name} is nested more than {_DEEPEST} levels deep; no editing program writes that. It was not read.")
        elif first in "]}":
            depth -= 1


def _unzip(raw: bytes, name: str) -> tuple[bytes, int]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as bundle:
            entry = bundle.getinfo("content.otio")
            if entry.file_size > _LARGEST:
                raise TimelineError(f"{name} holds {entry.file_size} bytes of timeline; more than {_LARGEST} is not read.")
            return bundle.read(entry), sum(1 for item in bundle.infolist() if item.filename.startswith("media/") and not item.is_dir())
    except (zipfile.BadZipFile, KeyError, OSError) as cause:
        raise TimelineError(f"{name} is not an .otioz bundle: {cause}. Export it again.") from cause


def _timelines(thing: Any, name: str, losses: list[Loss]) -> list[Any]:
    """Every timeline in an OpenTimelineIO object; a loose clip, track or stack becomes a timeline of its own."""
    if isinstance(thing, otio.schema.Timeline):
        return [thing]
    if isinstance(thing, otio.schema.SerializableCollection):
        found = [timeline for item in thing for timeline in _timelines(item, name, losses)]
        if not found:
            raise TimelineError(f"{name} is a collection with nothing to cut in it.")
        return found
    made = otio.schema.Timeline(name=getattr(thing, "name", "") or name)
    if isinstance(thing, otio.schema.Stack):
        made.tracks = thing
    elif isinstance(thing, otio.schema.Track):
        made.tracks.append(thing)
    elif isinstance(thing, (otio.schema.Clip, otio.schema.Gap)):
        track = otio.schema.Track("V1", kind=otio.schema.TrackKind.Video)
        track.append(thing)
        made.tracks.append(track)
    else:
        losses.append(Loss(clip=getattr(thing, "name", "") or name, says=f"a {type(thing).__name__} is not a timeline or a clip and was not read."))
        return []
    return [made]


format = Format(name="otio", suffix=".otio", write=_write, read=_read, cannot=("media files: the timeline names them, it does not carry them",))
