"""Files while they are written: under a name that says which process writes them, and swept away once that process is gone."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import threading
from pathlib import Path

__all__ = ["beside", "inside", "sweep"]

_OURS = re.compile(r"\.(?:render|looks)-(\d+)-.*|[0-9a-f]{32}\.(\d+)-\d+\.part")


def beside(out: Path) -> Path:
    """A new hidden file in the folder of `out`, on the same disk: it becomes `out` by rename.

    Raises: OSError: the folder is not there, or its disk is full.
    """
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".render-{os.getpid()}-", suffix=out.suffix)
    os.close(handle)
    return Path(name)


def inside(scratch: Path, stem: str) -> Path:
    """Where a segment is written until it is whole: of this process and this thread alone."""
    return scratch / f"{stem}.{os.getpid()}-{threading.get_native_id()}.part"


def sweep(folder: Path) -> None:
    """Delete what processes left behind that were killed. What another one is writing now stays."""
    for path in folder.iterdir():
        match = _OURS.fullmatch(path.name)
        if match is None or _alive(int(match[1] or match[2])):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OverflowError:  # no number of a process
        return False
    except PermissionError:
        return True
    return True
