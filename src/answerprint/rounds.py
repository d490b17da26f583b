"""Rounds and approvals: which cuts went to whom, and what came back. An approval binds exactly the cuts of its round.

Approval is the client's; the sign-off is the author's. The gate shows both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from answerprint.book import Book, Line
from answerprint.model.judgments import Approval, CutSeal, Round
from answerprint.model.records import AnswerprintError

if TYPE_CHECKING:
    from answerprint.desk import Desk

__all__ = ["Outcome", "RoundsError", "Sent", "approval", "cut_seal", "label", "round_of", "seals_now", "sent"]

Outcome = Literal["approved", "changes", "refused"]


class RoundsError(AnswerprintError):
    """A round that is not there or cannot be sent, or an answer to one that does not say what it is."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A round with what was said to it, oldest answer first."""

    line: Line[Round]
    answers: tuple[Line[Approval], ...]
    changed: tuple[str, ...] = ()  #: files that are another cut now
    gone: tuple[str, ...] = ()  #: files that are not there any more, or cannot be read

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
        known = [(cut.file, cut.seal, now.get(cut.file)) for cut in line.content.cuts] if now is not None else []
        changed = tuple(file for file, seal, here in known if here not in (seal, None))
        found.append(Sent(line=line, answers=answers, changed=changed, gone=tuple(file for file, _, here in known if here is None)))
    return tuple(found)


# ---- the cut as it is now


def cut_seal(desk: Desk, text: str) -> CutSeal:
    """A cut as it is at this moment, sealed as the gate and the sign-off seal it.

    Args:   text: a version, a file in cuts/ with or without its suffix, or a path.
    Raises: RoundsError: it lies outside the production, or that version has no cut.  DeskError, TurnoverError, TimelineError, FilmError.
    """
    versions = {one.name: desk.cut_name(one.name) for one in desk.family.versions}
    named = next((name for name in versions if name.casefold() == text.casefold()), None)
    file = desk.cut_file(text) if named is None else versions[named]
    if file is None:
        raise RoundsError(f"{named} has no cut yet. Name it: answerprint choose film:{named} cuts/FILE")
    if Path(file).is_absolute():
        raise RoundsError(f"{file} lies outside the production. Bring it in with `answerprint import`, so that the record can name it.")
    version = named or next((name for name, cut in versions.items() if cut == file), desk.family.first.name)
    return CutSeal(version=version, file=file, seal=desk.read(file, version).cut.seal)


def seals_now(desk: Desk, book: Book) -> dict[str, str | None]:
    """Every file that ever went out -> its seal as it is now; None where it is gone or cannot be read any more."""
    found: dict[str, str | None] = {}
    for cut in [cut for line in book.rounds for cut in line.content.cuts]:
        try:
            found[cut.file] = desk.read(cut.file, cut.version).cut.seal
        except AnswerprintError:
            found[cut.file] = None
    return found
