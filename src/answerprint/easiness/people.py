"""Who chose what a plate shows, over how much, what they said, and what of it they let be known that they played."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from answerprint import intent
from answerprint.desk import FILM
from answerprint.model.charter import Judgment

if TYPE_CHECKING:
    from answerprint.delivery.easy.plates import Told
    from answerprint.delivery.easy.records import Chose
    from answerprint.desk import Desk

__all__ = ["JUDGED", "Said", "bed", "choice", "decided", "entry", "thought", "told"]

#: The judgments behind each plate, and what of the first thought speaks of it.
JUDGED: Mapping[str, tuple[Judgment, ...]] = {"palette": (Judgment.GRADE,), "rhythm": (Judgment.FINAL_EDIT, Judgment.PACING), "music bed": (Judgment.MUSIC_BED,)}
_THOUGHT = {"palette": "palette", "rhythm": "rhythm", "music bed": "music"}


@dataclass(frozen=True, kw_only=True)
class Said:
    """What stands chosen: a draft's, or a signed one's."""

    by: str
    person: str  #: their id; "" for a draft
    choice: Mapping[str, str]
    over: tuple[str, ...]
    because: str
    entry: int | None


def decided(desk: Desk, version: str, judgment: str) -> Said | None:
    """What is chosen for a version, there or where it takes it over from: the draft before what is signed, as it is on the desk."""
    from answerprint.choosing import alternatives

    for about in _places(desk, version, judgment):
        draft, signed = desk.drafts.get((judgment, about)), desk.decisions.get((judgment, about))
        if draft is not None:
            return Said(by=draft.by, person="", choice=draft.choice, over=alternatives(desk, judgment, about, draft.choice), because=draft.because, entry=None)
        if signed is not None:
            one = signed.decided
            return Said(by=signed.by.name, person=signed.by.id, choice=one.choice, over=one.over, because=one.because, entry=signed.n)
    return None


def choice(desk: Desk, version: str, judgment: str, *, signed_first: bool = False) -> Mapping[str, str] | None:
    """What is chosen for a version, there or where it takes it over from, and nothing about it; `signed_first`: as it leaves, whatever draft lies on it."""
    for about in _places(desk, version, judgment):
        draft, signed = desk.drafts.get((judgment, about)), desk.decisions.get((judgment, about))
        if signed is not None and (signed_first or draft is None):
            return signed.decided.choice
        if draft is not None:
            return draft.choice
    return None


def entry(desk: Desk, version: str, judgment: str) -> int:
    """In which entry what is signed for a version was decided; 0 where nothing is."""
    return next((desk.decisions[judgment, about].n for about in _places(desk, version, judgment) if (judgment, about) in desk.decisions), 0)


def _places(desk: Desk, version: str, judgment: str) -> list[str]:
    """A version and those from which it takes a judgment over, the nearest first."""
    places = [version]
    while (parent := desk.family.inherits(places[-1], judgment, desk.cuts)) is not None:
        places.append(parent)
    return [f"{FILM}:{one}" for one in places]


def told(desk: Desk, version: str, plate: str, missing: tuple[str, ...] = (), *, away: bool = False, played: bool = True) -> Told:
    """Everything that people said and did about a plate; without what they played where that is not asked for."""
    from answerprint.delivery.easy.plates import Told

    words, by = thought(desk, plate)
    chose = [_chose(desk, str(judgment), said, played) for judgment in JUDGED[plate] if (said := decided(desk, version, str(judgment))) is not None]
    if len(chose) == 2 and chose[0].what.startswith(chose[1].what) and _bare(chose[0]) == _bare(chose[1]):
        chose = [replace(chose[0], judgment=f"{chose[0].judgment} and {chose[1].judgment}")]
    if not chose:
        missing = (*missing, "Nobody has chosen it yet.")
    return Told(thought=words, thought_by=by, chose=tuple(chose), missing=missing, away=away)


def _bare(one: Chose) -> Chose:
    return replace(one, judgment="", what="", played=None)


def thought(desk: Desk, plate: str) -> tuple[str, str]:
    """What the first thought says of a plate, and whose it is; ("", "") while it is sealed. Of several that were opened the first."""
    for one in intent.thoughts(desk.book) if desk.book else ():
        if one.content is not None and (words := one.content.get(_THOUGHT[plate], "").strip()):
            return words, one.by.name
    return "", ""


def _chose(desk: Desk, judgment: str, said: Said, played: bool) -> Chose:
    from answerprint.choosing import told as words
    from answerprint.delivery.easy.records import Chose

    return Chose(
        judgment=judgment, by=said.by or "somebody at this computer", what=words(said.choice), over=len(said.over), because=said.because, played=_played(desk, judgment, said) if played else None,
        signed=said.entry is not None, entry=said.entry,
    )  # fmt: skip


def _played(desk: Desk, judgment: str, said: Said) -> str | None:
    """How many of the attempts, or of the beds that lay there, they played here, where they let that leave. Of a grade nothing is kept."""
    from answerprint import watched

    if not said.person or not watched.allowed(desk.production, said.person):
        return None
    if judgment == Judgment.FINAL_EDIT and desk.tries:
        return f"{watched.leaving(desk.production, said.person, [f'attempt:{one.clip}#{one.attempt}' for one in desk.tries])} attempts"
    if judgment == Judgment.MUSIC_BED and said.choice.get("file"):
        return f"{watched.leaving(desk.production, said.person, [bed(desk, one) for one in (said.choice['file'], *said.over)])} beds"
    return None


def bed(desk: Desk, file: str) -> str:
    """A bed as a thing that is played: this very file under its name."""
    from answerprint.plan import small_digest

    return f"bed:{file}@{small_digest(desk.path / file)}"
