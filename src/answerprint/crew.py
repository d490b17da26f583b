"""The crew: who is on it with which key, and who holds which judgment. Every change is a record that somebody then signs.

>>> record.sign(crew.enrolment(Book(record), "Jo Abara", roles=["DP"], public=line), signs)     # doctest: +SKIP
"""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from answerprint.book import Book, Line, Person
from answerprint.model.charter import Execution, Judgment
from answerprint.model.judgments import ROLES, Charter, Enrol, Holder, Key, Revoke
from answerprint.model.records import AnswerprintError

__all__ = ["EMPTY", "LONGEST", "Chair", "CrewError", "Seat", "alike", "alone", "chairs", "charter", "check", "enrolment", "key_id", "keyless", "named", "reseated", "revocations", "role", "seats", "services", "to_judgment"]

#: What may leave the machine, by a producer's leave.
EMPTY = "an empty chair"
_LOOKS_LIKE = str.maketrans("АВЕЅІЈКМНОРСТУХаеѕіјорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABESIJKMHOPCTYXaesijopcyxABEZHIKMNOPTYXo")
LONGEST = 120  #: letters of a name or a role: as the form on the crew page takes them
_NOBODY = ("nobody", "-", EMPTY)
_SPELT = {"colorist": "colourist", "dop": "DP", "cinematographer": "DP", "director of photography": "DP", "sound": "sound mixer"}


class CrewError(AnswerprintError):
    """A seat, a judgment or a key that cannot be given or taken as it was said."""


@dataclass(frozen=True, kw_only=True)
class Chair:
    """A seat of the crew and who sits in it; nobody: an empty chair."""

    role: str
    people: tuple[Person, ...]


@dataclass(frozen=True, kw_only=True)
class Seat:
    """Who holds a judgment, and since which entry; where it is the machine, who handed it over and why."""

    judgment: str
    holder: Person | None
    machine: bool
    because: str
    by: Person | None  #: the producer who signed that
    since: int | None  #: the entry from which it has stood so
    stricter: bool  #: an execution that this production made a person's decision


# ---- people


def chairs(book: Book) -> tuple[Chair, ...]:
    """Every seat in the order of a crew list, empty ones too, and after them the other roles that somebody has.

    Somebody whose last key was revoked sits nowhere.
    """
    here = [one for one in book.people.values() if one.live]
    more = dict.fromkeys(role for one in here for role in one.roles if role not in ROLES)
    return tuple(Chair(role=role, people=tuple(one for one in here if role in one.roles)) for role in (*ROLES, *more))


def alone(book: Book) -> Person | None:
    """The one person on a crew of one where nobody holds a judgment yet."""
    here = [one for one in book.people.values() if one.live]
    return here[0] if len(here) == 1 and book.charter is None else None


def role(text: str) -> str:
    """A role as the crew list writes it: "dp" is "DP"; a word that is not in the list is a role too.

    Raises: CrewError for an empty one.
    """
    word = " ".join(text.split())
    known = {one.casefold(): one for one in ROLES} | _SPELT
    if not word:
        raise CrewError("a role has no name. There are: " + ", ".join(ROLES) + "; any other word is one too.")
    if len(word) > LONGEST:
        raise CrewError(f"a role has at most {LONGEST} letters, and this one has {len(word)}.")
    return known.get(word.casefold(), word)


def named(book: Book, name: str) -> list[Person]:
    """Everybody on the crew who is called exactly so."""
    wanted = " ".join(name.split()).casefold()
    return [one for one in book.people.values() if one.name.casefold() == wanted]


def alike(book: Book, name: str) -> Person | None:
    """Somebody on the crew whose name looks the same to a reader and is written otherwise: letters of another alphabet, or of another width.

    Cyrillic and Greek letters that look like Latin ones, after Unicode's confusables (UTS 39), those that names have.
    """
    wanted = _looks(name)
    return next((one for one in book.people.values() if one.name != " ".join(name.split()) and _looks(one.name) == wanted), None)


def _looks(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", " ".join(name.split())).translate(_LOOKS_LIKE).casefold().split())


def check(book: Book, name: str, *, roles: Sequence[str], same: bool = False) -> Person | None:
    """What speaks against enrolling a key under this name, before anybody makes one.

    Args:    same: the key is another one of somebody who is on the crew already.
    Returns: that person, or None for somebody new.
    Raises:  CrewError, BookError.
    """
    if same:
        return book.person(name)
    if not name.strip():
        raise CrewError("somebody on the crew has a name.")
    if len(name) > LONGEST:
        raise CrewError(f"a name has at most {LONGEST} letters, and this one has {len(name)}.")
    if found := named(book, name):
        raise CrewError(
            f"{found[0].name} is on the crew already. For another key of theirs say --same; for somebody else, write the name so that people tell them apart."
        )
    if not roles:
        raise CrewError(f"what does {name} do? Say --role, with one of: {', '.join(ROLES)}; any other word is a role too.")
    if not book.people and "producer" not in roles:
        raise CrewError("the first on the crew is a producer, who then adds the others. Somebody who does everything: --role producer --role director")
    return None


def enrolment(
    book: Book, name: str, *, roles: Sequence[str] = (), public: str, purpose: Literal["daily", "recovery"] = "daily", same: bool = False
) -> Enrol:
    """A key for a person: for somebody new, or, with `same`, another one for somebody who is on the crew.

    Args:   roles: of somebody new; somebody who is on the crew keeps theirs.  public: an OpenSSH line for ssh-ed25519.
    Raises: CrewError, BookError: see `check`; or the key is somebody else's here.
    """
    named = tuple(dict.fromkeys(role(one) for one in roles))
    there = check(book, name, roles=named, same=same)
    key = Key(algorithm="ssh-ed25519", public=public, purpose=purpose)
    owner = book.of_key(key_id(public))
    if owner is not None and owner != there:
        raise CrewError(f"this key is {owner.name}'s here, so it cannot be {there.name if there else ' '.join(name.split())}'s too. Was the wrong .pub file sent?")
    if there is not None:
        return Enrol(person=there.id, name=there.name, roles=there.roles, key=key)
    return Enrol(person=key_id(public), name=" ".join(name.split()), roles=named, key=key)


def key_id(public: str) -> str:
    """The id of a key as it is enrolled: an OpenSSH line, or a passkey's base64."""
    try:
        wire = base64.b64decode(public.split()[1] if " " in public else public, validate=True)
    except (ValueError, IndexError) as cause:
        raise CrewError("that is not a public key. A .pub file holds one line that begins with ssh-ed25519.") from cause
    return "SHA256:" + base64.b64encode(hashlib.sha256(wire).digest()).decode().rstrip("=")


def reseated(book: Book, who: str, *, add: Sequence[str] = (), leave: Sequence[str] = (), name: str | None = None) -> Enrol:
    """Somebody takes another seat, leaves one, or is called otherwise: their first key enrolled again.

    Raises: CrewError: they would have no role, or do not sit there.  BookError.
    """
    person = book.person(who)
    gone = {role(one) for one in leave}
    if wrong := [one for one in gone if one not in person.roles]:
        raise CrewError(f"{person.name} is not {wrong[0]} here: {', '.join(person.roles)}.")
    roles = tuple(one for one in dict.fromkeys((*person.roles, *map(role, add))) if one not in gone)
    if not roles:
        raise CrewError(f"{person.name} would have no role left. To take their keys: answerprint crew revoke")
    if (roles, name or person.name) == (person.roles, person.name):
        raise CrewError(f"{person.name} is that already: {', '.join(person.roles)}.")
    return Enrol(person=person.id, name=name or person.name, roles=roles, key=_daily(book, person))


def _daily(book: Book, person: Person) -> Key:
    key = next((line.content.key for line in book.enrolments if line.content.person == person.id and _is_live(book, person, line.content.key)), None)
    if key is None:
        raise CrewError(f"{person.name} has no key that is not revoked. Enrol one first, with --same.")
    return key


def _is_live(book: Book, person: Person, key: Key) -> bool:
    return key.purpose == "daily" and key_id(key.public) in person.live


def revocations(book: Book, who: str, *, because: str, by: str, from_entry: int | None = None) -> tuple[Revoke, ...]:
    """A key that signs no more, or, where a person is named, each of theirs: then they are off the crew.

    Args:   who: a key's id or its beginning, or a person.  by: the key that will sign.
            from_entry: also strike what was signed from that entry on.
    Raises: CrewError: no reason, no such key, or one's own keys by one's own name.  BookError.
    """
    if not because.strip():
        raise CrewError("taking a key away needs its reason: --why")
    if from_entry is not None and from_entry < 1:
        raise CrewError(f"there is no entry {from_entry}. `answerprint record` numbers them.")
    keys = [key for one in book.people.values() for key in one.keys if who.startswith("SHA256:") and key.startswith(who)]
    if len(keys) > 1:
        raise CrewError(f"{who} may be {' or '.join(keys)}. Give more of it.")
    if not keys:
        person = book.person(who)
        if by in person.keys and len(person.live) > 1:
            own = "; ".join(f"{key[:19]} ({_for(book.purpose(key))})" for key in person.live)
            raise CrewError(f"{person.name}, say which of your own keys is to sign no more: {own}.")
        if not person.live:
            raise CrewError(f"{person.name} has no key left that could be revoked.")
        keys = sorted(person.live, key=lambda key: book.purpose(key) != "recovery")
    enrolled = {_id_of(line): line.n for line in reversed(book.enrolments)}
    found = []
    for key in keys:
        strikes = None if from_entry is None else max(from_entry, enrolled.get(key, 0) + 1)
        found.append(Revoke(key=key, because=because, from_entry=strikes if len(keys) == 1 or strikes is None or strikes <= book.head.n else None))
    return tuple(found)


def _id_of(line: Line[Enrol]) -> str:
    return key_id(line.content.key.public)


def _for(purpose: str) -> str:
    return "the one on paper" if purpose == "recovery" else "daily"


# ---- who holds what


def to_judgment(text: str, also: Iterable[str] = ()) -> str:
    """A judgment by its name or a part of it: "edit" is "final edit". `also`: what this production made stricter.

    Raises: CrewError: none, or several.
    """
    wanted = " ".join(text.replace("-", " ").replace("_", " ").split()).casefold()
    known = {one.replace("-", " ").casefold(): one for one in (*(one.value for one in Judgment), *also)}
    if wanted in known:
        return known[wanted]
    near = [name for plain, name in known.items() if wanted and wanted in plain]
    if len(near) == 1:
        return near[0]
    if near:
        raise CrewError(f"{text!r} could be {' or '.join(near)}.")
    raise CrewError(f"{text!r} is no judgment here. There are: {', '.join(known.values())}.")


def _to_execution(text: str) -> str:
    wanted = " ".join(text.replace("_", " ").split()).casefold()
    near = [one.value for one in Execution if wanted == one.value.casefold()] or [one.value for one in Execution if wanted and wanted in one.value.casefold()]
    if len(near) != 1:
        raise CrewError(f"{text!r} is {'no' if not near else 'not one'} execution. There are: {', '.join(one.value for one in Execution)}.")
    return near[0]


def charter(
    book: Book, *, holders: Sequence[tuple[str, str]] = (), machine: Mapping[str, str] | None = None, stricter: Sequence[str] = (),
    not_stricter: Sequence[str] = (), leaves: Sequence[str] = (),
) -> Charter:  # fmt: skip
    """The charter as it stands, with these changes, whole; it replaces the current one.

    Args:   holders: (judgment, person); "all" for every judgment that is not named beside it, "nobody" for an empty chair.
            machine: judgment -> why it is handed to the machine.  stricter: executions that a person decides here from now on.
            leaves: ("nothing",) takes back what an older charter let leave in general. Nothing goes by that any more: each service is let by its name.
    Raises: CrewError, BookError; what the law refuses is refused when it is signed.
    """
    now = book.charter.content if book.charter else Charter(holders={})
    strict = [one for one in now.stricter if one not in {_to_execution(text) for text in not_stricter}]
    strict = list(dict.fromkeys([*strict, *map(_to_execution, stricter)]))
    here = {judgment: held for judgment, held in now.holders.items() if judgment in {*(one.value for one in Judgment), *strict}}
    named = [(text.strip().casefold(), who) for text, who in holders]
    for text, who in named:
        if text == "all":
            here |= {one: _held(book, who) for one in (*(one.value for one in Judgment), *strict)}
    for text, who in named:
        if text != "all":
            here[to_judgment(text, strict)] = _held(book, who)
    for text, why in (machine or {}).items():
        judgment = to_judgment(text, strict)
        if not why.strip():
            raise CrewError(f"handing the {judgment} to the machine needs its reason: --why")
        here[judgment] = Holder(machine=True, because=why)
    made = Charter(
        holders={one: here[one] for one in (*(one.value for one in Judgment), *strict) if one in here},
        stricter=tuple(strict),
        leaves=() if _takes_back(leaves) else now.leaves,
        replaces=book.charter.n if book.charter else None,
        lets=now.lets,
        spends=now.spends,
    )
    if (made.holders, made.stricter, made.leaves) == (now.holders, now.stricter, now.leaves):
        raise CrewError("the charter says that already; there is nothing to sign.")
    return made


def services(content: Charter) -> list[str]:
    """Which services may be asked, with what, and for how much: a line each."""
    lines = [
        f"{one.provider} at {one.at} may be asked for {one.kind}, and have {', '.join(one.what) or 'nothing of the shoot'}{'; also where its price is not known' if one.unpriced else ''}"
        for one in content.lets
    ]
    return [*lines, *(f"services may cost {amount} {currency} together" for currency, amount in content.spends.items())]


def _held(book: Book, who: str) -> Holder:
    return Holder() if who.strip().casefold() in _NOBODY else Holder(person=book.person(who).id)


def _takes_back(leaves: Sequence[str]) -> bool:
    said = [one.strip().casefold() for one in leaves]
    if said and said != ["nothing"]:
        raise CrewError("what leaves is let for one service at a time, by its name: --let NAME=frames. A leave in general opens nothing; --leave nothing takes an older one back.")
    return bool(said)


def keyless(book: Book, person: Person) -> bool:
    """Whether nobody can sign for somebody: none of their keys is left but what is kept for an emergency."""
    return not any(book.purpose(name) == "daily" for name in person.live)


def seats(book: Book) -> tuple[Seat, ...]:
    """Every judgment in the order of the line, then what was made stricter, each with who holds it and since when."""
    lines = book.of(Charter)
    found = []
    for judgment in (*(one.value for one in Judgment), *(lines[-1].content.stricter if lines else ())):
        held = book.seat(judgment)
        since: Line[Charter] | None = None
        for line in reversed(lines):
            if line.content.holders.get(judgment, Holder()) != held:
                break
            since = line
        given = since if held != Holder() else None
        found.append(
            Seat(judgment=judgment, holder=book.holder(judgment), machine=held.machine, because=held.because, by=given.by if given else None,
                 since=given.n if given else None, stricter=judgment not in {one.value for one in Judgment})
        )  # fmt: skip
    return tuple(found)
