"""Whether somebody speaks: how likely, frame by frame, by the small voice detector that faster-whisper brings. No speech model is loaded for it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from answerprint.media import MediaError

__all__ = ["RATE_HZ", "VOICE_HOP_S", "Sound", "check", "pause", "voice", "voiced_s"]

RATE_HZ = 16000  #: what the models listen at
VOICE_HOP_S = 512 / RATE_HZ  #: the voice detector's frame
_VOICE = 0.5  #: the detector is surer than not

Sound = NDArray[np.float32]


def voice(samples: Sound) -> Sound:
    """How likely somebody speaks, for each 32 ms: shape (ceil(n / 512),), 0 to 1. Empty for no samples.

    Raises: MediaError for another shape, or values that are not finite.
    """
    from faster_whisper.vad import get_vad_model

    check(samples)
    if not len(samples):
        return np.zeros(0, np.float32)
    return np.asarray(get_vad_model()(np.pad(samples, (0, -len(samples) % 512))), np.float32).reshape(-1)


def check(samples: Sound) -> None:
    """Raises: MediaError: it is no sound that can be listened to."""
    if samples.ndim != 1 or not np.isfinite(samples).all():
        raise MediaError(f"a sound to listen to is one channel of finite samples at 16 kHz; this has the shape {samples.shape}.")


def voiced_s(likely: Sound, start_s: float, end_s: float) -> float:
    """How long somebody speaks between two moments, by what `voice` gave."""
    return float(np.count_nonzero(likely[int(start_s / VOICE_HOP_S) : int(end_s / VOICE_HOP_S)] > _VOICE)) * VOICE_HOP_S


def pause(likely: Sound, start_s: float, end_s: float) -> float:
    """The middle of the half second with the least voice, in the middle half of a window."""
    quarter = (end_s - start_s) / 4
    low, high = int((start_s + quarter) / VOICE_HOP_S), int((end_s - quarter) / VOICE_HOP_S)
    eased = np.convolve(likely[low:high], np.full(15, 1 / 15), "valid")
    return round((low + 7 + int(np.argmin(eased))) * VOICE_HOP_S, 3)
