"""Arguments: what people object to and what the machine's critics think, by craft, with what there is to see and hear of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Body, Request
from fastapi.responses import Response

from answerprint import arguments, critiquing
from answerprint.book import Book, Person, Raised
from answerprint.chronicle import day
from answerprint.critiquing import Said
from answerprint.desk import Desk
from answerprint.model.judgments import ROLES, Objection
from answerprint.room import signing, things
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.pages.critics import closed
from answerprint.room.pages.offered import every, number_of
from answerprint.room.showing import desk_of
from answerprint.room.things import Evidence

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What was said to an objection."""

    by: str
    said: Literal["yes", "no", "withdrawn"]
    because: str
    at: str


@dataclass(frozen=True, kw_only=True)
class Argument:
    """One objection of a person's, or one idea of a critic's. An idea blocks nothing."""

    kind: Literal["objection", "idea"]
    number: str  #: "O4"; of an idea, "I12" by its entry
    n: int
    by: str  #: a name; of an idea, which critic
    at: str
    text: str
    on: str
    about: str
    href: str
    evidence: tuple[Evidence, ...]
    open: bool  #: it waits: for an answer, or for somebody who takes it up
    struck: bool = False
    answer: Answered | None = None
    taken_by: str | None = None  #: of an idea: the objection that it became
    critics: str = ""  #: of an idea: where it stands with its facts, its pictures and what it offers
    from_idea: bool = False
    mine: bool = False
    may_answer: bool = False


@dataclass(frozen=True, kw_only=True)
class Craft:
    """What one craft says."""

    name: str
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, kw_only=True)
class Closed:
    """Ideas of one critic's about one version that whoever looks has not opened."""

    critic: str
    version: str
    count: int
    href: str


@dataclass(frozen=True, kw_only=True)
class Stood:
    """Somebody who stands behind their part."""

    by: str
    part: str
    text: str
    at: str


@dataclass(frozen=True, kw_only=True)
class Passing:
    """A remark: not signed, it informs."""

    by: str
    text: str
    about: str
    href: str
    at: str


@dataclass(frozen=True, kw_only=True)
class Thing:
    """Something that can be objected to."""

    on: str
    says: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """The page."""

    crafts: tuple[Craft, ...]
    open: int  #: objections that block the gate
    ideas: int  #: that nobody took up or looked away from
    closed: tuple[Closed, ...]  #: not shown here before they are opened on Critics
    stands: tuple[Stood, ...]
    remarks: tuple[Passing, ...]
    things: tuple[Thing, ...]
    versions: tuple[str, ...]  #: that have a cut, so that a timecode means something
    may: bool
    seen: int


@router.get("/arguments", include_in_schema=False)
def page(request: Request, guest: Crew, on: str = "") -> Response:
    """The page."""
    found = view(room_of(request), guest)
    return show(request, "arguments.html", guest, here="arguments", page=found, seen=found.seen, on=on if on in {one.on for one in found.things} else "")


@router.get("/api/arguments")
def twin(request: Request, guest: Crew) -> Page:
    """The same for other programs."""
    return view(room_of(request), guest)


def view(room: Room, guest: Guest) -> Page:
    """Everything that was said against the film or about it, by craft, in the order in which it was said."""
    book, desk = room.house.book, desk_of(room)
    known: dict[str, things.About] = {}

    def about(on: str) -> things.About:
        if on not in known:
            known[on] = things.about(room, guest, desk, on)
        return known[on]

    person = book.people.get(guest.person or "") if book else None
    known_ideas = {one.n: one for one in every(desk)}
    shut = closed(desk, person.id if person is not None else None, known_ideas.values())
    taken = {one.line.content.idea for one in (book.objections if book else ()) if isinstance(one.line.content, Objection)}
    hidden = {n: version for n, version in shut.items() if n not in taken}
    ideas = [(craft, one) for craft, one in _ideas(room, book, about) if one.n not in hidden]
    said = [*_objections(book, person, about), *((craft, _as_of(room, desk, one, known_ideas.get(one.n))) for craft, one in ideas)]
    crafts: dict[str, list[Argument]] = {}
    for craft, one in said:
        crafts.setdefault(craft, []).append(one)
    order = sorted(crafts, key=lambda name: (ROLES.index(name) if name in ROLES else len(ROLES), name))
    with room.house.reading() as record:
        passing = [(one, about(one.on)) for one in (arguments.remarks(record) if record is not None else [])]
    return Page(
        crafts=tuple(Craft(name=name, arguments=tuple(sorted(crafts[name], key=lambda one: one.n))) for name in order),
        open=sum(one.open for _, one in said if one.kind == "objection"),
        ideas=sum(one.open for _, one in said if one.kind == "idea") + len(hidden), closed=tuple(_closed(hidden, known_ideas)),
        stands=tuple(Stood(by=line.by.name, part=line.content.part, text=line.content.text, at=day(line.at)) for line in arguments.stands(book)) if book else (),
        remarks=tuple(Passing(by=one.by, text=one.text, about=place.says, href=place.href, at=day(one.at)) for one, place in passing),
        things=tuple(_things(room, desk)),
        versions=tuple(one.name for one in desk.family.versions if desk.cut_name(one.name)),
        may=person is not None,
        seen=book.head.n if book else 0,
    )


def _objections(book: Book | None, person: Person | None, about: Callable[[str], things.About]) -> list[tuple[str, Argument]]:
    found: list[tuple[str, Argument]] = []
    if book is None:
        return found
    for raised in book.objections:
        content: Any = raised.line.content
        if not isinstance(content, Objection):  # this copy withholds its words
            continue
        place = about(content.on)
        mine = person is not None and raised.line.by.id == person.id
        found.append((_craft(raised.line.by), Argument(
            kind="objection", number=raised.number, n=raised.line.n, by=raised.line.by.name, at=day(raised.line.at), text=content.text, on=content.on,
            about=place.says, href=place.href, evidence=place.evidence, open=raised.open, struck=raised.line.struck, answer=_answer(raised),
            from_idea=content.idea is not None, mine=mine, may_answer=raised.open and not mine and person is not None and _answers(book, person),
        )))  # fmt: skip
    return found


def _ideas(room: Room, book: Book | None, about: Callable[[str], things.About]) -> list[tuple[str, Argument]]:
    taken = {one.line.content.idea: one.number for one in (book.objections if book else ()) if isinstance(one.line.content, Objection)}
    found, seats = [], critiquing.seats()
    with room.house.reading() as record:
        entries = list(record.entries(kind="idea")) if record is not None else []
    for entry in entries:
        body = entry.read()
        if body is None or not str(body.get("text", "")).strip():
            continue
        place, critic = about(str(body.get("on") or arguments.FILM)), str(body.get("critic", "a critic"))
        found.append((seats.get(critic) or critic, Argument(
            kind="idea", number=f"I{entry.n}", n=entry.n, by=critic, at=day(entry.at), text=str(body["text"]), on=str(body.get("on") or arguments.FILM),
            about=place.says, href=place.href, evidence=place.evidence, open=entry.n not in taken, taken_by=taken.get(entry.n),
        )))  # fmt: skip
    return found


def _as_of(room: Room, desk: Desk, one: Argument, idea: Said | None) -> Argument:
    """An idea about a shot, as the cut counted it that the idea is about: another version's, or an earlier one, has no picture here."""
    number = number_of(idea) if idea is not None else None
    if idea is None or number is None:
        return one
    words, now = room.texts["arguments"], idea.version in desk.cuts and desk.cuts[idea.version].seal == idea.seal
    to = f"/critics?version={quote(idea.version)}#{one.number}"
    if now and idea.version == desk.family.first.name:
        return replace(one, critics=to)
    says = words["version_shot" if now else "earlier"].format(number=number, version=idea.version)
    return replace(one, about=says, href=to, evidence=(), critics=to, open=one.open and now)


def _closed(hidden: Mapping[int, str], ideas: Mapping[int, Said]) -> Iterator[Closed]:
    for (critic, version), count in Counter((ideas[n].critic, version) for n, version in hidden.items()).items():
        yield Closed(critic=critic, version=version, count=count, href=f"/critics?version={quote(version)}#chair-{critic}")


def waiting_ideas(room: Room) -> int:
    """How many ideas of the critics' about cuts as they are now nobody took up."""
    desk = desk_of(room)
    past = {one.n for one in every(desk) if one.version not in desk.cuts or desk.cuts[one.version].seal != one.seal}
    return sum(one.open and one.n not in past for _, one in _ideas(room, room.house.book, lambda on: things.About(says=on, href="")))


def _craft(person: Person) -> str:
    """The craft somebody speaks for: their first seat behind the producer's and the director's, where they have one."""
    return next((role for role in person.roles if role not in ("producer", "director")), person.roles[0] if person.roles else "crew")


def _answer(raised: Raised) -> Answered | None:
    line = raised.answer
    if line is None:
        return None
    return Answered(by=line.by.name, said=line.content.answer, because=line.content.because, at=day(line.at))


def _answers(book: Book, person: Person) -> bool:
    """Whether they may answer at all: they hold a judgment, produce or direct."""
    held = book.charter.content.holders.values() if book.charter else ()
    return bool({"producer", "director"} & set(person.roles)) or any(one.person == person.id for one in held)


def _things(room: Room, desk: Desk) -> list[Thing]:
    said = room.texts["arguments"]
    names = [one.name for one in desk.family.versions]
    found = [Thing(on=f"film:{name}", says=said["whole"] if len(names) == 1 else said["version"].format(name=name)) for name in names]
    return found + [Thing(on=f"item:{number}", says=said["item"].format(number=number, text=item.text)) for number, item in desk.items.items()]


# ---- what people say


@router.post("/api/arguments/object")
def object_to(
    request: Request, guest: Crew, text: Annotated[str, Body(max_length=4000)], on: Annotated[str, Body(max_length=300)] = "",
    timecode: Annotated[str, Body(max_length=16)] = "",
) -> dict[str, Any]:  # fmt: skip
    """Object: to an item, a version, or, with a timecode, to one frame of a version's cut. It blocks until somebody answers."""
    room = room_of(request)
    desk = desk_of(room)
    kind, _, version = on.partition(":")
    if timecode.strip() and (kind == "film" or not on):
        on = things.at_timecode(room, desk, version or desk.family.first.name, timecode)
    made = arguments.objection(text, on=on)
    place = things.about(room, guest, desk, made.on)
    said = room.texts["arguments"]
    return signing.offer(room, guest, made, [said["signs_objection"].format(about=place.says, text=made.text), said["signs_blocks"]])


@router.post("/api/arguments/second")
def second(request: Request, guest: Crew, n: Annotated[int, Body(ge=1)], text: Annotated[str, Body(max_length=4000)] = "") -> dict[str, Any]:
    """Take up a critic's idea: from here on it is an objection of one's own, in one's own words where there are some."""
    room = room_of(request)
    person = signing.signer(room, guest)
    book = room.house.book
    assert book is not None
    with room.house.reading() as record:
        assert record is not None
        made = arguments.second(book, arguments.idea(record, n), text=text)
    said = room.texts["arguments"]
    return signing.offer(room, guest, made, [said["signs_second"].format(name=person.name, text=made.text), said["signs_blocks"]])


@router.post("/api/arguments/answer")
def answer(
    request: Request, guest: Crew, number: Annotated[str, Body(max_length=12)], said: Annotated[Literal["yes", "no", "withdrawn"], Body()],
    because: Annotated[str, Body(max_length=4000)] = "",
) -> dict[str, Any]:  # fmt: skip
    """Answer an objection, yes or no with its reason; or, whoever raised it, take it back."""
    room = room_of(request)
    signing.signer(room, guest)
    book, texts = room.house.book, room.texts["arguments"]
    assert book is not None
    if said == "no" and not because.strip():
        raise arguments.ArgumentError(texts["no_reason"].format(number=number))
    made = arguments.withdrawal(book, number, because=because) if said == "withdrawn" else arguments.answer(book, number, said, because=because)
    raised = book.objection(number)
    lines = [texts["signs_to"].format(number=raised.number, name=raised.line.by.name, text=getattr(raised.line.content, "text", "")), texts[f"signs_{said}"]]
    return signing.offer(room, guest, made, lines + ([made.because] if made.because else []))


@router.post("/api/arguments/stand")
def stand(request: Request, guest: Crew, part: Annotated[str, Body(max_length=120)], text: Annotated[str, Body(max_length=4000)] = "") -> dict[str, Any]:
    """Stand behind one's part. Nobody has to."""
    room = room_of(request)
    made = arguments.stand(part, text=text)
    return signing.offer(room, guest, made, [room.texts["arguments"]["signs_stand"].format(part=made.part), *([made.text] if made.text else [])])
