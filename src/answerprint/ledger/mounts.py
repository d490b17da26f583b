"""Which kind of file system a path lies on: a record must not be written on a network share.

SQLite's write-ahead log needs memory that all its readers and writers share, which a network file system does not give
(sqlite.org/wal.html, "disadvantages").
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

__all__ = ["network_share"]

#: Names of network file systems as Linux and macOS report them.
NETWORK = {
    "9p", "afpfs", "afs", "beegfs", "ceph", "cifs", "davfs", "fuse.ceph", "fuse.davfs2", "fuse.glusterfs", "fuse.rclone", "fuse.s3fs",
    "fuse.sshfs", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "smb2", "smb3", "smbfs", "webdav",
}  # fmt: skip


def network_share(path: Path) -> str | None:
    """The kind of network share that `path` lies on ("cifs"), or None for a local disk or where the platform does not say."""
    place = os.path.realpath(path)
    try:
        if sys.platform == "win32":
            return _windows(place)
        if sys.platform == "darwin":
            listing = subprocess.run(["/sbin/mount"], capture_output=True, text=True, timeout=5, check=False).stdout
            mounts = re.findall(r"^.* on (/.*?) \((\w+)", listing, re.MULTILINE)
        else:
            mounts = _mountinfo(Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape"))
    except (OSError, subprocess.SubprocessError):
        return None
    kind = _kind_at(place, mounts)
    return kind if kind in NETWORK else None


def _mountinfo(text: str) -> list[tuple[str, str]]:
    """Mount points and types from Linux's mountinfo (proc(5)), where a space in a name is written \\040."""
    found = []
    for line in text.splitlines():
        left, _, right = line.partition(" - ")
        if len(fields := left.split()) > 4 and right:
            point = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[4])
            found.append((point, right.split()[0]))
    return found


def _kind_at(place: str, mounts: list[tuple[str, str]]) -> str | None:
    """The type of the innermost mount that holds `place`; of two at one point the later one, which covers the earlier."""
    best, kind = -1, None
    for point, of in mounts:
        inside = place == point or place.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= best:
            best, kind = len(point), of
    return kind


def _windows(place: str) -> str | None:
    import ctypes  # only here: it is slow to load, and the call exists on Windows only

    drive = os.path.splitdrive(place)[0]
    remote = 4  # DRIVE_REMOTE of GetDriveTypeW
    return "smb3" if drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(drive + "\\") == remote else None  # type: ignore[attr-defined]
