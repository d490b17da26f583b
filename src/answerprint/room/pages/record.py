"""The record: what everybody signed, in words, with the machine's work beside it; checked in the page, and taken away to be checked elsewhere."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, HTTPException, Query, Request
from fastapi.responses import FileResponse, Response
from starlette.background import BackgroundTask

from answerprint import checkpoints, chronicle, copies, record_page, vouching
from answerprint.chronicle import Chronicle, day
from answerprint.model.judgments import Checkpoint
from answerprint.model.records import AnswerprintError
from answerprint.room import RoomError, showing, signing
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.showing import desk_of
from answerprint.turnover import safe_name

router = APIRouter()

LONGEST = 300  #: rows of one page: what a browser lays out at once without a pause


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the record: something a person signed, or a run of the machine's work."""

    first: int
    last: int
    at: str
    who: str | None
    says: str
    kind: str
    struck: bool
    written: str  #: by what, where nobody signed
    receipt: str | None


@dataclass(frozen=True, kw_only=True)
class Page:
    """The page."""

    rows: tuple[Row, ...]
    before: int | None  #: there are earlier rows, ending before this entry
    people: tuple[str, ...]
    kinds: tuple[str, ...]
    who: str
    kind: str
    machine: bool
    entries: int
    signed: int
    head: str
    unsound: tuple[str, ...]
    checkpoints: tuple[Row, ...]
    may: bool
    seen: int


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What the check says of the record, from the first entry to the last."""

    wrong: tuple[str, ...]
    says: tuple[str, ...]
    vouched: str
    head: str


@router.get("/record", include_in_schema=False)
def page(
    request: Request, guest: Crew, who: Annotated[str, Query(max_length=120)] = "", kind: Annotated[str, Query(max_length=40)] = "",
    machine: Literal["", "no"] = "", before: Annotated[int | None, Query(ge=1)] = None,
) -> Response:  # fmt: skip
    """The page."""
    found = view(room_of(request), guest.person, who=who, kind=kind, machine=machine != "no", before=before)
    return show(request, "record.html", guest, here="record", page=found, seen=found.seen)


@router.get("/api/record")
def twin(
    request: Request, guest: Crew, who: Annotated[str, Query(max_length=120)] = "", kind: Annotated[str, Query(max_length=40)] = "",
    machine: Literal["", "no"] = "", before: Annotated[int | None, Query(ge=1)] = None,
) -> Page:  # fmt: skip
    """The same for other programs."""
    return view(room_of(request), guest.person, who=who, kind=kind, machine=machine != "no", before=before)


def view(room: Room, person: str | None, *, who: str = "", kind: str = "", machine: bool = True, before: int | None = None) -> Page:
    """The record's last rows, or those before an entry, of one person or kind where one is named."""
    told = _chronicle(room)
    if told is None:
        return Page(rows=(), before=None, people=(), kinds=(), who="", kind="", machine=machine, entries=0, signed=0, head="", unsound=(), checkpoints=(), may=False, seen=0)
    kinds = {entry.n: entry.kind for entry in told.entries}
    every = [_row(one, kinds[one.first], one.first in told.signed) for one in told.rows]
    rows = [one for one in every if _wanted(one, who, kind, machine) and (before is None or one.last < before)]
    shown = rows[-LONGEST:]
    book = told.chronicle.book
    shown = [replace(one, says=_framed(room, one.says)) for one in shown]
    return Page(
        rows=tuple(shown), before=shown[0].first if len(rows) > len(shown) else None, people=tuple(dict.fromkeys(one.who for one in every if one.who)),
        kinds=tuple(dict.fromkeys(one.kind for one in every if one.who)), who=who, kind=kind, machine=machine, entries=len(told.entries),
        signed=len(told.signed), head=f"{book.head.n}:{book.head.hash}", unsound=tuple(f"entry {n}: {'; '.join(why)}" for n, why in book.unsound.items()),
        checkpoints=tuple(one for one in every if one.kind == "checkpoint"), may=person is not None and person in book.people, seen=book.head.n,
    )  # fmt: skip


def _row(one: chronicle.Row, kind: str, signed: bool) -> Row:
    name = kind if signed else "remark" if one.written == "not signed" else "the machine"
    return Row(first=one.first, last=one.last, at=day(one.at), who=one.who, says=one.says, kind=name, struck=one.struck, written=one.written,
               receipt=f"/api/receipt/{one.first}" if signed else None)  # fmt: skip


_FRAME = re.compile(r"frame (\d{1,7}) of (cuts/[^\n“”\"]+?\.(?:otio|otioz|fcpxml|fcpxmld|xml|edl))\b", re.IGNORECASE)


def _framed(room: Room, says: str) -> str:
    """A frame of a cut as an editor says it: by its timecode and its version. Where that cut is not here any more, as it was written."""
    if _FRAME.search(says) is None:
        return says
    desk, said = desk_of(room), room.texts["record_page"]

    def spoken(found: re.Match[str]) -> str:
        frame, file = int(found[1]), found[2]
        try:
            shown = showing.showing(room, desk, file)
            versions = [name for name, cut in desk.cuts.items() if cut.file == file]
        except (AnswerprintError, OSError):
            return found[0]
        return str(said["frame" if versions else "frame_alone"].format(timecode=shown.start.plus(frame), version=", ".join(versions), cut=shown.title))

    return _FRAME.sub(spoken, says)


def _wanted(one: Row, who: str, kind: str, machine: bool) -> bool:
    if one.who is None:
        return machine and not who and kind in ("", one.kind)
    return who in ("", one.who) and kind in ("", one.kind)


class _Told:
    """A chronicle with its rows, kept until something is written."""

    def __init__(self, found: Chronicle) -> None:
        self.chronicle, self.entries, self.rows = found, found.entries, chronicle.rows(found)
        self.signed = {line.n for line in found.book.lines}


def _chronicle(room: Room) -> _Told | None:
    path = room.house.production.inside / "record.db"
    with room.house.reading() as record:
        head = record.head() if record is not None else (0, "")
    if head[0] == 0:
        return None
    held: tuple[object, _Told] | None = getattr(room, "told", None)
    if held is None or held[0] != head:
        held = (head, _Told(chronicle.read(path)))
        room.told = held  # type: ignore[attr-defined]
    return held[1]


# ---- checking


@router.post("/api/record/verify")
def verify(request: Request, guest: Crew, producer: Annotated[str, Body(max_length=2000)] = "", held: Annotated[str, Body(max_length=8000)] = "") -> Checked:
    """Check the record from its first entry to its last, and every kept file that it names.

    Args: producer: a producer's key as they told it.  held: a checkpoint's text, or "NUMBER:sha256:..." as somebody noted it.
    """
    room = room_of(request)
    noted, checkpoint = _held(room, held.strip())
    try:
        found = vouching.verify(room.house.production, held=noted, producer=producer.strip() or None, checkpoint=checkpoint)
    except ValueError as cause:
        raise RoomError(room.texts["record_page"]["not_a_key"].format(says=cause)) from cause
    said = room.texts["record_page"]
    wrong = tuple(f"{said['entry'].format(n=one['entry'])}: {one['says']}" if one["entry"] else one["says"] for one in found["findings"])
    looked = said["checked" if found["kept"] is not None else "checked_alone"]
    says = [looked.format(entries=found["entries"], signed=found["signed"], kept=found["kept"]), *([found["began"]] if found["began"] else []), *found["notes"]]
    return Checked(wrong=wrong, says=tuple(says), vouched=found["says"], head=f"{found['entries']}:{found['head']}")


def _held(room: Room, text: str) -> tuple[list[tuple[int, str]], bytes | None]:
    if not text:
        return [], None
    if text.startswith("answerprint checkpoint"):
        return [], (text + "\n").encode("utf-8")
    noted = []
    for line in text.split():
        number, _, seal = line.partition(":")
        if not (number.isascii() and number.isdigit() and len(number) < 16 and seal.startswith("sha256:")):
            raise RoomError(room.texts["record_page"]["not_held"])
        noted.append((int(number), seal))
    return noted, None


# ---- taking away


@router.get("/record/copy.db", include_in_schema=False)
def copy(request: Request, guest: Crew, words: Literal["", "no"] = "") -> Response:
    """The record as one file, checked before it leaves; with `words=no` without what people said."""
    room = room_of(request)
    with tempfile.TemporaryDirectory(prefix="answerprint-") as folder:
        made = copies.copy(room.house.production, Path(folder) / "record.db", withhold=words == "no")
        handle, name = tempfile.mkstemp(prefix="answerprint-", suffix=".db")
        with open(handle, "wb") as out:
            out.write(made.path.read_bytes())
    called = f"{safe_name(room.house.title)} record{' without words' if words else ''}.db"
    return FileResponse(name, media_type="application/vnd.sqlite3", filename=called, background=BackgroundTask(Path(name).unlink), headers={"cache-control": "no-store"})


@router.get("/record/verify.py", include_in_schema=False)
def check(request: Request, guest: Crew) -> Response:
    """The check, to hand out with the record: one file, Python's own library and `cryptography`."""
    from answerprint.ledger import verify as stranger

    return FileResponse(str(stranger.__file__), media_type="text/x-python", filename="verify.py")


@router.get("/record/page.html", include_in_schema=False)
def paper(request: Request, guest: Crew) -> Response:
    """The record as a page to read, to print and to keep; nothing in it comes from elsewhere."""
    room = room_of(request)
    told = _chronicle(room)
    if told is None:
        raise HTTPException(404)
    text = record_page.html(told.chronicle, title=room.house.title, client=str(room.house.production.settings["client"] or ""))
    name = f"{safe_name(room.house.title)} record.html"
    return Response(text, media_type="text/html; charset=utf-8", headers={"content-disposition": f'attachment; filename="{name}"'})


@router.post("/api/record/checkpoint")
def checkpoint(request: Request, guest: Crew) -> dict[str, Any]:
    """Sign how far the record goes, for somebody else to keep."""
    room = room_of(request)
    content = checkpoints.content(room.house.title)
    return signing.offer(room, guest, content, [room.texts["record_page"]["signs_checkpoint"].format(title=content.title)])


@router.get("/record/checkpoint/{n}.txt", include_in_schema=False)
def noted(request: Request, guest: Crew, n: int) -> Response:
    """A checkpoint to send away: the entry, its seal, and how a copy is held against it."""
    room = room_of(request)
    book = room.house.book
    line = book.line(n) if book else None
    if line is None or not isinstance(line.content, Checkpoint):
        raise HTTPException(404, "There is no checkpoint of that number.")
    try:
        with room.house.reading() as record:
            seal = record.seal(n) if record is not None else ""
    except AnswerprintError as cause:
        raise HTTPException(404) from cause
    said = room.texts["record_page"]["note"]
    text = said.format(title=line.content.title, n=n, seal=seal, at=day(line.at), name=line.by.name, key=line.key)
    return Response(text, media_type="text/plain; charset=utf-8", headers={"content-disposition": f'attachment; filename="checkpoint-{n}.txt"'})
