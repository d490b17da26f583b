"""Hearing a slate a second time, knowing that it is one: a slate has a grammar, and few numbers, letters and takes fit a second of sound.

The listener is led by an example of slates and may write only the words of slates: it proposes. What it proposes, what was heard before, the
numbers that sound alike, the same with another letter, and what the recorder wrote are then each laid whole against the sound by a
listener who was told nothing. Both together decide. Two examples are used: a number that came from an example and not from the sound is
proposed by one of them only.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from answerprint.script.calling import Call, Phrase
    from answerprint.script.slating import Slate

__all__ = ["Guess", "Lay", "guesser", "in_one_clip", "layer", "lost_slates", "named_again", "weighed_as"]

#: (in_s, out_s, an example of such talk, whether only a slate's words are written) -> what may have been said there, each with the
#: logarithm of its likelihood
Guess = Callable[[float, float, str, bool], list[tuple[str, float]]]
#: (in_s, out_s, text) -> the logarithm of how likely exactly this was said there
Lay = Callable[[float, float, str], float]
#: scene or slate as it is shown, and take
Name = tuple[str, int]

_EXAMPLES = (
    "Slate 42, take 3. Marker. Scene 7 Kilo, take 5. Marker. 16 Victor, take 1. Marker.",
    "Tail slate. Scene 4 Golf, take 6. Marker. Slate number 131, take 2. Marker. End slate. 9 Lima, roll 1, take 4. Marker.",
)
#: what nobody proposed counts as e to the -6
_UNPROPOSED = -6.0
_PROPOSED = 5  # names that are laid against the sound at first
_LETTERS = "ABCDEFGH"  # set-ups of a scene are lettered from A, and few scenes have more
_NUMBERS, _TAKES = 3, 2  # as many that were proposed are tried beside the best
_SURE = 0.9  # a slate whose every word was heard so surely is not heard again
_CLEAR = 3.0  # a name so far before the next (20 times likelier) is a clear reading
_AROUND_S, _BREATH_S, _LONGEST_S = 0.25, 0.6, 6.0
_PAUSE_S = 1.3  # within a slate some pause longer, or the voice detector misses a word of it
_BEFORE_CLAP_S = 0.05  # with the first of a clap in it, what is proposed is noise
_ON_S = 1.5  # a take number is said within so much
_ANYTHING = 20.0  # where a listener who may write any word finds that so many times likelier, it is no slate
_SLATE_LIKE = frozenset("slate slates plate late slade sleight flight play plague scene seen seem tail end number".split())  # as "slate" was heard, and its company
_TAKE = ("take", "takes", "taking")
_CLAP_S = 4.0  # a clap or a mark comes within seconds of the words
_RATE_HZ = 16_000


@dataclass(frozen=True, kw_only=True)
class _Heard:
    """What the led listener proposed for a stretch."""

    names: dict[Name, float]  # likelihood, the mean over the examples
    letters: tuple[str, ...]  # that were proposed at all, likeliest first
    tail: bool  # more likely than not it began with "tail slate"
    is_slate: bool  # so did a listener who could write any word


def _words() -> frozenset[str]:
    """All that a slate is written with."""
    from answerprint.script.slating import ALPHABET

    other = "Scene Slate scene slate Number number Take take Roll roll Camera Mark Marker it A B Tail End board Pickup Series MOS".split()
    return frozenset((*other, *(word.capitalize() for word in ALPHABET), *map(str, range(1, 200))))


def guesser(samples: Any, model: str) -> Guess:
    """Proposals by the speech model about one sound (float, 16 kHz, full scale 1.0); it is loaded with the first."""

    def guess(in_s: float, out_s: float, example: str, slates_only: bool) -> list[tuple[str, float]]:
        from answerprint.media import speech

        span = (max(0.0, in_s), min(len(samples) / _RATE_HZ, out_s))
        if not 0.1 < span[1] - span[0] <= speech.WINDOW_S:
            return []
        return speech.listener(model).guesses(samples, span, example, most=12 if slates_only else 8, only=_words() if slates_only else frozenset())

    return guess


def layer(samples: Any, model: str) -> Lay:
    """Whole texts laid against one sound (float, 16 kHz, full scale 1.0) by the speech model; it is loaded with the first."""

    def lay(in_s: float, out_s: float, text: str) -> float:
        from answerprint.media import speech

        span = (max(0.0, in_s), min(len(samples) / _RATE_HZ, out_s))
        return speech.listener(model).likelihood(samples, text, span) if 0.1 < span[1] - span[0] <= speech.WINDOW_S else -99.0

    return lay


def named_again(slate: Slate, said: Sequence[Phrase], claps: Sequence[float], ears: tuple[Guess, Lay], known: Iterable[str] = ()) -> Slate:
    """The slate with the name and the take that fit the sound best; the measure says so, and how much likelier that was than the next.

    `names` holds all that were weighed. A slate that was heard surely stays as it was, but for numbers that sound alike.
    Args: known: what other sources call it, as candidates: they are weighed by the sound alone.
    """
    from answerprint.script.slating import sounds_like

    named = slate.scene or slate.slate or ""
    figures = int(re.sub(r"\D", "", named) or 0)
    if named and slate.take is not None and not slate.unsure and _probability(slate) >= _SURE and sounds_like(figures % 100) == (figures % 100,):
        return slate
    span = _span(slate, said, claps)
    heard = _proposed(span, ears[0], sure=bool(named))
    if not (named or known or heard.is_slate):
        return replace(slate, tail=slate.tail or heard.tail, span_s=span)  # "take two" and nothing else: no name is put to it
    takes = {take for _, take in heard.names} | ({slate.take} if slate.take is not None else set())
    mine = [(named, take) for take in ([slate.take] if slate.take is not None else sorted(takes))] if named else []
    written = [(name, take) for name in known for take in sorted(takes)]
    tail = slate.tail or heard.tail
    weighed = _weighed(span, heard, [*mine, *written], tail, ears[1])
    if not weighed:
        return replace(slate, tail=tail)
    (best, (name, take)), *others = weighed
    measure = slate.measure
    if (name, take) != (named, slate.take) or others:
        ahead = f", {math.exp(min(20.0, best - others[0][0])):.1f} times likelier than {others[0][1][0]} take {others[0][1][1]}" if others else ""
        changed = f"; first heard as {named or 'nothing'} take {slate.take or 'unknown'}" if (name, take) != (named, slate.take) else ""
        measure = f"{measure}; weighed as a slate{ahead}{changed}"
    if not _is_clear(slate, weighed):
        measure = f"{measure}; not clear"
    is_scene = not name.isdigit() or (bool(slate.scene) and name == named)
    unsure = tuple(one for one in slate.unsure if one == "suffix")
    if name != named and span[0] + _AROUND_S < slate.in_s:  # "tailsley, scene seven delta - roll one, take": it began before what was read
        slate = replace(slate, in_s=span[0] + _AROUND_S, words_s=(span[0] + _AROUND_S, slate.words_s[1]))
    names = tuple((*one, round(fit, 2)) for fit, one in weighed)
    return replace(
        slate, scene=name if is_scene else None, slate=None if is_scene else name, take=take, tail=tail, measure=measure, unsure=unsure, names=names, span_s=span,
    )  # fmt: skip


def in_one_clip(slated: Sequence[Slate], lay: Lay) -> list[Slate]:
    """The slates of one clip, which run on: one that is not clear is what the others make likeliest. Its measure says so, and it stays unclear."""
    from answerprint.script.shooting_order import Slated, placed, said

    row = []
    for one in slated:
        name = one.scene or one.slate
        read = (name, one.take) if name and one.take is not None else None
        row.append(Slated(read=read, take=one.take, clear=read is not None and "not clear" not in one.measure, names=one.names))
    found = placed(row, lambda at, names: weighed_as(names, slated[at].span_s, slated[at].tail, lay, like=row[at].read))
    out = []
    for at, one in enumerate(slated):
        if at in found:
            (name, take), was = found[at].name, row[at].read
            is_scene = not name.isdigit() or bool(one.scene)
            measure = f"{one.measure}; by shooting order: {found[at].between} in this clip; by itself {said(was) if was else 'unnamed'}"
            one = replace(one, scene=name if is_scene else None, slate=None if is_scene else name, take=take, measure=measure)
        out.append(one)
    return out


def _is_clear(slate: Slate, weighed: Sequence[tuple[float, Name]]) -> bool:
    """A name that was heard at once and again, or is far before the next."""
    (best, name), *others = weighed
    ahead = best - others[0][0] if others else _CLEAR
    if others and others[0][1] in _alike(name):  # "one sixteen" fitted 160 better by e to the 4
        ahead /= 2
    return ahead >= (_CLEAR if name == (slate.scene or slate.slate, slate.take) else 2 * _CLEAR)


def lost_slates(said: Sequence[Phrase], slated: Sequence[Slate], called: Sequence[Call], claps: Sequence[float], ears: tuple[Guess, Lay]) -> list[Slate]:
    """Slates that were heard as something else: "make sure we take eight" before "action", "built up take a" after "cut", "plate 91, big one"."""
    from answerprint.script.slating import Slate

    found: list[Slate] = []
    for at, phrase in enumerate(said):
        texts = [word.text for word in phrase.words]
        taken = [(one.in_s, one.out_s) for one in (*slated, *found)] + [(call.in_s, call.out_s) for call in called]
        if any(in_s < phrase.out_s and out_s > phrase.in_s for in_s, out_s in taken) or not _may_be(phrase):
            continue
        turns = [call for call in called if call.kind in ("action", "cut")]
        before, after = [call for call in turns if call.in_s < phrase.in_s], [call for call in turns if call.in_s >= phrase.in_s]
        outside = before[-1].kind == "cut" if before else bool(after) and after[0].kind == "action"
        if not outside:
            continue
        clap_s = next((one for one in claps if phrase.out_s - 0.3 < one <= phrase.out_s + _CLAP_S), None)
        first = at
        while first and said[first].in_s - said[first - 1].out_s <= _BREATH_S and phrase.out_s - said[first - 1].in_s <= _LONGEST_S:
            first -= 1
        parted = not _ends_a_slate(texts) and at + 1 < len(said) and said[at + 1].in_s - phrase.out_s <= _BREATH_S  # "take - eight"
        end_s = said[at + 1].out_s if parted else phrase.out_s
        bare = Slate(
            scene=None, slate=None, take=None, tail=False, suffix="", in_s=said[first].in_s, out_s=max(clap_s or 0.0, end_s), text=" ".join(texts),
            measure=f"heard as '{' '.join(texts)}'", clap_s=clap_s, words_s=(said[first].in_s, end_s),
        )  # fmt: skip
        span = _span(bare, said, claps)
        heard = _proposed(span, ears[0], sure=False)
        weighed = _weighed(span, heard, [], heard.tail, ears[1]) if heard.is_slate else []
        if weighed:
            name, take = weighed[0][1]
            scene, slate = (None, name) if name.isdigit() else (name, None)
            measure = f"{bare.measure}; weighed as a slate{'' if _is_clear(bare, weighed) else '; not clear'}"
            names = tuple((*one, round(fit, 2)) for fit, one in weighed)
            found.append(replace(bare, scene=scene, slate=slate, take=take, tail=heard.tail, measure=measure, names=names, span_s=span))
    return found


def _may_be(phrase: Phrase) -> bool:
    """Whether a phrase is worth hearing as a slate: it ends in "take" and a word, or begins as slates are misheard and names a number."""
    texts = [word.text for word in phrase.words]
    return bool({*_TAKE} & {*texts[-2:]}) or (bool({*texts[:3]} & _SLATE_LIKE) and any(text.isdigit() for text in texts))


def _ends_a_slate(texts: Sequence[str]) -> bool:
    return len(texts) > 1 and texts[-2] in _TAKE


def _probability(slate: Slate) -> float:
    match = re.search(r"least word probability ([\d.]+)", slate.measure)
    return 0.0 if match is None or "heard" in slate.measure else float(match[1])


def _span(slate: Slate, said: Sequence[Phrase], claps: Sequence[float]) -> tuple[float, float]:
    """Where the slate's words are, from the first voice of that breath to its clap."""
    inside = [n for n, phrase in enumerate(said) if phrase.in_s < slate.words_s[1] + 0.1 and phrase.out_s > slate.words_s[0] - 0.1]
    if not inside:
        return slate.words_s[0] - _AROUND_S, slate.words_s[1] + _AROUND_S
    first, last = inside[0], inside[-1]
    while first and said[last].out_s - said[first - 1].in_s <= _LONGEST_S and said[first].in_s - said[first - 1].out_s <= _pause(said[first - 1]):
        first -= 1
    begin_s, end_s = said[first].in_s, said[last].out_s
    if end_s - begin_s > _LONGEST_S:
        begin_s, end_s = slate.words_s
    ends = [end_s + _ON_S, *(phrase.in_s for phrase in said if phrase.in_s > end_s), *(clap - _BEFORE_CLAP_S for clap in claps if clap > slate.words_s[1])]
    if slate.take is None:  # its last words may be too faint for the voice detector
        return begin_s - _AROUND_S, max(end_s + _AROUND_S, min(ends))
    return begin_s - _AROUND_S, min(max(end_s, slate.words_s[1]) + _AROUND_S, max(slate.words_s[1], min(ends)))


def _pause(before: Phrase) -> float:
    """How long a pause may be after a phrase that a slate goes on from: longer after "slate number"."""
    return _PAUSE_S if {word.text for word in before.words} & _SLATE_LIKE else _BREATH_S


def _proposed(span: tuple[float, float], guess: Guess, *, sure: bool) -> _Heard:
    """What a led listener proposes who may write only slates; and, unless it is `sure` that this is one, whether who may write anything agrees."""
    from answerprint.model.attempts import Heard
    from answerprint.script.slating import ALPHABET, slates, spoken

    names: dict[Name, float] = {}
    letters: dict[str, float] = {}
    named = tails = unnamed = whole = 0.0
    for example in _EXAMPLES:
        for text, score in guess(*span, example, True):
            likely = math.exp(score) / len(_EXAMPLES)
            words = [Heard(text=word, in_s=0.3 * n, out_s=0.3 * n + 0.3, probability=1.0) for n, word in enumerate(text.split())]
            for word in spoken(words):
                if word.text in ALPHABET:
                    letters[word.text[0].upper()] = letters.get(word.text[0].upper(), 0.0) + likely
            one = next((one for one in reversed(slates(spoken(words), [0.3 * len(words) + 0.5])) if one.take is not None), None)
            if one is None or one.take is None:
                continue
            name = one.scene or one.slate
            if name and name in _named(example):
                continue  # it may come from the example and not from the sound; the other example proposes it as well
            if name and "letter" not in one.unsure and re.fullmatch(r"\d+[A-Z]{0,2}", name):  # "12 marker, take 7" names nothing
                names[name, one.take] = names.get((name, one.take), 0.0) + likely
                named, tails = named + likely, tails + likely * one.tail
            elif not name and not one.unsure:
                unnamed += likely
    if not sure:
        whole = sum(math.exp(score) for example in _EXAMPLES for _, score in guess(*span, example, False)) / len(_EXAMPLES)
    return _Heard(
        names=names, letters=tuple(sorted(letters, key=lambda letter: -letters[letter])), tail=tails > named / 2,
        is_slate=sure or (named > unnamed and named * _ANYTHING > whole),
    )  # fmt: skip


@functools.cache
def _named(example: str) -> frozenset[str]:
    """The scenes and slates that stand in an example."""
    from answerprint.model.attempts import Heard
    from answerprint.script.slating import slates, spoken

    words = [Heard(text=word, in_s=0.3 * n, out_s=0.3 * n + 0.3, probability=1.0) for n, word in enumerate(example.split())]
    return frozenset(one.scene or one.slate or "" for one in slates(spoken(words)))


def _weighed(span: tuple[float, float], heard: _Heard, others: Sequence[Name], tail: bool, lay: Lay) -> list[tuple[float, Name]]:
    """Names with how well they fit, best first: proposed by the led listener, and laid against the sound by the one who was told nothing."""
    forms: dict[bool, str] = {}
    fits: dict[Name, float] = {}

    def fit(name: Name) -> float:
        if name not in fits:
            by_number = name[0].isdigit()
            if by_number not in forms:
                laid = {form: lay(*span, _called(form, name)) for form in _forms(by_number, tail)}
                forms[by_number] = max(laid, key=lambda form: laid[form])
            alike = sum(heard.names.get(one, 0.0) for one in (name, *_alike(name)))  # 15 or 50: only the one who was told nothing decides
            fits[name] = lay(*span, _called(forms[by_number], name)) + math.log(alike + math.exp(_UNPROPOSED)) + _commoner(name)
        return fits[name]

    first = sorted(heard.names, key=lambda name: -heard.names[name])
    tried = list(dict.fromkeys((*first[:_PROPOSED], *others)))
    for name in dict.fromkeys(name for one in tried for name in (one, *_alike(one))):
        fit(name)
    for _ in range(2):  # number, letter and take each by itself beside the best; twice, since one may hide another
        if not fits:
            break
        best = max(fits, key=lambda name: fits[name])
        for name in _beside(best, [name for name in first if name in fits or heard.names[name] > 0][: 2 * _PROPOSED], heard.letters):
            fit(name)
    return sorted(((fits[name], name) for name in fits), key=lambda one: -one[0])


def _beside(best: Name, proposed: Sequence[Name], letters: Sequence[str]) -> Iterable[Name]:
    """Names that differ from the best in number, letter or take alone."""
    number, letter = re.fullmatch(r"(\d+)([A-Z]*)", best[0]).groups()  # type: ignore[union-attr]
    numbers = list(dict.fromkeys(re.sub(r"\D", "", name) for name, _ in proposed))[:_NUMBERS]
    yield from ((f"{other}{letter}", best[1]) for other in numbers)
    yield from (name for name in _alike(best))
    yield from ((f"{number}{other}", best[1]) for other in dict.fromkeys((*letters[:_NUMBERS], *(_LETTERS if not letter or letter not in _LETTERS else ()))))
    yield from ((best[0], take) for take in list(dict.fromkeys(take for _, take in proposed))[:_TAKES])


def weighed_as(names: Iterable[Name], span: tuple[float, float], tail: bool, lay: Lay, like: Name | None = None) -> dict[Name, float]:
    """How well names fit a slate's stretch that nobody proposed there, on the scale of `Slate.names`. `like`: the name that fitted best, in whose form they are said."""
    forms: dict[bool, list[str]] = {}
    fits: dict[Name, float] = {}
    for name in names:
        by_number = name[0].isdigit()
        if by_number not in forms:
            forms[by_number] = _forms(by_number, tail)
            if like is not None and like[0].isdigit() == by_number:
                laid = {form: lay(*span, _called(form, like)) for form in forms[by_number]}
                forms[by_number] = [max(laid, key=lambda form: laid[form])]
        fits[name] = max(lay(*span, _called(form, name)) for form in forms[by_number]) + _UNPROPOSED + _commoner(name)
    return fits


def _commoner(name: Name) -> float:
    """A script that has a scene 40 has a scene 14 too, and most have no 40: of two scenes that sound alike the lower is the commoner, as 1 over
    the number. Running numbers are not: a day passes them all."""
    match = re.fullmatch(r"([3-9])0[A-Z]+", name[0])
    return math.log((10 + int(match[1])) / (10 * int(match[1]))) if match else 0.0


def _forms(by_number: bool, tail: bool) -> list[str]:
    kinds = ("Slate {}, take {}.", "Slate number {}, take {}.") if by_number else ("Scene {}, take {}.", "{}, take {}.", "Scene {}. Roll 1, take {}.", "{}. Roll 1, take {}.")
    return [before + kind for before in (("Tail slate. ", "End slate. ") if tail else ("",)) for kind in kinds]


def _called(form: str, name: Name) -> str:
    """A name as it is said: "Scene 12 Bravo, take 4." """
    from answerprint.script.slating import ALPHABET

    figures, letters = re.fullmatch(r"(\d*)([A-Z]*)", name[0]).groups()  # type: ignore[union-attr]
    called = " ".join((figures, *(next(word.capitalize() for word in ALPHABET if word[0].upper() == letter) for letter in letters)))
    return form.format(called, name[1])


def _alike(name: Name) -> Iterable[Name]:
    """The same with a number that sounds like its own: 114 and 140, but not 104; 14, 40 and 4."""
    from answerprint.script.slating import sounds_like

    match = re.fullmatch(r"(\d+)([A-Z]*)", name[0])
    if match is None:
        return
    hundreds, rest = int(match[1]) // 100 * 100, int(match[1]) % 100
    for other in sounds_like(rest):
        if other != rest and not (hundreds and other < 10):
            yield f"{hundreds + other}{match[2]}", name[1]
