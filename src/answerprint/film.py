"""The film as a family of versions: what each is, what its cut uses, and what it inherits from the version that it comes from.

`versions.csv` in the production is a list as film people keep them: version, of, differs, cut, and if they like shape, language,
number, specs, media, territory, airs from, airs until, note. Without it there is one version, "master". Everything here is pure.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from answerprint.model import tables
from answerprint.model.records import AnswerprintError
from answerprint.model.time import Span

__all__ = ["DIFFERS", "MASTER", "PAPER", "Cut", "Family", "FilmError", "Version", "cut_of", "listed", "read_versions", "supers_of"]

PAPER = "versions.csv"
MASTER = "master"
#: How a version may differ from the one that it comes from.
DIFFERS = ("language", "price", "super", "shape", "cut-down")
_SAME_SOUND = ("shape", "super")  #: a language speaks otherwise, and so does a price
_NEEDED = ("version", "of", "differs", "cut")
_GOES = ("media", "territory", "airs from", "airs until")  #: where a version goes and when, as rights are held against it
_COLUMNS = (*_NEEDED, "shape", "language", "number", "specs", *_GOES, "note")


class FilmError(AnswerprintError):
    """A list of versions that cannot be read, or a version that is not on it."""


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of the film. The first one comes from no other."""

    name: str
    of: str | None = None
    differs: str | None = None  #: one of DIFFERS; None for the first
    cut: str | None = None  #: the file in cuts/ that the list names
    shape: str = ""
    language: str = ""
    note: str = ""
    number: str = ""  #: its clock number or Ad-ID
    specs: tuple[str, ...] = ()  #: what this version is delivered for, where the list says so; else what the production is
    goes: Mapping[str, str] = field(default_factory=dict)  #: media, territory, airs from, airs until, as far as its row says them


@dataclass(frozen=True, kw_only=True)
class Cut:
    """The cut of a version as it is now: its seals, and what it uses."""

    version: str
    file: str  #: "cuts/v03.otio"
    seal: str
    rhythm: str
    sound: str
    picture: Mapping[str, tuple[Span, ...]]  #: medium, by the production's name for it -> the ranges that are seen
    heard: Mapping[str, tuple[Span, ...]]  #: the same for sound
    replaceable: frozenset[str] = frozenset()  #: cards, supers, logos: what a version is there to exchange
    digests: Mapping[str, str] = field(default_factory=dict)  #: medium -> digest, as far as the cut knows it
    order: tuple[tuple[Fraction, str, Span, Fraction], ...] = ()  #: every shot in the order of the film: where it starts, medium, range, speed
    joints: tuple[tuple[Fraction, Fraction, Fraction], ...] = ()  #: transitions of the film itself: where, how far before, how far after
    written: str = ""  #: the digest of the file that it was read from; empty where it came from none


@dataclass(frozen=True, kw_only=True)
class Family:
    """The versions in the order of the list, the first one first."""

    versions: tuple[Version, ...] = (Version(name=MASTER),)

    def __getitem__(self, name: str) -> Version:
        """Raises: FilmError: there is no such version; the nearest name is said."""
        wanted = name.casefold()
        for one in self.versions:
            if one.name.casefold() == wanted:
                return one
        near = difflib.get_close_matches(name, [one.name for one in self.versions], 1, 0.5)
        there = f"Did you mean {near[0]}?" if near else f"There is: {', '.join(one.name for one in self.versions)}."
        raise FilmError(f"there is no version called {name!r}. {there}")

    @property
    def first(self) -> Version:
        """The version from which all others come."""
        return next(one for one in self.versions if one.of is None)

    def line(self, version: str) -> tuple[Version, ...]:
        """A version and those that it comes from, the nearest first."""
        found = [self[version]]
        while (parent := found[-1].of) is not None:
            found.append(self[parent])
        return tuple(found)

    def goes(self, version: str, where: str) -> str:
        """What the list says of where a version goes: its own row, else that of the nearest that it comes from; "" where none says it.

        Args: where: "media", "territory", "airs from", "airs until".
        """
        return next((said for one in self.line(version) if (said := one.goes.get(where, ""))), "")

    # ---- what a version inherits

    def stranger(self, version: str, cuts: Mapping[str, Cut]) -> str | None:
        """Why a version that says it has its parent's edit has not, in a sentence; it is then a cut-down. None where it has, where it
        is a cut-down by its own word, or where one of the two cuts is not there yet."""
        one = self[version]
        if one.of is None or one.differs == "cut-down":
            return None
        own, parent = cuts.get(one.name), cuts.get(one.of)
        if own is None or parent is None:
            return None
        why = _cut_differently(own, parent)
        return f"{one.name} is listed as a {one.differs} version of {one.of} and is cut differently: {why}. It counts as a cut-down." if why else None

    def edit_from(self, version: str, cuts: Mapping[str, Cut]) -> str:
        """The version whose final edit and pacing this one has: its own for the first, a cut-down, and one that is cut differently."""
        one = self[version]
        if one.of is None or one.differs == "cut-down" or self.stranger(version, cuts):
            return one.name
        return self.edit_from(one.of, cuts)

    def inherits(self, version: str, judgment: str, cuts: Mapping[str, Cut]) -> str | None:
        """The version from which this one takes over a judgment where it has none of its own; None where it needs one of its own."""
        one = self[version]
        if one.of is None:
            return None
        if self.edit_from(version, cuts) == one.name:  # a new edit
            return one.of if self._same_ranges(one, judgment, cuts) else None
        if judgment in ("mix", "music bed") and self.other_sound(version, cuts):
            return None
        return None if one.differs == "shape" and judgment == "hero framing" else one.of

    def other_sound(self, version: str, cuts: Mapping[str, Cut]) -> str | None:
        """Why a version that differs in shape or by a super needs a mix and a music bed of its own, in a sentence; None where it sounds
        like the one that it comes from, is silent, or is there to sound otherwise."""
        one = self[version]
        if one.differs not in _SAME_SOUND or self.edit_from(version, cuts) == one.name:
            return None
        own, parent = cuts.get(one.name), cuts.get(one.of or "")
        if own is None or parent is None or not own.heard or own.sound == parent.sound:
            return None
        return f"{one.name} is listed as a {one.differs} version of {one.of} and sounds otherwise. It needs a mix and a music bed of its own."

    def _same_ranges(self, one: Version, judgment: str, cuts: Mapping[str, Cut]) -> bool:
        if judgment in ("final edit", "pacing") or one.of is None:
            return False
        own, parent = cuts.get(one.name), cuts.get(one.of)
        if own is None or parent is None:
            return True  # nothing to compare yet; that the cut is missing is said by itself
        sides = [(own.heard, parent.heard)] if judgment in ("mix", "music bed") else [(own.picture, parent.picture)]
        return not any(_new(mine, theirs) for mine, theirs in sides)

    def needs_sheet(self, version: str, cuts: Mapping[str, Cut]) -> bool:
        """Whether somebody has to see its contact sheet: it takes its edit over, and nobody decided over it."""
        return self.edit_from(version, cuts) != self[version].name

    def new_ranges(self, version: str, cuts: Mapping[str, Cut]) -> dict[str, tuple[Span, ...]]:
        """Pictures of a new edit that the version it comes from does not show: nobody chose them there."""
        one = self[version]
        own, parent = cuts.get(one.name), cuts.get(one.of or "")
        if own is None or parent is None or self.edit_from(version, cuts) != one.name:
            return {}
        found = {medium: tuple(span for span in ranges if not _within(span, parent.picture.get(medium, ()))) for medium, ranges in own.picture.items()}
        return {medium: ranges for medium, ranges in found.items() if ranges and medium not in own.replaceable}


def _cut_differently(own: Cut, parent: Cut) -> str | None:
    if own.rhythm != parent.rhythm:
        return f"its pictures change at other places than those of {parent.version}"
    for medium in sorted({*own.picture, *parent.picture} - own.replaceable - parent.replaceable):
        if own.picture.get(medium) != parent.picture.get(medium):
            return f"it shows other stretches of {medium}"
    mine, theirs = ([shot for shot in cut.order if shot[1] not in own.replaceable | parent.replaceable] for cut in (own, parent))
    if mine != theirs:
        return f"it shows the shots of {parent.version} in another order or at another speed"
    return f"its transitions are others than those of {parent.version}" if own.joints != parent.joints else None


def _new(own: Mapping[str, tuple[Span, ...]], parent: Mapping[str, tuple[Span, ...]]) -> bool:
    return any(not set(ranges) <= set(parent.get(medium, ())) for medium, ranges in own.items())


def _within(span: Span, ranges: Iterable[Span]) -> bool:
    return any(one.start_s <= span.start_s and span.end_s <= one.end_s for one in ranges)


def cut_of(version: str, file: str, timeline: Any) -> Cut:
    """What a cut comes to.

    Args:   timeline: relinked to the production's media, so that each is called by the production's own name.
    Raises: TimelineError where a length cannot be told.
    """
    from answerprint.timeline import edit

    found = edit.edit_of(timeline)
    shots = replace(found, picture=tuple(one for one in found.picture if not (one.layer and one.media and _super(one.media.file))))
    sides: dict[str, dict[str, tuple[Span, ...]]] = {"picture": {}, "sound": {}}
    cards: set[str] = set()
    digests: dict[str, str] = {}
    for one in edit.used(timeline):
        name = one.media.file or one.media.name
        sides[one.kind][name] = tuple(sorted({*sides[one.kind].get(name, ()), *one.ranges}))
        if one.media.still or "assets" in name.replace("\\", "/").split("/")[:-1] or _super(name):
            cards.add(name)
        if one.media.digest:
            digests[name] = one.media.digest
    return Cut(
        version=version, file=file, seal=edit.seal_of(found), rhythm=edit.rhythm_of(shots), sound=edit.sound_of(found),
        picture=sides["picture"], heard=sides["sound"], replaceable=frozenset(cards), digests=digests,
        order=tuple((one.start_s, one.media.file or one.media.name, one.source, one.speed) for one in found.picture if one.media),
        joints=tuple((one.at_s, one.before_s, one.after_s) for one in found.joints if one.kind == "picture" and not one.layer),
    )  # fmt: skip


def supers_of(cut: Cut) -> frozenset[str]:
    """The digests of the supers in a cut that were drawn here."""
    return frozenset(digest for file, digest in cut.digests.items() if _super(file))


def _super(name: str) -> bool:
    """Whether a medium is lettering that was drawn here: it moves, and is no shot."""
    parts = name.replace("\\", "/").split("/")
    return any(pair == ("cuts", "supers") for pair in pairwise(parts))


# ---- the list


def read_versions(raw: bytes) -> Family:
    """The family in a versions.csv.

    Raises: FilmError with row (as a spreadsheet counts, the header is row 1) and column.
    """
    rows = tables.read(raw, PAPER, FilmError)
    if not rows or not any(cell.strip() for cell in rows[0]):
        raise FilmError(f"{PAPER}: row 1 is empty; it names the columns: {', '.join(_COLUMNS)}.")
    header = [cell.strip().casefold() for cell in rows[0]]
    _check_header(header)
    found: dict[str, Version] = {}
    where: dict[str, int] = {}
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
            raise FilmError(f"{PAPER}, row {number}: it has {len(row)} cells under {len(header)} columns. A text with a comma stands in quotes.")
        one = _version(number, {name: cell.strip() for name, cell in zip(header, row, strict=False)})
        if one.name.casefold() in found:
            raise FilmError(f"{PAPER}, row {number}, column version: {one.name!r} stands in row {where[one.name.casefold()]} already.")
        found[one.name.casefold()], where[one.name.casefold()] = one, number
    return _family(found, where)


def listed(raw: bytes | None, rows: Iterable[Mapping[str, str]]) -> tuple[bytes, tuple[str, ...]]:
    """A versions.csv with these rows in it. What somebody wrote stays: rows, their order, and what is in a cell; an empty cell is filled,
    a row that is not there comes at the end, a column that is not there on the right.

    Args:    raw: the list as it is; None where there is none yet: it then begins with its first version.  rows: cells by column, each with "version".
    Returns: the new list, and a sentence for every cell that says something else already, which is left as it is.
    Raises:  FilmError: the list, or what it would become, cannot be read.
    """
    family = read_versions(raw) if raw is not None else Family()
    if raw is None:
        raw = f"{','.join(_NEEDED)}\n{family.first.name},,,\n".encode()
    text = raw.decode("utf-8-sig")
    delimiter = tables.delimiter_of(text)
    table = tables.cells(text, delimiter, PAPER, FilmError)
    known = [cell.strip().casefold() for cell in table[0]]
    places = {line[known.index("version")].strip().casefold(): n for n, line in enumerate(table) if n and len(line) > known.index("version")}
    kept: list[str] = []
    for row in rows:
        for column in row:
            if column not in known and row[column]:
                known.append(column)
                table[0].append(column)
        n = places.setdefault(row["version"].casefold(), len(table))
        if n == len(table):
            table.append([])
        line = table[n] = table[n] + [""] * (len(known) - len(table[n]))
        for column, says in row.items():
            if column not in known:
                continue
            place = known.index(column)
            if not line[place].strip():
                line[place] = says
            elif says and line[place].strip().casefold() != says.casefold():
                kept.append(f"{PAPER}, row {n + 1}, column {column}: {row['version']} has {line[place].strip()!r} there, not {says!r}.")
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n" if "\r\n" in text else "\n").writerows(line + [""] * (len(known) - len(line)) for line in table)
    made = (b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b"") + out.getvalue().encode("utf-8")
    read_versions(made)
    return made, tuple(kept)


def _check_header(header: list[str]) -> None:
    for place, name in enumerate(header, 1):
        if name and name not in _COLUMNS:
            near = difflib.get_close_matches(name, _COLUMNS, 1, 0.5)
            raise FilmError(f"{PAPER}, row 1, column {place}: {name!r} is no column. " + (f"Did you mean {near[0]}?" if near else f"There are: {', '.join(_COLUMNS)}."))
        if name and header.index(name) != place - 1:
            raise FilmError(f"{PAPER}, row 1, column {place}: {name!r} stands there twice.")
    lacking = [name for name in _NEEDED if name not in header]
    if lacking:
        raise FilmError(f"{PAPER}, row 1: there is no column {', '.join(lacking)}. The columns are: {', '.join(_COLUMNS)}.")


def _version(number: int, cells: Mapping[str, str]) -> Version:
    name, of, differs = (cells.get(column, "") for column in ("version", "of", "differs"))
    if not name:
        raise FilmError(f"{PAPER}, row {number}, column version: it has no name.")
    if set(name) & set("@:/\\"):
        raise FilmError(f"{PAPER}, row {number}, column version: {name!r}: a version's name has no @, : or slash in it.")
    differs = differs.casefold().replace("cutdown", "cut-down").replace("cut down", "cut-down")
    if of and differs not in DIFFERS:
        near = difflib.get_close_matches(differs, DIFFERS, 1, 0.5)
        says = "it is empty." if not differs else f"{differs!r} is no way to differ."
        raise FilmError(f"{PAPER}, row {number}, column differs: {says} " + (f"Did you mean {near[0]}?" if near else f"There are: {', '.join(DIFFERS)}."))
    if not of and differs:
        raise FilmError(f"{PAPER}, row {number}, column of: {name} differs by {differs}, and from which version is not said.")
    return Version(
        name=name, of=of or None, differs=differs or None, cut=cells.get("cut") or None, shape=cells.get("shape", ""),
        language=cells.get("language", ""), note=cells.get("note", ""), number=cells.get("number", ""),
        specs=tuple(re.split(r"[\s,;]+", specs)) if (specs := cells.get("specs", "")) else (),
        goes={name: said for name in _GOES if (said := cells.get(name, ""))},
    )  # fmt: skip


def _family(found: dict[str, Version], where: Mapping[str, int]) -> Family:
    first = [one for one in found.values() if one.of is None]
    if len(first) > 1:
        names = " and ".join(f"{one.name} (row {where[one.name.casefold()]})" for one in first)
        raise FilmError(f"{PAPER}, column of: {names} come from no other version. One does; say what the others come from.")
    if not first:
        if MASTER in found:
            raise FilmError(f"{PAPER}, row {where[MASTER]}, column of: every version comes from another one. One of them is the first.")
        found = {MASTER: Version(name=MASTER), **found}
    for key, one in found.items():
        if one.of is not None and one.of.casefold() not in found:
            near = difflib.get_close_matches(one.of, [other.name for other in found.values()], 1, 0.5)
            raise FilmError(f"{PAPER}, row {where[key]}, column of: there is no version called {one.of!r}." + (f" Did you mean {near[0]}?" if near else ""))
    spelt = {key: one.name for key, one in found.items()}
    exact = {key: Version(**{**vars(one), "of": spelt[one.of.casefold()] if one.of else None}) for key, one in found.items()}
    for key, one in exact.items():
        walked, now = {key}, one
        while now.of is not None:
            now = exact[now.of.casefold()]
            if now.name.casefold() in walked:
                raise FilmError(f"{PAPER}, row {where[key]}, column of: {one.name} comes from itself in a circle.")
            walked.add(now.name.casefold())
    order = sorted(exact.values(), key=lambda one: one.of is not None)
    return Family(versions=tuple(order))
