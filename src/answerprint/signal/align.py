"""Where a camera clip lies in a recorder's sound, or the sentence that says why nobody can tell.

A place counts when at least three windows of the clip, each measured by itself, agree on one line - offset and clock drift -
within a millisecond, and no other place in the roll fits nearly as well. Everything else abstains.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from answerprint.signal import SignalError
from answerprint.signal.places import COARSE_HZ, Place, Roll, flattened, places, silent
from answerprint.signal.resample import decimated
from answerprint.signal.windows import FINE_HZ, Closely, Window, closely, fit

__all__ = ["Clip", "Match", "Offset", "Roll", "Window", "locate", "offset"]

RATE_HZ = 48000
SHORTEST_S = 3.0  # under three seconds of speech there are not three windows that say anything
_AGREEING = 3
_SHARE = 0.34  # of the windows that hold sound: fewer, and something else is heard most of the time
_CLEAR = 1.5  # best place over next best; measured on songs with repeats, see docs/sync.md
_LONG_S = 120.0  # past this, 150 ppm slides farther than the bins of the first search are wide
_CHUNKS = 6
_BESIDE = 0.3  # of the best place's score: a place below that is never two thirds as strong when listened to closely


@dataclass(frozen=True, kw_only=True)
class Offset:
    """How much later than `ref` began, `y` begins: ref time = seconds + y time * (1 + drift_ppm * 1e-6)."""

    seconds: float
    drift_ppm: float
    drift_se_ppm: float
    residual_ms: float
    runner_up: float  #: best place over the next best, > 1
    windows: tuple[Window, ...]
    overlap_s: float


@dataclass(frozen=True, kw_only=True)
class Match:
    """What one clip and one roll say about each other: an offset, or why there is none."""

    found: Offset | None
    abstained: str | None
    strength: float = 0.0  #: joint correlation of the agreeing windows, in sigma; compares rolls
    also_s: tuple[float, ...] = ()  #: other places that fit too


def checked(x: NDArray[np.generic], name: str) -> None:
    """Raises: SignalError naming the signal: not one-dimensional, empty, not finite, silent."""
    if x.ndim != 1:
        raise SignalError(f"{name} has {x.ndim} dimensions; give one channel.")
    if not len(x):
        raise SignalError(f"{name} is empty.")
    if x.dtype.kind == "f" and not np.isfinite(x).all():
        raise SignalError(f"{name} is not finite: it holds NaN or infinity. Decode it again.")
    if silent(x):
        raise SignalError(f"{name} is silent.")


@dataclass(eq=False, kw_only=True)
class Clip:
    """A camera's sound, 48 kHz mono, and what every roll it is looked for in needs only once."""

    sound: NDArray[np.generic]
    flat: NDArray[np.float32] = field(init=False)
    fine: NDArray[np.float32] = field(init=False)
    silent: bool = field(init=False)

    def __post_init__(self) -> None:
        self.silent = silent(self.sound)
        self.flat = flattened(decimated(self.sound, RATE_HZ // COARSE_HZ))
        self.fine = decimated(self.sound, RATE_HZ // FINE_HZ)


def clock(seconds: float) -> str:
    """03:12, or 1:03:12: as a person reads a counter."""
    sign, whole = ("-" if seconds < -0.5 else ""), abs(round(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{sign}{hours}:{minutes:02d}:{rest:02d}" if hours else f"{sign}{minutes:02d}:{rest:02d}"


def _shifted(near: Closely, by_s: float) -> Closely:
    return replace(near, offset_s=near.offset_s + by_s, windows=tuple(replace(one, lag_s=one.lag_s + by_s) for one in near.windows))


def _holds(place: Closely) -> bool:
    if place.agreeing < _AGREEING or abs(place.drift) > 3e-4:
        return False
    return place.agreeing >= _SHARE * len(place.windows)


def locate(clip: Clip, roll: Roll, *, from_s: float = 0.0) -> Match:
    """Find a clip in a roll, which it may hang over at either end.

    Args:    clip, roll: 48 kHz mono; kept by the caller, so that sixty clips and ten rolls are transformed once each.
             from_s: where in its file this roll begins, if it is an excerpt; times that come back are the file's.
    Returns: a match with its offset, or one that says why it abstained. It never guesses.
    """
    if len(clip.sound) < SHORTEST_S * RATE_HZ:
        return _none(f"the clip is {len(clip.sound) / RATE_HZ:.1f} s long: under {SHORTEST_S:.0f} s of common sound is not enough")
    if len(roll.sound) < SHORTEST_S * RATE_HZ:
        return _none(f"the sound is {len(roll.sound) / RATE_HZ:.1f} s long: under {SHORTEST_S:.0f} s of common sound is not enough")
    if clip.silent or roll.silent:
        return _none("both are silent" if clip.silent and roll.silent else "the clip is silent" if clip.silent else "the sound file is silent")
    if len(clip.sound) > _LONG_S * RATE_HZ:
        return _long(clip, roll, from_s)
    candidates, chance = places(clip.flat, roll)
    heard: list[tuple[Place, Closely]] = []
    good: list[tuple[Place, Closely]] = []
    for place in candidates:
        if good and place.score < _BESIDE * good[0][0].score:
            break
        near = closely(clip.fine, roll.sound, place.offset_s)
        if near is not None:
            heard.append((place, _shifted(near, from_s)))
            good += heard[-1:] if _holds(near) else []
    if not good:
        return _none(_thin([near for _, near in heard]))
    good.sort(key=lambda pair: -pair[1].strength)
    best_place, best = good[0]
    if best.overlap_s < SHORTEST_S:
        return _none(f"only {best.overlap_s:.1f} s of common sound at {clock(best.offset_s)}: under {SHORTEST_S:.0f} s is not enough")
    rivals = [(place, near) for place, near in good[1:] if near.strength * _CLEAR > best.strength]
    also = tuple(near.offset_s for _, near in rivals)
    if rivals:
        first, second = sorted((best.offset_s, rivals[0][1].offset_s))
        says = f"two places fit equally ({clock(first)} and {clock(second)}): music or playback; timecode or a clap would tell them apart"
        return Match(found=None, abstained=says, strength=best.strength, also_s=(best.offset_s, *also))
    others = [place.score for place in candidates if place is not best_place]
    runner_up = best_place.score / max(max(others, default=chance), chance)
    return Match(found=_offset(best, runner_up), abstained=None, strength=best.strength)


def _long(clip: Clip, roll: Roll, from_s: float) -> Match:
    """A clip too long for one search: up to six stretches of two minutes, each found by itself, then one line through all of them."""
    size, piece = len(clip.sound), int(_LONG_S * RATE_HZ)
    starts = np.linspace(0, size - piece, min(_CHUNKS, -(-size // piece))).astype(int)
    each = [(start / RATE_HZ, locate(Clip(sound=clip.sound[start : start + piece]), roll, from_s=from_s)) for start in starts]
    held = [(at_s, match, match.found) for at_s, match in each if match.found is not None]
    if not held:
        return next((match for _, match in each if match.also_s), each[0][1])
    anchor_s, best, anchor = max(held, key=lambda one: one[1].strength)

    def on_line(at_s: float, found: Offset) -> bool:
        stray = (found.seconds - at_s) - (anchor.seconds - anchor_s)
        return bool(abs(stray - anchor.drift_ppm * 1e-6 * (at_s - anchor_s)) <= 0.02 + 1e-4 * abs(at_s - anchor_s))

    rival = next((one for one in held if not on_line(one[0], one[2]) and one[1].strength * _CLEAR > best.strength), None)
    if rival is not None:
        first, second = sorted((anchor.seconds - anchor_s, rival[2].seconds - rival[0]))
        return _none(f"parts of the clip fit as if it began at {clock(first)} and at {clock(second)}: music, playback, or a clip that was cut together")
    on = [(at_s, found) for at_s, _, found in held if on_line(at_s, found)]
    rows = [(at_s + one.at_s, one.lag_s - at_s, one.peak, 0.0) for at_s, found in on for one in found.windows if one.agrees]
    begin, end = max(0.0, from_s - anchor.seconds + anchor_s), min(size / RATE_HZ, from_s + len(roll.sound) / RATE_HZ - anchor.seconds + anchor_s)
    line = fit(rows, end - begin)
    if line is None or not _holds(line):
        return _none(_thin([line] if line else []))
    return Match(found=_offset(line, min(found.runner_up for _, found in on)), abstained=None, strength=line.strength)


def _offset(line: Closely, runner_up: float) -> Offset:
    return Offset(
        seconds=line.offset_s,
        drift_ppm=line.drift * 1e6,
        drift_se_ppm=line.drift_se * 1e6,
        residual_ms=line.residual_s * 1e3,
        runner_up=runner_up,
        windows=line.windows,
        overlap_s=line.overlap_s,
    )


def _none(says: str) -> Match:
    return Match(found=None, abstained=says)


def _thin(near: list[Closely]) -> str:
    best = max(near, key=lambda place: place.agreeing, default=None)
    if best is None or best.agreeing < 2:
        return "nothing in common"
    return (
        f"thin evidence: {best.agreeing} of {len(best.windows)} windows agree at {clock(best.offset_s)}; "
        f"three are needed, and a third of those with sound"
    )


def offset(ref: NDArray[np.generic], y: NDArray[np.generic], *, rate_hz: int) -> Offset:
    """Find where in `ref` the sound `y` begins, from what both heard.

    Phase-transform cross-correlation (Knapp & Carter, IEEE Trans. ASSP 24(4), 1976), first over all of `ref`, then in windows.
    Args:    ref, y: shapes (n,) and (m,), int16 or float of full scale 1.0.  rate_hz: of both; 48000.
    Returns: seconds from the start of `ref` to the start of `y`: positive when `ref` ran first. Exact to the sample on clean sound.
    Raises:  SignalError: another rate, empty, silent, not finite, not one-dimensional, or evidence too thin (it says what was found).
    """
    if rate_hz != RATE_HZ:
        raise SignalError(f"sound at {rate_hz} Hz: bring both to {RATE_HZ} Hz first.")
    checked(ref, "ref")
    checked(y, "y")
    match = locate(Clip(sound=y), Roll(sound=ref))
    if match.found is None:
        raise SignalError(f"y cannot be placed in ref: {match.abstained}.")
    return match.found
