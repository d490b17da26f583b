"""What the camera was set to: sensitivity, shutter, iris, filter, white balance, as its files and the day's paper say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

__all__ = ["COLOUR", "EXPOSURE", "differ", "of_paper", "of_tags"]

Setting = Literal["ISO", "shutter", "iris", "filter", "white balance", "tint"]
EXPOSURE: tuple[Setting, ...] = ("ISO", "shutter", "iris", "filter")  #: change how much light is taken in
COLOUR: tuple[Setting, ...] = ("white balance", "tint")

#: The last part of a metadata key, small letters only, as ARRI, Sony, Panasonic, Canon, RED, Blackmagic, Apple and ALEs write it.
_KEYS: Mapping[Setting, tuple[str, ...]] = {
    "ISO": ("iso", "isosensitivity", "isospeed", "isovalue", "isospeedratings", "asa", "ei", "exposureindex", "exposureindexasa", "exposureindexofphotometer",
            "cameraiso", "photographicsensitivity", "gain", "mastergainadjustment"),
    "shutter": ("shutter", "shutterangle", "shutterspeed", "shutterspeedangle", "shutterspeedtime", "exposuretime", "camerashutter"),
    "iris": ("iris", "irisfnumber", "iristnumber", "aperture", "aperturevalue", "fnumber", "tstop", "fstop", "lensiris", "tnumber"),
    "filter": ("nd", "ndfilter", "ndfilterdensity", "ndfilterwheelsetting", "neutraldensityfilterwheelsetting", "filter"),
    "white balance": ("whitebalance", "whitebalancekelvin", "whitebalancetemperature", "colortemperature", "colourtemperature", "kelvin", "cct", "wb",
                      "camerawhitebalance"),
    "tint": ("tint", "whitebalancetint", "whitebalancetintcc", "ccshift", "wbtint", "camerawhitebalancetint"),
}  # fmt: skip
_CALLED = {key: setting for setting, keys in _KEYS.items() for key in keys}


def of_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Settings that a file's own tags name, each as one plain text: {"ISO": "800", "white balance": "5600"}. Empty where they name none."""
    found: dict[str, str] = {}
    for key, value in tags.items():
        parts = [re.sub(r"[^a-z]", "", part) for part in re.split(r"[.:/]", key.lower())]
        setting = _CALLED.get(parts[-1]) or _CALLED.get("".join(parts[-2:]))
        if setting is not None and value.strip():
            found.setdefault(setting, _plain(value))
    return found


def of_paper(row: Mapping[str, str]) -> dict[str, str]:
    """The same from a line of a paper, by the heads of its columns."""
    return of_tags({re.sub(r"\s+", "", head): value for head, value in row.items()})


def differ(first: Mapping[str, str], second: Mapping[str, str]) -> tuple[str, ...]:
    """Which settings differ between two clips, of those that both name; and what a person says was changed."""
    known = tuple(name for name in (*EXPOSURE, *COLOUR) if name in first and name in second and first[name] != second[name])
    return (*known, *(("changed",) if first.get("changed") != second.get("changed") else ()))


def _plain(text: str) -> str:
    """A value without its unit, so that 5600K and 5600 are one, and 1/50 s and 1/50."""
    text = text.strip().lower().replace(",", ".")
    fraction = re.search(r"(\d+)\s*/\s*(\d+)", text)
    if fraction:
        return f"{int(fraction[1])}/{int(fraction[2])}"
    number = re.search(r"-?\d+(?:\.\d+)?", text)
    return f"{float(number[0]):g}" if number else text
