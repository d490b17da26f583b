"""Which lines of a script were said in a stretch of speech, and how its words lie against theirs. Pure: words in, pairs out.

Speech is matched as heard by an unprompted listener. A line is found as a run of its own words in order; one that is interrupted by
another speaker is found around the interruption. What is said twice is found twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from answerprint.model.attempts import Heard
from answerprint.script.sounding import nearness, sound
from answerprint.script.words import words

__all__ = ["Line", "Pair", "Reading", "Token", "find", "line", "tokens"]

NEAR = 0.6  #: sounds near enough to be one word misheard: "four"/"for" 0.9, "Bob"/"Rob" 0.6; "cat"/"dog" 0.1
MERGED = 0.8  #: for words run together or apart, which chance makes more often: "large field"/"Larkfield" 0.8
MOST_APART_S = 6.0  #: two words of one line never lie further apart: longer than any pause an actor holds in a spot's line
SPARE = 0.1  #: half of all words is enough as well, if their weight falls short of half by no more
PLAIN = frozenset(
    "a about after all an and any are as at be but by can could did do for from get go got had has have he her here him his how i i'm if in into is it it's its just "
    "let like me my no not now of oh on one or our out she so some than that that's the their them then there they this to too up us was we well were what when who "
    "will with would yeah yes you you're your okay ok good".split()
)  #: words every stretch of talk is full of: they say little about which line it is


@dataclass(frozen=True, kw_only=True)
class Token:
    """One spoken word, of a line or as heard. A written word may be several: "14%" is fourteen, percent."""

    text: str
    word: int  #: index of the written word it belongs to
    in_s: float = 0.0
    out_s: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Line:
    """An item that is spoken: its written words, and for each its usual ways to be said."""

    item: int
    written: tuple[str, ...]
    readings: tuple[tuple[tuple[str, ...], ...], ...]

    def tokens(self, heard: Counter[str]) -> tuple[Token, ...]:
        """Its spoken words, each written word in the reading that is heard most, else the usual one."""
        return tuple(
            Token(text=text, word=n) for n, ways in enumerate(self.readings) for text in min(ways, key=lambda way: _unknown(way, heard))
        )


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Words [first, last) of a line against tokens of the speech; one side may be empty. `near` is 1 for the same words."""

    script: tuple[int, ...]  #: indices into the line's tokens
    heard: tuple[int, ...]  #: indices into the speech's tokens
    near: float


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A line found in the speech."""

    item: int
    tokens: tuple[Token, ...]
    pairs: tuple[Pair, ...]
    weight: float  #: share of the line that was heard, distinctive words counting more: 0..1

    @property
    def used(self) -> frozenset[int]:
        return frozenset(index for pair in self.pairs for index in pair.heard)

    @property
    def span(self) -> tuple[int, int]:
        return min(self.used), max(self.used) + 1


def line(item: int, text: str) -> Line:
    """A line made of its text; it may hold no word at all."""
    found = words(text)
    return Line(item=item, written=tuple(word.written for word in found), readings=tuple(word.readings for word in found))


def tokens(heard: Sequence[Heard], vocabulary: Iterable[str] = ()) -> tuple[Token, ...]:
    """What was heard as spoken words; figures in the reading that the vocabulary knows best. Times inside a word are its share."""
    known = Counter(vocabulary)
    out: list[Token] = []
    for index, one in enumerate(heard):
        parts = [text for word in words(one.text) for text in min(word.readings, key=lambda way: _unknown(way, known))]
        step = (one.out_s - one.in_s) / max(1, len(parts))
        out += [Token(text=text, word=index, in_s=one.in_s + n * step, out_s=one.in_s + (n + 1) * step) for n, text in enumerate(parts)]
    return tuple(out)


def _unknown(way: tuple[str, ...], known: Counter[str]) -> int:
    return sum(text not in known for text in way)


def find(lines: Sequence[Line], speech: Sequence[Token], *, least: float = 0.5) -> tuple[Reading, ...]:
    """The lines said in a stretch of speech, in the order of their first word.

    Args:   least: the share of a line that must be heard before it counts as covered.
    Returns: readings that share no word; a line read twice is there twice; empty where nothing fits.
    """
    heard = Counter(token.text for token in speech)
    candidates = [one for one in lines if one.written]
    often = Counter(text for one in candidates for text in {token.text for token in one.tokens(heard)})
    free = set(range(len(speech)))
    found: list[Reading] = []
    best = {one.item: _best(one, speech, free, heard, often, least) for one in candidates}
    while True:
        ahead = [(score, one) for one in candidates if (score := best[one.item]) is not None]
        if not ahead:
            break
        (_, reading), _ = max(ahead, key=lambda pair: (pair[0][0], -pair[1].item))
        found.append(reading)
        free -= reading.used
        for other in candidates:
            held = best[other.item]
            if held is not None and held[1].used & reading.used:
                best[other.item] = _best(other, speech, free, heard, often, least)
    found = [_stretched(reading, speech, free) for reading in sorted(found, key=lambda reading: reading.span)]
    return tuple(found)


def _weights(script: Sequence[Token], often: Mapping[str, int]) -> list[float]:
    """What hearing each word says about the line: little for plain words, less for words of several lines."""
    return [(0.35 if token.text in PLAIN else 1.0) / max(1, often[token.text]) ** 0.5 for token in script]


def _best(
    one: Line, speech: Sequence[Token], free: set[int], heard: Counter[str], often: Mapping[str, int], least: float
) -> tuple[float, Reading] | None:
    """The best run of a line's words among the words not yet given away, and its score; None under `least`."""
    script = one.tokens(heard)
    order = _around(script, speech, free)
    weights = _weights(script, often)
    pairs = _local(script, [speech[index] for index in order], weights, [min(0.1 * (b - a - 1), 0.6) for a, b in pairwise(order)])
    if not pairs:
        return None
    pairs = [replace(pair, heard=tuple(order[index] for index in pair.heard)) for pair in pairs]
    got = sum(weights[index] * pair.near for pair in pairs for index in pair.script)
    same = [index for pair in pairs if pair.near > NEAR for index in pair.script]
    exact = [index for pair in pairs if pair.near == 1.0 for index in pair.script]
    share = got / sum(weights)
    if max(share, min(len(same) / len(script), share + SPARE)) < least or not exact:
        return None
    if len(same) < min(2, len(script)) or (all(script[index].text in PLAIN for index in same) and len(same) < len(script)):
        return None
    return got, Reading(item=one.item, tokens=script, pairs=tuple(pairs), weight=round(min(1.0, share), 3))


def _around(script: Sequence[Token], speech: Sequence[Token], free: set[int]) -> list[int]:
    """The free words within a line's length of any that sounds like one of its distinctive words; all, where it has hardly any."""
    distinctive = {token.text for token in script} - PLAIN
    if len(distinctive) < 3:
        return sorted(free)
    reach = 2 * len(script)
    near = {text: any(nearness(own, text) >= NEAR for own in distinctive) for text in {token.text for token in speech}}
    wanted = {at for index, token in enumerate(speech) if near[token.text] for at in range(index - reach, index + reach + 1)}
    return sorted(free & wanted)


def _alike(a: Sequence[Token], b: Sequence[Token]) -> float:
    if len(a) == len(b) == 1:
        return nearness(a[0].text, b[0].text)
    if sound(a[0].text)[:1] != sound(b[0].text)[:1] or {token.text for token in a} & {token.text for token in b}:
        return 0.0  # begins otherwise; or one of them is there by itself, and the other was added or missed
    return nearness("".join(token.text for token in a), "".join(token.text for token in b))


def _local(script: Sequence[Token], speech: Sequence[Token], weights: Sequence[float], jumps: Sequence[float]) -> list[Pair]:
    """Smith-Waterman over words: the run with the highest score; words run together or apart count as one step.

    Args: jumps: what it costs to go on from each word of the speech to the next one here, over another line's words.
    """
    rows, columns = len(script) + 1, len(speech) + 1
    score = [[0.0] * columns for _ in range(rows)]
    back: list[list[tuple[int, int, float] | None]] = [[None] * columns for _ in range(rows)]
    top, peak = (0, 0), 0.0
    own = {token.text for token in script}  # skipping the line's own words costs more: they are a second reading of it
    for i in range(1, rows):
        for j in range(1, columns):
            value, step = 0.0, None
            near = _alike(script[i - 1 : i], speech[j - 1 : j])
            apart = j > 1 and speech[j - 1].in_s - speech[j - 2].out_s > MOST_APART_S
            options: list[tuple[float, tuple[int, int, float]]] = []
            jump = jumps[j - 2] if j > 1 else 0.0
            before = 0.0 if apart else max(0.0, score[i - 1][j - 1] - jump)
            options.append((before + weights[i - 1] * (2 * near - 1 if near >= NEAR else -0.4), (1, 1, near if before else -near)))
            options.append((score[i - 1][j] - 0.4 * weights[i - 1], (1, 0, 0.0)))
            if not apart:
                options.append((score[i][j - 1] - jump - (0.5 if speech[j - 1].text in own else 0.2), (0, 1, 0.0)))
            if near < 1.0:
                for down, right in ((1, 2), (2, 1), (1, 3), (3, 1)):
                    if i >= down and j >= right and not any(jumps[j - right : j - 1]):
                        merged = _alike(script[i - down : i], speech[j - right : j])
                        if merged >= MERGED:
                            options.append((score[i - down][j - right] + sum(weights[i - down : i]) * merged, (down, right, merged)))
            for option, move in options:
                if option > value + 1e-9:
                    value, step = option, move
            score[i][j], back[i][j] = value, step
            if value > peak + 1e-9:
                top, peak = (i, j), value
    return _trace(back, top)


def _trace(back: list[list[tuple[int, int, float] | None]], at: tuple[int, int]) -> list[Pair]:
    pairs: list[Pair] = []
    i, j = at
    while (step := back[i][j]) is not None:
        down, right, near = step
        if down and right and abs(near) >= NEAR:
            pairs.append(Pair(script=tuple(range(i - down, i)), heard=tuple(range(j - right, j)), near=abs(near)))
        if near < 0:  # the run begins here
            break
        i, j = i - down, j - right
    return pairs[::-1]


def _stretched(reading: Reading, speech: Sequence[Token], free: set[int]) -> Reading:
    """The whole line against what was said there: words changed, missed and added get their place.

    Between its words everything not given to another line is its own; before its first and after its last it takes as many words
    as it misses there, if no pause parts them.
    """
    script = reading.tokens
    first, last = reading.span
    head = min(index for pair in reading.pairs for index in pair.script)
    tail = len(script) - 1 - max(index for pair in reading.pairs for index in pair.script)
    inside = [index for index in range(first, last) if index in free or index in reading.used]
    before = _neighbours(range(first - 1, -1, -1), speech[first], speech, free, head)[::-1]
    after = _neighbours(range(last, len(speech)), speech[last - 1], speech, free, tail)
    order = [*before, *inside, *after]
    pairs = _whole(script, [speech[index] for index in order])
    pairs = [replace(pair, heard=tuple(order[index] for index in pair.heard)) for pair in pairs]
    while pairs and not pairs[0].script:
        pairs.pop(0)
    while pairs and not pairs[-1].script:
        pairs.pop()
    used = {index for pair in pairs for index in pair.heard}
    free.difference_update(used)
    return replace(reading, pairs=tuple(pairs))


PAUSE_S = 0.7  #: between the words of one sentence an actor holds less (sample voices: 0.5 s between sentences)


def _neighbours(indices: Iterable[int], edge: Token, speech: Sequence[Token], free: set[int], most: int) -> list[int]:
    taken: list[int] = []
    for index in indices:
        token = speech[index]
        gap = max(token.in_s - edge.out_s, edge.in_s - token.out_s)
        if len(taken) == most or index not in free or gap > PAUSE_S:
            break
        taken.append(index)
        edge = token
    return taken


OPENING = 0.15  #: what a gap costs to begin: of two ways to lay the same words, the one with fewer holes is right


def _whole(script: Sequence[Token], speech: Sequence[Token]) -> list[Pair]:
    """Both sides from end to end at least cost: another word costs less than one missed and one added."""
    rows, columns = len(script) + 1, len(speech) + 1
    best: dict[tuple[int, int, bool], tuple[float, tuple[int, int, float, bool]]] = {(0, 0, False): (0.0, (0, 0, 0.0, False))}

    def step(i: int, j: int, down: int, right: int, price: float, near: float) -> None:
        gap = not (down and right)
        for before in (False, True):
            held = best.get((i - down, j - right, before))
            if held is not None:
                cost = held[0] + price + (OPENING if gap and not before else 0.0)
                if (i, j, gap) not in best or cost < best[i, j, gap][0] - 1e-9:
                    best[i, j, gap] = cost, (down, right, near, before)

    for i in range(rows):
        for j in range(columns):
            for down, right in ((1, 1), (1, 2), (2, 1), (1, 3), (3, 1)):
                if i >= down and j >= right:
                    near = _alike(script[i - down : i], speech[j - right : j])
                    if down == right or near >= MERGED:
                        step(i, j, down, right, (1 - near) * 1.1, near)
            if i:
                step(i, j, 1, 0, 0.7, 0.0)
            if j:
                step(i, j, 0, 1, 0.7, 0.0)
    pairs: list[Pair] = []
    i, j = rows - 1, columns - 1
    gap = min((state for state in (False, True) if (i, j, state) in best), key=lambda state: best[i, j, state][0])
    while i or j:
        down, right, near, gap = best[i, j, gap][1]
        pairs.append(Pair(script=tuple(range(i - down, i)), heard=tuple(range(j - right, j)), near=near))
        i, j = i - down, j - right
    return pairs[::-1]
