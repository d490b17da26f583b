"""Supers for all markets at once: a table of rows becomes a super each, a version each, and one contact sheet to look at.

What the machine makes here is a proposal: every version's contact sheet has to be seen, and the film has to be signed, before it leaves.
Nothing is drawn while anything in the table is wrong. What somebody changed by hand is left alone.
"""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint import finishing
from answerprint.film import PAPER, listed
from answerprint.keep import disk_sentence, write_whole
from answerprint.model.charter import Execution
from answerprint.model.records import AnswerprintError, Digest
from answerprint.plan import digest_of, small_digest
from answerprint.supering.backdrops import Backdrops
from answerprint.supering.checking import Checked, check, stage_of, table_fault, template_digest, template_of
from answerprint.supering.drawing import FOLDER, Job, Shop
from answerprint.supering.laying import Laid, Lettering, laid
from answerprint.supering.markets import Market, SuperingError, read, rows_of, seal
from answerprint.timekeeping import timed

if TYPE_CHECKING:
    from answerprint.desk import Desk
    from answerprint.production import Production

__all__ = ["Checked", "Drawn", "Outcome", "SuperingError", "example", "looked_at", "since", "stage_of", "supers", "table_fault", "template_digest", "template_of"]

Watch = Callable[[str, float], None]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """One super that lies there as its row says it."""

    row: int
    version: str
    template: str
    file: str
    digest: Digest
    first: int  #: frames of the film, half-open
    end: int
    anew: bool  #: drawn now; it lay there already where not


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a table of markets came to."""

    drawn: tuple[Drawn, ...]
    versions: tuple[str, ...]  #: whose cuts show their supers now
    left: tuple[str, ...] = ()  #: what was left as it is, and why
    says: tuple[str, ...] = ()  #: what is worth knowing
    gone: tuple[str, ...] = ()  #: what was made for versions that the table does not have any more; it stays
    sheet: tuple[Path, ...] = ()  #: PNG and page


def looked_at(production: Production, data: Path, *, template: str = "", of: str = "", only: Sequence[str] = (), watch: Watch = lambda what, share: None) -> Checked:
    """Hold a table against everything, and draw nothing.

    Raises: SuperingError: it cannot be read.
    """
    from answerprint.desk import Desk

    desk = Desk(production)
    with Backdrops(desk) as backdrops:
        return _checked(desk, data, template, of, only, Shop(production, _ours(production)), backdrops, watch)[0]


@timed("supers", Execution.SUPERS)
def supers(production: Production, data: Path, *, template: str = "", of: str = "", only: Sequence[str] = (), watch: Watch = lambda what, share: None) -> Outcome:
    """Make every super and every version of a table of markets.

    Args:   data: the table.  template, of: for rows that say none.  only: versions, or rows by their number, with all rows of those versions.
            watch: called with (what, share done).
    Raises: SuperingError: something is wrong with it, all of it listed, and nothing was drawn; or another program draws here now.
    """
    from answerprint.desk import Desk
    from answerprint.supering import sheet

    with _alone(production):
        desk = Desk(production)
        shop = Shop(production, _ours(production))
        with Backdrops(desk) as backdrops:
            found, every = _checked(desk, data, template, of, only, shop, backdrops, watch)
            if found.faults:
                raise table_fault(found.faults, data.name)
            no = finishing.refused(production, "supers")
            jobs = [job for job in found.jobs if job.version not in no]
            left = [f"{one.about}: {one.by} refused its supers{f': {one.because}' if one.because else ''}. They are left alone." for one in no.values() if any(job.version == one.about for job in found.jobs)]
            drawn, used = _draw(jobs, shop, watch)
            versions, more = _lay(desk, jobs, drawn, used, data)
            _enlist(production, [row for row in found.rows if row["version"] in {job.version for job in jobs}])
            cells = []
            for number, job in enumerate(jobs, 1):
                watch(f"contact sheet, {job.version}", (number - 1) / len(jobs))
                cells.append(sheet.cell(job, backdrops))
            pictures = sheet.write(production.path / FOLDER, f"{production.settings['title'] or production.path.name}: supers of {data.name}", cells) if cells else ()
        return Outcome(
            drawn=tuple(drawn), versions=tuple(versions), left=(*left, *more), says=(*found.says, *backdrops.says), gone=_gone(production, every, _called(production, data)), sheet=tuple(pictures),
        )  # fmt: skip


def _checked(desk: Desk, data: Path, template: str, of: str, only: Sequence[str], shop: Shop, backdrops: Backdrops, watch: Watch) -> tuple[Checked, tuple[Market, ...]]:
    """What the table comes to, and all of its rows."""
    raw, name = read(data)
    every, faults = rows_of(raw, name, template=template, of=of)
    rows = _wanted(every, only)
    if faults:
        return Checked(faults=list(faults)), every
    return check(desk, rows, name, shop, backdrops, watch=watch), every


def _wanted(rows: Sequence[Market], only: Sequence[str]) -> Sequence[Market]:
    """Raises: SuperingError: there is no such row."""
    if not only:
        return rows
    named: set[str] = set()
    for text in only:
        hits = [one.version.casefold() for one in rows if text.casefold() == one.version.casefold() or text == str(one.row)]
        if not hits:
            there = ", ".join(dict.fromkeys(one.version for one in rows))
            raise SuperingError(f"there is no row {text!r} in the table. There are: {there}; or say the number of a row as the spreadsheet counts.")
        named |= set(hits)
    return [one for one in rows if one.version.casefold() in named]


def _ours(production: Production) -> frozenset[Digest]:
    """Everything that was ever made here for supers."""
    return frozenset(digest for one in finishing.history(production) if one.what == "supers" for digest in one.files.values())


@contextlib.contextmanager
def _alone(production: Production) -> Iterator[None]:
    """Hold a production's supers for one program."""
    from answerprint.run import locked

    try:
        production.inside.mkdir(parents=True, exist_ok=True)
        lock = open(production.inside / "supers.lock", "a+b")
    except OSError as cause:
        raise SuperingError(disk_sentence(cause, str(production.inside))) from cause
    with lock:
        if not locked(lock.fileno()):
            raise SuperingError("another program draws supers for this production now. Let it finish, and start again: what it drew is not drawn twice.")
        yield


def _draw(jobs: Sequence[Job], shop: Shop, watch: Watch) -> tuple[list[Drawn], dict[str, dict[str, Digest]]]:
    drawn, used = [], {}
    for number, job in enumerate(jobs):
        watch(f"drawing {Path(job.file).stem}", number / len(jobs))
        used[job.file] = shop.used(job)
        standing = shop.standing(job, used[job.file])
        digest = standing or shop.draw(job, used[job.file])
        drawn.append(
            Drawn(row=job.market.row, version=job.version, template=job.template.name, file=job.file, digest=digest, first=job.place.first, end=job.place.end, anew=standing is None)
        )
    if jobs:
        watch("drawing", 1.0)
    return drawn, used


def _lay(desk: Desk, jobs: Sequence[Job], drawn: Sequence[Drawn], used: dict[str, dict[str, Digest]], data: Path) -> tuple[list[str], list[str]]:
    """Write the cut of every version, and what was made into the record; a cut that somebody changed is left as it is."""
    from answerprint.timeline.formats.otio import format as otio
    from answerprint.turnover import safe_name

    production, made, left = desk.production, [], []
    assert otio.write is not None
    ours = _ours(production)
    for version in dict.fromkeys(job.version for job in jobs):
        mine = [(job, one) for job, one in zip(jobs, drawn, strict=True) if job.version == version]
        first = mine[0][0]
        cut = f"cuts/{safe_name(version)}.otio"
        files: dict[str, bytes | Digest] = {one.file: one.digest for _, one in mine}
        laid_in = [
            Laid(what=Lettering(version=version, template=job.template.name), file=job.file, path=production.path / job.file, digest=one.digest, place=job.place, size=job.stage.size)
            for job, one in mine
        ]
        raw = otio.write(laid(desk.timeline(first.parent), laid_in, name=version, rate=first.rate), {})[0]
        there = small_digest(production.path / cut)
        if there not in ("missing", digest_of(raw)) and there not in ours:
            left.append(f"{cut}: somebody changed it since it was made, or brought it. It stays as it is; what it shows of {FOLDER} is drawn as the table says now.")
        else:
            files[cut] = raw
        inputs = [*(job.row_digest for job, _ in mine), *(job.template_digest for job, _ in mine), *(digest for job, _ in mine for digest in used[job.file].values())]
        finishing.propose(production, "supers", version, inputs=list(dict.fromkeys(inputs)), files=files, values=_values(production, mine, used, data))
        if isinstance(files.get(cut), bytes):
            write_whole(production.path / cut, raw)
            made.append(version)
    return made, left


def _values(production: Production, mine: Sequence[tuple[Job, Drawn]], used: dict[str, dict[str, Digest]], data: Path) -> dict[str, Any]:
    """What stands in the record of a version's supers: whole numbers and text."""
    first = mine[0][0]
    return {
        "data": _called(production, data), "of": first.parent, "rate": str(first.rate), "size": list(first.stage.size), "language": first.stage.language or "",
        "supers": [
            {
                "file": one.file, "digest": one.digest, "row": one.row, "template": one.template, "template digest": job.template_digest, "named": job.market.template, "first": one.first, "end": one.end,
                "values": [[name, value] for name, value in job.values.items()], "rules": [rule.name for rule in job.rules], "fields": list(job.fields), "assets": [[name, digest] for name, digest in sorted(used[job.file].items()) if name.startswith("assets/")], "seal": job.row_digest,
            }
            for job, one in mine
        ],
    }  # fmt: skip


def _called(production: Production, data: Path) -> str:
    """A table by its place in the production; one from elsewhere by its name alone."""
    whole, home = data.resolve(), production.path.resolve()
    return whole.relative_to(home).as_posix() if whole.is_relative_to(home) else data.name


def _enlist(production: Production, rows: Sequence[dict[str, str]]) -> None:
    """Put the versions into versions.csv, where nothing of what people wrote is lost."""
    from answerprint.run import held

    path = production.path / PAPER
    try:
        with held(production.inside, "papers"):
            raw = path.read_bytes() if path.is_file() else None
            made, _ = listed(raw, rows)
            if rows and made != raw:
                write_whole(path, made)
    except OSError as cause:
        raise SuperingError(disk_sentence(cause, PAPER)) from cause


def _gone(production: Production, rows: Sequence[Market], name: str) -> tuple[str, ...]:
    """What was made from a table of this name for versions that it has no row for now."""
    there = {one.version.casefold() for one in rows}
    before = [one for one in finishing.made(production, "supers").values() if one.values.get("data") == name and one.about.casefold() not in there]
    return tuple(f"{one.about} is in {name} no more. What was made for it stays: {', '.join(one.files)}, and its row in {PAPER}." for one in before)


# ---- since then


def since(production: Production, one: finishing.Made) -> tuple[str, ...]:
    """What a version's supers were made from that says something else now: their rows, their templates. Empty where all is as it was, and where
    the table lies elsewhere.

    Args: one: the entry about the version's supers.
    """
    name = str(one.values.get("data", ""))
    table = production.path / name
    if not name or not table.is_file():
        return ()
    raw, found, turns = table.read_bytes(), [], dict[str, int]()
    for drawn in one.values.get("supers", ()):
        named, file = str(drawn.get("named", "")), str(drawn.get("file", ""))
        try:
            rows = [row for row in rows_of(raw, name, template=named)[0] if row.version.casefold() == one.about.casefold() and row.template == named]
            now = template_digest(named, production.path)
        except (AnswerprintError, OSError, UnicodeDecodeError) as cause:
            found.append(f"{file} cannot be held against what it was made from: {cause}")
            continue
        turn = turns[named] = turns.get(named, -1) + 1
        if turn >= len(rows):
            found.append(f"{name} has no row any more for {file}.")
        elif seal(rows[turn], named, drawn.get("fields", ())) != drawn.get("seal"):
            found.append(f"row {rows[turn].row} of {name} says something else now than {file} shows.")
        if now != drawn.get("template digest"):
            found.append(f"the template {named} was changed since {file} was drawn.")
    return tuple(found)


# ---- a table to start from


def example(production: Production, place: Path) -> Path:
    """Write a table of markets to start from: the columns of the template "super", and a row each for three languages.

    Raises: SuperingError: something lies there already.
    """
    from answerprint.delivery import supers

    if place.exists():
        raise SuperingError(f"{place} is there already, and is not written over. Name another: --data NAME.csv")
    fields = [one.name for one in reversed(supers.fields(supers.template("super", production.path))) if one.kind == "text"]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["version", "template", "language", "at", "for", *fields])
    for language, words in _WORDS.items():
        writer.writerow([language, "super", language, "1", "3", *(words[number] if number < len(words) else "" for number in range(len(fields)))])
    write_whole(place, out.getvalue().encode("utf-8"))
    return place


#: Lines for the rows of the example; people write their own over them.
_WORDS = {"en": ("New", "From Monday in all shops"), "de": ("Neu", "Ab Montag in allen Filialen"), "ar": ("جديد", "ابتداءً من يوم الاثنين في جميع المتاجر")}
