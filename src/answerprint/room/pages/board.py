"""The board: the strings' contact sheet, what waits for you, open objections, what the machine did, and the gate as a line of lamps."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response

from answerprint.book import Book
from answerprint.model.charter import Judgment
from answerprint.model.judgments import Decision
from answerprint.model.time import floor_frames
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.stage import picture
from answerprint.timeline.slates import Strung, lasts, slate_name

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class Lamp:
    """One judgment on the way to the gate. Lit: somebody has to act; red: an objection; quiet: signed."""

    name: str
    state: Literal["ring", "lit", "red", "quiet"]
    who: str | None
    says: str


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
class Todo:
    """Something that waits for whoever looks."""

    says: str
    more: str
    href: str
    red: bool = False


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A person's words."""

    text: str
    by: str
    at: str
    about: str = ""


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
    signed: tuple[Spoken, ...]
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
    """Let the machine do what is new."""
    room_of(request).house.prep()
    return {"begun": True}


def view(room: Room, guest: Guest) -> Board:
    """The board as it stands now, for one person."""
    house, book = room.house, room.house.book
    table = house.table
    chosen = _chosen(book)
    rows = tuple(
        Row(
            item=string.item,
            text=string.name.partition(": ")[2] if string.item is not None else string.name,
            says=_counted(string.attempts, house.production.settings.rate),
            attempts=tuple(_glance(room, guest, one, string.item, chosen) for one in string.attempts),
        )
        for string in house.strings
        if string.attempts and (string.item is not None or string.what == "not in the script")
    )
    tries = [strung for string in house.strings if string.item is not None for strung in string.attempts]
    length = sum((lasts(one, house.production.settings.rate).duration_s for one in tries), Fraction(0))
    return Board(
        lamps=_lamps(book),
        rows=rows,
        total=f"{len(tries)} attempts, {_clock(length)}" if tries else "",
        waits=tuple(_waits(room, guest, book, rows, chosen)),
        objections=tuple(
            Spoken(text=one.line.content.text, by=one.line.by.name, at=one.line.at[:10], about=one.line.content.on) for one in (book.objections if book else []) if one.open
        ),
        ideas=0,
        machine=tuple(_did(table)),
        kept_out=tuple(_kept_out(table)),
        signed=tuple(_signed(book, guest)),
        at_work=house.at_work,
        seen=book.head.n if book else 0,
    )


def _chosen(book: Book | None) -> dict[str, tuple[str, str]]:
    """Item -> (attempt, who), of the takes that are signed."""
    found = {}
    for (judgment, about), one in (book.decisions if book else {}).items():
        if judgment == Judgment.TAKE:
            found[about] = (one.decided.choice.get("attempt", ""), one.by.name)
    return found


def _glance(room: Room, guest: Guest, one: Strung, item: int | None, chosen: dict[str, tuple[str, str]]) -> Glance:
    table = room.house.table
    unit = table.unit(one)
    frame = None
    video = one.clip.media.video
    if one.clip.picture and video is not None:
        covered = one.of(item) if item is not None else None
        at_s = Fraction(str(covered.in_s)) if covered else Fraction(str(one.attempt.in_s))
        frame = picture(guest, unit, floor_frames(at_s, video.rate))
    name = f"{unit.file.rsplit('/', 1)[-1].rsplit('.', 1)[0]}#{one.attempt.number}"
    attempt, who = chosen.get(f"item:{item}", ("", ""))
    circled = (one.attempt.circled_by or "the recorder") if one.attempt.circled else None
    return Glance(slate=slate_name(one), circled_by=circled, chosen_by=who if attempt == name else None, frame=frame, href=f"/takes/{item}#{name}")


def _counted(attempts: tuple[Strung, ...], rate: Fraction) -> str:
    length = sum((lasts(one, rate).duration_s for one in attempts), Fraction(0))
    return f"{len(attempts)} attempt{'s' if len(attempts) != 1 else ''}, {_clock(length)}"


def _clock(seconds: Fraction) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"


def _lamps(book: Book | None) -> tuple[Lamp, ...]:
    decided = {judgment for judgment, _ in (book.decisions if book else {})}
    lamps = []
    for judgment in Judgment:
        seat = book.seat(judgment) if book else None
        holder = book.holder(judgment) if book else None
        if seat is not None and seat.machine:
            lamps.append(Lamp(name=judgment.value.capitalize(), state="quiet", who=None, says="handed to the machine"))
        elif judgment in decided:
            lamps.append(Lamp(name=judgment.value.capitalize(), state="quiet", who=holder.name if holder else None, says="signed"))
        else:
            lamps.append(Lamp(name=judgment.value.capitalize(), state="ring", who=holder.name if holder else None, says="not yet" if holder else "an empty chair"))
    return tuple(lamps)


def _waits(room: Room, guest: Guest, book: Book | None, rows: tuple[Row, ...], chosen: dict[str, tuple[str, str]]) -> list[Todo]:
    said = room.texts["board"]
    todo = [Todo(says=said["sign_in"].format(name=one.name), more=", ".join(one.roles), href="/crew") for one in room.doors.waiting]
    if book is None or not book.people:
        return [Todo(says=said["first"], more=said["first_more"], href="/welcome")]
    if book.holder(Judgment.TAKE) and book.holder(Judgment.TAKE).id == guest.person:  # type: ignore[union-attr]
        for row in rows:
            if row.item is not None and f"item:{row.item}" not in chosen and row.attempts:
                todo.append(Todo(says=said["no_choice"].format(item=row.item, count=len(row.attempts)), more=row.text, href=f"/takes/{row.item}"))
    return todo


def _did(table: Any) -> list[str]:
    kinds = Counter(task for unit in table.shoot.units for task in table.shoot.facts(unit))
    clips, sounds = len(table.shoot.clips), len(table.shoot.sounds)
    synced = sum(any(one["abstained"] is None for one in table.shoot.certificates.get(unit.digest, [])) for unit in table.shoot.clips)
    lines = []
    if clips:
        lines.append(f"Synced {synced} of {clips} clips to the recorder. Found {len(table.tries)} attempts.")
    if kinds["transcript"]:
        lines.append(f"Wrote down what was said in {kinds['transcript']} of {clips + sounds} files.")
    return lines


def _kept_out(table: Any) -> list[str]:
    out = []
    for unit in table.shoot.clips:
        rows = table.shoot.certificates.get(unit.digest, [])
        if rows and all(one["abstained"] is not None for one in rows):
            out.append(f"{unit.file.rsplit('/', 1)[-1]}: {rows[0]['abstained']}")
    out += [f"{problem.file}: {problem.says}" for problem in table.shoot.problems]
    return out[:12]


def _signed(book: Book | None, guest: Guest) -> list[Spoken]:
    lines = [line for line in (book.lines if book else []) if line.by.id == guest.person and not line.struck][-5:]
    return [Spoken(text=_says(line.content), by=line.by.name, at=line.at[:16].replace("T", " ")) for line in reversed(lines)]


def _says(content: Any) -> str:
    if isinstance(content, Decision):
        return "; ".join(f"{one.judgment} of {one.about.replace(':', ' ')}" for one in content.decisions[:4])
    return str(content.kind).capitalize()
