"""Rounds: what went to whom, the links by which clients see it, what they noted, and what they answered, signed as told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, HTTPException, Request
from fastapi.responses import Response

from answerprint import arguments, rounds
from answerprint.book import Book
from answerprint.chronicle import day
from answerprint.model.judgments import Round
from answerprint.model.records import AnswerprintError
from answerprint.room import RoomError, clients, drawing, showing, signing
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.pages import client
from answerprint.room.showing import desk_of

router = APIRouter()
router.include_router(client.router)

DAYS = (1, 3, 7, 14, 30)  #: how long a link may open


@dataclass(frozen=True, kw_only=True)
class LinkRow:
    """A client's link as the crew sees it; its secret is not kept."""

    id: str
    version: str
    contact: str
    until: str
    open: bool


@dataclass(frozen=True, kw_only=True)
class NoteRow:
    """A client's note on a frame."""

    by: str
    text: str
    timecode: str
    href: str
    at: str


@dataclass(frozen=True, kw_only=True)
class AnswerRow:
    """What came back. `entry` is None where it waits for somebody to sign it."""

    id: str
    contact: str
    outcome: Literal["approved", "changes", "refused"]
    changes: tuple[str, ...]
    at: str
    entry: int | None
    by: str | None


@dataclass(frozen=True, kw_only=True)
class CutRow:
    """A cut in a round."""

    version: str
    file: str
    since: str  #: "changed", "gone", or "" where it is still the same


@dataclass(frozen=True, kw_only=True)
class RoundRow:
    """One round."""

    n: int
    label: str
    to: str
    by: str
    at: str
    cuts: tuple[CutRow, ...]
    links: tuple[LinkRow, ...]
    notes: tuple[NoteRow, ...]
    answers: tuple[AnswerRow, ...]


@dataclass(frozen=True, kw_only=True)
class Page:
    """The page."""

    rounds: tuple[RoundRow, ...]
    versions: tuple[str, ...]  #: that have a cut and can be sent
    days: tuple[int, ...]
    may: bool
    seen: int


@router.get("/rounds", include_in_schema=False)
def page(request: Request, guest: Crew) -> Response:
    """The page."""
    found = view(room_of(request), guest)
    return show(request, "rounds.html", guest, here="rounds", page=found, seen=found.seen)


@router.get("/api/rounds")
def twin(request: Request, guest: Crew) -> Page:
    """The same for other programs."""
    return view(room_of(request), guest)


def view(room: Room, guest: Guest) -> Page:
    """Every round, oldest first."""
    book, desk = room.house.book, desk_of(room)
    now = rounds.seals_now(desk, book) if book else {}
    person = book.people.get(guest.person or "") if book else None
    return Page(
        rounds=tuple(_round(room, book, one) for one in rounds.sent(book, now)) if book else (),
        versions=tuple(one.name for one in desk.family.versions if one.name in desk.cuts),
        days=DAYS,
        may=person is not None and bool(set(person.roles) - {"agency", "client"}),
        seen=book.head.n if book else 0,
    )


def _round(room: Room, book: Book, one: rounds.Sent) -> RoundRow:
    line = one.line
    links = [link for link in room.doors.links if link.round == line.n]
    answers = [AnswerRow(id="", contact=told.content.contact, outcome=told.content.outcome, changes=told.content.changes, at=day(told.at), entry=told.n, by=told.by.name)
               for told in one.answers]  # fmt: skip
    answers += [AnswerRow(id=told.id, contact=told.name, outcome=told.outcome, changes=told.changes, at=day(told.at), entry=None, by=None)
                for told in clients.pending(room) if told.round == line.n]  # fmt: skip
    return RoundRow(
        n=line.n, label=line.content.label, to=line.content.to, by=line.by.name, at=day(line.at), answers=tuple(answers),
        cuts=tuple(CutRow(version=cut.version, file=cut.file, since="gone" if cut.file in one.gone else "changed" if cut.file in one.changed else "")
                   for cut in line.content.cuts),
        links=tuple(LinkRow(id=link.id, version=link.version, contact=link.contact, open=room.doors.link(link.id) is not None,
                            until=day(datetime.fromtimestamp(link.ends, UTC).isoformat(timespec="minutes"))) for link in links),
        notes=tuple(notes(room, {link.id for link in links})),
    )  # fmt: skip


def notes(room: Room, links: set[str]) -> list[NoteRow]:
    """What was noted by these links, in the order of the film."""
    with room.house.reading() as record:
        said = [one for one in (arguments.remarks(record) if record is not None else []) if one.via.removeprefix("link ") in links]
    found = []
    for one in sorted(said, key=_frame):
        place = drawing.read(one.on)
        timecode, href = "", "/cut"
        if place is not None:
            href = f"/cut/{place.file.rsplit('/', 1)[-1].rsplit('.', 1)[0]}#{place.frame}"
            try:
                timecode = str(showing.showing(room, desk_of(room), place.file).start.plus(place.frame))
            except (AnswerprintError, OSError):  # the cut was moved away since
                timecode = f"+{place.frame}"
        found.append(NoteRow(by=one.by, text=one.text, timecode=timecode, href=href, at=day(one.at)))
    return found


def _frame(one: arguments.Remark) -> int:
    place = drawing.read(one.on)
    return place.frame if place is not None else 0


# ---- sending


@router.post("/api/rounds/send")
def send(
    request: Request, guest: Crew, versions: Annotated[list[str], Body(min_length=1, max_length=40)], to: Annotated[str, Body(max_length=200)],
    since: Annotated[int | None, Body()] = None,
) -> dict[str, Any]:  # fmt: skip
    """Send a round: these versions, exactly as they are cut now, to "CLIENT, CONTACT"."""
    room = room_of(request)
    signing.signer(room, guest)
    book, desk = room.house.book, desk_of(room)
    assert book is not None
    made = rounds.round_of(book, [rounds.cut_seal(desk, one) for one in versions], to=to)
    said = room.texts["rounds"]
    lists = [said["signs_round"].format(label=made.label, to=made.to), *(said["signs_cut"].format(version=cut.version, file=cut.file) for cut in made.cuts)]
    for cut in made.cuts:
        clients.movie(room, cut)  # begins to print what is not printed yet
    return signing.offer(room, guest, made, lists, since=since)


@router.post("/api/rounds/link")
def link(
    request: Request, guest: Crew, round: Annotated[int, Body(ge=1)], version: Annotated[str, Body(max_length=120)], contact: Annotated[str, Body(max_length=120)],
    days: Annotated[int, Body(ge=1, le=30)] = 7,
) -> dict[str, str]:  # fmt: skip
    """A link to one version of one round, and the code to mail apart from it. Both are shown once."""
    room = room_of(request)
    signing.signer(room, guest)
    book = room.house.book
    line = book.line(round) if book else None
    cut = clients.cut_of(line, version) if line is not None and isinstance(line.content, Round) and not line.struck else None
    if cut is None:
        raise HTTPException(404, "There is no such version in that round.")
    if not contact.strip():
        raise RoomError(room.texts["rounds"]["no_contact"])
    word = clients.code()
    _, token = room.doors.give_link(round=round, version=version, contact=" ".join(contact.split()), days=days, code=word)
    clients.movie(room, cut)
    return {"link": f"{room.origins[0]}/link/{token}", "code": word, "says": room.texts["rounds"]["link_made"].format(contact=contact.strip(), days=days)}


@router.post("/api/rounds/revoke")
def revoke(request: Request, guest: Crew, link: Annotated[str, Body(embed=True, max_length=40)]) -> dict[str, bool]:
    """End a link and whoever came by it."""
    room = room_of(request)
    signing.signer(room, guest)
    room.doors.revoke_link(link)
    return {"ended": True}


# ---- what came back


@router.post("/api/rounds/told")
def told(
    request: Request, guest: Crew, round: Annotated[int, Body(ge=1)], contact: Annotated[str, Body(max_length=120)] = "",
    outcome: Annotated[rounds.Outcome | None, Body()] = None, changes: Annotated[list[str] | None, Body(max_length=200)] = None,
    answer: Annotated[str, Body(max_length=40)] = "",
) -> dict[str, Any]:  # fmt: skip
    """Sign what a client said of a round: as they answered by their link (`answer`), or as they told it otherwise."""
    room = room_of(request)
    signing.signer(room, guest)
    book = room.house.book
    line = book.line(round) if book else None
    if book is None or line is None or not isinstance(line.content, Round):
        raise HTTPException(404, "There is no round of that number.")
    waits = next((one for one in clients.pending(room) if answer and one.id == answer and one.round == round), None)
    if answer and waits is None:
        raise HTTPException(409, "That answer was signed already, or the client gave another one. Look again.")
    said = room.texts["rounds"]
    if waits is not None:
        contact, outcome, changes = waits.name, waits.outcome, list(waits.changes)
    if outcome is None:
        raise RoomError(said["no_outcome"])
    made = rounds.approval(book, line.content.label, contact=contact, outcome=outcome, changes=changes or [])
    lists = [said["signs_told"].format(contact=made.contact, label=line.content.label, outcome=said[f"is_{outcome}"]), *made.changes]
    lists += [said["signs_by_link" if waits else "signs_by_word"], *(said["signs_holds"].format(version=cut.version, file=cut.file) for cut in made.cuts)]
    return signing.offer(room, guest, made, lists, then=(lambda _: clients.drop(room, waits.id)) if waits else None)
