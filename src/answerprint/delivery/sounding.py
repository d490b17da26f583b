"""Conform of sound: which samples of which medium are heard, from where to where, how loud.

The place of an edge is rounded to the sample once, on the film and in the medium alike, so that a sound stands where the cut laid it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from answerprint.delivery import DeliveryError
from answerprint.delivery.lanes import Joint, Laid, Lane, lanes
from answerprint.delivery.originals import Originals
from answerprint.delivery.plan import RATE_HZ, Fade, Gain, Medium, Piece
from answerprint.delivery.stems import stem_of
from answerprint.model.time import round_half_up
from answerprint.timeline.cut import ClipInfo, info, range_of, speed_of
from answerprint.timeline.levels import Level

__all__ = ["Level", "Sounding"]

_AUDIO = otio.schema.TrackKind.Audio
_STRAIGHT = ("linear", "constant gain", "0db", "0 db")  #: how editing programs name a crossfade that keeps the level


@dataclass(frozen=True, kw_only=True)
class _Lens:
    """From a nested cut's clock to the film's: moment `local_s` is heard at `film_s`, `pace` seconds of it in each second."""

    local_s: Fraction = Fraction(0)
    film_s: Fraction = Fraction(0)
    pace: Fraction = Fraction(1)
    first: int = 0
    end: int
    stem: str = ""  #: of the track that it lies on
    gain_db: float = 0.0  #: over all of the nested cut

    def sample(self, at_s: Fraction) -> int:
        return round_half_up((self.film_s + (at_s - self.local_s) / self.pace) * RATE_HZ)


class Sounding:
    """Gathers the pieces. Args: samples: of the whole film."""

    def __init__(self, originals: Originals, samples: int) -> None:
        self.originals, self.samples = originals, samples
        self.pieces: list[Piece] = []
        self.warnings: list[str] = []

    def walk(self, picture: Sequence[Lane], sound: Sequence[Lane]) -> None:
        """All that is heard: the sound tracks, and the sound inside cuts that are nested in picture tracks."""
        whole = _Lens(end=self.samples)
        for lane in sound:
            self._lane(lane, whole)
        for lane in picture:
            self._nested_sound(lane, whole)
        self.pieces.sort(key=lambda piece: (piece.first, piece.medium, piece.source))

    def _lane(self, lane: Lane, lens: _Lens) -> None:
        for one in lane:
            if one.item is None:
                continue
            if not isinstance(one.item, otio.schema.Clip):
                self._nested(one, lane, lens)
            elif not isinstance(one.item.media_reference, otio.schema.GeneratorReference):
                self._clip(one, lane, lens)

    def _nested_sound(self, lane: Lane, lens: _Lens) -> None:
        for one in lane:
            if one.item is not None and not isinstance(one.item, otio.schema.Clip):
                self._nested(one, lane, lens)

    def _nested(self, one: Laid, lane: Lane, lens: _Lens) -> None:
        speed = speed_of(one.item)
        inside = one.item if isinstance(one.item, otio.schema.Stack) else [one.item]
        heard = lanes(inside, _AUDIO)
        if speed <= 0:
            if any(each.item is not None for lane in heard for each in lane):
                self.warnings.append(f"the sound of the nested cut {one.item.name!r} is silent: it is played {'backwards' if speed < 0 else 'as a still'}.")
            return
        first, end = lens.sample(one.start_s), lens.sample(one.end_s)
        inner = _Lens(
            local_s=range_of(one.item).start_s, film_s=lens.film_s + (one.start_s - lens.local_s) / lens.pace, pace=lens.pace * speed,
            first=max(lens.first, first), end=min(lens.end, end), stem=stem_of((), lane.name) or lens.stem, gain_db=lens.gain_db + self._over(one.item),
        )  # fmt: skip
        for lane in heard:
            self._lane(lane, inner)
        for lane in lanes([track for track in inside if isinstance(track, otio.schema.Track)], otio.schema.TrackKind.Video):
            self._nested_sound(lane, inner)

    def _over(self, stack: Any) -> float:
        """The one level over a nested cut; what else it says of its level is not heard, and that is said."""
        level = info(stack, Level)
        if level is None:
            return 0.0
        if level.keys or level.fade_in_s or level.fade_out_s:
            self.warnings.append(f"the nested cut {stack.name!r} has keyframes or fades over all of its sound: they are not heard. Set them inside it.")
        return level.gain_db

    def _clip(self, one: Laid, lane: Lane, lens: _Lens) -> None:
        clip = one.item
        medium = self.originals.of(clip)
        speed = speed_of(clip)
        if medium is None or speed == 0:
            return
        if medium.info is None or not medium.info.audio:
            raise DeliveryError(f"{medium.name} has no sound, but the cut plays it at item {one.number} of {lane.name or 'a sound track'}. Check the cut.")
        if speed * lens.pace != 1:
            self.warnings.append(f"{medium.name} is played at {float(speed * lens.pace):.0%} on {lane.name or 'a sound track'}: its pitch moves with it.")
        drift = 1 + _drift(clip, medium) / 1_000_000
        first, end = lens.sample(one.start_s), lens.sample(one.end_s)
        into = range_of(clip).start_s - self.originals.start_of(clip, medium)
        source = Fraction(round_half_up(into * RATE_HZ))
        pace = speed * lens.pace * drift
        if pace < 0:
            source += (end - first - 1) * -pace
        piece = Piece(medium=medium.key, first=first, length=end - first, source=source, pace=pace, channels=self.originals.heard(clip), stem=_stem(clip, lane, lens))
        piece = _levelled(piece, self._level(clip, lens), lens.pace)
        before, after = lane.reach(one)
        if before is not None:
            piece = _faded(piece, lens.sample(before.start_s), lens.sample(before.end_s), "rise", _shape(before))
        if after is not None:
            piece = _faded(piece, lens.sample(after.start_s), lens.sample(after.end_s), "fall", _shape(after))
        piece = _within(piece, lens.first, lens.end)
        if piece.length > 0:
            self.pieces.append(piece)


    def _level(self, clip: Any, lens: _Lens) -> Level | None:
        """How loud a clip is played; what of that is not heard as the cut has it is said."""
        level = info(clip, Level)
        name = clip.name or "a sound"
        for effect in clip.effects:
            if not isinstance(effect, (otio.schema.FreezeFrame, otio.schema.LinearTimeWarp)):
                self.warnings.append(f"{name}: the effect {effect.effect_name or effect.name or type(effect).__name__!r} on its sound is not heard.")
        if level is not None and any(level.bends):
            bends = " and ".join(one for one in dict.fromkeys(level.bends) if one)
            self.warnings.append(f"{name}: its fade is played straight; the cut bends it ({bends}).")
        return replace(level or Level(), gain_db=(level.gain_db if level else 0.0) + lens.gain_db) if level is not None or lens.gain_db else None


def _stem(clip: Any, lane: Lane, lens: _Lens) -> str:
    says = info(clip, ClipInfo)
    return stem_of(says.roles if says is not None else (), lane.name) or lens.stem


def _drift(clip: Any, medium: Medium) -> Fraction:
    """Parts per million by which the recorder under a clip ran fast, as its sync found."""
    says = info(clip, ClipInfo)
    for sync in says.sync if says is not None else ():
        if sync.digest == medium.digest if sync.digest and medium.digest else sync.file.endswith(medium.name):
            return sync.drift_ppm
    return Fraction(0)


def _levelled(piece: Piece, level: Level | None, pace: Fraction) -> Piece:
    """Args: pace: seconds of the cut that the clip lies in, in each second of the film."""
    if level is None:
        return piece
    gains = tuple(Gain(at=piece.first + round_half_up(at_s / pace * RATE_HZ), gain_db=level.gain_db + gain) for at_s, gain in sorted(level.keys))
    if not gains and level.gain_db:
        gains = (Gain(at=piece.first, gain_db=level.gain_db),)
    fades = []
    if level.fade_in_s > 0:
        fades.append(Fade(first=piece.first, length=round_half_up(level.fade_in_s / pace * RATE_HZ), way="rise", shape="straight"))
    if level.fade_out_s > 0:
        length = round_half_up(level.fade_out_s / pace * RATE_HZ)
        fades.append(Fade(first=piece.first + piece.length - length, length=length, way="fall", shape="straight"))
    return replace(piece, gains=gains, fades=tuple(fades))


def _faded(piece: Piece, first: int, end: int, way: Any, shape: Any) -> Piece:
    """Grown to a transition's far edge, and faded over it."""
    low = min(piece.first, first) if way == "rise" else piece.first
    high = max(piece.first + piece.length, end) if way == "fall" else piece.first + piece.length
    fade = Fade(first=first, length=end - first, way=way, shape=shape)
    return replace(piece, first=low, length=high - low, source=piece.source - (piece.first - low) * piece.pace, fades=(*piece.fades, fade))


def _within(piece: Piece, first: int, end: int) -> Piece:
    low, high = max(piece.first, first), min(piece.first + piece.length, end)
    return replace(piece, first=low, length=high - low, source=piece.source + (low - piece.first) * piece.pace)


def _shape(joint: Joint) -> Any:
    name = (joint.item.name or "").casefold()
    return "straight" if any(word in name for word in _STRAIGHT) else "equal power"
