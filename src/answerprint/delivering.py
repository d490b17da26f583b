"""The road of a deliverable: films are rendered and wait; where nothing is missing, they leave with their papers and their credentials.

`make` renders what waits to be signed. `deliver` lets out what was signed, and nothing else: the gate's verdict is empty, or a producer
released exactly these films under their own name. A file stands under its name in out/ whole, or not at all.
"""

from __future__ import annotations

import functools
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint import films
from answerprint.appearing import HIDDEN, AppearingError, Staged, alone, appear, in_the_way, on_disk, sweep
from answerprint.book import Line
from answerprint.desk import FILM, Desk
from answerprint.films import Asked, Film
from answerprint.gate import SheetSeen, Verdict, gate
from answerprint.keep import disk_sentence
from answerprint.model.judgments import Release, SignOff
from answerprint.model.records import AnswerprintError, canonical, to_plain
from answerprint.previews import planned

if TYPE_CHECKING:
    from answerprint.delivery.credentials import Certificate, Embedded
    from answerprint.delivery.qc import Report
    from answerprint.model.delivery import Rendered, Spec
    from answerprint.production import Production

__all__ = ["Delivered", "DeliveringError", "NotLetOut", "answer_for", "deliver", "make"]

Watch = Callable[[str, float], None]


class DeliveringError(AnswerprintError):
    """A film that cannot be rendered or cannot leave."""


class NotLetOut(DeliveringError):
    """Something is missing: `verdict` lists it by person."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        listed = "".join(f"\n  {one.who}: {one.says}" for one in verdict.missing)
        super().__init__(f"nothing leaves while anything is missing.{listed}")


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


def _told(what: str, share: float) -> None:
    """For who wants no progress."""


# ---- the films that wait


def make(production: Production, versions: Sequence[str] = (), specs: Sequence[str] = (), *, watch: Watch = _told) -> tuple[Film, ...]:
    """Render every version for every spec that it is to be delivered for; what stands and is there is not rendered again.

    Args:   versions: names; every one that has a cut where none is given.  specs: names; what each version is delivered for where none is.
            watch: called with (what, share done); what it raises stops the work, and finished segments are kept.
    Returns: the films, version by version.
    Raises: DeliveringError: no cut, no spec, two films of one name, the disk is full.  DeliveryError: a spec that does not take the film, media
            that are missing.  AppearingError: another program is at it.
    """
    with alone(production):
        return _made(production, versions, specs, watch)


def _made(production: Production, versions: Sequence[str], specs: Sequence[str], watch: Watch) -> tuple[Film, ...]:
    desk = Desk(production)
    asked = Asked.of(desk)
    made: list[Film] = []
    for version, spec in _wanted(desk, versions, specs):
        stands = next((one for one in asked.every if (one.version, one.spec) == (version, spec.name)), None)
        if stands is not None and _waits(stands) and not films.changed(desk, stands):
            made.append(stands)
            continue
        made.append(_make(desk, version, spec, stands, watch))
    _sweep(desk)
    return tuple(made)


def _waits(film: Film) -> bool:
    """Whether a film is there with all that goes beside it."""
    return film.path.is_file() and all(films.captions_of(film, name).is_file() for name in film.captions)


def _wanted(desk: Desk, versions: Sequence[str], specs: Sequence[str]) -> list[tuple[str, Spec]]:
    """Each version with each of its specs.

    Raises: DeliveringError, SpecError, FilmError.
    """
    from answerprint.delivery.specs import spec

    names = [desk.family[one].name for one in versions] or [one.name for one in desk.family.versions if one.name in desk.cuts or one.name in desk.cut_problems]
    if not names:
        raise DeliveringError("no version has a cut yet. Choose one: answerprint choose film cuts/FILE")
    found = []
    for version in dict.fromkeys(names):
        if version not in desk.cuts:
            raise DeliveringError(desk.cut_problems.get(version) or f"{version} has no cut yet. Choose one with `answerprint choose film:{version} cuts/FILE`.")
        wanted = tuple(specs) or films.wanted(desk, version)
        if not wanted:
            raise DeliveringError(f"say what {version} is delivered for: --spec youtube, or specs in answerprint.toml. `answerprint specs` lists them.")
        found += [(version, spec(name, desk.path)) for name in dict.fromkeys(wanted)]
    _names(desk, found)
    return found


def _names(desk: Desk, wanted: Sequence[tuple[str, Spec]]) -> None:
    """Raises: DeliveringError: two of these films would lie under one name, or their papers would."""
    from answerprint.delivery.naming import file_name

    taken: dict[str, str] = {}
    for version, one in wanted:
        name, told = file_name(one, title=str(desk.production.settings["title"]), version=version, clock_number=desk.family[version].number), f"{version} for {one.name}"
        if (other := taken.setdefault(Path(name).stem.casefold(), told)) != told:
            raise DeliveringError(f"{other} and {told} would both be called {Path(name).stem}. Give each a name of its own: `naming` in the spec, or the number in versions.csv.")


def _make(desk: Desk, version: str, spec: Spec, before: Film | None, watch: Watch) -> Film:
    """Render one film, look at it, and write down what it is."""
    from answerprint.delivery.naming import file_name, slate_lines
    from answerprint.delivery.qc import examine
    from answerprint.delivery.render import render

    production, title, number = desk.production, str(desk.production.settings["title"]), desk.family[version].number
    chosen = films.chosen(desk, version)
    made_of = films.made_of(desk, version, spec)
    name = file_name(spec, title=title, version=version, clock_number=number)
    plan, looks, sentences = planned(desk, version, spec, chosen)
    told, place, scratch = f"{version} for {spec.name}", films.folder(desk), Path(production.inside) / "cache" / "render"
    slate = slate_lines(spec, title=title, version=version, frames=len(plan.frames), rate=plan.rate, clock_number=number, client=str(production.settings["client"]))
    try:
        for one in (place, scratch):
            one.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place, prefix=".making-") as making:
            out = Path(making) / name
            telling = functools.partial(watch, f"rendering {told}")
            rendered = render(plan, spec, out, scratch=scratch, look=looks, version=version, slate=slate, reseal=True, progress=telling)
            beside = _captioned(desk, version, spec, out, rendered)
            report = examine(out, spec, expected=rendered, progress=functools.partial(watch, f"checking {told}"))
            body = _body(desk, spec, name, rendered, report, made_of, sentences)
            body |= {"whole": _seal(out), "captions": {one.name: _seal(one) for one in beside}}
            waits = films.read(desk, 0, "", body)
            for one in beside:
                os.replace(one, films.captions_of(waits, one.name))
            os.replace(out, waits.path)
    except OSError as cause:
        raise DeliveringError(disk_sentence(cause, str(place))) from cause
    if before is not None and before.body == body:
        return before
    with production.writer() as record:
        entry = record.append("proposal", body)
    return films.read(desk, entry.n, entry.at, body)


def _captioned(desk: Desk, version: str, spec: Spec, film: Path, rendered: Rendered) -> tuple[Path, ...]:
    """The captions that somebody brought, as the spec asks for them, beside a film: laid behind its head."""
    from answerprint.delivery.captions import beside, given

    brought = given(desk.path / "assets", version)
    head_s = Fraction(rendered.film_first) / rendered.rate
    best: dict[tuple[str, str], Path] = {}  # of two files in one language the one that needs no conversion
    for kind in spec.captions:
        for source, language in brought:
            if (kind, language) not in best or source.suffix.lower() == f".{kind}":
                best[kind, language] = source
    return tuple(beside(film, source, kind, head_s=head_s, language=language) for (kind, language), source in best.items())


def _body(desk: Desk, spec: Spec, name: str, rendered: Rendered, report: Report, made_of: Mapping[str, str], sentences: Sequence[str]) -> dict[str, Any]:
    """What the record says of a film that waits."""
    from answerprint.delivery.report import report_json

    version = rendered.version
    kept = desk.production.keep.put(canonical(_whole(report_json(report))))
    sources = {one.judgment if one.about.startswith(f"{FILM}:") else one.about: _source(desk, one.choice) for one in films.chosen(desk, version)}
    return {
        "schema": 1, "what": "film", "version": version, "spec": spec.name, "file": name, "cut": desk.cuts[version].seal, "rhythm": desk.cuts[version].rhythm, "edit": rendered.essence.edit,
        "essence": rendered.essence.digest, "streams": list(rendered.essence.streams), "frames": rendered.frames, "film_first": rendered.film_first,
        "film_frames": rendered.film_frames, "rate": f"{rendered.rate.numerator}/{rendered.rate.denominator}", "samples": rendered.samples,
        "inputs": list(rendered.inputs), "sources": sources, "levelled": f"{rendered.levelled_db:+.2f} dB" if rendered.levelled_db is not None else None,
        "qc": kept, "findings": [{"check": one.check, "weight": one.weight, "says": one.says} for one in report.findings if one.weight != "note"],
        "warnings": list(dict.fromkeys((*rendered.warnings, *sentences))), "made_of": dict(made_of), "own": _own(desk, rendered.inputs) or {},
    }  # fmt: skip


def _source(desk: Desk, choice: Mapping[str, str]) -> dict[str, str]:
    file = choice.get("file")
    return {"file": file, "digest": desk.now.get(f"file:{file}", "missing")} if file else {}


def _whole(plain: Any) -> Any:
    """Measured numbers as decimal text: nothing in keep/ depends on how a program writes a float."""
    if isinstance(plain, float):
        return repr(plain)
    if isinstance(plain, Mapping):
        return {str(key): _whole(value) for key, value in plain.items()}
    return [_whole(one) for one in plain] if isinstance(plain, (list, tuple)) else plain


def _own(desk: Desk, inputs: Sequence[str]) -> dict[str, str] | None:
    """Which media of the film carry credentials of their own, and whether those are valid; None where the extra is not there to look."""
    from answerprint.delivery.credentials import CredentialsError
    from answerprint.delivery.credentials.engine import library
    from answerprint.delivery.credentials.reading import own_credentials

    try:
        library()
    except CredentialsError:
        return None  # no film leaves with credentials from here
    found: dict[str, str] = {}
    for digest, path in _places(desk).items():
        if digest in inputs:
            try:
                state = own_credentials(path)
            except CredentialsError:
                state = "broken: they cannot be read"
            found |= {digest: state} if state else {}
    return found


def _own_again(desk: Desk, film: Film) -> bool:
    """Write down what media that are at hand say of themselves now, where that is not what the film's entry says: they could not be read when
    it was rendered. Whether anything was written."""
    here = set(_places(desk)) & set(film.inputs)
    found = _own(desk, film.inputs)
    own = {digest: state for digest, state in film.own.items() if digest not in here} | (found or {})
    if found is None or own == dict(film.own):
        return False
    with desk.production.writer() as record:
        record.append("proposal", {**film.body, "own": own})
    return True


def _places(desk: Desk) -> dict[str, Path]:
    """Where the media of the shoot and the files that people brought lie, by their seals."""
    found = {unit.digest: unit.path for unit in desk.shoot.units if unit.path is not None}
    for name, digest in (*desk.things.files.items(), *desk.things.media.items()):
        if (path := desk.path / name).is_file():
            found.setdefault(digest, path)
    for cut in desk.cuts.values():
        for name, digest in cut.digests.items():
            if (path := desk.path / name).is_file():
                found.setdefault(digest, path)
    return found


def _sweep(desk: Desk) -> None:
    """Films that are not the latest of their version and spec do not wait any more; nor does what a killed run left."""
    there = films.films(desk)
    keep = {one.path.name for one in there} | {films.captions_of(one, name).name for one in there for name in one.captions}
    for one in films.folder(desk).glob("*"):
        if one.is_dir():
            shutil.rmtree(one, ignore_errors=True)
        elif one.name not in keep:
            one.unlink(missing_ok=True)


# ---- leaving


def deliver(
    production: Production, versions: Sequence[str] = (), specs: Sequence[str] = (), *, sheet_seen: SheetSeen, certificate: Certificate | None = None,
    tsa: str | None = None, watch: Watch = _told,
) -> tuple[Delivered, ...]:  # fmt: skip
    """Let the films of these versions out, for these specs, with credentials and papers, into out/.

    Args:    versions, specs: as for `make`, which is done first.  sheet_seen: as for the gate.
             certificate: what the files are signed with; the one in the user's own settings where none is given.  tsa: a timestamp authority, likewise.
    Returns: what left, film by film. What cannot leave stops all of them: a family leaves together.
    Raises:  NotLetOut: something is missing; its verdict lists it.  CredentialsError: what the file says and the record says differ, a certificate
             that cannot be used, the extra is not installed.  DeliveringError, DeliveryError, PapersError.
    """
    with alone(production):
        made = _made(production, versions, specs, watch)
        desk, wanted = Desk(production), _by_version(made)
        said_again = [_own_again(desk, film) for film in made]
        if any(said_again):
            made, desk = _made(production, versions, specs, watch), Desk(production)
        verdict = gate(desk, *wanted, sheet_seen=sheet_seen, specs=wanted)
        lines = _lines(desk, made, verdict)
        out = desk.path / "out"
        try:
            out.mkdir(exist_ok=True)
            sweep(out)
            _clear(desk, made)
            with tempfile.TemporaryDirectory(dir=out, prefix=HIDDEN, ignore_cleanup_errors=True) as hidden:
                around = _Around(desk=desk, verdict=verdict, certificate=certificate, tsa=tsa, watch=watch)
                ready = [_stage(around, film, lines[film.which], Path(hidden) / str(number)) for number, film in enumerate(made)]
                _as_it_was(production, desk, made, wanted, sheet_seen, lines)
                return tuple(_leave(desk, one, out) for one in ready)
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


def _released(desk: Desk) -> list[dict[str, Any]]:
    """What the record says of films that left, oldest first."""
    record = desk.production.reader()
    if record is None:
        return []
    with record:
        return [dict(body) for entry in record.entries(kind="released") if (body := entry.read()) and body.get("schema") == 1]


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
            film.path, staged, claims_of(desk, film, line=line), around.signs, public=public(desk), ingredients=_places(desk), tsa=around.stamps,
            progress=functools.partial(around.watch, f"credentials of {film.name}"),
        )  # fmt: skip
    else:
        shutil.copyfile(film.path, staged)
        on_disk(staged)
    _same(film, staged)
    digest = _seal(staged)
    made = papers(desk, film, line=line, verdict=around.verdict, embedded=embedded, digest=digest, folder=folder / f"{staged.stem} papers")
    body = {
        "schema": 1, "version": film.version, "spec": film.spec, "file": staged.name, "digest": digest, "essence": film.essence,
        "signoff": line.n if isinstance(line.content, SignOff) else None, "release": line.n if isinstance(line.content, Release) else None,
        "papers": [_seal(one) for one in made], "credentials": _said(embedded),
    }  # fmt: skip
    beside = (*_captions(film, folder), *(one for one in (sidecar_of(staged),) if one.is_file()))
    body |= {"beside": {one.name: _seal(one) for one in beside}} if beside else {}
    whole = Staged(film=staged, papers=folder / f"{staged.stem} papers", beside=beside)
    return _Ready(film=film, staged=whole, papers=made, embedded=embedded, digest=digest, body=body)


def _captions(film: Film, folder: Path) -> tuple[Path, ...]:
    """A film's captions under their names, as they were made."""
    for name, digest in film.captions.items():
        if _seal(waits := films.captions_of(film, name)) != digest:
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
    if film.whole and _seal(film.path) != film.whole:
        raise DeliveringError(
            f"{film.name}: what waits is not the file that was made in entry {film.entry} and signed by its seal; somebody wrote to it since. "
            f"Delete {film.path} and deliver again: it is rendered anew."
        )


def _same(film: Film, path: Path) -> None:
    """The file that leaves is the film that was signed, packet for packet."""
    from answerprint.delivery.essence import essence

    if (now := essence(path, edit=film.edit).digest) != film.essence:
        raise DeliveringError(f"{film.file}: what would leave is not the film that was signed: its seal is {now}, and {film.essence} was signed. Render it again.")


def _seal(path: Path) -> str:
    import hashlib

    with open(path, "rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()
