"""What is heard in a clip's shots: whether somebody speaks, and on wish what is said. Models that the package brings already; nobody is recognised."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from answerprint.library.pictures import Shot
from answerprint.media import audio, speech
from answerprint.media.probe import probe
from answerprint.signal import voice

__all__ = ["Heard", "heard", "installed"]

_RATE_HZ, _HOP_S = 16_000, 0.032  #: as the voice model listens
_LISTENED_S = 600  #: of a file's beginning: half an hour of rushes would fill half a gigabyte
_SPEAKS_S = 1.0  #: so much voice is called speech: two or three words
_SURE = 0.5
_PIECE_S = 14.0  #: half of what the model hears at a time, as the transcript's task has it


@dataclass(frozen=True, kw_only=True)
class Heard:
    """Of one shot."""

    voice_s: float  #: how long somebody speaks
    text: str = ""  #: what the model heard, where that was wished

    @property
    def speaks(self) -> bool:
        return self.voice_s >= _SPEAKS_S


def installed() -> bool:
    """Whether what listens is here, without loading it."""
    return importlib.util.find_spec("faster_whisper") is not None


def heard(path: Path, shots: Sequence[Shot], *, transcript: bool = False) -> list[Heard]:
    """Listen to the first ten minutes of a clip; what comes later counts as not heard.

    Args:   transcript: also say what is said, by the speech model that is installed.
    Raises: MediaError: the sound cannot be read.
    """
    about = probe(path)
    samples = audio.read(path, about, duration_s=Fraction(_LISTENED_S), rate_hz=_RATE_HZ).mono()
    listener = speech.listener()
    chance = listener.voice(samples)
    phrases = []
    if transcript:
        pieces = [(start_s, min(end_s, len(samples) / _RATE_HZ)) for start_s, end_s in voice.pieces(chance, hop_s=_HOP_S, longest_s=_PIECE_S)]
        phrases = listener.decode(samples, pieces, chance)
    found = []
    for shot in shots:
        first, last = round(float(shot.in_s) / _HOP_S), round(float(shot.out_s) / _HOP_S)
        said = [token.text for phrase in phrases for token in phrase.words if shot.in_s <= token.start_s < shot.out_s]
        found.append(Heard(voice_s=round(float(np.count_nonzero(chance[first:last] > _SURE)) * _HOP_S, 1), text=" ".join(" ".join(said).split())))
    return found
