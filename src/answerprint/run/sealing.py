"""Sealing: one read of every new file, held against what the card's MHL says of it, and entered into the record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from typing import TYPE_CHECKING, Any

from answerprint import worker
from answerprint.keep import cache_key
from answerprint.model.records import Digest, Fact, Facts
from answerprint.run import pool
from answerprint.rushes import Found, shown

if TYPE_CHECKING:
    from answerprint.run import _Run

_VERSION = 1


def seal(run: _Run) -> None:
    """Hash what was not hashed before, hold it against its MHL, and enter it."""
    found, problems = run.production.scan()
    run.problems += problems
    mhl, mhl_problems = run.production.mhl(found)
    run.problems += mhl_problems
    new = [one for one in found if run.seen.get(one) is None]
    jobs = {}
    for one in new:
        jobs[_submitted(run, one, mhl.expected(one.path) if mhl else None)] = one
    run.stage("seal", "sealing files", len(found) - len(new), len(found))
    done = len(found) - len(new)
    for future in _as_done(run, jobs):
        one = jobs[future]
        try:
            result: Any = future.result()
        except BrokenExecutor:  # whichever file it was, each that was in hand is read again, alone
            result = _read_alone(run, one, mhl.expected(one.path) if mhl else None)
        if isinstance(result, str):
            run.problem(one.file, result)
        else:
            run.seen.put(one, *result)
        done += 1
        run.stage("seal", "sealing files", done, len(found))
    for one in found:
        known = run.seen.get(one)
        if known is not None:
            _enter(run, one, *known, mhl.expected(one.path) if mhl else None)


def _submitted(run: _Run, one: Found, expected: Any) -> Future[Any]:
    try:
        return run.pool.submit(worker.hash_file, str(one.path), _also(expected))
    except BrokenExecutor as cause:
        lost: Future[Any] = Future()
        lost.set_exception(cause)
        return lost


def _read_alone(run: _Run, one: Found, expected: Any) -> Any:
    run.pool.end()
    try:
        return pool.apart(worker.hash_file, str(one.path), _also(expected))
    except BrokenExecutor:
        return "the program that reads this file died twice on it. The disk may be failing; copy the file again."


def _also(expected: Any) -> tuple[str, ...]:
    """The hash that the MHL names, beside our own."""
    return (expected.algorithm,) if expected else ()


def _as_done(run: _Run, jobs: Iterable[Future[Any]]) -> Iterator[Future[Any]]:
    left = set(jobs)
    while left:
        ready, left = wait(left, timeout=0.15, return_when=FIRST_COMPLETED)
        yield from ready
        run.publish()


def _enter(run: _Run, one: Found, digest: Digest, hashes: dict[str, str], expected: Any) -> None:
    wanted = f"{expected.algorithm}:{expected.value}" if expected else None
    if expected and expected.algorithm not in hashes:  # the MHL came after the file was read: read it once more
        result = worker.hash_file(str(one.path), (expected.algorithm,))
        if isinstance(result, str):
            run.problem(one.file, result)
            return
        digest, hashes = result
        run.seen.put(one, digest, hashes)
    if expected and hashes[expected.algorithm] != (expected.value if expected.algorithm == "c4" else expected.value.lower()):
        run.problem(
            one.file,
            f"this file is not what {shown(expected.mhl.name)} says it was: {expected.algorithm} {expected.value} there, "
            f"{hashes[expected.algorithm]} here. Copy it again from the card; it is left out until then.",
        )
        run.production.spoiled.add(one.file)
        return
    volume = run.production.volume(one)
    params = {"file": one.file, "volume": volume, "expected": wanted}
    key = cache_key(task="seal", version=_VERSION, inputs=[digest], params=params, decoder="")
    if key in run.finished:
        return
    values: list[tuple[str, Any, str]] = [
        ("file.name", one.file, "as found on the disk"),
        ("file.size_bytes", one.size, "as the disk says"),
        ("file.volume", volume, "mount point"),
        ("file.medium", shown(str(one.root)), "the folder or disk it was found on"),
        ("mhl.verified", shown(expected.mhl.name) if expected else None, "the hash the card's MHL names"),
    ]
    facts = tuple(Fact(about=digest, name=name, value=value, method=method) for name, value, method in values)
    made = Facts(task="seal", version=_VERSION, inputs=(digest,), facts=facts)
    run.enter("seal", _VERSION, key, (digest,), made.to_bytes(), one.file)
