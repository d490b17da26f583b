"""How a layer moves: by time and never by frame, so that one moment looks the same at every rate."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from answerprint.delivery.supers.template import Key, Layer

__all__ = ["State", "rests", "state", "still_at"]


@dataclass(frozen=True)
class State:
    """What a layer is at one moment."""

    opacity: float = 1.0
    reveal: float = 1.0
    x: float = 0.0  #: lines, the way the row reads
    y: float = 0.0  #: lines, downwards


def state(layer: Layer, at_s: Fraction, duration_s: Fraction) -> State:
    """A layer at a moment of a super that stands so long."""
    if not layer.keys:
        return State()
    return State(
        opacity=_value(layer.keys, "opacity", 1.0, at_s, duration_s), reveal=_value(layer.keys, "reveal", 1.0, at_s, duration_s),
        x=_value(layer.keys, "x", 0.0, at_s, duration_s), y=_value(layer.keys, "y", 0.0, at_s, duration_s),
    )  # fmt: skip


def rests(layer: Layer) -> tuple[Fraction, Fraction]:
    """(how long after the start a layer has come to rest, how long before the end it leaves it), in seconds."""
    return max((key.at for key in layer.keys if key.at is not None), default=Fraction(0)), max((key.end for key in layer.keys if key.end is not None), default=Fraction(0))


def still_at(layers: tuple[Layer, ...], duration_s: Fraction) -> Fraction:
    """A moment at which everything has arrived and nothing has left."""
    begins = max((rests(layer)[0] for layer in layers), default=Fraction(0))
    ends = duration_s - max((rests(layer)[1] for layer in layers), default=Fraction(0))
    return (begins + ends) / 2


def _value(keys: tuple[Key, ...], name: str, usual: float, at_s: Fraction, duration_s: Fraction) -> float:
    marks = sorted(((_when(key, duration_s), getattr(key, name), key.ease) for key in keys if getattr(key, name) is not None), key=lambda mark: mark[0])
    if not marks:
        return usual
    if at_s <= marks[0][0]:
        return float(marks[0][1])
    for (before_s, was, _), (after_s, becomes, ease) in pairwise(marks):
        if at_s < after_s:
            part = _eased(ease, float((at_s - before_s) / (after_s - before_s)))
            return float(was + (becomes - was) * part)
    return float(marks[-1][1])


def _when(key: Key, duration_s: Fraction) -> Fraction:
    return key.at if key.at is not None else duration_s - (key.end or 0)


def _eased(ease: str, part: float) -> float:
    """Cubic easings (Penner): slow at the start, at the end, or at both."""
    if ease == "in":
        return part**3
    if ease == "out":
        return 1 - (1 - part) ** 3
    if ease == "both":
        return 4 * part**3 if part < 0.5 else 1 - (2 - 2 * part) ** 3 / 2
    return 0.0 if ease == "hold" else part
