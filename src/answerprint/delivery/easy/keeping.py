"""A measured film, or a whole report, as bytes and back: arrays and figures, for a cache."""

from __future__ import annotations

import io
import json
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from answerprint.delivery import DeliveryError
from answerprint.delivery.easy.records import Bed, Chose, Distance, Measured, Offered, Plate, Report, Standing
from answerprint.signal.music import Key, Music, Tempo
from answerprint.signal.palette import Palette
from answerprint.signal.rhythm import Rhythm

__all__ = ["FORM", "packed", "unpacked"]

FORM = 4  #: raised when what is measured, or how, becomes another
_KINDS = {one.__name__: one for one in (Bed, Chose, Distance, Key, Measured, Music, Offered, Palette, Plate, Report, Rhythm, Standing, Tempo)}


def packed(thing: Any) -> bytes:
    """A record of arrays, numbers and words, or several in a list or under names."""
    arrays: dict[str, Any] = {}
    plain = _plain(thing, arrays)
    out = io.BytesIO()
    np.savez_compressed(out, plain=np.frombuffer(json.dumps(plain).encode(), np.uint8), **arrays)
    return out.getvalue()


def unpacked(raw: bytes) -> Any:
    """The same again.

    Raises: DeliveryError: it is cut off, or of another release.
    """
    try:
        with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
            return _thing(json.loads(arrays["plain"].tobytes()), arrays)
    except Exception as cause:  # zipfile, zlib, NumPy and the records each raise their own over damaged bytes, without a common base
        raise DeliveryError(f"a measured film cannot be read ({cause}). It is made again where it is deleted.") from cause


def _plain(thing: Any, arrays: dict[str, Any]) -> Any:
    if isinstance(thing, np.ndarray):
        name = f"a{len(arrays)}"
        arrays[name] = thing
        return {"array": name}
    if is_dataclass(thing):
        return {"kind": type(thing).__name__, "fields": {one.name: _plain(getattr(thing, one.name), arrays) for one in fields(thing)}}
    if isinstance(thing, tuple | list):
        return {"list": [_plain(one, arrays) for one in thing]}
    if isinstance(thing, dict):
        return {"named": {name: _plain(one, arrays) for name, one in thing.items()}}
    return thing.item() if isinstance(thing, np.generic) else thing


def _thing(plain: Any, arrays: Any) -> Any:
    if not isinstance(plain, dict):
        return plain
    if "array" in plain:
        return arrays[plain["array"]]
    if "kind" in plain:
        return _KINDS[plain["kind"]](**{name: _thing(one, arrays) for name, one in plain["fields"].items()})
    if "list" in plain:
        return tuple(_thing(one, arrays) for one in plain["list"])
    return {name: _thing(one, arrays) for name, one in plain["named"].items()}
