"""The board: the strings' contact sheet, what waits for you, open objections, what the machine did, and the gate as a line of lamps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from answerprint import drafts
from answerprint.book import Book
from answerprint.chronicle import day, sentences
from answerprint.model.charter import Judgment
from answerprint.model.judgments import Objection
from answerprint.model.time import floor_frames
from answerprint.production import open as open_production
from answerprint.room import RoomError, lamps, things
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.lamps import Lamp, Todo
from answerprint.room.pages.arguments import waiting_ideas
from answerprint.room.pages.crew import waiting
from answerprint.room.showing import desk_of
from answerprint.room.stage import picture
from answerprint.timeline.slates import Strung, lasts, slate_name

if TYPE_CHECKING:
    from answerprint.assistant import Table
    from answerprint.plan import Unit

router = APIRouter()

_SIGNED = 12  #: lines of what was signed; the record has them all


@dataclass(frozen=True, kw_only=True)
class Glance:
    """One attempt on the sheet."""

    slate: str
    circled_by: str | None
    chosen_by: str | None
    frame: str | None  #: address of its picture; None for a sound
    href: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One string."""

    item: int | None
    text: str
    says: str
    attempts: tuple[Glance, ...]


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A person's words."""

    text: str
    by: str
    at: str
    about: str = ""
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class Board:
    """Everything on the board."""

    lamps: tuple[Lamp, ...]
    rows: tuple[Row, ...]
    total: str
    waits: tuple[Todo, ...]
    objections: tuple[Spoken, ...]
    ideas: int
    machine: tuple[str, ...]
    kept_out: tuple[str, ...]
    signed: tuple[Spoken, ...]  #: with the key of whoever looks, since their last visit
    since: str  #: that visit; "" where this is the first
    at_work: dict[str, Any] | None
    seen: int


@router.get("/", include_in_schema=False)
def page(request: Request, guest: Crew) -> Response:
    """The page."""
    board = view(room_of(request), guest)
    return show(request, "board.html", guest, here="board", board=board, seen=board.seen)


@router.get("/api/board")
def twin(request: Request, guest: Crew) -> Board:
    """The board as other programs read it."""
    return view(room_of(request), guest)


@router.post("/api/prep")
def prep(request: Request, guest: Crew) -> dict[str, bool]:
    """Let the machine do what is new.

    Raises: RoomError: nothing was shot that it could read.
    """
    room = room_of(request)
    if not open_production(room.house.production.path).scan()[0]:  # its settings as they are now
        raise RoomError(room.texts["board"]["no_rushes"])
    room.house.prep()
    return {"begun": True}


def view(room: Room, guest: Guest) -> Board:
    """The board as it stands now, for one person."""
    house, book = room.house, room.house.book
    chosen, seen = _chosen(room, book), lamps.visit(room, guest)
    laid, total, did, kept_out = _laid(room)
    rows = tuple(replace(row, attempts=tuple(_glance(guest, one, chosen) for one in attempts)) for row, attempts in laid)
    return Board(
        lamps=lamps.lamps(room),
        rows=rows,
        total=total,
        waits=tuple(_waits(room, guest, book, rows, chosen)),
        objections=tuple(
            Spoken(text=one.line.content.text, by=one.line.by.name, at=one.line.at[:10], about=things.about(room, guest, desk_of(room), one.line.content.on).says, href=f"/arguments#{one.number}")
            for one in (book.objections if book else []) if one.open and isinstance(one.line.content, Objection)
        ),
        ideas=waiting_ideas(room),
        machine=did,
        kept_out=kept_out,
        signed=tuple(Spoken(text=_upper("; ".join(sentences(line, book))), by=line.by.name, at=day(line.at), href=f"/record#entry-{line.n}") for line in seen.lines[:_SIGNED]) if book else (),
        since=seen.since,
        at_work=house.at_work,
        seen=book.head.n if book else 0,
    )


def _chosen(room: Room, book: Book | None) -> dict[str, tuple[str, str]]:
    """Item -> (attempt, who), of the takes that are signed, and where none is, of those that are chosen.

    A signed choice stays in sight until another is signed in its place, whoever drafts what meanwhile.
    """
    found: dict[str, tuple[str, str]] = {}
    for (judgment, thing), one in (book.decisions if book else {}).items():
        if judgment == Judgment.TAKE:
            found[thing] = (_named(one.decided.choice), one.by.name)
    for (judgment, thing), draft in drafts.read(room.house.production.inside).items():
        if judgment == Judgment.TAKE:
            found.setdefault(thing, (_named(draft.choice), room.texts["board"]["draft"].format(name=draft.by or room.texts["board"]["somebody"])))
    return found


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _named(choice: Mapping[str, str]) -> str:
    return choice.get("name") or choice.get("attempt", "")


@dataclass(frozen=True, kw_only=True)
class _Laid:
    """One attempt on the sheet, as it is for everybody."""

    glance: Glance
    about: str
    name: str
    unit: Unit
    frame: int | None


def _laid(room: Room) -> tuple[tuple[tuple[Row, tuple[_Laid, ...]], ...], str, tuple[str, ...], tuple[str, ...]]:
    """The sheet as it is for everybody, its length, what the machine did and kept out: laid out once for a table."""
    strings = room.house.strings
    if getattr(room, "sheet", (None,))[0] is not strings:
        rate = room.house.production.settings.rate
        shown = [string for string in strings if string.attempts and (string.item is not None or string.what == "not in the script")]
        rows = tuple(
            (
                Row(item=string.item, text=string.name.partition(": ")[2] if string.item is not None else string.name, says=_counted(string.attempts, rate), attempts=()),
                tuple(_attempt(room.house.table, one, string.item) for one in string.attempts),
            )
            for string in shown
        )
        table = room.house.table
        tries = tuple({(table.unit(one).file, one.attempt.number): one for string in strings if string.item is not None for one in string.attempts}.values())
        room.sheet = (strings, rows, _counted(tries, rate) if tries else "", tuple(_did(table)), tuple(_kept_out(table)))  # type: ignore[attr-defined]
    _, rows, total, did, kept_out = room.sheet  # type: ignore[attr-defined]
    return rows, total, did, kept_out


def _attempt(table: Table, one: Strung, item: int | None) -> _Laid:
    unit, frame = table.unit(one), None
    video = one.clip.media.video
    if one.clip.picture and video is not None:
        covered = one.of(item) if item is not None else None
        frame = floor_frames(Fraction(str(covered.in_s if covered else one.attempt.in_s)), video.rate)
    name = f"{unit.file.rsplit('/', 1)[-1].rsplit('.', 1)[0]}#{one.attempt.number}"
    circled = (one.attempt.circled_by or "the recorder") if one.attempt.circled else None
    glance = Glance(slate=slate_name(one), circled_by=circled, chosen_by=None, frame=None, href=f"/takes/{'other' if item is None else item}#{name}")
    return _Laid(glance=glance, about=f"item:{item}", name=name, unit=unit, frame=frame)


def _glance(guest: Guest, one: _Laid, chosen: dict[str, tuple[str, str]]) -> Glance:
    attempt, who = chosen.get(one.about, ("", ""))
    frame = picture(guest, one.unit, one.frame) if one.frame is not None else None
    return replace(one.glance, chosen_by=who if attempt == one.name else None, frame=frame)


def _counted(attempts: tuple[Strung, ...], rate: Fraction) -> str:
    length = sum((lasts(one, rate).duration_s for one in attempts), Fraction(0))
    return f"{len(attempts)} attempt{'s' if len(attempts) != 1 else ''}, {_clock(length)}"


def _clock(seconds: Fraction) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def _waits(room: Room, guest: Guest, book: Book | None, rows: tuple[Row, ...], chosen: dict[str, tuple[str, str]]) -> list[Todo]:
    said = room.texts["board"]
    if book is None or not book.people:
        return [Todo(says=said["first"], more=said["first_more"], href="/welcome")]
    if guest.person is None:
        says = "key_waits" if room.doors.waiting_of(guest) else "no_key"
        return [Todo(says=said[says], more=said[f"{says}_more"], href="/welcome")]
    todo = [Todo(says=said["sign_in"].format(name=one.name), more=", ".join(one.roles), href="/crew") for one in waiting(room)]
    todo += lamps.waits(room, guest)
    holder = book.holder(Judgment.TAKE)
    if holder is not None and holder.id == guest.person:
        for row in rows:
            if row.item is not None and f"item:{row.item}" not in chosen and row.attempts:
                count = len(row.attempts)
                says = said["no_choice" if count != 1 else "no_choice_one"].format(item=row.item, count=count)
                todo.append(Todo(says=says, more=row.text, href=f"/takes/{row.item}"))
    return todo


def _did(table: Any) -> list[str]:
    kinds = Counter(task for unit in table.shoot.units for task in table.shoot.facts(unit))
    clips, sounds = len(table.shoot.clips), len(table.shoot.sounds)
    synced = sum(any(one["abstained"] is None for one in table.shoot.certificates.get(unit.digest, [])) for unit in table.shoot.clips)
    lines = []
    if clips:
        lines.append(f"Synced {synced} of {clips} clip{'s' if clips != 1 else ''} to the recorder. Found {len(table.tries)} attempt{'s' if len(table.tries) != 1 else ''}.")
    if kinds["transcript"]:
        lines.append(f"Wrote down what was said in {kinds['transcript']} of {clips + sounds} file{'s' if clips + sounds != 1 else ''}.")
    return lines


def _kept_out(table: Any) -> list[str]:
    out = []
    for unit in table.shoot.clips:
        rows = table.shoot.certificates.get(unit.digest, [])
        if rows and all(one["abstained"] is not None for one in rows):
            out.append(f"{unit.file.rsplit('/', 1)[-1]}: {rows[0]['abstained']}")
    out += [f"{problem.file}: {problem.says}" for problem in table.shoot.problems]
    return out[:12]
