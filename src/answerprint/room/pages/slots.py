"""Stock slots for other programs: which there are, what stands for each, and giving a clip to one. A hero shot, a line and the story are refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Body, Request

from answerprint import slots
from answerprint.desk import Desk
from answerprint.room.asking import Crew, room_of
from answerprint.room.showing import desk_of
from answerprint.room.signing import signer

router = APIRouter()

File = Annotated[str, Body(max_length=400, embed=True)]


@dataclass(frozen=True, kw_only=True)
class Stands:
    """A clip that stands for a slot."""

    file: str
    by: str
    entry: int


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A stock slot."""

    name: str  #: "STOCK:1"
    item: int
    says: str
    stands: tuple[Stands, ...]


@router.get("/api/slots")
def every(request: Request, guest: Crew) -> tuple[Slot, ...]:
    """Every stock slot of the script, in its order."""
    desk = desk_of(room_of(request))
    return tuple(_told(desk, one) for one in slots.slots(desk))


@router.get("/api/slots/{name}")
def one(request: Request, guest: Crew, name: str) -> Slot:
    """A stock slot by its name; anything else is refused in a sentence."""
    desk = desk_of(room_of(request))
    return _told(desk, slots.named(desk, name))


@router.post("/api/slots/{name}/serve")
def serve(request: Request, guest: Crew, name: str, file: File) -> Slot:
    """Whoever asks says for which slot a clip stands."""
    room = room_of(request)
    desk = desk_of(room)
    slot = slots.named(desk, name)
    slots.serve(desk, slot, file, by=signer(room, guest).name, via="room")
    return _told(desk, slot)


def _told(desk: Desk, slot: slots.StockSlot) -> Slot:
    there = slots.servings(desk.production).values()
    return Slot(name=slot.name, item=slot.item.number, says=slot.says, stands=tuple(Stands(file=said.file, by=said.by, entry=said.entry) for said in there if said.says == slot.says))
