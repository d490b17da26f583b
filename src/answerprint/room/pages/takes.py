"""Takes: the attempts at one item, one after another, back to back or side by side; choosing one, or none of them.

Whoever was not on set sees them without slates, in an order of their own; the draft says which. A choice is a draft until it is signed.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from answerprint import choosing, marks, seeing
from answerprint.drafts import read as read_drafts
from answerprint.model.attempts import OffScript
from answerprint.model.charter import Judgment
from answerprint.model.time import Span, floor_frames
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.differing import differs
from answerprint.room.doors import Guest
from answerprint.room.pages.playing import Stretch, laid, stretch_of, unit_for
from answerprint.room.showing import desk_of
from answerprint.room.stage import media_id, picture
from answerprint.timeline.slates import Strung, exact, slate_name

router = APIRouter()
_ONE_AT_A_TIME = threading.Lock()  #: between what the page showed and what is written, nobody else writes

OTHER = "other"  #: attempts at nothing of the script


@dataclass(frozen=True, kw_only=True)
class Quote:
    """Something a person said or wrote on the day."""

    text: str
    by: str
    at_frame: int | None = None  #: where it is heard, if that is in the clip


@dataclass(frozen=True, kw_only=True)
class Attempted:
    """One attempt as the page shows it. Without slates it has a number instead, and no quotations: they name it."""

    key: str  #: of this session only
    anchor: str | None  #: its clip and number, as other pages lead to it; None without slates
    name: str
    says: str  #: the machine's: how it differs from the script
    plays: str  #: how long it is and whose sound is heard
    length: str
    still: str | None
    stretch: Stretch
    line: tuple[float, float] | None  #: where the item is in it, in seconds of the clip
    day: tuple[Quote, ...]
    mine: Literal["good", "acceptable"] | None


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What is chosen here now. `key` is "none" where everything is to be shot again, None where it is not to be shown."""

    key: str | None
    by: str
    mine: bool
    signed: int | None  #: the entry, where it is signed
    at: str


@dataclass(frozen=True, kw_only=True)
class Takes:
    """Everything on the page."""

    item: int | None
    text: str
    kind: str
    items: tuple[int, ...]
    before: int | None
    after: int | None
    attempts: tuple[Attempted, ...]
    hidden: bool  #: slates are hidden and the order is this person's own
    on_set: bool | None
    draft: Chosen | None
    signed: Chosen | None
    seen: int


@router.get("/takes", include_in_schema=False)
def first(request: Request, guest: Crew) -> Response:
    """The first item that has attempts and no choice; else the first with attempts."""
    room = room_of(request)
    there = _items(room)
    done = {about for judgment, about in _chosen(room) if judgment == Judgment.TAKE}
    open_ = [one for one in there if f"item:{one}" not in done]
    to = str((open_ or there)[0]) if there else OTHER
    return RedirectResponse(f"/takes/{to}", status_code=303)


@router.get("/takes/{item}", include_in_schema=False)
def page(request: Request, guest: Crew, item: str) -> Response:
    """The page."""
    room = room_of(request)
    if item not in (OTHER, "None"):
        _number(room, item)
    takes = view(room, guest, item)
    return show(request, "takes.html", guest, here="takes", takes=takes, plain=asdict(takes), at=item, seen=takes.seen)


@router.get("/api/takes/{item}")
def twin(request: Request, guest: Crew, item: str) -> Takes:
    """The page as other programs read it."""
    return view(room_of(request), guest, item)


@router.post("/api/takes/{item}/choose")
def choose(request: Request, guest: Crew, item: str, attempt: Annotated[str, Body(max_length=64)], over: Annotated[str | None, Body(max_length=64)] = None) -> Takes:
    """Choose an attempt, or "none": everything is to be shot again. A draft.

    Args: over: when the draft was made that the page shows, None for no draft: another one that came meanwhile is not written over.
    """
    room = room_of(request)
    number = _number(room, item)
    blind = _blind(room, guest, item)
    name = "none" if attempt == "none" else _named(_at(room, guest, item, attempt))
    with _ONE_AT_A_TIME:
        _as_shown(room, guest, number, over)
        choosing.choose(room.house.production, f"item:{number}", name, by=guest.name, meta={"seen as": "blind" if blind else "slated"}, desk=desk_of(room))
    return view(room, guest, item)


def _as_shown(room: Room, guest: Guest, number: int, over: str | None) -> None:
    """That nobody else made another draft since the page was shown.

    Raises: HTTPException 409: somebody did, and what it is.
    """
    there = read_drafts(room.house.production.inside).get((str(Judgment.TAKE), f"item:{number}"))
    if there is not None and there.at != over and there.by != guest.name:
        raise HTTPException(409, room.texts["takes"]["meanwhile"].format(name=there.by or room.texts["takes"]["somebody"], choice=choosing.told(there.choice)))


@router.post("/api/takes/{item}/clear")
def clear(request: Request, guest: Crew, item: str, over: Annotated[str | None, Body(max_length=64, embed=True)] = None) -> Takes:
    """Take the draft back that the page shows: not one that somebody else made meanwhile."""
    room = room_of(request)
    with _ONE_AT_A_TIME:
        _as_shown(room, guest, _number(room, item), over)
        choosing.clear(room.house.production, f"item:{_number(room, item)}")
    return view(room, guest, item)


@router.post("/api/takes/{item}/mark")
def mark(request: Request, guest: Crew, item: str, attempt: Annotated[str, Body(max_length=64)], word: Annotated[Literal["good", "acceptable"] | None, Body()] = None) -> Takes:
    """For yourself: good, or only acceptable; nothing takes it back. Nobody else sees it."""
    room = room_of(request)
    if guest.person is None:
        raise HTTPException(403, room.texts["takes"]["no_key"])
    one = _at(room, guest, item, attempt)
    marks.put(room.house.production, guest.person, _shot(one, None if item in (OTHER, "None") else int(item)), word)
    return view(room, guest, item)


@router.post("/api/seeing")
def see(request: Request, guest: Crew, on_set: Annotated[bool | None, Body()] = None, hidden: Annotated[bool | None, Body()] = None) -> dict[str, bool]:
    """Say whether you were on set, and hide or show the slates."""
    room = room_of(request)
    if on_set is not None:
        _sessions(room)[guest.form] = not on_set
        if guest.person is not None:
            seeing.say_on_set(room.house.production, guest.person, on_set)
    if hidden is not None:
        _sessions(room)[guest.form] = hidden
    return {"hidden": _hidden(room, guest)}


# ---- what is shown


def view(room: Room, guest: Guest, item: str) -> Takes:
    """The attempts at an item as one person sees them.

    Raises: HTTPException 404: no such item.
    """
    number = None if item in (OTHER, "None") else _number(room, item)
    there, tries = _items(room), _tries(room, number)
    hidden = _hidden(room, guest) and bool(tries)
    if not hidden and guest.person is not None and tries:
        seeing.saw_slates(room.house.production, guest.person, item)
    ordered = sorted(tries, key=lambda one: _shuffle(guest, item, one)) if hidden else tries
    mine = marks.of(room.house.production, guest.person) if guest.person is not None else {}
    attempts = tuple(_attempted(room, guest, one, number, place, hidden, mine) for place, one in enumerate(ordered, 1))
    place = there.index(number) if number in there else -1
    script = {one.number: one for one in laid(room).table.items()}.get(number or 0)
    book = room.house.book
    return Takes(
        item=number, text=script.flat if script else "", kind=_kind(room, script), items=tuple(there), before=there[place - 1] if place > 0 else None,
        after=there[place + 1] if 0 <= place < len(there) - 1 else None, attempts=attempts, hidden=hidden,
        on_set=seeing.on_set(room.house.production, guest.person) if guest.person is not None else None if guest.form not in _sessions(room) else False,
        draft=_draft(room, guest, number, ordered, hidden), signed=_signed(room, guest, number, ordered, hidden), seen=book.head.n if book else 0,
    )  # fmt: skip


def _items(room: Room) -> list[int]:
    return [string.item for string in room.house.strings if string.item is not None]


def _number(room: Room, item: str) -> int:
    if not item.isascii() or not item.isdigit() or len(item) > 6 or int(item) not in {one.number for one in laid(room).table.items()}:
        raise HTTPException(404, room.texts["takes"]["no_item"])
    return int(item)


def _tries(room: Room, number: int | None) -> tuple[Strung, ...]:
    if number is None:
        return next((string.attempts for string in room.house.strings if string.what == "not in the script"), ())
    return next((string.attempts for string in room.house.strings if string.item == number), ())


def _kind(room: Room, item: Any) -> str:
    says = room.texts["takes"]
    if item is None:
        return str(says["other"])
    return str(says["kinds"][item.kind]) + (f", {says['hero']}" if item.hero is not None else "")


def _attempted(room: Room, guest: Guest, one: Strung, number: int | None, place: int, hidden: bool, mine: dict[str, marks.Mark]) -> Attempted:
    covered = one.of(number) if number is not None else None
    stretch = stretch_of(room, guest, one, timecode=not hidden)
    rate = Fraction(*stretch.clip.rate)
    shown = exact(covered.in_s) if covered else Fraction(stretch.start) / rate
    unit = unit_for(room, one)
    seconds = Fraction(stretch.end - stretch.start) / rate
    return Attempted(
        key=_key(guest, one), anchor=None if hidden else _named(one), name=room.texts["takes"]["unnamed"].format(number=place) if hidden else slate_name(one),
        says=differs(covered, one.attempt, room.texts["takes"]), plays=_plays(room, one, seconds), length=f"{round(seconds) // 60}:{round(seconds) % 60:02d}",
        still=picture(guest, unit, min(max(floor_frames(shown, rate), stretch.start), stretch.end - 1), 180) if stretch.clip.picture else None,
        stretch=stretch, line=(covered.in_s, covered.out_s) if covered and covered.kind in ("line", "voice-over") else None,
        day=() if hidden else tuple(_day(room, one, rate)), mine=marks.found(mine, _shot(one, number)),
    )  # fmt: skip


def _plays(room: Room, one: Strung, seconds: Fraction) -> str:
    says = room.texts["takes"]
    heard = "no_sound" if one.attempt.kind == "MOS" else "recorder_sound" if one.clip.sounds or not one.clip.picture else "camera_sound"
    whole = max(1, round(seconds))
    return str(says["plays" if whole > 1 else "plays_one"]).format(seconds=whole, sound=says[heard])


def _shot(one: Strung, number: int | None) -> str:
    """The stretch that a private mark is on: the item in this attempt, else the attempt."""
    covered = one.of(number) if number is not None else None
    start, end = (covered.in_s, covered.out_s) if covered else (one.attempt.in_s, one.attempt.out_s)
    return marks.shot(one.clip.digest or one.clip.file, Span(start_s=exact(start), end_s=max(exact(start), exact(end))))


def _day(room: Room, one: Strung, rate: Fraction) -> list[Quote]:
    """What the crew said around an attempt, then its circle and its note, each with a name where one is known."""
    says, attempt = room.texts["takes"], one.attempt
    remarks = laid(room).table.said(unit_for(room, one), "lining.remarks", OffScript)
    quotes = [
        Quote(text=f"“{said.text}”", by=said.speaker or says["heard_around"], at_frame=floor_frames(exact(said.in_s), rate))
        for said in remarks if said.attempt == attempt.number
    ]  # fmt: skip
    if attempt.circled:
        quotes.append(Quote(text=says["circled"], by=attempt.circled_by or says["day_notes"]))
    if attempt.comment:
        quotes.append(Quote(text=f"“{attempt.comment}”", by=attempt.comment_by or says["day_notes"]))
    return quotes


# ---- names and order


def _key(guest: Guest, one: Strung) -> str:
    return media_id(guest, f"attempt {one.clip.digest}#{one.attempt.number}")


def _named(one: Strung) -> str:
    """As choosing knows it."""
    return f"{one.clip.file.rsplit('/', 1)[-1].rsplit('.', 1)[0]}#{one.attempt.number}"


def _at(room: Room, guest: Guest, item: str, key: str) -> Strung:
    for one in _tries(room, None if item in (OTHER, "None") else _number(room, item)):
        if _key(guest, one) == key:
            return one
    raise HTTPException(409, room.texts["takes"]["gone"])


def _shuffle(guest: Guest, item: str, one: Strung) -> bytes:
    """This person's own order of an item's attempts: the same whenever they come back, another for the next person and item."""
    seed = f"{guest.person or guest.form} {item} {one.clip.digest}#{one.attempt.number}"
    return hashlib.sha256(seed.encode()).digest()


def _sessions(room: Room) -> dict[str, bool]:
    """Who hides slates now, by session, where they said so."""
    if not hasattr(room, "hiding"):
        room.hiding = {}  # type: ignore[attr-defined]
    found: dict[str, bool] = room.hiding  # type: ignore[attr-defined]
    return found


def _hidden(room: Room, guest: Guest) -> bool:
    if guest.form in _sessions(room):
        return _sessions(room)[guest.form]
    return guest.person is None or seeing.on_set(room.house.production, guest.person) is not True


def _blind(room: Room, guest: Guest, item: str) -> bool:
    """Whether they choose without ever having had this item's slates before them here."""
    return _hidden(room, guest) and guest.person is not None and not seeing.slates_seen(room.house.production, guest.person, item)


# ---- what is chosen


def _chosen(room: Room) -> set[tuple[str, str]]:
    book = room.house.book
    return {*read_drafts(room.house.production.inside), *(book.decisions if book else {})}


def _draft(room: Room, guest: Guest, number: int | None, tries: Any, hidden: bool) -> Chosen | None:
    one = read_drafts(room.house.production.inside).get((str(Judgment.TAKE), f"item:{number}"))
    if one is None:
        return None
    mine = bool(guest.name) and one.by == guest.name
    key = _which(guest, one.choice, tries)
    return Chosen(key=key if mine or not hidden else None, by=one.by or room.texts["takes"]["somebody"], mine=mine, signed=None, at=one.at)


def _signed(room: Room, guest: Guest, number: int | None, tries: Any, hidden: bool) -> Chosen | None:
    book = room.house.book
    now = book.decisions.get((str(Judgment.TAKE), f"item:{number}")) if book else None
    if now is None:
        return None
    mine = now.by.id == guest.person
    return Chosen(key=_which(guest, now.decided.choice, tries) if mine or not hidden else None, by=now.by.name, mine=mine, signed=now.n, at=now.at)


def _which(guest: Guest, choice: Any, tries: Any) -> str:
    if choice.get("take") == "none":
        return "none"
    return next((_key(guest, one) for one in tries if (one.clip.digest, str(one.attempt.number)) == (choice.get("clip"), choice.get("attempt"))
                 or _named(one) in (choice.get("name"), choice.get("attempt"))), "")  # fmt: skip
