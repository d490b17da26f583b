"""Captions of a version made, merged and written; refused and taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint import finishing
from answerprint.captioning.files import Place, faults_of, kinds_of, last_made, place, read, rendered, rules_of, timecode, write
from answerprint.captioning.keeping import alone, written_before
from answerprint.captioning.papers import CaptionError, words_of
from answerprint.captioning.speech import Speech, speech
from answerprint.desk import Desk
from answerprint.model.charter import Execution
from answerprint.plan import small_digest
from answerprint.rushes import shown
from answerprint.timekeeping import timed

if TYPE_CHECKING:
    from answerprint.delivery.captioning import Caption, Fault, Rules
    from answerprint.delivery.captioning.breaking import Word
    from answerprint.delivery.captioning.cueing import Film
    from answerprint.finishing import Made, Refusal
    from answerprint.production import Production

__all__ = ["Captioned", "caption", "outdated", "refuse", "take_back"]

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
    kinds = kinds_of(formats, rules)
    made, said, says = _machine(desk, where, rules_of(rules), words)
    files = {kind: rendered(made, kind, where, rules_of(rules))[0] for kind in kinds}
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
            says.append(f"{timecode(spoken[0].in_s, where)}: {words[:60]!r} is in no item of the script, so {paper} has no words for it: it is not captioned.")
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


# ---- what a person changed


def _theirs(production: Production, where: Place, before: Made | None) -> tuple[tuple[Caption, ...] | None, tuple[Caption, ...]]:
    """What lies in the file now, None where there is none, and what the machine wrote last."""
    path = where.path("srt")
    if not path.exists():
        return None, ()
    if before is None and small_digest(path) in written_before(production).get(where.name("srt"), ()):
        return None, ()  # made here, and stopped before it was written down
    if before is None:
        raise CaptionError(f"{where.name('srt')} is there and was not made here. Put it into assets/, where what somebody brought counts first, or take it away.")
    return read(path, where), last_made(production, where, before)


def _clash(one: Any, where: Place) -> str:
    mine, new = (" / ".join(each.text.replace("\n", " ") for each in side) for side in (one.theirs, one.machine))
    first = (one.theirs or one.machine)[0].first
    return f"{timecode(Fraction(first) / where.rate, where)}: {'yours stays, ' + repr(mine) if one.theirs else 'you took it out'}; {'made today is ' + repr(new) if one.machine else 'today nothing is said there'}."
