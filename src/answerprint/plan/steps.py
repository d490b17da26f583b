"""Steps: which task on which clip, under which cache key, and which of that the record already has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from answerprint.config import Settings
from answerprint.keep import Cache, cache_key
from answerprint.media.lognames import builtin
from answerprint.model.extend import ExtendError, Task
from answerprint.model.records import Digest
from answerprint.plan.digests import decoder_version, small_digest, speech_model_digest, text_reader
from answerprint.plan.units import Medium, Unit, named_looks

__all__ = ["Plan", "Step", "ordered", "paper"]

_SHOOT = "the whole shoot"
_OF_SOUNDS = ("sound", "clip or sound", "sound with clips")
#: What stands beside the subject of a task: nothing, all sounds, all clips, or everything.
_CROWD = {"clip with sounds": ("sound",), "sound with clips": ("clip",), "shoot": ("clip", "sound")}
#: The papers of a production and the names they go by, the first that is there.
_PAPERS = {
    "script": ("script.fountain", "script.fdx", "script.csv", "script.tsv", "shots.csv", "shots.tsv"),
    "notes": ("notes.csv", "notes.ale"),
}


def paper(folder: Path, name: str) -> Path | None:
    """The script ("script") or the day's paper ("notes") of a production; None where it has none."""
    return next((folder / file for file in _PAPERS[name] if (folder / file).is_file()), None)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One task on one input. `facts` names its result where the record has it."""

    task: Task
    unit: Medium | None
    key: str
    inputs: tuple[Digest, ...]
    params: Mapping[str, Any]
    clips: tuple[Unit, ...] = ()
    sounds: tuple[Unit, ...] = ()
    facts: Digest | None = None

    @property
    def about(self) -> str:
        return self.unit.file if self.unit else _SHOOT


def ordered(tasks: Mapping[str, Task]) -> list[Task]:
    """Tasks so that each comes after those it needs; among equals by name.

    Raises: ExtendError for a task that waits for one that does not exist, or for itself in a circle.
    """
    done: dict[str, Task] = {}
    waiting = dict(sorted(tasks.items()))
    while waiting:
        ready = [task for task in waiting.values() if all(name in done for name in task.after)]
        if not ready:
            task = next(iter(waiting.values()))
            missing = [name for name in task.after if name not in tasks]
            why = f"comes after {missing[0]!r}, which is not installed" if missing else "waits for itself"
            raise ExtendError(f"the task {task.name!r} {why}.")
        for task in ready:
            done[task.name] = waiting.pop(task.name)
    return list(done.values())


@dataclass(kw_only=True)
class Plan:
    """Steps and their keys for units that are known. `finished` maps cache keys to facts digests; it grows as work is done.

    A plan that only looks (`looking`) waits for nothing: what is not known of a clip is left out of what is known of the shoot,
    as the prep did that could not read it.
    """

    tasks: Mapping[str, Task]
    units: Sequence[Unit]
    settings: Settings
    folder: Path
    finished: dict[str, Digest]
    looking: bool = False
    failed: set[tuple[str, str]] = field(default_factory=set)  #: (task, file) that could not be done this time
    decoder: str = field(default_factory=decoder_version)

    def __post_init__(self) -> None:
        self._order = [task for task in ordered(self.tasks) if task.each != "file"]
        self._looks: dict[str, tuple[str, Digest]] = {}
        for camera, name in self.settings["look"].items():
            known, path = builtin(name), (self.folder / name).absolute()
            self._looks[camera] = (name, f"{known.seal} | {known.legal}") if known else (str(path), small_digest(path))
        self._papers = {name: paper(self.folder, name) for name in _PAPERS}
        self._paper_digests = {name: small_digest(path) if path else None for name, path in self._papers.items()}
        self._beside = {
            unit.digest: [small_digest(path) for path in (*unit.companions, *named_looks(unit))] for unit in self.units
        }
        self._steps: dict[tuple[str, str], Step] = {}

    def steps(self) -> list[Step]:
        """Every step whose inputs are known now, finished or not, in the order of the tasks and the shoot."""
        return [step for task in self._order for unit in self._subjects(task) if (step := self._step(task, unit)) is not None]

    def open(self) -> list[Step]:
        """The steps that can be done now and are not."""
        return [step for step in self.steps() if step.facts is None and (step.task.name, step.about) not in self.failed]

    def artefacts(self, unit: Unit | None, cache: Cache) -> dict[str, Path]:
        """Every published file about a unit that the cache still has, by "task/name"."""
        return {
            f"{step.task.name}/{name}": cache.path(step.key, name) for step in self._done(unit) for name in cache.names(step.key)
        }

    def expected(self, task: Task) -> int:
        """How many steps a task has in all, known and unknown."""
        return len(self._subjects(task))

    def facts_of(self, unit: Unit | None) -> dict[str, Digest]:
        """The facts files about one unit (or about the whole shoot), by task."""
        own = {"ingest": unit.ingest} if unit else {}
        return own | {step.task.name: self.finished[step.key] for step in self._done(unit)}

    def _done(self, unit: Unit | None) -> list[Step]:
        if not self._steps:
            self.steps()
        about = unit.file if unit else _SHOOT
        known = [self._steps.get((task.name, about)) for task in self._order]
        return [step for step in known if step is not None and step.key in self.finished]

    def unfinished(self, task: str) -> list[Unit]:
        """The units that a task speaks of and is not done with: prep was stopped before it, or it failed."""
        wanted = self.tasks.get(task)
        return [unit for unit in self.units if wanted is not None and self._applies(wanted, unit) and task not in self.facts_of(unit)]

    def order(self) -> list[Task]:
        return list(self._order)

    def _subjects(self, task: Task) -> Sequence[Unit | None]:
        if task.each == "shoot":
            return [None] if self.units else []
        return [unit for unit in self.units if self._applies(task, unit)]

    @staticmethod
    def _applies(task: Task, unit: Unit) -> bool:
        return (task.each.startswith("clip") and unit.info.kind == "clip") or (
            task.each in _OF_SOUNDS and unit.info.kind == "sound"
        )

    def _upstream(self, task: Task, unit: Unit | None) -> list[str]:
        """The tasks before this one that speak of that unit; ingest is known for every unit and is not among them."""
        each = [self.tasks[name] for name in task.after if name != "ingest"]
        return [one.name for one in each if (one.each == "shoot" if unit is None else self._applies(one, unit))]

    def _facts(self, task: str, unit: Unit | None) -> Digest | None:
        step = self._steps.get((task, unit.file if unit else _SHOOT))
        return self.finished.get(step.key) if step else None

    def _dead(self, task: str, unit: Unit | None) -> bool:
        """Whether that task on that unit will never come this time: it failed, or something before it did."""
        if (task, unit.file if unit else _SHOOT) in self.failed:
            return True
        return any(self._dead(before, unit) for before in self._upstream(self.tasks[task], unit))

    def _step(self, task: Task, unit: Unit | None) -> Step | None:
        known = self._steps.get((task.name, unit.file if unit else _SHOOT))
        if known is not None:
            return replace(known, facts=self.finished.get(known.key))
        crowd: list[Unit] = []
        if task.each in _CROWD:
            for one in self.units:
                if one is unit or one.info.kind not in _CROWD[task.each]:
                    continue
                before = self._upstream(task, one)
                if not self.looking and any(self._facts(name, one) is None and not self._dead(name, one) for name in before):
                    return None
                if before and any(self._facts(name, one) for name in before):
                    crowd.append(one)
        inputs: list[Digest] = []
        names: list[str] = []
        for about in [unit, *sorted(crowd, key=lambda one: one.digest)]:
            names += [about.file.rsplit("/", 1)[-1]] if about else []
            upstream = [self._facts(name, about) for name in self._upstream(task, about)]
            if about is unit and None in upstream:
                return None
            inputs += ([about.digest, about.ingest] if about else []) + [digest for digest in upstream if digest]
        params, key_params = self._params(task, unit)
        key = cache_key(
            task=task.name, version=task.version, inputs=inputs, params={**key_params, "names": names}, decoder=self.decoder
        )
        step = Step(
            task=task,
            unit=unit,
            key=key,
            inputs=tuple(inputs),
            params=params,
            clips=tuple(one for one in crowd if one.is_clip),
            sounds=tuple(one for one in crowd if not one.is_clip),
            facts=self.finished.get(key),
        )
        self._steps[(task.name, step.about)] = step
        return step

    def _params(self, task: Task, unit: Unit | None) -> tuple[dict[str, Any], dict[str, Any]]:
        """What `run` gets and what the key holds: a file is named to the one by its path, to the other by its digest."""
        params: dict[str, Any] = {}
        key: dict[str, Any] = {}
        for name in task.params:
            if name == "look" and unit is not None:
                chosen = self._looks.get(unit.info.camera or "", self._looks.get("*"))
                params["look"] = {unit.info.camera or "*": chosen[0]} if chosen else {}
                key["look"] = chosen[1] if chosen else None
                key["beside"] = self._beside.get(unit.digest, [])
            elif name in _PAPERS:
                path = self._papers[name]
                params[name], key[name] = (str(path) if path else None), self._paper_digests[name]
            elif name == "speech_model":
                params[name], key[name] = self.settings[name], speech_model_digest(self.settings[name])
            elif name == "vision":
                params[name], key[name] = text_reader() is not None, text_reader()
            else:
                params[name] = key[name] = self.settings[name]
        return params, key
