"""Words with times, parted into captions: of all the ways to part them, the one that breaks no rule and least of the grammar.

No word is left out and none is put otherwise. Where speech is too fast to be read, a caption stays on into the silence after it, and comes
up to three frames before it; where that is not enough it is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from answerprint.delivery.captioning.breaking import SENTENCE, Word, after, laid, parted
from answerprint.delivery.captioning.rules import Caption, Rules, bare, width
from answerprint.model.time import floor_frames

__all__ = ["Film", "cued"]

_APART_S = Fraction(3, 2)  #: of silence: no caption spans more
_PAUSE_S = Fraction(7, 20)  #: a pause that is heard as one
_LINGER_S = Fraction(1, 2)  #: a caption stays half a second after its last word where it may (Netflix, timing to audio)
_CHAIN_S = Fraction(1, 2)  #: gaps shorter than half a second are closed to the smallest (Netflix: 12 frames at 24)
_MOST_WORDS = 60
_SENT_FPS, _CODES = 29.97, 16  #: frames of line 21 a second; control codes of a caption of two lines, with those that take the one before away
_EACH, _FAST, _SHORT, _TWO, _LONG, _ITEM = 4.0, 120.0, 200.0, 9.0, 40.0, 7.0  #: prices: a caption more, too fast to read, too short to see, two who speak, too long, two lines of the script


@dataclass(frozen=True, kw_only=True)
class Film:
    """What captions stand on."""

    rate: Fraction
    frames: int
    language: str
    rules: Rules


@dataclass(frozen=True)
class _Made:
    first: int
    last: int  #: words [first, last)
    text: str


def cued(words: Sequence[Word], film: Film) -> tuple[Caption, ...]:
    """The captions of a film's words, in order. Empty where nothing is said.

    Args: words: in the order in which they are said.
    """
    small = _turned(parted(words, film.rules))
    made: list[_Made] = []
    for first, last in _runs(small):
        made += _split(small, first, last, film)
    return _placed(made, small, film)


def _turned(words: Sequence[Word]) -> list[Word]:
    """The words with their turns counted; a name stays only where its turn begins.

    Who speaks on out of the picture begins a turn as well, but not in the middle of a line: there the picture has only changed under it.
    """
    out: list[Word] = []
    turn, name = 0, ""
    for n, word in enumerate(words):
        before = words[n - 1] if n else None
        apart = before is None or word.item != before.item or word.in_s - before.out_s >= _PAUSE_S
        new = before is None or before.speaker != word.speaker or (word.name != name and apart)
        turn += new
        name = word.name if new else name
        out.append(replace(word, turn=turn, name=name if new else ""))
    return out


def _runs(words: Sequence[Word]) -> list[tuple[int, int]]:
    edges = [0, *(n for n, (one, other) in enumerate(pairwise(words), 1) if other.in_s - one.out_s > _APART_S), len(words)]
    return [(first, last) for first, last in pairwise(edges) if first < last]


# ---- which words make a caption


def _split(words: Sequence[Word], first: int, last: int, film: Film) -> list[_Made]:
    """The cheapest way from the first word to the last, by dynamic programming."""
    best: dict[int, tuple[float, int, str]] = {first: (0.0, first, "")}
    for start in range(first, last):
        if start not in best:
            continue
        for stop in range(start + 1, min(last, start + _MOST_WORDS) + 1):
            inside = words[start:stop]
            if stop > start + 1 and (len({word.turn for word in inside}) > film.rules.lines or _too_much(inside, film)):
                break
            found = laid(inside, film.rules, film.language)
            if found is None and stop > start + 1:
                continue  # one word more may come to stand on the other line
            found = found or (0.0, inside[0].text)
            cost = best[start][0] + _price(words, start, stop, found, film)
            if film.rules.sent and start > first:
                cost += _unsent(words[best[start][1]].in_s, words[start].in_s, found[1])
            if stop not in best or cost < best[stop][0]:
                best[stop] = cost, start, found[1]
    out: list[_Made] = []
    at = last
    while at > first:
        _, start, text = best[at]
        out.append(_Made(start, at, text))
        at = start
    return out[::-1]


def _too_much(words: Sequence[Word], film: Film) -> bool:
    """Whether words are more than all lines of a caption hold."""
    return sum(width(word.text) for word in words) > film.rules.lines * film.rules.columns


def _price(words: Sequence[Word], start: int, stop: int, found: tuple[float, str], film: Film) -> float:
    layout, text = found
    following = words[stop] if stop < len(words) else None
    in_frame, limit = _frame(words[start].in_s, film), _limit(following, film)
    least, needed = film.rules.frames(film.rules.least_frames, film.rate), film.rules.least(text, film.rate)
    room = limit - in_frame
    spoken = words[stop - 1].out_s - words[start].in_s
    cost = _EACH + layout / 2
    if room < needed:
        cost += _FAST * (needed - room) / needed + 12
    if room < least:
        cost += _SHORT * (least - room) / least + 20
    if spoken > film.rules.most_s:
        cost += _LONG
    inside = words[start:stop]
    cost += _TWO * (len({word.turn for word in inside}) - 1)
    end = after(words[stop - 1], following, film.language)
    pause = following.in_s - words[stop - 1].out_s if following is not None else _APART_S
    cost += end * (0.4 if pause >= _PAUSE_S or (following is not None and following.turn != words[stop - 1].turn) else 1.2)
    for one, other in pairwise(inside):
        if one.turn == other.turn and after(one, other, film.language) == SENTENCE:
            cost += 2.0 if stop == len(words) or end == SENTENCE else 5.0
        if other.in_s - one.out_s > 2 * _PAUSE_S:
            cost += 4.0
        if one.item != other.item and one.turn == other.turn:
            cost += _ITEM
    return cost


def _unsent(before_s: Fraction, at_s: Fraction, text: str) -> float:
    """The price of a caption that line 21 cannot send while the one before is shown."""
    needs = (width(text.replace("\n", "")) / 2 + _CODES) / _SENT_FPS
    return _FAST / 2 if needs > at_s - before_s else 0.0


def _frame(at_s: Fraction, film: Film) -> int:
    return max(0, floor_frames(at_s, film.rate))


def _limit(following: Word | None, film: Film) -> int:
    """The frame by which a caption has to be gone."""
    if following is None:
        return film.frames
    return min(film.frames, _frame(following.in_s, film) - film.rules.frames(film.rules.gap_frames, film.rate))


# ---- when it stands


def _placed(made: Sequence[_Made], words: Sequence[Word], film: Film) -> tuple[Caption, ...]:
    begins = [_frame(words[one.first].in_s, film) for one in made]
    said = list(begins)
    gap = film.rules.frames(film.rules.gap_frames, film.rate)
    needs = [film.rules.least(one.text, film.rate) for one in made]
    lead = film.rules.lead_frames

    def limit(n: int) -> int:
        return min(film.frames, begins[n + 1] - gap) if n + 1 < len(made) else film.frames

    for n in range(len(made)):  # what is too fast comes a little earlier, and what follows it a little later
        short = needs[n] - (limit(n) - begins[n])
        if short > 0 and n + 1 < len(made):
            spare = max(0, (limit(n + 1) - begins[n + 1]) - needs[n + 1])
            late = min(short, lead - (begins[n + 1] - said[n + 1]), spare)
            begins[n + 1] += max(0, late)
            short -= max(0, late)
        if short > 0:
            room = begins[n] - (begins[n - 1] + needs[n - 1] + gap) if n else begins[n]
            early = min(short, lead + (begins[n] - said[n]), max(0, room), begins[n])
            begins[n] -= max(0, early)
    out = []
    for n, one in enumerate(made):
        spoken = -floor_frames(-words[one.last - 1].out_s, film.rate)
        end = max(spoken + int(_LINGER_S * film.rate), begins[n] + needs[n])
        if limit(n) - end <= _CHAIN_S * film.rate and n + 1 < len(made):
            end = limit(n)
        end = min(end, limit(n), begins[n] + int(film.rules.most_s * film.rate))
        out.append(Caption(first=begins[n], end=max(end, begins[n] + 1), text=bare(one.text), said=said[n]))
    return tuple(out)
