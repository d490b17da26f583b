"""The day's paper: notes.csv as somebody kept it on set, and Avid Log Exchange files. Rows in, readings out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from answerprint.model.attempts import Reading
from answerprint.script.decode import text_of
from answerprint.script.records import ScriptError
from answerprint.script.settling import clean_scene, clean_take

__all__ = ["Paper", "Row", "read"]

Source = Literal["notes", "ALE"]

#: what people write over a column, in small letters without marks
_HEADERS = {
    "clip": ("clip", "clip name", "clipname", "file", "filename", "file name", "name", "source file", "source file name", "camera file"),
    "reel": ("tape", "reel", "roll", "camroll", "cam roll", "camera roll", "card", "mag"),
    "scene": ("scene", "sc", "scn", "scene number", "scene no", "setup", "set up"),
    "slate": ("slate", "slate number", "slate no", "sl", "slt", "board"),
    "take": ("take", "tk", "take number", "take no", "t"),
    "circled": ("circled", "circle", "circle take", "circled take", "print", "printed", "good", "select", "selected", "nr", "ng ok"),
    "comment": ("comment", "comments", "note", "notes", "remark", "remarks", "description", "descript", "director's note", "script notes"),
    "lens": ("lens", "focal length", "lens mm", "lens number", "mm"),
    "by": ("by", "who", "author", "script supervisor", "scripty", "initials", "noted by", "continuity"),
    "camera": ("camera", "cam", "camera id", "unit"),
}  # fmt: skip
_YES = {"yes", "y", "x", "true", "1", "*", "circled", "circle", "c", "o", "ok", "print", "printed", "p", "good", "✓", "✔", "⭕", "◯", "●", "selected", "buy"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the paper."""

    line: int  #: as an editor of text counts, from 1
    clip: str | None
    reel: str | None
    scene: str | None
    slate: str | None
    take: int | None
    camera: str | None
    readings: tuple[Reading, ...]

    @property
    def name(self) -> str:
        """How a person would point at it."""
        called = self.scene or self.slate
        slated = f"{called} take {self.take}" if called and self.take else called
        return f"line {self.line}: {', '.join(one for one in (self.clip, slated) if one) or 'names no clip and no slate'}"


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A whole paper, and sentences about what could not be read."""

    name: str
    source: Source
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def read(name: str, raw: bytes) -> Paper:
    """Read notes.csv (any usual headers, comma, semicolon or tab) or an ALE.

    Args:    name: the file's name, for messages; an ALE is told by its first word.
    Raises:  ScriptError: empty, not text, or no column that names a clip, a scene or a slate.
    """
    text, notes = text_of(name, raw)
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise ScriptError(f"{name}: the file is empty. Leave it out, or write at least one line below its headers.")
    if lines[0][1].strip().lower() == "heading":
        return _ale(name, lines, notes)
    dialect = max(",;\t", key=lines[0][1].count)
    table = list(csv.reader(io.StringIO(text), delimiter=dialect))
    numbered = [(number, row) for number, row in enumerate(table, 1) if any(cell.strip() for cell in row)]
    return _paper(name, "notes", numbered[0][1], numbered[1:], notes)


def _ale(name: str, lines: list[tuple[int, str]], notes: list[str]) -> Paper:
    where = {line.strip().lower(): at for at, (_, line) in enumerate(lines) if line.strip().lower() in ("column", "data")}
    if "column" not in where or "data" not in where or where["data"] <= where["column"] + 1:
        raise ScriptError(f"{name}: an ALE has a line Column with its columns below and a line Data; this one has not. Export it again.")
    header = lines[where["column"] + 1][1].split("\t")
    return _paper(name, "ALE", header, [(number, line.split("\t")) for number, line in lines[where["data"] + 1 :]], notes)


def _paper(name: str, source: Source, header: list[str], rows: list[tuple[int, list[str]]], notes: list[str]) -> Paper:
    columns = _columns(header)
    if not {"clip", "scene", "slate"} & set(columns):
        found = ", ".join(one.strip() for one in header if one.strip()) or "nothing"
        raise ScriptError(f"{name}: no column names a clip, a scene or a slate; found {found}. Call one of them clip, scene or slate.")
    made = []
    for number, row in rows:
        cells = {what: row[at].strip() for what, at in columns.items() if at < len(row) and row[at].strip()}
        if cells:
            made.append(_row(number, source, cells, notes, name))
    return Paper(name=name, source=source, rows=tuple(made), notes=tuple(notes))


def _columns(header: list[str]) -> dict[str, int]:
    """Which column holds what; the first of two that could."""
    plain = [re.sub(r"[^\w' ]+", " ", one.lower().replace("_", " ")).strip() for one in header]
    found: dict[str, int] = {}
    for what, names in _HEADERS.items():
        for wanted in names:
            if wanted in plain:
                found[what] = plain.index(wanted)
                break
    return found


def _row(number: int, source: Source, cells: Mapping[str, str], notes: list[str], name: str) -> Row:
    by = cells.get("by")
    scene, slate = clean_scene(cells.get("scene", "")) or None, clean_scene(cells.get("slate", "")) or None
    take_text = cells.get("take", "")
    if "slate" in cells and "take" not in cells and (match := re.match(r"^(.+?)\s*[-/ ]\s*(?:t|take|tk)?\s*(\d+)$", cells["slate"], re.IGNORECASE)):
        slate, take_text = clean_scene(match[1]), match[2]
    if slate and not slate.isdigit() and scene is None:
        scene, slate = slate, None  # a slate "1A" is a scene and its letter
    take, pickup = clean_take(take_text)
    if take_text and take is None:
        notes.append(f"{name}, line {number}: {take_text!r} is no take number.")
    readings = []

    def says(what: str, value: str | None) -> None:
        if value:
            readings.append(Reading(what=what, value=value, source=source, by=by))  # type: ignore[arg-type]

    says("scene", scene)
    says("slate", slate)
    says("take", str(take) if take else None)
    says("pickup", "yes" if pickup else None)
    circled = cells.get("circled", "").strip().lower() in _YES
    says("circled", "yes" if circled else None)
    says("comment", cells.get("comment"))
    says("lens", cells.get("lens"))
    says("camera", cells.get("camera"))
    return Row(
        line=number, clip=cells.get("clip"), reel=cells.get("reel"), scene=scene, slate=slate, take=take, camera=cells.get("camera"), readings=tuple(readings)
    )  # fmt: skip
