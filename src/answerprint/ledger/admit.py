"""The two doors of the record: what the machine may write, and what a person signs; at both the same question is asked.

`admit`, `judge` and `State` are the ones of verify.py: the writer and a stranger's check ask the same functions.
"""

from __future__ import annotations

from answerprint.ledger.verify import HUMAN, MACHINE, Entry, State, admit, shape_of
from answerprint.model.records import AnswerprintError

__all__ = ["LedgerError", "Refused", "State", "admit", "machine_door", "person_door"]


class LedgerError(AnswerprintError):
    """The record cannot be opened, read or written: which record, what was found, what to do."""


class Refused(LedgerError):
    """An entry that was not let in. `missing` lists why, one sentence each."""

    def __init__(self, kind: str, missing: list[str]) -> None:
        super().__init__(f"Not written to the record ({kind}): {'; '.join(missing)}.")
        self.missing = tuple(missing)


def machine_door(state: State, entry: Entry) -> None:
    """Let a machine entry pass, or raise.

    Raises: Refused: a kind that people sign, one that this release does not know, or whatever `admit` finds missing.
    """
    missing = []
    if entry.kind in HUMAN:
        missing.append(f"the machine does not write a {entry.kind}, a named person signs it")
    elif entry.kind not in MACHINE:
        missing.append(f"the kind is not known; the machine writes {', '.join(MACHINE)}")
    if missing := missing + admit(state, entry):
        raise Refused(entry.kind, missing)


def person_door(state: State, entry: Entry) -> None:
    """Let a signed entry pass, or raise.

    Raises: Refused: a kind that nobody signs, or whatever `admit` finds missing.
    """
    missing = [] if entry.kind in HUMAN else [f"nobody signs a {entry.kind}"]
    if entry.kind in HUMAN and entry.body is None:
        missing.append("its text is not there")
    elif not missing and not _known(entry):
        missing.append("it is in a form of a newer release, which this one does not write")
    if missing := missing + admit(state, entry):
        raise Refused(entry.kind, missing)


def _known(entry: Entry) -> bool:
    try:
        return (body := entry.read()) is not None and shape_of(entry.kind, body) is not None
    except ValueError:
        return False
