"""Listening a second time, to a second of sound by itself, with a question: was this "cut"? which take number was that?

A listener that hears half a minute at once writes a shouted "cut" as "head", "at" or nothing, and "take eight" as "take a". Asked
how well each of a few words fits that stretch, it knows. What is asked is the crew's own small grammar, never the script.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from answerprint.model.attempts import Heard
    from answerprint.script.calling import Call, Phrase
    from answerprint.script.slating import Slate

__all__ = ["Ask", "Hear", "asker", "calls_again", "hearer", "pickups_again", "slates_again", "suffix_again"]

#: (in_s, out_s, text) -> for each word of the text, how likely it was said there (0 to 1)
Ask = Callable[[float, float, str], list[float]]
#: (in_s, out_s) -> the words heard there when nothing else is heard, unprompted, in seconds from the clip's beginning
Hear = Callable[[float, float], "list[Heard]"]

_RATE_HZ = 16_000
_AROUND_S = 0.25  # of quiet on either side of a stretch that is listened to by itself
_SURE = 0.8  # a word the listener is so sure of is not listened to again
_NARROW_S = 0.35  # a word so sure that was put into less than this may be its neighbour's: "cut | keep that" as "keep | that"
#: calls that are listened for, and how long a stretch may be that holds no more than that
_CALLS = {"Cut": 0.5, "And cut": 0.9, "Action": 0.8, "And action": 1.1}
#: likelihood of the word and of nothing after it. Measured with the model that comes as a package: "cut" that was said and heard as
#: "pet", "at" or "okay" 0.0010 to 0.02; "good" 0.0001, "but" 0.0001, "what" 0.00001; "action" 0.2 to 0.6, other words under 0.0001
_LEAST_FIT = {"Cut": 0.0004, "And cut": 0.004, "Action": 0.01, "And action": 0.01}
_PICKUP = 0.14  # "pickup" after a take number: where it was said and misheard 0.20 to 0.30 (five slates), where "action" was 0.04 to 0.10 (nine)
#: what follows a take number at once. Where a mark was called (60 slates), it was likelier than "pickup" every time
_FOLLOWS = ("Pickup.", "Marker.", "Mark it.", "A camera mark.", "Series.", "MOS.")
_AT_ONCE_S = 1.0  # a suffix begins within half a second of the number and takes as long
_WORD_S = 0.6  # "slate" by itself takes half a second
_ON_S = 1.5  # a slate's last words may be too faint for the voice detector: so much longer it is heard
_DOUBTED = 0.6  # a crew phrase with a word below this is heard again: "cup line too, please" for "pick up line two, please" 0.14
_BREATH_S, _LONGEST_S = 0.6, 6.0  # one person's pause; what a crew calls in one go is shorter


def asker(samples: Any, model: str) -> Ask:
    """Questions to the speech model about one sound (float, 16 kHz, full scale 1.0); it is loaded with the first."""

    def ask(in_s: float, out_s: float, text: str) -> list[float]:
        from answerprint.media import speech

        span = (max(0.0, in_s), min(len(samples) / _RATE_HZ, out_s))
        if not 0.1 < span[1] - span[0] <= speech.WINDOW_S:
            return [0.0] * len(text.split())
        return [likely for *_, likely in speech.listener(model).align(samples, text, [span])]

    return ask


def calls_again(said: Sequence[Phrase], ask: Ask) -> list[Phrase]:
    """Short stretches of voice that stand alone and gave no sure word, laid against "cut" and "action"; the word where it fits."""
    from answerprint.script.slating import Spoken

    out: list[Phrase] = []
    for phrase in said:
        length_s = phrase.out_s - phrase.in_s
        known = {word.text for word in phrase.words} & {"cut", "action"}
        sure = [word for word in phrase.words if word.probability >= _SURE and len(word.text) > 3 and length_s > _NARROW_S]
        tried = [text for text, longest_s in _CALLS.items() if length_s <= longest_s]
        if tried and not known and not sure and len(phrase.words) <= 2:
            fits = {text: _fit(ask, text, phrase) for text in tried}
            best = max(fits, key=lambda text: fits[text] / _LEAST_FIT[text])
            if fits[best] >= _LEAST_FIT[best]:
                word = Spoken(text=best.split()[-1].lower(), in_s=phrase.in_s, out_s=phrase.out_s, probability=round(fits[best], 4), ends=True)
                phrase = replace(phrase, words=(word,))
        out.append(phrase)
    return out


def hearer(samples: Any, model: str) -> Hear:
    """The speech model for one stretch at a time of one sound (float, 16 kHz, full scale 1.0); it is loaded with the first."""

    def hear(in_s: float, out_s: float) -> list[Heard]:
        from answerprint.media import speech
        from answerprint.model.attempts import Heard

        first_s = max(0.0, in_s)
        part = samples[int(first_s * _RATE_HZ) : int(out_s * _RATE_HZ)]
        ears = speech.listener(model)
        found = ears.decode(part, [(0.0, min(len(part) / _RATE_HZ, speech.WINDOW_S))], ears.voice(part))
        return [
            Heard(in_s=first_s + word.start_s, out_s=first_s + word.end_s, text=word.text, probability=round(word.probability, 3))
            for phrase in found for word in phrase.words
        ]  # fmt: skip

    return hear


def pickups_again(said: Sequence[Phrase], called: Sequence[Call], hear: Hear) -> list[Phrase]:
    """What is said after "cut" and before the next call, heard by itself unless it is surely what crews say: is it a pickup that was called?

    Other phrases, and those that are no pickup at the second hearing either, stay as they were.
    Args: called: the calls among `said`.
    """
    from answerprint.script.calling import Phrase, calls, crew
    from answerprint.script.slating import spoken

    out: list[Phrase] = []
    for group in _in_one_breath(said):
        in_s, out_s = group[0].in_s, group[-1].out_s
        before = [call for call in called if call.in_s < in_s + 0.1]
        own = any(call.in_s < out_s and call.out_s > in_s for call in called)
        sure = min(phrase.probability for phrase in group) >= _DOUBTED and crew(" ".join(phrase.text for phrase in group))
        if before and before[-1].kind == "cut" and not own and not sure and out_s - in_s <= _LONGEST_S:
            words = spoken(hear(in_s - _AROUND_S, out_s + _AROUND_S))
            again = Phrase(in_s=in_s, out_s=out_s, words=tuple(words))
            group = [again] if [call.kind for call in calls([again])] == ["pickup"] else group
        out += group
    return out


def _in_one_breath(said: Sequence[Phrase]) -> list[list[Phrase]]:
    groups: list[list[Phrase]] = []
    for phrase in said:
        if not groups or phrase.in_s - groups[-1][-1].out_s > _BREATH_S:
            groups.append([])
        groups[-1].append(phrase)
    return groups


def _fit(ask: Ask, text: str, phrase: Phrase) -> float:
    """How likely exactly this was said there: its last word, and nothing after it."""
    begin_s, end_s = phrase.in_s - _AROUND_S, phrase.out_s + _AROUND_S
    word = ask(begin_s, end_s, text)[-1]
    with_stop = ask(begin_s, end_s, text + ".")[-1]  # the mean over the word and its full stop
    return word * max(0.0, 2 * with_stop - word)


def slates_again(slated: Sequence[Slate], said: Sequence[Phrase], claps: Sequence[float], hear: Hear) -> list[Slate]:
    """Slates of which a word is doubtful, or that do not begin where somebody began to speak, each heard by itself.

    That hearing stands where it is surer of the number, or reads as a slate from an earlier word on.
    """
    return [_by_itself(slate, said, claps, hear) for slate in slated]


def _by_itself(slate: Slate, said: Sequence[Phrase], claps: Sequence[float], hear: Hear) -> Slate:
    from answerprint.script.slating import slates, spoken

    at = next((n for n, phrase in enumerate(said) if phrase.in_s - 0.1 <= slate.words_s[1] <= phrase.out_s + 0.1), None)
    if at is None or said[at].out_s - said[at].in_s > _LONGEST_S:
        return slate
    here, first = said[at], at
    while first and said[first].in_s - said[first - 1].out_s <= _BREATH_S and said[first].in_s > slate.words_s[0] + 0.1 and here.out_s - said[first - 1].in_s <= _LONGEST_S:
        first -= 1  # "twelve delta - roll one, take eight" is one slate
    here = replace(here, in_s=said[first].in_s, words=tuple(word for phrase in said[first : at + 1] for word in phrase.words))
    named, unsure = slate.scene or slate.slate, "number" in slate.unsure
    late = slate.words_s[0] - here.in_s > _AROUND_S
    if named and slate.take is not None and not unsure and not late and here.probability >= _DOUBTED:
        return slate
    ends = [here.out_s + _ON_S, *(phrase.in_s for phrase in said[at + 1 : at + 2]), *(clap for clap in claps if clap > here.out_s)]
    words = hear(here.in_s - _AROUND_S, max(here.out_s + _AROUND_S, min(ends)))
    again = next((one for one in reversed(slates(spoken(words), claps)) if one.scene or one.slate), None)
    if again is None or again.words_s[0] > max(slate.words_s[0], here.in_s) + _WORD_S:  # "roll one, take four" is what is left of a slate
        return slate
    surer = unsure and "number" not in again.unsure
    longer = late and again.words_s[0] < slate.words_s[0] - _AROUND_S
    if named and not surer and not longer and not (slate.take is None and again.take is not None):
        return slate
    return replace(
        again, tail=slate.tail or again.tail, suffix=slate.suffix or again.suffix, out_s=max(slate.out_s, again.out_s), clap_s=slate.clap_s or again.clap_s,
        measure=f"heard by itself: {again.measure}",
    )  # fmt: skip


def suffix_again(slate: Slate, ask: Ask) -> Slate:
    """A slate after whose take number a word follows that means nothing there: was it "pickup"? The measure says so, with the figure."""
    from answerprint.script.slating import number_words

    if "suffix" not in slate.unsure or slate.take is None:
        return slate
    named = slate.scene or slate.slate or ""
    digits, letters = named.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), named.lstrip("0123456789")
    called = f"{'Slate' if slate.slate else 'Scene'} {number_words(int(digits))}{' ' + _name(letters) if letters else ''}, " if digits else ""
    before = f"{called}take {number_words(slate.take)}."
    said = {text: math.exp(_weight(ask, slate.words_s[0] - _AROUND_S, slate.words_s[1] + _AT_ONCE_S, before, text)) for text in _FOLLOWS}
    pickup = max(said, key=said.__getitem__) == "Pickup." and said["Pickup."] >= _PICKUP
    return replace(slate, suffix="pickup" if pickup else slate.suffix, measure=f"{slate.measure}; 'pickup' laid against the sound: {said['Pickup.']:.3f}")


def _name(letters: str) -> str:
    from answerprint.script.slating import ALPHABET

    return " ".join(next(word.capitalize() for word in ALPHABET if word[0].upper() == letter) for letter in letters)


def _weight(ask: Ask, begin_s: float, end_s: float, prefix: str, text: str) -> float:
    """The logarithm of how likely `text` follows `prefix` there. A word's first letters carry the doubt: a mean over its parts hides it."""
    likely = ask(begin_s, end_s, f"{prefix} {text}".strip())
    return sum(math.log(max(value, 1e-9)) for value in likely[len(prefix.split()) :])
