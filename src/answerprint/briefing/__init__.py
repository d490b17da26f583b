"""The brief: a plain Markdown file as somebody wrote it, read into what a director looks for first; what it is silent about is asked.

Nothing of it is lost: what stands under a heading that nobody here knows is kept under that heading.
"""

from __future__ import annotations

from answerprint.briefing.asking import Note, Question, notes, questions, told
from answerprint.briefing.brief import CORE, FIELDS, Brief, BriefError, Field, Point, read
from answerprint.briefing.keeping import FILE, Change, changed, current, plain, take_in

__all__ = ["CORE", "FIELDS", "FILE", "Brief", "BriefError", "Change", "Field", "Note", "Point", "Question", "changed", "current", "notes", "plain", "questions", "read", "take_in", "told"]
