"""Small media for the tests of this room, made with PyAV: a grey ramp for picture, what is asked for as sound."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray


def clip(
    path: Path,
    *,
    rate: Fraction = Fraction(25),
    frames: int = 10,
    size: tuple[int, int] = (64, 48),
    codec: str = "libx264",
    pixel_format: str = "yuv420p",
    turn_deg: int | None = None,
    stamps: Sequence[int] | None = None,
    time_base: Fraction | None = None,
    metadata: dict[str, str] | None = None,
    sounds: Sequence[NDArray[np.float32]] = (),
    sound_codec: str = "pcm_s16le",
    rate_hz: int = 48000,
    options: dict[str, str] | None = None,
    sar: Fraction | None = None,
    **tags: Any,
) -> Path:
    """A clip whose frame n is n grey levels bright, with one sound stream of each array (channels, n)."""
    with av.open(str(path), "w") as out:
        if metadata:
            out.metadata.update(metadata)
        picture = out.add_stream(codec, rate=rate, options=options or {})
        picture.width, picture.height = size
        picture.pix_fmt = pixel_format
        if time_base is not None:
            picture.time_base = time_base
            picture.codec_context.time_base = time_base
        if turn_deg is not None:
            picture.set_display_rotation(turn_deg)
        if sar is not None:
            picture.codec_context.sample_aspect_ratio = sar
        for name, value in tags.items():
            setattr(picture.codec_context, name, value)
        heard = []
        for samples in sounds:
            stream = out.add_stream(sound_codec, rate=rate_hz)
            stream.layout = {1: "mono", 2: "stereo"}[samples.shape[0]]
            heard.append(stream)
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(np.full((size[1], size[0], 3), number % 200 + 20, np.uint8), format="rgb24")
            frame = frame.reformat(format=pixel_format)
            frame.pts = stamps[number] if stamps else number
            frame.time_base = time_base or 1 / rate
            out.mux(picture.encode(frame))
        out.mux(picture.encode(None))
        for stream, samples in zip(heard, sounds, strict=True):
            for start in range(0, samples.shape[1], 1024):
                sound = av.AudioFrame.from_ndarray(
                    np.ascontiguousarray(samples[:, start : start + 1024]), format="fltp", layout=stream.layout.name
                )
                sound.sample_rate, sound.pts, sound.time_base = rate_hz, start, Fraction(1, rate_hz)
                convert = av.AudioResampler(format=stream.format.name, layout=stream.layout.name, rate=rate_hz)
                for made in convert.resample(sound):
                    made.pts, made.time_base = start, Fraction(1, rate_hz)
                    out.mux(stream.encode(made))
            out.mux(stream.encode(None))
    return path


def click(at: int, *, count: int = 48000, channels: int = 1) -> NDArray[np.float32]:
    """Silence with one sample at 0.9."""
    samples = np.zeros((channels, count), dtype=np.float32)
    samples[:, at] = 0.9
    return samples
