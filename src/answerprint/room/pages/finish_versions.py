"""Versions: the family with what each is and what keeps it here, and the rights with their endings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from answerprint import films, rights
from answerprint.desk import Desk
from answerprint.film import PAPER
from answerprint.film import Version as Listed
from answerprint.gate import gate
from answerprint.model.time import Timecode, round_half_up
from answerprint.rights import RightsError
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.questions import Missing, by_person
from answerprint.room.showing import desk_of
from answerprint.room.verdicts import sheet_seen
from answerprint.room.words import on_a_page

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of the film."""

    name: str
    depth: int  #: how far below the first: 0 for that
    is_a: str  #: "language de", "shape 9:16", "cut-down"
    number: str
    cut: str | None
    cut_page: str | None
    length: str | None  #: of its cut, as a timecode
    specs: tuple[str, ...]
    goes: tuple[str, ...]  #: where, and when, as the list says
    says: tuple[str, ...]  #: that it has no cut, or is not what its list says
    note: str


@dataclass(frozen=True, kw_only=True)
class Right:
    """One row of the list of rights."""

    row: int
    item: str
    what: str
    holder: str
    media: str
    territory: str
    begins: str
    ends: str
    days_left: int | None
    clause: str  #: about AI, as it was written
    paper: str
    versions: tuple[str, ...]
    says: tuple[tuple[str, tuple[str, ...]], ...]  #: what goes beyond it, and in which versions


@dataclass(frozen=True, kw_only=True)
class VersionsPage:
    """The page; with what one version is missing where one is asked for."""

    versions: tuple[Version, ...]
    version: str
    missing: tuple[Missing, ...]  #: what keeps the version here, by person
    notes: tuple[str, ...]
    listed: bool  #: whether there is a list of versions
    rights: tuple[Right, ...]
    rights_listed: bool
    endings: tuple[str, ...]
    rights_wrong: str | None
    seen: int


@router.get("/finish/versions", include_in_schema=False)
def page(request: Request, guest: Crew, version: Annotated[str, Query(max_length=120)] = "") -> Response:
    """The page."""
    found = view(room_of(request), guest, version)
    return show(request, "finish_versions.html", guest, here="finish", page=found, seen=found.seen)


@router.get("/api/finish/versions")
def twin(request: Request, guest: Crew, version: Annotated[str, Query(max_length=120)] = "") -> VersionsPage:
    """The family of versions, what one of them is missing, and the rights."""
    return view(room_of(request), guest, version)


def view(room: Room, guest: Guest, version: str = "") -> VersionsPage:
    """The page as it stands now.

    Args:   version: whose blocks are shown; the first one's where none is named.
    Raises: FilmError: no such version.
    """
    desk, book = desk_of(room), room.house.book
    name = desk.family[version].name if version else desk.family.first.name
    holder = book.people.get(guest.person or "") if book else None
    found = gate(desk, name, sheet_seen=sheet_seen(room, holder.id if holder else None))
    try:
        rows, ends, wrong = tuple(_rights(desk)), rights.endings(desk), None
    except RightsError as error:
        rows, ends, wrong = (), (), on_a_page(str(error))
    return VersionsPage(
        versions=tuple(_version(desk, one) for one in desk.family.versions), version=name, missing=by_person(found, holder),
        notes=tuple(on_a_page(one) for one in found.notes), listed=(desk.path / PAPER).exists(), rights=rows, rights_listed=(desk.path / rights.PAPER).exists(),
        endings=ends, rights_wrong=wrong, seen=book.head.n if book else 0,
    )  # fmt: skip


def _version(desk: Desk, one: Listed) -> Version:
    cut, family = desk.cuts.get(one.name), desk.family
    says = [on_a_page(problem)] if (problem := desk.cut_problems.get(one.name)) else []
    says += [said for said in (family.stranger(one.name, desk.cuts), family.other_sound(one.name, desk.cuts)) if said]
    kind = {"shape": one.shape, "language": one.language}.get(one.differs or "", "")
    airs = [f"{word} {said}" for word, name in (("from", "airs from"), ("until", "airs until")) if (said := family.goes(one.name, name))]
    return Version(
        name=one.name, depth=len(family.line(one.name)) - 1, is_a=" ".join(filter(None, (one.differs or "", kind))), number=one.number, cut=cut.file if cut else None,
        cut_page=f"/cut/{quote(cut.file.rsplit('/', 1)[-1].rsplit('.', 1)[0])}" if cut else None, length=_length(desk, one.name),
        specs=films.wanted(desk, one.name), goes=tuple(filter(None, (family.goes(one.name, "media"), family.goes(one.name, "territory"), " ".join(airs)))),
        says=tuple(says), note=one.note,
    )  # fmt: skip


def _length(desk: Desk, version: str) -> str | None:
    from answerprint.timeline.cut import cut_info, seconds

    timeline = desk.timeline(version)
    if timeline is None:
        return None
    info = cut_info(timeline)
    return str(Timecode(frames=round_half_up(seconds(timeline.duration()) * info.rate), rate=info.rate, drop=info.drop))


def _rights(desk: Desk) -> Iterator[Right]:
    for one in rights.listed(desk):
        right, cell = one.right, one.right.written.get
        yield Right(
            row=right.row, item=right.item, what="temp" if right.temp else right.what, holder=right.holder, media=cell("media", ""), territory=cell("territory", ""),
            begins=str(right.begins or ""), ends=str(right.ends or ""), days_left=one.days_left, clause=right.ai, paper=right.paper, versions=one.versions, says=_gathered(one),
        )  # fmt: skip


def _gathered(one: rights.Listed) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The same sentence about several versions is said once."""
    found: dict[str, list[str]] = {}
    for says in one.says:
        version, _, what = says.partition(": ")
        found.setdefault(on_a_page(what), []).append(version)
    return tuple((what, tuple(names)) for what, names in found.items())
