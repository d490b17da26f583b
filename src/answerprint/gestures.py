"""The signatures before the last: selects, lock, finish. One gesture makes one entry that lists everything it binds.

What is bound are the drafts of that gesture whose judgments the signer holds, and what they signed before and does not hold any
more, affirmed again with what changed. What other people hold is listed as theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from answerprint import stale
from answerprint.book import Book, Person
from answerprint.choosing import alternatives, described, told
from answerprint.desk import FILM, Desk, DeskError
from answerprint.drafts import Draft
from answerprint.film import FilmError
from answerprint.model.charter import Judgment
from answerprint.model.judgments import Decided, Decision, Seen
from answerprint.model.records import to_plain
from answerprint.rushes import not_connected

__all__ = ["AGAIN", "GESTURES", "Gesture", "GestureError", "affirmed", "again", "changed", "gesture", "shown"]

#: What each signature is over.
GESTURES: dict[str, tuple[Judgment, ...]] = {
    "selects": (Judgment.TAKE,),
    "lock": (Judgment.FINAL_EDIT, Judgment.PACING),
    "finish": (Judgment.GRADE, Judgment.MIX, Judgment.MUSIC_BED, Judgment.HERO_FRAMING),
}
AGAIN = "again"
#: What a choice says, where it is more than a file. Takes and cuts are read anew when they are signed.
_JUDGED = ("judged on", "master", "master seal")
_SAYS: dict[str, tuple[set[str], ...]] = {
    Judgment.TAKE: ({"take", "seen as"},),
    Judgment.GRADE: ({"grade", *_JUDGED}, {"file", *_JUDGED}),
    Judgment.MIX: ({"mix", *_JUDGED}, {"file", "gain_db", *_JUDGED}),
    Judgment.MUSIC_BED: ({"bed"}, {"file", "from", "to", *_JUDGED}),
    Judgment.HERO_FRAMING: ({"framing"}, {"file"}),
}


class GestureError(DeskError):
    """A signature over nothing, or over something that is not there any more."""


@dataclass(frozen=True, kw_only=True)
class Gesture:
    """What one signature is about to bind."""

    content: Decision
    lines: tuple[str, ...]  #: what it binds, in words
    theirs: tuple[str, ...]  #: what waits for other people
    lost: tuple[str, ...]  #: what cannot be affirmed, because it is not there any more
    drafts: tuple[Draft, ...]  #: gone once it is signed
    seen: Seen  #: the end of the record that all of this was made from


def shown(decisions: Iterable[Decided]) -> dict[str, str]:
    """What stands on a page that lists these decisions: each in words, and a seal over all that it says and rests on."""
    return {described(one.judgment, one.about): stale.seal(to_plain(one)) for one in decisions}


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """What stands on a page now and did not stand there so when somebody looked at it, in sentences; empty where the two are the same.

    Args: before, now: as `shown` makes them.
    """
    other = [f"the {name} is another one now." for name, seal in now.items() if before.get(name, seal) != seal]
    new = [f"the {name} was not there." for name in now if name not in before]
    return [*other, *new, *(f"the {name} is not there any more." for name in before if name not in now)]


def gesture(desk: Desk, name: str, person: Person) -> Gesture:
    """The signature called selects, lock or finish.

    Raises: GestureError: there is nothing in it for this person to sign.
    """
    book = _book(desk)
    mine = {str(one) for one in GESTURES[name]}
    if name == "finish" and book.charter is not None:
        mine |= set(book.charter.content.stricter)
    return _made(desk, book, name, person, judgments=mine)


def again(desk: Desk, person: Person, *, only: Sequence[tuple[str, str]] = ()) -> Gesture:
    """Everything of this person's that is stale, affirmed in one gesture; or only what is named.

    Raises: GestureError: nothing of theirs is stale, or what is named is not.
    """
    book = _book(desk)
    fresh = [which for which in only if which not in desk.stale]
    if fresh:
        raise GestureError(f"the {described(*fresh[0])} is not stale: it stands as it was signed, or nobody signed it.")
    return _made(desk, book, AGAIN, person, stale_only=True, only=set(only))


def _book(desk: Desk) -> Book:
    if desk.book is None or not desk.book.people:
        raise GestureError('nobody is on the crew yet. Begin with: answerprint crew add "FULL NAME" --role producer --key new')
    return desk.book


def _made(
    desk: Desk, book: Book, name: str, person: Person, *, judgments: set[str] | None = None, stale_only: bool = False,
    only: set[tuple[str, str]] | None = None,
) -> Gesture:  # fmt: skip
    bound: list[Decided] = []
    lines: list[str] = []
    theirs: list[str] = []
    lost: list[str] = []
    used: list[Draft] = []
    drafts = {} if stale_only else {which: one for which, one in desk.drafts.items() if judgments is None or which[0] in judgments}
    waiting = [which for which in desk.stale if which not in drafts and (judgments is None or which[0] in judgments) and (not only or which in only)]
    for which in [*_in_order(desk, drafts), *_in_order(desk, waiting)]:
        holder = book.holder(which[0])
        draft = drafts.get(which)
        if holder is None or holder.id != person.id:
            theirs.append(_whose(book, which, told(draft.choice) if draft else "stale"))
            continue
        try:
            one = _decided(desk, which, draft.choice, draft.because) if draft else affirmed(desk, which)
        except (DeskError, FilmError) as error:
            lost.append(str(error))
            continue
        used += [draft] if draft else []
        if draft and _same(desk, one, person):
            continue
        bound.append(one)
        lines += _lines(desk, one)
    if not bound:
        why = [*(f"Waiting for others: {line}" for line in theirs), *lost]
        raise GestureError.listing(_nothing(name, person), why)
    rough = max(desk.rough_cuts, default=None)
    if rough:
        lines.append(f"before it, a rough cut was made here (entry {rough})")
    return Gesture(
        content=Decision(gesture=name, decisions=tuple(bound), saw={"rough cut": str(rough)} if rough else {}),
        lines=tuple(lines), theirs=tuple(theirs), lost=tuple(lost), drafts=tuple(used), seen=book.head,
    )  # fmt: skip


def _nothing(name: str, person: Person) -> str:
    if name == AGAIN:
        return f"Nothing that {person.name} signed is stale."
    what = ", ".join(str(one) for one in GESTURES[name])
    return f"There is nothing in {name} ({what}) for {person.name} to sign: nothing is chosen that is not signed, and nothing of it is stale."


def _whose(book: Book, which: tuple[str, str], what: str) -> str:
    seat = book.seat(which[0])
    holder = book.holder(which[0])
    who = holder.name if holder else "the machine, by the charter," if seat.machine else "an empty chair"
    return f"{described(*which)}: {what}. {who[0].upper()}{who[1:]} holds it."


def _in_order(desk: Desk, found: Sequence[tuple[str, str]] | dict[tuple[str, str], Draft]) -> list[tuple[str, str]]:
    """By judgment, then in the order of the script and of the versions."""
    order = [str(one) for one in Judgment]
    versions = [one.name for one in desk.family.versions]

    def place(which: tuple[str, str]) -> tuple[int, int, int, str]:
        head, _, version = which[1].partition(":")[2].partition("@")
        version = version or head
        judged = order.index(which[0]) if which[0] in order else len(order)
        return judged, int(head) if head.isdecimal() else 0, versions.index(version) if version in versions else 0, which[1]

    return sorted(found, key=place)


# ---- one decision


def _decided(desk: Desk, which: tuple[str, str], choice: dict[str, str], because: str) -> Decided:
    """A decision as it is signed now.

    Raises: GestureError: what it chooses is not there any more.
    """
    judgment, about = which
    current = desk.decisions.get(which)
    whole = _whole(desk, judgment, about, choice)
    return Decided(
        judgment=judgment, about=about, choice=whole, over=alternatives(desk, judgment, about, whole), because=because,
        replaces=current.name if current else None, rests_on=stale.rests_on(judgment, about, whole, desk.things),
    )  # fmt: skip


def affirmed(desk: Desk, which: tuple[str, str]) -> Decided:
    """A signed decision once more, about the film as it is now.

    Raises: GestureError: what it chose is not there any more, or what it rested on cannot be looked at now.
    """
    before = desk.decisions[which].decided
    one = _decided(desk, which, dict(before.choice), before.because)
    gone = [file for file in stale.away(*which, one.choice, desk.things) if f"media:{file}" in before.rests_on or f"file:{file}" in before.rests_on]
    gone += [file for file in desk.offline if f"media:{file}" in one.rests_on]
    if gone:
        roots = not_connected(desk.path, desk.production.settings["media"])
        disks = [str(root) for root in roots if any(str(desk.path / file).startswith(f"{root}/") for file in gone)]
        bring = f"Connect {', '.join(disks)}" if disks else "Bring it back"
        files = ", ".join(gone[:3]) + (f" and {len(gone) - 3} more" if len(gone) > 3 else "")
        raise GestureError(f"the {described(*which)} cannot be affirmed: {files} is not there, and nobody can look at it now. {bring}, and look again.")
    return one


def _whole(desk: Desk, judgment: str, about: str, choice: dict[str, str]) -> dict[str, str]:
    """The choice with what is known of it now: a take where its clip lies today, a cut with its seal and a copy that is kept."""
    kind, _, rest = about.partition(":")
    head, _, version = rest.partition("@")
    if kind in ("item", "hero") and not (head.isdecimal() and int(head) in desk.items):
        raise GestureError(f"the {described(judgment, about)} cannot be signed: the script has no item {head} any more.")
    named = version or (head if kind == FILM else None)
    if named is not None:
        desk.family[named]
    if judgment == Judgment.TAKE:
        return _take(desk, about, choice)
    if judgment in (Judgment.FINAL_EDIT, Judgment.PACING):
        return _cut(desk, judgment, named or "", choice)
    _readable(judgment, about, choice)
    if "file" in choice and f"file:{choice['file']}" not in desk.now:
        raise GestureError(f"the {described(judgment, about)} cannot be signed: {choice['file']} is not there. Bring it back, or choose another.")
    return dict(choice)


def _readable(judgment: str, about: str, choice: dict[str, str]) -> None:
    """Drafts are anybody's, and lie in a file: one that says more than a person reads of it before they sign is not signed."""
    known = any(choice and set(choice) <= form for form in _SAYS.get(judgment, ({"file"},)))
    if not known or not re.fullmatch(r"[+-]\d{1,2}\.\d\d", choice.get("gain_db", "+0.00")):
        says = ", ".join(sorted(choice)) or "nothing"
        raise GestureError(f"the {described(judgment, about)} cannot be signed: its draft says {says}, which no choice says together. Choose again.")


def _take(desk: Desk, about: str, choice: dict[str, str]) -> dict[str, str]:
    if "clip" not in choice:
        _readable(Judgment.TAKE, about, choice)
        return dict(choice)
    same = [one for one in desk.tries if (one.clip, str(one.attempt)) == (choice["clip"], choice["attempt"])]
    same = same or [one for one in desk.tries if one.name == choice.get("name")]
    if len({(one.clip, one.attempt) for one in same}) > 1:
        files = ", ".join(one.file for one in same)
        raise GestureError(f"the {described(Judgment.TAKE, about)} cannot be signed: {told(choice)} may be {len(same)} attempts ({files}). Choose again.")
    if not same:
        raise GestureError(f"the {described(Judgment.TAKE, about)} cannot be signed: {told(choice)} is not found any more. Choose again.")
    one = same[0]
    seen = {"seen as": choice["seen as"]} if "seen as" in choice else {}
    return {"clip": one.clip, "attempt": str(one.attempt), "file": one.file, "slate": one.slate, "name": one.name, **seen}


def _cut(desk: Desk, judgment: str, version: str, choice: dict[str, str]) -> dict[str, str]:
    cut = desk.cuts.get(version)
    if cut is None:
        raise GestureError(f"the {described(judgment, f'{FILM}:{version}')} cannot be signed: {desk.cut_problems[version]}")
    if judgment == Judgment.PACING:
        return {"file": cut.file, "seal": cut.rhythm}
    whole = {"file": cut.file, "seal": cut.seal, "kept": kept(desk, version)}
    rough = desk.untouched(cut)
    return whole if rough is None else {**whole, "rough": str(rough)}


def kept(desk: Desk, version: str) -> str:
    """Keep a version's cut as it is now, for good; the digest of the copy."""
    from answerprint.timeline.formats.otio import format as otio

    assert otio.write is not None
    data, _ = otio.write(desk.timeline(version), {})
    return desk.production.keep.put(data)


def _same(desk: Desk, one: Decided, person: Person) -> bool:
    """Whether a draft says again what this person signed and what holds. What stands signed by an earlier holder is signed anew."""
    which = one.judgment, one.about
    current = desk.decisions.get(which)
    return current is not None and current.by.id == person.id and which not in desk.stale and current.decided.choice == one.choice and current.decided.because == one.because


def _lines(desk: Desk, one: Decided) -> list[str]:
    """What is bound, over which alternatives, and what changed since it was signed before."""
    which = one.judgment, one.about
    items = desk.items if not one.about.startswith(f"{FILM}:") else None
    over = f", over {', '.join(one.over)}" if one.over else ""
    lines = [f"{described(*which, items)}: {told(one.choice)}{over}"]
    if one.because:
        lines.append(f"    because: {one.because}")
    current = desk.decisions.get(which)
    if current is not None:
        again = current.decided.choice.get("file") == one.choice.get("file") and current.decided.choice.get("name") == one.choice.get("name")
        lines.append(f"    {'affirmed again' if again else f'instead of {told(current.decided.choice)}'}, signed by {current.by.name} in entry {current.n}")
    lines += [f"    since then: {says}" for says in desk.stale.get(which, ())]
    return lines
