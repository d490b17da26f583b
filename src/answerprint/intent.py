"""The first thought, sealed before any machine picture: what the film is, in its author's words, opened beside the cut.

The record holds a salted digest and the time. The words lie in keep/ in an envelope that only the author's own key opens, so no
task, no critic and nobody else on the crew reads them until the author opens it. A change of mind is a second envelope.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answerprint.book import Book, Line, Person
from answerprint.model.judgments import Intent
from answerprint.model.records import AnswerprintError, canonical

if TYPE_CHECKING:
    from answerprint.keep import Keep
    from answerprint.model.judgments import Signs

__all__ = ["QUESTIONS", "IntentError", "Thought", "opened", "sealed", "skipped", "thoughts", "unopened"]

#: What is asked, one after another; each may be left out.
QUESTIONS = ("sentence", "rhythm", "palette", "music", "take")
SALT = 32  #: bytes in the digest: nobody finds the words by trying, however few they are (NIST SP 800-132 asks for 16 at least)
BLOCK = 4096  #: bytes an envelope is filled up to, so that its length says nothing: ninety seconds of speech have about two thousand


class IntentError(AnswerprintError):
    """A first thought that is not there, is not whole, or is not this person's to open."""


@dataclass(frozen=True, kw_only=True)
class Thought:
    """A first thought as everybody may see it: whose, when, and the words once they are opened."""

    n: int
    by: Person
    at: str
    skipped: bool
    opened: int | None  #: the entry that opened it
    content: dict[str, str] | None
    mind: int  #: 1 for the first thought of its author, 2 for their first change of mind


def thoughts(book: Book) -> tuple[Thought, ...]:
    """Every first thought that was sealed or skipped, in the order of the record."""
    opening = {line.content.opens: line for line in book.intents if line.content.opens is not None}
    found: list[Thought] = []
    for line in book.intents:
        if line.content.opens is not None:
            continue
        key = opening.get(line.n)
        mind = 1 + sum(one.by.id == line.by.id for one in found)
        found.append(
            Thought(n=line.n, by=line.by, at=line.at, skipped=line.content.skipped, opened=key.n if key else None,
                    content=key.content.content if key else None, mind=mind)
        )  # fmt: skip
    return tuple(found)


def skipped() -> Intent:
    """Nothing was said, and that is in the record too."""
    return Intent(skipped=True)


def sealed(content: Mapping[str, str], signs: Signs, keep: Keep) -> Intent:
    """Lock the words in keep/ so that only this key opens them, and make the record that is then signed.

    Args:    content: by question; one that was left out is "".
    Returns: a skipped one where every question was left out.
    Raises:  IntentError: an answer to a question that is not asked.  KeyRefused, KeepError.
    """
    from answerprint.ledger.sealing import seal

    if other := sorted(set(content) - set(QUESTIONS)):
        raise IntentError(f"{other[0]!r} is not asked. A first thought has: {', '.join(QUESTIONS)}.")
    words = {one: content.get(one, "").strip() for one in QUESTIONS}
    if not any(words.values()):
        return skipped()
    inside = canonical({"content": words, "salt": os.urandom(SALT).hex()})
    envelope = seal(signs, inside + b"\n" * (-len(inside) % BLOCK), os.urandom(SALT))
    return Intent(sealed="sha256:" + hashlib.sha256(inside).hexdigest(), envelope=keep.put(envelope))


def unopened(book: Book, author: Person) -> list[Line[Intent]]:
    """What this person sealed and did not open yet, the first thought first."""
    known = {line.content.opens for line in book.intents}
    return [line for line in book.intents if line.by.id == author.id and line.content.sealed is not None and line.n not in known]


def opened(line: Line[Intent], signs: Signs, keep: Keep) -> Intent:
    """The record that discloses a sealed first thought.

    Raises: IntentError: what is in the envelope is not what was sealed.  KeyRefused: another key sealed it.  KeepError: it is gone.
    """
    from answerprint.ledger.sealing import unseal

    if line.content.envelope is None:
        raise IntentError(f"entry {line.n} seals nothing that could be opened.")
    inside = unseal(signs, keep.get(line.content.envelope)).rstrip(b"\n")
    if "sha256:" + hashlib.sha256(inside).hexdigest() != line.content.sealed:
        raise IntentError(f"what lies in the envelope of entry {line.n} is not what was sealed there. Bring keep/ back from a copy of the production.")
    try:
        plain = json.loads(inside)
        return Intent(opens=line.n, salt=plain["salt"], content=plain["content"])
    except (ValueError, KeyError, TypeError) as cause:
        raise IntentError(f"what lies in the envelope of entry {line.n} is no first thought of this release.") from cause
