"""What words mean, as vectors: WordLlama (Miller, 2024, MIT), whose 16 MB of word vectors come in its wheel; or a CLIP model that somebody has on disk.

Nothing is fetched. A CLIP model is a folder as its ONNX exports are given out: a picture model, a text model and tokenizer.json.
"""

from __future__ import annotations

import functools
import importlib.util
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from answerprint.library import LibraryError

__all__ = ["WIDTH", "Clip", "bare", "embedded", "installed", "unknown"]

Floats = NDArray[np.float32]
Picture = NDArray[np.uint8]

WIDTH = 256
_WORDS = "wordllama"
#: Words that say nothing of a picture: their vectors would only pull every question towards one middle.
_PLAIN = frozenset(
    "a an the of on in at to into from with without and or by for is are be being it its this that these those there some any one two very front beside behind under over between together near next while plain shot clip footage video picture".split()
)
#: Letters in the mean of a word's pieces: 1.0 to 1.2 of words that nobody has, 1.5 and more of all in 71 descriptions of pictures.
_PIECE = 1.3
_BYTE = re.compile(r"<0x[0-9A-F]{2}>")  #: a piece that is no letter
#: Of a CLIP's pictures: mean and deviation of red, green and blue over its training pictures (Radford et al., ICML 2021).
_CLIP_MEAN = np.array((0.48145466, 0.4578275, 0.40821073), np.float32)
_CLIP_DEVIATION = np.array((0.26862954, 0.26130258, 0.27577711), np.float32)
_CLIP_LONGEST = 77  #: tokens that it takes
_PICTURES, _TEXTS = ("vision_model.onnx", "visual.onnx", "onnx/vision_model.onnx"), ("text_model.onnx", "textual.onnx", "onnx/text_model.onnx")


def installed() -> bool:
    """Whether the extra is here, without loading it."""
    return importlib.util.find_spec(_WORDS) is not None


def bare(text: str) -> list[str]:
    """The words of a text that say something of a picture, in small letters."""
    return [word for word in re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).casefold()) if word not in _PLAIN]


def unknown(text: str) -> tuple[str, ...]:
    """Words of a text that the model has no piece of and spells out letter by letter: "zzxqj", or a word in signs that it never met. What they mean is chance.

    Empty: it knows them all, or the extra is not installed.
    """
    if not installed():
        return ()
    encode = _model().tokenizer.encode
    return tuple(word for word in dict.fromkeys(bare(text)) if not word.isdecimal() and _spelt_out(encode(word, add_special_tokens=False).tokens))


def _spelt_out(pieces: Sequence[str]) -> bool:
    letters = [len(piece.lstrip("\u2581")) for piece in pieces if piece != "\u2581"]  # the model's sign for the beginning of a word
    return any(_BYTE.fullmatch(piece) for piece in pieces) or sum(letters) < _PIECE * len(letters)


def embedded(texts: Sequence[str]) -> Floats:
    """What texts mean: shape (n, 256), each as long as 1; zeros for a text without a word that says something.

    Raises: LibraryError: the extra is not installed.
    """
    said = [" ".join(bare(text)) for text in texts]
    found = np.zeros((len(said), WIDTH), np.float32)
    full = [number for number, text in enumerate(said) if text]
    if full:
        found[full] = _model().embed([said[number] for number in full], norm=True)
    return found


@functools.cache
def _model() -> Any:
    place = importlib.util.find_spec(_WORDS)
    if place is None or place.origin is None:
        raise LibraryError('words are compared by the extra "search". Install it with: pip install "answerprint[search]"')
    from wordllama import WordLlama

    return WordLlama.load(cache_dir=Path(place.origin).parent, disable_download=True, dim=WIDTH)


class Clip:
    """A CLIP-family model in a folder: pictures and words in one space.

    Raises: LibraryError: the folder does not hold one, or onnxruntime is not installed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        pictures, texts = (next((folder / name for name in names if (folder / name).is_file()), None) for names in (_PICTURES, _TEXTS))
        if pictures is None or texts is None or not (folder / "tokenizer.json").is_file():
            raise LibraryError(f"{folder} holds no CLIP model. It has vision_model.onnx, text_model.onnx and tokenizer.json side by side, or the two models in onnx/.")
        if importlib.util.find_spec("onnxruntime") is None:
            raise LibraryError('a CLIP model is run by onnxruntime. Install it with: pip install "answerprint[search]"')
        self._files = (pictures, texts)
        self.width = int(self.words("a").size)

    def picture(self, picture: Picture) -> Floats:
        """What a picture is like, as long as 1. picture: shape (h, w, 3), 8-bit RGB."""
        session = _opened(self._files[0])
        given = session.get_inputs()[0]
        side = given.shape[-1] if isinstance(given.shape[-1], int) else 224
        image = Image.fromarray(picture)
        scale = side / min(image.size)
        image = image.resize((max(side, round(image.width * scale)), max(side, round(image.height * scale))), Image.Resampling.BICUBIC)
        left, top = (image.width - side) // 2, (image.height - side) // 2
        numbers = (np.asarray(image.crop((left, top, left + side, top + side)), np.float32) / 255 - _CLIP_MEAN) / _CLIP_DEVIATION
        return _one(session, {given.name: numbers.transpose(2, 0, 1)[None].astype(np.float32)}, "image_embeds")

    def words(self, text: str) -> Floats:
        """What words are like, in the same space, as long as 1."""
        session = _opened(self._files[1])
        tokens = _tokenizer(self.folder / "tokenizer.json").encode(text).ids[:_CLIP_LONGEST]
        given = {}
        for one in session.get_inputs():
            long = one.shape[-1] if isinstance(one.shape[-1], int) else len(tokens)
            row = [*tokens[:long], *([0] * (long - len(tokens)))]
            numbers = [int(place < len(tokens)) for place in range(long)] if "mask" in one.name else row
            given[one.name] = np.array([numbers], np.int32 if "int32" in one.type else np.int64)
        return _one(session, given, "text_embeds")


@functools.cache
def _opened(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as cause:  # onnxruntime's errors have no class of their own
        raise LibraryError(f"{path}: this model cannot be opened ({str(cause).splitlines()[0][:120]}).") from cause


@functools.cache
def _tokenizer(path: Path) -> Any:
    from tokenizers import Tokenizer

    try:
        return Tokenizer.from_file(str(path))
    except Exception as cause:  # neither have those of the tokenizer
        raise LibraryError(f"{path}: this tokenizer cannot be read ({str(cause)[:120]}).") from cause


def _one(session: Any, given: dict[str, Any], wanted: str) -> Floats:
    names = [one.name for one in session.get_outputs()]
    (found,) = session.run([wanted if wanted in names else names[0]], given)
    flat = np.asarray(found, np.float32).reshape(len(found), -1)[0]
    long = float(np.linalg.norm(flat))
    return np.asarray(flat / long if long else flat, np.float32)
