"""People's hours: only what somebody brought themselves, theirs to read and erase, shown to others only where they say so.

Nothing here measures anybody. The list lies with what they watched, in the data of whoever is at the computer, outside every production and record.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from answerprint.delivery.costs.hours import Hours, read_hours
from answerprint.keep import disk_sentence
from answerprint.watched import WatchedError, add_line, lines, private_file

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["allow", "allowed", "bring", "erase", "of"]

_FOLDER = "hours"


def bring(production: Production, person: str, name: str, raw: bytes) -> tuple[Hours, ...]:
    """Keep somebody's list of hours in the place of the one before. It is not shown to others until they allow that.

    Args:   person: their id.  name: the file's.
    Raises: CostError: it cannot be read; nothing is changed then.  WatchedError: there is no record yet, or the disk refuses.
    """
    rows = read_hours(name, raw)
    plain = [{"row": one.row, "minutes": str(one.minutes), "what": one.what, "date": one.date, "shots": list(one.shots)} for one in rows]
    add_line(private_file(production, person, _FOLDER), {"hours": plain})
    return rows


def of(production: Production, person: str) -> tuple[Hours, ...]:
    """What somebody brought, for their own eyes; empty where they brought nothing."""
    said = [one["hours"] for one in lines(private_file(production, person, _FOLDER)) if isinstance(one.get("hours"), list)]
    return tuple(Hours(row=one["row"], minutes=Decimal(one["minutes"]), what=one["what"], date=one["date"], shots=tuple(one["shots"])) for one in said[-1]) if said else ()


def allow(production: Production, person: str, yes: bool) -> None:
    """Say whether the producer and the director may see them.

    Raises: WatchedError: there is no record yet, or the disk refuses.
    """
    if allowed(production, person) != yes:
        add_line(private_file(production, person, _FOLDER), {"allow": yes})


def allowed(production: Production, person: str) -> bool:
    """Whether they may; nobody is taken to allow it."""
    said = [one["allow"] for one in lines(private_file(production, person, _FOLDER)) if isinstance(one.get("allow"), bool)]
    return bool(said and said[-1])


def erase(production: Production, person: str) -> int:
    """Erase them, the permission too; returns how many rows there were."""
    count, path = len(of(production, person)), private_file(production, person, _FOLDER)
    try:
        path.unlink(missing_ok=True)
    except OSError as cause:
        raise WatchedError(disk_sentence(cause, str(path))) from cause
    return count
