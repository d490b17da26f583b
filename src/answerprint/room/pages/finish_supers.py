"""Supers: what is lettered over each version, over its picture; what is wrong with a table of markets; what clients sent; the disclosure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Body, HTTPException, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import Response

from answerprint import assets, disclosing, exchanged, films, supering
from answerprint.assets import AssetError
from answerprint.desk import Desk
from answerprint.film import PAPER
from answerprint.keep import write_whole
from answerprint.model.time import Timecode
from answerprint.room import labels, lettering
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.pieces import Piece, Work, begin, pieces, same, work
from answerprint.room.showing import desk_of
from answerprint.room.stage import media_id
from answerprint.room.verdicts import stamp
from answerprint.room.words import on_a_page
from answerprint.supering.markets import SuperingError
from answerprint.supering.sheet import NAMES

if TYPE_CHECKING:
    from answerprint.finishing import Made

router = APIRouter()

WHAT: Literal["supers"] = "supers"
FOLDER = "cuts/supers"
_NO_MARKETS = {PAPER, "rights.csv", "notes.csv", "camera.csv", "shots.csv", "script.csv"}
_MOST = 40  #: tables that are offered


@dataclass(frozen=True, kw_only=True)
class Super:
    """One super. Timecodes are counted from the film's first frame."""

    file: str
    template: str
    row: int
    begins: str
    ends: str
    values: tuple[tuple[str, str], ...]
    rules: tuple[str, ...]
    picture: str | None  #: address; None where it is not there any more


@dataclass(frozen=True, kw_only=True)
class Lettered:
    """One version with its supers."""

    version: str
    of: str
    language: str
    size: tuple[int, int]
    data: str
    piece: Piece
    supers: tuple[Super, ...]
    since: tuple[str, ...]  #: what says something else now than it did then


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One file that a client or an agency sent."""

    name: str
    file: str
    says: str  #: who sent it and when
    replaces: str
    old: bool
    seen: str | None  #: address, of a picture


@dataclass(frozen=True, kw_only=True)
class Disclosed:
    """How the disclosure stands in one version."""

    version: str
    words: str
    says: tuple[str, ...]  #: what it lacks; empty: proved


@dataclass(frozen=True, kw_only=True)
class SupersPage:
    """The page."""

    versions: tuple[Lettered, ...]
    sheet: str | None  #: address of the whole contact sheet
    tables: tuple[str, ...]
    faults: tuple[str, ...]  #: all that was wrong with the table the last time, where it is still as it was
    faulty: str | None  #: that table
    sent: tuple[Sent, ...]
    sent_wrong: str | None
    stale: tuple[str, ...]  #: which versions show what is not of today
    disclosed: tuple[Disclosed, ...]  #: empty where the production asks for none
    work: Work
    may: bool
    seen: int


@router.get("/finish/supers", include_in_schema=False)
def page(request: Request, guest: Crew) -> Response:
    """The page."""
    found = view(room_of(request), guest)
    data = {one.version: jsonable_encoder(one.piece) for one in found.versions}
    return show(request, "finish_supers.html", guest, here="finish", page=found, data=data, seen=found.seen)


@router.get("/api/finish/supers")
def twin(request: Request, guest: Crew) -> SupersPage:
    """The supers of every version, what clients sent, and the disclosure."""
    return view(room_of(request), guest)


def view(room: Room, guest: Guest) -> SupersPage:
    """The page as it stands now."""
    desk, book, production = desk_of(room), room.house.book, room.house.production
    sheet = production.path / FOLDER / NAMES[0]
    faulty, faults = lettering.faults(production)
    sent, old, wrong = _sent(room, guest, desk)
    lettered = tuple(_lettered(room, guest, made, piece) for made, piece in pieces(production, WHAT) if made.values.get("supers"))
    told = tuple(says for one in lettered for says in one.since)  # it stands beside the super already
    return SupersPage(
        versions=lettered,
        sheet=f"/media/{media_id(guest, f'supers sheet {sheet.stat().st_mtime_ns}')}/sheet.png" if sheet.is_file() else None, tables=tuple(_tables(room)), faults=faults, faulty=faulty,
        sent=sent, sent_wrong=wrong, stale=tuple(says for says in old if not says.endswith(told)), disclosed=_disclosed(room, desk), work=work(room, WHAT), may=book is not None and guest.person in book.people,
        seen=book.head.n if book else 0,
    )  # fmt: skip


def _lettered(room: Room, guest: Guest, made: Made, piece: Piece) -> Lettered:
    values, home = made.values, room.house.production.path
    rate = Fraction(str(values["rate"]))
    found = tuple(
        Super(
            file=one["file"], template=one["template"], row=one["row"], begins=str(Timecode(frames=one["first"], rate=rate)), ends=str(Timecode(frames=one["end"], rate=rate)),
            values=tuple((str(name), str(value)) for name, value in dict(one["values"]).items()), rules=tuple(one.get("rules", ())),
            picture=f"/media/{media_id(guest, _named(made, one))}/super.jpg" if (home / one["file"]).is_file() else None,
        )
        for one in values["supers"]
    )  # fmt: skip
    size = (int(values["size"][0]), int(values["size"][1]))
    return Lettered(version=made.about, of=str(values.get("of", "")), language=str(values.get("language", "")), size=size, data=str(values.get("data", "")), piece=piece,
                    supers=found, since=tuple(on_a_page(one) for one in supering.since(room.house.production, made)))  # fmt: skip


def _named(made: Made, one: Mapping[str, Any]) -> str:
    return f"super {made.entry} {one['file']}"


def _tables(room: Room) -> Iterator[str]:
    home = room.house.production.path
    found = [path.relative_to(home).as_posix() for folder in (home, home / "assets") if folder.is_dir() for path in sorted(folder.glob("*.csv")) if path.is_file() and not path.is_symlink()]
    yield from [one for one in found if one not in _NO_MARKETS and one != assets.BOOK][:_MOST]


def _sent(room: Room, guest: Guest, desk: Desk) -> tuple[tuple[Sent, ...], tuple[str, ...], str | None]:
    """What was sent, what versions show that is not of today, and why the book cannot be read."""
    try:
        every, shelf = assets.book(desk.production), assets.shelf(desk.path)
        counts = {one.file for one in shelf.current.values()}
        old = {one.file for one in shelf.assets} - counts
        shown = tuple(
            Sent(name=one.name, file=one.file, says=one.says, replaces=one.replaces, old=one.file in old, seen=f"/media/{media_id(guest, f'file {one.file}')}/seen" if _is_picture(one.file) else None)
            for one in every
        )  # fmt: skip
        return shown, tuple(on_a_page(line) for lines in exchanged.stale(desk).values() for line in lines), None
    except AssetError as error:
        return (), (), on_a_page(str(error))


def _is_picture(file: str) -> bool:
    return Path(file).suffix.lower() in (".png", ".jpg", ".jpeg")


def _disclosed(room: Room, desk: Desk) -> tuple[Disclosed, ...]:
    """How the disclosure stands in every version that has a cut; looked at anew when something changed that it rests on."""
    if not desk.production.settings["disclosure"]:
        return ()
    now = stamp(room)
    held: tuple[object, tuple[Disclosed, ...]] | None = getattr(room, "disclosed", None)
    if held is None or held[0] != now:
        asked = films.Asked.of(desk)
        found = tuple(
            Disclosed(version=version, words=disclosing.wanted(desk, version)[0], says=tuple(on_a_page(one) for one in disclosing.missing(desk, cut, asked)))
            for version, cut in desk.cuts.items()
        )  # fmt: skip
        held = (now, found)
        room.disclosed = held  # type: ignore[attr-defined]
    return held[1]


# ---- pictures


@router.get("/media/{id}/super.jpg", include_in_schema=False)
def picture(request: Request, guest: Crew, id: str) -> Response:
    """A super at rest, over the frame of the film in the middle of its stretch."""
    room = room_of(request)
    for made, _ in pieces(room.house.production, WHAT):
        one = next((one for one in made.values.get("supers", ()) if same(media_id(guest, _named(made, one)), id)), None)
        if one is not None:
            below = lettering.beneath(room, str(made.values.get("of", "")), one)
            over = f"{below[0].digest.split(':')[-1][:16]}-{below[1]}" if below is not None else "nothing"
            kept = room.house.viewing / f"super-{made.entry}-{one['digest'].split(':')[-1][:32]}-{over}.jpg"
            if not kept.is_file():
                write_whole(kept, lettering.picture(room, below, one, (int(made.values["size"][0]), int(made.values["size"][1]))))
            return labels.answer(kept, labels.composed(_says(room, made, one)))
    raise HTTPException(404)


@router.get("/media/{id}/sheet.png", include_in_schema=False)
def sheet(request: Request, guest: Crew, id: str) -> Response:
    """The whole contact sheet, as it was written."""
    room = room_of(request)
    path = room.house.production.path / FOLDER / NAMES[0]
    if not path.is_file() or not same(media_id(guest, f"supers sheet {path.stat().st_mtime_ns}"), id):
        raise HTTPException(404)
    says = (_says(room, made, one) for made, _ in pieces(room.house.production, WHAT) for one in made.values.get("supers", ()))
    return labels.answer(path, labels.composed(*says))


def _says(room: Room, made: Made, one: Mapping[str, Any]) -> str:
    """What is known of the picture under a super."""
    below = lettering.beneath(room, str(made.values.get("of", "")), one)
    return labels.of_unit(room, below[0]) if below is not None else ""


# ---- having them drawn


@router.post("/api/finish/supers/start")
def start(request: Request, guest: Crew, data: Annotated[str, Body(embed=True, max_length=400)]) -> dict[str, str]:
    """Draw every super and lay every version of a table of markets, in the background. While anything in it is wrong, nothing is drawn.

    Args: data: the table, by its place in the production.
    """
    room = room_of(request)
    if data not in tuple(_tables(room)):
        raise SuperingError(room.texts["supers"]["no_table"].format(file=data[:120]))
    return begin(room, guest, WHAT, "supers", ["--data", data])


