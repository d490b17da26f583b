"""The papers of a film: what leaves with it, for somebody who was not there. Everything in them comes from the record, and each says what
it leaves out.

What counts is the record; the pages are readings of it. What of it leaves the house is the producer's choice, `[papers]` in answerprint.toml.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from answerprint import chronicle, record_page
from answerprint.book import Book, Line
from answerprint.claims import claims_of, handed, measured
from answerprint.copies import copy, hand_out_check
from answerprint.delivery.credentials.claims import Claims, Embedded, Public
from answerprint.desk import Desk
from answerprint.films import Film
from answerprint.gate import CHECKS, Verdict, needs
from answerprint.keep import write_whole
from answerprint.model.charter import Judgment
from answerprint.model.judgments import Charter, Decision, Release, SignOff
from answerprint.model.records import AnswerprintError, to_plain
from answerprint.papers import credits, guide, qc_page, signed, statement
from answerprint.papers.frames import frames, wanted
from answerprint.papers.sheet import Called, last, listed, page, sentences, sign
from answerprint.record_style import plate
from answerprint.rushes import shown

__all__ = ["FORM", "LISTED", "READ_ME", "Choice", "PapersError", "papers", "public"]

FORM = 1  #: of papers.json
READ_ME = "read me first.html"
LISTED = "papers.json"


class PapersError(AnswerprintError):
    """Papers that cannot be written: what was found, and what to do."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What of the record leaves with a film, as the producer chose."""

    names: bool = True  #: people's names and their reasons; without them the record stays home too, since it carries both
    words: bool = False  #: what people said in objections, answers, first thoughts and about their part
    record: bool = True  #: a copy of the record
    names_in_file: bool = False  #: people's names in the film's own Content Credentials, which anybody can open
    media_in_file: bool = False  #: names and seals of the media there

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Choice:
        """From the production's `[papers]`; what it does not say is as it is here."""
        return cls(**settings["papers"])

    @property
    def has_record(self) -> bool:
        """Whether the record goes along."""
        return self.record and self.names

    @property
    def left_out(self) -> tuple[str, ...]:
        """What stays home, a sentence each."""
        lines = []
        if not self.names:
            lines.append("The names of people, and the reasons that they gave: each is called by their seat.")
        if not self.has_record:
            lines.append("The record itself" + (", since it carries names." if self.record else ".") + " The producer has it, and can hand out a copy.")
        elif not self.words:
            lines.append("The words of objections, answers, first thoughts, remarks and ideas. Their seals are in the record, so that nothing can be put in their place.")
        return tuple(lines)


def public(desk: Desk) -> Public:
    """What of the claims stands in the film file itself, as the producer chose."""
    what = Choice.of(desk.production.settings.values)
    return Public(names=what.names_in_file and what.names, ingredients=what.media_in_file)


def papers(
    desk: Desk, film: Film, *, line: Line[SignOff] | Line[Release], folder: Path, verdict: Verdict | None = None, embedded: Embedded | None = None,
    digest: str | None = None,
) -> tuple[Path, ...]:  # fmt: skip
    """Write the papers of one film into a folder of their own.

    Args:    line: the entry that answers for it, and names it.  folder: new or empty; it is made where it is not there.
             verdict: the gate's, for what stands beside the answer.  embedded: the film's credentials; None: it carries none.
             digest: the seal of the whole file as it leaves; None: not said.
    Returns: every file that was written, the first to be read first.
    Raises:  PapersError: the entry does not name this film, or the folder holds something.  DeskError, LedgerError, KeepError: the record or
             the disk refuses.
    """
    what = Choice.of(desk.production.settings.values)
    _check(film, line, folder)
    claims, given = claims_of(desk, film, line=line), handed(desk, line=line)
    book = desk.book
    assert book is not None  # claims_of asked for it
    called = Called(book.people, names=what.names, outside=_outside(desk))
    title, (asked, absent) = claims.title, needs(desk, film.version) if film.version in desk.cuts else ((), ())
    made: dict[str, bytes] = {}
    at = _record(desk, folder, what, book)
    made["checkpoint.txt"] = guide.checkpoint(title, *at).encode("utf-8")
    around = statement.Around(found=measured(desk, film, line=line), handed=given, not_checked=line.content.not_checked, absent=absent,
                              needed=tuple(one.judgment for one in asked))  # fmt: skip
    said = statement.parts(claims, film, around, called)
    made["sign-off.html"] = signed.html(film, line, called, title=title, holder=_holder(book, line.n), absent=absent, beside=_beside(verdict)).encode("utf-8")
    made["AI statement.html"] = statement.html(claims, film, said).encode("utf-8")
    made["AI statement.txt"] = statement.plain(claims, film, said).encode("utf-8")
    made["credits.html"] = credits.html(desk, film, line, given, called, absent=absent, words=what.words).encode("utf-8")
    made |= _qc(desk, film, line, called)
    if embedded is not None:
        made["credentials.html"] = _credentials(title, film, embedded).encode("utf-8")
    for name, data in made.items():
        write_whole(folder / name, data)
    hand_out_check(folder / guide.CHECK)
    there = [name for name in guide.WHAT if (folder / name).exists()] + [LISTED]
    founder = book.founder
    began = (called(founder.name, "producer"), founder.keys[0]) if founder else ("the producer", "")
    first = guide.html(title, film, there, what.left_out, founder=began, verdict=_verdict(claims, called), embedded=embedded)
    write_whole(folder / READ_ME, first.encode("utf-8"))
    names = [READ_ME, *(name for name in there if name != LISTED)]
    write_whole(folder / LISTED, _listed(claims, film, line, _Around(what=what, called=called, at=at, absent=absent, digest=digest, embedded=embedded), folder, names))
    return tuple(folder / name for name in (*names, LISTED))


def _outside(desk: Desk) -> set[str]:
    """Every file outside the production that is in its cuts or that somebody signed, by its whole name."""
    lines = desk.book.lines if desk.book else ()
    signed = {str(value) for line in lines if isinstance(line.content, Decision | SignOff) for one in line.content.decisions for value in one.choice.values()}
    cut = {name for one in desk.cuts.values() for name in (one.file, *one.digests)}
    return {name for name in signed | cut | {one.file for one in desk.tries} if PurePosixPath(name).is_absolute() or PureWindowsPath(name).is_absolute()}


def _check(film: Film, line: Line[SignOff] | Line[Release], folder: Path) -> None:
    if not any((one.version, one.spec, one.essence) == (film.version, film.spec, film.essence) for one in line.content.films):
        raise PapersError(f"{film.name}: entry {line.n} does not name this film, so it has no papers. Sign the film that stands, and deliver again.")
    if line.struck:
        raise PapersError(f"{film.name}: entry {line.n} names it, and a revocation strikes that entry. Have it signed again.")
    if folder.exists() and any(folder.iterdir()):
        raise PapersError(f"{shown(str(folder))}: something lies there, and papers replace nothing. Name a new folder.")
    folder.mkdir(parents=True, exist_ok=True)


def _record(desk: Desk, folder: Path, what: Choice, book: Book) -> tuple[int, str, str]:
    """The copy of the record with its page, if they go along; and how far the record went: entry, seal, time."""
    if what.has_record:
        copy(desk.production, folder / "record.db", withhold=not what.words)
        read = chronicle.read(folder / "record.db")
        whole = record_page.html(read, title=str(desk.production.settings["title"]), client=str(desk.production.settings["client"]), check=guide.CHECK)
        write_whole(folder / "record.html", whole.encode("utf-8"))
        last = read.entries[-1]
        return last.n, last.hash, chronicle.day(last.at)
    last_at = next((line.at for line in reversed(book.lines)), "")
    return book.head.n, book.head.hash, chronicle.day(last_at)


def _holder(book: Book, n: int) -> str:
    """Who held the sign-off when the film was answered for."""
    charter = next((line for line in reversed(book.of(Charter)) if line.n <= n), None)
    held = charter.content.holders.get(str(Judgment.SIGN_OFF)) if charter else None
    person = book.people.get(held.person or "") if held else None
    return person.name if person else ""


def _qc(desk: Desk, film: Film, line: Line[SignOff] | Line[Release], called: Called) -> dict[str, bytes]:
    kept = desk.production.keep.get(film.qc)
    notes = [one for one in line.content.notes if (one.version, one.spec) == (film.version, film.spec)]
    report = json.loads(kept)
    pictures = frames(film.path, wanted(report), film.rate)
    whole = qc_page.html(report, file=film.file, notes=notes, signed=sign(called(line.by.name), "", line.at, line.n), pictures=pictures)
    return {"QC report.html": whole.encode("utf-8"), "QC report.json": kept}


def _beside(verdict: Verdict | None) -> tuple[str, ...]:
    """What the gate noted, without what it says of checks that were still to come."""
    later = {one.leaving for one in CHECKS}
    return tuple(one for one in verdict.notes if one not in later) if verdict else ()


def _credentials(title: str, film: Film, embedded: Embedded) -> str:
    lede = (f"{film.file}: {film.version} for {film.spec}.", guide.carried(embedded))
    plates = [plate("What it says", sentences([one for one in embedded.sentences if one not in embedded.left_out])), listed("What it leaves out", embedded.left_out, "Nothing.")]
    return page(f"{title}: what the film says of itself", "Content Credentials", title, lede, plates)


def _verdict(claims: Claims, called: Called) -> str:
    who, entry = called(claims.signed.by, "" if claims.signed.how == "signed off" else "producer"), claims.signed.entry
    answered = f"{who} signed it off, in entry {entry} of the record." if claims.signed.how == "signed off" else f"Not signed off. {who} released it as a producer, in entry {entry} of the record."
    return answered[:1].upper() + answered[1:]


# ---- as data


@dataclass(frozen=True, kw_only=True)
class _Around:
    """What stands around the claims in the list."""

    what: Choice
    called: Called
    at: tuple[int, str, str]
    absent: Sequence[str]
    digest: str | None
    embedded: Embedded | None


def _listed(claims: Claims, film: Film, line: Line[SignOff] | Line[Release], around: _Around, folder: Path, names: Sequence[str]) -> bytes:
    """papers.json: what `verify.py --papers` takes."""
    called = around.called
    shown_claims = claims if called.names else replace(
        claims, signed=replace(claims.signed, by=called(claims.signed.by)),
        judgments=tuple(replace(one, holder=called(one.holder) if one.holder else None) for one in claims.judgments),
    )  # fmt: skip
    whole = {
        "form": FORM,
        "title": claims.title,
        "film": {"version": film.version, "spec": film.spec, "file": film.file, "essence": film.essence, "edit": film.edit, "seal": around.digest},
        "answer": {"kind": line.content.kind, "entry": line.n, "by": line.by.name if called.names else None, "key": line.key},
        "checkpoint": {"entry": around.at[0], "seal": around.at[1]},
        "claims": to_plain(shown_claims),
        "notes": [to_plain(replace(one, says=called.file(one.says))) for one in line.content.notes if (one.version, one.spec) == (film.version, film.spec)],
        "not_checked": [called.file(one) for one in line.content.not_checked],
        "not_in_this_film": [called.clear(one) for one in around.absent],
        "credentials": to_plain(_named(around.embedded)),
        "left_out": list(around.what.left_out),
        "papers": [{"file": name, "what": guide.WHAT.get(name, "What lies here, and how to check it."), "seal": _sha256(folder / name)} for name in names],
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _named(embedded: Embedded | None) -> Embedded | None:
    """Credentials with the names of their files, without the folder in which they were made."""
    return replace(embedded, file=last(embedded.file), sidecar=embedded.sidecar and last(embedded.sidecar)) if embedded else None


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
