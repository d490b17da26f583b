"""Prep: seal every file, then do every task of the plan that the record does not have, and append what returns.

Kill it anywhere and start it again: a task is finished when its entry is in the record, its facts are in keep/ and its files
are in cache/, in the other order. One prep at a time; a second one waits with the first. The executor is anything with the
interface of `concurrent.futures.Executor`; a pool of spawned processes by default.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from answerprint import worker
from answerprint.keep import disk_sentence, write_whole
from answerprint.locking import held, is_free, locked
from answerprint.model.extend import Task, outside
from answerprint.model.records import Digest, Problem
from answerprint.plan import Medium, Step, Unit
from answerprint.run import pool, sealing
from answerprint.run.pool import Pool
from answerprint.run.telling import Outcome, RunError, Snapshot, Stage, Watch, alone
from answerprint.rushes import Seen, shown

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["Outcome", "RunError", "Snapshot", "Stage", "Watch", "held", "is_free", "locked", "prep"]

_LOOK_S = 0.2  # between two looks at how far everything is


def prep(production: Production, *, executor: Executor | None = None, watch: Watch | None = None) -> Outcome:
    """Do everything that is new.

    Args:   executor: where tasks run; None for a pool of spawned processes.  watch: called a few times a second.
    Raises: RunError where nothing can be done at all (the disk is full or cannot be written to); a fault in one file is a
            problem in the outcome. KeyboardInterrupt passes through after the workers are gone; everything finished is kept.
    """
    start = time.monotonic()
    watch = watch or (lambda snapshot: None)
    with alone(production, watch):
        run = _Run(production, executor, watch)
        try:
            sealing.seal(run)
            run.ingest()
            run.tasks()
        finally:
            run.close()
        run.note_problems()
        clips = sum(unit.is_clip for unit in run.plan.units)
        return Outcome(
            clips=clips,
            sounds=len(run.plan.units) - clips,
            computed=run.computed,
            problems=tuple(run.problems),
            seconds=round(time.monotonic() - start, 3),
        )


@dataclass(kw_only=True)
class _Hand:
    """An order in a worker's hands."""

    step: Step
    order: worker.Order
    started: float = field(default_factory=time.monotonic)


class _Run:
    """One prep from start to end: the plan, the pool, and the only writer of the record."""

    def __init__(self, production: Production, executor: Executor | None, watch: Watch) -> None:
        self.production = production
        self.watch = watch
        self.problems: list[Problem] = []
        self.computed = 0
        self.pool = Pool(executor, production.settings.workers)
        self._outside: dict[str, Task] = {}
        self._looked = 0.0
        self._totals: dict[str, Stage] = {}
        self._ingests: list[Step] = []
        try:
            for name in ("keep", "cache", "log"):
                (production.inside / name).mkdir(exist_ok=True)
            for stale in (production.inside / "cache").glob("scratch-*"):
                shutil.rmtree(stale, ignore_errors=True)
            self.scratch = production.inside / "cache" / f"scratch-{os.getpid()}"
            self.scratch.mkdir()
            self._log = open(production.inside / "log" / f"{time.strftime('%Y-%m-%d')}.jsonl", "a", encoding="utf-8")
        except OSError as cause:
            raise RunError(disk_sentence(cause, shown(str(production.inside)))) from cause
        self.record = production.writer()
        self.finished = production.finished(self.record)
        self.seen = Seen(production.inside / "index.db")
        self.plan = production.plan(finished=self.finished, tasks=self._tasks())

    def close(self) -> None:
        self.pool.end()
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.seen.close()
        self.record.close()
        self._log.close()
        with contextlib.suppress(OSError):
            (self.production.inside / "prep.json").unlink()

    def _tasks(self) -> dict[str, Task]:
        tasks = self.production.tasks()
        if outside("tasks"):
            self._outside = {task.name: task for task in self.pool.submit(worker.describe).result()}
            tasks = {**tasks, **self._outside}
        return tasks

    # ---- ingest and everything after it

    def ingest(self) -> None:
        """Read what every sealed file says about itself."""
        self._ingests = self.production.ingest_steps(self.seen, self.finished)
        self._work(lambda: [step for step in self._ingests if step.key not in self.finished and not self._gave_up(step)])
        self.stage("ingest", "reading what the files say", len(self._ingests), len(self._ingests))
        units, problems = self.production.units(self.seen, self.finished)
        self.problems += problems
        self.plan = self.production.plan(finished=self.finished, tasks=dict(self.plan.tasks), units=units)

    def tasks(self) -> None:
        """Do every step of the plan that can be done, until none is left."""
        self._restore()
        self._work(self.plan.open)

    def _restore(self) -> None:
        """Make again the files of finished work whose cache was deleted, task by task; the record does not change."""
        has = self.production.cache.has
        for task in self.plan.order():
            steps = [
                step for step in self.plan.steps() if step.task is task and step.facts and task.artefacts and not has(step.key)
            ]
            here = [step for step in steps if not isinstance(step.unit, Unit) or step.unit.path is not None]
            self._work(lambda here=here: [step for step in here if not has(step.key) and not self._gave_up(step)])  # type: ignore[misc]

    def _gave_up(self, step: Step) -> bool:
        return (step.task.name, step.about) in self.plan.failed

    def _work(self, open_steps: Callable[[], list[Step]]) -> None:
        """Hand out steps until there are none; a worker that dies costs one retry, alone, in a fresh process."""
        hands: dict[Future[worker.Done], _Hand] = {}
        waiting: list[Step] = []
        while True:
            if not waiting:  # the plan is looked through once for many steps, not once for each
                busy = {hand.step.key for hand in hands.values()}
                waiting = [step for step in open_steps() if step.key not in busy]
                if not waiting and not hands:
                    return
            if not self._hand_out(waiting, hands) or not hands:
                continue
            self._show(hands)
            ready, _ = wait(hands, timeout=0.15, return_when=FIRST_COMPLETED)
            if any(isinstance(future.exception(), BrokenExecutor) for future in ready):
                self._recover(hands)
                continue
            for future in ready:
                self._finish(hands.pop(future), future.result())

    def _hand_out(self, waiting: list[Step], hands: dict[Future[worker.Done], _Hand]) -> bool:
        """Give out what is waiting, in its order; False where the pool was found dead and had to be made anew."""
        while waiting and len(hands) <= self.production.settings.workers:  # one waits at the door, so that no worker is ever idle
            step = waiting.pop(0)
            if not self._reachable(step):
                continue
            hand = _Hand(step=step, order=self._order(step))
            try:
                hands[self.pool.submit(worker.perform, hand.order)] = hand
            except BrokenExecutor:
                hands[Future()] = hand
                self._recover(hands)
                return False
        return True

    def _recover(self, hands: dict[Future[worker.Done], _Hand]) -> None:
        """After a worker died: whatever was in hand is done again, each alone, so that the one that kills is found."""
        self.pool.end()
        held = list(hands.items())
        hands.clear()
        for future, hand in held:
            if future.done() and future.exception() is None:
                self._finish(hand, future.result())
            else:
                self._again_alone(hand)

    def _reachable(self, step: Step) -> bool:
        if step.unit is None or step.unit.path is not None:
            return True
        self._fail(step, "the disk that holds this file is not connected. Connect it and start prep again.")
        return False

    def _order(self, step: Step) -> worker.Order:
        scratch = self.scratch / step.key[:24]
        shutil.rmtree(scratch, ignore_errors=True)
        try:
            scratch.mkdir()
        except OSError as cause:
            raise RunError(disk_sentence(cause, shown(str(self.scratch)))) from cause
        return worker.Order(
            task=step.task.name,
            outside=step.task.name in self._outside,
            subject=self._subject(step, step.unit) if step.unit else None,
            clips=tuple(self._subject(step, one) for one in step.clips),
            sounds=tuple(self._subject(step, one) for one in step.sounds),
            shoot={name: str(self.production.keep.path(digest)) for name, digest in self._shoot_facts(step).items()},
            params=step.params,
            inputs=step.inputs,
            scratch=str(scratch),
        )

    def _shoot_facts(self, step: Step) -> dict[str, Digest]:
        known = self.plan.facts_of(None) if step.task.each == "shoot" else {}
        return {name: digest for name, digest in known.items() if name in step.task.after}

    def _subject(self, step: Step, unit: Medium) -> worker.Subject:
        keep = self.production.keep
        known = self.plan.facts_of(unit) if isinstance(unit, Unit) else {}
        facts = {name: str(keep.path(digest)) for name, digest in known.items() if name in step.task.after}
        artefacts = self.plan.artefacts(unit, self.production.cache) if isinstance(unit, Unit) else {}
        return worker.Subject(
            path=str(unit.path or ""),
            file=unit.file,
            digest=unit.digest,
            facts=facts,
            artefacts={name: str(path) for name, path in artefacts.items() if name.split("/")[0] in step.task.after},
        )

    def _again_alone(self, hand: _Hand) -> None:
        scratch = Path(hand.order.scratch)
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        try:
            done = pool.apart(worker.perform, hand.order)
        except BrokenExecutor:
            self._fail(
                hand.step, f"the program that does this died twice on this file ({hand.step.task.name}). The file may be damaged."
            )
        else:
            self._finish(hand, done)

    def _finish(self, hand: _Hand, done: worker.Done) -> None:
        """What came back becomes files, then facts, then an entry: in that order, so that an entry never lacks what it names."""
        step = hand.step
        if done.disk:
            raise RunError(
                f"{step.about}: the disk is full or cannot be written to. Free some space and start prep again; everything finished is kept."
            )
        if done.facts is None:
            self._log_line(step, done)
            self._fail(step, done.says or "no facts came back.")
            return
        scratch = Path(hand.order.scratch)
        if step.task.artefacts:
            self.production.cache.publish(step.key, scratch)
        else:
            shutil.rmtree(scratch, ignore_errors=True)
        self.enter(step.task.name, step.task.version, step.key, step.inputs, done.facts, step.about)
        self._log_line(step, done)
        self.computed += 1

    def enter(self, task: str, version: int, key: str, inputs: tuple[Digest, ...], facts: bytes, about: str) -> None:
        digest = self.production.keep.put(facts)
        if key in self.finished:
            if self.finished[key] != digest:
                self.problem(
                    about, f"{task} gave another answer than the one in the record. The record's answer stands; please report this."
                )
            return
        body = {"schema": 1, "task": task, "version": version, "key": key, "inputs": list(inputs), "facts": digest, "file": about}
        self.record.append("task", body)
        self.finished[key] = digest

    # ---- what a person sees

    def _fail(self, step: Step, says: str) -> None:
        self.plan.failed.add((step.task.name, step.about))
        self.problem(step.about, says)

    def note_problems(self) -> None:
        """Leave the list for `status`; the next prep writes it anew."""
        rows = [{"file": problem.file, "says": problem.says} for problem in self.problems]
        write_whole(self.production.inside / "problems.json", json.dumps(rows, ensure_ascii=False).encode("utf-8"))

    def problem(self, file: str, says: str) -> None:
        self.problems.append(Problem(file=file, says=says))

    def _log_line(self, step: Step, done: worker.Done) -> None:
        outcome = "done" if done.facts is not None else "refused"
        line = {"key": step.key, "task": step.task.name, "seconds": done.seconds, "peak_mb": done.peak_mb, "outcome": outcome}
        with contextlib.suppress(OSError):  # a log line is not worth a shoot
            self._log.write(json.dumps(line) + "\n")
            self._log.flush()

    def stage(self, name: str, says: str, done: int, total: int, working: tuple[tuple[str, float], ...] = ()) -> None:
        self._totals[name] = Stage(name=name, says=says, done=done, total=total, working=working)

    def _show(self, hands: dict[Future[worker.Done], _Hand]) -> None:
        if time.monotonic() - self._looked < _LOOK_S:
            return
        working: dict[str, list[tuple[str, float]]] = {}
        for hand in hands.values():
            share = 0.0
            with contextlib.suppress(OSError, ValueError):  # not written yet, or half written: the next look tells
                share = float(Path(hand.order.scratch + ".progress").read_text())
            working.setdefault(hand.step.task.name, []).append((hand.step.about, share))
        known: dict[str, list[Step]] = {}
        for step in self.plan.steps():
            known.setdefault(step.task.name, []).append(step)
        for task in self.plan.order():
            steps = known.get(task.name, [])
            done = sum(step.facts is not None or self._gave_up(step) for step in steps)
            now = tuple(working.get(task.name, ()))
            self.stage(task.name, task.says or task.name, done, max(self.plan.expected(task), len(steps)), now)
        if "ingest" in working:
            done = sum(step.key in self.finished or self._gave_up(step) for step in self._ingests)
            self.stage("ingest", "reading what the files say", done, len(self._ingests), tuple(working["ingest"]))
        self.publish()

    def publish(self) -> None:
        now = time.monotonic()
        if now - self._looked < _LOOK_S:
            return
        self._looked = now
        snapshot = Snapshot(stages=tuple(stage for stage in self._totals.values() if stage.total), problems=len(self.problems))
        self.watch(snapshot)
        shown_now = {"stages": [stage.__dict__ for stage in snapshot.stages], "problems": snapshot.problems, "pid": os.getpid()}
        with contextlib.suppress(OSError):  # a picture of progress; the next entry will say that the disk is full
            part = self.scratch / "prep.json"
            part.write_text(json.dumps(shown_now))
            os.replace(part, self.production.inside / "prep.json")
