"""Where a line may end: at what is said, not at what fits. Words of languages that write no spaces are parted where their writing changes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate, pairwise
from math import inf

from answerprint.delivery.captioning.languages import spaced, ties, words_before
from answerprint.delivery.captioning.rules import Rules, bare, width

__all__ = ["Word", "after", "joined", "laid", "parted", "pieces", "wrapped"]

#: What it costs to end a line after a word: the end of a sentence, of a clause, before a word that begins well, anywhere, after a word that belongs on.
SENTENCE, CLAUSE, HEAD, PLAIN, TIE = 0.0, 1.0, 2.5, 5.0, 11.0
_ENDS, _PAUSES = ".!?…。！？؟‽।", ",;:–—،؛、，；：»)”’"
_CLOSING = "\"'”’»)]』」）】›"
#: Japanese line breaking, JIS X 4051 / W3C JLReq: these begin no line, and these end none.
_NOT_FIRST = frozenset("、。，．・：；？！゛゜ヽヾゝゞ々ー）］｝〕〉》」』】〙〗〟’”｠»ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ…‥、。！？)]}%％℃")
_NOT_LAST = frozenset("（［｛〔〈《「『【〘〖〝‘“｟«([{￥＄#＃")
_BREAK = "\u200b"  #: zero width space: somebody says that a line may end here
_SOFT = "\u00ad"  #: soft hyphen: a word may be parted here, with a hyphen
_NO_BREAK = "\u00a0\u202f"


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word, or the smallest piece of writing without spaces, and when it is said, in seconds of the film."""

    text: str
    in_s: Fraction
    out_s: Fraction
    speaker: str = ""  #: "" where nobody knows
    name: str = ""  #: to be written where this speaker begins: they are not seen, or the picture does not say who speaks
    item: int | None = None
    space: bool = True  #: a space stands before it
    turn: int = 0  #: words of one turn are said by one person without another between


def joined(words: Sequence[Word]) -> str:
    """Words as one line."""
    return "".join((" " if n and word.space else "") + word.text.replace(_SOFT, "") for n, word in enumerate(words))


def pieces(text: str, language: str) -> tuple[tuple[str, bool], ...]:
    """A text as pieces that a line may end after, each with whether a space stands before it. White space of any kind is one space."""
    out: list[tuple[str, bool]] = []
    for n, chunk in enumerate(re.split(rf"[^\S{_NO_BREAK}]+", text.strip())):
        for m, part in enumerate(one for one in chunk.split(_BREAK) if one):
            inner = _unspaced(part) if not spaced(language) or _all_wide(part) else [part]
            out += [(one, bool(n) and not m and not k) for k, one in enumerate(inner)]
    return tuple(out)


def _all_wide(text: str) -> bool:
    return len(text) > 1 and all(unicodedata.east_asian_width(one) in "WF" and not _hangul(one) for one in text)


def _hangul(character: str) -> bool:
    return "\uac00" <= character <= "\ud7a3"


def _unspaced(text: str) -> list[str]:
    """Pieces of writing without spaces: a phrase ends where kana go over into another script, and after a full stop or comma."""
    out: list[str] = []
    for one in text:
        if out and not _parts(out[-1], one):
            out[-1] += one
        else:
            out.append(one)
    return out


def _parts(before: str, one: str) -> bool:
    last, (old, new) = before[-1], (_script(before[-1]), _script(one))
    if one in _NOT_FIRST or last in _NOT_LAST or unicodedata.category(one).startswith("M"):
        return False
    if old == "latin" or new == "latin":
        return old != new
    if last in _ENDS + _PAUSES or old == "mark":
        return True
    if old == "kana" and new == "kana":
        return False
    if old == "han" and new == "han":
        return len(before) >= 2 and _script(before[-2]) == "han"  # most words in two characters: never one alone
    return old != new and not (old == "han" and new == "kana")


def _script(character: str) -> str:
    if "\u3040" <= character <= "\u309f":
        return "kana"
    if "\u30a0" <= character <= "\u30ff" or "\uff66" <= character <= "\uff9f":
        return "katakana"
    if "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003ffff":
        return "han"
    return "latin" if character.isalnum() else "mark"


def after(word: Word, following: Word | None, language: str) -> float:
    """What it costs to end a line or a caption between two words; 0 is best."""
    if following is None:
        return SENTENCE
    text = word.text.rstrip(_CLOSING)
    if text and text[-1] in _ENDS and not _abbreviated(word.text, language):
        return SENTENCE
    if word.text[-1:] in _PAUSES or text[-1:] in _PAUSES:
        return CLAUSE
    here, there = (re.sub(r"[^\w'’.]", "", one.text).replace("’", "'").casefold() for one in (word, following))
    if any(_NO_BREAK[n] in (word.text[-1:], following.text[:1]) for n in range(len(_NO_BREAK))):
        return TIE
    if here in ties(language) or (here.isdigit() and len(there) <= 8) or (word.text[:1].isupper() and following.text[:1].isupper() and language[:2] != "de"):
        return TIE
    if not spaced(language):
        return _unspaced_cost(word.text, following.text)
    return HEAD if there in words_before(language) else PLAIN


def _abbreviated(text: str, language: str) -> bool:
    return text.casefold() in ties(language) or bool(re.fullmatch(r"(?:\w\.)+|\d+\.", text) and language[:2] == "de")


def _unspaced_cost(text: str, following: str) -> float:
    if following[0] in _NOT_FIRST or text[-1] in _NOT_LAST:
        return TIE
    return HEAD if _script(text[-1]) == "kana" else PLAIN


def laid(words: Sequence[Word], rules: Rules, language: str) -> tuple[float, str] | None:
    """Words as the lines of one caption, and what the breaks cost; None where they do not fit.

    A caption in which two speak has a line with a dash for each; a name stands before the words of who is not seen.
    """
    turns = list(dict.fromkeys(word.turn for word in words))
    if len(turns) > rules.lines or (len(turns) > 1 and not all(word.speaker for word in words)):
        return None  # nobody knows who says one of them: a dash would say that it is somebody else
    if len(turns) > 1:
        if any(one.turn != other.turn and one.speaker == other.speaker for one, other in pairwise(words)):
            return None  # one who goes out of the picture and speaks on: no dash
        lines = [_dashed([word for word in words if word.turn == turn]) for turn in turns]
        return (0.0, "\n".join(lines)) if all(rules.fits(line) for line in lines) else None
    head = _named(words)
    return _best(head, words, rules, language)


def _named(words: Sequence[Word]) -> str:
    name = words[0].name
    if not name:
        return ""
    wide = any(unicodedata.east_asian_width(one) in "WF" for one in words[0].text)
    return f"（{name}）" if wide else f"{name.upper()}: "


def _dashed(words: Sequence[Word]) -> str:
    return f"- {_named(words)}{joined(words)}"


def _best(head: str, words: Sequence[Word], rules: Rules, language: str) -> tuple[float, str] | None:
    whole = head + joined(words)
    if rules.fits(whole):
        return 0.0, whole
    room = min(rules.columns, 2 * rules.full_width) if _wide(whole) else rules.columns
    reach, best = list(accumulate((width(word.text.replace(_SOFT, "")) + (word.space if n else 0) for n, word in enumerate(words)), initial=width(head))), (inf, 0)
    for place in range(1, len(words)):
        one, other = reach[place], reach[-1] - reach[place] - words[place].space
        if one > room:
            break
        if other <= room:
            best = min(best, (after(words[place - 1], words[place], language) + abs(one - other) / 8 + (0.4 if one > other else 0.0), place))
    cost, place = best
    return (cost, f"{head}{joined(words[:place])}\n{joined(words[place:])}") if place else None


def _wide(text: str) -> bool:
    return any(unicodedata.east_asian_width(one) in "WF" for one in text)


def wrapped(text: str, rules: Rules, language: str) -> str:
    """A text of a person's in lines that fit, as far as it has room: their own breaks stay where they fit."""
    if len(text.split("\n")) <= rules.lines and all(rules.fits(line) for line in text.split("\n")):
        return text
    zero = Fraction(0)
    words = parted([Word(text=one, in_s=zero, out_s=zero, space=space) for one, space in pieces(bare(text), language)], rules)
    found = laid(words, rules, language)
    return found[1] if found is not None else text


def parted(words: Iterable[Word], rules: Rules) -> list[Word]:
    """Words of which none is wider than a line: a long one is parted at a hyphen or a soft hyphen of its own, else where the line ends."""
    out: list[Word] = []
    for word in words:
        if rules.fits(word.text.replace(_SOFT, "")):
            out.append(word)
            continue
        texts = _cut(word.text, rules)
        whole = sum(map(width, texts)) or 1
        done = 0
        for n, text in enumerate(texts):
            begins, done = done, done + width(text)
            lasts = word.out_s - word.in_s
            out.append(replace(word, text=text, space=word.space and not n, in_s=word.in_s + lasts * Fraction(begins, whole), out_s=word.in_s + lasts * Fraction(done, whole)))
    return out


def _syllable(text: str) -> bool:
    """Whether a syllable may begin here: a consonant before a vowel."""
    first, second = (unicodedata.normalize("NFD", one)[0].casefold() for one in text[:2].ljust(2))
    return first.isalpha() and first not in "aeiouy" and second in "aeiouy"


def _cut(text: str, rules: Rules) -> list[str]:
    wide = not rules.fits("あ" * (rules.full_width + 1)) and any(unicodedata.east_asian_width(one) in "WF" for one in text)
    room = rules.full_width if wide else rules.columns
    out: list[str] = []
    while text.replace(_SOFT, "") and not rules.fits(text.replace(_SOFT, "")):
        at = max((n for n in range(2, len(text)) if text[n - 1] in "-‐" + _SOFT and width(text[:n].replace(_SOFT, "")) < room), default=0)
        held = [n for n in range(len(text) - 1, 0, -1) if width(text[:n].replace(_SOFT, "")) <= room - (0 if wide else 1)]
        at = at or next((n for n in held[:6] if not wide and _syllable(text[n:])), held[0])
        part = text[:at].replace(_SOFT, "")
        out.append(part if wide or part.endswith(("-", "‐")) else part + "-")
        text = text[at:]
    return [*out, text.replace(_SOFT, "")] if text.replace(_SOFT, "") else out
