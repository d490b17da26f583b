"""From pictures to one constant CDL: what a clip is apart from its reference by, as slope, offset and power where that CDL will be laid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from answerprint.correcting.clips import Clip, CorrectingError
from answerprint.media.cube import Cdl
from answerprint.media.sampling import sampled, spread
from answerprint.signal import colour

if TYPE_CHECKING:
    from answerprint.media.look import Look

__all__ = ["PLAIN", "Seen", "Solved", "cdl_of", "look_at", "solve", "under", "wanders"]

Rgb = NDArray[np.float64]
PLAIN = Cdl(slope=(1.0, 1.0, 1.0), offset=(0.0, 0.0, 0.0), power=(1.0, 1.0, 1.0))
#: Twelve moments of a take: whoever walks through is in the same place in few of them. 160 pixels: three quarters of a second a clip.
_MOMENTS, _LONG_PX = 12, 160
#: A tenth of a stop is what no two takes of one setting are nearer by; below it there is nothing to correct.
LEAST_STOPS = 0.1
#: Two halves of what is seen as one difference: CIEDE2000 of 1 is what side by side is just seen.
_SEEN = 1.0


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A clip as it was looked at."""

    clip: Clip
    frames: Rgb  #: as coded, shape (n, h, w, 3)

    @property
    def lut(self) -> bool:
        return self.clip.look is not None and any(not isinstance(step, Cdl) for step in self.clip.look.steps)

    @property
    def still(self) -> Rgb:
        """The picture without who moves through it, as coded."""
        return colour.still(self.frames)

    def shown(self, coded: Rgb, correction: Cdl | None = None) -> Rgb:
        """Coded pictures as people see them; with a correction, which stands in the place of the clip's own CDL and holds it."""
        look = under(self.clip.look, correction)
        return np.clip(look.apply(coded) if look is not None else coded, 0, 1)

    @property
    def log_stop(self) -> float:
        """What a stop adds to its log code as it is decoded: more where a legal-range file's code was spread to full scale."""
        steps = self.clip.look.steps if self.clip.look is not None else ()
        spread_out = any(getattr(getattr(step, "of", None), "from_code", False) for step in steps)
        return colour.LOG_STOP * (1023 / 876 if spread_out else 1)

    @property
    def clipped(self) -> float:
        """The share of its picture that is clipped in a channel: no gain brings that back."""
        return float((self.shown(self.frames).max(axis=-1) >= 0.99).mean())

    @property
    def base(self) -> Cdl:
        """The CDL from the set, that a grade takes the place of."""
        steps = self.clip.look.steps if self.clip.look is not None else ()
        return next((step for step in steps if isinstance(step, Cdl)), PLAIN)


@dataclass(frozen=True, kw_only=True)
class Solved:
    """What brings a clip to its reference."""

    stops: tuple[float, float, float]
    how: str
    worst: float  #: how far slope and power miss the exact gain, full scale 1.0
    before: float  #: mean CIEDE2000 over what both show and neither clips
    after: float


def under(look: Look | None, correction: Cdl | None) -> Any:
    """A look with a correction in the place of its CDL, as a film is rendered with it as its grade."""
    from answerprint.media.look import Look

    if correction is None:
        return look
    luts = [n for n, step in enumerate(look.steps) if not isinstance(step, Cdl)] if look is not None else []
    kept = [(look.steps[n], look.names[n], look.whence[n], look.digests[n]) for n in luts] if look is not None else []
    steps, names, whence, digests = zip((correction, "correction", "the correction", f"cdl:{correction!r}"), *kept, strict=True)
    return Look(steps=steps, names=names, whence=whence, digests=digests)


def look_at(clip: Clip, moments: int = _MOMENTS, long_px: int = _LONG_PX) -> Seen:
    """Sample a clip between its first attempt's start and its last one's end.

    Raises: CorrectingError: its disk is not connected; MediaError: nothing decodes.
    """
    if clip.path is None:
        raise CorrectingError(f"{clip.file}: its disk is not connected, so its colour cannot be looked at. Connect it and run `answerprint correct` again.")
    in_s, out_s = max(clip.in_s, Fraction(0)), min(clip.out_s, clip.video.duration_s)
    if out_s <= in_s:
        in_s, out_s = Fraction(0), clip.video.duration_s
    return Seen(clip=clip, frames=sampled(clip.path, clip.video, spread(in_s, out_s, moments), long_px=long_px))


def solve(reference: Seen, others: Sequence[Seen], *, target: Cdl | None, colour_too: bool) -> tuple[Solved | None, ...]:
    """How each clip is apart from a reference; None for one whose picture could not tell.

    Args: target: the reference's own correction, where it has one.  colour_too: white balance differed, or nobody knows what did: three gains, not one.
    """
    goal = reference.shown(reference.still, target)
    found: list[Solved | None] = []
    for other in others:
        coded = other.still
        aim = _coded_goal(reference, other, goal, target)
        if aim is None or aim.shape != coded.shape:
            found.append(None)
            continue
        told = colour.apart(aim, coded if other.lut else other.shown(coded), log=other.clip.log, seen=(goal, other.shown(coded)))
        if told is None:
            found.append(None)
            continue
        unit = colour.LOG_STOP / other.log_stop if other.clip.log else 1.0
        red, green, blue = (stop * unit for stop in told.stops)
        stops = (red, green, blue) if colour_too else (float(np.median((red, green, blue))),) * 3
        found.append(_judged(goal, other, stops, told.how))
    return tuple(found)


def _coded_goal(reference: Seen, other: Seen, goal: Rgb, target: Cdl | None) -> Rgb | None:
    """What the other clip is compared with where its CDL will be laid: before its LUT, else on the picture as it is seen."""
    if not other.lut:
        return goal
    if not reference.lut or reference.clip.log != other.clip.log:
        return None  # two codes of which neither is the other's
    return np.clip((target or PLAIN).apply(reference.still), 0, 1) if target else reference.still


def _judged(goal: Rgb, other: Seen, stops: tuple[float, float, float], how: str) -> Solved:
    made, worst = cdl_of(stops, other)
    before, after = other.shown(other.still), other.shown(other.still, made)
    fair = colour.alike(goal, before) & (before.max(axis=-1) < 0.97) if how == "pixels" else np.ones(goal.shape[:2], bool)
    lab = colour.lab(goal[fair]) if how == "pixels" else _sorted(goal)
    values = [colour.difference(lab, colour.lab(one[fair]) if how == "pixels" else _sorted(one)) for one in (before, after)]
    means = [float(value.mean()) if value.size else 0.0 for value in values]
    return Solved(stops=stops, how=how, worst=worst, before=means[0], after=means[1])


def _sorted(picture: Rgb) -> Rgb:
    """Every level of each channel, dark to bright: what two pictures of the same things share wherever those stand."""
    return colour.lab(np.sort(picture.reshape(-1, 3), axis=0))


def cdl_of(stops: tuple[float, float, float], seen: Seen) -> tuple[Cdl, float]:
    """The CDL that does a gain on a clip, holding the clip's own CDL, and how far it misses the exact gain."""
    base = seen.base
    if seen.clip.log:  # before the CDL from the set and the LUT: a gain adds to a log code
        offset = [b + s * stop * seen.log_stop for s, b, stop in zip(base.slope, base.offset, stops, strict=True)]
        return replace(base, offset=(offset[0], offset[1], offset[2])), 0.0
    curves = [colour.curve(stop) for stop in stops]
    if seen.lut:
        if base.offset != PLAIN.offset:
            raise CorrectingError(f"{seen.clip.file}: its own CDL has an offset and a LUT lies over it; a gain before both is no CDL. Leave the CDL to the grade, and correct again.")
        slope = [s ** (1 / one.power) * one.slope for s, one in zip(base.slope, curves, strict=True)]
        power = [p * one.power for p, one in zip(base.power, curves, strict=True)]
        return replace(base, slope=(slope[0], slope[1], slope[2]), power=(power[0], power[1], power[2])), max(one.worst for one in curves)
    factor = [one.slope ** (1 / p) for p, one in zip(base.power, curves, strict=True)]
    triples = [
        tuple(f * s for f, s in zip(factor, base.slope, strict=True)),
        tuple(f * o for f, o in zip(factor, base.offset, strict=True)),
        tuple(p * one.power for p, one in zip(base.power, curves, strict=True)),
    ]
    slope3, offset3, power3 = ((float(one[0]), float(one[1]), float(one[2])) for one in triples)
    return Cdl(slope=slope3, offset=offset3, power=power3, saturation=base.saturation), max(one.worst for one in curves)


def wanders(seen: Seen) -> float:
    """How many stops the light goes up and down within a take."""
    shown = seen.shown(seen.frames)
    stops = colour.wander(shown)
    stops = stops[np.isfinite(stops)]
    return float(stops.max() - stops.min()) if stops.size > 2 else 0.0
