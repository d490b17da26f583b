"""The built-in log transforms by the names that people know, and which of them a clip's metadata names. No library is loaded here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from answerprint.model.records import MediaInfo

__all__ = ["CONFIG", "NAMES", "Builtin", "builtin", "named"]

#: The configuration that comes inside OpenColorIO; pinned, so that a clip is seen alike next year.
CONFIG = "studio-config-v4.0.0_aces-v2.0_ocio-v2.5"


@dataclass(frozen=True, kw_only=True)
class Builtin:
    """A camera's curve and gamut, as OpenColorIO knows them.

    Makers state their curves in two ways: over the signal, black to white (ARRI, RED, Blackmagic, Apple), or over the recorded code, 0 to 1023
    (Sony, Panasonic, Canon, DJI). Of a legal-range file the second needs the decoded signal put back to its code first.
    """

    name: str
    space: str  #: in CONFIG
    of_code: bool
    points: int  #: along each side of the cube: 65, or as many as somebody measures with; a film whose frames come out too far off takes no cube
    legal: bool | None = None  #: a file's range where somebody said it; None: as the file says

    def seen(self, full_range: bool | None) -> Builtin:
        """With the file's range, where nobody said it."""
        legal = self.legal if self.legal is not None else None if full_range is None else not full_range
        return Builtin(name=self.name, space=self.space, of_code=self.of_code, points=self.points, legal=legal)

    @property
    def from_code(self) -> bool:
        """Whether the decoded signal is put back to its code first."""
        return self.of_code and self.legal is True

    @property
    def seal(self) -> str:
        """What makes two of them the same transform."""
        return f"{self.space} | {'code' if self.from_code else 'signal'} | {CONFIG} | Rec.1886 Rec.709 | {self.points}"


NAMES: Mapping[str, Builtin] = {
    one.name: one
    for one in (
        Builtin(name="LogC3", space="ARRI LogC3 (EI800)", of_code=False, points=65),
        Builtin(name="LogC4", space="ARRI LogC4", of_code=False, points=65),
        Builtin(name="S-Log3 S-Gamut3.Cine", space="S-Log3 S-Gamut3.Cine", of_code=True, points=65),
        Builtin(name="S-Log3 S-Gamut3", space="S-Log3 S-Gamut3", of_code=True, points=65),
        Builtin(name="V-Log", space="V-Log V-Gamut", of_code=True, points=65),
        Builtin(name="Canon Log 2", space="CanonLog2 CinemaGamut D55", of_code=True, points=65),
        Builtin(name="Canon Log 3", space="CanonLog3 CinemaGamut D55", of_code=True, points=65),
        Builtin(name="Log3G10", space="Log3G10 REDWideGamutRGB", of_code=False, points=65),
        Builtin(name="BMDFilm Gen5", space="BMDFilm WideGamut Gen5", of_code=False, points=65),
        Builtin(name="D-Log", space="D-Log D-Gamut", of_code=True, points=65),
        Builtin(name="Apple Log", space="Apple Log", of_code=False, points=65),
    )
}
_OTHER = {"vlogvgamut": "V-Log", "logc": "LogC3", "arrilogc3": "LogC3", "arrilogc4": "LogC4", "canonlog2cinemagamut": "Canon Log 2", "clog2": "Canon Log 2",
          "canonlog3cinemagamut": "Canon Log 3", "clog3": "Canon Log 3", "log3g10redwidegamutrgb": "Log3G10", "blackmagicfilmgen5": "BMDFilm Gen5",
          "bmdfilmwidegamutgen5": "BMDFilm Gen5", "dlogdgamut": "D-Log", "logc3awg3": "LogC3", "logc4awg4": "LogC4"}  # fmt: skip
_KNOWN = {re.sub(r"[^a-z0-9]", "", name.lower()): name for name in NAMES} | _OTHER
#: (curve as metadata says it, gamut as metadata writes it) -> name
_PAIRS = {
    ("S-Log3", "sgamut3cine"): "S-Log3 S-Gamut3.Cine", ("S-Log3", "sgamut3"): "S-Log3 S-Gamut3", ("V-Log", "vgamut"): "V-Log", ("LogC3", "arriwidegamut3"): "LogC3",
    ("LogC3", "arriwidegamut"): "LogC3", ("LogC3", "awg3"): "LogC3", ("LogC4", "arriwidegamut4"): "LogC4", ("LogC4", "awg4"): "LogC4",
    ("C-Log2", "cinemagamut"): "Canon Log 2", ("C-Log3", "cinemagamut"): "Canon Log 3", ("Log3G10", "redwidegamutrgb"): "Log3G10", ("D-Log", "dgamut"): "D-Log",
    ("Blackmagic Film", "blackmagicwidegamutgen5"): "BMDFilm Gen5",
}  # fmt: skip


def builtin(text: str) -> Builtin | None:
    """A built-in transform by its name, in any spelling, with ", legal" or ", full" behind it where a person says the file's range; None for anything else."""
    head, _, tail = text.partition(",")
    name = _KNOWN.get(re.sub(r"[^a-z0-9]", "", head.lower()))
    span = tail.strip().lower().removesuffix(" range")
    if name is None or span not in ("", "legal", "full", "video", "data") or head.lower().endswith((".cube", ".3dl", ".cc", ".ccc", ".cdl")):
        return None
    one = NAMES[name]
    legal = None if not span else span in ("legal", "video")
    return Builtin(name=one.name, space=one.space, of_code=one.of_code, points=one.points, legal=legal)


def named(info: MediaInfo) -> Builtin | None:
    """The transform that a clip's own metadata names whole: curve and gamut and range. None where it is silent about one of them."""
    if info.video is None or info.video.colour.log is None or info.video.colour.full_range is None:
        return None
    values = {re.sub(r"[^a-z0-9]", "", value.lower()) for value in info.tags.values()}
    if info.video.colour.primaries == "bt2020" and info.video.colour.log == "Apple Log":
        return NAMES["Apple Log"].seen(info.video.colour.full_range)
    found = next((name for (curve, gamut), name in _PAIRS.items() if curve == info.video.colour.log and gamut in values), None)
    return NAMES[found].seen(info.video.colour.full_range) if found else None
