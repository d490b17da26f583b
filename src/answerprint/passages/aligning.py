"""Whose words a passage is: held word by word against everything that the machine ever wrote for this production, and against the brief.

A passage is the machine's while its words are the machine's, in whatever place, case or punctuation. It is edited while a stretch of the machine's
stands in it: five words running, a whole short passage of the machine's, or pieces of one passage that come to more than half of its words, to four at least, three of them running.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from answerprint.passages.texts import words

__all__ = ["HOUSE", "RUN", "Index", "Match", "Piece", "Stretch"]

HOUSE = "answerprint"  #: whose the program's own words are
#: Words running that two texts hardly share by chance: of the sentences on this program's own pages, held against another page, 11 in 100 share three words
#: running, 1.3 share four and 0.3 share five (bench/drafts.py prints it).
RUN = 5
_LEAST = 3  #: words of a short passage that counts whole; and of the longest of several pieces
_AGAIN = 4  #: times on the average that two words running stand in one piece: in nobody's sentences; and 50 where there is hardly a piece
_PLACES = 2_000_000  #: that one passage is held against, in about a second
_TOGETHER = 4  #: words of pieces that count together: "where does the" is anybody's


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One passage that was written by no person here: the program's own words, a service's, or the brief's as they were laid out."""

    text: str
    whose: str  #: "answerprint", "brief", or the name of the service that wrote it
    entry: int = 0  #: of the record: the draft that it came with
    source: str = ""  #: "brief.md, line 12", "entry 41 of the record"

    @property
    def words(self) -> tuple[str, ...]:
        return words(self.text)


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Words of a passage that a piece has too."""

    start: int  #: the first word of the passage, from 0
    end: int  #: behind the last
    piece: int  #: which piece, by its place in the index


@dataclass(frozen=True, kw_only=True)
class Match:
    """What of a passage was found."""

    whole: int | None = None  #: the piece whose words it is, all of them and no other
    stretches: tuple[Stretch, ...] = ()  #: where it is not whole: what counts, from left to right; empty: the passage is the person's


class Index:
    """Everything that passages are held against. Made once for as many passages as there are."""

    def __init__(self, pieces: Iterable[Piece], brief: str = "") -> None:
        self.pieces = tuple(pieces)
        self._words = [piece.words for piece in self.pieces]
        self._whole: dict[tuple[str, ...], int] = {}
        self._pairs: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for number, found in enumerate(self._words):
            old = self._whole.setdefault(found, number)
            if self.pieces[number].whose == "brief" and self.pieces[old].whose != "brief":
                self._whole[found] = number  # words of the brief are the brief's, whoever repeats them
            for at, pair in enumerate(pairwise(found)):
                self._pairs[pair].append((number, at))
        said = words(brief)
        self._brief = {said[at : at + RUN] for at in range(len(said) - RUN + 1)}

    def match(self, passage: Sequence[str]) -> Match:
        """What of a passage, as words, is the machine's or the brief's."""
        here = tuple(passage)
        whole = self._whole.get(here)
        if whole is not None:
            return Match(whole=whole)
        places = sum(len(self._pairs.get(pair, ())) for pair in pairwise(here))
        if places > min(_PLACES, len(here) * (_AGAIN * len(self.pieces) + 50)):
            return Match()  # the same words over and over: nobody's in particular, and each place of one would be held against each of the other
        runs = self._runs(here)
        long = [one for one in runs if self._counts(here, one)]
        if long:
            sure = _apart(long)
            near = [one for one in runs if one.piece in {found.piece for found in sure}]
            return Match(stretches=tuple(_apart([*sure, *near], first=len(sure))))
        by_piece: dict[int, list[Stretch]] = defaultdict(list)
        for one in runs:
            if not self._quoted(here, one):
                by_piece[one.piece].append(one)
        best: list[Stretch] = []
        for found in by_piece.values():
            kept = _apart(found)
            if _covered(kept) >= _TOGETHER and any(one.end - one.start >= _LEAST for one in kept) and 2 * _covered(kept) > len(here) and _covered(kept) > _covered(best):
                best = kept
        return Match(stretches=tuple(best))

    def _runs(self, here: tuple[str, ...]) -> list[Stretch]:
        """Every stretch of two words and more that cannot be made longer, in every piece."""
        found = []
        for at in range(len(here) - 1):
            for number, place in self._pairs.get((here[at], here[at + 1]), ()):
                there = self._words[number]
                if at and place and here[at - 1] == there[place - 1]:
                    continue  # it began earlier
                end = 2
                while at + end < len(here) and place + end < len(there) and here[at + end] == there[place + end]:
                    end += 1
                found.append(Stretch(start=at, end=at + end, piece=number))
        return found

    def _counts(self, here: tuple[str, ...], one: Stretch) -> bool:
        """Whether a stretch alone shows that a passage was the machine's. What stands in the brief shows nothing: anybody may quote it."""
        length = one.end - one.start
        if length < RUN:
            return length >= _LEAST and length == len(self._words[one.piece]) and self.pieces[one.piece].whose != "brief"
        return not self._quoted(here, one)

    def _quoted(self, here: tuple[str, ...], one: Stretch) -> bool:
        """Whether a stretch of the machine's is the brief's before: five words running and more."""
        inside = [here[at : at + RUN] in self._brief for at in range(one.start, one.end - RUN + 1)]
        return self.pieces[one.piece].whose != "brief" and bool(inside) and all(inside)


def _apart(runs: Sequence[Stretch], first: int = 0) -> list[Stretch]:
    """Stretches that do not lie on each other, the longest first; what is left of a shorter one counts where two words of it are left.

    Args: first: how many at the beginning are taken as they are.
    """
    kept: list[Stretch] = list(runs[:first])
    taken = {at for one in kept for at in range(one.start, one.end)}
    for one in sorted(runs[first:], key=lambda run: (run.start - run.end, run.start, run.piece)):
        free = [at for at in range(one.start, one.end) if at not in taken]
        if len(free) < 2 or free[-1] - free[0] + 1 != len(free):
            continue
        kept.append(Stretch(start=free[0], end=free[-1] + 1, piece=one.piece))
        taken.update(free)
    return sorted(kept, key=lambda one: one.start)


def _covered(runs: Iterable[Stretch]) -> int:
    return sum(one.end - one.start for one in runs)
