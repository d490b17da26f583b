"""The first thought: what the film is, before any picture of the machine's. Sealed here, opened at Sign beside the cut."""

from __future__ import annotations

import secrets
import threading
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, HTTPException, Query, Request
from fastapi.responses import Response

from answerprint import intent
from answerprint.book import Book, Line
from answerprint.chronicle import day
from answerprint.model.judgments import Intent
from answerprint.model.records import AnswerprintError
from answerprint.room import RoomError, envelopes, hearing, signing
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.envelopes import Brought
from answerprint.room.words import on_a_page

router = APIRouter()

SECONDS = 90  #: what the leader counts; it forces nothing


@dataclass(frozen=True, kw_only=True)
class Held:
    """A still or a sound that waits to be sealed; in the room's memory only."""

    id: str
    name: str
    kind: str
    size_kb: int
    state: Literal["", "hearing", "heard", "unheard"]  #: of a sound: whether its words are written down
    words: str  #: as they would be sealed
    says: str  #: why nothing was written down


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A still or a sound of a thought that was opened."""

    name: str
    kind: str
    href: str
    words: str = ""  #: what is said in it, as its author let it stand


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
    kept_in: str | None  #: the folder that holds this production's keys; None before there is a record
    may: bool  #: whether whoever looks has a key
    seen: int


@router.get("/thought", include_in_schema=False)
def page(request: Request, guest: Crew) -> Response:
    """The page."""
    found = view(room_of(request), guest)
    return show(request, "thought.html", guest, here="thought", page=found, seen=found.seen, folder=_short(found.kept_in), held=[asdict(one) for one in found.held], mine=[one for one in found.thoughts if one.mine])


def _short(folder: str | None) -> str:
    """Where keys lie, as a person says it: the folder of them all, from their own."""
    if folder is None:
        return ""
    of_all, home = Path(folder).parent, Path.home()
    return f"~/{of_all.relative_to(home).as_posix()}" if of_all.is_relative_to(home) else str(of_all)


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
        held=_held(room, guest),
        kept_in=str(envelopes.kept_in(room.house.production)) if book and book.people else None,
        may=bool(book and guest.person in book.people),
        seen=book.head.n if book else 0,
    )


def _held(room: Room, guest: Guest) -> tuple[Held, ...]:
    return tuple(
        Held(id=one.id, name=one.brought.name, kind=one.brought.kind, size_kb=-(-len(one.brought.raw) // 1024), state=one.state, words=one.brought.words, says=one.says)
        for one in _desk(room).of(guest)
    )  # fmt: skip


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
            shown.append(Shown(name=name, kind=kind, href=f"/media/thought/{one.n}/{number}", words=content.get(f"said {number}", "")))
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


@dataclass(frozen=True, kw_only=True)
class _Waiting:
    """Something that waits to be sealed, and how far the machine is with its words."""

    id: str
    brought: Brought
    state: Literal["", "hearing", "heard", "unheard"] = ""
    says: str = ""


class _Desk:
    """Stills and sounds that wait, by session. They are never on the disk before they are locked, and end with the room.

    What is said in a sound is written down in the background, one after another, for its author to correct.
    """

    def __init__(self, model: str) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, list[_Waiting]] = {}
        self._model, self._ear = model, threading.Lock()

    def of(self, guest: Guest) -> list[_Waiting]:
        with self._lock:
            return list(self._held.get(guest.session, []))

    def put(self, guest: Guest, brought: Brought) -> None:
        sound = brought.kind.startswith("audio/")
        one = _Waiting(id=secrets.token_hex(8), brought=brought, state="hearing" if sound else "")
        with self._lock:
            held = self._held.setdefault(guest.session, [])
            if len(held) >= envelopes.MOST:
                raise RoomError(f"there are {envelopes.MOST} stills and sounds already. Take one away first.")
            held.append(one)
        if sound:
            threading.Thread(target=self._listen, args=(guest.session, one), name="hearing", daemon=True).start()  # the room may be closed meanwhile

    def _listen(self, session: str, one: _Waiting) -> None:
        try:
            with self._ear:
                if not self._change(session, one.id):
                    return
                words = hearing.words(one.brought.raw, self._model)
        except (AnswerprintError, OSError) as error:
            self._change(session, one.id, state="unheard", says=on_a_page(str(error)))
        else:
            self._change(session, one.id, state="heard", words=words, over=one.brought.words)

    def _change(self, session: str, id: str, *, words: str | None = None, over: str | None = None, **values: Any) -> bool:
        """Change one that waits; words only over those that are meant, so that nobody's typing is written over."""
        with self._lock:
            held = self._held.get(session, [])
            for place, one in enumerate(held):
                if one.id == id:
                    keep = words is None or (over is not None and one.brought.words != over)
                    held[place] = replace(one, brought=one.brought if keep else replace(one.brought, words=words or ""), **values)
                    return True
        return False

    def correct(self, guest: Guest, id: str, words: str) -> bool:
        """Let these words stand beside a sound; False where it is not here any more."""
        return self._change(guest.session, id, words=words)

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
        room.brought = _Desk(str(room.house.production.settings["speech_model"]))  # type: ignore[attr-defined]
    found: _Desk = room.brought  # type: ignore[attr-defined]
    return found


@router.post("/api/thought/bring", openapi_extra={"requestBody": {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}})
async def bring(request: Request, guest: Crew, name: Annotated[str, Query(min_length=1, max_length=120)]) -> list[Held]:
    """Bring a still or a sound; it waits in the room's memory until it is sealed. What is said in a sound is written down meanwhile."""
    room = room_of(request)
    signing.signer(room, guest)
    raw = await request.body()
    if not 0 < len(raw) <= envelopes.LARGEST:
        raise RoomError(room.texts["thought"]["too_large"])
    clean = " ".join("".join(char if char.isprintable() and char not in "/\\" else " " for char in name).split()) or "still"
    one = Brought(name=clean, raw=raw)
    _ = one.kind
    _desk(room).put(guest, one)
    return list(_held(room, guest))


@router.get("/api/thought/held")
def held(request: Request, guest: Crew) -> list[Held]:
    """What waits to be sealed in this session, and how far the machine is with its words."""
    return list(_held(room_of(request), guest))


@router.post("/api/thought/said")
def said(request: Request, guest: Crew, id: Annotated[str, Body(max_length=32)], words: Annotated[str, Body(max_length=4000)]) -> list[Held]:
    """Correct what was written down of a sound: these are the words that are sealed with it."""
    room = room_of(request)
    if not _desk(room).correct(guest, id, words):
        raise RoomError(room.texts["thought"]["sound_gone"])
    return list(_held(room, guest))


@router.get("/media/thought/held/{id}", include_in_schema=False)
def hear(request: Request, guest: Crew, id: str) -> Response:
    """A sound that waits, for whoever brought it."""
    found = next((one.brought for one in _desk(room_of(request)).of(guest) if one.id == id), None)
    if found is None:
        raise HTTPException(404)
    return Response(found.raw, media_type=found.kind, headers={"cache-control": "no-store"})


@router.post("/api/thought/leave")
def leave(request: Request, guest: Crew, number: Annotated[int, Body(embed=True, ge=0)]) -> list[Held]:
    """Take one of them away again."""
    room = room_of(request)
    _desk(room).drop(guest, number)
    return list(_held(room, guest))


# ---- sealing, skipping, opening


@router.post("/api/thought/seal")
def seal(request: Request, guest: Crew, words: Annotated[dict[str, str], Body()], said: Annotated[dict[str, str] | None, Body()] = None) -> dict[str, Any]:
    """Lock what was said, and offer its seal to be signed. Nothing said, and nothing brought along, is a skip.

    Args: words: by question.  said: the words of each sound, by its id, as they stand before their author: no others are sealed.
    """
    room = room_of(request)
    signing.signer(room, guest)
    texts, aloud = room.texts["thought"], said or {}
    if any(len(one) > 4000 for one in (*words.values(), *aloud.values())):
        raise RoomError(texts["too_long"])
    brought = [replace(one.brought, words=aloud.get(one.id, "").strip()) for one in _desk(room).of(guest)]
    made = envelopes.sealed(room.house.production, words, brought)
    if made.skipped:
        return signing.offer(room, guest, made, [texts["signs_skip"]])
    lists = [texts["signs_seal"].format(count=sum(bool(one.strip()) for one in words.values()))]
    names = [texts["signs_with_words"].format(name=one.name) if one.words else one.name for one in brought]
    lists += [texts["signs_files"].format(names=", ".join(names))] if brought else []
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
    lists += [f"{one.name}: {one.words}" if one.words else one.name for one in found.brought]

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
