"""The films that wait: every version rendered for every spec that it is to be delivered for, looked at by technical QC, and written down.

What stands and is there is not rendered again. A film is rendered from the originals as they were sealed, with what is signed, else with the
draft; what became another since is rendered anew.
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

from answerprint import deliverables, films, finishing, sharing
from answerprint.appearing import alone
from answerprint.desk import FILM, Desk
from answerprint.films import Asked, Film
from answerprint.keep import disk_sentence
from answerprint.model.charter import Execution
from answerprint.model.delivery import WAY
from answerprint.model.records import AnswerprintError, canonical
from answerprint.model.time import Timecode
from answerprint.previews import misfit, planned
from answerprint.timekeeping import timed

if TYPE_CHECKING:
    from answerprint.delivery.originals import Seals
    from answerprint.delivery.qc import Report
    from answerprint.delivery.qc.ears import Hearings
    from answerprint.model.delivery import Finding, Rendered, Spec
    from answerprint.production import Production

__all__ = ["DeliveringError", "Watch", "made_all", "make", "own_again", "places", "seal", "silently", "unfit"]

Watch = Callable[[str, float], None]
_PLACES = 4  #: timecodes that a finding says; the report has all of them


class DeliveringError(AnswerprintError):
    """A film that cannot be rendered or cannot leave."""


def silently(what: str, share: float) -> None:
    """For who wants no progress."""


@timed("render", Execution.RENDER)
def make(production: Production, versions: Sequence[str] = (), specs: Sequence[str] = (), *, watch: Watch = silently) -> tuple[Film, ...]:
    """Render every version for every spec that it is to be delivered for; what stands and is there is not rendered again.

    Args:   versions: names; every one that has a cut where none is given.  specs: names; what each version is delivered for where none is.
            watch: called with (what, share done); what it raises stops the work, and finished segments are kept.
    Returns: the films, version by version, for the specs that take them; `unfit` says which do not.
    Raises: DeliveringError: no cut, no spec, none that takes a film, two films of one name, the disk is full.  DeliveryError: a spec that does not take the film, media
            that are missing.  AppearingError: another program is at it.
    """
    with alone(production):
        return made_all(production, versions, specs, watch)


def made_all(production: Production, versions: Sequence[str], specs: Sequence[str], watch: Watch) -> tuple[Film, ...]:
    """As `make`, for who holds the production's films already."""
    desk = Desk(production)
    asked = Asked.of(desk)
    made: list[Film] = []
    run = _Run.begin(watch)
    for version, spec in _wanted(desk, versions, specs):
        stands = next((one for one in asked.every if (one.version, one.spec) == (version, spec.name)), None)
        if stands is not None and _waits(stands) and not films.changed(desk, stands):
            made.append(stands)
            continue
        made.append(_make(desk, version, spec, stands, run))
    _sweep(desk)
    return tuple(made)


def _waits(film: Film) -> bool:
    """Whether a film is there with all that goes beside it."""
    return film.path.is_file() and all(films.captions_of(film, name).is_file() for name in film.captions)


def unfit(desk: Desk, versions: Sequence[str] = (), specs: Sequence[str] = ()) -> tuple[str, ...]:
    """Which of the films that are asked for are not made, since their spec does not take them, in sentences. Raises: as `make`."""
    return tuple(f"{version}: {says}" for version, one in _asked(desk, versions, specs) if (says := misfit(desk, version, one)))


def _wanted(desk: Desk, versions: Sequence[str], specs: Sequence[str]) -> list[tuple[str, Spec]]:
    """Each version with each of its specs that take it.

    Raises: DeliveringError, SpecError, FilmError.
    """
    found = [(version, one) for version, one in _asked(desk, versions, specs) if not misfit(desk, version, one)]
    if not found:
        raise DeliveringError(" ".join(unfit(desk, versions, specs)))
    _names(desk, found)
    return found


def _asked(desk: Desk, versions: Sequence[str], specs: Sequence[str]) -> list[tuple[str, Spec]]:
    """Each version with each of its specs. Raises: DeliveringError, SpecError, FilmError."""
    from answerprint.delivery.specs import spec

    names = [desk.family[one].name for one in versions] or [one.name for one in desk.family.versions if one.name in desk.cuts or one.name in desk.cut_problems]
    if not names:
        raise DeliveringError("no version has a cut yet. Choose one: answerprint choose film cuts/FILE")
    found = []
    for version in dict.fromkeys(names):
        if version not in desk.cuts:
            raise DeliveringError(desk.cut_problems.get(version) or f"{version} has no cut yet. Choose one with `answerprint choose film:{version} cuts/FILE`.")
        wanted = tuple(specs) or deliverables.wanted(desk, version)
        if not wanted:
            raise DeliveringError(f"say what {version} is delivered for: --spec youtube, or specs in answerprint.toml. `answerprint specs` lists them.")
        found += [(version, spec(name, desk.path)) for name in dict.fromkeys(wanted)]
    return found


def _names(desk: Desk, wanted: Sequence[tuple[str, Spec]]) -> None:
    """Raises: DeliveringError: two of these films would lie under one name, or their papers would."""
    from answerprint.delivery.naming import file_name

    taken: dict[str, str] = {}
    for version, one in wanted:
        name, told = file_name(one, title=str(desk.production.settings["title"]), version=version, clock_number=desk.family[version].number), f"{version} for {one.name}"
        if (other := taken.setdefault(Path(name).stem.casefold(), told)) != told:
            raise DeliveringError(f"{other} and {told} would both be called {Path(name).stem}. Give each a name of its own: `naming` in the spec, or the number in versions.csv.")


@dataclass(frozen=True, kw_only=True)
class _Run:
    """What the films of one run have in common."""

    watch: Watch
    seals: Seals  #: of the originals: each is read whole once, for all films
    hearings: Hearings  #: what was heard in their sounds: the very same one is listened to once

    @classmethod
    def begin(cls, watch: Watch) -> _Run:
        from answerprint.delivery.originals import Seals

        return cls(watch=watch, seals=Seals(), hearings={})


def _make(desk: Desk, version: str, spec: Spec, before: Film | None, run: _Run) -> Film:
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
            telling = functools.partial(run.watch, f"rendering {told}")
            rendered = render(plan, spec, out, scratch=scratch, look=looks, version=version, slate=slate, reseal=run.seals, progress=telling)
            beside = _captioned(desk, version, spec, out, rendered)
            report = examine(out, spec, expected=rendered, progress=functools.partial(run.watch, f"checking {told}"), hearings=run.hearings)
            body = _body(desk, spec, name, rendered, report, made_of, sentences)
            body |= {"whole": seal(out), "captions": {one.name: seal(one) for one in beside}}
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

    brought = given(desk.path / "assets", version, finishing.refused(desk.production, "captions"))
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
        "qc": kept, "findings": [{"check": one.check, "weight": one.weight, "says": one.says, "at": _at(one, rendered)} for one in report.findings if one.weight != "note"],
        "warnings": list(dict.fromkeys((*rendered.warnings, *sentences))), "made_of": dict(made_of), "own": _own(desk, rendered.inputs) or {},
        "share": sharing.found_for(desk, version), "way": WAY,
    }  # fmt: skip


def _at(found: Finding, film: Rendered) -> str:
    """Where in the film something was found, counted from its first frame; nothing for what is around it."""
    inside = [one.first - film.film_first for one in found.where if film.film_first <= one.first < film.film_first + film.film_frames]
    places = [str(Timecode(frames=frame, rate=film.rate)) for frame in inside[:_PLACES]]
    return ", ".join(places) + (f" and {len(inside) - _PLACES} more" if len(inside) > _PLACES else "")


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
    for digest, path in places(desk).items():
        if digest in inputs:
            try:
                state = own_credentials(path)
            except CredentialsError:
                state = "broken: they cannot be read"
            found |= {digest: state} if state else {}
    return found


def own_again(desk: Desk, film: Film) -> bool:
    """Write down what media that are at hand say of themselves now, where that is not what the film's entry says: they could not be read when
    it was rendered. Whether anything was written."""
    here = set(places(desk)) & set(film.inputs)
    found = _own(desk, film.inputs)
    own = {digest: state for digest, state in film.own.items() if digest not in here} | (found or {})
    if found is None or own == dict(film.own):
        return False
    with desk.production.writer() as record:
        record.append("proposal", {**film.body, "own": own})
    return True


def places(desk: Desk) -> dict[str, Path]:
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


def seal(path: Path) -> str:
    """"sha256:..." over a whole file."""
    import hashlib

    with open(path, "rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()
