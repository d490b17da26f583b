"""What the names of files and metadata keys tell: camera letter, roll, colour tags, log curves, sensor rates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from answerprint.model.time import TimecodeError, parse_rate

__all__ = ["MATRICES", "PRIMARIES", "TRANSFERS", "camera_and_roll", "log_curve", "sensor_rate"]

#: Numbers of ITU-T H.273, tables 2, 3 and 4, that occur in camera files.
PRIMARIES = {1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 9: "bt2020", 11: "smpte431", 12: "smpte432"}
TRANSFERS = {
    1: "bt709", 4: "gamma22", 5: "gamma28", 6: "smpte170m", 7: "smpte240m", 8: "linear", 11: "iec61966-2-4", 13: "iec61966-2-1",
    14: "bt2020-10", 15: "bt2020-12", 16: "smpte2084", 18: "arib-std-b67",
}  # fmt: skip
MATRICES = {0: "gbr", 1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 9: "bt2020nc", 10: "bt2020c"}

#: A001C003_230101_R1AB (ARRI), A_0001C003_... (ARRI 35), A001_C003_0101AB (RED, Venice), A001_01010101_C003 (Blackmagic).
_CLIP = re.compile(r"^([A-Z])(_?)(\d{3,4})(?:_\d{6,8})?_?C\d{3,4}(?!\d)", re.IGNORECASE)

_LOG = {
    "logc": "LogC3", "logc3": "LogC3", "logc4": "LogC4", "slog2": "S-Log2", "slog3": "S-Log3", "slog3cine": "S-Log3", "vlog": "V-Log",
    "clog": "C-Log", "clog2": "C-Log2", "clog3": "C-Log3", "canonlog": "C-Log", "canonlog2": "C-Log2", "canonlog3": "C-Log3",
    "flog": "F-Log", "flog2": "F-Log2", "nlog": "N-Log", "dlog": "D-Log", "dlogm": "D-Log M", "applelog": "Apple Log",
    "applelog2": "Apple Log 2", "log3g10": "Log3G10", "blackmagicdesignfilm": "Blackmagic Film",
}  # fmt: skip
_SENSOR_KEYS = {
    "sensorfps",
    "capturefps",
    "sensorrate",
    "captureframerate",
    "capturerate",
    "shootingframerate",
    "recordingframerate",
}


def camera_and_roll(path: Path) -> tuple[str | None, str | None]:
    """Camera letter and roll from a clip's file name: ("A", "A001"); (None, None) where the name follows no such pattern."""
    match = _CLIP.match(path.name)
    if match is None:
        return None, None
    letter = match[1].upper()
    return letter, f"{letter}{match[2]}{match[3]}"


def log_curve(tags: Mapping[str, str]) -> str | None:
    """The camera log curve that some metadata value names and nothing but names; None where metadata is silent."""
    for value in tags.values():
        name = _LOG.get(re.sub(r"[^a-z0-9]", "", value.lower()))
        if name:
            return name
    return None


def sensor_rate(tags: Mapping[str, str]) -> Fraction | None:
    """The rate the sensor ran at, from whichever maker's key says so ("...SensorFps", "captureFps": "119.88p")."""
    for key, value in tags.items():
        parts = [re.sub(r"[^a-z]", "", part) for part in re.split(r"[.:/]", key.lower())]
        if parts[-1] in _SENSOR_KEYS or "".join(parts[-2:]) in _SENSOR_KEYS:
            try:
                return parse_rate(re.sub(r"(?i)\s*(fps|p|i|hz)$", "", value.strip()))
            except TimecodeError:
                continue
    return None
