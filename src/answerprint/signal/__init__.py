"""Maths on arrays: no files, no clock. Imports numpy, and the base of all errors from the model."""

from answerprint.model.records import AnswerprintError

__all__ = ["SignalError"]


class SignalError(AnswerprintError):
    """A signal that cannot be measured: which one, what it is, what would be needed."""
