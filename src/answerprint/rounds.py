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
from answerprint.rushes import shown

if TYPE_CHECKING:
    from answerprint.film import Family
    from answerprint.production import Production

__all__ = ["Outcome", "RoundsError", "Sent", "approval", "cut_file", "cut_seal", "label", "round_of", "seals_now", "sent"]

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


def cut_file(production: Production, text: str) -> Path:
    """The file that somebody means by a cut: a version by its name, a file in cuts/ with or without its suffix, or a path.

    Raises: RoundsError: nothing is called that, or several files are.
    """
    cuts = production.path / "cuts"
    named = {one.name.casefold(): one.cut for one in _family(production).versions if one.cut}
    wanted = named.get(text.casefold(), text)
    for path in (Path(wanted), cuts / wanted, production.path / wanted):
        if path.is_file():
            return path
    near = sorted(one for one in cuts.glob("*") if one.is_file() and one.stem.casefold() == wanted.casefold() and not one.name.startswith("."))
    if len(near) == 1:
        return near[0]
    if near:
        raise RoundsError(f"{text} could be {' or '.join(one.name for one in near)}. Say which, with its suffix.")
    there = ", ".join(sorted(one.name for one in cuts.glob("*") if one.is_file() and not one.name.startswith("."))) or "nothing yet"
    raise RoundsError(f"{shown(text)}: there is no such cut. In cuts/ there is: {shown(there)}. A timeline comes in with `answerprint import`.")


def cut_seal(production: Production, text: str) -> CutSeal:
    """A cut as it is at this moment, to go into a round.

    Raises: RoundsError: see `cut_file`; the file holds no timeline, or several.  TurnoverError, TimelineError: it cannot be read.
    """
    from answerprint.timeline.edit import edit_seal
    from answerprint.turnover import read_cut

    path = cut_file(production, text)
    timelines = read_cut(path, rate=production.settings.rate)[0]
    if len(timelines) != 1:
        raise RoundsError(f"{shown(path.name)}: there {'is no timeline' if not timelines else f'are {len(timelines)} timelines'} in it. A round has one cut a file.")
    inside = path.resolve().is_relative_to(production.path.resolve())
    file = path.resolve().relative_to(production.path.resolve()).as_posix() if inside else path.name
    return CutSeal(version=_version(production, path), file=shown(file), seal=edit_seal(timelines[0]))


def _family(production: Production) -> Family:
    from answerprint.film import PAPER, Family, read_versions

    try:
        return read_versions((production.path / PAPER).read_bytes())
    except FileNotFoundError:
        return Family()
    except OSError as cause:
        raise RoundsError(f"{PAPER}: it cannot be read ({cause.strerror}).") from cause


def _version(production: Production, path: Path) -> str:
    """The version whose cut this file is; the first one where the list names no file."""
    family = _family(production)
    return next((one.name for one in family.versions if one.cut and Path(one.cut).name == path.name), family.first.name)


def seals_now(production: Production, book: Book) -> dict[str, str | None]:
    """Every file that ever went out -> its seal as it is now; None where it is gone or cannot be read any more."""
    found: dict[str, str | None] = {}
    for file in dict.fromkeys(cut.file for line in book.rounds for cut in line.content.cuts):
        try:
            found[file] = cut_seal(production, str(production.path / file)).seal
        except AnswerprintError:
            found[file] = None
    return found
