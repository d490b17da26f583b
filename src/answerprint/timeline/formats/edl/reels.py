"""Reel names as a list can hold them: short, plain, and never two for one."""

from __future__ import annotations

import os
import re
import unicodedata

from answerprint.model.extend import Loss
from answerprint.timeline.cut import Media

__all__ = ["Reels"]

_TAKEN = {"BL", "AX"}  #: black, and "no reel" in every list


class Reels:
    """Names given so far. `width`: how many characters a reel may have."""

    def __init__(self, width: int, losses: list[Loss]) -> None:
        self.width, self.losses = width, losses
        self._given: dict[str, str] = {}

    def of(self, media: Media) -> str:
        """The reel of a file: the one in its metadata, else its name without extension; AX for none."""
        full = media.reel or os.path.splitext(media.name)[0]
        if full in self._given:
            return self._given[full]
        plain = unicodedata.normalize("NFKD", full).encode("ascii", "ignore").decode()
        plain = re.sub(r"[^A-Za-z0-9_.\-]", "_", plain).upper().strip("_")
        short = plain[: self.width]
        if not short:
            short = "AX"
        taken = set(self._given.values()) | (_TAKEN if short != "AX" else set())
        number = 1
        given = short
        while given in taken and short != "AX":
            number += 1
            given = f"{short[: self.width - len(str(number))]}{number}"
        self._given[full] = given
        if given != full:
            self.losses.append(Loss(clip=media.name, says=f"its reel {full or '(none)'} is {given} in the list." if full else "it has no reel; the list says AX."))
        return given

    def notes(self) -> list[str]:
        """Comment lines that say what each shortened reel is."""
        return [f"* REEL {given} IS {' '.join(full.split())}" for full, given in self._given.items() if full and given != full]
