"""What the machine made for the finish: everything that stands, leaving a piece as it is, taking that back, and having more made.

A refusal is not signed: it informs, and the machine leaves that piece alone.
"""

from __future__ import annotations

from typing import Annotated, get_args

from fastapi import APIRouter, Body, Request

from answerprint import finishing
from answerprint.finishing import What
from answerprint.room import working
from answerprint.room.asking import Crew, room_of
from answerprint.room.pieces import Answer, Piece, job, pieces
from answerprint.room.signing import signer

router = APIRouter()

About = Annotated[str, Body(max_length=400)]
Because = Annotated[str, Body(max_length=2000)]


@router.get("/api/made")
def twin(request: Request, guest: Crew) -> tuple[Piece, ...]:
    """Everything that the machine made for the finish, of each kind in the order in which it was first made."""
    production = room_of(request).house.production
    return tuple(piece for what in get_args(What) for _, piece in pieces(production, what))


@router.post("/api/made/refuse")
def refuse(request: Request, guest: Crew, what: Annotated[What, Body()], about: About, because: Because = "") -> Answer:
    """Somebody does not want a piece: the machine leaves that alone from here on."""
    room = room_of(request)
    by = signer(room, guest).name
    if what == "correction":
        from answerprint import correcting

        said = correcting.refuse(room.house.production, about, by=by, because=because, via="room")  # it leaves the lists as well
    else:
        said = finishing.refuse(room.house.production, what, about, by=by, because=because, via="room")
    return Answer(by=said.by, because=said.because)


@router.post("/api/made/take-back")
def take_back(request: Request, guest: Crew, what: Annotated[What, Body()], about: About, because: Because = "") -> dict[str, bool]:
    """A refusal is taken back: the piece may be used again."""
    room = room_of(request)
    by = signer(room, guest).name
    if what == "correction":
        from answerprint import correcting

        correcting.take_back(room.house.production, about, by=by, because=because, via="room")
    else:
        finishing.take_back(room.house.production, what, about, by=by, because=because, via="room")
    return {"wanted": True}


@router.post("/api/made/stop")
def stop(request: Request, guest: Crew, what: Annotated[What, Body(embed=True)]) -> dict[str, bool]:
    """Stop making such things. What is whole stays; nothing half-made is left. What went wrong is put away."""
    return working.stop(room_of(request), guest, job(what))
