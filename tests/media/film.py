"""Composes small clips whose every frame and sample is known."""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from answerprint.media.onepass import Watched, watch
from answerprint.media.probe import probe

Picture = Callable[[int], np.ndarray]
RATE_HZ = 48_000


def drift(i: int, *, size: tuple[int, int] = (320, 180)) -> np.ndarray:
    """A soft pattern that moves a little from frame to frame: RGB, shape (h, w, 3)."""
    y, x = np.mgrid[: size[1], : size[0]]
    waves = [np.sin((x * (k + 1) + y * 2) / 19 + i * 0.05 * (k + 1)) for k in range(3)]
    return np.asarray(np.stack(waves, axis=-1) * 90 + 128, dtype=np.uint8)


def shoot(
    path: Path,
    picture: Picture = drift,
    *,
    frames: int = 50,
    rate: Fraction = Fraction(25),
    sound: np.ndarray | None = None,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    times: Sequence[Fraction] | None = None,
    options: dict[str, str] | None = None,
    container: dict[str, str] | None = None,
    timecode: str | None = None,
    **stream_values: Any,
) -> Path:
    """Write a clip. `sound`: float, shape (channels, n), 48 kHz.  `times`: of each frame, for a variable rate."""
    with av.open(str(path), "w", options=container or {}) as out:
        first = picture(0)
        video: Any = out.add_stream(codec, rate=rate, options=options or ({"preset": "ultrafast", "crf": "12"} if codec == "libx264" else {}))
        video.width, video.height, video.pix_fmt = first.shape[1], first.shape[0], pix_fmt
        video.codec_context.time_base = Fraction(1, 90_000) if times else 1 / rate
        for name, value in stream_values.items():
            setattr(video.codec_context, name, value)
        audio: Any = None
        if sound is not None:
            layout = "mono" if sound.shape[0] == 1 else "stereo" if sound.shape[0] == 2 else f"{sound.shape[0]}c"
            audio = out.add_stream("aac" if path.suffix == ".mp4" else "pcm_s16le", rate=RATE_HZ, layout=layout)
        if timecode:
            out.metadata["timecode"] = timecode
        spoken = 0
        full = stream_values.get("color_range") == 2
        for i in range(frames):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture(i)), format="rgb24")
            frame = frame.reformat(format=pix_fmt, dst_colorspace="ITU709", dst_color_range="JPEG" if full else "MPEG")
            frame.pts, frame.time_base = (round(times[i] * 90_000), Fraction(1, 90_000)) if times else (i, 1 / rate)
            out.mux(video.encode(frame))
            until = round((i + 1) / rate * RATE_HZ)
            if audio is not None and sound is not None and until - spoken >= 2048:
                out.mux(_speak(audio, sound[:, spoken:until], spoken))
                spoken = until
        if audio is not None and sound is not None:
            if spoken < sound.shape[1]:
                out.mux(_speak(audio, sound[:, spoken:], spoken))
            out.mux(audio.encode(None))
        out.mux(video.encode(None))
    return path


def _speak(audio: Any, block: np.ndarray, at: int) -> Any:
    samples = np.ascontiguousarray((np.clip(block, -1, 1) * 32767).astype(np.int16).T.reshape(1, -1))
    frame = av.AudioFrame.from_ndarray(samples, format="s16", layout=audio.codec_context.layout.name)
    frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, at, Fraction(1, RATE_HZ)
    return audio.encode(frame)


def turn(path: Path) -> Path:
    """Say in an MP4's track header that the picture is to be shown a quarter turn clockwise."""
    raw = bytearray(path.read_bytes())
    at = raw.index(b"tkhd") + 4 + 40
    raw[at : at + 36] = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    path.write_bytes(raw)
    return path


def see(path: Path, out: Path, **changes: Any) -> Watched:
    """Probe a clip and read it; `changes` are put into what the probe found of the picture."""
    info = probe(path)
    out.mkdir(exist_ok=True)
    keep = {name: changes.pop(name) for name in ("look", "log") if name in changes}
    assert info.video is not None
    return watch(path, dataclasses.replace(info, video=dataclasses.replace(info.video, **changes)), out, **keep)


def pictures(path: Path) -> list[np.ndarray]:
    """Every frame of a file as RGB, by its BT.709 tags."""
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24", src_colorspace="ITU709") for frame in container.decode(video=0)]
