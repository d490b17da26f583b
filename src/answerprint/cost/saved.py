"""Where saved hours went: hours that a budget itself reckons for people on lines that it gives to the machine, beside the machine's minutes on them.

Nothing is estimated here. A line counts only where the budget says both: how many hours, and that the machine does it; and where the log knows
that it did. Where somebody brought their own hours, what of them went to shots that they call only acceptable stands beside it, for their eyes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from answerprint import marks
from answerprint.delivery.costs import Budget, Line
from answerprint.delivery.costs.hours import Hours
from answerprint.model.charter import Execution

if TYPE_CHECKING:
    from answerprint.cost.machine import Minutes
    from answerprint.desk import Desk

__all__ = ["Line", "Saved", "acceptable", "on_shots", "saved"]

#: How budgets call what the machine does, beside the charter's own words.
_CALLED = {
    "syncing": Execution.SYNC, "transcription": Execution.TRANSCRIPT, "string-outs": Execution.STRINGS, "stringouts": Execution.STRINGS, "selects": Execution.STRINGS,
    "assembly": Execution.ROUGH, "rough cut": Execution.ROUGH, "slates": Execution.ATTEMPTS, "logging": Execution.ATTEMPTS, "lining": Execution.LINING, "lined script": Execution.LINING,
    "subtitles": Execution.CAPTIONS, "captioning": Execution.CAPTIONS, "reframing": Execution.VERSIONS, "versioning": Execution.VERSIONS, "correction": Execution.CORRECTION,
    "color correction": Execution.CORRECTION, "cleaning": Execution.CLEAN_UP, "qc": Execution.QC, "rendering": Execution.RENDER, "proxies": Execution.READING, "dailies": Execution.READING,
}  # fmt: skip
_KNOWN = {str(one).casefold(): one for one in Execution} | _CALLED


@dataclass(frozen=True, kw_only=True)
class Saved:
    """One line that the budget gives to the machine."""

    line: Line
    work: tuple[str, ...]  #: executions of the charter; empty where the budget does not say which
    seconds: float | None  #: the machine's time on all of these; None where the log knows nothing of them

    @property
    def counts(self) -> bool:
        """Whether its hours are known to be saved: the budget reckons them, and the machine did it here."""
        return self.line.hours is not None and self.seconds is not None


def saved(budget: Budget, machine: Minutes) -> tuple[Saved, ...]:
    """The lines whose "done by" names the machine, in the order of the budget."""
    found = []
    for line in budget.lines:
        said = re.match(r"(?i)\s*(?:the )?(?:machine|answerprint)\b[: ]*(.*)", line.done_by)
        if said is not None:
            work = tuple(dict.fromkeys(str(one) for one in _named(said[1]) or _within(line.says)))
            found.append(Saved(line=line, work=work, seconds=machine.on(work)))
    return tuple(found)


def _named(text: str) -> list[Execution]:
    return [_KNOWN[word] for part in re.split(r"[,;+&]| and ", text) if (word := part.strip().casefold()) in _KNOWN]


def _within(says: str) -> list[Execution]:
    return [one for word, one in _KNOWN.items() if re.search(rf"\b{re.escape(word)}\b", says.casefold())]


def acceptable(desk: Desk, person: str) -> tuple[int, ...]:
    """The shots of the first version's cut that somebody calls only acceptable, by number: for their own eyes."""
    from answerprint.timeline.cut import cut_info
    from answerprint.timeline.edit import edit_of
    from answerprint.timeline.shown import flat

    held = marks.of(desk.production, person)
    timeline = desk.timeline(desk.family.first.name) if held else None
    if timeline is None:
        return ()
    rate = cut_info(timeline).rate
    proxies = {unit.original.digest: unit.digest for unit in desk.shoot.units if unit.original is not None}
    found = []
    for number, one in enumerate(flat(edit_of(timeline), rate), 1):
        digest = one.use.media.digest if one.use is not None and one.use.media is not None else None
        if digest is not None and any(marks.found(held, marks.shot(medium, one.source(rate))) == "acceptable" for medium in {digest, proxies.get(digest, digest)}):
            found.append(number)
    return tuple(found)


def on_shots(hours: Sequence[Hours], shots: Sequence[int]) -> Decimal | None:
    """Minutes of rows that name nothing but these shots; None where no row names any: a row over these and others cannot be parted."""
    rows = [one.minutes for one in hours if one.shots and set(one.shots) <= set(shots)]
    return sum(rows, Decimal(0)) if rows else None
