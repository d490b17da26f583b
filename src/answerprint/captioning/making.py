"""Captions of a version made, merged and written; refused and taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint import finishing
from answerprint.captioning.keeping import alone, keep_written, written_before
from answerprint.captioning.papers import CaptionError, words_of
from answerprint.captioning.speech import Speech, speech
from answerprint.desk import Desk
from answerprint.keep import write_whole
from answerprint.model.charter import Execution
from answerprint.plan import digest_of, small_digest
from answerprint.rushes import shown
from answerprint.timekeeping import timed

if TYPE_CHECKING:
    from answerprint.delivery.captioning import Caption, Fault, Rules
    from answerprint.delivery.captioning.breaking import Word
    from answerprint.delivery.captioning.cueing import Film
    from answerprint.finishing import Made, Refusal
    from answerprint.production import Production

__all__ = ["FORMATS", "RULES", "CaptionError", "Captioned", "Place", "caption", "outdated", "refuse", "take_back"]

FORMATS = ("srt", "vtt", "ttml")  #: written where nobody says which; scc with --608
RULES = ("standard", "teletext", "608")
_MUSIC_S = 2  #: how long "[music]" stands
_ENOUGH = 12  #: words, before a language is told by them


@dataclass(frozen=True, kw_only=True)
class Captioned:
    """Captions as they stand after they were made."""

    version: str
    language: str
    files: tuple[Path, ...]  #: written now
    captions: tuple[Caption, ...]
    edited: frozenset[int]  #: captions, counted from 1, that a person changed
    faults: tuple[Fault, ...]
    says: tuple[str, ...]  #: what a person has to know
    entry: int  #: in the record


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where captions of one version in one language lie, and the film under them."""

    folder: Path
    version: str
    language: str
    rate: Fraction
    drop: bool
    frames: int

    @property
    def about(self) -> str:
        return f"{self.version}.{self.language}"

    def path(self, kind: str) -> Path:
        return self.folder / f"{self.about}.{kind}"

    def name(self, kind: str) -> str:
        return f"cuts/captions/{self.about}.{kind}"


@timed("captions", Execution.CAPTIONS)
def caption(production: Production, language: str, *, version: str | None = None, words: Path | None = None, rules: str | None = None, formats: Sequence[str] = ()) -> Captioned:
    """Make the captions of a version, keep what a person changed in them, and write them into cuts/captions/.

    Args:    language: as BCP 47 writes it; that of the spoken words where `words` is not given.  version: the first one where not given.
             words: a table of items and their text in that language.  rules: one of RULES; those of the last time where not given.
             formats: "srt" is written always.
    Raises:  CaptionError: there is no cut, nothing is said, the captions are refused, a file is in the way; DeliveryError: no such language.
    """
    from answerprint.delivery.captioning.merging import merged

    desk = Desk(production)
    where = place(desk, version, language)
    before = finishing.made(production, "captions").get(where.about)
    if (refusal := finishing.refused(production, "captions").get(where.about)) is not None:
        raise CaptionError(f"the captions {where.about} are refused by {refusal.by}: they are left alone. Take it back with --take-back.")
    rules = rules or (str(before.values.get("rules", "")) if before is not None else "") or ("608" if "scc" in formats else "standard")
    kinds = _kinds(formats, rules)
    made, said, says = _machine(desk, where, rules_of(rules), words)
    files = {kind: _rendered(made, kind, where, rules_of(rules))[0] for kind in kinds}
    with alone(production):
        theirs, base = _theirs(production, where, before)
        together = merged(base, theirs, made) if theirs is not None else None
        captions = together.captions if together is not None else made
        written, more = write(production, where, captions, kinds, rules_of(rules))
    clashes = [_clash(one, where) for one in together.conflicts] if together is not None else []
    broken = faults_of(captions, rules, where)
    says = (*says, *more, *clashes)
    values = {"language": where.language, "rules": rules, "captions": len(captions), "edited": len(together.edited) if together else 0, "taken_out": together.taken_out if together else 0}
    entry = finishing.propose(
        production, "captions", where.about, inputs=_inputs(desk, where.version, said, words), files={where.name(kind): text.encode() for kind, text in files.items()},
        values=values, says=(*says, *(fault.says for fault in broken)),
    )  # fmt: skip
    return Captioned(
        version=where.version, language=where.language, files=written, captions=captions, edited=together.edited if together else frozenset(), faults=broken, says=says, entry=entry.entry
    )


def refuse(production: Production, version: str | None, language: str, *, by: str, because: str = "", via: str = "terminal") -> Refusal:
    """Somebody does not want these captions: they stay where they are, are not made anew, and go with no film.

    Raises: FinishingError: none were made, or nobody says it.
    """
    return finishing.refuse(production, "captions", place(Desk(production), version, language).about, by=by, because=because, via=via)


def take_back(production: Production, version: str | None, language: str, *, by: str, because: str = "", via: str = "terminal") -> Refusal:
    """The refusal is taken back.

    Raises: FinishingError: they are not refused, or nobody says it.
    """
    return finishing.take_back(production, "captions", place(Desk(production), version, language).about, by=by, because=because, via=via)


def outdated(desk: Desk, version: str) -> tuple[str, ...]:
    """A sentence for each language whose captions were made for another cut than the one that the version has now."""
    cut = desk.cuts.get(version)
    if cut is None:
        return ()
    from answerprint.delivery.captions import MADE, given

    folder, refused = desk.path.joinpath(*MADE), finishing.refused(desk.production, "captions")
    used = {f"{version}.{language}".casefold() for path, language in given(desk.path / "assets", version, refused) if path.parent == folder}  # in the others somebody's own go with the film
    return tuple(
        f"the captions {about} were made for another cut of {version}. Make them anew: answerprint caption FOLDER --version {version} --lang {one.values.get('language')}"
        for about, one in finishing.made(desk.production, "captions").items()
        if about == f"{version}.{one.values.get('language')}" and about.casefold() in used and cut.seal not in one.inputs
    )


# ---- the film and its rules


def place(desk: Desk, version: str | None, language: str) -> Place:
    """Where captions lie.

    Raises: CaptionError: the version has no cut; DeliveryError: no such language; FilmError: no such version.
    """
    from answerprint.delivery.captioning.languages import tag
    from answerprint.delivery.captions import MADE
    from answerprint.model.time import round_half_up
    from answerprint.timeline.cut import cut_info
    from answerprint.timeline.edit import edit_of

    code = tag(language)
    name = desk.family[version].name if version else desk.family.first.name
    timeline = desk.timeline(name)
    if timeline is None:
        raise CaptionError(desk.cut_problems.get(name) or f"{name} has no cut yet. Choose one with `answerprint choose film cuts/FILE`.")
    cut = cut_info(timeline)
    frames = round_half_up(edit_of(timeline).length_s * cut.rate)
    return Place(folder=desk.path.joinpath(*MADE), version=name, language=code, rate=cut.rate, drop=cut.drop, frames=frames)


def rules_of(name: str) -> Rules:
    from answerprint.delivery.captioning import LINE_21, STANDARD, TELETEXT

    return {"standard": STANDARD, "teletext": TELETEXT, "608": LINE_21}[name]


def faults_of(captions: Sequence[Caption], rules: str, where: Place) -> tuple[Fault, ...]:
    from answerprint.delivery.captioning import faults

    return faults(captions, rules_of(rules), where.rate, where.frames, drop=where.drop)


def _kinds(formats: Sequence[str], rules: str) -> tuple[str, ...]:
    from answerprint.delivery.captions import KINDS

    kinds = tuple(dict.fromkeys(["srt", *(formats or (*FORMATS, *(("scc",) if rules == "608" else ())))]))
    for kind in kinds:
        if kind not in KINDS:
            raise CaptionError(f"{kind[:20]!r} is no format of captions here. There are: {', '.join(KINDS)}.")
    if "scc" in kinds and rules != "608":
        raise CaptionError("SCC holds 32 characters a line: make these captions with --608.")
    return kinds


# ---- what the machine makes


def _machine(desk: Desk, where: Place, rules: Rules, words: Path | None) -> tuple[tuple[Caption, ...], Speech, tuple[str, ...]]:
    from answerprint.delivery.captioning.cueing import Film, cued
    from answerprint.delivery.captioning.spreading import respoken

    given = words_of(words, desk.items) if words is not None else None
    said = speech(desk, desk.timeline(where.version))
    if not said.words and not said.music:
        why = f" {said.says[0]}" if said.says else " Run `answerprint prep` first, if its media were not read yet." if desk.unread else ""
        raise CaptionError(f"nothing is said in the cut of {where.version}, so there is nothing to caption.{why}")
    film = Film(rate=where.rate, frames=where.frames, language=where.language, rules=rules)
    says = list(said.says)
    if given is None:
        _same_language(said, where.language)
        spoken = respoken(said.words, where.language)
    else:
        spoken, more = _translated(said, given, where, shown(words.name) if words is not None else "")
        says += more
    captions = cued(spoken, film)
    if spoken and not captions:
        raise CaptionError(f"the words of {where.version} lie outside its film.")
    captions, more = _with_music(captions, said, film)
    return captions, said, (*says, *more)


def _same_language(said: Speech, language: str) -> None:
    """Raises: CaptionError: the words are plainly of another language than the one that is asked for."""
    from answerprint.delivery.captioning.languages import likely

    texts = [word.text for word in said.words]
    found = likely(texts) if len(texts) >= _ENOUGH else None
    if found is not None and found != language.split("-")[0]:
        raise CaptionError(
            f"what is said in this cut looks like {found}, not {language}. Captions in another language need their words from a person: --words {language}.csv, with the columns item and text."
        )


def _translated(said: Speech, given: Mapping[int, str], where: Place, paper: str) -> tuple[list[Word], list[str]]:
    """A person's words over the speech that they translate, reading by reading, and sentences on what has none."""
    from answerprint.delivery.captioning.spreading import spread

    out: list[Word] = []
    says: list[str] = []
    bare: dict[int, None] = {}
    for item, spoken in _readings(said):
        if item is None:
            words = " ".join(word.text for word in spoken)
            says.append(f"{_at(spoken[0].in_s, where)}: {words[:60]!r} is in no item of the script, so {paper} has no words for it: it is not captioned.")
        elif not given.get(item):
            bare[item] = None
        else:
            out += spread(given[item], spoken, where.language, of="en")
    says += [f"item {item} is said in this cut and has no text in {paper}: it is not captioned." for item in bare]
    return sorted(out, key=lambda word: word.in_s), says


def _readings(said: Speech) -> list[tuple[int | None, list[Word]]]:
    """The words of the film by reading: an item that begins again is read again. What an actor adds inside a line belongs to it."""
    out: list[tuple[int | None, list[Word]]] = []
    last: dict[int | None, tuple[int, int]] = {}  # of an item: its reading, and how far it is
    for word, at in zip(said.words, said.places, strict=True):
        held = last.get(word.item)
        again = held is None or (word.item is None and held[0] != len(out) - 1) or (word.item is not None and at >= 0 and at <= held[1])
        if again or held is None:
            out.append((word.item, [word]))
            last[word.item] = len(out) - 1, at
        else:
            out[held[0]][1].append(word)
            last[word.item] = held[0], max(held[1], at)
    return out


def _with_music(captions: Sequence[Caption], said: Speech, film: Film) -> tuple[tuple[Caption, ...], list[str]]:
    """The captions with "[music]" where music begins, in the first place without speech; nothing is said of music that a fact does not know."""
    from answerprint.delivery.captioning import Caption
    from answerprint.delivery.captioning.languages import music
    from answerprint.model.time import floor_frames

    text, gap = music(film.language), film.rules.frames(film.rules.gap_frames, film.rate)
    least = film.rules.least(text, film.rate)
    out, says = list(captions), []
    for span in said.music:
        first, end = floor_frames(span.start_s, film.rate), min(floor_frames(span.end_s, film.rate), film.frames)
        taken = sorted((one.first - gap, one.end + gap) for one in out)
        at = max(0, first)
        for begins, ends in taken:
            if begins - at >= least or begins >= end:
                break
            at = max(at, ends)
        free = min([end, *(begins for begins, _ in taken if begins >= at)])
        if free - at >= least:
            out.append(Caption(first=at, end=min(free, at + max(least, int(_MUSIC_S * film.rate))), text=text))
        else:
            says.append(f"music plays from {float(span.start_s):.1f} s to {float(span.end_s):.1f} s under speech all the way: {text} has no room.")
    return tuple(sorted(out, key=lambda one: one.first)), says


def _inputs(desk: Desk, version: str, said: Speech, words: Path | None) -> list[str]:
    """Everything that the captions were made from: the cut, what was found in its media, the script, a person's words."""
    from answerprint.plan import paper

    found = [desk.cuts[version].seal]
    for unit in said.units:
        facts = desk.shoot.plan.facts_of(unit)
        found += [unit.digest, *(facts[task] for task in ("transcript", "lining") if task in facts)]
    shoot = desk.shoot.plan.facts_of(None)
    found += [shoot[task] for task in ("takes", "coverage") if task in shoot]
    found += [small_digest(path) for path in (paper(desk.path, "script"), words) if path is not None]
    return list(dict.fromkeys(found))


# ---- what a person changed, and the files


def _theirs(production: Production, where: Place, before: Made | None) -> tuple[tuple[Caption, ...] | None, tuple[Caption, ...]]:
    """What lies in the file now, None where there is none, and what the machine wrote last."""
    path = where.path("srt")
    if not path.exists():
        return None, ()
    if before is None and small_digest(path) in written_before(production).get(where.name("srt"), ()):
        return None, ()  # made here, and stopped before it was written down
    if before is None:
        raise CaptionError(f"{where.name('srt')} is there and was not made here. Put it into assets/, where what somebody brought counts first, or take it away.")
    return read(path, where), parsed(production.keep.get(before.files[where.name("srt")]).decode(), where, where.name("srt"))


def read(path: Path, where: Place) -> tuple[Caption, ...]:
    """The captions in a file that people edit, in frames of the film.

    Raises: CaptionError: it cannot be read; which part is said.
    """
    from answerprint.delivery.captions import text_of

    return parsed(text_of(path), where, where.name("srt"))


def parsed(text: str, where: Place, name: str) -> tuple[Caption, ...]:
    from answerprint.delivery import captions
    from answerprint.delivery.captioning import Caption
    from answerprint.model.time import round_half_up

    cues, wrong = captions.read(text, "srt")
    if wrong:
        raise CaptionError(f"{name}: {'; '.join(wrong[:4])}. Mend it, or move it away to have it made anew.")
    return tuple(Caption(first=round_half_up(cue.start_s * where.rate), end=round_half_up(cue.end_s * where.rate), text=cue.text) for cue in cues if cue.text)


def write(production: Production, where: Place, captions: Sequence[Caption], kinds: Sequence[str], rules: Rules) -> tuple[tuple[Path, ...], list[str]]:
    """Write captions in each format; a file beside the .srt that somebody changed is left alone. Returns the files, and sentences."""
    state = written_before(production)
    out: list[Path] = []
    says: list[str] = []
    rendered = {kind: _rendered(captions, kind, where, rules) for kind in kinds}  # all of them before one is written
    for kind, (text, late) in rendered.items():
        path, name = where.path(kind), where.name(kind)
        if kind != "srt" and path.exists() and small_digest(path) not in state.get(name, ()):
            says.append(f"{name} was changed by hand and is left as it is. Change the .srt, from which it is made, and take this one away.")
            continue
        says += [f"caption {number} comes {frames} frames late in the .scc: line 21 carries two characters a frame, and the one before stands too short a time." for number, frames in late]
        there = small_digest(path)  # written down before the file is: whoever is stopped in between leaves the one or the other
        state[name] = [*([there] if there in state.get(name, ()) else []), digest_of(text.encode())]
        out.append(path)
    keep_written(production, state)
    for path in out:
        write_whole(path, rendered[path.suffix.lstrip(".")][0].encode())
    return tuple(out), says


def _rendered(captions: Sequence[Caption], kind: str, where: Place, rules: Rules) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Captions as a file of a kind, and those that come late in it."""
    from answerprint.delivery.captioning import ebutt, line21
    from answerprint.delivery.captioning.rules import seconds_of
    from answerprint.delivery.captions import Cue, written
    from answerprint.model.time import round_half_up

    if kind == "scc":
        frames = [(round_half_up(one.first / where.rate * line21.RATE), round_half_up(one.end / where.rate * line21.RATE), one.text) for one in captions]
        drop = where.drop or where.rate.denominator == 1  # at 23.976 and 29.97 the label is the film's own
        return line21.written([line21.Shown(first=first, end=end, text=text) for first, end, text in frames], drop=drop)
    times = [(seconds_of(one.first, where.rate), seconds_of(one.end, where.rate), one.text) for one in captions]
    if kind == "ttml":
        return ebutt.written(times, where.language, rules), ()
    return written([Cue(start_s=start, end_s=end, text=text) for start, end, text in times], kind, where.language), ()


def _clash(one: Any, where: Place) -> str:
    mine, new = (" / ".join(each.text.replace("\n", " ") for each in side) for side in (one.theirs, one.machine))
    first = (one.theirs or one.machine)[0].first
    return f"{_at(Fraction(first) / where.rate, where)}: {'yours stays, ' + repr(mine) if one.theirs else 'you took it out'}; {'made today is ' + repr(new) if one.machine else 'today nothing is said there'}."


def _at(at_s: Fraction, where: Place) -> str:
    from answerprint.model.time import Timecode

    return str(Timecode.from_seconds(at_s, rate=where.rate, drop=where.drop))


def edited(production: Production, where: Place, captions: Sequence[Caption]) -> dict[int, Caption | None]:
    """Which captions, counted from 1, are not as the machine wrote them last, each with what it wrote there; None for one of a person's own."""
    made = finishing.made(production, "captions").get(where.about)
    if made is None:
        return {}
    base = parsed(production.keep.get(made.files[where.name("srt")]).decode(), where, where.name("srt"))
    known = {(one.first, one.end, one.text) for one in base}
    out: dict[int, Caption | None] = {}
    for number, one in enumerate(captions, 1):
        if (one.first, one.end, one.text) not in known:
            near = [each for each in base if each.first < one.end and one.first < each.end]
            out[number] = replace(near[0]) if near else None
    return out
