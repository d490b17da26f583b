"""Before the shoot: the brief with what it is silent about, concepts side by side, a treatment with whose each passage is in its margin, and a place to write."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Query, Request
from fastapi.responses import Response

from answerprint import briefing, drafting
from answerprint.drafting.keeping import text_of
from answerprint.keep import write_whole
from answerprint.model.records import AnswerprintError
from answerprint.room import RoomError
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.words import on_a_page

router = APIRouter()

_MOST = 500_000  #: letters of a draft that come by a page


@dataclass(frozen=True, kw_only=True)
class DraftsPage:
    """The page."""

    brief: dict[str, Any] | None  #: as `answerprint brief --json` has it; None where there is none
    concepts: tuple[dict[str, Any], ...]  #: as `answerprint draft status --json` has them
    others: tuple[dict[str, Any], ...]  #: treatments, and what somebody put there
    open: dict[str, Any] | None  #: the one that is open for writing
    text: str  #: of that one, as it is now
    was: str  #: its seal, that a change is held against
    recurring: tuple[dict[str, Any], ...]
    wrong: str  #: why the brief cannot be read, in a sentence
    seen: int


@router.get("/drafts", include_in_schema=False)
def page(request: Request, guest: Crew, file: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The page, with one draft open."""
    found = view(room_of(request), file)
    return show(request, "drafts.html", guest, here="drafts", page=found, seen=found.seen)


@router.get("/api/drafts")
def twin(request: Request, guest: Crew, file: Annotated[str, Query(max_length=200)] = "") -> DraftsPage:
    """The brief and every draft, passage by passage."""
    return view(room_of(request), file)


@router.post("/api/drafts/save")
def save(
    request: Request, guest: Crew, file: Annotated[str, Body(max_length=200)], text: Annotated[str, Body(max_length=_MOST)], was: Annotated[str, Body(max_length=80)],
) -> dict[str, str]:  # fmt: skip
    """Write a draft as somebody changed it. What another wrote meanwhile is not written over."""
    room = room_of(request)
    production = room.house.production
    if file not in drafting.files(production):
        raise HTTPException(404, room.texts["drafts_page"]["gone"])
    path = production.path / file
    if was != _seal(text_of(path)):
        raise RoomError(room.texts["drafts_page"]["meanwhile"])
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    write_whole(path, text.encode("utf-8"))
    return {"was": _seal(text)}


def view(room: Room, file: str = "") -> DraftsPage:
    """The page as it stands now; the newest treatment is open where none is named.

    Raises: HTTPException 404: there is no such draft.
    """
    production, book = room.house.production, room.house.book
    brief, wrong, words = None, "", ""
    try:
        found = briefing.current(production)
        brief, words = briefing.plain(found), found.text
    except AnswerprintError as error:
        wrong = on_a_page(str(error)) if (production.path / briefing.FILE).exists() else ""
    there = drafting.status(production)
    if file and file not in {one.file for one in there}:
        raise HTTPException(404, room.texts["drafts_page"]["gone"])
    named = file or next((one.file for one in reversed(there) if one.kind != "concept"), "")
    opened = next((one for one in there if one.file == named), None)
    text = text_of(production.path / opened.file) if opened is not None else ""
    return DraftsPage(
        brief=brief, wrong=wrong, concepts=tuple(drafting.plain(one) for one in there if one.kind == "concept"), others=tuple(drafting.plain(one) for one in there if one.kind != "concept"),
        open=drafting.plain(opened) if opened is not None else None, text=text, was=_seal(text),
        recurring=tuple({"words": one.words, "at": [{"file": place, "line": line} for place, line in one.at]} for one in drafting.recurring(there, words)), seen=book.head.n if book else 0,
    )  # fmt: skip


def _seal(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode("utf-8")).hexdigest()
