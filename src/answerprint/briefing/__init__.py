"""The brief: a plain Markdown file as somebody wrote it, read into what a director looks for first; what it is silent about is asked.

Nothing of it is lost: what stands under a heading that nobody here knows is kept under that heading.
"""

from __future__ import annotations

from answerprint.briefing.asking import ASKS, Note, Question, notes, questions, told
from answerprint.briefing.brief import CORE, FIELDS, Brief, BriefError, Field, Point, read
from answerprint.briefing.keeping import FILE, Change, Earlier, bring, changed, correct, current, earlier, plain, seal, take_in
from answerprint.briefing.marks import marks, marks_of
from answerprint.briefing.writing import HEADS, written

__all__ = [
    "ASKS", "CORE", "FIELDS", "FILE", "HEADS", "Brief", "BriefError", "Change", "Earlier", "Field", "Note", "Point", "Question", "bring", "changed", "correct", "current", "earlier", "marks", "marks_of", "notes", "plain", "questions",
    "read", "seal", "take_in", "told", "written",
]  # fmt: skip
