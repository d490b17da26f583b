"""A production is a folder: its media, its record, and what was made of them. What a person asks of it is a `spot`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint import config
from answerprint.keep import Cache, Keep, cache_key, disk_sentence, write_whole
from answerprint.model.extend import Task, found
from answerprint.model.records import AnswerprintError, Digest, Facts, Problem
from answerprint.model.time import parse_rate, rate_name
from answerprint.plan import Medium, Plan, Sighting, Step, Unit, decoder_version, small_digest, tied, units_from
from answerprint.rushes import Found, Seen, scan, shown

if TYPE_CHECKING:
    from answerprint.ledger.store import Record
    from answerprint.ledger.verify import Entry

__all__ = ["Production", "ProductionError", "home_of", "new", "open"]

_SCRIPTS = {".fountain": ".fountain", ".spmd": ".fountain", ".txt": ".fountain", ".fdx": ".fdx", ".csv": ".csv", ".tsv": ".tsv"}


class ProductionError(AnswerprintError):
    """A folder that is not a production, or cannot become one."""


def new(
    folder: str | Path,
    *,
    rate: str,
    media: Sequence[str | Path] = (),
    script: str | Path | None = None,
    title: str | None = None,
    copy: bool = False,
    watch: Any = None,
) -> Production:
    """Start a production.

    Args:   rate: frames a second of the timeline, as people write it.  media: folders and disks that hold rushes and sound;
            referenced where they are, or copied into the folder (and checked) where `copy` is true.
    Raises: ProductionError where the folder is a production already, or a medium or script is not there; nothing is left half made.
    """
    home = Path(folder).absolute()
    if (home / config.FILE_NAME).exists():
        raise ProductionError(
            f"{shown(str(folder))} is a production already. Open it with `answerprint prep`, or choose another folder."
        )
    pace = parse_rate(rate)
    roots = [Path(os.path.abspath(os.path.expanduser(name))) for name in media]
    for root in roots:
        if not root.exists():
            raise ProductionError(f"{shown(str(root))}: there is no such folder or disk. Is the card mounted?")
        if root == home:
            raise ProductionError(
                f"{shown(str(root))}: a production cannot be its own medium. Put the media into rushes/ and sound/ inside it."
            )
        try:
            str(root).encode("utf-8")
        except UnicodeEncodeError as cause:
            raise ProductionError(
                f"{shown(str(root))}: this folder's name is not text. Rename it, or name the folder above it."
            ) from cause
    text: bytes | None = None
    read_title: str | None = None
    if script is not None:
        try:
            text = Path(script).read_bytes()
        except OSError as cause:
            raise ProductionError(f"{shown(str(script))}: this script cannot be read ({cause.strerror}).") from cause
        if Path(script).suffix.lower() not in _SCRIPTS:
            raise ProductionError(f"{shown(str(script))}: a script is .fountain, .fdx or a two-column .csv; a board is shots.csv.")
        from answerprint.script import read

        read_title = read(Path(script).name, text).title
    values: dict[str, Any] = {"title": shown(title or read_title or home.name), "rate": rate_name(pace)}
    if roots and not copy:
        values["media"] = [str(root) for root in roots]
    try:
        for name in ("rushes", "sound", "assets", "cuts", "out"):
            (home / name).mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise ProductionError(disk_sentence(cause, shown(str(home)))) from cause
    if copy:
        from answerprint.copying import copy_medium

        for root in roots:
            copy_medium(root, home, watch=watch)
    if script is not None and text is not None:
        stem = "shots" if Path(script).stem.lower() == "shots" else "script"
        write_whole(home / f"{stem}{_SCRIPTS[Path(script).suffix.lower()]}", text)
    write_whole(home / config.FILE_NAME, config.render(values).encode("utf-8"))
    return Production(home)


def open(folder: str | Path) -> Production:
    """Open a production.

    Raises: ProductionError where the folder is not one.
    """
    return Production(home_of(folder))


def home_of(folder: str | Path) -> Path:
    """The folder of a production, as a whole path.

    Raises: ProductionError where the folder is not one; the sentence says what to do.
    """
    home = Path(folder).absolute()
    if not (home / config.FILE_NAME).is_file():
        if home.is_file():
            raise ProductionError(f"{shown(str(folder))} is a file. Name the production's folder here, the one that has an answerprint.toml.")
        there = "is not a production: it has no answerprint.toml. Name the folder of one, or stand in it" if home.is_dir() else "is not there"
        raise ProductionError(
            f"{shown(str(folder))} {there}. Start one with `answerprint new {shown(str(folder))} --media FOLDER --rate 23.976`."
        )
    return home


class Production:
    """One film in one folder: its media, its record, and what was made of them."""

    def __init__(self, path: Path, command_line: Mapping[str, Any] | None = None) -> None:
        self.path = path
        self.inside = path / ".answerprint"
        self.settings = config.load(path, command_line)
        if not self.settings["rate"]:
            raise ProductionError(f'{config.FILE_NAME} names no rate. Add a line such as: rate = "23.976"')
        self.keep = Keep(self.inside / "keep")
        self.cache = Cache(self.inside / "cache")
        self.spoiled: set[str] = set()

    def scan(self) -> tuple[list[Found], list[Problem]]:
        """Every media file there is now, and what could not be looked at."""
        return scan(self.path, self.settings["media"])

    def mhl(self, found_now: Sequence[Found]) -> tuple[Any, list[Problem]]:
        """What the MHLs on the media say, or None where there is none."""
        roots = list(dict.fromkeys(one.root for one in found_now))
        from answerprint.media import mhl

        return mhl.gather(roots)

    def volume(self, one: Found) -> str:
        """The volume a file lies on: its mount point."""
        here = os.path.realpath(one.path.parent)
        while not os.path.ismount(here):
            here = os.path.dirname(here)
        return shown(here)

    def writer(self) -> Record:
        """The record, open for writing; made where there is none."""
        from answerprint.ledger.store import Record

        path = self.inside / "record.db"
        return Record.open(path, write=True) if path.exists() else Record.create(path)

    def reader(self) -> Record | None:
        """The record, read-only; None where nothing was prepped yet."""
        from answerprint.ledger.store import Record

        path = self.inside / "record.db"
        return Record.open(path) if path.exists() else None

    @property
    def lost(self) -> str:
        """A sentence where the record is gone and what it kept is still there; "" where nothing is wrong."""
        path = self.inside / "record.db"
        if path.exists() or not any(self.keep.folder.glob("??/*")):
            return ""
        return f"the record of this production is missing: {path} is not there, and what it kept still is. Bring it back from a copy before anybody signs anything."

    def finished(self, record: Record | None) -> dict[str, Digest]:
        """Cache key -> facts digest of every finished task."""
        if record is None:
            return {}
        return {key: body["facts"] for key, entry in record.by_key().items() if (body := _task_body(entry)) is not None}

    def looks(self) -> dict[str, str]:
        """The show look for each camera, "*" for every other: a file's whole path, or the name of a built-in transform."""
        from answerprint.media.lognames import builtin

        given = self.settings["look"] or {}
        return {camera: name if builtin(name) else str((self.path / name).absolute()) for camera, name in given.items()}

    def tasks(self) -> dict[str, Task]:
        """The tasks that come with the house."""
        return found("tasks", load_outside=False)

    def plan(
        self, *, finished: dict[str, Digest], tasks: Mapping[str, Task], units: Sequence[Unit] = (), looking: bool = False
    ) -> Plan:
        return Plan(tasks=tasks, units=units, settings=self.settings, folder=self.path, finished=finished, looking=looking)

    def ingest_steps(self, seen: Seen, finished: Mapping[str, Digest]) -> list[Step]:
        """The reading of every sealed file that is there now: what it says about itself."""
        task = self.tasks()["ingest"]
        steps: dict[str, Step] = {}
        for one in self.scan()[0]:
            known = seen.get(one)
            if known is None or one.file in self.spoiled:
                continue
            medium = Medium(file=one.file, digest=known[0], path=one.path, companions=one.companions)
            key, params = _ingest_key(task, medium)
            step = Step(task=task, unit=medium, key=key, inputs=(medium.digest,), params=params, facts=finished.get(key))
            steps.setdefault(key, step)
        return list(steps.values())

    def units(self, seen: Seen, finished: Mapping[str, Digest]) -> tuple[list[Unit], list[Problem]]:
        """Every clip and sound that the record knows: those on connected disks in the order of the shoot, then the others."""
        here = {one.file: one for one in self.scan()[0] if one.file not in self.spoiled}
        sealed: dict[str, list[tuple[Digest, Facts]]] = {}
        read: dict[Digest, Digest] = {}
        for body in self.done_tasks():
            if body["task"] == "seal":
                sealed.setdefault(body["file"], []).append((body["inputs"][0], self.keep.facts(body["facts"])))
            elif body["task"] == "ingest":
                read[body["inputs"][0]] = body["facts"]
        units = units_from(self._sightings(here, sealed, seen, finished, read))
        return tied(units)

    def done_tasks(self) -> list[dict[str, Any]]:
        """The bodies of every finished task's entry, oldest first."""
        record = self.reader()
        if record is None:
            return []
        try:
            return [body for entry in record.entries(kind="task") if (body := _task_body(entry)) is not None]
        finally:
            record.close()

    def _sightings(
        self,
        here: Mapping[str, Found],
        sealed: Mapping[str, list[tuple[Digest, Facts]]],
        seen: Seen,
        finished: Mapping[str, Digest],
        read: Mapping[Digest, Digest],
    ) -> Iterable[Sighting]:
        task = self.tasks()["ingest"]
        media = {shown(str((self.path / os.path.expanduser(name)).absolute())) for name in self.settings["media"]}
        media |= {shown(str(self.path / "rushes")), shown(str(self.path / "sound"))}
        for file in [*here, *(name for name in sealed if name not in here)]:
            one = here.get(file)
            versions = dict(sealed.get(file, []))
            known = seen.get(one) if one else None
            digest = known[0] if known else next(reversed(versions), None)
            if digest not in versions or file in self.spoiled:
                continue
            seal = versions[digest]
            if one is None and seal.value("file.medium") not in media:
                continue
            if one is not None and known is None and one.size != seal.value("file.size_bytes"):
                continue
            medium = Medium(file=file, digest=digest, path=one.path if one else None, companions=one.companions if one else ())
            ingest = finished.get(_ingest_key(task, medium)[0]) if one else read.get(digest)
            if ingest is None:
                continue
            yield Sighting(
                file=file,
                digest=digest,
                volume=seal.value("file.volume", ""),
                mhl=seal.value("mhl.verified"),
                path=medium.path,
                companions=medium.companions,
                ingest=ingest,
                ingested=self.keep.facts(ingest),
            )


def _task_body(entry: Entry) -> dict[str, Any] | None:
    """What a finished task's entry says; None where this copy withholds it.

    Raises: ProductionError for one that was damaged.
    """
    try:
        body = entry.read()
        if body is not None:
            body["facts"], body["inputs"]
            if body["task"] in ("seal", "ingest"):  # only these speak of one file; a shoot without a clip has no inputs at all
                body["inputs"][0]
    except (ValueError, KeyError, IndexError, TypeError) as cause:
        raise ProductionError(
            f"entry {entry.n} of the record is damaged. `answerprint verify` says what is wrong; nothing is added to it until then."
        ) from cause
    return body


def _ingest_key(task: Task, medium: Medium) -> tuple[str, dict[str, Any]]:
    """The key of reading one file: its digest, its own name (a camera writes reel and letter there) and what stands beside it."""
    name = medium.file.rsplit("/", 1)[-1]
    beside = [f"{shown(path.name)} {small_digest(path)}" for path in medium.companions]
    params = {"name": name, "beside": beside}
    key = cache_key(task=task.name, version=task.version, inputs=[medium.digest], params=params, decoder=decoder_version())
    return key, {"name": name}
