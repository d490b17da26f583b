"""Concepts and treatments: first pages from a brief, without a language model or with one that is asked; and whose each passage is after people have written over them.

>>> drafting.draft_concepts(spot, 6); drafting.origins("spot/drafts/treatment.md")     # doctest: +SKIP

Everything here is a proposal. Drafts are Markdown files in drafts/ that people edit wherever they like; nobody's words are written over.
"""

from __future__ import annotations

from answerprint.drafting.concepts import Concepts, Writer, Written
from answerprint.drafting.keeping import DraftingError, concept_file, files
from answerprint.drafting.making import distances, draft_concepts, draft_treatment, questions
from answerprint.drafting.unlike import BY_MEANING, BY_WORDS, Measure, by_meaning, by_words, meaning
from answerprint.drafting.whose import Phrase, Status, origins, plain, recurring, status, unedited, warnings
from answerprint.drafting.writing import question, service, writer

__all__ = [
    "BY_MEANING", "BY_WORDS", "Concepts", "DraftingError", "Measure", "Phrase", "Status", "Writer", "Written", "by_meaning", "by_words", "concept_file", "distances", "draft_concepts",
    "draft_treatment", "files", "meaning", "origins", "plain", "question", "questions", "recurring", "service", "status", "unedited", "warnings", "writer",
]  # fmt: skip
