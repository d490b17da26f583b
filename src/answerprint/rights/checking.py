"""The list of rights held against versions: what a version goes beyond, what of it no row speaks of, what ends soon."""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from answerprint.desk import Desk
from answerprint.film import PAPER as VERSIONS
from answerprint.film import Cut
from answerprint.keep import disk_sentence
from answerprint.rights.paper import PAPER, Right, RightsError, is_temp, read_rights
from answerprint.rights.within import Within, within
from answerprint.rights.words import MEDIA, day, lacking, media, media_of_spec, territories

if TYPE_CHECKING:
    from answerprint.films import Asked

__all__ = ["AHEAD_DAYS", "Listed", "absent", "check", "endings", "listed", "notes", "of"]

AHEAD_DAYS = 60  #: how long before its end a right is named: time to renew a licence, or to recut
_FORBIDS_ALL = re.compile(r"(no|none|not allowed|forbidden|excluded|no ai|no ai (use|processing|at all)|no use of ai)")
_FORBIDS_MADE = re.compile(r"no (generative ai|ai generation|generated .*|digital replicas?|synthetic .*|synthesis|deepfakes?|voice clon(e|es|ing))")
_FORBIDS_NOTHING = re.compile(r"|-|yes|ok|allowed|ai allowed|permitted|ai permitted|no (ai )?training|no training of ai")


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One right as a table shows it: what it is about here, and what is to be said of it today."""

    right: Right
    versions: tuple[str, ...]  #: that it touches
    files: tuple[str, ...]  #: of those, that it names; empty: the film as a whole
    days_left: int | None  #: below 0: it ended; None: no end
    says: tuple[str, ...] = ()

    @property
    def plain(self) -> dict[str, object]:
        """For other programs: days as 2026-11-22, null where nothing limits it."""
        one = self.right
        return {
            "row": one.row, "item": one.item, "what": one.what, "holder": one.holder, "media": sorted(one.media) if one.media else None,
            "territory": sorted(one.territory) if one.territory else None, "from": str(one.begins) if one.begins else None, "until": str(one.ends) if one.ends else None,
            "ai_clause": one.ai, "paper": one.paper, "applies_to": list(one.applies), "note": one.note, "temp": one.temp,
            "versions": list(self.versions), "files": list(self.files), "days_left": self.days_left, "says": list(self.says),
        }  # fmt: skip


_READ: weakref.WeakKeyDictionary[Desk, tuple[Right, ...] | RightsError] = weakref.WeakKeyDictionary()


def of(desk: Desk) -> tuple[Right, ...]:
    """The rights that the production lists, in the order of rights.csv; none where there is no such list.

    Raises: RightsError: it cannot be read.
    """
    if desk not in _READ:
        try:
            _READ[desk] = read_rights((desk.path / PAPER).read_bytes())
        except FileNotFoundError:
            _READ[desk] = ()
        except OSError as cause:
            _READ[desk] = RightsError(disk_sentence(cause, PAPER))
        except RightsError as error:
            _READ[desk] = error
    found = _READ[desk]
    if isinstance(found, RightsError):
        raise found
    return found


# ---- for the gate


def check(desk: Desk, cut: Cut, asked: Asked | None = None, *, today: date | None = None) -> tuple[str, ...]:
    """Why rights do not let a version go out, a sentence each; empty: nothing that is listed forbids it, and nothing that needs a row lacks one.

    Args: asked: the films that are asked for: their specs say for which media. None: what the version is delivered for.  today: of the test.
    """
    try:
        rights = of(desk)
        now = today or date.today()
        goes = _goes(desk, cut.version, asked, now)
    except (RightsError, ValueError) as error:
        return (str(error),)
    inside = within(desk, cut, asked)
    found = [*_temp(rights, inside, cut.version), *_unlisted(rights, inside, cut.version), *_in_library(rights, inside, goes, cut.version)]
    if inside.unasked:
        found.append(f"{cut.version}: {inside.unasked}")
    for right in rights:
        if not right.temp and (files := _touched(right, inside, cut.version)) is not None:
            found += [f"{cut.version}: {says}" for says in (*_beyond(right, goes), *_by_machine(right, files, inside))]
    return tuple(dict.fromkeys(found))


def absent(desk: Desk, cut: Cut, asked: Asked | None = None) -> str:
    """Why rights have nothing to speak about in this film, in a sentence; "" where they have."""
    inside = within(desk, cut, asked)
    if (desk.path / PAPER).exists() or inside.needing or any(is_temp(name) for name in inside.named):
        return ""
    return f"rights: no music bed, stock or generated picture in {cut.version}; there is no {PAPER}, so nothing is known of talent, locations and artwork"


def notes(desk: Desk, versions: Sequence[str] = (), *, today: date | None = None) -> tuple[str, ...]:
    """What is worth knowing and blocks nothing: rights that end soon, rows that touch nothing, clauses that only people can read."""
    try:
        rows = listed(desk, today=today)
    except RightsError:
        return ()  # the check says it
    found = list(endings(desk, today=today))
    for row in rows:
        here = [version for version in row.versions if not versions or version in versions]
        if row.right.temp and not row.files and not any(row.right.names_version(version) for version in row.versions):
            found.append(f"{PAPER}, row {row.right.row}: {row.right.called} is temp, and the row names no file that is in a cut. Where it is in one, write that file under “applies to”.")
        elif not row.versions and row.right.applies:
            found.append(f"{PAPER}, row {row.right.row}: {row.right.called} applies to {', '.join(row.right.applies)}, which is in no version's cut.")
        elif here and _clause(row.right) == "read":
            found.append(f"{PAPER}, row {row.right.row}: the AI clause of {row.right.called} is for people to read: “{row.right.ai}”.")
    return tuple(found)


def endings(desk: Desk, *, today: date | None = None) -> tuple[str, ...]:
    """Rights that end within the next 60 days, a sentence each with the versions that they touch, the first to end first. Blocks nothing."""
    now = today or date.today()
    try:
        rows = [row for row in listed(desk, today=now) if row.days_left is not None and 0 <= row.days_left <= AHEAD_DAYS and row.versions]
    except RightsError:
        return ()
    return tuple(
        f"{row.right.called} ends on {row.right.ends}, {_in_days(row.days_left or 0)}: {', '.join(row.versions)}."
        for row in sorted(rows, key=lambda row: (row.days_left or 0, row.right.row))
    )


def listed(desk: Desk, *, today: date | None = None) -> tuple[Listed, ...]:
    """Every right with the versions and files that it touches.

    Raises: RightsError: rights.csv cannot be read.
    """
    now = today or date.today()
    known = _LISTED.setdefault(desk, {})
    if now not in known:
        known[now] = tuple(_listed(desk, now))
    return known[now]


_LISTED: weakref.WeakKeyDictionary[Desk, dict[date, tuple[Listed, ...]]] = weakref.WeakKeyDictionary()


def _listed(desk: Desk, now: date) -> Iterator[Listed]:
    films = {version: within(desk, cut, None) for version, cut in desk.cuts.items()}
    for right in of(desk):
        files: dict[str, None] = {}
        versions = []
        says: dict[str, None] = {}
        for version, inside in films.items():
            touched = _touched(right, inside, version)
            if touched is None:
                continue
            versions.append(version)
            files |= dict.fromkeys(touched)
            try:
                beyond = tuple(_beyond(right, _goes(desk, version, None, now)))
            except ValueError as error:
                beyond = (str(error),)
            says |= {f"{version}: {line}": None for line in (*beyond, *_by_machine(right, touched, inside))}
        left = (right.ends - now).days if right.ends else None
        yield Listed(right=right, versions=tuple(versions), files=tuple(files), days_left=left, says=tuple(says))


# ---- one right, one version


@dataclass(frozen=True, kw_only=True)
class _Goes:
    """Where a version goes, as far as anybody says it."""

    media: frozenset[str] | None
    specs: tuple[str, ...]
    territory: frozenset[str] | None
    everywhere: bool
    first: date
    last: date
    airs: bool


def _goes(desk: Desk, version: str, asked: Asked | None, today: date) -> _Goes:
    """Raises: ValueError: a day in versions.csv that is none."""
    specs = _specs(desk, version, asked)
    days: dict[str, date | None] = {}
    for name in ("airs from", "airs until"):
        try:
            days[name] = day(desk.family.goes(version, name))
        except ValueError as cause:
            raise ValueError(f"{VERSIONS}, column {name}, {version}: {cause}") from cause
    first = max(days["airs from"] or today, today)
    said, where = desk.family.goes(version, "media"), desk.family.goes(version, "territory")
    by_spec = frozenset(one for name in specs if (one := media_of_spec(name)))
    return _Goes(
        media=(media(said) or frozenset(MEDIA)) if said else by_spec or None, specs=specs, territory=territories(where), everywhere=bool(where) and territories(where) is None,
        first=first, last=max(days["airs until"] or first, first), airs=bool(days["airs from"] or days["airs until"]),
    )  # fmt: skip


def _specs(desk: Desk, version: str, asked: Asked | None) -> tuple[str, ...]:
    if asked is not None:
        return asked.needed(desk, version) or tuple(one.spec for one in asked.standing(desk, version))
    return desk.family[version].specs or tuple(desk.production.settings["specs"])


def _touched(right: Right, inside: Within, version: str) -> tuple[str, ...] | None:
    """The files of a version that a right is about; empty: the film as a whole; None: it is not about this version."""
    files = tuple(file for file in dict.fromkeys((*inside.named, *(inside.beneath if right.what in ("talent", "generated") else ()))) if right.names(file))
    if right.names_version(version):
        return files
    if right.applies:
        return files or None
    return files if files or not _is_file(right.item) else None


def _is_file(text: str) -> bool:
    return re.fullmatch(r"\.[a-z0-9]{2,5}", PurePosixPath(text.casefold()).suffix) is not None


def _beyond(right: Right, goes: _Goes, paper: str = PAPER) -> Iterator[str]:
    """What of a version's use a right does not hold for. Args: paper: the list that it stands in."""
    row = f"({paper}, row {right.row})"
    if right.ends is not None and right.ends < goes.first:
        yield f"{right.called} ended on {right.ends} {row}. Renew it, or take what it covers out of the cut."
    elif right.ends is not None and right.ends < goes.last:
        yield f"{right.called} ends on {right.ends}, and the version airs until {goes.last} {row}. Renew it, or take it off the air then."
    if right.begins is not None and right.begins > goes.first:
        yield f"{right.called} begins on {right.begins} {row}, and the version may go out {'from ' + str(goes.first) if goes.airs else 'today'}. Wait, or say `airs from` in {VERSIONS}."
    if right.territory is not None:
        given = right.written.get("territory", "")
        if goes.everywhere or (goes.territory is not None and (out := lacking(goes.territory, right.territory))):
            where = "worldwide" if goes.everywhere else ", ".join(out)
            yield f"{right.called} holds for {given}, and the version goes to {where} {row}."
        elif goes.territory is None:
            yield f"{right.called} holds for {given} alone {row}, and nobody says where the version goes. Write it into the column territory of {VERSIONS}."
    if right.media is not None:
        given = right.written.get("media", "")
        if goes.media is not None and (out := lacking(goes.media, right.media)):
            yield f"{right.called} holds for {given}, and the version goes to {', '.join(out)} {row}."
        elif goes.media is None:
            yield f"{right.called} holds for {given} alone {row}, and nobody says for which media the version is. Write it into the column media of {VERSIONS}."


def _clause(right: Right) -> str:
    """What an AI clause forbids: "all", "made" (what is generated), "nothing", or "read": only people can say."""
    said = " ".join(right.ai.casefold().split()).rstrip(".!")
    for pattern, word in ((_FORBIDS_NOTHING, "nothing"), (_FORBIDS_ALL, "all"), (_FORBIDS_MADE, "made")):
        if pattern.fullmatch(said):
            return word
    return "read"


def _by_machine(right: Right, files: Sequence[str], inside: Within) -> Iterator[str]:
    """What was done with AI to something whose clause forbids it."""
    clause = _clause(right)
    if clause not in ("all", "made"):
        return
    about = files or inside.named
    if right.what == "generated":
        yield f"{right.called} is generated, and its AI clause says “{right.ai}” ({PAPER}, row {right.row})."
    for file, how in (*inside.generated.items(), *(inside.machined.items() if clause == "all" else ())):
        if file in about:
            yield f"{right.called}: the AI clause says “{right.ai}” ({PAPER}, row {right.row}), and {file} {how}."


# ---- what no row speaks of, and what was only for the cutting room


def _temp(rights: Sequence[Right], inside: Within, version: str) -> Iterator[str]:
    for file, role in inside.named.items():
        row = next((right for right in rights if right.temp and (right.names(file))), None)
        if row is not None:
            yield f"{version}: {file} is temp by {PAPER}, row {row.row}: it may be cut with, and does not go out. Put in what is licensed."
        elif is_temp(_own_name(file)) or is_temp(role):
            yield f"{version}: {file} calls itself temp: it may be cut with, and does not go out. Put in what is licensed, under a name of its own."
    for right in rights:
        if right.temp and right.names_version(version):
            yield f"{version}: {right.called} is temp by {PAPER}, row {right.row}, which names this version: it does not go out with it. Put in what is licensed."
        elif right.temp and not right.applies and not _is_file(right.item) and not any(right.names(file) for file in inside.named):
            yield f"{version}: {right.called} is temp by {PAPER}, row {right.row}, and no file is named there, so no version goes out. Write the file under “applies to”, or take the row out."


def _own_name(file: str) -> str:
    """A name as far as the production gave it: of a file that lies elsewhere, only its own."""
    return PurePosixPath(file).name if PurePosixPath(file).is_absolute() else file


def _unlisted(rights: Sequence[Right], inside: Within, version: str) -> Iterator[str]:
    """Music, stock and generated media that no row names."""
    for file, what in inside.needing.items():
        if is_temp(_own_name(file)) or any(right.names(file) for right in rights):
            continue
        same = [right for right in rights if right.what == what and not right.applies]
        held = f" ({inside.footage[file].name} of the library: {inside.footage[file].licence.says})" if file in inside.footage else ""
        how = f"Write {file} under “applies to” in row {same[0].row} ({same[0].item}), where it is that." if same else f"List it in {PAPER}: item, holder, and {file} under “applies to”."
        yield f"{version}: {_KINDS[what]} {file} has no right listed{held}. {how}"


def _in_library(rights: Sequence[Right], inside: Within, goes: _Goes, version: str) -> Iterator[str]:
    """What the library's own lists say of footage that no row of the production speaks of: that row would be somebody's word for this film."""
    for file, one in inside.footage.items():
        if any(right.names(file) for right in rights):
            continue
        for right in one.licence.rows:
            if right.temp:
                yield f"{version}: {file} is {one.name} of the library, and {right.called} is there for the cutting room only (the library's {PAPER}, row {right.row}). Put in what is licensed."
            else:
                yield from (f"{version}: {file} is {one.name} of the library, and {says}" for says in _beyond(right, goes, f"the library's {PAPER}"))


_KINDS: Mapping[str, str] = {"music": "the music", "stock": "the stock picture", "generated": "the generated picture or sound"}


def _in_days(days: int) -> str:
    return "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"

