"""From the person's cut to a file that somebody takes: specs, conform, render, checks, credentials. Pure work: values in, files and records out."""

from answerprint.model.records import AnswerprintError

__all__ = ["DeliveryError"]


class DeliveryError(AnswerprintError):
    """A delivery that cannot be made, checked or read: which file or spec, what was found, what to do."""
