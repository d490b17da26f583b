"""The deck, page by page, as it would be made now: what nobody has edited beside its page, whose it is, its cover; made as slides and as a PDF, and taken away by hand."""

from __future__ import annotations

import hmac
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Body, HTTPException, Query, Request
from fastapi.responses import FileResponse, Response

from answerprint import referencing
from answerprint.desk import Desk
from answerprint.keep import disk_sentence, write_whole
from answerprint.media import origin
from answerprint.model.records import AnswerprintError
from answerprint.presenting.gathering import treatments
from answerprint.presenting.page import Image
from answerprint.presenting.preview import Preview
from answerprint.presenting.records import Picture
from answerprint.referencing.choosing import digest_of
from answerprint.room import RoomError, decks, labels, stills
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.decks import Said
from answerprint.room.doors import Guest
from answerprint.room.guard import LARGE
from answerprint.room.showing import desk_of
from answerprint.room.signing import signer
from answerprint.room.stage import media_id
from answerprint.room.words import on_a_page
from answerprint.turnover import safe_name

router = APIRouter()

_JOB = "deck"
_UNPACKED = 512 * 2**20  #: bytes of a template's parts; a company's with films in its master had 180 MB
_KINDS = {".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pdf": "application/pdf"}
Text = Annotated[str, Query(max_length=200)]
Told = Annotated[str, Body(max_length=200)]


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """One page."""

    number: int
    name: str
    address: str  #: of its picture, in this session
    dark: bool  #: whether its ground is the dark one, for pictures
    words: tuple[str, ...]  #: what is read on it, in order
    warnings: tuple[str, ...]  #: passages on it that nobody has edited
    pictures: tuple[str, ...]  #: where each picture on it comes from


@dataclass(frozen=True, kw_only=True)
class Cover:
    """A chosen frame that can be the cover."""

    id: str
    address: str
    name: str
    origin: str
    generated: bool
    by: str


@dataclass(frozen=True, kw_only=True)
class File:
    """One that was made."""

    name: str
    address: str
    bytes: int
    state: Literal["same", "changed", "elsewhere"]  #: of these pages; of earlier ones; not known of which
    template: str
    says: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DeckPage:
    """The page."""

    title: str
    client: str
    by: str
    dated: str
    treatments: tuple[str, ...]  #: the latest last
    treatment: str  #: which the words are from; "" for none
    covers: tuple[Cover, ...]
    cover: str  #: of those; "" for none
    templates: tuple[str, ...]
    template: str
    pages: tuple[Leaf, ...]
    says: tuple[str, ...]  #: what has no page, and why
    warnings: tuple[str, ...]  #: every passage that nobody has edited, with its part
    lacking: tuple[str, ...]  #: letters that the faces have no shape for
    wrong: str  #: why there are no pages, in a sentence
    files: tuple[File, ...]
    working: dict[str, str | float] | None  #: the making, while it waits or runs, or after it went wrong
    may: bool
    seen: int


@router.get("/deck", include_in_schema=False)
def page(request: Request, guest: Crew, treatment: Text = "", by: Text = "", dated: Text = "", cover: Text = "", template: Text = "") -> Response:
    """The page."""
    found = view(room_of(request), guest, treatment=treatment, by=by, dated=dated, cover=cover, template=template)
    return show(request, "deck.html", guest, here="brief", page=found, seen=found.seen, limit=LARGE["/api/deck/bring"] // 2**20, asked={"treatment": treatment, "by": by, "dated": dated, "cover": cover, "template": template})  # fmt: skip


@router.get("/api/deck")
def twin(request: Request, guest: Crew, treatment: Text = "", by: Text = "", dated: Text = "", cover: Text = "", template: Text = "") -> DeckPage:
    """The deck's pages, what is read on them, and what nobody has edited."""
    return view(room_of(request), guest, treatment=treatment, by=by, dated=dated, cover=cover, template=template)


def view(room: Room, guest: Guest, *, treatment: str = "", by: str = "", dated: str = "", cover: str = "", template: str = "") -> DeckPage:
    """The page as it stands now.

    Raises: HTTPException 404: no such frame.  RoomError: no such template.
    """
    desk, book = desk_of(room), room.house.book
    said = _said(room, guest, desk, treatment, by, dated, cover, template)
    key, found, wrong = "", None, ""
    try:
        key, found = decks.laid(room, desk, said)
    except AnswerprintError as error:
        wrong = on_a_page(str(error))
    there = [one.file for one in treatments(desk)]
    working = room.jobs.of(_JOB)
    deck = found.deck if found is not None else None
    return DeckPage(
        title=deck.title if deck else room.house.title, client=deck.client if deck else "", by=deck.by if deck else by, dated=dated, treatments=tuple(there),
        treatment=said.treatment or (there[-1] if there else ""), covers=tuple(_covers(desk, guest)), cover=cover if said.cover else "", templates=decks.templates(desk), template=said.template,
        pages=tuple(_leaves(guest, key, found)) if found is not None else (), says=tuple(on_a_page(one) for one in deck.says) if deck else (),
        warnings=tuple(f"{part}: “{words}”" for part, words in deck.unedited) if deck else (), lacking=found.faces.lacking if found is not None else (), wrong=wrong,
        files=tuple(_files(room, guest, desk, key, said)), working=working.plain if working else None, may=book is not None and (guest.person or "") in book.people,
        seen=book.head.n if book else 0,
    )  # fmt: skip


def _said(room: Room, guest: Guest, desk: Desk, treatment: str, by: str, dated: str, cover: str, template: str) -> Said:
    if template and template not in decks.templates(desk):
        raise RoomError(room.texts["deck_page"]["no_template"].format(name=template[:80]))
    return Said(treatment=treatment, by=by.strip(), dated=dated.strip(), cover=stills.named(room, guest, cover) if cover else "", template=template)


def _leaves(guest: Guest, key: str, found: Preview) -> Iterator[Leaf]:
    id = media_id(guest, f"deck {key}")
    for number, one in enumerate(found.pages, 1):
        pictures = [thing.picture for thing in one.things if isinstance(thing, Image)]
        shown = {f"{picture.path.name}: " for picture in pictures}
        warnings = tuple(dict.fromkeys(note for note in one.notes if not any(note.startswith(name) for name in shown)))
        yield Leaf(number=number, name=one.name, address=f"/media/{id}/page/{number}.svg", dark=sum(bytes.fromhex(one.ground)) < 3 * 0x80, words=found.words(number), warnings=warnings,
                   pictures=tuple(picture.credit for picture in pictures))  # fmt: skip


def _covers(desk: Desk, guest: Guest) -> Iterator[Cover]:
    """Every frame that somebody chose, once."""
    for one in {one.file: one for one in referencing.chosen(desk)}.values():
        id = stills.still_id(guest, one.file, one.digest)
        origin = Picture(path=desk.path / one.file, origin=one.origin, generated=one.generated).credit
        yield Cover(id=id, address=stills.address(id), name=Path(one.file).name, origin=origin, generated=one.generated, by=one.by)


def _files(room: Room, guest: Guest, desk: Desk, key: str, said: Said) -> Iterator[File]:
    known = decks.last(room.house.production).get("files", {})
    for name in decks.OUT:
        path = desk.path / name
        if not path.is_file():
            continue
        seal, of = digest_of(path), known.get(name, {})
        ours = of.get("seal") == seal
        same = ours and of.get("key") == key and (path.suffix != ".pptx" or of.get("template", "") == said.template)
        yield File(name=path.name, address=f"/media/{media_id(guest, f'{name} {seal}')}/deck{path.suffix}", bytes=path.stat().st_size, state="same" if same else "changed" if ours else "elsewhere",
                   template=str(of.get("template", "")) if ours else "", says=tuple(on_a_page(str(one)) for one in of.get("says", ())) if ours else ())  # fmt: skip


# ---- what is served


@router.get("/media/{id}/page/{number}.svg", include_in_schema=False)
def leaf(request: Request, guest: Crew, id: str, number: int) -> Response:
    """One page of a deck that is laid out, as a picture."""
    asked = id.encode("utf-8", "surrogatepass")
    found = next((one for key, one in decks.held(room_of(request)).items() if hmac.compare_digest(media_id(guest, f"deck {key}").encode(), asked)), None)
    if found is None or not 1 <= number <= len(found.pages):
        raise HTTPException(404)
    says = labels.composed(*(origin.TRAINED for one in found.pages[number - 1].things if isinstance(one, Image) and one.picture.generated))
    return labels.answer(found.svg(number).encode(), says, kind="image/svg+xml", caching="private, max-age=3600")


@router.get("/media/{id}/deck{ending}", include_in_schema=False)
def taken(request: Request, guest: Crew, id: str, ending: str) -> Response:
    """A file that was made, to take away."""
    room = room_of(request)
    path, asked = room.house.production.path / "out" / f"deck{ending}", id.encode("utf-8", "surrogatepass")
    if ending not in _KINDS or not path.is_file() or not hmac.compare_digest(media_id(guest, f"out/{path.name} {digest_of(path)}").encode(), asked):
        raise HTTPException(404, room.texts["deck_page"]["gone"])
    return FileResponse(path, media_type=_KINDS[ending], filename=f"{safe_name(room.house.title)} deck{ending}", headers={"cache-control": "no-store"})


# ---- making


@router.post("/api/deck/make")
def make(
    request: Request, guest: Crew, kinds: Annotated[list[Literal[".pptx", ".pdf"]], Body(min_length=1, max_length=2)], treatment: Told = "", by: Told = "", dated: Told = "", cover: Told = "",
    template: Told = "",
) -> dict[str, str]:  # fmt: skip
    """Have it made into out/, in the background. It goes to nobody by itself."""
    room = room_of(request)
    signer(room, guest)
    desk = desk_of(room)
    said = _said(room, guest, desk, treatment, by, dated, cover, template)
    work = ["deck", "--production", str(room.house.production.path), *(f"--format={one}" for one in dict.fromkeys(kinds))]
    if not room.jobs.start(_JOB, room.texts["deck_page"]["title"], work, said=json.dumps(vars(said))):
        raise RoomError(room.texts["made"]["busy"])  # what is being made is somebody else's, with their words
    return {"job": _JOB}


@router.post("/api/deck/stop")
def stop(request: Request, guest: Crew) -> dict[str, bool]:
    """Stop making it; what is whole stays. What went wrong is put away."""
    room = room_of(request)
    signer(room, guest)
    room.jobs.stop(_JOB)
    return {"stopped": True}


@router.post("/api/deck/bring")
async def bring(request: Request, guest: Crew, name: Annotated[str, Query(max_length=200)]) -> dict[str, str]:
    """Bring a template, a .pptx of one's own. One of the same name makes room for it."""
    from starlette.concurrency import run_in_threadpool

    room = room_of(request)
    signer(room, guest)
    says, called = room.texts["deck_page"], Path(name.replace("\\", "/")).name
    raw = await request.body()
    if Path(called).suffix.lower() != ".pptx" or not await run_in_threadpool(_is_slides, raw):
        raise RoomError(says["no_slides"].format(name=called[:80]))
    path = room.house.production.path / decks.TEMPLATES / f"{safe_name(Path(called).stem)[:120]}.pptx"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, raw)
    except OSError as cause:
        raise RoomError(disk_sentence(cause, called[:80])) from cause
    return {"template": path.name}


def _is_slides(raw: bytes) -> bool:
    """Whether these are slides, by the parts that they are packed of; what is in those is read in the making's own process."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError):
        return False
    return any(one.filename == "ppt/presentation.xml" for one in parts) and sum(one.file_size for one in parts) <= _UNPACKED
