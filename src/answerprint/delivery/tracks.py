"""A finished file's sound as a player plays it: the samples of each stream one after the other, all streams side by side from the first picture.

A stamp that trembles by a few milliseconds (WebM counts in whole ones) is no hole; one that runs away from the count of samples is.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.stream import Discard
from numpy.typing import NDArray

from answerprint.media.audio import as_float
from answerprint.media.container import opened, reading
from answerprint.model.records import AudioStream, MediaInfo
from answerprint.model.time import round_half_up

__all__ = ["Tracks", "blocks", "zero_of"]

Samples = NDArray[np.float32]

#: Further than this from where the count of samples puts it, a frame follows a hole: two AAC frames at 48 kHz are 43 ms, and the most
#: that stamps of short Vorbis blocks in WebM were seen to tremble is 12 ms.
_HOLE_S = Fraction(1, 25)


class Tracks:
    """Takes decoded frames in file order and gives blocks of about a second: float32, shape (channels over all streams, n).

    Args: zero_s: presentation time of the first picture; what is heard before it is cut off, what is missing is silent.
    """

    def __init__(self, streams: tuple[AudioStream, ...], *, zero_s: Fraction) -> None:
        self.rate_hz = streams[0].rate_hz if streams else 48_000
        self._lanes = {one.index: _Lane(one, zero_s) for one in streams if one.rate_hz == self.rate_hz}
        self.holes: list[tuple[int, Fraction, Fraction]] = []  #: (stream, from, to), seconds after the first picture

    @property
    def length_s(self) -> dict[int, Fraction]:
        """Where each stream's last sample ends, after the first picture."""
        return {index: Fraction(lane.end, self.rate_hz) for index, lane in self._lanes.items()}

    def push(self, index: int, frame: av.AudioFrame) -> Iterator[Samples]:
        """The next frame of one stream; yields what is now there on all of them."""
        lane = self._lanes.get(index)
        if lane is None or frame.sample_rate != self.rate_hz:
            return
        if (hole := lane.push(frame)) is not None:
            self.holes.append((index, *hole))
        yield from self._ready(self.rate_hz)

    def flush(self) -> Iterator[Samples]:
        """The rest; streams that end early go on as silence."""
        furthest = max((lane.end for lane in self._lanes.values()), default=0)
        for lane in self._lanes.values():
            lane.fill(furthest - lane.end, counted=False)
        yield from self._ready(1)

    def _ready(self, least: int) -> Iterator[Samples]:
        while self._lanes and (ready := min(lane.waiting for lane in self._lanes.values())) >= least:
            count = min(ready, self.rate_hz)
            yield np.concatenate([lane.take(count) for lane in self._lanes.values()], axis=0)


class _Lane:
    def __init__(self, stream: AudioStream, zero_s: Fraction) -> None:
        self._channels, self._rate, self._zero_s = stream.channels, stream.rate_hz, zero_s
        self._queue: list[Samples] = []
        self.waiting, self.end = 0, 0
        self._skip, self._begun = 0, False

    def push(self, frame: av.AudioFrame) -> tuple[Fraction, Fraction] | None:
        samples, hole = as_float(frame), None
        if samples.shape[0] != self._channels:
            fitted = np.zeros((self._channels, samples.shape[1]), np.float32)
            fitted[: samples.shape[0]] = samples[: self._channels]
            samples = fitted
        if frame.pts is not None and frame.time_base is not None:
            at_s = frame.pts * frame.time_base - self._zero_s
            late = at_s - Fraction(self.end - self._skip, self._rate)
            if not self._begun:
                self.fill(max(0, round_half_up(late * self._rate)))
                self._skip = max(0, round_half_up(-late * self._rate))
            elif late > _HOLE_S:
                hole = (Fraction(self.end, self._rate), at_s)
                self.fill(round_half_up(late * self._rate))
        self._begun = True
        if self._skip:
            cut = min(self._skip, samples.shape[1])
            self._skip -= cut
            samples = samples[:, cut:]
        if samples.shape[1]:
            self._queue.append(samples)
            self.waiting += samples.shape[1]
            self.end += samples.shape[1]
        return hole

    def fill(self, count: int, *, counted: bool = True) -> None:
        if count > 0:
            self._queue.append(np.zeros((self._channels, count), np.float32))
            self.waiting += count
            self.end += count if counted else 0

    def take(self, count: int) -> Samples:
        whole = np.concatenate(self._queue, axis=1) if len(self._queue) > 1 else self._queue[0]
        self._queue = [whole[:, count:]] if whole.shape[1] > count else []
        self.waiting -= count
        return whole[:, :count]


def blocks(path: Path, info: MediaInfo) -> Iterator[Samples]:
    """A file's whole sound, decoded. Damaged packets are left out; `qc` counts them.

    Raises: MediaError where the file cannot be opened or read.
    """
    tracks = Tracks(info.audio, zero_s=zero_of(info))
    with opened(path) as container, reading(path):
        wanted = {one.index for one in info.audio}
        for stream in container.streams:
            if stream.index not in wanted:
                stream.discard = Discard.all
        for packet in container.demux([stream for stream in container.streams.audio if stream.index in wanted]):
            try:
                frames = packet.decode()
            except av.FFmpegError:
                continue
            for frame in frames:
                if isinstance(frame, av.AudioFrame):
                    yield from tracks.push(packet.stream.index, frame)
        yield from tracks.flush()


def zero_of(info: MediaInfo) -> Fraction:
    """Time zero in the container's time: the first picture, else the first sound."""
    return info.video.start_s if info.video else min((stream.start_s for stream in info.audio), default=Fraction(0))
