"""A CMX 3600 list as a timeline: the record side says where things lie, the source side what they show."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from answerprint.model.extend import Loss
from answerprint.model.time import Timecode, TimecodeError, round_half_up
from answerprint.timeline.cut import ClipInfo, CutInfo, Media, at, attach, reference, set_speed, visible
from answerprint.timeline.formats.edl.lines import Event, Listed, listed

__all__ = ["read"]

_MARKER_COLOURS = {"RED", "PINK", "ORANGE", "YELLOW", "GREEN", "CYAN", "BLUE", "PURPLE", "MAGENTA", "BLACK", "WHITE"}


def read(raw: bytes, options: Mapping[str, Any]) -> tuple[Sequence[Any], Sequence[Loss]]:
    """Read an EDL.

    Options: `name`, the file's name for messages; `rate`, frames a second, which a list does not say (drop-frame lists are 29.97).
    Returns: one timeline; what was not read, or read by a rule that a person should know.
    Raises:  TimelineError for a file that is no list, a label that does not exist, or a rate nobody told.
    """
    losses: list[Loss] = []
    found = listed(raw, options, losses)
    reader = _Reader(found, losses)
    timeline = otio.schema.Timeline(name=visible(found.title), global_start_time=at(reader.zero / found.rate, found.rate))
    timeline.tracks.extend(reader.tracks())
    attach(timeline, CutInfo(rate=found.rate, drop=found.drop))
    return [timeline], tuple(dict.fromkeys(losses))


@dataclass
class _Use:
    """An event on its track; record frames from the timeline's first."""

    event: Event
    start: int
    end: int
    speed: Fraction
    begin: int  #: the record frame at which the event's own source in is shown
    until: int  #: the record frame at which its own source out is
    channels: int
    joint: Any = None  #: a transition at its head
    tail: Any = None  #: a fade to black at its end

    def place(self) -> tuple[Any, ...]:
        return (self.event.reel, self.event.frames, self.event.kind)


class _Reader:
    def __init__(self, found: Listed, losses: list[Loss]) -> None:
        self.found, self.losses, self.rate = found, losses, found.rate
        self.nominal = -(-found.rate.numerator // found.rate.denominator)
        shown = [event for event in found.events if event.frames[3] > event.frames[2]] or found.events
        self.zero = min(event.frames[2] for event in shown)

    def tracks(self) -> list[Any]:
        by_code: dict[tuple[str, int], list[tuple[Event, Event | None, int]]] = {}
        waiting: dict[str, Event] = {}
        for event in self.found.events:
            if event.frames[2] == event.frames[3] and event.kind == "C":
                waiting[event.channels] = event  # the outgoing half of the transition that follows
                continue
            before = waiting.pop(event.channels, None)
            for code, count in _tracks_of(event):
                by_code.setdefault(code, []).append((event, before, count))
        laid: list[tuple[str, list[_Use]]] = []
        for code in sorted(by_code, key=lambda code: (code[0] != "V", code[1])):
            laid += [(code[0], row) for row in self._rows(by_code[code], code[0])]
        made = []
        sounds: list[list[_Use]] = []
        pictures = 0
        for kind, row in laid:
            if kind == "V":
                pictures += 1
                made.append(self._track(row, f"V{pictures}", otio.schema.TrackKind.Video))
            elif sounds and row and {use.place() for use in row} <= {use.place() for use in sounds[-1]}:
                heard = {use.place() for use in row}
                for use in sounds[-1]:
                    use.channels += use.place() in heard
            else:
                sounds.append(row)
        made += [self._track(row, f"A{number}", otio.schema.TrackKind.Audio) for number, row in enumerate(sounds, 1)]
        return made

    def _rows(self, events: list[tuple[Event, Event | None, int]], kind: str) -> list[list[_Use]]:
        """Events of one code as tracks without overlaps; what lies over another event goes on a track above it, and is said."""
        found: list[list[_Use]] = [[]]
        for event, before, count in sorted(events, key=lambda entry: (entry[0].frames[2], entry[0].kind != "KB")):
            start, end = event.frames[2] - self.zero, event.frames[3] - self.zero
            use = _Use(event, start, end, self._speed(event), start, end, count)
            row = next((row for row in found if not row or row[-1].end <= start or self._joins(use, row[-1], before)), None)
            if row is None:
                found.append([])
                row = found[-1]
            if row is not found[0]:
                why = "it is keyed over" if event.kind.startswith("K") else "it lies over another event of its track at"
                self.losses.append(Loss(clip=_name(event), says=f"{why} {event.labels[2]}; it is read on a track above."))
            if event.kind not in ("C", "K", "KB", "KO"):
                self._join(row, use, before)
            row.append(use)
        return [[use for use in row if use.event.reel != "BL"] for row in found]

    @staticmethod
    def _joins(use: _Use, last: _Use, before: Event | None) -> bool:
        """Whether an event is a transition out of the one before it, which may reach into it by its cut point."""
        return use.event.kind[0] in "DW" and before is not None and last.until == use.start

    def _join(self, row: list[_Use], use: _Use, before: Event | None) -> None:
        """A dissolve or wipe: the cut goes where a note says it is, else in the middle; from and to black to the far end."""
        event = use.event
        length = min(event.length, use.end - use.start)
        into = row[-1] if row and row[-1].end == use.start else None
        from_black = into is None or into.event.reel == "BL"
        to_black = event.reel == "BL"
        cut = use.start + (0 if from_black else length if to_black else length // 2)
        if event.cut:
            try:
                said = Timecode.parse(event.cut, rate=self.rate).frames - self.zero
                cut = said if use.start <= said <= use.start + length else cut
            except TimecodeError:
                pass  # a note of another program's; the middle stands
        wipe = re.match(r"W(\d+)", event.kind)
        kind = f"SMPTE_Wipe{int(wipe[1]):03d}" if wipe else "SMPTE_Dissolve"
        joint = otio.schema.Transition(
            name=f"Wipe {int(wipe[1]):03d}" if wipe else "Cross Dissolve", transition_type=kind, in_offset=at((cut - use.start) / self.rate, self.rate),
            out_offset=at((use.start + length - cut) / self.rate, self.rate),
        )  # fmt: skip
        if into is not None and not from_black:
            into.end = cut
        if to_black and into is not None:
            into.tail = joint
        else:
            use.joint = joint
        use.start = min(cut, use.end - 1)
        if before is not None and into is None and before.reel != "BL":
            self.losses.append(Loss(clip=_name(event), says=f"its dissolve at {event.labels[2]} comes out of nothing in this list; it is read as a fade in."))

    def _speed(self, event: Event) -> Fraction:
        source, record = event.frames[1] - event.frames[0], event.frames[3] - event.frames[2]
        if event.speed is None:
            if source != record and event.kind == "C" and event.reel != "BL":
                says = f"its source lasts {source} frames and its record {record}; it is read at normal speed for {record}."
                self.losses.append(Loss(clip=_name(event), says=says))
            return Fraction(1)
        speed = event.speed / self.nominal
        if source == record and abs(abs(speed) - 1) < Fraction(1, 100):
            return Fraction(-1 if speed < 0 else 1)  # 23.9 and 24.0 both stand for 23.976
        return Fraction(speed).limit_denominator(10000)

    # ---- making

    def _track(self, row: list[_Use], name: str, kind: str) -> Any:
        track = otio.schema.Track(name, kind=kind)
        cursor = 0
        for use in row:
            if use.start > cursor:
                track.append(otio.schema.Gap(source_range=self._range(0, use.start - cursor)))
            if use.joint is not None:
                track.append(use.joint)
            track.append(self._clip(use, kind == otio.schema.TrackKind.Audio))
            cursor = use.end
            if use.tail is not None:
                track.append(use.tail)
        return track

    def _range(self, start: int, frames: int) -> Any:
        return otio.opentime.TimeRange(at(start / self.rate, self.rate), at(frames / self.rate, self.rate))

    def _clip(self, use: _Use, sound: bool) -> Any:
        event, speed = use.event, use.speed
        reel = self.found.reels.get(event.reel, event.reel)
        file = event.file or os.path.basename(event.path.replace("\\", "/"))
        media = Media(
            name=visible(file or _name(event)), file=visible(event.path), reel=None if reel == "AX" else visible(reel), rate=None if sound else self.rate,
            drop=event.drops and not sound, video=not sound, audio_channels=use.channels if sound else 0,
        )  # fmt: skip
        first = Fraction(event.frames[0])
        if speed > 0:
            moment = first + (use.start - use.begin) * speed
        elif speed == 0:
            moment = first
        else:
            top = first + (use.until - use.begin) * -speed
            if event.frames[1] - event.frames[0] <= 1 < use.until - use.begin:
                top = first + 1  # Avid names only the frame it starts from
            moment = top - (use.end - use.begin) * -speed
        if moment < 0:
            self.losses.append(Loss(clip=_name(event), says="it runs backwards past the first frame of its tape; it is read from there."))
            moment = Fraction(0)
        made = otio.schema.Clip(name=visible(_name(event)), media_reference=reference(media, None, url=None))
        made.source_range = otio.opentime.TimeRange(at(moment / self.rate, self.rate), at((use.end - use.start) / self.rate, self.rate))
        set_speed(made, speed)
        says = ClipInfo(scene=event.scene or None, take=event.take or None, note=visible(event.note) or None)
        if says != ClipInfo():
            attach(made, says)
        self._mark(made, use, moment)
        if event.cdl:
            made.metadata["cdl"] = event.cdl
        if event.comments:
            made.metadata["cmx_3600"] = {"comments": [visible(text) for text in event.comments]}
        return made

    def _mark(self, made: Any, use: _Use, moment: Fraction) -> None:
        for label, colour, text in use.event.locators:
            try:
                record = Timecode.parse(label if len(label) > 10 else f"0{label}", rate=self.rate, drop=self.found.drop).frames - self.zero
            except TimecodeError:
                self.losses.append(Loss(clip=made.name, says=f"its locator at {label} is no timecode of this list and was not read."))
                continue
            known = colour in _MARKER_COLOURS
            name = text if known else f"{colour} {text}".strip()
            into = (record - use.start) * use.speed if use.speed >= 0 else (use.end - record) * -use.speed
            frame = round_half_up(moment + into)
            made.markers.append(otio.schema.Marker(name=visible(name), color=colour if known else "GREEN", marked_range=self._range(frame, 1)))


def _name(event: Event) -> str:
    """What people call it: of a transition the clip it goes to."""
    return (event.to if event.kind[0] in "DW" else "") or event.name or event.file or event.reel


def _tracks_of(event: Event) -> list[tuple[tuple[str, int], int]]:
    """The tracks that a channel code means, with how many channels lie on each: V, A, A2, AA (both), B (picture and A), AA/V."""
    code = event.channels
    found: list[tuple[tuple[str, int], int]] = []
    if code.startswith("V") or code == "B" or code.endswith("/V"):
        number = re.match(r"V(\d+)", code)
        found.append((("V", int(number[1]) if number else 1), 1))
    if code.startswith("AA"):
        found.append((("A", 1), 2))
    elif code == "B":
        found.append((("A", 1), 1))
    elif sound := re.search(r"A(\d*)", code):
        found.append((("A", int(sound[1] or 1)), 1))
    found += [(("A", number), 1) for number in event.extra]
    return found
