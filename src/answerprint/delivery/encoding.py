"""Encoded files: one segment of picture at a time, and the finished file in which the segments' packets follow each other.

Encoders run on one thread: then the same picture gives the same packets on any machine with the same libraries, however often the work was cut off.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

import av
import numpy as np
from numpy.typing import NDArray

from answerprint.delivery import DeliveryError
from answerprint.delivery.fitting import tag
from answerprint.delivery.mixing import Sound
from answerprint.delivery.plan import RATE_HZ
from answerprint.delivery.stems import MixMinus, Stems
from answerprint.media.container import opened, reading
from answerprint.model.delivery import PictureSpec, SoundSpec
from answerprint.model.time import Timecode, round_half_up

__all__ = ["CONTAINERS", "Track", "count", "durable", "join", "late", "on_disk", "picture"]

CONTAINERS = {"mp4": "mp4", "mov": "mov", "mxf": "mxf", "mkv": "matroska"}  #: FFmpeg's names by ours
_FULL_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_TICKS = 10_000  #: players expect at least so many a second; a whole number of them is one frame
#: What each encoder needs so that a segment depends on nothing before it.
_CLOSED = {"mpeg2video": {"flags": "+cgop", "sc_threshold": "1000000000"}, "ffv1": {"level": "3"}}


_UP_TO_AVX2 = ("MMX2", "SSE2Fast", "SSSE3", "SSE4.2", "AVX", "FMA3", "BMI2", "AVX2")  #: x264's names; every processor with AVX-512 has them


@contextmanager
def on_disk(where: Path, keeps: str) -> Iterator[None]:
    """Turn a full disk into a sentence. Args: keeps: what is not lost."""
    try:
        yield
    except OSError as cause:
        if cause.errno in _FULL_DISK:
            raise DeliveryError(f"the disk of {where} is full. {keeps} Make room and deliver again.") from cause
        raise


def durable(part: Path, into: Path) -> None:
    """Let a finished file appear under its name, whole or not at all."""
    with open(part, "rb") as file:
        os.fsync(file.fileno())
    os.replace(part, into)
    folder = os.open(into.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def picture(path: Path, frames: Iterable[av.VideoFrame], spec: PictureSpec, *, rate: Fraction, size: tuple[int, int], label: Timecode) -> int:
    """Encode a segment into a file of its own. Args: label: timecode of its first frame, for codecs that carry one.

    Returns: how many frames were written.
    Raises:  DeliveryError: the encoder does not take these settings; OSError where the disk is full.
    """
    options = {"video_track_timescale": str(timescale(rate))} if spec.codec != "ffv1" else {}
    with av.open(str(path), "w", format="mov" if spec.codec != "ffv1" else "matroska", options=options) as out:
        given = {**_CLOSED.get(spec.codec, {}), **(spec.options or {})}
        if spec.codec == "libx264":
            given["x264-params"] = _x264((spec.options or {}).get("x264-params", ""))
        if spec.codec == "mpeg2video":
            given["gop_timecode"] = str(label)
        if spec.interlaced:
            given["flags"] = given.get("flags", "") + "+ildct+ilme"
        stream: Any = out.add_stream(spec.codec, rate=rate, options=given)
        stream.width, stream.height = size
        stream.pix_fmt = spec.pixel_format
        context = stream.codec_context
        context.time_base, context.thread_count = 1 / rate, 1
        if "b" in given:
            context.bit_rate = _bits(given["b"])
        tag(context, spec)
        try:
            context.open(strict=False)
        except (av.FFmpegError, ValueError) as cause:
            settings = ", ".join(f"{key}={value}" for key, value in (spec.options or {}).items()) or "no options"
            raise DeliveryError(f"{spec.codec} does not take {size[0]} x {size[1]} {spec.pixel_format} with {settings} ({cause}). Correct the spec.") from cause
        written = 0
        fields = _Fields(spec.pixel_format, size) if spec.interlaced else None
        for frame in frames:
            frame.pts, frame.time_base, frame.pict_type = written, 1 / rate, 0
            tag(frame, spec)
            out.mux(stream.encode(frame if fields is None else fields.mark(frame)))
            written += 1
        out.mux(stream.encode(None))
    return written


def _x264(given: str) -> str:
    """x264's own parameters: closed groups, and the same packets every time.

    Its AVX-512 code (core 165) gives other packets from run to run where a row's macroblocks do not fill its registers: 12 encodes of one clip at
    320 x 180 gave 5 files, at 720 x 576 and 1080 x 1920 two; without it, and at 1920 x 1080, one. So it is left out.
    """
    steady = f":asm={','.join(_UP_TO_AVX2)}" if _processor().get("AVX512F") else ""
    return f"{given}:open-gop=0{steady}".lstrip(":")


def _processor() -> Mapping[str, bool]:
    """What this processor can do, as NumPy found out when it was loaded; empty where it does not say."""
    return getattr(getattr(getattr(np, "_core", None), "_multiarray_umath", None), "__cpu_features__", {})


class _Fields:
    """Marks frames as two fields, the upper one first, as every HD broadcaster takes them."""

    def __init__(self, pixels: str, size: tuple[int, int]) -> None:
        self._graph = av.filter.Graph()
        self._graph.threads = 1
        source = self._graph.add("buffer", video_size=f"{size[0]}x{size[1]}", pix_fmt=pixels, time_base="1/1000", pixel_aspect="1/1")
        marked, sink = self._graph.add("setfield", mode="tff"), self._graph.add("buffersink")
        source.link_to(marked)
        marked.link_to(sink)
        self._graph.configure()

    def mark(self, frame: av.VideoFrame) -> av.VideoFrame:
        at, base = frame.pts, frame.time_base
        self._graph.vpush(frame)
        made = self._graph.vpull()
        made.pts, made.time_base = at, base
        return made


def _bits(text: str) -> int:
    units = {"k": 1000, "M": 1_000_000}
    return int(float(text[:-1]) * units[text[-1]]) if text[-1] in units else int(text)


def timescale(rate: Fraction) -> int:
    """Ticks a second that hold a frame exactly."""
    scale = rate.numerator
    while scale < _TICKS:
        scale *= 2
    return scale


def count(path: Path) -> int:
    """How many frames an encoded segment holds; 0 where it cannot be read."""
    with suppress(Exception), opened(path) as container:
        return sum(1 for packet in container.demux(container.streams.video[0]) if packet.size)
    return 0


class Sounding(Protocol):
    """What `join` takes for a film's sound."""

    def open(self, out: Any) -> None: ...
    def until(self, at_s: Fraction) -> Iterator[Any]: ...
    def close(self) -> Iterator[Any]: ...


class Track:
    """The film's sound on its way into the file: one stream, one for each stem, or in MXF one for each channel."""

    def __init__(self, sound: Sound | Stems | MixMinus, spec: SoundSpec, *, first: int, end: int, samples: int, head_tail: Callable[[int, int], NDArray[np.float32] | None]) -> None:
        """Args: first, end: samples of the file in which the film is heard; samples: of the file; head_tail: sound of cards, by (first, count)."""
        self.sound, self.spec, self.samples = sound, spec, samples
        self._first, self._end, self._cards = first, end, head_tail
        self._at = 0
        self.streams: list[Any] = []  #: of the file that it was opened for
        self._parts: tuple[tuple[int, ...], ...] = ()

    def open(self, out: Any) -> None:
        spec, self.streams = self.spec, []
        alone = out.format.name == "mxf"
        groups = [(name, (channel,)) for name, channels in self.sound.groups for channel in channels] if alone else self.sound.groups
        self._parts = tuple(channels for _, channels in groups)
        for name, _ in groups:
            stream = out.add_stream(spec.codec, rate=spec.rate_hz, layout="mono" if alone else spec.layout, **({"bit_rate": spec.bit_rate} if spec.bit_rate else {}))
            stream.codec_context.time_base = Fraction(1, spec.rate_hz)
            if name:
                stream.metadata["title"] = stream.metadata["handler_name"] = name
            self.streams.append(stream)

    def until(self, at_s: Fraction) -> Iterator[Any]:
        """Packets of the sound up to a moment of the file."""
        want = min(round_half_up(at_s * RATE_HZ), self.samples)
        while self._at < want:
            count = min(RATE_HZ, want - self._at)
            block = self._block(self._at, count)
            for stream, part in zip(self.streams, self._parts, strict=True):
                yield from stream.encode(self._frame(block[list(part)], stream))
            self._at += count

    def close(self) -> Iterator[Any]:
        yield from self.until(Fraction(self.samples, RATE_HZ))
        for stream in self.streams:
            yield from stream.encode(None)

    def _block(self, first: int, count: int) -> NDArray[np.float32]:
        made = np.zeros((self.sound.channels, count), np.float32)
        low, high = max(first, self._first), min(first + count, self._end)
        if low < high:
            made[:, low - first : high - first] = self.sound.block(low - self._first, high - low)
        card = self._cards(first, count)
        if card is not None:
            made += card
        return made

    def _frame(self, block: NDArray[np.float32], stream: Any) -> av.AudioFrame:
        layout = stream.codec_context.layout.name
        if self.spec.codec.startswith("pcm_s24"):
            whole = np.clip(np.rint(block.astype(np.float64) * 2**23), -(2**23), 2**23 - 1).astype(np.int32) << 8
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(whole.T.reshape(1, -1)), format="s32", layout=layout)
        elif self.spec.codec.startswith("pcm_s16"):
            short = np.clip(np.rint(block * np.float32(2**15)), -(2**15), 2**15 - 1).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(short.T.reshape(1, -1)), format="s16", layout=layout)
        else:
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), format="fltp", layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, self._at, Fraction(1, RATE_HZ)
        return frame


def join(segments: Sequence[Path], into: Path, container: str, *, rate: Fraction, label: Timecode, track: Sounding | None) -> int:
    """Write the finished file: the segments' packets one after another, the sound, a timecode track, the index in front.

    Returns: how many frames are in it.
    """
    options = {}
    if container in ("mp4", "mov"):
        options = {"movflags": "+faststart", "write_tmcd": "1", "video_track_timescale": str(timescale(rate))}
    with ExitStack() as stack:
        out = stack.enter_context(av.open(str(into), "w", format=CONTAINERS[container], options=options))
        out.metadata["timecode"] = str(label)
        first = stack.enter_context(opened(segments[0]))
        video: Any = out.add_stream_from_template(first.streams.video[0])
        made = first.streams.video[0].codec_context
        if container == "mov" and made.name == "prores":
            video.codec_context.codec_tag = made.codec_tag  # its four letters say the profile
        video.codec_context.framerate = rate
        video.time_base = 1 / Fraction(timescale(rate))
        if track is not None:
            track.open(out)
        tick = Fraction(1, timescale(rate))
        delay = late(segments[0], rate)
        done = 0
        for segment in segments:
            start, delay_here = done, 0
            with opened(segment) as source:
                base = Fraction(source.streams.video[0].time_base or tick)
                with reading(segment):
                    packets = [packet for packet in source.demux(source.streams.video[0]) if packet.size]
                zero = min(packet.pts or 0 for packet in packets)
                for packet in packets:
                    shown = start + round_half_up(((packet.pts or 0) - zero) * base * rate)
                    delay_here = max(delay_here, done - shown)
                    if delay_here > delay:
                        raise DeliveryError(f"{segment.name}: its frames wait for each other longer than those of the segments before. Delete the scratch folder and deliver again.")
                    packet.stream = video
                    packet.time_base = tick
                    packet.pts, packet.dts = _ticks(shown, rate, tick), _ticks(done - delay, rate, tick)
                    packet.duration = _ticks(1, rate, tick)
                    if track is not None:
                        out.mux(list(track.until(Fraction(done) / rate)))
                    out.mux(packet)
                    done += 1
        if track is not None:
            out.mux(list(track.close()))
    return done


def late(segment: Path, rate: Fraction) -> int:
    """How many packets later than its place in the film a frame of a segment comes, at most."""
    with opened(segment) as source, reading(segment):
        base = Fraction(source.streams.video[0].time_base or Fraction(1))
        stamps = [packet.pts or 0 for packet in source.demux(source.streams.video[0]) if packet.size]
    shown = [round_half_up((stamp - min(stamps)) * base * rate) for stamp in stamps]
    return max((at - frame for at, frame in enumerate(shown)), default=0)


def _ticks(frames: int, rate: Fraction, tick: Fraction) -> int:
    return round_half_up(frames / rate / tick)
