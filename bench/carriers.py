"""Who carries a clip's slates, as on a real day: spoken slate, recorder, the day's paper, file name; and how each set of them came out.

Every clip draws its carriers, at least one. Recordists forget to advance a take, paper has a wrong or a missing one: the mistakes of people
who had a long day, in the shares below. They are this bench's own and no count of real shoots. A recorder and a file name know the first slate
of a clip and no other; the paper has a line for each.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

SHARES = {"spoken": 0.80, "recorder": 0.55, "paper": 0.50, "file name": 0.20}
FORGOTTEN = 0.05  # of recorders' takes: not advanced
PAPER_WRONG, PAPER_MISSING = 0.03, 0.01  # of lines of the paper: another take, none

#: scene or slate, and take
Name = tuple[str, int]


class Named(Protocol):
    """An attempt as it was composed, with the name its slate has."""

    @property
    def scene(self) -> str | None: ...
    @property
    def slate(self) -> str | None: ...
    @property
    def take(self) -> int | None: ...


@dataclass(frozen=True, kw_only=True)
class Carriers:
    """What was drawn for one clip: who carries its slates, and who is wrong."""

    by: tuple[str, ...]
    number: int
    seed: int

    @property
    def spoken(self) -> bool:
        return "spoken" in self.by

    def _chance(self, what: int) -> float:
        return float(np.random.default_rng([self.seed, self.number, 2000 + what]).random())

    def recorder(self, take: int) -> int | None:
        """The take in the recorder's field, for a clip that begins with `take`; None without a recorder."""
        if "recorder" not in self.by:
            return None
        return (take - 1 if take > 1 else take + 1) if self._chance(0) < FORGOTTEN else take

    def paper(self, takes: Sequence[int]) -> list[int | None]:
        """The take on each line that the paper has for this clip; None where it was left out. No lines without paper."""
        if "paper" not in self.by:
            return []
        out: list[int | None] = []
        for line, take in enumerate(takes, 1):
            chance = self._chance(line)
            out.append(take + 1 if chance < PAPER_WRONG else None if chance < PAPER_WRONG + PAPER_MISSING else take)
        return out

    def stem(self, first: Name) -> str:
        """What the clip's file is called: as the camera did, or by its first slate."""
        return f"{first[0]}-{first[1]}" if "file name" in self.by else f"A001_C{self.number + 1:03d}"

    def mistakes(self, takes: Sequence[int]) -> int:
        """How many carriers have another take than the truth, or none."""
        return (self.recorder(takes[0]) not in (None, takes[0])) + sum(said != take for said, take in zip(self.paper(takes), takes))


def drawn(seed: int, number: int) -> Carriers:
    """The carriers of one clip. A clip for which none was drawn is drawn again."""
    rng = np.random.default_rng([seed, number, 1999])
    by: tuple[str, ...] = ()
    while not by:
        by = tuple(who for who, share in SHARES.items() if rng.random() < share)
    return Carriers(by=by, number=number, seed=seed)


def names(attempts: Sequence[Named]) -> list[Name]:
    """The slates of a clip, each once, in order."""
    return list(dict.fromkeys((one.scene or one.slate or "", one.take or 0) for one in attempts))


def write_paper(path: Path, clips: Iterable[tuple[Carriers, Sequence[Named]]]) -> Path:
    """The day's paper of these clips as notes.csv: a line for each slate of each clip that it has."""
    with path.open("w", newline="") as file:
        paper = csv.writer(file)
        paper.writerow(["Clip", "Scene", "Slate", "Take"])
        for carried, attempts in clips:
            slated = names(attempts)
            for (name, _), take in zip(slated, carried.paper([take for _, take in slated])):
                paper.writerow([carried.stem(slated[0]), *(["", name] if name.isdigit() else [name, ""]), take or ""])
    return path


class Tally:
    """Right, wrong and unnamed attempts for each set of carriers, and whether the disagreement was shown."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, carried: Carriers, truth: Sequence[Named], pairs: Iterable[tuple[Named, dict[str, Any] | None]]) -> None:
        """Count one clip: what was composed and what was found for it. A missed one is counted apart."""
        slated = names(truth)
        mistaken = carried.mistakes([take for _, take in slated]) > 0
        shown = False
        for which in (" + ".join(carried.by), "all"):
            count = self.counts[which]
            for one, found in pairs:
                called = (found["scene"] or found["slate"], found["take"]) if found is not None else (None, None)
                how = "missed" if found is None else "unnamed" if None in called else "right" if called == (one.scene or one.slate, one.take) else "wrong"
                conflict = int(found is not None and bool(found["conflicts"]))
                shown |= bool(conflict)
                count.update({"attempts": 1, how: 1, "conflict": conflict, "wrong, conflict shown": int(conflict and how == "wrong")})
            count.update({"clips": 1, "mistaken": int(mistaken), "mistaken, conflict shown": int(mistaken and shown)})

    def print(self) -> None:
        """One row for each set of carriers, and one for all."""
        print(f"{'carried by':42} clips attempts  right  of those found  wrong (shown)  unnamed  missed  conflicts  clips with a mistake (shown)")
        for which, one in sorted(self.counts.items(), key=lambda row: (row[0] == "all", -row[1]["attempts"])):
            share, of_found = one["right"] / max(1, one["attempts"]), one["right"] / max(1, one["attempts"] - one["missed"])
            print(
                f"{which:42} {one['clips']:5} {one['attempts']:8}  {one['right']:4} {share:7.1%} {of_found:9.1%}  {one['wrong']:5} ({one['wrong, conflict shown']})"
                f"{one['unnamed']:11} {one['missed']:7} {one['conflict']:10} {one['mistaken']:8} ({one['mistaken, conflict shown']})"
            )
