"""Machine critics speak about a version's cut: ideas with their facts go into the record, and what they offer lies in cuts/ideas/ to be played.

They speak after a person's own first cut; about a rough cut of the machine's only when asked. An idea blocks nothing. It becomes an objection when
somebody takes it up. Where the seat that a critic speaks beside is an empty chair, its ideas are there to be opened once.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from answerprint.keep import cache_key, write_whole
from answerprint.model.ideas import Case, Idea
from answerprint.model.records import AnswerprintError, from_plain, to_plain
from answerprint.timekeeping import timed

if TYPE_CHECKING:
    from pathlib import Path

    from answerprint.desk import Desk
    from answerprint.film import Cut

__all__ = ["FOLDER", "Asked", "Critique", "CritiquingError", "Said", "asked", "critique", "draw", "earlier", "has_opened", "missing", "opened", "picture", "plain", "said", "seats", "silent", "unopened"]

FOLDER = "cuts/ideas"
_SUFFIX = {"timeline": ".otio", "framing": ".json", "cdl": ".cc"}
Watch = Callable[[str, float], None]


class CritiquingError(AnswerprintError):
    """A version that no critic can speak about, or a critic that does not exist."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """One idea as it stands in the record."""

    n: int  #: of its entry: `answerprint second N`
    version: str
    seal: str  #: of the cut that it is about
    critic: str
    on: str
    text: str
    gives_up: str
    away: bool
    facts: tuple[Mapping[str, Any], ...]  #: {"digest", "name", "value"}
    offer: str | None  #: the file: "cuts/ideas/master turned round.otio"
    worded: Mapping[str, Any] | None = None  #: {"text", "by"}: the same in other words, and whose they are; None: `text` is all there is, the critic's own


@dataclass(frozen=True, kw_only=True)
class Critique:
    """What came of asking the critics once."""

    version: str
    cut: str
    ideas: tuple[Said, ...]  #: all that stand about this cut, in the order of the record
    new: int  #: of those, how many were not said before
    says: tuple[str, ...]  #: critics that could not speak, a sentence each


@dataclass(frozen=True, kw_only=True)
class Asked:
    """That critics were asked about a cut, also where they had nothing to say."""

    critics: tuple[str, ...]
    says: tuple[str, ...]  #: critics that could not speak, a sentence each


@timed("critics")
def critique(desk: Desk, version: str, critics: Sequence[str] = (), *, assembly: bool = False, watch: Watch = lambda what, share: None) -> Critique:
    """Ask critics about a version's cut as it is now. What they said about this very cut before is not said twice.

    Args:    critics: their names; all of them where none are given.  assembly: also about a cut that still is the machine's rough cut.
             watch: called with (what, share done); whatever it raises stops the work.
    Raises:  CritiquingError: it has no cut, or the cut is the machine's and nobody asked for that, or there is no such critic.  FilmError: no such version.
    """
    from answerprint.critiquing import working
    from answerprint.critiquing.gathering import gather
    from answerprint.desk import nearest

    name = desk.family[version].name
    if (why := silent(desk, name)) and (not assembly or name not in desk.cuts):
        raise CritiquingError(why + (" Cut it first, or ask about it as it is with --assembly." if name in desk.cuts else ""))
    cut = desk.cuts[name]
    known = working.known()
    if wrong := [one for one in critics if one not in known]:
        raise CritiquingError(f"there is no critic called {wrong[0]!r}. {nearest(wrong[0], known)}")
    case = gather(desk, name, watch=watch)
    watch("the critics", 0.99)
    answers = _answers(desk, case, tuple(critics), working.known())
    before = len(said(desk, name))
    for text, _ in answers.values():
        for row in json.loads(text):
            _enter(desk, case, from_plain(Idea, row))
    stand = said(desk, name)
    says = {critic: f"{critic}: {says}" for critic, (_, says) in answers.items() if says}
    _note(desk, name, tuple(answers), says)
    return Critique(version=name, cut=cut.file, ideas=stand, new=len(stand) - before, says=tuple(says.values()))


def silent(desk: Desk, version: str) -> str:
    """Why critics do not speak about a version by themselves, in a sentence; "" where they do: it is a person's own cut.

    Raises: FilmError: no such version.
    """
    name = desk.family[version].name
    if name not in desk.cuts:
        return desk.cut_problems.get(name) or f"{name} has no cut yet. Choose one with `answerprint choose film cuts/FILE`."
    entry = desk.untouched(desk.cuts[name])
    return f"{desk.cuts[name].file} is the machine's rough cut of entry {entry}, to the frame: nobody has cut it yet." if entry is not None else ""


# ---- that they were asked


def asked(desk: Desk, version: str) -> Asked | None:
    """Which critics were asked about a version's cut as it is now; None where none was, or where the cache was cleared since."""
    name = desk.family[version].name
    if name not in desk.cuts:
        return None
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        row = json.loads(_noted(desk, name).read_bytes())
        return Asked(critics=tuple(row["critics"]), says=tuple(row["says"].values()))
    return None


def _noted(desk: Desk, version: str) -> Path:
    which = hashlib.sha256(f"{version} {desk.cuts[version].seal}".encode()).hexdigest()[:32]
    return desk.production.inside / "cache" / "critics" / f"asked-{which}.json"


def _note(desk: Desk, version: str, critics: tuple[str, ...], says: Mapping[str, str]) -> None:
    """Keep who was asked, with those who were asked about this cut before."""
    place, known, told = _noted(desk, version), dict.fromkeys(critics), dict(says)
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        row = json.loads(place.read_bytes())
        told = {name: words for name, words in row["says"].items() if name not in known} | told
        known = dict.fromkeys([*row["critics"], *critics])
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place, json.dumps({"critics": list(known), "says": told}).encode())


def _answers(desk: Desk, case: Case, names: tuple[str, ...], own: Mapping[str, Any]) -> dict[str, tuple[bytes, str | None]]:
    """What critics say, from the cache where they were asked about exactly this before."""
    from answerprint.critiquing import working

    places = {
        name: desk.production.cache.path(cache_key(task=f"critic {name}", version=own[name].version, inputs=[case.digest], params={"seal": case.seal, "version": case.version}, decoder=""), "ideas.json")
        for name in (names or own)
    }  # fmt: skip
    from answerprint.model.extend import outside

    kept = {name: (place.read_bytes(), None) for name, place in places.items() if place.is_file()}
    left = tuple(name for name in places if name not in kept)
    if not left and (names or not outside("critics")):
        return dict(kept)
    found = working.ask(case, left if names or not outside("critics") else ())
    for name, (text, says) in found.items():
        if says is None and name in places:
            write_whole(places[name], text)
    return {**kept, **found}


# ---- the record


def _enter(desk: Desk, case: Case, idea: Idea) -> None:
    """One machine entry, with its facts in keep/ and its offer where it can be played; the same idea about the same cut is there once."""
    from answerprint.turnover import safe_name

    production = desk.production
    if any((one.critic, one.on, one.text) == (idea.critic, idea.on, idea.text) for one in said(desk, case.version)):
        return
    production.keep.put(case.known.to_bytes())
    offer = None
    if idea.offer is not None:
        data = _data(idea)
        file = f"{FOLDER}/{safe_name(idea.offer.name)}{_SUFFIX[idea.offer.kind]}"
        write_whole(production.path / file, data)
        offer = {"kind": idea.offer.kind, "file": file, "digest": production.keep.put(data)}
    body = {
        "schema": 1, "critic": idea.critic, "on": idea.on, "text": idea.text, "gives_up": idea.gives_up, "away": idea.away, "version": case.version, "cut": case.seal,
        "facts": to_plain(list(idea.facts)), "offer": offer, "worded": to_plain(idea.worded) if idea.worded is not None else None,
    }  # fmt: skip
    with production.writer() as record:
        record.append("idea", body)


def _data(idea: Idea) -> bytes:
    assert idea.offer is not None
    if idea.offer.kind != "cdl":
        return idea.offer.text.encode("utf-8")
    from answerprint.correcting.sheets import cc
    from answerprint.media.cube import Cdl

    slope, power = (tuple(float(one) for one in part.split()) for part in idea.offer.text.split(";"))
    return cc(idea.offer.name, Cdl(slope=(slope[0], slope[1], slope[2]), offset=(0.0, 0.0, 0.0), power=(power[0], power[1], power[2])), [idea.text])


def said(desk: Desk, version: str) -> tuple[Said, ...]:
    """Every idea about a version's cut as it is now, in the order of the record; what is withheld from this copy is left out.

    Raises: FilmError: no such version.
    """
    name = desk.family[version].name
    seal = desk.cuts[name].seal if name in desk.cuts else ""
    return tuple(one for one in _all(desk) if (one.version, one.seal) == (name, seal))


def earlier(desk: Desk, version: str) -> tuple[Said, ...]:
    """Every idea about a version's earlier cuts, in the order of the record: what they say of shots is of the shots of then.

    Raises: FilmError: no such version.
    """
    name = desk.family[version].name
    seal = desk.cuts[name].seal if name in desk.cuts else ""
    return tuple(one for one in _all(desk) if one.version == name and one.seal != seal)


def _all(desk: Desk) -> tuple[Said, ...]:
    """Every idea of the record, read again only once the record has grown."""
    record = desk.production.reader()
    if record is None:
        return ()
    with record:
        head = record.head()
        held: tuple[Any, tuple[Said, ...]] | None = vars(desk).get("_ideas")
        if held is None or held[0] != head:
            held = vars(desk)["_ideas"] = (head, tuple(_read(record)))
    return held[1]


def _read(record: Any) -> Iterator[Said]:
    for entry in record.entries(kind="idea"):
        body = entry.read()
        if body is not None and body.get("schema") == 1 and _whole(body):
            offer = body.get("offer")
            yield Said(
                n=entry.n, version=str(body.get("version", "")), seal=str(body.get("cut", "")), critic=str(body["critic"]), on=str(body["on"]), text=str(body["text"]),
                gives_up=str(body.get("gives_up", "")), away=body.get("away") is True, facts=tuple(body["facts"]), offer=offer["file"] if offer else None, worded=body.get("worded"),
            )  # fmt: skip


def _whole(body: Mapping[str, Any]) -> bool:
    """Whether an entry says all that an idea says: its facts, and in words."""
    facts, offer, worded = (body.get(name) for name in ("facts", "offer", "worded"))
    return (
        all(isinstance(body.get(name), str) for name in ("critic", "on", "text")) and isinstance(facts, list) and bool(facts)
        and all(isinstance(one, Mapping) and {"name", "value"} <= one.keys() for one in facts)
        and (offer is None or (isinstance(offer, Mapping) and isinstance(offer.get("file"), str)))
        and (worded is None or (isinstance(worded, Mapping) and {"text", "by"} <= worded.keys()))
    )  # fmt: skip


# ---- opened once


def opened(desk: Desk, person: str, version: str, critic: str) -> None:
    """Keep that somebody opened a critic's ideas about a version's cut as it is now. It is theirs, as everything that they looked at is.

    Raises: WatchedError: the disk refuses.  FilmError: no such version.
    """
    from answerprint import watched

    name = desk.family[version].name
    watched.mark(desk.production, person, _thing(name, critic, desk.cuts[name].seal), "looked")


def has_opened(desk: Desk, person: str, version: str) -> frozenset[str]:
    """The critics whose ideas about a version's cut as it is now this person opened here."""
    from answerprint import watched

    name = desk.family[version].name
    if name not in desk.cuts:
        return frozenset()
    things = {one.thing for one in watched.listed(desk.production, person)}
    return frozenset(critic for critic in {one.critic for one in said(desk, name)} if _thing(name, critic, desk.cuts[name].seal) in things)


def _thing(version: str, critic: str, seal: str) -> str:
    return f"ideas:{version}:{critic}@{seal}"


def seats() -> Mapping[str, str]:
    """The chair that each critic stands beside, critics in their order: {"dp": "DP"}."""
    from answerprint.critiquing import working

    return {name: critic.seat for name, critic in working.known().items()}


def unopened(desk: Desk, version: str) -> tuple[str, ...]:
    """The critics who stand beside an empty chair and whose ideas about this cut nobody of the crew has opened here: the gate asks for that, and for no more.
    A critic who has no idea about it is not among them; nor is anybody where the cut has none, or where none was ever asked.
    """
    from answerprint import crew, watched

    name = desk.family[version].name
    if name not in desk.cuts or desk.book is None:
        return ()
    critics = {one.critic for one in said(desk, name)}
    taken = {chair.role for chair in crew.chairs(desk.book) if chair.people}
    beside = [one for one, seat in seats().items() if one in critics and seat not in taken] if critics else []
    if not beside:
        return ()
    seal = desk.cuts[name].seal
    seen = {one.thing for person in desk.book.people for one in watched.listed(desk.production, person)}
    return tuple(one for one in beside if _thing(name, one, seal) not in seen)


def missing(desk: Desk, cut: Cut) -> tuple[str, ...]:
    """What the gate misses, a sentence for each critic beside an empty chair whose ideas about this cut, or about the one whose edit it takes over, nobody opened; nothing where whoever holds the
    sign-off signed this very cut off after them: the gate was asked then.
    """
    edit = desk.family.edit_from(cut.version, desk.cuts)
    return tuple(says for name in dict.fromkeys((edit, cut.version)) if name in desk.cuts for says in _missing(desk, cut, name))


def _missing(desk: Desk, cut: Cut, version: str) -> Iterator[str]:
    from answerprint.model.charter import Judgment
    from answerprint.model.judgments import SignOff

    critics = unopened(desk, version)
    if not critics or desk.book is None:
        return
    holder = desk.book.holder(Judgment.SIGN_OFF)
    lines = [line for line in desk.book.of(SignOff) if not line.struck and holder is not None and line.by.id == holder.id]
    cuts = {(one.version, one.seal) for one in (cut, desk.cuts[version])}
    signed = max((line.n for line in lines if any((one.version, one.seal) in cuts for one in line.content.cuts)), default=0)
    last = {one.critic: one.n for one in said(desk, version)}
    which = "" if version == desk.family.first.name else f" --version {version}"
    whose = f" --who {shlex.quote(holder.name)}" if holder else " --who NAME"
    chairs = seats()
    yield from (
        f"{version}: the {chairs[one]}'s chair is empty, and nobody has opened what the {one} critic has to say about this cut. "
        f"The room shows it under Arguments, Critics. At a terminal: answerprint critics FOLDER --critic {one}{which}{whose}"
        for one in critics
        if last[one] > signed
    )  # fmt: skip


# ---- for others


def plain(one: Said) -> dict[str, Any]:
    """An idea as JSON."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in vars(one).items()}


def draw(desk: Desk, one: Said) -> Path | None:
    """An idea as a picture in cuts/ideas/: as it is, and as it is offered; the shots that it speaks of where it offers nothing; None where there is nothing to look at.

    Raises: MediaError: a proxy cannot be read.
    """
    from answerprint.critiquing.drawing import drawn

    return drawn(desk, one)


def picture(desk: Desk, one: Said) -> tuple[bytes, tuple[str, ...]] | None:
    """The same rows of stills without the words, as PNG, for a page that has the words beside them, and the media that they show; None where there is nothing to look at.

    Raises: MediaError: a proxy cannot be read.
    """
    from answerprint.critiquing.drawing import pictured

    return pictured(desk, one)
