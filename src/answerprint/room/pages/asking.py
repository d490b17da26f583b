"""Asking a service from any page: what it would cost and what would leave, then the yes, and Stop. What can be asked is a road's business (room/asked/)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request

from answerprint.room import services
from answerprint.room.asked import Asking
from answerprint.room.asking import Crew, room_of

router = APIRouter()

_Text = Annotated[str, Body(max_length=200)]
_Short = Annotated[str, Body(max_length=8000)]
_Value = Annotated[str, Body(max_length=8000)] | int | None
Wanted = Annotated[dict[str, _Value], Body(max_length=20)]
Agreed = Annotated[dict[str, _Short], Body(max_length=8)]


@router.post("/api/asking/plan")
def plan(request: Request, guest: Crew, road: _Text, service: _Text, wanted: Wanted) -> Asking:
    """What would be asked: its price, the words that would leave, to whom, and why not. Nothing is sent and nothing is written down."""
    return services.plan(room_of(request), guest, road, service, wanted)


@router.post("/api/asking/start")
def start(request: Request, guest: Crew, road: _Text, service: _Text, wanted: Wanted, agreed: Agreed) -> dict[str, str]:
    """Ask it, with the price that stood on the screen; another one is refused.

    Args: agreed: as the plan gave it.
    """
    return {"job": services.start(room_of(request), guest, road, service, wanted, agreed)}


@router.post("/api/asking/stop")
def stop(request: Request, guest: Crew, road: _Text, wanted: Wanted) -> dict[str, bool]:
    """Cut the line. What had left stands in the record; what went wrong is put away."""
    services.stop(room_of(request), guest, road, wanted)
    return {"stopped": True}
