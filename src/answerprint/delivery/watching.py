"""A finished file as a page plays it: itself where every browser can, else a copy of 720 lines with the same frames, one for one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import IO, Any

import av
import numpy as np
from numpy.typing import NDArray

from answerprint.delivery.loudness import programme
from answerprint.delivery.qc.records import Pass
from answerprint.delivery.tracks import blocks
from answerprint.media.container import opened, reading
from answerprint.media.develop import SCALER, proxy_size
from answerprint.media.proxies import PictureFile, Sound, finish
from answerprint.model.records import MediaInfo

__all__ = ["copied", "plays"]

RATE_HZ = 48_000
_CENTRE = 0.707  #: of a 5.1's centre in each side (ITU-R BS.775)
_SHAKE = 0.25  #: of a frame: what a stamp may lie beside its place, so that counting finds the same frame


def plays(passed: Pass) -> bool:
    """Whether every browser plays this very file to the frame: MP4 with H.264 of 8 bits, AAC or no sound, frames where counting puts them."""
    info, video = passed.info, passed.info.video
    assert video is not None
    plain = passed.path.suffix.lower() in (".mp4", ".m4v") and video.codec == "h264" and video.pixel_format == "yuv420p" and not video.interlaced
    sound = len(info.audio) <= 1 and all(one.codec == "aac" and one.channels <= 2 for one in info.audio)
    place = np.arange(len(passed.times)) / float(passed.rate)
    steady = bool(np.all(np.abs(passed.times - place) < _SHAKE / float(passed.rate)))
    return plain and sound and steady and video.start_s == 0 and not passed.broken_off


def copied(passed: Pass, out: Path, progress: Callable[[float], None]) -> None:
    """Write the copy, by rename.

    Raises: MediaError where the file cannot be read; OSError where the disk is full.
    """
    info, rate = passed.info, passed.rate
    handle, part = tempfile.mkstemp(dir=out.parent, prefix=".watch-", suffix=".mp4")
    os.close(handle)
    silent = Path(part).with_suffix(".h264.mp4")
    try:
        _pictures(passed, silent, progress)
        with tempfile.TemporaryFile(dir=out.parent) as file:
            sound = _sounds(passed.path, info, file)
            finish(silent, Path(part), timecode=None, rate=rate, sound=Sound(file=sound, channels=2) if sound is not None else None)
        os.replace(part, out)
    finally:
        for left in (Path(part), silent):
            left.unlink(missing_ok=True)


def _pictures(passed: Pass, out: Path, progress: Callable[[float], None]) -> None:
    """Every frame that decodes, one after the other."""
    video = passed.info.video
    assert video is not None
    size, whole = proxy_size(video), max(1, passed.seen.frames)
    written = PictureFile(out, size=size, rate=passed.rate)
    try:
        with opened(passed.path) as container, reading(passed.path):
            stream = container.streams[video.index]
            assert isinstance(stream, av.VideoStream)
            stream.thread_type = "AUTO"
            packets = container.demux(stream)
            while (packet := _next(packets)) is not None:
                try:
                    frames = packet.decode()
                except av.FFmpegError:
                    continue
                for frame in frames:
                    assert isinstance(frame, av.VideoFrame)
                    written.write(_turned(frame, video.rotation_deg, size), 1)
                if written.frames % 25 == 0:
                    progress(min(1.0, written.frames / whole))
        written.close()
    except BaseException:
        written.abandon()
        raise


def _next(packets: Iterator[Any]) -> Any:
    """The next packet; none where a file breaks off, as the check read it."""
    try:
        return next(packets, None)
    except (av.FFmpegError, OSError):
        return None


def _turned(frame: av.VideoFrame, degrees: int, size: tuple[int, int]) -> av.VideoFrame:
    if degrees:
        pixels: NDArray[np.uint8] = np.rot90(frame.to_ndarray(format="rgb24").astype(np.uint8), k=-degrees // 90)
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
    return frame.reformat(*size, format="yuv420p", dst_colorspace="ITU709", interpolation=SCALER.upper())


def _sounds(path: Path, info: MediaInfo, file: IO[bytes]) -> IO[bytes] | None:
    """The programme as two channels of 48 kHz, int16; None without sound."""
    channels = list(programme(info.audio))
    if not channels:
        return None
    rate_hz = info.audio[0].rate_hz
    heard = av.AudioResampler(format="s16", layout="stereo", rate=RATE_HZ)
    at = 0
    for block in blocks(path, info):
        sides = np.ascontiguousarray(_sides(block[channels]))
        frame = av.AudioFrame.from_ndarray(sides, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = rate_hz, at, Fraction(1, rate_hz)
        at += sides.shape[1]
        for one in heard.resample(frame):
            file.write(one.to_ndarray().astype("<i2").tobytes())
    for one in heard.resample(None):
        file.write(one.to_ndarray().astype("<i2").tobytes())
    file.seek(0)
    return file


def _sides(block: NDArray[np.float32]) -> NDArray[np.float32]:
    """Left and right of one, two or six channels."""
    if len(block) == 1:
        return np.repeat(block, 2, axis=0)
    sides = block[:2] if len(block) < 6 else block[:2] + np.float32(_CENTRE) * block[2]
    return np.clip(sides, -1, 1).astype(np.float32)
