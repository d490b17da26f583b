"""A translation laid over the speech that it translates: its words get the times of the words that are said meanwhile."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from answerprint.delivery.captioning.breaking import SENTENCE, Word, after, pieces
from answerprint.delivery.captioning.rules import width

__all__ = ["respoken", "spread"]


def respoken(words: Sequence[Word], language: str) -> list[Word]:
    """Words as said, where a language writes no spaces: each is parted where a line may end, and its time shared out by length."""
    out: list[Word] = []
    for word in words:
        parts = pieces(word.text, language)
        if len(parts) <= 1:
            out.append(word)
            continue
        whole, done = sum(width(text) for text, _ in parts) or 1, 0
        for n, (text, space) in enumerate(parts):
            begins, done = done, done + width(text)
            lasts = word.out_s - word.in_s
            out.append(replace(word, text=text, space=space if n else word.space, in_s=word.in_s + lasts * Fraction(begins, whole), out_s=word.in_s + lasts * Fraction(done, whole)))
    return out


def spread(text: str, spoken: Sequence[Word], language: str, *, of: str) -> list[Word]:
    """A text in another language as words of the film.

    Where both have as many sentences, each is laid over its own; else the whole over the whole, by length. A word begins where a spoken word
    begins, so that a caption comes in with speech.

    Args:   spoken: the words that it stands for, in order; not empty.  language: of the text.  of: the language that is spoken.
    Returns: nothing for an empty text.
    """
    parts = [Word(text=one, in_s=Fraction(0), out_s=Fraction(0), space=space) for one, space in pieces(text, language)]
    mine, theirs = _sentences(parts, language), _sentences(spoken, of)
    if len(mine) != len(theirs):
        mine, theirs = [parts], [list(spoken)]
    out: list[Word] = []
    for target, source in zip(mine, theirs, strict=True):
        out += _over(target, source)
    return out


def _sentences(words: Sequence[Word], language: str) -> list[list[Word]]:
    out: list[list[Word]] = [[]]
    for n, word in enumerate(words):
        out[-1].append(word)
        if n + 1 < len(words) and after(word, words[n + 1], language) == SENTENCE:
            out.append([])
    return [one for one in out if one]


def _over(target: Sequence[Word], source: Sequence[Word]) -> list[Word]:
    whole = sum(width(word.text) for word in target) or 1
    lengths = [max(word.out_s - word.in_s, Fraction(1, 1000)) for word in source]
    voiced = sum(lengths)
    starts = [sum(lengths[:n], Fraction(0)) for n in range(len(lengths))]
    at: list[int] = []  # the spoken word that each word begins with
    done = 0
    for word in target:
        at.append(bisect_right(starts, voiced * Fraction(done, whole)) - 1)
        done += width(word.text)
    out = []
    for n, word in enumerate(target):
        here, alike = source[at[n]], [m for m, place in enumerate(at) if place == at[n]]
        later = at[alike[-1] + 1] if alike[-1] + 1 < len(at) else len(source)
        ends = source[later - 1].out_s
        lasts = (ends - here.in_s) / len(alike)  # several words in the time of one share it
        begins = here.in_s + lasts * alike.index(n)
        out.append(replace(here, text=word.text, space=word.space, in_s=begins, out_s=begins + lasts))
    return out
