"""What others do, as it happens: new entries, choices that are drafts, and how far the machine is, as server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from answerprint.room import footage, movies
from answerprint.room.asking import Crew, Room, room_of, still_here
from answerprint.room.doors import Guest
from answerprint.room.footage import LIBRARY

router = APIRouter()

BEAT_S = 0.5  #: how often the record's last entry is looked at; a look is one row of one table
HELLO_S = 15  #: a sign of life, so that a connection that is gone is noticed


@router.get("/api/live", include_in_schema=False)
async def live(request: Request, guest: Crew) -> StreamingResponse:
    """A stream of events: "record" when something was written, "drafts" when a choice was made, "prep" while the machine works, "cut" while movies of cuts are made, "work" while films are looked at."""
    return StreamingResponse(_events(request, room_of(request), guest), media_type="text/event-stream", headers={"cache-control": "no-store", "x-accel-buffering": "no"})


async def _events(request: Request, room: Room, guest: Guest) -> AsyncIterator[str]:
    last: dict[str, Any] = await asyncio.to_thread(now, room, guest)
    quiet = 0.0
    yield ": open\n\n"
    while not room.closing.is_set() and not await request.is_disconnected():
        await asyncio.sleep(BEAT_S)
        if not await asyncio.to_thread(still_here, request):
            return  # the page asks again, and is told why
        fresh = await asyncio.to_thread(now, room, guest)
        for name, value in fresh.items():
            if value != last.get(name):
                yield f"event: {name}\ndata: {json.dumps(value, ensure_ascii=False)}\n\n"
                quiet = 0.0
        last = fresh
        quiet += BEAT_S
        if quiet >= HELLO_S:
            yield ": here\n\n"
            quiet = 0.0


def now(room: Room, guest: Guest) -> dict[str, Any]:
    """What a watching page may want to know, small enough to compare; without what is done to the library for whoever sees none of it."""
    work = {name: one for name, one in room.jobs.state.items() if name != LIBRARY or not footage.closed(room, guest)}
    with room.house.reading() as record:
        n, seal = record.head() if record is not None else (0, "")
    return {"record": {"n": n, "seal": seal}, "drafts": _stamp(room.house.production.inside / "drafts.json"), "prep": room.house.at_work, "cut": movies.progress(room), "work": work}


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
