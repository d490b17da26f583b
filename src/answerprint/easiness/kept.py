"""A report that was made, kept under everything that it says: it is there at once for as long as none of that has changed."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from answerprint import __version__, easiness, finishing
from answerprint.easiness import people, reel
from answerprint.keep import KeepError, write_whole
from answerprint.model.charter import Judgment

if TYPE_CHECKING:
    from answerprint.delivery.easy.records import Report
    from answerprint.desk import Desk
    from answerprint.easiness.gathering import Watch

__all__ = ["kept", "make"]


def kept(desk: Desk, version: str, *, person: str | None = None) -> Report | None:
    """The report of a version as it would be made now, where it was made before; None where it was not, or something changed since.

    Args:   person: whose reel stands beside it, by their id.
    Raises: FilmError: there is no such version.
    """
    from answerprint.delivery import DeliveryError
    from answerprint.delivery.easy import keeping

    path = _path(desk, version, person)
    if path is None or not path.is_file():
        return None
    with contextlib.suppress(DeliveryError, OSError, AttributeError, TypeError, ValueError):  # one that was damaged is made again
        found: Report = keeping.unpacked(path.read_bytes())
        first, second, third = (replace(one, chose=people.told(desk, found.version, one.name).chose) for one in found.plates)  # what somebody played since is told as it is
        return replace(found, plates=(first, second, third))
    return None


def make(desk: Desk, version: str, *, person: str | None = None, watch: Watch | None = None) -> Report:
    """Make it, and keep it in place of an earlier one.

    Raises: as `easiness.report`.  EasinessError: the disk refuses to keep it.
    """
    from answerprint.delivery.easy import keeping

    made = easiness.report(desk, version, person=person, watch=watch)
    path = _path(desk, version, person)
    if path is not None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, keeping.packed(made))
        except (OSError, KeepError) as cause:
            raise easiness.EasinessError(f"the report was made and cannot be kept ({cause}). Make room on the disk.") from cause
        for other in path.parent.glob(f"{path.name.rpartition('-')[0]}-*.npz"):
            if other != path:
                other.unlink(missing_ok=True)
    return made


def _path(desk: Desk, version: str, person: str | None) -> Path | None:
    """Where it lies, by what it is of and everything that it says; None where the version has no cut."""
    name = desk.family[version].name
    if name not in desk.cuts:
        return None
    mine = reel.listed(person) if person is not None else ()
    whose = _short(repr((name, person if mine else None)))
    return desk.production.inside / "cache" / "easy" / f"report-{whose}-{_short(repr(_rests(desk, name, mine)))}.npz"


def _short(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def _rests(desk: Desk, version: str, mine: Iterable[Path]) -> tuple[object, ...]:
    """Everything that decides what a report says, small enough to compare."""
    from answerprint.delivery.easy import keeping
    from answerprint.films import chosen

    production, cut = desk.production, desk.cuts[version]
    category = sorted((desk.path / easiness.CATEGORY).glob("*"))
    bed = people.decided(desk, version, str(Judgment.MUSIC_BED))
    beds = [desk.path / one for one in (bed.choice.get("file", ""), *bed.over) if one] if bed is not None else []
    record = production.reader()
    last = 0
    if record is not None:
        with record:
            last = record.last_of_kind("task")
    return (
        __version__, keeping.FORM, str(production.settings["title"]), cut.file, cut.written, easiness.thing(desk, version), [people.told(desk, version, plate, played=False) for plate in people.JUDGED],
        last, [(about, one.entry) for about, one in finishing.made(production, "correction").items()], sorted(finishing.refused(production, "correction")),
        sorted((one.digest, str(one.path)) for one in desk.shoot.units), [_when(Path(one)) or one for one in production.looks().values()],
        [_when(one) for one in (*category, *mine, *beds)], [(one.about, sorted(one.choice.items())) for one in chosen(desk, version, drafts_first=True)],
    )  # fmt: skip


def _when(path: Path) -> tuple[str, int, int] | None:
    with contextlib.suppress(OSError):
        now = path.stat()
        return str(path), now.st_mtime_ns, now.st_size
    return None
