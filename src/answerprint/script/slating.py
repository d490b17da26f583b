"""What is spoken on a slate: "scene one alpha, take three", "42 take 2", "tail slate", as a noisy transcript spells it.

Homophones ("seen won alpha, tape too") count only where a slate's own grammar asks for that word: between "scene" and "take" a
number, after it a letter; after "take" a number. What was taken for another word says so in its measure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from answerprint.model.attempts import Heard
from answerprint.script.sounding import nearness

__all__ = ["ALPHABET", "Slate", "Spoken", "number_words", "slates", "sounds_like", "spoken"]

Unsure = Literal["number", "letter", "take", "suffix"]
Suffix = Literal["", "pickup", "wild", "MOS", "series"]

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = {word: 10 * (2 + n) for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())}
_NUMBERS = {**{word: n for n, word in enumerate(_ONES)}, **_TENS, "oh": 0, "fourty": 40}
#: as a speech model spells a number that stands alone
_ALIKE = {"won": 1, "wan": 1, "to": 2, "too": 2, "tu": 2, "tree": 3, "free": 3, "for": 4, "fore": 4, "fife": 5, "fine": 5, "sicks": 6, "sex": 6, "ate": 8, "aid": 8, "or": 4, "tea": 2,
          "eh": 8, "hate": 8, "a": 8, "nein": 9, "mine": 9, "niner": 9, "tan": 10}  # fmt: skip
ALPHABET = ("alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec romeo sierra tango uniform victor "
             "whiskey xray yankee zulu").split()  # fmt: skip
_OLDER = "able baker charlie dog easy fox george how item jig king love mother nancy orange peter queen roger sugar tommy uncle victor william xray yellow zebra".split()
_LETTERS = {**{word: word[0].upper() for word in (*_OLDER, *ALPHABET)}, "apple": "A", "alfa": "A", "alfred": "A", "boy": "B", "david": "D", "edward": "E", "frank": "F",
            "juliett": "J", "whisky": "W"}  # fmt: skip
_LETTER_ALIKE = {"bee": "B", "be": "B", "see": "C", "sea": "C", "dee": "D", "ee": "E", "gee": "G", "jay": "J", "kay": "K", "el": "L", "em": "M", "en": "N",
                 "pee": "P", "cue": "Q", "queue": "Q", "are": "R", "tea": "T", "tee": "T", "you": "U", "ay": "A", "hey": "A"}  # fmt: skip
_TAKE, _TAKE_ALIKE = {"take"}, {"takes", "tape", "taken", "tick", "tk", "tech", "teak", "tag", "thank", "cake", "tank", "ticket", "pick"}
_SCENE, _SCENE_ALIKE = {"scene"}, {"seen", "seem", "seems", "scenes", "sin", "seeing", "sing", "sea", "see", "c", "seat", "scenic", "singh", "seed", "same"}
_SLATE, _SLATE_ALIKE = {"slate", "setup", "shot", "board"}, {"slates", "late", "sleight", "sleep", "split"}
_TAIL, _TAIL_ALIKE = {"tail", "end", "tails", "endboard"}, {"tale", "and", "tell", "tales", "in", "an", "upside", "n"}
_MARK = {"mark", "marker", "market", "marked", "marks", "markers", "sticks", "margaret", "marcus", "mock", "mocker", "markets", "marca", "smarker"}
_FILLER = {"number", "roll", "camera", "and", "the", "an", "is", "it's", "this", "uh", "um", "common", "on", "no", "unit", "of"}
_ROLL = {"roll", "camera", "role", "real", "reel", "row"}
_NEAR = 0.6  # sounds near enough to be one word misheard: "trolley"/"charlie" 0.6
_MARK_WITHIN_S, _REACH = 4.0, 11  # a clap comes within seconds of the words; a slate's words are few
_SURE = 0.6  # a number heard with less is listened to again
_AT_ONCE_S = 0.5  # a suffix follows its number without a breath
_PAUSE_S = 3.5  # nobody pauses longer within a slate


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """One word in the form in which it is compared: lower-case letters, or figures."""

    text: str
    in_s: float
    out_s: float
    probability: float
    ends: bool = False  #: a sentence ends with it, as it was transcribed


@dataclass(frozen=True, kw_only=True)
class Slate:
    """One spoken slate. At least one of scene, slate and take is known."""

    scene: str | None
    slate: str | None
    take: int | None
    tail: bool
    suffix: Suffix
    in_s: float  #: its first word
    out_s: float  #: its last word, its mark, or its clap, whichever is last
    text: str
    measure: str  #: "word probability 0.93", and what was taken for what
    clap_s: float | None = None
    words_s: tuple[float, float] = (0.0, 0.0)  #: from its first word to its last, without mark and clap
    unsure: tuple[Unsure, ...] = ()  #: read from words that only sound so, or not at all
    names: tuple[tuple[str, int, float], ...] = ()  #: all that were weighed, best first: scene or slate, take, logarithm of how well it fits
    span_s: tuple[float, float] = (0.0, 0.0)  #: the stretch in which they were weighed; empty where they were not


@dataclass
class _Parts:
    """What a run of words before "take" said."""

    scene: str | None = None
    slate: str | None = None
    named: bool = False  # "scene" or "slate" was said, not only a number
    start: int = 0
    number_p: float = 1.0  # how sure its number was heard; 0 where another word was
    weak: bool = False  # any word where a letter belongs
    letter: str = ""  # what was taken for a letter's name, where it was not that name


def spoken(words: Sequence[Heard]) -> list[Spoken]:
    """Words taken apart into what is compared: "1A," is "1" and "a"; "take-four" two words. Marks fall away; time is shared out."""
    out: list[Spoken] = []
    for word in words:
        text = word.text.lower().replace("’", "'")
        parts = re.findall(r"\d+|[a-z']+", re.sub(r"(?<=\d),(?=\d{3})", "", text))
        if "".join(parts) == "mos" or text.strip(".,!?") == "m.o.s":
            parts = ["mos"]
        parts = [part for raw in parts if (part := raw.strip("'"))]
        step = (word.out_s - word.in_s) / max(1, len(parts))
        for n, part in enumerate(parts):
            ends = n == len(parts) - 1 and text.rstrip("\"'").endswith((".", "!", "?"))
            begin = word.in_s + n * step
            out.append(Spoken(text=part, in_s=begin, out_s=begin + step, probability=word.probability, ends=ends))
    return out


def number_words(number: int) -> str:
    """0 to 9999 as a slate says it: 42 forty two, 139 one thirty nine, 200 two hundred."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens = next(word for word, value in _TENS.items() if value == number // 10 * 10)
        return f"{tens} {_ONES[number % 10]}" if number % 10 else tens
    if number % 100 == 0:
        return f"{number_words(number // 100)} hundred" if number % 1000 else f"{_ONES[number // 1000]} thousand"
    rest = number % 100
    return f"{number_words(number // 100)} {'oh ' if rest < 10 else ''}{number_words(rest)}"


def sounds_like(number: int) -> tuple[int, ...]:
    """Numbers that are taken for one another: 4, 14 and 40."""
    ones = number % 10 if number < 20 else number // 10 if number < 100 and number % 10 == 0 else 0
    if 2 < ones < 10:
        return tuple(dict.fromkeys((number, ones, ones + 10, ones * 10)))
    return (number,)


def slates(words: Sequence[Spoken], claps: Sequence[float] = ()) -> tuple[Slate, ...]:
    """Every spoken slate, in order.

    Words that an actor may say ("take two at breakfast") are a slate only with a scene or a slate number before them, or with a mark
    or a clap after them.
    Args:   words: as `spoken` gives them.  claps: seconds.
    Empty:  nothing that reads like a slate.
    """
    found: list[Slate] = []
    at = 0
    while at < len(words):
        one = _taken(words, at, claps) if words[at].text in _TAKE | _TAKE_ALIKE else None
        one = one or _untaken(words, at, claps)
        if one is None or (found and one[0].in_s < found[-1].out_s - 0.5):
            at += 1
            continue
        found.append(one[0])
        at = max(at + 1, one[1])
    return tuple(found)


def _taken(words: Sequence[Spoken], at: int, claps: Sequence[float]) -> tuple[Slate, int] | None:
    """A slate whose "take" is words[at]; and the word after it."""
    exact = words[at].text in _TAKE
    number = _number(words, at + 1, loose=True, most=1)
    if number is None and at + 1 < len(words):
        number = _misheard_number(words[at + 1].text, at + 1)
    parts = _before(words, at)
    if parts is None and not exact:
        return None
    after = number[1] if number else at + 1
    marked = _marked(words, after, claps, words[after - 1].out_s)
    tail_from = _tail(words, parts.start if parts else at)
    sure = parts is not None and (parts.named or (parts.scene is not None and not parts.scene.isdigit() and not parts.weak))
    if not sure and not marked and tail_from is None:
        return None
    if number is None and not (parts is not None and marked):
        return None
    if parts is None and not marked and tail_from is None:
        return None
    return _made(words, at, parts, number, after, tail_from, claps)


def _untaken(words: Sequence[Spoken], at: int, claps: Sequence[float]) -> tuple[Slate, int] | None:
    """A slate without a take ("scene two bravo. Marker."): only where "scene" or "slate" is clear and a mark or a clap follows."""
    if words[at].text not in _SCENE | _SLATE:
        return None
    for end in range(min(len(words), at + 6), at + 1, -1):
        if any(word.text in _TAKE | _TAKE_ALIKE for word in words[at : min(len(words), end + 4)]):
            continue
        parts = _spec(words, at, end)
        if parts is not None and _marked(words, end, claps, words[end - 1].out_s):
            return _made(words, end - 1, parts, None, end, _tail(words, at), claps)
    return None


def _made(
    words: Sequence[Spoken], at: int, parts: _Parts | None, number: tuple[int, int, bool] | None, after: int, tail_from: int | None, claps: Sequence[float]
) -> tuple[Slate, int]:  # fmt: skip
    first = min(index for index in (at, parts.start if parts else at, tail_from if tail_from is not None else at))
    suffix, after = _suffix(words, after)
    marked_to = _mark_words(words, after)
    out_s = words[max(after, marked_to) - 1].out_s
    clap = next((clap for clap in claps if words[at].in_s < clap <= out_s + _MARK_WITHIN_S and not _words_between(words, max(after, marked_to), clap)), None)
    run = words[first:after]
    doubts = [word.text for word in run if word.text in _ALIKE or word.text in _TAKE_ALIKE or word.text in _SCENE_ALIKE]
    if number and number[2]:
        doubts.append(words[after - 1].text)
    if parts is not None and parts.letter:
        doubts.append(parts.letter)
    least = min(word.probability for word in run)
    measure = f"least word probability {least:.2f}" + (f"; heard as {' '.join(repr(one) for one in dict.fromkeys(doubts))}" if doubts else "")
    return Slate(
        scene=parts.scene if parts else None, slate=parts.slate if parts else None, take=number[0] if number else None, tail=tail_from is not None, suffix=suffix,
        in_s=words[first].in_s, out_s=max(out_s, clap or 0.0), text=" ".join(word.text for word in run), measure=measure, clap_s=clap,
        words_s=(words[first].in_s, words[after - 1].out_s), unsure=(*_unsure(words, at, parts, number), *(_followed(words, after, suffix, clap) if number else ())),
    ), max(after, marked_to)  # fmt: skip


def _unsure(words: Sequence[Spoken], at: int, parts: _Parts | None, number: tuple[int, int, bool] | None) -> tuple[Unsure, ...]:
    said_take = words[at].text in _TAKE | _TAKE_ALIKE
    low = number is not None and words[number[1] - 1].probability < _SURE
    take: tuple[Unsure, ...] = ("take",) if said_take and (number is None or number[2] or low) else ()
    letter: tuple[Unsure, ...] = ("letter",) if parts is not None and parts.letter else ()
    numbered: tuple[Unsure, ...] = ("number",) if parts is not None and parts.number_p < _SURE else ()
    return (*numbered, *letter, *take)


def _followed(words: Sequence[Spoken], after: int, suffix: Suffix, clap: float | None) -> tuple[Unsure, ...]:
    """Whether a word that means nothing here follows the take number at once: "take seven, echo?" may be a pickup."""
    if suffix or after >= len(words) or words[after].in_s - words[after - 1].out_s > _AT_ONCE_S or (clap and words[after].in_s > clap) or words[after].text in _MARK | _FILLER - {"the", "is"}:
        return ()
    return ("suffix",) if words[after].probability < 0.7 and words[after].text != "a" else ()


def _before(words: Sequence[Spoken], at: int) -> _Parts | None:
    """The scene or slate said before "take", by the longest run that reads as one."""
    best = None
    for start in range(at - 1, max(-1, at - _REACH), -1):
        if words[start + 1].in_s - words[start].out_s > _PAUSE_S:
            break
        parts = _spec(words, start, at)
        if parts is not None:
            best = parts
        elif best is not None and words[start].text not in _SCENE_ALIKE | _SLATE_ALIKE | _FILLER | _NUMBERS.keys() | {"hundred"}:
            break
    return best


def _spec(words: Sequence[Spoken], start: int, end: int) -> _Parts | None:
    """words[start:end] as [scene|slate] number [letters] [roll n] [camera x]: all of them, or None."""
    at = start
    parts = _Parts(start=start)
    kind = ""
    while at < end and (words[at].text in _FILLER or words[at].text in _SCENE | _SCENE_ALIKE | _SLATE | _SLATE_ALIKE):
        text = words[at].text
        if text in _SCENE or (text in _SCENE_ALIKE and not kind):
            kind, parts.named = "scene", parts.named or text in _SCENE or text == "seen"
        elif text in _SLATE or (text in _SLATE_ALIKE and not kind):
            kind, parts.named = "slate", parts.named or text in _SLATE
        elif at == start and text in _FILLER:
            return None
        at += 1
    if at == start and start > 0 and words[start - 1].text in _ROLL:
        return None
    named = at + 1 < end and words[at + 1].text in ALPHABET
    number = _number(words, at, loose=at > start or named, most=2)
    if number is None or number[1] > end:
        return None
    parts.number_p = 0.0 if number[2] else min(word.probability for word in words[at : number[1]])
    at = number[1]
    letters = ""
    while at < end and len(letters) < 2:
        joined = _letter(words[at].text + words[at + 1].text, loose=True) if at + 1 < end and len(words[at].text) > 1 and words[at].text.isalpha() and words[at + 1].text.isalpha() else None
        letter = _letter(words[at].text, loose=True)
        if joined and words[at].text not in ALPHABET and words[at + 1].text not in _ROLL:
            letters, at = letters + joined, at + 2
        elif letter:
            letters, at = letters + letter, at + 1
        elif not letters and at == end - 1 and len(words[at].text) > 3 and words[at].text.isalpha() and words[at].text not in _FILLER:
            parts.weak, letters, at = True, max(ALPHABET, key=lambda word: nearness(words[at].text, word))[0].upper(), at + 1
        else:
            break
    parts.letter = words[at - 1].text if letters and words[at - 1].text not in ALPHABET and len(words[at - 1].text) > 1 else ""
    while at < end:
        if words[at].text in _ROLL and at + 1 < end:
            passed = _number(words, at + 1, loose=True, most=1)
            at = passed[1] if passed and passed[1] <= end else at + 2
        elif words[at].text in _FILLER and kind:
            at += 1
        else:
            return None
    if kind == "slate" and not letters:
        parts.slate = str(number[0])
    elif letters or kind == "scene":
        parts.scene = f"{number[0]}{letters}"
    else:
        parts.slate = str(number[0])
    return parts


def _number(words: Sequence[Spoken], at: int, *, loose: bool, most: int) -> tuple[int, int, bool] | None:
    """The number that begins at words[at], the word after it, and whether it was read from a word that only sounds like it.

    `most` digits groups: a take is one number, a slate may be said figure by figure ("one oh one").
    """
    if at >= len(words):
        return None
    text = words[at].text
    if text.isdigit():
        value, after = int(text), at + 1
        if most > 1 and len(text) == 1:
            while after < len(words) and words[after].text.isdigit() and len(words[after].text) == 1 and after - at < 3:
                value, after = value * 10 + int(words[after].text), after + 1
        return (value, after, False) if value < 10_000 else None
    if text not in _NUMBERS:
        return (_ALIKE[text], at + 1, True) if loose and text in _ALIKE and (most == 1 or text != "a") else None
    value, after = _NUMBERS[text], at + 1
    if text in _TENS and after < len(words) and 0 < _NUMBERS.get(words[after].text, 0) < 10:
        value, after = value + _NUMBERS[words[after].text], after + 1
    if after < len(words) and words[after].text == "hundred":
        value, after = value * 100, after + 1
        skip = after + 1 if after < len(words) and words[after].text == "and" else after
        rest = _number(words, skip, loose=False, most=1)
        if rest is not None and rest[0] < 100:
            value, after = value + rest[0], rest[1]
    elif most > 1 and 0 < value < 10 and after + 1 < len(words) and words[after].text in ("oh", "zero", "o"):
        last = _NUMBERS.get(words[after + 1].text, 0)
        if 0 < last < 10:
            value, after = value * 100 + last, after + 2
    elif most > 1 and 0 < value < 10 and after < len(words) and (words[after].text in _TENS or 9 < _NUMBERS.get(words[after].text, 0) < 20):
        rest = _number(words, after, loose=False, most=1)
        if rest is not None:
            value, after = value * 100 + rest[0], rest[1]
    return value, after, False


def _misheard_number(text: str, at: int) -> tuple[int, int, bool] | None:
    ranked = sorted(((nearness(text, word), n) for n, word in enumerate(_ONES) if n), reverse=True)
    return (ranked[0][1], at + 1, True) if ranked[0][0] >= _NEAR and ranked[0][0] > ranked[1][0] + 0.1 else None


def _letter(text: str, *, loose: bool) -> str | None:
    if len(text) == 1 and text.isalpha():
        return text.upper()
    if text in _LETTERS:
        return _LETTERS[text]
    if not loose or text in _FILLER or text in _NUMBERS or text.isdigit() or text in _ROLL:
        return None
    if text in _LETTER_ALIKE:
        return _LETTER_ALIKE[text]
    ranked = sorted(((nearness(text, word), word) for word in ALPHABET), reverse=True)
    return ranked[0][1][0].upper() if ranked[0][0] >= _NEAR else None


def _tail(words: Sequence[Spoken], start: int) -> int | None:
    """Where "tail slate", "end board" begins, within three words before `start`."""
    for at in range(start, max(-1, start - 4), -1):
        text = words[at].text
        near = {word.text for word in words[at + 1 : start + 2]}
        if text in _TAIL and (near & (_SLATE | _SLATE_ALIKE | _SCENE | _SCENE_ALIKE | {"board", "sticks", "mark", "marker"}) or at == start - 1):
            return at
        if text in _TAIL_ALIKE - {"and", "in", "an", "n"} and near & (_SLATE | _SLATE_ALIKE):
            return at
    return None


def _suffix(words: Sequence[Spoken], after: int) -> tuple[Suffix, int]:
    rest = [word.text for word in words[after : after + 4]]
    for size, said, suffix in (
        (1, ("pickup",), "pickup"), (2, ("pick", "up"), "pickup"), (2, ("p", "u"), "pickup"), (1, ("pu",), "pickup"), (1, ("pick",), "pickup"), (1, ("wild",), "wild"), (2, ("wild", "track"), "wild"),
        (1, ("mos",), "MOS"), (3, ("m", "o", "s"), "MOS"), (2, ("mute", "shot"), "MOS"), (1, ("series",), "series"), (3, ("as", "a", "series"), "series"),
    ):  # fmt: skip
        if tuple(rest[:size]) == said and words[after].in_s - words[after - 1].out_s < 1.5:
            return suffix, after + size  # type: ignore[return-value]
    return "", after


def _mark_words(words: Sequence[Spoken], after: int) -> int:
    """The word after "marker", "A camera mark", "soft sticks" where that follows, else `after`."""
    for at in range(after, min(len(words), after + 4)):
        if words[at].in_s - words[after - 1].out_s > _MARK_WITHIN_S:
            break
        if words[at].text in _MARK:
            return at + 2 if at + 1 < len(words) and words[at + 1].text in ("it", "them", "that") and words[at].text == "mark" else at + 1
    return after


def _marked(words: Sequence[Spoken], after: int, claps: Sequence[float], said_s: float) -> bool:
    """Whether a mark is called or the sticks clap right after."""
    if _mark_words(words, after) > after:
        return True
    return any(said_s - 0.3 < clap <= said_s + _MARK_WITHIN_S and _words_between(words, after, clap) <= 1 for clap in claps)


def _words_between(words: Sequence[Spoken], after: int, clap_s: float) -> int:
    return sum(1 for word in words[after : after + 12] if word.out_s < clap_s)
