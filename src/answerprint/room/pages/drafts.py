"""Concepts and treatments before the shoot: made from the brief, side by side, with whose each passage is in the margin, and a place to write."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Query, Request
from fastapi.responses import Response

from answerprint import briefing, drafting, passages
from answerprint.drafting.keeping import alone, text_of
from answerprint.keep import write_whole
from answerprint.model.records import AnswerprintError
from answerprint.room import RoomError, services
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.services import Service, Work
from answerprint.room.signing import signer
from answerprint.room.words import on_a_page

router = APIRouter()

Text = Annotated[str, Body(max_length=200_000)]  #: of a draft that comes by a page
File = Annotated[str, Body(max_length=200)]


@dataclass(frozen=True, kw_only=True)
class DraftsPage:
    """The page."""

    brief: dict[str, Any] | None  #: title, and how many questions and notes there are; None where there is none
    concepts: tuple[dict[str, Any], ...]  #: as `answerprint draft status --json` has them
    apart: tuple[dict[str, Any], ...]  #: how far each is from each other: one, other, distance
    thrown: tuple[dict[str, Any], ...]  #: what was too near to another when they were made: before which file, and a sentence each
    others: tuple[dict[str, Any], ...]  #: treatments, and what somebody put there
    open: dict[str, Any] | None  #: the one that is open for writing
    text: str  #: of that one, as it is now
    was: str  #: its seal, that a change is held against
    recurring: tuple[dict[str, Any], ...]
    services: tuple[Service, ...]  #: that write, of one's own settings
    work: Work  #: what one of them is being asked
    wrong: str  #: why the brief cannot be read, in a sentence
    seen: int


@router.get("/drafts", include_in_schema=False)
def page(request: Request, guest: Crew, file: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The page, with one draft open."""
    found = view(room_of(request), file)
    return show(request, "drafts.html", guest, here="brief", page=found, seen=found.seen, may=guest.person is not None)


@router.get("/api/drafts")
def twin(request: Request, guest: Crew, file: Annotated[str, Query(max_length=200)] = "") -> DraftsPage:
    """Every draft, passage by passage."""
    return view(room_of(request), file)


@router.post("/api/drafts/origins")
def origins(request: Request, guest: Crew, text: Annotated[str, Body(max_length=200_000, embed=True)]) -> dict[str, Any]:
    """Whose each passage of a text would be, as somebody types it. Nothing is written."""
    found = passages.of_text(text.replace("\r\n", "\n").replace("\r", "\n"), passages.index(room_of(request).house.production))
    return {"passages": [
        {"line": one.line, "kind": one.kind, "text": one.text, "origin": one.origin, "whose": one.whose, "source": one.source, "was": one.was, "frame": one.frame} for one in found
    ]}  # fmt: skip


@router.post("/api/drafts/save")
def save(request: Request, guest: Crew, file: File, text: Text, was: Annotated[str, Body(max_length=80)]) -> dict[str, str]:
    """Write a draft as somebody changed it. What another wrote meanwhile is not written over."""
    room = room_of(request)
    production = room.house.production
    if file not in drafting.files(production):
        raise HTTPException(404, room.texts["drafts_page"]["gone"])
    signer(room, guest)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    with alone(production):
        path = production.path / file
        if was != _seal(text_of(path)):
            raise RoomError(room.texts["drafts_page"]["meanwhile"])
        write_whole(path, text.encode("utf-8", "replace"))
    return {"was": _seal(text)}


@router.post("/api/drafts/concepts")
def concepts(request: Request, guest: Crew, count: Annotated[int, Body(ge=1, le=24, embed=True)]) -> dict[str, Any]:
    """Make starting points from the brief, at once. No language model is asked."""
    room = room_of(request)
    signer(room, guest)
    made, found = drafting.draft_concepts(room.house.production, count)
    return {"made": [one.file for one in made], "thrown": len(found.thrown), "short": found.short}


@router.post("/api/drafts/treatment")
def treatment(request: Request, guest: Crew, start: Annotated[str, Body(max_length=200, embed=True)]) -> dict[str, str]:
    """Lay out a treatment, at once: from a concept that somebody chose, or from the brief alone. No language model is asked.

    Args: start: a concept's file, or "brief".
    """
    room = room_of(request)
    signer(room, guest)
    made = drafting.draft_treatment(room.house.production, start=begun(room, start))
    return {"file": made.file}


def begun(room: Room, start: str) -> str | None:
    """The concept that a treatment begins from; None for the brief alone.

    Raises: RoomError: nothing was chosen, or no concept.
    """
    if start == "brief":
        return None
    if start not in {one.file for one in drafting.status(room.house.production) if one.kind == "concept"}:
        raise RoomError(room.texts["drafts_page"]["choose"])
    return start


def view(room: Room, file: str = "") -> DraftsPage:
    """The page as it stands now; the newest treatment is open where none is named.

    Raises: HTTPException 404: there is no such draft.
    """
    production, book = room.house.production, room.house.book
    brief, wrong, words = None, "", ""
    try:
        found = briefing.current(production)
        brief, words = {"title": found.title, "asks": len(briefing.questions(found)), "notes": len(briefing.notes(found))}, found.text
    except AnswerprintError as error:
        wrong = on_a_page(str(error)) if (production.path / briefing.FILE).exists() else ""
    there = drafting.status(production)
    if file and file not in {one.file for one in there}:
        raise HTTPException(404, room.texts["drafts_page"]["gone"])
    named = file or next((one.file for one in reversed(there) if one.kind != "concept"), "")
    opened = next((one for one in there if one.file == named), None)
    text = text_of(production.path / opened.file) if opened is not None else ""
    laid = [one for one in there if one.kind == "concept"]
    return DraftsPage(
        brief=brief, wrong=wrong, services=services.offered(room, "words"), work=services.work(room, "drafts", {}), concepts=tuple(drafting.plain(one) for one in laid), others=tuple(drafting.plain(one) for one in there if one.kind != "concept"),
        apart=tuple({"one": one, "other": other, "distance": f"{far:.2f}"} for one, other, far in drafting.distances(production)[1]),
        thrown=tuple({"before": one.file, "says": one.about["thrown"].splitlines()} for one in laid if one.about.get("thrown")),
        open=drafting.plain(opened) if opened is not None else None, text=text, was=_seal(text),
        recurring=tuple({"words": one.words, "at": [{"file": place, "line": line} for place, line in one.at]} for one in drafting.recurring(there, words)), seen=book.head.n if book else 0,
    )  # fmt: skip


def _seal(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
