"""What stands in the record and on the disks besides decisions: media, prep, objections, entries that do not verify, approvals."""

from __future__ import annotations

from answerprint.gate.verdict import EMPTY_CHAIR, Looking
from answerprint.gate.wanted import unknown
from answerprint.model.charter import Judgment
from answerprint.rushes import not_connected, shown

__all__ = ["record"]


def record(looking: Looking) -> None:
    """Objections, entries that do not verify, approvals: what stands in the record besides decisions."""
    book = looking.desk.book
    if looking.desk.unprepared:
        looking.lacks("prep", looking.holder(Judgment.TAKE), "nothing is known of the takes until the shoot is prepared by this version: answerprint prep FOLDER")
    elif half := looking.desk.half_read:
        files = ", ".join(half[:3]) + (" ..." if len(half) > 3 else "")
        looking.lacks("prep", looking.holder(Judgment.TAKE), f"{files}: not read to the end by this version, so what was signed of the takes cannot be held against them: answerprint prep FOLDER")
    _media(looking)
    for number in unknown(looking.desk):
        files = ", ".join(looking.desk.unread[:3]) + (" ..." if len(looking.desk.unread) > 3 else "")
        looking.lacks("prep", looking.holder(Judgment.TAKE), f"item {number} is covered by nothing that was read, and {files} was not read yet: answerprint prep FOLDER")
    if book is None and looking.desk.production.lost:
        looking.lacks("the record", EMPTY_CHAIR, looking.desk.production.lost)
        return
    if book is None or not book.people:
        looking.lacks("the crew", EMPTY_CHAIR, "nobody is on the crew yet, so nobody can decide.")
        return
    for raised in book.objections:
        if raised.open:
            content = raised.line.content
            text = getattr(content, "text", "(this copy withholds it)")
            looking.lacks("objection", raised.line.by.name, f"{raised.number} by {raised.line.by.name}: “{text}” Somebody answers it, or {raised.line.by.name} withdraws it.")
    producers = ", ".join(one.name for one in book.people.values() if "producer" in one.roles and one.live) or EMPTY_CHAIR
    for n, why in looking.desk.findings.items():
        which = f"entry {n} does not verify" if n else "it does not verify"
        looking.lacks("the record", producers, f"{which}: {'; '.join(why)}. `answerprint verify` says more.")
    for line in book.approvals:
        sent = book.line(line.content.round)
        label = sent.content.label if sent is not None else f"entry {line.content.round}"
        files = ", ".join(one.file for one in line.content.cuts)
        changes = f": {'; '.join(line.content.changes)}" if line.content.changes else ""
        looking.notes[f"{label} ({files}): {line.content.contact} said {line.content.outcome}{changes}. An approval, not a sign-off."] = None


def _media(looking: Looking) -> None:
    """Media that are away, or that were changed since prep read them: what rests on them cannot be looked at."""
    desk, who = looking.desk, looking.holder(Judgment.SIGN_OFF)
    for root in not_connected(desk.path, desk.production.settings["media"]):
        looking.lacks("media", who, f"{shown(str(root))} is not connected, so what lies on it cannot be looked at. Connect it.")
    used = {file for cut in desk.cuts.values() for file in (*cut.picture, *cut.heard)}
    used |= {desk.names.get(one.decided.choice.get("clip", ""), "") for which, one in desk.decisions.items() if which[0] == Judgment.TAKE}
    if changed := [file for file in desk.shoot.waiting if file in used]:
        looking.lacks("prep", who, f"{', '.join(changed)}: not as prep last read it. Look again: answerprint prep FOLDER")
