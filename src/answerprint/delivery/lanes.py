"""A track of the cut with its times worked out: what stands where, and how much of two shots is seen while they dissolve."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from answerprint.timeline.cut import duration_of, seconds

__all__ = ["Joint", "Laid", "Lane", "lanes"]


@dataclass(frozen=True, kw_only=True)
class Laid:
    """One item where it stands, [start_s, end_s) on its track's clock; `item` is None for a gap and for what is switched off."""

    item: Any
    start_s: Fraction
    end_s: Fraction
    number: int  #: of the item on its track, from 1


@dataclass(frozen=True, kw_only=True)
class Joint:
    """A transition over an edge: it begins before it and ends after it. `item` is OpenTimelineIO's."""

    item: Any
    at_s: Fraction
    start_s: Fraction
    end_s: Fraction


@dataclass(frozen=True)
class Lane:
    """One track."""

    name: str
    laid: tuple[Laid, ...]
    joints: tuple[Joint, ...]
    _ends: list[Fraction] = field(default_factory=list)
    _begins: list[Fraction] = field(default_factory=list)
    _around: list[tuple[Joint, Laid | None, Laid | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ends.extend(one.end_s for one in self.laid)
        self._begins.extend(joint.start_s for joint in self.joints)
        for joint in self.joints:
            left = next((one for one in self.laid if one.end_s == joint.at_s and one.start_s < one.end_s), None)
            right = next((one for one in self.laid if one.start_s == joint.at_s and one.start_s < one.end_s), None)
            self._around.append((joint, left, right))

    @property
    def length_s(self) -> Fraction:
        return self._ends[-1] if self._ends else Fraction(0)

    def shown(self, at_s: Fraction, step_s: Fraction) -> list[tuple[Fraction, Laid | None, Joint | None]]:
        """What is seen in the frame that begins at `at_s` and lasts `step_s`: (weight, item, transition it is in); the weights add up to 1.

        An edge inside a frame goes to the frame whose middle it is nearest to. A dissolve is as far on as it is in the frame's middle, so
        that its first and last frames are mixed alike.
        """
        middle = at_s + step_s / 2
        following = bisect_left(self._begins, middle)
        for joint, left, right in self._around[max(following - 2, 0) : following]:  # two may touch in a short shot; the earlier is then shown to its end
            if middle <= joint.end_s:
                on = min(max((middle - joint.start_s) / (joint.end_s - joint.start_s), Fraction(0)), Fraction(1))
                return [(1 - on, left, joint), (on, right, joint)]
        place = bisect_right(self._ends, middle)
        if place and self._ends[place - 1] == middle:  # an edge in a frame's middle: the frame is the one before's
            place -= 1
            while place and self._ends[place - 1] == middle:
                place -= 1
        return [(Fraction(1), self.laid[place], None)] if place < len(self.laid) else []

    def reach(self, one: Laid) -> tuple[Joint | None, Joint | None]:
        """The transitions at an item's beginning and end."""
        return (
            next((joint for joint, _, right in self._around if right is one), None),
            next((joint for joint, left, _ in self._around if left is one), None),
        )

    def __iter__(self) -> Iterator[Laid]:
        return iter(self.laid)


def lanes(tracks: Iterable[Any], kind: str) -> tuple[Lane, ...]:
    """The tracks of one kind that are switched on, from the bottom up. A cut that is nested without a track of its own is one item."""
    found = []
    for track in tracks:
        if not isinstance(track, otio.schema.Track):
            if isinstance(track, otio.schema.Clip) and kind != otio.schema.TrackKind.Video:
                continue  # a clip that stands for itself in a stack is picture
            found.append(Lane(track.name, (Laid(item=track, start_s=Fraction(0), end_s=duration_of(track), number=1),), ()))
        elif track.kind == kind and getattr(track, "enabled", True):
            found.append(_lane(track))
    return tuple(found)


def _lane(track: Any) -> Lane:
    laid: list[Laid] = []
    joints: list[Joint] = []
    at_s = Fraction(0)
    for number, item in enumerate(track, 1):
        if isinstance(item, otio.schema.Transition):
            joints.append(Joint(item=item, at_s=at_s, start_s=at_s - seconds(item.in_offset), end_s=at_s + seconds(item.out_offset)))
            continue
        length = duration_of(item)
        seen = item.enabled and not isinstance(item, otio.schema.Gap)
        laid.append(Laid(item=item if seen else None, start_s=at_s, end_s=at_s + length, number=number))
        at_s += length
    return Lane(track.name, tuple(laid), tuple(joints))
