"""Rough clean-up of a sound for the cutting room: gaps, clicks, steady tones, and noise down to a fixed floor. Arrays only, 48 kHz.

`look` says what is wrong with a stretch; `clean` takes it away, given what was found in the whole sound. Order: gaps are filled, clicks
mended, tones taken out; then the noise is turned down, and what is to stay of the tones is laid back under it, untouched by the gains.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from answerprint.signal import SignalError
from answerprint.signal.cleaning import clicks, gaps, noise, tones
from answerprint.signal.cleaning.clicks import Click
from answerprint.signal.cleaning.gaps import Gap, Spectrum
from answerprint.signal.cleaning.spectra import RATE_HZ, sound, spectra
from answerprint.signal.cleaning.tones import Tone, hum_of

__all__ = ["RATE_HZ", "Cleaned", "Click", "Found", "Gap", "Spectrum", "Tone", "clean", "hum_of", "look", "low_powers", "powers", "quiet_dbfs", "together"]

Samples = NDArray[np.float64]
Estimator = Callable[[Samples], Samples]  #: what it takes for speech in a sound at 48 kHz, same length, in time with it
_SAME_HZ = 1.0  #: tones of two stretches that close are one
_QUIET = 15.0  #: per cent
_RUMBLE_HZ = 80.0  #: below a voice
_NOTHING = 1e-15  #: under the noise of 24 bits


@dataclass(frozen=True, kw_only=True)
class Found:
    """What stands in a stretch from beginning to end."""

    tones: tuple[Tone, ...]
    quiet: Spectrum | None  #: of its quiet moments; None where there are none


@dataclass(frozen=True, kw_only=True)
class Cleaned:
    """A stretch after clean-up."""

    samples: Samples  #: shape (n,), as long as what was given
    clicks: tuple[Click, ...]
    kept: NDArray[np.float32]  #: for each frame of 8 ms the largest share of a band that was held since it stands clear of the room tone


def look(x: Samples) -> Found:
    """What stands through a stretch. Args: x: shape (n,), 48 kHz, full scale 1.0.   Raises: SignalError: not finite, or not one channel."""
    _checked(x)
    return Found(tones=tones.find(x), quiet=gaps.quiet_spectrum(x))


def together(found: Sequence[Found]) -> Found:
    """What was found in the stretches of one sound: every tone once, at its loudest, and the quietest room tone."""
    kept: list[Tone] = []
    for tone in sorted((tone for one in found for tone in one.tones), key=lambda one: -one.level_dbfs):
        if all(abs(tone.frequency_hz - other.frequency_hz) >= _SAME_HZ for other in kept):
            kept.append(tone)
    quiet = min((one.quiet for one in found if one.quiet is not None), key=lambda one: float(one.sum()), default=None)
    return Found(tones=tuple(sorted(kept, key=lambda one: one.frequency_hz)), quiet=quiet)


def clean(x: Samples, found: Found, holes: tuple[Gap, ...] = (), *, speech: Estimator | None = None, seed: int = 0) -> Cleaned:
    """A stretch with its gaps filled, clicks mended, tones and noise turned down.

    Args:    x: shape (n,), 48 kHz, full scale 1.0.  found: in the whole sound.  holes: gaps in this stretch.
             speech: the estimator; None leaves broadband noise alone.  seed: of the room tone that is drawn.
    Raises:  SignalError: not finite, or not one channel.
    """
    _checked(x)
    if not x.any():
        return Cleaned(samples=x.copy(), clicks=(), kept=np.zeros(0, np.float32))
    quiet = found.quiet if found.quiet is not None else gaps.quiet_spectrum(x)
    whole = gaps.filled(x, holes, quiet, seed) if holes and quiet is not None else x
    struck = clicks.find(whole)
    whole = clicks.mended(whole, struck)
    hum = np.zeros(x.size)
    for tone in found.tones:
        hum += tones.sine(whole - hum, tone)
    bare = whole - hum
    if speech is None:
        made, kept = bare, np.zeros(0, np.float32)
    else:
        heard = spectra(bare)
        turned = noise.gains(heard, spectra(speech(bare)))
        made, kept = sound(heard * turned.gain, x.size), turned.kept.max(axis=1)
    return Cleaned(samples=made + hum * 10 ** (tones.LEFT_DB / 20), clicks=struck, kept=kept)


def powers(x: Samples, rate_hz: int) -> Samples:
    """Mean power of each 20 ms of a sound, shape (m,); what is left over at the end is not counted."""
    frame = rate_hz // 50
    made: Samples = (x[: x.size // frame * frame].reshape(-1, frame) ** 2).mean(axis=1)
    return made


def low_powers(x: Samples, rate_hz: int) -> Samples:
    """The same of what lies under a voice, below 80 Hz."""
    if not x.size:
        return powers(x, rate_hz)
    down = np.fft.rfft(x)
    down[np.fft.rfftfreq(x.size, 1 / rate_hz) > _RUMBLE_HZ] = 0
    return powers(np.fft.irfft(down, x.size), rate_hz)


def quiet_dbfs(frames: Samples) -> float | None:
    """The noise floor: the root mean square that 15 % of these powers stay under, digital silence left out; None where there is nothing else."""
    level = frames[frames > _NOTHING]
    return float(10 * np.log10(np.percentile(level, _QUIET))) if level.size else None


def _checked(x: Samples) -> None:
    if x.ndim != 1:
        raise SignalError(f"a sound is cleaned channel by channel; this one has the shape {x.shape}.")
    if not np.isfinite(x).all():
        raise SignalError("the sound has samples that are no numbers. Decode it again.")
