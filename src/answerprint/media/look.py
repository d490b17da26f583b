"""The viewing transform: log is seen as it was seen on set, and nobody guesses.

A look is what the clip itself names, what lies beside it under its name, or what was chosen once for its camera: a file, or a built-in
transform by its name; a CDL goes before a LUT, as on set. Where metadata names curve, gamut and range, the built-in transform for them is
taken. It shows in the proxy and the strip only. Where a clip is log and none of these says anything, a person is asked.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

import numpy as np
from numpy.typing import NDArray

from answerprint.media import MediaError, cube, lognames
from answerprint.media.container import shown
from answerprint.model.records import MediaInfo

__all__ = ["Found", "Look", "find", "log_name", "question"]

#: How crews write a camera log curve into a file's name. Two letters alone ("CLOG" is a word too, "LOG" a folder) need the whole name.
_IN_NAME = re.compile(r"(?<![A-Za-z])(s-?log[23]?|c-?log[23]?|v-?log|n-?log|f-?log2?|d-?log|log-?c[34]?|log3g10)(?![A-Za-z0-9])", re.IGNORECASE)
_SPELLED = {"slog": "S-Log", "clog": "Canon Log", "vlog": "V-Log", "nlog": "N-Log", "flog": "F-Log", "dlog": "D-Log", "logc": "LogC", "log3g10": "Log3G10"}


@dataclass(frozen=True, kw_only=True)
class Look:
    """Transforms in the order they apply, with what a person calls them."""

    steps: tuple[cube.Transform, ...]
    names: tuple[str, ...]  #: file names, or "CDL of the clip"
    whence: tuple[str, ...]  #: for each: "the clip names it", "beside the clip", "chosen for camera A"
    digests: tuple[str, ...]  #: sha256 of each file, or of the CDL's text

    def apply(self, rgb: NDArray[np.float64]) -> NDArray[np.float64]:
        """RGB arrays, shape (..., 3), full scale 1.0, as they are seen."""
        for step in self.steps:
            rgb = step.apply(rgb)
        return rgb

    def write(self, path: Path) -> None:
        """As one .cube file."""
        cube.bake(self.steps, path)


@dataclass(frozen=True, kw_only=True)
class Found:
    """The look of a clip, if there is one, and sentences on what could not be used."""

    look: Look | None
    notes: tuple[str, ...] = ()


class _Gathering:
    def __init__(self, clip: str) -> None:
        self.clip = clip
        self.notes: list[str] = []
        self.kept: dict[type, tuple[cube.Transform, str, str, str]] = {}

    def file(self, path: Path, whence: str) -> None:
        try:
            step = cube.read(path, clip=self.clip)
            raw = path.read_bytes()
        except (MediaError, OSError) as error:
            self.notes.append(str(error))
            return
        self.keep(step, shown(path), whence, raw)

    def builtin(self, one: lognames.Builtin, whence: str) -> None:
        from answerprint.media.logs import baked

        if cube.Lut in self.kept:
            return
        try:
            self.keep(baked(one), one.name, whence, one.seal.encode())
        except MediaError as error:
            self.notes.append(str(error))

    def keep(self, step: cube.Transform, name: str, whence: str, raw: bytes) -> None:
        """One CDL and one LUT; what was found first counts."""
        kind = cube.Lut if isinstance(step, cube.Lut) else cube.Cdl
        if kind not in self.kept:
            self.kept[kind] = (step, name, whence, f"sha256:{hashlib.sha256(raw).hexdigest()}")


def find(path: Path, info: MediaInfo, chosen: Mapping[str, str]) -> Found:
    """Find the look of a clip: what it names, then what lies beside it, then what was chosen for its camera.

    Args: chosen: a LUT or CDL file for each camera letter, or the name of a built-in transform; "*" for every other camera.
    """
    gathered = _Gathering(path.stem)
    tags = {key.rsplit("/", 1)[-1].rsplit(".", 1)[-1].upper(): value for key, value in sorted(info.tags.items())}
    if tags.get("ASC_SOP"):
        text = f"{tags['ASC_SOP']} {tags.get('ASC_SAT', '')}"
        try:
            gathered.keep(cube.sop(tags["ASC_SOP"], tags.get("ASC_SAT")), "CDL of the clip", "the clip names it", text.encode())
        except MediaError as error:
            gathered.notes.append(str(error))
    neighbours = _neighbours(path)
    for key, value in tags.items():
        name = PureWindowsPath(value.strip()).name  # also splits at "/"; a name from a file never leads out of the clip's folder
        if "LUT" in key and name:
            match = next((neighbours[option] for option in (name.casefold(), f"{name}.cube".casefold()) if option in neighbours), None)
            if match is not None:
                gathered.file(match, "the clip names it")
            else:
                gathered.notes.append(f"the clip names the LUT {name!r}, which does not lie beside it. Put it there, or choose a look for its camera.")
    for suffix in cube.SUFFIXES:
        match = neighbours.get(f"{path.stem}{suffix}".casefold())
        if match is not None:
            gathered.file(match, "beside the clip")
    camera = info.camera or ""
    if (given := chosen.get(camera) or chosen.get("*")) is not None:
        chose = f"chosen for camera {camera}" if chosen.get(camera) else "chosen for every camera"
        if (one := lognames.builtin(given)) is None:
            gathered.file(Path(given), chose)
        elif info.video is not None and _ranged(gathered, one, info.video.colour.full_range):
            gathered.builtin(one.seen(info.video.colour.full_range), chose)
    if cube.Lut not in gathered.kept and (said := lognames.named(info)) is not None:
        gathered.builtin(said, "its metadata names curve, gamut and range")
    steps = [gathered.kept[kind] for kind in (cube.Cdl, cube.Lut) if kind in gathered.kept]
    if not steps:
        return Found(look=None, notes=tuple(gathered.notes))
    transforms, names, whence, digests = zip(*steps, strict=True)
    return Found(look=Look(steps=transforms, names=names, whence=whence, digests=digests), notes=tuple(gathered.notes))


def _ranged(gathered: _Gathering, one: lognames.Builtin, full_range: bool | None) -> bool:
    """Whether it is known what range a clip was recorded in, where its curve is stated over the recorded code."""
    if not one.of_code or one.legal is not None or full_range is not None:
        return True
    gathered.notes.append(f'its file does not say whether it is legal or full range, and {one.name} depends on it. Say it in the look: "{one.name}, legal" or "{one.name}, full".')
    return False


def _neighbours(path: Path) -> dict[str, Path]:
    """Looks in the clip's folder by their name without case. Empty where the folder may not be listed."""
    try:
        return {other.name.casefold(): other for other in sorted(path.parent.iterdir()) if other.suffix.lower() in cube.SUFFIXES}
    except OSError:
        return {}


def log_name(info: MediaInfo, file: str) -> str | None:
    """The log curve that the metadata or else the file's name says, or None."""
    if info.video is not None and info.video.colour.log:
        return info.video.colour.log
    match = _IN_NAME.search(Path(file).stem)
    if match is None:
        return None
    plain = match[1].lower().replace("-", "")
    if plain in _SPELLED:
        return _SPELLED[plain]
    return f"{_SPELLED[plain.rstrip('234')]}{plain[-1]}"


def question(log: str | None, looks_log: bool, camera: str | None) -> str | None:
    """What a person is asked about a clip without a look, or None where nothing looks like log."""
    whose = f"camera {camera}" if camera else "this camera"
    if log:
        return f"This clip is {log}, and nothing says how it was seen on set. Which LUT or CDL, or which built-in transform, belongs to {whose}?"
    if looks_log:
        return f"This clip looks like log: no black, no white, little colour; its metadata says nothing. Is it log, and which LUT or CDL belongs to {whose}?"
    return None
