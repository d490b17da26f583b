"""Strings: every attempt at an item back to back, full length from "action" to "cut", in shooting order. A string chooses nothing.

Nothing that is known about how an attempt went changes what is laid, in which order, or for how long: a string reads only where an
attempt begins and ends, and what it is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import opentimelineio as otio

from answerprint.model.records import Digest
from answerprint.model.time import Span, Timecode
from answerprint.timeline.cut import ClipInfo, info, media_of, range_of, seconds, start_and_length
from answerprint.timeline.laying import Layout, mark
from answerprint.timeline.slates import Strung, Wanted, about, exact, keywords, lasts, note, slate_name, with_attempts

__all__ = ["Played", "String", "Strung", "keywords", "lasts", "note", "played", "slate_name", "string", "strings", "with_attempts"]

ITEM_COLOUR = "WHITE"  #: of the markers that say which item begins here


@dataclass(frozen=True, kw_only=True)
class String:
    """One string. `attempts` is everything it shows, in order."""

    what: Literal["item", "circled takes", "voice-over", "wild sounds", "not in the script"]
    name: str
    item: int | None  #: its number, of an item's string
    attempts: tuple[Strung, ...]
    timeline: Any


@dataclass(frozen=True, kw_only=True)
class Played:
    """What one item of V1 shows, or a sound under an empty V1: for a movie or a sheet made from proxies."""

    name: str
    digest: Digest | None  #: of the medium; None for a slug
    picture: bool
    in_s: Fraction  #: from the medium's first frame
    out_s: Fraction
    timecode: str | None  #: of the first frame that is shown
    lines: tuple[str, ...]  #: keywords, for a burn-in


def string(name: str, strung: Sequence[Strung], *, rate: Fraction, start: str = "01:00:00:00", raster: tuple[int, int] | None = None) -> Any:
    """Lay attempts back to back.

    Args:    strung: in shooting order; all of them are laid, in that order.  rate: frames a second of the timeline.
             start: timecode of the first frame, ";" before frames for drop-frame.  raster: the first picture's where not given.
    Returns: an `opentimelineio.schema.Timeline`: V1, A1 and one track per recorder; a sound without picture lies on A1 under an empty V1.
             A marker stands at the first frame of every item that an attempt covers. Empty for no attempts.
    Raises:  TimelineError for a clip without a whole frame, and for sync with a file that has no sound.
    """
    sheet = Layout(rate, max((len(one.clip.sounds) for one in strung), default=0))
    for one in strung:
        used = lasts(one, rate)
        item = sheet.add(one.clip, used, about(one), name=slate_name(one))
        _mark_items(item, one, used, rate)
        if raster is None and one.clip.media.video is not None:
            raster = one.clip.media.video.display_size
    return sheet.timeline(name, start=start, kind="cut", size=raster)


def _mark_items(item: Any, one: Strung, used: Span, rate: Fraction) -> None:
    start = start_and_length(one.clip.media).start_s
    own = one.clip.media.video.rate if one.clip.media.video is not None else rate
    for covered in one.covered:
        at = exact(covered.in_s)
        at = min(max(Fraction(at * own // 1) / own, used.start_s), used.end_s - 1 / own)
        end = "to its end" if covered.complete else "not to its end"
        mark(item, start + at, own, name=f"item {covered.item}", says=f"{covered.kind} {covered.item}, {end}", colour=ITEM_COLOUR)


def strings(
    items: Iterable[Wanted], strung: Sequence[Strung], *, rate: Fraction, start: str = "01:00:00:00", raster: tuple[int, int] | None = None
) -> tuple[String, ...]:
    """Every string of a shoot: one per item that was tried, then circled takes, voice-over, wild sounds and what is in no script.

    Args:    items: of the script, in its order.  strung: every attempt, in shooting order.
    Returns: strings that have something to show; each attempt is in one of them at least. Empty for no attempts.
    """
    wanted = list(items)
    sounds = [one for one in strung if not one.clip.picture]
    voice = {item.number for item in wanted if item.kind == "voice-over"}
    known = {item.number for item in wanted}
    spoken = [one for one in sounds if any(covered.item in voice or covered.kind == "voice-over" for covered in one.covered)]
    made: list[tuple[str, str, int | None, list[Strung]]] = [
        ("item", f"item {item.number}: {_short(item.flat)}", item.number, [one for one in strung if one.of(item.number) is not None]) for item in wanted
    ]  # fmt: skip
    made += [
        ("circled takes", "circled takes", None, [one for one in strung if one.attempt.circled]),
        ("voice-over", "voice-over", None, spoken),
        ("wild sounds", "wild sounds", None, [one for one in strung if one.attempt.kind == "wild" or (not one.clip.picture and not _in(one, spoken))]),
    ]
    unscripted = [one for one in strung if one.clip.picture and one.attempt.kind != "wild" and not _covers(one, known)]
    made.append(("not in the script", "not in the script", None, unscripted))
    return tuple(
        String(what=what, name=name, item=item, attempts=tuple(part), timeline=string(name, part, rate=rate, start=start, raster=raster))  # type: ignore[arg-type]
        for what, name, item, part in made if part
    )  # fmt: skip


def _in(one: Strung, part: Sequence[Strung]) -> bool:
    return any(one is other for other in part)


def _covers(one: Strung, known: set[int]) -> bool:
    return any(covered.item in known for covered in one.covered)


def _short(text: str) -> str:
    """The first words of an item, for a name: at most forty characters, never half a word where there are two."""
    if len(text) <= 40:
        return text
    return (text[:40].rsplit(" ", 1)[0] if " " in text[:40] else text[:40]) + "…"


def played(timeline: Any) -> tuple[Played, ...]:
    """What a string or a rough cut shows, item by item along V1, with the sound of A1 where V1 is empty.

    Returns: one Played per item, their lengths summing to the timeline's. Empty for an empty timeline.
    """
    picture, sound = timeline.tracks[0], timeline.tracks[1]
    starts = dict(zip(_starts(sound), sound, strict=True))
    rows = []
    for at, item in zip(_starts(picture), picture, strict=True):
        under = starts.get(at)
        heard = isinstance(item, otio.schema.Gap) and isinstance(under, otio.schema.Clip)
        rows.append(_played(under if heard else item, picture=not heard))
    return tuple(rows)


def _starts(track: Any) -> list[Fraction]:
    cursor, found = Fraction(0), []
    for item in track:
        found.append(cursor)
        cursor += range_of(item).duration_s
    return found


def _played(item: Any, *, picture: bool) -> Played:
    used = range_of(item)
    says = info(item, ClipInfo) or ClipInfo()
    words = tuple(keyword.text for keyword in says.keywords)
    if not isinstance(item, otio.schema.Clip) or isinstance(item.media_reference, otio.schema.GeneratorReference):
        return Played(name=item.name, digest=None, picture=False, in_s=used.start_s, out_s=used.end_s, timecode=None, lines=words)
    media = media_of(item)
    first = seconds(item.media_reference.available_range.start_time)
    label = str(Timecode.from_seconds(used.start_s, rate=media.rate, drop=media.drop)) if media.rate and media.timecode else None
    return Played(
        name=item.name, digest=media.digest, picture=picture, in_s=used.start_s - first, out_s=used.end_s - first, timecode=label, lines=words,
    )  # fmt: skip
