"""The films that wait: what was rendered of a version for a spec, what technical QC found about it, and whether it still is the film.

A film waits inside the production, clean and without credentials, until somebody signs it by its seal. Where the cut, the grade, the mix or
the spec became another since, it does not stand any more, and the next one is rendered.
"""

from __future__ import annotations

import hashlib
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint import finishing, reframing
from answerprint.deliverables import raster, wanted
from answerprint.desk import FILM, Desk, DeskError
from answerprint.model.charter import Judgment
from answerprint.model.delivery import WAY
from answerprint.model.records import Digest, to_plain
from answerprint.plan import small_digest

if TYPE_CHECKING:
    from answerprint.model.delivery import Spec

__all__ = [
    "Asked", "Chosen", "Film", "Found", "Notes", "Specs", "captions_of", "changed", "chosen", "films", "folder", "history", "made_of", "older", "qc", "read", "seen_so", "spec_seal", "waiting", "waits",
]  # fmt: skip

Specs = Sequence[str] | Mapping[str, Sequence[str]]  #: names of specs, for every version alike or version by version
Notes = frozenset[tuple[str, str, str, str]]  #: version, spec, check and QC's words of every warning that somebody said something to


#: What `_framed` found out, for as long as a desk is looked at: a desk shows one moment.
_FRAMED: weakref.WeakKeyDictionary[Desk, dict[tuple[str, str], dict[str, str]]] = weakref.WeakKeyDictionary()


@dataclass(frozen=True, kw_only=True)
class Found:
    """One thing that technical QC found about a film."""

    check: str
    weight: str  #: "FAIL", "WARN", "note"
    says: str
    at: str = ""  #: where in the film, by its own count from zero: "00:00:12:05"; empty: all of it, or the file around it

    @property
    def words(self) -> str:
        """What was found and where, as a sentence."""
        says = self.says.rstrip(".")
        return f"{says}, at {self.at}." if self.at else f"{says}."


@dataclass(frozen=True, kw_only=True)
class Film:
    """One version, rendered for one spec."""

    entry: int
    at: str
    version: str
    spec: str
    file: str  #: the name that it leaves under
    path: Path  #: where it waits; it may have been deleted, and is then rendered again, to the same seal
    cut: str  #: seal of the cut
    edit: str  #: seal of what was rendered: the edit, as the plan has it
    essence: str
    streams: tuple[str, ...]
    frames: int  #: of the whole file
    film_first: int
    film_frames: int
    rate: Fraction
    samples: int
    inputs: tuple[Digest, ...]  #: every medium that is in it, in order of use
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  #: grade, mix, hero framing -> what of them is in it
    levelled: str | None = None  #: the static gain that the machine's own assembly got: "-2.40 dB"
    qc: Digest = ""  #: the report, in keep/
    findings: tuple[Found, ...] = ()  #: those of weight
    warnings: tuple[str, ...] = ()  #: what could not be rendered as it was cut, or is not in it
    made_of: Mapping[str, str] = field(default_factory=dict)  #: what it was rendered from, by name
    whole: str = ""  #: "sha256:..." of the file where it waits
    captions: Mapping[str, str] = field(default_factory=dict)  #: files that go beside it, by the name that they leave under: "sha256:..."
    own: Mapping[Digest, str] = field(default_factory=dict)  #: media with credentials of their own, and whether those are valid
    way: int = 1  #: how it was rendered: `model.delivery.WAY` as it was then; entries that do not say it are the oldest
    body: Mapping[str, Any] = field(default_factory=dict, repr=False)  #: the entry, as it was written

    @property
    def name(self) -> str:
        """As people say it: "master for tv-eu"."""
        return f"{self.version} for {self.spec}"

    @property
    def which(self) -> tuple[str, str, str]:
        """As a signature names it: version, spec, seal."""
        return self.version, self.spec, self.essence

    @property
    def failed(self) -> bool:
        """Whether technical QC says FAIL: nobody waives that, and it never leaves."""
        return any(one.weight == "FAIL" for one in self.findings)

    @property
    def found(self) -> str:
        """What technical QC found, in few words: "2 WARN"."""
        counts = [(sum(one.weight == weight for one in self.findings), weight) for weight in ("FAIL", "WARN")]
        return ", ".join(f"{count} {weight}" for count, weight in counts if count) or "nothing wrong found"


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What a film is rendered with, for one judgment: signed where it is, else the draft."""

    judgment: str
    about: str
    choice: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the films of a verdict have to be: for which specs, and which warnings somebody spoke to in the signature at hand."""

    every: tuple[Film, ...] = ()  #: the latest of each version and spec
    before: tuple[Film, ...] = ()  #: all that were ever made, the latest last
    specs: Specs = ()  #: only these; empty: what each version is delivered for, else whatever stands
    notes: Notes = frozenset()
    told: dict[int, bool] = field(default_factory=dict, compare=False, repr=False)  #: a film's entry -> whether it stands, once it was looked at

    @classmethod
    def of(cls, desk: Desk, specs: Specs = (), notes: Notes = frozenset()) -> Asked:
        """With the films that the record knows."""
        before = history(desk)
        return cls(every=_latest(before), before=before, specs=specs if isinstance(specs, Mapping) else tuple(specs), notes=notes)

    def needed(self, desk: Desk, version: str) -> tuple[str, ...]:
        """The specs for which this version needs a film; empty where any one will do."""
        given = self.specs.get(version, ()) if isinstance(self.specs, Mapping) else self.specs
        return tuple(given) or wanted(desk, version)

    def standing(self, desk: Desk, version: str) -> tuple[Film, ...]:
        """The films of a version that are what it is now, for the specs that are asked for. Where any one will do, those with a FAIL are not
        among them, unless all have one."""
        needed = self.needed(desk, version)
        there = tuple(one for one in self.every if one.version == version and (not needed or one.spec in needed) and self._stands(desk, one))
        return there if needed else tuple(one for one in there if not one.failed) or there

    def beside(self, desk: Desk, version: str) -> tuple[Film, ...]:
        """The other films of a version that are what it is now: nobody asks for them, and whoever signs may sign them too."""
        asked = self.standing(desk, version)
        return tuple(one for one in self.every if one.version == version and one not in asked and self._stands(desk, one))

    def _stands(self, desk: Desk, film: Film) -> bool:
        if film.entry not in self.told:
            self.told[film.entry] = not changed(desk, film)
        return self.told[film.entry]


def qc(desk: Desk, version: str, asked: Asked) -> tuple[str, ...]:
    """What the films of a version lack, in sentences: not rendered, not what the film is now, a FAIL, a WARN that nobody spoke to."""
    there = {one.spec: one for one in asked.every if one.version == version}
    standing = {one.spec: one for one in asked.standing(desk, version)}
    needed = asked.needed(desk, version)
    found = []
    for spec in needed:
        if spec not in standing:
            found.append(_absent(desk, version, spec, there.get(spec)))
    if not needed and not standing:
        last = next(reversed(there.values()), None)
        found.append(_absent(desk, version, last.spec if last else "", last))
    for film in standing.values():
        found += [f"{film.name}: FAIL, {one.check}: {one.words}" for one in film.findings if one.weight == "FAIL"]
        found += [
            f"{film.name}: WARN, {one.check}: {one.words} Whoever signs says what that is."
            for one in film.findings if one.weight == "WARN" and (film.version, film.spec, one.check, one.says) not in asked.notes
        ]  # fmt: skip
    return tuple(found)


def older(film: Film) -> str:
    """What is worth knowing of a film that stands and was rendered as an earlier release did it, in a sentence; "" for any other. It stops nothing."""
    if film.way >= WAY:
        return ""
    heard = " The levels that the cut tells of its clips may not be heard in it." if film.way < 2 else ""
    return f"{film.name}: the film of entry {film.entry} was rendered as an earlier release did it; rendered anew it may look or sound otherwise, and is another film then.{heard} Listen to it, or delete {film.path.name} in {film.path.parent.name} and deliver again."


def _absent(desk: Desk, version: str, spec: str, last: Film | None) -> str:
    how = f"answerprint deliver FOLDER --spec {spec or 'youtube'}"
    if last is None:
        return f"{version}{f' for {spec}' if spec else ''}: no film was rendered yet, so nobody can have looked at what leaves. Render it: {how}"
    return f"{last.name}: the film of entry {last.entry} is not the film any more: {' '.join(changed(desk, last))} Render it again: {how}"


def folder(desk: Desk) -> Path:
    """Where the films wait."""
    return Path(desk.production.inside) / "cache" / "films"


def films(desk: Desk) -> tuple[Film, ...]:
    """The latest film of every version for every spec, in the order in which they were first made. Some may not stand any more: `changed` says."""
    return _latest(history(desk))


def _latest(every: Sequence[Film]) -> tuple[Film, ...]:
    return tuple({(one.version, one.spec): one for one in every}.values())


def history(desk: Desk) -> tuple[Film, ...]:
    """Every film that was ever made here, as the machine wrote it down, the latest last."""
    record = desk.production.reader()
    if record is None:
        return ()
    with record:
        bodies = [(entry, body) for entry in record.entries(kind="proposal") if (body := entry.read()) and body.get("what") == "film" and body.get("schema") == 1]
    try:
        return tuple(read(desk, entry.n, entry.at, body) for entry, body in bodies)
    except (LookupError, TypeError, ValueError, AttributeError) as cause:
        raise DeskError(f"the machine's entry about a film cannot be read ({cause}): another program wrote it. `answerprint verify` says whose signature covers what.") from cause


def seen_so(film: Film, before: Sequence[Film], n: int) -> bool:
    """Whether whoever had seen the record up to an entry saw of this very film what technical QC says of it now, and the same captions. What
    a machine wrote down about it afterwards nobody's signature vouches for."""
    last = max((one for one in before if one.which == film.which and one.entry <= n), key=lambda one: one.entry, default=None)
    return last is not None and (last.findings, last.captions) == (film.findings, film.captions)


def waiting(desk: Desk, *, versions: Sequence[str] = ()) -> tuple[Film, ...]:
    """The films that are what the cuts, choices and specs are now; of these versions, if any are given."""
    return tuple(one for one in films(desk) if (not versions or one.version in versions) and not changed(desk, one))


def changed(desk: Desk, film: Film) -> tuple[str, ...]:
    """What became another since a film was rendered, in sentences. Empty: it stands."""
    from answerprint.delivery import DeliveryError
    from answerprint.delivery.specs import spec

    if film.version not in desk.cuts:
        return (f"{film.version} has no cut any more.",)
    try:
        now = made_of(desk, film.version, spec(film.spec, desk.path))
    except DeliveryError as error:
        return (str(error),)
    away = {name for name in film.made_of if name.startswith("the look of ") and name not in now}  # its disk is not connected: nothing is known
    names = [name for name in dict.fromkeys((*film.made_of, *now)) if name not in away]
    return tuple(f"{name} is another now." for name in names if film.made_of.get(name) != now.get(name))


def made_of(desk: Desk, version: str, spec: Spec) -> dict[str, str]:
    """Everything that decides what a film looks and sounds like, by name: seals and digests."""
    from answerprint.delivery import captions

    cut, settings, number = desk.cuts[version], desk.production.settings, desk.family[version].number
    found = {f"the cut of {version}": f"{cut.seal} {cut.written}", f"the spec {spec.name}": spec_seal(spec), "the title": str(settings["title"])}
    slated = any(card.what in ("clock", "slate") for card in spec.head)
    if number and (slated or "{clock_number}" in spec.naming):
        found[f"the number of {version}"] = number
    if settings["client"] and slated:
        found["the client"] = str(settings["client"])
    if spec.picture.width is None:
        found["the raster"] = " x ".join(map(str, raster(spec, desk, version)))
    if spec.captions:
        found |= {_captions_called(desk, path): small_digest(path) for path, _ in captions.given(desk.path / "assets", version, finishing.refused(desk.production, "captions"))}
    if spec.burn:
        from answerprint.delivery.captioning.burning import source

        burnt = source(desk.path / "assets", version, spec.burn, finishing.refused(desk.production, "captions"))
        found[_captions_called(desk, burnt)] = small_digest(burnt)
    found |= _framed(desk, version, "x".join(map(str, raster(spec, desk, version))))
    for one in chosen(desk, version):
        file = one.choice.get("file")
        gain = f" {one.choice['gain_db']} dB" if "gain_db" in one.choice else ""
        found[_called(one)] = f"{file} {desk.now.get(f'file:{file}', 'missing')}{gain}" if file else str(sorted(one.choice.items()))
    return found | _looks(desk, version)


def _captions_called(desk: Desk, path: Path) -> str:
    """Captions as a film names them: those that were made here by their place, those that somebody brought by their name."""
    return f"the captions {path.name if path.parent == desk.path / 'assets' else path.relative_to(desk.path).as_posix()}"


#: What a spec may ask for since the first films were signed: one that does not ask for it has the seal that it had.
_SINCE = ("burn", "without_voice")


def _framed(desk: Desk, version: str, shape: str) -> dict[str, str]:
    """The frames that were proposed for a version's ordinary shots and are used in a shape, by what each is about."""
    known = _FRAMED.setdefault(desk, {})
    if (version, shape) not in known:
        used = {(one.file, one.start) for one in reframing.framings(desk, version, shape)}
        proposed = reframing.proposed(desk, version) if used else ()
        known[version, shape] = {
            f"the framing of {one.about}": next(iter(one.made.files.values()))
            for one in proposed if one.made is not None and one.framing is not None and (one.framing.file, one.framing.start) in used
        }  # fmt: skip
    return known[version, shape]


def spec_seal(spec: Spec) -> str:
    """"sha256:..." over all that a spec asks for."""
    plain = {key: value for key, value in to_plain(spec).items() if value or key not in _SINCE}
    return "sha256:" + hashlib.sha256(repr(plain).encode()).hexdigest()


def chosen(desk: Desk, version: str, *, drafts_first: bool = False) -> tuple[Chosen, ...]:
    """The grade, the mix and the hero framings that a film of this version is rendered with: as they are signed, else as a draft.

    Args: drafts_first: for a preview, where somebody looks at what they did not sign yet.
    """
    heroes = [(str(Judgment.HERO_FRAMING), f"hero:{number}@") for number, item in desk.items.items() if item.hero is not None]
    wanted = [(str(Judgment.GRADE), f"{FILM}:"), (str(Judgment.MIX), f"{FILM}:"), *heroes]
    found = []
    for judgment, before in wanted:
        places = [(judgment, before + one) for one in _line(desk, version, judgment)]
        signed = next((which for which in places if which in desk.decisions), None)
        draft = next((which for which in places if which in desk.drafts), None)
        if signed is not None and not (drafts_first and draft is not None):
            found.append(Chosen(judgment=judgment, about=signed[1], choice=desk.decisions[signed].decided.choice))
        elif draft is not None:
            found.append(Chosen(judgment=judgment, about=draft[1], choice=desk.drafts[draft].choice))
    return tuple(found)


def _called(one: Chosen) -> str:
    return f"the {one.judgment} of item {one.about.partition(':')[2].partition('@')[0]}" if one.judgment == Judgment.HERO_FRAMING else f"the {one.judgment}"


def _line(desk: Desk, version: str, judgment: str) -> list[str]:
    """A version and those whose decision serves it, the nearest first."""
    found = [version]
    while (parent := desk.family.inherits(found[-1], judgment, desk.cuts)) is not None:
        found.append(parent)
    return found


def _looks(desk: Desk, version: str) -> dict[str, str]:
    """The show LUT or CDL that each clip is seen through, as far as its disk is connected."""
    from answerprint.media import look

    picture = desk.cuts[version].picture
    given = desk.production.looks()
    found = {}
    for unit in desk.shoot.clips:
        if unit.path is not None and (unit.file in picture or (unit.original is not None and unit.original.file in picture)):
            seen = look.find(unit.path, unit.info, given).look
            found[f"the look of {unit.file}"] = " ".join(seen.digests) if seen is not None else "as shot"
    return found


def waits(desk: Desk, version: str, spec: str, essence: str, file: str) -> Path:
    """Where a film waits: under a seal of its own, so that two films are never one file, even where picture and sound are the same."""
    return folder(desk) / f"{hashlib.sha256(repr((version, spec, essence)).encode()).hexdigest()[:32]}{Path(file).suffix}"


def captions_of(film: Film, name: str) -> Path:
    """Where the captions wait that leave under this name beside a film."""
    return film.path.with_name(f"{film.path.stem} {name}")


def read(desk: Desk, n: int, at: str, body: Mapping[str, Any]) -> Film:
    """A film from its entry.

    Raises: LookupError, TypeError, ValueError: it is none, or names captions somewhere else.
    """
    if any(Path(name).name != name for name in body.get("captions", ())):
        raise ValueError("captions are named with a folder")
    return Film(
        entry=n, at=at, version=body["version"], spec=body["spec"], file=body["file"],
        path=waits(desk, body["version"], body["spec"], body["essence"], body["file"]),
        cut=body["cut"], edit=body["edit"], essence=body["essence"], streams=tuple(body["streams"]), frames=body["frames"], film_first=body["film_first"],
        film_frames=body["film_frames"], rate=Fraction(body["rate"]), samples=body["samples"], inputs=tuple(body["inputs"]), sources=dict(body["sources"]),
        levelled=body["levelled"], qc=body["qc"], findings=tuple(Found(**one) for one in body["findings"]), warnings=tuple(body["warnings"]),
        made_of=dict(body["made_of"]), whole=body.get("whole", ""), own=dict(body.get("own", {})), captions=dict(body.get("captions", {})), way=body.get("way", 1), body=dict(body),
    )  # fmt: skip
