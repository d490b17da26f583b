"""Cuts that were read, kept while their files stay as they are: several pages ask for the same one, and reading is most of what they cost."""

from __future__ import annotations

import contextlib
import stat
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from answerprint.desk import CutFile, Desk
    from answerprint.room.asking import Room

__all__ = ["Reads", "reads"]

_MOST = 64  #: cuts held in memory


class Reads(dict[str, "CutFile"]):
    """What one desk read, by file; what it reads anew is kept for the next desk under the stamp that the file had before."""

    def __init__(self, kept: dict[str, tuple[object, CutFile]], stamps: dict[str, object]) -> None:
        super().__init__({file: one for file, (stamp, one) in list(kept.items()) if stamps.get(file) == stamp})
        self._kept, self._stamps = kept, stamps

    def __setitem__(self, file: str, one: CutFile) -> None:
        super().__setitem__(file, one)
        if file in self._stamps and len(self._kept) < _MOST:
            self._kept[file] = (self._stamps[file], one)


def reads(room: Room, desk: Desk) -> Reads:
    """The cuts that are known of a desk's production. A file that changed since it was read is read again, so is everything after a prep."""
    held: tuple[object, dict[str, tuple[object, CutFile]]] | None = getattr(room, "reads", None)
    if held is None or held[0] is not desk.table:
        held = (desk.table, {})
        room.reads = held  # type: ignore[attr-defined]
    beside = _changed(desk.path / "assets")  # whether a logo is there decides by which name a cut calls it
    stamps: dict[str, object] = {file: (stamp, beside) for file in {*desk.cut_files(), *held[1]} if (stamp := _when(desk.path / file)) is not None}
    return Reads(held[1], stamps)


def _when(path: Path) -> tuple[int, int] | None:
    """When a file was written, and its size; None for a folder, in which something may change unseen, and where there is nothing."""
    with contextlib.suppress(OSError):
        now = path.stat()
        return (now.st_mtime_ns, now.st_size) if stat.S_ISREG(now.st_mode) else None
    return None


def _changed(folder: Path) -> int:
    with contextlib.suppress(OSError):
        return folder.stat().st_mtime_ns
    return 0
