"""What somebody played and looked at: theirs, kept in their own data folder, outside every record and every production.

They can read it and erase it. It leaves the house only as "played 9 of 14", and only where they allow that. What was done in an
editing program is not seen by us; nothing here ever says that somebody did not watch something.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from answerprint.keep import disk_sentence
from answerprint.model.records import AnswerprintError

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["Kind", "Watched", "WatchedError", "add_line", "allow", "allowed", "erase", "leaving", "lines", "listed", "mark", "private_file", "seen", "sheet", "summary"]

Kind = Literal["played", "looked"]  #: to its end, with us; or a still page (a contact sheet) that they say they looked at


class WatchedError(AnswerprintError):
    """What somebody watched cannot be kept or read."""


@dataclass(frozen=True, kw_only=True)
class Watched:
    """One thing that a person played or looked at, and when first."""

    thing: str
    kind: Kind
    at: str


def sheet(version: str, seal: str) -> str:
    """The name of a version's contact sheet as a thing that is looked at: of this very cut, and of no later one."""
    return f"sheet:{version}@{seal}"


def mark(production: Production, person: str, thing: str, kind: Kind) -> None:
    """Keep that a person played or looked at something. The first time counts.

    Args:   person: their id.  thing: "attempt:DIGEST#2", "version:master@SEAL", what `sheet` names.
    Raises: WatchedError: the production has no record yet, or the disk refuses.
    """
    path = _path(production, person)
    if any((one["thing"], one["kind"]) == (thing, kind) for one in _lines(path) if "thing" in one):
        return
    add_line(path, {"thing": thing, "kind": kind, "at": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")})


def seen(production: Production, person: str, thing: str, kind: Kind | None = None) -> bool:
    """Whether they played it or looked at it here. False says only that we did not see it."""
    return any(one.thing == thing and kind in (None, one.kind) for one in listed(production, person))


def listed(production: Production, person: str) -> list[Watched]:
    """Everything that is kept of a person in this production, oldest first: for them to read."""
    return [Watched(thing=one["thing"], kind=one["kind"], at=one["at"]) for one in _lines(_path(production, person)) if "thing" in one]


def summary(production: Production, person: str, things: Sequence[str], *, elsewhere: Collection[str] = (), kind: Kind = "played") -> str:
    """How many of these they played, for their own eyes: "played 9 of 14".

    Args: elsewhere: those that were worked on in an editing program, of which we cannot know.
    """
    known = {one.thing for one in listed(production, person) if one.kind == kind}
    asked = dict.fromkeys(things)
    unknown = [one for one in asked if one in elsewhere and one not in known]
    told = f"{kind} {sum(one in known for one in asked)} of {len(asked)}"
    return told + (f"; {len(unknown)} worked on in an editing program, not seen by us" if unknown else "")


def leaving(production: Production, person: str, things: Sequence[str], *, elsewhere: Collection[str] = ()) -> str | None:
    """The same for others, where this person allows it; None where they do not. Nothing else of it leaves."""
    return summary(production, person, things, elsewhere=elsewhere) if allowed(production, person) else None


def allow(production: Production, person: str, yes: bool) -> None:
    """Say whether "played n of m" may leave."""
    if allowed(production, person) != yes:
        add_line(_path(production, person), {"allow": yes})


def allowed(production: Production, person: str) -> bool:
    """Whether it may; nobody is taken to allow it."""
    said = [one["allow"] for one in _lines(_path(production, person)) if "allow" in one]
    return bool(said and said[-1])


def erase(production: Production, person: str) -> int:
    """Erase all of it, the permission too.

    Returns: how many things were kept.
    """
    path = _path(production, person)
    count = sum("thing" in one for one in _lines(path))
    try:
        path.unlink(missing_ok=True)
    except OSError as cause:
        raise WatchedError(disk_sentence(cause, str(path))) from cause
    return count


# ---- where it lies


def _path(production: Production, person: str) -> Path:
    return private_file(production, person, "watched")


def private_file(production: Production, person: str, folder: str) -> Path:
    """A file of this person in this production, in the folder of whoever is at the computer. The production is known by its first
    seal, so that it is the same one on another disk.

    Raises: WatchedError: the production has no record yet.
    """
    import platformdirs

    record = production.reader()
    first = None
    if record is not None:
        with record:
            first = next(iter(record.entries()), None)
    if first is None:
        raise WatchedError("this production has no record yet, so there is nothing that could have been played. Run `answerprint prep` first.")
    whose = hashlib.sha256(person.encode()).hexdigest()[:32]
    return Path(platformdirs.user_data_dir("answerprint", appauthor=False)) / folder / first.hash.removeprefix("sha256:") / f"{whose}.jsonl"


def _lines(path: Path) -> list[dict[str, Any]]:
    return [one for one in lines(path) if {"thing", "kind", "at"} <= one.keys() or "allow" in one]


def lines(path: Path) -> list[dict[str, Any]]:
    """Every whole line of a private file. One that a crash cut off is left out: all that it loses is that something was played, or one mark.

    Raises: WatchedError: the disk refuses.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as cause:
        raise WatchedError(disk_sentence(cause, str(path))) from cause
    found = []
    for line in raw.split(b"\n"):
        with contextlib.suppress(ValueError):
            one = json.loads(line)
            if isinstance(one, dict):
                found.append(one)
    return found


def add_line(path: Path, line: dict[str, Any]) -> None:
    """One line at the end of a private file: several windows may be open at once.

    Raises: WatchedError: the disk refuses.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:  # a line end before and after: a line that a crash cut off spoils no other one
            os.write(handle, b"\n" + json.dumps(line, ensure_ascii=False).encode("utf-8") + b"\n")
        finally:
            os.close(handle)
    except OSError as cause:
        raise WatchedError(disk_sentence(cause, str(path))) from cause
