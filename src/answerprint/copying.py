"""Copying a card into a production: every file written, read back and compared before it gets its name."""

from __future__ import annotations

import contextlib
import filecmp
import os
from collections.abc import Callable
from pathlib import Path

from answerprint.keep import disk_sentence
from answerprint.model.records import AnswerprintError
from answerprint.rushes import PICTURE, SYSTEM, shown

__all__ = ["CopyError", "copy_medium"]

_BLOCK = 8 << 20  # one read of a card reader's usual stripe


class CopyError(AnswerprintError):
    """A file that could not be copied whole."""


def copy_medium(root: Path, home: Path, *, watch: Callable[[str, int, int], None] | None = None) -> list[Path]:
    """Copy everything on a medium (also its MHL) into rushes/NAME, or sound/NAME where it holds no picture.

    Args:   root: a folder or disk, or one file.  watch: called with (file, number, of how many).
    Raises: CopyError naming the file or folder; what was copied before stays, a half-written file does not, and a file that is
            there already and holds something else is never replaced.
    """
    files = _files(root)
    place = "rushes" if any(path.suffix.lower() in PICTURE for path in files) else "sound"
    top = root if root.is_dir() else root.parent
    target = home / place / (top.name or "card")
    made = []
    for number, path in enumerate(files, 1):
        if watch:
            watch(shown(path.name), number, len(files))
        made.append(_copy(path, target / path.relative_to(top)))
    return made


def _files(root: Path) -> list[Path]:
    """Every file of a medium in name order, less what the operating system keeps there for itself."""
    if not root.is_dir():
        return [root]

    def refused(error: OSError) -> None:
        raise CopyError(f"{shown(error.filename)}: this folder cannot be read: {error.strerror}. Nothing was copied.") from error

    files: list[Path] = []
    for here, folders, names in os.walk(root, onerror=refused):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in SYSTEM]
        files += [Path(here, name) for name in names if not name.startswith(".")]
    return sorted(files)


def _copy(source: Path, target: Path) -> Path:
    from blake3 import blake3

    part = target.with_name(target.name + ".part")
    read = blake3()
    try:
        if target.exists() and not filecmp.cmp(source, target, shallow=False):
            raise CopyError(
                f"{shown(source.name)}: another file of this name is at {shown(str(target))} already. Give one of the two cards another name."
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(source, "rb") as here, open(part, "wb") as there:
            while block := here.read(_BLOCK):
                read.update(block)
                there.write(block)
            there.flush()
            os.fsync(there.fileno())
        written = blake3()
        with open(part, "rb") as there:
            while block := there.read(_BLOCK):
                written.update(block)
        if written.digest() != read.digest():
            raise CopyError(
                f"{shown(source.name)}: what was written is not what was read. The disk may be failing; nothing of this copy is kept."
            )
        stat = source.stat()
        os.utime(part, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        os.replace(part, target)
    except OSError as cause:
        raise CopyError(disk_sentence(cause, shown(source.name))) from cause
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return target
