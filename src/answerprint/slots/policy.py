"""policy.toml: what a client lets be generated, on which day they said so, and until when that holds. A paper that somebody keeps, and dates."""

from __future__ import annotations

import difflib
import tomllib
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from answerprint.desk import Desk
from answerprint.keep import disk_sentence
from answerprint.model.records import AnswerprintError

__all__ = ["DISCLOSES", "FORBIDS", "PAPER", "Policy", "PolicyError", "policy", "read_policy"]

PAPER = "policy.toml"
FORBIDS = ("everything", "people", "likeness", "product", "voice", "trademarks")  #: what a client may forbid to be generated
DISCLOSES = ("everything", "picture", "sound", "words")  #: where a client may ask for a disclosure
_LISTS = {"forbids": FORBIDS, "discloses": DISCLOSES, "people": (), "trademarks": (), "products": (), "competitors": ()}
_KNOWN = ("client", "dated", "until", "paper", *_LISTS)


class PolicyError(AnswerprintError):
    """A policy that cannot be read: which line of it, what stands there, what to write."""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """One client's word, as somebody wrote it down."""

    client: str
    dated: date  #: the day of the client's word
    until: date | None = None  #: the last day on which it holds; None: no end was said
    paper: str = ""  #: where the client wrote it: a contract, a guideline, a mail
    forbids: frozenset[str] = frozenset()
    discloses: frozenset[str] = frozenset()
    people: tuple[str, ...] = ()  #: whose likeness is never asked for, beside cast and crew
    trademarks: tuple[str, ...] = ()
    products: tuple[str, ...] = ()  #: the client's own, as people call them
    competitors: tuple[str, ...] = ()  #: names that never go out
    file: str = PAPER

    @property
    def called(self) -> str:
        """As a sentence names it: "the AI policy of Nordbrew (policy.toml, 2026-10-01)"."""
        return f"the AI policy of {self.client} ({self.file}, {self.dated})"

    @property
    def forbids_all(self) -> bool:
        """Whether nothing at all may be generated."""
        return "everything" in self.forbids

    def over(self, today: date | None = None) -> tuple[str, ...]:
        """Why it does not hold on a day, in a sentence; empty where it does."""
        now = today or date.today()
        if self.until is not None and self.until < now:
            return (f"{self.called} held until {self.until}. Ask {self.client} what holds now, and write its day into {self.file}.",)
        if self.dated > now:
            return (f"{self.called} is dated on a day that has not come. Write the day of the client's word.",)
        return ()


_READ: weakref.WeakKeyDictionary[Desk, Policy | PolicyError | None] = weakref.WeakKeyDictionary()


def policy(desk: Desk) -> Policy | None:
    """The client's policy of a production; None where there is none, and then nobody knows what the client lets be generated.

    Raises: PolicyError: it cannot be read.
    """
    if desk not in _READ:
        named = str(desk.production.settings["policy"])
        try:
            _READ[desk] = _read(desk.path, named)
        except FileNotFoundError:
            _READ[desk] = PolicyError(f"answerprint.toml names {named} as the client's AI policy, and it is not there.") if named else None
        except OSError as cause:
            _READ[desk] = PolicyError(disk_sentence(cause, named or PAPER))
        except PolicyError as error:
            _READ[desk] = error
    found = _READ[desk]
    if isinstance(found, PolicyError):
        raise found
    return found


def _read(home: Path, named: str) -> Policy:
    """Raises: OSError, PolicyError; a production folder is data, and names no file outside of itself."""
    place = (home / (named or PAPER)).resolve()
    if not place.is_relative_to(home.resolve()):
        raise PolicyError(f"answerprint.toml names {named} as the client's AI policy, which lies outside of the production. Copy it in.")
    return read_policy(place.read_bytes(), named or PAPER)


def read_policy(raw: bytes, file: str = PAPER) -> Policy:
    """A policy as it is written.

    Raises: PolicyError: it is not TOML, says something that is none, or lacks its client or its day.
    """
    try:
        values = tomllib.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as cause:  # no TOML, no UTF-8, a number of thousands of digits, brackets in brackets
        raise PolicyError(f"{file}: this is not TOML: {cause}. Mend that line.") from cause
    for key in values:
        if key not in _KNOWN:
            near = difflib.get_close_matches(key, _KNOWN, 1, 0.5)
            raise PolicyError(f"{file}: there is no {key!r}. " + (f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(_KNOWN)}."))
    client, dated, until = values.get("client"), values.get("dated"), values.get("until")
    if not isinstance(client, str) or not client.strip():
        raise PolicyError(f'{file}: it does not say whose policy it is: client = "NAME"')
    if type(dated) is not date:
        raise PolicyError(f"{file}: it does not say of which day the client's word is: dated = 2026-10-01, without quotes.")
    if until is not None and (type(until) is not date or until < dated):
        raise PolicyError(f"{file}: until = {until} is no day after {dated}. Write it as 2027-03-31, without quotes.")
    lists = {key: _listed(file, key, values, known) for key, known in _LISTS.items()}
    return Policy(
        client=client.strip(), dated=dated, until=until, paper=str(values.get("paper", "")), forbids=frozenset(lists["forbids"]), discloses=frozenset(lists["discloses"]),
        people=lists["people"], trademarks=lists["trademarks"], products=lists["products"], competitors=lists["competitors"], file=file,
    )  # fmt: skip


def _listed(file: str, key: str, values: Mapping[str, Any], known: tuple[str, ...]) -> tuple[str, ...]:
    given = values.get(key, [])
    if not isinstance(given, list) or not all(isinstance(one, str) and one.strip() for one in given):
        raise PolicyError(f'{file}: {key} is a list of names, each in quotes: {key} = ["{known[1] if known else "NAME"}"]')
    for one in given:
        if known and one not in known:
            near = difflib.get_close_matches(one, known, 1, 0.5)
            raise PolicyError(f"{file}: {key} has no {one!r}. " + (f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(known)}."))
    return tuple(" ".join(one.split()) for one in given)
