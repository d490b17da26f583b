"""Where a super stands in a cut: as the table says it, or where the script's own item has its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from answerprint.model.time import Span, Timecode, TimecodeError, round_half_up
from answerprint.supering.markets import Market, SuperingError

if TYPE_CHECKING:
    from answerprint.desk import Desk
    from answerprint.timeline.edit import Use

__all__ = ["Place", "frame", "placed"]

_SECONDS = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?(?: ?s)?")
_LAST = re.compile(r"\bend ?(?:card|board|frame|super|title)|\bpack ?shot", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Frames of the film, [first, end)."""

    first: int
    end: int

    @property
    def frames(self) -> int:
        return self.end - self.first


def frame(text: str, *, rate: Fraction, start: Timecode) -> int:
    """What a person writes for a moment or a length, in frames from the film's first: "00:00:05:12", "5.5", "5.5 s".

    A timecode from the cut's own start on is counted from there: where a film begins at 10:00:00:00, 10:00:05:00 is five seconds in.
    Raises: SuperingError: it is neither.
    """
    if _SECONDS.fullmatch(text):
        return round_half_up(Fraction(text.rstrip("s ").replace(",", ".")) * rate)
    try:
        found = Timecode.parse(text, rate=rate).frames
    except TimecodeError as cause:
        raise SuperingError(f"{text!r} is neither a timecode nor seconds ({cause}). Write 00:00:05:12, or 5.5") from cause
    return found - start.frames if start.frames and found >= start.frames else found


def placed(desk: Desk, parent: str, one: Market, *, start: Timecode) -> Place:
    """Where a row's super stands in the cut of the version that it comes from.

    Raises: SuperingError: nothing says where or how long, or it does not lie within the film; the column is named.
    """
    from answerprint.timeline.edit import edit_of

    rate = start.rate
    edit = edit_of(desk.timeline(parent))
    film = round_half_up(edit.length_s * rate)
    own = _of_item(desk, parent, int(one["item"]), edit.picture, rate) if one["item"] else None
    length = _length(desk, one, own, rate, start)
    if one["at"].casefold() == "end":
        first = film - length
    elif one["at"]:
        first = _said("at", one["at"], rate, start)
    else:
        assert own is not None
        first = own.first
    if first < 0 or first + length > film:
        over = first + length - film
        ends = f"ends {over} frames after the film's last" if over > 0 else f"begins {-first} frames before the film's first"
        raise SuperingError(f"column {'at' if one['at'] else 'for'}: it {ends}; {parent} has {film} frames.")
    return Place(first=first, end=first + length)


def _length(desk: Desk, one: Market, own: Place | None, rate: Fraction, start: Timecode) -> int:
    if one["for"]:
        length = _said("for", one["for"], rate, Timecode(frames=0, rate=rate, drop=start.drop))
        if length < 1:
            raise SuperingError(f"column for: {one['for']!r} is not one frame long.")
        return length
    item = desk.items.get(int(one["item"])) if one["item"] else None
    if item is not None and item.seconds:
        return round_half_up(item.seconds * rate)
    if own is None:
        raise SuperingError("column for: how long does it stand? Say it in seconds, or as a timecode.")
    return own.frames


def _said(column: str, text: str, rate: Fraction, start: Timecode) -> int:
    try:
        return frame(text, rate=rate, start=start)
    except SuperingError as cause:
        raise SuperingError(f"column {column}: {cause}") from cause


def _of_item(desk: Desk, parent: str, number: int, picture: Sequence[Use], rate: Fraction) -> Place:
    """The place of an item in a cut: lettering with its words; for an end card the lettering that ends the film; else the shot of the item that it
    is written over, which is the one before it in the script.

    Raises: SuperingError: the script has no such item, or nothing of it is in the cut.
    """
    item = desk.items.get(number)
    if item is None:
        has = f"It has items {min(desk.items)} to {max(desk.items)}" if desk.items else "There is no script here"
        raise SuperingError(f"column item: the script has no item {number}. {has}.")
    words = _words(item.text)
    same = [use for use in picture if use.lettering and use.media is None and (said := _words(use.medium.removeprefix("lettering "))) and (said in words or words in said)]
    cards = desk.cuts[parent].replaceable
    last = max(picture, key=lambda use: (use.start_s + use.length_s, -use.layer), default=None)
    if not same and last is not None and _LAST.search(item.text) and (last.lettering or (last.media is not None and (last.media.file or last.media.name) in cards)):
        same = [last]
    if not same:
        before = [one for one in desk.items.values() if one.number <= number and not (one.card and one.number == number)]
        for other in reversed(before):
            if same := [use for use in picture if _shows(desk, other.number, use)]:
                break
    if not same:
        raise SuperingError(f"column item: nothing in the cut of {parent} shows item {number}, or what stands before it in the script. Say its place in the columns at and for.")
    return Place(first=round_half_up(min(use.start_s for use in same) * rate), end=round_half_up(max(use.start_s + use.length_s for use in same) * rate))


def _shows(desk: Desk, item: int, use: Use) -> bool:
    return use.media is not None and any(
        one.file == use.media.file and use.source.overlap(Span(start_s=Fraction(one.in_s), end_s=max(Fraction(one.in_s), Fraction(one.out_s)))) is not None
        for one in desk.tries_at(item)
    )


def _words(text: Any) -> str:
    return " ".join(re.findall(r"\w+", str(text).casefold()))
