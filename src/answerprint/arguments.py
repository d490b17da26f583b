"""Creative friction, kept: objections and their answers, a machine critic's idea that a person takes up, "I stand behind it", remarks.

Only a person's objection blocks the gate. Each function makes the record that somebody then signs; a remark is not signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from answerprint.book import Book, Line
from answerprint.model.judgments import Answer, Objection, Stand
from answerprint.model.records import AnswerprintError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FILM", "ArgumentError", "Idea", "Remark", "answer", "idea", "objection", "remark", "remarks", "second", "stand", "stands", "withdrawal"]

FILM = "film:master"  #: what a word is about that names nothing narrower


class ArgumentError(AnswerprintError):
    """Nothing was said, or there is nothing there to answer."""


class _Record(Protocol):
    """What is asked of a record here."""

    def entries(self, start: int = 1, kind: str | None = None) -> Iterator[Any]: ...


@dataclass(frozen=True, kw_only=True)
class Idea:
    """A machine critic's: it blocks nothing until a person takes it up."""

    n: int
    critic: str
    on: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Something said, not signed: by whom is what the sender wrote."""

    n: int
    at: str
    by: str
    via: str
    on: str
    text: str


# ---- objections


def objection(text: str, *, on: str = FILM, idea: int | None = None) -> Objection:
    """A person objects, about the narrowest thing they can name ("cut:3", "item:2", "film:master").

    Raises: ArgumentError: it says nothing.
    """
    if not text.strip():
        raise ArgumentError("an objection says something. Write it in one sentence.")
    return Objection(on=on.strip() or FILM, text=text.strip(), idea=idea)


def answer(book: Book, number: str, said: Literal["yes", "no"], *, because: str = "") -> Answer:
    """What is said to an objection; a no needs its reason. Who may say it is the law's.

    Args:   number: "O4", as the crew calls it.
    Raises: BookError: there is no such objection.  ArgumentError: it was answered or struck, or a no has no reason.
    """
    raised = book.objection(number)
    if raised.line.struck:
        raise ArgumentError(f"{raised.number} was struck with the key that signed it. It blocks nothing.")
    if raised.answer is not None:
        was = "taken back" if raised.answer.content is not None and raised.answer.content.answer == "withdrawn" else "answered"
        raise ArgumentError(f"{raised.number} was {was} by {raised.answer.by.name} in entry {raised.answer.n}. Raise a new one if it still stands.")
    if said == "no" and not because.strip():
        raise ArgumentError(f"a no to {raised.number} needs its reason: --why")
    return Answer(objection=raised.line.n, answer=said, because=because.strip())


def withdrawal(book: Book, number: str, *, because: str = "") -> Answer:
    """Whoever raised an objection takes it back.

    Raises: BookError: there is no such objection.  ArgumentError: it was answered or struck.
    """
    made = answer(book, number, "yes")
    return Answer(objection=made.objection, answer="withdrawn", because=because.strip())


def idea(record: _Record, n: int) -> Idea:
    """The machine critic's idea in an entry.

    Raises: ArgumentError: that entry is no idea, or its text is not in this copy.
    """
    entry = next((one for one in record.entries(n) if one.n == n), None)
    if entry is None or entry.kind != "idea":
        raise ArgumentError(f"entry {n} is no idea of a critic's. To object to something yourself: answerprint object")
    body = entry.read()
    if body is None or not isinstance(body.get("text"), str) or not body["text"].strip():
        raise ArgumentError(f"what entry {n} says is not in this copy, or is of a newer release.")
    return Idea(n=n, critic=str(body.get("critic", "a critic")), on=str(body.get("on") or FILM), text=body["text"])


def second(book: Book, taken: Idea, *, text: str = "") -> Objection:
    """A person takes up a critic's idea: from here on it is theirs. Their own words stand in place of the machine's, where given.

    Raises: ArgumentError: somebody took it up already, and that objection is open.
    """
    for raised in book.objections:
        if raised.open and isinstance(raised.line.content, Objection) and raised.line.content.idea == taken.n:
            raise ArgumentError(f"{raised.line.by.name} took that idea up already, as {raised.number}, and it is not answered yet.")
    return objection(text or taken.text, on=taken.on, idea=taken.n)


# ---- standing behind a part, and remarks


def stand(part: str, *, about: str = FILM, text: str = "") -> Stand:
    """I stand behind my part. Nobody has to.

    Raises: ArgumentError: it names no part.
    """
    if not part.strip():
        raise ArgumentError("which part do you stand behind? --part camera, --part sound, --part edit ...")
    return Stand(part=part.strip(), about=about.strip() or FILM, text=text.strip())


def stands(book: Book) -> list[Line[Stand]]:
    """Who stands behind what, in the order in which they said it."""
    return book.of(Stand)


def remark(text: str, *, by: str, on: str = FILM, via: str = "terminal") -> Mapping[str, Any]:
    """The body of a remark, for `record.append("remark", ...)`: not signed, it informs and blocks nothing.

    Raises: ArgumentError: it says nothing, or not by whom.
    """
    if not text.strip() or not by.strip():
        raise ArgumentError("a remark says something, and by whom: --by NAME")
    return {"schema": 1, "text": text.strip(), "on": on.strip() or FILM, "by": by.strip(), "via": via}


def remarks(record: _Record) -> list[Remark]:
    """Every remark, oldest first; one whose text is not in this copy, or that a newer release wrote, is left out."""
    found = []
    for entry in record.entries(kind="remark"):
        body = entry.read()
        if body is not None and body.get("schema") == 1:
            said = {name: str(body.get(name, "")) for name in ("by", "via", "on", "text")}
            found.append(Remark(n=entry.n, at=entry.at, **said))
    return found
