"""The record in a film person's words: what each signed entry says, and the machine's work in groups. For the terminal and the page."""

from __future__ import annotations

from answerprint.chronicle.machine import BESIDE, Work, work
from answerprint.chronicle.reading import Chronicle, Row, read, rows
from answerprint.chronicle.signed import GESTURES, sentences
from answerprint.chronicle.words import about, chosen, cuts, day

__all__ = ["BESIDE", "GESTURES", "Chronicle", "Row", "Work", "about", "chosen", "cuts", "day", "read", "rows", "sentences", "work"]
