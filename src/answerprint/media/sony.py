"""Sony's clip metadata (NonRealTimeMeta XML), which lies beside the clip as C0001M01.XML or inside the MP4 itself."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from answerprint.media import MediaError
from answerprint.media.container import shown
from answerprint.media.quicktime import index_of
from answerprint.media.sidexml import Element, named, parse
from answerprint.model.time import TimecodeError, parse_rate

__all__ = ["Clip", "beside", "inside"]


@dataclass(frozen=True, kw_only=True)
class Clip:
    """What the XML says."""

    capture_fps: Fraction | None = None
    format_fps: Fraction | None = None
    timecode: str | None = None  #: eight hexadecimal digits, frames first
    tags: dict[str, str]


def beside(path: Path) -> Clip | None:
    """The metadata file next to a clip: same stem and "M01", in either case. None where there is none.

    Raises: MediaError where it is there and is not XML.
    """
    for name in (f"{path.stem}M01.XML", f"{path.stem}M01.xml"):
        side = path.with_name(name)
        try:
            raw = side.read_bytes()
        except OSError:
            continue
        return _clip(parse(raw, f"the camera's metadata file {shown(side)}"))
    return None


def inside(path: Path) -> Clip | None:
    """The same XML inside an MP4's index. None where there is none, or where it cannot be read."""
    try:
        raw = index_of(path)
    except OSError:
        return None
    start, end = raw.find(b"<NonRealTimeMeta"), raw.find(b"</NonRealTimeMeta>")
    if not 0 <= start < end:
        return None
    try:
        return _clip(parse(raw[start : end + len(b"</NonRealTimeMeta>")], "the camera's metadata"))
    except MediaError:
        return None


def _clip(root: Element) -> Clip:
    def rate(text: str | None) -> Fraction | None:
        try:
            return parse_rate(text.strip().rstrip("pi")) if text else None
        except TimecodeError:
            return None

    frame = next(named(root, "VideoFrame"), None)
    change = next(named(root, "LtcChange"), None)
    tags = {str(item.get("name"))[:100]: str(item.get("value"))[:500] for item in named(root, "Item") if item.get("name")}
    device = next(named(root, "Device"), None)
    if device is not None:
        tags |= {key: str(device.get(key))[:100] for key in ("manufacturer", "modelName", "serialNo") if device.get(key)}
    return Clip(
        capture_fps=rate(frame.get("captureFps")) if frame is not None else None,
        format_fps=rate(frame.get("formatFps")) if frame is not None else None,
        timecode=change.get("value") if change is not None else None,
        tags=tags,
    )
