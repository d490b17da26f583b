"""The gate: what is missing before a version may leave, by person. The verdict is a list, never a yes.

It is a view of the record and of the cuts. An empty list of what is missing is the only way out, and no switch turns a check off.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from answerprint import critiquing, disclosing, easiness, exchanged, rights, sharing, slots
from answerprint.desk import Desk
from answerprint.film import Cut
from answerprint.films import Asked, Film, Notes, Specs, films, older, qc
from answerprint.gate.judging import look_at
from answerprint.gate.question import levels
from answerprint.gate.standing import record
from answerprint.gate.verdict import EMPTY_CHAIR, Judged, Looking, Missing, Need, SheetSeen, Verdict
from answerprint.gate.wanted import needs
from answerprint.model.charter import Judgment
from answerprint.model.judgments import Release, SignOff

__all__ = ["CHECKS", "EMPTY_CHAIR", "Check", "Judged", "Missing", "Need", "SheetSeen", "Verdict", "gate", "levels", "needs"]


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
    Check(name="supers and captions", run=lambda desk, cut, asked: (*exchanged.outdated(desk, cut), *_captions(desk, cut, asked), *_overtaken(desk, cut, asked))),
    Check(name="disclosure", run=disclosing.missing, absent=disclosing.absent),
    Check(name="slots", run=slots.check, notes=slots.notes),
    Check(name="rights", run=rights.check, absent=rights.absent, notes=rights.notes),
)


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
    looking = Looking(desk=desk, decisions=desk.decisions, stale={which: why for which, why in desk.stale.items() if which not in affirmed}, asked=asked)
    for version in chosen:
        look_at(looking, version, sheet_seen)
    record(looking)
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
