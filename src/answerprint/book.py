"""The record as people read it: who is on the crew, who holds what, what was decided, objected, answered, sent, signed.

A view and nothing else. What does not verify is not in it; what a revocation struck is in it and marked.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from answerprint.model import judgments
from answerprint.model.judgments import (
    Answer,
    Approval,
    Charter,
    Decided,
    Decision,
    Enrol,
    Holder,
    Intent,
    Newer,
    Objection,
    Round,
    Seen,
    SignOff,
)
from answerprint.model.records import AnswerprintError

if TYPE_CHECKING:
    from answerprint.ledger.store import Record
    from answerprint.ledger.verify import KeyState, State

__all__ = ["Book", "BookError", "Current", "Line", "Person", "Raised"]

C = TypeVar("C")


class BookError(AnswerprintError):
    """Somebody or something that the record does not know."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody of the crew."""

    id: str
    name: str
    roles: tuple[str, ...]
    keys: tuple[str, ...]  #: ids, oldest first
    live: tuple[str, ...]  #: those that are not revoked


@dataclass(frozen=True, kw_only=True)
class Line(Generic[C]):
    """One signed entry. `struck` where a revocation reaches back to it."""

    n: int
    at: str
    by: Person
    key: str
    seen: Seen | None  #: None where this copy withholds the text
    content: C
    struck: bool = False


@dataclass(frozen=True, kw_only=True)
class Current:
    """The decision that stands now on one judgment and thing."""

    n: int
    index: int  #: in its entry, from 1
    by: Person
    at: str
    decided: Decided
    saw: dict[str, str]

    @property
    def name(self) -> str:
        """As the next one names what it replaces: "12/1"."""
        return f"{self.n}/{self.index}"


@dataclass(frozen=True, kw_only=True)
class Raised:
    """An objection under the number by which people call it, with what was said to it."""

    number: str  #: "O4": the fourth that was raised
    line: Line[Objection]
    answer: Line[Answer] | None

    @property
    def open(self) -> bool:
        """Whether it still waits for an answer, and so blocks the gate."""
        return self.answer is None and not self.line.struck


class Book:
    """What a record's signed entries come to, typed.

    Raises: LedgerError where the record cannot be read.
    """

    def __init__(self, record: Record) -> None:
        state = record.state()
        self._state: State = state
        self.unsound = dict(record.unsound)  #: entries that do not hold, and why: people's, and any in another's place
        self._path = record.path
        self._checked: tuple[object, dict[int | None, tuple[str, ...]]] | None = None
        self.head = Seen(n=state.n, hash=state.head)
        self.people = {
            one.id: Person(id=one.id, name=one.name, roles=one.roles, keys=one.keys,
                           live=tuple(key for key in one.keys if state.keys[key].revoked is None))
            for one in state.people.values()
        }  # fmt: skip
        self.founder = self.people.get(state.founder or "")
        self.lines: list[Line[Any]] = [self._line(entry) for entry in record.signed() if entry.n in state.signers]
        self._by_n = {line.n: line for line in self.lines}

    def _line(self, entry: Any) -> Line[Any]:
        person = self._state.signers[entry.n]
        by = self.people.get(person) or Person(id=person, name="somebody whose enrolment was struck", roles=(), keys=(person,), live=())
        struck = not self._state.standing(entry.n)
        body = entry.read()
        if body is None:
            withheld = Newer(kind=entry.kind, schema=0, plain={})
            return Line(n=entry.n, at=entry.at, by=by, key="", seen=None, content=withheld, struck=struck)
        read = judgments.read(body)
        return Line(n=entry.n, at=entry.at, by=by, key=read.by, seen=read.seen, content=read.content, struck=struck)

    def findings(self) -> dict[int | None, tuple[str, ...]]:
        """What the check finds wrong with the file as it is at this moment, by entry (None: the file itself): every text and every
        signature in it is looked at, again when the file was written to since."""
        from answerprint.ledger.verify import verify

        now = (_when(self._path), _text(Path(f"{self._path}-wal")))
        if self._checked is None or self._checked[0] != now:
            found: dict[int | None, tuple[str, ...]] = {}
            for one in verify(self._path).findings:
                found[one.n] = (*found.get(one.n, ()), one.says.rstrip("."))
            self._checked = (now, found)
        return dict(self._checked[1])

    # ---- people and seats

    def person(self, text: str) -> Person:
        """Who is meant: by a name, a part of one, or a key.

        Raises: BookError: nobody, or more than one.
        """
        wanted = text.strip().casefold()
        exact = [one for one in self.people.values() if wanted in (one.name.casefold(), one.id.casefold()) or text in one.keys]
        near = exact or [
            one for one in self.people.values() if wanted and (wanted in one.name.casefold() or any(key[7:].startswith(text) for key in one.keys))
        ]
        if len(near) == 1:
            return near[0]
        crew = ", ".join(one.name for one in self.people.values()) or "nobody yet"
        if near:
            raise BookError(f"{text!r} could be {', '.join(f'{one.name} ({one.id[:14]})' for one in near)}. Say more of the name, or the key.")
        raise BookError(f"{text!r} is not of the crew. There is: {crew}. Add somebody with `answerprint crew add`.")

    def of_key(self, key: str) -> Person | None:
        """Whose key this is."""
        held = self._state.keys.get(key)
        return self.people.get(held.person) if held else None

    def given_by(self, key: str) -> Person | None:
        """Who enrolled a further key of somebody, where it was not that person themselves: whoever did may hold it. None for a first key,
        which somebody else always enrols, and for one's own."""
        held = self._state.keys[key]
        by = self._state.signers[held.enrolled]
        return None if by == held.person or self.people[held.person].keys[0] == key else self.people.get(by)

    def key(self, name: str) -> KeyState:
        """A key by its id, as it was enrolled."""
        return self._state.keys[name]

    def purpose(self, key: str) -> str:
        """What a key is for: "daily", or "recovery" for the one on paper; "revoked" once it is."""
        held = self._state.keys[key]
        return "revoked" if held.revoked is not None else held.purpose

    @property
    def charter(self) -> Line[Charter] | None:
        """The charter as it stands."""
        now = self._state.charter
        return self._by_n[now[0]] if now else None

    def seat(self, judgment: str) -> Holder:
        """Who holds a judgment: a person, the machine (signed, with a reason), or nobody: an empty chair."""
        charter = self.charter
        return (charter.content.holders.get(judgment) if charter else None) or Holder()

    def holder(self, judgment: str) -> Person | None:
        """The person who holds a judgment; None for an empty chair, and where it was handed to the machine."""
        return self.people.get(self.seat(judgment).person or "")

    # ---- what was signed

    def of(self, kind: type[C]) -> list[Line[C]]:
        """Every standing entry of one kind, oldest first: `book.of(Round)`."""
        return [cast("Line[C]", line) for line in self.lines if isinstance(line.content, kind) and not line.struck]

    def line(self, n: int) -> Line[Any] | None:
        """The signed entry of that number."""
        return self._by_n.get(n)

    @property
    def decisions(self) -> dict[tuple[str, str], Current]:
        """What stands now, by judgment and thing, in the order in which it was signed."""
        found: dict[tuple[str, str], Current] = {}
        for which, ref in sorted(self._state.decisions.items(), key=lambda item: (item[1].n, item[1].index)):
            line = self._by_n[ref.n]
            content: Decision | SignOff = line.content
            saw = content.saw if isinstance(content, Decision) else {}
            found[which] = Current(n=ref.n, index=ref.index, by=line.by, at=line.at, decided=content.decisions[ref.index - 1], saw=saw)
        return found

    @property
    def objections(self) -> list[Raised]:
        """Every objection in the order in which it was raised, struck ones too: a number once given stays."""
        found: list[Raised] = []
        for line in self.lines:
            if isinstance(line.content, Objection) or (isinstance(line.content, Newer) and line.n in self._state.objections):
                answer = self._state.answers.get(line.n)
                found.append(Raised(number=f"O{len(found) + 1}", line=line, answer=self._by_n[answer] if answer else None))
        return found

    def objection(self, number: str) -> Raised:
        """The objection called O4 (or 4).

        Raises: BookError.
        """
        if not number.strip().upper().removeprefix("O").isdecimal():
            raise BookError(f"there is no objection called {number}: they are called O1, O2 ... `answerprint objections` lists them all.")
        wanted = f"O{number.strip().upper().removeprefix('O')}"
        for one in self.objections:
            if one.number == wanted:
                return one
        raise BookError(f"there is no objection {wanted}. `answerprint objections` lists them all.")

    def then(self, line: Line[Any]) -> str:
        """Who signed an entry, with the name that they had then, where they are called otherwise now: "Mara Lind-Weil (then Mara Lind)"."""
        names = [one.content.name for one in self.enrolments if one.content.person == line.by.id and one.n <= line.n]
        return line.by.name if not names or names[-1] == line.by.name else f"{line.by.name} (then {names[-1]})"

    @property
    def enrolments(self) -> list[Line[Enrol]]:
        """Every key that was given to somebody."""
        return self.of(Enrol)

    @property
    def rounds(self) -> list[Line[Round]]:
        """Everything that went out to somebody."""
        return self.of(Round)

    @property
    def approvals(self) -> list[Line[Approval]]:
        """What the clients said."""
        return self.of(Approval)

    @property
    def intents(self) -> list[Line[Intent]]:
        """First thoughts: sealed, skipped, opened."""
        return self.of(Intent)


def _when(path: Path) -> tuple[int, ...] | None:
    """Everything by which the system says that a file was written to."""
    try:
        now = os.stat(path)
    except OSError:
        return None
    return now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns


def _text(path: Path) -> str:
    """What is in the file beside a record; each reader of it touches that one's times, and it is small."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
