"""A cut as a CMX 3600 list: events in record order, one line each, two for a dissolve or wipe."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import opentimelineio as otio

from answerprint.model.extend import Loss
from answerprint.model.time import Timecode, floor_frames, rate_name, round_half_up
from answerprint.timeline import TimelineError
from answerprint.timeline.cut import KEY, ClipInfo, CutInfo, Media, cut_info, info, seconds, visible
from answerprint.timeline.formats.edl.reels import Reels
from answerprint.timeline.formats.edl.source import frame_in_list
from answerprint.timeline.formats.frames import Joint, Row, Shot, rows
from answerprint.timeline.levels import level_of

__all__ = ["write"]

_FLAVOURS = {"cmx3600": (8, 3), "file32": (32, 6)}  #: characters of a reel, digits of an event number
_CHANNELS = 4  #: of sound in CMX 3600
_TIME_EFFECTS = (otio.schema.LinearTimeWarp, otio.schema.FreezeFrame)


def write(timeline: Any, options: Mapping[str, Any]) -> tuple[bytes, Sequence[Loss]]:
    """Write a timeline as an EDL at its own rate and counting.

    Options: `flavour`, "cmx3600" (8-character reels, 999 events; the default) or "file32" (32 characters, as Avid's File_32);
             `track`, the picture track, counted from 1; `audio`, "no" to leave sound out.
    Returns: the list, and what of the timeline it does not hold.
    Raises:  TimelineError for over 999 events, a rate that timecode cannot count, or a track that is not there.
    """
    flavour = str(options.get("flavour", "cmx3600"))
    if flavour not in _FLAVOURS:
        raise TimelineError(f"an EDL of flavour {flavour!r} is not written here; ask for {' or '.join(_FLAVOURS)}.")
    losses: list[Loss] = []
    cut = cut_info(timeline)
    if cut.rate > 60:
        raise TimelineError(f"{timeline.name or 'this timeline'} runs at {rate_name(cut.rate)}; CMX 3600 counts up to 60 frames a second. Export FCPXML.")
    listed = _List(timeline, cut, flavour, losses)
    listed.fill(_picture(timeline, cut, options, losses), str(options.get("audio", "yes")).lower() not in ("no", "false", "0"))
    return listed.text().encode("utf-8"), tuple(dict.fromkeys(losses))


def _picture(timeline: Any, cut: CutInfo, options: Mapping[str, Any], losses: list[Loss]) -> list[Row]:
    """The picture track that is wanted first, then the sound tracks; clips of every other picture track are lost, and said."""
    laid = rows(timeline.tracks, cut.rate, losses, where="an EDL")
    pictures = [row for row in laid if row.video]
    text = str(options.get("track", "1"))
    wanted = int(text) if text.isdecimal() else 0
    if not 1 <= wanted <= max(len(pictures), 1):
        raise TimelineError(f"{timeline.name or 'this timeline'} has {len(pictures)} picture tracks; track {text} is none of them.")
    for number, row in enumerate(pictures, 1):
        if number != wanted:
            losses.extend(Loss(clip=shot.item.name or "a clip", says=f"it lies on V{number}; an EDL holds one picture track, here V{wanted}.") for shot in row.shots)
    if timeline.tracks.markers:
        losses.append(Loss(clip=timeline.name or "the timeline", says="markers of the timeline are carried by the event under each of them."))
    return [*pictures[wanted - 1 : wanted], *(row for row in laid if not row.video)]


@dataclass
class _Event:
    """One event: its lines without numbers, and its notes. Record frames are counted from the timeline's first."""

    start: int
    order: int  #: picture before sound where both begin together
    lines: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class _List:
    def __init__(self, timeline: Any, cut: CutInfo, flavour: str, losses: list[Loss]) -> None:
        self.timeline, self.cut, self.losses, self.flavour = timeline, cut, losses, flavour
        self.zero = floor_frames(seconds(timeline.global_start_time), cut.rate) if timeline.global_start_time is not None else 0
        self.width, self.digits = _FLAVOURS[flavour]
        self.reels = Reels(self.width, losses)
        self.events: list[_Event] = []

    def fill(self, laid: list[Row], audio: bool) -> None:
        used = 0
        for row in laid:
            shots = [shot for shot in row.shots if self._fits(shot)]
            if row.video:
                self._track(shots, "V", order=0, markers=True)
                continue
            if not audio:
                continue
            channels = max((shot.media.audio_channels or 1 for shot in shots if shot.media), default=0)
            for code, first, last in _codes(used, min(channels, _CHANNELS - used)):
                heard = [shot for shot in shots if shot.media and (shot.media.audio_channels or 1) > first - used]
                self._sound(heard, code, first, last, used)
            lost = channels - (_CHANNELS - used)
            if channels and lost > 0:
                says = f"an EDL has {_CHANNELS} sound channels and they are taken; of the {channels} on this track {lost} find no place."
                self.losses.extend(Loss(clip=shot.item.name or "a sound", says=says) for shot in shots if shot.media and (shot.media.audio_channels or 1) > channels - lost)
            used = min(_CHANNELS, used + channels)

    def _sound(self, shots: list[Shot], code: str, first: int, last: int, used: int) -> None:
        """A stereo code holds the clips that have both channels; a clip with one goes out as its one channel."""
        if first == last:
            self._track(shots, code, order=last, markers=False)
            return
        both = [shot for shot in shots if shot.media and (shot.media.audio_channels or 1) > last - used]
        if len(both) == len(shots):
            self._track(shots, code, order=last, markers=False)
            return
        for channel in (first, last):
            heard = shots if channel == first else both
            self._track(heard, _code(channel), order=channel, markers=False)

    def _fits(self, shot: Shot) -> bool:
        name = shot.item.name or "a clip"
        if not shot.enabled:
            self.losses.append(Loss(clip=name, says="it is switched off and was left out; an EDL has no switch."))
            return False
        if shot.media is None:
            what = "a generator" if isinstance(shot.item, otio.schema.Clip) else "a nested cut"
            self.losses.append(Loss(clip=name, says=f"{what} has no place in an EDL; its length stays black."))
            return False
        return True

    # ---- events

    def _track(self, shots: list[Shot], channels: str, *, order: int, markers: bool) -> None:
        if order == 0 and shots and shots[0].start - (shots[0].into.before if shots[0].into else 0) > 0:
            head = shots[0].start - (shots[0].into.before if shots[0].into else 0)
            self.events.append(_Event(0, order, [self._black(channels, "C", 0, head)]))
        for index, shot in enumerate(shots):
            before = shots[index - 1] if index and shots[index - 1].end == shot.start else None
            after = shots[index + 1] if index + 1 < len(shots) and shots[index + 1].start == shot.end else None
            start = shot.start - (shot.into.before if shot.into else 0)
            end = shot.end - (shot.out_of.before if shot.out_of else 0)
            event = _Event(start, order)
            kind = "C"
            if shot.into is not None:
                kind = self._kind(shot.into)
                event.lines.append(self._line(before, channels, "C", start, start, event) if before else self._black(channels, "C", start, start))
                if before is not None:
                    event.notes.append(f"* FROM CLIP NAME:  {_text(before.item.name)}")
                event.notes.append(f"* TO CLIP NAME:  {_text(shot.item.name)}")
                event.notes.append(f"* CUT POINT: {self._record(shot.start)}")
            else:
                event.notes.append(f"* FROM CLIP NAME:  {_text(shot.item.name)}")
            event.lines.append(self._line(shot, channels, kind, start, max(end, start), event))
            self._notes(event, shot, markers)
            self.events.append(event)
            if shot.out_of is not None and after is None:
                self._fade_out(shot, shot.out_of, channels, order)

    def _fade_out(self, shot: Shot, joint: Joint, channels: str, order: int) -> None:
        start, end = shot.end - joint.before, shot.end + joint.after
        event = _Event(start, order)
        event.lines = [self._line(shot, channels, "C", start, start, event), self._black(channels, self._kind(joint), start, end)]
        event.notes = [f"* FROM CLIP NAME:  {_text(shot.item.name)}", f"* CUT POINT: {self._record(shot.end)}"]
        self.events.append(event)

    def _kind(self, joint: Joint) -> str:
        length = joint.before + joint.after
        if length > 999:
            raise TimelineError(f"{joint.name} lasts {length} frames; CMX 3600 counts transitions up to 999. Shorten it, or export FCPXML.")
        wipe = re.match(r"SMPTE_Wipe_?(\d{1,3})$", joint.kind)
        if wipe:
            return f"W{int(wipe[1]):03d}    {length:03d}"
        if joint.kind != "SMPTE_Dissolve":
            self.losses.append(Loss(clip=joint.name, says=f"the transition {joint.kind!r} is written as a dissolve of the same length."))
        return f"D    {length:03d}"

    def _record(self, frame: int) -> str:
        return str(Timecode(frames=self.zero + frame, rate=self.cut.rate, drop=self.cut.drop))

    def _black(self, channels: str, kind: str, start: int, end: int) -> str:
        zero, last = (str(Timecode(frames=frame, rate=self.cut.rate, drop=self.cut.drop)) for frame in (0, end - start))
        return f"{'BL':<{self.width}} {channels:<5} {kind:<8} {zero} {last} {self._record(start)} {self._record(end)}"

    def _line(self, shot: Shot, channels: str, kind: str, start: int, end: int, event: _Event) -> str:
        """A line of an event that shows `shot` on record frames [start, end)."""
        media = shot.media
        assert media is not None
        rate = self.cut.rate
        if shot.speed >= 0:
            moment = shot.source_s + (start - shot.start) / rate * shot.speed
        else:
            moment = shot.used(rate).end_s - (end - shot.start) / rate * -shot.speed
        first = frame_in_list(moment, media, self.cut)
        if first.wrong and start != end:
            self.losses.append(Loss(clip=shot.item.name or media.name, says=first.wrong))
        used = round_half_up(abs(shot.speed) * (end - start))
        used = max(used, 1) if end > start else 0
        reel = self.reels.of(media)
        if shot.speed != 1:
            event.notes.insert(0, self._speed(shot, reel, str(first.label)))
        return f"{reel:<{self.width}} {channels:<5} {kind:<8} {first.label} {first.label.plus(used)} {self._record(start)} {self._record(end)}"

    def _speed(self, shot: Shot, reel: str, label: str) -> str:
        """An M2 line; its label has colons in drop-frame lists too, because readers were met that know no others there."""
        nominal = -(-self.cut.rate.numerator // self.cut.rate.denominator)
        tenths = round_half_up(abs(shot.speed) * nominal * 10)
        if abs(shot.speed) * nominal * 10 != tenths:
            said = f"its speed of {float(shot.speed):.3%} stands as {tenths / 10:.1f} frames a second, {tenths / 10 / nominal:.3%}."
            self.losses.append(Loss(clip=shot.item.name or "a clip", says=said))
        sign = "-" if shot.speed < 0 else ""
        return f"M2   {reel:<{self.width}}   {sign + f'{tenths // 10:03d}.{tenths % 10}':>6}                {label.replace(';', ':')}"

    def _notes(self, event: _Event, shot: Shot, markers: bool) -> None:
        media = shot.media or Media(name="")
        says = info(shot.item, ClipInfo) or ClipInfo()
        if media.name and media.name != shot.item.name:
            event.notes.append(f"* SOURCE FILE: {_text(media.name)}")
        for tag, text in (("SCENE", says.scene), ("TAKE", says.take), ("COMMENT", " ".join(part for part in (says.note, says.abstained) if part))):
            if text and markers:
                event.notes.append(f"* {tag}: {_text(text)}")
        if markers:
            event.notes += self._marks(shot)
            event.notes += _cdl(shot.item)
        self._unheld(shot, says)

    def _marks(self, shot: Shot) -> list[str]:
        made = []
        for marker in shot.item.markers:
            into = (seconds(marker.marked_range.start_time) - shot.source_s) / (shot.speed or 1)
            if shot.speed < 0:
                into += shot.frames / self.cut.rate
            frame = shot.start + round_half_up(into * self.cut.rate)
            made.append(self._marker(frame, marker))
        for marker in self.timeline.tracks.markers:
            frame = round_half_up(seconds(marker.marked_range.start_time) * self.cut.rate)
            if shot.start <= frame < shot.end:
                made.append(self._marker(frame, marker))
        return made

    def _marker(self, frame: int, marker: Any) -> str:
        says = ": ".join(dict.fromkeys(text for text in (marker.name, marker.comment) if text))
        return f"* LOC: {self._record(max(frame, 0))} {marker.color or 'GREEN':<7} {_text(says)}".rstrip()

    def _unheld(self, shot: Shot, says: ClipInfo) -> None:
        name = shot.item.name or "a clip"
        for effect in shot.item.effects:
            if not isinstance(effect, _TIME_EFFECTS):
                self.losses.append(Loss(clip=name, says=f"the effect {effect.name or effect.effect_name or effect.schema_name()!r} has no place in an EDL."))
        foreign = sorted(key for key in shot.item.metadata if key not in (KEY, "cdl"))
        if foreign:
            self.losses.append(Loss(clip=name, says=f"metadata of other programs is not written: {', '.join(foreign)}."))
        if level_of(shot.item) is not None:
            self.losses.append(Loss(clip=name, says="how loud it is played has no place in an EDL."))
        if says.keywords:
            self.losses.append(Loss(clip=name, says=f"keywords have no place in an EDL: {', '.join(dict.fromkeys(word.text for word in says.keywords))}."))

    # ---- text

    def text(self) -> str:
        if len(self.events) > 999 and self.flavour == "cmx3600":
            name = self.timeline.name or "this timeline"
            raise TimelineError(f"{name} makes {len(self.events)} events; a CMX 3600 list holds 999. Ask for flavour file32, leave the sound out, or cut the timeline in reels.")
        lines = [f"TITLE: {_text(self.timeline.name or 'Untitled')}", f"FCM: {'DROP FRAME' if self.cut.drop else 'NON-DROP FRAME'}"]
        for number, event in enumerate(sorted(self.events, key=lambda event: (event.start, event.order)), 1):
            lines += [f"{number:0{self.digits}d}  {line}" for line in event.lines]
            lines += event.notes
        lines += self.reels.notes()
        return "\r\n".join(lines) + "\r\n"


def _codes(used: int, channels: int) -> list[tuple[str, int, int]]:
    """Channel codes for so many channels after those that are used: (code, first, last). CMX has one code for two channels, AA for 1 and 2."""
    found: list[tuple[str, int, int]] = []
    number = used
    while number < used + channels:
        if number == 0 and channels > 1:
            found.append(("AA", 0, 1))
            number = 2
            continue
        found.append((_code(number), number, number))
        number += 1
    return found


def _code(channel: int) -> str:
    return "A" if channel == 0 else f"A{channel + 1}"


def _text(text: str | None) -> str:
    """One line, as any list can hold it."""
    return " ".join(visible(text or "").split())


def _cdl(item: Any) -> list[str]:
    """A colour decision that a clip carries: slope, offset, power, saturation."""
    known = item.metadata.get("cdl")
    if not isinstance(known, Mapping):
        return []
    made = []
    sop = known.get("asc_sop")
    try:
        if isinstance(sop, Mapping):
            parts = ["(" + " ".join(f"{float(value):.4f}" for value in sop[name]) + ")" for name in ("slope", "offset", "power")]
            made.append("* ASC_SOP " + "".join(parts))
        if known.get("asc_sat") is not None:
            made.append(f"* ASC_SAT {float(known['asc_sat']):.4f}")
    except (KeyError, TypeError, ValueError):
        return made
    return made


