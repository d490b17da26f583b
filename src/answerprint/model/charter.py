"""The line: what the machine may do, and what only a named person may decide.

Two closed lists. A task names an `Execution`; a decision names a `Judgment`; there is no third, and no value is in both.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Execution", "Judgment"]


class Execution(StrEnum):
    """What the machine does. Reading media is the first of them: nothing else can start without it."""

    READING = "reading media"
    SYNC = "sync"
    TRANSCRIPT = "transcript"
    ATTEMPTS = "slates and attempts"
    LINING = "script lining"
    STRINGS = "strings"
    ROUGH = "rough assembly"
    ACCIDENTS = "accident finding"
    CLEAN_UP = "clean-up"
    CORRECTION = "colour correction"
    CAPTIONS = "captions"
    SUPERS = "supers"
    STOCK = "stock search"
    BROLL = "B-roll in stock slots"
    TREATMENT = "treatment draft"
    FRAMES = "reference frames"
    VERSIONS = "versions"
    QC = "technical QC"
    RENDER = "render"
    CREDENTIALS = "credentials"
    INTERCHANGE = "timelines out and in"


class Judgment(StrEnum):
    """What a named person decides and signs."""

    TAKE = "take"
    FINAL_EDIT = "final edit"
    PACING = "pacing"
    GRADE = "grade"
    MIX = "mix"
    HERO_FRAMING = "hero framing"
    MUSIC_BED = "music bed"
    SIGN_OFF = "sign-off"
