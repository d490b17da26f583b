"""Whether the question was answered with yes by who holds the sign-off: about this very cut and these very films, after all that was decided."""

from __future__ import annotations

from collections.abc import Sequence

from answerprint.book import Current, Line
from answerprint.choosing import described
from answerprint.crew import seats
from answerprint.desk import FILM
from answerprint.film import Cut
from answerprint.films import seen_so
from answerprint.gate.verdict import Judged, Looking
from answerprint.model.charter import Judgment
from answerprint.model.judgments import CutSeal, Refusal, Release, SignOff

__all__ = ["levels", "question"]


def levels(file: str, digest: str) -> str:
    """What no seal of an edit holds, since no two programs write it alike, as a signature says that nobody checked it: with the digest of the
    cut's file, by which it is known whether it is still the one that was looked at."""
    return f"levels, sizes and effects in {file} (its seal {digest})"


def question(looking: Looking, cut: Cut, decided: Sequence[Current]) -> None:
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


def _after(looking: Looking, signed: Line[SignOff | Refusal | Release], decided: Sequence[Current]) -> str | None:
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


def _unnamed(looking: Looking, signed: Line[SignOff | Refusal | Release], cut: Cut) -> str | None:
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


def _beside(looking: Looking, signed: Line[SignOff | Refusal | Release], cut: Cut) -> None:
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
