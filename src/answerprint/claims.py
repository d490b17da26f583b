"""What is claimed about a film that leaves: built from its record and from nothing else, as of the entry that answers for it.

What went in, by kind; what the machine did to it; what people decided, each with the entry that they signed. Whatever the record does not
know, the claims do not say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from answerprint import __version__, finished, sharing, slots
from answerprint.book import Book, Line
from answerprint.delivery.credentials.claims import Action, Checkpoint, Claims, Held, Ingredient, Kind, Signed
from answerprint.delivery.credentials.sources import DECIDED, DONE, TRAINED, of_medium
from answerprint.desk import FILM, Desk, DeskError
from answerprint.film import FilmError
from answerprint.films import Film
from answerprint.model.charter import Execution, Judgment
from answerprint.model.judgments import Charter, Decided, Decision, Holder, Release, SignOff
from answerprint.model.records import Digest
from answerprint.model.time import rate_name

if TYPE_CHECKING:
    from answerprint.book import Person

__all__ = ["AGENT", "Handed", "Stood", "claims_of", "handed", "measured", "standing"]

AGENT = f"Answerprint {__version__}"
#: Work that no task of its own does.
_OWN = {"seal": Execution.READING, "export": Execution.INTERCHANGE, "import": Execution.INTERCHANGE}
_STILLS = frozenset((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".exr", ".dpx", ".webp", ".bmp", ".psd", ".svg", ".pdf"))
_SOUNDS = frozenset((".wav", ".w64", ".aif", ".aiff", ".flac", ".mp3", ".m4a", ".ogg", ".caf"))
#: What the machine does to the media of a film, by execution: the sentence of so many clips and sounds.
_DID = {
    Execution.SYNC: "camera and recorder sound lined up by what both heard, where both were there, for {}",
    Execution.CLEAN_UP: "sound cleaned in {}",
    Execution.CORRECTION: "colour of {} corrected where the cameras differed",
}
#: Choices that leave a film as it was.
_NOTHING = frozenset({("bed", "none"), ("take", "none"), ("grade", "as shot"), ("mix", "as cut"), ("framing", "as shot")})
#: Which fact of a task says, medium by medium, whether anything came of it; of two that are called alike up to the dot the later one holds.
_CAME_OF = {"sync": "sync.pair", "drift": "sync.certificate", "transcript": "transcript.words", "attempts": "attempts", "slate": "slate.seen", "lining": "lining"}
#: Tasks that only go before or after those.
_HELPS = frozenset({"claps", "sounds", "synced", "takes", "coverage"})
_FOUND = {
    Execution.READING: "read and measured {}",
    Execution.TRANSCRIPT: "wrote down what is said in {}",
    Execution.ATTEMPTS: "found the slates and attempts in {}",
    Execution.LINING: "lined the script on {}",
    Execution.ACCIDENTS: "looked for accidents in {}",
}


@dataclass(frozen=True, kw_only=True)
class Handed:
    """A judgment that a producer gave to the machine, with the reason that the charter carries."""

    judgment: str
    because: str
    by: str  #: a name
    entry: int  #: the charter


@dataclass(frozen=True, kw_only=True)
class Stood:
    """A decision that stood when a film was answered for."""

    by: Person
    n: int  #: its entry
    at: str
    decided: Decided


def claims_of(desk: Desk, film: Film, *, line: Line[SignOff] | Line[Release]) -> Claims:
    """Everything that the record says of one film.

    Args:    line: the entry that answers for it: a sign-off, or a producer's release.
    Returns: the same claims whenever they are built: later entries change nothing in them, but for a revocation that strikes.
    Raises:  DeskError: there is no record.  LedgerError, KeepError: it cannot be read, or something it names is not kept.
    """
    book = _book(desk)
    stood = _standing(book, line.n)
    return Claims(
        title=str(desk.production.settings["title"]), version=film.version, spec=film.spec, essence=film.essence, edit=film.edit,
        checkpoint=Checkpoint(entry=line.n, seal=_seal(desk, line.n)),
        signed=Signed(how="signed off" if isinstance(line.content, SignOff) else "released, not signed,", by=line.by.name, entry=line.n),
        ingredients=tuple(_ingredients(desk, film, stood, line.n)), actions=(*_actions(desk, film, stood, line.n), _answer(line)),
        judgments=tuple(_judgments(desk, film, stood, line)),
    )  # fmt: skip


def measured(desk: Desk, film: Film, *, line: Line[Any]) -> tuple[str, ...]:
    """What the machine found out about the media of a film and wrote down, in sentences without a subject; nothing of it is in the film."""
    done = _done(desk, film, line.n)
    return tuple(_FOUND[one].format(_things(files)) for one, files in done.items() if isinstance(one, Execution) and one in _FOUND)


def handed(desk: Desk, *, line: Line[Any]) -> tuple[Handed, ...]:
    """What the machine decides in this production by a signed charter, as it stood then."""
    charter = _charter(_book(desk), line.n)
    if charter is None:
        return ()
    return tuple(Handed(judgment=judgment, because=one.because, by=charter.by.name, entry=charter.n) for judgment, one in charter.content.holders.items() if one.machine)


def standing(desk: Desk, film: Film, judgment: Judgment, n: int) -> tuple[Stood, ...]:
    """The decisions on one judgment by which a film was made, as they stood at an entry; empty where nobody decided."""
    return tuple(_for(desk, film, _standing(_book(desk), n), judgment))


def _book(desk: Desk) -> Book:
    if desk.book is None:
        raise DeskError("there is no record here, so nothing can be claimed about a film.")
    return desk.book


def _seal(desk: Desk, n: int) -> str:
    record = desk.production.reader()
    if record is None:
        raise DeskError("there is no record here, so nothing can be claimed about a film.")
    with record:
        return record.seal(n)


# ---- as it stood then


def _standing(book: Book, n: int) -> dict[tuple[str, str], Stood]:
    """What was decided up to an entry, by judgment and thing."""
    found: dict[tuple[str, str], Stood] = {}
    for line in book.lines:
        if line.n <= n and not line.struck and isinstance(line.content, Decision | SignOff):
            for one in line.content.decisions:
                found[one.judgment, one.about] = Stood(by=line.by, n=line.n, at=line.at, decided=one)
    return found


def _charter(book: Book, n: int) -> Line[Charter] | None:
    return next((line for line in reversed(book.of(Charter)) if line.n <= n), None)


def _for(desk: Desk, film: Film, stood: Mapping[tuple[str, str], Stood], judgment: Judgment) -> list[Stood]:
    """The decisions on one judgment that this film is made by: its own, else those of the version that it comes from."""
    return [one for one in _about_it(desk, film, stood, judgment) if _made_by(film, one.decided)]


def _made_by(film: Film, decided: Decided) -> bool:
    """Whether a film is what somebody decided: not if another cut was signed than the one that was rendered, or another grade or mix than the
    one that is in it. A producer may release it all the same, and then nobody decided that."""
    choice, judgment = decided.choice, decided.judgment
    own = decided.about == f"{FILM}:{film.version}"
    if judgment == Judgment.FINAL_EDIT and own:
        return choice.get("seal", film.cut) == film.cut
    if judgment == Judgment.PACING and own:
        return choice.get("seal") in (None, film.body.get("rhythm", choice.get("seal")))
    if judgment in (Judgment.GRADE, Judgment.MIX):
        source, file = film.sources.get(judgment), choice.get("file")
        return source is not None and source.get("file") == file and decided.rests_on.get(f"file:{file}", source.get("digest")) == source.get("digest")
    return True


def _about_it(desk: Desk, film: Film, stood: Mapping[tuple[str, str], Stood], judgment: Judgment) -> list[Stood]:
    """The decisions on one judgment about a film, or about the version that it comes from."""
    try:
        versions = desk.family.line(film.version)
    except FilmError:  # it is not listed any more
        versions = ()
    line = [one.name for one in versions] or [film.version]
    if judgment in (Judgment.FINAL_EDIT, Judgment.PACING):  # a cut-down is an edit of its own
        line = line[: next((place for place, one in enumerate(versions, 1) if one.differs == "cut-down"), len(line))]
    if judgment == Judgment.TAKE:
        return [one for (which, about), one in stood.items() if which == judgment and (about.partition("@")[2] or film.version) in line]
    if judgment == Judgment.HERO_FRAMING:
        items = dict.fromkeys(about.partition("@")[0] for which, about in stood if which == judgment)
        nearest = [next((stood[judgment, f"{item}@{version}"] for version in line if (judgment, f"{item}@{version}") in stood), None) for item in items]
        return [one for one in nearest if one is not None]
    own = next((stood[judgment, f"{FILM}:{version}"] for version in line if (judgment, f"{FILM}:{version}") in stood), None)
    return [own] if own is not None else []


# ---- what went in


def _ingredients(desk: Desk, film: Film, stood: Mapping[tuple[str, str], Stood], n: int) -> Iterator[Ingredient]:
    sealed = dict(_sealed(desk))
    kinds = _kinds(desk, set(film.inputs) & set(sealed))
    roles: dict[Digest, Kind] = {}
    names: dict[Digest, str] = {}
    brought: tuple[tuple[Judgment, Kind], ...] = ((Judgment.GRADE, "graded master"), (Judgment.MIX, "mix"))
    for judgment, kind in brought:
        source = film.sources.get(str(judgment), {})
        roles[source.get("digest", "")], names[source.get("digest", "")] = kind, source.get("file", "")
    for one in _for(desk, film, stood, Judgment.MUSIC_BED):
        file = one.decided.choice.get("file", "")
        seal = one.decided.rests_on.get(f"file:{file}", "")
        roles[seal], names[seal] = "music", file
    there = finished.in_film(desk, film, n)
    for digest in finished.cleaned(there):
        roles[digest] = "cleaned mix"
    for digest, file in finished.supers(there).items():
        roles[digest], names[digest] = "super", file
    cut = desk.cuts.get(film.version)
    if cut is not None and cut.seal == film.cut:
        names |= {digest: file for file, digest in cut.digests.items()}
    labelled = slots.labelled(desk.production, n)
    for digest in film.inputs:
        file = sealed.get(digest) or names.get(digest) or ""
        own = film.own.get(digest)
        found = roles.get(digest) or kinds.get(digest) or _by_name(file)  # what somebody signed it as comes before what it looks like
        if digest in labelled:  # the record says so, whatever the file says now and in whichever version it stands
            found, own = "generated", own if own is not None and own.rpartition(": ")[2] in TRAINED else None
        declared = of_medium(found, own)
        if found in ("stock", "still", "music") and declared == "trainedAlgorithmicMedia":
            found = "generated"  # its own credentials say so
        yield Ingredient(kind=found, title=PurePosixPath(file).name or "a file that the record names by its seal alone", digest=digest,
                         source_type=declared, has_credentials=film.own.get(digest))  # fmt: skip


def _by_name(file: str) -> Kind:
    """What somebody brought along that no prep has read and no judgment names."""
    end = PurePosixPath(file).suffix.lower()
    return "still" if end in _STILLS else "music" if end in _SOUNDS else "stock"


def _sealed(desk: Desk) -> Iterator[tuple[Digest, str]]:
    """Every file of the shoot, by its seal; of two names the first."""
    seen: set[Digest] = set()
    for body in desk.production.done_tasks():
        if body["task"] == "seal" and body["inputs"][0] not in seen:
            seen.add(body["inputs"][0])
            yield body["inputs"][0], str(body["file"])


def _kinds(desk: Desk, wanted: set[Digest]) -> dict[Digest, Kind]:
    """What the shoot's own files say that they are."""
    found: dict[Digest, Kind] = {}
    for body in desk.production.done_tasks():
        if body["task"] == "ingest" and (digest := body["inputs"][0]) in wanted:
            info = desk.production.keep.facts(body["facts"]).value("media.info", {})
            found[digest] = "recorder sound" if info.get("kind") == "sound" else "camera original"
    return found


# ---- what was done


def _done(desk: Desk, film: Film, n: int) -> dict[Execution | str, tuple[str, ...]]:
    """Which files of the film the machine worked on up to an entry, by what it did; by its name, where this release does not know the task."""
    record = desk.production.reader()
    if record is None:
        return {}
    kinds = {name: task.execution for name, task in desk.production.tasks().items()} | _OWN
    with record:
        bodies = [body for entry in record.entries(kind="task") if entry.n <= n and (body := entry.read()) and body["schema"] == 1]
    names = {body["inputs"][0]: str(body["file"]) for body in bodies if body["task"] == "seal" and body["inputs"][0] in film.inputs}
    files = set(names.values())
    found: dict[Execution | str, dict[str, None]] = {}
    came: dict[tuple[str, Digest], tuple[Execution | str, bool]] = {}
    for body in bodies:
        task, file = str(body["task"]), str(body.get("file", ""))
        kind = kinds.get(task) or task
        if task in _HELPS or not (file in files or set(body["inputs"]) & set(film.inputs)):
            continue
        if task in _CAME_OF:
            came |= {(_CAME_OF[task].partition(".")[0], digest): (kind, yes) for digest, yes in _came_of(desk, body).items()}
        elif kind not in DONE or _something(desk, body):
            which = found.setdefault(kind, {})
            which |= {file: None} if file in files else {}  # else it was done to the shoot as a whole
    for (_, digest), (kind, yes) in came.items():
        if yes and digest in names:
            found.setdefault(kind, {})[names[digest]] = None
    order = [*Execution, *sorted(one for one in found if one not in set(Execution))]
    return {kind: tuple(found[kind]) for kind in order if kind in found}


def _came_of(desk: Desk, body: Mapping[str, Any]) -> dict[Digest, bool]:
    """Whether a task found what it looks for, by medium: a sync that abstained found nothing, and neither did a transcript without a word."""
    found: dict[Digest, bool] = {}
    for fact in desk.production.keep.facts(body["facts"]).find(_CAME_OF[body["task"]]):
        found[fact.about] = found.get(fact.about, False) or _says_something(fact.value)
    return found


def _something(desk: Desk, body: Mapping[str, Any]) -> bool:
    """Whether something was done by a task that says nothing here by a fact of its own: not if all its facts are empty."""
    facts = desk.production.keep.facts(body["facts"]).facts if "facts" in body else ()
    return not facts or any(_says_something(fact.value) for fact in facts)


def _says_something(value: Any) -> bool:
    return bool(value) and not (isinstance(value, Mapping) and value.get("abstained") is not None)


def _things(files: Iterable[str]) -> str:
    count = len(tuple(files))
    if not count:
        return "the shoot as a whole"
    return "one clip or sound of this film" if count == 1 else f"{count} clips and sounds of this film"


def _actions(desk: Desk, film: Film, stood: Mapping[tuple[str, str], Stood], n: int) -> Iterator[Action]:
    for execution, files in _done(desk, film, n).items():
        if not isinstance(execution, Execution):
            what = f"{execution}, a task that this release does not know, done to {_things(files)}"
            yield Action(what=what, name="c2pa.unknown", agent="another program", about=_about(desk, film, files))
        elif execution in DONE and execution not in _FOUND:
            name, source = DONE[execution]
            what = _DID.get(execution, f"{execution}: {{}}").format(_things(files))
            yield Action(what=what, name=name, agent=AGENT, source_type=source, about=_about(desk, film, files))
    for kind, what in finished.told(finished.in_film(desk, film, n)):
        name, source = DONE[kind]
        yield Action(what=what, name=name, agent=AGENT, source_type=source)
    yield from _decisions(desk, film, stood)
    yield from _share(desk, film, stood)
    if film.levelled is not None:
        yield Action(what=f"the loudness of the whole sound brought to the spec by one gain, {film.levelled}", name="c2pa.edited", agent=AGENT)
    name, source = DONE[Execution.RENDER]
    size = {"frames": str(film.frames), "frames a second": rate_name(film.rate), "entry": str(film.entry)}
    yield Action(what=f"rendered for {film.spec}", name=name, agent=AGENT, source_type=source, parameters=size)


def _answer(line: Line[SignOff] | Line[Release]) -> Action:
    name, source = DECIDED[Judgment.SIGN_OFF]
    what = "signed off" if isinstance(line.content, SignOff) else "released by a producer, not signed off"
    return Action(what=what, name=name, source_type=source, parameters={"entry": str(line.n)})


def _about(desk: Desk, film: Film, files: Iterable[str]) -> tuple[Digest, ...]:
    wanted = set(files)
    sealed = {digest for digest, file in _sealed(desk) if file in wanted}
    return tuple(one for one in film.inputs if one in sealed)


def _decisions(desk: Desk, film: Film, stood: Mapping[tuple[str, str], Stood]) -> Iterator[Action]:
    """What people decided: one action for each judgment, and the machine's where somebody signed its rough cut as it was."""
    for judgment in Judgment:
        made = _for(desk, film, stood, judgment)
        if not made or judgment == Judgment.SIGN_OFF:
            continue
        name, source = DECIDED[judgment]
        entries = {"entries": ", ".join(str(n) for n in dict.fromkeys(one.n for one in made))}
        rough = [one.decided.choice["rough"] for one in made if "rough" in one.decided.choice]
        if judgment == Judgment.FINAL_EDIT and rough:
            done, whole = DONE[Execution.ROUGH]
            yield Action(what=f"the edit is the machine's rough cut of entry {rough[0]}, unchanged", name=done, agent=AGENT, source_type=whole, parameters=entries)
            source = None
        if all(set(one.decided.choice.items()) & _NOTHING for one in made):
            continue  # a decision, and nothing was done to the film by it
        what = f"takes of {len(made)} items chosen" if judgment == Judgment.TAKE else f"{judgment} decided" + (f" for {len(made)} shots" if len(made) > 1 else "")
        yield Action(what=what, name=name, source_type=source, parameters=entries)


def _share(desk: Desk, film: Film, stood: Mapping[tuple[str, str], Stood]) -> Iterator[Action]:
    """What of the machine's rough cut stands in the edit, as the film's own entry has it; nothing of a film whose entry does not say it, nor of a
    rough cut that was signed as it was: that is said with the decision."""
    found = film.body.get("share")
    edits = _for(desk, film, stood, Judgment.FINAL_EDIT)
    if found is None or any("rough" in one.decided.choice for one in edits):
        return
    name, source = DONE[Execution.ROUGH]
    by = f"a person decided the final edit in entry {max(one.n for one in edits)}" if edits else "nobody decided the final edit"
    yield Action(what=f"{by}; {sharing.claimed(found)}", name=name, agent=AGENT, source_type=source if found.get("kept", 1) else None, parameters={"entry": str(found["entry"])} if "entry" in found else {})


# ---- who holds what


def _judgments(desk: Desk, film: Film, stood: Mapping[tuple[str, str], Stood], line: Line[SignOff] | Line[Release]) -> Iterator[Held]:
    """Each judgment once for everybody who decided some of it; once with nobody where nobody did."""
    charter = _charter(_book(desk), line.n)
    for judgment in Judgment:
        if judgment == Judgment.SIGN_OFF:
            signed = isinstance(line.content, SignOff)
            yield Held(judgment=judgment, holder=line.by.name if signed else None, entry=line.n if signed else None)
            continue
        seat = (charter.content.holders.get(judgment) if charter else None) or Holder()
        made = _for(desk, film, stood, judgment)
        people = {one.by.id: one for one in made}
        if seat.machine and charter is not None:
            yield Held(judgment=judgment, holder=None, entry=charter.n, machine=True)
            continue
        for one in people.values():
            yield Held(judgment=judgment, holder=one.by.name, entry=max(other.n for other in made if other.by.id == one.by.id))
        if not people:
            yield Held(judgment=judgment, holder=None)
