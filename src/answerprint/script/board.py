"""A shot list or storyboard as a table: shot, description, size, seconds. A film without a word is an ordinary one."""

from __future__ import annotations

from answerprint.script import av
from answerprint.script.records import Script
from answerprint.script.table import Table

__all__ = ["read"]


def read(name: str, table: Table, notes: list[str]) -> Script:
    """A shot list: each row is a board frame; a column of dialogue or voice-over adds its lines.

    Raises: ScriptError where no row holds anything.
    """
    return av.script(name, table, notes, picture="board", form="shot list")
