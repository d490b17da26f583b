"""The library as a wall of small frames, as its files lie on their disks: searched by words, by a picture, by colours, by facts. Nothing is ranked, chosen or brought here."""

from __future__ import annotations

import hashlib
import io
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, HTTPException, Query, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import Response

from answerprint import shelving
from answerprint.keep import write_whole
from answerprint.library import LibraryError
from answerprint.media import origin
from answerprint.model.records import AnswerprintError
from answerprint.room import RoomError, footage, labels
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.guard import LARGE
from answerprint.room.signing import signer
from answerprint.room.words import on_a_page
from answerprint.shelving import asking

router = APIRouter()
router.include_router(footage.router)

_BROUGHT_PX = 1024  #: of a picture that others are to be like: its looks and things are told at 640
_BROUGHT = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked, as it was written."""

    words: str = ""
    like: str = ""  #: a shot of this page, or a picture that was dropped
    palette: str = ""
    kind: str = ""
    rate: str = ""
    raster: str = ""
    length: str = ""
    longest: str = ""
    handles: str = ""
    licensed: bool = False
    until: str = ""
    released: bool = False

    @property
    def empty(self) -> bool:
        return self == Question()

    @property
    def narrowed(self) -> bool:
        """Whether something but words, a picture or colours is asked."""
        return any((self.kind, self.rate, self.raster, self.length, self.longest, self.handles, self.licensed, self.until, self.released))


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One shot of the wall."""

    id: str  #: of this session
    name: str
    place: str  #: folder, from the one that was taken in
    in_s: str
    out_s: str
    still: bool
    picture: str  #: address of its frame
    strip: str  #: address of frames along it; "" where it is a still or its disk is away
    large: str  #: the same, larger
    matched: tuple[str, ...]
    facts: tuple[str, ...]
    taken_for: tuple[tuple[str, float], ...]
    file: tuple[str, ...]  #: of its file: raster, rate, sound
    lettering: str  #: words on screen
    said: str
    rights: str
    rows: tuple[tuple[str, ...], ...]  #: of the lists of rights: what, holder, where, from, until, paper
    held_back: bool
    generated: str
    connected: bool


@dataclass(frozen=True, kw_only=True)
class Shelved:
    """One folder of what was found, with its shots by file and time."""

    place: str
    shots: tuple[Shot, ...]


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A folder that was taken in."""

    id: str
    name: str
    files: int
    shots: int
    connected: bool


@dataclass(frozen=True, kw_only=True)
class LibraryPage:
    """The library as it stands now, and what was found in it."""

    folders: tuple[Taken, ...]
    problems: tuple[str, ...]
    lacks: tuple[str, ...]
    asked: Question
    like: str  #: address of the picture that others are to be like; ""
    found: tuple[Shelved, ...] | None  #: None: nothing was asked
    count: int = 0
    most: int = shelving.searching.MOST
    facts: tuple[str, ...] = ()  #: of the question, that were taken as facts
    more: bool = False
    order: str = ""
    notes: tuple[str, ...] = ()
    wrong: str = ""
    closed: str = ""  #: why who asks sees none of it
    working: dict[str, Any] | None = field(default=None)  #: a folder that is being taken in
    may_add: bool = False  #: who asks sits at this machine
    seen: int = 0


Text = Annotated[str, Query(max_length=200)]


def asked(
    words: Annotated[str, Query(max_length=400)] = "", like: Text = "", palette: Text = "", kind: Text = "", rate: Text = "", raster: Text = "", length: Text = "", longest: Text = "", handles: Text = "",
    licensed: bool = False, until: Text = "", released: bool = False,
) -> Question:  # fmt: skip
    """The question out of an address."""
    return Question(
        words=words.strip(), like=like, palette=palette.strip(), kind=kind, rate=rate.strip(), raster=raster.strip(), length=length.strip(), longest=longest.strip(), handles=handles.strip(),
        licensed=licensed, until=until.strip(), released=released,
    )  # fmt: skip


Asked = Annotated[Question, Depends(asked)]


@router.get("/library", include_in_schema=False)
def page(request: Request, guest: Crew, question: Asked) -> Response:
    """The page."""
    found = view(room_of(request), guest, question)
    shots = [one for folder in found.found or () for one in folder.shots]
    return show(request, "library.html", guest, here="brief", page=found, data=jsonable_encoder(shots), seen=found.seen, limit=LARGE["/api/library/like"] // 2**20, count=footage.FRAMES)


@router.get("/api/library")
def twin(request: Request, guest: Crew, question: Asked) -> LibraryPage:
    """What was found, as it lies on disk, and the folders of the library."""
    return view(room_of(request), guest, question)


def view(room: Room, guest: Guest, question: Question) -> LibraryPage:
    """The page as it stands now. A question that cannot be read is a sentence on it."""
    book, job = room.house.book, room.jobs.of(footage.LIBRARY)
    if says := footage.closed(room, guest):
        return LibraryPage(folders=(), problems=(), lacks=(), asked=question, like="", found=None, closed=says, seen=book.head.n if book else 0)
    with shelving.Shelf() as shelf:
        roots = shelf.roots
        about: dict[str, Any] = {
            "folders": tuple(Taken(id=_root_id(one.path), name=Path(one.path).name or one.path, files=one.files, shots=one.shots, connected=one.connected) for one in roots),
            "problems": tuple(on_a_page(footage.from_afar(says)) for _, says in shelf.problems), "lacks": tuple(shelf.lacks), "asked": question,
            "working": job.plain if job is not None else None, "may_add": guest.here and book is not None and (guest.person or "") in book.people, "seen": book.head.n if book else 0,
        }  # fmt: skip
        if question.empty or not roots:
            return LibraryPage(like="", found=None, **about)
        like, picture = "", ""
        try:
            like, picture = _like(room, guest, shelf, question.like)
            results = shelving.search(
                shelf, question.words, like=like, palette=asking.colours(question.palette),
                filters=asking.filters(kind=question.kind, rate=question.rate, raster=question.raster, length=question.length, longest=question.longest, handles=question.handles),
                licensed=asking.licensed(holds=question.licensed, until=question.until, released=question.released),
            )  # fmt: skip
        except AnswerprintError as error:
            return LibraryPage(like=picture, found=None, wrong=on_a_page(footage.from_afar(str(error))), **about)
        shots = [_shot(guest, one, [root.path for root in roots]) for one in results.matches]
        folders = tuple(Shelved(place=place, shots=tuple(group)) for place, group in itertools.groupby(shots, key=lambda one: one.place))
        return LibraryPage(
            like=picture, found=folders, count=len(shots), facts=results.facts, more=results.more, order=results.order, notes=tuple(on_a_page(footage.from_afar(one)) for one in results.notes), **about,
        )  # fmt: skip


def _shot(guest: Guest, one: shelving.Match, roots: Sequence[str]) -> Shot:
    id, still = footage.shot_id(guest, one.shot, one.digest), one.in_s == one.out_s
    info = one.info
    file = [f"{info['width']} x {info['height']}"] if info.get("width") else []
    file += [f"{_decimal(info['rate'])} fps"] if info.get("rate") else []
    file += [str(info[name]) for name in ("codec", "timecode", "reel", "log") if info.get(name)]
    return Shot(
        id=id, name=Path(one.file).name, place=_place(one.file, roots), in_s=f"{float(one.in_s):.2f}", out_s=f"{float(one.out_s):.2f}", still=still, picture=footage.picture(id),
        strip=footage.strip(id) if one.connected and not still else "", large=footage.picture(id, large=True) if still or not one.connected else footage.strip(id, large=True),
        matched=one.matched, facts=one.words, taken_for=one.things, file=tuple(file), lettering=one.lettering, said=one.said, rights=on_a_page(one.rights),
        rows=tuple((row.what, row.holder, ", ".join(sorted(row.media or ())), ", ".join(sorted(row.territory or ())), str(row.begins or ""), str(row.ends or ""), row.paper) for row in one.licence.rows),
        held_back=one.licence.held_back, generated=one.generated, connected=one.connected,
    )  # fmt: skip


def _decimal(rate: Any) -> str:
    from fractions import Fraction

    return f"{float(Fraction(str(rate))):.3f}".rstrip("0").rstrip(".")


def _place(file: str, roots: Sequence[str]) -> str:
    """A file's folder, from the one that was taken in."""
    over = max((Path(root) for root in roots if Path(root) in Path(file).parents), key=lambda one: len(one.parts), default=Path(file).parent)
    return str(Path(over.name or "/") / Path(file).parent.relative_to(over))


def _root_id(path: str) -> str:
    return hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()[:20]


# ---- more like this


def _like(room: Room, guest: Guest, shelf: shelving.Shelf, like: str) -> tuple[str, str]:
    """(what the search takes, where its picture is) of a shot, or of a picture that was dropped.

    Raises: LibraryError: it is neither, by now.
    """
    if not like:
        return "", ""
    if _BROUGHT.fullmatch(like):
        path = _brought(room, like)
        if path.is_file():
            return str(path), f"/media/{like}/like.jpg"
    elif (hit := footage.hit(shelf, guest, like)) is not None:
        return f"{hit.path}@{hit.in_s}", footage.picture(like)
    raise LibraryError(room.texts["library_page"]["like_gone"])


def _brought(room: Room, id: str) -> Path:
    return room.house.viewing / f"like-{id}.jpg"


@router.get("/media/{id}/like.jpg", include_in_schema=False)
def brought(request: Request, guest: Crew, id: str) -> Response:
    """A picture that somebody dropped."""
    path = _brought(room_of(request), id)
    if footage.closed(room_of(request), guest) or not _BROUGHT.fullmatch(id) or not path.is_file():
        raise HTTPException(404)
    return Response(path.read_bytes(), media_type="image/jpeg", headers={"cache-control": "private, max-age=3600"})


@router.post("/api/library/like")
async def bring(request: Request, guest: Crew) -> dict[str, str]:
    """Bring a picture that shots are to be like. It goes into no production and no library: a small copy of it lies among what may be deleted."""
    from starlette.concurrency import run_in_threadpool

    room = room_of(request)
    signer(room, guest)
    if says := footage.closed(room, guest):
        raise RoomError(says)
    raw = await request.body()
    return {"like": await run_in_threadpool(_bring, room, raw)}


def _bring(room: Room, raw: bytes) -> str:
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(raw), formats=("JPEG", "PNG", "WEBP", "TIFF")) as image:
            image.draft("RGB", (2 * _BROUGHT_PX, 2 * _BROUGHT_PX))
            made = ImageOps.exif_transpose(image).convert("RGB")
            made.thumbnail((_BROUGHT_PX, _BROUGHT_PX))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as cause:
        raise RoomError(room.texts["library_page"]["no_picture"]) from cause
    out = io.BytesIO()
    made.save(out, "JPEG", quality=92)
    raw = labels.labelled(out.getvalue(), origin.said(raw))
    id = hashlib.sha256(raw).hexdigest()[:32]
    write_whole(_brought(room, id), raw)
    return id


# ---- taking folders in


@router.post("/api/library/add")
def add(request: Request, guest: Crew, folder: Annotated[str, Body(max_length=4000)] = "", again: Annotated[str, Body(max_length=40)] = "") -> dict[str, str]:
    """Take a folder of this machine in, or look what is new in one, in the background; stopped and begun again, it goes on where it was.

    A folder is named by whoever came by the link that the terminal printed, and by nobody else: a name of a path, sent from afar, would make this machine tell what lies on it.
    """
    room = room_of(request)
    person, says = signer(room, guest), room.texts["library_page"]
    if not guest.here:
        raise RoomError(says["not_here"])
    if again:
        with shelving.Shelf() as shelf:
            folder = next((one.path for one in shelf.roots if _root_id(one.path) == again), "")
    try:
        path = Path(folder.strip()).expanduser()
    except RuntimeError:  # ~ somebody who has no home here
        path = Path(folder.strip())
    if not folder.strip() or not path.is_absolute() or not path.is_dir():
        raise RoomError(says["no_folder"].format(folder=folder.strip()[:200]))
    if not room.jobs.start(footage.LIBRARY, says["title_add"].format(name=person.name, folder=path.name), ["library", "--production", str(room.house.production.path), "--folder", str(path)]):
        raise RoomError(says["busy"])
    return {"job": footage.LIBRARY}


@router.post("/api/library/stop")
def stop(request: Request, guest: Crew) -> dict[str, bool]:
    """Stop taking in; what is in stays. What went wrong is put away."""
    room = room_of(request)
    signer(room, guest)
    if not guest.here:
        raise RoomError(room.texts["library_page"]["not_here"])
    room.jobs.stop(footage.LIBRARY)
    return {"stopped": True}
