"""Text as a reader meets it: which way it runs, how many words it has, which script it is in."""

from __future__ import annotations

import math
import unicodedata
from functools import lru_cache

__all__ = ["composed", "graphemes", "rightward", "script", "visible", "words"]

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "iw", "ur", "ps", "sd", "ug", "yi", "dv", "ckb"})  #: languages written so (CLDR)
#: Scripts without spaces between words: how many of their letters we count as a word. No rule says it; two ideographs or kana are
#: about what an English word becomes in a translation, five Thai, Lao, Khmer or Burmese letters are about a word.
_UNSPACED = {"CJK": 2, "HIRAGANA": 2, "KATAKANA": 2, "THAI": 5, "LAO": 5, "KHMER": 5, "MYANMAR": 5}
_LIKE = {"IDEOGRAPHIC": "CJK", "HALFWIDTH": "KATAKANA", "KATAKANA-HIRAGANA": "KATAKANA"}


def composed(text: str) -> str:
    """A text as it is set: accents joined to their letters, spaces single, line breaks kept."""
    return "\n".join(" ".join(line.split()) for line in unicodedata.normalize("NFC", text).splitlines()).strip()


@lru_cache(maxsize=8192)
def script(character: str) -> str:
    """The script of a letter by its Unicode name: "LATIN", "ARABIC", "CJK"; "" for figures, signs and spaces."""
    if not unicodedata.category(character).startswith(("L", "M")):
        return ""
    first = unicodedata.name(character, "").split(" ")[0]
    return _LIKE.get(first, first)


def rightward(text: str, language: str | None = None) -> bool:
    """Whether a text runs from left to right: by its first letter that has a direction, else by its language."""
    for character in text:
        side = unicodedata.bidirectional(character)
        if side in ("L", "R", "AL"):
            return side == "L"
    return (language or "").split("-")[0].lower() not in _RIGHT_TO_LEFT


def visible(text: str) -> str:
    """The characters that need a glyph, each once, in their order: no spaces, no marks that only steer."""
    return "".join(one for one in dict.fromkeys(composed(text)) if not one.isspace() and unicodedata.category(one) not in ("Cf", "Cc"))


def graphemes(text: str) -> int:
    """How many characters a reader sees: a mark belongs to its letter."""
    return sum(unicodedata.category(one) not in ("Mn", "Me", "Cf", "Cc") for one in text)


def words(text: str) -> int:
    """How many words there are to read.

    Between spaces, whatever holds a letter, a figure or a sign of money or measure is one word, a German compound too; a dash alone is none.
    Stretches of scripts that are written without spaces count a word for each two (ideographs, kana) or five (Thai and its kin) letters, rounded up.
    """
    count = 0
    for token in text.split():
        dense = 0.0
        other = False
        for character in token:
            if per := _UNSPACED.get(script(character)):
                dense += (unicodedata.category(character) != "Mn") / per
            elif unicodedata.category(character)[0] in "LN" or unicodedata.category(character) == "Sc" or character in "%&@":
                other = True
        count += math.ceil(dense - 1e-9) + other
    return count
