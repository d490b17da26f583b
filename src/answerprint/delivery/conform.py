"""Conform: from the cut to the original frame and sample at every moment of the film.

A frame of the film shows what was on screen of each medium when that frame begins: the last frame of the medium that had come by then.
All sums are exact fractions; nothing is rounded but the place of an edge that does not lie on a frame.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio

from answerprint.delivery import DeliveryError
from answerprint.delivery.grading import carried
from answerprint.delivery.lanes import Joint, Laid, Lane, lanes
from answerprint.delivery.originals import Originals
from answerprint.delivery.plan import BLACK, RATE_HZ, Gain, Medium, Mix, Piece, Plan, Shot, Still, stamp
from answerprint.delivery.segments import borders
from answerprint.delivery.sounding import Sounding
from answerprint.media import MediaError
from answerprint.media.probe import probe
from answerprint.model.time import Timecode, floor_frames, rate_name, round_half_up
from answerprint.timeline.cut import cut_info, range_of, seconds, speed_of
from answerprint.timeline.edit import edit_seal
from answerprint.timeline.framing import Framing, crop, shape_of

__all__ = ["conform", "graded", "mixed"]

_VIDEO, _AUDIO = otio.schema.TrackKind.Video, otio.schema.TrackKind.Audio
_EMPTY = ("slug", "black")  #: what editing programs call a stretch of nothing


def conform(
    timeline: Any, media: Mapping[str, Path], *, rate: Fraction, size: tuple[int, int], framing: Sequence[Framing] = (),
    channels: Mapping[str, Sequence[int]] | None = None, without: Collection[str] | None = None,
) -> Plan:  # fmt: skip
    """Work out a film.

    Args:    media: originals, each by its digest, else by the file or name that the cut knows it by.
             rate: frames a second of the film.  size: width and height, square pixels.
             framing: of hero shots and of ordinary ones; where one has a path for the shape of `size`, that part of the picture fills the
             frame. A shot takes the one of its clip whose range is nearest to its own, of two alike the first; in a transition it goes on.
             One that was only proposed is for the shot of its very range, and never reaches into another of the same clip.
             channels: by the same names as `media`: which channels of a sound are heard, from 1, as its listening found; others: all.
             without: for a textless film: cards and supers that are not shown, by the file, seal or name that the cut knows them by.
    Returns: every frame and every stretch of sound, and sentences on what could not be kept.
    Raises:  DeliveryError: the cut is empty, or media are missing, named all at once; TimelineError: a clip without a length.
    """
    cut = cut_info(timeline)
    walk = _Walk(Originals(media, channels or {}), rate, _framed(framing, size), without)
    walk.clips = tuple(timeline.find_clips())
    picture = lanes(timeline.tracks, _VIDEO)
    heard = lanes(timeline.tracks, _AUDIO)
    length = max((_end(lane) for lane in (*picture, *heard)), default=Fraction(0))
    count = round_half_up(length * rate)
    if count < 1:
        raise DeliveryError(f"{timeline.name or 'this cut'} is empty: there is not one frame to deliver.")
    frames = tuple(walk.frame(picture, Fraction(number) / rate, 1 / rate) for number in range(count))
    sounding = Sounding(walk.originals, round_half_up(count / rate * RATE_HZ))
    sounding.walk(picture, heard)
    walk.originals.check()
    warnings = [*walk.warnings, *sounding.warnings]
    if rate != cut.rate:
        warnings.insert(0, f"the cut runs at {rate_name(cut.rate)} and the film at {rate_name(rate)} frames a second: frames are shown twice or left out.")
    drop = cut.drop and rate == cut.rate
    start = Timecode.from_seconds(seconds(timeline.global_start_time), rate=rate, drop=drop) if timeline.global_start_time is not None else Timecode(frames=0, rate=rate, drop=drop)
    return Plan(
        title=timeline.name or "Untitled", rate=rate, drop=drop, size=size, start=start, edit=edit_seal(timeline), frames=frames,
        pieces=tuple(sounding.pieces), segments=borders(frames, rate), media=walk.originals.used, warnings=tuple(dict.fromkeys(warnings)),
        textless=without is not None, shots=tuple(walk.shots),
    )  # fmt: skip


def graded(plan: Plan, master: Path, *, digest: str | None = None, textless: bool = False, over: Collection[str] = ()) -> Plan:
    """The same film with its picture taken from a graded master, whose first frame is the film's.

    Args:   textless: the master itself has no lettering.  over: media that lie over it as the cut has them: supers that it was made without.
    Raises: DeliveryError: it runs at another rate, has too few frames, or has the lettering that a textless film leaves out; MediaError:
            it cannot be read.
    """
    if plan.textless and not textless:
        raise DeliveryError(f"{master.name} is a finished picture: its lettering cannot be left out of it. Ask for a textless graded master.")
    info = probe(master)
    if info.video is None:
        raise DeliveryError(f"{master.name} has no picture, so it is no graded master.")
    if info.video.rate != plan.rate or info.video.variable:
        raise DeliveryError(f"{master.name} runs at {rate_name(info.video.rate)} frames a second, the film at {rate_name(plan.rate)}. Ask for the master at {rate_name(plan.rate)}.")
    has = info.video.frames if info.video.frames is not None else round_half_up(info.video.duration_s * info.video.rate)
    if has < len(plan.frames):
        raise DeliveryError(f"{master.name} has {has} frames, the film has {len(plan.frames)}. Ask for the whole film, without head and tail.")
    medium = Medium(key=digest or str(master), name=master.name, path=master, info=info, digest=digest, stamp=stamp(master))
    frames = tuple(
        ((Fraction(1), Still(medium=medium.key, frame=number, at_s=Fraction(number) / plan.rate)), *((weight, still) for weight, still in mix if still.medium in over and still.layer))
        for number, mix in enumerate(plan.frames)
    )
    longer = (f"{master.name} is {has - len(plan.frames)} frames longer than the film; they are left off.",) if has > len(plan.frames) else ()
    return _without_unused(replace(plan, frames=frames, media={**plan.media, medium.key: medium}, warnings=(*plan.warnings, *longer)))


def mixed(plan: Plan, mix: Path, *, digest: str | None = None, gain_db: float = 0.0) -> Plan:
    """The same film with its sound taken from a person's mix, whose first sample is the film's. Not one sample of it is altered.

    Args:   gain_db: one gain over all of it, where a person took the one that was offered; nobody else lays one.
    Raises: DeliveryError: it has no sound, or is at another rate; MediaError: it cannot be read.
    """
    info = probe(mix)
    if not info.audio:
        raise DeliveryError(f"{mix.name} has no sound in it, so it is no mix.")
    if rates := [stream.rate_hz for stream in info.audio if stream.rate_hz != RATE_HZ]:
        raise DeliveryError(f"{mix.name} has {rates[0]} samples a second, the film has {RATE_HZ}. Ask for the mix at {RATE_HZ // 1000} kHz: nothing in a mix is altered here.")
    medium = Medium(key=digest or str(mix), name=mix.name, path=mix, info=info, digest=digest, stamp=stamp(mix))
    has = round_half_up(max(stream.duration_s for stream in info.audio) * RATE_HZ)
    says: tuple[str, ...] = ()
    if has != plan.samples:
        more = float(abs(Fraction(has - plan.samples, RATE_HZ)))
        says = (f"{mix.name} is {more:.3f} s {'longer than the film; the rest is left off' if has > plan.samples else 'shorter than the film; it ends in silence'}.",)
    piece = Piece(medium=medium.key, first=0, length=min(has, plan.samples), source=Fraction(0), finished=True, gains=(Gain(at=0, gain_db=gain_db),) if gain_db else ())
    return _without_unused(replace(plan, pieces=(piece,), media={**plan.media, medium.key: medium}, warnings=(*plan.warnings, *says)))


def _without_unused(plan: Plan) -> Plan:
    named = {still.medium for mix in plan.frames for _, still in mix} | {piece.medium for piece in plan.pieces}
    return replace(plan, media={key: medium for key, medium in plan.media.items() if key in named})


def _framed(framing: Sequence[Framing], size: tuple[int, int]) -> tuple[str, tuple[Framing, ...]]:
    shape = shape_of(size)
    return shape, tuple(one for one in framing if one.paths.get(shape))


def _end(lane: Lane) -> Fraction:
    """Of its last shot; empty time after it is no part of the film."""
    return max((one.end_s for one in lane if one.item is not None), default=Fraction(0))


class _Walk:
    """Answers what is on screen at a moment, layer by layer, through nested cuts."""

    def __init__(self, originals: Originals, rate: Fraction, framed: tuple[str, tuple[Framing, ...]], without: Collection[str] | None) -> None:
        self.originals, self.rate = originals, rate
        self.textless, self.without = without is not None, frozenset(without or ())
        self._left_out: list[str] = []
        self.shots: list[Shot] = []
        self._numbers: dict[int, tuple[Any, int]] = {}
        self.shape, self.framing = framed
        self._framings: dict[int, tuple[Any, int, int, list[Framing]]] = {}
        self.clips: tuple[Any, ...] = ()
        self.warnings: list[str] = []
        self._said: set[Any] = set()
        self._nested: dict[int, tuple[Any, tuple[Lane, ...]]] = {}

    def frame(self, layers: Sequence[Lane], at_s: Fraction, step_s: Fraction) -> Mix:
        """What is on screen in one frame of the film."""
        self._left_out.clear()
        found = self.mix(layers, at_s, step_s)
        for name in self._left_out if not found else ():
            self._say(f"{name} is the picture itself, with nothing below it: the textless film is black there. Lay its background under it.")
        return found

    def mix(self, layers: Sequence[Lane], at_s: Fraction, step_s: Fraction) -> Mix:
        """The layers laid flat, the upper ones in front; what no layer covers is left out. From the first that is see-through on, each is laid
        over those below it by its own alpha."""
        seen: dict[Still, Fraction] = {}
        top = 0
        for number, lane in enumerate(layers):
            through = Fraction(1)
            new: dict[Still, Fraction] = {}
            for weight, one, joint in lane.shown(at_s, step_s):
                if joint is not None:
                    self._look_at(joint, lane)
                if one is None or one.item is None or not weight:
                    continue
                shown = self._picture(one, joint, at_s, step_s, number)
                if weight < 1 and any(still.layer for _, still in shown):
                    self._say(f"{one.item.name or 'a nested cut'} has see-through layers and lies in a dissolve: each of them fades by itself.")
                for share, still in shown:
                    new[still] = new.get(still, Fraction(0)) + weight * share
                    through -= weight * share
            over = any(still.layer or self._see_through(still) for still in new)
            if new and (over or (top and through)):
                first = top + 1
                for still, share in new.items():
                    seen[replace(still, layer=first + still.layer)] = share
                top = first + max(still.layer for still in new)
            elif through < 1:
                top = top if through else 0
                seen = {still: share * through for still, share in seen.items()} if through else {}
                for still, share in new.items():
                    seen[still] = seen.get(still, Fraction(0)) + share
        return tuple((share, still) for still, share in seen.items())

    def _see_through(self, still: Still) -> bool:
        medium = self.originals.used.get(still.medium)
        return medium is not None and medium.see_through

    def _picture(self, one: Laid, joint: Joint | None, at_s: Fraction, step_s: Fraction, layer: int) -> Mix:
        item = one.item
        speed = speed_of(item)
        self._effects(item)
        before = max(one.start_s - joint.start_s, Fraction(0)) if joint is not None and joint.at_s == one.start_s else Fraction(0)
        into = max(at_s - one.start_s, -before)
        start = range_of(item).start_s
        if speed < 0:
            into = max(one.end_s - one.start_s - into - step_s, Fraction(0) if joint is None else joint.at_s - joint.end_s)
        at = start + into * abs(speed)
        if not isinstance(item, otio.schema.Clip):
            if id(item) not in self._nested:
                self._nested[id(item)] = item, lanes(item if isinstance(item, otio.schema.Stack) else [item], _VIDEO)
            return self.mix(self._nested[id(item)][1], at, step_s * abs(speed) or step_s)
        if isinstance(item.media_reference, otio.schema.GeneratorReference):
            return self._generated(item, layer)
        if self.without and any(self.originals.is_named(item, file) for file in self.without):
            self._left_out.append(item.name or "a card")
            return ()
        medium = self.originals.of(item)
        if medium is None:
            return ()
        return ((Fraction(1), self._still(item, medium, at, one)),)

    def _still(self, item: Any, medium: Medium, at: Fraction, one: Laid) -> Still:
        if medium.info is None:
            return Still(medium=medium.key, frame=0, at_s=Fraction(0))
        video = medium.info.video
        if video is None:
            raise DeliveryError(f"{medium.name} is a sound, but the cut shows it as a picture, at item {one.number}. Check the cut.")
        if medium.see_through and not medium.lettering:
            self._say(f"{medium.name} is see-through in parts; its colours are taken as straight, not as multiplied with its alpha.")
        at -= self.originals.start_of(item, medium)
        frame = floor_frames(at, video.rate)
        last = (video.frames if video.frames is not None and not video.variable else floor_frames(video.duration_s, video.rate)) - 1
        if frame < 0 or (last >= 0 and frame > last):
            what = f"{-frame} frames before its first" if frame < 0 else f"{frame - last} frames past its last"
            self._say(f"{medium.name} (item {one.number}): the cut asks for a frame {what}; that one stands still there.", key=(medium.key, one.number, frame < 0))
            frame = 0 if frame < 0 else last
        return Still(medium=medium.key, frame=frame, at_s=at, box=self._box(item, medium, frame), shot=0 if medium.lettering else self._shot(item))

    def _shot(self, item: Any) -> int:
        """The number of a shot, in the order in which they are first seen."""
        if id(item) not in self._numbers:
            media = self.originals.media(item)
            try:
                cdl = carried(item.metadata.get("cdl"))
            except MediaError as cause:
                cdl = None
                self._say(f"{item.name or media.name}: {cause}")
            names = (item.name, media.name, os.path.basename(media.file), media.reel)
            self.shots.append(Shot(names=tuple(dict.fromkeys(name for name in names if name)), cdl=cdl))
            self._numbers[id(item)] = item, len(self.shots)
        return self._numbers[id(item)][1]

    def _box(self, item: Any, medium: Medium, frame: int) -> tuple[float, float, float, float] | None:
        if id(item) not in self._framings:
            self._framings[id(item)] = item, *self._framed_as(item, medium)
        _, first, end, framings = self._framings[id(item)]
        inside = min(max(frame, first), end - 1)  # in a transition more of the clip is seen than the shot has
        return next((crop(one, self.shape, frame) for one in framings if one.start <= inside < one.end), None)

    def _framed_as(self, item: Any, medium: Medium) -> tuple[int, int, list[Framing]]:
        """The frames of the clip that a shot is made of, and every framing of them, the one whose range is nearest first."""
        video = medium.info.video if medium.info is not None else None
        if video is None:
            return 0, 1, []
        span = range_of(item)
        start_s = span.start_s - self.originals.start_of(item, medium)
        first = floor_frames(start_s, video.rate)
        end = max(first + 1, -floor_frames(-(start_s + span.duration_s * abs(speed_of(item))), video.rate))

        def alike(one: Framing) -> Fraction:
            return Fraction(min(end, one.end) - max(first, one.start), max(end, one.end) - min(first, one.start))

        found = [one for one in self.framing if self.originals.is_named(item, one.file) and alike(one) > 0 and (one.item is not None or self._meant(item, medium, one))]
        return first, end, sorted(found, key=lambda one: -alike(one))

    def _meant(self, item: Any, medium: Medium, one: Framing) -> bool:
        """Whether a frame that was proposed is for this shot: it has the very frames; or, where no shot has them, since another layer hides part
        of it, it holds them all. A hero shot or a refused one beside it, of the same clip, is not touched."""
        start, end = self._reach(item, medium)
        if abs(one.start - start) <= 1 and abs(one.end - end) <= 1:
            return True
        others = (self._reach(other, medium) for other in self.clips if other is not item and self.originals.is_named(other, one.file))
        return start - 1 <= one.start and one.end <= end + 1 and not any(abs(one.start - first) <= 1 and abs(one.end - last) <= 1 for first, last in others)

    def _reach(self, item: Any, medium: Medium) -> tuple[int, int]:
        """The frames of a clip that a shot shows, with those that its transitions show."""
        video = medium.info.video if medium.info is not None else None
        assert video is not None
        span, speed = range_of(item), speed_of(item)
        parent = item.parent()
        before, after = parent.neighbors_of(item) if isinstance(parent, otio.schema.Track) else (None, None)
        lead = seconds(before.in_offset) if isinstance(before, otio.schema.Transition) else Fraction(0)
        tail = seconds(after.out_offset) if isinstance(after, otio.schema.Transition) else Fraction(0)
        if speed < 0:
            lead, tail = tail, lead
        start_s = span.start_s - self.originals.start_of(item, medium)
        start = max(floor_frames(start_s - lead * abs(speed), video.rate), 0)
        end = -floor_frames(-(start_s + (span.duration_s + tail) * abs(speed)), video.rate)
        last = video.frames if video.frames is not None and not video.variable else end
        return start, max(min(end, last), start + 1)

    def _generated(self, item: Any, layer: int) -> Mix:
        reference = item.media_reference
        words = " ".join(str(reference.parameters.get("text", "")).split())
        if self.textless and words:
            return () if layer else ((Fraction(1), BLACK),)
        if words or reference.generator_kind not in _EMPTY:
            what = f"the words {words[:60]!r}" if words else f"the generator {reference.generator_kind or item.name!r}"
            self._say(f"{what} in the cut are not drawn here; lay them in as supers.")
            return () if layer else ((Fraction(1), BLACK),)
        return ((Fraction(1), BLACK),)

    def _look_at(self, joint: Joint, lane: Lane) -> None:
        kind = joint.item.transition_type or "SMPTE_Dissolve"
        if kind != "SMPTE_Dissolve":
            name = joint.item.name or kind
            self._say(f"{name} at {float(joint.at_s):.2f} s of {lane.name or 'a track'} is no dissolve; it is rendered as a dissolve of the same length.")

    def _effects(self, item: Any) -> None:
        for effect in item.effects:
            if not isinstance(effect, (otio.schema.FreezeFrame, otio.schema.LinearTimeWarp)):
                self._say(f"{item.name or 'a clip'}: the effect {effect.effect_name or effect.name or type(effect).__name__!r} is not rendered.")

    def _say(self, text: str, key: Any = None) -> None:
        if (key or text) not in self._said:
            self._said.add(key or text)
            self.warnings.append(text)
