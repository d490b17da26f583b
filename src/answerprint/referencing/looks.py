"""Who looks where, as people marked it on frames, and where two marks of one scene put the camera on both sides of the line between two people.

The 180-degree rule is a habit, not a law: this is an idea, it blocks nothing, and it speaks only of what somebody marked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, Literal, get_args

from answerprint.desk import Desk
from answerprint.referencing.choosing import FrameError, called, crew, named, said, told

__all__ = ["Crossing", "Look", "Side", "crossed", "look", "looks", "unmark"]

Side = Literal["left", "right", "camera", "away"]


@dataclass(frozen=True, kw_only=True)
class Look:
    """A mark: on this frame somebody looks to one side of the picture, at somebody."""

    entry: int
    file: str
    item: int
    who: str
    at: str
    side: Side
    by: str  #: who marked it
    place: tuple[int, int] | None = None  #: where in the picture the one stands who looks: thousandths of its width and height; None where nobody said


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """Two marks that one side of the line cannot hold."""

    scene: str
    says: str
    marks: tuple[Look, Look]


def look(desk: Desk, file: str, *, item: int, who: str, at: str, side: str, by: str, place: tuple[int, int] | None = None, via: str = "terminal") -> Look:
    """Somebody marks on a frame who looks where. A later mark on the same person in the same frame takes its place.

    Args:   place: where they stand in the picture, in thousandths of its width and height.
    Raises: FrameError: no such frame, no such side, or nobody by that name.  DeskError: no such item.
    """
    whose = crew(desk, by)
    number = desk.item(str(item))
    if side not in get_args(Side):
        raise FrameError(f"{side!r} is no side of a picture. Somebody looks: {', '.join(get_args(Side))}.")
    if not who.strip() or not at.strip():
        raise FrameError("a look has somebody who looks, and somebody or something they look at.")
    if place is not None and not all(0 <= one <= 1000 for one in place):
        raise FrameError("that is beside the picture. Press on the one who looks.")
    frame = named(desk, file)
    body: dict[str, Any] = {"file": frame.file, "item": number, "who": who.strip(), "at": at.strip(), "side": side, "place": list(place) if place is not None else None}
    n = told(desk.production, f"in {frame.file} {who.strip()} looks {_where(side)} at {at.strip()}", whose, via, looks=body)
    return Look(entry=n, file=frame.file, item=number, who=who.strip(), at=at.strip(), side=side, by=whose, place=place)  # type: ignore[arg-type]


def unmark(desk: Desk, file: str, *, item: int, who: str, by: str, via: str = "terminal") -> None:
    """A mark is taken back.

    Raises: FrameError: there is no such mark.
    """
    whose = crew(desk, by)
    one = next((one for one in looks(desk) if called(one.file) == called(file) and one.item == item and one.who.casefold() == who.strip().casefold()), None)
    if one is None:
        raise FrameError(f"nobody marked in {Path(file).name} where {who.strip()} looks, so there is nothing to take back.")
    told(desk.production, f"in {one.file} where {one.who} looks is marked no more", whose, via, looks={"file": one.file, "item": item, "who": one.who, "side": None})


def looks(desk: Desk) -> tuple[Look, ...]:
    """Every mark that stands, by item, then as they were made."""
    found: dict[tuple[str, int, str], Look] = {}
    for n, body in said(desk.production, "looks"):
        one = body["looks"]
        if not isinstance(one.get("item"), int):
            continue
        key = (str(one.get("file", "")), one["item"], str(one.get("who", "")).casefold())
        found.pop(key, None)
        if one.get("side") in get_args(Side):
            found[key] = Look(entry=n, file=key[0], item=key[1], who=str(one["who"]), at=str(one["at"]), side=one["side"], by=str(body.get("by", "")), place=_place(one.get("place")))
    return tuple(sorted(found.values(), key=lambda one: (one.item, one.entry)))


def crossed(desk: Desk) -> tuple[Crossing, ...]:
    """Where the marks of one scene lie on both sides of the line. Empty: nothing is marked, or nothing that is marked crosses."""
    scenes: dict[str, list[Look]] = {}
    for one in looks(desk):
        item = desk.items.get(one.item)
        if item is not None and one.side in ("left", "right"):
            scenes.setdefault(item.scene or item.heading or "", []).append(one)
    return tuple(crossing for scene, marks in scenes.items() for crossing in _of(scene, marks))


def _of(scene: str, marks: Iterable[Look]) -> Iterable[Crossing]:
    for one, other in combinations(marks, 2):
        first, second = (one.who.casefold(), one.at.casefold()), (other.who.casefold(), other.at.casefold())
        same_way, facing = first == second, first == second[::-1]
        if (same_way and one.side != other.side) or (facing and one.side == other.side):
            where = f"scene {scene}" if scene else "the film"
            if same_way:
                what = f"{one.who} looks {_where(one.side)} at {one.at} in {_frame(one)}, and {_where(other.side)} in {_frame(other)}"
            else:
                what = f"{one.who} looks {_where(one.side)} at {one.at} in {_frame(one)}, and {other.who} looks {_where(other.side)} at {other.at} in {_frame(other)}: both to one side"
            yield Crossing(scene=scene, says=f"In {where}, {what}. By these marks the camera stands on both sides of the line between them.", marks=(one, other))


def _place(value: Any) -> tuple[int, int] | None:
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(one, int) and 0 <= one <= 1000 for one in value):
        return None
    return value[0], value[1]


def _where(side: str) -> str:
    return {"left": "to the left", "right": "to the right", "camera": "into the camera", "away": "away from the camera"}[side]


def _frame(one: Look) -> str:
    return f"item {one.item} ({one.file.rpartition('/')[2]}, marked by {one.by})"
