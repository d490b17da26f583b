"""Speech to words: what was heard, unprompted; and known text laid against the sound.

The script never reaches the listening pass: a model that has read the script hears it, also where nobody said it. Known text
enters afterwards, by `align` and `score`, which ask how well it fits the sound and change nothing that was heard.
"""

from __future__ import annotations

import functools
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
from answerprint.media.whisper import HOP, Whisper, model_folder

__all__ = ["RATE_HZ", "VOICE_HOP_S", "WINDOW_S", "Listener", "Phrase", "Token", "listener"]

WINDOW_S = 30.0  #: the model hears so much at a time

_BEAM = 5  # as wide as plain faster-whisper listens
_COMPRESSION, _LOG_PROBABILITY, _NO_SPEECH = 2.4, -1.0, 0.6  # a decoding is tried again beyond these (Radford et al. 2022, 4.5)
_LETTERS_A_SECOND = 25.0  # hurried English, marks and spaces counted, stays below
_DIVISIBLE_S = 6.0  # a window longer than this still holds two attempts at a line
_LEFT_S = 0.3  # listening goes on after the last phrase while so much voice is left
_GUESSED = 28  # tokens: a slate with its mark has twenty


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
        self.model = Whisper(folder, threads=threads)

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
        encoded, frames = self.model.encode(samples, start_s, end_s, silence=True)
        tokenizer = self.model.tokenizer(encoded)
        decoding = self._generate(encoded, tokenizer, voiced_s(voice, start_s, end_s), divisible=end_s - start_s > _DIVISIBLE_S)
        if decoding is None:
            return None
        tokens, log_probability, compression, no_speech = decoding
        cut, went_s, whole = phrasing.phrases(tokens, tokenizer, frames * HOP / RATE_HZ)
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
            result = self.model.loaded.model.generate(
                encoded, [tokenizer.sot_sequence], beam_size=_BEAM, patience=1, length_penalty=1, no_repeat_ngram_size=no_repeat,
                max_length=self.model.loaded.max_length, return_scores=True, return_no_speech_prob=True, suppress_blank=True,
                suppress_tokens=self.model.silenced, max_initial_timestamp_index=round(1.0 / phrasing.STEP_S),
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
        encoded, _ = self.model.encode(samples, *span, silence=True)
        tokenizer = self.model.tokenizer(encoded)
        prompt = [tokenizer.sot_prev, *tokenizer.encode(" " + before), *tokenizer.sot_sequence, tokenizer.no_timestamps]
        result = self.model.loaded.model.generate(
            encoded, [prompt], beam_size=most, num_hypotheses=most, patience=1, length_penalty=1 if only else 0, max_length=len(prompt) + _GUESSED,
            return_scores=True, suppress_blank=True, suppress_tokens=self.model.all_but(only, tokenizer) if only else self.model.silenced,
        )[0]  # fmt: skip
        found = zip(result.sequences_ids, result.scores, strict=True)  # among few words a beam ends early unless length counts: scores are means then
        told = [(tokenizer.decode(list(tokens)).strip(), float(score) * (len(tokens) if only else 1)) for tokens, score in found]
        return sorted(told, key=lambda one: -one[1])

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
            encoded, frames = self.model.encode(samples, start_s, end_s)
            tokenizer = self.model.tokenizer(encoded)
            pieces = [tokenizer.encode(" " + word) for word in part]
            times = self.model.times(encoded, frames, [token for piece in pieces for token in piece], tokenizer)
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
        likely = self._likely(samples, text, span)
        return float(np.mean(likely)) if likely else 0.0

    def likelihood(self, samples: Sound, text: str, span: tuple[float, float]) -> float:
        """The natural logarithm of how likely exactly this text was said in a stretch, word after word; 0.0 for a text without words.

        Of two texts about one stretch the higher fits better; it grows less with every word, so compare texts of about one length.
        Raises: MediaError for a span longer than WINDOW_S.
        """
        return sum(math.log(max(likely, 1e-9)) for likely in self._likely(samples, text, span))

    # ---- inside

    def _likely(self, samples: Sound, text: str, span: tuple[float, float]) -> list[float]:
        """How likely each token of a text was said in a stretch, 0 to 1; empty for a text without words."""
        _fits(*span)
        encoded, frames = self.model.encode(samples, *span)
        tokenizer = self.model.tokenizer(encoded)
        tokens = tokenizer.encode(" " + " ".join(text.split())) if text.strip() else []
        return [likely for _, likely in self.model.times(encoded, frames, tokens, tokenizer)[:-1]] if tokens else []

    def _align(self, encoded: Any, frames: int, tokens: list[int], tokenizer: Any) -> list[tuple[Token, int]]:
        """Words with times inside the window, each with its number of tokens; marks belong to the word before them."""
        if not tokens:
            return []
        times = self.model.times(encoded, frames, tokens, tokenizer)
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


def _fits(start_s: float, end_s: float) -> None:
    if not 0 < end_s - start_s <= WINDOW_S:
        raise MediaError(f"{start_s:.2f} to {end_s:.2f} s: the model hears up to {WINDOW_S:.0f} s at a time. Divide it where nobody speaks.")


def _moved(word: Token, by_s: float) -> Token:
    return replace(word, start_s=round(word.start_s + by_s, 2), end_s=round(word.end_s + by_s, 2))
