"""Rushes that say of themselves what they are: every frame carries its number in blocks, every sample its place in its value.

Channel 1 of the sound is a ramp: sample n has the 24-bit value n. Channel 2 is the medium's own number.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import opentimelineio as otio

from answerprint.media.probe import probe
from answerprint.timeline.cut import CutInfo, at, attach, file_url, know_media, reference, set_speed, span, start_and_length

BITS = 16
RATE_HZ = 48_000


def numbered(number: int, medium: int, size: tuple[int, int]) -> np.ndarray:
    """Luma of a frame, shape (h, w): a row of blocks for its number, one for the medium's, below them grey that moves."""
    width, height = size
    picture = np.empty((height, width), np.uint8)
    y, x = np.mgrid[:height, :width]
    picture[:] = 60 + (x * 3 + y * 2 + number * 4 + medium * 17) % 120
    step = width // BITS
    for row, value in enumerate((number, medium)):
        for bit in range(BITS):
            picture[row * height // 4 : (row + 1) * height // 4, bit * step : (bit + 1) * step] = 220 if value >> bit & 1 else 30
    return picture


def rush(
    path: Path, medium: int, *, frames: int, rate: Fraction, size: tuple[int, int] = (160, 96), codec: str = "libx264", pixels: str = "yuv420p",
    timecode: str = "01:00:00:00", stamps: Sequence[int] | None = None, sound: bool = True, options: dict[str, str] | None = None,
) -> Path:  # fmt: skip
    """A clip of numbered frames and numbered samples. `stamps`: of each frame in 1/90000 s, for a rate that varies."""
    base = Fraction(1, 90_000) if stamps else 1 / rate
    with av.open(str(path), "w", options={"video_track_timescale": "90000"} if stamps else {}) as out:
        out.metadata["timecode"] = timecode
        given = options or ({"preset": "ultrafast", "crf": "4", "g": "12", "bf": "2"} if codec == "libx264" else {})
        picture: Any = out.add_stream(codec, rate=rate, options=given)
        picture.width, picture.height, picture.pix_fmt = *size, pixels
        picture.codec_context.time_base = base
        picture.codec_context.color_primaries = picture.codec_context.color_trc = picture.codec_context.colorspace = 1
        picture.codec_context.color_range = 1
        track: Any = out.add_stream("pcm_s24le", rate=RATE_HZ, layout="stereo") if sound else None
        for number in range(frames):
            luma = numbered(number, medium, size)
            chroma = np.full((size[1] // 2, size[0] // 2), 128, np.uint8)
            flat = np.concatenate([luma.reshape(-1), chroma.reshape(-1), chroma.reshape(-1)]).reshape(-1, size[0])
            frame = av.VideoFrame.from_ndarray(flat, format="yuv420p")
            frame.colorspace, frame.color_range = 1, 1
            if pixels != "yuv420p":
                frame = frame.reformat(format=pixels)
            frame.pts, frame.time_base = (stamps[number] if stamps else number), base
            out.mux(picture.encode(frame))
        out.mux(picture.encode(None))
        if track is not None:
            write_ramp(out, track, medium, round(frames / rate * RATE_HZ))
    return path


def write_ramp(out: Any, track: Any, medium: int, samples: int) -> None:
    for first in range(0, samples, RATE_HZ):
        count = min(RATE_HZ, samples - first)
        both = np.stack([np.arange(first, first + count), np.full(count, medium)], axis=1).astype(np.int32) << 8
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(both.reshape(1, -1)), format="s32", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, first, Fraction(1, RATE_HZ)
        out.mux(track.encode(frame))
    out.mux(track.encode(None))


def roll(path: Path, medium: int, *, samples: int) -> Path:
    """A recorder's file: the same ramp."""
    with av.open(str(path), "w") as out:
        write_ramp(out, out.add_stream("pcm_s24le", rate=RATE_HZ, layout="stereo"), medium, samples)
    return path


# ---- reading back


def seen(frame: av.VideoFrame) -> tuple[int, int]:
    """(number, medium) that a frame of the film shows."""
    grey = frame.reformat(format="gray").to_ndarray() if frame.format.name != "yuv420p" else frame.to_ndarray()[: frame.height]
    height, width = grey.shape
    step = width / BITS
    found = []
    for row in range(2):
        line = grey[round((row + 0.5) * height / 4)]
        found.append(sum(int(line[int((bit + 0.5) * step)] > 125) << bit for bit in range(BITS)))
    return found[0], found[1]


def film(path: Path) -> tuple[list[tuple[int, int]], np.ndarray]:
    """What a film shows frame by frame, and its sound: int, shape (channels, n), 24 bits."""
    with av.open(str(path)) as container:
        pictures = [seen(frame) for frame in container.decode(video=0)]
    with av.open(str(path)) as container:
        blocks = [frame.to_ndarray().reshape(-1, frame.layout.nb_channels).T >> 8 for frame in container.decode(audio=0)] if container.streams.audio else []
    return pictures, np.concatenate(blocks, axis=1) if blocks else np.zeros((0, 0), np.int64)


# ---- laying a cut


def medium_of(path: Path) -> tuple[Any, Any]:
    """A fresh media reference of a file, and where its clock begins."""
    info = probe(path)
    has = start_and_length(info)
    return reference(know_media(info, file=path.name, digest=None), has, url=file_url(path)), has


def clip(path: Path, start_s: Fraction, length_s: Fraction, rate: Fraction, *, speed: Fraction = Fraction(1)) -> Any:
    """A stretch of a medium that begins `start_s` after its first frame."""
    media, has = medium_of(path)
    made = otio.schema.Clip(name=path.name, media_reference=media)
    made.source_range = span(has.start_s + start_s, length_s, rate, RATE_HZ)
    set_speed(made, speed)
    return made


def gap(length_s: Fraction, rate: Fraction) -> Any:
    return otio.schema.Gap(source_range=span(Fraction(0), length_s, rate, RATE_HZ))


def dissolve(before_s: Fraction, after_s: Fraction, rate: Fraction, *, kind: str = "SMPTE_Dissolve", name: str = "Cross Dissolve") -> Any:
    return otio.schema.Transition(name=name, transition_type=kind, in_offset=at(before_s, rate, RATE_HZ), out_offset=at(after_s, rate, RATE_HZ))


def cut(rate: Fraction, picture: Sequence[Sequence[Any]], sound: Sequence[Sequence[Any]] = (), *, drop: bool = False, start: int = 0) -> Any:
    """A timeline of these tracks, picture from the bottom up."""
    made = otio.schema.Timeline(name="Test", global_start_time=otio.opentime.RationalTime(start, float(rate)))
    for kind, tracks in ((otio.schema.TrackKind.Video, picture), (otio.schema.TrackKind.Audio, sound)):
        for number, items in enumerate(tracks, 1):
            track = otio.schema.Track(f"{kind[0]}{number}", kind=kind)
            track.extend(items)
            made.tracks.append(track)
    attach(made, CutInfo(rate=rate, drop=drop))
    return made
