"""Hearing a slate a second time, knowing that it is one: a slate has a grammar, and few numbers, letters and takes fit a second of sound.

The listener is led by an example of slates, with other numbers, and proposes; what it proposes, what was heard before, the numbers that
sound alike, and what the recorder wrote are then each laid whole against the sound by a listener who was told nothing. Both together decide.
Two examples are used: a number that came from an example and not from the sound is proposed by one of them only.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from answerprint.script.calling import Call, Phrase
    from answerprint.script.slating import Slate
    from answerprint.tasks.second_hearing import Ask

__all__ = ["Guess", "guesser", "lost_slates", "named_again"]

#: (in_s, out_s, an example of such talk) -> what may have been said there, each with the logarithm of its likelihood
Guess = Callable[[float, float, str], list[tuple[str, float]]]
#: scene or slate as it is shown, and take
Name = tuple[str, int]

_EXAMPLES = (
    "Slate 42, take 3. Marker. Scene 7 Bravo, take 5. Marker. 16 Echo, take 1. Marker.",
    "Tail slate. Scene 4 Golf, take 6. Marker. Slate number 131, take 2. Marker. End slate. 11 Alpha, roll 1, take 9. Marker.",
)
#: measured on 132 slates of a synthetic voice in rooms: proposed alone 122 right, laid against the sound alone 126, both 128 (as many
#: where either weighs half). What nobody proposed counts as e to the -8
_UNPROPOSED = -8.0
_PROPOSED = 4  # names that are laid against the sound; beyond, the right one was found once in 132
_SURE = 0.9  # a slate whose every word was heard so surely is not heard again
_AROUND_S, _BREATH_S, _LONGEST_S = 0.25, 0.6, 6.0
_BEFORE_CLAP_S = 0.05  # with the first of a clap in it, what is proposed is noise
_ON_S = 1.5  # a take number is said within so much
_CLAP_S = 4.0  # a clap or a mark comes within seconds of the words
_RATE_HZ = 16_000


@dataclass(frozen=True, kw_only=True)
class _Heard:
    """What the led listener proposed for a stretch."""

    names: dict[Name, float]  # likelihood, the mean over the examples
    tail: float  # likelihood of those that begin with "tail slate"
    unnamed: float  # of those that end in a take and name nothing
    whole: float  # of everything


def guesser(samples: Any, model: str) -> Guess:
    """Proposals by the speech model about one sound (float, 16 kHz, full scale 1.0); it is loaded with the first."""

    def guess(in_s: float, out_s: float, example: str) -> list[tuple[str, float]]:
        from answerprint.media import speech

        span = (max(0.0, in_s), min(len(samples) / _RATE_HZ, out_s))
        if not 0.1 < span[1] - span[0] <= speech.WINDOW_S:
            return []
        return speech.listener(model).guesses(samples, span, example)

    return guess


def named_again(slate: Slate, said: Sequence[Phrase], claps: Sequence[float], ears: tuple[Guess, Ask], known: Iterable[str] = ()) -> Slate:
    """The slate with the name and the take that fit the sound best; the measure says so, and how much likelier that was than the next.

    A slate that was heard surely stays as it was, but for numbers that sound alike.
    Args: known: what other sources call it, as candidates: they are weighed by the sound alone.
    """
    from answerprint.script.slating import sounds_like

    named = slate.scene or slate.slate or ""
    figures = int(re.sub(r"\D", "", named) or 0)
    if named and slate.take is not None and not slate.unsure and _probability(slate) >= _SURE and sounds_like(figures % 100) == (figures % 100,):
        return slate
    span = _span(slate, said, claps)
    heard = _proposed(span, ears[0])
    takes = {take for _, take in heard.names} | ({slate.take} if slate.take is not None else set())
    mine = [(named, take) for take in ([slate.take] if slate.take is not None else sorted(takes))] if named else []
    written = [(name, take) for name in known for take in sorted(takes)]
    tail = slate.tail or heard.tail > heard.whole / 2
    if not (named or written or _names(heard)):
        return replace(slate, tail=tail)  # "take two" and nothing else: no name is put to it
    weighed = _weighed(span, heard, [*mine, *written], tail, ears[1])
    if not weighed:
        return replace(slate, tail=tail)
    (best, (name, take)), *others = weighed
    measure = slate.measure
    if (name, take) != (named, slate.take) or others:
        ahead = f", {math.exp(min(20.0, best - others[0][0])):.1f} times likelier than {others[0][1][0]} take {others[0][1][1]}" if others else ""
        changed = f"; first heard as {named or 'nothing'} take {slate.take or 'unknown'}" if (name, take) != (named, slate.take) else ""
        measure = f"{measure}; weighed as a slate{ahead}{changed}"
    is_scene = not name.isdigit() or (bool(slate.scene) and name == named)
    unsure = tuple(one for one in slate.unsure if one == "suffix")
    if name != named and span[0] + _AROUND_S < slate.in_s:  # "tailsley, scene seven delta - roll one, take": it began before what was read
        slate = replace(slate, in_s=span[0] + _AROUND_S, words_s=(span[0] + _AROUND_S, slate.words_s[1]))
    return replace(slate, scene=name if is_scene else None, slate=None if is_scene else name, take=take, tail=tail, measure=measure, unsure=unsure)


def lost_slates(said: Sequence[Phrase], slated: Sequence[Slate], called: Sequence[Call], claps: Sequence[float], ears: tuple[Guess, Ask]) -> list[Slate]:
    """Slates that were heard as something else: "make sure we take eight" before "action", "built up take a" after "cut"."""
    from answerprint.script.slating import Slate

    found: list[Slate] = []
    for at, phrase in enumerate(said):
        texts = [word.text for word in phrase.words]
        if not {"take", "takes", "taking"} & set(texts[-2:]) or any(one.in_s < phrase.out_s and one.out_s > phrase.in_s for one in slated):
            continue
        turns = [call for call in called if call.kind in ("action", "cut")]
        before, after = [call for call in turns if call.in_s < phrase.in_s], [call for call in turns if call.in_s >= phrase.in_s]
        outside = before[-1].kind == "cut" if before else bool(after) and after[0].kind == "action"
        if not outside or any(call.in_s < phrase.out_s and call.out_s > phrase.in_s for call in called):
            continue
        clap_s = next((one for one in claps if phrase.out_s - 0.3 < one <= phrase.out_s + _CLAP_S), None)
        first = at
        while first and said[first].in_s - said[first - 1].out_s <= _BREATH_S and phrase.out_s - said[first - 1].in_s <= _LONGEST_S:
            first -= 1
        parted = texts[-1].startswith("tak") and at + 1 < len(said) and said[at + 1].in_s - phrase.out_s <= _BREATH_S  # "take - eight"
        end_s = said[at + 1].out_s if parted else phrase.out_s
        bare = Slate(
            scene=None, slate=None, take=None, tail=False, suffix="", in_s=said[first].in_s, out_s=max(clap_s or 0.0, end_s), text=" ".join(texts),
            measure=f"heard as '{' '.join(texts)}'", clap_s=clap_s, words_s=(said[first].in_s, end_s),
        )  # fmt: skip
        span = _span(bare, said, claps)
        heard = _proposed(span, ears[0])
        if sum(heard.names.values()) + heard.unnamed < heard.whole / 2 or not _names(heard):
            continue
        tail = heard.tail > heard.whole / 2
        weighed = _weighed(span, heard, [], tail, ears[1])
        if weighed:
            name, take = weighed[0][1]
            scene, slate = (None, name) if name.isdigit() else (name, None)
            found.append(replace(bare, scene=scene, slate=slate, take=take, tail=tail, measure=f"{bare.measure}; weighed as a slate"))
    return found


def _names(heard: _Heard) -> bool:
    """Whether what was proposed names a scene or a slate at all, more than one time in ten."""
    return sum(heard.names.values()) > heard.whole / 10


def _probability(slate: Slate) -> float:
    match = re.search(r"least word probability ([\d.]+)", slate.measure)
    return 0.0 if match is None or "heard" in slate.measure else float(match[1])


def _span(slate: Slate, said: Sequence[Phrase], claps: Sequence[float]) -> tuple[float, float]:
    """Where the slate's words are, from the first voice of that breath to its clap."""
    inside = [n for n, phrase in enumerate(said) if phrase.in_s < slate.words_s[1] + 0.1 and phrase.out_s > slate.words_s[0] - 0.1]
    if not inside:
        return slate.words_s[0] - _AROUND_S, slate.words_s[1] + _AROUND_S
    first, last = inside[0], inside[-1]
    while first and said[first].in_s - said[first - 1].out_s <= _BREATH_S and said[last].out_s - said[first - 1].in_s <= _LONGEST_S:
        first -= 1
    begin_s, end_s = said[first].in_s, said[last].out_s
    if end_s - begin_s > _LONGEST_S:
        begin_s, end_s = slate.words_s
    ends = [end_s + _ON_S, *(phrase.in_s for phrase in said if phrase.in_s > end_s), *(clap - _BEFORE_CLAP_S for clap in claps if clap > slate.words_s[1])]
    if slate.take is None:  # its last words may be too faint for the voice detector
        return begin_s - _AROUND_S, max(end_s + _AROUND_S, min(ends))
    return begin_s - _AROUND_S, min(max(end_s, slate.words_s[1]) + _AROUND_S, max(slate.words_s[1], min(ends)))


def _proposed(span: tuple[float, float], guess: Guess) -> _Heard:
    from answerprint.model.attempts import Heard
    from answerprint.script.slating import slates, spoken

    names: dict[Name, float] = {}
    tail = unnamed = whole = 0.0
    for example in _EXAMPLES:
        for text, score in guess(*span, example):
            likely = math.exp(score) / len(_EXAMPLES)
            whole += likely
            words = [Heard(text=word, in_s=0.3 * n, out_s=0.3 * n + 0.3, probability=1.0) for n, word in enumerate(text.split())]
            one = next((one for one in reversed(slates(spoken(words), [0.3 * len(words) + 0.5])) if one.take is not None), None)
            if one is None or one.take is None:
                continue
            tail += likely * one.tail
            name = one.scene or one.slate
            if name and "letter" not in one.unsure:  # "12 marker, take 7" names nothing
                names[name, one.take] = names.get((name, one.take), 0.0) + likely
            elif not name and not one.unsure:
                unnamed += likely
    return _Heard(names=names, tail=tail, unnamed=unnamed, whole=whole)


def _weighed(span: tuple[float, float], heard: _Heard, others: Sequence[Name], tail: bool, ask: Ask) -> list[tuple[float, Name]]:
    """Names with how well they fit, best first: proposed by the led listener, and laid against the sound by the one who was told nothing."""
    first = sorted(heard.names, key=lambda name: -heard.names[name])[:_PROPOSED]
    tried = list(dict.fromkeys((*first, *others)))
    tried = list(dict.fromkeys(name for one in tried for name in (one, *_alike(one))))
    forms: dict[bool, str] = {}
    out = []
    for name in tried:
        by_number = name[0].isdigit()
        if by_number not in forms:
            fits = {form: _laid(span, form, name, ask) for form in _forms(by_number, tail)}
            forms[by_number] = max(fits, key=lambda form: fits[form])
        alike = sum(heard.names.get(one, 0.0) for one in (name, *_alike(name)))  # 15 or 50: only the one who was told nothing decides
        proposed = math.log(alike + math.exp(_UNPROPOSED))
        out.append((_laid(span, forms[by_number], name, ask) + proposed, name))
    return sorted(out, key=lambda one: -one[0])


def _forms(by_number: bool, tail: bool) -> list[str]:
    kinds = ("Slate {}, take {}.", "Slate number {}, take {}.") if by_number else ("Scene {}, take {}.", "{}, take {}.", "Scene {}. Roll one, take {}.", "{}. Roll one, take {}.")
    return [before + kind for before in (("Tail slate. ", "End slate. ", "") if tail else ("",)) for kind in kinds]


def _laid(span: tuple[float, float], form: str, name: Name, ask: Ask) -> float:
    """The logarithm of how likely the whole slate was said there."""
    from answerprint.script.slating import ALPHABET

    figures, letters = re.fullmatch(r"(\d*)([A-Z]*)", name[0]).groups()  # type: ignore[union-attr]
    called = " ".join((figures, *(next(word.capitalize() for word in ALPHABET if word[0].upper() == letter) for letter in letters)))
    return sum(math.log(max(likely, 1e-9)) for likely in ask(*span, form.format(called, name[1])))


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
