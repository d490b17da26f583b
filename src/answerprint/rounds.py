"""Rounds and approvals: which cuts went to whom, and what came back. An approval binds exactly the cuts of its round.

Approval is the client's; the sign-off is the author's. The gate shows both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from answerprint.book import Book, Line
from answerprint.model.judgments import Approval, CutSeal, Round
from answerprint.model.records import AnswerprintError

__all__ = ["Outcome", "RoundsError", "Sent", "approval", "label", "round_of", "sent"]

Outcome = Literal["approved", "changes", "refused"]


class RoundsError(AnswerprintError):
    """A round that is not there or cannot be sent, or an answer to one that does not say what it is."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A round with what was said to it, oldest answer first."""

    line: Line[Round]
    answers: tuple[Line[Approval], ...]
    changed: tuple[str, ...] | None  #: files that are another cut now; None where nobody looked

    @property
    def open(self) -> bool:
        """Whether nothing came back yet."""
        return not self.answers


def label(book: Book, cut: str) -> str:
    """How the next round with this cut is called: the cut's name and the running number of the round, "v03_r2"."""
    stem = re.sub(r"\s+", "-", cut.rsplit("/", 1)[-1].rsplit(".", 1)[0]) or "cut"
    ever = sum(isinstance(line.content, Round) for line in book.lines)
    return f"{stem}_r{ever + 1}"


def round_of(book: Book, cuts: Sequence[CutSeal], *, to: str) -> Round:
    """Cuts go to somebody outside.

    Args:   to: "CLIENT, CONTACT".
    Raises: RoundsError: no cut, or nobody it goes to.
    """
    if not cuts:
        raise RoundsError("a round has a cut in it. Name one from cuts/.")
    if not to.strip():
        raise RoundsError('a round goes to somebody: --to "CLIENT, CONTACT"')
    return Round(label=label(book, cuts[0].file), to=to.strip(), cuts=tuple(cuts))


def _called(book: Book, text: str) -> Line[Round]:
    wanted = text.strip().casefold()
    found = [line for line in book.rounds if wanted in (line.content.label.casefold(), line.content.label.casefold().rsplit("_", 1)[-1])]
    if not found:
        there = ", ".join(line.content.label for line in book.rounds) or "none was sent yet"
        raise RoundsError(f"there is no round {text!r}. Rounds: {there}.")
    return found[-1]


def approval(book: Book, round: str, *, contact: str, outcome: Outcome, changes: Sequence[str] = ()) -> Approval:
    """What came back from a round, told by somebody of the crew. It holds for exactly the cuts that went out.

    Args:   round: its label ("v03_r2"), or only "r2".
    Raises: RoundsError: no such round, nobody who said it, or changes without saying which.
    """
    line = _called(book, round)
    wanted = tuple(one.strip() for one in changes if one.strip())
    if not contact.strip():
        raise RoundsError('who said it? --by "CONTACT"')
    if outcome == "changes" and not wanted:
        raise RoundsError('which changes? --changes "logo larger"; it may be said again.')
    if outcome == "approved" and wanted:
        raise RoundsError("approved, and with changes? With changes it is not approved yet: leave --approved out.")
    return Approval(round=line.n, contact=contact.strip(), outcome=outcome, changes=wanted, cuts=line.content.cuts)


def sent(book: Book, now: Mapping[str, str | None] | None = None) -> tuple[Sent, ...]:
    """Every round, oldest first, with what came back.

    Args: now: seal by file, as the cuts are at this moment; None where a file is gone. Without it nobody looked.
    """
    found = []
    for line in book.rounds:
        answers = tuple(one for one in book.approvals if one.content.round == line.n)
        changed = None if now is None else tuple(cut.file for cut in line.content.cuts if now.get(cut.file) != cut.seal)
        found.append(Sent(line=line, answers=answers, changed=changed))
    return tuple(found)
