"""The record in a film person's words: what each signed entry says, and the machine's work in groups. For the terminal and the page."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.book import Book, Line
from answerprint.crew import services
from answerprint.finishing import EXECUTION
from answerprint.model.charter import Judgment
from answerprint.model.judgments import (
    Answer,
    Approval,
    Charter,
    Checkpoint,
    CutSeal,
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

if TYPE_CHECKING:
    from answerprint.ledger.verify import Entry, Report

__all__ = ["BESIDE", "GESTURES", "Chronicle", "Row", "Work", "about", "chosen", "cuts", "day", "read", "rows", "sentences", "work"]

#: What a finished task is called: of one thing, of several.
_WORK = {
    "seal": ("one file sealed", "{} files sealed"),
    "ingest": ("what one file says about itself", "what {} files say about themselves"),
    "picture": ("proxy of one clip", "proxies of {} clips"),
    "listen": ("one recorder sound listened to", "{} recorder sounds listened to"),
    "claps": ("claps looked for in one clip", "claps looked for in {} clips"),
    "sync": ("sync of one clip", "sync of {} clips"),
    "synced": ("recorder sound laid under one clip", "recorder sound laid under {} clips"),
    "wild": ("one sound looked through for wild tracks", "{} sounds looked through for wild tracks"),
    "drift": ("clocks compared", "clocks compared, {} times"),
    "transcript": ("transcript of one clip or sound", "transcript of {} clips and sounds"),
    "slate": ("slate of one clip read", "slates of {} clips read"),
    "attempts": ("attempts found in one clip", "attempts found in {} clips"),
    "takes": ("slates and takes settled", "slates and takes settled, {} times"),
    "lining": ("script lined on one clip or sound", "script lined on {} clips and sounds"),
    "coverage": ("coverage counted", "coverage counted, {} times"),
    "sounds": ("room tone and playback placed", "room tone and playback placed, {} times"),
    "correction": ("the colour of one clip corrected, to be looked at", "the colour of {} clips corrected, to be looked at"),
    "clean-up": ("one sound cleaned, to be listened to", "{} sounds cleaned, to be listened to"),
    "captions": ("captions written", "captions written in {} versions and languages"),
    "question": ("one question put to a service", "{} questions put to services"),
    "call": ("one answer of a service", "{} answers of services"),
    "candidates": ("candidates laid for one stock slot", "candidates laid for stock slots, {} times"),
    "frames": ("reference frames laid once", "reference frames laid, {} times"),
    "stock": ("one file fetched from a stock service", "{} files fetched from stock services"),
    "draft": ("one draft laid out", "{} drafts laid out"),
    "supers": ("lettering of one version drawn", "lettering of {} versions drawn"),
    "reframing": ("another framing of one shot, to be looked at", "other framings of {} shots, to be looked at"),
    "export": ("one timeline sent out", "{} timelines sent out"),
    "import": ("one cut taken in", "{} cuts taken in"),
}
_SAID = ("question", "call", "candidates", "stock", "frames", "draft")  #: what else a proposal says that it is
_SERVICES = ("question", "call", "candidates", "stock", "frames")  #: of those, what is between a service and this production
_KINDS = {
    "production": ("the production opened", "the production opened, {} times"),
    "media": ("one file of the shoot", "{} files of the shoot"),
    "proposal": ("one thing made to be looked at", "{} things made to be looked at"),
    "idea": ("one idea of a critic's", "{} ideas of critics'"),
    "remark": ("one remark, not signed", "{} remarks, not signed"),
    "export": ("one timeline sent out", "{} timelines sent out"),
    "import": ("one cut taken in", "{} cuts taken in"),
    "released": ("one finished file sealed", "{} finished files sealed"),
    "bill": ("one bill of a paid service", "{} bills of paid services"),
}
#: Beside which judgment a task's work is shown: what its holder had in hand.
BESIDE = {
    Judgment.TAKE: ("transcript", "slate", "attempts", "takes", "lining", "coverage"),
    Judgment.FINAL_EDIT: ("export", "import"),
    Judgment.PACING: (),
    Judgment.GRADE: ("picture", "correction"),
    Judgment.MIX: ("listen", "sync", "synced", "drift", "wild", "clean-up"),
    Judgment.HERO_FRAMING: (),
    Judgment.MUSIC_BED: (),
}
_CALLED = {"objection": "an objection", "answer": "an answer", "intent": "a first thought", "stand": "a word about their part"}
#: What one gesture signed, in words.
GESTURES = {"selects": "the selects", "lock": "picture lock", "finish": "the finish", "choice": "one choice"}
_OUTCOMES = {"approved": "approved", "changes": "asked for changes", "refused": "refused it"}
_NEXT = {"strings": "an empty timeline with the strings", "assembly": "the first assembly", "this cut": "this cut"}
#: The part of a choice that names it; the rest stands behind it.
_NAMES = ("attempt", "take", "name", "bed", "cut", "file", "clip", "version", "look", "framing", "text")


@dataclass(frozen=True, kw_only=True)
class Work:
    """The machine's work of one sort."""

    task: str
    things: int  #: different files, or how often where it is about the whole shoot
    first: int  #: entries
    last: int
    start: str  #: times
    end: str
    files: tuple[str, ...]
    by: tuple[str, ...] = ()  #: in whose names a service was asked; nobody signed that

    @property
    def says(self) -> str:
        one, many = _WORK.get(self.task) or _KINDS.get(self.task) or (self.task.replace("_", " "), self.task.replace("_", " ") + ", {} times")
        return (one if self.things == 1 else many.format(self.things)) + _in_the_name_of(self.by)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the record: something a person signed, or a run of the machine's work."""

    first: int
    last: int
    at: str
    who: str | None  #: a name; None where nobody signed
    says: str
    struck: bool = False
    written: str = "the machine"  #: by what, where nobody signed


@dataclass(frozen=True, kw_only=True)
class Chronicle:
    """A record as it is read."""

    path: Path
    book: Book
    entries: list[Entry]
    #: what the machine's critics thought and what people said in passing, in order: entry, kind, its body or None where it is withheld
    said: tuple[tuple[Entry, Mapping[str, Any] | None], ...]

    @functools.cached_property
    def report(self) -> Report:
        """What the check finds in it, from the first entry to the last."""
        from answerprint.ledger.verify import verify

        return verify(self.path)

    @property
    def machine(self) -> list[Work]:
        """The machine's finished work, one group for each sort, in the order in which each began."""
        return work(one for one in self.entries if one.signature is None and one.kind not in ("idea", "remark"))


def read(path: Path) -> Chronicle:
    """A record file, read. It is opened read-only; a copy does as well. What a person signed and does not hold is not in its book.

    Raises: LedgerError: missing, damaged, or not a record.
    """
    from answerprint.ledger.store import Record

    with Record.open(path) as record:
        entries = list(record.entries())
        book = Book(record)
    said = tuple((one, _body(one)) for one in entries if one.kind in ("idea", "remark"))
    return Chronicle(path=path, book=book, entries=entries, said=said)


# ---- the machine's work


def work(entries: Iterable[Entry]) -> list[Work]:
    """Machine entries by what was done, in the order in which each sort began."""
    groups: dict[str, list[tuple[Entry, str]]] = {}
    named: dict[str, dict[str, None]] = {}
    for entry in entries:
        body = _body(entry)
        made = str((body or {}).get("what")) if entry.kind == "proposal" and (body or {}).get("what") in (*EXECUTION, *_SAID) else ""
        task = str((body or {}).get("task") or made or entry.kind)
        groups.setdefault(task, []).append((entry, str((body or {}).get("about" if made else "file") or "")))
        if made and (by := str((body or {}).get("by") or "")):
            named.setdefault(task, {})[by] = None
    found = []
    for task, members in groups.items():
        files = tuple(dict.fromkeys(file for _, file in members if file))
        whole = task in ("drift", "takes", "coverage")  # of the whole shoot each time
        things = len(members) if whole or not files else len(files)
        (first, _), (last, _) = members[0], members[-1]
        found.append(Work(task=task, things=things, first=first.n, last=last.n, start=first.at, end=last.at, files=() if whole else files, by=tuple(named.get(task, ()))))
    return found


def _in_the_name_of(by: Iterable[str]) -> str:
    said = ", ".join(by)
    return f", in the name of {said}" if said else ""


def _body(entry: Entry) -> Mapping[str, Any] | None:
    try:
        return entry.read()
    except ValueError:  # the check says which entry that is
        return {}


# ---- entry by entry


def rows(chronicle: Chronicle, *, every: bool = False, brief: bool = False) -> list[Row]:
    """The record from first to last: each thing a person signed, and between them the machine's work.

    Args:   every: each machine entry by itself, not in groups.  brief: one row for an entry and for a run of the machine's.
    Returns: rows; those of one entry, or of one run, say the same numbers.
    """
    found: list[Row] = []
    run: list[Entry] = []

    def close() -> None:
        said = [one.says for one in work(run)]
        for says in ["; ".join(said)] if brief and said else said:
            found.append(Row(first=run[0].n, last=run[-1].n, at=run[0].at, who=None, says=says))
        run.clear()

    for entry in chronicle.entries:
        line = chronicle.book.line(entry.n)
        if line is None and entry.n not in chronicle.book.unsound and entry.kind not in ("idea", "remark") and not every:
            run.append(entry)
            continue
        close()
        if line is not None:
            said = [_brief(line, chronicle.book)] if brief else sentences(line, chronicle.book)
            found += (Row(first=entry.n, last=entry.n, at=entry.at, who=chronicle.book.then(line), says=says, struck=line.struck) for says in said)
        elif entry.n in chronicle.book.unsound:
            why = "; ".join(chronicle.book.unsound[entry.n])
            found.append(Row(first=entry.n, last=entry.n, at=entry.at, who=None, says=f"does not hold and counts for nothing: {why}"))
        else:
            says, written = _unsigned(entry, brief)
            found.append(Row(first=entry.n, last=entry.n, at=entry.at, who=None, says=says, written=written))
    close()
    return found


def _unsigned(entry: Entry, brief: bool) -> tuple[str, str]:
    """What an entry says that nobody signed, and who or what wrote it."""
    body = _body(entry)
    if body is None:
        return f"{entry.kind}, its words withheld in this copy", "not signed" if entry.kind == "remark" else "the machine"
    if entry.kind in ("idea", "remark"):
        on = about(str(body.get("on") or "film:master"))
        said = "" if brief else f': "{body.get("text", "")}"'
        if entry.kind == "idea":
            return f"an idea of the {body.get('critic', 'unnamed')} critic's, on {on}{said}", "the machine"
        return f"a remark, said to be by {body.get('by', 'somebody')}, on {on}{said}", "not signed"
    if entry.kind == "proposal" and body.get("what") in _SERVICES:
        return _asked(body) + _in_the_name_of([str(body["by"])] if body.get("by") else ()), "the machine"
    return f"{body.get('task', entry.kind)} {body.get('file', '')}".strip(), "the machine"


def _asked(body: Mapping[str, Any]) -> str:
    """What went to a service or came from it, out of its entry."""
    what, name = body["what"], body.get("provider", "a service")
    if what == "question":
        carried = body.get("carries")
        carries = ", ".join(map(str, carried)) if isinstance(carried, list) else ""
        return f"{name} asked for {body.get('for', 'something')}, at {body.get('at') or 'this machine'}, at {body.get('price', 'a price not known')}; it carries {carries or 'nothing of the shoot'}"
    if what == "call":
        says = f": {body['says']}" if body.get("says") else ""
        return f"{name} answered the question of entry {body.get('question', '?')}{says}" if body.get("outcome") == "answered" else f"{name} did not answer the question of entry {body.get('question', '?')} as it should{says}"
    laid = body.get("files")
    files = ", ".join(str(one["file"]) for one in laid if isinstance(one, Mapping) and one.get("file")) if isinstance(laid, list) else ""
    where = f" for {body['slot']}" if body.get("slot") else f" for item {body['item']}" if body.get("item") else ""
    return f"from entry {body.get('answer', '?')}, by {name}{where}: {files or ('reference frames' if what == 'frames' else 'nothing')}"


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


def _brief(line: Line[Any], book: Book) -> str:
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


# ---- words for things


def about(thing: str) -> str:
    """What something is about, as people say it: "item:3" is item 3, "hero:7@square" item 7 in the square version."""
    kind, _, rest = thing.partition(":")
    if not rest:
        return thing
    name, _, version = rest.partition("@")
    if kind == "frame":
        return f"frame {version.partition('#')[0]} of {name}"
    within = f" in {version}" if version else ""
    if kind == "film":
        return ("the film" if name == "master" else f"the film, {name}") + within
    return f"{'item' if kind == 'hero' else kind} {name}{within}"


def chosen(choice: Mapping[str, str]) -> str:
    """A choice in one line: its name first, then what belongs to it; seals are for the check and are left out."""
    if "clip" in choice and choice.get("name"):
        slate = choice.get("slate", "")
        return f"{slate} ({choice['name']})" if slate and slate != choice["name"] else choice["name"]
    if "none" in (choice.get("take"), choice.get("bed")):
        return "none: shoot again" if choice.get("take") == "none" else "no music bed"
    said = {name: value for name, value in choice.items() if value and not value.startswith(("sha256:", "blake3:"))}
    if not said:
        return "as it stands"
    first = next((name for name in _NAMES if name in said), next(iter(said)))
    rest = [f"{name.replace('_', ' ')} {value}" for name, value in said.items() if name != first]
    named = said[first].rsplit("/", 1)[-1] if first == "file" else said[first]
    return ", ".join([named, *rest])


def cuts(sealed: Iterable[CutSeal]) -> str:
    """Cuts by version and file name."""
    return ", ".join(one.file.rsplit("/", 1)[-1] + ("" if one.version == "master" else f" ({one.version})") for one in sealed)


def day(at: str) -> str:
    """A time as people write it: "3 March 2026, 10:14 UTC". What is no time stays as it is."""
    from datetime import datetime

    try:
        when = datetime.fromisoformat(at)
    except ValueError:
        return at
    months = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
    return f"{when.day} {months[when.month - 1]} {when.year}, {when:%H:%M} UTC"
