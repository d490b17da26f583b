"""Where the items of an xmeml track lie: edges that a transition hides, and tracks that are the channels of one sound."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from answerprint.model.time import round_half_up
from answerprint.timeline.formats.xmeml import values
from answerprint.timeline.formats.xmeml.document import number
from answerprint.timeline.formats.xmeml.values import word

__all__ = ["Placed", "cut_of", "joined", "place_of", "placed"]


@dataclass
class Placed:
    """An item on its track, in exact frames of the sequence."""

    node: Any
    start: Fraction
    end: Fraction
    cut_in: Fraction  #: how many frames of a dissolve lie before `start`, already seen


def placed(track: Any) -> tuple[list[Placed], list[Any]]:
    """Items of a track by where they begin, a clip's edge under a transition moved to the cut inside it; and the transitions."""
    nodes = [node for node in track if node.tag in ("clipitem", "generatoritem", "transitionitem")]
    items: list[Placed] = []
    for index, node in enumerate(nodes):
        if node.tag == "transitionitem":
            continue
        start, end = number(node, "start"), number(node, "end")
        early = Fraction(0)
        before = nodes[index - 1] if index else None
        after = nodes[index + 1] if index + 1 < len(nodes) else None
        if start is None and before is not None and before.tag == "transitionitem":
            start = cut_of(before)
            early = start - (number(before, "start") or Fraction(0))
        if end is None and after is not None and after.tag == "transitionitem":
            end = cut_of(after)
        length = (number(node, "out") or Fraction(0)) - (number(node, "in") or Fraction(0))
        start = start if start is not None else end - length if end is not None else Fraction(0)
        end = end if end is not None else start + length
        items.append(Placed(node, start, end, early))
    return sorted(items, key=lambda here: here.start), [node for node in nodes if node.tag == "transitionitem"]


def cut_of(node: Any) -> Fraction:
    """Where inside a transition the cut is: Premiere says it in ticks, the others by alignment."""
    start, end = number(node, "start") or Fraction(0), number(node, "end") or Fraction(0)
    ticks = number(node, "cutPointTicks")
    rate = values.rate_of(node.find("rate"))
    if ticks is not None and rate is not None and start <= start + ticks / values.TICKS * rate <= end:
        return Fraction(round_half_up(start + ticks / values.TICKS * rate))
    alignment = word(node, "alignment").lower()
    if alignment.startswith("start"):
        return start
    return end if alignment.startswith("end") else Fraction(round_half_up((start + end) / 2))


def joined(tracks: list[Any]) -> list[list[Any]]:
    """Tracks that are the channels of one: each item of the next plays the next channel of the same file at the same place."""
    groups: list[list[Any]] = []
    for track in tracks:
        items = track.findall("clipitem")
        if groups and items:
            heads = {place_of(item) for item in groups[-1][0].iterfind("clipitem")}
            allowed = {str(len(groups[-1]) + 1)}
            if track.get("currentExplodedTrackIndex") == str(len(groups[-1])):
                allowed.add("")  # Premiere names no channel for the sound of a nested sequence
            if all(place_of(item) in heads and (item.findtext("sourcetrack/trackindex") or "").strip() in allowed for item in items):
                groups[-1].append(track)
                continue
        groups.append([track])
    return groups


def place_of(item: Any) -> tuple[str, ...]:
    """What an item plays and where it lies: the same for each channel of one sound."""
    file = item.find("file") if item.find("file") is not None else item.find("sequence")
    return (file.get("id", "") if file is not None else "", *(word(item, tag) for tag in ("start", "end", "in", "out", "enabled")))
