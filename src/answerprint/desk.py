"""The desk: a production as somebody who decides has it in front of them. Script, attempts, versions, cuts, drafts, what is signed.

It reads and gathers, each thing when it is first asked for; it changes nothing.
"""

from __future__ import annotations

import difflib
import functools
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint import drafts, stale
from answerprint.assistant import Table
from answerprint.book import Book, Current
from answerprint.drafts import Draft
from answerprint.film import PAPER, Cut, Family, FilmError, cut_of, read_versions
from answerprint.keep import KeepError, disk_sentence
from answerprint.model.charter import Execution
from answerprint.model.judgments import Decided
from answerprint.model.records import AnswerprintError, Digest
from answerprint.plan import digest_of, small_digest
from answerprint.relinking import relinked, seen_as
from answerprint.rushes import shown
from answerprint.turnover import read_cut, rough_cut, rough_cuts

if TYPE_CHECKING:
    from answerprint.production import Production
    from answerprint.shoot import Shoot

__all__ = ["FILM", "CutFile", "Desk", "DeskError", "Try", "nearest"]

FILM = "film"  #: what a decision about a whole version is about: "film:master"
CUTS = (".otio", ".otioz", ".fcpxml", ".fcpxmld", ".xml", ".edl")


class DeskError(AnswerprintError):
    """Something that was named and is not there."""


@dataclass(frozen=True, kw_only=True)
class Try:
    """One attempt under the names that people call it by."""

    name: str  #: "A001_C005#2"
    slate: str  #: "1A-3 A"
    file: str
    clip: Digest
    attempt: int
    in_s: str
    out_s: str
    items: tuple[int, ...]
    picture: bool

    @property
    def words(self) -> str:
        """As a list shows it: both names."""
        return f"{self.slate} ({self.name})"


@dataclass(frozen=True, kw_only=True)
class CutFile:
    """A cut as it was read: relinked to the production's media, and what it comes to."""

    cut: Cut
    timeline: Any


def nearest(name: str, known: Iterable[str]) -> str:
    """The sentence that helps after a name that does not exist."""
    there = list(dict.fromkeys(known))
    folded = {one.casefold(): one for one in there}
    near = difflib.get_close_matches(name.casefold(), list(folded), 1, 0.5)
    if near:
        return f"Did you mean {folded[near[0]]}?"
    listed = ", ".join(there[:8]) + (f" and {len(there) - 8} more" if len(there) > 8 else "")
    return f"There is: {listed}." if there else "There is nothing of that kind here yet."


class Desk:
    """What lies on the desk. Make a new one after anything was signed or chosen."""

    def __init__(self, production: Production) -> None:
        self.production = production
        self.path = production.path
        self._read: dict[str, CutFile] = {}

    # ---- the shoot

    @functools.cached_property
    def table(self) -> Table:
        return Table(self.production)

    @property
    def shoot(self) -> Shoot:
        return self.table.shoot

    @functools.cached_property
    def items(self) -> dict[int, Any]:
        """The items of the script by number; none where there is no script."""
        return {item.number: item for item in self.table.items()}

    @functools.cached_property
    def tries(self) -> tuple[Try, ...]:
        """Every attempt in shooting order."""
        from answerprint.timeline.slates import slate_name

        names = {f"{strung.clip.digest}#{strung.attempt.number}": slate_name(strung) for strung in self.table.strung()}
        out = []
        for unit, attempt, covered in self.table.tries:
            file, digest = seen_as(unit)
            name = f"{Path(file).stem}#{attempt.number}"
            out.append(
                Try(name=name, slate=names.get(f"{digest}#{attempt.number}", name), file=file, clip=digest, attempt=attempt.number,
                    in_s=str(attempt.in_s), out_s=str(attempt.out_s), items=tuple(dict.fromkeys(one.item for one in covered)),
                    picture=unit.is_clip)
            )  # fmt: skip
        return tuple(out)

    @functools.cached_property
    def unprepared(self) -> bool:
        """Whether prep has work to do before anything is known of the attempts: nothing may be said of them until then."""
        return not self.tries and (bool(self.shoot.waiting) or (bool(self.shoot.clips) and any(True for _ in self.shoot.plan.open())))

    @functools.cached_property
    def half_read(self) -> tuple[str, ...]:
        """Clips and sounds that are known and not read to the end by this version of the program: their attempts may be others tomorrow, and
        nothing that was signed about them is stale before they are. Without those that prep failed at."""
        return tuple(file for file in self.unread if file not in self.shoot.waiting)

    @functools.cached_property
    def unread(self) -> tuple[str, ...]:
        """Media that lie there and that no prep has read yet, or not to the end: what they cover is not known. Without those that it failed at."""
        from answerprint.shoot import open_problems

        told = {problem.file for problem in self.shoot.problems}
        failed = told | {row["file"] for row in open_problems(self.production, self.shoot, told)}
        begun = [seen_as(unit)[0] for unit in self.shoot.plan.unfinished("lining") if unit.file not in failed]
        return tuple(dict.fromkeys([*(file for file in self.shoot.waiting if file not in told), *begun]))

    @functools.cached_property
    def offline(self) -> tuple[str, ...]:
        """Media of which neither the original nor its proxy is there now: they are known, and cannot be looked at."""
        return tuple(seen_as(one)[0] for one in self.shoot.units if one.path is None and (one.original is None or one.original.path is None))

    def tries_at(self, item: int) -> tuple[Try, ...]:
        """Every attempt at an item, in shooting order."""
        return self._tries_at.get(item, ())

    @functools.cached_property
    def _tries_at(self) -> dict[int, tuple[Try, ...]]:
        found: dict[int, list[Try]] = {}
        for one in self.tries:
            for item in one.items:
                found.setdefault(item, []).append(one)
        return {item: tuple(tries) for item, tries in found.items()}

    def item(self, text: str) -> int:
        """The number of an item that somebody named.

        Raises: DeskError: the script has no such item, or there is no script.
        """
        if not self.items:
            raise DeskError("there is no script here, so there are no items. Put script.fountain, .fdx or a two-column .csv into the production.")
        if not text.isdecimal() or int(text) not in self.items:
            raise DeskError(f"the script has no item {text!r}. It has items {min(self.items)} to {max(self.items)}.")
        return int(text)

    @functools.cached_property
    def names(self) -> dict[Digest, str]:
        """A medium's file by its digest."""
        return {digest: file for file, digest in map(seen_as, self.shoot.units)}

    # ---- what is signed and what is chosen

    @functools.cached_property
    def book(self) -> Book | None:
        """The record as people read it; None where there is none yet."""
        record = self.production.reader()
        if record is None:
            return None
        with record:
            return Book(record)

    @functools.cached_property
    def findings(self) -> dict[int | None, tuple[str, ...]]:
        """What the check finds wrong with the whole record, by entry; nothing where there is no record yet."""
        return self.book.findings() if self.book else {}

    @functools.cached_property
    def decisions(self) -> dict[tuple[str, str], Current]:
        """What stands signed, by judgment and thing."""
        return self.book.decisions if self.book else {}

    @functools.cached_property
    def drafts(self) -> dict[tuple[str, str], Draft]:
        """What is chosen and not signed."""
        return drafts.read(self.production.inside)

    # ---- versions and their cuts

    @functools.cached_property
    def family(self) -> Family:
        """The versions of the film.

        Raises: FilmError: versions.csv cannot be read; row and column are said.
        """
        path = self.path / PAPER
        try:
            return read_versions(path.read_bytes())
        except FileNotFoundError:
            return Family()
        except OSError as cause:
            raise FilmError(disk_sentence(cause, PAPER)) from cause

    def cut_name(self, version: str) -> str | None:
        """The file of a version's cut: the draft's, else the one that versions.csv names, else the signed one; None where there is none."""
        which = "final edit", f"{FILM}:{version}"
        draft, signed = self.drafts.get(which), self.decisions.get(which)
        if draft is not None:
            return draft.choice.get("file")
        listed = self.family[version].cut
        if listed:
            return self.cut_file(listed, missing_ok=True)
        return signed.decided.choice.get("file") if signed else None

    def cut_file(self, text: str, *, missing_ok: bool = False) -> str:
        """A cut that somebody named, as the production calls it: "cuts/v03.otio".

        Raises: DeskError: there is none; the nearest name is said.
        """
        for place in (self.path / text, self.path / "cuts" / text, Path.cwd() / text):
            if place.is_file() or (place.is_dir() and place.suffix == ".fcpxmld"):
                return self._name(place)
        known = self.cut_files()
        stems = [name for name in known if Path(name).stem.casefold() == Path(text).stem.casefold() and "." not in Path(text).name]
        if len(stems) == 1:
            return stems[0]
        if missing_ok:
            return text if "/" in text else f"cuts/{text}"
        raise DeskError(f"there is no cut called {shown(text)}. {nearest(Path(text).name, (Path(one).name for one in known))}")

    def cut_files(self) -> list[str]:
        """Every cut in cuts/, by name."""
        folder = self.path / "cuts"
        found = sorted(folder.iterdir()) if folder.is_dir() else []
        return [f"cuts/{shown(one.name)}" for one in found if one.suffix.lower() in CUTS]

    def read(self, file: str, version: str) -> CutFile:
        """A cut, relinked to the production's media.

        Raises: TurnoverError, TimelineError, DeskError: it cannot be read, or is no single cut.
        """
        if file not in self._read:
            timelines, _, raw = read_cut(self.path / file, rate=self.production.settings.rate)
            if len(timelines) != 1:
                raise DeskError(f"{file}: there are {len(timelines)} timelines in it. A version's cut is one: export it by itself.")
            timeline = relinked(timelines[0], self.path, self.shoot.units, self.names)
            self._read[file] = CutFile(cut=replace(cut_of(version, file, timeline), written=digest_of(raw)), timeline=timeline)
        known = self._read[file]
        return replace(known, cut=replace(known.cut, version=version))

    @functools.cached_property
    def _looked(self) -> tuple[dict[str, CutFile], dict[str, str]]:
        found: dict[str, CutFile] = {}
        problems: dict[str, str] = {}
        for one in self.family.versions:
            file = self.cut_name(one.name)
            try:
                if file is None:
                    problems[one.name] = f"{one.name} has no cut yet. Name it: answerprint choose film:{one.name} cuts/FILE"
                else:
                    found[one.name] = self.read(file, one.name)
            except AnswerprintError as error:
                problems[one.name] = f"the cut of {one.name} cannot be read: {error}"
        return found, problems

    @property
    def cut_problems(self) -> dict[str, str]:
        """Why a version has no cut that could be looked at, by version, in sentences."""
        return self._looked[1]

    @functools.cached_property
    def cuts(self) -> dict[str, Cut]:
        """The cut of every version that has one, by version."""
        return {version: one.cut for version, one in self._looked[0].items()}

    def timeline(self, version: str) -> Any:
        """A version's cut as a timeline; None where it has none."""
        return self._looked[0][version].timeline if version in self._looked[0] else None

    # ---- files that people bring

    def file(self, text: str, endings: frozenset[str] | None = None) -> str:
        """A grade, a mix, a bed, a framing that somebody named: inside the production by its place there, else by its whole path.

        Args:   endings: how names end that may be suggested instead; None for any.
        Raises: DeskError: it is not there; the nearest name is said.
        """
        for place in (Path.cwd() / text, self.path / text, self.path / "assets" / text, self.path / "out" / text):
            if place.is_file():
                return self._name(place)
        known = [one.name for folder in ("assets", "out", "cuts", "") for one in sorted((self.path / folder).glob("*"))
                 if one.is_file() and (endings is None or one.suffix.lower() in endings)]  # fmt: skip
        raise DeskError(f"there is no file {shown(text)}, neither here nor in the production. {nearest(Path(text).name, known)}")

    def _name(self, place: Path) -> str:
        whole, home = os.path.realpath(place), os.path.realpath(self.path)
        return shown(os.path.relpath(whole, home) if whole.startswith(home + os.sep) else whole)

    # ---- what decisions rest on

    @functools.cached_property
    def things(self) -> stale.Things:
        """What there is now, as far as decisions rest on it."""
        made, corrections, clean_ups = self._made()
        media = {file: digest for digest, file in self.names.items()}
        for cut in self.cuts.values():
            for name in (*cut.picture, *cut.heard):
                if name not in media and not os.path.isabs(name) and (place := self.path / name).is_file():
                    media[name] = small_digest(place)
        chosen: list[Mapping[str, str]] = [*(one.choice for one in self.drafts.values()), *(one.decided.choice for one in self.decisions.values())]
        files = {one["file"] for one in chosen if "file" in one and "clip" not in one and "seal" not in one}
        return stale.Things(
            items={number: f"{item.kind}: {item.text}" for number, item in self.items.items()},
            attempts={(one.clip, one.attempt): (one.in_s, one.out_s) for one in self.tries}, unknown=("attempt", "over", "hero") if self.unprepared or self.half_read else (),
            over={number: tuple(one.name for one in self.tries_at(number)) for number in self.items},
            media=media, cuts=self.cuts, made=made, corrections=corrections, clean_ups=clean_ups,
            files={file: digest for file in files if (digest := small_digest(self.path / file)) != "missing"},
            shown_in={number: tuple(dict.fromkeys(one.file for one in self.tries_at(number))) for number in self.items},
        )  # fmt: skip

    @functools.cached_property
    def now(self) -> dict[str, str]:
        """Everything that a decision can rest on, by name."""
        return stale.now(self.things)

    @functools.cached_property
    def stale(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """Which signed decisions do not hold any more, and what changed."""
        found = stale.stale([one.decided for one in self.decisions.values()], self.now, names=self.names, unknown=self.things.unknown)
        for which in found:
            if which[0] == "final edit":
                found[which] = (*found[which], *self._changes(self.decisions[which].decided))
        return found

    def _changes(self, signed: Decided) -> list[str]:
        """What an editor would say of the change from the signed cut to the one that is there now."""
        from answerprint.timeline.diff import diff
        from answerprint.timeline.formats.otio import format as otio

        there, kept = self.timeline(signed.about.partition(":")[2]), signed.choice.get("kept")
        if there is None or kept is None or otio.read is None:
            return []
        (before,), _ = otio.read(self.production.keep.get(kept), {"name": "the signed cut"})
        return [f"{change.says}." for change in diff(before, there)]

    def _made(self) -> tuple[dict[tuple[str, str], str], tuple[str, ...], tuple[str, ...]]:
        """The latest facts of every correction and clean-up, and the names of those tasks."""
        kinds = {name: task.execution for name, task in self.production.tasks().items()}
        corrections = tuple(name for name, kind in kinds.items() if kind is Execution.CORRECTION)
        clean_ups = tuple(name for name, kind in kinds.items() if kind is Execution.CLEAN_UP)
        wanted = {*corrections, *clean_ups}
        made = {(body["task"], body["inputs"][0]): body["facts"] for body in self.production.done_tasks() if body["task"] in wanted} if wanted else {}
        return made, corrections, clean_ups

    @functools.cached_property
    def rough_cuts(self) -> dict[int, tuple[str, Digest]]:
        """Every rough cut that went out: its entry -> the file's name and the digest of what was in it."""
        return rough_cuts(self.production)

    def roughs(self) -> dict[int, tuple[str, Any]]:
        """Every rough cut that went out and can be read as one timeline: its entry -> the file's name and the timeline, relinked. Without those that are lost."""
        return self._roughs[0]

    def lost_roughs(self) -> tuple[str, ...]:
        """A sentence for each rough cut that went out and is not kept whole any more."""
        return self._roughs[1]

    @functools.cached_property
    def _roughs(self) -> tuple[dict[int, tuple[str, Any]], tuple[str, ...]]:
        found: dict[int, tuple[str, Any]] = {}
        lost: list[str] = []
        for n, (file, digest) in self.rough_cuts.items():
            try:
                timeline = rough_cut(self.production, file, digest)
            except KeepError as error:
                lost.append(f"The machine's rough cut of entry {n}, {file}, is lost: {error}")
            else:
                found |= {n: (file, relinked(timeline, self.path, self.shoot.units, self.names))} if timeline is not None else {}
        return found, tuple(lost)

    def untouched(self, cut: Cut) -> int | None:
        """The entry of the rough cut that this cut still is, to the frame; None where somebody has cut it since."""
        from answerprint.timeline.edit import edit_seal

        return next((n for n, (_, timeline) in reversed(self.roughs().items()) if edit_seal(timeline) == cut.seal), None)
