"""What a page plays and shows: a clip's proxy with the recorder's sound under it, and single frames."""

from __future__ import annotations

import contextlib
import os
import tempfile
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

from answerprint.media import MediaError
from answerprint.media.container import opened, shown
from answerprint.media.proxies import Sound, finish
from answerprint.media.reel import RATE_HZ, Shot, recorded
from answerprint.model.time import round_half_up

__all__ = ["frame", "with_sound"]


def with_sound(shot: Shot, out: Path, *, timecode: str | None = None) -> None:
    """Write a proxy again with the recorder's sound instead of its own: the same pictures, packet for packet.

    Args:   shot: the whole proxy, with its `sound`.  out: appears whole, by rename.
    Raises: MediaError; OSError where the disk is full.
    """
    assert shot.proxy is not None
    with opened(shot.proxy) as container:
        stream = container.streams.video[0]
        rate = Fraction(stream.average_rate or 25)
        length = round_half_up(Fraction(stream.frames) / rate * RATE_HZ)
    handle, part = tempfile.mkstemp(dir=out.parent, prefix=".view-", suffix=".mp4")
    os.close(handle)
    try:
        with tempfile.TemporaryFile(dir=out.parent) as file:
            for block in recorded(shot, length):
                file.write(np.clip(np.rint(block * 32767), -32768, 32767).astype("<i2").tobytes())
            file.seek(0)
            finish(shot.proxy, Path(part), timecode=timecode, rate=rate, sound=Sound(file=file, channels=1))
        with open(part, "rb") as written:
            os.fsync(written.fileno())
        os.replace(part, out)
    except av.FFmpegError as cause:
        raise MediaError(f"{shown(shot.proxy)}: it cannot be written with its recorder sound ({cause}).") from cause
    finally:
        with contextlib.suppress(OSError):
            os.unlink(part)


def frame(proxy: Path, number: int, *, height: int, quality: int = 82) -> bytes:
    """One frame of a proxy as JPEG, whole, at most `height` lines.

    Args:   number: from 0; past the end the last one.
    Raises: MediaError: not one frame decodes there.
    """
    from io import BytesIO

    with opened(proxy) as container:
        stream = container.streams.video[0]
        rate, base = Fraction(stream.average_rate or 25), Fraction(stream.time_base or 1)
        wanted = min(max(number, 0), max(stream.frames - 1, 0))
        container.seek(int((stream.start_time or 0) + wanted / rate / base), stream=stream)
        best = None
        for one in container.decode(stream):
            if one.pts is None:
                continue
            best = one
            if round_half_up((one.pts - (stream.start_time or 0)) * base * rate) >= wanted:
                break
        if best is None:
            raise MediaError(f"{shown(proxy)}: not one frame decodes at {number}. Delete the cache and prepare the clip again.")
        high = min(height, best.height)
        wide = max(2, round(best.width * high / best.height / 2) * 2)
        picture = Image.fromarray(best.reformat(wide, high // 2 * 2, format="rgb24", src_colorspace="ITU709", interpolation="AREA").to_ndarray())
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()
