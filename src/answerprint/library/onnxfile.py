"""A model written as ONNX by hand: nodes, weights, what goes in and what comes out. The bytes are those of onnx.proto3, no more of it than is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Graph"]

_OPSET, _IR = 13, 8
_KINDS = {"float32": 1, "int64": 7}


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _part(field: int, data: bytes | str) -> bytes:
    raw = data.encode() if isinstance(data, str) else data
    return _varint(field << 3 | 2) + _varint(len(raw)) + raw


class Graph:
    """A model under construction: inputs, then nodes in the order in which they are reckoned, then outputs."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._parts: list[bytes] = []
        self._count = 0

    def input(self, name: str, shape: Sequence[int | str], kind: str = "float32") -> str:
        self._parts.append(_part(11, _value(name, shape, kind)))
        return name

    def output(self, name: str, shape: Sequence[int | str], kind: str = "float32") -> None:
        self._parts.append(_part(12, _value(name, shape, kind)))

    def weight(self, numbers: NDArray[Any]) -> str:
        """Numbers that the model keeps: float32 or int64."""
        name = self._next()
        dims = b"".join(_number(1, size) for size in numbers.shape)
        raw = np.ascontiguousarray(numbers)
        self._parts.append(_part(5, dims + _number(2, _KINDS[raw.dtype.name]) + _part(8, name) + _part(9, raw.tobytes())))
        return name

    def node(self, kind: str, *inputs: str, settings: Mapping[str, int | str | Sequence[int]] | None = None, name: str = "") -> str:
        """One operation; returns the name of what it gives."""
        out = name or self._next()
        body = b"".join(_part(1, one) for one in inputs) + _part(2, out) + _part(4, kind)
        for key, value in (settings or {}).items():
            body += _part(5, _part(1, key) + _setting(value))
        self._parts.append(_part(1, body))
        return out

    def written(self) -> bytes:
        """The model, for onnxruntime."""
        graph = _part(2, self._name) + b"".join(self._parts)
        return _number(1, _IR) + _part(2, "answerprint") + _part(7, graph) + _part(8, _part(1, "") + _number(2, _OPSET))

    def _next(self) -> str:
        self._count += 1
        return f"v{self._count}"


def _setting(value: int | str | Sequence[int]) -> bytes:
    if isinstance(value, int):
        return _number(3, value) + _number(20, 2)
    if isinstance(value, str):
        return _part(4, value) + _number(20, 3)
    return b"".join(_number(8, one) for one in value) + _number(20, 7)


def _value(name: str, shape: Sequence[int | str], kind: str) -> bytes:
    dims = b"".join(_part(1, _part(2, one) if isinstance(one, str) else _number(1, one)) for one in shape)
    return _part(1, name) + _part(2, _part(1, _number(1, _KINDS[kind]) + _part(2, dims)))
