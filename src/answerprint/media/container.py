"""Opening a media file: safely, quietly, and with one sentence when it cannot be opened."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
from av.container import InputContainer

from answerprint.media import MediaError

__all__ = ["opened", "reading", "shown"]

#: Containers a camera, a recorder, a phone or a stock library delivers. Playlists, image sequences and scripts are not media here:
#: they could name other files or hosts, and a file from a stranger's card opens nothing but itself.
_CONTAINERS = (
    "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "mxf", "mpeg", "mpegts", "mpegvideo", "avi", "wav", "w64", "aiff", "flac", "mp3",
    "ogg", "aac", "ac3", "caf", "asf", "dv", "gxf", "au", "ape", "wv", "h264", "hevc",
)  # fmt: skip
_OPTIONS = {"protocol_whitelist": "file", "format_whitelist": ",".join(name for names in _CONTAINERS for name in names.split(","))}


def shown(path: Path | str) -> str:
    """A file's name as a person can read it and a record can keep it: one line, no bytes that are not UTF-8."""
    name = os.fsencode(os.path.basename(os.fspath(path))).decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in name)


_STILL = "it is a still picture"
_STILLS = (b"\xff\xd8\xff", b"\x89PNG", b"II*\0", b"MM\0*", b"GIF8", b"BM", b"v/1\x01", b"SDPX", b"XPDS")


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what goes wrong while `path` is read into a MediaError. Put nothing in it that writes another file."""
    try:
        yield
    except (av.FFmpegError, OSError) as cause:
        raise MediaError(_sentence(path, cause)) from cause
    except (UnicodeError, OverflowError, ValueError) as cause:
        raise MediaError(f"{shown(path)} cannot be read: {cause}. Copy it again from the card, or leave it out.") from cause


@contextmanager
def opened(path: Path, *, whole: bool = False) -> Iterator[InputContainer]:
    """Open a media file for reading; names of any bytes work.

    Args:   whole: every packet that the file holds, also those that its edit list leaves out at an end.
    Raises: MediaError where it is missing, empty, a folder, not to be read, or no media. Errors later on, while packets are
            read, stay av.FFmpegError: wrap the loop in `reading`.
    """
    with reading(path):
        found = os.stat(path)
        if stat.S_ISDIR(found.st_mode):
            raise MediaError(f"{shown(path)} is a folder, not a file.")
        if not stat.S_ISREG(found.st_mode):
            raise MediaError(f"{shown(path)} is not a plain file.")
        if found.st_size == 0:
            raise MediaError(f"{shown(path)} is empty (0 bytes). Copy it again from the card.")
        with open(path, "rb"):
            pass
        container = av.open(os.path.abspath(path), options=_OPTIONS | ({"ignore_editlist": "1"} if whole else {}), metadata_errors="replace")
    try:
        yield container
    finally:
        container.close()


def _sentence(path: Path, cause: Exception) -> str:
    name = shown(path)
    if isinstance(cause, FileNotFoundError):
        return f"{name} is not there (any more). Is its disk still connected?"
    if isinstance(cause, PermissionError):
        return f"{name} may not be read by this user. Change its permissions, or copy it."
    if isinstance(cause, IsADirectoryError):
        return f"{name} is a folder, not a file."
    if isinstance(cause, (av.InvalidDataError, av.ArgumentError, av.EOFError)):
        why = _why(path)
        if why == _STILL:
            return f"{name} is a still picture, not a clip. Put it into assets, or leave it out."
        return f"{name} is not media that can be read: {why}. Copy it again from the card, or leave it out."
    reason = getattr(cause, "strerror", None) or str(cause)
    return f"{name} cannot be read ({reason}). Copy it again from the card, or leave it out."


def _why(path: Path) -> str:
    """What is wrong with a file that no demuxer takes, from its first bytes; quoting none of them."""
    try:
        with open(path, "rb") as file:
            head = file.read(4096)
            if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
                if _moov(path):
                    return "its index is damaged"
                return "it is a QuickTime or MP4 file without its index, a recording or copy that was cut off"
    except OSError:
        return "it went away"
    if head.startswith(_STILLS) or head[8:12] == b"WEBP":
        return _STILL
    if not head.strip(b"\0"):
        return "it holds only zeros"
    if b"\0" not in head and all(byte in b"\t\n\r\f\x1b" or byte >= 32 for byte in head):
        return "it is text"
    return "no known container was found in it"


def _moov(path: Path) -> bool:
    """Whether a QuickTime file has its index among the boxes at the top level."""
    size = os.path.getsize(path)
    with open(path, "rb") as file:
        at = 0
        while at + 8 <= size:
            file.seek(at)
            head = file.read(16)
            length = int.from_bytes(head[:4], "big")
            if head[4:8] == b"moov":
                return True
            if length == 1 and len(head) == 16:
                length = int.from_bytes(head[8:16], "big")
            if length < 8:
                return False
            at += length
    return False
