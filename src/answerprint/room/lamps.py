"""The gate as a line of lamps, and what waits for one person: both from the gate's own verdict."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from answerprint import crew, gestures, watched
from answerprint.chronicle import day
from answerprint.keep import write_whole
from answerprint.model.charter import Judgment
from answerprint.model.judgments import Objection
from answerprint.model.records import AnswerprintError
from answerprint.room.clients import pending
from answerprint.room.verdicts import verdict
from answerprint.room.words import on_a_page

if TYPE_CHECKING:
    from answerprint.book import Book, Line
    from answerprint.gate import Verdict
    from answerprint.room.asking import Room
    from answerprint.room.doors import Guest

__all__ = ["Lamp", "Todo", "Visit", "lamps", "visit", "waits"]


@dataclass(frozen=True, kw_only=True)
class Lamp:
    """One judgment on the way to the gate. Lit: somebody has to act; red: an objection; quiet: signed."""

    name: str
    state: Literal["ring", "lit", "red", "quiet"]
    who: str | None
    says: str


@dataclass(frozen=True, kw_only=True)
class Todo:
    """Something that waits for whoever looks."""

    says: str
    more: str
    href: str
    red: bool = False


def lamps(room: Room) -> tuple[Lamp, ...]:
    """A lamp for each judgment, in the order of the line."""
    book, said = room.house.book, room.texts["board"]
    try:
        found = verdict(room)
    except AnswerprintError as error:  # the list of versions cannot be read: the page says why where the cut stands
        return tuple(Lamp(name=one.value.capitalize(), state="ring", who=None, says=on_a_page(str(error))) for one in Judgment)
    return tuple(_lamp(said, book, found, one) for one in Judgment)


def _lamp(said: dict[str, Any], book: Book | None, found: Verdict, judgment: Judgment) -> Lamp:
    seat = book.seat(judgment) if book else None
    holder = book.holder(judgment) if book else None
    name, who = judgment.value.capitalize(), holder.name if holder else None
    if seat is not None and seat.machine:
        return Lamp(name=name, state="quiet", who=None, says=said["lamp_machine"])
    against = [one for one in (book.objections if book else []) if one.open and _against(one.line.content) == judgment]
    if against:
        return Lamp(name=name, state="red", who=who, says=", ".join(one.number for one in against))
    missing = [one for one in found.missing if one.what == judgment]
    stands = [one for one in found.stands if one.judgment == judgment]
    if not missing and (stands or any(one.partition(":")[0].partition(" of ")[0] == judgment for one in found.not_in_this_film)):
        return Lamp(name=name, state="quiet", who=who if stands else None, says=said["lamp_signed"] if stands else said["lamp_absent"])
    if not who:
        return Lamp(name=name, state="ring", who=None, says=said["lamp_chair"])
    if holder is not None and book is not None and crew.keyless(book, holder):
        return Lamp(name=name, state="lit", who=who, says=said["lamp_keyless"])
    if judgment == Judgment.SIGN_OFF:
        return Lamp(name=name, state="ring" if found.open else "lit", who=who, says=said["lamp_not_yet" if found.open else "lamp_question"])
    begun = [one for one in missing if not one.says.endswith("not decided.")]
    if not begun and not stands:
        return Lamp(name=name, state="ring", who=who, says=said["lamp_not_yet"])
    return Lamp(name=name, state="lit", who=who, says=said["lamp_missing"].format(missing=len(missing), all=len(missing) + len(stands)))


def _against(content: object) -> Judgment:
    """Which judgment an objection is about: an item's is about its take; everything else about the cut."""
    on = content.on if isinstance(content, Objection) else ""
    return Judgment.TAKE if on.startswith("item:") else Judgment.HERO_FRAMING if on.startswith("hero:") else Judgment.FINAL_EDIT


# ---- what waits for one person


def waits(room: Room, guest: Guest) -> list[Todo]:
    """What whoever looks has to do beside choosing takes, each with the page where it is done."""
    said, book = room.texts["board"], room.house.book
    person = book.people.get(guest.person or "") if book else None
    if book is None or person is None:
        return []
    todo = []
    if "producer" in person.roles:
        for seat in crew.seats(book):
            if seat.holder is not None and crew.keyless(book, seat.holder):
                todo.append(Todo(says=said["keyless"].format(judgment=seat.judgment, name=seat.holder.name), more=said["keyless_more"], href="/crew"))
    if {"director", "producer"} & set(person.roles) and not any(one.by.id == person.id for one in book.intents):
        todo.append(Todo(says=said["thought"], more=said["thought_more"], href="/thought"))
    answers = {one.person for one in (book.charter.content.holders.values() if book.charter else ())} | {one.id for one in book.people.values() if {"director", "producer"} & set(one.roles)}
    if person.id in answers:
        for one in book.objections:
            if one.open and one.line.by.id != person.id:
                todo.append(Todo(says=said["answer"].format(number=one.number, name=one.line.by.name), more=getattr(one.line.content, "text", ""), href=f"/arguments#{one.number}", red=True))
    try:
        mine = [one for one in verdict(room).missing if one.who == person.name]
    except AnswerprintError:
        mine = []
    again = [one for one in mine if "not any more what was signed" in one.says or "since then" in one.says]
    if again:
        todo.append(Todo(says=said["again"].format(count=len(again)), more=said["again_more"], href="/sign#again"))
    for name, judgments in gestures.GESTURES.items():
        drafts = [one for one in mine if one.what in judgments and ("draft" in one.says or "not signed" in one.says) and one not in again]
        if drafts:
            todo.append(Todo(says=said["to_sign"].format(count=len(drafts)), more=room.texts["sign_page"][name], href=f"/sign#{name}"))
    if mine and all(one.what == Judgment.SIGN_OFF for one in mine) and not verdict(room).open:
        todo.append(Todo(says=said["question"], more=said["question_more"], href="/sign#question"))
    if set(person.roles) - {"agency", "client"}:
        todo += [Todo(says=said["came_back"].format(name=one.name), more=room.texts["rounds"][f"said_{one.outcome}"], href=f"/rounds#round-{one.round}") for one in pending(room)]
    return todo


# ---- signed with one's key since the last visit


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What was signed with somebody's key since they last looked at the board."""

    since: str  #: a day; "" for a first visit
    lines: tuple[Line[Any], ...]


def visit(room: Room, guest: Guest) -> Visit:
    """What a person's key signed since the session before this one, the newest first; what this session signed stands in it too.

    The entry that was last then is kept with this person, outside the record.
    """
    book = room.house.book
    person = book.people.get(guest.person or "") if book else None
    if book is None or person is None:
        return Visit(since="", lines=())
    held: dict[str, tuple[int, str]] = room.__dict__.setdefault("visits", {})
    if guest.session not in held:
        held[guest.session] = _before(room, person.id)
    _keep(room, person.id, book.head.n)
    n, at = held[guest.session]
    lines = tuple(line for line in reversed(book.lines) if line.by.id == person.id and line.n > n)
    return Visit(since=at, lines=lines)


def _before(room: Room, person: str) -> tuple[int, str]:
    try:
        plain = json.loads(watched.private_file(room.house.production, person, "visits").read_bytes())
        return int(plain["entry"]), day(str(plain["at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return 0, ""


def _keep(room: Room, person: str, entry: int) -> None:
    from datetime import UTC, datetime

    path = watched.private_file(room.house.production, person, "visits")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(path, json.dumps({"entry": entry, "at": datetime.now(UTC).isoformat(timespec="minutes")}).encode("ascii"))
