"""Faces in a picture: where each is, and which way it looks. Nobody is recognised: a face has no name here, and none is kept.

The detector is YuNet (Wu, Peng, Yu, Machine Intelligence Research 20(5), 2023), 232 kB, in this package; onnxruntime runs it.
"""

from __future__ import annotations

import functools
import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from answerprint.media import MediaError

__all__ = ["MODEL", "SURE", "Face", "faces", "installed"]

Picture = NDArray[np.uint8]

#: "sha256:..." of the model, so that what was found names what found it.
MODEL = "sha256:8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
SURE = 0.6  #: of 1: on 28 real clips faces of people stand above it; of things a carved elf does, and a lamp in two frames (`bench.reframing --scores`)
_FILE = Path(__file__).parent / "models" / "yunet.onnx"
_SIDE = 640  #: the model takes pictures of 640 x 640
_STRIDES = (8, 16, 32)
_SAME = 0.3  #: two boxes that share more than this of what they cover together are one face: the zoo's own setting


@dataclass(frozen=True, kw_only=True)
class Face:
    """One face: its box from forehead to chin, in shares of the picture from its left and top; it may reach outside."""

    left: float
    top: float
    width: float
    height: float
    score: float  #: the detector's own, 0..1
    looks: float  #: where the nose stands between the eyes: 0 straight, below 0 to the left of the picture, above 0 to its right, about 0.5 in profile


def installed() -> bool:
    """Whether what runs the detector is here, without loading it."""
    return importlib.util.find_spec("onnxruntime") is not None


def faces(picture: Picture, *, sure: float = SURE) -> list[Face]:
    """Every face in a picture, the largest first.

    Args:   picture: shape (h, w, 3), 8-bit RGB as a screen shows it; 640 pixels of the long side are looked at.
    Empty:  no face.
    Raises: MediaError: onnxruntime is not installed.
    """
    high, wide = picture.shape[:2]
    scale = _SIDE / max(high, wide)
    small = Image.fromarray(picture).resize((max(1, round(wide * scale)), max(1, round(high * scale))), Image.Resampling.BILINEAR)
    given = np.zeros((_SIDE, _SIDE, 3), np.float32)
    given[: small.height, : small.width] = np.asarray(small)[:, :, ::-1]
    rows = _decoded(_session().run(None, {"input": given.transpose(2, 0, 1)[None]}), sure)
    return [
        Face(left=x / small.width, top=y / small.height, width=w / small.width, height=h / small.height, score=score, looks=looks)
        for x, y, w, h, score, looks in sorted(rows, key=lambda row: -row[2] * row[3])
    ]


def _decoded(given: list[NDArray[np.float32]], sure: float) -> list[tuple[float, ...]]:
    """Boxes in pixels of the 640 x 640 picture, each with its score and where it looks; of boxes on one face the surest."""
    rows = []
    for number, stride in enumerate(_STRIDES):
        seen, there, box, points = (given[part * 3 + number][0] for part in range(4))
        score = np.sqrt(np.clip(seen[:, 0], 0, 1) * np.clip(there[:, 0], 0, 1))
        kept = np.flatnonzero(score >= sure)
        at = np.stack((kept % (_SIDE // stride), kept // (_SIDE // stride)), axis=1)
        middle, size = (at + box[kept, :2]) * stride, np.exp(box[kept, 2:]) * stride
        eyes_and_nose = (at[:, None] + points[kept].reshape(-1, 5, 2)[:, :3]) * stride
        for place in range(kept.size):
            (right, left, nose), (wide, high) = eyes_and_nose[place], size[place]
            apart = max(float(np.hypot(*(left - right))), float(wide) / 4)  # in profile both eyes are on one spot
            looks = float(nose[0] - (right[0] + left[0]) / 2) / apart
            rows.append((*(float(one) for one in middle[place] - size[place] / 2), float(wide), float(high), float(score[kept[place]]), looks))
    return _apart(rows)


def _apart(rows: list[tuple[float, ...]]) -> list[tuple[float, ...]]:
    found: list[tuple[float, ...]] = []
    for row in sorted(rows, key=lambda one: -one[4]):
        if all(_shared(row, other) <= _SAME for other in found):
            found.append(row)
    return found


def _shared(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    high = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    both = max(wide, 0.0) * max(high, 0.0)
    return both / (one[2] * one[3] + other[2] * other[3] - both)


@functools.cache
def _session() -> Any:
    try:
        import onnxruntime
    except ImportError as cause:
        raise MediaError('faces are found by onnxruntime. Install it with: pip install "answerprint[vision]"') from cause
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(_FILE), options, providers=["CPUExecutionProvider"])
