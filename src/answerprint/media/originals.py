"""Camera originals that cannot be decoded here: still clips, tied to the proxies that the DIT made of them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from answerprint.media import MediaError, names
from answerprint.media.container import reading, shown
from answerprint.model.records import MediaInfo
from answerprint.model.time import Timecode, TimecodeError

__all__ = ["RAW", "Tie", "is_raw", "probe", "tie"]

#: By suffix, what a person calls it. RAW inside MXF, MOV or MP4 is found by its codec instead.
RAW = {
    ".braw": "Blackmagic RAW", ".r3d": "REDCODE RAW", ".ari": "ARRIRAW", ".arx": "ARRIRAW HDE", ".crm": "Canon Cinema RAW Light",
    ".rmf": "Canon Cinema RAW", ".nev": "N-RAW", ".cine": "Phantom Cine RAW",
}  # fmt: skip
_PROXY = re.compile(r"[ _.-]*(proxy|proxies|prx|h264|transcode)$", re.IGNORECASE)


def is_raw(path: Path) -> bool:
    """Whether a file is camera RAW by its name."""
    return path.suffix.lower() in RAW


def probe(path: Path) -> MediaInfo:
    """What can be known of a camera RAW file: that it is there, what it is, and what its name tells. Its length is 0 until it is tied.

    Raises: MediaError where it is missing, empty or a folder.
    """
    with reading(path):
        size = os.stat(path).st_size
        if path.is_dir():
            raise MediaError(f"{shown(path)} is a folder, not a file.")
    if size == 0:
        raise MediaError(f"{shown(path)} is empty (0 bytes). Copy it again from the card.")
    what = RAW[path.suffix.lower()]
    letter, roll = names.camera_and_roll(path)
    return MediaInfo(
        kind="camera original",
        container=path.suffix.lower().removeprefix("."),
        duration_s=Fraction(0),
        reel=roll,
        camera=letter,
        notes=(
            f"{shown(path)} is {what}, which cannot be decoded here. Bring the proxies of the same name; exports will point at the original.",
        ),
    )


@dataclass(frozen=True, kw_only=True)
class Tie:
    """An original and the proxy that stands for it; where `proxy` is None, `says` why there is none."""

    original: Path
    proxy: Path | None
    by: tuple[str, ...] = ()  #: what agreed: "name", "timecode", "length"
    says: str | None = None


def tie(originals: Mapping[Path, MediaInfo], proxies: Mapping[Path, MediaInfo]) -> list[Tie]:
    """Tie each original to the proxy of the same stem, in any folder, with "_proxy" and its like at the end or not.

    Timecode and length are compared where both are known; one that disagrees is a sentence, not a tie, and so are two proxies that
    fit equally well.

    Returns: one `Tie` for each original, in the order given.
    """
    by_stem: dict[str, list[Path]] = {}
    for path, info in proxies.items():
        if info.kind == "clip":
            by_stem.setdefault(_stem(path), []).append(path)
    return [_tied(path, info, by_stem.get(_stem(path), []), proxies) for path, info in originals.items()]


def _tied(original: Path, info: MediaInfo, candidates: Sequence[Path], proxies: Mapping[Path, MediaInfo]) -> Tie:
    if not candidates:
        return Tie(
            original=original,
            proxy=None,
            says=f"{shown(original)} has no proxy of the same name. Bring the DIT's proxies to see and sync it.",
        )
    against = {path: _disagreement(info, proxies[path]) for path in candidates}
    fitting = [path for path, says in against.items() if says is None]
    if not fitting:
        says = "; ".join(f"{shown(path)} {reason}" for path, reason in against.items())
        return Tie(
            original=original, proxy=None, says=f"{shown(original)} is not tied to a proxy: {says}. Bring the proxy of this clip."
        )
    if len(fitting) > 1:
        found = ", ".join(shown(path) for path in fitting)
        return Tie(
            original=original,
            proxy=None,
            says=f"{shown(original)} has {len(fitting)} proxies that fit ({found}). Keep one, or exclude the others.",
        )
    proxy = proxies[fitting[0]]
    by = ["name"]
    if info.timecode and proxy.timecode:
        by.append("timecode")
    if info.duration_s and proxy.duration_s:
        by.append("length")
    return Tie(original=original, proxy=fitting[0], by=tuple(by))


def _disagreement(original: MediaInfo, proxy: MediaInfo) -> str | None:
    if original.timecode and proxy.timecode and _frame(original) != _frame(proxy):
        return f"starts at {proxy.timecode}, the original at {original.timecode}"
    if original.duration_s and proxy.duration_s:
        frame = 1 / proxy.video.rate if proxy.video else Fraction(1, 24)
        if abs(original.duration_s - proxy.duration_s) > frame:
            return f"is {float(proxy.duration_s):.2f} s long, the original {float(original.duration_s):.2f} s"
    return None


def _frame(info: MediaInfo) -> object:
    """The frame number a timecode stands for, so that one written ":" equals the same one written ";" at its own rate."""
    try:
        return Timecode.parse(info.timecode or "", rate=info.timecode_rate or Fraction(24)).seconds
    except TimecodeError:
        return info.timecode


def _stem(path: Path) -> str:
    """A file's stem without what proxy makers add, in one case: A001_C003_0101AB_001_Proxy -> a001_c003_0101ab."""
    stem = _PROXY.sub("", path.stem)
    return re.sub(r"_001$", "", stem).casefold()  # RED numbers the files of one clip; the proxy carries the number or not
