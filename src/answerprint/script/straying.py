"""Where what was said leaves the script, against what was said at the same place in the other attempts. Pure.

A word that every attempt says otherwise is how they say it, or how it is heard; a word that one attempt says otherwise is news.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from answerprint.model.attempts import Attempt, Covered, Heard, OffScript, Said

__all__ = ["Spoken", "Stray", "ad_libs", "changed", "pauses", "stumbles"]

_ALIKE = 0.72  #: of the letters: "iced" for "ice" is heard amiss more often than said
_SURE = 0.3  #: a word that the listener held for less likely is not news by itself
_PAUSE_S, _PAUSE_TIMES = 0.8, 2.0  #: over the others at the same place
_ALONE_S = 2.2  #: where there is no other attempt to compare with
_JOIN_S = 1.0
_ANEW_S = 1.5  #: from a beginning that was given up to the line
_BREAKS = frozenset(("sorry", "oops", "damn", "shoot", "wait", "ugh", "um", "uh", "er", "erm"))
#: What is said to the people behind the camera and not in the scene.
_TO_CREW = re.compile(
    r"\b(can|could|shall|should|may) (we|i|you) (go|do|get|have|try|start|cut|take)\b|\b(do|does|did) (that|you|we|it) (work|get|have|want|like)\b"
    r"|\b(was|is) that (ok|okay|all right|alright|fine|good|too)\b|\b(are we|is it|still) (rolling|going|still|good|on)\b|\b(go|going|from) (again|the top|back)\b"
    r"|\b(line|guys|camera|boom|my mark|the mark|eyeline|one more|another one|hold on|my line|sorry everyone)\b", re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """One attempt as it was spoken."""

    attempt: Attempt
    covered: tuple[Covered, ...]
    off_script: tuple[OffScript, ...]
    words: tuple[Heard, ...]


@dataclass(frozen=True, kw_only=True)
class Stray:
    """One thing that was said, or not said, apart from the script and the others. `times` is how far over what is asked of it."""

    kind: str
    in_s: float
    out_s: float
    evidence: str
    compared: int  #: attempts that it was compared with
    usual: str = ""  #: what those do there
    times: float = 1.0


def changed(one: Spoken, others: Sequence[Spoken]) -> list[Stray]:
    """Runs of words that were changed, added or left out where the other attempts say what is written."""
    found: list[Stray] = []
    for covered in one.covered:
        if covered.kind not in ("line", "voice-over"):
            continue
        same = [kept for other in others for kept in other.covered if kept.item == covered.item and kept.complete]
        for run in _runs(covered, one.words):
            if _everybody(covered, run, same):
                continue
            said = [word for word in run if word.in_s is not None]
            before, after = _beside(covered, run)
            in_s = min((word.in_s for word in said if word.in_s is not None), default=before)
            out_s = max((word.out_s for word in said if word.out_s is not None), default=after)
            script, heard = (" ".join(text for word in run if (text := getattr(word, name))) for name in ("script", "heard"))
            if not heard and not covered.complete:
                continue
            says = f"\"{heard}\" for \"{script}\"" if heard and script else f"\"{heard}\" is not in the line" if heard else f"\"{script}\" was left out"
            found.append(Stray(kind="changed line", in_s=in_s, out_s=max(out_s, in_s + 0.2), evidence=says, compared=len(same),
                               usual="they say it as written" if same else "", times=1 + 0.3 * len(run)))  # fmt: skip
    return found


def _runs(covered: Covered, heard: Sequence[Heard]) -> list[list[Said]]:
    """What differs, neighbours together; without what sounds like the script, what the listener was not sure of, and what only repeats."""
    runs: list[list[Said]] = [[]]
    for number, word in enumerate(covered.words):
        if word.how == "said" or _amiss(word, heard) or (word.how == "added" and _repeats(covered.words, number)):
            runs.append([])
        else:
            runs[-1].append(word)
    return [run for run in runs if run]


def _plain(text: str | None) -> str:
    return "".join(char for char in (text or "").casefold() if char.isalnum())


def _amiss(word: Said, heard: Sequence[Heard]) -> bool:
    if word.how == "changed" and difflib.SequenceMatcher(None, _plain(word.script), _plain(word.heard)).ratio() >= _ALIKE:
        return True
    sure = [one.probability for one in heard if word.in_s is not None and abs(one.in_s - word.in_s) < 0.05]
    return bool(sure) and max(sure) < _SURE


def _repeats(words: Sequence[Said], at: int) -> bool:
    text = _plain(words[at].heard)
    near = [_plain(words[number].heard) for number in range(max(0, at - 3), min(len(words), at + 4)) if number != at]
    return text in _BREAKS or any(other and (other == text or (len(text) >= 2 and other.startswith(text))) for other in near)


def _everybody(covered: Covered, run: Sequence[Said], same: Sequence[Covered]) -> bool:
    """Whether at least half of the others differ at the same words."""
    if not same:
        return False
    places = {number for number, word in enumerate(_scripted(covered)) if any(word is other for other in run)}
    if not places:
        mine = {_plain(word.heard) for word in run}
        return sum(any(word.how == "added" and _plain(word.heard) in mine for word in other.words) for other in same) * 2 >= len(same)
    differ = sum(any(number < len(kept) and kept[number].how != "said" for number in places) for kept in map(_scripted, same))
    return differ * 2 >= len(same)


def _scripted(covered: Covered) -> list[Said]:
    return [word for word in covered.words if word.script is not None]


def _beside(covered: Covered, run: Sequence[Said]) -> tuple[float, float]:
    first, last = (next(number for number, word in enumerate(covered.words) if word is end) for end in (run[0], run[-1]))
    before = next((word.out_s for word in reversed(covered.words[:first]) if word.out_s is not None), covered.in_s)
    after = next((word.in_s for word in covered.words[last + 1 :] if word.in_s is not None), covered.out_s)
    return float(before or covered.in_s), float(after or covered.out_s)


def stumbles(one: Spoken, others: Sequence[Spoken]) -> list[Stray]:
    """Words said twice or broken off inside a line, lines that were not finished, and attempts that began anew."""
    anew = {covered.item: (off, until_s) for off, covered, until_s in _anew(one)}
    usual = [covered.item for other in others for _, covered, _ in _anew(other)]
    found: list[Stray] = []
    for covered in one.covered:
        if covered.kind not in ("line", "voice-over"):
            continue
        same = [kept for other in others for kept in other.covered if kept.item == covered.item]
        if covered.item in anew and (not others or usual.count(covered.item) * 2 < len(others)):
            off, until_s = anew[covered.item]
            found.append(Stray(kind="stumble", in_s=off.in_s, out_s=until_s, evidence=f"\"{off.text}\", and begun anew", compared=len(same), usual="begun once" if same else ""))
        for number, word in enumerate(covered.words):
            if word.how == "added" and _repeats(covered.words, number) and word.in_s is not None and word.out_s is not None:
                found.append(Stray(kind="stumble", in_s=word.in_s, out_s=word.out_s, evidence=f"\"{word.heard}\" said again", compared=len(same), usual="said once"))
        whole = covered.complete or (covered.item in anew and {_plain(word.script) for word in covered.words if word.how == "missed"} <= set(map(_plain, anew[covered.item][0].text.split())))
        if not whole and sum(kept.complete for kept in same) * 2 >= len(same):
            found.append(Stray(kind="stumble", in_s=max(covered.in_s, covered.out_s - 1.0), out_s=covered.out_s + 0.6, evidence="the line was not finished",
                               compared=len(same), usual="it is finished" if same else ""))  # fmt: skip
    for off in one.off_script:
        texts = [_plain(text) for text in off.text.split()]
        line = {_plain(word.script) for covered in one.covered for word in covered.words}
        if any(off is begun for begun, _ in anew.values()):
            continue
        if any(text in _BREAKS for text in texts) or (len(texts) <= 2 and all(text in line for text in texts)):
            found.append(Stray(kind="stumble", in_s=off.in_s, out_s=off.out_s, evidence=f"\"{off.text}\"", compared=len(others), usual="nothing is said there"))
    return _together(found)


def _anew(one: Spoken) -> list[tuple[OffScript, Covered, float]]:
    """Lines that were begun twice: the words of the first beginning, which the lining left aside, the line, and until when words are said again."""
    found = []
    for off in one.off_script:
        texts = [_plain(text) for text in off.text.split()]
        line = next((kept for kept in one.covered if kept.kind in ("line", "voice-over") and 0 <= kept.in_s - off.out_s < _ANEW_S), None)
        if line is None or len(texts) < 2:
            continue
        script = [_plain(word.script) for word in _scripted(line)]
        if not all(difflib.SequenceMatcher(None, text, written).ratio() >= _ALIKE for text, written in itertools.zip_longest(texts, script[: len(texts)], fillvalue="")):
            continue
        said, until_s = list(texts), off.out_s
        for word in line.words[: 2 * len(texts) + 2]:
            if word.out_s is not None and (text := _plain(word.heard)):
                until_s = word.out_s if text in said else until_s
                said.append(text)
        if until_s > off.out_s:
            found.append((off, line, until_s))
    return found


def ad_libs(one: Spoken, others: Sequence[Spoken]) -> list[Stray]:
    """Speech in an attempt that is no part of the script: ad-libs, and what was said to the crew. What every attempt says is how they say it."""
    found: list[Stray] = []
    known = [_plain(off.text) for other in others for off in other.off_script]
    anew = [off for off, _, _ in _anew(one)]
    for off in one.off_script:
        if any(off is begun for begun in anew):
            continue
        texts = [_plain(text) for text in off.text.split()]
        line = {_plain(word.script) for covered in one.covered for word in covered.words}
        crew = _TO_CREW.search(off.text) is not None
        slip = any(text in _BREAKS for text in texts) and len(texts) <= 3
        if (slip or (len(texts) <= 2 and all(text in line for text in texts))) and not crew:
            continue
        again = sum(difflib.SequenceMatcher(None, _plain(off.text), text).ratio() > 0.8 for text in known)
        if others and again * 2 >= len(others):
            continue
        found.append(Stray(kind="to the crew" if crew else "ad-lib", in_s=off.in_s, out_s=off.out_s, evidence=f"\"{off.text}\"", compared=len(others),
                           usual="nothing of the kind is said" if others else "", times=1 + 0.15 * len(texts)))  # fmt: skip
    return found


def _together(found: Sequence[Stray]) -> list[Stray]:
    out: list[Stray] = []
    for one in sorted(found, key=lambda one: one.in_s):
        if out and one.in_s - out[-1].out_s < _JOIN_S:
            last = out.pop()
            says = last.evidence if one.evidence in last.evidence else f"{last.evidence}, {one.evidence}"
            one = Stray(kind=one.kind, in_s=last.in_s, out_s=max(last.out_s, one.out_s), evidence=says, compared=max(last.compared, one.compared),
                        usual=last.usual or one.usual, times=last.times + 0.5)  # fmt: skip
        out.append(one)
    return out


def pauses(one: Spoken, others: Sequence[Spoken]) -> list[Stray]:
    """Silences between two words of the script that are longer than the others leave there."""
    found = []
    usual = [_gaps(other) for other in others]
    for place, (in_s, out_s) in _gaps(one).items():
        lengths = [gap[1] - gap[0] for gaps in usual if (gap := gaps.get(place)) is not None]
        length = out_s - in_s
        middle = median(lengths) if lengths else 0.0
        least = max(middle + _PAUSE_S, _PAUSE_TIMES * middle, max(lengths) + 0.5 * _PAUSE_S) if lengths else _ALONE_S
        if length >= least:
            found.append(Stray(kind="pause", in_s=in_s, out_s=out_s, evidence=f"{length:.1f} s without a word", compared=len(lengths),
                               usual=f"{middle:.1f} s there" if lengths else "", times=length / least))  # fmt: skip
    return found


def _gaps(one: Spoken) -> dict[tuple[int, int, int, int], tuple[float, float]]:
    """The silence before each word of the script, by what stands on either side: (item, word, item, word) -> (in_s, out_s)."""
    placed = [
        (float(word.in_s), float(word.out_s), covered.item, number)
        for covered in one.covered if covered.kind in ("line", "voice-over")
        for number, word in enumerate(_scripted(covered)) if word.in_s is not None and word.out_s is not None
    ]  # fmt: skip
    placed.sort()
    gaps = {}
    for before, after in itertools.pairwise(placed):
        if after[2] - before[2] not in (0, 1) or (after[2] == before[2] and after[3] != before[3] + 1):
            continue
        between = [word for word in one.words if word.in_s < after[0] - 0.02 and word.out_s > before[1] + 0.02 and before[1] - 0.02 <= word.in_s]
        edges = [before[1], *(at for word in between for at in (word.in_s, word.out_s)), after[0]]
        longest = max(range(0, len(edges) - 1, 2), key=lambda at: edges[at + 1] - edges[at])
        gaps[before[2], before[3], after[2], after[3]] = (edges[longest], edges[longest + 1])
    return gaps
