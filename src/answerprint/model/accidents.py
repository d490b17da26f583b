"""What nobody planned, as it was found: where, what kind, what shows it, and what it was compared with. Nothing here says whether it is any good."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["KINDS", "Accident"]

#: Every kind there is. Those from "wind seen" on are of the picture, the others of the sound; pitch, pace and energy are of a whole attempt.
KINDS = (
    "changed line", "stumble", "ad-lib", "to the crew", "laughter", "held breath", "pause", "pitch", "pace", "energy", "before action", "after cut",
    "wind heard", "wind seen", "light", "flare", "crossing", "bump", "focus breath", "moves before action", "moves after cut",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Accident:
    """One thing that was found. Seconds from the first frame of the clip (or the first sample of a sound)."""

    clip: str  #: digest
    file: str
    attempt: int  #: in the clip; for what lies before "action" or after "cut", the one it stands beside
    setup: str  #: "1A", "1A B" with a camera letter; the file's name where nobody named it
    kind: str
    in_s: float
    out_s: float
    evidence: str  #: a phrase: "\"winter\" for \"summer\""
    against: str  #: a phrase: "4 other attempts of 1A: they say it as written"
    where: str = ""  #: "before action" or "after cut"; empty inside the attempt
    apart: float = 1.0  #: how many times over what was asked of it; only says which stand in a list that has no room for all
