"""Looks at stretches of a clip, some frames of each: what stands where, and whose face. What was seen is kept, so that it is seen once."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray
from PIL import Image

from answerprint.media import MediaError, faces
from answerprint.media.container import opened, reading, shown
from answerprint.model.time import round_half_up
from answerprint.signal.attention import LONG_PX

__all__ = ["EVERY_S", "Stretch", "attend", "read", "written"]

EVERY_S = Fraction(1, 6)  #: a walking person goes a tenth of a head's height in that time
LEAST, MOST = 3, 120  #: frames that are looked at in a stretch
_FACES_PX = 640

Face = tuple[float, float, float, float, float]  #: left, top, width, height, and which way it looks
Look = tuple[NDArray[np.uint8], tuple[Face, ...]]


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """What was seen of one stretch of a clip, without a cut in it."""

    start: int  #: frames of the clip, half-open
    end: int
    frames: NDArray[np.int64]  #: shape (n,): those that were looked at
    small: NDArray[np.uint8]  #: shape (n, h, w, 3), RGB
    faces: tuple[tuple[Face, ...], ...] | None  #: of each; None: nobody looked for any


def attend(path: Path, stretches: Sequence[tuple[int, int]], *, progress: Callable[[float], None] = lambda done: None) -> tuple[Stretch, ...]:
    """Look at some stretches of a clip, six frames a second.

    Args:    path: a proxy, as it is shown: upright, square pixels.  stretches: frames, half-open, in order.
    Raises:  MediaError: it cannot be read, or a stretch has no frame.
    """
    wanted = [_frames(start, end, path) for start, end in stretches]
    seen = _pictures(path, sorted({int(frame) for part in wanted for frame in part}), progress)
    looking = faces.installed()
    made = []
    for (start, end), part in zip(stretches, wanted, strict=True):
        rows = [seen[int(frame)] for frame in part]
        found = tuple(row[1] for row in rows) if looking else None
        made.append(Stretch(start=start, end=end, frames=part, small=np.stack([row[0] for row in rows]), faces=found))
    return tuple(made)


def _frames(start: int, end: int, path: Path) -> NDArray[np.int64]:
    with opened(path) as container:
        if not container.streams.video:
            raise MediaError(f"{shown(path)}: there is no picture in it.")
        rate = Fraction(container.streams.video[0].average_rate or 25)
    if end <= start:
        raise MediaError(f"{shown(path)}: there is no frame between {start} and {end}.")
    count = min(max(LEAST, round_half_up((end - start) / rate / EVERY_S)), MOST, end - start)
    return np.unique(np.rint(np.linspace(start, end - 1, count)).astype(np.int64))


def _pictures(path: Path, wanted: Sequence[int], progress: Callable[[float], None]) -> dict[int, Look]:
    """Each frame small, with its faces. One that is past the clip's last is its last."""
    looking = faces.installed()
    found: dict[int, Look] = {}
    with opened(path) as container, reading(path):
        stream = container.streams.video[0]
        rate, base, first = Fraction(stream.average_rate or 25), Fraction(stream.time_base or 1), stream.start_time or 0
        container.seek(max(0, first + int(wanted[0] / rate / base)), stream=stream)
        number = 0
        last = None
        for frame in container.decode(stream):
            if frame.pts is None:
                continue
            last = frame
            at = round_half_up((frame.pts - first) * base * rate)
            while number < len(wanted) and at >= wanted[number]:
                found[wanted[number]] = _look(frame, looking)
                number += 1
                progress(number / len(wanted))
            if number == len(wanted):
                break
        if last is None:
            raise MediaError(f"{shown(path)}: not one frame decodes at {wanted[0]}. Delete the cache and prepare the clip again.")
        for left in wanted[number:]:
            found[left] = _look(last, looking)
    return found


def _look(frame: VideoFrame, looking: bool) -> Look:
    scale = min(1.0, _FACES_PX / max(frame.width, frame.height))
    size = max(2, round(frame.width * scale / 2) * 2), max(2, round(frame.height * scale / 2) * 2)
    picture = np.asarray(frame.reformat(*size, format="rgb24", src_colorspace="ITU709", interpolation="AREA").to_ndarray(), np.uint8)
    image = Image.fromarray(picture)
    image.thumbnail((LONG_PX, LONG_PX), Image.Resampling.BOX)
    there = tuple((one.left, one.top, one.width, one.height, one.looks) for one in faces.faces(picture)) if looking else ()
    return np.asarray(image), there


# ---- kept


def written(stretches: Sequence[Stretch]) -> bytes:
    """What was seen, as a file of arrays."""
    arrays: dict[str, NDArray[np.generic]] = {"spans": np.array([(one.start, one.end) for one in stretches], np.int64).reshape(-1, 2)}
    for number, one in enumerate(stretches):
        arrays[f"frames{number}"], arrays[f"small{number}"] = one.frames, one.small
        if one.faces is not None:
            rows = [(place, *face) for place, found in enumerate(one.faces) for face in found]
            arrays[f"faces{number}"] = np.array(rows, np.float64).reshape(-1, 6)
    out = io.BytesIO()
    np.savez_compressed(out, allow_pickle=False, **arrays)
    return out.getvalue()


def read(raw: bytes) -> tuple[Stretch, ...]:
    """What was seen, from its file.

    Raises: MediaError: it is none.
    """
    made = []
    try:
        with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
            for number, (start, end) in enumerate(arrays["spans"].tolist()):
                frames = arrays[f"frames{number}"]
                found = None
                if f"faces{number}" in arrays:
                    rows = arrays[f"faces{number}"].tolist()
                    found = tuple(tuple((a, b, c, d, e) for place, a, b, c, d, e in rows if int(place) == one) for one in range(len(frames)))
                made.append(Stretch(start=start, end=end, frames=frames, small=arrays[f"small{number}"], faces=found))
    except (ValueError, KeyError, OSError, EOFError) as cause:
        raise MediaError(f"what was seen of a clip cannot be read ({cause}). Delete the cache.") from cause
    return tuple(made)
