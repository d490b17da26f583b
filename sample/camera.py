"""A camera's file: MP4 with H.264, AAC where it has a microphone, timecode, reel and tags."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from sample.voices import RATE_HZ, Signal


def write(
    path: Path,
    frames: Iterator[npt.NDArray[np.uint8]],
    sound: Signal | None,
    *,
    rate: Fraction,
    tags: dict[str, str],
    each: Callable[[], None] = lambda: None,
) -> None:
    """Write the clip; `tags` holds "timecode" and what else the camera says. One AAC stereo track, or none where `sound` is None."""
    with av.open(str(path), "w", format="mp4", options={"movflags": "use_metadata_tags+faststart", "write_tmcd": "1"}) as out:
        out.metadata.update(tags)
        video = out.add_stream("libx264", rate=rate, options={"preset": "superfast", "crf": "26", "g": "24", "bf": "2"})
        video.pix_fmt = "yuv420p"
        video.time_base = 1 / rate
        video.codec_context.thread_count = 2
        context = video.codec_context
        context.color_primaries, context.color_trc, context.colorspace, context.color_range = 1, 1, 1, 1  # Rec. 709, video levels (H.273)
        audio = None
        if sound is not None:
            audio = out.add_stream("aac", rate=RATE_HZ, layout="stereo")
            audio.bit_rate = 160_000
        for number, picture in enumerate(frames):
            if number == 0:
                video.height, video.width = picture.shape[:2]
            shown = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
            shown.pts, shown.time_base = number, 1 / rate
            out.mux(video.encode(shown))
            each()
        out.mux(video.encode(None))
        if audio is not None and sound is not None:
            stereo = np.stack([sound, sound]).astype(np.float32)
            for first in range(0, stereo.shape[1], 1024):
                block = av.AudioFrame.from_ndarray(np.ascontiguousarray(stereo[:, first : first + 1024]), format="fltp", layout="stereo")
                block.sample_rate, block.pts, block.time_base = RATE_HZ, first, Fraction(1, RATE_HZ)
                out.mux(audio.encode(block))
            out.mux(audio.encode(None))
