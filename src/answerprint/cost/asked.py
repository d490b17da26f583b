"""What this budget was asked to deliver, and how much of it somebody watched to the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from answerprint import watched
from answerprint.deliverables import wanted
from answerprint.films import films

if TYPE_CHECKING:
    from answerprint.desk import Desk

__all__ = ["Film", "films_asked"]


@dataclass(frozen=True, kw_only=True)
class Film:
    """One version for one spec, as versions.csv or the production asks for it."""

    version: str
    spec: str  #: "" where nobody says what it is delivered for
    cut: bool  #: whether the version has a cut
    rendered: bool  #: of the cut as it is now
    left: bool  #: whether a film of it left the house, of this cut or an earlier one
    played: int  #: how many people of the crew, who let that be known, played it or its very cut to the end here


def films_asked(desk: Desk) -> tuple[Film, ...]:
    """Every film that is asked for, in the order of the versions. A version for which no spec is said is one film."""
    made = {(one.version, one.spec): one for one in films(desk)}
    gone = _released(desk)
    played = _played(desk)
    found = []
    for version in desk.family.versions:
        cut = desk.cuts.get(version.name)
        for spec in wanted(desk, version.name) or ("",):
            there = [one for (name, asked), one in made.items() if name == version.name and spec in ("", asked) and cut is not None and one.cut == cut.seal]
            things = {f"film:{one.essence}" for one in there} | ({f"version:{version.name}@{cut.seal}"} if cut is not None else set())
            found.append(
                Film(version=version.name, spec=spec, cut=cut is not None, rendered=bool(there), left=any(name == version.name and spec in ("", asked) for name, asked in gone),
                     played=sum(bool(things & one) for one in played))
            )  # fmt: skip
    return tuple(found)


def _released(desk: Desk) -> set[tuple[str, str]]:
    record = desk.production.reader()
    if record is None:
        return set()
    with record:
        return {(str(body.get("version")), str(body.get("spec"))) for entry in record.entries(kind="released") if (body := entry.read())}


def _played(desk: Desk) -> list[set[str]]:
    """What each of the crew who lets it be known played to its end here."""
    people = [one for one in desk.book.people if watched.allowed(desk.production, one)] if desk.book else []
    return [{one.thing for one in watched.listed(desk.production, person) if one.kind == "played"} for person in people]
