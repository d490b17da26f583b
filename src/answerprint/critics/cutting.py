"""Another cut of the same film, for an idea to offer: cut points rolled, pictures exchanged. The film keeps its length, and what is said its place.

Only shots that stand on the lowest picture track as they are seen, at the speed they were shot, are touched; transitions are left alone.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import opentimelineio as otio

from answerprint.critics import CriticError
from answerprint.model.ideas import Case, Offer, Shot, Tried
from answerprint.model.records import from_plain
from answerprint.model.time import Span, round_half_up
from answerprint.timeline.cut import Media, at, attach, media_of, range_of, reference, span, speed_of
from answerprint.timeline.levels import level_of, moved

__all__ = ["LEAST_S", "Cutting", "apart"]

LEAST_S = Fraction(1, 2)  #: no shot is left shorter: nothing in it is read by then


class Cutting:
    """A copy of a case's cut that can be changed."""

    def __init__(self, case: Case, name: str) -> None:
        self.case = case
        self.timeline = otio.schema.Timeline.from_json_string(case.timeline)
        self.timeline.name = name
        self._clips = self._found()
        self.touched: list[int] = []

    def _found(self) -> dict[int, Any]:
        """Shots by number that are one whole clip of the lowest picture track, with nothing between them and their neighbours."""
        tracks = [one for one in self.timeline.tracks if one.kind == otio.schema.TrackKind.Video and any(isinstance(item, otio.schema.Clip) for item in one)]
        if not tracks:
            raise CriticError(f"{self.case.cut}: there is no picture in it.")
        if any(isinstance(item, otio.schema.Transition) for item in tracks[0]):
            return {}
        at_s, places = Fraction(0), {}
        for item in tracks[0]:
            length = range_of(item).duration_s
            places[round_half_up(at_s * self.case.rate), round_half_up((at_s + length) * self.case.rate)] = item
            at_s += length
        found = {one.number: places.get(one.film) for one in self.case.shots}
        return {number: item for number, item in found.items() if isinstance(item, otio.schema.Clip) and speed_of(item) == 1}

    def knows(self, *shots: Shot | None) -> bool:
        """Whether these shots can be touched."""
        return all(one is not None and one.number in self._clips for one in shots)

    def length(self, shot: Shot) -> Fraction:
        """How long it stands in the film as it is now."""
        return range_of(self._clips[shot.number]).duration_s

    def roll(self, shot: Shot, after: Shot, frames: int, *, sound: bool = False) -> None:
        """Move the cut between two shots that touch: later for `frames` above nought, earlier below. `sound`: where the sound is cut there too, with it."""
        step = Fraction(frames) / self.case.rate
        at_s = Fraction(shot.film[1]) / self.case.rate
        self._moved(self._clips[shot.number], Fraction(0), step)
        self._moved(self._clips[after.number], step, -step)
        for track in self.timeline.tracks if sound else ():
            if track.kind == otio.schema.TrackKind.Audio:
                self._rolled(track, at_s, step, after)
        self.touched += [shot.number, after.number]

    def _moved(self, clip: Any, start: Fraction, length: Fraction) -> None:
        now = range_of(clip)
        media = media_of(clip)
        clip.source_range = span(now.start_s + start, now.duration_s + length, media.rate, self.case.rate, media.audio_rate_hz)
        if start and (level := level_of(clip)) is not None and level.keys:  # they are told from where the clip begins
            attach(clip, moved(level, -start))

    def _rolled(self, track: Any, at_s: Fraction, step: Fraction, after: Shot) -> None:
        here = Fraction(0)
        items = list(track)
        for number, item in enumerate(items):
            near = abs(here - at_s) * 2 * self.case.rate < 1
            if near and number and isinstance(item, otio.schema.Clip) and speed_of(item) == 1:
                before = items[number - 1]
                if not isinstance(before, otio.schema.Transition) and range_of(before).duration_s + step > 0:
                    self._moved(item, step, -step)
                    if isinstance(before, otio.schema.Clip):
                        self._moved(before, Fraction(0), step)
                    else:
                        before.source_range = span(Fraction(0), range_of(before).duration_s + step, self.case.rate, 48000)
                return
            here += range_of(item).duration_s if not isinstance(item, otio.schema.Transition) else 0

    def show(self, shot: Shot, tried: Tried, from_s: Fraction) -> None:
        """Show another attempt in a shot's place, from that moment of its clip on, over the same sound."""
        if tried.media is None:
            raise CriticError(f"{tried.file}: a timeline cannot refer to it.")
        clip = self._clips[shot.number]
        start, length = (Fraction(one) for one in tried.media["available"])
        frame = Fraction(round_half_up(from_s * tried.rate)) / tried.rate
        clip.name = tried.slate
        clip.media_reference = reference(from_plain(Media, dict(tried.media["media"])), Span(start_s=start, end_s=start + length), url=tried.media["url"])
        clip.source_range = otio.opentime.TimeRange(at(start + frame, tried.rate), at(range_of(clip).duration_s, self.case.rate, tried.rate))
        self.touched.append(shot.number)

    def first(self) -> int:
        """The first shot that is another now."""
        return min(self.touched)

    def offer(self, name: str) -> Offer:
        return Offer(kind="timeline", name=name, text=self.timeline.to_json_string())


def apart(one: Any, other: Any) -> Fraction:
    """How much of a cut's picture does not stand as in another: 0 the same, 1 nothing of it."""
    from answerprint.timeline.share import share

    same = share(one, other).picture.running_time
    return 1 - same if same is not None else Fraction(0)

