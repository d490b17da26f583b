"""The gate: what is missing before a version may leave, by person. The verdict is a list, never a yes.

It is a view of the record and of the cuts. An empty list of what is missing is the only way out, and no switch turns a check off.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from answerprint import assets, critiquing, disclosing, easiness, rights, sharing, slots
from answerprint.book import Current, Line
from answerprint.choosing import described, told
from answerprint.crew import seats
from answerprint.desk import FILM, Desk, Try
from answerprint.film import Cut
from answerprint.films import Asked, Film, Notes, Specs, films, older, qc, seen_so
from answerprint.model.charter import Judgment
from answerprint.model.judgments import CutSeal, Refusal, Release, SignOff
from answerprint.model.time import Span
from answerprint.rushes import not_connected, shown

__all__ = ["CHECKS", "EMPTY_CHAIR", "Check", "Judged", "Missing", "Need", "SheetSeen", "Verdict", "gate", "levels", "needs"]

EMPTY_CHAIR = "an empty chair"
SheetSeen = Callable[[Cut], bool]  #: whether the contact sheet of this very cut was seen


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check that is not a person's judgment. `run` is None until there is something that does it."""

    name: str
    run: Callable[[Desk, Cut, Asked], tuple[str, ...]] | None = None  #: what it finds missing, in sentences
    leaving: str = ""  #: what a verdict says of a check that is done on the file while it leaves
    absent: Callable[[Desk, Cut, Asked], str] | None = None  #: why it has nothing to speak about in a cut, in a sentence; "" where it has
    notes: Callable[[Desk, tuple[str, ...]], tuple[str, ...]] | None = None  #: of these versions what is worth knowing and stops nothing

    @property
    def built(self) -> bool:
        """Whether there is something that does it, or puts before whoever signs what it found."""
        return self.run is not None or self.notes is not None or bool(self.leaving)


def _overtaken(desk: Desk, cut: Cut, asked: Asked) -> tuple[str, ...]:
    """A mix or a grade that the machine wrote, that somebody chose, and that is out of date."""
    from answerprint.finished import overtaken

    return overtaken(desk, cut)


def _captions(desk: Desk, cut: Cut, asked: Asked) -> tuple[str, ...]:
    """Captions that leave with a film, or stand in its picture, and were made for another cut of it."""
    if not any(film.captions or any(name.startswith("the captions ") for name in film.made_of) for film in (*asked.standing(desk, cut.version), *asked.beside(desk, cut.version))):
        return ()
    from answerprint.captioning import outdated

    return outdated(desk, cut.version)


#: Every check that a deliverable's papers speak of, in their order. One that this release does not have is "not checked".
CHECKS = (
    Check(name="technical QC", run=lambda desk, cut, asked: qc(desk, cut.version, asked)),
    Check(name="easy-choice report", run=lambda desk, cut, asked: easiness.missing(desk, cut)),
    Check(name="critics beside empty chairs", run=lambda desk, cut, asked: critiquing.missing(desk, cut)),
    Check(name="machine's share", notes=sharing.notes),
    Check(name="credentials", leaving="Credentials are written from the record and read back from the file when it leaves; where the two differ, it does not."),
    Check(name="supers and captions", run=lambda desk, cut, asked: (*assets.outdated(desk, cut), *_captions(desk, cut, asked), *_overtaken(desk, cut, asked))),
    Check(name="disclosure", run=disclosing.missing, absent=disclosing.absent),
    Check(name="slots", run=slots.check, notes=slots.notes),
    Check(name="rights", run=rights.check, absent=rights.absent, notes=rights.notes),
)


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
class _Looking:
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


def gate(
    desk: Desk, *versions: str, sheet_seen: SheetSeen, affirmed: frozenset[tuple[str, str]] = frozenset(), specs: Specs = (), notes: Notes = frozenset(),
) -> Verdict:  # fmt: skip
    """What these versions are missing; of all of them where none is named.

    Args:   sheet_seen: whether the contact sheet of a cut was seen.  affirmed: stale decisions that the signature at hand affirms again.
            specs: only the films for these; version by version, where they are given so.  notes: warnings of technical QC that the signature at hand speaks to.
    Raises: FilmError: no such version, or versions.csv cannot be read.
    """
    family = desk.family
    chosen = tuple(family[name].name for name in versions) or tuple(one.name for one in family.versions)
    asked = Asked.of(desk, specs, notes | _noted(desk))
    looking = _Looking(desk=desk, decisions=desk.decisions, stale={which: why for which, why in desk.stale.items() if which not in affirmed}, asked=asked)
    for version in chosen:
        _version(looking, version, sheet_seen)
    _record(looking)
    cuts = [desk.cuts[version] for version in chosen if version in desk.cuts]
    for film in [film for cut in cuts for film in asked.beside(desk, cut.version) if film.failed]:
        looking.notes[f"{film.name}: {film.found} of technical QC, and nobody asks for it here. It does not leave."] = None
    looking.notes |= {says: None for cut in cuts for film in asked.standing(desk, cut.version) if (says := older(film))}
    for check in CHECKS:
        for says in [says for cut in cuts if check.run is not None for says in check.run(desk, cut, asked)]:
            looking.lacks(check.name, looking.holder(Judgment.SIGN_OFF), says)
        looking.absent |= {says: None for cut in cuts if check.absent is not None and (says := check.absent(desk, cut, asked))}
        looking.notes |= {check.leaving: None} if check.leaving else {}
        looking.notes |= dict.fromkeys(check.notes(desk, chosen)) if check.notes is not None else {}
    return Verdict(
        versions=chosen, missing=tuple(looking.missing), not_checked=tuple(one.name for one in CHECKS if not one.built),
        not_in_this_film=tuple(looking.absent), machine=tuple(looking.machine), stands=tuple(looking.stands), notes=tuple(looking.notes), rewritten=tuple(looking.rewritten),
        films=tuple(_told(film) for cut in cuts for film in asked.standing(desk, cut.version)),
    )  # fmt: skip


def _told(film: Film) -> str:
    return f"{film.name}: {film.film_frames} frames, {film.found}"


def _noted(desk: Desk) -> Notes:
    """The warnings that a signature which stands speaks to, about exactly the films that it names."""
    lines = [line for line in desk.book.lines if isinstance(line.content, SignOff | Release) and not line.struck] if desk.book else []
    there = {(one.version, one.spec): one.essence for one in films(desk)} if any(line.content.notes for line in lines) else {}
    return frozenset(
        (note.version, note.spec, note.check, note.says)
        for line in lines for film in line.content.films for note in line.content.notes
        if (note.version, note.spec) == (film.version, film.spec) and there.get((film.version, film.spec)) == film.essence
    )  # fmt: skip


def levels(file: str, digest: str) -> str:
    """What no seal of an edit holds, since no two programs write it alike, as a signature says that nobody checked it: with the digest of the
    cut's file, by which it is known whether it is still the one that was looked at."""
    return f"levels, sizes and effects in {file} (its seal {digest})"


# ---- what a version needs


def needs(desk: Desk, version: str) -> tuple[tuple[Need, ...], tuple[str, ...]]:
    """The judgments that a version has, and those that this film has not, with the reason in a sentence."""
    found, absent = _takes(desk)
    heroes = [item for item in desk.items.values() if item.hero is not None]
    if not heroes:
        absent.append("hero framing: the script marks no [[HERO]] shot")
    cut = desk.cuts.get(version)
    silent = cut is not None and not cut.heard and not _mixed(desk, version)
    shown = cut is None or bool(cut.picture)
    for judgment in (Judgment.FINAL_EDIT, Judgment.PACING, Judgment.GRADE, Judgment.MIX, Judgment.MUSIC_BED):
        if silent and judgment in (Judgment.MIX, Judgment.MUSIC_BED):
            absent.append(f"{judgment}: {version} has no sound")
        elif not shown and judgment == Judgment.GRADE:
            absent.append(f"{judgment}: {version} has no picture")
        else:
            places = tuple(f"{FILM}:{one}" for one in _line(desk, version, judgment))
            found.append(Need(judgment=str(judgment), about=places[-1], places=places))
    for item in heroes:
        places = tuple(f"hero:{item.number}@{one}" for one in _line(desk, version, Judgment.HERO_FRAMING))
        found.append(Need(judgment=str(Judgment.HERO_FRAMING), about=places[-1], places=places))
    charter = desk.book.charter if desk.book else None
    for stricter in charter.content.stricter if charter else ():
        places = tuple(f"{FILM}:{one}" for one in _line(desk, version, Judgment.GRADE))
        found.append(Need(judgment=stricter, about=places[-1], places=places))
    return tuple(found), tuple(absent)


def _mixed(desk: Desk, version: str) -> bool:
    """Whether a mix is chosen, signed or not: it is heard in the film, whatever the cut itself sounds like."""
    places = [(str(Judgment.MIX), f"{FILM}:{one}") for one in _line(desk, version, Judgment.MIX)]
    found = [desk.decisions[which].decided.choice for which in places if which in desk.decisions] or [desk.drafts[which].choice for which in places if which in desk.drafts]
    return bool(found) and "file" in found[0]


def _takes(desk: Desk) -> tuple[list[Need], list[str]]:
    found, absent = [], []
    if desk.unprepared:
        return [], []
    if not desk.items:
        absent.append("take: there is no script, so nothing is chosen item by item")
    decided = {about for judgment, about in desk.decisions if judgment == Judgment.TAKE}
    for number, item in desk.items.items():
        if desk.tries_at(number) or f"item:{number}" in decided:  # what somebody signed does not leave the film because its clip is away
            found.append(Need(judgment=str(Judgment.TAKE), about=f"item:{number}", places=(f"item:{number}",)))
        elif item.card or item.stock is not None or not desk.unread:
            why = "lettering is made, not shot" if item.card else "it is to come from stock" if item.stock is not None else "it was not covered"
            absent.append(f"take of item {number}: {why}")
    return found, absent


def _unknown(desk: Desk) -> list[int]:
    """Items that would have to be shot, that nothing covers, and that what was not read yet may cover."""
    shot = [number for number, item in desk.items.items() if not item.card and item.stock is None and not desk.tries_at(number)]
    return shot if shot and desk.unread else []


def _line(desk: Desk, version: str, judgment: str) -> list[str]:
    """A version and those whose decision serves it, the nearest first; pacing goes where the edit goes."""
    found = [version]
    while (parent := desk.family.inherits(found[-1], judgment, desk.cuts)) is not None:
        found.append(parent)
    return found


# ---- looking


def _version(looking: _Looking, version: str, sheet_seen: SheetSeen) -> None:
    desk = looking.desk
    for says in (desk.family.stranger(version, desk.cuts), desk.family.other_sound(version, desk.cuts)):
        if says:
            looking.notes[says] = None
    wanted, absent = needs(desk, version)
    looking.absent.update(dict.fromkeys(absent))
    found = [one for need in wanted if (one := _judged(looking, need)) is not None]
    _unchosen(looking, version)
    if version in desk.cut_problems:
        looking.lacks("the cut", looking.holder(Judgment.FINAL_EDIT), desk.cut_problems[version])
    elif desk.family.needs_sheet(version, desk.cuts) and not (_signed_as_seen(desk, desk.cuts[version]) or sheet_seen(desk.cuts[version])):
        holder = desk.book.holder(Judgment.SIGN_OFF) if desk.book else None
        whose = f" --who {shlex.quote(holder.name)}" if holder else ""
        says = f"{version}: its contact sheet was not looked at as it is cut now. When it was: answerprint watched FOLDER --sheet {version}{whose}"
        looking.lacks("contact sheet", looking.holder(Judgment.SIGN_OFF), says)
    if version in desk.cuts:
        _question(looking, desk.cuts[version], found)
    else:
        looking.lacks(str(Judgment.SIGN_OFF), looking.holder(Judgment.SIGN_OFF), f"{version}: the question is not answered.")


def _signed_as_seen(desk: Desk, cut: Cut) -> bool:
    """Whether a sign-off of this very cut says that its sheet was seen: that is all that others know of it."""
    signed = desk.book.of(SignOff) if desk.book else []
    return any((one.version, one.seal, one.sheet_seen) == (cut.version, cut.seal, True) for line in signed for one in line.content.cuts)


def _judged(looking: _Looking, need: Need) -> Current | None:
    """Look at one judgment; the decision that serves it, where there is one."""
    desk, book = looking.desk, looking.desk.book
    if book is not None and (seat := book.seat(need.judgment)).machine:
        by = book.charter.by.name if book.charter else "a producer"
        looking.machine[f"{need.judgment}: handed to the machine by {by}: {seat.because}"] = None
        return None
    which = next(((need.judgment, about) for about in need.places if (need.judgment, about) in looking.decisions), None)
    who = looking.holder(need.judgment)
    if which is None:
        draft = next((desk.drafts[need.judgment, about] for about in need.places if (need.judgment, about) in desk.drafts), None)
        says = f"a draft, not signed: {told(draft.choice)}." if draft else "not decided."
        looking.lacks(need.judgment, who, f"{described(need.judgment, need.about, desk.items)}: {says}")
        return None
    signed, name = looking.decisions[which], described(*which, desk.items)
    holder = book.holder(need.judgment) if book else None
    if holder is None or holder.id != signed.by.id:
        looking.lacks(need.judgment, who, f"{name}: {signed.by.name} signed it in entry {signed.n}, and does not hold it any more.")
    elif which in looking.stale:
        looking.lacks(need.judgment, who, f"{name}: signed in entry {signed.n}, and not any more what was signed: {' '.join(looking.stale[which])}")
    else:
        looking.stands[Judged(judgment=need.judgment, about=which[1], who=signed.by.name, entry=signed.n, says=told(signed.decided.choice))] = None
    return signed


def _unchosen(looking: _Looking, version: str) -> None:
    """Pictures of a cut-down that its parent does not show lie in a take that somebody signed."""
    desk = looking.desk
    signed = {(one.decided.choice.get("clip"), one.decided.choice.get("attempt")) for which, one in looking.decisions.items() if which[0] == Judgment.TAKE}
    for medium, ranges in desk.family.new_ranges(version, desk.cuts).items():
        tries = [one for one in desk.tries if one.file == medium and one.picture]
        for span in ranges:
            shown = [one for one in tries if _span(one).overlap(span)]
            if shown and not any((one.clip, str(one.attempt)) in signed for one in shown):
                at = f" Choose it: answerprint choose item:{shown[0].items[0]}@{version} '{shown[0].name}'" if shown[0].items else ""
                looking.lacks(str(Judgment.TAKE), looking.holder(Judgment.TAKE), f"{version} shows {shown[0].words}, which nobody chose.{at}")


def _span(one: Try) -> Span:
    from fractions import Fraction

    return Span(start_s=Fraction(one.in_s), end_s=max(Fraction(one.in_s), Fraction(one.out_s)))


def _question(looking: _Looking, cut: Cut, decided: Sequence[Current]) -> None:
    """Whether the holder of the sign-off said yes to this very cut, after everything that was decided about it."""
    book, who = looking.desk.book, looking.holder(Judgment.SIGN_OFF)
    kinds = (SignOff, Refusal, Release)
    lines = [line for line in book.lines if isinstance(line.content, kinds) and not line.struck] if book else []
    about = [(line, seal) for line in lines for seal in line.content.cuts if seal.version == cut.version]
    here: list[tuple[Line[SignOff | Refusal | Release], CutSeal]] = [pair for pair in about if pair[1].seal == cut.seal]
    for line, _ in here:
        if isinstance(line.content, Release):
            looking.notes[f"{cut.version}: released, not signed, by {line.by.name} in entry {line.n}: {line.content.because}"] = None
    said = [line for line, _ in here if not isinstance(line.content, Release)]
    for line in said[:-1]:
        if isinstance(line.content, Refusal):
            looking.notes[f"{cut.version}: {line.by.name} scrapped this very cut in entry {line.n}, and it was answered again since: {line.content.because}"] = None
    holder = book.holder(Judgment.SIGN_OFF) if book else None
    if said and isinstance(said[-1].content, SignOff):
        if after := _after(looking, said[-1], decided) or _unnamed(looking, said[-1], cut):
            looking.lacks(str(Judgment.SIGN_OFF), who, f"{cut.version}: {after}")
            return
        if holder is not None and said[-1].by.id == holder.id:
            looking.stands[Judged(judgment=str(Judgment.SIGN_OFF), about=f"{FILM}:{cut.version}", who=said[-1].by.name, entry=said[-1].n, says=cut.file)] = None
            _beside(looking, said[-1], cut)
            return
        says = f"{cut.version}: {said[-1].by.name} signed off in entry {said[-1].n}, and does not hold the sign-off any more."
    elif said and isinstance(said[-1].content, Refusal):
        says = f"{cut.version}: {said[-1].by.name} scrapped this cut in entry {said[-1].n}: {said[-1].content.because}"
    elif before := [line for line, _ in about if isinstance(line.content, SignOff)]:
        says = f"{cut.version}: the cut was changed after {before[-1].by.name} signed off in entry {before[-1].n}."
    else:
        says = f"{cut.version}: the question is not answered."
    looking.lacks(str(Judgment.SIGN_OFF), who, says)


def _after(looking: _Looking, signed: Line[SignOff | Refusal | Release], decided: Sequence[Current]) -> str | None:
    """What was decided about a film that the signer did not have in front of them when they signed it off; None where there is nothing."""
    n, seen = signed.n, signed.seen.n if signed.seen else 0
    unseen = [one for one in decided if one.n > seen and one.n != n]
    if unseen:
        last = max(unseen, key=lambda one: one.n)
        when = f"after the sign-off in entry {n}" if last.n > n else f"while the sign-off in entry {n} was being signed"
        return f"the {described(last.decided.judgment, last.decided.about)} was decided in entry {last.n}, {when}."
    handed = [one for one in seats(looking.desk.book) if one.machine and one.since is not None and one.since > seen] if looking.desk.book else []
    if handed:
        return f"the {handed[-1].judgment} was handed to the machine in entry {handed[-1].since}, which whoever signed off in entry {n} had not seen."
    for raised in looking.desk.book.objections if looking.desk.book else []:
        answer = raised.answer
        if answer is not None and not raised.line.struck and getattr(answer.content, "answer", "") == "yes" and answer.n > seen:
            return f"{raised.number} was answered with yes in entry {answer.n}, so something was to be changed, and the sign-off in entry {n} had not seen that."
    return None


def _unnamed(looking: _Looking, signed: Line[SignOff | Refusal | Release], cut: Cut) -> str | None:
    """Which film that stands a sign-off does not name; None where it names all that are asked for."""
    named = {(one.version, one.spec): one for one in getattr(signed.content, "films", ())}
    for film in looking.asked.standing(looking.desk, cut.version):
        seal = named.get((film.version, film.spec))
        if seal is None or seal.essence != film.essence:
            why = "names another film than the one that stands" if seal else "names no film"
            return f"the sign-off in entry {signed.n} {why} for {film.spec}, which was rendered in entry {film.entry}."
        if seal.file != film.file:
            return f"the sign-off in entry {signed.n} names {seal.file} for {film.spec}, and the film would leave as {film.file}."
        if not seen_so(film, looking.asked.before, signed.seen.n if signed.seen else 0):
            return f"the film for {film.spec} was looked at again in entry {film.entry}, after the sign-off in entry {signed.n}: its captions are others, or what technical QC found ({film.found})."
    return None


def _beside(looking: _Looking, signed: Line[SignOff | Refusal | Release], cut: Cut) -> None:
    """What is worth knowing of a sign-off that stands: a file that was written over since, a key that another person gave its owner."""
    who, n = signed.by.name, signed.n
    said = [levels(one.file, cut.written) for one in signed.content.cuts if one.version == cut.version]
    unread = [one for one in getattr(signed.content, "not_checked", ()) if one.startswith(tuple(one.partition(" (")[0] + " (" for one in said))]
    if cut.written and unread and not set(said) & set(unread):
        looking.rewritten[cut.version] = None
        looking.notes[f"{cut.version}: the file of the cut was changed after {who} signed off in entry {n}; the edit is the same. Look at levels and sizes."] = None
    giver = looking.desk.book.given_by(signed.key) if looking.desk.book else None
    if giver is not None:
        looking.notes[f"{cut.version}: the key that signed off in entry {n} was enrolled for {who} by {giver.name}, not by {who}."] = None


def _media(looking: _Looking) -> None:
    """Media that are away, or that were changed since prep read them: what rests on them cannot be looked at."""
    desk, who = looking.desk, looking.holder(Judgment.SIGN_OFF)
    for root in not_connected(desk.path, desk.production.settings["media"]):
        looking.lacks("media", who, f"{shown(str(root))} is not connected, so what lies on it cannot be looked at. Connect it.")
    used = {file for cut in desk.cuts.values() for file in (*cut.picture, *cut.heard)}
    used |= {desk.names.get(one.decided.choice.get("clip", ""), "") for which, one in desk.decisions.items() if which[0] == Judgment.TAKE}
    if changed := [file for file in desk.shoot.waiting if file in used]:
        looking.lacks("prep", who, f"{', '.join(changed)}: not as prep last read it. Look again: answerprint prep FOLDER")


def _record(looking: _Looking) -> None:
    """Objections, entries that do not verify, approvals: what stands in the record besides decisions."""
    book = looking.desk.book
    if looking.desk.unprepared:
        looking.lacks("prep", looking.holder(Judgment.TAKE), "nothing is known of the takes until the shoot is prepared by this version: answerprint prep FOLDER")
    elif half := looking.desk.half_read:
        files = ", ".join(half[:3]) + (" ..." if len(half) > 3 else "")
        looking.lacks("prep", looking.holder(Judgment.TAKE), f"{files}: not read to the end by this version, so what was signed of the takes cannot be held against them: answerprint prep FOLDER")
    _media(looking)
    for number in _unknown(looking.desk):
        files = ", ".join(looking.desk.unread[:3]) + (" ..." if len(looking.desk.unread) > 3 else "")
        looking.lacks("prep", looking.holder(Judgment.TAKE), f"item {number} is covered by nothing that was read, and {files} was not read yet: answerprint prep FOLDER")
    if book is None and looking.desk.production.lost:
        looking.lacks("the record", EMPTY_CHAIR, looking.desk.production.lost)
        return
    if book is None or not book.people:
        looking.lacks("the crew", EMPTY_CHAIR, "nobody is on the crew yet, so nobody can decide.")
        return
    for raised in book.objections:
        if raised.open:
            content = raised.line.content
            text = getattr(content, "text", "(this copy withholds it)")
            looking.lacks("objection", raised.line.by.name, f"{raised.number} by {raised.line.by.name}: “{text}” Somebody answers it, or {raised.line.by.name} withdraws it.")
    producers = ", ".join(one.name for one in book.people.values() if "producer" in one.roles and one.live) or EMPTY_CHAIR
    for n, why in looking.desk.findings.items():
        which = f"entry {n} does not verify" if n else "it does not verify"
        looking.lacks("the record", producers, f"{which}: {'; '.join(why)}. `answerprint verify` says more.")
    for line in book.approvals:
        sent = book.line(line.content.round)
        label = sent.content.label if sent is not None else f"entry {line.content.round}"
        files = ", ".join(one.file for one in line.content.cuts)
        changes = f": {'; '.join(line.content.changes)}" if line.content.changes else ""
        looking.notes[f"{label} ({files}): {line.content.contact} said {line.content.outcome}{changes}. An approval, not a sign-off."] = None
