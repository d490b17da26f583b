"""The check before anything leaves: the question, and its three answers.

Yes is refused while anything is missing. Scrapped: the cut stays in the record, and the next one starts from the strings, the first
assembly, or this cut. Released unsigned: a producer's, under their own name and reason, with everything that was missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from answerprint import assistant, intent
from answerprint.book import Person
from answerprint.choosing import described, told
from answerprint.desk import Desk, DeskError, nearest
from answerprint.films import Asked, Film
from answerprint.gate import SheetSeen, Verdict, gate, levels, needs
from answerprint.gestures import GestureError, affirmed, kept, shown
from answerprint.model.charter import Judgment
from answerprint.model.judgments import CutSeal, Decided, FilmSeal, Noted, Refusal, Release, Seen, SignOff

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["NEXT", "QUESTION", "Page", "SignOffError", "answers", "may_say", "page", "read_out", "release", "scrap", "start_next", "stay", "versions", "yes"]

QUESTION = "Would I sign my name to this if the client did not know AI was involved?"
Next = Literal["strings", "assembly", "this cut"]
#: From what the next cut may start: an empty timeline with the strings stands first.
NEXT: tuple[Next, ...] = ("strings", "assembly", "this cut")


class SignOffError(DeskError):
    """The question cannot be answered so: the sentence lists what is missing, or says what to give."""


@dataclass(frozen=True, kw_only=True)
class Warned:
    """One warning of technical QC, with every film in which it is found at the same place."""

    check: str
    says: str
    words: str  #: with its place, as a sentence
    films: tuple[tuple[str, str], ...]  #: version and spec
    note: str = ""

    @property
    def where(self) -> str:
        """The films, as people say them: "master for tv-eu, youtube"."""
        by: dict[str, list[str]] = {}
        for version, spec in self.films:
            by.setdefault(version, []).append(spec)
        return "; ".join(f"{version} for {', '.join(specs)}" for version, specs in by.items())


@dataclass(frozen=True, kw_only=True)
class Page:
    """What stands before the signer, and all that a signature under it will bind."""

    person: Person
    cuts: tuple[CutSeal, ...]
    verdict: Verdict  #: as it would be with what a yes affirms again
    as_it_is: Verdict  #: as it is, and stays with any other answer
    affirms: tuple[Decided, ...]
    lines: tuple[str, ...]  #: what is affirmed again, with what changed
    thought: intent.Thought | None  #: the first thought, opened
    seen: Seen
    files: Mapping[str, str]  #: version -> the digest of its cut's file: what of it no seal of an edit holds, levels and sizes, is in there
    films: tuple[Film, ...] = ()  #: the rendered films of these cuts that stand
    played: Mapping[str, bool | None] = field(default_factory=dict)  #: a film's seal -> whether the signer played it to its end; None where they keep that to themselves
    notes: tuple[Noted, ...] = ()  #: what the signer says to warnings
    more: bool = True  #: whether a yes would name a film or a note that no sign-off which stands names

    @property
    def not_checked(self) -> tuple[str, ...]:
        """What nobody checks: what this release does not look at, and what no seal holds of each cut."""
        return *self.verdict.not_checked, *(levels(one.file, self.files[one.version]) for one in self.cuts)

    @property
    def shown(self) -> dict[str, str]:
        """What stands here, as `gestures.changed` compares it with what stood before somebody: the cuts, what is affirmed, the thought."""
        cuts = {f"cut of {one.version}": f"{one.seal} {self.files[one.version]}" for one in self.cuts}
        opened = {"first thought": str(self.thought.opened)} if self.thought else {}
        films = {f"film of {one.name}": one.essence for one in self.films}
        return cuts | films | shown(self.affirms) | opened

    @property
    def seals(self) -> tuple[FilmSeal, ...]:
        """The films, as a signature names them."""
        return tuple(FilmSeal(version=one.version, spec=one.spec, file=one.file, essence=one.essence, played=self.played.get(one.essence)) for one in self.films)

    @property
    def warnings(self) -> tuple[Warned, ...]:
        """The warnings of technical QC about these films, in their order, each with what the signer says to it; empty where nothing yet."""
        said = {(one.version, one.spec, one.check, one.says): one.note for one in self.notes}
        return tuple(replace(one, note=said.get((*one.films[0], one.check, one.says), "")) for one in _warned(self.films))


def versions(desk: Desk, named: Sequence[str]) -> tuple[str, ...]:
    """The versions that somebody means: by their names, by the files of their cuts, or all.

    Raises: SignOffError: nothing is called that.
    """
    every = [one.name for one in desk.family.versions]
    found: dict[str, None] = {}
    for text in named:
        here = every if text.casefold() == "all" else [one for one in every if one.casefold() == text.casefold()]
        if not here:
            files = {one: desk.cut_name(one) for one in every}
            wanted = desk.cut_file(text, missing_ok=True)
            here = [one for one, file in files.items() if file == wanted]
            if not here:
                known = [*every, *(file for file in files.values() if file), "all"]
                raise SignOffError(f"{text!r} is no version, and the cut of none. {nearest(text, known)}")
        found.update(dict.fromkeys(here))
    if not found:
        raise SignOffError(f"say which cut: answerprint sign FOLDER off CUT. {nearest('', [*every, 'all'])}")
    return tuple(found)


def page(
    desk: Desk, person: Person, named: Sequence[str], *, sheet_seen: SheetSeen, notes: Sequence[str] = (), played: Callable[[str], bool | None] = lambda seal: None,
) -> Page:  # fmt: skip
    """Everything that the question is asked about.

    Args:   notes: what the signer says to the warnings of technical QC: "1: It is the lightning.", by their numbers.
            played: whether the signer played the film of this seal to its end; None where they keep that to themselves.
    Raises: SignOffError: no such version, one without a cut, nobody is on the crew, or a note to no warning.
    """
    chosen = versions(desk, named)
    if desk.book is None:
        raise SignOffError("there is no record yet, so there is nothing to sign.")
    for version in chosen:
        if version in desk.cut_problems:
            raise SignOffError(desk.cut_problems[version])
    wanted = {(need.judgment, about) for version in chosen for need in needs(desk, version)[0] for about in need.places}
    affirms, lines = [], []
    for which in desk.decisions:
        holder = desk.book.holder(which[0])
        if which in desk.stale and which in wanted and holder is not None and holder.id == person.id:
            try:
                affirms.append(affirmed(desk, which))
            except GestureError:
                continue  # the verdict says that it is stale, and why
            lines.append(f"{described(*which, desk.items)}: {told(affirms[-1].choice)}, affirmed again")
            lines += [f"    since then: {says}" for says in desk.stale[which]]
    asked = Asked.of(desk)
    films = tuple(film for version in chosen for film in (*asked.standing(desk, version), *(one for one in asked.beside(desk, version) if not one.failed)))
    said = _notes(films, notes)
    spoken = frozenset((one.version, one.spec, one.check, one.says) for one in said)
    as_it_is = gate(desk, *chosen, sheet_seen=sheet_seen)
    again = frozenset((one.judgment, one.about) for one in affirms)
    verdict = gate(desk, *chosen, sheet_seen=sheet_seen, affirmed=again, notes=spoken) if affirms or said else as_it_is
    cuts = tuple(
        CutSeal(version=version, file=desk.cuts[version].file, seal=desk.cuts[version].seal,
                sheet_seen=sheet_seen(desk.cuts[version]) if desk.family.needs_sheet(version, desk.cuts) else None)
        for version in chosen
    )  # fmt: skip
    return Page(
        person=person, cuts=cuts, verdict=verdict, as_it_is=as_it_is, affirms=tuple(affirms), lines=tuple(lines), thought=_thought(desk, person),
        seen=desk.book.head, files={version: desk.cuts[version].written for version in chosen}, films=films, notes=said,
        played={one.essence: played(one.essence) for one in films}, more=_more(desk, verdict, films, said),
    )  # fmt: skip


def _more(desk: Desk, verdict: Verdict, films: Sequence[Film], said: Sequence[Noted]) -> bool:
    """Whether these films and notes are more than what the sign-offs that stand name: a film for a spec that was asked for since."""
    entries = {one.entry for one in verdict.stands if one.judgment == str(Judgment.SIGN_OFF)}
    before = [line.content for line in desk.book.of(SignOff) if line.n in entries] if desk.book else []
    named = {(one.version, one.spec, one.essence, one.file) for content in before for one in content.films}
    return not {(*one.which, one.file) for one in films} <= named or not set(said) <= {one for content in before for one in content.notes}


def _notes(films: Sequence[Film], given: Sequence[str]) -> tuple[Noted, ...]:
    """What somebody says to the warnings, by their numbers as the page counts them, from 1.

    Raises: SignOffError: there is no such warning, or nothing is said.
    """
    warned = _warned(films)
    found: dict[int, tuple[Noted, ...]] = {}
    for text in given:
        number, colon, note = text.partition(":")
        if not (colon and number.strip().isascii() and number.strip().isdigit() and note.strip()):
            raise SignOffError(f"{text!r}: a note says to which warning, and what: --note '1: It is the lightning.'")
        n = int(number.strip()[:9])
        if not 1 <= n <= len(warned):
            there = f"There are {len(warned)}." if warned else "There is none."
            raise SignOffError(f"there is no warning {n} to say something to. {there}")
        one = warned[n - 1]
        found[n] = tuple(Noted(version=version, spec=spec, check=one.check, says=one.says, note=note.strip()) for version, spec in one.films)
    return tuple(note for n in sorted(found) for note in found[n])


def _warned(films: Sequence[Film]) -> list[Warned]:
    """The warnings, each once: the same thing at the same place of several films is one."""
    found: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    words: dict[tuple[str, str, str], str] = {}
    for film in films:
        for one in film.findings:
            if one.weight == "WARN":
                which = one.check, one.says, one.at
                words[which] = one.words
                if (film.version, film.spec) not in found.setdefault(which, []):
                    found[which].append((film.version, film.spec))
    return [Warned(check=which[0], says=which[1], words=words[which], films=tuple(there)) for which, there in found.items()]


def _thought(desk: Desk, person: Person) -> intent.Thought | None:
    """The first thought that was opened: the signer's own, else another person's."""
    opened = [one for one in intent.thoughts(desk.book) if one.content is not None] if desk.book else []
    return next((one for one in opened if one.by.id == person.id), opened[0] if opened else None)


def read_out(not_checked: Sequence[str]) -> str:
    """What nobody checked, in one line: seals by their beginning, as they are shown everywhere."""
    return re.sub(r"(blake3:[0-9a-f]{12})[0-9a-f]{52}", r"\1…", ", ".join(not_checked))


# ---- the three answers


def answers(desk: Desk, person: Person) -> tuple[str, ...]:
    """What this person may say to the question, and the law of the record will take: "yes", "scrap", "release".

    Raises: SignOffError: none of them, and whose they are.
    """
    holder = desk.book.holder(Judgment.SIGN_OFF) if desk.book else None
    own = ("yes", "scrap") if holder is not None and holder.id == person.id else ()
    found = (*own, *(("release",) if "producer" in person.roles else ()))
    if not found:
        whose = f"{holder.name} holds it" if holder else "its chair is empty"
        raise SignOffError(f"the sign-off is not {person.name}'s to answer: {whose}. Who holds what: answerprint charter FOLDER")
    return found


def may_say(desk: Desk, person: Person, answer: str) -> None:
    """Refuse an answer that is not this person's to give, before anybody is asked for a reason or a passphrase.

    Raises: SignOffError.
    """
    if answer in answers(desk, person):
        return
    if answer == "release":
        raise SignOffError(f"only a producer releases what was not signed; {person.name} is {', '.join(person.roles)}.")
    holder = desk.book.holder(Judgment.SIGN_OFF) if desk.book else None
    whose = f"{holder.name} holds the sign-off" if holder else "the chair of the sign-off is empty"
    raise SignOffError(f"{answer} is not {person.name}'s to say: {whose}. As a producer {person.name} can release it unsigned: --answer release --because REASON")


def yes(page: Page) -> SignOff:
    """I would.

    Raises: SignOffError while anything is missing; it lists all of it, by person.  Also where that yes stands already.
    """
    if page.verdict.open:
        raise SignOffError.listing("it cannot be signed off while anything is missing.", (f"{one.who}: {one.says}" for one in page.verdict.open))
    if not page.verdict.missing and not page.affirms and not page.verdict.rewritten and not page.more:
        entries = ", ".join(dict.fromkeys(str(one.entry) for one in page.verdict.stands if one.judgment == str(Judgment.SIGN_OFF)))
        raise SignOffError(f"{page.person.name} signed that off already, in entry {entries}, and nothing was changed since. Nothing was written.")
    return SignOff(
        question=QUESTION, cuts=page.cuts, decisions=page.affirms, intent=page.thought.opened if page.thought else None,
        not_checked=page.not_checked, films=page.seals, notes=page.notes,
    )  # fmt: skip


def scrap(page: Page, because: str, next: Next) -> Refusal:
    """I would not. The cut stays in the record.

    Raises: SignOffError: without a reason, or without saying from what the next one starts.
    """
    if not because.strip():
        raise SignOffError("scrapping a cut needs its reason: --because.")
    if next not in NEXT:
        raise SignOffError(f"the next one starts from the strings, the assembly or this cut, not from {next!r}.")
    return Refusal(question=QUESTION, cuts=page.cuts, because=because, next=next)


def release(page: Page, because: str) -> Release:
    """A producer lets it out unsigned, and everything that is missing stands in the entry.

    Raises: SignOffError: they are no producer, or gave no reason.
    """
    if "producer" not in page.person.roles:
        raise SignOffError(f"only a producer releases what was not signed; {page.person.name} is {', '.join(page.person.roles)}.")
    if not because.strip():
        raise SignOffError("releasing unsigned needs its reason: --because.")
    missing = tuple(f"{one.who}: {one.says}" for one in page.as_it_is.missing)
    return Release(cuts=page.cuts, because=because, missing=missing, not_checked=page.not_checked, films=page.seals, notes=page.notes)


# ---- after a scrap


def stay(desk: Desk, page: Page) -> None:
    """Keep the cuts that are about to be scrapped, named by an entry, whatever becomes of the files."""
    from answerprint.turnover import enter

    for one in page.cuts:
        data = desk.production.keep.get(kept(desk, one.version))
        enter(desk.production, "import", data, [], {"file": one.file, "cuts": [one.file], "why": "scrapped"}, [])


def start_next(desk: Desk, page: Page, next: Next) -> tuple[Path, ...]:
    """Write what the next cut starts from into cuts/, under the next free name; the scrapped one is not touched.

    Returns: the timeline, and after it the strings where it starts from them.
    """
    from answerprint.keep import write_whole
    from answerprint.timeline.formats.otio import format as otio

    first = page.cuts[0]
    path = _next_name(desk.path / "cuts" / Path(first.file).name)
    assert otio.write is not None
    if next == "assembly":
        return (assistant.export_rough(desk.production, "otio", to=path)[0].path,)
    if next == "this cut":
        write_whole(path, otio.write(desk.timeline(first.version), {})[0])
        return (path,)
    write_whole(path, otio.write(_empty(desk.production, path.stem), {})[0])
    return path, *(one.path for one in assistant.export_strings(desk.production, "otio"))


def _empty(production: Production, name: str) -> object:
    import opentimelineio as otio

    from answerprint.model.time import Timecode
    from answerprint.timeline.cut import CutInfo, at, attach

    rate, size = production.settings.rate, production.settings.raster
    timeline = otio.schema.Timeline(name=name, global_start_time=at(Timecode.parse("01:00:00:00", rate=rate).seconds, rate))
    for track, kind in (("V1", otio.schema.TrackKind.Video), ("A1", otio.schema.TrackKind.Audio)):
        timeline.tracks.append(otio.schema.Track(track, kind=kind))
    attach(timeline, CutInfo(rate=rate, width=size[0] if size else None, height=size[1] if size else None))
    return timeline


def _next_name(path: Path) -> Path:
    """v03.fcpxml -> v04.otio; a name without a number gets one. Never a name that is taken."""
    match = re.search(r"(\d+)(?!.*\d)", path.stem)
    before, number, after = (path.stem[: match.start()], match[1], path.stem[match.end() :]) if match else (f"{path.stem} ", "1", "")
    count = int(number)
    taken = {one.stem.casefold() for one in path.parent.glob("*")}
    while True:
        count += 1
        stem = f"{before}{str(count).zfill(len(number))}{after}"
        if stem.casefold() not in taken:
            return path.with_name(f"{stem}.otio")
