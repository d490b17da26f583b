"""A line word by word against what was said: said, changed, missed, added.

What was heard without a prompt is the evidence. Where it differs from the script, the two wordings are weighed against the sound,
and the script's spelling is taken only where the sound bears it as well as what was heard. Numbers and denials are never weighed:
"fourteen" for "forty" and "can" for "can't" stay as they were heard.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from answerprint.model.attempts import Heard, Said
from answerprint.script.matching import Line, Reading, Token
from answerprint.script.sounding import consonants, nearness, sound

__all__ = ["Difference", "Weigh", "differences", "worded"]

#: (in_s, out_s, texts) -> for each text two log-likelihoods in nats: given the sound, and given an empty room's (what it owes to expectation)
Weigh = Callable[[float, float, Sequence[str]], Sequence[tuple[float, float]]]

NEAR = 0.65  #: how near heard and script must sound to be weighed at all ("Barfield" for "Larkfield" 0.71; "fireproof" for "waterproof" 0.61)
SURE = 0.85  #: a word the listener was so sure of stands: of the misheard ones it was never surer than 0.82
#: Nats by which the scripted wording may fall behind the heard one: misheard words fell up to 1.1 behind ("Barfield" for "Larkfield").
BEHIND = 1.2
#: And what either wording owes to plain expectation is taken off: the sound alone must bear the script's at least as well. Misheard words
#: came to 0.1 ahead and more; "Vermont" for "Fairmont" stayed 5 behind, "critically" for "clinically" 4, "Printing" for "painting" 1.3.
BEHIND_IN_SOUND = 0.0
VOWELS_BEHIND = 3.3  #: where only vowels differ ("breaks", "Hazleton") the sound has little to say, and the words around decide
RUN_APART, RUN_APART_BEHIND = 0.94, 1.8  #: one word heard as two, or two as one: "bright wool" for "Brightwell" 0.9 behind, "bright wood" 1.9
MOST_S = 28.0  #: of sound can be weighed at once: two seconds under what the listener hears
AROUND_S = 0.2  #: of sound on either side of a line, so that its first and last consonant are inside
NUMBERS = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty "
    "sixty seventy eighty ninety hundred thousand million billion trillion half quarter third thirds quarters dozen double triple twice once first second fourth "
    "fifth sixth seventh eighth ninth tenth point percent".split()
)
HOMOPHONES = frozenset(map(frozenset, (("four", "for"), ("two", "to"), ("two", "too"), ("to", "too"), ("one", "won"), ("eight", "ate"), ("by", "buy"), ("our", "hour"))))
DENIALS = frozenset("no not never none nothing nobody without cannot neither nor hardly nearly almost only".split())


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A place where script and hearing part: written words of the line, heard words of the speech; one side may be empty."""

    script: tuple[int, ...]  #: written words of the line
    heard: tuple[int, ...]  #: heard words
    script_tokens: tuple[str, ...]
    heard_tokens: tuple[str, ...]
    same: bool  #: the same sounds, whatever the spelling

    @property
    def near(self) -> float:
        return nearness("".join(self.script_tokens), "".join(self.heard_tokens)) if self.script_tokens and self.heard_tokens else 0.0

    @property
    def guarded(self) -> bool:
        """A number on either side, or a denial that the other side lacks: never decided by weighing."""
        a, b = self.script_tokens, self.heard_tokens
        return any(text in NUMBERS for text in (*a, *b)) or _denials(a) != _denials(b)


def _denials(tokens: Sequence[str]) -> int:
    return sum(text in DENIALS or text.endswith("n't") for text in tokens)


def differences(line: Line, reading: Reading, speech: Sequence[Token]) -> tuple[Difference, ...]:
    """The line and what was heard, cut into the smallest pieces that share no word of the line, in order.

    A heard word may be in two: "14%" against forty percent is a changed word and a said one. A number in figures is one thing: "300"
    against two hundred is changed as a whole.
    """
    groups: list[tuple[set[int], set[int], list[tuple[tuple[int, ...], tuple[int, ...], float]]]] = []
    for pair in reading.pairs:
        script = {reading.tokens[index].word for index in pair.script}
        heard = {speech[index].word for index in pair.heard}
        entry = (pair.script, pair.heard, pair.near)
        if groups and (groups[-1][0] & script or (groups[-1][1] & heard and _one_number(reading, speech, [*groups[-1][2], entry]))):
            groups[-1][0].update(script)
            groups[-1][1].update(heard)
            groups[-1][2].append(entry)
        else:
            groups.append((script, heard, [entry]))
    found = [
        Difference(
            script=tuple(sorted(script)), heard=tuple(sorted(heard)),
            script_tokens=tuple(reading.tokens[index].text for pair in pairs for index in pair[0]),
            heard_tokens=tuple(speech[index].text for pair in pairs for index in pair[1]),
            same=all(_same(reading, speech, pair) for pair in pairs),
        )
        for script, heard, pairs in groups
    ]  # fmt: skip
    at = 0
    while at + 1 < len(found):
        joined = _joined(found[at], found[at + 1])
        if joined is not None:
            found[at : at + 2] = [joined]
        else:
            at += 1
    return tuple(found)


def _one_number(reading: Reading, speech: Sequence[Token], entries: Sequence[tuple[tuple[int, ...], tuple[int, ...], float]]) -> bool:
    texts = [reading.tokens[index].text for entry in entries for index in entry[0]] + [speech[index].text for entry in entries for index in entry[1]]
    return all(text in NUMBERS and text != "percent" for text in texts)


def _joined(one: Difference, other: Difference) -> Difference | None:
    """A changed word and a word added beside it, where together they sound more like the script: "bright" and "wood"."""
    if one.same or other.same or bool(one.script) == bool(other.script) or not (one.heard and other.heard):
        return None
    both = Difference(
        script=one.script + other.script, heard=tuple(sorted({*one.heard, *other.heard})), script_tokens=one.script_tokens + other.script_tokens,
        heard_tokens=one.heard_tokens + other.heard_tokens, same=False,
    )  # fmt: skip
    bare, full = (one, other) if other.script else (other, one)
    return both if set(bare.heard) <= set(full.heard) or both.near > full.near else None


def _same(reading: Reading, speech: Sequence[Token], pair: tuple[tuple[int, ...], tuple[int, ...], float]) -> bool:
    if len(pair[0]) == len(pair[1]) == 1 and frozenset((reading.tokens[pair[0][0]].text, speech[pair[1][0]].text)) in HOMOPHONES:
        return True
    one, other = "".join(reading.tokens[index].text for index in pair[0]), "".join(speech[index].text for index in pair[1])
    return one.replace("'", "") == other.replace("'", "") or (bool(one and other) and sound(one) == sound(other))


def worded(
    line: Line, reading: Reading, speech: Sequence[Token], heard: Sequence[Heard], weigh: Weigh | None = None
) -> tuple[Said, ...]:
    """Every word of a line, and every word added inside it, in order.

    Args:   reading: where `matching.find` found it.  speech: the tokens it was found in, of these `heard` words.
            weigh: asks the sound; without it only what sounds alike counts as said.
    Returns: `heard` in each Said is what the listener wrote down, also where the script's spelling was restored.
    """
    found = differences(line, reading, speech)
    out: list[Said] = []
    for at, one in enumerate(found):
        restored = one.same or (weigh is not None and _borne(line, found, at, heard, weigh))
        out += _said(line, one, heard, restored)
    return tuple(out)


def _borne(line: Line, found: Sequence[Difference], at: int, heard: Sequence[Heard], weigh: Weigh) -> bool:
    """Whether the sound bears the script's wording at one place about as well as what was heard there."""
    one = found[at]
    vowels_only = bool(one.heard) and consonants("".join(one.script_tokens)) == consonants("".join(one.heard_tokens))
    if one.guarded or one.near < NEAR or (not vowels_only and min(heard[index].probability for index in one.heard) >= SURE):
        return False
    inside = [index for other in found for index in other.heard]
    first, last = min(inside), max(inside)
    while heard[last].out_s - heard[first].in_s > MOST_S:  # a long speech: weigh the place with the words around it
        if one.heard[0] - first > last - one.heard[-1]:
            first += 1
        elif last > one.heard[-1]:
            last -= 1
        else:
            return False
    before = [heard[index].text for index in range(first, one.heard[0])]
    after = [heard[index].text for index in range(one.heard[-1] + 1, last + 1)]
    written = " ".join(line.written[index] for index in one.script) + _mark(heard[one.heard[-1]].text)
    scripted = " ".join([*before, written, *after])
    as_heard = " ".join(heard[index].text for index in range(first, last + 1))
    (script, script_expected), (evidence, expected) = weigh(
        heard[first].in_s - AROUND_S, heard[last].out_s + AROUND_S, (scripted, as_heard)
    )
    behind = evidence - script
    if len(one.script) != len(one.heard) and one.near >= RUN_APART:
        return behind <= RUN_APART_BEHIND
    if vowels_only:  # "breaks", "Hazleton": the ear has no better evidence than the words around
        return behind <= VOWELS_BEHIND
    return behind <= BEHIND and behind - (expected - script_expected) <= BEHIND_IN_SOUND


def _mark(text: str) -> str:
    """The comma or full stop after a word: it stays, so that only the word is weighed."""
    return text[len(text.rstrip(".,;:!?")) :]


def _said(line: Line, one: Difference, heard: Sequence[Heard], restored: bool) -> list[Said]:
    """One Said for each written word of a difference; words heard beyond them are added."""
    script = [line.written[index] for index in one.script]
    words = [heard[index] for index in one.heard]
    if not script:
        return [Said(how="added", script=None, heard=word.text, in_s=word.in_s, out_s=word.out_s) for word in words]
    if not words:
        return [Said(how="missed", script=text, heard=None) for text in script]
    out = []
    for n, text in enumerate(script):
        first, last = n * len(words) // len(script), max((n + 1) * len(words) // len(script), n * len(words) // len(script) + 1)
        part = words[first:last]
        out.append(
            Said(
                how="said" if restored else "changed", script=text, heard=" ".join(word.text for word in part),
                in_s=part[0].in_s, out_s=part[-1].out_s,
            )
        )  # fmt: skip
    return out
