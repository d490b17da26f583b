"""The machine's share of a version: its cut against the rough cut that it began from, as a sentence and a list.

Nothing here says how much is right. A cut that somebody kept is a decision as well; what can be said is which cut points stand as the machine
laid them, and whether anybody is known to have played the cut.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.desk import Desk
from answerprint.model.records import AnswerprintError
from answerprint.timeline.cut import cut_info
from answerprint.timeline.share import Point, Share, Side, share

if TYPE_CHECKING:
    from answerprint.film import Cut

__all__ = ["NONE_MADE", "Shared", "SharingError", "claimed", "found_for", "notes", "plain", "played", "shared", "told"]

NONE_MADE = "No rough cut was made by the machine: none was asked for."
_READ: weakref.WeakKeyDictionary[Desk, dict[str, Shared]] = weakref.WeakKeyDictionary()


class SharingError(AnswerprintError):
    """A version whose cut cannot be compared."""


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What of one version's cut is still the machine's."""

    version: str
    cut: str  #: the file
    assembly: str | None  #: the rough cut that it has most of; None: none was made
    entry: int | None  #: of that rough cut
    share: Share | None
    rate: Fraction = Fraction(25)  #: of the cut

    @property
    def kept(self) -> tuple[Point, ...]:
        """The cut points of the picture that stand as the machine laid them, in the order of the film."""
        return tuple(one for one in self.share.picture.points if one.machine) if self.share else ()

    def says(self, played: bool | None = None) -> str:
        """The headline. Args: played: whether anybody is known to have played this very cut to its end."""
        if self.share is None:
            return f"{self.version}: {NONE_MADE}"
        every, kept = len(self.share.picture.points), len(self.kept)
        if not every:
            stands = "one shot without a cut point" if self.share.picture.takes else "no picture"
            return f"{self.version}: {stands}, beside the machine's rough cut of entry {self.entry}."
        if not kept:
            return f"{self.version}: none of its {every} cut points stands as the machine laid it in entry {self.entry}."
        seen = "the cut was played to its end here" if played else "as far as we know, looked at by nobody"
        return f"{self.version}: {kept} of {every} cut points stand as the machine laid them in entry {self.entry}; {seen}."


def shared(desk: Desk, version: str) -> Shared:
    """Compare a version's cut with the machine's rough cut that it has most of; of two alike with the later one.

    Raises: SharingError: it has no cut, or a rough cut is lost that it may have most of.  FilmError: there is no such version.  TimelineError: a rough cut cannot be read.
    """
    name = desk.family[version].name
    known = _READ.setdefault(desk, {})
    if name not in known:
        known[name] = _shared(desk, name)
    return known[name]


def _shared(desk: Desk, version: str) -> Shared:
    if version not in desk.cuts:
        raise SharingError(desk.cut_problems.get(version) or f"{version} has no cut yet. Choose one with `answerprint choose film cuts/FILE`.")
    timeline, file = desk.timeline(version), desk.cuts[version].file
    if lost := desk.lost_roughs():
        raise SharingError(f"nobody can say how much of it stands as the machine laid it. {' '.join(lost)}")
    best: tuple[Fraction, int, str, Share] | None = None
    for n, (name, made) in desk.roughs().items():
        found = share(timeline, made)
        common = sum(one.end - one.start for side in (found.picture, found.sound) for one in side.stretches if one.machine)
        if best is None or (Fraction(common), n) >= best[:2]:
            best = Fraction(common), n, name, found
    if best is None:
        return Shared(version=version, cut=file, assembly=None, entry=None, share=None)
    return Shared(version=version, cut=file, assembly=best[2], entry=best[1], share=best[3], rate=cut_info(timeline).rate)


def played(desk: Desk, version: str) -> bool:
    """Whether anybody of the crew lets it be known that they played this very cut, or a film of it, to its end on this computer."""
    from answerprint import watched
    from answerprint.films import films

    cut, production = desk.cuts[version], desk.production
    things = {f"version:{version}@{cut.seal}", *(f"film:{one.essence}" for one in films(desk) if one.version == version and one.cut == cut.seal)}
    people = [one for one in desk.book.people if watched.allowed(production, one)] if desk.book else []
    return any(one.thing in things and one.kind == "played" for person in people for one in watched.listed(production, person))


def notes(desk: Desk, versions: tuple[str, ...]) -> tuple[str, ...]:
    """The headline of every version that has an edit of its own: what stands before whoever signs. One that took its edit over has no other."""
    own = [one for one in versions if one in desk.cuts and desk.family.edit_from(one, desk.cuts) == one] or [one for one in versions if one in desk.cuts][:1]
    return tuple(_headline(desk, one) for one in own)


def _headline(desk: Desk, version: str) -> str:
    try:
        return shared(desk, version).says(played(desk, version))
    except AnswerprintError as error:  # a rough cut that is gone stops no film
        return f"{version}: {error}"


def found_for(desk: Desk, version: str) -> dict[str, int | str] | None:
    """What the entry of a film keeps of the share of its cut's picture, so that what is claimed of the film never becomes another; None: none was made.

    Where a rough cut is lost, or cannot be read, it is why nothing can be said, as "unknown".
    """
    try:
        found = shared(desk, version)
    except AnswerprintError as error:
        return {"unknown": str(error)}
    if found.share is None or found.entry is None:
        return None
    return {"entry": found.entry, "cut_points": len(found.share.picture.points), "kept": len(found.kept)}


def claimed(found: Mapping[str, int | str]) -> str:
    """The same in words."""
    if "unknown" in found:
        return "before it the machine laid a rough cut by its stated rule; how much of that stands is not known"
    entry, every, kept = (int(found[name]) for name in ("entry", "cut_points", "kept"))
    if not every:
        return f"the picture has no cut point; before it, the machine laid a rough cut by its stated rule, entry {entry}"
    stand = f"{kept if kept else 'none'} of the {every} cut points of the picture {'stands' if kept < 2 else 'stand'} as the machine laid them by its stated rule"
    return f"{stand} in the rough cut of entry {entry}"


def plain(found: Shared, cut: Cut, played: bool | None = None) -> dict[str, Any]:
    """For other programs: fractions from 0 to 1, None where there is nothing to count, with the list behind each."""
    picture = found.share.picture if found.share else None
    return {
        "version": found.version, "cut": found.cut, "seal": cut.seal, "assembly": Path(found.assembly).name if found.assembly else None, "entry": found.entry,
        "says": found.says(played), **{name: (_side(picture, found.rate) or {}).get(name) for name in ("running_time", "cut_points", "takes")},
        "picture": _side(picture, found.rate), "sound": _side(found.share.sound if found.share else None, found.rate),
    }  # fmt: skip


def told(side: Side, rate: Fraction) -> tuple[str, ...]:
    """Cut points, takes and running time of one side as sentences; none of a side that has no shot."""
    if not side.takes:
        return ()
    points, kept = len(side.points), sum(one.machine for one in side.points)
    shots, takes = len(side.takes), sum(one.machine for one in side.takes)
    whole, stands = (round(float(sum(one.end - one.start for one in side.stretches if one.machine or every) / rate), 1) for every in (True, False))
    return (
        f"{kept} of {points} cut points stand as the machine laid them." if points else "It has no cut point.",
        f"In {takes} of {shots} shots its take is still there.",
        f"{stands} s of {whole} s stand in the order in which it laid them.",
    )  # fmt: skip


def _part(value: Fraction | None) -> float | None:
    return round(float(value), 6) if value is not None else None


def _side(side: Side | None, rate: Fraction) -> dict[str, Any] | None:
    if side is None:
        return None
    return {
        "running_time": _part(side.running_time), "cut_points": _part(side.cut_points), "takes": _part(side.chosen), "says": list(told(side, rate)),
        "stretches": [{"start": one.start, "end": one.end, "name": one.name, "machine": one.machine, "there": one.there} for one in side.stretches],
        "points": [{"frame": one.frame, "timecode": one.timecode, "before": one.before, "after": one.after, "machine": one.machine} for one in side.points],
        "shots": [{"start": one.start, "end": one.end, "name": one.name, "machine": one.machine, "lane": one.lane} for one in side.takes],
        "laid": [{"start": one.start, "end": one.end, "name": one.name, "lane": one.lane} for one in side.laid],
    }  # fmt: skip
