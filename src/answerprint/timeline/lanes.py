"""A cut as lanes: what is seen, in one, and what is heard, a lane for each track; every piece by frames of the cut and of its medium.

Nested cuts are looked into as far as they are shown; of layers the upper one is seen; lettering over a picture is not looked at.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import opentimelineio as otio

from answerprint.model.time import round_half_up
from answerprint.timeline.cut import Media, cut_info, duration_of, media_of, range_of, seconds, speed_of
from answerprint.timeline.edit import stem

__all__ = ["Lane", "Piece", "Reading", "Side", "runs_on", "shots", "shots_in"]

Side = Literal["picture", "sound"]


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One use, in frames: `start` to `end` of the cut, `low` to `high` of the medium."""

    start: int
    end: int
    key: tuple[str, Fraction]  #: medium and speed
    low: int
    high: int
    name: str

    @property
    def first(self) -> int:
        """The moment of the medium at which it begins to be seen; backwards that is the later one."""
        return self.low if self.key[1] >= 0 else self.high

    @property
    def last(self) -> int:
        return self.high if self.key[1] >= 0 else self.low


Lane = list[Piece]


class Reading:
    """Lays timelines out in lanes at one rate; what `know` was told of media names them alike in all of them."""

    def __init__(self, rate: Fraction) -> None:
        self.rate = rate
        self.digests: dict[str, str] = {}  #: by a medium's name: one of the two timelines may know no more than that
        self._media: dict[int, tuple[Any, Media]] = {}  #: by clip, and the clip itself: a number may be given again to what comes after it

    def know(self, clip: Any) -> None:
        """Hear of a clip before anything is laid out."""
        media = media_of(clip)
        self._media[id(clip)] = clip, media
        if media.digest:
            self.digests[stem(media.name)] = media.digest

    def lanes(self, timeline: Any) -> dict[Side, list[Lane]]:
        """The picture as it is seen, in one lane; every track of sound in one of its own."""
        layers = self._tracks(timeline.tracks, otio.schema.TrackKind.Video, Fraction(0), None, Fraction(1), 0)
        sounds = self._tracks(timeline.tracks, otio.schema.TrackKind.Audio, Fraction(0), None, Fraction(1), 0)
        return {"picture": [_seen(layers)], "sound": [lane for lane in sounds if lane]}

    def _tracks(self, tracks: Iterable[Any], kind: str, at_s: Fraction, window: tuple[Fraction, Fraction] | None, pace: Fraction, depth: int) -> list[Lane]:
        """Lanes from the bottom up. `window`: what of these tracks is shown, in their own seconds; `at_s`: where it stands in the cut."""
        found: list[Lane] = []
        for track in tracks:
            if not getattr(track, "enabled", True) or (isinstance(track, otio.schema.Track) and track.kind != kind):
                continue
            lanes: list[Lane] = [[]]
            cursor = Fraction(0)
            for item in track if isinstance(track, otio.schema.Track) else [track]:
                if isinstance(item, otio.schema.Transition):
                    continue
                length = duration_of(item)
                low, high = (cursor, cursor + length) if window is None else (max(cursor, window[0]), min(cursor + length, window[1]))
                if high > low and not isinstance(item, otio.schema.Gap) and item.enabled:
                    stands = at_s + (low - (window[0] if window else 0)) / pace
                    for number, lane in enumerate(self._item(item, kind, stands, low - cursor, high - cursor, pace, depth)):
                        while len(lanes) <= number:
                            lanes.append([])
                        lanes[number] += lane
                cursor += length
            found += [lane for lane in lanes if lane]
        return found

    def _item(self, item: Any, kind: str, at_s: Fraction, into_s: Fraction, out_s: Fraction, pace: Fraction, depth: int) -> list[Lane]:
        """What is shown of one item between two moments of it; `pace`: seconds of it for each second of the cut."""
        speed = speed_of(item)
        whole, length_s = range_of(item).start_s, (out_s - into_s) / pace
        if not isinstance(item, otio.schema.Clip):
            if speed <= 0 or depth > 8:
                return [[self._piece(at_s, length_s, f"nested {item.name}", Fraction(0), speed * pace, item.name or "a nested cut")]]
            inside = item if isinstance(item, otio.schema.Stack) else [item]
            window = (whole + into_s * speed, whole + out_s * speed)
            lanes = self._tracks(inside, kind, at_s, window, pace * speed, depth + 1)
            return [_seen(lanes)] if kind == otio.schema.TrackKind.Video else lanes
        if isinstance(item.media_reference, otio.schema.GeneratorReference):
            words = item.media_reference.parameters.get("text", item.name)
            return [[self._piece(at_s, length_s, f"lettering {words}", Fraction(0), Fraction(1), item.name or str(words))]]
        media = self._media[id(item)][1] if id(item) in self._media else media_of(item)
        base = stem(media.name or item.name)
        available = getattr(item.media_reference, "available_range", None)
        start = Fraction(0) if media.still else whole - (seconds(available.start_time) if available is not None else 0)
        at = start + (into_s if speed >= 0 else duration_of(item) - out_s) * abs(speed)
        medium = f"lettering {media.digest or self.digests.get(base) or base}" if media.still else media.digest or self.digests.get(base) or base
        return [[self._piece(at_s, length_s, medium, at, speed * pace, item.name or media.name)]]

    def _piece(self, at_s: Fraction, length_s: Fraction, medium: str, source_s: Fraction, speed: Fraction, name: str) -> Piece:
        start, end = round_half_up(at_s * self.rate), round_half_up((at_s + length_s) * self.rate)
        low = round_half_up(source_s * self.rate)
        return Piece(start=start, end=end, key=(medium, speed), low=low, high=low + round_half_up(abs(speed) * (end - start)) if speed else low, name=name)


def _seen(layers: Sequence[Lane]) -> Lane:
    """Layers seen from above: what covers hides what lies below. Lettering over another layer covers nothing."""
    shown: Lane = []
    for number in range(len(layers) - 1, -1, -1):
        for piece in layers[number]:
            if number and piece.key[0].startswith("lettering "):
                continue
            for start, end in _holes(piece.start, piece.end, shown):
                insort(shown, _part(piece, start, end), key=lambda one: one.start)
    return shown


def _holes(start: int, end: int, covered: Lane) -> list[tuple[int, int]]:
    """What of a stretch is not covered yet."""
    found = []
    place = max(0, bisect_left(covered, start, key=lambda one: one.start) - 1)
    for one in covered[place:]:
        if one.start >= end:
            break
        if one.start > start:
            found.append((start, one.start))
        start = max(start, one.end)
    return [*found, (start, end)] if start < end else found


def _part(piece: Piece, start: int, end: int) -> Piece:
    """A stretch of a piece, by frames of the cut."""
    speed = piece.key[1]
    into, out = (round_half_up(abs(speed) * (frame - piece.start)) for frame in (start, end))
    if speed < 0:
        into, out = piece.high - piece.low - out, piece.high - piece.low - into
    return Piece(start=start, end=end, key=piece.key, low=piece.low + into, high=piece.low + out if speed else piece.low, name=piece.name)


def runs_on(one: Piece, after: Piece) -> bool:
    """Whether the medium simply goes on from one piece to the next."""
    return one.key == after.key and one.key[1] != 0 and one.last == after.first


def shots(timeline: Any) -> Lane:
    """The shots of a cut, wherever they are counted: a card is one, black is none, and a blade that nothing was moved at makes no two of one.

    Returns: by frames of the cut, in its order; black between two leaves a hole. Empty for a cut without a picture.
    Raises:  TimelineError: its rate or a length cannot be told.
    """
    return shots_in(Reading(cut_info(timeline).rate).lanes(timeline)["picture"][0])


def shots_in(lane: Lane) -> Lane:
    """The same of one lane: pieces that run on joined."""
    found: Lane = []
    for piece in lane:
        if found and found[-1].end == piece.start and runs_on(found[-1], piece):
            last = found.pop()
            piece = Piece(start=last.start, end=piece.end, key=piece.key, low=min(last.low, piece.low), high=max(last.high, piece.high), name=last.name)
        found.append(piece)
    return found
