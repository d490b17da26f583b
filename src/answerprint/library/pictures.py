"""Pictures out of a clip without decoding it whole: its key frames, the frames around a cut, a few moments. And the shots that they tell apart.

Between two key frames that differ as shots do, all frames are decoded and the cut is found to the frame; where they do not, nothing is. Where key
frames lie further apart than two seconds and a half, the clip is decoded whole. Dissolves are not found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from answerprint.library import LibraryError
from answerprint.media.container import opened, reading, shown
from answerprint.signal.picture import Watching, cuts

__all__ = ["Glance", "Moment", "Shot", "clock", "moments", "rgb", "shots", "stream_of"]

Picture = NDArray[np.uint8]

LONG_PX, TINY_PX = 320, 48
_FAR_S = 2.5  #: key frames further apart than this are too few to tell shots by: a clip of one GOP would be one shot
_EVERY_S = 1  #: where every frame is a key frame, one a second is looked at
#: What `signal.picture.cuts` asks of two neighbouring frames at the least. Of key frames further apart it is no proof, and every frame between is looked at.
_DIFFER = 220
_AFTER = 4  #: frames behind a key frame that are decoded as well: a cut is judged by three frames on either side
_STEPS = 6  #: neighbouring pairs of frames by which a shot's motion is told


@dataclass(frozen=True, kw_only=True)
class Glance:
    """One frame, small."""

    at_s: Fraction  #: from the clip's first frame
    tiny: Picture  #: shape (h, w, 3), long side 48, RGB, turned as it is seen


@dataclass(kw_only=True)
class Shot:
    """A stretch of a clip between two cuts."""

    in_s: Fraction
    out_s: Fraction
    glances: list[Glance] = field(default_factory=list)

    @property
    def middle_s(self) -> Fraction:
        return (self.in_s + self.out_s) / 2


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One frame of a shot as it is looked at, and how the picture moves from there on."""

    at_s: Fraction
    picture: Picture  #: shape (h, w, 3), RGB, turned as it is seen
    motion: float | None = None  #: mean absolute luma difference of neighbouring frames on 320 pixels, 8-bit codes
    moved: float | None = None  #: how far the whole picture moved in a second, in shares of its long side


def shots(path: Path, *, duration_s: Fraction, rotation_deg: int = 0, progress: Callable[[float], None] = lambda done: None) -> list[Shot]:
    """The shots of a clip, in order, each with small copies of its key frames.

    Args:   duration_s: as the probe says.  rotation_deg: clockwise quarter turns for display.
    Raises: MediaError: it cannot be opened or read.  LibraryError: not one frame decodes.
    """
    watching, whole = Watching(), False
    glances: list[Glance] = []
    with opened(path) as container, reading(path):
        stream = stream_of(container, path)
        for at_s, frame in _keys(container, stream):
            watching.see(*_planes(frame))
            glances.append(Glance(at_s=at_s, tiny=_tiny(frame, rotation_deg)))
            progress(min(1.0, float(at_s / duration_s)) if duration_s else 1.0)
        if not glances or float(duration_s) / len(glances) > _FAR_S:
            whole = True
    if whole:
        return _whole(path, duration_s, rotation_deg, progress)
    series = watching.finish()
    change = series.values["change"]
    borders: list[Fraction] = []
    for number in np.flatnonzero(change >= _DIFFER).tolist():
        if number:
            borders += _between(path, glances[number - 1].at_s, glances[number].at_s, series.layout[number - 1 : number + 1].astype(np.int16))
    return _parted(sorted(set(borders)), glances, duration_s)


def moments(path: Path, wanted: list[Fraction], *, long_px: int = 640, rotation_deg: int = 0, motion_at: Fraction | None = None) -> list[Moment]:
    """The key frame before each moment, and the motion of the picture from one of them on.

    Args:   motion_at: one of `wanted`; seven frames are decoded there.
    Raises: MediaError: it cannot be opened or read. Moments at which nothing decodes are left out.
    """
    found = []
    with opened(path) as container, reading(path):
        stream = stream_of(container, path)
        base, start = clock(stream)
        for moment in wanted:
            stream.codec_context.skip_frame = "DEFAULT" if moment == motion_at else "NONKEY"
            container.seek(start + int(moment / base), stream=stream, backward=True)
            first, grey = None, []
            for frame in container.decode(stream):
                first = first or frame
                grey.append(_planes(frame)[0].astype(np.int16))
                if moment != motion_at or len(grey) > _STEPS:
                    break
            if first is None:
                continue
            motion, moved = _moves(grey, Fraction(stream.average_rate or 25)) if len(grey) > 1 else (None, None)
            at_s = max(Fraction(0), ((first.pts or start) - start) * base)
            found.append(Moment(at_s=at_s, picture=rgb(first, long_px, rotation_deg), motion=motion, moved=moved))
    return found


# ---- frames


def stream_of(container: av.container.InputContainer, path: Path) -> av.VideoStream:
    if not container.streams.video or container.streams.video[0].codec_context is None:
        raise LibraryError(f"{shown(path)} has no picture that can be decoded here.")
    stream = container.streams.video[0]
    stream.thread_type = "NONE"
    stream.codec_context.thread_count = 1
    # small copies are looked at: what the loop filter smooths at the borders of blocks is not in them (6.9 x real time without this, 8.3 with it)
    stream.codec_context.options = {"skip_loop_filter": "all"}
    return stream


def clock(stream: av.VideoStream) -> tuple[Fraction, int]:
    return Fraction(stream.time_base or Fraction(1, 90_000)), stream.start_time or 0


def _keys(container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[tuple[Fraction, av.VideoFrame]]:
    """Key frames, at most one a second where every frame is one."""
    base, start = clock(stream)
    stream.codec_context.skip_frame = "NONKEY"
    last: Fraction | None = None
    for packet in container.demux(stream):
        if packet.size and not packet.is_keyframe:
            continue
        if packet.pts is not None and last is not None and 0 <= (packet.pts * base - last) < _EVERY_S:
            continue
        if packet.pts is not None:
            last = packet.pts * base
        try:
            frames = packet.decode()
        except av.FFmpegError:
            continue  # a broken frame; the next key frame begins anew
        for frame in frames:
            if isinstance(frame, av.VideoFrame) and frame.pts is not None:
                yield max(Fraction(0), (frame.pts - start) * base), frame


def _whole(path: Path, duration_s: Fraction, rotation_deg: int, progress: Callable[[float], None]) -> list[Shot]:
    watching, times = Watching(), []
    glances: list[Glance] = []
    with opened(path) as container, reading(path):
        stream = stream_of(container, path)
        base, start = clock(stream)
        for frame in container.decode(stream):
            at_s = max(Fraction(0), ((frame.pts or start) - start) * base)
            watching.see(*_planes(frame))
            times.append(at_s)
            if not glances or at_s - glances[-1].at_s >= _EVERY_S:
                glances.append(Glance(at_s=at_s, tiny=_tiny(frame, rotation_deg)))
                progress(min(1.0, float(at_s / duration_s)) if duration_s else 1.0)
    if not glances:
        raise LibraryError(f"{shown(path)}: not one frame of it decodes. Copy it again from where it came.")
    return _parted([times[cut.frame] for cut in cuts(watching.finish())], glances, duration_s)


def _between(path: Path, first_s: Fraction, last_s: Fraction, layouts: NDArray[np.int16]) -> list[Fraction]:
    """The cuts between two key frames, the second one included: decoded until the picture is nearer to the second than half way.

    Args: layouts: of the two key frames, shape (2, 3, 16, 16).
    """
    half = float(np.abs(layouts[0] - layouts[1]).mean()) / 2
    watching, times = Watching(), []
    with opened(path) as container, reading(path):
        stream = stream_of(container, path)
        base, start = clock(stream)
        container.seek(start + int(first_s / base), stream=stream, backward=True)
        after = 0
        for frame in container.decode(stream):
            at_s = max(Fraction(0), ((frame.pts or start) - start) * base)
            if at_s < first_s:
                continue
            watching.see(*_planes(frame))
            times.append(at_s)
            arrived = after or at_s >= last_s or float(np.abs(watching.layout - layouts[1]).mean()) < half
            after += bool(arrived)
            if after >= _AFTER:
                break
    return [times[cut.frame] for cut in cuts(watching.finish()) if times[cut.frame] <= last_s]


def _parted(borders: list[Fraction], glances: list[Glance], duration_s: Fraction) -> list[Shot]:
    end = max(duration_s, glances[-1].at_s)
    edges = [Fraction(0), *(at for at in borders if 0 < at < end), end]
    found = [Shot(in_s=first, out_s=last) for first, last in pairwise(edges)]
    place = 0
    for glance in glances:
        while place + 1 < len(found) and glance.at_s >= found[place].out_s:
            place += 1
        found[place].glances.append(glance)
    for number, shot in enumerate(found):
        if not shot.glances:  # shorter than the way between two key frames: the nearest one is the best that is known
            near = min(glances, key=lambda one: abs(one.at_s - shot.middle_s))
            found[number] = Shot(in_s=shot.in_s, out_s=shot.out_s, glances=[near])
    return found


def _size(frame: av.VideoFrame, long_px: int) -> tuple[int, int]:
    scale = min(1.0, long_px / max(frame.width, frame.height))
    return max(32, round(frame.width * scale / 2) * 2), max(32, round(frame.height * scale / 2) * 2)


def _planes(frame: av.VideoFrame) -> tuple[Picture, Picture, Picture]:
    """Luma and both colours, legal range, long side 320."""
    wide, high = _size(frame, LONG_PX)
    small = frame.reformat(wide, high, format="yuv420p", interpolation="AREA", dst_color_range="MPEG")
    planes = []
    for number, plane in enumerate(small.planes[:3]):
        rows = high if number == 0 else high // 2
        across = wide if number == 0 else wide // 2
        given: Any = plane
        planes.append(np.frombuffer(given, np.uint8).reshape(-1, plane.line_size)[:rows, :across].copy())
    return planes[0], planes[1], planes[2]


def rgb(frame: av.VideoFrame, long_px: int, rotation_deg: int) -> Picture:
    wide, high = _size(frame, long_px)
    matrix = {1: "ITU709", 5: "ITU601", 6: "ITU601"}.get(int(frame.colorspace), "ITU709" if frame.height >= 720 else "ITU601")
    picture = frame.reformat(wide, high, format="rgb24", src_colorspace=matrix, interpolation="AREA").to_ndarray()
    return np.ascontiguousarray(np.rot90(picture, -rotation_deg // 90 % 4))


def _tiny(frame: av.VideoFrame, rotation_deg: int) -> Picture:
    return np.asarray(Image.fromarray(rgb(frame, 2 * TINY_PX, rotation_deg)).reduce(2), np.uint8)


def _moves(grey: list[NDArray[np.int16]], rate: Fraction) -> tuple[float, float]:
    """Mean difference of neighbouring frames, and how far the picture as a whole moved in a second, in shares of its long side."""
    motion = float(np.mean([np.abs(one - other).mean() for one, other in pairwise(grey)]))
    first, last = (one.astype(np.float32) - float(one.mean()) for one in (grey[0], grey[-1]))
    window = np.outer(np.hanning(first.shape[0]), np.hanning(first.shape[1]))
    across = np.fft.rfft2(first * window) * np.conj(np.fft.rfft2(last * window))
    peaks = np.fft.irfft2(across / np.maximum(np.abs(across), 1e-6), first.shape)
    down, along = np.unravel_index(int(peaks.argmax()), peaks.shape)
    high, wide = first.shape
    way = np.hypot(down - high * (down > high / 2), along - wide * (along > wide / 2))
    return motion, float(way / max(high, wide) * float(rate) / (len(grey) - 1))
