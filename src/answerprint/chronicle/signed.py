"""What each signed entry says, in a film person's words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from answerprint.book import Book, Line
from answerprint.chronicle.words import about, chosen, cuts
from answerprint.crew import services
from answerprint.model.judgments import (
    Answer,
    Approval,
    Charter,
    Checkpoint,
    Decided,
    Decision,
    Enrol,
    Intent,
    Newer,
    Objection,
    Refusal,
    Release,
    Revoke,
    Round,
    SignOff,
    Stand,
)

__all__ = ["GESTURES", "brief_of", "sentences"]

_CALLED = {"objection": "an objection", "answer": "an answer", "intent": "a first thought", "stand": "a word about their part"}
#: What one gesture signed, in words.
GESTURES = {"selects": "the selects", "lock": "picture lock", "finish": "the finish", "choice": "one choice"}
_OUTCOMES = {"approved": "approved", "changes": "asked for changes", "refused": "refused it"}
_NEXT = {"strings": "an empty timeline with the strings", "assembly": "the first assembly", "this cut": "this cut"}


def sentences(line: Line[Any], book: Book) -> list[str]:
    """What a signed entry says, a sentence for each thing in it; the name of who says it stands before."""
    content = line.content
    if isinstance(content, Newer):
        return [f"{_CALLED.get(content.kind, content.kind)}, its words withheld in this copy" if content.schema == 0 else f"something of a newer release ({content.kind})"]
    if isinstance(content, Decision):
        return [f"{GESTURES.get(content.gesture, content.gesture)}: {_decided(one)}" for one in content.decisions]
    if isinstance(content, SignOff):
        return [f"yes: signs their name to {cuts(content.cuts)}", *(f"and with it: {_decided(one)}" for one in content.decisions)]
    return [_SENTENCES[type(content)](content, book, line)]


def brief_of(line: Line[Any], book: Book) -> str:
    """A signed entry in a line: what a decision decides is counted, and what people said is left to its place."""
    content = line.content
    if isinstance(content, Decision):
        return f"{GESTURES.get(content.gesture, content.gesture)}: {_counted(content.decisions)}"
    if isinstance(content, SignOff):
        return f"yes: signs their name to {cuts(content.cuts)}" + (f", with it {_counted(content.decisions)}" if content.decisions else "")
    if isinstance(content, Objection):
        return f"objects ({_number(book, line.n)})"
    if isinstance(content, Answer):
        return f"withdraws {_number(book, content.objection)}" if content.answer == "withdrawn" else f"answers {_number(book, content.objection)}: {content.answer}"
    if isinstance(content, (Refusal, Release)):
        return f"{'no: scraps' if isinstance(content, Refusal) else 'releases, not signed,'} {cuts(content.cuts)}"
    return "; ".join(sentences(line, book)) if not isinstance(content, Stand) else f"stands behind the {content.part} of {about(content.about)}"


def _counted(decisions: Iterable[Decided]) -> str:
    many: dict[str, int] = {}
    for one in decisions:
        many[one.judgment] = many.get(one.judgment, 0) + 1
    return ", ".join(f"{judgment} ({count})" if count > 1 else judgment for judgment, count in many.items())


def _decided(one: Decided) -> str:
    over = f" over {len(one.over)} other{'s' if len(one.over) != 1 else ''}" if one.over else ""
    return f"{one.judgment} of {about(one.about)}: {chosen(one.choice)}{over}{_why(one.because)}"


def _why(because: str) -> str:
    return f', because: "{because}"' if because else ""


def _enrolled(one: Enrol, book: Book, line: Line[Any]) -> str:
    before = [earlier.content.name for earlier in book.enrolments if earlier.content.person == one.person and earlier.n < line.n]
    if before and before[-1] != one.name:
        return f"writes {before[-1]} as {one.name} from here on ({', '.join(one.roles)})"
    what = "a key on paper, to come back with" if one.key.purpose == "recovery" else "a key"
    who = "" if one.name == line.by.name else f" for {one.name}"
    return f"enrols {what}{who} ({', '.join(one.roles)})"


def _chartered(one: Charter, book: Book, line: Line[Any]) -> str:
    held: dict[str, list[str]] = {}
    for judgment, holder in one.holders.items():
        who = "the machine" if holder.machine else book.people[holder.person].name if holder.person in book.people else "an empty chair"
        held.setdefault(who, []).append(judgment)
    seats = "; ".join(f"{who}: {', '.join(judgments)}" for who, judgments in held.items()) or "every chair empty"
    return "; ".join([f"who decides what: {seats}", *services(one)])


def _revoked(one: Revoke, book: Book, line: Line[Any]) -> str:
    owner = book.of_key(one.key)
    back = f", and strikes what it signed from entry {one.from_entry} on" if one.from_entry is not None else ""
    return f"revokes a key of {owner.name if owner else 'somebody unknown'}{back}{_why(one.because)}"


def _thought(one: Intent, book: Book, line: Line[Any]) -> str:
    if one.opens is not None:
        return f"opens the first thought sealed in entry {one.opens}"
    return "says no first thought" if one.skipped else "seals a first thought"


def _objected(one: Objection, book: Book, line: Line[Any]) -> str:
    return f'objects ({_number(book, line.n)}), on {about(one.on)}: "{one.text}"'


def _answered(one: Answer, book: Book, line: Line[Any]) -> str:
    if one.answer == "withdrawn":
        return f"withdraws {_number(book, one.objection)}{_why(one.because)}"
    return f"answers {_number(book, one.objection)}: {one.answer}{_why(one.because)}"


def _number(book: Book, n: int) -> str:
    return next((raised.number for raised in book.objections if raised.line.n == n), f"entry {n}")


def _sent(one: Round, book: Book, line: Line[Any]) -> str:
    return f"round {one.label} to {one.to}: {cuts(one.cuts)}"


def _approved(one: Approval, book: Book, line: Line[Any]) -> str:
    sent = book.line(one.round)
    label = sent.content.label if sent is not None and isinstance(sent.content, Round) else f"entry {one.round}"
    wanted = f": {'; '.join(one.changes)}" if one.changes else ""
    return f"tells of round {label}: {one.contact} {_OUTCOMES[one.outcome]}{wanted}"


def _stands(one: Stand, book: Book, line: Line[Any]) -> str:
    return f"stands behind the {one.part} of {about(one.about)}" + (f': "{one.text}"' if one.text else "")


def _refused(one: Refusal, book: Book, line: Line[Any]) -> str:
    return f"no: scraps {cuts(one.cuts)}{_why(one.because)}; the next one starts from {_NEXT[one.next]}"


def _released(one: Release, book: Book, line: Line[Any]) -> str:
    return f"releases, not signed, {cuts(one.cuts)}{_why(one.because)}"


def _checkpoint(one: Checkpoint, book: Book, line: Line[Any]) -> str:
    return "a checkpoint, for somebody else to keep"


_SENTENCES: dict[type[Any], Any] = {
    Enrol: _enrolled, Charter: _chartered, Revoke: _revoked, Intent: _thought, Objection: _objected, Answer: _answered, Round: _sent,
    Approval: _approved, Stand: _stands, Refusal: _refused, Release: _released, Checkpoint: _checkpoint,
}  # fmt: skip
