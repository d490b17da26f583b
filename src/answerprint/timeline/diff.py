"""What changed between two cuts, said as an editor says it: by media and source range, not by position.

Shots of each track are aligned as sequences (Needleman & Wunsch, J. Mol. Biol. 48, 1970; a pair scores by how much of the same media both
show), so one shot put in at the head is one addition and everything after it has not moved. What was taken out in one place and put in at
another has moved. Sound that stayed under its picture has not moved, however far both travelled.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Literal

import opentimelineio as otio

from answerprint.model.time import Span, Timecode, round_half_up
from answerprint.timeline.cut import CutInfo, cut_info, duration_of, media_of, range_of, seconds, speed_of

__all__ = ["Change", "diff"]

Kind = Literal["added", "removed", "moved", "head", "tail", "slipped", "speed", "transition", "gap", "slid", "switched"]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change. `frames` counts timeline frames and is signed: positive is longer, later or added."""

    kind: Kind
    clip: str
    tracks: tuple[str, ...]
    says: str
    frames: int | None = None
    before: str | None = None  #: timecode in the first cut
    after: str | None = None  #: timecode in the second cut


@dataclass(frozen=True)
class _Shot:
    key: str
    name: str
    track: str
    start_s: Fraction  #: on the timeline, from its first frame
    length_s: Fraction
    source: Span
    speed: Fraction
    enabled: bool
    into_s: Fraction | None  #: length of the transition at its head
    gap_s: Fraction  #: empty time in front of it


@dataclass
class _Cut:
    info: CutInfo
    first: Fraction
    tracks: dict[str, list[_Shot]] = field(default_factory=dict)

    def timecode(self, shot: _Shot) -> str:
        frames = round_half_up((self.first + shot.start_s) * self.info.rate)
        return str(Timecode(frames=frames, rate=self.info.rate, drop=self.info.drop))


def diff(a: Any, b: Any) -> tuple[Change, ...]:
    """Every change from cut `a` to cut `b`, in the order of `b`'s timeline; empty for the same cut.

    Media are the same if their digests are, or their names where one cut has none. Frames are those of `b`'s timeline.
    Raises: TimelineError for a timeline whose rate or lengths cannot be told.
    """
    digests = {_stem(media.name): media.digest for cut in (a, b) for media in map(media_of, cut.find_clips()) if media.digest}
    old, new = _read(a, digests), _read(b, digests)
    names = list(dict.fromkeys([*old.tracks, *new.tracks]))
    pairs: list[tuple[_Shot, _Shot]] = []
    gone: list[_Shot] = []
    fresh: list[_Shot] = []
    for name in names:
        matched, removed, added = _align(old.tracks.get(name, []), new.tracks.get(name, []))
        pairs += matched
        gone += removed
        fresh += added
    moves = _moves(gone, fresh)
    speaker = _Speaker(old, new, pairs)
    found: list[tuple[Fraction, tuple[Any, ...], Change]] = []
    for shot in gone:
        found.append(speaker.said(shot, None, "removed", None, f"{shot.name} removed"))
    for shot in fresh:
        found.append(speaker.said(None, shot, "added", None, f"{shot.name} added"))
    for before, after in moves:
        found.append(speaker.moved(before, after))
        found += speaker.trims(before, after)
    for before, after in pairs:
        found += speaker.trims(before, after)
        found += speaker.place(before, after)
    return _gathered(sorted(found, key=lambda entry: entry[0]))


# ---- reading


def _stem(name: str) -> str:
    stem, extension = os.path.splitext(os.path.basename(name))
    return (stem if 1 < len(extension) <= 6 else os.path.basename(name)).casefold()


def _read(timeline: Any, digests: dict[str, str]) -> _Cut:
    cut = _Cut(cut_info(timeline), seconds(timeline.global_start_time) if timeline.global_start_time is not None else Fraction(0))
    counts: dict[str, int] = {}
    for track in timeline.tracks:
        if not isinstance(track, otio.schema.Track):
            continue
        letter = {"Video": "V", "Audio": "A"}.get(track.kind, "C")
        counts[letter] = counts.get(letter, 0) + 1
        cut.tracks[f"{letter}{counts[letter]}"] = _shots(track, f"{letter}{counts[letter]}", digests)
    return cut


def _shots(track: Any, name: str, digests: dict[str, str]) -> list[_Shot]:
    shots: list[_Shot] = []
    cursor = gap = Fraction(0)
    into: Fraction | None = None
    for item in track:
        if isinstance(item, otio.schema.Transition):
            into = seconds(item.in_offset) + seconds(item.out_offset)
            continue
        length = duration_of(item)
        if isinstance(item, otio.schema.Gap):
            gap += length
        else:
            speed = speed_of(item)
            start = range_of(item).start_s
            enabled = item.enabled and getattr(track, "enabled", True)
            shots.append(_Shot(_key(item, digests), _name(item), name, cursor, length, Span(start_s=start, end_s=start + abs(speed) * length), speed, enabled, into, gap))
            gap = Fraction(0)
        into = None
        cursor += length
    return shots


def _key(item: Any, digests: dict[str, str]) -> str:
    if not isinstance(item, otio.schema.Clip):
        return f"compound {item.name}"
    if isinstance(item.media_reference, otio.schema.GeneratorReference):
        return f"{item.media_reference.generator_kind} {item.media_reference.parameters.get('text', item.name)}"
    media = media_of(item)
    stem = _stem(media.name or item.name)
    return media.digest or digests.get(stem) or stem


def _name(item: Any) -> str:
    name = item.name or (media_of(item).name if isinstance(item, otio.schema.Clip) else "a compound clip")
    stem, extension = os.path.splitext(name)
    return stem if 1 < len(extension) <= 6 else name


# ---- aligning


def _likeness(one: _Shot, other: _Shot) -> float:
    """How much two shots show of the same media: 0 for nothing, to 3 for the same range."""
    if one.key != other.key:
        return 0.0
    shared = one.source.overlap(other.source)
    if shared is not None:
        together = max(one.source.end_s, other.source.end_s) - min(one.source.start_s, other.source.start_s)
        return 2.0 + float(shared.duration_s / together)
    if one.source == other.source:
        return 3.0  # both frozen on one frame
    return 1.0 if one.length_s == other.length_s else 0.0  # slipped past its own length


def _align(old: Sequence[_Shot], new: Sequence[_Shot]) -> tuple[list[tuple[_Shot, _Shot]], list[_Shot], list[_Shot]]:
    pairs: list[tuple[_Shot, _Shot]] = []
    head = 0
    while head < min(len(old), len(new)) and _likeness(old[head], new[head]) == 3.0:
        pairs.append((old[head], new[head]))
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and _likeness(old[-1 - tail], new[-1 - tail]) == 3.0:
        pairs.append((old[-1 - tail], new[-1 - tail]))
        tail += 1
    left, right = old[head : len(old) - tail], new[head : len(new) - tail]
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i in range(len(left) - 1, -1, -1):
        row, below = best[i], best[i + 1]
        for j in range(len(right) - 1, -1, -1):
            score = max(below[j], row[j + 1])
            if left[i].key == right[j].key and (like := _likeness(left[i], right[j])):
                score = max(score, below[j + 1] + like)
            row[j] = score
    removed, added = [], []
    i = j = 0
    while i < len(left) and j < len(right):
        like = _likeness(left[i], right[j])
        if like and best[i][j] == best[i + 1][j + 1] + like:
            pairs.append((left[i], right[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            removed.append(left[i])
            i += 1
        else:
            added.append(right[j])
            j += 1
    return pairs, [*removed, *left[i:]], [*added, *right[j:]]


def _moves(gone: list[_Shot], fresh: list[_Shot]) -> list[tuple[_Shot, _Shot]]:
    """Take out of both lists what left one place and came to another: the likest first."""
    likely = sorted(((like, one, other) for one in gone for other in fresh if (like := _likeness(one, other)) >= 2.0), key=lambda entry: -entry[0])
    moves = []
    for _, one, other in likely:
        if any(one is shot for shot in gone) and any(other is shot for shot in fresh):
            gone[:] = [shot for shot in gone if shot is not one]
            fresh[:] = [shot for shot in fresh if shot is not other]
            moves.append((one, other))
    return moves


# ---- saying

_Said = tuple[Fraction, tuple[Any, ...], Change]


class _Speaker:
    def __init__(self, old: _Cut, new: _Cut, pairs: Sequence[tuple[_Shot, _Shot]]) -> None:
        self.old, self.new = old, new
        self.rate = new.info.rate
        self.picture = sorted((pair for pair in pairs if pair[0].track == pair[1].track == "V1"), key=lambda pair: pair[0].start_s)

    def said(self, before: _Shot | None, after: _Shot | None, kind: Kind, frames: int | None, says: str) -> _Said:
        shot = after or before
        assert shot is not None
        change = Change(
            kind=kind, clip=shot.name, tracks=(shot.track,), says=says, frames=frames,
            before=self.old.timecode(before) if before else None, after=self.new.timecode(after) if after else None,
        )  # fmt: skip
        where = (before.start_s if before else None, after.start_s if after else None)
        return shot.start_s, (kind, shot.key, frames, where), change

    def moved(self, before: _Shot, after: _Shot) -> _Said:
        places = [(self.old.timecode(before), before.track), (self.new.timecode(after), after.track)]
        if before.track == after.track:
            says = f"from {places[0][0]} to {places[1][0]}" + ("" if after.track in ("V1", "A1") else f" on {after.track}")
        elif places[0][0] == places[1][0]:
            says = f"from {before.track} to {after.track}"
        else:
            says = f"from {places[0][0]} on {before.track} to {places[1][0]} on {after.track}"
        return self.said(before, after, "moved", self._frames(after.start_s - before.start_s), f"{after.name} moved {says}")

    def trims(self, before: _Shot, after: _Shot) -> list[_Said]:
        found = []
        if before.speed != after.speed:
            frames = self._frames(after.length_s - before.length_s)
            longer = f", and is {_count(frames)} {'longer' if frames > 0 else 'shorter'}" if frames else ""
            found.append(self.said(before, after, "speed", frames or None, f"{after.name}: speed changed from {_percent(before.speed)} to {_percent(after.speed)}{longer}"))
            return found + self._dressing(before, after)
        pace = abs(after.speed) or Fraction(1)
        head = self._frames((after.source.start_s - before.source.start_s) / pace)
        tail = self._frames((after.source.end_s - before.source.end_s) / pace) if after.speed else self._frames(after.length_s - before.length_s)
        if after.speed < 0:
            head, tail = -tail, -head
        if head and head == tail:
            found.append(self.said(before, after, "slipped", head, f"{after.name} slipped {_count(head)} {'later' if head > 0 else 'earlier'} in the take"))
        else:
            if head:
                found.append(self.said(before, after, "head", -head, f"{after.name}: head {'trimmed' if head > 0 else 'extended'} by {_count(head)}"))
            if tail:
                found.append(self.said(before, after, "tail", tail, f"{after.name}: tail {'extended' if tail > 0 else 'trimmed'} by {_count(tail)}"))
        return found + self._dressing(before, after)

    def _dressing(self, before: _Shot, after: _Shot) -> list[_Said]:
        found = []
        if before.into_s != after.into_s:
            frames = tuple(self._frames(length) if length is not None else 0 for length in (before.into_s, after.into_s))
            if not frames[0]:
                says = f"a dissolve of {_count(frames[1])} added at the head of {after.name}"
            elif not frames[1]:
                says = f"the dissolve of {_count(frames[0])} at the head of {after.name} is now a cut"
            else:
                says = f"the dissolve at the head of {after.name} is {_count(frames[1])} instead of {frames[0]}"
            if frames[0] != frames[1]:
                found.append(self.said(before, after, "transition", frames[1] - frames[0], says))
        if before.enabled != after.enabled:
            found.append(self.said(before, after, "switched", None, f"{after.name} switched {'on' if after.enabled else 'off'}"))
        return found

    def place(self, before: _Shot, after: _Shot) -> list[_Said]:
        """On V1 a change of empty time in front of a shot; elsewhere a shift against the picture it lay under."""
        if after.track == "V1":
            frames = self._frames(after.gap_s - before.gap_s)
            if not frames:
                return []
            if not before.gap_s:
                says = f"a gap of {_count(frames)} added in front of {after.name}"
            elif not after.gap_s:
                says = f"the gap of {_count(frames)} in front of {after.name} closed"
            else:
                says = f"the gap in front of {after.name} is {_count(frames)} {'longer' if frames > 0 else 'shorter'}"
            return [self.said(before, after, "gap", frames, says)]
        own = replace(before, start_s=before.start_s + (after.source.start_s - before.source.start_s) / (abs(after.speed) or 1))
        shift = self._frames(after.start_s - own.start_s)
        if not shift or not (slid := self._frames(after.start_s - self._carried(own.start_s))):
            return []
        return [self.said(before, after, "slid", slid, f"{after.name} slid {_count(slid)} {'later' if slid > 0 else 'earlier'} against the picture")]

    def _carried(self, moment_s: Fraction) -> Fraction:
        """Where the picture that stood at a moment of the first cut stands in the second."""
        carried = moment_s
        for before, after in self.picture:
            if before.start_s > moment_s:
                break
            carried = after.start_s + (moment_s - before.start_s) - (after.source.start_s - before.source.start_s) / (abs(after.speed) or 1)
        return carried

    def _frames(self, length_s: Fraction) -> int:
        return round_half_up(length_s * self.rate)


def _gathered(found: Sequence[_Said]) -> tuple[Change, ...]:
    """A change to a shot and to its own sound is one change; sound alone says its track."""
    together: dict[tuple[Any, ...], Change] = {}
    for _, key, change in found:
        known = together.get(key)
        together[key] = change if known is None else replace(known, tracks=tuple(dict.fromkeys([*known.tracks, *change.tracks])))
    return tuple(change if change.kind == "moved" or _plain(change) else replace(change, says=f"{change.says} on {', '.join(change.tracks)}") for change in together.values())


def _plain(change: Change) -> bool:
    """Whether the track goes without saying: the first picture track."""
    return "V1" in change.tracks


def _count(frames: int) -> str:
    return f"{abs(frames)} frame" + ("" if abs(frames) == 1 else "s")


def _percent(speed: Fraction) -> str:
    return f"{float(speed * 100):g} %" if speed else "a freeze frame"
