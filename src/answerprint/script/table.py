"""Rows and columns: which delimiter, where the header stands, what its names mean."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import Literal

from answerprint.script.records import ScriptError

__all__ = ["Role", "Row", "Table", "parse"]

Role = Literal["picture", "audio", "voice", "scene", "size", "seconds", "character", "super", "sound", "hero", "stock", "alt", "heading"]

#: Names of columns as producers, agencies and storyboard programs write them; compared without case, marks and spaces.
_NAMES: dict[Role, tuple[str, ...]] = {
    "picture": ("video", "picture", "visual", "visuals", "image", "images", "description", "shotdescription", "action", "frame description", "what we see",
                "whatwesee", "content", "subject", "bild", "videodescription", "visualdescription"),
    "audio": ("audio", "sound", "ton", "whatwehear", "audiodescription", "audiosound", "soundaudio"),
    "voice": ("vo", "voiceover", "dialogue", "dialog", "line", "lines", "spoken", "copy", "vodialogue", "dialoguevo", "narration", "script"),
    "scene": ("shot", "shotnumber", "shotno", "shotnr", "shotid", "shot#", "no", "nr", "#", "number", "frame", "frameno", "framenumber", "panel", "board",
              "scene", "sceneno", "setup", "row", "id", "scn", "sc", "sceneshot", "item"),
    "size": ("size", "shotsize", "shottype", "framing", "type", "angle", "lensangle"),
    "seconds": ("seconds", "secs", "sec", "s", "time", "duration", "dur", "length", "len", "timing", "tc", "timecode", "trt", "runtime", "durations", "timesec",
                "durationsec", "durationseconds", "lengthseconds", "secondss", "times"),
    "character": ("character", "speaker", "talent", "who", "cast"),
    "super": ("super", "supers", "graphics", "gfx", "onscreentext", "titles", "textonscreen", "superstitles"),
    "sound": ("sfx", "music", "fx", "sfxmusic", "musicsfx", "soundeffects"),
    "hero": ("hero", "heroshot"),
    "stock": ("stock", "stockslot", "stockfootage"),
    "alt": ("alt", "alts", "alternative", "alternatives", "altline"),
    "heading": ("location", "set", "sceneheading", "slugline", "heading"),
}  # fmt: skip
_ROLES = {re.sub(r"[\s_]", "", name): role for role, names in _NAMES.items() for name in names}
_HEADER_WITHIN = 20  #: rows of title and client above the header, at most: a page of a two-column script has about that many lines
_BIG = 10**8


@dataclass(frozen=True, kw_only=True)
class Row:
    number: int  #: 1 is the first below the header
    cells: dict[Role, str]
    others: tuple[tuple[str, str], ...]  #: (column, text) of columns without a role here


@dataclass(frozen=True, kw_only=True)
class Table:
    rows: tuple[Row, ...]
    columns: dict[Role, str]  #: role -> the header as written
    above: tuple[tuple[str, ...], ...]  #: rows above the header
    two_column: bool


def parse(name: str, text: str, *, sure: bool, notes: list[str]) -> Table | None:
    """A table of a script.

    Args:    sure: the file says it is a table; then one without a known column is an error.
    Returns: None where the text is no table of ours.
    Raises:  ScriptError where it should be one and names no column that this house knows, or cannot be taken apart.
    """
    text = text.replace("\x0c", "\n")
    lines = text.split("\n", 1)
    if match := re.match(r"^sep=(.)\s*$", lines[0].strip("\ufeff")):
        candidates, text = [match[1]], lines[1] if len(lines) > 1 else ""
    else:
        candidates = [",", ";", "\t", "|"]
    best: tuple[int, int, list[list[str]]] | None = None
    for delimiter in candidates:
        rows = _rows(text, delimiter)
        for at, row in enumerate(rows[:_HEADER_WITHIN]):
            score = _score(row)
            if score and (best is None or score > best[0]):
                best = (score, at, rows)
    if best is None:
        if not sure:
            return None
        first = next((row for row in _rows(text, ",") if any(cell.strip() for cell in row)), [])
        raise ScriptError(
            f"{name}: none of its columns is known here (found: {_listed(first)}). "
            "A two-column script has the columns video and audio; a shot list has shot, description, size and seconds."
        )
    return _table(best[2], best[1], notes)


def _rows(text: str, delimiter: str) -> list[list[str]]:
    limit = csv.field_size_limit(_BIG)
    try:
        return [[cell.strip() for cell in row] for row in csv.reader(text.split("\n") if '"' not in text else _kept(text), delimiter=delimiter)]
    except csv.Error:
        return []
    finally:
        csv.field_size_limit(limit)


def _kept(text: str) -> list[str]:
    """Lines with their ends, so that a cell may hold several."""
    return text.splitlines(keepends=True) if "\x1c" not in text else text.split("\n")


def _role(cell: str) -> Role | None:
    return _ROLES.get(re.sub(r"[\s_/().:&*-]", "", cell.lower())) or (_ROLES.get("shot") if cell.strip() == "#" else None)


def _score(row: list[str]) -> int:
    """How much a row looks like a header: it names what is seen or heard, and at least two columns in all."""
    roles = {role for cell in row if len(cell) <= 40 and (role := _role(cell))}
    return len(roles) if len(roles) > 1 and roles & {"picture", "audio", "voice"} else 0


def _listed(row: list[str]) -> str:
    return ", ".join(" ".join(cell.split())[:30] for cell in row if cell)[:120] or "nothing"


def _table(rows: list[list[str]], at: int, notes: list[str]) -> Table:
    header = rows[at]
    roles: list[Role | None] = []
    columns: dict[Role, str] = {}
    for cell in header:
        role = _role(cell)
        if role in columns:
            role = "voice" if role == "audio" and "voice" not in columns else None
        if role:
            columns[role] = cell
        roles.append(role)
    made = []
    number = 0
    for row in rows[at + 1 :]:
        if not any(row):
            continue
        number += 1
        cells: dict[Role, str] = {}
        others = []
        for n, cell in enumerate(row):
            role = roles[n] if n < len(roles) else None
            if not cell:
                continue
            if role:
                cells[role] = cell
            else:
                others.append((header[n] if n < len(header) else "", cell))
        if len(row) > len(header):
            notes.append(f"Row {number} has {len(row)} cells under {len(header)} columns; what is over stands as a note.")
        made.append(Row(number=number, cells=cells, others=tuple(others)))
    board_words = {"description", "shotdescription", "action", "framedescription", "content", "subject"}
    named = re.sub(r"[\s_]", "", columns.get("picture", "").lower())
    two = ("audio" in columns or "voice" in columns) and named not in board_words
    return Table(
        rows=tuple(made), columns=columns, above=tuple(tuple(cell for cell in row if cell) for row in rows[:at] if any(row)), two_column=two
    )
