"""The sample shoot: a coffee commercial's day, composed from nothing, with the truth about it. Not part of the installed package."""

from sample.shoot import compose
from sample.voices import SampleError

__all__ = ["SampleError", "compose"]
