"""Media of a cut that came back, matched to what the production has.

By digest; else by source timecode, reel and name; else by name and length. Names are compared without folder and extension, because editing
programs and transcoders change both. What fits nothing, or more than one thing, is said in a sentence and left as it is: never guessed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from answerprint.model.records import Digest
from answerprint.model.time import Timecode, TimecodeError
from answerprint.timeline.cut import Media, attach, file_url, media_of, seconds, visible

__all__ = ["Known", "Match", "Relinked", "relink"]


@dataclass(frozen=True, kw_only=True)
class Known:
    """One medium of the production."""

    digest: Digest
    file: str  #: "rushes/A001_C001.mp4"
    path: str
    reel: str | None = None
    timecode: str | None = None  #: of the first frame
    rate: Fraction | None = None  #: frames a second of the picture; None for sound
    duration_s: Fraction | None = None


@dataclass(frozen=True, kw_only=True)
class Match:
    """One clip that found its medium, and by what."""

    clip: str
    file: str
    by: str  #: "digest", "timecode, reel and name", "timecode and name", "name and length"


@dataclass(frozen=True, kw_only=True)
class Relinked:
    """A copy of the timeline with its references set, what matched, and a sentence for each clip that did not."""

    timeline: Any
    matched: tuple[Match, ...]
    unmatched: tuple[str, ...]


def relink(timeline: Any, known: Sequence[Known]) -> Relinked:
    """Set every media reference of a copy of `timeline` to the production's own files.

    Titles and other generators need no media and are passed over. A clip's ranges never change.
    """
    copy = timeline.clone()
    matched: dict[Match, None] = {}
    unmatched: dict[str, None] = {}
    for clip in copy.find_clips():
        if isinstance(clip.media_reference, otio.schema.GeneratorReference):
            continue
        media = media_of(clip)
        found, by = _find(clip, media, known)
        if len(found) == 1:
            _set(clip, media, found[0])
            matched[Match(clip=clip.name or media.name, file=found[0].file, by=by)] = None
        elif found:
            files = ", ".join(sorted(item.file for item in found))
            unmatched[f"{clip.name or media.name}: more than one medium fits by {by} ({files}). Say which, or remove the doubles."] = None
        else:
            unmatched[f"{clip.name or media.name}: nothing in this production fits ({_described(media)}). Add its media, or leave it offline."] = None
    return Relinked(timeline=copy, matched=tuple(matched), unmatched=tuple(unmatched))


def _find(clip: Any, media: Media, known: Sequence[Known]) -> tuple[list[Known], str]:
    """All that fit by the strongest evidence that fits at all."""
    start, length = _clock(clip)
    used = clip.source_range if start is None else None  # a list tells no more of a file than the stretch that is used of it
    names = {_stem(name) for name in (media.file, media.name, clip.name) if name}

    def by_digest(item: Known) -> bool:
        return media.digest is not None and item.digest == media.digest

    def by_timecode(item: Known) -> bool:
        """The clip's file starts at the same timecode, within a frame: programs round a start to the sequence's frames. Where the cut
        does not say when its file starts, the stretch that it uses lies within the medium."""
        if item.timecode is None or start == 0 or (start is None and (used is None or item.duration_s is None)):
            return False
        rate = item.rate or media.rate
        if rate is None:
            return False
        try:
            own = Timecode.parse(item.timecode, rate=rate).seconds
        except TimecodeError:
            return False
        if start is not None:
            return abs(own - start) < 1 / rate
        assert used is not None
        assert item.duration_s is not None
        return own - 1 / rate < seconds(used.start_time) and seconds(used.end_time_exclusive()) < own + item.duration_s + 1 / rate

    def by_reel(item: Known) -> bool:
        return bool(item.reel and media.reel and item.reel.casefold() == media.reel.casefold())

    def by_name(item: Known) -> bool:
        return _stem(item.file) in names

    def by_length(item: Known) -> bool:
        if item.duration_s is None or length is None:
            return False
        return abs(item.duration_s - length) <= 1 / (item.rate or media.rate or Fraction(24))

    def no_conflict(item: Known) -> bool:
        """A name alone never wins over a timecode or reel that says otherwise."""
        timed = item.timecode is not None and (used is not None or (start is not None and start != 0)) and (item.rate or media.rate) is not None
        return not (timed and not by_timecode(item)) and not (item.reel and media.reel and not by_reel(item))

    tests: list[tuple[str, Callable[[Known], bool]]] = [
        ("digest", by_digest),
        ("timecode, reel and name", lambda item: by_timecode(item) and by_reel(item) and by_name(item)),
        ("timecode and name", lambda item: by_timecode(item) and by_name(item) and no_conflict(item)),
        ("name and length", lambda item: by_name(item) and by_length(item) and no_conflict(item)),
    ]
    for by, test in tests:
        if found := [item for item in known if test(item)]:
            return found, by
    return [], ""


def _clock(clip: Any) -> tuple[Fraction | None, Fraction | None]:
    available = getattr(clip.media_reference, "available_range", None)
    if available is None:
        return None, None
    return seconds(available.start_time), seconds(available.duration)


def _stem(name: str) -> str:
    """A name without folder and extension, in the form every file can hold, whatever the letters' case."""
    base = os.path.basename(visible(name).replace("\\", "/") if "/" not in name else visible(name))
    stem, extension = os.path.splitext(base)
    return (stem if 1 < len(extension) <= 6 else base).casefold()


def _set(clip: Any, media: Media, found: Known) -> None:
    kept = clip.media_reference.available_range if clip.media_reference is not None else None
    reference = otio.schema.ExternalReference(target_url=file_url(found.path), available_range=kept)
    reference.name = visible(os.path.basename(found.file))
    updated = replace(media, name=os.path.basename(found.file), file=found.file, digest=found.digest, reel=found.reel or media.reel,
                      timecode=found.timecode or media.timecode)  # fmt: skip
    attach(reference, updated)
    clip.media_reference = reference


def _described(media: Media) -> str:
    says = [media.file or media.name]
    if media.timecode:
        says.append(f"from {media.timecode}")
    if media.reel:
        says.append(f"reel {media.reel}")
    return ", ".join(says)
