"""The day's paper, taken into a production: another day's lines go under those that are there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from answerprint.assistant.table import AssistantError
from answerprint.keep import write_whole
from answerprint.plan import paper
from answerprint.rushes import shown

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["take_notes"]


def take_notes(production: Production, file: Path) -> Path:
    """Take the day's paper into the production: notes.csv or an ALE. The next prep reads it.

    Raises: ScriptError where it cannot be read as the day's paper, AssistantError where one of the other kind is there already;
            nothing is replaced then.
    """
    from answerprint.script import daypaper

    try:
        raw = file.read_bytes()
    except OSError as cause:
        raise AssistantError(f"{shown(str(file))}: these notes cannot be read ({cause.strerror}).") from cause
    daypaper.read(file.name, raw)
    path = production.path / ("notes.ale" if file.suffix.lower() == ".ale" else "notes.csv")
    there = paper(production.path, "notes")
    if there is not None and there != path:
        raise AssistantError(
            f"{there.name} is in the production already, and one paper is read. Move it away, or add these lines to it."
        )
    write_whole(path, _both_days(path, raw))
    return path


def _both_days(path: Path, raw: bytes) -> bytes:
    """The paper that is there with the lines of another day under it; a line that stands there already stands there once."""
    before = path.read_bytes() if path.exists() else b""
    old, new = before.splitlines(), raw.splitlines()
    if not old or old == new:
        return raw
    if path.suffix == ".ale" or old[0].strip() != new[0].strip():
        raise AssistantError(
            f"{path.name} is in the production already and has other columns. Add these lines to it by hand; nothing was replaced."
        )
    added = [line for line in new[1:] if line.strip() and line not in old]
    return b"\n".join([*(line for line in old if line.strip()), *added]) + b"\n"
