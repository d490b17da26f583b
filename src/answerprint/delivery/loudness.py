"""Loudness and true peak of a finished file, by the meter of ITU-R BS.1770 that FFmpeg carries (filter ebur128).

Measured on the encoded file: a lossy encoder overshoots the true peak of the mix that went into it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
from numpy.typing import NDArray

from answerprint.delivery import DeliveryError, tracks
from answerprint.media.container import shown
from answerprint.media.probe import probe
from answerprint.model.delivery import Loudness
from answerprint.model.records import AudioStream, MediaInfo
from answerprint.model.time import round_half_up

__all__ = ["NO_PEAK_DB", "SILENT_LUFS", "Levelling", "Measure", "Meter", "level", "measure", "offer", "programme"]

Samples = NDArray[np.float32]

SILENT_LUFS = -70.0  #: the meter's absolute gate (BS.1770-4): what never rises above it has this loudness
NO_PEAK_DB = -120.0  #: the peak of digital silence, so that no figure is infinite
_STEP_S = Fraction(1, 10)  #: the meter says a momentary and a short-term value ten times a second (EBU Tech 3341)
_MACHINE_LU = 0.2  #: what we assembled ourselves is levelled to this
_LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1"}


class Measure(NamedTuple):
    """What a programme's sound measures."""

    integrated_lufs: float  #: -70 for silence
    true_peak_dbtp: float  #: -120 for digital silence
    short_term_max_lufs: float  #: loudest 3 s; -70 where the programme is shorter or silent
    range_lu: float


@dataclass(frozen=True, kw_only=True)
class Levelling:
    """What is to be done about a programme's level: one static gain, or a mixer's work."""

    gain_db: float  #: 0.0 where nothing is to be done
    holds: bool  #: after that gain everything asked for holds
    says: str


class Meter:
    """Reads a programme block by block.

    Args: channels: 1, 2 or 6 (as 5.1: left, right, centre, effects, left and right surround).
    """

    def __init__(self, *, rate_hz: int, channels: int) -> None:
        if channels not in _LAYOUTS:
            raise DeliveryError(f"{channels} channels are no layout whose loudness is defined here: mono, stereo or 5.1. Choose a pair of them.")
        self._graph, self._rate, self._layout = av.filter.Graph(), rate_hz, _LAYOUTS[channels]
        source = self._graph.add_abuffer(sample_rate=rate_hz, format="fltp", layout=self._layout, time_base=Fraction(1, rate_hz))
        meter, sink = self._graph.add("ebur128", peak="true", metadata="1"), self._graph.add("abuffersink")
        source.link_to(meter)
        meter.link_to(sink)
        self._graph.configure()
        self._source, self._sink = source, sink
        self._pushed, self._whole = 0, 0
        self._step = round(rate_hz * _STEP_S)
        self.momentary: list[float] = []  #: LUFS, ten a second, each over the 400 ms before
        self.short_term: list[float] = []  #: LUFS, ten a second, each over the 3 s before
        self._integrated, self._range, self._peak = SILENT_LUFS, 0.0, 0.0

    def push(self, samples: Samples) -> None:
        """The next stretch: float32, shape (channels, n), full scale 1.0."""
        if samples.shape[1]:
            self._send(samples)
            self._pull(measured=True)

    def finish(self) -> Measure:
        """Everything pushed so far. The last part of a tenth of a second counts for the peak alone."""
        rest = -self._pushed % self._step
        # one more step of silence: a peak between the last two samples is found by the filter that comes after them
        self._send(np.zeros((av.AudioLayout(self._layout).nb_channels, rest + self._step), np.float32))
        self._source.push(None)
        self._pull(measured=False)
        whole = self.short_term[round(3 / _STEP_S) - 1 :]
        loudest = max(whole, default=SILENT_LUFS)
        peak = 20 * math.log10(self._peak) if self._peak > 0 else NO_PEAK_DB
        return Measure(self._integrated, max(peak, NO_PEAK_DB), max(loudest, SILENT_LUFS), self._range)

    def _send(self, samples: Samples) -> None:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples, dtype=np.float32), format="fltp", layout=self._layout)
        frame.sample_rate, frame.pts, frame.time_base = self._rate, self._pushed, Fraction(1, self._rate)
        self._pushed += samples.shape[1]
        self._source.push(frame)

    def _pull(self, *, measured: bool) -> None:
        while True:
            try:
                said = self._sink.pull().metadata
            except (av.BlockingIOError, av.EOFError):
                return
            if "lavfi.r128.I" not in said:
                continue
            self._peak = max(self._peak, float(said["lavfi.r128.true_peak"]))
            if measured:
                self.momentary.append(max(float(said["lavfi.r128.M"]), SILENT_LUFS))
                self.short_term.append(max(float(said["lavfi.r128.S"]), SILENT_LUFS))
                self._integrated, self._range = float(said["lavfi.r128.I"]), float(said["lavfi.r128.LRA"])


def programme(streams: tuple[AudioStream, ...]) -> tuple[int, ...]:
    """Which channels, from 0 over all streams in order, are the programme: the first stream where it is stereo or 5.1; the first two
    where the streams are one channel each (as MXF keeps them); the first pair of another layout. Empty without sound."""
    if not streams:
        return ()
    first = streams[0].channels
    if first == 1:
        return (0, 1) if len(streams) > 1 and streams[1].channels == 1 else (0,)
    return tuple(range(6)) if first == 6 else (0, 1)


def measure(path: Path, info: MediaInfo | None = None, *, from_s: Fraction = Fraction(0)) -> Measure:
    """Loudness, true peak, loudest 3 s and range of a file's programme, decoded as a player would.

    Args:   from_s: where the programme begins; a line-up tone before it is not measured.
    Raises: MediaError where it cannot be read; DeliveryError where it has no sound.
    """
    info = info or probe(path)
    channels = list(programme(info.audio))
    if not channels:
        raise DeliveryError(f"{shown(path)} has no sound to measure.")
    meter = Meter(rate_hz=info.audio[0].rate_hz, channels=len(channels))
    before = round_half_up(from_s * info.audio[0].rate_hz)
    for block in tracks.blocks(path, info):
        heard = block[channels]
        heard[:, : max(before, 0)] = 0
        before -= heard.shape[1]
        meter.push(heard)
    return meter.finish()


def level(found: Measure, asked: Loudness, *, mixed: bool) -> Levelling:
    """What one static gain can do.

    Args: mixed: a person's mix: left alone inside the tolerance, and never given a gain that breaks its peaks. What the machine
          assembled is always levelled, and turned down as far as its peaks ask for.
    """
    off = asked.target_lufs - found.integrated_lufs
    if found.integrated_lufs <= SILENT_LUFS:
        return Levelling(gain_db=0.0, holds=False, says="The sound is silent: no gain makes it a programme.")
    allowed = asked.tolerance_lu if mixed else _MACHINE_LU
    ceilings = [asked.true_peak_dbtp - found.true_peak_dbtp]
    if asked.short_term_max_lufs is not None:
        ceilings.append(asked.short_term_max_lufs - found.short_term_max_lufs)
    room = min(ceilings)
    if abs(off) <= allowed and room >= 0:
        return Levelling(gain_db=0.0, holds=True, says=f"{found.integrated_lufs:.1f} LUFS: it is left as it is.")
    # the nearest gain inside the tolerance: to the target itself where the peaks let it
    gain = min(off, room)
    holds = abs(off - gain) <= allowed
    if holds:
        return Levelling(gain_db=gain, holds=True, says=f"{found.integrated_lufs:.1f} LUFS: one gain of {gain:+.1f} dB brings it to {found.integrated_lufs + gain:.1f} LUFS.")
    says = (
        f"{found.integrated_lufs:.1f} LUFS with peaks at {found.true_peak_dbtp:.1f} dBTP: no single gain reaches {asked.target_lufs:.1f} LUFS "
        f"under {asked.true_peak_dbtp:.1f} dBTP. It goes back to the mixer."
    )
    return Levelling(gain_db=0.0 if mixed else gain, holds=False, says=says)


def offer(found: Measure, asked: Loudness) -> str:
    """What can be done about a person's mix that is not as asked, for the mixer to take or to leave: nobody else lays a gain over it."""
    best = level(found, asked, mixed=True)
    if best.holds and best.gain_db:
        return f"one gain of {best.gain_db:+.1f} dB would bring it to {found.integrated_lufs + best.gain_db:.1f} LUFS, if its mixer takes it"
    return "no single gain brings it there: it goes back to the mixer"
