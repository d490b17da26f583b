"""What a crew calls out to run a set, as against what it says about a take: "rolling", "scene one alpha, take two", "cut"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from answerprint.model.attempts import Heard
from answerprint.script.matching import PLAIN
from answerprint.script.sounding import nearness
from answerprint.script.words import words

__all__ = ["Utterance", "scrap", "uncalled", "utterances"]

GAP_S = 0.6  #: between two people, or two things one person says; inside a sentence speakers hold less
_COUNT = (
    r"(?:\d+[a-z]?|zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|"
    r"forty|fifty|sixty|seventy|eighty|ninety|hundred|to|too|for|won|[a-z]|alpha|alfa|able|apple|bravo|baker|boy|charlie|delta|dog|echo|easy|edward|foxtrot|fox|frank|"
    r"golf|george|hotel|henry|india|juliet|kilo|lima|mike|november|papa|quebec|romeo|sierra|tango|uniform|victor|whiskey|yankee|zulu|pickup|pick up|series|vfx|plate)"
)
_CALLS = re.compile(
    rf"(?:(?:tail|end|head) (?:slate|sticks|board)s?|(?:scene|seen|slate|shot|set ?up|roll|reel|card|clip|episode) {_COUNT}(?: {_COUNT}){{0,5}}|"
    rf"take {_COUNT}(?: {_COUNT}){{0,2}}|pick ?up|(?:(?:and|ready|three two one|in three two one) )?action|(?:and |okay |ok )?cut(?: (?:it|there|cut|please|camera))*|that'?s a cut|"
    rf"(?:and )?(?:(?:sound|sounds|camera|cameras|audio|we are|we're|everybody|everything|still|and|b camera|a camera) )*(?:rolling|speed|speeding|set|ready)|"
    rf"(?:roll|run|turn over|start) ?(?:sound|camera|cameras|it|please)?(?: please)?|(?:common |[ab] |[ab] camera |second |soft |third )?(?:mark(?:er|ers)?(?: it)?|sticks)|"
    rf"(?:(?:and )?quiet|silence|settle|hold)(?: (?:please|on set|everybody|everyone|down|the work|still))*|lock it up|stand ?by(?: (?:please|everybody))?|last looks|"
    rf"pictures? (?:is )?up|background(?: action)?|room tone|wild (?:track|lines?|sound)|mos|speed|set)(?= |$)"
)  #: what is said to run a set; read at the beginning of what is left of an utterance, as often as it fits
_TAKE = re.compile(rf"\btake {_COUNT}(?: {_COUNT})?(?= |$)")
_VERDICTS = frozenset("good yes yeah no okay ok not".split())  #: plain words that are a remark by themselves
_EXPECTED_AS = 0.5  #: "Pet"/"cut" 0.5
_SLATE_AS = 0.6  #: "Seam"/"scene" 0.8, "seeing" 0.6
_ONE_WORD = ("action", "marker", "cut", "rolling", "speed", "slate")
_HEARD_AS = 0.75  #: a call shouted across a set and heard as another word: "Marco"/"marker" 0.83, "Axion"/"action" 0.89


@dataclass(frozen=True, kw_only=True)
class Utterance:
    """Words said in one go: indices into what was heard."""

    words: tuple[int, ...]
    in_s: float
    out_s: float
    text: str


def utterances(heard: Sequence[Heard], left: Sequence[int]) -> tuple[Utterance, ...]:
    """Words grouped into what was said in one go: parted by a pause, by the end of a sentence, or by words that are not in `left`."""
    groups: list[list[int]] = []
    for index in left:
        if not groups or _begins(heard, groups[-1], index):
            groups.append([])
        groups[-1].append(index)
    return tuple(_utterance(heard, group) for group in groups)


def _begins(heard: Sequence[Heard], group: Sequence[int], index: int) -> bool:
    """Whether a word begins something else than what is being said."""
    last = group[-1]
    if index != last + 1:
        return True
    ended = heard[index].in_s - heard[last].out_s > GAP_S or heard[last].text.rstrip("\"'”’").endswith((".", "!", "?"))
    return ended and not _slate_goes_on(heard, group, index)


def _slate_goes_on(heard: Sequence[Heard], group: Sequence[int], index: int) -> bool:
    """ "Scene two, echo." - "Take three." is one call, whatever mark the listener put between; so is "take" - "three"."""
    first = [text for word in words(heard[group[0]].text) for text in word.spoken]
    bare, before = (heard[at].text.casefold().strip(" .,") for at in (index, group[-1]))
    goes_on = bare == "take" or (before == "take" and re.fullmatch(_COUNT, bare) is not None)
    return goes_on and heard[index].in_s - heard[group[-1]].out_s < 2 * GAP_S and bool(first) and nearness(first[0], "scene") >= _SLATE_AS


def _utterance(heard: Sequence[Heard], group: Sequence[int]) -> Utterance:
    return Utterance(
        words=tuple(group), in_s=heard[group[0]].in_s, out_s=heard[group[-1]].out_s, text=" ".join(heard[index].text.strip() for index in group)
    )


def _slated(text: str) -> bool:
    """A slate that was misheard: it still ends in a take's number, and begins like "scene" or ends in "marker"."""
    match = _TAKE.search(text)
    if match is None or len(text.split()) > 11:
        return False
    rest = text[match.end() :].split()
    scene = match.start() > 0 and max(nearness(text.split()[0], name) for name in ("scene", "slate", "shot")) >= _SLATE_AS
    return (scene and not rest) or (len(rest) == 1 and nearness(rest[0], "marker") >= _SLATE_AS)


def scrap(one: Utterance) -> bool:
    """A lone word that is no remark: what is left of a call that was heard badly ("the", "Seemed" for "Scene")."""
    spoken = [text for word in words(one.text) for text in word.spoken]
    return len(spoken) == 1 and (spoken[0] in PLAIN - _VERDICTS or nearness(spoken[0], "scene") >= _SLATE_AS)


def uncalled(heard: Sequence[Heard], one: Utterance, *, expected: str | None = None) -> Utterance | None:
    """What is left of an utterance without the calls at its beginning; None where it is nothing but calls.

    Args: expected: "cut" or "action" where exactly this is about to be called: there a loose likeness is enough ("Pet" for "Cut").
    """
    spoken = [" ".join(text for word in words(heard[index].text) for text in word.spoken) for index in one.words]
    rest = list(one.words)
    while spoken and not spoken[0]:
        spoken.pop(0)
        rest.pop(0)
    if expected and spoken and (nearness(spoken[0], expected) >= _EXPECTED_AS or (len(spoken) == 1 and spoken[0] in PLAIN - _VERDICTS)):
        spoken.pop(0)
        rest.pop(0)
    if _slated(" ".join(part for part in spoken if part)):
        return None
    while spoken:
        text = " ".join(part for part in spoken if part)
        if " " not in text and any(nearness(text, call) >= _HEARD_AS for call in _ONE_WORD):
            return None
        match = _CALLS.match(text)
        if not match:
            break
        gone = len(match[0].split())
        while gone > 0 and spoken:
            gone -= len(spoken.pop(0).split())
            rest.pop(0)
    return _utterance(heard, rest) if any(spoken) else None
