"""An edit decision list as records: its events with their notes, and how fast its frames count."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from answerprint.model.extend import Loss
from answerprint.model.time import Timecode, TimecodeError, parse_rate, rate_name
from answerprint.timeline import TimelineError

__all__ = ["Event", "Listed", "listed"]

_LARGEST = 64 * 2**20  #: bytes; 9,999 events with every comment are under 10 MB
_TC = r"(\d{1,2}[:;.]\d{2}[:;.]\d{2}[:;.,]\d{2})"
_EVENT = re.compile(rf"^(\d{{1,6}})\s+(\S.*?)\s+([A-Z0-9/]{{1,6}})\s+(C|D|W\d{{1,3}}|KB?|KO|K\s+[BO])\s+(?:(\d{{1,3}})\s+)?(?:\(?F\)?\s+)?{_TC}\s+{_TC}\s+{_TC}\s+{_TC}\s*$")
_LIKE = re.compile(r"^\d{1,6}\s+\S.*\d[:;.]\d{2}[:;.]\d{2}")
_CHANNEL = re.compile(r"^(?:V\d*|B|NONE|A\d*|AA|(?:AA|A\d*|A)/V|V/?A\d*)$")
_SPEED = re.compile(rf"^M2\s+(.*?)\s+(-?\d+(?:\.\d+)?)(?:\s+{_TC})?\s*$")
_SOP = re.compile(r"^ASC_SOP:?\s*\(([^)]*)\)\s*\(([^)]*)\)\s*\(([^)]*)\)")
_SAT = re.compile(r"^ASC_SAT:?\s*([\d.]+)")


@dataclass
class Event:
    """One line of a list that shows something, and the notes under it. Labels are text until the rate is known."""

    line: int
    number: str
    reel: str
    channels: str
    kind: str  #: "C", "D", "W001", "K", "KB", "KO"
    length: int  #: of a transition in frames
    labels: tuple[str, str, str, str]  #: source in and out, record in and out
    frames: tuple[int, int, int, int] = (0, 0, 0, 0)
    drops: bool = False  #: whether the source's labels drop
    speed: Fraction | None = None  #: frames a second that M2 says
    extra: list[int] = field(default_factory=list)  #: sound channels that AUD lines add
    name: str = ""
    to: str = ""
    file: str = ""
    path: str = ""
    scene: str = ""
    take: str = ""
    note: str = ""
    cut: str = ""  #: where the cut inside a transition is, in lists of ours
    locators: list[tuple[str, str, str]] = field(default_factory=list)  #: record label, colour, text
    cdl: dict[str, Any] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)


@dataclass
class Listed:
    """A whole list."""

    title: str
    rate: Fraction
    drop: bool
    events: list[Event]
    reels: dict[str, str]  #: what a shortened reel is


def listed(raw: bytes, options: Mapping[str, Any], losses: list[Loss]) -> Listed:
    """Read the lines of a list and find its rate.

    Raises: TimelineError in one sentence: no list, a line that cannot be an event, a label that does not exist.
    """
    name = str(options.get("name", "this file"))
    if len(raw) > _LARGEST:
        raise TimelineError(f"{name} holds {len(raw)} bytes; an EDL over {_LARGEST} is not read.")
    text = _text(raw, name)
    title, drop = "", False
    events: list[Event] = []
    reels: dict[str, str] = {}
    unknown: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith(("REM", "#")):
            continue
        if line.upper().startswith("TITLE:"):
            title = line[6:].strip()
        elif line.upper().startswith("FCM:"):
            drop = drop or (not events and "NON" not in line.upper() and "DROP" in line.upper())
        elif (found := _EVENT.match(line)) is not None and _CHANNEL.match(found[3]):
            kind = found[4].replace(" ", "")
            events.append(Event(number, found[1], found[2].strip(), found[3], kind, int(found[5] or 0), (found[6], found[7], found[8], found[9])))
        elif _LIKE.match(line):
            raise TimelineError(f"{name}, line {number}: {line[:60]!r} is not an event of a CMX 3600 list. Export the list again as CMX 3600.")
        elif not _note(line, events, reels):
            unknown.append(line)
    if not events:
        raise TimelineError(f"{name} has no events in it; it is not a CMX 3600 list, or an empty one.")
    if unknown:
        losses.append(Loss(clip=name, says=f"{len(unknown)} lines are not CMX 3600 and were not read, the first: {unknown[0][:60]!r}."))
    rate, drop = _rate(events, drop, options, name, losses)
    _count(events, rate, drop, name)
    return Listed(title or name, rate, drop, events, reels)


def _text(raw: bytes, name: str) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    if b"\0" in raw:
        raise TimelineError(f"{name} is not an EDL: it is not text. Export the list again.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("mac-roman" if b"\r" in raw and b"\n" not in raw else "cp1252", errors="replace")


def _note(line: str, events: list[Event], reels: dict[str, str]) -> bool:
    """Give a line that is no event to the event before it. False for a line nobody knows."""
    if line.startswith(">>>"):
        return True  # Avid's list of sources with their identifiers; reels stand in the events as well
    here = events[-1] if events else None
    if (speed := _SPEED.match(line)) is not None and here is not None:
        _speed(speed, events)
        return True
    if line.startswith("AUD") and here is not None:
        here.extra += [int(part) for part in line[3:].split() if part.isdecimal()]
        return True
    if line.startswith(("EFFECTS NAME IS", "SPLIT:", "GPI", "BLEND", "FINAL CUT PRO")):
        replaced = re.match(r"FINAL CUT PRO REEL:\s*(\S.*?)\s+REPLACED BY:\s*(\S+)", line)
        if replaced:
            reels[replaced[2]] = replaced[1]
        elif here is not None:
            here.comments.append(line)
        return True
    if not line.startswith("*"):
        return False
    body = line.lstrip("* ").strip()
    reel = re.match(r"REEL (\S+) IS (\S.*)$", body)
    if reel:
        reels[reel[1]] = reel[2]
    elif here is not None:
        _comment(body, here)
    return True


def _speed(match: re.Match[str], events: list[Event]) -> None:
    """M2 names a reel and a source label: the event, or the outgoing half of a transition, that has both."""
    halves = events[-2:] if len(events) > 1 and events[-1].kind != "C" else events[-1:]
    for event in reversed(halves):
        if event.reel == match[1].strip() and (match[3] is None or match[3].replace(";", ":") == event.labels[0].replace(";", ":")):
            event.speed = Fraction(match[2])
            return
    halves[-1].speed = Fraction(match[2])


_FIELDS = {"FROM CLIP NAME": "name", "TO CLIP NAME": "to", "SOURCE FILE": "file", "FROM CLIP": "path", "SCENE": "scene", "TAKE": "take", "COMMENT": "note", "CUT POINT": "cut"}


def _comment(body: str, here: Event) -> None:
    head, colon, value = body.partition(":")
    if colon and head.strip().upper() in _FIELDS:
        setattr(here, _FIELDS[head.strip().upper()], value.strip())
        return
    if locator := re.match(rf"LOC:\s*{_TC}\s*(\S*)\s*(.*)$", body):
        here.locators.append((locator[1], locator[2].upper(), locator[3].strip()))
        return
    try:
        if sop := _SOP.match(body):
            here.cdl["asc_sop"] = {part: [float(value) for value in sop[place].split()] for place, part in enumerate(("slope", "offset", "power"), 1)}
            return
        if sat := _SAT.match(body):
            here.cdl["asc_sat"] = float(sat[1])
            return
    except ValueError:
        pass  # a colour decision that is not numbers is kept as the comment it is
    if body:
        here.comments.append(body)


def _rate(events: list[Event], drop: bool, options: Mapping[str, Any], name: str, losses: list[Loss]) -> tuple[Fraction, bool]:
    """The rate: drop-frame says 29.97 (59.94 where frames pass 29); else the caller's, unless its frames do not fit."""
    drop = drop or any(";" in event.labels[2] for event in events)
    highest = max(_last(label) for event in events for label in event.labels)
    told = options.get("rate")
    try:
        rate = parse_rate(told) if isinstance(told, (str, int, Fraction)) else None
    except TimecodeError as cause:
        raise TimelineError(str(cause)) from cause
    if drop:
        if rate is not None and -(-rate.numerator // rate.denominator) % 30 == 0 and highest < -(-rate.numerator // rate.denominator):
            return rate, True
        return (Fraction(30000, 1001) if highest < 30 else Fraction(60000, 1001)), True
    if rate is None:
        if highest < 24:
            raise TimelineError(f"{name} does not say its frame rate, and a list cannot. Say it: 23.976, 24, 25 or 29.97.")
        rate = Fraction(1)
    nominal = -(-rate.numerator // rate.denominator)
    if highest < nominal:
        return rate, False
    found = next(Fraction(count) for count in (25, 30, 50, 60, 100) if highest < count)
    if rate.denominator == 1001 and found % 30 == 0:
        found = found * Fraction(1000, 1001)
    recorded = max(_last(label) for event in events for label in event.labels[2:])
    if recorded < nominal and _agree(events, nominal) > _agree(events, -(-found.numerator // found.denominator)):
        losses.append(Loss(clip=name, says=f"some sources count frames to {highest:02d} in a list of {rate_name(rate)}: they are of another rate, and read to the nearest frame."))
        return rate, False
    said = f", and not at {rate_name(rate)}" if told is not None else ""
    losses.append(Loss(clip=name, says=f"its frames count to {highest:02d}, so it is read at {rate_name(found)}{said}."))
    return found, False


def _last(label: str) -> int:
    return int(re.split(r"[:;.,]", label)[3])


def _agree(events: list[Event], nominal: int) -> int:
    """How many events last as long at the source as on the record, when a second has so many frames."""
    agree = 0
    for event in events:
        counts = []
        for label in event.labels:
            hours, minutes, seconds, frame = (int(part) for part in re.split(r"[:;.,]", label))
            counts.append((hours * 3600 + minutes * 60 + seconds) * nominal + frame)
        agree += counts[1] - counts[0] == counts[3] - counts[2]
    return agree


def _count(events: list[Event], rate: Fraction, drop: bool, name: str) -> None:
    """Labels to frame numbers. In a drop-frame list that writes semicolons, a source with colons does not drop."""
    marked = any(";" in label for event in events for label in event.labels)
    nominal = -(-rate.numerator // rate.denominator)
    for event in events:
        event.drops = drop and (not marked or ";" in event.labels[0])
        frames = []
        for place, label in enumerate(event.labels):
            drops = event.drops if place < 2 else drop
            if not drop and ";" in label:
                drops = nominal % 30 == 0
                event.drops = event.drops or (drops and place < 2)
            if place < 2 and _last(label) >= nominal:
                faster = next((count for count in (25, 30, 50, 60, 100) if _last(label) < count), 100)
                label = f"{label[:-2]}{_last(label) * nominal // faster:02d}"
            try:
                frames.append(Timecode.parse(label, rate=rate, drop=drops).frames)
            except TimecodeError as cause:
                raise TimelineError(f"{name}, line {event.line}: {cause}") from cause
        if frames[3] < frames[2]:
            raise TimelineError(f"{name}, line {event.line}: the record ends at {event.labels[3]}, before it begins at {event.labels[2]}. Export the list again.")
        event.frames = (frames[0], frames[1], frames[2], frames[3])
