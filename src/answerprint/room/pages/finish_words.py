"""Words: the captions of a version over its picture, changed where they stand, with what is wrong with each in a sentence beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Query, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import Response

from answerprint import captioning
from answerprint.captioning import CaptionError, Listing
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.pieces import Piece, Work, begin, pieces, work
from answerprint.room.screening import Screen, screen
from answerprint.room.showing import desk_of
from answerprint.room.signing import signer
from answerprint.room.words import on_a_page

router = APIRouter()

WHAT: Literal["captions"] = "captions"
Version = Annotated[str, Body(max_length=120)]
Language = Annotated[str, Body(max_length=40)]


@dataclass(frozen=True, kw_only=True)
class Caption:
    """One caption; frames of the film, half-open."""

    number: int
    first: int
    end: int
    start: str  #: timecodes, counted from nought
    stop: str
    text: str
    by_hand: bool  #: a person changed or added it
    machine: str  #: what the machine wrote there, where that is something else
    faults: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Captions:
    """The captions of one version in one language, as they lie in their file."""

    about: str
    language: str
    rules: str
    file: str
    seal: str  #: goes back with a change, so that nobody writes over another's
    lines: tuple[Caption, ...]
    says: tuple[str, ...]  #: of the last time that they were made
    files: tuple[str, ...]
    piece: Piece


@dataclass(frozen=True, kw_only=True)
class WordsPage:
    """The page."""

    versions: tuple[str, ...]
    version: str
    languages: tuple[str, ...]  #: in which there are captions of this version
    language: str  #: "" where there are none
    captions: Captions | None
    screen: Screen
    tables: tuple[str, ...]  #: lists of somebody's words in another language, in assets/
    work: Work
    wrong: str | None
    may: bool
    seen: int


@router.get("/finish/words", include_in_schema=False)
def page(request: Request, guest: Crew, version: Annotated[str, Query(max_length=120)] = "", language: Annotated[str, Query(max_length=40)] = "") -> Response:
    """The page."""
    found = view(room_of(request), guest, version, language)
    return show(request, "finish_words.html", guest, here="finish", page=found, data=jsonable_encoder(found), seen=found.seen, RULES=captioning.RULES)


@router.get("/api/finish/words")
def twin(request: Request, guest: Crew, version: Annotated[str, Query(max_length=120)] = "", language: Annotated[str, Query(max_length=40)] = "") -> WordsPage:
    """The captions of a version in a language."""
    return view(room_of(request), guest, version, language)


def view(room: Room, guest: Guest, version: str = "", language: str = "") -> WordsPage:
    """The page as it stands now.

    Args:   version: the first one where none is named.  language: the first in which there are captions where none is named.
    Raises: FilmError: no such version.
    """
    desk, book, production = desk_of(room), room.house.book, room.house.production
    name = desk.family[version].name if version else desk.family.first.name
    known = {str(made.values["language"]): piece for made, piece in pieces(production, WHAT) if made.about == f"{name}.{made.values.get('language')}"}
    chosen = language if language in known else next(iter(known), "")
    found, wrong = None, None
    if chosen:
        try:
            found = _captions(captioning.listed(production, name, chosen, desk=desk), known[chosen])
        except CaptionError as error:
            wrong = on_a_page(str(error))
    return WordsPage(
        versions=tuple(one.name for one in desk.family.versions), version=name, languages=tuple(known), language=chosen, captions=found, screen=screen(room, guest, desk, name)[0],
        tables=tuple(_tables(room)), work=work(room, WHAT), wrong=wrong, may=book is not None and guest.person in book.people, seen=book.head.n if book else 0,
    )  # fmt: skip


def _captions(found: Listing, piece: Piece) -> Captions:
    lines = tuple(
        Caption(number=one.number, first=one.first, end=one.end, start=one.start, stop=one.stop, text=one.text, by_hand=one.by_hand, machine=one.machine, faults=one.faults)
        for one in found.lines
    )  # fmt: skip
    return Captions(about=found.about, language=found.language, rules=found.rules, file=found.file, seal=found.seal, lines=lines, says=tuple(on_a_page(one) for one in found.says),
                    files=tuple(path.name for path in found.files), piece=piece)  # fmt: skip


def _tables(room: Room) -> Iterator[str]:
    folder = room.house.production.path / "assets"
    for path in sorted(folder.glob("*.csv")) if folder.is_dir() else ():
        if path.is_file() and not path.is_symlink() and path.name != "assets.csv":
            yield f"assets/{path.name}"


@router.post("/api/finish/words/save")
def save(
    request: Request, guest: Crew, version: Version, language: Language, number: Annotated[int, Body(ge=0, le=10**6)], seal: Annotated[str, Body(max_length=120)],
    text: Annotated[str | None, Body(max_length=2000)] = None, first: Annotated[int | None, Body(ge=0, le=10**8)] = None, end: Annotated[int | None, Body(ge=0, le=10**8)] = None,
) -> Captions:  # fmt: skip
    """Change one caption: its words, its times, or both. It is written into the .srt, and a later run keeps it.

    Args:    number: from 1; 0 adds one.  seal: of the captions on screen.  text: an empty one takes the caption out.  first, end: frames of the film.
    """
    room = room_of(request)
    signer(room, guest)
    found = captioning.save(room.house.production, version, language, number, seal=seal, text=text, first=first, end=end)
    piece = next(piece for _, piece in pieces(room.house.production, WHAT) if piece.about == found.about)
    return _captions(found, piece)


@router.post("/api/finish/words/start")
def start(
    request: Request, guest: Crew, version: Version, language: Language, rules: Annotated[Literal["", "standard", "teletext", "608"], Body()] = "",
    words: Annotated[str, Body(max_length=400)] = "",
) -> dict[str, str]:  # fmt: skip
    """Make the captions of a version in the background; what a person changed stays.

    Args: rules: those of the last time where "".  words: a table of somebody's words in that language, in assets/; "" for what is spoken.
    """
    from answerprint.delivery.captioning.languages import tag

    room = room_of(request)
    desk, said = desk_of(room), room.texts["captions"]
    name, code = desk.family[version].name, tag(language)
    if name not in desk.cuts:
        raise CaptionError(on_a_page(desk.cut_problems.get(name) or room.texts["finish"]["no_cut"].format(version=name)))
    if words and words not in tuple(_tables(room)):
        raise CaptionError(said["no_table"].format(file=words[:120]))
    asked = ["--version", name, "--lang", code, *(("--rules", rules) if rules else ()), *(("--words", str(desk.path / words)) if words else ())]
    return begin(room, guest, WHAT, "caption", asked)
