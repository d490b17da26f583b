"""Cuts that were read, kept while their files stay as they are: several pages ask for the same one, and reading is most of what they cost."""

from __future__ import annotations

import contextlib
import os
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from answerprint.desk import CutFile, Desk
    from answerprint.room.asking import Room

__all__ = ["Reads", "reads", "when"]

_MOST = 64  #: cuts held in memory
_YOUNG_NS = 2_000_000_000  #: a file as young as this may be changed once more under the same time: FAT counts in steps of two seconds
Stamp = tuple[object, ...]


class Reads(dict[str, "CutFile"]):
    """What one desk read, by file; what it reads anew is kept for the next desk under the stamp that the file had before."""

    def __init__(self, desk: Desk, kept: dict[str, tuple[Stamp, Stamp, CutFile]], stamps: dict[str, Stamp]) -> None:
        held = [(file, one) for file, (stamp, brought, one) in list(kept.items()) if stamps.get(file) == stamp and _brought(desk, one) == brought]
        super().__init__(held)
        self._desk, self._kept, self._stamps = desk, kept, stamps

    def __setitem__(self, file: str, one: CutFile) -> None:
        super().__setitem__(file, one)
        if file in self._stamps and len(self._kept) < _MOST and (brought := _brought(self._desk, one)) is not None:
            self._kept[file] = (self._stamps[file], brought, one)


def reads(room: Room, desk: Desk) -> Reads:
    """The cuts that are known of a desk's production. A file that changed since it was read is read again, so is everything after a prep."""
    held: tuple[object, dict[str, tuple[Stamp, Stamp, CutFile]]] | None = getattr(room, "reads", None)
    if held is None or held[0] is not desk.table:
        held = (desk.table, {})
        room.reads = held  # type: ignore[attr-defined]
    beside = _changed(desk.path / "assets")  # whether a logo is there decides by which name a cut calls it
    stamps: dict[str, Stamp] = {file: (stamp, beside) for file in {*desk.cut_files(), *held[1]} if (stamp := when(desk.path / file)) is not None}
    return Reads(desk, held[1], stamps)


def _brought(desk: Desk, one: CutFile) -> Stamp | None:
    """When the files of the production that a cut shows, and that prep did not read, were written: their content is in its seal.
    None where one of them was written just now."""
    read, found = set(desk.names.values()), []
    for name in sorted({*one.cut.picture, *one.cut.heard} - read):
        if not os.path.isabs(name) and (stamp := when(desk.path / name)) is not None:
            if time.time_ns() - max(stamp[:2]) < _YOUNG_NS:
                return None
            found.append((name, stamp))
    return tuple(found)


def when(path: Path) -> tuple[int, int, int] | None:
    """When a file was written and last touched in any way, and its size; None for a folder, in which something may change unseen, and
    where there is nothing."""
    with contextlib.suppress(OSError):
        now = path.stat()
        return (now.st_mtime_ns, now.st_ctime_ns, now.st_size) if stat.S_ISREG(now.st_mode) else None
    return None


def _changed(folder: Path) -> int:
    with contextlib.suppress(OSError):
        return folder.stat().st_mtime_ns
    return 0
