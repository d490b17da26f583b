"""The pictures at what technical QC warned of, out of the film itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

__all__ = ["PLACES", "frames", "wanted"]

PLACES = 4  #: of one finding that are shown
_MOST = 24  #: on a page
_WIDE = 320


def wanted(report: Mapping[str, Any]) -> list[int]:
    """The first frames of the places of every FAIL and WARN, in order."""
    found = [place.get("first") for one in report.get("findings", ()) if one.get("weight") in ("FAIL", "WARN") for place in one.get("where", ())[:PLACES]]
    return sorted({one for one in found if type(one) is int and one >= 0})[:_MOST]


def frames(film: Path, numbers: Iterable[int], rate: Fraction) -> dict[int, bytes]:
    """Frames of a film of constant rate as JPEG, 320 pixels wide, whole. What is not there, or does not decode, is left out.

    Args: numbers: counted from the file's first, rising.
    """
    from io import BytesIO

    from PIL import Image

    from answerprint.media import MediaError
    from answerprint.media.container import opened, reading

    found: dict[int, bytes] = {}
    try:
        with opened(film) as container, reading(film):
            stream = container.streams.video[0]
            base, start = Fraction(stream.time_base or Fraction(1, 1000)), stream.start_time or 0
            for number in numbers:
                at = start + number / rate / base
                container.seek(max(0, int(at)), stream=stream)
                frame = next((one for one in container.decode(stream) if one.pts is not None and one.pts + 1 / rate / base / 2 > at), None)
                if frame is not None:
                    sar = Fraction(stream.sample_aspect_ratio or 1)
                    tall = max(2, round(_WIDE * frame.height / (frame.width * sar)))
                    out = BytesIO()
                    Image.fromarray(frame.reformat(_WIDE, tall, format="rgb24", interpolation="AREA").to_ndarray()).save(out, "JPEG", quality=74)
                    found[number] = out.getvalue()
    except (MediaError, IndexError):
        return found
    return found
