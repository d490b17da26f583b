"""Critics: four chairs, who sits in them, and what the machine's critics have to say beside them: closed until somebody opens it, with its facts, pictures and cuts to play."""

from __future__ import annotations

import hmac
import json
import re
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Body, HTTPException, Query, Request
from fastapi.responses import Response

from answerprint import crew, critiquing
from answerprint.book import Book
from answerprint.critiquing import Said, words
from answerprint.desk import Desk
from answerprint.keep import write_whole
from answerprint.model.judgments import Objection
from answerprint.room import RoomError, labels, showing, working
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.pages import offered
from answerprint.room.pages.offered import FORMATS, Which
from answerprint.room.showing import desk_of
from answerprint.room.signing import signer
from answerprint.room.stage import media_id
from answerprint.room.words import on_a_page
from answerprint.room.working import Work

router = APIRouter()
router.include_router(offered.router)

Name = Annotated[str, Query(max_length=120)]
_drawing = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Idea:
    """One idea of a critic's."""

    n: int
    number: str  #: "I12", as on Arguments
    about: str
    href: str  #: where it is looked at
    text: str
    gives_up: str
    facts: tuple[tuple[str, str], ...]  #: what it rests on, and what was measured
    picture: str | None  #: address: as it is, and as it is offered
    plays: tuple[tuple[Which, str], ...]  #: what can be played of it, and how that is called
    offer: str | None  #: the file that holds what it offers
    cut: bool  #: whether that is a cut, which leaves in the formats of editing programs
    taken_by: str | None  #: the objection that it became


@dataclass(frozen=True, kw_only=True)
class Chair:
    """A chair, whoever sits in it, and the critic that stands beside it."""

    critic: str
    seat: str
    looks: str  #: what the critic looks at
    people: tuple[str, ...]  #: nobody: an empty chair
    count: int  #: ideas about the cut as it is now
    opened: bool  #: whether whoever asks has opened them
    waits: bool  #: whether the gate waits for somebody to open them
    asked: bool
    says: str  #: why it could not speak, in a sentence
    ideas: tuple[Idea, ...]  #: once they are opened
    earlier: tuple[Idea, ...]  #: about earlier cuts


@dataclass(frozen=True, kw_only=True)
class CriticsPage:
    """The page."""

    version: str
    versions: tuple[str, ...]
    cut: str | None
    silent: str  #: why they do not speak by themselves, in a sentence
    spoke: bool  #: whether they were asked about the cut as it is now
    chairs: tuple[Chair, ...]
    work: Work
    may: bool
    seen: int


@router.get("/critics", include_in_schema=False)
def page(request: Request, guest: Crew, version: Name = "") -> Response:
    """The page."""
    found = view(room_of(request), guest, version)
    return show(request, "critics.html", guest, here="arguments", page=found, seen=found.seen, formats=FORMATS)


@router.get("/api/critics")
def twin(request: Request, guest: Crew, version: Name = "") -> CriticsPage:
    """The chairs with their critics, and the ideas that whoever asks has opened."""
    return view(room_of(request), guest, version)


def view(room: Room, guest: Guest, version: str = "") -> CriticsPage:
    """The page as it stands now, of the first version where none is named.

    Raises: FilmError: there is no such version.
    """
    desk, book = desk_of(room), room.house.book
    name = desk.family[version].name if version else desk.family.first.name
    person = book.people.get(guest.person or "") if book else None
    now, asked = critiquing.said(desk, name), critiquing.asked(desk, name)
    again = {(one.critic, one.text) for one in now}  # what is said of this cut too is not said twice
    before = [one for one in critiquing.earlier(desk, name) if (one.critic, one.text) not in again]
    opened = critiquing.has_opened(desk, person.id, name) if person is not None else frozenset()
    showing_ = _Showing(room, guest, desk, name, book)
    chairs = tuple(
        _chair(showing_, critic, seat, [one for one in now if one.critic == critic], [one for one in before if one.critic == critic], asked, opened=person is None or critic in opened)
        for critic, seat in _seats(now, before).items()
    )  # fmt: skip
    return CriticsPage(
        version=name, versions=tuple(one.name for one in desk.family.versions if one.name in desk.cuts or one.name == name), cut=desk.cuts[name].file if name in desk.cuts else None,
        silent=on_a_page(critiquing.silent(desk, name)), spoke=asked is not None or bool(now), chairs=chairs, work=working.work(room, job(name)), may=person is not None,
        seen=book.head.n if book else 0,
    )  # fmt: skip


def closed(desk: Desk, person: str | None, ideas: Iterable[Said]) -> dict[int, str]:
    """Of these ideas, those that somebody has not opened yet, by entry, with their version: another page does not show them before. Nothing is closed to whoever has no key."""
    if person is None:
        return {}
    opened: dict[str, frozenset[str]] = {}
    found = {}
    for one in ideas:
        if one.version not in {each.name for each in desk.family.versions}:
            continue
        if one.version not in opened:
            opened[one.version] = critiquing.has_opened(desk, person, one.version)
        if one.version in desk.cuts and desk.cuts[one.version].seal == one.seal and one.critic not in opened[one.version]:
            found[one.n] = one.version
    return found


def job(version: str) -> str:
    """What asking the critics about a version is called among the work of the room."""
    return f"critics {version}"


# ---- chairs


@dataclass(frozen=True)
class _Showing:
    """What a page is made for."""

    room: Room
    guest: Guest
    desk: Desk
    version: str
    book: Book | None

    @property
    def says(self) -> dict[str, Any]:
        found: dict[str, Any] = self.room.texts["critics"]
        return found


def _seats(*ideas: Iterable[Said]) -> dict[str, str]:
    """The chairs of the house's critics, and after them critics of other packages that spoke: they have none."""
    found = dict(critiquing.seats())
    return found | {one.critic: "" for row in ideas for one in row if one.critic not in found}


def _chair(about: _Showing, critic: str, seat: str, now: Sequence[Said], before: Sequence[Said], asked: critiquing.Asked | None, *, opened: bool) -> Chair:
    sits = next((one.people for one in crew.chairs(about.book) if one.role == seat), ()) if about.book else ()
    return Chair(
        critic=critic, seat=seat, looks=about.says["looks"].get(critic, ""), people=tuple(one.name for one in sits), count=len(now), opened=opened and bool(now),
        waits=bool(now) and critic in critiquing.unopened(about.desk, about.version), asked=bool(now) or (asked is not None and critic in asked.critics),
        says=on_a_page(next((one.partition(": ")[2] for one in asked.says if one.startswith(f"{critic}: ")), "")) if asked is not None else "",
        ideas=tuple(_idea(about, one) for one in now) if opened else (), earlier=tuple(_idea(about, one, earlier=True) for one in before),
    )  # fmt: skip


def _idea(about: _Showing, one: Said, *, earlier: bool = False) -> Idea:
    taken = next((raised.number for raised in about.book.objections if isinstance(raised.line.content, Objection) and raised.line.content.idea == one.n), None) if about.book else None
    says, href = _place(about, one, earlier=earlier)
    cut = one.offer is not None and one.offer.endswith(".otio")
    return Idea(
        n=one.n, number=f"I{one.n}", about=says, href=href, text=one.text, gives_up=one.gives_up, facts=tuple((words.named(str(fact["name"])), words.told(fact["value"])) for fact in one.facts),
        picture=None if earlier and not (one.offer or "").endswith(".json") else f"/media/{media_id(about.guest, f'idea {one.n}')}/idea.png",
        plays=() if earlier else tuple((which, about.says["plays"][word]) for which, word in offered.plays(one)), offer=one.offer, cut=cut and not earlier, taken_by=taken,
    )  # fmt: skip


def _place(about: _Showing, one: Said, *, earlier: bool) -> tuple[str, str]:
    """What it is on, in words, and where that is looked at. What an earlier cut had is looked for in the cut as it is now by clip and by what of it is seen."""
    number = offered.number_of(one)
    if number is None or about.version not in about.desk.cuts:
        return one.on, "/cut"
    shown = showing.showing(about.room, about.desk, about.desk.cuts[about.version].file)
    if not earlier:
        shot = next((each for each in shown.shots if each.number == number), None)
        says = about.says["shot"].format(number=number, name=shot.name) if shot is not None else about.says["shot_only"].format(number=number)
        return says, f"/cut/{quote(shown.title)}#{shot.shown.start if shot is not None else 0}"
    uses = next((str(fact["value"]) for fact in one.facts if fact["name"] == f"cut:{number} uses"), "")
    found = re.match(r"(\S+) (\d+\.\d+)-(\d+\.\d+)", uses)
    for shot in shown.shots if found is not None else ():
        if shot.unit is not None and found is not None and PurePosixPath(shot.unit.file).stem == found.group(1):
            span = shot.shown.source(shown.rate)
            if span.start_s < float(found.group(3)) and float(found.group(2)) < span.end_s:
                return about.says["earlier_in"].format(number=number, now=shot.number), f"/cut/{quote(shown.title)}#{shot.shown.start}"
    return about.says["earlier_gone"].format(number=number), f"/cut/{quote(shown.title)}"


# ---- pictures


@router.get("/media/{id}/idea.png", include_in_schema=False)
def drawn(request: Request, guest: Crew, id: str) -> Response:
    """An idea as stills: as it is, and as it is offered. Drawn once."""
    room = room_of(request)
    desk = desk_of(room)
    one = next((one for one in offered.every(desk) if hmac.compare_digest(media_id(guest, f"idea {one.n}").encode(), id.encode("utf-8", "surrogatepass"))), None)
    if one is None:
        raise HTTPException(404)
    kept: Path = room.house.viewing / f"idea-{one.n}-{one.seal.rpartition(':')[2][:24]}.png"
    shows = kept.with_suffix(".json")
    with _drawing:
        files = _files(shows) if kept.is_file() else None
        if files is None:
            made = critiquing.picture(desk, one)
            if made is None:
                raise HTTPException(404)
            files = made[1]
            write_whole(shows, json.dumps(files).encode())
            write_whole(kept, made[0])
    return labels.answer(kept, labels.composed(*(labels.of_file(room, file) for file in files)))


def _files(shows: Path) -> tuple[str, ...] | None:
    """The media that a kept picture shows; None where nobody knows, and it is drawn anew."""
    try:
        found = json.loads(shows.read_bytes())
    except (OSError, ValueError):
        return None
    return tuple(map(str, found)) if isinstance(found, list) else None


# ---- what people do here


@router.post("/api/critics/open")
def open_(request: Request, guest: Crew, version: Annotated[str, Body(max_length=120)], critic: Annotated[str, Body(max_length=120)]) -> dict[str, bool]:
    """Open what a critic has to say about a version's cut. Kept with whoever opens it, outside the record; the first time counts."""
    room = room_of(request)
    person, desk = signer(room, guest), desk_of(room)
    name = desk.family[version].name
    if critic not in {one.critic for one in critiquing.said(desk, name)}:
        raise RoomError(room.texts["critics"]["nothing"].format(critic=room.texts["critics"]["names"].get(critic, critic)[:60], version=name))
    critiquing.opened(desk, person.id, name, critic)
    return {"opened": True}


@router.post("/api/critics/start")
def start(request: Request, guest: Crew, version: Annotated[str, Body(max_length=120)] = "", assembly: Annotated[bool, Body()] = False) -> dict[str, str]:
    """Ask the critics about a version's cut, in the background.

    Args: assembly: also where that still is the machine's rough cut.
    """
    room = room_of(request)
    signer(room, guest)
    desk = desk_of(room)
    name = desk.family[version].name if version else desk.family.first.name
    if name not in desk.cuts or (not assembly and critiquing.silent(desk, name)):
        raise RoomError(on_a_page(critiquing.silent(desk, name)))
    return working.begin(room, guest, job(name), ["critics", f"--version={name}", *(["--assembly"] if assembly else [])])


@router.post("/api/critics/stop")
def stop(request: Request, guest: Crew, version: Annotated[str, Body(max_length=120, embed=True)]) -> dict[str, bool]:
    """Stop asking; what was measured is kept. What went wrong is put away."""
    room = room_of(request)
    return working.stop(room, guest, job(desk_of(room).family[version].name))


__all__ = ["Chair", "CriticsPage", "Idea", "closed", "router", "view"]
