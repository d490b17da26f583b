"""A sound and its twins: the cleaned one, and what was removed. As long as the original, with its timecode; together they are it, bit for bit.

Every channel is cleaned apart, in stretches of a minute that overlap; the sound is decoded once and waits in an unnamed file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from answerprint.media import MediaError, audio, bwf, rnnoise
from answerprint.media.container import shown
from answerprint.media.pcm import Writer
from answerprint.model.records import Bext, MediaInfo
from answerprint.model.time import Timecode, round_half_up
from answerprint.signal import cleaning
from answerprint.signal.cleaning import Found, Gap, gaps

__all__ = ["PEAKS_PER_SECOND", "Channel", "Twins", "make"]

PEAKS_PER_SECOND = 100
_STRETCH_S, _AROUND_S, _JOINT_S = 60, 6, Fraction(1, 4)
_WHOLE = 2.0**23  #: 24 bits

Samples = NDArray[np.float64]
Block = NDArray[np.float32]
Watch = Callable[[float], None]


@dataclass(frozen=True, kw_only=True)
class Channel:
    """What was found on one channel and done about it; channels count from 1. Levels in dBFS; times in seconds from the first sample."""

    channel: int
    left_alone: str = ""  #: why nothing was done to it
    hum_hz: float | None = None  #: of the mains whose harmonics some of the tones are
    tones: tuple[tuple[float, float], ...] = ()  #: frequency and level of each
    floor_dbfs: tuple[float | None, float | None] = (None, None)  #: noise floor before and after
    rumble_dbfs: tuple[float | None, float | None] = (None, None)  #: the same below 80 Hz
    clicks: tuple[float, ...] = ()
    gaps: tuple[tuple[float, float], ...] = ()  #: filled with room tone
    empty: tuple[tuple[float, float], ...] = ()  #: gaps that no room tone was found for


@dataclass(frozen=True, kw_only=True)
class Twins:
    """What `make` wrote: cleaned.wav, removed.wav, peaks.npy."""

    channels: tuple[Channel, ...]
    samples: int
    rate_hz: int
    bits: int  #: 24, or 32 for float
    denoised: bool  #: False: the estimator is missing, so broadband noise is as it was
    notes: tuple[str, ...]


@dataclass
class _Lane:
    """One channel on its way."""

    number: int
    why: str
    found: Found | None = None
    gaps: list[Gap] = field(default_factory=list)
    clicks: list[float] = field(default_factory=list)
    levels: dict[str, list[Samples]] = field(default_factory=dict)
    tail: Samples | None = None


def make(path: Path, info: MediaInfo, into: Path, *, leave: Mapping[int, str], tone: Samples | None = None, watch: Watch = lambda share: None) -> Twins:
    """Write the twins of a sound into a folder.

    `peaks.npy`: int8, shape (3, m, 2), lowest and highest of each hundredth of a second of original, cleaned and removed, over all channels,
    full scale 127.
    Args:   leave: channels that stay as they are, from 1, and why.  tone: a recording of the room's own tone, shape (n,), 48 kHz, for gaps in
            a channel that has no quiet moments itself.
    Raises: MediaError: it has no sound, or cannot be read; OSError where the disk does not take it; what `watch` raises.
    """
    if not info.audio:
        raise MediaError(f"{shown(path)} has no sound, so there is nothing to clean.")
    rate = info.audio[0].rate_hz
    notes: list[str] = []
    with tempfile.TemporaryFile(dir=into) as spool:
        count, whole = _decoded(path, info, spool, notes, watch)
        channels = sum(stream.channels for stream in info.audio)
        if not count:
            raise MediaError(f"{shown(path)}: not one sample of its sound can be decoded, so there is nothing to clean.")
        roll = _Roll(spool, channels, count, rate)
        lanes = [_Lane(number=number, why=leave.get(number, "")) for number in range(1, channels + 1)]
        _look(roll, lanes, tone, lambda share: watch(0.1 + 0.2 * share))
        denoised = rnnoise.there()
        chunks = bwf.carried(path, _bext(info, rate), rate_hz=rate, channels=channels)
        bits = 24 if whole else 32
        with (
            Writer(into / "cleaned.wav", rate_hz=rate, channels=channels, bits=bits, chunks=chunks) as cleaned,
            Writer(into / "removed.wav", rate_hz=rate, channels=channels, bits=bits, chunks=chunks) as removed,
        ):
            peaks = _Peaks(count, rate)
            for first, given, taken in _cleaned(roll, lanes, denoised, lambda share: watch(0.3 + 0.7 * share)):
                kept, gone = _parted(given, taken, whole=whole)
                cleaned.feed(kept)
                removed.feed(gone)
                scale = 1 / _WHOLE if whole else 1.0
                _measure(lanes, given, kept * scale, rate)
                peaks.feed(first, (given, kept * scale, gone * scale))
        np.save(into / "peaks.npy", peaks.done())
    return Twins(channels=tuple(_told(lane, rate) for lane in lanes), samples=count, rate_hz=rate, bits=bits, denoised=denoised, notes=tuple(notes))


# ---- the original


class _Roll:
    """The decoded sound; reads any stretch of it."""

    def __init__(self, spool: IO[bytes], channels: int, count: int, rate_hz: int) -> None:
        self._spool, self.channels, self.count, self.rate_hz = spool, channels, count, rate_hz

    def read(self, first: int, end: int) -> Block:
        """Samples [first, end), shape (channels, end - first)."""
        self._spool.seek(first * self.channels * 4)
        raw = np.frombuffer(self._spool.read((end - first) * self.channels * 4), np.float32)
        return np.ascontiguousarray(raw.reshape(-1, self.channels).T)

    def stretches(self) -> Iterator[tuple[int, int]]:
        """Where each minute begins and ends; a short rest belongs to the last."""
        step = _STRETCH_S * self.rate_hz
        starts = list(range(0, max(self.count - step // 4, 1), step))
        yield from zip(starts, [*starts[1:], self.count], strict=True)


def _decoded(path: Path, info: MediaInfo, spool: IO[bytes], notes: list[str], watch: Watch) -> tuple[int, bool]:
    """How many samples there are, and whether all are whole numbers of 24 bits."""
    count, whole = 0, True
    expected = max(1, round_half_up(info.duration_s * info.audio[0].rate_hz))
    for block in audio.blocks(path, info, notes=notes):
        if not np.isfinite(block).all():
            notes.append(f"{shown(path)}: samples that are no numbers are taken as silence.")
            block = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
        spool.write(np.ascontiguousarray(block.T).tobytes())
        scaled = block * np.float32(_WHOLE)
        whole = whole and bool((scaled == np.rint(scaled)).all() and (np.abs(scaled) <= _WHOLE).all() and (scaled < _WHOLE).all())
        count += block.shape[1]
        watch(0.1 * min(1.0, count / expected))
    return count, whole


def _bext(info: MediaInfo, rate_hz: int) -> Bext | None:
    """What the recorder wrote; for a camera clip its timecode."""
    if info.bext is not None or info.timecode is None or info.timecode_rate is None:
        return info.bext
    start = Timecode.parse(info.timecode, rate=info.timecode_rate)
    return Bext(description=f"sound of {info.reel}" if info.reel else "", time_reference=round_half_up(start.seconds * rate_hz), rate=start.rate, drop=start.drop)


# ---- what is wrong with it


def _look(roll: _Roll, lanes: list[_Lane], tone: Samples | None, watch: Watch) -> None:
    at: dict[int, list[Found]] = {lane.number: [] for lane in lanes}
    for first, end in roll.stretches():
        block = roll.read(max(first - 2, 0), min(end + 2, roll.count))
        for lane in lanes:
            if lane.why:
                continue
            x = block[lane.number - 1].astype(np.float64)
            at[lane.number].append(cleaning.look(_at_48(x, roll.rate_hz)[: x.size * cleaning.RATE_HZ // roll.rate_hz]))
        watch(end / roll.count)
    other = cleaning.look(tone).quiet if tone is not None else None
    for lane in lanes:
        if not lane.why:
            found = cleaning.together(at[lane.number])
            lane.found = found if found.quiet is not None else replace(found, quiet=other)
            lane.gaps = list(_gaps(roll, lane.number))


def _gaps(roll: _Roll, channel: int) -> Iterator[Gap]:
    """Digital silence inside a channel, whole also where one stretch ends and the next begins in it; none at its head and tail."""
    least = gaps.SHORTEST * roll.rate_hz // cleaning.RATE_HZ
    waiting: int | None = None
    for first, end in roll.stretches():
        zero = np.concatenate([[False], roll.read(first, end)[channel - 1] == 0, [False]])
        edges = (np.flatnonzero(zero[1:] != zero[:-1]) + first).tolist()
        runs = list(zip(edges[::2], edges[1::2], strict=True))
        if waiting is not None:
            runs = [(waiting, runs[0][1]), *runs[1:]] if runs and runs[0][0] == first else [(waiting, first), *runs]
        waiting = runs.pop()[0] if runs and runs[-1][1] == end < roll.count else None
        yield from (Gap(first=low, end=high) for low, high in runs if low > 0 and high < roll.count and high - low >= least)


# ---- cleaning


def _cleaned(roll: _Roll, lanes: list[_Lane], denoised: bool, watch: Watch) -> Iterator[tuple[int, Samples, Samples]]:
    """First sample, original and what is to go, stretch by stretch without a seam: shapes (channels, n)."""
    rate = roll.rate_hz
    half, around = round_half_up(_JOINT_S * rate) // 2, _AROUND_S * rate
    spans = list(roll.stretches())
    for number, (first, end) in enumerate(spans):
        low, high = max(first - around, 0), min(end + around, roll.count)
        last = number == len(spans) - 1
        begin, stop = (first - half if number else 0), (roll.count if last else end - half)
        block = roll.read(low, high).astype(np.float64)
        taken = np.zeros((roll.channels, stop - begin))
        for lane in lanes:
            if lane.why or lane.found is None:
                continue
            gone = _removed(block[lane.number - 1], lane, low, rate, denoised, (begin, stop))
            here = gone[begin - low : stop - low]
            if lane.tail is not None:
                share = (np.arange(lane.tail.size) + 0.5) / lane.tail.size
                here[: lane.tail.size] = lane.tail * (1 - share) + here[: lane.tail.size] * share
            lane.tail = None if last else gone[stop - low : stop - low + 2 * half].copy()
            taken[lane.number - 1] = here
            watch((number + lane.number / len(lanes)) / len(spans))
        yield begin, block[:, begin - low : stop - low], taken


def _removed(x: Samples, lane: _Lane, low: int, rate: int, denoised: bool, wanted: tuple[int, int]) -> Samples:
    """What is to go from a stretch of one channel that begins at sample `low`; same shape. Clicks inside [wanted) are noted."""
    assert lane.found is not None
    at_48 = _at_48(x, rate)
    ratio = Fraction(cleaning.RATE_HZ, rate)
    holes = tuple(
        Gap(first=round_half_up((max(gap.first, low) - low) * ratio), end=round_half_up((min(gap.end, low + x.size) - low) * ratio))
        for gap in lane.gaps if gap.first < low + x.size and gap.end > low
    )  # fmt: skip
    seed = (low // rate) * 64 + lane.number
    made = cleaning.clean(at_48, lane.found, holes, speech=rnnoise.speech if denoised else None, seed=seed)
    places = [(low + click.first / ratio) for click in made.clicks]
    lane.clicks += [float(place / rate) for place in places if wanted[0] <= place < wanted[1]]
    return _back(at_48 - made.samples, rate, x.size)


def _at_48(x: Samples, rate: int) -> Samples:
    """At 48 kHz, filled up with silence to a whole second; by its whole spectrum, so that no sample moves."""
    if rate == cleaning.RATE_HZ:
        return x
    seconds = -(-x.size // rate)
    down = np.fft.rfft(np.pad(x, (0, seconds * rate - x.size)))
    return np.asarray(np.fft.irfft(_fitted(down, seconds * cleaning.RATE_HZ), seconds * cleaning.RATE_HZ) * (cleaning.RATE_HZ / rate))


def _back(x: Samples, rate: int, length: int) -> Samples:
    if rate == cleaning.RATE_HZ:
        return x
    size = x.size * rate // cleaning.RATE_HZ
    return np.asarray(np.fft.irfft(_fitted(np.fft.rfft(x), size), size) * (rate / cleaning.RATE_HZ))[:length]


def _fitted(spectrum: NDArray[np.complex128], length: int) -> NDArray[np.complex128]:
    bins = length // 2 + 1
    return spectrum[:bins] if bins <= spectrum.size else np.pad(spectrum, (0, bins - spectrum.size))


def _parted(given: Samples, taken: Samples, *, whole: bool) -> tuple[NDArray[Any], NDArray[Any]]:
    """Original and what is to go as two that add up to the original exactly: whole numbers of 24 bits, or float32.

    In float a sample that is 2**-24 of what would be taken from it cannot be told from nothing beside that; it stays as it was.
    """
    if whole:
        original = np.rint(given * _WHOLE).astype(np.int64)
        low, high = int(-_WHOLE), int(_WHOLE) - 1
        kept = np.clip(original - np.rint(taken * _WHOLE).astype(np.int64), np.maximum(low, original - high), np.minimum(high, original - low))
        return kept.astype(np.int32), (original - kept).astype(np.int32)
    original = given.astype(np.float32).astype(np.float64)
    grain = np.spacing(np.abs(original).astype(np.float32)).astype(np.float64)
    gone = np.where(original == 0, taken.astype(np.float32), np.rint(taken / grain) * grain)
    kept32, gone32 = (original - gone).astype(np.float32), gone.astype(np.float32)
    exact = kept32.astype(np.float64) + gone32.astype(np.float64) == original
    return np.where(exact, kept32, original.astype(np.float32)), np.where(exact, gone32, np.float32(0))


# ---- what is said about it


def _measure(lanes: list[_Lane], given: Samples, kept: Samples, rate: int) -> None:
    for lane in lanes:
        for name, block in (("given", given), ("kept", kept)):
            x = block[lane.number - 1]
            lane.levels.setdefault(name, []).append(cleaning.powers(x, rate))
            lane.levels.setdefault(f"{name} low", []).append(cleaning.low_powers(x, rate))


def _told(lane: _Lane, rate: int) -> Channel:
    levels = {name: cleaning.quiet_dbfs(np.concatenate(parts)) for name, parts in lane.levels.items()}
    before, below = (levels.get("given"), levels.get("kept")), (levels.get("given low"), levels.get("kept low"))
    if lane.found is None:
        return Channel(channel=lane.number, left_alone=lane.why, floor_dbfs=before, rumble_dbfs=below)
    spans = tuple((gap.first / rate, gap.end / rate) for gap in lane.gaps)
    return Channel(
        channel=lane.number, hum_hz=cleaning.hum_of(lane.found.tones), tones=tuple((tone.frequency_hz, tone.level_dbfs) for tone in lane.found.tones),
        floor_dbfs=before, rumble_dbfs=below, clicks=tuple(lane.clicks), gaps=spans if lane.found.quiet is not None else (), empty=spans if lane.found.quiet is None else (),
    )  # fmt: skip


class _Peaks:
    """Lowest and highest sample of each hundredth of a second, of three sounds at once."""

    def __init__(self, count: int, rate: int) -> None:
        self._step = rate / PEAKS_PER_SECOND
        self._low = np.zeros((3, int(count / self._step) + 1), np.float32)
        self._high = np.zeros_like(self._low)

    def feed(self, first: int, sounds: tuple[NDArray[Any], ...]) -> None:
        places = ((first + np.arange(sounds[0].shape[1])) / self._step).astype(np.int64)
        starts = np.flatnonzero(np.diff(places, prepend=-1))
        for row, block in enumerate(sounds):
            at = places[starts]
            self._low[row, at] = np.minimum(self._low[row, at], np.minimum.reduceat(block.min(axis=0), starts))
            self._high[row, at] = np.maximum(self._high[row, at], np.maximum.reduceat(block.max(axis=0), starts))

    def done(self) -> NDArray[np.int8]:
        both = np.stack([self._low, self._high], axis=2)
        return np.clip(np.rint(both * 127), -127, 127).astype(np.int8)
