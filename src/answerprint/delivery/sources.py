"""Frames of one original by their number, in whatever order they are asked for: forwards as it decodes, backwards in stretches."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.stream import Discard
from PIL import Image, UnidentifiedImageError

from answerprint.delivery import DeliveryError
from answerprint.delivery.plan import Medium
from answerprint.media.conform import Conform
from answerprint.media.container import opened, reading, shown
from answerprint.model.records import MediaInfo
from answerprint.model.time import round_half_up

__all__ = ["Reader", "see_through"]

_SEE_THROUGH = ("yuva", "rgba", "bgra", "argb", "abgr", "gbrap", "ya")  #: FFmpeg's pixel formats with an alpha plane
_STRETCH = 24  #: frames that are kept on the way backwards; at UHD in ten bits that is 600 MB
_AHEAD_S = 2  #: so far ahead it is decoded on; further away a seek to the key frame before is cheaper
_BACK_S = (0, 1, 4, 16)  #: how much earlier a seek is tried where the file's index leads behind the frame (open groups of pictures)


class Reader:
    """Reads one medium. Frames come as they were shot: turned, squeezed and coloured as in the file, but without combs.

    Args: combed: leave an interlaced picture as it is.
    """

    def __init__(self, medium: Medium, *, combed: bool = False) -> None:
        self.medium = medium
        self._stack = ExitStack()
        self._still: av.VideoFrame | None = None
        self._held: deque[tuple[int, av.VideoFrame]] = deque(maxlen=2)
        self._run: Iterator[tuple[int, av.VideoFrame]] = iter(())
        self._ended = False
        if medium.info is None:
            self._still = _still(medium)
            return
        video = medium.info.video
        assert video is not None
        self._video, self._combed = video, combed or not video.interlaced
        self._container = self._stack.enter_context(opened(medium.path))
        for stream in self._container.streams:
            if stream.index != video.index:
                stream.discard = Discard.all
        self._stream: Any = next(stream for stream in self._container.streams.video if stream.index == video.index)
        self._stream.codec_context.thread_count = 1  # segments are rendered side by side; threads here would only wait for each other
        self._stream.thread_type = "NONE"
        self._base = Fraction(self._stream.time_base or Fraction(1, 90_000))
        self._zero_s = self._first_s() if medium.info.container == "avi" else video.start_s
        self._slots = self._table() if video.variable else None

    def frame(self, wanted: int) -> av.VideoFrame:
        """The frame on screen at that place of the medium's own grid; past its end the last.

        Raises: MediaError: the file went away, or nothing of it decodes there.
        """
        if self._still is not None:
            return self._still
        found = self._among(wanted)
        if found is not None:
            return found
        lowest = self._held[0][0] if self._held else None
        if lowest is None or wanted < lowest or wanted - self._held[-1][0] > _AHEAD_S * self._video.rate:
            backwards = lowest is not None and 0 < lowest - wanted <= _STRETCH
            self._held = deque(maxlen=_STRETCH + 2 if backwards else 2)
            self._run = self._from(max(0, wanted - _STRETCH + 1) if backwards else wanted)
            self._ended = False
        while (found := self._among(wanted)) is None:
            following = next(self._run, None)
            if following is not None:
                self._held.append(following)
                continue
            if not self._held:
                raise DeliveryError(f"{self.medium.name}: nothing decodes at frame {wanted}. Copy it again from the card.")
            self._ended = True
            if wanted < self._held[0][0]:
                return self._held[0][1]
        return found

    def forget(self) -> None:
        """Start afresh: what comes next does not depend on what was read before."""
        self._held.clear()
        self._run = iter(())
        self._ended = False

    def close(self) -> None:
        self._stack.close()

    def _among(self, wanted: int) -> av.VideoFrame | None:
        """The held frame that is on screen then, if it is known that no later one is."""
        for place in range(len(self._held) - 1, -1, -1):
            slot, frame = self._held[place]
            if slot <= wanted:
                return frame if place < len(self._held) - 1 or slot == wanted or self._ended else None
        return None

    # ---- decoding

    def _from(self, slot: int) -> Iterator[tuple[int, av.VideoFrame]]:
        """Frames with their slots, from one that is on screen at `slot` or before; each slot once, with the frame that came last in it."""
        before = slot if self._combed else max(0, slot - 1)  # a deinterlacer looks at the frame before
        for back_s in (*_BACK_S, None):
            run = self._decoded(None if back_s is None else before / self._video.rate - back_s)
            first = next(run, None)
            if back_s is None or (first is not None and first[0] <= before):
                break
        if first is None:
            return
        frames = _chained(first, run)
        if not self._combed:
            frames = self._without_combs(frames)
        pending: tuple[int, av.VideoFrame] | None = None
        for one in frames:
            if pending is not None and one[0] > pending[0]:
                yield pending
            pending = one
        if pending is not None:
            yield pending

    def _decoded(self, from_s: Fraction | None) -> Iterator[tuple[int, av.VideoFrame]]:
        with reading(self.medium.path):
            if from_s is None or from_s <= 0:
                self._container.seek(min(0, int(self._zero_s / self._base)), stream=self._stream, backward=True, any_frame=False)
            else:
                self._container.seek(int((self._zero_s + from_s) / self._base), stream=self._stream, backward=True)
        packets = self._container.demux(self._stream)
        last = -1
        while True:
            with reading(self.medium.path):
                try:
                    packet = next(packets, None)
                except (av.InvalidDataError, av.EOFError):
                    packet = None  # cut off there: the last frame stays
            if packet is None:
                return
            try:
                frames = packet.decode()
            except av.FFmpegError:
                continue  # a damaged packet: the frame before stays on screen
            for frame in frames:
                last = self._slot(frame, last)
                yield last, frame

    def _slot(self, frame: av.VideoFrame, last: int) -> int:
        if frame.pts is None:
            return last + 1
        if self._slots is not None and frame.pts in self._slots:
            return self._slots[frame.pts]
        return round_half_up((frame.pts * self._base - self._zero_s) * self._video.rate)

    def _without_combs(self, frames: Iterator[tuple[int, av.VideoFrame]]) -> Iterator[tuple[int, av.VideoFrame]]:
        graph: av.filter.Graph | None = None
        slots: deque[int] = deque()
        first = True
        for slot, frame in _then_end(frames):
            if frame is not None:
                if graph is None:
                    graph = _bwdif(frame)
                slots.append(slot)
                frame.pts = slot
            assert graph is not None
            graph.vpush(frame)
            while True:
                try:
                    done = graph.vpull()
                except (BlockingIOError, av.error.EOFError):
                    break
                at = slots.popleft()
                if not first or at == 0:  # the first after a seek has not seen the one before it
                    yield at, done
                first = False

    # ---- the medium's clock

    def _first_s(self) -> Fraction:
        """When the first frame that decodes is shown; AVI has no times of its own, only the decoder's delay."""
        with reading(self.medium.path):
            for packet in self._container.demux(self._stream):
                for frame in packet.decode():
                    return (frame.pts or 0) * self._base
        return Fraction(0)

    def _table(self) -> dict[int, int]:
        """Where on the constant grid each frame of a variable rate lies, as in its proxy."""
        with reading(self.medium.path):
            stamps = sorted({packet.pts for packet in self._container.demux(self._stream) if packet.pts is not None and packet.size})
        assert self.medium.info is not None
        conform = Conform(rate=self._video.rate, longest_s=max(self.medium.info.duration_s, self._video.duration_s))
        first = round_half_up(self._zero_s / self._base)
        return {stamp: conform.place(stamp * self._base).slot for stamp in stamps if stamp >= first}


def _chained(first: tuple[int, av.VideoFrame], run: Iterator[tuple[int, av.VideoFrame]]) -> Iterator[tuple[int, av.VideoFrame]]:
    yield first
    yield from run


def _then_end(frames: Iterator[tuple[int, av.VideoFrame]]) -> Iterator[tuple[int, av.VideoFrame | None]]:
    yield from frames
    yield 0, None


def _bwdif(frame: av.VideoFrame) -> av.filter.Graph:
    """One whole picture out of two fields, for each frame one, as in the proxy."""
    graph = av.filter.Graph()
    graph.threads = 1
    source = graph.add("buffer", video_size=f"{frame.width}x{frame.height}", pix_fmt=frame.format.name, time_base="1/1000", pixel_aspect="1/1")
    comb, sink = graph.add("bwdif", mode="send_frame"), graph.add("buffersink")
    source.link_to(comb)
    comb.link_to(sink)
    graph.configure()
    return graph


def see_through(path: Path, info: MediaInfo | None) -> bool:
    """Whether what lies below a picture is seen through it. A still is read; a moving picture is believed. Args: info: None for a still."""
    if info is not None:
        return info.video is not None and info.video.pixel_format.startswith(_SEE_THROUGH)
    try:
        with Image.open(path) as picture:
            if not picture.has_transparency_data:
                return False
            return int(np.asarray(picture.convert("RGBA"))[..., 3].min()) < 255
    except (OSError, ValueError, Image.DecompressionBombError):
        return False  # the render says that it does not open


def _still(medium: Medium) -> av.VideoFrame:
    form = "RGBA" if medium.see_through else "RGB"
    try:
        with Image.open(medium.path) as picture:
            pixels = np.asarray(picture.convert(form))
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as cause:
        raise DeliveryError(f"{shown(medium.path)} is no still picture that opens: {cause}. Export it again as PNG.") from cause
    return av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgba" if medium.see_through else "rgb24")
