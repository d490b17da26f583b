"""The machine's finished work in groups, and what went to services and came from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from answerprint.finishing import EXECUTION
from answerprint.model.charter import Judgment

if TYPE_CHECKING:
    from answerprint.ledger.verify import Entry

__all__ = ["BESIDE", "SERVICES", "Work", "asked", "body_of", "in_the_name_of", "work"]

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
SERVICES = ("question", "call", "candidates", "stock", "frames")  #: of those, what is between a service and this production
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
        return (one if self.things == 1 else many.format(self.things)) + in_the_name_of(self.by)


def work(entries: Iterable[Entry]) -> list[Work]:
    """Machine entries by what was done, in the order in which each sort began."""
    groups: dict[str, list[tuple[Entry, str]]] = {}
    named: dict[str, dict[str, None]] = {}
    for entry in entries:
        body = body_of(entry)
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


def in_the_name_of(by: Iterable[str]) -> str:
    """Who asked a service, to stand behind what was asked; empty where nobody is named."""
    said = ", ".join(by)
    return f", in the name of {said}" if said else ""


def body_of(entry: Entry) -> Mapping[str, Any] | None:
    """What an entry holds: None where it is withheld in this copy, nothing where it is no entry of ours."""
    try:
        return entry.read()
    except ValueError:  # the check says which entry that is
        return {}


def asked(body: Mapping[str, Any]) -> str:
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
