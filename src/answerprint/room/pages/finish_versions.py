"""Versions: the family with what each is and what keeps it here, and the rights with their endings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Body, Query, Request
from fastapi.responses import Response

from answerprint import deliverables, rights, versioning
from answerprint.desk import Desk
from answerprint.film import PAPER
from answerprint.gate import gate
from answerprint.model.charter import Judgment
from answerprint.model.time import Timecode, number, round_half_up
from answerprint.rights import RightsError
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.questions import Missing, by_person
from answerprint.room.showing import desk_of
from answerprint.room.signing import signer
from answerprint.room.verdicts import sheet_seen
from answerprint.room.words import on_a_page
from answerprint.versioning import Member, VersioningError

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
    films: tuple[tuple[str, str], ...]  #: each spec that it is delivered for, and how its film is
    own: tuple[str, ...]  #: judgments that are decided for it alone, or have to be
    inherits: tuple[tuple[str, str], ...]  #: those that it takes over, and from which version
    sheet: bool | None  #: whether its contact sheet was seen; None: it needs none
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
    may: bool
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
    signs = book.holder(Judgment.SIGN_OFF) if book else None
    seen = sheet_seen(room, signs.id if signs else None)
    found = gate(desk, name, sheet_seen=seen)
    try:
        rows, ends, wrong = tuple(_rights(desk)), rights.endings(desk), None
    except RightsError as error:
        rows, ends, wrong = (), (), on_a_page(str(error))
    return VersionsPage(
        versions=tuple(_version(desk, one) for one in versioning.family(desk, sheet_seen=seen)), version=name, missing=by_person(found, holder),
        notes=tuple(on_a_page(one) for one in found.notes if one not in ends), listed=(desk.path / PAPER).exists(), rights=rows, rights_listed=(desk.path / rights.PAPER).exists(),
        endings=ends, rights_wrong=wrong, may=book is not None and guest.person in book.people, seen=book.head.n if book else 0,
    )  # fmt: skip


def _version(desk: Desk, member: Member) -> Version:
    one, family = member.version, desk.family
    kind = {"shape": one.shape, "language": one.language}.get(one.differs or "", "")
    airs = [f"{word} {said}" for word, name in (("from", "airs from"), ("until", "airs until")) if (said := family.goes(one.name, name))]
    there = one.name in desk.cuts and member.cut is not None
    return Version(
        name=one.name, depth=member.depth, is_a=" ".join(filter(None, (one.differs or "", kind))), number=one.number, cut=member.cut if there else None,
        cut_page=f"/cut/{quote(Path(member.cut).stem)}" if there and member.cut else None, length=_length(desk, one.name),
        films=member.films or tuple((spec, "") for spec in deliverables.wanted(desk, one.name)), own=tuple(judgment for judgment in member.own if judgment != Judgment.TAKE),
        inherits=tuple(member.inherits.items()), sheet=member.sheet,
        goes=tuple(filter(None, (family.goes(one.name, "media"), family.goes(one.name, "territory"), " ".join(airs)))),
        says=tuple(on_a_page(says) for says in (*filter(None, (member.problem,)), *member.says)), note=one.note,
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


# ---- adding one


@router.post("/api/finish/versions/add")
def add(
    request: Request, guest: Crew, name: Annotated[str, Body(min_length=1, max_length=80)], of: Annotated[str, Body(max_length=120)],
    differs: Annotated[Literal["language", "price", "super", "shape", "cut-down"], Body()], shape: Annotated[str, Body(max_length=20)] = "",
    language: Annotated[str, Body(max_length=20)] = "", seconds: Annotated[str, Body(max_length=20)] = "",
) -> dict[str, tuple[str, ...]]:  # fmt: skip
    """Add a version to the list. One that keeps its parent's edit begins as a copy of its cut; a cut-down as the parent whole, for a person to cut.

    Args: seconds: how long a cut-down is to be.
    """
    room = room_of(request)
    signer(room, guest)
    production, said = room.house.production, room.texts["versions"]
    if differs == "cut-down":
        try:
            length = number(seconds.strip().removesuffix("s").strip())
        except (ValueError, ZeroDivisionError):
            raise VersioningError(said["how_long"]) from None
        made = versioning.cut_down(production, name.strip(), of, length)
    else:
        made = versioning.add(production, name.strip(), of, differs, **{key: value.strip() for key, value in (("shape", shape), ("language", language)) if value.strip()})
    return {"says": tuple(on_a_page(one) for one in (*made.says, *made.kept)) or (said["added"].format(name=made.name, cut=made.cut.name),)}
