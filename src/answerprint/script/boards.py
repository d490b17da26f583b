"""What is written on a slate's board: lines of text with their places become scene, slate, take and roll.

Boards differ: a label stands over its value, left of it, in the corner of its cell, or lies on its side; it is often too small to be read.
Handwriting is read for what it is not. So a value needs its label, or its place in the one row that all boards share - roll, scene, take,
larger than what is around it - and then says so. A board needs words of its own: packaging and posters are full of text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["Board", "Written", "agreed", "board"]

#: a board's labels and what each means
_LABELS = {
    "ROLL": "roll", "CARD": "roll", "MAG": "roll", "REEL": "roll", "SCENE": "scene", "TAKE": "take", "SLATE": "slate", "SETUP": "slate", "SHOT": "shot",
    "PROD": "production", "PRODUCTION": "production", "TITLE": "production", "PROJECT": "production", "DIRECTOR": "director", "DIR": "director", "CAMERA": "camera",
    "CAM": "camera", "DOP": "camera", "DATE": "date", "FPS": "fps", "LENS": "lens", "FILTER": "filter", "SOUND": "sound", "EPISODE": "episode",
}  # fmt: skip
_MARKS = {"INT", "EXT", "DAY", "NITE", "NIGHT", "SYNC", "MOS", "TAIL", "PU", "PICKUP", "SER", "SERIES"}
_NAMING = ("take", "scene", "slate", "roll", "shot")
_PRINTED = (("INT", "EXT"), ("DAY", "NITE"), ("DAY", "NIGHT"), ("SYNC", "MOS"))  # choices a board is printed with, to be circled
_SCENE = r"[A-Z]?\d{1,4}[A-Z]{0,3}"
_SUITS = {"take": r"\d{1,3}(?:PU|SER)?", "scene": rf"{_SCENE}(?:[-/]\d{{1,2}})?", "slate": r"\d{1,4}[A-Z]?(?:[-/]\d{1,2})?", "roll": r"[A-Z]?\d{1,4}[A-Z]?", "shot": r"\d{1,4}[A-Z]?|[A-Z]"}  # fmt: skip
_FIGURES = str.maketrans({"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "|": "1", "!": "1", "Z": "2", "S": "5", "B": "8"})
_DATE = r"\d{1,2}[ ./-]?(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*|\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}"
_RATES = {"23.976", "23.98", "29.97", "59.94", "119.88"}  # nobody but a camera department writes these
_TALLER = 1.3  # the row of roll, scene and take over the middle line of its board: 1.6 and more on the boards tried
_AS_LARGE = 0.8  # a choice printed to be circled is half as large as what is written
_SCORE = 0.6  # of a line; what was read with less from real boards was wrong more often than right
_SURE = 0.9  # typed boards are read with 0.97 and more; handwriting with 0.7 to 1.0
_FAR, _UNDER = 6.0, 3.0  # of a line's height: how far right of its label, and below it, a value stands


@dataclass(frozen=True, kw_only=True)
class Written:
    """One line of text as it was read in a picture."""

    text: str
    corners: tuple[tuple[float, float], ...]  #: four, from the upper left of the text, clockwise, in pixels
    score: float  #: 0..1, mean over its characters, as the reader gives it


@dataclass(frozen=True, kw_only=True)
class Board:
    """What one board says. At least one of its own words was read; every value may be unknown."""

    scene: str | None = None
    slate: str | None = None
    take: int | None = None
    roll: str | None = None
    mos: bool = False
    tail: bool = False  #: the board says so in words
    pickup: bool = False
    series: bool = False
    labels: tuple[str, ...] = ()  #: the words of a board that were read, in reading order
    measures: Mapping[str, str] = field(default_factory=dict)  #: by "scene", "slate", "take", "roll": how surely it was read

    @property
    def names(self) -> bool:
        """Whether it says anything that tells one take from another."""
        return self.take is not None or self.scene is not None or self.slate is not None


@dataclass(frozen=True)
class _Word:
    """One word with its place, the board's turn taken out."""

    text: str
    score: float
    line: int
    x0: float
    x1: float
    y0: float
    y1: float
    means: str = ""  # of a label
    exact: bool = True

    @property
    def x(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def high(self) -> float:
        return max(1.0, min(self.y1 - self.y0, self.x1 - self.x0 if self.means else self.y1 - self.y0))  # a label may lie on its side


def board(written: Sequence[Written]) -> Board | None:
    """Read one board.

    Args:   written: every line of text in the part of the picture that may be a board, in any order.
    Empty:  None where fewer than two of a board's words stand there, or none that names a take: "PROD" and "DATE" are on packaging too.
    """
    words = list(_words(written))
    labels = [word for word in words if word.means]
    marks = [_plain(word.text) for word in words if not word.means and _plain(word.text) in _MARKS]
    values = [word for word in words if not word.means and _plain(word.text) not in _MARKS and word.score >= _SCORE]
    known = {word.means for word in labels} | set(marks) | ({"date"} if _dated(written) else set())
    found = _assigned([word for word in labels if word.means in _NAMING], labels, values)
    by_place = _by_place(found, labels, values) if known else {}
    if not by_place and (len(known) < 2 or not any(word.means in _NAMING for word in labels) or not (marks or any(word.exact for word in labels))):
        return None
    says = {what: text for what, (_, text, _) in found.items()} | {what: word.text for what, word in by_place.items()}
    measures = {what: _measure(word, doubt) for what, (word, _, doubt) in found.items()}
    measures |= {what: f"{_measure(word, '')}; told by its place, its label is too small" for what, word in by_place.items()}
    scene, slate, take, ends = _named(says, measures)
    return Board(
        scene=scene, slate=slate, take=take, roll=says.get("roll"), mos=_mos(words), tail="TAIL" in marks, pickup=ends == "PU" or bool({"PU", "PICKUP"} & set(marks)),
        series=ends == "SER" or bool({"SER", "SERIES"} & set(marks)), labels=tuple(dict.fromkeys(word.text for word in labels)), measures={what: measures[what] for what in measures if what != "shot"},
    )  # fmt: skip


def _dated(written: Sequence[Written]) -> bool:
    return any(re.fullmatch(_DATE, line.text.strip().upper()) or line.text.strip() in _RATES for line in written)


def agreed(boards: Sequence[Board]) -> Board:
    """One board read in several pictures: each value as most of them have it, the first among as many, and how many that were.

    Args:   boards: at least one. A word such as MOS stands where at least half of them have it.
    """
    values: dict[str, str | int | None] = {}
    measures: dict[str, str] = {}
    for what in ("scene", "slate", "take", "roll"):
        seen = [(value, one.measures.get(what) or "") for one in boards if (value := getattr(one, what)) is not None]
        if not seen:
            continue
        ranked = sorted({value for value, _ in seen}, key=lambda value: (-sum(other == value for other, _ in seen), [other for other, _ in seen].index(value)))
        best, others = ranked[0], ranked[1:]
        count = sum(value == best for value, _ in seen)
        told = [measure for value, measure in seen if value == best and measure]
        clear = sorted(told, key=lambda measure: "read from" in measure)
        doubt = f"; read from pictures that differ, another has {', '.join(repr(str(other)) for other in others)}" if others and 2 * count <= len(boards) else ""
        values[what], measures[what] = best, f"{clear[0] if clear else ''}, in {count} of {len(boards)} pictures{doubt}".removeprefix(", ")
    said = {what: 2 * sum(getattr(one, what) for one in boards) >= len(boards) for what in ("mos", "tail", "pickup", "series")}
    labels = tuple(dict.fromkeys(label for one in boards for label in one.labels))
    return Board(**values, **said, labels=labels, measures=measures)  # type: ignore[arg-type]


# ---- words and their places


def _words(written: Sequence[Written]) -> Iterator[_Word]:
    turn = _turn(written)
    for number, line in enumerate(written):
        straight = [(x * math.cos(turn) + y * math.sin(turn), y * math.cos(turn) - x * math.sin(turn)) for x, y in line.corners]
        x0, x1 = (straight[0][0] + straight[3][0]) / 2, (straight[1][0] + straight[2][0]) / 2
        y0, y1 = (straight[0][1] + straight[1][1]) / 2, (straight[2][1] + straight[3][1]) / 2
        parts = [match for run in re.finditer(r"[^\s:;|]+", line.text) for match in _apart(run)]
        whole = max(1, len(line.text))
        for begin, end, text in parts:
            means, exact = _label(text)
            yield _Word(text.upper(), line.score, number, x0 + (x1 - x0) * begin / whole, x0 + (x1 - x0) * end / whole, y0, y1, means, exact)


def _turn(written: Sequence[Written]) -> float:
    """How far the board is turned, in radians: the middle of its long lines."""
    turns = []
    for line in written:
        (ax, ay), (bx, by), _, (dx, dy) = line.corners
        long = math.hypot(bx - ax, by - ay)
        if long > 1.5 * math.hypot(dx - ax, dy - ay):
            turns.append(math.atan2(by - ay, bx - ax))
    return sorted(turns)[len(turns) // 2] if turns else 0.0


def _apart(run: re.Match[str]) -> Iterable[tuple[int, int, str]]:
    """A run of characters as (begin, end, text): "TAKE3" is a label and its value; marks around a word fall away."""
    text, begin = run[0], run.start()
    glued = re.fullmatch(r"(ROLL|SCENE|TAKE|SLATE)[.#]?(\d\S*)", text, re.IGNORECASE)
    if glued:
        return ((begin + glued.start(n), begin + glued.end(n), glued[n]) for n in (1, 2))
    bare = text.strip(".,#*\"'()[]{}_=<>~")
    return [(begin, run.end(), bare)] if bare and bare.isascii() else []


def _plain(text: str) -> str:
    text = text.upper()
    text = "MOS" if text in ("M.O.S", "M0S") else "TAIL" if text in ("T/S", "TAILS") else text
    return "PU" if text in ("P/U", "P.U") else "PICKUP" if text == "PICK-UP" else text


def _label(text: str) -> tuple[str, bool]:
    """What a label means, and whether it stands there to the letter; ("", True) for anything else."""
    plain = re.sub(r"[^A-Z0-9]", "", text.upper())
    if plain in _LABELS:
        return _LABELS[plain], True
    if len(plain) < 4 or plain in _MARKS or sum(one.isdigit() for one in plain) > 1:
        return "", True
    for label, means in _LABELS.items():
        if len(label) >= 4 and plain[0] == label[0] and _differ(plain, label) <= (2 if len(label) >= 8 else 1):
            return means, False
    return "", True


def _differ(one: str, other: str) -> int:
    """Letters to change, add or leave out to make one word the other (Levenshtein)."""
    row = list(range(len(other) + 1))
    for n, a in enumerate(one, 1):
        before, row[0] = row[0], n
        for m, b in enumerate(other, 1):
            before, row[m] = row[m], min(row[m] + 1, row[m - 1] + 1, before + (a != b))
    return row[-1]


# ---- a value for each label


def _assigned(naming: Sequence[_Word], labels: Sequence[_Word], values: Sequence[_Word]) -> dict[str, tuple[_Word, str, str]]:
    """For each meaning its value: the word, its text, and what it was read from where that differs. The nearest pair first."""
    pairs = []
    for label in naming:
        for value in values:
            fit = _fits(label.means, _joined(value, values))
            cost = _apart_by(label, value, labels) if fit else None
            if fit and cost is not None:
                pairs.append((cost, label, value, fit))
    found: dict[str, tuple[_Word, str, str]] = {}
    used: set[_Word] = set()
    for _, label, value, (text, doubt) in sorted(pairs, key=lambda pair: pair[0]):
        if label.means not in found and value not in used:
            found[label.means] = (value, text, doubt)
            used.add(value)
    return found


def _joined(value: _Word, values: Sequence[_Word]) -> str:
    """A value and what is written right behind it on the same line: "12 A" is 12A, "3 PU" stays 3."""
    nearest = min((one for one in values if one.line == value.line and one.x0 >= value.x1), key=lambda one: one.x0, default=None)
    if nearest is not None and value.text.isdigit() and re.fullmatch(r"[A-Z]{1,2}", nearest.text) and nearest.x0 - value.x1 < 1.5 * value.high:
        return value.text + nearest.text
    return value.text


def _fits(means: str, text: str) -> tuple[str, str] | None:
    """(the value, what it was read from where a letter was taken for a figure), or None where it is no such value."""
    text = re.sub(r"[^A-Z0-9/|!-]", "", text.upper()).strip("-/")
    if re.fullmatch(_SUITS[means], text):
        return text, ""
    ends = re.search(r"(?:PU|SER)$", text) if means == "take" else None
    figures = text[: ends.start()] if ends else text
    letters = re.search(r"(?<=.)[A-Z]$", figures) if means in ("scene", "slate") else None
    body = figures[: letters.start()] if letters else figures
    turned = body.translate(_FIGURES)
    if body and turned.isdigit() and re.fullmatch(_SUITS[means], turned + (letters[0] if letters else "")):
        return turned + (letters[0] if letters else "") + (ends[0] if ends else ""), text
    return None


def _apart_by(label: _Word, value: _Word, labels: Sequence[_Word]) -> float | None:
    """How far a value stands from its label, in lines: on its line, right of it, or below it; None where another label is nearer."""
    high = max(label.high, value.high)
    if label.line == value.line and value.x0 >= label.x1:
        between = any(one.line == label.line and label.x1 <= one.x < value.x0 for one in labels)
        return None if between else (value.x0 - label.x1) / high / 10
    if abs(value.y - label.y) <= 0.6 * max(value.y1 - value.y0, label.y1 - label.y0) and value.x0 >= label.x1 - high / 2:
        between = any(one is not label and abs(one.y - label.y) <= high and label.x < one.x < value.x for one in labels)
        right = (value.x0 - label.x1) / high
        return None if between or right > _FAR else 0.2 + max(0.0, right)
    under = value.y - label.y1
    if under > 0 and value.y0 - label.y1 <= _UNDER * high and abs(value.x - label.x) <= 0.75 * max(label.x1 - label.x0, value.x1 - value.x0, high):
        between = any(one is not label and label.y < one.y < value.y and abs(one.x - value.x) <= 0.75 * (one.x1 - one.x0) for one in labels)
        return None if between else 0.5 + max(0.0, value.y0 - label.y1) / high + abs(value.x - label.x) / high / 2
    return None


def _by_place(found: Mapping[str, tuple[_Word, str, str]], labels: Sequence[_Word], values: Sequence[_Word]) -> dict[str, _Word]:
    """Roll, scene and take stand in this order on every board, in a row that is larger than the rest: what no label names is told by that.

    The take is known by its label, or it is the last of three that are alone in their row. A scene that is told so has a letter, since
    figures alone may be a running number.
    """
    if {"scene", "slate", "shot"} & {*found, *(word.means for word in labels)}:
        return {}
    middle = sorted(word.high for word in (*labels, *values))[len(labels) + len(values) >> 1] if values else 0.0
    for last in [found["take"][0]] if "take" in found else values:
        row = sorted((one for one in values if abs(one.y - last.y) <= 0.6 * last.high and 0.5 < one.high / last.high < 2), key=lambda one: one.x)
        if not row or row[-1] is not last:
            continue
        scene = row[-2] if len(row) > 1 and re.fullmatch(r"[A-Z]?\d{1,4}[A-Z]{1,3}", row[-2].text) else None
        if "take" in found:
            return {"scene": scene} if scene is not None else {}
        roll = row[0] if len(row) == 3 and re.fullmatch(_SUITS["roll"], row[0].text) else None
        if scene is not None and roll is not None and re.fullmatch(r"\d{1,2}", last.text) and min(one.high for one in row) >= _TALLER * middle:
            return {"roll": roll, "scene": scene, "take": last} if "roll" not in found else {"scene": scene, "take": last}
    return {}


def _named(says: Mapping[str, str], measures: dict[str, str]) -> tuple[str | None, str | None, int | None, str]:
    """Scene, slate, take and what the take ends in; "1A-3" in one cell is scene and take."""
    scene, slate, take = says.get("scene"), says.get("slate"), says.get("take")
    shot = says.get("shot")
    for what, value in (("scene", scene), ("slate", slate)):
        if value and re.search(r"[-/]", value):
            first, last = re.split(r"[-/]", value)
            scene, slate = (first, slate) if what == "scene" else (scene, first)
            if take is None:
                take, measures["take"] = last, measures[what]
    if shot and scene and shot.isalpha() and scene.isdigit():
        scene, shot = scene + shot, None
    if shot and not scene and not slate and not shot.isalpha():
        slate, measures["slate"] = shot, measures["shot"]
    ends = re.search(r"(PU|SER)$", take or "")
    number = int(re.sub(r"\D", "", take)) if take else None
    return scene, slate, number, ends[0] if ends else ""


def _mos(words: Sequence[_Word]) -> bool:
    """MOS is said where it is written, as large as the rest and beside nothing but such words; where a board prints its choices to be circled,
    in small letters and half legible, nothing is said."""
    marks = [_plain(word.text) for word in words if _plain(word.text) in _MARKS]
    if any(all(one in marks for one in pair) for pair in _PRINTED) or any(len(word.text) > 3 and word.text[0] == "S" and _differ(word.text, "SYNC") <= 2 for word in words):
        return False
    middle = sorted(word.high for word in words)[len(words) // 2]
    said = [word for word in words if _plain(word.text) == "MOS" and word.high >= _AS_LARGE * middle]
    return any(all(_plain(other.text) in _MARKS for other in words if other.line == word.line) for word in said)


def _measure(word: _Word, doubt: str) -> str:
    says = f"character score {word.score:.2f}"
    if doubt:
        return f"{says}; read from {doubt!r}"
    return says if word.score >= _SURE else f"{says}; read from writing that is not clear"
