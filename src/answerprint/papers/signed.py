"""The sign-off on paper: the question, the answer, whose, and everything that the signature binds."""

from __future__ import annotations

from collections.abc import Sequence

from answerprint.book import Line
from answerprint.chronicle import about
from answerprint.films import Film
from answerprint.model.judgments import FilmSeal, Release, SignOff
from answerprint.model.time import rate_name
from answerprint.papers.sheet import Called, facts, listed, page, sign
from answerprint.record_style import items, machine, person, plate, text
from answerprint.signoff import read_out

__all__ = ["html"]

_PLAYED = {True: "to its end, by whoever signed", False: "not to its end, by whoever signed", None: "not said"}


def html(film: Film, line: Line[SignOff] | Line[Release], called: Called, *, title: str, holder: str, absent: Sequence[str], beside: Sequence[str] = ()) -> str:
    """The page of one answer, for one of the films that it names.

    Args: holder: the name of whoever held the sign-off then, empty for an empty chair.  absent: what is not in this film, in sentences.
          beside: what is worth knowing with it: approvals, releases, versions that are not what their list says.
    """
    content, yes = line.content, isinstance(line.content, SignOff)
    who = called(line.by.name, "" if yes else "producer")
    seal = next((one for one in content.films if (one.version, one.spec) == (film.version, film.spec)), None)
    signed = sign(who, "", line.at, line.n, full=True)
    plates = [
        plate("The question" if yes else "The answer", (_yes(content) if isinstance(content, SignOff) else _released(content, called, holder)) + signed),
        plate("What the signature binds", _bound(film, line, seal, called), '<p class="small">Other pictures, other sound or another edit would have other seals.</p>'),
        _family(content.films, film),
        _same_gesture(content),
        plate("What technical QC warned of", items(_notes(film, line, who, called)), f'<p class="small">What {text(who)} says to each warning.</p>'),
        plate("Not as it was cut", machine([called.file(one) for one in film.warnings]), '<p class="small">What the render said, and whoever signed could read.</p>'),
        plate("Beside it", machine([called.clear(one) for one in beside])),
        listed("Not checked", [called.file(read_out([one])) for one in content.not_checked], "Nothing stood on the screen as not checked.", "As it stood before whoever signed."),
        listed("Not in this film", [called.clear(one) for one in absent], "Every judgment that there is, this film has."),
        plate("What a signature says", '<p class="small">It proves a key and a gesture: that somebody with this key signed this text, in this place of the record. It does not prove attention, and not taste.</p>'),
    ]
    over, how = ("Sign-off", "signed off") if yes else ("Released, not signed", "released by a producer, not signed off")
    lede = (f"{film.file}: {film.version} for {film.spec}, {how}.", "This page is a reading of one entry of the record. What counts is the entry itself.")
    return page(f"{title}: {over.lower()}", over, title, lede, plates)


def _yes(content: SignOff) -> str:
    opened = f'<p class="small">The first thought, opened in entry {content.intent}, stood beside the film.</p>' if content.intent is not None else ""
    return f'<p class="question" dir="auto">{text(content.question)}</p>{person("Yes.", large=True)}{opened}'


def _released(content: Release, called: Called, holder: str) -> str:
    whose = f"{called(holder)} held the sign-off then, and did not sign this film." if holder else "Nobody held the sign-off then."
    lacks = machine([f"What was missing then: {called.clear(one)}" for one in content.missing])
    said = person(content.because, large=True) if called.names else '<p class="small">The reason stands in the record.</p>'
    return f'<p class="small">Released by a producer, not signed off. {text(whose)}</p>{said}<div class="near">{lacks}</div>'


def _bound(film: Film, line: Line[SignOff] | Line[Release], seal: FilmSeal | None, called: Called) -> str:
    cut = next((one for one in line.content.cuts if one.version == film.version), None)
    rows = [
        ("Film", film.file), ("Version and spec", f"{film.version} for {film.spec}"), ("Length", f"{film.film_frames} frames at {rate_name(film.rate)}"),
        ("Played", _PLAYED[seal.played] if seal else ""), ("Seal of picture and sound", film.essence), ("Cut", called.file(cut.file) if cut else ""), ("Seal of the cut", cut.seal if cut else ""),
        ("Contact sheet", {True: "seen", False: "not seen", None: ""}[cut.sheet_seen] if cut else ""), ("Key", line.key),
    ]  # fmt: skip
    return facts(rows)


def _family(films: Sequence[FilmSeal], film: Film) -> str:
    """The other films that the same gesture names."""
    others = [f"{one.file}: {one.version} for {one.spec}" + (f", played {_PLAYED[one.played]}" if one.played is not None else "")
              + (f". It is {film.version} to the frame: the same pictures, the same sound." if one.essence == film.essence and one.version != film.version else "")
              for one in films if (one.version, one.spec) != (film.version, film.spec)]  # fmt: skip
    return plate("In the same gesture, other films", machine(others))


def _same_gesture(content: SignOff | Release) -> str:
    said = [f"{one.judgment} of {about(one.about)}" for one in content.decisions] if isinstance(content, SignOff) else []
    return plate("In the same gesture, decisions", machine(said))


def _notes(film: Film, line: Line[SignOff] | Line[Release], who: str, called: Called) -> list[str]:
    mine = [one for one in line.content.notes if (one.version, one.spec) == (film.version, film.spec)]
    return [f'<p class="machine">{text(one.check)}: {text(called.file(one.says))}</p>{person(one.note)}{sign(who, "", line.at, line.n)}' for one in mine]
