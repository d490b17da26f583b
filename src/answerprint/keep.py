"""What is kept on disk: keep/ by digest, for good; cache/ by cache key, safe to delete. Files appear by rename after fsync."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from answerprint.config import FILE_NAME
from answerprint.model.records import AnswerprintError, Digest, Facts, ModelError, canonical

__all__ = ["Cache", "Keep", "KeepError", "cache_key", "disk_sentence", "write_whole"]


class KeepError(AnswerprintError):
    """Something the record names is missing or is not what it was, or the disk refuses."""


def disk_sentence(error: OSError, what: str) -> str:
    """What a refusing disk means to a person."""
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{what}: the disk is full. Free some space and start again; everything finished is kept."
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return f"{what}: this disk or folder cannot be written to. Copy the production to one that can, or change its permissions."
    return f"{what}: the disk says {os.strerror(error.errno) if error.errno else error}. Everything finished is kept."


def write_whole(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write a file that is either there whole or not there at all.

    Args:   mode: who may read it, from its first moment under its name.
    Raises: KeepError where the disk refuses; nothing is left behind.
    """
    scrap: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, scrap, alone = _scrap(path)
        with os.fdopen(handle, "wb") as file:
            try:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                if alone:  # renamed while it is held: nobody else begins anew in it
                    os.chmod(scrap, mode)
                    os.replace(scrap, path)
            except OSError:
                with contextlib.suppress(OSError):
                    os.unlink(scrap)
                scrap = None
                raise
        if not alone:
            os.chmod(scrap, mode)
            os.replace(scrap, path)
        _sync_folder(path.parent)
    except OSError as cause:
        if scrap is not None:
            with contextlib.suppress(OSError):
                os.unlink(scrap)
        raise KeepError(disk_sentence(cause, _called(path))) from cause


def _called(path: Path) -> str:
    """A file as whoever reads a sentence knows it: by its place in its production, else whole. Bytes that are no text are written as \\xff."""
    home = next((one for one in path.parents if (one / FILE_NAME).is_file()), None)
    return os.fsencode(path.relative_to(home) if home is not None else path).decode("utf-8", "backslashreplace")


def _scrap(path: Path) -> tuple[int, Path, bool]:
    """Where a file is written before it has its name: (open for writing, its place, whether it is held).

    The place belongs to the name, so that whoever was killed there leaves nothing behind once the same is written again; it is held, so that two at once
    write in two places.
    """
    with contextlib.suppress(OSError, ImportError):
        import fcntl

        place = path.with_name(f".part-{path.name}")
        handle = os.open(place, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            mine, there = os.fstat(handle), os.lstat(place)
            if stat.S_ISREG(mine.st_mode) and mine.st_nlink == 1 and (mine.st_dev, mine.st_ino) == (there.st_dev, there.st_ino):
                os.ftruncate(handle, 0)
                os.fchmod(handle, 0o600)
                return handle, place, True
        except OSError as error:
            if not isinstance(error, BlockingIOError):  # no locks on this file system
                os.unlink(place)
            os.close(handle)
            raise
        os.close(handle)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    return handle, Path(name), False


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # not every file system lets a folder be synced; the rename itself stands
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def cache_key(*, task: str, version: int, inputs: Sequence[Digest], params: Mapping[str, Any], decoder: str) -> str:
    """The name of one finished piece of work: everything that could change its answer, and nothing else.

    Args: inputs: digests of every medium and facts file, in order.  params: plain values; floats are not allowed.
    """
    body = {"task": task, "version": version, "inputs": list(inputs), "params": dict(params), "decoder": decoder, "model": None}
    return hashlib.sha256(canonical(body)).hexdigest()


class Keep:
    """keep/: whatever an entry names, under its own BLAKE3; never deleted, never changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: Digest) -> Path:
        method, _, name = digest.partition(":")
        if method != "blake3" or len(name) != 64 or not set(name) <= set("0123456789abcdef"):
            raise KeepError(f"{digest!r} is not the name of something kept.")
        return self.folder / name[:2] / name

    def put(self, data: bytes) -> Digest:
        """Keep these bytes and return their name. Keeping them twice is keeping them once."""
        from blake3 import blake3

        digest = "blake3:" + blake3(data).hexdigest()
        path = self.path(digest)
        if not path.exists():
            write_whole(path, data)
        return digest

    def get(self, digest: Digest) -> bytes:
        """The bytes of that name, checked.

        Raises: KeepError if they are missing or have changed.
        """
        from blake3 import blake3

        path = self.path(digest)
        try:
            data = path.read_bytes()
        except OSError as cause:
            raise KeepError(
                f"{digest[:19]}… is named by the record and is not in keep/. Bring it back from a copy of the production."
            ) from cause
        if "blake3:" + blake3(data).hexdigest() != digest:
            raise KeepError(f"{path}: this file has changed since it was kept. Bring it back from a copy of the production.")
        return data

    def facts(self, digest: Digest) -> Facts:
        """A facts file by its digest."""
        try:
            return Facts.from_bytes(self.get(digest))
        except ModelError as cause:
            raise KeepError(f"{digest[:19]}… is kept but is not a facts file of this release: {cause}") from cause


class Cache:
    """cache/: what can be made again: proxies, strips, arrays; one folder per cache key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: str, name: str) -> Path:
        return self.folder / key[:2] / key / name

    def has(self, key: str) -> bool:
        """Whether everything that piece of work published is still there."""
        return self.path(key, "made.json").is_file() and all(self.path(key, name).is_file() for name in self.names(key))

    def names(self, key: str) -> list[str]:
        """The files that piece of work published, or an empty list where they were deleted."""
        try:
            return list(json.loads(self.path(key, "made.json").read_bytes()))
        except (OSError, ValueError):
            return []

    def publish(self, key: str, scratch: Path) -> None:
        """Move a finished scratch folder into place, whole."""
        made = sorted(entry.name for entry in os.scandir(scratch) if entry.is_file())
        try:
            for name in made:
                with open(scratch / name, "rb") as file:
                    os.fsync(file.fileno())
            write_whole(scratch / "made.json", json.dumps(made).encode())
            target = self.folder / key[:2] / key
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists():
                shutil.rmtree(target)
            os.replace(scratch, target)
            _sync_folder(target.parent)
        except OSError as cause:
            raise KeepError(disk_sentence(cause, str(self.folder))) from cause
