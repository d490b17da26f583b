"""Line 21 captions (ANSI/CTA-608-E) in Scenarist's file (.scc): pop-on, channel 1, two bytes a frame with odd parity, control codes twice.

A caption is sent before it is shown: its last code, End Of Caption, stands in the very frame in which it appears, and Erase Displayed
Memory in the frame in which it goes. Times are frames of 30000/1001 a second, in drop-frame or non-drop-frame numbering.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from answerprint.delivery import DeliveryError
from answerprint.delivery.captioning.rules import LINE_21, bare, width
from answerprint.model.time import Timecode, TimecodeError, round_half_up

__all__ = ["RATE", "Shown", "lacking", "moved", "plain", "read", "written"]

RATE = Fraction(30_000, 1001)
_HEADER = "Scenarist_SCC V1.0"
_ENM, _RCL, _EDM, _EOC = (0x14, 0x2E), (0x14, 0x20), (0x14, 0x2C), (0x14, 0x2F)
_BACKSPACE = (0x14, 0x21)
#: Preamble address codes: row -> first byte, and the second for white letters at the left edge (CTA-608-E table 53).
_ROWS = {1: (0x11, 0x50), 2: (0x11, 0x70), 3: (0x12, 0x50), 4: (0x12, 0x70), 5: (0x15, 0x50), 6: (0x15, 0x70), 7: (0x16, 0x50), 8: (0x16, 0x70),
         9: (0x17, 0x50), 10: (0x17, 0x70), 11: (0x10, 0x50), 12: (0x13, 0x50), 13: (0x13, 0x70), 14: (0x14, 0x50), 15: (0x14, 0x70)}  # fmt: skip
_BASIC = {chr(code): code for code in range(0x20, 0x7F)}
for _lost in "*\\^_`{|}~":
    del _BASIC[_lost]
_BASIC |= {"á": 0x2A, "é": 0x5C, "í": 0x5E, "ó": 0x5F, "ú": 0x60, "ç": 0x7B, "÷": 0x7C, "Ñ": 0x7D, "ñ": 0x7E}
_SPECIAL = dict(zip("®°½¿™¢£♪à\u00a0èâêîôû", range(0x30, 0x40), strict=True))  # after 0x11
_FRENCH = dict(zip("ÁÉÓÚÜü‘¡*’—©℠•“”ÀÂÇÈÊËëÎÏïÔÙùÛ«»", range(0x20, 0x40), strict=True))  # after 0x12, over a letter that is sent before
_GERMAN = dict(zip("ÃãÍÌìÒòÕõ{}\\^_|~ÄäÖöß¥¤¦ÅåØø┌┐└┘", range(0x20, 0x40), strict=True))  # after 0x13
#: What stands for a character where a decoder has only the basic ones.
_PLAIN = str.maketrans("ÁÉÓÚÜü‘¡*’—©℠•“”ÀÂÇÈÊËëÎÏïÔÙùÛ«»ÃãÍÌìÒòÕõ{}\\^_|~ÄäÖöß¥¤¦ÅåØø", "AEOUUu'!.'-Cs.\"\"AACEEEeIIiOUuU\"\"AaIIiOoOo()/'-!-AaOosYo!AaOo")
_ALIKE = str.maketrans({"–": "-", "‐": "-", "‑": "-", "…": "...", "„": "“", "‚": "‘", "′": "'", "″": '"', "ẞ": "SS", "Œ": "OE", "œ": "oe", "€": "EUR"})  # what 608 has another way to write


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A caption, in frames of line 21: it appears at `first` and is gone at `end`."""

    first: int
    end: int
    text: str


def lacking(text: str) -> str:
    """The characters that line 21 has no code for, each once."""
    return "".join(dict.fromkeys(one for one in plain(text) if one != "\n" and one not in _BASIC and one not in _SPECIAL and one not in _FRENCH and one not in _GERMAN))


def plain(text: str) -> str:
    """A text as line 21 writes it: dashes, dots and quotation marks that it lacks by those that it has."""
    return bare(text).translate(_ALIKE)


# ---- writing


def written(captions: Sequence[Shown], *, drop: bool) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Captions as an SCC file.

    Args:    captions: in order.  drop: number frames as drop-frame.
    Returns: the file, and (caption, counted from 1, frames) for each that comes late: what is to be sent takes longer than the one before stands.
    Raises:  DeliveryError: a character that line 21 does not have, too many lines, or a line that is too long.
    """
    slots: dict[int, tuple[int, int]] = {}
    late = []
    free = 0  # the first frame that may carry a load: the one before is shown by then
    ends: list[int] = []
    for number, one in enumerate(captions, 1):
        load = list(_load(one, number))
        at = one.first
        while True:
            taken = [frame for frame in range(free, at) if frame not in slots]
            if len(taken) >= len(load) and at not in slots and at + 1 not in slots:
                break
            at += 1
        if at > one.first:
            late.append((number, at - one.first))
        for frame, pair in zip(_together(taken, load), load, strict=True):
            slots[frame] = pair
        slots[at] = slots[at + 1] = _EOC
        free = at + 2
        following = captions[number].first if number < len(captions) else None
        end = max(one.end, at + 2)
        if following is None or end < following:
            slots[end] = slots[end + 1] = _EDM
            ends.append(end)
    lines = [f"{Timecode(frames=first, rate=RATE, drop=drop)}\t{' '.join(_hex(pair) for pair in pairs)}" for first, pairs in _stretches(slots)]
    return "\n\n".join([_HEADER, *lines]) + "\n", tuple(late)


def _together(free: Sequence[int], load: Sequence[tuple[int, int]]) -> list[int]:
    """The last frames before a caption is shown, doubled control codes always in two that follow each other."""
    out: list[int] = []
    place = len(free)
    n = len(load)
    while n:
        pair = n >= 2 and load[n - 1] == load[n - 2] and load[n - 1][0] < 0x20
        if pair and place >= 2 and free[place - 1] - free[place - 2] != 1:
            place -= 1  # the two stand on either side of another code: go before it
            continue
        take = 2 if pair else 1
        if place < take:
            raise IndexError
        out = list(free[place - take : place]) + out
        place -= take
        n -= take
    return out


def _load(one: Shown, number: int) -> Iterator[tuple[int, int]]:
    """Every pair of bytes that puts a caption into the memory that is not shown."""
    lines = [line.translate(_ALIKE) for line in bare(one.text).split("\n")]
    if missing := lacking(one.text):
        raise DeliveryError(f"caption {number}: line 21 (608) has no {', '.join(missing[:8])}. Leave scc out for this language, or write the words otherwise.")
    if len(lines) > 4:
        raise DeliveryError(f"caption {number} has {len(lines)} lines; line 21 (608) shows four.")
    for code in (_ENM, _RCL):
        yield code
        yield code
    for row, line in enumerate(lines, 15 - len(lines)):  # the lowest on row 14: row 15 is outside the safe area of old sets
        if width(line) > LINE_21.columns:
            raise DeliveryError(f"caption {number} has a line of {width(line)} characters; line 21 (608) holds {LINE_21.columns}. Make them with --608.")
        indent = (LINE_21.columns - width(line)) // 2
        first, second = _ROWS[row]
        address = first, second + 2 * (indent // 4)
        yield address
        yield address
        if indent % 4:
            tab = 0x17, 0x20 + indent % 4
            yield tab
            yield tab
        yield from _characters(line)


def _characters(line: str) -> Iterator[tuple[int, int]]:
    half: int | None = None
    for one in line:
        if one in _BASIC:
            if half is None:
                half = _BASIC[one]
            else:
                yield half, _BASIC[one]
                half = None
            continue
        if one in _SPECIAL:
            code = 0x11, _SPECIAL[one]
        else:
            code = (0x12, _FRENCH[one]) if one in _FRENCH else (0x13, _GERMAN[one])
            plain = _BASIC.get(one.translate(_PLAIN), 0x20)
            if half is None:
                half = plain
            else:
                yield half, plain
                half = None
        if half is not None:
            yield half, 0x00
            half = None
        yield code
        yield code
    if half is not None:
        yield half, 0x00


def _stretches(slots: dict[int, tuple[int, int]]) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Codes that follow each other frame by frame, with the frame of the first."""
    run: list[tuple[int, int]] = []
    first = last = -1
    for frame in sorted(slots):
        if run and frame != last + 1:
            yield first, run
            run = []
        if not run:
            first = frame
        run.append(slots[frame])
        last = frame
    if run:
        yield first, run


def _hex(pair: tuple[int, int]) -> str:
    return "".join(f"{_odd(byte):02x}" for byte in pair)


def _odd(byte: int) -> int:
    """Seven bits with the eighth that makes an odd number of ones."""
    return byte if byte.bit_count() % 2 else byte | 0x80


# ---- reading

_LINE = re.compile(r"^(\d\d:\d\d:\d\d[:;.,]\d\d)\s+((?:[0-9a-fA-F]{4}\s*)+)$")
_ROW_OF = {(first, second & 0x60): row for row, (first, second) in _ROWS.items()}
_OF_BASIC, _OF_SPECIAL = {code: one for one, code in _BASIC.items()}, {code: one for one, code in _SPECIAL.items()}
_OF_EXTENDED = {(0x12, code): one for one, code in _FRENCH.items()} | {(0x13, code): one for one, code in _GERMAN.items()}


class _Decoder:
    """A decoder of pop-on captions in channel 1."""

    def __init__(self) -> None:
        self.shown: list[Shown] = []
        self._memory: dict[int, list[str]] = {}
        self._row = 14
        self._on: tuple[int, str] | None = None
        self._last: tuple[int, int] | None = None

    def take(self, frame: int, pair: tuple[int, int]) -> None:
        if pair == self._last and 0x10 <= pair[0] < 0x20:
            self._last = None  # the second of two
            return
        self._last = pair
        if 0x10 <= pair[0] < 0x20:
            self._control(frame, pair)
        else:
            for byte in pair:
                if byte in _OF_BASIC:
                    self._memory.setdefault(self._row, []).append(_OF_BASIC[byte])

    def _control(self, frame: int, pair: tuple[int, int]) -> None:
        first, second = pair
        text = self._memory.setdefault(self._row, [])
        if pair == _ENM:
            self._memory = {}
        elif pair in (_EOC, _EDM):
            if self._on is not None and frame > self._on[0]:
                self.shown.append(Shown(first=self._on[0], end=frame, text=self._on[1]))
            self._on = None
            if pair == _EOC:
                lines = ["".join(self._memory[row]).strip() for row in sorted(self._memory)]
                words = "\n".join(line for line in lines if line)
                self._on = (frame, words) if words else None
                self._memory = {}
        elif pair == _BACKSPACE:
            del text[-1:]
        elif first == 0x11 and 0x30 <= second < 0x40:
            text.append(_OF_SPECIAL[second])
        elif pair in _OF_EXTENDED:
            text[-1:] = [_OF_EXTENDED[pair]]
        elif first == 0x11 and 0x20 <= second < 0x30:
            text.append(" ")  # a change of style takes a space
        elif (first, second & 0x60) in _ROW_OF and second >= 0x40:
            self._row = _ROW_OF[first, second & 0x60]

    def ended(self, frame: int) -> list[Shown]:
        if self._on is not None:
            self.shown.append(Shown(first=self._on[0], end=frame, text=self._on[1]))
        return self.shown


def read(text: str) -> tuple[list[Shown], list[str]]:
    """The pop-on captions of an SCC file, and what of it cannot be read. A caption that nothing erases stands three seconds."""
    lines = [line.strip() for line in text.replace("\r", "\n").split("\n") if line.strip()]
    if not lines or not lines[0].startswith(_HEADER):
        return [], [f"it does not begin with {_HEADER}"]
    decoder, wrong, frame = _Decoder(), [], 0
    for number, line in enumerate(lines[1:], 1):
        match = _LINE.match(line)
        if match is None:
            wrong.append(f"line {number} is no timecode with codes")
            continue
        try:
            start = Timecode.parse(match[1], rate=RATE).frames
        except TimecodeError as cause:
            wrong.append(f"line {number}: {str(cause).rstrip('.')}")
            continue
        for frame, code in enumerate(match[2].split(), start):
            value = int(code, 16)
            high, low = value >> 8, value & 0xFF
            if not (high.bit_count() % 2 and low.bit_count() % 2):
                wrong.append(f"line {number}: {code} has a wrong parity")
                break
            decoder.take(frame, (high & 0x7F, low & 0x7F))
    return decoder.ended(frame + round_half_up(3 * RATE)), wrong


def moved(text: str, frames: int) -> str:
    """The same file with every line so many frames later.

    Raises: DeliveryError: a line's timecode cannot be read.
    """
    def later(match: re.Match[str]) -> str:
        try:
            return str(Timecode.parse(match[1].replace(",", ";").replace(".", ";"), rate=RATE).plus(frames))
        except TimecodeError as cause:
            raise DeliveryError(f"these SCC captions cannot be moved: {cause}") from cause

    return re.sub(r"^(\d\d:\d\d:\d\d[:;.,]\d\d)", later, text, flags=re.MULTILINE)
