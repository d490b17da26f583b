"""Copying a card into a production: every file written, read back and compared before it gets its name."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

from answerprint.keep import disk_sentence
from answerprint.model.records import AnswerprintError
from answerprint.rushes import PICTURE, shown

__all__ = ["CopyError", "copy_medium"]

_BLOCK = 8 << 20  # one read of a card reader's usual stripe


class CopyError(AnswerprintError):
    """A file that could not be copied whole."""


def copy_medium(root: Path, home: Path, *, watch: Callable[[str, int, int], None] | None = None) -> list[Path]:
    """Copy everything on a medium (also its MHL) into rushes/NAME, or sound/NAME where it holds no picture.

    Args:   watch: called with (file, number, of how many).
    Raises: CopyError naming the file; what was copied before stays, a half-written file does not.
    """
    files = sorted(Path(here, name) for here, _, names in os.walk(root) for name in names if not name.startswith("."))
    place = "rushes" if any(path.suffix.lower() in PICTURE for path in files) else "sound"
    target = home / place / root.name
    made = []
    for number, path in enumerate(files, 1):
        if watch:
            watch(shown(path.name), number, len(files))
        made.append(_copy(path, target / path.relative_to(root)))
    return made


def _copy(source: Path, target: Path) -> Path:
    from blake3 import blake3

    part = target.with_name(target.name + ".part")
    read = blake3()
    try:
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
