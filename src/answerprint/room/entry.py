"""The door: one-time links, passkeys made and shown, and the way out."""

from __future__ import annotations

import base64
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from answerprint.book import Person
from answerprint.model.charter import Judgment
from answerprint.model.judgments import Charter, Enrol, Holder
from answerprint.room import RoomError, signing
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import SESSION_S, Guest
from answerprint.room.guard import secret

router = APIRouter()


def _let_in(request: Request, guest: Guest, to: str) -> Response:
    answer = RedirectResponse(to, status_code=303)
    answer.set_cookie(room_of(request).cookie, guest.session, max_age=SESSION_S, httponly=True, samesite="lax", secure=request.url.scheme == "https", path="/")
    return answer


@router.get("/in/{token}", include_in_schema=False)
def use_setup(request: Request, token: str) -> Response:
    """The link that the terminal prints, or an invitation: each opens once."""
    room = room_of(request)
    guest = room.doors.use_setup(token) or room.doors.use_invitation(token)
    if guest is None:
        here = room.doors.guest(request.cookies.get(room.cookie))
        if here is not None and here.kind == "crew" and here.person is None:  # they came in by a link, looked around and made no key yet
            return RedirectResponse("/welcome", status_code=303)
        raise HTTPException(403, room.texts["door"]["used"])
    return _let_in(request, guest, "/welcome")


@router.get("/door", include_in_schema=False)
def door(request: Request) -> Response:
    """For whoever has no session: how to come in."""
    return show(request, "door.html", None)


@router.post("/api/door/ask", include_in_schema=False)
def ask_at_the_door(request: Request) -> dict[str, Any]:
    """Begin to show a passkey without a session: what the browser needs, and a ticket for the answer."""
    ticket = secret()
    return {"ticket": ticket, "options": signing.passkeys(room_of(request)).ask(f"door {ticket}")}


@router.post("/api/door/shown", include_in_schema=False)
def shown_at_the_door(request: Request, ticket: Annotated[str, Body()], assertion: Annotated[dict[str, Any], Body()]) -> Response:
    """Somebody of the crew comes back in with their key: after twelve hours, or after the room was closed and opened."""
    room = room_of(request)
    key_id = signing.passkeys(room).shown(f"door {ticket}", assertion)
    book = room.house.book
    person = book.of_key(key_id) if book is not None else None
    if person is None:
        raise RoomError(room.texts["sign"]["no_key"])
    guest = room.doors.known(person.id, person.name)
    answer = Response(status_code=204)
    answer.set_cookie(room.cookie, guest.session, max_age=SESSION_S, httponly=True, samesite="lax", secure=request.url.scheme == "https", path="/")
    return answer


@router.get("/welcome", include_in_schema=False)
def welcome(request: Request, guest: Crew) -> Response:
    """The first page of a session: make a passkey, show one, or go on."""
    room = room_of(request)
    book = room.house.book
    people = list(book.people.values()) if book else []
    if book is not None and guest.person is not None and guest.person in book.people:
        return RedirectResponse(_first_page(room, book.people[guest.person]), status_code=303)
    invitation, waiting = room.doors.invitation(guest.invitation or ""), room.doors.waiting_of(guest)
    return show(request, "welcome.html", guest, people=people, first=not people, invitation=invitation, waits=waiting.key_id[7:19] if waiting else "")


@router.post("/api/passkey/make")
def make(request: Request, guest: Crew, name: Annotated[str, Body(embed=True)]) -> dict[str, Any]:
    """Begin to make a passkey for a name."""
    if not name.strip() or len(name) > 120:
        raise RoomError(room_of(request).texts["welcome"]["no_name"])
    return signing.passkeys(room_of(request)).make(guest.session, name.strip())


@router.post("/api/passkey/made")
def made(request: Request, guest: Crew, name: Annotated[str, Body()], credential: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
    """A passkey was made. The first one here signs themselves in with it; anybody else waits for a producer."""
    room = room_of(request)
    if not name.strip() or len(name) > 120:
        raise RoomError(room.texts["welcome"]["no_name"])
    key, key_id = signing.passkeys(room).made(guest.session, credential)
    book = room.house.book
    if book is not None and book.people:
        invitation = room.doors.invitation(guest.invitation or "")
        if invitation is None:
            raise HTTPException(403, room.texts["welcome"]["not_invited"])
        room.doors.wait(guest, name=name.strip(), roles=invitation.roles, key=key, key_id=key_id)
        return {"waits": room.texts["welcome"]["waits"], "words": key_id[7:19]}
    enrol = Enrol(person=key_id, name=name.strip(), roles=("producer", "director"), key=key)
    with room.house.writing() as record:
        prepared = record.prepare(enrol, by=key_id)
        if missing := record.missing(prepared):
            raise RoomError(" ".join(missing))
    offer = signing.made(
        room, guest, prepared, base64.b64decode(key.public), [room.texts["welcome"]["enrols"].format(name=name.strip())],
        lambda n: _arrive(request, guest, key_id, name.strip()),
    )  # fmt: skip
    return {**offer, "next": "/api/seats/all-mine"}


def _arrive(request: Request, guest: Guest, person: str, name: str) -> None:
    room_of(request).doors.is_person(guest, person, name)


@router.post("/api/seats/all-mine")
def all_mine(request: Request, guest: Crew) -> dict[str, Any]:
    """For whoever is alone: every seat, in one signature."""
    room = room_of(request)
    person = signing.signer(room, guest)
    book = room.house.book
    assert book is not None
    if book.charter is not None:
        raise RoomError(room.texts["welcome"]["seats_taken"])
    charter = Charter(holders={one.value: Holder(person=person.id) for one in Judgment})
    return signing.offer(room, guest, charter, [room.texts["welcome"]["all_seats"].format(name=person.name)])


@router.post("/api/passkey/ask")
def ask(request: Request, guest: Crew) -> dict[str, Any]:
    """Begin to show a passkey."""
    return signing.passkeys(room_of(request)).ask(guest.session)


@router.post("/api/passkey/shown")
def shown(request: Request, guest: Crew, assertion: Annotated[dict[str, Any], Body(embed=True)]) -> dict[str, Any]:
    """A passkey was shown: whose it is."""
    room = room_of(request)
    key_id = signing.passkeys(room).shown(guest.session, assertion)
    book = room.house.book
    person = book.of_key(key_id) if book is not None else None
    if person is None:
        raise RoomError(room.texts["sign"]["no_key"])
    room.doors.is_person(guest, person.id, person.name)
    return {"person": person.id, "name": person.name, "next": _first_page(room, person)}


@router.post("/api/passkey/mine")
def mine(request: Request, guest: Crew) -> dict[str, Any]:
    """Whether a producer has signed in whoever waits here."""
    room = room_of(request)
    waiting = room.doors.waiting_of(guest)
    book = room.house.book
    person = book.of_key(waiting.key_id) if waiting and book else None
    if person is None:
        return {"person": guest.person, "next": "/"}
    room.doors.arrived(guest)
    room.doors.is_person(guest, person.id, person.name)
    return {"person": person.id, "next": _first_page(room, person)}


def _first_page(room: Room, person: Person) -> str:
    """Where somebody begins: a director who said no first thought says it before they see anything; everybody else sees the board."""
    book = room.house.book
    silent = book is not None and not any(line.by.id == person.id for line in book.intents)
    return "/thought" if "director" in person.roles and silent else "/"


@router.post("/api/leave", include_in_schema=False)
def leave(request: Request, guest: Crew) -> Response:
    """End this session."""
    room_of(request).doors.leave(guest)
    answer = Response(status_code=204)
    answer.delete_cookie(room_of(request).cookie, path="/")
    return answer
