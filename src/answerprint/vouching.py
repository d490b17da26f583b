"""The record read back: its entries as they are, and what anybody can say about whether it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from answerprint.keep import KeepError

if TYPE_CHECKING:
    from answerprint.ledger.verify import Entry
    from answerprint.production import Production

__all__ = ["record", "verify"]


def verify(
    production: Production, *, held: Sequence[tuple[int, str]] = (), producer: str | None = None, checkpoint: bytes | None = None
) -> dict[str, Any]:
    """The record against itself (as `ledger/verify.py` says it to anybody), and what it names against keep/."""
    from answerprint.ledger.verify import verify as walk

    path = production.inside / "record.db"
    if not path.exists():
        lost = "The record is not here"
        if any((production.inside / "keep").glob("*/*")):
            lost += ", though keep/ holds files that one names. Restore it from a copy; a new one would know nothing of who decided what."
        elif held or producer or checkpoint:
            lost += ", so it cannot be held against what you hold."
        else:
            lost = ""
        return {
            "entries": 0,
            "findings": [{"entry": None, "says": lost}] if lost else [],
            "vouched_to": 0,
            "signed": 0,
            "began": None,
            "notes": [],
            "kept": None,
            "head": None,
            "says": "There is no record." if lost else "There is no record yet: nothing was prepped.",
        }
    report = walk(path, held=held, producer=producer, checkpoint=checkpoint)
    findings = [{"entry": finding.n, "says": finding.says} for finding in report.findings]
    kept = None if findings else 0  #: None: not looked at, since the record that names them does not hold
    for body in production.done_tasks() if kept is not None else []:
        try:
            production.keep.get(body["facts"])
            kept = (kept or 0) + 1
        except KeepError as error:
            findings.append({"entry": None, "says": str(error)})
    return {
        "entries": report.entries,
        "findings": findings,
        "vouched_to": report.vouched_to,
        "signed": report.signed,
        "began": report.began,
        "notes": list(report.notes),
        "kept": kept,
        "head": report.head if report.entries else None,
        "says": report.vouched,
    }


def record(production: Production) -> list[dict[str, Any]]:
    """Every entry: number, time, kind, and its body."""
    reader = production.reader()
    if reader is None:
        return []
    try:
        return [
            {"n": entry.n, "at": entry.at, "kind": entry.kind, "hash": entry.hash, "body": _read(entry)}
            for entry in reader.entries()
        ]
    finally:
        reader.close()


def _read(entry: Entry) -> Any:
    try:
        return entry.read()
    except ValueError:
        return {"damaged": "this entry's text cannot be read; `answerprint verify` says more"}
