"""The road of a deliverable: films that wait leave with their papers and their credentials, where nothing is missing.

`deliver` lets out what was signed, and nothing else: the gate's verdict is empty, or a producer released exactly these films under their
own name. A file stands under its name in out/ whole, or not at all.
"""

from __future__ import annotations

import functools
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint import films
from answerprint.appearing import HIDDEN, AppearingError, Staged, alone, appear, in_the_way, on_disk, sweep
from answerprint.book import Line
from answerprint.desk import Desk
from answerprint.films import Film
from answerprint.gate import SheetSeen, Verdict, gate
from answerprint.keep import disk_sentence
from answerprint.making import DeliveringError, Watch, made_all, make, own_again, places, seal, silently
from answerprint.model.charter import Execution
from answerprint.model.judgments import Release, SignOff
from answerprint.model.records import ModelError, from_plain, to_plain
from answerprint.timekeeping import timed

if TYPE_CHECKING:
    from answerprint.delivery.credentials import Certificate, Embedded
    from answerprint.production import Production

__all__ = ["Delivered", "DeliveringError", "NotLetOut", "answer_for", "deliver", "make"]


class NotLetOut(DeliveringError):
    """Something is missing: `verdict` lists it by person."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        self.more = tuple(f"{one.who}: {one.says}" for one in verdict.missing)
        super().__init__("nothing leaves while anything is missing." + "".join(f"\n  {line}" for line in self.more))


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """One film that left."""

    path: Path
    papers: tuple[Path, ...]
    film: Film
    entry: int  #: the machine's entry with the finished file's own seal
    digest: str  #: "sha256:..." of the file as it lies there
    embedded: Embedded | None  #: what it says about itself; None where its spec has no credentials
    beside: tuple[Path, ...] = ()  #: captions and credentials that go with it as files of their own
    stood: bool = False  #: it had left before and stands as it left; nothing was written now


# ---- leaving


@timed("render", Execution.RENDER)
def deliver(
    production: Production, versions: Sequence[str] = (), specs: Sequence[str] = (), *, sheet_seen: SheetSeen, certificate: Certificate | None = None,
    tsa: str | None = None, watch: Watch = silently,
) -> tuple[Delivered, ...]:  # fmt: skip
    """Let the films of these versions out, for these specs, with credentials and papers, into out/.

    Args:    versions, specs: as for `make`, which is done first.  sheet_seen: as for the gate.
             certificate: what the files are signed with; the one in the user's own settings where none is given.  tsa: a timestamp authority, likewise.
    Returns: what left, film by film. What cannot leave stops all of them: a family leaves together. A film that left already, and stands in out/
             as it left by the same answer, is left alone.
    Raises:  NotLetOut: something is missing; its verdict lists it.  CredentialsError: what the file says and the record says differ, a certificate
             that cannot be used, the extra is not installed.  DeliveringError, DeliveryError, PapersError.
    """
    with alone(production):
        made = made_all(production, versions, specs, watch)
        desk, wanted = Desk(production), _by_version(made)
        said_again = [own_again(desk, film) for film in made]
        if any(said_again):
            made, desk = made_all(production, versions, specs, watch), Desk(production)
        verdict = gate(desk, *wanted, sheet_seen=sheet_seen, specs=wanted)
        lines = _lines(desk, made, verdict)
        out = desk.path / "out"
        try:
            out.mkdir(exist_ok=True)
            sweep(out)
            _clear(desk, made)
            with tempfile.TemporaryDirectory(dir=out, prefix=HIDDEN, ignore_cleanup_errors=True) as hidden:
                around = _Around(desk=desk, verdict=verdict, certificate=certificate, tsa=tsa, watch=watch)
                there = {film.which: stood for film in made if (stood := _stands(around, film, lines[film.which])) is not None}
                going = [film for film in made if film.which not in there]
                ready = [_stage(around, film, lines[film.which], Path(hidden) / str(number)) for number, film in enumerate(going)]
                _as_it_was(production, desk, made, wanted, sheet_seen, lines)
                there |= {one.film.which: _leave(desk, one, out) for one in ready}
                return tuple(there[film.which] for film in made)
        except OSError as cause:
            raise DeliveringError(disk_sentence(cause, str(out))) from cause


def _by_version(made: Sequence[Film]) -> dict[str, tuple[str, ...]]:
    return {one.version: tuple(other.spec for other in made if other.version == one.version) for one in made}


def _lines(desk: Desk, made: Sequence[Film], verdict: Verdict) -> dict[tuple[str, str, str], Line[SignOff] | Line[Release]]:
    """The entry that answers for each film.

    Raises: NotLetOut: one has none.
    """
    found = {film.which: answer_for(desk, film, verdict) for film in made}
    lines = {which: line for which, line in found.items() if line is not None}
    if len(lines) < len(found):
        raise NotLetOut(verdict)
    return lines


def _as_it_was(
    production: Production, before: Desk, made: Sequence[Film], wanted: Mapping[str, Sequence[str]], sheet_seen: SheetSeen,
    lines: Mapping[tuple[str, str, str], Line[SignOff] | Line[Release]],
) -> None:  # fmt: skip
    """Nobody signed anything while credentials and papers were written that would stop these films, or answer for them otherwise.

    Raises: NotLetOut, DeliveringError.
    """
    desk = Desk(production)
    if before.book is not None and desk.book is not None and not any(line.n > before.book.head.n for line in desk.book.lines):
        return
    now = _lines(desk, made, gate(desk, *wanted, sheet_seen=sheet_seen, specs=wanted))
    if {which: line.n for which, line in now.items()} != {which: line.n for which, line in lines.items()}:
        raise DeliveringError("somebody signed these films again while they were being let out. Deliver again, with their signature.")


def _leavings(desk: Desk) -> list[tuple[int, dict[str, Any]]]:
    """What the record says of films that left, oldest first, each with its entry."""
    record = desk.production.reader()
    if record is None:
        return []
    with record:
        return [(entry.n, dict(body)) for entry in record.entries(kind="released") if (body := entry.read()) and body.get("schema") == 1]


def _released(desk: Desk) -> list[dict[str, Any]]:
    return [body for _, body in _leavings(desk)]


def _clear(desk: Desk, made: Sequence[Film]) -> None:
    """Raises: AppearingError: something lies under a film's name that is not an earlier delivery of it."""
    left = _released(desk)
    for film in made:
        place = desk.path / "out" / Path(film.file).name
        if says := in_the_way(place, film, left):
            raise AppearingError(f"{film.name} cannot leave: {says}")


def answer_for(desk: Desk, film: Film, verdict: Verdict) -> Line[SignOff] | Line[Release] | None:
    """The entry under which a film may leave: the sign-off, where nothing is missing; else a producer's release of exactly this film.

    A FAIL of technical QC is waived by nobody, a record that does not verify lets nothing out, and neither does a signature whose signer saw
    other findings, or a release of somebody who is no producer any more.
    """
    if desk.book is None or any(one.what == "the record" for one in verdict.missing) or film.failed:
        return None
    before = films.history(desk)
    named = [line for line in desk.book.lines if isinstance(line.content, SignOff | Release) and not line.struck
             and any((one.version, one.spec, one.essence, one.file) == (*film.which, film.file) for one in line.content.films)
             and line.seen is not None and films.seen_so(film, before, line.seen.n)]  # fmt: skip
    if not verdict.missing:
        return next((line for line in reversed(named) if isinstance(line.content, SignOff)), None)
    released = next((line for line in reversed(named) if isinstance(line.content, Release) and "producer" in line.by.roles), None)
    if released is None:
        return None
    said = {f"{one.who}: {one.says}" for one in verdict.missing}
    return released if said <= set(released.content.missing) else None  # what came up since was not on the producer's screen


def _certificate(production: Production) -> Certificate:
    """What the user's own settings name, else the one of this computer."""
    from answerprint.delivery.credentials.certificates import chosen

    return chosen(str(production.settings["certificate"]), str(production.settings["certificate_key"]))


@dataclass(frozen=True, kw_only=True)
class _Around:
    """What films leave with that is the same for all of them."""

    desk: Desk
    verdict: Verdict
    certificate: Certificate | None
    tsa: str | None
    watch: Watch

    @functools.cached_property
    def signs(self) -> Certificate:
        return self.certificate or _certificate(self.desk.production)

    @property
    def stamps(self) -> str | None:
        return self.tsa or str(self.desk.production.settings["timestamps"]) or None


def _stands(around: _Around, film: Film, line: Line[SignOff] | Line[Release]) -> Delivered | None:
    """A film that left already, where its last leaving was this film by this answer, and it lies in out/ with everything as it left.

    None, so that it leaves anew: something was touched or is gone, or papers and credentials would say or leave out something else now.
    """
    from answerprint.delivery.credentials.claims import Embedded
    from answerprint.delivery.essence import essence
    from answerprint.papers import LISTED, Choice

    place = around.desk.path / "out" / Path(film.file).name
    none: tuple[int, dict[str, Any]] = 0, {}
    n, body = next((one for one in reversed(_leavings(around.desk)) if one[1]["file"] == place.name), none)
    same = {"version": film.version, "spec": film.spec, "essence": film.essence, **_answered(line)}
    folder, beside = place.with_name(f"{place.stem} papers"), body.get("beside", {})
    try:
        if not n or {name: body.get(name) for name in same} != same or film.captions.items() - beside.items():
            return None
        listed = json.loads((folder / LISTED).read_bytes())
        names = (*(str(one["file"]) for one in listed["papers"]), LISTED)
        lies = {place: body["digest"], **{place.with_name(name): digest for name, digest in beside.items()}}
        if any(path.is_symlink() or seal(path) != digest for path, digest in lies.items()) or [seal(folder / name) for name in names] != body["papers"]:
            return None
        embedded = from_plain(Embedded, listed["credentials"]) if listed["credentials"] else None
    except (OSError, ValueError, KeyError, TypeError, ModelError):
        return None
    if essence(place, edit=film.edit).digest != film.essence or Choice.of(around.desk.production.settings.values).left_out != tuple(listed["left_out"]):
        return None
    if not _says_the_same(around, film, line, embedded, place):
        return None
    papers, there = tuple(folder / name for name in names), tuple(place.with_name(name) for name in beside)
    return Delivered(path=place, papers=papers, film=film, entry=n, digest=body["digest"], embedded=embedded, beside=there, stood=True)


def _says_the_same(around: _Around, film: Film, line: Line[SignOff] | Line[Release], embedded: Embedded | None, place: Path) -> bool:
    """Whether a film that left says of itself what it would say now, signed by the same certificate; without credentials: whether it is the file
    that was made. What the record says of a leaving is the machine's, so the file itself is read."""
    from answerprint.claims import claims_of
    from answerprint.delivery.credentials.comparing import compare
    from answerprint.delivery.credentials.public import left_out
    from answerprint.delivery.credentials.reading import read
    from answerprint.delivery.specs import spec
    from answerprint.papers import public

    desk = around.desk
    if spec(film.spec, desk.path).credentials != (embedded is not None):
        return False
    if embedded is None:
        return not film.whole or seal(place) == film.whole
    if embedded.certificate != around.signs.seal or (around.stamps and embedded.stamped is None):
        return False
    claims = claims_of(desk, film, line=line)
    return embedded.left_out == left_out(claims, public(desk)) and not compare(read(place), claims, essence_now=film.essence, certificate=embedded.certificate)


def _answered(line: Line[SignOff] | Line[Release]) -> dict[str, int | None]:
    """The entry that answers for a film, as the entry of its leaving names it."""
    yes = isinstance(line.content, SignOff)
    return {"signoff": line.n if yes else None, "release": None if yes else line.n}


@dataclass(frozen=True, kw_only=True)
class _Ready:
    """One film with everything that leaves with it, still without their names."""

    film: Film
    staged: Staged
    papers: tuple[Path, ...]
    embedded: Embedded | None
    digest: str
    body: Mapping[str, Any]  #: the entry


def _stage(around: _Around, film: Film, line: Line[SignOff] | Line[Release], folder: Path) -> _Ready:
    """One film with its credentials and papers, in a hidden folder."""
    from answerprint.claims import claims_of
    from answerprint.delivery.credentials.embedding import embed
    from answerprint.delivery.credentials.reading import sidecar_of
    from answerprint.delivery.specs import spec
    from answerprint.papers import papers, public

    desk = around.desk
    folder.mkdir()
    staged = folder / Path(film.file).name
    embedded = None
    _as_made(film)
    if spec(film.spec, desk.path).credentials:
        embedded = embed(
            film.path, staged, claims_of(desk, film, line=line), around.signs, public=public(desk), ingredients=places(desk), tsa=around.stamps,
            progress=functools.partial(around.watch, f"credentials of {film.name}"),
        )  # fmt: skip
    else:
        shutil.copyfile(film.path, staged)
        on_disk(staged)
    _same(film, staged)
    digest = seal(staged)
    made = papers(desk, film, line=line, verdict=around.verdict, embedded=embedded, digest=digest, folder=folder / f"{staged.stem} papers")
    body = {
        "schema": 1, "version": film.version, "spec": film.spec, "file": staged.name, "digest": digest, "essence": film.essence,
        **_answered(line), "papers": [seal(one) for one in made], "credentials": _said(embedded),
    }  # fmt: skip
    beside = (*_captions(film, folder), *(one for one in (sidecar_of(staged),) if one.is_file()))
    body |= {"beside": {one.name: seal(one) for one in beside}} if beside else {}
    whole = Staged(film=staged, papers=folder / f"{staged.stem} papers", beside=beside)
    return _Ready(film=film, staged=whole, papers=made, embedded=embedded, digest=digest, body=body)


def _captions(film: Film, folder: Path) -> tuple[Path, ...]:
    """A film's captions under their names, as they were made."""
    for name, digest in film.captions.items():
        if seal(waits := films.captions_of(film, name)) != digest:
            raise DeliveringError(f"{film.name}: the captions {name} were written to since they were made. Delete {film.path} and deliver again.")
        shutil.copyfile(waits, folder / name)
        on_disk(folder / name)
    return tuple(folder / name for name in film.captions)


def _leave(desk: Desk, one: _Ready, out: Path) -> Delivered:
    """Everything of one film under its name, with the entry that says so."""
    from answerprint.delivery.credentials.reading import sidecar_of

    def entered() -> int:
        with desk.production.writer() as record:
            return record.append("released", dict(one.body)).n

    place = out / one.staged.film.name
    before = [Path(name).name for body in _released(desk) if body["file"] == place.name for name in body.get("beside", ())]
    entry = appear(one.staged, out, entered, gone=(sidecar_of(place).name, *before))
    return Delivered(
        path=place, papers=tuple(out / one.staged.papers.name / paper.name for paper in one.papers), film=one.film, entry=entry, digest=one.digest,
        embedded=one.embedded, beside=tuple(out / each.name for each in one.staged.beside),
    )  # fmt: skip


def _said(embedded: Embedded | None) -> dict[str, Any] | None:
    """What the record keeps of a file's credentials."""
    if embedded is None:
        return None
    plain = to_plain(embedded)
    return {name: plain[name] for name in ("label", "state", "signer", "certificate", "stamped")}


def _as_made(film: Film) -> None:
    """The film that waits is the file that was made and checked, byte for byte: what stands around picture and sound in it is not in their seal."""
    if film.whole and seal(film.path) != film.whole:
        raise DeliveringError(
            f"{film.name}: what waits is not the file that was made in entry {film.entry} and signed by its seal; somebody wrote to it since. "
            f"Delete {film.path} and deliver again: it is rendered anew."
        )


def _same(film: Film, path: Path) -> None:
    """The file that leaves is the film that was signed, packet for packet."""
    from answerprint.delivery.essence import essence

    if (now := essence(path, edit=film.edit).digest) != film.essence:
        raise DeliveringError(f"{film.file}: what would leave is not the film that was signed: its seal is {now}, and {film.essence} was signed. Render it again.")
