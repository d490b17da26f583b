"""Stock slots: every one of the script in its order, what stands for it, and three shelves without an order of merit: the library's shots, what stock services offer,
what a service made. Nothing is chosen before somebody chooses. A hero shot, a line and the story are on no shelf, and are refused on every road.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from fastapi import Path as Address
from fastapi.responses import Response

from answerprint import filling, shelving, slots
from answerprint.calling import own
from answerprint.desk import Desk
from answerprint.filling import licence, stock
from answerprint.model.records import AnswerprintError
from answerprint.room import RoomError, footage, services, shelves
from answerprint.room.asked import candidates as making
from answerprint.room.asked import search as searching
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.services import Service, Work
from answerprint.room.showing import desk_of
from answerprint.room.signing import signer
from answerprint.room.words import on_a_page

router = APIRouter()
router.include_router(shelves.router)

File = Annotated[str, Body(max_length=1000)]
Name = Annotated[str, Address(max_length=40)]
Words = Annotated[str, Body(max_length=2000)]
_SHELF = 8  #: shots of the library beside the other shelves


@dataclass(frozen=True, kw_only=True)
class Media:
    """Something that can be looked at: a picture, and a clip where it moves."""

    picture: str  #: an address in this session; "" where there is none
    large: str = ""
    clip: str = ""


@dataclass(frozen=True, kw_only=True)
class Stands:
    """A clip that stands for a slot, by somebody's word."""

    file: str  #: in the production; of one that lies elsewhere its name alone
    by: str
    entry: int
    because: str
    generated: str  #: how it is known that it was generated; "" where nothing says so
    media: Media


@dataclass(frozen=True, kw_only=True)
class Shot:
    """A shot of the library, as it lies on disk."""

    id: str  #: of this session
    name: str
    in_s: str
    out_s: str  #: "" for a still
    says: tuple[str, ...]  #: what of the slot's words it meets, else its facts
    rights: str
    connected: bool
    generated: str
    taken: bool  #: whether its file stands for the slot
    picture: str
    strip: str  #: frames along it, side by side in one picture; "" of a still, and where its disk is away


@dataclass(frozen=True, kw_only=True)
class Offered:
    """What a stock service has, in its own words; a file only where somebody chose it."""

    name: str
    provider: str
    page: str
    author: str
    licence: str
    says: str
    size: str
    duration_s: str
    file: str
    there: bool
    row: int | None  #: of rights.csv that speaks of the file
    rights: tuple[dict[str, str], ...]  #: the rows that it would be, by column; empty where nothing was fetched
    no_limit: tuple[str, ...]  #: columns that are empty in them, which the gate reads as no limit
    media: Media


@dataclass(frozen=True, kw_only=True)
class Made:
    """A candidate that a service made."""

    file: str
    name: str
    by: str
    asked: str
    still: bool
    there: bool
    media: Media


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A stock slot with its shelves."""

    name: str  #: "STOCK:1"
    item: int
    says: str
    after: str  #: the item before it in the script; "" for the first
    before: str  #: the item after it
    stands: tuple[Stands, ...]
    library: tuple[Shot, ...]
    no_library: str  #: why it cannot be looked into, in a sentence
    offers: tuple[Offered, ...]
    made: tuple[Made, ...]
    search: Work
    fetch: Work
    generate: Work


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What the client lets be generated, as somebody wrote it down."""

    client: str
    dated: str
    until: str
    paper: str
    forbids: tuple[str, ...]
    discloses: tuple[str, ...]
    over: tuple[str, ...]  #: why it does not hold today, in a sentence


@dataclass(frozen=True, kw_only=True)
class SlotsPage:
    """The page."""

    slots: tuple[Slot, ...]
    no_slots: tuple[str, ...]  #: of each item that is marked as stock and is no slot: why, in a sentence
    policy: Policy | None  #: None: nobody here knows
    wrong: str  #: why the policy or the list of rights cannot be read
    stock: tuple[Service, ...]  #: beside one's own library, which has a shelf of its own
    makers: tuple[Service, ...]
    may: bool
    seen: int


@router.get("/slots", include_in_schema=False)
def page(request: Request, guest: Crew) -> Response:
    """The page."""
    found = view(room_of(request), guest)
    return show(request, "slots.html", guest, here="brief", page=found, seen=found.seen, frames=footage.FRAMES)


@router.get("/api/slots")
def twin(request: Request, guest: Crew) -> SlotsPage:
    """Every stock slot of the script, in its order, with what stands for it and what could."""
    return view(room_of(request), guest)


@router.get("/api/slots/{name}")
def one(request: Request, guest: Crew, name: Name) -> Slot:
    """A stock slot by its name; anything else is refused in a sentence."""
    room = room_of(request)
    desk = desk_of(room)
    return _slot(room, guest, desk, slots.named(desk, name), {})


def view(room: Room, guest: Guest) -> SlotsPage:
    """The page as it stands now."""
    desk, book = services.desk(room), room.house.book
    policy, wrong = _policy(desk)
    rows: dict[str, int | None] = {}
    return SlotsPage(
        slots=tuple(_slot(room, guest, desk, one, rows) for one in slots.slots(desk)), no_slots=slots.no_slots(desk), policy=policy, wrong=wrong, stock=tuple(one for one in services.offered(room, *searching.KINDS) if one.name != own.NAME), makers=services.offered(room, *making.KINDS),
        may=book is not None and (guest.person or "") in book.people, seen=book.head.n if book else 0,
    )  # fmt: skip


def _policy(desk: Desk) -> tuple[Policy | None, str]:
    try:
        paper = slots.policy(desk)
    except slots.PolicyError as error:
        return None, on_a_page(str(error))
    if paper is None:
        return None, ""
    return Policy(
        client=paper.client, dated=str(paper.dated), until=str(paper.until or ""), paper=paper.paper, forbids=tuple(sorted(paper.forbids)), discloses=tuple(sorted(paper.discloses)), over=paper.over(),
    ), ""  # fmt: skip


def _slot(room: Room, guest: Guest, desk: Desk, slot: slots.StockSlot, rows: dict[str, int | None]) -> Slot:
    served = [one for one in slots.servings(desk.production).values() if one.says == slot.says]
    shut = footage.closed(room, guest)
    library, no_library = ((), shut) if shut else _library(desk, guest, slot, {one.digest for one in served})
    said = stock.fetched(desk.production)
    numbers = list(desk.items)
    place = numbers.index(slot.item.number)
    about = {"slot": slot.name}
    return Slot(
        name=slot.name, item=slot.item.number, says=slot.says, after=desk.items[numbers[place - 1]].flat if place else "", before=desk.items[numbers[place + 1]].flat if place + 1 < len(numbers) else "",
        stands=tuple(_stands(desk, guest, one) for one in served), library=library, no_library=no_library, offers=tuple(_offer(desk, guest, one, said, rows) for one in shelves.offers(room, guest, desk, slot)),
        made=tuple(_made(guest, one) for one in filling.candidates(desk, slot)), search=services.work(room, "search", about), fetch=services.work(room, "fetch", about),
        generate=services.work(room, "candidates", about),
    )  # fmt: skip


def _media(guest: Guest, seal: str, file: str) -> Media:
    moves = Path(file).suffix.lower() in shelves.CLIPS
    return Media(picture=shelves.address(guest, seal), large=shelves.address(guest, seal, large=True), clip=shelves.clip(guest, seal) if moves else "")


def _stands(desk: Desk, guest: Guest, one: slots.Serving) -> Stands:
    known = slots.generated(desk, one.file, one.digest)
    return Stands(file=one.file if not Path(one.file).is_absolute() else Path(one.file).name, by=one.by, entry=one.entry, because=one.because, generated=known.how if known is not None else "", media=_media(guest, one.digest, one.file))


def _library(desk: Desk, guest: Guest, slot: slots.StockSlot, taken: set[str]) -> tuple[tuple[Shot, ...], str]:
    try:
        found = shelving.candidates(desk, slot.says, most=_SHELF)
    except (AnswerprintError, OSError) as error:
        return (), on_a_page(footage.from_afar(str(error)))
    return tuple(_shot(guest, one, taken) for one in found), ""


def _shot(guest: Guest, one: shelving.Candidate, taken: set[str]) -> Shot:
    id, still = footage.shot_id(guest, one.shot, one.digest), one.in_s == one.out_s
    return Shot(
        id=id, name=Path(one.file).name, in_s=f"{float(one.in_s):.2f}", out_s="" if still else f"{float(one.out_s):.2f}", says=one.matched or one.facts, rights=on_a_page(one.rights), connected=one.connected,
        generated=one.generated, taken=one.digest in taken, picture=footage.picture(id), strip=footage.strip(id) if one.connected and not still else "",
    )  # fmt: skip


def _offer(desk: Desk, guest: Guest, one: stock.Offered, said: Mapping[str, Mapping[str, Any]], rows: dict[str, int | None]) -> Offered:
    fetched = next((each for each in said.values() if each["file"] == one.file), None) if one.file else None
    if fetched is not None and one.file not in rows:
        try:
            rows[one.file] = licence.listed(desk, one.file)
        except AnswerprintError:
            rows[one.file] = None
    seal = next((seal for seal, each in said.items() if each["file"] == one.file), "") if one.file else ""
    offered = licence.rows(one.file, fetched) if fetched is not None else ()
    return Offered(
        name=one.name, provider=one.provider, page=one.page, author=one.author, licence=one.licence, says=one.says, size=f"{one.width} × {one.height}" if one.width else "",
        duration_s=f"{float(one.duration_s):.1f}" if one.duration_s is not None else "", file=one.file, there=one.there, row=rows.get(one.file), rights=offered, no_limit=licence.open_columns(offered),
        media=_media(guest, seal, one.file) if seal and one.there else Media(picture=shelves.address(guest, one.preview) if one.preview else ""),
    )  # fmt: skip


def _made(guest: Guest, one: filling.Candidate) -> Made:
    return Made(file=one.file, name=Path(one.file).name, by=one.by, asked=one.asked, still=one.still, there=one.there, media=_media(guest, one.digest, one.file))


# ---- what people do here


@router.post("/api/slots/{name}/serve")
def serve(request: Request, guest: Crew, name: Name, file: File = "", shot: Annotated[str, Body(max_length=40)] = "", says: Words = "", because: Words = "") -> Slot:
    """Whoever asks says for which slot a clip stands.

    Args: file: in the production, or of its shoot.  shot: of the library, instead: as this session calls it.
          says: the slot's words as they stood on the screen; where the script says others by now, nothing is said.
    """
    room = room_of(request)
    desk = desk_of(room)
    slot = _still(desk, name, says)
    by = signer(room, guest).name
    if shot:
        place, because = _of_library(room, guest, shot, because)
    else:
        place = _of_ours(desk, file, room)
    with footage.afar():
        known = shelving.generated(Path(place))
    slots.serve(desk, slot, place, by=by, because=because, via="room", known=known)
    return _slot(room, guest, services.desk(room), slot, {})


@router.post("/api/slots/{name}/withdraw")
def withdraw(request: Request, guest: Crew, name: Name, entry: Annotated[int, Body()], says: Words = "") -> Slot:
    """A clip stands for that slot no more. What was generated stays known as that.

    Args: entry: of the word that is taken back, in the record.
    """
    room = room_of(request)
    desk = desk_of(room)
    slot = _still(desk, name, says)
    one = next((one for one in slots.servings(desk.production).values() if one.entry == entry and one.says == slot.says), None)
    if one is None:
        raise RoomError(room.texts["slots_page"]["stands_no_more"].format(slot=slot.name))
    slots.withdraw(desk, one.file, by=signer(room, guest).name, via="room")
    return _slot(room, guest, desk, slot, {})


@router.post("/api/slots/{name}/rights")
def rights(request: Request, guest: Crew, name: Name, file: Annotated[str, Body(max_length=1000, embed=True)]) -> dict[str, int]:
    """Put the row of a fetched file's licence into rights.csv."""
    room = room_of(request)
    desk = desk_of(room)
    slots.named(desk, name)
    signer(room, guest)
    said = next((each for each in stock.fetched(desk.production).values() if each["file"] == file), None)
    if said is None:
        raise RoomError(room.texts["slots_page"]["not_fetched"].format(file=file[:200]))
    return {"row": licence.write(desk, file, said)}


def _still(desk: Desk, name: str, says: str) -> slots.StockSlot:
    """Raises: SlotError: it is no stock slot, or another one by now."""
    slot = slots.named(desk, name)
    if says and slot.says != says:
        raise slots.SlotError(f"{slot.name} is “{slot.says}” by now: the script was changed since the page was shown. Reload it.")
    return slot


def _of_ours(desk: Desk, file: str, room: Room) -> str:
    """A file of the production or of its shoot: a page names no other file of this machine.

    Raises: RoomError: it is neither.
    """
    if file in desk.names.values():
        return file
    place = desk.path / file
    if not file or Path(file).is_absolute() or not place.is_file() or not place.resolve().is_relative_to(desk.path.resolve()):
        raise RoomError(room.texts["slots_page"]["not_here"].format(file=file[:200]))
    return str(place)


def _of_library(room: Room, guest: Guest, shot: str, because: str) -> tuple[str, str]:
    """(where a shot of the library lies, which stretch of it is meant and why).

    Raises: RoomError: it is not there.
    """
    if says := footage.closed(room, guest):
        raise RoomError(says)
    with shelving.Shelf() as shelf:
        found = footage.hit(shelf, guest, shot)
    if found is None or not Path(found.path).is_file():
        raise RoomError(room.texts["slots_page"]["shot_gone"])
    stretch = room.texts["slots_page"]["stretch"].format(in_s=f"{float(found.in_s):.2f}", out_s=f"{float(found.out_s):.2f}") if found.in_s != found.out_s else ""
    return found.path, "; ".join(one for one in (stretch, because.strip()) if one)


__all__ = ["Slot", "SlotsPage", "Stands", "router", "view"]
