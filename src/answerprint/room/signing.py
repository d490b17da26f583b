"""A signature in the room: what is to be signed is written out, shown in words, signed by a passkey over its exact bytes, written down.

An offer lives ten minutes, belongs to one session, and is used once. Nothing is chosen for anybody: an offer is made because somebody asked.
"""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Path, Request
from fastapi.responses import Response

from answerprint import gestures
from answerprint.book import Book, Line, Person
from answerprint.ledger.store import Prepared
from answerprint.ledger.verify import read_body
from answerprint.model.judgments import Decision, Human, Refusal, Release, Seen, SignOff
from answerprint.room import RoomError
from answerprint.room.asking import Crew, Room, room_of
from answerprint.room.doors import Guest
from answerprint.room.guard import secret
from answerprint.room.passkeys import WAIT_S, Passkeys, blob
from answerprint.room.words import as_read

__all__ = ["Offer", "Shown", "Since", "as_shown", "offer", "router", "signer"]

router = APIRouter()

#: What a page sends with a signature that decides: the last entry on it, and what it listed, by name and seal.
Since = Annotated[int | None, Body()]
Shown = Annotated[dict[str, str] | None, Body(max_length=4000)]


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Something that waits to be signed."""

    session: str
    prepared: Prepared
    public: bytes  #: SubjectPublicKeyInfo of the key that signs
    lists: tuple[str, ...]
    ends: float
    first: Callable[[], None] | None = None  #: what has to be on the disk before the signature is written
    then: Callable[[int], None] | None = None  #: called with the entry's number once it is written


class _Offers:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[str, Offer] = {}

    def put(self, one: Offer) -> str:
        token = secret()
        with self._lock:
            now = time.monotonic()
            self._open = {name: offer for name, offer in self._open.items() if offer.ends > now}
            self._open[token] = one
        return token

    def take(self, token: str, session: str) -> Offer:
        with self._lock:
            found = self._open.get(token)
            if found is None or found.session != session or found.ends < time.monotonic():
                raise RoomError("this signature was asked for too long ago, or was given before. Look again and sign anew.")
            return self._open.pop(token)


def _state(room: Room) -> tuple[Passkeys, _Offers]:
    if not hasattr(room, "ceremonies"):
        room.ceremonies = (Passkeys(room), _Offers())  # type: ignore[attr-defined]
    found: tuple[Passkeys, _Offers] = room.ceremonies  # type: ignore[attr-defined]
    return found


def passkeys(room: Room) -> Passkeys:
    """The room's ceremonies."""
    return _state(room)[0]


def signer(room: Room, guest: Guest) -> Person:
    """Who is about to sign.

    Raises: RoomError: nobody of the crew, or without a passkey of this room.
    """
    book = room.house.book
    person = book.people.get(guest.person or "") if book else None
    if book is None or person is None:
        raise RoomError(room.texts["sign"]["no_key"])
    return person


def _key(book: Book, person: Person) -> tuple[str, bytes]:
    """The passkey of theirs that is good in this room, the newest."""
    for name in reversed(person.live):
        if (held := book.key(name)).rp_id is not None and held.purpose == "daily":
            return name, base64.b64decode(held.public)
    raise RoomError("you have no passkey in this room. Make one first, or sign at the terminal.")


def offer(
    room: Room, guest: Guest, content: Human, lists: Sequence[str], *, since: int | None = None, first: Callable[[], None] | None = None,
    then: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Make an offer to sign: what the page needs to show it and to ask the browser for it.

    Args:    lists: what the signature binds, in words, one line each.  since: the last entry on the signer's screen; what was decided
             after that on the same things stops it, with what changed. Whatever decides has to say it.
    Raises:  RoomError, Refused: what is missing, before anybody signs.
    """
    from answerprint.ledger.admit import Refused

    book, person = room.house.book, signer(room, guest)
    assert book is not None
    if isinstance(content, Decision | SignOff | Refusal | Release) and (since is None or not 0 < since <= book.head.n):
        raise RoomError(room.texts["sign"]["not_shown"])
    _unchanged(book, content, since)
    lists = [*lists, *_let_out_all_the_same(room, guest, book, content)]
    key, public = _key(book, person)
    with room.house.writing() as record:
        seen = None
        if since is not None and 0 < since <= book.head.n:
            seen = Seen(n=since, hash=record.seal(since))
        prepared = record.prepare(content, by=key, seen=seen)
        if missing := record.missing(prepared):
            raise Refused(content.kind, missing)
    return made(room, guest, prepared, public, lists, then, first=first)


def as_shown(room: Room, shown: Mapping[str, str] | None, there: Mapping[str, str]) -> None:
    """What is signed is what stood on the page: a cut that was written over while it played is another one.

    Args:   shown: what the page says that it showed.  there: what would be signed now.
    Raises: RoomError: the page says nothing.  HTTPException 409: something is another one now; which.
    """
    if shown is None:
        raise RoomError(room.texts["sign"]["not_shown"])
    if says := gestures.changed(shown, there):
        raise HTTPException(409, room.texts["sign"]["changed"].format(what=" ".join(says)))


def made(
    room: Room, guest: Guest, prepared: Prepared, public: bytes, lists: Sequence[str], then: Callable[[int], None] | None = None, *,
    first: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """An offer for something already written out."""
    ceremonies, offers = _state(room)
    lists = [as_read(one) for one in lists]
    token = offers.put(
        Offer(session=guest.session, prepared=prepared, public=public, lists=tuple(lists), ends=time.monotonic() + WAIT_S, first=first, then=then)
    )
    digest = hashlib.sha256(prepared.body).digest()
    return {"token": token, "kind": prepared.kind, "lists": lists, "options": ceremonies.options(digest)}


def _unchanged(book: Book, content: Human, since: int | None) -> None:
    if since is None or not isinstance(content, Decision | SignOff):
        return
    for one in content.decisions:
        now = book.decisions.get((one.judgment, one.about))
        if now is not None and now.n > since:
            raise HTTPException(
                409, f"{now.by.name} decided the {one.judgment} of {one.about} meanwhile: {', '.join(now.decided.choice.values())}. Look again."
            )


def _let_out_all_the_same(room: Room, guest: Guest, book: Book, content: Human) -> list[str]:
    """What was scrapped of a film that somebody is about to release, for them to read in what they sign. The first time it stops them: a release
    in the same breath as a scrap is a mistake more often than a decision.

    Raises: HTTPException 409: who scrapped it, in which entry and why; asked again by the same session, it goes through.
    """
    if not isinstance(content, Release):
        return []
    said, warned = room.texts["sign"], vars(room).setdefault("warned", set())
    answers: list[Line[Any]] = sorted([*book.of(Refusal), *book.of(SignOff)], key=lambda line: line.n)
    lines, anew = [], False
    for cut in content.cuts:
        last = next((line for line in reversed(answers) if cut.seal in {one.seal for one in line.content.cuts}), None)
        if last is not None and isinstance(last.content, Refusal):
            lines.append(said["scrapped"].format(version=cut.version, name=last.by.name, n=last.n, because=last.content.because))
            anew = anew or (guest.session, last.n) not in warned
            warned.add((guest.session, last.n))
    if anew:
        raise HTTPException(409, " ".join([*lines, said["scrapped_again"]]))
    return lines


@router.post("/api/sign")
def sign(request: Request, guest: Crew, token: Annotated[str, Body()], assertion: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
    """Give the signature that was asked for. When this answers, the entry is on the disk."""
    room = room_of(request)
    one = _state(room)[1].take(token, guest.session)
    signature = blob(one.public, assertion)
    if one.first is not None:
        one.first()
    with room.house.writing() as record:
        entry = record.append_signed(one.prepared, signature)
    if one.then is not None:
        one.then(entry.n)
    return {"entry": entry.n, "seal": entry.hash, "receipt": f"/api/receipt/{entry.n}"}


@router.get("/api/receipt/{n}")
def receipt(request: Request, guest: Crew, n: Annotated[int, Path(ge=1, lt=2**53)]) -> Response:
    """What was signed, to keep: the text, the signature, and the record's seal after it."""
    import json

    with room_of(request).house.reading() as record:
        entry = next(iter(record.entries(n)), None) if record is not None else None
    if entry is None or entry.n != n or entry.signature is None or entry.body is None:
        raise HTTPException(404, "There is no signed entry of that number.")
    plain = {
        "entry": entry.n,
        "seal": entry.hash,
        "text": read_body(entry.body),
        "text_exactly": base64.b64encode(entry.body).decode("ascii"),
        "signature": base64.b64encode(entry.signature).decode("ascii"),
    }
    name = f"answerprint-receipt-{entry.n}.json"
    return Response(json.dumps(plain, ensure_ascii=False, indent=1), media_type="application/json", headers={"content-disposition": f'attachment; filename="{name}"'})
