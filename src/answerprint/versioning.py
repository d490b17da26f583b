"""The family of versions: what each is, what it takes over and from whom, how far it is; a version added to it, a cut-down begun.

A version that only looks, says or costs otherwise begins as a copy of its parent's cut. A cut-down is an edit, and an edit is a person's:
what is written for it is the parent whole, every shot at its place and full length, with markers to cut by. Nobody chose anything in it,
and it is the cut of no version until a person has cut it and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint import deliverables, films, rights
from answerprint.desk import Desk
from answerprint.film import DIFFERS, PAPER, Version, listed, read_versions
from answerprint.gate import SheetSeen, needs
from answerprint.keep import disk_sentence, write_whole
from answerprint.model.records import AnswerprintError
from answerprint.run import held
from answerprint.turnover import safe_name

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["Begun", "Member", "Taken", "VersioningError", "add", "cut_down", "family", "uncut"]

_MARK = "Cut down to here"


class VersioningError(AnswerprintError):
    """A version that cannot be added, or a cut-down that cannot be begun."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One judgment of a version: where it is decided."""

    judgment: str
    about: str  #: "film:fr", "hero:5@square"
    whose: str  #: the version that it is decided for: this one, or one that it comes from
    signed: bool  #: False: a draft, or nothing yet
    decided: bool


@dataclass(frozen=True, kw_only=True)
class Member:
    """One version as the family's table shows it."""

    version: Version
    depth: int  #: how many it comes from
    cut: str | None  #: its file
    problem: str = ""  #: why its cut cannot be looked at
    says: tuple[str, ...] = ()  #: what it is listed as and is not; that nobody cut it down yet
    judgments: tuple[Taken, ...] = ()
    sheet: bool | None = None  #: whether its contact sheet was seen; None: it needs none
    films: tuple[tuple[str, str], ...] = ()  #: each spec, and how its film is: "not rendered", "stands", "is not the film any more"
    rights: tuple[str, ...] = ()  #: what rights forbid, and what ends soon

    @property
    def own(self) -> tuple[str, ...]:
        """The judgments that are decided for it alone, or have to be."""
        return tuple(dict.fromkeys(one.judgment for one in self.judgments if one.whose == self.version.name))

    @property
    def inherits(self) -> dict[str, str]:
        """The judgments that it takes over, each with the version that it takes it from."""
        return {one.judgment: one.whose for one in self.judgments if one.whose != self.version.name and one.about.partition(":")[0] != "item"}


@dataclass(frozen=True, kw_only=True)
class Begun:
    """What was written for a new version."""

    name: str
    cut: Path
    paper: Path
    kept: tuple[str, ...] = ()  #: cells of the list that say something else, and were left
    says: tuple[str, ...] = ()


def family(desk: Desk, *, sheet_seen: SheetSeen, today: date | None = None) -> tuple[Member, ...]:
    """Every version, parents before their children, each child below its parent.

    Raises: FilmError: versions.csv cannot be read.
    """
    asked = films.Asked.of(desk)
    ends = rights.endings(desk, today=today)
    children: dict[str | None, list[Version]] = {}
    for one in desk.family.versions:
        children.setdefault(one.of, []).append(one)

    def walk(of: str | None, depth: int) -> list[Member]:
        found: list[Member] = []
        for one in children.get(of, []):
            found.append(_member(desk, one, depth, sheet_seen, asked, ends, today))
            found += walk(one.name, depth + 1)
        return found

    return tuple(walk(None, 0))


def _member(desk: Desk, one: Version, depth: int, sheet_seen: SheetSeen, asked: films.Asked, ends: Sequence[str], today: date | None) -> Member:
    cut = desk.cuts.get(one.name)
    if cut is None:
        return Member(version=one, depth=depth, cut=desk.cut_name(one.name), problem=desk.cut_problems.get(one.name, ""), judgments=_judgments(desk, one.name))
    says = [text for text in (desk.family.stranger(one.name, desk.cuts), desk.family.other_sound(one.name, desk.cuts), uncut(desk, one.name)) if text]
    own = tuple(text for text in ends if one.name in text.rpartition(": ")[2].rstrip(".").split(", "))
    return Member(
        version=one, depth=depth, cut=cut.file, says=tuple(says), judgments=_judgments(desk, one.name),
        sheet=sheet_seen(cut) if desk.family.needs_sheet(one.name, desk.cuts) else None, films=_films(desk, one.name, asked),
        rights=(*rights.check(desk, cut, asked, today=today), *own),
    )  # fmt: skip


def _films(desk: Desk, version: str, asked: films.Asked) -> tuple[tuple[str, str], ...]:
    there = {film.spec: film for film in asked.every if film.version == version}
    standing = {film.spec: film for film in (*asked.standing(desk, version), *asked.beside(desk, version))}
    found = []
    for spec in dict.fromkeys((*deliverables.wanted(desk, version), *there)):
        film = standing.get(spec)
        found.append((spec, film.found if film is not None else "not the film any more" if spec in there else "not rendered"))
    return tuple(found)


def _judgments(desk: Desk, version: str) -> tuple[Taken, ...]:
    """Where each judgment of a version is decided: at the nearest place where somebody signed or chose, else where it would have to be."""
    found = []
    for need in needs(desk, version)[0]:
        places = [about for about in need.places if (need.judgment, about) in desk.decisions] or [about for about in need.places if (need.judgment, about) in desk.drafts]
        about = next(iter(places), need.about)
        tail = about.partition(":")[2]
        whose = version if about.startswith("item:") else tail.partition("@")[2] or tail
        which = need.judgment, about
        found.append(Taken(judgment=need.judgment, about=about, whose=whose, signed=which in desk.decisions, decided=bool(places)))
    return tuple(found)


def uncut(desk: Desk, version: str) -> str | None:
    """Why a cut-down is none yet, in a sentence: it is as long as the version that it comes from; None where it is shorter, or no cut-down."""
    one = desk.family[version]
    if one.differs != "cut-down" or one.of is None or one.name not in desk.cuts or one.of not in desk.cuts:
        return None
    from answerprint.timeline.edit import edit_of

    own, parent = (edit_of(desk.timeline(name)).length_s for name in (one.name, one.of))
    return f"{one.name} is listed as a cut-down of {one.of} and is {_seconds(own)} long, as that is: nobody cut it down yet." if own >= parent else None


# ---- adding


def add(production: Production, name: str, of: str, differs: str, **cells: str) -> Begun:
    """Add a version that keeps its parent's edit: a copy of its parent's cut, and a row in versions.csv. A person exchanges in the copy what is otherwise.

    Args:   cells: further columns of its row: shape, language, number, specs, territory, note.
    Raises: VersioningError, FilmError: there is one of that name, no such parent, the parent has no cut, no such way to differ; a cut-down.
    """
    from answerprint.timeline.formats.otio import format as otio

    desk = Desk(production)
    if differs == "cut-down":
        raise VersioningError(f"a cut-down is an edit of its own, and is begun with its length: answerprint versions FOLDER --cut-down '{name}' --of '{of}' --seconds 15")
    parent, place = _free(desk, name, of, differs, ".otio")
    assert otio.write is not None
    timeline = desk.timeline(parent).clone()
    timeline.name = name
    return _begin(desk, name, place, otio.write(timeline, {})[0], {"version": name, "of": parent, "differs": differs, "cut": place.name, **cells})


def cut_down(production: Production, name: str, of: str, seconds: Fraction, **cells: str) -> Begun:
    """Begin a cut-down: the parent whole, for a person to cut, with a marker where it has to end and one on each shot; and a row in versions.csv without a cut.

    Raises: VersioningError, FilmError: as `add`; or it is not shorter than its parent.
    """
    from answerprint.timeline.cut import cut_info
    from answerprint.timeline.edit import edit_of
    from answerprint.timeline.formats.otio import format as otio

    desk = Desk(production)
    parent, place = _free(desk, name, of, "cut-down", " to cut.otio")
    timeline = desk.timeline(parent).clone()
    info, length = cut_info(timeline), edit_of(timeline).length_s
    rate, seconds = info.rate, _by_clock(seconds, info.rate, drop=info.drop)
    if not 0 < seconds < length:
        raise VersioningError(f"{_seconds(seconds)} is not shorter than {parent}, which is {_seconds(length)} long. Say how long {name} is to be: --seconds 15")
    timeline.name = f"{name} to cut"
    _marked(timeline, seconds, length, rate)
    assert otio.write is not None
    begun = _begin(desk, name, place, otio.write(timeline, {})[0], {"version": name, "of": parent, "differs": "cut-down", **cells})
    shown = f"cuts/{place.name}"
    says = f"{shown} is {parent} whole, {_seconds(length)}, for somebody to cut to {_seconds(seconds)}. Cut it, export it under a name of its own, and: answerprint choose film:{name} cuts/FILE"
    return Begun(name=name, cut=begun.cut, paper=begun.paper, kept=begun.kept, says=(says,))


def _free(desk: Desk, name: str, of: str, differs: str, ending: str) -> tuple[str, Path]:
    """The parent by its own name, and the file that the new version begins in. Raises: VersioningError, FilmError."""
    if any(one.name.casefold() == name.casefold() for one in desk.family.versions):
        raise VersioningError(f"there is a version called {desk.family[name].name} already. Give this one a name of its own.")
    parent = desk.family[of].name
    if differs not in DIFFERS:
        raise VersioningError(f"{differs!r} is no way to differ. There are: {', '.join(DIFFERS)}.")
    if parent not in desk.cuts:
        raise VersioningError(desk.cut_problems.get(parent) or f"{parent} has no cut yet, so there is nothing to begin {name} with.")
    place = desk.path / "cuts" / f"{safe_name(name)}{ending}"
    if place.exists():
        raise VersioningError(f"cuts/{place.name} is there already, and nobody's cut is written over. Rename it, or give the version another name.")
    return parent, place


def _begin(desk: Desk, name: str, place: Path, cut: bytes, row: dict[str, str]) -> Begun:
    """Write the cut and the row; where the row does not go in, neither does the cut. Raises: FilmError, KeepError."""
    paper = desk.path / PAPER
    try:
        with held(desk.production.inside, "papers"):
            before = paper.read_bytes() if paper.exists() else None
            made, kept = listed(before, [row])
            if place.exists() or (before is not None and any(one.name.casefold() == name.casefold() for one in read_versions(before).versions)):
                raise VersioningError(f"somebody added {name} at this very moment. Look at what there is: answerprint versions FOLDER")
            write_whole(place, cut)
            try:
                write_whole(paper, made)
            except AnswerprintError:
                place.unlink(missing_ok=True)
                raise
    except OSError as cause:
        raise VersioningError(disk_sentence(cause, PAPER)) from cause
    return Begun(name=name, cut=place, paper=paper, kept=kept)


def _marked(timeline: Any, seconds: Fraction, length: Fraction, rate: Fraction) -> None:
    """Markers to cut by: where the cut-down has to end, and on every shot of the lowest picture track which it is and how long."""
    import opentimelineio as otio

    from answerprint.timeline.cut import duration_of, range_of, span

    start = timeline.tracks.source_range.start_time if timeline.tracks.source_range is not None else None
    at_s = seconds if start is None else seconds + Fraction(start.value) / Fraction(start.rate)
    says = f"{_seconds(seconds)} of {_seconds(length)}: {_seconds(length - seconds)} have to go. Which, a person says."
    timeline.tracks.markers.append(otio.schema.Marker(name=_MARK, marked_range=span(at_s, 1 / rate, rate), color=otio.schema.MarkerColor.RED, metadata={"note": says}))
    picture = next((track for track in timeline.tracks if track.kind == otio.schema.TrackKind.Video), None)
    shots = [item for item in picture or () if isinstance(item, otio.schema.Clip)]
    for number, shot in enumerate(shots, 1):
        words = f"shot {number} of {len(shots)}: {_seconds(duration_of(shot))}"
        shot.markers.append(otio.schema.Marker(name=words, marked_range=span(range_of(shot).start_s, 1 / rate, rate), color=otio.schema.MarkerColor.WHITE))


def _by_clock(seconds: Fraction, rate: Fraction, *, drop: bool) -> Fraction:
    """A length as the film's own timecode counts it: fifteen seconds are 360 frames at 23.976, as at 24.

    Raises: VersioningError: it ends between two frames.
    """
    frames = seconds * rate
    if frames.denominator != 1 and rate.denominator != 1:
        frames = Fraction(round(frames)) if drop and seconds.denominator == 1 else seconds * round(rate)
    if frames.denominator != 1:
        raise VersioningError(f"{_seconds(seconds)} ends between two frames at {float(rate):.5g} a second. Say whole seconds: --seconds {max(1, round(seconds))}")
    return frames / rate


def _seconds(length_s: Fraction) -> str:
    return f"{float(length_s):.3f}".rstrip("0").rstrip(".") + " s"
