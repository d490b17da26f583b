"""From a decoded frame to the proxy picture and the small copy that is measured: one filter graph, rebuilt when the frames change.

    frame -> deinterlace -> scale to the proxy, 8-bit legal BT.709 -> turn -> proxy
                                                                        \\-> small copy
With a look the frame is split first, so that what is measured does not know the look:
    frame -> deinterlace -> scale, RGB -> look -> 8-bit legal BT.709 -> turn -> proxy
                       \\-> scale as above -> turn -> small copy
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.filter.context import FilterContext
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from answerprint.model.records import VideoStream

__all__ = ["LINES", "SCALER", "Developed", "Developer", "planes", "proxy_size"]

LINES = 720
TAP = 320  #: long side of the small copy
#: Bicubic costs 5 % of the pass over the fastest scaler (1080p to 720p) and keeps type and fabric clean.
SCALER = "bicubic"
_MATRIX = {"bt709": 1, "fcc": 4, "bt470bg": 5, "smpte170m": 6, "smpte240m": 7, "bt2020nc": 9, "bt2020c": 10}
_SCALE_MATRIX = {1: "bt709", 4: "fcc", 5: "bt470", 6: "smpte170m", 7: "smpte240m", 9: "bt2020", 10: "bt2020"}
_NAMES = {number: name for name, number in _MATRIX.items()}
_LIMITED, _FULL = 1, 2


def proxy_size(video: VideoStream, lines: int = LINES) -> tuple[int, int]:
    """Width and height of the proxy: square pixels, turned, at most `lines` lines, never larger than the source, both even."""
    width, height = video.display_size
    scale = min(Fraction(1), Fraction(lines, max(1, height)))
    return max(2, 2 * round(width * scale / 2)), max(2, 2 * int(height * scale / 2))


def planes(frame: VideoFrame) -> tuple[NDArray[np.uint8], ...]:
    """The planes of an 8-bit frame as arrays (h, w) that look into it, without a copy."""
    return tuple(
        np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]  # type: ignore[call-overload]
        for plane in frame.planes
    )


@dataclass(frozen=True, kw_only=True)
class Developed:
    """What became of one frame."""

    proxy: VideoFrame
    tap: VideoFrame


class Developer:
    """Turns decoded frames into proxy pictures, one for one and in order.

    Args: cube: a .cube file with the look, or None.
    """

    def __init__(self, video: VideoStream, *, cube: Path | None) -> None:
        self._video, self._cube = video, cube
        self.size = proxy_size(video)
        self._key: tuple[object, ...] = ()
        self._graph: av.filter.Graph | None = None
        self._sinks: tuple[FilterContext, FilterContext] | None = None

    def push(self, frame: VideoFrame) -> Iterator[Developed]:
        """Give the next frame; yields what is ready, none or one, or more where the frames changed their format midway."""
        matrix, span = self._colour(frame)
        key = (frame.width, frame.height, frame.format.name, matrix, span)
        if key != self._key:
            yield from self.flush()
            self._build(frame, matrix, span)
            self._key = key
        if matrix is not None:
            frame.colorspace = matrix
        frame.color_range = span
        assert self._graph is not None
        self._graph.vpush(frame)
        yield from self._ready()

    def flush(self) -> Iterator[Developed]:
        """What the deinterlacer still holds."""
        if self._graph is not None:
            self._graph.vpush(None)
            yield from self._ready()
            self._graph = None

    def _ready(self) -> Iterator[Developed]:
        assert self._sinks is not None
        while True:
            try:
                proxy, tap = (sink.pull() for sink in self._sinks)
            except (BlockingIOError, av.error.EOFError):
                return
            assert isinstance(proxy, VideoFrame)
            assert isinstance(tap, VideoFrame)
            yield Developed(proxy=proxy, tap=tap)

    def _colour(self, frame: VideoFrame) -> tuple[int | None, int]:
        """Matrix and range of a frame: as tagged; else BT.709 from 720 lines up and BT.601 below, legal range; RGB is full."""
        if frame.format.name.startswith(("rgb", "bgr", "gbr", "0rgb", "argb", "abgr", "pal8")):
            return None, _FULL
        tags = self._video.colour
        matrix = int(frame.colorspace) if int(frame.colorspace) in _SCALE_MATRIX else _MATRIX.get(tags.matrix or "")
        if matrix is None:
            matrix = _MATRIX["bt709"] if frame.height >= 720 else _MATRIX["smpte170m"]
        if int(frame.color_range) in (_LIMITED, _FULL):
            return matrix, int(frame.color_range)
        return matrix, _FULL if tags.full_range or frame.format.name.startswith(("yuvj", "gray")) else _LIMITED

    def _build(self, frame: VideoFrame, matrix: int | None, span: int) -> None:
        graph = av.filter.Graph()
        graph.threads = 1  # two clips are read at a time: a second thread for each only gets in the other's way
        source = graph.add(
            "buffer",
            video_size=f"{frame.width}x{frame.height}",
            pix_fmt=frame.format.name,
            time_base="1/1000",
            pixel_aspect="1/1",
            colorspace=_NAMES[matrix] if matrix is not None else "gbr",
            range="pc" if span == _FULL else "tv",
        )
        last = source
        if self._video.interlaced:
            last = _join(graph, last, "bwdif", {"mode": "send_frame"})
        turned = self._video.rotation_deg in (90, 270)
        width, height = reversed(self.size) if turned else self.size
        given = {"in_range": "full" if span == _FULL else "limited"}
        if matrix is not None:
            given["in_color_matrix"] = _SCALE_MATRIX[matrix]
        legal = {"out_range": "limited", "out_color_matrix": "bt709"}
        size = {"w": str(width), "h": str(height), "flags": SCALER}
        first, second = last, None
        if self._cube is not None:
            split = graph.add("split")
            last.link_to(split)
            seen = _join(graph, split, "scale", size, given)
            seen = _join(graph, seen, "format", {"pix_fmts": "gbrp10le"})
            seen = _join(graph, seen, "lut3d", {"file": str(self._cube), "interp": "tetrahedral"})
            first = _join(graph, seen, "scale", legal, {"flags": SCALER})
            second = _join(graph, split, "scale", size, given, legal, output=1)
        else:
            first = _join(graph, last, "scale", size, given, legal)
        first = self._turn(graph, _join(graph, first, "format", {"pix_fmts": "yuv420p"}))
        if second is None:
            split = graph.add("split")
            first.link_to(split)
            proxy, tap = graph.add("buffersink"), self._small(graph, split, 1)
            split.link_to(proxy, 0)
        else:
            second = self._turn(graph, _join(graph, second, "format", {"pix_fmts": "yuv420p"}))
            proxy, tap = graph.add("buffersink"), self._small(graph, second, 0)
            first.link_to(proxy)
        graph.configure()
        self._graph, self._sinks = graph, (proxy, tap)

    def _turn(self, graph: av.filter.Graph, last: FilterContext) -> FilterContext:
        degrees = self._video.rotation_deg
        if degrees == 180:
            return _join(graph, _join(graph, last, "hflip"), "vflip")
        return _join(graph, last, "transpose", {"dir": "clock" if degrees == 90 else "cclock"}) if degrees else last

    def _small(self, graph: av.filter.Graph, last: FilterContext, output: int) -> FilterContext:
        scale = min(Fraction(1), Fraction(TAP, max(self.size)))
        width, height = (max(16, 2 * round(side * scale / 2)) for side in self.size)
        small = _join(graph, last, "scale", {"w": str(width), "h": str(height), "flags": "area"}, output=output)
        sink = graph.add("buffersink")
        _join(graph, small, "format", {"pix_fmts": "yuv420p"}).link_to(sink)
        return sink


def _join(graph: av.filter.Graph, last: FilterContext, name: str, *options: Mapping[str, str], output: int = 0) -> FilterContext:
    """Put a filter behind another; later options win."""
    following = graph.add(name, **{key: value for each in options for key, value in each.items()})
    last.link_to(following, output)
    return following
