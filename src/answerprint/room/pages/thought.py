"""The first thought: what the film is, before any picture of the machine's. Sealed here, opened at Sign beside the cut."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Query, Request
from fastapi.responses import Response

from answerprint import intent
from answerprint.book import Book, Line
from answerprint.chronicle import day
from answerprint.model.judgments import Intent
from answerprint.room import RoomError, envelopes, signing
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.envelopes import Brought

router = APIRouter()

SECONDS = 90  #: what the leader counts; it forces nothing


@dataclass(frozen=True, kw_only=True)
class Held:
    """A still or a sound that waits to be sealed; in the room's memory only."""

    name: str
    kind: str
    size_kb: int


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A still or a sound of a thought that was opened."""

    name: str
    kind: str
    href: str


@dataclass(frozen=True, kw_only=True)
class Thought:
    """A first thought as it may be seen: its words only once it is opened."""

    n: int
    by: str
    at: str
    mine: bool
    mind: int  #: 1 for the first thought of its author, 2 for their first change of mind
    skipped: bool
    opened: int | None
    here: bool  #: whether the key that opens it lies on this computer
    words: tuple[tuple[str, str], ...]  #: (question, words) of those that were answered
    brought: tuple[Shown, ...]


@dataclass(frozen=True, kw_only=True)
class Page:
    """The page."""

    questions: tuple[str, ...]
    seconds: int
    thoughts: tuple[Thought, ...]
    held: tuple[Held, ...]
    kept_in: str | None  #: the folder that holds the keys; None before there is a record
    may: bool  #: whether whoever looks has a key
    seen: int


@router.get("/thought", include_in_schema=False)
def page(request: Request, guest: Crew) -> Response:
    """The page."""
    found = view(room_of(request), guest)
    return show(request, "thought.html", guest, here="thought", page=found, seen=found.seen, mine=[one for one in found.thoughts if one.mine])


@router.get("/api/thought")
def twin(request: Request, guest: Crew) -> Page:
    """The same for other programs."""
    return view(room_of(request), guest)


def view(room: Room, guest: Guest) -> Page:
    """What was sealed, by whom, and what whoever looks may add."""
    book = room.house.book
    return Page(
        questions=intent.QUESTIONS,
        seconds=SECONDS,
        thoughts=tuple(thoughts(room, guest)),
        held=tuple(Held(name=one.name, kind=one.kind, size_kb=-(-len(one.raw) // 1024)) for one in _desk(room).of(guest)),
        kept_in=str(envelopes.kept_in(room.house.production)) if book and book.people else None,
        may=bool(book and guest.person in book.people),
        seen=book.head.n if book else 0,
    )


def thoughts(room: Room, guest: Guest) -> list[Thought]:
    """Every first thought in the order of the record."""
    book = room.house.book
    found = []
    for one in intent.thoughts(book) if book else ():
        line = _line(book, one.n)
        content = one.content or {}
        files = [content[name].partition(" ") for name in content if name.startswith("file ")]
        shown = []
        for number, (_, _, name) in enumerate(files, 1):
            kind = "image" if name.lower().endswith((".jpg", ".jpeg", ".png", ".webp")) else "audio"
            shown.append(Shown(name=name, kind=kind, href=f"/media/thought/{one.n}/{number}"))
        found.append(
            Thought(n=one.n, by=one.by.name, at=day(one.at), mine=one.by.id == guest.person, mind=one.mind, skipped=one.skipped, opened=one.opened,
                    here=envelopes.here(room.house.production, line), brought=tuple(shown),
                    words=tuple((name, content[name]) for name in intent.QUESTIONS if content.get(name)))
        )  # fmt: skip
    return found


def _line(book: Book | None, n: int) -> Line[Intent]:
    line = book.line(n) if book else None
    if line is None or not isinstance(line.content, Intent):
        raise HTTPException(404, "There is no first thought of that number.")
    return line


# ---- what is brought along, until it is sealed


class _Desk:
    """Stills and sounds that wait, by session. They are never on the disk before they are locked, and end with the room."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, list[Brought]] = {}

    def of(self, guest: Guest) -> list[Brought]:
        with self._lock:
            return list(self._held.get(guest.session, []))

    def put(self, guest: Guest, one: Brought) -> None:
        with self._lock:
            held = self._held.setdefault(guest.session, [])
            if len(held) >= envelopes.MOST:
                raise RoomError(f"there are {envelopes.MOST} stills and sounds already. Take one away first.")
            held.append(one)

    def drop(self, guest: Guest, number: int | None = None) -> None:
        """Take one away, by its place from 0, or all."""
        with self._lock:
            held = self._held.get(guest.session, [])
            if number is None:
                self._held.pop(guest.session, None)
            elif 0 <= number < len(held):
                del held[number]


def _desk(room: Room) -> _Desk:
    if not hasattr(room, "brought"):
        room.brought = _Desk()  # type: ignore[attr-defined]
    found: _Desk = room.brought  # type: ignore[attr-defined]
    return found


@router.post("/api/thought/bring", openapi_extra={"requestBody": {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}})
async def bring(request: Request, guest: Crew, name: Annotated[str, Query(min_length=1, max_length=120)]) -> list[Held]:
    """Bring a still or a sound; it waits in the room's memory until it is sealed."""
    room = room_of(request)
    signing.signer(room, guest)
    raw = await request.body()
    if not 0 < len(raw) <= envelopes.LARGEST:
        raise RoomError(room.texts["thought"]["too_large"])
    clean = " ".join("".join(char if char.isprintable() and char not in "/\\" else " " for char in name).split()) or "still"
    one = Brought(name=clean, raw=raw)
    _ = one.kind
    _desk(room).put(guest, one)
    return list(view(room, guest).held)


@router.post("/api/thought/leave")
def leave(request: Request, guest: Crew, number: Annotated[int, Body(embed=True, ge=0)]) -> list[Held]:
    """Take one of them away again."""
    room = room_of(request)
    _desk(room).drop(guest, number)
    return list(view(room, guest).held)


# ---- sealing, skipping, opening


@router.post("/api/thought/seal")
def seal(request: Request, guest: Crew, words: Annotated[dict[str, str], Body(embed=True)]) -> dict[str, Any]:
    """Lock what was said, and offer its seal to be signed. Nothing said, and nothing brought along, is a skip."""
    room = room_of(request)
    signing.signer(room, guest)
    said = room.texts["thought"]
    if any(len(one) > 4000 for one in words.values()):
        raise RoomError(said["too_long"])
    brought = _desk(room).of(guest)
    made = envelopes.sealed(room.house.production, words, brought)
    if made.skipped:
        return signing.offer(room, guest, made, [said["signs_skip"]])
    lists = [said["signs_seal"].format(count=sum(bool(one.strip()) for one in words.values()))]
    lists += [said["signs_files"].format(names=", ".join(one.name for one in brought))] if brought else []
    return signing.offer(room, guest, made, lists, then=lambda n: _desk(room).drop(guest))


@router.post("/api/thought/skip")
def skip(request: Request, guest: Crew) -> dict[str, Any]:
    """Say nothing: that is in the record too."""
    room = room_of(request)
    return signing.offer(room, guest, intent.skipped(), [room.texts["thought"]["signs_skip"]])


@router.post("/api/thought/open")
def open(request: Request, guest: Crew, n: Annotated[int, Body(embed=True)]) -> dict[str, Any]:
    """Open a first thought of one's own: what it says is then in the record for everybody."""
    room = room_of(request)
    person = signing.signer(room, guest)
    line = _line(room.house.book, n)
    if line.by.id != person.id:
        raise RoomError(room.texts["thought"]["not_yours"].format(name=line.by.name))
    found = envelopes.opened(room.house.production, line)
    said = room.texts["thought"]
    content = found.intent.content or {}
    lists = [said["signs_open"].format(day=day(line.at)), *(f"{said[name]}: {content[name]}" for name in intent.QUESTIONS if content.get(name))]
    lists += [one.name for one in found.brought]

    def keep(_: int) -> None:
        for one in found.brought:
            room.house.production.keep.put(one.raw)

    return signing.offer(room, guest, found.intent, lists, then=keep)


@router.get("/media/thought/{n}/{number}", include_in_schema=False)
def brought(request: Request, guest: Crew, n: int, number: int) -> Response:
    """A still or a sound of a thought that was opened."""
    room = room_of(request)
    book = room.house.book
    one = next((one for one in intent.thoughts(book) if one.n == n), None) if book else None
    named = (one.content or {}).get(f"file {number}") if one else None
    if named is None:
        raise HTTPException(404)
    digest, _, name = named.partition(" ")
    if not room.house.production.keep.path(digest).is_file():  # the room stopped between the signature and this
        for each in envelopes.opened(room.house.production, _line(book, n)).brought:
            room.house.production.keep.put(each.raw)
    held = Brought(name=name, raw=room.house.production.keep.get(digest))
    return Response(held.raw, media_type=held.kind)
