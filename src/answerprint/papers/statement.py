"""The AI statement: what a machine did to a film, what it did not, and what was handed to it, in plain words.

Made from the claims, and so from the record alone; it has no headline figure, and it says what it cannot know.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import fill

from answerprint.claims import Handed
from answerprint.delivery.credentials.claims import Claims, Ingredient, Kind
from answerprint.delivery.credentials.sources import TRAINED, in_words
from answerprint.films import Film
from answerprint.model.charter import Judgment
from answerprint.papers.sheet import Called, page, sentences
from answerprint.record_style import machine, name, plate, text
from answerprint.signoff import read_out

__all__ = ["Around", "Part", "html", "parts", "plain"]

_KINDS: dict[Kind, tuple[str, str]] = {
    "camera original": ("one camera original", "{} camera originals"),
    "recorder sound": ("one sound of the recorder's", "{} sounds of the recorder's"),
    "graded master": ("one graded master that was brought in", "{} graded masters that were brought in"),
    "mix": ("one mix that was brought in", "{} mixes that were brought in"),
    "music": ("one piece of music or other sound from outside the shoot", "{} pieces of music or other sound from outside the shoot"),
    "still": ("one still picture or card from outside the shoot", "{} still pictures or cards from outside the shoot"),
    "super": ("one piece of lettering that was drawn here", "{} pieces of lettering that were drawn here"),
    "cleaned mix": ("one sound that was laid here from cleaned recordings", "{} sounds that were laid here from cleaned recordings"),
    "stock": ("one other picture or sound from outside the shoot", "{} other pictures or sounds from outside the shoot"),
    "generated": ("one generated picture or sound", "{} generated pictures or sounds"),
}
_UNKNOWN: tuple[Kind, ...] = ("stock", "music", "still")
_OTHERS: tuple[Kind, ...] = ("graded master", "mix")
_NOT = {
    Judgment.TAKE: "It chose no take.",
    Judgment.FINAL_EDIT: "It did not decide the edit.",
    Judgment.PACING: "It did not decide the pacing.",
    Judgment.GRADE: "It did not grade.",
    Judgment.MIX: "It did not mix.",
    Judgment.HERO_FRAMING: "It framed no hero shot.",
    Judgment.MUSIC_BED: "It chose no music.",
    Judgment.SIGN_OFF: "It did not sign.",
}
_CANNOT = (
    "What programs outside Answerprint did: an editing, grading, mixing or drawing program may use AI itself, and the record knows only the file that came back.",
    "How a file from outside the shoot was made, unless somebody wrote it into the record.",
    "Whether what the record does not mention was done all the same. It shows what was written down, in order, and that nothing of it was changed since.",
)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of the statement: sentences, or the one that says that there is nothing."""

    heading: str
    says: tuple[str, ...]
    none: str
    machine: bool = False  #: it tells of the machine's work
    people: tuple[tuple[str, str, int], ...] = ()  #: judgment, name, entry: as a page shows what `says` says


@dataclass(frozen=True, kw_only=True)
class Around:
    """What the statement says beside the claims."""

    found: Sequence[str] = ()  #: what the machine found out and wrote down
    handed: Sequence[Handed] = ()  #: judgments that were given to the machine
    not_checked: Sequence[str] = ()
    absent: Sequence[str] = ()  #: what is not in this film
    needed: Sequence[str] = ()  #: the judgments that this film has


def parts(claims: Claims, film: Film, around: Around, called: Called) -> tuple[Part, ...]:
    """The statement, part by part, each always there."""
    did = tuple(f"{_cap(one.what)}." for one in claims.actions if one.agent is not None)
    given = tuple(f"{_cap(one.judgment)}, by {called(one.by, 'producer')} in entry {one.entry}" + (f", because: “{one.because}”" if called.names else ".") for one in around.handed)
    people = tuple((_cap(one.judgment), called(one.holder), one.entry or 0) for one in claims.judgments if one.holder is not None)
    decided = (*(f"{judgment}: {who}, signed in entry {entry}." for judgment, who, entry in people), *_unsigned(claims, called))
    return (
        Part(heading="Generated pictures and sounds", says=tuple(_generated(claims)), none=""),
        Part(heading="What the machine did to the film", says=(*did, *_cards(film)), none="Nothing.", machine=True),
        Part(heading="What was handed to the machine", says=given, none="Nothing. No judgment about this film was given to a machine."),
        Part(heading="What the machine did not do", says=tuple(_not(claims, around)), none="", machine=True),
        Part(heading="What people decided", says=decided, none="The record names no decision about this film.", people=people),
        Part(heading="What the film is made of", says=tuple(_made_of(claims.ingredients)), none="The record names nothing that went into it."),
        Part(heading="What the machine found out", says=tuple(f"It {one}." for one in around.found), none="The record tells of nothing.", machine=True),
        Part(heading="Not checked", says=tuple(called.file(read_out([one])) for one in around.not_checked), none="Nothing stood on the screen as not checked.", machine=True),
        Part(heading="Not in this film", says=tuple(called.clear(one) for one in around.absent), none="Every judgment that there is, this film has.", machine=True),
        Part(heading="What this statement cannot say", says=_CANNOT, none=""),
    )


def _made_of(ingredients: Sequence[Ingredient]) -> Iterator[str]:
    counted = []
    for kind, (one, many) in _KINDS.items():
        count = sum(each.kind == kind for each in ingredients)
        if count:
            counted.append(one if count == 1 else many.format(count))
    if counted:
        yield _cap(", ".join(counted[:-1]) + (" and " if counted[:-1] else "") + counted[-1]) + "."
    if others := [one.title for one in ingredients if one.kind in _OTHERS]:
        yield f"Made by people in other programs: {', '.join(others)}. Which tools those used is not in the record."
    if unknown := [one.title for one in ingredients if one.kind in _UNKNOWN]:
        yield f"From outside the shoot: {', '.join(unknown)}. How {'that was' if len(unknown) == 1 else 'they were'} made is not in the record."
    for each in ingredients:
        if each.has_credentials is not None:
            yield f"{each.title} brings Content Credentials of its own: {in_words(each.has_credentials)}."


def _generated(claims: Claims) -> Iterator[str]:
    named = [one.title for one in claims.ingredients if one.kind == "generated" or one.source_type in TRAINED]
    named += [one.what for one in claims.actions if one.source_type in TRAINED]
    if named:
        yield f"Generated by a trained model (AI), or with something in it that was, as the record says: {', '.join(named)}."
    else:
        yield "The record names no picture and no sound in this film that was generated."
    if any(one.kind in _UNKNOWN or one.kind in _OTHERS for one in claims.ingredients):
        yield "Of the files that were brought in it says that they are in the film, and not how they were made."
    if unknown := [one.what for one in claims.actions if one.name == "c2pa.unknown"]:
        yield f"What this did is not known here: {', '.join(unknown)}."


def _cards(film: Film) -> Iterator[str]:
    before, after = film.film_first, film.frames - film.film_first - film.film_frames
    if before or after:
        yield f"The {before + after} frames before and after the film (clock, slate, black or the like) are drawn as {film.spec} asks for them."


def _unsigned(claims: Claims, called: Called) -> Iterator[str]:
    if claims.signed.how != "signed off":
        yield f"Nobody signed this film off. {_cap(called(claims.signed.by, 'producer'))} released it as a producer, in entry {claims.signed.entry}."


def _not(claims: Claims, around: Around) -> Iterator[str]:
    people = {one.judgment for one in claims.judgments if one.holder is not None}
    nobody = [one.judgment for one in claims.judgments if one.holder is None and not one.machine and one.judgment != Judgment.SIGN_OFF]
    for judgment, says in _NOT.items():
        if judgment in people or judgment == Judgment.SIGN_OFF:
            yield says
    if open_ones := [one for one in nobody if one in around.needed or not any(says.startswith((f"{one}:", f"{one} of ")) for says in around.absent)]:
        yield f"Neither it nor a person signed a decision on: {', '.join(open_ones)}. Nobody answers for that in the record."


def _cap(words: str) -> str:
    return words[:1].upper() + words[1:]


def _lede(claims: Claims, film: Film) -> tuple[str, ...]:
    return (
        f"{film.file}: {claims.version} for {claims.spec}.",
        "What a machine did to this film and what it did not, made from the production’s record and from nothing else. "
        f"It holds as of entry {claims.checkpoint.entry}, in which the film was {'signed off' if claims.signed.how == 'signed off' else 'released'}. Nobody signs this page: what is signed is in the record.",
    )


def html(claims: Claims, film: Film, statement: Sequence[Part]) -> str:
    """The statement as a page."""
    plates = []
    for one in statement:
        if one.machine:
            inside = machine(one.says)
        elif one.people:
            rows = "".join(f'<tr><td>{text(judgment)}</td><td class="name">{name(who)}</td><td class="tiny">entry {entry}</td></tr>' for judgment, who, entry in one.people)
            inside = f'<table class="people"><tbody>{rows}</tbody></table>{sentences(one.says[len(one.people) :])}'
        else:
            inside = sentences(one.says)
        plates.append(plate(one.heading, inside or f"<p>{text(one.none)}</p>"))
    return page(f"{claims.title}: AI statement", "AI statement", claims.title, _lede(claims, film), plates)


def plain(claims: Claims, film: Film, statement: Sequence[Part]) -> str:
    """The statement as text, to put into a letter or a contract."""
    lines = [f"AI STATEMENT: {_line(claims.title)}", "", *(fill(_line(one), 96) for one in _lede(claims, film))]
    for one in statement:
        lines += ["", one.heading.upper(), *(fill(_line(says), 96, initial_indent="- ", subsequent_indent="  ") for says in one.says or (one.none,))]
    return "\n".join(lines) + "\n"


def _line(words: str) -> str:
    """Somebody's words on one line, with nothing in them that has no shape or turns the writing."""
    return " ".join("".join(char if char.isprintable() else " " for char in words).split())
