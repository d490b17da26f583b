"""How far each moment and pitch of a sound is turned down so that the noise goes and all else stays.

What a speech estimator (RNNoise) says is speech is one voice; the noise that lies still (its power, followed both ways in time) is the other.
Their Wiener gain is bounded twice: it never goes below `FLOOR_DB`, so that noise is turned down and not cut out; and what stands clear above
the room tone - a breath, a laugh, a gust - keeps its level, whether or not the estimator took it for speech.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerprint.signal.cleaning.spectra import FREQUENCIES_HZ, evened

__all__ = ["FLOOR_DB", "KEPT_DB", "Gains", "gains"]

#: The noise that stays. A speech recogniser mishears less over a floor: on the tuning half of bench/cleaning.py, with the power below, 9.0 % of the words at -24 dB,
#: 8.5 % at -15 and 9.3 % of the recording as it is.
FLOOR_DB = -15.0
#: Power to which the Wiener gain is taken. Of 1, 0.7, 0.6 and 0.5 the best intelligibility (STOI) and word error together there: what is doubtful goes down less.
_GENTLE = np.float32(0.7)
#: How far a band in which something stands clear of the room tone may be turned down: within the 3 dB at which a level change is plain, with room.
KEPT_DB = -2.0
#: A band counts as standing clear from so far over the room tone, and wholly from so far; both over the quietest seventh of the 12 s around.
_CLEAR_DB, _WHOLLY_DB = 9.0, 13.0
_QUIET = 15.0  #: per cent
_AROUND = 750  #: frames, 6 s to each side
_EDGES_HZ = (0, 120, 300, 700, 1500, 3000, 6000, 24_001)  #: gusts lie in the lowest, breaths in the upper bands
_TINY = 1e-14
#: Gerkmann & Hendriks, IEEE TASLP 20(4), 2012: the fixed a-priori ratio of 15 dB, smoothing of noise and of probability.
_PRIOR, _HELD, _LASTING = 10**1.5, 0.8, 0.9

Spectra = NDArray[np.complex64]
Powers = NDArray[np.float32]
_BAND = np.digitize(FREQUENCIES_HZ, _EDGES_HZ[1:])  # of each frequency
_BANDS = np.eye(len(_EDGES_HZ) - 1, dtype=np.float32)[_BAND].T


@dataclass(frozen=True, kw_only=True)
class Gains:
    """What `gains` found."""

    gain: Powers  #: of each frame and frequency, between 10 ** (FLOOR_DB / 20) and 1
    kept: Powers  #: share of each frame and band that was held because it stands clear of the room tone
    room_db: NDArray[np.float64]  #: level of the room tone in each band, power in dB


def gains(heard: Spectra, speech: Spectra | None) -> Gains:
    """The gain of every frame and frequency.

    Args:   heard: spectra of the sound, shape (frames, 769).  speech: of what an estimator takes for speech in it, same shape; None where
            there is none: then nothing but what lies under the speech band is turned down.
    """
    power = (heard.real**2 + heard.imag**2).astype(np.float32)
    if speech is None:
        made = np.ones_like(power)
    else:
        rest = heard - speech
        wanted = speech.real**2 + speech.imag**2
        still = np.sqrt((rest.real**2 + rest.imag**2) * _lying_still(power))
        made = (wanted / (wanted + still + _TINY)).astype(np.float32) ** _GENTLE
    kept, room = _standing_clear(power, made)
    made = np.sqrt(made**2 + (kept @ _BANDS) * (1 - made**2))
    floor = np.float32(10 ** (FLOOR_DB / 20))
    return Gains(gain=floor + (1 - floor) * made, kept=kept, room_db=room)


def _lying_still(power: Powers) -> Powers:
    """The noise under everything, followed forwards and backwards so that neither edge of a sound lags; their geometric mean."""
    made: Powers = np.sqrt(_followed(power) * _followed(power[::-1])[::-1])
    return made


def _followed(power: Powers) -> Powers:
    noise = power[:8].mean(axis=0) + np.float32(_TINY)
    lasting = np.full(power.shape[1], 0.5, np.float32)
    made = np.empty_like(power)
    share = np.float32(_PRIOR / (1 + _PRIOR))
    for at, now in enumerate(power):
        present = 1 / (1 + (1 + _PRIOR) * np.exp(-np.minimum(now / noise * share, 50)))
        lasting = _LASTING * lasting + (1 - _LASTING) * present
        present = np.where(lasting > 0.99, np.minimum(present, 0.99), present)
        noise = np.maximum(_HELD * noise + (1 - _HELD) * (present * noise + (1 - present) * now), np.float32(_TINY))
        made[at] = noise
    return made


def _standing_clear(power: Powers, made: Powers) -> tuple[Powers, NDArray[np.float64]]:
    """How much of each band has to be given back, shape (frames, bands), so that what stands clear loses no more than `KEPT_DB`; and the room tone."""
    there = power @ _BANDS.T + np.float32(_TINY)
    left = (made**2 * power) @ _BANDS.T + np.float32(_TINY)
    level = 10 * np.log10(evened(there, 7))
    room = _room(level)
    clear = np.clip((level - room - _CLEAR_DB) / (_WHOLLY_DB - _CLEAR_DB), 0, 1)
    remains = evened(left, 5) / evened(there, 5)
    back = np.clip((10 ** (KEPT_DB / 10) * clear - remains) / np.maximum(1 - remains, 1e-6), 0, 1)
    return evened(back.astype(np.float32), 3), np.median(room, axis=0)


def _room(level: NDArray[Any]) -> NDArray[np.float64]:
    """The level of the quiet moments around each frame; digital silence is none."""
    frames, bands = level.shape
    marks = np.arange(0, frames + 25, 25)
    made = np.empty((len(marks), bands))
    for row, at in enumerate(marks):
        around = level[max(0, at - _AROUND) : at + _AROUND + 1]
        heard = around[around.max(axis=1) > -100]
        made[row] = np.percentile(heard if len(heard) else around, _QUIET, axis=0)
    return np.stack([np.interp(np.arange(frames), marks, made[:, band]) for band in range(bands)], axis=1)
