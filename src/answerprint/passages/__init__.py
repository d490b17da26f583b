"""Passages: the headings, sentences, items and cells of a page, and whose words each of them is - a person's, the brief's, a service's or this program's own.

>>> passages.of_text(page, passages.index(spot))     # doctest: +SKIP

It is read from the record and from the page as it stands; whoever makes drafts (`drafting`) and whoever lets words leave (`calling`) ask the same.
"""

from __future__ import annotations

from answerprint.passages.aligning import HOUSE, RUN, Index, Match, Piece, Stretch
from answerprint.passages.drafted import SCHEMA, WHAT, Made, index, made, read
from answerprint.passages.texts import Text, sentences, texts, words
from answerprint.passages.whose import Origin, Passage, of_text

__all__ = [
    "HOUSE", "RUN", "SCHEMA", "WHAT", "Index", "Made", "Match", "Origin", "Passage", "Piece", "Stretch", "Text", "index", "made", "of_text", "read", "sentences", "texts", "words",
]  # fmt: skip
