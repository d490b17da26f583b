"""The cut: an OpenTimelineIO timeline whose metadata is typed, the ways it leaves and comes back, and what changed between two."""

from answerprint.model.records import AnswerprintError

__all__ = ["TimelineError"]


class TimelineError(AnswerprintError):
    """A cut that cannot be made, written, read, matched or compared."""
