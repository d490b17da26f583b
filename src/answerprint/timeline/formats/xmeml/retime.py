"""A clip's speed as xmeml says it: the time remap filter with a speed in per cent, or a graph of key frames; still frames."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from answerprint.model.extend import Loss
from answerprint.timeline.formats.xmeml.document import number
from answerprint.timeline.formats.xmeml.values import word

__all__ = ["Retime", "retime_of"]

_NEAR = Fraction(1, 10**9)  #: how close a per cent figure of twelve digits is to the ratio it stands for


@dataclass(frozen=True)
class Retime:
    """How a clip plays. `still_s`: the moment of the file that a still frame shows; `points`: clip time to file time, seconds."""

    speed: Fraction = Fraction(1)
    still_s: Fraction | None = None
    points: tuple[tuple[Fraction, Fraction], ...] = ()

    def source(self, head_s: Fraction, length_s: Fraction, whole_s: Fraction | None) -> Fraction:
        """The earliest moment used, from the file's first frame. Args: whole_s: the file's length, where it is known."""
        if self.still_s is not None:
            return self.still_s
        if self.points:
            return min(_along(self.points, head_s), _along(self.points, head_s + length_s))
        if self.speed >= 0:
            return head_s * self.speed
        end = whole_s if whole_s is not None else (head_s + length_s) * -self.speed
        return max(end + (head_s + length_s) * self.speed, Fraction(0))


def retime_of(node: Any, rate: Fraction, losses: list[Loss]) -> Retime:
    """The retime of a clip item."""
    name = word(node, "name") or "a clip"
    if word(node, "stillframe").upper() == "TRUE":
        return Retime(speed=Fraction(0), still_s=(number(node, "stillframeoffset") or Fraction(0)) / rate)
    effects = [effect for effect in node.iterfind("filter/effect") if word(effect, "effectid") == "timeremap"]
    if not effects:
        return Retime()
    settings = {word(entry, "parameterid"): entry for entry in effects[0].iterfind("parameter")}
    backwards = word(settings.get("reverse"), "value").upper() == "TRUE"
    points = _points(settings.get("graphdict"), rate)
    if word(settings.get("variablespeed"), "value") == "1" and len(points) > 1:
        return _ramp(node, points, rate, name, losses)
    try:
        per_cent = Fraction(word(settings.get("speed"), "value") or "100")
    except (ValueError, ZeroDivisionError):
        losses.append(Loss(clip=name, says=f"its speed {word(settings.get('speed'), 'value')[:20]!r} is not a number; it is read at normal speed."))
        return Retime()
    speed = _ratio(abs(per_cent) / 100)
    if not speed:
        return Retime(speed=Fraction(0), still_s=(number(node, "in") or Fraction(0)) / rate)
    if backwards or per_cent < 0:
        speed = -speed
        if len(points) > 1:  # Premiere says where the file ends for a clip that runs backwards
            return Retime(speed=speed, points=points)
    return Retime(speed=speed)


def _points(graph: Any, rate: Fraction) -> tuple[tuple[Fraction, Fraction], ...]:
    if graph is None:
        return ()
    found = {}
    for key in graph.iterfind("keyframe"):
        when, value = number(key, "when"), number(key, "value")
        if when is not None and value is not None:
            found[when / rate] = value / rate
    return tuple(sorted(found.items()))


def _ramp(node: Any, points: tuple[tuple[Fraction, Fraction], ...], rate: Fraction, name: str, losses: list[Loss]) -> Retime:
    """A speed that changes, as the average over what the clip shows."""
    first, last = number(node, "in") or Fraction(0), number(node, "out")
    begin, end = first / rate, (last if last is not None else first + 1) / rate
    slopes = {(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(points) if b[0] <= end and a[0] >= begin}
    average = (_along(points, end) - _along(points, begin)) / (end - begin) if end > begin else Fraction(1)
    if len(slopes) > 1:
        losses.append(Loss(clip=name, says="its speed ramp is read as one average speed."))
    return Retime(speed=average.limit_denominator(10000), points=points)


def _along(points: tuple[tuple[Fraction, Fraction], ...], moment: Fraction) -> Fraction:
    """The value of a graph of straight lines; its first and last line go on past its ends."""
    for (t0, v0), (t1, v1) in pairwise(points):
        if moment <= t1:
            return v0 + (moment - t0) * (v1 - v0) / (t1 - t0)
    (t0, v0), (t1, v1) = points[-2:]
    return v0 + (moment - t0) * (v1 - v0) / (t1 - t0)


def _ratio(speed: Fraction) -> Fraction:
    """The ratio of small numbers that a decimal stands for, else the decimal."""
    small = speed.limit_denominator(1000)
    return small if abs(small - speed) < _NEAR else speed.limit_denominator(10**6)
