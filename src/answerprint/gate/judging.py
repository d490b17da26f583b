"""Looking at a version: each judgment that it needs, its pictures that nobody chose, its contact sheet, and the question."""

from __future__ import annotations

import shlex

from answerprint.book import Current
from answerprint.choosing import described, told
from answerprint.desk import Desk, Try
from answerprint.film import Cut
from answerprint.gate.question import question
from answerprint.gate.verdict import Judged, Looking, Need, SheetSeen
from answerprint.gate.wanted import needs
from answerprint.model.charter import Judgment
from answerprint.model.judgments import SignOff
from answerprint.model.time import Span

__all__ = ["look_at"]


def look_at(looking: Looking, version: str, sheet_seen: SheetSeen) -> None:
    """Find what one version is missing."""
    desk = looking.desk
    for says in (desk.family.stranger(version, desk.cuts), desk.family.other_sound(version, desk.cuts)):
        if says:
            looking.notes[says] = None
    wanted, absent = needs(desk, version)
    looking.absent.update(dict.fromkeys(absent))
    found = [one for need in wanted if (one := _judged(looking, need)) is not None]
    _unchosen(looking, version)
    if version in desk.cut_problems:
        looking.lacks("the cut", looking.holder(Judgment.FINAL_EDIT), desk.cut_problems[version])
    elif desk.family.needs_sheet(version, desk.cuts) and not (_signed_as_seen(desk, desk.cuts[version]) or sheet_seen(desk.cuts[version])):
        holder = desk.book.holder(Judgment.SIGN_OFF) if desk.book else None
        whose = f" --who {shlex.quote(holder.name)}" if holder else ""
        says = f"{version}: its contact sheet was not looked at as it is cut now. When it was: answerprint watched FOLDER --sheet {version}{whose}"
        looking.lacks("contact sheet", looking.holder(Judgment.SIGN_OFF), says)
    if version in desk.cuts:
        question(looking, desk.cuts[version], found)
    else:
        looking.lacks(str(Judgment.SIGN_OFF), looking.holder(Judgment.SIGN_OFF), f"{version}: the question is not answered.")


def _signed_as_seen(desk: Desk, cut: Cut) -> bool:
    """Whether a sign-off of this very cut says that its sheet was seen: that is all that others know of it."""
    signed = desk.book.of(SignOff) if desk.book else []
    return any((one.version, one.seal, one.sheet_seen) == (cut.version, cut.seal, True) for line in signed for one in line.content.cuts)


def _judged(looking: Looking, need: Need) -> Current | None:
    """Look at one judgment; the decision that serves it, where there is one."""
    desk, book = looking.desk, looking.desk.book
    if book is not None and (seat := book.seat(need.judgment)).machine:
        by = book.charter.by.name if book.charter else "a producer"
        looking.machine[f"{need.judgment}: handed to the machine by {by}: {seat.because}"] = None
        return None
    which = next(((need.judgment, about) for about in need.places if (need.judgment, about) in looking.decisions), None)
    who = looking.holder(need.judgment)
    if which is None:
        draft = next((desk.drafts[need.judgment, about] for about in need.places if (need.judgment, about) in desk.drafts), None)
        says = f"a draft, not signed: {told(draft.choice)}." if draft else "not decided."
        looking.lacks(need.judgment, who, f"{described(need.judgment, need.about, desk.items)}: {says}")
        return None
    signed, name = looking.decisions[which], described(*which, desk.items)
    holder = book.holder(need.judgment) if book else None
    if holder is None or holder.id != signed.by.id:
        looking.lacks(need.judgment, who, f"{name}: {signed.by.name} signed it in entry {signed.n}, and does not hold it any more.")
    elif which in looking.stale:
        looking.lacks(need.judgment, who, f"{name}: signed in entry {signed.n}, and not any more what was signed: {' '.join(looking.stale[which])}")
    else:
        looking.stands[Judged(judgment=need.judgment, about=which[1], who=signed.by.name, entry=signed.n, says=told(signed.decided.choice))] = None
    return signed


def _unchosen(looking: Looking, version: str) -> None:
    """Pictures of a cut-down that its parent does not show lie in a take that somebody signed."""
    desk = looking.desk
    signed = {(one.decided.choice.get("clip"), one.decided.choice.get("attempt")) for which, one in looking.decisions.items() if which[0] == Judgment.TAKE}
    for medium, ranges in desk.family.new_ranges(version, desk.cuts).items():
        tries = [one for one in desk.tries if one.file == medium and one.picture]
        for span in ranges:
            shown = [one for one in tries if _span(one).overlap(span)]
            if shown and not any((one.clip, str(one.attempt)) in signed for one in shown):
                at = f" Choose it: answerprint choose item:{shown[0].items[0]}@{version} '{shown[0].name}'" if shown[0].items else ""
                looking.lacks(str(Judgment.TAKE), looking.holder(Judgment.TAKE), f"{version} shows {shown[0].words}, which nobody chose.{at}")


def _span(one: Try) -> Span:
    from fractions import Fraction

    return Span(start_s=Fraction(one.in_s), end_s=max(Fraction(one.in_s), Fraction(one.out_s)))
