"""What a version needs: the judgments that it has, those that this film has not, and whose decision serves."""

from __future__ import annotations

from answerprint.desk import FILM, Desk
from answerprint.gate.verdict import Need
from answerprint.model.charter import Judgment

__all__ = ["needs", "unknown"]


def needs(desk: Desk, version: str) -> tuple[tuple[Need, ...], tuple[str, ...]]:
    """The judgments that a version has, and those that this film has not, with the reason in a sentence."""
    found, absent = _takes(desk)
    heroes = [item for item in desk.items.values() if item.hero is not None]
    if not heroes:
        absent.append("hero framing: the script marks no [[HERO]] shot")
    cut = desk.cuts.get(version)
    silent = cut is not None and not cut.heard and not _mixed(desk, version)
    shown = cut is None or bool(cut.picture)
    for judgment in (Judgment.FINAL_EDIT, Judgment.PACING, Judgment.GRADE, Judgment.MIX, Judgment.MUSIC_BED):
        if silent and judgment in (Judgment.MIX, Judgment.MUSIC_BED):
            absent.append(f"{judgment}: {version} has no sound")
        elif not shown and judgment == Judgment.GRADE:
            absent.append(f"{judgment}: {version} has no picture")
        else:
            places = tuple(f"{FILM}:{one}" for one in _line(desk, version, judgment))
            found.append(Need(judgment=str(judgment), about=places[-1], places=places))
    for item in heroes:
        places = tuple(f"hero:{item.number}@{one}" for one in _line(desk, version, Judgment.HERO_FRAMING))
        found.append(Need(judgment=str(Judgment.HERO_FRAMING), about=places[-1], places=places))
    charter = desk.book.charter if desk.book else None
    for stricter in charter.content.stricter if charter else ():
        places = tuple(f"{FILM}:{one}" for one in _line(desk, version, Judgment.GRADE))
        found.append(Need(judgment=stricter, about=places[-1], places=places))
    return tuple(found), tuple(absent)


def _mixed(desk: Desk, version: str) -> bool:
    """Whether a mix is chosen, signed or not: it is heard in the film, whatever the cut itself sounds like."""
    places = [(str(Judgment.MIX), f"{FILM}:{one}") for one in _line(desk, version, Judgment.MIX)]
    found = [desk.decisions[which].decided.choice for which in places if which in desk.decisions] or [desk.drafts[which].choice for which in places if which in desk.drafts]
    return bool(found) and "file" in found[0]


def _takes(desk: Desk) -> tuple[list[Need], list[str]]:
    found, absent = [], []
    if desk.unprepared:
        return [], []
    if not desk.items:
        absent.append("take: there is no script, so nothing is chosen item by item")
    decided = {about for judgment, about in desk.decisions if judgment == Judgment.TAKE}
    for number, item in desk.items.items():
        if desk.tries_at(number) or f"item:{number}" in decided:  # what somebody signed does not leave the film because its clip is away
            found.append(Need(judgment=str(Judgment.TAKE), about=f"item:{number}", places=(f"item:{number}",)))
        elif item.card or item.stock is not None or not desk.unread:
            why = "lettering is made, not shot" if item.card else "it is to come from stock" if item.stock is not None else "it was not covered"
            absent.append(f"take of item {number}: {why}")
    return found, absent


def unknown(desk: Desk) -> list[int]:
    """Items that would have to be shot, that nothing covers, and that what was not read yet may cover."""
    shot = [number for number, item in desk.items.items() if not item.card and item.stock is None and not desk.tries_at(number)]
    return shot if shot and desk.unread else []


def _line(desk: Desk, version: str, judgment: str) -> list[str]:
    """A version and those whose decision serves it, the nearest first; pacing goes where the edit goes."""
    found = [version]
    while (parent := desk.family.inherits(found[-1], judgment, desk.cuts)) is not None:
        found.append(parent)
    return found
