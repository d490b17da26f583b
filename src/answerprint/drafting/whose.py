"""Whose the drafts are as they stand in their files now; what is still the machine's; what recurs from draft to draft."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.drafting.keeping import FOLDER, DraftingError, files, text_of
from answerprint.passages import HOUSE, Origin, Passage, index, made, of_text, words
from answerprint.rushes import shown

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["Phrase", "Status", "origins", "plain", "recurring", "status", "unedited", "warnings"]

#: Words running that make a phrase; four are shared by chance by under one sentence in a hundred.
_PHRASE = 4


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """Words that stand in more than one draft, and in no brief."""

    words: str
    at: tuple[tuple[str, int], ...]  #: (file, line)


@dataclass(frozen=True, kw_only=True)
class Status:
    """One draft, and whose it is."""

    file: str
    kind: str  #: "concept", "treatment"; "" of a file that somebody put there
    entry: int
    passages: tuple[Passage, ...]
    says: tuple[str, ...]  #: made from an earlier brief
    about: Mapping[str, str]

    def of(self, origin: Origin) -> tuple[Passage, ...]:
        """Its passages of one origin, without the headings that every draft has."""
        return tuple(one for one in self.passages if one.origin == origin and not one.frame)

    @property
    def words(self) -> str:
        """How much of it is whose, in a sentence and never in one number."""
        counts = [("written by a person", len(self.of("person"))), ("changed by one", len(self.of("edited"))), ("in the brief's own words", len(self.of("brief"))), ("as the machine wrote them", len(self.of("machine")))]
        return ", ".join(f"{count} {'passage' if count == 1 else 'passages'} {what}" if place == 0 else f"{count} {what}" for place, (what, count) in enumerate(counts))


def origins(path: str | Path) -> tuple[Passage, ...]:
    """Whose each passage of a file in a production is, as it stands now.

    Raises: DraftingError: it cannot be read, or lies in no production.
    """
    here = Path(path).absolute()
    return of_text(text_of(here), index(_around(here)))


def unedited(path: str | Path) -> tuple[Passage, ...]:
    """What in a file is still as the machine wrote it; without the brief's own words and the headings of a treatment. Empty: nothing to warn of.

    Raises: DraftingError: as `origins`.
    """
    return tuple(one for one in origins(path) if one.origin == "machine" and not one.frame)


def warnings(path: str | Path) -> tuple[str, ...]:
    """A sentence for each passage that would go to a client as the machine wrote it."""
    name = shown(Path(path).name)
    return tuple(f"{name}, line {one.line}: “{_short(one.text)}” is as the machine wrote it ({one.whose}). Make it yours, or take it out." for one in unedited(path))


def status(production: Production) -> tuple[Status, ...]:
    """Every draft that lies in drafts/ now."""
    everything = made(production)
    held = index(production, drafts=everything)
    latest = _brief_now(production)
    out = []
    for file in files(production):
        entry = next((one for one in reversed(everything) if one.file == file), None)
        says: tuple[str, ...] = ()
        if entry is not None and latest is not None and entry.brief != latest:
            says = ("Made from an earlier brief.",)
        out.append(Status(file=file, kind=entry.kind if entry else "", entry=entry.entry if entry else 0, passages=of_text(text_of(production.path / file), held), says=says, about=entry.values if entry else {}))
    return tuple(out)


def recurring(drafts: Iterable[Status], brief: str = "") -> tuple[Phrase, ...]:
    """Phrases of four words and more that stand in more than one draft: a habit, of a service or one's own. Without the program's own questions, and without the brief's words."""
    said = words(brief)
    known = {said[at : at + _PHRASE] for at in range(len(said) - _PHRASE + 1)}
    runs: dict[tuple[str, ...], dict[tuple[str, int, int], None]] = {}
    lines: list[tuple[str, int, tuple[str, ...]]] = []
    for draft in drafts:
        for one in draft.passages:
            if one.origin == "brief" or (one.whose == HOUSE and one.origin == "machine"):
                continue
            lines.append((draft.file, one.line, words(one.text)))
    for number, (_, _, found) in enumerate(lines):
        for at in range(len(found) - _PHRASE + 1):
            run = found[at : at + _PHRASE]
            if run not in known and any(len(word) > _PHRASE or not word.isascii() for word in run):
                runs.setdefault(run, {})[(lines[number][0], number, at)] = None
    out: dict[str, dict[tuple[str, int], None]] = {}
    for places in runs.values():
        if len({file for file, _, _ in places}) > 1:
            longest = _grown(list(places), lines)
            out.setdefault(" ".join(longest), {}).update(dict.fromkeys((lines[number][0], lines[number][1]) for _, number, _ in places))
    whole = [text for text in out if not any(text != other and f" {text} " in f" {other} " for other in out)]
    return tuple(Phrase(words=text, at=tuple(out[text])) for text in whole)


def _grown(places: Sequence[tuple[str, int, int]], lines: Sequence[tuple[str, int, tuple[str, ...]]]) -> tuple[str, ...]:
    """The longest run that all places share around a run of four."""
    before, after = 0, _PHRASE
    texts_at = [(lines[number][2], at) for _, number, at in places]
    while all(at - before > 0 for _, at in texts_at) and len({text[at - before - 1] for text, at in texts_at}) == 1:
        before += 1
    while all(at + after < len(text) for text, at in texts_at) and len({text[at + after] for text, at in texts_at}) == 1:
        after += 1
    text, at = texts_at[0]
    return text[at - before : at + after]


def plain(one: Status) -> dict[str, Any]:
    """A draft as plain values, for a page and for --json."""
    return {
        "file": one.file, "kind": one.kind, "entry": one.entry, "words": one.words, "says": list(one.says), "about": dict(one.about),
        "counts": {origin: len(one.of(origin)) for origin in ("person", "edited", "brief", "machine")},
        "passages": [
            {"text": each.text, "line": each.line, "kind": each.kind, "level": each.level, "section": each.section, "origin": each.origin, "whose": each.whose, "entry": each.entry, "source": each.source, "was": each.was,
             "kept": [list(pair) for pair in each.kept], "frame": each.frame}
            for each in one.passages
        ],
    }  # fmt: skip


def _around(path: Path) -> Production:
    from answerprint.production import open

    home = next((one for one in path.parents if (one / "answerprint.toml").is_file()), None)
    if home is None:
        raise DraftingError(f"{shown(path.name)} lies in no production, so nobody knows whose it is. Drafts lie in {FOLDER}/ of one.")
    return open(home)


def _brief_now(production: Production) -> str | None:
    from blake3 import blake3

    from answerprint.briefing import FILE

    path = production.path / FILE
    return "blake3:" + blake3(path.read_bytes()).hexdigest() if path.is_file() else None


def _short(text: str) -> str:
    return text if len(text) <= 60 else re.sub(r"\s+\S*$", "", text[:60]) + " …"
