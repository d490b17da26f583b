"""What is called around takes: "action", "cut", "still rolling, go again", an actor's "sorry, again", "pickup from line two".

A call is a phrase of its own: "cut" after a pause is one, "they cut the price" is none, and no word of a script's line is. Pure: words
in, calls out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from answerprint.model.attempts import Heard
from answerprint.script.slating import Spoken, spoken

__all__ = ["Call", "CallKind", "Phrase", "calls", "crew", "phrases"]

CallKind = Literal["action", "cut", "again", "sorry", "pickup", "wild", "MOS"]

_GAP_S = 0.3  # a shorter gap lies inside a phrase; voice detectors hold as long
_BREATH_S = 0.6  # a pause inside what one person says
_CALL_S = 0.55  # "action" takes 0.45 s, "cut" 0.3: no room for another word

_PRE = r"(?:(?:and|end|ain't|hand|in|an|okay|ok|alright|all right|right|ready|set|background|camera|uh|um|so|now|got|great|good|here we go|whenever you're ready|in your own time|three two one|3 2 1|a) )*"
_POST = r"(?: (?:please|everybody|everyone|guys|folks|thank you|thanks))*"
_ACTION = re.compile(rf"^{_PRE}action(?: action)*{_POST}$|^(?:induction|inaction)$|\b(?:and|ready) action$")
_CUT = re.compile(
    rf"^(?:{_PRE}(?:let's |that's a |that's |we'll |i'll )?cut(?: cut| it| there| that| here)*{_POST})"
    r"(?: (?:good|great|lovely|nice|perfect|beautiful|okay|ok|sorry|moving on|check the gate|one more|again|going again|that's|thank|print|excellent|fantastic|let's|back to).*)?$"
)
_ROLLING = re.compile(r"\b(?:still|till|keep|keep it|we're still|stay|so|steel|kept) rolling\b|\brolling (?:still|on)\b")
_AGAIN = re.compile(
    r"\b(?:still|till|keep|keep it|stay|steel) rolling\b|\b(?:go|going) again\b|\bback to (?:one|1|first positions|ones)\b|\b(?:one|1) more time\b|\bonce more\b"
    r"|^(?:and |okay |ok )*reset\b|\bsame again\b|\bagain please\b|\bstraight (?:away|back) (?:again|in)\b|\brolling (?:one|1) more\b|\bdo (?:that|it) again\b|^(?:and|oh) again$|^(?:so|steel|kept|we're|we are) rolling$"
)
_SORRY_WORDS = frozenset(
    "sorry again let me start can i go over oh no my bad one more damn shoot shit ugh uh um from the top hold on wait that wrong may we lost it line what's please ok okay i'm so do try i'll we'll "
    "god gosh oops excuse beginning to with would could just it's story surrey".split()
)
_JOINING = frozenset("the i it to from with do so it's that".split())  # an actor says these in any line
_SORRY = re.compile(r"\b(?:sorry|story|my bad|let me (?:start|go|try|do)|can i (?:go|start|try|do)|may i (?:go|start)|i'll (?:start|go) (?:again|over)|start (?:again|over)|from the top|excuse me)\b")
_PICKUP = re.compile(
    r"\b(?:pick ?up|picking (?:it )?up|pick it up|pick ups?|pickups)\b(?=.*\b(?:line|lines|from|last|first|word|only|top|at|after|second|just)\b)|^(?:\w+ ){0,4}(?:pickup|pick up)(?: please)?$"
    r"|\bfrom (?:the top of )?line (?:one|two|three|four|five|six|seven|eight|\d+|to|for)\b"
    r"|\b(?:last|first|final) (?:line|word|half|bit|part)s? (?:only|please|again)\b|\b(?:only|just) the (?:last|first|final) (?:line|word|half|bit|part)s?\b"
    r"|^(?:\w+ ){0,3}line (?:one|two|three|four|five|six|seven|eight|\d+|to|too|for) (?:only|please|again)$"
)
_CREW_END = re.compile(r"\b(?:one more|check the gate|moving on|for sound|on set)$|^(?:\w+ )?speed$")
_CREW = re.compile(
    r"^(?:(?:and|okay|ok|alright|so|right|just|now|we are|we're|is the|a|b|c|the|everybody|everyone|please) )*(?:quiet|white|silence|sound|camera|speed|roll|role|rolling|final checks|last looks|"
    r"lock it up|walk it up|stand ?by|settle|background|mark|marker|market|set|ready|hold the work|picture'?s? up|tail|end slate|slate|scene|good|great|lovely|moving on|check the gate|that's the one|"
    r"beautiful|perfect|one more|nice|thank you|print|print it|keep that|let's (?:do|go|take|move|reset)|how was that|reset|next|going for|room tone|wild track|whenever you're ready|"
    r"in your own time|turn over|first positions|hold on|hold it|stop|wait)\b"
)


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """What somebody said in one go."""

    in_s: float
    out_s: float
    words: tuple[Spoken, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def probability(self) -> float:
        return min((word.probability for word in self.words), default=0.0)


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call, with how far to trust it."""

    kind: CallKind
    in_s: float
    out_s: float
    text: str
    measure: str
    rolling: bool = False  #: "still rolling": the camera was not cut


def phrases(words: Sequence[Heard], voice: Sequence[tuple[float, float]]) -> tuple[Phrase, ...]:
    """Words grouped by the stretches of voice they lie in, a stretch divided where its words pause. A stretch without a word stays.

    Args: voice: (start_s, end_s), rising and apart; where it is empty, the words' own gaps divide them.
    """
    heard = spoken(words)
    groups: list[tuple[float, float, list[Spoken]]] = [(start_s, end_s, []) for start_s, end_s in voice]
    loose: list[Spoken] = []
    for word in heard:
        best = max(groups, key=lambda group: min(word.out_s, group[1]) - max(word.in_s, group[0]), default=None)
        if best is not None and min(word.out_s, best[1]) - max(word.in_s, best[0]) > -0.15:
            best[2].append(word)
        else:
            loose.append(word)
    _hand_on(groups)
    out: list[Phrase] = []
    for start_s, end_s, inside in groups:
        if not inside:
            out.append(Phrase(in_s=start_s, out_s=end_s, words=()))
            continue
        parts = _divided(inside)
        for n, part in enumerate(parts):
            first = start_s if n == 0 else part[0].in_s
            last = end_s if n == len(parts) - 1 else part[-1].out_s
            out.append(Phrase(in_s=first, out_s=max(last, first), words=tuple(part)))
    out += [Phrase(in_s=part[0].in_s, out_s=part[-1].out_s, words=tuple(part)) for part in _divided(loose)]
    return tuple(sorted(out, key=lambda one: one.in_s))


def _hand_on(groups: list[tuple[float, float, list[Spoken]]]) -> None:
    """A word that a call is too short to hold belongs to the stretch after it: "action you | will see it"."""
    for here, after in pairwise(groups):
        words = here[2]
        call = next((n for n, word in enumerate(words) if word.text in ("action", "cut")), None)
        if call is not None and len(words) == call + 2 and here[1] - here[0] < _CALL_S + 0.2 * call and words[-1].text not in ("it", "there", "cut", "please"):
            moved = words.pop()
            after[2].insert(0, replace(moved, in_s=after[0], out_s=max(after[0], min(moved.out_s, after[1]))))


def _divided(words: Sequence[Spoken]) -> list[list[Spoken]]:
    parts: list[list[Spoken]] = []
    for word in words:
        if not parts or word.in_s - parts[-1][-1].out_s > _GAP_S:
            parts.append([])
        parts[-1].append(word)
    return parts


def calls(said: Sequence[Phrase], lines: Iterable[str] = ()) -> tuple[Call, ...]:
    """The calls among phrases, in order.

    Args: lines: the script's spoken lines: what reads like a call and stands in one of them is the line.
    """
    scripted = [f" {' '.join(word.text for word in spoken([Heard(text=line, in_s=0.0, out_s=0.0, probability=1.0)]))} " for line in lines]
    found: list[Call] = []
    past_s = 0.0
    for at, phrase in enumerate(said):
        text = phrase.text
        if not text or phrase.in_s < past_s or (len(phrase.words) > 1 and any(f" {text} " in line for line in scripted)):
            continue
        here = _calls_in(phrase)
        if not here or (here[0].kind == "pickup" and len(here) == 1):
            here = _over_pauses(said[at : at + 4]) or here
        if here and here[-1].kind == "again":
            here = [*here[:-1], replace(here[-1], out_s=_with_please(here[-1].out_s, said[at + 1 : at + 2]))]
        found += here
        past_s = max([past_s, *(call.out_s - 0.01 for call in here if call.kind in ("pickup", "again"))])
    return tuple(found)


def _with_please(out_s: float, after: Sequence[Phrase]) -> float:
    """Where a call ends that was said with a breath before its "please"."""
    return next((one.out_s for one in after if one.in_s - out_s <= _BREATH_S and re.fullmatch(_POST, f" {one.text}")), out_s)


def _over_pauses(said: Sequence[Phrase]) -> list[Call]:
    """A call to go again or for a pickup that was said with a pause in it: "okay, pickup - last line only"."""
    joined, best = said[0], []
    for phrase in said[1:]:
        if phrase.in_s - joined.out_s > _BREATH_S or not phrase.words or _ACTION.search(phrase.text) or _CUT.match(phrase.text):
            break
        joined = Phrase(in_s=joined.in_s, out_s=phrase.out_s, words=(*joined.words, *phrase.words))
        if _PICKUP.search(joined.text) and len(joined.words) <= 9:
            best = [_call("pickup", joined)]
    return best


def _calls_in(phrase: Phrase) -> list[Call]:
    text = phrase.text
    sentence = _sentences(phrase)
    if len(sentence) > 1:
        parts = [call for part in sentence for call in _calls_in(part) if call.kind != "action" or part is sentence[-1]]
        kinds = {call.kind for call in parts}
        if not kinds & {"again", "sorry", "pickup"}:
            return parts
    if _is_sorry(text) and not _ROLLING.search(text):
        return [_call("sorry", phrase)]
    if _PICKUP.search(text) and len(phrase.words) <= 14:
        return [_call("pickup", phrase)]
    if _CUT.match(text):
        made = [_cut(phrase)]
        if _AGAIN.search(text):
            made.append(_call("again", phrase))
        return made
    if _AGAIN.search(text) and len(phrase.words) <= 9:
        call = _call("again", phrase)
        return [replace(call, rolling=bool(_ROLLING.search(text)))]
    if _ACTION.search(text):
        first = next((word for word in reversed(phrase.words) if word.text == "action"), phrase.words[0])
        return [replace(_call("action", phrase), in_s=phrase.in_s if _ACTION.match(text) else first.in_s)]
    if re.search(r"\bwild (?:track|lines?|sound)\b", text):
        return [_call("wild", phrase)]
    return []


def _sentences(phrase: Phrase) -> list[Phrase]:
    """A phrase at its full stops, as it was transcribed."""
    parts: list[list[Spoken]] = [[]]
    for word in phrase.words:
        parts[-1].append(word)
        if word.ends:
            parts.append([])
    parts = [part for part in parts if part]
    out = []
    for n, part in enumerate(parts):
        out.append(Phrase(in_s=phrase.in_s if n == 0 else part[0].in_s, out_s=phrase.out_s if n == len(parts) - 1 else part[-1].out_s, words=tuple(part)))
    return out


def _cut(phrase: Phrase) -> Call:
    first = next(word for word in phrase.words if word.text == "cut")
    last = [word for word in phrase.words if word.text in ("cut", "it", "there", "that")][-1]
    return replace(_call("cut", phrase), out_s=max(last.out_s, first.out_s))


def _is_sorry(text: str) -> bool:
    found = text.split()
    if not _SORRY.search(text) or len(found) > 10:
        return False
    if len(found) > 2 and found[0] == "sorry" and not set(found[1:]) & (_SORRY_WORDS - _JOINING):  # "sorry seems the": a line that begins so
        return False
    return sum(word in _SORRY_WORDS for word in found) >= len(found) - (1 if len(found) > 2 else 0)


def _call(kind: CallKind, phrase: Phrase) -> Call:
    return Call(kind=kind, in_s=phrase.in_s, out_s=phrase.out_s, text=phrase.text, measure=f"least word probability {phrase.probability:.2f}")


def crew(text: str) -> bool:
    """Whether a phrase is how a crew talks around takes ("quiet please", "sound speed", "moving on"), said by itself."""
    return len(text.split()) <= 7 and bool(_CREW.match(text) or _CREW_END.search(text))
