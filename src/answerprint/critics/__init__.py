"""Machine critics, one file for each craft: facts and a cut in, ideas out. Nothing is ranked, nothing is decided, nothing is blocked."""

from answerprint.model.records import AnswerprintError

__all__ = ["CriticError"]


class CriticError(AnswerprintError):
    """A cut that a critic cannot read, or an idea that cannot be drawn."""
