"""Sound out of any file, on one clock: channels side by side, exact to the sample, in bounded memory.

Time zero is the presentation time of the first picture frame in a clip, and the first sample in a sound file. Edit lists and
encoder priming are honoured by the demuxer; what is left of a late or early start is padded with silence or cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.stream import Discard
from numpy.typing import NDArray

from answerprint.media.container import opened, reading, shown
from answerprint.model.records import MediaInfo
from answerprint.model.time import round_half_up

__all__ = ["Audio", "Joiner", "blocks", "read"]

Samples = NDArray[np.float32]
#: Matroska stamps packets to the millisecond; ten of those is a hole in the sound, less is rounding.
_HOLE_S = Fraction(10, 1000)
#: How far one stream may run ahead of another that still has sound to come, before the other is filled with silence.
_AHEAD_S = 60
_BLOCK_S = 1
#: Containers that seek to an exact sample. The others are decoded from their beginning.
_SEEKABLE = {"mov,mp4,m4a,3gp,3g2,mj2", "wav", "w64", "mxf", "aiff", "flac"}
_PREROLL_S = Fraction(1, 2)  # a lossy decoder needs two packets (43 ms of AAC at 48 kHz) to settle


@dataclass(frozen=True, kw_only=True)
class Audio:
    """A stretch of sound. samples: float32, shape (channels, n), full scale 1.0; the first lies at `start_s` after time zero."""

    samples: Samples
    rate_hz: int
    start_s: Fraction
    notes: tuple[str, ...] = ()

    def mono(self) -> Samples:
        """The mean of the channels, shape (n,); zeros where there is no channel."""
        return self.samples.mean(axis=0) if self.samples.shape[0] else np.zeros(self.samples.shape[1], dtype=np.float32)


def read(
    path: Path,
    info: MediaInfo,
    *,
    start_s: Fraction = Fraction(0),
    duration_s: Fraction | None = None,
    rate_hz: int | None = None,
    channels: Sequence[int] | None = None,
) -> Audio:
    """Decode a stretch of a file's sound.

    Args:    start_s, duration_s: after time zero; to the end where None. Before time zero there is nothing.
             rate_hz: of the samples returned; the file's own where None.   channels: from 0, over all streams in order.
    Returns: what decodes; a file cut short gives what is there, and a note. A clip without sound gives shape (0, 0).
    Raises:  MediaError where the file cannot be opened; ValueError for a stretch that ends before it starts.
    """
    notes: list[str] = []
    rate = rate_hz or (info.audio[0].rate_hz if info.audio else 48_000)
    start = round_half_up(start_s * rate)
    stop = None if duration_s is None else start + round_half_up(duration_s * rate)
    if start < 0 or (stop is not None and stop < start):
        raise ValueError("a stretch of sound starts at or after time zero and does not end before it starts")
    parts = list(_decoded(path, info, rate=rate, start=start, stop=stop, notes=notes)) if info.audio and stop != start else []
    count = sum(stream.channels for stream in info.audio)
    samples = np.concatenate(parts, axis=1) if parts else np.zeros((count, 0), dtype=np.float32)
    if channels is not None:
        samples = samples[list(channels)]
    return Audio(samples=samples, rate_hz=rate, start_s=Fraction(start, rate), notes=tuple(notes))


def blocks(path: Path, info: MediaInfo, *, rate_hz: int | None = None, notes: list[str] | None = None) -> Iterator[Samples]:
    """A file's whole sound from time zero, in blocks of about a second: float32, shape (channels, n). Memory stays bounded.

    Args:   notes: gets a sentence for each thing that was wrong with the file.
    Raises: MediaError as `read`, also in the middle where the file vanishes.
    """
    rate = rate_hz or (info.audio[0].rate_hz if info.audio else 48_000)
    if info.audio:
        yield from _decoded(path, info, rate=rate, start=0, stop=None, notes=notes if notes is not None else [])


def _decoded(path: Path, info: MediaInfo, *, rate: int, start: int, stop: int | None, notes: list[str]) -> Iterator[Samples]:
    joiner = Joiner(info, rate_hz=rate, start=start)
    left = None if stop is None else stop - start
    for block in _joined(path, info, joiner, Fraction(start, rate)):
        if left is not None:
            block = block[:, :left]
            left -= block.shape[1]
        if block.shape[1]:
            yield block
        if left == 0:
            break
    notes.extend(f"{shown(path)}: {note}" for note in joiner.notes)


def _joined(path: Path, info: MediaInfo, joiner: Joiner, start_s: Fraction) -> Iterator[Samples]:
    with opened(path) as container:
        wanted = {stream.index for stream in info.audio}
        for other in container.streams:
            if other.index not in wanted:
                other.discard = Discard.all
        streams = [container.streams[index] for index in sorted(wanted)]
        if start_s > _PREROLL_S and container.format.name in _SEEKABLE:
            with reading(path):
                container.seek(int((start_s - _PREROLL_S + joiner.zero_s) * av.time_base), backward=True)
        packets = container.demux(streams)
        while True:
            with reading(path):
                try:
                    packet = next(packets, None)
                except (av.InvalidDataError, av.EOFError):
                    joiner.notes.append("the file is damaged or cut off; the sound before that place was read")
                    packet = None
            if packet is None:
                break
            try:
                frames = packet.decode()
            except av.FFmpegError:
                joiner.damaged()
                continue
            for frame in frames:
                if isinstance(frame, av.AudioFrame):
                    yield from joiner.push(packet.stream.index, frame)
        yield from joiner.flush()


class Joiner:
    """Puts decoded frames of all sound streams side by side on one clock.

    For who demuxes a file in one pass: `push` every decoded `av.AudioFrame` with its stream's index, then `flush`. Each block
    that comes back is float32, shape (channels over all streams, n), and follows the one before without a gap.

    Args: start: the first sample wanted, after time zero, at `rate_hz`.
    """

    def __init__(self, info: MediaInfo, *, rate_hz: int, start: int = 0) -> None:
        self.notes: list[str] = []
        self.zero_s = info.video.start_s if info.video else min((stream.start_s for stream in info.audio), default=Fraction(0))
        self._rate = rate_hz
        last_s = info.duration_s + _AHEAD_S
        self._lanes = {
            s.index: _Lane(s.channels, s.start_s - self.zero_s + s.duration_s, rate_hz, start, last_s) for s in info.audio
        }
        self._damaged = 0

    def push(self, index: int, frame: av.AudioFrame) -> Iterator[Samples]:
        """Take one decoded frame of the stream `index`; yields what is now complete on every channel."""
        lane = self._lanes.get(index)
        if lane is None:
            return
        stamp_s = None if frame.pts is None or frame.time_base is None else frame.pts * frame.time_base - self.zero_s
        samples = as_float(frame)
        if samples.shape[0] != lane.channels:
            note = f"the number of channels changes from {lane.channels} to {samples.shape[0]} inside the file"
            if note not in self.notes:
                self.notes.append(note)
            fitted = np.zeros((lane.channels, samples.shape[1]), dtype=np.float32)
            fitted[: samples.shape[0]] = samples[: lane.channels]
            samples = fitted
        lane.push(samples, frame.sample_rate, stamp_s)
        yield from self._complete()

    def damaged(self) -> None:
        """A packet did not decode."""
        self._damaged += 1

    def flush(self) -> Iterator[Samples]:
        """The rest; channels that end early go on as silence. Then the notes are complete."""
        for lane in self._lanes.values():
            lane.drain()
            lane.ended = True
        yield from self._complete(whole=True)
        if self._damaged:
            self.notes.append(f"{self._damaged} packets of sound are damaged; the holes are silent")
        if holes := sum(lane.holes for lane in self._lanes.values()):
            self.notes.append(f"the sound has {holes} gaps in its time stamps; they are filled with silence")

    def _complete(self, whole: bool = False) -> Iterator[Samples]:
        lanes = list(self._lanes.values())
        furthest = max(lane.end for lane in lanes)
        for lane in lanes:
            finished = lane.ended or lane.end >= lane.declared - self._rate // 10
            if finished and lane.end < furthest - 2 * self._rate:
                lane.silence(furthest - 2 * self._rate - lane.end)
            elif furthest - lane.end > _AHEAD_S * self._rate:
                lane.silence(furthest - lane.end - _AHEAD_S * self._rate)
            if whole and lane.end < furthest:
                lane.silence(furthest - lane.end)
        step = _BLOCK_S * self._rate
        while (ready := min(lane.waiting for lane in lanes)) >= step or (whole and ready > 0):
            yield np.concatenate([lane.take(min(step, ready)) for lane in lanes], axis=0)


class _Lane:
    """One stream on its way to the common clock. `end` is the output sample at which what has come so far ends."""

    def __init__(self, channels: int, declared_s: Fraction, rate_hz: int, start: int, last_s: Fraction) -> None:
        self.channels, self.holes, self.ended = channels, 0, False
        self.declared = round_half_up(declared_s * rate_hz)
        self.end = start
        self._rate, self._start, self._last_s = rate_hz, start, last_s
        self._position: int | None = None  # output sample of the next one that leaves the resampler
        self._next_s: Fraction | None = None  # where the next frame belongs if it follows the last
        self._resamplers: list[av.AudioResampler] = []
        self._source_hz = 0
        self._queue: list[Samples] = []
        self.waiting = 0

    def push(self, samples: Samples, source_hz: int, stamp_s: Fraction | None) -> None:
        length_s = Fraction(samples.shape[1], source_hz)
        if stamp_s is not None and stamp_s > self._last_s:
            stamp_s = None  # a broken stamp; believe the samples
        here_s = stamp_s if stamp_s is not None else (self._next_s or Fraction(0))
        if self._position is None or self._next_s is None:
            self._position = round_half_up(here_s * self._rate)
        elif source_hz != self._source_hz or abs(here_s - self._next_s) > _HOLE_S:
            self.drain()
            self.holes += here_s - self._next_s > _HOLE_S
            self._position = round_half_up(here_s * self._rate)
        self._next_s = here_s + length_s
        self._source_hz = source_hz
        self._put(self._resampled(samples))

    def drain(self) -> None:
        """Let out what the resamplers still hold, and forget them."""
        if self._resamplers:
            out = [resampler.resample(None) for resampler in self._resamplers]
            self._resamplers = []
            self._put(_stacked(out))

    def silence(self, length: int) -> None:
        self._queue.append(np.zeros((self.channels, length), dtype=np.float32))
        self.end += length
        self.waiting += length

    def take(self, length: int) -> Samples:
        taken: list[Samples] = []
        need = length
        while need:
            first = self._queue[0]
            if first.shape[1] <= need:
                taken.append(self._queue.pop(0))
            else:
                taken.append(first[:, :need])
                self._queue[0] = first[:, need:]
            need -= taken[-1].shape[1]
        self.waiting -= length
        return taken[0] if len(taken) == 1 else np.concatenate(taken, axis=1)

    def _put(self, samples: Samples) -> None:
        if not samples.shape[1] or self._position is None:
            return
        late = self._position - self.end
        self._position += samples.shape[1]
        if late < 0:
            samples = samples[:, -late:]
        elif late > 0:
            self.silence(late)
        if samples.shape[1]:
            self._queue.append(samples)
            self.end += samples.shape[1]
            self.waiting += samples.shape[1]

    def _resampled(self, samples: Samples) -> Samples:
        if self._source_hz == self._rate and not self._resamplers:
            return samples
        if not self._resamplers:
            # one for each channel: any number of channels in any layout, and none is ever mixed into another
            self._resamplers = [av.AudioResampler(format="fltp", layout="mono", rate=self._rate) for _ in range(self.channels)]
        out = []
        for channel, resampler in zip(samples, self._resamplers, strict=True):
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(channel[np.newaxis]), format="fltp", layout="mono")
            frame.sample_rate = self._source_hz
            out.append(resampler.resample(frame))
        return _stacked(out)


def _stacked(out: Sequence[Sequence[av.AudioFrame]]) -> Samples:
    rows = [np.concatenate([as_float(frame)[0] for frame in frames]) if frames else np.zeros(0, dtype=np.float32) for frames in out]
    return np.stack(rows)


def as_float(frame: av.AudioFrame) -> Samples:
    """A decoded frame as float32, shape (channels, n), full scale 1.0; the channels in file order, none mixed."""
    raw: NDArray[Any] = frame.to_ndarray()
    if not frame.format.is_planar:
        raw = raw.reshape(-1, frame.layout.nb_channels).T
    if raw.dtype == np.uint8:
        return (raw.astype(np.float32) - np.float32(128)) / np.float32(128)
    samples: Samples = raw.astype(np.float32, copy=False)
    if raw.dtype.kind == "i":
        samples = samples * np.float32(0.5 ** (raw.dtype.itemsize * 8 - 1))
    return samples
