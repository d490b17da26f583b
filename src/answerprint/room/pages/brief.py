"""The brief as it was read, what it is silent about, what does not add up; brought, written from the questions, or corrected here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from fastapi.responses import Response

from answerprint import briefing
from answerprint.model.records import AnswerprintError
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.signing import signer
from answerprint.room.words import on_a_page

router = APIRouter()

Text = Annotated[str, Body(max_length=200_000)]
Was = Annotated[str, Body(max_length=80)]
_EARLIER = 20  #: replaced briefs that are listed, the last ones


@dataclass(frozen=True, kw_only=True)
class BriefPage:
    """The page."""

    brief: dict[str, Any] | None  #: as `answerprint brief --json` has it; None where there is none, or none that can be read
    wrong: str  #: why it cannot be read, in a sentence
    text: str  #: as it lies there
    lines: tuple[str, ...]  #: the same, line by line: what a question's line counts
    was: str  #: its seal, that a change is held against; "" where there is none
    heads: dict[briefing.Field, str]  #: field -> the heading under which an answer to its question is looked for
    asks: dict[str, str]  #: field -> its question, for whoever begins one
    earlier: tuple[dict[str, Any], ...]  #: briefs that were replaced, the last one first: file, new, gone
    seen: int


@router.get("/brief", include_in_schema=False)
def page(request: Request, guest: Crew) -> Response:
    """The page."""
    found = view(room_of(request))
    return show(request, "brief.html", guest, here="brief", page=found, seen=found.seen)


@router.get("/api/brief")
def twin(request: Request, guest: Crew) -> BriefPage:
    """The brief, line by line and by what it says of what."""
    return view(room_of(request))


@router.post("/api/brief/look")
def look(request: Request, guest: Crew, text: Text, name: Annotated[str, Body(max_length=200)] = "") -> dict[str, Any]:
    """What a text would be as the brief, and what it says differently from the one that is here. Nothing is written."""
    production = room_of(request).house.production
    found = briefing.read(text.encode("utf-8", "replace"), name=name or briefing.FILE)
    try:
        change = briefing.changed(briefing.current(production), found)
    except briefing.BriefError:
        change = briefing.Change(new=(), gone=(), was="")
    return {"title": found.title, "new": list(change.new), "gone": list(change.gone), "asks": len(briefing.questions(found))}


@router.post("/api/brief/take")
def take(request: Request, guest: Crew, text: Text, was: Was, name: Annotated[str, Body(max_length=200)] = "") -> dict[str, Any]:
    """Take in a brief. Another one stays beside it, and what is new and gone is said."""
    room = room_of(request)
    signer(room, guest)
    return _taken(*briefing.bring(room.house.production, text, was=was, name=name or briefing.FILE))


@router.post("/api/brief/write")
def write(request: Request, guest: Crew, answers: Annotated[dict[str, Annotated[str, Body(max_length=20_000)]], Body(max_length=40)], was: Was, title: Annotated[str, Body(max_length=200)] = "") -> dict[str, Any]:
    """Begin a brief from answers to the questions, under headings that are known."""
    room = room_of(request)
    signer(room, guest)
    return _taken(*briefing.bring(room.house.production, briefing.written(title, answers), was=was))


@router.post("/api/brief/save")
def save(request: Request, guest: Crew, text: Text, was: Was) -> dict[str, str]:
    """Write the brief as somebody corrected it. What another wrote meanwhile is not written over."""
    room = room_of(request)
    signer(room, guest)
    return {"was": briefing.correct(room.house.production, text, was=was).seal}


def view(room: Room) -> BriefPage:
    """The page as it stands now."""
    production, book = room.house.production, room.house.book
    brief, wrong, text, was = None, "", "", ""
    try:
        was = briefing.seal(production)
        if was:
            found = briefing.current(production)
            brief, text, was = briefing.plain(found), found.text.replace("\r\n", "\n").replace("\r", "\n"), found.seal
    except AnswerprintError as error:
        wrong = on_a_page(str(error))
    return BriefPage(
        brief=brief, wrong=wrong, text=text, lines=tuple(text.removesuffix("\n").split("\n")) if text else (), was=was, heads=dict(briefing.HEADS),
        asks={field: briefing.ASKS.get(field, "") for field in briefing.HEADS},
        earlier=tuple({"file": one.file, "new": list(one.change.new) if one.change else None, "gone": list(one.change.gone) if one.change else None} for one in briefing.earlier(production)[:_EARLIER]),
        seen=book.head.n if book else 0,
    )  # fmt: skip


def _taken(found: briefing.Brief, change: briefing.Change | None) -> dict[str, Any]:
    return {"was": found.seal, "change": {"new": list(change.new), "gone": list(change.gone), "file": change.was} if change else None}


__all__ = ["BriefPage", "router", "view"]
