"""Text cut into parts: a decoding at the model's own time marks, a known text among the stretches in which it was heard."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

__all__ = ["STEP_S", "divided", "phrases"]

STEP_S = 0.02  #: the model's own time marks


def phrases(tokens: list[int], tokenizer: Any, whole_s: float) -> tuple[list[tuple[float, float, list[int]]], float, bool]:
    """Cut a decoding at its time marks: (start_s, end_s, text tokens), how far it got, and whether it ended with a whole phrase.

    A decoding that breaks off inside a phrase got as far as its last whole phrase, unless that is all there is.
    """
    found: list[tuple[float, float, list[int]]] = []
    first_s, closed_s = 0.0, 0.0
    text: list[int] = []
    for token in tokens:
        if token >= tokenizer.timestamp_begin:
            at_s = (token - tokenizer.timestamp_begin) * STEP_S
            if text:
                found.append((first_s, min(at_s, whole_s), text))
                text, closed_s = [], at_s
            first_s = min(at_s, whole_s)
        elif token < tokenizer.eot:
            text.append(token)
    if text and not found:
        return [(first_s, whole_s, text)], whole_s, True
    return found, min(closed_s, whole_s) if found else whole_s, not text


def divided(words: list[str], spans: Sequence[tuple[float, float]], heard: Sequence[tuple[float, float, str]]) -> list[list[str]]:
    """Which words of a text belong to which span, by the words that were heard there; those between go with their neighbours."""
    if len(spans) == 1:
        return [words]
    bare = ["".join(char for char in word.lower() if char.isalnum()) for word in words]
    there = ["".join(char for char in text.lower() if char.isalnum()) for *_, text in heard]
    home = [-1] * len(words)
    for match in difflib.SequenceMatcher(None, bare, there, autojunk=False).get_matching_blocks():
        for offset in range(match.size):
            start_s = heard[match.b + offset][0]
            home[match.a + offset] = next((at for at, span in enumerate(spans) if start_s < span[1]), len(spans) - 1)
    parts: list[list[str]] = [[] for _ in spans]
    current = next((at for at in home if at >= 0), 0)
    for index, word in enumerate(words):
        if home[index] >= 0 or (index and words[index - 1][-1] in ".!?"):  # a sentence that begins unheard goes with its next word
            current = max(current, next((at for at in home[index:] if at >= 0), current))
        parts[current].append(word)
    return parts
