"""The crew: seats with their empty chairs, invitations, whoever waits to be signed in, who holds what, and keys that sign no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, HTTPException, Request
from fastapi.responses import Response

from answerprint import crew
from answerprint.book import Book, Person
from answerprint.chronicle import day
from answerprint.model.charter import Execution, Judgment
from answerprint.model.judgments import ROLES, Charter, Enrol
from answerprint.room import signing
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest, Waiting
from answerprint.room.pages.crew_services import Services, producer_of, services
from answerprint.room.pages.crew_services import changes as service_changes

router = APIRouter()

_OUTSIDE = {"agency", "client"}


@dataclass(frozen=True, kw_only=True)
class Chair:
    """A seat, and the names of those who sit in it; none: an empty chair."""

    role: str
    people: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class KeyRow:
    """One key of somebody's."""

    id: str
    purpose: str  #: "daily", "recovery", "revoked"
    passkey: bool
    since: int
    given_by: str | None  #: who enrolled this further key of theirs, where they did not do it themselves


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody of the crew with their keys."""

    id: str
    name: str
    roles: tuple[str, ...]
    keys: tuple[KeyRow, ...]
    gone: bool  #: their last key was revoked


@dataclass(frozen=True, kw_only=True)
class Held:
    """A judgment and who decides it."""

    judgment: str
    person: str | None  #: id
    name: str | None
    machine: bool
    because: str
    by: str | None
    since: int | None
    stricter: bool
    keyless: bool  #: theirs, and they have no key left that signs


@dataclass(frozen=True, kw_only=True)
class Waits:
    """Somebody who made a passkey and is not signed in yet."""

    invitation: str
    name: str
    roles: tuple[str, ...]
    words: str  #: of the key, to read out


@dataclass(frozen=True, kw_only=True)
class Invited:
    """An invitation that nobody used yet."""

    name: str
    roles: tuple[str, ...]
    until: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """The page."""

    chairs: tuple[Chair, ...]
    members: tuple[Member, ...]
    seats: tuple[Held, ...]
    waiting: tuple[Waits, ...]
    invited: tuple[Invited, ...]
    roles: tuple[str, ...]
    executions: tuple[str, ...]  #: that could be made stricter
    stricter: tuple[str, ...]
    leaves: tuple[str, ...]  #: what an older charter let leave in general; nothing goes by it
    services: tuple[str, ...]  #: which services may be asked, with what, and for how much, as the charter says it
    asked: Services  #: what is set up, let, spent and gone
    charter: int | None
    producer: bool  #: whether whoever looks may change any of it
    seen: int


@router.get("/crew", include_in_schema=False)
def page(request: Request, guest: Crew) -> Response:
    """The page."""
    found = view(room_of(request), guest)
    return show(request, "crew.html", guest, here="crew", page=found, seen=found.seen)


@router.get("/api/crew")
def twin(request: Request, guest: Crew) -> Page:
    """The same for other programs."""
    return view(room_of(request), guest)


def view(room: Room, guest: Guest) -> Page:
    """Who is on the crew, who decides what."""
    from datetime import UTC, datetime

    book = room.house.book
    charter = book.charter if book else None
    stricter = charter.content.stricter if charter else ()
    invited = [one for one in room.doors.invitations if not one.used and one.ends > datetime.now(UTC).timestamp()]
    return Page(
        chairs=tuple(Chair(role=one.role, people=tuple(person.name for person in one.people)) for one in crew.chairs(book)) if book else (),
        members=tuple(_member(book, one) for one in book.people.values()) if book else (),
        seats=tuple(_held(book, one) for one in crew.seats(book)) if book else (),
        waiting=tuple(Waits(invitation=one.invitation, name=one.name, roles=one.roles, words=one.key_id[7:19]) for one in waiting(room)),
        invited=tuple(Invited(name=one.name, roles=one.roles, until=day(datetime.fromtimestamp(one.ends, UTC).isoformat(timespec="minutes"))) for one in invited),
        roles=ROLES,
        executions=tuple(one.value for one in Execution if one.value not in stricter),
        stricter=tuple(stricter),
        leaves=charter.content.leaves if charter else (),
        services=tuple(crew.services(charter.content)) if charter else (),
        asked=services(room, guest),
        charter=charter.n if charter else None,
        producer=_producer(book, guest) is not None,
        seen=book.head.n if book else 0,
    )


def waiting(room: Room) -> list[Waiting]:
    """Everybody whom a producer has still to sign in."""
    book = room.house.book
    return [one for one in room.doors.waiting if book is None or book.of_key(one.key_id) is None]


def _member(book: Book, person: Person) -> Member:
    since = {crew.key_id(line.content.key.public): line.n for line in reversed(book.enrolments)}
    keys = tuple(KeyRow(id=one, purpose=book.purpose(one), passkey=book.key(one).rp_id is not None, since=since.get(one, 0),
                        given_by=giver.name if (giver := book.given_by(one)) else None) for one in person.keys)  # fmt: skip
    return Member(id=person.id, name=person.name, roles=person.roles, keys=keys, gone=not person.live)


def _held(book: Book, one: crew.Seat) -> Held:
    return Held(judgment=one.judgment, person=one.holder.id if one.holder else None, name=one.holder.name if one.holder else None, machine=one.machine,
                because=one.because, by=one.by.name if one.by else None, since=one.since, stricter=one.stricter,
                keyless=one.holder is not None and crew.keyless(book, one.holder))  # fmt: skip


def _producer(book: Book | None, guest: Guest) -> Person | None:
    person = book.people.get(guest.person or "") if book else None
    return person if person is not None and person.live and "producer" in person.roles else None


# ---- people


@router.post("/api/crew/invite")
def invite(request: Request, guest: Crew, name: Annotated[str, Body(max_length=120)], roles: Annotated[list[str], Body(max_length=12)]) -> dict[str, str]:
    """Offer somebody a seat: a link that opens once, shown once."""
    room = room_of(request)
    book = producer_of(room, guest)
    named = tuple(dict.fromkeys(crew.role(one) for one in roles))
    crew.check(book, name, roles=named)
    made, token = room.doors.invite(" ".join(name.split()), named, guest.person or "")
    return {"link": f"{room.origins[0]}/in/{token}", "says": room.texts["crew"]["invited"].format(name=made.name)}


@router.post("/api/crew/sign-in")
def sign_in(request: Request, guest: Crew, invitation: Annotated[str, Body(embed=True)]) -> dict[str, Any]:
    """Sign somebody in who made a passkey by invitation."""
    room = room_of(request)
    producer_of(room, guest)
    one = next((one for one in waiting(room) if one.invitation == invitation), None)
    if one is None:
        raise HTTPException(404, "Nobody waits by that invitation.")
    content = Enrol(person=one.key_id, name=one.name, roles=one.roles, key=one.key)
    said = room.texts["crew"]
    return signing.offer(room, guest, content, [said["signs_in"].format(name=one.name, roles=", ".join(one.roles), words=one.key_id[7:19])])


@router.post("/api/crew/roles")
def roles(
    request: Request, guest: Crew, person: Annotated[str, Body()], take: Annotated[list[str] | None, Body()] = None, leave: Annotated[list[str] | None, Body()] = None
) -> dict[str, Any]:
    """Somebody takes another seat, or leaves one."""
    room = room_of(request)
    book = producer_of(room, guest)
    made = crew.reseated(book, person, add=take or [], leave=leave or [])
    return signing.offer(room, guest, made, [room.texts["crew"]["signs_roles"].format(name=made.name, roles=", ".join(made.roles))])


@router.post("/api/crew/revoke")
def revoke(
    request: Request, guest: Crew, key: Annotated[str, Body(min_length=20)], because: Annotated[str, Body(max_length=2000)],
    from_entry: Annotated[int | None, Body(ge=2)] = None,
) -> dict[str, Any]:  # fmt: skip
    """A key signs no more; with `from_entry`, what it signed from there on is struck too."""
    room = room_of(request)
    book = room.house.book
    person = signing.signer(room, guest)
    assert book is not None
    (made,) = crew.revocations(book, key, because=because, by=person.live[-1], from_entry=from_entry)
    owner = book.of_key(made.key)
    said = room.texts["crew"]
    lists = [said["signs_revoke"].format(name=owner.name if owner else "?", words=made.key[7:19], because=because.strip())]
    if made.from_entry is not None:
        struck = [line for line in book.lines if line.key == made.key and line.n >= made.from_entry]
        lists.append(said["signs_strike"].format(n=made.from_entry, count=len(struck)))
    return signing.offer(room, guest, made, lists)


# ---- the charter


@router.post("/api/charter")
def charter(
    request: Request, guest: Crew, holders: Annotated[dict[str, str] | None, Body()] = None, machine: Annotated[dict[str, str] | None, Body()] = None,
    stricter: Annotated[list[str] | None, Body()] = None, not_stricter: Annotated[list[str] | None, Body()] = None,
    general: Annotated[Literal["nothing"] | None, Body()] = None,
) -> dict[str, Any]:  # fmt: skip
    """The charter with these changes: who holds what, what goes to the machine and why, what is stricter.

    Args: holders: judgment -> a person, or "nobody".  machine: judgment -> the reason.  general: "nothing" takes back what an older one let leave in general.
    """
    room = room_of(request)
    book = producer_of(room, guest)
    made = crew.charter(book, holders=list((holders or {}).items()), machine=machine, stricter=stricter or (), not_stricter=not_stricter or (), leaves=[general] if general else ())
    return signing.offer(room, guest, made, changes(room, book, made))


def changes(room: Room, book: Book, made: Charter) -> list[str]:
    """What a charter changes, a line for each thing; what it leaves as it is, is not said again."""
    said, now = room.texts["crew"], book.charter.content if book.charter else Charter(holders={})
    lines = []
    for judgment in (*(one.value for one in Judgment), *made.stricter):
        to, was = made.holders.get(judgment), now.holders.get(judgment)
        if to == was or to is None:
            continue
        if to.machine:
            lines.append(said["signs_machine"].format(judgment=judgment, because=to.because))
        else:
            person = book.people.get(to.person or "")
            lines.append(said["signs_holds"].format(judgment=judgment, name=person.name if person else said["chair"]))
    lines += [said["signs_stricter"].format(execution=one) for one in made.stricter if one not in now.stricter]
    lines += [said["signs_looser"].format(execution=one) for one in now.stricter if one not in made.stricter]
    if made.leaves != now.leaves:
        lines.append(said["signs_nothing"].format(what=", ".join(now.leaves)))
    return [*lines, *service_changes(room, now, made)]


__all__ = ["router", "waiting"]
