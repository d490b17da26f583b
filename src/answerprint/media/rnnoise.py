"""RNNoise (Valin 2018; BSD licence): what a small network takes for speech in a sound.

Only the shared library of the package `pyrnnoise` is used, found without importing the package, whose Python would bring a plotting library.
"""

from __future__ import annotations

import ctypes
import functools
import importlib.util
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerprint.media import MediaError

__all__ = ["DELAY", "FRAME", "MISSING", "library", "plain", "speech", "there", "version"]

FRAME = 480  #: samples at 48 kHz that are taken at a time
DELAY = 960  #: samples by which what comes out is late: one frame of overlap and one of looking ahead; measured by correlation
MISSING = "Broadband noise is left alone: RNNoise is not installed. It comes with pip install 'answerprint[clean]'."
_NAMES = ("librnnoise.so", "librnnoise.dylib", "rnnoise.dll")
_FULL = 32768.0
#: One pass hears the sound 12 dB lower: the network answers quiet speech more gently. The other hears it backwards. Their mean is 3 dB of
#: SI-SDR over one pass (docs/cleaning.md).
_QUIETER = 0.25

Samples = NDArray[np.float64]


def _place() -> Path | None:
    try:
        found = importlib.util.find_spec("pyrnnoise")
    except (ImportError, ValueError):
        return None
    for folder in (found.submodule_search_locations or ()) if found is not None else ():
        for name in _NAMES:
            if (path := Path(folder) / name).is_file():
                return path
    return None


def there() -> bool:
    """Whether the library is installed."""
    return _place() is not None


def version() -> str:
    """Of what estimates, for cache keys; "none" where it is missing."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as of

    try:
        return f"pyrnnoise {of('pyrnnoise')}" if there() else "none"
    except PackageNotFoundError:
        return "pyrnnoise"


@functools.cache
def library() -> Any:
    """The shared library, loaded once.

    Raises: MediaError: it is missing, cannot be loaded, or works on another frame.
    """
    path = _place()
    if path is None:
        raise MediaError(MISSING)
    try:
        made = ctypes.CDLL(str(path))
        made.rnnoise_create.argtypes, made.rnnoise_create.restype = [ctypes.c_void_p], ctypes.c_void_p
        made.rnnoise_destroy.argtypes, made.rnnoise_destroy.restype = [ctypes.c_void_p], None
        made.rnnoise_process_frame.argtypes, made.rnnoise_process_frame.restype = [ctypes.c_void_p] * 3, ctypes.c_float
        made.rnnoise_get_frame_size.restype = ctypes.c_int
        size = made.rnnoise_get_frame_size()
    except (OSError, AttributeError) as cause:
        raise MediaError(f"RNNoise cannot be loaded from {path.name} ({cause}). Install it again: pip install 'answerprint[clean]'.") from cause
    if size != FRAME:
        raise MediaError(f"this RNNoise takes {size} samples at a time, {FRAME} are known here. Install it again: pip install 'answerprint[clean]'.")
    return made


def plain(x: Samples) -> Samples:
    """RNNoise as it is: one pass, in time with what was given, same length. Args: x: shape (n,), 48 kHz, full scale 1.0."""
    rnnoise = library()
    frames = -(-(x.size + DELAY) // FRAME)
    given = np.zeros(frames * FRAME, np.float32)
    given[: x.size] = x * _FULL
    made = np.empty_like(given)
    state = rnnoise.rnnoise_create(None)
    if not state:
        raise MemoryError
    try:
        for at in range(0, given.nbytes, FRAME * given.itemsize):
            rnnoise.rnnoise_process_frame(state, made.ctypes.data + at, given.ctypes.data + at)
    finally:
        rnnoise.rnnoise_destroy(state)
    return made[DELAY : DELAY + x.size].astype(np.float64) / _FULL


def speech(x: Samples) -> Samples:
    """What is taken for speech, heard forwards and backwards; shape and scale as given.

    Args: x: shape (n,), 48 kHz, full scale 1.0.   Raises: MediaError as `library`.
    """
    library()
    with ThreadPoolExecutor(1) as other:  # the library lets other threads run
        back = other.submit(plain, x[::-1])
        return (plain(x * _QUIETER) / _QUIETER + back.result()[::-1]) / 2
