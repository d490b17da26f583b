"""What the gate says: a list of what is missing, by person, and how it is found. Never a yes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from answerprint.book import Current
from answerprint.desk import Desk
from answerprint.film import Cut
from answerprint.films import Asked
from answerprint.model.charter import Judgment

__all__ = ["EMPTY_CHAIR", "Judged", "Looking", "Missing", "Need", "SheetSeen", "Verdict"]

EMPTY_CHAIR = "an empty chair"
SheetSeen = Callable[[Cut], bool]  #: whether the contact sheet of this very cut was seen


@dataclass(frozen=True, kw_only=True)
class Missing:
    """One thing that is missing, and whose it is."""

    what: str
    who: str  #: a person's name, or "an empty chair"
    says: str


@dataclass(frozen=True, kw_only=True)
class Need:
    """One judgment that a version needs: about what it would be decided, and where it may stand instead."""

    judgment: str
    about: str
    places: tuple[str, ...]  #: things whose decision serves, the nearest first


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A judgment that stands: whose, and where."""

    judgment: str
    about: str
    who: str
    entry: int
    says: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the gate says. Nothing missing lets a version out; nothing else does."""

    versions: tuple[str, ...]
    missing: tuple[Missing, ...]
    not_checked: tuple[str, ...] = ()
    not_in_this_film: tuple[str, ...] = ()
    machine: tuple[str, ...] = ()  #: what the machine decides here, and who handed it over
    stands: tuple[Judged, ...] = ()
    notes: tuple[str, ...] = ()  #: approvals, releases, versions that are not what their list says
    films: tuple[str, ...] = ()  #: the films that stand, with what technical QC found
    rewritten: tuple[str, ...] = ()  #: versions whose file was changed after the sign-off, with the same edit in it; a note says so

    @property
    def open(self) -> tuple[Missing, ...]:
        """What is missing besides the answer to the question itself."""
        return tuple(one for one in self.missing if one.what != str(Judgment.SIGN_OFF))


@dataclass
class Looking:
    """A verdict while it is being found."""

    desk: Desk
    decisions: Mapping[tuple[str, str], Current]
    stale: Mapping[tuple[str, str], tuple[str, ...]]
    missing: dict[Missing, None] = field(default_factory=dict)
    absent: dict[str, None] = field(default_factory=dict)
    machine: dict[str, None] = field(default_factory=dict)
    stands: dict[Judged, None] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    rewritten: dict[str, None] = field(default_factory=dict)
    asked: Asked = field(default_factory=Asked)

    def lacks(self, what: str, who: str, says: str) -> None:
        self.missing[Missing(what=what, who=who, says=says)] = None

    def holder(self, judgment: str) -> str:
        found = self.desk.book.holder(judgment) if self.desk.book else None
        return found.name if found else EMPTY_CHAIR
