"""The shoot: everything that the record knows about a production's media, read once, changing nothing."""

from __future__ import annotations

import functools
import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from answerprint.model.records import Digest, Facts
from answerprint.model.time import Timecode, TimecodeError, parse_rate, round_half_up
from answerprint.plan import Plan, Unit, paper
from answerprint.rushes import Seen

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["Shoot", "open_problems", "timecode_of"]


class Shoot:
    """One production's clips and sounds with what was measured about them. Make a new one after a prep."""

    def __init__(self, production: Production) -> None:
        self.production = production
        reader = production.reader()
        try:
            finished = production.finished(reader)
        finally:
            if reader is not None:
                reader.close()
        seen = Seen(production.inside / "index.db", read_only=True)
        try:
            self.units, self.problems = production.units(seen, finished)
            found, problems = production.scan()
            self.problems = problems + self.problems
            self.waiting = [one.file for one in found if seen.get(one) is None]
        finally:
            seen.close()
        self.plan: Plan = production.plan(finished=finished, tasks=production.tasks(), units=self.units, looking=True)
        self._read: dict[Digest, Facts] = {}

    @property
    def clips(self) -> list[Unit]:
        return [unit for unit in self.units if unit.is_clip]

    @property
    def sounds(self) -> list[Unit]:
        return [unit for unit in self.units if not unit.is_clip]

    def facts(self, unit: Unit | None) -> dict[str, Facts]:
        """Every facts file about a unit (None: about the whole shoot), by task, in the order of the work."""
        return {task: self._facts(digest) for task, digest in self.plan.facts_of(unit).items()}

    def _facts(self, digest: Digest) -> Facts:
        if digest not in self._read:
            self._read[digest] = self.production.keep.facts(digest)
        return self._read[digest]

    def script(self) -> Any:
        """The production's script, read; None where it has none.

        Raises: ScriptError where it cannot be read.
        """
        path = paper(self.production.path, "script")
        if path is None:
            return None
        from answerprint.script import read

        return read(path.name, path.read_bytes())

    def attempts(self) -> dict[Digest, list[dict[str, Any]]]:
        """The attempts of every clip as plain `Attempt`s: settled over the shoot where that is done, else the clip's own."""
        out: dict[Digest, list[dict[str, Any]]] = {}
        settled = self.facts(None).get("takes")
        for row in settled.value("takes", []) if settled else []:
            out[row["clip"]] = row["attempts"]
        for clip in self.clips:
            if clip.digest not in out and "attempts" in (own := self.facts(clip)):
                out[clip.digest] = own["attempts"].value("attempts", [])
        return out

    def covered(self) -> dict[Digest, list[dict[str, Any]]]:
        """What every clip and sound covers as plain `Covered`: settled over the shoot where that is done, else as it was lined."""
        settled = self.facts(None).get("coverage")
        out = {row["digest"]: row["covered"] for row in settled.value("coverage", [])} if settled else {}
        for unit in self.units:
            if unit.digest not in out and "lining" in (own := self.facts(unit)):
                out[unit.digest] = own["lining"].value("lining", [])
        return out

    @functools.cached_property
    def certificates(self) -> dict[Digest, list[dict[str, Any]]]:
        """The sync certificates of every clip: pooled over the shoot where that is done, else each clip's own."""
        out: dict[Digest, list[dict[str, Any]]] = {}
        pooled = self.facts(None).get("drift")
        for fact in pooled.find("sync.certificate") if pooled else []:
            out.setdefault(fact.value["clip"], []).append(fact.value)
        for clip in self.clips:
            if clip.digest not in out and "sync" in (own := self.facts(clip)):
                out[clip.digest] = [fact.value for fact in own["sync"].find("sync.pair")]
        return out


def timecode_of(unit: Unit, known: dict[str, Facts]) -> str | None:
    """The clip's own timecode; where it has none, what LTC on one of its channels says of its first frame."""
    if unit.info.timecode:
        return unit.info.timecode
    for facts in known.values():
        ltc = facts.value("timecode.ltc")
        if ltc:
            try:
                rate = parse_rate(ltc["rate"])
                label = Timecode.parse(ltc["label"], rate=rate, drop=bool(ltc["drop"]))
            except TimecodeError:
                continue
            return str(label.plus(-round_half_up(Fraction(str(ltc["at_s"])) * rate)))
    return None


def open_problems(production: Production, shoot: Shoot, told: set[str]) -> list[dict[str, str]]:
    """What the last prep could not do and still is not done."""
    try:
        rows = json.loads((production.inside / "problems.json").read_bytes())
    except (OSError, ValueError):
        return []
    return [row for row in rows if row["file"] not in told]
