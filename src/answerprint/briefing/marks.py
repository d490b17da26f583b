"""Names that a brief keeps out: its competitors, and what is named where it says what to avoid. They go into no request that makes pictures.

Both are known under the heads of every language that a brief is read in. Under a German one only quotation marks, and of competitors a list, name somebody: there
every noun has a capital. A name is told by its capitals, its quotation marks, or by standing in a list of competitors: a
brand in small letters in the middle of a sentence is not recognised.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from answerprint.briefing import rivals
from answerprint.briefing.brief import Brief, Point
from answerprint.briefing.heads import german
from answerprint.briefing.keeping import FILE, current

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["marks", "marks_of"]

_QUOTED = re.compile(r"[“„«\"‘‚]\s?([^”“»\"’]{2,60}?)\s?[”“»\"’]")
#: Words with a capital, or with one inside, and what joins them within a name: "Kettle & Sons", "Bank of Sand".
_CAPITAL = f"[{''.join(sign for sign in map(chr, range(0x1F00)) if sign.isupper())}]"  #: of Latin, Greek and Cyrillic: Škoda, Łomża, Балтика
_RUN = re.compile(rf"(?:{_CAPITAL}[\w’'-]*|(?<!\w)[a-z]\w*{_CAPITAL}\w*|(?<!\w)\d+{_CAPITAL}\w*)(?:\s+(?:(?:&|of|de|la)\s+)?(?:{_CAPITAL}[\w’'-]*|\d+{_CAPITAL}?\w*))*")
#: Capitals that name nobody: the trade's own letters, days, months, and how sentences of a brief begin.
_NOBODY = frozenset(
    "a ai all also an and any april august avoid ban be brand brands but cgi client competitor competitors cta december dialogue do dont don't don’t eu february film for friday hd hero i if in "
    "it its january july june keep logo logos make march may monday mustn't never no nobody none not nothing november october of ok on only or other others our please pr product sfx saturday "
    "september show spot sunday text that the these they this those thursday tuesday tv tvc uk us usa use usp various vfx vo voice-over voiceover we wednesday with without you keine keiner niemand aucun aucune ninguno ninguna nessuno nessuna geen andere autres otros altri".split()
)
_PLAIN = re.compile(r"[^\W_][\w’'.&+-]*(?:\s+[\w’'.&+-]+){0,3}")


def marks_of(production: Production) -> tuple[str, ...]:
    """The names that the brief of a production keeps out; none where there is no brief.

    Raises: BriefError: it cannot be read, and then nobody knows what it keeps out.
    """
    return marks(current(production)) if (production.path / FILE).is_file() else ()


def marks(brief: Brief) -> tuple[str, ...]:
    """The names that a brief keeps out, in its order, each once; never its own client and product."""
    own = {word.casefold() for field in ("client", "product") for one in brief.says(field)[:1] for word in _words(one.text)}
    found: dict[str, str] = {}
    for name in _named(brief):
        said = _words(name)
        if said and not {one.casefold() for one in said} <= own:
            found.setdefault(" ".join(said).casefold(), " ".join(said))
    return tuple(found.values())


def _named(brief: Brief) -> Iterator[str]:
    for head, points in brief.others.items():
        if head and rivals.heads(head):
            for point in points:
                yield from _listed(point.text, head)
    for text in (brief.title, *brief.others):  # a heading may hold the names itself
        yield from _labelled(text)
    for found in (*brief.points.values(), *brief.others.values()):
        for point in found:
            if rivals.heads(point.under or "-"):
                yield from _listed(point.text, point.under)
            else:
                yield from _labelled(point.text)
    for point in brief.says("avoid"):
        yield from _within(point)


def _labelled(text: str) -> Iterator[str]:
    label = rivals.labels(text)
    if label is not None:
        yield from _listed(label[1], label[0])


def _listed(text: str, head: str) -> Iterator[str]:
    """The names of a list of competitors; of a sentence, what has capitals, and of a German one what stands in quotation marks."""
    parts = re.split(r"[,;/\n•、，；،؛]|\s+(?:and|or|vs\.?|und|oder|et|ou|y|e|en)\s+|\.\s+", re.sub(r"\([^)]{0,400}\)", " ", text))
    names = [re.split(r"\s+[-–—]\s+|:\s", part.strip(" .-–—*“”\"'"), maxsplit=1)[0].strip(" .“”\"'") for part in parts]
    if rivals.german(head) and not all(_PLAIN.fullmatch(one) and (" " not in one or all(word[:1].isupper() or word[:1].isdigit() for word in one.split())) for one in names if one):
        yield from (one.strip(" .,") for one in _QUOTED.findall(text))
        return
    for part, name in zip(parts, names, strict=True):
        if _PLAIN.fullmatch(name) and (len(name.split()) == 1 or any(word[:1].isupper() or word[:1].isdigit() for word in name.split())):
            if name.casefold() not in _NOBODY:
                yield name if name[:1].isupper() or " " not in name else next(iter(_capitals(name)), name)
        else:
            yield from _capitals(part)


def _within(point: Point) -> Iterator[str]:
    """What is named in something to avoid."""
    yield from (one.strip(" .,") for one in _QUOTED.findall(point.text))
    if not german(point.under):
        yield from _capitals(_QUOTED.sub(" ", point.text))


def _capitals(text: str) -> Iterator[str]:
    """Runs of words with capitals that are not how a sentence begins, nor the trade's letters; of a text in capitals alone, none."""
    if text.isupper() and len(text.split()) > 2:
        return
    alone = len(text.split()) <= 4 and all(word[:1].isupper() or word.casefold() in _NOBODY or word == "&" for word in text.strip(" .").split())
    for sentence in re.split(r"(?<=[.!?:])\s+", text):
        for run in _RUN.finditer(sentence):
            words = run[0].split()
            while words and words[0].casefold().strip("’'") in _NOBODY:
                words = words[1:]
            begins = not sentence[: run.start()].strip(" -–—*“\"(")
            if begins and len(words) == len(run[0].split()) == 1 and not alone and not re.search(r"[A-Z0-9].*[A-Z]|\d", words[0]) and sentence.strip(" .") != words[0]:
                continue  # one capital at the head of a sentence: "Music that swells"
            while words and words[-1].casefold() in _NOBODY:
                words = words[:-1]
            if words:
                yield " ".join(words).removesuffix("'s").removesuffix("’s")


def _words(name: str) -> list[str]:
    return [word.strip(" .,;:!?“”\"'’") for word in name.split() if word.strip(" .,;:!?“”\"'’")]
