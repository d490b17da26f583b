"""The pictures at a QC report's findings: each decoded where it was found, by its own time stamp."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO

import av
from PIL import Image

from answerprint.delivery.qc.records import Report
from answerprint.media.container import opened, reading

__all__ = ["PLACES", "frames_of", "pictures"]

PLACES = 4  #: places of one finding that are shown
_PICTURES = 48  #: on a page


def frames_of(report: Report, first: int, end: int) -> list[int]:
    """The frames that show a place: the one before, the first, and the one after; of a long stretch its first, middle and last."""
    last = report.passed.seen.frames - 1
    chosen = (first - 1, first, end) if end - first <= 3 else (first, (first + end) // 2, end - 1)
    return sorted({min(max(0, frame), last) for frame in chosen})


def pictures(report: Report, *, wide: int) -> Iterator[tuple[int, bytes]]:
    """The frames of all findings as (number, JPEG), `wide` pixels each, whole. What does not decode is left out.

    Raises: MediaError: the file cannot be opened any more.
    """
    wanted: list[int] = []
    for one in report.findings:
        for place in one.where[:PLACES]:
            wanted += [frame for frame in frames_of(report, place.first, place.end) if frame not in wanted]
    numbers = sorted(wanted[:_PICTURES])
    stamps = report.passed.seen.pts
    video = report.passed.info.video
    if not numbers or video is None:
        return
    with opened(report.passed.path) as container, reading(report.passed.path):
        stream = container.streams[video.index]
        assert isinstance(stream, av.VideoStream)
        stream.thread_type = "AUTO"
        for number in numbers:
            stamp = stamps[number]
            if stamp is None:
                continue
            try:
                container.seek(stamp, stream=stream)
                frame = next((one for one in container.decode(stream) if one.pts is not None and one.pts >= stamp), None)
            except av.FFmpegError:
                continue
            if frame is not None:
                yield number, _jpeg(frame, video.sar, wide)


def _jpeg(frame: av.VideoFrame, sar: Fraction, wide: int) -> bytes:
    tall = max(2, round(wide * frame.height / (frame.width * float(sar))))
    picture = Image.fromarray(frame.reformat(wide, tall, format="rgb24", interpolation="AREA").to_ndarray())
    out = BytesIO()
    picture.save(out, "JPEG", quality=74)
    return out.getvalue()
