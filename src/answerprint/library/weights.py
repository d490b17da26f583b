"""Tensors out of a PyTorch file without PyTorch, and without running anything that is written in it.

Read is the form that PyTorch wrote until 1.5: a few pickles, then the numbers. Of a pickle only three names are taken: an ordered dict, a
tensor's recipe and the storages of floats and whole numbers. Any other name ends the reading.
"""

from __future__ import annotations

import io
import pickle
import struct
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerprint.library import LibraryError

__all__ = ["tensors"]

_MAGIC, _PROTOCOL = 0x1950A86A20F9469CFC6C, 1001  #: what the form begins with
_STORAGES: dict[str, np.dtype[Any]] = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


class _Recipe:
    def __init__(self, storage: tuple[Any, ...], offset: int, shape: tuple[int, ...], stride: tuple[int, ...], *_: Any) -> None:
        self.kind, self.key, self.count = str(storage[1]), str(storage[2]), int(storage[4])
        self.offset, self.shape, self.stride = offset, shape, stride


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _Recipe
        if module == "torch" and name in _STORAGES:
            return name
        raise LibraryError(f"it asks for {module}.{name}, which is no tensor; nothing in it was run.")

    def persistent_load(self, pid: Any) -> Any:
        return pid


def tensors(path: Path) -> dict[str, NDArray[Any]]:
    """Every tensor of a state dict by its name, float32 or int64, in the shapes that the file gives.

    Raises: LibraryError: it cannot be read, is of another form, holds something else than tensors, or is cut off.
    """
    try:
        file = io.BytesIO(path.read_bytes())
        head = [_Reader(file).load() for _ in range(3)]
        if head[:2] != [_MAGIC, _PROTOCOL]:
            raise LibraryError("it is not of the form that is read here.")
        table, keys = _Reader(file).load(), _Reader(file).load()
        kinds: dict[str, np.dtype[Any]] = {one.key: _STORAGES[one.kind] for one in table.values()}
        stored = {}
        for key in keys:
            (count,) = struct.unpack("<q", file.read(8))
            raw = file.read(count * kinds[key].itemsize)
            if len(raw) != count * kinds[key].itemsize:
                raise LibraryError("it is cut off.")
            stored[key] = np.frombuffer(raw, kinds[key])
        return {name: _laid(one, stored[one.key]) for name, one in table.items()}
    except LibraryError as error:
        raise LibraryError(f"{path.name}: {error}") from error
    except OSError as cause:
        raise LibraryError(f"{path.name}: it cannot be read ({cause.strerror}).") from cause
    except (pickle.UnpicklingError, EOFError, struct.error, KeyError, IndexError, TypeError, ValueError, AttributeError) as cause:
        raise LibraryError(f"{path.name}: it is no file of tensors ({type(cause).__name__}).") from cause


def _laid(one: _Recipe, numbers: NDArray[Any]) -> NDArray[Any]:
    """A tensor as it lies in its storage, row by row."""
    last = one.offset + sum((size - 1) * step for size, step in zip(one.shape, one.stride, strict=True))
    if min((one.offset, *one.shape, *one.stride), default=0) < 0 or 0 in one.shape or last >= numbers.size:
        raise LibraryError("a tensor in it reaches beyond its numbers.")
    width = numbers.dtype.itemsize
    return np.ascontiguousarray(np.lib.stride_tricks.as_strided(numbers[one.offset :], one.shape, [step * width for step in one.stride], writeable=False))
