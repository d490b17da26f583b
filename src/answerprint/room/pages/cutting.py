"""What people do at a cut: bring one, choose it, mark a shot for themselves, leave a note on a frame, object to it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request

from answerprint import arguments, choosing, marks
from answerprint.assistant import export_rough
from answerprint.desk import CUTS
from answerprint.room import RoomError, drawing
from answerprint.room.asking import Crew, Room, room_of
from answerprint.room.pages.cut import shown_as, thing
from answerprint.room.signing import offer, signer
from answerprint.turnover import import_cut, safe_name

router = APIRouter()


@router.post("/api/cut/{name}/mark")
def mark(request: Request, guest: Crew, name: str, shot: Annotated[int, Body()], mark: Annotated[marks.Mark | None, Body()] = None) -> dict[str, Any]:
    """Call a shot good, or only acceptable, or take that back. For the eyes of whoever says it."""
    room = room_of(request)
    _, shown = shown_as(room, name)
    one = next((one for one in shown.shots if one.number == shot), None)
    called = thing(one, shown.rate) if one else None
    if called is None:
        raise RoomError("this was not shot, so there is nothing to mark.")
    marks.put(room.house.production, signer(room, guest).id, called, mark)
    return {"shot": shot, "mark": mark}


@router.post("/api/cut/{name}/choose")
def choose(request: Request, guest: Crew, name: str, version: Annotated[str, Body(max_length=120)], because: Annotated[str, Body(max_length=2000)] = "") -> dict[str, Any]:
    """Say that this is the cut of a version: a draft of its final edit and pacing, not signed."""
    room = room_of(request)
    desk, shown = shown_as(room, name)
    desk, new = choosing.choose(room.house.production, f"film:{version}", shown.file, because=because, by=signer(room, guest).name, desk=desk)
    return {"says": [line for one in new for line in choosing.said(desk, one)]}


Strokes = Annotated[list[list[tuple[float, float]]], Body(max_length=drawing.MAX_STROKES)]


@router.post("/api/cut/{name}/note")
def note(request: Request, guest: Crew, name: str, frame: Annotated[int, Body(ge=0)], text: Annotated[str, Body(max_length=4000)], strokes: Strokes) -> dict[str, bool]:
    """Leave a remark on a frame. It is not signed, and blocks nothing."""
    room = room_of(request)
    where = _frame(room, name, frame, text, strokes)
    with room.house.writing() as record:
        record.append("remark", arguments.remark(text, by=signer(room, guest).name, on=where, via="room"))
    return {"noted": True}


@router.post("/api/cut/{name}/object")
def object_to(
    request: Request, guest: Crew, name: str, frame: Annotated[int, Body(ge=0)], text: Annotated[str, Body(max_length=4000)], strokes: Strokes,
    since: Annotated[int | None, Body()] = None,
) -> dict[str, Any]:  # fmt: skip
    """Object to a frame: an offer to sign. Somebody has to answer it before anything leaves."""
    room = room_of(request)
    said = room.texts["cut"]
    where = _frame(room, name, frame, text, strokes)
    _, shown = shown_as(room, name)
    one = next(one for one in shown.shots if one.shown.start <= frame < one.shown.end)
    lines = [said["objects"].format(text=text.strip()), said["on"].format(timecode=shown.start.plus(frame), cut=shown.title, shot=one.number, name=one.name)]
    lines += [said["drawn"]] if strokes else []
    return offer(room, guest, arguments.objection(text, on=where), lines, since=since)


def _frame(room: Room, name: str, frame: int, text: str, strokes: Sequence[Sequence[tuple[float, float]]]) -> str:
    _, shown = shown_as(room, name)
    if frame >= shown.frames:
        raise RoomError(f"{shown.title} has {shown.frames} frames; there is no frame {frame}.")
    if not text.strip():
        raise RoomError(room.texts["cut"]["no_words"])
    return drawing.on(shown.file, frame, drawing.drawn(room.house.production, strokes))


@router.post("/api/cut/import")
async def bring(request: Request, guest: Crew, name: Annotated[str, Query(max_length=200)]) -> dict[str, Any]:
    """Bring a cut back from an editing program: the file's bytes as they are, its name beside them."""
    from starlette.concurrency import run_in_threadpool

    room = room_of(request)
    data = await request.body()
    return await run_in_threadpool(_imported, room, name, data)


def _imported(room: Room, name: str, data: bytes) -> dict[str, Any]:
    place = Path(name.replace("\\", "/")).name
    suffix = Path(place).suffix.lower()
    readable = [one for one in CUTS if one != ".fcpxmld"]
    if suffix not in readable:
        raise RoomError(f"{place[:80]}: a cut comes as {', '.join(readable)}. Export one of these from the editing program.")
    if not data:
        raise RoomError(f"{place[:80]}: there is nothing in this file.")
    with tempfile.TemporaryDirectory(dir=room.house.viewing) as folder:
        file = Path(folder) / f"{safe_name(Path(place).stem)[:120]}{suffix}"
        file.write_bytes(data)
        arrived = import_cut(room.house.production, file)
    said = [f"{one.clip}: {one.says}" if one.clip else one.says for one in arrived.losses]
    return {"cuts": [path.stem for path in arrived.paths], "losses": said, "unmatched": list(arrived.unmatched)}


@router.post("/api/cut/rough")
def rough(request: Request, guest: Crew) -> dict[str, Any]:
    """Make a rough cut, because somebody asks: a placeholder by a stated rule."""
    made, _ = export_rough(room_of(request).house.production, "otio")
    return {"cuts": [made.path.stem], "losses": [], "unmatched": []}
