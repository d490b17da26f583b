"""The record: what was measured, made and decided, entry after entry, each sealed to the one before.

To check one: `from answerprint.ledger.verify import verify`; the module is also a program by itself.
"""

from answerprint.ledger.admit import LedgerError, Refused
from answerprint.ledger.store import Record
from answerprint.ledger.verify import Entry, Report

__all__ = ["Entry", "LedgerError", "Record", "Refused", "Report"]
