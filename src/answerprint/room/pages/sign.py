"""Sign: the four signatures. Selects, lock and finish list what each would bind; after a change one page affirms again; the last is the question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Query, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import Response

from answerprint import choosing, drafts, gestures, watched
from answerprint.book import Person
from answerprint.desk import Desk
from answerprint.model.records import AnswerprintError
from answerprint.room import RoomError, questions, signing
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.questions import Question
from answerprint.room.showing import desk_of
from answerprint.room.words import on_a_page

router = APIRouter()
router.include_router(questions.router)


@dataclass(frozen=True, kw_only=True)
class Bound:
    """One signature before the last, and what it would bind."""

    name: str
    lines: tuple[str, ...]  #: one for each thing; what changed stands indented under it
    theirs: tuple[str, ...]
    lost: tuple[str, ...]
    why_not: str  #: why there is nothing to sign, in a sentence; "" where there is
    shown: dict[str, str]  #: what it binds, as it stands here: it is sent back when it is signed


@dataclass(frozen=True, kw_only=True)
class Stale:
    """A signed decision that does not hold any more."""

    judgment: str
    about: str
    says: str
    chosen: str
    by: str
    entry: int
    changed: tuple[str, ...]
    mine: bool
    shown: dict[str, str]  #: what affirming it binds, as it stands here; empty where it cannot be affirmed


@dataclass(frozen=True, kw_only=True)
class Page:
    """The page."""

    bound: tuple[Bound, ...]
    stale: tuple[Stale, ...]
    versions: tuple[str, ...]
    question: Question
    may: bool
    seen: int


@router.get("/sign", include_in_schema=False)
def page(request: Request, guest: Crew, version: Annotated[str, Query(max_length=120)] = "") -> Response:
    """The page."""
    found = view(room_of(request), guest, version)
    film = jsonable_encoder(found.question.film)
    return show(request, "sign.html", guest, here="sign", page=found, seen=found.seen, q=found.question, film=film)


@router.get("/api/sign")
def twin(request: Request, guest: Crew, version: Annotated[str, Query(max_length=120)] = "") -> Page:
    """The same for other programs."""
    return view(room_of(request), guest, version)


def view(room: Room, guest: Guest, version: str = "") -> Page:
    """What there is to sign, for whoever looks. `version`: which the question is asked of; the first where none is named, or "all".

    Raises: FilmError: there is no such version.
    """
    desk, book = desk_of(room), room.house.book
    person = book.people.get(guest.person or "") if book else None
    return Page(
        bound=tuple(_bound(desk, name, person) for name in gestures.GESTURES),
        stale=tuple(_stale(desk, person)),
        versions=tuple(one.name for one in desk.family.versions),
        question=questions.question(room, guest, desk, person, version),
        may=person is not None,
        seen=book.head.n if book else 0,
    )


def _bound(desk: Desk, name: str, person: Person | None) -> Bound:
    if person is None:
        lines = [f"{choosing.described(*which, desk.items)}: {choosing.told(one.choice)}" for which, one in desk.drafts.items() if which[0] in gestures.GESTURES[name]]
        return Bound(name=name, lines=(), theirs=tuple(lines), lost=(), why_not=" ", shown={})
    try:
        made = gestures.gesture(desk, name, person)
    except AnswerprintError as error:
        return Bound(name=name, lines=(), theirs=(), lost=(), why_not=on_a_page(str(error)), shown={})
    return Bound(name=name, lines=made.lines, theirs=made.theirs, lost=made.lost, why_not="", shown=gestures.shown(made.content.decisions))


def _stale(desk: Desk, person: Person | None) -> list[Stale]:
    found = []
    for which, changed in desk.stale.items():
        one, holder = desk.decisions[which], desk.book.holder(which[0]) if desk.book else None
        mine = person is not None and holder is not None and holder.id == person.id
        found.append(Stale(judgment=which[0], about=which[1], says=choosing.described(*which, desk.items), chosen=choosing.told(one.decided.choice),
                           by=one.by.name, entry=one.n, changed=changed, mine=mine, shown=_affirming(desk, which) if mine else {}))  # fmt: skip
    return found


def _affirming(desk: Desk, which: tuple[str, str]) -> dict[str, str]:
    try:
        return gestures.shown([gestures.affirmed(desk, which)])
    except AnswerprintError:  # what it chose is not there any more; the signature says so
        return {}


# ---- signing


@router.post("/api/sign/{name}/offer")
def offer(
    request: Request, guest: Crew, name: str, since: signing.Since = None, shown: signing.Shown = None,
    only: Annotated[list[tuple[str, str]] | None, Body(max_length=500)] = None,
) -> dict[str, Any]:  # fmt: skip
    """Selects, lock, finish or again, to be signed.

    Args: since: the last entry on the page.  shown: what stood there of it.  only: of `again`, (judgment, thing) to affirm singly.
    """
    room = room_of(request)
    person = signing.signer(room, guest)
    desk = desk_of(room)
    if name not in (*gestures.GESTURES, gestures.AGAIN):
        raise HTTPException(404, "There is no signature of that name.")
    made = gestures.again(desk, person, only=only or ()) if name == gestures.AGAIN else gestures.gesture(desk, name, person)
    signing.as_shown(room, shown, gestures.shown(made.content.decisions))
    said = room.texts["sign_page"]
    lines = [said[f"signs_{name}"].format(count=len(made.content.decisions)), *made.lines]

    def then(_: int) -> None:
        drafts.clear(room.house.production.inside, *made.drafts)

    return signing.offer(room, guest, made.content, lines, since=since, then=then)


@router.post("/api/sign/sheet")
def sheet(request: Request, guest: Crew, version: Annotated[str, Body(max_length=120)], seal: Annotated[str, Body(max_length=120)]) -> dict[str, bool]:
    """I looked at the contact sheet of this version as it is cut now. Kept with this person, outside the record.

    Args: seal: of the cut that the sheet showed.
    """
    room = room_of(request)
    person = signing.signer(room, guest)
    desk = desk_of(room)
    cut = desk.cuts.get(desk.family[version].name)
    if cut is None:
        raise RoomError(desk.cut_problems[desk.family[version].name])
    signing.as_shown(room, {f"cut of {cut.version}": seal}, {f"cut of {cut.version}": cut.seal})
    watched.mark(room.house.production, person.id, watched.sheet(cut.version, cut.seal), "looked")
    return {"seen": True}
