"""Reels: a string as a movie anybody can play, made from proxies, with a watermark that says what it is.

Every shot gives exactly the frames of its range; pictures are never cropped or stretched; sound is the synced recorder's where there
is one, else the proxy's own. The file appears whole, by rename, or not at all.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from answerprint.media import MediaError
from answerprint.media.container import opened, shown
from answerprint.media.lettering import Ink, Planes, boxed, card, lay, watermark
from answerprint.media.proxies import PICTURE, SOUND_BITS
from answerprint.model.time import Timecode, floor_frames, round_half_up

__all__ = ["RATE_HZ", "SIZE", "WATERMARK", "Reeled", "Shot", "SoundFile", "own_sound", "recorded", "reel"]

SIZE = (1280, 720)
RATE_HZ = 48_000
WATERMARK = "STRING - NOT A CUT"
_RAMP = RATE_HZ // 200  #: 5 ms at each end of a shot's sound, so that a cut does not click; the burst of a "t" lasts longer
_BLOCK = RATE_HZ * 2
_MARGIN, _TEXT, _MARK = 24, 26, 72
_BT709, _LIMITED = 1, 1

Samples = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class SoundFile:
    """A mono sound as an array file: int16, shape (n,). `offset_s` is where in it the clip begins, as sync says."""

    path: Path
    rate_hz: int = RATE_HZ
    offset_s: Fraction = Fraction(0)
    drift_ppm: Fraction = Fraction(0)


@dataclass(frozen=True, kw_only=True)
class Shot:
    """A stretch of one proxy, in seconds from its first frame. Without a proxy a grey card with its lines is shown."""

    proxy: Path | None
    in_s: Fraction
    out_s: Fraction
    burn: tuple[str, ...] = ()  #: lines, bottom left
    timecode: Timecode | None = None  #: of the first frame that is shown; it runs, bottom right
    sound: SoundFile | None = None  #: None: the proxy's own
    speed: Fraction = Fraction(1)  #: over 0; the stretch of the proxy is then shown in its length divided by this


@dataclass(frozen=True, kw_only=True)
class Reeled:
    """What was written. `frames` of each shot, in order."""

    path: Path
    frames: tuple[int, ...]
    rate: Fraction


def reel(
    shots: Sequence[Shot], out: Path, *, rate: Fraction, mark: str = WATERMARK, burn: bool = True, timecode: str | None = None,
    progress: Callable[[float], None] = lambda done: None,
) -> Reeled:  # fmt: skip
    """Write a movie: H.264 and AAC in MP4, 1280 x 720.

    Args:    rate: frames a second of the movie; a proxy of another rate shows the frame that is on screen at each moment.
             mark: the watermark; "" for none.  burn: whether lines and running timecode are burnt in.
             timecode: of the movie's first frame.  progress: called with 0..1.
    Returns: how many frames each shot has: its range in whole frames.
    Raises:  MediaError for no shots, an empty range or a proxy that cannot be read; OSError where the disk is full.
    """
    if not shots:
        raise MediaError("there is no shot to make a movie of.")
    frames = tuple(round_half_up((shot.out_s - shot.in_s) / shot.speed * rate) for shot in shots)
    for shot, count in zip(shots, frames, strict=True):
        if count < 1:
            raise MediaError(f"{' '.join(shot.burn) or 'a shot'}: from {float(shot.in_s):.3f} s to {float(shot.out_s):.3f} s there is no frame.")
    handle, part = tempfile.mkstemp(dir=out.parent, prefix=".reel-", suffix=".mp4")
    os.close(handle)
    try:
        writer = _Writer(part, rate, timecode)
        try:
            _fill(writer, shots, frames, mark, burn, progress)
            writer.close()
        except BaseException:
            writer.abandon()
            raise
        with open(part, "rb") as file:
            os.fsync(file.fileno())
        os.chmod(part, 0o644)
        os.replace(part, out)
    finally:
        Path(part).unlink(missing_ok=True)
    progress(1.0)
    return Reeled(path=out, frames=frames, rate=rate)


def _fill(writer: _Writer, shots: Sequence[Shot], frames: Sequence[int], mark: str, burn: bool, progress: Callable[[float], None]) -> None:
    stamp = watermark(mark, _MARK, widest=SIZE[0] - 4 * _MARGIN) if mark else None
    whole = sum(frames)
    for shot, count in zip(shots, frames, strict=True):
        lettered = _Lettered(shot, writer.rate, stamp, burn)
        first, total = writer.samples, round_half_up(Fraction(writer.frames + count) / writer.rate * RATE_HZ)
        heard = _Heard(shot, total - first)
        for number, planes in enumerate(_pictures(shot, count, writer.rate)):
            lettered.lay(planes, number)
            writer.picture(planes)
            writer.sound(heard.take(round_half_up(Fraction(writer.frames) / writer.rate * RATE_HZ) - writer.samples))
            if number % 25 == 0:
                progress(writer.frames / whole)


# ---- picture


def _pictures(shot: Shot, count: int, rate: Fraction) -> Iterator[Planes]:
    """The frames of a shot, each on a fresh canvas of the movie's size."""
    if shot.proxy is None:
        blank = card(SIZE, shot.burn)
        for _ in range(count):
            yield blank[0].copy(), blank[1].copy(), blank[2].copy()
        return
    with opened(shot.proxy) as container:
        if not container.streams.video:
            raise MediaError(f"{shown(shot.proxy)} has no picture; it is no proxy of a clip.")
        stream = container.streams.video[0]
        stream.thread_type = "FRAME"
        own = Fraction(stream.average_rate or rate)
        wanted = [floor_frames(shot.in_s + number * shot.speed / rate, own) for number in range(count)]
        place = 0
        canvas: Planes | None = None
        container.seek(max(0, int(wanted[0] / own / (stream.time_base or 1))), stream=stream)
        for frame in container.decode(stream):
            if frame.pts is None:
                continue
            index = round_half_up((frame.pts - (stream.start_time or 0)) * (stream.time_base or 1) * own)
            while place < count and canvas is not None and wanted[place] < index:
                yield _copy(canvas)
                place += 1
            if place == count:
                return
            if index >= wanted[place] or canvas is None:
                canvas = _placed(frame)
        if canvas is None:
            raise MediaError(f"{shown(shot.proxy)}: not one frame decodes at {float(shot.in_s):.2f} s. Delete the cache and prepare the clip again.")
        for _ in range(count - place):  # the last frame stays where the proxy ends first
            yield _copy(canvas)


def _placed(frame: av.VideoFrame) -> Planes:
    """A frame in the middle of a black canvas, as large as fits whole."""
    width, height = SIZE
    scale = min(Fraction(width, frame.width), Fraction(height, frame.height))
    wide, high = (max(2, 2 * round(side * scale / 2)) for side in (frame.width, frame.height))
    fitted = frame.reformat(wide, high, format="yuv420p", interpolation="AREA" if scale < 1 else "BICUBIC").to_ndarray()
    flat = fitted.reshape(-1)
    parts = (flat[: wide * high].reshape(high, wide), *flat[wide * high :].reshape(2, high // 2, wide // 2))
    made = []
    for part, value, half in zip(parts, (16, 128, 128), (1, 2, 2), strict=True):
        plane = np.full((height // half, width // half), value, np.uint8)
        top, left = ((height - high) // 4 * 2) // half, ((width - wide) // 4 * 2) // half
        plane[top : top + part.shape[0], left : left + part.shape[1]] = part
        made.append(plane)
    return made[0], made[1], made[2]


def _copy(planes: Planes) -> Planes:
    return planes[0].copy(), planes[1].copy(), planes[2].copy()


class _Lettered:
    """The lettering of one shot."""

    def __init__(self, shot: Shot, rate: Fraction, stamp: Ink | None, burn: bool) -> None:
        self.shot, self.rate, self.stamp = shot, rate, stamp
        self.timecode = shot.timecode if burn and shot.proxy is not None else None
        self.lines = boxed(shot.burn, _TEXT, widest=SIZE[0] * 2 // 3) if burn and shot.burn and shot.proxy is not None else None

    def lay(self, planes: Planes, number: int) -> None:
        width, height = SIZE
        if self.stamp is not None:
            wide, high = self.stamp.size
            lay(planes, self.stamp, (width - wide) // 4 * 2, height // 3 // 2 * 2 - high // 4 * 2)
        if self.lines is not None:
            lay(planes, self.lines, _MARGIN, height - _MARGIN - self.lines.size[1])
        if self.timecode is not None:
            label = boxed([str(self.timecode.plus(floor_frames(number / self.rate, self.timecode.rate)))], _TEXT, widest=width // 3)
            lay(planes, label, width - _MARGIN - label.size[0], height - _MARGIN - label.size[1])


# ---- sound


class _Heard:
    """The sound of one shot, taken piece by piece: silence where there is none, with a short ramp at both ends."""

    def __init__(self, shot: Shot, length: int) -> None:
        self.length, self.at = length, 0
        self._blocks = recorded(shot, length) if shot.sound is not None else own_sound(shot, length)
        self._held: Samples = np.zeros(0, np.float32)

    def take(self, count: int) -> Samples:
        """The next samples, shape (count,)."""
        while len(self._held) < count:
            block = next(self._blocks, None)
            self._held = np.concatenate((self._held, np.zeros(count, np.float32) if block is None else block))
        out, self._held = self._held[:count].copy(), self._held[count:]
        places = self.at + np.arange(count)
        self.at += count
        out *= np.clip(np.minimum(places + 1, self.length - places) / _RAMP, 0, 1).astype(np.float32)
        return out


def recorded(shot: Shot, length: int) -> Iterator[Samples]:
    """The recorder's sound under a shot, as sync and drift lay it: blocks of float samples at 48 kHz, `length` in all, silence outside the file.

    Raises: MediaError: the prepared sound cannot be read.
    """
    sound = shot.sound
    assert sound is not None
    try:
        whole = np.load(sound.path, mmap_mode="r")
    except (OSError, ValueError) as cause:
        raise MediaError(f"{shown(sound.path)}: this prepared sound cannot be read. Delete the cache and prepare the clip again.") from cause
    pace = 1 + sound.drift_ppm / 1_000_000
    begin = float((sound.offset_s + shot.in_s * pace) * sound.rate_hz)
    step = float(pace * sound.rate_hz / RATE_HZ)
    exact = step == 1.0
    for start in range(0, length, _BLOCK):
        count = min(_BLOCK, length - start)
        first = round(begin) + start if exact else int(np.floor(begin + start * step))
        piece = _piece(whole, first, count if exact else int(count * step) + 3)
        if not exact:
            piece = np.interp(begin + (start + np.arange(count)) * step - first, np.arange(len(piece)), piece).astype(np.float32)
        yield piece


def _piece(whole: Any, first: int, count: int) -> Samples:
    """Samples [first, first + count) as float, silence outside."""
    out = np.zeros(count, np.float32)
    low, high = max(first, 0), min(first + count, len(whole))
    if high > low:
        out[low - first : high - first] = np.asarray(whole[low:high], np.float32) / 32768
    return out


def own_sound(shot: Shot, length: int) -> Iterator[Samples]:
    """What the proxy itself holds under a shot: blocks of float samples at 48 kHz, at most `length` in all; none where it has no sound."""
    if shot.proxy is None:
        return
    with opened(shot.proxy) as container:
        if not container.streams.audio:
            return
        stream = container.streams.audio[0]
        resampler = av.AudioResampler(format="fltp", layout=stream.layout, rate=RATE_HZ)
        begin = round_half_up(shot.in_s * RATE_HZ)
        given = 0
        container.seek(max(0, int((shot.in_s - Fraction(1, 5)) * av.time_base)))
        for frame in container.decode(stream):
            for part in resampler.resample(frame):
                block = part.to_ndarray().mean(axis=0)
                at = round_half_up((part.pts or 0) * Fraction(part.time_base or 1) * RATE_HZ) - begin
                if at > given:
                    yield np.zeros(at - given, np.float32)
                    given = at
                block = block[given - at :]
                if given >= length:
                    return
                if len(block):
                    yield block.astype(np.float32, copy=False)
                    given += len(block)


# ---- the file


class _Writer:
    """The movie while it is being written."""

    def __init__(self, path: str, rate: Fraction, timecode: str | None) -> None:
        self.rate, self.frames, self.samples = rate, 0, 0
        options = {"movflags": "+faststart", "write_tmcd": "1" if timecode else "0"}
        self._container = av.open(path, "w", format="mp4", options=options)
        if timecode:
            self._container.metadata["timecode"] = timecode
        video: Any = self._container.add_stream("libx264", rate=rate, options=dict(PICTURE))
        video.width, video.height = SIZE
        video.pix_fmt = "yuv420p"
        context = video.codec_context
        context.time_base = 1 / rate
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = _LIMITED
        self._video = video
        self._audio: Any = self._container.add_stream("aac", rate=RATE_HZ, layout="stereo", bit_rate=SOUND_BITS)
        self._audio.codec_context.time_base = Fraction(1, RATE_HZ)

    def picture(self, planes: Planes) -> None:
        frame = av.VideoFrame.from_ndarray(np.concatenate([plane.reshape(-1) for plane in planes]).reshape(-1, SIZE[0]), format="yuv420p")
        frame.pts, frame.time_base = self.frames, 1 / self.rate
        frame.color_primaries = frame.color_trc = frame.colorspace = _BT709
        frame.color_range = _LIMITED
        self._container.mux(self._video.encode(frame))
        self.frames += 1

    def sound(self, samples: Samples) -> None:
        if not len(samples):
            return
        both = np.repeat(np.clip(np.rint(samples * 32767), -32768, 32767).astype(np.int16), 2).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(both, format="s16", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, self.samples, Fraction(1, RATE_HZ)
        self._container.mux(self._audio.encode(frame))
        self.samples += len(samples)

    def close(self) -> None:
        self._container.mux(self._video.encode(None))
        self._container.mux(self._audio.encode(None))
        self._container.close()

    def abandon(self) -> None:
        with suppress(av.FFmpegError, OSError):
            self._container.close()
