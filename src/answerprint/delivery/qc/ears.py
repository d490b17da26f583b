"""Listens to every decoded sample once: loudness, energy in cells of 10 ms, and what is wrong within a few samples."""

from __future__ import annotations

import hashlib
from collections.abc import MutableMapping
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.stream import Discard
from numpy.typing import NDArray

from answerprint.delivery.loudness import Meter, programme
from answerprint.delivery.qc.records import Heard
from answerprint.delivery.tracks import Tracks, zero_of
from answerprint.media import MediaError
from answerprint.media.container import opened
from answerprint.model.records import AudioStream, MediaInfo
from answerprint.model.time import round_half_up

__all__ = ["CELLS_A_SECOND", "Ears", "Hearings", "same"]

Samples = NDArray[np.float32]

CELLS_A_SECOND = 100
#: A click's second difference over the loudest of the 10 ms before and the 10 ms after it (rms, half a millisecond left out), and the least that
#: is counted. In 114 s of five finished films nothing is above 16 but one true edge, where music was cut off hard; planted jumps of a quarter of
#: full scale in music, and of a half in speech that went through AAC, are above 96.
CLICK_RATIO, CLICK_LEAST = 24.0, 0.05
_AROUND_S, _APART_S = 0.010, 0.0005
#: A waveform cut off flat: so many samples in a row within 0.1 % of each other, at 97 % of full scale or more. A sine at 1 kHz has at most
#: three such at 48 kHz.
_FLAT_RUN, _FLAT_LEVEL, _FLAT_SAME = 5, 0.97, 0.001
_MOST = 200  #: clicks and clippings that are kept


#: What was heard in sounds that were listened to already, by what `same` says of them.
Hearings = MutableMapping[str, Heard]


def same(path: Path, info: MediaInfo, *, stems: bool, from_s: Fraction) -> str | None:
    """What two files have alike whose sound is the same, packet for packet and stamp for stamp, and is listened to in the same way: 64
    hexadecimal digits. None where the file breaks off."""
    made = hashlib.sha256(repr((info.audio, zero_of(info), stems, from_s)).encode())
    wanted = {one.index for one in info.audio}
    with suppress(av.FFmpegError, OSError, MediaError), opened(path) as container:
        streams = [stream for stream in container.streams.audio if stream.index in wanted]
        for stream in container.streams:
            if stream.index not in wanted:
                stream.discard = Discard.all
        for stream in streams:
            made.update(repr(stream.codec_context.extradata).encode())
        for packet in container.demux(streams):
            beside = [(one.data_type, bytes(one)) for one in packet.iter_sidedata()]
            made.update(repr((packet.stream.index, packet.pts, packet.dts, packet.duration, packet.time_base, packet.is_corrupt, packet.is_discard, beside, packet.size)).encode())
            made.update(memoryview(packet) if packet.size else b"")
        return made.hexdigest()
    return None


class Ears:
    """Takes the joined blocks of all streams. Args: stems: they are parts of one programme, heard together.  from_s: where the programme
    begins: the loudness of a line-up tone before it is not its own."""

    def __init__(self, streams: tuple[AudioStream, ...], tracks: Tracks, *, stems: bool = False, from_s: Fraction = Fraction(0)) -> None:
        joined = tuple(one for one in streams if one.rate_hz == tracks.rate_hz)
        self._rate, self._channels = tracks.rate_hz, sum(one.channels for one in joined)
        self._programme = programme(joined)
        self._parts = self._channels // len(self._programme) if stems and self._channels % len(self._programme) == 0 else 1
        self._tracks = tracks
        self._before = round_half_up(from_s * self._rate)
        self._meter = Meter(rate_hz=self._rate, channels=len(self._programme))
        self._cell = self._rate // CELLS_A_SECOND
        self._rest: Samples = np.zeros((len(self._programme), 0), np.float32)
        self._energy: list[NDArray[Any]] = []
        self._peak: list[NDArray[Any]] = []
        self._cross: list[NDArray[Any]] = []
        self._sum = np.zeros(len(self._programme))
        self._whole = np.zeros(self._channels)
        self._count = 0
        self._near: Samples = np.zeros((len(self._programme), 0), np.float32)
        self._near_at = 0
        self.clicks: list[float] = []
        self.flat: list[float] = []
        self._flat_last = np.zeros((len(self._programme), 0), np.float32)

    def hear(self, block: Samples) -> None:
        """The next block: float32, shape (channels over all streams, n)."""
        self._whole += np.square(block, dtype=np.float64).sum(axis=1)
        width = len(self._programme)
        block = block[list(self._programme)] if self._parts == 1 else block.reshape(self._parts, width, -1).sum(axis=0)
        before = max(0, self._before - self._count)
        self._meter.push(np.concatenate([np.zeros_like(block[:, :before]), block[:, before:]], axis=1) if before else block)
        self._sum += block.sum(axis=1, dtype=np.float64)
        self._cells(np.concatenate([self._rest, block], axis=1))
        self._clicks(block)
        self._clipped(block)
        self._count += block.shape[1]

    def _cells(self, samples: Samples) -> None:
        whole = samples.shape[1] // self._cell
        self._rest = samples[:, whole * self._cell :]
        if not whole:
            return
        cells = samples[:, : whole * self._cell].reshape(samples.shape[0], whole, self._cell).astype(np.float64)
        self._energy.append((cells**2).mean(axis=2))
        self._peak.append(np.abs(cells).max(axis=2))
        if samples.shape[0] >= 2:
            self._cross.append((cells[0] * cells[1]).mean(axis=1))

    def _clicks(self, block: Samples) -> None:
        around, apart = round(_AROUND_S * self._rate), round(_APART_S * self._rate)
        pad = around + apart + 2
        samples = np.concatenate([self._near, block], axis=1)
        start = self._near_at
        keep = min(samples.shape[1], 2 * pad)
        self._near, self._near_at = samples[:, samples.shape[1] - keep :], start + samples.shape[1] - keep
        if samples.shape[1] <= 2 * pad:
            self._near, self._near_at = samples, start
            return
        for channel in samples:
            bent = np.zeros(channel.size)
            bent[1:-1] = np.abs(channel[2:] - 2.0 * channel[1:-1] + channel[:-2])
            power = np.concatenate(([0.0], np.cumsum(bent**2)))
            for at in np.flatnonzero(bent[pad:-pad] >= CLICK_LEAST) + pad:
                if bent[at] < bent[at - apart : at + apart + 1].max():
                    continue
                before = (power[at - apart] - power[at - apart - around]) / around
                after = (power[at + apart + 1 + around] - power[at + apart + 1]) / around
                loudest = max(before, after, 1e-10) ** 0.5
                if bent[at] >= CLICK_RATIO * loudest and len(self.clicks) < _MOST:
                    self.clicks.append((start + int(at)) / self._rate)

    def _clipped(self, block: Samples) -> None:
        samples = np.concatenate([self._flat_last, block], axis=1)
        start = self._count - self._flat_last.shape[1]
        self._flat_last = samples[:, -_FLAT_RUN:]
        for channel in samples:
            flat = (np.abs(channel[1:]) >= _FLAT_LEVEL) & (np.abs(np.diff(channel)) <= _FLAT_SAME)
            edges = np.flatnonzero(np.diff(np.concatenate(([0], flat.astype(np.int8), [0]))))
            for first, end in zip(edges[::2].tolist(), edges[1::2].tolist()):
                if end - first >= _FLAT_RUN - 1 and len(self.flat) < _MOST:
                    self.flat.append((start + first) / self._rate)

    def finish(self, damaged: int) -> Heard:
        """Everything heard so far."""
        count, width = max(1, self._count), len(self._programme)
        empty = np.zeros((width, 0))
        measure = self._meter.finish()
        return Heard(
            channels=self._channels, programme=self._programme, measure=measure,
            momentary=np.array(self._meter.momentary), short_term=np.array(self._meter.short_term),
            energy=np.concatenate([empty, *self._energy], axis=1), peak=np.concatenate([empty, *self._peak], axis=1),
            cross=np.concatenate([np.zeros(0), *self._cross]), offset=tuple((self._sum / count).tolist()), whole=tuple((self._whole / count).tolist()),
            clicks=tuple(sorted(set(self.clicks))), flat=tuple(sorted(set(self.flat))), holes=tuple(self._tracks.holes), length_s=self._tracks.length_s, damaged=damaged,
        )  # fmt: skip
