"""A timeline in the production's own words: its media called as the production calls them, a proxy by its camera original."""

from __future__ import annotations

import os
from collections.abc import Container, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.plan import small_digest
from answerprint.rushes import shown

if TYPE_CHECKING:
    from answerprint.model.records import Digest
    from answerprint.plan import Unit
    from answerprint.timeline.relink import Known

__all__ = ["known_media", "relinked", "seen_as"]


def seen_as(unit: Unit) -> tuple[str, Digest]:
    """A medium as cuts and people name it: a proxy by its camera original."""
    one = unit.original or unit
    return one.file, one.digest


def known_media(units: Sequence[Unit]) -> list[Known]:
    """What a timeline's media are looked for among."""
    from answerprint.timeline.relink import Known

    known = []
    for unit in units:
        (file, digest), info = seen_as(unit), unit.info
        known.append(
            Known(digest=digest, file=file, path=str((unit.original or unit).path or file), reel=info.reel, timecode=info.timecode,
                  rate=info.video.rate if info.video else None, duration_s=info.duration_s)
        )  # fmt: skip
    return known


def relinked(timeline: Any, home: Path, units: Sequence[Unit], named: Container[Digest]) -> Any:
    """A copy whose media are called as the production calls them; other files inside its folder by their place in it, and by what is
    in them now: a card that was exchanged under its old name makes another cut.

    Args: home: the production's folder.  units: its clips and sounds.  named: the media that it has names for.
    """
    from answerprint.timeline.cut import attach, media_of, path_of
    from answerprint.timeline.relink import relink

    known = known_media(units)
    found = relink(timeline, known).timeline
    inside = os.path.realpath(home) + os.sep
    for clip in found.find_clips():
        place = path_of(getattr(clip.media_reference, "target_url", None))
        media = media_of(clip)
        if place is None or media.digest in named:
            continue
        whole = os.path.realpath(place if os.path.isabs(place) else home / place)
        if not whole.startswith(inside) and media.file:  # the production was moved, or is a copy: what lies in it is found by its place in it
            whole = os.path.realpath(home / media.file)
        if whole.startswith(inside) and os.path.isfile(whole):
            attach(clip.media_reference, replace(media, file=shown(os.path.relpath(whole, inside)), digest=small_digest(Path(whole))))
    return found
