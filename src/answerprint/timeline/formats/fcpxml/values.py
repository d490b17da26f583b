"""How FCPXML writes things: times, rates, rasters, names, and the keys of its metadata."""

from __future__ import annotations

import re
from fractions import Fraction

from answerprint.model.time import round_half_up
from answerprint.timeline import TimelineError

__all__ = ["ANGLE", "CAMERA", "CLIP", "CROSS_DISSOLVE", "CUT", "MEDIA", "OFFLINE", "REEL", "SCENE", "TAKE", "TITLE", "VERSIONS",
           "conform_factor", "format_name", "frame_duration", "holdable", "named_format", "source_rate", "source_rate_of", "time_of", "time_text"]  # fmt: skip

VERSIONS = ("1.8", "1.9", "1.10", "1.11")  #: what we write
OFFLINE = "file:///offline/"  #: where media stand that nobody has named a file for: an editing program shows them offline, to be relinked

REEL = "com.apple.proapps.studio.reel"
SCENE = "com.apple.proapps.studio.scene"
TAKE = "com.apple.proapps.studio.shot"
ANGLE = "com.apple.proapps.studio.angle"
CAMERA = "com.apple.proapps.mio.cameraName"
MEDIA, CLIP, CUT = "org.answerprint.media", "org.answerprint.clip", "org.answerprint.cut"

CROSS_DISSOLVE = ("Cross Dissolve", "FxPlug:4731E73A-8DAC-4113-9A30-AE85B1761265")
TITLE = ("Basic Title", ".../Titles.localized/Bumper:Opener.localized/Basic Title.localized/Basic Title.moti")

_CLOCK = 720000  #: ticks a second in which Final Cut counts sound: whole frames at 23.98, 29.97 and 59.94, whole samples at 48 kHz

_TIME = re.compile(r"^\s*(-?\d{1,20})(?:/(\d{1,12}))?s?\s*$")
_DECIMAL = re.compile(r"^\s*(-?\d{1,12}\.\d{1,12})s?\s*$")

#: The suffix Final Cut gives a rate in its format names.
_SUFFIX = {
    Fraction(24000, 1001): "2398", Fraction(24): "24", Fraction(25): "25", Fraction(30000, 1001): "2997", Fraction(30): "30",
    Fraction(50): "50", Fraction(60000, 1001): "5994", Fraction(60): "60",
}  # fmt: skip
_RASTER = {(1920, 1080): "1080p", (1280, 720): "720p", (3840, 2160): "3840x2160p", (4096, 2160): "4096x2160p"}

#: The values that conform-rate knows (FCPXML 1.8 to 1.11).
_SOURCE_RATE = {
    Fraction(24000, 1001): "23.98", Fraction(24): "24", Fraction(25): "25", Fraction(30000, 1001): "29.97", Fraction(30): "30",
    Fraction(48000, 1001): "47.95", Fraction(48): "48", Fraction(50): "50", Fraction(60000, 1001): "59.94", Fraction(60): "60",
}  # fmt: skip


def holdable(moment_s: Fraction) -> Fraction:
    """The time itself, or, where it needs more than a 32-bit denominator, the nearest tick of Final Cut's own clock.

    Only retimes by odd ratios need that; whole frames and samples at every rate are held exactly. The error is under 0.7 microseconds.
    """
    if moment_s.denominator < 2**31 and abs(moment_s.numerator) < 2**53:
        return moment_s
    return Fraction(round_half_up(moment_s * _CLOCK), _CLOCK)


def time_text(moment_s: Fraction) -> str:
    """Seconds as FCPXML writes them: "5s", "1001/24000s"."""
    held = holdable(moment_s)
    return f"{held.numerator}s" if held.denominator == 1 else f"{held.numerator}/{held.denominator}s"


def time_of(text: str, where: str) -> Fraction:
    """Read an FCPXML time.

    Raises: TimelineError naming the element, if it is not one.
    """
    match = _TIME.match(text)
    if match is not None and (match[2] is None or int(match[2])):
        return Fraction(int(match[1]), int(match[2] or 1))
    if decimal := _DECIMAL.match(text):
        return Fraction(decimal[1])
    raise TimelineError(f"{where}: {text[:40]!r} is not a time. FCPXML writes seconds as 1001/24000s.")


def frame_duration(rate: Fraction) -> str:
    """A frame's length as Final Cut writes it: 1001/24000s, 100/2500s."""
    return f"1001/{rate.numerator}s" if rate.denominator == 1001 else f"{100 * rate.denominator}/{100 * rate.numerator}s"


def format_name(rate: Fraction, width: int, height: int) -> str | None:
    """Final Cut's own name for a raster and rate, None for a custom format (which goes without a name)."""
    raster, suffix = _RASTER.get((width, height)), _SUFFIX.get(rate)
    return f"FFVideoFormat{raster}{suffix}" if raster and suffix else None


def named_format(name: str | None) -> tuple[Fraction | None, int | None, int | None]:
    """Rate, width and height from a Final Cut format name; None for what it does not say."""
    match = re.match(r"^FFVideoFormat(?:DV)?(?:(\d+)x)?(\d+)[pi](\d+)", name or "")
    if match is None:
        return None, None, None
    height = int(match[2])
    width = int(match[1]) if match[1] else {1080: 1920, 720: 1280}.get(height)
    return next((rate for rate, suffix in _SUFFIX.items() if suffix == match[3]), None), width, height


def source_rate(rate: Fraction) -> str | None:
    """A rate as conform-rate names it, None where it has no name there."""
    return _SOURCE_RATE.get(rate)


def source_rate_of(text: str | None) -> Fraction | None:
    return next((rate for rate, name in _SOURCE_RATE.items() if name == text), None)


def conform_factor(source: Fraction, timeline: Fraction) -> Fraction:
    """How fast Final Cut plays media of one rate on a timeline of another when it scales.

    It plays frame for frame where the rates are near (25 on 24, 23.98 on 25), and through a whole-number pulldown where they are not
    (23.98 on 30 becomes 24, then five frames of four). Read off Final Cut's own exports of one edit at seven timeline rates.
    """
    pulldowns = [timeline * step for step in (Fraction(1, 4), Fraction(2, 5), Fraction(1, 2), Fraction(4, 5), Fraction(1), Fraction(5, 4), Fraction(2), Fraction(5, 2), Fraction(4))]
    nearest = min(pulldowns, key=lambda rate: abs(rate - source))
    return nearest / source if abs(nearest / source - 1) < Fraction(5, 100) else Fraction(1)
