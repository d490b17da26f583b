"""How near two written words sound: a coarse ear for English spelling, so that "pour" and "poor", "lark field" and "Larkfield" meet.

This is no pronunciation: letters become some twenty classes of sound, vowels count half. It only says which words may be compared
by a listener at all; whether one or the other was said is heard from the sound itself.
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["consonants", "nearness", "sound"]

#: Letters to sounds, longest first, at the place they stand; "" is silent. Capitals: C church, S ship, T thin, J judge, N sing.
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sounds)
    for pattern, sounds in (
        (r"^(?:kn|gn|pn)", "n"), (r"^wr", "r"), (r"^ps", "s"), (r"^wh(?=o)", "h"), (r"^wh", "w"), (r"^x", "s"), (r"^gh", "g"), (r"^y", "y"),
        (r"one$", "wan"), (r"eigh", "e"), (r"ough(?=t)", "o"), (r"ough", "o"), (r"augh", "o"), (r"igh", "a"), (r"gh", ""),
        (r"[td]ch", "C"), (r"sch", "sk"), (r"chr", "kr"), (r"ch", "C"), (r"sh", "S"), (r"ph", "f"), (r"th", "T"), (r"ck", "k"), (r"q(?:ue$|u)", "kw"),
        (r"dge?(?=$|e)", "J"), (r"[ts]ion|cian", "Sn"), (r"[ct]i(?=a|o)", "S"), (r"sc(?=[eiy])", "s"), (r"cc(?=[eiy])", "ks"), (r"c(?=[eiy])", "s"),
        (r"c", "k"), (r"g(?=[iy]|e(?!t))", "J"), (r"ng(?=$|s)", "N"), (r"x", "ks"), (r"mb$", "m"), (r"mn$", "m"), (r"wr", "r"), (r"lk$", "k"),
        (r"(?<=[aeou])l(?=m$)", ""), (r"elle$", "eel"), (r"les?$", "l"), (r"res?$", "r"), (r"(?<=[^aeiouy])es?$(?<=[^s]e)", ""), (r"(?<=[aeiouy][^aeiouy])ed$", "d"),
        (r"(?<=[a-z][aeiouy][^aeiouyw])e$", ""), (r"oo|ou|ew|ue|ui|eu", "u"), (r"ee|ea|ie|ei|ey", "i"), (r"ai|ay", "e"), (r"oa|ow|oe", "o"),
        (r"au|aw", "o"), (r"oi|oy", "oi"), (r"y", "i"), (r"h$", ""), (r"(?<=[aeiou])h(?![aeiouy])", ""), (r"j", "J"), (r"q", "k"), (r"u(?=r)", "u"),
    )
)  # fmt: skip
_VOWELS = frozenset("aeiou")
_LOOSE = frozenset("aeiouhyw")
#: pairs that ears and microphones confuse: voiced and unvoiced, two nasals, two hisses
_CLOSE = {frozenset(pair) for pair in ("pb", "td", "kg", "fv", "sz", "CJ", "mn", "nN", "Tf", "Ts", "Td", "Tt", "Ss", "SC", "Jg", "Jz", "lr", "wv")}


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """The sounds of one word or several run together, as classes; empty for what has no letters."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    letters = re.sub(r"([^aeiouys])\1", r"\1", letters)
    letters = re.sub(r"(?<=[a-z]{3})our(?=$|s|e|i|f|h|a)", "or", re.sub(r"(?<=[a-z]{3})is(?=e$|es|ed|ing|ation)", "iz", letters))  # British spellings
    out, at = [], 0
    while at < len(letters):
        for rule, sounds in _RULES:
            match = rule.match(letters, at) if at == 0 or not rule.pattern.startswith("^") else None
            if match and match.end() > at:
                out.append(sounds)
                at = match.end()
                break
        else:
            out.append(letters[at])
            at += 1
    return re.sub(r"(.)\1+", r"\1", "".join(out))


def consonants(word: str) -> str:
    """The sounds of a word without its vowels: "brakes" and "breaks" have the same."""
    return "".join(char for char in sound(word) if char not in _VOWELS)


@lru_cache(maxsize=262_144)
def nearness(one: str, other: str) -> float:
    """How near two words sound: 1 alike, 0 nothing in common. A vowel weighs half a consonant; close consonants are half apart."""
    if one == other:
        return 1.0
    a, b = sound(one), sound(other)
    if not a or not b:
        return 0.0
    if a == b:
        return 1.0
    row = [0.0]
    for char in b:
        row.append(row[-1] + _weight(char))
    for x in a:
        last, row[0] = row[0], row[0] + _weight(x)
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + _weight(x), row[j - 1] + _weight(y), last + _apart(x, y))
    return max(0.0, 1 - row[-1] / max(sum(map(_weight, a)), sum(map(_weight, b))))


def _weight(char: str) -> float:
    return 0.5 if char in _LOOSE else 1.0


def _apart(x: str, y: str) -> float:
    if x == y:
        return 0.0
    if x in _VOWELS and y in _VOWELS:
        return 0.25
    if frozenset((x, y)) in _CLOSE:
        return 0.5
    return max(_weight(x), _weight(y)) if (x in _VOWELS) == (y in _VOWELS) else 1.5
